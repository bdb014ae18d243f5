//! Planning from the calendar: series, copies, two editors, whom a change hurts, cancelling and reopening, event types,
//! calendar files.

use pine_time::app::effect::Effect;
use pine_time::domain::event::{EventDraft, EventId, EventPage};
use pine_time::domain::member::UserType;
use pine_time::domain::plan::{FileOf, PlanAnswer, PlanCall, StopOutcome, TypeChange};
use pine_time::domain::{Answer, Call, Fault, Nonce};

use crate::fixtures::{Desk, event, events, manila, offline, page, types};
use crate::plans::{
    cancelled, changed, effects, file, form_from, harmless, is_cancel, is_effects, is_file, is_save,
    is_type_change, is_types, saved, stopped, type_lines,
};
use crate::{calls, hides, shows, writes};

fn staff() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk
}

/// The form of the sixth event, its title one letter longer.
fn edited() -> Desk {
    let mut desk = staff();
    form_from(&mut desk, "e");
    desk.write("!");
    desk
}

/// To the field so many fields on, emptied.
fn field(desk: &mut Desk, on: usize) {
    for _ in 0..on {
        desk.press("Tab");
    }
    desk.press("Ctrl+U");
}

fn draft(effects: &[Effect]) -> (Nonce, EventDraft) {
    match writes(effects)[..] {
        [Call::Plan(PlanCall::Save { nonce, draft })] => (*nonce, (**draft).clone()),
        _ => panic!("not one event saved: {effects:?}"),
    }
}

#[allow(clippy::unnecessary_wraps, reason = "as a reply takes it")]
fn tell(of: pine_time::domain::plan::Effects) -> Result<Answer, Fault> {
    Ok(Answer::Plan(PlanAnswer::Effects(of)))
}

// ---- new events, series, copies ----

#[test]
fn a_series_is_typed_and_saved_as_one_write() {
    let mut desk = staff();
    desk.press("n");
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(types())),
    );
    desk.write("Quiz Night");
    desk.press("Enter");
    desk.write("tri");
    desk.press("Enter");
    desk.write("Hill Station");
    desk.press("Enter");
    desk.write("18:30");
    desk.press("Enter");
    desk.write("20:30");
    desk.press("Enter");
    desk.write("2");
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["how many in all; empty for one"]);
    desk.write("6");
    shows(&desk.screen(80, 24), &["6 events, the last on Fri 5 Feb 2027"]);
    let effects = desk.press("Ctrl+S");
    let (_, made) = draft(&effects);
    assert_eq!((made.id, made.series_of, made.further.len()), (None, None, 5));
    assert_eq!(
        made.further[0],
        (manila("2026-12-11 18:30"), manila("2026-12-11 20:30"))
    );
    assert_eq!(made.further[4].0, manila("2027-02-05 18:30"));
    let first = page(event(40, "Quiz Night", "2026-11-27 18:30", 2));
    desk.reply(
        is_save,
        Ok(Answer::Plan(PlanAnswer::Saved(Box::new(
            pine_time::domain::plan::Saved::Saved {
                event: first,
                events: 6,
            },
        )))),
    );
    shows(
        &desk.screen(80, 24),
        &["✓ Made: 6 events, the first Quiz Night, Fri 27 Nov 18:30."],
    );
    assert!(
        desk.newest(|call| matches!(call, Call::Events { .. })).is_some(),
        "the others are asked for"
    );
}

#[test]
fn a_copy_begins_from_the_event_and_is_another() {
    let mut desk = staff();
    form_from(&mut desk, "D");
    shows(
        &desk.screen(80, 24),
        &[
            "New event like this one",
            "Trivia Night: Science",
            "2026-11-27 18:30",
        ],
    );
    desk.press("Esc");
    hides(
        &desk.screen(80, 24),
        &["New event like this one", "Close the form?"],
    );
    form_from(&mut desk, "D");
    // The cursor is where a copy differs.
    desk.press("Ctrl+U");
    desk.write("4 Dec 18:30");
    field(&mut desk, 1);
    desk.write("20:00");
    let (_, copy) = draft(&desk.press("Ctrl+S"));
    assert_eq!((copy.id, copy.series_of, copy.further.len()), (None, None, 0));
    assert_eq!(copy.title, "Trivia Night: Science");
    assert_eq!(
        (copy.start_time, copy.end_time),
        (manila("2026-12-04 18:30"), manila("2026-12-04 20:00"))
    );
}

