//! The roster in memory against the rules in the database: the same people, presented in every way, at every moment.

use chrono::{DateTime, TimeDelta, Utc};
use pine_time::domain::check_in::{FirstScan, Outcome, Presented};
use pine_time::domain::member::MemberId;
use pine_time::domain::roster::fold;

use crate::support::cluster::Role;
use crate::support::world::World;

/// One member of every kind: deactivated or not, with every registration there is or none, with every attendance
/// there is or none; NULLs where the seed allows them.
const EVERYBODY: &str = "
    INSERT INTO users (email, username, full_name, hashed_password, is_active)
    SELECT format('m%s@example.org', n), format('Member_%s', n), format('Ñiño Nº %s', n), '!', active
    FROM (
        SELECT row_number() OVER () AS n, active
        FROM unnest(ARRAY[true, false, NULL]) AS active,
             unnest(ARRAY['registered', 'pending', 'waitlisted', 'cancelled', 'rejected', 'null', 'none']) AS status,
             unnest(ARRAY['attended', 'left', 'undone', 'null', 'none']) AS attendance
    ) AS kinds;
    CREATE TABLE kinds AS
    SELECT row_number() OVER () AS n, status, attendance
    FROM unnest(ARRAY[true, false, NULL]) AS active,
         unnest(ARRAY['registered', 'pending', 'waitlisted', 'cancelled', 'rejected', 'null', 'none']) AS status,
         unnest(ARRAY['attended', 'left', 'undone', 'null', 'none']) AS attendance;
    INSERT INTO registrations (user_id, event_id, status)
    SELECT u.id, e.id, nullif(k.status, 'null')
    FROM events AS e, kinds AS k JOIN users AS u ON u.username = format('Member_%s', k.n)
    WHERE k.status <> 'none';
    -- Some have to pay; of them, some have.
    UPDATE registrations AS r
    SET price_due = 250, payment_status = CASE WHEN r.status IS NULL THEN 'paid' ELSE 'pending' END
    FROM users AS u WHERE u.id = r.user_id AND u.is_active IS NULL;
    INSERT INTO event_attendees (user_id, event_id, status, check_in_time, device)
    SELECT u.id, e.id, nullif(k.attendance, 'null'), now(), 'door 3'
    FROM events AS e, kinds AS k JOIN users AS u ON u.username = format('Member_%s', k.n)
    WHERE k.attendance <> 'none'";

#[tokio::test]
async fn the_roster_decides_as_the_database_does() {
    let world = World::new().await;
    let staff = world.staff().await;
    let running = world.event(-30, None).await;
    let off = world.event(-30, None).await;
    world
        .sql(&format!(
            "UPDATE events SET is_active = false WHERE id = {}",
            off.0
        ))
        .await;
    let both_ways = world.event(-30, None).await;
    world
        .sql(&format!(
            "UPDATE events SET has_check_out = true WHERE id = {}",
            both_ways.0
        ))
        .await;
    world.sql(EVERYBODY).await;
    let db = world.db(Role::Staff);
    let mut seen = std::collections::HashSet::new();
    let mut cases = 0;
    for event in [running, off, both_ways] {
        let roster = db.door_roster(&staff, event).await.unwrap();
        let (starts, ends): (DateTime<Utc>, DateTime<Utc>) =
            sqlx::query_as("SELECT start_time, end_time FROM events WHERE id = $1")
                .bind(event.0)
                .fetch_one(&world.owner)
                .await
                .unwrap();
        let opens = starts - TimeDelta::hours(2);
        let tick = TimeDelta::microseconds(1);
        for at in [opens - tick, opens, starts, ends - tick, ends] {
            let rows: Vec<(i32, String, String, String, String)> = sqlx::query_as(
                "SELECT u.id, u.username, u.email, u.pass_code, 
                        CASE WHEN pine.may_come_back(e, u, $2) THEN 'ok' ELSE pine.evaluate_check_in(e, u, $2) END
                 FROM events AS e, users AS u WHERE e.id = $1 ORDER BY u.id",
            )
            .bind(event.0)
            .bind(at)
            .fetch_all(&world.owner)
            .await
            .unwrap();
            for (id, username, email, code, expected) in rows {
                let expected: Outcome = serde_json::from_value(expected.into()).unwrap();
                let on_roster = roster.people().iter().any(|p| p.id == MemberId(id));
                let chosen = Presented::Member {
                    id: MemberId(id),
                    typed: String::new(),
                };
                seen.insert(expected);
                for (way, presented) in [
                    ("chosen", chosen),
                    (
                        "pass",
                        Presented::Text(format!(" {}-{}", &code[..5], code[5..].to_lowercase())),
                    ),
                    (
                        "user name",
                        Presented::Text(format!("  {} ", username.to_uppercase())),
                    ),
                    ("e-mail", Presented::Text(email)),
                ] {
                    let decided = roster.evaluate(&presented, at);
                    cases += 1;
                    if on_roster {
                        assert_eq!(decided, expected, "{username} by {way} at {at}");
                    } else {
                        // Nobody who is not on the roster gets in, whatever the roster cannot know of them.
                        assert_ne!(decided, Outcome::Ok, "{username} by {way}");
                        assert_ne!(expected, Outcome::Ok, "{username} is missing from the roster");
                    }
                }
            }
        }
        assert_eq!(
            roster.evaluate(&Presented::Text("nobody".into()), starts),
            if event == off {
                Outcome::EventInactive
            } else {
                Outcome::UnknownCode
            }
        );
    }
    assert!(cases > 4000, "{cases}");
    for outcome in Outcome::ALL {
        assert!(
            seen.contains(&outcome) || matches!(outcome, Outcome::UnknownCode | Outcome::NotIn),
            "{outcome:?} never came"
        );
    }
}

