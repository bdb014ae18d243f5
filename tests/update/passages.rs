//! Out and back in at the door.

use pine_time::domain::check_in::{CheckedIn, Door, FirstScan, Outcome, Presented};
use pine_time::domain::event::EventId;
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::passage::{Passage, UndoOutcome};
use pine_time::domain::{Answer, Call, Nonce};

use crate::fixtures::{Desk, candidates, checked_in, door, events, manila, undone};
use crate::{hides, shows, writes};

fn is_door(call: &Call) -> bool {
    matches!(call, Call::Door(_))
}

fn is_out(call: &Call) -> bool {
    matches!(call, Call::CheckOut { .. })
}

fn with_check_out() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    desk.press("Ctrl+X");
    desk.reply(
        |call| matches!(call, Call::SetCheckOut { on: true, .. }),
        Ok(Answer::CheckOutSet(true)),
    );
    let on = Door {
        has_check_out: true,
        ..door()
    };
    desk.reply(is_door, Ok(Answer::Door(on)));
    desk.quiet();
    desk
}

fn went(passage: Passage) -> CheckedIn {
    CheckedIn {
        passage,
        points: 0,
        first: Some(FirstScan {
            at: Some(manila("2026-11-27 18:22")),
            device: None,
            operator: None,
        }),
        ..checked_in(Outcome::Ok)
    }
}

#[test]
fn the_toggle_stands_before_the_key() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    desk.find("niño", candidates());
    assert!(writes(&desk.press("F4")).is_empty());
    shows(
        &desk.screen(80, 24),
        &["Nobody is checked out of this event. Ctrl+X turns that on."],
    );
    hides(&desk.screen(80, 24), &["inside"]);
    desk.press("Ctrl+X");
    desk.reply(
        |call| matches!(call, Call::SetCheckOut { .. }),
        Ok(Answer::CheckOutSet(true)),
    );
    shows(&desk.screen(80, 24), &["F4 checks people out now"]);
    let mut desk = with_check_out();
    shows(&desk.screen(80, 24), &["inside 38   in 41   due 16"]);
    // And off again.
    let effects = desk.press("Ctrl+X");
    assert!(matches!(
        writes(&effects)[..],
        [Call::SetCheckOut { on: false, .. }]
    ));
    assert!(writes(&desk.press("Ctrl+X")).is_empty(), "one at a time");
}

#[test]
fn f4_checks_out_and_control_z_takes_that_back() {
    let mut desk = with_check_out();
    desk.find("niño", candidates());
    let effects = desk.press("F4");
    assert_eq!(
        writes(&effects),
        [&Call::CheckOut {
            nonce: Nonce::from_u128(2),
            event: EventId(6),
            presented: Presented::Member {
                id: MemberId(10),
                typed: "niño".to_owned()
            },
        }]
    );
    desk.reply(is_out, Ok(Answer::CheckedIn(went(Passage::Out))));
    shows(
        &desk.screen(80, 24),
        &[
            "in since 18:22, 30 min ago",
            "Ctrl+Z takes back that Niño Bautista went out",
        ],
    );
    let effects = desk.press("Ctrl+Z");
    assert!(matches!(
        writes(&effects)[..],
        [Call::Undo {
            passage: Passage::Out,
            ..
        }]
    ));
    desk.reply(
        |call| matches!(call, Call::Undo { .. }),
        Ok(Answer::Undone(undone(UndoOutcome::Undone, Passage::Out))),
    );
    shows(
        &desk.screen(80, 24),
        &["Taken back: Niño Bautista is inside again."],
    );
    let effects = desk.press("Ctrl+Y");
    assert!(
        matches!(writes(&effects)[..], [Call::CheckOut { .. }]),
        "{effects:?}"
    );
}

#[test]
fn who_comes_back_is_told_so_and_can_be_sent_out_again() {
    let mut desk = with_check_out();
    desk.find("niño", candidates());
    desk.press("Enter");
    desk.reply(
        |call| matches!(call, Call::CheckIn { .. }),
        Ok(Answer::CheckedIn(went(Passage::Back))),
    );
    shows(
        &desk.screen(80, 24),
        &[
            "out since 18:22, 30 min ago",
            "Ctrl+Z takes back that Niño Bautista came back",
        ],
    );
    assert!(matches!(
        writes(&desk.press("Ctrl+Z"))[..],
        [Call::Undo {
            passage: Passage::Back,
            ..
        }]
    ));
}

#[test]
fn who_is_not_inside_is_told_with_the_next_key() {
    let mut desk = with_check_out();
    desk.find("niño", candidates());
    desk.press("F4");
    let absent = CheckedIn {
        first: None,
        ..checked_in(Outcome::NotIn)
    };
    desk.reply(is_out, Ok(Answer::CheckedIn(absent)));
    shows(&desk.screen(80, 24), &["Was not checked in.", "Enter check in\n"]);
    hides(&desk.screen(80, 24), &["Ctrl+Z takes back"]);
    assert!(matches!(
        writes(&desk.press("Enter"))[..],
        [Call::CheckIn {
            presented: Presented::Member { id: MemberId(10), .. },
            ..
        }]
    ));
}

#[test]
fn f4_before_the_list_waits_for_it_and_stays_a_check_out() {
    let mut desk = with_check_out();
    desk.write("niño");
    assert!(writes(&desk.press("F4")).is_empty());
    let effects = desk.reply(
        |call| matches!(call, Call::FindAtDoor { .. }),
        Ok(Answer::Candidates(candidates()[..1].to_vec())),
    );
    assert!(
        matches!(writes(&effects)[..], [Call::CheckOut { .. }]),
        "{effects:?}"
    );
}
