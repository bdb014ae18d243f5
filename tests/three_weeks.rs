//! Three weeks of a member's game, in terminals on one database whose clock is moved: she comes in successive weeks through
//! the door, keeps her streak, is paid for it, climbs the leaderboard, reaches a badge, loses all of that by one key at the door
//! and has it back by another.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use pine_time::domain::event::EventId;
use support::cluster::Role;
use support::story::{leave, sample_world, sign_in, terminal};
use support::terminal::{Key, Terminal};
use support::world::{World, check_in};

/// The sample community on a Wednesday evening in Manila, in a week in which nothing has happened yet: Lia, who was never
/// anywhere, has a seat at the same circle in three successive weeks. Consistent Attendee begins with three weeks here, so that
/// the third one brings a bonus and a badge.
async fn world_of_three_weeks() -> World {
    let world = sample_world().await;
    world
        .sql(
            "UPDATE pine.clock_offset SET moved_by = date_trunc('week', now()) + interval '9 days 11 hours' - now();
             UPDATE events SET is_active = false WHERE end_time > now();
             UPDATE badge_levels AS l SET threshold = 3 FROM badges AS b
             WHERE b.id = l.badge_id AND b.rule = 'weeks' AND l.level = 1;
             INSERT INTO users (email, username, full_name, hashed_password, user_type, created_at)
             SELECT 'lia@example.org', 'lia', 'Lia Quirino', hashed_password, 'regular', pine.clock()
             FROM users WHERE username = 'ana';
             INSERT INTO events (title, event_type, location, start_time, end_time, points_reward)
             SELECT 'Circle of week ' || week, 'trivia', 'Lower Gate', pine.clock() + (week - 1) * interval '7 days',
                    pine.clock() + (week - 1) * interval '7 days' + interval '3 hours', 15
             FROM generate_series(1, 3) AS week;
             INSERT INTO registrations (user_id, event_id, status)
             SELECT u.id, e.id, 'registered' FROM users AS u, events AS e
             WHERE u.username = 'lia' AND e.title LIKE 'Circle of week %'",
        )
        .await;
    world
}

/// The door of a week's circle.
fn door_of(world: &World, week: u8) -> Terminal {
    let door = terminal(world, "door 1", (100, 30));
    sign_in(&door, "staff");
    door.type_text("3");
    door.wait_until("the circle's door", |screen| {
        screen.contains(&format!("Circle of week {week}")) && screen.contains("due 1")
    });
    door
}

/// Lia comes in; the door's card says what it brought.
fn lia_comes(door: &Terminal, brought: &[&str]) {
    door.type_text("lia");
    door.wait_until("she is found, with a seat", |screen| {
        screen.contains("Lia Quirino") && screen.contains("registered")
    });
    door.key(Key::Enter);
    door.wait_until("she is in, and what it brought is told", |screen| {
        screen.contains("in 1") && brought.iter().all(|text| screen.contains(text))
    });
}

/// The profile of whoever is signed in, once it tells all of these.
fn profile(member: &Terminal, tells: &[&str]) {
    member.type_text("4");
    told(member, tells);
}

fn told(member: &Terminal, tells: &[&str]) {
    member.wait_until(&format!("the profile tells {tells:?}"), |screen| {
        tells.iter().all(|text| screen.contains(text))
    });
}

/// The card with what was earned comes by itself, tells these, and goes with a key.
fn celebrated(member: &Terminal, tells: &[&str]) {
    member.wait_until(&format!("the card of {tells:?}"), |screen| {
        screen.contains("─ Earned ─") && tells.iter().all(|text| screen.contains(text))
    });
    member.wait_until("the card is closed", |screen| {
        let shown = screen.contains("─ Earned ─");
        if shown {
            member.type_text(" ");
        }
        !shown
    });
}

/// Lia's row of the running week's leaderboard holds all of these.
fn on_the_weeks_board(member: &Terminal, holds: &[&str]) {
    member.type_text("5");
    member.wait_for_text("All time");
    member.key(Key::Right);
    member.key(Key::Right);
    member.wait_until(&format!("her row with {holds:?}"), |screen| {
        screen
            .text()
            .lines()
            .any(|line| line.contains("Lia Quirino") && holds.iter().all(|text| line.contains(text)))
    });
}

