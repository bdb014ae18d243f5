//! A sheet as cells: what it is about, two lines a field (the field, and what is said of it), and what is said of the
//! whole.

use ratatui::layout::Rect;

use crate::app::context::{Context, Tone};
use crate::app::geometry;
use crate::app::overlay::sheet::{Field, Kind, Sheet};
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::SafeText;
use crate::ui::pen::{Pen, width};
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

const LABELS: u16 = 13;
const WIDTH: u16 = 72;

pub(crate) fn draw(pen: &mut Pen, sheet: &Sheet, cx: &Context, top: bool) {
    let t = pen.theme;
    let room = usize::from(WIDTH.min(cx.setup.size.0).saturating_sub(4));
    let about: Vec<String> = sheet
        .purpose
        .about(cx)
        .iter()
        .flat_map(|line| {
            words::wrap(line, room)
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let above = if about.is_empty() {
        0
    } else {
        count(about.len()) + 1
    };
    let fields = count(sheet.all().len());
    // In a low window what is said of a field stands only below the one that has the keys.
    let each = if above + 2 * fields + 4 <= cx.setup.size.1 {
        2
    } else {
        1
    };
    let low = u16::from(each == 1);
    let high = (above + each * fields + low + 4).min(cx.setup.size.1);
    let area = geometry::centred(cx.setup.size, (WIDTH, high));
    let inner = pen.boxed(area, &sheet.purpose.title());
    if inner.is_empty() {
        return;
    }
    for (line, y) in about.iter().zip(0..) {
        let row = geometry::rows(inner, y, 1);
        pen.put(row.x, row.y, row.width, line, t.text);
    }
    let mut y = above;
    for (at, one) in sheet.all().iter().enumerate() {
        let has_keys = at == sheet.focus;
        line(pen, geometry::rows(inner, y, 1), sheet, one, top && has_keys);
        y += 1;
        if each == 2 || has_keys {
            let below = geometry::columns(geometry::rows(inner, y, 1), LABELS, inner.width);
            said(pen, below, sheet, one, cx, has_keys);
            y += 1;
        }
    }
    foot(pen, sheet, cx, inner);
    let right = area.right().saturating_sub(2);
    let bottom = area.bottom().saturating_sub(1);
    let keys = if sheet.has_secrets() {
        " Ctrl+S send  Ctrl+T show  Esc close "
    } else {
        " Ctrl+S send  Esc close "
    };
    pen.put_right(right, bottom, area.width, keys, t.dim);
}

fn line(pen: &mut Pen, row: Rect, sheet: &Sheet, one: &Field, focused: bool) {
    if row.is_empty() {
        return;
    }
    let t = pen.theme;
    let style = if focused { t.bold } else { t.dim };
    let used = pen.put(row.x, row.y, LABELS - 1, one.label, style);
    if one.required {
        pen.put(row.x + used + 1, row.y, 1, "*", t.dim);
    }
    let line = geometry::columns(row, LABELS, row.width);
    if let Kind::Choice(_) = one.kind {
        let arrow = if focused { t.accent } else { t.dim };
        let middle = if focused { t.bold } else { t.text };
        pen.pieces(line, &[("‹ ", arrow), (one.value(), middle), (" ›", arrow)]);
        return;
    }
    let look = Look {
        focused: focused && !sheet.is_sending(),
        hidden: matches!(one.kind, Kind::Secret) && !sheet.show,
        ground: true,
    };
    field(pen, line, &one.text, look);
    if one.text.is_empty()
        && let Some(proposed) = sheet.purpose.proposal(one.key, &sheet.fields)
    {
        let after = u16::from(look.focused);
        pen.put(
            line.x + after,
            line.y,
            line.width.saturating_sub(after),
            &proposed,
            t.dim,
        );
    }
}

/// What is said of a field: what is wrong, else what the purpose has to say, else its hint.
fn said(pen: &mut Pen, row: Rect, sheet: &Sheet, one: &Field, cx: &Context, has_keys: bool) {
    let t = pen.theme;
    if let Some(why) = &one.error {
        // What is wrong is read whole: what does not fit below the field begins below its label.
        let short = width(why.as_str()).saturating_sub(row.width).min(LABELS);
        let room = row.width + short;
        pen.put(row.x.saturating_sub(short), row.y, room, why.as_str(), t.bad);
    } else if let Some((tone, note)) = sheet.purpose.note(one.key, &sheet.fields, cx) {
        let style = match tone {
            Tone::Plain => t.dim,
            Tone::Good => t.good,
            Tone::Warn => t.warn,
            Tone::Bad => t.bad,
        };
        pen.put(row.x, row.y, row.width, &note, style);
    } else if has_keys {
        pen.put(row.x, row.y, row.width, one.hint, t.dim);
    }
}

/// What is wrong with the field that has the keys, when it is cut there: it is read whole below.
fn too_long(sheet: &Sheet, room: u16) -> Option<&SafeText> {
    let why = sheet.all().get(sheet.focus)?.error.as_ref()?;
    (width(why.as_str()) > room).then_some(why)
}

fn foot(pen: &mut Pen, sheet: &Sheet, cx: &Context, inner: Rect) {
    let t = pen.theme;
    let row = Rect {
        y: inner.bottom().saturating_sub(1),
        height: 1,
        ..inner
    };
    let slow =
        |request: &crate::app::requests::Request| request.slow && matches!(request.want, Want::Sheet(_));
    if cx.requests.writes().any(slow) {
        pen.put(
            row.x,
            row.y,
            row.width,
            &format!("{} one moment", spinner::picture(cx)),
            t.dim,
        );
    } else if let Some(message) = sheet.message.as_ref().or_else(|| too_long(sheet, row.width)) {
        // It may take two lines: the one above the last is empty.
        let wrapped = words::wrap(message.as_str(), usize::from(row.width));
        let lines = wrapped.iter().take(2);
        let from = (row.y + 1).saturating_sub(u16::try_from(lines.len()).unwrap_or(1));
        for (line, y) in lines.zip(from..) {
            pen.put(row.x, y, row.width, line, t.bad);
        }
    } else if sheet.all().iter().any(|field| field.required) {
        pen.put_right(row.right(), row.y, row.width, "* must be filled", t.dim);
    }
}
