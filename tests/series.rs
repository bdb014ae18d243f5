//! Events that repeat every so many weeks, through the turns of daylight saving: beside a model that knows nothing but
//! what the wall clock shows at a moment, and looks at every quarter of an hour.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{Days, NaiveDateTime, TimeDelta};
use pine_time::domain::event_form::{EventForm, Field};
use pine_time::domain::money::Currency;
use pine_time::domain::series::{self, Occurrence, Turn};
use pine_time::domain::when::{self, Zone};
use pine_time::domain::{SafeText, Timestamp};
use proptest::prelude::*;

const ZONES: [&str; 9] = [
    "Asia/Manila",
    "America/New_York",
    "Europe/Berlin",
    "Europe/Dublin",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Santiago",
    "UTC",
];

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Every moment, by quarters of an hour, at which the wall clock shows this.
fn moments(zone: Zone, wall: NaiveDateTime) -> Vec<Timestamp> {
    let first = wall.and_utc() - TimeDelta::hours(26);
    (0..52 * 4)
        .map(|quarter| first + TimeDelta::minutes(15 * quarter))
        .filter(|at| zone.wall(*at) == wall)
        .collect()
}

/// The first moment, by quarters, at which the wall clock has gone past this.
fn after_gap(zone: Zone, wall: NaiveDateTime) -> Timestamp {
    let first = wall.and_utc() - TimeDelta::hours(26);
    (0..52 * 4)
        .map(|quarter| first + TimeDelta::minutes(15 * quarter))
        .find(|at| zone.wall(*at) > wall)
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_series_keeps_its_time_of_the_wall_clock(
        name in prop::sample::select(&ZONES[..]),
        quarter in 0_i64..36 * 366 * 24 * 4,
        lasts in 1_i64..200,
        weeks in 1_u32..6,
        events in 1_u32..30,
    ) {
        let zone = zone(name);
        let start = at("2000-01-01T00:00:00Z") + TimeDelta::minutes(15 * quarter);
        let end = start + TimeDelta::minutes(15 * lasts);
        let all = series::occurrences(start, end, zone, weeks, events).unwrap();
        prop_assert_eq!(all.len(), events as usize);
        prop_assert_eq!((all[0].start, all[0].end, all[0].turn), (start, end, Turn::None), "the first as given");
        let which = |wall| moments(zone, wall).iter().position(|found| *found == start);
        let side = which(zone.wall(start)).unwrap();
        for (number, one) in all.iter().enumerate().skip(1) {
            let days = Days::new(u64::try_from(number).unwrap() * u64::from(weeks) * 7);
            let wanted = zone.wall(start) + days;
            match &moments(zone, wanted)[..] {
                [only] => prop_assert_eq!((one.start, one.turn), (*only, Turn::None)),
                [first, second] => {
                    // A first event outside of such an hour stands for the first of two.
                    let sided = if side == 1 { *second } else { *first };
                    prop_assert_eq!((one.start, one.turn), (sided, Turn::Twice));
                }
                [] => {
                    prop_assert_eq!(one.turn, Turn::Skipped);
                    // As much later as the clock is set forward: never more than the gap, on its far side.
                    let beyond = after_gap(zone, wanted);
                    prop_assert!(one.start >= beyond && zone.wall(one.start) > wanted, "{one:?}");
                    let gap = zone.wall(beyond) - zone.wall(beyond - TimeDelta::seconds(1));
                    prop_assert_eq!(zone.wall(one.start) - wanted, gap - TimeDelta::seconds(1));
                }
                more => prop_assert!(false, "{more:?}"),
            }
            prop_assert!(one.end > one.start);
            let ends = zone.wall(end) + days;
            if let [only] = moments(zone, ends)[..] {
                prop_assert!(one.end == only || only <= one.start, "the end keeps its time as well");
            }
        }
        prop_assert!(all.windows(2).all(|pair| pair[0].start < pair[1].start));
    }

    #[test]
    fn any_repetition_is_read_or_refused_at_its_field(every in ".{0,6}", times in "[0-9x ,.-]{0,5}") {
        let form = EventForm { every: every.clone(), times: times.clone(), ..evening() };
        match check(&form) {
            Ok(further) => prop_assert!(further < series::MOST_EVENTS as usize),
            Err(wrong) => {
                prop_assert!(!wrong.is_empty());
                for (field, why) in wrong {
                    prop_assert!(matches!(field, Field::Every | Field::Times), "{field:?}");
                    prop_assert!(why.ends_with('.') && why == SafeText::line(&why).as_str());
                }
            }
        }
    }
}

/// A form with everything in order, for one event in New York.
fn evening() -> EventForm {
    EventForm {
        title: "Night owls".to_owned(),
        event_type: "social".to_owned(),
        location: "Roof".to_owned(),
        start: "2027-02-21 02:30".to_owned(),
        end: "04:00".to_owned(),
        ..EventForm::default()
    }
}

const NOW: &str = "2026-11-23T12:00:00Z";

fn check(form: &EventForm) -> Result<usize, Vec<(Field, String)>> {
    form.check(
        &["social".to_owned()],
        zone("America/New_York"),
        Currency::PHP,
        at(NOW),
    )
    .map(|draft| draft.further.len())
}

