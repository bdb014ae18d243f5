//! Typing in the form's fields: a line, the choice of a type by its first letters, the text area.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_textarea::TextArea;

use super::{FormOverlay, slot};
use crate::app::keymap::Key;
use crate::app::text_field::{Edit, TextField};
use crate::app::words;
use crate::domain::SafeText;
use crate::domain::event_form::{Field, MAX_DESCRIPTION};
use crate::domain::safe_text::is_safe;

/// What was in a field of the form.
#[derive(Debug)]
pub(crate) enum Typed {
    Line(Box<TextField>),
    Choice(String),
    Approval(bool),
    Text(Box<TextArea<'static>>),
}

impl FormOverlay {
    // ---- typing ----

    pub(crate) fn key(&mut self, key: Key) -> Edit {
        if self.is_busy() {
            return Edit::Ignored;
        }
        let edit = match slot(self.focus) {
            Some(slot) => self.lines[slot].key(key),
            None if self.focus == Field::EventType => self.type_ahead(key),
            None if self.focus == Field::Approval => self.approval_key(key),
            None => self.text_key(key),
        };
        self.edited(edit)
    }

    pub(crate) fn paste(&mut self, raw: &str) -> Edit {
        if self.is_busy() {
            return Edit::Ignored;
        }
        let edit = match slot(self.focus) {
            Some(slot) => self.lines[slot].paste(raw),
            None if self.focus != Field::Description => Edit::Ignored,
            None => self.text_paste(raw),
        };
        self.edited(edit)
    }

    /// What is in the field with the keys, to be taken back to.
    pub(crate) fn remember(&self) -> Typed {
        match slot(self.focus) {
            Some(slot) => Typed::Line(Box::new(self.lines[slot].clone())),
            None if self.focus == Field::EventType => Typed::Choice(self.kind.clone()),
            None if self.focus == Field::Approval => Typed::Approval(self.approval),
            None => Typed::Text(self.description.clone()),
        }
    }

    /// Puts the field with the keys back to what was in it.
    pub(crate) fn take_back(&mut self, typed: Typed) {
        match (typed, slot(self.focus)) {
            _ if self.is_busy() => {}
            (Typed::Line(line), Some(slot)) => self.lines[slot] = *line,
            (Typed::Choice(kind), None) if self.focus == Field::EventType => {
                self.kind = kind;
                self.typed_ahead.clear();
            }
            (Typed::Approval(approval), None) if self.focus == Field::Approval => self.approval = approval,
            (Typed::Text(text), None) if self.focus == Field::Description => self.description = text,
            _ => {}
        }
    }

    pub(super) fn edited(&mut self, edit: Edit) -> Edit {
        if matches!(edit, Edit::Changed | Edit::Cut) {
            let focus = self.focus;
            self.errors.retain(|(field, _)| *field != focus);
            self.message = None;
        }
        edit
    }

    fn text_room(&self) -> usize {
        let lines = self.description.lines();
        let used: usize = lines.iter().map(|line| line.chars().count() + 1).sum();
        MAX_DESCRIPTION.saturating_sub(used.saturating_sub(1))
    }

    fn text_key(&mut self, key: Key) -> Edit {
        let ctrl = key.modifiers == KeyModifiers::CONTROL;
        let changed = match key.code {
            KeyCode::Char('z') if ctrl => self.description.undo(),
            KeyCode::Char('y') if ctrl => self.description.redo(),
            KeyCode::Char('u') if ctrl => self.description.delete_line_by_head(),
            KeyCode::Enter | KeyCode::Char(_) if self.text_room() == 0 && !ctrl => return Edit::Cut,
            _ if key.printable().is_some_and(|c| !is_safe(c)) => return Edit::Ignored,
            _ => self.description.input(KeyEvent::new(key.code, key.modifiers)),
        };
        if changed { Edit::Changed } else { Edit::Moved }
    }

    fn text_paste(&mut self, raw: &str) -> Edit {
        let room = self.text_room();
        let end = raw
            .char_indices()
            .nth(room * 2 + 1)
            .map_or(raw.len(), |(at, _)| at);
        let text = SafeText::paragraphs(&raw[..end]);
        let text = text.as_str();
        let fits = text.char_indices().nth(room).map_or(text.len(), |(at, _)| at);
        self.description.insert_str(&text[..fits]);
        if fits < text.len() || end < raw.len() {
            Edit::Cut
        } else {
            Edit::Changed
        }
    }

    fn approval_key(&mut self, key: Key) -> Edit {
        self.approval = match key.printable() {
            Some('y' | 'Y') => true,
            Some('n' | 'N') => false,
            Some(' ') => !self.approval,
            _ => return Edit::Ignored,
        };
        Edit::Changed
    }

    /// Letters choose the first type that begins with them, or has them in it.
    fn type_ahead(&mut self, key: Key) -> Edit {
        if key.code == KeyCode::Backspace {
            self.typed_ahead.pop();
            return Edit::Moved;
        }
        let Some(c) = key.printable().filter(|c| is_safe(*c)) else {
            return Edit::Ignored;
        };
        let names = self.type_names();
        let find = |typed: &str| {
            let typed = words::fold(&[typed]);
            let folded = |name: &&String| words::fold(&[name.as_str()]);
            let starts = names.iter().find(|name| folded(name).starts_with(&typed));
            starts
                .or_else(|| names.iter().find(|name| folded(name).contains(&typed)))
                .cloned()
        };
        let longer = format!("{}{c}", self.typed_ahead);
        // A letter that fits no further begins anew.
        let found = match find(&longer) {
            Some(name) => Some((longer, name)),
            None => find(&c.to_string()).map(|name| (c.to_string(), name)),
        };
        let Some((typed, name)) = found else {
            return Edit::Moved;
        };
        self.typed_ahead = typed;
        self.kind = name;
        Edit::Changed
    }
}
