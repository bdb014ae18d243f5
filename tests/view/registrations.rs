//! My registrations, and the card with what others did to them.

use insta::assert_snapshot;
use pine_time::app::effect::Timer;
use pine_time::app::msg::Msg;
use pine_time::domain::event::RegistrationStatus;
use pine_time::domain::member::UserType;
use pine_time::domain::money::Money;
use pine_time::domain::seats::{MyLine, MyRegistrations, News, PaymentStatus, SeatsAnswer, SeatsCall};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, event, events, manila, offline, page};
use crate::pictures::slow;
use crate::seat_fixtures::{my_registration, my_registrations};

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

fn is_mine(call: &Call) -> bool {
    matches!(call, Call::Seats(SeatsCall::Mine { .. }))
}

fn is_news(call: &Call) -> bool {
    matches!(call, Call::Seats(SeatsCall::News))
}

fn mine(page: MyRegistrations) -> Answer {
    Answer::Seats(SeatsAnswer::Mine(page))
}

fn open(width: u16, height: u16) -> Desk {
    let mut desk = Desk::signed_in(UserType::Regular, width, height);
    desk.with_events(events());
    desk.press("2");
    desk
}

/// Gives the page beside the list its event, where there is one.
fn beside(desk: &mut Desk) {
    if let Some((request, Call::Event(id))) = desk.newest(|call| matches!(call, Call::Event(_))) {
        let line = my_registrations()
            .rows
            .into_iter()
            .map(|row| row.event)
            .find(|line| line.id == id)
            .unwrap_or_else(|| event(id.0, "Crosswords", "2026-11-29 18:30", 2));
        desk.reply_to(request, Ok(Answer::Event(page(line))));
    }
}

/// What was, in every state that can be over.
fn over() -> MyRegistrations {
    let states = [
        (RegistrationStatus::Registered, true),
        (RegistrationStatus::Registered, false),
        (RegistrationStatus::Waitlisted, false),
        (RegistrationStatus::Pending, false),
        (RegistrationStatus::Cancelled, false),
        (RegistrationStatus::Rejected, false),
    ];
    let rows = (0..14).map(|number| {
        let (status, came) = states[number % states.len()];
        let start = format!("2026-{:02}-{:02} 18:30", 11 - number / 3, 20 - number);
        let mut line = event(50 - i32::try_from(number).unwrap(), "Trivia Night", &start, 2);
        line.my_status = Some(status);
        line.my_attendance = came;
        let priced = number.is_multiple_of(3);
        let registration = pine_time::domain::seats::MyRegistration {
            payment_status: if priced {
                PaymentStatus::Paid
            } else {
                PaymentStatus::NotRequired
            },
            price_due: priced.then(|| Money::from_hundredths(25_000).unwrap()),
            ..my_registration(status)
        };
        MyLine {
            cancel_reason: None,
            event: line,
            registration,
        }
    });
    MyRegistrations {
        rows: rows.collect(),
        ..my_registrations()
    }
}

#[test]
fn every_state() {
    for (width, height) in SIZES {
        let name = |what: &str| format!("mine_{width}_{what}");
        let mut desk = open(width, height);
        slow(&mut desk);
        assert_snapshot!(name("loading"), desk.screen(width, height));
        desk.reply(is_mine, Err(Fault::Internal));
        assert_snapshot!(name("failed"), desk.screen(width, height));
        desk.press("F5");
        desk.reply(is_mine, Ok(mine(my_registrations())));
        beside(&mut desk);
        assert_snapshot!(name("full"), desk.screen(width, height));
        desk.press("End");
        desk.press("/");
        desk.write("night");
        assert_snapshot!(name("finding"), desk.screen(width, height));
        desk.write("x");
        assert_snapshot!(name("nothing_matches"), desk.screen(width, height));
        desk.press("Esc");
        desk.fire(Timer::Poll);
        desk.reply(is_mine, Err(offline()));
        assert_snapshot!(name("offline"), desk.screen(width, height));
        desk.press("v");
        desk.reply(is_mine, Ok(mine(over())));
        beside(&mut desk);
        assert_snapshot!(name("over"), desk.screen(width, height));

        let mut desk = open(width, height);
        let none = MyRegistrations {
            rows: Vec::new(),
            upcoming: 0,
            waitlisted: 0,
            pending: 0,
            past: 0,
            ..my_registrations()
        };
        desk.reply(is_mine, Ok(mine(none.clone())));
        assert_snapshot!(name("empty"), desk.screen(width, height));
        desk.press("v");
        desk.reply(is_mine, Ok(mine(none)));
        assert_snapshot!(name("empty_over"), desk.screen(width, height));
    }
}

#[test]
fn small_windows() {
    let mut desk = open(60, 16);
    desk.reply(is_mine, Ok(mine(my_registrations())));
    assert_snapshot!("mine_60", desk.screen(60, 16));
    desk.send(Msg::Resize {
        width: 59,
        height: 15,
    });
    assert_snapshot!("mine_too_small", desk.screen(59, 15));
}

#[test]
fn the_card() {
    let of = |status, news, reason: Option<&str>| MyLine {
        cancel_reason: None,
        event: events()[6].clone(),
        registration: pine_time::domain::seats::MyRegistration {
            news: Some(news),
            news_at: Some(manila("2026-11-27 18:40")),
            status_reason: reason.map(Into::into),
            ..my_registration(status)
        },
    };
    let promoted = my_registrations().rows.remove(1);
    let news = vec![
        promoted,
        of(
            RegistrationStatus::Rejected,
            News::Rejected,
            Some(
                "The walk is for those who have been on the last one, and the trail is narrow. Write to us about the next.",
            ),
        ),
        of(RegistrationStatus::Waitlisted, News::Moved, None),
    ];
    for (width, height) in [(80, 24), (120, 40), (60, 16)] {
        let name = |what: &str| format!("news_{width}_{what}");
        let mut desk = open(width, height);
        desk.reply(is_mine, Ok(mine(my_registrations())));
        beside(&mut desk);
        desk.reply(is_news, Ok(Answer::Seats(SeatsAnswer::News(news.clone()))));
        assert_snapshot!(name("card"), desk.screen(width, height));
        desk.press("Down");
        assert_snapshot!(name("reason"), desk.screen(width, height));
        desk.press("Esc");
        assert_snapshot!(name("later"), desk.screen(width, height));
    }
}
