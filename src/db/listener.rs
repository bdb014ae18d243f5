//! Hints from other doors: a connection of its own that listens, and is made again, with growing pauses and without a
//! word, whenever it is lost. A hint says at which event something happened and nothing else; whoever hears it asks.
//! Everything works without: screens ask every so often besides. Through a pooler that lends connections
//! for a transaction nothing is heard; `database.listen_url` goes around it.

use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgListener, PgPool, PgPoolOptions};
use tokio::time::{sleep, timeout};

use crate::domain::event::EventId;

use super::desk::jittered;
use super::pool::Db;

/// What `pine.send_hint` notifies.
const CHANNEL: &str = "pine_door";
/// Hints are passed on at most so often; those that come between wait, each event once. Any login of the database may
/// notify, as often as it likes.
const GAP: Duration = Duration::from_millis(400);
/// So many events wait at most; for more than that, asking every so often has to do.
const MOST: usize = 32;
/// After so long without a word the link is tried: one that died silently would never be heard of.
const QUIET: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long saying goodbye to the server may take.
const CLOSING: Duration = Duration::from_millis(500);

impl Db {
    /// Tells of every event about which a hint comes, until `stop` is over. Opens one connection besides the pool's
    /// and closes it at the end.
    pub async fn listen(&self, mut told: impl FnMut(EventId) + Send, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        let mut pause = FIRST_PAUSE;
        loop {
            // A pool of one: it is the only way to a listening connection, and a new one holds nothing of a lost one.
            let pool = PgPoolOptions::new()
                .max_connections(1)
                .test_before_acquire(false)
                .idle_timeout(None)
                .max_lifetime(None)
                .acquire_timeout(self.call_timeout())
                .connect_lazy_with(self.listen_options().clone());
            let began = Instant::now();
            let stopped = tokio::select! {
                why = self.hear(&pool, &mut told) => {
                    tracing::debug!(%why, "hints are not heard for now");
                    false
                }
                () = &mut stop => true,
            };
            let _ = timeout(CLOSING, pool.close()).await;
            if stopped {
                return;
            }
            if began.elapsed() > QUIET {
                pause = FIRST_PAUSE;
            }
            tokio::select! {
                () = sleep(jittered(pause)) => {}
                () = &mut stop => return,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Listens until the connection is lost; answers why.
    async fn hear(&self, pool: &PgPool, told: &mut (impl FnMut(EventId) + Send)) -> String {
        let limit = self.call_timeout();
        let mut listener = match timeout(limit, listening(pool)).await {
            Ok(Ok(listener)) => listener,
            Ok(Err(error)) => return error.to_string(),
            Err(_) => return "no connection in time".to_owned(),
        };
        let mut waiting: Vec<EventId> = Vec::new();
        let mut next = Instant::now();
        loop {
            // Looked at first: whoever notifies without end must not keep the others' hints waiting.
            if !waiting.is_empty() && Instant::now() >= next {
                waiting.drain(..).for_each(&mut *told);
                next = Instant::now() + GAP;
            }
            let wait = if waiting.is_empty() {
                QUIET
            } else {
                next.saturating_duration_since(Instant::now())
            };
            match timeout(wait, listener.try_recv()).await {
                Ok(Ok(Some(hint))) => {
                    // Anybody may say anything on this channel.
                    let Ok(event) = hint.payload().parse().map(EventId) else {
                        continue;
                    };
                    if waiting.is_empty() && Instant::now() >= next {
                        told(event);
                        next = Instant::now() + GAP;
                    } else if !waiting.contains(&event) && waiting.len() < MOST {
                        waiting.push(event);
                    }
                }
                Ok(Ok(None)) => return "the connection was lost".to_owned(),
                Ok(Err(error)) => return error.to_string(),
                Err(_) if waiting.is_empty() => {
                    let question = sqlx::query("SELECT api.version()").execute(&mut listener);
                    match timeout(limit, question).await {
                        Ok(Ok(_)) => {}
                        Ok(Err(error)) => return error.to_string(),
                        Err(_) => return "the link is silent".to_owned(),
                    }
                }
                Err(_) => {}
            }
        }
    }
}

async fn listening(pool: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    // When to connect again is decided here.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}
