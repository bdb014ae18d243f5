//! Accounts: joining, a lost password, my own name and password; and the sheet in which they are typed.

use pine_time::domain::account::{AccountAnswer, AccountCall, Proof};
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call, Fault, Nonce};

use crate::fixtures::{Desk, offline, profile};
use crate::{calls, hides, shows};

const GOOD: &str = "moss otter quay 7";

fn is_account(call: &Call) -> bool {
    matches!(call, Call::Account(_))
}

fn opened() -> Desk {
    let mut desk = Desk::sized(80, 24);
    desk.open();
    desk
}

/// Fills one field and goes on.
fn fill(desk: &mut Desk, texts: &[&str]) {
    for text in texts {
        desk.write(text);
        desk.press("Tab");
    }
}

fn joining() -> Desk {
    let mut desk = opened();
    desk.press("Ctrl+N");
    fill(&mut desk, &["Nina Cruz", "", "nina@example.org", GOOD, ""]);
    desk
}

fn sent(desk: &Desk) -> (Nonce, AccountCall) {
    match desk.newest(is_account) {
        Some((_, Call::Account(call))) => (call.nonce().unwrap(), call),
        other => panic!("{other:?}"),
    }
}

#[test]
fn somebody_new_joins_and_is_signed_in() {
    let mut desk = joining();
    shows(&desk.screen(80, 24), &["New here", "nina.cruz"]);
    desk.press("Ctrl+S");
    let (_, call) = sent(&desk);
    let AccountCall::SignUp { who, .. } = call else {
        panic!("{call:?}")
    };
    assert_eq!(
        (who.username.as_str(), who.email.as_str()),
        ("nina.cruz", "nina@example.org")
    );
    assert!(!format!("{who:?}").contains(GOOD), "a password is never shown");
    let effects = desk.reply(
        is_account,
        Ok(Answer::Account(AccountAnswer::SignedUp("nina.cruz".into()))),
    );
    let signing = calls(&effects);
    assert!(
        matches!(signing.as_slice(), [Call::SignIn { name, .. }] if name == "nina.cruz"),
        "{signing:?}"
    );
    hides(&desk.screen(80, 24), &["New here"]);
}

#[test]
fn what_is_missing_or_weak_is_told_at_its_field_and_nothing_is_lost() {
    let mut desk = opened();
    desk.press("Ctrl+N");
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["This has to be filled."]);
    assert!(desk.newest(is_account).is_none());
    fill(&mut desk, &["Nina Cruz", "", "nina@example.org"]);
    desk.write("short");
    shows(&desk.screen(80, 24), &["A password has at least 12 characters."]);
    desk.press("Ctrl+S");
    assert!(desk.newest(is_account).is_none());
    desk.press("Ctrl+U");
    desk.write("ninacruz.nina");
    shows(&desk.screen(80, 24), &["too much like the name"]);
    desk.press("Ctrl+U");
    desk.write("passwordpassword");
    shows(&desk.screen(80, 24), &["tried first"]);
    desk.press("Ctrl+U");
    desk.write(GOOD);
    shows(&desk.screen(80, 24), &["■"]);
    hides(&desk.screen(80, 24), &[GOOD]);
    desk.press("Ctrl+T");
    shows(&desk.screen(80, 24), &[GOOD]);
    desk.press("Ctrl+S");
    desk.reply(
        is_account,
        Err(Fault::Invalid {
            field: "username".to_owned(),
            why: "The user name “nina.cruz” is taken.".into(),
        }),
    );
    // The cursor is where it is wrong, and the rest is as it was typed.
    shows(
        &desk.screen(80, 24),
        &[
            "The user name “nina.cruz” is taken.",
            "Nina Cruz",
            "nina@example.org",
            GOOD,
        ],
    );
    desk.write("2");
    desk.press("Ctrl+S");
    let (_, AccountCall::SignUp { who, .. }) = sent(&desk) else {
        panic!()
    };
    assert_eq!(who.username, "nina.cruz2");
}

#[test]
fn a_lost_answer_is_asked_for_with_the_same_press_unless_something_changed() {
    let mut desk = joining();
    desk.press("Ctrl+S");
    let (first, _) = sent(&desk);
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["It is being sent."]);
    desk.reply(is_account, Err(Fault::Slow));
    shows(
        &desk.screen(80, 24),
        &["Nothing was done. The database took too long to answer."],
    );
    desk.press("Ctrl+S");
    let (again, _) = sent(&desk);
    assert_eq!(first, again, "the same press");
    desk.reply(is_account, Err(Fault::Slow));
    desk.write("ana");
    desk.press("Ctrl+S");
    let (other, _) = sent(&desk);
    assert_ne!(first, other, "something else is another press");
    desk.reply(is_account, Err(offline()));
    shows(&desk.screen(80, 24), &["Nina Cruz"]);
}

