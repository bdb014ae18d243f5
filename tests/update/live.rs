//! Doors that see each other: what a hint leads to, when hints are listened for, and what is told of this terminal.

use pine_time::app::effect::{Effect, Timer};
use pine_time::app::msg::Msg;
use pine_time::domain::event::EventId;
use pine_time::domain::live::{LiveAnswer, LiveCall};
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, door, events, me, offline};
use crate::{calls, hides, shows};

const HERE: EventId = EventId(6);
const ELSEWHERE: EventId = EventId(7);

fn is_door(call: &Call) -> bool {
    matches!(call, Call::Door(_))
}

fn is_stand(call: &Call) -> bool {
    matches!(call, Call::Live(_))
}

fn stands(event: Option<EventId>) -> Call {
    Call::Live(LiveCall::Stand(event))
}

fn listening(effects: &[Effect]) -> Vec<bool> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Listen(on) => Some(*on),
            _ => None,
        })
        .collect()
}

/// At the door, which has been answered, and so has been where this terminal stands.
fn at_the_door() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    desk.reply(is_stand, Ok(Answer::Live(LiveAnswer::Stood)));
    desk
}

/// Staff's password on the lock.
fn unlock(desk: &mut Desk) {
    desk.write("pinetime");
    desk.press("Enter");
    desk.reply(
        |call| matches!(call, Call::SignIn { .. }),
        Ok(Answer::SignIn(Some(me(UserType::Staff)))),
    );
}

#[test]
fn a_hint_about_the_open_event_leads_to_one_look() {
    let mut desk = at_the_door();
    let effects = desk.send(Msg::Hint(HERE));
    assert_eq!(calls(&effects), [&Call::Door(HERE)]);
    let mut fuller = door();
    fuller.checked_in = 42;
    desk.reply(is_door, Ok(Answer::Door(fuller)));
    shows(&desk.screen(80, 24), &["in 42"]);
    // The poll goes on as before.
    assert_eq!(calls(&desk.fire(Timer::Poll))[0], &Call::Door(HERE));
}

#[test]
fn hints_while_a_look_is_under_way_lead_to_exactly_one_more() {
    let mut desk = at_the_door();
    desk.fire(Timer::Poll);
    for _ in 0..5 {
        let effects = desk.send(Msg::Hint(HERE));
        assert!(calls(&effects).is_empty(), "one is under way: {effects:?}");
    }
    let effects = desk.reply(is_door, Ok(Answer::Door(door())));
    assert_eq!(calls(&effects), [&Call::Door(HERE)], "its answer may be older");
    let effects = desk.reply(is_door, Ok(Answer::Door(door())));
    assert!(calls(&effects).is_empty(), "that was the one: {effects:?}");
}

#[test]
fn a_look_that_failed_is_not_repeated_by_hints() {
    let mut desk = at_the_door();
    desk.fire(Timer::Poll);
    desk.send(Msg::Hint(HERE));
    let effects = desk.reply(is_door, Err(offline()));
    assert!(
        !calls(&effects).into_iter().any(is_door),
        "the poll tries again: {effects:?}"
    );
}

#[test]
fn a_look_asked_for_after_the_hint_is_look_enough() {
    let mut desk = at_the_door();
    desk.fire(Timer::Poll);
    desk.send(Msg::Hint(HERE));
    // F5 asks anew; the older answer is stale, the newer one knows all.
    desk.press("F5");
    let effects = desk.reply(is_door, Ok(Answer::Door(door())));
    assert!(!calls(&effects).into_iter().any(is_door), "{effects:?}");
}

#[test]
fn hints_that_are_not_for_this_screen_do_nothing() {
    let nothing = |desk: &mut Desk, event, why: &str| {
        desk.model.take_dirty();
        let effects = desk.send(Msg::Hint(event));
        assert_eq!(effects, [], "{why}");
        assert!(!desk.model.take_dirty(), "{why}: nothing is drawn");
    };
    let mut desk = Desk::sized(80, 24);
    desk.open();
    nothing(&mut desk, HERE, "nobody has signed in");
    let mut desk = at_the_door();
    nothing(&mut desk, ELSEWHERE, "another event");
    desk.press("Ctrl+L");
    nothing(&mut desk, HERE, "locked");
    unlock(&mut desk);
    assert_eq!(
        calls(&desk.send(Msg::Hint(HERE))),
        [&Call::Door(HERE)],
        "unlocked"
    );
    desk.reply(is_door, Ok(Answer::Door(door())));
    desk.press("Alt+1");
    nothing(&mut desk, HERE, "on the calendar");
    desk.press("Alt+3");
    desk.press("Ctrl+O");
    nothing(&mut desk, HERE, "signed out");
    let mut desk = at_the_door();
    desk.fire(Timer::Poll);
    desk.reply(is_door, Err(Fault::NotSignedIn));
    nothing(&mut desk, HERE, "the session has ended");
}

