//! `user`, and who commands act for.

use serde_json::json;

use crate::support::cluster::Role;
use crate::support::world::World;
use crate::{PASSWORD, Program, finished, open_sessions};

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_added_listed_and_changed_by_the_owner() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    assert_eq!(owner.done(&["user", "list"]), "No account matches.\n");
    assert_eq!(owner.json(&["user", "list", "--json"]), json!([]));

    owner.add("mira", "admin");
    owner.add("ana", "regular");
    let listed = owner.json(&["user", "list", "--json"]);
    let names: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["username"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["ana", "mira"]);
    assert_eq!(listed[1]["user_type"], "admin");
    assert_eq!(listed[1]["email"], "mira@example.org");
    assert!(listed[1].get("hashed_password").is_none());
    assert!(
        owner
            .done(&["user", "list", "--containing", "mir"])
            .contains("mira@example.org")
    );
    assert!(
        !owner
            .done(&["user", "list", "--containing", "mir"])
            .contains("ana")
    );

    assert_eq!(
        owner.done(&["user", "role", "ana", "staff"]),
        "The role of ana is staff.\n"
    );
    assert_eq!(owner.json(&["user", "list", "--json"])[0]["user_type"], "staff");
    assert!(
        owner
            .fails(&["user", "role", "mira", "staff"], 1)
            .contains("last administrator")
    );
    assert!(
        owner
            .fails(&["user", "role", "nobody", "staff"], 1)
            .contains("“nobody”")
    );
    assert_eq!(
        owner
            .fails(&["user", "role", "ana", "boss"], 2)
            .lines()
            .next()
            .map(|line| line.contains("boss")),
        Some(true)
    );

    let actors: Vec<String> = sqlx::query_scalar("SELECT DISTINCT actor FROM audit_log")
        .fetch_all(&world.owner)
        .await
        .unwrap();
    assert_eq!(actors.len(), 1);
    assert!(
        actors[0].starts_with("owner:") && actors[0].len() > "owner:".len(),
        "{actors:?}"
    );
    assert_eq!(open_sessions(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_account_is_said_in_a_sentence() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    owner.add("ana", "regular");
    let add = |name: &str, mail: &str, password: &str, code: i32| {
        let arguments = [
            "user",
            "add",
            name,
            "--full-name",
            "Ana",
            "--email",
            mail,
            "--password-stdin",
        ];
        let (out, err) = finished(&owner.run_with(&arguments, password.as_bytes()), code);
        assert_eq!(out, "");
        assert_eq!(err.lines().count(), 1, "{err}");
        err
    };
    assert!(add("ana", "other@example.org", PASSWORD, 1).contains("“ana” is taken"));
    assert!(add("ANA", "other@example.org", PASSWORD, 1).contains("taken"));
    assert!(add("ben", "ana@example.org", PASSWORD, 1).contains("e-mail"));
    assert!(add("ben", "nonsense", PASSWORD, 1).contains("e-mail"));
    assert!(add("ben", "ben@example.org", "short\n", 1).contains("12 characters"));
    assert!(add("ben", "ben@example.org", "\n", 1).contains("no password"));
    assert!(add("b\u{1b}[2Jn", "ben@example.org", PASSWORD, 1).contains("user name"));
    let no_terminal = owner.fails(&["user", "passwd", "ana"], 1);
    assert!(no_terminal.contains("--password-stdin"), "{no_terminal}");
    assert_eq!(world.count("users").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_replaces_the_old_one() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    owner.add("mira", "staff");
    let signs_in = |password: &str, code: i32| {
        let program = Program::of(&world, Role::Staff).with("PINE_TIME_PASSWORD", password);
        finished(&program.run_with(&["user", "list", "--as", "mira"], b""), code)
    };
    signs_in(PASSWORD, 0);
    let (_, refused) = signs_in("another password", 3);
    assert_eq!(refused, "pine-time: Name and password do not match.\n");

    let changed = owner.run_with(
        &["user", "passwd", "mira", "--password-stdin"],
        b"another password\n",
    );
    assert!(finished(&changed, 0).0.contains("mira"));
    signs_in(PASSWORD, 3);
    signs_in("another password", 0);

    // Mira changes it herself: the variable signs her in, standard input holds what is to come.
    let mira = Program::of(&world, Role::Staff).with("PINE_TIME_PASSWORD", "another password");
    let changed = mira.run_with(
        &["user", "passwd", "mira", "--as", "mira", "--password-stdin"],
        b"a third password\n",
    );
    finished(&changed, 0);
    signs_in("another password", 3);
    signs_in("a third password", 0);
    assert_eq!(open_sessions(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_refused_with_3() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    owner.add("ana", "regular");
    owner.add("mira", "staff");
    for role in [Role::Staff, Role::Kiosk] {
        let refused = Program::of(&world, role).fails(&["user", "list"], 3);
        assert!(refused.contains("--as NAME"), "{refused}");
    }
    let as_member = |role, name: &str, arguments: &[&str]| {
        let program = Program::of(&world, role).with("PINE_TIME_PASSWORD", PASSWORD);
        program.fails(&[arguments, &["--as", name]].concat(), 3)
    };
    assert!(as_member(Role::Staff, "ana", &["user", "list"]).contains("Only staff"));
    assert!(
        as_member(Role::Staff, "mira", &["user", "role", "ana", "staff"]).contains("Only administrators")
    );
    assert!(as_member(Role::Staff, "nobody", &["events", "list"]).contains("do not match"));
    assert!(as_member(Role::Kiosk, "mira", &["events", "list"]).contains("do not match"));
    let event = world.event(0, None).await.0.to_string();
    assert!(as_member(Role::Staff, "ana", &["check-in", "--event", &event]).contains("Only staff"));
    assert_eq!(
        open_sessions(&world).await,
        0,
        "refused or not, nobody stays signed in"
    );
}
