//! Migrating: twice is once, an older database passes, and nothing of the administrator's is taken along.

use pine_time::db::schema;
use pine_time::ops::migrate::{MigrateError, migrate};

use crate::support::cluster::Role;
use crate::support::world::World;

#[tokio::test]
async fn migrating_again_does_nothing() {
    let world = World::new().await;
    let done = migrate(&world.database.url(Role::Owner)).await.unwrap();
    assert_eq!(
        (done.schema, done.applied, done.api_rebuilt),
        (schema::version(), 0, false)
    );
}

#[tokio::test]
async fn two_at_once_rebuild_the_api_once() {
    let world = World::new().await;
    world.sql("UPDATE pine.api_state SET hash = 'older'").await;
    let url = world.database.url(Role::Owner);
    let (one, two) = tokio::join!(migrate(&url), migrate(&url));
    assert_ne!(one.unwrap().api_rebuilt, two.unwrap().api_rebuilt);
}

#[tokio::test]
async fn a_database_that_has_the_seeds_tables_passes() {
    let world = World::new().await;
    world
        .sql(
            "SET ROLE pine_owner;
             DROP SCHEMA api CASCADE; DROP SCHEMA pine CASCADE; DROP SCHEMA ext CASCADE;
             DROP SCHEMA public CASCADE; CREATE SCHEMA public",
        )
        .await;
    let seed = include_str!("seed.sql")
        .replace("CREATE SCHEMA seed;", "SET ROLE pine_owner;")
        .replace("SET LOCAL search_path = seed;", "");
    world.sql(&seed).await;
    world
        .sql(
            "INSERT INTO users (email, username, full_name, hashed_password) VALUES ('a@x', 'a', 'A', '$2b$12$x');
             INSERT INTO events (title, event_type, location, start_time, end_time, max_participants)
                 VALUES ('Old', 'bingo', 'Hall', now(), now() + interval '1 hour', 3);
             INSERT INTO registrations (user_id, event_id, status) VALUES (1, 1, NULL);
             INSERT INTO registrations (user_id, event_id, status)
                 SELECT 1, id, 'checked_in' FROM events WHERE false;
             INSERT INTO users (email, username, full_name, hashed_password, user_type)
                 VALUES ('b@x', 'b', 'B', 'x', 'business');
             INSERT INTO users (email, username, full_name, hashed_password) VALUES ('d@x', 'd', 'D', 'x');
             INSERT INTO registrations (user_id, event_id, status, registration_date)
                 VALUES (2, 1, 'waitlisted', now()), (3, 1, 'waitlisted', now() - interval '1 day');
             INSERT INTO points_transactions (user_id, points, transaction_type) VALUES (1, 7, 'event_attendance')",
        )
        .await;
    let done = migrate(&world.database.url(Role::Owner)).await.unwrap();
    assert_eq!(done.schema, schema::version());
    assert!(done.api_rebuilt);
    assert_eq!(
        world.value::<i32>("SELECT taken FROM event_seats").await,
        1,
        "NULL counts as registered"
    );
    assert_eq!(
        world
            .value::<String>(
                "SELECT string_agg(u.username, ' ' ORDER BY r.waitlist_number) || ' ' || max(s.waiting)
                 FROM registrations AS r JOIN users AS u ON u.id = r.user_id JOIN event_seats AS s USING (event_id)
                 WHERE r.status = 'waitlisted' AND r.search_text = u.search_text"
            )
            .await,
        "d b 2",
        "who waited keeps their order"
    );
    assert_eq!(world.count("users WHERE length(pass_code) = 10").await, 3);
    assert_eq!(world.count("event_types WHERE name = 'bingo'").await, 1);
    assert_eq!(world.value::<i64>("SELECT earned FROM user_totals").await, 7);
    let validated: bool = world
        .value("SELECT convalidated FROM pg_constraint WHERE conname = 'users_user_type_known'")
        .await;
    assert!(!validated, "an odd old row stays, and the constraint says so");
    let refused = sqlx::raw_sql(
        "INSERT INTO users (email, username, full_name, hashed_password, user_type) VALUES ('c@x', 'c', 'C', 'x', 'business')",
    )
    .execute(&world.owner)
    .await;
    assert!(refused.is_err(), "new rows are held to it");
    assert!(world.db(Role::Staff).community().await.is_ok());
}

#[tokio::test]
async fn what_hangs_on_the_api_stops_the_rebuild() {
    let world = World::new().await;
    world
        .sql(
            "SET ROLE pine_owner;
             CREATE VIEW public.reports AS SELECT api.community() AS c;
             UPDATE pine.api_state SET hash = 'older'",
        )
        .await;
    let error = migrate(&world.database.url(Role::Owner)).await.unwrap_err();
    assert!(matches!(error, MigrateError::Dependents(_)), "{error}");
    assert!(error.to_string().contains("reports"), "{error}");
    assert_eq!(world.count("public.reports").await, 1, "and is still there");
    world.sql("SET ROLE pine_owner; DROP VIEW public.reports").await;
    assert!(
        migrate(&world.database.url(Role::Owner))
            .await
            .unwrap()
            .api_rebuilt
    );
}

#[tokio::test]
async fn who_is_no_owner_migrates_nothing() {
    let world = World::new().await;
    let error = migrate(&world.database.url(Role::Staff)).await.unwrap_err();
    assert!(
        matches!(&error, MigrateError::NotOwner(login) if login == "pine_staff_login"),
        "{error}"
    );
    let error = migrate("postgres://nobody@127.0.0.1:1/none").await.unwrap_err();
    assert!(matches!(error, MigrateError::Connect(_)));
}

#[test]
fn every_file_of_the_folder_is_known_to_the_program() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let names = |folder: &std::path::Path| {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| {
                std::path::Path::new(name)
                    .extension()
                    .is_some_and(|end| end == "sql")
            })
            .collect();
        names.sort();
        names
    };
    let mut known: Vec<String> = schema::API_FILES
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    known.sort();
    assert_eq!(names(&root.join("api")), known);
    assert_eq!(names(&root).len(), schema::MIGRATIONS.iter().count());
}
