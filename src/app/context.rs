//! What every screen shares: the clock, who is signed in, the link, the requests under way, the message line,
//! and the effects that the current update collects.

use std::time::Duration;

use chrono::{NaiveDate, TimeDelta, Timelike};

use crate::domain::community::Community;
use crate::domain::kept::Unsettled;
use crate::domain::member::{Me, UserType};
use crate::domain::money::Currency;
use crate::domain::when::Zone;
use crate::domain::{Call, Nonce, SafeText, Timestamp};

use super::Setup;
use super::earned::Earned;
use super::effect::{Effect, Lane, RequestId, Timer};
use super::news::News;
use super::overlay::Overlay;
use super::requests::{Request, Requests, Want};

/// How long the eye forgives.
pub(crate) const SPINNER_AFTER: Duration = Duration::from_millis(150);
/// Between two pictures of the spinner.
pub(crate) const SPIN_EVERY: Duration = Duration::from_millis(120);
/// Between two looks at an idle link.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(10);
/// Between two looks at a link that is down.
pub(crate) const HEARTBEAT_DOWN: Duration = Duration::from_secs(2);
/// Columns from which list and detail stand side by side.
pub(crate) const WIDE: u16 = 110;

/// The way to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// Nothing has come back yet.
    Unknown,
    /// The last call came back, after so many milliseconds.
    Live { ms: u128 },
    /// A call did not get through and is tried again.
    Retrying,
    /// Nothing gets through.
    Down { since: Timestamp },
}

impl Link {
    pub(crate) fn is_down(self) -> bool {
        matches!(self, Self::Down { .. })
    }
}

/// How far the data layer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Opening {
    /// On the way: what is being done.
    Working(SafeText),
    /// Calls are taken.
    Ready,
    /// It can never be: why.
    Failed(SafeText),
}

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Good,
    Warn,
    Bad,
}

/// What the message line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Toast {
    pub(crate) number: u64,
    pub(crate) tone: Tone,
    pub(crate) text: SafeText,
}

/// What a screen or overlay wants of the model as a whole, done after it has acted.
#[derive(Debug)]
pub(crate) enum Wish {
    /// Put an overlay on top.
    Open(Box<Overlay>),
    /// Take the top overlay away.
    Close,
    /// Sign somebody in who has just proved who they are.
    SignIn(SafeText, crate::domain::Secret),
    /// Ask for everything on the screen again.
    Refresh,
    /// Somebody signed in.
    SignedIn(Me),
    /// Leave the session.
    SignOut,
    /// The same member is back after the lock.
    Unlocked(Me),
    /// Register me, or put me in line, as confirmed.
    Register(crate::domain::event::EventId, bool),
    /// Take the filter of the panel.
    Filter(Box<crate::domain::event_filter::EventFilter>),
    /// Cancel my registration, as confirmed.
    CancelSeat(crate::domain::event::EventId),
    /// The door stands at another event.
    OpenDoor(crate::domain::event::EventId),
    /// Take back what a row of the door's log let through, for a reason.
    TakeBack(
        crate::domain::event::EventId,
        Box<crate::domain::passage::LogRow>,
        Option<String>,
    ),
    /// Do what was chosen in the palette.
    Perform(&'static super::keymap::Binding),
    /// Save the event of the form although somebody minds.
    SaveAnyway,
    /// Go on in the form with what was taken of two changes.
    Merge(Box<super::overlay::differ::Merged>),
    /// Show another member's profile, or no longer.
    Profile(Option<Box<crate::domain::member::MemberName>>),
    /// Show an event's people, or no longer.
    People(Option<Box<crate::domain::event::EventLine>>),
    /// Reopen a cancelled event, as confirmed.
    Reopen(crate::domain::event::EventId),
    /// An event was saved: show it.
    ShowEvent(Box<crate::domain::event::EventPage>),
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) setup: Setup,
    skew: TimeDelta,
    pub(crate) community: Option<Community>,
    /// When the community was last told of, by the machine's clock.
    pub(crate) learned: Option<Timestamp>,
    pub(crate) me: Option<Me>,
    pub(crate) link: Link,
    /// How old the last leaderboard or insights were when a standby read them; none of the database itself.
    pub(crate) behind: Option<Duration>,
    pub(crate) last_reply: Option<Timestamp>,
    pub(crate) opening: Opening,
    pub(crate) requests: Requests,
    pub(crate) parked: Vec<Request>,
    /// Check-ins that wait for the database, and those that wait for a person.
    pub(crate) queued: usize,
    pub(crate) unsettled: Vec<Unsettled>,
    /// Nothing is sent that would change the database.
    pub(crate) rehearsing: bool,
    /// What others did to my registrations.
    pub(crate) news: News,
    /// What I have earned and was not told yet.
    pub(crate) earned: Earned,
    pub(crate) toast: Option<Toast>,
    toasts: u64,
    pub(crate) spin: usize,
    spinning: bool,
    pub(crate) effects: Vec<Effect>,
    pub(crate) wishes: Vec<Wish>,
    pub(crate) dirty: bool,
}

