//! Reading: every row of a table is looked at value by value and goes, with what is wrong with it, into a temporary table of
//! the same columns, through COPY. Nothing of the community is touched yet, and a row is all that is in memory.

use chrono_tz::Tz;
use sqlx::{AssertSqlSafe, Executor, PgConnection};

use crate::domain::typed::Kind;

use super::catalog::{Column, Table, quoted, staged};
use super::row::{Row, Value};
use super::source::Rows;
use super::{ImportError, Progress, older};

/// How much is sent at once, in bytes.
const PIECE: usize = 1 << 18;
/// After how many rows whoever waits is told.
const TOLD_AFTER: u64 = 1 << 13;

/// What was read of a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Staged {
    /// How many rows.
    pub(super) read: u64,
    /// Whether their numbers ascend, so that none is there twice.
    pub(super) ascends: bool,
    /// Which columns they have.
    pub(super) present: Vec<bool>,
}

/// A row's values by the places of our columns.
#[derive(Debug)]
pub(super) struct Cells(Vec<Option<String>>);

impl Cells {
    /// The value of a column.
    pub(super) fn get(&self, table: &Table, column: &str) -> Option<&str> {
        self.0[table.place(column)?].as_deref()
    }

    /// Gives a column a value.
    pub(super) fn set(&mut self, table: &Table, column: &str, text: &str) {
        if let Some(place) = table.place(column) {
            self.0[place] = Some(text.to_owned());
        }
    }
}

/// How a table is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'r> {
    /// The table that is filled.
    pub(super) table: &'r Table,
    /// Which of its columns each value is.
    pub(super) columns: &'r [Option<usize>],
    /// The names of the values.
    pub(super) names: &'r [String],
    /// What people call the source, and how long it is in bytes.
    pub(super) called: &'r str,
    pub(super) bytes: u64,
    /// Whether its words are those of an older application.
    pub(super) older: bool,
    /// Where clocks without a zone stand.
    pub(super) zone: Option<Tz>,
}

/// Makes the table in which rows for `table` wait, for as long as the connection lasts.
pub(super) async fn make(conn: &mut PgConnection, table: &Table) -> Result<(), ImportError> {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| format!("{} {}", quoted(&column.name), column.sql))
        .collect();
    let sql = include_str!("sql/staged.sql")
        .replace("{staged}", &quoted(&format!("new_{}", table.name)))
        .replace("{columns}", &columns.join(", "));
    conn.execute(AssertSqlSafe(sql)).await?;
    Ok(())
}

