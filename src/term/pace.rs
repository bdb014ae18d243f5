//! When the next frame may be drawn: at most one every 16 ms for what replies and timers change, and at most one for
//! keys, so that a key after a pause never waits for what a reply has just drawn. What is drawn is not known here.

use std::time::{Duration, Instant};

const FRAME: Duration = Duration::from_millis(16);

/// See the module.
#[derive(Debug)]
pub(super) struct Pace {
    next_frame: Instant,
    next_answer: Instant,
    pressed: bool,
}

impl Pace {
    /// The first frame may be drawn at once.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            next_frame: now,
            next_answer: now,
            pressed: false,
        }
    }

    /// A key waits for its frame.
    pub(super) fn pressed(&mut self) {
        self.pressed = true;
    }

    /// When the next frame may be drawn.
    pub(super) fn due(&self) -> Instant {
        if self.pressed {
            self.next_answer.min(self.next_frame)
        } else {
            self.next_frame
        }
    }

    /// A frame is drawn now.
    pub(super) fn drawn(&mut self, now: Instant) {
        self.next_frame = now + FRAME;
        if std::mem::take(&mut self.pressed) {
            self.next_answer = self.next_frame;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_waits_for_keys_alone() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut pace = Pace::new(start);
        assert_eq!(pace.due(), start);
        pace.drawn(start);
        assert_eq!(pace.due(), at(16), "what a reply changed waits for its frame");
        pace.pressed();
        assert_eq!(pace.due(), start, "the first key does not");
        pace.drawn(at(3));
        pace.pressed();
        assert_eq!(pace.due(), at(19), "one frame for a burst of keys");
        pace.drawn(at(19));
        assert_eq!(pace.due(), at(35));
    }
}
