//! `leaderboard`: who has earned how much, as text or JSON.

use std::io::Write;

use serde::Serialize;

use crate::config::Config;
use crate::domain::board::{Board, BoardPage, Place, Ranked};
use crate::domain::game::{GameAnswer, GameCall};
use crate::domain::member::MemberId;
use crate::domain::{Answer, Call, Fault};

use super::CliError;
use super::connect::{self, SignInArgs, Visit};
use super::output::{Align, Out, Table};

/// Rows that the database answers at once.
const PAGE: i32 = 500;

/// Show who has earned how many points.
#[derive(Debug, clap::Args)]
pub(super) struct LeaderboardArgs {
    /// Since when: ever, this month or week, or the one before; in the community's zone.
    #[arg(long, value_enum, default_value_t = Period::All)]
    period: Period,
    /// Only at events of this type, ever.
    #[arg(long = "type", value_name = "NAME", conflicts_with = "period")]
    event_type: Option<String>,
    /// With this member's row (user name) in the middle.
    #[arg(long, value_name = "NAME")]
    around: Option<String>,
    /// How many rows, from the best down.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i32).range(1..=100_000), value_name = "N")]
    limit: i32,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Period {
    All,
    Month,
    LastMonth,
    Week,
    LastWeek,
}

pub(super) fn run(args: &LeaderboardArgs, config: &Config) -> Result<(), CliError> {
    let who = args.sign_in.clone().who()?;
    let (rows, members) = connect::visit(config, who, async |visit| {
        let board = board(visit, args).await?;
        match &args.around {
            Some(name) => around(visit, board, name, args.limit).await,
            None => fetch(visit, board, args.limit).await,
        }
    })?;
    let out = &mut Out::stdout();
    show(&rows, members, args, out)?;
    out.flush()
}

async fn board(visit: &Visit, args: &LeaderboardArgs) -> Result<Board, CliError> {
    let Some(name) = &args.event_type else {
        return Ok(match args.period {
            Period::All => Board::All,
            Period::Month => Board::Month,
            Period::LastMonth => Board::LastMonth,
            Period::Week => Board::Week,
            Period::LastWeek => Board::LastWeek,
        });
    };
    let Answer::Game(GameAnswer::TypeBoards(types)) = visit.ask(Call::Game(GameCall::TypeBoards)).await?
    else {
        return Err(Fault::Internal.into());
    };
    types
        .iter()
        .find(|board| board.name.as_str() == name)
        .map(|board| Board::Type(board.id))
        .ok_or_else(|| {
            let known: Vec<_> = types.iter().map(|board| board.name.as_str()).collect();
            CliError::Failed(format!(
                "There is no event type {}; there are {}.",
                name.escape_debug(),
                known.join(", ")
            ))
        })
}

async fn page(visit: &Visit, board: Board, place: Place, most: i32) -> Result<BoardPage, CliError> {
    match visit
        .ask(Call::Game(GameCall::Board { board, place, most }))
        .await?
    {
        Answer::Game(GameAnswer::Board(page)) => Ok(page),
        _ => Err(Fault::Internal.into()),
    }
}

/// The best rows, and how many members the board has.
async fn fetch(visit: &Visit, board: Board, limit: i32) -> Result<(Vec<Ranked>, i64), CliError> {
    let mut rows: Vec<Ranked> = Vec::new();
    loop {
        let have = i32::try_from(rows.len()).unwrap_or(i32::MAX);
        let place = rows
            .last()
            .map_or(Place::Skip(0), |row: &Ranked| Place::Behind(row.user_id));
        let page = page(visit, board, place, (limit - have).min(PAGE)).await?;
        let ended = page.rows.is_empty() || !page.below;
        rows.extend(page.rows);
        if ended || i32::try_from(rows.len()).is_ok_and(|have| have >= limit) {
            return Ok((rows, page.members));
        }
    }
}

/// The neighbourhood of a member, and how many members the board has.
async fn around(visit: &Visit, board: Board, name: &str, limit: i32) -> Result<(Vec<Ranked>, i64), CliError> {
    let call = GameCall::Find {
        board,
        query: name.to_owned(),
    };
    let Answer::Game(GameAnswer::Found(found)) = visit.ask(Call::Game(call)).await? else {
        return Err(Fault::Internal.into());
    };
    let member: Option<MemberId> = found
        .iter()
        .find(|row| row.username.as_str().eq_ignore_ascii_case(name.trim()))
        .map(|row| row.user_id);
    let Some(member) = member else {
        return Err(CliError::Failed(format!(
            "{} is not on this leaderboard.",
            name.escape_debug()
        )));
    };
    let page = page(visit, board, Place::Around(member), limit.min(PAGE)).await?;
    Ok((page.rows, page.members))
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

fn show(
    rows: &[Ranked],
    members: i64,
    args: &LeaderboardArgs,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    if args.json {
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
        _ if args.around.is_some() => out.line(format!("Of {members}.")),
        (shown, members) if i64::try_from(shown).is_ok_and(|shown| shown < members) => {
            out.line(format!("{shown} of {members}; more with --limit."))
        }
        _ => Ok(()),
    }
}
