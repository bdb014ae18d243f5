//! Calendar files (RFC 5545): events with the rules of the community's zone for the time they span. Written here
//! because the libraries that write such files put into a zone's rules what only an event may have.

use std::fmt::Write as _;

use chrono::TimeDelta;

use super::Timestamp;
use super::event::EventPage;
use super::plan::CalendarFile;
use super::when::{WallTime, Zone};

/// Longest line, in octets, its end not counted (RFC 5545, 3.1).
const LINE: usize = 75;
/// How far before the first event the rule in force is looked for, in days; zones that keep one time have none.
const LOOK_BACK: i64 = 400;

/// The file. `name` is the community's; `now` is when it is written.
pub fn write(file: &CalendarFile, name: &str, zone: Zone, now: Timestamp) -> String {
    let mut out = Lines::default();
    out.add("BEGIN", "VCALENDAR");
    out.add("VERSION", "2.0");
    out.add("PRODID", "-//Pine Time//Pine Time//EN");
    out.add("CALSCALE", "GREGORIAN");
    out.add("METHOD", "PUBLISH");
    out.text("X-WR-CALNAME", name);
    out.add("X-WR-TIMEZONE", zone.name());
    let first = file.events.iter().map(|event| event.line.start_time).min();
    let last = file.events.iter().map(|event| event.line.end_time).max();
    if let (Some(first), Some(last), true) = (first, last, zone != Zone::UTC) {
        time_zone(&mut out, zone, first, last);
    }
    for event in &file.events {
        one_event(&mut out, event, file.calendar_id, zone, now);
    }
    out.add("END", "VCALENDAR");
    out.0
}

/// The name of a file for one event, as `pine-time-trivia-night-science.ics`.
pub fn file_name(title: &str) -> String {
    format!("pine-time{}.ics", file_part(title))
}

/// A title as a part of a file's name, as `-trivia-night-science`; empty when it has neither letters nor digits.
pub fn file_part(title: &str) -> String {
    let mut name = String::new();
    let mut gap = true;
    for c in title.chars() {
        if c.is_alphanumeric() {
            if gap {
                name.push('-');
            }
            gap = false;
            name.extend(c.to_lowercase());
        } else {
            gap = true;
        }
        if name.len() > 51 {
            break;
        }
    }
    name
}

fn one_event(out: &mut Lines, event: &EventPage, calendar: uuid::Uuid, zone: Zone, now: Timestamp) {
    let line = &event.line;
    out.add("BEGIN", "VEVENT");
    out.add("UID", &format!("event-{}@{calendar}", line.id.0));
    out.add("DTSTAMP", &utc(now));
    if let Some(at) = event.created_at {
        out.add("CREATED", &utc(at));
    }
    if let Some(at) = event.changed_at {
        out.add("LAST-MODIFIED", &utc(at));
    }
    out.add("SEQUENCE", &(event.version - 1).max(0).to_string());
    moment(out, "DTSTART", line.start_time, zone);
    moment(out, "DTEND", line.end_time, zone);
    out.text("SUMMARY", line.title.as_str());
    out.text("LOCATION", line.location.as_str());
    let mut about = event.description.to_string();
    let status = if line.is_active {
        "CONFIRMED"
    } else {
        if let Some(reason) = &event.cancel_reason {
            let gap = if about.is_empty() { "" } else { "\n\n" };
            about = format!("Cancelled: {reason}{gap}{about}");
        }
        "CANCELLED"
    };
    if !about.is_empty() {
        out.text("DESCRIPTION", &about);
    }
    out.text("CATEGORIES", line.event_type.as_str());
    out.add("STATUS", status);
    out.add("TRANSP", if line.is_active { "OPAQUE" } else { "TRANSPARENT" });
    out.add("END", "VEVENT");
}

