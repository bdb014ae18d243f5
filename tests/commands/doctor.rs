//! `doctor`: with everything in order, with nothing there at all, and with each thing wrong that it is to find. No
//! secret is ever on the page.

use std::fs;

use chrono::Utc;
use pine_time::domain::check_in::Presented;
use pine_time::domain::event::EventId;
use pine_time::domain::kept::{Act, Kept};
use pine_time::door::{Record, encode};
use serde_json::Value;

use crate::support::cluster::Role;
use crate::support::terminal::{LIMIT, Terminal};
use crate::support::world::{World, nonce};
use crate::{Program, finished};

/// The page as JSON, from a run that ends with this code.
fn page(program: &Program, code: i32) -> Value {
    let (out, err) = finished(&program.run_with(&["doctor", "--json"], b""), code);
    assert_eq!(err, "");
    serde_json::from_str(&out).unwrap()
}

fn state<'a>(page: &'a Value, check: &str) -> &'a str {
    finding(page, check)["state"].as_str().unwrap()
}

fn finding<'a>(page: &'a Value, check: &str) -> &'a Value {
    page["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["check"] == check)
        .unwrap_or_else(|| panic!("{check} is not on {page:#}"))
}

/// Whatever is wrong has a remedy.
fn assert_remedies(page: &Value) {
    for finding in page["findings"].as_array().unwrap() {
        let has = finding["remedy"].as_str().is_some_and(|remedy| remedy.len() > 8);
        let needs = matches!(finding["state"].as_str(), Some("wrong" | "note"));
        assert_eq!(has, needs, "{finding:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_is_well_and_what_is_not_is_found() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    let before = page(&owner, 1);
    for check in [
        "settings", "journal", "link", "TLS", "role", "server", "program", "pool", "hints", "clock", "zone",
    ] {
        assert_eq!(state(&before, check), "right", "{before:#}");
    }
    assert_eq!(state(&before, "backups"), "wrong", "none was ever verified");
    assert_remedies(&before);

    world
        .sql(
            "INSERT INTO verified_backups (name, made_at, verified_at, bytes, sha256, verified_by)
             VALUES ('b', now() - interval '3 hours', now(), 7, repeat('ab', 32), 'owner:root')",
        )
        .await;
    let well = page(&owner, 0);
    assert_eq!(well["wrong"], 0);
    assert!(
        finding(&well, "backups")["says"]
            .as_str()
            .unwrap()
            .contains("3 hours old")
    );
    // A terminal of the staff's cannot see the table; it says so and calls nothing wrong.
    let staff = page(&Program::of(&world, Role::Staff), 0);
    assert_eq!(state(&staff, "backups"), "unknown");
    assert!(
        finding(&staff, "role")["says"]
            .as_str()
            .unwrap()
            .contains("staff")
    );

    // What stands beside it: a standby that is none, one that is not there, and nobody to listen to.
    let url = world.database.url(Role::Staff);
    let beside = Program::of(&world, Role::Owner)
        .with("PINE_TIME_DATABASE_READ_URL", &url)
        .with("PINE_TIME_DATABASE_LISTEN_URL", &url);
    let seen = page(&beside, 0);
    assert_eq!(
        (state(&seen, "standby"), state(&seen, "hints")),
        ("note", "right")
    );
    assert_remedies(&seen);
    let nowhere = "postgres://nobody:s3cret@127.0.0.1:1/none";
    let beside = Program::of(&world, Role::Owner)
        .with("PINE_TIME_DATABASE_READ_URL", nowhere)
        .with("PINE_TIME_DATABASE_LISTEN_URL", nowhere);
    let seen = page(&beside, 1);
    assert_eq!(
        (state(&seen, "standby"), state(&seen, "hints")),
        ("wrong", "wrong")
    );
    assert_remedies(&seen);
    assert!(!seen.to_string().contains("s3cret"));

    world.move_clock("2 hours").await;
    world
        .sql("UPDATE pine.api_state SET hash = 'another build'")
        .await;
    let ill = page(&owner, 1);
    assert_eq!(state(&ill, "program"), "wrong");
    assert!(
        finding(&ill, "program")["remedy"]
            .as_str()
            .unwrap()
            .contains("upgrade")
    );
    world
        .sql(&format!(
            "UPDATE pine.api_state SET hash = '{}'",
            pine_time::db::schema::api_hash()
        ))
        .await;
    let moved = page(&owner, 1);
    assert!(
        finding(&moved, "rules' clock")["says"]
            .as_str()
            .unwrap()
            .contains("7200 seconds")
    );
    assert_remedies(&moved);
}

#[test]
fn it_works_with_no_database_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program {
        home: tempfile::tempdir().unwrap(),
        url: None,
        variables: Vec::new(),
    }
    .with(
        "PINE_TIME_CLUSTER_DATA_DIR",
        &folder.path().join("data").display().to_string(),
    );
    let seen = page(&program, 0);
    assert_eq!(state(&seen, "link"), "note");
    for check in [
        "TLS", "role", "server", "program", "pool", "hints", "clock", "backups",
    ] {
        assert_eq!(state(&seen, check), "unknown", "{check}");
    }
    assert!(
        !folder.path().join("data").exists(),
        "it looks, and makes nothing"
    );
    // No server programs either.
    let program = program.with("PINE_TIME_CLUSTER_BIN_DIR", &folder.path().display().to_string());
    let seen = page(&program, 1);
    assert_eq!(state(&seen, "link"), "wrong");
    assert_remedies(&seen);
}

#[test]
fn no_link_and_wrong_settings_are_said_and_no_secret_is() {
    let program = Program {
        home: tempfile::tempdir().unwrap(),
        url: Some("postgres://ana:s3cret@127.0.0.1:9/pine?sslpassword=s3cret".to_owned()),
        variables: Vec::new(),
    };
    let seen = page(&program, 1);
    let says = finding(&seen, "link")["says"].as_str().unwrap();
    assert!(
        says.contains("pine at 127.0.0.1:9") && says.contains("refused"),
        "{says}"
    );
    let (text, _) = finished(&program.run_with(&["doctor"], b""), 1);
    assert!(
        !seen.to_string().contains("s3cret") && !text.contains("s3cret"),
        "{text}"
    );
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");

    let program = Program {
        url: Some("postgres://ana:s3cret@/?sslmode=s3cret".to_owned()),
        ..program
    };
    let seen = page(&program.with("PINE_TIME_DATABASE_POOL_SIZE", "many"), 1);
    assert_eq!(state(&seen, "settings"), "wrong");
    assert_eq!(state(&seen, "link"), "unknown");
    assert!(!seen.to_string().contains("s3cret"), "{seen:#}");
    assert_remedies(&seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_door_left_behind_is_counted_and_left_alone() {
    let world = World::new().await;
    let program = Program::of(&world, Role::Staff);
    let folder = program.home.path().join(".local/state/pine-time/journal");
    fs::create_dir_all(&folder).unwrap();
    let kept = encode(&Record::Kept(Kept {
        nonce: nonce(),
        event: EventId(6),
        presented: Presented::Text("Josefina".to_owned()),
        act: Act::In,
        operator: "user:7".to_owned(),
        device: "door 1".into(),
        occurred_at: Utc::now(),
        decided: None,
    }))
    .unwrap();
    let file = folder.join("0123456789abcdef-1.journal");
    fs::write(&file, &kept).unwrap();
    let seen = page(&program, 0);
    assert_eq!(state(&seen, "journal"), "note");
    assert!(
        finding(&seen, "journal")["says"]
            .as_str()
            .unwrap()
            .starts_with("1 check-ins wait")
    );
    assert!(!seen.to_string().contains("Josefina"));
    assert_remedies(&seen);
    fs::write(folder.join("0123456789abcdef-2.journal"), "no journal\n").unwrap();
    let seen = page(&program, 1);
    assert_eq!(state(&seen, "journal"), "wrong");
    assert_eq!(fs::read(&file).unwrap(), kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_is_looked_at_as_it_is() {
    let world = World::new().await;
    let url = world.database.url(Role::Staff);
    let shown = |env: &[(&str, &str)], size| {
        let mut env = env.to_vec();
        env.push(("PINE_TIME_DATABASE_URL", &url));
        let mut terminal = Terminal::start(&["doctor"], &env, size);
        terminal.wait_exit(LIMIT);
        terminal.read_to_end();
        terminal.screen_text()
    };
    let text = shown(
        &[
            ("LC_ALL", "en_PH.UTF-8"),
            ("COLORTERM", "truecolor"),
            ("TERM", "foot"),
        ],
        (80, 30),
    );
    for expected in [
        " ✓ terminal     foot",
        "80 columns, 30 rows",
        "LC_ALL=en_PH.UTF-8",
        "sixteen",
        "Nothing is wrong.",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in\n{text}");
    }
    let text = shown(
        &[
            ("LC_ALL", "C"),
            ("TERM", "dumb"),
            ("PINE_TIME_THEME_NAME", "highland"),
        ],
        (50, 60),
    );
    for expected in [
        " X terminal",
        " ! locale",
        "LC_ALL=C:",
        " ! colours",
        " X size",
        "2 things are wrong.",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in\n{text}");
    }
    assert!(text.is_ascii(), "{text}");
}
