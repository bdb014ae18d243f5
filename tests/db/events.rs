//! The calendar: what is seen, who may write, and how wrong values are refused.

use chrono::{TimeDelta, Utc};
use pine_time::domain::Fault;
use pine_time::domain::event::{EventDraft, EventId, EventPage, RegistrationStatus};
use pine_time::domain::money::Money;
use pine_time::domain::plan::Saved;

use crate::support::cluster::Role;
use crate::support::world::{World, fault, nonce, refused_field};

/// The page of what was saved.
pub(crate) fn saved(outcome: Saved) -> EventPage {
    match outcome {
        Saved::Saved { event, .. } => event,
        Saved::Changed { .. } => panic!("somebody else changed it: {outcome:?}"),
    }
}

pub(crate) fn draft() -> EventDraft {
    let start_time = Utc::now() + TimeDelta::days(3);
    EventDraft {
        id: None,
        version: 0,
        title: "Ridge Walk".to_owned(),
        event_type: "hike".to_owned(),
        location: "Trailhead".to_owned(),
        start_time,
        end_time: start_time + TimeDelta::hours(4),
        max_participants: Some(25),
        points_reward: 30,
        price: Money::from_hundredths(25_050),
        description: "Bring water.\nAnd a hat.".to_owned(),
        requires_approval: false,
        further: Vec::new(),
        series_of: None,
    }
}

#[tokio::test]
async fn staff_make_and_change_an_event() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let made = saved(db.save_event(&staff, nonce(), &draft()).await.unwrap());
    assert_eq!(made.line.title.as_str(), "Ridge Walk");
    assert_eq!(
        made.description.as_str(),
        "Bring water.\nAnd a hat.",
        "breaks in a description stay"
    );
    assert_eq!(made.line.free(), Some(25));
    assert_eq!(made.line.price, Money::from_hundredths(25_050));
    assert_eq!(made.organiser.as_ref().map(AsRef::as_ref), Some("Staff0"));

    let changed = EventDraft {
        id: Some(made.line.id),
        version: made.version,
        max_participants: None,
        price: None,
        title: "Long Walk".to_owned(),
        ..draft()
    };
    let page = saved(db.save_event(&staff, nonce(), &changed).await.unwrap());
    assert_eq!((made.version, page.version), (1, 2));
    assert_eq!(page.line.id, made.line.id);
    assert_eq!((page.line.free(), page.line.price), (None, None));
    assert_eq!(db.event(&staff, made.line.id).await.unwrap(), page);
    assert_eq!(
        world
            .count("audit_log WHERE action IN ('event_add', 'event_change')")
            .await,
        2
    );
    let before: String = world
        .value("SELECT before->>'title' FROM audit_log WHERE action = 'event_change'")
        .await;
    assert_eq!(before, "Ridge Walk");
}

#[tokio::test]
async fn the_same_key_press_makes_one_event() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let (press, draft) = (nonce(), draft());
    let first = db.save_event(&staff, press, &draft).await.unwrap();
    assert_eq!(db.save_event(&staff, press, &draft).await.unwrap(), first);
    assert_eq!(world.count("events").await, 1);
    let other = EventDraft {
        title: "Another".to_owned(),
        ..draft
    };
    assert!(matches!(
        fault(db.save_event(&staff, press, &other).await),
        Fault::Conflict(_)
    ));
}

