//! The group roles on a server that is not ours: made by whoever may, and handed to the DBA as SQL by whoever may not.

use pine_time::cluster::{Cluster, Role};
use pine_time::ops::roles::{GROUP_ROLES_SQL, GroupRoles, create_group_roles};
use sqlx::{Connection, Executor, PgConnection};

use crate::scratch::{Scratch, connect, scalar, succeed, text};

/// A server as a DBA has it: none of our roles, one login that may make roles and one that may not.
async fn bare_server(scratch: &Scratch) -> (Cluster, String) {
    let cluster = Cluster::join(&scratch.options()).await.unwrap();
    let mut admin = connect(&cluster, Role::Admin, "postgres").await;
    for sql in [
        "DROP DATABASE pine_time",
        "DROP ROLE pine_owner_login, pine_staff_login, pine_kiosk_login, pine_owner, pine_staff, pine_kiosk",
        "CREATE ROLE dba LOGIN CREATEROLE",
        "CREATE ROLE clerk LOGIN",
    ] {
        admin.execute(sql).await.unwrap();
    }
    let url = cluster.url(Role::Admin, "postgres");
    (cluster, url)
}

#[tokio::test]
async fn who_may_make_roles_makes_them_once_however_many_try() {
    let scratch = Scratch::new();
    let (cluster, url) = bare_server(&scratch).await;
    let url = url.replace("pine_admin@", "dba@");
    let tries = (0..8).map(|n| {
        // In two databases, where the advisory lock of one is not seen by the other.
        let url = if n % 2 == 0 {
            url.clone()
        } else {
            url.replace("/postgres?", "/template1?")
        };
        tokio::spawn(async move {
            let mut connection = PgConnection::connect(&url).await.unwrap();
            create_group_roles(&mut connection).await.unwrap()
        })
    });
    for done in tries.collect::<Vec<_>>() {
        assert_ne!(done.await.unwrap(), GroupRoles::NeedsDba);
    }
    let mut dba = PgConnection::connect(&url).await.unwrap();
    assert_eq!(
        create_group_roles(&mut dba).await.unwrap(),
        GroupRoles::AlreadyThere
    );
    let mut admin = connect(&cluster, Role::Admin, "postgres").await;
    let roles = scalar(
        &mut admin,
        "SELECT string_agg(concat_ws(' ', rolname, rolcanlogin,
                                     (SELECT string_agg(pg_get_userbyid(roleid)::text, ',')
                                        FROM pg_auth_members WHERE member = r.oid)), '; ' ORDER BY rolname)
           FROM pg_roles r
          WHERE rolname LIKE 'pine\\_%' AND rolname <> 'pine_admin'",
    )
    .await;
    assert_eq!(roles, "pine_kiosk f; pine_owner f pine_staff; pine_staff f");
}

#[tokio::test]
async fn a_role_that_is_missing_is_added_and_named() {
    let scratch = Scratch::new();
    let (_cluster, url) = bare_server(&scratch).await;
    let mut dba = PgConnection::connect(&url.replace("pine_admin@", "dba@"))
        .await
        .unwrap();
    let all = ["pine_kiosk", "pine_owner", "pine_staff"]
        .map(str::to_owned)
        .to_vec();
    assert_eq!(
        create_group_roles(&mut dba).await.unwrap(),
        GroupRoles::Created(all)
    );
    dba.execute("DROP ROLE pine_kiosk").await.unwrap();
    assert_eq!(
        create_group_roles(&mut dba).await.unwrap(),
        GroupRoles::Created(vec!["pine_kiosk".to_owned()])
    );
}

