//! The kiosk: its start, passes, the way in and out of a member's session, the attendant; and that nothing leads out.

use std::time::Duration;

use pine_time::app::action::{Action, AppAction};
use pine_time::app::effect::{Effect, Lane, Timer};
use pine_time::app::keymap::{self, Audience, chains};
use pine_time::app::msg::Msg;
use pine_time::domain::account::Proof;
use pine_time::domain::check_in::Outcome;
use pine_time::domain::event::EventId;
use pine_time::domain::kiosk::{Attended, AttendedAlone, KioskAnswer, KioskCall, KioskOutcome, KioskPage};
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, community, events, key_event, me, offline, profile};
use crate::kiosk_fixtures::{
    attended, is_page, is_scan, kiosk, kiosk_page, kiosk_unanswered, pass, said, scanned,
};
use crate::{calls, hides, shows, writes};

const MEMBER: Audience = Audience {
    staff: false,
    kiosk: true,
};

/// A kiosk where ana has signed in.
fn signed_in() -> Desk {
    let mut desk = kiosk(80, 24);
    desk.press("Enter");
    desk.sign_in(UserType::Regular);
    desk.with_events(events());
    desk
}

fn answer(desk: &mut Desk, answer: KioskAnswer) {
    desk.reply(is_scan, Ok(Answer::Kiosk(answer)));
}

fn is_attend(call: &Call) -> bool {
    matches!(call, Call::Kiosk(KioskCall::Attend { .. }))
}

// ---- nothing leads out ----

#[test]
fn no_binding_of_a_kiosk_quits_leaves_hides_writes_a_file_or_is_staffs() {
    let mut seen = 0;
    for chain in chains::ALL {
        for binding in keymap::reachable(chain, MEMBER) {
            seen += 1;
            assert!(!binding.staff, "{binding:?}");
            let told = binding.help.to_lowercase();
            assert!(
                !matches!(
                    binding.action,
                    Action::App(
                        AppAction::Quit | AppAction::Lock | AppAction::GoCheckIn | AppAction::Takings
                    )
                ) && !told.contains(" file")
                    && !told.contains("quit"),
                "{binding:?}"
            );
        }
        // Staff who sit at a kiosk all the same have no more.
        let staff = Audience {
            staff: true,
            ..MEMBER
        };
        for binding in keymap::reachable(chain, staff) {
            assert_ne!(binding.action, Action::App(AppAction::Quit), "{binding:?}");
        }
    }
    assert!(seen > 100, "the walk saw {seen} bindings");
}

#[test]
fn every_key_of_the_table_pressed_on_every_screen_leaves_the_kiosk_a_kiosk() {
    let places: [&[&str]; 9] = [
        &[],
        &["v"],
        &["v", "v"],
        &["2"],
        &["4"],
        &["5"],
        &["?"],
        &["Ctrl+P"],
        &["f"],
    ];
    let keys: Vec<String> = keymap::bindings()
        .iter()
        .flat_map(|binding| binding.keys)
        .map(|key| match key.to_string().as_str() {
            "←" => "Left".to_owned(),
            "→" => "Right".to_owned(),
            "↑" => "Up".to_owned(),
            "↓" => "Down".to_owned(),
            other => other.to_owned(),
        })
        .collect();
    let stays = |effects: &[Effect], what: &str| {
        for effect in effects {
            assert!(
                !matches!(
                    effect,
                    Effect::Quit { .. } | Effect::Restart | Effect::Export { .. } | Effect::Listen(true)
                ),
                "{what}: {effect:?}"
            );
        }
    };
    for place in places {
        for key in &keys {
            let mut desk = signed_in();
            for step in place {
                desk.press(step);
            }
            let what = format!("{key} after {place:?}");
            stays(&desk.press(key), &what);
            stays(&desk.press("Enter"), &what);
            stays(&desk.press("y"), &what);
        }
    }
    for place in [&[][..], &["Enter"], &["Enter", "Ctrl+N"], &["Ctrl+K"]] {
        for key in &keys {
            let mut desk = kiosk(80, 24);
            for step in place {
                desk.press(step);
            }
            stays(&desk.press(key), &format!("{key} after {place:?}, signed out"));
        }
    }
}

