//! Passwords asked for on a terminal: twice when new, never shown, and the terminal as it was afterwards.

use std::time::Duration;

use crate::support::cluster::Role;
use crate::support::hands::Key;
use crate::support::terminal::Terminal;
use crate::support::world::World;
use crate::{PASSWORD, Program};

fn passwd(world: &World, answers: &[&str]) -> (u32, String) {
    let url = world.database.url(Role::Owner);
    let mut terminal = Terminal::start(
        &["user", "passwd", "ana"],
        &[("PINE_TIME_DATABASE_URL", &url)],
        (80, 24),
    );
    for (question, answer) in ["New password of ana:", "Once more:"].iter().zip(answers) {
        terminal.wait_for_text(question);
        terminal.type_text(answer);
        terminal.key(Key::Enter);
    }
    let (status, _) = terminal.wait_exit(Duration::from_secs(30));
    terminal.assert_as_it_was();
    for answer in answers.iter().filter(|answer| !answer.is_empty()) {
        assert!(
            !terminal.screen_text().contains(answer),
            "a password on the screen"
        );
    }
    (status.exit_code(), terminal.screen_text())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_is_asked_for_twice() {
    let world = World::new().await;
    Program::of(&world, Role::Owner).add("ana", "regular");
    let stored = async || {
        world
            .value::<String>("SELECT hashed_password FROM users WHERE username = 'ana'")
            .await
    };
    let before = stored().await;

    let (code, screen) = passwd(&world, &[PASSWORD, "correct horse batterx"]);
    assert!(
        code == 1 && screen.contains("The two passwords differ; nothing was changed."),
        "{screen}"
    );
    let (code, screen) = passwd(&world, &["too short"]);
    assert!(code == 1 && screen.contains("12 characters"), "{screen}");
    let (code, screen) = passwd(&world, &[""]);
    assert!(code == 1 && screen.contains("No password was typed."), "{screen}");
    assert_eq!(stored().await, before);

    let (code, screen) = passwd(&world, &["twelve ñandúes", "twelve ñandúes"]);
    assert!(
        code == 0 && screen.contains("The password of ana is set"),
        "{screen}"
    );
    assert_ne!(stored().await, before);
    let ana = Program::of(&world, Role::Staff).with("PINE_TIME_PASSWORD", "twelve ñandúes");
    ana.done(&["events", "list", "--as", "ana"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_leaves_the_question_and_the_terminal_as_it_was() {
    let world = World::new().await;
    let url = world.database.url(Role::Owner);
    let mut terminal = Terminal::start(
        &["user", "passwd", "ana"],
        &[("PINE_TIME_DATABASE_URL", &url)],
        (80, 24),
    );
    terminal.wait_for_text("New password of ana:");
    terminal.type_text("half of it");
    terminal.key(Key::Ctrl('c'));
    let (status, _) = terminal.wait_exit(Duration::from_secs(30));
    terminal.assert_as_it_was();
    assert_eq!(status.exit_code(), 1);
    assert!(
        terminal.screen_text().contains("interrupted."),
        "{}",
        terminal.screen_text()
    );
    assert!(!terminal.screen_text().contains("half"));
}
