//! The door under load: check-ins per second and their latencies through the data layer, at 1, 8 and 64 connections,
//! on a private cluster of its own with full durability; beside it, in the same run and alternating, `pgbench -M
//! prepared` calls the same function for the same members at an event of its own, and the data layer does so once more
//! without the hints that other doors are sent; somebody listens in either case. Each side has as many connections of its
//! own, on as many threads: a terminal is a process that waits for nobody else's. At 8 connections it does so without the
//! game as well (door_without_game.sql), at 64 with an event for each of them. Those figures are of doors that never wait
//! for a person; `calm` tells how long one takes when each door has ten people a second.
//!
//! `cargo bench --bench door` runs it; `-- --test` (as `cargo test --benches` says) runs it small.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    missing_docs
)]

#[allow(dead_code)]
mod support;

use std::sync::Barrier;
use std::time::{Duration, Instant};

use pine_time::cluster::{Cluster, Options, Role};
use pine_time::db::{Db, Settings, Token};
use pine_time::domain::Nonce;
use pine_time::domain::check_in::{Outcome, Presented};
use pine_time::domain::event::EventId;
use pine_time::domain::member::MemberId;
use pine_time::ops::migrate;
use sqlx::{Connection, PgConnection};
use support::Figures;

/// How many check-ins a round has and how many rounds each side, at so many connections. Sides alternate, and the more
/// often the less a machine matters that is quick in one minute and slow in the next.
const ROUNDS: [(usize, usize, usize); 3] = [(1, 1000, 7), (8, 4000, 9), (64, 6400, 5)];
/// The same, run small.
const SMALL: [(usize, usize, usize); 3] = [(1, 16, 3), (8, 64, 3), (64, 192, 3)];

/// How often a person comes to each door where it is calm, twenty times as often as a crew lets people in; and how many do.
const CALM: Duration = Duration::from_millis(100);
const CALM_PEOPLE: usize = 150;
/// How many are let in at each door before anything is measured: a connection's first ones plan everything.
const WARM_PEOPLE: usize = 5;
/// How long nothing is done before a round.
const REST: Duration = Duration::from_millis(500);

fn main() {
    let rounds = if support::is_small() { SMALL } else { ROUNDS };
    support::block_on(support::on_private_postgres(
        Options::default(),
        async |cluster| {
            measure(cluster, rounds).await;
        },
    ));
}

async fn measure(cluster: &Cluster, rounds: [(usize, usize, usize); 3]) {
    migrate::migrate(&cluster.url(Role::Owner, "pine_time"))
        .await
        .unwrap();
    println!(
        "door: {rounds:?} connections, check-ins a round, and rounds a side; PostgreSQL {}, fsync on",
        cluster.server_version()
    );
    println!("connections   side       per second        p50        p99   ours to it");
    let most = rounds.iter().map(|(_, per_round, _)| *per_round).max().unwrap();
    for (connections, per_round, rounds) in rounds {
        let bench = Bench::prepare(cluster, most, per_round, connections).await;
        let listener = bench.listen();
        let mut sides: Vec<(&str, Vec<Figures>)> =
            vec![("ours", vec![]), ("no hints", vec![]), ("pgbench", vec![])];
        match connections {
            8 => sides.push(("no game", vec![])),
            64 => sides.push(("64 events", vec![])),
            _ => {}
        }
        // Whoever is let in for the first time begins on every board: that is nobody's round.
        bench.round("ours").await;
        for round in 0..rounds {
            for turn in 0..sides.len() {
                // There and back: nobody always comes after the same one.
                let turn = if round % 2 == 0 {
                    turn
                } else {
                    sides.len() - 1 - turn
                };
                let (side, rounds) = &mut sides[turn];
                rounds.push(bench.round(side).await);
            }
        }
        let calm = bench.through_the_data_layer(1, Some(CALM)).await;
        listener.abort();
        let ratios: Vec<f64> = sides
            .iter()
            .map(|(_, rounds)| Figures::ratio(&sides[0].1, rounds))
            .collect();
        for ((side, rounds), ratio) in sides.into_iter().zip(ratios) {
            let figures = Figures::middle(rounds);
            println!(
                "{connections:>11}   {side:<9} {:>11.0} {:>10.2?} {:>10.2?}      {:.2}",
                figures.per_second, figures.p50, figures.p99, ratio
            );
        }
        println!(
            "{connections:>11}   calm      {:>11.0} {:>10.2?} {:>10.2?}",
            calm.per_second, calm.p50, calm.p99
        );
    }
}

