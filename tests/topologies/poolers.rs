//! Poolers: one that keeps a client's statements apart is as good as none, one that does not is refused before the first
//! call.

use pine_time::db::{Db, Settings};
use pine_time::domain::Fault;
use pine_time::domain::check_in::Outcome;
use sqlx::{Connection, PgConnection};

use crate::mixing::{Lend, Mixing};
use crate::support::cluster::pgbouncer::{self, PgBouncer};
use crate::support::cluster::{Role, cluster};
use crate::support::until;
use crate::support::world::{World, check_in, fault};

const REFUSED: &str = "The pooler in front of the database mixes up what its clients ask. Set pool_mode = session in \
                       PgBouncer, or use 1.21 or newer with max_prepared_statements = 200.";

/// All clients on one connection: a statement's name is taken.
const ONE: (usize, Lend) = (1, |_| 0);
/// In turn over two: a statement is where its client is not.
const IN_TURN: (usize, Lend) = (2, |turn| turn);
/// Two turns on each: a statement of that name is somebody else's.
const IN_PAIRS: (usize, Lend) = (2, |turn| turn / 2);

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_mixes_statements_up_is_refused_before_the_first_call() {
    let world = World::new().await;
    let url = world.database.direct_url(Role::Staff);
    for (servers, lend) in [ONE, IN_TURN, IN_PAIRS] {
        let pooler = Mixing::start(&url, servers, lend).await;
        let db = Db::new(Settings::new(pooler.through(&url), "door 1")).unwrap();
        let refused = db.community().await.unwrap_err();
        assert_eq!(refused.fault.to_string(), REFUSED);
        assert!(!refused.transient && matches!(refused.fault, Fault::Version(_)));
        assert_eq!(db.open_connections(), 0);
    }
}

/// Without the comparison: two clients, each with a statement of its own, and one is answered with the other's.
#[tokio::test]
async fn without_the_comparison_one_client_gets_anothers_answer() {
    let world = World::new().await;
    let url = world.database.direct_url(Role::Staff);
    let pooler = Mixing::start(&url, IN_PAIRS.0, IN_PAIRS.1).await;
    let mut clients = Vec::new();
    for _ in 0..2 {
        clients.push(PgConnection::connect(&pooler.through(&url)).await.unwrap());
    }
    let mut answers = Vec::new();
    for _ in 0..2 {
        for (client, sql) in clients
            .iter_mut()
            .zip(["SELECT 'mine'::text", "SELECT 'yours'::text"])
        {
            let answer: String = sqlx::query_scalar(sql).fetch_one(client).await.unwrap();
            answers.push(answer);
        }
    }
    assert_eq!(answers[..2], ["mine", "yours"]);
    assert_ne!(
        answers[2..],
        ["mine", "yours"],
        "nothing was mixed up: the pooler proves nothing"
    );
}

/// PgBouncer itself, where the run has one (`.ci/run` sees to that).
#[tokio::test(flavor = "multi_thread")]
async fn pgbouncer_serves_with_a_connection_for_a_session_and_is_refused_with_one_for_a_transaction() {
    let Some(program) = pgbouncer::program() else {
        return println!("there is no PgBouncer: PINE_TIME_TESTS_PGBOUNCER names none");
    };
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.guest("ana", event).await;
    let token = world.staff().await;
    let server = cluster().await.socket_dir();
    let url = world.database.direct_url(Role::Staff);

    let session = PgBouncer::start(&program, server, "session", "");
    let db = Db::new(Settings::new(session.through(&url), "door 1")).unwrap();
    let code = world.pass_code(ana).await;
    let done = check_in(&db, &token, event, &code).await;
    assert_eq!(done.outcome, Outcome::Ok);
    // Hints pass too, because the connection is the listener's alone.
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let listener = db.clone();
    let listening = tokio::spawn(async move {
        let stop = async { drop(ended.await) };
        let tell = |event| {
            let _ = tell.send(event);
        };
        listener.listen(tell, stop).await;
    });
    until("a hint is heard", || {
        let heard = told.try_recv().is_ok();
        let world = &world;
        async move {
            world.sql("NOTIFY pine_door, '7'").await;
            heard
        }
    })
    .await;
    drop(end);
    listening.await.unwrap();
    db.close().await;

    let transaction = PgBouncer::start(&program, server, "transaction", "");
    let db = Db::new(Settings::new(transaction.through(&url), "door 1")).unwrap();
    assert_eq!(fault(db.community().await).to_string(), REFUSED);
    // What it says itself, in the words of the house.
    let url = session.through(&url);
    for (url, says) in [
        (
            url.replace(&world.database.name, "no_such_database"),
            "The pooler in front of the database has no database of that name. Check the URL.",
        ),
        (
            url.replace("pine_staff_login", "stranger"),
            "The pooler in front of the database refuses this login. Check PgBouncer's auth_file.",
        ),
    ] {
        let db = Db::new(Settings::new(url, "door 1")).unwrap();
        assert_eq!(fault(db.community().await).to_string(), says);
    }
}
