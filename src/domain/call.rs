//! What a screen may ask of the data layer, and what it may be answered: the only language in which `app` and
//! `db` meet. Every write carries the nonce of the key press it came from. The session's token is not here; the
//! worker that runs calls keeps it.

use std::sync::Arc;
use std::time::Duration;

use super::account::{AccountAnswer, AccountCall};
use super::admission::{Taking, WalkIn, WalkedIn};
use super::audit::{AuditCall, AuditPage};
use super::calendar::{CalendarAnswer, CalendarCall};
use super::check_in::{Candidate, CheckedIn, Door, Presented};
use super::community::Community;
use super::completion::{CompletionAnswer, CompletionCall};
use super::door_note::{NoteAnswer, NoteCall};
use super::event::{CancelOutcome, EventId, EventLine, EventPage, RegisterOutcome};
use super::game::{GameAnswer, GameCall};
use super::insights::{InsightAnswer, InsightCall};
use super::kept::Kept;
use super::kiosk::{KioskAnswer, KioskCall};
use super::live::{LiveAnswer, LiveCall};
use super::member::{Me, MemberId};
use super::members_desk::{MembersAnswer, MembersCall};
use super::passage::{DoorLog, Evaluation, Passage, Undone};
use super::payment::{MoneyAnswer, MoneyCall};
use super::plan::{PlanAnswer, PlanCall};
use super::points::Profile;
use super::roster::Roster;
use super::seats::{SeatsAnswer, SeatsCall};
use super::settings::{SettingsAnswer, SettingsCall};
use super::{Nonce, SafeText, Secret, Timestamp};

