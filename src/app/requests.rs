//! The requests that are awaited. What is not in this list any more is stale when its reply comes.

use chrono::NaiveDate;

use crate::domain::check_in::Presented;
use crate::domain::event::EventId;
use crate::domain::member::MemberId;
use crate::domain::seats::Part;
use crate::domain::{Call, Nonce, Timestamp};

use super::earned::EarnedWant;
use super::effect::{Lane, RequestId};
use super::kiosk::KioskWant;
use super::overlay::badge_rules::RulesWant;
use super::overlay::form::Kind;
use super::overlay::money::MoneyWant;
use super::overlay::sessions::SessionsWant;
use super::screens::insights::InsightWant;
use super::screens::insights::audit::AuditWant;
use super::screens::leaderboard::BoardWant;
use super::screens::members::MembersWant;
use super::screens::people::PeopleWant;
use super::screens::profile::ProfileWant;

/// What a request is for: where its answer goes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Want {
    Community,
    SignIn,
    /// A sign-in that nobody waits for any more.
    Abandoned,
    Unlock,
    SignOut,
    Events((NaiveDate, NaiveDate)),
    About(String),
    FilterTypes,
    EventPage(EventId),
    Attendees(EventId),
    OpenForm(EventId, Kind),
    EventTypes,
    Save,
    Effects,
    StopEffects(EventId),
    StopEvent(EventId),
    Reopen(EventId),
    TypesUsed,
    TypeChange(Nonce),
    CalendarFile(String),
    Register(EventId),
    CancelSeat(EventId),
    DoorEvents,
    Door(EventId),
    Stand,
    Candidates {
        event: EventId,
        query: String,
    },
    Similar {
        event: EventId,
        query: String,
    },
    CheckIn(Nonce),
    Roster(EventId),
    Till(Nonce),
    Undo(Nonce),
    Why(Presented),
    PartyLook(MemberId),
    Note(Nonce),
    Log {
        query: String,
        before: Option<i64>,
    },
    LogFile,
    Evaluate(Presented),
    SetCheckOut,
    Board(BoardWant),
    Insight(InsightWant),
    Audit(AuditWant),
    Settings,
    Earned(EarnedWant),
    Profile,
    Points,
    /// About my game.
    Game(ProfileWant),
    /// About another member's game.
    MemberGame(MemberId, ProfileWant),
    Money(MoneyWant),
    /// About the badges' levels.
    BadgeRules(RulesWant),
    /// What a small form sent.
    Sheet(Nonce),
    People(PeopleWant),
    Members(MembersWant),
    Sessions(SessionsWant),
    Mine(MineWant),
    Kiosk(KioskWant),
}

/// What an answer about my registrations is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum MineWant {
    /// A page of them; `after` none is the beginning.
    Page {
        part: Part,
        after: Option<(Timestamp, EventId)>,
    },
    /// What others did to them.
    News,
    /// I have seen that.
    Seen { event: EventId, at: Timestamp },
}

/// One awaited request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Request {
    pub(crate) id: RequestId,
    pub(crate) want: Want,
    pub(crate) lane: Lane,
    /// Longer under way than the eye forgives.
    pub(crate) slow: bool,
    /// Tries that did not get through.
    pub(crate) tries: u32,
    /// Kept on the disk, and answered when the link is back.
    pub(crate) queued: bool,
    /// A write as it was sent, to send it again after an ended session was renewed.
    pub(crate) write: Option<Call>,
}

/// All that is awaited.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    last: u64,
    open: Vec<Request>,
}

impl Requests {
    /// Notes a request. On a reading lane it takes the place of the older one, whose reply is no longer wanted.
    pub(crate) fn open(&mut self, want: Want, lane: Lane, call: &Call) -> RequestId {
        self.last += 1;
        let id = RequestId(self.last);
        if lane != Lane::Write {
            self.open.retain(|request| request.lane != lane);
        }
        self.open.push(Request {
            id,
            want,
            lane,
            slow: false,
            tries: 0,
            queued: false,
            write: (lane == Lane::Write).then(|| call.clone()),
        });
        id
    }

    /// Takes the request of a reply out; none when the reply is stale.
    pub(crate) fn close(&mut self, id: RequestId) -> Option<Request> {
        let at = self.open.iter().position(|request| request.id == id)?;
        Some(self.open.remove(at))
    }

    pub(crate) fn get_mut(&mut self, id: RequestId) -> Option<&mut Request> {
        self.open.iter_mut().find(|request| request.id == id)
    }

    pub(crate) fn on(&self, lane: Lane) -> Option<&Request> {
        self.open.iter().find(|request| request.lane == lane)
    }

    pub(crate) fn awaits(&self, want: &Want) -> bool {
        self.find(want).is_some()
    }

    pub(crate) fn find(&self, want: &Want) -> Option<&Request> {
        self.open.iter().find(|request| request.want == *want)
    }

    /// Whether this is awaited for so long that it should show.
    pub(crate) fn is_slow(&self, want: &Want) -> bool {
        self.find(want).is_some_and(|request| request.slow)
    }

    pub(crate) fn any_slow(&self) -> bool {
        self.open.iter().any(|request| request.slow)
    }

    /// Writes without an answer; what is queued is kept elsewhere.
    pub(crate) fn writes(&self) -> impl Iterator<Item = &Request> {
        self.open
            .iter()
            .filter(|request| request.lane == Lane::Write && !request.queued)
    }

    /// A list without any of them, which goes on counting behind them.
    pub(crate) fn anew(&self) -> Self {
        Self {
            last: self.last,
            open: Vec::new(),
        }
    }

    /// What was wanted is wanted otherwise. False when it is not awaited.
    pub(crate) fn abandon(&mut self, want: &Want, for_this: Want) -> bool {
        let request = self.open.iter_mut().find(|request| request.want == *want);
        request.map(|request| request.want = for_this).is_some()
    }

    /// Nothing is awaited any more.
    pub(crate) fn forget(&mut self) {
        self.open.clear();
    }
}
