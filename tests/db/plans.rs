//! Planning: series, two editors of one event, whom a change hurts, cancelling and reopening, event types, and what
//! calendar files are written from.

use chrono::{TimeDelta, Utc};
use pine_time::db::{Db, Token};
use pine_time::domain::Fault;
use pine_time::domain::event::{EventDraft, EventId, EventPage};
use pine_time::domain::money::Money;
use pine_time::domain::plan::{Change, Effects, FileOf, Saved, StopOutcome, TypeChange};

use super::events::{draft, saved};
use crate::support::cluster::Role;
use crate::support::world::{World, fault, nonce, refused_field};

/// The draft of an event as it stands.
fn draft_of(page: &EventPage) -> EventDraft {
    let line = &page.line;
    EventDraft {
        id: Some(line.id),
        version: page.version,
        title: line.title.to_string(),
        event_type: line.event_type.to_string(),
        location: line.location.to_string(),
        start_time: line.start_time,
        end_time: line.end_time,
        max_participants: line.max_participants,
        points_reward: line.points_reward,
        price: line.price,
        description: page.description.to_string(),
        requires_approval: line.requires_approval,
        further: Vec::new(),
        series_of: None,
    }
}

/// A change that leaves everything as it is.
fn same(page: &EventPage) -> Change {
    Change {
        event: page.line.id,
        start_time: page.line.start_time,
        end_time: page.line.end_time,
        location: page.line.location.to_string(),
        max_participants: page.line.max_participants,
        stops: false,
    }
}

fn weekly(weeks: i64) -> EventDraft {
    let first = draft();
    let later = |week| {
        let by = TimeDelta::weeks(week);
        (first.start_time + by, first.end_time + by)
    };
    EventDraft {
        further: (1..weeks).map(later).collect(),
        ..first
    }
}

#[tokio::test]
async fn a_series_is_one_write() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let (press, six) = (nonce(), weekly(6));
    let Saved::Saved { event, events } = db.save_event(&staff, press, &six).await.unwrap() else {
        panic!("nobody else is here")
    };
    assert_eq!(events, 6);
    assert_eq!(
        (event.series_id, event.series_place, event.series_events),
        (Some(event.line.id), 1, 6)
    );
    assert_eq!(saved(db.save_event(&staff, press, &six).await.unwrap()), event);
    assert_eq!(world.count("events").await, 6, "sent twice, made once");
    assert_eq!(world.count("audit_log WHERE action = 'event_add'").await, 1);
    let together: i64 = world
        .value("SELECT count(DISTINCT start_time) FROM events WHERE series_id = (SELECT min(id) FROM events)")
        .await;
    assert_eq!(together, 6);
    assert_eq!(world.count("event_seats").await, 6, "each has its seats");

    // Copies of one of them join the series; copies of a single event make one.
    let copies = EventDraft {
        series_of: Some(event.line.id),
        start_time: draft().start_time + TimeDelta::weeks(10),
        end_time: draft().end_time + TimeDelta::weeks(10),
        ..draft()
    };
    let joined = saved(db.save_event(&staff, nonce(), &copies).await.unwrap());
    assert_eq!(
        (joined.series_id, joined.series_events, joined.series_place),
        (Some(event.line.id), 7, 7)
    );
    let single = saved(db.save_event(&staff, nonce(), &draft()).await.unwrap());
    assert_eq!((single.series_id, single.series_events), (None, 0));
    let copies = EventDraft {
        series_of: Some(single.line.id),
        ..copies
    };
    db.save_event(&staff, nonce(), &copies).await.unwrap();
    let single = db.event(&staff, single.line.id).await.unwrap();
    assert_eq!(
        (single.series_id, single.series_events),
        (Some(single.line.id), 2)
    );
    assert_eq!(
        single.version, 1,
        "who belongs together is no change of the event"
    );
}