// ---- the start ----

#[test]
fn the_start_shows_what_is_on_and_asks_again_by_itself() {
    let mut desk = kiosk(80, 24);
    shows(
        &desk.screen(80, 24),
        &[
            "Highland Games Community",
            "Today, Friday 27 November",
            "Trivia Night: Science",
            "8 seats free",
            "full, 3 wait",
            "Tomorrow, Saturday 28 November",
            "1 seat free",
            "open to all",
            "Scan your pass to check in, or press Enter to sign in",
        ],
    );
    hides(
        &desk.screen(80, 24),
        &["Ctrl+K", "quit", "PostgreSQL", "attendant"],
    );
    desk.pass(10);
    let effects = desk.fire(Timer::Notices);
    assert_eq!(
        calls(&effects),
        [&Call::Kiosk(KioskCall::Touch), &Call::Kiosk(KioskCall::Page)]
    );
    desk.pass(10);
    let effects = desk.fire(Timer::Notices);
    assert_eq!(
        calls(&effects),
        [&Call::Kiosk(KioskCall::Page)],
        "a sign of life a minute"
    );
    desk.reply(
        is_page,
        Ok(Answer::Kiosk(KioskAnswer::Page(KioskPage {
            events: Vec::new(),
            ..kiosk_page()
        }))),
    );
    shows(&desk.screen(80, 24), &["Nothing is planned this week."]);
}

#[test]
fn a_lost_link_is_said_calmly_and_comes_back_by_itself() {
    let mut desk = kiosk(80, 24);
    desk.pass(10);
    desk.fire(Timer::Notices);
    desk.reply(is_page, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &[
            "The database does not answer just now.",
            "please ask at the desk",
            "Trivia Night",
        ],
    );
    // A pass now is answered at once, and sends nothing that could be carried out later.
    let effects = desk.scan(&pass());
    assert!(writes(&effects).is_empty());
    shows(&desk.screen(80, 24), &["Please ask at the desk."]);
    desk.press("Esc");
    desk.fire(Timer::Heartbeat);
    let effects = desk.reply(
        |call| matches!(call, Call::Community),
        Ok(Answer::Community(community())),
    );
    assert!(calls(&effects).contains(&&Call::Kiosk(KioskCall::Page)));
    shows(&desk.screen(80, 24), &["Scan your pass"]);
}

#[test]
fn a_device_that_is_not_enrolled_says_so_until_it_is() {
    let mut desk = kiosk_unanswered(80, 24);
    desk.open();
    desk.reply(is_page, Err(Fault::NotSignedIn));
    shows(
        &desk.screen(80, 24),
        &["This kiosk is not enrolled.", "pine-time kiosk enrol"],
    );
    hides(&desk.screen(80, 24), &["Scan your pass"]);
    desk.pass(10);
    desk.fire(Timer::Notices);
    desk.reply(is_page, Ok(Answer::Kiosk(KioskAnswer::Page(kiosk_page()))));
    shows(&desk.screen(80, 24), &["Scan your pass", "Trivia Night"]);
}

// ---- passes ----

