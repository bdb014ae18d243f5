//! The audit log: it only grows, whoever tries; every write leaves a row in it; pages, filters and the client's address.

use std::collections::BTreeSet;

use pine_time::db::{Db, Settings};
use pine_time::domain::audit::{AuditCall, AuditFilter, AuditPage, Difference};
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::{Fault, SafeText, Secret};

use crate::support::cluster::Role;
use crate::support::world::{World, fault, nonce, refused_field, typed};

/// Writes that leave no row, and why nobody misses it.
const UNLOGGED: [&str; 9] = [
    // What a member was told.
    "api.celebrated",
    // Members about themselves: the connections are the record.
    "api.confirm_connection",
    "api.connect",
    // That a kiosk is still there.
    "api.kiosk_touch",
    "api.logout",
    "api.news_seen",
    // It can do nothing by itself; what is done with it is logged under the owner's name.
    "api.owner_session",
    // Where a terminal stands, and that somebody is still there.
    "api.stand_at_door",
    "api.touch",
];

#[tokio::test]
async fn every_write_comes_to_the_log() {
    let world = World::new().await;
    let without: Vec<String> = sqlx::query_scalar(
        r"
        WITH RECURSIVE source AS (
            SELECT n.nspname || '.' || p.proname AS name, p.proname AS bare, n.nspname AS schema, p.prosrc, p.provolatile
            FROM pg_proc AS p
            JOIN pg_namespace AS n ON n.oid = p.pronamespace
            WHERE n.nspname IN ('api', 'pine')
        ), calls AS (
            SELECT DISTINCT a.name AS caller, b.name AS callee
            FROM source AS a
            JOIN source AS b ON b.schema = 'pine' AND a.prosrc ~ ('\mpine\.' || b.bare || '\(')
        ), reach AS (
            SELECT name AS api, name AS called FROM source WHERE schema = 'api' AND provolatile = 'v'
            UNION
            SELECT r.api, c.callee FROM reach AS r JOIN calls AS c ON c.caller = r.called
        )
        SELECT DISTINCT s.name
        FROM source AS s
        WHERE s.schema = 'api' AND s.provolatile = 'v'
          AND NOT EXISTS (SELECT FROM reach AS r WHERE r.api = s.name AND r.called = 'pine.audit')
        ORDER BY 1",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    assert_eq!(without, UNLOGGED);
}

#[tokio::test]
async fn the_log_only_grows_whoever_tries() {
    let world = World::new().await;
    let (db, token) = (world.db(Role::Staff), world.staff().await);
    let event = world.event(30, None).await;
    world.guest("ana", event).await;
    db.check_in(&token, nonce(), event, &typed("ana")).await.unwrap();
    let before = world.count("audit_log").await;
    assert!(before > 0);
    for statement in [
        "UPDATE audit_log SET actor = 'nobody'",
        "UPDATE audit_log SET before = NULL WHERE false",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "TRUNCATE users CASCADE",
    ] {
        let result = sqlx::raw_sql(statement).execute(&world.owner).await;
        let error = result.unwrap_err();
        assert_eq!(
            error.as_database_error().unwrap().code().as_deref(),
            Some("PT403"),
            "{statement}"
        );
    }
    assert_eq!(world.count("audit_log").await, before);
    // Without the trigger the owner could: it is what holds.
    world
        .sql("ALTER TABLE audit_log DISABLE TRIGGER only_grows")
        .await;
    world.sql("DELETE FROM audit_log").await;
    assert_eq!(world.count("audit_log").await, 0);
}

async fn page(db: &Db, token: &pine_time::db::Token, filter: AuditFilter) -> AuditPage {
    let call = AuditCall {
        filter,
        behind: None,
        most: 500,
    };
    db.audit_log(token, &call).await.unwrap()
}

#[tokio::test]
async fn rows_are_found_by_who_whom_what_and_when() {
    let world = World::new().await;
    let (db, token) = (world.db(Role::Staff), world.staff().await);
    let admin = world.person("mira", "admin").await;
    let admin = world.session(admin).await;
    let event = world.event(30, None).await;
    let ana = world.guest("ana", event).await;
    let bea = world.guest("bea", event).await;
    db.check_in(&token, nonce(), event, &typed("ana")).await.unwrap();
    db.check_in(&admin, nonce(), event, &typed("bea")).await.unwrap();
    db.undo_check_in(&admin, nonce(), event, bea, None).await.unwrap();
    world.move_clock("3 days").await;
    let (token, admin) = (world.staff().await, {
        let mira: i32 = world.value("SELECT id FROM users WHERE username = 'mira'").await;
        drop(admin);
        world.session(MemberId(mira)).await
    });
    db.set_role(&admin, nonce(), "ana", UserType::Staff)
        .await
        .unwrap();

    let all = page(&db, &token, AuditFilter::default()).await;
    let actions = |page: &AuditPage| {
        page.rows
            .iter()
            .map(|row| row.action.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        actions(&all),
        ["member_set_role", "undo_in", "check_in", "check_in"]
    );
    assert_eq!(all.next, None);
    let by = |who: &str| AuditFilter {
        who: who.to_owned(),
        ..AuditFilter::default()
    };
    assert_eq!(page(&db, &token, by(" MIRA ")).await.rows.len(), 3);
    assert_eq!(page(&db, &token, by("staff0")).await.rows.len(), 1);
    assert_eq!(page(&db, &token, by("nobody")).await.rows.len(), 0);
    let about = |whom: &str| AuditFilter {
        whom: whom.to_owned(),
        ..AuditFilter::default()
    };
    let on_ana = page(&db, &token, about("ana@example.org")).await;
    assert_eq!(actions(&on_ana), ["member_set_role", "check_in"]);
    assert!(
        on_ana
            .rows
            .iter()
            .all(|row| row.member.as_ref().unwrap().id == ana)
    );
    assert_eq!(
        actions(&page(&db, &token, about("bea")).await),
        ["undo_in", "check_in"]
    );
    let unknown = AuditCall {
        filter: about("carla"),
        behind: None,
        most: 5,
    };
    assert_eq!(refused_field(db.audit_log(&token, &unknown).await), "whom");
    let what = |action: &str| AuditFilter {
        action: action.to_owned(),
        ..AuditFilter::default()
    };
    assert_eq!(
        actions(&page(&db, &token, what("Set role")).await),
        ["member_set_role"]
    );
    assert_eq!(page(&db, &token, what("check")).await.rows.len(), 2);
    assert_eq!(page(&db, &token, what("%")).await.rows.len(), 0);
    let role = &all.rows[0];
    let changed: Vec<_> = role
        .differences()
        .into_iter()
        .filter(Difference::is_change)
        .collect();
    assert_eq!(changed.len(), 1, "{role:?}");
    assert_eq!(changed[0].before.as_ref().unwrap().as_str(), "regular");
    assert_eq!(changed[0].after.as_ref().unwrap().as_str(), "staff");
    assert_eq!(all.rows[2].title.as_ref().unwrap().as_str(), "Trivia Night");
    let since = AuditFilter {
        since: Some(role.at),
        ..AuditFilter::default()
    };
    assert_eq!(page(&db, &token, since).await.rows.len(), 1);
    let until = AuditFilter {
        until: Some(role.at),
        ..AuditFilter::default()
    };
    assert_eq!(page(&db, &token, until).await.rows.len(), 3);
    let both = AuditFilter {
        who: "mira".to_owned(),
        whom: "bea".to_owned(),
        action: "undo".to_owned(),
        ..AuditFilter::default()
    };
    assert_eq!(page(&db, &token, both).await.rows.len(), 1);

    let member = world.member("dina").await;
    let mine = world.session(member).await;
    let call = AuditCall {
        filter: AuditFilter::default(),
        behind: None,
        most: 5,
    };
    assert!(matches!(
        fault(db.audit_log(&mine, &call).await),
        Fault::NotAllowed(_)
    ));
    let kiosk = world.db(Role::Kiosk);
    assert!(kiosk.audit_log(&mine, &call).await.is_err());
}

#[tokio::test]
async fn pages_join_without_gap_or_overlap_while_the_log_grows() {
    let world = World::new().await;
    let (db, token) = (world.db(Role::Staff), world.staff().await);
    world
        .sql(
            "INSERT INTO audit_log (at, actor, action, subject, device)
             SELECT pine.clock() - n * interval '1 minute', 'staff' || n % 3, 'check_in', 'event', 'door 1'
             FROM generate_series(1, 700) AS n",
        )
        .await;
    let (mut seen, mut behind) = (BTreeSet::new(), None);
    loop {
        let call = AuditCall {
            filter: AuditFilter {
                who: "staff1".to_owned(),
                ..AuditFilter::default()
            },
            behind,
            most: 33,
        };
        let page = db.audit_log(&token, &call).await.unwrap();
        assert!(page.rows.len() <= 33);
        assert!(page.rows.iter().all(|row| seen.insert(row.id)), "no row twice");
        world
            .sql("INSERT INTO audit_log (at, actor, action, subject, device) VALUES (pine.clock(), 'staff1', 'x', 'event', '')")
            .await;
        behind = page.next;
        if behind.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 234);
}

#[tokio::test]
async fn the_clients_address_is_kept_as_said_and_only_if_it_is_one() {
    let world = World::new().await;
    let hashed = pine_time::db::hash_password(&Secret::new("correct horse battery".to_owned())).unwrap();
    let name = "mira";
    world.person(name, "staff").await;
    sqlx::query("UPDATE users SET hashed_password = $1 WHERE username = $2")
        .bind(&hashed)
        .bind(name)
        .execute(&world.owner)
        .await
        .unwrap();
    let db = Db::new(Settings {
        client_told: Some("2001:db8::7".parse().unwrap()),
        ..world.settings(Role::Staff)
    })
    .unwrap();
    let password = Secret::new("correct horse battery".to_owned());
    let mira = db.sign_in(name, &password).await.unwrap().unwrap();
    let event = world.event(30, None).await;
    world.guest("ana", event).await;
    db.check_in(&mira.token, nonce(), event, &typed("ana"))
        .await
        .unwrap();
    let rows = page(&db, &mira.token, AuditFilter::default()).await.rows;
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert_eq!(
            row.client_told.as_ref().map(SafeText::as_str),
            Some("2001:db8::7"),
            "{row:?}"
        );
    }
    // Nobody has to say it, and nothing else than an address is taken.
    let quiet = world
        .db(Role::Staff)
        .sign_in(name, &password)
        .await
        .unwrap()
        .unwrap();
    let rows = page(&db, &quiet.token, AuditFilter::default()).await.rows;
    assert_eq!(rows[0].client_told, None);
    for told in ["'desk'", "E'1.2.3.4\\x1b[2J'", "repeat('1', 46)", "''", "NULL"] {
        let kept: Option<String> = world.value(&format!("SELECT pine.client_address({told})")).await;
        assert_eq!(kept, None, "{told}");
    }
    // An owner's session says it too.
    let owner = Db::new(Settings {
        client_told: Some("203.0.113.9".parse().unwrap()),
        ..world.settings(Role::Owner)
    })
    .unwrap();
    let token = owner.owner_session("root").await.unwrap();
    owner
        .set_role(&token, nonce(), "ana", UserType::Staff)
        .await
        .unwrap();
    let rows = page(&owner, &token, AuditFilter::default()).await.rows;
    assert_eq!(rows[0].actor.as_str(), "owner:root");
    assert_eq!(
        rows[0].client_told.as_ref().map(SafeText::as_str),
        Some("203.0.113.9")
    );
}
