//! Adopting an older Pine Time database in place: the schema as it was first written down, or what the older application
//! made of it. Everything happens in one transaction: the old rows are read and decided about, the old schema gets another
//! name, our tables are made where it was, filled, brought to this version, and compared with what was read. Looking
//! (`--dry-run`) is the first of these steps, taken back.
//!
//! What old names and words mean stands in [`crate::domain::legacy`]; how rows become ours, in the `.sql` files here.

mod error;
mod report;
mod tables;

use std::fmt;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

pub use error::AdoptError;
pub use report::{Adoption, Note, TableLine};

use super::{game, migrate, owner, roles, sequences};
use crate::domain::legacy;
use tables::Old;

/// How long whoever uses the old tables is waited for.
const PATIENCE_SECONDS: u32 = 5;

/// What reads the old rows, each on what the ones before it have read.
const STAGES: [&str; 7] = [
    include_str!("members.sql"),
    include_str!("events.sql"),
    include_str!("registrations.sql"),
    include_str!("payments.sql"),
    include_str!("badges.sql"),
    include_str!("points.sql"),
    include_str!("extensions.sql"),
];

/// What has to hold before the new database is kept; each query finds what does not.
const PROOFS: [&str; 6] = [
    include_str!("proof/rows.sql"),
    include_str!("proof/counts.sql"),
    include_str!("proof/points.sql"),
    include_str!("proof/money.sql"),
    include_str!("proof/rights.sql"),
    include_str!("proof/derived.sql"),
];

/// What is going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Waiting for the old tables.
    Lock,
    /// Reading the old rows, and deciding about them.
    Read,
    /// Giving the old schema its other name.
    Move,
    /// Making our tables and filling them.
    Make,
    /// What is kept beside the rows.
    Finish,
    /// Comparing.
    Prove,
    /// Keeping it.
    Keep,
}

impl Step {
    /// Every step, in the order in which they are taken.
    pub const ALL: [Self; 7] = [
        Self::Lock,
        Self::Read,
        Self::Move,
        Self::Make,
        Self::Finish,
        Self::Prove,
        Self::Keep,
    ];
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lock => "waiting for the old tables",
            Self::Read => "reading the old rows",
            Self::Move => "putting the old tables aside",
            Self::Make => "making and filling the new tables",
            Self::Finish => "counting what is kept beside the rows",
            Self::Prove => "comparing",
            Self::Keep => "keeping it",
        })
    }
}

/// What adopting the database at `url` would do. Nothing is changed, and whoever uses it goes on.
///
/// # Errors
/// Why it is nothing to be adopted; what this login lacks is told in the notes instead.
pub async fn look(url: &str) -> Result<Adoption, AdoptError> {
    let mut conn = connect(url).await?;
    let mut tx = conn
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ")
        .await
        .map_err(AdoptError::Database)?;
    let state = begin(&mut tx).await?;
    let old = Old::find(&mut tx).await?;
    let is_read = stage(&mut tx).await?;
    let mut adoption = told(&mut tx, &old, &state, is_read).await?;
    for what in rights(&mut tx).await? {
        adoption.notes.push(Note {
            kind: "rights".to_owned(),
            table: String::new(),
            id: None,
            what,
            stops: true,
        });
    }
    tx.rollback().await?;
    conn.close().await?;
    Ok(adoption)
}

/// Adopts the database at `url`, in one transaction or not at all. `by` is who does it, for the audit log; `begins` hears of
/// every step.
///
/// # Errors
/// Why not; then the database is as it was, but for [`AdoptError::Unsure`].
pub async fn adopt(url: &str, by: &str, mut begins: impl FnMut(Step)) -> Result<Adoption, AdoptError> {
    let mut conn = connect(url).await?;
    let mut tx = conn.begin().await?;
    let adoption = match steps(&mut tx, by, &mut begins).await {
        Ok(adoption) => adoption,
        Err(error) => {
            // A server that cannot be told takes it back by itself.
            let _ = tx.rollback().await;
            let _ = conn.close().await;
            return Err(error);
        }
    };
    begins(Step::Keep);
    tx.commit().await.map_err(|error| {
        if owner::may_have_committed(&error) {
            AdoptError::Unsure
        } else {
            error.into()
        }
    })?;
    let _ = conn.close().await;
    Ok(adoption)
}

