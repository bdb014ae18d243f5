//! What keys do on the insights screen: which weeks, the figures, the table of one, the rows behind a number.

use chrono::TimeDelta;

use crate::app::action::{InsightAction, MoveAction};
use crate::app::context::Context;
use crate::app::cursor::Cursor;
use crate::app::geometry;
use crate::app::mouse::row_at;
use crate::app::remote::Remote;

use super::grid::{Cell, Figure, Grid};
use super::{Depth, Insights, Range, Rows, monday};

impl Insights {
    /// The number under the cursor.
    pub(crate) fn cell(&self) -> Option<Cell> {
        let mut grid = self.grid()?;
        let mut row = (self.row.at < grid.rows.len()).then(|| grid.rows.swap_remove(self.row.at))?;
        (self.column < row.cells.len()).then(|| row.cells.swap_remove(self.column))
    }

    pub(crate) fn why_not(&self, action: InsightAction, cx: &Context) -> Option<String> {
        match action {
            InsightAction::Later | InsightAction::Now if self.is_running(cx) => {
                Some("These are the newest weeks.".to_owned())
            }
            InsightAction::Open if self.depth == Depth::Table => match self.cell() {
                None => Some("The numbers are not here yet.".to_owned()),
                Some(Cell { behind: None, .. }) => Some("There is nothing behind it.".to_owned()),
                Some(_) => None,
            },
            InsightAction::Open if self.depth == Depth::Rows => Some("These are the rows.".to_owned()),
            InsightAction::Open | InsightAction::Right if self.depth == Depth::Figures => self
                .grid()
                .is_none()
                .then(|| "The numbers are not here yet.".to_owned()),
            InsightAction::Left | InsightAction::Back if self.depth == Depth::Figures => {
                Some("Enter goes into the table.".to_owned())
            }
            InsightAction::File => match (self.depth, self.rows.as_ref()) {
                (Depth::Rows, Some(rows)) if rows.here() == 0 => {
                    Some("There are no rows to write down.".to_owned())
                }
                (Depth::Rows, Some(_)) => cx.needs_link("A file"),
                _ if self.grid().is_none() => Some("The numbers are not here yet.".to_owned()),
                _ => None,
            },
            _ => None,
        }
    }

    pub(crate) fn act(&mut self, action: InsightAction, cx: &mut Context) {
        match action {
            InsightAction::Range => {
                let at = Range::ALL.iter().position(|range| *range == self.range);
                self.range = Range::ALL[(at.unwrap_or(0) + 1) % Range::ALL.len()];
                self.turned(cx);
            }
            InsightAction::Earlier => {
                self.move_by(-i64::from(self.range.weeks()), cx);
            }
            InsightAction::Later => self.move_by(i64::from(self.range.weeks()), cx),
            InsightAction::Now => {
                self.until = None;
                self.turned(cx);
            }
            InsightAction::Open => match self.depth {
                Depth::Figures => self.enter_table(),
                Depth::Table => self.open_rows(cx),
                Depth::Rows => {}
            },
            InsightAction::Right => match self.depth {
                Depth::Figures => self.enter_table(),
                Depth::Table => self.column += 1,
                Depth::Rows => {}
            },
            InsightAction::Left => match self.depth {
                Depth::Table if self.column == 0 => self.depth = Depth::Figures,
                Depth::Table => self.column -= 1,
                Depth::Figures | Depth::Rows => {}
            },
            InsightAction::Back => match self.depth {
                Depth::Rows => {
                    self.rows = None;
                    self.depth = Depth::Table;
                }
                Depth::Table | Depth::Figures => self.depth = Depth::Figures,
            },
            InsightAction::File => self.begin_file(cx),
        }
        self.settle(cx);
    }

    fn enter_table(&mut self) {
        self.depth = Depth::Table;
        self.row = Cursor::default();
        self.column = 0;
    }

    /// Other weeks: rows are of the old ones.
    fn turned(&mut self, cx: &mut Context) {
        self.rows = None;
        if self.depth == Depth::Rows {
            self.depth = Depth::Table;
        }
        self.ask(cx);
    }

    fn move_by(&mut self, weeks: i64, cx: &mut Context) {
        let this = monday(cx.today());
        let until = self.last(cx) + TimeDelta::days(7 * weeks);
        self.until = (until < this).then_some(until);
        self.turned(cx);
    }

    fn open_rows(&mut self, cx: &mut Context) {
        let (
            Some(grid),
            Some(Cell {
                behind: Some(behind), ..
            }),
        ) = (self.grid(), self.cell())
        else {
            return;
        };
        let mut rows = Rows {
            title: self.title_of(&grid, cx),
            behind,
            page: Remote::default(),
            cursor: Cursor::default(),
        };
        rows.ask(None, cx);
        self.rows = Some(rows);
        self.depth = Depth::Rows;
    }

    /// What the number under the cursor is called: `Attendance · trivia · week of Mon 16 Nov`.
    fn title_of(&self, grid: &Grid, cx: &Context) -> String {
        let column = grid.columns.get(self.column).map_or("", String::as_str);
        let label = grid
            .rows
            .get(self.row.at)
            .map(|row| super::label(&row.label, cx))
            .unwrap_or_default();
        format!("{} · {column} · {label}", self.figure().title())
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &mut Context) {
        let areas = geometry::insights(cx.setup.size, self.depth);
        match self.depth {
            Depth::Figures => {
                let was = self.cursor.at;
                let height = usize::from(areas.figures.height);
                self.cursor.step(to, Figure::ALL.len(), height);
                if self.cursor.at != was {
                    (self.row, self.column) = (Cursor::default(), 0);
                }
            }
            Depth::Table => {
                let rows = self.grid().map_or(0, |grid| grid.rows.len());
                self.row.step(to, rows, usize::from(areas.table.height));
            }
            Depth::Rows => {
                if let Some(rows) = &mut self.rows {
                    let here = rows.here();
                    rows.cursor.step(to, here, usize::from(areas.rows.height));
                }
            }
        }
        self.settle(cx);
    }

    /// A click: a figure, a row of the table, or one of those behind a number.
    pub(crate) fn click(&mut self, x: u16, y: u16, cx: &mut Context) {
        let areas = geometry::insights(cx.setup.size, self.depth);
        let rows = self.grid().map_or(0, |grid| grid.rows.len());
        if let Some(at) = row_at(areas.figures, 1, self.cursor.top, x, y).filter(|at| *at < Figure::ALL.len())
        {
            self.depth = Depth::Figures;
            self.cursor.at = at;
            (self.row, self.column) = (Cursor::default(), 0);
        } else if let Some(at) = row_at(areas.table, 1, self.row.top, x, y).filter(|at| *at < rows) {
            self.depth = Depth::Table;
            self.row.at = at;
        } else if let Some(of) = &mut self.rows
            && let Some(at) = row_at(areas.rows, 1, of.cursor.top, x, y).filter(|at| *at < of.here())
        {
            of.cursor.at = at;
        }
        self.settle(cx);
    }
}
