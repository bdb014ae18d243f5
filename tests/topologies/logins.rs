//! A login with the wrong password, and how many connections terminals hold that do nothing.

use std::time::Duration;

use pine_time::cluster::Role;
use pine_time::db::{Db, Settings};

use crate::support::servers::{Primary, run};
use crate::support::until;
use crate::support::world::{World, fault};

const TERMINALS: usize = 64;

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_said_and_not_tried_again() {
    let primary = Primary::new().await;
    primary
        .ask_password("front_desk", "pine cone", "IN ROLE pine_staff")
        .await;
    let url = |password: &str| {
        primary
            .url(Role::Staff)
            .replace("pine_staff_login@", &format!("front_desk:{password}@"))
    };
    for password in ["wrong", "pine%20cones"] {
        let db = Db::new(Settings::new(url(password), "door 1")).unwrap();
        let error = db.community().await.unwrap_err();
        assert_eq!(
            error.fault.to_string(),
            "The database refuses this login. Check the name and password in its URL."
        );
        assert!(!error.transient && !error.fault.to_string().contains(password));
    }
    let db = Db::new(Settings::new(url("pine%20cone"), "door 1")).unwrap();
    db.community().await.unwrap();
    // Changed while somebody works: what is open goes on, what is new is refused.
    run(
        &primary.url(Role::Admin),
        "ALTER ROLE front_desk PASSWORD 'fir cone'",
    )
    .await;
    db.community().await.unwrap();
    db.close().await;
    assert!(
        fault(db.community().await)
            .to_string()
            .contains("refuses this login")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_idle_terminals_hold_two_connections_each() {
    let world = World::new().await;
    let mut terminals = Vec::new();
    for number in 0..TERMINALS {
        let settings = Settings {
            spare_after: Duration::ZERO,
            ..Settings::new(world.database.direct_url(Role::Staff), format!("door {number}"))
        };
        let db = Db::new(settings).unwrap();
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let listener = db.clone();
        let listening = tokio::spawn(async move {
            let stop = async { drop(ended.await) };
            listener.listen(|_| (), stop).await;
        });
        terminals.push((db, end, listening));
    }
    // A rush: three calls at once of each; then one look at the link, as every ten seconds.
    let rush = terminals.iter().flat_map(|(db, ..)| [db, db, db]);
    for call in futures_util::future::join_all(rush.map(Db::community)).await {
        call.unwrap();
    }
    for (db, ..) in &terminals {
        db.community().await.unwrap();
        db.community().await.unwrap();
    }
    let held = "pg_stat_activity WHERE application_name LIKE 'pine-time%' AND datname = current_database()";
    until("each holds one for calls and one that listens", || async {
        world.count(held).await == 2 * i64::try_from(TERMINALS).unwrap()
    })
    .await;
    for (db, end, listening) in terminals {
        drop(end);
        listening.await.unwrap();
        db.close().await;
    }
    until("none is left", || async { world.count(held).await == 0 }).await;
}
