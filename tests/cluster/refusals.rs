//! What stands in the way of a private PostgreSQL, one sentence each, and nothing broken behind it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use pine_time::cluster::{self, Arrival, Cluster, ClusterError, Options};

use crate::member::as_root;
use crate::scratch::{Scratch, alive, fail, open, options_at, stop_servers_in, text, wait_until};

async fn refused(options: &Options) -> ClusterError {
    Cluster::join(options)
        .await
        .map(|cluster| cluster.arrival())
        .expect_err("it must be refused")
}

/// One sentence that a person can read: no full stop at the end (the caller adds what it likes), no line break, nothing
/// of Rust or SQL.
fn assert_is_a_sentence(error: &ClusterError) {
    let said = error.to_string();
    assert!(
        said.starts_with(|c: char| c.is_uppercase() || c == '/') || said.starts_with("cluster."),
        "{said}"
    );
    for foreign in ["\n", "os error", "Err(", "Error {", "SELECT", "panicked", "  "] {
        assert!(!said.contains(foreign), "{foreign:?} in: {said}");
    }
}

/// A file system of its own, gone with the test.
struct Mount(PathBuf);

impl Mount {
    /// A file system of so many megabytes in memory; `None`, said aloud, where mounting is not allowed.
    fn tmpfs(dir: PathBuf, options: &str) -> Option<Self> {
        fs::create_dir_all(&dir).unwrap();
        let said = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("mode=755,{options}"), "pine-test"])
            .arg(&dir)
            .output();
        match said {
            Ok(said) if said.status.success() => return Some(Self(dir)),
            Ok(said) => eprintln!("cannot mount here: {}", text(&said.stderr)),
            Err(error) => eprintln!("cannot mount here: {error}"),
        }
        None
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        stop_servers_in(&self.0);
        // Lazily: a log may still be open there for a moment, and a failed test must not fail twice.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// The folder of the server programs that are used here.
async fn programs() -> PathBuf {
    let scratch = Scratch::new();
    let cluster = Cluster::join(&scratch.options()).await.unwrap();
    let program = fs::read_link(format!("/proc/{}/exe", cluster.pid())).unwrap();
    program.parent().unwrap().to_path_buf()
}

