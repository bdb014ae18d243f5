//! The leaderboard as cells: which one on top, its rows, and the own row, which stays in sight. A name that is looked for
//! and the event types take the place of the rows.

use chrono::{Datelike, NaiveDate, TimeDelta};
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::Model;
use crate::app::context::{Context, Link};
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::screens::leaderboard::{At, Board, BoardWant, Mode};
use crate::app::words;
use crate::domain::board::{Board as Which, Ranked};
use crate::domain::when;
use crate::ui::Theme;
use crate::ui::pen::{self, Pen};
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

pub(crate) fn draw(pen: &mut Pen, model: &Model) {
    let (cx, state) = (&model.cx, &model.board);
    let areas = geometry::board(cx.setup.size);
    title(pen, state, cx, areas.title);
    periods(pen, state, model, areas.periods);
    pen.rule(areas.rule);
    match state.mode {
        Mode::Board => {
            board(pen, state, cx, areas.list);
            own(pen, state, cx, areas.own, areas.list);
        }
        Mode::Find => found(pen, state, cx, areas.list),
        Mode::Types => types(pen, state, cx, areas.list),
    }
}

/// What time or type the board is of.
fn name(state: &Board, cx: &Context) -> String {
    let today = cx.today();
    let monday = today - TimeDelta::days(i64::from(today.weekday().num_days_from_monday()));
    let month = |day: NaiveDate| format!("{} {}", when::month_name(day), day.year());
    let week = |day: NaiveDate| format!("Week of {}", when::short_day(day, today));
    match state.which {
        Which::All => "All time".to_owned(),
        Which::Month => month(today),
        Which::LastMonth => month(today - TimeDelta::days(i64::from(today.day()))),
        Which::Week => week(monday),
        Which::LastWeek => week(monday - TimeDelta::days(7)),
        Which::Type(_) => match state.type_name() {
            Some(name) => format!("{name}, all time"),
            None => "One type, all time".to_owned(),
        },
    }
}

fn title(pen: &mut Pen, state: &Board, cx: &Context, row: Rect) {
    let t = pen.theme;
    let mut right = row.right();
    if let Some(age) = spinner::age(&state.page, cx) {
        right = pen.put_right(right, row.y, row.width, &age, t.warn);
    } else if matches!((&state.page, cx.link), (Remote::Here(_), Link::Live { .. })) {
        let (text, style) = match spinner::copy_age(cx) {
            None => ("live".to_owned(), t.good),
            Some((text, minded)) => (text, if minded { t.warn } else { t.dim }),
        };
        right = pen.put_right(right, row.y, row.width, &text, style);
    }
    if let Some(page) = state.page.get().filter(|_| state.shown == state.which) {
        let count = match page.members {
            1 => "1 member".to_owned(),
            count => format!("{} members", words::number(count)),
        };
        if right < row.right() {
            right = pen.put_right(right, row.y, row.width, " · ", t.dim);
        }
        right = pen.put_right(right, row.y, row.width, &count, t.dim);
    }
    let room = right.saturating_sub(row.x + 2);
    pen.put(row.x, row.y, room, &name(state, cx), t.bold);
}

/// The periods with the one that is shown, or the name that is looked for.
fn periods(pen: &mut Pen, state: &Board, model: &Model, row: Rect) {
    let t = pen.theme;
    match state.mode {
        Mode::Find => {
            pen.put(row.x, row.y, 1, "/", t.accent);
            let line = Rect::new(row.x + 2, row.y, row.width.saturating_sub(2), 1);
            if state.find.is_empty() {
                pen.put(line.x + 1, line.y, line.width, "name or user name", t.dim);
            }
            let look = Look {
                focused: model.overlays.is_empty(),
                hidden: false,
                ground: false,
            };
            field(pen, line, &state.find, look);
        }
        Mode::Types => {
            pen.put(row.x, row.y, row.width, "Events of which type?", t.text);
        }
        Mode::Board => {
            let mut x = row.x + pen.put(row.x, row.y, row.width, "← → ", t.accent);
            for (at, period) in ["all time", "month", "week"].into_iter().enumerate() {
                let here = at == state.period();
                let style = if here { t.bold.patch(t.underline) } else { t.dim };
                x += pen.put(x, row.y, row.right().saturating_sub(x), period, style) + 2;
            }
            let (other, key) = match state.which {
                Which::Month => ("the month before", "["),
                Which::Week => ("the week before", "["),
                Which::LastMonth => ("this month", "]"),
                Which::LastWeek => ("this week", "]"),
                Which::All | Which::Type(_) => return,
            };
            let row = Rect::new(x + 1, row.y, row.right().saturating_sub(x + 1), 1);
            pen.pieces(row, &[(key, t.accent), (" ", t.dim), (other, t.dim)]);
        }
    }
}

