//! Ways to the database that are not straight: poolers, a standby, a server that is restarted or succeeded by another one
//! behind one address, a login with the wrong password, and many terminals at once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc
)]

#[path = "../support/mod.rs"]
mod support;

mod addresses;
mod logins;
mod mixing;
mod poolers;
mod standbys;
