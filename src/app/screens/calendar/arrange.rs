//! What came for the calendar, put in its place: which events are shown and on which days, under which cursor,
//! and what is said of the writes that were answered.

use chrono::{NaiveDate, TimeDelta};

use super::{Calendar, Events, Pane, View};
use crate::app::context::{Context, Tone};
use crate::app::effect::Lane;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::event::{CancelOutcome, EventLine, EventPage, RegisterOutcome};
use crate::domain::{Call, Fault, when};

impl Calendar {
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

    pub(super) fn arrange_day(&mut self, cx: &mut Context) {
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
