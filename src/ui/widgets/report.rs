//! What came of something done about several people: a line for each.

use ratatui::layout::Rect;

use crate::app::batch::Batch;
use crate::app::context::{Context, Tone};
use crate::app::cursor::Cursor;
use crate::app::geometry;
use crate::ui::pen::Pen;

use super::spinner;

/// The box over the screen.
pub(crate) fn report(pen: &mut Pen, batch: &Batch, cursor: Cursor, cx: &Context) {
    let (area, list) = geometry::people_report(cx.setup.size, batch.lines.len());
    let inner = pen.boxed(area, batch.title);
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    let names = inner.width * 2 / 5;
    let shown = batch.lines.iter().enumerate().skip(cursor.top);
    for (y, (at, line)) in (list.top()..list.bottom()).zip(shown) {
        let (glyph, text, style) = match &line.told {
            None => (spinner::picture(cx), "on the way", t.dim),
            Some(told) => match told.tone {
                Tone::Good => ("✓", told.text.as_str(), t.good),
                Tone::Warn | Tone::Plain => ("!", told.text.as_str(), t.warn),
                Tone::Bad => ("✕", told.text.as_str(), t.bad),
            },
        };
        pen.put(list.x, y, 1, glyph, style);
        pen.put(
            list.x + 2,
            y,
            names.saturating_sub(3),
            line.who.full_name.as_str(),
            t.text,
        );
        pen.put(list.x + names, y, list.width.saturating_sub(names), text, style);
        if at == cursor.at && batch.lines.len() > usize::from(list.height) {
            pen.tint(Rect::new(list.x, y, list.width, 1), t.selection);
        }
    }
    let text = format!("{} of {} done", batch.done(), batch.lines.len());
    pen.put(
        inner.x,
        inner.bottom().saturating_sub(1),
        inner.width,
        &text,
        t.bold,
    );
    let (right, foot) = (area.right().saturating_sub(2), area.bottom().saturating_sub(1));
    pen.put_right(
        right,
        foot,
        area.width,
        " who is not done stays marked  Esc close ",
        t.dim,
    );
}
