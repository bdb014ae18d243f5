//! The calendar as cells: month grid and the day's list, or the agenda; beside them, in a wide window, the page
//! of the event under the cursor.

use chrono::{Datelike, Days};
use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry::{self, CELL};
use crate::app::requests::Want;
use crate::app::screens::calendar::{Calendar, Pane, View, first_shown};
use crate::app::words;
use crate::domain::event::EventLine;
use crate::domain::when;
use crate::ui::pen::{self, Pen};
use crate::ui::screens::event_page;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

pub(crate) fn draw(pen: &mut Pen, model: &Model, body: Rect) {
    let cx = &model.cx;
    let state = &model.calendar;
    let areas = state.areas(cx);
    let focused = model.overlays.is_empty();
    if let Some(x) = areas.divider {
        pen.divider(x, body);
    }
    title(pen, state, &areas, focused);
    if !areas.grid.is_empty() {
        grid(pen, state, cx, &areas);
    }
    pen.put(
        areas.day_title.x,
        areas.day_title.y,
        areas.day_title.width,
        &format!(
            "{} {} {}",
            when::weekday_name(state.day),
            state.day.day(),
            when::month_name(state.day)
        ),
        pen.theme.bold,
    );
    if !areas.list.is_empty() {
        list(pen, state, cx, &areas);
        foot(pen, state, cx, &areas);
    }
    if !areas.page.is_empty() && (state.detail.open || state.selected.is_some()) {
        let line = state.detail.id.and_then(|id| state.line(id));
        event_page::draw(pen, areas.page, &state.detail, line, cx);
    }
}

fn title(pen: &mut Pen, state: &Calendar, areas: &geometry::Calendar, focused: bool) {
    let row = areas.title;
    let month = format!("{} {}", when::month_name(state.day), state.day.year());
    let used = pen.put(row.x, row.y, row.width, &month, pen.theme.bold);
    if !state.filtering && state.filter.is_empty() {
        return;
    }
    let x = row.x + used + 2;
    let slash = pen.put(x, row.y, row.right().saturating_sub(x), "/", pen.theme.accent);
    let area = Rect::new(x + slash, row.y, row.right().saturating_sub(x + slash).min(30), 1);
    let look = Look {
        focused: focused && state.filtering,
        hidden: false,
        ground: state.filtering,
    };
    field(pen, area, &state.filter, look);
}

fn grid(pen: &mut Pen, state: &Calendar, cx: &Context, areas: &geometry::Calendar) {
    let grid = areas.grid;
    for (name, column) in ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].into_iter().zip(0u16..) {
        pen.put(grid.x + column * CELL + 1, grid.y, 2, name, pen.theme.dim);
    }
    let month = state.month();
    let (Some(first), today) = (first_shown(month), cx.today()) else {
        return;
    };
    let tall = areas.week_height > 1;
    for cell in 0..42u16 {
        let Some(day) = first.checked_add_days(Days::new(u64::from(cell))) else {
            return;
        };
        if day.month() != month.month() {
            continue;
        }
        let x = grid.x + (cell % 7) * CELL;
        let y = grid.y + 1 + (cell / 7) * areas.week_height;
        let t = pen.theme;
        let mark = state.marks.get(&day).copied().unwrap_or_default();
        let number = match (day == today, mark.count) {
            (true, _) => t.accent.patch(t.bold),
            (false, 0) => t.dim,
            (false, _) => t.text,
        };
        pen.put(x + 1, y, 2, &format!("{:>2}", day.day()), number);
        let (count, style) = match mark.count {
            _ if mark.mine => ("✓", t.good),
            0 => (" ", t.dim),
            1 => ("·", t.dim),
            _ => (":", t.dim),
        };
        pen.put(x + 3, y, 1, if tall && !mark.mine { " " } else { count }, style);
        if day == today {
            pen.put(x + 4, y, 1, "◂", t.accent);
        }
        if tall && mark.count > 0 {
            pen.put(x + 1, y + 1, 4, &format!("•{}", mark.count), t.dim);
        }
        if day == state.day {
            let style = if state.pane == Pane::Grid && !state.detail.open {
                t.selection
            } else {
                t.resting
            };
            pen.tint(Rect::new(x, y, 4, 1), style);
        }
    }
    let legend = if tall {
        "•2 events   ✓ you are in   ◂ today"
    } else {
        "· one  : more  ✓ you are in  ◂ today"
    };
    let y = grid.bottom() + u16::from(tall);
    if y < areas.foot.y && areas.page.is_empty() {
        pen.put(grid.x, y, 38, legend, pen.theme.dim);
    }
}

