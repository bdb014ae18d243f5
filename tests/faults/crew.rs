//! Terminals at work, and the judge who looks afterwards whether what they were told is what happened.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use pine_time::db::{Db, Desk, Settings, Token};
use pine_time::domain::check_in::{CheckedIn, Outcome, Presented};
use pine_time::domain::event::EventId;
use pine_time::domain::member::MemberId;
use pine_time::domain::{Answer, Call, Nonce};
use sqlx::postgres::{PgPool, PgPoolOptions};
use tokio::task::JoinSet;

/// Whether the issue's own numbers are asked for (`PINE_TIME_FAULTS=full`), which take minutes.
pub(crate) fn is_full() -> bool {
    std::env::var("PINE_TIME_FAULTS").is_ok_and(|value| value == "full")
}

/// How many attempts each terminal makes.
pub(crate) fn attempts(small: usize) -> usize {
    if is_full() { 1000 } else { small }
}

/// A running event with everybody registered, and one session a terminal.
pub(crate) struct Evening {
    pub(crate) owner: PgPool,
    pub(crate) event: EventId,
    members: Vec<MemberId>,
    tokens: Vec<Token>,
}

impl Evening {
    /// Every member is presented at two terminals, so half as many as there are attempts.
    pub(crate) async fn prepare(owner_url: &str, terminals: usize, each: usize) -> Self {
        let owner = PgPoolOptions::new()
            .max_connections(2)
            // The server may have been killed since.
            .test_before_acquire(true)
            .connect(owner_url)
            .await
            .unwrap();
        let event: i32 = sqlx::query_scalar(
            "INSERT INTO events (title, event_type, location, start_time, end_time, points_reward)
             VALUES ('Long Night', 'trivia', 'Hall', now() - interval '1 minute', now() + interval '1 day', 15) RETURNING id",
        )
        .fetch_one(&owner)
        .await
        .unwrap();
        let members: Vec<i32> = sqlx::query_scalar(
            "WITH people AS (
                 INSERT INTO users (email, username, full_name, hashed_password)
                 SELECT format('m%s@example.org', n), format('m%s', n), format('Member %s', n), '!'
                 FROM generate_series(1, $1) AS n RETURNING id
             ), seats AS (
                 INSERT INTO registrations (user_id, event_id) SELECT id, $2 FROM people
             )
             SELECT id FROM people ORDER BY id",
        )
        .bind(i32::try_from(terminals * each / 2).unwrap())
        .bind(event)
        .fetch_all(&owner)
        .await
        .unwrap();
        let tokens: Vec<String> = sqlx::query_scalar(
            "WITH crew AS (
                 INSERT INTO users (email, username, full_name, hashed_password, user_type)
                 SELECT format('door%s@example.org', n), format('door%s', n), format('Door %s', n), '!', 'staff'
                 FROM generate_series(1, $1) AS n RETURNING id, username
             )
             SELECT encode(pine.open_session(id, NULL, true, username, gen_random_uuid()), 'hex') FROM crew",
        )
        .bind(i32::try_from(terminals).unwrap())
        .fetch_all(&owner)
        .await
        .unwrap();
        Self {
            owner,
            event: EventId(event),
            members: members.into_iter().map(MemberId).collect(),
            tokens: tokens
                .iter()
                .map(|token| Token::from_hex(token).unwrap())
                .collect(),
        }
    }

    /// Sends everybody to the doors; tells what each attempt was answered.
    pub(crate) fn open(&self, staff_url: &str, call_timeout: Duration) -> Crew {
        let terminals = self.tokens.len();
        let each = self.members.len() * 2 / terminals;
        let done = Arc::new(AtomicUsize::new(0));
        let mut doors = JoinSet::new();
        for (at, token) in self.tokens.iter().enumerate() {
            let settings = Settings {
                pool_size: 1,
                max_overflow: 0,
                call_timeout,
                ..Settings::new(staff_url, format!("door {at}"))
            };
            let desk = Desk::with_token(Db::new(settings).unwrap(), token.clone());
            // Two neighbours have the same people in front of them, in the same order: they meet at nearly every one.
            let from = at / 2 * each;
            let people = self.members[from..from + each].to_vec();
            doors.spawn(stand_at_the_door(desk, self.event, people, Arc::clone(&done)));
        }
        Crew {
            doors,
            done,
            all: terminals * each,
            began: Instant::now(),
        }
    }
}

/// What one attempt was answered.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    nonce: Nonce,
    member: MemberId,
    outcome: Outcome,
    points: i32,
}

