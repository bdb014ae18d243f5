//! My registrations: what is to come, grouped by what I can count on, and what is over; the filter; beside the list, in
//! a wide window, the page of the event under the cursor.

pub(crate) mod list;

use crate::app::action::{MineAction, MoveAction};
use crate::app::context::{Context, Tone};
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::keymap::Key;
use crate::app::requests::{MineWant, Want};
use crate::app::screens::calendar::Calendar;
use crate::app::screens::event_page::Detail;
use crate::app::text_field::{Edit, TextField};
use crate::domain::event::{EventId, EventLine};
use crate::domain::plan::FileOf;
use crate::domain::seats::{MyRegistrations, Part, SeatsCall};
use crate::domain::{Call, Fault, Timestamp};

use list::List;

/// Longest text to look for.
const MAX_FIND: usize = 80;
/// Rows asked for at once.
const PAGE: usize = 100;
/// Most rows that one call brings.
const MOST: usize = 500;
/// So many rows before the end of what is here, more is asked for.
const AHEAD: usize = 30;

/// The registrations screen.
#[derive(Debug)]
pub(crate) struct Registrations {
    pub(crate) part: Part,
    upcoming: List,
    past: List,
    /// The text that is looked for.
    pub(crate) find: TextField,
    pub(crate) finding: bool,
    pub(crate) detail: Detail,
}

impl Default for Registrations {
    fn default() -> Self {
        Self {
            part: Part::Upcoming,
            upcoming: List::new(Part::Upcoming),
            past: List::new(Part::Past),
            find: TextField::new(MAX_FIND),
            finding: false,
            detail: Detail::default(),
        }
    }
}

impl Registrations {
    /// The list on the screen.
    pub(crate) fn list(&self) -> &List {
        self.of(self.part)
    }

    fn of(&self, part: Part) -> &List {
        match part {
            Part::Upcoming => &self.upcoming,
            Part::Past => &self.past,
        }
    }

    fn of_mut(&mut self, part: Part) -> &mut List {
        match part {
            Part::Upcoming => &mut self.upcoming,
            Part::Past => &mut self.past,
        }
    }

    /// What came last of either part: how many there are of each kind.
    pub(crate) fn figures(&self) -> Option<&MyRegistrations> {
        self.list().page.get().or(self.upcoming.page.get())
    }

    /// What is looked for, without what is around it.
    pub(crate) fn text(&self) -> &str {
        self.find.text().trim()
    }

    pub(crate) fn line(&self, event: EventId) -> Option<&EventLine> {
        let row = self.upcoming.row(event).or_else(|| self.past.row(event))?;
        Some(&row.event)
    }

    /// The event that keys are about.
    pub(crate) fn target(&self) -> Option<&EventLine> {
        if self.detail.open {
            return match self.detail.page.get() {
                Some(page) => Some(&page.line),
                None => self.line(self.detail.id?),
            };
        }
        self.list().marked().map(|row| &row.event)
    }

    fn areas(&self, cx: &Context) -> geometry::Registrations {
        geometry::registrations(cx.setup.size, self.detail.open)
    }

    /// Lines of the list in view, also while the page stands in its place.
    fn height(cx: &Context) -> usize {
        usize::from(geometry::registrations(cx.setup.size, false).list.height)
    }

    // ---- asking ----

    /// Asks for all that is here again, from the beginning.
    fn ask(&mut self, cx: &mut Context) {
        let part = self.part;
        let list = self.of_mut(part);
        let most = list.rows().len().div_ceil(PAGE).max(1) * PAGE;
        let call = SeatsCall::Mine {
            part,
            after: None,
            most: i32::try_from(most.min(MOST)).unwrap_or(500),
        };
        let want = Want::Mine(MineWant::Page { part, after: None });
        cx.fetch(&mut list.page, want, Lane::Page, Call::Seats(call));
    }

    /// On coming here, and on F5.
    pub(crate) fn enter(&mut self, cx: &mut Context) {
        self.ask(cx);
        if self.detail.open || cx.is_wide() {
            self.detail.ask(cx);
        }
    }

    pub(crate) fn poll(&mut self, cx: &mut Context) {
        if cx.requests.on(Lane::Page).is_none() {
            self.ask(cx);
        }
        let shows_page = self.detail.open || cx.is_wide();
        if shows_page && cx.requests.on(Lane::Detail).is_none() {
            self.detail.ask(cx);
        }
    }

    /// Asks for more when the cursor comes near the end of what is here, or what is looked for does not fill the screen.
    fn ask_more(&mut self, cx: &mut Context) {
        let (part, height) = (self.part, Self::height(cx));
        let sought = !self.text().is_empty();
        let list = self.of(part);
        let near = list.cursor.at + AHEAD >= list.shown.len();
        let wanted = if sought {
            list.shown.len() < height.max(1) || near
        } else {
            near
        };
        let (true, true, Some(end)) = (list.has_more(), wanted, list.end()) else {
            return;
        };
        if cx.requests.on(Lane::Page).is_some() {
            return;
        }
        let call = SeatsCall::Mine {
            part,
            after: Some(end),
            most: i32::try_from(PAGE).unwrap_or(100),
        };
        let want = Want::Mine(MineWant::Page {
            part,
            after: Some(end),
        });
        cx.ask(want, Lane::Page, Call::Seats(call));
    }

