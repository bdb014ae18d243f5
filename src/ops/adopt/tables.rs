//! The old tables as they are found in the catalog: which of them is which of ours, and a view over each that has all the
//! columns that are read, under our names and in our types. A column that is not there is NULL in every row. What the
//! words in them mean is the business of [`crate::domain::legacy`].

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Executor, PgConnection};

use super::error::AdoptError;
use crate::domain::legacy;

/// What a column is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Whole,
    Amount,
    Moment,
    Truth,
}

/// A column that is read.
struct Column {
    name: &'static str,
    kind: Kind,
    /// Names besides those that [`legacy`] knows; some of what it leaves out is looked at here.
    also: &'static [&'static str],
    needed: bool,
}

/// One old table: the view over it is called `old_` and the name.
struct Table {
    name: &'static str,
    needed: bool,
    columns: &'static [Column],
}

const fn may(name: &'static str, kind: Kind) -> Column {
    also(name, kind, &[])
}

const fn also(name: &'static str, kind: Kind, also: &'static [&'static str]) -> Column {
    Column {
        name,
        kind,
        also,
        needed: false,
    }
}

const fn must(name: &'static str, kind: Kind) -> Column {
    Column {
        name,
        kind,
        also: &[],
        needed: true,
    }
}

/// The types of badges, where an old database keeps them apart; ours has no table for them.
const BADGE_TYPES: &str = "badge_types";

const TABLES: [Table; 9] = [
    Table {
        name: "users",
        needed: true,
        columns: &[
            must("id", Kind::Whole),
            may("email", Kind::Text),
            may("username", Kind::Text),
            may("full_name", Kind::Text),
            must("hashed_password", Kind::Text),
            may("is_active", Kind::Truth),
            may("is_superuser", Kind::Truth),
            may("user_type", Kind::Text),
            may("created_at", Kind::Moment),
            may("last_login", Kind::Moment),
            also("points", Kind::Whole, &["total_points"]),
        ],
    },
    Table {
        name: "events",
        needed: true,
        columns: &[
            must("id", Kind::Whole),
            must("title", Kind::Text),
            may("description", Kind::Text),
            may("event_type", Kind::Text),
            may("location", Kind::Text),
            must("start_time", Kind::Moment),
            may("end_time", Kind::Moment),
            may("max_participants", Kind::Whole),
            may("points_reward", Kind::Whole),
            may("price", Kind::Amount),
            may("created_by", Kind::Whole),
            may("created_at", Kind::Moment),
            may("is_active", Kind::Truth),
        ],
    },
    Table {
        name: "registrations",
        needed: true,
        columns: &[
            must("id", Kind::Whole),
            must("user_id", Kind::Whole),
            must("event_id", Kind::Whole),
            may("registration_date", Kind::Moment),
            may("status", Kind::Text),
            may("payment_status", Kind::Text),
        ],
    },
    Table {
        name: "event_attendees",
        needed: false,
        columns: &[
            must("id", Kind::Whole),
            must("user_id", Kind::Whole),
            must("event_id", Kind::Whole),
            may("status", Kind::Text),
            also("check_in_time", Kind::Moment, &["attendance_date"]),
            may("check_out_time", Kind::Moment),
        ],
    },
    Table {
        name: "payment",
        needed: false,
        columns: &[
            must("id", Kind::Whole),
            may("registration_id", Kind::Whole),
            may("user_id", Kind::Whole),
            may("event_id", Kind::Whole),
            must("amount_paid", Kind::Amount),
            may("payment_channel", Kind::Text),
            may("payment_date", Kind::Moment),
        ],
    },
    Table {
        name: "badges",
        needed: false,
        columns: &[
            must("id", Kind::Whole),
            also("badge_type_id", Kind::Whole, &["badge_type_id"]),
            may("name", Kind::Text),
            may("description", Kind::Text),
            may("badge_type", Kind::Text),
            may("category", Kind::Text),
            may("icon_url", Kind::Text),
            may("created_at", Kind::Moment),
        ],
    },
    Table {
        name: BADGE_TYPES,
        needed: false,
        columns: &[
            must("id", Kind::Whole),
            may("badge_type", Kind::Text),
            may("name", Kind::Text),
            may("description", Kind::Text),
            may("category", Kind::Text),
            also("icon_url", Kind::Text, &["image_url"]),
            may("level", Kind::Text),
        ],
    },
    Table {
        name: "user_badges",
        needed: false,
        columns: &[
            must("id", Kind::Whole),
            must("user_id", Kind::Whole),
            may("badge_id", Kind::Whole),
            also("badge_type", Kind::Text, &["badge_type"]),
            also("name", Kind::Text, &["name"]),
            may("level", Kind::Whole),
            may("earned_date", Kind::Moment),
        ],
    },
    Table {
        name: "points_transactions",
        needed: false,
        columns: &[
            must("id", Kind::Whole),
            must("user_id", Kind::Whole),
            must("points", Kind::Whole),
            may("transaction_type", Kind::Text),
            may("description", Kind::Text),
            may("event_id", Kind::Whole),
            may("awarded_by", Kind::Whole),
            may("transaction_date", Kind::Moment),
        ],
    },
];

impl Column {
    /// Names that it may have in this old table, the likeliest first.
    fn names(&self, table: &str) -> Vec<&'static str> {
        let of = if table == BADGE_TYPES { "badges" } else { table };
        let known = legacy::TABLES
            .iter()
            .filter(|map| map.ours == of)
            .flat_map(|map| map.columns)
            .filter(|(ours, _)| *ours == self.name)
            .flat_map(|(_, theirs)| theirs.iter().copied());
        std::iter::once(self.name)
            .chain(self.also.iter().copied())
            .chain(known)
            .collect()
    }
}

