//! The owner's commands where the login's password is wrong, or where nothing can be written: a sentence, an exit code, and
//! nothing changed and nothing left. (Backups: `backup_refusals`.)

use std::fs;

use sqlx::{Connection, PgConnection};

use crate::Program;
use crate::backup_story::{community, json_of};
use crate::imports::FORMS;
use crate::imports_refused::{USERS, files, state};
use crate::support::cluster::Role;
use crate::support::servers::{Primary, Standby};

/// The program over an address.
pub(crate) fn at(url: String) -> Program {
    Program {
        home: tempfile::tempdir().unwrap(),
        url: Some(url),
        variables: Vec::new(),
    }
}

async fn members(url: &str) -> i64 {
    let mut conn = PgConnection::connect(url).await.unwrap();
    let members = sqlx::query_scalar("SELECT count(*) FROM users")
        .fetch_one(&mut conn)
        .await;
    conn.close().await.unwrap();
    members.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_said_and_nothing_is_done() {
    let primary = Primary::new().await;
    primary
        .ask_password("keeper", "pine cone", "IN ROLE pine_owner")
        .await;
    let with = |password: &str| {
        let owner = primary.url(Role::Owner);
        at(owner.replace("pine_owner_login@", &format!("keeper:{password}@")))
    };
    let before = members(&primary.url(Role::Owner)).await;
    let folder = tempfile::tempdir().unwrap();
    let (source, export) = (folder.path().join("import"), folder.path().join("export"));
    files(&source, &[("users.csv", USERS.as_bytes())]);
    let (source, export) = (source.to_str().unwrap(), export.to_str().unwrap());
    let wrong = with("wr0ng");
    for arguments in [
        &["import", "--from", "csv", source][..],
        &["import", "--from", "csv", source, "--dry-run"],
        &["export", "csv", export],
        &["export", "json", export],
        &["export", "sqlite", export],
        &["adopt", "--dry-run"],
        &["adopt"],
        &["db", "migrate"],
        &["db", "reset-sequences"],
        &["game", "verify"],
    ] {
        let said = wrong.fails(arguments, 3);
        assert!(said.contains("refuses this login"), "{arguments:?}: {said}");
        assert!(said.ends_with(".\n") && !said.contains("wr0ng"), "{said}");
    }
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(members(&primary.url(Role::Owner)).await, before);
    // It is the password that was wrong.
    with("pine%20cone").done(&["export", "csv", export]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_can_only_be_read_is_read() {
    let world = community().await;
    world
        .sql("SELECT setval('users_id_seq', 1); DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$")
        .await;
    let before = state(&world).await;
    let program = Program::of(&world, Role::Owner);
    refuses_to_be_written(&program);
    assert_eq!(state(&world).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_is_read_and_not_written() {
    let mut primary = Primary::new().await;
    let standby = Standby::of(&mut primary).await;
    let program = at(standby.url(Role::Owner));
    refuses_to_be_written(&program);
    primary.place.stop().await;
}

/// What writes says that it cannot; what reads does.
fn refuses_to_be_written(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    for form in FORMS {
        let path = folder.path().join(form);
        let path = path.to_str().unwrap();
        let told = json_of(program, &["export", form, path, "--json"]);
        assert!(
            told["tables"]["public.users"]["rows"].as_i64() > Some(10),
            "{told}"
        );
        let refused = other.path().join(form);
        let skip = ["--skip-bad", "--refused", refused.to_str().unwrap()];
        for more in [&[][..], &["--dry-run"], &skip] {
            let arguments = [&["import", "--from", form, path][..], more].concat();
            let said = program.fails(&arguments, 1);
            assert!(said.contains("can only be read"), "{arguments:?}: {said}");
        }
        assert!(!refused.exists());
    }
    for (arguments, says) in [
        (&["db", "migrate"][..], "can only be read"),
        (&["adopt"], "own already"),
    ] {
        let said = program.fails(arguments, if arguments == ["adopt"] { 3 } else { 1 });
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
    let output = program.run_with(&["db", "reset-sequences"], b"");
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("it can only be read"), "{said}");
}
