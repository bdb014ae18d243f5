//! The last look at a finished frame: whatever a widget let through, nothing unsafe leaves; and where the
//! terminal reads no UTF-8, every glyph gives way to its ASCII twin.

use ratatui::buffer::{Buffer, CellWidth};
use unicode_normalization::UnicodeNormalization;

use crate::domain::safe_text::{may_stand, without_what_may_not_stand};

/// Takes every character out of the frame that may not reach a terminal, and marks beyond those that a letter may carry:
/// typed one by one they pass the fields.
pub(crate) fn sweep(buf: &mut Buffer) {
    for cell in &mut buf.content {
        if !may_stand(cell.symbol()) {
            let kept = without_what_may_not_stand(cell.symbol());
            cell.set_symbol(if kept.is_empty() { " " } else { &kept });
        }
    }
}

/// The glyphs that the screens draw, and what stands for them in ASCII.
#[rustfmt::skip]
const TWINS: &[(&str, &str)] = &[
    ("─", "-"), ("│", "|"), ("┌", "+"), ("┐", "+"), ("└", "+"), ("┘", "+"),
    ("…", "~"), ("·", "-"), ("•", "*"), ("●", "*"), ("○", "o"), ("◌", "o"),
    ("▸", ">"), ("▾", "v"), ("◂", "<"), ("‹", "<"), ("›", ">"), ("✓", "v"), ("✕", "x"), ("✎", "&"),
    ("–", "-"), ("−", "-"), ("“", "\""), ("”", "\""), ("’", "'"), ("«", "<"), ("»", ">"),
    ("↑", "^"), ("↓", "v"), ("←", "<"), ("→", ">"),
    ("★", "*"), ("☆", "."), ("■", "#"), ("▪", "="), ("█", "#"), ("▀", "\""), ("▄", "_"), ("░", "."), ("×", "x"),
    ("▲", "^"), ("▼", "v"), ("┃", "|"),
    ("₱", "P"), ("€", "E"), ("£", "L"), ("¥", "Y"), ("₩", "W"), ("₹", "R"), ("₫", "d"), ("₦", "N"), ("₪", "S"),
    ("₴", "G"), ("₺", "L"), ("⠋", "|"), ("⠙", "/"), ("⠹", "-"), ("⠸", "\\"), ("⠼", "|"), ("⠴", "/"),
    ("⠦", "-"), ("⠧", "\\"), ("⠇", "|"), ("⠏", "/"),
];

/// Leaves nothing but ASCII in the frame: glyphs by their twins, letters without their marks, the rest as `?`.
pub(crate) fn to_ascii(buf: &mut Buffer) {
    let mut covered = 0;
    for cell in &mut buf.content {
        if covered > 0 {
            // The second half of a letter that was two cells wide.
            covered -= 1;
            cell.set_symbol("?");
            continue;
        }
        let symbol = cell.symbol();
        if symbol.is_ascii() {
            continue;
        }
        covered = symbol.cell_width().saturating_sub(1);
        let twin = TWINS
            .iter()
            .find(|(glyph, _)| *glyph == symbol)
            .map(|(_, twin)| *twin);
        let plain = symbol.nfd().find(char::is_ascii_graphic).map(String::from);
        cell.set_symbol(twin.or(plain.as_deref()).unwrap_or("?"));
    }
}
