//! The till of the door: walk-ins, payments, admission with a reason.

use pine_time::app::effect::Timer;
use pine_time::app::msg::Msg;
use pine_time::domain::admission::{Guest, Taking, WalkIn, WalkedIn};
use pine_time::domain::check_in::{Candidate, CheckedIn, Door, Outcome, Standing};
use pine_time::domain::event::EventId;
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::money::Money;
use pine_time::domain::passage::{Passage, UndoOutcome, Undone};
use pine_time::domain::{Answer, Call, Fault, Nonce};

use crate::fixtures::{Desk, candidate, checked_in, door, events, offline, undone};
use crate::{calls, hides, shows, writes};

fn money(units: i64) -> Money {
    Money::from_hundredths(units * 100).unwrap()
}

fn at_a_door(change: impl FnOnce(&mut Door)) -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    desk.fire(Timer::Poll);
    let mut door = door();
    change(&mut door);
    desk.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(door)));
    desk
}

fn at_the_door() -> Desk {
    at_a_door(|_| {})
}

fn one(name: &str, standing: Standing) -> Vec<Candidate> {
    vec![candidate(10, name, "somebody", standing)]
}

/// The only write that was just sent.
fn sent(effects: &[pine_time::app::effect::Effect]) -> Call {
    match writes(effects)[..] {
        [call] => call.clone(),
        ref other => panic!("{other:?}"),
    }
}

fn is_walk_in(call: &Call) -> bool {
    matches!(call, Call::WalkIn { .. })
}

fn attempted(checked_in: CheckedIn) -> Answer {
    Answer::WalkedIn(WalkedIn::Attempted { checked_in })
}

#[test]
fn a_newcomer_takes_a_name_an_address_and_two_enters() {
    let mut desk = at_the_door();
    desk.find("Zoë Quirino", Vec::new());
    desk.press("F2");
    // Nobody is called so: the name is there already.
    shows(
        &desk.screen(80, 24),
        &[
            "Walk-in",
            "Somebody new",
            "free   57 of 60 seats taken",
            "Zoë Quirino",
            "zoe.quirino",
        ],
    );
    desk.write("zoe@example.org");
    let call = sent(&desk.press("Enter"));
    assert_eq!(
        call,
        Call::WalkIn {
            nonce: Nonce::from_u128(1),
            event: EventId(6),
            walk_in: WalkIn {
                guest: Guest::New {
                    full_name: "Zoë Quirino".to_owned(),
                    email: "zoe@example.org".to_owned(),
                    username: None,
                },
                taking: None,
                reason: None,
            },
        }
    );
    assert!(writes(&desk.press("Enter")).is_empty(), "it is on its way");
    desk.reply(is_walk_in, Ok(attempted(checked_in(Outcome::Ok))));
    let screen = desk.screen(80, 24);
    hides(&screen, &["Walk-in", "Zoë"]);
    shows(
        &screen,
        &[
            "✓  Niño Bautista",
            "+15 points",
            "name, user name, e-mail or pass code",
        ],
    );
}

#[test]
fn what_is_missing_gets_the_cursor() {
    let mut desk = at_the_door();
    desk.press("F2");
    assert!(writes(&desk.press("Ctrl+S")).is_empty());
    shows(
        &desk.screen(80, 24),
        &["Type the name.", "Type the e-mail address."],
    );
    desk.write("Jo");
    desk.press("Tab");
    desk.write("no address");
    assert!(writes(&desk.press("Ctrl+S")).is_empty());
    shows(&desk.screen(80, 24), &["Like name@example.org."]);
    desk.press("Ctrl+U");
    desk.write("jo@example.org");
    desk.press("Tab");
    desk.write("jojo");
    let Call::WalkIn { walk_in, .. } = sent(&desk.press("Ctrl+S")) else {
        panic!("a walk-in");
    };
    let Guest::New { username, .. } = walk_in.guest else {
        panic!("somebody new");
    };
    assert_eq!(username.as_deref(), Some("jojo"));
    desk.reply(
        is_walk_in,
        Err(Fault::Invalid {
            field: "username".to_owned(),
            why: "The user name “jojo” is taken.".into(),
        }),
    );
    shows(
        &desk.screen(80, 24),
        &["The user name “jojo” is taken.", "jo@example.org"],
    );
    desk.write("2");
    let Call::WalkIn { nonce, .. } = sent(&desk.press("Enter")) else {
        panic!("a walk-in");
    };
    assert_eq!(nonce, Nonce::from_u128(2), "another form is another call");
}

