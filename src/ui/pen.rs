//! Writing into the frame: text cut to its columns by whole letters, aligned, in a style that means something.
//! Every text on the screen passes through here or through ratatui's own widgets, and through the sweep after.

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use super::Theme;

/// The frame under work.
pub(crate) struct Pen<'a> {
    pub(crate) buf: &'a mut Buffer,
    pub(crate) theme: &'a Theme,
    /// Where the terminal's cursor is to stand.
    pub(crate) cursor: Option<Position>,
}

/// Columns that a letter takes.
pub(crate) fn letter_width(letter: &str) -> u16 {
    letter.cell_width()
}

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> u16 {
    if text.is_ascii() {
        return u16::try_from(text.len()).unwrap_or(u16::MAX);
    }
    text.graphemes(true)
        .fold(0, |sum: u16, g| sum.saturating_add(letter_width(g)))
}

/// As much of a text as fits `room` columns: the byte where it ends, the columns it takes, whether all of it fits.
pub(crate) fn fitting(text: &str, room: u16) -> (usize, u16, bool) {
    let mut used: u16 = 0;
    for (at, letter) in text.grapheme_indices(true) {
        let wide = letter_width(letter);
        if used + wide > room {
            return (at, used, false);
        }
        used += wide;
    }
    (text.len(), used, true)
}

impl Pen<'_> {
    /// Writes text from `x` on in at most `room` columns; what does not fit ends in `…`. Answers the columns used.
    pub(crate) fn put(&mut self, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
        let area = self.buf.area;
        if y >= area.bottom() || x >= area.right() || room == 0 {
            return 0;
        }
        let room = room.min(area.right() - x);
        let (end, used, whole) = fitting(text, room);
        if whole {
            self.buf.set_stringn(x, y, text, usize::from(room), style);
            return used;
        }
        let (end, used, _) = if used < room {
            (end, used, false)
        } else {
            fitting(text, room - 1)
        };
        self.buf.set_stringn(x, y, &text[..end], usize::from(used), style);
        self.buf.set_stringn(x + used, y, "…", 1, style);
        used + 1
    }

    /// Writes text that ends before column `right`. Answers the first column used.
    pub(crate) fn put_right(&mut self, right: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
        let wide = width(text).min(room).min(right);
        self.put(right - wide, y, wide, text, style);
        right - wide
    }

    /// Writes text in the middle of a row.
    pub(crate) fn put_centred(&mut self, row: Rect, text: &str, style: Style) {
        let wide = width(text).min(row.width);
        self.put(row.x + (row.width - wide) / 2, row.y, wide, text, style);
    }

    /// Writes pieces one after the other into a row.
    pub(crate) fn pieces(&mut self, row: Rect, pieces: &[(&str, Style)]) -> u16 {
        let mut x = row.x;
        for (text, style) in pieces {
            x += self.put(x, row.y, row.right().saturating_sub(x), text, *style);
        }
        x
    }

    /// Takes away what is written in a rectangle.
    pub(crate) fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buf.area);
        for (x, y) in area.positions().map(|at| (at.x, at.y)) {
            self.buf[(x, y)].reset();
            self.buf[(x, y)].set_style(self.theme.text);
        }
    }

    /// A thin line across.
    pub(crate) fn rule(&mut self, row: Rect) {
        let row = row.intersection(self.buf.area);
        if row.is_empty() {
            return;
        }
        for x in row.left()..row.right() {
            self.buf[(x, row.y)].set_symbol("─").set_style(self.theme.dim);
        }
    }

    /// A thin line down.
    pub(crate) fn divider(&mut self, x: u16, rows: Rect) {
        if x >= self.buf.area.right() {
            return;
        }
        for y in rows.top()..rows.bottom().min(self.buf.area.bottom()) {
            self.buf[(x, y)].set_symbol("│").set_style(self.theme.dim);
        }
    }

    /// Puts a style over what is written.
    pub(crate) fn tint(&mut self, area: Rect, style: Style) {
        let area = area.intersection(self.buf.area);
        self.buf.set_style(area, style);
    }

    /// Empties a rectangle and draws a box with a title around it; answers what is inside.
    pub(crate) fn boxed(&mut self, area: Rect, title: &str) -> Rect {
        let area = area.intersection(self.buf.area);
        if area.width < 4 || area.height < 2 {
            return Rect::new(area.x, area.y, 0, 0);
        }
        for y in area.top()..area.bottom() {
            // A wide letter that the box cuts in two must not hang over its edge.
            if area.x > 0 && letter_width(self.buf[(area.x - 1, y)].symbol()) > 1 {
                self.buf[(area.x - 1, y)].set_symbol(" ");
            }
            for x in area.left()..area.right() {
                let cell = &mut self.buf[(x, y)];
                cell.reset();
                cell.set_style(self.theme.text);
            }
        }
        let (l, r, t, b) = (area.left(), area.right() - 1, area.top(), area.bottom() - 1);
        let style = self.theme.dim;
        for x in l..=r {
            self.buf[(x, t)].set_symbol("─").set_style(style);
            self.buf[(x, b)].set_symbol("─").set_style(style);
        }
        for y in t..=b {
            self.buf[(l, y)].set_symbol("│").set_style(style);
            self.buf[(r, y)].set_symbol("│").set_style(style);
        }
        for (x, y, corner) in [(l, t, "┌"), (r, t, "┐"), (l, b, "└"), (r, b, "┘")] {
            self.buf[(x, y)].set_symbol(corner).set_style(style);
        }
        if !title.is_empty() {
            let title = format!(" {title} ");
            self.put(l + 2, t, area.width.saturating_sub(4), &title, self.theme.bold);
        }
        crate::app::geometry::inside(area)
    }
}
