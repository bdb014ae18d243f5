//! A level given by hand is taken back whole, what staff see of a member's facts, and that nobody else sees any of it.

use pine_time::db::{Db, Token};
use pine_time::domain::Fault;
use pine_time::domain::game_desk::{Award, LevelTaken, PointsChange, PointsOutcome};
use pine_time::domain::member::MemberId;

use super::Game;
use crate::support::cluster::Role;
use crate::support::world::{fault, nonce, refused_field};

/// Gives a level of Event Explorer by hand; answers the badge's number.
async fn grant(game: &Game, member: MemberId, level: i32) -> i32 {
    let badge = game.badge(member, "Event Explorer").await.id;
    game.db
        .grant_badge(&game.staff, nonce(), member, badge, level, "guided walks")
        .await
        .unwrap();
    badge
}

/// A member's levels of Event Explorer, newest first.
async fn awards(game: &Game, member: MemberId) -> Vec<Award> {
    let facts = game.db.member_facts(&game.staff, member).await.unwrap();
    let explorer = |award: &Award| award.badge.as_str() == "Event Explorer";
    facts.awards.into_iter().filter(explorer).collect()
}

async fn take_back(game: &Game, award: i64) -> LevelTaken {
    game.db
        .take_back_badge(&game.staff, nonce(), award, "wrong member")
        .await
        .unwrap()
}

#[tokio::test]
async fn a_level_given_by_hand_goes_with_exactly_what_it_paid() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    let badge = grant(&game, ana, 1).await;
    grant(&game, ana, 3).await;
    // What the level would pay today is not what it paid then.
    game.world
        .sql(&format!(
            "UPDATE badge_levels SET points = 500 WHERE badge_id = {badge} AND level = 3"
        ))
        .await;
    let gold = awards(&game, ana)
        .await
        .into_iter()
        .find(|award| award.level == 3)
        .unwrap();
    let press = nonce();
    let take = async || {
        game.db
            .take_back_badge(&game.staff, press, gold.id, "wrong member")
            .await
            .unwrap()
    };
    let taken = take().await;
    assert_eq!(
        (taken.points.outcome, taken.points.points, taken.points.spendable),
        (PointsOutcome::Done, -30, 10)
    );
    assert!(!taken.again);
    assert_eq!(take().await, taken, "the same key press takes it once");
    let card = game.db.game_card(&game.staff, Some(ana)).await.unwrap();
    assert_eq!((card.earned, card.spendable), (10, 10));
    assert_eq!(game.badge(ana, "Event Explorer").await.level, 1);
    assert_eq!(game.world.count("user_badges WHERE level = 1").await, 1);
    let again = take_back(&game, gold.id).await;
    assert_eq!(
        (again.points.outcome, again.points.points),
        (PointsOutcome::Already, 0)
    );
    let row = awards(&game, ana)
        .await
        .into_iter()
        .find(|award| award.id == gold.id)
        .unwrap();
    assert!(row.reversed_at.is_some(), "it stays to be seen that it was there");
    let told: (i64, String) = sqlx::query_as(
        "SELECT count(*), min(after->>'reason') FROM audit_log WHERE action = 'take_back_badge' AND subject_id = $1",
    )
    .bind(ana.0)
    .fetch_one(&game.world.owner)
    .await
    .unwrap();
    assert_eq!(told, (1, "wrong member".to_owned()));
    // And it may be given again.
    game.world
        .sql("UPDATE badge_levels SET points = 30 WHERE points = 500")
        .await;
    grant(&game, ana, 3).await;
    assert_eq!(game.badge(ana, "Event Explorer").await.level, 3);
    game.holds().await;
}

