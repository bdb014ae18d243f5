//! The pure rules against naive models: pass codes, text from outside, dates as people type them, the event form,
//! the event a door opens on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use pine_time::domain::event::{EventId, EventLine, door_choice};
use pine_time::domain::event_filter::{
    EventFilter, FilterField, FilterForm, PriceChoice, PriceFilter, SortBy,
};
use pine_time::domain::event_form::{EventForm, Field};
use pine_time::domain::money::Currency;
use pine_time::domain::safe_text::{MAX_MARKS, SafeText, is_safe};
use pine_time::domain::when::{self, Zone};
use pine_time::domain::{Timestamp, pass_code};
use proptest::prelude::*;

const CODE_LETTERS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn code(values: &[u8]) -> String {
    let body: String = values
        .iter()
        .map(|&value| char::from(pass_code::ALPHABET[usize::from(value)]))
        .collect();
    let check = pass_code::check_character(&body).unwrap();
    format!("{body}{check}")
}

fn at(text: &str) -> Timestamp {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

proptest! {
    #[test]
    fn a_code_is_read_however_it_is_written(values in prop::collection::vec(0_u8..32, 9), lower: bool, dash in 0_usize..10) {
        let code = code(&values);
        let mut written = code.replace('0', "o").replace('1', "L");
        if lower {
            written = written.to_lowercase();
        }
        written.insert(dash, '-');
        prop_assert_eq!(pass_code::read(&format!(" {written} ")), Ok(code.clone()));
        prop_assert_eq!(pass_code::read(&pass_code::show(&code)), Ok(code));
    }

    #[test]
    fn one_wrong_character_is_always_seen(values in prop::collection::vec(0_u8..32, 9), place in 0_usize..10, by in 1_usize..32) {
        let code = code(&values);
        let mut letters: Vec<char> = code.chars().collect();
        let value = CODE_LETTERS.find(letters[place]).unwrap();
        letters[place] = CODE_LETTERS.chars().nth((value + by) % 32).unwrap();
        let wrong: String = letters.into_iter().collect();
        prop_assert_eq!(pass_code::read(&wrong), Err(pass_code::NotACode::CheckCharacter));
    }

    #[test]
    fn neighbours_swapped_are_seen_unless_sixteen_apart(values in prop::collection::vec(0_u8..32, 9), place in 0_usize..8) {
        let (a, b) = (values[place], values[place + 1]);
        prop_assume!(a != b && a.abs_diff(b) != 16);
        let mut swapped = values.clone();
        swapped.swap(place, place + 1);
        prop_assert_ne!(pass_code::check_character(&code(&values)[..9]), pass_code::check_character(&code(&swapped)[..9]));
    }

    #[test]
    fn anything_may_be_given_for_a_code(text in ".{0,40}") {
        if let Ok(code) = pass_code::read(&text) {
            prop_assert_eq!(code.len(), pass_code::LENGTH);
        }
        let _ = pass_code::show(&text);
    }

    #[test]
    fn safe_text_is_safe_stays_and_keeps_what_is_harmless(text in prop::collection::vec(any::<char>(), 0..60)) {
        let raw: String = text.iter().collect();
        for clean in [SafeText::line(&raw), SafeText::paragraphs(&raw)] {
            prop_assert!(clean.as_str().chars().all(|c| is_safe(c) || c == '\n'), "{clean:?}");
            prop_assert_eq!(&SafeText::paragraphs(clean.as_str()), &clean, "cleaning again changes nothing");
        }
        prop_assert!(!SafeText::line(&raw).as_str().contains('\n'));
        let plain: String = raw.chars().filter(char::is_ascii_graphic).collect();
        let line = SafeText::line(&raw);
        let kept: String = line.as_str().chars().filter(char::is_ascii_graphic).collect();
        // Composition may join an ASCII letter with a mark that follows; nothing else may take one away.
        prop_assert!(kept.len() <= plain.len());
        prop_assert_eq!(SafeText::line(&plain).to_string(), plain);
    }

    #[test]
    fn marks_are_capped(letter in "[a-z]", marks in 0_usize..50) {
        let raw = format!("{letter}{}", "\u{0316}".repeat(marks));
        let clean = SafeText::line(&raw);
        prop_assert_eq!(clean.as_str().chars().count(), 1 + marks.min(MAX_MARKS));
    }

    #[test]
    fn a_moment_shown_is_read_as_the_same(minutes in 0_i64..60 * 24 * 365 * 4, name in prop::sample::select(vec![
        "UTC", "Asia/Manila", "Asia/Kathmandu", "America/Caracas", "Pacific/Kiritimati",
    ])) {
        // Zones without daylight saving: every wall time is one moment.
        let zone = zone(name);
        let moment = at("2025-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
        prop_assert_eq!(when::read_moment(&when::form_text(moment, zone), zone, moment), Ok(moment));
    }

    #[test]
    fn any_text_for_a_date_is_read_or_refused_in_words(text in ".{0,40}") {
        if let Err(why) = when::read_moment(&text, zone("Europe/Berlin"), at("2026-11-23T12:00:00Z")) {
            prop_assert!(why.ends_with('.') && why.chars().all(is_safe), "{}", why);
        }
    }

    #[test]
    fn the_nearest_day_is_meant_when_the_year_is_left_out(day in 1_u32..=28, month in 1_u32..=12) {
        let now = at("2026-11-23T12:00:00Z");
        let name = NaiveDate::from_ymd_opt(2026, month, day).map(when::month_name).unwrap();
        let read = when::read_moment(&format!("{day} {name} 23:59"), Zone::UTC, now).unwrap();
        prop_assert_eq!((read.day(), read.month(), read.hour()), (day, month, 23));
        let ahead = read - now;
        prop_assert!(ahead > TimeDelta::zero() && ahead <= TimeDelta::days(366));
    }

    #[test]
    fn a_form_that_passes_gives_what_the_database_takes(
        title in ".{0,300}", seats in "[0-9 -]{0,9}", points in "[0-9a]{0,4}", starts in 0_i64..10_000, lasts in -300_i64..3000
    ) {
        let (zone, now) = (zone("Asia/Manila"), at("2026-11-23T12:00:00Z"));
        let start = now + TimeDelta::minutes(starts);
        let form = EventForm {
            title,
            event_type: "trivia".to_owned(),
            location: "Hill".to_owned(),
            start: when::form_text(start, zone),
            end: when::form_text(start + TimeDelta::minutes(lasts), zone),
            seats,
            points,
            ..EventForm::default()
        };
        match form.check(&["trivia".to_owned()], zone, Currency::PHP, now) {
            Ok(draft) => {
                prop_assert!((1..=255).contains(&draft.title.chars().count()));
                prop_assert!(draft.end_time > draft.start_time);
                prop_assert!(draft.max_participants.is_none_or(|seats| seats >= 0) && draft.points_reward >= 0);
            }
            Err(wrong) => {
                prop_assert!(!wrong.is_empty());
                prop_assert!(wrong.windows(2).all(|pair| pair[0].0 < pair[1].0), "in the order of the fields");
                prop_assert!(lasts > 0 || wrong.iter().any(|(field, _)| *field == Field::End));
            }
        }
    }

    #[test]
    fn the_door_opens_on_the_event_a_person_would_name(starts in prop::collection::vec((-600_i64..600, any::<bool>()), 0..8)) {
        let now = at("2026-11-23T12:00:00Z");
        let events: Vec<EventLine> =
            starts.iter().enumerate().map(|(id, (start, active))| event(id, now + TimeDelta::minutes(*start), *active)).collect();
        let chosen = door_choice(&events, now, 120).map(|id| events.iter().find(|event| event.id == id).unwrap());
        let live: Vec<_> = events.iter().filter(|event| event.is_active).collect();
        match chosen {
            None => prop_assert!(live.is_empty()),
            Some(chosen) => {
                prop_assert!(chosen.is_active);
                if live.iter().any(|event| event.is_running(now)) {
                    prop_assert!(chosen.is_running(now), "what runs goes before all else");
                } else if live.iter().any(|event| event.start_time > now) {
                    let next = live.iter().filter(|event| event.start_time > now).map(|event| event.start_time).min();
                    prop_assert_eq!(Some(chosen.start_time), next);
                }
            }
        }
    }
}

fn event(id: usize, start_time: Timestamp, is_active: bool) -> EventLine {
    EventLine {
        id: EventId(i32::try_from(id).unwrap()),
        title: "T".into(),
        event_type: "trivia".into(),
        location: "L".into(),
        start_time,
        end_time: start_time + TimeDelta::hours(2),
        max_participants: None,
        points_reward: 0,
        price: None,
        is_active,
        requires_approval: false,
        registered: 0,
        waitlisted: 0,
        checked_in: 0,
        my_status: None,
        my_place: None,
        my_attendance: false,
    }
}

#[test]
fn what_can_harm_a_terminal_is_dropped() {
    for (raw, clean) in [
        ("\u{1b}[31mred\u{1b}[0m", "[31mred[0m"),
        ("a\u{9b}31mb", "a31mb"),
        ("clip\u{1b}]52;c;QUJD\u{7}", "clip]52;c;QUJD"),
        ("\u{202e}evil\u{2066}x\u{200f}", "evilx"),
        ("zero\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}width", "zerowidth"),
        ("tag\u{e0041}\u{e007f}ged", "tagged"),
        ("pri\u{e000}\u{f8ff}\u{f0000}\u{10fffd}vate", "private"),
        ("one\ntwo\r\nthree\tfour", "one two three four"),
        ("Nin\u{303}o", "Ni\u{f1}o"),
        ("日本 🎉 ok", "日本 🎉 ok"),
        ("fill\u{3164}er\u{ad}", "filler"),
    ] {
        assert_eq!(SafeText::line(raw).as_str(), clean, "{raw:?}");
    }
    assert_eq!(SafeText::paragraphs("a\r\nb\rc\n\nd").as_str(), "a\nb\nc\n\nd");
}

#[test]
fn dates_are_read_as_people_type_them() {
    let (manila, now) = (zone("Asia/Manila"), at("2026-11-23T05:00:00Z"));
    let expected = at("2026-11-27T10:30:00Z");
    for typed in [
        "2026-11-27 18:30",
        "2026-11-27T18:30",
        "27 Nov 2026 18:30",
        "27 November 18:30",
        "Fri 27 Nov 18:30",
        "friday 27. nov. 2026  18:30",
    ] {
        assert_eq!(when::read_moment(typed, manila, now), Ok(expected), "{typed}");
    }
    for typed in [
        "",
        "27 Nov",
        "18:30",
        "2026-02-30 18:30",
        "2026-11-27 25:00",
        "2026-11-27 6pm",
        "yesterday 18:30",
        "0001-01-01 10:00",
    ] {
        assert!(when::read_moment(typed, manila, now).is_err(), "{typed}");
    }
    assert_eq!(
        when::read_moment("29 Feb 10:00", Zone::UTC, now),
        Ok(at("2028-02-29T10:00:00Z"))
    );
    assert!(when::read_moment("2027-02-29 10:00", Zone::UTC, now).is_err());
}

#[test]
fn the_hours_of_daylight_saving() {
    let (berlin, now) = (zone("Europe/Berlin"), at("2026-01-01T00:00:00Z"));
    let skipped = when::read_moment("2026-03-29 02:30", berlin, now).unwrap_err();
    assert!(skipped.contains("skips"), "{skipped}");
    let twice = when::read_moment("2026-10-25 02:30", berlin, now).unwrap_err();
    assert_eq!(
        twice,
        "02:30 comes twice that day: add first (CEST) or second (CET)."
    );
    for (typed, moment) in [
        ("2026-10-25 02:30 first", "2026-10-25T00:30:00Z"),
        ("2026-10-25 02:30 cest", "2026-10-25T00:30:00Z"),
        ("Sun 25 Oct 02:30 second", "2026-10-25T01:30:00Z"),
        ("2026-10-25T02:30 CET", "2026-10-25T01:30:00Z"),
        ("Thu 22 Oct 2026 02:30 CEST", "2026-10-22T00:30:00Z"),
    ] {
        assert_eq!(when::read_moment(typed, berlin, now), Ok(at(moment)), "{typed}");
    }
    let other = when::read_moment("2026-10-22 02:30 CET", berlin, now).unwrap_err();
    assert!(other.contains("it is CEST"), "{other}");
    let cairo = zone("Africa/Cairo");
    let day = NaiveDate::from_ymd_opt(2026, 4, 24).unwrap();
    assert_eq!(
        cairo.midnight(day),
        at("2026-04-23T22:00:00Z"),
        "a day whose midnight does not exist begins after it"
    );
}

#[test]
fn times_are_told_as_people_say_them() {
    let (manila, now) = (zone("Asia/Manila"), at("2026-11-23T05:00:00Z"));
    assert_eq!(
        when::day_and_time(at("2026-11-27T10:30:00Z"), manila, now),
        "Fri 27 Nov 18:30"
    );
    assert_eq!(
        when::day_and_time(at("2027-01-02T11:00:00Z"), manila, now),
        "Sat 2 Jan 2027 19:00"
    );
    assert_eq!(
        when::span(
            at("2026-11-27T10:30:00Z"),
            at("2026-11-27T12:30:00Z"),
            manila,
            now
        ),
        "Fri 27 Nov 18:30–20:30"
    );
    for (minutes, said) in [
        (0, "now"),
        (40, "in 40 min"),
        (-1, "1 min ago"),
        (90, "in 1 h"),
        (60 * 24, "in 1 day"),
        (-60 * 24 * 3, "3 days ago"),
        (-60 * 24 * 21, "3 weeks ago"),
        (60 * 24 * 90, "in 3 months"),
        (-60 * 24 * 800, "2 years ago"),
    ] {
        assert_eq!(when::relative(now + TimeDelta::minutes(minutes), now), said);
    }
    assert!(when::read_moment("2026-11-27 18:30", manila, Utc::now()).is_ok());
}

#[test]
fn an_end_may_be_a_bare_time_of_day() {
    let (manila, now) = (zone("Asia/Manila"), at("2026-11-23T05:00:00Z"));
    let form = |end: &str| EventForm {
        title: "Late".to_owned(),
        event_type: "social".to_owned(),
        location: "Roof".to_owned(),
        start: "2026-11-27 20:00".to_owned(),
        end: end.to_owned(),
        ..EventForm::default()
    };
    let ends = |end: &str| {
        form(end)
            .check(&["social".to_owned()], manila, Currency::PHP, now)
            .map(|draft| draft.end_time)
    };
    assert_eq!(ends("22:00"), Ok(at("2026-11-27T14:00:00Z")));
    assert_eq!(ends("01:00"), Ok(at("2026-11-27T17:00:00Z")), "after midnight");
    assert_eq!(
        ends("2026-11-27 19:00"),
        Err(vec![(
            Field::End,
            "The end must come after the start.".to_owned()
        )])
    );
}

#[test]
fn a_day_is_read_as_people_type_it() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
    for (typed, day) in [
        ("today", "2026-11-27"),
        (" Tomorrow ", "2026-11-28"),
        ("yesterday", "2026-11-26"),
        ("27 Nov", "2026-11-27"),
        ("26 november", "2027-11-26"),
        ("29 Feb", "2028-02-29"),
        ("Fri 1 Jan", "2027-01-01"),
        ("1. Dec. 2025", "2025-12-01"),
        ("2026-02-28", "2026-02-28"),
    ] {
        assert_eq!(
            when::read_date(typed, today).map(|day| day.to_string()),
            Ok(day.to_owned()),
            "{typed}"
        );
    }
    for typed in [
        "",
        "31 Feb",
        "2026-02-29",
        "soon",
        "Fri",
        "27",
        "1969-01-01",
        "\u{1b}[2J",
    ] {
        let said = when::read_date(typed, today).unwrap_err();
        assert!(said.contains("is no date; type it like 27 Nov."), "{said}");
        assert!(said.chars().all(is_safe), "{said:?}");
        assert_eq!(when::read_past_date(typed, today), Err(said));
    }
    for (typed, day) in [
        ("27 Nov", "2026-11-27"),
        ("28 Nov", "2025-11-28"),
        ("29 Feb", "2024-02-29"),
        ("28 Nov 2026", "2026-11-28"),
        ("tomorrow", "2026-11-28"),
    ] {
        let read = when::read_past_date(typed, today).map(|day| day.to_string());
        assert_eq!(read, Ok(day.to_owned()), "{typed}");
    }
}

#[test]
fn a_range_holds_events_that_touch_it_and_is_told_briefly() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let line = event(1, at("2026-12-05T10:00:00Z"), true);
    let range = |from: Option<&str>, to: Option<&str>| EventFilter {
        from: from.map(day),
        to: to.map(day),
        ..EventFilter::default()
    };
    let now = at("2026-11-27T10:00:00Z");
    let touched = (day("2026-12-05"), day("2026-12-07"));
    for (from, to, lets) in [
        (Some("2026-12-07"), None, true),
        (Some("2026-12-08"), None, false),
        (None, Some("2026-12-05"), true),
        (None, Some("2026-12-04"), false),
        // An open end is a year away.
        (Some("2025-12-05"), None, true),
        (Some("2025-12-04"), None, false),
        (Some("2026-12-06"), Some("2026-12-06"), true),
    ] {
        assert_eq!(range(from, to).lets(&line, touched, now), lets, "{from:?} {to:?}");
    }
    let today = day("2026-11-27");
    for (from, to, words) in [
        (Some("2026-12-01"), Some("2026-12-31"), "1 Dec – 31 Dec"),
        (Some("2026-12-01"), Some("2027-01-02"), "1 Dec – 2 Jan 2027"),
        (Some("2027-01-01"), Some("2027-03-01"), "1 Jan – 1 Mar 2027"),
        (Some("2027-01-01"), Some("2027-01-01"), "1 Jan 2027"),
        (None, Some("2026-12-31"), "the year to 31 Dec"),
    ] {
        assert_eq!(range(from, to).words(today, Currency::PHP), [words]);
    }
}

#[test]
fn a_filter_goes_through_its_form_and_back() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
    let filter = EventFilter {
        event_type: Some("trivia".into()),
        free_seats: true,
        price: PriceFilter::UpTo(Currency::PHP.read("99.50").unwrap()),
        mine: true,
        from: today.pred_opt(),
        to: today.succ_opt(),
        sort: SortBy::Price,
    };
    let form = FilterForm::of(&filter, Currency::PHP);
    assert_eq!(form.check(Currency::PHP, today), Ok(filter));
    assert!(
        FilterForm::default()
            .check(Currency::PHP, today)
            .is_ok_and(|filter| !filter.is_set())
    );
    let wrong = FilterForm {
        amount: "1,5,0".to_owned(),
        price: PriceChoice::UpTo,
        from: "2026-12-02".to_owned(),
        to: "2026-12-01".to_owned(),
        ..FilterForm::default()
    };
    let fields: Vec<FilterField> = wrong
        .check(Currency::PHP, today)
        .unwrap_err()
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(fields, [FilterField::Price, FilterField::To]);
}
