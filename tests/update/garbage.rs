//! Input that no person would give: huge pastes, random keys, sizes of nothing. Nothing panics, nothing grows.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEventKind};
use pine_time::app::effect::Timer;
use pine_time::app::msg::Msg;
use pine_time::domain::account::{AccountAnswer, AccountCall, Activity, Proof};
use pine_time::domain::admission::WalkedIn;
use pine_time::domain::calendar::{CalendarAnswer, CalendarCall};
use pine_time::domain::check_in::{CheckedIn, Outcome};
use pine_time::domain::door_note::{NoteAnswer, NoteOutcome};
use pine_time::domain::event::EventId;
use pine_time::domain::live::{LiveAnswer, LiveCall};
use pine_time::domain::member::UserType;
use pine_time::domain::passage::{Passage, UndoOutcome};
use pine_time::domain::{Answer, Call, Fault, SafeText};
use pine_time::ui::Theme;
use proptest::prelude::*;

use crate::fixtures::{
    Desk, candidates, checked_in, community, door, door_log, door_note, evaluation, event, events, me, now,
    offline, page, profile, roster, types, undone,
};
use crate::plans::{is_save, planned};
use crate::{hides, shows};

fn megabyte() -> String {
    "\u{1b}]52;c;aGk=\u{7}\u{202e}paste \r\n\t".repeat(60_000)
}

#[test]
fn a_megabyte_is_harmless_in_every_field() {
    // Sign in
    let mut desk = Desk::sized(80, 24);
    desk.open();
    desk.send(Msg::Paste(megabyte()));
    shows(&desk.screen(80, 24), &["the rest of the paste was left out"]);
    desk.press("Tab");
    desk.send(Msg::Paste(megabyte()));
    // Filter
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.press("/");
    desk.send(Msg::Paste(megabyte()));
    shows(&desk.screen(80, 24), &["That is more than fits"]);
    desk.press("Esc");
    desk.press("f");
    for _ in 0..7 {
        desk.send(Msg::Paste(megabyte()));
        desk.press("Tab");
    }
    hides(&desk.screen(80, 24), &["\u{1b}", "\u{202e}", "\u{7}"]);
    desk.press("Enter");
    desk.press("Esc");
    // Form, every field
    desk.press("n");
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(types())),
    );
    for _ in 0..12 {
        desk.send(Msg::Paste(megabyte()));
        desk.press("Tab");
    }
    let screen = desk.screen(80, 24);
    hides(&screen, &["\u{1b}", "\u{202e}", "\u{7}"]);
    desk.press("Ctrl+S");
    assert!(desk.newest(is_save).is_none());
    desk.press("Esc");
    desk.press("y");
    // Door
    desk.at_the_door();
    desk.send(Msg::Paste(megabyte()));
    let timer = desk.timer(|timer| matches!(timer, Timer::Debounce(_))).unwrap();
    desk.fire(timer);
    let Some((_, Call::FindAtDoor { query, .. })) =
        desk.newest(|call| matches!(call, Call::FindAtDoor { .. }))
    else {
        panic!("nothing is looked up")
    };
    assert!(query.chars().count() <= 255);
    assert!(query.chars().all(pine_time::domain::safe_text::is_safe));
    // The palette, and the lock
    desk.press("Ctrl+P");
    desk.send(Msg::Paste(megabyte()));
    desk.press("Esc");
    desk.press("Ctrl+L");
    desk.send(Msg::Paste(megabyte()));
    desk.screen(80, 24);
}

#[test]
fn a_paste_where_nothing_is_typed_does_nothing() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    let before = desk.screen(80, 24);
    assert!(desk.send(Msg::Paste("qq1345nx".to_owned())).is_empty());
    assert_eq!(desk.screen(80, 24), before);
}

#[test]
fn letters_of_many_parts_are_moved_over_and_deleted_whole() {
    let mut desk = Desk::sized(80, 24);
    desk.open();
    // An e with an acute in two parts, a family without its joiners, a flag.
    desk.send(Msg::Paste("ae\u{301}🇵🇭日本".to_owned()));
    desk.press("Left");
    desk.press("Left");
    desk.press("Backspace");
    shows(&desk.screen(80, 24), &["aé日本"]);
    desk.press("Left");
    desk.press("Delete");
    shows(&desk.screen(80, 24), &["a日本"]);
}

