//! Where the parts of the registrations screen stand: the list, and beside it in a wide window the event page.

use ratatui::layout::Rect;

use super::{columns, frame, rows};
use crate::app::context::WIDE;

/// The parts; what is not there is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Registrations {
    /// Which part is shown, and how many there are of each kind.
    pub(crate) title: Rect,
    pub(crate) list: Rect,
    /// The last line: the zone of the times.
    pub(crate) foot: Rect,
    /// The event page; empty when list and page stand one after the other and the page is closed.
    pub(crate) page: Rect,
    /// The thin line between left and right.
    pub(crate) divider: Option<u16>,
}

pub(crate) fn registrations(size: (u16, u16), open: bool) -> Registrations {
    let body = columns(frame(size).body, 1, size.0.saturating_sub(2));
    let wide = size.0 >= WIDE;
    let none = Rect::new(body.x, body.y, 0, 0);
    if open && !wide {
        return Registrations {
            title: none,
            list: none,
            foot: none,
            page: body,
            divider: None,
        };
    }
    let share = if wide { body.width * 3 / 5 } else { body.width };
    let left = columns(body, 0, share);
    Registrations {
        title: rows(left, 0, 1),
        list: rows(left, 2, body.height.saturating_sub(4)),
        foot: rows(left, body.height.saturating_sub(1), 1),
        page: if wide {
            columns(body, share + 3, body.width)
        } else {
            none
        },
        divider: wide.then_some(left.right() + 1),
    }
}
