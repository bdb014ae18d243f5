//! How old the last verified backup is: told beside the numbers, loudly when it is too old or there is none.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::screens::insights::Insights;
use crate::ui::pen::Pen;

/// With less room the numbers' own time stands alone.
const LEAST: u16 = 50;

pub(super) fn draw(pen: &mut Pen, state: &Insights, cx: &Context, row: Rect) {
    let Some(last) = state.backup.get() else { return };
    // The sample community has nothing to lose.
    let demo = cx.community.as_ref().is_some_and(|community| community.is_demo);
    if row.width < LEAST || row.height == 0 || (demo && last.is_none()) {
        return;
    }
    let t = pen.theme;
    let (text, style) = match last {
        None => ("! no backup was ever verified".to_owned(), t.bad),
        Some(backup) => {
            let hours = backup.age().num_hours();
            let age = match hours {
                0 => "less than an hour".to_owned(),
                1 => "an hour".to_owned(),
                2..72 => format!("{hours} hours"),
                _ => format!("{} days", hours / 24),
            };
            if backup.is_old() {
                (format!("! the last verified backup is {age} old"), t.bad)
            } else {
                (format!("last verified backup {age} old"), t.dim)
            }
        }
    };
    pen.put_right(row.right().saturating_sub(1), row.y, row.width, &text, style);
}
