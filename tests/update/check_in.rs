//! The door.

use pine_time::app::effect::{Effect, Timer};
use pine_time::app::msg::Msg;
use pine_time::domain::check_in::{CheckedIn, Outcome, Presented, Standing};
use pine_time::domain::event::EventId;
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::{Answer, Call, Fault, Nonce};

use pine_time::ui::Theme;

use crate::fixtures::{Desk, candidate, candidates, checked_in, door, door_events, events, offline};
use crate::{calls, hides, shows, writes};

/// A pass code whose check character fits.
const CODE: &str = "R6K2F-9TQ4";

fn code() -> String {
    let body: String = CODE.chars().filter(|c| *c != '-').collect();
    let check = pine_time::domain::pass_code::check_character(&body).unwrap();
    format!("{CODE}{check}")
}

fn is_check_in(call: &Call) -> bool {
    matches!(call, Call::CheckIn { .. })
}

fn at_the_door() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    desk
}

fn nonce(number: u128) -> Nonce {
    Nonce::from_u128(number)
}

#[test]
fn it_opens_on_the_event_that_runs_now() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    let effects = desk.press("3");
    assert!(
        matches!(calls(&effects)[..], [Call::Events { .. }]),
        "{effects:?}"
    );
    let effects = desk.reply(
        |call| matches!(call, Call::Events { .. }),
        Ok(Answer::Events(door_events())),
    );
    assert_eq!(calls(&effects), [&Call::Door(EventId(6))]);
    desk.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(door())));
    shows(
        &desk.screen(80, 24),
        &[
            "Trivia Night: Science",
            "now, until 20:30",
            "in 41   due 16   cap 60",
            "Jo Mendoza",
            "already, 18:22",
        ],
    );
}

#[test]
fn without_an_event_it_says_so_and_looks_again() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("3");
    desk.reply(
        |call| matches!(call, Call::Events { .. }),
        Ok(Answer::Events(Vec::new())),
    );
    shows(&desk.screen(80, 24), &["No event from yesterday to tomorrow."]);
    desk.write("ana");
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(&desk.screen(80, 24), &["Choose an event first (F6)."]);
    let effects = desk.fire(Timer::Poll);
    assert!(
        calls(&effects)
            .iter()
            .any(|call| matches!(call, Call::Events { .. }))
    );
}

#[test]
fn typing_is_looked_up_after_a_pause_and_only_once() {
    let mut desk = at_the_door();
    let effects = desk.write("nin");
    assert!(calls(&effects).is_empty());
    let timers: Vec<Timer> = effects
        .iter()
        .filter_map(|e| match e {
            Effect::After {
                timer: t @ Timer::Debounce(_),
                ..
            } => Some(*t),
            _ => None,
        })
        .collect();
    assert_eq!(timers.len(), 3);
    assert!(desk.fire(timers[0]).is_empty(), "typing went on");
    let effects = desk.fire(timers[2]);
    assert_eq!(
        calls(&effects),
        [&Call::FindAtDoor {
            event: EventId(6),
            query: "nin".to_owned()
        }]
    );
}

#[test]
fn enter_checks_in_the_marked_candidate_and_empties_the_field() {
    let mut desk = at_the_door();
    desk.find("niño", candidates());
    desk.press("Down");
    let effects = desk.press("Enter");
    assert_eq!(
        writes(&effects),
        [&Call::CheckIn {
            nonce: nonce(1),
            event: EventId(6),
            presented: Presented::Member {
                id: MemberId(11),
                typed: "niño".to_owned()
            },
        }]
    );
    // At once: who it is about; a word of waiting only when it takes long.
    shows(&desk.screen(80, 24), &["   Ninotchka Reyes"]);
    hides(&desk.screen(80, 24), &["checking"]);
    let spinner = desk.timer(|timer| matches!(timer, Timer::Spinner(_))).unwrap();
    desk.fire(spinner);
    shows(&desk.screen(80, 24), &["checking…", "1 not answered"]);
    let effects = desk.reply(is_check_in, Ok(Answer::CheckedIn(checked_in(Outcome::Ok))));
    assert_eq!(
        calls(&effects),
        [&Call::Door(EventId(6))],
        "the counts are asked for at once"
    );
    shows(
        &desk.screen(80, 24),
        &[
            "✓  Niño Bautista",
            "+15 points   410 in all",
            "name, user name, e-mail or pass code",
        ],
    );
}

