//! The event form as cells: label, field, message, one line each; the description below has what is left.

use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::form::{FormOverlay, Kind};
use crate::app::requests::Want;
use crate::domain::SafeText;
use crate::domain::event_form::Field;
use crate::ui::pen::{self, Pen};
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

const LABELS: u16 = 10;
const SHORT: u16 = 18;

fn label(of: Field) -> &'static str {
    match of {
        Field::Title => "Title *",
        Field::EventType => "Type *",
        Field::Location => "Place *",
        Field::Start => "Start *",
        Field::End => "End *",
        Field::Every => "Repeat",
        Field::Times => "Times",
        Field::Seats => "Seats",
        Field::Points => "Points",
        Field::Price => "Price",
        Field::Approval => "Approval",
        Field::Description => "About",
    }
}

fn hint(of: Field, kind: Kind) -> &'static str {
    match of {
        Field::Start => "like 2026-11-27 18:30 or 27 Nov 18:30",
        Field::End => "a time is enough: 20:30",
        Field::Every => "every how many weeks; empty for once",
        Field::Times if kind == Kind::Series => "how many copies, this one among them",
        Field::Times => "how many in all; empty for one",
        Field::Seats => "empty for no limit",
        Field::Points => "empty for none",
        Field::Price => "empty for free",
        _ => "",
    }
}

fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::New => "New event",
        Kind::Edit => "Edit event",
        Kind::Duplicate => "New event like this one",
        Kind::Series => "Copies of the event",
    }
}

/// Rows of a field; the description has at least two and what is left.
fn height(of: Field) -> u16 {
    match of {
        Field::Title | Field::Location | Field::Description => 2,
        _ => 1,
    }
}

/// The first field in view, so that the one with the keys is: a low window does not hold them all.
fn first_in_view(form: &FormOverlay, room: u16) -> usize {
    let fields: Vec<Field> = form.fields().collect();
    let focus = fields.iter().position(|field| *field == form.focus).unwrap_or(0);
    (0..=focus)
        .find(|first| {
            fields[*first..=focus]
                .iter()
                .map(|field| height(*field))
                .sum::<u16>()
                <= room
        })
        .unwrap_or(focus)
}

pub(crate) fn draw(pen: &mut Pen, form: &FormOverlay, cx: &Context, top: bool) {
    let area = geometry::form(cx.setup.size);
    let inner = pen.boxed(area, title(form.of));
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    let bottom = inner.bottom().saturating_sub(1);
    let first = first_in_view(form, bottom.saturating_sub(inner.y));
    let mut y = inner.y;
    for at in form.fields().skip(first) {
        if y >= bottom {
            break;
        }
        let style = if form.focus == at { t.bold } else { t.dim };
        pen.put(inner.x, y, LABELS - 1, label(at), style);
        let row = Rect::new(inner.x + LABELS, y, inner.width.saturating_sub(LABELS), 1);
        y += match at {
            Field::EventType => kind(pen, row, form, cx),
            Field::Approval => {
                let text = if form.approval { "yes" } else { "no" };
                let rest = choice(pen, row, text, true, form.focus == at);
                let told = if form.approval {
                    "staff let people in, one by one"
                } else {
                    "whoever registers is in"
                };
                pen.put(rest.x, rest.y, rest.width, told, t.dim);
                1
            }
            Field::Description => {
                let high = bottom.saturating_sub(y);
                let text = Rect { height: high, ..row };
                pen.tint(text, t.field_area);
                form.description.render(text.intersection(pen.buf.area), pen.buf);
                high
            }
            Field::Title | Field::Location => {
                one_line(pen, row, form, at, top);
                // The message has the line below: these fields are as wide as the form.
                note(pen, Rect { y: row.y + 1, ..row }, form, at, cx);
                2
            }
            _ => {
                let short = Rect {
                    width: SHORT.min(row.width),
                    ..row
                };
                one_line(pen, short, form, at, top);
                note(pen, geometry::columns(row, SHORT + 2, row.width), form, at, cx);
                1
            }
        };
    }
    let last = Rect::new(inner.x, bottom, inner.width, 1);
    pen.clear(last);
    foot(pen, last, form, cx);
}

fn one_line(pen: &mut Pen, area: Rect, form: &FormOverlay, at: Field, top: bool) {
    if let Some(line) = form.line(at) {
        let look = Look {
            focused: top && form.focus == at && !form.is_busy(),
            hidden: false,
            ground: true,
        };
        field(pen, area, line, look);
    }
}

