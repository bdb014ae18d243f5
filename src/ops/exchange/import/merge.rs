//! Writing: the rows that wait become rows of the community, tables in the order of their references, and what is kept
//! beside them is counted anew. One transaction, in which no trigger runs and nobody else writes.

use sqlx::{AssertSqlSafe, Executor, PgConnection};

use super::ImportError;
use super::catalog::{Table, quoted};
use super::stage::Staged;

/// What a new database has of its own accord and an import brings its own of, in an order in which they can go.
const OWN_ACCORD: [&str; 4] = ["badge_levels", "badges", "event_types", "settings"];

/// Keeps everybody else from writing, and triggers from running, until the transaction ends.
pub(super) async fn begin(conn: &mut PgConnection, tables: &[Table]) -> Result<(), ImportError> {
    conn.execute("SET LOCAL lock_timeout = '10s'; SET LOCAL work_mem = '128MB'")
        .await?;
    triggers(conn, tables, "DISABLE").await?;
    conn.execute("SET LOCAL lock_timeout = 0").await?;
    Ok(())
}

/// Lets triggers run again.
pub(super) async fn end(conn: &mut PgConnection, tables: &[Table]) -> Result<(), ImportError> {
    triggers(conn, tables, "ENABLE").await
}

async fn triggers(conn: &mut PgConnection, tables: &[Table], how: &str) -> Result<(), ImportError> {
    for table in tables {
        let sql = format!("ALTER TABLE {} {how} TRIGGER USER", table.target());
        conn.execute(AssertSqlSafe(sql)).await?;
    }
    Ok(())
}

/// Makes room in a database without members and events for what it has of its own accord and the import brings: but for
/// badges that come without their levels.
pub(super) async fn make_room(
    conn: &mut PgConnection,
    brought: impl Fn(&str) -> bool,
) -> Result<(), ImportError> {
    let is_empty: bool = sqlx::query_scalar(
        "SELECT NOT EXISTS (SELECT FROM public.users) AND NOT EXISTS (SELECT FROM public.events)",
    )
    .fetch_one(&mut *conn)
    .await?;
    if !is_empty {
        return Ok(());
    }
    let badges = brought("badges") && brought("badge_levels");
    for name in OWN_ACCORD {
        let goes = if name.starts_with("badge") {
            badges
        } else {
            brought(name)
        };
        if goes {
            let sql = format!("DELETE FROM public.{}", quoted(name));
            conn.execute(AssertSqlSafe(sql)).await?;
        }
    }
    Ok(())
}

/// Writes the good rows of a table; answers how many.
pub(super) async fn write(conn: &mut PgConnection, table: &Table, read: &Staged) -> Result<u64, ImportError> {
    let mut names = Vec::new();
    let mut values = Vec::new();
    for (place, column) in table.columns.iter().enumerate() {
        let name = quoted(&column.name);
        let value = match (table.name.as_str(), column.name.as_str()) {
            // As the trigger would have it, which does not run.
            ("users", "hashed_password") => format!("pine.keep_password(n.{name})"),
            ("registrations", "search_text") => {
                "(SELECT u.search_text FROM public.users AS u WHERE u.id = n.user_id)".to_owned()
            }
            // Nobody is told of what they earned elsewhere.
            ("users", "celebrated_through") if !read.present[place] => {
                "(SELECT greatest(max(p.id), pine.newest_transaction()) FROM pg_temp.new_points_transactions AS p)".to_owned()
            }
            _ if read.present[place] => format!("n.{name}"),
            _ => continue,
        };
        names.push(name);
        values.push(value);
    }
    let sql = format!(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {} AS n WHERE n._reason IS NULL AND NOT n._known",
        table.target(),
        names.join(", "),
        values.join(", "),
        table.staged()
    );
    Ok(sqlx::query(AssertSqlSafe(sql))
        .execute(conn)
        .await?
        .rows_affected())
}

/// Counts anew what is kept beside the rows that were written. `brings` says which tables came: without event types, those
/// of the events are added; without the record of levels, those that the history reaches count as reached before and are
/// not paid.
pub(super) async fn derive(
    conn: &mut PgConnection,
    brings: impl Fn(&str) -> bool,
) -> Result<(), ImportError> {
    if !brings("event_types") {
        conn.execute(include_str!("sql/derive_types.sql")).await?;
    }
    conn.execute(include_str!("sql/derive.sql")).await?;
    if !brings("badge_awards") {
        conn.execute(include_str!("sql/derive_awards.sql")).await?;
    }
    conn.execute(include_str!("sql/derive_totals.sql")).await?;
    Ok(())
}

/// Sets every sequence that would give a number in use.
pub(super) async fn set_sequences(conn: &mut PgConnection) -> Result<(), ImportError> {
    conn.execute(include_str!("sql/sequences.sql")).await?;
    Ok(())
}
