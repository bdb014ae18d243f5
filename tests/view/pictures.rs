//! The pictures.

use insta::assert_snapshot;
use pine_time::app::effect::Timer;
use pine_time::app::msg::Msg;
use pine_time::domain::admission::WalkedIn;
use pine_time::domain::check_in::{CheckedIn, Outcome, Presented, Standing};
use pine_time::domain::event::EventId;
use pine_time::domain::kept::{Act, Kept};
use pine_time::domain::member::UserType;
use pine_time::domain::money::Money;
use pine_time::domain::passage::{Passage, UndoOutcome};
use pine_time::domain::points::{Ledger, Profile};
use pine_time::domain::{Answer, Call, Fault, Nonce};

use crate::fixtures::{
    Desk, candidate, candidates, checked_in, door, door_events, events, ledger, offline, page, profile,
    types, undone,
};

fn is_events(call: &Call) -> bool {
    matches!(call, Call::Events { .. })
}

fn is_event(call: &Call) -> bool {
    matches!(call, Call::Event(_))
}

fn is_ledger(call: &Call) -> bool {
    matches!(call, Call::Ledger { .. })
}

/// Lets everything that is waited for become slow.
pub(crate) fn slow(desk: &mut Desk) {
    while let Some(timer) = desk.timer(|timer| matches!(timer, Timer::Spinner(_))) {
        desk.fire(timer);
    }
}

const STAFF: UserType = UserType::Staff;
const MEMBER: UserType = UserType::Regular;

#[test]
fn sign_in() {
    let mut desk = Desk::sized(80, 24);
    assert_snapshot!("sign_in_opening", desk.screen(80, 24));
    desk.open();
    desk.write("ana");
    desk.press("Enter");
    desk.write("pinetime");
    assert_snapshot!("sign_in_typed", desk.screen(80, 24));
    desk.press("Enter");
    slow(&mut desk);
    assert_snapshot!("sign_in_slow", desk.screen(80, 24));
    desk.reply(
        |call| matches!(call, Call::SignIn { .. }),
        Ok(Answer::SignIn(None)),
    );
    assert_snapshot!("sign_in_no_match", desk.screen(80, 24));
    let mut desk = Desk::sized(120, 40);
    let why = "The data directory /var/lib/pine-time/pg was made by PostgreSQL 16; the server programs here are of \
               version 17. Install postgresql-16, or start with an empty data directory.";
    desk.send(Msg::Opened(Err(why.into())));
    assert_snapshot!("sign_in_failed_wide", desk.screen(120, 40));
    let mut desk = Desk::sized(60, 16);
    desk.open();
    assert_snapshot!("sign_in_low", desk.screen(60, 16));
}

#[test]
fn calendar_month() {
    let mut desk = Desk::signed_in(MEMBER, 80, 24);
    assert_snapshot!("month_loading", desk.screen(80, 24));
    slow(&mut desk);
    assert_snapshot!("month_slow", desk.screen(80, 24));
    desk.reply(is_events, Err(Fault::Busy));
    assert_snapshot!("month_failed", desk.screen(80, 24));
    desk.press("F5");
    desk.with_events(events());
    assert_snapshot!("month_full", desk.screen(80, 24));
    desk.press("Tab");
    desk.press("Down");
    desk.press("r");
    assert_snapshot!("month_list_refused", desk.screen(80, 24));
    desk.fire(Timer::Poll);
    desk.reply(is_events, Err(offline()));
    assert_snapshot!("month_offline", desk.screen(80, 24));
    let mut desk = Desk::signed_in(MEMBER, 80, 24);
    desk.with_events(Vec::new());
    assert_snapshot!("month_empty", desk.screen(80, 24));
}

#[test]
fn calendar_wide() {
    let mut desk = Desk::signed_in(STAFF, 120, 40);
    desk.with_events(events());
    desk.with_page(page(events()[5].clone()));
    assert_snapshot!("month_wide", desk.screen(120, 40));
    desk.press("v");
    desk.press("v");
    assert_snapshot!("agenda_wide", desk.screen(120, 40));
}

