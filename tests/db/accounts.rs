//! Accounts: signing up, one's own account and its sessions, passwords changed and set anew, and who may be deactivated.

use pine_time::db::{Db, Token, hash_password};
use pine_time::domain::account::{AccountAnswer, Proof, SignUp};
use pine_time::domain::member::MemberId;
use pine_time::domain::{Fault, Secret};

use crate::support::cluster::Role;
use crate::support::world::{World, fault, nonce};

const OLD: &str = "correct horse battery";
/// As after a long row of wrong tries a moment ago: longer than a key takes to derive.
const MANY_FAILURES: &str = "UPDATE login_throttle SET failures = 14, last_failure = pine.clock()";
const NEW: &str = "moss otter quay 7";

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn joining(username: &str) -> SignUp {
    SignUp {
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        full_name: "Nina Cruz".to_owned(),
        password: secret(NEW),
        referrer: String::new(),
    }
}

/// A member with a password and a session that it opened.
async fn signed_in(world: &World, db: &Db, name: &str) -> (MemberId, Token) {
    let member = world.member(name).await;
    sqlx::query("UPDATE users SET hashed_password = $2 WHERE id = $1")
        .bind(member.0)
        .bind(hash_password(&secret(OLD)).unwrap())
        .execute(&world.owner)
        .await
        .unwrap();
    let token = db.sign_in(name, &secret(OLD)).await.unwrap().unwrap().token;
    (member, token)
}