impl Context {
    pub(crate) fn new(setup: Setup) -> Self {
        Self {
            setup,
            skew: TimeDelta::zero(),
            community: None,
            learned: None,
            me: None,
            link: Link::Unknown,
            behind: None,
            last_reply: None,
            opening: Opening::Working(SafeText::line("Opening the database")),
            requests: Requests::default(),
            parked: Vec::new(),
            queued: 0,
            unsettled: Vec::new(),
            rehearsing: false,
            news: News::default(),
            earned: Earned::default(),
            toast: None,
            toasts: 0,
            spin: 0,
            spinning: false,
            effects: Vec::new(),
            wishes: Vec::new(),
            dirty: true,
        }
    }

    /// What a kiosk still knows when somebody has gone: nothing about them.
    pub(crate) fn after_somebody(old: Self) -> Self {
        let requests = old.requests.anew();
        Self {
            skew: old.skew,
            community: old.community,
            link: old.link,
            last_reply: old.last_reply,
            opening: old.opening,
            toasts: old.toasts,
            effects: old.effects,
            requests,
            ..Self::new(old.setup)
        }
    }

    /// The community's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.setup.now + self.skew
    }

    pub(crate) fn zone(&self) -> Zone {
        self.community.as_ref().map_or(Zone::UTC, |c| c.time_zone)
    }

    /// The community's money.
    pub(crate) fn currency(&self) -> Currency {
        self.community.as_ref().map_or(Currency::PHP, Community::money)
    }

    /// The viewer's zone, if its clock shows another time than the community's at a moment.
    pub(crate) fn elsewhere(&self, at: Timestamp) -> Option<Zone> {
        self.setup
            .zone
            .filter(|zone| zone.wall(at) != self.zone().wall(at))
    }

    pub(crate) fn today(&self) -> NaiveDate {
        self.zone().day(self.now())
    }

    /// Minutes before the start at which a door opens.
    pub(crate) fn door_opens_minutes(&self) -> i32 {
        self.community.as_ref().map_or(120, |c| c.check_in_opens_minutes)
    }

    /// Fewest characters of a new password.
    pub(crate) fn password_least(&self) -> usize {
        self.community
            .as_ref()
            .map_or(crate::domain::password::LEAST, |c| c.password_least)
    }

    pub(crate) fn is_staff(&self) -> bool {
        self.me.as_ref().is_some_and(|me| me.user_type.is_staff())
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.me.as_ref().is_some_and(|me| me.user_type == UserType::Admin)
    }

    /// Before whom the keys lie.
    pub(crate) fn audience(&self) -> super::keymap::Audience {
        super::keymap::Audience {
            staff: self.is_staff(),
            kiosk: self.setup.kiosk,
        }
    }

    pub(crate) fn is_wide(&self) -> bool {
        self.setup.size.0 >= WIDE
    }

    /// Takes over what the database says of the community; the answer says whether its zone is another.
    pub(crate) fn learn(&mut self, community: Community) -> bool {
        self.skew = community.clock - self.setup.now;
        self.learned = Some(self.setup.now);
        let moved = self
            .community
            .as_ref()
            .is_none_or(|old| old.time_zone != community.time_zone);
        self.community = Some(community);
        moved
    }

    pub(crate) fn after(&mut self, delay: Duration, timer: Timer) {
        self.effects.push(Effect::After { delay, timer });
    }

    /// Whether the database is out of reach, or left alone by a rehearsal.
    pub(crate) fn is_alone(&self) -> bool {
        self.rehearsing || self.link.is_down()
    }

    /// Why something that only the database can do cannot be done now; `what` begins the sentence.
    pub(crate) fn needs_link(&self, what: &str) -> Option<String> {
        if self.rehearsing {
            return Some(format!(
                "{what} is not rehearsed: nothing is sent. F9 at the door ends the rehearsal."
            ));
        }
        match self.link {
            Link::Down { since } => {
                let since = crate::domain::when::clock_time(since, self.zone());
                Some(format!(
                    "{what} needs the database, which has not answered since {since}."
                ))
            }
            _ => None,
        }
    }

    /// Asks in the background: nothing shows that it is waited for.
    pub(crate) fn ask(&mut self, want: Want, lane: Lane, call: Call) -> RequestId {
        let request = self.requests.open(want, lane, &call);
        if self.rehearsing && lane == Lane::Write {
            // Whatever key leads here: a rehearsal changes nothing.
            self.requests.close(request);
            self.say(
                Tone::Warn,
                "This is a rehearsal: nothing is sent. F9 at the door ends it.",
            );
            return request;
        }
        self.effects.push(Effect::Run { request, lane, call });
        request
    }

    /// Asks for something that somebody waits for: after a while a spinner shows it.
    pub(crate) fn ask_and_wait(&mut self, want: Want, lane: Lane, call: Call) -> RequestId {
        let request = self.ask(want, lane, call);
        self.after(SPINNER_AFTER, Timer::Spinner(request));
        request
    }

    /// Asks; waited for only if there is nothing to show meanwhile.
    pub(crate) fn fetch<T>(
        &mut self,
        remote: &mut super::remote::Remote<T>,
        want: Want,
        lane: Lane,
        call: Call,
    ) -> RequestId {
        remote.ask();
        if remote.get().is_some() {
            self.ask(want, lane, call)
        } else {
            self.ask_and_wait(want, lane, call)
        }
    }

    pub(crate) fn nonce(&mut self) -> Nonce {
        self.setup.nonces.make()
    }

    pub(crate) fn wish(&mut self, wish: Wish) {
        self.wishes.push(wish);
    }

    /// Puts a sentence on the message line.
    pub(crate) fn say(&mut self, tone: Tone, text: impl Into<SafeText>) {
        self.toasts += 1;
        let number = self.toasts;
        let text = text.into();
        // Four seconds, and longer for what is longer or worse.
        let letters = u64::try_from(text.as_str().chars().count()).unwrap_or(0);
        let worse = if tone == Tone::Bad { 4000 } else { 0 };
        let delay = Duration::from_millis(3000 + 40 * letters.min(150) + worse);
        self.toast = Some(Toast { number, tone, text });
        self.after(delay, Timer::Toast(number));
        self.dirty = true;
    }

    /// What was said of one thing makes way for the next that is done; a warning stays until it has been seen.
    pub(crate) fn unsay(&mut self) {
        if self
            .toast
            .as_ref()
            .is_some_and(|toast| matches!(toast.tone, Tone::Plain | Tone::Good))
        {
            self.toast = None;
            self.dirty = true;
        }
    }

    /// Sets the timer for the next full minute.
    pub(crate) fn arm_minute(&mut self) {
        let now = self.now();
        let into = u64::from(now.second().min(59)) * 1000 + u64::from(now.timestamp_subsec_millis().min(999));
        self.after(Duration::from_millis(60_000 - into + 20), Timer::Minute);
    }

    pub(crate) fn arm_heartbeat(&mut self) {
        let delay = if matches!(self.link, Link::Live { .. }) {
            HEARTBEAT
        } else {
            HEARTBEAT_DOWN
        };
        self.after(delay, Timer::Heartbeat);
    }

    /// A request has become slow, or the spinner turns.
    pub(crate) fn spin(&mut self, started: bool) {
        if started && self.spinning {
            return;
        }
        self.spinning = self.requests.any_slow();
        if self.spinning {
            if !started {
                self.spin = self.spin.wrapping_add(1);
            }
            self.after(SPIN_EVERY, Timer::Spin);
        }
        self.dirty = true;
    }
}
