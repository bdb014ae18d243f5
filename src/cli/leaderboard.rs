//! `leaderboard`: who has earned how much, as text or JSON.

use std::io::Write;

use serde::Serialize;

use crate::config::Config;
use crate::domain::points::BoardRow;
use crate::domain::{Answer, Call, Fault};

use super::CliError;
use super::connect::{self, SignInArgs, Visit};
use super::output::{Align, Out, Table};

/// Rows that the database answers at once.
const PAGE: i64 = 500;

/// Show who has earned how many points.
#[derive(Debug, clap::Args)]
pub(super) struct LeaderboardArgs {
    /// How many rows, from the best down.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=100_000), value_name = "N")]
    limit: i64,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

pub(super) fn run(args: LeaderboardArgs, config: &Config) -> Result<(), CliError> {
    let who = args.sign_in.who()?;
    let (rows, members) = connect::visit(config, who, async |visit| fetch(visit, args.limit).await)?;
    let out = &mut Out::stdout();
    show(&rows, members, args.json, out)?;
    out.flush()
}

/// The best rows, and how many members the board has.
async fn fetch(visit: &Visit, limit: i64) -> Result<(Vec<BoardRow>, i64), CliError> {
    let mut rows: Vec<BoardRow> = Vec::new();
    loop {
        let skip = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let wanted = (limit - skip).min(PAGE);
        let Answer::Leaderboard(page) = visit.ask(Call::Leaderboard { skip, limit: wanted }).await? else {
            return Err(Fault::Internal.into());
        };
        let ended = page.rows.is_empty();
        rows.extend(page.rows);
        if ended || i64::try_from(rows.len()).is_ok_and(|have| have >= limit.min(page.members)) {
            return Ok((rows, page.members));
        }
    }
}

/// A row as `--json` prints it: no more than what the screen shows to everybody.
#[derive(Serialize)]
struct Line<'a> {
    rank: i64,
    tied: bool,
    username: &'a str,
    full_name: &'a str,
    points: i64,
}

fn show(rows: &[BoardRow], members: i64, json: bool, out: &mut Out<impl Write>) -> Result<(), CliError> {
    if json {
        let lines: Vec<Line> = rows
            .iter()
            .map(|row| Line {
                rank: row.rank,
                tied: row.tied,
                username: row.username.as_str(),
                full_name: row.full_name.as_str(),
                points: row.points,
            })
            .collect();
        return out.json(&lines);
    }
    let mut table = Table::new(&[
        ("RANK", Align::Right),
        ("NAME", Align::Left),
        ("USER", Align::Left),
        ("POINTS", Align::Right),
    ]);
    for row in rows {
        table.row([
            if row.tied {
                format!("={}", row.rank)
            } else {
                row.rank.to_string()
            },
            row.full_name.to_string(),
            row.username.to_string(),
            row.points.to_string(),
        ]);
    }
    out.table(&table)?;
    match (rows.len(), members) {
        (0, _) => out.line("Nobody has earned points yet."),
        (shown, members) if i64::try_from(shown).is_ok_and(|shown| shown < members) => {
            out.line(format!("{shown} of {members}; more with --limit."))
        }
        _ => Ok(()),
    }
}
