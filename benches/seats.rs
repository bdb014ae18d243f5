//! Rushes for the seats of one event after the other: registrations per second through the data layer, at 8 clients and
//! at 500 that share 64 connections, on a private cluster of its own with full durability; at last one event with
//! thousands of seats, and everybody at it. Beside it, alternating in one run, `pgbench -M prepared` calls the same
//! function for the same members, and the data layer registers them in two databases that count seats on the event's own
//! row: under its lock, and by a trigger, as one would write it first.
//!
//! `cargo bench --bench seats` runs it, with numbers of seats behind `--` for those alone; `-- --test` (as `cargo test
//! --benches` says) runs it small.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    missing_docs
)]

#[allow(dead_code)]
mod support;

use std::time::{Duration, Instant};

use pine_time::cluster::{Cluster, Options, Role};
use pine_time::db::{Db, Settings, Token};
use pine_time::domain::Nonce;
use pine_time::domain::event::{EventId, RegisterOutcome};
use pine_time::ops::migrate;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use support::Figures;

const OURS: &str = "pine_time";
const LOCKED: (&str, &str) = ("event_locked", include_str!("seats_event_locked.sql"));
const COUNTED: (&str, &str) = ("event_counted", include_str!("seats_event_counted.sql"));

/// How many come, over how many connections, to how many events a round.
#[derive(Clone, Copy)]
struct Crowd {
    clients: usize,
    connections: usize,
    members: usize,
    events: usize,
}

fn main() {
    let options = Options {
        max_connections: 300,
        ..Options::default()
    };
    support::block_on(support::on_private_postgres(options, async |cluster| {
        measure(cluster, support::is_small()).await;
    }));
}

async fn measure(cluster: &Cluster, small: bool) {
    let (members, events, rounds) = if small { (64, 1, 1) } else { (512, 8, 5) };
    let everybody = if small { 128 } else { 8000 };
    prepare(cluster, OURS, everybody).await;
    for (database, design) in [LOCKED, COUNTED] {
        create(cluster, database).await;
        prepare(cluster, database, everybody).await;
        let mut owner = PgConnection::connect(&cluster.url(Role::Owner, database))
            .await
            .unwrap();
        sqlx::raw_sql(design).execute(&mut owner).await.unwrap();
    }
    println!(
        "seats: {members} members want a seat at {events} events in turn, {everybody} at one, {rounds} rounds a side, \
         PostgreSQL {}, fsync on",
        cluster.server_version()
    );
    println!("clients  seats   side             per second        p50        p99   ours to it");
    let wanted: Vec<i32> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    for (clients, connections) in [(8, 8), (members.min(500), 64)] {
        let crowd = Crowd {
            clients,
            connections,
            members,
            events,
        };
        let most = i32::try_from(members).unwrap();
        for seats in [1, 10, 100.min(most), most] {
            if wanted.is_empty() || wanted.contains(&seats) {
                compare(cluster, crowd, seats, rounds).await;
            }
        }
    }
    let seats = i32::try_from(everybody).unwrap();
    if wanted.is_empty() || wanted.contains(&seats) {
        let crowd = Crowd {
            clients: everybody.min(500),
            connections: 64,
            members: everybody,
            events: 1,
        };
        compare(cluster, crowd, seats, rounds.min(3)).await;
    }
}

/// One line a side; the sides take turns, so that a noisy minute hits all.
async fn compare(cluster: &Cluster, crowd: Crowd, seats: i32, rounds: usize) {
    let sides = [
        Side::new(cluster, OURS, crowd),
        Side::new(cluster, LOCKED.0, crowd),
        Side::new(cluster, COUNTED.0, crowd),
    ];
    let (mut ours, mut pgbench, mut locked, mut counted) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(sides[0].through_the_data_layer(seats).await);
        pgbench.push(sides[0].through_pgbench(seats).await);
        locked.push(sides[1].through_the_data_layer(seats).await);
        counted.push(sides[2].through_the_data_layer(seats).await);
    }
    let rounds = [
        ("ours", ours),
        ("pgbench", pgbench),
        ("event locked", locked),
        ("event counted", counted),
    ];
    let ratios = rounds
        .each_ref()
        .map(|(_, beside)| Figures::ratio(&rounds[0].1, beside));
    for ((side, figures), ratio) in rounds.into_iter().zip(ratios) {
        let figures = Figures::middle(figures);
        println!(
            "{:>7} {seats:>6}   {side:<13} {:>13.0} {:>10.2?} {:>10.2?}   {:>10.2}",
            crowd.clients, figures.per_second, figures.p50, figures.p99, ratio
        );
    }
}

async fn create(cluster: &Cluster, database: &str) {
    let mut admin = PgConnection::connect(&cluster.url(Role::Admin, "postgres"))
        .await
        .unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!(
        "CREATE DATABASE {database} OWNER pine_owner"
    )))
    .execute(&mut admin)
    .await
    .unwrap();
}

/// Members with a session each; the token of member `n` is `n`.
async fn prepare(cluster: &Cluster, database: &str, members: usize) {
    let url = cluster.url(Role::Owner, database);
    migrate::migrate(&url).await.unwrap();
    let mut owner = PgConnection::connect(&url).await.unwrap();
    sqlx::query(
        "WITH made AS (
             INSERT INTO users (email, username, full_name, hashed_password)
             SELECT format('m%s@example.org', n), format('m%s', n), format('Member %s', n), '!'
             FROM generate_series(1, $1) AS n RETURNING id, username
         )
         INSERT INTO sessions
             (token_hash, user_id, login_role, device, terminal, created_at, last_active, idle_limit, expires_at)
         SELECT sha256(decode(lpad(to_hex(substr(username, 2)::integer), 64, '0'), 'hex')), id, 'pine_kiosk_login',
                'kiosk', gen_random_uuid(), now(), now(), interval '1 day', now() + interval '1 day'
         FROM made",
    )
    .bind(i32::try_from(members).unwrap())
    .execute(&mut owner)
    .await
    .unwrap();
}

