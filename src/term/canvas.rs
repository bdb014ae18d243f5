//! Frames turned into bytes: a ratatui backend that writes into memory, as few bytes as it can, and hands over each
//! frame whole. It asks the terminal nothing: size, pen and cursor are what it was told and what it wrote.
//!
//! It is also the last border: a cell that holds anything [`may_stand`] refuses becomes blank here, whatever drew it.

use std::convert::Infallible;
use std::fmt::Write as _;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use crate::domain::safe_text::may_stand;

/// Terminals that know it show what stands between these two at once; others ignore them.
pub(super) const FRAME_BEGINS: &str = "\x1b[?2026h";
pub(super) const FRAME_ENDS: &str = "\x1b[?2026l";

/// How the terminal would draw the next letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const PLAIN: Pen = Pen {
    fg: Color::Reset,
    bg: Color::Reset,
    modifier: Modifier::empty(),
};

/// The backend. What is not known (`None`) is written out before it is relied on.
#[derive(Debug)]
pub struct Canvas {
    out: String,
    size: Size,
    pen: Option<Pen>,
    cursor: Option<Position>,
    visible: Option<bool>,
}

impl Canvas {
    /// A canvas of this size on a terminal about which nothing is known yet.
    pub fn new(size: Size) -> Self {
        Self {
            out: FRAME_BEGINS.to_owned(),
            size,
            pen: None,
            cursor: None,
            visible: None,
        }
    }

    /// The window has this size now; ratatui notices before the next frame.
    pub fn set_size(&mut self, size: Size) {
        self.size = size;
    }

    /// The size that frames are drawn in.
    pub fn size_now(&self) -> Size {
        self.size
    }

    /// Somebody else has used the terminal: nothing about it is known any more, and the next frame begins with
    /// these bytes.
    pub fn begin_anew(&mut self, with: &str) {
        self.pen = None;
        self.cursor = None;
        self.visible = None;
        self.out.insert_str(0, with);
    }

    /// The bytes of the frame just drawn, in the escapes that make it appear at once; none if nothing changed.
    /// `spare` is a buffer to write the next frame into.
    pub fn take_frame(&mut self, mut spare: String) -> Option<String> {
        if self.out == FRAME_BEGINS {
            return None;
        }
        self.out.push_str(FRAME_ENDS);
        spare.clear();
        spare.push_str(FRAME_BEGINS);
        Some(std::mem::replace(&mut self.out, spare))
    }

    /// The next frame rings the terminal's bell.
    pub fn ring(&mut self) {
        self.out.push('\x07');
    }

    /// The next frame also takes away what the terminal keeps of lines that have scrolled by.
    pub fn forget_scrolled(&mut self) {
        self.out.push_str("\x1b[3J");
    }

    fn move_to(&mut self, to: Position) {
        let from = self.cursor.replace(to);
        // Writing to a String cannot fail.
        let _ = match from {
            Some(from) if from == to => Ok(()),
            Some(from) if from.y == to.y && from.x < to.x => match to.x - from.x {
                1 => write!(self.out, "\x1b[C"),
                gap => write!(self.out, "\x1b[{gap}C"),
            },
            _ if to.x == 0 && to.y == 0 => write!(self.out, "\x1b[H"),
            _ if to.x == 0 => write!(self.out, "\x1b[{}H", to.y + 1),
            _ => write!(self.out, "\x1b[{};{}H", to.y + 1, to.x + 1),
        };
    }

    fn take_pen(&mut self, next: Pen) {
        if self.pen == Some(next) {
            return;
        }
        if next == PLAIN {
            self.out.push_str("\x1b[m");
            self.pen = Some(next);
            return;
        }
        self.out.push_str("\x1b[");
        // There is no common way to take back bold without dim: what goes, goes with everything else.
        let before = match self.pen {
            Some(pen) if next.modifier.contains(pen.modifier) => pen,
            _ => {
                self.out.push_str("0;");
                PLAIN
            }
        };
        for (flag, code) in MODIFIERS {
            if next.modifier.contains(flag) && !before.modifier.contains(flag) {
                self.out.push_str(code);
            }
        }
        if next.fg != before.fg {
            push_color(&mut self.out, next.fg, false);
        }
        if next.bg != before.bg {
            push_color(&mut self.out, next.bg, true);
        }
        self.out.pop(); // the last semicolon
        self.out.push('m');
        self.pen = Some(next);
    }

