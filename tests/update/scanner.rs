//! A scanner that types, on every screen and overlay: what it reads goes to the door, stays in no field, presses no
//! command and confirms nothing. And a hand, however fast, is no scanner.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use pine_time::app::effect::{Effect, Timer};
use pine_time::app::msg::Msg;
use pine_time::domain::check_in::{CheckedIn, Outcome, Presented};
use pine_time::domain::event::EventId;
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call, pass_code};
use proptest::prelude::*;

use crate::fixtures::{Desk, candidates, checked_in, door_events, events, key_event, offline, page, types};
use crate::{calls, hides, shows, writes};

/// Letters of which many are commands somewhere: q quits, n and e open forms, r registers, x cancels, y says yes.
fn code() -> String {
    let body = "QRXYNE4VJ";
    format!("{body}{}", pass_code::check_character(body).unwrap())
}

fn is_check_in(call: &Call) -> bool {
    matches!(call, Call::CheckIn { .. })
}

/// Staff who have been at the door, and are on the calendar again.
fn on_the_calendar() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    desk.press("Alt+1");
    desk.with_events(events());
    desk
}

fn form(fields: usize) -> Desk {
    let mut desk = on_the_calendar();
    desk.press("n");
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(types())),
    );
    desk.write("Kite day");
    for _ in 0..fields {
        desk.press("Tab");
    }
    desk
}

/// Every screen and overlay of staff's, by name.
fn everywhere() -> Vec<(String, Desk)> {
    let mut places: Vec<(String, Desk)> = Vec::new();
    let mut add = |name: &str, desk: Desk| places.push((name.to_owned(), desk));
    add("month", on_the_calendar());
    for (name, keys) in [
        ("day list", &["Tab"][..]),
        ("week", &["v"]),
        ("agenda", &["v", "v"]),
        ("filter panel", &["f"]),
        ("filter panel, a day", &["f", "Shift+Tab", "Shift+Tab", "2"]),
        ("filter", &["/", "t", "r"]),
        ("profile", &["4"]),
        ("leaderboard", &["5"]),
        ("help", &["?"]),
        ("palette", &["Ctrl+P", "c", "a"]),
        ("help over the door", &["3", "F1"]),
        ("palette over the door", &["3", "Ctrl+P", "q"]),
        ("the door", &["3"]),
        ("the door, a name half typed", &["3", "n", "i"]),
        ("the door's events", &["3", "F6"]),
        ("a walk-in over the door", &["3", "F2"]),
    ] {
        let mut desk = on_the_calendar();
        for key in keys {
            desk.press(key);
        }
        add(name, desk);
    }
    let mut desk = on_the_calendar();
    desk.press("v");
    desk.press("Enter");
    desk.reply(
        |call| matches!(call, Call::Event(_)),
        Ok(Answer::Event(page(events()[5].clone()))),
    );
    add("event page", desk);
    for field in 0..8 {
        add(&format!("form, field {field}"), form(field));
    }
    let mut desk = form(0);
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Close the form?"]);
    add("a question", desk);
    places
}

