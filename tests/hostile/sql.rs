//! Plain SQL over the logins of kiosk and staff: what the server refuses, and what it cannot refuse and changes nothing.
//!
//! PostgreSQL cannot take everything away from a login. It may change its own password and settings, hold advisory locks,
//! send and hear notifications, run DO blocks in which it can do no more than outside of them, and read the system catalog:
//! which tables, functions and roles there are, never what is in them. The second half of this file shows that none of it
//! changes a result.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::functions::{answer, literal, session};
use crate::support::cluster::Role;
use crate::support::world::World;

async fn connect(world: &World, role: Role) -> PgConnection {
    PgConnection::connect(&world.database.url(role)).await.unwrap()
}

/// Statements that the server refuses to both, with no more than the right to call functions of `api`.
const REFUSED: [&str; 46] = [
    // Things of their own.
    "CREATE TABLE mine (id integer)",
    "CREATE TEMPORARY TABLE mine (id integer)",
    "SELECT 1 INTO TEMPORARY mine",
    "CREATE SCHEMA mine",
    "CREATE VIEW public.mine AS SELECT 1",
    "CREATE SEQUENCE public.mine",
    "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz'",
    "CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz'",
    "CREATE FUNCTION pg_catalog.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz'",
    "CREATE OPERATOR public.= (leftarg = text, rightarg = text, function = texteq)",
    "CREATE TYPE public.mine AS (id integer)",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION plperlu",
    "CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION mine()",
    "CREATE PUBLICATION mine FOR ALL TABLES",
    "CREATE DATABASE mine",
    // What is there.
    "ALTER TABLE users DISABLE TRIGGER ALL",
    "ALTER FUNCTION api.version() OWNER TO CURRENT_USER",
    "DROP FUNCTION api.version()",
    "DROP SCHEMA api CASCADE",
    "GRANT pine_owner TO CURRENT_USER",
    "REVOKE ALL ON SCHEMA api FROM pine_staff",
    "CREATE TRIGGER mine BEFORE INSERT ON users EXECUTE FUNCTION pine.relist()",
    "CREATE POLICY mine ON users USING (true)",
    "CREATE RULE mine AS ON INSERT TO users DO INSTEAD NOTHING",
    "COMMENT ON TABLE users IS 'mine'",
    "LOCK TABLE users IN ACCESS EXCLUSIVE MODE",
    "SELECT nextval('users_id_seq')",
    "SELECT setval('users_id_seq', 1)",
    // Other roles.
    "SET ROLE pine_owner",
    "SET SESSION AUTHORIZATION pine_admin",
    "ALTER ROLE pine_owner_login PASSWORD 'mine'",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER CREATEROLE",
    "CREATE ROLE mine",
    // The server's files and programs.
    "COPY (SELECT 1) TO '/tmp/mine'",
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_reload_conf()",
    "ALTER SYSTEM SET log_statement = 'all'",
    // Settings that would bend a rule.
    "SET session_replication_role = replica",
    "SET log_statement = 'none'",
    "SET zero_damaged_pages = on",
    "VACUUM users",
];

#[tokio::test]
async fn the_server_refuses_everything_but_our_functions() {
    let world = World::new().await;
    let mut said = Vec::new();
    for role in [Role::Kiosk, Role::Staff] {
        let mut conn = connect(&world, role).await;
        for statement in REFUSED {
            // Outside of a transaction, as somebody would type it.
            let result = sqlx::raw_sql(statement).execute(&mut conn).await;
            match result.as_ref().map_err(sqlx::Error::as_database_error) {
                Err(Some(error)) if error.code().as_deref() != Some("42601") => {}
                _ => said.push(format!("{role:?}: {statement}: {result:?}")),
            }
        }
    }
    // These two answer with a warning and do nothing.
    said.retain(|line| !line.contains(": VACUUM users: Ok") && !line.contains("FROM pine_staff: Ok"));
    assert!(said.is_empty(), "{said:#?}");
    let may: bool = world
        .value("SELECT has_schema_privilege('pine_staff', 'api', 'USAGE')")
        .await;
    assert!(may);
}

