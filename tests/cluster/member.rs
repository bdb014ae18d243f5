//! A second process that shares the server: this test binary itself, started once more and told to be a member.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use pine_time::cluster::{Cluster, Options, Role};
use tokio::io::AsyncReadExt;

use crate::scratch::{Scratch, connect, is_root, kill_9, runtime, scalar};

/// Set for the child: its data directory.
const DATA_DIR: &str = "PINE_CLUSTER_TEST_MEMBER";
/// Set for the child: have the end of all members watched.
const WATCH: &str = "PINE_CLUSTER_TEST_WATCH";
/// Begins the line in which the child says how it joined; the rest of its output is the test harness's.
const MARK: &str = "member ";

/// A process that has joined.
pub(crate) struct Member {
    process: Child,
    orders: Option<ChildStdin>,
    pub(crate) arrival: String,
    pub(crate) server: i32,
}

impl Member {
    /// Starts a process that joins; it may be followed by others before [`Starting::joined`] is waited for.
    pub(crate) fn start(scratch: &Scratch, watch: bool) -> Starting {
        let mut command = command(scratch);
        if watch {
            command.env(WATCH, "1");
        }
        Starting(
            command
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap(),
        )
    }

    pub(crate) fn join(scratch: &Scratch) -> Self {
        Self::start(scratch, false).joined()
    }

    pub(crate) fn kill_9(mut self) {
        kill_9(self.process.id().cast_signed());
        self.process.wait().unwrap();
    }

    /// Has it leave and end.
    pub(crate) fn leave(mut self) {
        drop(self.orders.take());
        assert!(self.process.wait().unwrap().success());
    }
}

/// A process that is about to join.
pub(crate) struct Starting(Child);

impl Starting {
    pub(crate) fn joined(mut self) -> Member {
        let lines = BufReader::new(self.0.stdout.take().unwrap()).lines();
        let (arrival, server) = lines
            .map_while(Result::ok)
            .find_map(|line| report(&line))
            .expect("the member joins");
        let orders = self.0.stdin.take();
        Member {
            process: self.0,
            orders,
            arrival,
            server,
        }
    }
}

/// The command that starts such a process.
pub(crate) fn command(scratch: &Scratch) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "member::a_second_process_shares_the_server",
        "--nocapture",
        "--test-threads=1",
    ]);
    command.env(DATA_DIR, scratch.data_dir());
    command
}

/// How the child joined and the server's process, out of its line.
pub(crate) fn report(line: &str) -> Option<(String, i32)> {
    let (_, report) = line.split_once(MARK)?;
    let (arrival, server) = report.trim().split_once(' ')?;
    Some((arrival.to_owned(), server.parse().ok()?))
}

#[test]
fn a_second_process_shares_the_server() {
    if let Some(data_dir) = std::env::var_os(DATA_DIR) {
        return runtime().block_on(be_a_member(data_dir.into()));
    }
    let scratch = Scratch::new();
    runtime().block_on(async {
        let cluster = Cluster::join(&scratch.options()).await.unwrap();
        let member = Member::join(&scratch);
        assert_eq!(
            (member.arrival.as_str(), member.server),
            ("Shared", cluster.pid())
        );
        cluster.leave();
        // The server is the member's now.
        let again = Cluster::join(&scratch.options()).await.unwrap();
        assert_eq!(again.pid(), member.server);
        let user = scalar(
            &mut connect(&again, Role::Owner, "pine_time").await,
            "SELECT current_user::text",
        )
        .await;
        assert_eq!(user, "pine_owner_login");
        member.leave();
    });
}

/// Joins, says so, and leaves at the end of standard input or when the terminal hangs up.
async fn be_a_member(data_dir: std::path::PathBuf) {
    let options = Options {
        data_dir: Some(data_dir),
        durable: false,
        linger: Duration::ZERO,
        reaper: Some(crate::scratch::PINE_TIME.into()),
        watch: std::env::var_os(WATCH).is_some(),
        ..Options::default()
    };
    let mut hang_up = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).unwrap();
    let cluster = Cluster::join(&options).await.unwrap();
    println!("{MARK}{:?} {}", cluster.arrival(), cluster.pid());
    let (mut stdin, mut byte) = (tokio::io::stdin(), [0]);
    tokio::select! {
        _ = hang_up.recv() => {}
        _ = stdin.read(&mut byte) => {}
    }
    cluster.leave();
    // A runtime waits for its blocking read of a terminal, which never ends.
    std::process::exit(0);
}

/// Whether this run can show what only root can; says so where it cannot.
pub(crate) fn as_root(what: &str) -> bool {
    if !is_root() {
        eprintln!("not run as root: {what} is not shown here");
    }
    is_root()
}
