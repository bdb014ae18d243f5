//! What can go wrong between a key press and its answer, in the words of the house. The data layer maps every
//! database and network error to one of these; what the log needs besides is written there.

use thiserror::Error;

use super::SafeText;

/// Why a call brought no answer. The text is what a person reads.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// There is no session, or it has ended (`PT401`).
    #[error("Your session has ended. Sign in again.")]
    NotSignedIn,
    /// Signed in, but this is not theirs to do (`PT403`).
    #[error("{0}")]
    NotAllowed(SafeText),
    /// The thing asked for does not exist (`PT404`).
    #[error("{0}")]
    NotFound(SafeText),
    /// Somebody else, or an earlier press, has changed what this stood on (`PT409`).
    #[error("{0}")]
    Conflict(SafeText),
    /// A value was refused (`PT422`); `field` is the database's column, empty when it concerns the whole.
    #[error("{why}")]
    Invalid {
        /// The column that holds the refused value.
        field: String,
        /// A sentence for the person who typed it.
        why: SafeText,
    },
    /// The database cannot be reached, or went away.
    #[error("The database does not answer: {0}.")]
    Offline(SafeText),
    /// The answer did not come within the call's limit.
    #[error("The database took too long to answer.")]
    Slow,
    /// Every connection this program may hold is in use.
    #[error("All database connections are busy. Try again in a moment.")]
    Busy,
    /// Program and database are of different versions; the text says which to upgrade.
    #[error("{0}")]
    Version(SafeText),
    /// The database login may not do this at all.
    #[error("This terminal's database login may not do that.")]
    Login,
    /// Anything else; the log file has the details.
    #[error("Something went wrong in the database. The log file has the details.")]
    Internal,
}

impl Fault {
    /// Whether the link, not the request, is the trouble: what is on the screen stays and is marked as old.
    pub fn is_link(&self) -> bool {
        matches!(self, Self::Offline(_) | Self::Slow | Self::Busy)
    }
}
