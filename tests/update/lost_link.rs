//! The door without a link, as the model sees it: queued, decided by the roster, settled, rehearsed.

use pine_time::app::effect::{Effect, Keep, Timer};
use pine_time::app::msg::Msg;
use pine_time::domain::admission::WalkedIn;
use pine_time::domain::check_in::{Outcome, Presented, Standing};
use pine_time::domain::kept::{Act, Kept, Unsettled};
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::passage::{Passage, UndoOutcome};
use pine_time::domain::{Answer, Call, Fault, Nonce};

use crate::fixtures::{Desk, candidate, candidates, checked_in, door, events, offline, roster, undone};
use crate::{calls, hides, shows, writes};

fn is_check_in(call: &Call) -> bool {
    matches!(call, Call::CheckIn { .. })
}

fn keeps(effects: &[Effect]) -> Vec<&Keep> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Keep(keep) => Some(keep),
            _ => None,
        })
        .collect()
}

fn at_the_door() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    desk
}

fn unsettled(number: u128) -> Unsettled {
    let kept = Kept {
        nonce: Nonce::from_u128(number),
        event: door().event_id,
        presented: Presented::Text("ana".to_owned()),
        act: Act::In,
        operator: "user:1".to_owned(),
        device: "door 2".into(),
        occurred_at: door().clock,
        decided: Some(Outcome::Ok),
    };
    kept.compare(&checked_in(Outcome::Already)).unwrap()
}

#[test]
fn the_roster_is_asked_for_once_kept_and_asked_again_when_figures_move() {
    let mut desk = at_the_door();
    desk.with_roster();
    let is_roster = |call: &Call| matches!(call, Call::Roster(_));
    desk.fire(pine_time::app::effect::Timer::Poll);
    assert!(desk.newest(is_roster).is_none(), "nothing has moved");
    let mut moved = door();
    moved.checked_in += 1;
    desk.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(moved)));
    desk.fire(pine_time::app::effect::Timer::Poll);
    assert!(
        desk.newest(is_roster).is_none()
            || desk.clock - roster().page().clock > chrono::TimeDelta::seconds(30)
    );
    desk.pass(31);
    desk.fire(pine_time::app::effect::Timer::Poll);
    assert!(desk.newest(is_roster).is_some());
    let effects = desk.reply(is_roster, Ok(Answer::Roster(std::sync::Arc::new(roster()))));
    assert!(matches!(keeps(&effects)[..], [Keep::Roster(_)]));
}

#[test]
fn what_is_typed_is_found_on_the_roster_at_once() {
    let mut desk = at_the_door();
    desk.with_roster();
    desk.write("reyes");
    shows(&desk.screen(80, 24), &["Ninotchka Reyes", "in at 18:41"]);
    // The database may know another Reyes: Enter waits for it, unless somebody is named exactly.
    assert!(writes(&desk.press("Enter")).is_empty());
    assert!(
        desk.newest(|call| matches!(call, Call::FindAtDoor { .. }))
            .is_some()
    );
    desk.press("Esc");
    desk.write("NINO_B");
    assert_eq!(writes(&desk.press("Enter")).len(), 1);
}

#[test]
fn whoever_is_named_exactly_is_marked_though_the_roster_found_somebody_else_first() {
    let mut desk = at_the_door();
    desk.with_roster();
    desk.write("nin");
    shows(&desk.screen(80, 24), &["▸ Niño Bautista"]);
    // Not registered, so not on the roster; the database has them on top.
    let nin = candidate(77, "Anaïs Nin", "nin", Standing::None);
    let mut found = vec![nin];
    found.extend(candidates());
    let answer = |desk: &mut Desk, found| {
        desk.fire(desk.timer(|timer| matches!(timer, Timer::Debounce(_))).unwrap());
        desk.reply(
            |call| matches!(call, Call::FindAtDoor { .. }),
            Ok(Answer::Candidates(found)),
        );
    };
    answer(&mut desk, found.clone());
    shows(&desk.screen(80, 24), &["▸ Anaïs Nin"]);
    // Who was chosen by hand stays chosen.
    let mut desk = at_the_door();
    desk.with_roster();
    desk.write("nin");
    desk.press("Down");
    shows(&desk.screen(80, 24), &["▸ Ninotchka Reyes"]);
    answer(&mut desk, found);
    shows(&desk.screen(80, 24), &["▸ Ninotchka Reyes"]);
}

