//! The calendar: a month and its chosen day, or an agenda; the filter; the event page. The cursor is on an event,
//! not on a row: it stays there when the data changes.

mod arrange;
mod planning;

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::app::action::{CalendarAction, EventAction, MoveAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::keymap::Key;
use crate::app::overlay::form::{FormOverlay, Kind};
use crate::app::overlay::{Overlay, confirm::Confirm, money, stop::Stop, types::Types};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::screens::event_page::Detail;
use crate::app::text_field::{Edit, TextField};
use crate::app::words;
use crate::domain::Call;
use crate::domain::event::{EventId, EventLine};
use crate::domain::plan::FileOf;

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
                self.jump(self.cursor.at, cx);
                self.settle(cx);
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
            CalendarAction::Types => {
                let types = Types::new(cx);
                cx.wish(Wish::Open(Box::new(Overlay::Types(Box::new(types)))));
            }
            CalendarAction::FileShown => self.file_shown(cx),
            CalendarAction::FileMine => {
                let of = FileOf {
                    mine: true,
                    ..FileOf::default()
                };
                Self::ask_file("my events", of, cx);
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
            EventAction::Payments => cx.needs_link("Money"),
            EventAction::Stop
                if cx.requests.awaits(&Want::StopEvent(line.id))
                    || cx.requests.awaits(&Want::Reopen(line.id)) =>
            {
                Some("Your last change to this event is not answered yet.".to_owned())
            }
            EventAction::Edit
            | EventAction::Duplicate
            | EventAction::Repeat
            | EventAction::Stop
            | EventAction::File
            | EventAction::Close => None,
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
            EventAction::Edit => Self::ask_form(id, Kind::Edit, cx),
            EventAction::Duplicate => Self::ask_form(id, Kind::Duplicate, cx),
            EventAction::Repeat => Self::ask_form(id, Kind::Series, cx),
            EventAction::Stop if line.is_active => {
                let stop = Stop::new(line, cx);
                cx.wish(Wish::Open(Box::new(Overlay::Stop(Box::new(stop)))));
            }
            EventAction::Stop => {
                let question = Confirm::reopen(line);
                cx.wish(Wish::Open(Box::new(Overlay::Confirm(question))));
            }
            EventAction::File => {
                let of = FileOf {
                    events: Some(vec![id]),
                    ..FileOf::default()
                };
                let title = line.title.to_string();
                Self::ask_file(&title, of, cx);
            }
            EventAction::Payments => money::payments_of(id, line.title.clone(), cx),
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
