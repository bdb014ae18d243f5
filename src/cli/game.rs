//! `game verify`: whether points, streaks, levels and leaderboards still add up, and mending them. The owner's work; what it
//! looks for stands in [`crate::ops::game`].

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use serde_json::json;

use crate::cluster::{DATABASE, Role};
use crate::config::Config;
use crate::ops::game::{self, Drift, STEPS};
use crate::ops::owner;

use super::error::Exit;
use super::output::{Out, clear_progress};
use super::{CliError, connect};

#[derive(Debug, clap::Subcommand)]
pub(super) enum GameCommand {
    /// Recompute totals, leaderboards, bonuses and levels from attendance and the ledger, and list what differs.
    ///
    /// Needs the owner's login. Exit code 1 when something differs and was not mended.
    Verify(VerifyArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// Mend what differs: by rows of the ledger where points went wrong, by counting anew what is kept beside it.
    #[arg(long)]
    repair: bool,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &GameCommand, config: &Config) -> Result<ExitCode, CliError> {
    let GameCommand::Verify(args) = command;
    let verified = super::run::block_on(async {
        if let Some(url) = &config.database.url {
            return work(url.expose(), args.repair).await;
        }
        let cluster = connect::join(config).await?;
        let done = work(&cluster.url(Role::Owner, DATABASE), args.repair).await;
        cluster.leave();
        done
    });
    clear_progress();
    let (before, after) = verified?;
    let out = &mut Out::stdout();
    show(&before, &after, args, out)?;
    out.flush()?;
    Ok(if after.lines.is_empty() {
        Exit::Done
    } else {
        Exit::Failed
    }
    .into())
}

/// What had drifted, and what still does.
async fn work(url: &str, repair: bool) -> Result<(Drift, Drift), CliError> {
    let mut progress = Progress::default();
    let begins = |check: &'static str| progress.begins(check);
    let done = if repair {
        game::repair(url, &format!("owner:{}", connect::system_user()), begins).await
    } else {
        game::verify(url, begins)
            .await
            .map(|drift| (drift.clone(), drift))
    };
    done.map_err(|error| {
        let sentence = format!(
            "The game could not be verified: {}. This needs the owner's login and an up-to-date database.",
            owner::words(&error)
        );
        if owner::is_refusal(&error) {
            CliError::Refused(sentence)
        } else {
            CliError::Failed(sentence)
        }
    })
}

fn show(before: &Drift, after: &Drift, args: &VerifyArgs, out: &mut Out<impl Write>) -> Result<(), CliError> {
    if args.json {
        return out.json(&json!({
            "drift": before.lines,
            "due": before.due,
            "repaired": args.repair && before != after,
            "left": after.lines,
        }));
    }
    for line in &before.lines {
        out.line(format!("{}: {}", line.check, line.what))?;
    }
    if !args.repair || before.lines.is_empty() {
        match before.lines.len() {
            0 => out.line("The game adds up.")?,
            1 => out.line("One thing does not add up; --repair mends it.")?,
            many => out.line(format!("{many} things do not add up; --repair mends them."))?,
        }
    } else {
        out.line(format!(
            "{} of {} mended.",
            before.lines.len().saturating_sub(after.lines.len()),
            before.lines.len()
        ))?;
        for line in &after.lines {
            out.line(format!("still {}: {}", line.check, line.what))?;
        }
    }
    match (before.due.len(), args.repair) {
        (0, _) => Ok(()),
        (due, true) => out.line(format!("{due} levels were due and awarded.")),
        (due, false) => out.line(format!(
            "{due} levels are reached and not held yet; they come with what their members do next, or with --repair."
        )),
    }
}

/// A bar on a terminal, plain lines elsewhere; on standard error.
#[derive(Default)]
struct Progress {
    begun: usize,
}

impl Progress {
    fn begins(&mut self, check: &'static str) {
        if std::io::stderr().is_terminal() {
            // Filled by what is done; the check that runs is named behind it.
            let done = self.begun.min(STEPS);
            eprint!(
                "\r\x1b[K[{}{}] {done}/{STEPS} {check}",
                "#".repeat(done * 2),
                "-".repeat((STEPS - done) * 2)
            );
        } else {
            eprintln!("{check} …");
        }
        self.begun += 1;
        if self.begun > STEPS {
            self.begun = 1;
        }
    }
}
