//! Payments, refunds and corrections at the desk: every function, every refusal, every role, keys pressed twice, and
//! what happens when two tills come at once.

use pine_time::db::{Db, DbError, Token};
use pine_time::domain::event::EventId;
use pine_time::domain::member::MemberId;
use pine_time::domain::money::{Balance, Money};
use pine_time::domain::payment::{MoneyAnswer, MoneyCall, MoneyLine, PaymentId, RefundId, RegistrationId};
use pine_time::domain::{Fault, Nonce};

use crate::support::cluster::Role;
use crate::support::world::{World, fault, nonce, refused_field};

pub(crate) fn money(units: i64) -> Money {
    Money::from_hundredths(units * 100).unwrap()
}

pub(crate) fn balance(units: i64) -> Balance {
    Balance::from(money(units))
}

/// An event for 250 that begins in an hour.
pub(crate) async fn priced(world: &World) -> EventId {
    let event = world.event(60, None).await;
    world
        .sql(&format!("UPDATE events SET price = 250 WHERE id = {}", event.0))
        .await;
    event
}

/// Registers a member through the api, as they would themselves.
pub(crate) async fn register(world: &World, name: &str, event: EventId) -> (MemberId, RegistrationId) {
    let member = world.member(name).await;
    world
        .sql(&format!(
            "SELECT pine.take_seat({}, {}, pine.clock(), '{{}}')",
            member.0, event.0
        ))
        .await;
    let id: i32 = world
        .value(&format!(
            "SELECT id FROM registrations WHERE user_id = {} AND event_id = {}",
            member.0, event.0
        ))
        .await;
    (member, RegistrationId(id))
}

