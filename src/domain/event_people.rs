//! An event's people as staff see them, and what staff do about one of them. What members see of each other is in
//! [`super::seats`].

use serde::{Deserialize, Serialize};

use super::completion::Place;
use super::event::{EventId, RegistrationStatus};
use super::member::MemberName;
use super::money::Money;
use super::seats::PaymentStatus;
use super::{SafeText, Timestamp};

/// Longest note.
pub const MAX_NOTE: usize = 1000;

/// Whether somebody has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attendance {
    /// They were checked in.
    Attended,
    /// They were not.
    Absent,
}

/// Which of an event's people; empty is all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PeopleFilter {
    /// One of these states.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<RegistrationStatus>,
    /// One of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payment: Vec<PaymentStatus>,
    /// Whether they have come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance: Option<Attendance>,
    /// Words that are somewhere in name, user name or e-mail address, or a pass code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub query: String,
}

/// The order of an event's people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PeopleSort {
    /// By name.
    #[default]
    Name,
    /// By when they registered.
    Date,
    /// By place in the waitlist, then everybody else.
    Line,
    /// Registered, pending, waitlisted, cancelled, rejected.
    Status,
    /// Pending, paid, refunded, not required.
    Payment,
    /// By when they were checked in, then everybody else.
    Arrival,
}

impl PeopleSort {
    /// The word of the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Date => "date",
            Self::Line => "line",
            Self::Status => "status",
            Self::Payment => "payment",
            Self::Arrival => "arrival",
        }
    }
}

/// Where a page ended. It is sent back as it came and never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    key: String,
    id: i32,
}

/// One of an event's people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPerson {
    /// `registrations.id`.
    pub registration_id: i32,
    /// Of which event.
    pub event_id: EventId,
    /// Who.
    pub member: MemberName,
    /// E-mail address.
    pub email: SafeText,
    /// Whether the member may sign in and register.
    pub is_active: bool,
    /// State.
    pub status: RegistrationStatus,
    /// Place in the waitlist, from 1.
    pub place: Option<i64>,
    /// What the member was told when they were refused, cancelled or moved.
    pub status_reason: Option<SafeText>,
    /// What staff tell each other.
    pub note: Option<SafeText>,
    /// When they registered.
    pub registration_date: Option<Timestamp>,
    /// Since when they wait, or waited.
    pub waitlisted_at: Option<Timestamp>,
    /// When they got a seat out of the waitlist.
    pub promoted_at: Option<Timestamp>,
    /// Whether it is paid.
    pub payment_status: PaymentStatus,
    /// The price it was made at; none is free.
    pub price_due: Option<Money>,
    /// What has been paid.
    pub paid: Option<Money>,
    /// What is still to be paid; none when nothing is, or they hold no seat.
    pub due: Option<Money>,
    /// When they were checked in.
    pub checked_in_at: Option<Timestamp>,
    /// Whether they were.
    pub attended: bool,
    /// Whether they were checked out since.
    pub has_left: bool,
    /// The place they came in, where that is entered.
    #[serde(default)]
    pub result: Option<Place>,
}

/// A page of an event's people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeoplePage {
    /// The page.
    pub rows: Vec<EventPerson>,
    /// Ask behind this for the next page; none when this is the last.
    pub next: Option<Cursor>,
}

/// An event's people in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleTotals {
    /// Of which event.
    pub event_id: EventId,
    /// Seats; none is no limit.
    pub max_participants: Option<i32>,
    /// All of them, whatever their state.
    pub people: i64,
    /// Those whom the filter shows.
    pub matching: i64,
    /// Seats taken.
    pub registered: i64,
    /// Waiting for approval.
    pub pending: i64,
    /// Waiting for a seat.
    pub waitlisted: i64,
    /// Given up.
    pub cancelled: i64,
    /// Refused.
    pub rejected: i64,
    /// Checked in.
    pub checked_in: i64,
    /// Registered and not checked in; none before the event is over.
    pub no_shows: Option<i64>,
    /// What has been paid, by everybody.
    pub paid: Money,
    /// By how many.
    pub payments: i64,
    /// What those who hold a seat still owe.
    pub due: Money,
    /// How many owe it.
    pub owing: i64,
}

