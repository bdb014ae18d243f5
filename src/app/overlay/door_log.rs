//! The door's log: every attempt of the event, filtered while it is typed, more of it as the cursor goes down; from
//! here what another terminal did is taken back with a reason, and the rows go into a file.

use crate::app::action::{LogAction, MoveAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::{Effect, Lane};
use crate::app::geometry;
use crate::app::keymap::Key;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::text_field::{Edit, TextField};
use crate::domain::check_in::Outcome;
use crate::domain::event::EventId;
use crate::domain::passage::{DoorLog, LogRow};
use crate::domain::{Call, Fault};

/// Rows asked for at once.
const PAGE: i32 = 200;
/// Rows of a file.
const FILE: i32 = 1_000_000;
/// Longest filter and reason.
const MAX_TEXT: usize = 255;

/// The overlay.
#[derive(Debug)]
pub(crate) struct LogOverlay {
    pub(crate) event: EventId,
    pub(crate) filter: TextField,
    pub(crate) log: Remote<DoorLog>,
    pub(crate) cursor: Cursor,
    /// Why the marked row is to be taken back, while that is typed.
    pub(crate) reason: Option<(LogRow, TextField)>,
}

impl LogOverlay {
    pub(crate) fn new(event: EventId, cx: &mut Context) -> Self {
        let mut overlay = Self {
            event,
            filter: TextField::new(MAX_TEXT),
            log: Remote::Nothing,
            cursor: Cursor::default(),
            reason: None,
        };
        overlay.ask(cx);
        overlay
    }

    /// The field that takes what is typed.
    pub(crate) fn field(&mut self) -> &mut TextField {
        match &mut self.reason {
            Some((_, field)) => field,
            None => &mut self.filter,
        }
    }

    fn query(&self) -> String {
        self.filter.text().trim().to_owned()
    }

    /// Asks for the first page anew.
    pub(crate) fn ask(&mut self, cx: &mut Context) {
        let want = Want::Log {
            query: self.query(),
            before: None,
        };
        let call = Call::DoorLog {
            event: self.event,
            containing: self.query(),
            before: None,
            most: PAGE,
        };
        cx.fetch(&mut self.log, want, Lane::Search, call);
    }

    fn ask_more(&self, cx: &mut Context) {
        let Some(log) = self.log.get() else { return };
        let (known, last) = (log.rows.len(), log.rows.last());
        let whole = i64::try_from(known).unwrap_or(i64::MAX) >= log.total;
        let (Some(last), false) = (last, whole || self.cursor.at + 50 < known) else {
            return;
        };
        let want = Want::Log {
            query: self.query(),
            before: Some(last.id),
        };
        if !cx.requests.awaits(&want) {
            let call = Call::DoorLog {
                event: self.event,
                containing: self.query(),
                before: Some(last.id),
                most: PAGE,
            };
            cx.ask(want, Lane::Search, call);
        }
    }

    pub(crate) fn key(&mut self, key: Key, cx: &mut Context) -> Edit {
        let edit = self.field().key(key);
        self.edited(edit, cx)
    }

    pub(crate) fn paste(&mut self, raw: &str, cx: &mut Context) -> Edit {
        let edit = self.field().paste(raw);
        self.edited(edit, cx)
    }

    fn edited(&mut self, edit: Edit, cx: &mut Context) -> Edit {
        if self.reason.is_none() && matches!(edit, Edit::Changed | Edit::Cut) {
            self.cursor = Cursor::default();
            self.ask(cx);
        }
        edit
    }

    fn fit(&mut self, cx: &Context) {
        let len = self.log.get().map_or(0, |log| log.rows.len());
        let (_, list) = geometry::door_log(cx.setup.size);
        self.cursor.fit(len, usize::from(list.height));
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &mut Context) {
        if self.reason.is_some() {
            return;
        }
        let len = self.log.get().map_or(0, |log| log.rows.len());
        let (_, list) = geometry::door_log(cx.setup.size);
        self.cursor.step(to, len, usize::from(list.height));
        self.fit(cx);
        self.ask_more(cx);
    }

    pub(crate) fn marked(&self) -> Option<&LogRow> {
        self.log.get()?.rows.get(self.cursor.at)
    }

    pub(crate) fn act(&mut self, action: LogAction, cx: &mut Context) {
        match action {
            LogAction::Close if self.reason.is_some() => self.reason = None,
            LogAction::Close => cx.wish(Wish::Close),
            // While the reason is typed it is the text's.
            LogAction::TakeBack if self.reason.is_some() => drop(self.key(Key::ctrl('z'), cx)),
            LogAction::TakeBack => self.take_back(cx),
            LogAction::Go => self.go(cx),
            LogAction::Save => {
                let call = Call::DoorLog {
                    event: self.event,
                    containing: self.query(),
                    before: None,
                    most: FILE,
                };
                if !cx.requests.awaits(&Want::LogFile) {
                    cx.ask_and_wait(Want::LogFile, Lane::Detail, call);
                }
            }
        }
    }

    fn take_back(&mut self, cx: &mut Context) {
        if let (None, Some(row)) = (&self.reason, self.marked()) {
            if row.outcome != Outcome::Ok || row.passage.is_undo() || row.member.is_none() {
                return cx.say(Tone::Plain, "Only who was let through can be taken back.");
            }
            let own = cx.me.as_ref().is_some_and(|me| me.device == row.device);
            let row = row.clone();
            if own {
                cx.wish(Wish::TakeBack(self.event, Box::new(row), None));
            } else {
                self.reason = Some((row, TextField::new(MAX_TEXT)));
            }
        }
    }

    fn go(&mut self, cx: &mut Context) {
        match self.reason.take() {
            None => cx.say(Tone::Plain, "Ctrl+Z takes the marked one back."),
            Some((row, field)) if field.text().trim().is_empty() => {
                self.reason = Some((row, field));
                cx.say(Tone::Plain, "Type why; the reason is kept.");
            }
            Some((row, field)) => {
                let reason = Some(field.text().trim().to_owned());
                cx.wish(Wish::TakeBack(self.event, Box::new(row), reason));
            }
        }
    }

    pub(crate) fn answered(
        &mut self,
        query: &str,
        before: Option<i64>,
        result: Result<DoorLog, Fault>,
        cx: &mut Context,
    ) {
        if query != self.query() {
            return;
        }
        match (before, result) {
            (None, result) => {
                let kept = self.marked().map(|row| row.id);
                self.log.answer(result);
                if let (Some(id), Some(log)) = (kept, self.log.get()) {
                    self.cursor.at = log.rows.iter().position(|row| row.id == id).unwrap_or(0);
                }
            }
            (Some(before), Ok(more)) => {
                if let Some(log) = self.log.get_mut()
                    && log.rows.last().is_some_and(|last| last.id == before)
                {
                    log.total = more.total;
                    log.rows.extend(more.rows);
                }
            }
            // The next step down asks again.
            (Some(_), Err(_)) => {}
        }
        self.fit(cx);
    }

    pub(crate) fn file_answered(result: Result<DoorLog, Fault>, cx: &mut Context) {
        match result {
            Ok(log) => {
                let name = format!("pine-time-door-{}.csv", log.event_id.0);
                cx.effects.push(Effect::Export {
                    name,
                    text: log.csv(),
                });
            }
            Err(fault) => cx.say(Tone::Bad, format!("Nothing is written. {fault}")),
        }
    }
}
