//! Insights: every number beside the plain query that says what it counts, and beside the rows that it opens.

use chrono::NaiveDate;
use pine_time::db::{Db, Token};
use pine_time::domain::Fault;
use pine_time::domain::insights::{Behind, InsightRow, Insights, Subject};
use pine_time::domain::money::Balance;

use crate::support::cluster::Role;
use crate::support::world::{World, fault, refused_field};

/// Eight weeks up to the running one.
const WEEKS: i32 = 8;

/// A community in Manila with ten weeks of events of every kind: free and paid, cancelled, without limit, running and to
/// come; attendances that were taken back, NULLs where the columns allow them, payments that were voided and given back.
async fn community() -> (World, Db, Token) {
    let world = World::new().await;
    world
        .sql(
            "UPDATE settings SET time_zone = 'Asia/Manila';
             INSERT INTO users (email, username, full_name, hashed_password, user_type, created_at)
             SELECT 'm' || n || '@example.org', 'm' || n, 'Member ' || n, '!',
                    CASE WHEN n % 9 = 0 THEN 'staff' WHEN n % 10 = 0 THEN NULL ELSE 'regular' END,
                    pine.clock() - n * interval '17 hours'
             FROM generate_series(1, 120) AS n;
             -- Every 31 hours an event, so that they fall on both sides of midnight in Manila.
             INSERT INTO events (title, event_type, location, start_time, end_time, max_participants, is_active)
             SELECT 'Event ' || n, (ARRAY['trivia', 'hike', 'social'])[1 + abs(n) % 3], 'Hill Station', s.at, s.at + interval '2 hours',
                    CASE WHEN n % 4 = 0 THEN NULL WHEN n % 7 = 0 THEN 0 ELSE 12 END,
                    CASE WHEN n % 5 = 0 THEN false WHEN n % 6 = 0 THEN NULL ELSE true END
             FROM generate_series(-4, 60) AS n
             CROSS JOIN LATERAL (SELECT pine.clock() - interval '1 hour' - n * interval '31 hours' AS at) AS s;
             INSERT INTO registrations (user_id, event_id, registration_date, status)
             SELECT u.id, e.id, e.start_time - interval '2 days',
                    (ARRAY['registered', 'registered', 'registered', 'cancelled', 'waitlisted', NULL])[1 + (u.id * e.id) % 6]
             FROM users AS u
             JOIN events AS e ON (u.id * 7 + e.id * 13) % 11 = 0;
             INSERT INTO event_attendees (user_id, event_id, status, check_in_time)
             SELECT r.user_id, r.event_id,
                    (ARRAY['attended', 'attended', 'left', 'undone', NULL])[1 + (r.user_id + 2 * r.event_id) % 5], e.start_time
             FROM registrations AS r
             JOIN events AS e ON e.id = r.event_id
             WHERE (r.user_id + r.event_id) % 4 <> 0 AND e.start_time < pine.clock();
             INSERT INTO payment (registration_id, user_id, event_id, amount_paid, payment_channel, payment_date)
             SELECT r.id, r.user_id, r.event_id, 100 + r.id % 7, (ARRAY['cash', 'gcash'])[1 + r.id % 2],
                    (r.registration_date + interval '5 hours') AT TIME ZONE 'UTC'
             FROM registrations AS r
             WHERE r.id % 3 = 0;
             INSERT INTO refunds (payment_id, amount, refund_channel, reason, refunded_at, operator, device)
             SELECT p.id, CASE WHEN p.id % 2 = 0 THEN p.amount_paid ELSE 20 END, 'cash', 'Could not come',
                    (p.payment_date AT TIME ZONE 'UTC') + interval '9 days', 'staff', 'desk'
             FROM payment AS p
             WHERE p.id % 5 = 0;
             UPDATE refunds SET voided_at = pine.clock(), voided_by = 'staff', void_reason = 'Mistyped' WHERE id % 4 = 0;
             UPDATE payment SET voided_at = pine.clock(), voided_by = 'staff', void_reason = 'Mistyped'
             WHERE id % 7 = 0 AND refunded IN (0, amount_paid)",
        )
        .await;
    let staff = world.staff().await;
    let db = world.db(Role::Staff);
    (world, db, staff)
}

/// The running week's Monday in Manila, less so many weeks.
async fn monday(world: &World, before: i32) -> NaiveDate {
    world
        .value(&format!(
            "SELECT date_trunc('week', pine.clock() AT TIME ZONE 'Asia/Manila')::date - 7 * {before}"
        ))
        .await
}

