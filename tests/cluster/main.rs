//! The private PostgreSQL with real processes: started, shared, killed and recovered, as root and as an ordinary user,
//! on full disks and in places that are not ours.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod crashes;
mod databases;
mod life;
mod member;
mod refusals;
mod roles;
mod scratch;
#[allow(dead_code, unreachable_pub)]
#[path = "../support/cluster.rs"]
mod support;
mod users;
