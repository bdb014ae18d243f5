//! What the door promises when things break: links, backends, servers, terminals. Every check-in that was answered is
//! in the database, none twice. Each promise has its negative control: the rule that keeps it taken away, in
//! a database of its own, and the same fault finds it out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc
)]

#[path = "../support/mod.rs"]
mod support;

mod backends;
mod crew;
mod flushes;
mod link;
mod server;
