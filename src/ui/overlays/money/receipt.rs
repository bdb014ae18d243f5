//! A receipt as cells: its text as it goes into the file.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::money::receipt::ReceiptPage;
use crate::ui::pen::Pen;
use crate::ui::widgets::spinner;

pub(super) fn draw(pen: &mut Pen, page: &ReceiptPage, cx: &Context) {
    let (area, text) = geometry::receipt(cx.setup.size);
    let inner = pen.boxed(area, "Receipt");
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    if !spinner::instead(pen, Rect { height: 1, ..text }, &page.receipt, &page.want(), cx)
        && let Some(all) = page.text(cx)
    {
        for (line, y) in all.lines().skip(page.top).zip(text.top()..text.bottom()) {
            pen.put(text.x, y, text.width, line, t.text);
        }
    }
    let keys = " Ctrl+S as a file  Esc closes ";
    let right = area.right().saturating_sub(2);
    pen.put_right(right, area.bottom().saturating_sub(1), area.width, keys, t.dim);
}
