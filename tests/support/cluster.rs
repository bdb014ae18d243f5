//! One private PostgreSQL for the whole test run, whatever number of processes it has, and a database of its own for each
//! test, copied from a template that is migrated once. Nobody has to start it before or stop it after.

#[path = "pgbouncer.rs"]
pub mod pgbouncer;

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::unistd::{Pid, Uid};
pub use pine_time::cluster::Role;
use pine_time::cluster::{Cluster, Options};
use pine_time::db::schema;
use pine_time::ops::migrate;
use sha2::{Digest, Sha256};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};
use tokio::sync::OnceCell;

use pgbouncer::PgBouncer;

/// The server stays up this long after the last test process: the next one of the same run finds it running.
const LINGER: Duration = Duration::from_secs(10);

/// Templates that are kept for those who go back and forth between branches.
const TEMPLATES: i64 = 8;

/// Where roles and databases are looked at and made.
const MAINTENANCE: &str = "postgres";

static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();
/// For a whole run: as many connections as it wants, and what tests set that look over plain connections of their own.
const MANY: &str = "default_pool_size = 100\nignore_startup_parameters = extra_float_digits\n";

static POOLER: OnceLock<Option<PgBouncer>> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A database that is one test's alone, and goes with it.
pub struct TestDb {
    /// The database's name.
    pub name: String,
    cluster: &'static Cluster,
}

impl TestDb {
    /// A URL of this database for one of the private PostgreSQL's logins. It leads through a pooler where the run is to
    /// go through one.
    pub fn url(&self, role: Role) -> String {
        let url = self.direct_url(role);
        match (role, pooler(self.cluster)) {
            (Role::Owner | Role::Staff | Role::Kiosk, Some(pooler)) => pooler.through(&url),
            _ => url,
        }
    }

    /// The same without the pooler.
    pub fn direct_url(&self, role: Role) -> String {
        self.cluster.url(role, &self.name)
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let (url, name) = (self.cluster.url(Role::Admin, MAINTENANCE), self.name.clone());
        // The test's runtime is busy dropping us. What cannot be dropped now is dropped by a later run.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let mut admin = PgConnection::connect(&url).await?;
                drop_database(&mut admin, &name).await?;
                admin.close().await
            })
        })
        .join();
        if let Ok(Err(error)) = dropped {
            eprintln!("{} stays for now: {error}", self.name);
        }
    }
}

/// The pooler of a run whose databases are to be reached through one: PgBouncer, a connection for a session.
fn pooler(cluster: &Cluster) -> Option<&'static PgBouncer> {
    let start = || {
        std::env::var_os("PINE_TIME_TESTS_THROUGH_PGBOUNCER")?;
        let program = pgbouncer::program().expect("PINE_TIME_TESTS_PGBOUNCER names the program");
        Some(PgBouncer::start(&program, cluster.socket_dir(), "session", MANY))
    };
    POOLER.get_or_init(start).as_ref()
}

/// The run's PostgreSQL, for tests that make databases themselves.
pub async fn cluster() -> &'static Cluster {
    CLUSTER
        .get_or_init(|| async {
            let cluster = Cluster::join(&options())
                .await
                .unwrap_or_else(|error| panic!("{error}"));
            let mut admin = PgConnection::connect(&cluster.url(Role::Admin, MAINTENANCE))
                .await
                .unwrap();
            drop_orphans(&mut admin).await;
            admin.close().await.unwrap();
            cluster
        })
        .await
}