/// One question or command to the database.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    /// Which community this is; also the measure of the link. → [`Answer::Community`]
    Community,
    /// Sign in at this terminal; also unlocks it and renews an ended session. → [`Answer::SignIn`]
    SignIn {
        /// User name or e-mail address, as typed.
        name: String,
        /// Never leaves the terminal: the worker derives a key from it.
        password: Secret,
    },
    /// End the session. → [`Answer::SignedOut`]
    SignOut,
    /// Events that touch a span of time. → [`Answer::Events`]
    Events {
        /// First moment.
        from: Timestamp,
        /// First moment after.
        to: Timestamp,
    },
    /// One event's page. → [`Answer::Event`]
    Event(EventId),
    /// What the calendar asks besides the events. → [`Answer::Calendar`]
    Calendar(CalendarCall),
    /// The community's event types. → [`Answer::EventTypes`]
    EventTypes,
    /// Make, change and cancel events; their types; calendar files. → [`Answer::Plan`]
    Plan(PlanCall),
    /// Register me. → [`Answer::Registered`]
    Register {
        /// Of the key press.
        nonce: Nonce,
        /// For which event.
        event: EventId,
    },
    /// Cancel my registration. → [`Answer::Cancelled`]
    CancelRegistration {
        /// Of the key press.
        nonce: Nonce,
        /// For which event.
        event: EventId,
    },
    /// The door's counts and last attempts (staff). → [`Answer::Door`]
    Door(EventId),
    /// Members that match what is typed, those registered first (staff). → [`Answer::Candidates`]
    FindAtDoor {
        /// At which event.
        event: EventId,
        /// Part of a name, user name, e-mail address, or a pass code.
        query: String,
    },
    /// Members whose name resembles what is typed, for names that were heard (staff). → [`Answer::Candidates`]
    FindSimilar {
        /// At which event.
        event: EventId,
        /// A name, more or less.
        query: String,
    },
    /// Check somebody in (staff). → [`Answer::CheckedIn`]
    CheckIn {
        /// Of the key press.
        nonce: Nonce,
        /// At which event.
        event: EventId,
        /// Who.
        presented: Presented,
    },
    /// A page of the door's log (staff). → [`Answer::DoorLog`]
    DoorLog {
        /// Of which event.
        event: EventId,
        /// Words that are somewhere in a row.
        containing: String,
        /// Rows older than this one.
        before: Option<i64>,
        /// How many.
        most: i32,
    },
    /// What a check-in would bring, and why (staff). → [`Answer::Evaluated`]
    Evaluate {
        /// At which event.
        event: EventId,
        /// Who.
        presented: Presented,
    },
    /// Check somebody out (staff). → [`Answer::CheckedIn`]
    CheckOut {
        /// Of the key press.
        nonce: Nonce,
        /// Of which event.
        event: EventId,
        /// Who.
        presented: Presented,
    },
    /// Check people out of an event who leave, or no longer (staff). → [`Answer::CheckOutSet`]
    SetCheckOut {
        /// Of the key press.
        nonce: Nonce,
        /// Of which event.
        event: EventId,
        /// Whether.
        on: bool,
    },
    /// Everybody with a registration or an attendance, to take along when the link is lost (staff).
    /// → [`Answer::Roster`]
    Roster(EventId),
    /// Bring a check-in that was made while the database did not answer (staff). → [`Answer::CheckedIn`]
    Replay(Box<Kept>),
    /// Take a passage back (staff). → [`Answer::Undone`]
    Undo {
        /// Of the key press.
        nonce: Nonce,
        /// At which event.
        event: EventId,
        /// Whose.
        member: MemberId,
        /// Which: in (the whole check-in), out or back.
        passage: Passage,
        /// Why; needed for what another terminal did.
        reason: Option<String>,
    },
    /// Take the payment that keeps somebody out, and check them in (staff). → [`Answer::CheckedIn`]
    TakePayment {
        /// Of the key press.
        nonce: Nonce,
        /// At which event.
        event: EventId,
        /// Who pays.
        member: MemberId,
        /// What had been typed, for the log.
        typed: String,
        /// How much, and how.
        taking: Taking,
    },
    /// Check somebody in whom a rule refused (staff). → [`Answer::CheckedIn`]
    AdmitAnyway {
        /// Of the key press.
        nonce: Nonce,
        /// At which event.
        event: EventId,
        /// Who.
        member: MemberId,
        /// What had been typed, for the log.
        typed: String,
        /// Why; the log keeps it.
        reason: String,
    },
    /// Register and check in somebody who had not registered (staff). → [`Answer::WalkedIn`]
    WalkIn {
        /// Of the key press.
        nonce: Nonce,
        /// At which event.
        event: EventId,
        /// Who, what they pay, and why.
        walk_in: WalkIn,
    },
    /// Money at the desk: payments, refunds, takings (staff). → [`Answer::Money`]
    Money(MoneyCall),
    /// What doors tell each other (staff). → [`Answer::Live`]
    Live(LiveCall),
    /// About a note on a member (staff). → [`Answer::Note`]
    Note(NoteCall),
    /// About seats, registrations and the waitlist. → [`Answer::Seats`]
    Seats(SeatsCall),
    /// About completing an event (staff). → [`Answer::Completion`]
    Completion(CompletionCall),
    /// Points, badges, leaderboards, connections. → [`Answer::Game`]
    Game(GameCall),
    /// The community's settings (administrators). → [`Answer::Settings`]
    Settings(SettingsCall),
    /// The audit log (staff). → [`Answer::Audit`]
    Audit(AuditCall),
    /// The community in numbers (staff). → [`Answer::Insight`]
    Insight(InsightCall),
    /// About accounts. → [`Answer::Account`]
    Account(AccountCall),
    /// What a kiosk asks without anybody signed in. → [`Answer::Kiosk`]
    Kiosk(KioskCall),
    /// Members, for those who look after them (staff). → [`Answer::Members`]
    Members(MembersCall),
    /// My profile. → [`Answer::Profile`]
    Profile,
}

