//! A walk over screens: places, the keys that lead there, and what is seen there. A place counts as seen only when
//! its own words are on the screen, which were not before its last key, and something of the corpus with them.

use std::thread::sleep;
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::corpus::{self, MARK};
use crate::support::terminal::{Key, LIMIT, Screen, Terminal};

/// What is pressed, and the words that the screen then has; `|` stands between several, `!` before those that are gone.
pub(crate) type Step = (&'static str, &'static str);

/// Steps to a place, from wherever one is.
pub(crate) type Place = &'static [Step];

/// Presses a key by its name, or types letters.
pub(crate) fn press(terminal: &Terminal, name: &str) {
    let key = match name {
        "Enter" => Key::Enter,
        "Esc" => Key::Esc,
        "Tab" => Key::Tab,
        "Down" => Key::Down,
        _ => match (name.split_once('+'), name.strip_prefix('F').map(str::parse)) {
            (Some(("Alt", c)), _) => Key::Alt(c.chars().next().unwrap()),
            (Some(("Ctrl", c)), _) => Key::Ctrl(c.chars().next().unwrap()),
            (_, Some(Ok(number))) => Key::F(number),
            _ => {
                // A hand's pace: quick letters might be a scanner's.
                sleep(Duration::from_millis(40));
                return terminal.type_text(name);
            }
        },
    };
    terminal.key(key);
}

/// Whether all the words are on the screen, and none of those behind `!`.
fn has(screen: &Screen<'_>, words: &str) -> bool {
    words.split('|').all(|word| match word.strip_prefix('!') {
        Some(gone) => !screen.contains(gone),
        None => screen.contains(word),
    })
}

fn seen(terminal: &Terminal, words: &str) -> bool {
    terminal.look(|screen| has(screen, words))
}

/// Goes to each place. Fails where one is not what it should be, with the screen that is there instead.
#[track_caller]
pub(crate) fn walk(terminal: &Terminal, places: &[Place]) {
    for place in places {
        // Whatever stands in the way.
        for _ in 0..3 {
            terminal.key(Key::Esc);
        }
        let (last, before) = place.split_last().unwrap();
        for (key, words) in before {
            press(terminal, key);
            terminal.wait_until(&format!("{words:?} on the way of {place:?}"), |screen| {
                has(screen, words)
            });
        }
        let (key, words) = last;
        assert!(
            !seen(terminal, words),
            "{words:?} is there before {key:?}: it shows nothing\n{}",
            terminal.screen_text()
        );
        press(terminal, key);
        terminal.wait_until(&format!("{words:?} with the corpus, at {place:?}"), |screen| {
            has(screen, words) && screen.contains(MARK)
        });
    }
}

/// Ends the program, and judges how it leaves the terminal and every byte that it has written.
#[track_caller]
pub(crate) fn end(mut terminal: Terminal) {
    terminal.signal(Signal::SIGTERM);
    terminal.wait_exit(LIMIT);
    terminal.assert_as_it_was();
    let raw = terminal.raw_bytes();
    assert!(raw.len() > 10_000, "it has drawn something");
    let found = corpus::let_through(&raw);
    assert!(found.is_empty(), "let through: {found:#?}");
}
