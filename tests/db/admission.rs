//! The till of the door: payments, walk-ins and admission with a reason; every refusal, every role, and what happens
//! when two come at once.

use std::collections::HashMap;

use pine_time::db::{Db, Settings, Token};
use pine_time::domain::Fault;
use pine_time::domain::admission::{Guest, Taking, WalkIn, WalkedIn};
use pine_time::domain::check_in::{CheckedIn, Outcome, Standing};
use pine_time::domain::event::EventId;
use pine_time::domain::member::MemberId;
use pine_time::domain::money::Money;
use pine_time::domain::passage::UndoOutcome;

use crate::support::cluster::Role;
use crate::support::world::{World, check_in, fault, nonce, refused_field};

fn money(units: i64) -> Money {
    Money::from_hundredths(units * 100).unwrap()
}

fn cash(units: i64) -> Taking {
    Taking {
        amount: money(units),
        channel: "cash".to_owned(),
    }
}

/// A running event for 250.
async fn priced(world: &World, seats: Option<i32>) -> EventId {
    let event = world.event(-10, seats).await;
    world
        .sql(&format!("UPDATE events SET price = 250 WHERE id = {}", event.0))
        .await;
    event
}

/// Registers a member through the api, as they would themselves.
async fn register(world: &World, name: &str, event: EventId) -> MemberId {
    let member = world.member(name).await;
    let token = world.session(member).await;
    let (outcome, _) = world
        .db(Role::Staff)
        .register(&token, nonce(), event)
        .await
        .unwrap();
    assert_eq!(outcome, pine_time::domain::event::RegisterOutcome::Registered);
    member
}

async fn pay(db: &Db, staff: &Token, event: EventId, member: MemberId, taking: &Taking) -> CheckedIn {
    db.take_payment(staff, nonce(), event, member, "typed", taking)
        .await
        .unwrap_or_else(|error| panic!("{}", error.fault))
}

fn newcomer(name: &str) -> WalkIn {
    WalkIn {
        guest: Guest::New {
            full_name: name.to_owned(),
            email: format!("{}@example.org", name.to_lowercase().replace(' ', ".")),
            username: None,
        },
        taking: None,
        reason: None,
    }
}

async fn walk_in(db: &Db, staff: &Token, event: EventId, walk_in: &WalkIn) -> CheckedIn {
    match db.walk_in(staff, nonce(), event, walk_in).await {
        Ok(WalkedIn::Attempted { checked_in }) => checked_in,
        other => panic!("{other:?}"),
    }
}

async fn status(world: &World, member: MemberId) -> (String, String) {
    let text: String = world
        .value(&format!(
            "SELECT status || ' ' || payment_status FROM registrations WHERE user_id = {}",
            member.0
        ))
        .await;
    let (status, payment) = text.split_once(' ').unwrap();
    (status.to_owned(), payment.to_owned())
}

#[tokio::test]
async fn registering_freezes_the_price() {
    let world = World::new().await;
    let (dear, free) = (world.event(60, None).await, world.event(60, None).await);
    world
        .sql(&format!("UPDATE events SET price = 250 WHERE id = {}", dear.0))
        .await;
    let ana = register(&world, "ana", dear).await;
    let ben = register(&world, "ben", free).await;
    world.sql("UPDATE events SET price = 900").await;
    let due = |member: MemberId| {
        format!(
            "SELECT price_due::text || ' ' || payment_status FROM registrations WHERE user_id = {}",
            member.0
        )
    };
    assert_eq!(world.value::<String>(&due(ana)).await, "250.00 pending");
    assert_eq!(world.value::<String>(&due(ben)).await, "0.00 not_required");

    // Cancelled and registered anew: the price of today; but not for what has been paid already.
    let (db, token) = (world.db(Role::Staff), world.session(ana).await);
    db.cancel_registration(&token, nonce(), dear).await.unwrap();
    db.register(&token, nonce(), dear).await.unwrap();
    assert_eq!(world.value::<String>(&due(ana)).await, "900.00 pending");
    world
        .sql(
            "INSERT INTO payment (registration_id, user_id, event_id, amount_paid, payment_channel)
              SELECT id, user_id, event_id, 900, 'card' FROM registrations WHERE price_due = 900",
        )
        .await;
    assert_eq!(world.value::<String>(&due(ana)).await, "900.00 paid");
    db.cancel_registration(&token, nonce(), dear).await.unwrap();
    world.sql("UPDATE events SET price = 1000").await;
    db.register(&token, nonce(), dear).await.unwrap();
    assert_eq!(world.value::<String>(&due(ana)).await, "900.00 paid");
}