/// What is on the screen but the message line and the status line.
fn picture(desk: &Desk) -> String {
    desk.screen(80, 24)
        .lines()
        .take(21)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_scan_goes_to_the_door_from_everywhere_and_leaves_nothing_behind() {
    for (place, mut desk) in everywhere() {
        let before = picture(&desk);
        let effects = desk.scan(&code());
        assert_eq!(
            writes(&effects),
            [&Call::CheckIn {
                nonce: desk.newest(is_check_in).unwrap().1.nonce().unwrap(),
                event: EventId(6),
                presented: Presented::Text(code()),
            }],
            "{place}"
        );
        assert!(
            !effects.iter().any(|effect| matches!(effect, Effect::Quit { .. })),
            "{place}: a letter of the code was a command"
        );
        assert!(
            !picture(&desk).contains(&code()),
            "{place}: a field has kept the scan"
        );
        let door = ["the door", "the door, a name half typed"].contains(&place.as_str());
        let over_the_door = place.contains("the door");
        if !over_the_door {
            assert_eq!(picture(&desk), before, "{place}: the scan has left something");
        }
        if !door {
            shows(
                &desk.screen(80, 24),
                &[&format!("{} was scanned: checking in.", pass_code::show(&code()))],
            );
        }
        desk.reply(is_check_in, Ok(Answer::CheckedIn(checked_in(Outcome::Ok))));
        if door {
            shows(&desk.screen(80, 24), &["✓  Niño Bautista"]);
        } else {
            assert!(
                over_the_door || picture(&desk) == before,
                "{place}: the result has changed the screen"
            );
            shows(&desk.screen(80, 24), &["✓ Niño Bautista: checked in."]);
        }
        if place.ends_with("half typed") {
            shows(&desk.screen(80, 24), &["> ni"]);
        }
        assert_eq!(desk.model.unanswered(), 0, "{place}");
    }
}

#[test]
fn the_same_letters_by_hand_are_letters_everywhere() {
    for (place, mut desk) in everywhere() {
        if place.ends_with("question") || place.ends_with("events") || place == "help" {
            continue;
        }
        desk.write("trivia");
        let effects = desk.press("Enter");
        assert!(
            !writes(&effects)
                .iter()
                .any(|call| matches!(call, Call::CheckIn { presented: Presented::Text(text), .. } if text == "trivia")),
            "{place}: a hand was taken for a scanner"
        );
    }
}

#[test]
fn a_fast_typist_at_the_door_is_no_scanner() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.at_the_door();
    // Two and three letters of a word often come as one; the Enter never does.
    for piece in ["ni", "ño", " b", "aut"] {
        desk.burst(
            piece
                .chars()
                .map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)),
        );
    }
    shows(&desk.screen(80, 24), &["> niño baut"]);
    let effects = desk.press("Enter");
    assert!(writes(&effects).is_empty(), "it waits for the list as ever");
    // Even all of it at once, as over a slow link, is typing as long as Enter is not part of it.
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.at_the_door();
    desk.burst(
        "bautista"
            .chars()
            .map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)),
    );
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["> bautista"]);
    // And a few letters with Enter are too few.
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.at_the_door();
    desk.scan("tonyf");
    shows(&desk.screen(80, 24), &["> tonyf"]);
}

#[test]
fn a_paste_is_a_paste() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.at_the_door();
    desk.send(Msg::Paste(code()));
    shows(&desk.screen(80, 24), &[&format!("> {}", code())]);
    assert!(desk.newest(is_check_in).is_none());
}

#[test]
fn control_characters_and_double_terminators_are_the_scanners_own() {
    let char = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
    let ctrl = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
    let letters: Vec<KeyEvent> = code().chars().map(char).collect();
    let (front, back) = letters.split_at(4);
    let endings: [&[KeyEvent]; 5] = [
        &[KeyCode::Enter.into()],
        &[KeyCode::Tab.into()],
        &[KeyCode::Enter.into(), ctrl('j')],
        &[KeyCode::Enter.into(), KeyCode::Enter.into()],
        // ETX, which is also Ctrl+C, before and behind.
        &[ctrl('c'), KeyCode::Enter.into(), ctrl('c')],
    ];
    for ending in endings {
        for (place, mut desk) in everywhere() {
            // STX before, GS in the middle.
            let keys = [&[ctrl('b')], front, &[ctrl('5')], back, ending].concat();
            let effects = desk.burst(keys);
            let sent = writes(&effects);
            assert!(
                matches!(sent[..], [Call::CheckIn { presented: Presented::Text(text), .. }] if *text == code()),
                "{place}, {ending:?}: {sent:?}"
            );
            assert!(
                !effects.iter().any(|effect| matches!(effect, Effect::Quit { .. })),
                "{place}, {ending:?}"
            );
        }
    }
}

