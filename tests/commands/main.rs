//! The commands that need a database, run as the built program against one: what they print, what they change, with
//! which exit code they end, and that no session outlives them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc
)]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod backup_refusals;
mod backup_story;
mod backup_timer;
mod backup_versions;
mod demo;
mod doctor;
mod door;
mod exports;
mod full_disk;
mod game;
mod imports;
mod imports_older;
mod imports_refused;
mod interrupted;
mod kiosk;
mod lists;
mod log;
mod payments;
mod plans;
mod prompt;
mod registrations;
mod sequences;
mod targets;

use std::io::Write;
use std::process::{Child, Command, Output, Stdio};

use support::cluster::Role;
use support::world::World;

/// What a sign-in needs in these tests.
const PASSWORD: &str = "correct horse battery";

/// The program with nothing of the tester's own settings, and a home of its own.
struct Program {
    home: tempfile::TempDir,
    url: Option<String>,
    variables: Vec<(&'static str, String)>,
}

impl Program {
    /// Over a login of a world's database.
    fn of(world: &World, role: Role) -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            url: Some(world.database.url(role)),
            variables: Vec::new(),
        }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    fn command(&self, arguments: &[&str]) -> Command {
        self.through(Command::new(env!("CARGO_BIN_EXE_pine-time")), arguments)
    }

    /// Runs to the end where no file may grow beyond so many half kilobytes: what a full disk is to whoever writes.
    fn on_little_disk(&self, blocks: u32, arguments: &[&str]) -> Output {
        let mut shell = Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_pine-time")]);
        self.through(shell, arguments).output().unwrap()
    }

    /// The program with these arguments, begun by this.
    fn through(&self, mut command: Command, arguments: &[&str]) -> Command {
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("PINE_TIME_TERMINAL_NAME", "door 7")
            .envs(self.variables.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(url) = &self.url {
            command.env("PINE_TIME_DATABASE_URL", url);
        }
        command
    }

    fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdin(Stdio::piped()).spawn().unwrap()
    }

    /// Runs to the end with this on standard input.
    fn run_with(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = self.start(arguments);
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // From a thread of its own: the program may answer before it has read everything, or read nothing.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        output
    }

    /// Runs to the end, which must be good; answers standard output.
    fn done(&self, arguments: &[&str]) -> String {
        finished(&self.run_with(arguments, b""), 0).0
    }

    /// Runs to the end, which must be this one and print nothing; answers standard error.
    fn fails(&self, arguments: &[&str], code: i32) -> String {
        let (out, err) = finished(&self.run_with(arguments, b""), code);
        assert_eq!(out, "", "{arguments:?}");
        assert!(
            !err.contains("panicked") && !err.contains("SELECT"),
            "no words for people: {err}"
        );
        err
    }

    fn json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.done(arguments)).unwrap()
    }

    /// Adds a member with [`PASSWORD`].
    fn add(&self, name: &str, role: &str) {
        let mail = format!("{name}@example.org");
        let arguments = [
            "user",
            "add",
            name,
            "--full-name",
            name,
            "--email",
            &mail,
            "--role",
            role,
            "--password-stdin",
        ];
        finished(&self.run_with(&arguments, format!("{PASSWORD}\n").as_bytes()), 0);
    }
}

/// Standard output and error of a program that must have ended with this code.
fn finished(output: &Output, code: i32) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "out: {out}\nerr: {err}");
    (out, err)
}

/// Sessions that nobody has ended.
async fn open_sessions(world: &World) -> i64 {
    world.count("sessions WHERE ended_at IS NULL").await
}