#[tokio::test]
async fn a_level_that_was_reached_meanwhile_stays_by_its_facts() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    grant(&game, ana, 1).await;
    let (hike, trivia) = (game.event(0, "hike").await, game.event(0, "trivia").await);
    game.come(ana, hike).await;
    game.come(ana, trivia).await;
    let by_hand = awards(&game, ana).await;
    assert_eq!(by_hand.len(), 1, "it is not paid twice while it stands by hand");
    let taken = take_back(&game, by_hand[0].id).await;
    assert_eq!((taken.points.points, taken.again), (0, true));
    let badge = game.badge(ana, "Event Explorer").await;
    assert_eq!((badge.level, badge.dates[0].by_hand), (1, false));
    game.undo(ana, hike).await;
    assert_eq!(
        game.badge(ana, "Event Explorer").await.level,
        0,
        "now it goes with them"
    );
    game.holds().await;
}

#[tokio::test]
async fn what_is_spent_and_what_the_facts_brought_is_not_taken() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    grant(&game, ana, 3).await;
    let redeem = PointsChange::Redeem {
        points: 5,
        reason: "a mug".to_owned(),
    };
    game.db
        .change_points(&game.staff, nonce(), ana, &redeem)
        .await
        .unwrap();
    let by_hand = awards(&game, ana).await[0].id;
    let taken = take_back(&game, by_hand).await;
    assert_eq!(
        (taken.points.outcome, taken.points.spendable),
        (PointsOutcome::TooLittle, 25)
    );
    assert_eq!(
        game.badge(ana, "Event Explorer").await.level,
        3,
        "nothing was done"
    );
    let (hike, trivia) = (game.event(0, "hike").await, game.event(0, "trivia").await);
    game.come(ana, hike).await;
    game.come(ana, trivia).await;
    let reached = awards(&game, ana).await;
    let reached = reached.iter().find(|award| award.threshold.is_some()).unwrap().id;
    let refused =
        async |award, reason: &str| fault(game.db.take_back_badge(&game.staff, nonce(), award, reason).await);
    assert!(matches!(refused(reached, "no").await, Fault::Conflict(_)));
    assert!(matches!(refused(999_999, "no").await, Fault::NotFound(_)));
    assert_eq!(
        refused_field(game.db.take_back_badge(&game.staff, nonce(), by_hand, "  ").await),
        "reason"
    );
    game.holds().await;
}

/// Sixteen take one level back at once; answers how many were told that they did.
async fn taken_by_sixteen(game: &Game, ana: MemberId) -> usize {
    grant(game, ana, 5).await;
    let award = awards(game, ana).await[0].id;
    let mut hands = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (db, staff) = (game.world.db(Role::Staff), game.staff.clone());
        hands.spawn(async move {
            let taken = db.take_back_badge(&staff, nonce(), award, "storm").await;
            taken.unwrap().points.outcome
        });
    }
    let outcomes = hands.join_all().await.into_iter();
    outcomes.filter(|outcome| *outcome == PointsOutcome::Done).count()
}

#[tokio::test]
async fn of_sixteen_who_take_it_back_at_once_one_does() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    assert_eq!(taken_by_sixteen(&game, ana).await, 1);
    assert_eq!(game.earned(ana).await, 0);
    game.holds().await;
}

#[tokio::test]
async fn without_the_lock_several_are_told_that_they_took_it() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    game.world
        .sql(
            "CREATE OR REPLACE FUNCTION pine.lock_games(members integer[]) RETURNS void LANGUAGE sql AS 'SELECT';
             -- Between looking and writing, long enough for the others to look.
             CREATE FUNCTION pine.dawdle() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END';
             CREATE TRIGGER dawdle BEFORE UPDATE ON badge_awards FOR EACH ROW EXECUTE FUNCTION pine.dawdle()",
        )
        .await;
    let done = taken_by_sixteen(&game, ana).await;
    assert!(done > 1, "the lock must be what lets one win: {done}");
}