#[test]
fn unanswered_it_is_decided_by_the_roster_and_told_back() {
    let mut desk = at_the_door();
    desk.with_roster().find("niño", candidates());
    desk.press("Enter");
    let effects = desk.queue(Some(offline()));
    assert_eq!(
        keeps(&effects),
        [&Keep::Decided {
            nonce: Nonce::from_u128(1),
            outcome: Some(Outcome::Ok)
        }]
    );
    let screen = desk.screen(80, 24);
    shows(
        &screen,
        &[
            "Niño Bautista",
            "Queued: let in by the roster of 18:40",
            "queued 1",
            "offline",
        ],
    );
    hides(&screen, &["not answered", "> niño"]);

    // The same person again, while the link is still down.
    desk.write("nino_b");
    desk.press("Enter");
    let effects = desk.queue(None);
    assert!(matches!(
        keeps(&effects)[..],
        [Keep::Decided {
            outcome: Some(Outcome::Already),
            ..
        }]
    ));
    shows(&desk.screen(80, 24), &["Queued: already in"]);

    // The link is back: both are answered, the card by the newer one.
    let first = desk.waiting.iter().find(|(_, call)| is_check_in(call)).unwrap().0;
    desk.reply_to(first, Ok(Answer::CheckedIn(checked_in(Outcome::Ok))));
    shows(&desk.screen(80, 24), &["Queued: already in"]);
    desk.reply(is_check_in, Ok(Answer::CheckedIn(checked_in(Outcome::Already))));
    desk.send(Msg::Holding {
        queued: 0,
        unsettled: Vec::new(),
    });
    shows(&desk.screen(80, 24), &["since 18:22"]);
    hides(&desk.screen(80, 24), &["queued", "Queued"]);
}

#[test]
fn what_is_queued_can_be_taken_back_and_brought_back() {
    let mut desk = at_the_door();
    desk.with_roster().find("niño", candidates());
    desk.press("Enter");
    desk.queue(Some(offline()));
    desk.quiet();
    shows(&desk.screen(80, 24), &["Ctrl+Z takes back"]);
    let first = desk.newest(is_check_in).unwrap();

    let effects = desk.press("Ctrl+Z");
    assert!(matches!(
        writes(&effects)[..],
        [Call::Undo {
            member: MemberId(10),
            passage: Passage::In,
            reason: None,
            ..
        }]
    ));
    let effects = desk.queue(None);
    assert!(matches!(
        keeps(&effects)[..],
        [Keep::Decided {
            outcome: Some(Outcome::Ok),
            ..
        }]
    ));
    shows(
        &desk.screen(80, 24),
        &[
            "Queued: Niño Bautista is taken back when the database is back.",
            "−15 points",
        ],
    );
    // The roster knows: they may come in again.
    desk.write("nino_b");
    shows(&desk.screen(80, 24), &["Niño Bautista", "registered"]);
    desk.press("Esc");
    assert_eq!(writes(&desk.press("Ctrl+Y")).len(), 1);
    let effects = desk.queue(None);
    assert!(matches!(
        keeps(&effects)[..],
        [Keep::Decided {
            outcome: Some(Outcome::Ok),
            ..
        }]
    ));

    // The link is back. All three are answered, and there is one to take back, not two.
    desk.reply_to(first.0, Ok(Answer::CheckedIn(checked_in(Outcome::Ok))));
    desk.reply(
        |call| matches!(call, Call::Undo { .. }),
        Ok(Answer::Undone(undone(UndoOutcome::Undone, Passage::In))),
    );
    desk.reply(is_check_in, Ok(Answer::CheckedIn(checked_in(Outcome::Ok))));
    desk.quiet();
    shows(&desk.screen(80, 24), &["+15 points", "Ctrl+Z takes back"]);
    desk.press("Ctrl+Z");
    desk.reply(
        |call| matches!(call, Call::Undo { .. }),
        Ok(Answer::Undone(undone(UndoOutcome::Undone, Passage::In))),
    );
    assert!(writes(&desk.press("Ctrl+Z")).is_empty());
    shows(&desk.screen(80, 24), &["Nobody was let through here"]);
}

