//! What a crash leaves behind, and that the next start gets over it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::unistd::User;
use pine_time::cluster::{self, Arrival, Cluster, Role, Status};
use sqlx::{Connection, Executor};

use crate::member::Member;
use crate::scratch::{Scratch, alive, connect, is_root, kill_9, pid_in, scalar, wait_until};

#[tokio::test]
async fn killing_the_program_leaves_the_server_to_the_next() {
    let scratch = Scratch::new();
    let killed = Member::join(&scratch);
    let server = killed.server;
    killed.kill_9();
    assert!(alive(server));
    let next = Cluster::join(&scratch.options()).await.unwrap();
    assert_eq!((next.arrival(), next.pid()), (Arrival::Shared, server));
    let Status::Running { sharing, .. } = cluster::status(&scratch.options()).await.unwrap() else {
        panic!("it runs")
    };
    assert_eq!(sharing, 1, "the dead do not count");
    next.leave();
    wait_until("the last one alive has the server stopped", || !alive(server));
}

#[test]
fn a_watched_server_ends_with_its_last_member_even_if_that_is_killed() {
    let scratch = Scratch::new();
    let (one, two) = (
        Member::start(&scratch, true).joined(),
        Member::start(&scratch, true).joined(),
    );
    let server = one.server;
    assert_eq!(two.server, server);
    one.kill_9();
    assert!(alive(server));
    two.kill_9();
    wait_until("the watcher has stopped the server", || !alive(server));
    // The watcher has gone with it and does not hold up the next.
    let next = Member::start(&scratch, true).joined();
    assert_eq!(next.arrival, "Started");
    next.kill_9();
}

#[tokio::test]
async fn a_killed_server_comes_back_with_everything_that_was_committed() {
    let scratch = Scratch::new();
    let options = cluster::Options {
        durable: true,
        ..scratch.options()
    };
    let mut cluster = Cluster::join(&options).await.unwrap();
    let server = cluster.pid();
    let mut admin = connect(&cluster, Role::Admin, "pine_time").await;
    admin.execute("CREATE TABLE kept (n int)").await.unwrap();
    admin
        .execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        .await
        .unwrap();

    // A child that is too busy to notice that its server is gone, and holds on to the shared memory.
    let mut busy = connect(&cluster, Role::Admin, "pine_time").await;
    let child: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
        .fetch_one(&mut busy)
        .await
        .unwrap();
    let work = tokio::spawn(async move { busy.execute("DO 'BEGIN LOOP END LOOP; END'").await.is_err() });
    loop {
        let state: String = sqlx::query_scalar("SELECT state FROM pg_stat_activity WHERE pid = $1")
            .bind(child)
            .fetch_one(&mut admin)
            .await
            .unwrap();
        if state == "active" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    kill_9(server);
    assert!(alive(child), "the busy child outlives its server");
    assert_eq!(pid_in(&scratch.data_dir()), server, "postmaster.pid is stale");

    let other = Cluster::join(&options).await.unwrap();
    assert_eq!(other.arrival(), Arrival::Started);
    assert_ne!(other.pid(), server);
    assert!(!alive(child));
    assert!(work.await.unwrap(), "its work was not finished");
    assert!(
        cluster.revive().await.unwrap(),
        "who was there before finds the new server"
    );
    assert_eq!(cluster.pid(), other.pid());
    let mut owner = connect(&cluster, Role::Admin, "pine_time").await;
    assert_eq!(
        scalar(&mut owner, "SELECT count(*)::text FROM kept").await,
        "1000"
    );
}

#[tokio::test]
async fn a_process_number_that_is_somebody_elses_by_now_is_not_taken_for_the_server() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let cluster = Cluster::join(&options).await.unwrap();
    let pid_file = scratch.data_dir().join("postmaster.pid");
    let stale = fs::read_to_string(&pid_file).unwrap();
    kill_9(cluster.pid());
    drop(cluster);

    // PostgreSQL itself refuses to start if the number belongs to a process of its own user.
    let mut sleeper = Command::new("sleep");
    if is_root() {
        use std::os::unix::process::CommandExt;
        let postgres = server_user(&scratch.data_dir());
        sleeper.uid(postgres.uid.as_raw()).gid(postgres.gid.as_raw());
    }
    let mut sleeper = sleeper.arg("60").spawn().unwrap();
    let (_, rest) = stale.split_once('\n').unwrap();
    fs::write(&pid_file, format!("{}\n{rest}", sleeper.id())).unwrap();

    let cluster = Cluster::join(&options).await.unwrap();
    assert_eq!(cluster.arrival(), Arrival::Started);
    assert!(
        sleeper.try_wait().unwrap().is_none(),
        "the innocent process lives"
    );
    sleeper.kill().unwrap();
    sleeper.wait().unwrap();
}

