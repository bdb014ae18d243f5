//! Members as cells: roles or the search on top, a row for each, and in a wide window one of them in full beside them.
//! Questions lie over the list, within the screen.

mod page;
mod table;

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::screens::members::{Ask, Members, Mode, ROLES};
use crate::app::words;
use crate::ui::pen::Pen;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::report::report;
use crate::ui::widgets::spinner;

pub(crate) fn draw(pen: &mut Pen, model: &Model) {
    let (members, cx) = (&model.members, &model.cx);
    let areas = geometry::members(cx.setup.size);
    kinds(pen, members, model, areas.kinds);
    pen.rule(areas.rule);
    if members.mode == Mode::Page && areas.divider.is_none() {
        page::draw(pen, model, &areas);
    } else {
        table::headings(pen, areas.rule, areas.list);
        table::draw(pen, members, cx, areas.list);
        if let Some(x) = areas.divider {
            pen.divider(x, areas.list);
            page::draw(pen, model, &areas);
        }
    }
    match &members.mode {
        Mode::Ask(question) => ask(pen, question, members, cx, model.overlays.is_empty()),
        Mode::Role => role(pen, members, cx),
        Mode::Report(cursor) => {
            if let Some(batch) = members.batches.last() {
                report(pen, batch, *cursor, cx);
            }
        }
        Mode::Table | Mode::Page | Mode::Search => {}
    }
}

/// The roles that Tab turns over and the state that `f` does, or the search; and the position.
fn kinds(pen: &mut Pen, members: &Members, model: &Model, row: Rect) {
    let (t, cx) = (pen.theme, &model.cx);
    let mut right = pen.put_right(row.right(), row.y, row.width, &position(members), t.dim);
    if let Some(age) = spinner::age(&members.table.pages, cx) {
        let room = right.saturating_sub(row.x + 2);
        right = pen.put_right(right.saturating_sub(2), row.y, room, &age, t.warn);
    }
    let (state, style) = match members.filter.active {
        Some(true) => ("active", t.dim),
        Some(false) => ("deactivated", t.warn),
        None => ("active or not", t.bold),
    };
    let room = right.saturating_sub(row.x + 2);
    let wide = u16::try_from(state.len()).unwrap_or(0) + 2;
    if room > wide {
        let from = Rect::new(right.saturating_sub(wide + 2), row.y, wide, 1);
        pen.pieces(from, &[("f ", t.accent), (state, style)]);
        right = from.x;
    }
    let row = Rect {
        width: right.saturating_sub(row.x + 1),
        ..row
    };
    if members.mode == Mode::Search || !members.search.is_empty() {
        pen.put(row.x, row.y, 1, "/", t.accent);
        let line = Rect::new(row.x + 2, row.y, row.width.saturating_sub(2), 1);
        if members.mode == Mode::Search && members.search.is_empty() {
            let hint = "name, user name, address or pass";
            pen.put(line.x + 1, line.y, line.width, hint, t.dim);
        }
        let look = Look {
            focused: model.overlays.is_empty() && members.mode == Mode::Search,
            hidden: false,
            ground: false,
        };
        return field(pen, line, &members.search, look);
    }
    let mut x = row.x + pen.put(row.x, row.y, row.width, "Tab ", t.accent);
    for role in ROLES {
        let style = if role == members.filter.user_type {
            t.bold.patch(t.underline)
        } else {
            t.dim
        };
        let room = row.right().saturating_sub(x);
        x += pen.put(x, row.y, room, Members::role_title(role), style) + 2;
    }
}

fn position(members: &Members) -> String {
    let of = |count: usize| words::number(i64::try_from(count).unwrap_or(i64::MAX));
    match (members.table.pages.get(), members.table.len()) {
        (None, _) => String::new(),
        (_, 0) => "0/0".to_owned(),
        (_, all) => {
            let more = if members.is_cut() { "+" } else { "" };
            format!("{}/{}{more}", of((members.table.cursor.at + 1).min(all)), of(all))
        }
    }
}

/// The keys, on a box's lower edge.
fn keys(pen: &mut Pen, area: Rect, text: &str) {
    let (right, foot) = (area.right().saturating_sub(2), area.bottom().saturating_sub(1));
    pen.put_right(right, foot, area.width, text, pen.theme.dim);
}

fn ask(pen: &mut Pen, ask: &Ask, members: &Members, cx: &Context, top: bool) {
    let names = if ask.who.len() > 1 { 2 } else { 0 };
    let area = geometry::people_ask(cx.setup.size, names);
    let inner = pen.boxed(area, &ask.title());
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    let mut y = inner.y;
    if ask.who.len() > 1 {
        let names: Vec<&str> = ask.who.iter().map(|who| who.full_name.as_str()).collect();
        let names = names.join(", ");
        for line in words::wrap(&names, usize::from(inner.width)).into_iter().take(2) {
            pen.put(inner.x, y, inner.width, line, t.dim);
            y += 1;
        }
    }
    y += 1;
    pen.put(inner.x, y, 6, "Why *", if ask.sending { t.dim } else { t.bold });
    let line = Rect::new(inner.x + 7, y, inner.width.saturating_sub(7), 1);
    let look = Look {
        focused: top && !ask.sending,
        hidden: false,
        ground: true,
    };
    field(pen, line, &ask.text, look);
    let below = Rect::new(inner.x, y + 1, inner.width, 1);
    let say = |pen: &mut Pen, text: &str, style| {
        let parts = words::wrap(text, usize::from(below.width));
        for (part, at) in parts.into_iter().zip(0..2) {
            pen.put(below.x, below.y + at, below.width, part, style);
        }
    };
    if let Some(why) = &ask.error {
        say(pen, why.as_str(), t.bad);
    } else if ask.sending {
        let left = members.batches.last().map_or(0, |batch| {
            batch.lines.iter().filter(|line| line.told.is_none()).count()
        });
        if ask.who.len() > 1 || cx.requests.any_slow() {
            let text = format!("{} {left} of {} on the way", spinner::picture(cx), ask.who.len());
            say(pen, &text, t.dim);
        }
    } else {
        say(pen, ask.hint(), t.dim);
    }
    keys(pen, area, " Enter send  Esc leave it ");
}

fn role(pen: &mut Pen, members: &Members, cx: &Context) {
    let area = geometry::role(cx.setup.size);
    let Some(row) = members.table.marked() else { return };
    let inner = pen.boxed(area, &format!("Role of {}", row.line.full_name));
    let t = pen.theme;
    let choices = [
        ("1", "member", "registers, attends, collects points"),
        ("2", "staff", "events, the door, members, money"),
        ("3", "administrator", "besides: roles, sessions, settings"),
    ];
    let now = ROLES.iter().position(|role| *role == Some(row.line.user_type));
    for (((key, name, means), at), y) in choices.into_iter().zip(1..).zip(inner.top() + 1..inner.bottom()) {
        let line = Rect::new(inner.x, y, inner.width, 1);
        let style = if now == Some(at) { t.bold } else { t.text };
        let name = format!("{name:<14}");
        pen.pieces(
            line,
            &[(key, t.accent), ("  ", t.dim), (&name, style), (means, t.dim)],
        );
    }
    keys(pen, area, " Esc leave it ");
}
