//! Attempts at the door: Enter sends one, an answer settles one. Each has a nonce of its own, so that several
//! quick ones neither lose nor double anything.

use super::undo::Step;
use super::{Aim, Attempt, Card, CheckIn};
use crate::app::context::{Context, Tone};
use crate::app::effect::{Lane, Timer};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::check_in::{CheckedIn, Outcome, Presented};
use crate::domain::kept::QUEUE_AFTER;
use crate::domain::{Call, Fault, Nonce, SafeText, pass_code};

impl CheckIn {
    // ---- attempts ----

    /// Enter, F4 and whatever else is about one person: who is meant now, and what is to be done with them.
    pub(super) fn aim(&mut self, aim: Aim, cx: &mut Context) {
        if aim == Aim::In && self.confirm_party(cx) {
            return;
        }
        let typed = self.typed().to_owned();
        if typed.is_empty() {
            if aim == Aim::In && (self.go_on(cx) || self.send_party_again(cx)) {
                return;
            }
            return match self.on_card() {
                Some((presented, label)) if aim != Aim::In || self.is_not_in() => {
                    self.take_aim(aim, presented, label, cx);
                }
                _ => cx.say(Tone::Plain, "Type part of a name, or a pass code."),
            };
        }
        // Sent once already and still in the field: the same key again is the same attempt.
        if self.input.is_replaced_next() && self.under_way.iter().any(|a| typed_of(&a.presented) == typed) {
            return;
        }
        if let Some((presented, label)) = self.meant(typed, aim, cx) {
            self.take_aim(aim, presented, label, cx);
        }
    }

    /// Who is meant by what is typed and marked. `None` while the list is about something else: nobody may be taken
    /// from it, the right one is asked for, and its answer goes on from here.
    fn meant(&mut self, typed: String, aim: Aim, cx: &mut Context) -> Option<(Presented, SafeText)> {
        if pass_code::read(&typed).is_ok() {
            let label = SafeText::line(&typed);
            return Some((Presented::Text(typed), label));
        }
        if !self.is_list_current() || self.candidates == Remote::Loading || !self.may_take(cx) {
            self.armed = Some((typed, aim));
            self.search_now(cx);
            cx.after(QUEUE_AFTER, Timer::Overdue(self.typing));
            return None;
        }
        Some(self.marked_or(typed))
    }

    /// Whoever is marked, else what is typed as it is.
    pub(super) fn marked_or(&self, typed: String) -> (Presented, SafeText) {
        if let Some(candidate) = self.marked() {
            let (id, label) = (candidate.id, candidate.full_name.clone());
            (Presented::Member { id, typed }, label)
        } else {
            let label = SafeText::line(&typed);
            (Presented::Text(typed), label)
        }
    }

    pub(super) fn take_aim(&mut self, aim: Aim, presented: Presented, label: SafeText, cx: &mut Context) {
        match aim {
            Aim::In if self.look_first(&presented, &label, cx) => {}
            Aim::In | Aim::Out => self.send(aim, presented, label, None, cx),
            Aim::Why => self.ask_why(presented, label, cx),
        }
    }

    pub(super) fn send(
        &mut self,
        aim: Aim,
        presented: Presented,
        label: SafeText,
        redoes: Option<Step>,
        cx: &mut Context,
    ) {
        let Some(event) = self.event else { return };
        self.armed = None;
        if cx.rehearsing {
            return self.rehearse_check_in(&presented, cx);
        }
        let nonce = match self.broken.take() {
            Some(broken) if (broken.event, broken.aim) == (event, aim) && broken.presented == presented => {
                broken.nonce
            }
            _ => cx.nonce(),
        };
        let presented_again = presented.clone();
        let call = if aim == Aim::Out {
            Call::CheckOut {
                nonce,
                event,
                presented,
            }
        } else {
            Call::CheckIn {
                nonce,
                event,
                presented,
            }
        };
        let presented = presented_again;
        cx.ask_and_wait(Want::CheckIn(nonce), Lane::Write, call);
        self.attempts += 1;
        self.carded = self.attempts;
        self.card = Card::Sent {
            nonce,
            label: label.clone(),
        };
        self.under_way.push(Attempt {
            nonce,
            event,
            aim,
            presented,
            label,
            number: self.attempts,
            redoes,
            queued: false,
            noted: false,
            party: None,
        });
        // It stays to be seen until it is answered; the next person's first letter takes its place.
        self.input.replace_next(true);
    }

