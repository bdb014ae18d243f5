//! Looking at a server from one plain connection: who we are there, how safe the link is, how full it is. What it all
//! means is the business of who asks.

use chrono::{DateTime, Utc};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::domain::backup::VerifiedBackup;

/// What the server says.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Server {
    /// `170004`.
    pub server_number: i32,
    /// `17.4`.
    pub server_version: String,
    /// The login's name.
    pub login: String,
    /// It is a superuser.
    pub is_superuser: bool,
    /// It is a member of `pine_owner`.
    pub is_owner: bool,
    /// It is a member of `pine_staff`.
    pub is_staff: bool,
    /// It is a member of `pine_kiosk`.
    pub is_kiosk: bool,
    /// The connection goes over a socket of this machine's.
    pub is_local: bool,
    /// It is encrypted.
    pub is_encrypted: bool,
    /// By which protocol.
    pub tls_version: Option<String>,
    /// Connections that ordinary logins can have.
    pub most_connections: i32,
    /// Connections that there are.
    pub connections: i64,
    /// How the database writes text.
    pub encoding: String,
    /// The zone that sessions begin with.
    pub time_zone: String,
    /// It follows another server and takes no writes.
    pub is_standby: bool,
    /// Its time.
    pub clock: DateTime<Utc>,
    /// The table of verified backups is there.
    pub knows_backups: bool,
}

/// A look at a server.
#[derive(Debug, Clone)]
pub struct Look {
    /// What the server says.
    pub server: Server,
    /// How far its clock is before this machine's, in seconds; the trip there is taken into account.
    pub clock_ahead: f64,
    /// The last verified backup, for those who may know: the outer one is missing where this login may not.
    pub backup: Option<Option<VerifiedBackup>>,
}

/// Connects to the database at `url` and looks.
///
/// # Errors
/// What was in the way of the connection.
pub async fn look(url: &str) -> Result<Look, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let mut conn = options
        .application_name("pine-time doctor")
        .disable_statement_logging()
        .connect()
        .await?;
    // The first question also brings the server's caches to life; the second one measures.
    let sql = include_str!("doctor.sql");
    sqlx::query(sql).fetch_one(&mut conn).await?;
    let asked = Utc::now();
    let server: Server = sqlx::query_as(sql).fetch_one(&mut conn).await?;
    let halfway = asked + (Utc::now() - asked) / 2;
    let clock_ahead = (server.clock - halfway).as_seconds_f64();
    let backup = if server.is_owner && server.knows_backups {
        let row: Option<sqlx::types::Json<VerifiedBackup>> =
            sqlx::query_scalar("SELECT pine.last_verified_backup(now())")
                .fetch_optional(&mut conn)
                .await?
                .flatten();
        Some(row.map(|json| json.0))
    } else {
        None
    };
    let _ = conn.close().await;
    Ok(Look {
        server,
        clock_ahead,
        backup,
    })
}