#[test]
fn the_same_scan_again_within_three_seconds_says_so_and_sends_nothing() {
    let mut desk = on_the_calendar();
    desk.press("3");
    assert_eq!(writes(&desk.scan(&code())).len(), 1);
    desk.reply(is_check_in, Ok(Answer::CheckedIn(checked_in(Outcome::Ok))));
    desk.pass(2);
    // As it is written, too.
    assert!(calls(&desk.scan(&pass_code::show(&code().to_lowercase()))).is_empty());
    shows(
        &desk.screen(80, 24),
        &[&format!(
            "! {} was just read. The same scan again; nothing was sent.",
            pass_code::show(&code())
        )],
    );
    // Another pass is another person; and after a while it is meant.
    assert_eq!(writes(&desk.scan("ninar_reyes")).len(), 1);
    assert_eq!(writes(&desk.scan(&code())).len(), 1);
    desk.pass(4);
    assert_eq!(writes(&desk.scan(&code())).len(), 1);
}

#[test]
fn a_scan_that_was_not_answered_is_the_same_attempt_when_it_is_repeated() {
    let mut desk = on_the_calendar();
    desk.press("3");
    desk.scan(&code());
    let (_, first) = desk.newest(is_check_in).unwrap();
    desk.reply(is_check_in, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["NOT CHECKED IN", "Enter tries again"][1..],
    );
    desk.pass(1);
    assert_eq!(
        writes(&desk.scan(&code())),
        [&first],
        "at once, under the same nonce"
    );
}

#[test]
fn without_an_event_at_the_door_it_says_which_key_opens_one() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    assert!(calls(&desk.scan(&code())).is_empty());
    shows(
        &desk.screen(80, 24),
        &["was scanned, and no event is open at the door. Alt+3 opens one."],
    );
    desk.press("Alt+3");
    desk.reply(
        |call| matches!(call, Call::Events { .. }),
        Ok(Answer::Events(door_events())),
    );
    assert_eq!(
        writes(&desk.scan(&code())).len(),
        1,
        "the same pass at once: it was not sent before"
    );
}

#[test]
fn what_was_misread_is_shown_as_it_was_read() {
    let mut desk = on_the_calendar();
    desk.press("3");
    // A wrong check character, and a keyboard of another layout.
    for (read, told) in [
        (
            "QRXYN-E4VJQ",
            "Misread or mistyped: the last character does not fit.",
        ),
        ("qrxzn&é\"'(-", "Nobody is known by this."),
    ] {
        let effects = desk.scan(read);
        assert!(
            matches!(&writes(&effects)[..], [Call::CheckIn { presented: Presented::Text(text), .. }] if text == read),
            "{read}"
        );
        let answer = CheckedIn {
            input: read.into(),
            ..checked_in(Outcome::UnknownCode)
        };
        desk.reply(is_check_in, Ok(Answer::CheckedIn(answer)));
        shows(&desk.screen(80, 24), &[&format!("?  {read}"), told]);
    }
}

#[test]
fn a_key_held_down_moves_and_is_no_scan() {
    let mut desk = on_the_calendar();
    desk.press("5");
    desk.reply(
        |call| matches!(call, Call::Game(GameCall::Board { .. })),
        Ok(Answer::Game(GameAnswer::Board(crate::fixtures::board(
            340, 0, 100,
        )))),
    );
    let held = vec![KeyEvent::new(KeyCode::Char('j'), KeyModifiers::NONE); 12];
    desk.burst(held);
    let effects = desk.burst([KeyCode::Enter.into()]);
    assert!(writes(&effects).is_empty());
    // Enter has opened whoever is there.
    desk.press("Esc");
    let theme = pine_time::ui::Theme::terminal();
    let row = desk.buffer(80, 24, &theme)[(5, 17)].clone();
    assert_eq!(
        Some(row.bg),
        theme.selection.bg,
        "the cursor is on the thirteenth"
    );
}

