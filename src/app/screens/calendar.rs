//! The calendar: a month and its chosen day, or an agenda; the filter; the event page. The cursor is on an event,
//! not on a row: it stays there when the data changes.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta};

use crate::app::action::{CalendarAction, EventAction, MoveAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::keymap::Key;
use crate::app::overlay::{Overlay, confirm::Confirm, form::FormOverlay};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::screens::event_page::Detail;
use crate::app::text_field::{Edit, TextField};
use crate::app::words;
use crate::domain::event::{CancelOutcome, EventId, EventLine, EventPage, RegisterOutcome};
use crate::domain::{Call, Fault, when};

/// Longest filter.
const MAX_FILTER: usize = 80;

/// How the events are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    Month,
    Agenda,
}

/// What of the month view has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pane {
    Grid,
    List,
}

/// What the grid shows of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mark {
    /// Events that are not cancelled.
    pub(crate) count: usize,
    /// Whether I am in one of them.
    pub(crate) mine: bool,
}

/// Events as they came, with what searching and drawing need of them at hand.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Events {
    pub(crate) lines: Vec<EventLine>,
    folded: Vec<String>,
}

/// The calendar.
#[derive(Debug)]
pub(crate) struct Calendar {
    pub(crate) view: View,
    pub(crate) pane: Pane,
    pub(crate) day: NaiveDate,
    pub(crate) events: Remote<Events>,
    pub(crate) filter: TextField,
    pub(crate) filtering: bool,
    /// What the filter lets through, by start.
    pub(crate) shown: Vec<usize>,
    /// The same, of the chosen day.
    pub(crate) of_day: Vec<usize>,
    pub(crate) marks: BTreeMap<NaiveDate, Mark>,
    pub(crate) selected: Option<EventId>,
    pub(crate) cursor: Cursor,
    pub(crate) detail: Detail,
}

impl Calendar {
    pub(crate) fn new(today: NaiveDate) -> Self {
        Self {
            view: View::Month,
            pane: Pane::Grid,
            day: today,
            events: Remote::Nothing,
            filter: TextField::new(MAX_FILTER),
            filtering: false,
            shown: Vec::new(),
            of_day: Vec::new(),
            marks: BTreeMap::new(),
            selected: None,
            cursor: Cursor::default(),
            detail: Detail::default(),
        }
    }

    /// First of the chosen day's month.
    pub(crate) fn month(&self) -> NaiveDate {
        self.day.with_day(1).unwrap_or(self.day)
    }

    /// The days for which events are asked: the month before to two months after.
    fn span(&self) -> (NaiveDate, NaiveDate) {
        let month = self.month();
        (
            month.checked_sub_months(Months::new(1)).unwrap_or(month),
            month.checked_add_months(Months::new(3)).unwrap_or(month),
        )
    }

    pub(crate) fn areas(&self, cx: &Context) -> geometry::Calendar {
        geometry::calendar(cx.setup.size, self.view == View::Agenda, self.detail.open)
    }

    pub(crate) fn line(&self, id: EventId) -> Option<&EventLine> {
        self.events.get()?.lines.iter().find(|line| line.id == id)
    }

    /// The rows under the cursor's control: the day's, or the agenda's.
    pub(crate) fn rows(&self) -> &[usize] {
        match self.view {
            View::Month => &self.of_day,
            View::Agenda => &self.shown,
        }
    }

    /// The event that `r`, `x` and `e` are about.
    pub(crate) fn target(&self) -> Option<&EventLine> {
        if self.detail.open {
            return match self.detail.page.get() {
                Some(page) => Some(&page.line),
                None => self.line(self.detail.id?),
            };
        }
        self.line(self.selected?)
    }

    // ---- asking ----

    pub(crate) fn ask(&mut self, cx: &mut Context) {
        let (from, to) = self.span();
        let zone = cx.zone();
        let call = Call::Events {
            from: zone.midnight(from),
            to: zone.midnight(to),
        };
        cx.fetch(&mut self.events, Want::Events, Lane::Page, call);
    }

