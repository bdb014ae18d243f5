//! The week as cells: in a wide window the days side by side, the hours going down; else the days one after another.

use chrono::{Datelike, NaiveDate, Timelike};
use ratatui::layout::Rect;

use super::rows;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::screens::calendar::{Calendar, Place, Plan};
use crate::app::words;
use crate::domain::event::EventLine;
use crate::domain::when;
use crate::ui::pen::Pen;
use crate::ui::screens::event_page;

pub(super) fn week(pen: &mut Pen, state: &Calendar, cx: &Context, areas: &geometry::Calendar) {
    let plan = state.plan(cx);
    let wide = !areas.week_head.is_empty();
    if wide {
        frame(pen, state, cx, areas, &plan);
    }
    let list = areas.list;
    let mut before = None;
    for place in &plan.places {
        let first = before.replace(place.day) != Some(place.day);
        let (top, end) = (state.week_top, state.week_top + usize::from(list.height));
        if place.y < top || place.y + usize::from(place.height) > end {
            continue;
        }
        let y = list.y + u16::try_from(place.y - top).unwrap_or(0);
        let area = Rect::new(list.x + place.x, y, place.width, place.height);
        let line = place
            .row
            .and_then(|row| state.of(place.day).get(row))
            .and_then(|index| state.events.get()?.lines.get(*index));
        match line {
            Some(line) if wide => block(pen, area, line, place, cx),
            Some(line) => {
                // The first line in view names its day, too.
                if first || y == list.y {
                    rows::day_label(pen, area, place.day, rows::DAY, cx);
                }
                rows::event_row(pen, area, line, (place.day, rows::DAY), false, cx);
            }
            None => {
                rows::day_label(pen, area, place.day, rows::DAY, cx);
                pen.put(area.x + rows::DAY, y, 1, "·", pen.theme.dim);
            }
        }
        let here = place.day == state.day && place.row.is_none_or(|row| row == state.cursor.at);
        if here {
            let style = selection(pen, state);
            if wide {
                pen.tint(
                    Rect {
                        x: area.x + 1,
                        width: area.width - 1,
                        ..area
                    },
                    style,
                );
            } else {
                let x = area.x.saturating_sub(1);
                pen.tint(Rect::new(x, y, area.width + 2, 1), style);
                pen.put(x, y, 1, "▸", style);
            }
        }
    }
    let row = areas.foot;
    if plan.height > usize::from(list.height) {
        let glyph = match (
            state.week_top,
            plan.height - usize::from(list.height) > state.week_top,
        ) {
            (0, _) => "↓",
            (_, true) => "↑↓",
            (_, false) => "↑",
        };
        pen.put_right(row.right(), list.bottom(), 2, glyph, pen.theme.dim);
    }
}

fn selection(pen: &Pen, state: &Calendar) -> ratatui::style::Style {
    if state.detail.open || state.filtering {
        pen.theme.resting
    } else {
        pen.theme.selection
    }
}

/// The days' names, the lines between them, and the hours.
fn frame(pen: &mut Pen, state: &Calendar, cx: &Context, areas: &geometry::Calendar, plan: &Plan) {
    let t = pen.theme;
    let (head, list) = (areas.week_head, areas.list);
    pen.rule(Rect {
        y: head.y + 1,
        ..head
    });
    for (column, day) in (0..).zip(state.week()) {
        let (x, wide) = areas.day_column(column);
        let x = list.x + x;
        pen.divider(x, head);
        pen.divider(x, list);
        let today = day == cx.today();
        let style = if today { t.accent.patch(t.bold) } else { t.text };
        let name = format!("{} {}", &when::weekday_name(day)[..3], day.day());
        let used = pen.put(x + 2, head.y, wide - 3, &name, style);
        if today {
            pen.put(x + 3 + used, head.y, 1, "◂", t.accent);
        }
        if day == state.day {
            let style = if state.of(day).is_empty() {
                selection(pen, state)
            } else {
                t.resting
            };
            pen.tint(Rect::new(x + 1, head.y, wide - 1, 1), style);
        }
    }
    let this_hour = state
        .week()
        .any(|day| day == cx.today())
        .then(|| cx.zone().wall(cx.now()).hour());
    for (y, hour) in &plan.hours {
        let Some(y) = y
            .checked_sub(state.week_top)
            .filter(|y| *y < usize::from(list.height))
        else {
            continue;
        };
        let y = list.y + u16::try_from(y).unwrap_or(0);
        let text = hour.map_or_else(|| "→".to_owned(), |hour| format!("{hour:02}:00"));
        let style = if hour.is_some() && *hour == this_hour {
            t.accent
        } else {
            t.dim
        };
        pen.put(list.x, y, 5, &text, style);
    }
}

/// From when to when, as far as it concerns a day.
fn span(line: &EventLine, day: NaiveDate, cx: &Context) -> String {
    let zone = cx.zone();
    let begin = rows::time_on(day, line, cx);
    if zone.day(line.start_time) != day {
        return begin;
    }
    let end = if zone.day(line.end_time) == day {
        when::clock_time(line.end_time, zone)
    } else {
        "→".to_owned()
    };
    format!("{begin}–{end}")
}

/// An event of one to three lines: when, what I am to it, and its title.
fn block(pen: &mut Pen, area: Rect, line: &EventLine, place: &Place, cx: &Context) {
    let (title, time) = rows::styles(pen, line, cx);
    let (sign, style) = event_page::sign(pen, line);
    let (x, right) = (area.x + 2, area.right());
    let room = right.saturating_sub(x);
    if area.height == 1 {
        let begin = rows::time_on(place.day, line, cx);
        let used = pen.put(x, area.y, room, &begin, time);
        pen.put(x + used, area.y, 1, sign, style);
        let room = room.saturating_sub(used + 1);
        pen.put(x + used + 1, area.y, room, line.title.as_str(), title);
        return;
    }
    pen.put(x, area.y, room, &span(line, place.day, cx), time);
    pen.put(right - 1, area.y, 1, sign, style);
    let lines = words::wrap(line.title.as_str(), usize::from(room));
    if area.height == 2 || lines.len() < 2 {
        pen.put(x, area.y + 1, room, line.title.as_str(), title);
    } else {
        // What does not fit the second line ends it in `…`.
        let rest = line.title.as_str()[lines[0].len()..].trim_start();
        pen.put(x, area.y + 1, room, lines[0], title);
        pen.put(x, area.y + 2, room, rest, title);
    }
}