#[tokio::test]
async fn every_wrong_value_is_refused_at_its_column() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let start = draft().start_time;
    let wrong = [
        (
            "title",
            EventDraft {
                title: "  ".to_owned(),
                ..draft()
            },
        ),
        (
            "title",
            EventDraft {
                title: "x".repeat(256),
                ..draft()
            },
        ),
        (
            "event_type",
            EventDraft {
                event_type: "seance".to_owned(),
                ..draft()
            },
        ),
        (
            "location",
            EventDraft {
                location: String::new(),
                ..draft()
            },
        ),
        (
            "end_time",
            EventDraft {
                start_time: start,
                end_time: start,
                ..draft()
            },
        ),
        (
            "end_time",
            EventDraft {
                start_time: start,
                end_time: start - TimeDelta::hours(1),
                ..draft()
            },
        ),
        (
            "max_participants",
            EventDraft {
                max_participants: Some(-1),
                ..draft()
            },
        ),
        (
            "points_reward",
            EventDraft {
                points_reward: -1,
                ..draft()
            },
        ),
    ];
    for (column, draft) in wrong {
        assert_eq!(
            refused_field(db.save_event(&staff, nonce(), &draft).await),
            column,
            "{draft:?}"
        );
    }
    let zero = EventDraft {
        description: "a\0b".to_owned(),
        ..draft()
    };
    assert!(matches!(
        fault(db.save_event(&staff, nonce(), &zero).await),
        Fault::Invalid { .. }
    ));
    assert_eq!(world.count("events").await, 0, "nothing half done");
    assert_eq!(
        world.count("request_log").await,
        0,
        "a refused press may be pressed again"
    );
}

#[tokio::test]
async fn members_and_kiosks_make_no_events() {
    let world = World::new().await;
    let ana = world.member("ana").await;
    let token = world.session(ana).await;
    let result = world.db(Role::Staff).save_event(&token, nonce(), &draft()).await;
    assert!(
        matches!(fault(result), Fault::NotAllowed(_)),
        "a member's token over a staff login"
    );
    assert_eq!(
        fault(world.db(Role::Kiosk).save_event(&token, nonce(), &draft()).await),
        Fault::Login
    );
    assert_eq!(world.count("events").await, 0);
}

#[tokio::test]
async fn events_of_a_span_are_those_that_touch_it_in_order() {
    let world = World::new().await;
    let late = world.event(60 * 24, Some(5)).await;
    let early = world.event(-60, None).await;
    world.event(60 * 24 * 40, None).await;
    let ana = world.guest("ana", late).await;
    world.guest("ben", late).await;
    let token = world.session(ana).await;
    let db = world.db(Role::Kiosk);
    let now = Utc::now();
    let events = db.events(&token, now, now + TimeDelta::days(7)).await.unwrap();
    assert_eq!(
        events.iter().map(|event| event.id).collect::<Vec<_>>(),
        [early, late]
    );
    assert_eq!(events[1].registered, 2);
    assert_eq!(events[1].free(), Some(3));
    assert_eq!(events[1].my_status, Some(RegistrationStatus::Registered));
    assert_eq!(events[0].my_status, None);
    assert!(
        db.events(&token, now + TimeDelta::days(7), now)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(matches!(
        fault(db.event(&token, EventId(99)).await),
        Fault::NotFound(_)
    ));
}

#[tokio::test]
async fn names_from_outside_arrive_harmless() {
    let world = World::new().await;
    let event = world.event(10, None).await;
    sqlx::query("UPDATE events SET title = $1, description = $2")
        .bind("Quiz\u{1b}[31m\u{202e}dne\u{200b}\u{7}")
        .bind("one\r\ntwo\u{1b}]52;c;QQ==\u{7}\tthree")
        .execute(&world.owner)
        .await
        .unwrap();
    let ana = world.member("ana").await;
    let page = world
        .db(Role::Staff)
        .event(&world.session(ana).await, event)
        .await
        .unwrap();
    assert_eq!(page.line.title.as_str(), "Quiz[31mdne");
    assert_eq!(page.description.as_str(), "one\ntwo]52;c;QQ== three");
}

#[tokio::test]
async fn event_types_come_in_the_communitys_order() {
    let world = World::new().await;
    let ana = world.member("ana").await;
    let token = world.session(ana).await;
    let types = world.db(Role::Kiosk).event_types(&token).await.unwrap();
    assert_eq!(
        types.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
        ["trivia", "mystery", "hike", "games", "workshop", "social"]
    );
}