#[test]
fn calendar_agenda() {
    let mut desk = Desk::signed_in(MEMBER, 80, 24);
    desk.with_events(events());
    desk.press("v");
    desk.press("v");
    assert_snapshot!("agenda_full", desk.screen(80, 24));
    desk.press("/");
    desk.write("night");
    assert_snapshot!("agenda_filter", desk.screen(80, 24));
    desk.write("zz");
    assert_snapshot!("agenda_nothing_matches", desk.screen(80, 24));
}

#[test]
fn event_page() {
    let mut desk = Desk::signed_in(MEMBER, 80, 24);
    desk.with_events(events());
    desk.press("Right");
    desk.press("Enter");
    slow(&mut desk);
    assert_snapshot!("event_slow", desk.screen(80, 24));
    desk.with_page(page(events()[7].clone()));
    assert_snapshot!("event_free", desk.screen(80, 24));
    let mut desk = Desk::signed_in(MEMBER, 80, 24);
    desk.with_events(events());
    desk.press("Right");
    desk.press("Enter");
    desk.reply(
        is_event,
        Err(Fault::NotFound("This event does not exist any more.".into())),
    );
    assert_snapshot!("event_gone", desk.screen(80, 24));
}

#[test]
fn form() {
    let mut desk = Desk::signed_in(STAFF, 80, 24);
    desk.with_events(events());
    desk.press("n");
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(types())),
    );
    assert_snapshot!("form_new", desk.screen(80, 24));
    desk.press("Ctrl+S");
    assert_snapshot!("form_wrong", desk.screen(80, 24));
    desk.press("Esc");
    desk.press("e");
    desk.reply(is_event, Ok(Answer::Event(page(events()[5].clone()))));
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(types())),
    );
    desk.press("Shift+Tab");
    assert_snapshot!("form_edit", desk.screen(80, 24));
    desk.write("!");
    desk.press("Esc");
    assert_snapshot!("form_close", desk.screen(80, 24));
}

#[test]
fn check_in() {
    let mut desk = Desk::signed_in(STAFF, 80, 24);
    desk.press("3");
    slow(&mut desk);
    assert_snapshot!("door_slow", desk.screen(80, 24));
    desk.reply(is_events, Ok(Answer::Events(Vec::new())));
    assert_snapshot!("door_no_event", desk.screen(80, 24));
    let mut desk = Desk::signed_in(STAFF, 80, 24);
    desk.at_the_door();
    assert_snapshot!("door_ready", desk.screen(80, 24));
    desk.find("niño", candidates());
    assert_snapshot!("door_found", desk.screen(80, 24));
    desk.press("Enter");
    slow(&mut desk);
    assert_snapshot!("door_checking", desk.screen(80, 24));
    let (request, _) = desk.newest(|call| matches!(call, Call::CheckIn { .. })).unwrap();
    desk.send(Msg::Retrying {
        request,
        tries: 3,
        fault: offline(),
    });
    assert_snapshot!("door_offline", desk.screen(80, 24));
    desk.reply_to(request, Err(offline()));
    assert_snapshot!("door_failed", desk.screen(80, 24));
    desk.press("F6");
    assert_snapshot!("door_picker", desk.screen(80, 24));
}

#[test]
fn lost_link() {
    let mut desk = Desk::signed_in(STAFF, 80, 24);
    desk.with_events(events());
    desk.at_the_door().with_roster().find("niño", candidates());
    desk.press("Enter");
    desk.queue(Some(offline()));
    assert_snapshot!("door_queued", desk.screen(80, 24));
    let kept = Kept {
        nonce: Nonce::from_u128(9),
        event: EventId(6),
        presented: Presented::Text("ninar".to_owned()),
        act: Act::In,
        operator: "user:1".to_owned(),
        device: "door 2".into(),
        occurred_at: desk.clock,
        decided: Some(Outcome::Ok),
    };
    let already = kept.compare(&checked_in(Outcome::Already)).unwrap();
    let refused = kept.refused(&Fault::Conflict("The event does not exist.".into()));
    desk.send(Msg::Holding {
        queued: 0,
        unsettled: vec![already, refused],
    });
    desk.press("F10");
    assert_snapshot!("door_settle", desk.screen(80, 24));
    desk.press("Esc");
    desk.press("F9");
    desk.write("manalo");
    desk.press("Enter");
    assert_snapshot!("door_rehearsal", desk.screen(80, 24));
    desk.send(Msg::Resize {
        width: 38,
        height: 10,
    });
    assert_snapshot!("door_rehearsal_small", desk.screen(38, 10));
}