#[tokio::test]
async fn facts_say_what_counts_and_what_does_not() {
    let game = Game::new().await;
    let (ana, ben) = (game.world.member("ana").await, game.world.member("ben").await);
    game.world
        .sql(&format!(
            "UPDATE users SET referred_by = {} WHERE id = {}",
            ana.0, ben.0
        ))
        .await;
    let trivia = game.event(0, "trivia").await;
    game.come(ana, trivia).await;
    game.world
        .sql(&format!(
            "INSERT INTO event_results (event_id, user_id, place, recorded_at) VALUES ({}, {}, 1, pine.clock());
             INSERT INTO connections (one_id, other_id, event_id, asked_by, asked_at, confirmed_at)
             VALUES ({ana}, {ben}, {}, {ana}, pine.clock(), pine.clock())",
            trivia.0,
            ana.0,
            trivia.0,
            ana = ana.0,
            ben = ben.0,
        ))
        .await;
    let facts = game.db.member_facts(&game.staff, ana).await.unwrap();
    assert_eq!((facts.attended, facts.attendances.len()), (1, 1));
    assert_eq!(facts.attendances[0].about.as_ref().unwrap().as_str(), "trivia");
    assert!(facts.wins[0].counts);
    assert!(!facts.connections[0].counts, "ben was not there");
    assert_eq!(
        (facts.referrals[0].counts, facts.referrals[0].count),
        (false, Some(0))
    );
    let before = game.badge(ana, "Community Builder").await.facts;
    game.come(ben, trivia).await;
    game.undo(ana, trivia).await;
    let facts = game.db.member_facts(&game.staff, ana).await.unwrap();
    assert!(facts.wins.iter().all(|win| !win.counts) && !facts.connections[0].counts);
    assert!(facts.referrals[0].counts);
    assert_eq!(
        game.badge(ana, "Community Builder").await.facts,
        before + 1,
        "as it is counted"
    );
}

/// Asks for everything there is of a member's game over a login; answers how each was refused, or `None` where it was told.
async fn asked_about(db: &Db, token: &Token, member: MemberId, award: i64) -> Vec<Option<Fault>> {
    let adjust = PointsChange::Adjust {
        points: 1,
        reason: "mine".to_owned(),
    };
    vec![
        db.game_card(token, Some(member)).await.err().map(|e| e.fault),
        db.points_ledger(token, Some(member), None, None, 5)
            .await
            .err()
            .map(|e| e.fault),
        db.points_over_time(token, Some(member))
            .await
            .err()
            .map(|e| e.fault),
        db.member_facts(token, member).await.err().map(|e| e.fault),
        db.change_points(token, nonce(), member, &adjust)
            .await
            .err()
            .map(|e| e.fault),
        db.take_back_badge(token, nonce(), award, "x")
            .await
            .err()
            .map(|e| e.fault),
    ]
}

#[tokio::test]
async fn another_members_game_is_told_to_staff_and_to_nobody_else() {
    let game = Game::new().await;
    let (ana, ben) = (game.world.member("ana").await, game.world.member("ben").await);
    grant(&game, ana, 1).await;
    let award = awards(&game, ana).await[0].id;
    let ben = game.world.session(ben).await;
    let admin = game.world.person("ada", "admin").await;
    let admin = game.world.session(admin).await;
    let rows = game.world.count("points_transactions").await;
    // A member is nobody, whatever login they come by; a staff session is nobody at a kiosk; no session is nobody.
    let nobody = Token::from_hex(&"00".repeat(32)).unwrap();
    for (role, token, who) in [
        (Role::Staff, &ben, "a member at a staff terminal"),
        (Role::Kiosk, &ben, "a member at a kiosk"),
        (Role::Kiosk, &game.staff, "staff at a kiosk"),
        (Role::Kiosk, &admin, "an administrator at a kiosk"),
        (Role::Staff, &nobody, "nobody"),
        (Role::Kiosk, &nobody, "nobody at a kiosk"),
    ] {
        let answers = asked_about(&game.world.db(role), token, ana, award).await;
        assert!(
            answers.iter().all(|answer| matches!(
                answer,
                Some(Fault::NotAllowed(_) | Fault::NotSignedIn | Fault::Login)
            )),
            "{who}: {answers:?}"
        );
    }
    assert_eq!(
        game.world.count("points_transactions").await,
        rows,
        "and nothing was written"
    );
    for (token, who) in [(&admin, "an administrator"), (&game.staff, "staff")] {
        let answers = asked_about(&game.db, token, ana, award).await;
        assert_eq!(answers, vec![None; 6], "{who}");
    }
}