#[test]
fn a_priced_event_asks_how_and_counts_the_change() {
    let mut desk = at_a_door(|door| door.price = Some(money(250)));
    desk.press("F2");
    desk.write("Jo");
    desk.press("Enter");
    desk.write("jo@example.org");
    assert!(
        writes(&desk.press("Enter")).is_empty(),
        "how it is paid is still to be seen"
    );
    shows(&desk.screen(80, 24), &["₱250 due", "‹ cash ›", "1 of 4"]);
    desk.press("Enter");
    desk.write("5");
    shows(&desk.screen(80, 24), &["₱245 short."]);
    assert!(writes(&desk.press("Enter")).is_empty());
    desk.write("00");
    shows(&desk.screen(80, 24), &["change ₱250"]);
    let Call::WalkIn { walk_in, .. } = sent(&desk.press("Enter")) else {
        panic!("a walk-in");
    };
    assert_eq!(
        walk_in.taking,
        Some(Taking {
            amount: money(250),
            channel: "cash".to_owned()
        }),
        "what is due is taken, not what was given"
    );
    let paid = CheckedIn {
        paid: Some(money(250)),
        ..checked_in(Outcome::Ok)
    };
    desk.reply(is_walk_in, Ok(attempted(paid)));
    shows(&desk.screen(80, 24), &["₱250 paid"]);
}

#[test]
fn paying_later_takes_a_reason() {
    let mut desk = at_a_door(|door| door.price = Some(money(250)));
    desk.find("zed", one("Zed Abad", Standing::None));
    desk.press("F2");
    shows(&desk.screen(80, 24), &["Zed Abad", "‹ cash ›"]);
    hides(&desk.screen(80, 24), &["E-mail"]);
    desk.press("Left");
    shows(&desk.screen(80, 24), &["‹ later ›", "Reason *"]);
    hides(&desk.screen(80, 24), &["Cash given"]);
    desk.press("Enter");
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(&desk.screen(80, 24), &["Type why they come in."]);
    desk.write("On Monday");
    let Call::WalkIn { walk_in, .. } = sent(&desk.press("Enter")) else {
        panic!("a walk-in");
    };
    assert_eq!(
        walk_in,
        WalkIn {
            guest: Guest::Member(MemberId(10)),
            taking: None,
            reason: Some("On Monday".to_owned()),
        },
        "a member who is marked is not typed again"
    );
}

#[test]
fn a_full_house_is_said_with_the_live_count_and_takes_a_reason() {
    let mut desk = at_a_door(|door| door.registered = 59);
    desk.find("zed", one("Zed Abad", Standing::None));
    desk.press("F2");
    shows(&desk.screen(80, 24), &["59 of 60 seats taken"]);
    // Another door takes the last seat while the form is open.
    desk.fire(Timer::Poll);
    let full = Door {
        registered: 60,
        ..door()
    };
    desk.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(full)));
    shows(
        &desk.screen(80, 24),
        &["full: 60 of 60 seats taken, one more needs a reason", "Reason *"],
    );
    assert!(writes(&desk.press("Ctrl+S")).is_empty());
    desk.write("Brought the prize");
    let Call::WalkIn { walk_in, .. } = sent(&desk.press("Enter")) else {
        panic!("a walk-in");
    };
    assert_eq!(walk_in.reason.as_deref(), Some("Brought the prize"));
    let over = CheckedIn {
        over_capacity: true,
        ..checked_in(Outcome::Ok)
    };
    desk.reply(is_walk_in, Ok(attempted(over)));
    shows(&desk.screen(80, 24), &["over capacity"]);
}

