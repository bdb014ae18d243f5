//! Making a backup: `pg_dump` and the counting after it see one and the same moment. The dump goes through this
//! process, which writes and sums it up, so that `pg_dump` ends when this process does.

use std::io::Write as _;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::Connection;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::super::owner;
use super::address::{Address, database_of};
use super::error::BackupError;
use super::facts::Facts;
use super::programs::{self, Programs};
use super::store::{Kept, Making, Store, hex};
use super::{FORMAT, Manifest, Progress, Target};

/// How long `pg_dump` waits for a table that a migration holds.
const LOCK_WAIT: &str = "--lock-wait-timeout=30s";
/// The most that is kept of what a program complains about.
const LONGEST_COMPLAINT: u64 = 64 << 10;

#[derive(sqlx::FromRow)]
struct About {
    made_at: DateTime<Utc>,
    server_number: i32,
    server: String,
    schema: i64,
    api: Option<String>,
    collate: String,
    ctype: String,
    is_standby: bool,
}

/// Makes a backup of the community, with the programs out of one of these folders.
///
/// # Errors
/// One sentence; nothing is left in the folder then.
pub async fn create(
    store: &Store,
    target: &Target,
    folders: Vec<PathBuf>,
    tell: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Kept, BackupError> {
    let failed = |error: sqlx::Error| BackupError::database(&target.place, &error);
    let address = Address::of(&target.url).ok_or_else(|| no_address(target))?;
    let mut conn = owner::connect(&target.url).await.map_err(failed)?;
    // Asked before the moment of the dump: what is counted in it has passed these numbers.
    let sequences = Facts::sequences(&mut conn).await.map_err(failed)?;
    let mut moment = conn
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await
        .map_err(failed)?;
    let about: About = sqlx::query_as(include_str!("about.sql"))
        .fetch_one(&mut *moment)
        .await
        .map_err(failed)?;
    if about.is_standby {
        // Proving it is written down where the terminals look, and some tables are empty here.
        return Err(BackupError::Database {
            place: target.place.clone(),
            why: "it follows another server; back up that one".to_owned(),
            is_refusal: false,
        });
    }
    let programs = programs::find(folders, about.server_number, &about.server).await?;
    let snapshot: String = sqlx::query_scalar("SELECT pg_export_snapshot()")
        .fetch_one(&mut *moment)
        .await
        .map_err(failed)?;
    let making = store.begin(about.made_at, &database_of(&target.url).unwrap_or_default())?;
    tell(Progress::Step(format!("Dumping {}", target.place)));
    let (bytes, sha256) = dump(&making, &programs, &address, &snapshot, tell).await?;
    // Not beside the dump: a server that people work with has one of the two to carry at a time.
    tell(Progress::Step(format!("Counting the rows of {}", target.place)));
    let facts = Facts::count(&mut moment, sequences).await.map_err(failed)?;
    moment.commit().await.map_err(failed)?;
    let _ = conn.close().await;
    tell(Progress::Step("Looking through the dump".to_owned()));
    list(&making, &programs).await?;
    making.finish(&Manifest {
        format: FORMAT,
        made_at: about.made_at,
        place: target.place.clone(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema: about.schema,
        api: about.api,
        server: about.server,
        pg_dump: programs.version,
        collate: about.collate,
        ctype: about.ctype,
        bytes,
        sha256,
        facts,
    })
}

/// Runs `pg_dump`; answers the dump's size and checksum.
async fn dump(
    making: &Making,
    programs: &Programs,
    address: &Address,
    snapshot: &str,
    tell: &(dyn Fn(Progress) + Send + Sync),
) -> Result<(u64, String), BackupError> {
    let path = making.dump_path();
    let mut file = making.dump()?;
    let mut command = programs.command("pg_dump");
    address.tell(&mut command);
    command.args(["--format=custom", LOCK_WAIT, &format!("--snapshot={snapshot}")]);
    let mut child = command.spawn().map_err(|error| no_program("pg_dump", &error))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let writing = async {
        let (mut hash, mut bytes) = (Sha256::new(), 0_u64);
        let mut buffer = vec![0; 256 << 10];
        let Some(mut out) = out else {
            return Ok((bytes, hash));
        };
        loop {
            let count = out
                .read(&mut buffer)
                .await
                .map_err(|error| no_program("pg_dump", &error))?;
            if count == 0 {
                break;
            }
            file.write_all(&buffer[..count])
                .map_err(|error| BackupError::writing(&path, &error))?;
            hash.update(&buffer[..count]);
            bytes += count as u64;
            tell(Progress::Bytes(bytes));
        }
        file.sync_all()
            .map_err(|error| BackupError::writing(&path, &error))?;
        Ok((bytes, hash))
    };
    let (written, said) = tokio::join!(writing, complaint(err));
    // With the pipe gone it ends by itself; waiting for it leaves nobody behind.
    let (bytes, hash) = match written {
        Ok(written) => written,
        Err(error) => {
            let _ = child.kill().await;
            return Err(error);
        }
    };
    let status = child
        .wait()
        .await
        .map_err(|error| no_program("pg_dump", &error))?;
    if !status.success() {
        return Err(BackupError::Program {
            program: "pg_dump",
            said: last_words(&said),
        });
    }
    Ok((bytes, hex(&hash.finalize())))
}

/// Has `pg_restore` read the dump's list of contents: a dump that has none is not kept.
async fn list(making: &Making, programs: &Programs) -> Result<(), BackupError> {
    let said = programs
        .command("pg_restore")
        .arg("--list")
        .arg(making.dump_path())
        .output()
        .await
        .map_err(|error| no_program("pg_restore", &error))?;
    let text = String::from_utf8_lossy(&said.stdout);
    let tables = text.lines().filter(|line| line.contains(" TABLE DATA ")).count();
    if said.status.success() && tables > 0 {
        Ok(())
    } else {
        Err(BackupError::Program {
            program: "pg_restore --list",
            said: last_words(&String::from_utf8_lossy(&said.stderr)),
        })
    }
}

pub(super) fn no_program(program: &'static str, error: &std::io::Error) -> BackupError {
    BackupError::Program {
        program,
        said: error.to_string(),
    }
}

pub(super) fn no_address(target: &Target) -> BackupError {
    BackupError::Database {
        place: target.place.clone(),
        why: "its address cannot be used".to_owned(),
        is_refusal: false,
    }
}

/// What a program writes to standard error, to its end.
pub(super) async fn complaint(err: Option<impl AsyncRead + Unpin>) -> String {
    let mut bytes = Vec::new();
    if let Some(err) = err {
        let mut err = err.take(LONGEST_COMPLAINT);
        let _ = err.read_to_end(&mut bytes).await;
        // What comes beyond that is read, so that nobody waits for us, and forgotten.
        let _ = tokio::io::copy(&mut err.into_inner(), &mut tokio::io::sink()).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The line of a program's complaint that tells most: the first error, without the program's own name.
pub(super) fn last_words(said: &str) -> String {
    let lines: Vec<&str> = said
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let telling = lines.iter().find(|line| line.contains("error:")).or(lines.last());
    let text = telling.map_or("it gave no reason", |line| {
        line.split_once("error: ").map_or(*line, |(_, words)| words)
    });
    let mut text: String = text.chars().filter(|c| !c.is_control()).take(300).collect();
    text.truncate(text.trim_end_matches('.').len());
    text
}
