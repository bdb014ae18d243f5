//! What becomes of the rows: the schema as written, and the older application's with all that is odd in it.

use pine_time::domain::event::EventId;
use pine_time::domain::member::MemberId;
use pine_time::domain::{Secret, legacy};
use pine_time::ops::adopt::Adoption;

use crate::old::{ONE, THREE, TWO, adopt, as_written, bcrypt, notes, old, older};
use crate::support::cluster::Role;
use crate::support::world::{World, check_in};

async fn signs_in(world: &World, name: &str, password: &str) -> bool {
    let db = world.db(Role::Staff);
    let answer = db.sign_in(name, &Secret::new(password.to_owned())).await;
    answer
        .unwrap_or_else(|error| panic!("{name}: {error:?}"))
        .is_some()
}

async fn text(world: &World, sql: &str) -> String {
    world.value::<String>(&format!("SELECT ({sql})::text")).await
}

#[tokio::test]
async fn the_schema_as_it_was_written_is_adopted_row_by_row() {
    let world = as_written().await;
    let done = adopt(&world).await;
    assert!(done.left.is_empty(), "{:?}", done.left);
    for line in &done.tables {
        assert_eq!(
            (line.rows, line.becomes),
            (line.rows, line.rows),
            "{}",
            line.table
        );
        assert_eq!(line.old, line.table);
    }
    // The same numbers and the same moments, NULLs included.
    assert_eq!(
        text(&world, "SELECT string_agg(id || ' ' || username || ' ' || coalesce(user_type, '-'), ', ' ORDER BY id) FROM users").await,
        "1 root admin, 2 ana regular, 3 ben regular, 4 cleo regular",
        "a user type gave nobody rights"
    );
    assert_eq!(
        text(&world, "SELECT count(*) FROM users WHERE is_superuser").await,
        "1"
    );
    let staff = notes(&done, "users", 3);
    assert!(
        staff
            .iter()
            .any(|(kind, what)| *kind == "role" && what.contains("staff")),
        "{staff:?}"
    );
    assert_eq!(
        text(
            &world,
            "SELECT created_at AT TIME ZONE 'UTC' FROM users WHERE id = 1"
        )
        .await,
        "2024-01-01 02:00:00"
    );
    assert_eq!(
        text(
            &world,
            "SELECT start_time AT TIME ZONE 'UTC' FROM events WHERE id = 10"
        )
        .await,
        "2026-01-06 10:00:00"
    );
    // Who waited waits in the order in which they came.
    assert_eq!(
        text(&world, "SELECT string_agg(id::text, ' ' ORDER BY waitlist_number) FROM registrations WHERE status = 'waitlisted'").await,
        "106 105"
    );
    assert_eq!(
        text(
            &world,
            "SELECT taken || ' ' || waiting FROM event_seats WHERE event_id = 13"
        )
        .await,
        "1 2"
    );
    // Money: what was paid is owed no more; what was refunded has a refund.
    assert_eq!(
        text(
            &world,
            "SELECT payment_status || ' ' || price_due FROM registrations WHERE id = 100"
        )
        .await,
        "paid 250.00"
    );
    assert_eq!(
        text(
            &world,
            "SELECT f.amount || ' ' || p.refunded FROM refunds AS f JOIN payment AS p ON p.id = f.payment_id"
        )
        .await,
        "480.50 480.50"
    );
    // Points: what there was, no more, and nothing to celebrate.
    assert_eq!(
        text(
            &world,
            "SELECT spendable || ' ' || earned FROM user_totals WHERE user_id = 2"
        )
        .await,
        "15 35"
    );
    assert_eq!(world.count("points_transactions").await, 5);
    assert_eq!(
        text(
            &world,
            "SELECT pine.earned_since_told(u)->>'points' FROM users AS u WHERE u.id = 2"
        )
        .await,
        "0"
    );
    assert_eq!(
        text(&world, "SELECT source_key FROM points_transactions WHERE id = 1").await,
        "attendance:10:2:1"
    );
    // Three weeks in a row and two types: levels that were reached are held, and pay nothing.
    assert_eq!(
        text(&world, "SELECT string_agg(b.rule || ' ' || h.level, ', ' ORDER BY b.rule) FROM user_badges AS h JOIN badges AS b ON b.id = h.badge_id WHERE h.user_id = 2").await,
        "types 1, weeks 1"
    );
    assert_eq!(
        text(&world, "SELECT pine.streaks(2, '2026-01-21')->>'current'").await,
        "3"
    );
    // Sequences go on behind the rows.
    assert_eq!(text(&world, "SELECT nextval('users_id_seq')").await, "5");
    assert_eq!(
        text(&world, "SELECT nextval('registrations_id_seq')").await,
        "107"
    );
    assert_eq!(text(&world, "SELECT nextval('payment_id_seq')").await, "9");
    assert_eq!(
        text(&world, "SELECT rule FROM badges WHERE id = 5").await,
        "types"
    );
    // The old tables are where they are said to be, and nobody else's any more.
    let kept = &done.kept_in;
    assert_eq!(world.count(&format!("{kept}.users")).await, 4);
    assert_eq!(
        text(
            &world,
            &format!("SELECT has_schema_privilege('pine_staff', '{kept}', 'USAGE')")
        )
        .await,
        "false"
    );
    assert_eq!(
        world
            .count("audit_log WHERE action = 'adopt' AND actor = 'owner:test'")
            .await,
        1
    );
}

