//! How an event's people look: the table and its states, what lies over it, an event that is over.

use insta::assert_snapshot;
use pine_time::app::effect::Timer;
use pine_time::domain::check_in::Standing;
use pine_time::domain::completion::{CompletionAnswer, CompletionCall, Place, Results};
use pine_time::domain::event::{EventId, RegistrationStatus as Status};
use pine_time::domain::event_people::{DeskOutcome, EventPerson, PeoplePage, PeopleTotals};
use pine_time::domain::member::UserType;
use pine_time::domain::money::Money;
use pine_time::domain::seats::{PaymentStatus, SeatsAnswer, SeatsCall};
use pine_time::domain::{Answer, Call, Fault};
use pine_time::ui::Theme;

use crate::fixtures::{Desk, candidate, events, manila, member_name, offline};
use crate::seat_fixtures::{people, people_totals, person, results, seat_change};

const NARROW: (u16, u16) = (80, 24);
const WIDE: (u16, u16) = (120, 40);

fn is_page(call: &Call) -> bool {
    matches!(call, Call::Seats(SeatsCall::People { .. }))
}

fn is_change(call: &Call) -> bool {
    matches!(call, Call::Seats(SeatsCall::Change { .. }))
}

fn opened(keys: &[&str], size: (u16, u16)) -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, size.0, size.1);
    desk.with_events(events());
    for key in keys {
        desk.press(key);
    }
    desk.press("p");
    desk
}

fn answer(desk: &mut Desk, page: PeoplePage, totals: PeopleTotals, results: Results) {
    desk.reply(is_page, Ok(Answer::Seats(SeatsAnswer::People(page))));
    desk.reply(
        |call| matches!(call, Call::Seats(SeatsCall::PeopleTotals { .. })),
        Ok(Answer::Seats(SeatsAnswer::PeopleTotals(totals))),
    );
    desk.reply(
        |call| matches!(call, Call::Completion(CompletionCall::Results(_))),
        Ok(Answer::Completion(CompletionAnswer::Results(results))),
    );
}

/// A full evening at ₱250, some in every state.
fn crowd() -> (PeoplePage, PeopleTotals) {
    let price = Money::from_hundredths(25_000);
    let mut rows = people().rows;
    rows.extend((0..32).map(|at| {
        let place = usize::try_from(at).unwrap();
        let base = person(
            40 + at,
            &format!("guest.{at}"),
            &member_name(place + 3),
            Status::Registered,
        );
        match at % 7 {
            0 => EventPerson {
                payment_status: PaymentStatus::Pending,
                price_due: price,
                due: price,
                ..base
            },
            1 | 2 => EventPerson {
                payment_status: PaymentStatus::Paid,
                price_due: price,
                paid: price,
                attended: true,
                checked_in_at: Some(manila("2026-11-27 18:31")),
                has_left: at % 2 == 0,
                ..base
            },
            3 => EventPerson {
                status: Status::Waitlisted,
                place: Some(i64::from(at)),
                ..base
            },
            4 => EventPerson {
                status: Status::Cancelled,
                payment_status: PaymentStatus::Refunded,
                status_reason: Some("The hall is flooded; come on Friday.".into()),
                ..base
            },
            5 => EventPerson {
                note: Some("Allergic to peanuts.".into()),
                ..base
            },
            _ => base,
        }
    }));
    let totals = PeopleTotals {
        max_participants: Some(60),
        people: 37,
        matching: 37,
        registered: 26,
        waitlisted: 6,
        pending: 1,
        cancelled: 4,
        checked_in: 10,
        paid: Money::from_hundredths(250_000).unwrap(),
        payments: 10,
        due: Money::from_hundredths(150_000).unwrap(),
        owing: 6,
        ..people_totals()
    };
    (PeoplePage { rows, next: None }, totals)
}

fn with_crowd(size: (u16, u16)) -> Desk {
    let mut desk = opened(&["Tab"], size);
    let (page, totals) = crowd();
    answer(&mut desk, page, totals, Results::default());
    desk
}

