//! A member's game on one page: what a check-in brought, badges and the way to the next level, the streak and the year of
//! weeks. What counts and what it pays is the database's rule; here are its shapes, and the few words made of them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::board::Ranked;
use super::member::MemberId;
use super::{SafeText, Timestamp};

/// Something that a check-in brought, or an undo took; then the points are negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Earned {
    /// The event's own points.
    Attendance {
        /// How many.
        points: i32,
    },
    /// The bonus of the week's first attendance.
    Streak {
        /// How many.
        points: i32,
        /// Weeks in a row, this one counted.
        weeks: i32,
    },
    /// A level of a badge.
    Badge {
        /// How many; may be 0.
        points: i32,
        /// The badge's name.
        badge: SafeText,
        /// From 1 to 5.
        level: i32,
        /// `Bronze` … `Diamond`.
        level_name: Option<SafeText>,
    },
}

impl Earned {
    /// Points won, or negative, lost.
    pub fn points(&self) -> i32 {
        match self {
            Self::Attendance { points } | Self::Streak { points, .. } | Self::Badge { points, .. } => *points,
        }
    }

    /// What it is, in few words: `week 6 streak`, `Event Explorer Gold`; nothing for the event's own points.
    pub fn words(&self) -> Option<String> {
        match self {
            Self::Attendance { .. } => None,
            Self::Streak { weeks, .. } => Some(format!("week {weeks} streak")),
            Self::Badge {
                badge,
                level,
                level_name,
                ..
            } => Some(match level_name {
                Some(name) => format!("{badge} {name}"),
                None => format!("{badge}, level {level}"),
            }),
        }
    }
}

/// What a badge family counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Different types of events attended.
    Types,
    /// Members connected with at an event both attended.
    Connections,
    /// Trivia events won.
    Wins,
    /// Weeks of the longest streak.
    Weeks,
    /// Members brought who attended at least once.
    Referrals,
}

impl Rule {
    /// How many more of what: `1 more type`, `7 more weeks`.
    pub fn more(self, count: i64) -> String {
        let (one, many) = match self {
            Self::Types => ("event type", "event types"),
            Self::Connections => ("person", "people"),
            Self::Wins => ("trivia night", "trivia nights"),
            Self::Weeks => ("week in a row", "weeks in a row"),
            Self::Referrals => ("friend", "friends"),
        };
        format!("{count} more {}", if count == 1 { one } else { many })
    }
}

/// The level that comes next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextLevel {
    /// From 1 to 5.
    pub level: i32,
    /// `Bronze` … `Diamond`.
    pub name: SafeText,
    /// How much of what the family counts it takes.
    pub threshold: i64,
    /// What it pays.
    pub points: i32,
}

/// When a level was reached that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelDate {
    /// From 1 to 5.
    pub level: i32,
    /// `Bronze` … `Diamond`.
    pub name: Option<SafeText>,
    /// When.
    pub earned_date: Timestamp,
    /// Whether staff gave it.
    pub by_hand: bool,
}

/// A member's standing in one badge family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadgeLine {
    /// `badges.id`.
    pub id: i32,
    /// The family's name.
    pub name: SafeText,
    /// What it is for.
    pub description: SafeText,
    /// What it counts; none for a badge that is only given by hand.
    pub rule: Option<Rule>,
    /// How much of that the member has.
    pub facts: i64,
    /// The highest level that stands; 0 is none.
    pub level: i32,
    /// Its name.
    pub level_name: Option<SafeText>,
    /// When it was reached.
    pub earned_date: Option<Timestamp>,
    /// The one above; none at the top.
    pub next: Option<NextLevel>,
    /// Every level that stands.
    pub dates: Vec<LevelDate>,
}

impl BadgeLine {
    /// How far it is to the next level: `2 more event types to Gold`; none at the top, and where nothing is counted.
    pub fn distance(&self) -> Option<String> {
        let (rule, next) = (self.rule?, self.next.as_ref()?);
        let left = next.threshold - self.facts;
        Some(if left > 0 {
            format!("{} to {}", rule.more(left), next.name)
        } else {
            // A rule was made easier since: it comes with whatever they do next.
            format!("{} with the next event", next.name)
        })
    }
}

/// How a streak stands in the running week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreakState {
    /// There is none.
    None,
    /// Nothing has to be done before Sunday.
    Safe,
    /// It ends on Sunday unless something is attended.
    AtRisk,
}

/// A member's streak.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streak {
    /// Weeks in a row; 0 is none.
    pub current: i64,
    /// The longest there was.
    pub longest: i64,
    /// How it stands.
    pub state: StreakState,
    /// First day of the running week, in the community's zone.
    pub monday: NaiveDate,
    /// Its last day.
    pub sunday: NaiveDate,
}

impl Streak {
    /// `safe until Sunday`, `attend by Sunday to keep 6 weeks`.
    pub fn words(&self) -> String {
        let weeks = |count: i64| format!("{count} week{}", if count == 1 { "" } else { "s" });
        match self.state {
            StreakState::None => "attend an event to begin one".to_owned(),
            StreakState::Safe => "safe until Sunday".to_owned(),
            StreakState::AtRisk => format!("attend by Sunday to keep {}", weeks(self.current)),
        }
    }
}

/// One week of the year's picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// Its first day.
    pub monday: NaiveDate,
    /// Events attended in it.
    pub events: i64,
}

/// A member's game on one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameCard {
    /// `users.id`.
    pub user_id: MemberId,
    /// Sign-in name.
    pub username: SafeText,
    /// Name as people say it.
    pub full_name: SafeText,
    /// When they became a member.
    pub created_at: Option<Timestamp>,
    /// Whether others see them on leaderboards.
    pub show_on_leaderboard: bool,
    /// Sum of all rows of the ledger but redemptions and their reversals.
    pub earned: i64,
    /// Sum of all rows.
    pub spendable: i64,
    /// Events attended.
    pub attended: i64,
    /// Their row of the all-time board; none without points, and for staff.
    pub standing: Option<Ranked>,
    /// How many members that board has.
    pub members: i64,
    /// Weeks in a row.
    pub streak: Streak,
    /// The last 53 weeks, the running one last.
    pub weeks: Vec<Week>,
    /// The families, in their order.
    pub badges: Vec<BadgeLine>,
}
