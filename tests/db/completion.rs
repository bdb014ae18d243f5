//! Completing an event: late entries and their way back, results, each with its refusals; nonces, roles, the audit log.

use std::collections::BTreeMap;
use std::time::Duration;

use pine_time::domain::Fault;
use pine_time::domain::check_in::{CheckedIn, Outcome};
use pine_time::domain::completion::{Place, Places, Results, ResultsOutcome, ResultsSet};
use pine_time::domain::event::EventId;
use pine_time::domain::event_people::{PeopleFilter, PeopleSort};
use pine_time::domain::member::MemberId;
use pine_time::domain::passage::UndoOutcome;

use crate::people::{BEGUN, Member, OVER, Staff, seats};
use crate::support::cluster::Role;
use crate::support::world::{World, check_in, fault, nonce, refused_field};

/// The events were six weeks ago.
const LONG_OVER: &str = "UPDATE events SET start_time = pine.clock() - interval '42 days',
                                           end_time = pine.clock() - interval '42 days' + interval '2 hours'";

async fn late(staff: &Staff, event: EventId, member: MemberId) -> CheckedIn {
    staff
        .db
        .attend_late(&staff.token, nonce(), event, member, "On the photo.")
        .await
        .unwrap_or_else(|error| panic!("{}", error.fault))
}

async fn set(staff: &Staff, event: EventId, places: &[(MemberId, Place)]) -> ResultsSet {
    staff
        .db
        .set_results(&staff.token, nonce(), event, &some(places), None)
        .await
        .unwrap_or_else(|error| panic!("{}", error.fault))
}

fn some(places: &[(MemberId, Place)]) -> Places {
    places.iter().copied().collect()
}

fn told(results: &Results) -> Vec<(&str, &'static str)> {
    results
        .0
        .iter()
        .map(|line| (line.member.full_name.as_str(), line.place.words()))
        .collect()
}

/// Four people; three of them came.
async fn evening(world: &World) -> (EventId, Staff, [MemberId; 4]) {
    let event = world.event(-10, Some(20)).await;
    let staff = Staff::new(world).await;
    let mut members = [MemberId(0); 4];
    for (at, name) in ["ana", "ben", "cem", "dan"].into_iter().enumerate() {
        members[at] = world.guest(name, event).await;
        if name != "dan" {
            check_in(&staff.db, &staff.token, event, name).await;
        }
    }
    (event, staff, members)
}

#[tokio::test]
async fn a_late_entry_is_a_check_in_of_its_event_with_a_reason() {
    let world = World::new().await;
    let event = world.event(-5, Some(5)).await;
    let ana = world.guest("ana", event).await;
    world.guest("ben", event).await;
    let staff = Staff::new(&world).await;
    world.sql(OVER).await;

    let entered = late(&staff, event, ana).await;
    assert_eq!(
        (entered.outcome, entered.points, entered.total),
        (Outcome::Ok, 15, 15)
    );
    let kept: bool = world
        .value(
            "SELECT outcome = 'ok' AND passage = 'in' AND reason = 'On the photo.' AND overrode = 'over'
                AND did->'late' = 'true' AND operator LIKE 'staff%' AND device = 'door 1'
             FROM check_in_log",
        )
        .await;
    assert!(kept, "the log says that it is late, why, who and where");
    let audited: bool = world
        .value(
            "SELECT actor LIKE 'staff%' AND after->>'reason' = 'On the photo.' AND after->'did'->'late' = 'true'
             FROM audit_log WHERE action = 'check_in'",
        )
        .await;
    assert!(audited);
    let totals = staff
        .db
        .event_people_totals(&staff.token, event, &PeopleFilter::default())
        .await
        .unwrap();
    assert_eq!((totals.checked_in, totals.no_shows), (1, Some(1)));
}

