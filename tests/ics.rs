//! Calendar files, read back: by another library, and by eye for what a library forgives (line ends, folding, control
//! characters). The zone's rules in the file must bring back the very moments, whatever the zone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/fixtures.rs"]
mod fixtures;
#[path = "support/plans.rs"]
mod plans;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use icalendar::{Calendar, CalendarComponent, Component, Event};
use pine_time::domain::event::{EventLine, EventPage};
use pine_time::domain::when::Zone;
use pine_time::domain::{SafeText, Timestamp, ics};
use proptest::prelude::*;

use fixtures::{event, events, now, page};
use plans::{cancelled, file};

const ZONES: [&str; 12] = [
    "Asia/Manila",
    "America/New_York",
    "Europe/Berlin",
    "Europe/Dublin",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Santiago",
    "Asia/Kathmandu",
    "America/St_Johns",
    "UTC",
];

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

/// What RFC 5545, 3.1 asks of every line.
fn check_lines(text: &str) {
    assert!(text.ends_with("END:VCALENDAR\r\n"), "{text}");
    for line in text.strip_suffix("\r\n").unwrap().split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.is_empty());
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
}

/// A property of a component by hand: unfolded, its name with its parameters, and its raw value.
fn lines(text: &str) -> Vec<(String, String)> {
    text.replace("\r\n ", "")
        .lines()
        .map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

fn raw<'a>(lines: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    let is = |full: &str| full == name || full.starts_with(&format!("{name};"));
    lines
        .iter()
        .filter(|(full, _)| is(full))
        .map(|(_, value)| value.as_str())
        .collect()
}

fn read(text: &str) -> Calendar {
    text.parse().unwrap_or_else(|why| panic!("{why}\n{text}"))
}

fn read_events(calendar: &Calendar) -> Vec<&Event> {
    calendar
        .components
        .iter()
        .filter_map(CalendarComponent::as_event)
        .collect()
}

/// An observance of a zone: from which moment on, and how far ahead of UTC it is.
struct Observance {
    from: DateTime<Utc>,
    ahead: TimeDelta,
}

fn ahead(text: &str) -> TimeDelta {
    let (sign, digits) = text.split_at(1);
    let number = |range: std::ops::Range<usize>| digits.get(range).map_or(0, |part| part.parse().unwrap());
    let seconds: i64 = number(0..2) * 3600 + number(2..4) * 60 + number(4..6);
    TimeDelta::seconds(if sign == "-" { -seconds } else { seconds })
}

fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap()
}

fn observances(calendar: &Calendar) -> Vec<Observance> {
    let zone = calendar.components.iter().find_map(|component| match component {
        CalendarComponent::Other(other) if other.component_kind() == "VTIMEZONE" => Some(other),
        _ => None,
    });
    let mut all: Vec<Observance> = zone
        .map_or(&[][..], |zone| zone.components())
        .iter()
        .map(|part| {
            assert!(["STANDARD", "DAYLIGHT"].contains(&part.component_kind().as_str()));
            let value = |name: &str| part.property_value(name).unwrap().to_owned();
            Observance {
                from: (wall(&value("DTSTART")) - ahead(&value("TZOFFSETFROM"))).and_utc(),
                ahead: ahead(&value("TZOFFSETTO")),
            }
        })
        .collect();
    all.sort_by_key(|one| one.from);
    all
}

/// The moment of a property as RFC 5545, 3.3.5 has it: of two with the same wall time, the first.
fn moment(of: &Event, name: &str, rules: &[Observance]) -> Timestamp {
    let property = of.properties().get(name).unwrap();
    if let Some(utc) = property.value().strip_suffix('Z') {
        return wall(utc).and_utc();
    }
    assert!(property.params().contains_key("TZID"), "{property:?}");
    let wall = wall(property.value());
    let holds = |rule: &&Observance| {
        let at = (wall - rule.ahead).and_utc();
        let last = rules.iter().rfind(|other| other.from <= at);
        last.is_some_and(|last| last.from == rule.from)
    };
    let rule = rules
        .iter()
        .find(holds)
        .unwrap_or_else(|| panic!("no rule holds at {wall}"));
    (wall - rule.ahead).and_utc()
}

#[test]
fn one_event_in_full() {
    let text = ics::write(
        &file(vec![page(events()[6].clone())]),
        "Highland Games Community",
        zone("Asia/Manila"),
        now(),
    );
    check_lines(&text);
    insta::assert_snapshot!(text.replace("\r\n", "\n"));
}

#[test]
fn a_cancelled_event_takes_itself_back() {
    let held = page(events()[5].clone());
    let text = |of: EventPage| ics::write(&file(vec![of]), "C", zone("Asia/Manila"), now());
    let (before, after) = (text(held), text(cancelled()));
    let (before, after) = (lines(&before), lines(&after));
    assert_eq!(
        raw(&before, "UID"),
        raw(&after, "UID"),
        "the same event for every calendar"
    );
    assert_eq!(
        (raw(&before, "STATUS"), raw(&after, "STATUS")),
        (vec!["CONFIRMED"], vec!["CANCELLED"])
    );
    assert_eq!(
        (raw(&before, "SEQUENCE"), raw(&after, "SEQUENCE")),
        (vec!["0"], vec!["1"]),
        "and the newer one"
    );
    assert!(raw(&after, "DESCRIPTION")[0].starts_with("Cancelled: The hall is flooded\\n\\nTeams"));
}