#[test]
fn what_a_check_in_earned() {
    for (size, name) in [((80, 24), "80"), ((120, 40), "120")] {
        let mut desk = Desk::signed_in(STAFF, size.0, size.1);
        desk.at_the_door();
        desk.find("niño", candidates());
        desk.press("Enter");
        desk.reply(
            |call| matches!(call, Call::CheckIn { .. }),
            Ok(Answer::CheckedIn(CheckedIn {
                earned: crate::game_fixtures::earned(),
                ..checked_in(Outcome::Ok)
            })),
        );
        assert_snapshot!(format!("door_earned_{name}"), desk.screen(size.0, size.1));
    }
}

#[test]
fn check_in_outcomes() {
    for outcome in Outcome::ALL {
        let mut desk = Desk::signed_in(STAFF, 80, 24);
        desk.at_the_door();
        desk.find("niño", candidates());
        desk.press("Enter");
        desk.reply(
            |call| matches!(call, Call::CheckIn { .. }),
            Ok(Answer::CheckedIn(checked_in(outcome))),
        );
        assert_snapshot!(format!("door_{outcome:?}"), desk.screen(80, 24));
        if outcome == Outcome::Ok {
            desk.send(Msg::Resize { width: 36, height: 9 });
            assert_snapshot!("door_compact", desk.screen(36, 9));
            desk.send(Msg::Resize { width: 24, height: 5 });
            assert_snapshot!("door_tiny", desk.screen(24, 5));
            desk.send(Msg::Resize {
                width: 60,
                height: 16,
            });
            assert_snapshot!("door_low", desk.screen(60, 16));
            desk.send(Msg::Resize {
                width: 120,
                height: 40,
            });
            assert_snapshot!("door_wide", desk.screen(120, 40));
        }
    }
    let back = undone(UndoOutcome::Undone, Passage::In);
    let mut desk = Desk::signed_in(STAFF, 80, 24);
    desk.at_the_door();
    desk.find("niño", candidates());
    desk.press("Enter");
    desk.reply(
        |call| matches!(call, Call::CheckIn { .. }),
        Ok(Answer::CheckedIn(checked_in(Outcome::Ok))),
    );
    desk.press("Ctrl+Z");
    desk.reply(|call| matches!(call, Call::Undo { .. }), Ok(Answer::Undone(back)));
    assert_snapshot!("door_undone", desk.screen(80, 24));
    let mut desk = Desk::signed_in(STAFF, 80, 24);
    desk.press("3");
    desk.reply(is_events, Ok(Answer::Events(door_events())));
    let fresh = pine_time::domain::check_in::Door {
        attempts: Vec::new(),
        ..door()
    };
    desk.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(fresh)));
    assert_snapshot!("door_empty", desk.screen(80, 24));
}

