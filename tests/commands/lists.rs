//! `events`, `leaderboard`, `keys` and `db migrate`.

use serde_json::json;

use crate::Program;
use crate::support::cluster::Role;
use crate::support::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn events_are_listed_with_the_tables_column_names() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    assert_eq!(owner.json(&["events", "list", "--json"]), json!([]));
    assert!(owner.done(&["events", "list"]).starts_with("No events"));

    let soon = world.event(60, Some(20)).await;
    world.event(60 * 24 * 70, None).await;
    world.guest("ana", soon).await;
    let listed = owner.json(&["events", "list", "--json"]);
    assert_eq!(
        listed.as_array().unwrap().len(),
        1,
        "the second is more than sixty days away"
    );
    let event = &listed[0];
    assert_eq!(event["id"], soon.0);
    assert_eq!(event["title"], "Trivia Night");
    assert_eq!(
        (&event["max_participants"], &event["registered"]),
        (&json!(20), &json!(1))
    );
    assert_eq!(
        (&event["waitlisted"], &event["checked_in"]),
        (&json!(0), &json!(0))
    );
    let start = event["start_time"].as_str().unwrap();
    assert!(
        start.ends_with('Z') && start.parse::<chrono::DateTime<chrono::Utc>>().is_ok(),
        "{start}"
    );

    let text = owner.done(&["events", "list"]);
    assert!(text.contains("Trivia Night") && text.contains("1/20"), "{text}");
    let far = owner.json(&["events", "list", "--json", "--until", "2200-01-01"]);
    assert_eq!(far.as_array().unwrap().len(), 2);
    let none = owner.json(&["events", "list", "--json", "--from", "2200-01-01"]);
    assert_eq!(none, json!([]));
    owner.fails(
        &["events", "list", "--from", "2026-12-02", "--until", "2026-12-01"],
        2,
    );
    owner.fails(&["events", "list", "--from", "yesterday"], 2);

    let number = soon.0.to_string();
    assert_eq!(
        owner.json(&["events", "show", &number, "--json"])["title"],
        "Trivia Night"
    );
    assert!(owner.done(&["events", "show", &number]).contains("1/20 taken"));
    assert_eq!(
        owner.fails(&["events", "show", "4711"], 1),
        "pine-time: There is no event 4711.\n"
    );
}

/// More rows than the database answers at once, and ties across that border.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_leaderboard_comes_whole_and_in_order() {
    let world = World::new().await;
    world
        .sql(
            "INSERT INTO users (email, username, full_name, hashed_password, user_type)
             SELECT format('m%s@example.org', n), format('m%s', n), format('Member %s', n), '!', 'regular'
             FROM generate_series(1, 1200) AS n;
             INSERT INTO points_transactions (user_id, points, transaction_type, counts_at)
             SELECT id, 10 + id / 10, 'special_activity', now() FROM users;",
        )
        .await;
    let owner = Program::of(&world, Role::Owner);
    let board = owner.json(&["leaderboard", "--limit", "100000", "--json"]);
    let rows = board.as_array().unwrap();
    assert_eq!(rows.len(), 1200);
    let mut names: Vec<_> = rows.iter().map(|row| row["username"].as_str().unwrap()).collect();
    for (index, row) in rows.iter().enumerate() {
        let better = rows
            .iter()
            .filter(|other| other["points"].as_i64() > row["points"].as_i64())
            .count();
        assert_eq!(row["rank"], json!(better + 1), "row {index}");
        let same = rows
            .iter()
            .filter(|other| other["points"] == row["points"])
            .count();
        assert_eq!(row["tied"], json!(same > 1), "row {index}");
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 1200, "nobody twice");
    let fields: Vec<_> = rows[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["full_name", "points", "rank", "tied", "username"]);

    assert_eq!(
        owner
            .json(&["leaderboard", "--limit", "501", "--json"])
            .as_array()
            .unwrap()
            .len(),
        501
    );
    let text = owner.done(&["leaderboard", "--limit", "3"]);
    assert_eq!(text.lines().count(), 5, "{text}");
    assert!(text.ends_with("3 of 1200; more with --limit.\n"), "{text}");
    for wrong in ["0", "-1", "many"] {
        owner.fails(&["leaderboard", "--limit", wrong], 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn migrating_again_changes_nothing_and_needs_the_owner() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    assert!(owner.done(&["db", "migrate"]).contains("up to date"));
    let done = owner.json(&["db", "migrate", "--json"]);
    assert_eq!(
        (&done["applied"], &done["api_rebuilt"]),
        (&json!(0), &json!(false))
    );
    let refused = Program::of(&world, Role::Staff).fails(&["db", "migrate"], 1);
    assert!(
        refused.contains("pine_staff_login") && refused.contains("owner"),
        "{refused}"
    );

    // An older database is told apart from a newer one, and by whom it is to be mended.
    world.sql("UPDATE pine.api_state SET hash = 'another'").await;
    let refused = owner.fails(&["events", "list"], 1);
    assert!(refused.contains("pine-time db migrate"), "{refused}");
    assert!(owner.done(&["db", "migrate"]).contains("rebuilt"));
    assert_eq!(owner.json(&["events", "list", "--json"]), json!([]));
}
