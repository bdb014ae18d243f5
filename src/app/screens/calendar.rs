//! The calendar: month, week or agenda; the filter; the event page. The cursor is on an event, not on a row: it stays
//! there when the data changes.

mod arrange;
mod doing;
mod events;
mod planning;
mod sieve;
mod week;

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};

use crate::app::action::{CalendarAction, MoveAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::keymap::Key;
use crate::app::overlay::form::FormOverlay;
use crate::app::overlay::{Overlay, types};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::screens::event_page::Detail;
use crate::app::text_field::{Edit, TextField};
use crate::domain::event::{EventId, EventLine};
use crate::domain::event_filter::{EventFilter, SortBy, behind};
use crate::domain::plan::FileOf;
use crate::domain::{Call, SafeText};

pub(crate) use events::Events;
use sieve::About;
pub(crate) use week::{Place, Plan};

/// Longest text to look for.
const MAX_FILTER: usize = 80;

/// How the events are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    Month,
    Week,
    Agenda,
}

/// What of the month view has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pane {
    Grid,
    List,
}

/// A day, as far as the filter lets it be seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Day {
    /// Its events, by start.
    pub(crate) rows: Vec<usize>,
    /// Those that are not cancelled.
    pub(crate) count: usize,
    /// Whether I am in one of them.
    pub(crate) mine: bool,
}

/// The calendar.
#[derive(Debug)]
pub(crate) struct Calendar {
    pub(crate) view: View,
    pub(crate) pane: Pane,
    pub(crate) day: NaiveDate,
    /// A day of the month around which events are asked for.
    anchor: NaiveDate,
    pub(crate) events: Remote<Events>,
    /// The text that is looked for.
    pub(crate) filter: TextField,
    pub(crate) filtering: bool,
    /// What else is.
    pub(crate) criteria: EventFilter,
    about: About,
    /// The types that the panel offers.
    pub(crate) types: Remote<Vec<SafeText>>,
    /// What comes through, in the agenda's order.
    pub(crate) shown: Vec<usize>,
    /// The same, by day.
    pub(crate) days: BTreeMap<NaiveDate, Day>,
    pub(crate) selected: Option<EventId>,
    pub(crate) cursor: Cursor,
    /// First line of the week in view.
    pub(crate) week_top: usize,
    pub(crate) detail: Detail,
}

impl Calendar {
    pub(crate) fn new(today: NaiveDate) -> Self {
        Self {
            view: View::Month,
            pane: Pane::Grid,
            day: today,
            anchor: today,
            events: Remote::Nothing,
            filter: TextField::new(MAX_FILTER),
            filtering: false,
            criteria: EventFilter::default(),
            about: About::default(),
            types: Remote::Nothing,
            shown: Vec::new(),
            days: BTreeMap::new(),
            selected: None,
            cursor: Cursor::default(),
            week_top: 0,
            detail: Detail::default(),
        }
    }

    /// First of the chosen day's month.
    pub(crate) fn month(&self) -> NaiveDate {
        first_of_month(self.day)
    }

    /// The days for which events are asked: the filter's range, else the month before to two months after.
    pub(crate) fn window(&self) -> (NaiveDate, NaiveDate) {
        let month = first_of_month(self.anchor);
        self.criteria.range().unwrap_or_else(|| {
            let end = month.checked_add_months(Months::new(3)).unwrap_or(month);
            (
                month.checked_sub_months(Months::new(1)).unwrap_or(month),
                end.pred_opt().unwrap_or(end),
            )
        })
    }

    /// Whether the events of a day are here.
    pub(crate) fn knows(&self, day: NaiveDate) -> bool {
        self.events
            .get()
            .is_some_and(|events| events.span.0 <= day && day <= events.span.1)
    }

    pub(crate) fn areas(&self, cx: &Context) -> geometry::Calendar {
        geometry::calendar(cx.setup.size, self.view, self.detail.open)
    }

    pub(crate) fn line(&self, id: EventId) -> Option<&EventLine> {
        self.events.get()?.line(id)
    }

    /// The events of a day.
    pub(crate) fn of(&self, day: NaiveDate) -> &[usize] {
        self.days.get(&day).map_or(&[], |day| &day.rows)
    }

