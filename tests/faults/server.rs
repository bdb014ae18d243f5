//! The server itself, killed three times under doors at work. It is a cluster of the test's own, with full durability.

use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pine_time::cluster::{Cluster, Role};
use pine_time::ops::migrate;
use sqlx::{Connection, PgConnection};

use crate::crew::{Evening, Violations, attempts, judge};
use crate::support::process;
use crate::support::servers::Scratch;
use crate::support::until;

const TERMINALS: usize = 16;

/// Three deaths of the server under load; what the judge then finds.
async fn killed_three_times(settings: &[&'static str], each: usize) -> Violations {
    let scratch = Scratch::new();
    let mut cluster = Cluster::join(&scratch.options).await.unwrap();
    let owner = cluster.url(Role::Owner, "pine_time");
    let staff = cluster.url(Role::Staff, "pine_time");
    migrate::migrate(&owner).await.unwrap();
    let mut admin = PgConnection::connect(&cluster.url(Role::Admin, "pine_time"))
        .await
        .unwrap();
    for setting in settings {
        sqlx::raw_sql(*setting).execute(&mut admin).await.unwrap();
    }
    admin.close().await.unwrap();
    let evening = Evening::prepare(&owner, TERMINALS, each).await;
    // What the control loses is to be attempts, not the evening itself.
    sqlx::raw_sql("CHECKPOINT")
        .execute(
            &mut PgConnection::connect(&cluster.url(Role::Admin, "pine_time"))
                .await
                .unwrap(),
        )
        .await
        .unwrap();
    let crew = evening.open(&staff, Duration::from_secs(5));
    for percent in [20, 45, 70] {
        crew.reach(percent).await;
        let server = cluster.pid();
        kill(Pid::from_raw(server), Signal::SIGKILL).unwrap();
        until("the killed server is gone", || async {
            !process::lives(u32::try_from(server).unwrap())
        })
        .await;
        assert!(crew.is_busy(), "it must die under load");
        assert!(cluster.revive().await.unwrap());
        assert_eq!(
            cluster.url(Role::Staff, "pine_time"),
            staff,
            "doors look where it was"
        );
    }
    let told = crew.finish().await;
    let violations = judge(&evening, &told).await;
    evening.owner.close().await;
    cluster.leave();
    violations
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_three_times_loses_and_doubles_nothing() {
    let violations = killed_three_times(&[], attempts(60)).await;
    println!("server killed three times: {violations}");
    assert_eq!(violations.count(), 0, "{violations}");
}

/// Negative control: where a commit does not wait for the log to be written, what was answered dies with the server.
#[tokio::test(flavor = "multi_thread")]
async fn without_waiting_for_the_log_the_judge_finds_answers_lost() {
    let settings = [
        "ALTER SYSTEM SET synchronous_commit = off",
        "ALTER SYSTEM SET wal_writer_delay = '10s'",
        "SELECT pg_reload_conf()",
    ];
    let violations = killed_three_times(&settings, 60).await;
    println!("without waiting for the log: {violations}");
    assert!(
        violations.count() > 0,
        "the judge must see it, or the test proves nothing"
    );
}
