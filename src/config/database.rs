//! The settings of `[database]`.

use std::time::Duration;

use super::DatabaseUrl;

/// `[database]`: which database, and the pool of connections to it (sizes and times are those of the seed).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// Where the database is; `None` means the private PostgreSQL.
    pub url: Option<DatabaseUrl>,
    /// The same database without the pooler before it, where hints are heard; `None` means `url`.
    pub listen_url: Option<DatabaseUrl>,
    /// A standby that leaderboards and insights are read from; `None` means `url`.
    pub read_url: Option<DatabaseUrl>,
    /// Connections kept open.
    pub pool_size: u32,
    /// Connections opened beyond `pool_size` when all are busy, closed when they come back.
    pub max_overflow: u32,
    /// Seconds to wait for a free connection.
    pub pool_timeout_seconds: u32,
    /// Seconds after which a connection is replaced by a new one.
    pub pool_recycle_seconds: u32,
    /// Seconds one call may take before its connection is given up.
    pub call_timeout_seconds: u32,
    /// Whether a server on the network may go unverified.
    pub unverified_tls: bool,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: None,
            listen_url: None,
            read_url: None,
            pool_size: 5,
            max_overflow: 10,
            pool_timeout_seconds: 30,
            pool_recycle_seconds: 1800,
            call_timeout_seconds: 10,
            unverified_tls: false,
        }
    }
}

impl Database {
    /// Every address that is set, with its key's name.
    pub(super) fn urls(&mut self) -> impl Iterator<Item = (&'static str, &mut DatabaseUrl)> {
        [
            ("url", &mut self.url),
            ("listen_url", &mut self.listen_url),
            ("read_url", &mut self.read_url),
        ]
        .into_iter()
        .filter_map(|(name, url)| Some((name, url.as_mut()?)))
    }

    /// How long to wait for a free connection.
    pub fn pool_timeout(&self) -> Duration {
        Duration::from_secs(self.pool_timeout_seconds.into())
    }

    /// How old a connection may grow.
    pub fn pool_recycle(&self) -> Duration {
        Duration::from_secs(self.pool_recycle_seconds.into())
    }

    /// How long one call may take.
    pub fn call_timeout(&self) -> Duration {
        Duration::from_secs(self.call_timeout_seconds.into())
    }
}