#[test]
fn hints_are_listened_for_while_the_door_is_open_and_a_minute_longer() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    assert_eq!(listening(&desk.press("3")), [true]);
    let away = |effects: &[Effect]| {
        effects.iter().any(
            |effect| matches!(effect, Effect::After { timer: Timer::Away, delay } if delay.as_secs() == 60),
        )
    };
    // A look at the calendar changes nothing.
    let effects = desk.press("Alt+1");
    assert!(listening(&effects).is_empty() && away(&effects), "{effects:?}");
    assert!(listening(&desk.press("Alt+3")).is_empty());
    assert!(listening(&desk.fire(Timer::Away)).is_empty(), "back in time");
    desk.press("Alt+1");
    assert_eq!(listening(&desk.fire(Timer::Away)), [false]);
    assert!(listening(&desk.fire(Timer::Away)).is_empty(), "once");
    assert_eq!(listening(&desk.press("Alt+3")), [true]);
    // A locked door is left as well.
    assert!(away(&desk.press("Ctrl+L")));
    assert_eq!(listening(&desk.fire(Timer::Away)), [false]);
    unlock(&mut desk);
    // Unlocking is what brings it back; signing out ends it at once.
    let effects = desk.press("Ctrl+O");
    assert_eq!(listening(&effects), [false]);
    // Members have no door.
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    assert!(listening(&desk.press("3")).is_empty());
}

#[test]
fn a_terminal_says_once_a_minute_where_it_stands() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.press("3");
    desk.reply(
        |call| matches!(call, Call::Events { .. }),
        Ok(Answer::Events(crate::fixtures::door_events())),
    );
    let look = |desk: &mut Desk| {
        desk.fire(Timer::Poll);
        desk.reply(is_door, Ok(Answer::Door(door())))
    };
    let effects = desk.reply(is_door, Ok(Answer::Door(door())));
    assert_eq!(calls(&effects), [&stands(Some(HERE))], "when the door is open");
    desk.pass(59);
    assert!(
        !calls(&look(&mut desk)).into_iter().any(is_stand),
        "not with every look"
    );
    desk.pass(1);
    assert!(calls(&look(&mut desk)).contains(&&stands(Some(HERE))));
    // It was not heard: with the next look again.
    desk.reply(is_stand, Err(Fault::Busy));
    assert!(calls(&look(&mut desk)).contains(&&stands(Some(HERE))));
    desk.reply(is_stand, Ok(Answer::Live(LiveAnswer::Stood)));
    // Away for long enough, it stands nowhere, and says so once.
    desk.press("Alt+1");
    assert_eq!(calls(&desk.fire(Timer::Away)), [&stands(None)]);
    desk.press("Alt+3");
    assert!(
        calls(&look(&mut desk)).contains(&&stands(Some(HERE))),
        "back again"
    );
}

#[test]
fn a_rehearsal_and_a_lock_stand_nowhere() {
    let mut desk = at_the_door();
    desk.press("F9");
    desk.pass(120);
    desk.fire(Timer::Poll);
    let effects = desk.reply(is_door, Ok(Answer::Door(door())));
    assert!(!calls(&effects).into_iter().any(is_stand), "{effects:?}");
    desk.press("Alt+1");
    assert!(
        calls(&desk.fire(Timer::Away)).is_empty(),
        "nothing is sent of it either"
    );
    let mut desk = at_the_door();
    desk.press("Ctrl+L");
    desk.pass(61);
    desk.fire(Timer::Poll);
    let effects = desk.reply(is_door, Ok(Answer::Door(door())));
    assert!(!calls(&effects).into_iter().any(is_stand), "{effects:?}");
}

#[test]
fn arrivals_and_terminals_stay_on_the_screen_when_the_link_is_lost() {
    let mut desk = at_the_door();
    let live = ["▄▅█▆▇▄▃", "7/min", "door 1 Jo   door 2 you"];
    shows(&desk.screen(80, 24), &live);
    hides(&desk.screen(80, 24), &["as of"]);
    desk.pass(90);
    desk.fire(Timer::Poll);
    desk.reply(is_door, Err(offline()));
    shows(&desk.screen(80, 24), &live);
    shows(&desk.screen(80, 24), &["as of 18:53"]);
}
