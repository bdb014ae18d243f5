//! What several test programs share. Each uses a part of it.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

pub mod bytes;
pub mod process;
pub mod terminal;
