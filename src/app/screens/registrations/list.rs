//! One part of my registrations: the rows as they came, the lines they make, and the cursor, which is on a registration
//! and stays there when the data changes.

use crate::app::action::MoveAction;
use crate::app::cursor::Cursor;
use crate::app::remote::Remote;
use crate::app::words;
use crate::domain::Timestamp;
use crate::domain::event::{EventId, EventLine, RegistrationStatus};
use crate::domain::seats::{MyLine, MyRegistrations, Part};

/// Columns before a title: day and time.
pub(crate) const WHEN: u16 = 18;

/// What is to come, by what I can count on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    /// I stand in line, or the staff have not looked at it yet.
    Waiting,
    /// I hold a seat.
    Coming,
    /// Nothing comes of it: cancelled, refused, or the event is off.
    Off,
}

impl Group {
    fn of(line: &MyLine) -> Self {
        match line.registration.status {
            RegistrationStatus::Cancelled | RegistrationStatus::Rejected => Self::Off,
            _ if !line.event.is_active => Self::Off,
            RegistrationStatus::Pending | RegistrationStatus::Waitlisted => Self::Waiting,
            RegistrationStatus::Registered => Self::Coming,
        }
    }

    /// Its heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Coming => "You have a seat",
            Self::Off => "Cancelled or refused",
        }
    }
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    Gap,
    Heading(Group),
    /// A registration, by its index.
    Row(usize),
    /// A line of what the staff said about it.
    Said(usize, String),
}

/// The list of one part.
#[derive(Debug)]
pub(crate) struct List {
    part: Part,
    pub(crate) page: Remote<MyRegistrations>,
    pub(crate) lines: Vec<Line>,
    /// The registrations shown, in the order of their lines.
    pub(crate) shown: Vec<usize>,
    /// `at` counts the registrations shown, `top` the lines.
    pub(crate) cursor: Cursor,
    selected: Option<EventId>,
}

impl List {
    pub(crate) fn new(part: Part) -> Self {
        Self {
            part,
            page: Remote::Nothing,
            lines: Vec::new(),
            shown: Vec::new(),
            cursor: Cursor::default(),
            selected: None,
        }
    }

    pub(crate) fn rows(&self) -> &[MyLine] {
        self.page.get().map_or(&[], |page| &page.rows)
    }

    /// The registration under the cursor.
    pub(crate) fn marked(&self) -> Option<&MyLine> {
        self.rows().get(*self.shown.get(self.cursor.at)?)
    }

    pub(crate) fn row(&self, event: EventId) -> Option<&MyLine> {
        self.rows().iter().find(|row| row.event.id == event)
    }

    /// Whether there are more than are here.
    pub(crate) fn has_more(&self) -> bool {
        self.page.get().is_some_and(|page| page.more)
    }

    /// Behind which event the next page begins.
    pub(crate) fn end(&self) -> Option<(Timestamp, EventId)> {
        self.rows().last().map(|row| (row.event.start_time, row.event.id))
    }

    /// How many there are of this part, as far as it is known.
    pub(crate) fn total(&self) -> Option<usize> {
        let page = self.page.get()?;
        match self.part {
            Part::Past => usize::try_from(page.past).ok(),
            Part::Upcoming => (!page.more).then_some(page.rows.len()),
        }
    }

    // ---- what came ----

    /// Takes what was asked for from the beginning on. What stands behind its end was read before, and stays.
    pub(crate) fn take(&mut self, mut page: MyRegistrations) {
        if let (true, Some(last)) = (page.more, page.rows.last()) {
            let end = (last.event.start_time, last.event.id);
            let is_behind = |row: &&MyLine| {
                let key = (row.event.start_time, row.event.id);
                match self.part {
                    Part::Upcoming => key > end,
                    Part::Past => key < end,
                }
            };
            let kept: Vec<MyLine> = self.rows().iter().filter(is_behind).cloned().collect();
            if !kept.is_empty() {
                page.more = self.has_more();
                page.rows.extend(kept);
            }
        }
        self.page = Remote::Here(page);
    }

    /// Takes the page behind what is here.
    pub(crate) fn take_more(&mut self, after: (Timestamp, EventId), more: MyRegistrations) {
        if self.end() != Some(after) {
            // The list has changed since; it is asked for again.
            return;
        }
        let Some(page) = self.page.get_mut() else { return };
        let MyRegistrations { rows, more, .. } = more;
        let before = page.rows.len();
        for row in rows {
            if page.rows.iter().all(|old| old.event.id != row.event.id) {
                page.rows.push(row);
            }
        }
        // A page that brings nothing is the end, whatever was announced.
        page.more = more && page.rows.len() > before;
    }