#[tokio::test]
async fn everybody_signs_in_with_the_old_password() {
    let world = older().await;
    adopt(&world).await;
    for (name, password) in [
        ("root", ONE),
        ("ana", TWO),
        ("shop", THREE),
        ("fake", ONE),
        ("ana-5", TWO),
        ("Ana", THREE),
        ("member-7", ONE),
    ] {
        assert!(!signs_in(&world, name, "not the old password").await, "{name}");
        assert!(signs_in(&world, name, password).await, "{name}");
        // Once more, with what the first sign-in made of it.
        assert!(signs_in(&world, name, password).await, "{name} again");
    }
    // A cost that terminals refuse is asked of nobody: neither of its member, nor of a name that nobody has.
    assert_eq!(
        world
            .count("users WHERE username = 'costly' AND hashed_password = '!'")
            .await,
        1
    );
    for name in ["ev [2Jil", "plain", "costly", "nobody"] {
        assert!(
            !signs_in(&world, name, TWO).await,
            "{name} was deactivated, or has no password that fits"
        );
    }
    assert!(
        !signs_in(&world, "plain", "hunter2").await,
        "a password in plain text opens nothing"
    );
    assert_eq!(
        world
            .count("users WHERE hashed_password LIKE '$2b$%' OR hashed_password LIKE '$argon2id$%'")
            .await,
        0,
        "no old hash is left as it was"
    );
}

#[tokio::test]
async fn other_forms_of_old_hashes_sign_in_too() {
    let world = as_written().await;
    for (id, hash) in [(1, bcrypt(ONE, "$2a$")), (3, bcrypt(THREE, "$2y$"))] {
        world
            .sql(&format!(
                "UPDATE users SET hashed_password = '{hash}' WHERE id = {id}"
            ))
            .await;
    }
    adopt(&world).await;
    assert!(signs_in(&world, "root", ONE).await);
    assert!(signs_in(&world, "root@example.org", ONE).await, "by address");
    assert!(signs_in(&world, "ben", THREE).await);
}

/// Whether a note of this kind with these words is there.
fn told(done: &Adoption, table: &str, id: i64, kind: &str, words: &str) {
    let own = notes(done, table, id);
    assert!(
        own.iter().any(|(of, what)| *of == kind && what.contains(words)),
        "{table} {id}: {own:?} says nothing of {kind} “{words}”"
    );
}

