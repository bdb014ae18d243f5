//! Text from outside, made harmless: nothing in a [`SafeText`] can move the cursor, recolour the screen, turn
//! the reading direction, hide letters or write the clipboard. How it is laid out is the widgets' business.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_width::UnicodeWidthChar;

/// How many combining marks one letter may carry; scripts in use need at most three.
pub const MAX_MARKS: usize = 4;

/// Text that is safe to put on a terminal: NFC, without control, bidirectional, zero-width, tag,
/// private-use and unassigned-by-design characters, and with at most [`MAX_MARKS`] marks on a letter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct SafeText(String);

impl SafeText {
    /// One line: line breaks and tabs become single spaces.
    pub fn line(raw: &str) -> Self {
        Self(clean(raw, false))
    }

    /// Several lines: `\n` stays (CRLF and CR count as one), all else as in [`SafeText::line`].
    pub fn paragraphs(raw: &str) -> Self {
        Self(clean(raw, true))
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing visible is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a character may reach the terminal at all. The frame is swept with this once more after drawing.
pub fn is_safe(c: char) -> bool {
    !matches!(c as u32,
        0x00..=0x1F | 0x7F..=0x9F                 // control, C0 and C1
        | 0xAD | 0x034F | 0x061C | 0x115F..=0x1160 | 0x17B4..=0x17B5
        | 0x180B..=0x180F                         // Mongolian selectors and separator
        | 0x200B..=0x200F | 0x2028..=0x202E       // zero width, separators, bidirectional
        | 0x2060..=0x206F | 0x3164                // joiners, isolates, fillers
        | 0xD800..=0xF8FF                         // surrogates, private use
        | 0xFDD0..=0xFDEF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xFFFE..=0xFFFF
        | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A   // format characters of shorthand and music
        | 0xE0000..) // tags, more selectors, private planes
        && (c as u32) & 0xFFFE != 0xFFFE // never a character, on any plane
}

/// Whether a character takes no cell of its own but goes with a neighbour: a combining mark, a letter of old Hangul that
/// is put together with those before it, a sign around what follows. [`MAX_MARKS`] of them are what one letter may carry.
pub fn is_mark(c: char) -> bool {
    c >= '\u{300}' && (is_combining_mark(c) || c.width() == Some(0))
}

/// Whether a text may be written to a terminal as it stands: every character [`is_safe`], and no letter with more marks
/// than [`MAX_MARKS`].
pub fn may_stand(text: &str) -> bool {
    let mut marks = 0;
    text.chars().all(|c| {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        is_safe(c) && marks <= MAX_MARKS
    })
}

/// What of a text may stand: for what was put together on the screen, as a letter and marks that were typed one by one.
pub fn without_what_may_not_stand(text: &str) -> String {
    let mut marks = 0;
    text.chars()
        .filter(|c| {
            if is_safe(*c) {
                marks = if is_mark(*c) { marks + 1 } else { 0 };
            }
            is_safe(*c) && marks <= MAX_MARKS
        })
        .collect()
}

fn clean(raw: &str, keep_breaks: bool) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut marks = 0;
    let mut last_was_return = false;
    for c in raw.nfc() {
        let was_return = std::mem::replace(&mut last_was_return, c == '\r');
        match c {
            '\n' if was_return => {}
            '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => {
                out.push(if keep_breaks { '\n' } else { ' ' });
                marks = 0;
            }
            '\t' => {
                out.push(' ');
                marks = 0;
            }
            c if !is_safe(c) => {}
            c if is_mark(c) => {
                marks += 1;
                if marks <= MAX_MARKS {
                    out.push(c);
                }
            }
            c => {
                marks = 0;
                out.push(c);
            }
        }
    }
    // What was dropped may have stood between two characters that compose.
    if unicode_normalization::is_nfc(&out) {
        out
    } else {
        out.nfc().collect()
    }
}

impl From<&str> for SafeText {
    fn from(raw: &str) -> Self {
        Self::line(raw)
    }
}

impl From<String> for SafeText {
    fn from(raw: String) -> Self {
        Self::line(&raw)
    }
}

impl AsRef<str> for SafeText {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<'de> Deserialize<'de> for SafeText {
    /// The border: whatever the database holds is cleaned, as one line, while it is decoded.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|raw| Self::line(&raw))
    }
}

/// Decodes a text of several lines, for `#[serde(deserialize_with)]`.
pub fn paragraphs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SafeText, D::Error> {
    Option::<String>::deserialize(deserializer)
        .map(|raw| raw.map_or_else(SafeText::default, |raw| SafeText::paragraphs(&raw)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_hides_or_takes_no_cell_is_dropped_or_counted_as_a_mark() {
        let missed: Vec<char> = ('\0'..=char::MAX)
            .filter(|c| is_safe(*c) && c.width().is_none_or(|cells| cells == 0) && !is_mark(*c))
            .collect();
        assert_eq!(missed, Vec::<char>::new());
    }

    #[test]
    fn marks_are_few_however_they_came_together() {
        let flood = |mark: &str| format!("Z{}", mark.repeat(50));
        for mark in [
            "\u{301}",
            "\u{489}",
            "\u{20dd}",
            "\u{11a8}",
            "\u{8e2}",
            "\u{301}\u{200b}",
        ] {
            let raw = flood(mark);
            assert!(!may_stand(&raw), "{raw:?}");
            for kept in [
                SafeText::line(&raw).to_string(),
                SafeText::paragraphs(&raw).to_string(),
                without_what_may_not_stand(&raw),
            ] {
                assert!(
                    may_stand(&kept) && kept.chars().count() <= 1 + MAX_MARKS,
                    "{kept:?}"
                );
                assert!(kept.chars().count() >= MAX_MARKS, "{kept:?}");
            }
        }
        for fine in [
            "",
            "Niño",
            "e\u{323}\u{302}\u{301}",
            "가각갂",
            "नमस्ते",
            "ก็ำ",
            "猫👩",
            "العربية",
        ] {
            assert!(may_stand(fine), "{fine:?}");
            assert_eq!(without_what_may_not_stand(fine), fine);
        }
    }

    #[test]
    fn no_plane_has_a_character_that_is_none() {
        for plane in 0..=0x10_u32 {
            for last in [0xFFFE, 0xFFFF] {
                assert!(char::from_u32(plane << 16 | last).is_none_or(|c| !is_safe(c)));
            }
        }
    }
}