#[tokio::test]
async fn a_series_with_one_wrong_date_makes_nothing() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let (start, end) = (draft().start_time, draft().end_time);
    let wrong = [
        ("end_time", vec![(end, start)]),
        ("times", vec![(start, end)]),
        ("times", vec![(start - TimeDelta::days(7), end)]),
        ("times", weekly(106).further),
    ];
    for (field, further) in wrong {
        let draft = EventDraft { further, ..draft() };
        assert_eq!(refused_field(db.save_event(&staff, nonce(), &draft).await), field);
    }
    let one = saved(db.save_event(&staff, nonce(), &draft()).await.unwrap());
    let many = EventDraft {
        further: weekly(2).further,
        ..draft_of(&one)
    };
    assert_eq!(
        refused_field(db.save_event(&staff, nonce(), &many).await),
        "times",
        "an event that there is does not become several"
    );
    let nowhere = EventDraft {
        series_of: Some(EventId(4711)),
        ..draft()
    };
    assert!(matches!(
        fault(db.save_event(&staff, nonce(), &nowhere).await),
        Fault::NotFound(_)
    ));
    assert_eq!(world.count("events").await, 1);
    assert_eq!(world.count("audit_log").await, 1);
}

#[tokio::test]
async fn the_second_editor_is_told_and_shown_what_the_first_has_made() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let page = saved(db.save_event(&staff, nonce(), &draft()).await.unwrap());
    let other = world.staff().await;
    let first = EventDraft {
        title: "Long Ridge Walk".to_owned(),
        ..draft_of(&page)
    };
    let now_is = saved(db.save_event(&other, nonce(), &first).await.unwrap());
    let second = EventDraft {
        location: "Car park".to_owned(),
        ..draft_of(&page)
    };
    let press = nonce();
    let told = db.save_event(&staff, press, &second).await.unwrap();
    let Saved::Changed { event, by } = &told else {
        panic!("the second was not told: {told:?}")
    };
    assert_eq!(*event, now_is);
    assert_eq!(by.as_ref().map(AsRef::as_ref), Some("staff1"));
    assert_eq!(
        db.event(&staff, page.line.id).await.unwrap(),
        now_is,
        "nothing of it was saved"
    );
    assert_eq!(
        db.save_event(&staff, press, &second).await.unwrap(),
        told,
        "sent again, told again"
    );
    // On top of what the first made, it goes through.
    let on_top = EventDraft {
        version: now_is.version,
        title: now_is.line.title.to_string(),
        ..second
    };
    let merged = saved(db.save_event(&staff, nonce(), &on_top).await.unwrap());
    assert_eq!(
        (merged.line.title.as_str(), merged.line.location.as_str()),
        ("Long Ridge Walk", "Car park")
    );
}

/// Two editors save at the same moment, over and over; answers how many changes were lost without a word.
async fn race(world: &World, rounds: i32) -> i64 {
    let (db, one, two) = (world.db(Role::Staff), world.staff().await, world.staff().await);
    let page = saved(db.save_event(&one, nonce(), &draft()).await.unwrap());
    let save = |db: Db, token: Token, page: EventPage, title: String| async move {
        let draft = EventDraft {
            title,
            ..draft_of(&page)
        };
        matches!(
            db.save_event(&token, nonce(), &draft).await.unwrap(),
            Saved::Saved { .. }
        )
    };
    for round in 0..rounds {
        let page = db.event(&one, page.line.id).await.unwrap();
        let (a, b) = tokio::join!(
            save(db.clone(), one.clone(), page.clone(), format!("one {round}")),
            save(db.clone(), two.clone(), page, format!("two {round}")),
        );
        assert!(a || b, "somebody gets through");
    }
    // Each change began from what the one before had made, or it wrote over something nobody had seen.
    world
        .value(
            "SELECT count(*) FROM audit_log AS later
             WHERE later.action = 'event_change'
               AND EXISTS (SELECT FROM audit_log AS earlier
                           WHERE earlier.action = 'event_change' AND earlier.id < later.id
                             AND split_part(earlier.after->>'title', ' ', 2) = split_part(later.after->>'title', ' ', 2))",
        )
        .await
}

