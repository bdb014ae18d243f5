//! Facts that no door sees: who brought whom, who met whom, who won.

use pine_time::domain::connection::{ConnectOutcome, ConnectionState};
use pine_time::domain::{Fault, member::MemberId};

use super::{Game, told};
use crate::support::cluster::Role;
use crate::support::world::{fault, nonce};

async fn brought(game: &Game, name: &str, by: MemberId) -> MemberId {
    let member = game.world.member(name).await;
    game.world
        .sql(&format!(
            "UPDATE users SET referred_by = {} WHERE id = {}",
            by.0, member.0
        ))
        .await;
    member
}

#[tokio::test]
async fn a_friend_counts_once_they_come_and_no_more_when_that_is_taken_back() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    let ben = brought(&game, "ben", ana).await;
    let builder = async || {
        let badge = game.badge(ana, "Community Builder").await;
        (badge.facts, badge.level)
    };
    assert_eq!(builder().await, (0, 0), "nobody has come yet");
    let (hike, other) = (game.event(0, "hike").await, game.event(0, "hike").await);
    assert_eq!(told(&game.come(ben, hike).await), ["event +15"]);
    assert_eq!(builder().await, (1, 1));
    assert_eq!(game.earned(ana).await, 10);
    game.come(ben, other).await;
    assert_eq!(game.earned(ana).await, 10, "once a friend");
    game.undo(ben, hike).await;
    assert_eq!(builder().await, (1, 1), "they were there all the same");
    game.undo(ben, other).await;
    assert_eq!((builder().await, game.earned(ana).await), ((0, 0), 0));
    game.come(ben, hike).await;
    assert_eq!((builder().await, game.earned(ana).await), ((1, 1), 10));
    let facts = game.db.member_facts(&game.staff, ana).await.unwrap();
    assert_eq!(facts.referrals[0].name.as_str(), "Ben");
    assert_eq!(facts.awards.len(), 2, "the level came twice and went once");
    game.holds().await;
}

#[tokio::test]
async fn two_who_met_confirm_each_other_once_ever() {
    let mut game = Game::new().await;
    let (ana, ben) = (game.world.member("ana").await, game.world.member("ben").await);
    let (anas, bens) = (game.world.pass_code(ana).await, game.world.pass_code(ben).await);
    let kiosk = game.world.db(Role::Kiosk);
    let (ana_token, ben_token) = (game.world.session(ana).await, game.world.session(ben).await);
    let present = async |token, code: &str| kiosk.connect_with(token, nonce(), code).await.unwrap();

    let stranger = present(&ana_token, &bens).await;
    assert_eq!(
        (stranger.outcome, stranger.member),
        (ConnectOutcome::NotMet, None)
    );
    assert_eq!(
        present(&ana_token, "AAAAA-AAAAA").await.outcome,
        ConnectOutcome::UnknownCode
    );
    assert_eq!(
        present(&ana_token, "ben").await.outcome,
        ConnectOutcome::UnknownCode,
        "names are no passes"
    );
    assert_eq!(present(&ana_token, &anas).await.outcome, ConnectOutcome::Yourself);

    let tonight = game.world.event(-30, None).await;
    game.come(ana, tonight).await;
    assert_eq!(
        present(&ana_token, &bens).await.outcome,
        ConnectOutcome::NotMet,
        "he is not in"
    );
    game.come(ben, tonight).await;
    let asked = present(&ana_token, &bens).await;
    assert_eq!(asked.outcome, ConnectOutcome::Asked);
    assert_eq!(asked.member.unwrap().full_name.as_str(), "Ben");
    assert_eq!(
        present(&ana_token, &bens).await.outcome,
        ConnectOutcome::Asked,
        "one side is not both"
    );
    assert_eq!(game.badge(ana, "Social Butterfly").await.facts, 0);
    assert!(matches!(
        fault(kiosk.confirm_connection(&ana_token, nonce(), ben).await),
        Fault::NotFound(_)
    ));
    let waiting = kiosk.my_connections(&ben_token).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].state), (1, ConnectionState::Asks));

    game.world.move_clock("49 hours").await;
    let (ana_token, ben_token) = (game.world.session(ana).await, game.world.session(ben).await);
    assert!(kiosk.my_connections(&ben_token).await.unwrap().len() == 1);
    game.world.move_clock("2 hours").await;
    let late = kiosk
        .connect_with(&game.world.session(ben).await, nonce(), &anas)
        .await
        .unwrap();
    assert_eq!(late.outcome, ConnectOutcome::NotMet, "48 hours after the end");
    game.world.move_clock("-2 hours").await;
    game.staff = game.world.staff().await;
    let said = kiosk.confirm_connection(&ben_token, nonce(), ana).await.unwrap();
    assert_eq!(said.outcome, ConnectOutcome::Connected);
    for member in [ana, ben] {
        assert_eq!(game.badge(member, "Social Butterfly").await.facts, 1);
    }
    let again = kiosk.connect_with(&ana_token, nonce(), &bens).await.unwrap();
    assert_eq!(again.outcome, ConnectOutcome::Already);
    game.world.sql("UPDATE badge_levels SET threshold = level").await;
    let owner = game
        .world
        .value::<i32>("SELECT pine.award_what_is_due(NULL, 100, pine.clock())")
        .await;
    assert!(owner >= 2, "{owner}");
    assert_eq!(game.badge(ana, "Social Butterfly").await.level, 1);
    game.undo(ben, tonight).await;
    assert_eq!(
        (
            game.badge(ana, "Social Butterfly").await.facts,
            game.badge(ana, "Social Butterfly").await.level
        ),
        (0, 0),
        "ben was not there after all"
    );
    game.holds().await;
}

