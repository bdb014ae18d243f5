//! Themes: colours by meaning, no colours at all, nothing but ASCII.

use pine_time::domain::Answer;
use pine_time::domain::Call;
use pine_time::domain::check_in::Outcome;
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::member::UserType;
use pine_time::ui::Theme;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use crate::fixtures::{Desk, board, candidates, checked_in, events, ledger, page, profile, text_of, types};
use crate::game_fixtures::card;

/// A desk on every screen and overlay, one after the other.
fn everywhere(mut visit: impl FnMut(&Desk, &str)) {
    let mut desk = Desk::sized(80, 24);
    visit(&desk, "sign in");
    desk.open();
    desk.write("ana");
    visit(&desk, "sign in, open");
    desk.press("Ctrl+U");
    desk.sign_in(UserType::Staff);
    desk.with_events(events());
    visit(&desk, "month");
    desk.press("v");
    visit(&desk, "week");
    desk.press("v");
    visit(&desk, "agenda");
    desk.press("f");
    visit(&desk, "filter");
    desk.press("Esc");
    desk.press("Enter");
    desk.reply(
        |call| matches!(call, Call::Event(_)),
        Ok(Answer::Event(page(events()[5].clone()))),
    );
    visit(&desk, "event");
    desk.press("Esc");
    desk.press("n");
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(types())),
    );
    desk.press("Ctrl+S");
    visit(&desk, "form");
    desk.press("Esc");
    desk.press("?");
    visit(&desk, "help");
    desk.press("Esc");
    desk.press("Ctrl+P");
    visit(&desk, "palette");
    desk.press("Esc");
    desk.at_the_door();
    desk.find("niño", candidates());
    visit(&desk, "door");
    for outcome in Outcome::ALL {
        desk.press("Esc");
        desk.find("niño", candidates());
        desk.press("Enter");
        desk.reply(
            |call| matches!(call, Call::CheckIn { .. }),
            Ok(Answer::CheckedIn(checked_in(outcome))),
        );
        visit(&desk, outcome.brief());
    }
    desk.press("F6");
    visit(&desk, "picker");
    desk.press("Esc");
    desk.press("Alt+5");
    desk.reply(
        |call| matches!(call, Call::Game(GameCall::Board { .. })),
        Ok(Answer::Game(GameAnswer::Board(board(340, 0, 200)))),
    );
    visit(&desk, "leaderboard");
    desk.press("4");
    desk.reply(
        |call| matches!(call, Call::Profile),
        Ok(Answer::Profile(profile())),
    );
    desk.reply(
        |call| matches!(call, Call::Game(GameCall::Card(_))),
        Ok(Answer::Game(GameAnswer::Card(Box::new(card())))),
    );
    desk.reply(
        |call| matches!(call, Call::Game(GameCall::Ledger { .. })),
        Ok(Answer::Game(GameAnswer::Ledger(ledger(88, None, 100)))),
    );
    visit(&desk, "profile");
    desk.press("p");
    visit(&desk, "pass");
    desk.press("Esc");
    desk.press("Ctrl+L");
    visit(&desk, "lock");
}

#[test]
fn without_colours_there_are_none() {
    everywhere(|desk, place| {
        let buffer = desk.buffer(80, 24, &Theme::plain());
        for cell in &buffer.content {
            assert_eq!(
                (cell.fg, cell.bg),
                (Color::Reset, Color::Reset),
                "{place}: {cell:?}"
            );
        }
    });
}

#[test]
fn in_ascii_there_is_nothing_else_and_every_glyph_of_ours_has_a_twin() {
    everywhere(|desk, place| {
        let unicode = desk.buffer(80, 24, &Theme::terminal());
        let ascii = desk.buffer(80, 24, &Theme::terminal().ascii(true));
        for (there, here) in unicode.content.iter().zip(&ascii.content) {
            assert!(
                here.symbol().is_ascii() && here.symbol().len() == 1,
                "{place}: {here:?}"
            );
            // Block letters give way to plain ones; all else has a twin or its letter without marks.
            let block = ["█", "▀", "▄"].contains(&there.symbol());
            assert!(
                block || here.symbol() != "?" || there.symbol() == "?",
                "{place}: {there:?}"
            );
        }
    });
}

#[test]
fn the_big_word_is_readable_in_ascii() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.at_the_door();
    desk.find("niño", candidates());
    desk.press("Enter");
    desk.reply(
        |call| matches!(call, Call::CheckIn { .. }),
        Ok(Answer::CheckedIn(checked_in(Outcome::NotRegistered))),
    );
    let screen = text_of(&desk.buffer(80, 24, &Theme::terminal().ascii(true)));
    assert!(screen.contains("N O T   R E G I S T E R E D"), "{screen}");
}

fn ground_of_word(outcome: Outcome, theme: &Theme) -> (Buffer, u16) {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.at_the_door();
    desk.find("niño", candidates());
    desk.press("Enter");
    desk.reply(
        |call| matches!(call, Call::CheckIn { .. }),
        Ok(Answer::CheckedIn(checked_in(outcome))),
    );
    (desk.buffer(80, 24, theme), 11)
}

#[test]
fn outcomes_stand_on_their_ground_from_edge_to_edge() {
    for (outcome, colour) in [
        (Outcome::Ok, Color::Green),
        (Outcome::Already, Color::Yellow),
        (Outcome::NotRegistered, Color::Red),
    ] {
        let (buffer, row) = ground_of_word(outcome, &Theme::terminal());
        for x in 0..80 {
            assert_eq!(buffer[(x, row)].bg, colour, "{outcome:?} at {x}");
        }
        let (buffer, row) = ground_of_word(outcome, &Theme::plain());
        for x in 0..80 {
            assert!(
                buffer[(x, row)].modifier.contains(Modifier::REVERSED),
                "{outcome:?} at {x}"
            );
        }
    }
}

#[test]
fn the_true_colour_theme_leaves_no_cell_on_the_terminals_own_ground() {
    everywhere(|desk, place| {
        let buffer = desk.buffer(80, 24, &Theme::highland());
        for (at, cell) in buffer.content.iter().enumerate() {
            assert_ne!(
                cell.bg,
                Color::Reset,
                "{place}: {cell:?} at {}, {}",
                at % 80,
                at / 80
            );
        }
    });
}

#[test]
fn the_row_under_the_cursor_is_marked_from_edge_to_edge() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("v");
    desk.press("v");
    let buffer = desk.buffer(80, 24, &Theme::terminal());
    let row = (0..24).find(|y| buffer[(0, *y)].symbol() == "▸").unwrap();
    for x in 0..79 {
        assert_eq!(
            buffer[(x, row)].bg,
            Theme::terminal().selection.bg.unwrap(),
            "{x}"
        );
    }
}
