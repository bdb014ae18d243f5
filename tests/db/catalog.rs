//! Rules that every function, table and role keeps, read from the catalog so that nothing new can be left out.

use std::collections::BTreeSet;

use crate::support::world::World;

/// Writes that take no nonce, and why: they return a secret or only end, extend or place a session, and are safe to
/// repeat.
const WRITES_WITHOUT_NONCE: [&str; 9] = [
    "login",
    "owner_session",
    "logout",
    // Secrets: asked again it is another one.
    "kiosk_enrol",
    "kiosk_new_pin",
    "member_reset_code",
    "kiosk_touch",
    "stand_at_door",
    "touch",
];

async fn lines(world: &World, sql: &str) -> Vec<String> {
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned()))
        .fetch_all(&world.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_database_has_all_of_the_seed() {
    let world = World::new().await;
    let mut tx = world.owner.begin().await.unwrap();
    sqlx::raw_sql(include_str!("seed.sql"))
        .execute(&mut *tx)
        .await
        .unwrap();
    sqlx::raw_sql("SET LOCAL search_path = pg_catalog")
        .execute(&mut *tx)
        .await
        .unwrap();
    let mut facts = Vec::new();
    for schema in ["seed", "public"] {
        let of: Vec<String> = sqlx::query_scalar(include_str!("seed_facts.sql"))
            .bind(schema)
            .fetch_all(&mut *tx)
            .await
            .unwrap();
        facts.push(of.into_iter().collect::<BTreeSet<_>>());
    }
    let (seed, ours) = (&facts[0], &facts[1]);
    assert!(
        seed.len() > 100,
        "the comparison must see the seed: {} facts",
        seed.len()
    );
    let missing: Vec<_> = seed.difference(ours).collect();
    assert!(
        missing.is_empty(),
        "of the seed and not in the database:\n{missing:#?}"
    );
}

#[tokio::test]
async fn every_api_function_keeps_the_rules() {
    let world = World::new().await;
    let broken = lines(
        &world,
        r"
        SELECT p.proname || ': ' || rule.text
        FROM pg_proc AS p
        CROSS JOIN LATERAL (VALUES
            (p.prosecdef, 'must be SECURITY DEFINER'),
            (pg_get_userbyid(p.proowner) = 'pine_owner', 'must be owned by pine_owner'),
            ('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), 'must pin search_path'),
            (EXISTS (SELECT FROM unnest(p.proconfig) AS c WHERE c ILIKE 'timezone=utc'), 'must pin timezone'),
            (EXISTS (SELECT FROM unnest(p.proconfig) AS c WHERE c ILIKE 'datestyle=iso%'), 'must pin datestyle'),
            (NOT has_function_privilege('public', p.oid, 'EXECUTE'), 'must not be executable by PUBLIC'),
            (p.provolatile <> 'i', 'is STABLE or VOLATILE'),
            (NOT EXISTS (
                SELECT FROM unnest(p.proargtypes::oid[] || p.prorettype) AS t (oid)
                JOIN pg_type AS ty USING (oid)
                WHERE ty.typnamespace <> 'pg_catalog'::regnamespace
             ), 'has only built-in types in its signature')
        ) AS rule (kept, text)
        WHERE p.pronamespace = 'api'::regnamespace AND NOT rule.kept
        ",
    )
    .await;
    assert!(broken.is_empty(), "{broken:#?}");
    let functions = world
        .count("pg_proc WHERE pronamespace = 'api'::regnamespace")
        .await;
    assert!(
        functions >= 20,
        "the rules must have looked at something: {functions}"
    );
}

#[tokio::test]
async fn every_write_takes_a_nonce() {
    let world = World::new().await;
    let without = lines(
        &world,
        "SELECT proname::text FROM pg_proc
         WHERE pronamespace = 'api'::regnamespace AND provolatile = 'v'
           AND NOT coalesce('nonce' = ANY (proargnames), false)
         ORDER BY 1",
    )
    .await;
    let mut known = WRITES_WITHOUT_NONCE.map(str::to_owned).to_vec();
    known.sort();
    assert_eq!(without, known);
}

#[tokio::test]
async fn the_rules_of_the_catalog_test_can_fail() {
    let world = World::new().await;
    world
        .sql(
            "SET ROLE pine_owner;
             CREATE FUNCTION api.careless(token bytea) RETURNS jsonb LANGUAGE sql AS $$ SELECT '1'::jsonb $$;
             GRANT EXECUTE ON FUNCTION api.careless(bytea) TO PUBLIC",
        )
        .await;
    let seen: bool = world
        .value(
            "SELECT NOT prosecdef AND proconfig IS NULL AND has_function_privilege('public', oid, 'EXECUTE')
             FROM pg_proc WHERE proname = 'careless'",
        )
        .await;
    assert!(
        seen,
        "a careless function must be visible to the test's conditions"
    );
}

#[tokio::test]
async fn clients_reach_functions_and_nothing_else() {
    let world = World::new().await;
    let tables = lines(
        &world,
        "SELECT format('%s may %s %s', role, privilege, c.oid::regclass)
         FROM pg_class AS c
         CROSS JOIN (VALUES ('pine_staff'), ('pine_kiosk')) AS r (role)
         CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES')) AS p (privilege)
         WHERE c.relkind IN ('r', 'v', 'm')
           AND c.relnamespace IN ('public'::regnamespace, 'pine'::regnamespace, 'api'::regnamespace)
           AND has_table_privilege(role, c.oid, privilege)",
    )
    .await;
    assert!(tables.is_empty(), "{tables:#?}");
    let schemas = lines(
        &world,
        "SELECT format('%s may %s in %s', role, privilege, n.nspname)
         FROM pg_namespace AS n
         CROSS JOIN (VALUES ('pine_staff'), ('pine_kiosk')) AS r (role)
         CROSS JOIN (VALUES ('USAGE'), ('CREATE')) AS p (privilege)
         WHERE n.nspname IN ('pine', 'ext', 'api', 'public')
           AND has_schema_privilege(role, n.oid, privilege)
         ORDER BY 1",
    )
    .await;
    let expected: BTreeSet<String> = [
        "pine_kiosk may USAGE in api",
        "pine_kiosk may USAGE in public",
        "pine_staff may USAGE in api",
        "pine_staff may USAGE in public",
    ]
    .map(str::to_owned)
    .into();
    assert_eq!(schemas.into_iter().collect::<BTreeSet<_>>(), expected);
    let rules = lines(
        &world,
        "SELECT p.oid::regprocedure::text FROM pg_proc AS p
         WHERE p.pronamespace = 'pine'::regnamespace
           AND (has_function_privilege('pine_staff', p.oid, 'EXECUTE')
                OR has_function_privilege('pine_kiosk', p.oid, 'EXECUTE'))",
    )
    .await;
    assert!(rules.is_empty(), "{rules:#?}");
}

#[tokio::test]
async fn what_a_kiosk_may_call_is_known_by_name() {
    let world = World::new().await;
    let kiosk = lines(
        &world,
        "SELECT proname::text FROM pg_proc
         WHERE pronamespace = 'api'::regnamespace AND has_function_privilege('pine_kiosk', oid, 'EXECUTE')
         ORDER BY 1",
    )
    .await;
    assert_eq!(
        kiosk,
        [
            "attendees",
            "board",
            "boards",
            "cancel_registration",
            "celebrated",
            "community",
            "confirm_connection",
            "connect",
            "earned_since",
            "event",
            "event_types",
            "events",
            "events_about",
            "find_on_board",
            "game_card",
            "game_rules",
            "kiosk_attend",
            "kiosk_choose",
            "kiosk_join",
            "kiosk_name",
            "kiosk_page",
            "kiosk_scan",
            "kiosk_touch",
            "login",
            "login_challenge",
            "logout",
            "my_account",
            "my_account_save",
            "my_connections",
            "my_news",
            "my_password_set",
            "my_registrations",
            "news_seen",
            "password_reset",
            "points_ledger",
            "points_over_time",
            "position",
            "profile",
            "register",
            "session_end",
            "sessions_end",
            "set_privacy",
            "sign_up",
            "touch",
            "version",
        ]
    );
    let roles: bool = world
        .value("SELECT pg_has_role('pine_staff_login', 'pine_kiosk', 'MEMBER')")
        .await;
    assert!(!roles, "no staff login may act as a kiosk");
}

#[tokio::test]
async fn ledger_and_logs_only_grow_and_people_are_never_deleted() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.guest("ana", event).await;
    let staff = world.staff().await;
    let db = world.db(crate::support::cluster::Role::Staff);
    db.check_in(
        &staff,
        crate::support::world::nonce(),
        event,
        &crate::support::world::typed("ana"),
    )
    .await
    .unwrap();
    for statement in [
        "UPDATE points_transactions SET points = 1000",
        "DELETE FROM points_transactions",
        "TRUNCATE points_transactions CASCADE",
        "UPDATE audit_log SET actor = 'nobody'",
        "DELETE FROM audit_log",
        "DELETE FROM check_in_log",
        "TRUNCATE check_in_log",
        "DELETE FROM users",
        "TRUNCATE users CASCADE",
        "DELETE FROM events",
    ] {
        let error = sqlx::raw_sql(statement)
            .execute(&world.owner)
            .await
            .expect_err(statement);
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .unwrap()
            .into_owned();
        assert_eq!(code, "PT403", "{statement}: {error}");
    }
    let message = sqlx::raw_sql("DELETE FROM users")
        .execute(&world.owner)
        .await
        .unwrap_err()
        .to_string();
    assert!(message.contains("deactivate"), "{message}");
    assert_eq!(
        world
            .count(&format!("points_transactions WHERE user_id = {}", ana.0))
            .await,
        1
    );
}
