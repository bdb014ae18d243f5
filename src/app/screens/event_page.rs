//! The page of one event, beside the calendar's list or in its place: which lines it has, and how it scrolls as one.

use crate::app::action::{Action, MoveAction};
use crate::app::context::Context;
use crate::app::cursor;
use crate::app::effect::Lane;
use crate::app::keymap::{self, Binding, Scope, chains};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::event::{EventId, EventLine, EventPage};
use crate::domain::seats::{Attendees, SeatsCall};
use crate::domain::{Call, Fault, SafeText};

/// Columns of the labels before what is said.
pub(crate) const LABELS: u16 = 10;
/// Most names on a page.
const MOST_NAMES: i32 = 200;

/// The event page.
#[derive(Debug, Default)]
pub(crate) struct Detail {
    pub(crate) id: Option<EventId>,
    pub(crate) page: Remote<EventPage>,
    /// Who will be there.
    pub(crate) attendees: Remote<Attendees>,
    /// Whether it has the keys.
    pub(crate) open: bool,
    /// First line in view.
    pub(crate) scroll: usize,
    /// The text of the event shown before: it stands until the next is here, or is slow to come.
    pub(crate) before: Option<SafeText>,
}

/// A line of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Row {
    Blank,
    Title,
    /// The type, and how old what is shown is.
    Kind,
    When,
    /// The same on the viewer's clock, where it shows another time.
    Yours,
    Relative,
    Where,
    Seats,
    Points,
    Price,
    By,
    You,
    /// A line of what the staff said about my registration.
    Said(String),
    /// What I still have to pay.
    Due,
    /// What can be done, and with which key.
    Do(&'static Binding),
    /// A line of the description.
    Text(String),
    /// Where the description stands that is slow to come.
    Waiting,
    /// How many will be there.
    Attendees,
    /// Some of their names.
    Names(String),
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
        self.attendees = Remote::Nothing;
        self.scroll = 0;
        self.ask(cx);
    }

    /// Asks for the event again; what is shown stays meanwhile.
    pub(crate) fn ask(&mut self, cx: &mut Context) {
        if let Some(id) = self.id {
            cx.fetch(&mut self.page, Want::EventPage(id), Lane::Detail, Call::Event(id));
        }
    }

    /// The page is here; who will be there comes after it.
    pub(crate) fn answered(&mut self, id: EventId, result: Result<EventPage, Fault>, cx: &mut Context) {
        if self.id != Some(id) {
            return;
        }
        let here = result.is_ok();
        self.page.answer(result);
        if here {
            let call = SeatsCall::Attendees {
                event: id,
                after: None,
                most: MOST_NAMES,
            };
            cx.ask(Want::Attendees(id), Lane::Detail, Call::Seats(call));
        }
    }

    pub(crate) fn attendees_answered(&mut self, id: EventId, result: Result<Attendees, Fault>) {
        if self.id == Some(id) {
            self.attendees.answer(result);
        }
    }

    pub(crate) fn age(&mut self) {
        self.page.age();
        self.attendees.age();
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

    /// What is known of the event: the page's own, or what the list has.
    pub(crate) fn known<'a>(&'a self, line: Option<&'a EventLine>) -> Option<&'a EventLine> {
        match &self.page {
            Remote::Here(page) | Remote::Stale(page) => Some(&page.line),
            Remote::Nothing | Remote::Loading => line,
            Remote::Failed(_) => None,
        }
    }

    /// The lines of the page at a width; `line` is what the list knows of the event, and stands in until the page is
    /// here. None while nothing is known.
    pub(crate) fn rows(&self, line: Option<&EventLine>, width: u16, cx: &Context) -> Vec<Row> {
        let Some(known) = self.known(line) else {
            return Vec::new();
        };
        let mut rows = vec![Row::Title, Row::Kind, Row::Blank, Row::When];
        if cx.elsewhere(known.start_time).is_some() {
            rows.push(Row::Yours);
        }
        rows.extend([
            Row::Relative,
            Row::Where,
            Row::Seats,
            Row::Points,
            Row::Price,
            Row::By,
            Row::You,
        ]);
        let mine = self.page.get().and_then(|page| page.mine.as_ref());
        if let Some(reason) = mine.and_then(|mine| mine.status_reason.as_ref()) {
            let said = format!("the staff say: {reason}");
            let said = words::wrap(&said, usize::from(width.saturating_sub(LABELS)));
            rows.extend(said.into_iter().map(|line| Row::Said(line.to_owned())));
        }
        if mine.is_some_and(|mine| mine.due.is_some()) {
            rows.push(Row::Due);
        }
        rows.push(Row::Blank);
        rows.extend(actions(cx.is_staff()).map(Row::Do));
        rows.push(Row::Blank);
        let width = usize::from(width);
        let text = match (&self.page, self.id) {
            (Remote::Here(page) | Remote::Stale(page), _) => Some(words::page_body(page)),
            (_, Some(id)) if cx.requests.is_slow(&Want::EventPage(id)) => None,
            _ => Some(self.before.as_ref().map(ToString::to_string).unwrap_or_default()),
        };
        match text {
            Some(text) => rows.extend(
                words::wrap(&text, width)
                    .into_iter()
                    .map(|line| Row::Text(line.to_owned())),
            ),
            None => rows.push(Row::Waiting),
        }
        if let Some(attendees) = self.attendees.get().filter(|people| people.total > 0) {
            rows.extend([Row::Blank, Row::Attendees]);
            rows.extend(
                words::wrap(&words::names(attendees), width.saturating_sub(2))
                    .into_iter()
                    .map(|line| Row::Names(line.to_owned())),
            );
        }
        rows
    }
}

/// What can be done about an event, as the key table has it.
fn actions(staff: bool) -> impl Iterator<Item = &'static Binding> {
    keymap::reachable(chains::EVENT_PAGE, staff)
        .filter(|binding| binding.scope == Scope::Event && matches!(binding.action, Action::Event(_)))
}