#[tokio::test]
async fn every_decision_about_an_older_database_is_told() {
    let done = adopt(&older().await).await;
    assert_eq!(done.stops(), 0);
    for (table, id, kind, words) in [
        ("user", 5, "duplicate", "“ana” is also that of 2"),
        ("user", 5, "duplicate", "“ana@example.org” is also that of 2"),
        ("user", 6, "name", "differs from that of 2 only in case"),
        ("user", 7, "name", "no user name"),
        ("user", 7, "name", "no e-mail address"),
        ("user", 7, "name", "no full name"),
        ("user", 7, "role", "“pirate”"),
        ("user", 4, "role", "“admin”"),
        ("user", 8, "text", "username has characters"),
        ("user", 8, "text", "“Bad Name”"),
        ("user", 9, "password", "cannot be checked"),
        ("user", 10, "password", "p=8"),
        ("user", 2, "points", "an adjustment of 70 is added"),
        ("user", 3, "points", "the ledger is kept"),
        ("event", 2, "price", "19.999 is rounded to 20.00"),
        ("event", 2, "reference", "created_by is 99"),
        ("event", 3, "price", "-3 is none"),
        ("event", 3, "time", "before it begins"),
        ("event", 3, "number", "max_participants is -1"),
        ("event", 4, "price", "NaN is none"),
        ("event", 4, "time", "nobody knows when"),
        ("event", 4, "text", "there is no title"),
        ("registration", 1, "duplicate", "“registered” beats “cancelled”"),
        ("registration", 2, "duplicate", "it is the earlier one"),
        (
            "registration",
            3,
            "money",
            "another registration for the same says that it is paid",
        ),
        ("registration", 4, "made", "member 3 came to event 1"),
        ("registration", 9, "status", "the status “maybe” is unknown"),
        (
            "registration",
            9,
            "status",
            "the payment status “dunno” is unknown",
        ),
        ("registration", 10, "reference", "no member 99"),
        ("registration", 11, "reference", "no event 99"),
        ("event_attendees", 1, "duplicate", "which is kept"),
        ("event_attendees", 3, "made", "without a registration"),
        ("event_attendees", 5, "reference", "no member 99"),
        ("event_attendees", 6, "status", "“teleported” is unknown"),
        (
            "payment",
            1,
            "money",
            "joined into payment 2, which becomes 249.99",
        ),
        (
            "payment",
            1,
            "duplicate",
            "it was for registration 2; it goes to 3",
        ),
        ("payment", 3, "money", "249.994 is rounded to 249.99"),
        ("payment", 4, "money", "becomes a refund of payment 3"),
        ("payment", 6, "made", "paid for event 2 without a registration"),
        ("payment", 7, "reference", "left behind: 11.00 for nobody"),
        ("payment", 8, "money", "the amount is 0"),
        ("badges", 1, "duplicate", "it was earned earlier"),
        ("badges", 4, "reference", "no member 99"),
        ("points_transaction", 5, "reference", "event 99 is not there"),
        ("points_transaction", 5, "reference", "member 98, who gave them"),
        ("points_transaction", 5, "status", "“gift” is unknown"),
        ("points_transaction", 6, "reference", "50 points of member 99"),
    ] {
        told(&done, table, id, kind, words);
    }
    assert_eq!(
        done.left,
        [
            "alembic_version",
            "event.image_url",
            "event_attendees.registration_date",
            "settings",
            "user.favourite_colour",
        ]
    );
    let rows = |table: &str| {
        let line = done.tables.iter().find(|line| line.table == table).unwrap();
        (line.old.as_str(), line.rows, line.becomes)
    };
    assert_eq!(rows("users"), ("user", 10, 10));
    assert_eq!(rows("events"), ("event", 5, 5));
    // 12, less two duplicates and two of nobody, and one each for who came and who paid without.
    assert_eq!(rows("registrations"), ("registration", 12, 10));
    // 6, less a duplicate and one of nobody, and three that registrations tell of.
    assert_eq!(rows("event_attendees"), ("event_attendees", 6, 7));
    assert_eq!(rows("payment"), ("payment", 8, 5));
    assert_eq!(rows("badges"), ("badge_types", 2, 2));
    assert_eq!(rows("user_badges"), ("badges", 4, 2));
    assert_eq!(rows("points_transactions"), ("points_transaction", 7, 7));
}