#[tokio::test]
async fn payment_status_follows_the_payments_whoever_writes_them() {
    let world = World::new().await;
    let event = priced(&world, None).await;
    let ana = register(&world, "ana", event).await;
    let insert = "INSERT INTO payment (registration_id, user_id, event_id, amount_paid, payment_channel)
                  SELECT id, user_id, event_id, 100, 'cash' FROM registrations";
    world.sql(insert).await;
    assert_eq!(status(&world, ana).await.1, "pending", "100 of 250");
    world.sql("UPDATE payment SET amount_paid = 250").await;
    assert_eq!(status(&world, ana).await.1, "paid");
    world.sql("UPDATE payment SET voided_at = now()").await;
    assert_eq!(status(&world, ana).await.1, "pending");

    let ben = register(&world, "ben", event).await;
    for (statement, constraint) in [
        (
            format!("UPDATE payment SET user_id = {}", ben.0),
            "payment_of_its_registration",
        ),
        (
            "UPDATE payment SET amount_paid = 0".to_owned(),
            "payment_amount_paid_positive",
        ),
        (
            "UPDATE payment SET amount_paid = -5".to_owned(),
            "payment_amount_paid_positive",
        ),
        (
            format!(
                "{insert} WHERE user_id = {id}; {insert} WHERE user_id = {id}",
                id = ben.0
            ),
            "payment_one_live_per_registration",
        ),
        (
            "UPDATE events SET price = -1".to_owned(),
            "events_price_not_negative",
        ),
        (
            "UPDATE settings SET payment_channels = '{}'".to_owned(),
            "settings_payment_channels_given",
        ),
    ] {
        let error = sqlx::raw_sql(sqlx::AssertSqlSafe(statement.clone()))
            .execute(&world.owner)
            .await
            .expect_err(&statement);
        let named = error
            .as_database_error()
            .and_then(|e| e.constraint().map(str::to_owned));
        assert_eq!(named.as_deref(), Some(constraint), "{statement}: {error}");
    }
    for statement in ["DELETE FROM payment", "TRUNCATE payment CASCADE"] {
        let error = sqlx::raw_sql(statement).execute(&world.owner).await.unwrap_err();
        assert!(error.to_string().contains("never "), "{error}");
    }
}

#[tokio::test]
async fn who_owes_is_unpaid_pays_and_is_in() {
    let world = World::new().await;
    let event = priced(&world, None).await;
    let ana = register(&world, "ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);

    let refused = check_in(&db, &staff, event, "ana").await;
    assert_eq!(
        (refused.outcome, refused.due),
        (Outcome::Unpaid, Some(money(250)))
    );
    assert_eq!((refused.points, refused.paid), (0, None));
    let found = db.find_at_door(&staff, event, "ana").await.unwrap();
    assert_eq!(
        (found[0].standing, found[0].due),
        (Standing::Unpaid, Some(money(250)))
    );
    assert_eq!(db.door(&staff, event).await.unwrap().price, Some(money(250)));

    let press = nonce();
    let done = db
        .take_payment(&staff, press, event, ana, "ana", &cash(250))
        .await
        .unwrap();
    assert_eq!(
        (done.outcome, done.points, done.total, done.paid, done.due),
        (Outcome::Ok, 15, 15, Some(money(250)), None)
    );
    let again = db
        .take_payment(&staff, press, event, ana, "ana", &cash(250))
        .await
        .unwrap();
    assert_eq!(again, done, "the same key press");
    let later = pay(&db, &staff, event, ana, &cash(250)).await;
    assert_eq!(
        (later.outcome, later.paid),
        (Outcome::Already, None),
        "nothing is taken twice"
    );

    assert_eq!(world.count("payment").await, 1);
    let kept: String = world
        .value(
            "SELECT concat_ws(' ', amount_paid, payment_channel, voided_at,
                       abs(extract(epoch FROM payment_date - (now() AT TIME ZONE 'UTC'))) < 60) FROM payment",
        )
        .await;
    assert_eq!(kept, "250.00 cash t", "the moment is written as UTC");
    assert_eq!(
        status(&world, ana).await,
        ("registered".to_owned(), "paid".to_owned())
    );
    assert_eq!(world.count("audit_log WHERE action = 'payment'").await, 1);
    assert_eq!(world.count("points_transactions").await, 1);
}

#[tokio::test]
async fn payment_date_is_utc_whatever_zone_the_login_has() {
    let world = World::new().await;
    let event = priced(&world, None).await;
    let ana = register(&world, "ana", event).await;
    // A pooler takes no such options.
    let mut url = world.database.direct_url(Role::Staff);
    url.push(if url.contains('?') { '&' } else { '?' });
    url.push_str("options[TimeZone]=Asia/Manila");
    let db = Db::new(Settings::new(url, "door 1")).unwrap();
    let staff = world.staff().await;
    pay(&db, &staff, event, ana, &cash(250)).await;
    let off: f64 = world
        .value(
            "SELECT abs(extract(epoch FROM payment_date - (now() AT TIME ZONE 'UTC')))::float8 FROM payment",
        )
        .await;
    assert!(off < 60.0, "{off} s from UTC");
}

