//! What a key costs before anything is drawn: 10,000 keys on the screens with full tables.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../tests/support/fixtures.rs"]
mod fixtures;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use fixtures::{Desk, board, event, key_event};
use pine_time::app::msg::Msg;
use pine_time::domain::member::UserType;
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
    targets = update
}
criterion_main!(benches);
