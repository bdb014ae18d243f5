//! What members see of their registrations, of what was done to them, and of each other.

use std::time::Duration;

use chrono::TimeDelta;
use pine_time::domain::Fault;
use pine_time::domain::event::{EventId, RegistrationStatus};
use pine_time::domain::event_people::DeskAct;
use pine_time::domain::seats::{News, Part, PaymentStatus};

use crate::people::{Member, OVER, Staff, cancel, promote, reject};
use crate::support::cluster::Role;
use crate::support::world::{World, fault, nonce};

#[tokio::test]
async fn registrations_come_in_pages_with_their_states_and_prices() {
    let world = World::new().await;
    let ana = Member::new(&world, "ana").await;
    let mut events = Vec::new();
    for hours in 1..=5 {
        events.push(world.event(hours * 60, Some(1)).await);
    }
    world.guest("ben", events[1]).await;
    world
        .sql(&format!(
            "UPDATE events SET price = 250 WHERE id = {}",
            events[0].0
        ))
        .await;
    world
        .sql(&format!(
            "UPDATE events SET requires_approval = true WHERE id = {}",
            events[2].0
        ))
        .await;
    for event in &events[..4] {
        ana.wait(*event).await;
    }
    ana.cancel(events[3]).await;

    let page = |after| ana.db.my_registrations(&ana.token, Part::Upcoming, after, 3);
    let first = page(None).await.unwrap();
    assert_eq!(
        (first.upcoming, first.waitlisted, first.pending, first.past),
        (1, 1, 1, 0)
    );
    assert!(first.more);
    let states: Vec<_> = first
        .rows
        .iter()
        .map(|row| (row.event.id, row.registration.status))
        .collect();
    assert_eq!(
        states,
        [
            (events[0], RegistrationStatus::Registered),
            (events[1], RegistrationStatus::Waitlisted),
            (events[2], RegistrationStatus::Pending),
        ]
    );
    let paid = &first.rows[0].registration;
    assert_eq!(paid.payment_status, PaymentStatus::Pending);
    assert_eq!(paid.price_due.unwrap().to_string(), "250.00");
    assert_eq!(paid.due, paid.price_due);
    let waits = &first.rows[1].registration;
    assert_eq!((waits.place, waits.due), (Some(1), None));
    assert_eq!(waits.payment_status, PaymentStatus::NotRequired);
    let last = first.rows[2].event.clone();
    let second = page(Some((last.start_time, last.id))).await.unwrap();
    assert_eq!(second.rows.len(), 1);
    assert!(!second.more);
    assert_eq!(second.rows[0].registration.status, RegistrationStatus::Cancelled);

    world.sql(OVER).await;
    let past = ana
        .db
        .my_registrations(&ana.token, Part::Past, None, 3)
        .await
        .unwrap();
    assert_eq!(
        (past.upcoming, past.waitlisted, past.pending, past.past),
        (0, 0, 0, 4)
    );
    let ids: Vec<_> = past.rows.iter().map(|row| row.event.id).collect();
    assert_eq!(ids, [events[3], events[2], events[1]], "the last one first");
    let last = past.rows[2].event.clone();
    let rest = ana
        .db
        .my_registrations(&ana.token, Part::Past, Some((last.start_time, last.id)), 3)
        .await
        .unwrap();
    assert_eq!(rest.rows[0].event.id, events[0]);
    assert!(page(None).await.unwrap().rows.is_empty());
}

#[tokio::test]
async fn why_an_event_was_cancelled_stands_with_the_registration_until_it_is_reopened() {
    let world = World::new().await;
    let event = world.event(60, None).await;
    let ana = Member::new(&world, "ana").await;
    ana.register(event).await;
    let said = async || {
        let page = ana
            .db
            .my_registrations(&ana.token, Part::Upcoming, None, 10)
            .await
            .unwrap();
        page.rows[0].said().map(ToString::to_string)
    };
    assert_eq!(said().await, None);
    let staff = world.staff().await;
    let db = world.db(Role::Staff);
    db.cancel_event(&staff, nonce(), event, "The hall is flooded")
        .await
        .unwrap();
    assert_eq!(said().await.as_deref(), Some("The hall is flooded"));
    db.reopen_event(&staff, nonce(), event).await.unwrap();
    assert_eq!(said().await, None);
}

