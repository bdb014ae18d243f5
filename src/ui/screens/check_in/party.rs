//! A party as cells: who has been gathered, on the rule under the list; what came of it, a row each, with the keys of
//! the one under the cursor.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::card::{FAILED, UNDONE, draw_keys, keys_width, look, taken_back, told};
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::requests::Want;
use crate::app::screens::check_in::CheckIn;
use crate::app::screens::check_in::party_card::{PartyCard, PartyRow, PartyState, Tally};
use crate::domain::check_in::Outcome;
use crate::domain::passage::{UndoOutcome, Undone};
use crate::ui::pen::{self, Pen};
use crate::ui::widgets::big_word::big_word;
use crate::ui::widgets::spinner;

/// Rows of a party that matter more than large letters.
const ROWS: u16 = 4;

/// ` party of 3: Ana Reyes, Bea Lim, Jo Mendoza `, on the rule under the list.
pub(super) fn strip(pen: &mut Pen, state: &CheckIn, rule: Rect) {
    let Some(party) = state.party_size().filter(|_| !rule.is_empty()) else {
        return;
    };
    let names: Vec<&str> = state
        .party
        .people
        .iter()
        .map(|one| one.full_name.as_str())
        .collect();
    let room = rule.width.saturating_sub(16);
    let used = pen.put(rule.x + 1, rule.y, room, &format!(" {party}: "), pen.theme.accent);
    let names = format!("{} ", names.join(", "));
    pen.put(
        rule.x + 1 + used,
        rule.y,
        room.saturating_sub(used),
        &names,
        pen.theme.text,
    );
}

/// The whole card in an area; answers what of it is left.
pub(super) fn draw(
    pen: &mut Pen,
    card: &PartyCard,
    state: &CheckIn,
    cx: &Context,
    area: Rect,
    high: u16,
) -> Rect {
    let many = u16::try_from(card.tally().all).unwrap_or(u16::MAX);
    let high = if area.height.saturating_sub(high) >= many.min(ROWS) {
        high
    } else {
        1
    };
    word(pen, card, cx, geometry::rows(area, 0, high));
    let below = geometry::rows(area, high, area.height);
    rows(pen, card, state, cx, geometry::rows(below, 0, many));
    geometry::rows(below, many.min(below.height), below.height)
}

/// `2 OF 3 IN`.
pub(super) fn word(pen: &mut Pen, card: &PartyCard, cx: &Context, area: Rect) {
    let Tally { all, done, waiting } = card.tally();
    let t = pen.theme;
    if waiting > 0 {
        let slow = card
            .waiting()
            .any(|nonce| cx.requests.is_slow(&Want::CheckIn(nonce)))
            || cx.requests.writes().any(|request| request.slow);
        if slow {
            let row = Rect::new(area.x, area.y + area.height / 2, area.width, 1);
            let text = format!("{} {} of {all} answered", spinner::picture(cx), all - waiting);
            pen.put_centred(row, &text, t.dim);
        }
        return;
    }
    let (word, ground) = match (card.is_going(), all - done) {
        (true, 0) => (UNDONE.to_owned(), t.warn_ground),
        (true, _) => (format!("{done} OF {all} BACK"), t.bad_ground),
        (false, 0) => (format!("{all} IN"), t.good_ground),
        (false, _) if done == 0 => (format!("0 OF {all} IN"), t.bad_ground),
        (false, _) => (format!("{done} OF {all} IN"), t.warn_ground),
    };
    big_word(pen, area, &word, ground);
}