/// Three weeks later, the winners entered.
fn over(size: (u16, u16), results: Results) -> Desk {
    let mut desk = opened(&["Up", "Up", "Up", "Tab", "Down"], size);
    let (mut page, totals) = crowd();
    for row in &mut page.rows {
        row.event_id = EventId(3);
        row.checked_in_at = row.attended.then(|| manila("2026-11-06 18:31"));
        row.result = results.places().get(&row.member.id).copied();
        if row.result.is_some() {
            row.attended = true;
            row.checked_in_at = Some(manila("2026-11-07 09:12"));
        }
    }
    let totals = PeopleTotals {
        event_id: EventId(3),
        no_shows: Some(14),
        ..totals
    };
    answer(&mut desk, page, totals, results);
    desk
}

fn slow(desk: &mut Desk) {
    while let Some(timer) = desk.timer(|timer| matches!(timer, Timer::Spinner(_))) {
        desk.fire(timer);
    }
}

#[test]
fn the_table_in_its_states() {
    for (size, name) in [(NARROW, "80"), (WIDE, "120")] {
        let mut desk = opened(&["Tab"], size);
        assert_snapshot!(format!("people_{name}_loading"), desk.screen(size.0, size.1));
        slow(&mut desk);
        assert_snapshot!(format!("people_{name}_slow"), desk.screen(size.0, size.1));
        desk.reply(is_page, Err(Fault::Busy));
        assert_snapshot!(format!("people_{name}_failed"), desk.screen(size.0, size.1));

        let mut desk = opened(&["Tab"], size);
        let nobody = PeoplePage {
            rows: Vec::new(),
            next: None,
        };
        let totals = PeopleTotals {
            people: 0,
            matching: 0,
            registered: 0,
            pending: 0,
            waitlisted: 0,
            checked_in: 0,
            payments: 0,
            owing: 0,
            ..people_totals()
        };
        answer(&mut desk, nobody, totals, Results::default());
        assert_snapshot!(format!("people_{name}_empty"), desk.screen(size.0, size.1));

        let mut desk = with_crowd(size);
        for key in ["Down", "Space", "Space", "Down"] {
            desk.press(key);
        }
        assert_snapshot!(format!("people_{name}_full"), desk.screen(size.0, size.1));
        desk.fire(Timer::Poll);
        desk.reply(is_page, Err(offline()));
        assert_snapshot!(format!("people_{name}_offline"), desk.screen(size.0, size.1));
    }
}

#[test]
fn an_event_that_is_over() {
    for (size, name) in [(NARROW, "80"), (WIDE, "120")] {
        let mut desk = over(size, Results::default());
        desk.press("Down");
        assert_snapshot!(format!("people_{name}_over"), desk.screen(size.0, size.1));
        let mut desk = over(size, results());
        desk.press("t");
        assert_snapshot!(format!("people_{name}_place"), desk.screen(size.0, size.1));
        desk.press("Esc");
        assert_snapshot!(format!("people_{name}_results"), desk.screen(size.0, size.1));
    }
}

#[test]
fn one_in_full() {
    let mut desk = with_crowd(NARROW);
    desk.press("Enter");
    assert_snapshot!("people_80_one", desk.screen(80, 24));
    for _ in 0..9 {
        desk.press("Down");
    }
    assert_snapshot!("people_80_one_cancelled", desk.screen(80, 24));
}

#[test]
fn searching_and_filtering() {
    let mut desk = with_crowd(NARROW);
    desk.press("/");
    assert_snapshot!("people_80_search", desk.screen(80, 24));
    desk.write("reyes");
    assert_snapshot!("people_80_search_typed", desk.screen(80, 24));
    let mut desk = with_crowd(NARROW);
    desk.press("f");
    desk.press("Tab");
    desk.press("Right");
    assert_snapshot!("people_80_panel", desk.screen(80, 24));
    desk.press("Tab");
    desk.press("Right");
    desk.press("Tab");
    desk.press("Left");
    desk.press("Enter");
    assert_snapshot!("people_80_filtered", desk.screen(80, 24));
}

