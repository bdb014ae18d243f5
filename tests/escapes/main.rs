//! Text that would drive a terminal, through everything a person can enter and a file can bring: what the program then
//! writes is judged byte by byte. The community is poisoned column by column, as the catalog lists them; of the commands none
//! may be left out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc
)]

#[path = "../support/mod.rs"]
mod support;

mod commands;
mod corpus;
mod fields;
mod files;
mod kiosk;
mod poison;
mod screens;
mod server;
mod walk;
