//! My registrations: groups, pages, the filter, what is done from there.

use pine_time::app::effect::{Effect, Timer};
use pine_time::app::msg::Msg;
use pine_time::domain::event::{CancelOutcome, EventId, EventLine, RegisterOutcome, RegistrationStatus};
use pine_time::domain::member::UserType;
use pine_time::domain::plan::{FileOf, PlanAnswer, PlanCall};
use pine_time::domain::seats::{MyLine, MyRegistrations, Part, SeatsAnswer, SeatsCall};
use pine_time::domain::{Answer, Call, Fault, Timestamp};

use crate::fixtures::{Desk, event, events, manila, now, offline, page};
use crate::plans::{file, is_file};
use crate::seat_fixtures::{my_registration, my_registrations};
use crate::{calls, hides, shows, writes};

pub(crate) fn is_mine(call: &Call) -> bool {
    matches!(call, Call::Seats(SeatsCall::Mine { .. }))
}

pub(crate) fn mine(page: MyRegistrations) -> Answer {
    Answer::Seats(SeatsAnswer::Mine(page))
}

fn asked(part: Part, after: Option<(Timestamp, EventId)>, most: i32) -> Call {
    Call::Seats(SeatsCall::Mine { part, after, most })
}

/// The screen with its registrations.
fn open(user_type: UserType) -> Desk {
    let mut desk = Desk::signed_in(user_type, 80, 24);
    desk.with_events(events());
    desk.press("2");
    desk.reply(is_mine, Ok(mine(known())));
    desk
}

/// The fixture's, with each event knowing who I am to it.
fn known() -> MyRegistrations {
    let mut all = my_registrations();
    for row in &mut all.rows {
        row.event.my_status = Some(row.registration.status);
        row.event.my_place = row.registration.place;
    }
    all
}

/// `count` registrations from the `first` on, one an hour, in pages of a hundred.
fn many(first: i32, count: i32, more: bool) -> MyRegistrations {
    let rows = (first..first + count).map(|number| {
        let mut line = event(number, &format!("Evening {number}"), "2026-12-01 00:00", 1);
        line.start_time += chrono::TimeDelta::hours(i64::from(number));
        line.end_time += chrono::TimeDelta::hours(i64::from(number));
        line.my_status = Some(RegistrationStatus::Registered);
        MyLine {
            cancel_reason: None,
            event: line,
            registration: my_registration(RegistrationStatus::Registered),
        }
    });
    MyRegistrations {
        rows: rows.collect(),
        more,
        upcoming: 250,
        waitlisted: 0,
        pending: 0,
        past: 0,
    }
}

fn end_of(page: &MyRegistrations) -> (Timestamp, EventId) {
    let last = page.rows.last().unwrap();
    (last.event.start_time, last.event.id)
}

#[track_caller]
fn cursor_on(desk: &Desk, title: &str) {
    let screen = desk.screen(80, 24);
    assert!(
        screen
            .lines()
            .any(|line| line.starts_with('▸') && line.contains(title)),
        "the cursor is not on {title:?}:\n{screen}"
    );
}

#[test]
fn everybody_has_them_under_2() {
    for user_type in [UserType::Regular, UserType::Staff, UserType::Admin] {
        for key in ["2", "Alt+2"] {
            let mut desk = Desk::signed_in(user_type, 80, 24);
            desk.with_events(events());
            let effects = desk.press(key);
            assert_eq!(calls(&effects)[0], &asked(Part::Upcoming, None, 100));
        }
    }
}

#[test]
fn who_waits_comes_first_and_what_is_off_last_with_its_reason() {
    let desk = open(UserType::Regular);
    let screen = desk.screen(80, 24);
    let at = |text: &str| screen.find(text).unwrap_or_else(|| panic!("{text}:\n{screen}"));
    let order = [
        "2 registered",
        "1 in line",
        "1 to be approved",
        "1/5",
        "Waiting",
        "Sat 28 Nov 10:00  Café Français",
        "… 3rd in line",
        "… to be approved",
        "You have a seat",
        "Trivia Night: Science",
        "✓ seat, now",
        "The Manor Murder",
        "₱250 due",
        "✓ registered",
        "Cancelled or refused",
        "Night Market",
        "✕ refused",
        "the staff say: For members of a year or more.",
    ];
    let places: Vec<usize> = order.into_iter().map(at).collect();
    assert!(places.is_sorted(), "{screen}");
}

