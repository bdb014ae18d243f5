//! JSON lines: one object a line, read in the memory of one row. Numbers stay as they are written, so that none is rounded.

use std::fmt;
use std::io::{BufRead, BufReader, ErrorKind, Read};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::csv::{Broken, LONGEST, pass_mark};
use super::row::{Form, Row};

/// Reads rows.
#[derive(Debug)]
pub(super) struct JsonReader<R> {
    inner: BufReader<R>,
    line: u64,
    read: u64,
    bytes: Vec<u8>,
}

impl<R: Read> JsonReader<R> {
    /// Begins to read. A byte order mark is passed over.
    pub(super) fn new(file: R) -> Result<Self, Broken> {
        let mut inner = BufReader::with_capacity(1 << 16, file);
        let read = pass_mark(&mut inner)?;
        Ok(Self {
            inner,
            line: 0,
            read,
            bytes: Vec::new(),
        })
    }

    /// How many bytes have been read.
    pub(super) fn read(&self) -> u64 {
        self.read
    }

    /// The names in the next line; none behind the last line, or when it is no object: the row says so when it is read.
    pub(super) fn names(&mut self) -> Result<Vec<String>, Broken> {
        if !self.next_line()? {
            return Ok(Vec::new());
        }
        let object: Option<serde_json::Map<String, serde_json::Value>> =
            serde_json::from_slice(&self.bytes).ok();
        Ok(object.map_or_else(Vec::new, |object| {
            object.into_iter().map(|(name, _)| name).collect()
        }))
    }

    /// The next row, its values in the order of these names; false behind the last.
    pub(super) fn next(&mut self, names: &[String], row: &mut Row) -> Result<bool, Broken> {
        if !self.next_line()? {
            return Ok(false);
        }
        row.clear(self.line);
        let text = match std::str::from_utf8(&self.bytes) {
            Ok(text) => text,
            Err(error) => {
                row.blame(
                    None,
                    format!("is not written in UTF-8 (byte {})", error.valid_up_to() + 1),
                );
                row.push(&String::from_utf8_lossy(&self.bytes), Form::Text);
                return Ok(true);
            }
        };
        let mut reader = serde_json::Deserializer::from_str(text);
        let object = Names(names).deserialize(&mut reader);
        match object.and_then(|object| reader.end().map(|()| object)) {
            Ok(object) => {
                for value in &object.values {
                    match value.map(RawValue::get) {
                        None | Some("null") => row.push("", Form::Nothing),
                        Some(raw) => row.push(raw, Form::Json),
                    }
                }
                if let Some(wrong) = object.wrong {
                    row.blame(None, wrong);
                }
            }
            Err(error) => {
                row.blame(None, format!("is no JSON object (column {})", error.column()));
                row.push(text, Form::Text);
            }
        }
        Ok(true)
    }

    /// Reads a line that is not empty into `bytes`; false when there is none.
    fn next_line(&mut self) -> Result<bool, Broken> {
        loop {
            self.bytes.clear();
            self.line += 1;
            if !self.one_line()? {
                return Ok(false);
            }
            if !self.bytes.trim_ascii().is_empty() {
                return Ok(true);
            }
        }
    }

    fn one_line(&mut self) -> Result<bool, Broken> {
        let mut any = false;
        loop {
            let buffer = match self.inner.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                other => other?,
            };
            if buffer.is_empty() {
                return Ok(any);
            }
            any = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(buffer.len(), |end| end + 1);
            self.bytes.extend_from_slice(&buffer[..end.unwrap_or(used)]);
            self.inner.consume(used);
            self.read += used as u64;
            if end.is_some() {
                return Ok(true);
            }
            if self.bytes.len() > LONGEST {
                return Err(Broken::TooLong(self.line));
            }
        }
    }
}

/// What a line has, by the places of the names.
struct Object<'de> {
    values: Vec<Option<&'de RawValue>>,
    wrong: Option<String>,
}

/// Reads an object by these names.
struct Names<'n>(&'n [String]);

impl<'de> DeserializeSeed<'de> for Names<'_> {
    type Value = Object<'de>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Names<'_> {
    type Value = Object<'de>;

    fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut object = Object {
            values: vec![None; self.0.len()],
            wrong: None,
        };
        while let Some(place) = map.next_key_seed(Place(self.0))? {
            let value: &RawValue = map.next_value()?;
            match place {
                Ok(place) if object.values[place].is_none() => object.values[place] = Some(value),
                Ok(place) => object.wrong = Some(format!("says “{}” twice", self.0[place])),
                Err(name) => {
                    object.wrong = Some(format!("has a value that the first line has not: “{name}”"));
                }
            }
        }
        Ok(object)
    }
}

/// The place of a name, or the name.
struct Place<'n>(&'n [String]);

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Result<usize, String>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Place<'_> {
    type Value = Result<usize, String>;

    fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self
            .0
            .iter()
            .position(|own| own == name)
            .ok_or_else(|| name.chars().take(40).collect()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::row::Value;
    use super::*;

    fn row(text: &[u8]) -> (Vec<Option<String>>, Option<String>) {
        let names = ["id".to_owned(), "name".to_owned()];
        let mut row = Row::default();
        assert!(JsonReader::new(text).unwrap().next(&names, &mut row).unwrap());
        let values = (0..row.len())
            .map(|place| match row.value(place) {
                Value::Nothing => None,
                Value::Text(text) | Value::Json(text) => Some(text.to_owned()),
            })
            .collect();
        (values, row.fault.map(|(_, why)| why))
    }

    #[test]
    fn values_stand_in_the_order_of_the_names() {
        let (values, fault) = row(b"\n{\"name\": \"A \\\"B\\\"\", \"id\": 1.10}\r\n");
        assert_eq!(fault, None);
        assert_eq!(
            values,
            [Some("1.10".to_owned()), Some("\"A \\\"B\\\"\"".to_owned())]
        );
        assert_eq!(row(b"{\"id\": null}").0, [None, None]);
        assert_eq!(
            JsonReader::new(&b"{\"b\":1,\"a\":2}"[..])
                .unwrap()
                .names()
                .unwrap(),
            ["a", "b"]
        );
        assert!(JsonReader::new(&b""[..]).unwrap().names().unwrap().is_empty());
    }

    #[test]
    fn what_is_no_row_is_said() {
        for text in [
            &b"{\"id\": 1"[..],
            b"[1, 2]",
            b"{\"id\": 1} {}",
            b"{\"id\": 1, \"id\": 2}",
            b"{\"id\": 1, \"mail\": 2}",
            b"{\"name\": \"caf\xE9\"}",
            b"{\"id\": 1e}",
        ] {
            assert!(row(text).1.is_some(), "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn a_line_without_end_is_not_read_to_it() {
        let mut reader = JsonReader::new(std::io::repeat(b'{')).unwrap();
        assert!(matches!(
            reader.next(&[], &mut Row::default()),
            Err(Broken::TooLong(1))
        ));
        assert!(reader.read() < 2 * LONGEST as u64);
    }
}
