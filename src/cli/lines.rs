//! Lines from standard input for a door without a screen: bounded in size, whatever the bytes. A line that cannot
//! be a code or a name is handed on as a text that matches nobody, so that it is answered and logged like any other.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// Bytes of a line that are looked at; no code, user name or e-mail address is longer.
pub(super) const LONGEST_BYTES: usize = 1000;

/// Characters of an overlong line that are kept for the log.
const KEPT_CHARS: usize = 80;

/// Reads lines of any length in bounded memory.
pub(super) struct Lines<R> {
    input: R,
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input }
    }

    /// The next line that is not empty, without its end and the blanks around it; `None` at the end.
    pub(super) async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            let mut line = Vec::new();
            let mut length = 0;
            let ended = loop {
                let chunk = self.input.fill_buf().await?;
                if chunk.is_empty() {
                    break true;
                }
                let end = chunk.iter().position(|byte| *byte == b'\n');
                let part = &chunk[..end.unwrap_or(chunk.len())];
                let room = (LONGEST_BYTES + 1).saturating_sub(line.len());
                line.extend_from_slice(&part[..part.len().min(room)]);
                length += part.len();
                let used = end.map_or(chunk.len(), |end| end + 1);
                self.input.consume(used);
                if end.is_some() {
                    break false;
                }
            };
            let text = readable(&line, length > LONGEST_BYTES);
            if !text.is_empty() {
                return Ok(Some(text));
            }
            if ended {
                return Ok(None);
            }
        }
    }
}

/// The line as text. What was cut, is no UTF-8, or holds a NUL (which the database cannot keep) ends up with a
/// character in it that no name has, so that it matches nobody.
fn readable(line: &[u8], too_long: bool) -> String {
    let text = String::from_utf8_lossy(line).replace('\0', "\u{fffd}");
    if too_long {
        return text.chars().take(KEPT_CHARS).chain(['\u{fffd}']).collect();
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// All lines, read through buffers of every small size.
    fn read(bytes: &[u8]) -> Vec<String> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let all = |capacity| {
            runtime.block_on(async {
                let mut lines = Lines::new(tokio::io::BufReader::with_capacity(capacity, bytes));
                let mut found = Vec::new();
                while let Some(line) = lines.next().await.unwrap() {
                    found.push(line);
                }
                found
            })
        };
        let first = all(1);
        for capacity in [2, 3, 7, 8192] {
            assert_eq!(all(capacity), first, "with a buffer of {capacity}");
        }
        first
    }

    #[test]
    fn lines_come_trimmed_and_empty_ones_not_at_all() {
        assert_eq!(read(b""), [""; 0]);
        assert_eq!(read(b"\n\r\n  \t\n"), [""; 0]);
        assert_eq!(
            read("R6K2F-9TQ4M\r\n\n  nino_b \nñandú".as_bytes()),
            ["R6K2F-9TQ4M", "nino_b", "ñandú"]
        );
    }

    #[test]
    fn what_cannot_be_a_name_matches_nobody_and_stops_nothing() {
        let mut bytes = b"ana\n\xff\xfe\n".to_vec();
        bytes.extend(vec![b'x'; LONGEST_BYTES]);
        bytes.push(b'\n');
        bytes.extend(vec![b'y'; LONGEST_BYTES + 1]);
        bytes.push(b'\n');
        bytes.extend(vec![b'z'; 5_000_000]);
        bytes.extend(b"\na\0b\nben\n");
        let lines = read(&bytes);
        assert_eq!(lines.len(), 7);
        assert_eq!(lines[0], "ana");
        assert_eq!(lines[1], "\u{fffd}\u{fffd}");
        assert_eq!(lines[2], "x".repeat(LONGEST_BYTES));
        assert_eq!(lines[3], "y".repeat(KEPT_CHARS) + "\u{fffd}");
        assert_eq!(lines[4], "z".repeat(KEPT_CHARS) + "\u{fffd}");
        assert_eq!(lines[5], "a\u{fffd}b");
        assert_eq!(lines[6], "ben");
    }
}
