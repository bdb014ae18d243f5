//! Comma-separated values, read strictly (RFC 4180) and in the memory of one row. No crate that was looked at tells an empty
//! text (`""`) from no value (nothing), which PostgreSQL's files do, and bounds a row's length; so it is written here.

use std::io::{BufRead, BufReader, ErrorKind, Read};

use super::row::{Form, Row};

/// No row is longer, in bytes. What is, is no row: a file without line ends, or a quote that was forgotten.
pub(super) const LONGEST: usize = 4 << 20;

/// Why a file cannot be read on.
#[derive(Debug)]
pub(super) enum Broken {
    /// The system refuses.
    Io(std::io::Error),
    /// A row that begins at this line is longer than [`LONGEST`].
    TooLong(u64),
    /// A quote that begins at this line is never closed.
    Unclosed(u64),
    /// It is written in another encoding.
    Utf16,
}

impl From<std::io::Error> for Broken {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// Where in a row the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before the first byte of a value.
    Begin,
    /// In a value without quotes.
    Plain,
    /// In a value in quotes.
    Quoted,
    /// Behind a quote in such a value: its end, or the first half of a quote in it.
    Quote,
}

/// Reads rows.
#[derive(Debug)]
pub(super) struct CsvReader<R> {
    inner: BufReader<R>,
    /// The line that is being read.
    line: u64,
    /// How many bytes have been read.
    read: u64,
    /// The row in the making, its values one behind the other, and where each ends and whether it was quoted.
    bytes: Vec<u8>,
    ends: Vec<(usize, bool)>,
}

impl<R: Read> CsvReader<R> {
    /// Begins to read. A byte order mark is passed over.
    pub(super) fn new(file: R) -> Result<Self, Broken> {
        let mut inner = BufReader::with_capacity(1 << 16, file);
        let read = pass_mark(&mut inner)?;
        Ok(Self {
            inner,
            line: 1,
            read,
            bytes: Vec::new(),
            ends: Vec::new(),
        })
    }

    /// How many bytes have been read.
    pub(super) fn read(&self) -> u64 {
        self.read
    }

    /// The next row; false behind the last. Empty lines are none.
    pub(super) fn next(&mut self, row: &mut Row) -> Result<bool, Broken> {
        loop {
            row.clear(self.line);
            self.bytes.clear();
            self.ends.clear();
            if !self.record(row)? {
                return Ok(false);
            }
            if self.ends.len() > 1 || self.ends[0] != (0, false) {
                self.fill(row);
                return Ok(true);
            }
        }
    }

    /// Reads one record into `bytes` and `ends`; false when there is none.
    fn record(&mut self, row: &mut Row) -> Result<bool, Broken> {
        let mut at = At::Begin;
        let mut was_quoted = false;
        let mut after_return = false;
        let mut quote_line = self.line;
        let mut any = false;
        loop {
            let buffer = match self.inner.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                other => other?,
            };
            if buffer.is_empty() {
                return if at == At::Quoted {
                    Err(Broken::Unclosed(quote_line))
                } else if any {
                    self.ends.push((self.bytes.len(), was_quoted));
                    Ok(true)
                } else {
                    Ok(false)
                };
            }
            any = true;
            let mut used = 0;
            let mut done = false;
            for &byte in buffer {
                used += 1;
                if byte == b'\n' {
                    self.line += 1;
                }
                if after_return {
                    after_return = false;
                    if byte != b'\n' {
                        row.blame(Some(self.ends.len()), "has a line end of another kind in it");
                        at = At::Plain;
                    }
                }
                match (at, byte) {
                    (At::Quoted, b'"') => at = At::Quote,
                    (At::Quoted, _) => self.bytes.push(byte),
                    (At::Quote, b'"') => {
                        self.bytes.push(byte);
                        at = At::Quoted;
                    }
                    (_, b',') => {
                        self.ends.push((self.bytes.len(), was_quoted));
                        was_quoted = false;
                        at = At::Begin;
                    }
                    (_, b'\n') => {
                        self.ends.push((self.bytes.len(), was_quoted));
                        done = true;
                        break;
                    }
                    (_, b'\r') => after_return = true,
                    (At::Begin, b'"') => {
                        at = At::Quoted;
                        was_quoted = true;
                        quote_line = self.line;
                    }
                    (At::Quote, _) => {
                        row.blame(Some(self.ends.len()), "goes on behind its closing quote");
                        self.bytes.push(byte);
                        at = At::Plain;
                    }
                    (_, b'"') => {
                        row.blame(
                            Some(self.ends.len()),
                            "has a quote in it and does not begin with one",
                        );
                        self.bytes.push(byte);
                    }
                    _ => {
                        self.bytes.push(byte);
                        at = At::Plain;
                    }
                }
            }
            self.inner.consume(used);
            self.read += used as u64;
            if done {
                return Ok(true);
            }
            if self.bytes.len() > LONGEST || self.ends.len() > LONGEST {
                return Err(Broken::TooLong(row.line));
            }
        }
    }

    /// Hands the record over as text.
    fn fill(&self, row: &mut Row) {
        let mut begin = 0;
        for (place, (end, was_quoted)) in self.ends.iter().enumerate() {
            let bytes = &self.bytes[begin..*end];
            let form = if bytes.is_empty() && !was_quoted {
                Form::Nothing
            } else {
                Form::Text
            };
            match std::str::from_utf8(bytes) {
                Ok(text) => row.push(text, form),
                Err(error) => {
                    row.blame(
                        Some(place),
                        format!("is not written in UTF-8 (byte {})", error.valid_up_to() + 1),
                    );
                    row.push(&String::from_utf8_lossy(bytes), form);
                }
            }
            begin = *end;
        }
    }
}

