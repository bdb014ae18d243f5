//! Telling: how many rows became what, and which were refused and why, on the screen and in a file.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use futures_util::StreamExt;
use sqlx::{AssertSqlSafe, PgConnection};

use super::{ImportError, Order, Refused, TableImport, Work};

/// How many refused rows are kept to be shown; all are in the file.
const SHOWN: usize = 200;

/// A refused row and what it held.
#[derive(sqlx::FromRow)]
struct RefusedRow {
    line: Option<i64>,
    column: Option<String>,
    reason: String,
    row: Option<String>,
}

/// Whether a file of that name can be made.
pub(super) fn is_free(path: &Path) -> Result<(), ImportError> {
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        _ => Err(ImportError::Refused {
            path: path.to_owned(),
            why: "it is there already; name one that is new".to_owned(),
        }),
    }
}

/// Counts what became of the rows of every table.
pub(super) async fn count(tx: &mut PgConnection, work: &mut Work<'_>) -> Result<(), ImportError> {
    for (table, staged) in work.tables.iter().zip(&work.staged) {
        if !staged.present.contains(&true) {
            continue;
        }
        let sql = include_str!("sql/counts.sql").replace("{staged}", &table.staged());
        let (known, refused): (i64, i64) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut *tx).await?;
        let line = TableImport {
            read: staged.read,
            added: 0,
            known: known.unsigned_abs(),
            refused: refused.unsigned_abs(),
        };
        work.imported.refused += line.refused;
        work.imported.tables.insert(table.name.clone(), line);
    }
    Ok(())
}

/// Lists the refused rows, the first to be shown and all of them into a file.
pub(super) async fn write(
    tx: &mut PgConnection,
    work: &mut Work<'_>,
    file: Option<&Path>,
) -> Result<(), ImportError> {
    let mut out = file.map(RefusedFile::create).transpose()?;
    for table in work.tables {
        let refused = work
            .imported
            .tables
            .get(&table.name)
            .map_or(0, |line| line.refused);
        if refused == 0 {
            continue;
        }
        let called = work.called.get(&table.name).unwrap_or(&table.name);
        let sql = include_str!("sql/refused.sql").replace("{staged}", &table.staged());
        let mut lines = sqlx::query_as::<_, RefusedRow>(AssertSqlSafe(sql)).fetch(&mut *tx);
        while let Some(line) = lines.next().await {
            let line = line?;
            if let Some(out) = &mut out {
                out.add(called, &line)?;
            }
            if work.imported.bad.len() < SHOWN {
                work.imported.bad.push(Refused {
                    file: called.clone(),
                    line: line.line.unwrap_or_default(),
                    column: line.column,
                    reason: line.reason,
                });
            }
        }
    }
    if let Some(out) = &mut out {
        out.finish()?;
        work.imported.refused_file = Some(out.path.clone());
    }
    work.refused_file = out;
    Ok(())
}

/// Says in the audit log that rows came in, where they bring no log of their own.
pub(super) async fn audit(tx: &mut PgConnection, order: &Order, rows: u64) -> Result<(), ImportError> {
    sqlx::query(include_str!("sql/audit.sql"))
        .bind(&order.by)
        .bind(
            order
                .path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
        )
        .bind(i64::try_from(rows).unwrap_or(i64::MAX))
        .execute(tx)
        .await?;
    Ok(())
}

/// The file of the refused; gone when it is dropped before the rest is written.
pub(super) struct RefusedFile {
    path: PathBuf,
    file: BufWriter<File>,
    /// Whether it stays.
    pub(super) stays: bool,
}

impl RefusedFile {
    /// Whoever made it may read it, and nobody else: there may be addresses and hashes in it.
    fn create(path: &Path) -> Result<Self, ImportError> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(|error| failed(path, &error))?;
        let mut out = Self {
            path: path.to_owned(),
            file: BufWriter::new(file),
            stays: false,
        };
        out.line(["file", "line", "column", "reason", "row"])?;
        Ok(out)
    }

    fn add(&mut self, called: &str, line: &RefusedRow) -> Result<(), ImportError> {
        self.line([
            called,
            &line.line.unwrap_or_default().to_string(),
            line.column.as_deref().unwrap_or_default(),
            &line.reason,
            line.row.as_deref().unwrap_or_default(),
        ])
    }

    fn line(&mut self, values: [&str; 5]) -> Result<(), ImportError> {
        self.file
            .write_all(crate::domain::csv::line(values).as_bytes())
            .map_err(|error| failed(&self.path, &error))
    }

    /// Has all of it on the disk.
    fn finish(&mut self) -> Result<(), ImportError> {
        self.file
            .flush()
            .and_then(|()| self.file.get_ref().sync_all())
            .map_err(|error| failed(&self.path, &error))
    }
}

impl Drop for RefusedFile {
    fn drop(&mut self) {
        if !self.stays {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn failed(path: &Path, error: &std::io::Error) -> ImportError {
    let text = error.to_string();
    ImportError::Refused {
        path: path.to_owned(),
        why: text.split(" (os error").next().unwrap_or(&text).to_lowercase(),
    }
}