#[test]
fn an_event_that_was_cancelled_is_off_whoever_had_a_seat() {
    let mut all = known();
    all.rows[0].event.is_active = false;
    all.rows[0].cancel_reason = Some("The hall is flooded".into());
    let mut desk = open(UserType::Regular);
    desk.fire(Timer::Poll);
    desk.reply(is_mine, Ok(mine(all)));
    let screen = desk.screen(80, 24);
    shows(
        &screen,
        &["✕ event cancelled", "the staff say: The hall is flooded"],
    );
    assert!(screen.find("Cancelled or refused") < screen.find("Trivia Night: Science"));
}

#[test]
fn the_cursor_stays_on_its_registration_when_groups_change() {
    let mut desk = open(UserType::Regular);
    for _ in 0..3 {
        desk.press("Down");
    }
    cursor_on(&desk, "The Manor Murder");
    // The first in line gets their seat, and somebody else's event is gone.
    let mut all = known();
    all.rows[2].registration = my_registration(RegistrationStatus::Registered);
    all.rows.remove(0);
    desk.fire(Timer::Poll);
    desk.reply(is_mine, Ok(mine(all)));
    cursor_on(&desk, "The Manor Murder");
    shows(&desk.screen(80, 24), &["2/4"]);
    // Where it is gone itself, the cursor stands on what is in its place.
    let mut all = known();
    all.rows.truncate(1);
    desk.fire(Timer::Poll);
    desk.reply(is_mine, Ok(mine(all)));
    cursor_on(&desk, "Trivia Night: Science");
    shows(&desk.screen(80, 24), &["1/1"]);
}

#[test]
fn pages_are_asked_for_on_need_and_read_once() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("2");
    let first = many(100, 100, true);
    desk.reply(is_mine, Ok(mine(first.clone())));
    assert!(desk.newest(is_mine).is_none(), "one page fills the window");
    shows(&desk.screen(80, 24), &["1/100+"]);
    desk.press("PgDn");
    assert!(desk.newest(is_mine).is_none());
    desk.press("End");
    let (request, call) = desk.newest(is_mine).unwrap();
    assert_eq!(call, asked(Part::Upcoming, Some(end_of(&first)), 100));
    desk.press("Up");
    assert_eq!(desk.newest(is_mine).unwrap().0, request, "asked once");
    let second = many(200, 100, true);
    desk.reply_to(request, Ok(mine(second.clone())));
    cursor_on(&desk, "Evening 198");
    desk.press("End");
    shows(&desk.screen(80, 24), &["200/200+"]);
    let third = many(300, 50, false);
    desk.reply(is_mine, Ok(mine(third)));
    cursor_on(&desk, "Evening 299");
    shows(&desk.screen(80, 24), &["200/250"]);
    // The poll asks for all that is here at once, and never for more than the database gives.
    desk.fire(Timer::Poll);
    assert_eq!(desk.newest(is_mine).unwrap().1, asked(Part::Upcoming, None, 300));
}

#[test]
fn what_was_read_behind_a_page_stays_when_the_page_is_read_again() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("2");
    desk.reply(is_mine, Ok(mine(many(100, 500, true))));
    desk.press("End");
    desk.reply(is_mine, Ok(mine(many(600, 100, false))));
    desk.press("End");
    shows(&desk.screen(80, 24), &["600/600", "Evening 699"]);
    desk.fire(Timer::Poll);
    assert_eq!(desk.newest(is_mine).unwrap().1, asked(Part::Upcoming, None, 500));
    let mut again = many(100, 500, true);
    again.rows.remove(0);
    desk.reply(is_mine, Ok(mine(again)));
    cursor_on(&desk, "Evening 699");
    shows(&desk.screen(80, 24), &["599/599"]);
}