#[test]
fn copies_every_week_join_the_events_series() {
    let mut desk = staff();
    form_from(&mut desk, "W");
    shows(
        &desk.screen(80, 24),
        &["Copies of the event", "2026-12-04 18:30", "how many copies"],
    );
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["Type how many events: 1 to 104."]);
    desk.write("3");
    let (_, copies) = draft(&desk.press("Ctrl+S"));
    assert_eq!((copies.id, copies.series_of), (None, Some(EventId(6))));
    assert_eq!(copies.start_time, manila("2026-12-04 18:30"));
    assert_eq!(
        copies.further.iter().map(|(start, _)| *start).collect::<Vec<_>>(),
        [manila("2026-12-11 18:30"), manila("2026-12-18 18:30")]
    );
}

#[test]
fn approval_is_a_choice() {
    let mut desk = staff();
    form_from(&mut desk, "e");
    for _ in 0..8 {
        desk.press("Tab");
    }
    shows(&desk.screen(80, 24), &["‹ no ›", "whoever registers is in"]);
    desk.press("Right");
    shows(
        &desk.screen(80, 24),
        &["‹ yes ›", "staff let people in, one by one"],
    );
    desk.write("n");
    shows(&desk.screen(80, 24), &["‹ no ›"]);
    desk.write(" ");
    desk.send(pine_time::app::msg::Msg::Paste("garbage".to_owned()));
    let (_, saved) = draft(&desk.press("Ctrl+S"));
    assert!(saved.requires_approval);
}

// ---- whom it hurts ----

#[test]
fn a_change_that_hurts_is_asked_before_it_is_saved() {
    let mut desk = edited();
    field(&mut desk, 3);
    desk.write("2026-11-27 19:00");
    let looked = desk.press("Ctrl+S");
    let [Call::Plan(PlanCall::Effects(change))] = calls(&looked)[..] else {
        panic!("{looked:?}")
    };
    assert_eq!((change.event, change.stops), (EventId(6), false));
    assert_eq!(change.start_time, manila("2026-11-27 19:00"));
    assert!(desk.newest(is_save).is_none(), "nothing is written yet");
    desk.reply(is_effects, tell(effects()));
    shows(
        &desk.screen(80, 24),
        &[
            "Move Trivia Night: Science?",
            "12 registered, 1 not yet approved and 2 waiting",
            "Ana, Ben, Chloé, Dan, Ella, Fe and 9 more",
            "They planned for the old",
            "2 of them have",
            "Ana (The Manor",
            "Murder), Dan (Café Français).",
        ],
    );
    // No: the form stays as it was, and the next save asks again.
    desk.press("n");
    shows(&desk.screen(80, 24), &["Edit event", "2026-11-27 19:00"]);
    assert!(desk.newest(is_save).is_none());
    desk.press("Ctrl+S");
    desk.reply(is_effects, tell(effects()));
    let (_, saved) = draft(&desk.press("y"));
    assert_eq!(saved.start_time, manila("2026-11-27 19:00"));
    assert_eq!((saved.id, saved.version), (Some(EventId(6)), 1));
}

#[test]
fn fewer_seats_than_taken_say_how_many() {
    let mut desk = edited();
    field(&mut desk, 5);
    desk.write("8");
    desk.press("Ctrl+S");
    let over = pine_time::domain::plan::Effects {
        over: 4,
        moves: false,
        ..effects()
    };
    desk.reply(is_effects, tell(over));
    shows(
        &desk.screen(80, 24),
        &[
            "Fewer seats than are taken?",
            "12 seats are taken, 4 more than there would",
            "Nobody loses a",
        ],
    );
}

