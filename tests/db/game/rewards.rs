//! What a check-in brings and an undo takes: each cause once, and back exactly.

use pine_time::domain::badge::StreakState;
use pine_time::domain::ledger::LedgerKind;

use super::{Game, told};
use crate::support::world::{check_in, nonce, typed};

#[tokio::test]
async fn weeks_in_a_row_pay_more_and_levels_come_lowest_first() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    let kinds = ["trivia", "hike", "games", "trivia", "trivia"];
    let mut seen = Vec::new();
    for (week, kind) in kinds.iter().enumerate() {
        let event = game.event(4 - i32::try_from(week).unwrap(), kind).await;
        seen.push(told(&game.come(ana, event).await));
    }
    assert_eq!(
        seen,
        [
            vec!["event +15"],
            vec![
                "event +15",
                "streak 2 +5",
                "Event Explorer 1 +10",
                "Consistent Attendee 1 +10"
            ],
            vec!["event +15", "streak 3 +10", "Event Explorer 2 +20"],
            vec!["event +15", "streak 4 +15", "Consistent Attendee 2 +20"],
            vec!["event +15", "streak 5 +20"],
        ]
    );
    let card = game.db.game_card(&game.staff, Some(ana)).await.unwrap();
    assert_eq!((card.streak.current, card.streak.longest), (5, 5));
    assert_eq!(card.streak.state, StreakState::Safe);
    assert_eq!(card.streak.words(), "safe until Sunday");
    assert_eq!(card.earned, 75 + 50 + 60);
    assert_eq!(card.weeks.len(), 53);
    assert_eq!(card.weeks[48..].iter().map(|week| week.events).sum::<i64>(), 5);
    assert_eq!(card.weeks[52].monday, card.streak.monday);
    let explorer = game.badge(ana, "Event Explorer").await;
    assert_eq!((explorer.level, explorer.facts), (2, 3));
    assert_eq!(explorer.distance().unwrap(), "1 more event type to Gold");
    assert_eq!(
        explorer.dates.iter().map(|date| date.level).collect::<Vec<_>>(),
        [1, 2]
    );
    let shown: i32 = game
        .world
        .value(&format!(
            "SELECT level FROM user_badges JOIN badges AS b ON b.id = badge_id AND b.rule = 'types' WHERE user_id = {}",
            ana.0
        ))
        .await;
    assert_eq!(shown, 2, "user_badges keeps the highest level");
    game.holds().await;
}

#[tokio::test]
async fn the_bonus_stops_growing_at_fifty() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    let mut bonuses = Vec::new();
    for week in (0..13).rev() {
        let event = game.event(week, "trivia").await;
        let earned = game.come(ana, event).await;
        bonuses.extend(
            told(&earned)
                .into_iter()
                .filter(|line| line.starts_with("streak")),
        );
    }
    assert_eq!(bonuses.len(), 12);
    assert_eq!(bonuses[9..], ["streak 11 +50", "streak 12 +50", "streak 13 +50"]);
}

#[tokio::test]
async fn a_weeks_bonus_is_the_weeks_and_not_an_events() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    let before = game.event(1, "trivia").await;
    let (first, second) = (game.event(0, "trivia").await, game.event(0, "trivia").await);
    game.come(ana, before).await;
    assert_eq!(
        told(&game.come(ana, first).await),
        ["event +15", "streak 2 +5", "Consistent Attendee 1 +10"]
    );
    assert_eq!(told(&game.come(ana, second).await), ["event +15"]);
    assert_eq!(
        told(&game.undo(ana, first).await),
        ["event -15"],
        "the week is still attended"
    );
    assert_eq!(
        told(&game.undo(ana, second).await),
        ["event -15", "streak 2 -5", "Consistent Attendee 1 -10"]
    );
    assert_eq!(game.earned(ana).await, 15);
    assert_eq!(
        told(&game.come(ana, second).await),
        ["event +15", "streak 2 +5", "Consistent Attendee 1 +10"],
        "redo pays again, once"
    );
    let keys: Vec<String> = sqlx::query_scalar(
        "SELECT source_key FROM points_transactions WHERE transaction_type = 'streak_bonus' ORDER BY id",
    )
    .fetch_all(&game.world.owner)
    .await
    .unwrap();
    assert_eq!(keys.len(), 2);
    assert!(keys[0].ends_with(":1") && keys[1].ends_with(":2"), "{keys:?}");
    game.holds().await;
}

#[tokio::test]
async fn a_late_entry_joins_runs_and_reprices_nothing() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    let weeks = [
        game.event(4, "trivia").await,
        game.event(3, "trivia").await,
        game.event(2, "trivia").await,
        game.event(1, "trivia").await,
    ];
    game.come(ana, weeks[0]).await;
    game.come(ana, weeks[1]).await;
    assert_eq!(
        told(&game.come(ana, weeks[3]).await),
        ["event +15"],
        "a run of one begins"
    );
    let longest = async || {
        let card = game.db.game_card(&game.staff, Some(ana)).await.unwrap();
        (card.streak.current, card.streak.longest, card.streak.state)
    };
    assert_eq!(longest().await, (1, 2, StreakState::AtRisk));
    assert_eq!(
        told(&game.come(ana, weeks[2]).await),
        ["event +15", "streak 3 +10", "Consistent Attendee 2 +20"],
        "the late week is priced as it stands, and the one after it stays as it was"
    );
    assert_eq!(longest().await, (4, 4, StreakState::AtRisk));
    let card = game.db.game_card(&game.staff, Some(ana)).await.unwrap();
    assert_eq!(card.streak.words(), "attend by Sunday to keep 4 weeks");
    assert_eq!(
        told(&game.undo(ana, weeks[2]).await),
        ["event -15", "streak 3 -10", "Consistent Attendee 2 -20"]
    );
    assert_eq!(longest().await, (1, 2, StreakState::AtRisk), "split again");
    game.holds().await;
}

