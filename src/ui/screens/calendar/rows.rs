//! An event as a line or two of a list. What runs now stands out, what is over or cancelled steps back.

use chrono::NaiveDate;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::context::Context;
use crate::app::words;
use crate::domain::event::EventLine;
use crate::domain::when;
use crate::ui::pen::{self, Pen};
use crate::ui::screens::event_page;

/// How a title looks, and how the time before it.
pub(super) fn styles(pen: &Pen, line: &EventLine, cx: &Context) -> (Style, Style) {
    let t = pen.theme;
    if !line.is_active || line.is_over(cx.now()) {
        (t.dim, t.dim)
    } else if line.is_running(cx.now()) {
        (t.accent.patch(t.bold), t.accent.patch(t.bold))
    } else {
        (t.text, t.dim)
    }
}

/// When an event begins on a day; if it began before, until when it goes on.
pub(super) fn time_on(day: NaiveDate, line: &EventLine, cx: &Context) -> String {
    let zone = cx.zone();
    if zone.day(line.start_time) == day {
        when::clock_time(line.start_time, zone)
    } else if zone.day(line.end_time) == day {
        format!("→{}", when::clock_time(line.end_time, zone))
    } else {
        "24 h".to_owned()
    }
}

/// Two lines: time, title and who I am to it; place, price, seats and points.
pub(super) fn day_row(pen: &mut Pen, row: Rect, line: &EventLine, day: NaiveDate, cx: &Context) {
    let t = pen.theme;
    let (title, time) = styles(pen, line, cx);
    pen.put(row.x, row.y, 6, &time_on(day, line, cx), time);
    let (word, style) = event_page::standing(pen, line, cx);
    let wide = if word.is_empty() { 0 } else { pen::width(&word) + 1 };
    let x = row.x + 7;
    let room = row.right().saturating_sub(x + wide);
    pen.put(x, row.y, room, line.title.as_str(), title);
    pen.put_right(row.right(), row.y, wide, &word, style);
    let points = if line.points_reward == 0 {
        String::new()
    } else {
        words::signed(i64::from(line.points_reward))
    };
    let right = row.right();
    pen.put_right(right, row.y + 1, 5, &points, t.dim);
    let seats = event_page::seats(line);
    let mut from = pen.put_right(right.saturating_sub(6), row.y + 1, 9, &seats, t.dim);
    if let Some(price) = line.price {
        let price = cx.currency().show(price);
        from = pen.put_right(from.saturating_sub(2), row.y + 1, 12, &price, t.dim);
    }
    let room = from.saturating_sub(x + 1);
    pen.put(x, row.y + 1, room, line.location.as_str(), t.dim);
}

/// The day before a line of a list; with its year if there is room for one.
pub(super) fn day_label(pen: &mut Pen, row: Rect, day: NaiveDate, room: u16, cx: &Context) {
    let today = day == cx.today();
    let style = if today {
        pen.theme.accent.patch(pen.theme.bold)
    } else {
        pen.theme.text
    };
    let year = if room > DAY { cx.today() } else { day };
    pen.put(row.x, row.y, room - 1, &when::short_day(day, year), style);
    if today {
        pen.put(row.x + 10, row.y, 1, "◂", pen.theme.accent);
    }
}

/// Columns of a day before a line, and of one with a year.
pub(super) const DAY: u16 = 12;
pub(super) const DAY_AND_YEAR: u16 = 16;

/// One line, behind where the day stands: time, title, place, price, seats, and who I am to it.
pub(super) fn event_row(
    pen: &mut Pen,
    row: Rect,
    line: &EventLine,
    (day, before): (NaiveDate, u16),
    with_price: bool,
    cx: &Context,
) {
    let t = pen.theme;
    let (title, time) = styles(pen, line, cx);
    pen.put(row.x + before, row.y, 6, &time_on(day, line, cx), time);
    let x = row.x + before + 7;
    let (word, style) = event_page::standing(pen, line, cx);
    let right = row.right();
    pen.put(right.saturating_sub(10), row.y, 10, &word, style);
    let seats = event_page::seats(line);
    pen.put_right(right.saturating_sub(12), row.y, 7, &seats, t.dim);
    let mut room = right.saturating_sub(x + 20);
    if with_price || room >= 36 {
        room = room.saturating_sub(9);
        if let Some(price) = line.price {
            let price = cx.currency().show(price);
            pen.put_right(x + room + 9, row.y, 9, &price, t.dim);
        }
    }
    let place = if room >= 44 { 18 } else { 0 };
    pen.put(x, row.y, room - place, line.title.as_str(), title);
    if place > 0 {
        let x = x + room - place + 1;
        pen.put(x, row.y, place - 2, line.location.as_str(), t.dim);
    }
}
