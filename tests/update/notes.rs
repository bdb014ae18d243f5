//! Door notes at a terminal: held until they are read, noted as read once, written in a small form.

use pine_time::app::effect::Effect;
use pine_time::app::msg::Msg;
use pine_time::domain::check_in::{Candidate, CheckedIn, Outcome, Presented, Standing};
use pine_time::domain::door_note::{DoorNote, NoteAnswer, NoteCall, NoteOutcome};
use pine_time::domain::event::EventId;
use pine_time::domain::member::{MemberId, MemberName, UserType};
use pine_time::domain::passage::Evaluation;
use pine_time::domain::{Answer, Call, Fault, Nonce};

use crate::fixtures::{
    Desk, candidate, candidates, checked_in, door_note, evaluation, events, offline, roster,
};
use crate::{calls, hides, shows, writes};

const TEXT: &str = "Badge waits at the desk.";

fn is_note(call: &Call) -> bool {
    matches!(call, Call::Note(_))
}

fn is_check_in(call: &Call) -> bool {
    matches!(call, Call::CheckIn { .. })
}

fn at_the_door() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    desk
}

fn nino() -> MemberName {
    checked_in(Outcome::Ok).member.unwrap()
}

fn jo() -> MemberName {
    MemberName {
        id: MemberId(20),
        username: "jo".into(),
        full_name: "Jo Mendoza".into(),
    }
}

fn with_note(member: MemberName, outcome: Outcome, note: Option<DoorNote>) -> CheckedIn {
    CheckedIn {
        member: Some(member),
        door_note: note,
        ..checked_in(outcome)
    }
}

/// Somebody is scanned, and the answer brings a note.
fn comes(desk: &mut Desk, checked: CheckedIn) -> Vec<Effect> {
    desk.find(
        "x",
        vec![candidate(10, "Niño Bautista", "nino_b", Standing::Registered)],
    );
    desk.press("Enter");
    let effects = desk.reply(is_check_in, Ok(Answer::CheckedIn(checked)));
    desk.press("Ctrl+U");
    effects
}

fn read(nonce: u128, member: i32, number: i32) -> Call {
    Call::Note(NoteCall::Acknowledge {
        nonce: Nonce::from_u128(nonce),
        event: EventId(6),
        member: MemberId(member),
        number,
    })
}

#[allow(clippy::unnecessary_wraps, reason = "as a desk answers")]
fn answer(outcome: NoteOutcome, member: MemberName, note: Option<DoorNote>) -> Result<Answer, Fault> {
    Ok(Answer::Note(NoteAnswer {
        outcome,
        member,
        note,
    }))
}

#[test]
fn it_stays_on_the_card_whatever_the_outcome_until_a_key_says_that_it_was_read() {
    for outcome in Outcome::ALL {
        let mut desk = at_the_door();
        if outcome == Outcome::UnknownCode {
            continue;
        }
        comes(&mut desk, with_note(nino(), outcome, Some(door_note(TEXT, 3))));
        shows(
            &desk.screen(80, 24),
            &["Note on Niño Bautista", TEXT, "Ctrl+N read"],
        );
        desk.press("Esc");
        shows(&desk.screen(80, 24), &[TEXT]);
        let effects = desk.press("Ctrl+N");
        assert_eq!(writes(&effects), [&read(2, 10, 3)], "{outcome:?}");
        hides(&desk.screen(80, 24), &[TEXT, "Note on"]);
        let done = DoorNote {
            read: true,
            ..door_note(TEXT, 3)
        };
        desk.reply(is_note, answer(NoteOutcome::Done, nino(), Some(done)));
        assert!(writes(&desk.press("Ctrl+N")).is_empty());
        shows(&desk.screen(80, 24), &["There is no note to read."]);
    }
}

#[test]
fn the_next_people_come_in_and_no_note_is_lost() {
    let mut desk = at_the_door();
    comes(
        &mut desk,
        with_note(nino(), Outcome::Ok, Some(door_note(TEXT, 3))),
    );
    comes(&mut desk, with_note(jo(), Outcome::Ok, None));
    let screen = desk.screen(80, 24);
    shows(
        &screen,
        &["✓  Jo Mendoza", "Note on Niño Bautista", TEXT, "Ctrl+N read"],
    );
    comes(
        &mut desk,
        with_note(jo(), Outcome::Already, Some(door_note("Owes a book.", 1))),
    );
    let screen = desk.screen(80, 24);
    shows(&screen, &["Note on Jo Mendoza", "Owes a book.", "1 more"]);
    hides(&screen, &[TEXT]);
    assert_eq!(writes(&desk.press("Ctrl+N")), [&read(4, 20, 1)]);
    shows(&desk.screen(80, 24), &["Note on Niño Bautista", TEXT]);
    assert_eq!(writes(&desk.press("Ctrl+N")), [&read(5, 10, 3)]);
    hides(&desk.screen(80, 24), &["Note on"]);
}