#[test]
fn what_was_answered_live_the_roster_knows_when_the_link_goes() {
    let mut desk = at_the_door();
    desk.with_roster();
    desk.write("nino_b");
    desk.press("Enter");
    desk.reply(is_check_in, Ok(Answer::CheckedIn(checked_in(Outcome::Ok))));
    // Let in a moment ago, and here once more: the roster is of before.
    desk.write("nino_b");
    shows(&desk.screen(80, 24), &["in at 18:52, door 2"]);
    desk.press("Enter");
    let effects = desk.queue(Some(offline()));
    assert!(matches!(
        keeps(&effects)[..],
        [Keep::Decided {
            outcome: Some(Outcome::Already),
            ..
        }]
    ));
    // Nor does a roster that was taken before and comes now take it back.
    let mut desk = at_the_door();
    desk.with_roster();
    desk.write("nino_b");
    desk.press("Enter");
    desk.reply(is_check_in, Ok(Answer::CheckedIn(checked_in(Outcome::Ok))));
    desk.pass(31);
    let mut moved = door();
    moved.checked_in += 1;
    desk.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(moved)));
    desk.with_roster();
    desk.write("nino_b");
    shows(&desk.screen(80, 24), &["in at 18:52, door 2"]);
    desk.press("Esc");
    desk.press("Ctrl+Z");
    desk.reply(
        |call| matches!(call, Call::Undo { .. }),
        Ok(Answer::Undone(undone(UndoOutcome::Undone, Passage::In))),
    );
    desk.write("nino_b");
    shows(&desk.screen(80, 24), &["Niño Bautista", "registered"]);
}

#[test]
fn people_go_out_by_the_roster_too() {
    let mut desk = at_the_door();
    desk.with_roster();
    desk.fire(pine_time::app::effect::Timer::Poll);
    let both_ways = pine_time::domain::check_in::Door {
        has_check_out: true,
        ..door()
    };
    desk.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(both_ways)));
    desk.find("ninar", candidates()[1..2].to_vec());
    desk.press("F4");
    let effects = desk.queue(Some(offline()));
    assert!(matches!(
        keeps(&effects)[..],
        [Keep::Decided {
            outcome: Some(Outcome::Ok),
            ..
        }]
    ));
    shows(
        &desk.screen(80, 24),
        &["Ninotchka Reyes", "Queued: let out by the roster of 18:40"],
    );
    desk.write("ninar");
    shows(&desk.screen(80, 24), &["out since 18:52"]);
    desk.press("F4");
    let effects = desk.queue(None);
    assert!(matches!(
        keeps(&effects)[..],
        [Keep::Decided {
            outcome: Some(Outcome::NotIn),
            ..
        }]
    ));
    shows(
        &desk.screen(80, 24),
        &["Queued: not inside, says the roster of 18:40."],
    );
}

#[test]
fn what_the_till_did_is_not_taken_back_without_the_database() {
    let mut desk = at_the_door();
    desk.find("tony", vec![candidates()[3].clone()]);
    desk.press("F2");
    desk.press("Ctrl+S");
    desk.reply(
        |call| matches!(call, Call::WalkIn { .. }),
        Ok(Answer::WalkedIn(WalkedIn::Attempted {
            checked_in: checked_in(Outcome::Ok),
        })),
    );
    desk.press("F5");
    desk.reply(|call| matches!(call, Call::Door(_)), Err(offline()));
    assert!(writes(&desk.press("Ctrl+Z")).is_empty());
    shows(
        &desk.screen(80, 24),
        &["Taking a payment or an admission back needs the database"],
    );
}

