//! The server's processes as the system sees them: which process is our server, which are its leftovers, and ending
//! them. A process number in a file proves nothing (numbers are used again), so each is checked before it is believed.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::account::Account;
use super::paths::Paths;

/// How often we look whether a process is gone.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// What `postmaster.pid` says (PostgreSQL's `src/include/utils/pidfile.h`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PidFile {
    pub(super) pid: i32,
    pub(super) port: u16,
    pub(super) socket_dir: PathBuf,
    /// `starting`, `ready`, `stopping`, `standby`.
    pub(super) state: String,
}

impl PidFile {
    /// Reads the file; `None` when there is none, or not yet a whole one.
    pub(super) fn read(data_dir: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(data_dir.join("postmaster.pid")).ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().collect();
        Some(Self {
            pid: lines.first()?.trim().parse().ok()?,
            port: lines.get(3)?.trim().parse().ok()?,
            socket_dir: PathBuf::from(lines.get(4)?.trim()),
            state: lines
                .get(7)
                .map(|state| state.trim().to_owned())
                .unwrap_or_default(),
        })
    }
}

/// A process of the server's user: its number, and the words it was started with or has since called itself.
#[derive(Debug)]
struct Process {
    pid: i32,
    words: Vec<String>,
}

impl Process {
    /// The server itself: `…/postgres -D <data_dir>`.
    fn is_postmaster(&self, data_dir: &Path) -> bool {
        let program = self.words.first().map(|word| Path::new(word).file_name());
        program
            .flatten()
            .is_some_and(|name| name == "postgres" || name == "postmaster")
            && self.words.iter().skip(1).any(|word| Path::new(word) == data_dir)
    }

    /// One of the server's children, which carry the cluster's name: `postgres: pine-time-0123456789ab: checkpointer`.
    fn is_child(&self, cluster_name: &str) -> bool {
        self.words.first().is_some_and(|title| {
            title
                .strip_prefix("postgres: ")
                .is_some_and(|rest| rest.starts_with(&format!("{cluster_name}: ")))
        })
    }
}

/// The running server of this data directory.
pub(super) fn postmaster(paths: &Paths, account: &Account) -> Option<PidFile> {
    let file = PidFile::read(&paths.data_dir)?;
    process(file.pid, account)
        .is_some_and(|it| it.is_postmaster(&paths.data_dir))
        .then_some(file)
}

/// Whether a process has ended. The server removes `postmaster.pid` and forgets its command line a moment before that,
/// when it still has files open; a process that waits to be collected has let everything go.
pub(super) fn has_ended(pid: i32) -> bool {
    if cfg!(target_os = "linux") {
        // `pid (name) state …`; the name may have anything in it, brackets too.
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        return stat
            .rsplit_once(") ")
            .is_none_or(|(_, rest)| rest.starts_with(['Z', 'X']));
    }
    kill(Pid::from_raw(pid), None) == Err(Errno::ESRCH)
}

/// Where there is no [`postmaster`]: children of a server that was killed and has left them behind, or a server that has
/// lost its `postmaster.pid`.
pub(super) fn leftovers(paths: &Paths, account: &Account) -> Vec<i32> {
    let name = paths.cluster_name();
    let ours = |it: &Process| it.is_child(&name) || it.is_postmaster(&paths.data_dir);
    all(account).into_iter().filter(ours).map(|it| it.pid).collect()
}

/// An `initdb` whose start was killed.
pub(super) fn unfinished(paths: &Paths, account: &Account) -> Vec<i32> {
    let begins = paths.parent.join(paths.init_prefix()).display().to_string();
    let ours = |it: &Process| it.words.iter().skip(1).any(|word| word.starts_with(&begins));
    all(account).into_iter().filter(ours).map(|it| it.pid).collect()
}

/// Sends a signal; a process that is gone already is as good as signalled.
pub(super) fn signal(pid: i32, signal: Signal) {
    if let Err(error) = kill(Pid::from_raw(pid), signal) {
        tracing::debug!(pid, %signal, %error, "signal not sent");
    }
}

