//! What the calendar asks of the data layer besides the events themselves: which of them have words in their text.
//! Events as lists show them are in [`super::event`].

use super::Timestamp;
use super::event::EventId;

/// A question of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarCall {
    /// Events of a span that have every word somewhere in title, type, place or description. → [`CalendarAnswer::About`]
    About {
        /// First moment.
        from: Timestamp,
        /// First moment after.
        to: Timestamp,
        /// What was typed.
        words: String,
    },
}

/// What it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarAnswer {
    /// To [`CalendarCall::About`], in no order.
    About(Vec<EventId>),
}
