//! An administrator's work on a database.

pub mod roles;
