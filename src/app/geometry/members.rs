//! Where the parts of the members' screen stand.

use ratatui::layout::Rect;

use super::{centred, columns, frame, inside, rows};
use crate::app::context::WIDE;

/// The screen's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Members {
    /// The roles, or the search, and the position.
    pub(crate) kinds: Rect,
    /// The headings of the columns, in the rule.
    pub(crate) rule: Rect,
    pub(crate) list: Rect,
    /// Name and user name of the one in full.
    pub(crate) title: Rect,
    /// One of them in full; beside the list in a wide window, else in its place.
    pub(crate) detail: Rect,
    /// The keys of what can be done about them; empty where there is no room.
    pub(crate) keys: Rect,
    /// The thin line between list and detail.
    pub(crate) divider: Option<u16>,
}

/// Lines of keys beneath a member's page.
const KEYS: u16 = 9;

pub(crate) fn members(size: (u16, u16)) -> Members {
    let body = columns(frame(size).body, 1, size.0.saturating_sub(2));
    let wide = size.0 >= WIDE;
    let below = rows(body, 2, body.height.saturating_sub(2));
    let share = if wide { body.width * 13 / 20 } else { body.width };
    let list = columns(below, 0, share);
    let page = if wide {
        columns(below, share + 3, below.width)
    } else {
        below
    };
    let keys = if wide && page.height >= 24 { KEYS } else { 0 };
    let detail = rows(page, 3, page.height.saturating_sub(3 + keys));
    Members {
        kinds: rows(body, 0, 1),
        rule: rows(body, 1, 1),
        list,
        title: rows(page, 0, 2),
        detail,
        keys: rows(page, page.height.saturating_sub(keys), keys),
        divider: wide.then_some(list.right() + 1),
    }
}

/// The box of somebody's sessions, and its list.
pub(crate) fn sessions(size: (u16, u16), sessions: usize) -> (Rect, Rect) {
    let wanted = u16::try_from(sessions.clamp(1, 16)).unwrap_or(16) + 5;
    let area = centred(size, (74.min(size.0), wanted.min(size.1)));
    let inner = inside(area);
    (area, rows(inner, 1, inner.height.saturating_sub(2)))
}

/// The box of a one-time code.
pub(crate) fn code(size: (u16, u16)) -> Rect {
    centred(size, (70.min(size.0), 16.min(size.1)))
}

/// The box of a role.
pub(crate) fn role(size: (u16, u16)) -> Rect {
    centred(size, (60.min(size.0), 8.min(size.1)))
}
