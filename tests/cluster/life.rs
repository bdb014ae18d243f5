//! Joining, sharing, leaving, keeping, stopping.

use std::fs;
use std::io::Read;
use std::process::Command;
use std::time::Duration;

use pine_time::cluster::{self, Arrival, Cluster, Options, Role, Status, Stopped};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use sqlx::Connection;

use crate::member::{self, Member};
use crate::scratch::{Scratch, alive, connect, options_at, scalar, succeed, wait_until};

#[tokio::test]
async fn the_first_start_makes_a_server_that_is_ours_alone() {
    let scratch = Scratch::new();
    let options = Options {
        durable: true,
        ..scratch.options()
    };
    let cluster = Cluster::join(&options).await.unwrap();
    assert_eq!(cluster.arrival(), Arrival::Initialised);
    eprintln!("first start: {:?}", cluster.waited());

    let mut admin = connect(&cluster, Role::Admin, "pine_time").await;
    let facts = scalar(
        &mut admin,
        "SELECT concat_ws(' ', current_user, usesuper, pg_encoding_to_char(encoding), datcollate, datctype,
                          pg_get_userbyid(datdba), current_setting('TimeZone'),
                          '[' || current_setting('listen_addresses') || ']', current_setting('fsync'),
                          current_setting('data_checksums'), current_setting('shared_buffers'),
                          current_setting('max_connections'))
           FROM pg_database, pg_user
          WHERE datname = current_database() AND usename = current_user",
    )
    .await;
    assert_eq!(facts, "pine_admin t UTF8 C C pine_owner UTC [] on on 128MB 200");

    let logins = scalar(
        &mut admin,
        "SELECT string_agg(concat_ws(' ', rolname, rolcanlogin, rolsuper, rolcreaterole, rolcreatedb,
                                     (SELECT string_agg(pg_get_userbyid(roleid)::text, ',' ORDER BY roleid)
                                        FROM pg_auth_members WHERE member = r.oid)), E'\\n' ORDER BY rolname)
           FROM pg_roles r
          WHERE rolname LIKE 'pine\\_%' AND rolname <> 'pine_admin'",
    )
    .await;
    assert_eq!(
        logins,
        "pine_kiosk f f f f\n\
         pine_kiosk_login t f f f pine_kiosk\n\
         pine_owner f f f f pine_staff\n\
         pine_owner_login t f f f pine_owner\n\
         pine_staff f f f f\n\
         pine_staff_login t f f f pine_staff"
    );

    assert!(
        cluster.server_version().starts_with(|c: char| c.is_ascii_digit()),
        "{}",
        cluster.server_version()
    );
    let longest = cluster.socket_dir().as_os_str().len() + "/.s.PGSQL.5432".len();
    assert!(longest <= 107, "{}", cluster.socket_dir().display());
    drop(admin);
    cluster.leave();
    wait_until("the server is stopped", || {
        !scratch.data_dir().join("postmaster.pid").exists()
    });

    let again = Cluster::join(&options).await.unwrap();
    assert_eq!(again.arrival(), Arrival::Started);
    eprintln!("later start: {:?}", again.waited());
    let shared = Cluster::join(&options).await.unwrap();
    assert_eq!(shared.arrival(), Arrival::Shared);
    eprintln!("joining a running server: {:?}", shared.waited());
}

#[tokio::test]
async fn a_url_works_for_psql_and_for_sqlx_whatever_the_environment_says() {
    let scratch = Scratch::new();
    let cluster = Cluster::join(&scratch.options()).await.unwrap();
    for (role, login) in [
        (Role::Owner, "pine_owner_login"),
        (Role::Staff, "pine_staff_login"),
        (Role::Kiosk, "pine_kiosk_login"),
    ] {
        let url = cluster.url(role, cluster::DATABASE);
        let said = succeed(
            Command::new("psql")
                .args(["--no-psqlrc", "-Atc", "SELECT current_user", &url])
                .env("PGPORT", "1")
                .env("PGHOST", "nowhere.invalid")
                .env("PGSSLMODE", "require"),
        );
        assert_eq!(said, login);
        let mut connection = connect(&cluster, role, cluster::DATABASE).await;
        assert_eq!(scalar(&mut connection, "SELECT current_user::text").await, login);
    }
}

#[tokio::test]
async fn a_path_with_spaces_quotes_and_accents_is_as_good_as_any() {
    let scratch = Scratch::new();
    let folder = scratch.dir.join("the desk's own é");
    fs::create_dir(&folder).unwrap();
    crate::scratch::open(&folder);
    let options = options_at(&folder.join("data dir"));
    let cluster = Cluster::join(&options).await.unwrap();
    let mut admin = connect(&cluster, Role::Admin, "pine_time").await;
    assert_eq!(
        scalar(&mut admin, "SHOW data_directory").await,
        cluster.data_dir().display().to_string()
    );
    drop((admin, cluster));
    cluster::stop(&options).await.unwrap();
}