/// What staff do about one member's registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskAct {
    /// Let in who is pending, or was refused before.
    Approve,
    /// Refuse, with a reason that the member reads; they cannot register again by themselves.
    Reject {
        /// Why, 1 to 255 characters.
        reason: String,
    },
    /// Cancel in their stead, with a reason that the member reads.
    Cancel {
        /// Why, 1 to 255 characters.
        reason: String,
    },
    /// Move to another event.
    Move {
        /// Where to.
        to: EventId,
        /// Into the waitlist there when it is full.
        wait: bool,
        /// Why; the member reads it.
        reason: Option<String>,
    },
    /// Write down for other staff; empty takes it away.
    Note {
        /// At most [`MAX_NOTE`] characters.
        text: String,
    },
    /// Register in their stead, without approval.
    Register {
        /// Into the waitlist when it is full.
        wait: bool,
    },
    /// Prefer to those who wait longer: to a free seat, else to the head of the line.
    Promote {
        /// Why; not needed for who stands first.
        reason: Option<String>,
    },
}

/// What came of a [`DeskAct`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskOutcome {
    /// They hold a seat.
    Registered,
    /// They stand in line.
    Waitlisted,
    /// They wait for approval, where they were moved.
    Pending,
    /// Refused.
    Rejected,
    /// Cancelled.
    Cancelled,
    /// The next free seat is theirs.
    Next,
    /// Written down.
    Noted,
    /// Nothing done: it stands so already, or they are registered there.
    Already,
    /// Nothing done: they stand first in line already, and no seat is free.
    FirstAlready,
    /// Nothing done: they do not wait for approval.
    NotPending,
    /// Nothing done: they do not stand in line.
    NotWaitlisted,
    /// Nothing done: their registration is cancelled or refused.
    NotRegistered,
    /// Nothing done: they were checked in.
    CheckedIn,
    /// Nothing done: they have paid.
    Paid,
    /// Nothing done: every seat is taken.
    Full,
    /// Nothing done: the event is cancelled.
    EventInactive,
    /// Nothing done: the event is over.
    Over,
    /// Nothing done: the member is switched off.
    MemberInactive,
}

impl DeskOutcome {
    /// Why nothing was done, in words; `None` when it was.
    pub fn why_not(self) -> Option<&'static str> {
        match self {
            Self::Registered
            | Self::Waitlisted
            | Self::Pending
            | Self::Rejected
            | Self::Cancelled
            | Self::Next
            | Self::Noted => None,
            Self::Already => Some("It stands so already."),
            Self::FirstAlready => Some("They stand first in line; no seat is free."),
            Self::NotPending => Some("They do not wait for approval."),
            Self::NotWaitlisted => Some("They do not stand in line."),
            Self::NotRegistered => Some("They are not registered."),
            Self::CheckedIn => Some("They were checked in; take that back first."),
            Self::Paid => Some("They have paid; refund that first."),
            Self::Full => Some("Every seat is taken."),
            Self::EventInactive => Some("The event is cancelled."),
            Self::Over => Some("The event is over."),
            Self::MemberInactive => Some("This member is switched off."),
        }
    }
}

/// What a [`DeskAct`] brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatChange {
    /// What came of it.
    pub outcome: DeskOutcome,
    /// The person as they now stand; after a move, at the event they were moved to. None when they have no
    /// registration.
    pub person: Option<EventPerson>,
    /// Seats of that event; none is no limit.
    pub max_participants: Option<i32>,
    /// Seats taken there.
    pub registered: i64,
    /// Waiting there.
    pub waitlisted: i64,
    /// Who got the seat that this freed, in their order.
    pub promoted: Vec<MemberName>,
}
