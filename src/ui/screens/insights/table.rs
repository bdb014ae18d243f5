//! The table of a figure: a row a week, a channel or a step of lengths, with a bar of its first number.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::screens::insights::grid::{Grid, Label};
use crate::app::screens::insights::{Depth, Insights, label};
use crate::ui::pen::{self, Pen};
use crate::ui::widgets::bar::bar;

use super::told;

/// Columns of a row's name.
const NAME: u16 = 17;
/// Fewest columns of a number.
const LEAST: u16 = 9;

pub(super) fn draw(pen: &mut Pen, state: &Insights, cx: &Context, areas: &geometry::Insights) {
    let t = pen.theme;
    let (head, list) = (areas.head, areas.table);
    let Some(grid) = state.grid() else { return };
    let inside = state.depth == Depth::Table;
    let widths = widths(&grid, cx);
    let left = first_in_view(&widths, if inside { state.column } else { 0 }, list.width);
    let mut x = list.x + NAME;
    for (column, wide) in grid.columns.iter().zip(&widths).skip(left) {
        if x + wide > list.right() {
            break;
        }
        x += wide;
        pen.put_right(x, head.y, wide - 1, column, t.dim);
    }
    let bars = Rect::new(x + 2, list.y, list.right().saturating_sub(x + 3).min(30), 1);
    let most = grid.rows.iter().filter(|row| row.label != Label::All);
    let most = most
        .filter_map(|row| row.cells.first())
        .map(|cell| cell.value.size())
        .max();
    let rows = grid.rows.iter().enumerate().skip(state.row.top);
    for ((at, row), y) in rows.zip(list.top()..list.bottom()) {
        let here = inside && at == state.row.at;
        let all = row.label == Label::All;
        let name = label(&row.label, cx);
        pen.put(list.x + 1, y, NAME - 1, &name, if all { t.bold } else { t.text });
        if here {
            pen.tint(Rect::new(list.x, y, NAME, 1), t.resting);
        }
        let mut x = list.x + NAME;
        for (column, (cell, wide)) in row.cells.iter().zip(&widths).enumerate().skip(left) {
            if x + wide > list.right() {
                break;
            }
            x += wide;
            let style = match (cell.behind.is_some(), all) {
                (false, _) => t.dim,
                (true, true) => t.bold,
                (true, false) => t.text,
            };
            pen.put_right(x, y, wide - 1, &told(cell.value, cx), style);
            if here && column == state.column {
                pen.tint(Rect::new(x + 1 - wide, y, *wide, 1), t.selection);
            }
        }
        if let (false, Some(first), true) = (all, row.cells.first(), bars.width >= 6) {
            bar(
                pen,
                bars.x,
                y,
                bars.width,
                first.value.size(),
                most.unwrap_or(0).max(1),
                t.accent,
            );
        }
    }
    if grid.rows.len() > usize::from(list.height) && inside {
        let place = format!("{}/{}", state.row.at + 1, grid.rows.len());
        pen.put_right(list.right(), head.y, 9, &place, t.dim);
    }
}

/// As wide as what stands in them, names cut to a sensible length.
fn widths(grid: &Grid, cx: &Context) -> Vec<u16> {
    let columns = grid.columns.iter().enumerate();
    columns
        .map(|(at, name)| {
            let cells = grid.rows.iter().filter_map(|row| row.cells.get(at));
            let widest = cells
                .map(|cell| pen::width(&told(cell.value, cx)))
                .max()
                .unwrap_or(0);
            widest.max(pen::width(name).min(12)).max(LEAST - 1) + 1
        })
        .collect()
}

/// The first column that is shown, so that the one with the cursor is in view.
fn first_in_view(widths: &[u16], column: usize, room: u16) -> usize {
    (0..=column)
        .find(|left| {
            let wide: u16 = widths.iter().take(column + 1).skip(*left).sum();
            NAME + wide <= room
        })
        .unwrap_or(column)
}
