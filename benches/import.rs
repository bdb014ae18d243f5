//! Importing members and ten rows of the ledger each from CSV files, beside `psql`'s `\copy` of the same files into tables
//! of the same columns, keys, indexes and references, in a database of its own without triggers: which reads less into
//! them, refuses the whole for one bad row, and leaves totals and leaderboards to be counted. And the memory it takes, of a
//! tenth of the rows and of all. Then a backup of what came and its proof, beside plain `pg_dump` and `pg_restore`.
//!
//! `cargo bench --bench import` runs it with 1,000,000 members; other numbers go behind `--`; `-- --small` (and `--test`, as
//! `cargo test --benches` says) runs it with a few. Needs `psql`, `pg_dump` and `pg_restore`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    missing_docs
)]

#[allow(dead_code)]
mod support;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use pine_time::cluster::{self, Cluster, Options, Role};
use pine_time::ops::backup::{self, BackupError, Programs, Progress, Store, Target};
use pine_time::ops::exchange::{self, Order, SourceForm};
use pine_time::ops::{game, migrate};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// How many times longer than `\copy` it may take.
const BUDGET: f64 = 3.0;
/// How many times longer than the plain programs dumping and restoring may take, without what is counted and compared.
const BACKUP_BUDGET: f64 = 1.2;
const EVENTS: usize = 500;
const USERS: &str = "id,email,username,full_name,hashed_password,created_at,pass_code";
const LEDGER: &str = "id,user_id,points,transaction_type,event_id,transaction_date,source_key,counts_at";

fn main() {
    let small = support::is_small() || std::env::args().any(|arg| arg == "--small");
    let members = std::env::args().find_map(|arg| arg.parse().ok());
    let members = members.unwrap_or(if small { 2_000 } else { 1_000_000 });
    let options = Options {
        durable: false,
        ..Options::default()
    };
    support::block_on(support::on_private_postgres(options, async |cluster| {
        measure(cluster, members).await;
    }));
}

async fn measure(cluster: &Cluster, members: usize) {
    let folder = tempfile::tempdir().unwrap();
    println!(
        "import: {members} members, {} rows of the ledger, PostgreSQL {}",
        members * 10,
        cluster.server_version()
    );
    let few = folder.path().join("few");
    write(&few, members / 10);
    import(&database(cluster, "few").await, &few).await;
    let memory_of_few = most_memory();
    fs::remove_dir_all(&few).unwrap();
    drop_database(cluster, "few").await;

    let all = folder.path().join("all");
    write(&all, members);
    let plain = copy(&database(cluster, "plain").await, &all);
    drop_database(cluster, "plain").await;
    let url = database(cluster, "imported").await;
    let ours = import(&url, &all).await;
    let ratio = ours.as_secs_f64() / plain.as_secs_f64();
    println!("psql \\copy  {plain:>10.2?}\nimport      {ours:>10.2?}, {ratio:.2} times as long");
    println!(
        "memory      {} MB of a tenth of the rows, {} MB of all",
        memory_of_few / 1024,
        most_memory() / 1024
    );
    println!("{}", verdict(ratio, BUDGET));
    let drift = game::verify(&url, |_| {}).await.unwrap();
    assert!(drift.lines.is_empty(), "what came does not add up: {drift:?}");
    drop(folder);
    back_up(cluster, &url).await;
}

fn verdict(ratio: f64, budget: f64) -> String {
    let verdict = if ratio <= budget { "inside" } else { "OUTSIDE" };
    format!("{verdict} of the budget of {budget} times")
}

/// A migrated database.
async fn database(cluster: &Cluster, name: &str) -> String {
    let mut admin = PgConnection::connect(&cluster.url(Role::Admin, "postgres"))
        .await
        .unwrap();
    let sql = format!("CREATE DATABASE {name} OWNER pine_owner");
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut admin)
        .await
        .unwrap();
    let url = cluster.url(Role::Owner, name);
    migrate::migrate(&url).await.unwrap();
    url
}

async fn drop_database(cluster: &Cluster, name: &str) {
    let mut admin = PgConnection::connect(&cluster.url(Role::Admin, "postgres"))
        .await
        .unwrap();
    let sql = format!("DROP DATABASE {name} WITH (FORCE)");
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut admin)
        .await
        .unwrap();
}

/// The files.
fn write(folder: &Path, members: usize) {
    fs::create_dir(folder).unwrap();
    let file = |name: &str, header: &str| {
        let mut file = BufWriter::new(File::create(folder.join(name)).unwrap());
        writeln!(file, "{header}").unwrap();
        file
    };
    let mut users = file("users.csv", USERS);
    for id in 1..=members {
        writeln!(
            users,
            "{id},member{id}@example.org,member{id},{} {},!,2026-01-01 00:00:00+00,{id:010}",
            ["Ana", "Ben", "Carla", "Dario", "Elena", "Fumi", "Gus"][id % 7],
            ["Reyes", "Santos", "Cruz", "Bautista", "Ocampo"][id / 7 % 5],
        )
        .unwrap();
    }
    users.flush().unwrap();
    let mut events = file("events.csv", "id,title,event_type,location,start_time,end_time");
    for id in 1..=EVENTS {
        let day = format!("2026-{:02}-{:02}", id % 12 + 1, id % 28 + 1);
        writeln!(
            events,
            "{id},Evening {id},games,Hall,{day} 18:00:00+00,{day} 20:00:00+00"
        )
        .unwrap();
    }
    events.flush().unwrap();
    let mut ledger = file("points_transactions.csv", LEDGER);
    for id in 1..=members * 10 {
        let (member, event) = (id % members + 1, id % EVENTS + 1);
        let day = format!("2026-{:02}-{:02}", event % 12 + 1, event % 28 + 1);
        writeln!(
            ledger,
            "{id},{member},{},special_activity,{event},{day} 18:01:00+00,import:{id},{day} 18:00:00+00",
            id % 50
        )
        .unwrap();
    }
    ledger.flush().unwrap();
}

