//! The door under load: check-ins per second and their latencies through the data layer, at 1, 8 and 64 connections,
//! on a private cluster of its own with full durability; beside it, in the same run and alternating, `pgbench -M
//! prepared` calls the same function for the same members at an event of its own, and the data layer does so once more
//! without the hints that other doors are sent; somebody listens in either case.
//!
//! `cargo bench --bench door` runs it; `-- --test` (as `cargo test --benches` says) runs it small.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    missing_docs
)]

use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

use pine_time::cluster::{self, Cluster, Options, Role};
use pine_time::db::{Db, Settings, Token};
use pine_time::domain::Nonce;
use pine_time::domain::check_in::{Outcome, Presented};
use pine_time::domain::event::EventId;
use pine_time::domain::member::MemberId;
use pine_time::ops::migrate;
use sqlx::{Connection, PgConnection};

/// How many rounds each side has; they alternate, so that a noisy minute hits both.
const ROUNDS: usize = 5;

struct Figures {
    per_second: f64,
    p50: Duration,
    p99: Duration,
}

fn main() {
    let small = std::env::args().any(|arg| arg == "--test");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(run(if small { 64 } else { 8000 }));
}

async fn run(per_round: usize) {
    let folder = tempfile::tempdir().unwrap();
    // Root's server runs as another user, who must be able to walk in.
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let options = Options {
        data_dir: Some(folder.path().join("data")),
        ..Options::default()
    };
    let cluster = Cluster::join(&options).await.unwrap();
    measure(&cluster, per_round).await;
    cluster.leave_running().unwrap();
    cluster::stop(&options).await.unwrap();
}

async fn measure(cluster: &Cluster, per_round: usize) {
    migrate::migrate(&cluster.url(Role::Owner, "pine_time"))
        .await
        .unwrap();
    println!(
        "door: {per_round} check-ins a round, {ROUNDS} rounds a side, PostgreSQL {}, fsync on",
        cluster.server_version()
    );
    println!("connections   side      per second        p50        p99   ours to it");
    for connections in [1, 8, 64] {
        let per_round = if connections == 1 {
            per_round / 4
        } else {
            per_round
        };
        let bench = Bench::prepare(cluster, per_round, connections).await;
        let listener = bench.listen();
        let (mut ours, mut silent, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(bench.through_the_data_layer().await);
            bench.hints("DISABLE").await;
            silent.push(bench.through_the_data_layer().await);
            bench.hints("ENABLE").await;
            theirs.push(bench.through_pgbench().await);
        }
        listener.abort();
        let (ours, silent, theirs) = (middle(ours), middle(silent), middle(theirs));
        for (side, figures) in [("ours", &ours), ("no hints", &silent), ("pgbench", &theirs)] {
            println!(
                "{connections:>11}   {side:<8} {:>11.0} {:>10.2?} {:>10.2?}      {:.2}",
                figures.per_second,
                figures.p50,
                figures.p99,
                ours.per_second / figures.per_second
            );
        }
    }
}

/// The round in the middle, by throughput.
fn middle(mut rounds: Vec<Figures>) -> Figures {
    rounds.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    rounds.swap_remove(rounds.len() / 2)
}

struct Bench {
    owner_url: String,
    staff_url: String,
    db: Db,
    token: Token,
    token_hex: String,
    connections: usize,
    members: Vec<MemberId>,
}

