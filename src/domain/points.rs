//! Points: the ledger of one member and the profile's figures. How points come about is the database's rule; here are
//! the shapes in which they are told.

use serde::{Deserialize, Serialize};

use super::member::MemberId;
use super::{SafeText, Timestamp};

/// One row of `points_transactions`, with the spendable balance after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRow {
    /// `points_transactions.id`.
    pub id: i32,
    /// Points won (positive) or taken (negative).
    pub points: i32,
    /// Kind of the row: `event_attendance`, `adjustment` …
    pub transaction_type: SafeText,
    /// What for, in words.
    pub description: SafeText,
    /// When it was recorded.
    pub transaction_date: Option<Timestamp>,
    /// When it counts: the event's start; none is when it was recorded.
    #[serde(default)]
    pub counts_at: Option<Timestamp>,
    /// Sum of all rows up to this one, in order of `id`.
    pub balance: i64,
}

/// A page of a member's ledger, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// The rows of this page.
    pub rows: Vec<LedgerRow>,
    /// How many rows the whole ledger has.
    pub total: i64,
}

/// A member's own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// `users.id`.
    pub user_id: MemberId,
    /// Sign-in name.
    pub username: SafeText,
    /// Name as people say it.
    pub full_name: SafeText,
    /// E-mail address.
    pub email: SafeText,
    /// When they became a member.
    pub created_at: Option<Timestamp>,
    /// Ten canonical characters; shown with [`super::pass_code::show`].
    pub pass_code: SafeText,
    /// Sum of all rows but redemptions and their reversals.
    pub earned: i64,
    /// Sum of all rows.
    pub spendable: i64,
    /// Events attended.
    pub attended: i64,
    /// Place on the all-time leaderboard; none without points or when left out of it.
    pub rank: Option<i64>,
    /// How many members the leaderboard has.
    pub members: i64,
}
