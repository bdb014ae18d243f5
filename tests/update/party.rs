//! A party at the door: gathered, confirmed once, checked in one by one, shown together.

use pine_time::app::effect::{Effect, RequestId};
use pine_time::app::msg::Msg;
use pine_time::domain::check_in::{Candidate, CheckedIn, Outcome, Presented, Standing};
use pine_time::domain::event::EventId;
use pine_time::domain::member::{MemberId, MemberName, UserType};
use pine_time::domain::money::Money;
use pine_time::domain::passage::{Evaluation, Passage, UndoOutcome, Undone};
use pine_time::domain::{Answer, Call, Fault, Nonce, SafeText};

use crate::fixtures::{
    Desk, candidate, candidates, checked_in, evaluation, events, key_event, offline, undone,
};
use crate::{calls, hides, shows, writes};

fn is_check_in(call: &Call) -> bool {
    matches!(call, Call::CheckIn { .. })
}

fn is_undo(call: &Call) -> bool {
    matches!(call, Call::Undo { .. })
}

fn is_evaluate(call: &Call) -> bool {
    matches!(call, Call::Evaluate { .. })
}

fn at_the_door() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    desk
}

fn bea() -> Candidate {
    candidate(20, "Bea Lim", "bea", Standing::Unpaid)
}

fn jo() -> Candidate {
    candidate(21, "Jo Mendoza", "jo", Standing::Registered)
}

/// Niño, Bea and Jo are gathered over three searches.
fn gathered(desk: &mut Desk) {
    desk.find("niño", candidates());
    desk.press("Up");
    desk.press("Space");
    desk.find("bea", vec![bea()]);
    desk.press("Insert");
    desk.find("jo", vec![jo()]);
    desk.press("Ctrl+Space");
}

fn name(id: i32) -> (&'static str, &'static str) {
    match id {
        10 => ("nino_b", "Niño Bautista"),
        20 => ("bea", "Bea Lim"),
        _ => ("jo", "Jo Mendoza"),
    }
}

fn member(id: i32) -> MemberName {
    let (username, full_name) = name(id);
    MemberName {
        id: MemberId(id),
        username: username.into(),
        full_name: full_name.into(),
    }
}

fn came(id: i32, outcome: Outcome) -> CheckedIn {
    CheckedIn {
        member: Some(member(id)),
        input: SafeText::line(name(id).1),
        ..checked_in(outcome)
    }
}

fn check_in(nonce: u128, id: i32) -> Call {
    Call::CheckIn {
        nonce: Nonce::from_u128(nonce),
        event: EventId(6),
        presented: Presented::Member {
            id: MemberId(id),
            typed: name(id).1.to_owned(),
        },
    }
}

/// The request of the check-in of one of them.
fn request_of(desk: &Desk, id: i32) -> (RequestId, Call) {
    desk.newest(
        |call| matches!(call, Call::CheckIn { presented: Presented::Member { id: one, .. }, .. } if one.0 == id),
    )
    .expect("a check-in of theirs is under way")
}

fn answer(desk: &mut Desk, id: i32, outcome: Outcome) -> Vec<Effect> {
    let (request, _) = request_of(desk, id);
    desk.reply_to(request, Ok(Answer::CheckedIn(came(id, outcome))))
}

/// All three sent and answered: Bea has not paid.
fn two_of_three(desk: &mut Desk) {
    gathered(desk);
    desk.press("Enter");
    desk.press("Enter");
    answer(desk, 10, Outcome::Ok);
    answer(desk, 20, Outcome::Unpaid);
    answer(desk, 21, Outcome::Ok);
}

/// The rows of a screen that name one of the party, in order.
fn rows(screen: &str) -> Vec<&str> {
    screen
        .lines()
        .filter(|line| {
            ["Niño Bautista", "Bea Lim", "Jo Mendoza"]
                .iter()
                .any(|n| line.contains(n))
        })
        .filter(|line| !line.contains("party of") && !line.contains("door 1"))
        .collect()
}

