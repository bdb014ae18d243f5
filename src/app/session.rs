//! Coming and going: who signed in, who is back after the lock, and what is forgotten when somebody leaves.

use crate::domain::Call;
use crate::domain::member::Me;

use super::earned::Earned;
use super::effect::{Effect, Keep, Lane, Timer};
use super::house::Page;
use super::model::Model;
use super::news::News;
use super::overlay::Overlay;
use super::overlay::lock::{Lock, Reason};
use super::requests::Want;
use super::scanner::Burst;
use super::screens::Tab;
use super::screens::calendar::Calendar;
use super::screens::check_in::CheckIn;
use super::screens::insights::Insights;
use super::screens::insights::audit::Audit;
use super::screens::insights::settings::SettingsPage;
use super::screens::leaderboard::Board;
use super::screens::members::Members;
use super::screens::profile::Profile;
use super::screens::registrations::Registrations;
use super::screens::sign_in::SignIn;

impl Model {
    pub(super) fn signed_in(&mut self, me: Me) {
        if self.refuse_staff(&me) {
            return;
        }
        self.cx.me = Some(me);
        self.cx.toast = None;
        self.overlays.clear();
        self.tab = Tab::Calendar;
        self.visit = None;
        self.people = None;
        self.calendar = Calendar::new(self.cx.today());
        self.registrations = Registrations::default();
        self.members = Members::default();
        self.cx.news = News::default();
        self.cx.earned = Earned::default();
        self.calendar.enter(&mut self.cx);
        if self.cx.setup.rehearse && self.cx.is_staff() {
            self.go(Tab::CheckIn);
            self.check_in.rehearse(&mut self.cx);
        }
        self.arm_poll();
        self.last_key = self.cx.setup.now;
        if let Some(delay) = self.cx.setup.lock_after {
            self.cx.after(delay, Timer::Lock);
        }
    }

    pub(super) fn signed_out(&mut self) {
        if self.kiosk.is_some() {
            return self.wipe();
        }
        self.burst = Burst::new();
        self.cx.requests.forget();
        self.cx.rehearsing = false;
        self.cx.effects.push(Effect::Keep(Keep::NoRoster));
        self.cx.parked.clear();
        self.cx.ask(Want::SignOut, Lane::Session, Call::SignOut);
        self.cx.me = None;
        self.cx.toast = None;
        self.overlays.clear();
        self.tab = Tab::Calendar;
        self.sign_in = SignIn::new();
        self.calendar = Calendar::new(self.cx.today());
        self.check_in = CheckIn::new();
        self.board = Board::default();
        self.insights = Insights::default();
        self.audit = Audit::default();
        self.settings = SettingsPage::default();
        self.page = Page::default();
        self.profile = Profile::default();
        self.visit = None;
        self.people = None;
        self.registrations = Registrations::default();
        self.members = Members::default();
        self.cx.news = News::default();
        self.cx.earned = Earned::default();
    }

    /// Hides the screen until its member's password is typed; a kiosk forgets who was there instead.
    pub(super) fn lock(&mut self, reason: Reason) {
        if self.cx.me.is_none() {
            return;
        }
        if self.kiosk.is_some() {
            return self.time_is_up();
        }
        if let Some(Overlay::Lock(lock)) = self.overlays.last_mut() {
            if reason == Reason::Ended {
                lock.reason = reason;
            }
            return;
        }
        self.cx.toast = None;
        self.overlays.push(Overlay::Lock(Lock::new(reason)));
        self.cx.dirty = true;
    }

    pub(super) fn unlocked(&mut self, me: Me) {
        let ended = self.is_ended();
        self.overlays
            .retain(|overlay| !matches!(overlay, Overlay::Lock(_)));
        self.cx.me = Some(me);
        if ended {
            // What was under way when the session ended was not done: it is sent again as it was.
            for request in std::mem::take(&mut self.cx.parked) {
                if let Some(call) = request.write {
                    self.cx.ask_and_wait(request.want, Lane::Write, call);
                }
            }
            self.refresh();
            self.arm_poll();
        }
        self.last_key = self.cx.setup.now;
        if let Some(delay) = self.cx.setup.lock_after {
            self.cx.after(delay, Timer::Lock);
        }
    }
}