#[test]
fn a_scan_asks_once_shows_the_reward_and_goes_after_five_seconds() {
    let mut desk = kiosk(80, 24);
    let effects = desk.scan(&pass());
    let [Call::Kiosk(KioskCall::Scan { pass: sent, .. })] = writes(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(*sent, pass());
    hides(&desk.screen(80, 24), &["QRXYN"]);
    // The pass is held before the scanner for too long.
    assert!(writes(&desk.scan(&pass())).is_empty());
    answer(&mut desk, KioskAnswer::Scanned(Box::new(scanned(Outcome::Ok))));
    shows(
        &desk.screen(80, 24),
        &["Bo K.", "Trivia Night: Science", "+15 points · week 6 streak +25"],
    );
    hides(&desk.screen(80, 24), &["QRXYN", "Scan your pass"]);
    let timer = desk.timer(|timer| matches!(timer, Timer::Card(_))).unwrap();
    let (delay, _) = desk.timers.iter().find(|(_, set)| *set == timer).unwrap();
    assert_eq!(*delay, Duration::from_secs(5));
    desk.fire(timer);
    hides(&desk.screen(80, 24), &["Bo K."]);
    shows(&desk.screen(80, 24), &["Scan your pass"]);
}

#[test]
fn the_next_in_the_queue_need_not_wait_for_the_card_to_go() {
    let mut desk = kiosk(80, 24);
    desk.scan(&pass());
    answer(&mut desk, KioskAnswer::Scanned(Box::new(scanned(Outcome::Ok))));
    let old = desk.timer(|timer| matches!(timer, Timer::Card(_))).unwrap();
    let effects = desk.scan("00000-00000");
    assert_eq!(writes(&effects).len(), 1, "another pass");
    hides(&desk.screen(80, 24), &["Bo K."]);
    answer(
        &mut desk,
        KioskAnswer::Scanned(Box::new(scanned(Outcome::NotRegistered))),
    );
    desk.fire(old);
    shows(&desk.screen(80, 24), &["You have no seat"]);
}

#[test]
fn every_outcome_has_its_words_and_none_shows_more_than_the_first_name() {
    for outcome in Outcome::ALL {
        let mut desk = kiosk(80, 24);
        desk.scan(&pass());
        answer(&mut desk, KioskAnswer::Scanned(Box::new(scanned(outcome))));
        let screen = desk.screen(80, 24);
        assert!(
            screen.contains("Trivia Night") || screen.contains("ask at the desk"),
            "{outcome:?}:\n{screen}"
        );
    }
    for (outcome, words) in [
        (KioskOutcome::Closed, "No event is near"),
        (KioskOutcome::Wait, "Try again in 8 seconds."),
    ] {
        let mut desk = kiosk(80, 24);
        desk.scan(&pass());
        answer(&mut desk, KioskAnswer::Scanned(Box::new(said(outcome))));
        shows(&desk.screen(80, 24), &[words]);
    }
    for (fault, words) in [
        (offline(), "does not answer"),
        (Fault::NotSignedIn, "not enrolled"),
        (Fault::Internal, "Something went wrong"),
    ] {
        let mut desk = kiosk(80, 24);
        desk.scan(&pass());
        desk.reply(is_scan, Err(fault));
        shows(&desk.screen(80, 24), &[words]);
    }
}

#[test]
fn what_is_no_pass_is_not_sent() {
    let mut desk = kiosk(80, 24);
    assert!(writes(&desk.scan("4006381333931")).is_empty());
    shows(&desk.screen(80, 24), &["That was no pass."]);
}

#[test]
fn an_answer_that_takes_too_long_sends_people_to_the_desk_and_comes_too_late() {
    let mut desk = kiosk(80, 24);
    desk.scan(&pass());
    let timer = desk.timer(|timer| matches!(timer, Timer::Card(_))).unwrap();
    desk.fire(timer);
    shows(
        &desk.screen(80, 24),
        &["does not answer", "Please ask at the desk."],
    );
    answer(&mut desk, KioskAnswer::Scanned(Box::new(scanned(Outcome::Ok))));
    hides(&desk.screen(80, 24), &["Bo K."]);
}

#[test]
fn a_pass_can_be_typed_and_half_of_one_is_forgotten() {
    let mut desk = kiosk(80, 24);
    let code = pass().to_lowercase();
    desk.write(&format!("{}-{}", &code[..5], &code[5..]));
    shows(&desk.screen(80, 24), &["qrxyn-", "Enter checks in"]);
    let effects = desk.press("Enter");
    assert!(
        matches!(writes(&effects)[..], [Call::Kiosk(KioskCall::Scan { pass: sent, .. })] if *sent == pass())
    );

    let mut desk = kiosk(80, 24);
    desk.write("qrxy");
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(
        &desk.screen(80, 24),
        &["A pass has ten letters and digits", "qrxy"],
    );
    desk.write("ne4vj0");
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["misread"]);
    desk.pass(21);
    let effects = desk.fire(Timer::Idle);
    assert!(effects.contains(&Effect::Wipe), "{effects:?}");
    hides(&desk.screen(80, 24), &["qrxy"]);
    desk.send(Msg::Paste(pass()));
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["QRXY"]);
}