#[tokio::test]
async fn unpaid_is_the_last_of_the_refusals() {
    let world = World::new().await;
    let event = priced(&world, None).await;
    let ana = register(&world, "ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    for (change, back, expected) in [
        (
            "users SET is_active = false WHERE username = 'ana'",
            "users SET is_active = true",
            Outcome::MemberInactive,
        ),
        (
            "events SET is_active = false",
            "events SET is_active = true",
            Outcome::EventInactive,
        ),
        (
            "registrations SET status = 'pending'",
            "registrations SET status = 'registered'",
            Outcome::Pending,
        ),
        (
            "registrations SET status = 'waitlisted'",
            "registrations SET status = 'registered'",
            Outcome::Waitlisted,
        ),
        (
            "registrations SET status = 'cancelled'",
            "registrations SET status = 'registered'",
            Outcome::Cancelled,
        ),
        (
            "events SET start_time = start_time + interval '5 h', end_time = end_time + interval '5 h'",
            "events SET start_time = start_time - interval '5 h', end_time = end_time - interval '5 h'",
            Outcome::TooEarly,
        ),
    ] {
        world.sql(&format!("UPDATE {change}")).await;
        assert_eq!(check_in(&db, &staff, event, "ana").await.outcome, expected);
        // Nor does the payment of somebody who would not come in for it anyway remain.
        assert_eq!(pay(&db, &staff, event, ana, &cash(250)).await.outcome, expected);
        assert_eq!(world.count("payment WHERE voided_at IS NULL").await, 0);
        world.sql(&format!("UPDATE {back}")).await;
    }
    assert_eq!(check_in(&db, &staff, event, "ana").await.outcome, Outcome::Unpaid);
    world.sql("UPDATE registrations SET payment_status = NULL").await;
    assert_eq!(check_in(&db, &staff, event, "ana").await.outcome, Outcome::Unpaid);
    world.sql("UPDATE registrations SET price_due = NULL").await;
    assert_eq!(check_in(&db, &staff, event, "ana").await.outcome, Outcome::Ok);
}

#[tokio::test]
async fn a_payment_is_of_the_whole_through_a_known_channel() {
    let world = World::new().await;
    let event = priced(&world, None).await;
    let ana = register(&world, "ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let take = |taking: Taking| {
        let (db, staff) = (db.clone(), staff.clone());
        async move { db.take_payment(&staff, nonce(), event, ana, "ana", &taking).await }
    };
    for amount in [0, 249, 251] {
        let Fault::Conflict(why) = fault(take(cash(amount)).await) else {
            panic!("{amount} is not what is due");
        };
        assert_eq!(why.as_str(), format!("PHP 250.00 is due, not PHP {amount}.00."));
    }
    let shells = Taking {
        channel: "shells".to_owned(),
        ..cash(250)
    };
    assert_eq!(refused_field(take(shells).await), "payment_channel");
    assert!(matches!(
        fault(
            db.take_payment(&staff, nonce(), event, MemberId(999), "x", &cash(250))
                .await
        ),
        Fault::NotFound(_)
    ));
    // A part was paid before, elsewhere.
    world
        .sql(
            "INSERT INTO payment (registration_id, user_id, event_id, amount_paid, payment_channel)
              SELECT id, user_id, event_id, 100, 'gcash' FROM registrations",
        )
        .await;
    assert_eq!(check_in(&db, &staff, event, "ana").await.due, Some(money(150)));
    let Fault::Conflict(why) = fault(take(cash(150)).await) else {
        panic!("one live payment per registration");
    };
    assert!(
        why.as_str()
            .starts_with("PHP 100.00 of PHP 250.00 were paid before."),
        "{why}"
    );
    assert_eq!(world.count("payment").await, 1);
    assert_eq!(world.count("event_attendees").await, 0);
}

/// Both doors take the money of each of these members at the same moment.
async fn two_tills(world: &World) -> HashMap<(Outcome, bool), usize> {
    let event = priced(world, None).await;
    let mut running = tokio::task::JoinSet::new();
    let doors = [
        (world.db(Role::Staff), world.staff().await),
        (world.db(Role::Staff), world.staff().await),
    ];
    // Neither is ahead because the other has no connection yet.
    for (db, _) in &doors {
        db.community().await.unwrap();
    }
    let mut members = Vec::new();
    for number in 0..16 {
        members.push(register(world, &format!("m{number}"), event).await);
    }
    for member in members {
        for (db, token) in &doors {
            let (db, token) = (db.clone(), token.clone());
            running.spawn(async move {
                let done = pay(&db, &token, event, member, &cash(250)).await;
                (done.outcome, done.paid.is_some())
            });
        }
    }
    let mut outcomes = HashMap::new();
    while let Some(outcome) = running.join_next().await {
        *outcomes.entry(outcome.unwrap()).or_default() += 1;
    }
    outcomes
}

const PAUSE: &str = "CREATE FUNCTION public.pause() RETURNS trigger LANGUAGE plpgsql
                         AS 'BEGIN PERFORM pg_sleep(0.2); RETURN NEW; END';
                     CREATE TRIGGER pause BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION public.pause()";
const PAID_TWICE: &str =
    "(SELECT FROM payment WHERE voided_at IS NULL GROUP BY registration_id HAVING count(*) > 1) AS t";

