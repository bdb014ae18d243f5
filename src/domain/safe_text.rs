//! Text from outside, made harmless: nothing in a [`SafeText`] can move the cursor, recolour the screen, turn
//! the reading direction, hide letters or write the clipboard. How it is laid out is the widgets' business.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

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
        | 0x1D173..=0x1D17A                       // musical format characters
        | 0x1FFFE..=0x1FFFF
        | 0xE0000..) // tags, more selectors, private planes
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
            c if is_combining_mark(c) => {
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