/// A call answered as a database might, or not at all, or wrongly.
pub(crate) fn answer(call: &Call, how: u8) -> Result<Answer, Fault> {
    if how < 40 {
        return Err(match how % 6 {
            0 => offline(),
            1 => Fault::Slow,
            2 => Fault::NotSignedIn,
            3 => Fault::Invalid {
                field: "start_time".to_owned(),
                why: "No.".into(),
            },
            4 => Fault::NotAllowed("Staff only.".into()),
            _ => Fault::Internal,
        });
    }
    if how < 44 {
        return Ok(Answer::SignedOut);
    }
    let outcome = Outcome::ALL[usize::from(how) % Outcome::ALL.len()];
    Ok(match call {
        Call::Community => Answer::Community(community()),
        Call::SignIn { .. } => Answer::SignIn((how > 60).then(|| me(UserType::Staff))),
        Call::SignOut => Answer::SignedOut,
        Call::Events { .. } => Answer::Events(if how > 60 { events() } else { Vec::new() }),
        Call::Event(id) => Answer::Event(page(event(id.0, "An event", "2026-11-27 18:30", 2))),
        Call::Calendar(CalendarCall::About { .. }) => {
            Answer::Calendar(CalendarAnswer::About(vec![EventId(7)]))
        }
        Call::EventTypes => Answer::EventTypes(types()),
        Call::Plan(call) => Answer::Plan(planned(call, how, now())),
        Call::Register { .. } => Answer::Registered(
            pine_time::domain::event::RegisterOutcome::Registered,
            events()[usize::from(how) % 9].clone(),
        ),
        Call::CancelRegistration { .. } => Answer::Cancelled(
            pine_time::domain::event::CancelOutcome::Cancelled,
            events()[usize::from(how) % 9].clone(),
        ),
        Call::Door(_) => Answer::Door(door()),
        Call::FindAtDoor { .. } | Call::FindSimilar { .. } => Answer::Candidates(if how.is_multiple_of(2) {
            candidates()
        } else {
            Vec::new()
        }),
        Call::CheckIn { .. } | Call::Replay(_) | Call::TakePayment { .. } | Call::AdmitAnyway { .. } => {
            Answer::CheckedIn(checked_in(outcome))
        }
        Call::WalkIn { .. } => Answer::WalkedIn(if how.is_multiple_of(3) {
            WalkedIn::EmailTaken {
                member: checked_in(Outcome::Ok).member.unwrap(),
            }
        } else {
            WalkedIn::Attempted {
                checked_in: checked_in(outcome),
            }
        }),
        Call::DoorLog { .. } => Answer::DoorLog(door_log()),
        Call::Evaluate { .. } => Answer::Evaluated(Box::new(evaluation(outcome))),
        Call::CheckOut { .. } => Answer::CheckedIn(CheckedIn {
            passage: Passage::Out,
            ..checked_in(outcome)
        }),
        Call::SetCheckOut { on, .. } => Answer::CheckOutSet(*on),
        Call::Undo { passage, .. } => Answer::Undone(undone(
            [
                UndoOutcome::Undone,
                UndoOutcome::Nothing,
                UndoOutcome::ReasonNeeded,
            ][usize::from(how) % 3],
            *passage,
        )),
        Call::Roster(_) => Answer::Roster(std::sync::Arc::new(roster())),
        Call::Seats(call) => Answer::Seats(crate::seat_fixtures::any_answer(call, how)),
        Call::Completion(call) => Answer::Completion(crate::seat_fixtures::any_completion(
            call,
            how,
            checked_in(outcome),
        )),
        Call::Game(call) => Answer::Game(crate::game_fixtures::any_answer(call, how)),
        Call::Settings(call) => Answer::Settings(crate::insight_fixtures::any_settings(call)),
        Call::Audit(call) => Answer::Audit(crate::insight_fixtures::any_audit(call, how)),
        Call::Insight(call) => Answer::Insight(crate::insight_fixtures::any_answer(call, how)),
        Call::Note(_) => Answer::Note(NoteAnswer {
            outcome: [NoteOutcome::Done, NoteOutcome::Changed, NoteOutcome::Gone][usize::from(how) % 3],
            member: checked_in(Outcome::Ok).member.unwrap(),
            note: how.is_multiple_of(2).then(|| door_note("Another text.", 9)),
        }),
        Call::Account(call) => Answer::Account(account(call, how)),
        Call::Members(call) => Answer::Members(crate::member_fixtures::any_answer(call, how)),
        Call::Money(call) => Answer::Money(crate::money_fixtures::answer(call, usize::from(how))),
        Call::Kiosk(call) => Answer::Kiosk(crate::kiosk_fixtures::any_answer(call, how)),
        Call::Profile => Answer::Profile(profile()),
        Call::Live(LiveCall::Stand(_)) => Answer::Live(LiveAnswer::Stood),
    })
}

fn account(call: &AccountCall, how: u8) -> AccountAnswer {
    let proof = match how % 3 {
        0 => Proof::Ok,
        1 => Proof::Refused,
        _ => Proof::Wait { seconds: 8 },
    };
    match call {
        AccountCall::SignUp { who, .. } => AccountAnswer::SignedUp(SafeText::line(&who.username)),
        AccountCall::Reset { .. } | AccountCall::SetPassword { .. } => AccountAnswer::Proved(proof),
        AccountCall::Mine => AccountAnswer::Mine(crate::fixtures::account()),
        AccountCall::Save { full_name, email, .. } => AccountAnswer::Saved {
            full_name: SafeText::line(full_name),
            email: SafeText::line(email),
        },
        AccountCall::EndSession { .. } => AccountAnswer::Ended(how.is_multiple_of(2)),
        AccountCall::ResetCode { .. } => AccountAnswer::Code(crate::fixtures::reset_code()),
        AccountCall::SetActive { member, active, .. } => AccountAnswer::Activity(Activity {
            id: *member,
            username: "ana".into(),
            is_active: *active,
        }),
    }
}