#[tokio::test]
async fn who_may_not_make_roles_gets_the_sql_for_the_dba() {
    let scratch = Scratch::new();
    let (_cluster, url) = bare_server(&scratch).await;
    let clerk = url.replace("pine_admin@", "clerk@");
    let mut create = scratch.pine_time(&["db", "roles", "create"]);
    let said = create.env("PINE_TIME_DATABASE_URL", &clerk).output().unwrap();
    assert_eq!(said.status.code(), Some(3), "refused");
    assert_eq!(text(&said.stdout), GROUP_ROLES_SQL.trim());
    assert_eq!(text(&said.stderr).lines().count(), 1);
    assert!(
        text(&said.stderr).contains("This login may not make roles"),
        "{}",
        text(&said.stderr)
    );

    // The DBA runs it as it was printed.
    let mut psql = std::process::Command::new("psql");
    succeed(psql.args([
        "--no-psqlrc",
        "--quiet",
        "-v",
        "ON_ERROR_STOP=1",
        "-c",
        &text(&said.stdout),
        &url,
    ]));
    let mut create = scratch.pine_time(&["db", "roles", "create"]);
    assert_eq!(
        succeed(create.env("PINE_TIME_DATABASE_URL", &clerk)),
        "The roles pine_owner, pine_staff and pine_kiosk are there."
    );
}

#[tokio::test]
async fn a_kiosks_login_has_few_connections_short_limits_and_one_group() {
    let scratch = Scratch::new();
    let (cluster, url) = bare_server(&scratch).await;
    let (dba, clerk) = (
        url.replace("pine_admin@", "dba@"),
        url.replace("pine_admin@", "clerk@"),
    );
    let run = |url: &str, args: &[&str]| {
        let mut command = scratch.pine_time(&[&["db", "roles", "create-login"], args].concat());
        command.env("PINE_TIME_DATABASE_URL", url).output().unwrap()
    };
    let early = run(&dba, &["lobby", "--role", "kiosk"]);
    assert_eq!(early.status.code(), Some(1));
    assert!(
        text(&early.stderr).contains("db roles create"),
        "{}",
        text(&early.stderr)
    );
    let mut connection = PgConnection::connect(&dba).await.unwrap();
    create_group_roles(&mut connection).await.unwrap();

    // Whoever may not gets the SQL, and nothing else.
    let refused = run(&clerk, &["Lo\"bby", "--role", "kiosk"]);
    assert_eq!(refused.status.code(), Some(3));
    let sql = text(&refused.stdout);
    assert!(
        sql.starts_with("CREATE ROLE \"Lo\"\"bby\" LOGIN IN ROLE pine_kiosk CONNECTION LIMIT 10;"),
        "{sql}"
    );
    let mut admin = connect(&cluster, Role::Admin, "postgres").await;
    let there = "SELECT count(*)::text FROM pg_roles WHERE rolname = 'Lo\"bby'";
    assert_eq!(scalar(&mut admin, there).await, "0", "nothing was made");

    let made = run(&dba, &["Lo\"bby", "--role", "kiosk"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    assert_eq!(text(&made.stdout), sql, "what was done is printed");
    assert!(text(&made.stderr).contains("without a password"));
    let what = scalar(
        &mut admin,
        "SELECT concat_ws(' ', rolconnlimit, rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolreplication,
                          rolbypassrls, array_to_string(rolconfig, ','),
                          (SELECT string_agg(pg_get_userbyid(roleid)::text, ',') FROM pg_auth_members
                            WHERE member = r.oid))
           FROM pg_roles AS r WHERE rolname = 'Lo\"bby'",
    )
    .await;
    assert_eq!(
        what,
        "10 t f f f f f statement_timeout=10s,lock_timeout=5s,idle_in_transaction_session_timeout=10s pine_kiosk"
    );
    let mut kiosk = PgConnection::connect(&url.replace("pine_admin@", "Lo%22bby@"))
        .await
        .unwrap();
    assert_eq!(scalar(&mut kiosk, "SHOW statement_timeout").await, "10s");
    let staff = "SELECT pg_has_role(session_user, 'pine_staff', 'MEMBER')::text";
    assert_eq!(scalar(&mut kiosk, staff).await, "false");

    let again = run(&dba, &["Lo\"bby", "--role", "staff"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("already"), "{}", text(&again.stderr));
    assert!(run(&dba, &["desk", "--role", "staff"]).status.success());
    let mut desk = PgConnection::connect(&url.replace("pine_admin@", "desk@"))
        .await
        .unwrap();
    assert_eq!(scalar(&mut desk, staff).await, "true");
    for bad in ["", " ", "pg_mine", &"x".repeat(64)] {
        assert_eq!(
            run(&dba, &[bad, "--role", "staff"]).status.code(),
            Some(2),
            "{bad:?}"
        );
    }
}
