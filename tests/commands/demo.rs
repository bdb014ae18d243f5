//! `demo`, on a private PostgreSQL of the test's own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::Value;
use sqlx::{Connection, PgConnection};

use crate::{Program, finished};

/// A folder that root's server user can walk into, and no server left behind.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Self(folder)
    }

    fn data_dir(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn program(&self) -> Program {
        let program = Program {
            home: tempfile::tempdir().unwrap(),
            url: None,
            variables: Vec::new(),
        };
        program.with(
            "PINE_TIME_CLUSTER_DATA_DIR",
            &self.data_dir().display().to_string(),
        )
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let stopped = self.program().command(&["db", "stop"]).output();
        if !stopped.as_ref().is_ok_and(|output| output.status.success()) {
            eprintln!("{} may still run: {stopped:?}", self.data_dir().display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_community_is_made_once_reset_on_demand_and_never_over_a_real_one() {
    let place = Place::new();
    let program = place.program();
    let said = program.done(&["demo", "--prepare-only"]);
    let url = said.lines().next().unwrap().to_owned();
    assert!(url.starts_with("postgresql://pine_owner_login@"), "{said}");
    for name in ["admin", "staff", "ana", "pinetime"] {
        assert!(said.contains(name), "{name} is not told: {said}");
    }
    let count = async |from: &'static str| {
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let count: i64 = sqlx::query_scalar(from).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        count
    };
    let members = count("SELECT count(*) FROM users").await;
    assert!((50..=80).contains(&members), "about sixty members: {members}");

    // The community's own door: the event that runs now, and one of those who are due.
    let events = program.json(&["events", "list", "--json"]);
    let now = chrono::Utc::now();
    let moment = |event: &Value, name: &str| {
        event[name]
            .as_str()
            .unwrap()
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap()
    };
    let running = events
        .as_array()
        .unwrap()
        .iter()
        .find(|event| moment(event, "start_time") <= now && now < moment(event, "end_time"))
        .expect("one event runs now");
    let number = running["id"].to_string();
    let staff = place.program().with("PINE_TIME_PASSWORD", "pinetime");
    let output = staff.run_with(
        &["check-in", "--event", &number, "--as", "staff", "--json"],
        b"ana\n",
    );
    let answer: Value = serde_json::from_str(&finished(&output, 0).0).unwrap();
    assert_eq!(answer["member"]["username"], "ana");

    let mine = "SELECT count(*) FROM check_in_log WHERE input = 'ana' AND device = 'door 7'";
    assert_eq!(count(mine).await, 1);
    program.done(&["demo", "--prepare-only"]);
    assert_eq!(
        count(mine).await,
        1,
        "a second demo leaves the first's work alone"
    );
    // Whoever looks at the sample meanwhile is sent away rather than waited for.
    let onlooker = PgConnection::connect(&url).await.unwrap();
    program.done(&["demo", "--reset", "--prepare-only"]);
    drop(onlooker);
    assert_eq!(count(mine).await, 0);
    assert_eq!(count("SELECT count(*) FROM users").await, members);

    // A sample of another day, or of another version of the program, is made anew: nothing happens in it any more.
    let change = async |sql: &'static str| {
        let mut connection = PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    };
    for old in [
        "UPDATE pine.clock_offset SET moved_by = interval '1 year'",
        "UPDATE _sqlx_migrations SET checksum = '' WHERE version = 9",
    ] {
        change(old).await;
        change("UPDATE users SET full_name = 'Seen Before' WHERE username = 'ana'").await;
        program.done(&["demo", "--prepare-only"]);
        assert_eq!(
            count("SELECT count(*) FROM users WHERE full_name = 'Seen Before'").await,
            0,
            "{old}"
        );
        assert_eq!(
            count("SELECT count(*) FROM events WHERE start_time <= now() AND now() < end_time").await,
            1
        );
    }

    // A configured database is somebody's: the demo does not touch it.
    let mut configured = place.program();
    configured.url = Some("postgres://somebody@127.0.0.1:9/real".to_owned());
    assert!(configured.done(&["demo", "--prepare-only"]).starts_with(&url));

    // What is no sample is never dropped and never mixed with one.
    change("UPDATE settings SET is_demo = false").await;
    for arguments in [
        &["demo", "--prepare-only"][..],
        &["demo", "--reset", "--prepare-only"],
    ] {
        let (out, err) = finished(&program.run_with(arguments, b""), 3);
        assert_eq!(out, "");
        assert!(err.contains("keeps a community already"), "{err}");
    }
    assert_eq!(count("SELECT count(*) FROM users").await, members);
}