#[test]
fn a_scan_while_signing_in_is_a_scan_and_leaves_nothing_in_the_fields() {
    for fields in [&["Enter"][..], &["Enter", "Tab"]] {
        let mut desk = kiosk(80, 24);
        for key in fields {
            desk.press(key);
        }
        desk.press("a");
        let effects = desk.scan(&pass());
        assert_eq!(writes(&effects).len(), 1, "{effects:?}");
        answer(&mut desk, KioskAnswer::Scanned(Box::new(scanned(Outcome::Ok))));
        shows(&desk.screen(80, 24), &["Bo K."]);
        desk.press("Esc");
        desk.press("Enter");
        hides(&desk.screen(80, 24), &["QRX", "•"]);
    }
    // A password typed by a machine stays a password.
    let mut desk = kiosk(80, 24);
    desk.press("Enter");
    desk.write("ana");
    desk.press("Tab");
    desk.scan("pinetime");
    assert!(desk.newest(|call| matches!(call, Call::SignIn { .. })).is_some());
}

// ---- signed in ----

#[test]
fn the_way_out_is_told_of_where_its_key_is_one() {
    let mut desk = signed_in();
    desk.press("5");
    shows(&desk.screen(80, 24), &["Ctrl+O sign out"]);
    // A choice comes first: its own keys are told of, and Esc leads back.
    desk.press("t");
    let screen = desk.screen(80, 24);
    shows(&screen, &["Events of which type?", "Esc close"]);
    hides(&screen, &["sign out"]);
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Ctrl+O sign out"]);
}

#[test]
fn a_member_signs_in_uses_the_screens_and_signs_out() {
    let mut desk = signed_in();
    let screen = desk.screen(80, 24);
    shows(&screen, &["ana · 340 points", "Ctrl+O sign out", "November"]);
    hides(&screen, &["quit", "Check-in", "Ctrl+C"]);
    desk.press("4");
    shows(&desk.screen(80, 24), &["4 Profile"]);
    for key in ["q", "Ctrl+C", "Ctrl+L", "3", "Alt+3", "M", "I"] {
        let effects = desk.press(key);
        assert!(
            !effects
                .iter()
                .any(|effect| matches!(effect, Effect::Quit { .. } | Effect::Export { .. })),
            "{key}: {effects:?}"
        );
    }
    let effects = desk.press("Ctrl+O");
    assert!(effects.contains(&Effect::Wipe));
    assert!(calls(&effects).contains(&&Call::SignOut));
    let screen = desk.screen(80, 24);
    shows(&screen, &["Scan your pass"]);
    hides(&screen, &["ana", "340"]);
}

#[test]
fn idle_time_is_counted_down_any_key_stays_and_then_all_is_forgotten() {
    let mut desk = signed_in();
    desk.press("4");
    desk.reply(
        |call| matches!(call, Call::Profile),
        Ok(Answer::Profile(profile())),
    );
    desk.pass(99);
    desk.fire(Timer::Idle);
    hides(&desk.screen(80, 24), &["Back to the start"]);
    desk.pass(4);
    desk.fire(Timer::Idle);
    shows(
        &desk.screen(80, 24),
        &["Back to the start in 17 seconds. Any key stays."],
    );
    // The key does nothing else.
    let effects = desk.press("Ctrl+O");
    assert!(calls(&effects).is_empty(), "{effects:?}");
    let screen = desk.screen(80, 24);
    hides(&screen, &["Back to the start"]);
    shows(&screen, &["ana"]);
    desk.pass(119);
    desk.fire(Timer::Idle);
    shows(&desk.screen(80, 24), &["Back to the start in 1 second."]);
    desk.pass(1);
    let effects = desk.fire(Timer::Idle);
    assert!(effects.contains(&Effect::Wipe) && calls(&effects).contains(&&Call::SignOut));
    let screen = desk.screen(80, 24);
    shows(&screen, &["Scan your pass"]);
    hides(&screen, &["ana", "340", "Reyes"]);
    let memory = format!("{:?}", desk.model);
    for hers in ["Ana", "Reyes", "\"ana\"", "340"] {
        assert!(!memory.contains(hers), "{hers} is still in {memory}");
    }
}

