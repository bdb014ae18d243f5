//! The door's search among many members: what it finds, in which order, and that it never reads everybody.

use crate::support::cluster::Role;
use crate::support::world::World;

const MANY: i32 = 50_000;

/// Members with names of syllables; fifty-one of them are called Maria.
async fn many(world: &World) {
    world
        .sql(&format!(
            "INSERT INTO users (email, username, full_name, hashed_password, pass_code)
             SELECT format('%s%s@mail.example', lower(word), n), format('%s_%s', lower(word), n), word || ' ' || last, '!',
                    lpad(upper(to_hex(n)), 10, '0')
             FROM (
                 SELECT n,
                        CASE WHEN n % 1000 = 0 THEN 'Maria' ELSE initcap(
                            (ARRAY['ba','ce','di','fo','gu','ha','je','ki','lo','mu'])[1 + n % 10]
                            || (ARRAY['lan','mer','nit','por','quez','rad','sal','tin','vor','ber'])[1 + n / 10 % 10]) END AS word,
                        initcap((ARRAY['ab','ek','il','om','us'])[1 + n / 100 % 5]
                            || (ARRAY['a','e','o','is','as'])[1 + n / 500 % 5]) AS last
                 FROM generate_series(1, {MANY}) AS n
             ) AS people;
             ANALYZE users"
        ))
        .await;
}

/// How many rows of `users` are read while somebody is looked for, and how many members come into question.
async fn reads(world: &World, event: i32, query: &str, loosely: bool) -> (i64, i64) {
    let mut tx = world.owner.begin().await.unwrap();
    // What the connection has counted and not handed in yet.
    let mut counted = Vec::new();
    let mut found: i32 = 0;
    for look in [false, true] {
        if look {
            found = sqlx::query_scalar("SELECT cardinality(pine.door_candidates($1, $2, $3))")
                .bind(event)
                .bind(query)
                .bind(loosely)
                .fetch_one(&mut *tx)
                .await
                .unwrap();
        }
        let rows: i64 = sqlx::query_scalar(
            "SELECT coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0)::bigint
             FROM pg_stat_xact_user_tables WHERE relid = 'public.users'::regclass",
        )
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        counted.push(rows);
    }
    (counted[1] - counted[0], i64::from(found))
}

#[tokio::test]
async fn no_search_reads_everybody() {
    let world = World::new().await;
    many(&world).await;
    let event = world.event(-10, None).await;
    for (query, loosely) in [
        ("m", false),
        ("ma", false),
        ("mar", false),
        ("maria", false),
        ("ari", false),
        ("maria aba", false),
        ("aba maria", false),
        ("lan_1", false),
        ("jelan abas", false),
        ("be em", false),
        ("maria x", false),
        ("nobodyx", false),
        ("1", false),
        ("balan5@mail", false),
        ("@mail.example", false),
        ("%", false),
        ("_", false),
        ("\\", false),
        ("'", false),
        ("ван", false),
        ("ван maria", false),
        ("", false),
        ("marja", true),
        ("marja abass", true),
        ("zzyzx", true),
    ] {
        let (rows, found) = reads(&world, event.0, query, loosely).await;
        assert!(
            rows < i64::from(MANY) / 3,
            "{query:?} reads {rows} of {MANY} members"
        );
        assert!(found <= 400, "{query:?}: {found} come into question");
    }

    // Negative controls: without an index the same counter tells.
    for (index, query, loosely) in [
        ("users_name_word_1", "maria", false),
        ("users_name_word_2", "marja", true),
        ("users_search_text", "ari_2", false),
        ("users_email_folded", "balan5@mail", false),
    ] {
        let again: String = world
            .value(&format!("SELECT pg_get_indexdef('{index}'::regclass)"))
            .await;
        let (before, _) = reads(&world, event.0, query, loosely).await;
        world.sql(&format!("DROP INDEX {index}")).await;
        let (after, _) = reads(&world, event.0, query, loosely).await;
        world.sql(&again).await;
        assert!(
            before < i64::from(MANY) / 3 && after >= i64::from(MANY),
            "without {index}: {before} rows, then {after}"
        );
    }
}

#[tokio::test]
async fn the_events_people_come_first_however_many_match() {
    let world = World::new().await;
    many(&world).await;
    let event = world.event(-10, None).await;
    // The last of fifty that match, by name and by number.
    let last = format!("(SELECT id FROM users WHERE username = 'maria_{MANY}')");
    world
        .sql(&format!(
            "INSERT INTO registrations (user_id, event_id) VALUES ({last}, {})",
            event.0
        ))
        .await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    for query in ["m", "ma", "mari", "maria", "aria", &format!("maria_{MANY}")] {
        let found = db.find_at_door(&staff, event, query).await.unwrap();
        assert!(found.len() <= 40, "{query:?}");
        assert_eq!(found[0].username.as_str(), format!("maria_{MANY}"), "{query:?}");
    }
    let found = db.find_at_door(&staff, event, "maria").await.unwrap();
    assert_eq!(found.len(), 40);
    let names: Vec<&str> = found[1..].iter().map(|one| one.full_name.as_str()).collect();
    assert!(names.is_sorted(), "{names:?}");
    // Somebody who was switched off does not take another's place.
    world
        .sql("UPDATE users SET is_active = false WHERE username LIKE 'maria%' AND id / 1000 % 2 = 0")
        .await;
    let found = db.find_at_door(&staff, event, "maria").await.unwrap();
    assert!(
        !found.is_empty()
            && found
                .iter()
                .all(|one| one.full_name.as_str().starts_with("Maria"))
    );
}

