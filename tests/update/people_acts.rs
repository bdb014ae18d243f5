//! What staff do about an event's people: what a key sends, to whom, what an answer changes, and what is told when it
//! cannot be done.

use pine_time::domain::check_in::{CheckedIn, Outcome, Standing};
use pine_time::domain::completion::{
    CompletionAnswer, CompletionCall, Place, Places, Results, ResultsOutcome, ResultsSet,
};
use pine_time::domain::event::{EventId, RegistrationStatus as Status};
use pine_time::domain::event_people::{DeskAct, DeskOutcome, EventPerson, PeoplePage, PeopleTotals};
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::passage::{Passage, UndoOutcome};
use pine_time::domain::payment::{MoneyAnswer, MoneyCall, RegistrationId};
use pine_time::domain::seats::{SeatsAnswer, SeatsCall};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, candidate, checked_in, events, offline, undone};
use crate::money_fixtures::payments;
use crate::people::{answer, at_people, is_page, is_results, is_totals};
use crate::seat_fixtures::{people, people_totals, person, results, seat_change};
use crate::{calls, hides, shows, writes};

fn is_change(call: &Call) -> bool {
    matches!(call, Call::Seats(SeatsCall::Change { .. }))
}

fn is_late(call: &Call) -> bool {
    matches!(call, Call::Completion(CompletionCall::AttendLate { .. }))
}

fn is_set(call: &Call) -> bool {
    matches!(call, Call::Completion(CompletionCall::SetResults { .. }))
}

fn changed(outcome: DeskOutcome, person: EventPerson) -> Answer {
    Answer::Seats(SeatsAnswer::Changed(Box::new(seat_change(outcome, person))))
}

fn down(desk: &mut Desk, times: usize) {
    for _ in 0..times {
        desk.press("Down");
    }
}

/// The event three weeks ago: Ana, Katya and Liam came, Niño and Rey did not.
fn after_the_event(width: u16, height: u16) -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, width, height);
    desk.with_events(events());
    // To 6 November, and its second event.
    for key in ["Up", "Up", "Up", "Tab", "Down", "p"] {
        desk.press(key);
    }
    let mut page = people();
    for row in &mut page.rows {
        row.event_id = EventId(3);
        row.status = Status::Registered;
        row.place = None;
        row.attended = matches!(row.member.id.0, 7..=9);
        row.checked_in_at = row.attended.then(|| crate::fixtures::manila("2026-11-06 18:40"));
    }
    let totals = PeopleTotals {
        event_id: EventId(3),
        registered: 5,
        pending: 0,
        waitlisted: 0,
        checked_in: 3,
        no_shows: Some(2),
        ..people_totals()
    };
    answer(&mut desk, page, totals, Results::default());
    desk
}

#[test]
fn who_waits_is_approved_at_once() {
    let mut desk = at_people(80, 24);
    down(&mut desk, 3);
    let effects = desk.press("a");
    assert!(
        matches!(
            writes(&effects)[..],
            [Call::Seats(SeatsCall::Change {
                event: EventId(6),
                member: MemberId(10),
                act: DeskAct::Approve,
                ..
            })]
        ),
        "{effects:?}"
    );
    desk.press("a");
    shows(
        &desk.screen(80, 24),
        &["What was done about Niño Bautista is not answered yet."],
    );
    let nino = person(10, "nino_b", "Niño Bautista", Status::Registered);
    let effects = desk.reply(is_change, Ok(changed(DeskOutcome::Registered, nino)));
    shows(&desk.screen(80, 24), &["✓ Niño Bautista has a seat."]);
    hides(&desk.screen(80, 24), &["pending   "]);
    let asked = calls(&effects);
    assert!(
        asked.iter().any(|call| is_page(call)) && asked.iter().any(|call| is_totals(call)),
        "{asked:?}"
    );
}

#[test]
fn what_cannot_be_done_is_said_and_not_sent() {
    let mut desk = at_people(80, 24);
    for (row, key, why) in [
        (0, "a", "Ana Reyes does not wait for approval."),
        (0, "u", "Ana Reyes does not stand in line."),
        (0, "p", "Nothing is due from Ana Reyes."),
        (0, "P", "Nothing of Ana Reyes's is there to give back."),
        (0, "Ctrl+Z", "Ana Reyes was not checked in."),
        (0, "t", "Ana Reyes was not there; who has a place was."),
        (
            2,
            "r",
            "Liam Aquino was checked in; Ctrl+Z takes that back first.",
        ),
        (
            2,
            "m",
            "Liam Aquino was checked in; Ctrl+Z takes that back first.",
        ),
        (2, "l", "Liam Aquino was there already."),
    ] {
        desk.press("Home");
        down(&mut desk, row);
        assert!(writes(&desk.press(key)).is_empty(), "{key}");
        shows(&desk.screen(80, 24), &[why]);
    }
    hides(&desk.screen(80, 24), &["Enter send"]);
}

