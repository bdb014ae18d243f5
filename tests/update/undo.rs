//! Ctrl+Z and Ctrl+Y at the door.

use pine_time::app::effect::Effect;
use pine_time::domain::check_in::{CheckedIn, Outcome, Presented};
use pine_time::domain::event::EventId;
use pine_time::domain::member::{MemberId, MemberName, UserType};
use pine_time::domain::passage::{Passage, UndoOutcome};
use pine_time::domain::{Answer, Call, Fault, Nonce};

use crate::fixtures::{Desk, candidates, checked_in, events, offline, undone};
use crate::{hides, shows, writes};

fn is_check_in(call: &Call) -> bool {
    matches!(call, Call::CheckIn { .. })
}

fn is_undo(call: &Call) -> bool {
    matches!(call, Call::Undo { .. })
}

/// At the door, with Niño checked in by the first nonce.
fn with_nino_in() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    let_in(&mut desk, checked_in(Outcome::Ok));
    desk
}

fn let_in(desk: &mut Desk, answer: CheckedIn) {
    desk.find("niño", candidates());
    desk.press("Enter");
    desk.reply(is_check_in, Ok(Answer::CheckedIn(answer)));
}

fn jo() -> CheckedIn {
    CheckedIn {
        member: Some(MemberName {
            id: MemberId(20),
            username: "jo".into(),
            full_name: "Jo Mendoza".into(),
        }),
        ..checked_in(Outcome::Ok)
    }
}

fn undo_call(nonce: u128, member: i32) -> Call {
    Call::Undo {
        nonce: Nonce::from_u128(nonce),
        event: EventId(6),
        member: MemberId(member),
        passage: Passage::In,
        reason: None,
    }
}

#[test]
fn the_message_line_names_who_would_be_taken_back_and_then_who_was() {
    let mut desk = with_nino_in();
    shows(&desk.screen(80, 24), &["Ctrl+Z takes back Niño Bautista"]);
    let effects = desk.press("Ctrl+Z");
    assert_eq!(writes(&effects), [&undo_call(2, 10)]);
    hides(&desk.screen(80, 24), &["Ctrl+Z takes back"]);
    let answer = undone(UndoOutcome::Undone, Passage::In);
    let effects = desk.reply(is_undo, Ok(Answer::Undone(answer)));
    assert!(
        effects.iter().any(|effect| matches!(
            effect,
            Effect::Run {
                call: Call::Door(_),
                ..
            }
        )),
        "the counts are asked for at once"
    );
    shows(
        &desk.screen(80, 24),
        &[
            "✓ Taken back: Niño Bautista, −15 points.",
            "−15 points   395 in all",
        ],
    );
    desk.quiet();
    shows(&desk.screen(80, 24), &["Ctrl+Y checks Niño Bautista in again"]);
}

#[test]
fn redo_is_a_new_check_in_and_can_be_taken_back_again() {
    let mut desk = with_nino_in();
    desk.press("Ctrl+Z");
    desk.reply(
        is_undo,
        Ok(Answer::Undone(undone(UndoOutcome::Undone, Passage::In))),
    );
    let effects = desk.press("Ctrl+Y");
    assert_eq!(
        writes(&effects),
        [&Call::CheckIn {
            nonce: Nonce::from_u128(3),
            event: EventId(6),
            presented: Presented::Member {
                id: MemberId(10),
                typed: "Niño Bautista".to_owned()
            },
        }]
    );
    assert!(writes(&desk.press("Ctrl+Y")).is_empty(), "once");
    desk.reply(is_check_in, Ok(Answer::CheckedIn(checked_in(Outcome::Ok))));
    hides(&desk.screen(80, 24), &["Taken back"]);
    shows(&desk.screen(80, 24), &["Ctrl+Z takes back Niño Bautista"]);
    let effects = desk.press("Ctrl+Z");
    assert_eq!(writes(&effects), [&undo_call(4, 10)]);
}