fn board(pen: &mut Pen, state: &Board, cx: &Context, list: Rect) {
    let t = pen.theme;
    let first = Rect { height: 1, ..list };
    let asked = cx.requests.on(Lane::Page).map(|request| request.want.clone());
    let want = asked.unwrap_or(Want::Board(BoardWant::Page(state.which, At::Top)));
    if spinner::instead(pen, first, &state.page, &want, cx) {
        return;
    }
    if state.rows().is_empty() {
        if state.shown == state.which {
            empty(pen, state, cx, list);
        }
        return;
    }
    let me = cx.me.as_ref().map(|me| me.user_id);
    let rows = state.rows().iter().enumerate().skip(state.cursor.top);
    for (y, (at, who)) in (list.top()..list.bottom()).zip(rows) {
        let area = Rect::new(list.x, y, list.width, 1);
        row(pen, area, who, Some(who.user_id) == me, state.shown);
        if state.shown != state.which {
            // They are of the board before; the ones of this are on their way.
            pen.tint(area, t.dim);
        } else if at == state.cursor.at {
            pen.tint(area, t.selection);
        }
    }
}

fn empty(pen: &mut Pen, state: &Board, cx: &Context, list: Rect) {
    let when = match state.which {
        Which::All => String::new(),
        Which::Month => " this month".to_owned(),
        Which::Week => " this week".to_owned(),
        Which::LastMonth | Which::LastWeek => format!(" in the {}", name(state, cx).to_lowercase()),
        Which::Type(_) => " at such events".to_owned(),
    };
    let text = match state.which {
        Which::LastMonth => format!("Nobody earned points in {}.", name(state, cx)),
        Which::LastWeek => "Nobody earned points in that week.".to_owned(),
        _ => format!("Nobody has points{when} yet. The first check-in opens the board."),
    };
    for (line, y) in words::wrap(&text, usize::from(list.width))
        .iter()
        .zip(list.top()..list.bottom())
    {
        pen.put(list.x, y, list.width, line, pen.theme.dim);
    }
}

/// My own row under a rule, while it is out of view; members without one are told so.
fn own(pen: &mut Pen, state: &Board, cx: &Context, area: Rect, list: Rect) {
    let Some(page) = state.page.get().filter(|_| state.shown == state.which) else {
        return;
    };
    let line = Rect::new(area.x, area.bottom().saturating_sub(1), area.width, 1);
    if let Some(me) = state.own_out_of_view(usize::from(list.height)) {
        pen.rule(Rect { height: 1, ..area });
        row(pen, line, me, true, state.shown);
    } else if page.me.is_none() && page.members > 0 && !cx.is_staff() {
        pen.rule(Rect { height: 1, ..area });
        let text = "You have no points on this board.";
        pen.put(line.x, line.y, line.width, text, pen.theme.dim);
    }
}

