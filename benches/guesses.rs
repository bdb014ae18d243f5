//! A million guesses of passwords, over a kiosk's login and over the staff's, with the clock of the rules moved on: how many
//! are looked at, and whether anybody whom they are not about has to wait. Through `api.login` itself, without the cost
//! of a key, which a guesser may have made beforehand.
//!
//! `cargo bench --bench guesses` runs it; `-- --test` (as `cargo test --benches` says) or `-- --small` runs it small.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    missing_docs
)]

#[allow(dead_code)]
mod support;

use std::time::Instant;

use pine_time::cluster::{Cluster, Options, Role};
use pine_time::db::{Db, Settings, hash_password};
use pine_time::domain::Secret;
use pine_time::ops::migrate;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

const PASSWORD: &str = "moss otter quay 7";
/// Five tries without a wait, and ten more while it doubles to a quarter of an hour.
const AT_FIRST: f64 = 16.0;
/// Of one name: one in every quarter of an hour.
const ONE_NAME: f64 = 96.0;
/// Of a login, whatever the names: its failures fade by one a minute.
const ONE_LOGIN: f64 = 1440.0;

/// Who guesses, and how.
struct Guesser {
    what: &'static str,
    login: Role,
    /// One name, or another one for every guess.
    names: u64,
    /// Seconds of the rules' clock between two guesses.
    pace: f64,
}

impl Guesser {
    /// How many guesses a day the throttle may let through.
    fn a_day(&self) -> f64 {
        if self.names > 1 { ONE_LOGIN } else { ONE_NAME }
    }
}

fn main() {
    let small = support::is_small() || std::env::args().any(|arg| arg == "--small");
    let guesses = if small { 2_000 } else { 1_000_000 };
    let options = Options {
        durable: false,
        ..Options::default()
    };
    support::block_on(support::on_private_postgres(options, async |cluster| {
        measure(cluster, guesses).await;
    }));
}

async fn measure(cluster: &Cluster, guesses: u64) {
    let url = |role| cluster.url(role, "pine_time");
    migrate::migrate(&url(Role::Owner)).await.unwrap();
    let mut owner = PgConnection::connect(&url(Role::Owner)).await.unwrap();
    let hashed = hash_password(&Secret::new(PASSWORD.to_owned())).unwrap();
    for (name, user_type) in [("ana", "regular"), ("mira", "staff")] {
        sqlx::query(
            "INSERT INTO users (email, username, full_name, hashed_password, user_type)
             VALUES ($1 || '@example.org', $1, $1, $2, $3)",
        )
        .bind(name)
        .bind(&hashed)
        .bind(user_type)
        .execute(&mut owner)
        .await
        .unwrap();
    }
    let staff = Db::new(Settings::new(url(Role::Staff), "desk")).unwrap();
    // A share each, so that all of them together are as many as were asked for.
    let share = guesses / 4;
    for guesser in [
        Guesser {
            what: "one a second at a member's name, over a kiosk's login",
            login: Role::Kiosk,
            names: 1,
            pace: 1.0,
        },
        Guesser {
            what: "ten a second at ten thousand names, over a kiosk's login",
            login: Role::Kiosk,
            names: 10_000,
            pace: 0.1,
        },
        Guesser {
            what: "at a staff member's name, whenever the wait is over, over a kiosk's login",
            login: Role::Kiosk,
            names: 0,
            pace: 0.0,
        },
        Guesser {
            what: "one a second at a member's name, over the staff's own login",
            login: Role::Staff,
            names: 1,
            pace: 1.0,
        },
    ] {
        clear(&mut owner).await;
        let (looked_at, seconds, rate) = guess(&mut owner, &url(guesser.login), &guesser, share).await;
        let days = seconds / 86_400.0;
        println!(
            "{share} guesses, {}: {looked_at} looked at in {days:.2} days of the rules' clock; {rate:.0} guesses a second answered",
            guesser.what
        );
        assert!(
            looked_at as f64 <= AT_FIRST + guesser.a_day() * days,
            "more than the throttle lets through"
        );
        assert!(looked_at >= 5, "nothing was looked at: this shows nothing");
        if guesser.login == Role::Kiosk {
            for name in ["ana", "mira"] {
                let signed_in = staff.sign_in(name, &Secret::new(PASSWORD.to_owned())).await;
                assert!(
                    signed_in.unwrap().is_some(),
                    "{name} does not get in over the staff's login"
                );
            }
            println!("  and over the staff's login both sign in at once");
        }
    }
}

/// The clock as it is, and no failures counted.
async fn clear(owner: &mut PgConnection) {
    sqlx::raw_sql("TRUNCATE login_throttle; UPDATE pine.clock_offset SET moved_by = '0'")
        .execute(owner)
        .await
        .unwrap();
}

/// How many were looked at, in how many seconds of the rules' clock, and how many a second were answered.
async fn guess(owner: &mut PgConnection, url: &str, guesser: &Guesser, guesses: u64) -> (u64, f64, f64) {
    let mut guessing = PgConnection::connect(url).await.unwrap();
    let (mut looked_at, mut moved) = (0, 0.0);
    let began = Instant::now();
    let mut tell = began;
    for number in 0..guesses {
        let name = match guesser.names {
            0 => "mira".to_owned(),
            1 => "ana".to_owned(),
            many => format!("member{}", number % many),
        };
        let came: serde_json::Value = sqlx::query_scalar(
            "SELECT api.login($1, '\\x00', 'a guesser', '00000000-0000-0000-0000-000000000001')",
        )
        .bind(name)
        .fetch_one(&mut guessing)
        .await
        .unwrap();
        let mut pause = guesser.pace;
        match came["outcome"].as_str().unwrap() {
            "refused" => looked_at += 1,
            "wait" if guesser.pace == 0.0 => pause = came["seconds"].as_f64().unwrap(),
            "wait" => {}
            other => panic!("a guess was {other}"),
        }
        if pause > 0.0 {
            moved += pause;
            let move_on = format!("UPDATE pine.clock_offset SET moved_by = '{moved} seconds'");
            sqlx::raw_sql(AssertSqlSafe(move_on))
                .execute(&mut *owner)
                .await
                .unwrap();
        }
        if tell.elapsed().as_secs() >= 30 {
            tell = Instant::now();
            println!("  {number} of {guesses}, {looked_at} looked at");
        }
    }
    let took = began.elapsed().as_secs_f64();
    // The machine's own clock goes on as well.
    (looked_at, moved + took, guesses as f64 / took)
}
