//! A note to be read, as cells: under the card, in place of the last attempts, for as long as nobody has read it.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::screens::check_in::CheckIn;
use crate::app::words;
use crate::ui::pen::{self, Pen};

/// Stands beside whoever has a note.
pub(super) const NOTE: &str = "✎";

/// The note that is to be read; answers what is left of the area under it, the area itself if there is none.
pub(super) fn draw(pen: &mut Pen, state: &CheckIn, cx: &Context, rule: Rect, below: Rect) -> Option<Rect> {
    let held = state.shown_note().filter(|_| !below.is_empty())?;
    let t = pen.theme;
    pen.rule(rule);
    let fits = CheckIn::fits(held, cx.setup.size);
    let what = if fits { " read" } else { " shows all of it" };
    let more = match state.unread() - 1 {
        0 => " ".to_owned(),
        more => format!("   {more} more "),
    };
    let keys = pen::width(" Ctrl+N") + pen::width(what) + pen::width(&more);
    let from = rule.right().saturating_sub(keys + 1);
    let row = Rect::new(from, rule.y, keys, 1);
    pen.pieces(row, &[(" Ctrl+N", t.accent), (what, t.text), (&more, t.dim)]);
    let title = format!(" {NOTE} Note on {} ", held.member.full_name);
    let room = from.saturating_sub(rule.x + 2);
    pen.put(rule.x + 1, rule.y, room, &title, t.warn);

    let area = geometry::note(cx.setup.size);
    let lines = words::wrap(held.note.text.as_str(), usize::from(area.width));
    let high = usize::from(area.height);
    for (at, (line, y)) in lines.iter().take(high).zip(area.y..).enumerate() {
        if !fits && at + 1 == high {
            pen.put(area.x, y, area.width, &format!("{line} …"), t.bold);
        } else {
            pen.put(area.x, y, area.width, line, t.bold);
        }
    }
    let used = u16::try_from(lines.len().min(high)).unwrap_or(below.height);
    Some(geometry::rows(below, used, below.height))
}