#[test]
fn a_page_that_brings_nothing_or_fits_nowhere_any_more_changes_nothing() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("2");
    let first = many(100, 100, true);
    desk.reply(is_mine, Ok(mine(first.clone())));
    desk.press("End");
    desk.reply(
        is_mine,
        Ok(mine(MyRegistrations {
            rows: Vec::new(),
            ..first
        })),
    );
    assert!(desk.newest(is_mine).is_none(), "asked for ever");
    shows(&desk.screen(80, 24), &["100/100"]);
    // A failed further page leaves what is here.
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("2");
    desk.reply(is_mine, Ok(mine(many(100, 100, true))));
    desk.press("End");
    desk.reply(is_mine, Err(Fault::Internal));
    shows(&desk.screen(80, 24), &["100/100+", "Evening 199"]);
}

#[test]
fn a_reply_for_the_part_that_was_left_is_dropped() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("2");
    let (old, _) = desk.newest(is_mine).unwrap();
    let effects = desk.press("v");
    assert_eq!(calls(&effects), [&asked(Part::Past, None, 100)]);
    desk.reply_to(old, Ok(mine(known())));
    hides(&desk.screen(80, 24), &["Café", "Manor"]);
    let over = MyRegistrations {
        rows: many(1, 2, false).rows,
        past: 2,
        ..known()
    };
    desk.reply(is_mine, Ok(mine(over)));
    shows(&desk.screen(80, 24), &["Evening 1", "1/2"]);
    let effects = desk.press("Tab");
    assert_eq!(calls(&effects), [&asked(Part::Upcoming, None, 100)]);
}

#[test]
fn what_is_over_says_who_came() {
    let mut desk = open(UserType::Regular);
    desk.press("v");
    let mut over = many(1, 2, false);
    over.past = 2;
    over.rows[0].event.my_attendance = true;
    desk.reply(is_mine, Ok(mine(over)));
    let screen = desk.screen(80, 24);
    shows(&screen, &["✓ attended", "· not checked in"]);
    hides(&screen, &["Waiting", "You have a seat"]);
}

#[test]
fn enter_opens_the_page_and_esc_comes_back_here() {
    let mut desk = open(UserType::Regular);
    desk.press("Down");
    let effects = desk.press("Enter");
    assert_eq!(calls(&effects), [&Call::Event(EventId(9))]);
    desk.with_page(page(known().rows[3].event.clone()));
    shows(
        &desk.screen(80, 24),
        &["Board Game Evening", "waits for approval", "Teams of up to five."],
    );
    desk.press("End");
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["To come", "Waiting", "2/5"]);
    cursor_on(&desk, "Board Game Evening");
    // The tab's own key closes it as well.
    desk.press("Enter");
    desk.press("2");
    shows(&desk.screen(80, 24), &["To come"]);
    // The calendar's page is its own.
    desk.press("Enter");
    desk.press("1");
    shows(&desk.screen(80, 24), &["November 2026"]);
    desk.press("2");
    shows(&desk.screen(80, 24), &["Teams of up to five."]);
}

#[test]
fn in_a_wide_window_the_page_follows_the_cursor() {
    let mut desk = Desk::signed_in(UserType::Regular, 120, 40);
    desk.with_events(events());
    desk.press("2");
    desk.reply(is_mine, Ok(mine(known())));
    desk.reply(
        |call| *call == Call::Event(EventId(8)),
        Ok(Answer::Event(page(known().rows[2].event.clone()))),
    );
    shows(
        &desk.screen(120, 40),
        &["waiting for a seat, number 3", "To come"],
    );
    let effects = desk.press("Down");
    assert_eq!(calls(&effects), [&Call::Event(EventId(9))]);
    shows(&desk.screen(120, 40), &["waits for approval"]);
}

fn changed(line: &EventLine, status: RegistrationStatus) -> EventLine {
    EventLine {
        my_status: Some(status),
        my_place: None,
        ..line.clone()
    }
}

