//! The calendar and the event page.

use pine_time::app::effect::{Effect, Lane, Timer};
use pine_time::domain::event::{CancelOutcome, EventId, EventLine, RegisterOutcome, RegistrationStatus};
use pine_time::domain::member::UserType;
use pine_time::domain::seats::{MyRegistration, SeatsAnswer, SeatsCall};
use pine_time::domain::{Answer, Call, Fault, Nonce};

use crate::fixtures::{Desk, events, manila, offline, page, profile};
use crate::seat_fixtures::my_registration;
use crate::{calls, hides, shows, writes};

fn is_events(call: &Call) -> bool {
    matches!(call, Call::Events { .. })
}

fn calendar(user_type: UserType) -> Desk {
    let mut desk = Desk::signed_in(user_type, 80, 24);
    desk.with_events(events());
    desk
}

/// From the month on to the agenda.
fn agenda(desk: &mut Desk) {
    desk.press("v");
    desk.press("v");
}

fn nonce(number: u128) -> Nonce {
    Nonce::from_u128(number)
}

#[test]
fn it_asks_for_the_months_around_in_the_community_zone() {
    let desk = Desk::signed_in(UserType::Regular, 80, 24);
    let (_, call) = desk.newest(is_events).unwrap();
    let expected = Call::Events {
        from: manila("2026-10-01 00:00"),
        to: manila("2027-02-01 00:00"),
    };
    assert_eq!(call, expected);
}

#[test]
fn days_weeks_months_and_back_to_today() {
    let mut desk = calendar(UserType::Regular);
    shows(&desk.screen(80, 24), &["Friday 27 November", "2 events"]);
    desk.press("l");
    shows(
        &desk.screen(80, 24),
        &["Saturday 28 November", "Café Français", "1 event ·"],
    );
    desk.press("Left");
    desk.press("k");
    shows(
        &desk.screen(80, 24),
        &["Friday 20 November", "Night Market", "cancelled"],
    );
    desk.press("j");
    let effects = desk.press("]");
    assert_eq!(
        calls(&effects).len(),
        1,
        "another month, other events: {effects:?}"
    );
    shows(
        &desk.screen(80, 24),
        &["December 2026", "Sunday 27 December", "Nothing on this day."],
    );
    // Within the month nothing is asked.
    assert!(calls(&desk.press("Right")).is_empty());
    desk.press("[");
    desk.press("[");
    shows(&desk.screen(80, 24), &["October 2026"]);
    desk.press("t");
    shows(&desk.screen(80, 24), &["Friday 27 November"]);
}

#[test]
fn a_stale_reply_is_dropped() {
    let mut desk = calendar(UserType::Regular);
    desk.press("]");
    let (old, _) = desk.newest(is_events).unwrap();
    desk.press("]");
    let mut wrong = events();
    wrong[0].title = "From an older question".into();
    desk.reply_to(old, Ok(Answer::Events(wrong.clone())));
    agenda(&mut desk);
    hides(&desk.screen(80, 24), &["From an older question"]);
    desk.reply(is_events, Ok(Answer::Events(wrong)));
    shows(&desk.screen(80, 24), &["From an older question"]);
}

#[test]
fn enter_opens_the_only_event_and_offers_the_list_of_several() {
    let mut desk = calendar(UserType::Regular);
    assert!(desk.press("Enter").is_empty());
    desk.press("Down");
    let effects = desk.press("Enter");
    assert_eq!(calls(&effects), [&Call::Event(EventId(7))]);
    desk.reply(
        |call| matches!(call, Call::Event(_)),
        Ok(Answer::Event(page(events()[6].clone()))),
    );
    shows(
        &desk.screen(80, 24),
        &[
            "Casa Verde",
            "10 of 10 taken, full",
            "seats are full · r waits for one",
        ],
    );
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["November 2026"]);
    desk.press("Esc");
    desk.press("Right");
    let effects = desk.press("Enter");
    assert_eq!(calls(&effects), [&Call::Event(EventId(8))]);
    desk.press("Esc");
    desk.press("Down");
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["Nothing on this day."]);
}

