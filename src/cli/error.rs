//! How a command ends: its exit code, and the sentence that goes with it.

use std::io;
use std::process::ExitCode;

use crate::config::ConfigError;
use crate::domain::Fault;

use super::db::DbError;

/// The exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// What was asked for is done.
    Done = 0,
    /// It could not be done.
    Failed = 1,
    /// The command line was wrong.
    Usage = 2,
    /// It may not be done: not signed in, not allowed, or not for this login.
    Refused = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what was asked.
#[derive(Debug, PartialEq, Eq)]
pub enum CliError {
    /// It could not be done: one or more plain sentences.
    Failed(String),
    /// Flags or arguments do not fit together in a way that the parser cannot see.
    Usage(String),
    /// It may not be done.
    Refused(String),
    /// A signal asked the process to end.
    Interrupted,
    /// Whoever read standard output has gone (`| head`): they have what they wanted.
    ReaderGone,
}

impl CliError {
    /// A sentence for [`CliError::Failed`].
    pub fn failed(message: impl Into<String>) -> Self {
        Self::Failed(message.into())
    }

    /// The process's exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Failed(_) | Self::Interrupted => Exit::Failed,
            Self::Usage(_) => Exit::Usage,
            Self::Refused(_) => Exit::Refused,
            Self::ReaderGone => Exit::Done,
        }
    }

    /// What standard error says about it.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Failed(message) | Self::Usage(message) | Self::Refused(message) => Some(message),
            Self::Interrupted => Some("interrupted."),
            Self::ReaderGone => None,
        }
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<Fault> for CliError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotSignedIn | Fault::NotAllowed(_) | Fault::Login => Self::Refused(fault.to_string()),
            _ => Self::Failed(fault.to_string()),
        }
    }
}

impl From<DbError> for CliError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Self::ReaderGone,
            DbError::NotPrivate(_) | DbError::OneLogin | DbError::LoginName(_) => {
                Self::Usage(format!("{error}."))
            }
            DbError::NeedsDba | DbError::LoginNeedsDba => Self::Refused(format!("{error}.")),
            DbError::Cluster(error) => error.into(),
            _ => Self::Failed(format!("{error}.")),
        }
    }
}

/// The system's reason in plain words, to go into a sentence: without the error number and the capital.
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
