//! My registrations as cells: which part and how many, the list in groups, and beside it in a wide window the page of
//! the event under the cursor.

use chrono::Datelike;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::requests::{MineWant, Want};
use crate::app::screens::registrations::Registrations;
use crate::app::screens::registrations::list::{Line, List, WHEN};
use crate::app::words;
use crate::domain::Timestamp;
use crate::domain::event::RegistrationStatus;
use crate::domain::seats::{MyLine, Part, PaymentStatus};
use crate::domain::when;
use crate::ui::pen::{self, Pen};
use crate::ui::screens::event_page;
use crate::ui::widgets::spinner;

/// Columns of what is paid.
const PAID: u16 = 11;
/// Columns of who I am to the event.
const STANDING: u16 = 17;

pub(crate) fn draw(pen: &mut Pen, model: &Model, body: Rect) {
    let (cx, state) = (&model.cx, &model.registrations);
    let areas = geometry::registrations(cx.setup.size, state.detail.open);
    if let Some(x) = areas.divider {
        pen.divider(x, body);
    }
    if !areas.list.is_empty() {
        title(pen, state, areas.title, cx);
        list(pen, state, areas.list, cx);
        foot(pen, state, areas.foot, cx);
    }
    let beside = state.list().marked().is_some();
    if !areas.page.is_empty() && (state.detail.open || beside) {
        event_page::draw(pen, areas.page, model);
    }
}

/// The two parts, the one shown in bold; of what is to come how many of each kind; and where the cursor is.
fn title(pen: &mut Pen, state: &Registrations, row: Rect, cx: &Context) {
    let t = pen.theme;
    let list = state.list();
    let style = |part| {
        if part == state.part {
            t.bold.patch(t.underline)
        } else {
            t.dim
        }
    };
    let mut x = row.x;
    for (part, name) in [(Part::Upcoming, "To come"), (Part::Past, "Over")] {
        x += pen.put(x, row.y, row.right().saturating_sub(x), name, style(part)) + 2;
    }
    let mut right = row.right();
    if !list.shown.is_empty() {
        let at = list.cursor.at + 1;
        let position = match list.total().filter(|_| state.text().is_empty()) {
            Some(total) => format!("{at}/{total}"),
            None if list.has_more() => format!("{at}/{}+", list.shown.len()),
            None => format!("{at}/{}", list.shown.len()),
        };
        right = pen
            .put_right(right, row.y, 12, &position, t.dim)
            .saturating_sub(3);
    }
    x += 1;
    let mut put = |text: &str, style: Style| {
        if x + pen::width(text) <= right {
            x += pen.put(x, row.y, right - x, text, style) + 3;
        }
    };
    if let Some(age) = spinner::age(&list.page, cx) {
        put(&age, t.warn);
    }
    if !state.text().is_empty()
        && let Some(total) = list.total()
    {
        return put(&format!("▾ {} of {total}", list.shown.len()), t.accent);
    }
    let Some(figures) = state.figures() else { return };
    if state.part == Part::Upcoming {
        for (count, what, style) in [
            (figures.upcoming, "registered", t.good),
            (figures.waitlisted, "in line", t.warn),
            (figures.pending, "to be approved", t.warn),
        ] {
            if count > 0 {
                put(&format!("{} {what}", words::number(count)), style);
            }
        }
    }
}

