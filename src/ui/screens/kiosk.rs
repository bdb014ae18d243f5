//! A kiosk's start as cells: what is on today and this week, the place for passes, and what came of one, large.

use chrono::NaiveDate;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::Model;
use crate::app::context::{Context, Opening};
use crate::app::geometry;
use crate::app::kiosk::{Card, Kiosk, KioskWant};
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::Fault;
use crate::domain::badge::Earned;
use crate::domain::check_in::Outcome;
use crate::domain::kiosk::{KioskOutcome, Notice, ScanOutcome, Scanned};
use crate::domain::passage::Passage;
use crate::domain::when;
use crate::ui::pen::{self, Pen};
use crate::ui::screens::check_in::card::{FAILED, look};
use crate::ui::widgets::big_word::big_word;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

/// Columns of a pass's code, its dash, and a cursor behind it.
const PASS: u16 = 14;
/// Lines under the big word: who, and what it means.
const UNDER: u16 = 6;

/// Whose kiosk it is, and what time it is.
pub(crate) fn header(pen: &mut Pen, model: &Model, frame: &geometry::Frame) {
    let (row, cx) = (frame.header, &model.cx);
    let right = row.right().saturating_sub(1);
    let clock = cx.community.as_ref().map(|_| {
        let (now, zone) = (cx.now(), cx.zone());
        let today = zone.day(now);
        format!(
            "{}  {}",
            when::short_day(today, today),
            when::clock_time(now, zone)
        )
    });
    let from = pen.put_right(
        right,
        row.y,
        right,
        clock.as_deref().unwrap_or_default(),
        pen.theme.bold,
    );
    let name = cx
        .community
        .as_ref()
        .map_or("Pine Time", |community| community.community_name.as_str());
    pen.put(1, row.y, from.saturating_sub(3), name, pen.theme.bold);
    pen.rule(frame.header_rule);
}

pub(crate) fn draw(pen: &mut Pen, model: &Model, kiosk: &Kiosk, body: Rect) {
    if let Some(card) = kiosk.seen() {
        return draw_card(pen, &model.cx, card, body);
    }
    let list = geometry::rows(body, 1, body.height.saturating_sub(5));
    week(pen, model, kiosk, list);
    let prompt = geometry::rows(body, body.height.saturating_sub(3), 1);
    let below = geometry::rows(body, body.height.saturating_sub(2), 1);
    if model.cx.link.is_down() {
        pen.put_centred(prompt, "The database does not answer just now.", pen.theme.warn);
        let wait = "Check-in and signing in wait for it; please ask at the desk.";
        return pen.put_centred(below, wait, pen.theme.text);
    }
    if is_enrolled(kiosk) {
        pen.put_centred(
            prompt,
            "Scan your pass to check in, or press Enter to sign in",
            pen.theme.bold,
        );
        pass(pen, model, kiosk, below);
    }
}

fn is_enrolled(kiosk: &Kiosk) -> bool {
    use crate::app::remote::Remote;
    !matches!(
        kiosk.page,
        Remote::Failed(Fault::NotSignedIn | Fault::Login | Fault::Version(_))
    )
}

/// A pass that is typed by hand.
fn pass(pen: &mut Pen, model: &Model, kiosk: &Kiosk, row: Rect) {
    let t = pen.theme;
    if let Some(message) = kiosk.message {
        pen.put_centred(geometry::rows(row, 0, 1), message, t.warn);
        let under = Rect::new(row.x, row.y + 1, row.width, 1);
        return typed(pen, model, kiosk, under);
    }
    if kiosk.pass.is_empty() {
        return pen.put_centred(row, "No scanner? Type the code of your pass.", t.dim);
    }
    typed(pen, model, kiosk, row);
}

