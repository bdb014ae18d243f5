//! The door as cells: input and list above, the big word in the middle, the last attempts below.

pub(crate) mod card;
mod live;
mod notes;
mod party;

use std::fmt::Write as _;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry::{self, Fit};
use crate::app::requests::Want;
use crate::app::screens::check_in::{Card, CheckIn};
use crate::domain::check_in::{Attempt, Candidate, Door, FirstScan, Outcome, Standing};
use crate::domain::passage::Passage;
use crate::domain::{pass_code, when};
use crate::ui::Theme;
use crate::ui::chrome::REHEARSAL;
use crate::ui::pen::{self, Pen};
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;
use card::{detail, look, word};

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
            return log(pen, state, cx, areas.log);
        };
        left
    };
    if left.height >= 3 {
        pen.rule(geometry::rows(left, 0, 1));
        log(pen, state, cx, geometry::rows(left, 1, left.height));
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

fn candidates(pen: &mut Pen, state: &CheckIn, cx: &Context, area: Rect) {
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

fn log(pen: &mut Pen, state: &CheckIn, cx: &Context, area: Rect) {
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
    for (at, attempt) in door.attempts.iter().enumerate().take(high * usize::from(columns)) {
        let column = u16::try_from(at / high).unwrap_or(0);
        let y = area.y + u16::try_from(at % high).unwrap_or(0);
        log_row(pen, Rect::new(area.x + column * wide, y, wide, 1), attempt, cx);
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

fn log_row(pen: &mut Pen, row: Rect, attempt: &Attempt, cx: &Context) {
    let t = pen.theme;
    let (glyph, style) = passage_look(t, attempt.outcome, attempt.passage);
    pen.put(
        row.x + 1,
        row.y,
        5,
        &when::clock_time(attempt.at, cx.zone()),
        t.dim,
    );
    pen.put(row.x + 8, row.y, 1, glyph, style);
    let name = attempt.full_name.as_ref().unwrap_or(&attempt.input);
    let x = row.x + 10;
    let right = row.right().saturating_sub(1);
    let note = match (attempt.outcome, attempt.first_at) {
        (Outcome::Ok, _) if attempt.passage != Passage::In => attempt.passage.brief().to_owned(),
        (Outcome::Ok, _) if attempt.reason.is_some() => format!("{}, by reason", attempt.device),
        (Outcome::Ok, _) => attempt.device.to_string(),
        (Outcome::Already, Some(at)) => format!("already, {}", when::clock_time(at, cx.zone())),
        (outcome, _) => outcome.brief().to_owned(),
    };
    let room = pen::width(&note).min(row.width / 2);
    let note_style = if attempt.outcome == Outcome::Ok {
        t.dim
    } else {
        style
    };
    // In one column as long as the names allow; a long name pushes a short note aside before it is cut.
    let column = right.saturating_sub(room.max(14));
    let behind = x.saturating_add(pen::width(name.as_str())).saturating_add(1);
    let from = behind
        .clamp(column, right.saturating_sub(room).max(column))
        .max(x);
    pen.put(from, row.y, right.saturating_sub(from), &note, note_style);
    pen.put(x, row.y, from.saturating_sub(x + 1), name.as_str(), t.text);
}
