//! What is to be settled, as cells: two lines each, who and when above, why below.

use std::fmt::Write as _;

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::settle::Settle;
use crate::domain::when;
use crate::ui::pen::Pen;

pub(crate) fn draw(pen: &mut Pen, settle: &Settle, cx: &Context) {
    let (area, list) = geometry::settle(cx.setup.size, cx.unsettled.len());
    pen.boxed(area, "To be settled");
    let t = pen.theme;
    let rows = cx.unsettled.iter().enumerate().skip(settle.cursor.top);
    for ((at, unsettled), y) in rows.zip((list.top()..list.bottom().saturating_sub(1)).step_by(2)) {
        let row = Rect::new(list.x, y, list.width, 1);
        let below = Rect { y: y + 1, ..row };
        let when = when::day_and_time(unsettled.kept.occurred_at, cx.zone(), cx.now());
        let note = format!("{when}  {}", unsettled.kept.device);
        let from = pen.put_right(row.right(), y, row.width / 2, &note, t.dim);
        pen.put(
            row.x,
            y,
            from.saturating_sub(row.x + 2),
            unsettled.who.as_str(),
            t.bold,
        );
        let mut why = unsettled.why.to_string();
        if let Some(first) = unsettled.first.as_ref()
            && let Some(at) = first.at
        {
            let at = when::clock_time(at, cx.zone());
            let device = first.device.as_ref().map_or("", |device| device.as_str());
            let comma = if device.is_empty() { "" } else { ", " };
            // Writing into a String cannot fail.
            let _ = write!(why, " Since {at}{comma}{device}.");
        }
        pen.put(below.x + 2, below.y, below.width.saturating_sub(2), &why, t.text);
        if at == settle.cursor.at {
            pen.tint(row, t.selection);
            pen.tint(below, t.selection);
        }
    }
    let foot = " s settled   Esc closes ";
    let right = area.right().saturating_sub(2);
    pen.put_right(right, area.bottom().saturating_sub(1), area.width, foot, t.dim);
}
