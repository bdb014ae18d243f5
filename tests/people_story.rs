//! An evening is completed, in terminals on one database: nobody was checked in at the quiz three days ago. Staff enter
//! two who were on the photo, say who won, and see the figures; a member finds her points, dated by the event.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::story::{leave, sample_world, sign_in, terminal};
use support::terminal::Key;
use support::world::World;

const EVENT: &str = "Quiz of the Pines";

/// The sample community, and three who registered for a quiz that is over.
async fn world_after_a_quiz() -> World {
    let world = sample_world().await;
    world
        .sql(&format!(
            "INSERT INTO events (title, event_type, location, start_time, end_time, max_participants, points_reward)
             VALUES ('{EVENT}', 'trivia', 'Lower Gate', now() - interval '3 days',
                     now() - interval '3 days' + interval '2 hours', 20, 35);
             INSERT INTO registrations (user_id, event_id, status)
             SELECT u.id, e.id, 'registered' FROM users AS u, events AS e
             WHERE u.username IN ('ana', 'katya', 'liam.a') AND e.title = '{EVENT}'"
        ))
        .await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_over_is_completed() {
    let world = world_after_a_quiz().await;
    let desk = terminal(&world, "desk", (80, 24));
    sign_in(&desk, "staff");
    desk.type_text("vv/pines");
    desk.key(Key::Enter);
    desk.wait_until("the event alone", |screen| {
        screen.contains(EVENT) && screen.contains("1/1")
    });
    desk.type_text("p");
    desk.wait_until("nobody came, as far as anybody knows", |screen| {
        screen.contains("over: to complete") && screen.contains("checked in 0   no-shows 3")
    });

    // Ana and Katya were on the photo.
    desk.type_text("  ");
    desk.wait_for_text("2 marked");
    desk.type_text("l");
    desk.wait_for_text("Was there: 2 people");
    desk.key(Key::Enter);
    desk.wait_for_text("Type how you know that they were there.");
    desk.type_text("on the photo of the evening");
    desk.key(Key::Enter);
    desk.wait_until("a line for each", |screen| {
        screen.contains("2 of 2 done") && screen.contains("✓ Katya Torres")
    });
    desk.key(Key::Enter);
    desk.wait_for_text("checked in 2   no-shows 1");

    // Liam, where the cursor is now, was not: he has no place.
    desk.type_text("t");
    desk.wait_for_text("Liam Aquino was not there");
    desk.key(Key::Home);
    desk.type_text("t");
    desk.wait_for_text("Place of Ana Reyes");
    desk.type_text("1");
    desk.wait_for_text("Results: 1st Ana Reyes.");
    desk.key(Key::Down);
    desk.type_text("t");
    desk.wait_for_text("Place of Katya Torres");
    desk.type_text("2");
    desk.wait_until("who won", |screen| {
        screen.contains("1st Ana Reyes · 2nd Katya Torres") && screen.contains("over, results entered")
    });
    desk.key(Key::Tab);
    desk.key(Key::BackTab);
    desk.key(Key::BackTab);
    desk.key(Key::BackTab);
    desk.wait_until("the no-shows alone", |screen| {
        screen.contains("Liam Aquino") && screen.contains("1/1")
    });

    let stands: bool = world
        .value(&format!(
            "SELECT count(*) = 2 AND bool_and(p.counts_at = e.start_time AND p.points = 35)
                AND bool_and(l.reason = 'on the photo of the evening' AND l.overrode = 'over')
                AND string_agg(u.username || ' ' || w.place, ', ' ORDER BY w.place) = 'ana 1, katya 2'
             FROM events AS e
             JOIN points_transactions AS p ON p.event_id = e.id AND p.transaction_type = 'event_attendance'
             JOIN check_in_log AS l ON l.event_id = e.id AND l.user_id = p.user_id
             JOIN event_results AS w ON w.event_id = e.id AND w.user_id = p.user_id
             JOIN users AS u ON u.id = p.user_id
             WHERE e.title = '{EVENT}'"
        ))
        .await;
    assert!(stands, "the books say what the screen said");
    leave(desk);

    let day: String = world
        .value(&format!(
            "SELECT ltrim(to_char(start_time AT TIME ZONE 'Asia/Manila', 'Dy FMDD Mon')) FROM events WHERE title = '{EVENT}'"
        ))
        .await;
    let member = terminal(&world, "kiosk", (100, 30));
    sign_in(&member, "ana");
    // The card that tells what was earned takes no key before it could be read.
    member.wait_for_text("─ Earned ─");
    member.wait_until("the card is closed", |screen| {
        let shown = screen.contains("─ Earned ─");
        if shown {
            member.type_text(" ");
        }
        !shown
    });
    member.type_text("4");
    member.wait_until("her points, dated by the event", |screen| {
        screen.contains(&format!("Attended {EVENT}, {day}"))
    });
    leave(member);
}
