//! The door's search among many members: what it finds, in which order, and that it never reads everybody.

use sqlx::Row;

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

/// How often `users` is read whole, and by index, while somebody is looked for.
async fn reads(world: &World, event: i32, query: &str, loosely: bool) -> (i64, i64, i64) {
    let mut tx = world.owner.begin().await.unwrap();
    let found: i32 = sqlx::query_scalar("SELECT cardinality(pine.door_candidates($1, $2, $3))")
        .bind(event)
        .bind(query)
        .bind(loosely)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    let row = sqlx::query(
        "SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE relid = 'public.users'::regclass",
    )
    .fetch_one(&mut *tx)
    .await
    .unwrap();
    (row.get("seq_scan"), row.get("idx_scan"), i64::from(found))
}

#[tokio::test]
async fn no_search_reads_everybody() {
    let world = World::new().await;
    many(&world).await;
    let event = world.event(-10, None).await;
    for query in [
        "m",
        "ma",
        "mar",
        "maria",
        "maria aba",
        "lan_1",
        "jelan abas",
        "be em",
        "nobodyx",
        "1",
        "balan5@mail",
    ] {
        let (whole, by_index, found) = reads(&world, event.0, query, false).await;
        assert_eq!(whole, 0, "{query:?} reads the whole table");
        assert!(by_index > 0, "{query:?}");
        assert!(found <= 3 + 40, "{query:?}: {found} come into question");
    }
    let (whole, _, found) = reads(&world, event.0, "marja", true).await;
    assert_eq!(whole, 0, "similar names read the whole table");
    assert!(found > 0);

    // The plan of the query that does most of the work.
    let mut tx = world.owner.begin().await.unwrap();
    sqlx::raw_sql("SET LOCAL enable_seqscan = off")
        .execute(&mut *tx)
        .await
        .unwrap();
    for pattern in ["% m%", "% ma%", "%ari%"] {
        let plan: Vec<String> =
            sqlx::query_scalar("EXPLAIN SELECT id FROM users WHERE search_text LIKE $1 LIMIT 300")
                .bind(pattern)
                .fetch_all(&mut *tx)
                .await
                .unwrap();
        assert!(
            plan.iter()
                .any(|line| line.contains("Bitmap Index Scan on users_search_text")),
            "{pattern}: {plan:#?}"
        );
    }
    drop(tx);

    // Negative control: without the index the same counters tell.
    world.sql("DROP INDEX users_search_text").await;
    let (whole, _, _) = reads(&world, event.0, "maria", false).await;
    assert!(whole > 0, "the counters must see a whole table being read");
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
