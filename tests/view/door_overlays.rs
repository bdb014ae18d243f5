//! What lies over the door: its log and the rules' answers; and what a door says that has no link.

use insta::assert_snapshot;
use pine_time::domain::check_in::{Door, Outcome};
use pine_time::domain::member::UserType;
use pine_time::domain::passage::DoorLog;
use pine_time::domain::{Answer, Call};

use crate::fixtures::{Desk, candidates, door, door_log, evaluation, offline};

fn is_log(call: &Call) -> bool {
    matches!(call, Call::DoorLog { .. })
}

#[test]
fn the_log_of_the_door() {
    for (size, name) in [((80, 24), "log"), ((120, 40), "log_wide")] {
        let mut desk = Desk::signed_in(UserType::Staff, size.0, size.1);
        desk.at_the_door();
        desk.press("F12");
        if size.0 == 80 {
            let none = DoorLog {
                rows: Vec::new(),
                total: 0,
                ..door_log()
            };
            let (request, _) = desk.newest(is_log).unwrap();
            desk.fire(pine_time::app::effect::Timer::Spinner(request));
            assert_snapshot!("log_loading", desk.screen(size.0, size.1));
            desk.reply(is_log, Ok(Answer::DoorLog(none)));
            assert_snapshot!("log_empty", desk.screen(size.0, size.1));
            desk.press("F12");
            desk.press("F12");
        }
        desk.reply(is_log, Ok(Answer::DoorLog(door_log())));
        desk.press("Down");
        assert_snapshot!(name, desk.screen(size.0, size.1));
    }
}

#[test]
fn the_log_in_a_window_of_a_few_lines() {
    let mut desk = Desk::with(|setup| setup.size = (38, 11));
    desk.open();
    desk.sign_in(UserType::Staff);
    desk.at_the_door();
    desk.press("F12");
    desk.reply(is_log, Ok(Answer::DoorLog(door_log())));
    assert_snapshot!("log_compact", desk.screen(38, 11));
}

#[test]
fn a_reason_for_taking_back() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.at_the_door();
    desk.press("F12");
    desk.reply(is_log, Ok(Answer::DoorLog(door_log())));
    desk.press("Ctrl+Z");
    desk.press("Enter");
    desk.write("Was her sister");
    assert_snapshot!("log_reason", desk.screen(80, 24));
}

#[test]
fn a_log_that_cannot_be_read() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.at_the_door();
    desk.press("F12");
    desk.reply(is_log, Err(offline()));
    assert_snapshot!("log_failed", desk.screen(80, 24));
}

#[test]
fn every_rule_with_its_answer() {
    for (size, name) in [((80, 24), "why"), ((120, 40), "why_wide")] {
        let mut desk = Desk::signed_in(UserType::Staff, size.0, size.1);
        desk.at_the_door();
        desk.find("niño", candidates());
        desk.press("F8");
        desk.reply(
            |call| matches!(call, Call::Evaluate { .. }),
            Ok(Answer::Evaluated(Box::new(evaluation(Outcome::Already)))),
        );
        assert_snapshot!(name, desk.screen(size.0, size.1));
    }
}

#[test]
fn out_without_a_link_and_taken_back_again() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.at_the_door();
    desk.with_roster();
    let both_ways = Door {
        has_check_out: true,
        ..door()
    };
    desk.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(both_ways)));
    desk.find("ninar", candidates()[1..2].to_vec());
    desk.press("F4");
    desk.queue(Some(offline()));
    assert_snapshot!("out_queued", desk.screen(80, 24));
    desk.press("Ctrl+Z");
    desk.queue(None);
    assert_snapshot!("out_queued_undone", desk.screen(80, 24));
}
