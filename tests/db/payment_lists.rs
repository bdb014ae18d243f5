//! What is told about money: lists, receipts, takings, the ways to pay, and what an older database knew.

use pine_time::db::{Db, Token};
use pine_time::domain::event::EventId;
use pine_time::domain::money::Balance;
use pine_time::domain::payment::{
    MoneyAnswer, MoneyCall, PaymentFilter, PaymentKind, PaymentPage, RegistrationId, Takings,
};
use pine_time::domain::receipt::Receipt;
use pine_time::domain::{Fault, SafeText};

use super::payments::{balance, line, pay, priced, record, refund, register};
use crate::support::cluster::Role;
use crate::support::world::{World, fault, nonce, refused_field};

/// The first staff member's token as SQL writes it: for values that the program's types cannot hold.
async fn token(world: &World) -> String {
    let hex: String = world
        .value(
            "SELECT encode(pine.open_session(u.id, NULL, true, 'x', gen_random_uuid()), 'hex')
             FROM users AS u WHERE u.username = 'staff0'",
        )
        .await;
    format!("'\\x{hex}'")
}

async fn list(db: &Db, token: &Token, filter: PaymentFilter, before: Option<i64>, most: i32) -> PaymentPage {
    let call = MoneyCall::List { filter, before, most };
    match db.money(token, &call).await {
        Ok(MoneyAnswer::Page(page)) => page,
        other => panic!("{other:?}"),
    }
}

async fn takings(db: &Db, token: &Token, day: &str) -> Takings {
    match db.money(token, &MoneyCall::Takings(day.parse().unwrap())).await {
        Ok(MoneyAnswer::Takings(takings)) => takings,
        other => panic!("{other:?}"),
    }
}

fn of(event: EventId) -> PaymentFilter {
    PaymentFilter {
        event: Some(event),
        ..PaymentFilter::default()
    }
}

fn names(page: &PaymentPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.member.username.as_str()).collect()
}

/// Five people: two paid, one got a part back, one all of it, one owes, and a payment that was mistyped.
async fn filled(world: &World) -> (Db, Token, EventId) {
    let event = priced(world).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let mut registrations = Vec::new();
    for name in ["ana", "ben", "cleo", "dan", "eve"] {
        registrations.push(register(world, name, event).await.1);
    }
    let paid = |registration: RegistrationId, channel: &'static str| pay(&db, &staff, registration, channel);
    paid(registrations[0], "cash").await;
    let mistyped = paid(registrations[1], "cash").await;
    let correct = MoneyCall::Correct {
        nonce: nonce(),
        payment: mistyped,
        amount: super::payments::money(250),
        channel: "gcash".to_owned(),
        reason: "by phone".to_owned(),
    };
    line(&db, &staff, correct).await.unwrap();
    let part = paid(registrations[2], "gcash").await;
    line(&db, &staff, refund(part, 100, Some("cash"), "menu"))
        .await
        .unwrap();
    let whole = paid(registrations[3], "card").await;
    line(&db, &staff, refund(whole, 250, None, "sick")).await.unwrap();
    (db, staff, event)
}

