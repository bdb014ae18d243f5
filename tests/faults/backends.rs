//! Backends that are terminated under 64 terminals at work.

use std::time::Duration;

use sqlx::postgres::PgPool;

use crate::crew::{Crew, Evening, attempts, judge};
use crate::support::cluster::Role;
use crate::support::world::World;

const TERMINALS: usize = 64;

/// Every twentieth backend, time and again until the work is done; answers how many.
async fn terminate_one_in_twenty(admin: &PgPool, crew: &Crew) -> usize {
    let mut ended = 0;
    while crew.is_busy() {
        let now: Vec<bool> = sqlx::query_scalar(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE application_name LIKE 'pine-time%' AND datname = current_database() AND random() < 0.05",
        )
        .fetch_all(admin)
        .await
        .unwrap();
        ended += now.into_iter().filter(|ended| *ended).count();
        // A fault's own pace: between two rounds the doors get on with their work.
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    ended
}

async fn evening(world: &World, each: usize) -> (usize, crate::crew::Violations) {
    let evening = Evening::prepare(&world.database.url(Role::Owner), TERMINALS, each).await;
    let admin = PgPool::connect(&world.database.url(Role::Admin)).await.unwrap();
    let crew = evening.open(&world.database.url(Role::Staff), Duration::from_secs(10));
    crew.reach(2).await;
    let ended = terminate_one_in_twenty(&admin, &crew).await;
    let told = crew.finish().await;
    (ended, judge(&evening, &told).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn terminated_backends_lose_and_double_nothing() {
    let world = World::new().await;
    let (ended, violations) = evening(&world, attempts(40)).await;
    println!("{ended} backends terminated under {TERMINALS} terminals: {violations}");
    assert!(ended >= TERMINALS / 20, "only {ended} backends were terminated");
    assert_eq!(violations.count(), 0, "{violations}");
}

/// Negative control: the same evening without the unique key on (user_id, event_id) lets people in twice. The pause
/// before the entry makes sure that two doors meet on any machine.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_unique_key_the_judge_finds_people_in_twice() {
    let world = World::new().await;
    world
        .sql(
            "ALTER TABLE event_attendees DROP CONSTRAINT event_attendees_user_id_event_id_key;
             CREATE FUNCTION public.pause() RETURNS trigger LANGUAGE plpgsql
                 AS 'BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END';
             CREATE TRIGGER pause BEFORE INSERT ON event_attendees FOR EACH ROW EXECUTE FUNCTION public.pause()",
        )
        .await;
    let (_, violations) = evening(&world, 6).await;
    println!("without the unique key: {violations}");
    assert!(
        violations.count() > 0,
        "the judge must see it, or the test proves nothing"
    );
}
