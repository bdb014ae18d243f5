//! Who has a seat at an event, who stands in line for one, and what members and staff do about it. Registering and
//! cancelling itself is in [`super::event`], what staff do in [`super::event_people`], what happens at the door in
//! [`super::check_in`].

use serde::{Deserialize, Serialize};

use super::event::{EventId, EventLine, RegisterOutcome, RegistrationStatus};
use super::event_people::{Cursor, DeskAct, PeopleFilter, PeoplePage, PeopleSort, PeopleTotals, SeatChange};
use super::member::MemberId;
use super::money::Money;
use super::{Nonce, SafeText, Timestamp};

/// `registrations.payment_status`; what is free and was never paid for is `not_required`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// To be paid.
    Pending,
    /// Paid in full.
    Paid,
    /// Free.
    NotRequired,
    /// Given back.
    Refunded,
}

impl PaymentStatus {
    /// As people read it; nothing for what is free.
    pub fn words(self) -> &'static str {
        match self {
            Self::Pending => "to pay",
            Self::Paid => "paid",
            Self::NotRequired => "",
            Self::Refunded => "refunded",
        }
    }
}

/// What somebody else did to a registration, until its member has seen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum News {
    /// A seat fell free and it was theirs.
    Promoted,
    /// Staff approved it: registered, or waitlisted when every seat was taken.
    Approved,
    /// Staff refused it.
    Rejected,
    /// Staff cancelled it.
    Cancelled,
    /// Staff moved it here from another event.
    Moved,
    /// Staff registered them.
    Registered,
}

/// A registration as its member sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyRegistration {
    /// State.
    pub status: RegistrationStatus,
    /// Place in the waitlist, from 1; none when they do not stand in it.
    pub place: Option<i64>,
    /// What staff said when they refused, cancelled or moved it.
    pub status_reason: Option<SafeText>,
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
    /// What was done to it that the member has not seen yet.
    pub news: Option<News>,
    /// When that was; names the news when it is marked as seen.
    pub news_at: Option<Timestamp>,
}

/// One of the asker's registrations and its event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyLine {
    /// The event.
    pub event: EventLine,
    /// What the asker is to it.
    pub registration: MyRegistration,
    /// Why the event was cancelled; none while it stands.
    pub cancel_reason: Option<SafeText>,
}

impl MyLine {
    /// What the staff say to the asker: about the registration, else about the event.
    pub fn said(&self) -> Option<&SafeText> {
        self.registration
            .status_reason
            .as_ref()
            .or(self.cancel_reason.as_ref())
    }
}

/// Which of the asker's registrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Of events that are not over, the next one first, whatever their state.
    Upcoming,
    /// Of events that are, the last one first.
    Past,
}

impl Part {
    /// The word of the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::Past => "past",
        }
    }
}

/// A page of the asker's registrations, and how many there are of each kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyRegistrations {
    /// The page.
    pub rows: Vec<MyLine>,
    /// Whether more come after it; ask behind the last row's event.
    pub more: bool,
    /// Seats held at events that are not over.
    pub upcoming: i64,
    /// Waitlists stood in.
    pub waitlisted: i64,
    /// Registrations that wait for approval.
    pub pending: i64,
    /// Registrations for events that are over.
    pub past: i64,
}

/// Somebody who will be there, as the asker may know them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendee {
    /// The full name, or first name and initial of who does not show it.
    pub name: SafeText,
    /// Whether it is the asker.
    pub is_me: bool,
}

/// A page of who will be there, in the order in which they registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendees {
    /// The page.
    pub rows: Vec<Attendee>,
    /// Ask behind this for the next page; none when this is the last.
    pub next: Option<i32>,
    /// How many there are.
    pub total: i64,
}

/// A call about seats, registrations and the waitlist.
#[derive(Debug, Clone, PartialEq)]
pub enum SeatsCall {
    /// Register me, or put me in line when every seat is taken. → [`SeatsAnswer::Joined`]
    JoinWaitlist {
        /// Of the key press.
        nonce: Nonce,
        /// For which event.
        event: EventId,
    },
    /// A page of my registrations. → [`SeatsAnswer::Mine`]
    Mine {
        /// Which.
        part: Part,
        /// Behind this event, by start; none for the first page.
        after: Option<(Timestamp, EventId)>,
        /// Rows, at most 500.
        most: i32,
    },
    /// What others did to my registrations and I have not seen. → [`SeatsAnswer::News`]
    News,
    /// I have seen that. → [`SeatsAnswer::NewsSeen`]
    NewsSeen {
        /// Of the key press.
        nonce: Nonce,
        /// At which event.
        event: EventId,
        /// The news' moment, [`MyRegistration::news_at`].
        at: Timestamp,
    },
    /// A page of who will be there. → [`SeatsAnswer::Attendees`]
    Attendees {
        /// Where.
        event: EventId,
        /// Behind this, [`Attendees::next`] of the page before.
        after: Option<i32>,
        /// Rows, at most 500.
        most: i32,
    },
    /// A page of an event's people (staff). → [`SeatsAnswer::People`]
    People {
        /// Whose.
        event: EventId,
        /// Which.
        filter: PeopleFilter,
        /// In which order.
        sort: PeopleSort,
        /// The other way round.
        descending: bool,
        /// Behind this, [`PeoplePage::next`] of the page before in the same order.
        after: Option<Cursor>,
        /// Rows, at most 500.
        most: i32,
    },
    /// An event's people in numbers (staff). → [`SeatsAnswer::PeopleTotals`]
    PeopleTotals {
        /// Whose.
        event: EventId,
        /// What [`PeopleTotals::matching`] counts.
        filter: PeopleFilter,
    },
    /// Do something about one member's registration (staff). → [`SeatsAnswer::Changed`]
    Change {
        /// Of the key press; several at once are several calls, each with its own.
        nonce: Nonce,
        /// At which event.
        event: EventId,
        /// Whose.
        member: MemberId,
        /// What.
        act: DeskAct,
    },
}

impl SeatsCall {
    /// The nonce, if this is a write.
    pub fn nonce(&self) -> Option<Nonce> {
        match self {
            Self::JoinWaitlist { nonce, .. } | Self::NewsSeen { nonce, .. } | Self::Change { nonce, .. } => {
                Some(*nonce)
            }
            _ => None,
        }
    }
}

/// What a [`SeatsCall`] brought.
#[derive(Debug, Clone, PartialEq)]
pub enum SeatsAnswer {
    /// To [`SeatsCall::JoinWaitlist`]: what came of it, and the event as it now stands.
    Joined(RegisterOutcome, EventLine),
    /// To [`SeatsCall::Mine`].
    Mine(MyRegistrations),
    /// To [`SeatsCall::News`], the oldest first.
    News(Vec<MyLine>),
    /// To [`SeatsCall::NewsSeen`]; false when there are newer ones.
    NewsSeen(bool),
    /// To [`SeatsCall::Attendees`].
    Attendees(Attendees),
    /// To [`SeatsCall::People`].
    People(PeoplePage),
    /// To [`SeatsCall::PeopleTotals`].
    PeopleTotals(PeopleTotals),
    /// To [`SeatsCall::Change`].
    Changed(Box<SeatChange>),
}
