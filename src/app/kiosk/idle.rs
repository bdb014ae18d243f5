//! Whoever walks away from a kiosk: the countdown, and how everything of a person is forgotten.

use std::time::Duration;

use crate::app::context::{Context, Tone};
use crate::app::effect::{Effect, Lane, Timer};
use crate::app::model::Model;
use crate::app::requests::Want;
use crate::app::screens::calendar::Calendar;
use crate::domain::Call;
use crate::domain::member::Me;

use super::At;

/// How much of the idle time is counted down where it can be seen; of a short one half.
const COUNTED: Duration = Duration::from_secs(20);
/// Idle time after which half a pass is forgotten.
const HALF_A_PASS: Duration = Duration::from_secs(20);

/// The watch over idle time.
#[derive(Debug, Default)]
pub(super) struct Idle {
    /// The limit that is watched; none while there is nothing to forget.
    watched: Option<Duration>,
    /// The key that stopped the countdown was a scanner's or a held one: what follows without a pause belongs to it.
    waking: bool,
}

impl Model {
    /// After how long something is to be forgotten.
    fn idle_limit(&self) -> Option<Duration> {
        let kiosk = self.kiosk.as_ref()?;
        if self.is_somebody_here() {
            Some(self.cx.setup.kiosk_idle)
        } else {
            (!kiosk.pass.is_empty()).then_some(HALF_A_PASS)
        }
    }

    /// Whether somebody has begun more than half a pass.
    fn is_somebody_here(&self) -> bool {
        self.cx.me.is_some() || self.kiosk_at(At::SignIn).is_some() || !self.overlays.is_empty()
    }

    fn idle_time(&self) -> Duration {
        (self.cx.setup.now - self.last_key).to_std().unwrap_or_default()
    }

    /// Begins to watch when there is something to forget.
    pub(in crate::app) fn watch(&mut self) {
        let limit = self.idle_limit();
        let Some(kiosk) = &mut self.kiosk else { return };
        if kiosk.idle.watched != limit {
            kiosk.idle.watched = limit;
            kiosk.countdown = None;
            if limit.is_some() {
                self.count_down();
            }
        }
    }

    /// Sets the next look, and shows the last seconds.
    fn count_down(&mut self) {
        let Some(limit) = self.idle_limit() else { return };
        let rest = limit.saturating_sub(self.idle_time());
        let counted = if self.is_somebody_here() {
            COUNTED.min(limit / 2)
        } else {
            Duration::ZERO
        };
        let Some(kiosk) = &mut self.kiosk else { return };
        if rest > counted {
            kiosk.countdown = None;
            return self.cx.after(rest.saturating_sub(counted), Timer::Idle);
        }
        // Whole seconds, upwards; the next look is when one less is left.
        let seconds = rest.as_secs() + u64::from(rest.subsec_nanos() > 0);
        kiosk.countdown = Some(seconds);
        let less = Duration::from_secs(seconds.saturating_sub(1));
        self.cx.after(rest.saturating_sub(less), Timer::Idle);
        self.cx.dirty = true;
    }

    /// The watch has run out: somebody has gone, or was still there.
    pub(in crate::app) fn idle_due(&mut self) {
        match self.idle_limit() {
            Some(limit) if self.idle_time() >= limit => self.wipe(),
            Some(_) => self.count_down(),
            None => {}
        }
    }

    /// Whether this input does nothing but stop the countdown: whoever looks up only then did not mean more.
    pub(in crate::app) fn wakes(&mut self, quick: bool) -> bool {
        let now = self.cx.setup.now;
        let Some(kiosk) = &mut self.kiosk else {
            return false;
        };
        if kiosk.countdown.take().is_some() {
            kiosk.idle = Idle {
                watched: None,
                waking: true,
            };
            self.last_key = now;
            self.cx.dirty = true;
            return true;
        }
        kiosk.idle.waking &= quick;
        if kiosk.idle.waking {
            self.last_key = now;
        }
        kiosk.idle.waking
    }

    /// Forgets everything about whoever was there, and shows the start. What the community is and how the link stands
    /// is no secret; everything else is made anew.
    pub(in crate::app) fn wipe(&mut self) {
        let Some(kiosk) = self.kiosk.take() else { return };
        let fresh = Self::new(self.cx.setup.clone());
        let old = std::mem::replace(self, fresh);
        self.cx = Context::after_somebody(old.cx);
        self.calendar = Calendar::new(self.cx.today());
        self.ear = old.ear;
        if let Some(fresh) = &mut self.kiosk {
            fresh.page = kiosk.page;
            fresh.cards = kiosk.cards + 1;
            fresh.touched = kiosk.touched;
        }
        self.cx.ask(Want::SignOut, Lane::Session, Call::SignOut);
        self.cx.effects.push(Effect::Wipe);
        self.ask_notices();
    }

    /// The session has ended before its member left.
    pub(in crate::app) fn time_is_up(&mut self) {
        self.wipe();
        self.cx
            .say(Tone::Plain, "Your time here is over. Sign in again to go on.");
    }

    /// Staff have no business at a kiosk, whatever login it runs with.
    pub(in crate::app) fn refuse_staff(&mut self, me: &Me) -> bool {
        if self.kiosk.is_none() || !me.user_type.is_staff() {
            return false;
        }
        self.wipe();
        if let Some(kiosk) = &mut self.kiosk {
            kiosk.at = At::SignIn;
        }
        self.sign_in.message = Some("Staff sign in at a staff terminal, not at a kiosk.".into());
        true
    }
}