fn field(fault: &Fault) -> &str {
    match fault {
        Fault::Invalid { field, .. } => field,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn whoever_signs_up_at_a_kiosk_is_a_member_and_can_sign_in() {
    let world = World::new().await;
    let ana = world.member("ana").await;
    let db = world.db(Role::Kiosk);
    let mut who = joining("nina");
    who.referrer = "ANA".to_owned();
    let press = nonce();
    assert_eq!(db.sign_up(press, &who).await.unwrap().as_str(), "nina");
    assert_eq!(
        db.sign_up(press, &who).await.unwrap().as_str(),
        "nina",
        "sent twice, made once"
    );
    assert_eq!(
        world
            .count("users WHERE username = 'nina' AND user_type = 'regular'")
            .await,
        1
    );
    let brought: i32 = world
        .value("SELECT referred_by FROM users WHERE username = 'nina'")
        .await;
    assert_eq!(brought, ana.0);
    assert!(db.sign_in("nina", &secret(NEW)).await.unwrap().is_some());
    assert_eq!(world.count("audit_log WHERE action = 'sign_up'").await, 1);

    let by_pass = world.pass_code(ana).await;
    let mut who = joining("jo");
    who.referrer = format!("{}-{}", &by_pass[..5], by_pass[5..].to_lowercase());
    db.sign_up(nonce(), &who).await.unwrap();
    let brought: i32 = world
        .value("SELECT referred_by FROM users WHERE username = 'jo'")
        .await;
    assert_eq!(brought, ana.0);
}

#[tokio::test]
async fn what_is_wrong_with_a_sign_up_is_told_at_its_field() {
    let world = World::new().await;
    world.member("ana").await;
    let db = world.db(Role::Kiosk);
    let with = |change: fn(&mut SignUp)| {
        let mut who = joining("nina");
        change(&mut who);
        who
    };
    for (who, wrong) in [
        (with(|who| who.username = "a".into()), "username"),
        (with(|who| who.username = "ANA".into()), "username"),
        (with(|who| who.username = "drop table;".into()), "username"),
        (with(|who| who.email = "ana".into()), "email"),
        (with(|who| who.email = "ANA@example.org".into()), "email"),
        (
            with(|who| who.email = format!("{}@example.org", "x".repeat(300))),
            "email",
        ),
        (with(|who| who.full_name = " ".into()), "full_name"),
        (with(|who| who.full_name = "x".repeat(256)), "full_name"),
        (with(|who| who.referrer = "nobody".into()), "referred_by"),
        // An address is no name: it would tell who has one here.
        (with(|who| who.referrer = "ana@example.org".into()), "referred_by"),
    ] {
        assert_eq!(field(&fault(db.sign_up(nonce(), &who).await)), wrong, "{who:?}");
    }
    assert_eq!(world.count("users WHERE username <> 'ana'").await, 0);
    let press = nonce();
    db.sign_up(press, &joining("nina")).await.unwrap();
    let reused = fault(db.sign_up(press, &joining("jo")).await);
    assert!(matches!(reused, Fault::Conflict(_)), "{reused:?}");
}

#[tokio::test]
async fn only_so_many_accounts_an_hour_come_over_one_login() {
    let world = World::new().await;
    world.sql("UPDATE settings SET sign_ups_an_hour = 2").await;
    let db = world.db(Role::Kiosk);
    for name in ["one", "two"] {
        db.sign_up(nonce(), &joining(name)).await.unwrap();
    }
    let refused = fault(db.sign_up(nonce(), &joining("three")).await);
    assert!(matches!(refused, Fault::Conflict(_)), "{refused:?}");
    // Another login is not hindered by it.
    world
        .db(Role::Staff)
        .sign_up(nonce(), &joining("four"))
        .await
        .unwrap();
    world.sql("UPDATE settings SET sign_ups_an_hour = 0").await;
    let closed = fault(db.sign_up(nonce(), &joining("five")).await);
    assert!(matches!(closed, Fault::NotAllowed(_)), "{closed:?}");
}

#[tokio::test]
async fn a_member_sees_and_changes_their_own_account() {
    let world = World::new().await;
    world.member("ben").await;
    let db = world.db(Role::Kiosk);
    let (ana, token) = signed_in(&world, &db, "ana").await;
    let account = db.my_account(&token).await.unwrap();
    assert_eq!((account.user_id, account.username.as_str()), (ana, "ana"));
    assert_eq!(account.sessions.len(), 1);
    assert!(account.sessions[0].is_here);

    let press = nonce();
    for _ in 0..2 {
        let saved = db
            .save_account(&token, press, " Ana Reyes ", "ana.r@example.org")
            .await
            .unwrap();
        assert_eq!(
            saved,
            AccountAnswer::Saved {
                full_name: "Ana Reyes".into(),
                email: "ana.r@example.org".into()
            }
        );
    }
    assert_eq!(world.count("audit_log WHERE action = 'account_save'").await, 1);
    for (name, email, wrong) in [
        ("", "ana@example.org", "full_name"),
        ("Ana", "no address", "email"),
        ("Ana", "BEN@example.org", "email"),
    ] {
        assert_eq!(
            field(&fault(db.save_account(&token, nonce(), name, email).await)),
            wrong
        );
    }
    // One's own address in another case is nobody else's.
    db.save_account(&token, nonce(), "Ana", "ANA.R@example.org")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_password_is_changed_with_the_old_one_and_the_other_sessions_end() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let (_, here) = signed_in(&world, &db, "ana").await;
    let there = world.session(db.my_account(&here).await.unwrap().user_id).await;
    let wrong = db
        .set_my_password(&here, nonce(), "ana", &secret("not it"), &secret(NEW))
        .await
        .unwrap();
    assert_eq!(wrong, Proof::Refused);
    let press = nonce();
    for _ in 0..2 {
        // Sent again after its answer was lost: the old password is none any more, and the answer is the first.
        let done = db
            .set_my_password(&here, press, "ana", &secret(OLD), &secret(NEW))
            .await
            .unwrap();
        assert_eq!(done, Proof::Ok);
    }
    assert!(db.my_account(&here).await.is_ok());
    assert_eq!(fault(db.my_account(&there).await), Fault::NotSignedIn);
    let elsewhere = world.db(Role::Kiosk);
    assert!(elsewhere.sign_in("ana", &secret(OLD)).await.unwrap().is_none());
    assert!(elsewhere.sign_in("ana", &secret(NEW)).await.unwrap().is_some());
    // Somebody at an open terminal cannot try passwords without end either.
    world.sql(MANY_FAILURES).await;
    let waits = db
        .set_my_password(&here, nonce(), "ana", &secret(OLD), &secret(OLD))
        .await
        .unwrap();
    assert!(matches!(waits, Proof::Wait { seconds: 1.. }), "{waits:?}");
}

#[tokio::test]
async fn sessions_are_ended_by_their_owner_and_by_administrators() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let (ana, here) = signed_in(&world, &db, "ana").await;
    let ben = world.member("ben").await;
    let bens = world.session(ben).await;
    let there = world.session(ana).await;
    let of = |token: &Token| {
        let (db, token) = (&db, token.clone());
        async move {
            let sessions = db.my_account(&token).await.unwrap().sessions;
            sessions.iter().find(|session| session.is_here).unwrap().id
        }
    };
    let (anas, his) = (of(&there).await, of(&bens).await);
    let press = nonce();
    for _ in 0..2 {
        assert!(db.end_session(&here, press, anas).await.unwrap());
    }
    assert!(
        !db.end_session(&here, nonce(), anas).await.unwrap(),
        "over already"
    );
    assert_eq!(fault(db.my_account(&there).await), Fault::NotSignedIn);
    let staff = world.staff().await;
    for token in [&here, &staff] {
        for session in [his, 999_999] {
            let refused = fault(db.end_session(token, nonce(), session).await);
            assert!(matches!(refused, Fault::NotFound(_)), "{refused:?}");
        }
    }
    let boss = world.person("boss", "admin").await;
    let boss = world.session(boss).await;
    assert!(db.end_session(&boss, nonce(), his).await.unwrap());
    assert_eq!(fault(db.my_account(&bens).await), Fault::NotSignedIn);
}

#[tokio::test]
async fn a_lost_password_is_set_anew_once_with_the_newest_code() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let (ana, token) = signed_in(&world, &db, "ana").await;
    let staff = world.staff().await;
    let first = db.reset_code(&staff, ana).await.unwrap();
    let second = db.reset_code(&staff, ana).await.unwrap();
    assert_ne!(first.code, second.code);
    assert!(!format!("{second:?}").contains(second.code.as_str()));
    let kiosk = world.db(Role::Kiosk);
    let (first, second) = (first.code.to_string(), second.code.to_string());
    let reset = async |name: &str, code: &str| {
        kiosk
            .reset_password(nonce(), name, code, &secret(NEW))
            .await
            .unwrap()
    };
    assert_eq!(
        reset("ana", &first).await,
        Proof::Refused,
        "only the newest is worth anything"
    );
    assert_eq!(reset("nobody", &second).await, Proof::Refused);
    let dashed = format!("{}-{}", &second[..5], second[5..].to_lowercase());
    assert_eq!(reset("ana", &dashed).await, Proof::Ok);
    assert_eq!(reset("ana", &second).await, Proof::Refused, "once");
    assert_eq!(fault(db.my_account(&token).await), Fault::NotSignedIn);
    assert!(kiosk.sign_in("ana", &secret(NEW)).await.unwrap().is_some());

    // A day later it is worth nothing.
    let late = db.reset_code(&staff, ana).await.unwrap().code.to_string();
    world
        .sql("UPDATE pine.clock_offset SET moved_by = interval '1 day 1 second'")
        .await;
    assert_eq!(reset("ana", &late).await, Proof::Refused);
}