pub(crate) async fn line(db: &Db, token: &Token, call: MoneyCall) -> Result<MoneyLine, DbError> {
    match db.money(token, &call).await? {
        MoneyAnswer::Line(line) => Ok(*line),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn record(registration: RegistrationId, units: i64, channel: &str) -> MoneyCall {
    MoneyCall::Record {
        nonce: nonce(),
        registration,
        amount: money(units),
        channel: channel.to_owned(),
    }
}

pub(crate) fn refund(payment: PaymentId, units: i64, channel: Option<&str>, reason: &str) -> MoneyCall {
    MoneyCall::Refund {
        nonce: nonce(),
        payment,
        amount: money(units),
        channel: channel.map(str::to_owned),
        reason: reason.to_owned(),
    }
}

fn void(payment: PaymentId, reason: &str) -> MoneyCall {
    MoneyCall::Void {
        nonce: nonce(),
        payment,
        reason: reason.to_owned(),
    }
}

fn correct(payment: PaymentId, units: i64, channel: &str, reason: &str) -> MoneyCall {
    MoneyCall::Correct {
        nonce: nonce(),
        payment,
        amount: money(units),
        channel: channel.to_owned(),
        reason: reason.to_owned(),
    }
}

fn void_refund(refund: RefundId, reason: &str) -> MoneyCall {
    MoneyCall::VoidRefund {
        nonce: nonce(),
        refund,
        reason: reason.to_owned(),
    }
}

pub(crate) async fn pay(db: &Db, token: &Token, registration: RegistrationId, channel: &str) -> PaymentId {
    let line = line(db, token, record(registration, 250, channel))
        .await
        .unwrap_or_else(|error| panic!("{}", error.fault));
    line.payment.unwrap().id
}

async fn standing(world: &World, registration: RegistrationId) -> String {
    world
        .value(&format!(
            "SELECT payment_status FROM registrations WHERE id = {}",
            registration.0
        ))
        .await
}

fn conflict<T: std::fmt::Debug>(result: Result<T, DbError>) -> String {
    match fault(result) {
        Fault::Conflict(why) => why.to_string(),
        other => panic!("refused otherwise: {other:?}"),
    }
}

fn invalid<T: std::fmt::Debug>(result: Result<T, DbError>) -> (String, String) {
    match fault(result) {
        Fault::Invalid { field, why } => (field, why.to_string()),
        other => panic!("refused otherwise: {other:?}"),
    }
}

#[tokio::test]
async fn a_payment_is_taken_once_and_known_by_who_took_it() {
    let world = World::new().await;
    let event = priced(&world).await;
    let (ana, registration) = register(&world, "ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);

    let before = line(&db, &staff, MoneyCall::Registration(registration))
        .await
        .unwrap();
    assert_eq!((before.due, before.payment), (balance(250), None));
    assert_eq!((before.member.id, before.event_id), (ana, event));

    let call = record(registration, 250, "gcash");
    let first = line(&db, &staff, call.clone()).await.unwrap();
    let payment = first.payment.clone().unwrap();
    assert_eq!(
        (first.due, first.payment_status.as_str(), payment.amount_paid),
        (Balance::ZERO, "paid", balance(250))
    );
    assert_eq!(payment.operator.as_ref().unwrap().as_str(), "staff0");
    assert_eq!(payment.device.as_ref().unwrap().as_str(), "door 1");
    assert_eq!(standing(&world, registration).await, "paid");

    // The same key press again is the same payment; another one is refused.
    assert_eq!(line(&db, &staff, call.clone()).await.unwrap(), first);
    assert_eq!(
        conflict(line(&db, &staff, record(registration, 250, "cash")).await),
        "PHP 250.00 were paid already, taken by staff0."
    );
    let MoneyCall::Record { nonce, .. } = call else {
        unreachable!()
    };
    let other = record(registration, 249, "gcash").with_nonce(nonce);
    assert!(conflict(line(&db, &staff, other).await).contains("already used"));
    assert_eq!(world.count("payment").await, 1);
    assert_eq!(
        world
            .value::<String>(
                "SELECT concat_ws(' ', p.user_id = r.user_id AND p.event_id = r.event_id, p.taken_by = s.id,
                        abs(extract(epoch FROM p.payment_date - (now() AT TIME ZONE 'UTC'))) < 60)
                 FROM payment AS p JOIN registrations AS r ON r.id = p.registration_id
                 JOIN users AS s ON s.username = 'staff0'"
            )
            .await,
        "t t t",
        "user and event are the registration's own"
    );
    assert_eq!(world.count("audit_log WHERE action = 'payment'").await, 1);

    // The owner's session has no account; its name is kept.
    let (_, second) = register(&world, "ben", event).await;
    let owner = world.db(Role::Owner).owner_session("root").await.unwrap();
    let by_owner = line(&world.db(Role::Owner), &owner, record(second, 250, "cash"))
        .await
        .unwrap();
    assert_eq!(by_owner.payment.unwrap().operator.unwrap().as_str(), "owner:root");
    assert_eq!(world.count("payment WHERE taken_by IS NULL").await, 1);
}

#[tokio::test]
async fn what_is_not_due_is_not_taken() {
    let world = World::new().await;
    let event = priced(&world).await;
    let free = world.event(60, None).await;
    let (_, registration) = register(&world, "ana", event).await;
    let (_, at_free) = register(&world, "ben", free).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let take = |call: MoneyCall| line(&db, &staff, call);

    for (units, why) in [
        (100, "PHP 250.00 is due, not PHP 100.00."),
        (251, "PHP 250.00 is due, not PHP 251.00."),
        (0, "An amount is more than 0."),
    ] {
        assert_eq!(
            invalid(take(record(registration, units, "cash")).await),
            ("amount_paid".to_owned(), why.to_owned())
        );
    }
    assert_eq!(
        refused_field(take(record(registration, 250, "shells")).await),
        "payment_channel"
    );
    assert_eq!(
        conflict(take(record(at_free, 250, "cash")).await),
        "It is free; nothing is to be paid."
    );
    assert!(matches!(
        fault(take(record(RegistrationId(999), 250, "cash")).await),
        Fault::NotFound(_)
    ));
    for status in ["cancelled", "rejected", "waitlisted"] {
        world
            .sql(&format!(
                "UPDATE registrations SET status = '{status}' WHERE id = {}",
                registration.0
            ))
            .await;
        assert_eq!(
            conflict(take(record(registration, 250, "cash")).await),
            format!("The registration is {status}; nothing is to be paid.")
        );
    }
    world
        .sql("UPDATE registrations SET status = 'pending'; UPDATE events SET is_active = false")
        .await;
    assert_eq!(
        conflict(take(record(registration, 250, "cash")).await),
        "The event is cancelled; nothing is to be paid."
    );
    // Straight to the function, past what the program's own type can hold.
    world.sql("UPDATE events SET is_active = true").await;
    for (amount, why) in [
        ("250.001", "At most two decimals: 99.50."),
        ("-5", "An amount is more than 0."),
        ("NaN", "That is more than fits; at most 9999999999.99."),
        ("10000000000", "That is more than fits; at most 9999999999.99."),
        ("NULL", "Type an amount."),
    ] {
        let amount = if amount == "NULL" {
            amount.to_owned()
        } else {
            format!("'{amount}'")
        };
        let error = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT pine.check_amount('amount_paid', {amount}::numeric)"
        )))
        .execute(&world.owner)
        .await
        .unwrap_err();
        assert!(error.to_string().contains(why), "{amount}: {error}");
    }
    world.sql("UPDATE settings SET currency = 'JPY'").await;
    let error = sqlx::query("SELECT pine.check_amount('amount', 1.5)")
        .execute(&world.owner)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("no decimals"), "{error}");
    assert_eq!(world.count("payment").await, 0);
    // A member who waits for approval may pay.
    line(&db, &staff, record(registration, 250, "cash"))
        .await
        .unwrap();
}

