//! Why nothing was imported, one sentence each.

use std::path::PathBuf;

use super::super::super::owner;

/// Why nothing was written. `Display` is the sentence for the user, without its end.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// What is imported cannot be.
    #[error("{0}; nothing was written")]
    Source(String),
    /// The file of the refused cannot be written.
    #[error("{} cannot be written ({why}); nothing was imported", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The database refuses.
    #[error("The community cannot be written to: {}. Nothing was imported", database_words(.0))]
    Database(#[from] sqlx::Error),
    /// The connection ended when everything was about to be kept.
    #[error(
        "The connection ended while the rows were being kept, so they may be there or not. Import once more: what is there \
         already is passed over"
    )]
    Unsure,
}

fn database_words(error: &sqlx::Error) -> String {
    match error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .as_deref()
    {
        Some("55P03" | "40P01") => "others are writing; try again in a quiet moment".to_owned(),
        _ => owner::words(error),
    }
}