#[tokio::test]
async fn points_of_a_late_entry_and_of_its_way_back_count_in_the_events_period() {
    let world = World::new().await;
    let event = world.event(-5, Some(5)).await;
    let ana = world.guest("ana", event).await;
    let staff = Staff::new(&world).await;
    world.sql(LONG_OVER).await;
    late(&staff, event, ana).await;

    let in_week = |moment: &str| {
        format!(
            "SELECT coalesce(sum(points), 0)::bigint FROM points_transactions
             WHERE date_trunc('week', counts_at) = date_trunc('week', {moment})"
        )
    };
    let of_the_event = in_week("(SELECT start_time FROM events)");
    let of_today = in_week("pine.clock()");
    assert_eq!(world.value::<i64>(&of_the_event).await, 15);
    assert_eq!(
        world.value::<i64>(&of_today).await,
        0,
        "nothing was earned this week"
    );
    assert!(
        world
            .value::<bool>(
                "SELECT counts_at = e.start_time AND transaction_date > pine.clock() - interval '1 minute'
                 FROM points_transactions, events AS e"
            )
            .await,
        "recorded today, counted then"
    );

    let undone = staff
        .db
        .undo_check_in(&staff.token, nonce(), event, ana, Some("It was her sister."))
        .await
        .unwrap();
    assert_eq!(
        (undone.outcome, undone.points, undone.total),
        (UndoOutcome::Undone, -15, 0)
    );
    assert_eq!(world.value::<i64>(&of_the_event).await, 0);
    assert_eq!(world.value::<i64>(&of_today).await, 0);

    let again = late(&staff, event, ana).await;
    assert_eq!((again.outcome, again.points, again.total), (Outcome::Ok, 15, 15));
    let generation: i32 = world.value("SELECT generation FROM event_attendees").await;
    assert_eq!(generation, 2);
    assert_eq!(world.value::<i64>(&of_the_event).await, 15);
}

#[tokio::test]
async fn late_entries_begin_with_the_event_and_are_refused_as_at_the_door() {
    let world = World::new().await;
    let event = world.event(60, Some(5)).await;
    let ana = world.guest("ana", event).await;
    let staff = Staff::new(&world).await;
    assert_eq!(late(&staff, event, ana).await.outcome, Outcome::TooEarly);
    assert_eq!(world.count("event_attendees").await, 0);
    assert_eq!(
        world
            .count("check_in_log WHERE outcome = 'too_early' AND reason IS NOT NULL")
            .await,
        1
    );

    world.sql(BEGUN).await;
    assert_eq!(
        late(&staff, event, ana).await.outcome,
        Outcome::Ok,
        "while it runs"
    );
    let twice = late(&staff, event, ana).await;
    assert_eq!((twice.outcome, twice.points), (Outcome::Already, 0));
    assert!(twice.first.is_some(), "when, where and by whom");

    let ben = world.guest("ben", event).await;
    world
        .sql("UPDATE users SET is_active = false WHERE username = 'ben'")
        .await;
    assert_eq!(late(&staff, event, ben).await.outcome, Outcome::MemberInactive);
    world
        .sql("UPDATE users SET is_active = true; UPDATE events SET is_active = false")
        .await;
    assert_eq!(late(&staff, event, ben).await.outcome, Outcome::EventInactive);
    world.sql("UPDATE events SET is_active = true").await;
    assert_eq!(world.count("event_attendees").await, 1);

    for reason in ["", "   ", &"x".repeat(256)] {
        let refused = staff
            .db
            .attend_late(&staff.token, nonce(), event, ben, reason)
            .await;
        assert_eq!(refused_field(refused), "reason");
    }
    let nobody = staff
        .db
        .attend_late(&staff.token, nonce(), event, MemberId(9999), "Seen.")
        .await;
    assert!(matches!(fault(nobody), Fault::NotFound(_)));
    let nowhere = staff
        .db
        .attend_late(&staff.token, nonce(), EventId(9999), ben, "Seen.")
        .await;
    assert!(matches!(fault(nowhere), Fault::NotFound(_)));
    assert_eq!(world.count("event_attendees").await, 1, "nothing half done");
}

#[tokio::test]
async fn who_walked_in_unseen_gets_a_seat_for_it_and_loses_it_with_it() {
    let world = World::new().await;
    let event = world.event(60, Some(1)).await;
    world.guest("ana", event).await;
    let (ben, cem) = (world.member("ben").await, world.member("cem").await);
    world.registration(cem, event, "waitlisted").await;
    world.sql("UPDATE events SET price = 250").await;
    let staff = Staff::new(&world).await;
    world.sql(OVER).await;

    for member in [ben, cem] {
        let entered = late(&staff, event, member).await;
        assert_eq!((entered.outcome, entered.points), (Outcome::Ok, 15));
        assert!(entered.over_capacity, "capacity keeps nobody out who was there");
    }
    assert_eq!(seats(&world, event).await, (3, 0));
    for member in [ben, cem] {
        let undone = staff
            .db
            .undo_check_in(&staff.token, nonce(), event, member, Some("Somebody else."))
            .await
            .unwrap();
        assert_eq!(undone.outcome, UndoOutcome::Undone);
    }
    assert_eq!(seats(&world, event).await, (1, 1));
    let now: Vec<String> = sqlx::query_scalar("SELECT status FROM registrations ORDER BY user_id")
        .fetch_all(&world.owner)
        .await
        .unwrap();
    assert_eq!(now, ["registered", "cancelled", "waitlisted"]);
}

