//! What the model wants done, as data that compares and prints. The roof carries it out and reports back with a
//! [`super::msg::Msg`].

use std::sync::Arc;
use std::time::Duration;

use crate::domain::check_in::Outcome;
use crate::domain::roster::Roster;
use crate::domain::{Call, Nonce, SafeText};

/// Numbers a request; a reply whose number is no longer the one awaited is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RequestId(pub u64);

/// The queues of the worker. On a reading lane one call is under way at a time; while it is, only the newest
/// of those that wait is kept. Writes wait in line, are never dropped and never aborted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// The community and the measure of the link.
    Link,
    /// Signing in and out.
    Session,
    /// The page on the screen.
    Page,
    /// The detail beside it.
    Detail,
    /// Search as it is typed.
    Search,
    /// What is asked again and again while a screen is open.
    Poll,
    /// Where this terminal stands, for others to see.
    Presence,
    /// What others did to my registrations.
    News,
    /// The door's roster.
    Roster,
    /// What this terminal answers by itself, whatever the link does.
    Alone,
    /// Everything that changes the database.
    Write,
}

/// Timers, by what they are for. What comes of one that is no longer wanted is the model's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timer {
    /// The minute has turned: times on the screen are told anew.
    Minute,
    /// A toast, by its number, has been seen long enough.
    Toast(u64),
    /// A request is taking longer than the eye forgives: show that it is waited for.
    Spinner(RequestId),
    /// The spinner's next picture.
    Spin,
    /// Nobody has touched a key for as long as the lock waits.
    Lock,
    /// The open screen asks again.
    Poll,
    /// The door was left a while ago.
    Away,
    /// Typing has paused: send the search with this number.
    Debounce(u64),
    /// A key waits for the search with this number, and has waited long enough.
    Overdue(u64),
    /// A result at the door has lit up long enough.
    Flash,
    /// The bell's next stroke, and how many are left with it.
    Bell(u8),
    /// No key has followed the last one for as long as a scanner would have taken.
    Burst,
    /// Is the link still there?
    Heartbeat,
    /// A kiosk looks at what is on.
    Notices,
    /// A kiosk's card, by its number, has been seen long enough, or its answer waited for.
    Card(u64),
    /// Has somebody gone from a kiosk?
    Idle,
}

/// What the door keeps outside of the database.
#[derive(Debug, Clone, PartialEq)]
pub enum Keep {
    /// What the person was told whose check-in is queued; none if nothing could be.
    Decided {
        /// Which check-in.
        nonce: Nonce,
        /// What was told.
        outcome: Option<Outcome>,
    },
    /// A person has looked at what the database sees otherwise.
    Settled {
        /// Which check-in.
        nonce: Nonce,
        /// Who.
        by: SafeText,
    },
    /// The open event's roster, in place of any other.
    Roster(Arc<Roster>),
    /// No roster any more.
    NoRoster,
}

/// One thing to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the database; answered by [`super::msg::Msg::Reply`] with the same number, unless a newer call on
    /// the same reading lane took its place before it was sent.
    Run {
        /// The request's number.
        request: RequestId,
        /// Its queue.
        lane: Lane,
        /// What to ask.
        call: Call,
    },
    /// Send [`super::msg::Msg::Timer`] after a while. Setting a timer that is already set starts it anew.
    After {
        /// How long.
        delay: Duration,
        /// Which one.
        timer: Timer,
    },
    /// Keep something where the database is not needed.
    Keep(Keep),
    /// Listen for hints ([`super::msg::Msg::Hint`]), or listen no more.
    Listen(bool),
    /// Ring the terminal's bell once.
    Bell,
    /// Paint the whole window anew, whatever the terminal is thought to show.
    Repaint,
    /// Write a file that the person asked for; answered by [`super::msg::Msg::Exported`].
    Export {
        /// What it is to be called; a number is added rather than another file replaced.
        name: String,
        /// What is in it.
        text: String,
    },
    /// Whoever was here has gone: what the terminal has shown and scrolled by goes too, input that waits, and writes of
    /// theirs that were not sent yet.
    Wipe,
    /// Leave, and start the program again.
    Restart,
    /// Whoever of this terminal waits for a turn to make a key gives up.
    StopWaiting,
    /// Leave. With `drain`, writes under way are waited for (5 s at most) first.
    Quit {
        /// Whether to wait.
        drain: bool,
    },
}