#[test]
fn what_hurts_nobody_is_saved_at_once() {
    let mut desk = edited();
    assert!(!writes(&desk.press("Ctrl+S")).is_empty(), "a title hurts nobody");
    let mut desk = edited();
    field(&mut desk, 2);
    desk.write("Casa Verde");
    desk.press("Ctrl+S");
    let sent = desk.reply(is_effects, tell(harmless()));
    assert_eq!(draft(&sent).1.location, "Casa Verde");
    // What is over can move nobody any more.
    let mut desk = staff();
    // From Friday the 27th to Saturday the 14th.
    desk.press("Up");
    desk.press("Up");
    desk.press("Right");
    desk.press("e");
    desk.reply(
        |call| matches!(call, Call::Event(_)),
        Ok(Answer::Event(page(events()[3].clone()))),
    );
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(types())),
    );
    field(&mut desk, 2);
    desk.write("Car park");
    assert!(!writes(&desk.press("Ctrl+S")).is_empty());
}

#[test]
fn a_lost_link_while_looking_keeps_the_form() {
    let mut desk = edited();
    field(&mut desk, 2);
    desk.write("Casa Verde");
    desk.press("Ctrl+S");
    assert!(writes(&desk.press("Ctrl+S")).is_empty(), "it is under way");
    desk.write("xyz");
    desk.reply(is_effects, Err(offline()));
    desk.quiet();
    let screen = desk.screen(80, 24);
    shows(
        &screen,
        &["Not saved. The database does not answer", "Casa Verde"],
    );
    hides(&screen, &["xyz"]);
    desk.write("!");
    desk.press("Ctrl+S");
    let sent = desk.reply(is_effects, tell(harmless()));
    assert_eq!(draft(&sent).1.location, "Casa Verde!");
}

#[test]
fn an_answer_that_nobody_waits_for_any_more_saves_nothing() {
    let mut desk = edited();
    field(&mut desk, 2);
    desk.write("Casa Verde");
    desk.press("Ctrl+S");
    let (request, _) = desk.newest(is_effects).unwrap();
    desk.press("Esc");
    shows(
        &desk.screen(80, 24),
        &["Close the form?", "is not saved and will be gone"],
    );
    desk.press("n");
    assert!(
        writes(&desk.reply_to(request, tell(harmless()))).is_empty(),
        "it was given up"
    );
    shows(&desk.screen(80, 24), &["Edit event", "Casa Verde"]);
    // The form is gone: so is the question.
    desk.press("Ctrl+S");
    let (request, _) = desk.newest(is_effects).unwrap();
    desk.press("Esc");
    desk.press("y");
    assert!(writes(&desk.reply_to(request, tell(effects()))).is_empty());
    hides(&desk.screen(80, 24), &["Move", "Edit event"]);
}

#[test]
fn a_session_that_ends_while_looking_is_renewed_and_looks_again() {
    let mut desk = edited();
    field(&mut desk, 2);
    desk.write("Casa Verde");
    desk.press("Ctrl+S");
    desk.reply(is_effects, Err(Fault::NotSignedIn));
    desk.write("pinetime");
    desk.press("Enter");
    let effects = desk.reply(
        |call| matches!(call, Call::SignIn { .. }),
        Ok(Answer::SignIn(Some(crate::fixtures::me(UserType::Staff)))),
    );
    assert!(calls(&effects).into_iter().any(is_effects), "{effects:?}");
    let sent = desk.reply(is_effects, tell(harmless()));
    assert_eq!(draft(&sent).1.location, "Casa Verde");
}

// ---- two editors ----

/// The sixth event as Mira has left it: another title and place.
fn theirs() -> EventPage {
    let mut line = events()[5].clone();
    line.title = "Trivia Night: Physics".into();
    line.location = "The Annex".into();
    EventPage {
        version: 2,
        changed_at: Some(manila("2026-11-27 18:50")),
        ..page(line)
    }
}

/// Title and seats typed here, title and place changed by Mira.
fn collided() -> Desk {
    let mut desk = edited();
    field(&mut desk, 5);
    desk.write("30");
    desk.press("Ctrl+S");
    desk.reply(is_effects, tell(harmless()));
    desk.reply(is_save, Ok(changed(theirs(), "mira")));
    desk
}