async fn connect(url: &str) -> Result<PgConnection, AdoptError> {
    let options: PgConnectOptions = url.parse()?;
    let mut conn = options
        .application_name("pine-time")
        .disable_statement_logging()
        .connect()
        .await?;
    owner::end_with_us(&mut conn).await;
    Ok(conn)
}

/// What the database is, before its tables are looked at.
#[derive(Debug, sqlx::FromRow)]
struct State {
    read_only: bool,
    encoding: String,
    is_own: bool,
    adopted: Option<String>,
    free_name: String,
}

async fn begin(conn: &mut PgConnection) -> Result<State, AdoptError> {
    conn.execute(include_str!("session.sql")).await?;
    let state: State = sqlx::query_as(include_str!("state.sql"))
        .fetch_one(&mut *conn)
        .await?;
    if state.is_own {
        return Err(AdoptError::Own(state.adopted));
    } else if state.encoding != "UTF8" {
        return Err(AdoptError::Encoding(state.encoding));
    } else if state.read_only {
        return Err(AdoptError::ReadOnly);
    }
    Ok(state)
}

async fn steps(
    conn: &mut PgConnection,
    by: &str,
    begins: &mut impl FnMut(Step),
) -> Result<Adoption, AdoptError> {
    begin(conn).await?;
    let lacking = rights(conn).await?;
    if !lacking.is_empty() {
        return Err(AdoptError::Rights(lacking));
    }
    begins(Step::Lock);
    lock(conn).await?;
    // While it was waited for somebody else may have adopted it.
    let state = begin(conn).await?;
    begins(Step::Read);
    let old = Old::find(conn).await?;
    let is_read = stage(conn).await?;
    let mut adoption = told(conn, &old, &state, is_read).await?;
    if adoption.stops() > 0 {
        return Err(AdoptError::Stopped(Box::new(adoption)));
    }

    begins(Step::Move);
    conn.execute(roles::GROUP_ROLES_SQL).await?;
    for extension in ["pg_trgm", "unaccent"] {
        drop_extension(conn, extension).await?;
    }
    sqlx::query("SELECT set_config('pine.adopt_schema', $1, true), set_config('pine.adopt_by', $2, true)")
        .bind(&state.free_name)
        .bind(by)
        .execute(&mut *conn)
        .await?;
    conn.execute(include_str!("move.sql")).await?;

    begins(Step::Make);
    // From here on as the owner of what is made, in the new schema, which is as empty as a new database.
    conn.execute("SET LOCAL ROLE pine_owner; SET LOCAL search_path = public, pg_temp")
        .await?;
    migrate::make_around(conn, async |conn| {
        conn.execute(include_str!("load.sql")).await?;
        Ok::<(), AdoptError>(())
    })
    .await?;
    begins(Step::Finish);
    conn.execute(include_str!("finish.sql")).await?;
    begins(Step::Prove);
    adoption.proved = prove(conn).await?;
    adoption.adopted = true;
    Ok(adoption)
}

async fn rights(conn: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(include_str!("rights.sql"))
        .fetch_all(conn)
        .await
}