#[test]
fn x_cancels_and_r_registers_again() {
    let mut desk = open(UserType::Regular);
    desk.press("Down");
    let effects = desk.press("x");
    let [Call::CancelRegistration { event, .. }] = writes(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(*event, EventId(9));
    // A second press waits for the first one's answer.
    assert!(writes(&desk.press("x")).is_empty());
    shows(&desk.screen(80, 24), &["not answered yet"]);
    let line = changed(&known().rows[3].event, RegistrationStatus::Cancelled);
    let effects = desk.reply(
        |call| matches!(call, Call::CancelRegistration { .. }),
        Ok(Answer::Cancelled(CancelOutcome::Cancelled, line.clone())),
    );
    assert_eq!(
        calls(&effects),
        [&asked(Part::Upcoming, None, 100)],
        "all the rest is asked for"
    );
    shows(
        &desk.screen(80, 24),
        &[
            "Your registration is cancelled: Board Game Evening",
            "✕ cancelled",
        ],
    );
    cursor_on(&desk, "Board Game Evening");
    desk.press("r");
    shows(&desk.screen(80, 24), &["Register for Board Game Evening?"]);
    let effects = desk.press("y");
    assert!(
        matches!(writes(&effects)[..], [Call::Register { .. }]),
        "{effects:?}"
    );
    desk.reply(
        |call| matches!(call, Call::Register { .. }),
        Ok(Answer::Registered(
            RegisterOutcome::Registered,
            changed(&line, RegistrationStatus::Registered),
        )),
    );
    shows(&desk.screen(80, 24), &["You are in: Board Game Evening"]);
    cursor_on(&desk, "✓ registered");
}

#[test]
fn leaving_a_line_is_asked_about_and_a_refusal_changes_nothing() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("2");
    let mut all = known();
    all.rows[2].event.registered = 20;
    desk.reply(is_mine, Ok(mine(all.clone())));
    assert!(writes(&desk.press("x")).is_empty());
    shows(
        &desk.screen(80, 24),
        &["Leave the line for Café Français?", "You are 3rd in line."],
    );
    desk.press("n");
    desk.press("x");
    let effects = desk.press("y");
    assert!(
        matches!(writes(&effects)[..], [Call::CancelRegistration { .. }]),
        "{effects:?}"
    );
    desk.reply(
        |call| matches!(call, Call::CancelRegistration { .. }),
        Err(Fault::NotAllowed("Not today.".into())),
    );
    shows(&desk.screen(80, 24), &["Not cancelled.", "… 3rd in line"]);
    // What cannot be done says why.
    desk.press("End");
    desk.press("r");
    shows(
        &desk.screen(80, 24),
        &["Your registration was refused; ask the staff."],
    );
    desk.press("x");
    shows(&desk.screen(80, 24), &["You are not registered."]);
}

#[test]
fn what_is_looked_for_is_found_by_title_place_and_status() {
    let mut desk = open(UserType::Regular);
    desk.press("Down");
    desk.press("/");
    desk.write("Cafe");
    shows(
        &desk.screen(80, 24),
        &["▾ 1 of 5", "1/1", "/Cafe", "Café Français"],
    );
    desk.press("Ctrl+U");
    desk.write("verde");
    cursor_on(&desk, "The Manor Murder");
    desk.press("Ctrl+U");
    desk.write("pending");
    desk.press("Enter");
    cursor_on(&desk, "Board Game Evening");
    shows(&desk.screen(80, 24), &["▾ “pending”", "Esc clears"]);
    // With the field left, letters are keys again.
    desk.press("?");
    shows(&desk.screen(80, 24), &["Keys · Registrations"]);
    desk.press("Esc");
    desk.press("Esc");
    shows(
        &desk.screen(80, 24),
        &["Every registration is shown again.", "2/5"],
    );
    desk.press("/");
    desk.send(Msg::Paste("no such thing".to_owned()));
    shows(&desk.screen(80, 24), &["Nothing matches.", "Esc drops the text."]);
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["Nothing matches."]);
}

#[test]
fn looking_for_something_reads_on_until_it_is_found() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("2");
    let first = many(100, 100, true);
    desk.reply(is_mine, Ok(mine(first.clone())));
    desk.press("/");
    desk.write("g 250");
    shows(&desk.screen(80, 24), &["Nothing matches so far."]);
    assert_eq!(
        desk.newest(is_mine).unwrap().1,
        asked(Part::Upcoming, Some(end_of(&first)), 100)
    );
    let second = many(200, 100, true);
    desk.reply(is_mine, Ok(mine(second.clone())));
    shows(&desk.screen(80, 24), &["Evening 250"]);
    assert_eq!(
        desk.newest(is_mine).unwrap().1,
        asked(Part::Upcoming, Some(end_of(&second)), 100)
    );
    desk.reply(is_mine, Ok(mine(many(300, 50, false))));
    assert!(desk.newest(is_mine).is_none());
}