    /// On coming here, and on F5.
    pub(crate) fn enter(&mut self, cx: &mut Context) {
        self.ask(cx);
        if self.detail.open || cx.is_wide() {
            self.detail.ask(cx);
        }
    }

    pub(crate) fn poll(&mut self, cx: &mut Context) {
        if !cx.requests.awaits(&Want::Events) {
            self.ask(cx);
        }
        if self.detail.open && cx.requests.on(Lane::Detail).is_none() {
            self.detail.ask(cx);
        }
    }

    pub(crate) fn age(&mut self) {
        self.events.age();
        self.detail.page.age();
    }

    // ---- keys ----

    pub(crate) fn key(&mut self, key: Key, cx: &mut Context) -> Edit {
        let edit = self.filter.key(key);
        self.filter_edited(edit, cx);
        edit
    }

    pub(crate) fn paste(&mut self, raw: &str, cx: &mut Context) -> Edit {
        let edit = self.filter.paste(raw);
        self.filter_edited(edit, cx);
        edit
    }

    fn filter_edited(&mut self, edit: Edit, cx: &mut Context) {
        if matches!(edit, Edit::Changed | Edit::Cut) {
            self.arrange(cx);
        }
    }

    pub(crate) fn act(&mut self, action: CalendarAction, cx: &mut Context) {
        match action {
            CalendarAction::DayBack => self.go(self.day.checked_sub_days(Days::new(1)), cx),
            CalendarAction::DayOn => self.go(self.day.checked_add_days(Days::new(1)), cx),
            CalendarAction::WeekBack => self.go(self.day.checked_sub_days(Days::new(7)), cx),
            CalendarAction::WeekOn => self.go(self.day.checked_add_days(Days::new(7)), cx),
            CalendarAction::Today => self.go_and_find(Some(cx.today()), cx),
            CalendarAction::MonthBack => self.go_and_find(self.day.checked_sub_months(Months::new(1)), cx),
            CalendarAction::MonthOn => self.go_and_find(self.day.checked_add_months(Months::new(1)), cx),
            CalendarAction::ToggleView => {
                self.view = match self.view {
                    View::Month => View::Agenda,
                    View::Agenda => View::Month,
                };
                self.pane = Pane::Grid;
                self.arrange(cx);
            }
            CalendarAction::Filter => self.filtering = true,
            CalendarAction::FilterKeep => self.filtering = false,
            CalendarAction::FilterDrop => {
                self.filtering = false;
                self.filter.clear();
                self.arrange(cx);
            }
            CalendarAction::ToList => {
                if self.of_day.is_empty() {
                    cx.say(Tone::Plain, "Nothing on this day.");
                } else {
                    self.pane = Pane::List;
                }
            }
            CalendarAction::ToGrid => self.pane = Pane::Grid,
            CalendarAction::Open => self.open(cx),
            CalendarAction::New => {
                let form = FormOverlay::new_event(self.day, cx);
                cx.wish(Wish::Open(Box::new(Overlay::Form(Box::new(form)))));
            }
        }
    }

    fn open(&mut self, cx: &mut Context) {
        if self.view == View::Month && self.pane == Pane::Grid && self.of_day.len() != 1 {
            return self.act(CalendarAction::ToList, cx);
        }
        if let Some(id) = self.selected {
            self.detail.open = true;
            self.detail.show(id, cx);
        } else {
            cx.say(Tone::Plain, "There is no event to open.");
        }
    }

