//! Bringing a backup back: into a new database that is compared and brought to this version first, and only then swapped
//! with what is there, both renames in one transaction. What was there stays under another name.

use std::path::PathBuf;
use std::time::Duration;

use chrono::Utc;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::super::{migrate, owner};
use super::address::database_of;
use super::error::BackupError;
use super::scratch::Workshop;
use super::store::{Kept, Store};
use super::verify::{compare, programs_for};
use super::{Manifest, Progress, Target};

/// How often the swap is tried: each try waits some seconds for clients to be gone.
const TRIES: u32 = 4;
/// How often clients are sent away while it waits.
const SEND_AWAY: Duration = Duration::from_millis(50);
/// PostgreSQL's longest name.
const LONGEST_NAME: usize = 63;

/// Where a backup is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// In the place of the community's database; whoever asks has typed its name, or has not.
    Replace {
        /// What was typed.
        typed: Option<String>,
    },
    /// Into a database of this name, which is new.
    Into(String),
}

/// What is in the place of the community's database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupied {
    /// Its name.
    pub database: String,
    /// Whether there is one.
    pub exists: bool,
    /// How many members it has; 0 as well for one that was never set up.
    pub members: i64,
}

/// A backup that was brought back.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Restored {
    /// Which.
    pub name: String,
    /// The database that has it now.
    pub database: String,
    /// The name that what was there has now; none if there was nothing worth keeping.
    pub before: Option<String>,
    /// How many rows.
    pub rows: i64,
}

/// Looks at what would be replaced.
///
/// # Errors
/// The server cannot be used.
pub async fn occupied(target: &Target) -> Result<Occupied, BackupError> {
    let failed = |error: sqlx::Error| BackupError::database(&target.place, &error);
    let database = database_of(&target.url).unwrap_or_default();
    let absent = Occupied {
        database: database.clone(),
        exists: false,
        members: 0,
    };
    let options: PgConnectOptions = target.url.parse().map_err(failed)?;
    let mut conn = match options.disable_statement_logging().connect().await {
        // invalid_catalog_name: there is none.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("3D000") => return Ok(absent),
        conn => conn.map_err(failed)?,
    };
    let set_up: bool = sqlx::query_scalar("SELECT to_regclass('public.users') IS NOT NULL")
        .fetch_one(&mut conn)
        .await
        .map_err(failed)?;
    let _ = conn.close().await;
    let members = if set_up {
        let mut conn = owner::connect(&target.url).await.map_err(failed)?;
        let members = sqlx::query_scalar("SELECT count(*) FROM public.users")
            .fetch_one(&mut conn)
            .await
            .map_err(failed)?;
        let _ = conn.close().await;
        members
    } else {
        0
    };
    Ok(Occupied {
        database,
        exists: true,
        members,
    })
}

