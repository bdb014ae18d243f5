//! The private PostgreSQL: found, initialised, started, shared by all terminals of the machine, stopped by the last of
//! them, and recovered from whatever state a crash left it in. It knows nothing of what is in the database but the roles
//! and the name; tables and functions are the migrations' business.
//!
//! A process is a *member* while it uses the server (`lock.rs`). `join` makes it one.

mod account;
mod error;
mod init;
mod locate;
mod lock;
mod package;
mod paths;
mod probe;
mod processes;
mod reaper;
mod server;
mod settings;
mod socket;
mod url;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub use self::error::ClusterError;
pub use self::reaper::{Reap, reap};

use self::init::Found;
use self::lock::{Leaving, Membership};
use self::probe::{Answer, Server};
use self::server::Site;

/// The database in which Pine Time's data lies.
pub const DATABASE: &str = "pine_time";

/// How to run the private PostgreSQL.
#[derive(Debug, Clone)]
pub struct Options {
    /// PostgreSQL's data directory (`cluster.data_dir`). By default `cluster` in the user's data folder for this program,
    /// `/var/lib/pine-time/cluster` for root.
    pub data_dir: Option<PathBuf>,
    /// The folder of the server programs (`cluster.bin_dir`). By default they are looked for.
    pub bin_dir: Option<PathBuf>,
    /// `false`: what is written may be lost with the machine. For tests.
    pub durable: bool,
    /// Connections the server takes. Read when the server is started, not when it is joined.
    pub max_connections: u32,
    /// How long the server stays up after the last member has left: commands in a row need not start it anew each.
    pub linger: Duration,
    /// The `pine-time` binary, which has `db reap`; by default the running program. For programs that are another.
    pub reaper: Option<PathBuf>,
    /// Have a child wait from now on for every member's end, killed ones included, and then stop the server. Without it
    /// the last member to leave calls that child, and a killed one leaves the server running for the next.
    pub watch: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            data_dir: None,
            bin_dir: None,
            durable: true,
            max_connections: 200,
            linger: Duration::from_secs(2),
            reaper: None,
            watch: false,
        }
    }
}

/// Whom to connect as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Owns the data; migrates.
    Owner,
    /// The staff's terminals.
    Staff,
    /// A terminal that anybody may touch.
    Kiosk,
    /// The superuser of the private PostgreSQL.
    Admin,
}

impl Role {
    /// The login's name in the private PostgreSQL.
    pub fn login(self) -> &'static str {
        match self {
            Self::Owner => "pine_owner_login",
            Self::Staff => "pine_staff_login",
            Self::Kiosk => "pine_kiosk_login",
            Self::Admin => "pine_admin",
        }
    }
}

/// What joining had to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// There was no data: it was made, and the server started.
    Initialised,
    /// The server was started.
    Started,
    /// The server ran already.
    Shared,
}

/// This process's share of the running private PostgreSQL. Dropping it is leaving.
#[derive(Debug)]
pub struct Cluster {
    server: Server,
    arrival: Arrival,
    waited: Duration,
    share: Share,
}

/// A membership together with what its end needs; `None` only after the end.
#[derive(Debug)]
struct Share {
    site: Site,
    membership: Option<Membership>,
}

impl Cluster {
    /// Finds the server programs, initialises the data and starts the server where that has not been done, or shares the
    /// running one; makes sure of the roles, the logins and the database.
    ///
    /// # Errors
    /// One sentence for what is in the way.
    pub async fn join(options: &Options) -> Result<Self, ClusterError> {
        let begun = Instant::now();
        let site = Site::of(options)?;
        site.paths.make()?;
        let membership = Some(site.locks.enter().await?);
        let share = Share { site, membership };
        if options.watch {
            share.watch();
        }
        // Boxed: it is long, and every command would carry its size around.
        let (server, arrival) = Box::pin(share.site.bring_up()).await?;
        let waited = begun.elapsed();
        tracing::info!(
            ?arrival,
            ?waited,
            pid = server.pid,
            version = server.version,
            "private PostgreSQL"
        );
        Ok(Self {
            server,
            arrival,
            waited,
            share,
        })
    }

    /// A URL for psql, libpq and sqlx alike.
    pub fn url(&self, role: Role, database: &str) -> String {
        url::url(&self.server.socket_dir, self.server.port, role, database)
    }

    /// The folder of the server's socket.
    pub fn socket_dir(&self) -> &Path {
        &self.server.socket_dir
    }

    /// PostgreSQL's data directory.
    pub fn data_dir(&self) -> &Path {
        &self.share.site.paths.data_dir
    }

    /// The server's version as it says it, `17.4` or `15.18 (Debian 15.18-0+deb12u1)`.
    pub fn server_version(&self) -> &str {
        &self.server.version
    }

    /// The server's process.
    pub fn pid(&self) -> i32 {
        self.server.pid
    }

    /// What joining had to do.
    pub fn arrival(&self) -> Arrival {
        self.arrival
    }

    /// How long joining took.
    pub fn waited(&self) -> Duration {
        self.waited
    }

