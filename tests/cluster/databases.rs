//! What the other tests stand on: a database each, from one template, in one server for the run.

use sqlx::postgres::PgConnection;
use sqlx::{Connection, Executor};

use crate::scratch::{alive, scalar, succeed, text};
use crate::support::{Role, TestDb, cluster, fresh_database};

async fn connect(database: &TestDb, role: Role) -> PgConnection {
    PgConnection::connect(&database.url(role)).await.unwrap()
}

#[tokio::test]
async fn each_test_has_a_migrated_database_of_its_own() {
    let begun = std::time::Instant::now();
    let (one, two) = tokio::join!(fresh_database(), fresh_database());
    eprintln!("two databases: {:?}", begun.elapsed());
    let mut owner = connect(&one, Role::Owner).await;
    assert_eq!(
        scalar(&mut owner, "SELECT count(*)::text FROM public.users").await,
        "0"
    );
    let whose = "SELECT concat_ws(' ', current_database(), pg_get_userbyid(datdba)) FROM pg_database \
                  WHERE datname = current_database()";
    assert_eq!(
        scalar(&mut owner, whose).await,
        format!("{} pine_owner", one.name)
    );
    owner.execute("CREATE TABLE public.mine ()").await.unwrap();
    let mut other = connect(&two, Role::Owner).await;
    assert_eq!(
        scalar(&mut other, "SELECT to_regclass('public.mine') IS NULL || ''").await,
        "true"
    );
    for role in [Role::Staff, Role::Kiosk] {
        assert_eq!(
            scalar(&mut connect(&one, role).await, "SELECT current_database()::text").await,
            one.name
        );
    }
}

#[tokio::test]
async fn a_database_goes_with_its_test_even_while_it_is_connected() {
    let database = fresh_database().await;
    let name = database.name.clone();
    let mut left_open = connect(&database, Role::Owner).await;
    drop(database);
    assert!(left_open.ping().await.is_err());
    let mut admin = PgConnection::connect(&cluster().await.url(Role::Admin, "postgres"))
        .await
        .unwrap();
    let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(name)
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert!(!there);
}

#[tokio::test]
async fn nobody_can_get_into_the_template() {
    let database = fresh_database().await;
    let mut owner = connect(&database, Role::Owner).await;
    let template = "SELECT datname::text FROM pg_database WHERE datname LIKE 'pine\\_template\\_%' LIMIT 1";
    let template = scalar(&mut owner, template).await;
    let url = cluster().await.url(Role::Admin, &template);
    let error = PgConnection::connect(&url)
        .await
        .expect_err("it takes no connections");
    assert!(
        error.to_string().contains("not currently accepting connections"),
        "{error}"
    );
}

/// Another test process, killed: its database is dropped by the next that comes.
#[test]
fn what_a_killed_run_leaves_is_cleared_away() {
    const CHILD: &str = "PINE_DATABASES_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        return crate::scratch::runtime().block_on(async {
            let database = fresh_database().await;
            println!("database {} on {}", database.name, cluster().await.pid());
            if std::env::var(CHILD).is_ok_and(|what| what == "die") {
                std::process::abort();
            }
            let mut owner = connect(&database, Role::Owner).await;
            let tests =
                "SELECT string_agg(datname::text, ' ') FROM pg_database WHERE datname LIKE 'test\\_%'";
            println!("databases {}", scalar(&mut owner, tests).await);
        });
    }
    let child = |what: &str| {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args([
            "--exact",
            "databases::what_a_killed_run_leaves_is_cleared_away",
            "--nocapture",
        ]);
        command.env(CHILD, what);
        command
    };
    let said = |output: &[u8], word: &str| -> String {
        let output = text(output);
        let line = output
            .lines()
            .find_map(|line| Some(line.split_once(word)?.1.trim().to_owned()));
        line.unwrap_or_else(|| panic!("{word:?} in {output}"))
    };
    let died = child("die").output().unwrap();
    assert!(!died.status.success());
    let left = said(&died.stdout, "database ");
    let (left, server) = left.split_once(" on ").unwrap();
    let second = succeed(&mut child("look"));
    let seen = said(second.as_bytes(), "databases ");
    assert!(
        !seen.split(' ').any(|name| name == left),
        "{left} is still among {seen}"
    );
    let server: i32 = server.parse().unwrap();
    assert!(
        alive(server),
        "the run's server lingers for the next test process"
    );
}
