//! `payments`: who paid what for what, as text, JSON or CSV; and money taken and given back without a screen.

use std::io::Write;

use chrono::NaiveDate;
use serde_json::json;

use crate::config::Config;
use crate::domain::event::EventId;
use crate::domain::money::{Balance, Currency, Money, channel_name};
use crate::domain::payment::{
    MoneyAnswer, MoneyCall, MoneyLine, PaymentFilter, PaymentId, PaymentKind, PaymentPage, RegistrationId,
    Takings, TakingsRow,
};
use crate::domain::when::{self, Zone};
use crate::domain::{Answer, Call, Fault, Nonce, Timestamp};

use super::CliError;
use super::connect::{self, SignInArgs, Visit};
use super::output::{Align, Out, Table};

/// More rows than any community has.
const ALL_ROWS: i32 = 1_000_000;

#[derive(Debug, clap::Subcommand)]
pub(super) enum PaymentsCommand {
    /// List payments, newest first; of one event also who has not paid.
    List(ListArgs),
    /// Take the payment of a registration.
    Record(RecordArgs),
    /// Give back all of a payment, or a part.
    Refund(RefundArgs),
    /// Show a payment's receipt.
    Receipt(ReceiptArgs),
    /// Show what came in and went out on a day, by person and channel.
    Takings(TakingsArgs),
    /// Write payments as comma-separated values to standard output.
    Export(ExportArgs),
}

#[derive(Debug, clap::Args)]
struct FilterArgs {
    /// Of this event.
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(i32).range(1..))]
    event: Option<i32>,
    /// Taken or given back by this channel.
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<String>,
    /// Taken or given back by this person (user name).
    #[arg(long, value_name = "NAME")]
    operator: Option<String>,
    /// From this day on, in the community's zone.
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<NaiveDate>,
    /// Until this day, which is included.
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<NaiveDate>,
    /// Which rows.
    #[arg(long, value_enum, default_value_t = KindArg::All)]
    kind: KindArg,
    /// Words of the member's names or address, or the payment's number.
    #[arg(long, value_name = "TEXT", default_value = "")]
    search: String,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum KindArg {
    All,
    Due,
    Paid,
    Refunds,
    ToRefund,
    Voided,
}

