//! A text field of one line: what is in it, where the cursor stands, and what keys and pastes do to it. It moves
//! by whole letters (grapheme clusters), has a length that nothing exceeds, and undoes.

use std::fmt;

use crossterm::event::{KeyCode, KeyModifiers};
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};
use zeroize::{Zeroize, Zeroizing};

use crate::domain::SafeText;
use crate::domain::safe_text::is_safe;

use super::keymap::Key;

/// Most steps back.
const MAX_UNDO: usize = 100;

/// What a key or paste did to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edit {
    /// It was not for the field.
    Ignored,
    /// The cursor may have moved; the text is the same.
    Moved,
    /// The text is another.
    Changed,
    /// The text is another, and some of what was to go in did not fit.
    Cut,
}

#[derive(Clone, PartialEq, Eq)]
struct Moment {
    text: String,
    cursor: usize,
}

/// One line of text under a cursor. `Debug` hides a secret one.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct TextField {
    text: String,
    cursor: usize,
    limit: usize,
    secret: bool,
    replace: bool,
    joining: bool,
    undo: Vec<Moment>,
    redo: Vec<Moment>,
}

impl fmt::Debug for TextField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if self.secret { "…" } else { &self.text };
        f.debug_struct("TextField")
            .field("text", &text)
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}

