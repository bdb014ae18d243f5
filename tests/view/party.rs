//! The pictures of a party at the door.

use insta::assert_snapshot;
use pine_time::app::msg::Msg;
use pine_time::domain::check_in::{Candidate, CheckedIn, Outcome, Presented, Standing};
use pine_time::domain::member::{MemberId, MemberName, UserType};
use pine_time::domain::money::Money;
use pine_time::domain::passage::{Passage, UndoOutcome, Undone};
use pine_time::domain::{Answer, Call};

use crate::fixtures::{Desk, candidate, candidates, checked_in, evaluation, offline, undone};
use crate::pictures::slow;

const PEOPLE: [(i32, &str, &str, Standing); 5] = [
    (10, "Niño Bautista", "nino_b", Standing::Registered),
    (20, "Bea Lim", "bea", Standing::Unpaid),
    (21, "Jo Mendoza", "jo", Standing::Registered),
    (22, "Katya Torres", "katya", Standing::In),
    (
        23,
        "Maria Concepción de la Cruz y Villanueva",
        "concha",
        Standing::Waitlisted,
    ),
];

fn person((id, full_name, username, standing): (i32, &str, &str, Standing)) -> Candidate {
    candidate(id, full_name, username, standing)
}

fn gathered(width: u16, height: u16, careful: bool) -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, width, height);
    desk.at_the_door();
    if careful {
        desk.press("Ctrl+R");
        desk.quiet();
    }
    for one in PEOPLE {
        desk.find(one.2, vec![person(one)]);
        desk.press("Insert");
    }
    desk
}

fn came(at: usize, outcome: Outcome) -> CheckedIn {
    let (id, full_name, username, _) = PEOPLE[at];
    CheckedIn {
        member: Some(MemberName {
            id: MemberId(id),
            username: username.into(),
            full_name: full_name.into(),
        }),
        due: (outcome == Outcome::Unpaid).then(|| Money::from_hundredths(25_000).unwrap()),
        ..checked_in(outcome)
    }
}

fn is_theirs(call: &Call, at: usize) -> bool {
    matches!(call, Call::CheckIn { presented: Presented::Member { id, .. }, .. } if id.0 == PEOPLE[at].0)
}

fn answered(width: u16, height: u16) -> Desk {
    let mut desk = gathered(width, height, false);
    desk.press("Enter");
    desk.press("Enter");
    let outcomes = [
        Outcome::Ok,
        Outcome::Unpaid,
        Outcome::Ok,
        Outcome::Already,
        Outcome::Waitlisted,
    ];
    for (at, outcome) in outcomes.into_iter().enumerate() {
        desk.reply(
            |call| is_theirs(call, at),
            Ok(Answer::CheckedIn(came(at, outcome))),
        );
    }
    desk
}

#[test]
fn gathering() {
    let mut desk = gathered(80, 24, false);
    desk.find("niñ", candidates());
    assert_snapshot!("party_gathered", desk.screen(80, 24));
    let desk = gathered(120, 40, false);
    assert_snapshot!("party_gathered_wide", desk.screen(120, 40));
    let desk = gathered(36, 9, false);
    assert_snapshot!("party_gathered_compact", desk.screen(36, 9));
}

#[test]
fn the_question() {
    let mut desk = gathered(80, 24, false);
    desk.press("Enter");
    assert_snapshot!("party_question", desk.screen(80, 24));
    desk.send(Msg::Resize { width: 36, height: 9 });
    assert_snapshot!("party_question_compact", desk.screen(36, 9));
    let mut desk = gathered(120, 40, true);
    desk.press("Enter");
    slow(&mut desk);
    for outcome in [Outcome::Ok, Outcome::Unpaid] {
        let seen = Answer::Evaluated(Box::new(evaluation(outcome)));
        desk.reply(|call| matches!(call, Call::Evaluate { .. }), Ok(seen));
    }
    assert_snapshot!("party_question_careful_wide", desk.screen(120, 40));
}

#[test]
fn the_result() {
    let mut desk = gathered(80, 24, false);
    desk.press("Enter");
    desk.press("Enter");
    slow(&mut desk);
    assert_snapshot!("party_waits", desk.screen(80, 24));
    let (request, _) = desk.newest(|call| is_theirs(call, 4)).unwrap();
    desk.reply_to(request, Err(offline()));
    desk.reply(
        |call| is_theirs(call, 1),
        Ok(Answer::CheckedIn(came(1, Outcome::Ok))),
    );
    assert_snapshot!("party_offline", desk.screen(80, 24));
    let mut desk = answered(80, 24);
    assert_snapshot!("party_result", desk.screen(80, 24));
    desk.press("Down");
    assert_snapshot!("party_result_next", desk.screen(80, 24));
    desk.send(Msg::Resize {
        width: 60,
        height: 16,
    });
    assert_snapshot!("party_result_low", desk.screen(60, 16));
    desk.send(Msg::Resize { width: 36, height: 9 });
    assert_snapshot!("party_result_compact", desk.screen(36, 9));
    let desk = answered(120, 40);
    assert_snapshot!("party_result_wide", desk.screen(120, 40));
}

#[test]
fn taken_back() {
    let mut desk = answered(80, 24);
    desk.press("Ctrl+Z");
    for at in [2, 0] {
        let gone = Undone {
            member: came(at, Outcome::Ok).member.unwrap(),
            ..undone(UndoOutcome::Undone, Passage::In)
        };
        desk.reply(
            |call| matches!(call, Call::Undo { member, .. } if member.0 == PEOPLE[at].0),
            Ok(Answer::Undone(gone)),
        );
    }
    desk.quiet();
    assert_snapshot!("party_taken_back", desk.screen(80, 24));
}