#[tokio::test]
async fn two_data_directories_have_two_servers() {
    let scratch = Scratch::new();
    let one = Cluster::join(&options_at(&scratch.dir.join("one")))
        .await
        .unwrap();
    let two = Cluster::join(&options_at(&scratch.dir.join("two")))
        .await
        .unwrap();
    assert_ne!(one.socket_dir(), two.socket_dir());
    for cluster in [&one, &two] {
        let mut admin = connect(cluster, Role::Admin, "pine_time").await;
        assert_eq!(
            scalar(&mut admin, "SHOW data_directory").await,
            cluster.data_dir().display().to_string()
        );
    }
}

#[test]
fn of_six_processes_that_start_at_once_one_makes_the_data_and_all_share_the_server() {
    let scratch = Scratch::new();
    let starting: Vec<_> = (0..6).map(|_| Member::start(&scratch, false)).collect();
    let members: Vec<Member> = starting.into_iter().map(member::Starting::joined).collect();
    let mut arrivals: Vec<&str> = members.iter().map(|member| member.arrival.as_str()).collect();
    arrivals.sort_unstable();
    assert_eq!(
        arrivals,
        ["Initialised", "Shared", "Shared", "Shared", "Shared", "Shared"]
    );
    let server = members[0].server;
    assert!(members.iter().all(|member| member.server == server));
    for member in members {
        assert!(alive(server), "the server stays as long as one is there");
        member.leave();
    }
    wait_until("the last one's child has stopped the server", || !alive(server));
}

#[tokio::test]
async fn who_comes_while_the_server_is_being_stopped_waits_and_starts_it_again() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let mut servers = std::collections::BTreeSet::new();
    for round in 0..12 {
        let cluster = Cluster::join(&options).await.unwrap();
        let mut owner = connect(&cluster, Role::Owner, "pine_time").await;
        scalar(&mut owner, "SELECT 'here'").await;
        owner.close().await.unwrap();
        servers.insert(cluster.pid());
        cluster.leave();
        // Now before the reaper, now in the middle of its work, now after it.
        tokio::time::sleep(Duration::from_millis(round * 10)).await;
    }
    assert!(servers.len() > 1, "no server was ever stopped");
}

#[tokio::test]
async fn the_server_stays_while_anything_is_connected() {
    let scratch = Scratch::new();
    let cluster = Cluster::join(&scratch.options()).await.unwrap();
    let server = cluster.pid();
    let mut visitor = connect(&cluster, Role::Owner, "pine_time").await;
    cluster.leave();
    // The reaper looks once a second; three looks.
    let slept = scalar(&mut visitor, "SELECT 'still here' FROM pg_sleep(2.5)").await;
    assert_eq!(slept, "still here");
    visitor.close().await.unwrap();
    wait_until("the server is stopped after the last visitor", || !alive(server));
}

#[tokio::test]
async fn the_server_lingers_so_that_commands_in_a_row_find_it_running() {
    let scratch = Scratch::new();
    let options = Options {
        linger: Duration::from_millis(1500),
        ..scratch.options()
    };
    let first = Cluster::join(&options).await.unwrap().pid();
    for _ in 0..5 {
        let cluster = Cluster::join(&options).await.unwrap();
        assert_eq!((cluster.arrival(), cluster.pid()), (Arrival::Shared, first));
        cluster.leave();
    }
    wait_until("the server is stopped after all", || !alive(first));
}

