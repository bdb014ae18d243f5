//! Bringing a community in from files: an export of ours in any of its forms, tables that somebody wrote, or what an older
//! application kept. Everything is read and looked at before anything is written; what is written is one transaction, and
//! writing the same again changes nothing. Runs as the owner.
//!
//! `source` and what it reads (`csv`, `json`, `sqlite`) give rows, `plan` says which table and column each is, `stage` reads
//! them into temporary tables, `older` puts an older application's words into ours, `checks` sees them together, `merge`
//! writes them. History is brought along and not lived again: nothing is paid for it and nobody is congratulated.

mod catalog;
mod checks;
mod csv;
mod error;
mod json;
mod merge;
mod older;
mod plan;
mod report;
mod row;
mod source;
mod sqlite;
mod stage;

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono_tz::Tz;
use serde::Serialize;
use sqlx::{Connection, Executor, PgConnection};

use super::super::backup::Facts;
use super::super::owner;
use super::Exported;
use catalog::Table;
use plan::Plan;
use report::RefusedFile;
use source::Source;
use stage::{Reading, Staged};

pub use error::ImportError;
pub(super) use sqlite::TOLD;

/// The last step: whoever ends the program in it does not know whether anything was written.
pub const KEEPING: &str = "keeping it";

/// The form of what is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceForm {
    /// A folder with a CSV file a table.
    Csv,
    /// A folder with a file a table, an object a line.
    Json,
    /// A SQLite file.
    Sqlite,
}

/// What is to be imported, and how.
#[derive(Debug, Clone)]
pub struct Order {
    /// The form.
    pub form: SourceForm,
    /// The folder or file.
    pub path: PathBuf,
    /// Where clocks without a zone stand; else such times are refused, but for an older application's, which are UTC.
    pub zone: Option<Tz>,
    /// Everything but the writing.
    pub dry_run: bool,
    /// Write what is good although something is bad; where the refused rows go, a file that is new.
    pub skip_bad: Option<PathBuf>,
    /// Who does it, for the audit log.
    pub by: String,
}

/// How far it is.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'p> {
    /// What is being done, or read.
    pub step: &'p str,
    /// How many rows of it have been read.
    pub rows: u64,
    /// How many bytes of it, and of how many; 0 of 0 where nobody knows.
    pub done: u64,
    /// See `done`.
    pub whole: u64,
}

/// What became of a table's rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TableImport {
    /// How many were read.
    pub read: u64,
    /// How many were written, or would be.
    pub added: u64,
    /// How many were there already, or are one with another row.
    pub known: u64,
    /// How many were refused.
    pub refused: u64,
}

/// A row that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The file, or the table of a SQLite file.
    pub file: String,
    /// The line at which the row begins, or its number.
    pub line: i64,
    /// The column, if it is one.
    pub column: Option<String>,
    /// Why.
    pub reason: String,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Whether anything was written.
    pub written: bool,
    /// Whether it was an older application's.
    pub older: bool,
    /// By table.
    pub tables: BTreeMap<String, TableImport>,
    /// How many rows were refused.
    pub refused: u64,
    /// The first of them.
    pub bad: Vec<Refused>,
    /// Where all of them are, if that was asked for.
    pub refused_file: Option<PathBuf>,
    /// Tables and columns that were not read.
    pub left_out: Vec<String>,
}

