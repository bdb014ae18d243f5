//! Why a database was not adopted, one sentence each: what, where, and what to do. Whatever it was, the old database is
//! as it was before; only who is cut off while it is kept cannot know.

use super::super::migrate::MigrateError;
use super::super::owner;
use super::report::Adoption;

/// Why a database was not adopted. `Display` is the sentence for the administrator.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// No connection, or it broke, or the server refused something.
    #[error("The database was not adopted and is as it was: {}.", owner::words(.0))]
    Database(#[from] sqlx::Error),
    /// The connection or the program ended when everything was about to be kept.
    #[error("Interrupted in the moment of keeping it. Adopt it once more: that tells whether it was.")]
    Unsure,
    /// It is ours already.
    #[error(
        "This database is Pine Time's own already{}: there is nothing to adopt. pine-time db migrate brings it up to date.",
        .0.as_ref().map(|kept| format!(", adopted before (the old tables are in the schema {kept})")).unwrap_or_default()
    )]
    Own(Option<String>),
    /// Nothing is in it.
    #[error(
        "This database has no tables: there is nothing to adopt. pine-time db migrate makes an empty community in it."
    )]
    Empty,
    /// It is somebody else's.
    #[error(
        "This is no older Pine Time database: it lacks {0}. Check the address; what the tables may be called stands in the \
         README under \"Adopting an older database\"."
    )]
    Foreign(String),
    /// Two tables might be the same one.
    #[error(
        "Both {0} and {1} hold rows, and they would be one table here. Empty or drop the one that is not in use."
    )]
    Ambiguous(String, String),
    /// A column holds something that it cannot be read from.
    #[error(
        "The column {column} is of type {of}, which cannot be read as what it has to be. Change its type first."
    )]
    Strange {
        /// `table.column`.
        column: String,
        /// Its type.
        of: String,
    },
    /// The text in it is not UTF-8.
    #[error(
        "The database keeps its text as {0}. Dump it and restore it into a database with ENCODING 'UTF8' first."
    )]
    Encoding(String),
    /// The server takes no changes.
    #[error(
        "This server is read-only (a standby, or set so): use the primary's address. Looking needs it too."
    )]
    ReadOnly,
    /// The login may not do it. Each part is a sentence without its full stop.
    #[error("This login may not adopt the database: {}.", .0.join("; "))]
    Rights(Vec<String>),
    /// Somebody uses the old tables.
    #[error(
        "The old tables are in use{}, and stayed so for {seconds} seconds. Stop the old application and try again; nothing \
         was changed.",
        by_whom(by)
    )]
    Busy {
        /// Who.
        by: Vec<String>,
        /// How long they were waited for.
        seconds: u32,
    },
    /// An extension that we put elsewhere is needed by something old.
    #[error(
        "The extension {0} is in the schema public, and something of the old database hangs on it. Drop what does \
         (DROP EXTENSION {0} tells), and try again."
    )]
    Extension(String),
    /// There is something that nobody but the administrator can decide.
    #[error("{} of the old rows cannot be taken over as they are; nothing was changed.", .0.stops())]
    Stopped(Box<Adoption>),
    /// What was made is not what was there.
    #[error(
        "The adopted database did not prove to be the old one, and everything was taken back. What did not hold: {}.",
        .0.join("; ")
    )]
    NotProved(Vec<String>),
    /// The migrations failed.
    #[error("The tables of this version could not be made; the database is as it was. {0}")]
    Migrate(#[from] MigrateError),
}

impl AdoptError {
    /// Whether it may not be done, rather than that it failed.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Database(error) => owner::is_refusal(error),
            Self::NotProved(_) | Self::Migrate(_) | Self::Busy { .. } | Self::Unsure => false,
            _ => true,
        }
    }
}

fn by_whom(names: &[String]) -> String {
    if names.is_empty() {
        String::new()
    } else {
        format!(" by {}", names.join(", "))
    }
}