/// Waits until `gone` says so, at most `limit`; tells whether it did.
pub(super) async fn wait_until(limit: Duration, mut gone: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    while !gone() {
        if begun.elapsed() > limit {
            return false;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    true
}

/// One process, if it belongs to the server's user.
fn process(pid: i32, account: &Account) -> Option<Process> {
    if cfg!(target_os = "linux") {
        from_proc(pid, account)
    } else {
        from_ps(account).into_iter().find(|it| it.pid == pid)
    }
}

/// All processes of the server's user.
fn all(account: &Account) -> Vec<Process> {
    if cfg!(target_os = "linux") {
        let Ok(entries) = fs::read_dir("/proc") else {
            return Vec::new();
        };
        entries
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter_map(|pid| from_proc(pid, account))
            .collect()
    } else {
        from_ps(account)
    }
}

/// `cmdline` is readable where `exe` and `cwd` are not: root without `CAP_SYS_PTRACE`, as in most containers.
fn from_proc(pid: i32, account: &Account) -> Option<Process> {
    let folder = PathBuf::from(format!("/proc/{pid}"));
    if fs::metadata(&folder).ok()?.uid() != account.uid.as_raw() {
        return None;
    }
    let line = fs::read(folder.join("cmdline")).ok()?;
    // Of a process that has ended and waits to be collected, nothing is left here: it does not count.
    let words: Vec<String> = line
        .split(|byte| *byte == 0)
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .filter(|word| !word.is_empty())
        .collect();
    (!words.is_empty()).then_some(Process { pid, words })
}

/// Where there is no `/proc`. `ps` does not tell where one word ends, so a title is one word, a command is split.
fn from_ps(account: &Account) -> Vec<Process> {
    let uid = account.uid.to_string();
    let Ok(said) = std::process::Command::new("ps")
        .args(["-ww", "-o", "pid=,command=", "-U", &uid])
        .output()
    else {
        return Vec::new();
    };
    String::from_utf8_lossy(&said.stdout)
        .lines()
        .filter_map(ps_line)
        .collect()
}

fn ps_line(line: &str) -> Option<Process> {
    let (pid, command) = line.trim().split_once(' ')?;
    let command = command.trim();
    let words = match command.split_once(" -D ") {
        Some((program, data_dir)) => vec![program.to_owned(), "-D".to_owned(), data_dir.to_owned()],
        None => vec![command.to_owned()],
    };
    Some(Process {
        pid: pid.parse().ok()?,
        words,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pid_file_is_read_as_postgresql_writes_it() {
        let text = "4711\n/var/lib/pine-time/cluster\n1763870000\n5432\n/run/pine-time/0123456789ab\n\n  5432001  32768\nready   \n";
        assert_eq!(
            PidFile::parse(text),
            Some(PidFile {
                pid: 4711,
                port: 5432,
                socket_dir: PathBuf::from("/run/pine-time/0123456789ab"),
                state: "ready".to_owned()
            })
        );
        // Written line by line: what is not whole yet is not believed.
        assert_eq!(
            PidFile::parse("4711\n/var/lib/pine-time/cluster\n1763870000\n"),
            None
        );
        assert_eq!(PidFile::parse(""), None);
    }

    #[test]
    fn only_our_own_server_is_taken_for_it() {
        let data_dir = Path::new("/var/lib/pine time/cluster");
        let postmaster = |line: &str| ps_line(line).is_some_and(|it| it.is_postmaster(data_dir));
        assert!(postmaster(
            " 12 /usr/lib/postgresql/15/bin/postgres -D /var/lib/pine time/cluster"
        ));
        assert!(!postmaster(
            "12 /usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main"
        ));
        assert!(!postmaster("12 vi /var/lib/pine time/cluster"));
        assert!(!postmaster("12 postgres: pine-time-0123456789ab: checkpointer"));
        let child = |line: &str| ps_line(line).is_some_and(|it| it.is_child("pine-time-0123456789ab"));
        assert!(child("13 postgres: pine-time-0123456789ab: checkpointer"));
        assert!(!child("13 postgres: pine-time-ba9876543210: checkpointer"));
        assert!(!child("13 postgres: checkpointer"));
    }
}
