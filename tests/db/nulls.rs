//! The seed lets many columns be NULL. Each is read as its default, by every reading function.

use chrono::{TimeDelta, Utc};
use pine_time::domain::board::{Board, Place};
use pine_time::domain::check_in::Outcome;
use pine_time::domain::event::RegistrationStatus;
use pine_time::domain::event_people::{PeopleFilter, PeopleSort};
use pine_time::domain::seats::{Part, PaymentStatus};

use crate::support::cluster::Role;
use crate::support::world::{World, check_in, nonce};

#[tokio::test]
async fn every_nullable_column_may_be_null() {
    let world = World::new().await;
    let event = world.event(-10, Some(5)).await;
    let ana = world.guest("ana", event).await;
    world.guest("ben", event).await;
    let staff_id = world.person("boss", "staff").await;
    let staff = world.session(staff_id).await;
    let token = world.session(ana).await;
    let db = world.db(Role::Staff);
    check_in(&db, &staff, event, "ana").await;

    let nullable: Vec<(String, String)> = sqlx::query_as(
        "SELECT c.table_name::text, c.column_name::text
         FROM information_schema.columns AS c
         WHERE c.table_schema = 'public' AND c.is_nullable = 'YES'
           AND c.table_name IN ('users', 'events', 'registrations', 'event_attendees', 'user_badges', 'badges', 'payment')
         ORDER BY 1, 2",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    assert!(nullable.len() > 15, "{nullable:?}");
    for (table, column) in &nullable {
        let keep = if table == "users" && column == "user_type" {
            " WHERE username <> 'boss'"
        } else {
            ""
        };
        world
            .sql(&format!("UPDATE {table} SET {column} = NULL{keep}"))
            .await;
    }

    let now = Utc::now();
    let events = db
        .events(&token, now - TimeDelta::days(1), now + TimeDelta::days(1))
        .await
        .unwrap();
    assert_eq!(events.len(), 1);
    assert!(events[0].is_active, "NULL is the default, active");
    assert_eq!(events[0].points_reward, 0);
    assert_eq!(events[0].my_status, Some(RegistrationStatus::Registered));
    assert!(events[0].my_attendance, "an attendance without a status is one");
    assert_eq!(events[0].free(), None);
    let page = db.event(&token, event).await.unwrap();
    assert_eq!(page.description.as_str(), "");
    assert_eq!(page.organiser, None);
    assert_eq!(
        check_in(&db, &staff, event, "ana").await.outcome,
        Outcome::Already
    );
    assert_eq!(check_in(&db, &staff, event, "ben").await.outcome, Outcome::Ok);
    let door = db.door(&staff, event).await.unwrap();
    assert_eq!((door.registered, door.checked_in, door.due), (2, 2, 0));
    assert_eq!(db.find_at_door(&staff, event, "").await.unwrap().len(), 3);
    assert_eq!(db.profile(&token).await.unwrap().created_at, None);
    let ledger = db.points_ledger(&token, None, None, None, 10).await.unwrap();
    assert_eq!(ledger.rows.len(), 1);
    let board = db.board(&token, Board::All, Place::Skip(0), 10).await.unwrap();
    assert_eq!(board.rows.len(), 1);
    assert_eq!(db.members(&staff, "", 10).await.unwrap().len(), 3);
    let people = db
        .event_people(
            &staff,
            event,
            &PeopleFilter::default(),
            PeopleSort::Date,
            false,
            None,
            9,
        )
        .await
        .unwrap();
    assert_eq!(people.rows.len(), 2);
    assert!(
        people
            .rows
            .iter()
            .all(|row| row.status == RegistrationStatus::Registered
                && row.payment_status == PaymentStatus::NotRequired
                && row.attended)
    );
    let totals = db
        .event_people_totals(&staff, event, &PeopleFilter::default())
        .await
        .unwrap();
    assert_eq!((totals.registered, totals.checked_in, totals.owing), (2, 2, 0));
    let mine = db
        .my_registrations(&token, Part::Upcoming, None, 9)
        .await
        .unwrap();
    assert_eq!((mine.rows.len(), mine.upcoming), (1, 1));
    assert_eq!(db.attendees(&token, event, None, 9).await.unwrap().rows.len(), 2);
    assert!(db.my_news(&token).await.unwrap().is_empty());
    assert!(db.cancel_registration(&token, nonce(), event).await.is_ok());
}