impl Call {
    /// The nonce, if this is a write: writes are never aborted, and are retried with the same nonce.
    pub fn nonce(&self) -> Option<Nonce> {
        match self {
            Self::Register { nonce, .. }
            | Self::CancelRegistration { nonce, .. }
            | Self::CheckIn { nonce, .. }
            | Self::TakePayment { nonce, .. }
            | Self::AdmitAnyway { nonce, .. }
            | Self::WalkIn { nonce, .. }
            | Self::CheckOut { nonce, .. }
            | Self::SetCheckOut { nonce, .. }
            | Self::Undo { nonce, .. } => Some(*nonce),
            Self::Replay(kept) => Some(kept.nonce),
            Self::Settings(call) => call.nonce(),
            Self::Money(call) => call.nonce(),
            Self::Plan(call) => call.nonce(),
            Self::Note(call) => Some(call.nonce()),
            Self::Seats(call) => call.nonce(),
            Self::Game(call) => call.nonce(),
            Self::Completion(call) => call.nonce(),
            Self::Account(call) => call.nonce(),
            Self::Kiosk(call) => call.nonce(),
            Self::Members(call) => call.nonce(),
            _ => None,
        }
    }
}

impl Call {
    /// Gives a write of the till another key press's nonce; anything else stays as it is.
    pub fn set_nonce(&mut self, to: Nonce) {
        if let Self::WalkIn { nonce, .. }
        | Self::TakePayment { nonce, .. }
        | Self::AdmitAnyway { nonce, .. } = self
        {
            *nonce = to;
        }
    }
}

/// What a call brought.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// To a call that may be answered by a standby, and was.
    FromStandby {
        /// The answer to the call.
        answer: Box<Answer>,
        /// How old the data were when it was read.
        behind: Duration,
    },
    /// To [`Call::Community`].
    Community(Community),
    /// To [`Call::SignIn`]; none when name and password do not match.
    SignIn(Option<Me>),
    /// To [`Call::SignOut`].
    SignedOut,
    /// To [`Call::Events`], by start.
    Events(Vec<EventLine>),
    /// To [`Call::Event`].
    Event(EventPage),
    /// To [`Call::Calendar`].
    Calendar(CalendarAnswer),
    /// To [`Call::EventTypes`].
    EventTypes(Vec<SafeText>),
    /// To [`Call::Plan`].
    Plan(PlanAnswer),
    /// To [`Call::Register`]: what came of it, and the event as it now stands.
    Registered(RegisterOutcome, EventLine),
    /// To [`Call::CancelRegistration`]: what came of it, and the event as it now stands.
    Cancelled(CancelOutcome, EventLine),
    /// To [`Call::Door`].
    Door(Door),
    /// To [`Call::FindAtDoor`] and [`Call::FindSimilar`].
    Candidates(Vec<Candidate>),
    /// To [`Call::CheckIn`], [`Call::TakePayment`], [`Call::AdmitAnyway`], [`Call::CheckOut`] and [`Call::Replay`].
    CheckedIn(CheckedIn),
    /// To [`Call::DoorLog`].
    DoorLog(DoorLog),
    /// To [`Call::Evaluate`].
    Evaluated(Box<Evaluation>),
    /// To [`Call::WalkIn`].
    WalkedIn(WalkedIn),
    /// To [`Call::SetCheckOut`]: how it stands now.
    CheckOutSet(bool),
    /// To [`Call::Roster`].
    Roster(Arc<Roster>),
    /// To [`Call::Undo`].
    Undone(Undone),
    /// To [`Call::Money`].
    Money(MoneyAnswer),
    /// To [`Call::Live`].
    Live(LiveAnswer),
    /// To [`Call::Note`].
    Note(NoteAnswer),
    /// To [`Call::Seats`].
    Seats(SeatsAnswer),
    /// To [`Call::Completion`].
    Completion(CompletionAnswer),
    /// To [`Call::Game`].
    Game(GameAnswer),
    /// To [`Call::Settings`].
    Settings(SettingsAnswer),
    /// To [`Call::Audit`].
    Audit(AuditPage),
    /// To [`Call::Insight`].
    Insight(InsightAnswer),
    /// To [`Call::Account`].
    Account(AccountAnswer),
    /// To [`Call::Kiosk`].
    Kiosk(KioskAnswer),
    /// To [`Call::Members`].
    Members(MembersAnswer),
    /// To [`Call::Profile`].
    Profile(Profile),
}
