//! What can happen to the model: a key, a paste, a reply, a timer. The roof turns the terminal's and the
//! database's events into these; nothing else reaches the state.

use std::time::Duration;

use crossterm::event::{KeyEvent, MouseEvent};

use crate::domain::event::EventId;
use crate::domain::kept::{Kept, Unsettled};
use crate::domain::{Answer, Fault, SafeText};

use super::effect::{RequestId, Timer};

/// One event.
#[allow(
    clippy::large_enum_variant,
    reason = "few at a time, and never kept in numbers"
)]
#[derive(Debug, Clone)]
pub enum Msg {
    /// A key was pressed (or repeats), with a pause before it, as a hand does. Releases are not sent.
    Key(KeyEvent),
    /// A key came within [`super::scanner::PAUSE`] of the one before: a scanner types, a key repeats, or a slow link
    /// delivers what was typed over a longer time.
    Quick(KeyEvent),
    /// Text was pasted, as the terminal's bracketed paste hands it over: raw, of any size.
    Paste(String),
    /// The mouse, when it is switched on.
    Mouse(MouseEvent),
    /// The window's new size, in cells.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// What is being done to reach the database, before the first call can be sent.
    Opening(SafeText),
    /// The data layer is ready (calls may still wait for the link), or can never be: a sentence for the person.
    Opened(Result<(), SafeText>),
    /// The answer to an [`super::effect::Effect::Run`].
    Reply {
        /// Which one.
        request: RequestId,
        /// What it brought.
        result: Result<Answer, Fault>,
        /// From sending the last try to its answer.
        took: Duration,
    },
    /// A call did not get through and is tried again in the background.
    Retrying {
        /// Which one.
        request: RequestId,
        /// Tries so far.
        tries: u32,
        /// Why the last one failed.
        fault: Fault,
    },
    /// The file of an [`super::effect::Effect::Export`] was written: its path, or a sentence that says why not.
    Exported(Result<SafeText, SafeText>),
    /// A check-in was not answered in time: it is kept, and the door decides. To be told back with
    /// [`super::effect::Keep::Decided`]; the answer comes when it comes.
    Queued {
        /// Which request.
        request: RequestId,
        /// The check-in.
        kept: Kept,
        /// What was in the way, if the database said so.
        fault: Option<Fault>,
    },
    /// Something has happened at this event, at another terminal perhaps: a reason to look, and no more.
    Hint(EventId),
    /// What is kept has changed.
    Holding {
        /// Check-ins that wait for the database.
        queued: usize,
        /// Check-ins that wait for a person.
        unsettled: Vec<Unsettled>,
    },
    /// A timer set by [`super::effect::Effect::After`] has run out.
    Timer(Timer),
}
