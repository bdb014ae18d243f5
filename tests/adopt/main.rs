//! Adopting an older database: the schema as it was first written down, and what the older application made of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc
)]

#[path = "../support/mod.rs"]
mod support;

mod command;
mod generated;
mod old;
mod refusals;
mod variants;
mod whole;