#[test]
fn the_agenda_keeps_its_cursor_on_its_event() {
    let mut desk = calendar(UserType::Regular);
    agenda(&mut desk);
    desk.press("Down");
    shows(
        &desk.screen(80, 24),
        &["▸            20:00  The Manor Murder", "7/9"],
    );
    // An event is put in before it: the cursor goes along.
    let mut more = events();
    more.insert(0, crate::fixtures::event(20, "Early Bird", "2026-11-01 07:00", 1));
    desk.fire(Timer::Poll);
    desk.reply(is_events, Ok(Answer::Events(more)));
    let screen = desk.screen(80, 24);
    shows(&screen, &["8/10"]);
    let marked = screen.lines().find(|line| line.starts_with('▸')).unwrap();
    assert!(marked.contains("The Manor Murder"), "{marked}");
    desk.press("g");
    desk.press("G");
    shows(&desk.screen(80, 24), &["10/10", "December 2026"]);
}

#[test]
fn the_filter_ignores_case_and_accents_and_looks_at_title_place_and_type() {
    let mut desk = calendar(UserType::Regular);
    agenda(&mut desk);
    for (typed, hit, miss) in [
        ("cafe francais", "Café Français", "Ridge Walk"),
        ("ULAP", "Ridge Walk", "Café"),
        ("mystery", "The Manor Murder", "Ridge Walk"),
    ] {
        desk.press("/");
        desk.write(typed);
        let screen = desk.screen(80, 24);
        shows(&screen, &[hit]);
        hides(&screen, &[miss]);
        desk.press("Esc");
        shows(&desk.screen(80, 24), &["Ridge Walk", "Café Français"]);
    }
    desk.press("/");
    desk.write("zzz");
    shows(&desk.screen(80, 24), &["Nothing matches the filter."]);
    desk.press("Ctrl+U");
    desk.write("trivia");
    desk.press("Enter");
    // The filter stays, and the keys are the list's again.
    desk.press("g");
    shows(&desk.screen(80, 24), &["“trivia”"]);
    desk.press("v");
    shows(&desk.screen(80, 24), &["Trivia Night"]);
}

#[test]
fn r_registers_and_says_what_came_of_it() {
    let mut desk = calendar(UserType::Regular);
    desk.press("Right");
    assert!(desk.press("r").is_empty(), "it asks first");
    shows(
        &desk.screen(80, 24),
        &[
            "Register for Café Français?",
            "Sat 28 Nov 10:00–11:00",
            "It is free.",
        ],
    );
    // Enter is what a scanner ends with; it answers nothing.
    assert!(desk.press("Enter").is_empty());
    desk.press("n");
    hides(&desk.screen(80, 24), &["Register for"]);
    desk.press("r");
    let effects = desk.press("y");
    let Effect::Run { request, .. } = effects[0] else {
        panic!("{effects:?}")
    };
    assert_eq!(
        effects,
        [
            Effect::Run {
                request,
                lane: Lane::Write,
                call: Call::Register {
                    nonce: nonce(1),
                    event: EventId(8)
                },
            },
            Effect::After {
                delay: std::time::Duration::from_millis(150),
                timer: Timer::Spinner(request)
            },
        ]
    );
    // A second press while the first is under way is no second write.
    assert!(writes(&desk.press("r")).is_empty());
    shows(&desk.screen(80, 24), &["not answered yet"]);
    let line = EventLine {
        registered: 13,
        my_status: Some(RegistrationStatus::Registered),
        ..events()[7].clone()
    };
    desk.reply_to(request, Ok(Answer::Registered(RegisterOutcome::Registered, line)));
    shows(
        &desk.screen(80, 24),
        &["✓ You are in: Café Français, Sat 28 Nov 10:00.", "13/20", "✓ in"],
    );
}

