//! Writing the community down: PostgreSQL writes each table's rows (COPY), this process passes them on to a file, however
//! many there are. The folder gets its name when all is on the disk.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection, Postgres, Transaction};

use super::super::backup::{Facts, TableFacts};
use super::super::owner;
use super::KEPT_IN;

/// How a table's rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values with a header (RFC 4180); an empty text is `""`, no value is nothing.
    Csv,
    /// One JSON object a line.
    Json,
}

impl Form {
    fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "jsonl",
        }
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// The moment whose state it is.
    pub made_at: DateTime<Utc>,
    /// The version of Pine Time.
    pub program: String,
    /// The newest migration.
    pub schema: i64,
    /// Rows and an exact sum of every table, in the same form as a backup's.
    pub tables: BTreeMap<String, TableFacts>,
}

/// Why nothing was written. `Display` is the sentence for the user.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Something is there already.
    #[error("{} is there already and not empty; name a folder that is new", .0.display())]
    Occupied(PathBuf),
    /// The file is there already.
    #[error("{} is there already; name a file that is new", .0.display())]
    Taken(PathBuf),
    /// A file or folder refuses.
    #[error("{} cannot be written ({why}); nothing was kept", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// The system's reason.
        why: String,
    },
    /// The database refuses.
    #[error("The community cannot be read: {}", owner::words(.0))]
    Database(#[from] sqlx::Error),
}

/// A table as the catalog has it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    pub(super) types: Vec<String>,
    pub(super) needed: Vec<bool>,
    pub(super) key: Vec<String>,
}

/// A name in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Table {
    /// The statement that reads these of its values, by the key of its rows.
    pub(super) fn select(&self, values: &[String]) -> String {
        let key: Vec<String> = self.key.iter().map(|name| quoted(name)).collect();
        let order = if key.is_empty() {
            String::new()
        } else {
            format!(" ORDER BY {}", key.join(", "))
        };
        format!(
            "SELECT {} FROM ONLY public.{}{order}",
            values.join(", "),
            quoted(&self.name)
        )
    }

    /// The statement that writes its rows, by their key.
    fn copy(&self, form: Form) -> String {
        let columns: Vec<String> = self.columns.iter().map(|name| quoted(name)).collect();
        let rows = self.select(&columns);
        match form {
            Form::Csv => format!("COPY ({rows}) TO STDOUT (FORMAT csv, HEADER true)"),
            // JSON has no control characters of its own, so nothing is ever quoted or escaped once more.
            Form::Json => {
                format!(
                    "COPY (SELECT row_to_json(r) FROM ({rows}) AS r) TO STDOUT (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"
                )
            }
        }
    }
}

/// A folder in the making; gone when dropped before it has its name.
struct Making {
    folder: PathBuf,
    named: PathBuf,
    done: bool,
}

impl Drop for Making {
    fn drop(&mut self) {
        if !self.done {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Writes the community of the database at `url` (an owner's) into a folder that is new or empty. `tell` hears of every
/// table that begins.
///
/// # Errors
/// One sentence; nothing is left then.
pub async fn export(
    url: &str,
    folder: &Path,
    form: Form,
    tell: &(dyn Fn(&str) + Send + Sync),
) -> Result<Exported, ExportError> {
    let making = begin(folder)?;
    let mut conn = owner::connect(url).await?;
    let mut moment = moment(&mut conn).await?;
    let tables = tables(&mut moment).await?;
    for table in &tables {
        tell(&table.name);
        let path = making.folder.join(format!("{}.{}", table.name, form.ending()));
        write_table(&mut moment, &table.copy(form), &path).await?;
    }
    tell("sums");
    let exported = about(&mut moment, &tables).await?;
    moment.commit().await?;
    let _ = conn.close().await;
    finish(making, &exported)?;
    Ok(exported)
}

/// Begins to see everything as it is now, whatever others do meanwhile.
pub(super) async fn moment(conn: &mut PgConnection) -> Result<Transaction<'_, Postgres>, sqlx::Error> {
    conn.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await
}

/// The tables that are written.
pub(super) async fn tables(moment: &mut PgConnection) -> Result<Vec<Table>, sqlx::Error> {
    let kept_in: Vec<String> = KEPT_IN.map(str::to_owned).to_vec();
    sqlx::query_as(include_str!("tables.sql"))
        .bind(kept_in)
        .fetch_all(moment)
        .await
}

/// What an export says of itself: the moment, the version, and what was in the tables.
pub(super) async fn about(moment: &mut PgConnection, tables: &[Table]) -> Result<Exported, sqlx::Error> {
    let (made_at, schema): (DateTime<Utc>, i64) =
        sqlx::query_as("SELECT now(), max(version) FROM public._sqlx_migrations WHERE success")
            .fetch_one(&mut *moment)
            .await?;
    let mut facts = Facts::of(moment).await?;
    facts.tables.retain(|name, _| {
        tables.iter().any(|table| {
            name.strip_prefix("public.")
                .is_some_and(|plain| plain == table.name)
        })
    });
    Ok(Exported {
        made_at,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema,
        tables: facts.tables,
    })
}

async fn write_table(moment: &mut PgConnection, copy: &str, path: &Path) -> Result<(), ExportError> {
    let failed = |error| refused(path, &error);
    let mut file = new_file(path).map_err(failed)?;
    let mut rows = moment.copy_out_raw(copy).await?;
    while let Some(bytes) = rows.next().await {
        file.write_all(&bytes?).map_err(failed)?;
    }
    file.sync_all().map_err(failed)
}

fn begin(folder: &Path) -> Result<Making, ExportError> {
    let occupied = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) if error.kind() == ErrorKind::NotADirectory => true,
        Err(error) => return Err(refused(folder, &error)),
    };
    if occupied {
        return Err(ExportError::Occupied(folder.to_owned()));
    }
    let named = std::path::absolute(folder).map_err(|error| refused(folder, &error))?;
    let name = named
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let making = Making {
        folder: named.with_file_name(format!(".{name}.partial-{}", std::process::id())),
        named,
        done: false,
    };
    DirBuilder::new()
        .mode(0o700)
        .create(&making.folder)
        .map_err(|error| refused(folder, &error))?;
    Ok(making)
}

fn finish(mut making: Making, exported: &Exported) -> Result<(), ExportError> {
    let failed = |error| refused(&making.named, &error);
    let write = || {
        let mut text = serde_json::to_vec_pretty(exported).map_err(io::Error::other)?;
        text.push(b'\n');
        let mut file = new_file(&making.folder.join("export.json"))?;
        file.write_all(&text)?;
        file.sync_all()?;
        File::open(&making.folder)?.sync_all()?;
        fs::rename(&making.folder, &making.named)?;
        making
            .named
            .parent()
            .map_or(Ok(()), |parent| File::open(parent)?.sync_all())
    };
    write().map_err(failed)?;
    making.done = true;
    Ok(())
}

/// Whoever made it may read it, and nobody else: members' addresses and the hashes of their passwords are in it.
pub(super) fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

pub(super) fn refused(path: &Path, error: &io::Error) -> ExportError {
    let text = error.to_string();
    ExportError::Folder {
        path: path.to_owned(),
        why: text.split(" (os error").next().unwrap_or(&text).to_lowercase(),
    }
}
