//! The server's life: up when somebody joins, whatever state it was left in, and down when asked. Nothing here sleeps for
//! a fixed time: each wait ends when the thing waited for is there, or with a sentence.

use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use sqlx::Connection;
use sqlx::postgres::PgConnection;

use super::account::Account;
use super::error::ClusterError;
use super::init::{self, Found};
use super::locate::{self, Programs};
use super::lock::{Held, Locks};
use super::paths::Paths;
use super::probe::{self, Answer, Server};
use super::{Arrival, Options, processes, settings, socket};
use crate::ops::roles;

/// How long the server may take to come up, recovery after a crash included.
const READY_WITHIN: Duration = Duration::from_secs(120);
/// How long a fast shutdown may take: it writes out what is in memory.
const STOPS_WITHIN: Duration = Duration::from_secs(60);
/// How long processes may take that were told to drop everything.
const DROPS_WITHIN: Duration = Duration::from_secs(5);
/// Pause between two questions to a server that is coming up: 5 ms at first, 50 ms if it takes long.
const ASK_AGAIN: [Duration; 2] = [Duration::from_millis(5), Duration::from_millis(50)];
/// The log is put aside when it is larger: 10 MiB.
const LARGE_LOG: u64 = 10 << 20;

/// One data directory, with all that is needed to run its server.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub(super) options: Options,
    pub(super) paths: Paths,
    pub(super) account: Account,
    pub(super) locks: Locks,
}

impl Site {
    /// Resolves the options; makes nothing.
    pub(super) fn of(options: &Options) -> Result<Self, ClusterError> {
        let paths = Paths::resolve(options.data_dir.as_deref())?;
        let account = Account::choose(&paths.data_dir)?;
        let locks = Locks::of(&paths);
        Ok(Self {
            options: options.clone(),
            paths,
            account,
            locks,
        })
    }

    /// The running server, started if need be, with everything in it that Pine Time needs. The caller is a member.
    pub(super) async fn bring_up(&self) -> Result<(Server, Arrival), ClusterError> {
        if let Answer::Ready(server, connection) = probe::ask(&self.paths, &self.account).await {
            self.prepare(connection).await?;
            return Ok((server, Arrival::Shared));
        }
        let starting = self.locks.starting().await?;
        self.locks.sweep();
        let (server, connection, arrival) = self.bring_up_alone(&starting).await?;
        self.prepare(connection).await?;
        Ok((server, arrival))
    }

    async fn bring_up_alone(
        &self,
        starting: &Held,
    ) -> Result<(Server, Option<PgConnection>, Arrival), ClusterError> {
        match self.settled().await? {
            Answer::Ready(server, connection) => return Ok((server, connection, Arrival::Shared)),
            // Its socket was swept away with a temporary or runtime folder. It cannot get it back but by a new start.
            Answer::Unreachable { .. } => drop(self.stop(starting).await?),
            Answer::Silent { pid } => {
                return Err(ClusterError::Silent {
                    pid,
                    log: self.paths.log.clone(),
                });
            }
            Answer::Changing | Answer::Down => {}
        }
        init::remove_unfinished(&self.paths, &self.account).await;
        let installed = locate::installed(self.options.bin_dir.as_deref(), &self.account).await?;
        let (programs, arrival) = match init::look(&self.paths)? {
            Found::Nothing => {
                let programs = locate::newest(&installed)?;
                init::make(&self.paths, &self.account, programs, self.options.durable).await?;
                (programs, Arrival::Initialised)
            }
            Found::Ours { major } => (
                locate::matching(&installed, &major, &self.paths.data_dir)?,
                Arrival::Started,
            ),
        };
        self.clear_leftovers().await?;
        let (server, connection) = self.start(programs).await?;
        Ok((server, connection, arrival))
    }

    /// Asks until the server is neither on its way up nor down.
    pub(super) async fn settled(&self) -> Result<Answer, ClusterError> {
        let begun = Instant::now();
        loop {
            match probe::ask(&self.paths, &self.account).await {
                Answer::Changing if begun.elapsed() > READY_WITHIN => return Err(self.slow()),
                Answer::Changing => tokio::time::sleep(pause(begun)).await,
                answer => return Ok(answer),
            }
        }
    }

