//! What a person at the terminal feels, in the built program in a pseudo-terminal: start to first paint, key to bytes
//! with the database there, stopped (SIGSTOP) and with a roster of 20,000, and memory. Printed, not judged: machines
//! differ.
//!
//! `cargo bench --bench terminal` runs it; `-- --test` runs it small.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    missing_docs
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pine_time::ops::sample;
use support::cluster::Role;
use support::process;
use support::terminal::{Key, LIMIT, Terminal};
use support::until;
use support::world::World;

const SIZE: (u16, u16) = (120, 40);

fn main() {
    let small = std::env::args().any(|arg| arg == "--test");
    let (starts, keys, people) = if small { (3, 50, 500) } else { (50, 1000, 20_000) };
    first_paint(starts);
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(at_the_door(keys, people));
}

fn line(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!(
        "{what}: p50 {:.2?}, p99 {:.2?}, worst {:.2?}",
        at(50),
        at(99),
        at(100)
    );
}

/// Before any answer of a database: there is none at this address.
fn first_paint(starts: usize) {
    let nowhere = [(
        "PINE_TIME_DATABASE_URL",
        "postgres://nobody@127.0.0.1:1/none?sslmode=disable",
    )];
    let mut times = Vec::new();
    for _ in 0..starts {
        let terminal = Terminal::start(&[], &nowhere, SIZE);
        times.push(terminal.first_paint());
        terminal.key(Key::Ctrl('c'));
        terminal.wait_exit(LIMIT);
    }
    line("start to first paint", times);
    let terminal = Terminal::start(&[], &nowhere, SIZE);
    terminal.wait_for_text("offline");
    println!(
        "memory at the sign-in screen: {} KiB",
        process::resident_kib(terminal.pid())
    );
}

/// Key after key at a hand's pace: a letter, and its removal.
fn keys(terminal: &Terminal, what: &str, keys: usize) {
    let times = (0..keys)
        .map(|n| {
            std::thread::sleep(Duration::from_millis(20));
            terminal.time_to_answer(if n % 2 == 0 { b"a" } else { b"\x7f" })
        })
        .collect();
    line(&format!("key to bytes at the door, {what}"), times);
}

async fn at_the_door(many: usize, people: usize) {
    let world = World::new().await;
    sample::fill(&world.database.url(Role::Owner)).await.unwrap();
    let event = world.event(-10, None).await;
    world
        .sql(&format!(
            "WITH crowd AS (
                 INSERT INTO users (email, username, full_name, hashed_password)
                 SELECT format('crowd%s@example.org', n), format('crowd%s', n),
                        format('%s %s', (ARRAY['Ana', 'Niño', 'Mira', 'Jo', 'Katya'])[1 + n % 5], to_hex(n * 7919)), '!'
                 FROM generate_series(1, {people}) AS n RETURNING id
             )
             INSERT INTO registrations (user_id, event_id) SELECT id, {event} FROM crowd;
             -- The only event at its time: the door opens on it.
             UPDATE events SET start_time = start_time - interval '1 year', end_time = end_time - interval '1 year'
             WHERE id <> {event}",
            event = event.0
        ))
        .await;
    let url = world.database.url(Role::Staff);
    let env = [
        ("PINE_TIME_DATABASE_URL", url.as_str()),
        ("PINE_TIME_TERMINAL_NAME", "door 1"),
    ];
    let terminal = Terminal::start(&[], &env, SIZE);
    terminal.wait_for_text("live");
    terminal.type_text("staff");
    terminal.key(Key::Enter);
    terminal.type_text(sample::PASSWORD);
    terminal.key(Key::Enter);
    terminal.wait_for_text("1 Calendar");
    println!(
        "memory at the calendar: {} KiB",
        process::resident_kib(terminal.pid())
    );
    terminal.type_text("3");
    let due = format!("due {people}");
    terminal.wait_for_text(&due);
    // Kept on disk when it has come.
    let kept = terminal.home().join(".local/state/pine-time/roster");
    until("the roster is there", async || {
        std::fs::read_dir(&kept).is_ok_and(|mut files| {
            files.any(|file| file.unwrap().metadata().is_ok_and(|file| file.len() > 0))
        })
    })
    .await;
    println!(
        "memory with a roster of {people}: {} KiB",
        process::resident_kib(terminal.pid())
    );
    keys(&terminal, &format!("a roster of {people}"), many);
    let backends: Vec<i32> = sqlx::query_scalar(
        "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'pine-time%' AND datname = current_database()",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    let signal = |signal| {
        for pid in &backends {
            kill(Pid::from_raw(*pid), signal).unwrap();
        }
    };
    signal(Signal::SIGSTOP);
    keys(&terminal, "the database stopped", many);
    signal(Signal::SIGCONT);
    terminal.key(Key::Ctrl('c'));
    terminal.wait_exit(LIMIT);
}