/// Points, the highest level of Consistent Attendee and the bonuses that stand, as plain SQL finds them.
async fn held(world: &World) -> (i64, i32, i64) {
    let lia = "(SELECT id FROM users WHERE username = 'lia')";
    (
        world
            .value(&format!(
                "SELECT coalesce(sum(points), 0)::bigint FROM points_transactions WHERE user_id = {lia}"
            ))
            .await,
        world
            .value(&format!(
                "SELECT coalesce(max(h.level), 0) FROM user_badges AS h JOIN badges AS b ON b.id = h.badge_id
                 WHERE h.user_id = {lia} AND b.rule = 'weeks'"
            ))
            .await,
        world
            .value(&format!(
                "SELECT coalesce(sum(p.points), 0)::bigint FROM week_bonuses AS w
                 JOIN points_transactions AS p ON p.id = w.transaction_id
                 WHERE w.user_id = {lia} AND w.reversed_at IS NULL"
            ))
            .await,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn three_weeks_of_a_streak() {
    let world = world_of_three_weeks().await;

    // The first week: points, and a streak of one. Somebody else earns more.
    let fair: i32 = world
        .value(
            "INSERT INTO events (title, event_type, location, start_time, end_time, points_reward, is_active)
             VALUES ('Grand Fair', 'social', 'Market', pine.clock(), pine.clock() + interval '1 hour', 40, true)
             RETURNING id",
        )
        .await;
    world
        .sql(&format!(
            "INSERT INTO registrations (user_id, event_id) SELECT id, {fair} FROM users WHERE username = 'jo_m'"
        ))
        .await;
    let staff = world.staff().await;
    check_in(&world.db(Role::Staff), &staff, EventId(fair), "jo_m").await;
    world
        .sql(&format!("UPDATE events SET is_active = false WHERE id = {fair}"))
        .await;
    let door = door_of(&world, 1);
    lia_comes(&door, &["+15 points"]);
    leave(door);
    let member = terminal(&world, "kiosk", (100, 30));
    sign_in(&member, "lia");
    celebrated(&member, &["+15 points", "Circle of week 1"]);
    profile(&member, &["15 points", "1 week ", "safe until Sunday"]);
    on_the_weeks_board(&member, &["2 ★", "15"]);
    leave(member);
    assert_eq!(held(&world).await, (15, 0, 0));

    // The second: the streak is at risk until she comes, while she looks on.
    world.move_clock("7 days").await;
    let member = terminal(&world, "kiosk", (100, 30));
    sign_in(&member, "lia");
    profile(&member, &["15 points", "attend by Sunday to keep 1 week"]);
    let door = door_of(&world, 2);
    lia_comes(&door, &["+15 points", "week 2 streak"]);
    leave(door);
    celebrated(&member, &["+20 points", "Streak, week 2"]);
    told(
        &member,
        &["35 points", "2 weeks", "safe until Sunday", "Streak, week 2"],
    );
    on_the_weeks_board(&member, &["1 ★", "▲1", "20"]);
    leave(member);
    assert_eq!(held(&world).await, (35, 0, 5));

    // The third brings a badge; one key at the door takes all of it back, and another brings it again.
    world.move_clock("7 days").await;
    let door = door_of(&world, 3);
    lia_comes(
        &door,
        &["+15 points", "week 3 streak", "Consistent Attendee Bronze"],
    );
    assert_eq!(held(&world).await, (35 + 15 + 10 + 10, 1, 15));
    door.key(Key::Ctrl('z'));
    door.wait_until("it is taken back", |screen| {
        screen.contains("in 0") && screen.contains("due 1")
    });
    assert_eq!(held(&world).await, (35, 0, 5), "whole");
    let member = terminal(&world, "kiosk", (100, 30));
    sign_in(&member, "lia");
    profile(
        &member,
        &[
            "35 points",
            "attend by Sunday to keep 2 weeks",
            "Taken back: Streak, week 3",
        ],
    );
    door.key(Key::Ctrl('y'));
    door.wait_until("and done again", |screen| screen.contains("in 1"));
    celebrated(
        &member,
        &["+35 points", "★", "Consistent Attendee Bronze", "Streak, week 3"],
    );
    told(
        &member,
        &["70 points", "3 weeks", "safe until Sunday", "★☆☆☆☆ Bronze"],
    );
    assert_eq!(held(&world).await, (70, 1, 15));
    leave(door);
    leave(member);
    let drift = pine_time::ops::game::verify(&world.database.url(Role::Owner), |_| {})
        .await
        .unwrap();
    assert!(drift.lines.is_empty(), "{:#?}", drift.lines);
}