/// A folder of server programs in which `initdb` is this script.
async fn with_initdb(scratch: &Scratch, script: &str) -> PathBuf {
    let (real, folder) = (programs().await, scratch.dir.join("programs"));
    fs::create_dir(&folder).unwrap();
    open(&folder);
    for program in ["pg_ctl", "postgres"] {
        symlink(real.join(program), folder.join(program)).unwrap();
    }
    let initdb = folder.join("initdb");
    fs::write(&initdb, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&initdb, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[tokio::test]
async fn a_full_disk_at_the_first_start() {
    let scratch = Scratch::new();
    let error = if let Some(disk) = Mount::tmpfs(scratch.dir.join("disk"), "size=20m") {
        let error = refused(&options_at(&disk.0.join("data"))).await;
        let left: Vec<_> = fs::read_dir(&disk.0)
            .unwrap()
            .flatten()
            .map(|entry| entry.file_name())
            .collect();
        assert!(
            !left.iter().any(|name| name.to_string_lossy().contains("init-")),
            "the disk is cleared: {left:?}"
        );
        error
    } else {
        let script = "echo 'initdb: error: could not write file: No space left on device' >&2; exit 1";
        let bin_dir = Some(with_initdb(&scratch, script).await);
        refused(&Options {
            bin_dir,
            ..scratch.options()
        })
        .await
    };
    assert!(matches!(error, ClusterError::DiskFull { .. }), "{error:?}");
    assert!(error.to_string().contains("is full: free some space"), "{error}");
    assert_is_a_sentence(&error);
}

#[tokio::test]
async fn a_disk_that_has_filled_up_since() {
    let scratch = Scratch::new();
    let Some(disk) = Mount::tmpfs(scratch.dir.join("disk"), "size=120m") else {
        return assert!(
            !as_root("a disk that fills up"),
            "root can mount here or the test shows nothing"
        );
    };
    let options = options_at(&disk.0.join("data"));
    let cluster = Cluster::join(&options).await.unwrap();
    let server = cluster.pid();
    cluster.leave();
    wait_until("the server is stopped", || !alive(server));
    // Until not one byte more goes in.
    let filler = disk.0.join("filler");
    Command::new("dd")
        .args(["if=/dev/zero", "bs=4k"])
        .arg(format!("of={}", filler.display()))
        .output()
        .unwrap();

    let error = refused(&options).await;
    assert!(matches!(error, ClusterError::DiskFull { .. }), "{error:?}");
    assert_is_a_sentence(&error);
    fs::remove_file(filler).unwrap();
    let cluster = Cluster::join(&options)
        .await
        .expect("with space again, it starts");
    assert_eq!(cluster.arrival(), Arrival::Started);
    drop(cluster);
    cluster::stop(&options).await.unwrap();
}

#[tokio::test]
async fn a_read_only_file_system() {
    let scratch = Scratch::new();
    let Some(disk) = Mount::tmpfs(scratch.dir.join("disk"), "size=1m,ro") else {
        return assert!(
            !as_root("a read-only file system"),
            "root can mount here or the test shows nothing"
        );
    };
    let error = refused(&options_at(&disk.0.join("data"))).await;
    assert!(
        error
            .to_string()
            .contains("cannot be written (the file system is read-only)"),
        "{error}"
    );
    assert_is_a_sentence(&error);
}

#[tokio::test]
async fn no_server_programs_where_they_were_said_to_be() {
    let scratch = Scratch::new();
    let bin_dir = Some(scratch.dir.clone());
    let error = refused(&Options {
        bin_dir,
        ..scratch.options()
    })
    .await;
    assert!(
        matches!(
            error,
            ClusterError::ProgramsIncomplete {
                missing: "initdb",
                ..
            }
        ),
        "{error:?}"
    );
    assert_is_a_sentence(&error);
    assert!(!scratch.data_dir().exists());
}

/// A system without the package, for one process: its places are hidden under empty folders.
#[test]
fn no_server_programs_at_all() {
    let scratch = Scratch::new();
    let hide = "for place in /usr/lib/postgresql /usr/pgsql-* /usr/libexec/postgresql* /usr/local/pgsql; do \
                    test -d \"$place\" && { mount -t tmpfs none \"$place\" || exit 77; }; \
                done; PATH=/usr/sbin exec \"$0\" db start";
    let binary = crate::scratch::PINE_TIME;
    let said = Command::new("unshare")
        .args(["--mount", "/bin/sh", "-c", hide, binary])
        .env("PINE_TIME_CLUSTER_DATA_DIR", scratch.data_dir())
        .output()
        .unwrap();
    let sentence = text(&said.stderr);
    if sentence.starts_with("unshare:") || said.status.code() == Some(77) {
        eprintln!("cannot hide the programs here: {sentence}");
        assert!(
            !as_root("a system without PostgreSQL"),
            "root can hide them or the test shows nothing"
        );
        return;
    }
    assert_eq!(said.status.code(), Some(1), "{sentence}");
    assert!(sentence.contains("are not on this system. Install"), "{sentence}");
    let os = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if os.lines().any(|line| line == "ID=debian" || line == "ID=ubuntu") {
        assert!(
            sentence.contains("Install them with: apt install postgresql, or set cluster.bin_dir"),
            "{sentence}"
        );
    }
    assert_eq!(sentence.lines().count(), 1);
}

#[tokio::test]
async fn data_of_another_major_version() {
    let scratch = Scratch::new();
    let options = scratch.options();
    Cluster::join(&options).await.unwrap().leave();
    cluster::stop(&options).await.unwrap();
    let version = scratch.data_dir().join("PG_VERSION");
    let ours = fs::read_to_string(&version).unwrap();
    fs::write(&version, "9\n").unwrap();
    let error = refused(&options).await;
    assert!(matches!(error, ClusterError::OtherMajor { .. }), "{error:?}");
    assert!(
        error.to_string().contains("was made by PostgreSQL 9, but only "),
        "{error}"
    );
    assert_is_a_sentence(&error);
    fs::write(&version, ours).unwrap();
    assert_eq!(Cluster::join(&options).await.unwrap().arrival(), Arrival::Started);
}

#[tokio::test]
async fn a_folder_that_is_not_ours_is_left_as_it_is() {
    let scratch = Scratch::new();
    let letters = scratch.dir.join("letters");
    fs::create_dir(&letters).unwrap();
    fs::write(letters.join("to-mother.txt"), "Dear mother").unwrap();
    let foreign = scratch.dir.join("foreign");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("PG_VERSION"), "15\n").unwrap();
    let file = scratch.dir.join("file");
    fs::write(&file, "a file").unwrap();
    for (place, why) in [
        (&letters, "it has other files in it"),
        (&foreign, "it is the data directory of another PostgreSQL"),
        (&file, "it is not a folder"),
    ] {
        // Root may only try if the place is root's; for others it is their own anyway.
        let error = refused(&options_at(place)).await;
        assert!(matches!(error, ClusterError::NotOurs { .. }), "{error:?}");
        assert!(error.to_string().contains(why), "{error}");
        assert_is_a_sentence(&error);
        let status = cluster::status(&options_at(place))
            .await
            .expect_err("nor is it shown as ours");
        assert_eq!(status.to_string(), error.to_string());
    }
    assert_eq!(
        fs::read_to_string(letters.join("to-mother.txt")).unwrap(),
        "Dear mother"
    );
    assert_eq!(fs::read_dir(&foreign).unwrap().count(), 1);

    let empty = scratch.dir.join("empty");
    fs::create_dir(&empty).unwrap();
    assert_eq!(
        Cluster::join(&options_at(&empty)).await.unwrap().arrival(),
        Arrival::Initialised
    );
}

#[tokio::test]
async fn data_of_another_system_user() {
    if !as_root("data of another user") {
        return;
    }
    let scratch = Scratch::new();
    fs::create_dir(scratch.data_dir()).unwrap();
    std::os::unix::fs::chown(scratch.data_dir(), Some(1), Some(1)).unwrap();
    let error = refused(&scratch.options()).await;
    assert!(matches!(error, ClusterError::OtherOwner { .. }), "{error:?}");
    assert!(
        error
            .to_string()
            .contains("belongs to the system user daemon, not to postgres or nobody"),
        "{error}"
    );
    assert_is_a_sentence(&error);
}

#[tokio::test]
async fn a_folder_that_the_servers_user_cannot_reach() {
    if !as_root("a folder that the server's user cannot reach") {
        return;
    }
    let scratch = Scratch::new();
    let closed = scratch.dir.join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let options = options_at(&closed.join("data"));
    let error = refused(&options).await;
    assert!(matches!(error, ClusterError::Unreachable { .. }), "{error:?}");
    assert_is_a_sentence(&error);
    assert!(!left_over(&closed), "nothing half made stays");

    // Closed after the data was made.
    open(&closed);
    Cluster::join(&options).await.unwrap().leave();
    cluster::stop(&options).await.unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let error = refused(&options).await;
    assert!(matches!(error, ClusterError::Unreachable { .. }), "{error:?}");
}

fn left_over(dir: &Path) -> bool {
    fs::read_dir(dir)
        .unwrap()
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().contains("init-"))
}

