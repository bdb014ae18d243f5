//! The question about a party as cells: everybody of it and how they stand, and what that adds up to.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::party::PartyOverlay;
use crate::app::screens::check_in::CheckIn;
use crate::domain::check_in::{Candidate, Outcome, Standing};
use crate::ui::pen::Pen;
use crate::ui::screens::check_in::card::look;
use crate::ui::screens::check_in::standing;
use crate::ui::widgets::spinner;

pub(crate) fn draw(pen: &mut Pen, party: &PartyOverlay, door: &CheckIn, cx: &Context) {
    let people = &door.party.people;
    let (area, list) = geometry::party(cx.setup.size, people.len());
    let title = match people.len() {
        1 => "Check in one?".to_owned(),
        many => format!("Check in {many} together?"),
    };
    let inner = pen.boxed(area, &title);
    let t = pen.theme;
    let rows = people.iter().enumerate().skip(party.cursor.top);
    for (y, (at, one)) in (list.top()..list.bottom()).zip(rows) {
        let row = Rect::new(list.x, y, list.width, 1);
        person(pen, row, party, one, cx);
        if at == party.cursor.at {
            pen.tint(row, t.selection);
        }
    }
    let last = inner.bottom().saturating_sub(1);
    let comes = |one: &&Candidate| match party.seen(one.id) {
        Some(outcome) => outcome == Outcome::Ok,
        None => matches!(one.standing, Standing::Registered | Standing::Left),
    };
    let well = people.iter().filter(comes).count();
    let basis = if party.careful {
        "by the rules"
    } else {
        "by the list"
    };
    let seen = people.iter().filter(|one| party.seen(one.id).is_some()).count();
    let text = match people.len() - well {
        _ if party.careful && !cx.is_alone() && seen < people.len() => {
            format!("{seen} of {} looked at.", people.len())
        }
        0 => format!("All would come in, {basis}."),
        held => format!("{well} would come in, {held} would be held up, {basis}."),
    };
    if inner.height > list.height {
        pen.put(inner.x, last, inner.width, &text, t.dim);
    }
    let foot = " Enter checks in   Del leaves one out   Esc back ";
    let right = area.right().saturating_sub(2);
    pen.put_right(right, area.bottom().saturating_sub(1), area.width, foot, t.dim);
}

/// Somebody, and what would come of them: what the rules say, if they were asked, else how the list knows them.
fn person(pen: &mut Pen, row: Rect, party: &PartyOverlay, one: &Candidate, cx: &Context) {
    let t = pen.theme;
    let (glyph, text, style) = match party.seen(one.id) {
        Some(Outcome::Ok) => ("✓", "would be checked in".to_owned(), t.good),
        Some(outcome) => {
            let (glyph, style, _) = look(t, outcome);
            (glyph, outcome.brief().to_owned(), style)
        }
        None if party.careful && !cx.is_alone() => (spinner::picture(cx), String::new(), t.dim),
        None => {
            let (text, style) = standing(pen.theme, one, cx);
            let fine = matches!(one.standing, Standing::Registered | Standing::Left);
            (if fine { "✓" } else { "!" }, text, style)
        }
    };
    let state_at = row.x + row.width * 3 / 5;
    pen.put(row.x, row.y, 1, glyph, style);
    let room = state_at.saturating_sub(row.x + 3);
    let used = pen.put(row.x + 2, row.y, room, one.full_name.as_str(), t.text);
    let x = row.x + 2 + used + 2;
    pen.put(
        x,
        row.y,
        state_at.saturating_sub(x + 1),
        one.username.as_str(),
        t.dim,
    );
    pen.put(
        state_at,
        row.y,
        row.right().saturating_sub(state_at),
        &text,
        style,
    );
}
