//! `backup`: a community made, proved, changed and brought back; killed at any instant; kept by number.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use pine_time::ops::sample;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection};

use crate::support::cluster::{Role, cluster};
use crate::support::until;
use crate::support::world::World;
use crate::{Program, finished};

/// A community with people in it.
pub(crate) async fn community() -> World {
    let world = World::new().await;
    sample::fill(&world.database.url(Role::Owner)).await.unwrap();
    world
}

/// The program over a login that may make databases, with a folder of backups of its own.
pub(crate) fn program(world: &World, role: Role) -> (Program, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::of(world, role).with("PINE_TIME_BACKUP_DIR", &folder.path().display().to_string());
    (program, folder)
}

/// Runs to its good end and reads the document; progress on standard error is no matter.
pub(crate) fn json_of(program: &Program, arguments: &[&str]) -> Value {
    serde_json::from_str(&finished(&program.run_with(arguments, b""), 0).0).unwrap()
}

/// Databases that are left of verifying and restoring, counted while no other test's command makes any.
pub(crate) async fn scratch_databases() -> i64 {
    let mut admin = PgConnection::connect(&cluster().await.url(Role::Admin, "postgres"))
        .await
        .unwrap();
    // What such commands wait for each other by.
    sqlx::raw_sql("SELECT pg_advisory_lock(hashtextextended('pine-time scratch', 0))")
        .execute(&mut admin)
        .await
        .unwrap();
    sqlx::query_scalar("SELECT count(*) FROM pg_database WHERE datname LIKE 'pine\\_scratch\\_%'")
        .fetch_one(&mut admin)
        .await
        .unwrap()
}

async fn drop_database(name: &str) {
    let mut admin = PgConnection::connect(&cluster().await.url(Role::Admin, "postgres"))
        .await
        .unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "DROP DATABASE \"{name}\" WITH (FORCE)"
    )))
    .execute(&mut admin)
    .await
    .unwrap();
}

