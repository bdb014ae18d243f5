//! What adopting a database does, or would do, for an administrator to read.

use serde::Serialize;

/// What was done, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Adoption {
    /// Whether it was done; otherwise it was only looked at.
    pub adopted: bool,
    /// The schema in which the old tables are kept.
    pub kept_in: String,
    /// Table by table.
    pub tables: Vec<TableLine>,
    /// Old tables and `table.column`s that have no place here: they stay in the old schema.
    pub left: Vec<String>,
    /// Other programs that are connected to the database at this moment.
    pub clients: Vec<String>,
    /// Every row about which something had to be decided.
    pub notes: Vec<Note>,
    /// How many checks held before it was kept; none when it was only looked at.
    pub proved: usize,
}

/// One of our tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct TableLine {
    /// Its name here.
    pub table: String,
    /// Its name in the old database; empty where it had none.
    #[sqlx(skip)]
    pub old: String,
    /// Rows there.
    #[sqlx(skip)]
    pub rows: i64,
    /// Rows here.
    pub becomes: i64,
}

/// A decision about one row, or about the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Note {
    /// What kind of decision: `duplicate`, `status`, `reference`, `price`, `money`, `points`, `role`, `password`, `name`,
    /// `text`, `time`, `badge`, `made`, `number`, `extension`, `rights`.
    pub kind: String,
    /// The old table.
    pub table: String,
    /// The row's number there.
    pub id: Option<i64>,
    /// What is done, and why.
    pub what: String,
    /// Whether nothing can be adopted until somebody has changed that row.
    pub stops: bool,
}

impl Adoption {
    /// How many notes stop it.
    pub fn stops(&self) -> usize {
        self.notes.iter().filter(|note| note.stops).count()
    }
}