/// The rows that fit, the one under the cursor among them.
pub(super) fn rows(pen: &mut Pen, card: &PartyCard, state: &CheckIn, cx: &Context, area: Rect) {
    let shown = card.shown();
    let page = usize::from(area.height);
    let at = card.at();
    let top = (at + 1).saturating_sub(page);
    let widest = shown.iter().map(|row| pen::width(row.name.as_str())).max();
    let name = widest.unwrap_or(0).clamp(10, 26).min(area.width / 3);
    let words = shown
        .iter()
        .map(|row| pen::width(say(pen, &row.state, cx).2))
        .max();
    let columns = (name, words.unwrap_or(0));
    let mut keys = state.next_keys(cx);
    let first = shown.first().is_some_and(|row| row.state.needs_look());
    for ((place, one), y) in shown.iter().enumerate().skip(top).zip(area.top()..area.bottom()) {
        let mut row = Rect::new(area.x + 1, y, area.width.saturating_sub(2), 1);
        if first && place == at && state.input.is_empty() {
            // What is said comes first; of the keys, as many as it leaves room for.
            let said = 3 + columns.0 + 2 + columns.1 + 2 + pen::width(&say(pen, &one.state, cx).3) + 2;
            while keys.len() > 1 && said + keys_width(&keys) > row.width {
                keys.pop();
            }
            if !keys.is_empty() {
                let from = draw_keys(pen, row, &keys);
                row.width = from.saturating_sub(row.x + 2);
            }
            pen.put(area.x, y, 1, "▸", pen.theme.accent);
        }
        party_row(pen, row, one, columns, cx);
    }
    let hidden = shown.len().saturating_sub(top + page);
    if hidden > 0 && page > 0 {
        let more = format!(" {hidden} more ↓ ");
        pen.put_right(
            area.right().saturating_sub(1),
            area.bottom() - 1,
            14,
            &more,
            pen.theme.dim,
        );
    }
}

fn party_row(pen: &mut Pen, row: Rect, one: &PartyRow, (name, word): (u16, u16), cx: &Context) {
    let t = pen.theme;
    let (glyph, style, told, text) = say(pen, &one.state, cx);
    pen.put(row.x, row.y, 1, glyph, style);
    pen.put(row.x + 3, row.y, name, one.name.as_str(), t.bold);
    let x = row.x + 3 + name + 2;
    let room = row.right().saturating_sub(x);
    pen.put(x, row.y, room, told, style);
    let x = x + word + 2;
    pen.put(x, row.y, row.right().saturating_sub(x), &text, t.text);
}

/// Sign, style, word and meaning of how far it is with somebody.
fn say(pen: &Pen, state: &PartyState, cx: &Context) -> (&'static str, Style, &'static str, String) {
    let t = pen.theme;
    match state {
        PartyState::Sent | PartyState::Going => ("·", t.dim, "", String::new()),
        PartyState::Queued(Some(checked)) if checked.outcome == Outcome::Ok => {
            ("◌", t.good, "OK QUEUED", "let in by the roster".to_owned())
        }
        PartyState::Queued(Some(checked)) => {
            let (_, style, _) = look(t, checked.outcome);
            (
                "◌",
                style,
                checked.word(),
                "queued; so says the roster".to_owned(),
            )
        }
        PartyState::Queued(None) => ("◌", t.warn, "QUEUED", "without a roster: you decide".to_owned()),
        PartyState::Answered(checked) => {
            let (glyph, style, _) = look(t, checked.outcome);
            (glyph, style, checked.word(), told(checked, cx))
        }
        PartyState::Failed(fault) => ("✕", t.bad, FAILED, format!("Enter tries again. {fault}")),
        PartyState::Back(undone) => back(pen, undone, cx),
        PartyState::Stays(fault) => ("✕", t.bad, "STAYS", format!("Ctrl+Z tries again. {fault}")),
    }
}

fn back(pen: &Pen, undone: &Undone, cx: &Context) -> (&'static str, Style, &'static str, String) {
    let t = pen.theme;
    match undone.outcome {
        UndoOutcome::Undone => {
            let money = undone.voided.map_or_else(String::new, |amount| {
                format!("   Give {} back.", cx.currency().show(amount))
            });
            ("←", t.warn, UNDONE, format!("{}{money}", taken_back(undone)))
        }
        UndoOutcome::Nothing => ("!", t.warn, "STAYS", "Nothing to take back any more.".to_owned()),
        UndoOutcome::ReasonNeeded => {
            let first = undone.first.as_ref();
            let device = first.and_then(|first| first.device.as_ref());
            let door = device.map_or("another terminal", |device| device.as_str());
            let text = format!("Let in at {door}: F12 takes that back.");
            ("!", t.warn, "STAYS", text)
        }
    }
}