impl Kind {
    /// The type that the view's column has.
    fn sql(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Whole => "bigint",
            Self::Amount => "numeric",
            Self::Moment => "timestamptz",
            Self::Truth => "boolean",
        }
    }

    /// A column of an old type, read as this; none where nobody could say what its values mean. A time without a zone is
    /// UTC. Enumerations and domains are read as their text.
    fn read(self, column: &str, old: &str) -> Option<String> {
        let column = format!("t.{}", quoted(column));
        let is = |types: &[&str]| types.contains(&old);
        match self {
            Self::Text if is(&["bytea", "json", "jsonb", "xml"]) => None,
            Self::Text => Some(format!("{column}::text")),
            Self::Whole if is(&["int2", "int4", "int8"]) => Some(format!("{column}::bigint")),
            Self::Amount if is(&["int2", "int4", "int8", "numeric", "float4", "float8"]) => {
                Some(format!("{column}::numeric"))
            }
            Self::Moment if old == "timestamptz" => Some(column),
            Self::Moment if is(&["timestamp", "date"]) => {
                Some(format!("({column}::timestamp AT TIME ZONE 'UTC')"))
            }
            Self::Truth if old == "bool" => Some(column),
            Self::Truth if is(&["int2", "int4", "int8"]) => Some(format!("({column} <> 0)")),
            Self::Whole | Self::Amount | Self::Moment | Self::Truth => None,
        }
    }
}

/// A table of the catalog.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Found {
    /// Its name, as it is written in the catalog.
    pub(super) name: String,
    /// Its columns.
    pub(super) columns: Vec<String>,
    /// Their types.
    pub(super) types: Vec<String>,
    /// Rows, filled in only for those that are read.
    #[sqlx(skip)]
    pub(super) rows: i64,
}

/// The old tables by our names, and what besides is there.
#[derive(Debug, Default)]
pub(super) struct Old {
    pub(super) tables: BTreeMap<&'static str, Found>,
    /// Tables and `table.column`s that stay behind.
    pub(super) left: Vec<String>,
}

impl Old {
    /// Looks at the schema `public`, and makes the views.
    pub(super) async fn find(conn: &mut PgConnection) -> Result<Self, AdoptError> {
        let all: Vec<Found> = sqlx::query_as(include_str!("tables.sql"))
            .fetch_all(&mut *conn)
            .await?;
        if all.is_empty() {
            return Err(AdoptError::Empty);
        }
        let mut old = Self::default();
        for found in all {
            let name = TABLES.iter().map(|table| table.name).find(|name| {
                if matches!(found.name.as_str(), BADGE_TYPES | "badge_type") {
                    *name == BADGE_TYPES
                } else {
                    legacy::table(&found.name, &found.columns).is_some_and(|table| table.ours == *name)
                }
            });
            match name {
                Some(name) => old.take(conn, name, found).await?,
                None => old.left.push(found.name),
            }
        }
        let missing: Vec<&str> = TABLES
            .iter()
            .filter(|table| table.needed && !old.tables.contains_key(table.name))
            .map(|table| table.name)
            .collect();
        if !missing.is_empty() {
            return Err(AdoptError::Foreign(missing.join(", ")));
        }
        for table in &TABLES {
            old.view(conn, table).await?;
        }
        old.left.sort();
        Ok(old)
    }