#[test]
fn space_gathers_in_the_list_and_is_a_space_in_the_field() {
    let mut desk = at_the_door();
    desk.find("niño", candidates());
    desk.write(" b");
    shows(&desk.screen(80, 24), &["> niño b"]);
    hides(&desk.screen(80, 24), &["party of"]);
    desk.press("Ctrl+U");
    desk.find("niño", candidates());
    desk.press("Down");
    desk.press("Up");
    desk.press("Space");
    shows(
        &desk.screen(80, 24),
        &[
            "party of 1: Niño Bautista",
            "Enter confirms the party of 1",
            "● Niño Bautista",
            "> niño",
        ],
    );
    // The cursor went on to the next row, and Space gathers there, too.
    desk.press("Space");
    shows(
        &desk.screen(80, 24),
        &["party of 2: Niño Bautista, Ninotchka Reyes"],
    );
    desk.press("Up");
    desk.press("Space");
    shows(&desk.screen(80, 24), &["party of 1: Niño Bautista"]);
    // A letter goes back to the field and begins the next search; Space is a letter again.
    desk.write("bea");
    desk.press("Space");
    let screen = desk.screen(80, 24);
    shows(&screen, &["> bea", "party of 1: Niño Bautista"]);
    hides(&screen, &["niñobea"]);
}

#[test]
fn marks_survive_the_next_search_and_esc_lets_them_go_first() {
    let mut desk = at_the_door();
    gathered(&mut desk);
    shows(
        &desk.screen(80, 24),
        &["party of 3: Niño Bautista, Bea Lim, Jo Mendoza", "● Jo Mendoza"],
    );
    desk.press("Esc");
    let screen = desk.screen(80, 24);
    hides(&screen, &["party of", "● Jo"]);
    shows(&screen, &["> jo"]);
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["> jo"]);
}

#[test]
fn without_anybody_in_the_list_nobody_is_gathered() {
    let mut desk = at_the_door();
    desk.press("Insert");
    shows(
        &desk.screen(80, 24),
        &["Type a name first: whoever is found can be put into a party."],
    );
    desk.find("zz", Vec::new());
    desk.press("Ctrl+Space");
    hides(&desk.screen(80, 24), &["party of"]);
    // Nor is anybody from a list that is about another text.
    desk.press("Ctrl+U");
    desk.find("niño", candidates());
    desk.write("x");
    desk.press("Insert");
    hides(&desk.screen(80, 24), &["party of"]);
}

#[test]
fn one_confirm_lists_them_and_each_is_a_check_in_of_its_own() {
    let mut desk = at_the_door();
    gathered(&mut desk);
    assert!(writes(&desk.press("Enter")).is_empty(), "asked first");
    shows(
        &desk.screen(80, 24),
        &[
            "Check in 3 together?",
            "✓ Niño Bautista  nino_b",
            "registered",
            "! Bea Lim  bea",
            "unpaid  ₱250 due",
            "2 would come in, 1 would be held up, by the list.",
        ],
    );
    let effects = desk.press("Enter");
    assert_eq!(
        writes(&effects),
        [&check_in(1, 10), &check_in(2, 20), &check_in(3, 21)]
    );
    hides(&desk.screen(80, 24), &["together?", "party of"]);
    answer(&mut desk, 10, Outcome::Ok);
    let screen = desk.screen(80, 24);
    hides(&screen, &["1 OF 3"]);
    answer(&mut desk, 20, Outcome::Unpaid);
    let effects = answer(&mut desk, 21, Outcome::Ok);
    assert!(
        calls(&effects).contains(&&Call::Door(EventId(6))),
        "the counts are asked for"
    );
    let screen = desk.screen(80, 24);
    let rows = rows(&screen);
    assert!(rows[0].contains("$  Bea Lim") && rows[0].contains("UNPAID") && rows[0].contains("₱250 due."));
    assert!(rows[0].contains("F3 take payment"), "{}", rows[0]);
    assert!(rows[1].contains("✓  Niño Bautista") && rows[1].contains("OK") && rows[1].contains("+15 points"));
    assert!(rows[2].contains("✓  Jo Mendoza"), "{screen}");
}

