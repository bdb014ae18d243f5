//! Doors that see each other: who stands where, when people came, and what a door may ask for it.

use serde::{Deserialize, Serialize};

use super::SafeText;
use super::event::EventId;

/// When people came to an event; who was taken back has not come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Arrivals {
    /// How many in the last sixty seconds.
    pub last_minute: i64,
    /// How many in each of the last thirty minutes of the clock, the running one last.
    pub minutes: Vec<i64>,
}

/// Somebody at an event's door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// The terminal's name.
    pub device: SafeText,
    /// The full name of who stands there.
    pub operator: SafeText,
    /// Whether this is the terminal that asks.
    pub is_you: bool,
}

/// What a door may ask so that others see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiveCall {
    /// This terminal's check-in screen stands at this event, or at none any more (staff). It changes nothing that would
    /// have to be sent twice, so it has no nonce. → [`LiveAnswer::Stood`]
    Stand(Option<EventId>),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiveAnswer {
    /// To [`LiveCall::Stand`].
    Stood,
}
