//! What a result does besides being shown: it lights up for a moment, and rings where that was asked for. Neither says
//! anything that its word and sign do not.

use std::time::Duration;

use super::CheckIn;
use crate::app::context::Context;
use crate::app::effect::{Effect, Timer};
use crate::domain::check_in::Outcome;

/// How long a result lights up. A newer one within this time prolongs it, so that a quick queue glows and does not
/// flicker (WCAG 2.3.1: no more than three flashes in a second).
const LIT: Duration = Duration::from_millis(400);
/// From one stroke of the bell to the next; closer ones sound as one.
const STROKES: Duration = Duration::from_millis(200);

/// How often a result rings: once for good news, twice for a look, three times for a refusal.
fn strokes(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Ok => 1,
        outcome if outcome.is_refusal() => 3,
        _ => 2,
    }
}

impl CheckIn {
    /// A result is on the card now.
    pub(super) fn signal(&mut self, outcome: Outcome, cx: &mut Context) {
        if cx.setup.flash {
            self.lit = Some(outcome);
            cx.after(LIT, Timer::Flash);
        }
        if cx.setup.bell {
            Self::ring(strokes(outcome), cx);
        }
    }

    /// One stroke now, the others in a moment.
    pub(crate) fn ring(strokes: u8, cx: &mut Context) {
        cx.effects.push(Effect::Bell);
        if strokes > 1 {
            cx.after(STROKES, Timer::Bell(strokes - 1));
        }
    }
}