#[test]
fn a_full_event_offers_its_line_also_when_the_seat_went_meanwhile() {
    let is_join = |call: &Call| matches!(call, Call::Seats(SeatsCall::JoinWaitlist { .. }));
    let mut lines = events();
    lines[6].waitlisted = 3;
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(lines);
    desk.press("Tab");
    desk.press("Down");
    assert!(calls(&desk.press("r")).is_empty());
    shows(
        &desk.screen(80, 24),
        &[
            "Wait for a seat at The Manor Murder?",
            "Fri 27 Nov 20:00–23:00",
            "₱250",
            "3 wait before you",
        ],
    );
    assert_eq!(
        writes(&desk.press("y")),
        [&Call::Seats(SeatsCall::JoinWaitlist {
            nonce: nonce(1),
            event: EventId(7)
        })]
    );
    let waiting = EventLine {
        my_status: Some(RegistrationStatus::Waitlisted),
        my_place: Some(4),
        waitlisted: 4,
        ..events()[6].clone()
    };
    desk.reply(
        is_join,
        Ok(Answer::Seats(SeatsAnswer::Joined(
            RegisterOutcome::Waitlisted,
            waiting,
        ))),
    );
    shows(
        &desk.screen(80, 24),
        &["✓ You are number 4 in line: The Manor Murder", "waiting 4"],
    );
    desk.press("r");
    shows(&desk.screen(80, 24), &["You are on the waitlist."]);
    // The last seat goes while the question stands.
    desk.press("Esc");
    desk.press("Right");
    desk.press("r");
    desk.press("y");
    let full = EventLine {
        registered: 20,
        ..events()[7].clone()
    };
    desk.reply(
        |call| matches!(call, Call::Register { .. }),
        Ok(Answer::Registered(RegisterOutcome::Full, full)),
    );
    shows(
        &desk.screen(80, 24),
        &["! Seats are full: Café Français", "r puts you in line", "20/20"],
    );
    desk.press("r");
    shows(&desk.screen(80, 24), &["Nobody waits yet"]);
}

#[test]
fn a_full_event_that_has_begun_has_no_line() {
    let mut lines = events();
    lines[5].registered = 20;
    lines[5].my_status = None;
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(lines);
    assert!(calls(&desk.press("r")).is_empty());
    shows(&desk.screen(80, 24), &["· Seats are full."]);
}

#[test]
fn where_staff_approve_r_asks_and_says_that_it_waits() {
    let mut lines = events();
    lines[7].requires_approval = true;
    lines[7].registered = 20;
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(lines.clone());
    desk.press("Right");
    desk.press("r");
    shows(
        &desk.screen(80, 24),
        &["Ask for a seat at Café Français?", "until then it waits"],
    );
    assert!(matches!(writes(&desk.press("y"))[..], [Call::Register { .. }]));
    lines[7].my_status = Some(RegistrationStatus::Pending);
    desk.reply(
        |call| matches!(call, Call::Register { .. }),
        Ok(Answer::Registered(RegisterOutcome::Pending, lines[7].clone())),
    );
    shows(
        &desk.screen(80, 24),
        &["✓ Sent; the staff will approve it: Café Français", "pending"],
    );
}

#[test]
fn the_page_shows_what_can_be_done_and_who_comes() {
    let mut desk = calendar(UserType::Regular);
    desk.press("Right");
    desk.press("Enter");
    let mut mine = page(events()[7].clone());
    mine.line.my_status = Some(RegistrationStatus::Rejected);
    mine.mine = Some(MyRegistration {
        status_reason: Some("bring a helmet next time".into()),
        due: pine_time::domain::money::Money::from_hundredths(5_000),
        ..my_registration(RegistrationStatus::Rejected)
    });
    desk.with_page(mine);
    shows(
        &desk.screen(80, 24),
        &[
            "the staff say: bring a helmet next time",
            "₱50 to pay",
            "register, or wait for a seat   Your registration was refused",
            "cancel my registration   You are not registered.",
            "the event as a calendar file (.ics)",
        ],
    );
    desk.press("End");
    shows(
        &desk.screen(80, 24),
        &[
            "12 are coming",
            "you, Bea Lim, Jo M., Katya Torres, Niño Bautista and 7 more",
        ],
    );
    // What comes for another event's page is dropped.
    desk.press("Esc");
    desk.press("Left");
    desk.press("Tab");
    desk.press("Enter");
    let (old, _) = desk.newest(|call| matches!(call, Call::Event(_))).unwrap();
    desk.press("Esc");
    desk.press("Down");
    desk.press("Enter");
    desk.reply_to(old, Ok(Answer::Event(page(events()[5].clone()))));
    assert!(
        desk.newest(|call| matches!(call, Call::Seats(SeatsCall::Attendees { .. })))
            .is_none(),
        "nobody asks for whom a dropped page would name"
    );
    shows(&desk.screen(80, 24), &["The Manor Murder"]);
}

