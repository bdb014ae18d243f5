//! Planning: what staff ask of the data layer to make, change, cancel and reopen events and to manage their types, what
//! calendar files are written from, and what they are answered.

use serde::{Deserialize, Serialize};

use super::event::{EventDraft, EventId, EventPage};
use super::money::Money;
use super::{Nonce, SafeText, Timestamp};

/// A question or command about the plan.
#[derive(Debug, Clone, PartialEq)]
pub enum PlanCall {
    /// Make or change events (staff). → [`PlanAnswer::Saved`]
    Save {
        /// Of the key press.
        nonce: Nonce,
        /// What to save.
        draft: Box<EventDraft>,
    },
    /// Whom a change would touch (staff). → [`PlanAnswer::Effects`]
    Effects(Box<Change>),
    /// Cancel an event (staff). → [`PlanAnswer::Cancelled`]
    Cancel {
        /// Of the key press.
        nonce: Nonce,
        /// Which event.
        event: EventId,
        /// Why; everybody registered reads it.
        reason: String,
    },
    /// Take a cancellation back (staff). → [`PlanAnswer::Reopened`]
    Reopen {
        /// Of the key press.
        nonce: Nonce,
        /// Which event.
        event: EventId,
    },
    /// The event types, with how many events are of each (staff). → [`PlanAnswer::Types`]
    Types,
    /// Change the event types (administrators). → [`PlanAnswer::Types`]
    ChangeTypes {
        /// Of the key press.
        nonce: Nonce,
        /// How.
        change: TypeChange,
    },
    /// What goes into a calendar file. → [`PlanAnswer::File`]
    File(FileOf),
}

impl PlanCall {
    /// The nonce, if this is a write.
    pub fn nonce(&self) -> Option<Nonce> {
        match self {
            Self::Save { nonce, .. }
            | Self::Cancel { nonce, .. }
            | Self::Reopen { nonce, .. }
            | Self::ChangeTypes { nonce, .. } => Some(*nonce),
            Self::Effects(_) | Self::Types | Self::File(_) => None,
        }
    }

    /// What kind of call this is, without anything a person typed.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Save { .. } => "save event",
            Self::Effects(_) => "effects of a change",
            Self::Cancel { .. } => "cancel event",
            Self::Reopen { .. } => "reopen event",
            Self::Types => "event types",
            Self::ChangeTypes { .. } => "change event types",
            Self::File(_) => "calendar file",
        }
    }
}

/// What a [`PlanCall`] brought.
#[derive(Debug, Clone, PartialEq)]
pub enum PlanAnswer {
    /// To [`PlanCall::Save`].
    Saved(Box<Saved>),
    /// To [`PlanCall::Effects`].
    Effects(Effects),
    /// To [`PlanCall::Cancel`].
    Cancelled(Box<Stopped>),
    /// To [`PlanCall::Reopen`].
    Reopened(Box<Stopped>),
    /// To [`PlanCall::Types`] and [`PlanCall::ChangeTypes`]: as they stand now, in the community's order.
    Types(Vec<TypeLine>),
    /// To [`PlanCall::File`].
    File(CalendarFile),
}

/// What came of saving.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Saved {
    /// It is done.
    Saved {
        /// The event, or the first of the series, as it stands now.
        event: EventPage,
        /// How many events were made, or 1.
        events: i64,
    },
    /// Somebody else has changed the event since: nothing was done.
    Changed {
        /// The event as they left it.
        event: EventPage,
        /// Their user name.
        by: Option<SafeText>,
    },
}

/// A change of an event that people may mind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which event.
    pub event: EventId,
    /// Its new start.
    pub start_time: Timestamp,
    /// Its new end.
    pub end_time: Timestamp,
    /// Its new place.
    pub location: String,
    /// Its new seats; none is no limit.
    pub max_participants: Option<i32>,
    /// Whether it is cancelled.
    pub stops: bool,
}

/// Somebody who would be expected elsewhere at the new time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clash {
    /// First name.
    pub name: SafeText,
    /// At which event.
    pub title: SafeText,
}

/// Whom a change touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effects {
    /// Who hold a seat.
    pub registered: i64,
    /// Who wait for approval.
    pub pending: i64,
    /// Who wait for a seat.
    pub waitlisted: i64,
    /// Taken seats that there would no longer be.
    pub over: i64,
    /// First names of the first of them.
    pub names: Vec<SafeText>,
    /// How many would have to be at two events at once, and did not before.
    pub clashing: i64,
    /// The first of those.
    pub clashes: Vec<Clash>,
    /// Payments that stand.
    pub payments: i64,
    /// Their sum.
    pub paid: Money,
    /// Whether the time is another.
    pub moves: bool,
    /// Whether the place is another.
    pub relocates: bool,
    /// Whether the event is cancelled.
    pub stops: bool,
}

impl Effects {
    /// Everybody who counts on the event.
    pub fn people(&self) -> i64 {
        self.registered + self.pending + self.waitlisted
    }

    /// Whether somebody should be asked first.
    pub fn hurts(&self) -> bool {
        self.over > 0 || (self.people() > 0 && (self.moves || self.relocates || self.stops))
    }
}

/// What came of cancelling or reopening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopOutcome {
    /// It is cancelled.
    Cancelled,
    /// It takes place again.
    Reopened,
    /// It stood like that before.
    Already,
}

/// An event that was cancelled or reopened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// What came of it.
    pub outcome: StopOutcome,
    /// The event as it stands now.
    pub event: EventPage,
    /// Whom it touches, and what they have paid.
    pub effects: Effects,
}

/// One event type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeLine {
    /// Its name, 1 to 50 characters.
    pub name: SafeText,
    /// Events of it.
    pub events: i64,
    /// Whether first places at them count for Trivia Master.
    pub is_trivia: bool,
}

/// Longest name of a type: the column's limit.
pub const MAX_TYPE: usize = 50;

/// One change of the event types. They are named as the database has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeChange {
    /// A new one, behind the others.
    Add(String),
    /// Another name, for its events too.
    Rename(String, String),
    /// So many places on; back with a minus.
    Move(String, i32),
    /// Away, if there are no events of it.
    Remove(String),
    /// Whether it is trivia.
    Trivia(String, bool),
}

/// Which events go into a calendar file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileOf {
    /// These alone.
    pub events: Option<Vec<EventId>>,
    /// Those alone that I hold or wait for a seat at.
    pub mine: bool,
    /// Those that end after this.
    pub from: Option<Timestamp>,
    /// Those that start before this.
    pub to: Option<Timestamp>,
}

/// What a calendar file is written from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CalendarFile {
    /// Names the community, for good.
    pub calendar_id: uuid::Uuid,
    /// The events, by start.
    pub events: Vec<EventPage>,
}