#[tokio::test]
async fn news_stay_until_they_are_seen_and_newer_ones_are_not_lost() {
    let world = World::new().await;
    let (one, two) = (world.event(60, Some(1)).await, world.event(90, Some(1)).await);
    let staff = Staff::new(&world).await;
    let ana = Member::new(&world, "ana").await;
    let ben = Member::new(&world, "ben").await;
    ben.register(one).await;
    ana.wait(one).await;
    ana.register(two).await;
    assert!(
        ana.db.my_news(&ana.token).await.unwrap().is_empty(),
        "what she did herself is no news"
    );
    ben.cancel(one).await;
    staff.does(two, ana.id, cancel("The hall burnt down.")).await;
    let news = ana.db.my_news(&ana.token).await.unwrap();
    let told: Vec<_> = news
        .iter()
        .map(|row| (row.event.id, row.registration.news.unwrap()))
        .collect();
    assert_eq!(
        told,
        [(one, News::Promoted), (two, News::Cancelled)],
        "the oldest first"
    );
    assert_eq!(
        news[1].registration.status_reason.as_ref().unwrap().as_str(),
        "The hall burnt down."
    );
    let at = |row: usize| news[row].registration.news_at.unwrap();

    let press = nonce();
    assert!(ana.db.news_seen(&ana.token, press, one, at(0)).await.unwrap());
    assert!(
        ana.db.news_seen(&ana.token, press, one, at(0)).await.unwrap(),
        "the same press"
    );
    assert!(matches!(
        fault(ana.db.news_seen(&ana.token, press, two, at(1)).await),
        Fault::Conflict(_)
    ));
    assert!(
        !ana.db.news_seen(&ana.token, nonce(), one, at(0)).await.unwrap(),
        "there are none"
    );
    assert!(ana.mine(one).await.promoted_at.is_some(), "the fact stays");

    staff.does(two, ana.id, reject("It is for good.")).await;
    assert!(
        !ana.db.news_seen(&ana.token, nonce(), two, at(1)).await.unwrap(),
        "something newer happened meanwhile"
    );
    let news = ana.db.my_news(&ana.token).await.unwrap();
    assert_eq!((news.len(), news[0].registration.news), (1, Some(News::Rejected)));
    assert!(
        !ben.db
            .news_seen(&ben.token, nonce(), two, news[0].registration.news_at.unwrap())
            .await
            .unwrap(),
        "nobody sees for somebody else"
    );
}

/// The moment of the news names them: it must come back as it went, to the microsecond.
#[tokio::test]
async fn a_place_in_line_is_live() {
    let world = World::new().await;
    let event = world.event(60, Some(0)).await;
    let staff = Staff::new(&world).await;
    let ana = Member::new(&world, "ana").await;
    let ben = Member::new(&world, "ben").await;
    let cem = Member::new(&world, "cem").await;
    for member in [&ana, &ben, &cem] {
        member.wait(event).await;
    }
    let place = async |member: &Member| {
        let now = chrono::Utc::now();
        let events = member
            .db
            .events(&member.token, now - TimeDelta::days(1), now + TimeDelta::days(1))
            .await
            .unwrap();
        (events[0].my_place, events[0].waitlisted)
    };
    assert_eq!(place(&cem).await, (Some(3), 3));
    ana.cancel(event).await;
    assert_eq!(place(&cem).await, (Some(2), 2));
    staff.does(event, cem.id, promote(Some("Speaker."))).await;
    assert_eq!(
        (place(&cem).await, place(&ben).await),
        ((Some(1), 2), (Some(2), 2))
    );
}

