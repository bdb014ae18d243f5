//! What the rules say before anything is done: the same as what is then done, and nothing is left behind.

use pine_time::domain::Fault;
use pine_time::domain::check_in::{Outcome, Presented};
use pine_time::domain::passage::Passage;

use crate::support::cluster::Role;
use crate::support::world::{World, check_in, fault, nonce, typed};

#[tokio::test]
async fn the_first_rule_that_fails_is_the_outcome_and_nothing_is_written() {
    let world = World::new().await;
    let events = [
        world.event(-10, None).await,
        world.event(500, None).await,
        world.event(-500, None).await,
        world.event(-10, None).await,
    ];
    world
        .sql(&format!(
            "UPDATE events SET is_active = false WHERE id = {}",
            events[3].0
        ))
        .await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let names = [
        "registered",
        "none",
        "cancelled",
        "rejected",
        "pending",
        "waitlisted",
        "inside",
        "gone",
        "owing",
    ];
    for name in names {
        let member = world.member(name).await;
        for event in events {
            match name {
                "none" => {}
                "inside" | "gone" | "owing" => world.registration(member, event, "registered").await,
                status => world.registration(member, event, status).await,
            }
        }
    }
    check_in(&db, &staff, events[0], "inside").await;
    world
        .sql("UPDATE users SET is_active = false WHERE username = 'gone'")
        .await;
    world
        .sql(
            "UPDATE registrations SET price_due = 250, payment_status = 'pending'
             WHERE user_id = (SELECT id FROM users WHERE username = 'owing')",
        )
        .await;
    let mut seen = std::collections::HashSet::new();
    let tables = "(SELECT FROM check_in_log UNION ALL SELECT FROM audit_log UNION ALL SELECT FROM request_log
                   UNION ALL SELECT FROM points_transactions UNION ALL SELECT FROM event_attendees) AS t";
    for event in events {
        for name in names.into_iter().chain(["nobody"]) {
            let before = world.count(tables).await;
            let told = db.evaluate_check_in(&staff, event, &typed(name)).await.unwrap();
            assert_eq!(world.count(tables).await, before, "reads only");
            let failed = told.rules.iter().find(|rule| rule.passed == Some(false));
            assert_eq!(
                failed.map_or(Outcome::Ok, |rule| rule.rule),
                told.outcome,
                "{name} at {event:?}: {:#?}",
                told.rules
            );
            let done = check_in(&db, &staff, event, name).await;
            assert_eq!(done.outcome, told.outcome, "{name} at {event:?}");
            assert_eq!(done.member, told.member);
            seen.insert(told.outcome);
        }
    }
    assert_eq!(
        seen.len(),
        Outcome::ALL
            .iter()
            .filter(|outcome| **outcome != Outcome::NotIn)
            .count(),
        "every outcome must have been seen: {seen:?}"
    );
}

#[tokio::test]
async fn the_rules_name_the_values_they_looked_at() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.guest("ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let came = check_in(&db, &staff, event, "ana").await;
    let who = Presented::Member {
        id: ana,
        typed: String::new(),
    };
    let told = db.evaluate_check_in(&staff, event, &who).await.unwrap();
    let rule = |wanted| told.rules.iter().find(|rule| rule.rule == wanted).unwrap();
    let already = rule(Outcome::Already);
    assert_eq!((already.passed, already.at), (Some(false), Some(came.at)));
    assert_eq!(already.text.as_ref().unwrap().as_str(), "door 1");
    assert!(rule(Outcome::TooEarly).at.unwrap() < rule(Outcome::Over).at.unwrap());
    assert!(rule(Outcome::NotRegistered).at.is_some());
    assert_eq!(rule(Outcome::UnknownCode).text.as_ref().unwrap().as_str(), "ana");

    db.set_check_out(&staff, nonce(), event, true).await.unwrap();
    let out = db.check_out(&staff, nonce(), event, &who).await.unwrap();
    let told = db.evaluate_check_in(&staff, event, &who).await.unwrap();
    assert_eq!((told.outcome, told.passage), (Outcome::Ok, Passage::Back));
    let already = &told.rules[3];
    assert_eq!((already.passed, already.at), (Some(true), Some(out.at)));
    assert!(told.rules.iter().all(|rule| rule.passed != Some(false)));
    let theirs = world.session(ana).await;
    assert!(matches!(
        fault(db.evaluate_check_in(&theirs, event, &who).await),
        Fault::NotAllowed(_)
    ));
}
