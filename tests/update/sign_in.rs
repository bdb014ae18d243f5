//! Signing in and out.

use pine_time::app::effect::{Effect, Lane, RequestId, Timer};
use pine_time::app::msg::Msg;
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call, Fault, Secret};

use crate::fixtures::{Desk, me, offline};
use crate::{calls, hides, shows};

fn is_sign_in(call: &Call) -> bool {
    matches!(call, Call::SignIn { .. })
}

fn typed(name: &str, password: &str) -> Desk {
    let mut desk = Desk::sized(80, 24);
    desk.open();
    desk.write(name);
    desk.press("Tab");
    desk.write(password);
    desk
}

#[test]
fn the_first_call_waits_for_the_data_layer() {
    let mut desk = Desk::sized(80, 24);
    assert!(desk.waiting.is_empty());
    desk.send(Msg::Opening("Starting PostgreSQL".into()));
    shows(&desk.screen(80, 24), &["Starting PostgreSQL", "connecting"]);
    desk.write("ana");
    desk.press("Enter");
    desk.write("pinetime");
    assert!(desk.press("Enter").is_empty());
    shows(
        &desk.screen(80, 24),
        &["The database is not open yet.", "ana", "••••••••"],
    );
    let effects = desk.send(Msg::Opened(Ok(())));
    assert_eq!(calls(&effects), [&Call::Community]);
}

#[test]
fn a_database_that_cannot_be_opened_says_so_in_place() {
    let mut desk = Desk::sized(80, 24);
    let why = "There are no PostgreSQL server programs on this system. Install the package postgresql-17.";
    desk.send(Msg::Opened(Err(why.into())));
    shows(
        &desk.screen(80, 24),
        &["There are no PostgreSQL server programs", "postgresql-17"],
    );
    assert!(desk.waiting.is_empty());
}

#[test]
fn enter_goes_on_and_then_signs_in() {
    let mut desk = Desk::sized(80, 24);
    desk.open();
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["Type your name."]);
    desk.write(" ana ");
    desk.press("Enter");
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["Type your password."]);
    desk.write("pinetime");
    let effects = desk.press("Enter");
    let request = RequestId(2);
    assert_eq!(
        effects,
        [
            Effect::Run {
                request,
                lane: Lane::Session,
                call: Call::SignIn {
                    name: "ana".to_owned(),
                    password: Secret::new("pinetime".to_owned()),
                },
            },
            Effect::After {
                delay: std::time::Duration::from_millis(150),
                timer: Timer::Spinner(request),
            },
        ]
    );
    // The same key again while it is under way is not another try.
    assert!(desk.press("Enter").is_empty());
    hides(&desk.screen(80, 24), &["signing in"]);
    desk.fire(Timer::Spinner(request));
    shows(&desk.screen(80, 24), &["signing in"]);
    desk.reply(is_sign_in, Ok(Answer::SignIn(Some(me(UserType::Regular)))));
    shows(&desk.screen(80, 24), &["1 Calendar", "ana · 340 points"]);
    hides(&desk.screen(80, 24), &["Check-in", "Password"]);
}

#[test]
fn no_match_keeps_the_name_and_empties_the_password() {
    let mut desk = typed("ana", "wrong");
    desk.press("Enter");
    desk.reply(is_sign_in, Ok(Answer::SignIn(None)));
    let screen = desk.screen(80, 24);
    shows(&screen, &["Name and password do not match.", "Name      ana"]);
    hides(&screen, &["•"]);
    // Typing again takes the sentence away.
    desk.write("p");
    hides(&desk.screen(80, 24), &["do not match"]);
}

#[test]
fn a_lost_link_keeps_what_was_typed() {
    let mut desk = typed("ana", "pinetime");
    desk.press("Enter");
    desk.reply(is_sign_in, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &[
            "The database does not answer: connection refused.",
            "ana",
            "••••••••",
            "offline since 18:52",
        ],
    );
    desk.press("Enter");
    desk.reply(is_sign_in, Ok(Answer::SignIn(Some(me(UserType::Regular)))));
    shows(&desk.screen(80, 24), &["ana · 340 points"]);
}

