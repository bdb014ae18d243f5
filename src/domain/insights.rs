//! The community in numbers: what was asked for, by which weeks, and the rows behind a number. Every number is counted by
//! the database; what each counts stands at its field.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::event::EventId;
use super::member::MemberName;
use super::money::Balance;
use super::{SafeText, Timestamp};

/// One week, Monday to Sunday in the community's zone. What is about an event counts in the week in which it starts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Week {
    /// Its first day.
    pub monday: NaiveDate,
    /// Attendances that were not taken back, by event type, in the order of [`Insights::types`].
    pub attended: Vec<i64>,
    /// Money that came in this week; not what was voided.
    pub taken: Balance,
    /// Money that was given back this week.
    pub refunded: Balance,
    /// Events with a limit that are over and were not cancelled.
    pub limited: i64,
    /// Seats there were at them.
    pub seats: i64,
    /// How many of these were held. The fill rate is this over `seats`; above 100 % where the door let in more.
    pub seats_taken: i64,
    /// Members who held a seat at an event that is over and was not cancelled, with a limit or without.
    pub held: i64,
    /// No-shows: those of them who did not come.
    pub missed: i64,
    /// New members: accounts made this week, but for the staff's.
    pub joined: i64,
    /// Those of them who have attended an event by now.
    pub came: i64,
}

/// Money by one channel in all of the weeks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ChannelSum {
    /// The way to pay, as the database writes it.
    pub channel: SafeText,
    /// How many payments.
    pub payments: i64,
    /// What came in.
    pub taken: Balance,
    /// How many refunds.
    pub refunds: i64,
    /// What was given back by it, whichever way it had come in.
    pub refunded: Balance,
}

/// Some weeks in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Insights {
    /// The first of them.
    pub first: NaiveDate,
    /// Types of events that somebody attended, in the community's order.
    pub types: Vec<SafeText>,
    /// The weeks, oldest first.
    pub weeks: Vec<Week>,
    /// Money by channel, most first.
    pub channels: Vec<ChannelSum>,
}

/// Streaks in one week. A streak is two weeks in a row or more with an event attended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct StreakWeek {
    /// The week.
    pub monday: NaiveDate,
    /// Members who hold a streak at its end; in the running week, now.
    pub held: i64,
    /// Members whose streak went on by an attendance.
    pub kept: i64,
    /// Members whose second week in a row it was.
    pub begun: i64,
    /// Members who lost a streak because they attended nothing.
    pub lost: i64,
    /// Members who will lose it on Sunday if they attend nothing: the running week only.
    pub open: i64,
}

/// How many streaks of some lengths are held at the end of the weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct StreakLength {
    /// Shortest of these lengths, in weeks; the longest is one below the next step's.
    pub least: i32,
    /// Members.
    pub members: i64,
}

/// The streaks of some weeks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StreakHealth {
    /// The weeks, oldest first.
    pub weeks: Vec<StreakWeek>,
    /// Lengths, shortest first.
    pub lengths: Vec<StreakLength>,
}

/// Which rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Attendances; a part is an event type.
    Attended,
    /// Payments and refunds; a part is a channel.
    Money,
    /// Payments.
    Taken,
    /// Refunds.
    Refunded,
    /// Events with a limit.
    Limited,
    /// Seats that were held.
    HeldSeats,
    /// No-shows.
    NoShows,
    /// New members.
    Joined,
    /// New members who have attended.
    Came,
    /// Streaks that are held; a part is [`StreakLength::least`].
    StreaksHeld,
    /// Streaks that went on.
    StreaksKept,
    /// Streaks that began.
    StreaksBegun,
    /// Streaks that were lost.
    StreaksLost,
    /// Streaks that want an attendance until Sunday.
    StreaksOpen,
}

