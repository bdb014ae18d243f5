//! What the calendar asks besides the events.

use chrono::{TimeDelta, Utc};
use pine_time::db::{Db, Token};
use pine_time::domain::event::EventId;

use crate::support::cluster::Role;
use crate::support::world::World;

/// Events of the next two months that have the words.
async fn about(db: &Db, token: &Token, words: &str) -> Vec<EventId> {
    let now = Utc::now();
    db.events_about(token, now, now + TimeDelta::days(60), words)
        .await
        .unwrap()
}

#[tokio::test]
async fn words_are_found_in_every_text_of_an_event_without_case_and_accents() {
    let world = World::new().await;
    let (db, token) = (world.db(Role::Staff), world.staff().await);
    let one = world.event(24, Some(10)).await;
    let two = world.event(48, Some(10)).await;
    world
        .sql(&format!(
            "UPDATE events SET title = 'Café Français', location = 'Mount Ulap', event_type = 'social',
                               description = E'Bring a hat.\nMitochondria %_ and niños' WHERE id = {};
             UPDATE events SET title = 'Ridge Walk', location = 'Trailhead', description = NULL WHERE id = {}",
            one.0, two.0
        ))
        .await;
    for words in [
        "MITOCHONDRIA",
        "ninos",
        "cafe",
        "ulap",
        "social",
        "  hat   francais ",
        "%_",
    ] {
        assert_eq!(about(&db, &token, words).await, [one], "{words}");
    }
    assert_eq!(about(&db, &token, "trail").await, [two], "no description at all");
    // Every word must be there, and none is a pattern.
    for words in ["hat trailhead", "m%a", "b.ing", "zebra"] {
        assert!(about(&db, &token, words).await.is_empty(), "{words}");
    }
    let long = "hat ".repeat(10_000);
    assert_eq!(about(&db, &token, &long).await, [one], "what is too long is cut");
}

#[tokio::test]
async fn only_the_span_is_looked_through() {
    let world = World::new().await;
    let (db, token) = (world.db(Role::Staff), world.staff().await);
    let event = world.event(24, None).await;
    world.sql("UPDATE events SET description = 'mitochondria'").await;
    let now = Utc::now();
    let find = async |from: i64, to: i64| {
        let (from, to) = (now + TimeDelta::minutes(from), now + TimeDelta::minutes(to));
        db.events_about(&token, from, to, "mitochondria").await.unwrap()
    };
    assert_eq!(find(0, 25).await, [event]);
    assert!(find(0, 23).await.is_empty());
    assert!(find(150, 200).await.is_empty());
}

#[tokio::test]
async fn a_member_at_a_kiosk_may_look_and_nobody_without_a_session() {
    let world = World::new().await;
    let event = world.event(24, None).await;
    world.sql("UPDATE events SET description = 'tide pools'").await;
    let member = world.member("ana").await;
    let token = world.session(member).await;
    assert_eq!(about(&world.db(Role::Kiosk), &token, "tide").await, [event]);
    world.sql("UPDATE sessions SET ended_at = now()").await;
    let now = Utc::now();
    let refused = world.db(Role::Kiosk).events_about(&token, now, now, "tide").await;
    assert_eq!(
        crate::support::world::fault(refused),
        pine_time::domain::Fault::NotSignedIn
    );
}
