//! What can go wrong with a backup, one sentence each: what, where, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use super::super::owner;

/// Why a backup could not be made, proved or brought back. `Display` is the sentence for the user.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder refuses.
    #[error("{} cannot be {doing} ({why}): set backup.dir to a folder that this user can write to", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// `written` or `read`.
        doing: &'static str,
        /// The system's reason.
        why: String,
    },
    /// There is no room.
    #[error("The disk that holds {} is full ({why}); nothing was kept. Free some space, or set backup.dir to another disk", path.display())]
    Full {
        /// Where.
        path: PathBuf,
        /// The system's reason.
        why: String,
    },
    /// Another process works on the same folder.
    #[error("Another pine-time is at work on the backups in {}; wait until it has ended", path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// There is no fitting `pg_dump`.
    #[error(
        "The server is PostgreSQL {server}, and {found}: install the client programs (pg_dump, pg_restore) of PostgreSQL \
         {needs} or newer, or set cluster.bin_dir to the folder they are in"
    )]
    NoPrograms {
        /// The server's version.
        server: String,
        /// Its first number.
        needs: i32,
        /// What there is instead.
        found: String,
    },
    /// The database cannot be used.
    #[error("{place} cannot be used: {why}")]
    Database {
        /// Which.
        place: String,
        /// Why.
        why: String,
        /// The login was refused, not the server failing.
        is_refusal: bool,
    },
    /// One of PostgreSQL's programs failed.
    #[error("{program} failed: {said}")]
    Program {
        /// Which.
        program: &'static str,
        /// What it said last.
        said: String,
    },
    /// No backup has this name.
    #[error("There is no backup {name} in {}; pine-time backup list shows what there is", path.display())]
    Unknown {
        /// What was asked for.
        name: String,
        /// Where it was looked for.
        path: PathBuf,
    },
    /// There is no backup at all.
    #[error("There is no backup in {} yet; pine-time backup create makes one", path.display())]
    None {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// It is not what it was when it was made.
    #[error("The backup {name} is damaged: {why}. Take another one")]
    Damaged {
        /// Which.
        name: String,
        /// How that is known.
        why: String,
    },
    /// A newer program made it.
    #[error("The backup {name} was made by a newer version of Pine Time ({program}): upgrade this one first")]
    Newer {
        /// Which.
        name: String,
        /// By which version.
        program: String,
    },
    /// What came out of it is not what went in.
    #[error("The backup {name} does not hold what was there when it was made: {}", what.join("; "))]
    Differs {
        /// Which.
        name: String,
        /// Every difference.
        what: Vec<String>,
    },
    /// The login may make no databases.
    #[error(
        "This login may not make a database to restore into. Have the server's administrator run: ALTER ROLE \"{login}\" \
         CREATEDB"
    )]
    MayNotCreate {
        /// Which.
        login: String,
    },
    /// The group roles are missing.
    #[error(
        "The roles pine_owner, pine_staff and pine_kiosk do not exist on this server. Run pine-time db roles create first"
    )]
    NoRoles,
    /// A database of that name is there.
    #[error("There is a database {0} already; choose another name")]
    Taken(String),
    /// The database that would be replaced holds a community, and its name was not typed.
    #[error(
        "{database} holds {members} members. Nothing was changed; to put the backup in its place, type its name: --replace {database}"
    )]
    NotTyped {
        /// Which.
        database: String,
        /// How many people are in it.
        members: i64,
    },
    /// Somebody is connected and cannot be sent away.
    #[error(
        "{database} is in use by {clients} connections that this login may not end. Nothing was changed; close the programs \
         that use it, or have the login granted pg_signal_backend"
    )]
    InUse {
        /// Which.
        database: String,
        /// How many.
        clients: i64,
    },
    /// It was restored, and cannot be brought to this program's version.
    #[error("The restored database cannot be brought to this version: {0}")]
    Migrate(#[from] super::super::migrate::MigrateError),
    /// Nobody can sign in to what was restored.
    #[error("The backup {name} was restored, but {member} cannot sign in to it: {why}")]
    SignIn {
        /// Which.
        name: String,
        /// Who tried.
        member: String,
        /// Why not.
        why: String,
    },
}

impl BackupError {
    /// The right sentence for a write that failed.
    pub(super) fn writing(path: &Path, error: &io::Error) -> Self {
        let (path, why) = (path.to_path_buf(), reason(error));
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full { path, why }
            }
            _ => Self::Folder {
                path,
                doing: "written",
                why,
            },
        }
    }

    /// The right sentence for a read that failed.
    pub(super) fn reading(path: &Path, error: &io::Error) -> Self {
        Self::Folder {
            path: path.to_path_buf(),
            doing: "read",
            why: reason(error),
        }
    }

    /// The right sentence for what a database said.
    pub(super) fn database(place: &str, error: &sqlx::Error) -> Self {
        Self::Database {
            place: place.to_owned(),
            why: owner::words(error),
            is_refusal: owner::is_refusal(error),
        }
    }

    /// Whether it may not be done, rather than could not.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::NotTyped { .. } | Self::MayNotCreate { .. } | Self::Database { is_refusal: true, .. }
        )
    }
}

fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}