#[tokio::test]
async fn weeks_without_events_are_neutral_only_where_the_community_says_so() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    for week in [5, 3] {
        let event = game.event(week, "trivia").await;
        game.come(ana, event).await;
    }
    let streak = async || {
        let streak = game.db.game_card(&game.staff, Some(ana)).await.unwrap().streak;
        (streak.current, streak.longest, streak.state)
    };
    assert_eq!(streak().await, (0, 1, StreakState::None));
    game.world
        .sql("UPDATE settings SET skip_weeks_without_events = true")
        .await;
    assert_eq!(
        streak().await,
        (2, 2, StreakState::Safe),
        "nothing took place in the weeks between, nor does it in this one"
    );
    game.event(0, "trivia").await;
    assert_eq!(
        streak().await,
        (2, 2, StreakState::AtRisk),
        "now there is something to attend"
    );
    game.event(2, "hike").await;
    assert_eq!(
        streak().await,
        (0, 2, StreakState::None),
        "somebody else's hike was missed"
    );
    game.event(4, "hike").await;
    assert_eq!(streak().await, (0, 1, StreakState::None));
}

#[tokio::test]
async fn a_rule_change_takes_nothing_and_an_undo_goes_by_the_threshold_of_the_award() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    let (hike, trivia) = (game.event(0, "hike").await, game.event(0, "trivia").await);
    let games = game.event(0, "games").await;
    game.come(ana, hike).await;
    game.come(ana, trivia).await;
    assert_eq!(game.badge(ana, "Event Explorer").await.level, 1);
    game.world
        .sql("UPDATE badge_levels SET threshold = threshold + 10, points = 7 WHERE badge_id = (SELECT id FROM badges WHERE rule = 'types')")
        .await;
    assert_eq!(told(&game.come(ana, games).await), ["event +15"]);
    assert_eq!(game.badge(ana, "Event Explorer").await.level, 1, "it was reached");
    assert_eq!(
        told(&game.undo(ana, games).await),
        ["event -15"],
        "two types are still what it was awarded by"
    );
    assert_eq!(
        told(&game.undo(ana, hike).await),
        ["event -15", "Event Explorer 1 -10"],
        "with the points that it had paid"
    );
    assert_eq!(
        game.world
            .count(&format!("user_badges WHERE user_id = {}", ana.0))
            .await,
        0
    );
    game.holds().await;
}

#[tokio::test]
async fn the_door_answers_with_what_was_earned_and_asks_twice_for_nothing() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    let past = game.event(1, "hike").await;
    game.come(ana, past).await;
    let tonight = game.world.event(-10, None).await;
    game.world.registration(ana, tonight, "registered").await;
    let press = nonce();
    let first = game
        .db
        .check_in(&game.staff, press, tonight, &typed("ana"))
        .await
        .unwrap();
    assert_eq!(
        told(&first.earned),
        [
            "event +15",
            "streak 2 +5",
            "Event Explorer 1 +10",
            "Consistent Attendee 1 +10"
        ]
    );
    assert_eq!((first.points, first.total), (15, 55));
    let again = game
        .db
        .check_in(&game.staff, press, tonight, &typed("ana"))
        .await
        .unwrap();
    assert_eq!(again, first);
    let already = check_in(&game.db, &game.staff, tonight, "ana").await;
    assert_eq!((already.points, already.earned.len()), (0, 0));
    let page = game
        .db
        .points_ledger(&game.staff, Some(ana), None, None, 10)
        .await
        .unwrap();
    assert_eq!(page.total, 5);
    assert_eq!(page.rows[0].balance, 55);
    let streaks = game
        .db
        .points_ledger(&game.staff, Some(ana), Some(LedgerKind::StreakBonus), None, 10)
        .await
        .unwrap();
    assert_eq!(
        (streaks.total, streaks.rows[0].points, streaks.rows[0].balance),
        (1, 5, 35)
    );
    let older = game
        .db
        .points_ledger(&game.staff, Some(ana), None, Some(page.rows[3].id), 10)
        .await
        .unwrap();
    assert_eq!(
        older.rows.iter().map(|row| row.balance).collect::<Vec<_>>(),
        [15],
        "the page behind the fourth row"
    );
}

#[tokio::test]
async fn an_event_moved_to_another_week_or_type_moves_what_stands_on_it() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    let (before, moved) = (game.event(2, "trivia").await, game.event(0, "hike").await);
    game.come(ana, before).await;
    assert_eq!(
        told(&game.come(ana, moved).await),
        ["event +15", "Event Explorer 1 +10"]
    );
    game.world
        .sql(&format!(
            "UPDATE events SET start_time = start_time - interval '7 days', end_time = end_time - interval '7 days' WHERE id = {}",
            moved.0
        ))
        .await;
    assert_eq!(
        game.earned(ana).await,
        15 + 15 + 10 + 5 + 10,
        "two weeks in a row now"
    );
    game.holds().await;
    game.world
        .sql(&format!(
            "UPDATE events SET event_type = 'trivia' WHERE id = {}",
            moved.0
        ))
        .await;
    assert_eq!(game.earned(ana).await, 15 + 15 + 5 + 10, "one type of event only");
    game.holds().await;
    game.world
        .sql(
            "UPDATE event_types SET name = 'quiz' WHERE name = 'trivia';
             UPDATE events SET event_type = 'quiz' WHERE event_type = 'trivia'",
        )
        .await;
    assert_eq!(
        game.earned(ana).await,
        15 + 15 + 5 + 10,
        "a name is no type of its own"
    );
    game.holds().await;
}
