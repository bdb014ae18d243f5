//! The waitlist: who stands in it, in which order, and who gets the seat that falls free.

use pine_time::domain::admission::{Guest, WalkIn};
use pine_time::domain::event::{CancelOutcome, EventId, RegisterOutcome, RegistrationStatus};
use pine_time::domain::passage::UndoOutcome;
use pine_time::domain::seats::News;

use crate::people::{BEGUN, Member, seats};
use crate::support::cluster::Role;
use crate::support::world::{World, nonce};

/// What a change of an event does after it has changed it.
async fn fill(world: &World, event: EventId) -> Vec<i32> {
    world
        .value(&format!("SELECT pine.fill_seats({}, pine.clock())", event.0))
        .await
}

#[tokio::test]
async fn a_full_event_offers_the_line_and_a_cancellation_promotes_its_first() {
    let world = World::new().await;
    let event = world.event(60, Some(1)).await;
    let ana = Member::new(&world, "ana").await;
    let ben = Member::new(&world, "ben").await;
    let cem = Member::new(&world, "cem").await;
    assert_eq!(ana.register(event).await, RegisterOutcome::Registered);
    assert_eq!(ben.register(event).await, RegisterOutcome::Full);
    assert_eq!(ben.wait(event).await, (RegisterOutcome::Waitlisted, Some(1)));
    assert_eq!(ben.wait(event).await, (RegisterOutcome::Already, Some(1)));
    assert_eq!(cem.wait(event).await, (RegisterOutcome::Waitlisted, Some(2)));
    assert_eq!(seats(&world, event).await, (1, 2));

    assert_eq!(ana.cancel(event).await, CancelOutcome::Cancelled);
    assert_eq!(seats(&world, event).await, (1, 1), "never free in between");
    let promoted = ben.mine(event).await;
    assert_eq!(promoted.status, RegistrationStatus::Registered);
    assert_eq!((promoted.place, promoted.news), (None, Some(News::Promoted)));
    assert!(promoted.promoted_at.is_some() && promoted.waitlisted_at.is_some());
    let next = cem.mine(event).await;
    assert_eq!(
        (next.status, next.place, next.news),
        (RegistrationStatus::Waitlisted, Some(1), None)
    );
    let told: i32 = world
        .value("SELECT (after->'promoted'->>0)::integer FROM audit_log WHERE action = 'cancel_registration'")
        .await;
    assert_eq!(told, ben.id.0, "the audit tells who got the seat");

    assert_eq!(
        ana.wait(event).await,
        (RegisterOutcome::Waitlisted, Some(2)),
        "who gave up stands at the end"
    );
    assert_eq!(cem.cancel(event).await, CancelOutcome::Cancelled);
    assert_eq!(ana.mine(event).await.place, Some(1), "the line closes up");
}

#[tokio::test]
async fn the_line_is_not_joined_where_there_is_a_seat_or_it_no_longer_moves() {
    let world = World::new().await;
    let ana = Member::new(&world, "ana").await;
    let free = world.event(60, Some(1)).await;
    assert_eq!(ana.wait(free).await, (RegisterOutcome::Registered, None));
    let running = world.event(-10, Some(0)).await;
    assert_eq!(ana.wait(running).await, (RegisterOutcome::Full, None));
    let over = world.event(-130, Some(0)).await;
    assert_eq!(ana.wait(over).await, (RegisterOutcome::Over, None));
}

#[tokio::test]
async fn an_event_with_approval_takes_everybody_as_pending() {
    let world = World::new().await;
    let event = world.event(60, Some(0)).await;
    world.sql("UPDATE events SET requires_approval = true").await;
    let ana = Member::new(&world, "ana").await;
    assert_eq!(ana.register(event).await, RegisterOutcome::Pending);
    assert_eq!(ana.wait(event).await, (RegisterOutcome::Already, None));
    assert_eq!(seats(&world, event).await, (0, 0));
    world.sql(BEGUN).await;
    assert_eq!(
        ana.cancel(event).await,
        CancelOutcome::Cancelled,
        "only a seat is held to the start"
    );
}