/// Takes every table of the old schema, so that nobody writes into it any more: what is read now is what there is.
async fn lock(conn: &mut PgConnection) -> Result<(), AdoptError> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT format('%I.%I', n.nspname, c.relname)
         FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
         ORDER BY c.oid",
    )
    .fetch_all(&mut *conn)
    .await?;
    if names.is_empty() {
        return Err(AdoptError::Empty);
    }
    let sql = format!(
        "SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s';
         SELECT pg_advisory_xact_lock(hashtextextended('pine-time adopt', 0));
         LOCK TABLE {} IN ACCESS EXCLUSIVE MODE",
        names.join(", ")
    );
    // Within one of its own, so that the rest can still be asked who holds them.
    let mut inner = conn.begin().await?;
    match inner.execute(AssertSqlSafe(sql)).await {
        Ok(_) => Ok(inner.commit().await?),
        Err(error) if code(&error).as_deref() == Some("55P03") => {
            inner.rollback().await?;
            Err(AdoptError::Busy {
                by: clients(conn, true).await?,
                seconds: PATIENCE_SECONDS,
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// Who else is connected; with `holding` only those who hold something of the old schema.
async fn clients(conn: &mut PgConnection, holding: bool) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(include_str!("clients.sql"))
        .bind(holding)
        .fetch_all(conn)
        .await
}

/// Ours live in a schema of their own, which cannot be made before the old one has gone.
async fn drop_extension(conn: &mut PgConnection, name: &str) -> Result<(), AdoptError> {
    match conn
        .execute(AssertSqlSafe(format!("DROP EXTENSION IF EXISTS {name}")))
        .await
    {
        Ok(_) => Ok(()),
        // dependent_objects_still_exist
        Err(error) if code(&error).as_deref() == Some("2BP01") => Err(AdoptError::Extension(name.to_owned())),
        Err(error) => Err(error.into()),
    }
}

/// Reads the old rows into tables of this session, and writes down what was decided. Not, when their numbers do not tell
/// them apart: then it answers false, and only that is written down.
async fn stage(conn: &mut PgConnection) -> Result<bool, AdoptError> {
    conn.execute(include_str!("setup.sql")).await?;
    for (field, old, ours, attended) in words() {
        sqlx::query("INSERT INTO adopt_word (field, old, ours, attended) VALUES ($1, $2, $3, $4)")
            .bind(field)
            .bind(old)
            .bind(ours)
            .bind(attended)
            .execute(&mut *conn)
            .await?;
    }
    conn.execute(include_str!("numbers.sql")).await?;
    let is_told: bool = sqlx::query_scalar("SELECT NOT EXISTS (SELECT FROM adopt_note)")
        .fetch_one(&mut *conn)
        .await?;
    if is_told {
        for sql in STAGES {
            conn.execute(sql).await?;
        }
    }
    Ok(is_told)
}

/// Every old word that is known, by the field it is in.
fn words() -> impl Iterator<Item = (&'static str, &'static str, &'static str, bool)> {
    let of = |field: &'static str, words: &'static [(&'static str, &'static str)]| {
        words.iter().map(move |(old, ours)| (field, *old, *ours, false))
    };
    legacy::REGISTRATION_STATUS
        .iter()
        .map(|(old, ours, attended)| ("registration", *old, *ours, *attended))
        .chain(of("attendance", legacy::ATTENDANCE_STATUS))
        .chain(of("payment", legacy::PAYMENT_STATUS))
        .chain(of("points", legacy::TRANSACTION_TYPE))
}

/// What was read and decided.
async fn told(
    conn: &mut PgConnection,
    old: &Old,
    state: &State,
    is_read: bool,
) -> Result<Adoption, AdoptError> {
    let mut tables: Vec<TableLine> = if is_read {
        sqlx::query_as(include_str!("lines.sql"))
            .fetch_all(&mut *conn)
            .await?
    } else {
        Vec::new()
    };
    for line in &mut tables {
        if let Some(found) = old.of(&line.table) {
            line.old.clone_from(&found.name);
            line.rows = found.rows;
        }
    }
    let mut notes: Vec<Note> = sqlx::query_as(
        "SELECT n.kind, n.\"table\", n.id, n.what, n.stops FROM adopt_note AS n ORDER BY NOT n.stops, n.place",
    )
    .fetch_all(&mut *conn)
    .await?;
    for note in &mut notes {
        note.table = old.name(&note.table).to_owned();
    }
    Ok(Adoption {
        adopted: false,
        kept_in: state.free_name.clone(),
        tables,
        left: old.left.clone(),
        clients: clients(conn, false).await?,
        notes,
        proved: 0,
    })
}

/// Asks everything that has to hold; answers how much that was.
async fn prove(conn: &mut PgConnection) -> Result<usize, AdoptError> {
    let mut wrong: Vec<String> = Vec::new();
    let mut asked = 0;
    let keys: Vec<String> = sqlx::query_scalar(include_str!("proof/foreign_keys.sql"))
        .fetch_all(&mut *conn)
        .await?;
    let queries = PROOFS.iter().map(|sql| (*sql).to_owned());
    let games = game::CHECKS.iter().map(|(_, sql)| (*sql).to_owned());
    for sql in queries.chain(games).chain(keys) {
        let found: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_all(&mut *conn)
            .await?;
        wrong.extend(found);
        asked += 1;
    }
    let behind = sequences::behind(conn).await?;
    wrong.extend(
        behind
            .iter()
            .map(|name| format!("{name} would get a number that is in use")),
    );
    if wrong.is_empty() {
        Ok(asked + 1)
    } else {
        wrong.truncate(20);
        Err(AdoptError::NotProved(wrong))
    }
}

fn code(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}
