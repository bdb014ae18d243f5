//! The calendar's week, its filter, its window onto the database, and a viewer in another zone.

use pine_time::app::effect::Timer;
use pine_time::domain::calendar::{CalendarAnswer, CalendarCall};
use pine_time::domain::event::{EventId, EventLine, RegistrationStatus};
use pine_time::domain::member::UserType;
use pine_time::domain::money::Money;
use pine_time::domain::{Answer, Call};

use crate::fixtures::{Desk, event, events, manila, offline, page, types};
use crate::{calls, hides, shows};

fn is_events(call: &Call) -> bool {
    matches!(call, Call::Events { .. })
}

fn is_about(call: &Call) -> bool {
    matches!(call, Call::Calendar(CalendarCall::About { .. }))
}

/// The months around November, as the database is asked for them.
fn months_around() -> Call {
    Call::Events {
        from: manila("2026-10-01 00:00"),
        to: manila("2027-02-01 00:00"),
    }
}

fn sized(width: u16, height: u16, views: usize) -> Desk {
    let mut desk = Desk::signed_in(UserType::Regular, width, height);
    let mut lines = events();
    lines.push(EventLine {
        price: Money::from_hundredths(9_950),
        ..event(20, "Open Table", "2026-11-23 13:45", 3)
    });
    lines.push(event(21, "All-Nighter", "2026-11-28 22:00", 30));
    lines.sort_by_key(|line| line.start_time);
    desk.with_events(lines);
    for _ in 0..views {
        desk.press("v");
    }
    desk
}

/// The line of the screen that the cursor is on.
fn marked(screen: &str) -> &str {
    screen.lines().find(|line| line.starts_with('▸')).unwrap_or("")
}

fn filter(desk: &mut Desk, keys: &[&str]) {
    desk.press("f");
    if desk.newest(|call| matches!(call, Call::EventTypes)).is_some() {
        desk.reply(
            |call| matches!(call, Call::EventTypes),
            Ok(Answer::EventTypes(types())),
        );
    }
    for key in keys {
        desk.press(key);
    }
    desk.press("Enter");
}

// ---- week ----

#[test]
fn v_goes_round_and_the_cursor_stays_on_its_event() {
    let mut desk = sized(80, 24, 0);
    desk.press("Tab");
    desk.press("Down");
    for (title, name) in [
        ("23 – 29 November 2026 · week 48", "The Manor Murder"),
        ("November 2026", "The Manor Murder"),
        ("November 2026   ", "The Manor Murder"),
    ] {
        desk.press("v");
        let screen = desk.screen(80, 24);
        shows(&screen, &[title.trim_end(), name]);
        assert!(
            screen
                .lines()
                .any(|line| line.contains('▸') && line.contains(name)),
            "{screen}"
        );
    }
    shows(&desk.screen(80, 24), &["Friday 27 November"]);
}

#[test]
fn the_week_is_walked_by_day_and_by_event() {
    let mut desk = sized(80, 24, 1);
    shows(
        marked(&desk.screen(80, 24)),
        &["Fri 27 Nov", "Trivia Night: Science"],
    );
    desk.press("j");
    shows(marked(&desk.screen(80, 24)), &["The Manor Murder"]);
    desk.press("Down");
    shows(marked(&desk.screen(80, 24)), &["Sat 28 Nov", "Café Français"]);
    desk.press("End");
    shows(
        marked(&desk.screen(80, 24)),
        &["Sun 29 Nov", "24 h", "All-Nighter"],
    );
    desk.press("j");
    shows(marked(&desk.screen(80, 24)), &["Sun 29 Nov"]);
    desk.press("g");
    shows(marked(&desk.screen(80, 24)), &["Mon 23 Nov", "Open Table"]);
    desk.press("k");
    shows(marked(&desk.screen(80, 24)), &["Mon 23 Nov"]);
    // A day without events can be stood on, and walked on from.
    desk.press("l");
    shows(marked(&desk.screen(80, 24)), &["Tue 24 Nov", "·"]);
    assert!(calls(&desk.press("Enter")).is_empty());
    shows(&desk.screen(80, 24), &["There is no event to open."]);
    desk.press("j");
    shows(marked(&desk.screen(80, 24)), &["Fri 27 Nov"]);
    desk.press("h");
    desk.press("k");
    shows(marked(&desk.screen(80, 24)), &["Mon 23 Nov"]);
    desk.press("h");
    shows(&desk.screen(80, 24), &["16 – 22 November 2026", "Night Market"]);
    // Another week by bracket and by page, and back to now.
    desk.press("]");
    desk.press("]");
    shows(
        &desk.screen(80, 24),
        &["30 November – 6 December 2026", "Tue 1 Dec"],
    );
    desk.press("PgUp");
    desk.press("[");
    shows(&desk.screen(80, 24), &["16 – 22 November 2026"]);
    desk.press("t");
    shows(
        marked(&desk.screen(80, 24)),
        &["Fri 27 Nov", "Trivia Night: Science"],
    );
    let effects = desk.press("Enter");
    assert_eq!(calls(&effects), [&Call::Event(EventId(6))]);
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["week 48"]);
}