    /// Starts the server again if it has died under us; tells whether that was so. URLs may be other ones afterwards.
    ///
    /// # Errors
    /// One sentence for what is in the way.
    pub async fn revive(&mut self) -> Result<bool, ClusterError> {
        let before = self.server.pid;
        let (server, _) = Box::pin(self.share.site.bring_up()).await?;
        self.server = server;
        Ok(self.server.pid != before)
    }

    /// Gives the share back. The last one to leave has the server stopped by a child of its own session, after
    /// [`Options::linger`] and not while anybody is connected. Returns within 0.3 s.
    pub fn leave(self) {
        drop(self);
    }

    /// Gives the share back and leaves the server running, until [`stop`] or the end of the system's run.
    ///
    /// # Errors
    /// When the mark for it cannot be written.
    pub fn leave_running(self) -> Result<(), ClusterError> {
        self.share.site.locks.keep()
    }
}

impl Share {
    fn watch(&self) {
        // Whether there is one already is looked at by the child too; this saves starting it.
        if matches!(self.site.locks.reaper(), Ok(None)) {
            return;
        }
        if let Err(error) = reaper::summon(&self.site, true) {
            tracing::warn!(%error, "nobody watches for the end of the private PostgreSQL's last member");
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let Some(membership) = self.membership.take() else {
            return;
        };
        match membership.leave() {
            Ok(Leaving::OthersStay) => {}
            Ok(Leaving::Last) if self.site.locks.is_kept() => {}
            Ok(Leaving::Last) => {
                let runs = processes::postmaster(&self.site.paths, &self.site.account).is_some();
                if runs && let Err(error) = reaper::summon(&self.site, false) {
                    tracing::warn!(%error, "the private PostgreSQL stays up: nothing to stop it with");
                }
            }
            Err(error) => tracing::warn!(%error, "left the private PostgreSQL without looking back"),
        }
    }
}

/// The private PostgreSQL as it is found, without changing anything.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Status {
    /// There is no data yet.
    NotInitialised {
        /// Where it will be.
        data_dir: PathBuf,
    },
    /// There is data, and no server.
    Stopped {
        /// Where the data is.
        data_dir: PathBuf,
        /// Major version that made it.
        version: String,
    },
    /// The server runs.
    Running {
        /// Its process.
        pid: i32,
        /// Its version.
        version: String,
        /// Where the data is.
        data_dir: PathBuf,
        /// The folder of its socket.
        socket_dir: PathBuf,
        /// How many terminals and commands share it.
        sharing: usize,
        /// It stays up when the last of them leaves, until it is stopped.
        kept: bool,
    },
}

/// Looks at the private PostgreSQL.
///
/// # Errors
/// One sentence when the data is not ours or the server does not answer.
pub async fn status(options: &Options) -> Result<Status, ClusterError> {
    let site = Site::of(options)?;
    let data_dir = site.paths.data_dir.clone();
    match site.settled().await? {
        Answer::Ready(server, _) => Ok(Status::Running {
            pid: server.pid,
            version: server.version,
            data_dir,
            socket_dir: server.socket_dir,
            sharing: site.locks.count(),
            kept: site.locks.is_kept(),
        }),
        Answer::Unreachable { pid } | Answer::Silent { pid } => Err(ClusterError::Silent {
            pid,
            log: site.paths.log,
        }),
        Answer::Changing | Answer::Down => Ok(match init::look(&site.paths)? {
            Found::Nothing => Status::NotInitialised { data_dir },
            Found::Ours { major } => Status::Stopped {
                data_dir,
                version: major,
            },
        }),
    }
}

/// The folders of this system, packages' first, that hold all of these programs of PostgreSQL's: in `bin_dir` when one is
/// named, else wherever the server programs are looked for.
pub fn folders_with(bin_dir: Option<&Path>, programs: &[&str]) -> Vec<PathBuf> {
    locate::folders_with(bin_dir, programs)
}

/// The version of the server programs that new data would be made by.
///
/// # Errors
/// One sentence when there are none that will do.
pub async fn server_programs(options: &Options) -> Result<String, ClusterError> {
    let site = Site::of(options)?;
    let installed = locate::installed(options.bin_dir.as_deref(), &site.account).await?;
    locate::newest(&installed).map(|programs| programs.version.clone())
}

/// What [`stop`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// No server was running.
    WasNotRunning,
    /// The server was stopped, under so many who shared it.
    Stopped {
        /// Terminals and commands that lost their connections.
        sharing: usize,
    },
}

/// Stops the server now, whoever is using it, and takes [`Cluster::leave_running`] back.
///
/// # Errors
/// One sentence for what is in the way.
pub async fn stop(options: &Options) -> Result<Stopped, ClusterError> {
    let site = Site::of(options)?;
    if !site.paths.run.exists() {
        return Ok(Stopped::WasNotRunning);
    }
    let starting = site.locks.starting().await?;
    site.locks.forget_keeping();
    let sharing = site.locks.count();
    Ok(if site.stop(&starting).await? {
        Stopped::Stopped { sharing }
    } else {
        Stopped::WasNotRunning
    })
}
