//! The table of an event's people: its filters, orders and pages, and its totals.

use std::collections::BTreeSet;

use pine_time::domain::Fault;
use pine_time::domain::event::{EventId, RegistrationStatus as Status};
use pine_time::domain::event_people::{Attendance, EventPerson, PeopleFilter, PeopleSort};
use pine_time::domain::seats::PaymentStatus;

use crate::people::{Member, OVER, Staff, note};
use crate::support::cluster::Role;
use crate::support::world::{World, check_in, fault, nonce};

const SORTS: [PeopleSort; 6] = [
    PeopleSort::Name,
    PeopleSort::Date,
    PeopleSort::Line,
    PeopleSort::Status,
    PeopleSort::Payment,
    PeopleSort::Arrival,
];

/// All pages of three rows, one after the other.
async fn pages(
    staff: &Staff,
    event: EventId,
    filter: &PeopleFilter,
    sort: PeopleSort,
    descending: bool,
) -> Vec<EventPerson> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = staff
            .db
            .event_people(&staff.token, event, filter, sort, descending, after.as_ref(), 3)
            .await
            .unwrap_or_else(|error| panic!("{sort:?}: {}", error.fault));
        assert!(page.rows.len() <= 3);
        rows.extend(page.rows);
        match page.next {
            Some(next) => after = Some(next),
            None => return rows,
        }
    }
}

fn names(rows: &[EventPerson]) -> Vec<&str> {
    rows.iter().map(|row| row.member.username.as_str()).collect()
}

async fn matching(staff: &Staff, event: EventId, filter: &PeopleFilter) -> i64 {
    staff
        .db
        .event_people_totals(&staff.token, event, filter)
        .await
        .unwrap()
        .matching
}

