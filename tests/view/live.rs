//! The door's second line: arrivals, and who is at which terminal.

use insta::assert_snapshot;
use pine_time::app::effect::Timer;
use pine_time::app::msg::Msg;
use pine_time::domain::check_in::{Door, Outcome};
use pine_time::domain::live::{Arrivals, Present};
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call};
use pine_time::ui::Theme;

use crate::fixtures::{Desk, door, door_events, offline, present, text_of};

fn is_door(call: &Call) -> bool {
    matches!(call, Call::Door(_))
}

fn at_the_door(size: (u16, u16), door: Door) -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, size.0, size.1);
    desk.press("3");
    desk.reply(
        |call| matches!(call, Call::Events { .. }),
        Ok(Answer::Events(door_events())),
    );
    desk.reply(is_door, Ok(Answer::Door(door)));
    desk
}

/// What is between the tabs and the input.
fn head(desk: &Desk, (width, height): (u16, u16)) -> String {
    desk.screen(width, height)
        .lines()
        .skip(2)
        .take(3)
        .collect::<Vec<_>>()
        .join("\n")
}

fn many() -> Vec<Present> {
    let mut all: Vec<Present> = (1..=9)
        .map(|n| present(&format!("door {n}"), &format!("Operator{n} Santos"), n == 7))
        .collect();
    all[2] = present(
        "the big gate behind the old barn",
        "Wolfeschlegelsteinhausenbergerdorff",
        false,
    );
    all[3] = present("東門", "", false);
    all
}

#[test]
fn arrivals_and_terminals() {
    for size in [(80, 24), (120, 40), (64, 20), (60, 16)] {
        let name = |what: &str| format!("live_{what}_{}x{}", size.0, size.1);
        let quiet = Door {
            arrivals: Arrivals {
                last_minute: 0,
                minutes: vec![0; 30],
            },
            present: vec![present("door 2", "Mira Santos", true)],
            attempts: Vec::new(),
            ..door()
        };
        assert_snapshot!(name("quiet"), head(&at_the_door(size, quiet), size));
        let crowded = Door {
            present: many(),
            arrivals: Arrivals {
                last_minute: 128,
                minutes: (0..30).map(|n| n * n % 131).collect(),
            },
            ..door()
        };
        let mut desk = at_the_door(size, crowded);
        assert_snapshot!(name("crowded"), head(&desk, size));
        desk.fire(Timer::Poll);
        desk.reply(is_door, Err(offline()));
        assert_snapshot!(name("stale"), head(&desk, size));
    }
}

#[test]
fn an_older_answer_without_figures_leaves_the_line_empty() {
    let bare = Door {
        present: Vec::new(),
        arrivals: Arrivals::default(),
        ..door()
    };
    let desk = at_the_door((80, 24), bare);
    assert_snapshot!("live_bare", head(&desk, (80, 24)));
}

#[test]
fn in_ascii_what_is_darker_is_more() {
    let desk = at_the_door((80, 24), door());
    let screen = text_of(&desk.buffer(80, 24, &Theme::plain().ascii(true)));
    let line = screen.lines().nth(3).unwrap();
    assert!(screen.is_ascii(), "{screen}");
    assert_snapshot!("live_ascii", line);
}

#[test]
fn what_is_old_is_dim() {
    let theme = Theme::terminal();
    let mut desk = at_the_door((80, 24), door());
    let style = |desk: &Desk| desk.buffer(80, 24, &theme)[(12, 3)].style().fg;
    assert_eq!(style(&desk), theme.accent.fg);
    desk.fire(Timer::Poll);
    desk.reply(is_door, Err(offline()));
    assert_eq!(style(&desk), theme.dim.fg);
}

#[test]
fn the_compact_door_has_no_second_line() {
    let mut desk = at_the_door((80, 24), door());
    desk.send(Msg::Resize {
        width: 39,
        height: 11,
    });
    let screen = desk.screen(39, 11);
    assert!(!screen.contains("/min") && screen.contains("in 41"), "{screen}");
}

/// Names of any length are cut before what is said of them moves: the lines stand under each other.
#[test]
fn the_last_attempts_stand_in_columns() {
    for size in [(80, 24), (120, 40), (64, 26)] {
        let mut door = door();
        let long = "Maria Concepcion de los Santos y Villanueva de la Cruz";
        for attempt in door.attempts.iter_mut().skip(1).step_by(3) {
            attempt.full_name = Some(long.into());
        }
        door.attempts[1].outcome = Outcome::MemberInactive;
        door.attempts[3].device = "the big gate behind the old barn".into();
        let screen = at_the_door(size, door).screen(size.0, size.1);
        let foot: Vec<&str> = screen
            .lines()
            .skip_while(|line| !line.contains("18:51"))
            .collect();
        let lines: Vec<&str> = foot
            .into_iter()
            .take_while(|line| !line.contains("live"))
            .collect();
        assert_snapshot!(format!("live_attempts_{}x{}", size.0, size.1), lines.join("\n"));
    }
}
