//! What a terminal forgets: passwords as soon as they have served, and at a kiosk everything about whoever has gone. Looked
//! for in the memory of the built program, and in every file that it wrote. Each look has a control: while the text is
//! typed or shown it is found.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;

use pine_time::db::hash_password;
use pine_time::domain::Secret;
use pine_time::domain::member::MemberId;
use support::cluster::Role;
use support::kiosks::enrolled;
use support::memory::{Found, find};
use support::terminal::{Key, Terminal};
use support::until;
use support::world::World;

const RIGHT: &str = "~glade otter quay 71";
const WRONG: &str = "~bracken plover tarn 88";
const NEXT: &str = "~juniper sorrel weir 53";

async fn give_password(world: &World, member: MemberId, password: &str) {
    sqlx::query("UPDATE users SET hashed_password = $2 WHERE id = $1")
        .bind(member.0)
        .bind(hash_password(&Secret::new(password.to_owned())).unwrap())
        .execute(&world.owner)
        .await
        .unwrap();
}

/// The control: it is there now.
#[track_caller]
fn assert_known(terminal: &Terminal, text: &str) {
    assert!(
        !find(terminal.pid(), &[text]).is_empty(),
        "{text:?} is found while it is there"
    );
}

/// Waits until none of these is in memory: what is on its way to being forgotten may take a moment.
async fn assert_forgotten(terminal: &Terminal, texts: &[&str]) {
    let mut found: Vec<Found> = Vec::new();
    for _ in 0..20 {
        found = find(terminal.pid(), texts);
        if found.is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("still in memory:\n{found:#?}");
}

/// Every file under a folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    all
}

