//! Kiosks: terminals that anybody may touch. What staff do with them, what a kiosk reads and does while nobody is signed
//! in, and what comes of a scanned pass there.

use serde::{Deserialize, Serialize};

use super::account::Proof;
use super::badge::Earned;
use super::check_in::Outcome;
use super::event::EventId;
use super::money::Money;
use super::passage::Passage;
use super::{Nonce, SafeText, Secret, Timestamp};

/// `kiosks.id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KioskId(pub i32);

/// A kiosk as staff read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskLine {
    /// `kiosks.id`.
    pub id: KioskId,
    /// How it is called, in logs too.
    pub name: SafeText,
    /// False once it was retired.
    pub is_active: bool,
    /// The database login that it joined with.
    pub login_role: Option<SafeText>,
    /// The event that the attendant chose for scans.
    pub event_id: Option<EventId>,
    /// Who enrolled it.
    pub enrolled_by: SafeText,
    /// When.
    pub enrolled_at: Timestamp,
    /// When the device proved to have the code.
    pub joined_at: Option<Timestamp>,
    /// Last sign of life, to a minute.
    pub last_seen: Option<Timestamp>,
    /// When it was retired.
    pub retired_at: Option<Timestamp>,
}

/// What staff are given when they enrol a kiosk.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// `kiosks.id`.
    pub id: KioskId,
    /// How it is called.
    pub name: SafeText,
    /// Ten canonical characters, typed once on the device.
    pub code: SafeText,
    /// The attendant's code, six digits.
    pub pin: SafeText,
    /// Until when the device can join.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolment")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A new code for the attendant.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPin {
    /// Of which kiosk.
    pub name: SafeText,
    /// Six digits.
    pub pin: SafeText,
}

impl std::fmt::Debug for NewPin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPin")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What comes of a device's wish to join.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Joined {
    /// It is enrolled.
    Ok {
        /// Under this name.
        name: SafeText,
    },
    /// Nobody was given this code, or it is too old.
    Refused,
    /// Too many tries: wait.
    Wait {
        /// So long.
        seconds: i32,
    },
}

/// An event as a page that anybody reads shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `events.id`.
    pub id: EventId,
    /// Title.
    pub title: SafeText,
    /// Place.
    pub location: SafeText,
    /// Start.
    pub start_time: Timestamp,
    /// End.
    pub end_time: Timestamp,
    /// Seats; none is no limit.
    pub max_participants: Option<i32>,
    /// Price; none is free.
    pub price: Option<Money>,
    /// Seats taken.
    pub registered: i32,
    /// How many wait for one.
    pub waitlisted: i32,
}

impl Notice {
    /// Seats that are free; none where there is no limit.
    pub fn free_seats(&self) -> Option<i32> {
        self.max_participants
            .map(|seats| seats.saturating_sub(self.registered).max(0))
    }
}

/// What a kiosk shows while nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskPage {
    /// How the kiosk is called.
    pub name: SafeText,
    /// The event that scans are for, if the attendant chose one.
    pub event_id: Option<EventId>,
    /// Today's events and the coming week's, by start.
    pub events: Vec<Notice>,
    /// Names the attendant's code that is good now, and tells nothing of it.
    #[serde(default)]
    pub code_stamp: String,
}

/// What comes of a scanned pass: what the door's rules say, or why they were not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ScanOutcome {
    /// As at a door.
    Door(Outcome),
    /// As only a kiosk says it.
    Kiosk(KioskOutcome),
}

/// Why a scan came to nothing at a kiosk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KioskOutcome {
    /// No event is near.
    Closed,
    /// Too many scans.
    Wait,
}

/// The answer to a scanned pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scanned {
    /// What came of it.
    pub outcome: ScanOutcome,
    /// Which way they went.
    #[serde(default)]
    pub passage: Passage,
    /// First name and initial.
    #[serde(default)]
    pub name: Option<SafeText>,
    /// At which event.
    #[serde(default)]
    pub event_title: Option<SafeText>,
    /// The event's own points.
    #[serde(default)]
    pub points: i32,
    /// What it brought, the event's own points first.
    #[serde(default)]
    pub earned: Vec<Earned>,
    /// When the check-in that stands was made, when `already`.
    #[serde(default)]
    pub first_at: Option<Timestamp>,
    /// When the door opens, when `too_early`.
    #[serde(default)]
    pub opens_at: Option<Timestamp>,
    /// When the event ended, when `over`.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    /// How long to wait, when `wait`.
    #[serde(default)]
    pub seconds: i32,
    /// When the database answered.
    pub at: Timestamp,
}

/// What the attendant's code opens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Attended {
    /// It is the code.
    Ok {
        /// How the kiosk is called.
        name: SafeText,
        /// The event that scans are for; none is the one that happens now.
        event_id: Option<EventId>,
        /// Today's events.
        events: Vec<Notice>,
        /// As [`KioskPage::code_stamp`].
        #[serde(default)]
        code_stamp: String,
    },
    /// It is not.
    Refused,
    /// Too many tries: wait.
    Wait {
        /// So long.
        seconds: i32,
    },
}

/// What a kiosk says of the attendant's code without its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttendedAlone {
    /// It is the code that was good when the database answered last.
    Ok,
    /// It is not.
    Refused,
    /// No code has been right here since the kiosk was started: there is nothing to compare with.
    Unknown,
    /// Too many tries: wait.
    Wait {
        /// So long.
        seconds: i32,
    },
}

/// A question or command of a kiosk at which nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KioskCall {
    /// What everybody may read. → [`KioskAnswer::Page`]
    Page,
    /// The kiosk is there. → [`KioskAnswer::Here`]
    Touch,
    /// A pass was presented. → [`KioskAnswer::Scanned`]
    Scan {
        /// Of the scan.
        nonce: Nonce,
        /// Ten canonical characters.
        pass: String,
    },
    /// The attendant opens their menu. → [`KioskAnswer::Attended`]
    Attend {
        /// Of the key press.
        nonce: Nonce,
        /// The attendant's code.
        pin: Secret,
    },
    /// The same without the database: by what the kiosk remembers. Nothing is sent. → [`KioskAnswer::Alone`]
    AttendAlone {
        /// The attendant's code.
        pin: Secret,
    },
    /// The event that scans are for. → [`KioskAnswer::Proved`]
    Choose {
        /// Of the key press.
        nonce: Nonce,
        /// The attendant's code.
        pin: Secret,
        /// Which; none is the one that happens now.
        event: Option<EventId>,
    },
    /// How the kiosk is called. → [`KioskAnswer::Proved`]
    Name {
        /// Of the key press.
        nonce: Nonce,
        /// The attendant's code.
        pin: Secret,
        /// The new name.
        name: String,
    },
}

impl KioskCall {
    /// The key press of a write.
    pub fn nonce(&self) -> Option<Nonce> {
        match self {
            Self::Page | Self::Touch | Self::AttendAlone { .. } => None,
            Self::Scan { nonce, .. }
            | Self::Attend { nonce, .. }
            | Self::Choose { nonce, .. }
            | Self::Name { nonce, .. } => Some(*nonce),
        }
    }
}

/// What such a call brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KioskAnswer {
    /// To [`KioskCall::Page`].
    Page(KioskPage),
    /// To [`KioskCall::Touch`].
    Here,
    /// To [`KioskCall::Scan`].
    Scanned(Box<Scanned>),
    /// To [`KioskCall::Attend`].
    Attended(Attended),
    /// To [`KioskCall::AttendAlone`].
    Alone(AttendedAlone),
    /// To [`KioskCall::Choose`] and [`KioskCall::Name`].
    Proved(Proof),
}
