//! Who matches what is typed: a row each, with how they stand to the event.

use std::fmt::Write as _;

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::notes;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::requests::Want;
use crate::app::screens::check_in::CheckIn;
use crate::domain::check_in::{Candidate, FirstScan, Standing};
use crate::domain::{pass_code, when};
use crate::ui::Theme;
use crate::ui::pen::Pen;
use crate::ui::widgets::spinner;

/// The rows that match, with the cursor and who is in the party.
pub(super) fn candidates(pen: &mut Pen, state: &CheckIn, cx: &Context, area: Rect) {
    if area.is_empty() || state.input.text().trim().is_empty() {
        return;
    }
    let (Some(event), first) = (
        state.event,
        geometry::columns(area, 3, area.width.saturating_sub(4)),
    ) else {
        return;
    };
    let first = Rect { height: 1, ..first };
    let want = Want::Candidates {
        event,
        query: state.input.text().trim().to_owned(),
    };
    if spinner::instead(pen, first, &state.candidates, &want, cx) {
        return;
    }
    let Some(found) = state.candidates.get() else {
        return;
    };
    if found.is_empty() && state.is_list_current() {
        let text = if state.is_similar {
            "No similar name either. F2 lets somebody new in."
        } else {
            "Nobody matches. Enter tries it as a code, Ctrl+F finds similar names."
        };
        pen.put(first.x, first.y, first.width, text, pen.theme.dim);
        return;
    }
    let current = state.is_list_current();
    let page = usize::from(area.height);
    for ((at, candidate), y) in found
        .iter()
        .enumerate()
        .skip(state.cursor.top)
        .take(page)
        .zip(area.y..)
    {
        let row = Rect::new(area.x, y, area.width, 1);
        candidate_row(pen, row, candidate, cx);
        let here = current && at == state.cursor.at;
        let style = if here {
            pen.theme.selection
        } else {
            pen.theme.accent
        };
        if !current {
            // About what was typed a moment ago: nobody can be taken from it.
            pen.tint(row, pen.theme.dim);
        } else if here {
            pen.tint(row, style);
            pen.put(row.x + 1, y, 1, "▸", style);
        }
        if state.party.has(candidate.id) {
            pen.put(row.x + 1, y, 1, "●", style);
        }
    }
    let shown = state.cursor.top + page;
    if found.len() > shown && !geometry::door(cx.setup.size).card_rule.is_empty() {
        // On the rule below, where it covers nobody.
        let more = format!(" {} more ↓ ", found.len() - shown);
        let below = pen.buf.area.right().saturating_sub(1);
        pen.put_right(below, area.bottom(), 14, &more, pen.theme.dim);
    }
}

fn candidate_row(pen: &mut Pen, row: Rect, candidate: &Candidate, cx: &Context) {
    let t = pen.theme;
    let (word, style) = standing(t, candidate, cx);
    let right = row.right().saturating_sub(1);
    let code = row.width >= 78;
    let state_at = right.saturating_sub(if code { 34 } else { 21 });
    let user = row.width >= 60;
    let user_at = if user {
        state_at.saturating_sub(15)
    } else {
        state_at
    };
    let x = row.x + 3;
    let name = user_at.saturating_sub(x + 1);
    let mark = if candidate.door_note.is_some() { 2 } else { 0 };
    let used = pen.put(
        x,
        row.y,
        name.saturating_sub(mark),
        candidate.full_name.as_str(),
        t.text,
    );
    if let Some(note) = &candidate.door_note {
        let style = if note.read { t.dim } else { t.warn };
        pen.put(x + used + 1, row.y, 1, notes::NOTE, style);
    }
    if user {
        pen.put(user_at, row.y, 14, candidate.username.as_str(), t.dim);
    }
    pen.put(state_at, row.y, if code { 22 } else { 21 }, &word, style);
    if code {
        pen.put_right(
            right,
            row.y,
            11,
            &pass_code::show(candidate.pass_code.as_str()),
            t.dim,
        );
    }
}

/// How somebody stands to the event, in a word or two.
pub(crate) fn standing(t: &Theme, candidate: &Candidate, cx: &Context) -> (String, Style) {
    match candidate.standing {
        Standing::Registered => ("registered".to_owned(), t.good),
        Standing::Unpaid => (unpaid(candidate, cx), t.warn),
        Standing::In => (first(candidate.first.as_ref(), cx), t.dim),
        Standing::Left => (left(candidate.first.as_ref(), cx), t.warn),
        Standing::Pending => ("waits for approval".to_owned(), t.warn),
        Standing::Waitlisted => ("on the waitlist".to_owned(), t.warn),
        Standing::Cancelled => ("cancelled".to_owned(), t.warn),
        Standing::None => ("not registered".to_owned(), t.warn),
    }
}

/// `unpaid  ₱250 due`.
fn unpaid(candidate: &Candidate, cx: &Context) -> String {
    candidate.due.map_or_else(
        || "unpaid".to_owned(),
        |due| format!("unpaid  {} due", cx.currency().show(due)),
    )
}

/// `out since 19:40`.
fn left(scan: Option<&FirstScan>, cx: &Context) -> String {
    match scan.and_then(|scan| scan.at) {
        Some(at) => format!("out since {}", when::clock_time(at, cx.zone())),
        None => "out".to_owned(),
    }
}

/// `in at 18:41, door 1`.
fn first(scan: Option<&FirstScan>, cx: &Context) -> String {
    let mut text = "in".to_owned();
    if let Some(scan) = scan {
        if let Some(at) = scan.at {
            let _ = write!(text, " at {}", when::clock_time(at, cx.zone()));
        }
        if let Some(device) = &scan.device {
            let _ = write!(text, ", {device}");
        }
    }
    text
}