#[tokio::test]
async fn no_table_gives_or_takes_a_row() {
    let world = World::new().await;
    world.member("ana").await;
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT c.oid::regclass::text FROM pg_class AS c
         WHERE c.relkind IN ('r', 'v', 'm', 'p', 'S')
           AND c.relnamespace IN ('public'::regnamespace, 'pine'::regnamespace, 'ext'::regnamespace)",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    assert!(tables.len() > 30, "{tables:?}");
    for role in [Role::Kiosk, Role::Staff] {
        let mut conn = connect(&world, role).await;
        for table in &tables {
            for statement in [
                format!("SELECT * FROM {table} LIMIT 0"),
                format!("SELECT count(*) FROM {table}"),
                format!("INSERT INTO {table} DEFAULT VALUES"),
                format!("DELETE FROM {table}"),
                format!("TRUNCATE {table}"),
                format!("COPY {table} TO STDOUT"),
            ] {
                let (code, message) = answer(&mut conn, &statement).await;
                // 42809: nobody at all can do that to a sequence.
                assert!(
                    ["42501", "42809"].contains(&code.as_str()),
                    "{role:?}: {statement}: {code} {message}"
                );
            }
        }
    }
}

#[tokio::test]
async fn rules_are_called_by_functions_of_the_api_alone() {
    let world = World::new().await;
    let ana = world.member("ana").await;
    for role in [Role::Kiosk, Role::Staff] {
        let mut conn = connect(&world, role).await;
        for call in [
            format!(
                "SELECT pine.open_session({}, NULL, true, 'mine', gen_random_uuid())",
                ana.0
            ),
            "SELECT pine.clock()".to_owned(),
            "UPDATE pine.clock_offset SET moved_by = '1 year'".to_owned(),
            format!("SELECT * FROM pine.credential('{}')", "ana"),
            "SELECT pine.rebuild_boards()".to_owned(),
            "SELECT ext.unaccent('x')".to_owned(),
        ] {
            let (code, message) = answer(&mut conn, &call).await;
            assert_eq!(code, "42501", "{role:?}: {call}: {message}");
        }
    }
}

/// One value over a connection.
async fn value(conn: &mut PgConnection, sql: String) -> String {
    sqlx::query_scalar(AssertSqlSafe(sql.clone()))
        .fetch_one(conn)
        .await
        .unwrap_or_else(|error| panic!("{error}\nin: {sql}"))
}

/// What a member reads at a kiosk, as text.
async fn readings(conn: &mut PgConnection, token: &str) -> Vec<String> {
    let token = literal(Some(token));
    let mut read = Vec::new();
    for call in [
        "api.events({t}, '2026-01-01', '2027-12-31')",
        "api.profile({t})",
        "api.board({t}, 'week', '{}', 20)",
        "api.board({t}, 'month', '{}', 20)",
        "api.game_card({t}, NULL)",
        "api.points_ledger({t}, NULL, NULL, NULL, 20)",
        "(api.community() - 'clock')",
    ] {
        read.push(value(conn, format!("SELECT {}::text", call.replace("{t}", &token))).await);
    }
    read
}

/// What a login may set for itself, and what would bend times, orders or plans if a function believed it.
const SETTINGS: [&str; 14] = [
    "SET TimeZone = 'Pacific/Kiritimati'",
    "SET DateStyle = 'SQL, DMY'",
    "SET IntervalStyle = 'sql_standard'",
    "SET search_path = public, api, pg_catalog",
    "SET bytea_output = 'escape'",
    "SET extra_float_digits = -15",
    "SET lc_numeric = 'C'",
    "SET enable_indexscan = off",
    "SET enable_hashjoin = off",
    "SET enable_sort = off",
    "SET plan_cache_mode = force_custom_plan",
    "SET work_mem = '64kB'",
    "SET standard_conforming_strings = off",
    "SET default_transaction_isolation = 'serializable'",
];