#[test]
fn a_refusal_takes_a_reason_and_what_was_typed_stays() {
    let mut desk = at_people(80, 24);
    down(&mut desk, 3);
    desk.press("r");
    shows(
        &desk.screen(80, 24),
        &["Reject Niño Bautista", "the member reads it"],
    );
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(&desk.screen(80, 24), &["Type why; the member will read it."]);
    desk.write("for members of a year");
    let effects = desk.press("Enter");
    assert!(
        matches!(writes(&effects)[..], [Call::Seats(SeatsCall::Change { act: DeskAct::Reject { reason }, .. })]
            if reason == "for members of a year"),
        "{effects:?}"
    );
    assert!(writes(&desk.press("Enter")).is_empty(), "one press, one call");
    desk.reply(is_change, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &[
            "Nothing is done. The database does not answer",
            "for members of a year",
        ],
    );
    let effects = desk.press("Ctrl+S");
    assert_eq!(writes(&effects).len(), 1);
    desk.reply(
        is_change,
        Err(Fault::Invalid {
            field: "reason".to_owned(),
            why: "A reason has at most 255 characters.".into(),
        }),
    );
    shows(
        &desk.screen(80, 24),
        &["A reason has at most 255 characters.", "for members of a year"],
    );
    desk.press("Enter");
    let nino = person(10, "nino_b", "Niño Bautista", Status::Rejected);
    desk.reply(is_change, Ok(changed(DeskOutcome::Rejected, nino)));
    hides(&desk.screen(80, 24), &["Enter send"]);
    shows(
        &desk.screen(80, 24),
        &["✓ Niño Bautista is refused, and reads why.", "rejected"],
    );
}

#[test]
fn a_cancellation_tells_who_moves_up() {
    let mut desk = at_people(80, 24);
    down(&mut desk, 1);
    desk.press("x");
    desk.write("ill");
    desk.press("Enter");
    let mut change = seat_change(
        DeskOutcome::Cancelled,
        person(8, "katya", "Katya Torres", Status::Cancelled),
    );
    change.promoted = vec![people().rows[4].member.clone()];
    desk.reply(
        is_change,
        Ok(Answer::Seats(SeatsAnswer::Changed(Box::new(change)))),
    );
    shows(
        &desk.screen(80, 24),
        &["Katya Torres is cancelled, and reads why; Rey Santos moves up."],
    );
}

#[test]
fn an_answer_that_comes_after_the_form_was_left_is_told() {
    let mut desk = at_people(80, 24);
    desk.press("x");
    desk.write("ill");
    desk.press("Enter");
    desk.press("Esc");
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["November 2026"]);
    let ana = person(7, "ana", "Ana Reyes", Status::Cancelled);
    desk.reply(is_change, Ok(changed(DeskOutcome::CheckedIn, ana)));
    shows(
        &desk.screen(80, 24),
        &["Ana Reyes: They were checked in; take that back first."],
    );
}

#[test]
fn a_note_begins_with_the_one_there_is() {
    let mut desk = at_people(80, 24);
    desk.press("n");
    shows(
        &desk.screen(80, 24),
        &["A note on Ana Reyes", "Brings the projector"],
    );
    desk.press("Ctrl+U");
    let effects = desk.press("Enter");
    assert!(
        matches!(writes(&effects)[..], [Call::Seats(SeatsCall::Change { act: DeskAct::Note { text }, .. })] if text.is_empty())
    );
    desk.reply(
        is_change,
        Ok(changed(
            DeskOutcome::Noted,
            person(7, "ana", "Ana Reyes", Status::Registered),
        )),
    );
    shows(&desk.screen(80, 24), &["Ana Reyes is noted."]);
    hides(&desk.screen(80, 24), &["Ana Reyes *"]);
}

