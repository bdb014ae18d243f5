//! The rules' numbers: who may change them, two who change them at once, and which types of events are trivia.

use pine_time::domain::Fault;
use pine_time::domain::game_desk::{BadgeLevelDraft, RulesOutcome, StreakRules};
use pine_time::domain::plan::TypeChange;

use super::Game;
use crate::support::cluster::Role;
use crate::support::world::{fault, nonce};

fn drafts(thresholds: [i64; 5]) -> Vec<BadgeLevelDraft> {
    thresholds
        .map(|threshold| BadgeLevelDraft { threshold, points: 5 })
        .to_vec()
}

/// The first family and its levels as they stand.
async fn seen(game: &Game) -> (i32, Vec<BadgeLevelDraft>) {
    let family = game.db.game_rules(&game.staff).await.unwrap().badges.remove(0);
    let levels = family
        .levels
        .iter()
        .map(pine_time::domain::game_desk::BadgeLevel::draft);
    (family.id, levels.collect())
}

#[tokio::test]
async fn the_second_of_two_editors_is_told_and_overwrites_nothing() {
    let game = Game::new().await;
    let (badge, seen) = seen(&game).await;
    let set = async |press, thresholds| {
        game.db
            .set_badge_levels(&game.admin, press, badge, Some(&seen), &drafts(thresholds))
            .await
            .unwrap()
    };
    assert_eq!(set(nonce(), [1, 2, 3, 4, 5]).await.outcome, RulesOutcome::Saved);
    let press = nonce();
    let late = set(press, [7, 8, 9, 10, 11]).await;
    assert_eq!((late.outcome, late.gained), (RulesOutcome::Changed, 0));
    assert_eq!(late.rules.badges[0].levels[0].threshold, 1, "what holds is told");
    assert_eq!(set(press, [7, 8, 9, 10, 11]).await, late, "and told again");
    assert_eq!(
        game.world
            .count("audit_log WHERE action = 'set_badge_levels'")
            .await,
        1
    );
}

/// Eight editors save what they made of the same levels, at once; answers how many were told that it holds.
async fn saved_at_once(game: &Game) -> usize {
    let (badge, seen) = seen(game).await;
    let mut hands = tokio::task::JoinSet::new();
    for client in 1..=8_i64 {
        let (db, admin, seen) = (game.world.db(Role::Staff), game.admin.clone(), seen.clone());
        hands.spawn(async move {
            let mine = drafts([client + 10, client + 20, client + 30, client + 40, client + 50]);
            db.set_badge_levels(&admin, nonce(), badge, Some(&seen), &mine)
                .await
                .unwrap()
                .outcome
        });
    }
    let outcomes = hands.join_all().await.into_iter();
    outcomes.filter(|outcome| *outcome == RulesOutcome::Saved).count()
}

#[tokio::test]
async fn of_eight_editors_at_once_one_saves() {
    let game = Game::new().await;
    assert_eq!(saved_at_once(&game).await, 1);
}

#[tokio::test]
async fn without_the_lock_several_editors_are_told_that_they_saved() {
    let game = Game::new().await;
    game.world
        .sql(
            "DO $$ BEGIN EXECUTE replace(
                 pg_get_functiondef('api.set_badge_levels(bytea, uuid, integer, jsonb, jsonb)'::regprocedure),
                 'FOR NO KEY UPDATE', '');
             END $$;
             -- Between looking and writing, long enough for the others to look.
             CREATE FUNCTION pine.dawdle() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END';
             CREATE TRIGGER dawdle BEFORE UPDATE ON badge_levels
                 FOR EACH ROW WHEN (NEW.level = 1) EXECUTE FUNCTION pine.dawdle()",
        )
        .await;
    let saved = saved_at_once(&game).await;
    assert!(saved > 1, "the lock must be what lets one win: {saved}");
}

#[tokio::test]
async fn staff_look_at_the_rules_and_administrators_change_them() {
    let game = Game::new().await;
    let (badge, seen) = seen(&game).await;
    let streak = StreakRules {
        streak_step: 1,
        streak_most: 2,
        skip_weeks_without_events: false,
    };
    let trivia = TypeChange::Trivia("hike".to_owned(), true);
    let ana = game.world.member("ana").await;
    let ana = game.world.session(ana).await;
    assert!(
        game.db
            .preview_badge_levels(&game.staff, badge, &drafts([1, 2, 3, 4, 5]))
            .await
            .is_ok()
    );
    for token in [&game.staff, &ana] {
        for refused in [
            fault(
                game.db
                    .set_badge_levels(token, nonce(), badge, Some(&seen), &drafts([1, 2, 3, 4, 5]))
                    .await,
            ),
            fault(game.db.set_streak_rules(token, nonce(), streak).await),
            fault(game.db.change_event_types(token, nonce(), &trivia).await),
        ] {
            assert!(matches!(refused, Fault::NotAllowed(_)), "{refused:?}");
        }
    }
    let kiosk = game.world.db(Role::Kiosk);
    assert_eq!(
        fault(kiosk.set_badge_levels(&ana, nonce(), badge, None, &[]).await),
        Fault::Login
    );
    assert_eq!(
        fault(kiosk.change_event_types(&ana, nonce(), &trivia).await),
        Fault::Login
    );
    assert_eq!(self::seen(&game).await.1, seen, "nothing was changed");
}

#[tokio::test]
async fn a_type_is_marked_as_trivia_and_what_was_won_at_it_counts() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    let games = game.event(1, "games").await;
    game.come(ana, games).await;
    game.world
        .sql(&format!(
            "INSERT INTO event_results (event_id, user_id, place, recorded_at) VALUES ({}, {}, 1, pine.clock())",
            games.0, ana.0
        ))
        .await;
    assert_eq!(game.badge(ana, "Trivia Master").await.level, 0);
    let change = async |press, name: &str, is_trivia| {
        let change = TypeChange::Trivia(name.to_owned(), is_trivia);
        game.db.change_event_types(&game.admin, press, &change).await
    };
    let press = nonce();
    let list = change(press, "games", true).await.unwrap();
    let marked = |name: &str| {
        list.iter()
            .find(|line| line.name.as_str() == name)
            .map(|line| line.is_trivia)
    };
    assert_eq!(
        (marked("games"), marked("trivia"), marked("hike")),
        (Some(true), Some(true), Some(false))
    );
    assert_eq!(
        game.badge(ana, "Trivia Master").await.level,
        1,
        "what was won before is given at once"
    );
    assert_eq!(
        change(press, "games", true).await.unwrap(),
        list,
        "the same press"
    );
    assert_eq!(
        change(nonce(), "games", true).await.unwrap(),
        list,
        "marked already is marked"
    );
    assert_eq!(game.world.count("audit_log WHERE action = 'set_trivia'").await, 1);
    // Nothing is taken away by a rule: a type at which somebody won stays trivia.
    assert!(matches!(
        fault(change(nonce(), "games", false).await),
        Fault::Conflict(_)
    ));
    assert_eq!(game.badge(ana, "Trivia Master").await.level, 1);
    let list = change(nonce(), "trivia", false).await.unwrap();
    assert!(
        list.iter()
            .any(|line| line.name.as_str() == "trivia" && !line.is_trivia)
    );
    assert!(matches!(
        fault(change(nonce(), "chess", true).await),
        Fault::NotFound(_)
    ));
    game.holds().await;
}