#[test]
fn the_question_can_be_left_and_people_left_out() {
    let mut desk = at_the_door();
    gathered(&mut desk);
    desk.press("Enter");
    desk.press("Down");
    desk.press("Delete");
    let screen = desk.screen(80, 24);
    shows(
        &screen,
        &["Check in 2 together?", "All would come in, by the list."],
    );
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["party of 2: Niño Bautista, Jo Mendoza"]);
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["Check in 2 together?"]);
    desk.press("Space");
    desk.press("Space");
    hides(&desk.screen(80, 24), &["together?", "Check in one?", "party of"]);
    // Nobody is left to be sent.
    assert!(writes(&desk.press("Enter")).iter().all(|call| !matches!(
        call,
        Call::CheckIn {
            presented: Presented::Member { id: MemberId(10), .. },
            ..
        }
    )));
}

#[test]
fn the_keys_are_about_the_row_under_the_cursor_and_what_is_done_stays_on_the_card() {
    let mut desk = at_the_door();
    gathered(&mut desk);
    desk.press("Enter");
    desk.press("Enter");
    answer(&mut desk, 10, Outcome::Pending);
    answer(&mut desk, 20, Outcome::Unpaid);
    answer(&mut desk, 21, Outcome::Ok);
    shows(&desk.screen(80, 24), &["↑ ↓ chooses whom the keys are about"]);
    // The first row is Niño's; F3 has nothing to take from him.
    assert!(calls(&desk.press("F3")).is_empty());
    shows(&desk.screen(80, 24), &["Nobody is marked who has to pay."]);
    desk.press("Down");
    desk.press("F3");
    shows(&desk.screen(80, 24), &["Payment", "Bea Lim", "₱250 due"]);
    desk.press("Ctrl+S");
    let paid = CheckedIn {
        paid: Money::from_hundredths(25_000),
        ..came(20, Outcome::Ok)
    };
    desk.reply(
        |call| matches!(call, Call::TakePayment { .. }),
        Ok(Answer::CheckedIn(paid)),
    );
    let screen = desk.screen(80, 24);
    let rows = rows(&screen);
    assert!(
        rows[0].contains("Niño Bautista") && rows[0].contains("PENDING"),
        "{screen}"
    );
    assert!(
        rows.iter()
            .any(|row| row.contains("Bea Lim") && row.contains("₱250 paid")),
        "{screen}"
    );
    desk.press("F8");
    assert!(
        matches!(
            desk.newest(is_evaluate).unwrap().1,
            Call::Evaluate {
                presented: Presented::Member { id: MemberId(10), .. },
                ..
            }
        ),
        "why is about whoever still needs a look"
    );
}

fn gone(id: i32, outcome: UndoOutcome) -> Undone {
    Undone {
        member: member(id),
        ..undone(outcome, Passage::In)
    }
}

fn undo(nonce: u128, id: i32) -> Call {
    Call::Undo {
        nonce: Nonce::from_u128(nonce),
        event: EventId(6),
        member: MemberId(id),
        passage: Passage::In,
        reason: None,
    }
}

