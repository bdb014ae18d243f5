//! What a frame costs: time to draw each screen with a full table at 120×40, and the bytes that a first frame and a
//! selection move put on the terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../tests/support/fixtures.rs"]
mod fixtures;
#[path = "../tests/support/game_fixtures.rs"]
mod game_fixtures;

use std::cell::RefCell;
use std::hint::black_box;
use std::io::Write;
use std::rc::Rc;

use criterion::{Criterion, criterion_group, criterion_main};
use fixtures::{Desk, board, candidate, door, event, ledger, page, types};
use game_fixtures::card;
use pine_time::domain::check_in::Standing;
use pine_time::domain::event::EventLine;
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call};
use pine_time::ui::{self, Theme};
use ratatui::backend::{CrosstermBackend, TestBackend};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

const WIDTH: u16 = 120;
const HEIGHT: u16 = 40;

/// A thousand events over four months.
fn many() -> Vec<EventLine> {
    (0..1000)
        .map(|id| {
            let day = 1 + id / 34;
            let start = format!("2026-11-{:02} {:02}:00", day.min(30), 8 + id % 14);
            event(
                id,
                &format!("{} {id}", fixtures::member_name(usize::try_from(id).unwrap())),
                &start,
                2,
            )
        })
        .collect()
}

fn calendar() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, WIDTH, HEIGHT);
    desk.with_events(many());
    let shown = many()
        .into_iter()
        .find(|line| line.start_time > fixtures::now())
        .unwrap();
    desk.reply(
        |call| matches!(call, Call::Event(_)),
        Ok(Answer::Event(page(shown))),
    );
    desk
}

/// Every screen with as much on it as fits, and the key that moves its cursor.
fn screens() -> Vec<(&'static str, Desk, &'static str)> {
    let mut all = Vec::new();
    all.push(("sign in", Desk::sized(WIDTH, HEIGHT), "Tab"));
    all.push(("month", calendar(), "Right"));
    let mut agenda = calendar();
    agenda.press("v");
    all.push((
        "week",
        {
            let mut week = calendar();
            week.press("v");
            week
        },
        "Down",
    ));
    agenda.press("v");
    all.push(("agenda", agenda, "Down"));
    let mut form = calendar();
    form.press("n");
    form.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(types())),
    );
    form.write("A title");
    all.push(("event form", form, "Tab"));
    let mut at_door = Desk::signed_in(UserType::Staff, WIDTH, HEIGHT);
    at_door.at_the_door();
    let found = (0..50).map(|id| {
        candidate(
            id,
            &fixtures::member_name(usize::try_from(id).unwrap()),
            "name",
            Standing::Registered,
        )
    });
    at_door.find("a", found.collect());
    at_door.press("Enter");
    at_door.reply(
        |call| matches!(call, Call::Door(_) | Call::CheckIn { .. }),
        Ok(Answer::CheckedIn(fixtures::checked_in(
            pine_time::domain::check_in::Outcome::Ok,
        ))),
    );
    let found = (0..50).map(|id| {
        candidate(
            id,
            &fixtures::member_name(usize::try_from(id).unwrap()),
            "name",
            Standing::Registered,
        )
    });
    at_door.find("b", found.collect());
    at_door.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(door())));
    all.push(("check-in", at_door, "Down"));
    let mut leaders = Desk::signed_in(UserType::Regular, WIDTH, HEIGHT);
    leaders.press("5");
    leaders.reply(
        |call| matches!(call, Call::Game(GameCall::Board { .. })),
        Ok(Answer::Game(GameAnswer::Board(board(5000, 0, 200)))),
    );
    all.push(("leaderboard", leaders, "Down"));
    let mut mine = Desk::signed_in(UserType::Regular, WIDTH, HEIGHT);
    mine.press("4");
    mine.reply(
        |call| matches!(call, Call::Game(GameCall::Card(_))),
        Ok(Answer::Game(GameAnswer::Card(Box::new(card())))),
    );
    mine.reply(
        |call| matches!(call, Call::Game(GameCall::Ledger { .. })),
        Ok(Answer::Game(GameAnswer::Ledger(ledger(500, None, 100)))),
    );
    all.push(("profile", mine, "Down"));
    let mut help = calendar();
    help.press("?");
    all.push(("help", help, "Down"));
    all
}

#[derive(Clone, Default)]
struct Wire(Rc<RefCell<Vec<u8>>>);

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Bytes of the first frame, and of the frame after one key.
fn bytes(desk: &mut Desk, key: &str) -> (usize, usize) {
    let wire = Wire::default();
    let viewport = Viewport::Fixed(Rect::new(0, 0, WIDTH, HEIGHT));
    let backend = CrosstermBackend::new(wire.clone());
    let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport }).unwrap();
    let theme = Theme::terminal();
    let mut frame = |desk: &Desk| {
        wire.0.borrow_mut().clear();
        terminal
            .draw(|frame| ui::draw(frame, &desk.model, &theme))
            .unwrap();
        wire.0.borrow().len()
    };
    let first = frame(desk);
    desk.press(key);
    (first, frame(desk))
}

fn draw(c: &mut Criterion) {
    println!("bytes at {WIDTH}×{HEIGHT}      first frame   selection move");
    for (name, mut desk, key) in screens() {
        let (first, moved) = bytes(&mut desk, key);
        println!("  {name:<20} {first:>10} {moved:>15}");
    }
    let theme = Theme::terminal();
    for (name, desk, _) in screens() {
        let mut terminal = Terminal::new(TestBackend::new(WIDTH, HEIGHT)).unwrap();
        c.bench_function(&format!("draw/{name}"), |b| {
            b.iter(|| {
                terminal
                    .draw(|frame| ui::draw(frame, black_box(&desk.model), &theme))
                    .unwrap();
            });
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1));
    targets = draw
}
criterion_main!(benches);
