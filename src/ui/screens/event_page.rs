//! The page of one event, line by line, so that it scrolls as one.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::keymap::Binding;
use crate::app::requests::Want;
use crate::app::screens::event_page::{Detail, LABELS, Row};
use crate::app::words;
use crate::domain::event::{EventLine, RegistrationStatus};
use crate::domain::when;
use crate::ui::pen::Pen;
use crate::ui::widgets::{bar::bar, spinner};

/// Columns of an action's key.
const KEYS: u16 = 4;

/// Who I am to an event, in a word or two.
pub(crate) fn standing(pen: &Pen, line: &EventLine, cx: &Context) -> (String, Style) {
    let t = pen.theme;
    let busy = [Want::Register(line.id), Want::CancelSeat(line.id)];
    if busy.iter().any(|want| cx.requests.is_slow(want)) {
        return (spinner::picture(cx).to_owned(), t.dim);
    }
    if line.my_attendance {
        return ("✓ attended".to_owned(), t.good);
    }
    if !line.is_active {
        return ("cancelled".to_owned(), t.bad);
    }
    match line.my_status {
        Some(RegistrationStatus::Registered) if line.is_running(cx.now()) => ("✓ in, now".to_owned(), t.good),
        Some(RegistrationStatus::Registered) => ("✓ in".to_owned(), t.good),
        Some(RegistrationStatus::Pending) => ("pending".to_owned(), t.warn),
        Some(RegistrationStatus::Waitlisted) => match line.my_place {
            Some(place) => (format!("waiting {}", words::number(place)), t.warn),
            None => ("waiting".to_owned(), t.warn),
        },
        Some(RegistrationStatus::Rejected) => ("refused".to_owned(), t.bad),
        _ if line.is_over(cx.now()) => ("over".to_owned(), t.dim),
        _ if line.is_running(cx.now()) => ("now".to_owned(), t.accent),
        _ if line.is_full() => ("full".to_owned(), t.warn),
        _ => (String::new(), t.dim),
    }
}

/// The same in one letter; the week tells what they mean.
pub(crate) fn sign(pen: &Pen, line: &EventLine) -> (&'static str, Style) {
    let t = pen.theme;
    match line.my_status {
        _ if line.my_attendance => ("✓", t.good),
        _ if !line.is_active => ("✕", t.bad),
        Some(RegistrationStatus::Registered) => ("✓", t.good),
        Some(RegistrationStatus::Pending | RegistrationStatus::Waitlisted) => ("…", t.warn),
        Some(RegistrationStatus::Rejected) => ("✕", t.bad),
        _ if line.is_full() => ("●", t.warn),
        _ => (" ", t.dim),
    }
}

/// `12/20`, or `12` where there is no limit.
pub(crate) fn seats(line: &EventLine) -> String {
    match line.max_participants {
        Some(seats) => format!("{}/{seats}", line.registered),
        None => line.registered.to_string(),
    }
}

/// Draws the page of the event under the cursor. What the list knows of it stands in until the page is here.
pub(crate) fn draw(pen: &mut Pen, area: Rect, model: &Model) {
    let cx = &model.cx;
    let (detail, line) = model.page_at_hand();
    let Some(id) = detail.id else { return };
    let rows = detail.rows(line, area.width, cx);
    let Some(known) = detail.known(line) else {
        let first = Rect::new(area.x, area.y, area.width, 1);
        spinner::instead(pen, first, &detail.page, &Want::EventPage(id), cx);
        return;
    };
    for (y, row) in (area.top()..area.bottom()).zip(rows.iter().skip(detail.scroll)) {
        draw_row(pen, Rect::new(area.x, y, area.width, 1), row, known, model);
    }
    let height = usize::from(area.height);
    if rows.len() > height {
        let more = rows.len().saturating_sub(detail.scroll + height);
        let glyph = match (detail.scroll, more) {
            (0, _) => "↓",
            (_, 0) => "↑",
            _ => "↑↓",
        };
        pen.put_right(area.right(), area.bottom() - 1, 2, glyph, pen.theme.dim);
    }
}

