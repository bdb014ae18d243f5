//! What the database's tables look like, as its catalog has it: columns and their types, keys, references, rules. What is
//! imported is held to this and nothing is written down twice.

use sqlx::PgConnection;

use crate::domain::typed::Kind;

use super::super::KEPT_IN;
use super::ImportError;

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    /// As SQL names its type.
    pub(super) sql: String,
    pub(super) kind: Kind,
    /// Whether a row must have a value.
    pub(super) needed: bool,
    /// Whether one comes by itself when the column is not mentioned.
    pub(super) comes_by_itself: bool,
}

/// Columns that no two rows have the same of, where the condition holds.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Key {
    table: String,
    pub(super) is_primary: bool,
    pub(super) columns: Vec<String>,
    pub(super) condition: Option<String>,
}

/// Columns that refer to a row of a table.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Reference {
    table: String,
    pub(super) columns: Vec<String>,
    pub(super) other: String,
    pub(super) other_columns: Vec<String>,
}

/// What every row keeps to.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Rule {
    table: String,
    pub(super) column: String,
    pub(super) condition: String,
}

/// A table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    pub(super) keys: Vec<Key>,
    pub(super) references: Vec<Reference>,
    pub(super) rules: Vec<Rule>,
}

#[derive(sqlx::FromRow)]
struct ColumnRow {
    table: String,
    name: String,
    #[sqlx(rename = "type")]
    sql: String,
    needed: bool,
    comes_by_itself: bool,
}

impl Table {
    /// The columns that tell its rows apart.
    pub(super) fn primary(&self) -> &[String] {
        self.keys
            .iter()
            .find(|key| key.is_primary)
            .map_or(&[], |key| &key.columns)
    }

    /// The place of a column.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Its name in SQL.
    pub(super) fn target(&self) -> String {
        format!("public.{}", quoted(&self.name))
    }

    /// The name in SQL of the table in which what is read waits.
    pub(super) fn staged(&self) -> String {
        staged(&self.name)
    }
}

/// The name in SQL of the table in which rows for a table wait.
pub(super) fn staged(table: &str) -> String {
    format!("pg_temp.{}", quoted(&format!("new_{table}")))
}

/// A name in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Every table, each after those that it refers to.
pub(super) async fn tables(conn: &mut PgConnection) -> Result<Vec<Table>, ImportError> {
    let kept_in: Vec<String> = KEPT_IN.map(str::to_owned).to_vec();
    let rows: Vec<ColumnRow> = sqlx::query_as(include_str!("sql/columns.sql"))
        .bind(kept_in)
        .fetch_all(&mut *conn)
        .await?;
    let keys: Vec<Key> = sqlx::query_as(include_str!("sql/keys.sql"))
        .fetch_all(&mut *conn)
        .await?;
    let references: Vec<Reference> = sqlx::query_as(include_str!("sql/references.sql"))
        .fetch_all(&mut *conn)
        .await?;
    let rules: Vec<Rule> = sqlx::query_as(include_str!("sql/rules.sql"))
        .fetch_all(&mut *conn)
        .await?;
    let mut tables: Vec<Table> = Vec::new();
    for row in rows {
        if tables.last().is_none_or(|table| table.name != row.table) {
            tables.push(Table {
                keys: keys
                    .iter()
                    .filter(|key| key.table == row.table)
                    .cloned()
                    .collect(),
                references: references
                    .iter()
                    .filter(|reference| reference.table == row.table)
                    .cloned()
                    .collect(),
                rules: rules
                    .iter()
                    .filter(|rule| rule.table == row.table)
                    .cloned()
                    .collect(),
                name: row.table.clone(),
                columns: Vec::new(),
            });
        }
        let kind = Kind::of(&row.sql).ok_or_else(|| {
            ImportError::Source(format!(
                "The column {}.{} is of a type that cannot be imported ({})",
                row.table, row.name, row.sql
            ))
        })?;
        if let Some(table) = tables.last_mut() {
            table.columns.push(Column {
                name: row.name,
                sql: row.sql,
                kind,
                needed: row.needed,
                comes_by_itself: row.comes_by_itself,
            });
        }
    }
    Ok(in_order(tables))
}

/// Each table after those that it refers to; itself and circles apart.
fn in_order(mut left: Vec<Table>) -> Vec<Table> {
    let mut done: Vec<Table> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |table: &Table| {
            table
                .references
                .iter()
                .any(|to| to.other != table.name && left.iter().any(|other| other.name == to.other))
        };
        let next = left.iter().position(|table| !waits(table)).unwrap_or(0);
        done.push(left.remove(next));
    }
    done
}
