//! What the calendar asks of the data layer besides the events themselves: which of them have words in their text,
//! and who is coming. Events as lists show them are in [`super::event`].

use serde::{Deserialize, Serialize};

use super::event::EventId;
use super::{SafeText, Timestamp};

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
    /// Who is coming to an event, or was there. → [`CalendarAnswer::People`]
    People(EventId),
}

/// What it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarAnswer {
    /// To [`CalendarCall::About`], in no order.
    About(Vec<EventId>),
    /// To [`CalendarCall::People`].
    People(People),
}

/// The people of an event's page. Members are named if they let themselves be seen on the leaderboard; staff see all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct People {
    /// Those who were checked in, once the event is over; before, those who hold a seat.
    pub were_there: bool,
    /// How many.
    pub total: i64,
    /// The first of those who are named, by name.
    pub named: Vec<Person>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name.
    pub full_name: SafeText,
    /// Whether they have been checked in.
    pub is_in: bool,
    /// Whether it is the asker.
    pub is_me: bool,
}
