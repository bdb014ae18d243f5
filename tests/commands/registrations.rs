//! `registrations`: lists, and what members and staff do, with exit codes and JSON.

use serde_json::{Value, json};

use crate::support::cluster::Role;
use crate::support::world::World;
use crate::{PASSWORD, Program, finished, open_sessions};

fn of<'a>(rows: &'a Value, field: &str) -> Vec<&'a str> {
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| row[field].as_str().unwrap_or_default())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_registers_waits_and_cancels() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    owner.add("ana", "regular");
    let event = world.event(60, Some(1)).await;
    let number = event.0.to_string();
    let ana = Program::of(&world, Role::Staff).with("PINE_TIME_PASSWORD", PASSWORD);
    let add = ["registrations", "add", "--event", &number, "--as", "ana"];
    assert_eq!(ana.done(&add), "You are registered for Trivia Night.\n");
    assert_eq!(
        ana.fails(&add, 1),
        "pine-time: You were registered for Trivia Night before.\n"
    );
    let cancel = ["registrations", "cancel", "--event", &number, "--as", "ana"];
    assert_eq!(
        ana.done(&cancel),
        "Your registration for Trivia Night is cancelled.\n"
    );
    assert!(ana.fails(&cancel, 1).contains("not registered"));

    world.guest("ben", event).await;
    assert!(ana.fails(&add, 1).contains("--wait"));
    let waiting = ana.json(&[&add[..], &["--wait", "--json"]].concat());
    assert_eq!(
        waiting,
        json!([{"event_id": event.0, "title": "Trivia Night", "status": "waitlisted", "place": 1}])
    );
    let mine = ana.json(&["registrations", "list", "--as", "ana", "--json"]);
    assert_eq!(
        (
            &mine[0]["event_id"],
            &mine[0]["status"],
            &mine[0]["place"],
            &mine[0]["payment_status"]
        ),
        (
            &json!(event.0),
            &json!("waitlisted"),
            &json!(1),
            &json!("not_required")
        )
    );
    let text = ana.done(&["registrations", "list", "--as", "ana"]);
    assert!(
        text.contains("Trivia Night") && text.contains("waitlisted"),
        "{text}"
    );
    assert!(
        ana.done(&["registrations", "list", "--past", "--as", "ana"])
            .starts_with("No registrations")
    );
    world
        .sql("UPDATE events SET start_time = now() - interval '2 h', end_time = now()")
        .await;
    let past = ana.json(&["registrations", "list", "--past", "--as", "ana", "--json"]);
    assert_eq!(past.as_array().unwrap().len(), 1);
    assert_eq!(open_sessions(&world).await, 0, "no session outlives its command");
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_register_approve_reject_promote_and_cancel_by_name() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    let event = world.event(60, Some(1)).await;
    let number = event.0.to_string();
    for name in ["ana", "ben", "cem", "dan"] {
        world.member(name).await;
    }
    let on = |command: &[&str], rest: &[&str]| -> Vec<String> {
        ["registrations"]
            .iter()
            .chain(command)
            .chain(&["--event", number.as_str()])
            .chain(rest)
            .map(ToString::to_string)
            .collect()
    };
    let run = |arguments: Vec<String>, code: i32| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        finished(&owner.run_with(&arguments, b""), code)
    };

    let code = world
        .value::<String>("SELECT pass_code FROM users WHERE username = 'ben'")
        .await;
    let (out, err) = run(
        on(&["add", "--wait"], &["ana", &code, "CEM@example.org", "nobody"]),
        1,
    );
    assert_eq!(
        out,
        "ana: registered.\nben: waitlisted, number 1 in line.\ncem: waitlisted, number 2 in line.\n\
         nobody: There is no member called “nobody”.\n"
    );
    assert_eq!(err, "pine-time: 1 of 4 not done.\n");
    let (out, _) = run(on(&["add"], &["dan"]), 1);
    assert_eq!(out, "dan: Every seat is taken.\n");

    let (out, _) = run(on(&["promote"], &["cem"]), 1);
    assert_eq!(out, "cem: Type why they go before the others.\n");
    let (out, _) = run(on(&["promote", "--reason", "Speaker"], &["cem"]), 0);
    assert_eq!(out, "cem: waitlisted, number 1 in line.\n");
    let (out, _) = run(on(&["cancel"], &["ana"]), 1);
    assert_eq!(out, "ana: Type why; the member will read it.\n");
    let (out, _) = run(on(&["cancel", "--reason", "She called"], &["ana"]), 0);
    assert_eq!(out, "ana: cancelled. Cem has the seat.\n");
    let (out, _) = run(on(&["reject", "--reason", "No room"], &["cem", "--json"]), 0);
    let done: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (
            &done[0]["outcome"],
            &done[0]["status"],
            &done[0]["promoted"][0]["username"]
        ),
        (&json!("rejected"), &json!("rejected"), &json!("ben"))
    );
    let (out, _) = run(on(&["approve"], &["cem", "ben"]), 1);
    assert_eq!(
        out,
        "cem: waitlisted, number 1 in line.\nben: They do not wait for approval.\n"
    );
    assert_eq!(run(on(&["approve"], &[]), 2).0, "");
    assert!(
        run(on(&["reject", "--reason", "x"], &[]), 2)
            .1
            .contains("Name the members")
    );
    assert!(
        run(on(&["cancel", "--reason", "x"], &[]), 2)
            .1
            .contains("for others")
    );
    // The owner is no member.
    assert!(run(on(&["add"], &[]), 3).1.contains("sign in as one"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_events_people_are_written_as_comma_separated_values() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    let event = world.event(60, Some(2)).await;
    world.guest("ana", event).await;
    world.guest("ben", event).await;
    world
        .sql("UPDATE registrations SET note = '=HYPERLINK(\"x\"), or so' WHERE user_id = (SELECT min(id) FROM users)")
        .await;
    let number = event.0.to_string();
    let list = ["registrations", "list", "--event", &number, "--csv"];
    let text = owner.done(&list);
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("registration_id,event_id,user_id,username,full_name,email,status"));
    assert!(
        lines[1].contains(",ana,Ana,ana@example.org,registered,")
            && lines[1].ends_with("\"'=HYPERLINK(\"\"x\"\"), or so\""),
        "{}",
        lines[1]
    );
    assert_eq!(lines.len(), 4, "a heading, two people, and the last line's end");
    let some = owner.done(&[&list[..], &["--containing", "ben"]].concat());
    assert_eq!(some.lines().count(), 2);
    owner.fails(&[&list[..], &["--json"]].concat(), 2);
    owner.fails(&["registrations", "list", "--csv"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_events_people_are_listed_whole_filtered_and_sorted() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    let event = world.event(60, Some(900)).await;
    world
        .sql(&format!(
            "INSERT INTO users (email, username, full_name, hashed_password)
             SELECT format('m%s@example.org', n), format('m%s', n), format('Member %s', to_char(n, 'FM0000')), '!'
             FROM generate_series(1, 700) AS n;
             INSERT INTO registrations (user_id, event_id, status)
             SELECT id, {}, CASE WHEN username IN ('m7', 'm8') THEN 'pending' ELSE 'registered' END FROM users",
            event.0
        ))
        .await;
    let number = event.0.to_string();
    let list = |rest: &[&str]| {
        owner.json(
            &[
                &["registrations", "list", "--event", number.as_str(), "--json"],
                rest,
            ]
            .concat(),
        )
    };
    let all = list(&[]);
    let names = of(&all, "username");
    assert_eq!((names.len(), names[0], names[699]), (700, "m1", "m700"));
    assert_eq!(of(&list(&["--status", "pending"]), "username"), ["m7", "m8"]);
    assert_eq!(of(&list(&["--containing", "0012"]), "username"), ["m12"]);
    assert_eq!(list(&["--payment", "paid,refunded"]), json!([]));
    assert_eq!(
        list(&["--attendance", "absent", "--sort", "date"])
            .as_array()
            .unwrap()
            .len(),
        700
    );
    for field in [
        "id",
        "event_id",
        "user_id",
        "email",
        "registration_date",
        "price_due",
        "waitlisted_at",
        "note",
    ] {
        assert!(all[0].get(field).is_some(), "{field}");
    }
    let text = owner.done(&["registrations", "list", "--event", &number, "--status", "pending"]);
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(
        owner
            .done(&["registrations", "list", "--event", &number, "--containing", "zzz"])
            .starts_with("Nobody")
    );
    owner.fails(&["registrations", "list", "--event", "4711"], 1);
    owner.fails(&["registrations", "list", "--event", "0"], 2);
    owner.fails(&["registrations", "list", "--status", "pending"], 2);
    owner.fails(
        &["registrations", "list", "--event", &number, "--sort", "shoes"],
        2,
    );
    owner.fails(&["registrations", "list"], 3);

    owner.add("ana", "regular");
    let ana = Program::of(&world, Role::Staff).with("PINE_TIME_PASSWORD", PASSWORD);
    let refused = ana.fails(&["registrations", "list", "--event", &number, "--as", "ana"], 3);
    assert!(refused.contains("Only staff"), "{refused}");
    let refused = ana.fails(
        &[
            "registrations",
            "approve",
            "--event",
            &number,
            "m7",
            "--as",
            "ana",
        ],
        3,
    );
    assert!(refused.contains("Only staff"), "{refused}");
}