#[tokio::test]
async fn a_server_that_was_asked_to_stay_stays_until_it_is_stopped() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let not_yet = cluster::status(&options).await.unwrap();
    assert_eq!(
        not_yet,
        Status::NotInitialised {
            data_dir: scratch.data_dir()
        }
    );

    let cluster = Cluster::join(&options).await.unwrap();
    let (server, version) = (cluster.pid(), cluster.server_version().to_owned());
    cluster.leave_running().unwrap();
    let visitor = Cluster::join(&options).await.unwrap();
    assert_eq!(visitor.arrival(), Arrival::Shared);
    let expected = Status::Running {
        pid: server,
        version: version.clone(),
        data_dir: scratch.data_dir(),
        socket_dir: visitor.socket_dir().to_path_buf(),
        sharing: 1,
        kept: true,
    };
    assert_eq!(cluster::status(&options).await.unwrap(), expected);
    visitor.leave();
    // A reaper called in spite of the mark finds it and ends; its end is what we wait for.
    succeed(
        scratch
            .pine_time(&["db", "reap", "--data-dir"])
            .arg(scratch.data_dir()),
    );
    assert!(alive(server));

    assert_eq!(
        cluster::stop(&options).await.unwrap(),
        Stopped::Stopped { sharing: 0 }
    );
    assert!(!alive(server));
    assert_eq!(cluster::stop(&options).await.unwrap(), Stopped::WasNotRunning);
    let major = version.split('.').next().unwrap().to_owned();
    let stopped = cluster::status(&options).await.unwrap();
    assert_eq!(
        stopped,
        Status::Stopped {
            data_dir: scratch.data_dir(),
            version: major
        }
    );

    // The mark went with the stop: from now on the last one to leave stops the server again.
    let cluster = Cluster::join(&options).await.unwrap();
    let server = cluster.pid();
    cluster.leave();
    wait_until("the server is stopped", || !alive(server));
}

#[tokio::test]
async fn stopping_says_how_many_it_was_stopped_under_and_they_can_revive_it() {
    let scratch = Scratch::new();
    let mut cluster = Cluster::join(&scratch.options()).await.unwrap();
    let before = cluster.pid();
    assert!(!cluster.revive().await.unwrap(), "it was running");
    assert_eq!(
        cluster::stop(&scratch.options()).await.unwrap(),
        Stopped::Stopped { sharing: 1 }
    );
    assert!(cluster.revive().await.unwrap());
    assert_ne!(cluster.pid(), before);
    let mut owner = connect(&cluster, Role::Owner, "pine_time").await;
    assert_eq!(scalar(&mut owner, "SELECT 'back'").await, "back");
}

#[test]
fn closing_the_terminal_stops_the_server() {
    let scratch = Scratch::new();
    let template = member::command(&scratch);
    let mut command = CommandBuilder::new(template.get_program());
    command.args(template.get_args());
    for (name, value) in template.get_envs() {
        command.env(name, value.unwrap());
    }
    let pty = native_pty_system().openpty(PtySize::default()).unwrap();
    // The leader of the terminal's session, as under `ssh -t host pine-time`: its end hangs up on the others.
    let mut process = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    let mut reader = pty.master.try_clone_reader().unwrap();
    let (mut seen, mut buffer) = (String::new(), [0; 1024]);
    let server = loop {
        let read = reader.read(&mut buffer).unwrap();
        seen.push_str(&String::from_utf8_lossy(&buffer[..read]));
        if let Some((whole, _)) = seen.rsplit_once('\n')
            && let Some((_, server)) = whole.lines().find_map(member::report)
        {
            break server;
        }
    };
    drop((reader, pty.master));
    process.wait().unwrap();
    wait_until("the detached child has stopped the server", || !alive(server));
}

#[test]
fn the_commands_start_show_and_stop_it() {
    let scratch = Scratch::new();
    let status = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_str(&succeed(&mut scratch.pine_time(arguments))).unwrap()
    };
    assert_eq!(status(&["db", "status", "--json"])["state"], "not_initialised");
    assert_eq!(status(&["db", "start", "--json"])["kept"], true);
    let running = status(&["db", "status", "--json"]);
    assert_eq!(
        (&running["state"], &running["sharing"], &running["data_dir"]),
        (
            &"running".into(),
            &0.into(),
            &scratch.data_dir().display().to_string().into()
        )
    );
    for (arguments, login) in [
        (["db", "url"].as_slice(), "pine_owner_login"),
        (&["db", "url", "--role", "owner"], "pine_owner_login"),
        (&["db", "url", "--role", "staff"], "pine_staff_login"),
        (&["db", "url", "--role", "kiosk"], "pine_kiosk_login"),
    ] {
        let url = succeed(&mut scratch.pine_time(arguments));
        let said = succeed(Command::new("psql").args(["--no-psqlrc", "-Atc", "SELECT current_user", &url]));
        assert_eq!(said, login);
    }
    assert_eq!(status(&["db", "stop", "--json"])["stopped"], true);
    assert_eq!(status(&["db", "status", "--json"])["state"], "stopped");
    assert_eq!(
        succeed(&mut scratch.pine_time(&["db", "stop"])),
        "The private PostgreSQL was not running."
    );

    // The URL alone is enough: it starts the server and leaves it there for whoever uses the URL.
    let url = succeed(&mut scratch.pine_time(&["db", "url"]));
    let said = succeed(Command::new("psql").args(["--no-psqlrc", "-Atc", "SELECT current_database()", &url]));
    assert_eq!(said, "pine_time");
}
