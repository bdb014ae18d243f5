//! Looking at a server from one plain connection: who we are there, how safe the link is, how full it is. What it all
//! means is the business of who asks.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{ConnectOptions, Connection};
use tokio::time::timeout;

use crate::domain::backup::VerifiedBackup;

/// Where a look at the hints is notified.
const CHANNEL: &str = "pine_doctor";
/// How long a hint may take.
const HEARING: Duration = Duration::from_secs(2);

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
    /// The place in the log up to which its data are there.
    pub log_at: i64,
    /// When the last change was made that it has from the server it follows.
    pub changed: Option<DateTime<Utc>>,
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

impl Server {
    /// How old the data are beside the server's that it follows; none when nothing is missing.
    pub fn behind(&self, primary: &Self) -> Option<Duration> {
        let changed = self.changed.filter(|_| self.log_at < primary.log_at)?;
        (self.clock - changed).to_std().ok()
    }
}

fn options(url: &str) -> Result<PgConnectOptions, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    // A pooler may stand before the server, and knows no such setting.
    Ok(options
        .extra_float_digits(None)
        .application_name("pine-time doctor")
        .disable_statement_logging())
}

/// Whether what is notified over one address is heard over another.
///
/// # Errors
/// What was in the way of a connection.
pub async fn hears(listen: &str, notify: &str) -> Result<bool, sqlx::Error> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect_lazy_with(options(listen)?);
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    let mut conn = options(notify)?.connect().await?;
    // Somebody else's look is told apart by what it says.
    let word = uuid::Uuid::new_v4().to_string();
    sqlx::query("SELECT pg_catalog.pg_notify($1, $2)")
        .persistent(false)
        .bind(CHANNEL)
        .bind(&word)
        .execute(&mut conn)
        .await?;
    let _ = conn.close().await;
    let heard = timeout(HEARING, async {
        loop {
            match listener.try_recv().await? {
                Some(hint) if hint.payload() == word => return Ok::<_, sqlx::Error>(true),
                Some(_) => {}
                None => return Ok(false),
            }
        }
    });
    let heard = heard.await.unwrap_or(Ok(false));
    drop(listener);
    let _ = timeout(HEARING, pool.close()).await;
    heard
}

/// Connects to the database at `url` and looks.
///
/// # Errors
/// What was in the way of the connection.
pub async fn look(url: &str) -> Result<Look, sqlx::Error> {
    let mut conn = options(url)?.connect().await?;
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
