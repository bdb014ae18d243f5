//! The audit log as cells: the filter, the rows, and one of them with before and after side by side.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::requests::Want;
use crate::app::screens::insights::audit::{Audit, AuditWant, FIELDS};
use crate::app::words;
use crate::domain::audit::AuditRow;
use crate::domain::{SafeText, when};
use crate::ui::pen::Pen;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

/// From a field's label to what is typed.
const FIELD: u16 = 8;

pub(crate) fn draw(pen: &mut Pen, model: &Model) {
    let (cx, state) = (&model.cx, &model.audit);
    let t = pen.theme;
    let areas = geometry::audit(cx.setup.size, state.open);
    let row = areas.title;
    let x = super::pages(pen, model, row);
    let mut right = row.right();
    if !state.rows().is_empty() {
        let more = state.page.get().is_some_and(|page| page.next.is_some());
        let of = words::number(i64::try_from(state.rows().len()).unwrap_or(0));
        let place = format!("{}/{of}{}", state.cursor.at + 1, if more { "+" } else { "" });
        right = pen.put_right(right, row.y, right.saturating_sub(x), &place, t.dim);
    }
    if let Some(age) = spinner::age(&state.page, cx) {
        let right = right.saturating_sub(2);
        pen.put_right(right, row.y, right.saturating_sub(x), &age, t.warn);
    }
    filter(pen, model, areas.filter);
    pen.rule(areas.rule);
    if let Some(x) = areas.divider {
        pen.divider(x, areas.list);
    }
    if let Some((_, why)) = &state.wrong {
        let row = geometry::columns(areas.rule, FIELD, areas.rule.width);
        pen.put(row.x, row.y, row.width, &format!("{why} "), t.bad);
    }
    list(pen, state, cx, areas.list);
    if let Some(row) = state.marked() {
        detail(pen, state, row, cx, areas.detail);
    }
}

fn filter(pen: &mut Pen, model: &Model, area: Rect) {
    let t = pen.theme;
    let state = &model.audit;
    let third = area.width / 3;
    for (at, (label, hint, _)) in FIELDS.iter().enumerate() {
        let column = u16::try_from(at % 3).unwrap_or(0);
        let y = area.y + u16::from(at >= 3);
        let here = state.focus == Some(at);
        let style = match &state.wrong {
            Some((wrong, _)) if *wrong == at => t.bad,
            _ if here => t.accent,
            _ => t.dim,
        };
        pen.put(area.x + 1 + column * third, y, 7, label, style);
        let x = area.x + FIELD + column * third;
        let line = Rect::new(x, y, third.saturating_sub(FIELD + 1), 1);
        let text = &state.fields[at];
        if here || !text.is_empty() {
            let focused = here && model.overlays.is_empty();
            let look = Look {
                focused,
                hidden: false,
                ground: here,
            };
            field(pen, line, text, look);
            if here && text.is_empty() {
                pen.put(line.x + 1, y, line.width.saturating_sub(1), hint, t.dim);
            }
        } else {
            pen.put(line.x, y, line.width, "all", t.dim);
        }
    }
}