#[tokio::test]
async fn a_late_entry_sent_twice_is_one() {
    let world = World::new().await;
    let event = world.event(-5, Some(5)).await;
    let ana = world.guest("ana", event).await;
    let staff = Staff::new(&world).await;
    let press = nonce();
    let enter = |reason: &'static str| staff.db.attend_late(&staff.token, press, event, ana, reason);
    let first = enter("Seen.").await.unwrap();
    assert_eq!(enter("Seen.").await.unwrap(), first);
    assert!(matches!(fault(enter("Seen by me.").await), Fault::Conflict(_)));
    assert_eq!(world.count("points_transactions").await, 1);
    assert_eq!(world.count("check_in_log").await, 1);
}

#[tokio::test]
async fn results_are_set_as_a_whole_and_shared_by_teams() {
    let world = World::new().await;
    let (event, staff, [ana, ben, cem, _]) = evening(&world).await;
    let done = set(
        &staff,
        event,
        &[(ana, Place::First), (cem, Place::Second), (ben, Place::First)],
    )
    .await;
    assert_eq!(done.outcome, ResultsOutcome::Set);
    assert_eq!(
        told(&done.results),
        [("Ana", "1st"), ("Ben", "1st"), ("Cem", "2nd")]
    );
    assert_eq!(staff.db.results(&staff.token, event).await.unwrap(), done.results);

    let again = set(
        &staff,
        event,
        &[(ana, Place::First), (ben, Place::First), (cem, Place::Second)],
    )
    .await;
    assert_eq!(again.outcome, ResultsOutcome::Already);
    assert_eq!(world.count("audit_log WHERE action = 'set_results'").await, 1);

    let less = set(&staff, event, &[(cem, Place::First)]).await;
    assert_eq!(
        told(&less.results),
        [("Cem", "1st")],
        "who is not named has no place"
    );
    let none = set(&staff, event, &[]).await;
    assert_eq!(
        (none.outcome, none.results),
        (ResultsOutcome::Set, Results::default())
    );
    let history: Vec<String> = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM jsonb_object_keys(before)) || ' to ' || (SELECT count(*) FROM jsonb_object_keys(after))
         FROM audit_log WHERE action = 'set_results' AND actor LIKE 'staff%' ORDER BY id",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    assert_eq!(history, ["0 to 3", "3 to 1", "1 to 0"]);
}

