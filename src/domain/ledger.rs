//! A member's ledger by kind, their points week by week, and what they have not been told of it yet.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{SafeText, Timestamp};

/// A kind of ledger rows: `points_transactions.transaction_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerKind {
    /// An event's own points.
    EventAttendance,
    /// A week's bonus.
    StreakBonus,
    /// A badge level's points.
    BadgeAward,
    /// Given by staff.
    SpecialActivity,
    /// Spent.
    Redemption,
    /// Corrected by staff.
    Adjustment,
    /// Another row taken back.
    Reversal,
}

impl LedgerKind {
    /// Every kind, in the order in which a filter goes through them.
    pub const ALL: [Self; 7] = [
        Self::EventAttendance,
        Self::StreakBonus,
        Self::BadgeAward,
        Self::SpecialActivity,
        Self::Redemption,
        Self::Adjustment,
        Self::Reversal,
    ];

    /// The word of the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::EventAttendance => "event_attendance",
            Self::StreakBonus => "streak_bonus",
            Self::BadgeAward => "badge_award",
            Self::SpecialActivity => "special_activity",
            Self::Redemption => "redemption",
            Self::Adjustment => "adjustment",
            Self::Reversal => "reversal",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::EventAttendance => "events",
            Self::StreakBonus => "streaks",
            Self::BadgeAward => "badges",
            Self::SpecialActivity => "special",
            Self::Redemption => "redeemed",
            Self::Adjustment => "adjusted",
            Self::Reversal => "taken back",
        }
    }
}

/// One row of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsRow {
    /// `points_transactions.id`.
    pub id: i32,
    /// Points won (positive) or taken (negative).
    pub points: i32,
    /// Kind of the row.
    pub transaction_type: LedgerKind,
    /// What for, in words.
    pub description: SafeText,
    /// When it was recorded.
    pub transaction_date: Option<Timestamp>,
    /// Which event it came from.
    pub event_id: Option<i32>,
    /// When it counts.
    pub counts_at: Option<Timestamp>,
    /// The spendable balance after it, in order of `id`.
    pub balance: i64,
    /// Who of the staff wrote it.
    pub awarded_by: Option<SafeText>,
    /// The row that it takes back.
    pub reverses_id: Option<i32>,
    /// The row that took it back.
    pub reversed_by: Option<i32>,
}

/// A page of a ledger, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsPage {
    /// How many rows of the kind asked for there are in all.
    pub total: i64,
    /// The rows.
    pub rows: Vec<PointsRow>,
}

/// Points of one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekPoints {
    /// Its first day.
    pub monday: NaiveDate,
    /// Earned in it.
    pub earned: i64,
    /// Earned up to its end, ever.
    pub total: i64,
}

/// The names of a badge's levels, from the first up, as the ledger's descriptions end in them.
pub const LEVELS: [&str; 5] = ["Bronze", "Silver", "Gold", "Platinum", "Diamond"];

/// Something a member earned and was not told yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// How many points.
    pub points: i32,
    /// By what.
    pub transaction_type: LedgerKind,
    /// In words.
    pub description: SafeText,
    /// When.
    pub transaction_date: Option<Timestamp>,
}

impl News {
    /// The level of a badge as so many stars; none for anything else, and for a level by another name.
    pub fn stars(&self) -> usize {
        let is = |name: &&str| self.description.as_str().ends_with(*name);
        match self.transaction_type {
            LedgerKind::BadgeAward => LEVELS.iter().position(is).map_or(0, |at| at + 1),
            _ => 0,
        }
    }
}

/// What a member earned since they were last told; nothing of a history that was brought along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Celebration {
    /// Up to which row of the ledger this goes; to be said back when it was shown.
    pub through: i32,
    /// All of it together.
    pub points: i64,
    /// In order.
    pub rows: Vec<News>,
}