fn draw_row(pen: &mut Pen, row: Rect, what: &Row, line: &EventLine, model: &Model) {
    let (cx, (detail, _)) = (&model.cx, model.page_at_hand());
    let t = pen.theme;
    let (zone, now) = (cx.zone(), cx.now());
    let value = Rect::new(row.x + LABELS, row.y, row.width.saturating_sub(LABELS), 1);
    let mut says = |label: &str, text: &str, style: Style| {
        pen.put(row.x, row.y, LABELS - 1, label, t.dim);
        pen.put(value.x, value.y, value.width, text, style);
    };
    match what {
        Row::Blank => {}
        Row::Title => {
            let style = if detail.open {
                t.bold.patch(t.accent)
            } else {
                t.bold
            };
            pen.put(row.x, row.y, row.width, line.title.as_str(), style);
        }
        Row::Kind => {
            let mut x = pen.pieces(row, &[(line.event_type.as_str(), t.dim)]);
            for more in planned(line, detail) {
                let room = Rect::new(x, row.y, row.right().saturating_sub(x), 1);
                x = pen.pieces(room, &[(" · ", t.dim), (&more, t.dim)]);
            }
            if !line.is_active {
                let room = Rect::new(x, row.y, row.right().saturating_sub(x), 1);
                x = pen.pieces(room, &[(" · ", t.dim), ("cancelled", t.bad)]);
            }
            if let Some(age) = spinner::age(&detail.page, cx) {
                pen.put(x + 2, row.y, row.right().saturating_sub(x + 2), &age, t.warn);
            }
        }
        Row::When => {
            let span = when::span(line.start_time, line.end_time, zone, now);
            says("When", "", t.text);
            let label = zone.label(line.start_time);
            pen.pieces(value, &[(&span, t.text), ("  ", t.dim), (&label, t.dim)]);
        }
        Row::Yours => {
            if let Some(zone) = cx.elsewhere(line.start_time) {
                let span = when::span(line.start_time, line.end_time, zone, now);
                says("Yours", "", t.text);
                let label = zone.label(line.start_time);
                pen.pieces(value, &[(&span, t.warn), ("  ", t.dim), (&label, t.dim)]);
            }
        }
        Row::Relative => {
            let begun = line.start_time <= now;
            let at = if begun { line.end_time } else { line.start_time };
            let away = when::relative(at, now);
            let lasts = duration(line);
            if line.is_running(now) {
                let style = t.accent.patch(t.bold);
                says("", &format!("now, ends {away} · lasts {lasts}"), style);
            } else {
                says("", &format!("{away} · lasts {lasts}"), t.dim);
            }
        }
        Row::Where => says("Where", line.location.as_str(), t.text),
        Row::Seats => {
            says("Seats", "", t.text);
            seats_row(pen, value, line);
        }
        Row::Points => {
            let text = if line.points_reward == 0 {
                "none".to_owned()
            } else {
                words::signed(i64::from(line.points_reward))
            };
            says("Points", &text, t.text);
        }
        Row::Price => {
            let price = line.price.map(|price| cx.currency().show(price));
            says("Price", &price.unwrap_or_else(|| "free".to_owned()), t.text);
        }
        Row::By => {
            let page = detail.page.get();
            let organiser = page.and_then(|page| page.organiser.as_ref());
            let who = organiser.map_or(if page.is_some() { "unknown" } else { "" }, |name| name.as_str());
            says("By", who, t.text);
        }
        Row::You => {
            says("You", "", t.text);
            you(pen, value, line, cx);
        }
        Row::Said(said) => says("", said, t.warn),
        Row::Due => {
            let mine = detail.page.get().and_then(|page| page.mine.as_ref());
            if let Some(due) = mine.and_then(|mine| mine.due) {
                says("", &format!("{} to pay", cx.currency().show(due)), t.warn);
            }
        }
        Row::Do(binding) => action(pen, row, binding, model),
        Row::Text(text) => {
            pen.put(row.x, row.y, row.width, text, t.text);
        }
        Row::Waiting => {
            pen.put(row.x, row.y, row.width, spinner::picture(cx), t.dim);
        }
        Row::Attendees => {
            let total = detail.attendees.get().map_or(0, |people| people.total);
            let text = match (line.is_over(now), total) {
                (true, 1) => "One had a seat".to_owned(),
                (true, total) => format!("{} had a seat", words::number(total)),
                (false, 1) => "One is coming".to_owned(),
                (false, total) => format!("{} are coming", words::number(total)),
            };
            pen.put(row.x, row.y, row.width, &text, t.dim);
        }
        Row::Names(names) => {
            pen.put(row.x + 2, row.y, row.width.saturating_sub(2), names, t.text);
        }
    }
}

