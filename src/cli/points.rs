//! `points` and `badges`: a member's ledger and levels as text or JSON, and points given, spent and corrected without a
//! screen.

use std::io::Write;

use crate::config::Config;
use crate::domain::badge::GameCard;
use crate::domain::game::{GameAnswer, GameCall};
use crate::domain::game_desk::{GameRules, PointsChange, PointsChanged, PointsOutcome};
use crate::domain::ledger::PointsRow;
use crate::domain::member::MemberId;
use crate::domain::{Answer, Call, Fault, Nonce};

use super::CliError;
use super::connect::{self, SignInArgs, Visit, Who};
use super::output::{Align, Out, Table};

/// Rows that the database answers at once.
const PAGE: i32 = 500;

#[derive(Debug, clap::Subcommand)]
pub(super) enum PointsCommand {
    /// Give a member points for a special activity.
    Award(ChangeArgs),
    /// Spend a member's points; never more than there are.
    Redeem(ChangeArgs),
    /// Correct a member's points, up or down; never below zero.
    Adjust(ChangeArgs),
    /// List a member's ledger, newest first.
    History(HistoryArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct ChangeArgs {
    /// The member's user name.
    member: String,
    /// How many.
    #[arg(allow_negative_numbers = true)]
    points: i32,
    /// What for; stands in the member's ledger.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct HistoryArgs {
    /// The member's user name; whoever signs in when it is left out.
    member: Option<String>,
    /// How many rows, from the newest back.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i32).range(1..=100_000), value_name = "N")]
    limit: i32,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum BadgesCommand {
    /// List the families of badges, what their levels take and pay.
    List(RulesArgs),
    /// Show a member's badges and how far the next level is.
    Show(ShowArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct RulesArgs {
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    /// The member's user name; whoever signs in when it is left out.
    member: Option<String>,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

pub(super) fn run(command: PointsCommand, config: &Config) -> Result<(), CliError> {
    let out = &mut Out::stdout();
    match command {
        PointsCommand::Award(args) => change(args, config, out, |points, reason| PointsChange::Award {
            points,
            reason,
        })?,
        PointsCommand::Redeem(args) => {
            change(args, config, out, |points, reason| PointsChange::Redeem {
                points,
                reason,
            })?;
        }
        PointsCommand::Adjust(args) => {
            change(args, config, out, |points, reason| PointsChange::Adjust {
                points,
                reason,
            })?;
        }
        PointsCommand::History(args) => {
            let who = args.sign_in.who()?;
            let rows = connect::visit(config, who.clone(), async |visit| {
                let member = whose(visit, &who, args.member.as_deref()).await?;
                history(visit, member, args.limit).await
            })?;
            show_history(&rows, args.json, out)?;
        }
    }
    out.flush()
}

pub(super) fn run_badges(command: BadgesCommand, config: &Config) -> Result<(), CliError> {
    let out = &mut Out::stdout();
    match command {
        BadgesCommand::List(args) => {
            let who = args.sign_in.who()?;
            let rules = connect::visit(config, who, async |visit| {
                match visit.ask(Call::Game(GameCall::Rules)).await? {
                    Answer::Game(GameAnswer::Rules(rules)) => Ok(rules),
                    _ => Err(Fault::Internal.into()),
                }
            })?;
            show_rules(&rules, args.json, out)?;
        }
        BadgesCommand::Show(args) => {
            let who = args.sign_in.who()?;
            let card = connect::visit(config, who.clone(), async |visit| {
                let member = whose(visit, &who, args.member.as_deref()).await?;
                match visit.ask(Call::Game(GameCall::Card(member))).await? {
                    Answer::Game(GameAnswer::Card(card)) => Ok(card),
                    _ => Err(Fault::Internal.into()),
                }
            })?;
            show_badges(&card, args.json, out)?;
        }
    }
    out.flush()
}

fn change(
    args: ChangeArgs,
    config: &Config,
    out: &mut Out<impl Write>,
    into: impl FnOnce(i32, String) -> PointsChange,
) -> Result<(), CliError> {
    let who = args.sign_in.who()?;
    let change = into(args.points, args.reason);
    let changed = connect::visit(config, who, async |visit| {
        let member = named(visit, &args.member).await?;
        let call = GameCall::ChangePoints {
            nonce: Nonce::new_v4(),
            member,
            change,
        };
        match visit.ask(Call::Game(call)).await? {
            Answer::Game(GameAnswer::Points(changed)) => Ok(changed),
            _ => Err(Fault::Internal.into()),
        }
    })?;
    if args.json {
        out.json(&changed)?;
    }
    told(&changed, &args.member, args.json, out)
}

fn told(
    changed: &PointsChanged,
    member: &str,
    json: bool,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    let member = member.escape_debug();
    match changed.outcome {
        PointsOutcome::TooLittle => Err(CliError::Refused(format!(
            "{member} has {} points to spend; nothing was changed.",
            changed.spendable
        ))),
        _ if json => Ok(()),
        _ => out.line(format!(
            "{:+} points for {member}: {} earned, {} to spend.",
            changed.points, changed.earned, changed.spendable
        )),
    }
}

/// The member with this user name.
async fn named(visit: &Visit, name: &str) -> Result<MemberId, CliError> {
    let found = visit
        .db
        .members(&visit.token, name, 500)
        .await
        .map_err(|error| error.fault)?;
    found
        .iter()
        .find(|member| member.username.as_str().eq_ignore_ascii_case(name.trim()))
        .map(|member| member.id)
        .ok_or_else(|| {
            CliError::Failed(format!(
                "Nobody has the user name {}; `pine-time user list` shows them.",
                name.escape_debug()
            ))
        })
}

/// Whom a reading command is about: a named member, or whoever signed in.
async fn whose(visit: &Visit, who: &Who, name: Option<&str>) -> Result<Option<MemberId>, CliError> {
    match (who, name) {
        (_, None) => Ok(None),
        // Members cannot look others up, and need not.
        (Who::Member { name: me, .. }, Some(name)) if me.eq_ignore_ascii_case(name.trim()) => Ok(None),
        (_, Some(name)) => named(visit, name).await.map(Some),
    }
}

async fn history(visit: &Visit, member: Option<MemberId>, limit: i32) -> Result<Vec<PointsRow>, CliError> {
    let mut rows: Vec<PointsRow> = Vec::new();
    loop {
        let have = i32::try_from(rows.len()).unwrap_or(i32::MAX);
        let call = GameCall::Ledger {
            member,
            kind: None,
            before: rows.last().map(|row| row.id),
            most: (limit - have).min(PAGE),
        };
        let Answer::Game(GameAnswer::Ledger(page)) = visit.ask(Call::Game(call)).await? else {
            return Err(Fault::Internal.into());
        };
        let ended = page.rows.len() < usize::try_from((limit - have).min(PAGE)).unwrap_or_default();
        rows.extend(page.rows);
        if ended || i32::try_from(rows.len()).is_ok_and(|have| have >= limit) {
            return Ok(rows);
        }
    }
}

fn show_history(rows: &[PointsRow], json: bool, out: &mut Out<impl Write>) -> Result<(), CliError> {
    if json {
        return out.json(&rows);
    }
    if rows.is_empty() {
        return out.line("No points yet.");
    }
    let mut table = Table::new(&[
        ("DATE", Align::Left),
        ("POINTS", Align::Right),
        ("BALANCE", Align::Right),
        ("FOR", Align::Left),
    ]);
    for row in rows {
        table.row([
            row.transaction_date
                .map_or_else(String::new, |at| at.format("%Y-%m-%d").to_string()),
            format!("{:+}", row.points),
            row.balance.to_string(),
            row.description.to_string(),
        ]);
    }
    out.table(&table)
}

fn show_rules(rules: &GameRules, json: bool, out: &mut Out<impl Write>) -> Result<(), CliError> {
    if json {
        return out.json(&rules.badges);
    }
    let mut table = Table::new(&[
        ("BADGE", Align::Left),
        ("LEVEL", Align::Left),
        ("TAKES", Align::Right),
        ("PAYS", Align::Right),
    ]);
    for badge in &rules.badges {
        for level in &badge.levels {
            table.row([
                badge.name.to_string(),
                level.name.to_string(),
                level.threshold.to_string(),
                level.points.to_string(),
            ]);
        }
    }
    out.table(&table)
}

fn show_badges(card: &GameCard, json: bool, out: &mut Out<impl Write>) -> Result<(), CliError> {
    if json {
        return out.json(&card.badges);
    }
    let mut table = Table::new(&[
        ("BADGE", Align::Left),
        ("LEVEL", Align::Left),
        ("HAS", Align::Right),
        ("NEXT", Align::Left),
    ]);
    for badge in &card.badges {
        table.row([
            badge.name.to_string(),
            badge
                .level_name
                .as_ref()
                .map_or_else(|| "none yet".to_owned(), ToString::to_string),
            badge.facts.to_string(),
            badge.distance().unwrap_or_default(),
        ]);
    }
    out.table(&table)?;
    let streak = &card.streak;
    out.line(format!(
        "Streak: {} week{}, {}; the longest was {}.",
        streak.current,
        if streak.current == 1 { "" } else { "s" },
        streak.words(),
        streak.longest
    ))
}