#[test]
fn what_was_read_does_not_come_up_again_and_what_was_changed_does() {
    let mut desk = at_the_door();
    let seen = DoorNote {
        read: true,
        ..door_note(TEXT, 3)
    };
    comes(&mut desk, with_note(nino(), Outcome::Ok, Some(seen)));
    hides(&desk.screen(80, 24), &[TEXT]);
    comes(
        &mut desk,
        with_note(nino(), Outcome::Already, Some(door_note("Another.", 4))),
    );
    shows(&desk.screen(80, 24), &["Another."]);
    desk.press("Ctrl+N");
    // A late answer, from before it was read.
    comes(
        &mut desk,
        with_note(nino(), Outcome::Already, Some(door_note("Another.", 4))),
    );
    hides(&desk.screen(80, 24), &["Note on"]);
    comes(
        &mut desk,
        with_note(nino(), Outcome::Already, Some(door_note("A third.", 5))),
    );
    shows(&desk.screen(80, 24), &["A third."]);
    // It was cleared, or read at another door, by the next time.
    comes(&mut desk, with_note(nino(), Outcome::Already, None));
    hides(&desk.screen(80, 24), &["Note on"]);
}

#[test]
fn a_note_that_changed_under_the_key_is_to_be_read_anew() {
    let mut desk = at_the_door();
    comes(
        &mut desk,
        with_note(nino(), Outcome::Ok, Some(door_note(TEXT, 3))),
    );
    desk.press("Ctrl+N");
    desk.reply(
        is_note,
        answer(NoteOutcome::Changed, nino(), Some(door_note("Another.", 4))),
    );
    shows(
        &desk.screen(80, 24),
        &[
            "was changed meanwhile: read it anew.",
            "Note on Niño Bautista",
            "Another.",
        ],
    );
    assert_eq!(writes(&desk.press("Ctrl+N")), [&read(3, 10, 4)]);
    desk.reply(is_note, answer(NoteOutcome::Gone, nino(), None));
    hides(&desk.screen(80, 24), &["Note on"]);
    // A refusal brings it back.
    comes(&mut desk, with_note(jo(), Outcome::Ok, Some(door_note(TEXT, 1))));
    desk.press("Ctrl+N");
    desk.reply(is_note, Err(Fault::NotFound("This event does not exist.".into())));
    shows(
        &desk.screen(80, 24),
        &[
            "The note on Jo Mendoza is not noted as read.",
            "Note on Jo Mendoza",
        ],
    );
}

#[test]
fn without_the_database_it_is_read_now_and_noted_later() {
    let mut desk = at_the_door();
    desk.roster_with(door_note("From the roster.", 7));
    comes(
        &mut desk,
        with_note(nino(), Outcome::Ok, Some(door_note(TEXT, 3))),
    );
    desk.press("Ctrl+N");
    desk.reply(is_note, Err(offline()));
    hides(&desk.screen(80, 24), &["Note on"]);
    desk.fire(pine_time::app::effect::Timer::Poll);
    assert!(desk.newest(is_note).is_none(), "not while nothing gets through");
    // The link is down: the roster shows the notes, and nothing is sent.
    desk.write("nina.c");
    desk.press("Enter");
    desk.queue(Some(offline()));
    shows(
        &desk.screen(80, 24),
        &["Queued: waits for approval", "From the roster.", "Ctrl+N read"],
    );
    assert!(writes(&desk.press("Ctrl+N")).is_empty());
    shows(
        &desk.screen(80, 24),
        &["Read, in memory only until the database is back: the note on"],
    );
    let effects = desk.back_online();
    let sent: Vec<_> = writes(&effects)
        .into_iter()
        .filter(|call| is_note(call))
        .cloned()
        .collect();
    assert_eq!(
        sent,
        [read(2, 10, 3), read(4, 12, 7)],
        "the first under the nonce of its key press"
    );
}