    /// Ends the children of a server that was killed, and removes a `postmaster.pid` whose number is somebody else's by
    /// now: PostgreSQL would not start over either.
    async fn clear_leftovers(&self) -> Result<(), ClusterError> {
        let leftovers = || processes::leftovers(&self.paths, &self.account);
        for signal in [Signal::SIGQUIT, Signal::SIGKILL] {
            let found = leftovers();
            if found.is_empty() {
                break;
            }
            // Most notice by themselves that their server is gone; one that is busy does not.
            tracing::info!(?found, %signal, "ending what a killed server left behind");
            for pid in found {
                processes::signal(pid, signal);
            }
            processes::wait_until(DROPS_WITHIN, || leftovers().is_empty()).await;
        }
        let pid_file = self.paths.data_dir.join("postmaster.pid");
        if pid_file.exists()
            && leftovers().is_empty()
            && processes::postmaster(&self.paths, &self.account).is_none()
        {
            fs::remove_file(&pid_file)
                .map_err(|error| ClusterError::from_io(&pid_file, &self.account.name, error))?;
        }
        Ok(())
    }

    async fn start(&self, programs: &Programs) -> Result<(Server, Option<PgConnection>), ClusterError> {
        let Site {
            options,
            paths,
            account,
            ..
        } = self;
        let socket_dir = socket::folder(paths, account)?;
        socket::remove_stale(&socket_dir);
        settings::write(
            &paths.data_dir,
            &settings::text(options, paths, &socket_dir),
            account,
        )
        .map_err(|error| ClusterError::from_io(&paths.data_dir, &account.name, error))?;
        let log_failed = |error| ClusterError::from_io(&paths.log, &account.name, error);
        if fs::metadata(&paths.log).is_ok_and(|log| log.len() > LARGE_LOG) {
            fs::rename(&paths.log, paths.log.with_extension("log.1")).map_err(log_failed)?;
        }
        let log_begins = init::open_log(paths, account)
            .and_then(|log| log.metadata())
            .map_err(log_failed)?
            .len();
        // pg_ctl makes the server a session of its own, which std alone cannot; and it knows when the server dies early.
        let mut pg_ctl = account
            .command(&programs.path("pg_ctl"), &paths.data_dir)
            .args([
                "start",
                "--silent",
                "--wait",
                "--timeout",
                &READY_WITHIN.as_secs().to_string(),
            ])
            .arg("--pgdata")
            .arg(&paths.data_dir)
            .arg("--log")
            .arg(&paths.log)
            .spawn()
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::PermissionDenied if account.switch => ClusterError::Unreachable {
                    path: paths.data_dir.clone(),
                    user: account.name.clone(),
                },
                _ => ClusterError::from_io(&programs.path("pg_ctl"), &account.name, error),
            })?;
        let begun = Instant::now();
        let mut ended = None;
        loop {
            match probe::ask(paths, account).await {
                Answer::Ready(server, connection) => return Ok((server, connection)),
                Answer::Silent { pid } => {
                    return Err(ClusterError::Silent {
                        pid,
                        log: paths.log.clone(),
                    });
                }
                // Asked once more after pg_ctl's end, because the server may have come up in between.
                _ if ended == Some(false) => return Err(self.start_failed(log_begins)),
                _ if begun.elapsed() > READY_WITHIN => return Err(self.slow()),
                _ => {}
            }
            ended = pg_ctl.try_wait().ok().flatten().map(|status| status.success());
            if ended != Some(false) {
                tokio::time::sleep(pause(begun)).await;
            }
        }
    }

    /// The sentence for a start that failed, out of what the server wrote to its log since `log_begins`.
    fn start_failed(&self, log_begins: u64) -> ClusterError {
        let mut said = String::new();
        if let Ok(mut log) = fs::File::open(&self.paths.log)
            && log.seek(SeekFrom::Start(log_begins)).is_ok()
        {
            let mut bytes = Vec::new();
            let _ = log.take(LARGE_LOG).read_to_end(&mut bytes);
            said = String::from_utf8_lossy(&bytes).into_owned();
        }
        if init::is_disk_full(&said) {
            return ClusterError::DiskFull {
                path: self.paths.data_dir.clone(),
            };
        }
        let reason = last_complaint(&said)
            .unwrap_or("the server gave no reason")
            .to_owned();
        ClusterError::Start {
            reason,
            log: self.paths.log.clone(),
        }
    }

    fn slow(&self) -> ClusterError {
        ClusterError::Slow {
            seconds: READY_WITHIN.as_secs(),
            log: self.paths.log.clone(),
        }
    }

    /// Roles, logins and the database. Costs one question when all is there.
    async fn prepare(&self, connection: Option<PgConnection>) -> Result<(), ClusterError> {
        let Some(mut connection) = connection else {
            return Ok(());
        };
        let failed = |doing| {
            let log = self.paths.log.clone();
            move |source| ClusterError::Prepare { doing, log, source }
        };
        let complete: bool = sqlx::query_scalar(include_str!("prepared.sql"))
            .fetch_one(&mut connection)
            .await
            .map_err(failed("looking for its database"))?;
        if !complete {
            roles::create_private_roles(&mut connection)
                .await
                .map_err(failed("making its roles"))?;
            match sqlx::raw_sql(include_str!("create_database.sql"))
                .execute(&mut connection)
                .await
            {
                // duplicate_database, or the unique key under it: another terminal was first.
                Err(sqlx::Error::Database(error))
                    if matches!(error.code().as_deref(), Some("42P04" | "23505")) => {}
                made => {
                    made.map_err(failed("making its database"))?;
                }
            }
        }
        let _ = connection.close().await;
        Ok(())
    }

    /// Fast shutdown; tells whether a server was running. The caller holds the start lock, or is the only one here.
    pub(super) async fn stop(&self, _alone: &Held) -> Result<bool, ClusterError> {
        let Some(found) = processes::postmaster(&self.paths, &self.account) else {
            return Ok(false);
        };
        let gone = || processes::has_ended(found.pid);
        for (signal, limit) in [(Signal::SIGINT, STOPS_WITHIN), (Signal::SIGQUIT, DROPS_WITHIN)] {
            processes::signal(found.pid, signal);
            if processes::wait_until(limit, gone).await {
                // Empty now; if something else is in it, it stays.
                let _ = fs::remove_dir(&found.socket_dir);
                return Ok(true);
            }
        }
        Err(ClusterError::WouldNotStop {
            pid: found.pid,
            log: self.paths.log.clone(),
        })
    }

    /// How many programs of any kind are connected; `None` when the server does not say.
    pub(super) async fn clients(&self) -> Option<i64> {
        let Answer::Ready(_, Some(mut connection)) = probe::ask(&self.paths, &self.account).await else {
            return None;
        };
        let clients = sqlx::query_scalar(include_str!("clients.sql"))
            .fetch_one(&mut connection)
            .await
            .ok();
        let _ = connection.close().await;
        clients
    }
}

