//! What a person types and pastes: every text of the corpus into every kind of field, and what is kept of it and shown
//! again afterwards. Nothing of the corpus is in this community before.

use crate::corpus::{self, MARK};
use crate::support::story;
use crate::support::terminal::{Key, Screen, Terminal};
use crate::support::world::World;
use crate::walk::{end, press};

/// Keys to a field that takes any text, and what is seen there.
const FIELDS: &[&[(&str, &str)]] = &[
    &[("Alt+1", "times in"), ("/", "Enter keep")],
    &[("Alt+1", "times in"), ("n", "Title *")],
    &[("Alt+1", "times in"), ("n", "Title *"), ("Tab", ""), ("Tab", "")],
    &[("Ctrl+p", "┌─ Commands")],
    &[("Alt+2", "To come"), ("/", "Enter keep")],
    &[("Alt+3", "due")],
    &[("Alt+4", "to spend"), ("e", "┌─ Name and address")],
    &[("Alt+5", "all time"), ("/", "Enter go there")],
    &[("Alt+6", "Tab everybody"), ("/", "Enter keep")],
    &[("Alt+6", "Tab everybody"), ("n", "┌─ A new member")],
    &[("Alt+6", "Tab everybody"), ("d", "┌─ Door note")],
    &[("Alt+7", "Attendance"), ("Tab", "whom"), ("f", "who")],
];

/// To the end of the line, and everything before that away.
const TAKE_OUT: &[u8] = b"\x05\x15";

/// Whether something of the corpus is seen. Of a long one it is the end, where the cursor is; marks go with what is before.
fn shows_any(screen: &Screen<'_>) -> bool {
    [MARK, "WWW", "Q\u{17a}"].iter().any(|text| screen.contains(text))
}

/// Pastes each text of the corpus into the field that has the keys, sees it there, and takes it out again.
fn paste_everything(terminal: &Terminal, place: &str) {
    for (name, text) in corpus::texts() {
        terminal.paste(&text);
        terminal.wait_until(&format!("{name:?} in the field of {place}"), shows_any);
        terminal.send(TAKE_OUT);
        terminal.wait_until(&format!("an empty field at {place}"), |screen| !shows_any(screen));
    }
}

/// Types it letter by letter: but for the keys of a keyboard, which C0 are.
fn type_everything(terminal: &Terminal) {
    let typed: String = corpus::everything_at_once()
        .chars()
        .filter(|c| !c.is_ascii_control())
        .collect();
    terminal.type_text(&typed);
}

/// Leaves a field, and the form that it is in.
fn leave(terminal: &Terminal) {
    let asked = |screen: &Screen<'_>| screen.contains("y yes");
    terminal.key(Key::Esc);
    terminal.wait_until("a question, or no form", |screen| {
        asked(screen) || !screen.contains("┌─")
    });
    if terminal.look(asked) {
        terminal.type_text("y");
        terminal.wait_until("no form", |screen| !screen.contains("┌─"));
    }
}

/// Pastes, saves, and sees it again: a name, and a type of events.
async fn keep(terminal: &Terminal, world: &World) {
    let text = corpus::everything_at_once();
    press(terminal, "Alt+4");
    terminal.wait_for_text("to spend");
    press(terminal, "e");
    terminal.wait_for_text("┌─ Name and address");
    terminal.send(TAKE_OUT);
    terminal.paste(&text);
    terminal.wait_until("the name in the form", shows_any);
    press(terminal, "Ctrl+s");
    terminal.wait_until("the name on the page", |screen| {
        shows_any(screen) && !screen.contains("┌─")
    });
    press(terminal, "Alt+1");
    terminal.wait_for_text("times in");
    press(terminal, "T");
    terminal.wait_for_text("┌─ Event types");
    press(terminal, "n");
    terminal.wait_for_text("Enter keep");
    terminal.paste(&text);
    terminal.wait_until("the type in its field", shows_any);
    press(terminal, "Enter");
    terminal.wait_until("the type in the list", |screen| {
        shows_any(screen) && !screen.contains("Enter keep")
    });
    for kept in ["users", "event_types"] {
        let name = if kept == "users" { "full_name" } else { "name" };
        let clean = format!("{kept} WHERE {name} LIKE '{MARK}%' AND {name} !~ '[[:cntrl:]]'");
        assert_eq!(world.count(&clean).await, 1, "{kept}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_typed_and_pasted_is_shown_harmlessly_and_kept_so() {
    let world = story::sample_world().await;
    let terminal = story::terminal(&world, "fields", (100, 30));
    paste_everything(&terminal, "sign in");
    type_everything(&terminal);
    terminal.wait_until("what is typed", shows_any);
    terminal.send(TAKE_OUT);
    story::sign_in(&terminal, "admin");
    for place in FIELDS {
        leave(&terminal);
        for (key, words) in *place {
            press(&terminal, key);
            terminal.wait_for_text(words);
        }
        terminal.send(TAKE_OUT);
        paste_everything(&terminal, &format!("{place:?}"));
        type_everything(&terminal);
        terminal.wait_until("what is typed", shows_any);
        terminal.send(TAKE_OUT);
        terminal.wait_until("an empty field", |screen| !shows_any(screen));
    }
    leave(&terminal);
    keep(&terminal, &world).await;
    end(terminal);
}
