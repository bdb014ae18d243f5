//! What a command writes to standard output: lines, aligned tables, JSON. Messages for people who wait (progress,
//! refusals) go to standard error. Here is the border of the command line: whatever a person or a file has brought, what is
//! written as lines or as JSON drives no terminal. Files ([`Out::text`]) are made of text that is safe already.

use std::fmt::Write as _;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Stdout, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::domain::SafeText;
use crate::domain::safe_text::{MAX_MARKS, is_mark, is_safe};

use super::error::{CliError, reason};

/// Messages on standard error, as they can be shown.
pub(super) fn say(message: &str) {
    eprintln!("{}", SafeText::paragraphs(message));
}

/// Takes away the line on which progress was told, whatever became of the work.
pub(super) fn clear_progress() {
    if io::stderr().is_terminal() {
        eprint!("\r\x1b[K");
    }
}

/// JSON in which every character that may not reach a terminal is escaped, and marks that are more than a letter may carry;
/// it stands for the same.
pub(super) fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut marks = 0;
    for c in json.chars() {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if c == '\n' || (is_safe(c) && marks <= MAX_MARKS) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

/// A writer whose errors are a command's errors: a reader that has gone ends the command quietly.
pub struct Out<W: Write>(W);

impl Out<BufWriter<Stdout>> {
    /// Standard output, buffered; flushed by [`Out::flush`] and when dropped.
    pub fn stdout() -> Self {
        Self(BufWriter::new(io::stdout()))
    }
}

impl<W: Write> Out<W> {
    /// Writes anywhere.
    pub fn new(writer: W) -> Self {
        Self(writer)
    }

    /// What has been written, for those who wrote into memory.
    pub fn into_inner(self) -> W {
        self.0
    }

    /// One line.
    pub fn line(&mut self, text: impl AsRef<str>) -> Result<(), CliError> {
        self.write(SafeText::paragraphs(text.as_ref()).as_str().as_bytes())?;
        self.write(b"\n")
    }

    /// Text as it is.
    pub fn text(&mut self, text: &str) -> Result<(), CliError> {
        self.write(text.as_bytes())
    }

    /// A table, its columns aligned.
    pub fn table(&mut self, table: &Table) -> Result<(), CliError> {
        for line in table.lines() {
            self.line(line)?;
        }
        Ok(())
    }

    /// One JSON document, indented.
    pub fn json(&mut self, value: &impl Serialize) -> Result<(), CliError> {
        let json = serde_json::to_string_pretty(value).map_err(|error| ended(&error.into()))?;
        self.write(escaped(&json).as_bytes())?;
        self.write(b"\n")
    }

    /// One JSON document on one line, for streams.
    pub fn json_line(&mut self, value: &impl Serialize) -> Result<(), CliError> {
        let json = serde_json::to_string(value).map_err(|error| ended(&error.into()))?;
        self.write(escaped(&json).as_bytes())?;
        self.write(b"\n")
    }

    /// Hands everything to the reader.
    pub fn flush(&mut self) -> Result<(), CliError> {
        self.0.flush().map_err(|error| ended(&error))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), CliError> {
        self.0.write_all(bytes).map_err(|error| ended(&error))
    }
}

fn ended(error: &io::Error) -> CliError {
    if error.kind() == ErrorKind::BrokenPipe {
        CliError::ReaderGone
    } else {
        CliError::failed(format!("The output cannot be written: {}.", reason(error)))
    }
}

/// On which side a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// Rows under headings, padded by the width that the characters have on a terminal.
#[derive(Debug)]
pub struct Table {
    columns: Vec<(&'static str, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headings and no rows.
    pub fn new(columns: &[(&'static str, Align)]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row, one cell a column. Cells are text that is safe for a terminal.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    fn lines(&self) -> impl Iterator<Item = String> {
        let headings: Vec<String> = self
            .columns
            .iter()
            .map(|(heading, _)| (*heading).to_owned())
            .collect();
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|column| {
                std::iter::once(&headings)
                    .chain(&self.rows)
                    .filter_map(|row| row.get(column))
                    .map(|cell| cell.width())
                    .max()
                    .unwrap_or_default()
            })
            .collect();
        std::iter::once(headings)
            .chain(self.rows.iter().cloned())
            .map(move |row| {
                let mut line = String::new();
                for (cell, (width, (_, align))) in row.iter().zip(widths.iter().zip(&self.columns)) {
                    let padding = " ".repeat(width - cell.width().min(*width));
                    match align {
                        Align::Left => line.extend([cell, &padding, "  "].map(|part: &str| part)),
                        Align::Right => line.extend([&padding, cell, "  "].map(|part: &str| part)),
                    }
                }
                line.truncate(line.trim_end().len());
                line
            })
    }
}

/// The text with blanks up to a width, in terminal cells; wider text stays whole.
pub fn pad(text: &str, width: usize, align: Align) -> String {
    let blanks = " ".repeat(width.saturating_sub(text.width()));
    match align {
        Align::Left => format!("{text}{blanks}"),
        Align::Right => format!("{blanks}{text}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::safe_text::may_stand;

    #[test]
    fn columns_align_by_what_the_eye_sees() {
        let mut table = Table::new(&[
            ("NAME", Align::Left),
            ("POINTS", Align::Right),
            ("PLACE", Align::Left),
        ]);
        table.row(["Niño".into(), "7".into(), "Hill".into()]);
        table.row(["山田太郎".into(), "1340".into(), String::new()]);
        let mut out = Out::new(Vec::new());
        out.table(&table).unwrap();
        assert_eq!(
            String::from_utf8(out.into_inner()).unwrap(),
            "NAME      POINTS  PLACE\nNiño           7  Hill\n山田太郎    1340\n"
        );
    }

    #[test]
    fn what_may_not_reach_a_terminal_is_dropped_from_lines_and_escaped_in_json() {
        let hostile = "a\u{1b}[31m\u{9b}b\u{202e}c\u{e0041}\u{7}d\u{336}\u{336}\u{336}\u{336}\u{336}\u{336}";
        let mut out = Out::new(Vec::new());
        out.line(hostile).unwrap();
        out.json_line(&hostile).unwrap();
        out.json(&[hostile]).unwrap();
        let text = String::from_utf8(out.into_inner()).unwrap();
        assert!(text.lines().all(may_stand), "{text:?}");
        let mut lines = text.splitn(3, '\n');
        assert_eq!(lines.next(), Some("a[31mbcd\u{336}\u{336}\u{336}\u{336}"));
        let same: String = serde_json::from_str(lines.next().unwrap()).unwrap();
        assert_eq!(same, hostile, "JSON stands for the same");
        let same: Vec<String> = serde_json::from_str(lines.next().unwrap()).unwrap();
        assert_eq!(same, [hostile]);
    }

    #[test]
    fn a_reader_that_has_gone_is_no_failure() {
        struct Gone(ErrorKind);
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(self.0.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let gone = |kind| Out::new(Gone(kind));
        assert_eq!(gone(ErrorKind::BrokenPipe).line("x"), Err(CliError::ReaderGone));
        assert_eq!(
            gone(ErrorKind::BrokenPipe).json(&[1, 2]),
            Err(CliError::ReaderGone)
        );
        assert!(matches!(
            gone(ErrorKind::StorageFull).line("x"),
            Err(CliError::Failed(_))
        ));
    }
}