    /// Why an event's action cannot be done now; `None` when it can.
    pub(crate) fn why_not(&self, action: EventAction, cx: &Context) -> Option<String> {
        if action == EventAction::Close {
            return None;
        }
        let Some(line) = self.target() else {
            return Some("There is no event under the cursor.".to_owned());
        };
        let busy =
            cx.requests.awaits(&Want::Register(line.id)) || cx.requests.awaits(&Want::CancelSeat(line.id));
        match action {
            EventAction::Register | EventAction::Cancel if busy => {
                Some("Your last change to this event is not answered yet.".to_owned())
            }
            EventAction::Register => line.why_not_register(cx.now()).map(str::to_owned),
            EventAction::Cancel => line.why_not_cancel(cx.now()).map(str::to_owned),
            EventAction::Edit | EventAction::Close => None,
        }
    }

    pub(crate) fn act_on_event(&mut self, action: EventAction, cx: &mut Context) {
        if action == EventAction::Close {
            self.detail.open = false;
            return;
        }
        let Some(line) = self.target() else { return };
        let id = line.id;
        match action {
            EventAction::Register => {
                let call = Call::Register {
                    nonce: cx.nonce(),
                    event: id,
                };
                cx.ask_and_wait(Want::Register(id), Lane::Write, call);
            }
            // Somebody waiting at a full event takes the seat at once: that cannot be taken back.
            EventAction::Cancel if line.is_full() => {
                let question = Confirm::give_seat_up(line);
                cx.wish(Wish::Open(Box::new(Overlay::Confirm(question))));
            }
            EventAction::Cancel => Self::cancel_seat(id, cx),
            EventAction::Edit => {
                cx.ask_and_wait(Want::EditEvent(id), Lane::Detail, Call::Event(id));
            }
            EventAction::Close => {}
        }
    }

    pub(crate) fn cancel_seat(id: EventId, cx: &mut Context) {
        let call = Call::CancelRegistration {
            nonce: cx.nonce(),
            event: id,
        };
        cx.ask_and_wait(Want::CancelSeat(id), Lane::Write, call);
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &mut Context) {
        let areas = self.areas(cx);
        if self.detail.open {
            let width = usize::from(areas.page.width);
            let lines = self
                .detail
                .page
                .get()
                .map_or(0, |page| words::page_lines(page, width));
            let room = usize::from(areas.page.height);
            return self.detail.scroll(to, lines, room);
        }
        let page = usize::from(areas.list.height / areas.item_height.max(1));
        let len = self.rows().len();
        self.cursor.step(to, len, page);
        self.pick(self.cursor.at, cx);
    }

    /// Puts the cursor on a row of the list.
    pub(crate) fn pick(&mut self, row: usize, cx: &mut Context) {
        let Some(index) = self.rows().get(row).copied() else {
            return;
        };
        let Some(line) = self.events.get().and_then(|events| events.lines.get(index)) else {
            return;
        };
        self.selected = Some(line.id);
        if self.view == View::Agenda {
            let day = cx.zone().day(line.start_time);
            self.turn_to(day, cx);
        }
        self.settle(cx);
    }

    /// Goes to a day of the grid.
    pub(crate) fn go(&mut self, day: Option<NaiveDate>, cx: &mut Context) {
        let Some(day) = day.filter(|day| (1970..=9000).contains(&day.year())) else {
            return;
        };
        self.turn_to(day, cx);
        self.arrange_day(cx);
    }

    /// Goes to a day, in the agenda to its next event.
    fn go_and_find(&mut self, day: Option<NaiveDate>, cx: &mut Context) {
        if self.view == View::Agenda {
            self.selected = None;
        }
        self.go(day, cx);
    }

    fn turn_to(&mut self, day: NaiveDate, cx: &mut Context) {
        let month = self.month();
        self.day = day;
        if self.month() != month {
            self.ask(cx);
        }
    }

    // ---- arranging what came ----

    pub(crate) fn answered(&mut self, result: Result<Vec<EventLine>, Fault>, cx: &mut Context) {
        let before = self.attended();
        self.events.answer(result.map(|lines| {
            Events {
                folded: lines
                    .iter()
                    .map(|line| words::fold(&[&line.title, &line.location, &line.event_type]))
                    .collect(),
                lines,
            }
        }));
        let after = self.attended();
        if before.is_some() && after > before {
            cx.ask(Want::Points, Lane::Poll, Call::Profile);
        }
        if let Some(line) = self.detail.id.and_then(|id| self.line(id)).cloned() {
            self.detail.refresh(&line);
        }
        self.arrange(cx);
    }

