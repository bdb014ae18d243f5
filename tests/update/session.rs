//! The lock, an ended session, the link, timers.

use std::time::Duration;

use pine_time::app::effect::{Effect, Timer};
use pine_time::app::msg::Msg;
use pine_time::domain::check_in::Outcome;
use pine_time::domain::community::Community;
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, candidates, checked_in, community, events, me, offline, types};
use crate::{calls, hides, shows, writes};

fn is_sign_in(call: &Call) -> bool {
    matches!(call, Call::SignIn { .. })
}

fn locking(minutes: u64) -> Desk {
    let mut desk = Desk::with(|setup| setup.lock_after = Some(Duration::from_secs(60 * minutes)));
    desk.open();
    desk.sign_in(UserType::Staff);
    desk.with_events(events());
    desk
}

#[test]
fn idling_locks_and_keys_put_it_off() {
    let mut desk = locking(5);
    desk.pass(200);
    desk.press("Right");
    desk.pass(100);
    let effects = desk.fire(Timer::Lock);
    assert_eq!(
        effects,
        [Effect::After {
            delay: Duration::from_secs(200),
            timer: Timer::Lock
        }]
    );
    hides(&desk.screen(80, 24), &["Locked"]);
    desk.pass(200);
    desk.fire(Timer::Lock);
    let screen = desk.screen(80, 24);
    shows(&screen, &["Locked", "staff", "Password"]);
    hides(&screen, &["Calendar", "Trivia", "340", "November"]);
}

#[test]
fn the_right_password_brings_everything_back_and_a_wrong_one_nothing() {
    let mut desk = locking(5);
    desk.press("n");
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(types())),
    );
    desk.write("Half a tit");
    desk.pass(301);
    desk.fire(Timer::Lock);
    hides(&desk.screen(80, 24), &["Half a tit", "New event"]);
    desk.write("no");
    desk.press("Enter");
    desk.reply(is_sign_in, Ok(Answer::SignIn(None)));
    shows(&desk.screen(80, 24), &["Name and password do not match."]);
    desk.write("pinetime");
    let effects = desk.press("Enter");
    let [Call::SignIn { name, .. }] = calls(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(name, "staff");
    desk.reply(is_sign_in, Ok(Answer::SignIn(Some(me(UserType::Staff)))));
    shows(&desk.screen(80, 24), &["New event", "Half a tit"]);
    desk.write("le");
    shows(&desk.screen(80, 24), &["Half a title"]);
}

#[test]
fn the_lock_can_be_asked_for_and_given_up() {
    let mut desk = locking(5);
    desk.press("Ctrl+L");
    shows(&desk.screen(80, 24), &["Locked"]);
    // Nothing behind it can be reached.
    for key in ["Alt+3", "F1", "Ctrl+P", "Esc", "F5"] {
        assert!(desk.press(key).is_empty(), "{key}");
    }
    shows(&desk.screen(80, 24), &["Locked"]);
    let effects = desk.press("Ctrl+O");
    assert_eq!(calls(&effects), [&Call::SignOut]);
    shows(&desk.screen(80, 24), &["Sample community"]);
    assert_eq!(desk.press("Ctrl+C"), [Effect::Quit { drain: true }]);
}

#[test]
fn an_ended_session_keeps_all_and_sends_again_what_was_not_done() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    desk.find("niño", candidates());
    desk.press("Enter");
    let (_, attempt) = desk.newest(|call| matches!(call, Call::CheckIn { .. })).unwrap();
    desk.reply(
        |call| matches!(call, Call::CheckIn { .. }),
        Err(Fault::NotSignedIn),
    );
    let screen = desk.screen(80, 24);
    shows(&screen, &["Your session has ended", "staff"]);
    hides(&screen, &["niño", "Niño", "Trivia"]);
    assert!(
        calls(&desk.fire(Timer::Poll)).is_empty(),
        "no polling without a session"
    );
    desk.write("pinetime");
    desk.press("Enter");
    let effects = desk.reply(is_sign_in, Ok(Answer::SignIn(Some(me(UserType::Staff)))));
    assert_eq!(writes(&effects), [&attempt], "as it was, under its nonce");
    assert!(effects.iter().any(|e| matches!(
        e,
        Effect::After {
            timer: Timer::Poll,
            ..
        }
    )));
    desk.reply(
        |call| matches!(call, Call::CheckIn { .. }),
        Ok(Answer::CheckedIn(checked_in(Outcome::Ok))),
    );
    shows(&desk.screen(80, 24), &["✓  Niño Bautista", "+15 points"]);
}