fn typed(pen: &mut Pen, model: &Model, kiosk: &Kiosk, row: Rect) {
    let (label, keys) = ("Pass  ", "  Enter checks in");
    let wide = pen::width(label) + PASS + pen::width(keys);
    let x = row.x + row.width.saturating_sub(wide) / 2;
    let used = pen.put(x, row.y, row.width, label, pen.theme.dim);
    let look = Look {
        focused: model.overlays.is_empty(),
        hidden: false,
        ground: true,
    };
    field(pen, Rect::new(x + used, row.y, PASS, 1), &kiosk.pass, look);
    let x = x + used + PASS;
    pen.put(x, row.y, row.right().saturating_sub(x), keys, pen.theme.dim);
}

/// What is on, day by day.
fn week(pen: &mut Pen, model: &Model, kiosk: &Kiosk, area: Rect) {
    let cx = &model.cx;
    let says = |pen: &mut Pen, lines: &[(&str, Style)]| {
        let high = u16::try_from(lines.len()).unwrap_or(1);
        let top = area.height.saturating_sub(high) / 2;
        for (at, (line, style)) in (0..).zip(lines) {
            pen.put_centred(geometry::rows(area, top + at, 1), line, *style);
        }
    };
    let t = pen.theme;
    if let Opening::Failed(why) = &cx.opening {
        return says(
            pen,
            &[("Pine Time cannot start here.", t.bold), (why.as_str(), t.bad)],
        );
    }
    let Some(page) = kiosk.page.get() else {
        use crate::app::remote::Remote;
        return match &kiosk.page {
            Remote::Failed(Fault::NotSignedIn) => says(
                pen,
                &[
                    ("This kiosk is not enrolled.", t.bold),
                    ("", t.text),
                    ("Staff enrol it:  pine-time kiosk enrol NAME", t.dim),
                    ("and here, once:  pine-time kiosk join CODE ", t.dim),
                ],
            ),
            Remote::Failed(Fault::Login) => says(
                pen,
                &[
                    ("This terminal's database login is not a kiosk's.", t.bold),
                    ("", t.text),
                    (
                        "pine-time db roles create-login NAME --role kiosk  makes one.",
                        t.dim,
                    ),
                ],
            ),
            Remote::Failed(fault) if !fault.is_link() => says(pen, &[(&fault.to_string(), t.bad)]),
            _ => {
                if let Opening::Working(what) = &cx.opening {
                    says(pen, &[(what.as_str(), t.dim)]);
                } else if cx.requests.is_slow(&Want::Kiosk(KioskWant::Page)) {
                    says(pen, &[(spinner::picture(cx), t.dim)]);
                }
            }
        };
    };
    let now = cx.now();
    let events: Vec<&Notice> = page.events.iter().filter(|event| event.end_time > now).collect();
    if events.is_empty() {
        let hint = "Sign in to look further ahead.";
        return says(pen, &[("Nothing is planned this week.", t.bold), (hint, t.dim)]);
    }
    let (today, zone) = (cx.today(), cx.zone());
    let mut day: Option<NaiveDate> = None;
    let mut y = area.y;
    for (at, event) in events.iter().enumerate() {
        let on = zone.day(event.start_time).max(today);
        let heads = day != Some(on);
        let needed = u16::from(heads) + u16::from(heads && day.is_some()) + 1;
        let is_last = at + 1 == events.len();
        if y + needed + u16::from(!is_last) > area.bottom() {
            let more = format!("… and {} more this week", events.len() - at);
            if y < area.bottom() {
                pen.put(area.x + 3, y, area.width, &more, t.dim);
            }
            return;
        }
        if heads {
            y += u16::from(day.is_some());
            pen.put(area.x + 2, y, area.width, &day_name(on, today), t.bold);
            y += 1;
            day = Some(on);
        }
        let here = page.event_id == Some(event.id);
        line(pen, cx, event, here, Rect::new(area.x, y, area.width, 1));
        y += 1;
    }
}

/// `Today, Friday 27 November`.
fn day_name(day: NaiveDate, today: NaiveDate) -> String {
    use chrono::Datelike as _;
    let date = format!(
        "{} {} {}",
        when::weekday_name(day),
        day.day(),
        when::month_name(day)
    );
    match (day - today).num_days() {
        0 => format!("Today, {date}"),
        1 => format!("Tomorrow, {date}"),
        _ => date,
    }
}

