//! The door's log: filter, take back, keep as a file.

use pine_time::app::effect::Effect;
use pine_time::app::msg::Msg;
use pine_time::domain::event::EventId;
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::passage::{Passage, UndoOutcome};
use pine_time::domain::{Answer, Call};

use crate::fixtures::{Desk, door_log, events, offline, undone};
use crate::{calls, hides, shows, writes};

fn is_log(call: &Call) -> bool {
    matches!(call, Call::DoorLog { .. })
}

fn with_log() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    let effects = desk.press("F12");
    assert!(matches!(
        calls(&effects)[..],
        [Call::DoorLog {
            event: EventId(6),
            before: None,
            ..
        }]
    ));
    desk.reply(is_log, Ok(Answer::DoorLog(door_log())));
    desk
}

#[test]
fn it_shows_every_attempt_and_filters_while_it_is_typed() {
    let mut desk = with_log();
    shows(
        &desk.screen(80, 24),
        &[
            "Log of the door",
            "1/5",
            "checked in",
            "taken back",
            "unknown code",
            "checked out",
            "door 2 · Mira Santos",
        ],
    );
    desk.press("Down");
    shows(&desk.screen(80, 24), &["2/5", "wrong person"]);
    let effects = desk.write("al");
    assert!(
        matches!(calls(&effects).last(), Some(Call::DoorLog { containing, .. }) if containing == "al"),
        "{effects:?}"
    );
    let mut nothing = door_log();
    nothing.rows.clear();
    nothing.total = 0;
    desk.reply(is_log, Ok(Answer::DoorLog(nothing)));
    shows(&desk.screen(80, 24), &["Nothing in the log matches."]);
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["Log of the door"]);
}

#[test]
fn more_is_asked_for_as_the_cursor_goes_down() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    desk.press("F12");
    let mut first = door_log();
    first.total = 7;
    desk.reply(is_log, Ok(Answer::DoorLog(first)));
    let effects = desk.press("Down");
    assert!(matches!(
        calls(&effects)[..],
        [Call::DoorLog { before: Some(5), .. }]
    ));
    let mut more = door_log();
    more.total = 7;
    more.rows.truncate(2);
    for row in &mut more.rows {
        row.id -= 6;
    }
    desk.reply(is_log, Ok(Answer::DoorLog(more)));
    for _ in 0..9 {
        desk.press("Down");
    }
    shows(&desk.screen(80, 24), &["7/7"]);
}

#[test]
fn what_another_door_did_is_taken_back_with_a_reason() {
    let mut desk = with_log();
    assert!(writes(&desk.press("Ctrl+Z")).is_empty(), "first the reason");
    let name = door_log().rows[0].member.clone().unwrap().full_name;
    shows(&desk.screen(80, 24), &[&format!("Why is {name} taken back?")]);
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(&desk.screen(80, 24), &["Type why; the reason is kept."]);
    shows(&desk.screen(80, 24), &["Enter takes back  Esc leaves it"]);
    // While it is typed, Ctrl+Z is the text's.
    desk.write("wrong person");
    assert!(writes(&desk.press("Ctrl+Z")).is_empty());
    hides(&desk.screen(80, 24), &["wrong person"]);
    desk.press("Ctrl+U");
    desk.write("wrong twin");
    // And no message covers it.
    shows(
        &desk.screen(80, 24),
        &["wrong twin", "Type why; the reason is kept."],
    );
    let effects = desk.press("Enter");
    assert!(
        matches!(
            writes(&effects)[..],
            [Call::Undo { event: EventId(6), member: MemberId(9), passage: Passage::In, reason: Some(why), .. }]
                if why == "wrong twin"
        ),
        "{effects:?}"
    );
    let effects = desk.reply(
        |call| matches!(call, Call::Undo { .. }),
        Ok(Answer::Undone(undone(UndoOutcome::Undone, Passage::In))),
    );
    assert!(
        calls(&effects).iter().any(|call| is_log(call)),
        "the log is read again"
    );
    shows(
        &desk.screen(80, 24),
        &["✓ Taken back: Niño Bautista, −15 points."],
    );
}

#[test]
fn a_reason_can_be_left_and_refusals_are_nothing_to_take_back() {
    let mut desk = with_log();
    desk.press("Ctrl+Z");
    desk.write("no");
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Log of the door"]);
    hides(&desk.screen(80, 24), &["Why is"]);
    for _ in 0..3 {
        desk.press("Down");
        assert!(writes(&desk.press("Ctrl+Z")).is_empty());
        shows(
            &desk.screen(80, 24),
            &["Only who was let through can be taken back."],
        );
    }
    // What this terminal did takes none.
    desk.press("Down");
    assert!(matches!(
        writes(&desk.press("Ctrl+Z"))[..],
        [Call::Undo {
            passage: Passage::Out,
            reason: None,
            ..
        }]
    ));
}

#[test]
fn the_rows_go_into_a_file_whose_path_is_said() {
    let mut desk = with_log();
    let effects = desk.press("Ctrl+S");
    assert!(matches!(calls(&effects)[..], [Call::DoorLog { before: None, most, .. }] if *most > 100_000));
    let mut log = door_log();
    log.rows[0].input = "=1+1".into();
    let effects = desk.reply(is_log, Ok(Answer::DoorLog(log)));
    let Some(Effect::Export { name, text }) = effects.first() else {
        panic!("{effects:?}");
    };
    assert_eq!(name, "pine-time-door-6.csv");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 6);
    assert!(lines[0].starts_with("id,at,outcome,passage,user_id"));
    assert!(
        lines[1].starts_with("9,2026-11-27T10:51:00.000Z,ok,in,9,user9,") && lines[1].contains("\"'=1+1\""),
        "{}",
        lines[1]
    );
    desk.send(Msg::Exported(Ok("/home/mira/pine-time-door-6.csv".into())));
    shows(
        &desk.screen(80, 24),
        &["✓ Written: /home/mira/pine-time-door-6.csv"],
    );
    desk.press("Ctrl+S");
    desk.reply(is_log, Err(offline()));
    shows(&desk.screen(80, 24), &["✕ Nothing is written."]);
}