fn refused(form: &EventForm) -> (Field, String) {
    let mut wrong = check(form).unwrap_err();
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    wrong.remove(0)
}

#[test]
fn what_the_clock_does_to_a_series_is_said() {
    let new_york = zone("America/New_York");
    let told = |start: &str, end: &str, events| {
        let all = series::occurrences(at(start), at(end), new_york, 1, events).unwrap();
        (
            series::told(&all, new_york, at(NOW)),
            series::turns(&all, new_york, at(NOW)),
        )
    };
    let words = |told: &str, turns: Option<&str>| (told.to_owned(), turns.map(str::to_owned));
    assert_eq!(
        told("2027-02-21T07:30:00Z", "2027-02-21T09:00:00Z", 5),
        words(
            "5 events, the last on Sun 21 Mar 2027",
            Some("Sun 14 Mar 2027 has no 02:30: it starts at 03:30.")
        )
    );
    assert_eq!(
        told("2026-10-18T05:30:00Z", "2026-10-18T06:00:00Z", 3),
        words(
            "3 events, the last on Sun 1 Nov",
            Some("Sun 1 Nov has 01:30 twice: it starts at the one in EDT.")
        )
    );
    assert_eq!(
        told("2026-12-01T23:30:00Z", "2026-12-02T01:00:00Z", 1),
        words("1 event, on that day only", None)
    );
}

#[test]
fn an_event_within_the_skipped_hour_lasts_as_long_as_ever() {
    // 02:15 to 02:45 on the day that goes from 02:00 to 03:00, and 02:45 to 03:15, which would end as it starts.
    let berlin = zone("Europe/Berlin");
    for (start, end) in [
        ("2026-03-22T01:15:00Z", "2026-03-22T01:45:00Z"),
        ("2026-03-22T01:45:00Z", "2026-03-22T02:15:00Z"),
    ] {
        let all = series::occurrences(at(start), at(end), berlin, 1, 2).unwrap();
        let Occurrence { start, end, turn } = all[1];
        assert_eq!((end - start, turn), (TimeDelta::minutes(30), Turn::Skipped));
    }
}

#[test]
fn wrong_repetitions_are_refused_at_their_field() {
    let form = |every: &str, times: &str| EventForm {
        every: every.to_owned(),
        times: times.to_owned(),
        ..evening()
    };
    assert_eq!(check(&form("", "")), Ok(0));
    assert_eq!(check(&form("", "4")), Ok(3), "weekly, unless said otherwise");
    assert_eq!(check(&form("2", "104")), Ok(103));
    for every in ["0", "53", "-1", "1.5", "two"] {
        let (field, why) = refused(&form(every, "4"));
        assert_eq!(
            (field, why.as_str()),
            (Field::Every, "Type how many weeks apart: 1 to 52.")
        );
    }
    for times in ["0", "105", "-1", "4.0", "99999999999", ""] {
        let (field, why) = refused(&form("1", times));
        assert_eq!(
            (field, why.as_str()),
            (Field::Times, "Type how many events: 1 to 104.")
        );
    }
    let far = EventForm {
        start: "9999-12-20 10:00".to_owned(),
        end: "11:00".to_owned(),
        ..form("1", "4")
    };
    assert_eq!(refused(&far).0, Field::Times);
    assert_eq!(
        series::occurrences(at(NOW), at(NOW), Zone::UTC, 52, 0),
        Some(Vec::new())
    );
}

#[test]
fn the_hours_that_are_not_or_come_twice_are_told_at_the_field() {
    let skipped = EventForm {
        start: "2027-03-14 02:30".to_owned(),
        end: "2027-03-14 05:00".to_owned(),
        ..evening()
    };
    let (field, why) = refused(&skipped);
    assert!(field == Field::Start && why.contains("skips 02:30"), "{why}");
    let twice = |start: &str, end: &str| EventForm {
        start: start.to_owned(),
        end: end.to_owned(),
        ..evening()
    };
    let wrong = check(&twice("2026-11-01 01:30", "03:00")).unwrap_err();
    assert_eq!(
        wrong[0],
        (
            Field::Start,
            "01:30 comes twice that day: add first (EDT) or second (EST).".to_owned()
        )
    );
    assert_eq!(check(&twice("2026-11-01 01:30 second", "03:00")), Ok(0));
    assert_eq!(check(&twice("2026-11-01 01:30 first", "01:15 second")), Ok(0));
    let (field, why) = refused(&twice("2026-11-01 01:30 second", "01:45"));
    assert!(field == Field::End && why.contains("comes twice"), "{why}");
    let (field, _) = refused(&twice("2026-11-01 01:30 second", "2026-11-01 01:30 first"));
    assert_eq!(
        field,
        Field::End,
        "a quarter to two, an hour before half past one"
    );
    // What the form shows of such a moment means that moment.
    let new_york = zone("America/New_York");
    for moment in ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"] {
        let text = when::form_text(at(moment), new_york);
        assert_eq!(
            when::read_moment(&text, new_york, at(NOW)),
            Ok(at(moment)),
            "{text}"
        );
    }
}
