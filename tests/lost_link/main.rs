//! The door without a link: the journal that survives whatever happens to it, the roster that decides as the database
//! does, what is brought when the link is back, and both in the built program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc
)]

#[path = "../support/mod.rs"]
mod support;

mod headless;
mod journal;
mod killed;
mod line;
mod passages;
mod replay;
mod roster;
mod terminal;
