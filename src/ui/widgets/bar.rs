//! A bar that fills.

use ratatui::style::Style;

use crate::ui::pen::Pen;

/// Draws `part` of `whole` as a bar of `width` cells; anything at all fills at least one, and only all fills all.
pub(crate) fn bar(pen: &mut Pen, x: u16, y: u16, width: u16, part: i64, whole: i64, style: Style) {
    let filled = if part <= 0 || whole <= 0 {
        0
    } else if part >= whole {
        width
    } else {
        let share = i64::from(width) * part / whole;
        u16::try_from(share)
            .unwrap_or(0)
            .clamp(1, width.saturating_sub(1).max(1))
    };
    for cell in 0..width {
        let (glyph, style) = if cell < filled {
            ("█", style)
        } else {
            ("░", pen.theme.dim)
        };
        pen.put(x + cell, y, 1, glyph, style);
    }
}
