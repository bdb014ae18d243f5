//! The kiosk: its start in every state, cards, the countdown, the attendant's menu.

use insta::assert_snapshot;
use pine_time::app::effect::Timer;
use pine_time::app::msg::Msg;
use pine_time::domain::check_in::Outcome;
use pine_time::domain::kiosk::{AttendedAlone, KioskAnswer, KioskCall, KioskPage};
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, events, offline};
use crate::kiosk_fixtures::{attended, is_page, is_scan, kiosk, kiosk_page, kiosk_unanswered, pass, scanned};

fn page(desk: &mut Desk, page: KioskPage) {
    desk.pass(10);
    desk.fire(Timer::Notices);
    desk.reply(is_page, Ok(Answer::Kiosk(KioskAnswer::Page(page))));
}

fn told(desk: &mut Desk, outcome: Outcome) {
    desk.scan(&pass());
    desk.reply(
        is_scan,
        Ok(Answer::Kiosk(KioskAnswer::Scanned(Box::new(scanned(outcome))))),
    );
}

#[test]
fn the_start() {
    for (width, height) in [(80, 24), (120, 40), (60, 16)] {
        let mut desk = kiosk(width, height);
        assert_snapshot!(format!("kiosk_start_{width}"), desk.screen(width, height));
        desk.write("qrxyn");
        assert_snapshot!(format!("kiosk_start_{width}_typed"), desk.screen(width, height));
        desk.press("Enter");
        assert_snapshot!(format!("kiosk_start_{width}_wrong"), desk.screen(width, height));
    }
    let mut desk = kiosk(80, 24);
    page(
        &mut desk,
        KioskPage {
            event_id: Some(kiosk_page().events[1].id),
            ..kiosk_page()
        },
    );
    assert_snapshot!("kiosk_start_80_chosen", desk.screen(80, 24));
    let mut many = kiosk_page();
    let last = many.events[4].clone();
    for day in 0..12 {
        let mut event = last.clone();
        event.start_time += chrono::TimeDelta::hours(2 * day);
        event.end_time += chrono::TimeDelta::hours(2 * day);
        event.title = "A long evening of board games with an even longer name, in two parts".into();
        many.events.push(event);
    }
    page(&mut desk, many);
    assert_snapshot!("kiosk_start_80_full", desk.screen(80, 24));
    page(
        &mut desk,
        KioskPage {
            events: Vec::new(),
            ..kiosk_page()
        },
    );
    assert_snapshot!("kiosk_start_80_empty", desk.screen(80, 24));
}

#[test]
fn the_start_before_and_without_an_answer() {
    let mut desk = kiosk_unanswered(80, 24);
    desk.send(Msg::Opening("Starting the private PostgreSQL".into()));
    assert_snapshot!("kiosk_opening", desk.screen(80, 24));
    desk.open();
    crate::pictures::slow(&mut desk);
    assert_snapshot!("kiosk_loading", desk.screen(80, 24));
    desk.reply(is_page, Err(Fault::NotSignedIn));
    assert_snapshot!("kiosk_not_enrolled", desk.screen(80, 24));
    let mut desk = kiosk(80, 24);
    desk.pass(10);
    desk.fire(Timer::Notices);
    desk.reply(is_page, Err(offline()));
    assert_snapshot!("kiosk_offline", desk.screen(80, 24));
    desk.scan(&pass());
    assert_snapshot!("kiosk_offline_scan", desk.screen(80, 24));
    let desk = kiosk(50, 12);
    assert_snapshot!("kiosk_too_small", desk.screen(50, 12));
}

#[test]
fn cards() {
    for outcome in [
        Outcome::Ok,
        Outcome::Already,
        Outcome::NotRegistered,
        Outcome::UnknownCode,
        Outcome::TooEarly,
    ] {
        let mut desk = kiosk(80, 24);
        told(&mut desk, outcome);
        let name = format!("kiosk_card_80_{outcome:?}").to_lowercase();
        assert_snapshot!(name, desk.screen(80, 24));
    }
    let mut desk = kiosk(120, 40);
    told(&mut desk, Outcome::Ok);
    assert_snapshot!("kiosk_card_120_ok", desk.screen(120, 40));
    let mut desk = kiosk(60, 16);
    told(&mut desk, Outcome::Ok);
    assert_snapshot!("kiosk_card_60_ok", desk.screen(60, 16));
    desk.press("Esc");
    desk.scan("4006381333931");
    assert_snapshot!("kiosk_card_60_no_pass", desk.screen(60, 16));
}

#[test]
fn signed_in_and_counted_down() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut desk = kiosk(width, height);
        desk.press("Enter");
        assert_snapshot!(format!("kiosk_sign_in_{width}"), desk.screen(width, height));
        desk.sign_in(UserType::Regular);
        desk.with_events(events());
        assert_snapshot!(format!("kiosk_member_{width}"), desk.screen(width, height));
        desk.pass(103);
        desk.fire(Timer::Idle);
        assert_snapshot!(format!("kiosk_countdown_{width}"), desk.screen(width, height));
    }
}

#[test]
fn the_attendant() {
    let mut desk = kiosk(80, 24);
    desk.press("Ctrl+K");
    assert_snapshot!("kiosk_attendant_code", desk.screen(80, 24));
    desk.write("314159");
    desk.press("Enter");
    desk.reply(
        |call| matches!(call, Call::Kiosk(KioskCall::Attend { .. })),
        Ok(Answer::Kiosk(KioskAnswer::Attended(attended()))),
    );
    assert_snapshot!("kiosk_attendant_menu", desk.screen(80, 24));

    let mut desk = kiosk(80, 24);
    desk.pass(10);
    desk.fire(Timer::Notices);
    desk.reply(is_page, Err(offline()));
    for (answer, name) in [(AttendedAlone::Unknown, "unknown"), (AttendedAlone::Ok, "alone")] {
        desk.press("Ctrl+K");
        desk.write("314159");
        desk.press("Enter");
        desk.reply(
            |call| matches!(call, Call::Kiosk(KioskCall::AttendAlone { .. })),
            Ok(Answer::Kiosk(KioskAnswer::Alone(answer))),
        );
        assert_snapshot!(format!("kiosk_attendant_{name}"), desk.screen(80, 24));
        desk.press("Esc");
        desk.press("y");
    }
}