#[tokio::test]
async fn an_older_database_becomes_a_community_that_keeps_our_rules() {
    let world = older().await;
    let done = adopt(&world).await;
    for (sql, is) in [
        // Times without a zone are UTC.
        (
            "SELECT start_time AT TIME ZONE 'UTC' FROM events WHERE id = 1",
            "2026-01-06 18:00:00",
        ),
        (
            "SELECT end_time - start_time FROM events WHERE id = 3",
            "02:00:00",
        ),
        ("SELECT is_active FROM events WHERE id = 4", "false"),
        (
            "SELECT string_agg(coalesce(price::text, '-'), ' ' ORDER BY id) FROM events",
            "249.99 20.00 - - 100.00",
        ),
        (
            "SELECT string_agg(id::text, ' ' ORDER BY id) FROM events WHERE requires_approval",
            "1 5",
        ),
        (
            "SELECT description FROM events WHERE id = 1",
            "Six rounds.\nTeams of four.",
        ),
        // Nobody is more than before.
        (
            "SELECT string_agg(username, ' ') FROM users WHERE is_superuser OR user_type <> 'regular'",
            "root",
        ),
        (
            "SELECT username || '|' || full_name FROM users WHERE id = 8",
            "ev [2Jil|Bad Name",
        ),
        ("SELECT is_active FROM users WHERE id = 8", "false"),
        // One registration for a member and an event, the one that says most.
        (
            "SELECT id || ' ' || status || ' ' || payment_status || ' ' || price_due FROM registrations WHERE user_id = 2 AND event_id = 1",
            "3 registered paid 249.99",
        ),
        (
            "SELECT status || ' ' || payment_status || ' ' || price_due FROM registrations WHERE id = 4",
            "registered pending 249.99",
        ),
        (
            "SELECT status || ' ' || payment_status || ' ' || price_due FROM registrations WHERE id = 5",
            "registered paid 200.00",
        ),
        (
            "SELECT status || ' ' || payment_status FROM registrations WHERE id = 6",
            "registered refunded",
        ),
        (
            "SELECT status || ' ' || payment_status FROM registrations WHERE id = 9",
            "pending pending",
        ),
        (
            "SELECT coalesce(status, '-') FROM registrations WHERE id = 12",
            "-",
        ),
        ("SELECT taken FROM event_seats WHERE event_id = 5", "1"),
        (
            "SELECT status || ' ' || payment_status || ' ' || price_due FROM registrations WHERE user_id = 3 AND event_id = 2",
            "cancelled paid 20.00",
        ),
        // Who came.
        (
            "SELECT id || ' ' || (check_in_time AT TIME ZONE 'UTC') FROM event_attendees WHERE user_id = 2 AND event_id = 1",
            "2 2026-01-06 18:05:00",
        ),
        (
            "SELECT string_agg(user_id || '/' || event_id, ' ' ORDER BY user_id, event_id) FROM event_attendees WHERE status = 'attended'",
            "2/1 2/2 3/1 5/1 6/1",
        ),
        // Money: two payments are one that stands, and one that says where it went.
        (
            "SELECT string_agg(id || ' ' || amount_paid || ' ' || coalesce(void_reason, 'live'), ', ' ORDER BY id) FROM payment WHERE registration_id = 3",
            "1 100.00 Joined into payment 2, 2 249.99 live",
        ),
        (
            "SELECT amount_paid || ' ' || refunded FROM payment WHERE id = 3",
            "249.99 49.99",
        ),
        (
            "SELECT payment_channel FROM payment WHERE id = 5",
            "bank_transfer",
        ),
        (
            "SELECT amount_paid || ' ' || refunded FROM payment WHERE id = 5",
            "20.00 20.00",
        ),
        // Points: the ledger, and what the balance had beyond it.
        ("SELECT spendable FROM user_totals WHERE user_id = 2", "100"),
        ("SELECT spendable FROM user_totals WHERE user_id = 3", "15"),
        (
            "SELECT points || ' ' || transaction_type FROM points_transactions WHERE id = 8",
            "70 adjustment",
        ),
        ("SELECT awarded_by FROM points_transactions WHERE id = 2", "1"),
        (
            "SELECT source_key FROM points_transactions WHERE id = 4",
            "attendance:1:3:1",
        ),
        (
            "SELECT (counts_at AT TIME ZONE 'UTC')::text FROM points_transactions WHERE id = 1",
            "2026-01-06 18:00:00",
        ),
        (
            "SELECT string_agg(b.name || ' ' || h.level, ', ' ORDER BY b.name) FROM user_badges AS h JOIN badges AS b ON b.id = h.badge_id WHERE h.user_id = 2",
            "Consistent Attendee 1, Event Explorer 2",
        ),
        (
            "SELECT (earned_date AT TIME ZONE 'UTC')::text FROM user_badges WHERE user_id = 2 AND badge_id = 1",
            "2026-01-05 20:00:00",
        ),
        // Numbers of rows that were left behind are not given again.
        ("SELECT nextval('event_attendees_id_seq') > 9", "true"),
        ("SELECT community_name FROM settings", "Pine Time"),
    ] {
        assert_eq!(text(&world, sql).await, is, "{sql}");
    }
    let kept = &done.kept_in;
    assert_eq!(
        text(&world, &format!("SELECT value FROM {kept}.settings")).await,
        "green"
    );
    assert_eq!(world.count(&format!("{kept}.\"user\"")).await, 10);
    assert_eq!(world.count(&format!("{kept}.active_people")).await, 9);
    assert_eq!(
        text(&world, &format!(
            "SELECT count(*) FROM pg_class AS c WHERE c.relnamespace = '{kept}'::regnamespace AND c.relkind IN ('r', 'v')
               AND c.relowner <> 'pine_owner'::regrole"
        )).await,
        "0"
    );
}

