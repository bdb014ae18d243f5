//! Sequences that fell behind their columns, as after rows were copied in with their numbers: found in the catalog and
//! set to the highest number in use. Only ever forward: a gap harms nobody, a number given twice does.

use std::time::{Duration, Instant};

use serde::Serialize;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::owner;

/// How long writers of a table are kept waiting at most while its sequence is looked at.
const LOCK: &str = "SET LOCAL lock_timeout = '250ms'";
/// How long a busy table is tried.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(50);

/// A column that a sequence fills; names are quoted as SQL wants them.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
struct Column {
    name: String,
    table: String,
    attribute: String,
    sequence: String,
    kind: String,
    step: i64,
    least: i64,
    most: i64,
}

/// What became of one column's sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// `schema.table.column`.
    pub column: String,
    /// `schema.sequence`.
    pub sequence: String,
    /// `serial` or `identity`.
    pub kind: String,
    /// The furthest number in use; none in an empty table.
    pub in_use: Option<i64>,
    /// The number that the sequence would have given next.
    pub old: Option<i64>,
    /// The number that it gives next now, or would after a reset; none when it has run out.
    pub new: Option<i64>,
    /// What was done, or would be.
    pub state: State,
    /// Why nothing was done, where something would have to be.
    pub why: Option<String>,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was right.
    Right,
    /// It was behind and has been set.
    Reset,
    /// It is behind; only looked at.
    Behind,
    /// There is no number left for it to give.
    Exhausted,
    /// The database refused, or the table stayed busy.
    Failed,
}

/// Where a sequence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    last: i64,
    called: bool,
    in_use: Option<i64>,
}

impl Standing {
    /// The number that comes next; none when there is none left.
    fn next(self, column: &Column) -> Option<i64> {
        let next = if self.called {
            self.last.checked_add(column.step)?
        } else {
            self.last
        };
        (column.least..=column.most).contains(&next).then_some(next)
    }

    /// Whether a number that is in use, or was, would come again.
    fn is_behind(self, column: &Column) -> bool {
        // A sequence that has run out is past everything it could give.
        let (Some(in_use), Some(next)) = (self.in_use, self.next(column)) else {
            return false;
        };
        if column.step > 0 {
            next <= in_use
        } else {
            next >= in_use
        }
    }
}

/// Looks at every sequence of the database at `url` (an owner's), and unless `dry_run` sets those that are behind. Each is
/// a transaction of its own that holds a lock against writers of that one table for an instant. `by` is for the audit log.
///
/// # Errors
/// What the database says when it cannot be looked at; what goes wrong with one sequence is in its line.
pub async fn reset(url: &str, dry_run: bool, by: &str) -> Result<Vec<Line>, sqlx::Error> {
    let mut conn = owner::connect(url).await?;
    let columns: Vec<Column> = sqlx::query_as(include_str!("sequences/columns.sql"))
        .fetch_all(&mut conn)
        .await?;
    let mut lines = Vec::with_capacity(columns.len());
    for column in &columns {
        let began = Instant::now();
        let line = loop {
            match one(&mut conn, column, dry_run, by).await {
                Err(error) if is_busy(&error) && began.elapsed() < PATIENCE => {
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error) => break failed(column, &error),
                Ok(line) => break line,
            }
        };
        lines.push(line);
    }
    conn.close().await?;
    Ok(lines)
}

/// The columns of which the sequence would give a number that is in use, in the transaction that the connection is in.
pub(super) async fn behind(conn: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    let columns: Vec<Column> = sqlx::query_as(include_str!("sequences/columns.sql"))
        .fetch_all(&mut *conn)
        .await?;
    let mut behind = Vec::new();
    for column in columns {
        if standing(&mut *conn, &column).await?.is_behind(&column) {
            behind.push(column.name);
        }
    }
    Ok(behind)
}