impl Subject {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Attended,
        Self::Money,
        Self::Taken,
        Self::Refunded,
        Self::Limited,
        Self::HeldSeats,
        Self::NoShows,
        Self::Joined,
        Self::Came,
        Self::StreaksHeld,
        Self::StreaksKept,
        Self::StreaksBegun,
        Self::StreaksLost,
        Self::StreaksOpen,
    ];

    /// The word of the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Attended => "attended",
            Self::Money => "money",
            Self::Taken => "taken",
            Self::Refunded => "refunded",
            Self::Limited => "limited",
            Self::HeldSeats => "held_seats",
            Self::NoShows => "no_shows",
            Self::Joined => "joined",
            Self::Came => "came",
            Self::StreaksHeld => "streaks_held",
            Self::StreaksKept => "streaks_kept",
            Self::StreaksBegun => "streaks_begun",
            Self::StreaksLost => "streaks_lost",
            Self::StreaksOpen => "streaks_open",
        }
    }

    /// Whether it is about members and weeks, not about moments.
    pub fn is_of_streaks(self) -> bool {
        matches!(
            self,
            Self::StreaksHeld
                | Self::StreaksKept
                | Self::StreaksBegun
                | Self::StreaksLost
                | Self::StreaksOpen
        )
    }
}

/// The rows behind one number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Behind {
    /// A day of the first week.
    pub first: NaiveDate,
    /// How many weeks, at most 53.
    pub weeks: i32,
    /// What.
    pub subject: Subject,
    /// Only those of an event type, a channel, or a step of lengths.
    pub part: Option<String>,
}

/// Where a page of rows ended. It is sent back as it came and never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// What the rows are ordered by.
    pub key: String,
    /// Tells those apart that are alike.
    pub id: i64,
}

/// One row behind a number; what it has depends on the subject.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct InsightRow {
    /// Tells rows of one subject apart.
    pub id: i64,
    /// The event's start, the money's moment, the account's making; the Monday of a streak's week.
    pub at: Option<Timestamp>,
    /// Whom it is about.
    pub member: Option<MemberName>,
    /// The event.
    pub event_id: Option<EventId>,
    /// Its title.
    pub title: Option<SafeText>,
    /// Its type.
    pub event_type: Option<SafeText>,
    /// The channel of money; `came` or `no_show`.
    pub what: Option<SafeText>,
    /// Money, below 0 for a refund.
    pub amount: Option<Balance>,
    /// Seats that were held; weeks of a streak.
    pub count: Option<i64>,
    /// Seats that there were.
    pub of: Option<i64>,
}

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct InsightPage {
    /// All there are.
    pub total: i64,
    /// Newest first; the longest streak first.
    pub rows: Vec<InsightRow>,
    /// Where the next page begins; none at the end.
    pub next: Option<Cursor>,
}

/// What may be asked about the community in numbers (staff). Nothing here is a write.
#[derive(Debug, Clone, PartialEq)]
pub enum InsightCall {
    /// Some weeks in numbers. → [`InsightAnswer::Numbers`]
    Numbers {
        /// A day of the first week.
        first: NaiveDate,
        /// How many weeks, at most 53.
        weeks: i32,
    },
    /// Their streaks. → [`InsightAnswer::Streaks`]
    Streaks {
        /// A day of the first week.
        first: NaiveDate,
        /// How many weeks, at most 53.
        weeks: i32,
    },
    /// A page of the rows behind a number. → [`InsightAnswer::Rows`]
    Rows {
        /// Which.
        behind: Behind,
        /// Behind this, [`InsightPage::next`] of the page before.
        after: Option<Cursor>,
        /// Rows, at most 5000.
        most: i32,
    },
}

/// What it brought.
#[derive(Debug, Clone, PartialEq)]
pub enum InsightAnswer {
    /// To [`InsightCall::Numbers`].
    Numbers(Insights),
    /// To [`InsightCall::Streaks`].
    Streaks(StreakHealth),
    /// To [`InsightCall::Rows`].
    Rows(InsightPage),
}
