//! Looking before letting in: careful mode, where a first Enter only asks, and the rules' answers on request.

use super::{Aim, Card, CheckIn};
use crate::app::context::{Context, Tone, Wish};
use crate::app::effect::Lane;
use crate::app::overlay::Overlay;
use crate::app::overlay::why::Why;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::check_in::{Outcome, Presented};
use crate::domain::passage::Evaluation;
use crate::domain::{Call, Fault, SafeText};

/// Somebody of whom it is known what would come of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weighed {
    pub(crate) presented: Presented,
    pub(crate) label: SafeText,
    /// None while it is asked for.
    pub(crate) evaluation: Option<Box<Evaluation>>,
}

impl CheckIn {
    pub(super) fn toggle_careful(&mut self, cx: &mut Context) {
        self.careful = !self.careful;
        let text = if self.careful {
            "Careful: Enter looks first, a second Enter lets in."
        } else {
            "Enter lets in at once again."
        };
        if matches!(self.card, Card::Weighed(_)) {
            self.card = Card::Empty;
        }
        cx.say(Tone::Plain, text);
    }

    /// In careful mode the first Enter asks; the second, about the same person, goes on. Answers whether it asked.
    pub(super) fn look_first(&mut self, presented: &Presented, label: &SafeText, cx: &mut Context) -> bool {
        let Some(event) = self.event.filter(|_| self.careful) else {
            return false;
        };
        if let Card::Weighed(weighed) = &self.card
            && weighed.presented == *presented
        {
            match &weighed.evaluation {
                // Asked already.
                None => return true,
                Some(evaluation) if evaluation.outcome == Outcome::Ok => return false,
                Some(_) => {}
            }
        }
        // Without the database the roster is asked; without a roster there is nobody to ask.
        let alone = cx.is_alone();
        let here = alone.then(|| self.weigh(presented, cx)).flatten();
        if let Some(here) = &here {
            self.hold_weighed(here);
        }
        if alone && here.is_none() {
            return false;
        }
        self.card = Card::Weighed(Weighed {
            presented: presented.clone(),
            label: label.clone(),
            evaluation: here,
        });
        if alone {
            return true;
        }
        let call = Call::Evaluate {
            event,
            presented: presented.clone(),
        };
        cx.ask_and_wait(Want::Evaluate(presented.clone()), Lane::Detail, call);
        true
    }

    /// Enter without text, while somebody is weighed: it is about them.
    pub(super) fn go_on(&mut self, cx: &mut Context) -> bool {
        let Card::Weighed(weighed) = &self.card else {
            return false;
        };
        let (presented, label) = (weighed.presented.clone(), weighed.label.clone());
        if !self.look_first(&presented, &label, cx) {
            self.send(Aim::In, presented, label, None, cx);
        }
        true
    }

    pub(crate) fn evaluated(
        &mut self,
        presented: &Presented,
        result: Result<Box<Evaluation>, Fault>,
        cx: &mut Context,
    ) {
        let here = self.weigh(presented, cx);
        let Card::Weighed(weighed) = &mut self.card else {
            return;
        };
        if weighed.presented != *presented {
            return;
        }
        match result {
            Ok(evaluation) if Some(evaluation.event_id) == self.event => {
                weighed.evaluation = Some(evaluation.clone());
                self.hold_weighed(&evaluation);
            }
            Ok(_) => self.card = Card::Empty,
            // The roster knows enough to go on.
            Err(fault) if fault.is_link() && here.is_some() => weighed.evaluation = here,
            Err(fault) => {
                cx.say(Tone::Bad, format!("{} is not looked at. {fault}", weighed.label));
                self.card = Card::Empty;
            }
        }
    }

    /// F8: the rules, one by one.
    pub(super) fn ask_why(&mut self, presented: Presented, label: SafeText, cx: &mut Context) {
        let Some(event) = self.event else { return };
        let call = Call::Evaluate {
            event,
            presented: presented.clone(),
        };
        cx.ask_and_wait(Want::Why(presented.clone()), Lane::Detail, call);
        cx.wish(Wish::Open(Box::new(Overlay::Why(Why {
            label,
            presented,
            evaluation: Remote::Loading,
        }))));
    }
}
