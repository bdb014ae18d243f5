//! What came for the calendar, put in its place: which events are shown and on which days, under which cursor.

use super::events::{Days, Events};
use super::{Calendar, Pane, View};
use crate::app::context::Context;
use crate::app::effect::Lane;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::event::{EventLine, EventPage};
use crate::domain::event_filter::SortBy;
use crate::domain::{Call, Fault};

/// Most days on which one event is shown.
const MOST_DAYS: usize = 366;

impl Calendar {
    pub(crate) fn answered(&mut self, span: Days, result: Result<Vec<EventLine>, Fault>, cx: &mut Context) {
        let before = self.attended();
        let zone = cx.zone();
        self.events
            .answer(result.map(|lines| Events::new(lines, span, zone)));
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
        if let Some(events) = self.events.get_mut() {
            events.take(line, false, cx.zone());
        }
        self.arrange(cx);
    }

    /// The community's zone is another than was thought.
    pub(crate) fn move_zone(&mut self, cx: &mut Context) {
        if let Some(events) = self.events.get_mut() {
            events.place(cx.zone());
        }
        self.arrange(cx);
    }

    /// Works out again what is shown, where, and under which cursor.
    pub(crate) fn arrange(&mut self, cx: &mut Context) {
        let mut shown = std::mem::take(&mut self.shown);
        let mut days = std::mem::take(&mut self.days);
        shown.clear();
        days.clear();
        if let Some(events) = self.events.get() {
            shown.extend(self.sifted(&self.criteria, events, cx));
            for index in &shown {
                let (line, Some((first, last))) = (&events.lines[*index], events.days(*index)) else {
                    continue;
                };
                let days_of = first.max(events.span.0).iter_days();
                for day in days_of.take_while(|day| *day <= last).take(MOST_DAYS) {
                    let day = days.entry(day).or_default();
                    day.rows.push(*index);
                    day.count += usize::from(line.is_active);
                    day.mine |= line.am_in() || line.my_attendance;
                }
            }
        }
        (self.shown, self.days) = (shown, days);
        self.sort();
        self.arrange_day(cx);
    }

    pub(super) fn arrange_day(&mut self, cx: &mut Context) {
        if self.of(self.day).is_empty() {
            self.pane = Pane::Grid;
        }
        let kept = self.position();
        let at = kept.unwrap_or_else(|| self.nearest(cx));
        self.selected = self
            .rows()
            .get(at)
            .and_then(|index| self.events.get()?.lines.get(*index))
            .map(|line| line.id);
        if kept.is_none() {
            self.jump(at, cx);
        }
        self.settle(cx);
    }

    /// Puts the list's window around a row that the cursor did not walk to.
    pub(super) fn jump(&mut self, at: usize, cx: &Context) {
        let areas = self.areas(cx);
        let page = usize::from(areas.list.height / areas.item_height.max(1));
        self.cursor.jump(at, page);
    }

    fn position(&self) -> Option<usize> {
        let at = self.events.get()?.at(self.selected?)?;
        self.rows().iter().position(|index| *index == at)
    }

    /// The row to start from: in the agenda the first one not over on the chosen day or later.
    fn nearest(&self, cx: &Context) -> usize {
        let Some(events) = self.events.get() else { return 0 };
        if self.view == View::Agenda && self.criteria.sort != SortBy::Start {
            return 0;
        }
        let from = cx.zone().midnight(self.day);
        let from = if self.day == cx.today() { cx.now() } else { from };
        let first = |index: &usize| events.lines.get(*index).is_some_and(|line| line.end_time > from);
        let rows = self.rows();
        rows.iter().position(first).unwrap_or(match self.view {
            View::Month | View::Week => 0,
            View::Agenda => rows.len().saturating_sub(1),
        })
    }

    /// Keeps cursor, window and page together.
    pub(crate) fn settle(&mut self, cx: &mut Context) {
        self.cursor.at = self.position().unwrap_or(0);
        let areas = self.areas(cx);
        let page = usize::from(areas.list.height / areas.item_height.max(1));
        let len = self.rows().len();
        if self.view == View::Week {
            self.settle_week(cx);
        } else {
            self.cursor.fit(len, page);
        }
        let beside = cx.is_wide() && self.view != View::Week;
        if let (true, false, Some(id)) = (beside, self.detail.open, self.selected) {
            self.detail.show(id, cx);
        }
        if self.detail.scroll > 0 {
            let line = self.detail.id.and_then(|id| self.line(id)).cloned();
            let lines = self.detail.rows(line.as_ref(), areas.page.width, cx).len();
            let most = lines.saturating_sub(usize::from(areas.page.height));
            self.detail.scroll = self.detail.scroll.min(most);
        }
    }

    /// An event was saved: turn to it.
    pub(crate) fn show_saved(&mut self, page: &EventPage, cx: &mut Context) {
        let zone = cx.zone();
        self.selected = Some(page.line.id);
        if self.detail.id == Some(page.line.id) {
            self.detail.page = Remote::Here(page.clone());
        }
        if let Some(events) = self.events.get_mut() {
            events.take(page.line.clone(), true, zone);
        }
        self.day = zone.day(page.line.start_time);
        self.anchor = self.day;
        self.arrange(cx);
        self.ask(cx);
    }
}