#[test]
fn careful_mode_shows_it_before_anybody_is_let_in() {
    let mut desk = at_the_door();
    desk.press("Ctrl+R");
    desk.find("niño", candidates());
    desk.press("Enter");
    let looked = Evaluation {
        door_note: Some(door_note(TEXT, 3)),
        ..evaluation(Outcome::Ok)
    };
    desk.reply(
        |call| matches!(call, Call::Evaluate { .. }),
        Ok(Answer::Evaluated(Box::new(looked))),
    );
    shows(
        &desk.screen(80, 24),
        &["Would be checked in.", "Note on Niño Bautista"],
    );
    assert_eq!(writes(&desk.press("Ctrl+N")), [&read(1, 10, 3)]);
    shows(&desk.screen(80, 24), &["Would be checked in."]);
}

#[test]
fn a_rehearsal_reads_for_itself_alone() {
    let mut desk = at_the_door();
    comes(&mut desk, with_note(jo(), Outcome::Ok, Some(door_note(TEXT, 3))));
    desk.roster_with(door_note("From the roster.", 7));
    desk.press("F9");
    hides(&desk.screen(80, 24), &["Note on"]);
    desk.write("nina.c");
    desk.press("Enter");
    shows(
        &desk.screen(80, 24),
        &["Note on Niñalyn Cruz", "From the roster."],
    );
    assert!(writes(&desk.press("Ctrl+N")).is_empty());
    hides(&desk.screen(80, 24), &["Note on"]);
    desk.press("F9");
    shows(&desk.screen(80, 24), &["Note on Jo Mendoza", TEXT]);
}

#[test]
fn a_party_brings_all_of_its_notes() {
    let mut desk = at_the_door();
    for one in [
        candidate(10, "Niño Bautista", "nino_b", Standing::Registered),
        candidate(20, "Jo Mendoza", "jo", Standing::Registered),
    ] {
        desk.find("x", vec![one]);
        desk.press("Insert");
    }
    desk.press("Enter");
    desk.press("Enter");
    for (member, number) in [(nino(), 3), (jo(), 5)] {
        let id = member.id;
        let checked = with_note(member, Outcome::Ok, Some(door_note(TEXT, number)));
        desk.reply(
            |call| matches!(call, Call::CheckIn { presented: Presented::Member { id: one, .. }, .. } if *one == id),
            Ok(Answer::CheckedIn(checked)),
        );
    }
    shows(
        &desk.screen(80, 24),
        &["Niño Bautista", "Jo Mendoza", "Note on Niño Bautista", "1 more"],
    );
    assert_eq!(writes(&desk.press("Ctrl+N")), [&read(3, 10, 3)]);
    assert_eq!(writes(&desk.press("Ctrl+N")), [&read(4, 20, 5)]);
}

#[test]
fn one_that_has_no_room_is_opened_before_it_is_read() {
    let long = "What is to be known of this person takes more than the door has room for. ".repeat(6);
    let mut desk = at_the_door();
    comes(
        &mut desk,
        with_note(nino(), Outcome::Ok, Some(door_note(&long, 3))),
    );
    shows(&desk.screen(80, 24), &["Ctrl+N shows all of it"]);
    assert!(writes(&desk.press("Ctrl+N")).is_empty());
    shows(
        &desk.screen(80, 24),
        &["┌─ Door note", "Ctrl+N read   Esc not yet"],
    );
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Note on Niño Bautista"]);
    desk.press("Ctrl+N");
    assert_eq!(writes(&desk.press("Ctrl+N")), [&read(2, 10, 3)]);
    hides(&desk.screen(80, 24), &["Note on", "Door note"]);
    // A window of a few lines has no room for any: it says so, and opens it.
    let mut desk = at_the_door();
    comes(
        &mut desk,
        with_note(nino(), Outcome::Ok, Some(door_note(TEXT, 3))),
    );
    for (width, height) in [(36, 9), (60, 16)] {
        desk.send(Msg::Resize { width, height });
        shows(&desk.screen(width, height), &["1 note to read: Ctrl+N"]);
        assert!(writes(&desk.press("Ctrl+N")).is_empty());
        shows(&desk.screen(width, height), &[TEXT]);
        desk.press("Esc");
    }
}

