//! Making a new data directory, and telling what an existing one is. New data is made under another name beside its
//! place and moved there when it is whole: a half-made one is never taken for data.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::Signal;

use super::account::{self, Account};
use super::error::ClusterError;
use super::locate::Programs;
use super::paths::Paths;
use super::{processes, settings};

/// How long what a killed start left may resist; it is in nobody's way if it does.
const UNFINISHED_LIMIT: Duration = Duration::from_secs(5);

/// What lies at the place of the data directory.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing, or an empty folder.
    Nothing,
    /// Ours, made by this major version.
    Ours {
        /// What `PG_VERSION` says.
        major: String,
    },
}

/// Looks at the place of the data directory.
///
/// # Errors
/// `NotOurs` for anything that Pine Time did not make.
pub(super) fn look(paths: &Paths) -> Result<Found, ClusterError> {
    let not_ours = |why: &str| ClusterError::NotOurs {
        data_dir: paths.data_dir.clone(),
        why: why.to_owned(),
    };
    let entries = match fs::read_dir(&paths.data_dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(not_ours("it is not a folder"));
        }
        Err(error) => return Err(ClusterError::from_io(&paths.data_dir, &account::my_name(), error)),
        Ok(mut entries) => entries.next(),
    };
    if entries.is_none() {
        return Ok(Found::Nothing);
    }
    let Ok(major) = fs::read_to_string(paths.data_dir.join("PG_VERSION")) else {
        return Err(not_ours("it has other files in it"));
    };
    if !paths.data_dir.join(settings::FILE).exists() {
        return Err(not_ours("it is the data directory of another PostgreSQL"));
    }
    Ok(Found::Ours {
        major: major.trim().to_owned(),
    })
}

/// Makes new data. The caller holds the start lock.
///
/// # Errors
/// The sentence for what was in the way.
pub(super) async fn make(
    paths: &Paths,
    account: &Account,
    programs: &Programs,
    durable: bool,
) -> Result<(), ClusterError> {
    let fresh = paths
        .parent
        .join(format!("{}{}", paths.init_prefix(), std::process::id()));
    let made = make_in(&fresh, paths, account, programs, durable).await;
    if made.is_err() {
        let _ = fs::remove_dir_all(&fresh);
    }
    made
}

async fn make_in(
    fresh: &Path,
    paths: &Paths,
    account: &Account,
    programs: &Programs,
    durable: bool,
) -> Result<(), ClusterError> {
    let failed = |error| ClusterError::from_io(&paths.parent, &account::my_name(), error);
    fs::DirBuilder::new().mode(0o700).create(fresh).map_err(failed)?;
    account.give_dir(fresh).map_err(failed)?;
    let mut initdb = account.command(&programs.path("initdb"), fresh);
    initdb
        .arg("-D")
        .arg(fresh)
        .args([
            "--username=pine_admin",
            "--encoding=UTF8",
            "--locale=C",
            "--data-checksums",
        ])
        .args(["--auth-local=trust", "--auth-host=reject", "--no-instructions"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    if !durable {
        initdb.arg("--no-sync");
    }
    let said = match initdb.output().await {
        Ok(said) => said,
        // The program ran a moment ago when it was asked for its version: it is the folder that is closed.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && account.switch => {
            return Err(ClusterError::Unreachable {
                path: paths.parent.clone(),
                user: account.name.clone(),
            });
        }
        Err(error) => {
            return Err(ClusterError::from_io(
                &programs.path("initdb"),
                &account.name,
                error,
            ));
        }
    };
    if !said.status.success() {
        return Err(refusal(paths, account, &[said.stdout, said.stderr].concat()));
    }
    settings::include(fresh).map_err(failed)?;
    // An empty file is enough to say that it is ours; it is filled at the start.
    settings::write(fresh, "", account).map_err(failed)?;
    fs::rename(fresh, &paths.data_dir).map_err(|error| match error.kind() {
        io::ErrorKind::ResourceBusy => ClusterError::UnfitPath {
            path: paths.data_dir.clone(),
            why: "it is the top of a file system of its own, take a folder in it",
        },
        _ => failed(error),
    })?;
    if durable {
        fs::File::open(&paths.parent)
            .and_then(|parent| parent.sync_all())
            .map_err(failed)?;
    }
    Ok(())
}

/// Keeps what `initdb` said in the log, and makes a sentence of it.
fn refusal(paths: &Paths, account: &Account, said: &[u8]) -> ClusterError {
    if let Ok(mut log) = open_log(paths, account) {
        let _ = log.write_all(said);
    }
    let said = String::from_utf8_lossy(said);
    if is_disk_full(&said) {
        return ClusterError::DiskFull {
            path: paths.parent.clone(),
        };
    }
    let reason = said
        .lines()
        .rev()
        .find_map(|line| {
            line.split_once("error: ")
                .or_else(|| line.split_once("FATAL:  "))
                .map(|(_, reason)| reason)
        })
        .or_else(|| said.lines().rev().find(|line| !line.trim().is_empty()))
        .unwrap_or("initdb said nothing")
        .trim()
        .to_owned();
    ClusterError::Init {
        data_dir: paths.data_dir.clone(),
        reason,
        log: paths.log.clone(),
    }
}

/// The words of `strerror(ENOSPC)` and `strerror(EDQUOT)` in the C locale, in which the programs run.
pub(super) fn is_disk_full(said: &str) -> bool {
    said.contains("No space left on device") || said.contains("Disk quota exceeded")
}

/// The server's log, open for appending, belonging to the server's user.
pub(super) fn open_log(paths: &Paths, account: &Account) -> io::Result<fs::File> {
    let log = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(nix::fcntl::OFlag::O_NOFOLLOW.bits())
        .open(&paths.log)?;
    account.give(&log)?;
    Ok(log)
}

/// Ends the `initdb` that a killed start left running, and removes what it has made. The caller holds the start lock.
///
/// The server that `initdb` itself runs carries no sign of us in its words: it ends when it hears no more, and may write
/// until then. So the removal is tried until nothing is left.
pub(super) async fn remove_unfinished(paths: &Paths, account: &Account) {
    let gone = processes::wait_until(UNFINISHED_LIMIT, || {
        let unfinished = unfinished(paths);
        if unfinished.is_empty() {
            return true;
        }
        for pid in processes::unfinished(paths, account) {
            processes::signal(pid, Signal::SIGKILL);
        }
        for path in unfinished {
            if let Err(error) = fs::remove_dir_all(&path) {
                tracing::debug!(path = %path.display(), %error, "unfinished data is still there");
            }
        }
        false
    })
    .await;
    if !gone {
        tracing::warn!(folder = %paths.parent.display(), "unfinished data stays");
    }
}

/// Data directories that were begun and are no cluster's yet.
fn unfinished(paths: &Paths) -> Vec<PathBuf> {
    let prefix = paths.init_prefix();
    let entries = fs::read_dir(&paths.parent).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
        .map(|entry| entry.path())
        .collect()
}