#[test]
fn questions() {
    let mut desk = with_crowd(NARROW);
    desk.press("x");
    desk.write("ill");
    assert_snapshot!("people_80_reason", desk.screen(80, 24));
    desk.press("Ctrl+U");
    desk.press("Enter");
    assert_snapshot!("people_80_reason_missing", desk.screen(80, 24));
    desk.press("Esc");
    desk.press("m");
    desk.reply(
        |call| matches!(call, Call::Events { .. }),
        Ok(Answer::Events(events())),
    );
    assert_snapshot!("people_80_move", desk.screen(80, 24));
    desk.press("Enter");
    desk.press("Tab");
    assert_snapshot!("people_80_move_to", desk.screen(80, 24));
    let mut desk = with_crowd(WIDE);
    desk.press("A");
    desk.write("nin");
    desk.reply(
        |call| matches!(call, Call::FindAtDoor { .. }),
        Ok(Answer::Candidates(crate::fixtures::candidates())),
    );
    assert_snapshot!("people_120_register", desk.screen(120, 40));
    let mut desk = with_crowd(NARROW);
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
    let full = seat_change(DeskOutcome::Full, people().rows[0].clone());
    desk.reply(is_change, Ok(Answer::Seats(SeatsAnswer::Changed(Box::new(full)))));
    assert_snapshot!("people_80_register_full", desk.screen(80, 24));
}

#[test]
fn what_came_of_several() {
    let mut desk = with_crowd(NARROW);
    for _ in 0..5 {
        desk.press("Space");
    }
    desk.press("x");
    desk.write("the hall is flooded");
    assert_snapshot!("people_80_several", desk.screen(80, 24));
    desk.press("Enter");
    slow(&mut desk);
    assert_snapshot!("people_80_several_sent", desk.screen(80, 24));
    while let Some((request, call)) = desk.newest(is_change) {
        let Call::Seats(SeatsCall::Change { member, .. }) = call else {
            unreachable!()
        };
        let row = people()
            .rows
            .into_iter()
            .find(|row| row.member.id == member)
            .unwrap();
        let outcome = match member.0 {
            9 => DeskOutcome::CheckedIn,
            _ => DeskOutcome::Cancelled,
        };
        let result = if member.0 == 10 {
            Err(Fault::Slow)
        } else {
            Ok(Answer::Seats(SeatsAnswer::Changed(Box::new(seat_change(
                outcome, row,
            )))))
        };
        desk.reply_to(request, result);
    }
    assert_snapshot!("people_80_report", desk.screen(80, 24));
}

#[test]
fn whatever_people_are_called_columns_stay_and_nothing_unsafe_gets_through() {
    for size in [NARROW, WIDE, (60, 16)] {
        let mut desk = opened(&["Tab"], size);
        let rows = crate::hostile::names()
            .into_iter()
            .zip(50..)
            .map(|(name, id)| EventPerson {
                note: Some(pine_time::domain::SafeText::line(&name)),
                result: Some(Place::First),
                ..person(id, &name, &name, Status::Registered)
            });
        let page = PeoplePage {
            rows: rows.collect(),
            next: None,
        };
        let totals = PeopleTotals {
            people: 14,
            matching: 14,
            ..people_totals()
        };
        answer(&mut desk, page, totals, Results::default());
        let look = |desk: &Desk, place: &str| {
            let buffer = desk.buffer(size.0, size.1, &Theme::terminal());
            crate::hostile::all_safe(&buffer, place);
            buffer
        };
        let buffer = look(&desk, "the table");
        let right = geometry_of_the_list(size);
        let rows = usize::from(size.1 - 12).min(14);
        for y in (7_u16..).take(rows) {
            let place: String = (right - 3..right).map(|x| buffer[(x, y)].symbol()).collect();
            assert_eq!(place, "1st", "the last column of row {y} at {size:?}");
        }
        for _ in 0..14 {
            desk.press("Enter");
            look(&desk, "one of them");
            desk.press("Esc");
            desk.press("n");
            look(&desk, "a note");
            desk.press("Esc");
            if desk.screen(size.0, size.1).contains("Tab all") {
                desk.press("Space");
            }
        }
        desk.press("x");
        look(&desk, "a question about all of them");
        desk.write("x");
        desk.press("Enter");
        while let Some((request, _)) = desk.newest(is_change) {
            desk.reply_to(request, Err(Fault::Busy));
        }
        look(&desk, "what came of it");
    }
}

/// The column behind the list.
fn geometry_of_the_list((width, _): (u16, u16)) -> u16 {
    let body = width - 2;
    1 + if width >= 110 { body * 13 / 20 } else { body }
}