/// A key and what it does; if it cannot now, why.
fn action(pen: &mut Pen, row: Rect, binding: &Binding, model: &Model) {
    let t = pen.theme;
    let why = model.why_not(binding.action);
    let (key_style, style) = if why.is_some() {
        (t.dim, t.dim)
    } else {
        (t.accent, t.text)
    };
    let key = binding.keys.first().map(ToString::to_string).unwrap_or_default();
    pen.put(row.x + 1, row.y, KEYS - 1, &key, key_style);
    let help = Rect::new(row.x + KEYS + 1, row.y, row.width.saturating_sub(KEYS + 1), 1);
    let used = pen.put(help.x, help.y, help.width, binding.help, style) + 3;
    if let Some(why) = why {
        let x = help.x + used;
        pen.put(x, help.y, help.right().saturating_sub(x), &why, t.dim);
    }
}

/// What else is known of how the event was planned.
fn planned(line: &EventLine, detail: &Detail) -> Vec<String> {
    let mut more = Vec::new();
    if let Some(page) = detail.page.get().filter(|page| page.series_id.is_some()) {
        more.push(format!(
            "{} of {} in its series",
            page.series_place, page.series_events
        ));
    }
    if line.requires_approval {
        more.push("staff approve".to_owned());
    }
    more
}

fn seats_row(pen: &mut Pen, value: Rect, line: &EventLine) {
    let t = pen.theme;
    let Some(seats) = line.max_participants.map(i64::from) else {
        let text = format!("{} registered, no limit", line.registered);
        pen.put(value.x, value.y, value.width, &text, t.text);
        return;
    };
    let wide = 16.min(value.width / 3);
    let full = line.is_full();
    let style = if full { t.warn } else { t.good };
    bar(pen, value.x, value.y, wide, line.registered, seats, style);
    let text = if full {
        format!("{} of {seats} taken, full", line.registered)
    } else {
        format!(
            "{} of {seats} taken, {} free",
            line.registered,
            line.free().unwrap_or(0)
        )
    };
    let x = value.x + wide + 2;
    pen.put(x, value.y, value.right().saturating_sub(x), &text, t.text);
}

fn you(pen: &mut Pen, value: Rect, line: &EventLine, cx: &Context) {
    let t = pen.theme;
    let (word, style) = standing(pen, line, cx);
    let now = cx.now();
    let spinning =
        cx.requests.is_slow(&Want::Register(line.id)) || cx.requests.is_slow(&Want::CancelSeat(line.id));
    let (text, style) = if spinning || line.my_attendance {
        (word, style)
    } else {
        match line.my_status {
            Some(RegistrationStatus::Registered) if line.why_not_cancel(now).is_none() => {
                ("✓ registered · x cancels".to_owned(), t.good)
            }
            Some(RegistrationStatus::Registered) => ("✓ registered".to_owned(), t.good),
            Some(RegistrationStatus::Waitlisted) if now < line.start_time => {
                let place = line.my_place.map(words::number);
                let place = place.map_or_else(String::new, |place| format!(", number {place} in line"));
                (format!("waiting for a seat{place} · x leaves the line"), t.warn)
            }
            Some(RegistrationStatus::Pending) => ("waits for approval · x takes it back".to_owned(), t.warn),
            _ if line.offers_waitlist(now) => {
                let line = match line.waitlisted {
                    0 => String::new(),
                    count => format!(", {} in line", words::number(count)),
                };
                (format!("seats are full{line} · r waits for one"), t.warn)
            }
            _ => match line.why_not_register(now) {
                None if line.requires_approval => ("not registered · r asks for a seat".to_owned(), t.text),
                None => ("not registered · r registers".to_owned(), t.text),
                Some(why) => (why.to_owned(), t.warn),
            },
        }
    };
    pen.put(value.x, value.y, value.width, &text, style);
}

/// `2 h`, `1 h 30 min`, `3 days`.
fn duration(line: &EventLine) -> String {
    let minutes = (line.end_time - line.start_time).num_minutes().max(0);
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours @ 48.., _) => format!("{} days", (hours + 12) / 24),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}
