//! Registering and cancelling, and that a seat is sold once whatever happens at once.

use std::collections::HashMap;

use pine_time::db::Token;
use pine_time::domain::Fault;
use pine_time::domain::event::{CancelOutcome, EventId, RegisterOutcome, RegistrationStatus};

use crate::support::cluster::Role;
use crate::support::world::{World, check_in, fault, nonce};

#[tokio::test]
async fn a_member_registers_and_cancels() {
    let world = World::new().await;
    let event = world.event(60, Some(2)).await;
    let ana = world.member("ana").await;
    let (db, token) = (world.db(Role::Kiosk), world.session(ana).await);

    let (outcome, line) = db.register(&token, nonce(), event).await.unwrap();
    assert_eq!(
        (outcome, line.registered, line.my_status),
        (
            RegisterOutcome::Registered,
            1,
            Some(RegistrationStatus::Registered)
        )
    );
    let (outcome, line) = db.register(&token, nonce(), event).await.unwrap();
    assert_eq!((outcome, line.registered), (RegisterOutcome::Already, 1));

    let (outcome, line) = db.cancel_registration(&token, nonce(), event).await.unwrap();
    assert_eq!(
        (outcome, line.registered, line.my_status),
        (CancelOutcome::Cancelled, 0, Some(RegistrationStatus::Cancelled))
    );
    let (outcome, _) = db.cancel_registration(&token, nonce(), event).await.unwrap();
    assert_eq!(outcome, CancelOutcome::NotRegistered);

    let (outcome, line) = db.register(&token, nonce(), event).await.unwrap();
    assert_eq!(
        (outcome, line.registered),
        (RegisterOutcome::Registered, 1),
        "revived"
    );
    assert_eq!(world.count("registrations").await, 1, "the same row");
    assert_eq!(
        world
            .value::<String>("SELECT payment_status::text FROM registrations")
            .await,
        "not_required"
    );
}

#[tokio::test]
async fn a_key_press_sent_twice_registers_once_and_answers_the_same() {
    let world = World::new().await;
    let (event, other) = (world.event(60, Some(2)).await, world.event(90, Some(2)).await);
    let ana = world.member("ana").await;
    let (db, token) = (world.db(Role::Kiosk), world.session(ana).await);
    let press = nonce();
    let first = db.register(&token, press, event).await.unwrap();
    let again = db.register(&token, press, event).await.unwrap();
    assert_eq!(first, again);
    assert!(matches!(
        fault(db.register(&token, press, other).await),
        Fault::Conflict(_)
    ));
    let both = tokio::join!(
        db.cancel_registration(&token, NONCE, event),
        db.cancel_registration(&token, NONCE, event)
    );
    assert_eq!(
        both.0.unwrap(),
        both.1.unwrap(),
        "the second waits for the first and gets its answer"
    );
    assert_eq!(
        world
            .count("audit_log WHERE action = 'cancel_registration'")
            .await,
        1
    );
}

const NONCE: pine_time::domain::Nonce = pine_time::domain::Nonce::from_u128(7);

#[tokio::test]
async fn what_stands_in_the_way_is_an_outcome() {
    let world = World::new().await;
    let ana = world.member("ana").await;
    let (db, token) = (world.db(Role::Kiosk), world.session(ana).await);
    let outcome = |event: EventId| {
        let (db, token) = (db.clone(), token.clone());
        async move { db.register(&token, nonce(), event).await.unwrap().0 }
    };

    let full = world.event(60, Some(1)).await;
    world.guest("ben", full).await;
    assert_eq!(outcome(full).await, RegisterOutcome::Full);
    let none = world.event(60, Some(0)).await;
    assert_eq!(outcome(none).await, RegisterOutcome::Full);
    let over = world.event(-121, None).await;
    assert_eq!(outcome(over).await, RegisterOutcome::Over);
    let running = world.event(-60, None).await;
    assert_eq!(outcome(running).await, RegisterOutcome::Registered);
    let off = world.event(60, None).await;
    world
        .sql(&format!(
            "UPDATE events SET is_active = false WHERE id = {}",
            off.0
        ))
        .await;
    assert_eq!(outcome(off).await, RegisterOutcome::EventInactive);
    let refused = world.event(60, None).await;
    world.registration(ana, refused, "rejected").await;
    assert_eq!(outcome(refused).await, RegisterOutcome::Rejected);
    let waiting = world.event(60, Some(1)).await;
    world.registration(ana, waiting, "waitlisted").await;
    assert_eq!(outcome(waiting).await, RegisterOutcome::Already);
    assert!(matches!(
        fault(db.register(&token, nonce(), EventId(999)).await),
        Fault::NotFound(_)
    ));
    let owner = world.db(Role::Owner);
    let nobody = owner.owner_session("root").await.unwrap();
    assert!(matches!(
        fault(owner.register(&nobody, nonce(), full).await),
        Fault::NotAllowed(_)
    ));
}

