//! The attendant's menu as cells.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::attendant::{Attendant, Item};
use crate::domain::when;
use crate::ui::pen::Pen;

pub(crate) fn draw(pen: &mut Pen, menu: &Attendant, cx: &Context) {
    let (area, list) = geometry::picker(cx.setup.size, menu.items.len());
    pen.boxed(area, &format!("Kiosk · {}", menu.name));
    let t = pen.theme;
    let rows = menu.items.iter().enumerate().skip(menu.cursor.top);
    for (y, (at, item)) in (list.top()..list.bottom()).zip(rows) {
        let row = Rect::new(list.x, y, list.width, 1);
        let (here, text) = match item {
            Item::Now => (
                menu.event.is_none(),
                "Scans check in to the event that happens now".to_owned(),
            ),
            Item::Event(event) => (
                menu.event == Some(event.id),
                format!(
                    "Scans check in to  {}  {}",
                    when::clock_time(event.start_time, cx.zone()),
                    event.title
                ),
            ),
            Item::Name => (false, "Name this kiosk".to_owned()),
            Item::Restart => (false, "Start again".to_owned()),
            Item::Leave => (false, "Leave the kiosk".to_owned()),
        };
        pen.put(row.x, y, 1, if here { "●" } else { " " }, t.accent);
        pen.put(row.x + 2, y, row.width.saturating_sub(2), &text, t.text);
        if at == menu.cursor.at {
            pen.tint(row, t.selection);
        }
    }
}
