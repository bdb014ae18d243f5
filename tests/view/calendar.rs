//! Pictures of the calendar: every view at both sizes, loading, empty, full, filtered, failed, offline, and from another
//! zone; the filter's panel; the event page with what can be done.

use insta::assert_snapshot;
use pine_time::app::effect::Timer;
use pine_time::domain::calendar::CalendarAnswer;
use pine_time::domain::event::{EventLine, RegistrationStatus};
use pine_time::domain::member::UserType;
use pine_time::domain::money::Money;
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, event, events, offline, page, types};

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

fn is_events(call: &Call) -> bool {
    matches!(call, Call::Events { .. })
}

/// The week of the fixtures' events, fuller: several at once, a long title, one over midnight, one from the week before.
fn busy() -> Vec<EventLine> {
    let mut lines = events();
    lines.push(EventLine {
        my_status: Some(RegistrationStatus::Waitlisted),
        my_place: Some(2),
        registered: 20,
        waitlisted: 4,
        ..event(
            20,
            "An Evening of Very Long Titles That No Column Can Hold",
            "2026-11-27 18:45",
            2,
        )
    });
    lines.push(event(21, "Open Table", "2026-11-23 13:45", 3));
    lines.push(event(22, "All-Nighter", "2026-11-28 22:00", 30));
    lines.push(EventLine {
        price: Money::from_hundredths(125_050),
        ..event(23, "Clay Workshop", "2026-11-25 09:00", 3)
    });
    lines.push(EventLine {
        my_status: Some(RegistrationStatus::Pending),
        requires_approval: true,
        ..event(24, "Night Hike", "2026-11-29 18:00", 5)
    });
    lines.sort_by_key(|line| (line.start_time, line.id));
    lines
}

/// A desk in a view, with nothing answered yet.
fn desk_in(view: usize, (width, height): (u16, u16)) -> Desk {
    let mut desk = Desk::signed_in(UserType::Regular, width, height);
    for _ in 0..view {
        desk.press("v");
    }
    desk
}

fn slow(desk: &mut Desk) {
    while let Some(timer) = desk.timer(|timer| matches!(timer, Timer::Spinner(_))) {
        desk.fire(timer);
    }
}

/// Lets the event beside the list be known, in a wide window.
fn beside(desk: &mut Desk) {
    if let Some((_, Call::Event(id))) = desk.newest(|call| matches!(call, Call::Event(_))) {
        let line = busy().into_iter().find(|line| line.id == id).unwrap();
        desk.with_page(page(line));
    }
}

#[test]
fn every_view_at_every_size_in_every_state() {
    for (view, name) in ["month", "week", "agenda"].into_iter().enumerate() {
        for (width, height) in SIZES {
            let picture = |desk: &Desk, state: &str| {
                assert_snapshot!(format!("{name}_{width}_{state}"), desk.screen(width, height));
            };
            let mut desk = desk_in(view, (width, height));
            slow(&mut desk);
            picture(&desk, "loading");
            desk.reply(is_events, Err(Fault::Busy));
            picture(&desk, "failed");
            desk.press("F5");
            desk.with_events(Vec::new());
            picture(&desk, "empty");
            desk.press("F5");
            desk.with_events(busy());
            beside(&mut desk);
            picture(&desk, "full");
            desk.fire(Timer::Poll);
            desk.reply(is_events, Err(offline()));
            picture(&desk, "offline");
            let mut desk = desk_in(view, (width, height));
            desk.with_events(busy());
            desk.press("/");
            desk.write("zebra");
            picture(&desk, "typing");
            desk.press("Enter");
            desk.quiet();
            picture(&desk, "nothing_matches");
        }
    }
}

#[test]
fn from_another_zone() {
    for (width, height) in SIZES {
        let mut desk = Desk::with(|setup| {
            setup.size = (width, height);
            setup.zone = Some("Europe/Berlin".parse().unwrap());
        });
        desk.open();
        desk.sign_in(UserType::Regular);
        desk.with_events(busy());
        beside(&mut desk);
        for view in ["month", "week", "agenda"] {
            assert_snapshot!(format!("{view}_{width}_elsewhere"), desk.screen(width, height));
            desk.press("v");
        }
        desk.press("Tab");
        desk.press("Enter");
        beside(&mut desk);
        assert_snapshot!(format!("event_{width}_elsewhere"), desk.screen(width, height));
    }
}

#[test]
fn the_filter() {
    for (width, height) in SIZES {
        let mut desk = desk_in(2, (width, height));
        desk.with_events(busy());
        desk.press("f");
        desk.reply(
            |call| matches!(call, Call::EventTypes),
            Ok(Answer::EventTypes(types())),
        );
        assert_snapshot!(format!("filter_{width}_panel"), desk.screen(width, height));
        desk.press("t");
        desk.press("Tab");
        desk.press("Right");
        desk.press("Tab");
        desk.write("2000");
        desk.press("Tab");
        desk.press("Tab");
        desk.write("31 Feb");
        desk.press("Tab");
        desk.write("1 Dec");
        assert_snapshot!(format!("filter_{width}_wrong"), desk.screen(width, height));
        desk.press("Shift+Tab");
        desk.press("Ctrl+U");
        desk.write("yesterday");
        desk.press("Enter");
        desk.with_events(busy());
        beside(&mut desk);
        assert_snapshot!(format!("filter_{width}_on"), desk.screen(width, height));
    }
}

#[test]
fn the_event_page() {
    for (width, height) in SIZES {
        let mut desk = Desk::signed_in(UserType::Staff, width, height);
        let mut lines = busy();
        for line in &mut lines {
            line.my_status = None;
        }
        desk.with_events(lines);
        desk.press("Tab");
        desk.press("Down");
        desk.press("Down");
        desk.press("Enter");
        beside(&mut desk);
        assert_snapshot!(format!("event_{width}_full"), desk.screen(width, height));
        desk.press("End");
        assert_snapshot!(format!("event_{width}_end"), desk.screen(width, height));
        desk.press("Home");
        desk.press("Esc");
        desk.press("Up");
        desk.press("Up");
        desk.press("r");
        assert_snapshot!(format!("event_{width}_register"), desk.screen(width, height));
    }
}

/// A name from the descriptions' search arrives on its own.
#[test]
fn found_in_a_description() {
    let mut desk = desk_in(2, (80, 24));
    desk.with_events(busy());
    desk.press("/");
    desk.write("mitochondrion");
    desk.reply(
        |call| matches!(call, Call::Calendar(_)),
        Ok(Answer::Calendar(CalendarAnswer::About(vec![events()[5].id]))),
    );
    assert_snapshot!("agenda_80_described", desk.screen(80, 24));
}
