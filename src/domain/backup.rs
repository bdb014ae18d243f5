//! Backups as the desk sees them: how old the last one is that was proved, and which ones are worth keeping. Making and
//! proving them is an administrator's work, elsewhere.

use std::collections::BTreeSet;

use chrono::{Datelike, TimeDelta, Timelike};
use serde::{Deserialize, Serialize};

use super::{SafeText, Timestamp};

/// Without a verified backup for so many hours, something is wrong.
pub const OLD_AFTER_HOURS: i64 = 48;

/// The newest state of the community that was restored from a backup and found right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifiedBackup {
    /// The backup's name.
    pub name: SafeText,
    /// The moment whose state it holds.
    pub made_at: Timestamp,
    /// When that was proved.
    pub verified_at: Timestamp,
    /// Its size.
    pub bytes: i64,
    /// How old the state is, by the database's time.
    pub age_seconds: i64,
}

impl VerifiedBackup {
    /// How old the state is.
    pub fn age(&self) -> TimeDelta {
        TimeDelta::try_seconds(self.age_seconds).unwrap_or(TimeDelta::MAX)
    }

    /// Whether it is too old to rest upon.
    pub fn is_old(&self) -> bool {
        self.age() > TimeDelta::hours(OLD_AFTER_HOURS)
    }
}

/// How many backups of each span are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// One of each of the newest so many hours that have one.
    pub hourly: u32,
    /// Of days.
    pub daily: u32,
    /// Of weeks, Monday to Sunday.
    pub weekly: u32,
    /// Of months.
    pub monthly: u32,
}

impl Default for Keep {
    fn default() -> Self {
        Self {
            hourly: 24,
            daily: 7,
            weekly: 5,
            monthly: 12,
        }
    }
}

/// A backup, as far as keeping it is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// Its name; of two of the same moment the later name counts as the newer.
    pub name: String,
    /// The moment whose state it holds.
    pub made_at: Timestamp,
    /// Whether it was proved to be whole.
    pub is_verified: bool,
}

/// An hour, day, week or month, told from the others of its kind.
type Span = (i32, u32, u32);

/// In which of them a moment is.
type SpanOf = fn(Timestamp) -> Span;

/// The names of the backups that may go, the oldest first. In each span the newest backup stands for it; the newest of all
/// and the newest verified one stay whatever the numbers are. Hours, days and weeks are those of UTC.
pub fn to_prune(backups: &[Dated], keep: Keep) -> Vec<String> {
    let mut newest_first: Vec<&Dated> = backups.iter().collect();
    newest_first.sort_by_key(|backup| std::cmp::Reverse((backup.made_at, &backup.name)));
    let mut kept: BTreeSet<&str> = BTreeSet::new();
    kept.extend(newest_first.first().map(|backup| backup.name.as_str()));
    kept.extend(
        newest_first
            .iter()
            .find(|backup| backup.is_verified)
            .map(|backup| backup.name.as_str()),
    );
    let spans: [(u32, SpanOf); 4] = [
        (keep.hourly, |at| (at.year(), at.ordinal(), at.hour())),
        (keep.daily, |at| (at.year(), at.ordinal(), 0)),
        (keep.weekly, |at| (at.iso_week().year(), at.iso_week().week(), 0)),
        (keep.monthly, |at| (at.year(), at.month(), 0)),
    ];
    for (most, span) in spans {
        let mut seen = BTreeSet::new();
        for backup in &newest_first {
            if seen.len() >= most as usize {
                break;
            }
            if seen.insert(span(backup.made_at)) {
                kept.insert(&backup.name);
            }
        }
    }
    newest_first
        .iter()
        .rev()
        .filter(|backup| !kept.contains(backup.name.as_str()))
        .map(|backup| backup.name.clone())
        .collect()
}

#[cfg(test)]
#[path = "backup_tests.rs"]
mod tests;
