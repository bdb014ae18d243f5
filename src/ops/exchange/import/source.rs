//! Where rows come from: a folder of files or a SQLite file. Tables with the names of their columns, and their rows one
//! after the other.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::csv::{Broken, CsvReader, LONGEST};
use super::json::JsonReader;
use super::row::{Row, Value};
use super::sqlite::{self, SqliteFile, SqliteRows};
use super::{ImportError, SourceForm};

/// A table as it was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Its name there.
    pub(super) name: String,
    /// What people call it: the file, or the table.
    pub(super) called: String,
    /// The names of its columns.
    pub(super) columns: Vec<String>,
    /// How much there is of it, for whoever waits: bytes of a file, 0 where nobody knows.
    pub(super) bytes: u64,
    path: PathBuf,
}

/// What is imported from.
#[derive(Debug)]
pub(super) enum Source {
    /// A folder with a file a table.
    Folder {
        form: SourceForm,
        folder: PathBuf,
        tables: Vec<Found>,
    },
    /// A SQLite file.
    Sqlite { file: SqliteFile, tables: Vec<Found> },
}

/// A table's rows.
#[derive(Debug)]
pub(super) enum Rows<'s> {
    Csv(CsvReader<File>, String),
    Json(JsonReader<File>, String, Vec<String>),
    Sqlite(SqliteRows<'s>),
}

impl Source {
    /// Opens it and looks at every table's columns.
    pub(super) async fn open(form: SourceForm, path: &Path) -> Result<Self, ImportError> {
        if form == SourceForm::Sqlite {
            let mut file = SqliteFile::open(path).await?;
            let tables = file.tables().await?;
            let tables = tables
                .into_iter()
                .map(|(name, columns)| Found {
                    called: name.clone(),
                    name,
                    columns,
                    bytes: 0,
                    path: path.to_owned(),
                })
                .collect();
            return Ok(Self::Sqlite { file, tables });
        }
        let entries = fs::read_dir(path).map_err(|error| refused(path, &error))?;
        let ending = if form == SourceForm::Csv { "csv" } else { "jsonl" };
        let mut tables = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| refused(path, &error))?.path();
            if path
                .extension()
                .is_some_and(|own| own.eq_ignore_ascii_case(ending))
            {
                tables.push(look(form, path)?);
            }
        }
        if tables.is_empty() {
            return Err(ImportError::Source(format!(
                "There is no file NAME.{ending} in {}",
                path.display()
            )));
        }
        tables.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Self::Folder {
            form,
            folder: path.to_owned(),
            tables,
        })
    }

    /// The tables that were found.
    pub(super) fn tables(&self) -> &[Found] {
        match self {
            Self::Folder { tables, .. } | Self::Sqlite { tables, .. } => tables,
        }
    }

    /// What an export says about itself; none when this is none.
    pub(super) async fn told(&mut self) -> Result<Option<String>, ImportError> {
        match self {
            Self::Sqlite { file, .. } => file.told().await,
            Self::Folder { folder, .. } => {
                let path = folder.join("export.json");
                match fs::metadata(&path) {
                    Err(_) => Ok(None),
                    Ok(about) if about.len() > LONGEST as u64 => Err(ImportError::Source(format!(
                        "{} is too long to be the list of an export",
                        path.display()
                    ))),
                    Ok(_) => fs::read_to_string(&path)
                        .map(Some)
                        .map_err(|error| refused(&path, &error)),
                }
            }
        }
    }

    /// A table's rows from the first.
    pub(super) async fn rows(&mut self, place: usize) -> Result<Rows<'_>, ImportError> {
        match self {
            Self::Sqlite { file, tables } => Ok(Rows::Sqlite(file.rows(&tables[place]).await?)),
            Self::Folder { form, tables, .. } => {
                let found = &tables[place];
                let file = File::open(&found.path).map_err(|error| refused(&found.path, &error))?;
                let failed = |why| broken(&found.called, why);
                if *form == SourceForm::Csv {
                    let mut reader = CsvReader::new(file).map_err(failed)?;
                    reader.next(&mut Row::default()).map_err(failed)?;
                    Ok(Rows::Csv(reader, found.called.clone()))
                } else {
                    let reader = JsonReader::new(file).map_err(failed)?;
                    Ok(Rows::Json(reader, found.called.clone(), found.columns.clone()))
                }
            }
        }
    }
}

