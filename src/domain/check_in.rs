//! Check-in: what a person at the door presents, what comes of it, and what the door shows. The rules and their
//! order stand in the database (`pine.evaluate_check_in`).

use serde::{Deserialize, Serialize};

use super::badge::Earned;
use super::door_note::DoorNote;
use super::event::EventId;
use super::live::{Arrivals, Present};
use super::member::{MemberId, MemberName};
use super::money::Money;
use super::passage::Passage;
use super::{SafeText, Timestamp};

/// What comes of an attempt, in the order in which refusals are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nobody is known by what was presented.
    UnknownCode,
    /// The member has been deactivated.
    MemberInactive,
    /// The event has been cancelled.
    EventInactive,
    /// Checked in before; `first` says when and where.
    Already,
    /// Not registered for this event.
    NotRegistered,
    /// The registration was cancelled or rejected.
    Cancelled,
    /// The registration waits for approval.
    Pending,
    /// The registration waits for a seat.
    Waitlisted,
    /// The door is not open yet; `opens_at` says when.
    TooEarly,
    /// The event has ended.
    Over,
    /// The price has not been paid; `due` says how much.
    Unpaid,
    /// Not inside, so not checked out either.
    NotIn,
    /// Done as asked: checked in now, or out, or back in.
    Ok,
}

impl Outcome {
    /// Every outcome, in the order of the rules.
    pub const ALL: [Self; 13] = [
        Self::UnknownCode,
        Self::MemberInactive,
        Self::EventInactive,
        Self::Already,
        Self::NotRegistered,
        Self::Cancelled,
        Self::Pending,
        Self::Waitlisted,
        Self::TooEarly,
        Self::Over,
        Self::Unpaid,
        Self::NotIn,
        Self::Ok,
    ];

    /// Whether it says no, as against ask or look again.
    pub fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::UnknownCode
                | Self::MemberInactive
                | Self::EventInactive
                | Self::NotRegistered
                | Self::Cancelled
                | Self::Over
        )
    }

    /// The big word, read from two metres.
    pub fn word(self) -> &'static str {
        match self {
            Self::UnknownCode => "UNKNOWN",
            Self::MemberInactive => "INACTIVE",
            Self::EventInactive => "EVENT OFF",
            Self::Already => "ALREADY IN",
            Self::NotRegistered => "NOT REGISTERED",
            Self::Cancelled => "CANCELLED",
            Self::Pending => "PENDING",
            Self::Waitlisted => "WAITLISTED",
            Self::TooEarly => "TOO EARLY",
            Self::Over => "OVER",
            Self::Unpaid => "UNPAID",
            Self::NotIn => "NOT IN",
            Self::Ok => "OK",
        }
    }

    /// How it is called in a list.
    pub fn brief(self) -> &'static str {
        match self {
            Self::UnknownCode => "unknown code",
            Self::MemberInactive => "member inactive",
            Self::EventInactive => "event cancelled",
            Self::Already => "already in",
            Self::NotRegistered => "not registered",
            Self::Cancelled => "registration cancelled",
            Self::Pending => "waits for approval",
            Self::Waitlisted => "on the waitlist",
            Self::TooEarly => "too early",
            Self::Over => "event is over",
            Self::Unpaid => "not paid",
            Self::NotIn => "not inside",
            Self::Ok => "checked in",
        }
    }

    /// Whether staff may admit this with a reason. Who is not registered walks in instead.
    pub fn may_be_overridden(self) -> bool {
        matches!(
            self,
            Self::Cancelled | Self::Pending | Self::Waitlisted | Self::TooEarly | Self::Over | Self::Unpaid
        )
    }
}

/// Where and when somebody was first checked in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstScan {
    /// When.
    pub at: Option<Timestamp>,
    /// The terminal's name.
    pub device: Option<SafeText>,
    /// Who checked them in.
    pub operator: Option<SafeText>,
}

