//! Who is here. Three locked files (`flock`, which a killed process cannot leave behind) and one file per member:
//!
//! - `members`: everyone who uses the server holds it shared; who holds it alone may stop the server.
//! - `start`: held alone while the server is initialised, started, repaired or stopped by command.
//! - `reaper`: held by the one child that waits to stop the server.
//!
//! Order: `members` before `start`. The reaper takes `reaper`, then `members`; it gives `reaper` back first, so that
//! who finds it taken knows that its holder will look at `members` again.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use super::account;
use super::error::ClusterError;
use super::paths::Paths;

/// How long a start may take before whoever waits for it gives up.
pub(super) const PATIENCE: Duration = Duration::from_secs(180);

/// How often a waiting process looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

static NEXT_MEMBER: AtomicU32 = AtomicU32::new(0);

/// The lock files of one data directory.
#[derive(Debug, Clone)]
pub(super) struct Locks {
    run: PathBuf,
}

/// A held lock; given back when dropped. Unlocked by name rather than by closing, because a child that another thread
/// is just starting may still hold a copy of the descriptor.
#[derive(Debug)]
pub(super) struct Held(File);

impl Drop for Held {
    fn drop(&mut self) {
        // Closing gives it back as well; nothing is left to do about a failure.
        let _ = self.0.unlock();
    }
}

/// One process's share of the server.
#[derive(Debug)]
pub(super) struct Membership {
    locks: Locks,
    // Dropped in this order: the count goes down before the lock is free.
    mine: Mine,
    shared: Held,
}

#[derive(Debug)]
struct Mine {
    _held: Held,
    path: PathBuf,
}

impl Drop for Mine {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// What a process that leaves finds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    /// Others are here; the last of them will see to the server.
    OthersStay,
    /// Nobody is here any more.
    Last,
}

impl Locks {
    pub(super) fn of(paths: &Paths) -> Self {
        Self {
            run: paths.run.clone(),
        }
    }

    /// Joins those who share the server; waits while a reaper stops it.
    pub(super) async fn enter(&self) -> Result<Membership, ClusterError> {
        let shared = self.wait("members", Mode::Shared).await?;
        self.touch(&shared);
        let mine = self.sign_in().map_err(|error| failed(&self.run, error))?;
        Ok(Membership {
            locks: self.clone(),
            mine,
            shared,
        })
    }

    /// Holds the start alone; waits for whoever has it.
    pub(super) async fn starting(&self) -> Result<Held, ClusterError> {
        self.wait("start", Mode::Alone).await
    }

    /// The members' lock alone, if nobody has it.
    pub(super) fn nobody_here(&self) -> io::Result<Option<Held>> {
        attempt(self.open("members")?, Mode::Alone)
    }

    /// The members' lock alone, as soon as nobody has it. Blocks the thread, without a limit.
    pub(super) fn until_nobody_is_here(&self) -> io::Result<Held> {
        let file = self.open("members")?;
        file.lock()?;
        Ok(Held(file))
    }

    /// The right to be the one reaper, if no other process has it.
    pub(super) fn reaper(&self) -> io::Result<Option<Held>> {
        attempt(self.open("reaper")?, Mode::Alone)
    }

    /// When somebody last came or went.
    pub(super) fn last_change(&self) -> io::Result<SystemTime> {
        fs::metadata(self.run.join("members"))?.modified()
    }

    /// How many processes share the server. Files of killed processes are not locked and do not count.
    pub(super) fn count(&self) -> usize {
        self.member_files().filter(|path| is_locked(path)).count()
    }

    /// Removes the files that killed processes left.
    pub(super) fn sweep(&self) {
        for path in self.member_files().filter(|path| !is_locked(path)) {
            let _ = fs::remove_file(path);
        }
    }

    /// Asks that the server stays up when the last member leaves, until [`Locks::forget_keeping`] or a reboot.
    pub(super) fn keep(&self) -> Result<(), ClusterError> {
        let path = self.run.join("keep");
        fs::write(&path, boot()).map_err(|error| failed(&path, error))
    }

    /// Takes [`Locks::keep`] back.
    pub(super) fn forget_keeping(&self) {
        let _ = fs::remove_file(self.run.join("keep"));
    }

    /// Whether the server was asked to stay, since this system was started.
    pub(super) fn is_kept(&self) -> bool {
        fs::read_to_string(self.run.join("keep")).is_ok_and(|mark| mark == boot())
    }

    fn member_files(&self) -> impl Iterator<Item = PathBuf> {
        fs::read_dir(&self.run)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with("member-"))
            .map(|entry| entry.path())
    }

    /// Our own file: locked before it has the name by which others count it.
    fn sign_in(&self) -> io::Result<Mine> {
        let name = format!(
            "{}-{}",
            std::process::id(),
            NEXT_MEMBER.fetch_add(1, Ordering::Relaxed)
        );
        let (arriving, path) = (
            self.run.join(format!("arriving-{name}")),
            self.run.join(format!("member-{name}")),
        );
        // A killed process of the same number may have left one.
        let _ = fs::remove_file(&arriving);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&arriving)?;
        file.try_lock()?;
        fs::rename(&arriving, &path)?;
        Ok(Mine {
            _held: Held(file),
            path,
        })
    }

    fn touch(&self, members: &Held) {
        if let Err(error) = members.0.set_modified(SystemTime::now()) {
            tracing::debug!(%error, run = %self.run.display(), "the members' lock keeps its old time");
        }
    }

    fn open(&self, name: &str) -> io::Result<File> {
        OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.run.join(name))
    }

    async fn wait(&self, name: &str, mode: Mode) -> Result<Held, ClusterError> {
        let path = self.run.join(name);
        let mut file = self.open(name).map_err(|error| failed(&path, error))?;
        let begun = Instant::now();
        loop {
            match mode.attempt(&file) {
                Ok(()) => return Ok(Held(file)),
                Err(TryLockError::Error(error)) => return Err(failed(&path, error)),
                Err(TryLockError::WouldBlock) if begun.elapsed() > PATIENCE => {
                    return Err(ClusterError::Held {
                        lock: path,
                        seconds: PATIENCE.as_secs(),
                    });
                }
                Err(TryLockError::WouldBlock) => tokio::time::sleep(LOOK_AGAIN).await,
            }
            // Somebody may have cleared the folder away while we waited.
            if !path.exists() {
                file = self.open(name).map_err(|error| failed(&path, error))?;
            }
        }
    }
}

impl Membership {
    /// Gives the share back and tells whether anybody else has one.
    pub(super) fn leave(self) -> io::Result<Leaving> {
        let Self { locks, mine, shared } = self;
        locks.touch(&shared);
        drop(mine);
        drop(shared);
        // Of two who leave at once, each has given back before it looks: at least one of them finds nobody. A reaper
        // that looks in this moment was there before us and will see our time.
        Ok(if locks.nobody_here()?.is_some() {
            Leaving::Last
        } else {
            Leaving::OthersStay
        })
    }
}

#[derive(Debug, Clone, Copy)]
enum Mode {
    Shared,
    Alone,
}

impl Mode {
    fn attempt(self, file: &File) -> Result<(), TryLockError> {
        match self {
            Self::Shared => file.try_lock_shared(),
            Self::Alone => file.try_lock(),
        }
    }
}

fn failed(path: &Path, error: io::Error) -> ClusterError {
    ClusterError::from_io(path, &account::my_name(), error)
}

fn attempt(file: File, mode: Mode) -> io::Result<Option<Held>> {
    match mode.attempt(&file) {
        Ok(()) => Ok(Some(Held(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn is_locked(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Names this run of the system; empty where it has no such name.
fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default()
}