/// Reads a table's rows into where they wait.
pub(super) async fn fill(
    conn: &mut PgConnection,
    reading: Reading<'_>,
    rows: &mut Rows<'_>,
    tell: &(dyn Fn(Progress<'_>) + Send + Sync),
) -> Result<Staged, ImportError> {
    let mut clerk = Clerk::new(reading);
    let sql = clerk.copy();
    let mut into = conn.copy_in_raw(&sql).await?;
    let mut row = Row::default();
    loop {
        match rows.next(&mut row).await {
            Ok(true) => clerk.take(&row),
            Ok(false) => break,
            Err(error) => {
                let _ = into.abort("the source cannot be read on").await;
                return Err(error);
            }
        }
        if clerk.piece.len() >= PIECE {
            into.send(clerk.piece.as_slice()).await?;
            clerk.piece.clear();
        }
        if clerk.staged.read.is_multiple_of(TOLD_AFTER) {
            tell(Progress {
                step: reading.called,
                rows: clerk.staged.read,
                done: rows.read(),
                whole: reading.bytes,
            });
        }
    }
    into.send(clerk.piece.as_slice()).await?;
    into.finish().await?;
    let sql = format!("ANALYZE {}", staged(&reading.table.name));
    conn.execute(AssertSqlSafe(sql)).await?;
    Ok(clerk.staged)
}

/// Looks at rows and writes them as COPY wants them.
struct Clerk<'r> {
    reading: Reading<'r>,
    staged: Staged,
    piece: Vec<u8>,
    cells: Cells,
    /// The place of the number that tells rows apart, if it is one number, and the last one.
    number: Option<usize>,
    last: i64,
}

/// What is wrong with a row: the column if it is one, and why.
type Fault = (Option<String>, String);

impl<'r> Clerk<'r> {
    fn new(reading: Reading<'r>) -> Self {
        let table = reading.table;
        let mut present: Vec<bool> = (0..table.columns.len())
            .map(|place| reading.columns.contains(&Some(place)))
            .collect();
        if reading.older {
            for column in older::adds(&table.name) {
                if let Some(place) = table.place(column) {
                    present[place] = true;
                }
            }
        }
        let number = match table.primary() {
            [only] => table
                .place(only)
                .filter(|place| matches!(table.columns[*place].kind, Kind::Integer(_))),
            _ => None,
        };
        Self {
            staged: Staged {
                read: 0,
                ascends: number.is_some(),
                present,
            },
            cells: Cells(vec![None; table.columns.len()]),
            piece: Vec::with_capacity(PIECE * 2),
            number,
            last: i64::MIN,
            reading,
        }
    }

    fn copy(&self) -> String {
        let columns: Vec<String> = self.columns().map(|column| quoted(&column.name)).collect();
        format!(
            "COPY {} ({}, _line, _came, _column, _reason, _row) FROM STDIN",
            staged(&self.reading.table.name),
            columns.join(", ")
        )
    }

    /// The columns that there are values for.
    fn columns(&self) -> impl Iterator<Item = &'r Column> {
        let present = &self.staged.present;
        let columns = self.reading.table.columns.iter().zip(present);
        columns.filter(|(_, is)| **is).map(|(column, _)| column)
    }

    fn take(&mut self, row: &Row) {
        self.staged.read += 1;
        let (came, fault) = self.look(row);
        if let Some(number) = self.number {
            let number = self.cells.0[number].as_ref().and_then(|text| text.parse().ok());
            self.staged.ascends &= number.is_some_and(|number: i64| number > self.last);
            self.last = number.unwrap_or(self.last);
        }
        for (cell, _) in self
            .cells
            .0
            .iter()
            .zip(&self.staged.present)
            .filter(|(_, is)| **is)
        {
            write(&mut self.piece, cell.as_deref());
            self.piece.push(b'\t');
        }
        self.piece.extend_from_slice(row.line.to_string().as_bytes());
        self.piece.push(b'\t');
        self.piece.push(if came { b't' } else { b'f' });
        let (column, reason) = match fault {
            Some((column, reason)) => (column, Some(reason)),
            None => (None, None),
        };
        let text = reason.as_ref().map(|_| self.told(row));
        for value in [column, reason, text] {
            self.piece.push(b'\t');
            write(&mut self.piece, value.as_deref());
        }
        self.piece.push(b'\n');
    }

    /// Reads a row's values into the cells; what is good of a bad row is there too, its number above all.
    fn look(&mut self, row: &Row) -> (bool, Option<Fault>) {
        let reading = self.reading;
        let table = reading.table;
        for cell in &mut self.cells.0 {
            *cell = None;
        }
        let mut fault = row.fault.as_ref().map(|(place, why)| {
            let name = place.and_then(|place| reading.names.get(place)).cloned();
            (name, why.clone())
        });
        if fault.is_none() && row.len() != reading.columns.len() {
            let why = format!(
                "has {} values, and the header names {} columns",
                row.len(),
                reading.columns.len()
            );
            fault = Some((None, why));
        }
        for (place, wanted) in reading.columns.iter().enumerate() {
            let Some(wanted) = *wanted else { continue };
            let column = &table.columns[wanted];
            let read = match row.value(place) {
                Value::Nothing => Ok(None),
                // Words of an older application are looked at when they are ours.
                Value::Text(text) if reading.older => Ok(Some(text.to_owned())),
                Value::Json(raw) if reading.older => Ok(Some(
                    serde_json::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned()),
                )),
                Value::Text(text) => column
                    .kind
                    .read(text, reading.zone)
                    .map(|text| Some(text.into_owned())),
                Value::Json(raw) => column.kind.read_json(raw, reading.zone),
            };
            match read {
                Ok(text) => self.cells.0[wanted] = text,
                Err(why) => {
                    fault.get_or_insert((Some(reading.names[place].clone()), why));
                }
            }
        }
        let mut came = false;
        if reading.older {
            match older::mend(table, &mut self.cells) {
                Ok(told) => came = told,
                Err((column, why)) => {
                    fault.get_or_insert((Some(column.to_owned()), why));
                }
            }
            self.look_again(&mut fault);
        }
        for (place, column) in table.columns.iter().enumerate() {
            let is_missing = self.staged.present[place] && column.needed && self.cells.0[place].is_none();
            if is_missing && !super::plan::is_filled(&table.name, &column.name, reading.older) {
                fault.get_or_insert((Some(column.name.clone()), "has no value".to_owned()));
            }
        }
        (came, fault)
    }

    /// The values of an older row, now that they are in our words.
    fn look_again(&mut self, fault: &mut Option<Fault>) {
        for (cell, column) in self.cells.0.iter_mut().zip(&self.reading.table.columns) {
            let Some(text) = cell.take() else { continue };
            match column.kind.read(&text, self.reading.zone) {
                Ok(text) => *cell = Some(text.into_owned()),
                Err(why) => {
                    fault.get_or_insert((Some(column.name.clone()), why));
                }
            }
        }
    }

    /// A refused row as it was, for whoever mends it.
    fn told(&self, row: &Row) -> String {
        let values: serde_json::Map<String, serde_json::Value> = (0..row.len())
            .map(|place| {
                let name = self
                    .reading
                    .names
                    .get(place)
                    .cloned()
                    .unwrap_or_else(|| format!("value {}", place + 1));
                let value = match row.value(place) {
                    Value::Nothing => serde_json::Value::Null,
                    Value::Text(text) => text.into(),
                    Value::Json(raw) => serde_json::from_str(raw).unwrap_or_else(|_| raw.into()),
                };
                (name, value)
            })
            .collect();
        serde_json::Value::Object(values)
            .to_string()
            .replace("\\u0000", "\\ufffd")
    }
}

/// A value as COPY's text form has it.
fn write(piece: &mut Vec<u8>, value: Option<&str>) {
    let Some(text) = value else {
        piece.extend_from_slice(b"\\N");
        return;
    };
    for byte in text.bytes() {
        match byte {
            b'\\' => piece.extend_from_slice(b"\\\\"),
            b'\n' => piece.extend_from_slice(b"\\n"),
            b'\r' => piece.extend_from_slice(b"\\r"),
            b'\t' => piece.extend_from_slice(b"\\t"),
            // No text has it; whoever wrote it is told so.
            0 => piece.extend_from_slice("\u{fffd}".as_bytes()),
            other => piece.push(other),
        }
    }
}
