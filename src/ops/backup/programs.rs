//! Which `pg_dump` and `pg_restore` fit a server: of its version or newer, and no newer than need be, because a newer
//! one may write what an older server does not read.

use std::path::PathBuf;
use std::process::Stdio;

use tokio::process::Command;

use super::error::BackupError;

/// What has to be in a folder.
pub(super) const NAMES: [&str; 2] = ["pg_dump", "pg_restore"];

/// PostgreSQL's client programs of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    /// The folder they are in.
    pub dir: PathBuf,
    /// As `pg_dump` says it, `15.18`.
    pub version: String,
    /// The first number of it.
    pub major: i32,
}

impl Programs {
    /// What has to be in a folder.
    pub const NAMES: [&'static str; 2] = NAMES;

    /// One of the programs, ready for its arguments; it ends with us.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.dir.join(program));
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }
}

/// The programs for a server (`150018`, `15.18`), out of these folders.
///
/// # Errors
/// [`BackupError::NoPrograms`] names the version that is needed.
pub async fn find(folders: Vec<PathBuf>, server_number: i32, server: &str) -> Result<Programs, BackupError> {
    let needs = server_number / 10_000;
    let mut found = Vec::new();
    for dir in folders {
        found.extend(ask(dir).await);
    }
    choose(&found, needs)
        .cloned()
        .ok_or_else(|| BackupError::NoPrograms {
            server: server.to_owned(),
            needs,
            found: match found.iter().max_by_key(|programs| programs.major) {
                Some(newest) => format!(
                    "the newest pg_dump here is {} ({})",
                    newest.version,
                    newest.dir.display()
                ),
                None => "there is no pg_dump here".to_owned(),
            },
        })
}

fn choose(found: &[Programs], needs: i32) -> Option<&Programs> {
    found
        .iter()
        .filter(|programs| programs.major >= needs)
        .min_by_key(|programs| programs.major)
}

async fn ask(dir: PathBuf) -> Option<Programs> {
    let mut command = Command::new(dir.join("pg_dump"));
    let said = command
        .arg("--version")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .ok()?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let version = said
        .split("(PostgreSQL)")
        .nth(1)?
        .split_whitespace()
        .next()?
        .to_owned();
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    Some(Programs {
        dir,
        major: digits.parse().ok()?,
        version,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_that_is_new_enough() {
        let found: Vec<Programs> = [18, 15, 17]
            .map(|major| Programs {
                dir: PathBuf::from("/x"),
                version: format!("{major}.1"),
                major,
            })
            .to_vec();
        let chosen = |needs| choose(&found, needs).map(|programs| programs.major);
        assert_eq!(
            [chosen(15), chosen(16), chosen(18), chosen(19)],
            [Some(15), Some(17), Some(18), None]
        );
    }
}