#[test]
fn several_steps_go_back_one_after_the_other() {
    let mut desk = with_nino_in();
    let_in(&mut desk, jo());
    // Both at once, before the first is answered.
    assert_eq!(writes(&desk.press("Ctrl+Z")), [&undo_call(3, 20)]);
    assert_eq!(writes(&desk.press("Ctrl+Z")), [&undo_call(4, 10)]);
    assert!(writes(&desk.press("Ctrl+Z")).is_empty());
    shows(&desk.screen(80, 24), &["Nobody was let through here"]);
}

#[test]
fn a_new_check_in_ends_what_could_be_brought_back() {
    let mut desk = with_nino_in();
    desk.press("Ctrl+Z");
    desk.reply(
        is_undo,
        Ok(Answer::Undone(undone(UndoOutcome::Undone, Passage::In))),
    );
    let_in(&mut desk, jo());
    assert!(writes(&desk.press("Ctrl+Y")).is_empty());
    shows(&desk.screen(80, 24), &["Nothing was taken back here."]);
    assert_eq!(writes(&desk.press("Ctrl+Z")), [&undo_call(4, 20)]);
}

#[test]
fn in_a_field_with_text_the_keys_act_on_the_text() {
    let mut desk = with_nino_in();
    desk.write("bea");
    hides(&desk.screen(80, 24), &["Ctrl+Z takes back"]);
    assert!(writes(&desk.press("Ctrl+Z")).is_empty());
    hides(&desk.screen(80, 24), &["> bea"]);
    desk.write("jo");
    desk.write(" m");
    desk.press("Ctrl+Z");
    shows(&desk.screen(80, 24), &["> jo\n"]);
    assert!(writes(&desk.press("Ctrl+Y")).is_empty());
    shows(&desk.screen(80, 24), &["> jo m"]);
}

#[test]
fn refused_attempts_are_nothing_to_take_back() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    let_in(&mut desk, checked_in(Outcome::Already));
    assert!(writes(&desk.press("Ctrl+Z")).is_empty());
    hides(&desk.screen(80, 24), &["Ctrl+Z takes back"]);
}

#[test]
fn over_a_broken_link_the_same_press_is_sent_again() {
    let mut desk = with_nino_in();
    desk.press("Ctrl+Z");
    desk.reply(is_undo, Err(offline()));
    shows(&desk.screen(80, 24), &["Niño Bautista is not taken back."]);
    assert_eq!(
        writes(&desk.press("Ctrl+Z")),
        [&undo_call(2, 10)],
        "the same nonce"
    );
    // A refusal ends it.
    desk.reply(
        is_undo,
        Err(Fault::NotFound("This member does not exist.".into())),
    );
    assert!(writes(&desk.press("Ctrl+Z")).is_empty());
}

#[test]
fn what_others_did_meanwhile_is_told() {
    let mut desk = with_nino_in();
    desk.press("Ctrl+Z");
    desk.reply(
        is_undo,
        Ok(Answer::Undone(undone(UndoOutcome::ReasonNeeded, Passage::In))),
    );
    shows(
        &desk.screen(80, 24),
        &["Niño Bautista was let through at door 1; the log (F12)"],
    );
    let mut desk = with_nino_in();
    desk.press("Ctrl+Z");
    desk.reply(
        is_undo,
        Ok(Answer::Undone(undone(UndoOutcome::Nothing, Passage::In))),
    );
    shows(
        &desk.screen(80, 24),
        &["! Niño Bautista: nothing to take back any more."],
    );
    assert!(writes(&desk.press("Ctrl+Y")).is_empty(), "nothing was taken back");
}

#[test]
fn a_late_answer_does_not_cover_the_next_person() {
    let mut desk = with_nino_in();
    desk.press("Ctrl+Z");
    desk.find("jo", candidates());
    desk.press("Enter");
    desk.reply(
        is_undo,
        Ok(Answer::Undone(undone(UndoOutcome::Undone, Passage::In))),
    );
    desk.reply(is_check_in, Ok(Answer::CheckedIn(jo())));
    shows(&desk.screen(80, 24), &["✓  Jo Mendoza"]);
}
