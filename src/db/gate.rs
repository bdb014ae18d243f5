//! At most four keys at once on a machine. A key takes 64 MiB and a processor for a tenth of a second: without this, a
//! class that signs in at once, or somebody who guesses from many terminals, would stop the doors. The turns are locks on
//! four files that every process of the machine shares; the system gives them back when a process dies.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use nix::fcntl::OFlag;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::domain::{Fault, SafeText, Secret};

use super::error::DbError;
use super::key::{self, NoMachine};

/// Keys at once.
const TURNS: usize = 4;
/// How soon a busy machine is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// So long somebody waits. Whoever holds every turn for longer, by mistake or on purpose, keeps nobody out.
const PATIENCE: Duration = Duration::from_secs(20);

/// The turns of a machine.
#[derive(Debug)]
struct Gate {
    /// The folder with the files; none where there can be none, and then each process keeps to four by itself.
    folder: Option<PathBuf>,
    /// This process's own four, in the order of asking.
    own: std::sync::Arc<Semaphore>,
}

/// The right to make one key, until it is dropped.
#[allow(dead_code, reason = "held, never looked at")]
#[derive(Debug)]
pub(super) struct Turn {
    file: Option<File>,
    own: Option<OwnedSemaphorePermit>,
}

static GATE: LazyLock<Gate> = LazyLock::new(|| Gate::at(&std::env::temp_dir().join("pine-time-turns")));
static STOP: Notify = Notify::const_new();

/// Waits for a turn. Fails only when [`stop_waiting`] is called meanwhile.
pub(super) async fn turn() -> Result<Turn, DbError> {
    let stop = STOP.notified();
    tokio::select! {
        turn = GATE.turn() => Ok(turn),
        () = stop => Err(DbError {
            fault: Fault::Conflict(SafeText::from("You stopped waiting.")),
            transient: false,
        }),
    }
}

/// Whoever of this process waits for a turn gives up.
pub fn stop_waiting() {
    STOP.notify_waiters();
}

/// The stored form of a new password, for commands: made when this machine has a turn for it. Blocking; see
/// [`key::hash_password`].
///
/// # Errors
/// The machine has nothing to spare.
pub fn hash_password(password: &Secret) -> Result<String, NoMachine> {
    let begun = Instant::now();
    let turn = GATE.folder.as_deref().and_then(|folder| {
        loop {
            match attempt(folder) {
                Ok(None) if begun.elapsed() < PATIENCE => std::thread::sleep(LOOK_AGAIN),
                other => return other.ok().flatten(),
            }
        }
    });
    let made = key::hash_password(password);
    drop(turn);
    made
}

impl Gate {
    fn at(folder: &Path) -> Self {
        let made = make(folder);
        if let Err(error) = &made {
            tracing::warn!(%error, folder = %folder.display(), "this machine's turns are not shared");
        }
        Self {
            folder: made.is_ok().then(|| folder.to_owned()),
            own: std::sync::Arc::new(Semaphore::new(TURNS)),
        }
    }

    async fn turn(&self) -> Turn {
        let own = std::sync::Arc::clone(&self.own).acquire_owned().await.ok();
        let Some(folder) = &self.folder else {
            return Turn { file: None, own };
        };
        let begun = Instant::now();
        loop {
            match attempt(folder) {
                Ok(Some(file)) => {
                    return Turn {
                        file: Some(file),
                        own,
                    };
                }
                Ok(None) if begun.elapsed() < PATIENCE => tokio::time::sleep(LOOK_AGAIN).await,
                other => {
                    tracing::warn!(error = ?other.err(), "a key is made without a turn");
                    return Turn { file: None, own };
                }
            }
        }
    }
}

/// The folder, which every user of the machine may use, and only its maker may clear away.
fn make(folder: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o1777).create(folder) {
        Ok(()) => fs::set_permissions(folder, Permissions::from_mode(0o1777)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// A free turn, if there is one.
fn attempt(folder: &Path) -> io::Result<Option<File>> {
    for number in 0..TURNS {
        let file = open(&folder.join(format!("turn-{number}")))?;
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(None)
}

/// Opens a turn's file to read, which is enough to lock it: it is somebody else's perhaps. No link is followed, and
/// nothing that is not a file is waited for.
fn open(path: &Path) -> io::Result<File> {
    let flags = (OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits();
    match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let made = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o644)
                .open(path);
            match made {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
            OpenOptions::new().read(true).custom_flags(flags).open(path)
        }
        other => other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// What the outcome is while somebody else's process holds all: nothing is taken.
    fn is_free(folder: &Path) -> bool {
        attempt(folder).unwrap().is_some()
    }

    #[tokio::test]
    async fn no_more_than_four_have_a_turn_whatever_process_they_are_of() {
        let folder = tempfile::tempdir().unwrap();
        // Two gates stand for two processes: a lock belongs to the opened file, not to the process.
        let (one, other) = (Gate::at(folder.path()), Gate::at(folder.path()));
        let mut turns = vec![
            one.turn().await,
            other.turn().await,
            one.turn().await,
            other.turn().await,
        ];
        assert!(turns.iter().all(|turn| turn.file.is_some()));
        assert!(!is_free(folder.path()));
        turns.pop();
        assert!(is_free(folder.path()));
        // The control: turns that are not shared keep nobody out.
        let elsewhere = tempfile::tempdir().unwrap();
        let apart = Gate::at(&elsewhere.path().join("turns"));
        let _more = [apart.turn().await, apart.turn().await, one.turn().await];
        assert!(is_free(&elsewhere.path().join("turns")));
    }

    #[tokio::test]
    async fn whoever_waits_gets_the_next_turn_and_may_give_up() {
        let folder = tempfile::tempdir().unwrap();
        let gate = std::sync::Arc::new(Gate::at(folder.path()));
        let mut turns = Vec::new();
        for _ in 0..TURNS {
            turns.push(gate.turn().await);
        }
        let waiting = {
            let gate = std::sync::Arc::clone(&gate);
            tokio::spawn(async move { gate.turn().await })
        };
        let gives_up = {
            let gate = std::sync::Arc::clone(&gate);
            tokio::spawn(async move { gate.turn().await })
        };
        tokio::task::yield_now().await;
        gives_up.abort();
        assert!(gives_up.await.unwrap_err().is_cancelled());
        assert!(!waiting.is_finished());
        turns.pop();
        assert!(waiting.await.unwrap().file.is_some());
    }

    #[tokio::test]
    async fn where_no_folder_can_be_made_each_process_keeps_to_four() {
        let folder = tempfile::tempdir().unwrap();
        let gate = Gate::at(&folder.path().join("no/such/folder"));
        assert!(gate.folder.is_none());
        let turns = [
            gate.turn().await,
            gate.turn().await,
            gate.turn().await,
            gate.turn().await,
        ];
        assert_eq!(gate.own.available_permits(), 0);
        drop(turns);
        assert_eq!(gate.own.available_permits(), TURNS);
    }

    #[test]
    fn a_link_in_place_of_a_turn_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("target");
        fs::write(&target, "x").unwrap();
        std::os::unix::fs::symlink(&target, folder.path().join("turn-0")).unwrap();
        assert!(attempt(folder.path()).is_err());
    }
}
