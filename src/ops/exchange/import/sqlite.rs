//! A SQLite file as a source: its tables, what an export of ours says about itself, and rows as they come.

use std::path::{Path, PathBuf};

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Decode, Row as _, TypeInfo, ValueRef};

use super::ImportError;
use super::catalog::quoted;
use super::csv::LONGEST;
use super::row::{Form, Row};
use super::source::{Found, not_sqlite, refused};

/// The table in which an export of ours says what it is.
pub(in super::super) const TOLD: &str = "pine_time_export";

/// An open file.
#[derive(Debug)]
pub(super) struct SqliteFile {
    path: PathBuf,
    conn: SqliteConnection,
}

/// A table's rows.
pub(super) struct SqliteRows<'s> {
    path: &'s Path,
    line: u64,
    rows: BoxStream<'s, Result<SqliteRow, sqlx::Error>>,
}

impl std::fmt::Debug for SqliteRows<'_> {
    fn fmt(&self, to: &mut std::fmt::Formatter) -> std::fmt::Result {
        to.debug_struct("SqliteRows")
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

impl SqliteFile {
    /// Opens it for reading; nothing is ever written to it.
    pub(super) async fn open(path: &Path) -> Result<Self, ImportError> {
        // SQLite says of everything only that it cannot be opened.
        let about = std::fs::File::open(path).and_then(|file| file.metadata());
        if about.map_err(|error| refused(path, &error))?.is_dir() {
            return Err(ImportError::Source(format!(
                "{} is a folder, and no SQLite file",
                path.display()
            )));
        }
        let conn = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .disable_statement_logging()
            .connect()
            .await
            .map_err(|error| not_sqlite(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            conn,
        })
    }

    /// Its tables and their columns.
    pub(super) async fn tables(&mut self) -> Result<Vec<(String, Vec<String>)>, ImportError> {
        let failed = |error: sqlx::Error| not_sqlite(&self.path, &error);
        let names: Vec<String> = sqlx::query_scalar(include_str!("sql/sqlite_tables.sql"))
            .bind(TOLD)
            .fetch_all(&mut self.conn)
            .await
            .map_err(failed)?;
        let mut tables = Vec::with_capacity(names.len());
        for name in names {
            let columns: Vec<String> =
                sqlx::query_scalar("SELECT name FROM pragma_table_info(?) ORDER BY cid")
                    .bind(&name)
                    .fetch_all(&mut self.conn)
                    .await
                    .map_err(failed)?;
            tables.push((name, columns));
        }
        if tables.is_empty() {
            return Err(ImportError::Source(format!(
                "{} has no tables in it",
                self.path.display()
            )));
        }
        Ok(tables)
    }

    /// What an export of ours says about itself.
    pub(super) async fn told(&mut self) -> Result<Option<String>, ImportError> {
        let failed = |error: sqlx::Error| not_sqlite(&self.path, &error);
        let is_there: bool = sqlx::query_scalar("SELECT count(*) > 0 FROM sqlite_schema WHERE name = ?")
            .bind(TOLD)
            .fetch_one(&mut self.conn)
            .await
            .map_err(failed)?;
        if !is_there {
            return Ok(None);
        }
        let sql = format!("SELECT about FROM {}", quoted(TOLD));
        let told: Option<String> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_optional(&mut self.conn)
            .await
            .map_err(failed)?;
        Ok(told)
    }

    /// A table's rows from the first. Refuses a table with a value longer than a row may be, before it is read.
    pub(super) async fn rows(&mut self, found: &Found) -> Result<SqliteRows<'_>, ImportError> {
        let columns: Vec<String> = found.columns.iter().map(|name| quoted(name)).collect();
        let long: Vec<String> = columns
            .iter()
            .map(|column| format!("octet_length({column}) > {LONGEST}"))
            .collect();
        let table = quoted(&found.name);
        let sql = format!("SELECT count(*) > 0 FROM {table} WHERE {}", long.join(" OR "));
        let too_long: bool = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut self.conn)
            .await
            .map_err(|error| not_sqlite(&self.path, &error))?;
        if too_long {
            return Err(ImportError::Source(format!(
                "{}: a value is longer than {} MiB; none of a community is",
                found.called,
                LONGEST >> 20
            )));
        }
        let sql = format!("SELECT {} FROM {table}", columns.join(", "));
        Ok(SqliteRows {
            path: &self.path,
            line: 0,
            rows: sqlx::query(AssertSqlSafe(sql)).fetch(&mut self.conn),
        })
    }
}

impl SqliteRows<'_> {
    /// The next row; false behind the last.
    pub(super) async fn next(&mut self, row: &mut Row) -> Result<bool, ImportError> {
        let Some(next) = self.rows.next().await else {
            return Ok(false);
        };
        let failed = |error: sqlx::Error| not_sqlite(self.path, &error);
        let next = next.map_err(failed)?;
        self.line += 1;
        row.clear(self.line);
        for place in 0..next.len() {
            let value = next.try_get_raw(place).map_err(failed)?;
            if value.is_null() {
                row.push("", Form::Nothing);
                continue;
            }
            let decoded = |error: sqlx::error::BoxDynError| failed(sqlx::Error::Decode(error));
            let kind = value.type_info().name().to_owned();
            match kind.as_str() {
                "INTEGER" | "BOOLEAN" => {
                    let number = <i64 as Decode<Sqlite>>::decode(value).map_err(decoded)?;
                    row.push(&number.to_string(), Form::Text);
                }
                "REAL" => {
                    let number = <f64 as Decode<Sqlite>>::decode(value).map_err(decoded)?;
                    row.push(&number.to_string(), Form::Text);
                }
                _ => {
                    let bytes = <&[u8] as Decode<Sqlite>>::decode(value).map_err(decoded)?;
                    match std::str::from_utf8(bytes) {
                        Ok(text) => row.push(text, Form::Text),
                        Err(error) => {
                            let at = error.valid_up_to() + 1;
                            row.blame(Some(place), format!("is not written in UTF-8 (byte {at})"));
                            row.push(&String::from_utf8_lossy(bytes), Form::Text);
                        }
                    }
                }
            }
        }
        Ok(true)
    }
}

/// What SQLite says, in words that go into a sentence.
pub(super) fn words(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        _ => "its contents were not understood".to_owned(),
    }
}