struct Side {
    owner_url: String,
    kiosk_url: String,
    db: Db,
    crowd: Crowd,
}

impl Side {
    fn new(cluster: &Cluster, database: &str, crowd: Crowd) -> Self {
        let settings = Settings {
            pool_size: u32::try_from(crowd.connections).unwrap(),
            max_overflow: 0,
            call_timeout: Duration::from_secs(60),
            pool_timeout: Duration::from_secs(60),
            ..Settings::new(cluster.url(Role::Kiosk, database), "kiosk")
        };
        Self {
            owner_url: cluster.url(Role::Owner, database),
            kiosk_url: cluster.url(Role::Kiosk, database),
            db: Db::new(settings).unwrap(),
            crowd,
        }
    }

    /// Events with so many seats, numbered in a row; the first one's number.
    async fn fresh_events(&self, seats: i32) -> i32 {
        let mut owner = PgConnection::connect(&self.owner_url).await.unwrap();
        let first: i32 = sqlx::query_scalar(
            "WITH made AS (
                 INSERT INTO events (title, event_type, location, start_time, end_time, max_participants)
                 SELECT 'Rush', 'trivia', 'Hall', now() + interval '1 hour', now() + interval '2 hours', $1
                 FROM generate_series(1, $2) RETURNING id
             )
             SELECT min(id) FROM made",
        )
        .bind(seats)
        .bind(i32::try_from(self.crowd.events).unwrap())
        .fetch_one(&mut owner)
        .await
        .unwrap();
        // Each round finds the tables in the same order.
        sqlx::raw_sql("VACUUM ANALYZE registrations, event_seats, events, request_log, sessions, users")
            .execute(&mut owner)
            .await
            .unwrap();
        first
    }

    /// Whatever the rush was, each event sold the seats that there are.
    async fn is_sold_out(&self, first: i32, seats: i32) {
        let mut owner = PgConnection::connect(&self.owner_url).await.unwrap();
        let otherwise: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM events AS e
             WHERE e.id >= $1 AND $2 <> (
                 SELECT count(*) FROM registrations AS r WHERE r.event_id = e.id AND r.status = 'registered')",
        )
        .bind(first)
        .bind(i64::from(seats))
        .fetch_one(&mut owner)
        .await
        .unwrap();
        assert_eq!(otherwise, 0, "events that sold another number of seats");
    }

    async fn through_the_data_layer(&self, seats: i32) -> Figures {
        let first = self.fresh_events(seats).await;
        // The connections are there before the first person is.
        let mut warm = tokio::task::JoinSet::new();
        for _ in 0..self.crowd.connections {
            let db = self.db.clone();
            warm.spawn(async move { db.community().await.map(|_| ()) });
        }
        while let Some(done) = warm.join_next().await {
            done.unwrap().unwrap();
        }
        let members: Vec<usize> = (1..=self.crowd.members).collect();
        let began = Instant::now();
        let mut clients = tokio::task::JoinSet::new();
        for share in members.chunks(self.crowd.members.div_ceil(self.crowd.clients)) {
            let (db, share, events) = (self.db.clone(), share.to_vec(), self.crowd.events);
            clients.spawn(async move {
                let mut took = Vec::with_capacity(share.len() * events);
                let calls = (0..events).flat_map(|event| share.iter().map(move |&member| (event, member)));
                for (event, member) in calls.collect::<Vec<_>>() {
                    let event = EventId(first + i32::try_from(event).unwrap());
                    let token = Token::from_hex(&format!("{member:064x}")).unwrap();
                    let sent = Instant::now();
                    let (outcome, _) = db.register(&token, Nonce::new_v4(), event).await.unwrap();
                    took.push(sent.elapsed());
                    assert!(matches!(
                        outcome,
                        RegisterOutcome::Registered | RegisterOutcome::Full
                    ));
                }
                took
            });
        }
        let mut took = Vec::new();
        while let Some(share) = clients.join_next().await {
            took.extend(share.unwrap());
        }
        let figures = Figures::of(began.elapsed(), took);
        self.is_sold_out(first, seats).await;
        figures
    }

    /// The same function, the same members, as many connections; latencies from pgbench's own log.
    async fn through_pgbench(&self, seats: i32) -> Figures {
        let first = self.fresh_events(seats).await;
        let connections = self.crowd.connections;
        let each = self.crowd.members / connections;
        let script = format!(
            "\\set event {first} + :n / {each}\n\\set member :client_id * {each} + :n % {each} + 1\n\\set n :n + 1\n\
             SELECT api.register(
                 decode(lpad(to_hex(:member::integer), 64, '0'), 'hex'), gen_random_uuid(), :event::integer);\n",
        );
        let told = support::pgbench(&self.kiosk_url, &script, connections, each * self.crowd.events);
        self.is_sold_out(first, seats).await;
        Figures {
            per_second: told.per_second,
            ..Figures::of(
                Duration::from_secs(1),
                told.done.iter().map(|done| done.took).collect(),
            )
        }
    }
}