/// What SQL makes of a kind of points is what [`legacy`] says, for every word with and without an event, given or taken.
#[tokio::test]
async fn every_old_word_means_the_same_in_sql_and_here() {
    let world = as_written().await;
    world
        .sql("DELETE FROM points_transactions; DELETE FROM registrations; DELETE FROM event_attendees;
              ALTER TABLE registrations DROP CONSTRAINT registrations_user_id_event_id_key;
              INSERT INTO events SELECT 1000 + n, 'x', NULL, 'x', 'x', now(), now() + interval '1 hour' FROM generate_series(1, 100) AS n")
        .await;
    let words = legacy::TRANSACTION_TYPE
        .iter()
        .map(|(old, _)| (*old).to_owned())
        .chain(["gift", "", "Event Attendance", " REDEEMED ", "reversal"].map(str::to_owned));
    let mut id = 0;
    let mut expected = Vec::new();
    for word in words {
        for points in [7, -7] {
            for event in [Some(10), None] {
                id += 1;
                let of = event.map_or_else(|| "NULL".to_owned(), |event: i32| event.to_string());
                world
                    .sql(&format!("INSERT INTO points_transactions (id, user_id, points, transaction_type, event_id) VALUES ({id}, 2, {points}, '{word}', {of})"))
                    .await;
                expected.push((
                    id,
                    legacy::transaction_type(&word, points, event.is_some()).to_owned(),
                ));
            }
        }
    }
    let standings: Vec<&str> = legacy::REGISTRATION_STATUS
        .iter()
        .map(|(old, ..)| *old)
        .chain(["who knows", "Checked In"])
        .collect();
    for (place, word) in standings.iter().enumerate() {
        world
            .sql(&format!(
                "INSERT INTO registrations (id, user_id, event_id, status) VALUES ({}, 2, {}, '{word}')",
                place + 1,
                1001 + place
            ))
            .await;
    }
    adopt(&world).await;
    let found: Vec<(i32, String)> =
        sqlx::query_as("SELECT id, transaction_type::text FROM points_transactions ORDER BY id")
            .fetch_all(&world.owner)
            .await
            .unwrap();
    assert_eq!(found, expected);
    for (place, word) in standings.iter().enumerate() {
        let event = 1001 + place;
        let means = legacy::registration(word);
        assert_eq!(
            text(
                &world,
                &format!("SELECT status FROM registrations WHERE event_id = {event}")
            )
            .await,
            means.map_or("pending", |means| means.status),
            "{word}"
        );
        assert_eq!(
            world
                .count(&format!(
                    "event_attendees WHERE event_id = {event} AND status = 'attended'"
                ))
                .await
                == 1,
            means.is_some_and(|means| means.attended),
            "{word}"
        );
    }
}

/// Badges may be told apart only by their names, levels may be words, and half of the tables may be missing.
#[tokio::test]
async fn a_database_with_few_tables_is_adopted() {
    let world = old(
        "CREATE TABLE users (id int, username text, password_hash text, is_superuser int);
         CREATE TABLE event (id bigint, name text, start_date date);
         CREATE TABLE registration (id int, user_id int, event_id int, status text);
         CREATE TABLE badges (id int, user_id int, badge_type text, level int);
         INSERT INTO users VALUES (1, 'root', '{one}', 1), (2, 'ana', '{two}', 0);
         INSERT INTO event VALUES (1, 'Walk', '2026-01-06');
         INSERT INTO registration VALUES (1, 2, 1, 'attended');
         INSERT INTO badges VALUES (1, 2, 'trivia_master', 9), (2, 1, 'helper', NULL)",
    )
    .await;
    let done = adopt(&world).await;
    told(&done, "badges", 1, "badge", "the level 9 becomes 5");
    assert!(signs_in(&world, "ana", TWO).await);
    assert_eq!(
        text(&world, "SELECT string_agg(b.name || ' ' || h.level, ', ' ORDER BY h.id) FROM user_badges AS h JOIN badges AS b ON b.id = h.badge_id").await,
        "trivia_master 5, helper 1"
    );
    assert_eq!(
        text(&world, "SELECT user_type FROM users WHERE id = 1").await,
        "admin"
    );
}

/// After it was adopted the database is one like any other: people check in, and are paid for what is new only.
#[tokio::test]
async fn life_goes_on_and_history_is_not_paid_again() {
    let world = as_written().await;
    adopt(&world).await;
    world.sql("UPDATE events SET start_time = now() - interval '10 minutes', end_time = now() + interval '1 hour', points_reward = 7 WHERE id = 13").await;
    let before: i64 = world
        .value("SELECT spendable FROM user_totals WHERE user_id = 2")
        .await;
    let root = world.session(MemberId(1)).await;
    let pass = world.pass_code(MemberId(2)).await;
    let came = check_in(&world.db(Role::Staff), &root, EventId(13), &pass).await;
    assert_eq!(format!("{:?}", came.outcome), "Ok");
    // The third type of event is new, and so is its level; those of the first two, and of three weeks in a row, are not.
    assert_eq!(
        text(&world, "SELECT string_agg(transaction_type || ' ' || points, ', ' ORDER BY id) FROM points_transactions WHERE id > 5").await,
        "event_attendance 7, badge_award 20"
    );
    assert_eq!(
        world
            .value::<i64>("SELECT spendable FROM user_totals WHERE user_id = 2")
            .await,
        before + 27
    );
}
