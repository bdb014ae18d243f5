//! `pine-time adopt` as the built program: what it prints, with which code it ends, and what is left when it is killed.

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use pine_time::ops::adopt::Step;

use crate::old::{as_written, everything, older};
use crate::support::cluster::{Role, empty_database};
use crate::support::until;
use crate::support::world::World;

fn program(world: &World, home: &tempfile::TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pine-time"));
    command
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("PINE_TIME_DATABASE_URL", world.database.url(Role::Owner))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Exit code, standard output and error.
async fn run(world: &World, arguments: &'static [&'static str]) -> (i32, String, String) {
    let home = tempfile::tempdir().unwrap();
    let mut command = program(world, &home, arguments);
    let Output {
        status,
        stdout,
        stderr,
    } = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

#[tokio::test]
async fn the_command_tells_what_it_would_do_and_what_it_did() {
    let world = older().await;
    let before = everything(&world).await;
    let (code, out, err) = run(&world, &["adopt", "--dry-run"]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    for line in [
        "users                user                      10    10",
        "registrations        registration              12    10",
        "alembic_version, event.image_url",
        "registration 1: duplicate: member 2 is registered for event 1 by 3 too, which is kept (“registered” beats “cancelled”)",
        "event 2: price: the price 19.999 is rounded to 20.00",
        "Nothing was changed. Without --dry-run this is done",
    ] {
        assert!(out.contains(line), "{line}\nis not in\n{out}");
    }
    assert!(
        !out.contains('\u{1b}'),
        "what an old database says is harmless here"
    );
    let (code, out, err) = run(&world, &["adopt", "--dry-run", "--json"]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&told["adopted"], &told["proved"]), (&false.into(), &0.into()));
    assert_eq!(
        told["tables"][0],
        serde_json::json!({"table": "users", "old": "user", "rows": 10, "becomes": 10})
    );
    assert!(
        told["notes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|note| note["kind"] == "price" && note["id"] == 2)
    );
    assert_eq!(everything(&world).await, before);

    let (code, out, err) = run(&world, &["adopt"]).await;
    assert_eq!(code, 0, "{err}");
    for step in Step::ALL {
        assert!(err.contains(&step.to_string()), "{step}: {err}");
    }
    assert!(out.contains("Adopted, and proved by "), "{out}");
    assert!(out.contains("The old tables are in the schema adopted_"), "{out}");
    let (code, out, err) = run(&world, &["adopt"]).await;
    assert_eq!((code, out.as_str()), (3, ""));
    assert!(
        err.contains("own already, adopted before (the old tables are in the schema adopted_"),
        "{err}"
    );
    let (code, out, _) = run(&world, &["game", "verify"]).await;
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("The game adds up."), "{out}");
    let (code, out, _) = run(&world, &["db", "reset-sequences", "--dry-run"]).await;
    assert_eq!(code, 0);
    assert!(out.contains("none was behind"), "{out}");
}

#[tokio::test]
async fn what_stops_it_is_listed_and_refused() {
    let world = older().await;
    world
        .sql("UPDATE payment SET amount_paid = -1000 WHERE id = 4")
        .await;
    let (code, out, err) = run(&world, &["adopt", "--dry-run"]).await;
    assert_eq!((code, err.as_str()), (3, ""));
    assert!(
        out.contains("STOPS payment 4: money: more was given back"),
        "{out}"
    );
    assert!(
        out.contains("one line marked STOPS") || out.contains("1 line marked STOPS"),
        "{out}"
    );
    let (code, out, err) = run(&world, &["adopt", "--json"]).await;
    assert_eq!(code, 3);
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["notes"][0]["stops"], true);
    assert!(err.contains("1 of the old rows cannot be taken over"), "{err}");

    let empty = World::over(empty_database("").await).await;
    let (code, out, err) = run(&empty, &["adopt", "--dry-run"]).await;
    assert_eq!((code, out.as_str()), (3, ""));
    assert!(err.contains("has no tables"), "{err}");
}

/// A program that is killed leaves the old database, or, if its last word had been said, the new one whole.
#[tokio::test]
async fn killed_at_any_step_the_program_leaves_one_whole_database() {
    let world = as_written().await;
    let before = everything(&world).await;
    for step in Step::ALL {
        let home = tempfile::tempdir().unwrap();
        let mut child = program(&world, &home, &["adopt"]).spawn().unwrap();
        let said = BufReader::new(child.stderr.take().unwrap());
        let killed = tokio::task::spawn_blocking(move || {
            for line in said.lines() {
                if line.unwrap().contains(&step.to_string()) {
                    child.kill().unwrap();
                    break;
                }
            }
            child.wait().unwrap()
        })
        .await
        .unwrap();
        until("the server has taken back what the killed program did", async || {
            world
                .count("pg_stat_activity WHERE datname = current_database() AND application_name = 'pine-time'")
                .await
                == 0
        })
        .await;
        let is_kept = world.count("pg_namespace WHERE nspname = 'pine'").await == 1;
        if is_kept {
            assert!(!killed.success() || step == Step::Keep);
            assert_eq!(world.count("users").await, 4);
            assert_eq!(world.count("audit_log WHERE action = 'adopt'").await, 1);
            assert_eq!(
                world.count("pg_namespace WHERE nspname IN ('api', 'ext')").await,
                2
            );
            break;
        }
        assert_eq!(everything(&world).await, before, "killed at {step}");
    }
}
