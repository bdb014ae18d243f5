//! `db reset-sequences`: every serial and identity column of the catalog, and whether its sequence would give a number
//! that is in use. The owner's work; what is done stands in [`crate::ops::sequences`].

use std::io::Write;
use std::process::ExitCode;

use crate::cluster::{DATABASE, Role};
use crate::config::Config;
use crate::ops::owner;
use crate::ops::sequences::{self, Line, State};

use super::error::Exit;
use super::output::{Align, Out, Table};
use super::{CliError, connect};

#[derive(Debug, clap::Args)]
pub(super) struct ResetArgs {
    /// Only say what is behind and what would be done.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &ResetArgs, config: &Config, json: bool) -> Result<ExitCode, CliError> {
    let lines = super::run::block_on(async {
        if let Some(url) = &config.database.url {
            return work(url.expose(), args.dry_run).await;
        }
        let cluster = connect::join(config).await?;
        let done = work(&cluster.url(Role::Owner, DATABASE), args.dry_run).await;
        cluster.leave();
        done
    })?;
    let out = &mut Out::stdout();
    if json {
        out.json(&lines)?;
    } else {
        show(&lines, out)?;
    }
    out.flush()?;
    let ill = |line: &Line| matches!(line.state, State::Exhausted | State::Failed);
    Ok(if lines.iter().any(ill) {
        Exit::Failed
    } else {
        Exit::Done
    }
    .into())
}

async fn work(url: &str, dry_run: bool) -> Result<Vec<Line>, CliError> {
    let by = format!("owner:{}", connect::system_user());
    sequences::reset(url, dry_run, &by).await.map_err(|error| {
        let sentence = format!(
            "The sequences cannot be looked at: {}. This needs the owner's login and an up-to-date database.",
            owner::words(&error)
        );
        if owner::is_refusal(&error) {
            CliError::Refused(sentence)
        } else {
            CliError::Failed(sentence)
        }
    })
}

fn show(lines: &[Line], out: &mut Out<impl Write>) -> Result<(), CliError> {
    let mut table = Table::new(&[
        ("COLUMN", Align::Left),
        ("KIND", Align::Left),
        ("IN USE", Align::Right),
        ("NEXT", Align::Right),
        ("NOW", Align::Right),
        ("", Align::Left),
    ]);
    let number = |of: Option<i64>| of.map_or_else(|| "-".to_owned(), |number| number.to_string());
    for line in lines {
        table.row([
            line.column.clone(),
            line.kind.clone(),
            number(line.in_use),
            number(line.old),
            number(line.new),
            match (line.state, &line.why) {
                (State::Right, _) => String::new(),
                (State::Reset, _) => "reset".to_owned(),
                (State::Behind, _) => "behind".to_owned(),
                (State::Exhausted | State::Failed, why) => why.clone().unwrap_or_default(),
            },
        ]);
    }
    out.table(&table)?;
    let count = |state| lines.iter().filter(|line| line.state == state).count();
    out.line(match (count(State::Behind), count(State::Reset)) {
        (0, 0) => format!("{} sequences; none was behind.", lines.len()),
        (0, reset) => format!("{} sequences; {reset} reset.", lines.len()),
        (behind, _) => format!(
            "{} sequences; {behind} behind. Without --dry-run they are set.",
            lines.len()
        ),
    })
}
