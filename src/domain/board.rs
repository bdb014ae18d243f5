//! Leaderboards: of which period, from which place on, and their rows. Ranks are counted by the database.

use serde::{Deserialize, Serialize};

use super::SafeText;
use super::member::MemberId;

/// Which leaderboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Board {
    /// Ever.
    All,
    /// The running month, in the community's zone.
    Month,
    /// The one before.
    LastMonth,
    /// The running week, Monday to Sunday.
    Week,
    /// The one before.
    LastWeek,
    /// Events of one type, ever; by [`TypeBoard::id`].
    Type(i32),
}

impl Board {
    /// The word of the database, and of the command line.
    pub fn word(self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Month => "month".to_owned(),
            Self::LastMonth => "last_month".to_owned(),
            Self::Week => "week".to_owned(),
            Self::LastWeek => "last_week".to_owned(),
            Self::Type(id) => format!("type:{id}"),
        }
    }
}

/// A board of an event type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeBoard {
    /// What [`Board::Type`] takes.
    pub id: i32,
    /// The type's name.
    pub name: SafeText,
}

/// Where a page of a board lies. Members are on pages behind, before and around them also when nobody else sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// So many rows from the top. Deep inside of a large tie this takes longer than the others.
    Skip(i64),
    /// The row of this member in the middle; the top when they are not on it.
    Around(MemberId),
    /// Right behind this member's row.
    Behind(MemberId),
    /// Right before it.
    Before(MemberId),
}

/// One row of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// Competition rank: 1, 2, 2, 4.
    pub rank: i64,
    /// Whether somebody else has the same rank.
    pub tied: bool,
    /// `users.id`.
    pub user_id: MemberId,
    /// Sign-in name.
    pub username: SafeText,
    /// Name as people say it.
    pub full_name: SafeText,
    /// Points earned in the period.
    pub points: i64,
    /// Places gained since the period before; negative for lost ones, none who had no place or where there is no period.
    pub moved: Option<i64>,
}

/// A page of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardPage {
    /// How many members are on the board.
    pub members: i64,
    /// How many rows stand above the page; none when it was asked for by a member.
    pub skipped: Option<i64>,
    /// Whether rows stand above it.
    pub above: bool,
    /// Whether rows stand below it.
    pub below: bool,
    /// The rows, best first; ties by name.
    pub rows: Vec<Ranked>,
    /// The asker's own row, wherever it stands; none without points, and for staff.
    pub me: Option<Ranked>,
}
