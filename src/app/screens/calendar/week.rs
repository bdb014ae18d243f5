//! The week: which event stands where, how the cursor walks through it, and what a click means. In a wide window the
//! days stand side by side and the hours in which something begins go down; in a narrow one the days follow one
//! another, line by line.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Timelike};

use super::Calendar;
use crate::app::action::MoveAction;
use crate::app::context::Context;
use crate::domain::event::EventLine;

/// An event in the week, or a day without any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) day: NaiveDate,
    /// Which of the day's rows; none for a day without any.
    pub(crate) row: Option<usize>,
    /// From the list's left edge.
    pub(crate) x: u16,
    /// From the week's first line, of which the list shows a part.
    pub(crate) y: usize,
    pub(crate) width: u16,
    pub(crate) height: u16,
}

/// The whole week, laid out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Plan {
    pub(crate) places: Vec<Place>,
    /// The lines at which an hour stands; no hour for what began on an earlier day.
    pub(crate) hours: Vec<(usize, Option<u32>)>,
    /// How many lines there are.
    pub(crate) height: usize,
}

/// The rows of the seven days that begin in one hour.
type Band = [Vec<usize>; 7];

impl Calendar {
    pub(crate) fn monday(&self) -> NaiveDate {
        self.day
            .checked_sub_days(Days::new(u64::from(self.day.weekday().num_days_from_monday())))
            .unwrap_or(self.day)
    }

    pub(crate) fn week(&self) -> impl DoubleEndedIterator<Item = NaiveDate> + use<> {
        let monday = self.monday();
        (0..7).filter_map(move |ahead| monday.checked_add_days(Days::new(ahead)))
    }

    /// How many events the week shows, each once.
    pub(crate) fn events_in_week(&self) -> usize {
        let mut all: Vec<usize> = self.week().flat_map(|day| self.of(day)).copied().collect();
        all.sort_unstable();
        all.dedup();
        all.len()
    }

    /// Where everything stands.
    pub(crate) fn plan(&self, cx: &Context) -> Plan {
        if cx.is_wide() {
            self.side_by_side(cx)
        } else {
            self.one_after_the_other(cx)
        }
    }

    fn side_by_side(&self, cx: &Context) -> Plan {
        let areas = self.areas(cx);
        let zone = cx.zone();
        let hour = |line: &EventLine, day| {
            let began = zone.wall(line.start_time);
            (began.date() == day).then(|| began.hour())
        };
        let mut bands: BTreeMap<Option<u32>, Band> = BTreeMap::new();
        let lines = self.events.get().map_or(&[][..], |events| &events.lines);
        for (column, day) in self.week().enumerate() {
            for (row, index) in self.of(day).iter().enumerate() {
                if let Some(line) = lines.get(*index) {
                    bands.entry(hour(line, day)).or_default()[column].push(row);
                }
            }
        }
        let most = |band: &Band| band.iter().map(Vec::len).max().unwrap_or(0);
        let rows: usize = bands.values().map(most).sum();
        let gaps = bands.len().saturating_sub(1);
        let room = usize::from(areas.list.height);
        // As much of each event as lets all of the week be seen at once.
        let (high, gap) = [(3, 1), (2, 1), (2, 0), (1, 1)]
            .into_iter()
            .find(|(high, gap)| rows * high + gaps * gap <= room)
            .unwrap_or((1, 0));
        let mut plan = Plan::default();
        let mut y = 0;
        for (hour, band) in &bands {
            plan.hours.push((y, *hour));
            for ((column, rows), day) in (0..).zip(band).zip(self.week()) {
                let (x, width) = areas.day_column(column);
                plan.places.extend(rows.iter().enumerate().map(|(at, row)| Place {
                    day,
                    row: Some(*row),
                    x,
                    y: y + at * high,
                    width,
                    height: u16::try_from(high).unwrap_or(1),
                }));
            }
            y += most(band) * high + gap;
        }
        plan.height = y.saturating_sub(gap);
        plan
    }

