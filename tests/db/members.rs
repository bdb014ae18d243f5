//! Members: made, found, given passwords and roles, and what is refused.

use pine_time::db::NewMember;
use pine_time::domain::Fault;
use pine_time::domain::member::UserType;

use crate::support::cluster::Role;
use crate::support::world::{World, fault, nonce, refused_field};

fn hash() -> String {
    format!(
        "$argon2id-sha256$v=19$m=65536,t=3,p=1${}${}",
        "A".repeat(22),
        "A".repeat(43)
    )
}

fn new(username: &str) -> NewMember {
    NewMember {
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        full_name: "New Member".to_owned(),
        user_type: UserType::Regular,
        hashed_password: hash(),
        referrer: String::new(),
    }
}

#[tokio::test]
async fn members_are_made_and_found() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let press = nonce();
    let nino = NewMember {
        full_name: "Niño Bautista".to_owned(),
        ..new("nb")
    };
    let made = db.add_member(&staff, press, &nino).await.unwrap();
    assert_eq!(
        db.add_member(&staff, press, &nino).await.unwrap(),
        made,
        "the same press, the same member"
    );
    let found = db.members(&staff, "NINO example.org", 10).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].user_type, UserType::Regular);
    assert_eq!(db.members(&staff, "", 10).await.unwrap().len(), 2);
    assert_eq!(db.members(&staff, "", 1).await.unwrap().len(), 1);
    assert!(world.pass_code(made.id).await.len() == 10);
}

#[tokio::test]
async fn every_wrong_value_is_refused_at_its_column() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    world.member("ana").await;
    let base = new("ben");
    for (column, wrong) in [
        (
            "username",
            NewMember {
                username: "b".to_owned(),
                ..base.clone()
            },
        ),
        (
            "username",
            NewMember {
                username: "ben reyes".to_owned(),
                ..base.clone()
            },
        ),
        (
            "username",
            NewMember {
                username: "x".repeat(65),
                ..base.clone()
            },
        ),
        (
            "username",
            NewMember {
                username: "\u{1b}[31m".to_owned(),
                ..base.clone()
            },
        ),
        (
            "username",
            NewMember {
                username: "ANA".to_owned(),
                ..base.clone()
            },
        ),
        (
            "email",
            NewMember {
                email: "nobody".to_owned(),
                ..base.clone()
            },
        ),
        (
            "email",
            NewMember {
                email: "Ana@example.ORG".to_owned(),
                ..base.clone()
            },
        ),
        (
            "email",
            NewMember {
                email: format!("{}@example.org", "x".repeat(250)),
                ..base.clone()
            },
        ),
        (
            "full_name",
            NewMember {
                full_name: "  ".to_owned(),
                ..base.clone()
            },
        ),
        (
            "full_name",
            NewMember {
                full_name: "x".repeat(256),
                ..base.clone()
            },
        ),
        (
            "hashed_password",
            NewMember {
                hashed_password: "plain text".to_owned(),
                ..base.clone()
            },
        ),
    ] {
        assert_eq!(
            refused_field(db.add_member(&staff, nonce(), &wrong).await),
            column,
            "{wrong:?}"
        );
    }
    assert_eq!(world.count("users").await, 2, "ana and the staff member");
}

#[tokio::test]
async fn roles_are_given_by_administrators_and_one_always_stays() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let staff = world.staff().await;
    let boss_id = world.person("boss", "admin").await;
    let boss = world.session(boss_id).await;
    world.member("ana").await;

    let as_staff = NewMember {
        user_type: UserType::Staff,
        ..new("sam")
    };
    assert!(matches!(
        fault(db.add_member(&staff, nonce(), &as_staff).await),
        Fault::NotAllowed(_)
    ));
    assert!(matches!(
        fault(db.set_role(&staff, nonce(), "ana", UserType::Admin).await),
        Fault::NotAllowed(_)
    ));
    db.add_member(&boss, nonce(), &as_staff).await.unwrap();
    assert!(matches!(
        fault(db.set_role(&boss, nonce(), "boss", UserType::Staff).await),
        Fault::Conflict(_)
    ));
    db.set_role(&boss, nonce(), "ana", UserType::Admin).await.unwrap();
    assert!(
        world
            .value::<bool>("SELECT is_superuser FROM users WHERE username = 'ana'")
            .await
    );
    db.set_role(&boss, nonce(), "boss", UserType::Regular)
        .await
        .unwrap();
    assert!(matches!(
        fault(db.set_role(&boss, nonce(), "boss", UserType::Admin).await),
        Fault::NotAllowed(_)
    ));
    assert!(
        matches!(
            fault(db.set_password(&staff, nonce(), "ana", &hash()).await),
            Fault::NotAllowed(_)
        ),
        "staff do not set an administrator's password"
    );
    assert!(matches!(
        fault(db.set_role(&staff, nonce(), "nobody", UserType::Staff).await),
        Fault::NotAllowed(_)
    ));
    let owner = world.db(Role::Owner);
    let root = owner.owner_session("root").await.unwrap();
    assert!(matches!(
        fault(owner.set_role(&root, nonce(), "nobody", UserType::Staff).await),
        Fault::NotFound(_)
    ));
    let actor: String = world
        .value("SELECT actor FROM audit_log WHERE action = 'member_set_role' LIMIT 1")
        .await;
    assert_eq!(actor, "boss");
}

#[tokio::test]
async fn members_may_do_none_of_this() {
    let world = World::new().await;
    let ana = world.member("ana").await;
    let token = world.session(ana).await;
    let (staff, kiosk) = (world.db(Role::Staff), world.db(Role::Kiosk));
    assert!(matches!(
        fault(staff.members(&token, "", 5).await),
        Fault::NotAllowed(_)
    ));
    assert!(matches!(
        fault(staff.add_member(&token, nonce(), &new("x1")).await),
        Fault::NotAllowed(_)
    ));
    assert!(matches!(
        fault(staff.set_password(&token, nonce(), "ana", &hash()).await),
        Fault::NotAllowed(_)
    ));
    assert_eq!(fault(kiosk.members(&token, "", 5).await), Fault::Login);
    assert_eq!(
        fault(kiosk.add_member(&token, nonce(), &new("x1")).await),
        Fault::Login
    );
}
