//! The profile's figures. How points come about is the database's rule; here are the shapes in which they are told.

use serde::{Deserialize, Serialize};

use super::member::MemberId;
use super::{SafeText, Timestamp};

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
