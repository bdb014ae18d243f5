//! Pine Time, the event desk of a community: a terminal program over PostgreSQL.
//!
//! The house has floors, and a room sees only the floors below it (`tests/layers.rs` holds that):
//!
//! - [`domain`]: plain types and pure rules. Knows nobody.
//! - [`db`]: the data layer, one async function per function of the `api` schema. On `domain`.
//! - [`door`]: what a door keeps outside of the database: journal, roster file, and the line of check-ins. On `db`.
//! - [`cluster`]: the private PostgreSQL that needs no set-up.
//! - [`app`]: state and transitions, messages in and effects out. On `domain`, pure.
//! - [`ui`]: the model drawn as cells. On `app` and `domain`, pure.
//! - [`ops`]: an administrator's work on a database: roles, migrations, the sample community. On `db`.
//! - [`term`]: the roof. The event loop, the terminal guard, and the worker that runs effects.
//! - [`cli`]: the commands that need no screen, and the way from a command line to all of the above.

pub mod app;
pub mod cli;
pub mod cluster;
pub mod config;
pub mod db;
pub mod domain;
pub mod door;
pub mod ops;
pub mod term;
pub mod ui;
