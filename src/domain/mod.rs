//! The ground floor: the words of the house as plain types, and the rules that need nothing but their
//! arguments. No I/O, no clock, no async, no SQL, no terminal lives here; every other floor stands on this one.
//!
//! Types that cross the database's border carry the column names of the database and turn every text from
//! outside into [`SafeText`] while they are decoded.

pub mod account;
pub mod admission;
pub mod audit;
pub mod audit_csv;
pub mod backup;
pub mod badge;
pub mod board;
pub mod board_csv;
pub mod calendar;
pub mod call;
pub mod check_in;
pub mod community;
pub mod completion;
pub mod connection;
pub mod csv;
pub mod door_note;
pub mod event;
pub mod event_filter;
pub mod event_form;
pub mod event_people;
pub mod fault;
pub mod game;
pub mod game_desk;
pub mod ics;
pub mod insights;
pub mod insights_csv;
pub mod kept;
pub mod kiosk;
pub mod ledger;
pub mod legacy;
pub mod live;
pub mod member;
pub mod members_desk;
pub mod money;
pub mod pass_code;
pub mod passage;
pub mod password;
pub mod payment;
pub mod people_csv;
pub mod plan;
pub mod points;
pub mod receipt;
pub mod roster;
pub mod safe_text;
pub mod seats;
pub mod secret;
pub mod series;
pub mod when;

pub use call::{Answer, Call};
pub use fault::Fault;
pub use safe_text::SafeText;
pub use secret::Secret;

/// A moment, always in UTC; the community's zone is applied where it is shown (see [`when::Zone`]).
pub type Timestamp = chrono::DateTime<chrono::Utc>;

/// Names one key press for the database, so that the same write sent twice is done once.
pub type Nonce = uuid::Uuid;
