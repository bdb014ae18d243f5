//! The game under many hands at once: nothing is paid twice, nothing is spent twice, and members do not wait for each other.

use std::time::Duration;

use pine_time::domain::game_desk::{PointsChange, PointsOutcome};
use pine_time::domain::member::MemberId;
use sqlx::Connection;
use sqlx::postgres::PgConnection;

use super::Game;
use crate::support::cluster::Role;
use crate::support::world::{nonce, typed};

const CLIENTS: usize = 16;

/// How often each client acts: enough for a test, or with PINE_TIME_STORM=full a thousand times.
fn rounds() -> usize {
    match std::env::var("PINE_TIME_STORM").as_deref() {
        Ok("full") => 1_000,
        _ => 25,
    }
}

/// Sixteen terminals check the same few members in and out of the same week's events, as they come.
async fn storm(game: &Game) {
    let mut events = Vec::new();
    for kind in ["trivia", "hike", "games"] {
        events.push(game.world.event(-10, None).await);
        game.world
            .sql(&format!(
                "UPDATE events SET event_type = '{kind}' WHERE id = {}",
                events.last().unwrap().0
            ))
            .await;
    }
    let last_week = game.event(1, "trivia").await;
    let mut members = Vec::new();
    for name in ["ana", "ben", "cat"] {
        let member = game.world.member(name).await;
        if let Some((_, ana)) = members.first() {
            // Ana brought the other two; their first attendance comes and goes.
            let ana: &MemberId = ana;
            game.world
                .sql(&format!(
                    "UPDATE users SET referred_by = {} WHERE id = {}",
                    ana.0, member.0
                ))
                .await;
        } else {
            game.come(member, last_week).await;
        }
        for event in &events {
            game.world.registration(member, *event, "registered").await;
        }
        members.push((name, member));
    }
    let mut hands = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let (db, staff) = (game.world.db(Role::Staff), game.staff.clone());
        let (events, members) = (events.clone(), members.clone());
        hands.spawn(async move {
            for round in 0..rounds() {
                let (name, member) = members[(client + round) % members.len()];
                let event = events[(client * 7 + round * 3) % events.len()];
                let press = nonce();
                loop {
                    let result = if (client + round) % 2 == 0 {
                        db.check_in(&staff, press, event, &typed(name)).await.map(drop)
                    } else {
                        db.undo_check_in(&staff, press, event, member, Some("storm"))
                            .await
                            .map(drop)
                    };
                    match result {
                        Err(error) if error.transient => {}
                        other => break other.unwrap(),
                    }
                }
            }
        });
    }
    while let Some(hand) = hands.join_next().await {
        hand.unwrap();
    }
}

#[tokio::test]
async fn sixteen_clients_doing_and_undoing_leave_what_the_facts_say() {
    let game = Game::new().await;
    storm(&game).await;
    game.holds().await;
    let due: i64 = game.world.count("pine.levels_due()").await;
    assert_eq!(due, 0, "nobody was passed over");
    let double = game
        .world
        .count("(SELECT FROM week_bonuses WHERE reversed_at IS NULL GROUP BY user_id, monday HAVING count(*) > 1) AS t")
        .await;
    assert_eq!(double, 0);
    let moved = game.world.count("points_transactions").await;
    assert!(moved > 100, "something must have happened: {moved}");
}

/// Two terminals bring one member to two events of one week at the same moment: what each does is held until both have
/// begun. Answers the bonuses that stand and the errors.
async fn two_at_once(game: &Game) -> (i64, usize) {
    let ana = game.world.member("ana").await;
    let before = game.event(1, "trivia").await;
    game.come(ana, before).await;
    let mut held = Vec::new();
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let event = game.event(0, "trivia").await;
        game.world.registration(ana, event, "registered").await;
        let mut conn = PgConnection::connect(&game.world.database.url(Role::Owner))
            .await
            .unwrap();
        sqlx::raw_sql("BEGIN").execute(&mut conn).await.unwrap();
        sqlx::query("SELECT pine.attend($1, $2, NULL, 'door', pine.clock())")
            .bind(ana.0)
            .bind(event.0)
            .execute(&mut conn)
            .await
            .unwrap();
        held.push((conn, event));
    }
    for (mut conn, event) in held {
        waiting.push(tokio::spawn(async move {
            let result = sqlx::query(
                "SELECT pine.reward_attendance(u, e, 1, pine.clock()) FROM users AS u, events AS e WHERE u.id = $1 AND e.id = $2",
            )
            .bind(ana.0)
            .bind(event.0)
            .execute(&mut conn)
            .await
            .map(drop);
            // Long enough for the other one to be at it, where nothing keeps it waiting.
            sqlx::raw_sql("SELECT pg_sleep(0.3)").execute(&mut conn).await.ok();
            sqlx::raw_sql("COMMIT").execute(&mut conn).await.ok();
            result
        }));
    }
    let mut failed = 0;
    for hand in waiting {
        failed += usize::from(hand.await.unwrap().is_err());
    }
    let weeks = game.world.count("week_bonuses WHERE reversed_at IS NULL").await;
    (weeks, failed)
}