/// The answer to one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedIn {
    /// What was presented.
    pub input: SafeText,
    /// What came of it.
    pub outcome: Outcome,
    /// Who it was, if anybody.
    pub member: Option<MemberName>,
    /// At which event.
    pub event_id: EventId,
    /// The event's title.
    pub event_title: SafeText,
    /// Points paid by this check-in; 0 unless `ok`.
    pub points: i32,
    /// The member's points earned, after it; 0 when nobody is known.
    pub total: i64,
    /// When the database answered.
    pub at: Timestamp,
    /// The check-in that stands, when `already`.
    pub first: Option<FirstScan>,
    /// When the door opens, when `too_early`.
    pub opens_at: Option<Timestamp>,
    /// When the event ended, when `over`.
    pub ended_at: Option<Timestamp>,
    /// The refusal that staff set aside with a reason.
    #[serde(default)]
    pub overrode: Option<Outcome>,
    /// Whether that took a seat beyond the last one.
    #[serde(default)]
    pub over_capacity: bool,
    /// What is still to be paid, when `unpaid` or admitted unpaid.
    #[serde(default)]
    pub due: Option<Money>,
    /// What this call took.
    #[serde(default)]
    pub paid: Option<Money>,
    /// Which way they went.
    #[serde(default)]
    pub passage: Passage,
    /// What the door should know of the member.
    #[serde(default)]
    pub door_note: Option<DoorNote>,
    /// What it brought the member, the event's own points first.
    #[serde(default)]
    pub earned: Vec<Earned>,
}

impl CheckedIn {
    /// The big word: the outcome's, or which way somebody went.
    pub fn word(&self) -> &'static str {
        match (self.outcome, self.passage) {
            (Outcome::Ok, Passage::Out) => "OUT",
            (Outcome::Ok, Passage::Back) => "BACK IN",
            (outcome, _) => outcome.word(),
        }
    }

    /// How it is called in a sentence.
    pub fn brief(&self) -> &'static str {
        match self.outcome {
            Outcome::Ok => self.passage.brief(),
            outcome => outcome.brief(),
        }
    }
}

/// What a person, a scanner or a list of lines presents at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presented {
    /// A member chosen from the list; `typed` is what had been typed, for the log.
    Member {
        /// Who was chosen.
        id: MemberId,
        /// What was in the field.
        typed: String,
    },
    /// A pass code, or exactly a user name or e-mail address.
    Text(String),
}

/// How a member stands to an event, as the door sees it before trying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Holds a seat, not in yet.
    Registered,
    /// Holds a seat and has not paid for it; `due` says how much.
    Unpaid,
    /// Is in.
    In,
    /// Was in and went out.
    Left,
    /// Waits for approval.
    Pending,
    /// Waits for a seat.
    Waitlisted,
    /// Cancelled or rejected.
    Cancelled,
    /// No registration at all.
    None,
}

/// One row of the door's search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// `users.id`.
    pub id: MemberId,
    /// Sign-in name.
    pub username: SafeText,
    /// Name as people say it.
    pub full_name: SafeText,
    /// Ten canonical characters.
    pub pass_code: SafeText,
    /// How they stand to this event.
    pub standing: Standing,
    /// What is to be paid, when `unpaid`.
    #[serde(default)]
    pub due: Option<Money>,
    /// The check-in that stands, when `in`; when they went out, when `left`.
    pub first: Option<FirstScan>,
    /// What the door should know of them.
    #[serde(default)]
    pub door_note: Option<DoorNote>,
}

/// One attempt in the door's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// `check_in_log.id`, growing.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: Outcome,
    /// What was presented.
    pub input: SafeText,
    /// Who it was, if anybody.
    pub full_name: Option<SafeText>,
    /// Which terminal.
    pub device: SafeText,
    /// Who stood there.
    pub operator: SafeText,
    /// When the member had been checked in first, on `already`.
    pub first_at: Option<Timestamp>,
    /// Why staff let them in, when a rule was set aside.
    #[serde(default)]
    pub reason: Option<SafeText>,
    /// Which way they went.
    #[serde(default)]
    pub passage: Passage,
}

/// The door's live picture of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// Which event.
    pub event_id: EventId,
    /// Its title.
    pub title: SafeText,
    /// Its start.
    pub start_time: Timestamp,
    /// Its end.
    pub end_time: Timestamp,
    /// False once cancelled.
    pub is_active: bool,
    /// Seats; none is no limit.
    pub max_participants: Option<i32>,
    /// What it costs; none is free.
    #[serde(default)]
    pub price: Option<Money>,
    /// Registrations that hold a seat.
    pub registered: i64,
    /// People checked in.
    pub checked_in: i64,
    /// Those of them who have not gone out.
    #[serde(default)]
    pub inside: i64,
    /// Whether people who leave are checked out and may come back.
    #[serde(default)]
    pub has_check_out: bool,
    /// Registered and not in yet.
    pub due: i64,
    /// The last ten attempts, newest first.
    pub attempts: Vec<Attempt>,
    /// When people came.
    #[serde(default)]
    pub arrivals: Arrivals,
    /// Who is at this event's door, by the terminal's name.
    #[serde(default)]
    pub present: Vec<Present>,
    /// The database's clock.
    pub clock: Timestamp,
}
