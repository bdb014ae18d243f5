//! The month grid as cells.

use chrono::{Datelike, Days};
use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry::{self, CELL};
use crate::app::screens::calendar::{Calendar, Pane, first_shown};
use crate::ui::pen::Pen;

pub(super) fn grid(pen: &mut Pen, state: &Calendar, cx: &Context, areas: &geometry::Calendar) {
    let grid = areas.grid;
    for (name, column) in ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].into_iter().zip(0u16..) {
        pen.put(grid.x + column * CELL + 1, grid.y, 2, name, pen.theme.dim);
    }
    let month = state.month();
    let (Some(first), today) = (first_shown(month), cx.today()) else {
        return;
    };
    let tall = areas.week_height > 1;
    for cell in 0..42u16 {
        let Some(day) = first.checked_add_days(Days::new(u64::from(cell))) else {
            return;
        };
        if day.month() != month.month() {
            continue;
        }
        let x = grid.x + (cell % 7) * CELL;
        let y = grid.y + 1 + (cell / 7) * areas.week_height;
        let t = pen.theme;
        let (count, mine) = state
            .days
            .get(&day)
            .map_or((0, false), |day| (day.count, day.mine));
        let number = match (day == today, count) {
            (true, _) => t.accent.patch(t.bold),
            (false, 0) => t.dim,
            (false, _) => t.text,
        };
        pen.put(x + 1, y, 2, &format!("{:>2}", day.day()), number);
        let (glyph, style) = match count {
            _ if mine => ("✓", t.good),
            0 => (" ", t.dim),
            1 => ("·", t.dim),
            _ => (":", t.dim),
        };
        pen.put(x + 3, y, 1, if tall && !mine { " " } else { glyph }, style);
        if day == today {
            pen.put(x + 4, y, 1, "◂", t.accent);
        }
        if tall && count > 0 {
            pen.put(x + 1, y + 1, 4, &format!("•{count}"), t.dim);
        }
        if day == state.day {
            let style = if state.pane == Pane::Grid && !state.detail.open {
                t.selection
            } else {
                t.resting
            };
            pen.tint(Rect::new(x, y, 4, 1), style);
        }
    }
    let legend = if tall {
        "•2 events   ✓ you are in   ◂ today"
    } else {
        "· one  : more  ✓ you are in  ◂ today"
    };
    let y = grid.bottom() + u16::from(tall);
    if y < areas.foot.y && areas.page.is_empty() {
        pen.put(grid.x, y, 38, legend, pen.theme.dim);
    }
}