#[tokio::test]
async fn settings_of_ones_own_change_no_answer() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    world.guest("ben", event).await;
    let staff = session(&world, "boss", "staff").await;
    let token = session(&world, "ana", "regular").await;
    let mut plain = connect(&world, Role::Staff).await;
    let check_in = format!(
        "SELECT api.check_in({}, gen_random_uuid(), {}, 'ben', NULL)::text",
        literal(Some(&staff)),
        event.0
    );
    assert!(value(&mut plain, check_in).await.contains("\"ok\""));
    for setting in SETTINGS {
        // Somebody is let in over a login that is bent, and stands where everybody looks.
        let name = format!(
            "guest{}",
            SETTINGS.iter().position(|other| *other == setting).unwrap()
        );
        world.guest(&name, event).await;
        let mut door = connect(&world, Role::Staff).await;
        sqlx::raw_sql(setting).execute(&mut door).await.unwrap();
        let check_in = format!(
            "SELECT api.check_in({}, gen_random_uuid(), {}, '{name}', NULL)::text",
            literal(Some(&staff)),
            event.0
        );
        assert!(value(&mut door, check_in).await.contains("\"ok\""));
        let drift = pine_time::ops::game::verify(&world.database.url(Role::Owner), |_| {})
            .await
            .unwrap();
        assert!(drift.lines.is_empty(), "after {setting}: {:?}", drift.lines);
        let before = readings(&mut connect(&world, Role::Kiosk).await, &token).await;
        let mut bent = connect(&world, Role::Kiosk).await;
        sqlx::raw_sql(setting).execute(&mut bent).await.unwrap();
        assert_eq!(readings(&mut bent, &token).await, before, "after {setting}");
    }
}

/// What else no grant takes away.
const ALLOWED: [&str; 6] = [
    "DO $$ BEGIN PERFORM api.version(); END $$",
    "SELECT lo_create(0)",
    "LISTEN pine_door",
    "DECLARE mine CURSOR WITH HOLD FOR SELECT 1",
    "PREPARE mine AS SELECT api.version()",
    "SELECT count(*) FROM pg_proc",
];

#[tokio::test]
async fn what_no_grant_takes_away_changes_no_answer() {
    let world = World::new().await;
    let token = session(&world, "ana", "regular").await;
    let before = readings(&mut connect(&world, Role::Kiosk).await, &token).await;
    let mut conn = connect(&world, Role::Kiosk).await;
    for statement in ALLOWED {
        sqlx::raw_sql(statement).execute(&mut conn).await.unwrap();
        assert_eq!(readings(&mut conn, &token).await, before, "after {statement}");
    }
    // Its own password it may change, and no other; here it does not keep it.
    let (code, _) = answer(&mut conn, "ALTER ROLE CURRENT_USER PASSWORD 'mine'").await;
    assert_eq!(code, "ok");
    // In a DO block it is who it was.
    let inside = "DO $$ BEGIN PERFORM * FROM public.users; END $$";
    assert_eq!(answer(&mut conn, inside).await.0, "42501");
}

/// Both tests above must see an answer that is bent.
#[tokio::test]
async fn a_function_that_believes_the_sessions_zone_is_found() {
    let world = World::new().await;
    world
        .sql(
            "SET ROLE pine_owner;
             CREATE OR REPLACE FUNCTION api.community() RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER AS
                 $$ SELECT jsonb_build_object('noon', '2026-11-23 12:00Z'::timestamptz::text) $$",
        )
        .await;
    let token = session(&world, "ana", "regular").await;
    let before = readings(&mut connect(&world, Role::Kiosk).await, &token).await;
    let mut bent = connect(&world, Role::Kiosk).await;
    sqlx::raw_sql(SETTINGS[0]).execute(&mut bent).await.unwrap();
    assert_ne!(readings(&mut bent, &token).await, before);
}

