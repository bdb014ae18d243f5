//! Connections: a small pool with the meaning of the seed's numbers. At most `size + overflow` are open; what
//! exceeds `size` is closed when it is returned; waiters give up after `timeout`; none grows older than `recycle`.
//!
//! sqlx has a pool of its own. It is not used because it sends a ping after every use (a check-in would be two
//! flushes), hides a refused connection behind its own retries, and knows no overflow.

use std::collections::VecDeque;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection};
use sqlx::query::QueryScalar;
use sqlx::types::Json;
use sqlx::{ConnectOptions, Connection, Executor, Postgres};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use uuid::Uuid;

use super::error::DbError;
use super::pooler;
use super::schema;
use super::standby::Standby;

/// A query for one JSON document: the shape of every call.
pub(super) type Call<T> = QueryScalar<'static, Postgres, Json<T>, PgArguments>;

/// Where the database is and how many connections it may be asked for.
#[derive(Clone)]
pub struct Settings {
    /// `postgres://login@host/database`.
    pub url: String,
    /// The same database without the pooler that stands before it, for hearing hints.
    pub listen_url: Option<String>,
    /// A standby that follows the database, for leaderboards and insights.
    pub read_url: Option<String>,
    /// How this terminal is called in the logs.
    pub device: String,
    /// From which address this terminal says that it is used; the audit log keeps it as said, not as known.
    pub client_told: Option<IpAddr>,
    /// Connections kept open.
    pub pool_size: u32,
    /// Connections beyond that, closed when returned.
    pub max_overflow: u32,
    /// How long a call waits for a free connection.
    pub pool_timeout: Duration,
    /// How old a connection may grow.
    pub pool_recycle: Duration,
    /// How long a connection is kept that nobody needs beside the one in use: an idle terminal holds one of these.
    pub spare_after: Duration,
    /// How long one call may take before its connection is discarded.
    pub call_timeout: Duration,
}

impl Settings {
    /// The seed's numbers: size 5, overflow 10, timeout 30 s, recycle 1800 s.
    pub fn new(url: impl Into<String>, device: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            listen_url: None,
            read_url: None,
            device: device.into(),
            client_told: None,
            pool_size: 5,
            max_overflow: 10,
            pool_timeout: Duration::from_secs(30),
            pool_recycle: Duration::from_secs(1800),
            spare_after: Duration::from_secs(60),
            call_timeout: Duration::from_secs(10),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may hold a password.
        f.debug_struct("Settings")
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}

/// The database, as far as this program may use it. Cheap to clone; clones share the connections.
#[derive(Clone)]
pub struct Db {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    options: PgConnectOptions,
    listen: PgConnectOptions,
    standby: Option<Standby>,
    terminal: Uuid,
    /// Whether it was seen that connections are kept apart, see [`pooler`].
    apart: OnceCell<()>,
    permits: Arc<Semaphore>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Idle connections, the one returned last at the back.
    idle: VecDeque<Open>,
    /// All open ones, idle or leased.
    open: u32,
    /// How often all were closed: those from before are closed when they come back.
    closings: u32,
}

struct Open {
    conn: PgConnection,
    born: Instant,
    /// When it was last returned.
    used: Instant,
    /// How often all had been closed when it was opened.
    closings: u32,
}

/// A connection on loan. Dropping it discards the connection; only [`Lease::give_back`] keeps it, so that a call
/// that was cut short can never leave its answer to the next one.
struct Lease {
    shared: Arc<Shared>,
    open: Option<Open>,
    _permit: OwnedSemaphorePermit,
}

impl Db {
    /// Reads the settings. Opens nothing: the first call does.
    pub fn new(settings: Settings) -> Result<Self, DbError> {
        let options = options(&settings.url, &settings.device)?;
        let listen = match &settings.listen_url {
            Some(url) => self::options(url, &settings.device)?,
            None => options.clone(),
        };
        let standby = Standby::of(&settings)?;
        let most = settings.pool_size.max(1) + settings.max_overflow;
        Ok(Self {
            shared: Arc::new(Shared {
                settings,
                options,
                listen,
                standby,
                terminal: Uuid::new_v4(),
                apart: OnceCell::new(),
                permits: Arc::new(Semaphore::new(most as usize)),
                state: Mutex::default(),
            }),
        })
    }

    /// How this terminal is called in the logs.
    pub fn device(&self) -> &str {
        &self.shared.settings.device
    }