#[test]
fn who_stands_first_is_promoted_without_a_reason() {
    let mut desk = at_people(80, 24);
    down(&mut desk, 4);
    desk.press("u");
    let effects = desk.press("Enter");
    assert!(matches!(
        writes(&effects)[..],
        [Call::Seats(SeatsCall::Change {
            member: MemberId(11),
            act: DeskAct::Promote { reason: None },
            ..
        })]
    ));
    desk.reply(
        is_change,
        Ok(changed(
            DeskOutcome::FirstAlready,
            person(11, "rey_s", "Rey Santos", Status::Waitlisted),
        )),
    );
    shows(
        &desk.screen(80, 24),
        &["They stand first in line; no seat is free."],
    );

    let mut page = people();
    page.rows[4].place = Some(3);
    desk.press("F5");
    desk.reply(is_page, Ok(crate::people::a_page(page)));
    desk.press("u");
    desk.press("Enter");
    shows(
        &desk.screen(80, 24),
        &["Type why they do not wait like the others."],
    );
}

#[test]
fn several_are_done_one_by_one_with_a_line_for_each() {
    let mut desk = at_people(80, 24);
    desk.press("*");
    desk.press("x");
    shows(
        &desk.screen(80, 24),
        &["Cancel the registration of 5 people", "Katya Torres"],
    );
    desk.write("the hall is flooded");
    let effects = desk.press("Enter");
    let sent = writes(&effects);
    assert_eq!(sent.len(), 5);
    let nonces: std::collections::HashSet<_> = sent.iter().map(|call| call.nonce()).collect();
    assert_eq!(nonces.len(), 5, "each its own");
    shows(&desk.screen(80, 24), &["5 of 5 on the way"]);
    while let Some((request, call)) = desk.newest(is_change) {
        let Call::Seats(SeatsCall::Change { member, .. }) = call else {
            unreachable!()
        };
        let mut row = people()
            .rows
            .into_iter()
            .find(|row| row.member.id == member)
            .unwrap();
        let result = match member.0 {
            9 => Ok(changed(DeskOutcome::CheckedIn, row)),
            10 => Err(Fault::Busy),
            _ => {
                row.status = Status::Cancelled;
                Ok(changed(DeskOutcome::Cancelled, row))
            }
        };
        desk.reply_to(request, result);
    }
    shows(
        &desk.screen(80, 24),
        &[
            "3 of 5 done",
            "✓ Ana Reyes",
            "! Liam Aquino",
            "They were checked in",
            "✕ Niño Bautista",
            "All database connections are busy.",
            "Cancelled: 3 of 5.",
        ],
    );
    desk.press("Enter");
    // Who is not done stays marked.
    desk.quiet();
    shows(
        &desk.screen(80, 24),
        &["● Liam Aquino", "● Niño Bautista", "2 marked"],
    );
    hides(&desk.screen(80, 24), &["● Ana Reyes"]);
}

#[test]
fn several_are_approved_without_a_question() {
    let mut desk = at_people(80, 24);
    down(&mut desk, 3);
    desk.press("Space");
    desk.press("Space");
    let effects = desk.press("a");
    assert_eq!(writes(&effects).len(), 2);
    shows(&desk.screen(80, 24), &["Approved", "on the way"]);
    desk.press("Esc");
    desk.reply(
        is_change,
        Ok(changed(
            DeskOutcome::NotPending,
            person(11, "rey_s", "Rey Santos", Status::Waitlisted),
        )),
    );
    desk.reply(
        is_change,
        Ok(changed(
            DeskOutcome::Registered,
            person(10, "nino_b", "Niño Bautista", Status::Registered),
        )),
    );
    shows(
        &desk.screen(80, 24),
        &["1 of 2 done", "They do not wait for approval."],
    );
}

#[test]
fn money_is_taken_and_given_back_one_by_one() {
    let mut desk = at_people(80, 24);
    down(&mut desk, 1);
    let effects = desk.press("p");
    assert!(
        matches!(
            calls(&effects)[..],
            [Call::Money(MoneyCall::Registration(RegistrationId(108)))]
        ),
        "{effects:?}"
    );
    desk.reply(
        |call| matches!(call, Call::Money(MoneyCall::Registration(_))),
        Ok(Answer::Money(MoneyAnswer::Line(Box::new(
            payments().rows[0].clone(),
        )))),
    );
    shows(&desk.screen(80, 24), &["₱250 due"]);
    desk.press("Ctrl+S");
    let effects = desk.reply(
        |call| matches!(call, Call::Money(MoneyCall::Record { .. })),
        Ok(Answer::Money(MoneyAnswer::Line(Box::new(
            payments().rows[1].clone(),
        )))),
    );
    assert!(
        calls(&effects).iter().any(|call| is_page(call)),
        "the table asks again: {effects:?}"
    );
    desk.press("Down");
    let effects = desk.press("P");
    assert!(matches!(
        calls(&effects)[..],
        [Call::Money(MoneyCall::Registration(RegistrationId(109)))]
    ));
    desk.press("Esc");
    desk.press("$");
    shows(&desk.screen(80, 24), &["Payments · Trivia Night: Science"]);
    desk.press("Esc");
    desk.press("*");
    desk.press("p");
    shows(
        &desk.screen(80, 24),
        &["Money is taken and given back one by one"],
    );
}

