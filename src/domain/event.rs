//! Events and registrations as screens read them, and the rules about them that need no database: which event
//! the door opens on, and what a person may do with one.

use serde::{Deserialize, Serialize};

use super::member::MemberId;
use super::money::Money;
use super::seats::MyRegistration;
use super::{SafeText, Timestamp};

/// `events.id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub i32);

/// `registrations.status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegistrationStatus {
    /// Holds a seat.
    Registered,
    /// Waits for approval.
    Pending,
    /// Waits for a seat.
    Waitlisted,
    /// Given up by the member.
    Cancelled,
    /// Refused by staff.
    Rejected,
}

impl RegistrationStatus {
    /// The word of the database, which people read too.
    pub fn word(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Pending => "pending",
            Self::Waitlisted => "waitlisted",
            Self::Cancelled => "cancelled",
            Self::Rejected => "rejected",
        }
    }
}

/// An event in a list, and who the asker is to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventLine {
    /// `events.id`.
    pub id: EventId,
    /// Title.
    pub title: SafeText,
    /// Type, as `trivia`.
    pub event_type: SafeText,
    /// Place.
    pub location: SafeText,
    /// Start.
    pub start_time: Timestamp,
    /// End.
    pub end_time: Timestamp,
    /// Seats; none is no limit.
    pub max_participants: Option<i32>,
    /// Points that a check-in pays.
    pub points_reward: i32,
    /// What it costs; none is free.
    pub price: Option<Money>,
    /// False once cancelled.
    pub is_active: bool,
    /// Whether staff approve every registration.
    pub requires_approval: bool,
    /// Registrations that hold a seat.
    pub registered: i64,
    /// Registrations that wait for one.
    pub waitlisted: i64,
    /// People who were checked in.
    pub checked_in: i64,
    /// The asker's registration.
    pub my_status: Option<RegistrationStatus>,
    /// The asker's place in the waitlist, from 1; none when they do not stand in it.
    pub my_place: Option<i64>,
    /// Whether the asker was checked in.
    pub my_attendance: bool,
}

impl EventLine {
    /// Seats not taken; none when there is no limit.
    pub fn free(&self) -> Option<i64> {
        self.max_participants
            .map(|seats| (i64::from(seats) - self.registered).max(0))
    }

    /// Whether every seat is taken.
    pub fn is_full(&self) -> bool {
        self.free() == Some(0)
    }

    /// Whether it has begun and not ended.
    pub fn is_running(&self, now: Timestamp) -> bool {
        self.start_time <= now && now < self.end_time
    }

    /// Whether it has ended.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.end_time <= now
    }

    /// Whether the asker holds a seat.
    pub fn am_in(&self) -> bool {
        self.my_status == Some(RegistrationStatus::Registered)
    }

    /// Why `r` cannot register the asker now; `None` when it can.
    pub fn why_not_register(&self, now: Timestamp) -> Option<&'static str> {
        match self.my_status {
            Some(RegistrationStatus::Registered) => return Some("You are registered already."),
            Some(RegistrationStatus::Pending) => return Some("Your registration waits for approval."),
            Some(RegistrationStatus::Waitlisted) if now < self.start_time => {
                return Some("You are on the waitlist.");
            }
            Some(RegistrationStatus::Rejected) => {
                return Some("Your registration was refused; ask the staff.");
            }
            Some(RegistrationStatus::Waitlisted | RegistrationStatus::Cancelled) | None => {}
        }
        if !self.is_active {
            Some("The event has been cancelled.")
        } else if self.is_over(now) {
            Some("The event is over.")
        } else if self.is_full() && !self.requires_approval {
            Some("Seats are full.")
        } else {
            None
        }
    }

    /// Whether `r` puts the asker in line: every seat is taken, and one may fall free before it begins.
    pub fn offers_waitlist(&self, now: Timestamp) -> bool {
        matches!(self.my_status, None | Some(RegistrationStatus::Cancelled))
            && self.is_active
            && self.is_full()
            && !self.requires_approval
            && now < self.start_time
    }

    /// Why `x` cannot cancel the asker's registration now; `None` when it can.
    pub fn why_not_cancel(&self, now: Timestamp) -> Option<&'static str> {
        match self.my_status {
            Some(RegistrationStatus::Cancelled) => return Some("Your registration is cancelled already."),
            Some(RegistrationStatus::Rejected) | None => return Some("You are not registered."),
            Some(_) => {}
        }
        if self.my_attendance {
            Some("You were checked in; ask the staff.")
        } else if self.am_in() && self.start_time <= now {
            Some("The event has begun; ask the staff.")
        } else {
            None
        }
    }
}

