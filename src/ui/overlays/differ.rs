//! Two people's changes of one event as cells: the fields that differ, each with theirs and mine, and the marked one's
//! texts in full below.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::differ::{Differ, Row, Side};
use crate::app::{plan_words, words};
use crate::domain::SafeText;
use crate::ui::pen::Pen;

const LABELS: u16 = 10;

pub(crate) fn draw(pen: &mut Pen, differ: &Differ, cx: &Context) {
    let (area, list, below) = geometry::differ(cx.setup.size, differ.rows.len());
    let inner = pen.boxed(area, "Changed by two");
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    let who = plan_words::differs(&differ.theirs.page, differ.by.as_ref(), cx.zone());
    pen.put(inner.x, inner.y, inner.width, &who, t.warn);
    let half = list.width.saturating_sub(LABELS) / 2;
    let (theirs, mine) = (inner.x + LABELS, inner.x + LABELS + half);
    pen.put(theirs + 2, inner.y + 2, half.saturating_sub(3), "theirs", t.dim);
    pen.put(mine + 2, inner.y + 2, half.saturating_sub(3), "mine", t.dim);
    let rows = differ.rows.iter().enumerate().skip(differ.cursor.top);
    for (y, (at, row)) in (list.top()..list.bottom()).zip(rows) {
        pen.put(list.x, y, LABELS - 1, row.field.name(), t.text);
        cell(pen, (theirs, y, half), &row.theirs, row.take == Side::Theirs);
        cell(pen, (mine, y, half), &row.mine, row.take == Side::Mine);
        if at == differ.cursor.at {
            pen.tint(Rect::new(list.x, y, LABELS - 1, 1), t.selection);
        }
    }
    if let Some(row) = differ.marked() {
        whole(pen, below, row);
    }
    let keys = " ← theirs  → mine  Enter go on  Esc back ";
    let right = area.right().saturating_sub(2);
    pen.put_right(right, area.bottom().saturating_sub(1), area.width, keys, t.dim);
}

fn cell(pen: &mut Pen, (x, y, wide): (u16, u16, u16), text: &str, taken: bool) {
    let t = pen.theme;
    let (mark, style) = if taken { ("✓ ", t.bold) } else { ("  ", t.dim) };
    pen.put(x, y, 2, mark, t.good);
    pen.put(x + 2, y, wide.saturating_sub(3), &shown(text), style);
}

fn shown(text: &str) -> String {
    match SafeText::line(text).to_string() {
        line if line.trim().is_empty() => "(empty)".to_owned(),
        line => line,
    }
}

/// How many letters two texts have in common at their beginning.
fn alike(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count()
}

/// What the field was, and both texts, as far as there is room.
fn whole(pen: &mut Pen, area: Rect, row: &Row) {
    let t = pen.theme;
    let told = if row.is_both() {
        "Both of you changed it."
    } else if row.mine == row.was {
        "Only they changed it."
    } else {
        "Only you changed it."
    };
    // Long texts that begin alike are shown from shortly before they part.
    let alike = [&row.theirs, &row.mine]
        .map(|text| alike(&row.was, text))
        .into_iter()
        .chain([alike(&row.theirs, &row.mine)])
        .min()
        .unwrap_or(0);
    let skip = if alike > 80 { alike - 40 } else { 0 };
    let share = usize::from(area.height / 3).max(1);
    let texts: [(&str, &str, Style); 3] = [
        ("was", &row.was, t.dim),
        ("theirs", &row.theirs, t.text),
        ("mine", &row.mine, t.text),
    ];
    let mut y = area.y;
    for (label, text, style) in texts {
        let line = if skip > 0 {
            let rest: String = text.chars().skip(skip).collect();
            format!("…{}", shown(&rest))
        } else {
            shown(text)
        };
        pen.put(area.x, y, LABELS - 1, label, t.dim);
        for part in words::wrap(&line, usize::from(area.width.saturating_sub(LABELS)))
            .into_iter()
            .take(share)
        {
            if y >= area.bottom().saturating_sub(1) {
                break;
            }
            pen.put(area.x + LABELS, y, area.width.saturating_sub(LABELS), part, style);
            y += 1;
        }
    }
    let last = area.bottom().saturating_sub(1);
    if last > area.y {
        pen.put(
            area.x + LABELS,
            last,
            area.width.saturating_sub(LABELS),
            told,
            t.dim,
        );
    }
}