    fn attended(&self) -> Option<usize> {
        let lines = &self.events.get()?.lines;
        Some(lines.iter().filter(|line| line.my_attendance).count())
    }

    /// One event has changed.
    pub(crate) fn take_line(&mut self, line: EventLine, cx: &mut Context) {
        self.detail.refresh(&line);
        if let Some(events) = self.events.get_mut()
            && let Some(old) = events.lines.iter_mut().find(|old| old.id == line.id)
        {
            *old = line;
        }
        self.arrange(cx);
    }

    /// Works out again what is shown, where, and under which cursor.
    pub(crate) fn arrange(&mut self, cx: &mut Context) {
        let zone = cx.zone();
        let needle = words::fold(&[self.filter.text()]);
        let needles: Vec<&str> = needle.split_whitespace().collect();
        self.shown.clear();
        self.marks.clear();
        if let Some(events) = self.events.get() {
            for (index, line) in events.lines.iter().enumerate() {
                let folded = events.folded.get(index).map_or("", String::as_str);
                if !needles.iter().all(|needle| folded.contains(needle)) {
                    continue;
                }
                self.shown.push(index);
                for day in days_of(line, zone) {
                    let mark = self.marks.entry(day).or_default();
                    mark.count += usize::from(line.is_active);
                    mark.mine |= line.am_in() || line.my_attendance;
                }
            }
        }
        self.arrange_day(cx);
    }

    fn arrange_day(&mut self, cx: &mut Context) {
        let zone = cx.zone();
        self.of_day.clear();
        if let Some(events) = self.events.get() {
            let on_day = |index: &usize| {
                let line = &events.lines[*index];
                zone.day(line.start_time) <= self.day && self.day <= last_day(line, zone)
            };
            self.of_day.extend(self.shown.iter().copied().filter(on_day));
        }
        if self.of_day.is_empty() {
            self.pane = Pane::Grid;
        }
        let kept = self.position();
        let at = kept.unwrap_or_else(|| self.nearest(cx));
        self.selected = self
            .rows()
            .get(at)
            .and_then(|index| self.events.get()?.lines.get(*index))
            .map(|line| line.id);
        self.settle(cx);
    }

    fn position(&self) -> Option<usize> {
        let selected = self.selected?;
        let lines = &self.events.get()?.lines;
        self.rows()
            .iter()
            .position(|index| lines.get(*index).is_some_and(|line| line.id == selected))
    }

    /// The row to start from: in the agenda the first one not over on the chosen day or later.
    fn nearest(&self, cx: &Context) -> usize {
        let Some(events) = self.events.get() else { return 0 };
        let from = cx.zone().midnight(self.day);
        let from = if self.day == cx.today() { cx.now() } else { from };
        let first = |index: &usize| events.lines.get(*index).is_some_and(|line| line.end_time > from);
        let rows = self.rows();
        rows.iter().position(first).unwrap_or(match self.view {
            View::Month => 0,
            View::Agenda => rows.len().saturating_sub(1),
        })
    }

    /// Keeps cursor, window and page together.
    pub(crate) fn settle(&mut self, cx: &mut Context) {
        self.cursor.at = self.position().unwrap_or(0);
        let areas = self.areas(cx);
        let page = usize::from(areas.list.height / areas.item_height.max(1));
        let len = self.rows().len();
        self.cursor.fit(len, page);
        if let (true, false, Some(id)) = (cx.is_wide(), self.detail.open, self.selected) {
            self.detail.show(id, cx);
        }
        if let (Some(page), true) = (self.detail.page.get(), self.detail.scroll > 0) {
            let lines = words::page_lines(page, usize::from(areas.page.width));
            let most = lines.saturating_sub(usize::from(areas.page.height));
            self.detail.scroll = self.detail.scroll.min(most);
        }
    }