#[tokio::test]
async fn a_server_whose_socket_or_pid_file_was_swept_away_is_started_anew() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let cluster = Cluster::join(&options).await.unwrap();
    let before = cluster.pid();
    fs::remove_dir_all(cluster.socket_dir()).unwrap();
    let again = Cluster::join(&options).await.unwrap();
    assert_eq!(again.arrival(), Arrival::Started);
    assert!(!alive(before));

    let before = again.pid();
    fs::remove_file(scratch.data_dir().join("postmaster.pid")).unwrap();
    let again = Cluster::join(&options).await.unwrap();
    assert_eq!(again.arrival(), Arrival::Started);
    assert!(!alive(before));
    let mut owner = connect(&again, Role::Owner, "pine_time").await;
    assert_eq!(scalar(&mut owner, "SELECT 'well'").await, "well");
    owner.close().await.unwrap();
}

#[tokio::test]
async fn data_that_was_half_made_is_made_again() {
    let scratch = Scratch::new();
    let unfinished = || -> Vec<PathBuf> {
        let entries = fs::read_dir(&scratch.dir)
            .unwrap()
            .flatten()
            .map(|entry| entry.path());
        entries
            .filter(|path| path.to_string_lossy().contains("data.init-"))
            .collect()
    };
    let mut first = scratch
        .pine_time(&["db", "start"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("initdb is at work", || {
        unfinished()
            .first()
            .is_some_and(|dir| dir.join("PG_VERSION").exists())
    });
    kill_9(first.id().cast_signed());
    first.wait().unwrap();
    assert!(
        !scratch.data_dir().exists(),
        "what is half made is not in its place"
    );
    assert_eq!(
        cluster::status(&scratch.options()).await.unwrap(),
        Status::NotInitialised {
            data_dir: scratch.data_dir()
        }
    );

    let cluster = Cluster::join(&scratch.options()).await.unwrap();
    assert_eq!(cluster.arrival(), Arrival::Initialised);
    assert_eq!(unfinished(), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_database_or_a_login_that_is_missing_is_made_again() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let cluster = Cluster::join(&options).await.unwrap();
    let mut admin = connect(&cluster, Role::Admin, "postgres").await;
    for sql in [
        "DROP DATABASE pine_time",
        "DROP ROLE pine_kiosk_login, pine_kiosk",
    ] {
        admin.execute(sql).await.unwrap();
    }
    // Several at once, as after a power cut in the middle of the first evening.
    let joined = tokio::join!(
        Cluster::join(&options),
        Cluster::join(&options),
        Cluster::join(&options)
    );
    let shared = [joined.0.unwrap(), joined.1.unwrap(), joined.2.unwrap()];
    for cluster in &shared {
        let mut kiosk = connect(cluster, Role::Kiosk, "pine_time").await;
        let is_kiosk = scalar(&mut kiosk, "SELECT pg_has_role('pine_kiosk', 'MEMBER')::text").await;
        assert_eq!(is_kiosk, "true");
    }
}

/// The user to whom the server's data belongs.
fn server_user(data_dir: &Path) -> User {
    use std::os::unix::fs::MetadataExt;
    let owner = fs::metadata(data_dir).unwrap().uid();
    User::from_uid(nix::unistd::Uid::from_raw(owner))
        .unwrap()
        .unwrap()
}