#[test]
fn commands_that_come_together_are_done_in_order() {
    let mut desk = on_the_calendar();
    // As a slow link delivers them: all at once, and then nothing.
    let effects = desk.burst(["/", "t", "r", "i", "v"].map(key_event));
    assert!(effects.iter().any(|effect| matches!(
        effect,
        Effect::After {
            timer: Timer::Burst,
            ..
        }
    )));
    desk.fire(Timer::Burst);
    shows(&desk.screen(80, 24), &["/triv"]);
    let mut desk = on_the_calendar();
    desk.burst(["n", "K", "i", "t", "e"].map(key_event));
    desk.fire(Timer::Burst);
    shows(&desk.screen(80, 24), &["New event", "Kite"]);
}

#[test]
fn a_whole_code_without_a_terminator_is_a_scan_all_the_same() {
    for (place, mut desk) in everywhere() {
        desk.burst(
            code()
                .chars()
                .map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)),
        );
        let effects = desk.fire(Timer::Burst);
        assert_eq!(writes(&effects).len(), 1, "{place}");
    }
}

#[test]
fn the_lock_takes_a_typing_machine_for_a_password_and_a_pass_for_none() {
    let mut desk = on_the_calendar();
    desk.press("Ctrl+L");
    let effects = desk.scan("correct horse");
    assert!(
        calls(&effects)
            .iter()
            .any(|call| matches!(call, Call::SignIn { .. })),
        "a password manager types like a scanner"
    );
    let mut desk = on_the_calendar();
    desk.press("Ctrl+L");
    assert!(calls(&desk.scan(&code())).is_empty());
    shows(
        &desk.screen(80, 24),
        &["A pass was scanned. The door is locked: type your password"],
    );
}

#[test]
fn members_have_no_scanner() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("/");
    let effects = desk.scan("trivia");
    let looks_up = |call: &&Call| matches!(call, Call::Calendar(_));
    assert!(calls(&effects).iter().all(looks_up), "{effects:?}");
    let screen = desk.screen(80, 24);
    shows(&screen, &["Trivia Night: Science"]);
    hides(&screen, &["scanned"]);
}

#[test]
fn what_was_typed_before_the_scan_is_still_looked_for() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.at_the_door();
    desk.find("nin", candidates());
    desk.scan(&code());
    shows(&desk.screen(80, 24), &["> nin", "Niño Bautista"]);
    let timer = desk.timer(|timer| matches!(timer, Timer::Debounce(_))).unwrap();
    let effects = desk.fire(timer);
    assert_eq!(
        calls(&effects),
        [&Call::FindAtDoor {
            event: EventId(6),
            query: "nin".to_owned()
        }]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any letters that come without a pause and end so: one attempt each, and nothing else is done.
    #[test]
    fn any_burst_anywhere_is_one_attempt_and_nothing_else(
        at in 0_usize..64,
        bursts in prop::collection::vec("[ -~]{5}[A-Z0-9][ -~]{0,12}", 1..4),
        controls in prop::collection::vec((0_usize..12, 0_u8..26), 0..3),
    ) {
        let mut places = everywhere();
        let at = at % places.len();
        let (place, mut desk) = places.swap_remove(at);
        let before = picture(&desk);
        for (number, letters) in bursts.iter().enumerate() {
            // Told apart from the one before, from an empty text and from a key held down.
            let text = format!("{number}a{}z", letters.trim());
            let mut keys: Vec<KeyEvent> = text.chars().map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)).collect();
            for (place, control) in &controls {
                let c = char::from(b'a' + control);
                if c != 'j' {
                    keys.insert(1 + place % keys.len(), KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL));
                }
            }
            keys.push(KeyCode::Enter.into());
            let effects = desk.burst(keys);
            let sent = writes(&effects);
            prop_assert!(
                matches!(sent[..], [Call::CheckIn { presented: Presented::Text(read), .. }] if *read == text),
                "{}: {:?} became {:?}", place, text, sent
            );
            let quits = effects.iter().any(|effect| matches!(effect, Effect::Quit { .. }));
            prop_assert!(!quits, "{}", place);
        }
        if !place.contains("the door") {
            prop_assert_eq!(picture(&desk), before, "{}", place);
        }
    }
}
