//! What single sequences of bytes mean, by the conventions of xterm and those who followed: no state, one step at a
//! time. Where a sequence begins and how long it is waited for is the business of [`super::keys`].

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// What the beginning of the pending bytes turned out to be.
pub(super) enum Step {
    /// Not enough has arrived to tell.
    More,
    /// So many bytes are done with, and this is what they meant.
    Took(usize, Option<Event>),
    /// So many bytes announced a paste.
    PasteBegins(usize),
}

/// A key pressed.
pub(super) fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
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

/// What the first of these bytes mean.
pub(super) fn step(bytes: &[u8]) -> Step {
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
