//! What a key costs before anything is drawn: 10,000 keys on the screens with full tables, and each key at a door with
//! twenty thousand registered.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../tests/support/fixtures.rs"]
mod fixtures;

use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use fixtures::{Desk, board, event, key_event};
use pine_time::app::effect::Timer;
use pine_time::app::msg::Msg;
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::roster::{self, Roster};
use pine_time::domain::{Answer, Call};

const KEYS: usize = 10_000;

fn keys(c: &mut Criterion, name: &str, keys: &[&str], make: impl Fn() -> Desk) {
    let events: Vec<_> = keys.iter().cycle().take(KEYS).map(|key| key_event(key)).collect();
    c.bench_function(&format!("10,000 keys/{name}"), |b| {
        b.iter_batched(
            || make().model,
            |mut model| {
                for event in &events {
                    std::hint::black_box(model.update(Msg::Key(*event)));
                }
                model
            },
            BatchSize::LargeInput,
        );
    });
}

fn calendar() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 120, 40);
    let lines = (0..1000).map(|id| {
        let start = format!("2026-11-{:02} {:02}:00", (1 + id / 34).min(30), 8 + id % 14);
        event(
            id,
            &fixtures::member_name(usize::try_from(id).unwrap()),
            &start,
            2,
        )
    });
    desk.with_events(lines.collect());
    desk
}

/// A door that holds so large a roster.
fn great_door(people: usize) -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 120, 40);
    desk.at_the_door().fire(Timer::Poll);
    let mut page = fixtures::roster().page().clone();
    let pattern = page.people.clone();
    page.people = (1..=people)
        .zip(pattern.iter().cycle())
        .map(|(n, like)| {
            let mut person = like.clone();
            let name = format!("{} {}", fixtures::member_name(n), fixtures::member_name(n / 7));
            person.id = MemberId(i32::try_from(n).unwrap());
            person.username = format!("member{n}").as_str().into();
            person.email = format!("member{n}@example.org").as_str().into();
            person.folded = roster::fold(&format!("{name} member{n} member{n}@example.org"));
            person.full_name = name.as_str().into();
            person.pass_code = format!("{n:010}").as_str().into();
            person
        })
        .collect();
    desk.reply(
        |call| matches!(call, Call::Roster(_)),
        Ok(Answer::Roster(Arc::new(Roster::new(page)))),
    );
    desk
}

/// What is typed letter by letter and taken back so: each key by itself, since the slowest is what a hand feels.
fn each_key(_: &mut Criterion) {
    const PEOPLE: usize = 20_000;
    let mut desk = great_door(PEOPLE);
    let mut took: Vec<Duration> = Vec::new();
    for text in [
        "a",
        "maria",
        "santos ana",
        "member1999",
        "in an",
        "nobody like that",
        "%_",
    ] {
        let typed = text.chars().map(|letter| match letter {
            ' ' => "Space".to_owned(),
            letter => letter.to_string(),
        });
        let back = std::iter::repeat_n("Backspace".to_owned(), text.len());
        for key in typed.chain(back) {
            let key = key_event(&key);
            let pressed = Instant::now();
            std::hint::black_box(desk.model.update(Msg::Key(key)));
            took.push(pressed.elapsed());
        }
    }
    took.sort_unstable();
    println!(
        "a key at the door, {PEOPLE} registered: p50 {:.2?}, p99 {:.2?}, worst {:.2?} of {} keys",
        took[took.len() / 2],
        took[took.len() * 99 / 100],
        took[took.len() - 1],
        took.len()
    );
}

fn update(c: &mut Criterion) {
    keys(
        c,
        "month, 1000 events",
        &["Right", "Down", "Left", "Up"],
        calendar,
    );
    keys(
        c,
        "agenda, 1000 events",
        &["Down", "Down", "PgDn", "Up", "End", "Home"],
        || {
            let mut desk = calendar();
            desk.press("v");
            desk.press("v");
            desk
        },
    );
    keys(
        c,
        "filter, 1000 events",
        &["a", "n", "a", "Backspace", "Backspace", "Backspace"],
        || {
            let mut desk = calendar();
            desk.press("v");
            desk.press("v");
            desk.press("/");
            desk
        },
    );
    keys(
        c,
        "typing at the door",
        &["n", "i", "n", "Backspace", "Backspace", "Backspace"],
        || {
            let mut desk = Desk::signed_in(UserType::Staff, 120, 40);
            desk.at_the_door();
            desk
        },
    );
    keys(c, "leaderboard", &["Down", "Down", "PgDn", "Up"], || {
        let mut desk = Desk::signed_in(UserType::Regular, 120, 40);
        desk.press("5");
        let page = board(5000, 0, 200);
        desk.reply(
            |call| matches!(call, Call::Leaderboard { .. }),
            Ok(Answer::Leaderboard(page)),
        );
        desk
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(2));
    targets = each_key, update
}
criterion_main!(benches);