#[test]
fn out_of_sight_it_is_counted_and_signing_out_asks() {
    let mut desk = at_the_door();
    comes(
        &mut desk,
        with_note(nino(), Outcome::Ok, Some(door_note(TEXT, 3))),
    );
    desk.press("Alt+1");
    shows(&desk.screen(80, 24), &["1 note to read"]);
    hides(&desk.screen(80, 24), &[TEXT]);
    desk.scan("R6K2F9TQ4M");
    desk.reply(
        is_check_in,
        Ok(Answer::CheckedIn(with_note(
            jo(),
            Outcome::Ok,
            Some(door_note("x", 1)),
        ))),
    );
    shows(
        &desk.screen(80, 24),
        &["Jo Mendoza: checked in. 2 notes to read: Alt+3."],
    );
    let effects = desk.press("Ctrl+O");
    assert!(calls(&effects).is_empty());
    shows(
        &desk.screen(80, 24),
        &["Sign out?", "2 door notes have not been read"],
    );
    desk.press("n");
    desk.press("Alt+3");
    shows(&desk.screen(80, 24), &["Note on Jo Mendoza"]);
}

// ---- writing ----

fn listed(note: Option<DoorNote>) -> Vec<Candidate> {
    vec![Candidate {
        door_note: note,
        ..candidate(10, "Niño Bautista", "nino_b", Standing::Registered)
    }]
}

fn set(nonce: u128, note: Option<&str>, number: Option<i32>) -> Call {
    Call::Note(NoteCall::Set {
        nonce: Nonce::from_u128(nonce),
        member: MemberId(10),
        note: note.map(str::to_owned),
        number,
    })
}

#[test]
fn a_note_is_written_on_the_marked_row() {
    let mut desk = at_the_door();
    assert!(calls(&desk.press("Alt+N")).is_empty());
    shows(
        &desk.screen(80, 24),
        &["Nobody is meant: type part of a name, or scan a pass."],
    );
    desk.find("niño", listed(None));
    hides(&desk.screen(80, 24), &["✎"]);
    desk.press("Alt+N");
    shows(
        &desk.screen(80, 24),
        &["┌─ Door note", "Niño Bautista   nino_b", "0 of 500"],
    );
    desk.write(TEXT);
    shows(&desk.screen(80, 24), &["24 of 500"]);
    assert_eq!(writes(&desk.press("Enter")), [&set(1, Some(TEXT), None)]);
    assert!(writes(&desk.press("Enter")).is_empty(), "it is on its way");
    desk.reply(
        is_note,
        answer(NoteOutcome::Done, nino(), Some(door_note(TEXT, 1))),
    );
    let screen = desk.screen(80, 24);
    hides(&screen, &["Door note"]);
    shows(
        &screen,
        &["The note on Niño Bautista is kept.", "Niño Bautista ✎", "> niño"],
    );
    // Unchanged, it is closed without a word; cleared, it is gone.
    desk.press("Alt+N");
    assert!(writes(&desk.press("Enter")).is_empty());
    desk.press("Alt+N");
    desk.press("Ctrl+U");
    assert_eq!(writes(&desk.press("Ctrl+S")), [&set(2, None, Some(1))]);
    desk.reply(is_note, answer(NoteOutcome::Done, nino(), None));
    let screen = desk.screen(80, 24);
    shows(&screen, &["The note on Niño Bautista is gone."]);
    hides(&screen, &["✎"]);
}

#[test]
fn on_the_card_it_is_about_whoever_is_there() {
    let mut desk = at_the_door();
    comes(
        &mut desk,
        with_note(nino(), Outcome::Ok, Some(door_note(TEXT, 3))),
    );
    desk.press("Alt+N");
    shows(&desk.screen(80, 24), &["Door note", "Niño Bautista   nino_b"]);
    desk.press("Ctrl+U");
    desk.write("Done with.");
    assert_eq!(
        writes(&desk.press("Enter")),
        [&set(2, Some("Done with."), Some(3))]
    );
    desk.reply(
        is_note,
        answer(NoteOutcome::Done, nino(), Some(door_note("Done with.", 4))),
    );
    shows(&desk.screen(80, 24), &["Note on Niño Bautista", "Done with."]);
    // Cleared, there is nothing to be read any more.
    desk.press("Alt+N");
    desk.press("Ctrl+U");
    assert_eq!(writes(&desk.press("Enter")), [&set(3, None, Some(4))]);
    desk.reply(is_note, answer(NoteOutcome::Done, nino(), None));
    hides(&desk.screen(80, 24), &["Note on"]);
}