#[test]
fn of_a_scan_that_stops_the_countdown_no_letter_is_a_command() {
    let mut desk = signed_in();
    desk.pass(110);
    desk.fire(Timer::Idle);
    let effects = desk.scan(&pass());
    assert!(calls(&effects).is_empty(), "{effects:?}");
    assert!(writes(&desk.press("Right")).is_empty());
    shows(&desk.screen(80, 24), &["ana"]);
}

#[test]
fn a_scan_while_a_member_is_signed_in_presses_no_key_of_theirs() {
    let mut desk = signed_in();
    let effects = desk.scan(&pass());
    assert!(writes(&effects).is_empty(), "{effects:?}");
    shows(&desk.screen(80, 24), &["A pass was scanned. Sign out first"]);
    // Without its terminator, too.
    let letters = pass();
    let keys = letters.chars().map(|c| key_event(&c.to_string()));
    let mut effects = desk.burst(keys);
    effects.extend(desk.fire(Timer::Burst));
    assert!(writes(&effects).is_empty(), "{effects:?}");
    // Into the form for it goes somebody else's pass.
    desk.press("4");
    desk.press("c");
    desk.scan(&pass());
    let connects = |call: &Call| matches!(call, Call::Game(pine_time::domain::game::GameCall::Connect { presented, .. }) if *presented == pass());
    assert!(desk.newest(connects).is_some());
}

#[test]
fn the_half_that_was_typed_is_forgotten_too() {
    let mut desk = kiosk(80, 24);
    desk.press("Enter");
    desk.write("secretive");
    desk.press("Tab");
    desk.write("hunter2hunter2");
    desk.press("Ctrl+T");
    desk.pass(121);
    let effects = desk.fire(Timer::Idle);
    assert!(effects.contains(&Effect::Wipe));
    let memory = format!("{:?}{}", desk.model, desk.screen(80, 24));
    assert!(!memory.contains("secretive") && !memory.contains("hunter2"));
    desk.press("Enter");
    hides(&desk.screen(80, 24), &["secretive", "hunter"]);
    desk.press("Ctrl+N");
    desk.write("Somebody New");
    desk.pass(121);
    desk.fire(Timer::Idle);
    hides(&desk.screen(80, 24), &["Somebody", "New here"]);
}

#[test]
fn answers_that_come_after_their_member_has_gone_are_dropped() {
    let mut desk = signed_in();
    desk.press("4");
    let (request, _) = desk.newest(|call| matches!(call, Call::Profile)).unwrap();
    desk.press("Ctrl+O");
    desk.press("Enter");
    desk.reply_to(request, Ok(Answer::Profile(profile())));
    // A sign-in that was under way when they left opens nothing.
    desk.write("ana");
    desk.press("Enter");
    desk.write("pinetime");
    desk.press("Enter");
    desk.press("Esc");
    let effects = desk.reply(
        |call| matches!(call, Call::SignIn { .. }),
        Ok(Answer::SignIn(Some(me(UserType::Regular)))),
    );
    assert!(calls(&effects).is_empty());
    let screen = desk.screen(80, 24);
    shows(&screen, &["Scan your pass"]);
    hides(&screen, &["340", "ana"]);
}

#[test]
fn a_session_that_ends_brings_the_start_and_no_lock() {
    let mut desk = signed_in();
    desk.press("4");
    let effects = desk.reply(|call| matches!(call, Call::Profile), Err(Fault::NotSignedIn));
    assert!(effects.contains(&Effect::Wipe));
    let screen = desk.screen(80, 24);
    shows(&screen, &["Your time here is over.", "Scan your pass"]);
    hides(&screen, &["Locked", "ana"]);
}

