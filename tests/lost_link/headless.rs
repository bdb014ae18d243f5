//! The built `check-in` over a link that breaks.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use pine_time::domain::event::EventId;
use pine_time::door::{Journal, database_key};
use serde_json::Value;

use crate::support::cluster::Role;
use crate::support::proxy::Proxy;
use crate::support::until;
use crate::support::world::World;

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) proxy: Proxy,
    event: EventId,
    home: tempfile::TempDir,
}

pub(crate) struct Door {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// How often a roster had been read here before this door started.
    rosters_before: usize,
}

impl Stage {
    pub(crate) async fn new(people: usize) -> Self {
        let world = World::new().await;
        let event = world.event(-10, None).await;
        for number in 0..people {
            world.guest(&format!("guest{number}"), event).await;
        }
        let proxy = Proxy::start(&world.database).await;
        Self {
            world,
            proxy,
            event,
            home: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn start(&self, wait: &str) -> Door {
        self.start_with(wait, &[])
    }

    /// How often a door here has read its roster to the end, by their log.
    fn rosters_read(&self) -> usize {
        let Ok(files) = std::fs::read_dir(self.state().join("log")) else {
            return 0;
        };
        files
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
            .map(|log| log.matches("the roster is here").count())
            .sum()
    }

    /// Waits until the door that was started last holds its roster. What the server says is not enough: the last bytes
    /// may still be on their way, and an earlier door's connection may still stand.
    async fn roster_held_by(&self, door: &Door) {
        until("the door has its roster", async || {
            self.rosters_read() > door.rosters_before
        })
        .await;
    }

    fn start_with(&self, wait: &str, flags: &[&str]) -> Door {
        let event = self.event.0.to_string();
        let rosters_before = self.rosters_read();
        let mut child = Command::new(env!("CARGO_BIN_EXE_pine-time"))
            .args(["check-in", "--json", "--event", &event, "--wait", wait])
            .args(flags)
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("PINE_TIME_TERMINAL_NAME", "door 7")
            .env("PINE_TIME_DATABASE_URL", self.proxy.url(Role::Owner))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Door {
            input: child.stdin.take(),
            output: BufReader::new(child.stdout.take().unwrap()),
            rosters_before,
            child,
        }
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.home.path().join(".local/state/pine-time")
    }

    pub(crate) fn journal(&self) -> Journal {
        let key = database_key(&self.proxy.url(Role::Owner));
        Journal::open(&self.state().join("journal"), &key).unwrap()
    }

    async fn assert_once_each(&self, people: i64) {
        assert_eq!(
            self.world
                .count("event_attendees WHERE status = 'attended'")
                .await,
            people
        );
        assert_eq!(
            self.world.count("check_in_log WHERE outcome = 'ok'").await,
            people
        );
        let odd = "event_attendees AS a FULL JOIN points_transactions AS p USING (user_id, event_id)
                   WHERE a.id IS NULL OR p.id IS NULL";
        assert_eq!(self.world.count(odd).await, 0, "the ledger is the attendance");
        assert_eq!(self.world.count("points_transactions").await, people);
    }
}

impl Door {
    pub(crate) fn line(&mut self, text: &str) {
        writeln!(self.input.as_mut().unwrap(), "{text}").unwrap();
    }

    pub(crate) fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    pub(crate) fn kill(mut self) {
        // SIGKILL.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        self.input.take();
        let output = self.child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }
}

pub(crate) fn journaled(folder: &Path) -> u64 {
    let Ok(files) = std::fs::read_dir(folder) else {
        return 0;
    };
    files
        .map(|file| file.unwrap().metadata().map_or(0, |file| file.len()))
        .sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_link_is_answered_by_the_roster_and_brought_with_original_times() {
    let mut stage = Stage::new(12).await;
    let mut door = stage.start("30");
    door.line("guest0");
    assert_eq!(door.answer()["outcome"], "ok");
    // The roster comes beside the first answers.
    stage.roster_held_by(&door).await;
    stage.proxy.refuse().await;
    // Two clocks agree to a few milliseconds.
    let cut = chrono::Utc::now() - chrono::TimeDelta::milliseconds(250);
    for number in 1..10 {
        door.line(&format!("guest{number}"));
        let answer = door.answer();
        assert_eq!(
            (&answer["queued"], &answer["outcome"]),
            (&Value::Bool(true), &"ok".into()),
            "{answer}"
        );
        assert_eq!(answer["points"], 15);
    }
    door.line("guest3");
    assert_eq!(door.answer()["outcome"], "already");
    door.line("nobody");
    assert_eq!(door.answer()["outcome"], "unknown_code");
    let back = chrono::Utc::now() + chrono::TimeDelta::milliseconds(250);
    assert_eq!(stage.world.count("event_attendees").await, 1);
    stage.proxy.flow().await;
    door.line("guest10");
    let last = door.answer();
    assert_eq!(last["outcome"], "ok", "{last}");
    let (code, errors) = door.end();
    assert_eq!(code, Some(0), "{errors}");
    stage.assert_once_each(11).await;
    let in_time: i64 =
        sqlx::query_scalar("SELECT count(*) FROM event_attendees
         WHERE check_in_time BETWEEN $1 AND $2 AND user_id IN (SELECT id FROM users WHERE username ~ '^guest[1-9]$')")
            .bind(cut)
            .bind(back)
            .fetch_one(&stage.world.owner)
            .await
            .unwrap();
    assert_eq!(in_time, 9, "they came in when they stood there");
    assert!(stage.journal().state().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_at_the_end_is_said_and_brought_by_the_next_start() {
    let mut stage = Stage::new(2).await;
    let mut door = stage.start("0");
    door.line("guest0");
    assert_eq!(door.answer()["outcome"], "ok");
    stage.proxy.refuse().await;
    door.line("guest1");
    assert_eq!(door.answer()["queued"], true);
    let (code, errors) = door.end();
    assert_eq!(code, Some(1), "{errors}");
    assert!(errors.contains("to be sent by the next start: 1."), "{errors}");
    assert_eq!(stage.journal().state().open.len(), 1);
    // Another door lets the same member in meanwhile.
    let (db, staff) = (stage.world.db(Role::Staff), stage.world.staff().await);
    crate::support::world::check_in(&db, &staff, stage.event, "guest1").await;
    stage.proxy.flow().await;
    let (code, errors) = stage.start("30").end();
    assert_eq!(code, Some(3), "{errors}");
    assert!(errors.contains("to be settled: Guest1."), "{errors}");
    assert_eq!(stage.journal().state().unsettled.len(), 1, "kept for a person");
    assert_eq!(stage.world.count("event_attendees").await, 2);
    assert_eq!(stage.world.count("points_transactions").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn careful_only_looks_and_undo_takes_back() {
    let mut stage = Stage::new(2).await;
    let run = |stage: &Stage, flags: &[&str], lines: &[&str]| {
        let mut door = stage.start_with("0", flags);
        for line in lines {
            door.line(line);
        }
        let answers: Vec<Value> = lines.iter().map(|_| door.answer()).collect();
        (answers, door.end())
    };
    let (answers, end) = run(&stage, &["--careful"], &["guest0", "nobody"]);
    let outcomes: Vec<_> = answers.iter().map(|answer| answer["outcome"].clone()).collect();
    assert_eq!(outcomes, ["ok", "unknown_code"]);
    assert_eq!(end.0, Some(0), "{}", end.1);
    assert_eq!(stage.world.count("check_in_log").await, 0, "nothing was done");

    run(&stage, &[], &["guest0"]);
    let (answers, _) = run(&stage, &["--careful"], &["guest0"]);
    assert_eq!(answers[0]["outcome"], "already");
    let (answers, end) = run(&stage, &["--undo"], &["guest0", "guest0", "nobody"]);
    let outcomes: Vec<_> = answers.iter().map(|answer| answer["outcome"].clone()).collect();
    assert_eq!(outcomes, ["undone", "nothing", "unknown_code"]);
    assert_eq!(answers[0]["points"], -15);
    assert_eq!(end.0, Some(0), "{}", end.1);
    assert_eq!(
        stage
            .world
            .count("event_attendees WHERE status = 'attended'")
            .await,
        0
    );
    let sum: i64 = stage
        .world
        .value("SELECT sum(points) FROM points_transactions")
        .await;
    assert_eq!(sum, 0);

    // Without a link a look is the roster's.
    let mut door = stage.start_with("0", &["--careful"]);
    door.line("guest1");
    assert_eq!(door.answer()["outcome"], "ok");
    stage.roster_held_by(&door).await;
    stage.proxy.refuse().await;
    door.line("guest0");
    assert_eq!(door.answer()["outcome"], "ok");
    assert_eq!(door.end().0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_back_without_a_link_is_kept_and_brought_by_the_next_start() {
    let mut stage = Stage::new(3).await;
    let mut door = stage.start("30");
    for guest in ["guest0", "guest1"] {
        door.line(guest);
        assert_eq!(door.answer()["outcome"], "ok");
    }
    assert_eq!(door.end().0, Some(0));

    let mut door = stage.start_with("0", &["--undo"]);
    door.line("nobody");
    assert_eq!(door.answer()["outcome"], "unknown_code");
    stage.roster_held_by(&door).await;
    stage.proxy.refuse().await;
    for (guest, outcome) in [("guest0", "undone"), ("guest0", "nothing"), ("guest2", "nothing")] {
        door.line(guest);
        let answer = door.answer();
        assert_eq!(answer["outcome"], outcome, "{answer}");
        assert_eq!(answer["queued"], true);
    }
    let (code, errors) = door.end();
    assert_eq!(code, Some(1), "{errors}");
    assert!(errors.contains("to be sent by the next start: 3."), "{errors}");
    let inside = "event_attendees WHERE status = 'attended'";
    assert_eq!(stage.world.count(inside).await, 2, "nothing is done yet");

    stage.proxy.flow().await;
    // A start with nothing to do but what others have left.
    let (code, errors) = stage.start("30").end();
    assert_eq!(code, Some(0), "{errors}");
    assert!(stage.journal().state().is_empty());
    assert_eq!(stage.world.count(inside).await, 1);
    let sum: i64 = stage
        .world
        .value("SELECT sum(points) FROM points_transactions")
        .await;
    assert_eq!(sum, 15);
    assert_eq!(
        stage.world.count("check_in_log WHERE passage = 'undo_in'").await,
        1,
        "who was told that there is nothing is not taken back afterwards"
    );

    // What another terminal did takes a reason, with a link and without.
    let (db, staff) = (stage.world.db(Role::Staff), stage.world.staff().await);
    crate::support::world::check_in(&db, &staff, stage.event, "guest2").await;
    let mut door = stage.start_with("0", &["--undo"]);
    door.line("guest2");
    assert_eq!(door.answer()["outcome"], "reason_needed");
    assert_eq!(door.end().0, Some(0));
    let mut door = stage.start_with("0", &["--undo", "--reason", "wrong person"]);
    door.line("guest2");
    assert_eq!(door.answer()["outcome"], "undone");
    assert_eq!(door.end().0, Some(0));
}