#[test]
fn what_somebody_else_wrote_meanwhile_is_not_overwritten_unseen() {
    let mut desk = at_the_door();
    desk.find("niño", listed(None));
    desk.press("Alt+N");
    desk.write("Mine.");
    desk.press("Enter");
    desk.reply(
        is_note,
        answer(NoteOutcome::Changed, nino(), Some(door_note("Theirs.", 8))),
    );
    shows(
        &desk.screen(80, 24),
        &["Changed meanwhile; Enter replaces this: Theirs.", "Mine."],
    );
    assert_eq!(writes(&desk.press("Enter")), [&set(2, Some("Mine."), Some(8))]);
    desk.reply(is_note, answer(NoteOutcome::Changed, nino(), None));
    shows(
        &desk.screen(80, 24),
        &["Cleared by somebody meanwhile; Enter writes it anew."],
    );
    assert_eq!(writes(&desk.press("Enter")), [&set(3, Some("Mine."), None)]);
}

#[test]
fn what_was_typed_stays_when_it_is_not_kept() {
    let mut desk = at_the_door();
    desk.find("niño", listed(None));
    desk.press("Alt+N");
    desk.write("Mine.");
    desk.press("Enter");
    desk.reply(is_note, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["Not kept. The database does not answer", "Mine."],
    );
    assert_eq!(
        writes(&desk.press("Enter")),
        [&set(1, Some("Mine."), None)],
        "the same write"
    );
    desk.reply(is_note, Err(offline()));
    desk.write("!");
    assert_eq!(
        writes(&desk.press("Enter")),
        [&set(2, Some("Mine.!"), None)],
        "another"
    );
    desk.reply(
        is_note,
        Err(Fault::Invalid {
            field: "door_note".to_owned(),
            why: "A door note has at most 500 characters.".into(),
        }),
    );
    shows(&desk.screen(80, 24), &["A door note has at most 500 characters."]);
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Close the form?"]);
    desk.press("y");
    hides(&desk.screen(80, 24), &["Door note", "Close the form?"]);
    // Closed while it is under way: the message line tells.
    desk.press("Alt+N");
    desk.write("Mine.");
    desk.press("Enter");
    desk.press("Esc");
    desk.press("y");
    desk.reply(is_note, answer(NoteOutcome::Changed, nino(), None));
    shows(
        &desk.screen(80, 24),
        &["Not kept: the note on Niño Bautista was changed meanwhile."],
    );
    // Down, nothing is written at all.
    desk.lose_the_link();
    desk.press("Alt+N");
    shows(&desk.screen(80, 24), &["Writing a note needs the database"]);
}

#[test]
fn a_paste_ends_at_the_limit_and_a_scan_does_not_stay_in_the_form() {
    let mut desk = at_the_door();
    desk.find("niño", listed(None));
    desk.press("Alt+N");
    desk.send(Msg::Paste("ab\u{1b}[2Jcd\n".repeat(200)));
    shows(
        &desk.screen(80, 24),
        &["500 of 500", "the rest of the paste was left out"],
    );
    desk.press("Ctrl+U");
    desk.write("Mine.");
    let effects = desk.scan("R6K2F9TQ4M");
    assert!(
        matches!(writes(&effects)[..], [Call::CheckIn { .. }]),
        "{effects:?}"
    );
    shows(&desk.screen(80, 24), &["Mine."]);
    hides(&desk.screen(80, 24), &["Mine.R6"]);
}

/// The links and rosters of these tests.
trait AtTheDoor {
    fn roster_with(&mut self, note: DoorNote);
    fn lose_the_link(&mut self);
    fn back_online(&mut self) -> Vec<Effect>;
}

impl AtTheDoor for Desk {
    /// The roster comes, with a note on Niñalyn.
    fn roster_with(&mut self, note: DoorNote) {
        let mut roster = roster();
        roster.set_note(MemberId(12), Some(note));
        self.fire(pine_time::app::effect::Timer::Poll);
        self.reply(
            |call| matches!(call, Call::Roster(_)),
            Ok(Answer::Roster(std::sync::Arc::new(roster))),
        );
    }

    fn lose_the_link(&mut self) {
        self.fire(pine_time::app::effect::Timer::Heartbeat);
        self.fire(pine_time::app::effect::Timer::Poll);
        self.reply(|call| matches!(call, Call::Door(_)), Err(offline()));
    }

    fn back_online(&mut self) -> Vec<Effect> {
        self.fire(pine_time::app::effect::Timer::Heartbeat);
        self.reply(
            |call| matches!(call, Call::Community),
            Ok(Answer::Community(crate::fixtures::community())),
        )
    }
}