#[test]
fn a_pass_code_needs_no_search() {
    let mut desk = at_the_door();
    let scanned = code();
    desk.write(&scanned);
    let effects = desk.press("Enter");
    assert_eq!(
        writes(&effects),
        [&Call::CheckIn {
            nonce: nonce(1),
            event: EventId(6),
            presented: Presented::Text(scanned),
        }]
    );
}

#[test]
fn quick_scans_lose_nothing_and_double_nothing() {
    let mut desk = at_the_door();
    let mut sent = Vec::new();
    for _ in 0..3 {
        // The scanner is faster than the database, and some scanners send Enter twice.
        desk.write(&code());
        sent.extend(writes(&desk.press("Enter")).into_iter().cloned());
        assert!(writes(&desk.press("Enter")).is_empty());
    }
    // The same code three times: each scan is an attempt of its own, replacing what stood in the field.
    let texts: Vec<&Presented> = sent
        .iter()
        .map(|call| match call {
            Call::CheckIn { presented, .. } => presented,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        texts,
        [
            &Presented::Text(code()),
            &Presented::Text(code()),
            &Presented::Text(code())
        ]
    );
    let nonces: std::collections::HashSet<_> = sent.iter().filter_map(Call::nonce).collect();
    assert_eq!(nonces.len(), 3);
    assert_eq!(desk.model.unanswered(), 3);
    // Answers out of order: the card shows the newest attempt's.
    let waiting: Vec<_> = desk
        .waiting
        .iter()
        .filter(|(_, call)| is_check_in(call))
        .map(|(id, _)| *id)
        .collect();
    desk.reply_to(waiting[2], Ok(Answer::CheckedIn(checked_in(Outcome::Already))));
    desk.reply_to(waiting[0], Ok(Answer::CheckedIn(checked_in(Outcome::Ok))));
    shows(
        &desk.screen(80, 24),
        &["!  Niño Bautista", "✓ Niño Bautista: checked in."],
    );
    desk.reply_to(waiting[1], Ok(Answer::CheckedIn(checked_in(Outcome::Already))));
    assert_eq!(desk.model.unanswered(), 0);
}

#[test]
fn the_next_person_can_be_typed_before_the_answer() {
    let mut desk = at_the_door();
    desk.find("niño", candidates());
    desk.press("Enter");
    desk.write("bea");
    shows(&desk.screen(80, 24), &["> bea"]);
    desk.reply(is_check_in, Ok(Answer::CheckedIn(checked_in(Outcome::Ok))));
    shows(&desk.screen(80, 24), &["> bea", "✓  Niño Bautista"]);
}

#[test]
fn enter_before_the_list_waits_for_it_and_takes_nobody_by_accident() {
    let mut desk = at_the_door();
    desk.find(
        "ni",
        vec![candidate(50, "Nina Wrong", "wrong", Standing::Registered)],
    );
    desk.write("ño");
    // The list still shows whom `ni` found.
    let effects = desk.press("Enter");
    assert!(writes(&effects).is_empty());
    assert_eq!(
        calls(&effects),
        [&Call::FindAtDoor {
            event: EventId(6),
            query: "niño".to_owned()
        }],
        "Enter does not wait for the pause"
    );
    let one = vec![candidate(10, "Niño Bautista", "nino_b", Standing::Registered)];
    let effects = desk.reply(
        |call| matches!(call, Call::FindAtDoor { .. }),
        Ok(Answer::Candidates(one)),
    );
    assert_eq!(
        writes(&effects),
        [&Call::CheckIn {
            nonce: nonce(1),
            event: EventId(6),
            presented: Presented::Member {
                id: MemberId(10),
                typed: "niño".to_owned()
            },
        }]
    );
    // Where several match, it is left to the person at the door.
    desk.reply(is_check_in, Ok(Answer::CheckedIn(checked_in(Outcome::Ok))));
    desk.write("nin");
    desk.press("Enter");
    let effects = desk.reply(
        |call| matches!(call, Call::FindAtDoor { .. }),
        Ok(Answer::Candidates(candidates())),
    );
    assert!(writes(&effects).is_empty());
    shows(&desk.screen(80, 24), &["5 people match. Choose one, then Enter."]);
    assert_eq!(writes(&desk.press("Enter")).len(), 1);
}

#[test]
fn nobody_found_is_tried_as_a_code_and_stays_to_be_corrected() {
    let mut desk = at_the_door();
    desk.find("xk2qq", Vec::new());
    shows(&desk.screen(80, 24), &["Nobody matches."]);
    let effects = desk.press("Enter");
    assert!(matches!(
        writes(&effects)[..],
        [Call::CheckIn { presented: Presented::Text(text), .. }] if text == "xk2qq"
    ));
    desk.reply(
        is_check_in,
        Ok(Answer::CheckedIn(checked_in(Outcome::UnknownCode))),
    );
    shows(&desk.screen(80, 24), &["> xk2qq", "Nobody is known by this."]);
    // A letter begins anew; Backspace would have corrected.
    desk.write("a");
    shows(&desk.screen(80, 24), &["> a\n"]);
}

#[test]
fn a_broken_link_keeps_what_was_typed_and_the_same_press_is_the_same_attempt() {
    let mut desk = at_the_door();
    desk.find("niño", candidates());
    desk.press("Enter");
    let (request, first) = desk.newest(is_check_in).unwrap();
    desk.send(Msg::Retrying {
        request,
        tries: 1,
        fault: offline(),
    });
    shows(
        &desk.screen(80, 24),
        &["○ offline since 18:52", "1 not answered", "> niño"],
    );
    desk.reply_to(request, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["✕  Niño Bautista", "Enter tries again.", "> niño"],
    );
    let effects = desk.press("Enter");
    assert_eq!(
        writes(&effects),
        [&first],
        "with the same nonce it cannot be done twice"
    );
    // Another person is another attempt.
    desk.reply(is_check_in, Err(offline()));
    desk.press("Down");
    let effects = desk.press("Enter");
    assert_ne!(writes(&effects)[0].nonce(), first.nonce());
}

#[test]
fn a_late_failure_is_not_lost_behind_a_newer_result() {
    let mut desk = at_the_door();
    desk.find("niño", candidates());
    desk.press("Enter");
    let (first, _) = desk.newest(is_check_in).unwrap();
    desk.write(&code());
    desk.press("Enter");
    desk.reply_to(first, Err(Fault::Slow));
    shows(
        &desk.screen(80, 24),
        &["✕ Niño Bautista is not checked in. The database took too long"],
    );
}

#[test]
fn the_door_is_polled_while_it_is_open() {
    let mut desk = at_the_door();
    let effects = desk.fire(Timer::Poll);
    assert_eq!(
        calls(&effects),
        [&Call::Door(EventId(6)), &Call::Roster(EventId(6))]
    );
    assert!(effects.contains(&Effect::After {
        delay: std::time::Duration::from_millis(900),
        timer: Timer::Poll
    }));
    assert!(calls(&desk.fire(Timer::Poll)).is_empty());
}

#[test]
fn another_event_is_chosen_from_a_list() {
    let mut desk = at_the_door();
    desk.press("F6");
    shows(&desk.screen(80, 24), &["The door's event", "● Fri 27 Nov 18:30"]);
    desk.press("Down");
    let effects = desk.press("Enter");
    assert_eq!(calls(&effects), [&Call::Door(EventId(7))]);
    // What the old door still answers is not shown under the new one.
    assert!(
        desk.newest(|call| matches!(call, Call::Door(EventId(6))))
            .is_none()
    );
    hides(&desk.screen(80, 24), &["Trivia Night", "The door's event"]);
    desk.press("F6");
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["The door's event"]);
}