#[test]
fn the_second_editor_sees_the_difference_and_chooses() {
    let mut desk = collided();
    let screen = desk.screen(80, 24);
    shows(
        &screen,
        &[
            "Changed by two",
            "mira changed this event at 18:50, while you were typing.",
            "✓ Trivia Night: Science!",
            "Trivia Night: Physics",
            "✓ The Annex",
            "✓ 30",
            "Both of you changed it.",
        ],
    );
    desk.press("Left");
    shows(&desk.screen(80, 24), &["✓ Trivia Night: Physics"]);
    desk.press("Down");
    shows(&desk.screen(80, 24), &["Only they changed it."]);
    desk.press("Down");
    shows(&desk.screen(80, 24), &["Only you changed it."]);
    desk.press("Enter");
    let screen = desk.screen(80, 24);
    hides(&screen, &["Changed by two"]);
    shows(
        &screen,
        &[
            "Trivia Night: Physics",
            "The Annex",
            "30",
            "Save again to keep them.",
        ],
    );
    desk.press("Ctrl+S");
    let sent = desk.reply(is_effects, tell(harmless()));
    let (nonce, merged) = draft(&sent);
    assert_eq!((merged.version, merged.max_participants), (2, Some(30)));
    assert_eq!(
        (merged.title.as_str(), merged.location.as_str()),
        ("Trivia Night: Physics", "The Annex")
    );
    assert_eq!(nonce, Nonce::from_u128(2), "another change");
    let done = EventPage {
        version: 3,
        ..theirs()
    };
    desk.reply(is_save, Ok(saved(done)));
    shows(&desk.screen(80, 24), &["✓ Saved: Trivia Night: Physics"]);
}

#[test]
fn all_theirs_or_all_mine_at_one_key() {
    for (key, title, place, seats) in [
        ("t", "Trivia Night: Physics", "The Annex", Some(20)),
        ("m", "Trivia Night: Science!", "Hill Station", Some(30)),
    ] {
        let mut desk = collided();
        desk.press(key);
        desk.press("Enter");
        let effects = desk.press("Ctrl+S");
        let effects = if writes(&effects).is_empty() {
            desk.reply(is_effects, tell(harmless()))
        } else {
            effects
        };
        let (_, saved) = draft(&effects);
        assert_eq!(
            (
                saved.title.as_str(),
                saved.location.as_str(),
                saved.max_participants
            ),
            (title, place, seats),
            "{key}"
        );
    }
    // One field at a time, and the other of the two.
    let mut desk = collided();
    desk.write(" ");
    shows(&desk.screen(80, 24), &["✓ Trivia Night: Physics"]);
    desk.press("Right");
    shows(&desk.screen(80, 24), &["✓ Trivia Night: Science!"]);
}

#[test]
fn leaving_the_difference_loses_nothing() {
    let mut desk = collided();
    desk.press("Esc");
    let screen = desk.screen(80, 24);
    hides(&screen, &["Changed by two", "The Annex"]);
    shows(&screen, &["Trivia Night: Science!", "Hill Station", "30"]);
    // Still on the old version: the next save is told again.
    desk.press("Ctrl+S");
    let sent = desk.reply(is_effects, tell(harmless()));
    assert_eq!(draft(&sent).1.version, 1);
    desk.reply(is_save, Ok(changed(theirs(), "mira")));
    shows(&desk.screen(80, 24), &["Changed by two"]);
}

#[test]
fn an_event_cancelled_meanwhile_says_so() {
    let mut desk = edited();
    desk.press("Ctrl+S");
    desk.reply(is_save, Ok(changed(cancelled(), "mira")));
    shows(
        &desk.screen(80, 24),
        &[
            "mira cancelled this event at 18:40: The hall is flooded",
            "✓ Trivia Night: Science!",
        ],
    );
    // Where nothing else differs there is nothing to choose.
    let mut desk = staff();
    form_from(&mut desk, "e");
    desk.press("Ctrl+S");
    desk.reply(is_save, Ok(changed(cancelled(), "mira")));
    let screen = desk.screen(80, 24);
    hides(&screen, &["Changed by two"]);
    shows(
        &screen,
        &["mira cancelled the event meanwhile (The hall is flooded)."],
    );
    let (_, again) = draft(&desk.press("Ctrl+S"));
    assert_eq!(again.version, 2);
}

