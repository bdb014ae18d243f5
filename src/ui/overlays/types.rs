//! The event types as cells: the list, a line for a name, and one for what is wrong.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::types::{Naming, Types};
use crate::app::plan_words;
use crate::app::requests::Want;
use crate::domain::member::UserType;
use crate::ui::pen::Pen;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

pub(crate) fn draw(pen: &mut Pen, types: &Types, cx: &Context, top: bool) {
    let known = types.list.get().map_or(0, Vec::len);
    let (area, list) = geometry::types(cx.setup.size, known);
    let inner = pen.boxed(area, "Event types");
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    let first = Rect { height: 1, ..list };
    if !spinner::instead(pen, first, &types.list, &Want::TypesUsed, cx)
        && let Some(lines) = types.list.get()
    {
        if lines.is_empty() {
            let text = "There are no types yet; n makes one.";
            pen.put(list.x, list.y, list.width, text, t.dim);
        }
        let rows = lines.iter().enumerate().skip(types.cursor.top);
        for (y, (at, line)) in (list.top()..list.bottom()).zip(rows) {
            let row = Rect::new(list.x, y, list.width, 1);
            let events = match line.events {
                0 => "no events".to_owned(),
                events => plan_words::count(events, "event", "events"),
            };
            let mut from = pen.put_right(row.right(), y, 14, &events, t.dim);
            if line.is_trivia {
                from = pen.put_right(row.right().saturating_sub(16), y, 6, "trivia", t.accent);
            }
            pen.put(
                row.x,
                y,
                from.saturating_sub(row.x + 2),
                line.name.as_str(),
                t.text,
            );
            if at == types.cursor.at {
                pen.tint(
                    row,
                    if types.name.is_some() {
                        t.resting
                    } else {
                        t.selection
                    },
                );
            }
        }
    }
    let line = Rect::new(inner.x, inner.bottom().saturating_sub(3), inner.width, 1);
    if let Some((naming, name)) = &types.name {
        let label = match naming {
            Naming::New => "New type  ",
            Naming::Rename(_) => "New name  ",
        };
        let used = pen.put(line.x, line.y, line.width / 2, label, t.bold);
        let look = Look {
            focused: top && !types.is_sending(),
            hidden: false,
            ground: true,
        };
        field(pen, geometry::columns(line, used, line.width), name, look);
    }
    let below = Rect {
        y: line.y + 1,
        height: 2,
        ..line
    };
    if let Some(why) = &types.error {
        let parts = crate::app::words::wrap(why.as_str(), usize::from(below.width));
        for (y, part) in (below.top()..below.bottom()).zip(parts) {
            pen.put(below.x, y, below.width, part, t.bad);
        }
    } else if types.is_sending() {
        if cx.requests.any_slow() {
            pen.put(below.x, below.y, below.width, spinner::picture(cx), t.dim);
        }
    } else if let Some((Naming::Rename(_), _)) = &types.name {
        let text = "Its events are renamed with it.";
        pen.put(below.x, below.y, below.width, text, t.dim);
    }
    let admin = cx.me.as_ref().is_some_and(|me| me.user_type == UserType::Admin);
    let keys = match (&types.name, admin) {
        (Some(_), _) => " Enter keep  Esc leave it ",
        (None, true) => " n new  e rename  t trivia  K J sort  x remove ",
        (None, false) => " administrators change them  Esc closes ",
    };
    let right = area.right().saturating_sub(2);
    pen.put_right(right, area.bottom().saturating_sub(1), area.width, keys, t.dim);
}
