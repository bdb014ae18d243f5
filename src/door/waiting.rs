//! What waits in the journals of this user, of whichever database and process: looked at without taking anything over.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::record::decode;

/// What was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Check-ins that no database has answered.
    pub unsent: usize,
    /// Those that a database saw otherwise, and nobody has settled.
    pub unsettled: usize,
    /// Lines that cannot be read.
    pub damaged: usize,
}

/// Counts what is in the journals under the folder of this user's state.
///
/// # Errors
/// The folder, or a file in it, cannot be read. No folder is no error: no door was here.
pub fn waiting(state_dir: &Path) -> io::Result<Waiting> {
    let mut found = Waiting::default();
    let entries = match fs::read_dir(state_dir.join("journal")) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "journal") {
            continue;
        }
        let bytes = match fs::read(&path) {
            // Its process has ended well in this moment.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            bytes => bytes?,
        };
        let decoded = decode(&bytes);
        found.unsent += decoded.state.open.len();
        found.unsettled += decoded.state.unsettled.len();
        found.damaged += decoded.damaged;
    }
    Ok(found)
}