#[test]
fn control_z_takes_the_party_back_as_a_whole_and_control_y_brings_it_back() {
    let mut desk = at_the_door();
    two_of_three(&mut desk);
    desk.quiet();
    shows(&desk.screen(80, 24), &["Ctrl+Z takes back the party of 2"]);
    let effects = desk.press("Ctrl+Z");
    assert_eq!(
        writes(&effects),
        [&undo(4, 21), &undo(5, 10)],
        "those who came in"
    );
    for id in [21, 10] {
        desk.reply(
            |call| matches!(call, Call::Undo { member, .. } if member.0 == id),
            Ok(Answer::Undone(gone(id, UndoOutcome::Undone))),
        );
    }
    let screen = desk.screen(80, 24);
    shows(&screen, &["Party: 2 of 2 taken back."]);
    assert!(
        rows(&screen)
            .iter()
            .all(|row| row.contains("TAKEN BACK") && row.contains("−15 points"))
    );
    desk.quiet();
    shows(&desk.screen(80, 24), &["Ctrl+Y checks the party of 2 in again"]);
    let effects = desk.press("Ctrl+Y");
    assert_eq!(writes(&effects), [&check_in(6, 10), &check_in(7, 21)]);
    answer(&mut desk, 10, Outcome::Ok);
    answer(&mut desk, 21, Outcome::Ok);
    desk.quiet();
    shows(&desk.screen(80, 24), &["Ctrl+Z takes back the party of 2"]);
}

#[test]
fn whoever_cannot_be_taken_back_stays_and_is_asked_for_again_alone() {
    let mut desk = at_the_door();
    two_of_three(&mut desk);
    desk.press("Ctrl+Z");
    desk.reply(is_undo, Err(offline()));
    desk.reply(is_undo, Ok(Answer::Undone(gone(21, UndoOutcome::ReasonNeeded))));
    let screen = desk.screen(80, 24);
    let stays = rows(&screen);
    assert!(stays.iter().all(|row| row.contains("STAYS")), "{screen}");
    shows(
        &screen,
        &[
            "Ctrl+Z tries again.",
            "Let in at door 1: F12 takes that back.",
            "Party: 0 of 2 taken back.",
        ],
    );
    // The same request for Niño; Jo's is the log's business.
    assert_eq!(writes(&desk.press("Ctrl+Z")), [&undo(5, 10)]);
}

#[test]
fn what_is_not_answered_in_time_is_queued_one_by_one() {
    let mut desk = at_the_door();
    desk.with_roster();
    desk.find("niño", candidates());
    desk.press("Up");
    desk.press("Space");
    desk.press("Down");
    desk.press("Space");
    desk.press("Enter");
    desk.press("Enter");
    for id in [10, 12] {
        let (request, call) = request_of(&desk, id);
        desk.queue_call(request, &call, Some(offline()));
    }
    let screen = desk.screen(80, 24);
    shows(
        &screen,
        &[
            "OK QUEUED",
            "let in by the roster",
            "PENDING",
            "queued; so says the roster",
        ],
    );
    // The database answers at last; it agrees with one, and with the other it does not.
    answer(&mut desk, 10, Outcome::Ok);
    let (request, _) = request_of(&desk, 12);
    let niñalyn = CheckedIn {
        member: Some(MemberName {
            id: MemberId(12),
            username: "nina.c".into(),
            full_name: "Niñalyn Cruz".into(),
        }),
        ..checked_in(Outcome::Ok)
    };
    desk.reply_to(request, Ok(Answer::CheckedIn(niñalyn)));
    shows(
        &desk.screen(80, 24),
        &[
            "Niñalyn Cruz: the database says checked in. F10 settles it.",
            "+15 points",
        ],
    );
}

#[test]
fn without_a_link_a_party_goes_back_by_the_roster() {
    let mut desk = at_the_door();
    desk.with_roster();
    desk.find("niño", candidates());
    desk.press("Up");
    desk.press("Space");
    desk.press("Enter");
    desk.press("Enter");
    let (request, call) = request_of(&desk, 10);
    desk.queue_call(request, &call, Some(offline()));
    assert_eq!(writes(&desk.press("Ctrl+Z")).len(), 1);
    let (request, call) = desk.newest(|call| matches!(call, Call::Undo { .. })).unwrap();
    desk.queue_call(request, &call, Some(offline()));
    shows(&desk.screen(80, 24), &["taken back"]);
    assert_eq!(writes(&desk.press("Ctrl+Y")).len(), 1, "and in again");
}