/// Eleven people in every state: two have come, one of them has left.
async fn evening(world: &World) -> EventId {
    let event = world.event(-5, Some(20)).await;
    world.sql("UPDATE events SET price = 250").await;
    for (name, status) in [
        ("abel", "registered"),
        ("ana", "registered"),
        ("bea", "registered"),
        ("ben", "registered"),
        ("cara", "pending"),
        ("cem", "pending"),
        ("dan", "waitlisted"),
        ("eva", "waitlisted"),
        ("fay", "cancelled"),
        ("gus", "rejected"),
    ] {
        let member = world.member(name).await;
        world.registration(member, event, status).await;
    }
    world
        .sql(
            "UPDATE registrations AS r
               SET price_due = 250, registration_date = now() - make_interval(days => r.id)
               FROM users AS u WHERE u.id = r.user_id AND u.username <> 'bea'",
        )
        .await;
    world
        .sql("INSERT INTO payment (registration_id, user_id, event_id, amount_paid, payment_channel)
              SELECT r.id, r.user_id, r.event_id, CASE u.username WHEN 'ben' THEN 100 ELSE 250 END, 'cash'
              FROM registrations AS r JOIN users AS u ON u.id = r.user_id WHERE u.username IN ('abel', 'ana', 'ben')")
        .await;
    event
}

#[tokio::test]
async fn every_filter_in_every_order_is_the_same_people_page_by_page() {
    let world = World::new().await;
    let event = evening(&world).await;
    let staff = Staff::new(&world).await;
    check_in(&staff.db, &staff.token, event, "ana").await;
    check_in(&staff.db, &staff.token, event, "abel").await;
    world
        .sql(
            "UPDATE event_attendees SET status = 'left', check_out_time = now()
               WHERE user_id = (SELECT id FROM users WHERE username = 'ana')",
        )
        .await;
    let status = |status: &[Status]| PeopleFilter {
        status: status.to_vec(),
        ..PeopleFilter::default()
    };
    let payment = |payment: &[PaymentStatus]| PeopleFilter {
        payment: payment.to_vec(),
        ..PeopleFilter::default()
    };
    let query = |text: &str| PeopleFilter {
        query: text.to_owned(),
        ..PeopleFilter::default()
    };
    let attendance = |attendance| PeopleFilter {
        attendance: Some(attendance),
        ..PeopleFilter::default()
    };
    let everybody = [
        "abel", "ana", "bea", "ben", "cara", "cem", "dan", "eva", "fay", "gus",
    ];
    let ana_code = world
        .value::<String>("SELECT pass_code FROM users WHERE username = 'ana'")
        .await;
    for (filter, expected) in [
        (PeopleFilter::default(), &everybody[..]),
        (status(&[Status::Registered]), &everybody[..4]),
        (status(&[Status::Pending]), &everybody[4..6]),
        (status(&[Status::Waitlisted]), &everybody[6..8]),
        (status(&[Status::Cancelled, Status::Rejected]), &everybody[8..]),
        (payment(&[PaymentStatus::Paid]), &everybody[..2]),
        (payment(&[PaymentStatus::NotRequired]), &["bea"]),
        (payment(&[PaymentStatus::Pending]), &everybody[3..]),
        (payment(&[PaymentStatus::Refunded]), &[]),
        (attendance(Attendance::Attended), &["abel", "ana"]),
        (attendance(Attendance::Absent), &everybody[2..]),
        (query("be"), &["bea", "ben"]),
        (query("BÉN"), &["ben"]),
        (query("na"), &[]),
        (query("a ana"), &["ana"]),
        (query("ana@exam"), &["ana"]),
        (query("%"), &[]),
        (query(&ana_code), &["ana"]),
        (
            PeopleFilter {
                payment: vec![PaymentStatus::Pending],
                attendance: Some(Attendance::Absent),
                query: "b".to_owned(),
                ..status(&[Status::Registered])
            },
            &["ben"],
        ),
    ] {
        for sort in SORTS {
            for descending in [false, true] {
                let rows = pages(&staff, event, &filter, sort, descending).await;
                let distinct: BTreeSet<_> = names(&rows).into_iter().collect();
                assert_eq!(distinct.len(), rows.len(), "{filter:?} {sort:?}: nobody twice");
                assert_eq!(
                    distinct.into_iter().collect::<Vec<_>>(),
                    expected,
                    "{filter:?} {sort:?} {descending}"
                );
            }
        }
        assert_eq!(
            matching(&staff, event, &filter).await,
            i64::try_from(expected.len()).unwrap(),
            "{filter:?}"
        );
    }
}

#[tokio::test]
async fn each_order_is_what_it_says() {
    let world = World::new().await;
    let event = evening(&world).await;
    let staff = Staff::new(&world).await;
    check_in(&staff.db, &staff.token, event, "ana").await;
    check_in(&staff.db, &staff.token, event, "abel").await;
    let all = PeopleFilter::default();
    let order = async |sort, descending| names(&pages(&staff, event, &all, sort, descending).await).join(" ");
    assert_eq!(
        order(PeopleSort::Name, false).await,
        "abel ana bea ben cara cem dan eva fay gus"
    );
    assert_eq!(
        order(PeopleSort::Name, true).await,
        "gus fay eva dan cem cara ben bea ana abel"
    );
    assert!(
        order(PeopleSort::Date, false)
            .await
            .starts_with("gus fay eva dan cem cara ben ana abel")
    );
    assert!(order(PeopleSort::Line, false).await.starts_with("dan eva"));
    assert_eq!(
        order(PeopleSort::Status, false).await,
        "abel ana bea ben cara cem dan eva fay gus"
    );
    assert!(
        order(PeopleSort::Payment, false)
            .await
            .starts_with("ben cara cem dan eva fay gus abel ana bea")
    );
    assert!(order(PeopleSort::Arrival, false).await.starts_with("ana abel"));
    let bad = staff
        .db
        .event_people(&staff.token, event, &all, PeopleSort::Name, false, None, 0)
        .await
        .unwrap();
    assert_eq!(bad.rows.len(), 1, "a page has at least one row");
}

#[tokio::test]
async fn a_row_tells_everything_about_a_registration() {
    let world = World::new().await;
    let event = evening(&world).await;
    let staff = Staff::new(&world).await;
    check_in(&staff.db, &staff.token, event, "ana").await;
    let rows = pages(&staff, event, &PeopleFilter::default(), PeopleSort::Name, false).await;
    let ana = &rows[1];
    assert_eq!(
        (ana.member.full_name.as_str(), ana.email.as_str()),
        ("Ana", "ana@example.org")
    );
    assert!(ana.attended && ana.checked_in_at.is_some() && !ana.has_left && ana.is_active);
    assert_eq!(ana.payment_status, PaymentStatus::Paid);
    assert_eq!(
        (ana.paid.unwrap().to_string(), ana.due),
        ("250.00".to_owned(), None)
    );
    let ben = &rows[3];
    assert_eq!(
        (ben.paid.unwrap().to_string(), ben.due.unwrap().to_string()),
        ("100.00".to_owned(), "150.00".to_owned())
    );
    assert_eq!(
        (rows[6].place, rows[7].place, rows[0].place),
        (Some(1), Some(2), None)
    );
    assert_eq!(rows[6].due, None, "who waits owes nothing yet");
    staff
        .does(event, ben.member.id, note("Pays the rest on Friday"))
        .await;
    let again = pages(&staff, event, &PeopleFilter::default(), PeopleSort::Name, false).await;
    assert_eq!(
        again[3].note.as_ref().unwrap().as_str(),
        "Pays the rest on Friday"
    );
}

#[tokio::test]
async fn the_totals_add_up() {
    let world = World::new().await;
    let event = evening(&world).await;
    let staff = Staff::new(&world).await;
    check_in(&staff.db, &staff.token, event, "ana").await;
    check_in(&staff.db, &staff.token, event, "abel").await;
    staff
        .db
        .undo_check_in(
            &staff.token,
            nonce(),
            event,
            pages(&staff, event, &PeopleFilter::default(), PeopleSort::Name, false).await[0]
                .member
                .id,
            None,
        )
        .await
        .unwrap();
    let all = PeopleFilter::default();
    let totals = staff
        .db
        .event_people_totals(&staff.token, event, &all)
        .await
        .unwrap();
    assert_eq!(
        (
            totals.registered,
            totals.pending,
            totals.waitlisted,
            totals.cancelled,
            totals.rejected
        ),
        (4, 2, 2, 1, 1)
    );
    assert_eq!((totals.people, totals.matching, totals.checked_in), (10, 10, 1));
    assert_eq!(totals.no_shows, None, "it is not over");
    assert_eq!(
        (totals.paid.to_string(), totals.payments),
        ("600.00".to_owned(), 3)
    );
    assert_eq!((totals.due.to_string(), totals.owing), ("150.00".to_owned(), 1));
    assert_eq!(totals.max_participants, Some(20));
    world.sql(OVER).await;
    let totals = staff
        .db
        .event_people_totals(&staff.token, event, &all)
        .await
        .unwrap();
    assert_eq!(totals.no_shows, Some(3));
}

#[tokio::test]
async fn a_new_name_is_sorted_and_found_at_once() {
    let world = World::new().await;
    let event = world.event(60, None).await;
    let staff = Staff::new(&world).await;
    for name in ["ana", "ben"] {
        world.guest(name, event).await;
    }
    world
        .sql("UPDATE users SET full_name = 'Zoë Ñandú' WHERE username = 'ana'")
        .await;
    let rows = pages(&staff, event, &PeopleFilter::default(), PeopleSort::Name, false).await;
    assert_eq!(names(&rows), ["ben", "ana"]);
    let filter = PeopleFilter {
        query: "nandu zo".to_owned(),
        ..PeopleFilter::default()
    };
    assert_eq!(matching(&staff, event, &filter).await, 1);
    let stale = world
        .count("registrations AS r JOIN users AS u ON u.id = r.user_id WHERE r.search_text <> u.search_text")
        .await;
    assert_eq!(stale, 0);
}

#[tokio::test]
async fn the_table_is_for_staff_and_understands_what_it_is_asked() {
    let world = World::new().await;
    let event = world.event(60, None).await;
    let ana = Member::new(&world, "ana").await;
    let staff = Staff::new(&world).await;
    let all = PeopleFilter::default();
    let as_member = staff
        .db
        .event_people(&ana.token, event, &all, PeopleSort::Name, false, None, 5)
        .await;
    assert!(matches!(fault(as_member), Fault::NotAllowed(_)));
    assert!(matches!(
        fault(staff.db.event_people_totals(&ana.token, event, &all).await),
        Fault::NotAllowed(_)
    ));
    let at_kiosk = world.db(Role::Kiosk);
    assert_eq!(
        fault(
            at_kiosk
                .event_people(&staff.token, event, &all, PeopleSort::Name, false, None, 5)
                .await
        ),
        Fault::Login
    );
    assert_eq!(
        fault(at_kiosk.event_people_totals(&staff.token, event, &all).await),
        Fault::Login
    );
    let nowhere = staff
        .db
        .event_people(&staff.token, EventId(999), &all, PeopleSort::Name, false, None, 5)
        .await;
    assert!(matches!(fault(nowhere), Fault::NotFound(_)));
    assert!(matches!(
        fault(
            staff
                .db
                .event_people_totals(&staff.token, EventId(999), &all)
                .await
        ),
        Fault::NotFound(_)
    ));
    for filter in [
        r#"{"stauts": ["pending"]}"#,
        r#"{"status": "pending"}"#,
        r#"{"payment": 1}"#,
        r#"{"attendance": "left"}"#,
    ] {
        let error = sqlx::query("SELECT pine.event_people($1, $2::text::jsonb, 'name', false, NULL, 5)")
            .bind(event.0)
            .bind(filter)
            .execute(&world.owner)
            .await
            .unwrap_err();
        assert_eq!(
            error.as_database_error().unwrap().code().unwrap(),
            "PT422",
            "{filter}"
        );
    }
    let unsorted = sqlx::query("SELECT pine.event_people($1, '{}', 'shoe size', false, NULL, 5)")
        .bind(event.0)
        .execute(&world.owner)
        .await
        .unwrap_err();
    assert_eq!(unsorted.as_database_error().unwrap().code().unwrap(), "PT422");
}

/// A page costs what a page holds: the rows that the transaction read are counted, with twenty thousand in the event.
#[tokio::test]
async fn a_page_of_a_large_event_reads_a_page() {
    let world = World::new().await;
    let event = world.event(60, None).await;
    world
        .sql(&format!(
            "INSERT INTO users (email, username, full_name, hashed_password, pass_code)
             SELECT format('u%s@example.org', n), format('u%s', n), format('Member %s', n), '!', format('code %s', n)
             FROM generate_series(1, 20000) AS n;
             ALTER TABLE registrations DISABLE TRIGGER count_seats;
             INSERT INTO registrations (user_id, event_id, status)
             SELECT u.id, {0}, CASE WHEN u.id % 1000 = 0 THEN 'pending' ELSE 'registered' END FROM users AS u;
             ALTER TABLE registrations ENABLE TRIGGER count_seats",
            event.0
        ))
        .await;
    world.sql("ANALYZE registrations, users").await;
    let cursor = Some(r#"{"key": " member 1", "id": 0}"#);
    for (filter, sort, after, is_a_page) in [
        ("{}", "name", None, true),
        ("{}", "name", cursor, true),
        (r#"{"status": ["registered"]}"#, "name", cursor, true),
        (r#"{"status": ["pending"]}"#, "name", None, true),
        (r#"{"attendance": "absent"}"#, "name", cursor, true),
        (r#"{"payment": ["not_required"]}"#, "name", None, true),
        (r#"{"query": "member 1"}"#, "name", None, true),
        (r#"{"status": ["waitlisted"]}"#, "line", None, true),
        // What no index knows is looked for everywhere; it shows that this counts.
        (r#"{"payment": ["refunded"]}"#, "name", None, false),
    ] {
        let mut tx = world.owner.begin().await.unwrap();
        let rows: i32 = sqlx::query_scalar(
            "SELECT jsonb_array_length(
                pine.event_people($1, $2::text::jsonb, $3, false, $4::text::jsonb, 50) -> 'rows')",
        )
        .bind(event.0)
        .bind(filter)
        .bind(sort)
        .bind(after)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        let read: i64 = sqlx::query_scalar(
            "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_xact_user_tables
             WHERE relname = 'registrations'",
        )
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        assert_eq!(
            read < 2000,
            is_a_page,
            "{filter} by {sort}: {rows} rows shown, {read} read"
        );
    }
}

#[tokio::test]
async fn what_was_given_back_counts_as_not_paid() {
    let world = World::new().await;
    let event = evening(&world).await;
    let staff = Staff::new(&world).await;
    world
        .sql(
            "INSERT INTO refunds (payment_id, amount, refund_channel, reason, refunded_at, operator, device)
             SELECT p.id, CASE u.username WHEN 'ana' THEN 250 ELSE 50 END, 'cash', 'Asked', now(), 'staff', 'desk'
             FROM payment AS p JOIN users AS u ON u.id = p.user_id WHERE u.username IN ('ana', 'abel')",
        )
        .await;
    let rows = pages(&staff, event, &PeopleFilter::default(), PeopleSort::Name, false).await;
    let told = |row: &EventPerson| (row.payment_status, row.paid.map(|paid| paid.to_string()));
    assert_eq!(
        told(&rows[0]),
        (PaymentStatus::Pending, Some("200.00".to_owned()))
    );
    assert_eq!(told(&rows[1]), (PaymentStatus::Refunded, None));
    let totals = staff
        .db
        .event_people_totals(&staff.token, event, &PeopleFilter::default())
        .await
        .unwrap();
    assert_eq!(
        (totals.paid.to_string(), totals.payments),
        ("300.00".to_owned(), 2)
    );
}