impl TextField {
    /// An empty field that holds at most `limit` characters.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            text: String::new(),
            cursor: 0,
            limit,
            secret: false,
            replace: false,
            joining: false,
            undo: Vec::new(),
            redo: Vec::new(),
        }
    }

    /// An empty field for a password: kept as typed, wiped when cleared, without undo.
    pub(crate) fn secret(limit: usize) -> Self {
        let mut field = Self::new(limit);
        field.secret = true;
        // Growing would leave copies of what was typed behind.
        field.text.reserve_exact(limit * 4);
        field
    }

    /// With this text in it and the cursor behind it.
    pub(crate) fn with(mut self, text: &str) -> Self {
        self.set(text);
        self
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Where the cursor stands, in bytes.
    pub(crate) fn cursor(&self) -> usize {
        self.cursor
    }

    /// Whether the next character replaces everything.
    pub(crate) fn is_replaced_next(&self) -> bool {
        self.replace
    }

    /// Lets the next character replace everything, or no longer.
    pub(crate) fn replace_next(&mut self, replace: bool) {
        self.replace = replace && !self.text.is_empty();
    }

    /// Takes everything out.
    pub(crate) fn clear(&mut self) {
        self.set("");
    }

    /// Puts another text in, without a way back.
    pub(crate) fn set(&mut self, text: &str) {
        if self.secret {
            self.text.zeroize();
        }
        self.text.clear();
        self.text.extend(text.chars().take(self.limit));
        self.cursor = self.text.len();
        self.replace = false;
        self.joining = false;
        self.undo.clear();
        self.redo.clear();
    }

    /// Lets a key act on the field.
    pub(crate) fn key(&mut self, key: Key) -> Edit {
        if let Some(c) = key.printable() {
            let fine = if self.secret { !c.is_control() } else { is_safe(c) };
            return if fine {
                self.insert(&c.to_string(), true)
            } else {
                Edit::Ignored
            };
        }
        let ctrl = key.modifiers == KeyModifiers::CONTROL;
        let alt = key.modifiers == KeyModifiers::ALT;
        let bare = key.modifiers.is_empty();
        match key.code {
            KeyCode::Left if bare => self.go(self.before(self.cursor)),
            KeyCode::Right if bare => self.go(self.after(self.cursor)),
            KeyCode::Left if ctrl || alt => self.go(self.word_before()),
            KeyCode::Right if ctrl || alt => self.go(self.word_after()),
            KeyCode::Home if bare => self.go(0),
            KeyCode::End if bare => self.go(self.text.len()),
            KeyCode::Char('a') if ctrl => self.go(0),
            KeyCode::Char('e') if ctrl => self.go(self.text.len()),
            KeyCode::Backspace if bare => self.cut(self.before(self.cursor), self.cursor),
            KeyCode::Delete if bare => self.cut(self.cursor, self.after(self.cursor)),
            KeyCode::Backspace if ctrl || alt => self.cut(self.word_before(), self.cursor),
            KeyCode::Char('w') if ctrl => self.cut(self.word_before(), self.cursor),
            KeyCode::Char('u') if ctrl => self.cut(0, self.cursor),
            KeyCode::Char('k') if ctrl => self.cut(self.cursor, self.text.len()),
            KeyCode::Char('z') if ctrl => self.step(true),
            KeyCode::Char('y') if ctrl => self.step(false),
            _ => Edit::Ignored,
        }
    }

    /// Lets a paste of any size go in, as far as it fits.
    pub(crate) fn paste(&mut self, raw: &str) -> Edit {
        // However much comes, no more is looked at than could fit several times over.
        let end = raw
            .char_indices()
            .nth(self.limit.saturating_mul(4))
            .map_or(raw.len(), |(at, _)| at);
        let head = raw[..end].trim_end_matches(['\r', '\n']);
        let text = if self.secret {
            head.chars().filter(|c| !c.is_control()).collect()
        } else {
            SafeText::line(head).as_str().to_owned()
        };
        if text.is_empty() {
            return Edit::Ignored;
        }
        match self.insert(&text, false) {
            Edit::Changed if end < raw.len() => Edit::Cut,
            edit => edit,
        }
    }

    fn insert(&mut self, text: &str, typed: bool) -> Edit {
        // A run of typed letters is one step back; a word's end or a paste begins the next.
        let join = typed && self.joining && !text.starts_with(' ') && !self.replace;
        self.remember(join);
        self.joining = typed;
        if std::mem::take(&mut self.replace) {
            if self.secret {
                self.text.zeroize();
            }
            self.text.clear();
            self.cursor = 0;
        }
        let room = self.limit.saturating_sub(self.text.chars().count());
        let fits = text.char_indices().nth(room).map_or(text.len(), |(at, _)| at);
        self.text.insert_str(self.cursor, &text[..fits]);
        self.cursor += fits;
        self.settle();
        if fits < text.len() {
            Edit::Cut
        } else {
            Edit::Changed
        }
    }

    fn cut(&mut self, from: usize, to: usize) -> Edit {
        self.replace = false;
        if from >= to {
            return Edit::Moved;
        }
        self.remember(false);
        self.joining = false;
        if self.secret {
            // What stands behind the end of a text stays in its memory: all of it is blanked, and the rest written again.
            let rest = Zeroizing::new([&self.text[..from], &self.text[to..]].concat());
            self.text.zeroize();
            self.text.push_str(&rest);
        } else {
            self.text.replace_range(from..to, "");
        }
        self.cursor = from;
        self.settle();
        Edit::Changed
    }

    fn go(&mut self, to: usize) -> Edit {
        self.replace = false;
        self.joining = false;
        self.cursor = to;
        Edit::Moved
    }

    fn remember(&mut self, join: bool) {
        if self.secret || join {
            return;
        }
        self.redo.clear();
        if self.undo.len() == MAX_UNDO {
            self.undo.remove(0);
        }
        self.undo.push(self.moment());
    }

    fn step(&mut self, back: bool) -> Edit {
        let now = self.moment();
        let (from, onto) = if back {
            (&mut self.undo, &mut self.redo)
        } else {
            (&mut self.redo, &mut self.undo)
        };
        let Some(then) = from.pop() else {
            return Edit::Moved;
        };
        onto.push(now);
        self.text = then.text;
        self.cursor = then.cursor;
        self.joining = false;
        self.replace = false;
        Edit::Changed
    }

    fn moment(&self) -> Moment {
        Moment {
            text: self.text.clone(),
            cursor: self.cursor,
        }
    }

    /// What was put together or taken apart may have made letters that span the cursor.
    fn settle(&mut self) {
        let mut grapheme = GraphemeCursor::new(self.cursor, self.text.len(), true);
        if !grapheme.is_boundary(&self.text, 0).unwrap_or(true) {
            self.cursor = self.after(self.cursor);
        }
    }

    fn before(&self, at: usize) -> usize {
        self.text[..at]
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(start, _)| start)
    }

    fn after(&self, at: usize) -> usize {
        GraphemeCursor::new(at, self.text.len(), true)
            .next_boundary(&self.text, 0)
            .ok()
            .flatten()
            .unwrap_or(self.text.len())
    }

    fn word_before(&self) -> usize {
        self.text[..self.cursor]
            .unicode_word_indices()
            .next_back()
            .map_or(0, |(start, _)| start)
    }

    fn word_after(&self) -> usize {
        self.text[self.cursor..]
            .unicode_word_indices()
            .next()
            .map_or(self.text.len(), |(start, word)| self.cursor + start + word.len())
    }
}

impl Drop for TextField {
    fn drop(&mut self) {
        if self.secret {
            self.text.zeroize();
        }
    }
}
