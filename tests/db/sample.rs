//! The sample community: believable, reproducible, and its points add up.

use pine_time::domain::Secret;
use pine_time::domain::event::RegistrationStatus;
use pine_time::domain::seats::Part;
use pine_time::ops::sample::{self, Found, SampleError};

use crate::support::cluster::Role;
use crate::support::world::World;

async fn filled() -> World {
    let world = World::new().await;
    assert_eq!(
        sample::fill(&world.database.url(Role::Owner)).await.unwrap(),
        Found::Empty
    );
    world
}

#[tokio::test]
async fn it_is_a_community_around_today() {
    let world = filled().await;
    assert_eq!(world.count("users").await, 60);
    assert_eq!(world.count("events").await, 40);
    assert_eq!(
        world
            .count("events WHERE start_time <= now() AND now() < end_time")
            .await,
        1,
        "one is happening now"
    );
    let tonight = world
        .count("events WHERE start_time > now() AND start_time < now() + interval '20 hours'")
        .await;
    assert!(tonight >= 1, "one is tonight");
    assert!(world.count("(SELECT DISTINCT event_type FROM events) AS t").await >= 5);
    let full = world
        .count(
            "events JOIN event_seats ON event_id = id WHERE taken >= max_participants AND start_time > now()",
        )
        .await;
    assert!(full >= 2, "some that come are full: {full}");
    let lines = world
        .count("events JOIN event_seats ON event_id = id WHERE waiting >= 2 AND start_time > now()")
        .await;
    assert!(lines >= 2, "people stand in line for them: {lines}");
    assert_eq!(
        world
            .count("events JOIN event_seats ON event_id = id WHERE waiting > 0 AND taken < max_participants")
            .await,
        0,
        "nobody waits for a seat that is free"
    );
    assert!(
        world
            .count("registrations AS r JOIN events AS e ON e.id = r.event_id AND e.requires_approval WHERE r.status = 'pending'")
            .await
            >= 2,
        "some wait for approval"
    );
    let days: f64 = world
        .value("SELECT extract(epoch FROM max(start_time) - min(start_time))::float8 / 86400 FROM events")
        .await;
    assert!((100.0..130.0).contains(&days), "four months: {days}");
}

#[tokio::test]
async fn its_points_add_up() {
    let world = filled().await;
    let attended = world.count("event_attendees WHERE status = 'attended'").await;
    assert!(attended > 300, "{attended}");
    assert_eq!(
        world
            .count("points_transactions WHERE transaction_type = 'event_attendance'")
            .await,
        attended
    );
    assert_eq!(world.count("check_in_log WHERE outcome = 'ok'").await, attended);
    let wrong = world
        .count(
            "user_totals AS t
             WHERE spendable <> (SELECT sum(points) FROM points_transactions AS p WHERE p.user_id = t.user_id)",
        )
        .await;
    assert_eq!(wrong, 0);
    assert_eq!(
        world
            .count("event_seats JOIN events ON id = event_id WHERE taken > max_participants")
            .await,
        0
    );
    let unregistered = world
        .count(
            "event_attendees AS a WHERE NOT EXISTS (
                 SELECT FROM registrations AS r
                 WHERE r.user_id = a.user_id AND r.event_id = a.event_id AND r.status = 'registered')",
        )
        .await;
    assert_eq!(unregistered, 0);
    assert_eq!(world.count("user_totals WHERE spendable < 0").await, 0);
}

#[tokio::test]
async fn its_game_adds_up() {
    let world = filled().await;
    let drift = pine_time::ops::game::verify(&world.database.url(Role::Owner), |_| {})
        .await
        .unwrap();
    assert_eq!((drift.lines.len(), drift.due.len()), (0, 0), "{drift:#?}");
    for rule in ["types", "connections", "wins", "weeks", "referrals"] {
        let held = world
            .count(&format!(
                "user_badges JOIN badges AS b ON b.id = badge_id WHERE b.rule = '{rule}'"
            ))
            .await;
        assert!(held > 0, "somebody has every badge: {rule}");
    }
    let long = world.count("week_bonuses WHERE weeks >= 4").await;
    assert!(long > 10, "streaks are long enough to be looked at: {long}");
    let news = world
        .count("users AS u WHERE (pine.earned_since_told(u)->>'points')::integer > 0 AND username <> 'ana'")
        .await;
    assert_eq!(news, 0, "a sample is nobody's news but ana's");
}

