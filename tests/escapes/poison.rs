//! A community in which every text is hostile: whatever column of whatever table holds text, read from the catalog, so that
//! a new one is not forgotten. What a table refuses by itself is known by name.

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use crate::corpus;
use crate::support::cluster::Role;
use crate::support::world::World;

/// Text that no person wrote: what signing in, passes, the door's log and the game stand on.
const KEPT: [(&str, &str); 7] = [
    ("check_in_log", "outcome"),
    ("period_totals", "board"),
    ("points_transactions", "source_key"),
    ("rank_counts", "board"),
    ("rank_moves", "boards"),
    ("users", "hashed_password"),
    ("users", "pass_code"),
];

/// Text that its table keeps to a few values or a form.
const GUARDED: [(&str, &str); 10] = [
    ("badge_levels", "name"),
    ("badges", "rule"),
    ("check_in_log", "passage"),
    ("event_attendees", "status"),
    ("points_transactions", "transaction_type"),
    ("registrations", "payment_status"),
    ("registrations", "status"),
    ("settings", "currency"),
    ("settings", "time_zone"),
    ("users", "user_type"),
];

/// Whose names stay, so that they can sign in.
const SPARED: &str = "'admin', 'staff', 'ana'";

struct Column {
    table: String,
    name: String,
    most: Option<i32>,
    kind: String,
}

/// Fills every text of the community with the corpus, row by row another one.
pub(crate) async fn poison(world: &World) {
    let mut admin = PgConnection::connect(&world.database.url(Role::Admin))
        .await
        .unwrap();
    // Triggers keep logs from being changed; what is in them came through a person once all the same.
    sqlx::raw_sql(
        "SET session_replication_role = replica; CREATE TEMPORARY TABLE corpus (number int, text text)",
    )
    .execute(&mut admin)
    .await
    .unwrap();
    let texts = corpus::texts();
    for (number, (_, text)) in (0..).zip(&texts) {
        sqlx::query("INSERT INTO corpus VALUES ($1, $2)")
            .bind(number)
            .bind(text)
            .execute(&mut admin)
            .await
            .unwrap();
    }
    let (mut refused, mut kept) = (Vec::new(), 0);
    for column in columns(&mut admin).await {
        if KEPT.contains(&(column.table.as_str(), column.name.as_str())) {
            kept += 1;
            continue;
        }
        if let Err(error) = fill(&mut admin, &column, texts.len()).await {
            let code = error
                .as_database_error()
                .and_then(|error| error.code().map(|code| code.to_string()));
            assert!(
                matches!(code.as_deref(), Some("23514" | "23503" | "22001" | "22P02")),
                "{}.{}: {error}",
                column.table,
                column.name
            );
            refused.push((column.table, column.name));
        }
    }
    assert_eq!(kept, KEPT.len(), "what is kept is there");
    let refused: Vec<(&str, &str)> = refused.iter().map(|(table, name)| (&**table, &**name)).collect();
    assert_eq!(
        refused, GUARDED,
        "columns that take no text of the corpus; name a new one here, or let it be filled"
    );
}

async fn columns(admin: &mut PgConnection) -> Vec<Column> {
    sqlx::query(
        "SELECT c.table_name::text, c.column_name::text, c.character_maximum_length::int4, c.data_type::text
         FROM information_schema.columns AS c
         JOIN information_schema.tables AS t USING (table_schema, table_name)
         WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
           AND (c.data_type IN ('text', 'character varying', 'json', 'jsonb') OR c.udt_name = '_text')
           AND c.table_name NOT LIKE '\\_sqlx%'
         ORDER BY 1, 2",
    )
    .fetch_all(admin)
    .await
    .unwrap()
    .iter()
    .map(|row| Column {
        table: row.get(0),
        name: row.get(1),
        most: row.get(2),
        kind: row.get(3),
    })
    .collect()
}

async fn fill(admin: &mut PgConnection, column: &Column, texts: usize) -> Result<(), sqlx::Error> {
    let Column { table, name, .. } = column;
    // Unique columns keep being so: the row's number goes in front.
    let most = column.most.unwrap_or(3_000);
    let text = format!("left(each.row || ' ' || c.text, {most})");
    let value = match column.kind.as_str() {
        "json" | "jsonb" => format!("jsonb_build_object('full_name', {text}, {text}, {text})"),
        "ARRAY" => format!("ARRAY[{text}]"),
        _ => text,
    };
    let spared = match (table.as_str(), name.as_str()) {
        ("users", "username" | "user_type") => format!("AND t.username NOT IN ({SPARED})"),
        _ => String::new(),
    };
    let fill = |which: &str| {
        format!(
            "UPDATE public.{table} AS t SET {name} = {value}
             FROM (SELECT ctid, row_number() OVER (ORDER BY ctid) AS row FROM public.{table}) AS each
             JOIN corpus AS c ON c.number = each.row % {texts}
             WHERE t.ctid = each.ctid {spared} {which}"
        )
    };
    // Everywhere, if the table lets it; else where somebody wrote something.
    let everywhere = sqlx::raw_sql(AssertSqlSafe(fill(""))).execute(&mut *admin).await;
    if everywhere.is_err() {
        let there = fill(&format!("AND t.{name} IS NOT NULL"));
        sqlx::raw_sql(AssertSqlSafe(there)).execute(&mut *admin).await?;
    }
    Ok(())
}
