//! The profile: its page, the ledger, points over time, connections.

use insta::assert_snapshot;
use pine_time::app::effect::Timer;
use pine_time::domain::badge::GameCard;
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::ledger::PointsPage;
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, ledger, offline, profile};
use crate::game_fixtures::{any_answer, card};
use crate::pictures::slow;

fn is_card(call: &Call) -> bool {
    matches!(call, Call::Game(GameCall::Card(_)))
}

fn is_ledger(call: &Call) -> bool {
    matches!(call, Call::Game(GameCall::Ledger { .. }))
}

fn open(width: u16, height: u16) -> Desk {
    let mut desk = Desk::signed_in(UserType::Regular, width, height);
    desk.press("4");
    desk
}

fn full(width: u16, height: u16) -> Desk {
    let mut desk = open(width, height);
    desk.reply(
        |call| matches!(call, Call::Profile),
        Ok(Answer::Profile(profile())),
    );
    desk.reply(is_card, Ok(Answer::Game(GameAnswer::Card(Box::new(card())))));
    desk.reply(
        is_ledger,
        Ok(Answer::Game(GameAnswer::Ledger(ledger(88, None, 100)))),
    );
    desk
}

#[test]
fn every_face_at_every_size_in_every_state() {
    for (width, height) in [(80, 24), (120, 40), (60, 16)] {
        let see = |desk: &Desk, name: &str| {
            assert_snapshot!(format!("profile_{width}_{name}"), desk.screen(width, height));
        };
        let mut desk = open(width, height);
        slow(&mut desk);
        see(&desk, "loading");
        desk.reply(is_card, Err(Fault::Busy));
        desk.reply(is_ledger, Err(Fault::Internal));
        see(&desk, "failed");

        let mut desk = open(width, height);
        let mut new = card();
        new.badges.iter_mut().for_each(|badge| {
            badge.facts = 0;
            badge.level = 0;
            badge.level_name = None;
        });
        let new = GameCard {
            earned: 0,
            spendable: 0,
            attended: 0,
            standing: None,
            ..new
        };
        desk.reply(is_card, Ok(Answer::Game(GameAnswer::Card(Box::new(new)))));
        desk.reply(
            is_ledger,
            Ok(Answer::Game(GameAnswer::Ledger(PointsPage {
                total: 0,
                rows: Vec::new(),
            }))),
        );
        see(&desk, "empty");

        let mut desk = full(width, height);
        see(&desk, "full");
        desk.press("v");
        desk.press("Down");
        see(&desk, "ledger");
        desk.press("v");
        desk.reply(
            |call| matches!(call, Call::Game(GameCall::Weeks(_))),
            Ok(Answer::Game(any_answer(&GameCall::Weeks(None), 0))),
        );
        see(&desk, "chart");
        desk.press("v");
        desk.press("C");
        desk.reply(
            |call| matches!(call, Call::Game(GameCall::Connections)),
            Ok(Answer::Game(any_answer(&GameCall::Connections, 0))),
        );
        see(&desk, "connections");
        desk.press("Esc");
        desk.press("c");
        see(&desk, "connect");
        desk.press("Esc");
        desk.fire(Timer::Poll);
        desk.reply(is_card, Err(offline()));
        see(&desk, "offline");
    }
}
