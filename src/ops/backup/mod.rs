//! Backups with PostgreSQL's own programs: made from one moment, proved by restoring them, kept by number, brought back
//! beside what is there. A backup is a folder that gets its name when everything in it is on the disk; whatever has that
//! name is whole, or says that it is not.

mod address;
mod create;
mod error;
mod facts;
mod programs;
mod restore;
mod schedule;
mod scratch;
mod store;
mod verify;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::address::{database_of, place_of, with_database};
pub use self::create::create;
pub use self::error::BackupError;
pub use self::facts::{Facts, TableFacts};
pub use self::programs::{Programs, find};
pub use self::restore::{Occupied, Restored, Way, occupied, restore};
pub use self::schedule::{Plan, cron_line, service_unit, timer_unit};
pub use self::store::{Kept, Store};
pub use self::verify::{Verified, verify};

/// The newest form of the manifest that this program reads.
pub const FORMAT: u32 = 1;

/// Where the community is, and where databases are made beside it.
#[derive(Clone)]
pub struct Target {
    /// An owner's URL of the community's database.
    pub url: String,
    /// A URL of another database of the same server, with a login that may make databases.
    pub admin: String,
    /// `pine_time at db.example.org:5432`: for people, and to tell the backups of two communities apart.
    pub place: String,
    /// Who is recorded: `owner:<system user>`.
    pub by: String,
}

/// What lies beside a dump and says what has to come out of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Which form of manifest this is.
    pub format: u32,
    /// The moment whose state the dump holds.
    pub made_at: DateTime<Utc>,
    /// Where it was made.
    pub place: String,
    /// The version of Pine Time.
    pub program: String,
    /// The newest migration.
    pub schema: i64,
    /// What the functions were built from.
    pub api: Option<String>,
    /// The server's version.
    pub server: String,
    /// The version of `pg_dump`.
    pub pg_dump: String,
    /// How the database sorts.
    pub collate: String,
    /// What it takes for a letter.
    pub ctype: String,
    /// The dump's size.
    pub bytes: u64,
    /// Its checksum.
    pub sha256: String,
    /// What is in the database.
    pub facts: Facts,
}

/// What a piece of work tells while it goes on: a step, in words, or how many bytes it has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The next step begins.
    Step(String),
    /// So many bytes of the running step are done.
    Bytes(u64),
}