#[test]
fn calendar_files_are_of_the_marked_one_or_of_all_to_come() {
    let mut desk = open(UserType::Regular);
    desk.press("i");
    assert_eq!(
        desk.newest(is_file).unwrap().1,
        Call::Plan(PlanCall::File(FileOf {
            events: Some(vec![EventId(8)]),
            ..FileOf::default()
        }))
    );
    desk.press("I");
    let (request, call) = desk.newest(is_file).unwrap();
    assert_eq!(
        call,
        Call::Plan(PlanCall::File(FileOf {
            mine: true,
            from: Some(now()),
            ..FileOf::default()
        }))
    );
    let written = file(vec![page(events()[6].clone())]);
    let effects = desk.reply_to(request, Ok(Answer::Plan(PlanAnswer::File(written))));
    let [Effect::Export { name, text }] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(name, "pine-time-my-events.ics");
    shows(text, &["BEGIN:VEVENT", "The Manor Murder"]);
}

#[test]
fn a_lost_link_keeps_the_list_and_says_how_old_it_is() {
    let mut desk = open(UserType::Regular);
    desk.fire(Timer::Poll);
    desk.reply(is_mine, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["as of 18:52", "offline since 18:52", "The Manor Murder"],
    );
    // What is done meanwhile is answered when the link is back, and then the list is asked for again.
    desk.press("Down");
    desk.press("x");
    let line = changed(&known().rows[3].event, RegistrationStatus::Cancelled);
    desk.reply(
        |call| matches!(call, Call::CancelRegistration { .. }),
        Ok(Answer::Cancelled(CancelOutcome::Cancelled, line)),
    );
    assert!(desk.newest(is_mine).is_some());
    desk.reply(is_mine, Ok(mine(known())));
    hides(&desk.screen(80, 24), &["as of", "offline"]);
}

#[test]
fn without_anything_here_a_lost_link_is_told_in_its_place() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("2");
    desk.reply(is_mine, Err(offline()));
    shows(&desk.screen(80, 24), &["The database does not answer"]);
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["There is no event to open."]);
    desk.press("r");
    shows(&desk.screen(80, 24), &["There is no event under the cursor."]);
}

#[test]
fn staff_edit_from_here_and_the_row_follows() {
    let mut desk = open(UserType::Staff);
    desk.press("e");
    desk.reply(
        |call| *call == Call::Event(EventId(8)),
        Ok(Answer::Event(page(known().rows[2].event.clone()))),
    );
    shows(&desk.screen(80, 24), &["Edit event"]);
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(crate::fixtures::types())),
    );
    desk.write("!");
    desk.press("Ctrl+S");
    let moved = EventLine {
        start_time: manila("2026-11-28 11:00"),
        ..known().rows[2].event.clone()
    };
    if desk.newest(crate::plans::is_save).is_none() {
        desk.reply(
            crate::plans::is_effects,
            Ok(Answer::Plan(PlanAnswer::Effects(crate::plans::harmless()))),
        );
    }
    let effects = desk.reply(crate::plans::is_save, Ok(crate::plans::saved(page(moved))));
    assert!(
        calls(&effects).contains(&&asked(Part::Upcoming, None, 100)),
        "{effects:?}"
    );
    shows(&desk.screen(80, 24), &["To come", "Sat 28 Nov 11:00"]);
}

#[test]
fn clicks_mark_registrations_and_the_tab_is_one() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.click(16, 0);
    desk.reply(is_mine, Ok(mine(known())));
    desk.click(30, 9);
    cursor_on(&desk, "Trivia Night: Science");
    // What the staff say belongs to its registration; headings and what is below the end to none.
    desk.click(30, 14);
    cursor_on(&desk, "Night Market");
    for y in [4, 7, 18] {
        desk.click(30, y);
        cursor_on(&desk, "Night Market");
    }
}

#[test]
fn signing_out_forgets_all_of_it() {
    let mut desk = open(UserType::Regular);
    desk.press("Ctrl+O");
    desk.write("x");
    desk.reply(|call| matches!(call, Call::SignOut), Ok(Answer::SignedOut));
    desk.press("Ctrl+U");
    desk.sign_in(UserType::Regular);
    desk.press("2");
    hides(&desk.screen(80, 24), &["Manor"]);
}