#[tokio::test(flavor = "multi_thread")]
async fn two_tills_at_once_take_the_money_once() {
    for pause in ["", PAUSE] {
        let world = World::new().await;
        world.sql(pause).await;
        let outcomes = two_tills(&world).await;
        assert_eq!(
            outcomes,
            HashMap::from([((Outcome::Ok, true), 16), ((Outcome::Already, false), 16)])
        );
        assert_eq!(world.count("payment").await, 16);
        assert_eq!(world.count("points_transactions").await, 16);
        assert_eq!(
            world.count("registrations WHERE payment_status = 'paid'").await,
            16
        );
    }
}

/// Negative control: without the unique index on live payments and the lock before it the same tills take money twice.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_unique_index_the_same_tills_take_it_twice() {
    let world = World::new().await;
    // The conflict clause names the index and goes with it.
    world
        .sql(&format!(
            "{PAUSE};
             DO $do$ DECLARE source text := pg_get_functiondef('pine.take_payment'::regproc); BEGIN
                 source := regexp_replace(source, 'ON CONFLICT .* DO NOTHING', '');
                 EXECUTE replace(source, 'FOR NO KEY UPDATE', '');
             END $do$;
             DROP INDEX payment_one_live_per_registration"
        ))
        .await;
    two_tills(&world).await;
    assert!(
        world.count(PAID_TWICE).await > 0,
        "without the index somebody must pay twice, or the test above proves nothing"
    );
}

#[tokio::test]
async fn staff_admit_what_a_rule_refused_with_a_reason() {
    let world = World::new().await;
    let event = world.event(-10, Some(1)).await;
    let early = world.event(300, None).await;
    let over = world.event(-121, None).await;
    let dear = priced(&world, None).await;
    world.guest("holder", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let mut admitted = 0;
    for (name, event, status, expected, crowded) in [
        ("pending", event, Some("pending"), Outcome::Pending, true),
        ("waiting", event, Some("waitlisted"), Outcome::Waitlisted, true),
        ("cancelled", event, Some("cancelled"), Outcome::Cancelled, true),
        ("rejected", event, Some("rejected"), Outcome::Cancelled, true),
        ("early", early, Some("registered"), Outcome::TooEarly, false),
        ("late", over, Some("registered"), Outcome::Over, false),
        ("owing", dear, None, Outcome::Unpaid, false),
    ] {
        let member = match status {
            Some(status) => {
                let member = world.member(name).await;
                world.registration(member, event, status).await;
                member
            }
            None => register(&world, name, event).await,
        };
        assert_eq!(
            check_in(&db, &staff, event, name).await.outcome,
            expected,
            "{name}"
        );
        let empty = db.admit_anyway(&staff, nonce(), event, member, name, "  ").await;
        assert_eq!(refused_field(empty), "reason", "{name}");
        let press = nonce();
        let done = db
            .admit_anyway(&staff, press, event, member, name, " The organiser said so ")
            .await
            .unwrap();
        assert_eq!((done.outcome, done.points), (Outcome::Ok, 15), "{name}");
        assert_eq!(done.overrode, Some(expected), "{name}");
        assert_eq!(done.over_capacity, crowded, "{name}");
        assert_eq!(
            done.due,
            (expected == Outcome::Unpaid).then(|| money(250)),
            "{name}"
        );
        let again = db
            .admit_anyway(&staff, press, event, member, name, " The organiser said so ")
            .await
            .unwrap();
        assert_eq!(again, done, "the same key press");
        admitted += 1;
        let log: String = world
            .value("SELECT reason || ' | ' || overrode FROM check_in_log ORDER BY id DESC LIMIT 1")
            .await;
        let rule = serde_json::to_value(expected).unwrap();
        assert_eq!(log, format!("The organiser said so | {}", rule.as_str().unwrap()));
        assert_eq!(self::status(&world, member).await.0, "registered", "{name}");
    }
    assert_eq!(
        world
            .count("audit_log WHERE after->>'reason' = 'The organiser said so' AND after->>'overrode' IS NOT NULL")
            .await,
        admitted
    );
    let door = db.door(&staff, event).await.unwrap();
    assert_eq!(
        (door.registered, door.checked_in, door.due),
        (5, 4, 1),
        "5 of 1 seat: nothing breaks"
    );
    assert_eq!(
        door.attempts[0]
            .reason
            .as_ref()
            .map(|reason| reason.as_str().to_owned()),
        Some("The organiser said so".to_owned())
    );
    let seats: i32 = world
        .value(&format!(
            "SELECT taken FROM event_seats WHERE event_id = {}",
            event.0
        ))
        .await;
    assert_eq!(seats, 5);
    let page = db.event(&staff, event).await.unwrap();
    assert_eq!((page.line.free(), page.line.is_full()), (Some(0), true));
}

#[tokio::test]
async fn what_no_reason_opens() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let off = world.event(-10, None).await;
    world
        .sql(&format!(
            "UPDATE events SET is_active = false WHERE id = {}",
            off.0
        ))
        .await;
    let ana = world.guest("ana", event).await;
    world.registration(ana, off, "pending").await;
    let stranger = world.member("stranger").await;
    let gone = world.guest("gone", event).await;
    world
        .sql("UPDATE users SET is_active = false WHERE username = 'gone'")
        .await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    check_in(&db, &staff, event, "ana").await;
    for (member, event, expected) in [
        (gone, event, Outcome::MemberInactive),
        (ana, off, Outcome::EventInactive),
        (ana, event, Outcome::Already),
        (stranger, event, Outcome::NotRegistered),
    ] {
        let done = db
            .admit_anyway(&staff, nonce(), event, member, "x", "Because")
            .await
            .unwrap();
        assert_eq!((done.outcome, done.overrode), (expected, None));
    }
    assert!(matches!(
        fault(
            db.admit_anyway(&staff, nonce(), event, MemberId(999), "x", "Because")
                .await
        ),
        Fault::NotFound(_)
    ));
    assert_eq!(world.count("event_attendees").await, 1);
    let long = "x".repeat(256);
    assert_eq!(
        refused_field(db.admit_anyway(&staff, nonce(), event, ana, "x", &long).await),
        "reason"
    );
}