#[test]
fn the_password_shows_only_when_asked() {
    let mut desk = typed("ana", "pine\u{202e}time");
    shows(&desk.screen(80, 24), &["Password  •••••••••\n"]);
    desk.press("Ctrl+T");
    shows(&desk.screen(80, 24), &["Password  pinetime\n"]);
    desk.press("Ctrl+T");
    hides(&desk.screen(80, 24), &["Password  pinetime"]);
}

#[test]
fn signing_out_forgets_everything_and_drops_late_replies() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    let late = desk.newest(|call| matches!(call, Call::Events { .. })).unwrap().0;
    let effects = desk.press("Ctrl+O");
    assert_eq!(calls(&effects), [&Call::SignOut]);
    shows(&desk.screen(80, 24), &["Password", "Sample community"]);
    hides(&desk.screen(80, 24), &["340 points", "•"]);
    desk.reply_to(late, Ok(Answer::Events(crate::fixtures::events())));
    desk.reply(|call| matches!(call, Call::SignOut), Ok(Answer::SignedOut));
    desk.sign_in(UserType::Staff);
    hides(&desk.screen(80, 24), &["Trivia Night"]);
}

#[test]
fn demo_names_show_in_a_demo_only() {
    let mut desk = Desk::sized(80, 24);
    desk.send(Msg::Opened(Ok(())));
    let real = pine_time::domain::community::Community {
        is_demo: false,
        ..crate::fixtures::community()
    };
    desk.reply(
        |call| matches!(call, Call::Community),
        Ok(Answer::Community(real)),
    );
    hides(&desk.screen(80, 24), &["pinetime", "admin"]);
    shows(
        &desk.screen(80, 24),
        &["Highland Games Community", "PostgreSQL 17.4"],
    );
}

#[test]
fn a_version_mismatch_is_said_in_place() {
    let mut desk = typed("ana", "pinetime");
    desk.press("Enter");
    let why = "The database is newer than this program. Upgrade the program.";
    desk.reply(is_sign_in, Err(Fault::Version(why.into())));
    shows(
        &desk.screen(80, 24),
        &["The database is newer than this program."],
    );
}

#[test]
fn esc_waits_no_longer_and_an_answer_that_comes_all_the_same_signs_nobody_in() {
    let mut desk = typed("ana", "pinetime");
    desk.press("Enter");
    let request = desk.newest(is_sign_in).unwrap().0;
    let effects = desk.press("Esc");
    assert!(effects.contains(&Effect::StopWaiting), "{effects:?}");
    shows(
        &desk.screen(80, 24),
        &["You are not signed in; nothing is waited for."],
    );
    let effects = desk.reply_to(request, Ok(Answer::SignIn(Some(me(UserType::Regular)))));
    assert!(
        calls(&effects).iter().any(|call| matches!(call, Call::SignOut)),
        "no session is left behind: {effects:?}"
    );
    shows(&desk.screen(80, 24), &["Enter sign in"]);
    // Nothing is on its way: nothing to stop.
    assert!(!desk.press("Esc").contains(&Effect::StopWaiting));
    // A refusal says nothing any more either.
    desk.press("Enter");
    let request = desk.newest(is_sign_in).unwrap().0;
    desk.press("Esc");
    desk.reply_to(request, Ok(Answer::SignIn(None)));
    hides(&desk.screen(80, 24), &["do not match"]);
}

#[test]
fn what_is_typed_in_secret_is_in_no_debug_of_anything() {
    const TYPED: &str = "moss-otter-quay-7";
    let hidden = |desk: &Desk, what: &str| {
        assert!(!format!("{:?}", desk.model).contains(TYPED), "{what}");
    };
    let mut desk = typed("ana", TYPED);
    hidden(&desk, "signing in");
    let effects = desk.press("Enter");
    assert!(!format!("{effects:?}").contains(TYPED), "the effect");
    hidden(&desk, "a sign-in under way");
    for (keys, before, what) in [("Ctrl+N", 3, "joining"), ("Ctrl+O", 2, "a lost password")] {
        let mut desk = Desk::sized(80, 24);
        desk.open();
        desk.press(keys);
        for _ in 0..before {
            desk.press("Tab");
        }
        desk.write(TYPED);
        shows(&desk.screen(80, 24), &["••••"]);
        hidden(&desk, what);
    }
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("Ctrl+L");
    desk.write(TYPED);
    hidden(&desk, "the lock");
}
