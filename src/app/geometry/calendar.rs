//! Where the calendar's parts stand: month, week or agenda, and beside them in a wide window the event page.

use ratatui::layout::Rect;

use super::{columns, frame, rows};
use crate::app::context::WIDE;
use crate::app::screens::calendar::View;

/// Columns of the month grid, its margin included.
const GRID_WIDTH: u16 = 39;
/// Columns of a day in the month grid.
pub(crate) const CELL: u16 = 5;
/// Columns before the days of the week: the hours.
const HOURS: u16 = 6;

/// The calendar's parts; what a view does not have is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Calendar {
    /// What is shown: the month's name, or the week's days.
    pub(crate) title: Rect,
    /// The month's weekday line and weeks.
    pub(crate) grid: Rect,
    /// Rows from one week to the next.
    pub(crate) week_height: u16,
    /// The names of the week's days, where they stand side by side.
    pub(crate) week_head: Rect,
    /// The chosen day's name.
    pub(crate) day_title: Rect,
    /// The list of events; in the week, its days.
    pub(crate) list: Rect,
    /// Rows of one event in it.
    pub(crate) item_height: u16,
    /// The last line: how many, and in which zone.
    pub(crate) foot: Rect,
    /// Where it is said that the viewer's clock shows another time; if nowhere, behind the foot.
    pub(crate) note: Rect,
    /// The event page; empty when list and page stand one after the other and the page is closed.
    pub(crate) page: Rect,
    /// The thin line between left and right.
    pub(crate) divider: Option<u16>,
}

impl Calendar {
    /// The columns of one day of the week, where the days stand side by side: from the week's own left edge.
    pub(crate) fn day_column(&self, day: u16) -> (u16, u16) {
        let wide = self.list.width.saturating_sub(HOURS) / 7;
        (HOURS + day * wide, wide)
    }
}

pub(crate) fn calendar(size: (u16, u16), view: View, open: bool) -> Calendar {
    let body = columns(frame(size).body, 1, size.0.saturating_sub(2));
    let wide = size.0 >= WIDE;
    let none = Rect::new(body.x, body.y, 0, 0);
    let last = body.height.saturating_sub(1);
    let mut areas = Calendar {
        title: none,
        grid: none,
        week_height: 1,
        week_head: none,
        day_title: none,
        list: none,
        item_height: 1,
        foot: none,
        note: none,
        page: none,
        divider: None,
    };
    if open && (!wide || view == View::Week) {
        areas.page = body;
        return areas;
    }
    match view {
        View::Agenda => {
            let share = if wide { body.width * 11 / 20 } else { body.width };
            let left = columns(body, 0, share);
            areas.title = rows(left, 0, 1);
            areas.list = rows(left, 2, body.height.saturating_sub(4));
            areas.foot = rows(left, last, 1);
            if wide {
                areas.divider = Some(left.right() + 1);
                areas.note = rows(left, last.saturating_sub(1), 1);
                areas.page = columns(body, share + 3, body.width);
            }
        }
        View::Week => {
            areas.title = rows(body, 0, 1);
            areas.foot = rows(body, last, 1);
            if wide {
                areas.week_head = rows(body, 2, 1);
                // Under the names a rule.
                areas.list = rows(body, 4, body.height.saturating_sub(6));
            } else {
                areas.list = rows(body, 2, body.height.saturating_sub(4));
            }
        }
        View::Month => {
            areas.item_height = 3;
            let left = columns(body, 0, GRID_WIDTH - 2);
            areas.title = rows(left, 0, 1);
            areas.divider = Some(GRID_WIDTH);
            let right = columns(body, GRID_WIDTH + 1, body.width);
            if wide {
                areas.grid = rows(left, 2, 7);
                areas.day_title = rows(left, 10, 1);
                areas.list = rows(left, 12, body.height.saturating_sub(14));
                areas.foot = rows(left, last, 1);
                areas.note = rows(left, last.saturating_sub(1), 1);
                areas.page = right;
            } else {
                areas.week_height = if body.height >= 18 { 2 } else { 1 };
                areas.grid = rows(left, 2, 1 + 6 * areas.week_height);
                areas.day_title = rows(right, 0, 1);
                areas.list = rows(right, 2, body.height.saturating_sub(4));
                areas.foot = rows(right, last, 1);
                areas.note = rows(left, last, 1);
            }
        }
    }
    areas
}
