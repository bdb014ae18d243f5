//! `backup` where something is in the way: a sentence, an exit code, nothing changed and nothing left.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

use crate::backup_story::{community, json_of, program, scratch_databases, sign};
use crate::support::cluster::Role;
use crate::support::servers::{Primary, Standby};
use crate::targets::at;
use crate::{Program, finished};

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder)
        .unwrap()
        .all(|entry| entry.unwrap().file_name() == ".lock")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_found_out_and_never_restored() {
    let world = community().await;
    let (program, folder) = program(&world, Role::Admin);
    let name = json_of(&program, &["backup", "create", "--json"])["name"]
        .as_str()
        .unwrap()
        .to_owned();
    let backup = folder.path().join(&name);
    let (dump, manifest) = (backup.join("dump"), backup.join("manifest.json"));
    let (whole, told) = (fs::read(&dump).unwrap(), fs::read(&manifest).unwrap());
    let fails = |says: &str| {
        let replace = ["backup", "restore", &name, "--replace", &world.database.name];
        for arguments in [&["backup", "verify", &name][..], &replace] {
            let said = finished(&program.run_with(arguments, b""), 1).1;
            assert!(said.contains(says), "{says:?} is missing in {said}");
            assert!(!said.contains("..") && !said.contains("panicked"), "{said}");
        }
    };

    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    fs::write(&dump, &flipped).unwrap();
    fails("checksum");
    // Whoever damages it with care finds the restore itself in the way.
    fs::write(&dump, &whole[..whole.len() / 10 * 9]).unwrap();
    sign(&backup);
    let said = finished(&program.run_with(&["backup", "verify", &name], b""), 1).1;
    assert!(said.contains("pg_restore failed: "), "{said}");

    fs::write(&manifest, &told).unwrap();
    fs::write(&dump, &whole[..whole.len() - 1]).unwrap();
    fails("bytes instead of");
    let listed = program.done(&["backup", "list"]);
    assert!(listed.contains("damaged: its dump has"), "{listed}");
    fs::write(&dump, b"").unwrap();
    fails("0 bytes instead of");
    fs::write(&dump, &whole).unwrap();
    fs::write(&manifest, &told[..told.len() / 2]).unwrap();
    fails("cannot be understood");
    let mut newer: Value = serde_json::from_slice(&told).unwrap();
    newer["schema"] = json!(9999);
    newer["program"] = json!("7.0");
    fs::write(&manifest, serde_json::to_vec(&newer).unwrap()).unwrap();
    fails("newer version of Pine Time (7.0)");
    fs::write(&manifest, &told).unwrap();
    fs::remove_file(&dump).unwrap();
    fails("missing");
    fs::write(&dump, &whole).unwrap();
    json_of(&program, &["backup", "verify", "--json"]);
    assert!(
        program
            .fails(&["backup", "verify", "nothing"], 1)
            .contains("no backup nothing")
    );
    assert_eq!(scratch_databases().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_in_the_middle_leaves_nothing() {
    let world = community().await;
    let (program, folder) = program(&world, Role::Owner);
    let said = finished(&program.on_little_disk(16, &["backup", "create"]), 1).1;
    assert!(
        said.contains("is full (file too large); nothing was kept"),
        "{said}"
    );
    assert!(is_empty(folder.path()));
    json_of(&program, &["backup", "create", "--json"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_the_way_is_said_before_anything_is_made() {
    let world = community().await;
    let (program, folder) = program(&world, Role::Owner);
    let at = |name: &'static str, value: &str| {
        Program {
            home: tempfile::tempdir().unwrap(),
            url: program.url.clone(),
            variables: program.variables.clone(),
        }
        .with(name, value)
    };
    // A folder that nobody can write to, not even root.
    let said = finished(
        &at("PINE_TIME_BACKUP_DIR", "/sys/pine-time").run_with(&["backup", "create"], b""),
        1,
    )
    .1;
    assert!(
        said.contains("/sys/pine-time cannot be written") && said.contains("backup.dir"),
        "{said}"
    );

    // Programs older than the server, and none at all.
    let tools = tempfile::tempdir().unwrap();
    for name in ["pg_dump", "pg_restore"] {
        let script = format!("#!/bin/sh\necho '{name} (PostgreSQL) 14.9 (Debian 14.9-1)'\n");
        fs::write(tools.path().join(name), script).unwrap();
        fs::set_permissions(tools.path().join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let old = at("PINE_TIME_CLUSTER_BIN_DIR", &tools.path().display().to_string());
    let said = finished(&old.run_with(&["backup", "create"], b""), 1).1;
    assert!(
        said.contains("the newest pg_dump here is 14.9") && said.contains("or newer"),
        "{said}"
    );
    let none = at("PINE_TIME_CLUSTER_BIN_DIR", &folder.path().display().to_string());
    let said = finished(&none.run_with(&["backup", "create"], b""), 1).1;
    assert!(said.contains("there is no pg_dump here"), "{said}");

    // A login that is none, one that is not the owner's, a server that is not there.
    for (url, code, says) in [
        (
            world
                .database
                .url(Role::Owner)
                .replace("pine_owner_login", "nobody_there"),
            3,
            "refuses this login",
        ),
        (world.database.url(Role::Staff), 3, "this login may not do that"),
        (
            "postgres://ana:s3cret@127.0.0.1:9/pine".to_owned(),
            1,
            "connection refused",
        ),
    ] {
        let program = Program {
            url: Some(url),
            ..at("PINE_TIME_LOG_LEVEL", "info")
        };
        let said = finished(&program.run_with(&["backup", "create"], b""), code).1;
        assert!(said.contains(says) && !said.contains("s3cret"), "{said}");
    }
    assert!(is_empty(folder.path()));

    // Two at once: the second says so and leaves the first alone.
    fs::write(folder.path().join(".lock"), "").unwrap();
    let lock = fs::File::open(folder.path().join(".lock")).unwrap();
    lock.lock().unwrap();
    let said = finished(&program.run_with(&["backup", "create"], b""), 1).1;
    assert!(said.contains("Another pine-time is at work"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_a_standby_are_said_and_nothing_is_made() {
    let mut primary = Primary::new().await;
    primary
        .ask_password("keeper", "pine cone", "CREATEDB IN ROLE pine_owner")
        .await;
    let folder = tempfile::tempdir().unwrap();
    let owner = primary.url(Role::Owner);
    let keeper = |password: &str| {
        at(owner.replace("pine_owner_login@", &format!("keeper:{password}@")))
            .with("PINE_TIME_BACKUP_DIR", &folder.path().display().to_string())
    };
    // PostgreSQL's own programs are told the password too.
    let made = json_of(
        &keeper("pine%20cone"),
        &["backup", "create", "--verify", "--json"],
    );
    let name = made["name"].as_str().unwrap();
    let everything = [
        &["backup", "create"][..],
        &["backup", "verify", name],
        &["backup", "restore", name, "--into", "drill"],
        &["backup", "restore", name, "--replace", "pine_time"],
    ];
    for arguments in everything {
        let said = last_line(&finished(&keeper("wr0ng").run_with(arguments, b""), 3).1);
        assert!(said.contains("refuses this login"), "{arguments:?}: {said}");
        assert!(said.ends_with('.') && !said.contains("wr0ng"), "{said}");
    }
    let standby = Standby::of(&mut primary).await;
    let follower =
        at(standby.url(Role::Admin)).with("PINE_TIME_BACKUP_DIR", &folder.path().display().to_string());
    for (arguments, says) in everything.into_iter().zip([
        "it follows another server; back up that one.",
        "it can only be read, as it follows another server or was set so.",
        "it can only be read, as it follows another server or was set so.",
        "it can only be read, as it follows another server or was set so.",
    ]) {
        let said = last_line(&finished(&follower.run_with(arguments, b""), 1).1);
        assert!(said.ends_with(says), "{arguments:?}: {said}");
    }
    let kept: Vec<_> = json_of(&keeper("pine%20cone"), &["backup", "list", "--json"])
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["name"].clone())
        .collect();
    assert_eq!(kept, [made["name"].clone()], "nothing was added and nothing lost");
    let names =
        "SELECT string_agg(datname::text, ' ' ORDER BY datname) FROM pg_database WHERE NOT datistemplate";
    let mut admin = PgConnection::connect(&primary.url(Role::Admin)).await.unwrap();
    let databases: String = sqlx::query_scalar(names).fetch_one(&mut admin).await.unwrap();
    admin.close().await.unwrap();
    assert_eq!(databases, "pine_time postgres");
}

/// What was said in the end, behind the steps.
fn last_line(said: &str) -> String {
    said.lines().last().unwrap_or_default().to_owned()
}