#[test]
fn careful_without_a_link_looks_on_the_roster() {
    let mut desk = at_the_door();
    desk.with_roster();
    desk.press("F5");
    desk.reply(|call| matches!(call, Call::Door(_)), Err(offline()));
    shows(&desk.screen(80, 24), &["offline"]);
    desk.press("Ctrl+R");
    desk.write("nino_b");
    assert!(
        writes(&desk.press("Enter")).is_empty(),
        "the first Enter only looks"
    );
    shows(
        &desk.screen(80, 24),
        &["Niño Bautista", "Would be checked in. Enter lets in."],
    );
    assert_eq!(writes(&desk.press("Enter")).len(), 1);
    // A rule that refuses: the roster knows which, and no key promises more.
    desk.press("Esc");
    desk.write("manalo");
    desk.press("Enter");
    let screen = desk.screen(80, 24);
    shows(&screen, &["Would be refused: registration cancelled."]);
    hides(&screen, &["F8 says why"]);
}

#[test]
fn careful_asks_the_roster_when_the_link_goes_while_it_looks() {
    let mut desk = at_the_door();
    desk.with_roster();
    desk.press("Ctrl+R");
    desk.find("niño", candidates());
    desk.press("Enter");
    desk.reply(|call| matches!(call, Call::Evaluate { .. }), Err(offline()));
    shows(&desk.screen(80, 24), &["Would be checked in. Enter lets in."]);
    assert_eq!(writes(&desk.press("Enter")).len(), 1);
}

#[test]
fn careful_without_a_link_and_a_roster_lets_the_door_decide() {
    let mut desk = at_the_door();
    desk.press("F5");
    desk.reply(|call| matches!(call, Call::Door(_)), Err(offline()));
    desk.press("Ctrl+R");
    let last = pine_time::domain::pass_code::check_character("R6K2F9TQ4").unwrap();
    desk.write(&format!("R6K2F-9TQ4{last}"));
    assert_eq!(writes(&desk.press("Enter")).len(), 1);
}

#[test]
fn what_needs_the_database_says_so_and_asks_nothing() {
    let mut desk = at_the_door();
    desk.press("F5");
    desk.reply(|call| matches!(call, Call::Door(_)), Err(offline()));
    desk.write("nino");
    for (key, what) in [
        ("F8", "Asking why"),
        ("F12", "The log"),
        ("Ctrl+F", "Looking for similar"),
    ] {
        assert!(calls(&desk.press(key)).is_empty(), "{key}");
        shows(&desk.screen(80, 24), &[what, "needs the database"]);
    }
}

#[test]
fn a_key_waits_for_the_search_no_longer_than_for_an_answer() {
    let overdue = |desk: &mut Desk| {
        let timer = desk.timer(|timer| matches!(timer, Timer::Overdue(_))).unwrap();
        desk.fire(timer)
    };
    let mut desk = at_the_door();
    desk.with_roster();
    // The database says nothing, not even that it is gone.
    desk.write("bautista");
    assert!(writes(&desk.press("Enter")).is_empty(), "it may know another");
    assert!(matches!(
        writes(&overdue(&mut desk))[..],
        [Call::CheckIn {
            presented: Presented::Member { id: MemberId(10), .. },
            ..
        }]
    ));
    desk.queue(None);
    shows(&desk.screen(80, 24), &["Queued: let in by the roster"]);
    // From now on nobody waits for it; of several, one has to be chosen.
    desk.write("manalo");
    assert_eq!(writes(&desk.press("Enter")).len(), 1);
    desk.queue(None);
    // A name that is not on the roster is tried as a code.
    desk.write("zzz");
    let effects = desk.press("Enter");
    assert!(
        matches!(writes(&effects)[..], [Call::CheckIn { presented: Presented::Text(text), .. }] if text == "zzz"),
        "{effects:?}"
    );
    desk.queue(None);
    // It answers again: a key waits for it again.
    desk.press("Esc");
    desk.find("bautista", candidates()[..1].to_vec());
    desk.press("Esc");
    desk.write("reyes");
    assert!(writes(&desk.press("Enter")).is_empty());

    let mut desk = at_the_door();
    desk.with_roster();
    desk.write("ni");
    desk.press("Enter");
    assert!(writes(&overdue(&mut desk)).is_empty());
    shows(&desk.screen(80, 24), &["people match. Choose one, then Enter."]);
    assert_eq!(writes(&desk.press("Enter")).len(), 1, "chosen");
    // Whoever types on is looked for anew, and the old key is forgotten.
    let mut desk = at_the_door();
    desk.with_roster();
    desk.write("baut");
    desk.press("Enter");
    desk.write("i");
    assert!(writes(&overdue(&mut desk)).is_empty());
}