#[tokio::test]
async fn a_registration_cannot_be_cancelled_once_it_is_too_late() {
    let world = World::new().await;
    let soon = world.event(30, None).await;
    let ana = world.guest("ana", soon).await;
    let (db, token) = (world.db(Role::Staff), world.session(ana).await);
    check_in(&db, &world.staff().await, soon, "ana").await;
    let (outcome, line) = db.cancel_registration(&token, nonce(), soon).await.unwrap();
    assert_eq!((outcome, line.my_attendance), (CancelOutcome::CheckedIn, true));

    let running = world.event(-5, None).await;
    world.registration(ana, running, "registered").await;
    let (outcome, _) = db.cancel_registration(&token, nonce(), running).await.unwrap();
    assert_eq!(outcome, CancelOutcome::TooLate);
}

#[tokio::test]
async fn seats_follow_the_registrations_whoever_writes_them() {
    let world = World::new().await;
    let (one, two) = (world.event(60, Some(5)).await, world.event(90, Some(5)).await);
    let ana = world.guest("ana", one).await;
    let taken = |event: EventId| format!("SELECT taken FROM event_seats WHERE event_id = {}", event.0);
    assert_eq!(world.value::<i32>(&taken(one)).await, 1);
    world
        .sql(&format!(
            "UPDATE registrations SET event_id = {} WHERE user_id = {}",
            two.0, ana.0
        ))
        .await;
    assert_eq!(
        (
            world.value::<i32>(&taken(one)).await,
            world.value::<i32>(&taken(two)).await
        ),
        (0, 1)
    );
    world.sql("UPDATE registrations SET status = NULL").await;
    assert_eq!(
        world.value::<i32>(&taken(two)).await,
        1,
        "NULL is the default, registered"
    );
    world.sql("UPDATE registrations SET status = 'waitlisted'").await;
    assert_eq!(world.value::<i32>(&taken(two)).await, 0);
    world
        .sql("UPDATE registrations SET status = 'registered'; DELETE FROM registrations")
        .await;
    assert_eq!(world.value::<i32>(&taken(two)).await, 0);
}

/// `tasks` members want one of `seats` seats at the same instant, over three terminals of 15 connections each.
async fn storm(world: &World, tasks: usize, seats: i32) -> HashMap<RegisterOutcome, usize> {
    let event = world.event(60, Some(seats)).await;
    let mut tokens: Vec<Token> = Vec::new();
    for number in 0..tasks {
        let member = world.member(&format!("m{number}")).await;
        tokens.push(world.session(member).await);
    }
    let terminals: Vec<_> = (0..3).map(|_| world.db(Role::Kiosk)).collect();
    let mut running = tokio::task::JoinSet::new();
    for (number, token) in tokens.into_iter().enumerate() {
        let db = terminals[number % terminals.len()].clone();
        running.spawn(async move { db.register(&token, nonce(), event).await.unwrap().0 });
    }
    let mut outcomes = HashMap::new();
    while let Some(outcome) = running.join_next().await {
        *outcomes.entry(outcome.unwrap()).or_default() += 1;
    }
    outcomes
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_over_forty_five_connections_get_ten_seats() {
    let world = World::new().await;
    let outcomes = storm(&world, 500, 10).await;
    assert_eq!(
        outcomes,
        HashMap::from([(RegisterOutcome::Registered, 10), (RegisterOutcome::Full, 490)])
    );
    assert_eq!(world.count("registrations WHERE status = 'registered'").await, 10);
    assert_eq!(world.value::<i32>("SELECT taken FROM event_seats").await, 10);
}

/// Negative control: the same storm with the seats' lock taken away sells more than there are. A pause between
/// looking and registering makes sure that the storm would find the gap on any machine.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_lock_the_same_storm_sells_too_many() {
    let world = World::new().await;
    world.sql(UNLOCKED).await;
    storm(&world, 120, 10).await;
    let sold = world.count("registrations WHERE status = 'registered'").await;
    assert!(
        sold > 10,
        "without the lock the storm must sell too many seats, or it proves nothing: {sold}"
    );
}

/// The seats' queue and lock taken away: they are looked at, and nobody is kept from looking.
pub(crate) const UNLOCKED: &str = "
    SET ROLE pine_owner;
    CREATE OR REPLACE FUNCTION pine.queue_for_seats(event integer) RETURNS void LANGUAGE sql AS '';
    CREATE OR REPLACE FUNCTION pine.lock_seats(event integer) RETURNS event_seats LANGUAGE plpgsql VOLATILE
    AS $$
    DECLARE
        seats public.event_seats;
    BEGIN
        SELECT * INTO seats FROM public.event_seats AS s WHERE s.event_id = event;
        PERFORM pg_sleep(0.02);
        RETURN seats;
    END $$;
    RESET ROLE";