#[tokio::test]
async fn trivia_nights_won_count_and_other_events_do_not() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    let (trivia, hike) = (game.event(1, "trivia").await, game.event(1, "hike").await);
    game.come(ana, trivia).await;
    game.come(ana, hike).await;
    let before = game.earned(ana).await;
    let places = async |event: i32, place: Option<u8>| {
        let wanted = match place {
            Some(place) => serde_json::json!({ ana.0.to_string(): place }),
            None => serde_json::json!({}),
        };
        sqlx::query(
            "SELECT pine.set_results(ROW(NULL, NULL, 'test', 'admin', 'd', 'k')::pine.actor, e, $2, NULL, pine.clock())
             FROM events AS e WHERE id = $1",
        )
        .bind(event)
        .bind(wanted)
        .execute(&game.world.owner)
        .await
        .unwrap();
    };
    places(hike.0, Some(1)).await;
    assert_eq!(game.badge(ana, "Trivia Master").await.facts, 0);
    places(trivia.0, Some(2)).await;
    assert_eq!(
        game.badge(ana, "Trivia Master").await.facts,
        0,
        "second is not won"
    );
    places(trivia.0, Some(1)).await;
    let badge = game.badge(ana, "Trivia Master").await;
    assert_eq!((badge.facts, badge.level), (1, 1));
    assert_eq!(game.earned(ana).await, before + 10);
    places(trivia.0, None).await;
    assert_eq!(game.badge(ana, "Trivia Master").await.level, 0);
    assert_eq!(game.earned(ana).await, before);
    places(trivia.0, Some(1)).await;
    game.undo(ana, trivia).await;
    assert_eq!(
        game.badge(ana, "Trivia Master").await.level,
        0,
        "who was not there has not won"
    );
    game.holds().await;
}

#[tokio::test]
async fn what_was_earned_is_told_once_and_a_history_brought_along_never() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    game.world
        .sql(&format!(
            "INSERT INTO points_transactions (user_id, points, transaction_type, description) VALUES ({}, 500, 'event_attendance', 'Long ago')",
            ana.0
        ))
        .await;
    let token = game.world.session(ana).await;
    let db = game.world.db(Role::Kiosk);
    assert!(db.earned_since(&token).await.unwrap().rows.is_empty());
    let (hike, trivia) = (game.event(0, "hike").await, game.event(0, "trivia").await);
    game.come(ana, hike).await;
    game.come(ana, trivia).await;
    game.undo(ana, hike).await;
    let news = db.earned_since(&token).await.unwrap();
    assert_eq!(
        (news.points, news.rows.len()),
        (15, 1),
        "what went back is nothing to celebrate: {news:?}"
    );
    db.celebrated(&token, nonce(), news.through).await.unwrap();
    assert!(db.earned_since(&token).await.unwrap().rows.is_empty());
    db.celebrated(&token, nonce(), i32::MAX).await.unwrap();
    game.come(ana, hike).await;
    assert_eq!(
        db.earned_since(&token).await.unwrap().rows.len(),
        2,
        "the hike and the level"
    );
    let nobody = game.world.db(Role::Owner).owner_session("root").await.unwrap();
    assert!(matches!(
        fault(game.world.db(Role::Owner).earned_since(&nobody).await),
        Fault::NotAllowed(_)
    ));
}
