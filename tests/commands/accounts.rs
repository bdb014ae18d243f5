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

/// The program as a member with a password.
fn acting(world: &World, role: Role) -> Program {
    Program::of(world, role).with("PINE_TIME_PASSWORD", PASSWORD)
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_deactivated_and_brought_back_with_a_reason() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    owner.add("ana", "regular");
    owner.add("mira", "staff");
    let staff = acting(&world, Role::Staff);
    assert_eq!(
        staff.done(&[
            "user",
            "deactivate",
            "ana",
            "--reason",
            "moved away",
            "--as",
            "mira"
        ]),
        "ana is deactivated and signed out everywhere.\n"
    );
    staff.fails(&["events", "list", "--as", "ana"], 3);
    let back = [
        "user",
        "reactivate",
        "ana@example.org",
        "--reason",
        "is back",
        "--json",
    ];
    let now = owner.json(&back);
    assert_eq!(
        (&now["username"], &now["is_active"]),
        (&json!("ana"), &json!(true))
    );
    staff.done(&["events", "list", "--as", "ana"]);
    let reasons: Vec<String> = sqlx::query_scalar(
        "SELECT actor || ': ' || (after->>'reason') FROM audit_log WHERE action = 'member_set_active' ORDER BY id",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    assert_eq!(reasons[0], "mira: moved away");
    assert!(
        reasons[1].starts_with("owner:") && reasons[1].ends_with(": is back"),
        "{reasons:?}"
    );

    owner.fails(&["user", "deactivate", "ana"], 2);
    assert!(
        owner
            .fails(&["user", "deactivate", "ana", "--reason", " "], 1)
            .contains("Say why")
    );
    assert!(
        owner
            .fails(&["user", "deactivate", "nobody", "--reason", "x"], 1)
            .contains("“nobody”")
    );
    let above = staff.fails(
        &["user", "deactivate", "mira", "--reason", "x", "--as", "mira"],
        3,
    );
    assert!(above.contains("Only administrators"), "{above}");
    staff.fails(&["user", "deactivate", "mira", "--reason", "x", "--as", "ana"], 3);
    assert_eq!(open_sessions(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_and_ended() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    owner.add("mira", "staff");
    let ana = world.member("ana").await;
    assert_eq!(owner.done(&["user", "sessions", "ana"]), "Signed in nowhere.\n");
    assert_eq!(owner.json(&["user", "sessions", "ana", "--json"]), json!([]));
    for _ in 0..2 {
        world.session(ana).await;
    }
    let listed = owner.json(&["user", "sessions", "ana", "--json"]);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_eq!(
        (&listed[0]["device"], &listed[0]["is_here"]),
        (&json!("door 1"), &json!(false))
    );
    assert!(owner.done(&["user", "sessions", "ana"]).contains("door 1"));
    let staff = acting(&world, Role::Staff);
    let refused = staff.fails(&["user", "sessions", "ana", "--as", "mira"], 3);
    assert!(refused.contains("Only administrators"), "{refused}");
    staff.fails(&["user", "sessions", "ana", "--end", "--as", "mira"], 3);
    // One's own are seen, the one of the command among them.
    assert!(
        staff
            .done(&["user", "sessions", "mira", "--as", "mira"])
            .contains("this one")
    );
    assert_eq!(
        owner.done(&["user", "sessions", "ana", "--end"]),
        "2 sessions are ended.\n"
    );
    assert_eq!(
        owner.json(&["user", "sessions", "ana", "--end", "--json"]),
        json!({ "ended": 0 })
    );
    assert_eq!(open_sessions(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_code_is_printed_once_and_lets_its_owner_in() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    owner.add("ana", "regular");
    owner.add("mira", "staff");
    owner.add("max", "staff");
    let first = owner.json(&["user", "reset", "ana", "--json"])["code"].clone();
    let printed = acting(&world, Role::Staff).done(&["user", "reset", "ana", "--as", "mira"]);
    let code = printed.lines().next().unwrap().to_owned();
    assert_ne!(json!(code.replace('-', "")), first, "asked again it is another");
    assert!(printed.contains("For ana, good once until "), "{printed}");
    let db = world.db(Role::Kiosk);
    let set = db
        .reset_password(
            crate::support::world::nonce(),
            "ana",
            &code,
            &pine_time::domain::Secret::new("moss otter quay 7".to_owned()),
        )
        .await
        .unwrap();
    assert_eq!(set, pine_time::domain::account::Proof::Ok);
    let above = acting(&world, Role::Staff).fails(&["user", "reset", "max", "--as", "mira"], 3);
    assert!(above.contains("Only administrators"), "{above}");
    owner.fails(&["user", "reset", "nobody"], 1);
    assert_eq!(open_sessions(&world).await, 0);
}