/// All rows behind a number, by small pages.
async fn rows(db: &Db, token: &Token, behind: &Behind) -> Vec<InsightRow> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = db.insight_rows(token, behind, after.as_ref(), 17).await.unwrap();
        rows.extend(page.rows);
        if page.next.is_none() {
            assert_eq!(page.total, i64::try_from(rows.len()).unwrap(), "{behind:?}");
            let mut ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), rows.len(), "no row twice: {behind:?}");
            return rows;
        }
        after = page.next;
    }
}

async fn plain(world: &World, select: &str, first: NaiveDate, weeks: i32) -> i64 {
    let since = format!("('{first}'::timestamp AT TIME ZONE 'Asia/Manila')");
    let until = format!("(('{first}'::date + 7 * {weeks})::timestamp AT TIME ZONE 'Asia/Manila')");
    let select = select.replace("$since", &since).replace("$until", &until);
    world.value(&select).await
}

const ATTENDED: &str = "SELECT count(*) FROM event_attendees a JOIN events e ON e.id = a.event_id
    WHERE (a.status IS NULL OR a.status <> 'undone') AND e.start_time >= $since AND e.start_time < $until";
const TAKEN: &str = "SELECT coalesce(sum(p.amount_paid * 100), 0)::bigint FROM payment p
    WHERE (p.voided_at IS NULL OR p.refunded > 0)
      AND p.payment_date AT TIME ZONE 'UTC' >= $since AND p.payment_date AT TIME ZONE 'UTC' < $until";
const REFUNDED: &str = "SELECT coalesce(sum(f.amount * 100), 0)::bigint FROM refunds f
    WHERE f.voided_at IS NULL AND f.refunded_at >= $since AND f.refunded_at < $until";
const SEATS: &str = "SELECT coalesce(sum(e.max_participants), 0)::bigint FROM events e
    WHERE e.max_participants > 0 AND e.end_time <= pine.clock() AND e.is_active IS NOT false
      AND e.start_time >= $since AND e.start_time < $until";
const SEATS_TAKEN: &str = "SELECT count(*) FROM registrations r JOIN events e ON e.id = r.event_id
    WHERE (r.status IS NULL OR r.status = 'registered') AND e.max_participants > 0
      AND e.end_time <= pine.clock() AND e.is_active IS NOT false AND e.start_time >= $since AND e.start_time < $until";
const HELD: &str = "SELECT count(*) FROM registrations r JOIN events e ON e.id = r.event_id
    WHERE (r.status IS NULL OR r.status = 'registered')
      AND e.end_time <= pine.clock() AND e.is_active IS NOT false AND e.start_time >= $since AND e.start_time < $until";
const MISSED: &str = "SELECT count(*) FROM registrations r JOIN events e ON e.id = r.event_id
    WHERE (r.status IS NULL OR r.status = 'registered')
      AND e.end_time <= pine.clock() AND e.is_active IS NOT false AND e.start_time >= $since AND e.start_time < $until
      AND NOT EXISTS (SELECT FROM event_attendees a WHERE a.event_id = r.event_id AND a.user_id = r.user_id
                      AND (a.status IS NULL OR a.status <> 'undone'))";
const JOINED: &str = "SELECT count(*) FROM users u
    WHERE (u.user_type IS NULL OR u.user_type = 'regular') AND u.is_superuser IS NOT true
      AND u.created_at >= $since AND u.created_at < $until";
const CAME: &str = "SELECT count(*) FROM users u
    WHERE (u.user_type IS NULL OR u.user_type = 'regular') AND u.is_superuser IS NOT true
      AND u.created_at >= $since AND u.created_at < $until
      AND EXISTS (SELECT FROM event_attendees a WHERE a.user_id = u.id AND (a.status IS NULL OR a.status <> 'undone'))";

