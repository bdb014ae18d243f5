//! Brings a database to this program's version: the versioned migrations first, then the `api` schema, which is
//! dropped and rebuilt whole whenever its files differ from those it was built from.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection, Executor};
use thiserror::Error;

use super::owner;
use crate::db::schema;

const DEPENDENTS: &str = include_str!("api_dependents.sql");

/// The migration that makes the community's tables as they were first written down.
const FIRST_TABLES: i64 = 1;

/// How often a rebuild asks for its locks before it gives up; each try waits two seconds at most.
const REBUILD_TRIES: u32 = 15;

/// Why a database could not be brought up to date. The text is for the administrator.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// No connection.
    #[error("The database cannot be reached: {}.", owner::words(.0))]
    Connect(#[source] sqlx::Error),
    /// The group roles are missing.
    #[error(
        "The roles pine_owner, pine_staff and pine_kiosk do not exist yet. Run `pine-time db roles create` first."
    )]
    NoRoles,
    /// The login is no owner.
    #[error("The login “{0}” is not a member of pine_owner. Migrate with the owner's URL.")]
    NotOwner(String),
    /// The database was migrated by a newer program.
    #[error(
        "The database has migration {0}, which this program does not know. Upgrade Pine Time on this machine."
    )]
    Newer(i64),
    /// A migration that was applied has other contents here.
    #[error(
        "Migration {0} of the database differs from this program's. They are not of the same line of versions."
    )]
    Differs(i64),
    /// A server without the extension modules.
    #[error(
        "The server lacks the extensions pg_trgm or unaccent. Install its contrib package and migrate again."
    )]
    NoExtensions,
    /// Something of the administrator's hangs on the api schema and would be dropped with it.
    #[error("These depend on the schema api, which is rebuilt whole; move or drop them first: {0}.")]
    Dependents(String),
    /// Clients kept the schema busy all the time.
    #[error("The schema api is busy; its functions could not be replaced within {0} seconds. Try again.")]
    Busy(u32),
    /// A migration failed.
    #[error("Migrating failed{}; nothing of the failed step was kept. The log file has the details.", because(.0))]
    Failed(#[source] sqlx::Error),
}

/// What an administrator can do something about.
fn because(error: &sqlx::Error) -> String {
    match code(error).as_deref() {
        // read_only_sql_transaction, disk_full.
        Some("25006" | "53100") => format!(": {}", owner::words(error)),
        _ => String::new(),
    }
}

fn code(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

/// What a migration did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    /// The database's newest migration.
    pub schema: i64,
    /// How many migrations were applied now.
    pub applied: usize,
    /// Whether the api schema was rebuilt now.
    pub api_rebuilt: bool,
}

/// Migrates the database at `url`, whose login must be a member of `pine_owner`. Running it again does nothing.
pub async fn migrate(url: &str) -> Result<Migrated, MigrateError> {
    let options: PgConnectOptions = url.parse().map_err(MigrateError::Connect)?;
    let mut conn = options
        .disable_statement_logging()
        .connect()
        .await
        .map_err(MigrateError::Connect)?;
    become_owner(&mut conn).await?;
    let applied = apply_versioned(&mut conn).await?;
    let api_rebuilt = rebuild_api(&mut conn).await?;
    let _ = conn.close().await;
    Ok(Migrated {
        schema: schema::version(),
        applied,
        api_rebuilt,
    })
}

/// Makes everything in a database that has no table of ours yet, in the transaction that the connection is in, as the role
/// that it has. Between the first tables and all that comes after, `fill` may put rows into them: what later versions keep
/// beside these, their migrations make of what they find.
pub(super) async fn make_around<E: From<MigrateError>>(
    conn: &mut PgConnection,
    fill: impl AsyncFnOnce(&mut PgConnection) -> Result<(), E>,
) -> Result<(), E> {
    let made = schema::MIGRATIONS.run_to(FIRST_TABLES, &mut *conn).await;
    made.map_err(of_step)?;
    fill(&mut *conn).await?;
    apply_versioned(conn).await?;
    rebuild_api(conn).await?;
    Ok(())
}