fn list(pen: &mut Pen, state: &Registrations, area: Rect, cx: &Context) {
    let list = state.list();
    let want = Want::Mine(MineWant::Page {
        part: state.part,
        after: None,
    });
    let first = Rect { height: 1, ..area };
    if spinner::instead(pen, first, &list.page, &want, cx) {
        return;
    }
    if list.shown.is_empty() {
        return nothing(pen, state, area);
    }
    let marked = list.shown.get(list.cursor.at);
    for (y, line) in (area.top()..area.bottom()).zip(list.lines.iter().skip(list.cursor.top)) {
        let row = Rect::new(area.x, y, area.width, 1);
        match line {
            Line::Gap => {}
            Line::Heading(group) => {
                pen.put(row.x, row.y, row.width, group.title(), pen.theme.dim);
            }
            Line::Row(at) => {
                let Some(mine) = list.rows().get(*at) else {
                    continue;
                };
                registration(pen, row, mine, state.part, cx);
                if marked == Some(at) {
                    let has_keys = !state.detail.open && !state.finding;
                    let style = if has_keys {
                        pen.theme.selection
                    } else {
                        pen.theme.resting
                    };
                    let x = row.x.saturating_sub(1);
                    pen.tint(Rect::new(x, y, row.right() - x + 1, 1), style);
                    pen.put(x, y, 1, "▸", style);
                }
            }
            Line::Said(_, said) => {
                let x = row.x + WHEN;
                pen.put(x, y, row.right().saturating_sub(x), said, pen.theme.warn);
            }
        }
    }
    more(pen, list, area, cx);
}

/// That the next page is waited for, at the end of what is here.
fn more(pen: &mut Pen, list: &List, area: Rect, cx: &Context) {
    let end = area.y
        + u16::try_from(list.lines.len().saturating_sub(list.cursor.top))
            .unwrap_or(u16::MAX)
            .min(area.height);
    if list.has_more() && end < area.bottom() {
        let text = if cx.link.is_down() {
            "more when the database is back"
        } else {
            "more is coming"
        };
        pen.put(area.x, end, area.width, text, pen.theme.dim);
    }
}

/// One line: when, what, whether it is paid, and who I am to it.
fn registration(pen: &mut Pen, row: Rect, mine: &MyLine, part: Part, cx: &Context) {
    let t = pen.theme;
    let event = &mine.event;
    let (word, style) = standing(pen, mine, part, cx);
    let steps_back = !event.is_active
        || matches!(
            mine.registration.status,
            RegistrationStatus::Cancelled | RegistrationStatus::Rejected
        );
    let (time, title) = if steps_back {
        (t.dim, t.dim)
    } else if event.is_running(cx.now()) {
        (t.accent.patch(t.bold), t.accent.patch(t.bold))
    } else {
        (t.dim, t.text)
    };
    pen.put(row.x, row.y, WHEN - 1, &day_and_time(event.start_time, cx), time);
    let right = row.right();
    let from = right.saturating_sub(STANDING);
    let mut room = from.saturating_sub(row.x + WHEN + 1);
    let (paid, paid_style) = paid(pen, mine, cx);
    if room >= 26 {
        pen.put(from, row.y, STANDING, &word, style);
        pen.put_right(from.saturating_sub(2), row.y, PAID, &paid, paid_style);
        room = room.saturating_sub(PAID + 1);
    } else if mine.registration.due.is_some() && part == Part::Upcoming {
        // Where only one of the two has room, what is to be paid says that there is a seat as well.
        pen.put(from, row.y, STANDING, &format!("✓ {paid}"), paid_style);
    } else {
        pen.put(from, row.y, STANDING, &word, style);
    }
    let x = row.x + WHEN;
    let place = if room >= 46 { 19 } else { 0 };
    let mut used = pen.put(x, row.y, room - place, event.title.as_str(), title);
    if mine.registration.news.is_some() && used + 2 <= room - place {
        used += 1;
        pen.put(x + used, row.y, 1, "•", t.accent);
    }
    if place > 0 {
        pen.put(
            x + room - place + 1,
            row.y,
            place - 2,
            event.location.as_str(),
            t.dim,
        );
    }
}

/// `Fri 27 Nov 18:30`, and `2 Jan 2027 19:00` in another year: both in the same columns.
fn day_and_time(at: Timestamp, cx: &Context) -> String {
    let zone = cx.zone();
    let day = zone.day(at);
    if day.year() == cx.today().year() {
        return when::day_and_time(at, zone, cx.now());
    }
    let month = &when::month_name(day)[..3];
    format!(
        "{} {month} {} {}",
        day.day(),
        day.year(),
        when::clock_time(at, zone)
    )
}