impl From<KindArg> for PaymentKind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::All => Self::All,
            KindArg::Due => Self::Due,
            KindArg::Paid => Self::Paid,
            KindArg::Refunds => Self::Refunds,
            KindArg::ToRefund => Self::ToRefund,
            KindArg::Voided => Self::Voided,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    filter: FilterArgs,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct RecordArgs {
    /// The registration's number, as `payments list --event ID --kind due` shows it.
    #[arg(value_parser = clap::value_parser!(i32).range(1..))]
    registration: i32,
    /// How much: the whole of what is due.
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    amount: String,
    /// By which of the community's channels.
    #[arg(long, value_name = "CHANNEL")]
    channel: String,
    /// Print a JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct RefundArgs {
    /// The payment's number.
    #[arg(value_parser = clap::value_parser!(i32).range(1..))]
    payment: i32,
    /// How much; everything that stands unless given.
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    amount: Option<String>,
    /// By which channel it goes; the one it came by unless given.
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<String>,
    /// Why; it is kept.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Print a JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ReceiptArgs {
    /// The payment's number.
    #[arg(value_parser = clap::value_parser!(i32).range(1..))]
    payment: i32,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct TakingsArgs {
    /// The day, in the community's zone; today unless given.
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: Option<NaiveDate>,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    sign_in: SignInArgs,
}

pub(super) fn run(command: PaymentsCommand, config: &Config) -> Result<(), CliError> {
    let out = &mut Out::stdout();
    match command {
        PaymentsCommand::List(args) => {
            let who = args.sign_in.clone().who()?;
            connect::visit(config, who, async |visit| {
                let page = args.filter.fetch(visit).await?;
                let (zone, now) = (visit.community.time_zone, visit.community.clock);
                list(&page, args.json, zone, now, out)
            })?;
        }
        PaymentsCommand::Record(args) => {
            let who = args.sign_in.clone().who()?;
            connect::visit(config, who, async |visit| {
                let call = MoneyCall::Record {
                    nonce: Nonce::new_v4(),
                    registration: RegistrationId(args.registration),
                    amount: amount(visit.community.money(), &args.amount)?,
                    channel: args.channel.clone(),
                };
                let line = ask_line(visit, call).await?;
                told(&line, args.json, visit.community.money(), out)
            })?;
        }
        PaymentsCommand::Refund(args) => {
            let who = args.sign_in.clone().who()?;
            connect::visit(config, who, async |visit| {
                let line = refund(visit, &args).await?;
                told(&line, args.json, visit.community.money(), out)
            })?;
        }
        PaymentsCommand::Receipt(args) => {
            let who = args.sign_in.clone().who()?;
            connect::visit(config, who, async |visit| {
                let call = MoneyCall::Receipt(PaymentId(args.payment));
                let MoneyAnswer::Receipt(receipt) = ask(visit, call).await? else {
                    return Err(Fault::Internal.into());
                };
                out.text(&receipt.text(visit.community.time_zone))
            })?;
        }
        PaymentsCommand::Takings(args) => {
            let who = args.sign_in.clone().who()?;
            connect::visit(config, who, async |visit| {
                let today = visit.community.time_zone.day(visit.community.clock);
                let call = MoneyCall::Takings(args.day.unwrap_or(today));
                let MoneyAnswer::Takings(takings) = ask(visit, call).await? else {
                    return Err(Fault::Internal.into());
                };
                show_takings(&takings, args.json, out)
            })?;
        }
        PaymentsCommand::Export(args) => {
            let who = args.sign_in.clone().who()?;
            connect::visit(config, who, async |visit| {
                let page = args.filter.fetch(visit).await?;
                out.text(&page.csv())
            })?;
        }
    }
    out.flush()
}

impl FilterArgs {
    async fn fetch(&self, visit: &Visit) -> Result<PaymentPage, CliError> {
        let zone = visit.community.time_zone;
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until < from
        {
            return Err(CliError::Usage(format!(
                "The last day, {until}, comes before the first, {from}."
            )));
        }
        let behind = |day: NaiveDate| {
            day.succ_opt()
                .ok_or_else(|| CliError::Usage("That day is too far away.".to_owned()))
        };
        let filter = PaymentFilter {
            event: self.event.map(EventId),
            member: None,
            channel: self.channel.clone(),
            operator: self.operator.clone(),
            from: self.from.map(|day| zone.midnight(day)),
            to: self.until.map(behind).transpose()?.map(|day| zone.midnight(day)),
            kind: self.kind.into(),
            containing: self.search.clone(),
        };
        let call = MoneyCall::List {
            filter,
            before: None,
            most: ALL_ROWS,
        };
        match ask(visit, call).await? {
            MoneyAnswer::Page(page) => Ok(page),
            _ => Err(Fault::Internal.into()),
        }
    }
}

/// Writes are sent again with the same nonce while the trouble is passing, as from a screen.
async fn ask(visit: &Visit, call: MoneyCall) -> Result<MoneyAnswer, CliError> {
    match visit.ask(Call::Money(call)).await? {
        Answer::Money(answer) => Ok(answer),
        _ => Err(Fault::Internal.into()),
    }
}

async fn ask_line(visit: &Visit, call: MoneyCall) -> Result<MoneyLine, CliError> {
    match ask(visit, call).await? {
        MoneyAnswer::Line(line) => Ok(*line),
        _ => Err(Fault::Internal.into()),
    }
}

fn amount(currency: Currency, typed: &str) -> Result<Money, CliError> {
    currency.read(typed).map_err(CliError::Usage)
}

async fn refund(visit: &Visit, args: &RefundArgs) -> Result<MoneyLine, CliError> {
    let payment = PaymentId(args.payment);
    let amount = if let Some(typed) = &args.amount {
        amount(visit.community.money(), typed)?
    } else {
        let MoneyAnswer::Receipt(receipt) = ask(visit, MoneyCall::Receipt(payment)).await? else {
            return Err(Fault::Internal.into());
        };
        let left = receipt.line.payment.and_then(|payment| payment.left().amount());
        left.ok_or_else(|| CliError::failed("Nothing of this payment is left to give back."))?
    };
    let call = MoneyCall::Refund {
        nonce: Nonce::new_v4(),
        payment,
        amount,
        channel: args.channel.clone(),
        reason: args.reason.clone(),
    };
    ask_line(visit, call).await
}

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

fn told(line: &MoneyLine, json: bool, currency: Currency, out: &mut Out<impl Write>) -> Result<(), CliError> {
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

fn list(
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

fn show_takings(takings: &Takings, json: bool, out: &mut Out<impl Write>) -> Result<(), CliError> {
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
