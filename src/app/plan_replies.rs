//! Where answers about the plan go: the form, the cancelling, the types, a calendar file.

use crate::domain::plan::{PlanAnswer, Saved, Stopped};
use crate::domain::{Fault, ics};

use super::context::{Tone, Wish};
use super::effect::Effect;
use super::model::Model;
use super::overlay::Overlay;
use super::plan_words;
use super::requests::Want;

/// The result with its answer unpacked. An answer of another kind is a fault of the data layer, and told as one.
macro_rules! unpack {
    ($result:expr, $pattern:pat => $value:expr) => {
        match $result {
            Ok($pattern) => Ok($value),
            Ok(_) => Err(Fault::Internal),
            Err(fault) => Err(fault),
        }
    };
}

impl Model {
    pub(super) fn plan_answered(&mut self, want: Want, result: Result<PlanAnswer, Fault>) {
        let cx = &mut self.cx;
        match want {
            Want::Save => self.save_answered(unpack!(result, PlanAnswer::Saved(saved) => *saved)),
            Want::Effects => {
                if let Some(form) = Self::form_overlay(&mut self.overlays) {
                    form.effects_answered(unpack!(result, PlanAnswer::Effects(effects) => effects), cx);
                }
            }
            Want::StopEffects(event) => {
                let result = unpack!(result, PlanAnswer::Effects(effects) => effects);
                for overlay in &mut self.overlays {
                    if let Overlay::Stop(stop) = overlay
                        && stop.line.id == event
                    {
                        stop.effects.answer(result);
                        break;
                    }
                }
            }
            Want::StopEvent(event) => {
                let waiting = |overlay: &Overlay| matches!(overlay, Overlay::Stop(stop) if stop.line.id == event && stop.is_sending());
                let at = self.overlays.iter().position(waiting);
                match (unpack!(result, PlanAnswer::Cancelled(stopped) => stopped), at) {
                    (Err(fault), Some(at)) => {
                        if let Some(Overlay::Stop(stop)) = self.overlays.get_mut(at) {
                            stop.failed(&fault);
                        }
                    }
                    (result, at) => {
                        if let Some(at) = at {
                            self.overlays.remove(at);
                        }
                        self.stopped(result.map(|stopped| *stopped));
                    }
                }
            }
            Want::Reopen(_) => {
                let result = unpack!(result, PlanAnswer::Reopened(stopped) => *stopped);
                self.stopped(result);
            }
            Want::TypesUsed => {
                let result = unpack!(result, PlanAnswer::Types(types) => types);
                for overlay in &mut self.overlays {
                    if let Overlay::Types(types) = overlay {
                        types.answered(result, cx);
                        break;
                    }
                }
            }
            Want::TypeChange(nonce) => {
                let result = unpack!(result, PlanAnswer::Types(types) => types);
                let done = result.is_ok();
                let waiting =
                    |overlay: &&mut Overlay| matches!(overlay, Overlay::Types(types) if types.awaits(nonce));
                match (self.overlays.iter_mut().find(waiting), result) {
                    (Some(Overlay::Types(types)), result) => types.changed(result, cx),
                    (_, Ok(_)) => cx.say(Tone::Good, "The event types are changed."),
                    (_, Err(fault)) => cx.say(Tone::Bad, format!("The event types are not changed. {fault}")),
                }
                if done {
                    // Events may be of another type now.
                    self.calendar.ask(&mut self.cx);
                }
            }
            Want::CalendarFile(title) => match unpack!(result, PlanAnswer::File(file) => file) {
                Ok(file) if file.events.is_empty() => {
                    cx.say(Tone::Plain, "There are no events to write into a file.");
                }
                Ok(file) => {
                    let community = cx.community.as_ref().map(|c| c.community_name.to_string());
                    let text = ics::write(&file, &community.unwrap_or_default(), cx.zone(), cx.now());
                    cx.effects.push(Effect::Export {
                        name: ics::file_name(&title),
                        text,
                    });
                }
                Err(fault) => cx.say(Tone::Bad, format!("Nothing is written. {fault}")),
            },
            _ => {}
        }
    }

    /// An event was cancelled or reopened.
    fn stopped(&mut self, result: Result<Stopped, Fault>) {
        let line = result.as_ref().ok().map(|stopped| stopped.event.line.clone());
        self.calendar.stopped(result, &mut self.cx);
        self.mine_touched(line.as_ref());
    }

    fn save_answered(&mut self, result: Result<Saved, Fault>) {
        let saving = |overlay: &Overlay| matches!(overlay, Overlay::Form(form) if form.is_saving());
        let at = self.overlays.iter().position(saving);
        match result {
            Ok(Saved::Saved { event, events }) => {
                let text = plan_words::saved(&event, events, self.cx.zone(), self.cx.now());
                self.cx.say(Tone::Good, text);
                if let Some(at) = at {
                    // The form goes, and what was asked on top of it; the lock stays.
                    let above = self.overlays.split_off(at);
                    let locks = above.into_iter().filter(|o| matches!(o, Overlay::Lock(_)));
                    self.overlays.extend(locks);
                }
                self.cx.wish(Wish::ShowEvent(Box::new(event)));
            }
            Ok(Saved::Changed { event, by }) => {
                if let Some(Overlay::Form(form)) = at.and_then(|at| self.overlays.get_mut(at)) {
                    return form.changed_meanwhile(event, by.as_ref(), &mut self.cx);
                }
                let who = by.map_or_else(|| "Somebody".to_owned(), |by| by.to_string());
                let text = format!("The event is not saved: {who} changed it meanwhile.");
                self.cx.say(Tone::Bad, text);
            }
            Err(fault) => {
                if let Some(Overlay::Form(form)) = at.and_then(|at| self.overlays.get_mut(at)) {
                    return form.save_failed(&fault);
                }
                self.cx.say(Tone::Bad, format!("The event is not saved. {fault}"));
            }
        }
    }
}
