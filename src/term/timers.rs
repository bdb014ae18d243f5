//! The timers that are set, and when the next one is due. Pure: the loop says what time it is and sleeps.

use std::time::Instant;

use crate::app::effect::Timer;

/// A handful of timers; setting one anew moves it.
#[derive(Debug, Default)]
pub(super) struct Timers(Vec<(Instant, Timer)>);

impl Timers {
    /// Sets a timer, or moves it if it is set.
    pub(super) fn set(&mut self, due: Instant, timer: Timer) {
        match self.0.iter_mut().find(|(_, set)| *set == timer) {
            Some(entry) => entry.0 = due,
            None => self.0.push((due, timer)),
        }
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.iter().map(|(due, _)| *due).min()
    }

    /// Takes the one that has been due longest, if any is due.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<Timer> {
        let (at, (due, _)) = self.0.iter().enumerate().min_by_key(|(_, (due, _))| *due)?;
        (*due <= now).then(|| self.0.swap_remove(at).1)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn timers_run_out_in_order_and_once() {
        let start = Instant::now();
        let at = |s| start + Duration::from_secs(s);
        let mut timers = Timers::default();
        assert_eq!(timers.next(), None);
        timers.set(at(3), Timer::Poll);
        timers.set(at(1), Timer::Toast(1));
        timers.set(at(2), Timer::Toast(2));
        assert_eq!(timers.next(), Some(at(1)));
        assert_eq!(timers.take_due(start), None);
        assert_eq!(timers.take_due(at(2)), Some(Timer::Toast(1)));
        assert_eq!(timers.take_due(at(2)), Some(Timer::Toast(2)));
        assert_eq!(timers.take_due(at(2)), None);
        assert_eq!(timers.take_due(at(9)), Some(Timer::Poll));
        assert_eq!(timers.next(), None);
    }

    #[test]
    fn setting_a_timer_anew_moves_it() {
        let start = Instant::now();
        let at = |s| start + Duration::from_secs(s);
        let mut timers = Timers::default();
        timers.set(at(1), Timer::Lock);
        timers.set(at(5), Timer::Lock);
        assert_eq!(timers.take_due(at(4)), None);
        assert_eq!(timers.take_due(at(5)), Some(Timer::Lock));
        assert_eq!(timers.take_due(at(9)), None);
    }
}