#[tokio::test]
async fn of_two_who_save_at_once_one_is_told() {
    assert_eq!(race(&World::new().await, 30).await, 0);
}

/// Negative control: where changes are not counted, the second writes over the first.
#[tokio::test]
async fn without_the_count_of_changes_the_second_writes_over_the_first() {
    let world = World::new().await;
    world.sql("DROP TRIGGER count_version ON events").await;
    let lost = race(&world, 30).await;
    assert_eq!(lost, 30, "or the test above proves nothing");
}

#[tokio::test]
async fn a_change_tells_first_whom_it_hurts() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let page = saved(db.save_event(&staff, nonce(), &draft()).await.unwrap());
    let event = page.line.id;
    let nobody = db.change_effects(&staff, &same(&page)).await.unwrap();
    assert!(!nobody.hurts() && nobody.people() == 0);

    let ana = world.guest("ana maria", event).await;
    let ben = world.guest("ben", event).await;
    for (name, status) in [
        ("cy", "waitlisted"),
        ("dan", "pending"),
        ("ed", "cancelled"),
        ("fe", "rejected"),
    ] {
        let member = world.member(name).await;
        world.registration(member, event, status).await;
    }
    // A NULL status is the column's default.
    let gil = world.member("gil").await;
    world
        .sql(&format!(
            "INSERT INTO registrations (user_id, event_id, status) VALUES ({}, {}, NULL)",
            gil.0, event.0
        ))
        .await;
    let unchanged = db.change_effects(&staff, &same(&page)).await.unwrap();
    assert_eq!(
        (unchanged.registered, unchanged.waitlisted, unchanged.pending),
        (3, 1, 1)
    );
    assert_eq!(
        unchanged.names.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
        ["Ana", "Ben", "Cy", "Dan", "Gil"],
        "first names, in the order in which they came"
    );
    assert!(!unchanged.hurts(), "nothing that anybody minds is changed");

    let fewer = Change {
        max_participants: Some(1),
        ..same(&page)
    };
    let fewer = db.change_effects(&staff, &fewer).await.unwrap();
    assert!(fewer.hurts() && fewer.over == 2 && !fewer.moves);
    let no_limit = Change {
        max_participants: None,
        ..same(&page)
    };
    assert_eq!(db.change_effects(&staff, &no_limit).await.unwrap().over, 0);
    let elsewhere = Change {
        location: "Car park".to_owned(),
        ..same(&page)
    };
    let elsewhere = db.change_effects(&staff, &elsewhere).await.unwrap();
    assert!(elsewhere.hurts() && elsewhere.relocates && !elsewhere.moves);

    // Ana would be expected at two places at once. Ben was before, and his other event is cancelled besides.
    let later = TimeDelta::hours(6);
    let clash = EventDraft {
        title: "Rooftop Social".to_owned(),
        start_time: page.line.start_time + later,
        end_time: page.line.end_time + later,
        ..draft()
    };
    let clash = saved(db.save_event(&staff, nonce(), &clash).await.unwrap());
    let always = saved(db.save_event(&staff, nonce(), &draft()).await.unwrap());
    world.registration(ana, clash.line.id, "registered").await;
    world.registration(ben, always.line.id, "registered").await;
    world
        .sql(&format!(
            "INSERT INTO events (title, event_type, location, start_time, end_time, is_active)
             SELECT 'Dead', event_type, location, start_time, end_time, false FROM events WHERE id = {0};
             INSERT INTO registrations (user_id, event_id, status)
             SELECT {1}, id, 'registered' FROM events WHERE title = 'Dead'",
            clash.line.id.0, ben.0
        ))
        .await;
    let moved = Change {
        start_time: page.line.start_time + later,
        end_time: page.line.end_time + later,
        ..same(&page)
    };
    let moved = db.change_effects(&staff, &moved).await.unwrap();
    assert!(moved.hurts() && moved.moves && !moved.relocates);
    assert_eq!(moved.clashing, 1);
    assert_eq!(
        (moved.clashes[0].name.as_str(), moved.clashes[0].title.as_str()),
        ("Ana", "Rooftop Social")
    );

    let ana_token = world.session(ana).await;
    assert!(matches!(
        fault(db.change_effects(&ana_token, &same(&page)).await),
        Fault::NotAllowed(_)
    ));
    assert_eq!(
        fault(
            world
                .db(Role::Kiosk)
                .change_effects(&ana_token, &same(&page))
                .await
        ),
        Fault::Login
    );
}