#[test]
fn somebody_is_registered_and_put_in_line_when_it_is_full() {
    let mut desk = at_people(80, 24);
    desk.press("A");
    shows(
        &desk.screen(80, 24),
        &["Register a member", "Type who is to be registered."],
    );
    desk.write("flo");
    let effects = desk.write("r");
    assert!(
        matches!(calls(&effects)[..], [Call::FindAtDoor { event: EventId(6), query }] if query == "flor"),
        "{effects:?}"
    );
    let tony = candidate(13, "Antonino Flores", "tonyf", Standing::None);
    desk.reply(
        |call| matches!(call, Call::FindAtDoor { .. }),
        Ok(Answer::Candidates(vec![
            candidate(10, "Niño Bautista", "nino_b", Standing::Pending),
            tony,
        ])),
    );
    shows(
        &desk.screen(80, 24),
        &["Antonino Flores", "not registered", "waits for approval"],
    );
    desk.press("Down");
    let effects = desk.press("Enter");
    assert!(matches!(
        writes(&effects)[..],
        [Call::Seats(SeatsCall::Change {
            member: MemberId(13),
            act: DeskAct::Register { wait: false },
            ..
        })]
    ));
    assert!(writes(&desk.press("Enter")).is_empty());
    let mut none = seat_change(DeskOutcome::Full, people().rows[0].clone());
    none.person = None;
    desk.reply(is_change, Ok(Answer::Seats(SeatsAnswer::Changed(Box::new(none)))));
    shows(
        &desk.screen(80, 24),
        &["Every seat is taken. Enter puts Antonino Flores in line."],
    );
    let effects = desk.press("Enter");
    assert!(matches!(
        writes(&effects)[..],
        [Call::Seats(SeatsCall::Change {
            member: MemberId(13),
            act: DeskAct::Register { wait: true },
            ..
        })]
    ));
    desk.reply(
        is_change,
        Ok(changed(
            DeskOutcome::Waitlisted,
            person(13, "tonyf", "Antonino Flores", Status::Waitlisted),
        )),
    );
    shows(&desk.screen(80, 24), &["Antonino Flores is number 1 in line."]);
    hides(&desk.screen(80, 24), &["Register a member"]);
}

#[test]
fn who_was_there_unseen_and_unregistered_is_entered_when_the_event_is_over() {
    let mut desk = after_the_event(80, 24);
    desk.press("A");
    desk.write("tony");
    desk.reply(
        |call| matches!(call, Call::FindAtDoor { .. }),
        Ok(Answer::Candidates(vec![candidate(
            13,
            "Antonino Flores",
            "tonyf",
            Standing::None,
        )])),
    );
    desk.press("Enter");
    let mut over = seat_change(DeskOutcome::Over, people().rows[0].clone());
    over.person = None;
    desk.reply(is_change, Ok(Answer::Seats(SeatsAnswer::Changed(Box::new(over)))));
    shows(
        &desk.screen(80, 24),
        &["The event is over. Enter enters that Antonino Flores was there."],
    );
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["Was there: Antonino Flores"]);
    desk.write("helped with the chairs");
    let effects = desk.press("Enter");
    assert!(
        matches!(
            writes(&effects)[..],
            [Call::Completion(CompletionCall::AttendLate {
                event: EventId(3),
                member: MemberId(13),
                ..
            })]
        ),
        "{effects:?}"
    );
}

#[test]
fn older_searches_for_members_are_dropped() {
    let mut desk = at_people(80, 24);
    desk.press("A");
    desk.write("a");
    let (older, _) = desk
        .newest(|call| matches!(call, Call::FindAtDoor { .. }))
        .unwrap();
    desk.write("b");
    desk.reply_to(
        older,
        Ok(Answer::Candidates(vec![candidate(
            13,
            "Antonino Flores",
            "tonyf",
            Standing::None,
        )])),
    );
    hides(&desk.screen(80, 24), &["Antonino Flores"]);
    desk.reply(
        |call| matches!(call, Call::FindAtDoor { .. }),
        Ok(Answer::Candidates(Vec::new())),
    );
    shows(&desk.screen(80, 24), &["Nobody is called that."]);
    assert!(writes(&desk.press("Enter")).is_empty());
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["Register a member"]);
}