struct Bench {
    admin_url: String,
    owner_url: String,
    staff_url: String,
    token: Token,
    token_hex: String,
    connections: usize,
    members: Vec<MemberId>,
}

impl Bench {
    /// `most` members are there, of whom a round has `per_round`.
    async fn prepare(cluster: &Cluster, most: usize, per_round: usize, connections: usize) -> Self {
        let owner_url = cluster.url(Role::Owner, "pine_time");
        let mut owner = PgConnection::connect(&owner_url).await.unwrap();
        sqlx::query(
            "INSERT INTO users (email, username, full_name, hashed_password)
             SELECT format('m%s@example.org', n), format('m%s', n), format('Member %s', n), '!'
             FROM generate_series(1, $1) AS n ON CONFLICT DO NOTHING",
        )
        .bind(i32::try_from(most).unwrap())
        .execute(&mut owner)
        .await
        .unwrap();
        let members: Vec<i32> =
            sqlx::query_scalar("SELECT id FROM users WHERE username LIKE 'm%' ORDER BY id LIMIT $1")
                .bind(i64::try_from(per_round).unwrap())
                .fetch_all(&mut owner)
                .await
                .unwrap();
        let in_a_row = members.windows(2).all(|pair| pair[1] == pair[0] + 1);
        assert!(in_a_row, "pgbench counts from the first one on");
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
        Self {
            admin_url: cluster.url(Role::Admin, "pine_time"),
            owner_url,
            staff_url: cluster.url(Role::Staff, "pine_time"),
            token: Token::from_hex(&token_hex).unwrap(),
            token_hex,
            connections,
            members: members.into_iter().map(MemberId).collect(),
        }
    }

    /// A data layer with so many connections.
    fn db(&self, connections: usize) -> Db {
        let settings = Settings {
            pool_size: u32::try_from(connections).unwrap(),
            max_overflow: 0,
            call_timeout: Duration::from_secs(60),
            ..Settings::new(self.staff_url.clone(), "door")
        };
        Db::new(settings).unwrap()
    }

    /// Somebody who hears every hint, as another door does.
    fn listen(&self) -> tokio::task::JoinHandle<()> {
        let db = self.db(1);
        tokio::spawn(async move { db.listen(|_| (), std::future::pending()).await })
    }

    /// One round of a side, by its name.
    async fn round(&self, side: &str) -> Figures {
        match side {
            "ours" => self.through_the_data_layer(1, None).await,
            "no hints" => {
                self.hints("DISABLE").await;
                let figures = self.through_the_data_layer(1, None).await;
                self.hints("ENABLE").await;
                figures
            }
            "pgbench" => self.through_pgbench().await,
            "no game" => {
                let game = self.leave_the_game_out().await;
                let figures = self.through_the_data_layer(1, None).await;
                self.sql(&game).await;
                figures
            }
            "64 events" => self.through_the_data_layer(64, None).await,
            _ => panic!("no side is called {side}"),
        }
    }

    async fn sql(&self, sql: &str) {
        let mut owner = PgConnection::connect(&self.owner_url).await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
            .execute(&mut owner)
            .await
            .unwrap();
    }

    /// Lets check-ins send hints, or not.
    async fn hints(&self, enable: &str) {
        self.sql(&format!("ALTER TABLE check_in_log {enable} TRIGGER send_hint"))
            .await;
    }

