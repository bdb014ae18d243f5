//! The page of one event, beside the calendar's list or in its place.

use crate::app::action::MoveAction;
use crate::app::context::Context;
use crate::app::cursor;
use crate::app::effect::Lane;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::event::{EventId, EventLine, EventPage};
use crate::domain::{Call, Fault, SafeText};

/// The event page.
#[derive(Debug, Default)]
pub(crate) struct Detail {
    pub(crate) id: Option<EventId>,
    pub(crate) page: Remote<EventPage>,
    /// Whether it has the keys.
    pub(crate) open: bool,
    /// First line of the description in view.
    pub(crate) scroll: usize,
    /// The text of the event shown before: it stands until the next is here, or is slow to come.
    pub(crate) before: Option<SafeText>,
}

impl Detail {
    /// Turns to an event, if it is another one than now.
    pub(crate) fn show(&mut self, id: EventId, cx: &mut Context) {
        if self.id == Some(id) {
            return;
        }
        self.id = Some(id);
        if let Some(page) = self.page.get() {
            self.before = Some(page.description.clone());
        }
        self.page = Remote::Nothing;
        self.scroll = 0;
        self.ask(cx);
    }

    /// Asks for the event again; what is shown stays meanwhile.
    pub(crate) fn ask(&mut self, cx: &mut Context) {
        if let Some(id) = self.id {
            cx.fetch(&mut self.page, Want::EventPage(id), Lane::Detail, Call::Event(id));
        }
    }

    pub(crate) fn answered(&mut self, id: EventId, result: Result<EventPage, Fault>) {
        if self.id == Some(id) {
            self.page.answer(result);
        }
    }

    /// A list has brought newer figures.
    pub(crate) fn refresh(&mut self, line: &EventLine) {
        if let Some(page) = self.page.get_mut()
            && page.line.id == line.id
            && page.line != *line
        {
            page.line = line.clone();
        }
    }

    pub(crate) fn scroll(&mut self, to: MoveAction, lines: usize, page: usize) {
        self.scroll = cursor::scroll(self.scroll, to, lines, page);
    }
}
