//! Where the system keeps a program's files, and what this machine and tty are called. The only part of the
//! settings that asks the system instead of its arguments.

use std::net::IpAddr;
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

/// The address of the SSH client that this program is used from, as the environment tells it (`SSH_CONNECTION`, else
/// `SSH_CLIENT`; sshd(8)). An address and nothing else: whoever sets the environment could write anything into it, and
/// nobody checks it.
pub fn ssh_client(look: impl Fn(&str) -> Option<String>) -> Option<IpAddr> {
    let told = ["SSH_CONNECTION", "SSH_CLIENT"].into_iter().find_map(look)?;
    let address = told.split_ascii_whitespace().next()?;
    // `fe80::1%eth0`: the zone means nothing elsewhere.
    address.split('%').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::ssh_client;

    #[test]
    fn the_client_is_an_address_or_nobody() {
        let told = |name: &'static str, value: &'static str| {
            ssh_client(move |asked| (asked == name).then(|| value.to_owned())).map(|at| at.to_string())
        };
        let home = Some("203.0.113.7".to_owned());
        assert_eq!(told("SSH_CONNECTION", "203.0.113.7 52044 192.0.2.1 22"), home);
        assert_eq!(told("SSH_CLIENT", "203.0.113.7 52044 22"), home);
        assert_eq!(
            told("SSH_CONNECTION", "fe80::1%eth0 52044 fe80::2 22").as_deref(),
            Some("fe80::1")
        );
        for garbage in ["", " ", "desk", "203.0.113.7\u{1b}[2J 1 2 3", "999.1.1.1 5"] {
            assert_eq!(told("SSH_CONNECTION", garbage), None, "{garbage:?}");
        }
        assert_eq!(told("SSH_TTY", "203.0.113.7"), None);
    }
}