#[test]
fn staff_are_refused_with_a_sentence() {
    let mut desk = kiosk(80, 24);
    desk.press("Enter");
    desk.write("staff");
    desk.press("Enter");
    desk.write("pinetime");
    desk.press("Enter");
    desk.reply(
        |call| matches!(call, Call::SignIn { .. }),
        Ok(Answer::SignIn(None)),
    );
    shows(&desk.screen(80, 24), &["Staff sign in at a staff"]);
    // Even if the login behind the kiosk let them in.
    for user_type in [UserType::Staff, UserType::Admin] {
        let mut desk = kiosk(80, 24);
        desk.press("Enter");
        desk.write("staff");
        desk.press("Enter");
        desk.write("pinetime");
        desk.press("Enter");
        let effects = desk.reply(
            |call| matches!(call, Call::SignIn { .. }),
            Ok(Answer::SignIn(Some(me(user_type)))),
        );
        assert!(calls(&effects).contains(&&Call::SignOut));
        let screen = desk.screen(80, 24);
        shows(&screen, &["Staff sign in at a staff terminal, not at a kiosk."]);
        hides(&screen, &["Calendar", "Mira", "Ada"]);
    }
}

// ---- the attendant ----

fn menu() -> Desk {
    let mut desk = kiosk(80, 24);
    desk.press("Ctrl+K");
    desk.write("314159");
    hides(&desk.screen(80, 24), &["314159"]);
    let effects = desk.press("Enter");
    let [Call::Kiosk(KioskCall::Attend { pin, .. })] = writes(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(pin.reveal(), "314159");
    desk.reply(is_attend, Ok(Answer::Kiosk(KioskAnswer::Attended(attended()))));
    desk
}

#[test]
fn the_attendants_code_is_the_databases_to_check() {
    let mut desk = kiosk(80, 24);
    desk.press("Ctrl+K");
    desk.write("000000");
    desk.press("Enter");
    desk.reply(
        is_attend,
        Ok(Answer::Kiosk(KioskAnswer::Attended(Attended::Refused))),
    );
    shows(&desk.screen(80, 24), &["That is not the attendant's code."]);
    desk.press("Enter");
    desk.reply(
        is_attend,
        Ok(Answer::Kiosk(KioskAnswer::Attended(Attended::Wait {
            seconds: 16,
        }))),
    );
    shows(&desk.screen(80, 24), &["Try again in 16 seconds."]);
    hides(&desk.screen(80, 24), &["Leave the kiosk"]);
    desk.pass(121);
    desk.fire(Timer::Idle);
    hides(&desk.screen(80, 24), &["Attendant"]);
}

#[test]
fn the_menu_chooses_the_event_names_the_kiosk_starts_again_and_leaves() {
    let mut desk = menu();
    shows(
        &desk.screen(80, 24),
        &[
            "Kiosk · Lobby",
            "the event that happens now",
            "20:00  The Manor Murder",
            "Leave the kiosk",
        ],
    );
    desk.press("Down");
    desk.press("Down");
    let effects = desk.press("Enter");
    let [Call::Kiosk(KioskCall::Choose { event, .. })] = writes(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(*event, Some(EventId(7)));
    desk.reply(
        |call| matches!(call, Call::Kiosk(KioskCall::Choose { .. })),
        Ok(Answer::Kiosk(KioskAnswer::Proved(Proof::Ok))),
    );
    shows(&desk.screen(80, 24), &["Scans check in to The Manor Murder."]);
    desk.press("Down");
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["This kiosk's name", "Lobby"]);
    desk.write(" 2");
    let effects = desk.press("Enter");
    assert!(matches!(writes(&effects)[..], [Call::Kiosk(KioskCall::Name { name, .. })] if name == "Lobby 2"));
    desk.reply(
        |call| matches!(call, Call::Kiosk(KioskCall::Name { .. })),
        Ok(Answer::Kiosk(KioskAnswer::Proved(Proof::Ok))),
    );
    let screen = desk.screen(80, 24);
    shows(&screen, &["This kiosk is called Lobby 2."]);
    hides(&screen, &["Leave the kiosk"]);

    let mut desk = menu();
    desk.press("End");
    assert_eq!(desk.press("Enter"), [Effect::Quit { drain: false }]);
    let mut desk = menu();
    desk.press("End");
    desk.press("Up");
    assert_eq!(desk.press("Enter"), [Effect::Restart]);
}

/// A kiosk that has lost its database, with the attendant's code sent; the call.
fn attended_alone(desk: &mut Desk) -> Vec<Effect> {
    desk.press("Ctrl+K");
    desk.write("314159");
    desk.press("Enter")
}

fn is_alone(call: &Call) -> bool {
    matches!(call, Call::Kiosk(KioskCall::AttendAlone { .. }))
}

fn alone(desk: &mut Desk, attended: AttendedAlone) {
    desk.reply(is_alone, Ok(Answer::Kiosk(KioskAnswer::Alone(attended))));
}

#[test]
fn without_the_link_the_attendant_leaves_or_starts_again_and_nothing_else() {
    let lost = || {
        let mut desk = kiosk(80, 24);
        desk.pass(10);
        desk.fire(Timer::Notices);
        desk.reply(is_page, Err(offline()));
        desk
    };
    let mut desk = lost();
    let effects = attended_alone(&mut desk);
    let lane = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Run { lane, call, .. } if is_alone(call) => Some(*lane),
            _ => None,
        })
    };
    assert_eq!(lane(&effects), Some(Lane::Alone), "{effects:?}");
    assert!(!format!("{effects:?}").contains("314159"), "{effects:?}");
    alone(&mut desk, AttendedAlone::Refused);
    shows(&desk.screen(80, 24), &["That is not the attendant's code."]);
    desk.press("Enter");
    alone(&mut desk, AttendedAlone::Wait { seconds: 16 });
    shows(&desk.screen(80, 24), &["Try again in 16 seconds."]);
    desk.press("Enter");
    alone(&mut desk, AttendedAlone::Unknown);
    shows(
        &desk.screen(80, 24),
        &["No code has been right here since the start"],
    );
    hides(&desk.screen(80, 24), &["Leave the kiosk", "is back"]);
    desk.press("Enter");
    alone(&mut desk, AttendedAlone::Ok);
    let screen = desk.screen(80, 24);
    shows(&screen, &["Start again", "Leave the kiosk", "offline since"]);
    hides(&screen, &["Scans check in", "Name this kiosk"]);
    desk.press("Down");
    assert_eq!(desk.press("Enter"), [Effect::Quit { drain: false }]);

    let mut desk = lost();
    attended_alone(&mut desk);
    alone(&mut desk, AttendedAlone::Ok);
    assert_eq!(desk.press("Enter"), [Effect::Restart]);
    // Left open it closes like any other, and an answer that comes after that opens nothing.
    let mut desk = lost();
    attended_alone(&mut desk);
    desk.pass(121);
    desk.fire(Timer::Idle);
    alone(&mut desk, AttendedAlone::Ok);
    hides(&desk.screen(80, 24), &["Leave the kiosk"]);
    // With the link it is the database that is asked.
    let mut desk = kiosk(80, 24);
    assert_eq!(lane(&attended_alone(&mut desk)), None);
}

