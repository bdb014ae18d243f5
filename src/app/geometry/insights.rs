//! Where the parts of the insights stand.

use ratatui::layout::Rect;

use super::{columns, frame, rows};
use crate::app::context::WIDE;
use crate::app::screens::insights::Depth;
use crate::app::screens::insights::grid::Figure;

/// Below this height list and table stand one after the other.
const BOTH: u16 = 19;

/// The screen's parts; what has no room is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Insights {
    /// The pages, and which weeks.
    pub(crate) title: Rect,
    pub(crate) rule: Rect,
    /// The list of figures.
    pub(crate) figures: Rect,
    /// When they were counted; whatever else is to be known of the house stands here.
    pub(crate) state: Rect,
    /// The marked figure over time, in a wide window.
    pub(crate) chart: Rect,
    /// Between list and table.
    pub(crate) table_rule: Rect,
    pub(crate) divider: Option<u16>,
    /// The names of the columns.
    pub(crate) head: Rect,
    pub(crate) table: Rect,
    /// What the rows are, in place of the list and the table.
    pub(crate) rows_title: Rect,
    pub(crate) rows: Rect,
}

pub(crate) fn insights(size: (u16, u16), depth: Depth) -> Insights {
    let body = columns(frame(size).body, 1, size.0.saturating_sub(2));
    let below = rows(body, 2, body.height);
    let frame = Insights {
        title: rows(body, 0, 1),
        rule: rows(body, 1, 1),
        ..Insights::default()
    };
    if depth == Depth::Rows {
        return Insights {
            rows_title: rows(below, 0, 1),
            rows: rows(below, 1, below.height),
            ..frame
        };
    }
    let count = u16::try_from(Figure::ALL.len()).unwrap_or(7);
    if size.0 >= WIDE {
        let share = (body.width * 9 / 20).min(66);
        let left = columns(below, 0, share);
        let right = columns(below, share + 3, below.width);
        return Insights {
            figures: rows(left, 0, count),
            state: rows(left, count, 1),
            chart: rows(left, count + 2, left.height),
            divider: Some(left.right() + 1),
            head: rows(right, 0, 1),
            table: rows(right, 1, right.height),
            ..frame
        };
    }
    if body.height >= BOTH {
        return Insights {
            figures: rows(below, 0, count),
            state: rows(below, count, 1),
            table_rule: rows(below, count + 1, 1),
            head: rows(below, count + 2, 1),
            table: rows(below, count + 3, below.height),
            ..frame
        };
    }
    match depth {
        Depth::Figures => Insights {
            figures: rows(below, 0, count),
            state: rows(below, count, 1),
            ..frame
        },
        _ => Insights {
            head: rows(below, 0, 1),
            table: rows(below, 1, below.height),
            ..frame
        },
    }
}