/// A migrated database that nobody else uses.
pub async fn fresh_database() -> TestDb {
    let cluster = cluster().await;
    let mut admin = PgConnection::connect(&cluster.url(Role::Admin, MAINTENANCE))
        .await
        .unwrap();
    let template = format!("pine_template_{}", schema::fingerprint());
    let name = format!(
        "test_{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let copy = format!("CREATE DATABASE {name} TEMPLATE {template} OWNER pine_owner");
    // invalid_catalog_name: there is no such template, not yet or not any more.
    while let Err(error) = run(&mut admin, copy.clone()).await {
        assert_eq!(code(&error).as_deref(), Some("3D000"), "{copy}: {error}");
        make_template(cluster, &mut admin, &template).await;
    }
    // A copy has none of what was granted or revoked on its template.
    run(
        &mut admin,
        format!("REVOKE CREATE, TEMPORARY ON DATABASE {name} FROM PUBLIC"),
    )
    .await
    .unwrap();
    admin.close().await.unwrap();
    TestDb { name, cluster }
}

/// The folder of the server programs that a run is to use instead of the newest there are.
pub fn bin_dir() -> Option<PathBuf> {
    std::env::var_os("PINE_TIME_TESTS_BIN_DIR").map(PathBuf::from)
}

/// A database with nothing in it, owned by `pine_owner`, that nobody else uses; with these options of CREATE DATABASE.
pub async fn empty_database(options: &str) -> TestDb {
    let cluster = cluster().await;
    let mut admin = PgConnection::connect(&cluster.url(Role::Admin, MAINTENANCE))
        .await
        .unwrap();
    let name = format!(
        "test_{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    run(
        &mut admin,
        format!("CREATE DATABASE {name} TEMPLATE template0 OWNER pine_owner {options}"),
    )
    .await
    .unwrap();
    admin.close().await.unwrap();
    TestDb { name, cluster }
}

fn options() -> Options {
    let bin_dir = bin_dir();
    // Data belong to one version: each folder of programs has its own.
    let target = match &bin_dir {
        Some(bin_dir) => format!("{} {}", env!("CARGO_TARGET_TMPDIR"), bin_dir.display()),
        None => env!("CARGO_TARGET_TMPDIR").to_owned(),
    };
    let hash = Sha256::digest(target.as_bytes());
    let data_dir = if Uid::effective().is_root() {
        // The server's user could not reach a target folder under /root; /var/lib/pine-time is root's place anyway.
        PathBuf::from(format!(
            "/var/lib/pine-time/tests-{:02x}{:02x}{:02x}",
            hash[0], hash[1], hash[2]
        ))
    } else {
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(match &bin_dir {
            Some(_) => format!("cluster-{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2]),
            None => "cluster".to_owned(),
        })
    };
    Options {
        data_dir: Some(data_dir),
        bin_dir,
        durable: false,
        max_connections: 300,
        linger: LINGER,
        reaper: Some(PathBuf::from(env!("CARGO_BIN_EXE_pine-time"))),
        // The cluster is never dropped: statics are not.
        watch: true,
    }
}

/// Makes the template, unless another process has just done so. It gets its name only when it is whole.
async fn make_template(cluster: &Cluster, admin: &mut PgConnection, template: &str) {
    let lock = "SELECT pg_advisory_lock(hashtext('pine-time test template'))";
    sqlx::query(lock).execute(&mut *admin).await.unwrap();
    let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(template)
        .fetch_one(&mut *admin)
        .await
        .unwrap();
    if !there {
        let building = format!("building_{template}");
        drop_database(admin, &building).await.unwrap();
        run(admin, format!("CREATE DATABASE {building} OWNER pine_owner"))
            .await
            .unwrap();
        migrate::migrate(&cluster.url(Role::Owner, &building))
            .await
            .unwrap_or_else(|error| panic!("{error:?}"));
        run(
            admin,
            format!("ALTER DATABASE {building} ALLOW_CONNECTIONS false"),
        )
        .await
        .unwrap();
        let rename = format!("ALTER DATABASE {building} RENAME TO {template}");
        let begun = Instant::now();
        // object_in_use: the migration's connection is closed, but its process has not ended yet.
        while let Err(error) = run(admin, rename.clone()).await {
            assert_eq!(code(&error).as_deref(), Some("55006"), "{error}");
            assert!(begun.elapsed() < Duration::from_secs(30), "{error}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        drop_old_templates(admin).await;
    }
    let unlock = "SELECT pg_advisory_unlock(hashtext('pine-time test template'))";
    sqlx::query(unlock).execute(&mut *admin).await.unwrap();
}

async fn drop_old_templates(admin: &mut PgConnection) {
    let old: Vec<String> = sqlx::query_scalar(
        "SELECT datname::text FROM pg_database WHERE datname LIKE 'pine\\_template\\_%' ORDER BY oid DESC OFFSET $1",
    )
    .bind(TEMPLATES)
    .fetch_all(&mut *admin)
    .await
    .unwrap();
    for template in old {
        if let Err(error) = drop_database(admin, &template).await {
            eprintln!("{template} stays for now: {error}");
        }
    }
}

/// Databases of test processes that were killed.
async fn drop_orphans(admin: &mut PgConnection) {
    let names: Vec<String> =
        sqlx::query_scalar("SELECT datname::text FROM pg_database WHERE datname LIKE 'test\\_%'")
            .fetch_all(&mut *admin)
            .await
            .unwrap();
    for name in names {
        let owner = name.split('_').nth(1).and_then(|pid| pid.parse().ok());
        let gone = |pid| nix::sys::signal::kill(Pid::from_raw(pid), None) == Err(Errno::ESRCH);
        // Another process may be dropping it in this moment: then it is gone, which is what we want.
        if owner.is_some_and(gone)
            && let Err(error) = drop_database(admin, &name).await
        {
            eprintln!("{name} of a killed run stays for now: {error}");
        }
    }
}

async fn drop_database(admin: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    run(admin, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await
}

async fn run(connection: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .map(drop)
}

fn code(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}
