//! `registrations`: who is registered for an event, and what members and staff do about it. What is printed is in
//! `registration_rows`.

use clap::ValueEnum;

use crate::config::Config;
use crate::domain::event::{CancelOutcome, EventId, EventLine, RegisterOutcome, RegistrationStatus};
use crate::domain::event_people::{Attendance, DeskAct, EventPerson, PeopleFilter, PeopleSort};
use crate::domain::seats::{MyLine, Part, PaymentStatus, SeatsAnswer, SeatsCall};
use crate::domain::{Answer, Call, Fault, Nonce};

use super::CliError;
use super::connect::{self, SignInArgs, Visit};
use super::output::Out;
use super::registration_rows::{self as rows, Done};

/// Rows that are asked for at once.
const PAGE: i32 = 500;

#[derive(Debug, clap::Subcommand)]
pub(super) enum RegistrationsCommand {
    /// List an event's registrations, or those of the member who signs in.
    List(ListArgs),
    /// Register members for an event, or the member who signs in.
    Add(AddArgs),
    /// Cancel registrations, or that of the member who signs in.
    Cancel(ReasonArgs),
    /// Let in who waits for approval, or was rejected before.
    Approve(NamesArgs),
    /// Refuse registrations, with a reason that the member reads.
    Reject(ReasonArgs),
    /// Prefer somebody to those who wait longer: to a free seat, else to the head of the line.
    Promote(ReasonArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    /// The event's number, as `events list` shows it; without it, the registrations of the member named by --as.
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(i32).range(1..))]
    event: Option<i32>,
    /// Only these states.
    #[arg(long, value_enum, value_delimiter = ',', requires = "event")]
    status: Vec<StatusArg>,
    /// Only these payments.
    #[arg(long, value_enum, value_delimiter = ',', requires = "event")]
    payment: Vec<PaymentArg>,
    /// Only who has come, or has not.
    #[arg(long, value_enum, requires = "event")]
    attendance: Option<AttendanceArg>,
    /// Only who has these words in name, user name or e-mail address.
    #[arg(long, value_name = "TEXT", default_value = "", requires = "event")]
    containing: String,
    /// In which order.
    #[arg(long, value_enum, default_value_t = SortArg::Name, requires = "event")]
    sort: SortArg,
    /// Events that are over instead of those that are not.
    #[arg(long, conflicts_with = "event")]
    past: bool,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
    /// Print comma-separated values.
    #[arg(long, requires = "event", conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

/// Which event, who, and who says so.
#[derive(Debug, clap::Args)]
pub(super) struct NamesArgs {
    /// The event's number, as `events list` shows it.
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(i32).range(1..))]
    event: i32,
    /// User names, e-mail addresses or pass codes.
    #[arg(value_name = "MEMBER", required = true)]
    members: Vec<String>,
    /// Print a JSON array, one object a member.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct AddArgs {
    /// Stand in line when every seat is taken.
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    who: OthersArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ReasonArgs {
    /// Why; the member reads why they were rejected or cancelled, the audit log keeps why somebody was preferred.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    who: OthersArgs,
}