#[test]
fn who_was_never_answered_is_sent_again_under_the_same_nonce() {
    let mut desk = at_the_door();
    gathered(&mut desk);
    desk.press("Enter");
    desk.press("Enter");
    answer(&mut desk, 10, Outcome::Ok);
    answer(&mut desk, 21, Outcome::Ok);
    desk.reply(is_check_in, Err(Fault::Busy));
    let screen = desk.screen(80, 24);
    assert!(rows(&screen)[0].contains("Bea Lim"), "{screen}");
    shows(&screen, &["NOT CHECKED IN", "Enter tries again."]);
    assert_eq!(writes(&desk.press("Enter")), [&check_in(2, 20)]);
    assert!(writes(&desk.press("Enter")).is_empty(), "once");
    answer(&mut desk, 20, Outcome::Ok);
    desk.quiet();
    shows(&desk.screen(80, 24), &["Ctrl+Z takes back the party of 3"]);
}

#[test]
fn careful_looks_at_everybody_before_anybody_goes_in() {
    let seen = |outcome: Outcome| -> Result<Answer, Fault> {
        Ok(Answer::Evaluated(Box::new(Evaluation {
            ..evaluation(outcome)
        })))
    };
    let mut desk = at_the_door();
    desk.press("Ctrl+R");
    gathered(&mut desk);
    let effects = desk.press("Enter");
    assert!(
        matches!(
            calls(&effects)[..],
            [Call::Evaluate {
                presented: Presented::Member { id: MemberId(10), .. },
                ..
            }]
        ),
        "one after the other: {effects:?}"
    );
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(&desk.screen(80, 24), &["They are still being looked at."]);
    desk.reply(is_evaluate, seen(Outcome::Ok));
    desk.reply(is_evaluate, seen(Outcome::Unpaid));
    // One look fails; the next Enter looks again.
    desk.reply(is_evaluate, Err(Fault::Busy));
    shows(&desk.screen(80, 24), &["The party is not looked at."]);
    assert!(matches!(
        calls(&desk.press("Enter"))[..],
        [Call::Evaluate {
            presented: Presented::Member { id: MemberId(21), .. },
            ..
        }]
    ));
    desk.reply(is_evaluate, seen(Outcome::Already));
    shows(
        &desk.screen(80, 24),
        &[
            "would be checked in",
            "not paid",
            "already in",
            "1 would come in, 2 would be held up, by the rules.",
        ],
    );
    assert_eq!(writes(&desk.press("Enter")).len(), 3);
    // An answer that comes when nobody asks any more goes nowhere.
    let mut desk = at_the_door();
    desk.press("Ctrl+R");
    gathered(&mut desk);
    desk.press("Enter");
    desk.press("Esc");
    desk.reply(is_evaluate, seen(Outcome::Ok));
    shows(&desk.screen(80, 24), &["party of 3"]);
}

#[test]
fn a_rehearsed_party_sends_nothing() {
    let mut desk = at_the_door();
    desk.with_roster();
    desk.press("F9");
    desk.write("niñ");
    desk.press("Down");
    desk.press("Up");
    desk.press("Space");
    desk.press("Space");
    desk.press("Enter");
    let effects = desk.press("Enter");
    assert!(
        calls(&effects).iter().all(|call| call.nonce().is_none()),
        "{effects:?}"
    );
    shows(
        &desk.screen(80, 24),
        &["REHEARSAL", "Niño Bautista", "+15 points"],
    );
    hides(&desk.screen(80, 24), &["Ctrl+Z takes back"]);
}