#[tokio::test]
async fn a_newcomer_is_made_registered_paid_and_in_at_once() {
    let world = World::new().await;
    let event = priced(&world, Some(5)).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let guest = WalkIn {
        taking: Some(cash(250)),
        ..newcomer("Niño dela Cruz")
    };
    let press = nonce();
    let WalkedIn::Attempted { checked_in: done } = db.walk_in(&staff, press, event, &guest).await.unwrap()
    else {
        panic!("nobody has that address");
    };
    assert_eq!(
        (done.outcome, done.points, done.paid),
        (Outcome::Ok, 15, Some(money(250)))
    );
    let member = done.member.clone().unwrap();
    assert_eq!(
        member.username.as_str(),
        "nino.dela.cruz",
        "a name of plain letters is proposed"
    );
    assert_eq!(member.full_name.as_str(), "Niño dela Cruz");
    let again = db.walk_in(&staff, press, event, &guest).await.unwrap();
    assert_eq!(
        again,
        WalkedIn::Attempted { checked_in: done },
        "the same key press"
    );
    assert_eq!(world.count("users WHERE username LIKE 'nino%'").await, 1);
    assert_eq!(
        status(&world, member.id).await,
        ("registered".to_owned(), "paid".to_owned())
    );
    assert_eq!(world.count("payment").await, 1);
    let password: String = world
        .value("SELECT hashed_password FROM users WHERE username = 'nino.dela.cruz'")
        .await;
    assert!(password.starts_with('!') && password.len() > 60, "{password}");
    let audited: Vec<String> = sqlx::query_scalar("SELECT action FROM audit_log ORDER BY id")
        .fetch_all(&world.owner)
        .await
        .unwrap();
    assert_eq!(audited, ["member_add", "payment", "check_in"]);

    // The same name again, with another address: the next number.
    let mut second = newcomer("Nino Dela Cruz");
    second.taking = Some(cash(250));
    if let Guest::New { email, .. } = &mut second.guest {
        *email = "other@example.org".to_owned();
    }
    let second = walk_in(&db, &staff, event, &second).await;
    assert_eq!(second.member.unwrap().username.as_str(), "nino.dela.cruz2");
    // A name that no plain letter is in.
    let third = WalkIn {
        guest: Guest::New {
            full_name: "山田太郎".to_owned(),
            email: "taro@example.org".to_owned(),
            username: None,
        },
        ..guest
    };
    let third = walk_in(&db, &staff, event, &third).await;
    assert_eq!(third.member.unwrap().username.as_str(), "member");
}

#[tokio::test]
async fn an_address_that_somebody_has_is_answered_with_who_it_is() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.member("ana").await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let mut guest = newcomer("Anna R");
    if let Guest::New { email, .. } = &mut guest.guest {
        *email = " ANA@Example.org ".to_owned();
    }
    let answer = db.walk_in(&staff, nonce(), event, &guest).await.unwrap();
    let WalkedIn::EmailTaken { member } = answer else {
        panic!("{answer:?}");
    };
    assert_eq!((member.id, member.username.as_str()), (ana, "ana"));
    assert_eq!(world.count("registrations").await, 0, "nothing is done");
    let taken = WalkIn {
        guest: Guest::Member(member.id),
        ..guest
    };
    assert_eq!(walk_in(&db, &staff, event, &taken).await.outcome, Outcome::Ok);
    assert_eq!(
        walk_in(&db, &staff, event, &taken).await.outcome,
        Outcome::Already
    );
    assert_eq!(world.count("users").await, 2);
}

#[tokio::test]
async fn a_closed_door_sends_away_who_has_no_name_too() {
    let world = World::new().await;
    let event = world.event(3 * 24 * 60, None).await;
    world.person("mira", "staff").await;
    let outcome: String = world
        .value(&format!(
            "SELECT api.walk_in(pine.open_session(u.id, NULL, true, 'door 1', gen_random_uuid()), gen_random_uuid(), {},
                                NULL, NULL, 'jo@example.org', NULL, NULL, NULL, NULL) -> 'checked_in' ->> 'outcome'
             FROM users AS u",
            event.0
        ))
        .await;
    assert_eq!(outcome, "too_early");
}