#[tokio::test]
async fn foreign_locks_keep_nobody_out() {
    let world = World::new().await;
    let event = world.event(-10, Some(5)).await;
    world.guest("ben", event).await;
    let staff = session(&world, "boss", "staff").await;
    let ana = session(&world, "ana", "regular").await;
    // Every advisory lock that our functions take, held by a kiosk for as long as it is connected.
    let mut mallory = connect(&world, Role::Kiosk).await;
    for lock in [
        format!("pg_advisory_lock(hashtext('pine-time hint'), {})", event.0),
        "pg_advisory_lock(hashtextextended('pine-time ranks', 0))".to_owned(),
    ] {
        sqlx::raw_sql(AssertSqlSafe(format!("SELECT {lock}")))
            .execute(&mut mallory)
            .await
            .unwrap();
    }
    let mut door = connect(&world, Role::Staff).await;
    let mut kiosk = connect(&world, Role::Kiosk).await;
    let work = async {
        let check_in = format!(
            "SELECT api.check_in({}, gen_random_uuid(), {}, 'ben', NULL)->>'outcome'",
            literal(Some(&staff)),
            event.0
        );
        assert_eq!(value(&mut door, check_in).await, "ok");
        let register = format!(
            "SELECT api.register({}, gen_random_uuid(), {})::text",
            literal(Some(&ana)),
            world.event(600, None).await.0
        );
        assert!(value(&mut kiosk, register).await.contains("registered"));
    };
    // A deadline to fail by instead of hanging; nothing is measured.
    tokio::time::timeout(Duration::from_secs(60), work)
        .await
        .expect("a kiosk's lock holds the door up");
}

#[tokio::test]
async fn what_others_ask_the_server_is_not_seen() {
    let world = World::new().await;
    let staff = session(&world, "boss", "staff").await;
    let mut door = connect(&world, Role::Staff).await;
    value(
        &mut door,
        format!("SELECT api.profile({})::text", literal(Some(&staff))),
    )
    .await;
    let mut kiosk = connect(&world, Role::Kiosk).await;
    let seen: Vec<Option<String>> =
        sqlx::query_scalar("SELECT query FROM pg_stat_activity WHERE usename <> current_user")
            .fetch_all(&mut kiosk)
            .await
            .unwrap();
    assert!(!seen.is_empty(), "the door is connected");
    assert!(
        seen.iter().flatten().all(|query| !query.contains(&staff)),
        "{seen:?}"
    );
    let (code, _) = answer(
        &mut kiosk,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'pine_staff_login'",
    )
    .await;
    assert_eq!(code, "42501");
}

#[tokio::test]
async fn foreign_notifications_are_read_as_hints_and_nothing_more() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let ear = tokio::spawn(async move {
        db.listen(
            move |event| {
                let _ = tell.send(event);
            },
            std::future::pending(),
        )
        .await;
    });
    let mut mallory = connect(&world, Role::Kiosk).await;
    // Again and again until the listener is there; what is no number never reaches it.
    let heard = loop {
        for payload in [
            "x",
            "-1",
            "99999999999999999999",
            "'; DROP TABLE users; --",
            "\u{202e}",
            "",
            "4711",
        ] {
            sqlx::query("SELECT pg_notify('pine_door', $1)")
                .bind(payload)
                .execute(&mut mallory)
                .await
                .unwrap();
        }
        if let Ok(Some(event)) = tokio::time::timeout(Duration::from_millis(50), told.recv()).await {
            break event;
        }
    };
    let mut all = vec![heard];
    while let Ok(event) = told.try_recv() {
        all.push(event);
    }
    ear.abort();
    assert!(
        all.iter().all(|event| event.0 == 4711 || event.0 == -1),
        "{all:?}"
    );
}