fn paid(effects: &Effects) -> (i64, Money) {
    (effects.payments, effects.paid)
}

#[tokio::test]
async fn cancelling_says_why_and_reopening_restores_everything() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let one_seat = EventDraft {
        max_participants: Some(1),
        ..draft()
    };
    let page = saved(db.save_event(&staff, nonce(), &one_seat).await.unwrap());
    let event = page.line.id;
    let ana = world.guest("ana", event).await;
    let ben = world.member("ben").await;
    world.registration(ben, event, "waitlisted").await;
    world
        .sql(&format!(
            "INSERT INTO payment (registration_id, user_id, event_id, amount_paid, payment_channel, voided_at)
             SELECT id, user_id, event_id, 250.50, 'cash', voided
             FROM registrations, (VALUES (now()), (NULL)) AS v (voided)
             WHERE event_id = {} AND status = 'registered'",
            event.0
        ))
        .await;
    let before: Vec<String> = registrations(&world).await;

    for wrong in ["", "  \t ", &"x".repeat(256)] {
        assert_eq!(
            refused_field(db.cancel_event(&staff, nonce(), event, wrong).await),
            "reason"
        );
    }
    let press = nonce();
    let done = db.cancel_event(&staff, press, event, " Typhoon ").await.unwrap();
    assert_eq!(done.outcome, StopOutcome::Cancelled);
    assert_eq!(
        done.event.cancel_reason.as_ref().map(AsRef::as_ref),
        Some("Typhoon")
    );
    assert!(!done.event.line.is_active);
    assert_eq!(done.event.version, 2);
    assert_eq!((done.effects.registered, done.effects.waitlisted), (1, 1));
    assert_eq!(
        paid(&done.effects),
        (1, Money::from_hundredths(25_050).unwrap()),
        "what was voided is not refunded"
    );
    assert_eq!(
        db.cancel_event(&staff, press, event, " Typhoon ").await.unwrap(),
        done
    );
    assert!(matches!(
        fault(db.cancel_event(&staff, press, event, "Another reason").await),
        Fault::Conflict(_)
    ));
    let again = db.cancel_event(&staff, nonce(), event, "Me too").await.unwrap();
    assert_eq!(again.outcome, StopOutcome::Already);
    assert_eq!(again.event, done.event, "the first reason stands");
    assert_eq!(
        registrations(&world).await,
        before,
        "registrations keep their status"
    );
    let seen = db.event(&world.session(ana).await, event).await.unwrap();
    assert_eq!(seen.cancel_reason.as_ref().map(AsRef::as_ref), Some("Typhoon"));

    // Who had the form open meanwhile is told.
    let late = EventDraft {
        title: "Too late".to_owned(),
        ..draft_of(&page)
    };
    let told = db.save_event(&staff, nonce(), &late).await.unwrap();
    assert!(matches!(told, Saved::Changed { event, .. } if !event.line.is_active));

    let press = nonce();
    let back = db.reopen_event(&staff, press, event).await.unwrap();
    assert_eq!(back.outcome, StopOutcome::Reopened);
    assert_eq!(
        (back.event.cancel_reason.as_ref(), back.event.line.is_active),
        (None, true)
    );
    assert_eq!(db.reopen_event(&staff, press, event).await.unwrap(), back);
    let again = db.reopen_event(&staff, nonce(), event).await.unwrap();
    assert_eq!(again.outcome, StopOutcome::Already);
    assert_eq!(registrations(&world).await, before);
    let audited: i64 = world
        .count("audit_log WHERE action IN ('event_cancel', 'event_reopen') AND before IS NOT NULL AND after IS NOT NULL")
        .await;
    assert_eq!(audited, 2, "what changed nothing is not audited");
}