#[test]
fn an_address_that_is_taken_offers_whose_it_is() {
    let mut desk = at_the_door();
    desk.press("F2");
    desk.write("Nino");
    desk.press("Enter");
    desk.write("nino@example.org");
    desk.press("Enter");
    let taken = || {
        Ok(Answer::WalkedIn(WalkedIn::EmailTaken {
            member: checked_in(Outcome::Ok).member.unwrap(),
        }))
    };
    desk.reply(is_walk_in, taken());
    shows(
        &desk.screen(80, 24),
        &["This is Niño Bautista's address (nino_b). Enter takes them, Esc goes back."],
    );
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Walk-in", "nino@example.org"]);
    hides(&desk.screen(80, 24), &["Enter takes them"]);
    desk.press("Enter");
    desk.reply(is_walk_in, taken());
    let Call::WalkIn { walk_in, .. } = sent(&desk.press("Enter")) else {
        panic!("a walk-in");
    };
    assert_eq!(walk_in.guest, Guest::Member(MemberId(10)));
}

#[test]
fn somebody_new_of_the_same_name() {
    let mut desk = at_the_door();
    desk.find("zed", one("Zed Abad", Standing::None));
    desk.press("F2");
    hides(&desk.screen(80, 24), &["E-mail"]);
    desk.press("F2");
    shows(&desk.screen(80, 24), &["Somebody new", "E-mail *"]);
    desk.write("Zed Abad the Second");
    shows(&desk.screen(80, 24), &["zed.abad.the.second"]);
}

#[test]
fn an_unpaid_row_is_paid_with_f3() {
    let mut desk = at_the_door();
    desk.find("nina", one("Niñalyn Cruz", Standing::Unpaid));
    shows(&desk.screen(80, 24), &["unpaid  ₱250 due"]);
    desk.press("F3");
    shows(
        &desk.screen(80, 24),
        &["Payment", "Niñalyn Cruz", "₱250 due", "‹ cash ›"],
    );
    desk.press("Right");
    shows(&desk.screen(80, 24), &["‹ GCash ›"]);
    hides(&desk.screen(80, 24), &["Cash given"]);
    assert_eq!(
        sent(&desk.press("Enter")),
        Call::TakePayment {
            nonce: Nonce::from_u128(1),
            event: EventId(6),
            member: MemberId(10),
            typed: "nina".to_owned(),
            taking: Taking {
                amount: money(250),
                channel: "gcash".to_owned(),
            },
        }
    );
    let paid = CheckedIn {
        paid: Some(money(250)),
        ..checked_in(Outcome::Ok)
    };
    desk.reply(
        |call| matches!(call, Call::TakePayment { .. }),
        Ok(Answer::CheckedIn(paid)),
    );
    shows(&desk.screen(80, 24), &["+15 points", "₱250 paid"]);
}

#[test]
fn an_unpaid_card_is_paid_or_let_in_with_a_reason() {
    let refused = || {
        let mut desk = at_the_door();
        desk.find("nina", one("Niñalyn Cruz", Standing::Registered));
        desk.press("Enter");
        desk.reply(
            |call| matches!(call, Call::CheckIn { .. }),
            Ok(Answer::CheckedIn(checked_in(Outcome::Unpaid))),
        );
        shows(
            &desk.screen(80, 24),
            &["$  Niño Bautista", "F3 take payment   F7 admit unpaid"],
        );
        desk
    };
    let mut desk = refused();
    desk.press("F3");
    desk.press("Left");
    desk.press("Enter");
    desk.write("Forgot the purse");
    let Call::AdmitAnyway { member, reason, .. } = sent(&desk.press("Enter")) else {
        panic!("let in unpaid");
    };
    assert_eq!((member, reason.as_str()), (MemberId(10), "Forgot the purse"));
    let mut desk = refused();
    desk.press("F7");
    shows(&desk.screen(80, 24), &["Admit anyway", "not paid", "Reason *"]);
    desk.write("Forgot the purse");
    let call = sent(&desk.press("Enter"));
    assert!(matches!(call, Call::AdmitAnyway { .. }), "{call:?}");
    let let_in = CheckedIn {
        overrode: Some(Outcome::Unpaid),
        due: Some(money(250)),
        ..checked_in(Outcome::Ok)
    };
    desk.reply(
        |call| matches!(call, Call::AdmitAnyway { .. }),
        Ok(Answer::CheckedIn(let_in)),
    );
    shows(&desk.screen(80, 24), &["₱250 still due"]);
}

