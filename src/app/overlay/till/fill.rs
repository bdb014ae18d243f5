//! Filling a till form: typing, choosing the channel, going from field to field.

use super::{Channel, Task, Till, TillField, till_channels};
use crate::app::context::Context;
use crate::app::keymap::Key;
use crate::app::text_field::{Edit, TextField};
use crate::domain::check_in::Door;
use crate::domain::money::channel_name;

impl Till {
    /// The field with the keys, if it is one that is typed.
    pub(crate) fn field_with_keys(&mut self) -> Option<&mut TextField> {
        Some(match self.focus {
            TillField::Name => &mut self.name,
            TillField::Email => &mut self.email,
            TillField::Username => &mut self.username,
            TillField::Cash => &mut self.cash,
            TillField::Reason => &mut self.reason,
            TillField::Channel => return None,
        })
    }

    /// A field's text, if it is one that is typed.
    pub(crate) fn line(&self, field: TillField) -> Option<&TextField> {
        Some(match field {
            TillField::Name => &self.name,
            TillField::Email => &self.email,
            TillField::Username => &self.username,
            TillField::Cash => &self.cash,
            TillField::Reason => &self.reason,
            TillField::Channel => return None,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        [&self.email, &self.username, &self.cash, &self.reason]
            .iter()
            .all(|field| field.is_empty() || field.text() == self.typed)
            && (self.name.is_empty() || self.name.text() == self.typed)
    }

    pub(super) fn forget_errors(&mut self) {
        self.errors.clear();
        self.message = None;
        self.offered = None;
    }

    // ---- typing ----

    pub(crate) fn key(&mut self, key: Key) -> Edit {
        if self.is_sending() {
            return Edit::Ignored;
        }
        let edit = self
            .field_with_keys()
            .map_or(Edit::Ignored, |field| field.key(key));
        self.edited(edit)
    }

    pub(crate) fn paste(&mut self, raw: &str) -> Edit {
        if self.is_sending() {
            return Edit::Ignored;
        }
        let edit = self
            .field_with_keys()
            .map_or(Edit::Ignored, |field| field.paste(raw));
        self.edited(edit)
    }

    fn edited(&mut self, edit: Edit) -> Edit {
        if matches!(edit, Edit::Changed | Edit::Cut) {
            let focus = self.focus;
            self.errors.retain(|(field, _)| *field != focus);
            self.message = None;
            self.offered = None;
        }
        edit
    }

    pub(super) fn choose(&mut self, by: usize, cx: &Context) {
        let channels = till_channels(cx);
        let at = channels.iter().position(|c| *c == self.channel).unwrap_or(0);
        let next = if by == 1 { at + 1 } else { at + channels.len() - 1 } % channels.len();
        self.channel = channels[next].clone();
        self.edited(Edit::Changed);
    }

    // ---- from field to field ----

    pub(super) fn leave(&mut self, by: usize, door: Option<&Door>) {
        let fields = self.fields(door);
        let at = fields.iter().position(|field| *field == self.focus).unwrap_or(0);
        let next = if by == 1 { at + 1 } else { at + fields.len() - 1 } % fields.len();
        self.focus = fields[next];
    }

    /// Enter: on to the next field that asks for something, and if there is none, off it goes.
    pub(super) fn go(&mut self, door: Option<&Door>, cx: &mut Context) {
        if let Some(member) = self.offered.take() {
            self.task = Task::WalkIn { member: Some(member) };
            return self.send(door, cx);
        }
        let fields = self.fields(door);
        let at = fields.iter().position(|field| *field == self.focus).unwrap_or(0);
        let asks = |field: &&TillField| match field {
            TillField::Channel | TillField::Cash => true,
            field => {
                self.is_required(**field, door)
                    && self
                        .line(**field)
                        .is_some_and(|line| line.text().trim().is_empty())
            }
        };
        match fields[at..].iter().skip(1).find(asks) {
            Some(next) => self.focus = *next,
            None => self.send(door, cx),
        }
    }
}

/// How a channel is called.
pub(crate) fn name_of(channel: &Channel) -> String {
    match channel {
        Channel::Now(channel) => channel_name(channel.as_str()),
        Channel::Later => "later".to_owned(),
    }
}