fn moment(out: &mut Lines, name: &str, at: Timestamp, zone: Zone) {
    let wall = zone.wall(at);
    // Of the hour that comes twice a wall time means the first (RFC 5545, 3.3.5); the second needs UTC.
    let second = matches!(zone.at_wall(wall), WallTime::Twice { second, .. } if second == at);
    if second || zone == Zone::UTC {
        out.add(name, &utc(at));
    } else {
        let wall = wall.format("%Y%m%dT%H%M%S").to_string();
        out.add(&format!("{name};TZID={}", zone.name()), &wall);
    }
}

fn utc(at: Timestamp) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A turn of the clock: the moment, and the offsets before and after it.
struct Turn {
    at: Timestamp,
    from: i64,
    to: i64,
}

/// Every turn of the clock that concerns the span, each written out: no rule has to be guessed from them.
fn time_zone(out: &mut Lines, zone: Zone, first: Timestamp, last: Timestamp) {
    let begin = first - TimeDelta::days(LOOK_BACK);
    let mut turns = Vec::new();
    let mut at = begin;
    while at < last {
        let next = at + TimeDelta::days(1);
        if zone.offset(at) != zone.offset(next) {
            let turn = turn_between(zone, at, next);
            turns.push(Turn {
                at: turn,
                from: zone.offset(turn - TimeDelta::seconds(1)),
                to: zone.offset(turn),
            });
        }
        at = next;
    }
    // Of those before the first event only the last one still holds.
    let held = turns.iter().filter(|turn| turn.at <= first).count();
    turns.drain(..held.saturating_sub(1));
    if turns.first().is_none_or(|turn| turn.at > first) {
        let offset = zone.offset(first);
        turns.insert(
            0,
            Turn {
                at: begin,
                from: offset,
                to: offset,
            },
        );
    }
    out.add("BEGIN", "VTIMEZONE");
    out.add("TZID", zone.name());
    // The lesser of two offsets is the standard one: also where winter is called the exception, as in Ireland.
    let standard = turns.iter().map(|turn| turn.to.min(turn.from)).min().unwrap_or(0);
    for turn in &turns {
        let kind = if turn.to > turn.from || (turn.to == turn.from && turn.to > standard) {
            "DAYLIGHT"
        } else {
            "STANDARD"
        };
        let wall = (turn.at + TimeDelta::seconds(turn.from)).format("%Y%m%dT%H%M%S");
        out.add("BEGIN", kind);
        out.add("DTSTART", &wall.to_string());
        out.add("TZOFFSETFROM", &offset(turn.from));
        out.add("TZOFFSETTO", &offset(turn.to));
        out.text("TZNAME", &zone.abbreviation(turn.at));
        out.add("END", kind);
    }
    out.add("END", "VTIMEZONE");
}

/// The first second of the later offset between two moments.
fn turn_between(zone: Zone, mut before: Timestamp, mut after: Timestamp) -> Timestamp {
    let old = zone.offset(before);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + (after - before) / 2;
        if zone.offset(middle) == old {
            before = middle;
        } else {
            after = middle;
        }
    }
    chrono::DateTime::from_timestamp(after.timestamp(), 0).unwrap_or(after)
}

/// `+0800`.
fn offset(seconds: i64) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let all = seconds.abs();
    let mut text = format!("{sign}{:02}{:02}", all / 3600, all / 60 % 60);
    if all % 60 != 0 {
        let _ = write!(text, "{:02}", all % 60);
    }
    text
}

/// The content lines as they grow.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A property whose value is written as it is.
    fn add(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{value}"));
    }

    /// A property whose value is a text (RFC 5545, 3.3.11).
    fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len() + 8);
        for c in value.chars() {
            match c {
                '\\' | ';' | ',' => escaped.extend(['\\', c]),
                '\n' => escaped.push_str("\\n"),
                c if c.is_control() => {}
                c => escaped.push(c),
            }
        }
        self.add(name, &escaped);
    }

    /// Breaks a line at 75 octets, never within a character (RFC 5545, 3.1).
    fn fold(&mut self, line: &str) {
        let mut used = 0;
        for c in line.chars() {
            if used + c.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                used = 1;
            }
            self.0.push(c);
            used += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}