#[track_caller]
fn assert_not_written(folder: &Path, texts: &[&str]) {
    let files = files(folder);
    assert!(
        files.iter().any(|(name, _)| name.contains("log")),
        "a log was written"
    );
    for (name, bytes) in files {
        for text in texts {
            let is_there = bytes.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(!is_there, "{text:?} is in {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_forgotten_when_it_has_served_and_is_in_no_file() {
    let world = World::new().await;
    let ana = world.member("ana").await;
    give_password(&world, ana, RIGHT).await;
    let url = world.database.url(Role::Staff);
    let terminal = Terminal::start(
        &[],
        &[("PINE_TIME_DATABASE_URL", &url), ("PINE_TIME_LOG_LEVEL", "trace")],
        (80, 24),
    );
    terminal.wait_for_text("Password");
    terminal.type_text("ana");
    terminal.wait_for_text("Name      ana");
    terminal.key(Key::Tab);

    // Pasted, shown, hidden, and wrong.
    terminal.paste(WRONG);
    terminal.wait_for_text("\u{2022}\u{2022}\u{2022}");
    terminal.key(Key::Ctrl('t'));
    terminal.wait_for_text(WRONG);
    assert_known(&terminal, WRONG);
    terminal.key(Key::Ctrl('t'));
    terminal.wait_until("it is hidden", |screen| !screen.contains(WRONG));
    terminal.key(Key::Enter);
    terminal.wait_for_text("do not match");
    assert_forgotten(&terminal, &[WRONG]).await;

    // Typed and cleared.
    terminal.type_text(WRONG);
    terminal.wait_for_text("\u{2022}\u{2022}\u{2022}");
    assert_known(&terminal, WRONG);
    terminal.key(Key::Ctrl('u'));
    terminal.wait_until("an empty field", |screen| !screen.contains("\u{2022}"));
    assert_forgotten(&terminal, &[WRONG]).await;

    // Typed and right.
    terminal.type_text(RIGHT);
    terminal.wait_for_text("\u{2022}\u{2022}\u{2022}");
    assert_known(&terminal, RIGHT);
    terminal.key(Key::Enter);
    terminal.wait_for_text("1 Calendar");
    assert_forgotten(&terminal, &[RIGHT]).await;

    // Another one chosen: looked at by the rules, sent, and the form closed; and one that was not sent.
    terminal.key(Key::Alt('4'));
    terminal.wait_for_text("4 Profile");
    terminal.type_text("w");
    terminal.wait_for_text("Old password");
    terminal.type_text(RIGHT);
    terminal.key(Key::Tab);
    terminal.type_text(NEXT);
    terminal.wait_for_text("strong");
    assert_known(&terminal, NEXT);
    terminal.key(Key::Ctrl('s'));
    terminal.wait_until("it is changed", |screen| !screen.contains("Old password"));
    assert_forgotten(&terminal, &[RIGHT, NEXT]).await;
    terminal.type_text("w");
    terminal.wait_for_text("Old password");
    terminal.type_text(WRONG);
    terminal.wait_for_text("\u{2022}\u{2022}\u{2022}");
    assert_known(&terminal, WRONG);
    terminal.key(Key::Esc);
    terminal.wait_for_text("Close the form?");
    terminal.type_text("y");
    terminal.wait_until("it is closed", |screen| !screen.contains("Old password"));
    assert_forgotten(&terminal, &[WRONG]).await;

    terminal.key(Key::Ctrl('o'));
    terminal.wait_for_text("Password");
    assert_forgotten(&terminal, &[RIGHT, WRONG, NEXT]).await;
    assert_not_written(terminal.home(), &[RIGHT, WRONG, NEXT]);
    let shown = terminal.raw_bytes();
    for text in [RIGHT, NEXT] {
        let is_there = shown.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!is_there, "{text:?} was written to the terminal");
    }
}

/// What is hers.
const NAME: &str = "Xanthippe Quodlibet";
const USERNAME: &str = "xanthippe_q";
const EMAIL: &str = "xanthippe.q@example.org";

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_keeps_nothing_in_memory_of_a_member_who_has_gone() {
    let world = World::new().await;
    let event = world.event(-1, Some(20)).await;
    let member = world.guest(USERNAME, event).await;
    world
        .sql(&format!(
            "UPDATE users SET full_name = '{NAME}', email = '{EMAIL}' WHERE id = {}",
            member.0
        ))
        .await;
    give_password(&world, member, RIGHT).await;
    let pass = world.pass_code(member).await;

    let (state, _) = enrolled(&world).await;
    let url = world.database.url(Role::Kiosk);
    let terminal = Terminal::start(
        &["kiosk"],
        &[
            ("PINE_TIME_DATABASE_URL", &url),
            ("PINE_TIME_LOG_LEVEL", "trace"),
            ("XDG_STATE_HOME", state.path().to_str().unwrap()),
            ("PINE_TIME_TERMINAL_KIOSK_IDLE_SECONDS", "24"),
        ],
        (80, 24),
    );
    terminal.wait_for_text("Trivia Night");
    let hers = [NAME, USERNAME, EMAIL, RIGHT, pass.as_str()];
    for walks_away in [false, true] {
        terminal.key(Key::Enter);
        terminal.wait_for_text("Password");
        terminal.type_text(USERNAME);
        terminal.wait_for_text(USERNAME);
        terminal.key(Key::Enter);
        terminal.type_text(RIGHT);
        terminal.key(Key::Enter);
        terminal.wait_for_text("1 Calendar");
        // Where her address, her pass and her name stand.
        terminal.key(Key::Alt('4'));
        terminal.wait_for_text(NAME);
        until("the form with her address", || async {
            terminal.type_text("e");
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            terminal.screen_text().contains(EMAIL)
        })
        .await;
        for text in [NAME, USERNAME, EMAIL] {
            assert_known(&terminal, text);
        }
        terminal.key(Key::Esc);
        // What was typed too often into the form is dropped with it.
        terminal.type_text("y");
        terminal.wait_until("the form is closed", |screen| !screen.contains(EMAIL));
        terminal.type_text("p");
        terminal.wait_until("her pass", |screen| screen.contains(&pass[..5]));
        terminal.key(Key::Esc);
        if !walks_away {
            terminal.key(Key::Ctrl('o'));
        }
        terminal.wait_for_text("Scan your pass");
        until("her session has ended", || async {
            world
                .count("sessions WHERE ended_at IS NULL AND user_id <> 0")
                .await
                <= 1
        })
        .await;
        assert_forgotten(&terminal, &hers).await;
    }
    // A pass that is scanned goes too, once its card is gone.
    terminal.send(format!("{pass}\r").as_bytes());
    terminal.wait_for_text("Xanthippe Q.");
    terminal.wait_until("the card is gone", |screen| !screen.contains("Xanthippe Q."));
    assert_forgotten(&terminal, &hers).await;
    assert_not_written(state.path(), &hers);
}
