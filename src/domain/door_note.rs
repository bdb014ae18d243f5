//! Door notes: what the staff want the door to know of a member. Whoever stands at an event's door reads a note once
//! and says so; the rules stand in the database (`pine.acknowledge_door_note`).

use serde::{Deserialize, Serialize};

use super::event::EventId;
use super::member::{MemberId, MemberName};
use super::{Nonce, SafeText};

/// Most characters of a note.
pub const MAX_NOTE: usize = 500;

/// The note on a member, as one event's door sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorNote {
    /// What it says, on one line.
    pub text: SafeText,
    /// Grows with every change of the note.
    pub number: i32,
    /// Whether it has been read at this event.
    pub read: bool,
}

/// A write about a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteCall {
    /// Write or clear the note on a member (staff).
    Set {
        /// Of the key press.
        nonce: Nonce,
        /// On whom.
        member: MemberId,
        /// What it is to say; none clears it.
        note: Option<String>,
        /// The number of the note that is changed; none where there is none.
        number: Option<i32>,
    },
    /// It was read at an event's door (staff).
    Acknowledge {
        /// Of the key press.
        nonce: Nonce,
        /// At which event.
        event: EventId,
        /// On whom.
        member: MemberId,
        /// The number of the note that was read.
        number: i32,
    },
}

impl NoteCall {
    /// Of the key press.
    pub fn nonce(&self) -> Nonce {
        match self {
            Self::Set { nonce, .. } | Self::Acknowledge { nonce, .. } => *nonce,
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteOutcome {
    /// Written, or noted as read.
    Done,
    /// Another note stands there by now; nothing was done.
    Changed,
    /// There is no note any more; nothing was done.
    Gone,
}

/// The answer to a [`NoteCall`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteAnswer {
    /// What came of it.
    pub outcome: NoteOutcome,
    /// On whom the note is.
    pub member: MemberName,
    /// The note as it stands; none when there is none.
    pub note: Option<DoorNote>,
}
