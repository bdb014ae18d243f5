//! The community as files that other programs read, all of one moment, and back again.

mod export;
mod import;
mod sqlite;

pub use self::export::{ExportError, Exported, Form, export};
pub use self::import::{
    ImportError, Imported, KEEPING, Order, Progress, Refused, SourceForm, TableImport, import,
};
pub use self::sqlite::export_sqlite;

/// What leaves no database: what is secret and lives an hour, what is only worth something to this program, what is counted
/// from the rest, and the list of migrations.
pub(crate) const KEPT_IN: [&str; 9] = [
    "_sqlx_migrations",
    "kiosks",
    "login_throttle",
    "password_codes",
    "period_totals",
    "rank_counts",
    "rank_moves",
    "request_log",
    "sessions",
];