async fn import(url: &str, folder: &Path) -> Duration {
    let order = Order {
        form: SourceForm::Csv,
        path: folder.to_owned(),
        zone: None,
        dry_run: false,
        skip_bad: None,
        by: "bench".to_owned(),
    };
    let began = Instant::now();
    let imported = exchange::import(url, &order, &|_| {}).await.unwrap();
    let took = began.elapsed();
    assert!(imported.written, "{:?}", imported.bad);
    took
}

/// The same files by `psql`, all of them or none.
fn copy(url: &str, folder: &Path) -> Duration {
    let mut script = String::from("BEGIN;\n");
    let tables = [
        ("users", USERS),
        ("events", "id,title,event_type,location,start_time,end_time"),
        ("points_transactions", LEDGER),
    ];
    for (table, columns) in tables {
        let file = folder.join(format!("{table}.csv"));
        let copied = format!(
            "ALTER TABLE {table} DISABLE TRIGGER USER;\n\\copy {table} ({columns}) FROM '{}' WITH (FORMAT csv, HEADER)\n",
            file.display()
        );
        script.push_str(&copied);
    }
    script += "COMMIT;\n";
    let began = Instant::now();
    let mut psql = Command::new("psql");
    psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", url])
        .stdin(std::process::Stdio::piped());
    let mut psql = psql.spawn().expect("psql is not installed");
    psql.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(psql.wait().unwrap().success());
    began.elapsed()
}

/// Backs the community up and proves the backup, beside the plain programs.
async fn back_up(cluster: &Cluster, url: &str) {
    let folder = tempfile::tempdir().unwrap();
    let folders = || cluster::folders_with(None, &Programs::NAMES);
    let target = Target {
        url: url.to_owned(),
        admin: cluster.url(Role::Admin, "postgres"),
        place: "the bench".to_owned(),
        by: "bench".to_owned(),
    };
    let store = Store::at(folder.path().join("backups"));
    let clock = Clock::default();

    let file = folder.path().join("plain.dump");
    let began = Instant::now();
    let made = match backup::create(&store, &target, folders(), &|progress| clock.hear(&progress)).await {
        Ok(kept) => kept,
        // A server that is newer than the programs here, which the program says before it begins.
        Err(error @ BackupError::NoPrograms { .. }) => {
            println!("backup      not measured: {error}");
            return;
        }
        Err(error) => panic!("{error}"),
    };
    let (whole, dump) = (began.elapsed(), clock.step("Dumping", "Counting"));
    let programs = made.manifest.as_ref().unwrap().pg_dump.clone();
    let plain = program(
        "pg_dump",
        &["--format=custom", "--file", file.to_str().unwrap(), url],
    );
    println!("pg_dump     {plain:>10.2?}, {programs}");
    compare("create", whole, "dumping", dump, plain);

    let restored = cluster.url(Role::Admin, "restored");
    let mut admin = PgConnection::connect(&target.admin).await.unwrap();
    sqlx::raw_sql("CREATE DATABASE restored OWNER pine_owner TEMPLATE template0")
        .execute(&mut admin)
        .await
        .unwrap();
    let plain = program(
        "pg_restore",
        &["--exit-on-error", "--dbname", &restored, file.to_str().unwrap()],
    );
    drop_database(cluster, "restored").await;
    fs::remove_file(&file).unwrap();
    let began = Instant::now();
    backup::verify(&store, None, &target, folders(), &|progress| {
        clock.hear(&progress);
    })
    .await
    .unwrap();
    println!("pg_restore  {plain:>10.2?}");
    compare(
        "verify",
        began.elapsed(),
        "restoring",
        clock.step("Restoring", "Comparing"),
        plain,
    );
}

fn compare(what: &str, whole: Duration, part: &str, took: Duration, plain: Duration) {
    let times = |took: Duration| took.as_secs_f64() / plain.as_secs_f64();
    println!(
        "{what:<11} {whole:>10.2?}, {:.2} times as long; {part} alone {took:.2?}, {:.2} times: {}",
        times(whole),
        times(took),
        verdict(times(took), BACKUP_BUDGET)
    );
}

/// How long one of PostgreSQL's programs takes.
fn program(name: &str, arguments: &[&str]) -> Duration {
    let began = Instant::now();
    let status = Command::new(name).args(arguments).status();
    assert!(
        status.unwrap_or_else(|error| panic!("{name}: {error}")).success(),
        "{name}"
    );
    began.elapsed()
}

/// When each step of a piece of work began.
#[derive(Default)]
struct Clock {
    steps: Mutex<Vec<(String, Instant)>>,
}

impl Clock {
    fn hear(&self, progress: &Progress) {
        if let Progress::Step(step) = progress {
            self.steps.lock().unwrap().push((step.clone(), Instant::now()));
        }
    }

    /// From when one step began to when another one did; by how their words begin.
    fn step(&self, from: &str, to: &str) -> Duration {
        let steps = self.steps.lock().unwrap();
        let at = |words: &str| steps.iter().find(|(step, _)| step.starts_with(words)).unwrap().1;
        at(to) - at(from)
    }
}

/// The most memory that this process has had, in KiB.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    line.trim().split(' ').next().unwrap().parse().unwrap()
}