impl Rows<'_> {
    /// The next row; false behind the last.
    pub(super) async fn next(&mut self, row: &mut Row) -> Result<bool, ImportError> {
        match self {
            Self::Csv(reader, called) => reader.next(row).map_err(|why| broken(called, why)),
            Self::Json(reader, called, names) => reader.next(names, row).map_err(|why| broken(called, why)),
            Self::Sqlite(rows) => rows.next(row).await,
        }
    }

    /// How many bytes of the file have been read.
    pub(super) fn read(&self) -> u64 {
        match self {
            Self::Csv(reader, _) => reader.read(),
            Self::Json(reader, ..) => reader.read(),
            Self::Sqlite(_) => 0,
        }
    }
}

/// The first line of a file.
fn look(form: SourceForm, path: PathBuf) -> Result<Found, ImportError> {
    let text = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let called = text(path.file_name());
    let failed = |why| broken(&called, why);
    let file = File::open(&path).map_err(|error| refused(&path, &error))?;
    let bytes = file.metadata().map_err(|error| refused(&path, &error))?.len();
    let columns = if form == SourceForm::Json {
        let names = JsonReader::new(file).map_err(failed)?.names().map_err(failed)?;
        if names.is_empty() && bytes > 0 {
            return Err(ImportError::Source(format!(
                "{called}, line 1: is no JSON object"
            )));
        }
        names
    } else {
        let mut row = Row::default();
        let mut reader = CsvReader::new(file).map_err(failed)?;
        if !reader.next(&mut row).map_err(failed)? {
            return Err(ImportError::Source(format!(
                "{called} is empty; its first line must name the columns"
            )));
        }
        header(&called, &row)?
    };
    Ok(Found {
        name: text(path.file_stem()),
        called,
        columns,
        bytes,
        path,
    })
}

/// The names of the columns.
fn header(called: &str, row: &Row) -> Result<Vec<String>, ImportError> {
    if let Some((_, why)) = &row.fault {
        return Err(ImportError::Source(format!("{called}, line 1: the header {why}")));
    }
    let names: Vec<String> = (0..row.len())
        .map(|place| match row.value(place) {
            Value::Text(text) | Value::Json(text) => text.trim().to_owned(),
            Value::Nothing => String::new(),
        })
        .collect();
    if let [only] = names.as_slice() {
        for (mark, word) in [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")] {
            if only.contains(mark) {
                return Err(ImportError::Source(format!(
                    "{called}, line 1: its values are separated by {word}; commas are needed"
                )));
            }
        }
    }
    for (place, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(ImportError::Source(format!(
                "{called}, line 1: the header has no name for column {}",
                place + 1
            )));
        } else if names[..place].contains(name) {
            return Err(ImportError::Source(format!(
                "{called}, line 1: the header names “{name}” twice"
            )));
        }
    }
    Ok(names)
}

/// Why a file cannot be read on, in words.
pub(super) fn broken(called: &str, why: Broken) -> ImportError {
    ImportError::Source(match why {
        Broken::Io(error) => format!("{called} cannot be read ({})", reason(&error)),
        Broken::TooLong(line) => format!(
            "{called}, line {line}: the row is longer than {} MiB; no row of a community is",
            LONGEST >> 20
        ),
        Broken::Unclosed(line) => format!(
            "{called}, line {line}: a quote begins here that is never closed; the file may have been cut off"
        ),
        Broken::Utf16 => format!("{called} is written in UTF-16; save it as UTF-8"),
    })
}

pub(super) fn refused(path: &Path, error: &std::io::Error) -> ImportError {
    ImportError::Source(format!("{} cannot be read ({})", path.display(), reason(error)))
}

fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

/// What is wrong with a SQLite file, in words.
pub(super) fn not_sqlite(path: &Path, error: &sqlx::Error) -> ImportError {
    ImportError::Source(format!(
        "{} cannot be read as a SQLite file ({})",
        path.display(),
        sqlite::words(error)
    ))
}