    /// From which address this terminal says that it is used.
    pub(super) fn client_told(&self) -> Option<String> {
        self.shared
            .settings
            .client_told
            .map(|address| address.to_string())
    }

    /// Names this process to the database, for as long as it lives.
    pub(super) fn terminal(&self) -> Uuid {
        self.shared.terminal
    }

    /// How the database is reached by who wants to hear hints.
    pub(super) fn listen_options(&self) -> &PgConnectOptions {
        &self.shared.listen
    }

    /// The standby to read from, where there is one.
    pub(super) fn standby(&self) -> Option<&Standby> {
        self.shared.standby.as_ref()
    }

    /// How long one call may take.
    pub(super) fn call_timeout(&self) -> Duration {
        self.shared.settings.call_timeout
    }

    /// How many connections are open now.
    pub fn open_connections(&self) -> u32 {
        self.shared.state().open
    }

    /// Closes the idle connections, politely; those in use are closed when they come back.
    pub async fn close(&self) {
        let idle = {
            let mut state = self.shared.state();
            state.closings = state.closings.wrapping_add(1);
            std::mem::take(&mut state.idle)
        };
        for open in idle {
            self.shared.state().open -= 1;
            let _ = timeout(Duration::from_millis(500), open.conn.close()).await;
        }
        if let Some(standby) = self.standby() {
            Box::pin(standby.db().close()).await;
        }
    }

    /// Sends one call and decodes its answer. The connection is kept only when it is known to be idle again.
    pub(super) async fn call<T>(&self, call: Call<T>) -> Result<T, DbError>
    where
        T: DeserializeOwned + Send + Unpin + 'static,
    {
        self.call_within(self.call_timeout(), call).await
    }

    /// As [`Db::call`], with a limit of its own.
    pub(super) async fn call_within<T>(&self, limit: Duration, call: Call<T>) -> Result<T, DbError>
    where
        T: DeserializeOwned + Send + Unpin + 'static,
    {
        let mut lease = self.lease().await?;
        let Some(open) = lease.open.as_mut() else {
            return Err(DbError::busy());
        };
        match timeout(limit, call.fetch_one(&mut open.conn)).await {
            Ok(Ok(Json(answer))) => {
                lease.give_back();
                Ok(answer)
            }
            Ok(Err(error)) => {
                let keeps = matches!(&error, sqlx::Error::Database(_));
                let error = DbError::from(error);
                // A refusal leaves the connection as good as it was; anything passing may be the connection's fault.
                if keeps && !error.transient {
                    lease.give_back();
                }
                Err(error)
            }
            Err(_) => Err(DbError::slow(limit)),
        }
    }

    async fn lease(&self) -> Result<Lease, DbError> {
        let wait = self.shared.settings.pool_timeout;
        let Ok(Ok(permit)) = timeout(wait, Arc::clone(&self.shared.permits).acquire_owned()).await else {
            return Err(DbError::busy());
        };
        let mut lease = Lease {
            shared: Arc::clone(&self.shared),
            open: None,
            _permit: permit,
        };
        while let Some(idle) = self.shared.take_idle() {
            if idle.born.elapsed() < self.shared.settings.pool_recycle {
                lease.open = Some(idle);
                return Ok(lease);
            }
            self.shared.state().open -= 1;
            tokio::spawn(idle.conn.close());
        }
        let closings = self.shared.state().closings;
        // Boxed: it is long and rare, and every call would carry its size around.
        let conn = Box::pin(self.connect()).await?;
        self.shared.state().open += 1;
        lease.open = Some(Open {
            conn,
            born: Instant::now(),
            used: Instant::now(),
            closings,
        });
        Ok(lease)
    }

    async fn connect(&self) -> Result<PgConnection, DbError> {
        // Whoever waits for somebody else's first connection waits for what that may take.
        let most = 2 * self.connect_limit() + pooler::PATIENCE;
        let first = timeout(most, self.first());
        let mut conn = match first.await.map_err(|_| DbError::slow(most))?? {
            Some(conn) => conn,
            None => self.in_time(self.open()).await?,
        };
        // The door's call is prepared before the first person stands there.
        let prepare = async { Ok(conn.prepare(sqlx::SqlStr::from_static(schema::CHECK_IN)).await?) };
        self.in_time(prepare).await?;
        Ok(conn)
    }

    async fn open(&self) -> Result<PgConnection, DbError> {
        let mut conn = self.shared.options.connect().await?;
        check_version(&mut conn).await?;
        Ok(conn)
    }

