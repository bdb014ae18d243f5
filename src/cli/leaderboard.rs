//! `leaderboard`: who has earned how much, as text or JSON.

use std::io::Write;

use serde::Serialize;

use crate::domain::points::{BoardRow, Leaderboard};

use super::CliError;
use super::output::{Align, Out, Table};

/// Show who has earned how many points.
#[derive(Debug, clap::Args)]
pub(super) struct LeaderboardArgs {
    /// How many rows, from the best down.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=100_000), value_name = "N")]
    limit: i64,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
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
    let mut table =
        Table::new(&[("RANK", Align::Right), ("NAME", Align::Left), ("USER", Align::Left), ("POINTS", Align::Right)]);
    for row in rows {
        table.row([
            if row.tied { format!("={}", row.rank) } else { row.rank.to_string() },
            row.full_name.to_string(),
            row.username.to_string(),
            row.points.to_string(),
        ]);
    }
    out.table(&table)?;
    match (rows.len(), members) {
        (0, _) => out.line("Nobody has earned points yet."),
        (shown, members) if (shown as i64) < members => out.line(format!("{shown} of {members}; more with --limit.")),
        _ => Ok(()),
    }
}