    /// The rows under the cursor's control: the day's, or the agenda's.
    pub(crate) fn rows(&self) -> &[usize] {
        match self.view {
            View::Month | View::Week => self.of(self.day),
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
        let window = self.window();
        let zone = cx.zone();
        let call = Call::Events {
            from: zone.midnight(window.0),
            to: zone.midnight(behind(window.1)),
        };
        cx.fetch(&mut self.events, Want::Events(window), Lane::Page, call);
        self.ask_about(cx);
    }

    /// On coming here, and on F5.
    pub(crate) fn enter(&mut self, cx: &mut Context) {
        self.ask(cx);
        if self.detail.open || cx.is_wide() {
            self.detail.ask(cx);
        }
    }

    pub(crate) fn poll(&mut self, cx: &mut Context) {
        if !cx.requests.awaits(&Want::Events(self.window())) {
            self.ask(cx);
        }
        if self.detail.open && cx.requests.on(Lane::Detail).is_none() {
            self.detail.ask(cx);
        }
    }

    pub(crate) fn age(&mut self) {
        self.events.age();
        self.detail.age();
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
            self.text_edited(cx);
        }
    }

    pub(crate) fn act(&mut self, action: CalendarAction, cx: &mut Context) {
        use chrono::Days;
        let weeks = self.view == View::Week;
        match action {
            CalendarAction::DayBack => self.go(self.day.checked_sub_days(Days::new(1)), cx),
            CalendarAction::DayOn => self.go(self.day.checked_add_days(Days::new(1)), cx),
            CalendarAction::WeekBack => self.go(self.day.checked_sub_days(Days::new(7)), cx),
            CalendarAction::WeekOn => self.go(self.day.checked_add_days(Days::new(7)), cx),
            CalendarAction::MonthBack if weeks => self.go(self.day.checked_sub_days(Days::new(7)), cx),
            CalendarAction::MonthOn if weeks => self.go(self.day.checked_add_days(Days::new(7)), cx),
            CalendarAction::Today => self.go_and_find(Some(cx.today()), cx),
            CalendarAction::MonthBack => self.go_and_find(self.day.checked_sub_months(Months::new(1)), cx),
            CalendarAction::MonthOn => self.go_and_find(self.day.checked_add_months(Months::new(1)), cx),
            CalendarAction::NextView => self.turn_view(cx),
            CalendarAction::Filter => self.filtering = true,
            CalendarAction::FilterKeep => self.filtering = false,
            CalendarAction::FilterDrop => {
                self.filtering = false;
                self.filter.clear();
                self.arrange(cx);
            }
            CalendarAction::FilterPanel => self.open_panel(cx),
            CalendarAction::FilterClear => self.clear_filter(cx),
            CalendarAction::ToList => {
                if self.rows().is_empty() {
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
            CalendarAction::Types => types::open(cx),
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

    /// Month, week, agenda, and round again. The cursor stays on its event.
    fn turn_view(&mut self, cx: &mut Context) {
        self.view = match self.view {
            View::Month => View::Week,
            View::Week => View::Agenda,
            View::Agenda => View::Month,
        };
        self.pane = Pane::Grid;
        if first_of_month(self.anchor) != self.month() && self.view != View::Agenda {
            self.anchor = self.day;
            self.ask(cx);
        }
        self.arrange(cx);
        self.jump(self.cursor.at, cx);
        self.settle(cx);
    }

    fn open(&mut self, cx: &mut Context) {
        if self.view == View::Month && self.pane == Pane::Grid && self.rows().len() != 1 {
            return self.act(CalendarAction::ToList, cx);
        }
        if let Some(id) = self.selected {
            self.detail.open = true;
            self.detail.show(id, cx);
        } else {
            cx.say(Tone::Plain, "There is no event to open.");
        }
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &mut Context) {
        let areas = self.areas(cx);
        if self.detail.open {
            let line = self.detail.id.and_then(|id| self.line(id)).cloned();
            let lines = self.detail.rows(line.as_ref(), areas.page.width, cx).len();
            let room = usize::from(areas.page.height);
            return self.detail.scroll(to, lines, room);
        }
        if self.view == View::Week {
            return self.step_week(to, cx);
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
        self.day = day;
        // A list that is not in the order of time stays as it is while the cursor walks through it.
        if self.view == View::Agenda && self.criteria.sort != SortBy::Start {
            return;
        }
        if first_of_month(self.anchor) != self.month() {
            let before = self.window();
            self.anchor = day;
            if self.window() != before {
                self.ask(cx);
            }
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
        let day = first_shown(self.month())? + chrono::Days::new(week * 7 + column);
        (column < 7 && day.month() == self.month().month()).then_some(day)
    }
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The Monday on or before the first of a month.
pub(crate) fn first_shown(month: NaiveDate) -> Option<NaiveDate> {
    month.checked_sub_days(chrono::Days::new(u64::from(
        month.weekday().num_days_from_monday(),
    )))
}
