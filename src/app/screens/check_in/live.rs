//! The door among other doors: a hint leads to one look, and where this terminal stands is said once a minute.

use chrono::TimeDelta;

use super::CheckIn;
use crate::app::context::Context;
use crate::app::effect::Lane;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::event::EventId;
use crate::domain::live::LiveCall;
use crate::domain::{Call, Fault, Timestamp};

/// The database forgets after two and a half minutes where a terminal stands.
const SAY_EVERY: TimeDelta = TimeDelta::seconds(60);

/// What is under way between this door and the others.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// A hint came while the door was being asked for: its answer may be older.
    pub(super) again: bool,
    /// Where this terminal last said that it stands, and when.
    stands: Option<(EventId, Timestamp)>,
}

impl CheckIn {
    /// Something has happened at an event: if it is this one, a look, or one more when one is under way.
    pub(crate) fn hinted(&mut self, event: EventId, cx: &mut Context) {
        if self.event != Some(event) {
            return;
        }
        if cx.requests.awaits(&Want::Door(event)) {
            self.live.again = true;
        } else {
            self.ask_door(cx);
        }
    }

    /// Says that this terminal stands here, unless it has done so within the minute. A rehearsal stands nowhere.
    pub(crate) fn stand(&mut self, cx: &mut Context) {
        let (Some(event), Remote::Here(_), false) = (self.event, &self.door, cx.rehearsing) else {
            return;
        };
        let said = self
            .live
            .stands
            .is_some_and(|(at, when)| at == event && cx.now() - when < SAY_EVERY);
        if !said {
            self.live.stands = Some((event, cx.now()));
            Self::say_where(Some(event), cx);
        }
    }

    /// This terminal stands at no door any more.
    pub(crate) fn leave(&mut self, cx: &mut Context) {
        if self.live.stands.take().is_some() && !cx.rehearsing {
            Self::say_where(None, cx);
        }
    }

    fn say_where(event: Option<EventId>, cx: &mut Context) {
        cx.ask(Want::Stand, Lane::Presence, Call::Live(LiveCall::Stand(event)));
    }

    /// Whether it was heard; if not, it is said again with the next look.
    pub(crate) fn stood(&mut self, result: &Result<(), Fault>) {
        if result.is_err() {
            self.live.stands = None;
        }
    }
}
