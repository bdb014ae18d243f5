//! `export`: every row of every table, of one moment, in a form that PostgreSQL itself reads back into the same.

use std::fs;
use std::path::Path;

use serde_json::Value;
use sqlx::postgres::PgPoolCopyExt;

use crate::Program;
use crate::backup_story::{community, json_of};
use crate::support::cluster::Role;
use crate::support::world::World;

/// A table's rows and sum, as a backup counts them, of anything that has its columns.
async fn sum(world: &World, table: &str, like: &str) -> (i64, String) {
    let sql = format!(
        "SELECT count(*), coalesce(sum(hashtextextended(t::text COLLATE \"C\", 0)::numeric), 0)::text FROM {table} AS t, (SELECT '{like}') AS l"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .fetch_one(&world.owner)
        .await
        .unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_can_be_read_back_as_it_was() {
    let world = community().await;
    world
        .sql(
            r#"UPDATE users SET full_name = E'O\\Brien, "Ñiño"\n猫' WHERE username = 'ana';
               UPDATE events SET description = '' WHERE id = 1;
               UPDATE events SET description = NULL WHERE id = 2"#,
        )
        .await;
    let folder = tempfile::tempdir().unwrap();
    let owner = Program::of(&world, Role::Owner);
    let (csv, json) = (folder.path().join("csv"), folder.path().join("json"));
    let told = json_of(&owner, &["export", "csv", csv.to_str().unwrap(), "--json"]);
    json_of(&owner, &["export", "json", json.to_str().unwrap(), "--json"]);
    let tables = told["tables"].as_object().unwrap();
    assert_eq!(names(&csv).len(), tables.len() + 1);
    for kept_in in [
        "sessions",
        "kiosks",
        "_sqlx_migrations",
        "password_codes",
        "login_throttle",
        "request_log",
    ] {
        assert!(!csv.join(format!("{kept_in}.csv")).exists(), "{kept_in}");
    }
    for (name, facts) in tables {
        let plain = name.strip_prefix("public.").unwrap();
        // A table without keys and triggers that has the same columns takes the file in.
        let text = fs::read(csv.join(format!("{plain}.csv"))).unwrap();
        let header = String::from_utf8_lossy(&text).lines().next().unwrap().to_owned();
        let copy = format!("back.{plain}");
        world
            .sql(&format!(
                "CREATE SCHEMA IF NOT EXISTS back; CREATE TABLE {copy} (LIKE {name} INCLUDING GENERATED)"
            ))
            .await;
        let mut into = world
            .owner
            .copy_in_raw(&format!(
                "COPY {copy} ({header}) FROM STDIN (FORMAT csv, HEADER MATCH)"
            ))
            .await
            .unwrap();
        into.send(text).await.unwrap();
        into.finish().await.unwrap();
        let back = sum(&world, &copy, plain).await;
        assert_eq!(facts["rows"], back.0, "{name}");
        assert_eq!(facts["sum"], back.1, "{name}");
        // The same rows as JSON, one a line; the server reads them into the table's own types.
        let lines = fs::read_to_string(json.join(format!("{plain}.jsonl"))).unwrap();
        assert_eq!(facts["rows"], lines.lines().count(), "{name}");
        for line in lines.lines().take(50) {
            let object: Value = serde_json::from_str(line).unwrap();
            assert_eq!(
                object.as_object().unwrap().len(),
                header.split(',').count(),
                "{name}: {line}"
            );
        }
        let odd: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "SELECT count(*) FROM {copy} AS b
             WHERE NOT EXISTS (SELECT FROM unnest($1::text[]) AS l
                               WHERE (json_populate_record(NULL::{copy}, l::json))::text = b::text)"
        )))
        .bind(lines.lines().take(2000).map(str::to_owned).collect::<Vec<_>>())
        .fetch_one(&world.owner)
        .await
        .unwrap();
        let has_generated = plain == "users";
        assert!(
            has_generated || odd == 0 || lines.lines().count() > 2000,
            "{name}: {odd} rows differ as JSON"
        );
    }
    let ana = fs::read_to_string(json.join("users.jsonl")).unwrap();
    let ana: Value = ana
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .find(|user| user["username"] == "ana")
        .unwrap();
    assert_eq!(ana["full_name"], "O\\Brien, \"Ñiño\"\n猫");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_the_way_leaves_nothing() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    let folder = tempfile::tempdir().unwrap();
    let (full, new) = (folder.path().join("full"), folder.path().join("new"));
    fs::create_dir(&full).unwrap();
    fs::write(full.join("mine"), "keep").unwrap();
    let at = |path: &Path| path.to_str().unwrap().to_owned();
    let said = owner.fails(&["export", "csv", &at(&full)], 1);
    assert!(said.contains("is there already"), "{said}");
    assert!(
        owner
            .fails(&["export", "csv", "/sys/pine-time"], 1)
            .contains("cannot be written")
    );
    let staff = Program::of(&world, Role::Staff).fails(&["export", "csv", &at(&new)], 3);
    assert!(staff.contains("may not do that"), "{staff}");
    assert_eq!(
        names(folder.path()),
        ["full"],
        "nothing is left but what was there"
    );
    assert_eq!(names(&full), ["mine"]);
    // An empty folder will do.
    fs::create_dir(&new).unwrap();
    let done = owner.done(&["export", "csv", &at(&new)]);
    assert!(done.contains("nobody else can read it"), "{done}");
}
