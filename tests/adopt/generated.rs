//! Old databases with anything in them: whatever was in one, it is adopted, or a note says which row stops it; and what is
//! counted here in another way comes out the same.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::old::{adopt, old};

#[derive(Debug, Clone)]
struct Row {
    user: i32,
    event: i32,
    word: &'static str,
    points: i32,
    amount: i32,
    day: i64,
}

#[derive(Debug, Clone)]
struct Community {
    members: Vec<(String, Option<i32>, bool)>,
    events: Vec<(i64, Option<f64>)>,
    rows: Vec<Row>,
}

fn communities() -> impl Strategy<Value = Community> {
    let words = prop::sample::select(vec![
        "registered",
        "approved",
        "pending",
        "cancelled",
        "rejected",
        "checked_in",
        "attended",
        "waitlisted",
        "odd",
        "",
    ]);
    let names = prop::sample::select(vec![
        "ana",
        "Ana",
        "ANA ",
        "ben",
        "",
        "cleo'; --",
        "d\u{301}an",
        "e\tf",
        "ana-2",
    ]);
    let row = (
        -1..9_i32,
        -1..7_i32,
        words,
        -50..50_i32,
        -3000..20_000_i32,
        0..400_i64,
    )
        .prop_map(|(user, event, word, points, amount, day)| Row {
            user,
            event,
            word,
            points,
            amount,
            day,
        });
    let member = (
        names.prop_map(str::to_owned),
        prop::option::of(-5..300_i32),
        any::<bool>(),
    );
    let price = prop::option::of(prop::sample::select(vec![0.0, 0.1 + 0.2, 249.99, 19.999, -1.0]));
    (
        prop::collection::vec(member, 1..8),
        prop::collection::vec((0..400_i64, price), 1..6),
        prop::collection::vec(row, 0..60),
    )
        .prop_map(|(members, events, rows)| Community {
            members,
            events,
            rows,
        })
}

const TABLES: &str = "
    CREATE TABLE users (id int, email text, username text, full_name text, hashed_password text, is_superuser boolean, points int);
    CREATE TABLE event (id int, title text, event_type text, start_time timestamp, end_time timestamp, price double precision);
    CREATE TABLE registration (id serial, user_id int, event_id int, status text, payment_status text, registration_date timestamp);
    CREATE TABLE event_attendees (id serial, user_id int, event_id int, status text, check_in_time timestamp);
    CREATE TABLE payment (id serial, registration_id int, user_id int, event_id int, amount_paid numeric, payment_channel text);
    CREATE TABLE points_transaction (id serial, user_id int, points int, transaction_type text, event_id int, transaction_date timestamp);";

fn sql(of: &Community) -> String {
    use std::fmt::Write as _;
    let mut sql = TABLES.to_owned();
    let text = |raw: &str| format!("'{}'", raw.replace('\'', "''"));
    let or_null = |value: Option<String>| value.unwrap_or_else(|| "NULL".to_owned());
    for (place, (name, points, is_super)) in of.members.iter().enumerate() {
        let _ = write!(
            sql,
            "INSERT INTO users VALUES ({}, {}, {}, {}, 'x', {is_super}, {});",
            place + 1,
            text(&format!("{name}@x")),
            text(name),
            text(name),
            or_null(points.map(|points| points.to_string()))
        );
    }
    for (place, (day, price)) in of.events.iter().enumerate() {
        let _ = write!(
            sql,
            "INSERT INTO event VALUES ({}, 'E', 't{}', timestamp '2025-06-01' + interval '{day} days',
                                       timestamp '2025-06-01 02:00' + interval '{day} days', {});",
            place + 1,
            place % 3,
            or_null(price.map(|price| format!("{price}::float8")))
        );
    }
    for Row {
        user,
        event,
        word,
        points,
        amount,
        day,
    } in &of.rows
    {
        let at = format!("timestamp '2025-06-01' + interval '{day} days'");
        let _ = write!(
            sql,
            "INSERT INTO registration (user_id, event_id, status, payment_status, registration_date)
                 VALUES ({user}, {event}, nullif('{word}', ''), 'pending', {at});
             INSERT INTO points_transaction (user_id, points, transaction_type, event_id, transaction_date)
                 VALUES ({user}, {points}, CASE WHEN {points} < 0 THEN 'redeemed' ELSE 'earned' END, {event}, {at});"
        );
        if points % 3 == 0 {
            let _ = write!(
                sql,
                "INSERT INTO event_attendees (user_id, event_id, status, check_in_time) VALUES ({user}, {event}, 'attended', {at});"
            );
        }
        if amount % 2 == 0 {
            let _ = write!(
                sql,
                "INSERT INTO payment (registration_id, user_id, event_id, amount_paid, payment_channel)
                     VALUES (currval('registration_id_seq'), {user}, {event}, {amount} / 100.0, 'cash');"
            );
        }
    }
    sql
}

#[tokio::test]
async fn any_older_database_is_adopted_whole() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..6 {
        let community = communities().new_tree(&mut runner).unwrap().current();
        let world = old(&sql(&community)).await;
        let looked = pine_time::ops::adopt::look(&world.database.url(crate::support::cluster::Role::Owner))
            .await
            .unwrap_or_else(|error| panic!("{error}\n{community:?}"));
        if looked.stops() > 0 {
            // Only more money given back than came in stops one of these.
            assert!(
                looked
                    .notes
                    .iter()
                    .filter(|note| note.stops)
                    .all(|note| note.kind == "money"),
                "{:?}",
                looked.notes
            );
            world
                .sql("UPDATE payment SET amount_paid = abs(amount_paid)")
                .await;
        }
        adopt(&world).await;
        let members = i32::try_from(community.members.len()).unwrap();
        let events = i32::try_from(community.events.len()).unwrap();
        let is_there = |row: &&Row| (1..=members).contains(&row.user) && (1..=events).contains(&row.event);
        for (place, (_, balance, is_super)) in (1..).zip(&community.members) {
            let ledger: i32 = community
                .rows
                .iter()
                .filter(|row| row.user == place)
                .map(|row| row.points)
                .sum();
            let expected = i64::from(balance.unwrap_or(ledger).max(ledger));
            assert_eq!(
                world
                    .value::<i64>(&format!(
                        "SELECT coalesce((SELECT spendable FROM user_totals WHERE user_id = {place}), 0)"
                    ))
                    .await,
                expected,
                "member {place} of {community:?}"
            );
            assert_eq!(
                world
                    .count(&format!(
                        "users AS u WHERE u.id = {place} AND pine.user_type(u) = 'admin'"
                    ))
                    .await
                    == 1,
                *is_super
            );
        }
        let pairs: std::collections::BTreeSet<(i32, i32)> = community
            .rows
            .iter()
            .filter(is_there)
            .map(|row| (row.user, row.event))
            .collect();
        assert_eq!(
            world.count("registrations").await,
            i64::try_from(pairs.len()).unwrap()
        );
        let came: std::collections::BTreeSet<(i32, i32)> = community
            .rows
            .iter()
            .filter(is_there)
            .filter(|row| row.points % 3 == 0 || matches!(row.word, "checked_in" | "attended"))
            .map(|row| (row.user, row.event))
            .collect();
        assert_eq!(
            world
                .count("event_attendees WHERE coalesce(status, 'attended') = 'attended'")
                .await,
            i64::try_from(came.len()).unwrap()
        );
    }
}
