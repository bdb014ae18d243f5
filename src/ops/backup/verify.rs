//! Proving a backup: it is restored into a scratch database, compared with what was counted when it was made, brought to
//! this program's version, and somebody signs in to it.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::super::{migrate, owner};
use super::error::BackupError;
use super::facts::Facts;
use super::programs::{self, Programs};
use super::scratch::Workshop;
use super::store::{Kept, Store};
use super::{Manifest, Progress, Target};
use crate::db::{Db, Settings, hash_password};
use crate::domain::Secret;

/// What was proved.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    /// Which backup.
    pub name: String,
    /// When.
    pub verified_at: DateTime<Utc>,
    /// How many tables and rows came out as they went in.
    pub tables: usize,
    /// How many rows.
    pub rows: i64,
    /// Whether somebody could sign in; none when nobody is in it.
    pub signed_in: Option<bool>,
    /// Whether the community's database knows of the proof, so that terminals can show it.
    pub recorded: bool,
}

/// Proves the backup of this name, or the newest.
///
/// # Errors
/// One sentence. The scratch database is gone either way.
pub async fn verify(
    store: &Store,
    name: Option<&str>,
    target: &Target,
    folders: Vec<PathBuf>,
    tell: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Verified, BackupError> {
    let mut kept = store.find(name)?;
    let manifest = kept.manifest()?.clone();
    tell(Progress::Step(format!("Reading {}", kept.name)));
    kept.check(|bytes| tell(Progress::Bytes(bytes)))?;
    let mut workshop = Workshop::open(target).await?;
    let programs = programs_for(&mut workshop, folders).await?;
    tell(Progress::Step("Restoring it into a scratch database".to_owned()));
    let scratch = workshop.fill(&programs, &manifest, &kept.dump_path()).await?;
    let proved = prove(&workshop, &scratch, &kept, tell).await;
    workshop.drop_database(&scratch).await?;
    let signed_in = proved?;
    let verified_at = Utc::now();
    kept.prove(verified_at)?;
    let recorded = record(target, &kept.name, &manifest, verified_at).await;
    if let Err(error) = &recorded {
        tracing::warn!(why = %owner::words(error), "the database does not know of a verified backup");
    }
    workshop.close().await;
    Ok(Verified {
        name: kept.name,
        verified_at,
        tables: manifest.facts.tables.len(),
        rows: manifest.facts.rows(),
        signed_in,
        recorded: recorded.is_ok(),
    })
}

/// The programs for the server of a workshop.
pub(super) async fn programs_for(
    workshop: &mut Workshop,
    folders: Vec<PathBuf>,
) -> Result<Programs, BackupError> {
    let asked = sqlx::query_as(
        "SELECT current_setting('server_version_num')::integer, split_part(current_setting('server_version'), ' ', 1)",
    )
    .fetch_one(workshop.connection())
    .await;
    let (number, server): (i32, String) = asked.map_err(|error| workshop.failed(&error))?;
    programs::find(folders, number, &server).await
}

/// Compares, migrates, signs in. The database is the caller's to drop.
async fn prove(
    workshop: &Workshop,
    scratch: &str,
    kept: &Kept,
    tell: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Option<bool>, BackupError> {
    let url = workshop.url(scratch);
    compare(workshop, &url, kept, tell).await?;
    tell(Progress::Step(
        "Bringing it to this version and signing in".to_owned(),
    ));
    migrate::migrate(&url).await?;
    let failed = |error: sqlx::Error| workshop.failed(&error);
    let mut conn = owner::connect(&url).await.map_err(failed)?;
    let member = somebody(&mut conn).await.map_err(failed)?;
    let Some(member) = member else {
        let _ = conn.close().await;
        return Ok(None);
    };
    let password = Secret::new(Uuid::new_v4().to_string());
    let no = |why: String| BackupError::SignIn {
        name: kept.name.clone(),
        member: member.clone(),
        why,
    };
    let hashed = hash_password(&password).map_err(|error| no(error.to_string()))?;
    sqlx::query("UPDATE public.users SET hashed_password = $2 WHERE username = $1")
        .bind(&member)
        .bind(hashed)
        .execute(&mut conn)
        .await
        .map_err(failed)?;
    let _ = conn.close().await;
    let db = Db::new(Settings::new(url, "backup")).map_err(|error| no(error.fault.to_string()))?;
    let signed_in = db.sign_in(&member, &password).await;
    db.close().await;
    match signed_in {
        Ok(Some(_)) => Ok(Some(true)),
        Ok(None) => Err(no(
            "the name and a password that was just set do not match".to_owned()
        )),
        Err(error) => Err(no(error.fault.to_string())),
    }
}

/// Counts what was restored and compares it with what the manifest says.
pub(super) async fn compare(
    workshop: &Workshop,
    url: &str,
    kept: &Kept,
    tell: &(dyn Fn(Progress) + Send + Sync),
) -> Result<(), BackupError> {
    tell(Progress::Step(
        "Comparing rows, sums, keys and sequences".to_owned(),
    ));
    let failed = |error: sqlx::Error| workshop.failed(&error);
    let mut conn = owner::connect(url).await.map_err(failed)?;
    let restored = Facts::of(&mut conn).await.map_err(failed)?;
    let _ = conn.close().await;
    let what = kept.manifest()?.facts.differences(&restored);
    if what.is_empty() {
        Ok(())
    } else {
        Err(BackupError::Differs {
            name: kept.name.clone(),
            what,
        })
    }
}

/// Whoever signed in last, with the tries that were counted against them forgotten in this copy.
async fn somebody(conn: &mut PgConnection) -> Result<Option<String>, sqlx::Error> {
    sqlx::query("DELETE FROM public.login_throttle")
        .execute(&mut *conn)
        .await?;
    sqlx::query_scalar(
        "SELECT username FROM public.users WHERE is_active ORDER BY last_login DESC NULLS LAST, id LIMIT 1",
    )
    .fetch_optional(conn)
    .await
}

/// Tells the community's database, where the terminals look.
async fn record(
    target: &Target,
    name: &str,
    manifest: &Manifest,
    verified_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let mut conn = owner::connect(&target.url).await?;
    sqlx::query(include_str!("record.sql"))
        .bind(name)
        .bind(manifest.made_at)
        .bind(verified_at)
        .bind(i64::try_from(manifest.bytes).unwrap_or(i64::MAX))
        .bind(&manifest.sha256)
        .bind(&target.by)
        .execute(&mut conn)
        .await?;
    conn.close().await
}
