//! A QR code in half blocks: two modules a cell, one above the other, so that it is as square as the letters allow, with
//! the quiet zone that scanners ask for (four modules, ISO/IEC 18004).

use qrcode::types::Color;
use qrcode::{EcLevel, QrCode};

use crate::ui::pen::Pen;

/// Light modules around the picture.
const QUIET: usize = 4;

/// The picture, quiet zone included: true is dark. Row by row, all of one length.
pub(crate) type Modules = Vec<Vec<bool>>;

/// Text as a picture; none when it is too long for one.
pub(crate) fn modules(text: &str) -> Option<Modules> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = code.width() + 2 * QUIET;
    let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < code.width());
    let dark = |x, y| match (inside(x), inside(y)) {
        (Some(x), Some(y)) => code[(x, y)] == Color::Dark,
        _ => false,
    };
    Some(
        (0..side)
            .map(|y| (0..side).map(|x| dark(x, y)).collect())
            .collect(),
    )
}

/// Columns and rows that the picture takes.
pub(crate) fn size(modules: &Modules) -> (u16, u16) {
    let side = |cells: usize| u16::try_from(cells).unwrap_or(u16::MAX);
    (
        side(modules.first().map_or(0, Vec::len)),
        side(modules.len().div_ceil(2)),
    )
}

pub(crate) fn draw(pen: &mut Pen, x: u16, y: u16, modules: &Modules) {
    let style = pen.theme.picture;
    for (pair, y) in modules.chunks(2).zip(y..) {
        let upper = pair.first().into_iter().flatten();
        for ((at, upper), x) in upper.enumerate().zip(x..) {
            // The last row of an odd number has light below it.
            let lower = pair.get(1).and_then(|row| row.get(at)).unwrap_or(&false);
            let block = match (upper, lower) {
                (true, true) => "█",
                (true, false) => "▀",
                (false, true) => "▄",
                (false, false) => " ",
            };
            pen.put(x, y, 1, block, style);
        }
    }
}
