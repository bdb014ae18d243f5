//! What somebody does who holds a database login of ours and means harm: any SQL as `pine_kiosk` and `pine_staff`, every
//! function of the `api` schema with every kind of token, and with arguments that no screen of ours would send.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc
)]

#[path = "../support/mod.rs"]
mod support;

mod functions;
mod nonsense;
mod sql;
mod tokens;