#[test]
fn side_by_side_the_days_are_columns_and_the_hours_go_down() {
    let mut desk = sized(120, 40, 1);
    let screen = desk.screen(120, 40);
    shows(
        &screen,
        &[
            "│ Mon 23",
            "│ Fri 27 ◂",
            "18:00 │",
            "18:30–20:30",
            "Trivia Night:",
        ],
    );
    let column = |screen: &str, text: &str| {
        let line = screen.lines().find(|line| line.contains(text)).unwrap();
        line[..line.find(text).unwrap()].chars().count()
    };
    let row = |screen: &str, text: &str| screen.lines().position(|line| line.contains(text)).unwrap();
    assert_eq!(column(&screen, "Open Table"), column(&screen, "Mon 23"));
    assert_eq!(column(&screen, "The Manor"), column(&screen, "Fri 27"));
    assert!(
        row(&screen, "10:00 ") < row(&screen, "13:00 ") && row(&screen, "18:00 ") < row(&screen, "20:00 ")
    );
    // What goes on from the day before stands above the hours.
    assert!(row(&screen, "24 h") < row(&screen, "10:00 "));
    // The page is not beside the week: it comes in its place.
    hides(&screen, &["Where", "Seats"]);
    desk.press("Enter");
    desk.with_page(page(events()[5].clone()));
    shows(
        &desk.screen(120, 40),
        &["Hill Station", "12 of 20 taken", "Teams of up to five."],
    );
}

#[test]
fn a_week_with_more_than_fits_scrolls_with_the_cursor() {
    for (width, height) in [(80, 24), (120, 24)] {
        let mut desk = Desk::signed_in(UserType::Regular, width, height);
        let lines = (0..60).map(|id| {
            let start = format!("2026-11-{:02} {:02}:{:02}", 23 + id % 7, 8 + (id / 14), id % 60);
            event(id, &format!("#{id:02}"), &start, 1)
        });
        let mut lines: Vec<_> = lines.collect();
        lines.sort_by_key(|line| line.start_time);
        desk.with_events(lines);
        desk.press("v");
        desk.press("g");
        shows(&desk.screen(width, height), &["#00"]);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..60 {
            let screen = desk.screen(width, height);
            let numbers = screen
                .match_indices('#')
                .map(|(at, _)| screen[at + 1..at + 3].to_owned());
            seen.extend(numbers);
            desk.press("j");
        }
        assert_eq!(seen.len(), 60, "{width}×{height}: every event comes into view");
    }
}

#[test]
fn clicks_find_days_and_events_of_the_week() {
    let mut desk = sized(80, 24, 1);
    let at = |desk: &Desk, width, height, text: &str| {
        let screen = desk.screen(width, height);
        let y = screen.lines().position(|line| line.contains(text)).unwrap();
        let line = screen.lines().nth(y).unwrap();
        let x = line[..line.find(text).unwrap()].chars().count();
        (u16::try_from(x).unwrap(), u16::try_from(y).unwrap())
    };
    let (x, y) = at(&desk, 80, 24, "Café Français");
    desk.click(x, y);
    shows(marked(&desk.screen(80, 24)), &["Café Français"]);
    let (x, y) = at(&desk, 80, 24, "Wed 25 Nov");
    desk.click(x, y);
    shows(marked(&desk.screen(80, 24)), &["Wed 25 Nov"]);
    let mut desk = sized(120, 40, 1);
    let (x, y) = at(&desk, 120, 40, "Open Table");
    desk.click(x, y);
    desk.press("Enter");
    assert_eq!(
        desk.newest(|call| matches!(call, Call::Event(_))).unwrap().1,
        Call::Event(EventId(20))
    );
    desk.press("Esc");
    // A name over the column is its day; so is an empty place in it. The hours are nothing.
    let (x, y) = at(&desk, 120, 40, "Thu 26");
    desk.click(x, y);
    desk.press("Enter");
    shows(&desk.screen(120, 40), &["There is no event to open."]);
    desk.click(x + 16, y + 20);
    let before = desk.screen(120, 40);
    desk.click(2, y + 5);
    assert_eq!(desk.screen(120, 40), before);
}

