//! Where the parts of an event's people stand.

use ratatui::layout::Rect;

use super::{centred, columns, frame, inside, rows};
use crate::app::context::WIDE;

/// The screen's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct People {
    /// Which event.
    pub(crate) title: Rect,
    /// Its figures, two lines.
    pub(crate) totals: Rect,
    /// The kinds, or the search.
    pub(crate) kinds: Rect,
    pub(crate) rule: Rect,
    pub(crate) list: Rect,
    /// One of them in full; beside the list in a wide window, else in its place.
    pub(crate) detail: Rect,
    /// The thin line between list and detail.
    pub(crate) divider: Option<u16>,
}

pub(crate) fn people(size: (u16, u16)) -> People {
    let body = columns(frame(size).body, 1, size.0.saturating_sub(2));
    let wide = size.0 >= WIDE;
    let below = rows(body, 5, body.height.saturating_sub(5));
    let share = if wide { body.width * 13 / 20 } else { body.width };
    let list = columns(below, 0, share);
    People {
        title: rows(body, 0, 1),
        totals: rows(body, 1, 2),
        kinds: rows(body, 3, 1),
        rule: rows(body, 4, 1),
        list,
        detail: if wide {
            columns(below, share + 3, below.width)
        } else {
            below
        },
        divider: wide.then_some(list.right() + 1),
    }
}

/// A box within the screen: the message line and the keys stay in view.
fn panel(size: (u16, u16), wanted: (u16, u16)) -> Rect {
    let body = frame(size).body;
    let area = centred((body.width, body.height), wanted);
    Rect {
        y: body.y + area.y,
        ..area
    }
}

/// The box of the filter.
pub(crate) fn people_panel(size: (u16, u16)) -> Rect {
    panel(size, (58, 9))
}

/// The box of a question with so many lines above and below its field.
pub(crate) fn people_ask(size: (u16, u16), lines: u16) -> Rect {
    panel(size, (72.min(size.0), lines + 7))
}

/// The box of a search for a member or an event, and its list.
pub(crate) fn people_find(size: (u16, u16)) -> (Rect, Rect) {
    let area = panel(size, (72.min(size.0), 17));
    let inner = inside(area);
    (area, rows(inner, 2, inner.height.saturating_sub(4)))
}

/// The box of a place.
pub(crate) fn people_place(size: (u16, u16)) -> Rect {
    panel(size, (46, 9))
}

/// The box of what came of several, and its list.
pub(crate) fn people_report(size: (u16, u16), people: usize) -> (Rect, Rect) {
    let wanted = u16::try_from(people.clamp(1, 40)).unwrap_or(40) + 4;
    let area = panel(size, (76.min(size.0), wanted));
    let inner = inside(area);
    (area, rows(inner, 0, inner.height.saturating_sub(2)))
}
