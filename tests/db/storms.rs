//! Seats under many hands at once: never one too many, a line in the order of the commits, and no deadlock. Each claim has
//! its control, with what upholds it taken away.

use std::collections::BTreeSet;
use std::time::Duration;

use pine_time::db::{Db, Settings, Token};
use pine_time::domain::Fault;
use pine_time::domain::admission::{Guest, WalkIn};
use pine_time::domain::event::{EventId, RegisterOutcome};
use pine_time::domain::member::MemberId;
use sqlx::postgres::PgListener;
use tokio::task::JoinSet;

use crate::people::{Staff, cancel, move_to, promote, register, reject, seats};
use crate::registrations::UNLOCKED;
use crate::support::cluster::Role;
use crate::support::world::{World, nonce};

/// Numbers of the line from a sequence, as they might be had without the lock; some come late to their commit.
const NUMBERED_BY_A_SEQUENCE: &str = "
    SET ROLE pine_owner;
    CREATE SEQUENCE pine.numbers;
    CREATE OR REPLACE FUNCTION pine.stand_in_line() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.waitlist_number := nextval('pine.numbers');
        PERFORM pg_sleep(0.01 * (NEW.waitlist_number % 3));
        RETURN NEW;
    END $$;
    RESET ROLE";

/// Tells the numbers of the line in the order in which their transactions commit: that is PostgreSQL's promise about
/// notifications of different transactions.
const WITNESS: &str = "
    CREATE FUNCTION public.tell_number() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('line', NEW.waitlist_number::text);
        RETURN NULL;
    END $$;
    CREATE TRIGGER tell_number AFTER INSERT ON registrations
        FOR EACH ROW WHEN (NEW.status = 'waitlisted') EXECUTE FUNCTION public.tell_number()";

/// A terminal as patient as a crowd needs, on however slow a machine.
fn patient(world: &World, role: Role) -> Db {
    let patience = Duration::from_secs(120);
    Db::new(Settings {
        call_timeout: patience,
        pool_timeout: patience,
        ..world.settings(role)
    })
    .unwrap()
}

/// Some terminals for a crowd: at most sixty connections.
fn terminals(world: &World) -> Vec<Db> {
    (0..4).map(|_| patient(world, Role::Kiosk)).collect()
}

async fn crowd(world: &World, size: usize) -> Vec<(MemberId, Token)> {
    let mut crowd = Vec::new();
    for number in 0..size {
        let member = world.member(&format!("m{number}")).await;
        crowd.push((member, world.session(member).await));
    }
    world
        .sql("UPDATE sessions SET idle_limit = '1 day', expires_at = expires_at + interval '1 day'")
        .await;
    crowd
}

/// What a crowd was told that wanted a seat or a place, all at the same instant.
struct Rush {
    registered: usize,
    /// The places told, in no order.
    places: Vec<i64>,
    /// The line's numbers in the order of their commits.
    committed: Vec<i64>,
}

impl Rush {
    fn inversions(&self) -> usize {
        self.committed.windows(2).filter(|pair| pair[0] > pair[1]).count()
    }

    fn told_twice(&self) -> usize {
        self.places.len() - self.places.iter().collect::<BTreeSet<_>>().len()
    }
}

