//! What every outcome looks like at the door, and that the keys its card names do what it says.

use std::collections::HashSet;

use pine_time::app::effect::{Effect, Timer};
use pine_time::app::keymap::{self, Scope};
use pine_time::app::msg::Msg;
use pine_time::domain::check_in::{Door, Outcome};
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call};
use pine_time::ui::Theme;
use ratatui::style::Color;

use crate::fixtures::{Desk, candidates, checked_in, door, events, offline};
use crate::{calls, hides, shows, writes};

/// A door that checks people out, too, with this result on its card.
fn told(outcome: Outcome) -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.press("3");
    desk.reply(
        |call| matches!(call, Call::Events { .. }),
        Ok(Answer::Events(crate::fixtures::door_events())),
    );
    let both_ways = Door {
        has_check_out: true,
        ..door()
    };
    desk.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(both_ways)));
    let found = if outcome == Outcome::UnknownCode {
        Vec::new()
    } else {
        candidates()
    };
    desk.find("niño", found);
    desk.press(if outcome == Outcome::NotIn { "F4" } else { "Enter" });
    desk.reply(
        |call| matches!(call, Call::CheckIn { .. } | Call::CheckOut { .. }),
        Ok(Answer::CheckedIn(checked_in(outcome))),
    );
    desk.quiet();
    desk.fire(Timer::Flash);
    desk
}

