//! The pictures of planning: forms, two people's changes, cancelling, event types, and the pages that show them.

use insta::assert_snapshot;
use pine_time::app::effect::Timer;
use pine_time::app::msg::Msg;
use pine_time::domain::event::{EventId, EventPage};
use pine_time::domain::member::UserType;
use pine_time::domain::plan::{Effects, PlanAnswer};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, events, manila, offline, page, types};
use crate::plans::{
    cancelled, changed, effects, form_from, harmless, is_effects, is_save, is_type_change, is_types,
    type_lines,
};

fn staff(width: u16, height: u16) -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, width, height);
    desk.with_events(events());
    desk
}

fn is_event(call: &Call) -> bool {
    matches!(call, Call::Event(_))
}

fn slow(desk: &mut Desk) {
    while let Some(timer) = desk.timer(|timer| matches!(timer, Timer::Spinner(_))) {
        desk.fire(timer);
    }
}

fn resize(desk: &mut Desk, width: u16, height: u16) -> String {
    desk.send(Msg::Resize { width, height });
    desk.screen(width, height)
}

#[test]
fn series() {
    let mut desk = staff(80, 24);
    form_from(&mut desk, "W");
    desk.write("8");
    assert_snapshot!("series_typed", desk.screen(80, 24));
    assert_snapshot!("series_low", resize(&mut desk, 60, 16));
    assert_snapshot!("series_wide", resize(&mut desk, 120, 40));
    // A zone with daylight saving, over the day that skips the hour.
    let mut desk = Desk::sized(80, 24);
    desk.send(Msg::Opened(Ok(())));
    let mut community = crate::fixtures::community();
    community.time_zone = "America/New_York".parse().unwrap();
    desk.reply(
        |call| matches!(call, Call::Community),
        Ok(Answer::Community(community)),
    );
    desk.sign_in(UserType::Staff);
    desk.with_events(Vec::new());
    desk.press("n");
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(types())),
    );
    for text in ["Night owls", "soc", "Roof", "", "04:00", "1", "20"] {
        if text.is_empty() {
            desk.press("Ctrl+U");
            desk.write("2027-02-21 02:30");
        } else {
            desk.write(text);
        }
        if text != "20" {
            desk.press("Tab");
        }
    }
    assert_snapshot!("series_skips_an_hour", desk.screen(80, 24));
    for _ in 0..3 {
        desk.press("Shift+Tab");
    }
    desk.press("Ctrl+U");
    desk.write("2026-11-01 01:30");
    desk.press("Tab");
    assert_snapshot!("form_hour_twice", desk.screen(80, 24));
}

#[test]
fn hurts() {
    let mut desk = staff(80, 24);
    form_from(&mut desk, "e");
    for _ in 0..3 {
        desk.press("Tab");
    }
    desk.press("Ctrl+U");
    desk.write("2026-11-27 19:00");
    desk.press("Ctrl+S");
    slow(&mut desk);
    assert_snapshot!("form_looking", desk.screen(80, 24));
    let many = Effects {
        over: 4,
        relocates: true,
        ..effects()
    };
    desk.reply(is_effects, Ok(Answer::Plan(PlanAnswer::Effects(many))));
    assert_snapshot!("form_hurts", desk.screen(80, 24));
    assert_snapshot!("form_hurts_wide", resize(&mut desk, 120, 40));
}

#[test]
fn two_editors() {
    let mut line = events()[5].clone();
    line.title = "Trivia Night: Physics".into();
    line.location = "The Annex".into();
    let theirs = EventPage {
        version: 2,
        changed_at: Some(manila("2026-11-27 18:50")),
        ..page(line)
    };
    let mut desk = staff(80, 24);
    form_from(&mut desk, "e");
    desk.write(" and Chemistry");
    for _ in 0..11 {
        desk.press("Tab");
    }
    desk.press("Shift+Tab");
    desk.press("Shift+Tab");
    for _ in 0..9 {
        desk.press("Down");
    }
    desk.press("End");
    desk.write(" Bring a pen.");
    desk.press("Ctrl+S");
    if desk.newest(is_save).is_none() {
        desk.reply(is_effects, Ok(Answer::Plan(PlanAnswer::Effects(harmless()))));
    }
    desk.reply(is_save, Ok(changed(theirs, "mira")));
    assert_snapshot!("differ", desk.screen(80, 24));
    desk.press("End");
    assert_snapshot!("differ_description_wide", resize(&mut desk, 120, 40));
    assert_snapshot!("differ_low", resize(&mut desk, 60, 16));
    desk.press("Enter");
    assert_snapshot!("form_merged", resize(&mut desk, 80, 24));
}

#[test]
fn cancelling() {
    let mut desk = staff(80, 24);
    desk.press("X");
    slow(&mut desk);
    assert_snapshot!("stop_loading", desk.screen(80, 24));
    let stops = Effects {
        stops: true,
        moves: false,
        ..effects()
    };
    desk.reply(is_effects, Ok(Answer::Plan(PlanAnswer::Effects(stops))));
    desk.press("Enter");
    assert_snapshot!("stop_no_reason", desk.screen(80, 24));
    desk.write("The hall is flooded up to the third row of seats and the pump has not come");
    assert_snapshot!("stop_typed_wide", resize(&mut desk, 120, 40));
    desk.press("Enter");
    desk.reply(crate::plans::is_cancel, Err(offline()));
    assert_snapshot!("stop_offline", resize(&mut desk, 80, 24));
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("Tab");
    desk.press("Enter");
    desk.reply(is_event, Ok(Answer::Event(cancelled())));
    assert_snapshot!("event_cancelled", desk.screen(80, 24));
    let mut desk = staff(120, 40);
    let mut line = events()[5].clone();
    line.requires_approval = true;
    let series = EventPage {
        series_id: Some(EventId(2)),
        series_place: 3,
        series_events: 8,
        ..page(line)
    };
    desk.reply(is_event, Ok(Answer::Event(series)));
    assert_snapshot!("event_of_a_series_wide", desk.screen(120, 40));
}

#[test]
fn event_types() {
    let mut desk = Desk::signed_in(UserType::Admin, 80, 24);
    desk.with_events(events());
    desk.press("T");
    slow(&mut desk);
    assert_snapshot!("types_loading", desk.screen(80, 24));
    desk.reply(is_types, Ok(Answer::Plan(PlanAnswer::Types(type_lines()))));
    assert_snapshot!("types_full", desk.screen(80, 24));
    desk.press("Down");
    desk.press("e");
    desk.press("Ctrl+U");
    desk.write("long walk");
    assert_snapshot!("types_renaming_wide", resize(&mut desk, 120, 40));
    desk.press("Enter");
    desk.reply(is_type_change, Err(offline()));
    assert_snapshot!("types_offline", resize(&mut desk, 80, 24));
    let mut desk = staff(80, 24);
    desk.press("T");
    desk.reply(is_types, Err(Fault::Busy));
    assert_snapshot!("types_failed", desk.screen(80, 24));
    let mut desk = staff(80, 24);
    desk.press("T");
    desk.reply(is_types, Ok(Answer::Plan(PlanAnswer::Types(Vec::new()))));
    assert_snapshot!("types_empty", desk.screen(80, 24));
}