#[tokio::test]
async fn codes_are_not_guessed_and_not_given_for_those_above() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let ana = world.member("ana").await;
    let other = world.person("other", "staff").await;
    let staff = world.staff().await;
    assert!(matches!(
        fault(db.reset_code(&staff, other).await),
        Fault::NotAllowed(_)
    ));
    assert!(matches!(
        fault(db.reset_code(&staff, MemberId(999_999)).await),
        Fault::NotFound(_)
    ));
    let anas = world.session(ana).await;
    assert!(matches!(
        fault(db.reset_code(&anas, ana).await),
        Fault::NotAllowed(_)
    ));
    let boss = world.person("boss", "admin").await;
    let boss = world.session(boss).await;
    let code = db.reset_code(&boss, other).await.unwrap().code.to_string();
    let kiosk = world.db(Role::Kiosk);
    let at_kiosk = kiosk
        .reset_password(nonce(), "other", &code, &secret(NEW))
        .await
        .unwrap();
    assert_eq!(at_kiosk, Proof::Refused, "staff set theirs where staff sign in");
    world.sql(MANY_FAILURES).await;
    let waits = kiosk
        .reset_password(nonce(), "ana", "AAAAA-AAAAA", &secret(NEW))
        .await
        .unwrap();
    assert!(matches!(waits, Proof::Wait { .. }), "{waits:?}");
    let done = db
        .reset_password(nonce(), "other", &code, &secret(NEW))
        .await
        .unwrap();
    assert_eq!(done, Proof::Ok);
}

