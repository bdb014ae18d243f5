//! Bytes of a terminal turned into events: keys, pastes, the mouse. Pure and incremental: a sequence may arrive
//! in any number of pieces, and whatever arrives, nothing panics and nothing is waited for longer than
//! [`Decoder::patience`] says. Reading the bytes is the business of [`super::input`].
//!
//! crossterm's own reader is not used: it spins for ever on a closed terminal, and takes the Esc of an arrow key that
//! a slow link delivers in two pieces for the Esc key. Its event types are, so that screens know only one kind.

use std::time::Duration;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

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

/// What the beginning of the pending bytes turned out to be.
enum Step {
    /// Not enough has arrived to tell.
    More,
    /// So many bytes are done with, and this is what they meant.
    Took(usize, Option<Event>),
    /// So many bytes announced a paste.
    PasteBegins(usize),
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
                out.push(key(KeyCode::Char(char::from(*c)), KeyModifiers::ALT))
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
                    self.pending.drain(..n.min(self.pending.len()));
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

fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

fn letter(c: char) -> Event {
    let shift = if c.is_uppercase() {
        KeyModifiers::SHIFT
    } else {
        KeyModifiers::NONE
    };
    key(KeyCode::Char(c), shift)
}

fn step(bytes: &[u8]) -> Step {
    let Some(&first) = bytes.first() else {
        return Step::More;
    };
    let ctrl = |c: u8| Step::Took(1, Some(key(KeyCode::Char(char::from(c)), KeyModifiers::CONTROL)));
    match first {
        0x1B => escape(bytes),
        b'\r' => Step::Took(1, Some(Event::Key(KeyCode::Enter.into()))),
        b'\t' => Step::Took(1, Some(Event::Key(KeyCode::Tab.into()))),
        0x7F => Step::Took(1, Some(Event::Key(KeyCode::Backspace.into()))),
        0x00 => ctrl(b' '),
        // In raw mode Enter is CR; LF is Ctrl+J.
        c @ 0x01..=0x1A => ctrl(c - 1 + b'a'),
        c @ 0x1C..=0x1F => ctrl(c - 0x1C + b'4'),
        c if c.is_ascii() => Step::Took(1, Some(letter(char::from(c)))),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Step {
    let len = match bytes[0] {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        // A stray continuation byte, or an eight-bit control: not a key.
        _ => return Step::Took(1, None),
    };
    let have = &bytes[..len.min(bytes.len())];
    match std::str::from_utf8(have) {
        Ok(text) => Step::Took(len, text.chars().next().map(letter)),
        Err(e) if e.error_len().is_none() && have.len() < len => Step::More,
        Err(_) => Step::Took(1, None),
    }
}

fn escape(bytes: &[u8]) -> Step {
    let Some(&second) = bytes.get(1) else {
        return Step::More;
    };
    match second {
        b'[' => control_sequence(bytes),
        b'O' => match bytes.get(2) {
            None => Step::More,
            Some(0x1B) => Step::Took(
                2,
                Some(key(KeyCode::Char('O'), KeyModifiers::ALT | KeyModifiers::SHIFT)),
            ),
            Some(b'M') => Step::Took(3, Some(Event::Key(KeyCode::Enter.into()))),
            Some(&c) => Step::Took(3, cursor_key(c).map(|code| Event::Key(code.into()))),
        },
        // An answer to somebody else's question (OSC, DCS and their kin): swallowed to its end.
        b']' | b'P' | b'X' | b'^' | b'_' => foreign_answer(bytes),
        0x1B => Step::Took(1, Some(Event::Key(KeyCode::Esc.into()))),
        _ => match step(&bytes[1..]) {
            Step::Took(n, Some(Event::Key(mut event))) => {
                event.modifiers |= KeyModifiers::ALT;
                Step::Took(n + 1, Some(Event::Key(event)))
            }
            Step::Took(n, other) => Step::Took(n + 1, other),
            other => other,
        },
    }
}

fn foreign_answer(bytes: &[u8]) -> Step {
    for (at, &b) in bytes.iter().enumerate().skip(2) {
        match (b, bytes.get(at + 1)) {
            (0x07, _) => return Step::Took(at + 1, None),
            (0x1B, Some(b'\\')) => return Step::Took(at + 2, None),
            (0x1B, Some(_)) => return Step::Took(at, None),
            _ => {}
        }
    }
    Step::More
}

fn cursor_key(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'E' => KeyCode::KeypadBegin,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P'..=b'S' => KeyCode::F(last - b'P' + 1),
        _ => return None,
    })
}

fn control_sequence(bytes: &[u8]) -> Step {
    match bytes.get(2) {
        // The Linux console's F1 to F5.
        Some(b'[') => {
            return match bytes.get(3) {
                None => Step::More,
                Some(c @ b'A'..=b'E') => Step::Took(4, Some(Event::Key(KeyCode::F(c - b'A' + 1).into()))),
                Some(_) => Step::Took(3, None),
            };
        }
        // A mouse that does not speak SGR: three bytes follow that must not be taken for keys.
        Some(b'M') => {
            return if bytes.len() < 6 {
                Step::More
            } else {
                Step::Took(6, None)
            };
        }
        _ => {}
    }
    for (at, &b) in bytes.iter().enumerate().skip(2) {
        match b {
            0x20..=0x3F => {}
            0x40..=0x7E => return meaning(&bytes[2..at], b, at + 1),
            _ => return Step::Took(at, None),
        }
    }
    Step::More
}

/// Numbers of a control sequence: each with the second of its `:` parts.
fn numbers(params: &[u8]) -> Vec<(Option<u32>, Option<u32>)> {
    let text = std::str::from_utf8(params).unwrap_or_default();
    text.split(';')
        .map(|part| {
            let mut subs = part.split(':').map(|n| n.parse().ok());
            (subs.next().flatten(), subs.next().flatten())
        })
        .collect()
}

fn meaning(params: &[u8], last: u8, len: usize) -> Step {
    if let Some(b'<') = params.first() {
        return Step::Took(len, mouse(&numbers(&params[1..]), last));
    }
    if params.first().is_some_and(|c| !c.is_ascii_digit() && *c != b';') {
        return Step::Took(len, None);
    }
    let numbers = numbers(params);
    let number = |n: usize| numbers.get(n).and_then(|(number, _)| *number);
    let (modifiers, kind) = numbers.get(1).copied().unwrap_or_default();
    let code = match last {
        b'~' => match number(0) {
            Some(200) => return Step::PasteBegins(len),
            // xterm's modifyOtherKeys.
            Some(27) => number(2).and_then(unicode_key),
            Some(n) => numbered_key(n),
            None => None,
        },
        b'u' => number(0).and_then(unicode_key),
        b'Z' => Some(KeyCode::BackTab),
        // A cursor position somebody else asked for ends in R as well.
        b'R' if number(0).is_some_and(|n| n != 1) => None,
        _ => cursor_key(last),
    };
    let Some(code) = code else {
        return Step::Took(len, None);
    };
    let mut modifiers = modifiers_of(modifiers.unwrap_or(1));
    let code = match code {
        KeyCode::BackTab => {
            modifiers |= KeyModifiers::SHIFT;
            code
        }
        KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        KeyCode::Char(c) if modifiers.contains(KeyModifiers::SHIFT) => {
            let mut upper = c.to_uppercase();
            match (upper.next(), upper.next()) {
                (Some(c), None) => KeyCode::Char(c),
                _ => code,
            }
        }
        _ => code,
    };
    let kind = match kind {
        Some(2) => KeyEventKind::Repeat,
        // A key let go is not a key pressed.
        Some(3) => return Step::Took(len, None),
        _ => KeyEventKind::Press,
    };
    Step::Took(
        len,
        Some(Event::Key(KeyEvent::new_with_kind(code, modifiers, kind))),
    )
}

fn numbered_key(n: u32) -> Option<KeyCode> {
    let function =
        |first: u32, number: u8| u8::try_from(n - first).ok().map(|past| KeyCode::F(number + past));
    match n {
        1 | 7 => Some(KeyCode::Home),
        2 => Some(KeyCode::Insert),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => function(11, 1),
        17..=21 => function(17, 6),
        23..=26 => function(23, 11),
        28..=29 => function(28, 15),
        31..=34 => function(31, 17),
        _ => None,
    }
}

/// The key of a code point, as terminals with `CSI u` report it; keys they number in the private planes are not used.
fn unicode_key(code: u32) -> Option<KeyCode> {
    Some(match code {
        8 | 127 => KeyCode::Backspace,
        9 => KeyCode::Tab,
        13 | 57414 => KeyCode::Enter,
        27 => KeyCode::Esc,
        57399..=57408 => KeyCode::Char(char::from_digit(code - 57399, 10)?),
        0xE000..=0xF8FF => return None,
        _ => KeyCode::Char(char::from_u32(code).filter(|c| !c.is_control())?),
    })
}

fn modifiers_of(number: u32) -> KeyModifiers {
    let bits = number.saturating_sub(1);
    [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
        (8, KeyModifiers::SUPER),
        (16, KeyModifiers::HYPER),
        (32, KeyModifiers::META),
    ]
    .into_iter()
    .filter(|(bit, _)| bits & bit != 0)
    .fold(KeyModifiers::NONE, |all, (_, one)| all | one)
}

fn mouse(numbers: &[(Option<u32>, Option<u32>)], last: u8) -> Option<Event> {
    let &[(Some(bits), _), (Some(column), _), (Some(row), _)] = numbers else {
        return None;
    };
    let cell = |n: u32| u16::try_from(n).ok()?.checked_sub(1);
    let button = match bits & 3 {
        1 => MouseButton::Middle,
        2 => MouseButton::Right,
        _ => MouseButton::Left,
    };
    let kind = match (bits & 0b1110_0000, bits & 3, last) {
        (64, 0, b'M') => MouseEventKind::ScrollUp,
        (64, 1, b'M') => MouseEventKind::ScrollDown,
        (64, 2, b'M') => MouseEventKind::ScrollLeft,
        (64, 3, b'M') => MouseEventKind::ScrollRight,
        (32, 3, _) => MouseEventKind::Moved,
        (32, _, _) => MouseEventKind::Drag(button),
        (0, 3, _) => return None,
        (0, _, b'M') => MouseEventKind::Down(button),
        (0, _, b'm') => MouseEventKind::Up(button),
        _ => return None,
    };
    let modifiers = [
        (4, KeyModifiers::SHIFT),
        (8, KeyModifiers::ALT),
        (16, KeyModifiers::CONTROL),
    ]
    .into_iter()
    .filter(|(bit, _)| bits & bit != 0)
    .fold(KeyModifiers::NONE, |all, (_, one)| all | one);
    Some(Event::Mouse(MouseEvent {
        kind,
        column: cell(column)?,
        row: cell(row)?,
        modifiers,
    }))
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
