//! The pool's numbers mean what the seed says: size, overflow, timeout, recycle.

use std::time::Duration;

use pine_time::db::{Db, Settings};
use pine_time::domain::Fault;

use crate::support::cluster::Role;
use crate::support::until;
use crate::support::world::{World, fault, nonce};

const BACKENDS: &str =
    "pg_stat_activity WHERE application_name LIKE 'pine-time%' AND datname = current_database()";

#[tokio::test(flavor = "multi_thread")]
async fn overflow_is_closed_when_returned_and_waiters_give_up() {
    let world = World::new().await;
    let event = world.event(60, None).await;
    let settings = Settings {
        pool_timeout: Duration::from_millis(400),
        ..world.settings(Role::Staff)
    };
    let db = Db::new(settings).unwrap();
    let mut tokens = Vec::new();
    for number in 0..16 {
        let member = world.member(&format!("m{number}")).await;
        tokens.push(world.session(member).await);
    }
    assert_eq!(db.open_connections(), 0, "nothing is opened before it is needed");

    // Whoever registers waits for this transaction.
    let mut gate = world.owner.begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE event_seats IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *gate)
        .await
        .unwrap();
    let sixteenth = tokens.pop().unwrap();
    let running: Vec<_> = tokens
        .into_iter()
        .map(|token| {
            let db = db.clone();
            tokio::spawn(async move { db.register(&token, nonce(), event).await.map(|_| ()) })
        })
        .collect();
    until("fifteen connections are open", || async {
        db.open_connections() == 15
    })
    .await;
    assert_eq!(
        fault(db.register(&sixteenth, nonce(), event).await),
        Fault::Busy,
        "a waiter gives up at the limit"
    );
    gate.rollback().await.unwrap();
    for call in running {
        call.await.unwrap().unwrap();
    }
    assert_eq!(db.open_connections(), 5, "what exceeds the size is closed");
    until("the server has seen them go", || async {
        world.count(BACKENDS).await == 5
    })
    .await;
    db.close().await;
    until("close leaves none", || async { world.count(BACKENDS).await == 0 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_rush_needed_is_closed_when_it_has_passed() {
    let world = World::new().await;
    for (spare_after, left) in [(Duration::ZERO, 1), (Duration::from_secs(600), 3)] {
        let db = Db::new(Settings {
            spare_after,
            ..world.settings(Role::Staff)
        })
        .unwrap();
        let mut gate = world.owner.begin().await.unwrap();
        sqlx::raw_sql("LOCK TABLE settings IN ACCESS EXCLUSIVE MODE")
            .execute(&mut *gate)
            .await
            .unwrap();
        let rush = (0..3).map(|_| {
            let db = db.clone();
            tokio::spawn(async move { db.community().await.map(|_| ()) })
        });
        let rush: Vec<_> = rush.collect();
        until("three at once", || async { db.open_connections() == 3 }).await;
        gate.rollback().await.unwrap();
        for call in rush {
            call.await.unwrap().unwrap();
        }
        db.community().await.unwrap();
        assert_eq!(db.open_connections(), left);
        until("the server has seen it", || async {
            world.count(BACKENDS).await == i64::from(left)
        })
        .await;
        db.close().await;
        until("none is left", || async { world.count(BACKENDS).await == 0 }).await;
    }
}

#[tokio::test]
async fn an_old_connection_is_replaced() {
    let world = World::new().await;
    let pid = format!("SELECT coalesce(max(pid), 0) FROM {BACKENDS}");
    let db = Db::new(Settings {
        pool_recycle: Duration::ZERO,
        ..world.settings(Role::Staff)
    })
    .unwrap();
    db.community().await.unwrap();
    assert_eq!(db.open_connections(), 0, "older than allowed when it came back");

    let db = world.db(Role::Staff);
    db.community().await.unwrap();
    let first: i32 = world.value(&pid).await;
    db.community().await.unwrap();
    assert_eq!(world.value::<i32>(&pid).await, first, "a young one is used again");
    assert_eq!(db.open_connections(), 1);
}

#[tokio::test]
async fn a_call_that_is_not_answered_costs_its_connection() {
    let world = World::new().await;
    let event = world.event(60, None).await;
    let ana = world.member("ana").await;
    let token = world.session(ana).await;
    let db = Db::new(Settings {
        call_timeout: Duration::from_millis(300),
        ..world.settings(Role::Staff)
    })
    .unwrap();
    db.community().await.unwrap();
    let mut gate = world.owner.begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE event_seats IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *gate)
        .await
        .unwrap();
    assert_eq!(fault(db.register(&token, nonce(), event).await), Fault::Slow);
    assert_eq!(
        db.open_connections(),
        0,
        "its answer must not reach the next call"
    );
    gate.rollback().await.unwrap();
    db.community().await.unwrap();
}

/// A database that takes no connections (55000) is one that does not answer, and not a riddle: doors go on without it.
#[tokio::test]
async fn a_database_that_is_closed_for_a_while_does_not_answer() {
    let world = World::new().await;
    world.shut().await;
    let closed = world.db(Role::Staff);
    let error = closed.community().await.unwrap_err();
    assert!(error.fault.is_link() && error.transient, "{}", error.fault);
    assert_eq!(
        error.fault.to_string(),
        "The database does not answer: it takes no calls at the moment."
    );
    world.reopen().await;
    closed.community().await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_at_once() {
    let settings = Settings::new("postgres://nobody@127.0.0.1:1/none", "door 1");
    let fault = fault(Db::new(settings).unwrap().community().await);
    assert_eq!(
        fault.to_string(),
        "The database does not answer: nothing listens at its address."
    );
    let settings = Settings::new("postgres://nobody@%2Fnowhere%2Fat%2Fall/none", "door 1");
    let fault = crate::support::world::fault(Db::new(settings).unwrap().community().await);
    assert_eq!(
        fault.to_string(),
        "The database does not answer: its socket does not exist."
    );
    assert!(
        Db::new(Settings::new("mysql://x", "d")).is_err()
            || Db::new(Settings::new("not a url", "d")).is_err()
    );
}