#[tokio::test]
async fn an_events_money_is_told_by_kind_by_words_and_page_by_page() {
    let world = World::new().await;
    let (db, staff, event) = filled(&world).await;
    world.event(60, None).await;

    let all = list(&db, &staff, of(event), None, 100).await;
    assert_eq!((all.total, all.unpaid), (7, 3));
    assert_eq!(
        (all.taken, all.refunded, all.due),
        (balance(1000), balance(350), balance(600)),
        "a mistyped payment counts for nothing; who got a part back owes that, who got everything back all of it"
    );
    assert_eq!(names(&all), ["eve", "dan", "dan", "cleo", "ben", "ben", "ana"]);
    let kind = |kind: PaymentKind| PaymentFilter { kind, ..of(event) };
    for (of_kind, expected) in [
        (PaymentKind::Due, vec!["eve", "dan", "cleo"]),
        (PaymentKind::Paid, vec!["cleo", "ben", "ana"]),
        (PaymentKind::Refunds, vec!["dan", "cleo"]),
        (PaymentKind::ToRefund, vec![]),
        (PaymentKind::Voided, vec!["ben"]),
    ] {
        let page = list(&db, &staff, kind(of_kind), None, 100).await;
        assert_eq!(names(&page), expected, "{of_kind:?}");
    }
    world
        .sql("UPDATE registrations SET status = 'cancelled' WHERE user_id = (SELECT id FROM users WHERE username = 'ana')")
        .await;
    assert_eq!(
        names(&list(&db, &staff, kind(PaymentKind::ToRefund), None, 9).await),
        ["ana"]
    );
    world
        .sql(&format!(
            "UPDATE events SET is_active = false WHERE id = {}",
            event.0
        ))
        .await;
    let cancelled = list(&db, &staff, kind(PaymentKind::ToRefund), None, 9).await;
    assert_eq!(
        names(&cancelled),
        ["cleo", "ben", "ana"],
        "of a cancelled event all that stands"
    );
    assert_eq!(list(&db, &staff, kind(PaymentKind::Due), None, 9).await.total, 0);
    world.sql("UPDATE events SET is_active = true").await;

    let find = |containing: &str| PaymentFilter {
        containing: containing.to_owned(),
        ..of(event)
    };
    assert_eq!(names(&list(&db, &staff, find("CLÉ"), None, 9).await), ["cleo"]);
    assert_eq!(
        names(&list(&db, &staff, find("ben example"), None, 9).await),
        ["ben", "ben"]
    );
    assert_eq!(
        names(&list(&db, &staff, find("%"), None, 9).await),
        [""; 0],
        "no wildcard"
    );

    let mut seen = Vec::new();
    let mut before = None;
    for _ in 0..9 {
        let page = list(&db, &staff, of(event), before, 2).await;
        let Some(last) = page.rows.last() else { break };
        before = last.key;
        seen.extend(page.rows.iter().map(|row| row.key.unwrap()));
    }
    assert!(seen.len() == 7 && seen.is_sorted_by(|a, b| a > b), "{seen:?}");

    assert!(matches!(
        fault(
            db.money(
                &staff,
                &MoneyCall::List {
                    filter: of(EventId(999)),
                    before: None,
                    most: 1
                }
            )
            .await
        ),
        Fault::NotFound(_)
    ));
}

#[tokio::test]
async fn payments_are_found_by_channel_person_member_and_day() {
    let world = World::new().await;
    let (db, staff, event) = filled(&world).await;
    let second = world.staff().await;
    let (fay, registration) = register(&world, "fay", event).await;
    let paid = pay(&db, &second, registration, "cash").await;
    world
        .sql(&format!(
            "UPDATE payment SET payment_date = timestamp '2026-11-26 15:59:59' WHERE id = {}",
            paid.0
        ))
        .await;
    let with = |change: &dyn Fn(&mut PaymentFilter)| {
        let mut filter = PaymentFilter::default();
        change(&mut filter);
        filter
    };
    let gcash = list(
        &db,
        &staff,
        with(&|f| f.channel = Some("gcash".to_owned())),
        None,
        9,
    )
    .await;
    assert_eq!(names(&gcash), ["cleo", "ben"]);
    assert_eq!((gcash.taken, gcash.refunded), (balance(500), Balance::ZERO));
    let cash = list(
        &db,
        &staff,
        with(&|f| f.channel = Some("cash".to_owned())),
        None,
        9,
    )
    .await;
    assert_eq!(
        names(&cash),
        ["fay", "cleo", "ben", "ana"],
        "also what went back in cash"
    );
    assert_eq!((cash.taken, cash.refunded), (balance(500), balance(100)));
    let hers = list(
        &db,
        &staff,
        with(&|f| f.operator = Some("staff1".to_owned())),
        None,
        9,
    )
    .await;
    assert_eq!(names(&hers), ["fay"]);
    let theirs = list(&db, &staff, with(&|f| f.member = Some(fay)), None, 9).await;
    assert_eq!(names(&theirs), ["fay"]);
    let day = |from: &str, to: &str| {
        let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
        with(&move |f: &mut PaymentFilter| {
            f.from = Some(from);
            f.to = Some(to);
        })
    };
    let there = list(
        &db,
        &staff,
        day("2026-11-26T15:59:59Z", "2026-11-26T16:00:00Z"),
        None,
        9,
    )
    .await;
    assert_eq!((names(&there), there.taken), (vec!["fay"], balance(250)));
    assert_eq!(
        list(
            &db,
            &staff,
            day("2026-11-26T16:00:00Z", "2026-11-26T17:00:00Z"),
            None,
            9
        )
        .await
        .total,
        0
    );
    let refused = MoneyCall::List {
        filter: PaymentFilter::default(),
        before: None,
        most: 1,
    };
    assert!(db.money(&staff, &refused).await.is_ok());
    let error = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT api.payments({}, NULL, NULL, NULL, NULL, NULL, NULL, 'odd', '', NULL, 1)",
        token(&world).await
    )))
    .execute(&world.owner)
    .await
    .unwrap_err();
    assert!(error.to_string().contains("no kind of payments"), "{error}");
}