#[tokio::test]
async fn more_seats_promote_as_many_as_fit_in_their_order() {
    let world = World::new().await;
    let event = world.event(60, Some(1)).await;
    let mut people = Vec::new();
    for name in ["ana", "ben", "cem", "dan", "eva"] {
        let person = Member::new(&world, name).await;
        person.wait(event).await;
        people.push(person);
    }
    assert_eq!(fill(&world, event).await, [0; 0], "no seat, nobody");
    world.sql("UPDATE events SET max_participants = 3").await;
    assert_eq!(fill(&world, event).await, [people[1].id.0, people[2].id.0]);
    assert_eq!(seats(&world, event).await, (3, 2));

    world.sql("UPDATE events SET max_participants = 1").await;
    assert_eq!(
        fill(&world, event).await,
        [0; 0],
        "fewer seats take nobody's away"
    );
    assert_eq!(people[0].cancel(event).await, CancelOutcome::Cancelled);
    assert_eq!(
        seats(&world, event).await,
        (2, 2),
        "and nobody is promoted until there is room"
    );
    world.sql("UPDATE events SET max_participants = NULL").await;
    assert_eq!(fill(&world, event).await, [people[3].id.0, people[4].id.0]);
    assert_eq!(seats(&world, event).await, (4, 0));
}

#[tokio::test]
async fn nobody_is_promoted_at_events_that_are_cancelled_or_have_begun() {
    let world = World::new().await;
    let event = world.event(60, Some(1)).await;
    let ana = Member::new(&world, "ana").await;
    let ben = Member::new(&world, "ben").await;
    ana.register(event).await;
    ben.wait(event).await;
    world.sql("UPDATE events SET is_active = false").await;
    assert_eq!(ana.cancel(event).await, CancelOutcome::Cancelled);
    assert_eq!(ben.status(event).await, RegistrationStatus::Waitlisted);
    world.sql(BEGUN).await;
    world.sql("UPDATE events SET is_active = true").await;
    assert_eq!(fill(&world, event).await, [0; 0], "it has begun");
    assert_eq!(
        ben.register(event).await,
        RegisterOutcome::Registered,
        "once it has begun, whoever is there may ask for the seat"
    );

    let reopened = world.event(120, Some(1)).await;
    let cem = Member::new(&world, "cem").await;
    world.registration(cem.id, reopened, "waitlisted").await;
    let dan = Member::new(&world, "dan").await;
    assert_eq!(
        dan.register(reopened).await,
        RegisterOutcome::Full,
        "a seat left free is first the waitlist's"
    );
    assert_eq!(cem.status(reopened).await, RegistrationStatus::Registered);
}

#[tokio::test]
async fn a_walk_in_taken_back_frees_the_seat_for_the_line() {
    let world = World::new().await;
    let event = world.event(60, Some(1)).await;
    let (staff, desk) = (world.staff().await, world.db(Role::Staff));
    let guest = world.member("guest").await;
    let ben = Member::new(&world, "ben").await;
    desk.walk_in(
        &staff,
        nonce(),
        event,
        &WalkIn {
            guest: Guest::Member(guest),
            taking: None,
            reason: None,
        },
    )
    .await
    .unwrap();
    assert_eq!(ben.wait(event).await, (RegisterOutcome::Waitlisted, Some(1)));
    let undone = desk
        .undo_check_in(&staff, nonce(), event, guest, None)
        .await
        .unwrap();
    assert_eq!(undone.outcome, UndoOutcome::Undone);
    assert_eq!(ben.status(event).await, RegistrationStatus::Registered);
    assert_eq!(seats(&world, event).await, (1, 0));
}

#[tokio::test]
async fn who_was_let_in_out_of_the_line_has_the_old_place_when_that_is_taken_back() {
    let world = World::new().await;
    let event = world.event(60, Some(1)).await;
    let (staff, desk) = (world.staff().await, world.db(Role::Staff));
    let ana = Member::new(&world, "ana").await;
    let ben = Member::new(&world, "ben").await;
    let cem = Member::new(&world, "cem").await;
    ana.register(event).await;
    ben.wait(event).await;
    cem.wait(event).await;
    desk.admit_anyway(&staff, nonce(), event, ben.id, "ben", "came from afar")
        .await
        .unwrap();
    assert_eq!(seats(&world, event).await, (2, 1), "one more than there are");
    desk.undo_check_in(&staff, nonce(), event, ben.id, None)
        .await
        .unwrap();
    assert_eq!(ben.mine(event).await.place, Some(1));
    assert_eq!(cem.mine(event).await.place, Some(2));
    assert_eq!(seats(&world, event).await, (1, 2));
}

