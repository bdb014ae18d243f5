//! `demo`: Pine Time on its private PostgreSQL with a sample community.

use std::process::ExitCode;

use crate::cluster::{DATABASE, Role};
use crate::config::Config;
use crate::ops::sample;

use super::output::{Align, Out, pad};
use super::sample::{Demo, prepare};
use super::{CliError, Exit, connect, run, screens};

/// Open Pine Time on a PostgreSQL of its own, with a sample community.
#[derive(Debug, clap::Args)]
pub(super) struct DemoArgs {
    /// Make the sample community anew, around today; what was done in it is gone.
    #[arg(long)]
    reset: bool,
    /// Print the database's address and the names to sign in with, and open nothing.
    #[arg(long)]
    prepare_only: bool,
}

pub(super) fn run(args: &DemoArgs, mut config: Config) -> Result<ExitCode, CliError> {
    // Whatever database is configured holds real members.
    config.database.url = None;
    let demo = Demo { reset: args.reset };
    let out = &mut Out::stdout();
    if !args.prepare_only {
        sign_in_names(out)?;
        out.flush()?;
        return Ok(screens::run(&config, Some(demo), false));
    }
    let url = run::block_on(async {
        let cluster = connect::join(&config).await?;
        let (owner, admin) = (
            cluster.url(Role::Owner, DATABASE),
            cluster.url(Role::Admin, "postgres"),
        );
        prepare(demo, &owner, &admin, |line| eprintln!("{line} …")).await?;
        // Whoever asks for the address connects later, without our knowing when.
        cluster.leave_running()?;
        Ok(owner)
    })?;
    out.line(url)?;
    sign_in_names(out)?;
    out.flush()?;
    Ok(Exit::Done.into())
}

fn sign_in_names(out: &mut Out<impl std::io::Write>) -> Result<(), CliError> {
    out.line(format!("Sign in as (password {}):", sample::PASSWORD))?;
    for (name, what) in sample::SIGN_IN_NAMES {
        out.line(format!("  {}{what}", pad(name, 8, Align::Left)))?;
    }
    Ok(())
}
