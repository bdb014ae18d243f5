//! What tests stand on: the run's PostgreSQL, communities to try things in, a terminal to watch.
//! Each test program uses its share of it.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc
)]

pub mod bytes;
pub mod cluster;
pub mod dice;
pub mod hands;
pub mod kiosks;
pub mod memory;
pub mod process;
pub mod proxy;
pub mod servers;
pub mod story;
pub mod terminal;
pub mod world;

use std::time::{Duration, Instant};

/// Waits for something to become true, and says what it was when it does not within half a minute.
pub async fn until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let began = Instant::now();
    while !is_so().await {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "waited in vain: {what}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