#[test]
fn a_scanner_neither_confirms_nor_joins_the_party() {
    let mut desk = at_the_door();
    gathered(&mut desk);
    desk.press("Enter");
    // A short burst and its terminator, and a key that bounces.
    assert!(writes(&desk.scan("ab12")).is_empty());
    desk.send(Msg::Key(key_event("Down")));
    assert!(writes(&desk.send(Msg::Quick(key_event("Enter")))).is_empty());
    shows(&desk.screen(80, 24), &["Check in 3 together?"]);
    // A whole scan is a check-in of its own; the question stays.
    let effects = desk.scan("R6K2F9TQ4M");
    assert!(
        matches!(
            writes(&effects)[..],
            [Call::CheckIn {
                presented: Presented::Text(_),
                ..
            }]
        ),
        "{effects:?}"
    );
    shows(&desk.screen(80, 24), &["Check in 3 together?"]);
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["party of 3"]);
    // A scan that begins with a blank takes nobody in.
    desk.press("Up");
    desk.scan(" R6K2F9TQ4N");
    shows(
        &desk.screen(80, 24),
        &["party of 3: Niño Bautista, Bea Lim, Jo Mendoza"],
    );
}

#[test]
fn whoever_came_in_meanwhile_is_known_to_be_in() {
    let mut desk = at_the_door();
    gathered(&mut desk);
    desk.scan("R6K2F9TQ4M");
    desk.reply(is_check_in, Ok(Answer::CheckedIn(came(21, Outcome::Ok))));
    desk.press("Enter");
    let screen = desk.screen(80, 24);
    shows(
        &screen,
        &["! Jo Mendoza  jo", "1 would come in, 2 would be held up"],
    );
    // A newer list knows more of them, too.
    desk.press("Esc");
    let paid = Candidate {
        standing: Standing::Registered,
        ..bea()
    };
    desk.find("bea", vec![paid]);
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["2 would come in, 1 would be held up"]);
}

#[test]
fn the_next_person_covers_the_card_and_late_answers_are_told() {
    let mut desk = at_the_door();
    gathered(&mut desk);
    desk.press("Enter");
    desk.press("Enter");
    answer(&mut desk, 10, Outcome::Ok);
    desk.find(
        "ana",
        vec![candidate(30, "Ana Reyes", "ana", Standing::Registered)],
    );
    desk.press("Enter");
    let (request, _) = request_of(&desk, 30);
    desk.reply_to(
        request,
        Ok(Answer::CheckedIn(CheckedIn {
            member: Some(MemberName {
                id: MemberId(30),
                username: "ana".into(),
                full_name: "Ana Reyes".into(),
            }),
            ..checked_in(Outcome::Ok)
        })),
    );
    shows(&desk.screen(80, 24), &["✓  Ana Reyes"]);
    answer(&mut desk, 20, Outcome::Unpaid);
    shows(&desk.screen(80, 24), &["Bea Lim: not paid.", "✓  Ana Reyes"]);
    answer(&mut desk, 21, Outcome::Ok);
    shows(&desk.screen(80, 24), &["Jo Mendoza: checked in."]);
    desk.quiet();
    // What has come in of the party since goes back together, too.
    shows(&desk.screen(80, 24), &["Ctrl+Z takes back the party of 2"]);
}

#[test]
fn another_event_lets_the_party_go() {
    let mut desk = at_the_door();
    gathered(&mut desk);
    desk.press("F6");
    desk.press("Down");
    desk.press("Enter");
    let screen = desk.screen(80, 24);
    shows(&screen, &["The party of 3 is let go: it was for another event."]);
    desk.quiet();
    hides(&desk.screen(80, 24), &["party of"]);
}

#[test]
fn out_of_sight_the_message_line_tells() {
    let mut desk = at_the_door();
    gathered(&mut desk);
    desk.press("Enter");
    desk.press("Enter");
    answer(&mut desk, 10, Outcome::Ok);
    desk.press("Alt+1");
    answer(&mut desk, 20, Outcome::Unpaid);
    answer(&mut desk, 21, Outcome::Ok);
    shows(&desk.screen(80, 24), &["Party: 2 of 3 in."]);
}