    /// Takes the game out of a check-in; answers what brings it back.
    async fn leave_the_game_out(&self) -> String {
        let mut owner = PgConnection::connect(&self.owner_url).await.unwrap();
        let game: String = sqlx::query_scalar(
            "SELECT string_agg(pg_get_functiondef(f), ';' ORDER BY f)
             FROM unnest('{pine.reward_attendance,pine.add_to_totals}'::regproc[]) AS f",
        )
        .fetch_one(&mut owner)
        .await
        .unwrap();
        self.sql(include_str!("door_without_game.sql")).await;
        game
    }

    /// Running events, numbered in a row, so many members of each door spread over them and registered; the first one's
    /// number.
    async fn fresh_events(&self, events: usize, people: usize) -> i32 {
        let mut owner = PgConnection::connect(&self.owner_url).await.unwrap();
        let first: i32 = sqlx::query_scalar(
            "WITH made AS (
                 INSERT INTO events (title, event_type, location, start_time, end_time, points_reward)
                 SELECT 'Door', 'trivia', 'Hall', now() - interval '1 minute', now() + interval '1 day', 15
                 FROM generate_series(1, $1) RETURNING id
             )
             SELECT min(id) FROM made",
        )
        .bind(i32::try_from(events).unwrap())
        .fetch_one(&mut owner)
        .await
        .unwrap();
        let (members, places): (Vec<i32>, Vec<i32>) = self
            .shares()
            .enumerate()
            .flat_map(|(door, share)| {
                let event = first + i32::try_from(door % events).unwrap();
                share.iter().take(people).map(move |member| (member.0, event))
            })
            .unzip();
        sqlx::query("INSERT INTO registrations (user_id, event_id) SELECT * FROM unnest($1::integer[], $2::integer[])")
            .bind(&members)
            .bind(&places)
            .execute(&mut owner)
            .await
            .unwrap();
        // Each round finds the tables in the same order, nothing to be done that the one before has left, and a disk that has
        // come to rest.
        let mut admin = PgConnection::connect(&self.admin_url).await.unwrap();
        for chore in ["VACUUM ANALYZE", "CHECKPOINT"] {
            sqlx::query(chore).execute(&mut admin).await.unwrap();
        }
        tokio::time::sleep(REST).await;
        first
    }

    /// How many are let in at each door before anything is measured.
    fn warm(&self) -> usize {
        WARM_PEOPLE.min(self.members.len() / self.connections - 1)
    }

    /// The members of each door.
    fn shares(&self) -> impl Iterator<Item = &[MemberId]> {
        self.members.chunks(self.members.len().div_ceil(self.connections))
    }

    /// All members at the doors: each as soon as the one before is in, or, where there is a pace, when their time has come.
    /// Latency counts from then, however late the door got to them. The doors are shared among [`support::THREADS`].
    async fn through_the_data_layer(&self, events: usize, pace: Option<Duration>) -> Figures {
        let people = pace.map_or(usize::MAX, |_| self.warm() + CALM_PEOPLE);
        let first = self.fresh_events(events, people).await;
        let doors: Vec<Door> = self
            .shares()
            .enumerate()
            .map(|(door, share)| {
                let (warm, members) = share[..people.min(share.len())].split_at(self.warm());
                Door {
                    warm,
                    members,
                    event: EventId(first + i32::try_from(door % events).unwrap()),
                    wait: pace.map(|pace| {
                        pace * u32::try_from(door).unwrap() / u32::try_from(self.connections).unwrap()
                    }),
                    pace,
                }
            })
            .collect();
        let threads: Vec<&[Door]> = doors.chunks(doors.len().div_ceil(support::THREADS)).collect();
        let ready = Barrier::new(threads.len());
        tokio::task::block_in_place(|| {
            std::thread::scope(|scope| {
                let running: Vec<_> = threads
                    .iter()
                    .map(|doors| scope.spawn(|| self.on_a_thread(doors, &ready)))
                    .collect();
                let done: Vec<_> = running.into_iter().map(|thread| thread.join().unwrap()).collect();
                let began = done.iter().map(|(began, _, _)| *began).min().unwrap();
                let ended = done.iter().map(|(_, ended, _)| *ended).max().unwrap();
                let took = done.into_iter().flat_map(|(_, _, took)| took).collect();
                Figures::of(ended - began, took)
            })
        })
    }

    /// Some doors, from when all threads are ready to when all their people are in, and how long each took.
    fn on_a_thread(&self, doors: &[Door<'_>], ready: &Barrier) -> (Instant, Instant, Vec<Duration>) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let db = self.db(doors.len());
            // The connections are there and have let somebody in before the first person comes.
            futures_util::future::join_all(doors.iter().map(|door| door.warm_up(&db, &self.token))).await;
            ready.wait();
            let began = Instant::now();
            let took =
                futures_util::future::join_all(doors.iter().map(|door| door.let_in(&db, &self.token, began)))
                    .await;
            let ended = Instant::now();
            db.close().await;
            (began, ended, took.concat())
        })
    }

    /// The same function, the same members, as many connections; throughput and latencies from pgbench's own log.
    async fn through_pgbench(&self) -> Figures {
        let event = self.fresh_events(1, usize::MAX).await;
        let each = self.members.len() / self.connections;
        let first = self.members[0].0;
        let script = format!(
            "\\set n :n + 1\n\\set member {first} + :client_id * {each} + :n - 1\n\
             SELECT api.check_in('\\x{}'::bytea, gen_random_uuid(), {event}, '', :member);\n",
            self.token_hex
        );
        let mut done = support::pgbench(&self.staff_url, &script, self.connections, each).done;
        let mut owner = PgConnection::connect(&self.owner_url).await.unwrap();
        let attended: i64 = sqlx::query_scalar("SELECT count(*) FROM event_attendees WHERE event_id = $1")
            .bind(event)
            .fetch_one(&mut owner)
            .await
            .unwrap();
        assert_eq!(
            usize::try_from(attended).unwrap(),
            each * self.connections,
            "a refusal is cheaper than a check-in"
        );
        // Its connections are new: they begin to count when each has let in as many as ours have by then.
        let warm = self.warm();
        let began = done
            .iter()
            .filter(|done| done.turn < warm)
            .map(|done| done.at)
            .max()
            .unwrap();
        done.retain(|done| done.at > began);
        let ended = done.iter().map(|done| done.at).max().unwrap();
        Figures::of(
            ended.saturating_sub(began),
            done.iter().map(|done| done.took).collect(),
        )
    }
}

