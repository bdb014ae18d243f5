//! The calendar as cells: month grid and the day's list, the week, or the agenda; beside month and agenda, in a wide
//! window, the page of the event under the cursor.

mod month;
mod rows;
mod week;

use chrono::Datelike;
use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::requests::Want;
use crate::app::screens::Tab;
use crate::app::screens::calendar::{Calendar, Pane, View};
use crate::app::words;
use crate::domain::event_filter::{PriceFilter, SortBy};
use crate::domain::when;
use crate::ui::pen::Pen;
use crate::ui::screens::event_page;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

/// What the week's signs mean.
const LEGEND: &str = "✓ you are in   … you wait   ● full   ✕ cancelled";
/// Columns of the text that is looked for, while it is typed.
const PROMPT: u16 = 32;

pub(crate) fn draw(pen: &mut Pen, model: &Model, body: Rect) {
    let cx = &model.cx;
    let state = &model.calendar;
    let areas = state.areas(cx);
    if let Some(x) = areas.divider {
        pen.divider(x, body);
    }
    if !areas.title.is_empty() {
        title(pen, state, &areas, cx);
    }
    if !areas.grid.is_empty() {
        month::grid(pen, state, cx, &areas);
    }
    if !areas.day_title.is_empty() {
        let name = when::weekday_name(state.day);
        let text = format!("{name} {} {}", state.day.day(), when::month_name(state.day));
        let row = areas.day_title;
        pen.put(row.x, row.y, row.width, &text, pen.theme.bold);
    }
    if !areas.list.is_empty() {
        list(pen, state, cx, &areas);
        foot(pen, state, cx, &areas);
    }
    let beside = state.selected.is_some() && state.view != View::Week;
    if !areas.page.is_empty() && (state.detail.open || beside) {
        event_page::draw(pen, areas.page, model);
    }
}

/// What is shown: the month, the week, or the days that were asked for; and how much of it the filter lets through.
fn title(pen: &mut Pen, state: &Calendar, areas: &geometry::Calendar, cx: &Context) {
    let row = areas.title;
    let month = || format!("{} {}", when::month_name(state.day), state.day.year());
    let text = match state.view {
        View::Month => month(),
        View::Week => week_name(state),
        View::Agenda => match state.criteria.range() {
            None if state.criteria.sort == SortBy::Start => month(),
            _ => {
                let (first, last) = state.window();
                let day = |day| when::plain_day(day, cx.today());
                format!("{} – {}", day(first), day(last))
            }
        },
    };
    let used = pen.put(row.x, row.y, row.width, &text, pen.theme.bold) + 2;
    let Some(events) = state.events.get().filter(|_| state.is_filtered()) else {
        return;
    };
    let number = |count: usize| words::number(i64::try_from(count).unwrap_or(i64::MAX));
    let count = format!(
        "▾ {} of {}",
        number(state.shown.len()),
        number(events.lines.len())
    );
    let room = row.width.saturating_sub(used);
    pen.put(row.x + used, row.y, room, &count, pen.theme.accent);
}

/// `23 – 29 November 2026 · week 48`
fn week_name(state: &Calendar) -> String {
    let first = state.monday();
    let last = state.week().next_back().unwrap_or(first);
    let from = match (first.year() == last.year(), first.month() == last.month()) {
        (true, true) => first.day().to_string(),
        (true, false) => format!("{} {}", first.day(), when::month_name(first)),
        (false, _) => format!("{} {} {}", first.day(), when::month_name(first), first.year()),
    };
    let to = format!("{} {} {}", last.day(), when::month_name(last), last.year());
    format!("{from} – {to} · week {}", first.iso_week().week())
}

fn list(pen: &mut Pen, state: &Calendar, cx: &Context, areas: &geometry::Calendar) {
    let area = areas.list;
    let first = Rect::new(area.x, area.y, area.width, 1);
    let want = Want::Events(state.window());
    if state.view == View::Week && state.events.get().is_some() {
        return week::week(pen, state, cx, areas);
    }
    if spinner::instead(pen, first, &state.events, &want, cx) {
        return;
    }
    let Some(events) = state.events.get() else { return };
    if state.rows().is_empty() {
        return nothing(pen, state, cx, area);
    }
    let agenda = state.view == View::Agenda;
    let asks_price = state.criteria.sort == SortBy::Price || state.criteria.price != PriceFilter::Any;
    let page = usize::from(area.height / areas.item_height.max(1));
    let rows = state.rows().iter().enumerate().skip(state.cursor.top).take(page);
    // Months that follow one another need no year.
    let wide = if (events.span.1 - events.span.0).num_days() > 300 {
        rows::DAY_AND_YEAR
    } else {
        rows::DAY
    };
    let mut before = None;
    for ((at, index), place) in rows.zip(0u16..) {
        let Some(line) = events.lines.get(*index) else {
            continue;
        };
        let y = area.y + place * areas.item_height;
        let row = Rect::new(area.x, y, area.width, 1);
        if agenda {
            let day = cx.zone().day(line.start_time);
            if before.replace(day) != Some(day) {
                rows::day_label(pen, row, day, wide, cx);
            }
            rows::event_row(pen, row, line, (day, wide), asks_price, cx);
        } else {
            rows::day_row(pen, row, line, state.day, cx);
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
            let mark = Rect::new(x, y, area.right() - x + 1, high.min(area.bottom() - y));
            pen.tint(mark, style);
            pen.put(x, y, 1, "▸", style);
        }
    }
}