    /// Two tables may have names of the same one, as after a change that was never finished: the one with rows is it.
    async fn take(
        &mut self,
        conn: &mut PgConnection,
        name: &'static str,
        mut found: Found,
    ) -> Result<(), AdoptError> {
        let count = format!("SELECT count(*) FROM public.{}", quoted(&found.name));
        found.rows = sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(conn).await?;
        match self.tables.get(name) {
            Some(other) if other.rows > 0 && found.rows > 0 => {
                return Err(AdoptError::Ambiguous(other.name.clone(), found.name));
            }
            Some(other) if other.rows > 0 || found.rows == 0 => self.left.push(found.name),
            Some(other) => {
                self.left.push(other.name.clone());
                self.tables.insert(name, found);
            }
            None => {
                self.tables.insert(name, found);
            }
        }
        Ok(())
    }

    async fn view(&mut self, conn: &mut PgConnection, table: &Table) -> Result<(), AdoptError> {
        let found = self.tables.get(table.name);
        let mut read = Vec::new();
        let mut columns = Vec::new();
        for column in table.columns {
            let place = found.and_then(|found| {
                let names = column.names(table.name);
                names
                    .iter()
                    .find_map(|name| found.columns.iter().position(|own| own == name))
                    .map(|place| (found, place))
            });
            let expression = match place {
                Some((found, place)) => {
                    let (old, of) = (&found.columns[place], &found.types[place]);
                    read.push(old.clone());
                    column.kind.read(old, of).ok_or_else(|| AdoptError::Strange {
                        column: format!("{}.{old}", found.name),
                        of: of.clone(),
                    })?
                }
                None if column.needed && found.is_some() => {
                    return Err(AdoptError::Foreign(format!("{}.{}", table.name, column.name)));
                }
                None => format!("NULL::{}", column.kind.sql()),
            };
            columns.push(format!("{expression} AS {}", column.name));
        }
        let from = match found {
            Some(found) => {
                let rest = found.columns.iter().filter(|own| !read.contains(own));
                self.left.extend(rest.map(|own| format!("{}.{own}", found.name)));
                format!("FROM public.{} AS t", quoted(&found.name))
            }
            None => "WHERE false".to_owned(),
        };
        let sql = format!(
            "CREATE TEMPORARY VIEW old_{} AS SELECT {} {from}",
            table.name,
            columns.join(", ")
        );
        conn.execute(AssertSqlSafe(sql)).await?;
        Ok(())
    }

    /// The old table of one of ours. Badges may be kept in the table of their types.
    pub(super) fn of(&self, ours: &str) -> Option<&Found> {
        let types = || (ours == "badges").then(|| self.tables.get(BADGE_TYPES)).flatten();
        self.tables.get(ours).or_else(types)
    }

    /// What the old database calls one of our tables.
    pub(super) fn name<'a>(&'a self, ours: &'a str) -> &'a str {
        self.of(ours).map_or(ours, |found| found.name.as_str())
    }
}

/// A name as SQL takes it, whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn old_types_are_read_as_ours_or_not_at_all() {
        assert_eq!(
            Kind::Moment.read("at", "timestamp").unwrap(),
            "(t.\"at\"::timestamp AT TIME ZONE 'UTC')",
            "a time without a zone is UTC"
        );
        assert_eq!(Kind::Moment.read("at", "timestamptz").unwrap(), "t.\"at\"");
        assert_eq!(Kind::Truth.read("a\"b", "int4").unwrap(), "(t.\"a\"\"b\" <> 0)");
        assert_eq!(Kind::Text.read("role", "userrole").unwrap(), "t.\"role\"::text");
        assert_eq!(Kind::Whole.read("id", "uuid"), None);
        assert_eq!(Kind::Moment.read("at", "text"), None);
    }

    #[test]
    fn every_column_of_ours_is_known_to_the_map_of_older_names() {
        for table in TABLES.iter().filter(|table| table.name != BADGE_TYPES) {
            assert!(
                legacy::TABLES.iter().any(|map| map.ours == table.name),
                "{}",
                table.name
            );
        }
        let names = |table: &str, column: &str| {
            let table = TABLES.iter().find(|own| own.name == table).unwrap();
            let column = table.columns.iter().find(|own| own.name == column).unwrap();
            column.names(table.name)
        };
        assert_eq!(
            names("users", "hashed_password")[..2],
            ["hashed_password", "password_hash"]
        );
        assert!(names("points_transactions", "awarded_by").contains(&"admin_id"));
    }
}