#[tokio::test]
async fn its_money_adds_up() {
    let world = filled().await;
    let priced = world.count("events WHERE price > 0").await;
    assert!((5..20).contains(&priced), "a few events cost something: {priced}");
    assert_eq!(
        world
            .value::<String>("SELECT max(price)::text FROM events WHERE title LIKE 'The Manor Murder%'")
            .await,
        "250.00"
    );
    let paid = world.count("payment").await;
    assert!(paid > 50, "{paid}");
    let wrong = world
        .count(
            "registrations AS r
             JOIN events AS e ON e.id = r.event_id
             LEFT JOIN payment AS p ON p.registration_id = r.id AND p.voided_at IS NULL
             WHERE r.price_due IS DISTINCT FROM coalesce(e.price, 0)
                OR r.payment_status IS DISTINCT FROM CASE
                       WHEN r.price_due = 0 THEN 'not_required'
                       WHEN p.amount_paid >= r.price_due THEN 'paid'
                       ELSE 'pending' END",
        )
        .await;
    assert_eq!(
        wrong, 0,
        "every registration's payment_status is what its payment makes it"
    );
    let guests = "event_attendees AS a JOIN registrations AS r USING (user_id, event_id)";
    assert_eq!(
        world
            .count(&format!("{guests} WHERE r.payment_status = 'pending'"))
            .await,
        0,
        "nobody came in unpaid"
    );
    let owing = world
        .count(
            "registrations AS r JOIN events AS e ON e.id = event_id
                WHERE start_time > now() AND r.status = 'registered' AND payment_status = 'pending'",
        )
        .await;
    assert!(owing > 3, "somebody will have to pay at the door: {owing}");
    assert!(
        world
            .count("(SELECT DISTINCT payment_channel FROM payment) AS t")
            .await
            >= 4
    );
    assert_eq!(
        world
            .count("payment WHERE payment_date > now() AT TIME ZONE 'UTC'")
            .await,
        0
    );
}

#[tokio::test]
async fn it_is_the_same_every_time() {
    let (one, two) = (filled().await, filled().await);
    let picture = "SELECT md5(string_agg(l, E'\\n' ORDER BY l)) FROM (
        SELECT format('%s %s %s', username, full_name, pass_code) FROM users
        UNION ALL SELECT format('%s %s %s', e.title, u.username, r.status)
                  FROM registrations AS r JOIN users AS u ON u.id = user_id JOIN events AS e ON e.id = event_id
        UNION ALL SELECT format('%s %s', username, earned) FROM user_totals JOIN users ON id = user_id
    ) AS t (l)";
    assert_eq!(
        one.value::<String>(picture).await,
        two.value::<String>(picture).await
    );
}

#[tokio::test]
async fn its_three_names_sign_in_and_nobody_else() {
    let world = filled().await;
    let db = world.db(Role::Staff);
    let password = || Secret::new(sample::PASSWORD.to_owned());
    for (name, _) in sample::SIGN_IN_NAMES {
        assert!(db.sign_in(name, &password()).await.unwrap().is_some(), "{name}");
    }
    assert!(db.sign_in("katya", &password()).await.unwrap().is_none());
    let ana = db.sign_in("ana", &password()).await.unwrap().unwrap();
    let now = chrono::Utc::now();
    let today = db
        .events(&ana.token, now, now + chrono::TimeDelta::hours(20))
        .await
        .unwrap();
    assert!(
        today
            .iter()
            .all(|event| event.my_status.is_none() && !event.is_full()),
        "tonight is hers to take"
    );
}

#[tokio::test]
async fn ana_has_a_registration_of_every_kind() {
    let world = filled().await;
    let db = world.db(Role::Staff);
    let password = Secret::new(sample::PASSWORD.to_owned());
    let ana = db.sign_in("ana", &password).await.unwrap().unwrap();
    let page = async |part| db.my_registrations(&ana.token, part, None, 100).await.unwrap();
    let coming = page(Part::Upcoming).await;
    assert!(coming.upcoming >= 2, "{coming:?}");
    assert_eq!((coming.waitlisted, coming.pending), (1, 1), "{coming:?}");
    let of = |status| {
        coming
            .rows
            .iter()
            .find(|row| row.registration.status == status)
            .unwrap()
    };
    let waits = of(RegistrationStatus::Waitlisted);
    assert!(
        waits.event.is_full() && waits.registration.place > Some(1),
        "{waits:?}"
    );
    assert!(of(RegistrationStatus::Pending).event.requires_approval);
    assert!(
        of(RegistrationStatus::Cancelled)
            .registration
            .status_reason
            .is_some()
    );
    assert!(
        coming.rows.iter().any(|row| row.registration.due.is_some()),
        "one is to be paid for"
    );
    let over = page(Part::Past).await;
    assert!(over.past >= 5, "{}", over.past);
    for came in [true, false] {
        assert!(
            over.rows.iter().any(|row| row.event.my_attendance == came),
            "{came}"
        );
    }
    assert!(db.my_news(&ana.token).await.unwrap().is_empty());
}

#[tokio::test]
async fn it_never_mixes_with_real_members() {
    let world = World::new().await;
    world.member("real").await;
    let error = sample::fill(&world.database.url(Role::Owner)).await.unwrap_err();
    assert!(matches!(error, SampleError::Occupied), "{error}");
    assert_eq!(world.count("users").await, 1);

    let world = filled().await;
    let again = sample::fill(&world.database.url(Role::Owner)).await.unwrap();
    assert_eq!(
        again,
        Found::Sample { stale: false },
        "filling twice changes nothing"
    );
    assert_eq!(world.count("users").await, 60);
}

#[tokio::test]
async fn its_evening_is_over_some_hours_after_its_last_event() {
    let world = filled().await;
    let url = world.database.url(Role::Owner);
    let found_after = async |by: &str| {
        world.move_clock(by).await;
        sample::found(&url).await.unwrap()
    };
    assert_eq!(found_after("30 minutes").await, Found::Sample { stale: false });
    assert_eq!(found_after("1 year").await, Found::Sample { stale: true });
}