/// An outcome's glyph, its sentence, and the keys that its card names.
type Shown = (
    Outcome,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const CARDS: [Shown; 13] = [
    (
        Outcome::UnknownCode,
        "?",
        "Nobody is known by this.",
        &[("Ctrl+F", "similar names"), ("F2", "walk-in")],
    ),
    (
        Outcome::MemberInactive,
        "@",
        "The account is switched off.",
        &[("F8", "why")],
    ),
    (
        Outcome::EventInactive,
        "–",
        "The event has been cancelled.",
        &[("F6", "other event")],
    ),
    (
        Outcome::Already,
        "!",
        "since 18:22, 30 min ago, at door 1, by Mira Santos",
        &[("F4", "check out"), ("F8", "why")],
    ),
    (
        Outcome::NotRegistered,
        "+",
        "Not registered for this event.",
        &[("F2", "walk-in")],
    ),
    (
        Outcome::Cancelled,
        "✕",
        "The registration was cancelled or refused.",
        &[("F7", "admit anyway"), ("F8", "why")],
    ),
    (
        Outcome::Pending,
        "…",
        "The registration waits for approval.",
        &[("F7", "admit anyway"), ("F8", "why")],
    ),
    (
        Outcome::Waitlisted,
        "#",
        "No seat yet: on the waitlist.",
        &[("F7", "admit anyway"), ("F8", "why")],
    ),
    (
        Outcome::TooEarly,
        "«",
        "The door opens Fri 27 Nov 20:00, in 1 h.",
        &[("F6", "other event"), ("F7", "admit")],
    ),
    (
        Outcome::Over,
        "»",
        "It ended Fri 27 Nov 17:00.",
        &[("F6", "other event"), ("F7", "admit")],
    ),
    (
        Outcome::Unpaid,
        "$",
        "₱250 due.",
        &[("F3", "take payment"), ("F7", "admit unpaid")],
    ),
    (
        Outcome::NotIn,
        "○",
        "out already, since 18:22, 30 min ago",
        &[("Enter", "check in")],
    ),
    (
        Outcome::Ok,
        "✓",
        "+15 points   410 in all",
        &[("Ctrl+Z", "takes back")],
    ),
];

#[test]
fn every_outcome_has_its_own_word_glyph_and_colour() {
    let mut words = HashSet::new();
    let mut glyphs = HashSet::new();
    for (outcome, glyph, sentence, _) in CARDS {
        let mut desk = told(outcome);
        let screen = desk.screen(80, 24);
        let who = if outcome == Outcome::UnknownCode {
            "xk2qq"
        } else {
            "Niño Bautista"
        };
        shows(&screen, &[&format!(" {glyph}  {who}"), sentence]);
        assert!(glyphs.insert(glyph), "{outcome:?} has another's glyph");
        // The word as it is painted, and the ground it stands on.
        let buffer = desk.buffer(80, 24, &Theme::terminal());
        let line = screen
            .lines()
            .position(|line| line.contains(who) && line.contains(glyph));
        let line = u16::try_from(line.unwrap()).unwrap();
        let painted: String = (line - 3..line)
            .flat_map(|y| (0..80).map(move |x| (x, y)))
            .map(|at| buffer[at].symbol())
            .collect();
        assert!(words.insert(painted), "{outcome:?} has another's word");
        let ground = if outcome == Outcome::Ok {
            Color::Green
        } else if outcome.is_refusal() {
            Color::Red
        } else {
            Color::Yellow
        };
        assert_eq!(buffer[(0, line - 2)].bg, ground, "{outcome:?}");
        assert_eq!(buffer[(1, line)].fg, ground, "{outcome:?}");
        // In the compact view, too, it can be told, and what to do next.
        desk.send(Msg::Resize { width: 36, height: 9 });
        let small = desk.screen(36, 9);
        let spaced: String = outcome.word().chars().flat_map(|c| [c, ' ']).collect();
        let plain = small.contains(spaced.trim_end()) || small.contains(outcome.word());
        assert!(plain || small.contains('█'), "{outcome:?}\n{small}");
        shows(&small, &["in 41  due 16  cap 60"]);
        let (_, _, _, keys) = CARDS.iter().find(|(card, ..)| *card == outcome).unwrap();
        shows(&small, &[&format!("{} {}", keys[0].0, keys[0].1)]);
    }
    // In ASCII they can be told apart as well.
    let mut twins = HashSet::new();
    for (outcome, ..) in CARDS {
        let buffer = told(outcome).buffer(80, 24, &Theme::terminal().ascii(true));
        let screen = crate::fixtures::text_of(&buffer);
        let line = screen
            .lines()
            .find(|line| line.contains("  Nino Bautista      ") || line.contains("  xk2qq"))
            .unwrap();
        assert!(
            twins.insert(line.trim_start().chars().next()),
            "{outcome:?}: {line}"
        );
    }
    let named: HashSet<Outcome> = CARDS.iter().map(|(outcome, ..)| *outcome).collect();
    assert_eq!(named, HashSet::from(Outcome::ALL));
}

#[test]
fn the_keys_on_a_card_are_bound_and_do_what_it_says() {
    for (outcome, _, _, keys) in CARDS {
        let line = keys
            .iter()
            .map(|(key, brief)| format!("{key} {brief}"))
            .collect::<Vec<_>>()
            .join("   ");
        shows(&told(outcome).screen(80, 24), &[&format!("{line}\n")]);
        for (key, brief) in keys {
            let bound = keymap::bindings()
                .iter()
                .any(|b| b.scope == Scope::CheckIn && b.keys.iter().any(|k| k.to_string() == *key));
            assert!(bound, "{key}");
            let mut desk = told(outcome);
            let effects = desk.press(key);
            let asked = calls(&effects);
            let screen = desk.screen(80, 24);
            match *brief {
                "similar names" => assert!(matches!(asked[..], [Call::FindSimilar { .. }]), "{effects:?}"),
                "why" => assert!(matches!(asked[..], [Call::Evaluate { .. }]), "{effects:?}"),
                "check out" => assert!(matches!(asked[..], [Call::CheckOut { .. }]), "{effects:?}"),
                "check in" => assert!(matches!(asked[..], [Call::CheckIn { .. }]), "{effects:?}"),
                "takes back" => assert!(matches!(asked[..], [Call::Undo { .. }]), "{effects:?}"),
                "other event" => shows(&screen, &["The door's event", "The Manor Murder"]),
                "walk-in" if outcome == Outcome::UnknownCode => shows(&screen, &["Walk-in", "niño"]),
                "walk-in" => shows(&screen, &["Walk-in", "Niño Bautista"]),
                "take payment" => shows(&screen, &["Niño Bautista", "₱250"]),
                "admit" | "admit anyway" | "admit unpaid" => {
                    shows(&screen, &["Admit anyway", "Niño Bautista", "Reason *"]);
                }
                other => panic!("what does {other} do?"),
            }
        }
    }
}

#[test]
fn a_key_that_would_do_nothing_now_is_not_named() {
    // While somebody else is typed, keys are about them.
    let mut desk = told(Outcome::Unpaid);
    desk.write("a");
    hides(&desk.screen(80, 24), &["take payment", "admit unpaid"]);
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["F3 take payment"]);
    // Without the database nothing is paid, and nobody is let in against a rule.
    desk.press("F5");
    desk.reply(|call| matches!(call, Call::Door(_)), Err(offline()));
    hides(&desk.screen(80, 24), &["take payment", "admit unpaid"]);
    // Where nobody is checked out there is no key for it.
    let mut desk = told(Outcome::Already);
    desk.press("F5");
    desk.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(door())));
    let screen = desk.screen(80, 24);
    hides(&screen, &["F4 check out"]);
    shows(&screen, &["F8 why"]);
    // Taken back once, it is not to be taken back again.
    let mut desk = told(Outcome::Ok);
    desk.press("Ctrl+Z");
    hides(&desk.screen(80, 24), &["Ctrl+Z takes back"]);
}

#[test]
fn enter_without_text_lets_nobody_in_but_whom_the_card_says_it_would() {
    for (outcome, ..) in CARDS {
        let mut desk = told(outcome);
        if outcome == Outcome::UnknownCode {
            continue;
        }
        let sent = writes(&desk.press("Enter")).len();
        assert_eq!(sent, usize::from(outcome == Outcome::NotIn), "{outcome:?}");
    }
}

#[test]
fn a_misread_code_is_cleared_and_read_again() {
    let mut desk = told(Outcome::Ok);
    desk.find("XK2QQ-77777", Vec::new());
    desk.press("Enter");
    let answer = pine_time::domain::check_in::CheckedIn {
        input: "XK2QQ-77777".into(),
        ..checked_in(Outcome::UnknownCode)
    };
    desk.reply(
        |call| matches!(call, Call::CheckIn { .. }),
        Ok(Answer::CheckedIn(answer)),
    );
    shows(
        &desk.screen(80, 24),
        &["the last character does not fit.", "Esc clear\n"],
    );
    let effects = desk.press("Esc");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Quit { .. })));
    hides(&desk.screen(80, 24), &["> XK2QQ"]);
    shows(&desk.screen(80, 24), &["name, user name, e-mail or pass code"]);
}
