//! The door's search among a million members, as it is typed: from the first letter to the whole name, through the data
//! layer, on a private cluster of its own; beside it the plain scan that reads everybody.
//!
//! `cargo bench --bench search` runs it; `-- --test` (as `cargo test --benches` says) runs it small.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    missing_docs
)]

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use pine_time::cluster::{self, Cluster, Options, Role};
use pine_time::db::{Db, Settings, Token};
use pine_time::domain::event::EventId;
use pine_time::ops::migrate;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// DESIGN: search as you type, 1 M members, p99.
const BUDGET: Duration = Duration::from_millis(20);
/// People registered for the event.
const ROSTER: i32 = 500;

fn main() {
    let small = std::env::args().any(|arg| arg == "--test");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(run(if small { 5_000 } else { 1_000_000 }));
}

async fn run(members: i32) {
    let folder = tempfile::tempdir().unwrap();
    // Root's server runs as another user, who must be able to walk in.
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let options = Options {
        data_dir: Some(folder.path().join("data")),
        durable: false,
        ..Options::default()
    };
    let cluster = Cluster::join(&options).await.unwrap();
    measure(&cluster, members).await;
    cluster.leave_running().unwrap();
    cluster::stop(&options).await.unwrap();
}

async fn measure(cluster: &Cluster, members: i32) {
    let url = cluster.url(Role::Owner, "pine_time");
    migrate::migrate(&url).await.unwrap();
    let mut owner = PgConnection::connect(&url).await.unwrap();
    let began = Instant::now();
    sqlx::raw_sql(AssertSqlSafe(format!(
        "{};\nSELECT bench_members({members});\nSELECT bench_event({ROSTER})",
        include_str!("search.sql")
    )))
    .execute(&mut owner)
    .await
    .unwrap();
    println!(
        "search: {members} members made in {:.0?}, PostgreSQL {}",
        began.elapsed(),
        cluster.server_version()
    );
    let event = EventId(
        sqlx::query_scalar("SELECT max(id) FROM events")
            .fetch_one(&mut owner)
            .await
            .unwrap(),
    );
    let token: String = sqlx::query_scalar(
        "SELECT encode(pine.open_session(id, NULL, true, 'door', gen_random_uuid()), 'hex')
         FROM users WHERE user_type = 'staff'",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    let token = Token::from_hex(&token).unwrap();
    let db = Db::new(Settings::new(cluster.url(Role::Staff, "pine_time"), "door")).unwrap();

    // What people type: the beginnings of names, of both names, of user names; all letter by letter.
    let typed: Vec<(String, String)> = sqlx::query_as("SELECT kind, query FROM bench_queries ORDER BY place")
        .fetch_all(&mut owner)
        .await
        .unwrap();
    for (_, query) in typed.iter().take(50) {
        db.find_at_door(&token, event, query).await.unwrap();
    }
    let mut by_kind: BTreeMap<String, Vec<Duration>> = BTreeMap::new();
    let mut all = Vec::new();
    for (kind, query) in &typed {
        let sent = Instant::now();
        db.find_at_door(&token, event, query).await.unwrap();
        let took = sent.elapsed();
        by_kind.entry(kind.clone()).or_default().push(took);
        all.push(took);
    }
    println!("typed                     queries        p50        p99      worst");
    for (kind, took) in by_kind {
        print_line(&kind, took);
    }
    let (_, p99) = print_line("all", all);
    println!(
        "p99 {p99:.1?}: {} of the budget of {BUDGET:?}",
        if p99 <= BUDGET { "inside" } else { "OUTSIDE" }
    );

    let mut similar = Vec::new();
    for (_, query) in typed.iter().filter(|(kind, _)| kind.starts_with("both")).take(20) {
        let sent = Instant::now();
        db.find_similar(&token, event, query).await.unwrap();
        similar.push(sent.elapsed());
    }
    print_line("similar names, on request", similar);

    let mut plain = Vec::new();
    for (_, query) in typed.iter().step_by(typed.len() / 5) {
        let sent = Instant::now();
        let _: i64 =
            sqlx::query_scalar("SELECT count(*) FROM (SELECT u.id, u.full_name FROM users AS u WHERE pine.matches(u, $1) ORDER BY u.full_name LIMIT 40) AS t")
                .bind(query)
                .fetch_one(&mut owner)
                .await
                .unwrap();
        plain.push(sent.elapsed());
    }
    let (p50, _) = print_line("the plain scan", plain);
    println!(
        "the plain scan takes {:.0} times as long as the search's p99",
        p50.as_secs_f64() / p99.as_secs_f64()
    );
}

fn print_line(kind: &str, mut took: Vec<Duration>) -> (Duration, Duration) {
    took.sort();
    let (p50, p99) = (took[took.len() / 2], took[took.len() * 99 / 100]);
    println!(
        "{kind:<25} {:>7} {p50:>10.2?} {p99:>10.2?} {:>10.2?}",
        took.len(),
        took[took.len() - 1]
    );
    (p50, p99)
}