/// What is wrong with a field; else how it is understood; else how to fill it.
fn note(pen: &mut Pen, row: Rect, form: &FormOverlay, at: Field, cx: &Context) {
    let t = pen.theme;
    if let Some(why) = form.error(at) {
        pen.put(row.x, row.y, row.width, why, t.bad);
    } else if let Some(echo) = form.echo(at, cx) {
        pen.put(row.x, row.y, row.width, &echo, t.dim);
    } else if form.focus == at {
        pen.put(row.x, row.y, row.width, hint(at, form.of), t.dim);
    }
}

/// `‹ trivia ›`; answers what is left of the row.
fn choice(pen: &mut Pen, row: Rect, shown: &str, chosen: bool, focused: bool) -> Rect {
    let t = pen.theme;
    let arrow = if focused { t.accent } else { t.dim };
    let value = match (chosen, focused) {
        (false, _) => t.dim,
        (true, true) => t.bold,
        (true, false) => t.text,
    };
    let area = Rect {
        width: SHORT.min(row.width),
        ..row
    };
    let shown = SafeText::line(shown);
    pen.pieces(area, &[("‹ ", arrow), (shown.as_str(), value), (" ›", arrow)]);
    geometry::columns(row, SHORT + 2, row.width)
}

fn kind(pen: &mut Pen, row: Rect, form: &FormOverlay, cx: &Context) -> u16 {
    let t = pen.theme;
    if spinner::instead(pen, row, &form.types, &Want::EventTypes, cx) {
        return 1;
    }
    let types = form.types.get().map_or(&[][..], Vec::as_slice);
    let at = types.iter().position(|known| known.as_str() == form.kind);
    let focused = form.focus == Field::EventType;
    let shown = if form.kind.is_empty() {
        "choose"
    } else {
        form.kind.as_str()
    };
    let rest = choice(pen, row, shown, !form.kind.is_empty(), focused);
    if let Some(why) = form.error(Field::EventType) {
        pen.put(rest.x, rest.y, rest.width, why, t.bad);
    } else if focused {
        let count = match at {
            Some(at) => format!("{} of {}", at + 1, types.len()),
            None => format!("{} types", types.len()),
        };
        pen.put(
            rest.x,
            rest.y,
            rest.width,
            &format!("{count} · type to find"),
            t.dim,
        );
    }
    1
}

/// What the repetition comes to, while it is typed and too long for its own line.
fn series(form: &FormOverlay, cx: &Context, wide: u16) -> Option<String> {
    matches!(form.focus, Field::Every | Field::Times)
        .then(|| form.echo(Field::Times, cx))
        .flatten()
        .filter(|told| pen::width(told) > wide.saturating_sub(LABELS + SHORT + 2))
}

fn foot(pen: &mut Pen, row: Rect, form: &FormOverlay, cx: &Context) {
    let t = pen.theme;
    // What was cut beside the field has the whole line here.
    let is_cut = |field: Field, why: &str| match field {
        Field::Title | Field::Location => false,
        Field::Description => true,
        _ => pen::width(why) > row.width.saturating_sub(LABELS + SHORT + 2),
    };
    let here = form.error(form.focus).filter(|why| is_cut(form.focus, why));
    let cut = here.or_else(|| {
        let mut all = form.errors.iter();
        all.find(|(field, why)| is_cut(*field, why))
            .map(|(_, why)| why.as_str())
    });
    if let Some(why) = cut {
        pen.put(row.x, row.y, row.width, why, t.bad);
    } else if cx.requests.is_slow(&Want::Save) || cx.requests.is_slow(&Want::Effects) {
        let text = format!("{} saving", spinner::picture(cx));
        pen.put(row.x, row.y, row.width, &text, t.dim);
    } else if let Some(message) = &form.message {
        pen.put(row.x, row.y, row.width, message.as_str(), t.bad);
    } else if let Some(turns) = form.turns(cx) {
        pen.put(row.x, row.y, row.width, &turns, t.warn);
    } else if let Some(series) = series(form, cx, row.width) {
        pen.put(row.x, row.y, row.width, &series, t.dim);
    } else {
        pen.put_right(row.right(), row.y, row.width, "* must be filled", t.dim);
    }
}