/// The page of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPage {
    /// What lists show of it.
    #[serde(flatten)]
    pub line: EventLine,
    /// What it is about; may have several lines.
    #[serde(deserialize_with = "super::safe_text::paragraphs")]
    pub description: SafeText,
    /// Who made it.
    pub organiser: Option<SafeText>,
    /// Whose account that is.
    pub created_by: Option<MemberId>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Counts its changes from 1: by it two editors tell that they began from the same event.
    pub version: i32,
    /// When it was changed last.
    pub changed_at: Option<Timestamp>,
    /// Why it was cancelled.
    pub cancel_reason: Option<SafeText>,
    /// The first event of its series.
    pub series_id: Option<EventId>,
    /// Its place in the series, from 1.
    pub series_place: i64,
    /// How many events the series has; 0 without one.
    pub series_events: i64,
    /// The asker's registration, whatever its state; none when there never was one.
    pub mine: Option<MyRegistration>,
}

/// A checked event, ready to be saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventDraft {
    /// Which event to change; none makes new ones.
    pub id: Option<EventId>,
    /// The version of that event which the change began from.
    pub version: i32,
    /// Title, 1 to 255 characters.
    pub title: String,
    /// One of the community's event types.
    pub event_type: String,
    /// Place, 1 to 255 characters.
    pub location: String,
    /// Start.
    pub start_time: Timestamp,
    /// End, after the start.
    pub end_time: Timestamp,
    /// Seats, 0 or more; none is no limit.
    pub max_participants: Option<i32>,
    /// Points, 0 or more.
    pub points_reward: i32,
    /// What it costs; none is free.
    pub price: Option<Money>,
    /// What it is about.
    pub description: String,
    /// Whether staff decide who gets in.
    pub requires_approval: bool,
    /// Start and end of the further events of a series, in order.
    pub further: Vec<(Timestamp, Timestamp)>,
    /// The event whose series these join.
    pub series_of: Option<EventId>,
}

/// What came of `r`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegisterOutcome {
    /// The seat is theirs.
    Registered,
    /// Staff will look at it.
    Pending,
    /// They stand in line for a seat; only for who asked to wait.
    Waitlisted,
    /// They were registered, pending or waitlisted before.
    Already,
    /// Every seat is taken.
    Full,
    /// The event has been cancelled.
    EventInactive,
    /// The event has ended.
    Over,
    /// Members can no longer register themselves; staff may register them.
    Closed,
    /// Staff refused this member.
    Rejected,
}

/// What came of `x`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelOutcome {
    /// The registration is cancelled; the seat it held is free, or the first in line has it.
    Cancelled,
    /// There was nothing to cancel.
    NotRegistered,
    /// The event has begun.
    TooLate,
    /// They have been checked in.
    CheckedIn,
}

/// The event that the door opens on: one that runs now (the latest begun), else the next whose door is open,
/// else the next to start today or later, else the last one over. Cancelled events never.
pub fn door_choice(events: &[EventLine], now: Timestamp, opens_minutes: i32) -> Option<EventId> {
    let opens = chrono::TimeDelta::minutes(i64::from(opens_minutes));
    let live = || events.iter().filter(|event| event.is_active);
    let running = live()
        .filter(|event| event.is_running(now))
        .max_by_key(|event| (event.start_time, event.id));
    let coming = live()
        .filter(|event| event.start_time > now)
        .min_by_key(|event| (event.start_time, event.id));
    let over = live()
        .filter(|event| event.is_over(now))
        .max_by_key(|event| (event.end_time, event.id));
    let open = coming.filter(|event| event.start_time - opens <= now);
    running.or(open).or(coming).or(over).map(|event| event.id)
}