fn list(pen: &mut Pen, state: &Audit, cx: &Context, list: Rect) {
    let t = pen.theme;
    let want = Want::Audit(AuditWant::Page(state.filter.clone(), None));
    let first = Rect {
        height: 1.min(list.height),
        ..list
    };
    if list.is_empty() || spinner::instead(pen, first, &state.page, &want, cx) {
        return;
    }
    if state.rows().is_empty() {
        let text = if state.focus.is_some() {
            // Nothing is said of rows that nobody has looked for yet.
            "Enter looks for such rows."
        } else if state.filter.is_empty() {
            "Nothing has been done yet."
        } else {
            "No row is like that. Esc shows all rows, f changes the filter."
        };
        pen.put(list.x + 1, list.y, list.width.saturating_sub(1), text, t.dim);
    }
    let rows = state.rows().iter().enumerate().skip(state.cursor.top);
    for ((at, one), y) in rows.zip(list.top()..list.bottom()) {
        let day = cx.zone().day(one.at);
        let time = if day == cx.today() {
            when::clock_seconds(one.at, cx.zone())
        } else {
            format!(
                "{} {}",
                when::plain_day(day, cx.today()),
                when::clock_time(one.at, cx.zone())
            )
        };
        let x = list.x + 1;
        pen.put(x, y, 17, &time, t.dim);
        pen.put(x + 14, y, 12, one.actor.as_str(), t.text);
        pen.put(x + 27, y, 20, &one.deed(), t.text);
        pen.put(
            x + 48,
            y,
            list.right().saturating_sub(x + 48),
            &one.about(),
            t.dim,
        );
        if at == state.cursor.at {
            let style = if state.focus.is_none() {
                t.selection
            } else {
                t.resting
            };
            pen.tint(Rect::new(list.x, y, list.width, 1), style);
        }
    }
}

/// One row: what everybody asks first, then the values.
fn detail(pen: &mut Pen, state: &Audit, row: &AuditRow, cx: &Context, area: Rect) {
    let t = pen.theme;
    if area.is_empty() {
        return;
    }
    let at = when::day_and_time(row.at, cx.zone(), cx.now());
    let from = match &row.client_told {
        Some(address) => format!("{}, from {address} by its own word", row.device),
        None => row.device.to_string(),
    };
    let subject = row
        .subject_id
        .map_or_else(|| row.subject.to_string(), |id| format!("{} {id}", row.subject));
    let head = [
        ("what", row.deed()),
        ("whom", row.about()),
        ("who", row.actor.to_string()),
        (
            "when",
            format!("{at}:{}", &when::clock_seconds(row.at, cx.zone())[6..]),
        ),
        ("where", from),
        ("row", format!("{} · {subject}", row.id)),
    ];
    let mut lines: Vec<Line> = head
        .into_iter()
        .map(|(name, text)| Line::Head(name, text))
        .collect();
    let differences = row.differences();
    lines.push(if differences.is_empty() {
        Line::Rule("Nothing more is written down.")
    } else {
        Line::Rule("")
    });
    lines.extend(differences.into_iter().map(Line::Value));
    let top = state
        .top
        .min(lines.len().saturating_sub(usize::from(area.height)));
    let key = 18.min(area.width / 4);
    let half = area.width.saturating_sub(key + 3) / 2;
    for (line, y) in lines.iter().skip(top).zip(area.top()..area.bottom()) {
        match line {
            Line::Head(name, text) => {
                pen.put(area.x + 1, y, 6, name, t.dim);
                let style = if *name == "what" { t.bold } else { t.text };
                pen.put(area.x + 8, y, area.width.saturating_sub(8), text, style);
            }
            Line::Rule("") => {
                pen.put(area.x + key + 2, y, half, "before", t.dim);
                pen.put(area.x + key + 3 + half, y, half, "after", t.dim);
            }
            Line::Rule(text) => {
                pen.put(area.x + 1, y, area.width.saturating_sub(1), text, t.dim);
            }
            Line::Value(value) => {
                let changed = value.is_change();
                let style = if changed { t.text } else { t.dim };
                pen.put(area.x + 1, y, key, &value.key.as_str().replace('_', " "), style);
                let before = value.before.as_ref().map_or("", SafeText::as_str);
                let after = value.after.as_ref().map_or("", SafeText::as_str);
                pen.put(
                    area.x + key + 2,
                    y,
                    half,
                    before,
                    if changed { t.warn } else { t.dim },
                );
                let style = if changed { t.good } else { t.text };
                pen.put(area.x + key + 3 + half, y, half, after, style);
            }
        }
    }
}

enum Line {
    Head(&'static str, String),
    Rule(&'static str),
    Value(crate::domain::audit::Difference),
}