#[test]
fn nothing_shows_through_the_lock_and_nothing_opens_over_it() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.press("Right");
    desk.press("r");
    desk.press("y");
    desk.press("e");
    desk.press("Ctrl+L");
    let line = events()[7].clone();
    desk.reply(
        |call| matches!(call, Call::Register { .. }),
        Ok(Answer::Registered(
            pine_time::domain::event::RegisterOutcome::Registered,
            line.clone(),
        )),
    );
    desk.reply(
        |call| matches!(call, Call::Event(_)),
        Ok(Answer::Event(crate::fixtures::page(line))),
    );
    let screen = desk.screen(80, 24);
    shows(&screen, &["Locked"]);
    hides(&screen, &["Café", "Edit event"]);
    // The keys are the lock's.
    desk.write("pinetime");
    desk.press("Enter");
    desk.reply(is_sign_in, Ok(Answer::SignIn(Some(me(UserType::Staff)))));
    shows(&desk.screen(80, 24), &["Edit event", "Café Français"]);
}

#[test]
fn the_lock_opens_in_a_window_of_a_few_lines_too() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    desk.send(Msg::Resize { width: 36, height: 8 });
    desk.press("Ctrl+L");
    shows(&desk.screen(36, 8), &["Locked", "Password"]);
    hides(&desk.screen(36, 8), &["in 41", "too small"]);
}

#[test]
fn an_ended_session_given_up_sends_nothing_again() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("Right");
    desk.press("r");
    desk.press("y");
    desk.reply(
        |call| matches!(call, Call::Register { .. }),
        Err(Fault::NotSignedIn),
    );
    desk.press("Ctrl+O");
    desk.sign_in(UserType::Staff);
    assert!(
        desk.newest(|call| matches!(call, Call::Register { .. }))
            .is_none()
    );
    assert_eq!(desk.model.unanswered(), 0);
}

#[test]
fn signing_out_over_unanswered_writes_asks_first() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("Right");
    desk.press("r");
    desk.press("y");
    assert!(desk.press("Ctrl+O").is_empty());
    shows(
        &desk.screen(80, 24),
        &["Sign out?", "One change has no answer yet"],
    );
    desk.press("y");
    shows(&desk.screen(80, 24), &["Sample community"]);
}

#[test]
fn the_moved_clock_of_a_rehearsal_shows_and_counts() {
    let mut desk = Desk::sized(80, 24);
    desk.send(Msg::Opened(Ok(())));
    let moved = Community {
        clock_offset_seconds: 86400 * 3,
        clock: community().clock + chrono::TimeDelta::days(3),
        ..community()
    };
    desk.reply(
        |call| matches!(call, Call::Community),
        Ok(Answer::Community(moved)),
    );
    shows(&desk.screen(80, 24), &["! clock +3 d"]);
    desk.sign_in(UserType::Regular);
    shows(&desk.screen(80, 24), &["Monday 30 November"]);
}

#[test]
fn the_heartbeat_measures_an_idle_link_and_leaves_a_busy_one_alone() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    shows(&desk.screen(80, 24), &["● live  3 ms"]);
    let effects = desk.fire(Timer::Heartbeat);
    assert!(calls(&effects).is_empty(), "something came back just now");
    desk.pass(11);
    let effects = desk.fire(Timer::Heartbeat);
    assert_eq!(calls(&effects), [&Call::Community]);
    assert!(calls(&desk.fire(Timer::Heartbeat)).is_empty(), "one is under way");
}