fn found(pen: &mut Pen, state: &Board, cx: &Context, list: Rect) {
    let t = pen.theme;
    let first = Rect { height: 1, ..list };
    let want = Want::Board(BoardWant::Find(state.which, state.wanted_name().to_owned()));
    if state.wanted_name().is_empty() {
        let text = "Type a name, or the beginnings of its words.";
        pen.put(first.x, first.y, first.width, text, t.dim);
        return;
    }
    if spinner::instead(pen, first, &state.found, &want, cx) {
        return;
    }
    let hits = state.found.get().map_or(&[][..], Vec::as_slice);
    if hits.is_empty() {
        let text = "Nobody on this board is called that.";
        pen.put(first.x, first.y, first.width, text, t.dim);
    }
    let me = cx.me.as_ref().map(|me| me.user_id);
    let rows = hits.iter().enumerate().skip(state.choice.top);
    for (y, (at, hit)) in (list.top()..list.bottom()).zip(rows) {
        let area = Rect::new(list.x, y, list.width, 1);
        row(pen, area, hit, Some(hit.user_id) == me, state.which);
        if at == state.choice.at {
            pen.tint(area, t.selection);
        }
    }
}

fn types(pen: &mut Pen, state: &Board, cx: &Context, list: Rect) {
    let t = pen.theme;
    let names = state.type_names();
    let rows = names.iter().enumerate().skip(state.choice.top);
    let mut below = list.y;
    for (y, (at, (which, name))) in (list.top()..list.bottom()).zip(rows) {
        let area = Rect::new(list.x, y, list.width, 1);
        let glyph = if *which == state.which { "✓" } else { " " };
        pen.put(area.x + 1, y, 1, glyph, t.accent);
        pen.put(area.x + 3, y, area.width.saturating_sub(3), name, t.text);
        if at == state.choice.at {
            pen.tint(area, t.selection);
        }
        below = y + 1;
    }
    let next = Rect::new(list.x + 3, below, list.width.saturating_sub(3), 1);
    if below < list.bottom() {
        spinner::instead(pen, next, &state.types, &Want::Board(BoardWant::Types), cx);
    }
}

/// The medal of the first three; the rank beside it says which.
fn medal(rank: i64, t: &Theme) -> Option<Style> {
    match rank {
        1 => Some(t.warn),
        2 => Some(t.bold),
        3 => Some(t.accent),
        _ => None,
    }
}

/// Places won or lost since the period before.
fn movement(who: &Ranked, which: Which, t: &Theme) -> (String, Style) {
    match (who.moved, which) {
        (_, Which::All | Which::Type(_)) => (String::new(), t.dim),
        (None, _) => ("new".to_owned(), t.accent),
        (Some(0), _) => ("·".to_owned(), t.dim),
        (Some(up), _) if up > 0 => (format!("▲{}", words::number(up)), t.good),
        (Some(down), _) => (format!("▼{}", words::number(-down)), t.warn),
    }
}

fn row(pen: &mut Pen, row: Rect, who: &Ranked, mine: bool, which: Which) {
    let t = pen.theme;
    let style = if mine { t.accent.patch(t.bold) } else { t.text };
    let rank = format!("{}{}", if who.tied { "=" } else { "" }, words::number(who.rank));
    pen.put_right(row.x + 9, row.y, 10, &rank, if mine { style } else { t.dim });
    if let Some(style) = medal(who.rank, t) {
        pen.put(row.x + 10, row.y, 1, "★", style);
    }
    let edge = row.right().saturating_sub(1);
    let points = words::number(who.points);
    pen.put_right(edge, row.y, 12, &points, style);
    let mut edge = edge.saturating_sub(pen::width(&points).max(9) + 2);
    let (moved, moved_style) = movement(who, which, t);
    if !matches!(which, Which::All | Which::Type(_)) {
        pen.put_right(edge, row.y, 9, &moved, moved_style);
        edge = edge.saturating_sub(8);
    }
    let x = row.x + 13;
    let tag = if mine { 5 } else { 0 };
    let names = row.width >= 70;
    let room = edge.saturating_sub(x + 1 + tag + if names { 18 } else { 0 });
    let wide = pen.put(x, row.y, room, who.full_name.as_str(), style);
    if mine {
        pen.put(x + wide + 2, row.y, 3, "you", t.accent);
    }
    if names {
        pen.put(edge.saturating_sub(18), row.y, 16, who.username.as_str(), t.dim);
    }
}