#[tokio::test]
async fn every_wrong_value_of_a_walk_in_is_refused_at_its_field() {
    let world = World::new().await;
    let event = priced(&world, None).await;
    world.member("taken").await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let guest = |full_name: &str, email: &str, username: Option<&str>| WalkIn {
        guest: Guest::New {
            full_name: full_name.to_owned(),
            email: email.to_owned(),
            username: username.map(str::to_owned),
        },
        taking: Some(cash(250)),
        reason: None,
    };
    let later = WalkIn {
        taking: None,
        ..guest("Jo", "jo@example.org", None)
    };
    let wrong = [
        ("full_name", guest("  ", "jo@example.org", None)),
        ("full_name", guest(&"x".repeat(256), "jo@example.org", None)),
        ("email", guest("Jo", "nonsense", None)),
        ("email", guest("Jo", "", None)),
        ("username", guest("Jo", "jo@example.org", Some("Taken"))),
        ("username", guest("Jo", "jo@example.org", Some("two words"))),
        ("reason", later.clone()),
        (
            "payment_channel",
            WalkIn {
                taking: Some(Taking {
                    channel: "shells".to_owned(),
                    ..cash(250)
                }),
                ..later.clone()
            },
        ),
    ];
    for (field, walk_in) in wrong {
        let refused = refused_field(db.walk_in(&staff, nonce(), event, &walk_in).await);
        assert_eq!(refused, field, "{walk_in:?}");
    }
    let short = WalkIn {
        taking: Some(cash(200)),
        ..later.clone()
    };
    assert!(matches!(
        fault(db.walk_in(&staff, nonce(), event, &short).await),
        Fault::Conflict(_)
    ));
    let nobody = WalkIn {
        guest: Guest::Member(MemberId(999)),
        ..short
    };
    assert!(matches!(
        fault(db.walk_in(&staff, nonce(), event, &nobody).await),
        Fault::NotFound(_)
    ));
    assert_eq!(
        world.count("users WHERE email LIKE 'jo%'").await,
        0,
        "nothing half done"
    );
    assert_eq!(world.count("registrations").await, 0);

    // Put off with a reason: in, and still owing.
    let put_off = WalkIn {
        reason: Some("Pays on Monday".to_owned()),
        ..later
    };
    let done = walk_in(&db, &staff, event, &put_off).await;
    assert_eq!(
        (done.outcome, done.overrode, done.due, done.paid),
        (Outcome::Ok, Some(Outcome::Unpaid), Some(money(250)), None)
    );
}

#[tokio::test]
async fn a_walk_in_is_refused_as_a_registered_person_would_be() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let early = world.event(300, None).await;
    let off = world.event(-10, None).await;
    world
        .sql(&format!(
            "UPDATE events SET is_active = false WHERE id = {}",
            off.0
        ))
        .await;
    for (name, status) in [
        ("pending", Some("pending")),
        ("rejected", Some("rejected")),
        ("cancelled", Some("cancelled")),
        ("registered", Some("registered")),
        ("stranger", None),
        ("gone", None),
    ] {
        let member = world.member(name).await;
        if let Some(status) = status {
            world.registration(member, event, status).await;
        }
    }
    world
        .sql("UPDATE users SET is_active = false WHERE username = 'gone'")
        .await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let reason = Some("Because".to_owned());
    for (name, event, reason, expected) in [
        ("gone", event, reason.clone(), Outcome::MemberInactive),
        ("stranger", off, reason.clone(), Outcome::EventInactive),
        ("stranger", early, None, Outcome::TooEarly),
        ("stranger", early, reason.clone(), Outcome::Ok),
        ("pending", event, None, Outcome::Pending),
        ("pending", event, reason.clone(), Outcome::Ok),
        ("rejected", event, None, Outcome::Cancelled),
        ("rejected", event, reason.clone(), Outcome::Ok),
        ("cancelled", event, None, Outcome::Ok),
        ("registered", event, None, Outcome::Ok),
        ("stranger", event, None, Outcome::Ok),
        ("stranger", event, reason.clone(), Outcome::Already),
    ] {
        let id: i32 = world
            .value(&format!("SELECT id FROM users WHERE username = '{name}'"))
            .await;
        let guest = WalkIn {
            guest: Guest::Member(MemberId(id)),
            taking: None,
            reason,
        };
        let done = walk_in(&db, &staff, event, &guest).await;
        assert_eq!(done.outcome, expected, "{name}: {guest:?}");
    }
    for (event, expected) in [(off, Outcome::EventInactive), (early, Outcome::TooEarly)] {
        let done = walk_in(&db, &staff, event, &newcomer("Jo New")).await;
        assert_eq!((done.outcome, done.member), (expected, None));
    }
    assert_eq!(
        world.count("users WHERE email LIKE 'jo%'").await,
        0,
        "nobody is made a member to be refused"
    );
    let logged = world.count("check_in_log").await;
    assert_eq!(logged, 14, "every attempt is logged");
}

