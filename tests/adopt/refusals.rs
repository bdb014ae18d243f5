//! What is not adopted, and what is said about it. Nothing is ever changed by being refused.

use pine_time::ops::adopt::{self, AdoptError, Adoption};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::old::{adopt, as_written, everything, old, older, refused, refused_as};
use crate::support::cluster::{Role, empty_database};
use crate::support::world::World;

#[tokio::test]
async fn what_is_no_older_database_is_told_apart() {
    let empty = World::over(empty_database("").await).await;
    let said = refused(&empty).await;
    assert!(
        said.contains("no tables") && said.contains("db migrate"),
        "{said}"
    );

    let own = World::new().await;
    let said = refused(&own).await;
    assert!(said.contains("own already"), "{said}");

    let other = old("CREATE TABLE users (id int, name text); CREATE TABLE orders (id int)").await;
    let said = refused(&other).await;
    assert!(said.contains("it lacks events, registrations"), "{said}");

    let half = old(
        "CREATE TABLE users (id int, name text); CREATE TABLE events (id int, title text, start_time timestamp);
         CREATE TABLE registrations (id int, user_id int, event_id int)",
    )
    .await;
    let said = refused(&half).await;
    assert!(said.contains("it lacks users.hashed_password"), "{said}");
}

#[tokio::test]
async fn what_cannot_be_read_is_named() {
    let strange = old(
        "CREATE TABLE users (id uuid, hashed_password text); CREATE TABLE events (id int, title text, start_time timestamp);
         CREATE TABLE registrations (id int, user_id int, event_id int)",
    )
    .await;
    let said = refused(&strange).await;
    assert!(said.contains("users.id is of type uuid"), "{said}");

    let twice = as_written().await;
    twice
        .sql("CREATE TABLE event AS SELECT * FROM events; CREATE TABLE registration AS SELECT * FROM registrations WHERE false")
        .await;
    let said = refused(&twice).await;
    assert!(
        said.contains("event and events hold rows") || said.contains("events and event hold rows"),
        "{said}"
    );
    twice.sql("TRUNCATE event").await;
    let done = adopt(&twice).await;
    assert_eq!(
        done.left,
        ["event", "registration"],
        "an empty one of the same name stays behind"
    );
}

#[tokio::test]
async fn text_that_is_not_utf8_is_refused() {
    let world = World::over(empty_database("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'").await).await;
    world.sql("CREATE TABLE users (id int)").await;
    let said = refused(&world).await;
    assert!(said.contains("LATIN1") && said.contains("UTF8"), "{said}");
}

#[tokio::test]
async fn rows_that_nobody_can_tell_apart_stop_it() {
    let world = older().await;
    world
        .sql(
            "ALTER TABLE \"user\" DROP CONSTRAINT user_pkey;
             INSERT INTO \"user\" (id, username, hashed_password) VALUES (2, 'double', 'x'), (-4, 'minus', 'x');
             UPDATE payment SET amount_paid = -1000 WHERE id = 4;
             ALTER TABLE points_transaction ALTER COLUMN points TYPE bigint;
             UPDATE points_transaction SET points = 3000000000 WHERE id = 1",
        )
        .await;
    let before = everything(&world).await;
    let url = world.database.url(Role::Owner);
    let numbers = adopt::look(&url).await.unwrap();
    assert_eq!(numbers.stops(), 2, "{:?}", numbers.notes);
    assert_eq!(numbers.notes.len(), 2, "nothing else can be told before");
    let error = adopt::adopt(&url, "owner:test", |_| {}).await.unwrap_err();
    assert!(error.to_string().contains("2 of the old rows"), "{error}");
    assert_eq!(everything(&world).await, before);

    world
        .sql("DELETE FROM \"user\" WHERE username IN ('double', 'minus')")
        .await;
    let before = everything(&world).await;
    let looked = adopt::look(&url).await.unwrap();
    assert_eq!(looked.stops(), 2, "{:?}", looked.notes);
    assert!(
        looked.notes[..2].iter().all(|note| note.stops),
        "they are told first"
    );
    let error = adopt::adopt(&url, "owner:test", |_| {}).await.unwrap_err();
    let AdoptError::Stopped(stopped) = &error else {
        panic!("{error}")
    };
    assert_eq!(stopped.notes, looked.notes);
    assert!(error.to_string().contains("2 of the old rows"), "{error}");
    assert_eq!(everything(&world).await, before);
}

