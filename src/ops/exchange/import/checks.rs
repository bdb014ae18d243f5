//! What only shows when rows are seen together: keys that are there twice, references to nothing, circles, rows that the
//! database has already. Each check is one statement over all rows, however many; it marks those that it refuses.

use sqlx::{AssertSqlSafe, PgConnection};

use super::ImportError;
use super::catalog::{Key, Reference, Table, quoted, staged};
use super::stage::Staged;

/// Columns that are no sign of another row when they differ: what goes on changing while the row stays the same.
const GOES_ON: [(&str, &[&str]); 5] = [
    ("users", &["last_login", "hashed_password", "celebrated_through"]),
    ("events", &["version", "changed_at"]),
    ("registrations", &["search_text"]),
    ("user_totals", &["earned", "spendable"]),
    ("event_seats", &["taken", "waiting", "last_in_line"]),
];

/// A check in the making: a statement with places for names.
struct Check(String);

impl Check {
    fn new(sql: &str, table: &Table) -> Self {
        Self(
            sql.replace("{staged}", &table.staged())
                .replace("{target}", &table.target()),
        )
    }

    fn with(self, place: &str, text: &str) -> Self {
        Self(self.0.replace(&format!("{{{place}}}"), text))
    }

    /// Runs it; answers how many rows it marked.
    async fn run(self, conn: &mut PgConnection) -> Result<u64, ImportError> {
        Ok(sqlx::query(AssertSqlSafe(self.0))
            .execute(conn)
            .await?
            .rows_affected())
    }
}

/// A text in SQL.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A condition without the brackets around all of it.
fn bare(condition: &str) -> &str {
    condition
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
        .unwrap_or(condition)
}

fn list(columns: &[String]) -> String {
    columns
        .iter()
        .map(|name| quoted(name))
        .collect::<Vec<_>>()
        .join(", ")
}

/// `a.x = b.x AND …`
fn same(one: &str, columns: &[String], other: &str, other_columns: &[String]) -> String {
    columns
        .iter()
        .zip(other_columns)
        .map(|(column, other_column)| format!("{one}.{} = {other}.{}", quoted(column), quoted(other_column)))
        .collect::<Vec<_>>()
        .join(" AND ")
}

/// `a.x IS NOT NULL AND …`
fn given(of: &str, columns: &[String]) -> String {
    columns
        .iter()
        .map(|column| format!("{of}.{} IS NOT NULL", quoted(column)))
        .collect::<Vec<_>>()
        .join(" AND ")
}

/// Looks at all rows of a table, of which those before it have been looked at.
pub(super) async fn check(conn: &mut PgConnection, table: &Table, read: &Staged) -> Result<(), ImportError> {
    for rule in &table.rules {
        Check::new(include_str!("sql/check_rule.sql"), table)
            .with("column", &literal(&rule.column))
            .with("told", &literal(bare(&rule.condition)))
            .with("condition", &rule.condition)
            .run(conn)
            .await?;
    }
    for key in &table.keys {
        if !(key.is_primary && read.ascends) {
            twice(conn, table, key).await?;
        }
    }
    if has_rows(conn, table).await? {
        known(conn, table, read).await?;
        for key in table.keys.iter().filter(|key| !key.is_primary) {
            taken(conn, table, key).await?;
        }
    }
    loop {
        let mut marked = 0;
        for to in &table.references {
            let found = reference(conn, table, to).await?;
            if to.other == table.name {
                marked += found;
            }
        }
        // Whoever refers to a row that was refused now is refused in turn.
        if marked == 0 {
            break;
        }
    }
    for to in table.references.iter().filter(|to| to.other == table.name) {
        circle(conn, table, to).await?;
    }
    Ok(())
}

pub(super) async fn has_rows(conn: &mut PgConnection, table: &Table) -> Result<bool, ImportError> {
    let sql = format!("SELECT EXISTS (SELECT FROM {})", table.target());
    Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(conn).await?)
}

async fn twice(conn: &mut PgConnection, table: &Table, key: &Key) -> Result<(), ImportError> {
    Check::new(include_str!("sql/check_twice.sql"), table)
        .with("column", &literal(&key.columns.join(", ")))
        .with("given", &given("t", &key.columns))
        .with("condition", key.condition.as_deref().unwrap_or("true"))
        .with("columns", &list(&key.columns))
        .run(conn)
        .await?;
    Ok(())
}

async fn known(conn: &mut PgConnection, table: &Table, read: &Staged) -> Result<(), ImportError> {
    let primary = table.primary();
    let goes_on = GOES_ON
        .iter()
        .find(|(name, _)| *name == table.name)
        .map_or(&[][..], |(_, columns)| columns);
    let differences: Vec<String> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(place, column)| {
            read.present.get(*place).copied().unwrap_or(false)
                && !primary.contains(&column.name)
                && !goes_on.contains(&column.name.as_str())
        })
        .map(|(_, column)| {
            let name = quoted(&column.name);
            format!(
                "CASE WHEN n.{name} IS DISTINCT FROM o.{name} THEN {} END",
                literal(&column.name)
            )
        })
        .collect();
    Check::new(include_str!("sql/check_known.sql"), table)
        .with("column", &literal(&primary.join(", ")))
        .with(
            "differences",
            &if differences.is_empty() {
                "NULL::text".to_owned()
            } else {
                differences.join(", ")
            },
        )
        .with("same", &same("n", primary, "o", primary))
        .run(conn)
        .await?;
    Ok(())
}

async fn taken(conn: &mut PgConnection, table: &Table, key: &Key) -> Result<(), ImportError> {
    Check::new(include_str!("sql/check_taken.sql"), table)
        .with("column", &literal(&key.columns.join(", ")))
        .with("columns", &list(&key.columns))
        .with("condition", key.condition.as_deref().unwrap_or("true"))
        .with("same", &same("n", &key.columns, "o", &key.columns))
        .run(conn)
        .await?;
    Ok(())
}

async fn reference(conn: &mut PgConnection, table: &Table, to: &Reference) -> Result<u64, ImportError> {
    let other = |alias: &str| same(alias, &to.other_columns, "n", &to.columns);
    Check::new(include_str!("sql/check_reference.sql"), table)
        .with("column", &literal(&to.columns.join(", ")))
        .with("given", &given("n", &to.columns))
        .with("other_staged", &staged(&to.other))
        .with("other_target", &format!("public.{}", quoted(&to.other)))
        .with("other", &to.other)
        .with("good_same", &other("g"))
        .with("refused_same", &other("r"))
        .with("target_same", &other("o"))
        .run(conn)
        .await
}

async fn circle(conn: &mut PgConnection, table: &Table, to: &Reference) -> Result<(), ImportError> {
    let ([key], [parent]) = (to.other_columns.as_slice(), to.columns.as_slice()) else {
        return Ok(());
    };
    Check::new(include_str!("sql/check_circle.sql"), table)
        .with("column", &literal(parent))
        .with("key", &quoted(key))
        .with("parent", &quoted(parent))
        .run(conn)
        .await?;
    Ok(())
}
