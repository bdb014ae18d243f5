//! Bytes of a terminal turned into events: keys, pastes, the mouse. Pure and incremental: a sequence may arrive
//! in any number of pieces, and whatever arrives, nothing panics and nothing is waited for longer than
//! [`Decoder::patience`] says. Reading the bytes is the business of [`super::input`].
//!
//! crossterm's own reader is not used: it spins for ever on a closed terminal, and takes the Esc of an arrow key that
//! a slow link delivers in two pieces for the Esc key. Its event types are, so that screens know only one kind.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyModifiers};
use zeroize::Zeroize as _;

use super::sequences::{Step, key, step};

/// How long an Esc that nothing follows may still be the beginning of a sequence.
const ESCAPE_WAIT: Duration = Duration::from_millis(40);
/// How long a paste may pause. Afterwards its end is taken to be lost, so that the keyboard does not stay dead;
/// long, because what follows the end of a paste counts as typed.
const PASTE_WAIT: Duration = Duration::from_secs(5);
/// What is kept of one paste, in bytes; no field on any screen takes nearly as much.
const PASTE_LIMIT: usize = 8 << 20;
/// The longest sequence worth waiting for, in bytes.
const SEQUENCE_LIMIT: usize = 256;

const PASTE_END: &[u8] = b"\x1b[201~";

/// Remembers what a half-arrived sequence began with.
#[derive(Debug, Default)]
pub struct Decoder {
    pending: Vec<u8>,
    paste: Option<Paste>,
}

#[derive(Debug, Default)]
struct Paste {
    /// What was pasted, up to the limit, and while it lasts the beginning of a possible end mark.
    bytes: Vec<u8>,
    /// Whether the limit was reached and the middle is being thrown away.
    cut: bool,
}

impl Decoder {
    /// Takes what has been read and appends what it means.
    pub fn feed(&mut self, mut bytes: &[u8], out: &mut Vec<Event>) {
        while !bytes.is_empty() {
            if self.paste.is_some() {
                bytes = self.feed_paste(bytes, out);
                continue;
            }
            // Byte by byte only while something is pending, so that a flood of plain keys stays linear.
            if self.pending.is_empty() {
                match step(bytes) {
                    Step::Took(n, event) => {
                        out.extend(event);
                        bytes = &bytes[n.min(bytes.len())..];
                    }
                    Step::PasteBegins(n) => {
                        self.paste = Some(Paste::default());
                        bytes = &bytes[n..];
                    }
                    Step::More => {
                        self.pending.extend_from_slice(bytes);
                        return;
                    }
                }
                continue;
            }
            self.pending.push(bytes[0]);
            bytes = &bytes[1..];
            self.settle(out);
        }
    }

    /// Nothing has followed for as long as [`Decoder::patience`] said: what is pending meant what it looks like.
    pub fn flush(&mut self, out: &mut Vec<Event>) {
        if let Some(paste) = self.paste.take() {
            out.push(paste.into_event());
        }
        let pending = std::mem::take(&mut self.pending);
        match pending.as_slice() {
            [0x1B] => out.push(Event::Key(KeyCode::Esc.into())),
            [0x1B, c] if c.is_ascii_graphic() => {
                out.push(key(KeyCode::Char(char::from(*c)), KeyModifiers::ALT));
            }
            _ => {}
        }
    }

    /// How long to wait for more before calling [`Decoder::flush`]; none when nothing is pending.
    pub fn patience(&self) -> Option<Duration> {
        if self.paste.is_some() {
            Some(PASTE_WAIT)
        } else if self.pending.is_empty() {
            None
        } else {
            Some(ESCAPE_WAIT)
        }
    }

    fn settle(&mut self, out: &mut Vec<Event>) {
        while !self.pending.is_empty() {
            match step(&self.pending) {
                Step::More if self.pending.len() > SEQUENCE_LIMIT => self.pending.clear(),
                Step::More => return,
                Step::Took(n, event) => {
                    out.extend(event);
                    let n = n.min(self.pending.len());
                    self.pending[..n].zeroize();
                    self.pending.drain(..n);
                }
                Step::PasteBegins(n) => {
                    // One byte is added at a time, so nothing can stand behind the mark.
                    debug_assert_eq!(n, self.pending.len());
                    self.pending.clear();
                    self.paste = Some(Paste::default());
                }
            }
        }
    }

    /// Takes the paste's part of the bytes and returns the rest.
    fn feed_paste<'a>(&mut self, bytes: &'a [u8], out: &mut Vec<Event>) -> &'a [u8] {
        let Some(paste) = self.paste.as_mut() else {
            return bytes;
        };
        let had = paste.bytes.len();
        paste.bytes.extend_from_slice(bytes);
        // The mark may have begun in the piece before.
        let from = had.saturating_sub(PASTE_END.len() - 1);
        if let Some(at) = find(&paste.bytes[from..], PASTE_END) {
            let end = from + at;
            let used = end + PASTE_END.len() - had;
            paste.bytes.truncate(end);
            if let Some(paste) = self.paste.take() {
                out.push(paste.into_event());
            }
            return &bytes[used..];
        }
        if paste.bytes.len() > PASTE_LIMIT + PASTE_END.len() {
            // Keep the head, and the tail that may be the beginning of the mark.
            let tail = paste.bytes.len() - PASTE_END.len();
            paste.bytes.drain(PASTE_LIMIT..tail);
            paste.cut = true;
        }
        &[]
    }
}

impl Paste {
    fn into_event(mut self) -> Event {
        if self.cut {
            self.bytes.truncate(PASTE_LIMIT);
        }
        Event::Paste(String::from_utf8_lossy(&self.bytes).into_owned())
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = needle.first()?;
    let mut from = 0;
    while let Some(at) = haystack[from..].iter().position(|b| b == first) {
        if haystack[from + at..].starts_with(needle) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
