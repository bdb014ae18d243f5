//! A text field of one line in its columns: scrolled so that the cursor is in view, or as dots.

use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;

use crate::app::text_field::TextField;
use crate::domain::SafeText;
use crate::ui::pen::{self, Pen};

/// How a field is to be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// Whether it has the keys.
    pub(crate) focused: bool,
    /// Dots in place of letters.
    pub(crate) hidden: bool,
    /// Whether the ground is to be seen.
    pub(crate) ground: bool,
}

/// Draws the field and, when it has the keys, puts the cursor into it.
pub(crate) fn field(pen: &mut Pen, area: Rect, field: &TextField, look: Look) {
    if area.is_empty() {
        return;
    }
    if look.ground {
        pen.tint(area, pen.theme.field);
    }
    let (before, after) = field.text().split_at(field.cursor());
    // Passwords are kept as typed; shown, they are made safe like everything else.
    let (before, after) = if look.hidden {
        (dots(before), dots(after))
    } else {
        (
            SafeText::line(before).to_string(),
            SafeText::line(after).to_string(),
        )
    };
    let style = if look.ground {
        pen.theme.field
    } else {
        pen.theme.text
    };
    let room = area.width.saturating_sub(1);
    let cursor = pen::width(&before);
    let mut skipped = 0;
    let mut start = 0;
    if cursor > room {
        for (at, letter) in before.grapheme_indices(true) {
            if cursor - skipped <= room.saturating_sub(1) {
                start = at;
                break;
            }
            skipped += pen::letter_width(letter);
            start = at + letter.len();
        }
    }
    let mut x = area.x;
    if start > 0 {
        pen.put(x, area.y, 1, "…", pen.theme.dim);
        x += 1;
    }
    let shown = format!("{}{after}", &before[start..]);
    pen.put(x, area.y, area.right().saturating_sub(x), &shown, style);
    if look.focused && field.is_replaced_next() {
        let wide = pen::width(&shown).min(area.right().saturating_sub(x));
        pen.tint(Rect::new(x, area.y, wide, 1), pen.theme.dim);
    }
    if look.focused {
        let at = x + (cursor - skipped).min(area.right().saturating_sub(x + 1));
        pen.cursor = Some((at, area.y).into());
    }
}

fn dots(text: &str) -> String {
    "•".repeat(text.graphemes(true).count())
}