    /// An event has changed, and with it who I am to it.
    pub(crate) fn touch(&mut self, line: &EventLine) {
        if let Some(page) = self.page.get_mut()
            && let Some(row) = page.rows.iter_mut().find(|row| row.event.id == line.id)
        {
            if line.is_active {
                row.cancel_reason = None;
            }
            row.event = line.clone();
            row.registration.place = line.my_place;
            if let Some(status) = line.my_status
                && status != row.registration.status
            {
                row.registration.status = status;
                row.registration.status_reason = None;
                // What is due now the next answer tells.
                row.registration.due = None;
            }
        }
    }

    /// The news of a registration have been seen.
    pub(crate) fn seen(&mut self, event: EventId, at: Timestamp) {
        if let Some(page) = self.page.get_mut()
            && let Some(row) = page.rows.iter_mut().find(|row| row.event.id == event)
            && row.registration.news_at == Some(at)
        {
            row.registration.news = None;
            row.registration.news_at = None;
        }
    }

    // ---- lines ----

    /// Works out again which lines there are, for what is looked for. The cursor's row stays where it is on the screen.
    pub(crate) fn arrange(&mut self, words: &str, (width, height): (usize, usize)) {
        let above = self
            .line_of(self.cursor.at)
            .map(|at| at.saturating_sub(self.cursor.top));
        let needle = words::fold(&[words]);
        let needles: Vec<&str> = needle.split_whitespace().collect();
        let rows = self.rows();
        let mut shown: Vec<usize> = (0..rows.len())
            .filter(|at| needles.is_empty() || matches(&rows[*at], &needles))
            .collect();
        let grouped = self.part == Part::Upcoming;
        if grouped {
            shown.sort_by_key(|at| (Group::of(&rows[*at]), *at));
        }
        let mut lines = Vec::with_capacity(shown.len() + 8);
        let mut group = None;
        for at in &shown {
            let row = &rows[*at];
            let of = Group::of(row);
            if grouped && group.replace(of) != Some(of) {
                if !lines.is_empty() {
                    lines.push(Line::Gap);
                }
                lines.push(Line::Heading(of));
            }
            lines.push(Line::Row(*at));
            if let Some(reason) = row.said() {
                let said = format!("the staff say: {reason}");
                let said = words::wrap(&said, width.saturating_sub(usize::from(WHEN)));
                lines.extend(said.into_iter().map(|line| Line::Said(*at, line.to_owned())));
            }
        }
        let kept = self
            .selected
            .and_then(|id| shown.iter().position(|at| rows[*at].event.id == id));
        (self.lines, self.shown) = (lines, shown);
        self.cursor.at = kept.unwrap_or(self.cursor.at);
        if let (Some(above), Some(at)) = (above, self.line_of(self.cursor.at)) {
            self.cursor.top = at.saturating_sub(above);
        }
        self.fit(height);
    }

    /// The line of the registration at a place.
    fn line_of(&self, at: usize) -> Option<usize> {
        let row = *self.shown.get(at)?;
        self.lines.iter().position(|line| *line == Line::Row(row))
    }

    /// Keeps the cursor on a registration, and all its lines in view, with the heading above the first of a group.
    pub(crate) fn fit(&mut self, height: usize) {
        let height = height.max(1);
        self.cursor.at = self.cursor.at.min(self.shown.len().saturating_sub(1));
        let Some(line) = self.line_of(self.cursor.at) else {
            self.cursor.top = 0;
            return;
        };
        let above = line.checked_sub(1).and_then(|at| self.lines.get(at));
        let first = line - usize::from(matches!(above, Some(Line::Heading(_))));
        let said = self.lines.iter().skip(line + 1);
        let last = line + said.take_while(|line| matches!(line, Line::Said(..))).count();
        let top = self.cursor.top.min(self.lines.len().saturating_sub(height));
        let top = top.max((last + 1).saturating_sub(height)).min(first);
        // Where not even these fit, the registration itself is what must be seen.
        self.cursor.top = top.max((line + 1).saturating_sub(height));
        self.selected = self.marked().map(|row| row.event.id);
    }

    pub(crate) fn step(&mut self, to: MoveAction, height: usize) {
        self.cursor.step(to, self.shown.len(), height);
        if self.cursor.at == 0 {
            self.cursor.top = 0;
        }
        self.fit(height);
    }

    /// Puts the cursor on the registration of a line.
    pub(crate) fn pick(&mut self, line: usize, height: usize) {
        if let Some(Line::Row(row) | Line::Said(row, _)) = self.lines.get(line)
            && let Some(at) = self.shown.iter().position(|shown| shown == row)
        {
            self.cursor.at = at;
            self.fit(height);
        }
    }
}

/// Whether all the words stand in what a row says.
fn matches(row: &MyLine, needles: &[&str]) -> bool {
    let event = &row.event;
    let status = row.registration.status.word();
    let folded = words::fold(&[
        event.title.as_str(),
        event.location.as_str(),
        event.event_type.as_str(),
        status,
    ]);
    needles.iter().all(|needle| folded.contains(needle))
}