/// As [`NamesArgs`], where nobody named means oneself.
#[derive(Debug, clap::Args)]
pub(super) struct OthersArgs {
    /// The event's number, as `events list` shows it.
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(i32).range(1..))]
    event: i32,
    /// User names, e-mail addresses or pass codes; nobody means the member who signs in.
    #[arg(value_name = "MEMBER")]
    members: Vec<String>,
    /// Print a JSON array, one object a member.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StatusArg {
    Registered,
    Pending,
    Waitlisted,
    Cancelled,
    Rejected,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PaymentArg {
    Pending,
    Paid,
    NotRequired,
    Refunded,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum AttendanceArg {
    Attended,
    Absent,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SortArg {
    Name,
    Date,
    Line,
    Status,
    Payment,
    Arrival,
}

pub(super) fn run(command: RegistrationsCommand, config: &Config) -> Result<(), CliError> {
    match command {
        RegistrationsCommand::List(args) => list(&args, config),
        RegistrationsCommand::Add(args) if args.who.members.is_empty() => {
            let wait = args.wait;
            for_oneself(args.who, config, async |visit, event| {
                register(visit, event, wait).await
            })
        }
        RegistrationsCommand::Add(args) => {
            let wait = args.wait;
            for_others(args.who.into(), config, || DeskAct::Register { wait })
        }
        RegistrationsCommand::Cancel(args) if args.who.members.is_empty() => {
            if args.reason.is_some() {
                return Err(CliError::Usage(
                    "A reason is for others; name the members whose registrations to cancel.".to_owned(),
                ));
            }
            for_oneself(args.who, config, cancel)
        }
        RegistrationsCommand::Cancel(args) => {
            let reason = args.reason.unwrap_or_default();
            for_others(args.who.into(), config, || DeskAct::Cancel {
                reason: reason.clone(),
            })
        }
        RegistrationsCommand::Approve(args) => for_others(args, config, || DeskAct::Approve),
        RegistrationsCommand::Reject(args) => {
            let reason = args.reason.unwrap_or_default();
            for_others(args.who.named()?, config, || DeskAct::Reject {
                reason: reason.clone(),
            })
        }
        RegistrationsCommand::Promote(args) => {
            let reason = args.reason;
            for_others(args.who.named()?, config, || DeskAct::Promote {
                reason: reason.clone(),
            })
        }
    }
}

fn list(args: &ListArgs, config: &Config) -> Result<(), CliError> {
    let out = &mut Out::stdout();
    let json = args.json;
    let who = args.sign_in.clone().who()?;
    connect::visit(config, who, async |visit| {
        let (zone, now) = (visit.community.time_zone, visit.community.clock);
        if let Some(event) = args.event {
            let people = everybody(visit, EventId(event), args).await?;
            if args.csv {
                return rows::csv(&people, out);
            }
            return rows::people(&people, json, zone, now, out);
        }
        let part = if args.past { Part::Past } else { Part::Upcoming };
        rows::mine(&all_of_mine(visit, part).await?, json, zone, now, out)
    })?;
    out.flush()
}

/// All pages of an event's people.
async fn everybody(visit: &Visit, event: EventId, args: &ListArgs) -> Result<Vec<EventPerson>, CliError> {
    let filter = PeopleFilter {
        status: args
            .status
            .iter()
            .copied()
            .map(RegistrationStatus::from)
            .collect(),
        payment: args.payment.iter().copied().map(PaymentStatus::from).collect(),
        attendance: args.attendance.map(Attendance::from),
        query: args.containing.clone(),
    };
    let (mut people, mut after) = (Vec::new(), None);
    loop {
        let call = SeatsCall::People {
            event,
            filter: filter.clone(),
            sort: args.sort.into(),
            descending: false,
            after,
            most: PAGE,
        };
        let Answer::Seats(SeatsAnswer::People(page)) = visit.ask(Call::Seats(call)).await? else {
            return Err(Fault::Internal.into());
        };
        people.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return Ok(people);
        }
    }
}

async fn all_of_mine(visit: &Visit, part: Part) -> Result<Vec<MyLine>, CliError> {
    let (mut lines, mut after) = (Vec::<MyLine>::new(), None);
    loop {
        let call = SeatsCall::Mine {
            part,
            after,
            most: PAGE,
        };
        let Answer::Seats(SeatsAnswer::Mine(page)) = visit.ask(Call::Seats(call)).await? else {
            return Err(Fault::Internal.into());
        };
        lines.extend(page.rows);
        after = lines.last().map(|line| (line.event.start_time, line.event.id));
        if !page.more {
            return Ok(lines);
        }
    }
}

/// What the signed-in member does for themselves; a refusal is its sentence.
fn for_oneself(
    args: OthersArgs,
    config: &Config,
    act: impl AsyncFnOnce(&Visit, EventId) -> Result<(EventLine, String), CliError>,
) -> Result<(), CliError> {
    let out = &mut Out::stdout();
    let who = args.sign_in.who()?;
    let (line, sentence) = connect::visit(config, who, async |visit| act(visit, EventId(args.event)).await)?;
    if args.json {
        rows::own(&line, out)?;
    } else {
        out.line(sentence)?;
    }
    out.flush()
}

async fn register(visit: &Visit, event: EventId, wait: bool) -> Result<(EventLine, String), CliError> {
    let nonce = Nonce::new_v4();
    let call = if wait {
        Call::Seats(SeatsCall::JoinWaitlist { nonce, event })
    } else {
        Call::Register { nonce, event }
    };
    let (Answer::Registered(outcome, line) | Answer::Seats(SeatsAnswer::Joined(outcome, line))) =
        visit.ask(call).await?
    else {
        return Err(Fault::Internal.into());
    };
    let title = &line.title;
    let sentence = match (outcome, line.my_place) {
        (RegisterOutcome::Registered, _) => format!("You are registered for {title}."),
        (RegisterOutcome::Pending, _) => format!("The staff will approve your registration for {title}."),
        (RegisterOutcome::Waitlisted, Some(place)) => format!("You are number {place} in line for {title}."),
        (RegisterOutcome::Waitlisted, None) => format!("You are in line for {title}."),
        (refusal, _) => {
            return Err(CliError::Failed(match refusal {
                RegisterOutcome::Full if wait => {
                    format!("{title} is full and has begun; nobody moves up any more.")
                }
                RegisterOutcome::Full => format!("{title} is full; stand in line with --wait."),
                RegisterOutcome::EventInactive => format!("{title} is cancelled."),
                RegisterOutcome::Over => format!("{title} is over."),
                RegisterOutcome::Closed => format!("Registration for {title} has closed."),
                RegisterOutcome::Rejected => {
                    format!("Your registration for {title} was refused; ask the staff.")
                }
                _ => format!("You were registered for {title} before."),
            }));
        }
    };
    Ok((line, sentence))
}

async fn cancel(visit: &Visit, event: EventId) -> Result<(EventLine, String), CliError> {
    let nonce = Nonce::new_v4();
    let Answer::Cancelled(outcome, line) = visit.ask(Call::CancelRegistration { nonce, event }).await? else {
        return Err(Fault::Internal.into());
    };
    let title = &line.title;
    match outcome {
        CancelOutcome::Cancelled => {
            let sentence = format!("Your registration for {title} is cancelled.");
            Ok((line, sentence))
        }
        CancelOutcome::NotRegistered => Err(CliError::Failed(format!("You are not registered for {title}."))),
        CancelOutcome::TooLate => Err(CliError::Failed(format!("{title} has begun; ask the staff."))),
        CancelOutcome::CheckedIn => Err(CliError::Failed(format!(
            "You were checked in at {title}; ask the staff."
        ))),
    }
}

/// What staff do about each of the members named, one call and one line each.
fn for_others(args: NamesArgs, config: &Config, act: impl Fn() -> DeskAct) -> Result<(), CliError> {
    let who = args.sign_in.who()?;
    let done = connect::visit(config, who, async |visit| {
        let mut done = Vec::with_capacity(args.members.len());
        for name in args.members {
            done.push(one(visit, EventId(args.event), name, act()).await?);
        }
        Ok(done)
    })?;
    rows::results(&done, args.json, &mut Out::stdout())
}

async fn one(visit: &Visit, event: EventId, name: String, act: DeskAct) -> Result<Done, CliError> {
    let member = match visit.db.member_named(&visit.token, &name).await {
        Ok(member) => member,
        Err(error) => return refused(name, error.fault),
    };
    let call = SeatsCall::Change {
        nonce: Nonce::new_v4(),
        event,
        member: member.id,
        act,
    };
    match visit.ask(Call::Seats(call)).await {
        Ok(Answer::Seats(SeatsAnswer::Changed(change))) => Ok(Done::changed(name, member, *change)),
        Ok(_) => Err(Fault::Internal.into()),
        Err(fault) => refused(name, fault),
    }
}

/// What concerns this name alone is its result; anything else ends the command.
fn refused(name: String, fault: Fault) -> Result<Done, CliError> {
    match fault {
        Fault::NotFound(why) | Fault::Conflict(why) | Fault::Invalid { why, .. } => {
            Ok(Done::refused(name, why.to_string()))
        }
        fault => Err(fault.into()),
    }
}

impl OthersArgs {
    /// For what nobody does to oneself.
    fn named(self) -> Result<NamesArgs, CliError> {
        if self.members.is_empty() {
            return Err(CliError::Usage("Name the members whom it concerns.".to_owned()));
        }
        Ok(self.into())
    }
}

impl From<OthersArgs> for NamesArgs {
    fn from(args: OthersArgs) -> Self {
        Self {
            event: args.event,
            members: args.members,
            json: args.json,
            sign_in: args.sign_in,
        }
    }
}

impl From<StatusArg> for RegistrationStatus {
    fn from(arg: StatusArg) -> Self {
        match arg {
            StatusArg::Registered => Self::Registered,
            StatusArg::Pending => Self::Pending,
            StatusArg::Waitlisted => Self::Waitlisted,
            StatusArg::Cancelled => Self::Cancelled,
            StatusArg::Rejected => Self::Rejected,
        }
    }
}

impl From<PaymentArg> for PaymentStatus {
    fn from(arg: PaymentArg) -> Self {
        match arg {
            PaymentArg::Pending => Self::Pending,
            PaymentArg::Paid => Self::Paid,
            PaymentArg::NotRequired => Self::NotRequired,
            PaymentArg::Refunded => Self::Refunded,
        }
    }
}

impl From<AttendanceArg> for Attendance {
    fn from(arg: AttendanceArg) -> Self {
        match arg {
            AttendanceArg::Attended => Self::Attended,
            AttendanceArg::Absent => Self::Absent,
        }
    }
}

impl From<SortArg> for PeopleSort {
    fn from(arg: SortArg) -> Self {
        match arg {
            SortArg::Name => Self::Name,
            SortArg::Date => Self::Date,
            SortArg::Line => Self::Line,
            SortArg::Status => Self::Status,
            SortArg::Payment => Self::Payment,
            SortArg::Arrival => Self::Arrival,
        }
    }
}
