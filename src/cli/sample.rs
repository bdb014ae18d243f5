//! Gets the sample community ready on the private PostgreSQL, for the screens and for `demo --prepare-only` alike.
//! What it holds is the business of [`crate::ops::sample`].

use crate::ops::migrate::{self, MigrateError};
use crate::ops::sample::{self, Found, SampleError};

use super::CliError;

/// What is to be done to the sample community before it is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Demo {
    /// Make it anew, whatever is there.
    pub(super) reset: bool,
}

/// Brings the private database to this version and fills it. A sample that is there is kept, unless its evening has
/// long been over or another version of the program made it: nothing happens in it any more.
pub(super) async fn prepare(
    demo: Demo,
    owner: &str,
    admin: &str,
    tell: impl Fn(&str),
) -> Result<(), CliError> {
    let of_yesterday = |found| found == Found::Sample { stale: true };
    if demo.reset {
        tell("Clearing the sample community away");
        sample::clear(owner, admin).await?;
    } else if of_yesterday(sample::found(owner).await?) {
        tell("Clearing the sample community of another day away");
        sample::clear_if(owner, admin, of_yesterday).await?;
    }
    tell("Bringing the database up to date");
    match migrate::migrate(owner).await {
        Err(MigrateError::Differs(_) | MigrateError::Newer(_)) => {
            tell("Clearing the sample community of another version away");
            sample::clear(owner, admin).await?;
            migrate::migrate(owner).await?;
        }
        result => drop(result?),
    }
    tell("Making the sample community");
    sample::fill(owner).await?;
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
