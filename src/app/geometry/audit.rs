//! Where the parts of the audit log and of the settings stand.

use ratatui::layout::Rect;

use super::{columns, frame, rows};
use crate::app::context::WIDE;

/// The page's parts; what has no room is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Audit {
    /// The pages, and where the cursor is.
    pub(crate) title: Rect,
    /// The filter's fields, two lines.
    pub(crate) filter: Rect,
    pub(crate) rule: Rect,
    pub(crate) list: Rect,
    /// One row in full; beside the list in a wide window, else in its place.
    pub(crate) detail: Rect,
    pub(crate) divider: Option<u16>,
}

pub(crate) fn audit(size: (u16, u16), open: bool) -> Audit {
    let body = columns(frame(size).body, 1, size.0.saturating_sub(2));
    let below = rows(body, 4, body.height);
    let frame = Audit {
        title: rows(body, 0, 1),
        filter: rows(body, 1, 2),
        rule: rows(body, 3, 1),
        ..Audit::default()
    };
    if size.0 >= WIDE {
        let share = body.width * 11 / 20;
        let list = columns(below, 0, share);
        return Audit {
            list,
            detail: columns(below, share + 3, below.width),
            divider: Some(list.right() + 1),
            ..frame
        };
    }
    if open {
        Audit {
            detail: below,
            ..frame
        }
    } else {
        Audit { list: below, ..frame }
    }
}

/// The settings' parts: the list, and what is said of the marked one; beside it in a wide window, else below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) title: Rect,
    pub(crate) rule: Rect,
    pub(crate) list: Rect,
    /// Between list and what is said, where that stands below.
    pub(crate) about_rule: Rect,
    pub(crate) about: Rect,
    pub(crate) divider: Option<u16>,
}

/// So many lines has the list.
const SETTINGS: u16 = 13;

pub(crate) fn settings(size: (u16, u16)) -> Settings {
    let body = columns(frame(size).body, 1, size.0.saturating_sub(2));
    let (title, rule) = (rows(body, 0, 1), rows(body, 1, 1));
    let below = rows(body, 2, body.height);
    if size.0 >= WIDE {
        let share = body.width * 11 / 20;
        let list = columns(below, 0, share);
        return Settings {
            title,
            rule,
            list,
            about_rule: Rect::default(),
            about: columns(below, share + 3, below.width),
            divider: Some(list.right() + 1),
        };
    }
    // In a low window the list gives way: it scrolls.
    let about = below.height.saturating_sub(SETTINGS + 1).max(3);
    let list = below.height.saturating_sub(about + 1);
    Settings {
        title,
        rule,
        list: rows(below, 0, list),
        about_rule: rows(below, list, 1),
        about: rows(below, list + 1, about),
        divider: None,
    }
}