#[tokio::test]
async fn at_capacity_a_walk_in_needs_a_reason() {
    let world = World::new().await;
    let event = world.event(-10, Some(2)).await;
    world.guest("one", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    assert!(
        !walk_in(&db, &staff, event, &newcomer("Last Seat"))
            .await
            .over_capacity
    );
    let refused = fault(db.walk_in(&staff, nonce(), event, &newcomer("One More")).await);
    assert_eq!(
        refused,
        Fault::Invalid {
            field: "reason".to_owned(),
            why: "All 2 seats are taken. A reason lets one more in.".into()
        }
    );
    let guest = WalkIn {
        reason: Some("Brought the prize".to_owned()),
        ..newcomer("One More")
    };
    let done = walk_in(&db, &staff, event, &guest).await;
    assert_eq!((done.outcome, done.over_capacity), (Outcome::Ok, true));
    let kept: String = world
        .value("SELECT reason || ' ' || (did->>'over_capacity') FROM check_in_log ORDER BY id DESC LIMIT 1")
        .await;
    assert_eq!(kept, "Brought the prize true");
    let door = db.door(&staff, event).await.unwrap();
    assert_eq!((door.registered, door.max_participants), (3, Some(2)));
    // Who holds a seat does not take another one.
    let one: i32 = world.value("SELECT id FROM users WHERE username = 'one'").await;
    let holder = WalkIn {
        guest: Guest::Member(MemberId(one)),
        taking: None,
        reason: None,
    };
    assert_eq!(walk_in(&db, &staff, event, &holder).await.outcome, Outcome::Ok);
    assert_eq!(world.count("registrations").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_walk_ins_takes_the_seats_there_are_and_no_more() {
    let world = World::new().await;
    let event = world.event(-10, Some(10)).await;
    let doors = [
        (world.db(Role::Staff), world.staff().await),
        (world.db(Role::Staff), world.staff().await),
    ];
    let mut running = tokio::task::JoinSet::new();
    for number in 0..40 {
        // All of one name, so that the user names collide as well.
        let guest = WalkIn {
            guest: Guest::New {
                full_name: "Jo Santos".to_owned(),
                email: format!("jo{number}@example.org"),
                username: None,
            },
            taking: None,
            reason: None,
        };
        let (db, staff) = doors[number % 2].clone();
        running.spawn(async move { db.walk_in(&staff, nonce(), event, &guest).await });
    }
    let (mut admitted, mut full) = (0, 0);
    while let Some(answer) = running.join_next().await {
        match answer.unwrap() {
            Ok(WalkedIn::Attempted { checked_in }) if checked_in.outcome == Outcome::Ok => admitted += 1,
            Err(error) if matches!(&error.fault, Fault::Invalid { field, .. } if field == "reason") => {
                full += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((admitted, full), (10, 30));
    assert_eq!(
        world.count("users WHERE full_name = 'Jo Santos'").await,
        10,
        "the others are not made"
    );
    assert_eq!(world.count("registrations").await, 10);
    assert_eq!(world.count("event_attendees").await, 10);
    assert_eq!(world.count("points_transactions").await, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_at_two_doors_walks_in_once() {
    let world = World::new().await;
    let event = priced(&world, None).await;
    let doors = [
        (world.db(Role::Staff), world.staff().await),
        (world.db(Role::Staff), world.staff().await),
    ];
    let mut running = tokio::task::JoinSet::new();
    for number in 0..20 {
        let guest = WalkIn {
            taking: Some(cash(250)),
            ..newcomer(&format!("Jo {}", number / 2))
        };
        let (db, staff) = doors[number % 2].clone();
        running.spawn(async move { db.walk_in(&staff, nonce(), event, &guest).await });
    }
    let mut first = 0;
    while let Some(answer) = running.join_next().await {
        match answer.unwrap() {
            Ok(WalkedIn::Attempted { checked_in }) if checked_in.outcome == Outcome::Ok => first += 1,
            Ok(WalkedIn::EmailTaken { .. }) => {}
            // Made by the other door between the look and the making.
            Err(error) if matches!(&error.fault, Fault::Invalid { field, .. } if field == "email") => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(first, 10);
    assert_eq!(world.count("payment").await, 10);
    assert_eq!(world.count("event_attendees").await, 10);
}

#[tokio::test]
async fn the_way_back_voids_the_payment_and_gives_the_seat_back() {
    let world = World::new().await;
    let event = priced(&world, Some(3)).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let guest = WalkIn {
        taking: Some(cash(250)),
        ..newcomer("Jo New")
    };
    let new = walk_in(&db, &staff, event, &guest).await.member.unwrap().id;
    let owing = register(&world, "owing", event).await;
    pay(&db, &staff, event, owing, &cash(250)).await;
    let pending = world.member("pending").await;
    world.registration(pending, event, "pending").await;
    db.admit_anyway(&staff, nonce(), event, pending, "p", "Asked for")
        .await
        .unwrap();
    let plain = world.guest("plain", event).await;
    world.sql("UPDATE registrations SET price_due = 0 WHERE user_id IN (SELECT id FROM users WHERE username = 'plain')").await;
    check_in(&db, &staff, event, "plain").await;
    for (member, status, payment, told) in [
        (
            new,
            "cancelled",
            "pending",
            Some(r#"{"amount_voided": "250.00", "payment": 1, "status": "cancelled"}"#),
        ),
        (
            owing,
            "registered",
            "pending",
            Some(r#"{"amount_voided": "250.00", "payment": 2}"#),
        ),
        (
            pending,
            "pending",
            "not_required",
            Some(r#"{"status": "pending"}"#),
        ),
        (plain, "registered", "pending", None),
    ] {
        let answer: Option<String> = world
            .value(&format!(
                "SELECT pine.take_back_admission({}, {}, pine.clock())::text",
                member.0, event.0
            ))
            .await;
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(answer.as_deref().map(read), told.map(read));
        assert_eq!(
            self::status(&world, member).await,
            (status.to_owned(), payment.to_owned())
        );
    }
    assert_eq!(world.count("payment WHERE voided_at IS NULL").await, 0);
    assert_eq!(world.count("payment").await, 2, "nothing is deleted");
    let seats: i32 = world
        .value("SELECT taken FROM event_seats ORDER BY event_id DESC LIMIT 1")
        .await;
    assert_eq!(seats, 2, "who held a seat before still does");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_takes_all_of_it_back_and_the_same_again_brings_it_back() {
    let world = World::new().await;
    let event = priced(&world, Some(1)).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let guest = WalkIn {
        taking: Some(cash(250)),
        ..newcomer("Jo New")
    };
    let member = walk_in(&db, &staff, event, &guest).await.member.unwrap().id;
    let again = WalkIn {
        guest: Guest::Member(member),
        ..guest
    };
    for round in 1..=5 {
        let undone = db
            .undo_check_in(&staff, nonce(), event, member, None)
            .await
            .unwrap();
        assert_eq!(undone.outcome, UndoOutcome::Undone);
        assert_eq!(
            (undone.points, undone.total, undone.voided),
            (-15, 0, Some(money(250)))
        );
        assert_eq!(
            status(&world, member).await,
            ("cancelled".to_owned(), "pending".to_owned())
        );
        assert_eq!(
            world.count("event_seats WHERE taken = 0").await,
            1,
            "the seat is free again"
        );
        assert_eq!(world.count("payment WHERE voided_at IS NULL").await, 0);
        assert_eq!(world.count("event_attendees WHERE status = 'undone'").await, 1);
        let nothing = db
            .undo_check_in(&staff, nonce(), event, member, None)
            .await
            .unwrap();
        assert_eq!((nothing.outcome, nothing.voided), (UndoOutcome::Nothing, None));

        let back = walk_in(&db, &staff, event, &again).await;
        assert_eq!((back.outcome, back.points, back.total), (Outcome::Ok, 15, 15));
        assert_eq!(
            status(&world, member).await,
            ("registered".to_owned(), "paid".to_owned())
        );
        assert_eq!(world.count("payment").await, 1 + round);
    }
    assert_eq!(world.count("payment WHERE voided_at IS NULL").await, 1);
    let spendable: i64 = world.value("SELECT spendable FROM user_totals").await;
    assert_eq!(spendable, 15);

    // Two doors take the same walk-in back at once: once, and nobody waits for ever.
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (db, staff) = (db.clone(), staff.clone());
        running.spawn(async move {
            let undone = db
                .undo_check_in(&staff, nonce(), event, member, None)
                .await
                .unwrap();
            i32::from(undone.voided.is_some())
        });
    }
    let mut voided = 0;
    while let Some(one) = running.join_next().await {
        voided += one.unwrap();
    }
    assert_eq!(voided, 1);
    assert_eq!(world.count("event_seats WHERE taken = 0").await, 1);
}

#[tokio::test]
async fn the_till_is_for_staff_alone() {
    let world = World::new().await;
    let event = priced(&world, None).await;
    let ana = register(&world, "ana", event).await;
    let token = world.session(ana).await;
    let (staff, kiosk) = (world.db(Role::Staff), world.db(Role::Kiosk));
    for (db, expected) in [(&staff, None), (&kiosk, Some(Fault::Login))] {
        let refused = [
            fault(
                db.take_payment(&token, nonce(), event, ana, "ana", &cash(250))
                    .await,
            ),
            fault(
                db.admit_anyway(&token, nonce(), event, ana, "ana", "I am nice")
                    .await,
            ),
            fault(db.walk_in(&token, nonce(), event, &newcomer("Jo")).await),
        ];
        for fault in refused {
            match &expected {
                Some(expected) => assert_eq!(fault, *expected),
                None => assert!(matches!(fault, Fault::NotAllowed(_)), "{fault}"),
            }
        }
    }
    assert_eq!(world.count("payment").await, 0);
    assert_eq!(world.count("event_attendees").await, 0);
}
