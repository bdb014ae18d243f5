//! The door's log as cells: a filter, the rows, and a line for the reason.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::door_log::LogOverlay;
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::check_in::Outcome;
use crate::domain::passage::LogRow;
use crate::domain::when;
use crate::ui::pen::{self, Pen};
use crate::ui::screens::check_in::passage_look;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

pub(crate) fn draw(pen: &mut Pen, log: &LogOverlay, cx: &Context, top: bool) {
    let (area, list) = geometry::door_log(cx.setup.size);
    let inner = pen.boxed(area, "Log of the door");
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    let look = |focused| Look {
        focused,
        hidden: false,
        ground: false,
    };
    pen.put(inner.x, inner.y, 1, "/", t.accent);
    if log.filter.is_empty() {
        let hint = "name, outcome, terminal, operator, reason";
        pen.put(inner.x + 3, inner.y, inner.width.saturating_sub(18), hint, t.dim);
    }
    let line = Rect::new(inner.x + 2, inner.y, inner.width.saturating_sub(18), 1);
    field(pen, line, &log.filter, look(top && log.reason.is_none()));
    let want = Want::Log {
        query: log.filter.text().trim().to_owned(),
        before: None,
    };
    if !spinner::instead(pen, Rect { height: 1, ..list }, &log.log, &want, cx)
        && let Some(page) = log.log.get()
    {
        let at = (log.cursor.at + 1).min(page.rows.len());
        let at = i64::try_from(at).unwrap_or(i64::MAX);
        let place = format!("{}/{}", words::number(at), words::number(page.total));
        pen.put_right(inner.right(), inner.y, 14, &place, t.dim);
        if page.rows.is_empty() {
            let text = if log.filter.is_empty() {
                "Nobody has been at this door yet."
            } else {
                "Nothing in the log matches."
            };
            pen.put(list.x, list.y, list.width, text, t.dim);
        }
        let rows = page.rows.iter().enumerate().skip(log.cursor.top);
        for (y, (at, one)) in (list.top()..list.bottom()).zip(rows) {
            let line = Rect::new(list.x, y, list.width, 1);
            row(pen, line, one, cx);
            if at == log.cursor.at {
                pen.tint(line, t.selection);
            }
        }
    }
    let mut keys = " Ctrl+Z take back  Ctrl+S as a file  Esc closes ";
    if let Some((row, reason)) = &log.reason {
        // Above the list, where no message covers it.
        let line = geometry::rows(inner, 1, 1);
        let who = row.member.as_ref().map_or(&row.input, |member| &member.full_name);
        let text = format!("Why is {who} taken back? ");
        let used = pen.put(line.x, line.y, line.width / 2, &text, t.warn);
        let area = Rect::new(line.x + used, line.y, line.width.saturating_sub(used), 1);
        field(pen, area, reason, look(top));
        keys = " Enter takes back  Esc leaves it ";
    } else if let Some(reason) = log.marked().and_then(|row| row.reason.as_ref()) {
        let foot = geometry::rows(inner, inner.height.saturating_sub(1), 1);
        pen.put(foot.x, foot.y, foot.width, reason.as_str(), t.dim);
    }
    if pen::width(keys) + 4 > area.width {
        keys = " Esc closes ";
    }
    let right = area.right().saturating_sub(2);
    pen.put_right(right, area.bottom().saturating_sub(1), area.width, keys, t.dim);
}

fn row(pen: &mut Pen, line: Rect, row: &LogRow, cx: &Context) {
    let t = pen.theme;
    let at = when::clock_seconds(row.at, cx.zone());
    pen.put(line.x, line.y, 8, &at, t.dim);
    let (glyph, style) = passage_look(t, row.outcome, row.passage);
    pen.put(line.x + 10, line.y, 1, glyph, style);
    let name = row.member.as_ref().map_or(&row.input, |member| &member.full_name);
    let plain = if row.outcome == Outcome::Ok { t.dim } else { style };
    if line.width < 56 {
        // Who, and what came of it, is what there is room for.
        let brief = pen::width(row.brief()).min(line.width / 3);
        let from = pen.put_right(line.right(), line.y, brief, row.brief(), plain);
        let room = from.saturating_sub(line.x + 13);
        pen.put(line.x + 12, line.y, room, name.as_str(), t.text);
        return;
    }
    let tail = format!("{} · {}", row.device, row.operator);
    let from = pen.put_right(
        line.right(),
        line.y,
        (line.width / 3).min(pen::width(&tail)),
        &tail,
        t.dim,
    );
    let note = from
        .min(line.right().saturating_sub(line.width / 4))
        .saturating_sub(24)
        .max(line.x + 12);
    pen.put(
        line.x + 12,
        line.y,
        note.saturating_sub(line.x + 13),
        name.as_str(),
        t.text,
    );
    pen.put(note, line.y, from.saturating_sub(note + 1), row.brief(), plain);
}
