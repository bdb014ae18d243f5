//! The locked screen. Nothing of what is beneath is drawn.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::overlay::lock::{Lock, Reason};
use crate::app::requests::Want;
use crate::app::words;
use crate::ui::pen::Pen;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

pub(crate) fn draw(pen: &mut Pen, model: &Model, lock: &Lock, body: Rect) {
    let cx = &model.cx;
    let t = pen.theme;
    let (title, hint) = match lock.reason {
        Reason::Idle | Reason::Asked => ("Locked", "Everything is kept as it was."),
        Reason::Ended => (
            "Your session has ended",
            "Type your password to go on where you were.",
        ),
    };
    let left = body.x + body.width.saturating_sub(44) / 2;
    let room = body.right().saturating_sub(left + 1);
    let mut y = body.y + body.height.saturating_sub(7) / 2;
    pen.put(left, y, room, title, t.bold);
    pen.put(left, y + 1, room, hint, t.dim);
    y += if body.height < 9 { 2 } else { 3 };
    if let Some(me) = &cx.me {
        pen.put(left, y, 10, "Name", t.dim);
        pen.put(
            left + 10,
            y,
            room.saturating_sub(10),
            me.username.as_str(),
            t.text,
        );
    }
    pen.put(left, y + 1, 10, "Password", t.text);
    let hidden = Look {
        focused: true,
        hidden: true,
        ground: true,
    };
    field(
        pen,
        Rect::new(left + 10, y + 1, 28.min(room.saturating_sub(10)), 1),
        &lock.password,
        hidden,
    );
    y += 3;
    let (text, style) = if let Some(message) = &lock.message {
        (message.to_string(), t.warn)
    } else if cx.requests.is_slow(&Want::Unlock) {
        (format!("{} one moment", spinner::picture(cx)), t.dim)
    } else {
        return;
    };
    for (line, y) in words::wrap(&text, usize::from(room)).iter().zip(y..body.bottom()) {
        pen.put(left, y, room, line, style);
    }
}
