//! This machine: where the settings are, what doors have left behind, how much room there is.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::sys::statvfs::statvfs;

use crate::config::{Config, Loaded, Places};
use crate::door;

use super::super::error::reason;
use super::Finding;

const MIB: u64 = 1 << 20;
/// With less, a day's log and a journal may not fit.
const TOO_LITTLE: u64 = 100 * MIB;
/// With less, a backup may not fit.
const LITTLE: u64 = 1024 * MIB;

pub(super) fn settings(loaded: &Loaded) -> Finding {
    match &loaded.file {
        Some(file) => Finding::right("settings", file.display().to_string()),
        None => Finding::right("settings", "no file; defaults apply"),
    }
}

pub(super) fn look(config: Option<&Config>, places: &Places) -> Vec<Finding> {
    let mut findings = vec![zone(), journal(places)];
    let mut folders: Vec<PathBuf> = places.state_dir.iter().cloned().collect();
    folders.extend(config.and_then(|config| config.backup.folder()));
    if config.is_some_and(|config| config.database.url.is_none()) {
        folders.extend(config.and_then(|config| config.cluster.data_dir.clone()));
    }
    let mut seen = BTreeSet::new();
    for folder in folders {
        let Some(there) = folder.ancestors().find(|folder| folder.is_dir()) else {
            continue;
        };
        if there.metadata().is_ok_and(|data| seen.insert(data.dev())) {
            findings.push(disk(there));
        }
    }
    findings
}

fn zone() -> Finding {
    match iana_time_zone::get_timezone() {
        Ok(zone) => Finding::right("machine zone", zone),
        Err(_) => Finding::note(
            "machine zone",
            "this machine does not say in which time zone it is",
            "set it (timedatectl set-timezone); Pine Time shows the community's zone either way",
        ),
    }
}

fn journal(places: &Places) -> Finding {
    let Some(state) = &places.state_dir else {
        return Finding::wrong(
            "journal",
            "this user has no home folder, so a door's check-ins are kept nowhere while the link is lost",
            "run Pine Time as a user with a home folder, or set HOME",
        );
    };
    match door::waiting(state) {
        Ok(waiting) if waiting == door::Waiting::default() => Finding::right("journal", "nothing waits"),
        Ok(waiting) if waiting.damaged > 0 => Finding::wrong(
            "journal",
            format!(
                "{} lines cannot be read, {} check-ins wait",
                waiting.damaged, waiting.unsent
            ),
            format!(
                "keep a copy of {}, then start pine-time: what can be read is brought to the database",
                state.join("journal").display()
            ),
        ),
        Ok(waiting) => Finding::note(
            "journal",
            format!(
                "{} check-ins wait for a database, {} for a person",
                waiting.unsent, waiting.unsettled
            ),
            "start pine-time and sign in as staff: they are brought by themselves; F10 at the door settles the rest",
        ),
        Err(error) => Finding::wrong(
            "journal",
            format!(
                "{} cannot be read: {}",
                state.join("journal").display(),
                reason(&error)
            ),
            "give this user the right to read it",
        ),
    }
}

fn disk(folder: &Path) -> Finding {
    let Ok(stat) = statvfs(folder) else {
        return Finding::unknown("disk", format!("{} does not say", folder.display()));
    };
    // The C library's types differ by system.
    #[allow(clippy::useless_conversion)]
    let free = u64::from(stat.blocks_available()).saturating_mul(u64::from(stat.fragment_size()));
    let says = format!("{} free at {}", room(free), folder.display());
    if free < TOO_LITTLE {
        Finding::wrong("disk", says, "free some room before the next evening")
    } else if free < LITTLE {
        Finding::note("disk", says, "free some room: a backup may not fit")
    } else {
        Finding::right("disk", says)
    }
}

fn room(bytes: u64) -> String {
    if bytes >= 10 * 1024 * MIB {
        format!("{} GiB", bytes / (1024 * MIB))
    } else {
        format!("{} MiB", bytes / MIB)
    }
}
