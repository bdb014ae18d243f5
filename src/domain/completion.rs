//! Completing an event: who came although no door saw them, and who came first, second and third. Taking a late entry
//! back is the undo of any check-in, [`super::Call::Undo`] with a reason.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::check_in::CheckedIn;
use super::event::EventId;
use super::member::{MemberId, MemberName};
use super::{Nonce, Timestamp};

/// The place somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Place {
    /// Won.
    First,
    /// Second.
    Second,
    /// Third.
    Third,
}

impl Place {
    /// All of them, the best first.
    pub const ALL: [Self; 3] = [Self::First, Self::Second, Self::Third];

    /// As people say it: `1st`.
    pub fn words(self) -> &'static str {
        match self {
            Self::First => "1st",
            Self::Second => "2nd",
            Self::Third => "3rd",
        }
    }
}

impl From<Place> for u8 {
    fn from(place: Place) -> Self {
        place as u8 + 1
    }
}

impl TryFrom<u8> for Place {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        match number {
            1 => Ok(Self::First),
            2 => Ok(Self::Second),
            3 => Ok(Self::Third),
            other => Err(format!("{other} is no place: 1, 2 or 3")),
        }
    }
}

/// An event's results: the place of every member who has one. Members of a team share theirs.
pub type Places = BTreeMap<MemberId, Place>;

/// One line of an event's results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultLine {
    /// Who.
    pub member: MemberName,
    /// Which place.
    pub place: Place,
    /// When it was entered.
    pub recorded_at: Timestamp,
}

/// An event's results, the winners first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Results(pub Vec<ResultLine>);

impl Results {
    /// Who has which place.
    pub fn places(&self) -> Places {
        self.0.iter().map(|line| (line.member.id, line.place)).collect()
    }
}

/// What came of setting results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultsOutcome {
    /// They stand so now.
    Set,
    /// They stood so before.
    Already,
    /// Nothing done: somebody else has changed them since they were read.
    Changed,
}

/// What setting results brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultsSet {
    /// What came of it.
    pub outcome: ResultsOutcome,
    /// The results that stand now.
    pub results: Results,
}

/// A call about completing an event (staff).
#[derive(Debug, Clone, PartialEq)]
pub enum CompletionCall {
    /// Enter that somebody was there. → [`CompletionAnswer::Attended`]
    AttendLate {
        /// Of the key press.
        nonce: Nonce,
        /// Where.
        event: EventId,
        /// Who, registered or not.
        member: MemberId,
        /// How staff know, 1 to 255 characters.
        reason: String,
    },
    /// Who came first, second and third. → [`CompletionAnswer::Results`]
    Results(EventId),
    /// Make these the results, whole. → [`CompletionAnswer::Set`]
    SetResults {
        /// Of the key press.
        nonce: Nonce,
        /// Of which event.
        event: EventId,
        /// All of them; empty clears.
        places: Places,
        /// Those that the writer saw; none when it does not matter who wrote last.
        seen: Option<Places>,
    },
}

impl CompletionCall {
    /// The nonce, if this is a write.
    pub fn nonce(&self) -> Option<Nonce> {
        match self {
            Self::AttendLate { nonce, .. } | Self::SetResults { nonce, .. } => Some(*nonce),
            Self::Results(_) => None,
        }
    }
}

/// What a [`CompletionCall`] brought.
#[derive(Debug, Clone, PartialEq)]
pub enum CompletionAnswer {
    /// To [`CompletionCall::AttendLate`]: as a door would answer.
    Attended(Box<CheckedIn>),
    /// To [`CompletionCall::Results`].
    Results(Results),
    /// To [`CompletionCall::SetResults`].
    Set(ResultsSet),
}