#[test]
fn coming_back_the_door_stands_at_what_is_on_now_unless_it_was_chosen() {
    let later = |desk: &mut Desk| {
        desk.press("Alt+5");
        desk.pass(2 * 3600);
        desk.press("3");
        desk.reply(
            |call| matches!(call, Call::Events { .. }),
            Ok(Answer::Events(door_events())),
        )
    };
    let mut desk = at_the_door();
    // At nine the trivia night is over and the murder goes on.
    assert!(calls(&later(&mut desk)).contains(&&Call::Door(EventId(7))));
    let mut desk = at_the_door();
    for way in ["Down", "Up"] {
        desk.press("F6");
        desk.press(way);
        desk.press("Enter");
    }
    assert!(calls(&later(&mut desk)).is_empty());
}

#[test]
fn an_answer_for_the_event_left_behind_is_told_on_the_message_line() {
    let mut desk = at_the_door();
    desk.find("niño", candidates());
    desk.press("Enter");
    desk.press("F6");
    desk.press("Down");
    desk.press("Enter");
    let answer = CheckedIn {
        ..checked_in(Outcome::Ok)
    };
    desk.reply(is_check_in, Ok(Answer::CheckedIn(answer)));
    shows(&desk.screen(80, 24), &["✓ Niño Bautista: checked in."]);
}

