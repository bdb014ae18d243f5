//! What can go wrong with the private PostgreSQL, one sentence each: what, where, and what to do about it.
//! The sentences are shown to people as they stand; causes a person cannot use stay in the log.

use std::io;
use std::path::{Path, PathBuf};

/// Why the private PostgreSQL cannot be had. `Display` is the sentence for the user.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No server programs anywhere we looked.
    #[error(
        "The PostgreSQL server programs (initdb, pg_ctl, postgres) are not on this system. {install}, or set \
         cluster.bin_dir to the folder they are in"
    )]
    NoPrograms {
        /// How to install them here, a sentence without its full stop.
        install: String,
    },
    /// `cluster.bin_dir` was given and does not hold what it should.
    #[error(
        "cluster.bin_dir is {}, but {missing} is not there (or cannot be run): it must be the folder that holds initdb, \
         pg_ctl and postgres", bin_dir.display()
    )]
    ProgramsIncomplete {
        /// The folder that was named.
        bin_dir: PathBuf,
        /// The first program that is missing.
        missing: &'static str,
    },
    /// Programs are there, but of a version this program does not know.
    #[error("PostgreSQL {found} in {} cannot be used, Pine Time needs 15 to 18. {install}", bin_dir.display())]
    UnsupportedVersion {
        /// Version of the newest programs found.
        found: String,
        /// Where they are.
        bin_dir: PathBuf,
        /// How to install a newer one here.
        install: String,
    },
    /// The data was made by a major version whose programs are not installed.
    #[error(
        "The data in {} was made by PostgreSQL {made_by}, but only {installed} is installed here. Install the server \
         programs of PostgreSQL {made_by}, or choose another cluster.data_dir", data_dir.display()
    )]
    OtherMajor {
        /// The data directory.
        data_dir: PathBuf,
        /// What its `PG_VERSION` says.
        made_by: String,
        /// Versions that are installed, as a list for people.
        installed: String,
    },
    /// The directory holds something that Pine Time did not make.
    #[error(
        "{} is not Pine Time's: {why}. Nothing was touched; set cluster.data_dir to a folder that is new or empty",
        data_dir.display()
    )]
    NotOurs {
        /// The data directory.
        data_dir: PathBuf,
        /// What it holds instead.
        why: String,
    },
    /// The directory belongs to another system user.
    #[error(
        "{} belongs to the system user {owner}, not to {expected}: run Pine Time as {owner}, or set cluster.data_dir to a \
         folder of your own", data_dir.display()
    )]
    OtherOwner {
        /// The data directory.
        data_dir: PathBuf,
        /// Who owns it.
        owner: String,
        /// Who would have to.
        expected: String,
    },
    /// We are root, and there is nobody to run the server as.
    #[error(
        "PostgreSQL does not run as root, and this system has neither a user postgres nor a user nobody: make one, or run \
         Pine Time as an ordinary user"
    )]
    NoServerUser,
    /// The server's user cannot reach the data directory.
    #[error(
        "The system user {user}, who runs PostgreSQL for root, cannot reach {}: set cluster.data_dir to a folder that \
         user can reach, such as /var/lib/pine-time/cluster", path.display()
    )]
    Unreachable {
        /// The folder that cannot be reached.
        path: PathBuf,
        /// The server's user.
        user: String,
    },
    /// A file or folder cannot be made or written.
    #[error(
        "{} cannot be written ({why}): give {user} the right to write there, or set cluster.data_dir to another folder",
        path.display()
    )]
    Unwritable {
        /// What we tried to write.
        path: PathBuf,
        /// Who tried.
        user: String,
        /// The system's reason.
        why: String,
    },
    /// The disk is full.
    #[error(
        "The disk that holds {} is full: free some space (a new database needs about 60 MB), then start again",
        path.display()
    )]
    DiskFull {
        /// Where we were writing.
        path: PathBuf,
    },
    /// There is no home directory to put the data in.
    #[error("There is no home folder to keep the database in: set HOME, or cluster.data_dir")]
    NoHome,
    /// The path has characters that PostgreSQL's own programs cannot take.
    #[error("{} cannot hold the database: {why}; set cluster.data_dir to a plainer path", path.display())]
    UnfitPath {
        /// The path.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// No place for the socket.
    #[error("There is no safe folder for the database's socket: {why}")]
    NoSocketDir {
        /// The last reason.
        why: String,
    },
    /// Another process holds the start lock for longer than anyone should.
    #[error(
        "Another Pine Time has been starting or stopping the database for {seconds} seconds ({}): see whether it hangs, \
         and end it", lock.display()
    )]
    Held {
        /// The lock file.
        lock: PathBuf,
        /// How long we waited.
        seconds: u64,
    },
    /// `initdb` failed for a reason we do not know.
    #[error("A new database could not be made in {}: {reason}. The whole report is in {}", data_dir.display(), log.display())]
    Init {
        /// The data directory.
        data_dir: PathBuf,
        /// The last line the program said.
        reason: String,
        /// Where the rest is.
        log: PathBuf,
    },
    /// The server did not come up.
    #[error("The private PostgreSQL did not start: {reason}. Its log is {}", log.display())]
    Start {
        /// The server's last fatal line.
        reason: String,
        /// The server's log.
        log: PathBuf,
    },
    /// The server did not come up within the limit.
    #[error("The private PostgreSQL was not ready after {seconds} seconds. Its log is {}", log.display())]
    Slow {
        /// How long we waited.
        seconds: u64,
        /// The server's log.
        log: PathBuf,
    },
    /// The server runs but does not answer.
    #[error("The private PostgreSQL (process {pid}) runs but does not answer. Its log is {}", log.display())]
    Silent {
        /// The server's process.
        pid: i32,
        /// The server's log.
        log: PathBuf,
    },
    /// The server would not go down.
    #[error("The private PostgreSQL (process {pid}) did not stop. Its log is {}", log.display())]
    WouldNotStop {
        /// The server's process.
        pid: i32,
        /// The server's log.
        log: PathBuf,
    },
    /// The server is up, but its roles or its database could not be made.
    #[error("The private PostgreSQL is up, but {doing} failed. Its log is {}", log.display())]
    Prepare {
        /// What was being made.
        doing: &'static str,
        /// The server's log.
        log: PathBuf,
        /// The server's answer.
        #[source]
        source: sqlx::Error,
    },
    /// Anything else the system refused.
    #[error("{} could not be used: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        #[source]
        source: io::Error,
    },
}

impl ClusterError {
    /// The right sentence for a file operation that failed at `path`, tried by the system user `user`.
    pub(super) fn from_io(path: &Path, user: &str, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            io::ErrorKind::PermissionDenied => Self::Unwritable {
                path,
                user: user.to_owned(),
                why: "permission denied".to_owned(),
            },
            io::ErrorKind::ReadOnlyFilesystem => Self::Unwritable {
                path,
                user: user.to_owned(),
                why: "the file system is read-only".to_owned(),
            },
            io::ErrorKind::NotADirectory => Self::Unwritable {
                path,
                user: user.to_owned(),
                why: "a part of it is not a folder".to_owned(),
            },
            _ => Self::Io { path, source },
        }
    }
}
