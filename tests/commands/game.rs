//! `points`, `badges`, `leaderboard` by period and around a member, and `game verify`.

use serde_json::json;

use crate::support::cluster::Role;
use crate::support::world::{World, check_in};
use crate::{Program, finished};

async fn community() -> World {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let staff = world.staff().await;
    let db = world.db(Role::Staff);
    for name in ["ana", "ben", "cat"] {
        world.guest(name, event).await;
        check_in(&db, &staff, event, name).await;
    }
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn points_are_given_spent_and_listed() {
    let world = community().await;
    let owner = Program::of(&world, Role::Owner);
    let done = owner.done(&["points", "award", "ana", "25", "--reason", "led the hike"]);
    assert_eq!(done, "+25 points for ana: 40 earned, 40 to spend.\n");
    let done = owner.json(&["points", "redeem", "ana", "30", "--reason", "tote bag", "--json"]);
    assert_eq!(
        (&done["outcome"], &done["spendable"]),
        (&json!("done"), &json!(10))
    );
    let refused = owner.fails(&["points", "redeem", "ana", "11", "--reason", "tote bag"], 3);
    assert!(refused.contains("10 points to spend"), "{refused}");
    owner.done(&["points", "adjust", "ana", "-10", "--reason", "counted twice"]);
    let rows = owner.json(&["points", "history", "ana", "--json"]);
    let told: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["points"].as_i64().unwrap(), row["balance"].as_i64().unwrap()))
        .collect();
    assert_eq!(told, [(-10, 0), (-30, 10), (25, 40), (15, 15)]);
    let text = owner.done(&["points", "history", "ana", "--limit", "2"]);
    assert!(
        text.contains("counted twice") && !text.contains("led the hike"),
        "{text}"
    );
    let audited = world
        .count("audit_log WHERE actor LIKE 'owner:%' AND action = 'redemption'")
        .await;
    assert_eq!(audited, 1);
    owner.fails(&["points", "award", "nobody", "5", "--reason", "x"], 1);
    owner.fails(&["points", "award", "ana", "0", "--reason", "x"], 1);
    owner.fails(&["points", "award", "ana", "5"], 2);
    owner.fails(&["points", "history"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn badges_are_listed_and_shown() {
    let world = community().await;
    let owner = Program::of(&world, Role::Owner);
    let text = owner.done(&["badges", "list"]);
    assert!(
        text.contains("Consistent Attendee") && text.contains("Diamond"),
        "{text}"
    );
    assert_eq!(
        owner
            .json(&["badges", "list", "--json"])
            .as_array()
            .unwrap()
            .len(),
        5
    );
    let text = owner.done(&["badges", "show", "ana"]);
    assert!(text.contains("1 more event type to Bronze"), "{text}");
    assert!(text.contains("Streak: 1 week"), "{text}");
    assert_eq!(owner.json(&["badges", "show", "ana", "--json"])[0]["facts"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaderboard_of_a_period_and_around_a_member() {
    let world = community().await;
    let owner = Program::of(&world, Role::Owner);
    owner.done(&["points", "award", "cat", "5", "--reason", "x"]);
    for period in ["all", "month", "week"] {
        let rows = owner.json(&["leaderboard", "--period", period, "--json"]);
        assert_eq!(
            (&rows[0]["username"], &rows[0]["points"]),
            (&json!("cat"), &json!(20)),
            "{period}"
        );
    }
    assert_eq!(
        owner.json(&["leaderboard", "--period", "last-week", "--json"]),
        json!([])
    );
    let rows = owner.json(&["leaderboard", "--around", "ben", "--limit", "1", "--json"]);
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!(
        (&rows[0]["username"], &rows[0]["rank"]),
        (&json!("ben"), &json!(2))
    );
    let rows = owner.json(&["leaderboard", "--type", "trivia", "--json"]);
    assert_eq!(rows.as_array().unwrap().len(), 3);
    assert_eq!(rows[0]["points"], 15, "what staff gave is of no type");
    assert!(
        owner
            .fails(&["leaderboard", "--around", "zoe"], 1)
            .contains("not on this")
    );
    assert!(
        owner
            .fails(&["leaderboard", "--type", "opera"], 1)
            .contains("trivia")
    );
    owner.fails(&["leaderboard", "--period", "year"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_is_listed_and_mended() {
    let world = community().await;
    let owner = Program::of(&world, Role::Owner);
    assert_eq!(owner.done(&["game", "verify"]), "The game adds up.\n");
    world
        .sql(
            "UPDATE user_totals SET earned = earned + 1 WHERE user_id = (SELECT id FROM users WHERE username = 'ana');
             UPDATE period_totals SET earned = earned + 5 WHERE board = 'all' AND name = 'Ben';
             INSERT INTO user_badges (user_id, badge_id, level) SELECT id, 1, 4 FROM users WHERE username = 'cat';
             INSERT INTO badge_awards (user_id, badge_id, level, number, threshold, earned_date)
             SELECT id, 4, 1, 1, 2, now() FROM users WHERE username = 'ben';
             UPDATE event_attendees SET status = 'undone' WHERE user_id = (SELECT id FROM users WHERE username = 'cat')",
        )
        .await;
    let (found, _) = finished(&owner.run_with(&["game", "verify"], b""), 1);
    let (drift, _) = finished(&owner.run_with(&["game", "verify", "--json"], b""), 1);
    let drift: serde_json::Value = serde_json::from_str(&drift).unwrap();
    let mut checks: Vec<_> = drift["drift"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["check"].as_str().unwrap())
        .collect();
    checks.dedup();
    assert_eq!(
        checks,
        [
            "totals",
            "leaderboards",
            "ranks",
            "points of attendances",
            "levels of badges",
            "badges shown"
        ],
        "{found}"
    );
    let mended = owner.done(&["game", "verify", "--repair"]);
    assert!(mended.contains("mended."), "{mended}");
    assert_eq!(owner.done(&["game", "verify"]), "The game adds up.\n");
    let left = world
        .count("user_totals JOIN users ON id = user_id WHERE username = 'cat' AND earned = 0")
        .await;
    assert_eq!(left, 1, "an attendance that was taken back is not paid");
    assert_eq!(world.count("audit_log WHERE action = 'game_repair'").await, 1);
    let refused = Program::of(&world, Role::Staff).fails(&["game", "verify"], 3);
    assert!(refused.contains("owner"), "{refused}");
}