#[test]
fn till() {
    let is_walk_in = |call: &Call| matches!(call, Call::WalkIn { .. });
    let priced = || pine_time::domain::check_in::Door {
        price: Money::from_hundredths(25_000),
        registered: 60,
        ..door()
    };
    let mut desk = Desk::signed_in(STAFF, 80, 24);
    desk.at_the_door();
    desk.fire(Timer::Poll);
    desk.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(priced())));
    desk.find("Zoë Quirino", Vec::new());
    desk.press("F2");
    assert_snapshot!("till_walk_in", desk.screen(80, 24));
    desk.write("zoe@example.org");
    desk.press("Enter");
    desk.press("Enter");
    desk.write("500");
    assert_snapshot!("till_change", desk.screen(80, 24));
    desk.press("Ctrl+S");
    assert_snapshot!("till_reason_missing", desk.screen(80, 24));
    desk.write("Brought the prize");
    desk.press("Enter");
    slow(&mut desk);
    assert_snapshot!("till_sending", desk.screen(80, 24));
    desk.reply(
        is_walk_in,
        Ok(Answer::WalkedIn(WalkedIn::EmailTaken {
            member: checked_in(Outcome::Ok).member.unwrap(),
        })),
    );
    assert_snapshot!("till_email_taken", desk.screen(80, 24));
    let mut desk = Desk::signed_in(STAFF, 120, 40);
    desk.at_the_door();
    desk.find(
        "niño",
        vec![candidate(12, "Niñalyn Cruz", "nina.c", Standing::Unpaid)],
    );
    assert_snapshot!("door_unpaid_row_wide", desk.screen(120, 40));
    desk.press("F3");
    assert_snapshot!("till_pay_wide", desk.screen(120, 40));
    let mut desk = Desk::signed_in(STAFF, 80, 24);
    desk.at_the_door();
    desk.find("niño", candidates()[2..3].to_vec());
    desk.press("F7");
    assert_snapshot!("till_admit", desk.screen(80, 24));
    desk.send(Msg::Resize { width: 36, height: 9 });
    assert_snapshot!("till_admit_compact", desk.screen(36, 9));
}

#[test]
fn my_profile() {
    let mut desk = Desk::signed_in(MEMBER, 80, 24);
    desk.press("4");
    slow(&mut desk);
    assert_snapshot!("profile_slow", desk.screen(80, 24));
    desk.reply(
        |call| matches!(call, Call::Profile),
        Ok(Answer::Profile(profile())),
    );
    desk.reply(is_ledger, Ok(Answer::Ledger(ledger(88, 0, 100))));
    assert_snapshot!("profile_full", desk.screen(80, 24));
    let mut desk = Desk::signed_in(MEMBER, 120, 40);
    desk.press("4");
    let new = Profile {
        earned: 0,
        spendable: 0,
        attended: 0,
        rank: None,
        ..profile()
    };
    desk.reply(|call| matches!(call, Call::Profile), Ok(Answer::Profile(new)));
    desk.reply(
        is_ledger,
        Ok(Answer::Ledger(Ledger {
            rows: Vec::new(),
            total: 0,
        })),
    );
    assert_snapshot!("profile_empty_wide", desk.screen(120, 40));
}

#[test]
fn overlays() {
    let mut desk = Desk::signed_in(STAFF, 80, 24);
    desk.with_events(events());
    desk.press("?");
    assert_snapshot!("help", desk.screen(80, 24));
    desk.press("Esc");
    desk.press("Ctrl+P");
    desk.write("re");
    assert_snapshot!("palette", desk.screen(80, 24));
    desk.press("Esc");
    desk.press("Ctrl+L");
    desk.write("wrong");
    desk.press("Enter");
    desk.reply(
        |call| matches!(call, Call::SignIn { .. }),
        Ok(Answer::SignIn(None)),
    );
    assert_snapshot!("locked", desk.screen(80, 24));
    let mut desk = Desk::signed_in(STAFF, 80, 24);
    desk.reply(is_events, Err(Fault::NotSignedIn));
    assert_snapshot!("session_ended", desk.screen(80, 24));
    let mut desk = Desk::signed_in(MEMBER, 80, 24);
    let mut full = events();
    full[7].my_status = Some(pine_time::domain::event::RegistrationStatus::Registered);
    full[7].registered = 20;
    desk.with_events(full);
    desk.press("Right");
    desk.press("x");
    assert_snapshot!("confirm", desk.screen(80, 24));
}

#[test]
fn too_small() {
    for (width, height) in [(59, 24), (80, 15), (19, 4), (1, 1)] {
        let mut desk = Desk::signed_in(MEMBER, width, height);
        desk.with_events(events());
        assert_snapshot!(format!("too_small_{width}x{height}"), desk.screen(width, height));
    }
}
