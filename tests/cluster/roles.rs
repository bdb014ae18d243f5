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