#[tokio::test]
async fn a_check_in_on_the_roster_is_answered_like_one_in_the_database() {
    let world = World::new().await;
    let event = world.event(-30, None).await;
    let ana = world.guest("ana", event).await;
    world.sql("INSERT INTO points_transactions (user_id, points, transaction_type) VALUES (1, 40, 'special_activity')").await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let mut roster = db.door_roster(&staff, event).await.unwrap();
    assert_eq!(roster.counts(), (1, 0, 1));
    let scan = FirstScan {
        at: Some(Utc::now()),
        device: Some("door 1".into()),
        operator: Some("Staff0".into()),
    };
    for text in ["ana", "ANA@example.org", "nobody"] {
        let presented = Presented::Text(text.into());
        let here = roster.check_in(&presented, Utc::now(), scan.clone());
        let there = db
            .check_in(&staff, uuid::Uuid::new_v4(), event, &presented)
            .await
            .unwrap();
        let first = here
            .first
            .as_ref()
            .map(|f| (f.device.clone(), f.operator.clone()));
        assert_eq!(
            first,
            there
                .first
                .as_ref()
                .map(|f| (f.device.clone(), f.operator.clone()))
        );
        let mut like = here.clone();
        like.at = there.at;
        like.first.clone_from(&there.first);
        assert_eq!(like, there, "{text}");
    }
    assert_eq!(roster.counts(), (1, 1, 0));
    assert_eq!(roster.people()[0].id, ana);
}

#[tokio::test]
async fn the_search_in_memory_finds_whom_the_database_finds() {
    let world = World::new().await;
    let event = world.event(-30, None).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    world
        .sql(
            "INSERT INTO users (email, username, full_name, hashed_password)
             SELECT lower(n) || '@example.org', lower(n), f, '!' FROM (VALUES
                ('nino_b', 'Niño Bautista'), ('ninar', 'Ninotchka Reyes'), ('tonyf', 'Antonino Flores'),
                ('ana', 'Ana Reyes'), ('diana', 'Diana Ana'), ('soren', 'Søren Łukasz'), ('strasse', 'Max Straße'),
                ('percent', '100% _Sure\\'), ('istanbul', 'İsmail Ilgın'), ('fi', 'Oﬃce Æsir'), ('brien', 'Una O’Brien-Lee'), ('ivan', 'Иван Петров')) AS v (n, f)",
        )
        .await;
    let status = "(ARRAY['registered', 'pending', 'waitlisted', 'cancelled'])[1 + id % 4]";
    world
        .sql(&format!(
            "INSERT INTO registrations (user_id, event_id, status) SELECT id, {}, {status} FROM users",
            event.0
        ))
        .await;
    let roster = db.door_roster(&staff, event).await.unwrap();
    let code = world.pass_code(MemberId(5)).await;
    for query in [
        "n",
        "nino",
        "NIÑO",
        "reyes ana",
        "ana",
        "Ana ",
        "example.org",
        "straße",
        "STRASSE",
        "søren",
        "soren lukasz",
        "%",
        "_",
        "\\",
        "office",
        "aesir",
        "ismail",
        "ilgin",
        "zzz",
        &code,
        "diana@example.org",
        "diana@ex",
        "ana@example",
        "@example",
        "o'brien",
        "O’B",
        "’",
        "lee una",
        "ванПе",
        "ван",
        "ИВАН петр",
        "ana ana",
        "an re",
        "o_b",
    ] {
        let names = |found: Vec<pine_time::domain::check_in::Candidate>| -> Vec<String> {
            found.into_iter().map(|c| c.username.to_string()).collect()
        };
        let there = names(db.find_at_door(&staff, event, query).await.unwrap());
        assert_eq!(names(roster.search(query)), there, "{query}");
    }
    assert_eq!(fold("Ñandú ĐÀ"), "nandu da");
}

#[tokio::test]
async fn a_roster_of_thousands_comes_in_pages() {
    let world = World::new().await;
    let event = world.event(-30, None).await;
    world
        .sql(&format!(
            "INSERT INTO users (email, username, full_name, hashed_password)
             SELECT format('m%s@example.org', n), 'm' || n, 'Member ' || n, '!' FROM generate_series(1, 4000) AS n;
             INSERT INTO registrations (user_id, event_id) SELECT id, {} FROM users",
            event.0
        ))
        .await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let roster = db.door_roster(&staff, event).await.unwrap();
    assert_eq!(roster.people().len(), 4000);
    assert!(roster.people().is_sorted_by(|a, b| a.id < b.id));
}