#[tokio::test]
async fn of_two_first_attendances_at_once_one_makes_the_week() {
    let game = Game::new().await;
    assert_eq!(two_at_once(&game).await, (1, 0));
    game.holds().await;
}

#[tokio::test]
async fn without_the_lock_on_the_members_game_the_week_is_missed_or_paid_twice() {
    let game = Game::new().await;
    // The control: nobody's game is locked, and the totals, which would be waited for, are not kept.
    game.world
        .sql(
            "CREATE OR REPLACE FUNCTION pine.lock_games(members integer[]) RETURNS void LANGUAGE sql AS 'SELECT';
             DROP INDEX week_bonuses_standing;
             ALTER TABLE points_transactions DISABLE TRIGGER add_to_totals",
        )
        .await;
    let (bonuses, failed) = two_at_once(&game).await;
    assert!(
        bonuses != 1 || failed > 0,
        "the lock must be what keeps this right: {bonuses} bonuses, {failed} errors"
    );
}

async fn redeem_at_once(game: &Game) -> (usize, i64) {
    let ana = game.world.member("ana").await;
    let award = PointsChange::Award {
        points: 100,
        reason: "a start".to_owned(),
    };
    game.db
        .change_points(&game.staff, nonce(), ana, &award)
        .await
        .unwrap();
    let mut hands = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let (db, staff) = (game.world.db(Role::Staff), game.staff.clone());
        hands.spawn(async move {
            let redeem = PointsChange::Redeem {
                points: 30,
                reason: "a mug".to_owned(),
            };
            db.change_points(&staff, nonce(), ana, &redeem)
                .await
                .unwrap()
                .outcome
        });
    }
    let mut done = 0;
    while let Some(hand) = hands.join_next().await {
        done += usize::from(hand.unwrap() == PointsOutcome::Done);
    }
    let left = game
        .world
        .value(&format!(
            "SELECT spendable FROM user_totals WHERE user_id = {}",
            ana.0
        ))
        .await;
    (done, left)
}

#[tokio::test]
async fn sixteen_redemptions_at_once_spend_what_there_is() {
    let game = Game::new().await;
    assert_eq!(redeem_at_once(&game).await, (3, 10));
    game.holds().await;
}

#[tokio::test]
async fn without_the_lock_more_is_spent_than_there_is() {
    let game = Game::new().await;
    game.world
        .sql(
            "CREATE OR REPLACE FUNCTION pine.lock_games(members integer[]) RETURNS void LANGUAGE sql AS 'SELECT';
             -- Between looking and writing, long enough for the others to look.
             CREATE FUNCTION pine.dawdle() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END';
             CREATE TRIGGER dawdle BEFORE INSERT ON points_transactions
                 FOR EACH ROW WHEN (NEW.points < 0) EXECUTE FUNCTION pine.dawdle()",
        )
        .await;
    let (done, left) = redeem_at_once(&game).await;
    assert!(left < 0, "{done} were done, {left} points are left");
}

#[tokio::test]
async fn two_members_check_ins_share_no_lock() {
    let game = Game::new().await;
    let event = game.world.event(-10, None).await;
    let mut members: Vec<MemberId> = Vec::new();
    for name in ["ana", "ben"] {
        members.push(game.world.guest(name, event).await);
    }
    // Ana's check-in is done and not committed.
    let mut open = PgConnection::connect(&game.world.database.url(Role::Owner))
        .await
        .unwrap();
    sqlx::raw_sql("BEGIN").execute(&mut open).await.unwrap();
    sqlx::query(
        "SELECT pine.check_in(ROW(NULL, NULL, 'test', 'admin', 'd', 'k')::pine.actor, e, u, 'ana', gen_random_uuid())
         FROM users AS u, events AS e WHERE u.id = $1 AND e.id = $2",
    )
    .bind(members[0].0)
    .bind(event.0)
    .execute(&mut open)
    .await
    .unwrap();
    let ben = tokio::time::timeout(
        Duration::from_secs(20),
        game.db.check_in(&game.staff, nonce(), event, &typed("ben")),
    )
    .await
    .expect("ben does not wait for ana")
    .unwrap();
    assert_eq!(ben.earned.len(), 1);
    // Folding finds somebody at it and leaves it; nobody waits for that either.
    sqlx::raw_sql("SELECT pine.fold_ranks()")
        .execute(&mut open)
        .await
        .unwrap();
    tokio::time::timeout(
        Duration::from_secs(20),
        game.world.sql("SELECT pine.fold_ranks()"),
    )
    .await
    .expect("nobody waits to fold");
    sqlx::raw_sql("COMMIT").execute(&mut open).await.unwrap();
    game.holds().await;
}
