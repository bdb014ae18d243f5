//! A PgBouncer in front of a test PostgreSQL, where one is installed. It ends with the process that started it, however
//! that ends.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::unistd::{Uid, User};

/// Runs as long as somebody holds the other end of its standard input.
const UNTIL_NOBODY_IS_THERE: &str =
    "\"$0\" -q \"$1\" & bouncer=$!; cat >/dev/null; kill -INT $bouncer; wait $bouncer";

/// See the module.
pub struct PgBouncer {
    folder: PathBuf,
    keeper: Child,
}

/// The program, where the run has one.
pub fn program() -> Option<PathBuf> {
    std::env::var_os("PINE_TIME_TESTS_PGBOUNCER").map(PathBuf::from)
}

impl PgBouncer {
    /// In front of the server whose socket is in this folder; `mode` is PgBouncer's `pool_mode`, and `more` are lines of its
    /// file.
    pub fn start(program: &Path, server: &Path, mode: &str, more: &str) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("pine-bouncer-")
            .tempdir()
            .unwrap()
            .keep();
        let user = if Uid::effective().is_root() {
            let owner = std::os::unix::fs::MetadataExt::uid(&fs::metadata(server).unwrap());
            let user = User::from_uid(Uid::from_raw(owner)).unwrap().unwrap();
            std::os::unix::fs::chown(&folder, Some(owner), Some(user.gid.as_raw())).unwrap();
            format!("user = {}\n", user.name)
        } else {
            String::new()
        };
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        let logins = [
            "pine_owner_login",
            "pine_staff_login",
            "pine_kiosk_login",
            "pine_admin",
        ];
        let users: String = logins.map(|login| format!("\"{login}\" \"\"\n")).concat();
        fs::write(folder.join("users"), users).unwrap();
        let (at, server) = (folder.display(), server.display());
        // Any login of the server's, without a password, as at the server itself.
        let file = format!(
            "[databases]\n* = host={server} port=5432 auth_user=pine_admin\n[pgbouncer]\n{user}listen_addr =\nlisten_port = 6432\n\
             unix_socket_dir = {at}\nunix_socket_mode = 0777\nauth_type = trust\nauth_file = {at}/users\n\
             auth_query = SELECT rolname, '' FROM pg_catalog.pg_roles WHERE rolname = $1\n\
             pool_mode = {mode}\n{more}max_client_conn = 1000\nserver_reset_query = DISCARD ALL\n\
             server_login_retry = 1\nlogfile = {at}/log\npidfile = {at}/pid\n"
        );
        fs::write(folder.join("pgbouncer.ini"), file).unwrap();
        let keeper = Command::new("sh")
            .args(["-c", UNTIL_NOBODY_IS_THERE])
            .arg(program)
            .arg(folder.join("pgbouncer.ini"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let bouncer = Self { folder, keeper };
        let begun = Instant::now();
        while std::os::unix::net::UnixStream::connect(bouncer.folder.join(".s.PGSQL.6432")).is_err() {
            let said = fs::read_to_string(bouncer.folder.join("log")).unwrap_or_default();
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "PgBouncer does not start: {said}"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
        bouncer
    }

    /// A URL of the server's, over this way.
    pub fn through(&self, url: &str) -> String {
        let (login, rest) = url.split_once('@').unwrap();
        let (_, database) = rest.split_once('/').unwrap();
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("{login}@{folder}:6432/{database}")
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
