//! Payments, takings and a receipt, made by hand for the tests of the screens.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use pine_time::domain::SafeText;
use pine_time::domain::event::{EventId, RegistrationStatus};
use pine_time::domain::member::{MemberId, MemberName};
use pine_time::domain::money::{Balance, Money};
use pine_time::domain::payment::{
    MoneyAnswer, MoneyCall, MoneyLine, Payment, PaymentId, PaymentPage, Refund, RefundId, RegistrationId,
    Takings, TakingsRow,
};
use pine_time::domain::receipt::Receipt;

use crate::fixtures::manila;

pub fn units(units: i64) -> Balance {
    Balance::from(Money::from_hundredths(units * 100).unwrap())
}

pub fn payment(id: i32, channel: &str) -> Payment {
    Payment {
        id: PaymentId(id),
        amount_paid: units(250),
        refunded: Balance::ZERO,
        payment_channel: channel.into(),
        payment_date: Some(manila("2026-11-27 18:30")),
        operator: Some("staff".into()),
        device: Some("door 2".into()),
        voided_at: None,
        voided_by: None,
        void_reason: None,
        refunds: Vec::new(),
    }
}

pub fn given_back(mut payment: Payment, back: i64, reason: &str) -> Payment {
    payment.refunded = payment.refunded.and(units(back));
    payment.refunds.push(Refund {
        id: RefundId(payment.id.0 * 10),
        amount: units(back),
        refund_channel: "cash".into(),
        reason: reason.into(),
        refunded_at: manila("2026-11-27 18:45"),
        operator: Some("staff".into()),
        device: Some("door 2".into()),
        voided_at: None,
        voided_by: None,
        void_reason: None,
    });
    payment
}

pub fn money_line(id: i32, name: &str, paid: Option<Payment>) -> MoneyLine {
    let due = paid
        .as_ref()
        .map_or(units(250), |payment| units(250).without(payment.left()));
    MoneyLine {
        registration_id: RegistrationId(id),
        status: RegistrationStatus::Registered,
        payment_status: if due.is_zero() { "paid" } else { "pending" }.into(),
        price_due: Money::from_hundredths(25_000).unwrap(),
        due,
        member: MemberName {
            id: MemberId(id),
            username: SafeText::line(&name.to_lowercase().replace(' ', ".")),
            full_name: name.into(),
        },
        event_id: EventId(7),
        event_title: "The Manor Murder".into(),
        event_start: manila("2026-11-27 20:00"),
        event_active: true,
        key: Some(
            paid.as_ref()
                .map_or((1 << 40) + i64::from(id), |payment| i64::from(payment.id.0)),
        ),
        payment: paid,
    }
}

/// One of every kind.
pub fn payments() -> PaymentPage {
    let mut void = payment(12, "cash");
    void.voided_at = Some(manila("2026-11-27 18:40"));
    void.voided_by = Some("staff".into());
    void.void_reason = Some("=was by phone".into());
    let mut gone = money_line(6, "Liam Aquino", Some(payment(11, "card")));
    gone.status = RegistrationStatus::Cancelled;
    let rows = vec![
        money_line(1, "Niño Bautista", None),
        money_line(2, "Ninotchka Alexandrovna Reyes-Villanueva", None),
        money_line(3, "Ana Reyes", Some(payment(15, "gcash"))),
        money_line(
            4,
            "Katya Torres",
            Some(given_back(
                payment(14, "bank_transfer"),
                100,
                "no vegetarian menu",
            )),
        ),
        money_line(
            5,
            "Jo Mendoza",
            Some(given_back(payment(13, "cash"), 250, "sick")),
        ),
        money_line(7, "Ines Ramos", Some(void)),
        gone,
    ];
    PaymentPage {
        total: 7,
        unpaid: 3,
        taken: units(1000),
        refunded: units(350),
        due: units(600),
        rows,
    }
}

fn sums(operator: Option<&str>, channel: &str, payments: i64, taken: i64, refunded: i64) -> TakingsRow {
    TakingsRow {
        operator: operator.map(SafeText::from),
        channel: channel.into(),
        payments,
        taken: units(taken),
        refunds: i64::from(refunded > 0),
        refunded: units(refunded),
    }
}

pub fn takings() -> Takings {
    Takings {
        day: "2026-11-27".parse().unwrap(),
        zone: "Asia/Manila".parse().unwrap(),
        from: manila("2026-11-27 00:00"),
        to: manila("2026-11-28 00:00"),
        rows: vec![
            sums(Some("mira"), "cash", 12, 3000, 100),
            sums(Some("mira"), "gcash", 4, 1000, 0),
            sums(Some("staff"), "cash", 1, 250, 500),
            sums(None, "bank_transfer", 2, 500, 0),
        ],
    }
}

pub fn receipt() -> Receipt {
    Receipt {
        community_name: "Highland Games Community".into(),
        currency: "PHP".into(),
        printed_at: crate::fixtures::now(),
        line: payments().rows[3].clone(),
    }
}

/// Some answer to a call, whichever.
pub fn answer(call: &MoneyCall, how: usize) -> MoneyAnswer {
    let rows = payments().rows;
    match call {
        MoneyCall::List { .. } if how.is_multiple_of(3) => MoneyAnswer::Page(PaymentPage::default()),
        MoneyCall::List { .. } => MoneyAnswer::Page(payments()),
        MoneyCall::Receipt(_) => MoneyAnswer::Receipt(Box::new(receipt())),
        MoneyCall::Takings(_) => MoneyAnswer::Takings(takings()),
        MoneyCall::SetChannels { channels, .. } => {
            MoneyAnswer::Channels(channels.iter().map(|name| SafeText::line(name)).collect())
        }
        _ => MoneyAnswer::Line(Box::new(rows[how % rows.len()].clone())),
    }
}
