//! Signing in by server relief, counted failures, sessions and their ends.

use pine_time::db::{Token, hash_password};
use pine_time::domain::member::UserType;
use pine_time::domain::{Fault, Secret};

use crate::support::cluster::Role;
use crate::support::world::{World, fault, nonce};

const PASSWORD: &str = "correct horse battery";

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

async fn give_password(world: &World, name: &str, password: &str) {
    let hash = hash_password(&secret(password)).unwrap();
    sqlx::query("UPDATE users SET hashed_password = $2 WHERE username = $1")
        .bind(name)
        .bind(hash)
        .execute(&world.owner)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_right_password_opens_a_session() {
    let world = World::new().await;
    let ana = world.member("ana").await;
    give_password(&world, "ana", PASSWORD).await;
    let db = world.db(Role::Kiosk);
    for name in ["ana", " ANA ", "Ana@Example.org"] {
        let signed_in = db
            .sign_in(name, &secret(PASSWORD))
            .await
            .unwrap()
            .unwrap_or_else(|| panic!("{name}"));
        assert_eq!(signed_in.me.user_id, ana);
        assert_eq!(signed_in.me.user_type, UserType::Regular);
        assert_eq!(signed_in.me.device.as_str(), "door 1");
        assert_eq!(
            db.profile(&signed_in.token).await.unwrap().username.as_str(),
            "ana"
        );
    }
    assert!(
        world
            .value::<bool>("SELECT last_login IS NOT NULL FROM users WHERE username = 'ana'")
            .await
    );
    assert_eq!(world.count("audit_log WHERE action = 'sign_in'").await, 3);
}

#[tokio::test]
async fn the_stored_hash_is_of_the_key_and_never_leaves() {
    let world = World::new().await;
    world.member("ana").await;
    give_password(&world, "ana", PASSWORD).await;
    let stored: String = world
        .value("SELECT hashed_password FROM users WHERE username = 'ana'")
        .await;
    assert!(
        stored.starts_with("$argon2id-sha256$v=19$m=65536,t=3,p=1$"),
        "{stored}"
    );
    let answer: serde_json::Value = world.value("SELECT api.login_challenge('ana')").await;
    let hash = stored.rsplit('$').next().unwrap();
    assert!(!answer.to_string().contains(hash));
    let mut keys: Vec<_> = answer.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    assert_eq!(keys, ["algorithm", "lanes", "memory_kib", "passes", "salt"]);
}

#[tokio::test]
async fn six_wrong_tries_over_six_connections_leave_six_counted_failures() {
    let world = World::new().await;
    world.member("ana").await;
    give_password(&world, "ana", PASSWORD).await;
    for _ in 0..6 {
        let db = world.db(Role::Staff);
        assert!(
            db.sign_in("ana", &secret("not her password"))
                .await
                .unwrap()
                .is_none()
        );
        db.close().await;
    }
    let of_name = "SELECT failures FROM login_throttle WHERE login_role = 'pine_staff_login'
                   AND name_hash = pine.login_name_hash('ana')";
    let of_login =
        "SELECT failures FROM login_throttle WHERE login_role = 'pine_staff_login' AND name_hash = '\\x'";
    assert_eq!(world.value::<i64>(of_name).await, 6);
    assert_eq!(world.value::<i64>(of_login).await, 6);

    // The right one takes the name's count back and leaves the login's.
    assert!(
        world
            .db(Role::Staff)
            .sign_in("ana", &secret(PASSWORD))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(
        world
            .count("login_throttle WHERE name_hash = pine.login_name_hash('ana')")
            .await,
        0
    );
    assert_eq!(world.value::<i64>(of_login).await, 6);
}

#[tokio::test]
async fn an_unknown_name_looks_like_a_known_one() {
    let world = World::new().await;
    world.member("ana").await;
    give_password(&world, "ana", PASSWORD).await;
    let challenge = |name: &str| {
        let sql = format!("SELECT api.login_challenge('{name}')");
        let world = &world;
        async move { world.value::<serde_json::Value>(&sql).await }
    };
    let (known, unknown) = (challenge("ana").await, challenge("nobody").await);
    for key in ["algorithm", "memory_kib", "passes", "lanes"] {
        assert_eq!(known[key], unknown[key], "{key}");
    }
    assert_eq!(
        known["salt"].as_str().unwrap().len(),
        unknown["salt"].as_str().unwrap().len()
    );
    assert_eq!(unknown, challenge(" NOBODY ").await, "a fake salt stays the same");
    assert_ne!(unknown["salt"], challenge("nobody2").await["salt"]);

    let db = world.db(Role::Staff);
    assert!(db.sign_in("nobody", &secret(PASSWORD)).await.unwrap().is_none());
    assert!(db.sign_in("", &secret("")).await.unwrap().is_none());
    assert_eq!(
        world
            .value::<i64>(
                "SELECT failures FROM login_throttle WHERE name_hash = pine.login_name_hash('nobody')"
            )
            .await,
        1,
        "unknown names are counted too"
    );
}

#[tokio::test]
async fn who_may_not_come_in_is_refused_with_the_same_words() {
    let world = World::new().await;
    world.member("gone").await;
    world.member("sample").await;
    world.person("boss", "staff").await;
    for name in ["gone", "sample", "boss"] {
        give_password(&world, name, PASSWORD).await;
    }
    world
        .sql(
            "UPDATE users SET is_active = false WHERE username = 'gone';
             UPDATE users SET is_sample = true WHERE username = 'sample'",
        )
        .await;
    let (staff, kiosk) = (world.db(Role::Staff), world.db(Role::Kiosk));
    assert!(
        staff.sign_in("gone", &secret(PASSWORD)).await.unwrap().is_none(),
        "deactivated"
    );
    assert!(
        staff
            .sign_in("sample", &secret(PASSWORD))
            .await
            .unwrap()
            .is_none(),
        "sample account outside a demo"
    );
    assert!(
        kiosk.sign_in("boss", &secret(PASSWORD)).await.unwrap().is_none(),
        "staff at a kiosk"
    );
    assert!(staff.sign_in("boss", &secret(PASSWORD)).await.unwrap().is_some());
    world.sql("UPDATE settings SET is_demo = true").await;
    assert!(
        staff
            .sign_in("sample", &secret(PASSWORD))
            .await
            .unwrap()
            .is_some(),
        "in a demo it may"
    );
}

#[tokio::test]
async fn a_staff_token_is_worth_nothing_over_a_kiosk_login() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (from, to) = (chrono::Utc::now(), chrono::Utc::now());
    assert!(world.db(Role::Staff).events(&staff, from, to).await.is_ok());
    assert_eq!(
        fault(world.db(Role::Kiosk).events(&staff, from, to).await),
        Fault::NotSignedIn
    );
    let owner = world.db(Role::Owner).owner_session("root").await.unwrap();
    assert!(world.db(Role::Owner).events(&owner, from, to).await.is_ok());
    assert_eq!(
        fault(world.db(Role::Staff).events(&owner, from, to).await),
        Fault::NotSignedIn
    );
    assert_eq!(
        fault(world.db(Role::Staff).owner_session("root").await),
        Fault::Login
    );
}

#[tokio::test]
async fn sessions_end_by_idleness_age_and_sign_out() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let ana = world.member("ana").await;
    let alive = |token: Token| {
        let db = db.clone();
        async move { db.profile(&token).await.is_ok() }
    };

    let idle = world.session(ana).await;
    world.move_clock("14 minutes").await;
    assert!(alive(idle.clone()).await);
    assert!(db.touch(&idle).await.unwrap(), "activity is written");
    world.move_clock("14 minutes").await;
    assert!(alive(idle.clone()).await, "touched in time");
    world.move_clock("2 minutes").await;
    assert!(!alive(idle.clone()).await, "idle for 16 minutes");
    assert_eq!(
        fault(db.touch(&idle).await),
        Fault::NotSignedIn,
        "and cannot be woken"
    );

    let old = world.session(ana).await;
    for _ in 0..71 {
        world.move_clock("10 minutes").await;
        db.touch(&old).await.unwrap();
    }
    assert!(alive(old.clone()).await, "11 h 50 min, always busy");
    world.move_clock("11 minutes").await;
    assert!(!alive(old).await, "12 hours are the end");

    let left = world.session(ana).await;
    assert!(db.sign_out(&left).await.unwrap());
    assert!(!alive(left.clone()).await);
    assert!(!db.sign_out(&left).await.unwrap(), "saying it twice is no fault");
    let deactivated = world.session(ana).await;
    world.sql("UPDATE users SET is_active = false").await;
    assert!(!alive(deactivated).await, "a deactivated member is out at once");
}

