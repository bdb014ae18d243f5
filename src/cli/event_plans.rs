//! `events create`, `edit`, `cancel`, `reopen` and `export`: planning without screens, by the same rules and sentences
//! as the form.

use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::app::plan_words;
use crate::config::Config;
use crate::domain::event::{EventDraft, EventId, EventPage};
use crate::domain::event_form::{EventForm, Field};
use crate::domain::plan::{Change, FileOf, PlanAnswer, PlanCall, Saved, StopOutcome, Stopped};
use crate::domain::{Answer, Call, Fault, Nonce, ics};

use super::CliError;
use super::connect::{self, SignInArgs, Visit};
use super::error::reason;
use super::output::Out;

#[derive(Debug, clap::Args)]
pub(super) struct CreateArgs {
    #[command(flatten)]
    values: Values,
    /// Weeks from one event of a series to the next; one unless given.
    #[arg(long, value_name = "WEEKS", requires = "times")]
    every: Option<String>,
    /// How many events: a series of as many.
    #[arg(long, value_name = "N")]
    times: Option<String>,
    /// Print a JSON object: the event, or the first of the series, and how many were made.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct EditArgs {
    /// The event's number, as `events list` shows it.
    #[arg(value_parser = clap::value_parser!(i32).range(1..))]
    id: i32,
    #[command(flatten)]
    values: Values,
    /// Change it although people are registered who may mind.
    #[arg(long)]
    yes: bool,
    /// Print a JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

/// What is in an event. Times are the community's; an empty text empties what may be empty.
#[derive(Debug, clap::Args)]
struct Values {
    /// What it is called.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// One of the community's event types.
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<String>,
    /// Where.
    #[arg(long, value_name = "TEXT")]
    place: Option<String>,
    /// Date and time, as `2026-11-27 18:30`.
    #[arg(long, value_name = "MOMENT")]
    start: Option<String>,
    /// The same, or a time alone.
    #[arg(long, value_name = "MOMENT")]
    end: Option<String>,
    /// How many people; no limit unless given.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    seats: Option<String>,
    /// Points for coming.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    points: Option<String>,
    /// What it costs; free unless given.
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    price: Option<String>,
    /// Whether staff decide who gets in.
    #[arg(long, value_name = "YES|NO", value_parser = ["yes", "no"])]
    approval: Option<String>,
    /// What it is about.
    #[arg(long, value_name = "TEXT")]
    about: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct CancelArgs {
    /// The event's number, as `events list` shows it.
    #[arg(value_parser = clap::value_parser!(i32).range(1..))]
    id: i32,
    /// Why; everybody registered reads it.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Print a JSON object: what came of it, the event, and whom it touches.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ReopenArgs {
    /// The event's number, as `events list` shows it.
    #[arg(value_parser = clap::value_parser!(i32).range(1..))]
    id: i32,
    /// Print a JSON object: what came of it, the event, and whom it touches.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    /// The calendar file to write; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    ics: PathBuf,
    /// Only these events.
    #[arg(value_name = "ID", value_parser = clap::value_parser!(i32).range(1..))]
    ids: Vec<i32>,
    /// Only those that the member of --as is registered for.
    #[arg(long, requires = "as")]
    mine: bool,
    /// The first day, in the community's zone.
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<NaiveDate>,
    /// The last day.
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: Option<NaiveDate>,
    #[command(flatten)]
    sign_in: SignInArgs,
}

impl Values {
    /// Puts what was given into a form.
    fn fill(&self, form: &mut EventForm) {
        for (field, given) in [
            (Field::Title, &self.title),
            (Field::EventType, &self.event_type),
            (Field::Location, &self.place),
            (Field::Start, &self.start),
            (Field::End, &self.end),
            (Field::Seats, &self.seats),
            (Field::Points, &self.points),
            (Field::Price, &self.price),
            (Field::Approval, &self.approval),
            (Field::Description, &self.about),
        ] {
            if let Some(text) = given {
                form.set(field, text);
            }
        }
    }
}

/// The form's own check, each wrong field on a line of its own.
async fn check(visit: &Visit, form: &EventForm) -> Result<EventDraft, CliError> {
    let Answer::EventTypes(types) = visit.ask(Call::EventTypes).await? else {
        return Err(Fault::Internal.into());
    };
    let types: Vec<String> = types.iter().map(ToString::to_string).collect();
    let community = &visit.community;
    form.check(&types, community.time_zone, community.money(), community.clock)
        .map_err(|wrong| {
            let lines: Vec<String> = wrong
                .iter()
                .map(|(field, why)| format!("{}: {why}", field.name()))
                .collect();
            CliError::Usage(lines.join("\n"))
        })
}

async fn plan(visit: &Visit, call: PlanCall) -> Result<PlanAnswer, CliError> {
    match visit.ask(Call::Plan(call)).await? {
        Answer::Plan(answer) => Ok(answer),
        _ => Err(Fault::Internal.into()),
    }
}

async fn save(visit: &Visit, draft: EventDraft) -> Result<(EventPage, i64), CliError> {
    let call = PlanCall::Save {
        nonce: Nonce::new_v4(),
        draft: Box::new(draft),
    };
    match plan(visit, call).await? {
        PlanAnswer::Saved(saved) => match *saved {
            Saved::Saved { event, events } => Ok((event, events)),
            Saved::Changed { by, .. } => {
                let who = by.map_or_else(|| "Somebody".to_owned(), |by| by.to_string());
                Err(CliError::failed(format!(
                    "{who} changed the event at the same moment; look at it and try again."
                )))
            }
        },
        _ => Err(Fault::Internal.into()),
    }
}

pub(super) fn create(args: CreateArgs, config: &Config, out: &mut Out<impl Write>) -> Result<(), CliError> {
    let mut form = EventForm::default();
    args.values.fill(&mut form);
    form.every = args.every.unwrap_or_default();
    form.times = args.times.unwrap_or_default();
    let who = args.sign_in.who()?;
    connect::visit(config, who, async |visit| {
        let draft = check(visit, &form).await?;
        let (event, events) = save(visit, draft).await?;
        tell(visit, &event, events, args.json, out)
    })
}

pub(super) fn edit(args: EditArgs, config: &Config, out: &mut Out<impl Write>) -> Result<(), CliError> {
    let who = args.sign_in.who()?;
    connect::visit(config, who, async |visit| {
        let Answer::Event(page) = visit.ask(Call::Event(EventId(args.id))).await? else {
            return Err(Fault::Internal.into());
        };
        let (zone, money) = (visit.community.time_zone, visit.community.money());
        let mut form = EventForm::of(&page, zone, money);
        args.values.fill(&mut form);
        let draft = check(visit, &form).await?;
        if !args.yes && page.line.is_active && !page.line.is_over(visit.community.clock) {
            ask_first(visit, &page, &draft).await?;
        }
        let (event, events) = save(visit, draft).await?;
        tell(visit, &event, events, args.json, out)
    })
}

/// Refuses a change that somebody minds, and says whom it would hurt.
async fn ask_first(visit: &Visit, page: &EventPage, draft: &EventDraft) -> Result<(), CliError> {
    let change = Change {
        event: page.line.id,
        start_time: draft.start_time,
        end_time: draft.end_time,
        location: draft.location.clone(),
        max_participants: draft.max_participants,
        stops: false,
    };
    let PlanAnswer::Effects(effects) = plan(visit, PlanCall::Effects(Box::new(change))).await? else {
        return Err(Fault::Internal.into());
    };
    if !effects.hurts() {
        return Ok(());
    }
    let (question, told) = plan_words::hurts(&page.line.title, &effects, visit.community.money());
    Err(CliError::failed(format!("{question} {told} Add --yes to do it.")))
}

fn tell(
    visit: &Visit,
    event: &EventPage,
    events: i64,
    json: bool,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    if json {
        let mut value = serde_json::to_value(event).map_err(|_| CliError::from(Fault::Internal))?;
        value["events"] = events.into();
        return out.json(&value);
    }
    let text = plan_words::saved(event, events, visit.community.time_zone, visit.community.clock);
    out.line(format!("{text} Number {}.", event.line.id.0))
}

pub(super) fn cancel(args: CancelArgs, config: &Config, out: &mut Out<impl Write>) -> Result<(), CliError> {
    let who = args.sign_in.who()?;
    let call = PlanCall::Cancel {
        nonce: Nonce::new_v4(),
        event: EventId(args.id),
        reason: args.reason,
    };
    connect::visit(config, who, async |visit| {
        stopped(visit, plan(visit, call).await?, args.json, out)
    })
}

pub(super) fn reopen(args: ReopenArgs, config: &Config, out: &mut Out<impl Write>) -> Result<(), CliError> {
    let who = args.sign_in.who()?;
    let call = PlanCall::Reopen {
        nonce: Nonce::new_v4(),
        event: EventId(args.id),
    };
    connect::visit(config, who, async |visit| {
        stopped(visit, plan(visit, call).await?, args.json, out)
    })
}

/// What stood like that already is no failure: it stands as was wished.
fn stopped(visit: &Visit, answer: PlanAnswer, json: bool, out: &mut Out<impl Write>) -> Result<(), CliError> {
    let (PlanAnswer::Cancelled(stopped) | PlanAnswer::Reopened(stopped)) = answer else {
        return Err(Fault::Internal.into());
    };
    if json {
        return out.json(&*stopped);
    }
    let community = &visit.community;
    let (_, text) = plan_words::stopped(&stopped, community.time_zone, community.clock, community.money());
    out.line(&text)?;
    match &*stopped {
        Stopped {
            outcome: StopOutcome::Cancelled,
            effects,
            ..
        } if effects.people() > 0 => out.line(format!("{}.", plan_words::people(effects))),
        _ => Ok(()),
    }
}

pub(super) fn export(args: ExportArgs, config: &Config, out: &mut Out<impl Write>) -> Result<(), CliError> {
    if let (Some(from), Some(to)) = (args.from, args.to)
        && to < from
    {
        return Err(CliError::Usage(format!(
            "The last day, {to}, comes before the first, {from}."
        )));
    }
    let who = args.sign_in.who()?;
    let (text, events) = connect::visit(config, who, async |visit| {
        let zone = visit.community.time_zone;
        let too_far = || CliError::Usage("That day is too far away.".to_owned());
        let behind = match args.to {
            Some(day) => Some(zone.midnight(day.succ_opt().ok_or_else(too_far)?)),
            None => None,
        };
        let of = FileOf {
            events: (!args.ids.is_empty()).then(|| args.ids.iter().copied().map(EventId).collect()),
            mine: args.mine,
            from: args.from.map(|day| zone.midnight(day)),
            to: behind,
        };
        let PlanAnswer::File(file) = plan(visit, PlanCall::File(of)).await? else {
            return Err(Fault::Internal.into());
        };
        if let Some(missing) = args
            .ids
            .iter()
            .find(|id| !file.events.iter().any(|event| event.line.id.0 == **id))
            .filter(|_| !args.mine && args.from.is_none() && args.to.is_none())
        {
            return Err(CliError::failed(format!("There is no event {missing}.")));
        }
        let community = &visit.community;
        let text = ics::write(&file, community.community_name.as_str(), zone, community.clock);
        Ok((text, i64::try_from(file.events.len()).unwrap_or(i64::MAX)))
    })?;
    if args.ics == Path::new("-") {
        return out.text(&text);
    }
    std::fs::write(&args.ics, text).map_err(|error| {
        CliError::failed(format!(
            "{} cannot be written: {}.",
            args.ics.display(),
            reason(&error)
        ))
    })?;
    out.line(format!(
        "{} in {}.",
        plan_words::count(events, "event", "events"),
        args.ics.display()
    ))
}
