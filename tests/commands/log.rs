//! What the log holds after an evening: every change with its request's number, and of people nothing at all, at the
//! finest level, whatever was typed, refused or wrong.

use std::fs;

use crate::support::cluster::Role;
use crate::support::terminal::{Key, LIMIT, Terminal};
use crate::support::world::World;
use crate::{PASSWORD, Program, finished};

/// Whatever may not stand in a log: people's names, addresses, codes, passwords, and the database's.
fn personal(world_codes: &[String]) -> Vec<String> {
    let mut words: Vec<String> = [
        "Josefina",
        "Quimpo",
        "jquimpo",
        "josefina@example.org",
        PASSWORD,
        "not her password",
        "mistyped@example.org",
        "s3cret-of-the-database",
    ]
    .map(str::to_owned)
    .to_vec();
    for code in world_codes {
        words.push(code.clone());
        words.push(format!("{}-{}", &code[..5], &code[5..]));
    }
    words
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_people_is_in_the_log_after_a_story() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let log = tempfile::tempdir().unwrap();
    let file = log.path().join("story.log");
    let named = file.display().to_string();
    let owner = Program::of(&world, Role::Owner)
        .with("PINE_TIME_LOG_LEVEL", "trace")
        .with("PINE_TIME_LOG_FILE", "/dev/null/no/such.log");
    // The flag beats the variable, which could not even be opened.
    let add = [
        "--log-file",
        &named,
        "user",
        "add",
        "jquimpo",
        "--full-name",
        "Josefina Quimpo",
        "--email",
        "josefina@example.org",
        "--role",
        "staff",
        "--password-stdin",
    ];
    finished(&owner.run_with(&add, format!("{PASSWORD}\n").as_bytes()), 0);
    // Twice: the database refuses, and says why to the person only.
    finished(&owner.run_with(&add, format!("{PASSWORD}\n").as_bytes()), 1);
    let number = event.0.to_string();
    owner.done(&[
        "--log-file",
        &named,
        "registrations",
        "add",
        "jquimpo",
        "--event",
        &number,
    ]);
    let code: String = world
        .value("SELECT pass_code FROM users WHERE username = 'jquimpo'")
        .await;
    let lines = format!("{code}\n{code}\nmistyped@example.org\n");
    owner.run_with(
        &["--log-file", &named, "check-in", "--event", &number],
        lines.as_bytes(),
    );

    // The database's password, where the login is wrong and where nobody listens.
    let url = world.database.url(Role::Staff);
    let with_password = url.replacen("pine_staff_login@", "nobody_there:s3cret-of-the-database@", 1);
    for url in [
        &with_password,
        "postgres://ana:s3cret-of-the-database@127.0.0.1:9/pine",
    ] {
        let program = Program {
            url: Some(url.to_owned()),
            ..Program::of(&world, Role::Staff)
        };
        program.fails(&["--log-file", &named, "events", "list"], 1);
    }

    // And at the screens: a wrong password, the right one, a search.
    let terminal = Terminal::start(
        &["--log-file", &named],
        &[("PINE_TIME_DATABASE_URL", &url), ("PINE_TIME_LOG_LEVEL", "trace")],
        (80, 24),
    );
    terminal.wait_for_text("live");
    terminal.type_text("jquimpo");
    terminal.key(Key::Enter);
    terminal.type_text("not her password");
    terminal.key(Key::Enter);
    terminal.wait_for_text("do not match");
    terminal.key(Key::Ctrl('a'));
    terminal.key(Key::Ctrl('k'));
    terminal.type_text(PASSWORD);
    terminal.key(Key::Enter);
    terminal.wait_for_text("1 Cal");
    terminal.wait_for_text("─ News ─");
    terminal.wait_until("what is told has been read", |screen| {
        if screen.contains("─ News ─") || screen.contains("─ Earned ─") {
            terminal.key(Key::Enter);
        }
        terminal.type_text("3");
        screen.contains("due") && !screen.contains("─ News ─") && !screen.contains("─ Earned ─")
    });
    terminal.key(Key::Ctrl('u'));
    terminal.type_text("Quimpo");
    terminal.wait_for_text("Josefina");
    terminal.key(Key::Ctrl('c'));
    let (status, _) = terminal.wait_exit(LIMIT);
    assert!(status.success(), "{}", terminal.screen_text());

    let text = fs::read_to_string(&file).unwrap();
    for expected in ["SignIn", "Door", "CheckIn", "request=", "answered", "done=false"] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
    let request: Vec<uuid::Uuid> = text
        .lines()
        .filter(|line| line.contains("kind=CheckIn"))
        .filter_map(|line| {
            line.split("request=")
                .nth(1)?
                .split_whitespace()
                .next()?
                .parse()
                .ok()
        })
        .collect();
    assert_eq!(request.len(), 3, "{text}");
    let known: i64 = sqlx::query_scalar("SELECT count(*) FROM check_in_log WHERE nonce = ANY ($1)")
        .bind(&request)
        .fetch_one(&world.owner)
        .await
        .unwrap();
    assert_eq!(known, 3, "the numbers in the log are the database's");
    let codes: Vec<String> = sqlx::query_scalar("SELECT pass_code FROM users")
        .fetch_all(&world.owner)
        .await
        .unwrap();
    for word in personal(&codes) {
        let found: Vec<_> = text
            .lines()
            .filter(|line| line.to_lowercase().contains(&word.to_lowercase()))
            .collect();
        assert!(found.is_empty(), "{word:?} is in the log: {found:#?}");
    }
}
