//! The badges' levels: the list and the form, in their states.

use insta::assert_snapshot;
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::game_desk::{Gain, GainPreview, RulesOutcome, RulesSaved};
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, events, member_name, offline};
use crate::game_fixtures::rules;
use crate::pictures::slow;

fn answer(desk: &mut Desk, wanted: impl Fn(&GameCall) -> bool, with: Result<GameAnswer, Fault>) {
    desk.reply(
        |call| matches!(call, Call::Game(game) if wanted(game)),
        with.map(Answer::Game),
    );
}

fn open(user_type: UserType, width: u16, height: u16) -> Desk {
    let mut desk = Desk::signed_in(user_type, width, height);
    desk.with_events(events());
    desk.press("B");
    desk
}

#[test]
fn the_list_and_the_form_in_every_state() {
    for (width, height) in [(80, 24), (120, 40), (60, 16)] {
        let see = |desk: &Desk, name: &str| {
            assert_snapshot!(format!("badge_rules_{width}_{name}"), desk.screen(width, height));
        };
        let mut desk = open(UserType::Staff, width, height);
        slow(&mut desk);
        see(&desk, "loading");
        answer(&mut desk, |call| matches!(call, GameCall::Rules), Err(offline()));
        see(&desk, "offline");
        let mut desk = open(UserType::Admin, width, height);
        answer(
            &mut desk,
            |call| matches!(call, GameCall::Rules),
            Ok(GameAnswer::Rules(rules())),
        );
        desk.press("Down");
        see(&desk, "list");
        desk.press("Enter");
        see(&desk, "form");
        desk.write("4");
        desk.press("Down");
        desk.write("2");
        desk.press("Ctrl+S");
        see(&desk, "wrong");
        desk.press("Ctrl+U");
        desk.write("8");
        desk.press("Ctrl+S");
        answer(
            &mut desk,
            |call| matches!(call, GameCall::Preview { .. }),
            Ok(GameAnswer::Preview(GainPreview {
                members: 1_204,
                levels: 1_310,
                points: 15_230,
                first: (0..50)
                    .map(|at| Gain {
                        user_id: MemberId(10),
                        full_name: member_name(at).into(),
                        level: 1 + i32::try_from(at % 5).unwrap(),
                        points: 10 + i64::try_from(at).unwrap(),
                    })
                    .collect(),
            })),
        );
        see(&desk, "gains");
        desk.press("Ctrl+S");
        answer(
            &mut desk,
            |call| matches!(call, GameCall::SetLevels { .. }),
            Ok(GameAnswer::RulesSaved(RulesSaved {
                outcome: RulesOutcome::Changed,
                gained: 0,
                rules: rules(),
            })),
        );
        see(&desk, "overtaken");
    }
}
