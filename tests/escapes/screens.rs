//! The screens over a poisoned community, walked place by place, and what is pasted into their fields.

use std::time::Duration;

use nix::sys::signal::Signal;
use pine_time::ops::sample;

use crate::corpus::{self, MARK};
use crate::poison::poison;
use crate::support::cluster::Role;
use crate::support::terminal::{Key, LIMIT, Terminal};
use crate::support::world::World;

/// A place: keys that lead there from wherever one is, and what is seen there besides the corpus.
struct Place {
    keys: &'static [&'static str],
    sees: &'static str,
}

const fn place(keys: &'static [&'static str], sees: &'static str) -> Place {
    Place { keys, sees }
}

/// Of an administrator. Each begins with Esc three times, so that nothing stands in the way.
const DESK: &[Place] = &[
    place(&["Alt+1"], "times in"),
    place(&["v"], "this week"),
    place(&["v"], "Cal"),
    place(&["f"], "Type"),
    place(&["T"], "types"),
    place(&["Enter"], "Where"),
    place(&["Enter", "e"], "Title"),
    place(&["Enter", "D"], "Title"),
    place(&["Enter", "p"], "registered"),
    place(&["Enter", "p", "Enter"], "registered"),
    place(&["Enter", "$"], "Payments"),
    place(&["Enter", "X"], "reason"),
    place(&["Alt+3"], "due"),
    place(&["q"], "> q"),
    place(&["q", "F8"], "Why?"),
    place(&["q", "F7"], "eason"),
    place(&["F6"], "Choose"),
    place(&["F12"], "Log of the door"),
    place(&["Alt+4"], "points"),
    place(&["S"], "active"),
    place(&["w"], "Old password"),
    place(&["Alt+5"], "all time"),
    place(&["t"], "type"),
    place(&["/", "q"], "q"),
    place(&["Alt+6"], "Members"),
    place(&["Enter"], "Pass"),
    place(&["e"], "User name"),
    place(&["s"], "active"),
    place(&["o"], "points"),
    place(&["o", "v"], "points"),
    place(&["o", "v", "v"], "points"),
    place(&["Alt+6", "x"], "eason"),
    place(&["Alt+7"], "Attendance"),
    place(&["Enter", "Enter"], "this week"),
    place(&["Tab"], "action"),
    place(&["Enter"], "before"),
    place(&["f"], "who"),
    place(&["Ctrl+t"], "Takings"),
    place(&["B"], "Badges"),
];

async fn poisoned() -> World {
    let world = World::new().await;
    sample::fill(&world.database.url(Role::Owner)).await.unwrap();
    poison(&world).await;
    world
}

/// Presses a key by its name.
fn press(terminal: &Terminal, name: &str) {
    let key = match name {
        "Enter" => Key::Enter,
        "Esc" => Key::Esc,
        "Tab" => Key::Tab,
        "Down" => Key::Down,
        "Right" => Key::Right,
        "End" => Key::End,
        _ => match name.split_once('+') {
            Some(("Alt", c)) => Key::Alt(c.chars().next().unwrap()),
            Some(("Ctrl", c)) => Key::Ctrl(c.chars().next().unwrap()),
            _ => {
                let Some(Ok(number)) = name.strip_prefix('F').map(str::parse) else {
                    // A hand's pace: quick letters might be a scanner's.
                    std::thread::sleep(Duration::from_millis(40));
                    return terminal.type_text(name);
                };
                Key::F(number)
            }
        },
    };
    terminal.key(key);
}

fn sign_in(terminal: &Terminal, name: &str) {
    terminal.wait_for_text("Password");
    terminal.type_text(name);
    terminal.wait_for_text(name);
    terminal.key(Key::Enter);
    terminal.type_text(sample::PASSWORD);
    terminal.key(Key::Enter);
    terminal.wait_for_text("1 Calendar");
}

fn start(world: &World, size: (u16, u16)) -> Terminal {
    let url = world.database.url(Role::Staff);
    // A setting takes no control character; what it takes can still be no name.
    let device = format!("{MARK}\u{202e}txet\u{200b}\u{e0041}{MARK}");
    Terminal::start(
        &[],
        &[
            ("PINE_TIME_DATABASE_URL", &url),
            ("PINE_TIME_TERMINAL_NAME", &device),
        ],
        size,
    )
}

/// Whether the place comes to be seen, with something of the corpus on it.
async fn is_seen(terminal: &Terminal, place: &Place) -> bool {
    for _ in 0..200 {
        if terminal.look(|screen| screen.contains(place.sees) && screen.contains(MARK)) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_shows_it_and_none_lets_it_through() {
    let world = poisoned().await;
    for size in [(120, 40), (80, 24)] {
        let terminal = start(&world, size);
        sign_in(&terminal, "admin");
        let mut missing = Vec::new();
        for place in DESK {
            for _ in 0..3 {
                terminal.key(Key::Esc);
            }
            for key in place.keys {
                press(&terminal, key);
            }
            if !is_seen(&terminal, place).await {
                missing.push(format!(
                    "{:?} {:?}\n{}",
                    place.keys,
                    place.sees,
                    terminal.screen_text()
                ));
            }
        }
        assert!(
            missing.is_empty(),
            "not seen with the corpus at {size:?}: {}",
            missing.join("\n----\n")
        );
        terminal.assert_nothing_forbidden();
        terminal.signal(Signal::SIGTERM);
        terminal.wait_exit(LIMIT);
    }
}

/// Every key that a hand has, but for those that leave.
fn keys() -> Vec<Vec<u8>> {
    let letters = (b' '..=b'~').filter(|byte| *byte != b'q').map(|byte| vec![byte]);
    let controls = (1..27)
        .filter(|byte| ![3, 12, 15].contains(byte))
        .map(|byte| vec![byte]);
    let others = [
        "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[5~", "\x1b[6~", "\x1b[3~",
        "\x1b[2~", "\x1b[Z", "\x1b", "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[17~", "\x1b[18~",
        "\x1b[19~", "\x1b[21~", "\x1b[24~", "\x1b1", "\x1b2", "\x1b3", "\x1b4", "\x1b5", "\x1b6", "\x1b7",
        "\r", "\t",
    ];
    letters
        .chain(controls)
        .chain(others.iter().map(|key| key.as_bytes().to_vec()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn hammered_on_and_pasted_into_it_lets_nothing_through() {
    let world = poisoned().await;
    for name in ["staff", "ana"] {
        let mut terminal = start(&world, (100, 30));
        sign_in(&terminal, name);
        let (keys, texts) = (keys(), corpus::texts());
        // A seed and a step that is prime to the number of keys: all of them, in an order that looks like none.
        let mut at: usize = 7;
        for round in 0..1_500 {
            at = (at * 31 + 17 + round) % keys.len();
            terminal.send(&keys[at]);
            if round % 10 == 0 {
                terminal.paste(&texts[(round / 10) % texts.len()].1);
            }
            // So that answers come between: a flood would be drawn once.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        terminal.signal(Signal::SIGTERM);
        terminal.wait_exit(LIMIT);
        terminal.assert_as_it_was();
        terminal.assert_nothing_forbidden();
    }
}