#[tokio::test]
async fn a_days_takings_are_net_by_person_and_channel_in_the_communitys_zone() {
    let world = World::new().await;
    world.sql("UPDATE settings SET time_zone = 'Asia/Manila'").await;
    let (db, staff, event) = filled(&world).await;
    let second = world.staff().await;
    let (_, registration) = register(&world, "fay", event).await;
    let fays = pay(&db, &second, registration, "cash").await;
    // The day of 27 November in Manila begins at 16:00 UTC on the 26th.
    world
        .sql(&format!(
            "UPDATE payment SET payment_date = timestamp '2026-11-26 16:00';
             UPDATE payment SET payment_date = timestamp '2026-11-26 15:59' WHERE id = {};
             ALTER TABLE refunds DISABLE TRIGGER stays_as_it_is;
             UPDATE refunds SET refunded_at = '2026-11-27 15:59:59+00'",
            fays.0
        ))
        .await;
    let day = takings(&db, &staff, "2026-11-27").await;
    let told: Vec<String> = day
        .rows
        .iter()
        .map(|row| {
            format!(
                "{} {} {} {} {} {} {}",
                row.operator.as_ref().map_or("?", SafeText::as_str),
                row.channel,
                row.payments,
                row.taken,
                row.refunds,
                row.refunded,
                row.net()
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "staff0 card 1 250.00 1 250.00 0.00",
            "staff0 cash 1 250.00 1 100.00 150.00",
            "staff0 gcash 2 500.00 0 0.00 500.00",
        ]
    );
    assert_eq!(day.total().net(), balance(650));
    assert_eq!(
        (day.from.to_rfc3339(), day.to.to_rfc3339()),
        (
            "2026-11-26T16:00:00+00:00".to_owned(),
            "2026-11-27T16:00:00+00:00".to_owned()
        )
    );
    let before = takings(&db, &staff, "2026-11-26").await;
    assert_eq!((before.rows.len(), before.total().taken), (1, balance(250)));
    assert_eq!(before.rows[0].operator.as_ref().unwrap().as_str(), "staff1");
    // A day on which more went out than came in is below 0.
    world
        .sql("UPDATE refunds SET refunded_at = '2026-11-28 01:00+00'")
        .await;
    let after = takings(&db, &staff, "2026-11-28").await.total();
    assert_eq!(
        (after.taken, after.net().to_string()),
        (Balance::ZERO, "-350.00".to_owned())
    );
    // The same sums as the lists of that day.
    let sums = list(
        &db,
        &staff,
        PaymentFilter {
            from: Some(day.from),
            to: Some(day.to),
            ..PaymentFilter::default()
        },
        None,
        9,
    )
    .await;
    assert_eq!((sums.taken, sums.refunded), (balance(1000), Balance::ZERO));
    for (rest, field) in [
        ("'2026-11-27', 'X+3'", "zone"),
        ("NULL, NULL", "day"),
        ("'infinity', NULL", "day"),
    ] {
        let sql = format!("SELECT api.takings({}, {rest})", token(&world).await);
        let error = sqlx::query(sqlx::AssertSqlSafe(sql))
            .execute(&world.owner)
            .await
            .unwrap_err();
        let error = error.into_database_error().unwrap();
        let error = error.downcast_ref::<sqlx::postgres::PgDatabaseError>();
        assert_eq!((error.code(), error.column()), ("PT422", Some(field)));
    }
}

#[tokio::test]
async fn a_receipt_says_who_paid_what_for_what_and_what_went_back() {
    let world = World::new().await;
    let event = priced(&world).await;
    let (_, registration) = register(&world, "ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let payment = pay(&db, &staff, registration, "gcash").await;
    line(&db, &staff, refund(payment, 100, Some("cash"), "no menu"))
        .await
        .unwrap();
    let receipt: Receipt = match db.money(&staff, &MoneyCall::Receipt(payment)).await.unwrap() {
        MoneyAnswer::Receipt(receipt) => *receipt,
        other => panic!("{other:?}"),
    };
    let text = receipt.text("UTC".parse().unwrap());
    for wanted in [
        "Pine Time",
        "Receipt 1",
        "Ana (ana)",
        "Trivia Night",
        "Paid, GCash                         ₱250",
        "Refunded, cash                     −₱100",
        "no menu",
        "Stands                              ₱150",
        "Taken by staff0, door 1",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in\n{text}");
    }
    assert!(matches!(
        fault(
            db.money(
                &staff,
                &MoneyCall::Receipt(pine_time::domain::payment::PaymentId(99))
            )
            .await
        ),
        Fault::NotFound(_)
    ));
    assert!(matches!(
        fault(
            db.money(&staff, &MoneyCall::Registration(RegistrationId(99)))
                .await
        ),
        Fault::NotFound(_)
    ));
}

#[tokio::test]
async fn admins_set_the_ways_to_pay_and_what_was_used_stays_readable() {
    let world = World::new().await;
    let event = priced(&world).await;
    let (_, registration) = register(&world, "ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let paid = pay(&db, &staff, registration, "gcash").await;
    let boss = world.person("boss", "admin").await;
    let admin = world.session(boss).await;
    let now: Vec<String> = world.value("SELECT payment_channels FROM settings").await;
    let set = |was: &[String], channels: &[&str]| MoneyCall::SetChannels {
        nonce: nonce(),
        was: was.to_vec(),
        channels: channels.iter().map(ToString::to_string).collect(),
    };
    let long = "x".repeat(51);
    for wrong in [
        vec![],
        vec!["cash", ""],
        vec!["cash", " card"],
        vec!["cash", "CASH"],
        vec![long.as_str()],
        vec!["a\nb"],
    ] {
        assert_eq!(
            refused_field(db.money(&admin, &set(&now, &wrong)).await),
            "payment_channels",
            "{wrong:?}"
        );
    }
    let call = set(&now, &["pay wave", "cash"]);
    let MoneyAnswer::Channels(list) = db.money(&admin, &call).await.unwrap() else {
        panic!("the list as it now stands");
    };
    assert_eq!(list, ["pay wave", "cash"].map(SafeText::from));
    assert!(db.money(&admin, &call).await.is_ok(), "sent twice, set once");
    assert_eq!(db.community().await.unwrap().payment_channels, list);
    let Fault::Conflict(_) = fault(db.money(&admin, &set(&now, &["card"])).await) else {
        panic!("what somebody changed meanwhile is not overwritten");
    };
    assert_eq!(
        world.count("audit_log WHERE action = 'payment_channels'").await,
        1
    );

    let shown = line(&db, &staff, MoneyCall::Registration(registration))
        .await
        .unwrap();
    assert_eq!(shown.payment.unwrap().payment_channel.as_str(), "gcash");
    line(&db, &staff, refund(paid, 50, None, "x")).await.unwrap();
    let (_, other) = register(&world, "ben", event).await;
    assert_eq!(
        refused_field(line(&db, &staff, record(other, 250, "gcash")).await),
        "payment_channel",
        "but nobody pays by it any more"
    );
    line(&db, &staff, record(other, 250, "pay wave")).await.unwrap();
}

#[tokio::test]
async fn older_books_may_hold_anything_and_are_told_all_the_same() {
    let world = World::new().await;
    let event = priced(&world).await;
    for (name, amount) in [("ana", "-5"), ("ben", "0.005"), ("cleo", "123456789012")] {
        let (_, registration) = register(&world, name, event).await;
        world
            .sql(&format!(
                "ALTER TABLE payment DROP CONSTRAINT IF EXISTS payment_amount_paid_positive,
                                     DROP CONSTRAINT IF EXISTS payment_amount_paid_two_decimals;
                 INSERT INTO payment (registration_id, user_id, event_id, amount_paid, payment_channel, payment_date)
                 SELECT id, user_id, event_id, {amount}, 'barter', NULL FROM registrations WHERE id = {}",
                registration.0
            ))
            .await;
    }
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let page = list(&db, &staff, PaymentFilter::default(), None, 9).await;
    assert_eq!(
        page.rows
            .iter()
            .map(|row| row.payment.as_ref().unwrap().amount_paid.to_string())
            .collect::<Vec<_>>(),
        ["123456789012.00", "0.01", "-5.00"]
    );
    assert!(
        page.rows
            .iter()
            .all(|row| row.payment.as_ref().unwrap().operator.is_none())
    );
    assert_eq!(takings(&db, &staff, "2026-11-27").await.rows, []);
}