/// Passes over UTF-8's byte order mark; answers how many bytes that were.
pub(super) fn pass_mark<R: Read>(inner: &mut BufReader<R>) -> Result<u64, Broken> {
    let begin = inner.fill_buf()?;
    if begin.starts_with(&[0xFF, 0xFE]) || begin.starts_with(&[0xFE, 0xFF]) {
        return Err(Broken::Utf16);
    }
    if begin.starts_with(&[0xEF, 0xBB, 0xBF]) {
        inner.consume(3);
        return Ok(3);
    }
    Ok(0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::row::Value;
    use super::*;

    /// A source that gives one byte at a time.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else {
                return Ok(0);
            };
            into[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    /// A line's number, its values, and whether something is wrong with it.
    type Told = (u64, Vec<Option<String>>, bool);

    fn rows(text: &[u8]) -> Vec<Told> {
        let read = |mut reader: CsvReader<Box<dyn Read + '_>>| {
            let mut told = Vec::new();
            let mut row = Row::default();
            while reader.next(&mut row).unwrap() {
                let values = (0..row.len())
                    .map(|place| match row.value(place) {
                        Value::Nothing => None,
                        Value::Text(text) | Value::Json(text) => Some(text.to_owned()),
                    })
                    .collect();
                told.push((row.line, values, row.fault.is_some()));
            }
            told
        };
        let whole = read(CsvReader::new(Box::new(text) as Box<dyn Read>).unwrap());
        let dropwise = read(CsvReader::new(Box::new(Drops(text)) as Box<dyn Read>).unwrap());
        if !text.starts_with(&[0xEF]) {
            assert_eq!(whole, dropwise);
        }
        whole
    }

    fn good(line: u64, values: &[Option<&str>]) -> Told {
        (
            line,
            values.iter().map(|value| value.map(str::to_owned)).collect(),
            false,
        )
    }

    #[test]
    fn values_are_told_from_empty_texts() {
        assert_eq!(
            rows(b"a,,\"\"\r\n\"x\n\"\"y\"\"\",b\n\n,\nlast"),
            [
                good(1, &[Some("a"), None, Some("")]),
                good(2, &[Some("x\n\"y\""), Some("b")]),
                good(5, &[None, None]),
                good(6, &[Some("last")]),
            ]
        );
        assert_eq!(rows(b""), []);
        assert_eq!(rows(b"\xEF\xBB\xBFa,b\n"), [good(1, &[Some("a"), Some("b")])]);
    }

    #[test]
    fn what_is_not_written_so_is_said() {
        for text in [
            &b"a\"b,c\n"[..],
            b"\"a\"b,c\n",
            b"a\rb\n",
            b"caf\xE9,c\n",
            b"\"a\" ,c\n",
        ] {
            let told = rows(text);
            assert!(told.len() == 1 && told[0].2, "{text:?}: {told:?}");
        }
        // Reading goes on behind it.
        assert_eq!(rows(b"\"a\"b\nc\n")[1], good(2, &[Some("c")]));
    }

    #[test]
    fn what_cannot_be_read_on_stops() {
        let broken = |text: &[u8]| {
            let mut reader = match CsvReader::new(text) {
                Err(broken) => return broken,
                Ok(reader) => reader,
            };
            let mut row = Row::default();
            loop {
                match reader.next(&mut row) {
                    Err(broken) => return broken,
                    Ok(more) => assert!(more, "it was read to its end"),
                }
            }
        };
        assert!(matches!(broken(b"a\n\"b\nc"), Broken::Unclosed(2)));
        assert!(matches!(broken(b"\xFF\xFEa\0"), Broken::Utf16));
        assert!(matches!(
            broken(&vec![b'a'; LONGEST + 200_000]),
            Broken::TooLong(1)
        ));
        assert!(matches!(
            broken(&vec![b','; LONGEST + 200_000]),
            Broken::TooLong(1)
        ));
    }

    /// A source without end: reading it whole would never return.
    #[test]
    fn a_line_without_end_is_not_read_to_it() {
        let mut reader = CsvReader::new(std::io::repeat(b'a')).unwrap();
        assert!(matches!(
            reader.next(&mut Row::default()),
            Err(Broken::TooLong(1))
        ));
        assert!(reader.read() < 2 * LONGEST as u64);
    }
}