// ---- filter ----

#[test]
fn every_wish_of_the_panel_filters() {
    let mut mine = events();
    mine[6].my_status = Some(RegistrationStatus::Waitlisted);
    for (keys, there, gone) in [
        (&["h"][..], &["Ridge Walk"][..], &["Trivia Night", "Café"][..]),
        (&["Left"], &["Sketching"], &["Ridge Walk"]),
        (
            &["Tab", "Space"],
            &["Trivia Night: Science", "Café"],
            &["Manor Murder", "Ridge Walk", "Night Market"],
        ),
        (&["Tab", "Tab", "Right"], &["Ridge Walk"], &["Manor Murder"]),
        (
            &["Tab", "Tab", "Right", "Right"],
            &["Manor Murder"],
            &["Ridge Walk"],
        ),
        (&["Tab", "Tab", "2", "4", "9"], &["Ridge Walk"], &["Manor Murder"]),
        (
            &["Tab", "Tab", "2", "5", "0"],
            &["Ridge Walk", "Manor Murder"],
            &[],
        ),
        (
            &["Tab", "Tab", "Tab", "Right"],
            &["Board Game Evening", "Trivia Night: Science", "Manor Murder"],
            &["Ridge Walk", "Tue 1 Dec"],
        ),
    ] {
        let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
        desk.with_events(mine.clone());
        desk.press("v");
        desk.press("v");
        filter(&mut desk, keys);
        let screen = desk.screen(80, 24);
        shows(&screen, there);
        hides(&screen, gone);
        shows(&screen, &["▾ ", "Esc clears"]);
        desk.press("Esc");
        shows(
            &desk.screen(80, 24),
            &["Ridge Walk", "Every event is shown again."],
        );
        desk.quiet();
        hides(&desk.screen(80, 24), &["▾"]);
        // Without a filter the key has nothing to say.
        desk.press("Esc");
        hides(&desk.screen(80, 24), &["shown again"]);
    }
}

#[test]
fn the_agenda_is_sorted_by_title_and_by_price_and_stays_in_its_window() {
    let mut desk = sized(80, 24, 0);
    let titles = |desk: &Desk| -> Vec<String> {
        let screen = desk.screen(80, 24);
        let rows = screen.lines().skip(4).take_while(|line| !line.trim().is_empty());
        rows.map(|line| line.chars().skip(20).take(8).collect()).collect()
    };
    // Sorting is seen in the agenda only: it opens.
    filter(&mut desk, &["Shift+Tab", "Right"]);
    assert_eq!(
        titles(&desk),
        [
            "All-Nigh",
            "Board Ga",
            "Board Ga",
            "Café Fra",
            "Night Ma",
            "Open Tab",
            "Ridge Wa",
            "Sketchin",
            "The Mano",
            "Trivia N",
            "Trivia N"
        ]
    );
    // Walking through it goes from month to month, and asks for nothing.
    for _ in 0..10 {
        assert!(calls(&desk.press("j")).is_empty());
    }
    filter(&mut desk, &["Shift+Tab", "Right"]);
    let sorted = titles(&desk);
    assert_eq!(
        (sorted[9].as_str(), sorted[10].as_str()),
        ("Open Tab", "The Mano")
    );
    shows(&desk.screen(80, 24), &["by price", "₱99.50"]);
}