impl Bench {
    async fn prepare(cluster: &Cluster, per_round: usize, connections: usize) -> Self {
        let owner_url = cluster.url(Role::Owner, "pine_time");
        let mut owner = PgConnection::connect(&owner_url).await.unwrap();
        sqlx::query(
            "INSERT INTO users (email, username, full_name, hashed_password)
             SELECT format('m%s@example.org', n), format('m%s', n), format('Member %s', n), '!'
             FROM generate_series(1, $1) AS n ON CONFLICT DO NOTHING",
        )
        .bind(i32::try_from(per_round).unwrap())
        .execute(&mut owner)
        .await
        .unwrap();
        let members: Vec<i32> =
            sqlx::query_scalar("SELECT id FROM users WHERE username LIKE 'm%' ORDER BY id LIMIT $1")
                .bind(i64::try_from(per_round).unwrap())
                .fetch_all(&mut owner)
                .await
                .unwrap();
        let token_hex: String = sqlx::query_scalar(
            "WITH operator AS (
                 INSERT INTO users (email, username, full_name, hashed_password, user_type)
                 VALUES ('door@example.org', 'door', 'Door', '!', 'staff')
                 ON CONFLICT (username) DO UPDATE SET user_type = 'staff' RETURNING id
             )
             SELECT encode(pine.open_session(id, NULL, true, 'door', gen_random_uuid()), 'hex') FROM operator",
        )
        .fetch_one(&mut owner)
        .await
        .unwrap();
        let size = u32::try_from(connections).unwrap();
        let settings = Settings {
            pool_size: size,
            max_overflow: 0,
            call_timeout: Duration::from_secs(60),
            ..Settings::new(cluster.url(Role::Staff, "pine_time"), "door")
        };
        Self {
            owner_url,
            staff_url: cluster.url(Role::Staff, "pine_time"),
            db: Db::new(settings).unwrap(),
            token: Token::from_hex(&token_hex).unwrap(),
            token_hex,
            connections,
            members: members.into_iter().map(MemberId).collect(),
        }
    }

    /// Somebody who hears every hint, as another door does.
    fn listen(&self) -> tokio::task::JoinHandle<()> {
        let db = self.db.clone();
        tokio::spawn(async move { db.listen(|_| (), std::future::pending()).await })
    }

    /// Lets check-ins send hints, or not.
    async fn hints(&self, enable: &str) {
        let mut owner = PgConnection::connect(&self.owner_url).await.unwrap();
        let sql = format!("ALTER TABLE check_in_log {enable} TRIGGER send_hint");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(&mut owner)
            .await
            .unwrap();
    }

    /// An event that runs, with every member registered for it.
    async fn fresh_event(&self) -> EventId {
        let mut owner = PgConnection::connect(&self.owner_url).await.unwrap();
        let event: i32 = sqlx::query_scalar(
            "INSERT INTO events (title, event_type, location, start_time, end_time, points_reward)
             VALUES ('Door', 'trivia', 'Hall', now() - interval '1 minute', now() + interval '1 day', 15) RETURNING id",
        )
        .fetch_one(&mut owner)
        .await
        .unwrap();
        let members: Vec<i32> = self.members.iter().map(|member| member.0).collect();
        sqlx::query("INSERT INTO registrations (user_id, event_id) SELECT unnest($1::integer[]), $2")
            .bind(&members)
            .bind(event)
            .execute(&mut owner)
            .await
            .unwrap();
        // Each round finds the tables in the same order.
        sqlx::raw_sql("VACUUM ANALYZE registrations, event_attendees, user_totals, request_log, sessions")
            .execute(&mut owner)
            .await
            .unwrap();
        EventId(event)
    }

    async fn through_the_data_layer(&self) -> Figures {
        let event = self.fresh_event().await;
        // The connections are there before the first person is.
        let mut warm = tokio::task::JoinSet::new();
        for _ in 0..self.connections {
            let db = self.db.clone();
            warm.spawn(async move { db.community().await.map(|_| ()) });
        }
        while let Some(done) = warm.join_next().await {
            done.unwrap().unwrap();
        }
        let began = Instant::now();
        let mut doors = tokio::task::JoinSet::new();
        for share in self.members.chunks(self.members.len().div_ceil(self.connections)) {
            let (db, token, share) = (self.db.clone(), self.token.clone(), share.to_vec());
            doors.spawn(async move {
                let mut took = Vec::with_capacity(share.len());
                for id in share {
                    let sent = Instant::now();
                    let who = Presented::Member {
                        id,
                        typed: String::new(),
                    };
                    let done = db.check_in(&token, Nonce::new_v4(), event, &who).await.unwrap();
                    took.push(sent.elapsed());
                    assert_eq!(done.outcome, Outcome::Ok);
                }
                took
            });
        }
        let mut took = Vec::new();
        while let Some(share) = doors.join_next().await {
            took.extend(share.unwrap());
        }
        figures(began.elapsed(), took)
    }

    /// The same function, the same members, as many connections; latencies from pgbench's own log.
    async fn through_pgbench(&self) -> Figures {
        let event = self.fresh_event().await;
        let folder = tempfile::tempdir().unwrap();
        let each = self.members.len() / self.connections;
        let script = folder.path().join("check_in.sql");
        let first = self.members[0].0;
        std::fs::write(
            &script,
            format!(
                "\\set n :n + 1\n\\set member {first} + :client_id * {each} + :n - 1\n\
                 SELECT api.check_in('\\x{}'::bytea, gen_random_uuid(), {}, '', :member);\n",
                self.token_hex, event.0
            ),
        )
        .unwrap();
        let output = Command::new("pgbench")
            .current_dir(folder.path())
            .args(["-n", "-M", "prepared", "-D", "n=0", "--log", "--log-prefix=took"])
            .args([
                "-c",
                &self.connections.to_string(),
                "-j",
                &self.connections.min(2).to_string(),
            ])
            .args(["-t", &each.to_string()])
            .arg("-f")
            .arg(&script)
            .arg(&self.staff_url)
            .output()
            .expect("pgbench, which comes with PostgreSQL's contrib package");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let per_second = text
            .lines()
            .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok())
            .unwrap_or_else(|| panic!("no throughput in:\n{text}"));
        let mut took = Vec::new();
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap().to_string_lossy().starts_with("took") {
                for line in std::fs::read_to_string(&path).unwrap().lines() {
                    took.push(Duration::from_micros(
                        line.split(' ').nth(2).unwrap().parse().unwrap(),
                    ));
                }
            }
        }
        Figures {
            per_second,
            ..figures(Duration::from_secs(1), took)
        }
    }
}

fn figures(whole: Duration, mut took: Vec<Duration>) -> Figures {
    took.sort();
    Figures {
        per_second: took.len() as f64 / whole.as_secs_f64(),
        p50: took[took.len() / 2],
        p99: took[took.len() * 99 / 100],
    }
}