async fn ask(url: &str, sql: &'static str) -> String {
    let mut conn = PgConnection::connect(url).await.unwrap();
    let answer = sqlx::query_scalar(sql).fetch_one(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    answer
}

/// Every ledger row and member, as one text.
const CONTENTS: &str = "SELECT (SELECT string_agg(u::text, '|' ORDER BY u.id) FROM users AS u)
                            || (SELECT string_agg(p::text, '|' ORDER BY p.id) FROM points_transactions AS p)";

#[tokio::test(flavor = "multi_thread")]
async fn made_proved_changed_and_brought_back() {
    let world = community().await;
    let (program, folder) = program(&world, Role::Admin);
    let url = world.database.url(Role::Owner);
    let before = ask(&url, CONTENTS).await;

    let made = json_of(&program, &["backup", "create", "--json"]);
    let name = made["name"].as_str().unwrap();
    assert!(name.starts_with(&world.database.name), "{name}");
    let rows = world.count("users").await;
    let manifest: Value =
        serde_json::from_slice(&fs::read(folder.path().join(name).join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["facts"]["tables"]["public.users"]["rows"], rows);
    assert_eq!(manifest["schema"], pine_time::db::schema::version());
    assert!(manifest["facts"]["foreign_keys"].as_array().unwrap().len() > 10);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        mode(&folder.path().join(name)),
        0o700,
        "it holds everything of everybody"
    );
    assert_eq!(mode(&folder.path().join(name).join("dump")), 0o600);

    let listed = json_of(&program, &["backup", "list", "--json"]);
    assert_eq!(
        (&listed[0]["name"], &listed[0]["verified_at"]),
        (&made["name"], &Value::Null)
    );
    let verified = json_of(&program, &["backup", "verify", "--json"]);
    assert_eq!(
        (
            &verified["name"],
            &verified["rows"],
            &verified["signed_in"],
            &verified["recorded"]
        ),
        (&made["name"], &made["rows"], &json!(true), &json!(true))
    );
    let staff = world.staff().await;
    let age = world.db(Role::Staff).backup_age(&staff).await.unwrap().unwrap();
    assert_eq!((age.name.as_str(), age.is_old()), (name, false));
    assert!(program.done(&["backup", "list"]).contains("verified 20"));

    // The evening goes on, and goes wrong.
    world
        .sql("UPDATE users SET full_name = 'Wrong'; SELECT setval('users_id_seq', 9000)")
        .await;
    let refused = finished(&program.run_with(&["backup", "restore", name], b""), 3).1;
    assert!(
        refused.contains("Nothing was changed") && refused.contains(&world.database.name),
        "{refused}"
    );
    finished(
        &program.run_with(&["backup", "restore", name, "--replace", "pine_time"], b""),
        3,
    );
    assert_eq!(ask(&url, "SELECT min(full_name) FROM users").await, "Wrong");

    let drill = format!("{}_drill", world.database.name);
    let into = json_of(&program, &["backup", "restore", name, "--into", &drill, "--json"]);
    assert_eq!(
        (&into["database"], &into["before"]),
        (&json!(drill), &Value::Null)
    );
    assert_eq!(
        ask(&cluster().await.url(Role::Owner, &drill), CONTENTS).await,
        before
    );
    let taken = program.run_with(&["backup", "restore", name, "--into", &drill], b"");
    assert!(finished(&taken, 1).1.contains("already"));
    drop_database(&drill).await;

    // Over the running one: its name is typed, whoever is connected is sent away, and what was there is kept.
    world
        .sql(&format!(
            "ALTER DATABASE {} SET work_mem TO '5MB'",
            world.database.name
        ))
        .await;
    let mut client = PgConnection::connect(&url).await.unwrap();
    let restored = json_of(
        &program,
        &[
            "backup",
            "restore",
            name,
            "--replace",
            &world.database.name,
            "--json",
        ],
    );
    assert!(
        sqlx::raw_sql("SELECT 1").execute(&mut client).await.is_err(),
        "the old connection is gone"
    );
    assert_eq!(ask(&url, CONTENTS).await, before);
    assert_eq!(
        ask(&url, "SELECT current_setting('work_mem')").await,
        "5MB",
        "no dump has that"
    );
    let owners = "SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ' ') FROM pg_class
                  WHERE relnamespace IN ('public'::regnamespace, 'pine'::regnamespace)";
    assert_eq!(ask(&url, owners).await, "pine_owner");
    let old = restored["before"].as_str().unwrap();
    assert_eq!(
        ask(
            &cluster().await.url(Role::Owner, old),
            "SELECT min(full_name) FROM users"
        )
        .await,
        "Wrong"
    );
    let noted =
        "SELECT count(*)::text FROM audit_log WHERE action = 'backup_restore' AND actor LIKE 'owner:%'";
    assert_eq!(ask(&url, noted).await, "1");
    // The screens' own way in, over the staff's login.
    let staff = Program::of(&world, Role::Staff).with("PINE_TIME_PASSWORD", sample::PASSWORD);
    assert!(staff.done(&["user", "list", "--as", "admin"]).contains("ana"));
    drop_database(old).await;
    assert_eq!(scratch_databases().await, 0);
}

/// A login that is no superuser, with the right to make databases.
#[tokio::test(flavor = "multi_thread")]
async fn an_owners_login_that_may_make_databases_is_enough() {
    let world = community().await;
    let login = format!("backup_{}", world.database.name);
    let mut admin = PgConnection::connect(&world.database.url(Role::Admin))
        .await
        .unwrap();
    let roles = format!("CREATE ROLE {login} LOGIN CREATEDB IN ROLE pine_owner");
    sqlx::raw_sql(sqlx::AssertSqlSafe(roles))
        .execute(&mut admin)
        .await
        .unwrap();
    let (mut program, _folder) = program(&world, Role::Admin);
    program.url = Some(world.database.url(Role::Admin).replace("pine_admin", &login));
    let made = json_of(&program, &["backup", "create", "--verify", "--prune", "--json"]);
    assert_eq!(
        (&made["verified"]["signed_in"], &made["removed"]),
        (&json!(true), &json!([]))
    );
    let name = made["name"].as_str().unwrap();
    let drill = format!("{}_drill", world.database.name);
    program.run_with(&["backup", "restore", name, "--into", &drill], b"");
    let owner: String = ask(
        &cluster().await.url(Role::Owner, &drill),
        "SELECT pg_get_userbyid(relowner)::text FROM pg_class WHERE oid = 'users'::regclass",
    )
    .await;
    assert_eq!(owner, "pine_owner");
    drop_database(&drill).await;
    // A login that may not says so, and what has to be done.
    let (plain, _keep) = self::program(&world, Role::Owner);
    json_of(&plain, &["backup", "create", "--json"]);
    let refused = finished(&plain.run_with(&["backup", "verify"], b""), 3).1;
    assert!(refused.contains("CREATEDB"), "{refused}");
    let drop = format!("DROP ROLE {login}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(drop))
        .execute(&mut admin)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn dump_and_counts_are_of_one_moment_while_people_go_on() {
    let world = community().await;
    let (program, folder) = program(&world, Role::Admin);
    let url = world.database.url(Role::Owner);
    let writer = tokio::spawn(async move {
        let mut conn = PgConnection::connect(&url).await.unwrap();
        for number in 0..100_000 {
            let sql =
                "INSERT INTO audit_log (at, actor, action, subject, device) VALUES (now(), 'a', 'b', $1, '')";
            sqlx::query(sql)
                .bind(number.to_string())
                .execute(&mut conn)
                .await
                .unwrap();
        }
    });
    until("somebody writes", || async {
        world.count("audit_log WHERE action = 'b'").await > 5
    })
    .await;
    let made = json_of(&program, &["backup", "create", "--json"]);
    assert!(!writer.is_finished(), "the writer went on the whole time");
    writer.abort();
    json_of(&program, &["backup", "verify", "--json"]);

    // The control: a dump of a later moment beside the same counts is found out.
    world
        .sql(
            "INSERT INTO audit_log (at, actor, action, subject, device) VALUES (now(), 'a', 'b', 'late', '')",
        )
        .await;
    let backup = folder.path().join(made["name"].as_str().unwrap());
    let dump = backup.join("dump");
    let dumped = std::process::Command::new("pg_dump")
        .args([
            "--format=custom",
            &format!("--dbname={}", world.database.url(Role::Owner)),
        ])
        .output()
        .unwrap();
    assert!(dumped.status.success(), "{dumped:?}");
    fs::write(&dump, &dumped.stdout).unwrap();
    sign(&backup);
    let differs = finished(&program.run_with(&["backup", "verify"], b""), 1).1;
    assert!(differs.contains("public.audit_log has"), "{differs}");
    assert_eq!(scratch_databases().await, 0);
}

/// Gives a dump that was changed the size and checksum that it has now.
pub(crate) fn sign(backup: &Path) {
    let dump = fs::read(backup.join("dump")).unwrap();
    let path = backup.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    manifest["bytes"] = json!(dump.len());
    manifest["sha256"] = json!(sum(&dump));
    fs::write(path, serde_json::to_vec(&manifest).unwrap()).unwrap();
}

/// A checksum as the manifest has it.
fn sum(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
}

/// What has a backup's name, and what is half made.
fn entries(folder: &Path) -> (Vec<PathBuf>, usize) {
    let all: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let hidden = |path: &PathBuf| {
        path.file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with(".partial")
    };
    let lock = |path: &PathBuf| path.ends_with(".lock");
    let partial = all.iter().filter(|path| hidden(path)).count();
    (
        all.into_iter()
            .filter(|path| !hidden(path) && !lock(path))
            .collect(),
        partial,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_instant_nothing_is_left_that_looks_good() {
    const KILLS: u32 = 50;
    let world = community().await;
    let (program, folder) = program(&world, Role::Admin);
    let began = Instant::now();
    json_of(&program, &["backup", "create", "--json"]);
    let whole = began.elapsed();
    let (mut half_made, mut killed) = (0, 0);
    for kill in 0..KILLS {
        let mut child = program
            .command(&["backup", "create"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Spread over the time that a whole one takes, and a little beyond; where exactly it hits is chance.
        tokio::time::sleep(whole * (kill + 1) / (KILLS - 4) + Duration::from_millis(u64::from(kill % 7)))
            .await;
        child.kill().unwrap();
        if !child.wait().unwrap().success() {
            killed += 1;
        }
        let (named, partial) = entries(folder.path());
        half_made += partial;
        for backup in named {
            let manifest: Value =
                serde_json::from_slice(&fs::read(backup.join("manifest.json")).unwrap()).unwrap();
            let dump = fs::read(backup.join("dump")).unwrap();
            assert_eq!(
                manifest["sha256"],
                sum(&dump),
                "{} looks good and is not",
                backup.display()
            );
        }
    }
    assert!(killed > KILLS / 3, "only {killed} were killed at work");
    assert!(half_made > 0, "none was hit in the middle");
    // The next one clears away what they left, and every one that is listed can be read from end to end.
    let made = json_of(&program, &["backup", "create", "--json"]);
    assert_eq!(entries(folder.path()).1, 0);
    let listed = json_of(&program, &["backup", "list", "--json"]);
    assert_eq!(listed[0]["name"], made["name"]);
    for line in listed.as_array().unwrap() {
        assert_eq!(line["damaged"], Value::Null, "{line}");
    }
    json_of(&program, &["backup", "verify", "--json"]);
    until("no pg_dump of theirs is at work", || async {
        let mut admin = PgConnection::connect(&world.database.url(Role::Admin)).await.unwrap();
        let at_work: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pine-time backup' AND datname = current_database()",
        )
        .fetch_one(&mut admin)
        .await
        .unwrap();
        at_work == 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pruning_keeps_what_the_numbers_say_and_the_last_verified_one() {
    let world = World::new().await;
    let (program, folder) = program(&world, Role::Admin);
    let program = program
        .with("PINE_TIME_BACKUP_KEEP_HOURLY", "1")
        .with("PINE_TIME_BACKUP_KEEP_DAILY", "3")
        .with("PINE_TIME_BACKUP_KEEP_WEEKLY", "0")
        .with("PINE_TIME_BACKUP_KEEP_MONTHLY", "0");
    assert!(program.done(&["backup", "list"]).contains("no backup"));
    let made = json_of(&program, &["backup", "create", "--verify", "--json"]);
    assert_eq!(made["verified"]["signed_in"], Value::Null, "nobody is there yet");
    let first = folder.path().join(made["name"].as_str().unwrap());
    // The same one at other moments; only the oldest was proved.
    let copy = |name: &str, made_at: &str, proved: bool| {
        let to = folder.path().join(name);
        fs::create_dir(&to).unwrap();
        for file in ["dump", "manifest.json", "verified.json"] {
            if proved || file != "verified.json" {
                fs::copy(first.join(file), to.join(file)).unwrap();
            }
        }
        let mut manifest: Value =
            serde_json::from_slice(&fs::read(to.join("manifest.json")).unwrap()).unwrap();
        manifest["made_at"] = json!(made_at);
        fs::write(to.join("manifest.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
    };
    copy("a", "2026-01-05T10:00:00Z", true);
    copy("b", "2026-03-01T10:00:00Z", false);
    copy("c", "2026-03-02T10:00:00Z", false);
    copy("d", "2026-03-02T20:00:00Z", false);
    copy("e", "2026-03-03T10:00:00Z", false);
    fs::remove_dir_all(&first).unwrap();
    // Another community's in the same folder has numbers of its own.
    copy_of_elsewhere(folder.path());
    let would = program.done(&["backup", "prune", "--dry-run"]);
    assert_eq!(would, "would remove c\n");
    let removed = json_of(&program, &["backup", "prune", "--json"]);
    assert_eq!(removed["removed"], json!(["c"]));
    let names: Vec<_> = json_of(&program, &["backup", "list", "--json"])
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        ["e", "d", "b", "a", "z"],
        "b, d, e stand for their days; a is the last verified one"
    );
    assert_eq!(
        program.done(&["backup", "prune"]),
        "Every backup is worth keeping.\n"
    );
}

fn copy_of_elsewhere(folder: &Path) {
    let to = folder.join("z");
    fs::create_dir(&to).unwrap();
    for file in ["dump", "manifest.json"] {
        fs::copy(folder.join("a").join(file), to.join(file)).unwrap();
    }
    let mut manifest: Value = serde_json::from_slice(&fs::read(to.join("manifest.json")).unwrap()).unwrap();
    manifest["place"] = json!("other at elsewhere:5432");
    manifest["made_at"] = json!("2020-01-01T00:00:00Z");
    fs::write(to.join("manifest.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
}