    /// The very first connection, after it was compared with another one; whoever comes meanwhile waits for that.
    async fn first(&self) -> Result<Option<PgConnection>, DbError> {
        let mut first = None;
        let slot = &mut first;
        let compare = async move || {
            let mut one = self.in_time(self.open()).await?;
            let second = async { Ok(self.shared.options.connect().await?) };
            match self.in_time(second).await {
                Ok(mut two) => {
                    pooler::keeps_apart(&mut one, &mut two).await?;
                    tokio::spawn(two.close());
                }
                Err(error) => {
                    tracing::debug!(fault = %error.fault, "there is no second connection to compare with");
                }
            }
            *slot = Some(one);
            Ok::<_, DbError>(())
        };
        self.shared.apart.get_or_try_init(compare).await?;
        Ok(first)
    }

    /// How long a step of making a connection may take.
    fn connect_limit(&self) -> Duration {
        let settings = &self.shared.settings;
        settings.pool_timeout.min(settings.call_timeout)
    }

    async fn in_time<T>(&self, step: impl Future<Output = Result<T, DbError>>) -> Result<T, DbError> {
        let limit = self.connect_limit();
        timeout(limit, step).await.map_err(|_| DbError::slow(limit))?
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while the lock is held; were it so, the counts are still whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_idle(&self) -> Option<Open> {
        self.state().idle.pop_back()
    }
}

impl Lease {
    fn give_back(mut self) {
        let Some(mut open) = self.open.take() else {
            return;
        };
        let mut state = self.shared.state();
        let too_old =
            open.born.elapsed() >= self.shared.settings.pool_recycle || open.closings != state.closings;
        if state.open > self.shared.settings.pool_size.max(1) || too_old {
            state.open -= 1;
            drop(state);
            tokio::spawn(open.conn.close());
        } else {
            open.used = Instant::now();
            // The one that is needed again and again is always the last; those before it wait for a rush.
            let spare_after = self.shared.settings.spare_after;
            let is_spare = |first: &Open| first.used.elapsed() >= spare_after;
            let spare = if state.idle.front().is_some_and(is_spare) {
                state.idle.pop_front()
            } else {
                None
            };
            state.open -= u32::from(spare.is_some());
            state.idle.push_back(open);
            drop(state);
            if let Some(spare) = spare {
                tokio::spawn(spare.conn.close());
            }
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.open.take().is_some() {
            self.shared.state().open -= 1;
        }
    }
}

/// How a database is reached. A pooler knows no `extra_float_digits`, and nothing of ours needs it.
fn options(url: &str, device: &str) -> Result<PgConnectOptions, DbError> {
    Ok(PgConnectOptions::from_str(url)?
        .application_name(&application_name(device))
        .extra_float_digits(None)
        .disable_statement_logging())
}

fn application_name(device: &str) -> String {
    // PostgreSQL keeps 63 bytes of it, printable ASCII only.
    let name: String = device
        .chars()
        .filter(|c| c.is_ascii_graphic() || *c == ' ')
        .take(50)
        .collect();
    format!("pine-time {name}")
}

#[derive(Deserialize)]
struct Version {
    schema: Option<i64>,
    api: Option<String>,
}

/// Program and database must be of one version: says which side to upgrade.
async fn check_version(conn: &mut PgConnection) -> Result<(), DbError> {
    let found: Json<Version> = sqlx::query_scalar("SELECT api.version()")
        .persistent(false)
        .fetch_one(conn)
        .await
        .map_err(|error| {
            let error = DbError::from(error);
            // A connection that has just been made found no api: trying again would find none either.
            DbError {
                transient: error.transient && error.fault.is_link(),
                ..error
            }
        })?;
    let found = found.0;
    match found.schema.unwrap_or_default().cmp(&schema::version()) {
        std::cmp::Ordering::Greater => Err(DbError::version(
            "The database is newer than this program. Upgrade Pine Time on this machine.",
        )),
        std::cmp::Ordering::Less => Err(DbError::version(
            "The database is older than this program. Run `pine-time db migrate` with the owner's login.",
        )),
        std::cmp::Ordering::Equal if found.api.as_deref() != Some(schema::api_hash()) => {
            Err(DbError::version(
                "The database's functions were built by another version. Run `pine-time db migrate` with the owner's login.",
            ))
        }
        std::cmp::Ordering::Equal => Ok(()),
    }
}