    fn one_after_the_other(&self, cx: &Context) -> Plan {
        let list = self.areas(cx).list;
        let rows: usize = self.week().map(|day| self.of(day).len().max(1)).sum();
        let gap = usize::from(rows + 6 <= usize::from(list.height));
        let mut plan = Plan::default();
        let mut y = 0;
        for day in self.week() {
            let count = self.of(day).len();
            for at in 0..count.max(1) {
                plan.places.push(Place {
                    day,
                    row: (at < count).then_some(at),
                    x: 0,
                    y,
                    width: list.width,
                    height: 1,
                });
                y += 1;
            }
            y += gap;
        }
        plan.height = y.saturating_sub(gap);
        plan
    }

    /// Walks: up and down from event to event through the whole week, a page is another week.
    pub(super) fn step_week(&mut self, to: MoveAction, cx: &mut Context) {
        let days: Vec<(NaiveDate, usize)> = self
            .week()
            .map(|day| (day, self.of(day).len()))
            .filter(|(_, count)| *count > 0)
            .collect();
        let (day, at) = (self.day, self.cursor.at);
        let here = self.of(day).len();
        let goal = match to {
            MoveAction::Up if at > 0 && here > 0 => Some((day, at - 1)),
            MoveAction::Down if at + 1 < here => Some((day, at + 1)),
            MoveAction::Up => days
                .iter()
                .rev()
                .find(|(other, _)| *other < day)
                .map(|(other, count)| (*other, count - 1)),
            MoveAction::Down => days
                .iter()
                .find(|(other, _)| *other > day)
                .map(|(other, _)| (*other, 0)),
            MoveAction::First => days.first().map(|(other, _)| (*other, 0)),
            MoveAction::Last => days.last().map(|(other, count)| (*other, count - 1)),
            MoveAction::PageUp => return self.go(self.day.checked_sub_days(Days::new(7)), cx),
            MoveAction::PageDown => return self.go(self.day.checked_add_days(Days::new(7)), cx),
        };
        if let Some((day, row)) = goal {
            self.go_to_row(day, Some(row), cx);
        }
    }

    /// Goes to a day, and to an event on it.
    pub(crate) fn go_to_row(&mut self, day: NaiveDate, row: Option<usize>, cx: &mut Context) {
        self.go(Some(day), cx);
        if let Some(row) = row {
            self.pick(row, cx);
        }
    }

    /// Keeps what the cursor is on in view.
    pub(super) fn settle_week(&mut self, cx: &Context) {
        let room = usize::from(self.areas(cx).list.height).max(1);
        let plan = self.plan(cx);
        let here = plan
            .places
            .iter()
            .find(|place| place.day == self.day && place.row.is_none_or(|row| row == self.cursor.at));
        if let Some(place) = here {
            let end = place.y + usize::from(place.height);
            self.week_top = self.week_top.min(place.y).max(end.saturating_sub(room));
        }
        self.week_top = self.week_top.min(plan.height.saturating_sub(room));
    }

    /// The day, and the event on it, that stand at a cell.
    pub(crate) fn week_at(&self, x: u16, y: u16, cx: &Context) -> Option<(NaiveDate, Option<usize>)> {
        let areas = self.areas(cx);
        let cell = (x, y).into();
        if areas.list.contains(cell) {
            let at = (x - areas.list.x, usize::from(y - areas.list.y) + self.week_top);
            let hit = self.plan(cx).places.into_iter().find(|place| {
                (place.x..place.x + place.width).contains(&at.0)
                    && (place.y..place.y + usize::from(place.height)).contains(&at.1)
            });
            if let Some(place) = hit {
                return Some((place.day, place.row));
            }
        }
        if !cx.is_wide() || !(areas.list.contains(cell) || areas.week_head.contains(cell)) {
            return None;
        }
        let within = |column: u16| {
            let (from, wide) = areas.day_column(column);
            (from..from + wide).contains(&(x - areas.list.x))
        };
        let hit = (0..7).zip(self.week()).find(|(column, _)| within(*column));
        hit.map(|(_, day)| (day, None))
    }
}