#[test]
fn a_difference_for_a_form_that_was_closed_is_only_told() {
    let mut desk = edited();
    desk.press("Ctrl+S");
    desk.press("Esc");
    desk.press("y");
    desk.reply(is_save, Ok(changed(theirs(), "mira")));
    let screen = desk.screen(80, 24);
    hides(&screen, &["Changed by two", "Edit event"]);
    shows(&screen, &["✕ The event is not saved: mira changed it meanwhile."]);
}

// ---- cancelling and reopening ----

fn stopping() -> Desk {
    let mut desk = staff();
    let asked = desk.press("X");
    assert!(calls(&asked).into_iter().any(is_effects), "{asked:?}");
    let stops = pine_time::domain::plan::Effects {
        stops: true,
        moves: false,
        ..effects()
    };
    desk.reply(is_effects, tell(stops));
    desk
}

#[test]
fn cancelling_shows_whom_it_hurts_and_needs_a_reason() {
    let mut desk = stopping();
    shows(
        &desk.screen(80, 24),
        &["Cancel the event", "12 registered", "3 payments, ₱750,"],
    );
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(
        &desk.screen(80, 24),
        &["Type why; everybody registered reads it."],
    );
    desk.write("  The hall is flooded ");
    let sent = desk.press("Enter");
    let call = Call::Plan(PlanCall::Cancel {
        nonce: Nonce::from_u128(1),
        event: EventId(6),
        reason: "The hall is flooded".to_owned(),
    });
    assert_eq!(writes(&sent), [&call]);
    assert!(writes(&desk.press("Enter")).is_empty(), "it is on its way");
    let done = Answer::Plan(PlanAnswer::Cancelled(stopped(StopOutcome::Cancelled)));
    desk.reply(is_cancel, Ok(done));
    let screen = desk.screen(80, 24);
    hides(&screen, &["Cancel the event"]);
    shows(
        &screen,
        &[
            "✓ Cancelled: Trivia Night: Science, Fri 27 Nov 18:30. 15 people see why.",
            "cancelled",
        ],
    );
}

#[test]
fn a_cancellation_that_did_not_get_through_is_the_same_when_sent_again() {
    let mut desk = stopping();
    desk.write("Typhoon");
    let first = desk.press("Enter");
    desk.reply(is_cancel, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["Not cancelled. The database does not answer", "Typhoon"],
    );
    assert_eq!(writes(&desk.press("Enter")), writes(&first));
    desk.reply(
        is_cancel,
        Err(Fault::Invalid {
            field: "reason".to_owned(),
            why: "A reason has at most 255 characters.".into(),
        }),
    );
    shows(&desk.screen(80, 24), &["A reason has at most 255", "Typhoon"]);
    desk.write("!");
    let again = desk.press("Enter");
    assert_ne!(writes(&again), writes(&first), "another reason is another change");
    // Closed while it is sent: what came of it is told all the same.
    desk.press("Esc");
    desk.reply(is_cancel, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["✕ Not changed. The database does not answer"],
    );
}

#[test]
fn who_cancels_second_is_told_the_first_reason() {
    let mut desk = stopping();
    desk.write("Typhoon");
    desk.press("Enter");
    let already = Answer::Plan(PlanAnswer::Cancelled(stopped(StopOutcome::Already)));
    desk.reply(is_cancel, Ok(already));
    let told = "· Somebody cancelled Trivia Night: Science already: The hall is flooded.";
    shows(&desk.screen(80, 24), &[told]);
}

#[test]
fn whom_it_hurts_may_come_late_or_never() {
    let mut desk = staff();
    desk.press("X");
    desk.reply(is_effects, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["Cancel the event", "The database does not answer"],
    );
    desk.write("Typhoon");
    assert_eq!(
        writes(&desk.press("Enter")).len(),
        1,
        "it can be cancelled all the same"
    );
}