async fn registrations(world: &World) -> Vec<String> {
    sqlx::query_scalar("SELECT r::text FROM registrations AS r ORDER BY id")
        .fetch_all(&world.owner)
        .await
        .unwrap()
}

/// More seats, none counted any more, a later start, a reopened event: whoever is first in line is in by the answer.
#[tokio::test]
async fn seats_that_a_change_makes_go_to_the_first_in_line() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let begun = Utc::now() - TimeDelta::hours(1);
    let one_seat = EventDraft {
        max_participants: Some(1),
        start_time: begun,
        ..draft()
    };
    let page = saved(db.save_event(&staff, nonce(), &one_seat).await.unwrap());
    let event = page.line.id;
    world.guest("ana", event).await;
    for name in ["ben", "cy", "dan", "ed"] {
        let member = world.member(name).await;
        world.registration(member, event, "waitlisted").await;
    }
    let standing = |page: &EventPage| (page.line.registered, page.line.waitlisted);
    let seats = |page: &EventPage, seats| EventDraft {
        max_participants: seats,
        ..draft_of(page)
    };
    let page = saved(
        db.save_event(&staff, nonce(), &seats(&page, Some(2)))
            .await
            .unwrap(),
    );
    assert_eq!(standing(&page), (1, 4), "it has begun: the door decides");
    let later = EventDraft {
        start_time: draft().start_time,
        ..draft_of(&page)
    };
    let page = saved(db.save_event(&staff, nonce(), &later).await.unwrap());
    assert_eq!(standing(&page), (2, 3), "a later start");
    let page = saved(
        db.save_event(&staff, nonce(), &seats(&page, Some(3)))
            .await
            .unwrap(),
    );
    assert_eq!(standing(&page), (3, 2), "one seat more");
    let page = saved(
        db.save_event(&staff, nonce(), &seats(&page, Some(2)))
            .await
            .unwrap(),
    );
    assert_eq!(
        standing(&page),
        (3, 2),
        "fewer seats than are taken: nobody loses theirs"
    );
    db.cancel_event(&staff, nonce(), event, "Typhoon").await.unwrap();
    world
        .sql("UPDATE registrations SET status = 'cancelled' WHERE status = 'registered'")
        .await;
    let back = db.reopen_event(&staff, nonce(), event).await.unwrap();
    assert_eq!(
        standing(&back.event),
        (2, 0),
        "reopened: the seats given up meanwhile"
    );
}

#[tokio::test]
async fn who_is_not_staff_cancels_nothing() {
    let world = World::new().await;
    let event = world.event(600, None).await;
    let token = world.session(world.member("ana").await).await;
    let (staff, kiosk) = (world.db(Role::Staff), world.db(Role::Kiosk));
    assert!(matches!(
        fault(staff.cancel_event(&token, nonce(), event, "No").await),
        Fault::NotAllowed(_)
    ));
    assert!(matches!(
        fault(staff.reopen_event(&token, nonce(), event).await),
        Fault::NotAllowed(_)
    ));
    assert_eq!(
        fault(kiosk.cancel_event(&token, nonce(), event, "No").await),
        Fault::Login
    );
    assert_eq!(
        fault(kiosk.reopen_event(&token, nonce(), event).await),
        Fault::Login
    );
    let own = world.staff().await;
    assert!(matches!(
        fault(staff.cancel_event(&own, nonce(), EventId(4711), "No").await),
        Fault::NotFound(_)
    ));
    assert_eq!(world.count("events WHERE is_active").await, 1);
}

