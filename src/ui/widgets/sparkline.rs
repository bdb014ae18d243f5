//! Figures over time as a row of bars, the newest at the right.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::bar;
use ratatui::widgets::{Sparkline, Widget};

use crate::ui::pen::Pen;

/// A line even where nothing was, so that the row is seen as one.
const BARS: bar::Set = bar::Set {
    full: "█",
    seven_eighths: "▇",
    three_quarters: "▆",
    five_eighths: "▅",
    half: "▄",
    three_eighths: "▃",
    one_quarter: "▂",
    one_eighth: "▂",
    empty: "▁",
};

/// The same for terminals without UTF-8: what is darker is more.
const ASCII: bar::Set = bar::Set {
    full: "#",
    seven_eighths: "%",
    three_quarters: "*",
    five_eighths: "+",
    half: "=",
    three_eighths: "-",
    one_quarter: ":",
    one_eighth: ":",
    empty: ".",
};

/// Draws the last of `figures` into a row, as many as it is wide. A full bar is the largest figure shown, but at
/// least `least`, so that a quiet hour looks quiet.
pub(crate) fn sparkline(pen: &mut Pen, row: Rect, figures: &[i64], least: u64, style: Style) {
    let shown = figures.len().min(usize::from(row.width));
    let figures: Vec<u64> = figures[figures.len() - shown..]
        .iter()
        .map(|figure| u64::try_from(*figure).unwrap_or(0))
        .collect();
    let most = figures.iter().copied().max().unwrap_or(0).max(least);
    let set = if pen.theme.ascii { ASCII } else { BARS };
    // In a chart of several rows only the lowest is a line where nothing was, and the columns themselves make it.
    let set = if row.height > 1 {
        bar::Set { empty: " ", ..set }
    } else {
        set
    };
    Sparkline::default()
        .data(&figures)
        .max(most)
        .bar_set(set)
        .style(style)
        .render(row.intersection(pen.buf.area), pen.buf);
}