#[test]
fn only_what_may_be_overridden_is() {
    for outcome in Outcome::ALL {
        let mut desk = at_the_door();
        desk.find("nina", one("Niñalyn Cruz", Standing::Registered));
        desk.press("Enter");
        desk.reply(
            |call| matches!(call, Call::CheckIn { .. }),
            Ok(Answer::CheckedIn(checked_in(outcome))),
        );
        desk.press("Esc");
        if outcome != Outcome::UnknownCode {
            // The field was empty: that cleared the card.
            desk.press("F7");
            hides(&desk.screen(80, 24), &["Admit anyway"]);
            desk.find("nina", one("Niñalyn Cruz", Standing::Registered));
            desk.press("Enter");
            desk.reply(
                |call| matches!(call, Call::CheckIn { .. }),
                Ok(Answer::CheckedIn(checked_in(outcome))),
            );
        }
        desk.press("F7");
        let screen = desk.screen(80, 24);
        if outcome.may_be_overridden() {
            shows(&screen, &["Admit anyway", outcome.brief()]);
        } else {
            hides(&screen, &["Admit anyway"]);
            shows(&screen, &["Nobody is marked whom a rule refuses."]);
        }
    }
    for (standing, may) in [
        (Standing::Pending, true),
        (Standing::Waitlisted, true),
        (Standing::Cancelled, true),
        (Standing::Unpaid, true),
        (Standing::Registered, false),
        (Standing::In, false),
        (Standing::None, false),
    ] {
        let mut desk = at_the_door();
        desk.find("nina", one("Niñalyn Cruz", standing));
        desk.press("F7");
        assert_eq!(desk.screen(80, 24).contains("Admit anyway"), may, "{standing:?}");
    }
}

#[test]
fn without_a_link_it_says_why_not() {
    let mut desk = at_the_door();
    desk.find("nina", one("Niñalyn Cruz", Standing::Unpaid));
    desk.fire(Timer::Poll);
    desk.reply(|call| matches!(call, Call::Door(_)), Err(offline()));
    for (key, what) in [("F2", "A walk-in"), ("F3", "Payment"), ("F7", "Admission")] {
        desk.press(key);
        let why = format!("{what} needs the database, which has not answered since 18:52.");
        shows(&desk.screen(80, 24), &[&why]);
        hides(&desk.screen(80, 24), &["─ Walk-in", "─ Payment", "Admit anyway"]);
    }
}

#[test]
fn a_broken_link_keeps_the_form_and_the_same_form_is_the_same_call() {
    let mut desk = at_the_door();
    desk.find("nina", one("Niñalyn Cruz", Standing::Unpaid));
    desk.press("F3");
    let first = sent(&desk.press("Ctrl+S"));
    desk.reply(|call| matches!(call, Call::TakePayment { .. }), Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["Payment", "Not checked in. The database does not answer"],
    );
    assert_eq!(sent(&desk.press("Ctrl+S")), first, "no second payment of it");
    desk.reply(
        |call| matches!(call, Call::TakePayment { .. }),
        Err(Fault::Conflict("PHP 300.00 is due, not PHP 250.00.".into())),
    );
    shows(&desk.screen(80, 24), &["PHP 300.00 is due, not PHP 250.00."]);
    assert_ne!(sent(&desk.press("Ctrl+S")).nonce(), first.nonce());
}

