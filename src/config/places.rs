//! Where the system keeps a program's files, and what this machine and tty are called. The only part of the
//! settings that asks the system instead of its arguments.

use std::path::PathBuf;

use directories::ProjectDirs;

/// The folders of this program for this user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The settings file that is read when none is named; it need not exist.
    pub config_file: Option<PathBuf>,
    /// Where logs are kept.
    pub state_dir: Option<PathBuf>,
}

impl Places {
    /// What the system says; a user without a home folder has no places.
    pub fn of_system() -> Self {
        let Some(dirs) = ProjectDirs::from("", "", "pine-time") else {
            return Self::default();
        };
        Self {
            config_file: Some(dirs.config_dir().join("config.toml")),
            // Only Linux has a place for state; elsewhere it goes with the local data.
            state_dir: Some(
                dirs.state_dir()
                    .unwrap_or_else(|| dirs.data_local_dir())
                    .to_owned(),
            ),
        }
    }
}

/// Where backups are kept: among the user's data, for root beside the private PostgreSQL's.
pub(super) fn backups() -> Option<PathBuf> {
    if nix::unistd::Uid::effective().is_root() {
        return Some(PathBuf::from("/var/lib/pine-time/backups"));
    }
    ProjectDirs::from("", "", "pine-time").map(|dirs| dirs.data_local_dir().join("backups"))
}

/// `host:tty`, for example `desk1:pts/3`, or the host alone when standard input is no terminal.
pub(super) fn host_and_tty() -> String {
    let host = nix::unistd::gethostname()
        .ok()
        .and_then(|name| name.into_string().ok())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "terminal".to_owned());
    match nix::unistd::ttyname(std::io::stdin()) {
        Ok(tty) => {
            let tty = tty.to_string_lossy();
            format!("{host}:{}", tty.strip_prefix("/dev/").unwrap_or(&tty))
        }
        Err(_) => host,
    }
}
