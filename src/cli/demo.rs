//! `demo`: Pine Time on its private PostgreSQL with a sample community.

use std::process::ExitCode;

use crate::cluster::{DATABASE, Role};
use crate::config::Config;
use crate::ops::migrate;
use crate::ops::sample::{self, Found, SampleError};

use super::output::{Align, Out, pad};
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

/// What is to be done to the sample community before it is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Demo {
    reset: bool,
}

pub(super) fn run(args: &DemoArgs, mut config: Config) -> Result<ExitCode, CliError> {
    // Whatever database is configured holds real members.
    config.database.url = None;
    let demo = Demo { reset: args.reset };
    let out = &mut Out::stdout();
    if !args.prepare_only {
        sign_in_names(out)?;
        out.flush()?;
        return Ok(screens::run(&config, Some(demo)));
    }
    let url = run::block_on(async {
        let cluster = connect::join(&config).await?;
        let (owner, admin) = (
            cluster.url(Role::Owner, DATABASE),
            cluster.url(Role::Admin, "postgres"),
        );
        let found = prepare(demo, &owner, &admin, |line| eprintln!("{line} …")).await?;
        if let Some(hint) = hint(found) {
            eprintln!("{hint}");
        }
        // Whoever asks for the address connects later, without our knowing when.
        cluster.leave_running()?;
        Ok(owner)
    })?;
    out.line(url)?;
    sign_in_names(out)?;
    out.flush()?;
    Ok(Exit::Done.into())
}

/// Brings the private database to this version and fills it, unless it is filled already. Answers what was found.
pub(super) async fn prepare(
    demo: Demo,
    owner: &str,
    admin: &str,
    tell: impl Fn(&str),
) -> Result<Found, CliError> {
    if demo.reset {
        tell("Clearing the sample community away");
        sample::clear(owner, admin).await?;
    }
    tell("Bringing the database up to date");
    migrate::migrate(owner).await?;
    tell("Making the sample community");
    Ok(sample::fill(owner).await?)
}

/// What to say about a sample community that was found.
pub(super) fn hint(found: Found) -> Option<&'static str> {
    (found == Found::Sample { stale: true }).then_some(
        "The sample community is of an earlier time; `pine-time demo --reset` makes one around today.",
    )
}

fn sign_in_names(out: &mut Out<impl std::io::Write>) -> Result<(), CliError> {
    out.line(format!("Sign in as (password {}):", sample::PASSWORD))?;
    for (name, what) in sample::SIGN_IN_NAMES {
        out.line(format!("  {}{what}", pad(name, 8, Align::Left)))?;
    }
    Ok(())
}

impl From<SampleError> for CliError {
    fn from(error: SampleError) -> Self {
        tracing::error!(error = ?error, "no sample community");
        match error {
            SampleError::Occupied => Self::Refused(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}
