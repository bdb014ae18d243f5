//! Another member's profile as staff see it, and the forms on it.

use insta::assert_snapshot;
use pine_time::app::effect::Timer;
use pine_time::domain::board::Place;
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::ledger::{LedgerKind, PointsPage};
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, board_at, ledger, offline};
use crate::game_fixtures::{card, facts};
use crate::pictures::slow;

fn answer(desk: &mut Desk, wanted: impl Fn(&GameCall) -> bool, with: Result<GameAnswer, Fault>) {
    desk.reply(
        |call| matches!(call, Call::Game(game) if wanted(game)),
        with.map(Answer::Game),
    );
}

fn open(width: u16, height: u16) -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, width, height);
    desk.press("5");
    answer(
        &mut desk,
        |call| matches!(call, GameCall::Board { .. }),
        Ok(GameAnswer::Board(board_at(14, Place::Skip(0), 300))),
    );
    desk.press("End");
    desk.press("Enter");
    desk
}

fn full(width: u16, height: u16) -> Desk {
    let mut desk = open(width, height);
    answer(
        &mut desk,
        |call| matches!(call, GameCall::Card(_)),
        Ok(GameAnswer::Card(Box::new(card()))),
    );
    let mut page = ledger(88, None, 100);
    page.rows[0].awarded_by = Some("Mira Santos".into());
    page.rows[0].transaction_type = LedgerKind::SpecialActivity;
    page.rows[0].description = "carried chairs".into();
    answer(
        &mut desk,
        |call| matches!(call, GameCall::Ledger { .. }),
        Ok(GameAnswer::Ledger(page)),
    );
    answer(
        &mut desk,
        |call| matches!(call, GameCall::Facts(_)),
        Ok(GameAnswer::Facts(Box::new(facts()))),
    );
    desk
}

#[test]
fn every_face_and_form_at_every_size() {
    for (width, height) in [(80, 24), (120, 40), (60, 16)] {
        let see = |desk: &Desk, name: &str| {
            assert_snapshot!(
                format!("member_profile_{width}_{name}"),
                desk.screen(width, height)
            );
        };
        let mut desk = open(width, height);
        slow(&mut desk);
        see(&desk, "loading");
        answer(
            &mut desk,
            |call| matches!(call, GameCall::Card(_)),
            Err(Fault::Busy),
        );
        answer(
            &mut desk,
            |call| matches!(call, GameCall::Ledger { .. }),
            Ok(GameAnswer::Ledger(PointsPage {
                total: 0,
                rows: Vec::new(),
            })),
        );
        see(&desk, "failed");
        let mut desk = full(width, height);
        see(&desk, "full");
        for (key, name) in [
            ("a", "award"),
            ("r", "redeem"),
            ("A", "adjust"),
            ("b", "grant"),
            ("x", "take_back"),
        ] {
            desk.press(key);
            see(&desk, name);
            desk.press("Esc");
        }
        desk.press("v");
        desk.press("v");
        desk.press("Down");
        see(&desk, "facts");
        desk.press("x");
        see(&desk, "take_back_level");
        desk.press("Esc");
        desk.press("End");
        see(&desk, "facts_end");
        desk.fire(Timer::Poll);
        answer(
            &mut desk,
            |call| matches!(call, GameCall::Card(_)),
            Err(offline()),
        );
        see(&desk, "offline");
    }
}