    /// One attempt with what a scanner read; what is being typed stays as it is.
    pub(crate) fn present(&mut self, presented: Presented, label: SafeText, cx: &mut Context) {
        let replaced_next = self.input.is_replaced_next();
        self.take_aim(Aim::In, presented, label, cx);
        self.input.replace_next(replaced_next);
    }

    /// Whether the last attempt with this was not answered over a broken link, so that it is to be sent again.
    pub(crate) fn is_broken(&self, presented: &Presented) -> bool {
        self.broken
            .as_ref()
            .is_some_and(|broken| Some(broken.event) == self.event && broken.presented == *presented)
    }

    pub(crate) fn answered(&mut self, nonce: Nonce, result: Result<CheckedIn, Fault>, cx: &mut Context) {
        let Some(at) = self.under_way.iter().position(|a| a.nonce == nonce) else {
            return;
        };
        let attempt = self.under_way.remove(at);
        let mine = self.input.is_replaced_next() && self.typed() == typed_of(&attempt.presented);
        // What came of a later attempt is not covered by what comes of an earlier one.
        let newest = attempt.number >= self.carded;
        if let Ok(checked) = &result {
            self.hold_note(checked);
        }
        if let (Ok(checked), false) = (&result, attempt.queued) {
            self.learn(checked, cx);
        }
        if let (Ok(checked), true) = (&result, attempt.aim == Aim::In)
            && let (Outcome::Ok, Some(member)) = (checked.outcome, &checked.member)
        {
            self.party.is_in(member.id);
        }
        if self.party_answered(&attempt, &result, cx) {
            return;
        }
        if attempt.queued && self.queue_answered(&attempt, &result, cx) {
            // Told at the door long ago; the next person stands there.
            if let Ok(checked) = &result
                && checked.outcome == Outcome::Ok
                && !attempt.noted
            {
                self.trail
                    .note(checked, attempt.redoes.is_some(), None, attempt.party);
            }
            return;
        }
        match result {
            Ok(checked) => {
                if mine && checked.outcome != Outcome::UnknownCode {
                    self.input.clear();
                    self.look_up(cx);
                }
                if checked.outcome == Outcome::Ok && !attempt.noted {
                    self.trail
                        .note(&checked, attempt.redoes.is_some(), None, attempt.party);
                }
                if Some(checked.event_id) == self.event && newest {
                    self.signal(checked.outcome, cx);
                    cx.unsay();
                    self.card = Card::Answered(checked);
                } else {
                    let who = checked.member.as_ref().map_or(&attempt.label, |m| &m.full_name);
                    let tone = if checked.outcome == Outcome::Ok {
                        Tone::Good
                    } else {
                        Tone::Warn
                    };
                    cx.say(tone, format!("{who}: {}.", checked.brief()));
                }
                self.ask_door(cx);
            }
            Err(fault) => {
                if mine {
                    self.input.replace_next(false);
                }
                let (label, attempt_aim) = (attempt.label.clone(), attempt.aim);
                if fault.is_link() {
                    if let Some(step) = attempt.redoes.clone() {
                        self.redo_failed(step);
                    }
                    self.broken = Some(attempt);
                }
                if newest {
                    self.card = Card::Failed {
                        label,
                        fault,
                        out: attempt_aim == Aim::Out,
                    };
                } else {
                    let way = if attempt_aim == Aim::Out { "out" } else { "in" };
                    cx.say(Tone::Bad, format!("{label} is not checked {way}. {fault}"));
                }
            }
        }
    }
}

pub(super) fn typed_of(presented: &Presented) -> &str {
    match presented {
        Presented::Member { typed, .. } => typed,
        Presented::Text(text) => text,
    }
}
