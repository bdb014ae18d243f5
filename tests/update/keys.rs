//! The key table: complete, without doubles, and the one source of footer, help and palette.

use std::collections::HashSet;

use pine_time::app::action::Action;
use pine_time::app::effect::Effect;
use pine_time::app::keymap::{self, Key, chains};
use pine_time::domain::member::UserType;

use crate::fixtures::{Desk, events};
use crate::{hides, shows};

#[test]
fn no_key_is_bound_twice_along_a_chain() {
    for chain in chains::ALL {
        let mut seen: HashSet<Key> = HashSet::new();
        for binding in keymap::reachable(chain, true) {
            for key in binding.keys {
                assert!(seen.insert(*key), "{key} is bound twice along {chain:?}");
            }
        }
    }
}

#[test]
fn every_action_is_bound_where_a_chain_reaches_it() {
    let reached: HashSet<Action> = chains::ALL
        .iter()
        .flat_map(|chain| keymap::reachable(chain, true))
        .map(|binding| binding.action)
        .collect();
    for action in Action::all() {
        assert!(reached.contains(&action), "{action:?} is bound nowhere");
    }
    for binding in keymap::bindings() {
        assert!(
            chains::ALL.iter().any(|chain| chain.contains(&binding.scope)),
            "{binding:?}"
        );
        assert!(
            !binding.keys.is_empty() && !binding.help.is_empty(),
            "{binding:?}"
        );
    }
}

#[test]
fn control_c_quits_from_everywhere_and_q_where_it_is_no_letter() {
    for chain in chains::ALL {
        let quits = keymap::find(chain, Key::ctrl('c'), false).map(|b| b.action);
        assert_eq!(
            quits,
            Some(Action::App(pine_time::app::action::AppAction::Quit)),
            "{chain:?}"
        );
    }
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    assert_eq!(desk.press("q"), [Effect::Quit { drain: true }]);
    let mut desk = Desk::sized(80, 24);
    assert!(desk.press("q").is_empty());
    shows(&desk.screen(80, 24), &["Name      q"]);
    assert_eq!(desk.press("Ctrl+C"), [Effect::Quit { drain: true }]);
}

#[test]
fn staff_keys_do_not_exist_for_members() {
    let mut desk = Desk::signed_in(UserType::Regular, 100, 30);
    desk.with_events(events());
    let before = desk.screen(100, 30);
    for key in ["3", "n", "e", "Ctrl+L", "Alt+3"] {
        assert!(desk.press(key).is_empty(), "{key}");
    }
    assert_eq!(desk.screen(100, 30), before);
    desk.press("?");
    hides(
        &desk.screen(100, 30),
        &["check-in", "new event", "edit the event", "lock"],
    );
    desk.press("Esc");
    desk.press("Ctrl+P");
    hides(
        &desk.screen(100, 30),
        &["check-in", "new event", "edit the event", "lock"],
    );
}

#[test]
fn help_shows_the_keys_of_where_it_was_asked_for() {
    let mut desk = Desk::signed_in(UserType::Staff, 100, 56);
    desk.with_events(events());
    desk.press("F1");
    shows(
        &desk.screen(100, 56),
        &[
            "Calendar, month",
            "register, or wait for a seat",
            "find by title",
            "filter by type",
        ],
    );
    desk.press("End");
    shows(&desk.screen(100, 56), &["Ctrl+P"]);
    desk.press("F1");
    desk.at_the_door();
    desk.press("F1");
    let screen = desk.screen(100, 56);
    shows(&screen, &["Keys · Check-in", "choose another event", "F6"]);
    hides(&screen, &["register, or wait for a seat"]);
    // Inside a text field `?` is a letter.
    desk.press("Esc");
    desk.write("?");
    shows(&desk.screen(100, 56), &["> ?"]);
}

#[test]
fn the_palette_finds_by_a_few_letters_and_does_what_is_marked() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.press("Ctrl+P");
    desk.write("ledbrd");
    let screen = desk.screen(80, 24);
    hides(&screen, &["sign out"]);
    desk.press("Ctrl+U");
    desk.write("leader");
    let effects = desk.press("Enter");
    assert!(matches!(effects[0], Effect::Run { .. }), "{effects:?}");
    shows(&desk.screen(80, 24), &["All time"]);
    // Esc leaves everything as it was.
    desk.press("Ctrl+P");
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["All time"]);
    hides(&desk.screen(80, 24), &["Commands"]);
}

#[test]
fn the_palette_says_why_something_cannot_be_done() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("Ctrl+P");
    desk.write("register");
    shows(&desk.screen(80, 24), &["You are registered already."]);
    desk.press("Enter");
    let screen = desk.screen(80, 24);
    hides(&screen, &["Commands"]);
    shows(&screen, &["· You are registered already."]);
}

#[test]
fn the_table_as_markdown_and_as_a_list_is_whole() {
    let markdown = keymap::as_markdown();
    for binding in keymap::bindings() {
        assert!(markdown.contains(binding.help), "{binding:?}");
    }
    assert!(
        markdown
            .lines()
            .skip(2)
            .all(|line| line.starts_with("| ") && line.ends_with(" |"))
    );
    let listed = serde_json::to_value(keymap::listed()).unwrap();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), keymap::bindings().len());
    assert!(
        listed
            .iter()
            .any(|row| row["scope"] == "check_in" && row["keys"][0] == "F6")
    );
}