#[test]
fn a_range_of_days_is_asked_for_whole_and_reaches_beyond_the_month() {
    let mut desk = sized(80, 24, 2);
    filter(
        &mut desk,
        &[
            "Tab", "Tab", "Tab", "Tab", "1", "Space", "J", "u", "l", "Space", "2", "0", "2", "6",
        ],
    );
    let year = Call::Events {
        from: manila("2026-07-01 00:00"),
        to: manila("2027-07-02 00:00"),
    };
    assert_eq!(desk.newest(is_events).unwrap().1, year);
    let far = event(40, "Midsummer Games", "2026-07-04 09:00", 6);
    let further = event(41, "Spring Fair", "2027-04-04 09:00", 6);
    desk.with_events(vec![far, further]);
    shows(
        &desk.screen(80, 24),
        &[
            "Midsummer Games",
            "Spring Fair",
            "a year from 1 Jul",
            "1 Jul – 1 Jul 2027",
        ],
    );
    // Walking through it asks for nothing more, polling for the same.
    assert!(calls(&desk.press("g")).is_empty());
    assert!(calls(&desk.press("G")).is_empty());
    desk.fire(Timer::Poll);
    assert_eq!(desk.newest(is_events).unwrap().1, year);
    // Cleared, it is the month's turn again.
    desk.press("Esc");
    assert_ne!(desk.newest(is_events).unwrap().1, year);
}

#[test]
fn a_range_elsewhere_takes_the_chosen_day_along() {
    let mut desk = sized(80, 24, 0);
    filter(
        &mut desk,
        &["Shift+Tab", "Shift+Tab", "Shift+Tab", "5", "Space", "D", "e", "c"],
    );
    shows(&desk.screen(80, 24), &["December 2026", "Saturday 5 December"]);
    desk.press("f");
    desk.press("Ctrl+R");
    desk.press("Enter");
    assert_eq!(
        desk.newest(is_events).unwrap().1,
        Call::Events {
            from: manila("2026-11-01 00:00"),
            to: manila("2027-03-01 00:00"),
        }
    );
}

#[test]
fn wrong_days_and_amounts_are_said_at_their_field_and_stay() {
    let mut desk = sized(80, 24, 0);
    for (field, typed, said) in [
        (4, "31 Feb", "“31 Feb” is no date; type it like 27 Nov."),
        (4, "soon", "“soon” is no date"),
        (5, "2026-13-01", "“2026-13-01” is no date"),
        (5, "29 Feb 2027", "is no date"),
        (2, "1.234", "At most two decimals"),
        (2, "-5", ""),
        (2, "x", ""),
    ] {
        desk.press("f");
        for _ in 0..field {
            desk.press("Tab");
        }
        desk.write(typed);
        assert!(desk.press("Enter").is_empty(), "{typed}");
        shows(&desk.screen(80, 24), &["Filter", typed, said]);
        // Typing on takes the message away.
        desk.press("Ctrl+U");
        if !said.is_empty() {
            hides(&desk.screen(80, 24), &[said]);
        }
        desk.press("Esc");
        hides(&desk.screen(80, 24), &["┌─ Filter"]);
    }
    desk.press("f");
    for _ in 0..4 {
        desk.press("Tab");
    }
    desk.write("2026-12-05");
    desk.press("Tab");
    shows(&desk.screen(80, 24), &["Sat 5 Dec · in 8 days"]);
    desk.write("2026-12-04");
    desk.press("Tab");
    shows(&desk.screen(80, 24), &["The last day comes before the first."]);
    desk.press("Shift+Tab");
    desk.press("Ctrl+U");
    desk.write("2032-01-01");
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["At most 5 years at a time."]);
    desk.press("Ctrl+U");
    desk.write("2029-02-28");
    assert_eq!(calls(&desk.press("Enter")).len(), 1);
}

#[test]
fn the_panel_leaves_the_filter_alone_until_enter() {
    let mut desk = sized(80, 24, 2);
    filter(&mut desk, &["Tab", "Right"]);
    desk.press("f");
    shows(&desk.screen(80, 24), &["‹ free seats ›"]);
    // Backspace takes a choice back; Ctrl+R all of them.
    desk.press("Tab");
    desk.press("Backspace");
    hides(&desk.screen(80, 24), &["‹ free seats ›"]);
    desk.press("Tab");
    desk.press("Right");
    desk.press("Ctrl+R");
    hides(&desk.screen(80, 24), &["free of charge"]);
    shows(&desk.screen(80, 24), &["11 of 11 events around November match."]);
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["▾ free seats"]);
    // Without its types it works all the same.
    let mut desk = sized(80, 24, 2);
    desk.press("f");
    desk.reply(|call| matches!(call, Call::EventTypes), Err(offline()));
    desk.press("t");
    desk.press("Right");
    desk.press("Enter");
    hides(&desk.screen(80, 24), &["┌─ Filter", "▾"]);
    // It asks for them again the next time.
    desk.press("f");
    assert!(desk.newest(|call| matches!(call, Call::EventTypes)).is_some());
}