#[test]
fn x_cancels_at_once_but_asks_before_a_seat_is_lost_for_good() {
    let mine = |registered| {
        let mut lines = events();
        lines[7].my_status = Some(RegistrationStatus::Registered);
        lines[7].registered = registered;
        lines
    };
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(mine(12));
    desk.press("Right");
    let effects = desk.press("x");
    assert_eq!(
        writes(&effects),
        [&Call::CancelRegistration {
            nonce: nonce(1),
            event: EventId(8)
        }]
    );
    let gone = EventLine {
        my_status: Some(RegistrationStatus::Cancelled),
        registered: 11,
        ..events()[7].clone()
    };
    desk.reply(
        |call| matches!(call, Call::CancelRegistration { .. }),
        Ok(Answer::Cancelled(CancelOutcome::Cancelled, gone)),
    );
    shows(
        &desk.screen(80, 24),
        &["Your registration is cancelled: Café Français, Sat 28 Nov 10:00."],
    );

    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(mine(20));
    desk.press("Right");
    assert!(desk.press("x").is_empty());
    shows(&desk.screen(80, 24), &["Give up your seat at Café Français?"]);
    // Enter is what a scanner ends with; it answers nothing.
    assert!(desk.press("Enter").is_empty());
    desk.press("n");
    hides(&desk.screen(80, 24), &["Give up your seat"]);
    desk.press("x");
    assert_eq!(writes(&desk.press("y")).len(), 1);
    hides(&desk.screen(80, 24), &["Give up your seat"]);
}

#[test]
fn what_cannot_be_cancelled_says_why() {
    let mut desk = calendar(UserType::Regular);
    desk.press("x");
    shows(&desk.screen(80, 24), &["The event has begun; ask the staff."]);
    desk.press("Right");
    desk.press("x");
    shows(&desk.screen(80, 24), &["You are not registered."]);
}

#[test]
fn a_write_that_fails_says_so_and_can_be_pressed_again() {
    let mut desk = calendar(UserType::Regular);
    desk.press("Right");
    desk.press("r");
    desk.press("y");
    desk.reply(|call| matches!(call, Call::Register { .. }), Err(Fault::Slow));
    shows(
        &desk.screen(80, 24),
        &["✕ Not registered. The database took too long to answer."],
    );
    desk.press("r");
    assert_eq!(writes(&desk.press("y")).len(), 1);
}

#[test]
fn polling_goes_on_while_the_calendar_is_open_and_asks_once_at_a_time() {
    let mut desk = calendar(UserType::Regular);
    let effects = desk.fire(Timer::Poll);
    assert_eq!(calls(&effects).len(), 1);
    assert!(effects.iter().any(|e| matches!(
        e,
        Effect::After {
            timer: Timer::Poll,
            ..
        }
    )));
    assert!(
        calls(&desk.fire(Timer::Poll)).is_empty(),
        "the first is still under way"
    );
}

#[test]
fn being_checked_in_elsewhere_brings_the_points_along() {
    let mut desk = calendar(UserType::Regular);
    desk.fire(Timer::Poll);
    let mut lines = events();
    lines[5].my_attendance = true;
    let effects = desk.reply(is_events, Ok(Answer::Events(lines)));
    assert_eq!(calls(&effects), [&Call::Profile]);
    let richer = pine_time::domain::points::Profile {
        spendable: 355,
        ..profile()
    };
    desk.reply(|call| matches!(call, Call::Profile), Ok(Answer::Profile(richer)));
    shows(&desk.screen(80, 24), &["ana · 355 points", "✓ attended"]);
}

#[test]
fn a_lost_link_keeps_the_calendar_and_says_how_old_it_is() {
    let mut desk = calendar(UserType::Regular);
    desk.fire(Timer::Poll);
    desk.reply(is_events, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["Trivia Night: Science", "as of 18:52", "○ offline since 18:52"],
    );
    desk.pass(60);
    let effects = desk.fire(Timer::Heartbeat);
    assert_eq!(calls(&effects), [&Call::Community]);
    let mut later = crate::fixtures::community();
    later.clock += chrono::TimeDelta::seconds(60);
    let effects = desk.reply(
        |call| matches!(call, Call::Community),
        Ok(Answer::Community(later)),
    );
    assert!(
        calls(&effects).iter().any(|call| is_events(call)),
        "it asks anew: {effects:?}"
    );
    desk.reply(is_events, Ok(Answer::Events(events())));
    let screen = desk.screen(80, 24);
    shows(&screen, &["● live", "The database is back."]);
    hides(&screen, &["as of"]);
}