#[derive(Debug, Clone)]
enum Step {
    Key(KeyCode, KeyModifiers),
    Paste(String),
    Answer(u8, u8),
    Timer(u8),
    Resize(u16, u16),
    Click(u16, u16),
    Wheel(bool),
    Pass(u16),
}

/// Keys that are no letters; most of what is done begins with Enter.
pub(crate) const SPECIAL: [KeyCode; 28] = [
    KeyCode::Enter,
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Backspace,
    KeyCode::Delete,
    KeyCode::Insert,
    KeyCode::F(1),
    KeyCode::F(2),
    KeyCode::F(3),
    KeyCode::F(4),
    KeyCode::F(5),
    KeyCode::F(6),
    KeyCode::F(7),
    KeyCode::F(8),
    KeyCode::F(9),
    KeyCode::F(10),
    KeyCode::F(12),
    KeyCode::Null,
];

fn key() -> impl Strategy<Value = (KeyCode, KeyModifiers)> {
    let special = prop::sample::select(SPECIAL.to_vec());
    let letters = prop::sample::select(
        "12345qrxnevtmygzNI?/[]hjklaniño日👩🏽\u{301}\u{202e} "
            .chars()
            .collect::<Vec<_>>(),
    );
    let modifiers = prop::sample::select(vec![
        KeyModifiers::NONE,
        KeyModifiers::NONE,
        KeyModifiers::NONE,
        KeyModifiers::CONTROL,
        KeyModifiers::ALT,
        KeyModifiers::SHIFT,
    ]);
    let plain = special.prop_map(|code| (code, KeyModifiers::NONE));
    let control = prop::sample::select("plsztuywkaeonrx ".chars().collect::<Vec<_>>())
        .prop_map(|c| (KeyCode::Char(c), KeyModifiers::CONTROL));
    prop_oneof![
        4 => plain,
        4 => (letters, modifiers).prop_map(|(c, m)| (KeyCode::Char(c), m)),
        1 => control,
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => key().prop_map(|(code, modifiers)| Step::Key(code, modifiers)),
        1 => ".{0,300}".prop_map(Step::Paste),
        6 => (any::<u8>(), any::<u8>()).prop_map(|(which, how)| Step::Answer(which, how)),
        3 => any::<u8>().prop_map(Step::Timer),
        1 => (0u16..200, 0u16..70).prop_map(|(w, h)| Step::Resize(w, h)),
        1 => (0u16..200, 0u16..70).prop_map(|(x, y)| Step::Click(x, y)),
        1 => any::<bool>().prop_map(Step::Wheel),
        1 => any::<u16>().prop_map(Step::Pass),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn nothing_that_happens_panics(
        staff in any::<bool>(),
        steps in prop::collection::vec(step(), 1..120),
    ) {
        let mut desk = Desk::signed_in(if staff { UserType::Staff } else { UserType::Regular }, 80, 24);
        let mut size = (80, 24);
        for step in steps {
            match step {
                Step::Key(code, modifiers) => {
                    desk.send(Msg::Key(KeyEvent::new(code, modifiers)));
                }
                Step::Paste(text) => {
                    desk.send(Msg::Paste(text));
                }
                Step::Answer(which, how) => {
                    if !desk.waiting.is_empty() {
                        let at = usize::from(which) % desk.waiting.len();
                        let (request, call) = desk.waiting[at].clone();
                        desk.reply_to(request, answer(&call, how));
                    }
                }
                Step::Timer(which) => {
                    if !desk.timers.is_empty() {
                        let (_, timer) = desk.timers[usize::from(which) % desk.timers.len()];
                        desk.fire(timer);
                    }
                }
                Step::Resize(width, height) => {
                    size = (width, height);
                    desk.send(Msg::Resize { width, height });
                }
                Step::Click(x, y) => {
                    desk.click(x, y);
                }
                Step::Wheel(up) => {
                    let kind = if up { MouseEventKind::ScrollUp } else { MouseEventKind::ScrollDown };
                    desk.mouse(kind, 5, 5);
                }
                Step::Pass(seconds) => desk.pass(i64::from(seconds)),
            }
            // A window that has shrunk before the model heard of it.
            desk.buffer(20, 6, &Theme::plain().ascii(true));
            if size.0 > 0 && size.1 > 0 {
                let buffer = desk.buffer(size.0, size.1, &Theme::terminal());
                for cell in &buffer.content {
                    prop_assert!(cell.symbol().chars().all(pine_time::domain::safe_text::is_safe));
                }
            }
        }
    }
}