#[tokio::test]
async fn who_may_not_is_told_what_is_missing() {
    let world = as_written().await;
    let before = everything(&world).await;
    let said = refused_as(&world, Role::Staff).await;
    for words in [
        "may not adopt",
        "does not own this database",
        "no member of pine_owner",
        "the table users belongs to pine_owner_login",
    ] {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(everything(&world).await, before);
    // Looking tells the same to whoever may read.
    let mut admin = PgConnection::connect(&world.database.url(Role::Admin))
        .await
        .unwrap();
    admin
        .execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO pine_staff_login")
        .await
        .unwrap();
    let looked = adopt::look(&world.database.url(Role::Staff)).await.unwrap();
    assert!(
        looked
            .notes
            .iter()
            .any(|note| note.kind == "rights" && note.stops)
    );
}

#[tokio::test]
async fn a_superuser_adopts_what_belongs_to_others() {
    let world = as_written().await;
    let mut admin = PgConnection::connect(&world.database.url(Role::Admin))
        .await
        .unwrap();
    // A role of this test's own: roles belong to the server.
    let role = format!("old_app_{}", world.database.name);
    let sql = format!(
        "CREATE ROLE {role} NOLOGIN;
         ALTER DEFAULT PRIVILEGES FOR ROLE pine_owner IN SCHEMA public GRANT ALL ON TABLES TO {role};
         GRANT ALL ON SCHEMA public TO {role};
         ALTER SCHEMA public OWNER TO pine_admin;
         DO $$ DECLARE t regclass; BEGIN
             FOR t IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
                 EXECUTE format('ALTER TABLE %s OWNER TO {role}', t);
                 EXECUTE format('GRANT ALL ON %s TO PUBLIC', t);
             END LOOP;
         END $$"
    );
    admin.execute(AssertSqlSafe(sql)).await.unwrap();
    let said = refused(&world).await;
    assert!(
        said.contains(&format!("the table users belongs to {role}")),
        "{said}"
    );
    let done = adopt::adopt(&world.database.url(Role::Admin), "owner:root", |_| {})
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    // What the old application could do to the old tables it can do neither to those that are kept nor to the new ones.
    let rights: Vec<(String, bool, bool)> = sqlx::query_as(AssertSqlSafe(format!(
        "SELECT s, has_schema_privilege('{role}', s, 'USAGE'),
                has_table_privilege('{role}', s || '.users', 'SELECT') AND has_schema_privilege('{role}', s, 'USAGE')
         FROM unnest(ARRAY['public', '{}']) AS s",
        done.kept_in
    )))
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert_eq!(
        rights,
        [
            ("public".to_owned(), true, false),
            (done.kept_in.clone(), false, false)
        ]
    );
    let owners: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relowner <> 'pine_owner'::regrole",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(owners, 0, "all that was made is the owner's");
    // The owner migrates and works as on any other database.
    let again = pine_time::ops::migrate::migrate(&world.database.url(Role::Owner))
        .await
        .unwrap();
    assert_eq!((again.applied, again.api_rebuilt), (0, false));
    admin
        .execute(AssertSqlSafe(format!("DROP OWNED BY {role}; DROP ROLE {role}")))
        .await
        .unwrap();
}

#[tokio::test]
async fn while_the_old_application_is_at_work_nothing_is_taken_from_it() {
    let world = as_written().await;
    let before = everything(&world).await;
    let options: sqlx::postgres::PgConnectOptions = world.database.url(Role::Owner).parse().unwrap();
    let mut busy = PgConnection::connect_with(&options.application_name("old web server"))
        .await
        .unwrap();
    let mut tx = busy.begin().await.unwrap();
    tx.execute("INSERT INTO users (email, username, full_name, hashed_password) VALUES ('x', 'x', 'x', 'x')")
        .await
        .unwrap();
    // Looking does not mind, and says who is there.
    let looked = adopt::look(&world.database.url(Role::Owner)).await.unwrap();
    assert!(
        looked
            .clients
            .iter()
            .any(|name| name.starts_with("old web server")),
        "{:?}",
        looked.clients
    );
    let error = adopt::adopt(&world.database.url(Role::Owner), "owner:test", |_| {})
        .await
        .unwrap_err();
    let said = error.to_string();
    assert!(
        matches!(error, AdoptError::Busy { .. }) && !error.is_refusal(),
        "{said}"
    );
    assert!(
        said.contains("in use by old web server (process ") && said.contains("Stop the old application"),
        "{said}"
    );
    tx.rollback().await.unwrap();
    busy.close().await.unwrap();
    let after = everything(&world).await;
    let changed: Vec<&String> = after
        .keys()
        .filter(|key| before.get(*key) != after.get(*key))
        .collect();
    assert_eq!(
        changed,
        ["rows of public.users_id_seq"],
        "only the other's own try shows"
    );
    assert!(adopt(&world).await.adopted, "and then it goes");
}

#[tokio::test]
async fn a_server_that_takes_no_changes_is_said_to_be_one() {
    let world = as_written().await;
    let mut admin = PgConnection::connect(&world.database.url(Role::Admin))
        .await
        .unwrap();
    let set = format!(
        "ALTER DATABASE {} SET default_transaction_read_only = on",
        world.database.name
    );
    admin.execute(AssertSqlSafe(set)).await.unwrap();
    let said = refused(&world).await;
    assert!(said.contains("read-only"), "{said}");
    let looked = adopt::look(&world.database.url(Role::Owner)).await.unwrap_err();
    assert!(matches!(looked, AdoptError::ReadOnly));
}

#[tokio::test]
async fn extensions_in_the_way_are_moved_or_named() {
    let world = as_written().await;
    world.sql("CREATE EXTENSION pg_trgm SCHEMA public").await;
    assert!(adopt(&world).await.adopted);
    assert_eq!(
        world
            .value::<String>(
                "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm'"
            )
            .await,
        "ext"
    );

    let world = as_written().await;
    world
        .sql("CREATE EXTENSION pg_trgm SCHEMA public; CREATE INDEX by_name ON users USING gin (full_name gin_trgm_ops)")
        .await;
    world
        .sql(
            "CREATE EXTENSION unaccent SCHEMA public;
             CREATE VIEW plain_names AS SELECT public.unaccent(full_name) AS name FROM users;
             ALTER TABLE events ADD COLUMN plain text DEFAULT public.unaccent('Ñ')",
        )
        .await;
    let before = everything(&world).await;
    let stops = |adoption: &Adoption| -> Vec<String> {
        let stops = adoption.notes.iter().filter(|note| note.stops);
        stops.map(|note| note.what.clone()).collect()
    };
    let looked = adopt::look(&world.database.url(Role::Owner)).await.unwrap();
    let told = stops(&looked);
    assert_eq!(told.len(), 3, "{told:?}");
    for (line, words) in told.iter().zip([
        "default value for column plain of table public.events hangs on the extension unaccent",
        "index public.by_name hangs on the extension pg_trgm",
        "view public.plain_names hangs on the extension unaccent",
    ]) {
        assert!(line.starts_with(words), "{line}");
    }
    let error = adopt::adopt(&world.database.url(Role::Owner), "owner:test", |_| {})
        .await
        .unwrap_err();
    let AdoptError::Stopped(stopped) = &error else {
        panic!("{error}")
    };
    assert_eq!(stops(stopped), told, "adopting says what looking said");
    assert_eq!(everything(&world).await, before);
    // What was told is all there was.
    world
        .sql("DROP VIEW plain_names; DROP INDEX by_name; ALTER TABLE events ALTER COLUMN plain DROP DEFAULT")
        .await;
    assert!(adopt(&world).await.adopted);

    let world = as_written().await;
    world.sql("CREATE SCHEMA api").await;
    let said = refused(&world).await;
    assert!(said.contains("a schema called api"), "{said}");
}

/// Other extensions of the old schema go with it, and so does what they are used for.
#[tokio::test]
async fn extensions_that_are_not_ours_stay_with_the_old_tables() {
    let world = as_written().await;
    world
        .sql(
            "CREATE EXTENSION citext SCHEMA public; CREATE EXTENSION hstore SCHEMA public;
             ALTER TABLE users ALTER COLUMN email TYPE citext, ADD COLUMN more hstore DEFAULT 'a=>1';
             CREATE INDEX by_more ON users USING gin (more);
             CREATE VIEW addresses AS SELECT email FROM users WHERE more ? 'a'",
        )
        .await;
    let looked = adopt::look(&world.database.url(Role::Owner)).await.unwrap();
    assert_eq!(looked.stops(), 0, "{:?}", looked.notes);
    let done = adopt(&world).await;
    let kept = &done.kept_in;
    let places: Vec<(String, String)> = sqlx::query_as(
        "SELECT extname::text, extnamespace::regnamespace::text FROM pg_extension WHERE extname IN ('citext', 'hstore') ORDER BY 1",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    let stay = |name: &str| (name.to_owned(), kept.clone());
    assert_eq!(places, [stay("citext"), stay("hstore")]);
    assert_eq!(world.count(&format!("{kept}.addresses")).await, 4);
    assert_eq!(world.count("users WHERE email LIKE '%@%'").await, 4);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_failure() {
    let error = adopt::look("postgres://nobody@127.0.0.1:1/none")
        .await
        .unwrap_err();
    assert!(!error.is_refusal(), "{error}");
}
