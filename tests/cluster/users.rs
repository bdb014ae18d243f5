//! Root's server runs as somebody else; an ordinary user's runs as that user, in that user's own places.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::unistd::{Uid, User};
use pine_time::cluster::Cluster;

use crate::member::as_root;
use crate::scratch::{Scratch, fail, is_root, open, succeed};

#[tokio::test]
async fn roots_server_is_not_root_and_keeps_none_of_its_groups() {
    if !as_root("a server that is not root's own") {
        return;
    }
    let scratch = Scratch::new();
    let cluster = Cluster::join(&scratch.options()).await.unwrap();
    let postgres = User::from_name("postgres")
        .unwrap()
        .or_else(|| User::from_name("nobody").unwrap())
        .unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", cluster.pid())).unwrap();
    let field = |name: &str| -> Vec<String> {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().map(str::to_owned).collect()
    };
    assert_eq!(field("Uid:"), vec![postgres.uid.to_string(); 4]);
    assert_eq!(field("Gid:"), vec![postgres.gid.to_string(); 4]);
    assert_eq!(field("Groups:"), Vec::<String>::new());
    for (place, mode) in [(cluster.data_dir(), 0o700), (cluster.socket_dir(), 0o700)] {
        let found = fs::metadata(place).unwrap();
        assert_eq!(
            (found.uid(), found.mode() & 0o777),
            (postgres.uid.as_raw(), mode),
            "{}",
            place.display()
        );
    }
}

/// An ordinary user with a home and nothing else: `nobody`, when we are root.
struct Ordinary {
    user: User,
    binary: PathBuf,
    home: PathBuf,
}

impl Ordinary {
    fn in_(scratch: &Scratch) -> Self {
        let user = if is_root() {
            User::from_name("nobody").unwrap().unwrap()
        } else {
            User::from_uid(Uid::effective()).unwrap().unwrap()
        };
        let (binary, home) = (scratch.dir.join("pine-time"), scratch.dir.join("home"));
        // The one under test may lie where this user cannot go.
        // Copied by another process: a child that some other test is just starting would hold the file open for writing.
        succeed(Command::new("cp").arg(crate::scratch::PINE_TIME).arg(&binary));
        open(&binary);
        let it = Self { user, binary, home };
        it.make(&it.home);
        it
    }

    fn make(&self, dir: &Path) {
        fs::create_dir(dir).unwrap();
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).unwrap();
        self.own(dir);
    }

    fn own(&self, path: &Path) {
        if is_root() {
            std::os::unix::fs::chown(path, Some(self.user.uid.as_raw()), Some(self.user.gid.as_raw()))
                .unwrap();
        }
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", &self.home)
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.current_dir(&self.home);
        if is_root() {
            command.uid(self.user.uid.as_raw()).gid(self.user.gid.as_raw());
        }
        command
    }

    fn pine_time(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(&self.binary);
        command.args(arguments);
        command
    }

    fn status(&self, with: impl Fn(&mut Command)) -> serde_json::Value {
        let mut command = self.pine_time(&["db", "status", "--json"]);
        with(&mut command);
        serde_json::from_str(&succeed(&mut command)).unwrap()
    }
}

#[test]
fn an_ordinary_user_needs_nothing_but_a_home() {
    let scratch = Scratch::new();
    let user = Ordinary::in_(&scratch);
    let url = succeed(&mut user.pine_time(&["db", "url"]));
    let said =
        succeed(
            user.command(Path::new("psql"))
                .args(["--no-psqlrc", "-Atc", "SELECT current_user", &url]),
        );
    assert_eq!(said, "pine_owner_login");

    let status = user.status(|_| {});
    let expected = if cfg!(target_os = "macos") {
        user.home.join("Library/Application Support/pine-time/cluster")
    } else {
        user.home.join(".local/share/pine-time/cluster")
    };
    assert_eq!(status["data_dir"], expected.display().to_string());
    let server = fs::metadata(format!("/proc/{}", status["pid"])).unwrap();
    assert_eq!(server.uid(), user.user.uid.as_raw());
    let socket_dir = fs::metadata(status["socket_dir"].as_str().unwrap()).unwrap();
    assert_eq!(
        (socket_dir.uid(), socket_dir.mode() & 0o777),
        (user.user.uid.as_raw(), 0o700)
    );
    succeed(&mut user.pine_time(&["db", "stop"]));
    assert_eq!(user.status(|_| {})["state"], "stopped");
}

#[test]
fn a_runtime_folder_takes_the_socket_if_it_is_the_users_own() {
    let scratch = Scratch::new();
    let user = Ordinary::in_(&scratch);
    let (own, foreign) = (scratch.dir.join("run"), PathBuf::from("/usr"));
    user.make(&own);
    for (runtime, taken) in [(&own, true), (&foreign, false)] {
        let with = |command: &mut Command| {
            command.env("XDG_RUNTIME_DIR", runtime);
        };
        let mut start = user.pine_time(&["db", "start"]);
        with(&mut start);
        succeed(&mut start);
        let socket_dir = user.status(with)["socket_dir"].as_str().unwrap().to_owned();
        assert_eq!(Path::new(&socket_dir).starts_with(runtime), taken, "{socket_dir}");
        // Who comes without that variable finds the same server.
        assert_eq!(user.status(|_| {})["socket_dir"], socket_dir);
        succeed(&mut user.pine_time(&["db", "stop"]));
    }
}

#[test]
fn a_place_the_user_may_not_write_is_named() {
    if !as_root("a place that is root's") {
        return;
    }
    let scratch = Scratch::new();
    let user = Ordinary::in_(&scratch);
    let mut start = user.pine_time(&["db", "start"]);
    let sentence = fail(start.env("PINE_TIME_CLUSTER_DATA_DIR", scratch.data_dir()));
    let expected = format!(
        "{} cannot be written (permission denied): give nobody the right to write there, or set cluster.data_dir to \
         another folder.",
        scratch.dir.display()
    );
    assert!(sentence.ends_with(&expected), "{sentence}");

    fs::create_dir(scratch.data_dir()).unwrap();
    let mut start = user.pine_time(&["db", "start"]);
    let sentence = fail(start.env("PINE_TIME_CLUSTER_DATA_DIR", scratch.data_dir()));
    assert!(
        sentence.contains("belongs to the system user root, not to nobody"),
        "{sentence}"
    );
}

#[test]
fn without_a_home_the_setting_is_asked_for() {
    let scratch = Scratch::new();
    let user = Ordinary::in_(&scratch);
    if !as_root("a user without a home") {
        return;
    }
    // nobody's home in the list of users does not exist and cannot be made.
    let mut start = user.pine_time(&["db", "start"]);
    let sentence = fail(start.env_remove("HOME").env("XDG_STATE_HOME", &user.home));
    let expected = "/.local/share/pine-time cannot be written (permission denied in /): give nobody the right to write \
                    there, or set cluster.data_dir to another folder.";
    assert!(sentence.ends_with(expected), "{sentence}");
}
