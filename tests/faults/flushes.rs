//! How much a check-in asks of the link: one flush and one answer.

use pine_time::db::{Db, Settings};
use pine_time::domain::check_in::Outcome;

use crate::support::cluster::Role;
use crate::support::proxy::{Proxy, Sent};
use crate::support::until;
use crate::support::world::{World, check_in};

/// What passes over the link between two moments.
fn since(proxy: &Proxy, before: Sent) -> (u64, u64, u64) {
    let now = proxy.sent();
    (
        now.flushes - before.flushes,
        now.syncs - before.syncs,
        now.connections - before.connections,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_in_on_a_warm_connection_is_one_flush() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    for name in ["ana", "ben", "cleo", "dev"] {
        world.guest(name, event).await;
    }
    let proxy = Proxy::start(&world.database).await;
    let db = Db::new(Settings::new(proxy.url(Role::Staff), "door 1")).unwrap();
    let staff = world.staff().await;
    // The first call makes the connection, and prepares the door's statement on it.
    db.community().await.unwrap();
    // The connection that the first one was compared with says goodbye in its own time, and unasked.
    until("only the door's connection is left", || async {
        let sent = proxy.sent();
        sent.connections - sent.ended == 1
    })
    .await;
    let all = proxy.sent();
    for name in ["ana", "ben", "cleo"] {
        let before = proxy.sent();
        assert_eq!(check_in(&db, &staff, event, name).await.outcome, Outcome::Ok);
        assert_eq!(
            since(&proxy, before),
            (1, 1, 0),
            "{name}: flushes, answers asked for, connections"
        );
    }
    assert_eq!(since(&proxy, all), (3, 3, 0));

    // Negative control: sqlx's own pool looks whether a connection lives before it is used; the counter sees it.
    let pool = sqlx::postgres::PgPoolOptions::new()
        .max_connections(1)
        .connect(&proxy.url(Role::Staff))
        .await
        .unwrap();
    let community = || sqlx::query("SELECT api.community()").execute(&pool);
    community().await.unwrap();
    let before = proxy.sent();
    community().await.unwrap();
    let (flushes, syncs, _) = since(&proxy, before);
    assert!(flushes >= 2 && syncs >= 2, "{flushes} flushes, {syncs} syncs");
}
