//! `api.replay_check_in`: brought once or often, by whom, how old, and what it does.

use chrono::{DateTime, TimeDelta, Utc};
use pine_time::domain::check_in::{Outcome, Presented};
use pine_time::domain::event::EventId;
use pine_time::domain::kept::{Act, Kept};
use pine_time::domain::member::MemberId;
use pine_time::domain::{Fault, SafeText};

use crate::support::cluster::Role;
use crate::support::world::{World, fault, nonce, refused_field, typed};

pub(crate) fn kept(event: EventId, operator: MemberId, text: &str, ago: TimeDelta) -> Kept {
    Kept {
        nonce: nonce(),
        event,
        presented: typed(text),
        act: Act::In,
        operator: format!("user:{}", operator.0),
        device: SafeText::from("door 9"),
        occurred_at: Utc::now() - ago,
        decided: Some(Outcome::Ok),
    }
}

#[tokio::test]
async fn a_replay_counts_at_its_own_time_and_names_both_operators() {
    let world = World::new().await;
    // Over for an hour now, but not when Ana stood there.
    let event = world.event(-180, None).await;
    let ana = world.guest("ana", event).await;
    let mira = world.person("mira", "staff").await;
    let jo = world.person("jo", "admin").await;
    let (db, token) = (world.db(Role::Staff), world.session(jo).await);
    let kept = kept(event, mira, "ana", TimeDelta::minutes(100));

    let done = db.replay_check_in(&token, &kept).await.unwrap();
    assert_eq!((done.outcome, done.points, done.total), (Outcome::Ok, 15, 15));
    let again = db.replay_check_in(&token, &kept).await.unwrap();
    assert_eq!(again, done, "brought twice, done once");
    let own = world.session(mira).await;
    let live = db.check_in(&own, kept.nonce, event, &kept.presented);
    assert_eq!(
        live.await.unwrap(),
        done,
        "the live try of the same key press arrives late"
    );

    let (at, by, device): (DateTime<Utc>, i32, String) =
        sqlx::query_as("SELECT check_in_time, checked_in_by, device FROM event_attendees WHERE user_id = $1")
            .bind(ana.0)
            .fetch_one(&world.owner)
            .await
            .unwrap();
    assert!((at - kept.occurred_at).abs() < TimeDelta::milliseconds(1));
    assert_eq!((by, device.as_str()), (mira.0, "door 9"));
    assert_eq!(
        world
            .count("check_in_log WHERE operator = 'mira' AND device = 'door 9' AND outcome = 'ok'")
            .await,
        1
    );
    assert_eq!(
        world
            .count("audit_log WHERE action = 'replay_check_in' AND actor = 'jo' AND after ->> 'operator' = 'mira'")
            .await,
        1
    );
    assert_eq!(world.count("points_transactions").await, 1);
}

#[tokio::test]
async fn what_was_done_live_is_answered_as_it_was_then() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    world.guest("ana", event).await;
    let mira = world.person("mira", "staff").await;
    let (db, token) = (world.db(Role::Staff), world.session(mira).await);
    let mut kept = kept(event, mira, "ana", TimeDelta::zero());
    let live = db
        .check_in(&token, kept.nonce, event, &kept.presented)
        .await
        .unwrap();
    // The answer was lost, so the door never knew; even after four days it is told what became of it.
    kept.occurred_at = Utc::now() - TimeDelta::days(4);
    assert_eq!(db.replay_check_in(&token, &kept).await.unwrap(), live);
    assert_eq!(world.count("event_attendees").await, 1);

    let other = Kept {
        presented: typed("somebody else"),
        ..kept
    };
    assert!(matches!(
        fault(db.replay_check_in(&token, &other).await),
        Fault::Conflict(_)
    ));
}

#[tokio::test]
async fn nothing_too_old_or_of_the_future_or_of_strangers() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.guest("ana", event).await;
    let mira = world.person("mira", "staff").await;
    let (db, token) = (world.db(Role::Staff), world.session(mira).await);
    for (ago, refused) in [
        (TimeDelta::hours(72) + TimeDelta::minutes(1), true),
        (TimeDelta::seconds(-30), true),
        (TimeDelta::hours(72) - TimeDelta::minutes(1), false),
        (TimeDelta::milliseconds(-900), false), // two clocks
    ] {
        let result = db.replay_check_in(&token, &kept(event, mira, "ana", ago)).await;
        if refused {
            assert_eq!(refused_field(result), "occurred_at", "{ago}");
        } else {
            assert!(result.is_ok(), "{ago}");
        }
    }
    for operator in ["", "user:", "user:0", "user:x", "somebody", "owner:"] {
        let kept = Kept {
            operator: operator.to_owned(),
            ..kept(event, mira, "ana", TimeDelta::zero())
        };
        assert_eq!(
            refused_field(db.replay_check_in(&token, &kept).await),
            "operator",
            "{operator}"
        );
    }
    let by_a_member = kept(event, ana, "ana", TimeDelta::zero());
    assert_eq!(
        refused_field(db.replay_check_in(&token, &by_a_member).await),
        "operator"
    );
    let member = world.session(ana).await;
    let denied = db
        .replay_check_in(&member, &kept(event, mira, "ana", TimeDelta::zero()))
        .await;
    assert!(matches!(fault(denied), Fault::NotAllowed(_)));
    let owners = Kept {
        operator: "owner:root".to_owned(),
        ..kept(event, mira, "nobody", TimeDelta::zero())
    };
    assert_eq!(
        db.replay_check_in(&token, &owners).await.unwrap().outcome,
        Outcome::UnknownCode
    );
}

#[tokio::test]
async fn whoever_was_sent_away_is_not_let_in_afterwards() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.guest("ana", event).await;
    let mira = world.person("mira", "staff").await;
    let (db, token) = (world.db(Role::Staff), world.session(mira).await);
    let kept = Kept {
        presented: Presented::Member {
            id: ana,
            typed: "ana".to_owned(),
        },
        decided: Some(Outcome::NotRegistered),
        ..kept(event, mira, "", TimeDelta::seconds(5))
    };
    let done = db.replay_check_in(&token, &kept).await.unwrap();
    assert_eq!((done.outcome, done.points), (Outcome::NotRegistered, 0));
    assert_eq!(kept.compare(&done), None);
    assert_eq!(world.count("event_attendees").await, 0);
    assert_eq!(
        world.count("check_in_log WHERE outcome = 'not_registered'").await,
        1
    );
}

#[tokio::test]
async fn two_doors_without_a_link_pay_once_and_the_second_is_listed() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    world.guest("ana", event).await;
    let mira = world.person("mira", "staff").await;
    let (db, token) = (world.db(Role::Staff), world.session(mira).await);
    let first = kept(event, mira, "ana", TimeDelta::seconds(90));
    let second = kept(event, mira, "ana", TimeDelta::seconds(60));
    let done = db.replay_check_in(&token, &first).await.unwrap();
    assert_eq!(first.compare(&done), None);
    let done = db.replay_check_in(&token, &second).await.unwrap();
    assert_eq!(done.outcome, Outcome::Already);
    let listed = second.compare(&done).unwrap();
    assert_eq!(listed.outcome, Some(Outcome::Already));
    assert_eq!(listed.first.unwrap().device.unwrap().as_str(), "door 9");
    assert_eq!(listed.who.as_str(), "Ana");
    assert_eq!(
        listed.why.as_str(),
        "Let in at the door; in the database: already in."
    );
    assert_eq!(
        (
            world.count("event_attendees").await,
            world.count("points_transactions").await
        ),
        (1, 1)
    );
}