#[test]
fn an_event_across_midnight_is_on_both_days_and_one_to_midnight_on_one() {
    let mut lines = events();
    lines.push(crate::fixtures::event(30, "Long Night", "2026-11-10 22:00", 4));
    lines.push(crate::fixtures::event(31, "Till Midnight", "2026-11-12 22:00", 2));
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(lines);
    for _ in 0..17 {
        desk.press("h");
    }
    shows(&desk.screen(80, 24), &["10 November", "Long Night"]);
    desk.press("l");
    shows(&desk.screen(80, 24), &["11 November", "Long Night"]);
    desk.press("l");
    shows(&desk.screen(80, 24), &["12 November", "Till Midnight"]);
    desk.press("l");
    hides(&desk.screen(80, 24), &["Till Midnight"]);
}

#[test]
fn in_a_wide_window_the_page_follows_the_cursor() {
    let mut desk = Desk::signed_in(UserType::Regular, 120, 40);
    desk.with_events(events());
    let (_, call) = desk.newest(|call| matches!(call, Call::Event(_))).unwrap();
    assert_eq!(call, Call::Event(EventId(6)));
    let effects = desk.press("Right");
    assert_eq!(calls(&effects), [&Call::Event(EventId(8))]);
    // What the list knows stands there at once.
    shows(
        &desk.screen(120, 40),
        &["Sat 28 Nov 10:00–11:00", "not registered · r registers"],
    );
    hides(&desk.screen(120, 40), &["Mira Santos", "Teams of up to five."]);
    desk.reply(
        |call| matches!(call, Call::Event(_)),
        Ok(Answer::Event(page(events()[7].clone()))),
    );
    shows(
        &desk.screen(120, 40),
        &["12 of 20 taken, 8 free", "Saturday 28 November"],
    );
    // Made narrow, list and page stand one after the other.
    desk.send(pine_time::app::msg::Msg::Resize {
        width: 80,
        height: 24,
    });
    hides(&desk.screen(80, 24), &["8 free"]);
}

#[test]
fn the_event_page_scrolls_and_stays_within_its_text() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 16);
    desk.with_events(events());
    desk.press("Right");
    desk.press("Enter");
    let mut long = page(events()[7].clone());
    long.description = pine_time::domain::SafeText::paragraphs(&"A line of it.\n".repeat(30));
    desk.reply(|call| matches!(call, Call::Event(_)), Ok(Answer::Event(long)));
    let top = desk.screen(80, 16);
    desk.press("End");
    let end = desk.screen(80, 16);
    hides(&end, &["Hill Station"]);
    shows(&end, &["A line of it."]);
    desk.press("PgDn");
    assert_eq!(desk.screen(80, 16), end);
    desk.press("Home");
    desk.press("PgUp");
    assert_eq!(desk.screen(80, 16), top);
}

#[test]
fn clicks_find_tabs_days_and_rows() {
    let mut desk = calendar(UserType::Regular);
    // Saturday the 28th stands in the sixth column of the fifth week.
    desk.click(1 + 5 * 5 + 1, 2 + 2 + 1 + 4 * 2);
    shows(&desk.screen(80, 24), &["Saturday 28 November"]);
    desk.click(1 + 4 * 5 + 1, 2 + 2 + 1 + 4 * 2);
    desk.click(50, 7);
    let screen = desk.screen(80, 24);
    assert!(
        screen
            .lines()
            .any(|l| l.contains('▸') && l.contains("The Manor Murder")),
        "{screen}"
    );
    let effects = desk.click(32, 0);
    assert!(
        calls(&effects).iter().any(|call| **call == Call::Profile),
        "{effects:?}"
    );
    let mut still = Desk::with(|setup| setup.mouse = false);
    still.open();
    still.sign_in(UserType::Regular);
    assert!(still.click(32, 0).is_empty());
}