#[tokio::test]
async fn every_number_is_its_plain_query_and_has_as_many_rows() {
    let (world, db, token) = community().await;
    let first = monday(&world, WEEKS - 1).await;
    let numbers = db.insights(&token, first, WEEKS).await.unwrap();
    assert_eq!((numbers.first, numbers.weeks.len()), (first, 8));
    let mut seen = [0_i64; 9];
    for week in &numbers.weeks {
        let told = [
            (ATTENDED, week.attended.iter().sum(), Some(Subject::Attended)),
            (TAKEN, week.taken.hundredths(), None),
            (REFUNDED, week.refunded.hundredths(), None),
            (SEATS, week.seats, None),
            (SEATS_TAKEN, week.seats_taken, None),
            (HELD, week.held, Some(Subject::HeldSeats)),
            (MISSED, week.missed, Some(Subject::NoShows)),
            (JOINED, week.joined, Some(Subject::Joined)),
            (CAME, week.came, Some(Subject::Came)),
        ];
        for ((select, number, subject), seen) in told.into_iter().zip(&mut seen) {
            assert_eq!(
                number,
                plain(&world, select, week.monday, 1).await,
                "{} {select}",
                week.monday
            );
            *seen += number;
            if let Some(subject) = subject {
                let behind = Behind {
                    first: week.monday,
                    weeks: 1,
                    subject,
                    part: None,
                };
                let rows = rows(&db, &token, &behind).await;
                assert_eq!(i64::try_from(rows.len()).unwrap(), number, "{behind:?}");
            }
        }
        // What has no count of its own is summed up from its rows.
        let of = |subject| Behind {
            first: week.monday,
            weeks: 1,
            subject,
            part: None,
        };
        let sum = |rows: &[InsightRow]| {
            rows.iter()
                .filter_map(|row| row.amount)
                .map(Balance::hundredths)
                .sum::<i64>()
        };
        let (taken, refunded) = (week.taken.hundredths(), week.refunded.hundredths());
        assert_eq!(sum(&rows(&db, &token, &of(Subject::Taken)).await), taken);
        assert_eq!(sum(&rows(&db, &token, &of(Subject::Refunded)).await), -refunded);
        assert_eq!(
            sum(&rows(&db, &token, &of(Subject::Money)).await),
            taken - refunded
        );
        let limited = rows(&db, &token, &of(Subject::Limited)).await;
        assert_eq!(i64::try_from(limited.len()).unwrap(), week.limited);
        assert_eq!(limited.iter().filter_map(|row| row.of).sum::<i64>(), week.seats);
        assert_eq!(
            limited.iter().filter_map(|row| row.count).sum::<i64>(),
            week.seats_taken
        );
    }
    assert!(
        seen.iter().all(|sum| *sum > 0),
        "every number must have been something: {seen:?}"
    );
    // The whole is the sum of its weeks, and so are its rows.
    assert_eq!(plain(&world, ATTENDED, first, WEEKS).await, seen[0]);
    let all = Behind {
        first,
        weeks: WEEKS,
        subject: Subject::Attended,
        part: None,
    };
    assert_eq!(
        i64::try_from(rows(&db, &token, &all).await.len()).unwrap(),
        seen[0]
    );
}

fn by_type(numbers: &Insights, name: &str) -> i64 {
    let at = numbers.types.iter().position(|one| one.as_str() == name).unwrap();
    numbers.weeks.iter().map(|week| week.attended[at]).sum()
}

#[tokio::test]
async fn parts_are_of_a_type_or_a_channel() {
    let (world, db, token) = community().await;
    let first = monday(&world, WEEKS - 1).await;
    let numbers = db.insights(&token, first, WEEKS).await.unwrap();
    let of = |subject, part: &str| Behind {
        first,
        weeks: WEEKS,
        subject,
        part: Some(part.to_owned()),
    };
    for name in ["trivia", "hike", "social"] {
        let select = format!("{ATTENDED} AND e.event_type = '{name}'");
        let people = plain(&world, &select, first, WEEKS).await;
        assert!(people > 0);
        assert_eq!(by_type(&numbers, name), people);
        let rows = rows(&db, &token, &of(Subject::Attended, name)).await;
        assert_eq!(i64::try_from(rows.len()).unwrap(), people);
        assert!(
            rows.iter()
                .all(|row| row.event_type.as_ref().unwrap().as_str() == name)
        );
    }
    assert_eq!(numbers.channels.len(), 2);
    for sum in &numbers.channels {
        let channel = sum.channel.as_str();
        let taken = plain(
            &world,
            &format!("{TAKEN} AND p.payment_channel = '{channel}'"),
            first,
            WEEKS,
        )
        .await;
        let refunded = plain(
            &world,
            &format!("{REFUNDED} AND f.refund_channel = '{channel}'"),
            first,
            WEEKS,
        )
        .await;
        assert_eq!(
            (sum.taken.hundredths(), sum.refunded.hundredths()),
            (taken, refunded),
            "{channel}"
        );
        let moved = rows(&db, &token, &of(Subject::Money, channel)).await;
        assert_eq!(i64::try_from(moved.len()).unwrap(), sum.payments + sum.refunds);
    }
    assert!(
        rows(&db, &token, &of(Subject::Attended, "nothing of that name"))
            .await
            .is_empty()
    );
}

