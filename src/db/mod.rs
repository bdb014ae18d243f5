//! The data layer: one async function per function of the `api` schema, one file per subject. Nothing here knows
//! a screen; the only SQL is the call of an `api` function. Answers arrive as JSON and are decoded straight into
//! `domain` types, which clean every text while they are decoded.

mod account;
mod admission;
mod attendant;
mod audit;
mod backups;
mod calendar;
mod check_in;
mod community;
mod completion;
mod desk;
mod door_notes;
mod error;
mod events;
mod game;
mod game_desk;
mod gate;
mod insights;
mod key;
mod kiosk;
mod listener;
mod live;
mod lost_link;
mod members;
mod members_desk;
mod passages;
mod payments;
mod plan;
mod points;
mod pool;
mod registrations;
pub mod schema;
mod seats;
mod sign_in;
mod trace;

pub use desk::Desk;
pub use error::DbError;
pub use gate::{hash_password, stop_waiting};
pub use key::NoMachine;
pub use kiosk::new_device_secret;
pub use members::{MemberChanged, NewMember};
pub use pool::{Db, Settings};
pub use sign_in::{SignedIn, Token};