#[tokio::test]
async fn only_who_attended_has_a_place_and_nobody_before_it_begins() {
    let world = World::new().await;
    let (event, staff, [ana, ben, _, dan]) = evening(&world).await;
    let try_to = async |places: &[(MemberId, Place)]| {
        staff
            .db
            .set_results(&staff.token, nonce(), event, &some(places), None)
            .await
    };
    match fault(try_to(&[(ana, Place::First), (dan, Place::Second)]).await) {
        Fault::Invalid { field, why } => {
            assert_eq!(field, "results");
            assert!(why.as_str().starts_with("Dan did not attend"), "{why}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(
        refused_field(try_to(&[(MemberId(9999), Place::First)]).await),
        "results"
    );
    assert_eq!(world.count("event_results").await, 0, "nothing half done");

    set(&staff, event, &[(ana, Place::First), (ben, Place::Second)]).await;
    staff
        .db
        .undo_check_in(&staff.token, nonce(), event, ana, Some("Not her."))
        .await
        .unwrap();
    assert_eq!(
        told(&staff.db.results(&staff.token, event).await.unwrap()),
        [("Ben", "2nd")],
        "the place goes with the attendance"
    );
    assert_eq!(
        world
            .count("audit_log WHERE action = 'result_lost' AND before->>'place' = '1'")
            .await,
        1
    );

    world.sql("UPDATE events SET start_time = pine.clock() + interval '1 hour', end_time = pine.clock() + interval '2 hours'").await;
    assert!(matches!(fault(try_to(&[]).await), Fault::Conflict(_)));
    let nowhere = staff
        .db
        .set_results(&staff.token, nonce(), EventId(9999), &BTreeMap::new(), None)
        .await;
    assert!(matches!(fault(nowhere), Fault::NotFound(_)));
}

#[tokio::test]
async fn what_is_no_result_is_refused_whoever_sends_it() {
    let world = World::new().await;
    let (event, _, [ana, ..]) = evening(&world).await;
    for (places, field) in [
        (format!("{{\"{}\": 4}}", ana.0), "place"),
        (format!("{{\"{}\": null}}", ana.0), "place"),
        ("{\"ana\": 1}".to_owned(), "place"),
        ("[1, 2]".to_owned(), "results"),
        ("null".to_owned(), "results"),
    ] {
        let refused = sqlx::query_scalar::<_, sqlx::types::JsonValue>(
            "SELECT pine.set_results(ROW(NULL, NULL, 'staff', 'staff', 'door 1', 'user:0')::pine.actor,
                                     pine.the_event($1), $2::jsonb, NULL, pine.clock())",
        )
        .bind(event.0)
        .bind(&places)
        .fetch_one(&world.owner)
        .await
        .expect_err(&places);
        let refused = refused.into_database_error().unwrap();
        assert_eq!(refused.code().as_deref(), Some("PT422"), "{places}: {refused}");
        let refused = refused.downcast::<sqlx::postgres::PgDatabaseError>();
        assert_eq!(refused.column(), Some(field), "{places}");
    }
}

#[tokio::test]
async fn who_sets_results_over_others_is_told() {
    let world = World::new().await;
    let (event, staff, [ana, ben, ..]) = evening(&world).await;
    let other = Staff::new(&world).await;
    let seen = Places::new();
    set(&other, event, &[(ben, Place::First)]).await;
    let mine = some(&[(ana, Place::First)]);
    let refused = staff
        .db
        .set_results(&staff.token, nonce(), event, &mine, Some(&seen))
        .await
        .unwrap();
    assert_eq!(refused.outcome, ResultsOutcome::Changed);
    assert_eq!(told(&refused.results), [("Ben", "1st")], "what stands now");
    let knowing = refused.results.places();
    let done = staff
        .db
        .set_results(&staff.token, nonce(), event, &mine, Some(&knowing))
        .await
        .unwrap();
    assert_eq!(
        (done.outcome, told(&done.results)),
        (ResultsOutcome::Set, vec![("Ana", "1st")])
    );
    let same = staff
        .db
        .set_results(&staff.token, nonce(), event, &mine, Some(&seen))
        .await
        .unwrap();
    assert_eq!(same.outcome, ResultsOutcome::Already, "both wanted the same");
}

#[tokio::test]
async fn results_sent_twice_are_set_once() {
    let world = World::new().await;
    let (event, staff, [ana, ben, ..]) = evening(&world).await;
    let press = nonce();
    let send = async |member: MemberId| {
        let places = some(&[(member, Place::First)]);
        staff
            .db
            .set_results(&staff.token, press, event, &places, None)
            .await
    };
    let first = send(ana).await.unwrap();
    set(&staff, event, &[(ben, Place::First)]).await;
    assert_eq!(send(ana).await.unwrap(), first, "the first answer");
    assert_eq!(
        told(&staff.db.results(&staff.token, event).await.unwrap()),
        [("Ben", "1st")],
        "and nothing is done again"
    );
    assert!(matches!(fault(send(ben).await), Fault::Conflict(_)));
}

#[tokio::test]
async fn completing_is_for_staff() {
    let world = World::new().await;
    let (event, staff, [ana, ..]) = evening(&world).await;
    let member = Member::new(&world, "gus").await;
    let places = some(&[(ana, Place::First)]);
    let (at_desk, at_kiosk) = (world.db(Role::Staff), world.db(Role::Kiosk));
    let as_member = [
        fault(
            at_desk
                .attend_late(&member.token, nonce(), event, ana, "Seen.")
                .await,
        ),
        fault(at_desk.results(&member.token, event).await),
        fault(
            at_desk
                .set_results(&member.token, nonce(), event, &places, None)
                .await,
        ),
    ];
    for fault in as_member {
        assert!(matches!(fault, Fault::NotAllowed(_)), "{fault:?}");
    }
    let over_a_kiosk = [
        fault(
            at_kiosk
                .attend_late(&staff.token, nonce(), event, ana, "Seen.")
                .await,
        ),
        fault(at_kiosk.results(&staff.token, event).await),
        fault(
            at_kiosk
                .set_results(&staff.token, nonce(), event, &places, None)
                .await,
        ),
    ];
    assert_eq!(over_a_kiosk, [Fault::Login, Fault::Login, Fault::Login]);
    assert_eq!(world.count("event_results").await, 0);
}

/// Sets results while an undo of the same attendance is on its way to its commit; answers how many hold a place
/// without having attended.
async fn race_with_an_undo(world: &World) -> i64 {
    let (event, staff, [ana, ..]) = evening(world).await;
    let mut undo = world.owner.begin().await.unwrap();
    sqlx::query("UPDATE event_attendees SET status = 'undone' WHERE user_id = $1")
        .bind(ana.0)
        .execute(&mut *undo)
        .await
        .unwrap();
    let setting = tokio::spawn(async move {
        let places = some(&[(ana, Place::First)]);
        let set = staff
            .db
            .set_results(&staff.token, nonce(), event, &places, None)
            .await;
        (set, staff)
    });
    // Until it waits for the undo, or is done without having waited.
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while !setting.is_finished()
        && world
            .count("pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
            .await
            == 0
    {
        assert!(tokio::time::Instant::now() < deadline, "neither waiting nor done");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    undo.commit().await.unwrap();
    drop(setting.await.unwrap());
    world
        .count(
            "event_results AS w JOIN event_attendees AS a USING (event_id, user_id) WHERE a.status = 'undone'",
        )
        .await
}

#[tokio::test]
async fn nobody_gets_a_place_whose_attendance_is_being_taken_back() {
    let world = World::new().await;
    assert_eq!(race_with_an_undo(&world).await, 0);
}

#[tokio::test]
async fn without_the_lock_somebody_would() {
    let world = World::new().await;
    world
        .sql(
            "DO $do$ BEGIN
                EXECUTE replace(pg_get_functiondef('pine.check_places(integer, jsonb)'::regprocedure), 'FOR SHARE', '');
             END $do$",
        )
        .await;
    assert_eq!(
        race_with_an_undo(&world).await,
        1,
        "or the test before proves nothing"
    );
}

#[tokio::test]
async fn people_are_listed_with_their_place_and_what_they_paid_less_what_was_given_back() {
    let world = World::new().await;
    let (event, staff, [ana, ..]) = evening(&world).await;
    set(&staff, event, &[(ana, Place::Third)]).await;
    world
        .sql(
            "UPDATE events SET price = 250;
             UPDATE registrations SET price_due = 250;
             INSERT INTO payment (registration_id, user_id, event_id, amount_paid, payment_channel, payment_date)
             SELECT id, user_id, event_id, 250, 'cash', now() FROM registrations ORDER BY id LIMIT 1;
             INSERT INTO refunds (payment_id, amount, refund_channel, reason, refunded_at, operator, device)
             SELECT id, 100, 'cash', 'Half of it', now(), 'staff0', 'door 1' FROM payment",
        )
        .await;
    let page = staff
        .db
        .event_people(
            &staff.token,
            event,
            &PeopleFilter::default(),
            PeopleSort::Name,
            false,
            None,
            10,
        )
        .await
        .unwrap();
    let row = &page.rows[0];
    let text = |money: Option<pine_time::domain::money::Money>| money.map(|money| money.to_string());
    assert_eq!(row.result, Some(Place::Third));
    assert_eq!(page.rows[1].result, None);
    assert_eq!(
        (text(row.paid), text(row.due)),
        (Some("150.00".to_owned()), Some("100.00".to_owned()))
    );
    let totals = staff
        .db
        .event_people_totals(&staff.token, event, &PeopleFilter::default())
        .await
        .unwrap();
    assert_eq!(
        (totals.paid.to_string(), totals.due.to_string(), totals.owing),
        ("150.00".to_owned(), "850.00".to_owned(), 4)
    );
}