/// What pine.attended makes of one member at a time, week by week: the plainest reading of the rule.
const STREAKS: &str = "
    WITH s AS (SELECT skip_weeks_without_events AS skips, date_trunc('week', pine.clock() AT TIME ZONE 'Asia/Manila')::date AS this
               FROM settings),
    member AS (
        SELECT u.id, w.monday, w.run, lead(w.monday) OVER mine AS next, lead(w.run) OVER mine AS next_run
        FROM users AS u
        CROSS JOIN LATERAL pine.attended(u.id) AS a
        CROSS JOIN LATERAL unnest(a.weeks, a.runs) AS w (monday, run)
        WINDOW mine AS (PARTITION BY u.id ORDER BY w.monday)
    ),
    week AS (SELECT '$monday'::date AS monday),
    -- The newest attended week up to the one that is asked for.
    newest AS (
        SELECT DISTINCT ON (m.id) m.id, m.monday, m.run FROM member m, week WHERE m.monday <= week.monday
        ORDER BY m.id, m.monday DESC
    ),
    older AS (
        SELECT DISTINCT ON (m.id) m.id, m.monday, m.run FROM member m, week WHERE m.monday < week.monday
        ORDER BY m.id, m.monday DESC
    )
    SELECT ARRAY[
        (SELECT count(*) FROM newest n, week, s
         WHERE n.run >= 2 AND (n.monday = week.monday
               OR pine.follows(n.monday, CASE WHEN week.monday = s.this THEN week.monday ELSE week.monday + 7 END,
                               'Asia/Manila', s.skips))),
        (SELECT count(*) FROM newest n, week WHERE n.run > 2 AND n.monday = week.monday),
        (SELECT count(*) FROM newest n, week WHERE n.run = 2 AND n.monday = week.monday),
        (SELECT count(*) FROM older o, week, s
         WHERE o.run >= 2 AND week.monday < s.this AND pine.follows(o.monday, week.monday, 'Asia/Manila', s.skips)
           AND NOT pine.follows(o.monday, week.monday + 7, 'Asia/Manila', s.skips)
           AND NOT EXISTS (SELECT FROM newest n WHERE n.id = o.id AND n.monday = week.monday)),
        (SELECT count(*) FROM older o, week, s
         WHERE o.run >= 2 AND week.monday = s.this AND pine.follows(o.monday, week.monday, 'Asia/Manila', s.skips)
           AND NOT (s.skips AND pine.follows(o.monday, week.monday + 7, 'Asia/Manila', true))
           AND NOT EXISTS (SELECT FROM newest n WHERE n.id = o.id AND n.monday = week.monday))
    ]";

#[tokio::test]
async fn streaks_are_what_the_rule_says_of_each_member() {
    let (world, db, token) = community().await;
    let first = monday(&world, WEEKS - 1).await;
    // Two weeks without any event that was not cancelled.
    world
        .sql(
            "INSERT INTO event_attendees (user_id, event_id, status, check_in_time)
             SELECT u.id, e.id, 'attended', e.start_time
             FROM users AS u
             JOIN events AS e ON e.id % (4 + u.id % 4) = u.id % 4
             WHERE u.id <= 80 AND e.start_time < pine.clock() - interval '3 days'
             ON CONFLICT DO NOTHING;
             UPDATE events SET is_active = false
             WHERE date_trunc('week', start_time AT TIME ZONE 'Asia/Manila')
                   = date_trunc('week', pine.clock() AT TIME ZONE 'Asia/Manila') - interval '21 days';
             UPDATE event_attendees AS a SET status = 'undone' FROM events AS e
             WHERE e.id = a.event_id AND date_trunc('week', e.start_time AT TIME ZONE 'Asia/Manila')
                   IN (date_trunc('week', pine.clock() AT TIME ZONE 'Asia/Manila') - interval '21 days',
                       date_trunc('week', pine.clock() AT TIME ZONE 'Asia/Manila') - interval '42 days')
               AND (a.user_id % 3 <> 0 OR e.is_active = false)",
        )
        .await;
    for skips in [false, true] {
        world
            .sql(&format!(
                "UPDATE settings SET skip_weeks_without_events = {skips}"
            ))
            .await;
        let health = db.streak_health(&token, first, WEEKS).await.unwrap();
        let mut sums = [0_i64; 5];
        let mut before = None;
        for week in &health.weeks {
            let told = [week.held, week.kept, week.begun, week.lost, week.open];
            let plain: Vec<i64> = world
                .value(&STREAKS.replace("$monday", &week.monday.to_string()))
                .await;
            assert_eq!(plain, told, "{} skips {skips}", week.monday);
            let subjects = [
                Subject::StreaksHeld,
                Subject::StreaksKept,
                Subject::StreaksBegun,
                Subject::StreaksLost,
                Subject::StreaksOpen,
            ];
            for ((subject, number), sum) in subjects.into_iter().zip(told).zip(&mut sums) {
                let behind = Behind {
                    first: week.monday,
                    weeks: 1,
                    subject,
                    part: None,
                };
                assert_eq!(
                    i64::try_from(rows(&db, &token, &behind).await.len()).unwrap(),
                    number
                );
                *sum += number;
            }
            // Nobody appears or vanishes between two weeks.
            if let Some(before) = before {
                assert_eq!(week.held, before - week.lost + week.begun, "{}", week.monday);
            }
            before = Some(week.held);
        }
        assert!(sums[..4].iter().all(|sum| *sum > 0), "{sums:?}");
        let last = health.weeks.last().unwrap();
        assert_eq!(
            health.lengths.iter().map(|length| length.members).sum::<i64>(),
            last.held
        );
        for length in &health.lengths {
            let part = Some(length.least.to_string());
            let behind = Behind {
                first: last.monday,
                weeks: 1,
                subject: Subject::StreaksHeld,
                part,
            };
            let rows = rows(&db, &token, &behind).await;
            assert_eq!(i64::try_from(rows.len()).unwrap(), length.members);
            assert!(
                rows.iter()
                    .all(|row| row.count.unwrap() >= i64::from(length.least))
            );
        }
    }
}

