//! How the screens look: one picture each of loading, empty, full, failed and offline, in the sizes that matter.
//! The pictures are in `tests/view/snapshots`; look at each one that changes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/fixtures.rs"]
mod fixtures;
#[path = "../support/game_fixtures.rs"]
mod game_fixtures;
#[path = "../support/insight_fixtures.rs"]
mod insight_fixtures;
#[path = "../support/kiosk_fixtures.rs"]
mod kiosk_fixtures;
#[path = "../support/member_fixtures.rs"]
mod member_fixtures;
#[path = "../support/money_fixtures.rs"]
mod money_fixtures;
#[path = "../support/plans.rs"]
mod plans;
#[path = "../support/seat_fixtures.rs"]
mod seat_fixtures;

mod accounts;
mod audit;
mod badge_rules;
mod board;
mod calendar;
mod door_overlays;
mod hostile;
mod insights;
mod kiosk;
mod live;
mod member_profile;
mod members;
mod money;
mod notes;
mod party;
mod pass;
mod people;
mod pictures;
mod planning;
mod profile;
mod registrations;
mod settings;
mod themes;