fn list(pen: &mut Pen, state: &Calendar, cx: &Context, areas: &geometry::Calendar) {
    let area = areas.list;
    let first = Rect::new(area.x, area.y, area.width, 1);
    if spinner::instead(pen, first, &state.events, &Want::Events, cx) {
        return;
    }
    let Some(events) = state.events.get() else { return };
    if state.rows().is_empty() {
        return nothing(pen, state, cx, area);
    }
    let agenda = state.view == View::Agenda;
    let page = usize::from(area.height / areas.item_height.max(1));
    let rows = state.rows().iter().enumerate().skip(state.cursor.top).take(page);
    let mut before = None;
    for ((at, index), place) in rows.zip(0u16..) {
        let Some(line) = events.lines.get(*index) else {
            continue;
        };
        let y = area.y + place * areas.item_height;
        let row = Rect::new(area.x, y, area.width, 1);
        if agenda {
            let day = cx.zone().day(line.start_time);
            agenda_row(pen, row, line, (before != Some(day)).then_some(day), cx);
            before = Some(day);
        } else {
            day_row(pen, row, line, cx);
        }
        if at == state.cursor.at {
            let has_keys = (agenda || state.pane == Pane::List) && !state.detail.open && !state.filtering;
            let style = if has_keys {
                pen.theme.selection
            } else {
                pen.theme.resting
            };
            let high = if agenda { 1 } else { 2 };
            let x = area.x.saturating_sub(1);
            pen.tint(
                Rect::new(x, y, area.right() - x + 1, high.min(area.bottom() - y)),
                style,
            );
            pen.put(x, y, 1, "▸", style);
        }
    }
}

fn nothing(pen: &mut Pen, state: &Calendar, cx: &Context, area: Rect) {
    let filtered = !state.filter.is_empty();
    let lines = match (state.view, filtered) {
        (_, true) => [
            "Nothing matches the filter.",
            if state.filtering {
                "Esc drops it."
            } else {
                "/ changes it."
            },
        ],
        (View::Month, false) => ["Nothing on this day.", "v shows what comes next."],
        (View::Agenda, false) => ["No events in these months.", "] goes on to later ones."],
    };
    pen.put(area.x, area.y, area.width, lines[0], pen.theme.dim);
    let second = if cx.is_staff() && !filtered {
        "n makes a new event."
    } else {
        lines[1]
    };
    pen.put(area.x, area.y + 1, area.width, second, pen.theme.dim);
}

fn title_style(pen: &Pen, line: &EventLine, cx: &Context) -> ratatui::style::Style {
    if line.is_active && !line.is_over(cx.now()) {
        pen.theme.text
    } else {
        pen.theme.dim
    }
}

/// Two lines: time, title and who I am to it; place, seats and points.
fn day_row(pen: &mut Pen, row: Rect, line: &EventLine, cx: &Context) {
    let (zone, t) = (cx.zone(), pen.theme);
    pen.put(row.x, row.y, 5, &when::clock_time(line.start_time, zone), t.dim);
    let (word, style) = event_page::standing(pen, line, cx);
    let wide = if word.is_empty() { 0 } else { pen::width(&word) + 1 };
    let title = title_style(pen, line, cx);
    let x = row.x + 7;
    pen.put(
        x,
        row.y,
        row.right().saturating_sub(x + wide),
        line.title.as_str(),
        title,
    );
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
        from = pen.put_right(
            from.saturating_sub(2),
            row.y + 1,
            12,
            &cx.currency().show(price),
            t.dim,
        );
    }
    pen.put(
        x,
        row.y + 1,
        from.saturating_sub(x + 1),
        line.location.as_str(),
        t.dim,
    );
}

fn agenda_row(pen: &mut Pen, row: Rect, line: &EventLine, day: Option<chrono::NaiveDate>, cx: &Context) {
    let (zone, t) = (cx.zone(), pen.theme);
    if let Some(day) = day {
        let style = if day == cx.today() { t.accent } else { t.text };
        pen.put(row.x, row.y, 15, &when::short_day(day, cx.today()), style);
    }
    let same_year = zone.day(line.start_time).year() == cx.today().year();
    let x = row.x + if same_year { 12 } else { 17 };
    pen.put(x, row.y, 5, &when::clock_time(line.start_time, zone), t.dim);
    let x = row.x + 19;
    let (word, style) = event_page::standing(pen, line, cx);
    let right = row.right();
    pen.put(right.saturating_sub(10), row.y, 10, &word, style);
    pen.put_right(
        right.saturating_sub(12),
        row.y,
        7,
        &event_page::seats(line),
        t.dim,
    );
    let room = right.saturating_sub(x + 20);
    let place = if room >= 44 { 18 } else { 0 };
    let title = title_style(pen, line, cx);
    pen.put(x, row.y, room - place, line.title.as_str(), title);
    if place > 0 {
        pen.put(
            x + room - place + 1,
            row.y,
            place - 2,
            line.location.as_str(),
            t.dim,
        );
    }
}

fn foot(pen: &mut Pen, state: &Calendar, cx: &Context, areas: &geometry::Calendar) {
    let count = state.rows().len();
    let text = match (state.view, count) {
        // Nothing is counted before it is here.
        _ if state.events.get().is_none() => String::new(),
        (View::Agenda, 0) => String::new(),
        (View::Agenda, _) => format!("{}/{count} · ", state.cursor.at + 1),
        (View::Month, 1) => "1 event · ".to_owned(),
        (View::Month, _) => format!("{count} events · "),
    };
    let row = areas.foot;
    let used = pen.put(row.x, row.y, row.width, &text, pen.theme.dim);
    let (rest, style) = if let Some(age) = spinner::age(&state.events, cx) {
        (age, pen.theme.warn)
    } else {
        let label = cx.zone().label(cx.zone().midnight(state.day));
        (format!("times in {label}"), pen.theme.dim)
    };
    pen.put(row.x + used, row.y, row.width.saturating_sub(used), &rest, style);
}
