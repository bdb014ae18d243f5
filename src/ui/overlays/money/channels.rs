//! The ways to pay as cells: the list, and a line for a name.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::money::channels::Channels;
use crate::app::words;
use crate::domain::money::channel_name;
use crate::ui::pen::Pen;
use crate::ui::widgets::field::{Look, field};

pub(super) fn draw(pen: &mut Pen, channels: &Channels, cx: &Context, top: bool) {
    let (area, list) = geometry::channels(cx.setup.size, channels.list.len());
    let inner = pen.boxed(area, "Ways to pay");
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    let room = usize::from(list.height.max(1));
    let from = (channels.cursor.at + 1).saturating_sub(room);
    for (y, (at, name)) in (list.top()..list.bottom()).zip(channels.list.iter().enumerate().skip(from)) {
        let row = Rect::new(list.x, y, list.width, 1);
        let place = format!("{:>2}  ", at + 1);
        let shown = channel_name(name);
        let kept = if shown == *name { "" } else { name.as_str() };
        pen.pieces(
            row,
            &[(&place, t.dim), (&shown, t.text), ("   ", t.dim), (kept, t.dim)],
        );
        if at == channels.cursor.at {
            pen.tint(row, t.selection);
        }
    }
    let line = Rect::new(inner.x, inner.bottom().saturating_sub(2), inner.width, 1);
    if let Some((new, text)) = &channels.typing {
        let label = if *new { "New  " } else { "Name  " };
        let used = pen.put(line.x, line.y, 8, label, t.bold);
        let look = Look {
            focused: top,
            hidden: false,
            ground: true,
        };
        let value = Rect::new(line.x + used, line.y, line.width.saturating_sub(used), 1);
        field(pen, value, text, look);
    }
    let foot = Rect {
        y: line.y + 1,
        ..line
    };
    if let Some(message) = &channels.message {
        let wrapped = words::wrap(message.as_str(), usize::from(foot.width));
        pen.put(
            foot.x,
            foot.y,
            foot.width,
            wrapped.first().copied().unwrap_or_default(),
            t.bad,
        );
    } else if channels.is_changed() {
        pen.put(foot.x, foot.y, foot.width, "Not saved yet: Ctrl+S saves.", t.warn);
    } else {
        let text = "Old payments keep the name they were taken under.";
        pen.put(foot.x, foot.y, foot.width, text, t.dim);
    }
    let keys = " Enter rename  a add  d remove  [ ] order  Esc closes ";
    let right = area.right().saturating_sub(2);
    pen.put_right(right, area.bottom().saturating_sub(1), area.width, keys, t.dim);
}