    pub(crate) fn answered(
        &mut self,
        part: Part,
        after: Option<(Timestamp, EventId)>,
        result: Result<MyRegistrations, Fault>,
        cx: &mut Context,
    ) {
        let list = self.of_mut(part);
        let here = result.is_ok();
        match (result, after) {
            (Ok(page), None) => list.take(page),
            (Ok(page), Some(after)) => list.take_more(after, page),
            (Err(fault), None) => list.page.answer(Err(fault)),
            // What is here stays; the next look asks again.
            (Err(_), Some(_)) => {}
        }
        self.arrange(cx);
        if here {
            self.ask_more(cx);
        }
    }

    /// An event has changed by something done here: its row at once, all the rest with the next answer.
    pub(crate) fn touch(&mut self, line: &EventLine, on_screen: bool, cx: &mut Context) {
        self.detail.refresh(line);
        self.upcoming.touch(line);
        self.past.touch(line);
        self.arrange(cx);
        if on_screen {
            self.enter(cx);
        }
    }

    /// The news of a registration have been seen.
    pub(crate) fn seen(&mut self, event: EventId, at: Timestamp) {
        self.upcoming.seen(event, at);
        self.past.seen(event, at);
    }

    pub(crate) fn age(&mut self) {
        self.upcoming.page.age();
        self.past.page.age();
        self.detail.age();
    }

    /// Works out again what is shown, and under which cursor.
    fn arrange(&mut self, cx: &mut Context) {
        let text = self.text().to_owned();
        let list = geometry::registrations(cx.setup.size, false).list;
        let room = (usize::from(list.width), usize::from(list.height));
        self.upcoming.arrange(&text, room);
        self.past.arrange(&text, room);
        self.settle(cx);
    }

    /// The window has another size: what the staff say takes other lines.
    pub(crate) fn resized(&mut self, cx: &mut Context) {
        self.arrange(cx);
    }

    /// Keeps cursor, window and page together.
    pub(crate) fn settle(&mut self, cx: &mut Context) {
        let height = Self::height(cx);
        let part = self.part;
        self.of_mut(part).fit(height);
        let marked = self.list().marked().map(|row| row.event.id);
        if let (true, false, Some(id)) = (cx.is_wide(), self.detail.open, marked) {
            self.detail.show(id, cx);
        }
        if self.detail.scroll > 0 {
            let (lines, room) = self.page_size(cx);
            self.detail.scroll = self.detail.scroll.min(lines.saturating_sub(room));
        }
    }

    /// The lines of the event's page, and how many there is room for.
    fn page_size(&self, cx: &Context) -> (usize, usize) {
        let page = self.areas(cx).page;
        let line = self.detail.id.and_then(|id| self.line(id));
        (
            self.detail.rows(line, page.width, cx).len(),
            usize::from(page.height),
        )
    }

    // ---- keys ----

    pub(crate) fn key(&mut self, key: Key, cx: &mut Context) -> Edit {
        let edit = self.find.key(key);
        self.edited(edit, cx)
    }

    pub(crate) fn paste(&mut self, raw: &str, cx: &mut Context) -> Edit {
        let edit = self.find.paste(raw);
        self.edited(edit, cx)
    }

    fn edited(&mut self, edit: Edit, cx: &mut Context) -> Edit {
        if matches!(edit, Edit::Changed | Edit::Cut) {
            self.looked_for(cx);
        }
        edit
    }

    /// What is looked for is another text.
    pub(crate) fn looked_for(&mut self, cx: &mut Context) {
        self.arrange(cx);
        self.ask_more(cx);
    }

    pub(crate) fn act(&mut self, action: MineAction, cx: &mut Context) {
        match action {
            MineAction::Open => match self.list().marked().map(|row| row.event.id) {
                Some(id) => {
                    self.detail.open = true;
                    self.detail.show(id, cx);
                    self.settle(cx);
                }
                None => cx.say(Tone::Plain, "There is no event to open."),
            },
            MineAction::Turn => {
                self.part = match self.part {
                    Part::Upcoming => Part::Past,
                    Part::Past => Part::Upcoming,
                };
                self.settle(cx);
                self.ask(cx);
            }
            MineAction::Find => self.finding = true,
            MineAction::FindKeep => self.finding = false,
            MineAction::FindDrop => {
                self.finding = false;
                self.find.clear();
                self.looked_for(cx);
            }
            MineAction::FindClear => {
                if !self.text().is_empty() {
                    self.find.clear();
                    self.looked_for(cx);
                    cx.say(Tone::Plain, "Every registration is shown again.");
                }
            }
            MineAction::File => {
                let of = FileOf {
                    mine: true,
                    from: Some(cx.now()),
                    ..FileOf::default()
                };
                Calendar::ask_file("my events", of, cx);
            }
            // The card's.
            MineAction::News | MineAction::Seen | MineAction::Later => {}
        }
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &mut Context) {
        if self.detail.open {
            let (lines, room) = self.page_size(cx);
            return self.detail.scroll(to, lines, room);
        }
        let (part, height) = (self.part, Self::height(cx));
        self.of_mut(part).step(to, height);
        self.settle(cx);
        self.ask_more(cx);
    }

    /// A click: on a line of the list, its registration is marked.
    pub(crate) fn click(&mut self, x: u16, y: u16, cx: &mut Context) {
        let list = self.areas(cx).list;
        if !list.contains((x, y).into()) {
            return;
        }
        self.detail.open = false;
        let (part, height) = (self.part, usize::from(list.height));
        let rows = self.of_mut(part);
        rows.pick(rows.cursor.top + usize::from(y - list.y), height);
        self.settle(cx);
    }

    /// What the message line says while nothing else is said.
    pub(crate) fn hint(&self) -> Option<String> {
        let kept = !self.text().is_empty() && !self.finding && !self.detail.open;
        kept.then(|| format!("▾ “{}”   / changes, Esc clears", self.text()))
    }
}