async fn rush(world: &World, size: usize, capacity: i32) -> Rush {
    let event = world.event(60, Some(capacity)).await;
    world.sql(WITNESS).await;
    let mut witness = PgListener::connect(&world.database.url(Role::Owner))
        .await
        .unwrap();
    witness.listen("line").await.unwrap();
    let terminals = terminals(world);
    let mut running = JoinSet::new();
    for (number, (_, token)) in crowd(world, size).await.into_iter().enumerate() {
        let db = terminals[number % terminals.len()].clone();
        running.spawn(async move { db.join_waitlist(&token, nonce(), event).await.unwrap() });
    }
    let mut rush = Rush {
        registered: 0,
        places: Vec::new(),
        committed: Vec::new(),
    };
    while let Some(done) = running.join_next().await {
        match done.unwrap() {
            (RegisterOutcome::Registered, _) => rush.registered += 1,
            (RegisterOutcome::Waitlisted, line) => rush.places.push(line.my_place.unwrap()),
            other => panic!("{other:?}"),
        }
    }
    while rush.committed.len() < rush.places.len() {
        let next = tokio::time::timeout(Duration::from_secs(30), witness.recv()).await;
        let told = next.expect("a number for everybody in line").unwrap();
        rush.committed.push(told.payload().parse().unwrap());
    }
    rush
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rush_sells_each_seat_once_and_lines_up_the_rest_by_commit() {
    for capacity in [1, 10, 100] {
        let world = World::new().await;
        let rush = rush(&world, 240, capacity).await;
        let sold = usize::try_from(capacity).unwrap();
        assert_eq!(rush.registered, sold);
        let mut places = rush.places.clone();
        places.sort_unstable();
        let everybody: Vec<i64> = (1..=i64::try_from(240 - sold).unwrap()).collect();
        assert_eq!(places, everybody, "everybody was told a place of their own");
        assert_eq!(rush.inversions(), 0, "{:?}", rush.committed);
        assert_eq!(seats(&world, EventId(1)).await, (capacity, 240 - capacity));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_lock_and_counter_the_same_rush_sells_too_many_and_loses_its_order() {
    let world = World::new().await;
    world.sql(UNLOCKED).await;
    world.sql(NUMBERED_BY_A_SEQUENCE).await;
    let rush = rush(&world, 120, 10).await;
    assert!(rush.registered > 10, "sold: {}", rush.registered);
    assert!(rush.inversions() > 0, "the witness must see the disorder");
    assert!(rush.told_twice() > 0, "two must have been told the same place");
}

/// Half of a crowd holds the seats, half waits for them, and all give up at once.
async fn exodus(world: &World, size: usize) -> Vec<Fault> {
    let event = world.event(60, Some(i32::try_from(size / 2).unwrap())).await;
    let people = crowd(world, size).await;
    let terminals = terminals(world);
    for (number, (_, token)) in people.iter().enumerate() {
        let db = &terminals[number % terminals.len()];
        db.join_waitlist(token, nonce(), event).await.unwrap();
    }
    let mut running = JoinSet::new();
    // Those who wait from the end of the line, so that the two halves meet.
    for (number, (_, token)) in people.into_iter().rev().enumerate() {
        let db = terminals[number % terminals.len()].clone();
        running.spawn(async move { db.cancel_registration(&token, nonce(), event).await });
    }
    let mut faults = Vec::new();
    while let Some(done) = running.join_next().await {
        faults.extend(done.unwrap().err().map(|error| error.fault));
    }
    for terminal in terminals {
        terminal.close().await;
    }
    faults
}

/// Deadlocks that PostgreSQL broke in this database; what a connection did is counted when it has ended.
async fn deadlocks(world: &World) -> i64 {
    world
        .value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_up_all_at_once_locks_nobody_out() {
    let world = World::new().await;
    assert_eq!(exodus(&world, 160).await, []);
    assert_eq!(deadlocks(&world).await, 0);
    assert_eq!(seats(&world, EventId(1)).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_seats_lock_first_the_same_exodus_deadlocks() {
    let world = World::new().await;
    world.sql(UNLOCKED).await;
    let faults = exodus(&world, 120).await;
    assert!(
        faults.contains(&Fault::Busy),
        "registrations before seats must end in each other's arms: {faults:?}"
    );
}

/// Numbers that look random and are the same every time (Knuth's generator, from MMIX).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// How often each hand acts: enough for a test, or with PINE_TIME_STORM=full for a minute and more.
fn acts() -> usize {
    match std::env::var("PINE_TIME_STORM").as_deref() {
        Ok("full") => 400,
        _ => 12,
    }
}

/// One hand in the crowd: what it asks for, and whether what it is answered is an answer.
async fn hand(
    number: u64,
    member: MemberId,
    token: Token,
    kiosk: Db,
    staff: Staff,
    events: [EventId; 2],
) -> Vec<Fault> {
    let mut dice = Dice(number * 77 + 5);
    let mut faults = Vec::new();
    for _ in 0..acts() {
        let which = usize::from(dice.throw(2) == 1);
        let (here, there) = (events[which], events[1 - which]);
        let failed = match dice.throw(10) {
            0 | 1 => kiosk.join_waitlist(&token, nonce(), here).await.err(),
            2 => kiosk.register(&token, nonce(), here).await.err(),
            3 | 4 => kiosk.cancel_registration(&token, nonce(), here).await.err(),
            5 => staff.try_to(here, member, move_to(there, true)).await.err(),
            6 => staff.try_to(here, member, promote(Some("A guest."))).await.err(),
            7 => staff.try_to(here, member, cancel("Called.")).await.err(),
            8 => match dice.throw(2) {
                0 => staff.try_to(here, member, reject("No.")).await.err(),
                _ => staff.try_to(here, member, register(true)).await.err(),
            },
            _ => {
                let walk_in = WalkIn {
                    guest: Guest::Member(member),
                    taking: None,
                    reason: None,
                };
                let came = staff
                    .db
                    .walk_in(&staff.token, nonce(), here, &walk_in)
                    .await
                    .err();
                let undone = staff
                    .db
                    .undo_check_in(&staff.token, nonce(), here, member, None)
                    .await
                    .err();
                came.or(undone)
            }
        };
        // Never registered for it, or no seat for a walk-in: refusals, and no trouble.
        faults.extend(
            failed
                .map(|error| error.fault)
                .filter(|fault| !matches!(fault, Fault::NotFound(_) | Fault::Invalid { .. })),
        );
    }
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_giving_up_moving_and_promoting_all_at_once_leaves_everything_in_order() {
    let world = World::new().await;
    // Late enough that a long storm is over before they begin, and early enough for the door.
    let events = [world.event(110, Some(7)).await, world.event(115, Some(11)).await];
    let began = std::time::Instant::now();
    let kiosks = terminals(&world);
    let desk = patient(&world, Role::Staff);
    let operator = world.staff().await;
    let mut running = JoinSet::new();
    for (number, (member, token)) in crowd(&world, 60).await.into_iter().enumerate() {
        let staff = Staff {
            db: desk.clone(),
            token: operator.clone(),
        };
        let kiosk = kiosks[number % kiosks.len()].clone();
        running.spawn(hand(
            u64::try_from(number).unwrap(),
            member,
            token,
            kiosk,
            staff,
            events,
        ));
    }
    // Meanwhile the first event gets more seats, one by one.
    for _ in 0..10 {
        world
            .sql(&format!(
                "BEGIN;
                 SELECT pine.queue_for_seats({0});
                 SELECT pine.lock_seats({0});
                 UPDATE events SET max_participants = max_participants + 1 WHERE id = {0};
                 SELECT pine.fill_seats({0}, pine.clock());
                 COMMIT",
                events[0].0
            ))
            .await;
    }
    let mut faults = Vec::new();
    while let Some(done) = running.join_next().await {
        faults.extend(done.unwrap());
    }
    println!("{} acts in {:.0?}", 60 * acts(), began.elapsed());
    assert_eq!(faults, []);
    for terminal in kiosks.iter().chain([&desk]) {
        terminal.close().await;
    }
    assert_eq!(deadlocks(&world).await, 0);

    let disorder = "event_seats AS s JOIN events AS e ON e.id = s.event_id
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE r.status = 'registered') AS taken,
                   count(*) FILTER (WHERE r.status = 'waitlisted') AS waiting,
                   count(DISTINCT r.waitlist_number) FILTER (WHERE r.status = 'waitlisted') AS places
            FROM registrations AS r WHERE r.event_id = e.id
        ) AS really";
    for (what, condition) in [
        (
            "counted otherwise",
            "(s.taken, s.waiting) IS DISTINCT FROM (really.taken, really.waiting)",
        ),
        ("over capacity", "s.taken > e.max_participants"),
        (
            "a free seat while somebody waits",
            "s.taken < e.max_participants AND s.waiting > 0",
        ),
        ("two at one place", "really.places <> really.waiting"),
    ] {
        assert_eq!(
            world.count(&format!("{disorder} WHERE {condition}")).await,
            0,
            "{what}"
        );
    }
    assert!(
        world.count("registrations").await > 60,
        "the storm must have been one"
    );
}
