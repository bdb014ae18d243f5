//! `check-in`: lines in, answers out, one for one and at once.

use std::io::{BufRead, BufReader, Read, Write};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use crate::support::cluster::Role;
use crate::support::until;
use crate::support::world::World;
use crate::{PASSWORD, Program, finished, open_sessions};

fn answers(output: &str) -> Vec<Value> {
    output
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_is_answered_by_one_line_whatever_it_is() {
    let world = World::new().await;
    let event = world.event(0, None).await;
    let ana = world.guest("ana", event).await;
    world.guest("ben", event).await;
    world.member("cleo").await;
    let code = world.pass_code(ana).await;
    Program::of(&world, Role::Owner).add("mira", "staff");

    let mut input = format!(
        "{}\r\n\n  ben \nBEN@example.org\ncleo\nnobody\n",
        code.to_lowercase()
    )
    .into_bytes();
    input.extend(b"\xff\xfe\n");
    input.extend(vec![b'x'; 100_000]);
    input.extend(b"\nben\0\n\x1b[2Jben\nben"); // and no line end at the end
    let program = Program::of(&world, Role::Staff).with("PINE_TIME_PASSWORD", PASSWORD);
    let number = event.0.to_string();
    let output = program.run_with(
        &["check-in", "--event", &number, "--as", "mira", "--json"],
        &input,
    );
    let lines = answers(&finished(&output, 0).0);
    let told: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                line["outcome"].as_str().unwrap(),
                line["points"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("ok", 15),
            ("ok", 15),
            ("already", 0),
            ("not_registered", 0),
            ("unknown_code", 0),
            ("unknown_code", 0),
            ("unknown_code", 0),
            ("unknown_code", 0),
            ("unknown_code", 0),
            ("already", 0),
        ]
    );
    assert_eq!(
        lines[0]["member"],
        json!({"id": ana.0, "username": "ana", "full_name": "Ana"})
    );
    assert_eq!(lines[0]["total"], 15);
    assert_eq!(lines[1]["input"], "ben");
    assert_eq!(lines[2]["first"]["device"], "door 7");
    assert_eq!(lines[4]["member"], Value::Null);
    assert!(
        lines[6]["input"].as_str().unwrap().chars().count() < 100,
        "a long line is cut"
    );

    assert_eq!(world.count("event_attendees").await, 2);
    assert_eq!(
        world
            .value::<i64>("SELECT sum(points) FROM points_transactions")
            .await,
        30
    );
    assert_eq!(
        world.count("check_in_log WHERE device = 'door 7'").await,
        10,
        "every attempt is logged"
    );
    assert_eq!(open_sessions(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_comes_before_the_next_line_is_written() {
    let world = World::new().await;
    let event = world.event(0, None).await;
    world.guest("ana", event).await;
    world.guest("ben", event).await;
    let program = Program::of(&world, Role::Owner);
    let number = event.0.to_string();
    let mut child = program.start(&["check-in", "--event", &number]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for name in ["ana", "ben"] {
        writeln!(stdin, "{name}").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert!(
            line.starts_with("checked in") && line.to_lowercase().contains(name),
            "{line}"
        );
        assert!(line.contains("+15"), "{line}");
    }
    drop(stdin);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(open_sessions(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_may_be_the_first_line() {
    let world = World::new().await;
    let event = world.event(0, None).await;
    world.guest("ana", event).await;
    Program::of(&world, Role::Owner).add("mira", "staff");
    let program = Program::of(&world, Role::Staff);
    let number = event.0.to_string();
    let arguments = [
        "check-in",
        "--event",
        &number,
        "--as",
        "mira",
        "--password-stdin",
        "--json",
    ];
    let output = program.run_with(&arguments, format!("{PASSWORD}\nana\n").as_bytes());
    assert_eq!(answers(&finished(&output, 0).0)[0]["outcome"], "ok");
    let output = program.run_with(&arguments, b"wrong\nana\n");
    assert_eq!(finished(&output, 3).0, "");
}

/// The session that a door left behind would be open for anybody who finds its token; and a door is often ended by a
/// signal.
#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_the_door_and_its_session() {
    let world = World::new().await;
    let event = world.event(0, None).await;
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        let program = Program::of(&world, Role::Owner);
        let number = event.0.to_string();
        let mut child = program.start(&["check-in", "--event", &number, "--json"]);
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        writeln!(stdin, "nobody").unwrap();
        stdout.read_line(&mut String::new()).unwrap();
        assert_eq!(open_sessions(&world).await, 1);

        kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(1), "{signal}");
        assert_eq!(open_sessions(&world).await, 0, "{signal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_is_renewed_and_a_cut_line_is_tried_again() {
    let world = World::new().await;
    let event = world.event(0, None).await;
    world.guest("ana", event).await;
    world.guest("ben", event).await;
    world.guest("cleo", event).await;
    let program = Program::of(&world, Role::Owner);
    let number = event.0.to_string();
    let mut child = program.start(&["check-in", "--event", &number, "--json"]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut ask = |name: &str| {
        writeln!(stdin, "{name}").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        serde_json::from_str::<Value>(&line).unwrap()["outcome"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(ask("ana"), "ok");
    world.sql("UPDATE sessions SET ended_at = now()").await;
    assert_eq!(ask("ben"), "ok");
    world.cut_connections().await;
    assert_eq!(ask("cleo"), "ok");
    assert_eq!(ask("cleo"), "already");
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(world.count("event_attendees").await, 3);
    until("the last session is ended", || async {
        open_sessions(&world).await == 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_without_an_event_or_a_database_says_so_at_once() {
    let world = World::new().await;
    let program = Program::of(&world, Role::Owner);
    assert_eq!(
        program.fails(&["check-in", "--event", "4711"], 1),
        "pine-time: There is no event 4711.\n"
    );
    for wrong in ["0", "-1", "one", "99999999999"] {
        program.fails(&["check-in", "--event", wrong], 2);
    }
    program.fails(&["check-in"], 2);
    let mut gone = Program::of(&world, Role::Owner);
    gone.url = Some("postgres://somebody:s3cret@127.0.0.1:9/pine".to_owned());
    let refused = gone.fails(&["check-in", "--event", "1"], 1);
    assert!(
        refused.contains("does not answer") && !refused.contains("s3cret"),
        "{refused}"
    );
}