fn pause(begun: Instant) -> Duration {
    ASK_AGAIN[usize::from(begun.elapsed() > Duration::from_secs(2))]
}

/// The last thing the server complained about, without the answers it gave to those who asked too early.
fn last_complaint(said: &str) -> Option<&str> {
    said.lines()
        .rev()
        .filter_map(|line| {
            ["FATAL:", "PANIC:", "ERROR:"]
                .iter()
                .find_map(|word| line.split_once(word))
        })
        .map(|(_, complaint)| complaint.trim())
        .find(|complaint| !complaint.starts_with("the database system is "))
}

#[cfg(test)]
mod tests {
    use super::last_complaint;

    #[test]
    fn the_reason_of_a_failed_start_is_the_last_real_complaint() {
        let said = "2026-11-23 05:00:00 UTC [1] @ LOG:  starting PostgreSQL\n\
                    2026-11-23 05:00:00 UTC [1] @ FATAL:  could not map anonymous shared memory: Cannot allocate memory\n\
                    2026-11-23 05:00:00 UTC [2] a@b FATAL:  the database system is starting up\n\
                    2026-11-23 05:00:00 UTC [1] @ LOG:  database system is shut down\n";
        assert_eq!(
            last_complaint(said),
            Some("could not map anonymous shared memory: Cannot allocate memory")
        );
        assert_eq!(last_complaint("LOG: all well\n"), None);
    }
}
