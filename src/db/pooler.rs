//! Poolers between this program and the server. One that gives a client a server connection for a whole session is as
//! good as none. One that lends it for a transaction only has to keep every client's prepared statements apart, as
//! PgBouncer does from 1.21 on with `max_prepared_statements`; one that does not answers one client with the statement
//! of another, so it is found out before the first call, and refused.

use std::time::Duration;

use sqlx::Connection;
use sqlx::postgres::PgConnection;
use tokio::time::timeout;

use crate::domain::Fault;

use super::error::{DbError, MIXES_STATEMENTS};

/// What two connections prepare; each is its connection's first statement, and both get the same name.
const ONE: &str = "SELECT 'one'::text";
const TWO: &str = "SELECT 'two'::text";
/// How often in turn: a pooler that goes round its connections mixes them up by then.
const ROUNDS: usize = 3;
/// With fewer connections than two the questions wait for one another; where that is so nothing is mixed up.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// Asks different things over two connections that were just made, side by side and in turn.
///
/// # Errors
/// The answers, or the statements, are mixed up; or a connection is lost.
pub(super) async fn keeps_apart(one: &mut PgConnection, two: &mut PgConnection) -> Result<(), DbError> {
    match timeout(PATIENCE, side_by_side(one, two)).await {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(DbError::version(MIXES_STATEMENTS)),
        // Mixed up is told at once: a new connection is no better than these.
        Ok(Err(error)) => Err(match DbError::from(error) {
            DbError {
                fault: fault @ Fault::Version(_),
                ..
            } => DbError {
                fault,
                transient: false,
            },
            error => error,
        }),
        Err(_) => {
            tracing::debug!("two connections could not be compared: one waits for the other");
            Ok(())
        }
    }
}

async fn side_by_side(one: &mut PgConnection, two: &mut PgConnection) -> Result<bool, sqlx::Error> {
    for _ in 0..ROUNDS {
        if !(answers(one, ONE, "one").await? && answers(two, TWO, "two").await?) {
            return Ok(false);
        }
    }
    // Whoever is in a transaction keeps the connection it has: the other is lent another one.
    let mut held = two.begin().await?;
    let apart = answers(&mut held, TWO, "two").await? && answers(one, ONE, "one").await?;
    held.rollback().await?;
    Ok(apart)
}

async fn answers(conn: &mut PgConnection, sql: &'static str, expected: &str) -> Result<bool, sqlx::Error> {
    let answer: String = sqlx::query_scalar(sql).fetch_one(&mut *conn).await?;
    Ok(answer == expected)
}