/// Brings the backup of this name back, or the newest.
///
/// # Errors
/// One sentence; the community's database is as it was.
pub async fn restore(
    store: &Store,
    name: Option<&str>,
    target: &Target,
    way: &Way,
    folders: Vec<PathBuf>,
    tell: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Restored, BackupError> {
    let kept = store.find(name)?;
    let manifest = kept.manifest()?.clone();
    let place = occupied(target).await?;
    if let Way::Replace { typed } = way
        && place.members > 0
        && typed.as_deref() != Some(&place.database)
    {
        return Err(BackupError::NotTyped {
            database: place.database,
            members: place.members,
        });
    }
    tell(Progress::Step(format!("Reading {}", kept.name)));
    kept.check(|bytes| tell(Progress::Bytes(bytes)))?;
    let mut workshop = Workshop::open(target).await?;
    if let Way::Into(database) = way
        && exists(&mut workshop, database).await?
    {
        return Err(BackupError::Taken(database.clone()));
    }
    let programs = programs_for(&mut workshop, folders).await?;
    tell(Progress::Step("Restoring it into a new database".to_owned()));
    let scratch = workshop.fill(&programs, &manifest, &kept.dump_path()).await?;
    let done = settle(
        &mut workshop,
        &scratch,
        &kept,
        &manifest,
        target,
        way,
        &place,
        tell,
    )
    .await;
    if done.is_err() {
        // It has its name only when all went well.
        workshop.drop_database(&scratch).await?;
    }
    workshop.close().await;
    done
}

#[expect(
    clippy::too_many_arguments,
    reason = "one step of one function, kept apart for its errors"
)]
async fn settle(
    workshop: &mut Workshop,
    scratch: &str,
    kept: &Kept,
    manifest: &Manifest,
    target: &Target,
    way: &Way,
    place: &Occupied,
    tell: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Restored, BackupError> {
    let url = workshop.url(scratch);
    compare(workshop, &url, kept, tell).await?;
    tell(Progress::Step("Bringing it to this version".to_owned()));
    migrate::migrate(&url).await?;
    note(&url, kept, target)
        .await
        .map_err(|error| workshop.failed(&error))?;
    let (database, before) = match way {
        Way::Into(database) => {
            let renamed = workshop
                .run("ALTER DATABASE {} RENAME TO {}", &[scratch, database])
                .await;
            renamed.map_err(|error| workshop.failed(&error))?;
            (database.clone(), None)
        }
        Way::Replace { .. } => {
            tell(Progress::Step(format!(
                "Putting it in the place of {}",
                place.database
            )));
            let before = swap(workshop, scratch, target, place).await?;
            (place.database.clone(), before)
        }
    };
    Ok(Restored {
        name: kept.name.clone(),
        database,
        before,
        rows: manifest.facts.rows(),
    })
}

/// Says in the restored community's audit log where it came from.
async fn note(url: &str, kept: &Kept, target: &Target) -> Result<(), sqlx::Error> {
    let mut conn = owner::connect(url).await?;
    sqlx::query(
        "INSERT INTO public.audit_log (at, actor, action, subject, device) VALUES (pine.clock(), $1, 'backup_restore', $2, '')",
    )
    .bind(&target.by)
    .bind(&kept.name)
    .execute(&mut conn)
    .await?;
    conn.close().await
}

async fn exists(workshop: &mut Workshop, database: &str) -> Result<bool, BackupError> {
    let found = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(database)
        .fetch_one(workshop.connection())
        .await;
    found.map_err(|error| workshop.failed(&error))
}

/// Gives the new database the community's name, and what was there another one; answers that.
async fn swap(
    workshop: &mut Workshop,
    scratch: &str,
    target: &Target,
    place: &Occupied,
) -> Result<Option<String>, BackupError> {
    if !place.exists {
        let renamed = workshop
            .run("ALTER DATABASE {} RENAME TO {}", &[scratch, &place.database])
            .await;
        return renamed.map(|()| None).map_err(|error| workshop.failed(&error));
    }
    copy_settings(workshop, scratch, place).await?;
    let stamp = Utc::now().format("_before_%Y%m%dt%H%M%Sz").to_string();
    let mut before: String = place.database.clone();
    while before.len() + stamp.len() > LONGEST_NAME {
        before.pop();
    }
    before.push_str(&stamp);
    let mut tries = 0;
    loop {
        tries += 1;
        // The first rename keeps new clients out until both are done; those who are in are sent away meanwhile.
        let swapped = tokio::select! {
            swapped = rename_both(workshop, scratch, &place.database, &before) => swapped,
            refused = send_away(target, &place.database) => Err(refused),
        };
        match swapped {
            Ok(()) => break,
            // object_in_use: somebody would not go, or came back.
            Err(error) if code(&error).as_deref() == Some("55006") && tries < TRIES => {}
            Err(error) if matches!(code(&error).as_deref(), Some("55006" | "42501")) => {
                return Err(BackupError::InUse {
                    clients: clients(target, &place.database).await,
                    database: place.database.clone(),
                });
            }
            Err(error) => return Err(workshop.failed(&error)),
        }
    }
    if place.members == 0 {
        workshop.drop_database(&before).await?;
        return Ok(None);
    }
    Ok(Some(before))
}

async fn rename_both(
    workshop: &mut Workshop,
    scratch: &str,
    database: &str,
    before: &str,
) -> Result<(), sqlx::Error> {
    let rename = |from: &str, to: &str| {
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        sqlx::AssertSqlSafe(format!(
            "ALTER DATABASE {} RENAME TO {}",
            quoted(from),
            quoted(to)
        ))
    };
    let mut tx = workshop.connection().begin().await?;
    sqlx::raw_sql(rename(database, before)).execute(&mut *tx).await?;
    sqlx::raw_sql(rename(scratch, database)).execute(&mut *tx).await?;
    tx.commit().await
}

/// Ends the connections to a database again and again; comes back only when it may not.
async fn send_away(target: &Target, database: &str) -> sqlx::Error {
    let work = async {
        let options: PgConnectOptions = target.admin.parse()?;
        let mut conn = options.disable_statement_logging().connect().await?;
        loop {
            sqlx::query(
                "SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity AS a
                 WHERE a.datname = $1 AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()",
            )
            .bind(database)
            .execute(&mut conn)
            .await?;
            tokio::time::sleep(SEND_AWAY).await;
        }
    };
    let ended: Result<std::convert::Infallible, sqlx::Error> = work.await;
    match ended {
        Ok(never) => match never {},
        Err(error) => error,
    }
}

async fn clients(target: &Target, database: &str) -> i64 {
    let asked = async {
        let options: PgConnectOptions = target.admin.parse()?;
        let mut conn = options.disable_statement_logging().connect().await?;
        sqlx::query_scalar("SELECT count(*) FROM pg_stat_activity WHERE datname = $1")
            .bind(database)
            .fetch_one(&mut conn)
            .await
    };
    let count: Result<i64, sqlx::Error> = asked.await;
    count.unwrap_or_default()
}

/// What belongs to a database and is in no dump: its settings, its limits, who may connect.
async fn copy_settings(workshop: &mut Workshop, scratch: &str, place: &Occupied) -> Result<(), BackupError> {
    let statements = sqlx::query_scalar(include_str!("database_settings.sql"))
        .bind(&place.database)
        .bind(scratch)
        .fetch_all(workshop.connection())
        .await;
    let statements: Vec<String> = statements.map_err(|error| workshop.failed(&error))?;
    for statement in statements {
        let copied = workshop.run(&statement, &[]).await;
        copied.map_err(|error| workshop.failed(&error))?;
    }
    Ok(())
}

fn code(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}