#[tokio::test]
async fn whoever_is_deactivated_is_out_everywhere_and_can_come_back() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let (ana, token) = signed_in(&world, &db, "ana").await;
    let staff = world.staff().await;
    let press = nonce();
    for _ in 0..2 {
        let now = db
            .set_active(&staff, press, ana, false, "moved away")
            .await
            .unwrap();
        assert!(!now.is_active);
    }
    assert_eq!(
        world.count("audit_log WHERE action = 'member_set_active'").await,
        1
    );
    assert_eq!(fault(db.my_account(&token).await), Fault::NotSignedIn);
    assert!(db.sign_in("ana", &secret(OLD)).await.unwrap().is_none());
    db.set_active(&staff, nonce(), ana, true, "back again")
        .await
        .unwrap();
    assert!(db.sign_in("ana", &secret(OLD)).await.unwrap().is_some());
    assert_eq!(
        fault(db.my_account(&token).await),
        Fault::NotSignedIn,
        "an ended session stays ended"
    );

    assert_eq!(
        field(&fault(db.set_active(&staff, nonce(), ana, false, " ").await)),
        "reason"
    );
    let other = world.person("other", "staff").await;
    let above = fault(db.set_active(&staff, nonce(), other, false, "x").await);
    assert!(matches!(above, Fault::NotAllowed(_)), "{above:?}");
    let boss = world.person("boss", "admin").await;
    let boss_token = world.session(boss).await;
    let oneself = fault(db.set_active(&boss_token, nonce(), boss, false, "x").await);
    assert!(matches!(oneself, Fault::Conflict(_)), "{oneself:?}");
    db.set_active(&boss_token, nonce(), other, false, "x")
        .await
        .unwrap();
    // An owner's session on the command line is nobody's: the last administrator stays all the same.
    let owner = world.db(Role::Owner);
    let session = owner.owner_session("root").await.unwrap();
    let last = fault(owner.set_active(&session, nonce(), boss, false, "x").await);
    assert!(matches!(last, Fault::Conflict(_)), "{last:?}");
}

#[tokio::test]
async fn without_a_session_and_over_a_kiosk_nothing_of_it_is_open() {
    let world = World::new().await;
    let ana = world.member("ana").await;
    let staff = world.staff().await;
    let kiosk = world.db(Role::Kiosk);
    let nobody = Token::from_hex(&"ab".repeat(32)).unwrap();
    assert_eq!(fault(kiosk.my_account(&nobody).await), Fault::NotSignedIn);
    assert_eq!(
        fault(kiosk.save_account(&nobody, nonce(), "x", "x@y").await),
        Fault::NotSignedIn
    );
    assert_eq!(
        fault(kiosk.end_session(&nobody, nonce(), 1).await),
        Fault::NotSignedIn
    );
    // A staff token over a kiosk's login is none.
    assert_eq!(fault(kiosk.my_account(&staff).await), Fault::NotSignedIn);
    assert_eq!(fault(kiosk.reset_code(&staff, ana).await), Fault::Login);
    assert_eq!(
        fault(kiosk.set_active(&staff, nonce(), ana, false, "x").await),
        Fault::Login
    );
}
