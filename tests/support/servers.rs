//! Servers of a test's own: one with nothing in it, a primary with a community, and a standby that follows it. They go
//! with the test.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use pine_time::cluster::{self, Cluster, DATABASE, Options, Role};
use pine_time::ops::{migrate, sample};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::cluster::bin_dir;
use super::until;

/// A place of its own for each test, and the server in it.
pub struct Scratch {
    pub folder: tempfile::TempDir,
    pub options: Options,
}

impl Scratch {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Root's server runs as another user, who must be able to walk in.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let options = Options {
            data_dir: Some(folder.path().join("primary")),
            bin_dir: bin_dir(),
            linger: Duration::ZERO,
            reaper: Some(PathBuf::from(env!("CARGO_BIN_EXE_pine-time"))),
            ..Options::default()
        };
        Self { folder, options }
    }

    /// Stops the server, which may be down.
    pub async fn stop(&self) {
        cluster::stop(&self.options).await.unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let options = self.options.clone();
        // A failed test's runtime is busy dropping us.
        let stopped = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(cluster::stop(&options))
        })
        .join();
        if let Ok(Err(error)) = stopped {
            eprintln!("{error}");
        }
    }
}

/// A primary with the sample community.
pub struct Primary {
    pub cluster: Cluster,
    pub place: Scratch,
}

impl Primary {
    pub async fn new() -> Self {
        let place = Scratch::new();
        let cluster = Cluster::join(&place.options).await.unwrap();
        let owner = cluster.url(Role::Owner, DATABASE);
        migrate::migrate(&owner).await.unwrap();
        sample::fill(&owner).await.unwrap();
        Self { cluster, place }
    }

    pub fn url(&self, role: Role) -> String {
        self.cluster.url(role, DATABASE)
    }

    /// A login whose password the server asks for, with what is granted to it besides (`IN ROLE pine_staff`).
    pub async fn ask_password(&self, login: &str, password: &str, granted: &str) {
        let rules = self.cluster.data_dir().join("pg_hba.conf");
        let before = fs::read_to_string(&rules).unwrap();
        fs::write(&rules, format!("local all {login} scram-sha-256\n{before}")).unwrap();
        let admin = self.url(Role::Admin);
        run(
            &admin,
            &format!("CREATE ROLE {login} LOGIN PASSWORD '{password}' {granted}; SELECT pg_reload_conf()"),
        )
        .await;
        let without = admin.replace("pine_admin@", &format!("{login}@"));
        until("the rule holds", || async {
            PgConnection::connect(&without).await.is_err()
        })
        .await;
    }

    /// Stops the server as an administrator would, and starts it again.
    pub async fn restart(&mut self) {
        self.place.stop().await;
        assert!(self.cluster.revive().await.unwrap());
    }
}

/// A server that follows a primary.
pub struct Standby {
    data: PathBuf,
    socket: PathBuf,
    programs: PathBuf,
}

impl Standby {
    /// Made of the primary's files while it is stopped for a moment: that needs no program that not every system has.
    pub async fn of(primary: &mut Primary) -> Self {
        let folder = primary.place.folder.path();
        let (data, socket) = (folder.join("standby"), folder.join("s"));
        primary.place.stop().await;
        let original = folder.join("primary");
        let copied = Command::new("cp")
            .arg("-a")
            .arg(&original)
            .arg(&data)
            .status()
            .unwrap();
        assert!(copied.success());
        assert!(primary.cluster.revive().await.unwrap());

        let of = fs::metadata(&original).unwrap();
        let own = |path: &Path| {
            if fs::metadata(path).unwrap().uid() != of.uid() {
                chown(path, Some(of.uid()), Some(of.gid())).unwrap();
            }
        };
        fs::create_dir(&socket).unwrap();
        own(&socket);
        fs::write(data.join("standby.signal"), "").unwrap();
        own(&data.join("standby.signal"));
        let settings = format!(
            "primary_conninfo = 'host={} port=5432 user=pine_admin'\nunix_socket_directories = '{}'\n",
            primary.cluster.socket_dir().display(),
            socket.display()
        );
        // Read last: what is said here holds.
        let auto = data.join("postgresql.auto.conf");
        let before = fs::read_to_string(&auto).unwrap();
        fs::write(&auto, before + &settings).unwrap();
        let major = fs::read_to_string(data.join("PG_VERSION")).unwrap();
        let is_of_this_version = |dir: &PathBuf| {
            let said = Command::new(dir.join("postgres"))
                .arg("--version")
                .output()
                .unwrap();
            let said = String::from_utf8(said.stdout).unwrap();
            said.contains(&format!("(PostgreSQL) {}", major.trim()))
        };
        let folders = cluster::folders_with(bin_dir().as_deref(), &["postgres", "pg_ctl"]);
        let standby = Self {
            data,
            socket,
            programs: folders.into_iter().find(is_of_this_version).unwrap(),
        };
        standby.start();
        standby
    }

    pub fn start(&self) {
        self.pg_ctl(&["start", "--log", &self.data.join("log").display().to_string()]);
    }

    pub fn stop(&self) {
        self.pg_ctl(&["stop", "--mode", "fast"]);
    }

    /// Makes it a primary.
    pub async fn promote(&self) {
        self.sql("SELECT pg_promote()").await;
    }

    fn pg_ctl(&self, arguments: &[&str]) {
        let owner = fs::metadata(&self.data).unwrap();
        let mut command = Command::new(self.programs.join("pg_ctl"));
        command
            .args(arguments)
            .arg("--wait")
            .arg("--pgdata")
            .arg(&self.data)
            .current_dir("/")
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null());
        if nix::unistd::Uid::effective().is_root() {
            command.uid(owner.uid()).gid(owner.gid());
        }
        let done = command.status().unwrap();
        assert!(
            done.success(),
            "{arguments:?}: {}",
            fs::read_to_string(self.data.join("log")).unwrap_or_default()
        );
    }

    pub fn url(&self, role: Role) -> String {
        let folder = self.socket.display().to_string().replace('/', "%2F");
        format!(
            "postgresql://{}@{folder}:5432/{DATABASE}?sslmode=disable",
            role.login()
        )
    }

    /// Runs statements as the superuser.
    pub async fn sql(&self, sql: &str) {
        run(&self.url(Role::Admin), sql).await;
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        if self.data.join("postmaster.pid").exists() {
            self.stop();
        }
    }
}

/// Runs statements at a server.
pub async fn run(url: &str, sql: &str) {
    let mut conn = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut conn)
        .await
        .unwrap();
    conn.close().await.unwrap();
}