#[tokio::test]
async fn the_newest_session_of_a_terminal_is_the_only_one() {
    let world = World::new().await;
    world.member("ana").await;
    give_password(&world, "ana", PASSWORD).await;
    let (here, there) = (world.db(Role::Staff), world.db(Role::Staff));
    let first = here
        .sign_in("ana", &secret(PASSWORD))
        .await
        .unwrap()
        .unwrap()
        .token;
    let elsewhere = there
        .sign_in("ana", &secret(PASSWORD))
        .await
        .unwrap()
        .unwrap()
        .token;
    let second = here
        .sign_in("ana", &secret(PASSWORD))
        .await
        .unwrap()
        .unwrap()
        .token;
    assert_eq!(fault(here.profile(&first).await), Fault::NotSignedIn);
    assert!(here.profile(&second).await.is_ok());
    assert!(
        there.profile(&elsewhere).await.is_ok(),
        "another terminal keeps its own"
    );
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let world = World::new().await;
    let ana = world.member("ana").await;
    let token = world.session(ana).await;
    let staff = world.staff().await;
    let db = world.db(Role::Staff);
    let hash = hash_password(&secret("another long password")).unwrap();
    db.set_password(&staff, nonce(), "ana", &hash).await.unwrap();
    assert_eq!(fault(db.profile(&token).await), Fault::NotSignedIn);
    assert!(
        db.sign_in("ana", &secret("another long password"))
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn guessed_tokens_open_nothing() {
    let world = World::new().await;
    world.staff().await;
    let db = world.db(Role::Staff);
    for guess in ["", "00", &"ab".repeat(32), &"ff".repeat(5000)] {
        let token = Token::from_hex(guess).unwrap();
        assert_eq!(fault(db.profile(&token).await), Fault::NotSignedIn);
        assert_eq!(fault(db.members(&token, "", 10).await), Fault::NotSignedIn);
    }
}
