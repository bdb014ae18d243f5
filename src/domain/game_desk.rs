//! The game at the staff's desk: points and levels by hand, the facts that levels stand on, and the rules' numbers.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::badge::{Earned, Rule};
use super::member::MemberId;
use super::{SafeText, Timestamp};

/// What staff do to a member's points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PointsChange {
    /// Give points for a special activity.
    Award {
        /// 1 or more.
        points: i32,
        /// What for; stands in the member's ledger.
        reason: String,
    },
    /// Spend points; never more than there are.
    Redeem {
        /// 1 or more.
        points: i32,
        /// For what; stands in the member's ledger.
        reason: String,
    },
    /// Correct the balance; never below zero.
    Adjust {
        /// Positive or negative.
        points: i32,
        /// Why; stands in the member's ledger.
        reason: String,
    },
}

impl PointsChange {
    /// The ledger's word for it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Award { .. } => "special_activity",
            Self::Redeem { .. } => "redemption",
            Self::Adjust { .. } => "adjustment",
        }
    }

    /// How many, as they were given.
    pub fn points(&self) -> i32 {
        match self {
            Self::Award { points, .. } | Self::Redeem { points, .. } | Self::Adjust { points, .. } => *points,
        }
    }

    /// What for.
    pub fn reason(&self) -> &str {
        match self {
            Self::Award { reason, .. } | Self::Redeem { reason, .. } | Self::Adjust { reason, .. } => reason,
        }
    }
}

/// What became of a change of points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointsOutcome {
    /// It stands in the ledger.
    Done,
    /// The member does not have so many points.
    TooLittle,
    /// It was taken back before.
    Already,
}

/// The answer to it, and how the member stands then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsChanged {
    /// What became of it.
    pub outcome: PointsOutcome,
    /// The new row of the ledger.
    pub transaction_id: Option<i32>,
    /// What it changed; 0 when refused.
    pub points: i32,
    /// Earned in all.
    pub earned: i64,
    /// To spend.
    pub spendable: i64,
}

/// What became of a level given by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantOutcome {
    /// It stands, and its points.
    Granted,
    /// It stood before.
    Already,
}

/// The answer to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// What became of it.
    pub outcome: GrantOutcome,
    /// What it brought.
    #[serde(default)]
    pub earned: Option<Earned>,
}

/// The answer to taking such a level back, and how the member stands then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelTaken {
    /// What became of it.
    #[serde(flatten)]
    pub points: PointsChanged,
    /// Whether the level came again at once, by what the member has done.
    pub again: bool,
}

/// One level of a family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadgeLevel {
    /// From 1 to 5.
    pub level: i32,
    /// `Bronze` … `Diamond`.
    pub name: SafeText,
    /// How much of what the family counts it takes.
    pub threshold: i64,
    /// What it pays.
    pub points: i32,
}

/// One family of badges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadgeFamily {
    /// `badges.id`.
    pub id: i32,
    /// The family's name.
    pub name: SafeText,
    /// What it is for.
    pub description: SafeText,
    /// What it counts.
    pub rule: Option<Rule>,
    /// From the first up.
    pub levels: Vec<BadgeLevel>,
}

/// The rules' numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameRules {
    /// What a streak pays.
    #[serde(flatten)]
    pub streak: StreakRules,
    /// The families with levels.
    pub badges: Vec<BadgeFamily>,
}

/// What a streak pays: `step` points a week beyond the first, at most `most`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreakRules {
    /// Points a week beyond the first.
    pub streak_step: i32,
    /// The most that a week pays.
    pub streak_most: i32,
    /// Whether weeks without any event break no streak.
    pub skip_weeks_without_events: bool,
}

/// A level as a form has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadgeLevelDraft {
    /// More than the level before.
    pub threshold: i64,
    /// 0 or more.
    pub points: i32,
}

/// A member who would gain by other thresholds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gain {
    /// `users.id`.
    pub user_id: MemberId,
    /// Name as people say it.
    pub full_name: SafeText,
    /// The highest level they would get.
    pub level: i32,
    /// All the points they would get.
    pub points: i64,
}

/// Who would gain by other thresholds; nobody loses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GainPreview {
    /// How many members.
    pub members: i64,
    /// How many levels they would get together.
    pub levels: i64,
    /// How many points.
    pub points: i64,
    /// The first fifty of them by name.
    pub first: Vec<Gain>,
}

/// The answer to new thresholds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesSaved {
    /// How many members gained something at once; beyond a thousand they do with their next event.
    pub gained: i64,
    /// The rules as they stand now.
    pub rules: GameRules,
}

/// Something that counts for a badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The type of event, the event, or the member.
    pub name: SafeText,
    /// At which event, of a connection.
    #[serde(default)]
    pub about: Option<SafeText>,
    /// Events attended of the type, or by the member who was brought.
    #[serde(default)]
    pub count: Option<i64>,
    /// When, last.
    pub at: Option<Timestamp>,
    /// Whether it counts: an attendance taken back takes its facts along.
    #[serde(default = "counts")]
    pub counts: bool,
}

fn counts() -> bool {
    true
}

/// A bonus of a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bonus {
    /// The week's first day.
    pub monday: NaiveDate,
    /// Weeks in a row, this one counted.
    pub weeks: i32,
    /// What it paid.
    pub points: i32,
    /// When it was taken back, if it was.
    pub reversed_at: Option<Timestamp>,
}

/// A level that came, and perhaps went. Without a threshold it was given by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    /// Names it.
    pub id: i64,
    /// The family's name.
    pub badge: SafeText,
    /// From 1 to 5.
    pub level: i32,
    /// `Bronze` … `Diamond`.
    pub level_name: Option<SafeText>,
    /// By which threshold; none by hand.
    pub threshold: Option<i64>,
    /// When.
    pub earned_date: Timestamp,
    /// Who gave it by hand.
    pub awarded_by: Option<SafeText>,
    /// Why they did.
    pub reason: Option<SafeText>,
    /// When it was taken back, if it was.
    pub reversed_at: Option<Timestamp>,
}

/// What a member's levels stand on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberFacts {
    /// Events attended.
    pub attended: i64,
    /// The newest five hundred of them, with their types.
    pub attendances: Vec<Fact>,
    /// Types of events attended.
    pub types: Vec<Fact>,
    /// Trivia events won.
    pub wins: Vec<Fact>,
    /// Members they connected with.
    pub connections: Vec<Fact>,
    /// Members they brought; those count who attended.
    pub referrals: Vec<Fact>,
    /// Bonuses of weeks, newest first.
    pub bonuses: Vec<Bonus>,
    /// Levels, newest first.
    pub awards: Vec<Award>,
}