#[test]
fn esc_clears_the_input_and_then_the_result() {
    let mut desk = at_the_door();
    desk.find("niño", candidates());
    desk.press("Enter");
    desk.reply(
        is_check_in,
        Ok(Answer::CheckedIn(checked_in(Outcome::NotRegistered))),
    );
    desk.write("b");
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Not registered for this event."]);
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["Not registered for this event."]);
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(&desk.screen(80, 24), &["Type part of a name, or a pass code."]);
}

#[test]
fn digits_are_letters_here_and_alt_digits_change_the_screen() {
    let mut desk = at_the_door();
    desk.write("145q");
    shows(&desk.screen(80, 24), &["> 145q", "Alt+1…7 screens"]);
    desk.press("Alt+5");
    shows(&desk.screen(80, 24), &["All time"]);
}

#[test]
fn similar_names_are_looked_for_on_request_and_never_taken_unseen() {
    let mut desk = at_the_door();
    assert!(calls(&desk.press("Ctrl+F")).is_empty());
    shows(&desk.screen(80, 24), &["Type a name first"]);
    desk.find("bautsita", Vec::new());
    shows(
        &desk.screen(80, 24),
        &["Nobody matches. Enter tries it as a code, Ctrl+F finds similar names."],
    );
    let effects = desk.press("Ctrl+F");
    assert_eq!(
        calls(&effects),
        [&Call::FindSimilar {
            event: EventId(6),
            query: "bautsita".to_owned()
        }]
    );
    // Enter before the list: it is not about exactly this.
    let effects = desk.press("Enter");
    assert!(writes(&effects).is_empty());
    let mut desk = at_the_door();
    desk.find("bautsita", Vec::new());
    desk.press("Ctrl+F");
    let one = vec![candidate(10, "Niño Bautista", "nino_b", Standing::Registered)];
    let effects = desk.reply(
        |call| matches!(call, Call::FindSimilar { .. }),
        Ok(Answer::Candidates(one)),
    );
    assert!(writes(&effects).is_empty());
    shows(&desk.screen(80, 24), &["Niño Bautista"]);
    assert!(matches!(
        writes(&desk.press("Enter"))[..],
        [Call::CheckIn {
            presented: Presented::Member { id: MemberId(10), .. },
            ..
        }]
    ));
}

#[test]
fn a_result_lights_up_and_rings_where_that_is_wanted() {
    let strokes = |outcome: Outcome, flash: bool, bell: bool| {
        let mut desk = Desk::with(|setup| {
            setup.flash = flash;
            setup.bell = bell;
        });
        desk.open();
        desk.sign_in(UserType::Staff);
        desk.at_the_door();
        let dark = desk.buffer(80, 24, &Theme::terminal());
        desk.write(&code());
        desk.press("Enter");
        let mut effects = desk.reply(is_check_in, Ok(Answer::CheckedIn(checked_in(outcome))));
        // Right of the candidates nothing is ever drawn: only light reaches there.
        let lit = desk.buffer(80, 24, &Theme::terminal());
        assert_eq!(lit[(79, 6)].bg != dark[(79, 6)].bg, flash, "{outcome:?}");
        if flash {
            desk.fire(Timer::Flash);
            let after = desk.buffer(80, 24, &Theme::terminal());
            assert_eq!(after[(79, 6)].bg, dark[(79, 6)].bg, "only for a moment");
        }
        let mut rung = 0;
        loop {
            rung += effects.iter().filter(|effect| **effect == Effect::Bell).count();
            let Some(next) = desk.timer(|timer| matches!(timer, Timer::Bell(_))) else {
                return rung;
            };
            effects = desk.fire(next);
        }
    };
    assert_eq!(strokes(Outcome::Ok, true, false), 0);
    assert_eq!(strokes(Outcome::Ok, false, true), 1);
    assert_eq!(strokes(Outcome::Already, true, true), 2);
    assert_eq!(strokes(Outcome::NotRegistered, true, true), 3);
}