async fn become_owner(conn: &mut PgConnection) -> Result<(), MigrateError> {
    let (roles, login): (i64, String) = sqlx::query_as(
        "SELECT count(*), current_user::text FROM pg_roles WHERE rolname IN ('pine_owner', 'pine_staff', 'pine_kiosk')",
    )
    .fetch_one(&mut *conn)
    .await
    .map_err(MigrateError::Failed)?;
    if roles < 3 {
        return Err(MigrateError::NoRoles);
    }
    let owner: bool = sqlx::query_scalar("SELECT pg_has_role(current_user, 'pine_owner', 'MEMBER')")
        .fetch_one(&mut *conn)
        .await
        .map_err(MigrateError::Failed)?;
    if !owner {
        return Err(MigrateError::NotOwner(login));
    }
    conn.execute("SET ROLE pine_owner")
        .await
        .map_err(MigrateError::Failed)?;
    Ok(())
}

async fn apply_versioned(conn: &mut PgConnection) -> Result<usize, MigrateError> {
    let before = applied_count(conn).await;
    schema::MIGRATIONS.run(&mut *conn).await.map_err(of_step)?;
    Ok(usize::try_from(applied_count(conn).await - before).unwrap_or_default())
}

fn of_step(error: sqlx::migrate::MigrateError) -> MigrateError {
    use sqlx::migrate::MigrateError as E;
    match error {
        E::VersionMissing(version) => MigrateError::Newer(version),
        E::VersionMismatch(version) => MigrateError::Differs(version),
        E::Execute(error) | E::ExecuteMigration(error, _) => match error.as_database_error() {
            Some(db) if matches!(db.code().as_deref(), Some("58P01" | "0A000")) => MigrateError::NoExtensions,
            _ => MigrateError::Failed(error),
        },
        other => MigrateError::Failed(sqlx::Error::Migrate(Box::new(other))),
    }
}

async fn applied_count(conn: &mut PgConnection) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM public._sqlx_migrations")
        .fetch_one(&mut *conn)
        .await
        .unwrap_or_default()
}

async fn rebuild_api(conn: &mut PgConnection) -> Result<bool, MigrateError> {
    for _ in 0..REBUILD_TRIES {
        match try_rebuild_api(conn).await {
            Err(MigrateError::Failed(error)) if is_lock_timeout(&error) => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            done => return done,
        }
    }
    Err(MigrateError::Busy(REBUILD_TRIES * 2))
}

fn is_lock_timeout(error: &sqlx::Error) -> bool {
    matches!(code(error).as_deref(), Some("55P03" | "40P01"))
}

/// One try, in one transaction. Two migrates at once: the second waits, and finds nothing left to do.
async fn try_rebuild_api(conn: &mut PgConnection) -> Result<bool, MigrateError> {
    let mut tx = conn.begin().await.map_err(MigrateError::Failed)?;
    tx.execute("SET LOCAL lock_timeout = '2s'")
        .await
        .map_err(MigrateError::Failed)?;
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('pine-time api', 0))")
        .await
        .map_err(MigrateError::Failed)?;
    let built: Option<String> = sqlx::query_scalar("SELECT hash FROM pine.api_state")
        .fetch_optional(&mut *tx)
        .await
        .map_err(MigrateError::Failed)?;
    if built.as_deref() == Some(schema::api_hash()) {
        return Ok(false);
    }
    let dependents: Vec<String> = sqlx::query_scalar(DEPENDENTS)
        .fetch_all(&mut *tx)
        .await
        .map_err(MigrateError::Failed)?;
    if !dependents.is_empty() {
        return Err(MigrateError::Dependents(dependents.join(", ")));
    }
    tx.execute("DROP SCHEMA IF EXISTS api CASCADE; CREATE SCHEMA api;")
        .await
        .map_err(MigrateError::Failed)?;
    for (_, text) in schema::API_FILES {
        tx.execute(*text).await.map_err(MigrateError::Failed)?;
    }
    tx.execute("GRANT USAGE ON SCHEMA api TO pine_staff, pine_kiosk")
        .await
        .map_err(MigrateError::Failed)?;
    sqlx::query(
        "INSERT INTO pine.api_state (hash) VALUES ($1)
         ON CONFLICT (singleton) DO UPDATE SET hash = excluded.hash, built_at = now()",
    )
    .bind(schema::api_hash())
    .execute(&mut *tx)
    .await
    .map_err(MigrateError::Failed)?;
    tx.commit().await.map_err(MigrateError::Failed)?;
    Ok(true)
}
