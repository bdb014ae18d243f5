//! A place of its own for each test, which the server's user can reach, and what tests ask of the system.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use nix::unistd::Uid;
use pine_time::cluster::{self, Cluster, Options, Role};
use sqlx::{Connection, PgConnection};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// The binary under test.
pub(crate) const PINE_TIME: &str = env!("CARGO_BIN_EXE_pine-time");

/// A folder that goes away with the test, and the servers in it too.
pub(crate) struct Scratch {
    pub(crate) dir: PathBuf,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let name = format!(
            "pine-cluster-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let dir = std::env::temp_dir().join(name);
        fs::create_dir(&dir).unwrap();
        // Root's server runs as another user, who must be able to walk in.
        open(&dir);
        Self { dir }
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// A private PostgreSQL in this place that is stopped as soon as nobody is there.
    pub(crate) fn options(&self) -> Options {
        options_at(&self.data_dir())
    }

    /// The binary, with this place's data directory and nothing of the tester's own settings.
    pub(crate) fn pine_time(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PINE_TIME);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PINE_TIME_") {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .env("PINE_TIME_CLUSTER_DATA_DIR", self.data_dir());
        command
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        stop_servers_in(&self.dir);
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// Stops what a failed test has left running right in this folder.
pub(crate) fn stop_servers_in(dir: &Path) {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    for data_dir in entries
        .map(|entry| entry.path())
        .filter(|path| path.join("postmaster.pid").exists())
    {
        let options = options_at(&data_dir);
        // Called from Drop, which may run on a runtime's thread, where another must not be started.
        let stopped = std::thread::spawn(move || runtime().block_on(cluster::stop(&options))).join();
        if let Ok(Err(error)) = stopped {
            eprintln!("{}: {error}", data_dir.display());
        }
    }
}

/// A private PostgreSQL that is stopped as soon as nobody is there.
pub(crate) fn options_at(data_dir: &Path) -> Options {
    Options {
        data_dir: Some(data_dir.to_path_buf()),
        bin_dir: crate::support::bin_dir(),
        durable: false,
        linger: Duration::ZERO,
        reaper: Some(PathBuf::from(PINE_TIME)),
        ..Options::default()
    }
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

pub(crate) fn open(dir: &Path) {
    fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).unwrap();
}

pub(crate) fn is_root() -> bool {
    Uid::effective().is_root()
}

/// Waits until something holds; says what it waited for if it never does.
pub(crate) fn wait_until(reason: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "waited 30 s until {reason}"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a process is there and not merely waiting to be collected.
pub(crate) fn alive(pid: i32) -> bool {
    // `pid (name) state …`; the name may have anything in it, brackets too.
    let state = fs::read_to_string(format!("/proc/{pid}/stat"));
    state.is_ok_and(|stat| {
        stat.rsplit_once(") ")
            .is_some_and(|(_, rest)| !rest.starts_with('Z'))
    })
}

/// The process that the data directory's `postmaster.pid` names.
pub(crate) fn pid_in(data_dir: &Path) -> i32 {
    fs::read_to_string(data_dir.join("postmaster.pid"))
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

pub(crate) fn kill_9(pid: i32) {
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::Signal::SIGKILL).unwrap();
    wait_until("a killed process is gone", || !alive(pid));
}

pub(crate) async fn connect(cluster: &Cluster, role: Role, database: &str) -> PgConnection {
    PgConnection::connect(&cluster.url(role, database)).await.unwrap()
}

pub(crate) async fn scalar(connection: &mut PgConnection, sql: &'static str) -> String {
    sqlx::query_scalar(sql).fetch_one(connection).await.unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// A command that must succeed, and what it said.
pub(crate) fn succeed(command: &mut Command) -> String {
    let said: Output = command.output().unwrap();
    assert!(said.status.success(), "{command:?}: {}", text(&said.stderr));
    text(&said.stdout)
}

/// A command that must fail with exit code 1, and the one sentence in which it said why.
pub(crate) fn fail(command: &mut Command) -> String {
    let said: Output = command.output().unwrap();
    assert_eq!(
        said.status.code(),
        Some(1),
        "{command:?}: {} {}",
        text(&said.stdout),
        text(&said.stderr)
    );
    let sentence = text(&said.stderr);
    assert_eq!(sentence.lines().count(), 1, "one sentence: {sentence}");
    sentence
}
