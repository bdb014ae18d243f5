//! The roster on disk, for a door that is started again while the link is down: one file for each process and event,
//! readable by its owner only, gone when the event is closed or somebody signs out.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::domain::event::EventId;
use crate::domain::roster::{Page, Roster};

/// Older rosters are no use to any door, and are removed.
const OLDEST: Duration = Duration::from_secs(72 * 3600);

/// Where this process keeps its roster.
#[derive(Debug, Clone)]
pub struct RosterFile {
    folder: PathBuf,
    key: String,
}

impl RosterFile {
    /// In this folder, for the database of this key. Removes what nobody has touched for three days.
    pub fn new(folder: &Path, key: &str) -> Self {
        let file = Self {
            folder: folder.to_owned(),
            key: key.to_owned(),
        };
        for (path, written) in file.all(&format!("{key}-")) {
            if SystemTime::now()
                .duration_since(written)
                .is_ok_and(|age| age > OLDEST)
            {
                let _ = fs::remove_file(path);
            }
        }
        file
    }

    fn own(&self, event: EventId) -> PathBuf {
        let name = format!("{}-{}.{}.roster", self.key, event.0, std::process::id());
        self.folder.join(name)
    }

    fn all(&self, beginning: &str) -> Vec<(PathBuf, SystemTime)> {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        entries
            .filter_map(Result::ok)
            .filter(|entry| {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                name.starts_with(beginning) && name.ends_with(".roster")
            })
            .filter_map(|entry| Some((entry.path(), entry.metadata().ok()?.modified().ok()?)))
            .collect()
    }

    /// Keeps a roster, in place of what this process had of any event.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keep(&self, roster: &Roster) -> io::Result<()> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.folder)?;
        let path = self.own(roster.event_id());
        let half = path.with_extension("half");
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(&half)?;
        file.write_all(&serde_json::to_vec(roster.page())?)?;
        for (other, _) in self.all(&format!("{}-", self.key)) {
            if other != path && is_mine(&other) {
                let _ = fs::remove_file(other);
            }
        }
        fs::rename(&half, &path)
    }

    /// The newest roster of an event that any process of this user has kept.
    pub fn find(&self, event: EventId) -> Option<Roster> {
        let mut found = self.all(&format!("{}-{}.", self.key, event.0));
        found.sort_by_key(|(_, written)| *written);
        found.into_iter().rev().find_map(|(path, _)| {
            let page: Page = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
            (page.event_id == event).then(|| Roster::new(page))
        })
    }

    /// Removes what this process has kept, and what processes that are gone left behind.
    pub fn drop_all(&self) {
        for (path, _) in self.all(&format!("{}-", self.key)) {
            if is_mine(&path) || !is_running(&path) {
                let _ = fs::remove_file(path);
            }
        }
    }
}

fn process(path: &Path) -> Option<i32> {
    path.file_stem()?.to_str()?.rsplit('.').next()?.parse().ok()
}

fn is_mine(path: &Path) -> bool {
    process(path).is_some_and(|id| u32::try_from(id) == Ok(std::process::id()))
}

fn is_running(path: &Path) -> bool {
    let Some(id) = process(path) else { return false };
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(id), None) != Err(nix::errno::Errno::ESRCH)
}