#[test]
fn a_cancelled_event_is_reopened_after_a_question() {
    let mut desk = staff();
    // The sixth is cancelled by somebody else meanwhile.
    let mut now_are = events();
    now_are[5].is_active = false;
    desk.press("F5");
    desk.with_events(now_are);
    desk.press("X");
    shows(
        &desk.screen(80, 24),
        &["Reopen Trivia Night: Science?", "12 people have their"],
    );
    assert!(writes(&desk.press("n")).is_empty());
    desk.press("X");
    let effects = desk.press("y");
    let call = Call::Plan(PlanCall::Reopen {
        nonce: Nonce::from_u128(1),
        event: EventId(6),
    });
    assert_eq!(writes(&effects), [&call]);
    desk.press("X");
    shows(
        &desk.screen(80, 24),
        &["Your last change to this event is not answered yet."],
    );
    let done = Answer::Plan(PlanAnswer::Reopened(stopped(StopOutcome::Reopened)));
    desk.reply(|asked| *asked == call, Ok(done));
    shows(&desk.screen(80, 24), &["✓ Reopened: Trivia Night: Science"]);
}

#[test]
fn members_plan_nothing() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    let before = desk.screen(80, 24);
    for key in ["D", "W", "X", "T"] {
        assert!(desk.press(key).is_empty(), "{key}");
    }
    assert_eq!(desk.screen(80, 24), before);
}

#[test]
fn a_rehearsal_plans_nothing() {
    let mut desk = Desk::with(|setup| setup.rehearse = true);
    desk.open();
    desk.sign_in(UserType::Staff);
    desk.press("Alt+1");
    desk.reply(
        |call| matches!(call, Call::Events { .. }),
        Ok(Answer::Events(events())),
    );
    for key in ["n", "D", "W", "X", "T"] {
        let effects = desk.press(key);
        assert!(calls(&effects).is_empty(), "{key}: {effects:?}");
        shows(&desk.screen(80, 24), &["is not rehearsed"]);
    }
}

// ---- event types ----

fn types_of(user_type: UserType) -> Desk {
    let mut desk = Desk::signed_in(user_type, 80, 24);
    desk.with_events(events());
    desk.press("T");
    desk.reply(is_types, Ok(Answer::Plan(PlanAnswer::Types(type_lines()))));
    desk
}

fn is_change(call: &Call) -> bool {
    matches!(call, Call::Plan(PlanCall::ChangeTypes { .. }))
}

fn change(effects: &[Effect]) -> TypeChange {
    match writes(effects)[..] {
        [Call::Plan(PlanCall::ChangeTypes { change, .. })] => change.clone(),
        _ => panic!("not one change: {effects:?}"),
    }
}

#[allow(clippy::unnecessary_wraps, reason = "as a reply takes it")]
fn list(names: &[&str]) -> Result<Answer, Fault> {
    let lines = names.iter().map(|name| pine_time::domain::plan::TypeLine {
        name: (*name).into(),
        events: 0,
        is_trivia: false,
    });
    Ok(Answer::Plan(PlanAnswer::Types(lines.collect())))
}

#[test]
fn types_are_added_and_renamed() {
    let mut desk = types_of(UserType::Admin);
    shows(
        &desk.screen(80, 24),
        &["Event types", "1,204 events", "no events"],
    );
    desk.press("n");
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["Give it a name."]);
    desk.write("karaoke");
    let effects = desk.press("Enter");
    assert_eq!(change(&effects), TypeChange::Add("karaoke".to_owned()));
    assert!(writes(&desk.press("Enter")).is_empty(), "it is on its way");
    let refused = Fault::Invalid {
        field: "name".to_owned(),
        why: "There is a type of that name already.".into(),
    };
    desk.reply(is_type_change, Err(refused));
    shows(
        &desk.screen(80, 24),
        &["There is a type of that name already.", "karaoke"],
    );
    desk.write("!");
    desk.press("Enter");
    let effects = desk.reply(is_type_change, list(&["board games", "karaoke!"]));
    assert!(
        calls(&effects)
            .iter()
            .any(|call| matches!(call, Call::Events { .. })),
        "events may be of another type now"
    );
    hides(&desk.screen(80, 24), &["New type"]);
    // The cursor stands on the new one.
    desk.press("e");
    desk.press("Backspace");
    let effects = desk.press("Enter");
    assert_eq!(
        change(&effects),
        TypeChange::Rename("karaoke!".to_owned(), "karaoke".to_owned())
    );
    desk.reply(is_type_change, list(&["board games", "karaoke"]));
    // The same name is no change.
    desk.press("Enter");
    assert!(writes(&desk.press("Enter")).is_empty());
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["Event types"]);
}

