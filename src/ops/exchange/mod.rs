//! The community as files that other programs read: one per table, all of one moment.

mod export;

pub use self::export::{ExportError, Exported, Form, export};

/// What leaves no database: what is secret and lives an hour, what is only worth something to this program, and the list
/// of migrations.
pub(crate) const KEPT_IN: [&str; 5] = [
    "_sqlx_migrations",
    "login_throttle",
    "password_codes",
    "request_log",
    "sessions",
];