#[test]
fn texts_are_escaped_and_come_back() {
    let title = "Fish, chips; and \\n \"quotes\": a:b";
    let about = "one\ntwo, three; four\\five\n\n日本 🎉 ünï";
    let of = EventPage {
        line: EventLine {
            title: title.into(),
            ..events()[6].clone()
        },
        description: SafeText::paragraphs(about),
        ..page(events()[6].clone())
    };
    let text = ics::write(&file(vec![of]), "A, B; C", zone("Asia/Manila"), now());
    check_lines(&text);
    let by_hand = lines(&text);
    assert_eq!(raw(&by_hand, "X-WR-CALNAME"), ["A\\, B\\; C"]);
    assert_eq!(
        raw(&by_hand, "SUMMARY"),
        ["Fish\\, chips\\; and \\\\n \"quotes\": a:b"]
    );
    let calendar = read(&text);
    let event = read_events(&calendar)[0];
    assert_eq!(event.get_summary(), Some(title));
    assert_eq!(event.get_description(), Some(about));
}

#[test]
fn the_hour_that_comes_twice_is_told_apart() {
    // 01:30 in New York on 1 November 2026: first at 05:30, then at 06:30 UTC.
    let twice = |utc: &str| {
        let start_time: Timestamp = utc.parse().unwrap();
        page(EventLine {
            start_time,
            end_time: start_time + TimeDelta::minutes(20),
            ..event(1, "Night owl", "2026-11-01 01:30", 1)
        })
    };
    for utc in ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"] {
        let text = ics::write(&file(vec![twice(utc)]), "C", zone("America/New_York"), now());
        let calendar = read(&text);
        let rules = observances(&calendar);
        let start = moment(read_events(&calendar)[0], "DTSTART", &rules);
        assert_eq!(start, utc.parse::<Timestamp>().unwrap(), "{text}");
    }
}

#[test]
fn no_events_are_a_calendar_all_the_same() {
    let text = ics::write(&file(Vec::new()), "C", zone("Europe/Berlin"), now());
    check_lines(&text);
    assert!(read(&text).components.is_empty());
}

#[test]
fn files_have_names_that_any_system_takes() {
    assert_eq!(
        ics::file_name("Trivia Night: Science"),
        "pine-time-trivia-night-science.ics"
    );
    assert_eq!(ics::file_name("../../etc/passwd"), "pine-time-etc-passwd.ics");
    assert_eq!(ics::file_name("!?"), "pine-time.ics");
    assert!(ics::file_name(&"ü".repeat(500)).len() < 80);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn every_moment_comes_back_in_every_zone(
        name in prop::sample::select(&ZONES[..]),
        starts in prop::collection::vec((0_i64..50 * 366 * 24 * 4, 1_i64..5000), 1..5),
        near in any::<bool>(),
        text in "[ -~äß日🎉\n,;\\\\]{0,200}",
    ) {
        let zone = zone(name);
        let begin: Timestamp = "1990-01-01T00:00:00Z".parse().unwrap();
        let of: Vec<EventPage> = starts
            .iter()
            .enumerate()
            .map(|(id, (quarter, minutes))| {
                // Close together, or decades apart.
                let quarter = if near { starts[0].0 + quarter % 40_000 } else { *quarter };
                let start_time = begin + TimeDelta::minutes(15 * quarter);
                let line = EventLine {
                    start_time,
                    end_time: start_time + TimeDelta::minutes(*minutes),
                    title: text.as_str().into(),
                    ..event(i32::try_from(id).unwrap(), "T", "2026-11-27 18:30", 2)
                };
                EventPage { description: SafeText::paragraphs(&text), ..page(line) }
            })
            .collect();
        let written = ics::write(&file(of.clone()), &text, zone, now());
        check_lines(&written);
        let calendar = read(&written);
        let rules = observances(&calendar);
        let found = read_events(&calendar);
        prop_assert_eq!(found.len(), of.len());
        for (found, page) in found.iter().zip(&of) {
            prop_assert_eq!(moment(found, "DTSTART", &rules), page.line.start_time);
            prop_assert_eq!(moment(found, "DTEND", &rules), page.line.end_time);
            let uid = format!("event-{}@{}", page.line.id.0, uuid::Uuid::from_u128(0x5eed));
            prop_assert_eq!(found.get_uid(), Some(uid.as_str()));
            if !page.line.title.as_str().trim().is_empty() {
                prop_assert_eq!(found.get_summary(), Some(page.line.title.as_str()));
            }
        }
    }
}
