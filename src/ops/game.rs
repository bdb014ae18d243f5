//! Whether the game still adds up: everything that is kept beside ledger and facts, recomputed from them and compared; and
//! mended. An owner's work, whatever the size of the community: each check is one query.

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection};

/// A check, as it is named while it runs, and the query of what it finds.
pub(super) type Check = (&'static str, &'static str);

pub(super) const CHECKS: [Check; 7] = [
    ("totals", include_str!("game/totals.sql")),
    ("leaderboards", include_str!("game/boards.sql")),
    ("ranks", include_str!("game/ranks.sql")),
    ("points of attendances", include_str!("game/attendance.sql")),
    ("bonuses of weeks", include_str!("game/bonuses.sql")),
    ("levels of badges", include_str!("game/levels.sql")),
    ("badges shown", include_str!("game/highest.sql")),
];
const DUE: Check = ("levels to come", include_str!("game/due.sql"));

/// How many checks there are, the one for levels to come included.
pub const STEPS: usize = CHECKS.len() + 1;

/// What does not add up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drift {
    /// One line for each, at most a thousand of a kind.
    pub lines: Vec<DriftLine>,
    /// Levels that are reached and not held yet, as after a rule was changed: no fault.
    pub due: Vec<String>,
}

/// One thing that does not add up.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DriftLine {
    /// Which check found it.
    pub check: &'static str,
    /// What it is.
    pub what: String,
}

/// Compares all that is kept with what it is made of, in the database at `url` (an owner's). `begins` hears of every check.
///
/// # Errors
/// Whatever the database says.
pub async fn verify(url: &str, mut begins: impl FnMut(&'static str)) -> Result<Drift, sqlx::Error> {
    let mut conn = owner(url).await?;
    let drift = look(&mut conn, &mut begins).await?;
    conn.close().await?;
    Ok(drift)
}

/// Mends what has drifted: by rows of the ledger where points went wrong, by counting anew what is kept beside it. `by` is
/// who did it, for the audit log. Answers what had drifted, and what still does.
///
/// # Errors
/// Whatever the database says; then nothing was changed.
pub async fn repair(
    url: &str,
    by: &str,
    mut begins: impl FnMut(&'static str),
) -> Result<(Drift, Drift), sqlx::Error> {
    let mut conn = owner(url).await?;
    let before = look(&mut conn, &mut begins).await?;
    let after = if before == Drift::default() {
        before.clone()
    } else {
        begins("repair");
        let mut tx = conn.begin().await?;
        sqlx::query("SELECT set_config('pine.repaired_by', $1, true)")
            .bind(by.to_owned())
            .execute(&mut *tx)
            .await?;
        tx.execute(include_str!("game/repair.sql")).await?;
        tx.commit().await?;
        look(&mut conn, &mut begins).await?
    };
    conn.close().await?;
    Ok((before, after))
}

async fn owner(url: &str) -> Result<PgConnection, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let mut conn = options.disable_statement_logging().connect().await?;
    conn.execute("SET ROLE pine_owner").await?;
    conn.execute("SET TIME ZONE 'UTC'").await?;
    Ok(conn)
}

async fn look(conn: &mut PgConnection, begins: &mut impl FnMut(&'static str)) -> Result<Drift, sqlx::Error> {
    // All checks see the same moment, whatever goes on meanwhile.
    let mut tx = conn
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    let mut drift = Drift::default();
    for (check, sql) in CHECKS {
        begins(check);
        let found: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut *tx).await?;
        drift
            .lines
            .extend(found.into_iter().map(|what| DriftLine { check, what }));
    }
    begins(DUE.0);
    drift.due = sqlx::query_scalar(DUE.1).fetch_all(&mut *tx).await?;
    tx.commit().await?;
    Ok(drift)
}
