//! What styles mean, and the colours that say so. Widgets name a meaning (`dim`, `bad`, `selection`), never a
//! colour; whether there are colours at all is decided here.

use ratatui::style::{Color, Modifier, Style};

/// Styles by meaning, and whether glyphs keep to ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Plain text and ground.
    pub text: Style,
    /// What matters less: units, hints, rules.
    pub dim: Style,
    /// What matters more.
    pub bold: Style,
    /// The one accent: where the cursor is at home, today, the own row.
    pub accent: Style,
    /// An outcome as hoped.
    pub good: Style,
    /// An outcome to look at.
    pub warn: Style,
    /// A refusal, a failure.
    pub bad: Style,
    /// The row under the cursor.
    pub selection: Style,
    /// The marked row of a list that does not have the keys.
    pub resting: Style,
    /// The ground of an input field.
    pub field: Style,
    /// The ground of a text area.
    pub field_area: Style,
    /// The tab that is open.
    pub underline: Style,
    /// The ground behind the door's big word when it is good news.
    pub good_ground: Style,
    /// … when somebody should look.
    pub warn_ground: Style,
    /// … when it is a refusal.
    pub bad_ground: Style,
    /// Dark on light, whatever the terminal's own ground: pictures that a scanner reads.
    pub picture: Style,
    /// Glyphs have ASCII twins for terminals without UTF-8.
    pub ascii: bool,
}

impl Theme {
    /// The terminal's own sixteen colours.
    pub fn terminal() -> Self {
        let plain = Style::new();
        Self {
            text: plain,
            dim: plain.fg(Color::DarkGray),
            bold: plain.add_modifier(Modifier::BOLD),
            accent: plain.fg(Color::Cyan),
            good: plain.fg(Color::Green),
            warn: plain.fg(Color::Yellow),
            bad: plain.fg(Color::Red),
            selection: plain.fg(Color::Black).bg(Color::Cyan),
            resting: plain.add_modifier(Modifier::BOLD),
            field: plain.add_modifier(Modifier::UNDERLINED),
            field_area: plain,
            underline: plain.add_modifier(Modifier::UNDERLINED),
            good_ground: plain.fg(Color::Black).bg(Color::Green),
            warn_ground: plain.fg(Color::Black).bg(Color::Yellow),
            bad_ground: plain.fg(Color::White).bg(Color::Red),
            picture: plain.fg(Color::Black).bg(Color::White),
            ascii: false,
        }
    }

    /// True colour: heather, moss and slate.
    pub fn highland() -> Self {
        let ground = Color::Rgb(0x16, 0x1b, 0x1d);
        let plain = Style::new().fg(Color::Rgb(0xd7, 0xdc, 0xd2)).bg(ground);
        Self {
            text: plain,
            dim: plain.fg(Color::Rgb(0x78, 0x84, 0x80)),
            bold: plain
                .fg(Color::Rgb(0xf2, 0xf4, 0xec))
                .add_modifier(Modifier::BOLD),
            accent: plain.fg(Color::Rgb(0xb7, 0x9c, 0xd6)),
            good: plain.fg(Color::Rgb(0x8f, 0xbf, 0x7a)),
            warn: plain.fg(Color::Rgb(0xe0, 0xb4, 0x5c)),
            bad: plain.fg(Color::Rgb(0xe0, 0x7a, 0x6b)),
            selection: Style::new()
                .fg(Color::Rgb(0xf2, 0xf4, 0xec))
                .bg(Color::Rgb(0x4a, 0x3f, 0x66)),
            resting: plain.bg(Color::Rgb(0x24, 0x2b, 0x2e)),
            field: plain.bg(Color::Rgb(0x24, 0x2b, 0x2e)),
            field_area: plain.bg(Color::Rgb(0x24, 0x2b, 0x2e)),
            underline: Style::new().add_modifier(Modifier::UNDERLINED),
            good_ground: Style::new().fg(ground).bg(Color::Rgb(0x8f, 0xbf, 0x7a)),
            warn_ground: Style::new().fg(ground).bg(Color::Rgb(0xe0, 0xb4, 0x5c)),
            bad_ground: Style::new()
                .fg(Color::Rgb(0xff, 0xf4, 0xf0))
                .bg(Color::Rgb(0xa8, 0x3c, 0x34)),
            picture: Style::new()
                .fg(Color::Rgb(0x10, 0x10, 0x10))
                .bg(Color::Rgb(0xff, 0xff, 0xff)),
            ascii: false,
        }
    }

    /// No colours at all (`NO_COLOR`): weight, reverse and underline carry the meaning.
    pub fn plain() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let reverse = plain.add_modifier(Modifier::REVERSED);
        Self {
            text: plain,
            dim: plain.add_modifier(Modifier::DIM),
            bold,
            accent: bold,
            good: plain,
            warn: bold,
            bad: bold.add_modifier(Modifier::UNDERLINED),
            selection: reverse,
            resting: bold,
            field: plain.add_modifier(Modifier::UNDERLINED),
            field_area: plain,
            underline: plain.add_modifier(Modifier::UNDERLINED),
            good_ground: reverse.add_modifier(Modifier::BOLD),
            warn_ground: reverse.add_modifier(Modifier::BOLD),
            bad_ground: reverse.add_modifier(Modifier::BOLD),
            picture: reverse,
            ascii: false,
        }
    }

    /// The same theme, with glyphs in ASCII or not.
    #[must_use]
    pub fn ascii(self, ascii: bool) -> Self {
        Self { ascii, ..self }
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self::terminal()
    }
}
