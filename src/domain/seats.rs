//! Who has a seat at an event, who stands in line for one, and what members and staff do about it. Registering and
//! cancelling itself is in [`super::event`], what happens at the door in [`super::check_in`].

use serde::{Deserialize, Serialize};

use super::event::RegistrationStatus;
use super::money::Money;
use super::{SafeText, Timestamp};

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
    /// What is still to be paid; none when nothing is.
    pub due: Option<Money>,
    /// What was done to it that the member has not seen yet.
    pub news: Option<News>,
    /// When that was; names the news when it is marked as seen.
    pub news_at: Option<Timestamp>,
}
