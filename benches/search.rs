//! The door's search among a million members, as it is typed: from the first letter to the whole name, and similar names,
//! through the data layer, on a private cluster of its own; beside it the plain scan that reads everybody.
//!
//! `cargo bench --bench search` runs it; `-- --test` (as `cargo test --benches` says) runs it small.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    missing_docs
)]

#[allow(dead_code)]
mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use pine_time::cluster::{Cluster, Options, Role};
use pine_time::db::{Db, Settings, Token};
use pine_time::domain::event::EventId;
use pine_time::ops::migrate;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Search as you type, p99.
const TYPED: Duration = Duration::from_millis(20);
/// Similar names, which are asked for with a key of their own, p99.
const SIMILAR: Duration = Duration::from_millis(200);
/// People registered for the events.
const ROSTERS: [i32; 2] = [500, 20_000];

fn main() {
    // So many members, of whom so many are typed.
    let (members, of) = if support::is_small() {
        (5_000, 4)
    } else {
        (1_000_000, 100)
    };
    let options = Options {
        durable: false,
        ..Options::default()
    };
    support::block_on(support::on_private_postgres(options, async |cluster| {
        measure(cluster, members, of).await;
    }));
}

async fn measure(cluster: &Cluster, members: i32, of: i32) {
    let url = cluster.url(Role::Owner, "pine_time");
    migrate::migrate(&url).await.unwrap();
    let mut owner = PgConnection::connect(&url).await.unwrap();
    let began = Instant::now();
    sqlx::raw_sql(include_str!("search.sql"))
        .execute(&mut owner)
        .await
        .unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("SELECT bench_members({members})")))
        .execute(&mut owner)
        .await
        .unwrap();
    let mut events = Vec::new();
    for roster in ROSTERS {
        let event: i32 = sqlx::query_scalar("SELECT bench_event($1)")
            .bind(roster)
            .fetch_one(&mut owner)
            .await
            .unwrap();
        events.push((roster, EventId(event)));
    }
    sqlx::raw_sql("VACUUM ANALYZE").execute(&mut owner).await.unwrap();
    println!(
        "search: {members} members made in {:.0?}, PostgreSQL {}",
        began.elapsed(),
        cluster.server_version()
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
    let typed: Vec<(String, String)> = sqlx::query_as("SELECT kind, query FROM bench_queries($1)")
        .bind(of)
        .fetch_all(&mut owner)
        .await
        .unwrap();

    for (roster, event) in events {
        println!(
            "\nwith {roster:>5} registered      queries        p50        p99      worst    p99 of processor time"
        );
        let door = Door {
            db: &db,
            token: &token,
            event,
        };
        // The large event by fewer queries: each has a large roster to read.
        let every = usize::try_from(roster / 4000).unwrap().max(1);
        let typed: Vec<_> = typed.iter().step_by(every).collect();
        // Once through for the caches: this door has been typed at before.
        for (kind, query) in &typed {
            door.ask(kind, query).await;
        }
        let servers: Vec<i32> =
            sqlx::query_scalar("SELECT pid FROM pg_stat_activity WHERE usename LIKE '%staff%'")
                .fetch_all(&mut owner)
                .await
                .unwrap();
        door.measure(&typed, &servers).await;
    }

    let mut plain = Vec::new();
    for (_, query) in typed.iter().step_by(typed.len() / 3) {
        let sent = Instant::now();
        let _: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM (
                 SELECT u.id FROM users AS u WHERE pine.matches(u, $1) ORDER BY u.full_name LIMIT 40) AS t",
        )
        .bind(query)
        .fetch_one(&mut owner)
        .await
        .unwrap();
        plain.push(sent.elapsed());
    }
    println!();
    print_line(
        "every member read",
        plain.into_iter().map(|took| (took, None)).collect(),
    );
}

/// What the server's processes have used of the processor so far; none where the kernel does not tell. On a busy machine
/// it says more than the clock.
fn processor_time(servers: &[i32]) -> Option<Duration> {
    servers
        .iter()
        .map(|pid| {
            let counted = std::fs::read_to_string(format!("/proc/{pid}/schedstat")).ok()?;
            let nanoseconds = counted.split_whitespace().next()?.parse().ok()?;
            Some(Duration::from_nanos(nanoseconds))
        })
        .sum()
}

/// By the clock, and of the processor.
type Took = (Duration, Option<Duration>);

/// Where somebody types.
struct Door<'a> {
    db: &'a Db,
    token: &'a Token,
    event: EventId,
}

impl Door<'_> {
    async fn ask(&self, kind: &str, query: &str) -> Duration {
        let sent = Instant::now();
        if kind.starts_with("similar") {
            self.db.find_similar(self.token, self.event, query).await.unwrap();
        } else {
            self.db.find_at_door(self.token, self.event, query).await.unwrap();
        }
        sent.elapsed()
    }

    async fn measure(&self, typed: &[&(String, String)], servers: &[i32]) {
        let mut by_kind: BTreeMap<&str, Vec<Took>> = BTreeMap::new();
        for (kind, query) in typed {
            let before = processor_time(servers);
            let took = self.ask(kind, query).await;
            let used = processor_time(servers).zip(before);
            let used = used.map(|(after, before)| after.saturating_sub(before));
            by_kind.entry(kind).or_default().push((took, used));
        }
        let (mut all, mut similar) = (Vec::new(), Vec::new());
        for (kind, took) in by_kind {
            if kind.starts_with("similar") {
                similar.extend(&took);
            } else {
                all.extend(&took);
            }
            print_line(kind, took);
        }
        for (what, took, budget) in [
            ("all that is typed", all, TYPED),
            ("all similar names", similar, SIMILAR),
        ] {
            let verdict = if print_line(what, took) <= budget {
                "inside"
            } else {
                "OUTSIDE"
            };
            println!("    {verdict} of the budget of {budget:?}");
        }
    }
}

/// Prints one row of the table; answers its p99.
fn print_line(kind: &str, took: Vec<Took>) -> Duration {
    let p99 = |sorted: &[Duration]| sorted[sorted.len() * 99 / 100];
    let (mut took, used): (Vec<Duration>, Vec<Option<Duration>>) = took.into_iter().unzip();
    took.sort();
    print!(
        "{kind:<25} {:>7} {:>10.2?} {:>10.2?} {:>10.2?}",
        took.len(),
        took[took.len() / 2],
        p99(&took),
        took[took.len() - 1]
    );
    if let Some(mut used) = used.into_iter().collect::<Option<Vec<_>>>() {
        used.sort();
        print!(" {:>10.2?}", p99(&used));
    }
    println!();
    p99(&took)
}
