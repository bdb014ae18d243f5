//! `payments`: who paid what for what, as text, JSON or CSV; and money taken and given back without a screen.

use chrono::NaiveDate;

use crate::config::Config;
use crate::domain::event::EventId;
use crate::domain::money::{Currency, Money};
use crate::domain::payment::{
    MoneyAnswer, MoneyCall, MoneyLine, PaymentFilter, PaymentId, PaymentKind, PaymentPage, RegistrationId,
};
use crate::domain::{Answer, Call, Fault, Nonce};

use super::CliError;
use super::connect::{self, SignInArgs, Visit};
use super::output::Out;
use super::payment_lines::{list, show_takings, told};

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
