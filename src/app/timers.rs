//! What the model does when a timer has run out.

use super::context::{HEARTBEAT, Link};
use super::effect::Timer;
use super::model::{Model, POLL_EVERY};
use super::overlay::Overlay;
use super::overlay::lock::Reason;
use super::screens::Tab;
use super::screens::check_in::CheckIn;

impl Model {
    pub(super) fn timer(&mut self, timer: Timer) {
        match timer {
            Timer::Minute => {
                self.cx.arm_minute();
                self.cx.dirty = true;
            }
            Timer::Toast(number) => {
                if self.cx.toast.as_ref().is_some_and(|toast| toast.number == number) {
                    self.cx.toast = None;
                    self.cx.dirty = true;
                }
            }
            Timer::Spinner(request) => {
                if let Some(request) = self.cx.requests.get_mut(request) {
                    request.slow = true;
                    self.cx.spin(true);
                    self.cx.dirty = true;
                }
            }
            Timer::Spin => self.cx.spin(false),
            Timer::Lock => self.lock_if_idle(),
            Timer::Poll => {
                if self.cx.me.is_some() && !self.is_ended() {
                    match self.tab {
                        _ if self.has_visit() => {
                            if let Some(profile) = &mut self.visit {
                                profile.poll(&mut self.cx);
                            }
                        }
                        _ if self.has_people() => {
                            if let Some(people) = &mut self.people {
                                people.poll(&mut self.cx);
                            }
                        }
                        Tab::Calendar => self.calendar.poll(&mut self.cx),
                        Tab::CheckIn => self.check_in.poll(&mut self.cx),
                        Tab::Profile => self.profile.poll(&mut self.cx),
                        Tab::Leaderboard => self.board.poll(&mut self.cx),
                        Tab::Insights => self.poll_page(),
                        Tab::Registrations => self.registrations.poll(&mut self.cx),
                        Tab::Members => self.members.poll(&mut self.cx),
                    }
                    if let Some(Overlay::Money(money)) = self.overlays.last_mut() {
                        money.poll(&mut self.cx);
                    }
                    self.arm_poll();
                }
            }
            Timer::Away => self.left(),
            Timer::Burst => self.burst_over(),
            Timer::Flash => {
                self.check_in.lit = None;
                self.cx.dirty = true;
            }
            Timer::Bell(strokes) => CheckIn::ring(strokes, &mut self.cx),
            Timer::Debounce(typing) if self.tab == Tab::Members => {
                self.members.debounced(typing, &mut self.cx);
            }
            Timer::Debounce(typing) => self.check_in.search(typing, &mut self.cx),
            Timer::Overdue(typing) => {
                self.check_in.overdue(typing, &mut self.cx);
                self.cx.dirty = true;
            }
            Timer::Notices => self.notices_due(),
            Timer::Card(number) => self.card_over(number),
            Timer::Idle => self.idle_due(),
            Timer::Heartbeat => {
                let quiet = self.cx.last_reply.is_none_or(|at| {
                    (self.cx.now() - at).to_std().unwrap_or_default() + POLL_EVERY / 5 >= HEARTBEAT
                });
                // Settings are changed elsewhere, too: name, zone and currency are looked at once a minute.
                let now = self.cx.setup.now;
                let old = self
                    .cx
                    .learned
                    .is_none_or(|at| now - at >= chrono::TimeDelta::minutes(1));
                if quiet || old || !matches!(self.cx.link, Link::Live { .. }) {
                    self.ask_community();
                }
                self.cx.arm_heartbeat();
            }
        }
    }

    fn lock_if_idle(&mut self) {
        let (Some(limit), false) = (self.cx.setup.lock_after, self.is_locked()) else {
            return;
        };
        if self.cx.me.is_none() {
            return;
        }
        let idle = (self.cx.setup.now - self.last_key).to_std().unwrap_or_default();
        match limit.checked_sub(idle) {
            Some(rest) if !rest.is_zero() => self.cx.after(rest, Timer::Lock),
            _ => self.lock(Reason::Idle),
        }
    }
}
