//! Writing the community into one SQLite file: the same tables and columns, numbers as numbers, yes and no as 1 and 0, all
//! else as text, so that decimals stay exact. The file gets its name when all is on the disk.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use futures_util::StreamExt;
use sqlx::postgres::PgRow;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, Row};

use super::super::owner;
use super::export::{ExportError, Exported, Table, about, moment, new_file, quoted, refused, tables};
use super::import::TOLD;

/// How many values go into one statement at most; SQLite takes some thirty thousand.
const VALUES: usize = 4000;

/// A file in the making; gone when dropped before it has its name.
struct Making {
    path: PathBuf,
    done: bool,
}

impl Drop for Making {
    fn drop(&mut self) {
        if !self.done {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Writes the community of the database at `url` (an owner's) into a SQLite file that is new. `tell` hears of every table
/// that begins.
///
/// # Errors
/// One sentence; nothing is left then.
pub async fn export_sqlite(
    url: &str,
    file: &Path,
    tell: &(dyn Fn(&str) + Send + Sync),
) -> Result<Exported, ExportError> {
    if fs::symlink_metadata(file).is_ok() {
        return Err(ExportError::Taken(file.to_owned()));
    }
    let named = std::path::absolute(file).map_err(|error| refused(file, &error))?;
    let name = named
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let path = named.with_file_name(format!(".{name}.partial-{}", std::process::id()));
    new_file(&path).map_err(|error| refused(file, &error))?;
    let mut making = Making { path, done: false };
    let failed = |error: sqlx::Error| wrong(file, &error);
    let mut into = SqliteConnectOptions::new()
        .filename(&making.path)
        // Nobody else sees the file yet: if anything goes wrong, it goes.
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .disable_statement_logging()
        .connect()
        .await
        .map_err(failed)?;
    let mut conn = owner::connect(url).await?;
    let mut moment = moment(&mut conn).await?;
    let tables = tables(&mut moment).await?;
    into.execute("BEGIN").await.map_err(failed)?;
    for table in &tables {
        tell(&table.name);
        write_table(&mut moment, &mut into, table, file).await?;
    }
    tell("sums");
    let exported = about(&mut moment, &tables).await?;
    moment.commit().await?;
    let _ = conn.close().await;
    let told = serde_json::to_string(&exported).map_err(|error| refused(file, &io::Error::other(error)))?;
    let sql = format!(
        "CREATE TABLE {0} (about TEXT NOT NULL); INSERT INTO {0} VALUES (?)",
        quoted(TOLD)
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(told)
        .execute(&mut into)
        .await
        .map_err(failed)?;
    into.execute("COMMIT").await.map_err(failed)?;
    into.close().await.map_err(failed)?;
    let name = || {
        File::open(&making.path)?.sync_all()?;
        fs::rename(&making.path, &named)?;
        named
            .parent()
            .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    name().map_err(|error| refused(file, &error))?;
    making.done = true;
    Ok(exported)
}

/// How SQLite keeps a type, and whether it is a number there.
fn kept_as(sql: &str) -> (&'static str, bool) {
    match sql {
        "smallint" | "integer" | "bigint" => ("INTEGER", true),
        "boolean" => ("BOOLEAN", true),
        _ => ("TEXT", false),
    }
}

async fn write_table(
    moment: &mut PgConnection,
    into: &mut SqliteConnection,
    table: &Table,
    file: &Path,
) -> Result<(), ExportError> {
    let failed = |error: sqlx::Error| wrong(file, &error);
    let mut lines = Vec::new();
    let mut values = Vec::new();
    for ((name, sql), needed) in table.columns.iter().zip(&table.types).zip(&table.needed) {
        let not_null = if *needed { " NOT NULL" } else { "" };
        let name = quoted(name);
        lines.push(format!("{name} {}{not_null}", kept_as(sql).0));
        values.push(match kept_as(sql) {
            ("BOOLEAN", _) => format!("{name}::integer::bigint"),
            (_, true) => format!("{name}::bigint"),
            _ => format!("{name}::text"),
        });
    }
    if !table.key.is_empty() {
        let key: Vec<String> = table.key.iter().map(|name| quoted(name)).collect();
        lines.push(format!("PRIMARY KEY ({})", key.join(", ")));
    }
    let sql = format!("CREATE TABLE {} ({})", quoted(&table.name), lines.join(", "));
    into.execute(AssertSqlSafe(sql)).await.map_err(failed)?;
    let at_once = (VALUES / table.columns.len().max(1)).max(1);
    let mut rows = sqlx::query(AssertSqlSafe(table.select(&values)))
        .fetch(moment)
        .chunks(at_once);
    while let Some(piece) = rows.next().await {
        let piece: Vec<PgRow> = piece.into_iter().collect::<Result<_, _>>()?;
        insert(into, table, &piece).await.map_err(failed)?;
    }
    Ok(())
}

/// Writes some rows with one statement.
async fn insert(into: &mut SqliteConnection, table: &Table, rows: &[PgRow]) -> Result<(), sqlx::Error> {
    let marks = format!("({})", vec!["?"; table.columns.len()].join(", "));
    let sql = format!(
        "INSERT INTO {} VALUES {}",
        quoted(&table.name),
        vec![marks.as_str(); rows.len()].join(", ")
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for row in rows {
        for (place, sql) in table.types.iter().enumerate() {
            query = if kept_as(sql).1 {
                query.bind(row.try_get::<Option<i64>, _>(place)?)
            } else {
                query.bind(row.try_get::<Option<String>, _>(place)?)
            };
        }
    }
    query.execute(into).await?;
    Ok(())
}

fn wrong(file: &Path, error: &sqlx::Error) -> ExportError {
    let why = match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        other => other.to_string(),
    };
    refused(file, &io::Error::other(why))
}
