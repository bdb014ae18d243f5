//! The page of one event, line by line, so that it scrolls as one.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::context::Context;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::screens::event_page::Detail;
use crate::app::words::{self, PAGE_HEAD};
use crate::domain::event::{EventLine, RegistrationStatus};
use crate::domain::{SafeText, when};
use crate::ui::pen::Pen;
use crate::ui::widgets::{bar::bar, spinner};

const LABELS: u16 = 10;

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
        Some(RegistrationStatus::Registered) => ("✓ in".to_owned(), t.good),
        Some(RegistrationStatus::Pending) => ("pending".to_owned(), t.warn),
        Some(RegistrationStatus::Waitlisted) => ("waiting".to_owned(), t.warn),
        Some(RegistrationStatus::Rejected) => ("refused".to_owned(), t.bad),
        _ if line.is_over(cx.now()) => ("over".to_owned(), t.dim),
        _ if line.is_running(cx.now()) => ("now".to_owned(), t.accent),
        _ if line.is_full() => ("full".to_owned(), t.warn),
        _ => (String::new(), t.dim),
    }
}

/// `12/20`, or `12` where there is no limit.
pub(crate) fn seats(line: &EventLine) -> String {
    match line.max_participants {
        Some(seats) => format!("{}/{seats}", line.registered),
        None => line.registered.to_string(),
    }
}

/// Draws the page of `detail`; `line` is what the list knows of it, and stands in until the page is here.
pub(crate) fn draw(pen: &mut Pen, area: Rect, detail: &Detail, line: Option<&EventLine>, cx: &Context) {
    let Some(id) = detail.id else { return };
    let first = Rect::new(area.x, area.y, area.width, 1);
    let want = Want::EventPage(id);
    let body;
    let (line, organiser, description) = match (&detail.page, line) {
        (Remote::Here(page) | Remote::Stale(page), _) => {
            body = words::page_body(page);
            (&page.line, page.organiser.as_ref(), body.as_str())
        }
        (Remote::Nothing | Remote::Loading, Some(line)) if !cx.requests.is_slow(&want) => (
            line,
            None,
            detail.before.as_ref().map_or("", |text| text.as_str()),
        ),
        (Remote::Nothing | Remote::Loading, Some(line)) => (line, None, spinner::picture(cx)),
        _ => {
            spinner::instead(pen, first, &detail.page, &want, cx);
            return;
        }
    };
    let described = words::wrap(description, usize::from(area.width));
    let total = PAGE_HEAD + described.len();
    for (y, index) in (area.top()..area.bottom()).zip(detail.scroll..total) {
        let row = Rect::new(area.x, y, area.width, 1);
        match index.checked_sub(PAGE_HEAD) {
            Some(at) => {
                pen.put(row.x, y, row.width, described[at], pen.theme.text);
            }
            None => head(pen, row, index, (line, organiser), detail, cx),
        }
    }
    let height = usize::from(area.height);
    if total > height {
        let more = total.saturating_sub(detail.scroll + height);
        let glyph = match (detail.scroll, more) {
            (0, _) => "↓",
            (_, 0) => "↑",
            _ => "↑↓",
        };
        pen.put_right(area.right(), area.bottom() - 1, 2, glyph, pen.theme.dim);
    }
}

fn head(
    pen: &mut Pen,
    row: Rect,
    index: usize,
    (line, organiser): (&EventLine, Option<&SafeText>),
    detail: &Detail,
    cx: &Context,
) {
    let t = pen.theme;
    let (zone, now) = (cx.zone(), cx.now());
    let value = Rect::new(row.x + LABELS, row.y, row.width.saturating_sub(LABELS), 1);
    let label = |pen: &mut Pen, text: &str| {
        pen.put(row.x, row.y, LABELS - 1, text, t.dim);
    };
    match index {
        0 => {
            let title = if detail.open {
                t.bold.patch(t.accent)
            } else {
                t.bold
            };
            pen.put(row.x, row.y, row.width, line.title.as_str(), title);
        }
        1 => {
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
        3 => {
            label(pen, "When");
            let span = when::span(line.start_time, line.end_time, zone, now);
            let label = zone.label(line.start_time);
            pen.pieces(value, &[(&span, t.text), ("  ", t.dim), (&label, t.dim)]);
        }
        4 => {
            let begun = line.start_time <= now;
            let relative = if line.is_running(now) {
                format!("now, ends {}", when::relative(line.end_time, now))
            } else {
                when::relative(if begun { line.end_time } else { line.start_time }, now)
            };
            let text = format!("{relative} · lasts {}", duration(line));
            pen.put(value.x, value.y, value.width, &text, t.dim);
        }
        5 => {
            label(pen, "Where");
            pen.put(value.x, value.y, value.width, line.location.as_str(), t.text);
        }
        6 => {
            label(pen, "Seats");
            seats_row(pen, value, line);
        }
        7 => {
            label(pen, "Points");
            let text = if line.points_reward == 0 {
                "none".to_owned()
            } else {
                words::signed(i64::from(line.points_reward))
            };
            pen.put(value.x, value.y, value.width, &text, t.text);
        }
        8 => {
            label(pen, "Price");
            let text = line
                .price
                .map_or_else(|| "free".to_owned(), |price| cx.currency().show(price));
            pen.put(value.x, value.y, value.width, &text, t.text);
        }
        9 => {
            label(pen, "By");
            let known = detail.page.get().is_some();
            let who = organiser.map_or(if known { "unknown" } else { "" }, |name| name.as_str());
            pen.put(value.x, value.y, value.width, who, t.text);
        }
        10 => {
            label(pen, "You");
            you(pen, value, line, cx);
        }
        _ => {}
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
            _ => match line.why_not_register(now) {
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