#[test]
fn somebody_is_moved_to_another_event() {
    let mut desk = at_people(80, 24);
    desk.press("m");
    desk.reply(
        |call| matches!(call, Call::Events { .. }),
        Ok(Answer::Events(events())),
    );
    let screen = desk.screen(80, 24);
    shows(
        &screen,
        &["Move Ana Reyes to", "The Manor Murder", "full", "Café Français"],
    );
    desk.write("cafe");
    hides(&desk.screen(80, 24), &["The Manor Murder"]);
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["to Café Français", "‹ they stay here ›"]);
    desk.write("another day");
    desk.press("Tab");
    desk.press("Right");
    let effects = desk.press("Enter");
    assert!(
        matches!(writes(&effects)[..], [Call::Seats(SeatsCall::Change {
            member: MemberId(7), act: DeskAct::Move { to: EventId(8), wait: true, reason: Some(reason) }, ..
        })] if reason == "another day"),
        "{effects:?}"
    );
    let mut there = person(7, "ana", "Ana Reyes", Status::Waitlisted);
    there.event_id = EventId(8);
    desk.reply(is_change, Ok(changed(DeskOutcome::Waitlisted, there)));
    shows(&desk.screen(80, 24), &["Ana Reyes is number 1 in line there."]);
}

#[test]
fn late_entries_wait_for_the_event_and_take_a_reason() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.press("Tab");
    desk.press("Down");
    desk.press("p");
    answer(&mut desk, people(), people_totals(), Results::default());
    desk.press("l");
    shows(
        &desk.screen(80, 24),
        &["The event begins in 1 h; until then the door does it."],
    );

    let mut desk = after_the_event(80, 24);
    shows(
        &desk.screen(80, 24),
        &[
            "over: to complete",
            "no-shows 2",
            "no-show",
            "Over: Tab leads to the no-shows, l enters who was there, t who won.",
        ],
    );
    down(&mut desk, 3);
    desk.press("l");
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["Type how you know that they were there."]);
    desk.write("on the photo");
    let effects = desk.press("Enter");
    assert!(
        matches!(writes(&effects)[..], [Call::Completion(CompletionCall::AttendLate {
            event: EventId(3), member: MemberId(10), reason, ..
        })] if reason == "on the photo"),
        "{effects:?}"
    );
    desk.reply(
        is_late,
        Ok(Answer::Completion(CompletionAnswer::Attended(Box::new(
            checked_in(Outcome::Ok),
        )))),
    );
    shows(
        &desk.screen(80, 24),
        &["Niño Bautista was there: +15 points of Fri 6 Nov."],
    );
    down(&mut desk, 1);
    desk.press("l");
    desk.write("seen");
    desk.press("Enter");
    let already = CheckedIn {
        points: 0,
        ..checked_in(Outcome::Already)
    };
    desk.reply(
        is_late,
        Ok(Answer::Completion(CompletionAnswer::Attended(Box::new(already)))),
    );
    shows(&desk.screen(80, 24), &["Rey Santos: Not entered: already in."]);
}

#[test]
fn an_attendance_is_taken_back_with_a_reason() {
    let mut desk = after_the_event(80, 24);
    desk.press("Ctrl+Z");
    shows(&desk.screen(80, 24), &["Was not there: Ana Reyes"]);
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["Type why it is taken back."]);
    desk.write("her sister");
    let effects = desk.press("Enter");
    assert!(
        matches!(writes(&effects)[..], [Call::Undo {
            event: EventId(3), member: MemberId(7), passage: Passage::In, reason: Some(reason), ..
        }] if reason == "her sister"),
        "{effects:?}"
    );
    desk.reply(
        |call| matches!(call, Call::Undo { .. }),
        Ok(Answer::Undone(undone(UndoOutcome::Undone, Passage::In))),
    );
    shows(
        &desk.screen(80, 24),
        &["Ana Reyes: attendance taken back: −15 points"],
    );
}

