//! A person's hands and eyes: the keys of an ordinary keyboard, and what is to be seen on the screen.

/// A key on the keyboard, as an ordinary terminal sends it.
#[derive(Debug, Clone, Copy)]
pub enum Key {
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    /// F1 to F12.
    F(u8),
    /// With Ctrl held; a small letter.
    Ctrl(char),
    /// With Alt held.
    Alt(char),
}

impl Key {
    /// What the terminal sends for it.
    pub fn bytes(self) -> String {
        match self {
            Self::Enter => "\r".into(),
            Self::Esc => "\x1b".into(),
            Self::Tab => "\t".into(),
            Self::BackTab => "\x1b[Z".into(),
            Self::Backspace => "\x7f".into(),
            Self::Delete => "\x1b[3~".into(),
            Self::Up => "\x1b[A".into(),
            Self::Down => "\x1b[B".into(),
            Self::Right => "\x1b[C".into(),
            Self::Left => "\x1b[D".into(),
            Self::Home => "\x1b[H".into(),
            Self::End => "\x1b[F".into(),
            Self::PageUp => "\x1b[5~".into(),
            Self::PageDown => "\x1b[6~".into(),
            Self::F(n @ 1..=4) => format!("\x1bO{}", char::from(b'P' + n - 1)),
            Self::F(n) => format!("\x1b[{}~", [15, 17, 18, 19, 20, 21, 23, 24][usize::from(n) - 5]),
            Self::Ctrl(c) => char::from(c as u8 & 0x1f).to_string(),
            Self::Alt(c) => format!("\x1b{c}"),
        }
    }
}

/// What the terminal shows at one moment.
pub struct Screen<'a>(pub(super) &'a vt100::Screen);

impl Screen<'_> {
    /// All rows, without the blanks at their ends.
    pub fn text(&self) -> String {
        self.0.contents()
    }

    /// Whether this text stands on one of the rows.
    pub fn contains(&self, text: &str) -> bool {
        self.0.contents().contains(text)
    }

    /// One row, from 0.
    pub fn row(&self, row: u16) -> String {
        self.0.contents_between(row, 0, row, self.0.size().1)
    }

    /// Whether a full-screen program has the terminal.
    pub fn is_full_screen(&self) -> bool {
        self.0.alternate_screen()
    }

    /// The emulator's own view: cells, colours, cursor.
    pub fn inner(&self) -> &vt100::Screen {
        self.0
    }
}
