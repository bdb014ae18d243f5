//! The event form.

use pine_time::domain::event::{EventDraft, EventId};
use pine_time::domain::member::UserType;
use pine_time::domain::money::Money;
use pine_time::domain::plan::PlanCall;
use pine_time::domain::{Answer, Call, Fault, Nonce};

use crate::fixtures::{Desk, event, events, manila, offline, page, types};
use crate::plans::{is_save, saved};
use crate::{calls, hides, shows, writes};

fn new_event() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.press("n");
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(types())),
    );
    desk
}

/// Every field filled as a person would.
fn filled() -> Desk {
    let mut desk = new_event();
    desk.write("Quiz Night");
    desk.press("Enter");
    desk.write("tri");
    desk.press("Tab");
    desk.write("Hill Station");
    desk.press("Down");
    desk.write("18:30");
    desk.press("Enter");
    desk.write("20:30");
    desk.press("Enter");
    desk.press("Enter");
    desk.press("Enter");
    desk.write("24");
    desk.press("Enter");
    desk.write("15");
    desk.press("Tab");
    desk.write("99.5");
    desk.press("Enter");
    desk.press("Enter");
    desk.write("Bring a pen.");
    desk.press("Enter");
    desk.write("And a friend.");
    desk
}

#[test]
fn a_form_is_filled_and_saved() {
    let mut desk = filled();
    shows(
        &desk.screen(80, 24),
        &[
            "New event",
            "trivia",
            "2026-11-27 18:30",
            "Fri 27 Nov 18:30 · 22 min ago",
            "Fri 27 Nov 20:30",
            "₱99.50",
            "Bring a pen.",
        ],
    );
    let effects = desk.press("Ctrl+S");
    let draft = EventDraft {
        id: None,
        version: 0,
        title: "Quiz Night".to_owned(),
        event_type: "trivia".to_owned(),
        location: "Hill Station".to_owned(),
        start_time: manila("2026-11-27 18:30"),
        end_time: manila("2026-11-27 20:30"),
        max_participants: Some(24),
        points_reward: 15,
        price: Money::from_hundredths(9_950),
        description: "Bring a pen.\nAnd a friend.".to_owned(),
        requires_approval: false,
        further: Vec::new(),
        series_of: None,
    };
    assert_eq!(
        writes(&effects),
        [&Call::Plan(PlanCall::Save {
            nonce: Nonce::from_u128(1),
            draft: Box::new(draft)
        })]
    );
    assert!(writes(&desk.press("Ctrl+S")).is_empty(), "it is on its way");
    let made = page(event(40, "Quiz Night", "2026-11-27 18:30", 2));
    desk.reply(is_save, Ok(saved(made)));
    let screen = desk.screen(80, 24);
    hides(&screen, &["New event"]);
    shows(&screen, &["✓ Saved: Quiz Night, Fri 27 Nov 18:30.", "3 events"]);
    assert!(
        screen.lines().any(|l| l.contains("▸18:30  Quiz Night")),
        "{screen}"
    );
}

#[test]
fn an_edited_event_starts_from_what_it_is() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    let effects = desk.press("e");
    assert_eq!(calls(&effects), [&Call::Event(EventId(6))]);
    desk.reply(
        |call| matches!(call, Call::Event(_)),
        Ok(Answer::Event(page(events()[5].clone()))),
    );
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(types())),
    );
    shows(
        &desk.screen(80, 24),
        &[
            "Edit event",
            "Trivia Night: Science",
            "2026-11-27 18:30",
            "Teams of up to five.",
        ],
    );
    // Nothing typed: Esc asks nothing.
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["Edit event", "Close the form?"]);
    desk.press("e");
    desk.reply(
        |call| matches!(call, Call::Event(_)),
        Ok(Answer::Event(page(events()[5].clone()))),
    );
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(types())),
    );
    desk.write("!");
    let effects = desk.press("Ctrl+S");
    let [Call::Plan(PlanCall::Save { draft, .. })] = writes(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(draft.id, Some(EventId(6)));
    assert_eq!(draft.title, "Trivia Night: Science!");
}

#[test]
fn a_form_that_comes_too_late_does_not_open() {
    for elsewhere in ["5", "?"] {
        let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
        desk.with_events(events());
        desk.press("e");
        desk.press(elsewhere);
        desk.reply(
            |call| matches!(call, Call::Event(_)),
            Ok(Answer::Event(page(events()[5].clone()))),
        );
        hides(&desk.screen(80, 24), &["Edit event"]);
    }
}

#[test]
fn the_first_wrong_field_gets_the_cursor_and_each_says_why() {
    let mut desk = new_event();
    desk.press("Ctrl+S");
    shows(
        &desk.screen(80, 24),
        &[
            "Give it a title.",
            "Choose a type.",
            "Give it a place.",
            "Type a date and time, like 2026-11-27 18:30.",
            "5 fields need another look.",
        ],
    );
    // The cursor is in the title: what is typed stands there, and its message goes.
    desk.write("Quiz");
    let screen = desk.screen(80, 24);
    shows(&screen, &["Title *   Quiz"]);
    hides(&screen, &["Give it a title."]);
    assert!(desk.newest(is_save).is_none());
}