    // ---- answers to writes ----

    pub(crate) fn registered(
        &mut self,
        result: Result<(RegisterOutcome, EventLine), Fault>,
        cx: &mut Context,
    ) {
        match result {
            Ok((outcome, line)) => {
                let (tone, text) = words::registered(outcome, &line, cx.zone(), cx.now());
                cx.say(tone, text);
                self.take_line(line, cx);
            }
            Err(fault) => cx.say(Tone::Bad, format!("Not registered. {fault}")),
        }
    }

    pub(crate) fn seat_cancelled(
        &mut self,
        result: Result<(CancelOutcome, EventLine), Fault>,
        cx: &mut Context,
    ) {
        match result {
            Ok((outcome, line)) => {
                let (tone, text) = words::seat_cancelled(outcome, &line, cx.zone(), cx.now());
                cx.say(tone, text);
                self.take_line(line, cx);
            }
            Err(fault) => cx.say(Tone::Bad, format!("Not cancelled. {fault}")),
        }
    }

    /// The event to edit is here.
    pub(crate) fn edit_answered(&mut self, result: Result<EventPage, Fault>, cx: &mut Context) {
        match result {
            Ok(page) => {
                let form = FormOverlay::edit(&page, cx);
                cx.wish(Wish::Open(Box::new(Overlay::Form(Box::new(form)))));
            }
            Err(fault) => cx.say(Tone::Bad, fault.to_string()),
        }
    }

    /// An event was saved: turn to it.
    pub(crate) fn show_saved(&mut self, page: &EventPage, cx: &mut Context) {
        let day = cx.zone().day(page.line.start_time);
        self.selected = Some(page.line.id);
        if self.detail.id == Some(page.line.id) {
            self.detail.page = Remote::Here(page.clone());
        }
        if let Some(events) = self.events.get_mut() {
            events.lines.retain(|line| line.id != page.line.id);
            let at = events
                .lines
                .partition_point(|line| (line.start_time, line.id) < (page.line.start_time, page.line.id));
            events.lines.insert(at, page.line.clone());
            events.folded = events
                .lines
                .iter()
                .map(|line| words::fold(&[&line.title, &line.location, &line.event_type]))
                .collect();
        }
        self.day = day;
        self.arrange(cx);
        self.selected = Some(page.line.id);
        self.arrange_day(cx);
        self.ask(cx);
    }

    /// The day a column and row of the grid show.
    pub(crate) fn day_at(&self, x: u16, y: u16, cx: &Context) -> Option<NaiveDate> {
        let areas = self.areas(cx);
        let grid = areas.grid;
        if !grid.contains((x, y).into()) || y == grid.y {
            return None;
        }
        let week = u64::from((y - grid.y - 1) / areas.week_height);
        let column = u64::from((x - grid.x) / geometry::CELL);
        let day = first_shown(self.month())? + Days::new(week * 7 + column);
        (column < 7 && day.month() == self.month().month()).then_some(day)
    }
}

/// The Monday on or before the first of a month.
pub(crate) fn first_shown(month: NaiveDate) -> Option<NaiveDate> {
    month.checked_sub_days(Days::new(u64::from(month.weekday().num_days_from_monday())))
}

/// The last day that an event touches; one that ends at midnight does not touch the next.
fn last_day(line: &EventLine, zone: when::Zone) -> NaiveDate {
    let end = (line.end_time - TimeDelta::seconds(1)).max(line.start_time);
    zone.day(end)
}

fn days_of(line: &EventLine, zone: when::Zone) -> impl Iterator<Item = NaiveDate> {
    let last = last_day(line, zone);
    zone.day(line.start_time)
        .iter_days()
        .take_while(move |day| *day <= last)
        .take(366)
}