async fn one(conn: &mut PgConnection, column: &Column, dry_run: bool, by: &str) -> Result<Line, sqlx::Error> {
    let mut tx = conn.begin().await?;
    if !dry_run {
        tx.execute(LOCK).await?;
        // Whoever has taken a number has a lock on the table until they commit: with this one nobody is under way, and
        // what is read stays true until the sequence is set.
        let lock = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", column.table);
        tx.execute(AssertSqlSafe(lock)).await?;
    }
    let before = standing(&mut tx, column).await?;
    let mut line = Line {
        column: column.name.clone(),
        sequence: column.sequence.clone(),
        kind: column.kind.clone(),
        in_use: before.in_use,
        old: before.next(column),
        new: before.next(column),
        state: State::Right,
        why: None,
    };
    if before.is_behind(column) {
        let to = before.in_use.unwrap_or_default().clamp(column.least, column.most);
        let after = Standing {
            last: to,
            called: true,
            in_use: before.in_use,
        };
        line.new = after.next(column);
        line.state = if dry_run { State::Behind } else { State::Reset };
        if !dry_run {
            set(&mut tx, &line, to, by).await?;
        }
    }
    if line.new.is_none() {
        line.state = State::Exhausted;
        line.why = Some(format!("there is no number after {}", column.most));
    }
    tx.commit().await?;
    Ok(line)
}

async fn standing(conn: &mut PgConnection, column: &Column) -> Result<Standing, sqlx::Error> {
    let furthest = if column.step > 0 { "max" } else { "min" };
    let sql = format!(
        "SELECT s.last_value, s.is_called, (SELECT {furthest}({}) FROM {})::bigint FROM {} AS s",
        column.attribute, column.table, column.sequence
    );
    let (last, called, in_use) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(conn).await?;
    Ok(Standing { last, called, in_use })
}

async fn set(conn: &mut PgConnection, line: &Line, to: i64, by: &str) -> Result<(), sqlx::Error> {
    sqlx::query(include_str!("sequences/set.sql"))
        .bind(&line.sequence)
        .bind(to)
        .bind(by)
        .bind(&line.column)
        .bind(line.old)
        .bind(line.new)
        .execute(conn)
        .await?;
    Ok(())
}

fn failed(column: &Column, error: &sqlx::Error) -> Line {
    let why = if is_busy(error) {
        "its table is busy; try again in a quiet moment".to_owned()
    } else {
        owner::words(error)
    };
    Line {
        column: column.name.clone(),
        sequence: column.sequence.clone(),
        kind: column.kind.clone(),
        in_use: None,
        old: None,
        new: None,
        state: State::Failed,
        why: Some(why),
    }
}

/// lock_not_available, deadlock_detected.
fn is_busy(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code == "55P03" || code == "40P01")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(step: i64, least: i64, most: i64) -> Column {
        Column {
            name: "public.t.id".to_owned(),
            table: "public.t".to_owned(),
            attribute: "id".to_owned(),
            sequence: "public.t_id_seq".to_owned(),
            kind: "serial".to_owned(),
            step,
            least,
            most,
        }
    }

    #[test]
    fn behind_is_what_would_give_a_number_again() {
        let up = column(1, 1, 100);
        let down = column(-1, -100, -1);
        for (column, last, called, in_use, behind) in [
            (&up, 1, false, None, false),
            (&up, 1, false, Some(1), true),
            (&up, 5, true, Some(5), false),
            (&up, 5, true, Some(6), true),
            (&up, 100, true, Some(100), false),
            (&up, 50, true, Some(-3), false),
            (&down, -1, false, Some(-1), true),
            (&down, -5, true, Some(-5), false),
            (&down, -5, true, Some(-9), true),
        ] {
            let standing = Standing { last, called, in_use };
            assert_eq!(standing.is_behind(column), behind, "{standing:?}");
        }
        let out = Standing {
            last: 100,
            called: true,
            in_use: Some(100),
        };
        assert_eq!(out.next(&up), None);
    }
}