#[test]
fn places_are_sent_as_a_whole_with_what_was_seen() {
    let mut desk = after_the_event(80, 24);
    desk.press("Space");
    desk.press("Space");
    desk.press("t");
    shows(
        &desk.screen(80, 24),
        &["Place of 2 people", "1  first", "0  no place"],
    );
    let effects = desk.press("1");
    let first: Places = [(MemberId(7), Place::First), (MemberId(8), Place::First)].into();
    assert!(
        matches!(writes(&effects)[..], [Call::Completion(CompletionCall::SetResults {
            event: EventId(3), places, seen: Some(seen), ..
        })] if *places == first && seen.is_empty()),
        "{effects:?}"
    );
    let mut set = results();
    set.0.truncate(2);
    let done = |outcome, results: &Results| {
        Answer::Completion(CompletionAnswer::Set(ResultsSet {
            outcome,
            results: results.clone(),
        }))
    };
    let effects = desk.reply(is_set, Ok(done(ResultsOutcome::Set, &set)));
    assert!(calls(&effects).iter().any(|call| is_page(call)), "{effects:?}");
    shows(
        &desk.screen(80, 24),
        &["Results: 1st Ana Reyes, Katya Torres.", "over, results entered"],
    );
    down(&mut desk, 0);
    desk.press("t");
    shows(&desk.screen(80, 24), &["Place of Liam Aquino"]);
    let effects = desk.press("2");
    assert!(
        matches!(writes(&effects)[..], [Call::Completion(CompletionCall::SetResults { places, seen: Some(seen), .. })]
            if places.len() == 3 && *seen == first),
        "{effects:?}"
    );
    desk.reply(is_set, Ok(done(ResultsOutcome::Changed, &results())));
    shows(
        &desk.screen(80, 24),
        &["Not set: somebody changed the results meanwhile."],
    );
    desk.press("t");
    let effects = desk.press("0");
    assert!(
        matches!(writes(&effects)[..], [Call::Completion(CompletionCall::SetResults { places, .. })] if places.len() == 2)
    );
    desk.reply(is_set, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["The results are not set. The database does not answer"],
    );
}

#[test]
fn places_wait_for_the_results_and_for_who_was_there() {
    let mut desk = after_the_event(80, 24);
    desk.press("*");
    desk.press("t");
    shows(
        &desk.screen(80, 24),
        &["Niño Bautista was not there; who has a place was."],
    );
    desk.press("Esc");
    desk.press("t");
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["Place of"]);
    // The same place again changes nothing, and is not sent.
    desk.press("t");
    assert!(writes(&desk.press("0")).is_empty());
    shows(&desk.screen(80, 24), &["It stands so already."]);

    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.press("Tab");
    desk.press("p");
    desk.reply(is_page, Ok(crate::people::a_page(people())));
    down(&mut desk, 2);
    desk.press("t");
    shows(&desk.screen(80, 24), &["The results are not here yet."]);
    desk.reply(is_totals, Ok(crate::people::the_totals(people_totals())));
    desk.reply(is_results, Ok(crate::people::the_results(results())));
    desk.quiet();
    shows(
        &desk.screen(80, 24),
        &["Results: 1st Ana Reyes, Katya Torres · 2nd Liam Aquino"],
    );
}

#[test]
fn what_the_session_did_not_get_through_is_sent_again_after_it_is_renewed() {
    let mut desk = at_people(80, 24);
    down(&mut desk, 3);
    desk.press("a");
    let (request, call) = desk.newest(is_change).unwrap();
    desk.reply_to(request, Err(Fault::NotSignedIn));
    desk.write("pinetime");
    desk.press("Enter");
    let effects = desk.reply(
        |call| matches!(call, Call::SignIn { .. }),
        Ok(Answer::SignIn(Some(crate::fixtures::me(UserType::Staff)))),
    );
    assert_eq!(writes(&effects), [&call], "as it was, with its nonce");
    let nino = person(10, "nino_b", "Niño Bautista", Status::Registered);
    desk.reply(is_change, Ok(changed(DeskOutcome::Registered, nino)));
    shows(&desk.screen(80, 24), &["Niño Bautista has a seat."]);
}

#[test]
fn an_empty_table_has_nobody_to_act_on() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.press("Tab");
    desk.press("p");
    let nobody = PeoplePage {
        rows: Vec::new(),
        next: None,
    };
    answer(&mut desk, nobody, people_totals(), Results::default());
    for key in [
        "a", "r", "x", "l", "t", "n", "m", "u", "p", "P", "Ctrl+Z", "Space", "Enter",
    ] {
        assert!(writes(&desk.press(key)).is_empty());
        shows(&desk.screen(80, 24), &["There is nobody under the cursor."]);
        desk.quiet();
    }
}
