//! The desk: calls sent again with the same nonce, sessions renewed under way, and versions that do not fit.

use std::time::Duration;

use pine_time::db::{Db, Desk, Settings, hash_password};
use pine_time::domain::check_in::Outcome;
use pine_time::domain::event::RegisterOutcome;
use pine_time::domain::{Answer, Call, Fault, Secret};

use crate::support::cluster::Role;
use crate::support::until;
use crate::support::world::{World, nonce, typed};

async fn answer(desk: &Desk, call: Call) -> Result<Answer, Fault> {
    desk.answer(call, |_, _| ()).await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_was_lost_is_sent_again_and_done_once() {
    let world = World::new().await;
    let event = world.event(-10, Some(10)).await;
    world.guest("ana", event).await;
    let db = Db::new(Settings {
        call_timeout: Duration::from_millis(300),
        ..world.settings(Role::Staff)
    })
    .unwrap();
    let desk = Desk::with_token(db, world.staff().await);
    let call = Call::CheckIn {
        nonce: nonce(),
        event,
        presented: typed("ana"),
    };

    // The door's first try runs into this lock and is given up by the client.
    let mut gate = world.owner.begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE event_attendees IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *gate)
        .await
        .unwrap();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let running = {
        let (desk, call) = (desk.clone(), call.clone());
        tokio::spawn(async move {
            desk.answer(call, move |tries, fault| {
                let _ = tell.send((tries, fault.clone()));
            })
            .await
            .0
        })
    };
    assert_eq!(
        told.recv().await,
        Some((1, Fault::Slow)),
        "the screen hears of the retry"
    );
    gate.rollback().await.unwrap();
    let Ok(Answer::CheckedIn(done)) = running.await.unwrap() else {
        panic!("not answered")
    };
    assert_eq!(
        (done.outcome, done.points),
        (Outcome::Ok, 15),
        "the nonce's first answer, not `already`"
    );
    assert_eq!(world.count("check_in_log").await, 1);
    assert_eq!(world.count("points_transactions").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_member_wished_for_is_not_done_for_the_next_who_signs_in_here() {
    let world = World::new().await;
    let event = world.event(60, Some(10)).await;
    let password = Secret::new("correct horse battery".to_owned());
    let hashed = hash_password(&password).unwrap();
    for name in ["ana", "ben"] {
        let member = world.member(name).await;
        sqlx::query("UPDATE users SET hashed_password = $1 WHERE id = $2")
            .bind(&hashed)
            .bind(member.0)
            .execute(&world.owner)
            .await
            .unwrap();
    }
    let db = Db::new(Settings {
        call_timeout: Duration::from_millis(500),
        ..world.settings(Role::Kiosk)
    })
    .unwrap();
    let desk = Desk::new(db);
    let sign_in = async |name: &str| {
        let call = Call::SignIn {
            name: name.to_owned(),
            password: password.clone(),
        };
        assert!(
            matches!(answer(&desk, call).await, Ok(Answer::SignIn(Some(_)))),
            "{name}"
        );
    };
    sign_in("ana").await;
    let mut gate = world.owner.begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE registrations IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *gate)
        .await
        .unwrap();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let running = {
        let (desk, nonce) = (desk.clone(), nonce());
        tokio::spawn(async move {
            let tell = move |tries: u32, _: &Fault| {
                let _ = tell.send(tries);
            };
            desk.answer(Call::Register { nonce, event }, tell).await.0
        })
    };
    assert_eq!(
        told.recv().await,
        Some(1),
        "ana's registration does not get through"
    );
    answer(&desk, Call::SignOut).await.unwrap();
    sign_in("ben").await;
    gate.rollback().await.unwrap();
    assert_eq!(running.await.unwrap().unwrap_err(), Fault::NotSignedIn);
    // What had been sent when ana went may still have been done, for her; nothing is for ben.
    assert_eq!(
        world
            .count("registrations AS r JOIN users AS u ON u.id = r.user_id WHERE u.username <> 'ana'")
            .await,
        0,
        "ben is registered for what ana wished"
    );
    // Ben's own gets through.
    let call = Call::Register {
        nonce: nonce(),
        event,
    };
    assert!(matches!(
        answer(&desk, call).await,
        Ok(Answer::Registered(RegisterOutcome::Registered, _))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_in_the_middle_is_mended_unseen() {
    let world = World::new().await;
    let event = world.event(60, Some(10)).await;
    let ana = world.member("ana").await;
    let desk = Desk::with_token(world.db(Role::Staff), world.session(ana).await);
    answer(&desk, Call::Profile).await.unwrap();
    world.cut_connections().await;
    until("the backend is gone", || async {
        world
            .count(
                "pg_stat_activity WHERE application_name LIKE 'pine-time%' AND datname = current_database()",
            )
            .await
            == 0
    })
    .await;
    let done = answer(
        &desk,
        Call::Register {
            nonce: nonce(),
            event,
        },
    )
    .await;
    assert!(
        matches!(done, Ok(Answer::Registered(RegisterOutcome::Registered, _))),
        "{done:?}"
    );
}

#[tokio::test]
async fn nothing_is_asked_without_a_session() {
    let world = World::new().await;
    let desk = Desk::new(world.db(Role::Staff));
    assert!(matches!(
        answer(&desk, Call::Community).await,
        Ok(Answer::Community(_))
    ));
    assert_eq!(answer(&desk, Call::Profile).await, Err(Fault::NotSignedIn));
    assert_eq!(answer(&desk, Call::SignOut).await, Ok(Answer::SignedOut));
}

#[tokio::test]
async fn signing_out_ends_the_session_in_the_database() {
    let world = World::new().await;
    let ana = world.member("ana").await;
    let token = world.session(ana).await;
    let desk = Desk::with_token(world.db(Role::Staff), token.clone());
    answer(&desk, Call::Profile).await.unwrap();
    answer(&desk, Call::SignOut).await.unwrap();
    assert_eq!(answer(&desk, Call::Profile).await, Err(Fault::NotSignedIn));
    assert_eq!(world.count("sessions WHERE ended_at IS NULL").await, 0);
    let again = Desk::with_token(world.db(Role::Staff), world.session(ana).await);
    again.close().await;
    assert_eq!(
        world.count("sessions WHERE ended_at IS NULL").await,
        0,
        "leaving signs out"
    );
}

#[tokio::test]
async fn program_and_database_of_different_versions_say_which_to_upgrade() {
    let world = World::new().await;
    let said = || async {
        match world.db(Role::Staff).community().await {
            Ok(_) => String::new(),
            Err(error) => error.fault.to_string(),
        }
    };
    assert_eq!(said().await, "");
    world.sql("UPDATE pine.api_state SET hash = 'another'").await;
    assert!(said().await.contains("Run `pine-time db migrate`"));
    world
        .sql("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'x', true, '', 0)")
        .await;
    assert!(said().await.contains("Upgrade Pine Time on this machine"));
    world.sql("DELETE FROM _sqlx_migrations WHERE version > 1").await;
    assert!(said().await.contains("older than this program"));
    world.sql("SET ROLE pine_owner; DROP SCHEMA api CASCADE").await;
    assert!(said().await.contains("was not set up"), "{}", said().await);
}

#[tokio::test]
async fn a_rebuild_under_open_connections_is_not_noticed() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    world.guest("ana", event).await;
    let desk = Desk::with_token(world.db(Role::Staff), world.staff().await);
    answer(&desk, Call::Door(event)).await.unwrap();
    world.sql("UPDATE pine.api_state SET hash = 'older'").await;
    let migrated = pine_time::ops::migrate::migrate(&world.database.url(Role::Owner))
        .await
        .unwrap();
    assert!(migrated.api_rebuilt);
    let done = answer(
        &desk,
        Call::CheckIn {
            nonce: nonce(),
            event,
            presented: typed("ana"),
        },
    )
    .await;
    assert!(matches!(done, Ok(Answer::CheckedIn(_))), "{done:?}");
}
