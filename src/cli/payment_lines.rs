//! What `payments` prints: lines, tables and JSON of payments and takings.

use std::io::Write;

use serde_json::json;

use crate::domain::money::{Balance, Currency, channel_name};
use crate::domain::payment::{MoneyLine, PaymentPage, Takings, TakingsRow};
use crate::domain::when::{self, Zone};
use crate::domain::{Fault, Timestamp};

use super::CliError;
use super::output::{Align, Out, Table};

/// One row as `--json` prints it, with the tables' column names.
fn as_json(line: &MoneyLine) -> serde_json::Value {
    let payment = line.payment.as_ref();
    json!({
        "registration_id": line.registration_id,
        "event_id": line.event_id,
        "title": line.event_title,
        "user_id": line.member.id,
        "username": line.member.username,
        "full_name": line.member.full_name,
        "status": line.status,
        "payment_status": line.payment_status,
        "price_due": line.price_due,
        "due": line.due,
        "payment_id": payment.map(|payment| payment.id),
        "amount_paid": payment.map(|payment| payment.amount_paid),
        "refunded": payment.map(|payment| payment.refunded),
        "payment_channel": payment.map(|payment| &payment.payment_channel),
        "payment_date": payment.and_then(|payment| payment.payment_date),
        "operator": payment.and_then(|payment| payment.operator.as_ref()),
        "device": payment.and_then(|payment| payment.device.as_ref()),
        "voided_at": payment.and_then(|payment| payment.voided_at),
        "void_reason": payment.and_then(|payment| payment.void_reason.as_ref()),
        "refunds": payment.map_or(&[][..], |payment| &payment.refunds),
    })
}

pub(super) fn told(
    line: &MoneyLine,
    json: bool,
    currency: Currency,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    if json {
        return out.json(&as_json(line));
    }
    let Some(payment) = &line.payment else {
        return Err(Fault::Internal.into());
    };
    let (name, title) = (&line.member.full_name, &line.event_title);
    let paid = currency.show_balance(payment.amount_paid);
    let channel = channel_name(payment.payment_channel.as_str());
    if let Some(refund) = payment.last_refund() {
        let back = currency.show_balance(refund.amount);
        let stays = currency.show_balance(payment.left());
        let by = channel_name(refund.refund_channel.as_str());
        return out.line(format!(
            "Given back: {back} to {name}, {by}. Of {paid} for {title} {stays} stay; payment {}.",
            payment.id.0
        ));
    }
    out.line(format!(
        "Taken: {paid} from {name} for {title}, {channel}; payment {}.",
        payment.id.0
    ))
}

pub(super) fn list(
    page: &PaymentPage,
    json: bool,
    zone: Zone,
    now: Timestamp,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    if json {
        return out.json(&page.rows.iter().map(as_json).collect::<Vec<_>>());
    }
    if page.rows.is_empty() {
        return out.line("No payments match.");
    }
    let mut table = Table::new(&[
        ("ID", Align::Right),
        ("REG", Align::Right),
        ("NAME", Align::Left),
        ("EVENT", Align::Left),
        ("STATE", Align::Left),
        ("AMOUNT", Align::Right),
        ("BACK", Align::Right),
        ("CHANNEL", Align::Left),
        ("WHEN", Align::Left),
        ("TAKEN BY", Align::Left),
    ]);
    for line in &page.rows {
        let payment = line.payment.as_ref();
        let state = match payment {
            None => "due",
            Some(payment) if !payment.counts() => "void",
            Some(payment) if payment.left().is_positive() => "paid",
            Some(_) => "refunded",
        };
        table.row([
            payment.map_or_else(String::new, |payment| payment.id.0.to_string()),
            line.registration_id.0.to_string(),
            line.member.full_name.to_string(),
            line.event_title.to_string(),
            state.to_owned(),
            payment
                .map_or(line.due, |payment| payment.amount_paid)
                .to_string(),
            payment
                .map(|payment| payment.refunded)
                .filter(|back| *back != Balance::ZERO)
                .map_or_else(String::new, |back| back.to_string()),
            payment.map_or_else(String::new, |payment| payment.payment_channel.to_string()),
            payment
                .and_then(|payment| payment.payment_date)
                .map_or_else(String::new, |at| when::day_and_time(at, zone, now)),
            payment
                .and_then(|payment| payment.operator.as_ref())
                .map_or_else(String::new, ToString::to_string),
        ]);
    }
    out.table(&table)?;
    let net = page.taken.without(page.refunded);
    out.line(format!(
        "taken {}, given back {}, stays {net}; due {} from {}",
        page.taken, page.refunded, page.due, page.unpaid
    ))
}

pub(super) fn show_takings(takings: &Takings, json: bool, out: &mut Out<impl Write>) -> Result<(), CliError> {
    if json {
        let lines: Vec<_> = takings
            .rows
            .iter()
            .map(|row| {
                json!({
                    "day": takings.day, "operator": row.operator, "channel": row.channel,
                    "payments": row.payments, "taken": row.taken,
                    "refunds": row.refunds, "refunded": row.refunded, "net": row.net(),
                })
            })
            .collect();
        return out.json(&lines);
    }
    if takings.rows.is_empty() {
        return out.line(format!("No money came in or went out on {}.", takings.day));
    }
    let mut table = Table::new(&[
        ("TAKEN BY", Align::Left),
        ("CHANNEL", Align::Left),
        ("PAYMENTS", Align::Right),
        ("TAKEN", Align::Right),
        ("GIVEN BACK", Align::Right),
        ("STAYS", Align::Right),
    ]);
    let mut row = |who: String, channel: String, sums: &TakingsRow| {
        table.row([
            who,
            channel,
            sums.payments.to_string(),
            sums.taken.to_string(),
            sums.refunded.to_string(),
            sums.net().to_string(),
        ]);
    };
    for sums in &takings.rows {
        let who = sums.operator.as_ref().map_or("not known", |who| who.as_str());
        row(who.to_owned(), sums.channel.to_string(), sums);
    }
    for sums in takings.by_channel() {
        row("all".to_owned(), sums.channel.to_string(), &sums);
    }
    row("all".to_owned(), "all".to_owned(), &takings.total());
    out.table(&table)
}