/// Imports into the database at `url` (an owner's). `tell` hears how far it is.
///
/// # Errors
/// One sentence; nothing was written then. Rows that were refused are no error: see [`Imported::written`].
pub async fn import(
    url: &str,
    order: &Order,
    tell: &(dyn Fn(Progress<'_>) + Send + Sync),
) -> Result<Imported, ImportError> {
    if let Some(path) = &order.skip_bad {
        report::is_free(path)?;
    }
    let mut source = Source::open(order.form, &order.path).await?;
    let told = source.told().await?.map(|text| read_told(&text)).transpose()?;
    let mut conn = owner::connect(url).await?;
    let schema = ready(&mut conn).await?;
    if let Some(told) = told.as_ref().filter(|told| told.schema > schema) {
        return Err(ImportError::Source(format!(
            "This export was made by a newer Pine Time ({}, schema {}; this database has {schema}); update first",
            told.program, told.schema
        )));
    }
    let tables = catalog::tables(&mut conn).await?;
    let plan = plan::plan(order.form, source.tables(), &tables, told.is_some())?;
    let staged = read(&mut conn, &mut source, &tables, &plan, order, tell).await?;
    if let Some(told) = &told {
        is_complete(told, &plan, &tables, &staged)?;
    }
    let mut work = Work {
        tables: &tables,
        staged,
        called: plan
            .steps
            .iter()
            .map(|step| {
                let called = source.tables()[step.source].called.clone();
                (tables[step.target].name.clone(), called)
            })
            .collect(),
        imported: Imported {
            older: plan.older,
            left_out: plan.left_out.clone(),
            ..Imported::default()
        },
        refused_file: None,
    };
    let mut tx = conn.begin().await?;
    let good = work.judge(&mut tx, order, tell).await?;
    if good {
        let same_schema = told.as_ref().is_some_and(|told| told.schema == schema);
        work.write(&mut tx, order, told.as_ref(), same_schema, tell)
            .await?;
    }
    if good && !order.dry_run {
        tell(Progress::step(KEEPING));
        if let Err(error) = tx.commit().await {
            return Err(if owner::may_have_committed(&error) {
                ImportError::Unsure
            } else {
                error.into()
            });
        }
        work.keep_file();
        work.imported.written = true;
    } else {
        tx.rollback().await?;
    }
    let _ = conn.close().await;
    Ok(work.imported)
}

/// Whether the database takes anything; its newest migration.
async fn ready(conn: &mut PgConnection) -> Result<i64, ImportError> {
    let (writable, schema): (bool, Option<i64>) = sqlx::query_as(include_str!("sql/ready.sql"))
        .fetch_one(conn)
        .await?;
    if !writable {
        return Err(ImportError::Source(
            "This database can only be read, as it follows another server or was set so".to_owned(),
        ));
    }
    Ok(schema.unwrap_or(0))
}

fn read_told(text: &str) -> Result<Exported, ImportError> {
    serde_json::from_str(text).map_err(|_| {
        ImportError::Source("What this export says of itself (export.json) cannot be understood".to_owned())
    })
}

async fn read(
    conn: &mut PgConnection,
    source: &mut Source,
    tables: &[Table],
    plan: &Plan,
    order: &Order,
    tell: &(dyn Fn(Progress<'_>) + Send + Sync),
) -> Result<Vec<Staged>, ImportError> {
    let mut staged = Vec::with_capacity(tables.len());
    for table in tables {
        stage::make(conn, table).await?;
        staged.push(Staged {
            present: vec![false; table.columns.len()],
            ..Staged::default()
        });
    }
    for step in plan.steps.iter().filter(|step| !step.columns.is_empty()) {
        let found = source.tables()[step.source].clone();
        let reading = Reading {
            table: &tables[step.target],
            columns: &step.columns,
            names: &found.columns,
            called: &found.called,
            bytes: found.bytes,
            older: plan.older,
            zone: order.zone.or(plan.older.then_some(Tz::UTC)),
        };
        let mut rows = source.rows(step.source).await?;
        staged[step.target] = stage::fill(conn, reading, &mut rows, tell).await?;
    }
    Ok(staged)
}

/// Whether every file of an export is there and whole.
fn is_complete(told: &Exported, plan: &Plan, tables: &[Table], staged: &[Staged]) -> Result<(), ImportError> {
    for (name, facts) in &told.tables {
        let plain = name.strip_prefix("public.").unwrap_or(name);
        let Some(place) = tables.iter().position(|table| table.name == plain) else {
            continue;
        };
        let rows = i64::try_from(staged[place].read).unwrap_or(i64::MAX);
        if rows != facts.rows {
            let was_read = plan.steps.iter().any(|step| step.target == place);
            return Err(ImportError::Source(if was_read || facts.rows == 0 {
                format!(
                    "{plain} has {rows} rows, and export.json says {}: it was cut off or changed",
                    facts.rows
                )
            } else {
                format!(
                    "{plain} is missing, and export.json says that it has {} rows",
                    facts.rows
                )
            }));
        }
    }
    Ok(())
}

/// An import under way.
struct Work<'w> {
    tables: &'w [Table],
    staged: Vec<Staged>,
    /// What people call the source of each table.
    called: BTreeMap<String, String>,
    imported: Imported,
    refused_file: Option<RefusedFile>,
}

impl Work<'_> {
    /// Looks at all rows together. Answers whether anything is to be written.
    async fn judge(
        &mut self,
        tx: &mut PgConnection,
        order: &Order,
        tell: &(dyn Fn(Progress<'_>) + Send + Sync),
    ) -> Result<bool, ImportError> {
        tell(Progress::step("checking"));
        merge::begin(tx, self.tables).await?;
        let brought: Vec<&str> = self.brought().collect();
        if self.imported.older {
            tx.execute(include_str!("sql/older.sql")).await?;
            self.of_older();
        } else {
            merge::make_room(tx, |name| brought.contains(&name)).await?;
        }
        for (table, staged) in self.tables.iter().zip(&self.staged) {
            if staged.present.contains(&true) {
                tell(Progress::step(&table.name));
                checks::check(tx, table, staged).await?;
            }
        }
        report::count(tx, self).await?;
        if self.imported.refused > 0 {
            let file = order.skip_bad.as_deref().filter(|_| !order.dry_run);
            report::write(tx, self, file).await?;
        }
        Ok(self.imported.refused == 0 || order.skip_bad.is_some())
    }

    /// The file of the refused outlives the work.
    fn keep_file(&mut self) {
        if let Some(file) = &mut self.refused_file {
            file.stays = true;
        }
    }

    /// The tables that the source has.
    fn brought(&self) -> impl Iterator<Item = &str> {
        self.called.keys().map(String::as_str)
    }

    /// Columns of rows that were made of others.
    fn of_older(&mut self) {
        for (name, columns) in [
            ("event_attendees", &["id", "user_id", "event_id", "status"][..]),
            (
                "refunds",
                &[
                    "id",
                    "payment_id",
                    "amount",
                    "refund_channel",
                    "reason",
                    "refunded_at",
                    "operator",
                    "device",
                ],
            ),
        ] {
            for (table, staged) in self.tables.iter().zip(&mut self.staged) {
                if table.name == name {
                    for place in columns.iter().filter_map(|column| table.place(column)) {
                        staged.present[place] = true;
                    }
                    // Numbers were given to rows that were not read.
                    staged.ascends = false;
                }
            }
        }
    }

    async fn write(
        &mut self,
        tx: &mut PgConnection,
        order: &Order,
        told: Option<&Exported>,
        same_schema: bool,
        tell: &(dyn Fn(Progress<'_>) + Send + Sync),
    ) -> Result<(), ImportError> {
        let mut added = 0;
        let mut were_empty = Vec::new();
        for (table, staged) in self.tables.iter().zip(&self.staged) {
            if !staged.present.contains(&true) {
                continue;
            }
            tell(Progress::step(&table.name));
            if !checks::has_rows(tx, table).await? {
                were_empty.push(format!("public.{}", table.name));
            }
            let rows = merge::write(tx, table, staged).await?;
            added += rows;
            if let Some(line) = self.imported.tables.get_mut(&table.name) {
                line.added = rows;
            }
        }
        if added > 0 {
            tell(Progress::step("totals"));
            let brings = |name: &str| self.called.contains_key(name);
            // Before anything takes a number of its own.
            merge::set_sequences(tx).await?;
            merge::derive(tx, brings).await?;
            if !brings("audit_log") {
                report::audit(tx, order, added).await?;
            }
        }
        if let Some(told) = told.filter(|_| self.imported.refused == 0) {
            tell(Progress::step("sums"));
            let facts = Facts::of(tx).await?;
            for (name, wanted) in told.tables.iter().filter(|(name, _)| were_empty.contains(name)) {
                let came = facts.tables.get(name);
                if came.is_some_and(|came| came.rows != wanted.rows || same_schema && came.sum != wanted.sum)
                {
                    return Err(ImportError::Source(format!(
                        "{name} came out otherwise than export.json says: its rows were changed"
                    )));
                }
            }
        }
        merge::end(tx, self.tables).await
    }
}

impl<'p> Progress<'p> {
    fn step(step: &'p str) -> Self {
        Self {
            step,
            rows: 0,
            done: 0,
            whole: 0,
        }
    }
}
