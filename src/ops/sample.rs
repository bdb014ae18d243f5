//! The sample community: fills an empty, migrated database with one. What it holds stands in `sample.sql`.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection, Executor};
use thiserror::Error;

use crate::db;
use crate::domain::Secret;

/// The names that can sign in to the sample community, and what each is.
pub const SIGN_IN_NAMES: [(&str, &str); 3] = [
    ("admin", "administrator"),
    ("staff", "staff, runs the door"),
    ("ana", "a member"),
];

/// The password of all three.
pub const PASSWORD: &str = "pinetime";

const SAMPLE: &str = include_str!("sample.sql");

/// Why there is no sample community.
#[derive(Debug, Error)]
pub enum SampleError {
    /// The database cannot be used.
    #[error("The sample community could not be made: the database refused. The log file has the details.")]
    Database(#[from] sqlx::Error),
    /// Somebody's real members are in it.
    #[error(
        "This database keeps a community already, and the sample would mix with it. \
         Try the demo on a PostgreSQL of its own: PINE_TIME_CLUSTER_DATA_DIR=/some/empty/folder pine-time demo"
    )]
    Occupied,
    /// The password could not be prepared.
    #[error(transparent)]
    Password(#[from] db::NoMachine),
}

/// What is in a database as far as the demo is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nobody yet.
    Empty,
    /// The sample community; `stale` when its evening has been over for hours.
    Sample {
        /// Whether its evening has been over for hours.
        stale: bool,
    },
    /// A real one.
    Real,
}

/// Fills the database at `url` (an owner's) unless it has the sample already. Answers what was found before.
pub async fn fill(url: &str) -> Result<Found, SampleError> {
    let options: PgConnectOptions = url.parse()?;
    let mut conn = options.disable_statement_logging().connect().await?;
    conn.execute("SET ROLE pine_owner").await?;
    let mut tx = conn.begin().await?;
    // Two demos started at once: the second waits, and finds the first's work.
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('pine-time sample', 0))")
        .await?;
    let found = look(&mut tx).await?;
    match found {
        Found::Real => return Err(SampleError::Occupied),
        Found::Sample { .. } => {}
        Found::Empty => {
            let password = db::hash_password(&Secret::new(PASSWORD.to_owned()))?;
            sqlx::query("SELECT set_config('pine.sample_password', $1, true)")
                .bind(password)
                .execute(&mut *tx)
                .await?;
            tx.execute(SAMPLE).await?;
        }
    }
    tx.commit().await?;
    let _ = conn.close().await;
    Ok(found)
}

/// What is in the database at `url` (an owner's).
pub async fn found(url: &str) -> Result<Found, SampleError> {
    let options: PgConnectOptions = url.parse()?;
    let mut conn = options.disable_statement_logging().connect().await?;
    let found = match look(&mut conn).await {
        // undefined_table: nothing has been migrated yet.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42P01") => Found::Empty,
        found => found?,
    };
    let _ = conn.close().await;
    Ok(found)
}

/// Drops the private PostgreSQL's database and makes it again, empty. `owner` is the owner's URL of it, `admin` the
/// superuser's of another one.
///
/// # Errors
/// Also [`SampleError::Occupied`]: a real community is never dropped.
pub async fn clear(owner: &str, admin: &str) -> Result<(), SampleError> {
    clear_if(owner, admin, |_| true).await
}

/// [`clear`], when what is found wants it; asked again when no other demo can be doing the same.
///
/// # Errors
/// As [`clear`].
pub async fn clear_if(owner: &str, admin: &str, wanted: impl Fn(Found) -> bool) -> Result<(), SampleError> {
    let options: PgConnectOptions = admin.parse()?;
    let mut conn = options.disable_statement_logging().connect().await?;
    conn.execute("SELECT pg_advisory_lock(hashtextextended('pine-time sample', 0))")
        .await?;
    let found = found(owner).await?;
    if found == Found::Real {
        return Err(SampleError::Occupied);
    }
    if !wanted(found) {
        return Ok(());
    }
    conn.execute(include_str!("drop_database.sql")).await?;
    conn.execute(include_str!("../cluster/create_database.sql"))
        .await?;
    let _ = conn.close().await;
    Ok(())
}

async fn look(conn: &mut PgConnection) -> Result<Found, sqlx::Error> {
    let (members, is_demo, stale): (bool, bool, bool) = sqlx::query_as(
        "SELECT EXISTS (SELECT FROM users),
                s.is_demo,
                NOT EXISTS (
                    SELECT FROM events AS e
                    WHERE e.start_time <= pine.clock() AND pine.clock() < e.end_time + interval '6 hours'
                )
         FROM settings AS s",
    )
    .fetch_one(conn)
    .await?;
    Ok(match (members, is_demo) {
        (_, true) => Found::Sample { stale },
        (false, false) => Found::Empty,
        (true, false) => Found::Real,
    })
}