#[tokio::test]
async fn the_line_is_counted_and_numbered_whoever_writes_the_rows() {
    let world = World::new().await;
    let (one, two) = (world.event(60, Some(1)).await, world.event(90, Some(1)).await);
    for name in ["ana", "ben", "cem"] {
        let member = world.member(name).await;
        world.registration(member, one, "waitlisted").await;
    }
    let line = "SELECT string_agg(u.username, ' ' ORDER BY r.waitlist_number)
                FROM registrations AS r JOIN users AS u ON u.id = r.user_id WHERE r.status = 'waitlisted'";
    assert_eq!(world.value::<String>(line).await, "ana ben cem");
    assert_eq!(seats(&world, one).await, (0, 3));
    world
        .sql("UPDATE registrations SET status = 'cancelled' WHERE waitlist_number = 1")
        .await;
    world
        .sql("UPDATE registrations SET status = 'waitlisted' WHERE status = 'cancelled'")
        .await;
    assert_eq!(world.value::<String>(line).await, "ben cem ana");
    world
        .sql(&format!("UPDATE registrations SET event_id = {}", two.0))
        .await;
    assert_eq!(seats(&world, one).await, (0, 0));
    assert_eq!(seats(&world, two).await, (0, 3));
    world.sql("UPDATE registrations SET status = NULL").await;
    assert_eq!(seats(&world, two).await, (3, 0));
    world.sql("DELETE FROM registrations").await;
    assert_eq!(seats(&world, two).await, (0, 0));
}

/// Whoever waits for a row in this database: the first in line holds the row's own lock meanwhile.
const WAITING: &str = "pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
    WHERE d.datname = current_database() AND l.locktype = 'tuple'";

/// Somebody else changes the event while this one waits for the seats' lock: what counts is how it then stands.
#[tokio::test]
async fn what_changed_while_somebody_waited_for_the_seats_is_seen() {
    for (change, outcome) in [
        ("max_participants = 1", RegisterOutcome::Full),
        ("is_active = false", RegisterOutcome::EventInactive),
        ("requires_approval = true", RegisterOutcome::Pending),
    ] {
        let world = World::new().await;
        let event = world.event(60, Some(5)).await;
        world.guest("ana", event).await;
        let ben = Member::new(&world, "ben").await;
        let mut change_of_mind = world.owner.begin().await.unwrap();
        sqlx::raw_sql("SELECT pine.queue_for_seats(id), pine.lock_seats(id) FROM events")
            .execute(&mut *change_of_mind)
            .await
            .unwrap();
        let asking = tokio::spawn(async move { ben.register(event).await });
        // It stands at the lock: only then is the event changed.
        while world.count(WAITING).await == 0 {
            assert!(!asking.is_finished(), "it must wait for the seats");
            tokio::task::yield_now().await;
        }
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("UPDATE events SET {change}")))
            .execute(&mut *change_of_mind)
            .await
            .unwrap();
        change_of_mind.commit().await.unwrap();
        assert_eq!(asking.await.unwrap(), outcome, "{change}");
    }
}

/// An undo that a door made before the event began, and brought afterwards.
#[tokio::test]
async fn a_walk_in_taken_back_late_promotes_nobody_any_more() {
    let world = World::new().await;
    let event = world.event(60, Some(1)).await;
    let (staff, desk) = (world.staff().await, world.db(Role::Staff));
    let guest = world.member("guest").await;
    let ben = Member::new(&world, "ben").await;
    let walk_in = WalkIn {
        guest: Guest::Member(guest),
        taking: None,
        reason: None,
    };
    desk.walk_in(&staff, nonce(), event, &walk_in).await.unwrap();
    ben.wait(event).await;
    world.sql(BEGUN).await;
    world
        .sql(&format!(
            "SELECT pine.take_back_admission({}, {}, pine.clock() - interval '10 minutes')",
            guest.0, event.0
        ))
        .await;
    assert_eq!(ben.status(event).await, RegistrationStatus::Waitlisted);
    assert_eq!(seats(&world, event).await, (0, 1));
}