#[tokio::test]
async fn an_empty_community_has_numbers_too() {
    let world = World::new().await;
    let (db, token) = (world.db(Role::Staff), world.staff().await);
    let first = monday(&world, 51).await;
    let numbers = db.insights(&token, first, 52).await.unwrap();
    assert!(numbers.types.is_empty() && numbers.channels.is_empty());
    assert_eq!(numbers.weeks.len(), 52);
    assert!(
        numbers
            .weeks
            .iter()
            .all(|week| week.seats == 0 && week.joined == 0)
    );
    let streaks = db.streak_health(&token, first, 52).await.unwrap();
    assert!(streaks.weeks.iter().all(|week| week.held == 0 && week.lost == 0));
}

#[tokio::test]
async fn what_is_no_range_and_no_subject_is_refused_and_so_are_members() {
    let world = World::new().await;
    let (db, token) = (world.db(Role::Staff), world.staff().await);
    let first = monday(&world, 0).await;
    for weeks in [0, -1, 54, i32::MAX] {
        assert_eq!(refused_field(db.insights(&token, first, weeks).await), "weeks");
        assert_eq!(
            refused_field(db.streak_health(&token, first, weeks).await),
            "weeks"
        );
    }
    for day in [NaiveDate::MIN, NaiveDate::from_ymd_opt(1989, 12, 31).unwrap()] {
        let day = day.max(NaiveDate::from_ymd_opt(-4000, 1, 1).unwrap());
        assert_eq!(refused_field(db.insights(&token, day, 4).await), "first");
    }
    for sql in ["'nothing', NULL", "NULL, NULL"] {
        let result: Result<String, sqlx::Error> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "SELECT pine.insight_rows(pine.span(current_date, 1), {sql}, NULL, NULL, 5, pine.clock())::text"
        )))
        .fetch_one(&world.owner)
        .await;
        let error = result.unwrap_err();
        assert_eq!(
            error.as_database_error().unwrap().code().as_deref(),
            Some("PT422")
        );
    }
    let behind = Behind {
        first,
        weeks: 1,
        subject: Subject::Attended,
        part: None,
    };
    for (key, id) in [("", 1), ("1e9", 1), ("NaN", 1), ("1", -1)] {
        let after = pine_time::domain::insights::Cursor {
            key: key.to_owned(),
            id,
        };
        assert_eq!(
            refused_field(db.insight_rows(&token, &behind, Some(&after), 5).await),
            "after"
        );
    }
    let member = world.member("ana").await;
    let mine = world.session(member).await;
    assert!(matches!(
        fault(db.insights(&mine, first, 4).await),
        Fault::NotAllowed(_)
    ));
    assert!(matches!(
        fault(db.streak_health(&mine, first, 4).await),
        Fault::NotAllowed(_)
    ));
    assert!(matches!(
        fault(db.insight_rows(&mine, &behind, None, 5).await),
        Fault::NotAllowed(_)
    ));
}