fn seats(event: &Notice) -> String {
    match (event.free_seats(), event.waitlisted) {
        (None, _) => "open to all".to_owned(),
        (Some(0), 0) => "full".to_owned(),
        (Some(0), waiting) => format!("full, {} wait", words::number(waiting.into())),
        (Some(1), _) => "1 seat free".to_owned(),
        (Some(free), _) => format!("{} seats free", words::number(free.into())),
    }
}

/// One event; `here` when the attendant chose it for scans.
fn line(pen: &mut Pen, cx: &Context, event: &Notice, here: bool, row: Rect) {
    let t = pen.theme;
    let now = cx.now();
    let opens = event.start_time - chrono::TimeDelta::minutes(cx.door_opens_minutes().into());
    let is_open = here || opens <= now;
    let (time, style) = if event.start_time <= now {
        ("now".to_owned(), t.good)
    } else {
        let style = if is_open { t.good } else { t.text };
        (when::clock_time(event.start_time, cx.zone()), style)
    };
    pen.put(row.x + 1, row.y, 1, if here { "▸" } else { " " }, t.accent);
    pen.put(row.x + 3, row.y, 6, &time, style);
    let right = row.right().saturating_sub(2);
    let free = event.free_seats() != Some(0);
    let seat_style = if free { t.text } else { t.warn };
    let mut from = pen.put_right(right, row.y, 18, &seats(event), seat_style);
    // Columns stay where they are, whatever the seats say.
    from = from.min(right.saturating_sub(14));
    if let Some(price) = event.price {
        let price = cx.currency().show(price);
        let ends = from.saturating_sub(2);
        from = pen
            .put_right(ends, row.y, 10, &price, t.dim)
            .min(ends.saturating_sub(7));
    } else {
        from = from.saturating_sub(9);
    }
    let x = row.x + 10;
    let room = from.saturating_sub(x + 2);
    let place = if room >= 56 { 22 } else { 0 };
    pen.put(x, row.y, room - place, event.title.as_str(), t.text);
    if place > 0 {
        pen.put(
            x + room - place + 2,
            row.y,
            place - 2,
            event.location.as_str(),
            t.dim,
        );
    }
}

// ---- what came of a pass ----

fn draw_card(pen: &mut Pen, cx: &Context, card: &Card, body: Rect) {
    let t = pen.theme;
    let (word, ground) = match card {
        Card::Sent(nonce) => {
            if cx.requests.is_slow(&Want::Kiosk(KioskWant::Scan(*nonce))) {
                let row = geometry::rows(body, body.height / 2, 1);
                pen.put_centred(row, &format!("{} one moment", spinner::picture(cx)), t.dim);
            }
            return;
        }
        Card::Told(scanned) => match scanned.outcome {
            ScanOutcome::Door(Outcome::Ok) if scanned.passage == Passage::Back => ("BACK IN", t.good_ground),
            ScanOutcome::Door(outcome) => (outcome.word(), look(t, outcome).2),
            ScanOutcome::Kiosk(KioskOutcome::Closed) => ("CLOSED", t.warn_ground),
            ScanOutcome::Kiosk(KioskOutcome::Wait) => ("WAIT", t.warn_ground),
        },
        Card::NotAPass => ("NO PASS", t.bad_ground),
        Card::Lost => ("NO LINK", t.warn_ground),
        Card::Failed(_) => (FAILED, t.bad_ground),
    };
    let high = body.height.saturating_sub(UNDER);
    big_word(pen, geometry::rows(body, 0, high), word, ground);
    let mut lines: Vec<(String, Style)> = Vec::new();
    match card {
        Card::Told(scanned) => {
            if let Some(name) = &scanned.name {
                lines.push((name.to_string(), t.bold));
            }
            lines.extend(told(scanned, cx).into_iter().map(|line| (line, t.text)));
        }
        Card::NotAPass => lines.push((
            "That was no pass. Hold your pass before the scanner.".to_owned(),
            t.text,
        )),
        Card::Lost => {
            lines.push(("The database does not answer just now.".to_owned(), t.text));
            lines.push(("Please ask at the desk.".to_owned(), t.text));
        }
        Card::Failed(fault) => {
            let fault = match fault {
                Fault::NotSignedIn => "This kiosk is not enrolled. Please ask at the desk.".to_owned(),
                fault => fault.to_string(),
            };
            lines.push((fault, t.text));
        }
        Card::Sent(_) => {}
    }
    let mut y = high + 1;
    for (text, style) in lines {
        for part in words::wrap(&text, usize::from(body.width.saturating_sub(4))) {
            pen.put_centred(geometry::rows(body, y, 1), part, style);
            y += 1;
        }
    }
}