async fn names(db: &Db, token: &Token) -> Vec<String> {
    let list = db.event_types_used(token).await.unwrap();
    list.iter().map(|line| line.name.to_string()).collect()
}

#[tokio::test]
async fn administrators_manage_the_types() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let admin = world.session(world.person("ada", "admin").await).await;
    world.event(60, None).await;
    world.event(600, None).await;
    let change = async |change: TypeChange| db.change_event_types(&admin, nonce(), &change).await;

    let press = nonce();
    let add = TypeChange::Add("  karaoke ".to_owned());
    let list = db.change_event_types(&admin, press, &add).await.unwrap();
    assert_eq!(list.last().map(|line| line.name.as_str()), Some("karaoke"));
    assert_eq!(db.change_event_types(&admin, press, &add).await.unwrap(), list);
    assert_eq!(world.count("event_types").await, 7);
    for wrong in [
        String::new(),
        " \t".to_owned(),
        "x".repeat(51),
        "trivia".to_owned(),
    ] {
        assert_eq!(refused_field(change(TypeChange::Add(wrong)).await), "name");
    }

    let list = change(TypeChange::Rename("trivia".to_owned(), "quiz".to_owned()))
        .await
        .unwrap();
    assert_eq!(
        list.iter().map(|line| (line.name.as_str(), line.events)).next(),
        Some(("quiz", 2)),
        "in its place, with its events"
    );
    assert_eq!(
        world
            .count("events WHERE event_type = 'quiz' AND version = 2")
            .await,
        2
    );
    assert_eq!(
        refused_field(change(TypeChange::Rename("quiz".to_owned(), "hike".to_owned())).await),
        "name"
    );
    assert!(matches!(
        fault(change(TypeChange::Rename("trivia".to_owned(), "x".to_owned())).await),
        Fault::NotFound(_)
    ));

    change(TypeChange::Move("karaoke".to_owned(), -2)).await.unwrap();
    assert_eq!(
        names(&db, &admin).await,
        [
            "quiz", "mystery", "hike", "games", "karaoke", "workshop", "social"
        ]
    );
    change(TypeChange::Move("quiz".to_owned(), 100)).await.unwrap();
    change(TypeChange::Move("mystery".to_owned(), -1)).await.unwrap();
    assert_eq!(
        names(&db, &admin).await,
        [
            "mystery", "hike", "games", "karaoke", "workshop", "social", "quiz"
        ]
    );

    assert!(matches!(
        fault(change(TypeChange::Remove("quiz".to_owned())).await),
        Fault::Conflict(_)
    ));
    let list = change(TypeChange::Remove("karaoke".to_owned())).await.unwrap();
    assert_eq!(list.len(), 6);
    assert!(matches!(
        fault(change(TypeChange::Remove("karaoke".to_owned())).await),
        Fault::NotFound(_)
    ));
    assert!(matches!(
        fault(change(TypeChange::Move("karaoke".to_owned(), 1)).await),
        Fault::NotFound(_)
    ));
    assert_eq!(world.count("audit_log WHERE subject = 'event_type'").await, 6);

    // Staff see the list and change nothing; others do neither.
    let (staff, ana) = (
        world.staff().await,
        world.session(world.member("ana").await).await,
    );
    assert_eq!(names(&db, &staff).await.len(), 6);
    let all = [
        TypeChange::Add("a".to_owned()),
        TypeChange::Rename("quiz".to_owned(), "b".to_owned()),
        TypeChange::Move("quiz".to_owned(), 1),
        TypeChange::Remove("social".to_owned()),
    ];
    for change in &all {
        for token in [&staff, &ana] {
            assert!(matches!(
                fault(db.change_event_types(token, nonce(), change).await),
                Fault::NotAllowed(_)
            ));
        }
        let kiosk = world.db(Role::Kiosk);
        assert_eq!(
            fault(kiosk.change_event_types(&ana, nonce(), change).await),
            Fault::Login
        );
    }
    assert!(matches!(
        fault(db.event_types_used(&ana).await),
        Fault::NotAllowed(_)
    ));
    assert_eq!(names(&db, &admin).await.len(), 6);
}