#[test]
fn esc_asks_only_if_something_was_typed_and_what_was_sent_is_told_later() {
    let mut desk = at_the_door();
    desk.find("Zoë", Vec::new());
    desk.press("F2");
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["Walk-in", "Close the form?"]);
    desk.press("F2");
    desk.write("zoe@example.org");
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Close the form?"]);
    desk.press("n");
    desk.press("Enter");
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["It is on its way"]);
    desk.press("y");
    hides(&desk.screen(80, 24), &["Walk-in"]);
    desk.reply(is_walk_in, Ok(attempted(checked_in(Outcome::Ok))));
    shows(&desk.screen(80, 24), &["✓  Niño Bautista"]);
    // And a refusal, where no form is left to tell it.
    desk.press("F2");
    desk.write("Jo");
    desk.press("Enter");
    desk.write("jo@example.org");
    desk.press("Enter");
    desk.press("Esc");
    desk.press("y");
    desk.reply(is_walk_in, Err(Fault::Slow));
    shows(
        &desk.screen(80, 24),
        &["Not checked in. The database took too long"],
    );
}

#[test]
fn a_walk_in_is_taken_back_and_brought_back_as_one() {
    let mut desk = at_a_door(|door| door.price = Some(money(250)));
    desk.press("F2");
    desk.write("Jo");
    desk.press("Tab");
    desk.write("jo@example.org");
    desk.press("Ctrl+S");
    desk.reply(is_walk_in, Ok(attempted(checked_in(Outcome::Ok))));
    let Call::Undo { member, passage, .. } = sent(&desk.press("Ctrl+Z")) else {
        panic!("an undo");
    };
    assert_eq!((member, passage), (MemberId(10), Passage::In));
    desk.reply(
        |call| matches!(call, Call::Undo { .. }),
        Ok(Answer::Undone(Undone {
            voided: Some(money(250)),
            ..undone(UndoOutcome::Undone, Passage::In)
        })),
    );
    shows(
        &desk.screen(80, 24),
        &["Taken back: Niño Bautista, −15 points. Give ₱250 back."],
    );
    for round in 0..2 {
        let Call::WalkIn { walk_in, nonce, .. } = sent(&desk.press("Ctrl+Y")) else {
            panic!("the walk-in again");
        };
        assert_eq!(walk_in.guest, Guest::Member(MemberId(10)), "a newcomer no longer");
        assert_eq!(walk_in.taking.map(|taking| taking.amount), Some(money(250)));
        assert_ne!(nonce, Nonce::from_u128(1));
        if round == 0 {
            desk.reply(is_walk_in, Err(offline()));
            shows(
                &desk.screen(80, 24),
                &["Not checked in. The database does not answer"],
            );
            // Like any other entry by the till it waits for the link.
            assert!(calls(&desk.press("Ctrl+Y")).is_empty());
            shows(&desk.screen(80, 24), &["needs the database"]);
            desk.press("F5");
            desk.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(door())));
            continue;
        }
        desk.reply(is_walk_in, Ok(attempted(checked_in(Outcome::Ok))));
    }
    shows(&desk.screen(80, 24), &["✓  Niño Bautista"]);
    assert!(
        matches!(sent(&desk.press("Ctrl+Z")), Call::Undo { .. }),
        "and back again"
    );
}

#[test]
fn a_scan_leaves_no_letter_in_the_form_and_sends_nothing_of_it() {
    let mut desk = at_the_door();
    desk.press("F2");
    desk.write("Jo");
    // The first letter comes after a pause, as from any scanner.
    desk.write("X");
    for c in "K2QQ77777".chars() {
        desk.send(Msg::Quick(crossterm::event::KeyEvent::from(
            crossterm::event::KeyCode::Char(c),
        )));
    }
    let effects = desk.send(Msg::Quick(crossterm::event::KeyEvent::from(
        crossterm::event::KeyCode::Enter,
    )));
    assert!(matches!(sent(&effects), Call::CheckIn { .. }));
    shows(&desk.screen(80, 24), &["Name *     Jo"]);
    hides(&desk.screen(80, 24), &["Name *     JoXK2", "Type the e-mail"]);
}