#[tokio::test]
async fn money_goes_back_in_parts_and_never_more_than_came() {
    let world = World::new().await;
    let event = priced(&world).await;
    let (_, registration) = register(&world, "ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let payment = pay(&db, &staff, registration, "gcash").await;
    let give = |call: MoneyCall| line(&db, &staff, call);

    let call = refund(payment, 100, Some("cash"), " no vegetarian menu ");
    let part = give(call.clone()).await.unwrap();
    let paid = part.payment.clone().unwrap();
    assert_eq!((paid.refunded, paid.left()), (balance(100), balance(150)));
    assert_eq!(
        (part.payment_status.as_str(), part.due),
        ("pending", balance(100))
    );
    let back = &paid.refunds[0];
    assert_eq!(
        (back.reason.as_str(), back.refund_channel.as_str(), back.amount),
        ("no vegetarian menu", "cash", balance(100))
    );
    assert_eq!(give(call).await.unwrap(), part, "sent twice, given back once");

    assert_eq!(
        invalid(give(refund(payment, 151, None, "x")).await),
        (
            "amount".to_owned(),
            "At most PHP 150.00 can be given back.".to_owned()
        )
    );
    assert_eq!(refused_field(give(refund(payment, 0, None, "x")).await), "amount");
    assert_eq!(
        refused_field(give(refund(payment, 1, None, "  ")).await),
        "reason"
    );
    assert_eq!(
        refused_field(give(refund(payment, 1, None, &"x".repeat(256))).await),
        "reason"
    );
    assert_eq!(
        refused_field(give(refund(payment, 1, Some("shells"), "x")).await),
        "payment_channel"
    );
    assert!(matches!(
        fault(give(refund(PaymentId(999), 1, None, "x")).await),
        Fault::NotFound(_)
    ));
    // A part that stands can neither be topped up nor voided away.
    assert!(
        conflict(give(record(registration, 250, "cash")).await)
            .starts_with("PHP 150.00 of PHP 250.00 were paid")
    );
    assert!(
        conflict(give(void(payment, "x")).await).starts_with("PHP 100.00 of this payment were given back")
    );

    // By the channel it came by, also when that is none of the list any more.
    world.sql("UPDATE settings SET payment_channels = '{cash}'").await;
    let whole = give(refund(payment, 150, None, "could not come")).await.unwrap();
    let paid = whole.payment.unwrap();
    assert_eq!((paid.refunded, paid.left()), (balance(250), Balance::ZERO));
    assert_eq!(paid.refunds[1].refund_channel.as_str(), "gcash");
    assert_eq!(whole.payment_status.as_str(), "refunded");
    assert_eq!(
        conflict(give(refund(payment, 1, None, "x")).await),
        "Nothing of this payment is left to give back."
    );
    assert_eq!(world.count("refunds").await, 2);
    assert_eq!(world.count("audit_log WHERE action = 'refund'").await, 2);
}

#[tokio::test]
async fn after_a_whole_refund_it_is_paid_anew_and_nothing_is_lost() {
    let world = World::new().await;
    let event = priced(&world).await;
    let (_, registration) = register(&world, "ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let first = pay(&db, &staff, registration, "gcash").await;
    let back = line(&db, &staff, refund(first, 250, None, "sick")).await.unwrap();
    assert_eq!(back.due, balance(250), "who keeps the seat owes it again");

    let second = pay(&db, &staff, registration, "cash").await;
    assert_ne!(first, second);
    assert_eq!(standing(&world, registration).await, "paid");
    assert_eq!(
        world.count("payment WHERE voided_at IS NULL").await,
        1,
        "one live payment per registration"
    );
    assert_eq!(
        world.count("payment AS p WHERE pine.counts(p)").await,
        2,
        "the first came in and went out again"
    );
    let refund_id = back.payment.unwrap().refunds[0].id;
    assert_eq!(
        conflict(line(&db, &staff, void_refund(refund_id, "x")).await),
        "It was paid anew since; the refund stands."
    );
    let shown = line(&db, &staff, MoneyCall::Registration(registration))
        .await
        .unwrap();
    assert_eq!(shown.payment.unwrap().id, second);

    // At the door it is the same: the till takes it anew.
    let (_, at_door) = register(&world, "ben", event).await;
    let payment = pay(&db, &staff, at_door, "card").await;
    line(&db, &staff, refund(payment, 250, None, "x")).await.unwrap();
    world
        .sql("UPDATE events SET start_time = now() - interval '1 minute'")
        .await;
    let member: i32 = world.value("SELECT id FROM users WHERE username = 'ben'").await;
    let taking = pine_time::domain::admission::Taking {
        amount: money(250),
        channel: "cash".to_owned(),
    };
    let checked = db
        .take_payment(&staff, nonce(), event, MemberId(member), "ben", &taking)
        .await
        .unwrap();
    assert_eq!(checked.paid, Some(money(250)));
    assert_eq!(standing(&world, at_door).await, "paid");
    assert_eq!(
        world
            .value::<String>("SELECT operator || ' ' || device FROM payment ORDER BY id DESC LIMIT 1")
            .await,
        "staff0 door 1",
        "who took it at the door is known too"
    );
}

#[tokio::test]
async fn what_was_mistyped_is_voided_or_corrected_with_a_reason() {
    let world = World::new().await;
    let event = priced(&world).await;
    let (_, registration) = register(&world, "ana", event).await;
    let (db, first, second) = (world.db(Role::Staff), world.staff().await, world.staff().await);
    let payment = pay(&db, &first, registration, "cash").await;
    world
        .sql("UPDATE payment SET payment_date = payment_date - interval '1 day'")
        .await;

    assert_eq!(
        refused_field(line(&db, &first, void(payment, "")).await),
        "reason"
    );
    assert_eq!(
        refused_field(line(&db, &first, correct(payment, 250, "card", " ")).await),
        "reason"
    );
    assert_eq!(
        refused_field(line(&db, &first, correct(payment, 250, "shells", "x")).await),
        "payment_channel"
    );
    assert_eq!(
        invalid(line(&db, &first, correct(payment, 200, "card", "x")).await),
        (
            "amount_paid".to_owned(),
            "It costs PHP 250.00, not PHP 200.00.".to_owned()
        )
    );
    assert_eq!(
        world.count("payment WHERE voided_at IS NULL").await,
        1,
        "a refused correction leaves it as it was"
    );

    let call = correct(payment, 250, "gcash", "it was by phone");
    let corrected = line(&db, &second, call.clone()).await.unwrap();
    assert_eq!(line(&db, &second, call).await.unwrap(), corrected);
    let paid = corrected.payment.unwrap();
    assert_eq!(paid.payment_channel.as_str(), "gcash");
    assert_eq!(
        paid.operator.unwrap().as_str(),
        "staff0",
        "who took it then, not who corrects it now"
    );
    assert_eq!(
        world
            .value::<i64>("SELECT count(DISTINCT payment_date) FROM payment")
            .await,
        1,
        "at the moment at which it came in"
    );
    assert_eq!(
        world
            .value::<String>(
                "SELECT voided_by || ': ' || void_reason FROM payment WHERE voided_at IS NOT NULL"
            )
            .await,
        "staff1: it was by phone"
    );
    assert_eq!(
        conflict(line(&db, &first, correct(payment, 250, "card", "x")).await),
        "This payment is voided already."
    );

    let gone = line(&db, &first, void(paid.id, "was never handed over"))
        .await
        .unwrap();
    assert_eq!(gone.payment_status.as_str(), "pending");
    assert_eq!(
        conflict(line(&db, &first, void(paid.id, "x")).await),
        "This payment is voided already."
    );
    assert_eq!(
        conflict(line(&db, &first, refund(paid.id, 1, None, "x")).await),
        "Nothing of this payment is left to give back."
    );
    assert_eq!(world.count("payment AS p WHERE pine.counts(p)").await, 0);

    // A mistyped refund: the money never went out.
    let payment = pay(&db, &first, registration, "cash").await;
    let back = line(&db, &first, refund(payment, 250, None, "wrong person"))
        .await
        .unwrap();
    assert_eq!(back.payment_status.as_str(), "refunded");
    let given = back.payment.unwrap().refunds[0].id;
    assert_eq!(
        refused_field(line(&db, &first, void_refund(given, " ")).await),
        "reason"
    );
    let call = void_refund(given, "it was Ben's");
    let stands = line(&db, &second, call.clone()).await.unwrap();
    assert_eq!(
        (stands.payment_status.as_str(), stands.due),
        ("paid", Balance::ZERO)
    );
    assert_eq!(line(&db, &second, call).await.unwrap(), stands);
    assert_eq!(
        conflict(line(&db, &first, void_refund(given, "x")).await),
        "This refund is voided already."
    );
    assert!(matches!(
        fault(line(&db, &first, void_refund(RefundId(999), "x")).await),
        Fault::NotFound(_)
    ));
    let audited: Vec<String> =
        sqlx::query_scalar("SELECT action FROM audit_log WHERE action ~ 'payment|refund' ORDER BY id")
            .fetch_all(&world.owner)
            .await
            .unwrap();
    assert_eq!(
        audited,
        [
            "payment",
            "payment_correct",
            "payment_void",
            "payment",
            "refund",
            "refund_void"
        ]
    );
}

#[tokio::test]
async fn cancelling_gives_nothing_back_by_itself_and_undoing_takes_back_no_more_than_stands() {
    let world = World::new().await;
    let event = priced(&world).await;
    let (ana, registration) = register(&world, "ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    pay(&db, &staff, registration, "cash").await;
    let token = world.session(ana).await;
    db.cancel_registration(&token, nonce(), event).await.unwrap();
    assert_eq!(standing(&world, registration).await, "paid");
    assert_eq!(world.count("refunds").await, 0);

    // Paid at the door, refunded at the desk, taken back at the door.
    world
        .sql("UPDATE events SET start_time = now() - interval '1 minute'")
        .await;
    let taking = pine_time::domain::admission::Taking {
        amount: money(250),
        channel: "cash".to_owned(),
    };
    let mut told = Vec::new();
    for (name, back) in [("ben", 0), ("cleo", 100), ("dan", 250)] {
        let (member, registration) = register(&world, name, event).await;
        db.take_payment(&staff, nonce(), event, member, name, &taking)
            .await
            .unwrap();
        let now = line(&db, &staff, MoneyCall::Registration(registration))
            .await
            .unwrap();
        if back > 0 {
            let payment = now.payment.unwrap().id;
            line(&db, &staff, refund(payment, back, None, "x")).await.unwrap();
        }
        told.push(
            match db.undo_check_in(&staff, nonce(), event, member, None).await {
                Ok(undone) => undone
                    .voided
                    .map_or("nothing".to_owned(), |money| money.to_string()),
                Err(error) => error.fault.to_string(),
            },
        );
    }
    assert_eq!(
        told,
        [
            "250.00",
            "PHP 100.00 of this payment were given back. Give back the rest, or void that refund, first.",
            "nothing",
        ]
    );
}

#[tokio::test]
async fn refunds_and_the_books_hold_whoever_writes_them() {
    let world = World::new().await;
    let event = priced(&world).await;
    let (_, registration) = register(&world, "ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    pay(&db, &staff, registration, "cash").await;
    let insert = |amount: &str, reason: &str| {
        format!(
            "INSERT INTO refunds (payment_id, amount, refund_channel, reason, refunded_at, operator, device)
             SELECT id, {amount}, 'cash', '{reason}', now(), 'x', 'x' FROM payment"
        )
    };
    for (statement, constraint) in [
        (insert("0", "x"), "refunds_amount_positive"),
        (insert("-1", "x"), "refunds_amount_positive"),
        (insert("0.001", "x"), "refunds_amount_positive"),
        (insert("'NaN'", "x"), "refunds_amount_positive"),
        (insert("1", " "), "refunds_reason_given"),
        (insert("251", "x"), "payment_refunded_within_the_amount"),
        (
            "UPDATE payment SET amount_paid = 250.001".to_owned(),
            "payment_amount_paid_two_decimals",
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
    world.sql(&insert("250", "x")).await;
    assert_eq!(standing(&world, registration).await, "refunded");
    for statement in [
        "DELETE FROM refunds",
        "TRUNCATE refunds",
        "UPDATE refunds SET amount = 1",
        "UPDATE refunds SET reason = 'y'",
    ] {
        let error = sqlx::raw_sql(statement).execute(&world.owner).await.unwrap_err();
        assert!(
            error.to_string().contains("never changed"),
            "{statement}: {error}"
        );
    }
    let error = sqlx::raw_sql("UPDATE refunds SET voided_at = now()")
        .execute(&world.owner)
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("refunds_voided_for_a_reason"),
        "{error}"
    );
}

#[tokio::test]
async fn money_is_staffs_and_the_channels_are_the_admins() {
    let world = World::new().await;
    let event = priced(&world).await;
    let (ana, registration) = register(&world, "ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let payment = pay(&db, &staff, registration, "cash").await;
    let member = world.session(ana).await;
    let set = MoneyCall::SetChannels {
        nonce: nonce(),
        was: Vec::new(),
        channels: vec!["cash".to_owned()],
    };
    let calls = [
        record(registration, 250, "cash"),
        refund(payment, 1, None, "x"),
        void(payment, "x"),
        correct(payment, 250, "card", "x"),
        void_refund(RefundId(1), "x"),
        MoneyCall::Registration(registration),
        MoneyCall::Receipt(payment),
        MoneyCall::List {
            filter: pine_time::domain::payment::PaymentFilter::default(),
            before: None,
            most: 10,
        },
        MoneyCall::Takings("2026-11-27".parse().unwrap()),
        set.clone(),
    ];
    for call in &calls {
        assert!(
            matches!(fault(db.money(&member, call).await), Fault::NotAllowed(_)),
            "{call:?}"
        );
        assert_eq!(
            fault(db.money(&Token::from_hex(&"0".repeat(64)).unwrap(), call).await),
            Fault::NotSignedIn
        );
        let kiosk = world.db(Role::Kiosk);
        assert_eq!(fault(kiosk.money(&member, call).await), Fault::Login, "{call:?}");
    }
    assert!(matches!(
        fault(db.money(&staff, &set).await),
        Fault::NotAllowed(_)
    ));
    assert_eq!(world.count("payment").await + world.count("refunds").await, 1);
}

/// Every key press of two tills for the same sixteen registrations at once; answers how many were carried out.
async fn two_tills(
    world: &World,
    call: impl Fn(RegistrationId, Option<PaymentId>) -> MoneyCall,
    paid: bool,
) -> usize {
    let event = priced(world).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let tills = [
        (world.db(Role::Staff), world.staff().await),
        (world.db(Role::Staff), world.staff().await),
    ];
    let mut running = tokio::task::JoinSet::new();
    for number in 0..16 {
        let (_, registration) = register(world, &format!("m{number}"), event).await;
        let payment = if paid {
            Some(pay(&db, &staff, registration, "cash").await)
        } else {
            None
        };
        for (db, token) in tills.clone() {
            let call = call(registration, payment).with_nonce(Nonce::new_v4());
            running.spawn(async move { db.money(&token, &call).await });
        }
    }
    let mut done = 0;
    while let Some(result) = running.join_next().await {
        match result.unwrap() {
            Ok(_) => done += 1,
            Err(error) => assert!(
                matches!(error.fault, Fault::Conflict(_) | Fault::Invalid { .. }),
                "{:?}",
                error.fault
            ),
        }
    }
    done
}

const PAUSE: &str = "CREATE FUNCTION public.pause() RETURNS trigger LANGUAGE plpgsql
                         AS 'BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END';
                     CREATE TRIGGER pause BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION public.pause();
                     CREATE TRIGGER pause BEFORE INSERT ON refunds FOR EACH ROW EXECUTE FUNCTION public.pause()";
const TOO_MUCH: &str = "payment AS p WHERE p.amount_paid < (SELECT sum(f.amount) FROM refunds AS f
                                                            WHERE f.payment_id = p.id AND f.voided_at IS NULL)";

#[tokio::test(flavor = "multi_thread")]
async fn two_tills_at_once_take_one_payment() {
    let world = World::new().await;
    world.sql(PAUSE).await;
    let done = two_tills(&world, |registration, _| record(registration, 250, "cash"), false).await;
    assert_eq!((done, world.count("payment").await), (16, 16));
    assert_eq!(
        world.count("registrations WHERE payment_status = 'paid'").await,
        16
    );
}

/// Negative control: without the unique index and the locks the same tills take money twice.
#[tokio::test(flavor = "multi_thread")]
async fn without_index_and_locks_the_same_tills_take_two() {
    let world = World::new().await;
    world.sql(PAUSE).await;
    world
        .sql(
            "DO $do$ DECLARE source text; BEGIN
                 source := pg_get_functiondef('pine.take_payment'::regproc);
                 source := regexp_replace(source, 'ON CONFLICT .* DO NOTHING', '');
                 EXECUTE replace(source, 'FOR NO KEY UPDATE', '');
                 EXECUTE replace(pg_get_functiondef('pine.record_payment'::regproc), 'FOR NO KEY UPDATE', '');
             END $do$;
             DROP INDEX payment_one_live_per_registration",
        )
        .await;
    let done = two_tills(&world, |registration, _| record(registration, 250, "cash"), false).await;
    assert!(
        done > 16 && world.count("payment").await > 16,
        "somebody must pay twice, or the test above proves nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn refunds_that_race_give_back_no_more_than_came() {
    let world = World::new().await;
    world.sql(PAUSE).await;
    let done = two_tills(
        &world,
        |_, payment| refund(payment.unwrap(), 150, None, "race"),
        true,
    )
    .await;
    assert_eq!(
        (done, world.count("refunds").await),
        (16, 16),
        "150 of 250 fit once"
    );
    assert_eq!(world.count(TOO_MUCH).await, 0);
    assert_eq!(
        world
            .count("registrations WHERE payment_status = 'pending'")
            .await,
        16
    );
}

/// The locks alone make sentences of it; the constraint holds without them.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_locks_the_constraint_still_holds_and_without_both_it_does_not() {
    let unlock = "DO $do$ BEGIN
                      EXECUTE replace(replace(pg_get_functiondef('pine.hold_payment'::regproc),
                                              'FOR NO KEY UPDATE', ''), 'FOR UPDATE', '');
                  END $do$";
    let drop = "ALTER TABLE payment DROP CONSTRAINT payment_refunded_within_the_amount";
    for (statements, holds) in [(vec![unlock], true), (vec![unlock, drop], false)] {
        let world = World::new().await;
        world.sql(PAUSE).await;
        for statement in statements {
            world.sql(statement).await;
        }
        let event = priced(&world).await;
        let (db, staff) = (world.db(Role::Staff), world.staff().await);
        let mut running = tokio::task::JoinSet::new();
        for number in 0..8 {
            let (_, registration) = register(&world, &format!("m{number}"), event).await;
            let payment = pay(&db, &staff, registration, "cash").await;
            for _ in 0..2 {
                let (db, staff) = (db.clone(), staff.clone());
                running.spawn(async move {
                    db.money(&staff, &refund(payment, 150, None, "race"))
                        .await
                        .is_ok()
                });
            }
        }
        running.join_all().await;
        assert_eq!(world.count(TOO_MUCH).await == 0, holds);
    }
}