#[tokio::test]
async fn members_know_each_other_as_each_allows() {
    let world = World::new().await;
    let event = world.event(60, None).await;
    let ana = Member::new(&world, "ana").await;
    for name in ["ben", "cem", "dan"] {
        Member::new(&world, name).await.register(event).await;
    }
    ana.register(event).await;
    world
        .sql("UPDATE users SET full_name = 'Ana Maria Reyes' WHERE username = 'ana';
              UPDATE users SET full_name = 'Ben Aquino' WHERE username = 'ben';
              UPDATE users SET full_name = '  Cem   Ali  Öztürk ', show_on_leaderboard = false WHERE username = 'cem';
              UPDATE users SET full_name = 'Dan', show_on_leaderboard = false WHERE username = 'dan'")
        .await;
    world
        .registration(world.member("eva").await, event, "waitlisted")
        .await;
    let names = |page: pine_time::domain::seats::Attendees| -> Vec<String> {
        page.rows.iter().map(|row| row.name.as_str().to_owned()).collect()
    };
    // A kiosk shows less of others.
    let db = world.db(Role::Staff);
    let page = db.attendees(&ana.token, event, None, 10).await.unwrap();
    assert_eq!((page.total, page.next), (4, None));
    assert!(page.rows[3].is_me && !page.rows[0].is_me);
    assert_eq!(names(page), ["Ben Aquino", "Cem Ö.", "Dan", "Ana Maria Reyes"]);
    world.sql("UPDATE users SET show_on_leaderboard = false").await;
    let page = db.attendees(&ana.token, event, None, 10).await.unwrap();
    assert_eq!(names(page)[3], "Ana Maria Reyes", "one's own name is one's own");
    let staff = Staff::new(&world).await;
    let all = staff.db.attendees(&staff.token, event, None, 10).await.unwrap();
    assert_eq!(names(all)[0], "Ben Aquino");

    let first = ana.db.attendees(&ana.token, event, None, 3).await.unwrap();
    let rest = ana.db.attendees(&ana.token, event, first.next, 3).await.unwrap();
    assert_eq!((first.rows.len(), rest.rows.len(), rest.next), (3, 1, None));
    assert!(matches!(
        fault(ana.db.attendees(&ana.token, EventId(999), None, 3).await),
        Fault::NotFound(_)
    ));
}

#[tokio::test]
async fn what_belongs_to_a_member_is_not_the_owners() {
    let world = World::new().await;
    let owner = world.db(Role::Owner);
    let nobody = owner.owner_session("root").await.unwrap();
    assert!(matches!(
        fault(owner.my_registrations(&nobody, Part::Upcoming, None, 5).await),
        Fault::NotAllowed(_)
    ));
    assert!(matches!(
        fault(owner.my_news(&nobody).await),
        Fault::NotAllowed(_)
    ));
    let seen = owner
        .news_seen(
            &nobody,
            nonce(),
            EventId(1),
            chrono::Utc::now() - Duration::from_secs(1),
        )
        .await;
    assert!(matches!(fault(seen), Fault::NotAllowed(_)));
    let ana = Member::new(&world, "ana").await;
    ana.db.sign_out(&ana.token).await.unwrap();
    assert_eq!(fault(ana.db.my_news(&ana.token).await), Fault::NotSignedIn);
    let event = world.event(60, None).await;
    assert_eq!(
        fault(ana.db.attendees(&ana.token, event, None, 5).await),
        Fault::NotSignedIn
    );
    let staff = Staff::new(&world).await;
    let ben = Member::new(&world, "ben").await;
    ben.register(event).await;
    staff
        .does(event, ben.id, DeskAct::Note { text: "x".to_owned() })
        .await;
    assert!(
        ben.db.my_news(&ben.token).await.unwrap().is_empty(),
        "a note is no news"
    );
}