#[tokio::test]
async fn initdb_that_fails_for_its_own_reasons_is_quoted() {
    let scratch = Scratch::new();
    let script = "echo 'running bootstrap script ...'; \
                  echo 'initdb: error: the stars are not right' >&2; echo 'initdb: hint: wait' >&2; exit 1";
    let bin_dir = Some(with_initdb(&scratch, script).await);
    let error = refused(&Options {
        bin_dir,
        ..scratch.options()
    })
    .await;
    let log = scratch.dir.join("data.log");
    let expected = format!(
        "A new database could not be made in {}: the stars are not right. The whole report is in {}",
        scratch.data_dir().display(),
        log.display()
    );
    assert_eq!(error.to_string(), expected);
    assert!(fs::read_to_string(log).unwrap().contains("hint: wait"));
    assert!(!left_over(&scratch.dir));
    assert_is_a_sentence(&error);
}

#[tokio::test]
async fn a_server_that_does_not_start_says_why_and_where_its_log_is() {
    let scratch = Scratch::new();
    let options = scratch.options();
    Cluster::join(&options).await.unwrap().leave();
    cluster::stop(&options).await.unwrap();
    let conf = scratch.data_dir().join("postgresql.conf");
    let good = fs::read_to_string(&conf).unwrap();
    fs::write(
        &conf,
        format!("{good}\nshared_preload_libraries = 'no_such_library'\n"),
    )
    .unwrap();
    let error = refused(&options).await;
    let said = error.to_string();
    assert!(
        said.contains("could not access file \"no_such_library\""),
        "{said}"
    );
    assert!(
        said.contains(&scratch.dir.join("data.log").display().to_string()),
        "{said}"
    );
    assert_is_a_sentence(&error);
    fs::write(&conf, good).unwrap();
    assert_eq!(Cluster::join(&options).await.unwrap().arrival(), Arrival::Started);
}

#[test]
fn the_command_says_it_in_one_line_and_fails() {
    let scratch = Scratch::new();
    fs::write(scratch.data_dir(), "in the way").unwrap();
    let sentence = fail(&mut scratch.pine_time(&["db", "start"]));
    assert!(
        sentence.contains("is not Pine Time's: it is not a folder"),
        "{sentence}"
    );
}
