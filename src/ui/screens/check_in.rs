//! The door as cells: input and list above, the big word in the middle, the last attempts below.

mod attempts;
pub(crate) mod card;
mod list;
mod live;
mod notes;
mod party;

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry::{self, Fit};
use crate::app::requests::Want;
use crate::app::screens::check_in::{Card, CheckIn};
use crate::domain::check_in::Door;
use crate::domain::when;
use crate::ui::chrome::REHEARSAL;
use crate::ui::pen::{self, Pen};
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;
use attempts::attempts;
pub(crate) use attempts::passage_look;
use card::{detail, look, word};
use list::candidates;
pub(crate) use list::standing;

pub(crate) fn draw(pen: &mut Pen, model: &Model, body: Rect) {
    let cx = &model.cx;
    let state = &model.check_in;
    let focused = model.overlays.is_empty();
    if geometry::fit(cx.setup.size, true) == Fit::Compact {
        return compact(pen, state, cx, focused);
    }
    let areas = geometry::door(cx.setup.size);
    event(pen, state, cx, areas.event, areas.live.is_empty());
    live::draw(pen, state, cx, areas.live);
    pen.rule(areas.event_rule);
    input(pen, state, areas.input, focused);
    pen.rule(areas.card_rule);
    candidates(pen, state, cx, areas.candidates);
    party::strip(pen, state, areas.card_rule);
    result(pen, state, cx, &areas);
    if let Some(outcome) = state.lit {
        let (_, _, ground) = look(pen.theme, outcome);
        for area in [areas.candidates, areas.card_rule, areas.detail, areas.log_rule] {
            pen.tint(area, ground);
        }
    }
    let _ = body;
}

/// The card, and the last attempts under it.
fn result(pen: &mut Pen, state: &CheckIn, cx: &Context, areas: &geometry::Door) {
    let under_note = notes::draw(pen, state, cx, areas.log_rule, areas.log);
    let left = if let Card::Party(card) = &state.card {
        let bottom = match under_note {
            Some(_) => areas.detail.bottom(),
            None => areas.log.bottom().max(areas.detail.bottom()),
        };
        let area = Rect {
            height: bottom - areas.word.y,
            ..areas.word
        };
        let left = party::draw(pen, card, state, cx, area, areas.word.height);
        under_note.unwrap_or(left)
    } else {
        word(pen, state, cx, areas.word);
        detail(pen, state, cx, areas.detail);
        let Some(left) = under_note else {
            pen.rule(areas.log_rule);
            return attempts(pen, state, cx, areas.log);
        };
        left
    };
    if left.height >= 3 {
        pen.rule(geometry::rows(left, 0, 1));
        attempts(pen, state, cx, geometry::rows(left, 1, left.height));
    }
}

/// Input, word and counts: all that matters in a window of a few lines.
fn compact(pen: &mut Pen, state: &CheckIn, cx: &Context, focused: bool) {
    let (width, height) = cx.setup.size;
    let row = |y: u16| Rect::new(0, y, width, 1);
    input(pen, state, row(0), focused);
    let mut counts = state
        .door
        .get()
        .map(|door| counts(door, state).replace("   ", "  "))
        .unwrap_or_default();
    if cx.rehearsing {
        counts.insert_str(0, REHEARSAL);
    }
    pen.put(1, height - 1, width.saturating_sub(2), &counts, pen.theme.dim);
    if let Some(notes) = state.unread_told() {
        pen.put(
            3,
            1,
            width.saturating_sub(4),
            &format!("{notes}: Ctrl+N"),
            pen.theme.warn,
        );
    } else if let Some(party) = state.party_size() {
        pen.put(
            3,
            1,
            width.saturating_sub(4),
            &format!("{party}: Enter confirms"),
            pen.theme.accent,
        );
    }
    let who = u16::from(height >= 6);
    word(
        pen,
        state,
        cx,
        Rect::new(0, 2, width, height.saturating_sub(3 + who)),
    );
    if who > 0 {
        detail(pen, state, cx, row(height - 2));
    }
}

fn counts(door: &Door, state: &CheckIn) -> String {
    let cap = door
        .max_participants
        .map_or_else(String::new, |seats| format!("   cap {seats}"));
    let inside = if door.has_check_out {
        format!("inside {}   ", door.inside)
    } else {
        String::new()
    };
    let (checked_in, due) = state.rehearsed().unwrap_or((door.checked_in, door.due));
    format!("{inside}in {checked_in}   due {due}{cap}")
}

/// The event's name and figures; how old they are too, where no other line says it.
fn event(pen: &mut Pen, state: &CheckIn, cx: &Context, row: Rect, says_age: bool) {
    let t = pen.theme;
    let row = geometry::columns(row, 1, row.width.saturating_sub(2));
    if let Some(door) = state.door.get() {
        let now = cx.now();
        let zone = cx.zone();
        // The long way to say it, and the short one for when there is no room.
        let (span, short) = if !door.is_active {
            ("cancelled".to_owned(), "off".to_owned())
        } else if door.end_time <= now {
            (
                format!("over since {}", when::clock_time(door.end_time, zone)),
                "over".to_owned(),
            )
        } else if door.start_time <= now {
            (
                format!("now, until {}", when::clock_time(door.end_time, zone)),
                "now".to_owned(),
            )
        } else {
            let at = when::day_and_time(door.start_time, zone, now);
            let away = when::relative(door.start_time, now);
            (format!("{at}, {away}"), away)
        };
        let counts = counts(door, state);
        // The numbers are whole, whatever becomes of the title.
        let room = row.width.saturating_sub(14);
        let from = pen.put_right(row.right(), row.y, room, &counts, t.bold);
        let left = from.saturating_sub(2);
        let title = pen.put(
            row.x,
            row.y,
            left.saturating_sub(row.x),
            door.title.as_str(),
            t.bold,
        );
        let x = row.x + title + 3;
        let room = left.saturating_sub(x);
        let span = if pen::width(&span) <= room { span } else { short };
        let used = if pen::width(&span) <= room {
            pen.put(x, row.y, room, &span, t.dim)
        } else {
            0
        };
        if let Some(age) = spinner::age(&state.door, cx).filter(|_| says_age) {
            let x = x + used + 2;
            if x + pen::width(&age) <= left {
                pen.put(x, row.y, left - x, &age, t.warn);
            }
        }
    } else if let Some(event) = state.event {
        spinner::instead(pen, row, &state.door, &Want::Door(event), cx);
    } else if !spinner::instead(pen, row, &state.events, &Want::DoorEvents, cx) {
        let text = "No event from yesterday to tomorrow. Alt+1 opens the calendar.";
        pen.put(row.x, row.y, row.width, text, t.dim);
    }
}

fn input(pen: &mut Pen, state: &CheckIn, row: Rect, focused: bool) {
    if row.is_empty() {
        return;
    }
    pen.put(row.x + 1, row.y, 1, ">", pen.theme.accent);
    let look = Look {
        focused,
        hidden: false,
        ground: false,
    };
    let area = geometry::columns(row, 3, row.width.saturating_sub(4));
    if state.input.is_empty() {
        let hint = "name, user name, e-mail or pass code";
        pen.put(
            area.x + 1,
            area.y,
            area.width.saturating_sub(1),
            hint,
            pen.theme.dim,
        );
    }
    field(pen, area, &state.input, look);
}