    fn put(&mut self, symbol: &str, x: u16, y: u16) {
        if let [b' '..=b'~'] = symbol.as_bytes() {
            self.out.push_str(symbol);
            let x = x + 1;
            // In the last column terminals disagree about where the cursor now is.
            self.cursor = (x < self.size.width).then_some(Position { x, y });
            return;
        }
        if may_stand(symbol) && !symbol.is_empty() {
            self.out.push_str(symbol);
        } else {
            self.out.extend(std::iter::repeat_n(' ', symbol.width().max(1)));
        }
        // Of letters beyond ASCII, fonts and terminals hold different opinions on the width: the position is said
        // again before the next cell, so that columns stay aligned. A single narrow letter is beyond dispute.
        let mut chars = symbol.chars();
        let narrow = matches!(
            (chars.next(), chars.next()),
            (Some('\u{A1}'..='\u{2FF}' | '─'..='▟'), None)
        );
        self.cursor = (narrow && x + 1 < self.size.width).then_some(Position { x: x + 1, y });
    }
}

const MODIFIERS: [(Modifier, &str); 8] = [
    (Modifier::BOLD, "1;"),
    (Modifier::DIM, "2;"),
    (Modifier::ITALIC, "3;"),
    (Modifier::UNDERLINED, "4;"),
    (Modifier::SLOW_BLINK, "5;"),
    (Modifier::REVERSED, "7;"),
    (Modifier::HIDDEN, "8;"),
    (Modifier::CROSSED_OUT, "9;"),
];

fn push_color(out: &mut String, color: Color, ground: bool) {
    let base: u8 = if ground { 40 } else { 30 };
    let plain = match color {
        Color::Reset => base + 9,
        Color::Black => base,
        Color::Red => base + 1,
        Color::Green => base + 2,
        Color::Yellow => base + 3,
        Color::Blue => base + 4,
        Color::Magenta => base + 5,
        Color::Cyan => base + 6,
        Color::Gray => base + 7,
        Color::DarkGray => base + 60,
        Color::LightRed => base + 61,
        Color::LightGreen => base + 62,
        Color::LightYellow => base + 63,
        Color::LightBlue => base + 64,
        Color::LightMagenta => base + 65,
        Color::LightCyan => base + 66,
        Color::White => base + 67,
        Color::Indexed(n) => {
            let _ = write!(out, "{};5;{n};", base + 8);
            return;
        }
        Color::Rgb(r, g, b) => {
            let _ = write!(out, "{};2;{r};{g};{b};", base + 8);
            return;
        }
    };
    let _ = write!(out, "{plain};");
}

