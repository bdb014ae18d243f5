//! What makes the door live: hints of other doors are listened for while it is on the screen, and this terminal is said
//! to stand there.

use std::time::Duration;

use crate::domain::event::EventId;

use super::effect::{Effect, Timer};
use super::model::Model;
use super::screens::Tab;

/// Whoever leaves the door and is not back after so long does not stand there any more.
const AWAY: Duration = Duration::from_secs(60);

/// Whether hints are listened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Ear {
    /// No.
    #[default]
    Closed,
    /// The door is on the screen.
    Open,
    /// Still, although the door was left.
    Leaving,
}

impl Model {
    /// Whether the door is what is on the screen.
    fn is_at_the_door(&self) -> bool {
        self.cx.me.is_some() && self.tab == Tab::CheckIn && !self.is_locked()
    }

    /// Something has happened at an event.
    pub(super) fn hinted(&mut self, event: EventId) {
        if self.is_at_the_door() {
            self.check_in.hinted(event, &mut self.cx);
        }
    }

    /// Begins to listen when the door is on the screen, and thinks of ending it when it is not any more.
    pub(super) fn attune(&mut self) {
        self.ear = match (self.ear, self.is_at_the_door()) {
            (Ear::Closed, true) => {
                self.cx.effects.push(Effect::Listen(true));
                Ear::Open
            }
            (Ear::Leaving, true) => Ear::Open,
            (Ear::Open | Ear::Leaving, false) if self.cx.me.is_none() => self.deaf(),
            (Ear::Open, false) => {
                self.cx.after(AWAY, Timer::Away);
                Ear::Leaving
            }
            (ear, _) => ear,
        };
    }

    fn deaf(&mut self) -> Ear {
        self.cx.effects.push(Effect::Listen(false));
        Ear::Closed
    }

    /// The door was left a while ago, and nobody came back.
    pub(super) fn left(&mut self) {
        if self.ear == Ear::Leaving {
            self.ear = self.deaf();
            if !self.is_ended() {
                self.check_in.leave(&mut self.cx);
            }
        }
    }

    /// The door has been answered: this terminal stands at it.
    pub(super) fn stand(&mut self) {
        if self.ear == Ear::Open {
            self.check_in.stand(&mut self.cx);
        }
    }
}
