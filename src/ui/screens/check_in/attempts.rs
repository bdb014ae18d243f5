//! The last attempts at the door, at the foot of the screen.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::card::look;
use crate::app::context::Context;
use crate::app::screens::check_in::CheckIn;
use crate::domain::check_in::{Attempt, Outcome};
use crate::domain::passage::Passage;
use crate::domain::when;
use crate::ui::Theme;
use crate::ui::pen::{self, Pen};

/// The last attempts, the newest first.
pub(super) fn attempts(pen: &mut Pen, state: &CheckIn, cx: &Context, area: Rect) {
    let Some(door) = state.door.get() else { return };
    if area.is_empty() {
        return;
    }
    if door.attempts.is_empty() {
        pen.put(
            area.x + 1,
            area.y,
            area.width,
            "Nobody has been checked in yet.",
            pen.theme.dim,
        );
        return;
    }
    let high = usize::from(area.height);
    let columns: u16 = if high < 10 && area.width >= 72 { 2 } else { 1 };
    // In a wide window what belongs together stays together.
    let wide = (area.width / columns).min(64);
    let shown = door.attempts.iter().take(high * usize::from(columns));
    // One place for all that is said behind the names, so that the lines stand under each other.
    let longest = shown.map(|attempt| pen::width(&said(attempt, cx))).max();
    let room = longest.unwrap_or(0).max(8).min(wide / 2);
    for (at, attempt) in door.attempts.iter().enumerate().take(high * usize::from(columns)) {
        let column = u16::try_from(at / high).unwrap_or(0);
        let y = area.y + u16::try_from(at % high).unwrap_or(0);
        line(
            pen,
            Rect::new(area.x + column * wide, y, wide, 1),
            attempt,
            room,
            cx,
        );
    }
}

/// Glyph and style of a line of the log.
pub(crate) fn passage_look(theme: &Theme, outcome: Outcome, passage: Passage) -> (&'static str, Style) {
    match (outcome, passage) {
        (Outcome::Ok, passage) if passage.is_undo() => ("←", theme.warn),
        (Outcome::Ok, Passage::Out) => ("→", theme.dim),
        _ => {
            let (glyph, style, _) = look(theme, outcome);
            (glyph, style)
        }
    }
}

/// What is said of an attempt behind the name.
fn said(attempt: &Attempt, cx: &Context) -> String {
    match (attempt.outcome, attempt.first_at) {
        (Outcome::Ok, _) if attempt.passage != Passage::In => attempt.passage.brief().to_owned(),
        (Outcome::Ok, _) if attempt.reason.is_some() => format!("{}, by reason", attempt.device),
        (Outcome::Ok, _) => attempt.device.to_string(),
        (Outcome::Already, Some(at)) => format!("already, {}", when::clock_time(at, cx.zone())),
        (outcome, _) => outcome.brief().to_owned(),
    }
}

/// Time, glyph, name, and in the last `room` columns what is said of it.
fn line(pen: &mut Pen, row: Rect, attempt: &Attempt, room: u16, cx: &Context) {
    let t = pen.theme;
    let (glyph, style) = passage_look(t, attempt.outcome, attempt.passage);
    let time = when::clock_time(attempt.at, cx.zone());
    pen.put(row.x + 1, row.y, 5, &time, t.dim);
    pen.put(row.x + 8, row.y, 1, glyph, style);
    let name = attempt.full_name.as_ref().unwrap_or(&attempt.input);
    let x = row.x + 10;
    let from = row.right().saturating_sub(1 + room).max(x);
    pen.put(x, row.y, from.saturating_sub(x + 1), name.as_str(), t.text);
    let style = if attempt.outcome == Outcome::Ok {
        t.dim
    } else {
        style
    };
    let note = said(attempt, cx);
    pen.put(from, row.y, (row.right() - 1).saturating_sub(from), &note, style);
}