/// A door and who comes to it.
struct Door<'a> {
    /// Who is let in before anything is measured.
    warm: &'a [MemberId],
    members: &'a [MemberId],
    event: EventId,
    /// When the first one comes, and how long after each the next.
    wait: Option<Duration>,
    pace: Option<Duration>,
}

impl Door<'_> {
    async fn warm_up(&self, db: &Db, token: &Token) {
        for member in self.warm {
            check_in(db, token, self.event, *member).await;
        }
    }

    /// How long each took.
    async fn let_in(&self, db: &Db, token: &Token, began: Instant) -> Vec<Duration> {
        let mut took = Vec::with_capacity(self.members.len());
        for (turn, member) in self.members.iter().enumerate() {
            let mut sent = Instant::now();
            if let (Some(pace), Some(wait)) = (self.pace, self.wait) {
                let due = began + wait + pace * u32::try_from(turn).unwrap();
                if sent < due {
                    tokio::time::sleep_until(due.into()).await;
                    // Timers are a millisecond late or two; that is no part of a check-in.
                    sent = Instant::now();
                } else {
                    // Whoever had to stand behind the one before has waited since.
                    sent = due;
                }
            }
            check_in(db, token, self.event, *member).await;
            took.push(sent.elapsed());
        }
        took
    }
}

async fn check_in(db: &Db, token: &Token, event: EventId, id: MemberId) {
    let who = Presented::Member {
        id,
        typed: String::new(),
    };
    let done = db.check_in(token, Nonce::new_v4(), event, &who).await.unwrap();
    assert_eq!(done.outcome, Outcome::Ok);
}