async fn stand_at_the_door(
    desk: Desk,
    event: EventId,
    people: Vec<MemberId>,
    done: Arc<AtomicUsize>,
) -> Vec<Told> {
    let mut told = Vec::with_capacity(people.len());
    for id in people {
        let nonce = Nonce::new_v4();
        let presented = Presented::Member {
            id,
            typed: String::new(),
        };
        let began = Instant::now();
        let answer: CheckedIn = loop {
            let call = Call::CheckIn {
                nonce,
                event,
                presented: presented.clone(),
            };
            match desk.answer(call, |_, _| ()).await.0 {
                Ok(Answer::CheckedIn(answer)) => break answer,
                // As at a door: the same key again is the same attempt.
                Err(fault) if fault.is_link() && began.elapsed() < Duration::from_secs(90) => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                other => panic!("{other:?}"),
            }
        };
        told.push(Told {
            nonce,
            member: id,
            outcome: answer.outcome,
            points: answer.points,
        });
        done.fetch_add(1, Ordering::Relaxed);
    }
    told
}

/// Terminals at work.
pub(crate) struct Crew {
    doors: JoinSet<Vec<Told>>,
    done: Arc<AtomicUsize>,
    all: usize,
    began: Instant,
}

impl Crew {
    /// The share of all attempts that has been answered, from 0 to 100.
    pub(crate) fn percent(&self) -> usize {
        self.done.load(Ordering::Relaxed) * 100 / self.all
    }

    pub(crate) fn is_busy(&self) -> bool {
        self.done.load(Ordering::Relaxed) < self.all
    }

    /// Waits until this share has been answered, so that what breaks then breaks under load.
    pub(crate) async fn reach(&self, percent: usize) {
        let began = Instant::now();
        while self.percent() < percent {
            assert!(
                began.elapsed() < Duration::from_secs(if is_full() { 1800 } else { 120 }),
                "the doors stand still at {} of {}",
                self.done.load(Ordering::Relaxed),
                self.all
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits for the last answer.
    pub(crate) async fn finish(mut self) -> Vec<Told> {
        let mut told = Vec::new();
        while let Some(of_one) = self.doors.join_next().await {
            told.extend(of_one.unwrap());
        }
        assert_eq!(told.len(), self.all);
        let took = self.began.elapsed();
        println!(
            "{} check-ins in {took:.1?}, {:.0} a second",
            told.len(),
            f64::from(u32::try_from(told.len()).unwrap()) / took.as_secs_f64()
        );
        told
    }
}

/// What does not fit together, by kind.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Violations {
    /// Answered `ok` or `already` and not in the database.
    lost: i64,
    /// Rows of attendance too many.
    twice: i64,
    /// Members of whom not exactly one terminal heard `ok`.
    not_once: i64,
    /// Attempts that are not in the log exactly once, with the outcome that was told.
    log: i64,
    /// Members whose points are not those of their attendance, or whose total is not the sum of their ledger.
    points: i64,
}

impl Violations {
    pub(crate) fn count(&self) -> i64 {
        self.lost + self.twice + self.not_once + self.log + self.points
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} lost, {} in twice, {} not told `ok` once, {} logged otherwise, {} paid otherwise",
            self.lost, self.twice, self.not_once, self.log, self.points
        )
    }
}

/// Holds what was told against what is there.
pub(crate) async fn judge(evening: &Evening, told: &[Told]) -> Violations {
    let mut tx = evening.owner.begin().await.unwrap();
    sqlx::raw_sql(
        "CREATE TEMPORARY TABLE told (nonce uuid, user_id integer, outcome text, points integer) ON COMMIT DROP",
    )
    .execute(&mut *tx)
    .await
    .unwrap();
    let outcome = |told: &Told| {
        serde_json::to_value(told.outcome)
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    sqlx::query(
        "INSERT INTO told SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::integer[])",
    )
    .bind(told.iter().map(|told| told.nonce).collect::<Vec<_>>())
    .bind(told.iter().map(|told| told.member.0).collect::<Vec<_>>())
    .bind(told.iter().map(outcome).collect::<Vec<_>>())
    .bind(told.iter().map(|told| told.points).collect::<Vec<_>>())
    .execute(&mut *tx)
    .await
    .unwrap();
    let [lost, twice, not_once, log, points]: [i64; 5] = {
        let counts: Vec<i64> = sqlx::query_scalar(include_str!("judge.sql"))
            .bind(evening.event.0)
            .fetch_all(&mut *tx)
            .await
            .unwrap();
        counts.try_into().unwrap()
    };
    tx.commit().await.unwrap();
    Violations {
        lost,
        twice,
        not_once,
        log,
        points,
    }
}