impl Backend for Canvas {
    type Error = Infallible;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Infallible>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            self.move_to(Position { x, y });
            self.take_pen(Pen {
                fg: cell.fg,
                bg: cell.bg,
                modifier: cell.modifier,
            });
            self.put(cell.symbol(), x, y);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> Result<(), Infallible> {
        if self.visible.replace(false) != Some(false) {
            self.out.push_str("\x1b[?25l");
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> Result<(), Infallible> {
        if self.visible.replace(true) != Some(true) {
            self.out.push_str("\x1b[?25h");
        }
        Ok(())
    }

    fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Infallible> {
        self.move_to(position.into());
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Infallible> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> Result<(), Infallible> {
        // Cleared cells take the colour of the pen.
        self.take_pen(PLAIN);
        self.out.push_str(match region {
            ClearType::All => "\x1b[2J",
            ClearType::AfterCursor => "\x1b[J",
            ClearType::BeforeCursor => "\x1b[1J",
            ClearType::CurrentLine => "\x1b[2K",
            ClearType::UntilNewLine => "\x1b[K",
        });
        Ok(())
    }

    fn size(&self) -> Result<Size, Infallible> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> Result<WindowSize, Infallible> {
        Ok(WindowSize {
            columns_rows: self.size,
            pixels: Size::default(),
        })
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use ratatui::Terminal;
    use ratatui::style::Stylize;
    use ratatui::text::Line;

    use super::*;

    fn frame(terminal: &mut Terminal<Canvas>, line: Line<'_>, cursor: Option<(u16, u16)>) -> Option<String> {
        terminal
            .draw(|frame| {
                frame.render_widget(line, frame.area());
                if let Some(at) = cursor {
                    frame.set_cursor_position(at);
                }
            })
            .unwrap();
        terminal.backend_mut().take_frame(String::new())
    }

    fn body(frame: Option<String>) -> String {
        let frame = frame.expect("something changed");
        frame
            .strip_prefix(FRAME_BEGINS)
            .unwrap()
            .strip_suffix(FRAME_ENDS)
            .unwrap()
            .to_owned()
    }

    #[test]
    fn nothing_changed_is_no_bytes_and_a_letter_is_a_letter() {
        let mut terminal = Terminal::new(Canvas::new(Size::new(20, 3))).unwrap();
        assert_eq!(
            body(frame(&mut terminal, "an".into(), Some((2, 0)))),
            "\x1b[H\x1b[man\x1b[?25h"
        );
        assert_eq!(frame(&mut terminal, "an".into(), Some((2, 0))), None);
        assert_eq!(body(frame(&mut terminal, "ana".into(), Some((3, 0)))), "a");
        assert_eq!(body(frame(&mut terminal, "ana".into(), None)), "\x1b[?25l");
    }

    #[test]
    fn a_bell_is_a_frame_of_its_own_when_nothing_else_changed() {
        let mut terminal = Terminal::new(Canvas::new(Size::new(20, 1))).unwrap();
        frame(&mut terminal, "ana".into(), None);
        terminal.backend_mut().ring();
        assert_eq!(body(frame(&mut terminal, "ana".into(), None)), "\x07");
        assert_eq!(frame(&mut terminal, "ana".into(), None), None, "it rings once");
    }

    #[test]
    fn the_pen_changes_only_by_what_differs() {
        let mut terminal = Terminal::new(Canvas::new(Size::new(20, 1))).unwrap();
        let line = Line::from(vec!["a".bold(), "b".bold().red(), "c".red(), "d".into()]);
        assert_eq!(
            body(frame(&mut terminal, line, None)),
            "\x1b[H\x1b[0;1ma\x1b[31mb\x1b[0;31mc\x1b[md\x1b[?25l"
        );
        let line = Line::from("a".fg(Color::Indexed(7)).bg(Color::Rgb(1, 2, 3)));
        assert_eq!(
            body(frame(&mut terminal, line, None)),
            "\x1b[H\x1b[38;5;7;48;2;1;2;3ma\x1b[m   "
        );
    }

    #[test]
    fn what_may_not_reach_a_terminal_does_not() {
        // Straight to the backend: ratatui itself panics on some of these in a debug build.
        let symbols = ["\x1b[31m", "a\u{202E}", "\u{200B}", "\u{9B}", "\n", "é", ""];
        let cells = symbols.map(|symbol| {
            let mut cell = Cell::EMPTY;
            cell.set_symbol(symbol);
            cell
        });
        let mut canvas = Canvas::new(Size::new(30, 1));
        canvas
            .draw((0..).step_by(2).zip(&cells).map(|(x, cell)| (x, 0, cell)))
            .unwrap();
        let bytes = body(canvas.take_frame(String::new()));
        let text = bytes.replace("\x1b[m", "");
        let mut pieces = text.split("\x1b[");
        assert_eq!(pieces.next(), Some(""));
        let shown: String = pieces
            .map(|piece| piece.trim_start_matches(|c: char| !c.is_ascii_alphabetic()))
            .collect();
        assert_eq!(
            shown.trim_start_matches('H').replace(['C', 'H', ' '], ""),
            "é",
            "{bytes:?}"
        );
    }

    #[test]
    fn a_wide_letter_is_followed_by_a_position() {
        let mut terminal = Terminal::new(Canvas::new(Size::new(20, 1))).unwrap();
        let bytes = body(frame(&mut terminal, "猫x".into(), None));
        assert!(bytes.contains("猫\x1b[1;3Hx"), "{bytes:?}");
    }

    #[test]
    fn a_new_size_is_taken_up_and_painted_whole() {
        let mut terminal = Terminal::new(Canvas::new(Size::new(20, 2))).unwrap();
        frame(&mut terminal, "hello".into(), None);
        terminal.backend_mut().set_size(Size::new(10, 2));
        let bytes = body(frame(&mut terminal, "hello".into(), None));
        assert!(bytes.contains("\x1b[2J") && bytes.contains("hello"), "{bytes:?}");
    }
}