#[test]
fn the_menu_that_somebody_left_open_closes_and_keeps_no_code() {
    let mut desk = menu();
    desk.pass(121);
    desk.fire(Timer::Idle);
    hides(&desk.screen(80, 24), &["Leave the kiosk", "Kiosk · Lobby"]);
    // A choice that was refused, or came after the menu was closed.
    let mut desk = menu();
    desk.press("Enter");
    desk.reply(
        |call| matches!(call, Call::Kiosk(KioskCall::Choose { .. })),
        Err(Fault::NotFound("That is not one of today's events.".into())),
    );
    shows(
        &desk.screen(80, 24),
        &["Nothing was changed. That is not one of today's events."],
    );
    desk.press("Enter");
    desk.press("Esc");
    desk.reply(
        |call| matches!(call, Call::Kiosk(KioskCall::Choose { .. })),
        Ok(Answer::Kiosk(KioskAnswer::Proved(Proof::Ok))),
    );
    shows(&desk.screen(80, 24), &["Scan your pass"]);
}

#[test]
fn reads_of_a_kiosk_go_on_their_lanes_and_scans_are_writes() {
    let mut desk = kiosk(80, 24);
    let lanes = |effects: &[Effect]| -> Vec<Lane> {
        effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Run { lane, .. } => Some(*lane),
                _ => None,
            })
            .collect()
    };
    desk.pass(10);
    assert_eq!(lanes(&desk.fire(Timer::Notices)), [Lane::Presence, Lane::Page]);
    assert_eq!(lanes(&desk.scan(&pass())), [Lane::Write]);
}
