//! The screens as cells, one file each.

pub(crate) mod calendar;
pub(crate) mod check_in;
pub(crate) mod event_page;
pub(crate) mod insights;
pub(crate) mod kiosk;
pub(crate) mod leaderboard;
pub(crate) mod members;
pub(crate) mod people;
pub(crate) mod profile;
pub(crate) mod registrations;
pub(crate) mod sign_in;
