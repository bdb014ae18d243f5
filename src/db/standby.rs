//! A standby that follows the database, for what may be a moment old: leaderboards and insights. How far it is behind is
//! told with every answer. Whatever it cannot answer, a session it has not heard of included, is asked at the database
//! itself, and a standby in trouble is left alone for a while.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;
use sqlx::query_scalar;

use crate::domain::game::GameCall;
use crate::domain::{Answer, Call, Fault, Timestamp};

use super::desk::carry_out;
use super::error::DbError;
use super::pool::{Db, Settings};
use super::sign_in::Token;

/// How long a call to the standby may take, and how long it waits for a connection there.
const LIMIT: Duration = Duration::from_secs(3);
/// How long a standby in trouble is left alone.
const REST: Duration = Duration::from_secs(30);

/// The way to a standby.
pub(super) struct Standby {
    db: Db,
    rests_until: Mutex<Option<Instant>>,
}

/// How far a server is.
#[derive(Debug, Deserialize)]
struct Position {
    /// The place in the log up to which its data are there.
    at: i64,
    /// When the last change that it has from elsewhere was made; none at a server that follows nobody.
    changed: Option<Timestamp>,
    /// Its time.
    clock: Timestamp,
}

impl Standby {
    /// The standby that the settings name.
    pub(super) fn of(settings: &Settings) -> Result<Option<Self>, DbError> {
        let Some(url) = &settings.read_url else {
            return Ok(None);
        };
        let db = Db::new(Settings {
            url: url.clone(),
            read_url: None,
            listen_url: None,
            call_timeout: settings.call_timeout.min(LIMIT),
            pool_timeout: settings.pool_timeout.min(LIMIT),
            ..settings.clone()
        })?;
        Ok(Some(Self {
            db,
            rests_until: Mutex::default(),
        }))
    }

    pub(super) fn db(&self) -> &Db {
        &self.db
    }

    /// Whether a call may be answered from data that are a moment old.
    pub(super) fn takes(call: &Call) -> bool {
        matches!(
            call,
            Call::Insight(_)
                | Call::Game(GameCall::Board { .. } | GameCall::Find { .. } | GameCall::TypeBoards)
        )
    }

    /// The answer from here, else from the database that this follows.
    pub(super) async fn answer(&self, primary: &Db, token: &Token, call: &Call) -> Result<Answer, DbError> {
        if self.is_resting() {
            return carry_out(primary, token, call).await;
        }
        let here = async {
            // Asked before: what is read afterwards is at least as new.
            let position = self.db.position().await?;
            let answer = carry_out(&self.db, token, call).await?;
            Ok::<_, DbError>((position, answer))
        };
        let (here, newest) = tokio::join!(here, primary.position());
        match here {
            Ok((position, answer)) => Ok(Answer::FromStandby {
                answer: Box::new(answer),
                behind: position.behind(newest.ok().as_ref()),
            }),
            Err(error) => {
                if error.fault != Fault::NotSignedIn {
                    tracing::info!(fault = %error.fault, "asked at the database, because the standby did not answer");
                }
                if error.fault.is_link() || matches!(error.fault, Fault::Version(_) | Fault::Login) {
                    *self.rests() = Some(Instant::now() + REST);
                }
                carry_out(primary, token, call).await
            }
        }
    }

    fn is_resting(&self) -> bool {
        self.rests().is_some_and(|until| Instant::now() < until)
    }

    fn rests(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.rests_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Position {
    /// How old the data here are, beside those of the server that it follows; that one may not be known.
    fn behind(&self, newest: Option<&Self>) -> Duration {
        match self.changed {
            Some(changed) if newest.is_none_or(|newest| newest.at > self.at) => {
                (self.clock - changed).to_std().unwrap_or_default()
            }
            _ => Duration::ZERO,
        }
    }
}

impl Db {
    /// How far the server is with its log.
    async fn position(&self) -> Result<Position, DbError> {
        self.call(query_scalar("SELECT api.position()")).await
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn position(at: i64, changed: Option<i64>) -> Position {
        let time = |seconds| Timestamp::from_timestamp(seconds, 0).unwrap();
        Position {
            at,
            changed: changed.map(time),
            clock: time(1000),
        }
    }

    #[test]
    fn an_idle_database_makes_nobody_old() {
        let primary = position(50, None);
        let behind = |at, newest: Option<&Position>| position(at, Some(400)).behind(newest).as_secs();
        assert_eq!(behind(50, Some(&primary)), 0, "nothing has happened since");
        assert_eq!(behind(49, Some(&primary)), 600, "something has");
        assert_eq!(behind(50, None), 600, "nobody knows");
        assert_eq!(primary.behind(None).as_secs(), 0, "it is no copy");
    }
}