/// Who I am to the event: a glyph and a word or two.
fn standing(pen: &Pen, mine: &MyLine, part: Part, cx: &Context) -> (String, Style) {
    let t = pen.theme;
    let (event, status) = (&mine.event, mine.registration.status);
    let busy = [Want::Register(event.id), Want::CancelSeat(event.id)];
    if busy.iter().any(|want| cx.requests.is_slow(want)) {
        return (spinner::picture(cx).to_owned(), t.dim);
    }
    if event.my_attendance {
        return ("✓ attended".to_owned(), t.good);
    }
    match status {
        RegistrationStatus::Cancelled => return ("✕ cancelled".to_owned(), t.dim),
        RegistrationStatus::Rejected => return ("✕ refused".to_owned(), t.bad),
        _ if !event.is_active => return ("✕ event cancelled".to_owned(), t.bad),
        _ => {}
    }
    let over = part == Part::Past || event.is_over(cx.now());
    match status {
        RegistrationStatus::Registered if over => ("· not checked in".to_owned(), t.dim),
        RegistrationStatus::Registered if event.is_running(cx.now()) => ("✓ seat, now".to_owned(), t.good),
        RegistrationStatus::Registered => ("✓ registered".to_owned(), t.good),
        RegistrationStatus::Pending if over => ("· never approved".to_owned(), t.dim),
        RegistrationStatus::Pending => ("… to be approved".to_owned(), t.warn),
        _ if over || event.start_time <= cx.now() => ("· no seat came".to_owned(), t.dim),
        _ => match mine.registration.place {
            Some(place) => (format!("… {} in line", words::ordinal(place)), t.warn),
            None => ("… in line".to_owned(), t.warn),
        },
    }
}

/// What it costs, and whether that is paid.
fn paid(pen: &Pen, mine: &MyLine, cx: &Context) -> (String, Style) {
    let t = pen.theme;
    let registration = &mine.registration;
    let price = |price| cx.currency().show(price);
    match (registration.due, registration.payment_status) {
        (Some(due), _) => (format!("{} due", price(due)), t.warn),
        (None, PaymentStatus::Paid) => ("paid".to_owned(), t.good),
        (None, PaymentStatus::Refunded) => ("refunded".to_owned(), t.dim),
        (None, _) => match (registration.price_due, registration.status) {
            (_, RegistrationStatus::Cancelled | RegistrationStatus::Rejected) => (String::new(), t.dim),
            (Some(due), _) => (price(due), t.dim),
            (None, _) => ("free".to_owned(), t.dim),
        },
    }
}

fn nothing(pen: &mut Pen, state: &Registrations, area: Rect) {
    let lines = match (state.text().is_empty(), state.part) {
        (false, _) if state.list().has_more() => ["Nothing matches so far.", "More is being looked through."],
        (false, _) if state.finding => ["Nothing matches.", "Esc drops the text."],
        (false, _) => ["Nothing matches.", "/ changes the text, Esc clears it."],
        (true, Part::Upcoming) => [
            "You are registered for nothing that is to come.",
            "1 shows the calendar; r on an event registers you.",
        ],
        (true, Part::Past) => [
            "Nothing is over yet.",
            "What you registered for stands here once it has been.",
        ],
    };
    for (y, line) in (area.top()..area.bottom()).zip(lines) {
        pen.put(area.x, y, area.width, line, pen.theme.dim);
    }
}

fn foot(pen: &mut Pen, state: &Registrations, row: Rect, cx: &Context) {
    if state.list().page.get().is_none() {
        return;
    }
    let t = pen.theme;
    let text = format!("times in {}", cx.zone().label(cx.now()));
    let x = row.x + pen.put(row.x, row.y, row.width, &text, t.dim);
    if let Some(note) = words::other_clock(cx.now(), cx) {
        let note = format!(" · {note}");
        pen.put(x, row.y, row.right().saturating_sub(x), &note, t.warn);
    }
}
