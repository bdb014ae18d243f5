//! What is in a database, in numbers that two databases can be compared by: rows and an exact sum over every table, the
//! foreign keys, where the sequences stand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, PgConnection};

/// What is in a database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// By `schema.table`.
    pub tables: BTreeMap<String, TableFacts>,
    /// Table, name and definition of each.
    pub foreign_keys: Vec<String>,
    /// The last number given, by `schema.sequence`. Not of the moment, but not after it: sequences know no transactions.
    pub sequences: BTreeMap<String, i64>,
}

/// What is in a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFacts {
    /// How many rows.
    pub rows: i64,
    /// The sum of a 64-bit hash of every row's text, exact whatever the order of the rows; decimal.
    pub sum: String,
}

impl Facts {
    /// Where the sequences stand; asked for before a snapshot is taken.
    pub(super) async fn sequences(conn: &mut PgConnection) -> Result<BTreeMap<String, i64>, sqlx::Error> {
        let rows: Vec<(String, i64)> = sqlx::query_as(include_str!("sequences.sql"))
            .fetch_all(conn)
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// Everything that the connection sees; the connection writes values in the owner's fixed way.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn of(conn: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let sequences = Self::sequences(conn).await?;
        Self::count(conn, sequences).await
    }

    /// Counts what the connection sees; the connection writes values in the owner's fixed way.
    pub(super) async fn count(
        conn: &mut PgConnection,
        sequences: BTreeMap<String, i64>,
    ) -> Result<Self, sqlx::Error> {
        let names: Vec<String> = sqlx::query_scalar(include_str!("facts.sql"))
            .fetch_all(&mut *conn)
            .await?;
        let mut tables = BTreeMap::new();
        for name in names {
            let sql = format!(
                r#"SELECT count(*), coalesce(sum(hashtextextended(t::text COLLATE "C", 0)::numeric), 0)::text FROM ONLY {name} AS t"#
            );
            let (rows, sum) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut *conn).await?;
            tables.insert(name, TableFacts { rows, sum });
        }
        let foreign_keys = sqlx::query_scalar(include_str!("foreign_keys.sql"))
            .fetch_all(conn)
            .await?;
        Ok(Self {
            tables,
            foreign_keys,
            sequences,
        })
    }

    /// Every way in which what was restored differs from this.
    pub fn differences(&self, restored: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (name, table) in &self.tables {
            match restored.tables.get(name) {
                None => found.push(format!("the table {name} is missing")),
                Some(other) if other.rows != table.rows => found.push(format!(
                    "{name} has {} rows instead of {}",
                    other.rows, table.rows
                )),
                Some(other) if other.sum != table.sum => {
                    found.push(format!("rows of {name} have other contents"));
                }
                Some(_) => {}
            }
        }
        let extra = restored
            .tables
            .keys()
            .filter(|name| !self.tables.contains_key(*name));
        found.extend(extra.map(|name| format!("the table {name} came from nowhere")));
        let missing = self
            .foreign_keys
            .iter()
            .filter(|key| !restored.foreign_keys.contains(key));
        found.extend(missing.map(|key| format!("the foreign key {key} does not hold")));
        for (name, last) in &self.sequences {
            match restored.sequences.get(name) {
                None => found.push(format!("the sequence {name} is missing")),
                Some(other) if other < last => {
                    found.push(format!("the sequence {name} stands at {other}, before {last}"));
                }
                Some(_) => {}
            }
        }
        found
    }

    /// How many rows in all.
    pub fn rows(&self) -> i64 {
        self.tables.values().map(|table| table.rows).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_is_told() {
        let table = |rows, sum: &str| TableFacts {
            rows,
            sum: sum.to_owned(),
        };
        let facts = |tables: &[(&str, TableFacts)], keys: &[&str], at| Facts {
            tables: tables
                .iter()
                .map(|(name, facts)| ((*name).to_owned(), facts.clone()))
                .collect(),
            foreign_keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            sequences: [("public.s".to_owned(), at)].into(),
        };
        let made = facts(
            &[("a", table(1, "7")), ("b", table(2, "8")), ("c", table(3, "9"))],
            &["a b"],
            5,
        );
        assert_eq!(made.differences(&made), Vec::<String>::new());
        let later = facts(
            &[("a", table(1, "7")), ("b", table(2, "8")), ("c", table(3, "9"))],
            &["a b"],
            9,
        );
        assert_eq!(made.differences(&later), Vec::<String>::new(), "sequences go on");
        let other = facts(
            &[("a", table(2, "7")), ("b", table(2, "0")), ("d", table(0, "0"))],
            &[],
            4,
        );
        assert_eq!(made.differences(&other).len(), 6);
    }
}