fn nothing(pen: &mut Pen, state: &Calendar, cx: &Context, area: Rect) {
    if state.view == View::Month && !state.knows(state.day) {
        // Not nothing, but not here yet.
        if cx.requests.is_slow(&Want::Events(state.window())) {
            pen.put(area.x, area.y, area.width, spinner::picture(cx), pen.theme.dim);
        }
        return;
    }
    let filtered = state.is_filtered();
    let lines = match (state.view, filtered) {
        (_, true) if state.filtering => ["Nothing matches the filter.", "Esc drops it."],
        (_, true) => ["Nothing matches the filter.", "/ and f change it, Esc clears it."],
        (View::Month | View::Week, false) => ["Nothing on this day.", "v shows what comes next."],
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

fn foot(pen: &mut Pen, state: &Calendar, cx: &Context, areas: &geometry::Calendar) {
    let t = pen.theme;
    let count = state.rows().len();
    let text = match state.view {
        // Nothing is counted before it is here.
        _ if state.events.get().is_none() => String::new(),
        View::Agenda if count == 0 => String::new(),
        View::Agenda => format!("{}/{count} · ", state.cursor.at + 1),
        View::Week => match state.events_in_week() {
            0 if state.is_filtered() => "nothing matches the filter this week · ".to_owned(),
            0 if state.knows(state.day) => "no events this week · ".to_owned(),
            0 => String::new(),
            1 => "1 event this week · ".to_owned(),
            count => format!("{count} events this week · "),
        },
        View::Month if !state.knows(state.day) => String::new(),
        View::Month if count == 1 => "1 event · ".to_owned(),
        View::Month => format!("{count} events · "),
    };
    let row = areas.foot;
    let mut x = row.x + pen.put(row.x, row.y, row.width, &text, t.dim);
    let put =
        |pen: &mut Pen, x, text: &str, style| pen.put(x, row.y, row.right().saturating_sub(x), text, style);
    if let Some(age) = spinner::age(&state.events, cx) {
        x += put(pen, x, &age, t.warn);
    } else {
        let noon = cx.zone().midnight(state.day) + chrono::TimeDelta::hours(12);
        x += put(pen, x, &format!("times in {}", cx.zone().label(noon)), t.dim);
        if let Some(note) = words::other_clock(noon, cx) {
            let area = areas.note;
            if area.is_empty() {
                x += put(pen, x, &format!(" · {note}"), t.warn);
            } else {
                pen.put(area.x, area.y, area.width, &note, t.warn);
            }
        }
    }
    let legend = crate::ui::pen::width(LEGEND);
    if !areas.week_head.is_empty() && x + 2 + legend <= row.right() {
        pen.put_right(row.right(), row.y, legend, LEGEND, t.dim);
    }
}

/// The text that is looked for, while it is typed: it has the message line's beginning. Answers the rest of the line.
pub(crate) fn prompt(pen: &mut Pen, model: &Model, row: Rect) -> Rect {
    let (typing, text) = match model.tab {
        Tab::Registrations => (model.registrations.finding, &model.registrations.find),
        _ => (model.calendar.filtering, &model.calendar.filter),
    };
    let shown = matches!(model.tab, Tab::Calendar | Tab::Registrations) && !model.page_at_hand().0.open;
    if model.cx.me.is_none() || !typing || !shown || !model.overlays.is_empty() {
        return row;
    }
    let slash = pen.put(row.x + 1, row.y, 1, "/", pen.theme.accent);
    let area = geometry::columns(row, 1 + slash, PROMPT.min(row.width / 2));
    let look = Look {
        focused: true,
        hidden: false,
        ground: true,
    };
    field(pen, area, text, look);
    geometry::columns(row, area.right() + 1, row.width)
}