#[test]
fn a_type_is_marked_as_trivia_and_no_longer() {
    let mut desk = types_of(UserType::Admin);
    shows(&desk.screen(80, 24), &["trivia    1,204 events", "t trivia"]);
    let effects = desk.press("t");
    assert_eq!(
        change(&effects),
        TypeChange::Trivia("board games".to_owned(), true)
    );
    let mut lines = type_lines();
    lines[0].is_trivia = true;
    desk.reply(is_change, Ok(Answer::Plan(PlanAnswer::Types(lines))));
    shows(&desk.screen(80, 24), &["trivia        3 events"]);
    let effects = desk.press("t");
    assert_eq!(
        change(&effects),
        TypeChange::Trivia("board games".to_owned(), false)
    );
    let won = "It stays trivia: 3 first places at its events count for badges.";
    desk.reply(is_change, Err(Fault::Conflict(won.into())));
    shows(&desk.screen(80, 24), &["Not changed.", "It stays trivia"]);
    // Staff look.
    let mut desk = types_of(UserType::Staff);
    assert!(writes(&desk.press("t")).is_empty());
    shows(
        &desk.screen(80, 24),
        &["Only administrators change the event types."],
    );
}

#[test]
fn types_are_sorted_and_removed() {
    let mut desk = types_of(UserType::Admin);
    assert!(
        writes(&desk.press("K")).is_empty(),
        "there is nothing above the first"
    );
    desk.press("Down");
    let effects = desk.press("J");
    assert_eq!(change(&effects), TypeChange::Move("hike".to_owned(), 1));
    shows(&desk.screen(80, 24), &["hike"]);
    desk.press("J");
    shows(&desk.screen(80, 24), &["The last change is not answered yet."]);
    desk.reply(
        is_type_change,
        list(&["board games", "mystery", "hike", "trivia"]),
    );
    let effects = desk.press("K");
    assert_eq!(change(&effects), TypeChange::Move("hike".to_owned(), -1));
    desk.reply(is_type_change, Ok(Answer::Plan(PlanAnswer::Types(type_lines()))));
    desk.press("x");
    shows(
        &desk.screen(80, 24),
        &["1 event is of that type; rename it instead."],
    );
    desk.press("End");
    hides(&desk.screen(80, 24), &["rename it instead"]);
    let effects = desk.press("x");
    assert_eq!(change(&effects), TypeChange::Remove("workshop".to_owned()));
    desk.reply(
        is_type_change,
        Err(Fault::Conflict(
            "It is the type of 1 events; give them another, or rename it.".into(),
        )),
    );
    shows(&desk.screen(80, 24), &["Not changed. It is the type of 1 events"]);
}

#[test]
fn a_change_of_types_that_did_not_get_through_is_the_same_when_made_again() {
    let mut desk = types_of(UserType::Admin);
    desk.press("n");
    desk.write("karaoke");
    let first = desk.press("Enter");
    desk.reply(is_type_change, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["Not changed. The database does not answer", "karaoke"],
    );
    let again = desk.press("Enter");
    assert_eq!(writes(&again), writes(&first));
    // Closed meanwhile: what came of it is told on the message line.
    desk.press("Esc");
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["Event types"]);
    desk.reply(is_type_change, list(&["karaoke"]));
    shows(&desk.screen(80, 24), &["✓ The event types are changed."]);
}

