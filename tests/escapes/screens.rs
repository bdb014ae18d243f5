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
            _ => match name.strip_prefix('F').map(str::parse) {
                Some(Ok(number)) => Key::F(number),
                _ => {
                    // A hand's pace: quick letters might be a scanner's.
                    std::thread::sleep(Duration::from_millis(40));
                    return terminal.type_text(name);
                }
            },
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
    let device = corpus::texts()[2].1.clone();
    Terminal::start(
        &[],
        &[
            ("PINE_TIME_DATABASE_URL", &url),
            ("PINE_TIME_TERMINAL_NAME", &device),
        ],
        size,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_shows_it_and_none_lets_it_through() {
    let world = poisoned().await;
    for size in [(120, 40), (80, 24)] {
        let terminal = start(&world, size);
        sign_in(&terminal, "admin");
        for place in DESK {
            for _ in 0..3 {
                terminal.key(Key::Esc);
            }
            for key in place.keys {
                press(&terminal, key);
            }
            terminal.wait_until(&format!("{:?} with the corpus", place.keys), |screen| {
                screen.contains(place.sees) && screen.contains(MARK)
            });
            if std::env::var_os("SHOW").is_some() {
                println!("---- {:?}\n{}", place.keys, terminal.screen_text());
            }
        }
        terminal.assert_nothing_forbidden();
        terminal.signal(Signal::SIGTERM);
        terminal.wait_exit(LIMIT);
    }
}
