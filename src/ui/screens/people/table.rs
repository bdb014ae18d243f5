//! A row for each: mark, name, state, money, attendance, place.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::context::Context;
use crate::app::screens::people::People;
use crate::domain::event::{EventLine, RegistrationStatus as Status};
use crate::domain::event_people::EventPerson;
use crate::domain::seats::PaymentStatus;
use crate::domain::when;
use crate::ui::Theme;
use crate::ui::pen::Pen;
use crate::ui::widgets::spinner;

const STATE: u16 = 13;
const MONEY: u16 = 15;
const CAME: u16 = 11;
const PLACE: u16 = 4;

pub(super) fn draw(pen: &mut Pen, people: &People, cx: &Context, list: Rect) {
    let first = Rect { height: 1, ..list };
    if spinner::instead(pen, first, &people.table.pages, &people.first_want(), cx) {
        return;
    }
    let len = people.table.len();
    if len == 0 {
        let over = people.is_over(cx);
        let text = if people.listing.filter.query.is_empty() {
            people
                .listing
                .kind()
                .map_or("Nobody matches. Esc shows everybody.", |kind| kind.nobody(over))
        } else {
            "Nobody matches. Esc drops the search."
        };
        pen.put(list.x, list.y, list.width, text, pen.theme.dim);
        return;
    }
    let Some(pages) = people.table.pages.get() else {
        return;
    };
    for (y, at) in (list.top()..list.bottom()).zip(people.table.cursor.top..len) {
        let line = Rect::new(list.x, y, list.width, 1);
        if let Some(person) = pages.get(at) {
            let marked = people.table.marks.contains_key(&person.member.id);
            row(pen, line, person, marked, &people.line, cx);
        } else {
            let text = if cx.requests.any_slow() {
                spinner::picture(cx)
            } else {
                "·"
            };
            pen.put(line.x + 2, y, line.width, text, pen.theme.dim);
        }
        if at == people.table.cursor.at {
            pen.tint(line, pen.theme.selection);
        }
    }
}

fn row(pen: &mut Pen, line: Rect, person: &EventPerson, marked: bool, event: &EventLine, cx: &Context) {
    let t = pen.theme;
    let gone = matches!(person.status, Status::Cancelled | Status::Rejected);
    if marked {
        pen.put(line.x, line.y, 1, "●", t.accent);
    }
    let mut right = line.right();
    if let Some(place) = person.result {
        pen.put(right - PLACE + 1, line.y, PLACE, place.words(), t.good);
    }
    right = right.saturating_sub(PLACE + CAME);
    let (text, style) = came(t, person, event, cx);
    pen.put(right, line.y, CAME - 1, &text, style);
    right = right.saturating_sub(MONEY);
    let (text, style) = money(t, person, cx);
    pen.put(right, line.y, MONEY - 1, &text, style);
    right = right.saturating_sub(STATE);
    let (text, style) = state(t, person);
    pen.put(right, line.y, STATE - 1, &text, style);
    let name = Rect::new(line.x + 2, line.y, right.saturating_sub(line.x + 3), 1);
    let style = if gone || !person.is_active { t.dim } else { t.text };
    // A note is worth a glance: its mark stays where a long name is cut.
    let room = name
        .width
        .saturating_sub(if person.note.is_some() { 2 } else { 0 });
    let used = pen.put(name.x, name.y, room, person.member.full_name.as_str(), style);
    let mut x = name.x + used;
    if person.note.is_some() {
        x += pen.put(x, name.y, 2, " *", t.accent);
    }
    // User names stand in a column of their own, unless a long name takes its room.
    let column = (name.x + name.width * 3 / 5).max(x + 1);
    let rest = name.right().saturating_sub(column);
    if rest > 3 {
        pen.put(column, name.y, rest, person.member.username.as_str(), t.dim);
    }
}

/// How the registration stands, in a word or two.
pub(super) fn state(t: &Theme, person: &EventPerson) -> (String, Style) {
    match (person.status, person.place) {
        (Status::Registered, _) => ("registered".to_owned(), t.text),
        (Status::Pending, _) => ("pending".to_owned(), t.warn),
        (Status::Waitlisted, Some(place)) => (format!("{place} in line"), t.accent),
        (Status::Waitlisted, None) => ("waitlisted".to_owned(), t.accent),
        (Status::Cancelled, _) => ("cancelled".to_owned(), t.dim),
        (Status::Rejected, _) => ("rejected".to_owned(), t.dim),
    }
}

/// What is due or paid.
pub(super) fn money(t: &Theme, person: &EventPerson, cx: &Context) -> (String, Style) {
    let show = |amount| cx.currency().show(amount);
    match (person.due, person.paid, person.payment_status) {
        (Some(due), ..) => (format!("due {}", show(due)), t.warn),
        (None, Some(paid), _) => (format!("paid {}", show(paid)), t.text),
        (None, None, PaymentStatus::Refunded) => ("refunded".to_owned(), t.dim),
        (None, None, _) => match person.price_due {
            Some(price) => (show(price), t.dim),
            None => (String::new(), t.dim),
        },
    }
}

/// Whether they came, and when; who was entered after the end is late.
pub(super) fn came(t: &Theme, person: &EventPerson, event: &EventLine, cx: &Context) -> (String, Style) {
    if !person.attended {
        let absent = person.status == Status::Registered && event.is_over(cx.now()) && event.is_active;
        return if absent {
            ("no-show".to_owned(), t.warn)
        } else {
            (String::new(), t.dim)
        };
    }
    match person.checked_in_at {
        Some(at) if at >= event.end_time => ("late entry".to_owned(), t.good),
        Some(_) if person.has_left => ("left".to_owned(), t.dim),
        Some(at) => (format!("in {}", when::clock_time(at, cx.zone())), t.good),
        None => ("came".to_owned(), t.good),
    }
}
