//! Careful mode, and why.

use pine_time::domain::check_in::{Outcome, Presented};
use pine_time::domain::event::EventId;
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, candidates, checked_in, evaluation, events, offline};
use crate::{calls, hides, shows, writes};

fn is_evaluate(call: &Call) -> bool {
    matches!(call, Call::Evaluate { .. })
}

fn at_the_door() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    desk
}

fn nino() -> Presented {
    Presented::Member {
        id: MemberId(10),
        typed: "niño".to_owned(),
    }
}

#[allow(clippy::unnecessary_wraps, reason = "as a desk answers")]
fn told(outcome: Outcome) -> Result<Answer, pine_time::domain::Fault> {
    Ok(Answer::Evaluated(Box::new(evaluation(outcome))))
}

#[test]
fn careful_looks_first_and_lets_in_on_a_second_enter() {
    let mut desk = at_the_door();
    hides(&desk.screen(80, 24), &["careful"]);
    desk.press("Ctrl+R");
    desk.quiet();
    shows(&desk.screen(80, 24), &["careful"]);
    desk.find("niño", candidates());
    let effects = desk.press("Enter");
    assert_eq!(
        calls(&effects),
        [&Call::Evaluate {
            event: EventId(6),
            presented: nino()
        }]
    );
    assert!(calls(&desk.press("Enter")).is_empty(), "not before it is known");
    desk.reply(is_evaluate, told(Outcome::Ok));
    shows(
        &desk.screen(80, 24),
        &["Niño Bautista", "Would be checked in. Enter lets in.", "> niño"],
    );
    let effects = desk.press("Enter");
    assert!(
        matches!(writes(&effects)[..], [Call::CheckIn { presented, .. }] if *presented == nino()),
        "{effects:?}"
    );
    desk.reply(
        |call| matches!(call, Call::CheckIn { .. }),
        Ok(Answer::CheckedIn(checked_in(Outcome::Ok))),
    );
    shows(&desk.screen(80, 24), &["+15 points   410 in all"]);
    desk.press("Ctrl+R");
    desk.quiet();
    hides(&desk.screen(80, 24), &["careful"]);
    desk.find("niño", candidates());
    assert!(matches!(writes(&desk.press("Enter"))[..], [Call::CheckIn { .. }]));
}

#[test]
fn another_person_is_looked_at_anew_and_a_refusal_lets_nobody_in() {
    let mut desk = at_the_door();
    desk.press("Ctrl+R");
    desk.find("niño", candidates());
    desk.press("Enter");
    desk.reply(is_evaluate, told(Outcome::Ok));
    desk.press("Down");
    assert!(matches!(
        calls(&desk.press("Enter"))[..],
        [Call::Evaluate {
            presented: Presented::Member { id: MemberId(11), .. },
            ..
        }]
    ));
    desk.reply(is_evaluate, told(Outcome::Already));
    shows(
        &desk.screen(80, 24),
        &["Would be refused: already in. F8 says why."],
    );
    let effects = desk.press("Enter");
    assert!(writes(&effects).is_empty());
    assert!(
        matches!(calls(&effects)[..], [Call::Evaluate { .. }]),
        "looked at again"
    );
}

#[test]
fn what_cannot_be_looked_at_is_said() {
    let mut desk = at_the_door();
    desk.press("Ctrl+R");
    desk.find("niño", candidates());
    desk.press("Enter");
    desk.reply(is_evaluate, Err(Fault::Busy));
    shows(&desk.screen(80, 24), &["Niño Bautista is not looked at."]);
    assert!(matches!(calls(&desk.press("Enter"))[..], [Call::Evaluate { .. }]));
}

#[test]
fn why_shows_every_rule_and_what_it_looked_at() {
    let mut desk = at_the_door();
    desk.find("niño", candidates());
    let effects = desk.press("F8");
    assert!(matches!(calls(&effects)[..], [Call::Evaluate { .. }]));
    assert!(writes(&effects).is_empty());
    desk.reply(is_evaluate, told(Outcome::Already));
    shows(
        &desk.screen(80, 24),
        &[
            "Why?",
            "Would be refused: already in.",
            "✓ is a member                        nino_b",
            "✕ is not in already                  since Fri 27 Nov 18:41, door 1",
            "✓ the door is open                   opens Fri 27 Nov 16:30",
            "✓ the event is not over              ends Fri 27 Nov 20:30",
        ],
    );
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["Why?"]);
    shows(&desk.screen(80, 24), &["> niño"]);
    // An answer to one who is not asked about any more goes nowhere.
    desk.press("F8");
    desk.press("F8");
    desk.press("Down");
    desk.press("F8");
    desk.reply(is_evaluate, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["Ninotchka Reyes", "The database does not answer"],
    );
}
