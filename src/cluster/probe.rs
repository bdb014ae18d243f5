//! Asking whether the server is there: by connecting, which is the only proof.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Row};

use super::Role;
use super::account::Account;
use super::paths::Paths;
use super::processes;
use super::url;

/// A server that has not answered for this long is not going to.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// The database every PostgreSQL has; ours may not be there yet.
pub(super) const MAINTENANCE: &str = "postgres";

/// A running server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) pid: i32,
    pub(super) socket_dir: PathBuf,
    pub(super) port: u16,
    /// As the server says it, `15.18 (Debian 15.18-0+deb12u1)`.
    pub(super) version: String,
}

/// What the question brought.
#[derive(Debug)]
pub(super) enum Answer {
    /// It runs; here is a connection as its superuser, unless all of them are taken.
    Ready(Server, Option<PgConnection>),
    /// It is on its way up or down: ask again.
    Changing,
    /// It runs, but its socket is gone from the file system: nobody can reach it.
    Unreachable { pid: i32 },
    /// It runs, and does not answer.
    Silent { pid: i32 },
    /// It does not run.
    Down,
}

/// Asks once.
pub(super) async fn ask(paths: &Paths, account: &Account) -> Answer {
    let Some(found) = processes::postmaster(paths, account) else {
        return Answer::Down;
    };
    let mut server = Server {
        pid: found.pid,
        socket_dir: found.socket_dir.clone(),
        port: found.port,
        version: String::new(),
    };
    let no_door = || match found.state.as_str() {
        "ready" | "standby" => Answer::Unreachable { pid: found.pid },
        _ => Answer::Changing,
    };
    if found.socket_dir.as_os_str().is_empty() {
        return no_door();
    }
    match tokio::time::timeout(ANSWERS_WITHIN, connect(&found.socket_dir, found.port)).await {
        Err(_) => Answer::Silent { pid: found.pid },
        Ok(Ok((version, data_dir, connection))) if data_dir == paths.data_dir => {
            server.version = version;
            Answer::Ready(server, Some(connection))
        }
        Ok(Err(sqlx::Error::Database(error))) => match error.code().as_deref() {
            // too_many_connections: it runs, and what it needs was made when it came up.
            Some("53300") => {
                server.version =
                    std::fs::read_to_string(paths.data_dir.join("PG_VERSION")).unwrap_or_default();
                server.version.truncate(server.version.trim_end().len());
                Answer::Ready(server, None)
            }
            // admin_shutdown, crash_shutdown, cannot_connect_now: starting, stopping, recovering.
            Some(code) if code.starts_with("57P0") => Answer::Changing,
            _ => Answer::Silent { pid: found.pid },
        },
        Ok(Err(_)) if found.socket_dir.join(format!(".s.PGSQL.{}", found.port)).exists() => Answer::Changing,
        // There is no socket, or another server has taken its place.
        Ok(_) => no_door(),
    }
}

async fn connect(socket_dir: &Path, port: u16) -> Result<(String, PathBuf, PgConnection), sqlx::Error> {
    let options: PgConnectOptions = url::url(socket_dir, port, Role::Admin, MAINTENANCE).parse()?;
    let mut connection = options
        .application_name("pine-time cluster")
        .disable_statement_logging()
        .connect()
        .await?;
    let row = sqlx::query(include_str!("who_are_you.sql"))
        .fetch_one(&mut connection)
        .await?;
    let data_dir: String = row.try_get("data_dir")?;
    Ok((row.try_get("version")?, PathBuf::from(data_dir), connection))
}