#[test]
fn leaving_asks_only_when_something_was_typed_and_an_answer_after_that_is_nobodys() {
    let mut desk = opened();
    desk.press("Ctrl+N");
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["New here"]);
    let mut desk = joining();
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Close the form?"]);
    desk.press("n");
    desk.press("Ctrl+S");
    let (id, _) = desk.newest(is_account).unwrap();
    desk.press("Esc");
    desk.press("y");
    hides(&desk.screen(80, 24), &["New here"]);
    let effects = desk.reply_to(
        id,
        Ok(Answer::Account(AccountAnswer::SignedUp("nina.cruz".into()))),
    );
    assert!(
        calls(&effects).is_empty(),
        "whoever left is not signed in behind their back"
    );
}

#[test]
fn a_lost_password_is_set_anew_with_a_code() {
    let mut desk = opened();
    desk.write("ana");
    desk.press("Ctrl+O");
    shows(&desk.screen(80, 24), &["Set a password anew", "ana"]);
    fill(&mut desk, &["", "7hq2m-9kxtc"]);
    desk.write(GOOD);
    desk.press("Enter");
    let proved = |proof| Ok(Answer::Account(AccountAnswer::Proved(proof)));
    desk.reply(is_account, proved(Proof::Refused));
    shows(
        &desk.screen(80, 24),
        &["Name and code do not match", "7hq2m-9kxtc"],
    );
    desk.press("Ctrl+S");
    desk.reply(is_account, proved(Proof::Wait { seconds: 128 }));
    shows(
        &desk.screen(80, 24),
        &["Too many wrong tries. Try again in 3 minutes."],
    );
    desk.press("Ctrl+S");
    let effects = desk.reply(is_account, proved(Proof::Ok));
    assert!(matches!(calls(&effects).as_slice(), [Call::SignIn { name, .. }] if name == "ana"));
}

#[test]
fn my_name_and_my_password_are_changed_on_the_profile() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.press("4");
    desk.press("e");
    shows(&desk.screen(80, 24), &["Your profile is not here yet."]);
    desk.reply(
        |call| matches!(call, Call::Profile),
        Ok(Answer::Profile(profile())),
    );
    desk.press("e");
    shows(
        &desk.screen(80, 24),
        &["Name and address", "Ana Reyes", "ana@example.org"],
    );
    desk.write("-Lim");
    desk.press("Ctrl+S");
    let effects = desk.reply(
        is_account,
        Ok(Answer::Account(AccountAnswer::Saved {
            full_name: "Ana Reyes-Lim".into(),
            email: "ana@example.org".into(),
        })),
    );
    assert!(
        calls(&effects).contains(&&Call::Profile),
        "the page is asked for again"
    );
    shows(&desk.screen(80, 24), &["Saved."]);

    desk.press("w");
    desk.write("the old one");
    desk.press("Enter");
    desk.write("ana reyes ana");
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["too much like the name"]);
    desk.press("Ctrl+U");
    desk.write(GOOD);
    desk.press("Enter");
    desk.reply(
        is_account,
        Ok(Answer::Account(AccountAnswer::Proved(Proof::Refused))),
    );
    shows(&desk.screen(80, 24), &["That is not the old password."]);
    desk.press("Ctrl+S");
    desk.reply(is_account, Ok(Answer::Account(AccountAnswer::Proved(Proof::Ok))));
    shows(
        &desk.screen(80, 24),
        &["The password is changed; your other sessions have ended."],
    );
}

#[test]
fn all_that_is_wrong_with_a_sheet_is_told_at_once_and_read_whole() {
    let mut desk = opened();
    desk.press("Ctrl+N");
    fill(&mut desk, &["", "", "nina@example.org"]);
    desk.write("short");
    desk.press("Ctrl+S");
    // The name is missing, and the password is too short: one press tells both.
    shows(
        &desk.screen(80, 24),
        &["This has to be filled.", "A password has at least 12 characters."],
    );
    // The first of them has the keys.
    desk.write("Nina Cruz");
    shows(&desk.screen(80, 24), &["Name *       Nina Cruz"]);
    let mut desk = joining();
    desk.press("Ctrl+S");
    let why = "A user name has 2 to 64 of the letters a to z, digits, dots, dashes and underscores, and begins with a letter or digit.";
    desk.reply(
        is_account,
        Err(Fault::Invalid {
            field: "username".to_owned(),
            why: why.into(),
        }),
    );
    shows(&desk.screen(80, 24), &["and begins with a letter or digit."]);
    // Another field has the keys: what is said there is of no use.
    desk.press("Tab");
    hides(&desk.screen(80, 24), &["and begins with a letter or digit."]);
}

#[test]
fn a_sheet_needs_the_database_and_says_so() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.press("4");
    desk.reply(
        |call| matches!(call, Call::Profile),
        Ok(Answer::Profile(profile())),
    );
    desk.press("F5");
    desk.reply(|call| matches!(call, Call::Profile), Err(offline()));
    desk.press("e");
    desk.press("Ctrl+S");
    shows(
        &desk.screen(80, 24),
        &["This needs the database, which has not answered since"],
    );
    assert!(desk.newest(is_account).is_none());
}