#[test]
fn staff_look_at_the_types_and_change_nothing() {
    let mut desk = types_of(UserType::Staff);
    for key in ["n", "e", "J", "x"] {
        assert!(writes(&desk.press(key)).is_empty(), "{key}");
        shows(
            &desk.screen(80, 24),
            &["Only administrators change the event types."],
        );
    }
}

#[test]
fn types_that_do_not_come_are_asked_for_again() {
    let mut desk = Desk::signed_in(UserType::Admin, 80, 24);
    desk.with_events(events());
    desk.press("T");
    desk.reply(is_types, Err(Fault::Busy));
    shows(&desk.screen(80, 24), &["All database connections are busy."]);
    desk.press("x");
    desk.press("e");
    hides(&desk.screen(80, 24), &["New name"]);
    desk.press("Esc");
    desk.press("T");
    desk.reply(is_types, Ok(Answer::Plan(PlanAnswer::Types(Vec::new()))));
    shows(&desk.screen(80, 24), &["There are no types yet; n makes one."]);
}

// ---- calendar files ----

fn asked(effects: &[Effect]) -> FileOf {
    match calls(effects)[..] {
        [Call::Plan(PlanCall::File(of))] => of.clone(),
        _ => panic!("no file is asked for: {effects:?}"),
    }
}

fn export(effects: &[Effect]) -> (String, String) {
    match effects {
        [Effect::Export { name, text }] => (name.clone(), text.clone()),
        _ => panic!("nothing is written: {effects:?}"),
    }
}

fn ids(of: &FileOf) -> Vec<i32> {
    of.events.iter().flatten().map(|id| id.0).collect()
}

#[test]
fn one_event_the_month_the_agenda_or_mine_go_into_a_file() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    let effects = desk.press("i");
    assert_eq!(ids(&asked(&effects)), [6]);
    assert!(desk.press("i").is_empty(), "it is asked for already");
    let answer = Answer::Plan(PlanAnswer::File(file(vec![page(events()[5].clone())])));
    let (name, text) = export(&desk.reply(is_file, Ok(answer)));
    assert_eq!(name, "pine-time-trivia-night-science.ics");
    assert!(
        text.contains("SUMMARY:Trivia Night: Science\r\n")
            && text.contains("X-WR-CALNAME:Highland Games Community\r\n"),
        "{text}"
    );
    desk.send(pine_time::app::msg::Msg::Exported(Ok("/home/ana/x.ics".into())));
    shows(&desk.screen(80, 24), &["✓ Written: /home/ana/x.ics"]);

    let effects = desk.press("I");
    assert_eq!(ids(&asked(&effects)), [1, 2, 3, 4, 5, 6, 7, 8], "November's");
    let answer = Answer::Plan(PlanAnswer::File(file(vec![page(events()[5].clone())])));
    let (name, _) = export(&desk.reply(is_file, Ok(answer)));
    assert_eq!(name, "pine-time-november-2026.ics");

    desk.press("v");
    let effects = desk.press("I");
    assert_eq!(ids(&asked(&effects)), [6, 7, 8], "the week's");
    let answer = Answer::Plan(PlanAnswer::File(file(vec![page(events()[5].clone())])));
    let (name, _) = export(&desk.reply(is_file, Ok(answer)));
    assert_eq!(name, "pine-time-week-of-2026-11-23.ics");

    desk.press("v");
    desk.press("/");
    desk.write("board");
    desk.press("Enter");
    let effects = desk.press("I");
    assert_eq!(ids(&asked(&effects)), [1, 9], "what the filter lets through");
    desk.reply(is_file, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["✕ Nothing is written. The database does not answer"],
    );

    let effects = desk.press("M");
    assert_eq!(
        asked(&effects),
        FileOf {
            mine: true,
            ..FileOf::default()
        }
    );
    desk.reply(is_file, Ok(Answer::Plan(PlanAnswer::File(file(Vec::new())))));
    shows(
        &desk.screen(80, 24),
        &["· There are no events to write into a file."],
    );
    desk.press("/");
    desk.write("zzz");
    desk.press("Enter");
    assert!(calls(&desk.press("I")).is_empty());
    shows(
        &desk.screen(80, 24),
        &["There are no events to write into a file."],
    );
}