#[test]
fn a_field_is_checked_when_it_is_left() {
    let mut desk = new_event();
    for _ in 0..3 {
        desk.press("Tab");
    }
    desk.press("Ctrl+U");
    desk.write("tomorrow evening");
    desk.press("Tab");
    shows(
        &desk.screen(80, 24),
        &["“evening” is no time of day; type it like 18:30."],
    );
    desk.press("Shift+Tab");
    desk.press("Ctrl+U");
    desk.write("28 Nov 9:00");
    desk.press("Tab");
    let screen = desk.screen(80, 24);
    hides(&screen, &["no time of day"]);
    shows(&screen, &["Sat 28 Nov 09:00 · in 14 h"]);
    desk.write("2026-11-28 08:00");
    desk.press("Tab");
    shows(&desk.screen(80, 24), &["The end must come after the start."]);
    desk.press("Tab");
    desk.press("Tab");
    desk.write("many");
    desk.press("Tab");
    shows(
        &desk.screen(80, 24),
        &["Type seats as a whole number, 0 or more."],
    );
}

#[test]
fn the_type_is_chosen_by_arrows_or_letters() {
    let mut desk = new_event();
    desk.press("Tab");
    desk.press("Right");
    shows(&desk.screen(80, 24), &["‹ board games ›", "1 of 5"]);
    desk.press("Left");
    shows(&desk.screen(80, 24), &["‹ workshop ›"]);
    desk.write("my");
    shows(&desk.screen(80, 24), &["‹ mystery ›"]);
    // A letter that leads no further begins anew.
    desk.write("h");
    shows(&desk.screen(80, 24), &["‹ hike ›"]);
}

#[test]
fn what_the_database_refuses_stands_at_its_field() {
    let mut desk = filled();
    desk.press("Ctrl+S");
    let why = "21 seats are taken; there must be at least as many.";
    desk.reply(
        is_save,
        Err(Fault::Invalid {
            field: "max_participants".to_owned(),
            why: why.into(),
        }),
    );
    shows(&desk.screen(80, 24), &[why, "Quiz Night"]);
    desk.write("0");
    let effects = desk.press("Ctrl+S");
    let [Call::Plan(PlanCall::Save { draft, nonce })] = writes(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(draft.max_participants, Some(240), "the cursor was in the field");
    assert_eq!(*nonce, Nonce::from_u128(2), "another draft is another change");
    desk.reply(
        is_save,
        Err(Fault::Conflict("Somebody else has changed the event.".into())),
    );
    shows(
        &desk.screen(80, 24),
        &["Not saved. Somebody else has changed the event.", "Quiz Night"],
    );
}

#[test]
fn a_broken_link_keeps_the_form_and_the_same_draft_is_the_same_change() {
    let mut desk = filled();
    desk.press("Ctrl+S");
    let (_, first) = desk.newest(is_save).unwrap();
    desk.reply(is_save, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &[
            "Not saved. The database does not answer",
            "Quiz Night",
            "Bring a pen.",
        ],
    );
    let effects = desk.press("Ctrl+S");
    assert_eq!(writes(&effects), [&first]);
}

#[test]
fn esc_asks_only_if_something_was_typed() {
    let mut desk = new_event();
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["New event"]);
    desk.press("n");
    desk.write("Q");
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Close the form?", "is not saved"]);
    desk.press("n");
    shows(&desk.screen(80, 24), &["Title *   Q"]);
    desk.press("Esc");
    desk.press("y");
    hides(&desk.screen(80, 24), &["New event", "Close the form?"]);
}

#[test]
fn a_form_closed_while_it_is_sent_tells_the_outcome_later() {
    let mut desk = filled();
    desk.press("Ctrl+S");
    desk.press("Esc");
    shows(
        &desk.screen(80, 24),
        &["The event is on its way and is saved once the"],
    );
    desk.press("y");
    hides(&desk.screen(80, 24), &["New event"]);
    desk.reply(is_save, Err(Fault::Slow));
    shows(
        &desk.screen(80, 24),
        &["✕ The event is not saved. The database took too long to answer."],
    );
}

#[test]
fn undo_and_redo_act_on_the_field() {
    let mut desk = new_event();
    desk.write("Quiz Night");
    desk.press("Ctrl+Z");
    shows(&desk.screen(80, 24), &["Title *   Quiz\n".trim_end()]);
    hides(&desk.screen(80, 24), &["Quiz Night"]);
    desk.press("Ctrl+Y");
    shows(&desk.screen(80, 24), &["Quiz Night"]);
    for _ in 0..11 {
        desk.press("Tab");
    }
    desk.write("word");
    desk.press("Ctrl+Z");
    hides(&desk.screen(80, 24), &["word"]);
    desk.press("Ctrl+Y");
    shows(&desk.screen(80, 24), &["wor"]);
}

#[test]
fn types_that_do_not_come_are_asked_for_again() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.press("n");
    desk.reply(|call| matches!(call, Call::EventTypes), Err(Fault::Busy));
    shows(&desk.screen(80, 24), &["All database connections are busy."]);
    desk.write("Q");
    let effects = desk.press("F5");
    assert!(calls(&effects).contains(&&Call::EventTypes), "{effects:?}");
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(types())),
    );
    shows(&desk.screen(80, 24), &["Title *   Q", "‹ choose ›"]);
}

#[test]
fn what_is_told_over_the_form_leaves_its_frame_whole() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("n");
    desk.send(pine_time::app::msg::Msg::Paste("x".repeat(5000)));
    let screen = desk.screen(80, 24);
    let told = screen
        .lines()
        .find(|line| line.contains("That is more than fits"));
    let told = told.unwrap_or_else(|| panic!("{screen}"));
    assert!(
        told.starts_with('│') && told.trim_end().ends_with('│'),
        "{screen}"
    );
}