// ---- text ----

#[test]
fn the_database_looks_through_descriptions_and_stale_findings_are_dropped() {
    let mut desk = sized(80, 24, 2);
    desk.press("/");
    desk.write("mi");
    let (old, call) = desk.newest(is_about).unwrap();
    assert_eq!(
        call,
        Call::Calendar(CalendarCall::About {
            from: manila("2026-10-01 00:00"),
            to: manila("2027-02-01 00:00"),
            words: "mi".to_owned(),
        })
    );
    desk.write("t");
    let found = |ids: &[i32]| {
        let ids = ids.iter().map(|id| EventId(*id)).collect();
        Ok(Answer::Calendar(CalendarAnswer::About(ids)))
    };
    desk.reply_to(old, found(&[4]));
    hides(&desk.screen(80, 24), &["Ridge Walk"]);
    desk.reply(is_about, found(&[8, 999]));
    let screen = desk.screen(80, 24);
    shows(&screen, &["Café Français", "▾ 1 of 11"]);
    // Findings are of their words, and of no others.
    desk.write("x");
    hides(&desk.screen(80, 24), &["Café Français"]);
    desk.press("Backspace");
    shows(&desk.screen(80, 24), &["Café Français"]);
    desk.press("Enter");
    // A change of the text at the database is found with the next poll.
    desk.fire(Timer::Poll);
    desk.reply(is_about, found(&[4]));
    shows(&desk.screen(80, 24), &["Ridge Walk"]);
    hides(&desk.screen(80, 24), &["Café Français"]);
}

#[test]
fn without_the_database_the_text_says_where_it_looks() {
    let mut desk = sized(80, 24, 2);
    desk.press("/");
    desk.write("ridge");
    desk.reply(is_about, Err(offline()));
    desk.press("Enter");
    shows(
        &desk.screen(80, 24),
        &["Ridge Walk", "“ridge” in titles, places and types"],
    );
    desk.press("/");
    assert!(
        calls(&desk.press("Esc")).is_empty(),
        "nothing is looked for any more"
    );
    hides(&desk.screen(80, 24), &["ridge"]);
}

// ---- window and zone ----

#[test]
fn the_week_asks_when_it_leaves_the_month() {
    let mut desk = sized(80, 24, 1);
    assert!(calls(&desk.press("[")).is_empty());
    let effects = desk.press("PgDn");
    assert!(calls(&effects).is_empty());
    let effects = desk.press("PgDn");
    assert_eq!(
        calls(&effects),
        [&Call::Events {
            from: manila("2026-11-01 00:00"),
            to: manila("2027-03-01 00:00"),
        }]
    );
    // Weeks that are not here yet are not said to be empty.
    for _ in 0..12 {
        desk.press("]");
    }
    hides(&desk.screen(80, 24), &["no events this week"]);
    assert_ne!(desk.newest(is_events).unwrap().1, months_around());
    desk.with_events(Vec::new());
    shows(&desk.screen(80, 24), &["no events this week"]);
}

#[test]
fn a_viewer_elsewhere_is_told_and_sees_their_own_time_on_the_page() {
    let desk_of = |zone: Option<&str>| {
        let mut desk = Desk::with(|setup| setup.zone = zone.map(|name| name.parse().unwrap()));
        desk.open();
        desk.sign_in(UserType::Regular);
        desk.with_events(events());
        desk
    };
    let mut desk = desk_of(Some("America/St_Johns"));
    shows(&desk.screen(80, 24), &["yours is St Johns, 11 h 30 min behind"]);
    desk.press("v");
    shows(
        &desk.screen(80, 24),
        &["times in Manila (PST) · yours is St Johns"],
    );
    desk.press("Enter");
    desk.with_page(page(events()[5].clone()));
    shows(
        &desk.screen(80, 24),
        &[
            "When      Fri 27 Nov 18:30–20:30",
            "Yours     Fri 27 Nov 07:00–09:00  St Johns (NST)",
        ],
    );
    // The same hour by another name is the same hour.
    for zone in [None, Some("Asia/Singapore"), Some("Asia/Manila")] {
        let mut desk = desk_of(zone);
        hides(&desk.screen(80, 24), &["yours is"]);
        desk.press("v");
        desk.press("Enter");
        desk.with_page(page(events()[5].clone()));
        hides(&desk.screen(80, 24), &["Yours"]);
    }
}