/// While a type is renamed, others save events of it: whoever is later is refused, and no event is left with a type
/// that there is not.
#[tokio::test]
async fn no_event_is_saved_with_a_type_that_is_just_renamed() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let admin = world.session(world.person("ada", "admin").await).await;
    let staff = world.staff().await;
    for round in 0..15 {
        let (old, new) = (format!("type {round}"), format!("type {}", round + 1));
        if round == 0 {
            let add = TypeChange::Add(old.clone());
            db.change_event_types(&admin, nonce(), &add).await.unwrap();
        }
        let typed = EventDraft {
            event_type: old.clone(),
            ..draft()
        };
        let rename = TypeChange::Rename(old, new);
        let (saved, renamed) = tokio::join!(
            db.save_event(&staff, nonce(), &typed),
            db.change_event_types(&admin, nonce(), &rename),
        );
        renamed.unwrap();
        if let Err(error) = saved {
            assert!(
                matches!(&error.fault, Fault::Invalid { field, .. } if field == "event_type"),
                "{error:?}"
            );
        }
    }
    let orphans = world
        .count("events AS e WHERE NOT EXISTS (SELECT FROM event_types AS t WHERE t.name = e.event_type)")
        .await;
    assert_eq!(orphans, 0);
}

#[tokio::test]
async fn a_calendar_file_is_written_from_what_was_asked_for() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let early = world.event(60, None).await;
    let late = world.event(60 * 24 * 10, None).await;
    let other = world.event(60 * 24 * 20, None).await;
    let ana = world.guest("ana", early).await;
    world.registration(ana, late, "waitlisted").await;
    world.registration(ana, other, "cancelled").await;
    db.cancel_event(&staff, nonce(), late, "Typhoon").await.unwrap();
    let token = world.session(ana).await;
    let ask = async |of: FileOf| {
        let file = db.events_for_file(&token, &of).await.unwrap();
        file.events.iter().map(|page| page.line.id).collect::<Vec<_>>()
    };
    assert_eq!(ask(FileOf::default()).await, [early, late, other]);
    let mine = FileOf {
        mine: true,
        ..FileOf::default()
    };
    assert_eq!(
        ask(mine.clone()).await,
        [early, late],
        "cancelled ones too: the file takes back what an earlier one brought"
    );
    let some = FileOf {
        events: Some(vec![other, early, EventId(4711)]),
        ..FileOf::default()
    };
    assert_eq!(ask(some).await, [early, other]);
    let span = FileOf {
        from: Some(Utc::now() + TimeDelta::days(1)),
        to: Some(Utc::now() + TimeDelta::days(15)),
        ..FileOf::default()
    };
    assert_eq!(ask(span).await, [late]);
    let file = db.events_for_file(&token, &mine).await.unwrap();
    assert_eq!(
        db.events_for_file(&staff, &FileOf::default())
            .await
            .unwrap()
            .calendar_id,
        file.calendar_id,
        "the same for everybody and always"
    );
    assert_eq!(
        file.events[1].cancel_reason.as_ref().map(AsRef::as_ref),
        Some("Typhoon")
    );
    let too_many = FileOf {
        events: Some((1..=10_001).map(EventId).collect()),
        ..FileOf::default()
    };
    assert_eq!(
        refused_field(db.events_for_file(&token, &too_many).await),
        "event_ids"
    );
    assert_eq!(
        fault(world.db(Role::Kiosk).events_for_file(&token, &mine).await),
        Fault::Login
    );
}
