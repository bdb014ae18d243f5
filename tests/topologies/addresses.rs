//! One address, behind which the server is restarted, or succeeded by its standby: what was asked meanwhile is answered, and
//! done once.

use pine_time::cluster::{DATABASE, Role};
use pine_time::db::{Db, Desk, Settings, Token};
use pine_time::domain::check_in::Presented;
use pine_time::domain::event::EventId;
use pine_time::domain::{Answer, Call, Nonce, Secret};
use sqlx::{Connection, PgConnection};

use crate::support::proxy::Proxy;
use crate::support::servers::{Primary, Standby};
use crate::support::until;
use crate::support::world::nonce;

/// A desk over the address, with the sample's administrator.
async fn desk_at(address: &Proxy) -> Desk {
    let db = Db::new(Settings::new(address.url(Role::Staff), "door 1")).unwrap();
    let signed_in = db
        .sign_in("admin", &Secret::new("pinetime".to_owned()))
        .await
        .unwrap();
    let token: Token = signed_in.unwrap().token;
    Desk::with_token(db, token)
}

/// An event that is on, and people who are expected at it.
async fn evening(owner: &str, people: usize) -> (EventId, Vec<String>) {
    let mut conn = PgConnection::connect(owner).await.unwrap();
    let event: i32 = sqlx::query_scalar(
        "INSERT INTO events (title, event_type, location, start_time, end_time, points_reward)
         VALUES ('Trivia', 'trivia', 'Hill Station', now() - interval '5 min', now() + interval '2 h', 10) RETURNING id",
    )
    .fetch_one(&mut conn)
    .await
    .unwrap();
    let names: Vec<String> = sqlx::query_scalar(
        "WITH come AS (
             INSERT INTO registrations (user_id, event_id, status)
             SELECT id, $1, 'registered' FROM users WHERE user_type = 'regular' ORDER BY id LIMIT $2
             RETURNING user_id)
         SELECT u.username::text FROM come AS c JOIN users AS u ON u.id = c.user_id",
    )
    .bind(event)
    .bind(i64::try_from(people).unwrap())
    .fetch_all(&mut conn)
    .await
    .unwrap();
    assert_eq!(names.len(), people);
    conn.close().await.unwrap();
    (EventId(event), names)
}

fn check_in(event: EventId, name: &str, nonce: Nonce) -> Call {
    Call::CheckIn {
        nonce,
        event,
        presented: Presented::Text(name.to_owned()),
    }
}

async fn outcome(desk: &Desk, call: Call) -> String {
    match desk.answer(call, |_, _| {}).await.0 {
        Ok(Answer::CheckedIn(done)) => format!("{:?}", done.outcome),
        other => panic!("no check-in: {other:?}"),
    }
}

/// How often each of them attended, and how many rows of points they got for it.
async fn attended(owner: &str, event: EventId) -> (i64, i64) {
    let mut conn = PgConnection::connect(owner).await.unwrap();
    sqlx::query_as(
        "SELECT (SELECT count(*) FROM event_attendees WHERE event_id = $1),
                (SELECT count(*) FROM points_transactions
                 WHERE event_id = $1 AND transaction_type = 'event_attendance')",
    )
    .bind(event.0)
    .fetch_one(&mut conn)
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_is_waited_for() {
    let mut primary = Primary::new().await;
    let owner = primary.url(Role::Owner);
    let (event, names) = evening(&owner, 6).await;
    let address = Proxy::to(&primary.url(Role::Staff), DATABASE).await;
    let desk = desk_at(&address).await;
    assert_eq!(outcome(&desk, check_in(event, &names[0], nonce())).await, "Ok");
    let meanwhile: Vec<_> = {
        let (desk, names) = (desk.clone(), names.clone());
        let (begun, begin) = tokio::sync::oneshot::channel();
        let waiting = tokio::spawn(async move {
            begin.await.unwrap();
            let calls = names[1..]
                .iter()
                .map(|name| outcome(&desk, check_in(event, name, nonce())));
            futures_util::future::join_all(calls).await
        });
        primary.place.stop().await;
        begun.send(()).unwrap();
        // They meet a server that is not there; then it is.
        until("they have tried", || async { address.sent().connections > 3 }).await;
        assert!(primary.cluster.revive().await.unwrap());
        waiting.await.unwrap()
    };
    assert_eq!(meanwhile, ["Ok"; 5]);
    assert_eq!(attended(&owner, event).await, (6, 6));
    primary.restart().await;
    assert_eq!(
        outcome(&desk, check_in(event, &names[0], nonce())).await,
        "Already"
    );
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promoted_standby_goes_on_where_the_server_was() {
    let mut primary = Primary::new().await;
    let standby = Standby::of(&mut primary).await;
    let (event, names) = evening(&primary.url(Role::Owner), 3).await;
    let address = Proxy::to(&primary.url(Role::Staff), DATABASE).await;
    let desk = desk_at(&address).await;
    let first = nonce();
    assert_eq!(outcome(&desk, check_in(event, &names[0], first)).await, "Ok");
    let at_standby = standby.url(Role::Owner);
    until("the standby has it", || async {
        attended(&at_standby, event).await == (1, 1)
    })
    .await;
    primary.place.stop().await;
    let waiting = {
        let (desk, name) = (desk.clone(), names[1].clone());
        tokio::spawn(async move { outcome(&desk, check_in(event, &name, nonce())).await })
    };
    let tried = address.sent().connections;
    until("it was tried", || async { address.sent().connections > tried }).await;
    standby.promote().await;
    address.lead_to(&standby.url(Role::Staff));
    assert_eq!(waiting.await.unwrap(), "Ok");
    // What was answered before is answered the same, and was done once.
    assert_eq!(outcome(&desk, check_in(event, &names[0], first)).await, "Ok");
    assert_eq!(outcome(&desk, check_in(event, &names[2], nonce())).await, "Ok");
    assert_eq!(attended(&at_standby, event).await, (3, 3));
    desk.close().await;
}
