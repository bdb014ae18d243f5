//! What a key costs before anything is drawn: 10,000 keys on the screens with full tables, and each key at a door with
//! twenty thousand registered. And what a month of the calendar costs with 10,000 events, and a key among an event's
//! 20,000 people, frame included.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../tests/support/fixtures.rs"]
mod fixtures;
#[path = "../tests/support/seat_fixtures.rs"]
mod seat_fixtures;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use fixtures::{Desk, board, event, key_event};
use pine_time::app::effect::Timer;
use pine_time::app::msg::Msg;
use pine_time::domain::event::{EventLine, RegistrationStatus};
use pine_time::domain::event_people::{PeoplePage, PeopleTotals};
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::roster::{self, Roster};
use pine_time::domain::seats::{SeatsAnswer, SeatsCall};
use pine_time::domain::{Answer, Call};
use pine_time::ui::{self, Theme};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

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
    let texts = [
        "a",
        "maria",
        "santos ana",
        "member1999",
        "in an",
        "nobody like that",
        "%_",
    ];
    for text in texts.iter().cycle().take(20 * texts.len()) {
        let typed = text.chars().map(|letter| match letter {
            ' ' => "Space".to_owned(),
            letter => letter.to_string(),
        });
        let back = std::iter::repeat_n("Backspace".to_owned(), text.len());
        for key in typed.chain(back) {
            let key = key_event(&key);
            let pressed = Instant::now();
            black_box(desk.model.update(Msg::Key(key)));
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

/// Ten thousand events over the four months that the calendar asks for.
fn ten_thousand() -> Vec<EventLine> {
    (0..10_000)
        .map(|id| {
            let day = id / 84;
            let (month, day) = (10 + day / 30, 1 + day % 30);
            let (year, month) = if month > 12 {
                (2027, month - 12)
            } else {
                (2026, month)
            };
            let start = format!(
                "{year}-{month:02}-{:02} {:02}:{:02}",
                day.min(28),
                8 + id % 14,
                id % 60
            );
            let name = fixtures::member_name(usize::try_from(id).unwrap());
            event(id, &format!("{name} {id}"), &start, 2)
        })
        .collect()
}

/// What stands between a key and its frame with ten thousand events, each on its own: a key that moves a month, the
/// answer that brings that month's events, and a letter of the text that is looked for.
fn frames(c: &mut Criterion) {
    let theme = Theme::terminal();
    for (view, turns) in [("month", 0), ("week", 1), ("agenda", 2)] {
        let desk = || {
            let mut desk = Desk::signed_in(UserType::Staff, 120, 40);
            desk.with_events(ten_thousand());
            for _ in 0..turns {
                desk.press("v");
            }
            desk
        };
        let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
        let mut frame = |mut desk: Desk, messages: Vec<Msg>| {
            for message in messages {
                black_box(desk.model.update(message));
            }
            terminal
                .draw(|frame| ui::draw(frame, &desk.model, &theme))
                .unwrap();
            desk
        };
        let keys = |names: &[&str]| {
            names
                .iter()
                .map(|name| Msg::Key(key_event(name)))
                .collect::<Vec<_>>()
        };
        c.bench_function(&format!("10,000 events, {view}/a month on, drawn"), |b| {
            b.iter_batched(desk, |desk| frame(desk, keys(&["]"])), BatchSize::PerIteration);
        });
        c.bench_function(&format!("10,000 events, {view}/the answer, drawn"), |b| {
            let asked = || {
                let mut desk = desk();
                desk.press("]");
                let (request, _) = desk.newest(|call| matches!(call, Call::Events { .. })).unwrap();
                let reply = Msg::Reply {
                    request,
                    result: Ok(Answer::Events(ten_thousand())),
                    took: std::time::Duration::from_millis(3),
                };
                (desk, reply)
            };
            b.iter_batched(
                asked,
                |(desk, reply)| frame(desk, vec![reply]),
                BatchSize::PerIteration,
            );
        });
        c.bench_function(
            &format!("10,000 events, {view}/a letter of the text, drawn"),
            |b| {
                let finding = || {
                    let mut desk = desk();
                    desk.press("/");
                    desk
                };
                b.iter_batched(finding, |desk| frame(desk, keys(&["a"])), BatchSize::PerIteration);
            },
        );
    }
}

/// An event's people as the database would page them: whatever is asked, of so many.
fn answer_about_people(call: &Call, of: i32) -> Option<Answer> {
    let Call::Seats(call) = call else { return None };
    Some(Answer::Seats(match call {
        SeatsCall::PeopleTotals { .. } => SeatsAnswer::PeopleTotals(PeopleTotals {
            people: of.into(),
            matching: of.into(),
            registered: of.into(),
            ..seat_fixtures::people_totals()
        }),
        SeatsCall::People {
            descending,
            after,
            most,
            ..
        } => {
            let from = after.as_ref().map_or(0, |after| {
                let place = serde_json::to_value(after).unwrap()["id"].as_i64().unwrap();
                i32::try_from(place).unwrap()
            });
            let to = (from + most).min(of);
            let row = |place: i32| {
                let at = if *descending { of - 1 - place } else { place };
                let name = fixtures::member_name(usize::try_from(at).unwrap());
                let user = format!("member{at}");
                seat_fixtures::person(
                    1000 + at,
                    &user,
                    &format!("{name} {at:05}"),
                    RegistrationStatus::Registered,
                )
            };
            let next = serde_json::json!({"key": "k", "id": to});
            SeatsAnswer::People(PeoplePage {
                rows: (from..to).map(row).collect(),
                next: (to < of).then(|| serde_json::from_value(next).unwrap()),
            })
        }
        _ => return None,
    }))
}

/// From a key, or from the answer that it asked for, to state and to cells, among twenty thousand people: each by itself.
/// Sixteen milliseconds are a frame.
fn people(_: &mut Criterion) {
    const PEOPLE: i32 = 20_000;
    let theme = Theme::terminal();
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
    let mut desk = Desk::signed_in(UserType::Staff, 120, 40);
    desk.with_events(fixtures::events());
    desk.press("Tab");
    let (mut keys, mut answers): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
    let walk = [
        "p", "Down", "PgDn", "End", "PgUp", "Up", "Home", "Space", "Tab", "s", "S", "Tab", "Esc", "Esc",
    ];
    for key in walk.into_iter().cycle().take(walk.len() * 40) {
        let mut messages = vec![Msg::Key(key_event(key))];
        let mut asked = false;
        while let Some(message) = messages.pop() {
            let began = Instant::now();
            let effects = desk.send(message);
            terminal
                .draw(|frame| ui::draw(frame, &desk.model, &theme))
                .unwrap();
            let took = began.elapsed();
            black_box(effects);
            if asked {
                answers.push(took);
            } else {
                keys.push(took);
            }
            asked = true;
            if let Some((request, call)) = desk.newest(|call| answer_about_people(call, PEOPLE).is_some()) {
                desk.waiting.retain(|(id, _)| *id != request);
                messages.push(Msg::Reply {
                    request,
                    result: Ok(answer_about_people(&call, PEOPLE).unwrap()),
                    took: Duration::from_millis(3),
                });
            }
        }
        if key == "Esc" && desk.screen(120, 40).contains("November 2026") {
            // Back in the calendar.
            desk.press("Tab");
        }
    }
    for (what, mut took) in [("a key", keys), ("an answer", answers)] {
        took.sort_unstable();
        println!(
            "{what} among {PEOPLE} people, drawn: p50 {:.2?}, p99 {:.2?}, worst {:.2?} of {}",
            took[took.len() / 2],
            took[took.len() * 99 / 100],
            took[took.len() - 1],
            took.len()
        );
    }
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
            |call| matches!(call, Call::Game(GameCall::Board { .. })),
            Ok(Answer::Game(GameAnswer::Board(page))),
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
    targets = each_key, people, update, frames
}
criterion_main!(benches);