#[tokio::test]
async fn one_and_two_letters_begin_a_word_and_three_may_stand_anywhere() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    for (username, full_name) in [
        ("nino_b", "Niño Bautista"),
        ("obi", "Obi-Wan Ken"),
        ("lee", "Bruce Lee"),
        ("øre", "Søren Ørsted"),
    ] {
        let member = world.member(username).await;
        sqlx::query("UPDATE users SET full_name = $1 WHERE id = $2")
            .bind(full_name)
            .bind(member.0)
            .execute(&world.owner)
            .await
            .unwrap();
    }
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let find = async |query: &str| {
        let found = db.find_at_door(&staff, event, query).await.unwrap();
        let mut names: Vec<String> = found.into_iter().map(|one| one.username.to_string()).collect();
        names.sort();
        names
    };
    assert_eq!(
        find("b").await,
        ["lee", "nino_b"],
        "the second name's first letter"
    );
    assert_eq!(find("BA").await, ["nino_b"]);
    assert_eq!(find("ba ni").await, ["nino_b"], "in any order");
    assert_eq!(
        find("in").await,
        Vec::<String>::new(),
        "inside a word are two letters too few"
    );
    assert_eq!(find("tis").await, ["nino_b"]);
    assert_eq!(find("tis ino").await, ["nino_b"]);
    assert_eq!(find("wan").await, ["obi"]);
    assert_eq!(find("soren or").await, ["øre"]);
    assert_eq!(find("lee@example.org").await, ["lee"]);
    assert_eq!(find("lee@elsewhere").await, Vec::<String>::new());
    assert_eq!(
        find("  ").await.len(),
        5,
        "nothing typed is everybody, as far as they fit"
    );
}

#[tokio::test]
async fn a_name_that_was_heard_is_found_on_request() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    for (username, full_name) in [
        ("nino_b", "Niño Bautista"),
        ("qui", "Penelope Quiambao"),
        ("weiss", "Karl Weiß"),
        ("tony", "Antonio Flores"),
    ] {
        let member = world.member(username).await;
        sqlx::query("UPDATE users SET full_name = $1 WHERE id = $2")
            .bind(full_name)
            .bind(member.0)
            .execute(&world.owner)
            .await
            .unwrap();
    }
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    for (heard, meant) in [
        ("bautsita", "nino_b"),
        ("Ninyo Bautista", "nino_b"),
        ("penelopy kiambao", "qui"),
        ("carl weiss", "weiss"),
        ("florez", "tony"),
    ] {
        let similar = db.find_similar(&staff, event, heard).await.unwrap();
        assert_eq!(
            similar.first().map(|one| one.username.as_str()),
            Some(meant),
            "{heard}"
        );
    }
    assert!(
        db.find_at_door(&staff, event, "bautsita")
            .await
            .unwrap()
            .is_empty(),
        "only on request"
    );
    assert!(
        db.find_similar(&staff, event, "zzyzx").await.unwrap().is_empty(),
        "there is a floor"
    );
}

#[tokio::test]
async fn new_and_changed_names_are_known_at_once() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let find = async |query: &str| {
        let found = db.find_similar(&staff, event, query).await.unwrap();
        found
            .into_iter()
            .map(|one| one.username.to_string())
            .collect::<Vec<_>>()
    };
    world.member("wilhelmina").await;
    assert_eq!(find("vilhelmina").await, ["wilhelmina"]);
    let other = world.member("other").await;
    assert!(find("quezada").await.is_empty());
    world
        .sql(&format!(
            "UPDATE users SET full_name = 'Ana  Quesada' WHERE id = {}",
            other.0
        ))
        .await;
    assert_eq!(find("quezada").await, ["other"]);
    assert_eq!(
        db.find_at_door(&staff, event, "esad").await.unwrap().len(),
        1,
        "and inside of the new name"
    );
    world
        .sql(&format!(
            "UPDATE users SET last_login = now(), is_active = false WHERE id = {}",
            other.0
        ))
        .await;
    assert!(find("quezada").await.is_empty(), "switched off");
    assert!(
        db.find_at_door(&staff, event, "qu").await.unwrap().is_empty(),
        "switched off"
    );
}

/// Whether somebody of a new name can be added while another connection is adding one of the same.
async fn two_of_a_new_name(world: &World) -> bool {
    let add = |n: u32| {
        format!(
            "INSERT INTO users (email, username, full_name, hashed_password)
             VALUES ('w{n}@example.org', 'w{n}', 'Walburga Newname', '!')"
        )
    };
    let mut first = world.owner.begin().await.unwrap();
    let mut second = world.owner.begin().await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(add(1)))
        .execute(&mut *first)
        .await
        .unwrap();
    sqlx::raw_sql("SET LOCAL lock_timeout = '300ms'")
        .execute(&mut *second)
        .await
        .unwrap();
    let added = sqlx::raw_sql(sqlx::AssertSqlSafe(add(2)))
        .execute(&mut *second)
        .await;
    first.commit().await.unwrap();
    let did = added.is_ok();
    if did {
        second.commit().await.unwrap();
    }
    did
}

#[tokio::test]
async fn two_walk_ins_of_one_new_name_do_not_wait_for_each_other() {
    let world = World::new().await;
    assert!(two_of_a_new_name(&world).await);
    let event = world.event(-10, None).await;
    let staff = world.staff().await;
    let found = world
        .db(Role::Staff)
        .find_similar(&staff, event, "walbruga")
        .await;
    assert_eq!(
        found.unwrap().len(),
        2,
        "the word that is kept twice does no harm"
    );

    // Negative control: were the words unique, the second would wait for the first.
    let world = World::new().await;
    world
        .sql("CREATE UNIQUE INDEX only_once ON pine.name_words (word)")
        .await;
    assert!(!two_of_a_new_name(&world).await);
}
