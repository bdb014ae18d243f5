//! The pictures of a door note: unread under a card, in full, and in its form.

use insta::assert_snapshot;
use pine_time::app::msg::Msg;
use pine_time::domain::check_in::{Candidate, CheckedIn, Outcome, Standing};
use pine_time::domain::door_note::DoorNote;
use pine_time::domain::member::{MemberId, MemberName, UserType};
use pine_time::domain::safe_text::is_safe;
use pine_time::domain::{Answer, Call, Fault, SafeText};
use pine_time::ui::Theme;

use crate::fixtures::{Desk, candidate, checked_in, door_note, text_of};
use crate::pictures::slow;

const TEXT: &str = "Her badge waits at the desk; ask for Mira. Allergic to nuts: tell the kitchen before the second \
                    round.";

fn is_note(call: &Call) -> bool {
    matches!(call, Call::Note(_))
}

fn desk(width: u16, height: u16) -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, width, height);
    desk.at_the_door();
    desk
}

fn comes(desk: &mut Desk, id: i32, name: &str, outcome: Outcome, note: Option<DoorNote>) {
    desk.find("x", vec![candidate(id, name, "somebody", Standing::Registered)]);
    desk.press("Enter");
    let checked = CheckedIn {
        member: Some(MemberName {
            id: MemberId(id),
            username: "somebody".into(),
            full_name: name.into(),
        }),
        door_note: note,
        ..checked_in(outcome)
    };
    desk.reply(
        |call| matches!(call, Call::CheckIn { .. }),
        Ok(Answer::CheckedIn(checked)),
    );
    desk.press("Ctrl+U");
}

#[test]
fn to_be_read() {
    for (name, width, height) in [("note_unread", 80, 24), ("note_unread_wide", 120, 40)] {
        let mut desk = desk(width, height);
        comes(
            &mut desk,
            10,
            "Niño Bautista",
            Outcome::Ok,
            Some(door_note(TEXT, 1)),
        );
        assert_snapshot!(name, desk.screen(width, height));
    }
    let mut desk = desk(80, 24);
    comes(
        &mut desk,
        10,
        "Niño Bautista",
        Outcome::Ok,
        Some(door_note(TEXT, 1)),
    );
    comes(&mut desk, 11, "Jo Mendoza", Outcome::Already, None);
    assert_snapshot!("note_of_the_last_one", desk.screen(80, 24));
    comes(
        &mut desk,
        12,
        "Bea Lim",
        Outcome::Unpaid,
        Some(door_note("Owes a book.", 1)),
    );
    assert_snapshot!("note_two_unread", desk.screen(80, 24));
    desk.press("Alt+1");
    assert_snapshot!("note_out_of_sight", desk.screen(80, 24));
    desk.press("Alt+3");
    desk.send(Msg::Resize {
        width: 60,
        height: 16,
    });
    assert_snapshot!("note_low", desk.screen(60, 16));
    desk.send(Msg::Resize { width: 36, height: 9 });
    assert_snapshot!("note_compact", desk.screen(36, 9));
    desk.press("Ctrl+N");
    assert_snapshot!("note_compact_open", desk.screen(36, 9));
}

#[test]
fn in_full() {
    let long = format!("{TEXT} ").repeat(5);
    let mut desk = desk(80, 24);
    comes(
        &mut desk,
        10,
        "Niño Bautista",
        Outcome::Ok,
        Some(door_note(long.trim_end(), 1)),
    );
    assert_snapshot!("note_long", desk.screen(80, 24));
    desk.press("Ctrl+N");
    assert_snapshot!("note_long_open", desk.screen(80, 24));
}

#[test]
fn the_form() {
    let mut desk = desk(80, 24);
    let found = vec![
        Candidate {
            door_note: Some(door_note(TEXT, 1)),
            ..candidate(10, "Niño Bautista", "nino_b", Standing::Registered)
        },
        Candidate {
            door_note: Some(DoorNote {
                read: true,
                ..door_note(TEXT, 1)
            }),
            ..candidate(
                11,
                "Maria Concepción de la Cruz y Villanueva",
                "concha",
                Standing::In,
            )
        },
    ];
    desk.find("niño", found);
    assert_snapshot!("note_in_the_list", desk.screen(80, 24));
    desk.press("Alt+N");
    assert_snapshot!("note_form", desk.screen(80, 24));
    desk.press("Ctrl+U");
    assert_snapshot!("note_form_empty", desk.screen(80, 24));
    desk.write("Another.");
    desk.press("Enter");
    slow(&mut desk);
    assert_snapshot!("note_form_sending", desk.screen(80, 24));
    desk.reply(is_note, Err(Fault::Busy));
    assert_snapshot!("note_form_failed", desk.screen(80, 24));
    desk.send(Msg::Resize {
        width: 120,
        height: 40,
    });
    assert_snapshot!("note_form_wide", desk.screen(120, 40));
    desk.send(Msg::Resize { width: 36, height: 9 });
    assert_snapshot!("note_form_compact", desk.screen(36, 9));
}

#[test]
fn nothing_in_a_note_reaches_the_terminal_raw() {
    let raw =
        "\u{1b}[2J\u{1b}]52;c;cm0=\u{7}\u{202e}desrever\u{200b} 日本語の名前 👩🏽‍🚀 line\nbreak\ttab".repeat(4);
    for (width, height) in [(80, 24), (120, 40), (60, 16), (36, 9)] {
        let mut desk = desk(80, 24);
        let note: DoorNote =
            serde_json::from_value(serde_json::json!({"text": raw, "number": 1, "read": false})).unwrap();
        assert_eq!(note.text, SafeText::line(&raw));
        comes(&mut desk, 10, "Niño Bautista", Outcome::Ok, Some(note));
        desk.send(Msg::Resize { width, height });
        for key in ["Ctrl+N", "Esc", "Alt+N"] {
            let buffer = desk.buffer(width, height, &Theme::terminal());
            assert!(
                text_of(&buffer).chars().all(|c| c == '\n' || is_safe(c)),
                "{width}×{height} before {key}"
            );
            desk.press(key);
        }
    }
}