/// What it means for whoever stands there.
fn told(scanned: &Scanned, cx: &Context) -> Vec<String> {
    let event = scanned
        .event_title
        .as_ref()
        .map_or("the event", |title| title.as_str());
    let time = |at: Option<crate::domain::Timestamp>| {
        at.map_or_else(String::new, |at| when::clock_time(at, cx.zone()))
    };
    let line = match scanned.outcome {
        ScanOutcome::Door(Outcome::Ok) => {
            let brings = scanned.points != 0 || scanned.earned.iter().any(|one| one.words().is_some());
            let mut lines = vec![event.to_owned()];
            if brings {
                lines.push(words::points(scanned.points, &scanned.earned));
            }
            let badge = scanned
                .earned
                .iter()
                .any(|one| matches!(one, Earned::Badge { .. }));
            if badge {
                lines.push("A new badge: sign in to see it on your profile.".to_owned());
            }
            return lines;
        }
        ScanOutcome::Door(Outcome::Already) => match scanned.first_at {
            Some(at) => format!("You are in at {event}, since {}.", time(Some(at))),
            None => format!("You are in at {event}."),
        },
        ScanOutcome::Door(Outcome::NotRegistered) => {
            return vec![
                format!("You have no seat at {event} yet."),
                "Sign in here to register, or ask at the desk.".to_owned(),
            ];
        }
        ScanOutcome::Door(Outcome::Cancelled) => {
            format!("Your registration for {event} was cancelled. Please ask at the desk.")
        }
        ScanOutcome::Door(Outcome::Pending) => {
            format!("Your seat at {event} waits for approval. Please ask at the desk.")
        }
        ScanOutcome::Door(Outcome::Waitlisted) => {
            format!("You are on the waitlist of {event}. Please ask at the desk.")
        }
        ScanOutcome::Door(Outcome::TooEarly) => {
            format!("Check-in for {event} opens at {}.", time(scanned.opens_at))
        }
        ScanOutcome::Door(Outcome::Over) => format!("{event} ended at {}.", time(scanned.ended_at)),
        ScanOutcome::Door(Outcome::Unpaid) => format!("{event} is not paid yet. Please pay at the desk."),
        ScanOutcome::Door(Outcome::EventInactive) => format!("{event} was cancelled."),
        ScanOutcome::Door(Outcome::UnknownCode) => "Nobody has this pass. Please ask at the desk.".to_owned(),
        ScanOutcome::Door(Outcome::MemberInactive | Outcome::NotIn) => "Please ask at the desk.".to_owned(),
        ScanOutcome::Kiosk(KioskOutcome::Closed) => "No event is near that you could check in to.".to_owned(),
        ScanOutcome::Kiosk(KioskOutcome::Wait) => match scanned.seconds {
            ..=1 => "Too many passes at once. Try again in a moment.".to_owned(),
            seconds => format!("Too many passes at once. Try again in {seconds} seconds."),
        },
    };
    vec![line]
}

/// The last seconds before whoever was here is forgotten, over the message line.
pub(crate) fn countdown(pen: &mut Pen, seconds: u64, row: Rect) {
    let seconds = if seconds == 1 {
        "1 second".to_owned()
    } else {
        format!("{seconds} seconds")
    };
    pen.clear(row);
    pen.tint(row, pen.theme.warn_ground);
    let text = format!("Back to the start in {seconds}. Any key stays.");
    pen.put_centred(row, &text, pen.theme.warn_ground);
}