#[test]
fn without_a_roster_the_door_decides_and_nothing_is_claimed() {
    let mut desk = at_the_door();
    desk.find("niño", candidates());
    desk.press("Enter");
    let effects = desk.queue(Some(Fault::Slow));
    assert!(matches!(
        keeps(&effects)[..],
        [Keep::Decided { outcome: None, .. }]
    ));
    shows(&desk.screen(80, 24), &["Queued without a roster: you decide."]);
}

#[test]
fn a_session_that_ended_queues_and_locks_and_loses_nothing() {
    let mut desk = at_the_door();
    desk.with_roster().find("niño", candidates());
    desk.press("Enter");
    desk.queue(Some(Fault::NotSignedIn));
    shows(&desk.screen(80, 24), &["Password"]);
    assert_eq!(
        desk.model.unanswered(),
        0,
        "it is kept: nobody has to wait for it"
    );
}

#[test]
fn what_is_to_be_settled_is_listed_and_taken_off_one_by_one() {
    let mut desk = at_the_door();
    desk.press("F10");
    shows(&desk.screen(80, 24), &["There is nothing to settle."]);
    desk.send(Msg::Holding {
        queued: 0,
        unsettled: vec![unsettled(7), unsettled(8)],
    });
    shows(&desk.screen(80, 24), &["2 to settle"]);
    desk.press("F10");
    shows(
        &desk.screen(80, 24),
        &[
            "To be settled",
            "Let in at the door; in the database: already in.",
        ],
    );
    // A scanner's Enter settles nothing.
    assert!(keeps(&desk.press("Enter")).is_empty());
    desk.press("Down");
    let effects = desk.press("s");
    assert!(matches!(keeps(&effects)[..], [Keep::Settled { nonce, .. }] if *nonce == Nonce::from_u128(8)));
    let effects = desk.press("s");
    assert!(matches!(keeps(&effects)[..], [Keep::Settled { nonce, .. }] if *nonce == Nonce::from_u128(7)));
    hides(&desk.screen(80, 24), &["To be settled", "! 1 to settle"]);
}

#[test]
fn locking_touches_no_roster_and_signing_out_removes_it() {
    let mut desk = at_the_door();
    desk.with_roster();
    assert!(keeps(&desk.press("Ctrl+L")).is_empty());
    assert_eq!(keeps(&desk.press("Ctrl+O")), [&Keep::NoRoster]);
}

#[test]
fn a_rehearsal_decides_on_the_roster_and_sends_nothing() {
    let mut desk = at_the_door();
    desk.with_roster();
    desk.press("F9");
    shows(&desk.screen(80, 24), &["REHEARSAL"]);
    for (name, told) in [
        ("nino_b", "+15 points"),
        ("nino_b", "since "),
        ("manalo", "cancelled"),
        ("zzz", "Nobody"),
    ] {
        desk.write(name);
        assert!(
            calls(&desk.press("Enter"))
                .iter()
                .all(|call| call.nonce().is_none()),
            "{name}"
        );
        shows(&desk.screen(80, 24), &[told, "REHEARSAL"]);
        desk.press("Esc");
    }
    for key in ["Ctrl+Z", "Ctrl+Y"] {
        assert!(writes(&desk.press(key)).is_empty(), "{key}");
    }
    desk.press("Alt+1");
    shows(&desk.screen(80, 24), &["REHEARSAL"]);
    assert!(writes(&desk.press("r")).is_empty());
    shows(&desk.screen(80, 24), &["rehears"]);
    desk.press("3");
    desk.press("F9");
    hides(&desk.screen(80, 24), &[" REHEARSAL "]);
    desk.find("niño", candidates());
    shows(&desk.screen(80, 24), &["registered"]);
    assert_eq!(writes(&desk.press("Enter")).len(), 1, "the real thing again");
}