#[test]
fn what_others_set_is_looked_at_once_a_minute_however_busy_the_link_is() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    for (seconds, asked) in [(50, false), (11, true)] {
        desk.pass(seconds);
        desk.press("F5");
        desk.with_events(events());
        let is_community = |call: &&&Call| matches!(call, Call::Community);
        let effects = desk.fire(Timer::Heartbeat);
        assert_eq!(
            calls(&effects).iter().any(|call| is_community(&call)),
            asked,
            "{seconds}"
        );
    }
    let moved = Community {
        community_name: "Ridge Walkers".into(),
        ..community()
    };
    desk.reply(
        |call| matches!(call, Call::Community),
        Ok(Answer::Community(moved)),
    );
    assert!(calls(&desk.fire(Timer::Heartbeat)).is_empty(), "it is known now");
}

#[test]
fn a_slow_call_says_retrying_and_the_screen_stays_usable() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    let (request, _) = desk.newest(|call| matches!(call, Call::Events { .. })).unwrap();
    desk.send(Msg::Retrying {
        request,
        tries: 1,
        fault: Fault::Slow,
    });
    shows(&desk.screen(80, 24), &["◌ retrying"]);
    desk.press("]");
    shows(&desk.screen(80, 24), &["December 2026"]);
    // A retry that nobody awaits any more changes nothing.
    assert!(
        desk.send(Msg::Retrying {
            request,
            tries: 2,
            fault: offline()
        })
        .is_empty()
    );
    shows(&desk.screen(80, 24), &["◌ retrying"]);
}

#[test]
fn nothing_turns_below_150_ms_and_it_stops_when_the_answer_is_here() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    let before = desk.screen(80, 24);
    let spinner = desk.timer(|timer| matches!(timer, Timer::Spinner(_))).unwrap();
    let effects = desk.fire(spinner);
    assert!(effects.contains(&Effect::After {
        delay: Duration::from_millis(120),
        timer: Timer::Spin
    }));
    let first = desk.screen(80, 24);
    assert_ne!(before, first);
    desk.fire(Timer::Spin);
    assert_ne!(desk.screen(80, 24), first, "it turns");
    desk.with_events(events());
    assert!(desk.fire(Timer::Spin).is_empty(), "no tick when idle");
}

#[test]
fn toasts_go_after_a_while_and_only_their_own() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("x");
    let first = desk.timer(|timer| matches!(timer, Timer::Toast(_))).unwrap();
    desk.press("r");
    shows(&desk.screen(80, 24), &["You are registered already."]);
    desk.fire(first);
    shows(&desk.screen(80, 24), &["You are registered already."]);
    let second = desk.timer(|timer| matches!(timer, Timer::Toast(_))).unwrap();
    desk.fire(second);
    hides(&desk.screen(80, 24), &["You are registered already."]);
}

#[test]
fn it_draws_only_when_something_changed() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    assert!(desk.model.take_dirty());
    assert!(!desk.model.take_dirty());
    desk.press("Right");
    assert!(desk.model.take_dirty());
    desk.press("F9");
    desk.fire(Timer::Heartbeat);
    desk.fire(Timer::Spin);
    desk.model.take_dirty();
    desk.press("F9");
    assert!(!desk.model.take_dirty(), "a key without meaning");
    desk.send(Msg::Reply {
        request: pine_time::app::effect::RequestId(999),
        result: Ok(Answer::SignedOut),
        took: Duration::ZERO,
    });
    assert!(!desk.model.take_dirty(), "a stale reply");
    desk.fire(Timer::Minute);
    assert!(desk.model.take_dirty(), "times are told anew");
}

#[test]
fn f5_asks_again_and_paints_anew() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    let effects = desk.press("F5");
    assert_eq!(effects[0], Effect::Repaint);
    assert!(matches!(calls(&effects)[..], [Call::Events { .. }]));
}
