//! The form's way to the database and back: whom a change would hurt is asked first; what somebody else has changed
//! meanwhile is shown; a lost link keeps everything.

use super::{FormOverlay, Kind};
use crate::app::context::{Context, Tone, Wish};
use crate::app::effect::Lane;
use crate::app::overlay::Overlay;
use crate::app::overlay::confirm::Confirm;
use crate::app::overlay::differ::{Differ, Merged};
use crate::app::plan_words;
use crate::app::requests::Want;
use crate::domain::event::{EventDraft, EventPage};
use crate::domain::event_form::{EventForm, Field};
use crate::domain::plan::{Change, Effects, PlanCall};
use crate::domain::{Call, Fault, Nonce, SafeText};

/// What is on its way.
#[derive(Debug)]
pub(super) enum Under {
    /// The question whom this would hurt.
    Looking(Box<EventDraft>),
    /// The change itself.
    Saving(Nonce, Box<EventDraft>),
}

impl FormOverlay {
    /// Whether the change has been sent.
    pub(crate) fn is_saving(&self) -> bool {
        matches!(self.under, Some(Under::Saving(..)))
    }

    /// Whether something is on its way, and nothing can be typed.
    pub(crate) fn is_busy(&self) -> bool {
        self.under.is_some()
    }

    /// Gives up asking whom the change would hurt.
    pub(super) fn stop_looking(&mut self) {
        if !self.is_saving() {
            self.under = None;
        }
    }

    pub(super) fn save(&mut self, cx: &mut Context) {
        if self.is_busy() {
            return cx.say(Tone::Plain, "It is being saved.");
        }
        self.message = None;
        self.asked = None;
        let form = self.typed();
        match form.check(&self.type_names(), cx.zone(), cx.currency(), cx.now()) {
            Ok(draft) => {
                self.errors.clear();
                let draft = Box::new(draft);
                // What was sent already has been agreed to.
                let again = matches!(&self.broken, Some((_, same)) if *same == draft);
                match self.change(&draft, cx) {
                    Some(change) if !again => {
                        look(change, cx);
                        self.under = Some(Under::Looking(draft));
                    }
                    _ => self.send(draft, cx),
                }
            }
            Err(wrong) => {
                if let Some((field, _)) = wrong.first() {
                    self.turn_to(*field);
                }
                if wrong.len() > 1 {
                    self.message = Some(format!("{} fields need another look.", wrong.len()).into());
                }
                self.errors = wrong;
            }
        }
    }

    /// What of the draft people may mind; none if nothing of the kind is changed, or it is too late to mind.
    fn change(&self, draft: &EventDraft, cx: &Context) -> Option<Change> {
        let line = &self.base.as_ref().filter(|_| self.of == Kind::Edit)?.line;
        let same = line.start_time == draft.start_time
            && line.end_time == draft.end_time
            && line.location.as_str() == draft.location
            && line.max_participants == draft.max_participants;
        (!same && line.is_active && !line.is_over(cx.now())).then(|| Change {
            event: line.id,
            start_time: draft.start_time,
            end_time: draft.end_time,
            location: draft.location.clone(),
            max_participants: draft.max_participants,
            stops: false,
        })
    }

    /// Asks again whom the change would hurt, when the answer was lost with the session.
    pub(super) fn look_again(&mut self, cx: &mut Context) {
        if let (Some(Under::Looking(draft)), false) = (&self.under, cx.requests.awaits(&Want::Effects))
            && let Some(change) = self.change(draft, cx)
        {
            look(change, cx);
        }
    }

    fn send(&mut self, draft: Box<EventDraft>, cx: &mut Context) {
        let nonce = match self.broken.take() {
            Some((nonce, same)) if same == draft => nonce,
            _ => cx.nonce(),
        };
        let call = Call::Plan(PlanCall::Save {
            nonce,
            draft: draft.clone(),
        });
        cx.ask_and_wait(Want::Save, Lane::Write, call);
        self.under = Some(Under::Saving(nonce, draft));
    }

    /// Whom the change would hurt is known: nobody, or it is asked.
    pub(crate) fn effects_answered(&mut self, result: Result<Effects, Fault>, cx: &mut Context) {
        let Some(Under::Looking(draft)) = self.under.take_if(|under| matches!(under, Under::Looking(_)))
        else {
            return;
        };
        match result {
            Ok(effects) if effects.hurts() => {
                let title = self.base.as_ref().map(|page| page.line.title.clone());
                let question = Confirm::hurts(&title.unwrap_or_default(), &effects, cx);
                self.asked = Some(draft);
                cx.wish(Wish::Open(Box::new(Overlay::Confirm(question))));
            }
            Ok(_) => self.send(draft, cx),
            Err(fault) => self.message = Some(format!("Not saved. {fault}").into()),
        }
    }

    /// It is to be saved although it hurts somebody.
    pub(crate) fn save_anyway(&mut self, cx: &mut Context) {
        if let (Some(draft), false) = (self.asked.take(), self.is_busy()) {
            self.send(draft, cx);
        }
    }

    /// Saving failed; success closes the form before it could hear of it.
    pub(crate) fn save_failed(&mut self, fault: &Fault) {
        let sent = self.under.take();
        if let (true, Some(Under::Saving(nonce, draft))) = (fault.is_link(), sent) {
            self.broken = Some((nonce, draft));
        }
        match fault {
            Fault::Invalid { field, why } if Field::of_column(field).is_some() => {
                if let Some(field) = Field::of_column(field) {
                    self.errors.retain(|(wrong, _)| *wrong != field);
                    self.errors.push((field, why.to_string()));
                    self.turn_to(field);
                }
            }
            _ => self.message = Some(format!("Not saved. {fault}").into()),
        }
    }

    /// Somebody else has changed the event since the form was filled: what differs is shown, and both stay.
    pub(crate) fn changed_meanwhile(&mut self, page: EventPage, by: Option<&SafeText>, cx: &mut Context) {
        self.under = None;
        let theirs = EventForm::of(&page, cx.zone(), cx.currency());
        let differ = Differ::new(&self.initial, self.typed(), theirs, page, by);
        if differ.rows.is_empty() {
            // Nothing that a field shows: the form goes on from the newer event.
            let text = plan_words::changed_beside(&differ.theirs.page, by);
            self.merge(differ.merged());
            self.message = Some(text.into());
        } else {
            cx.wish(Wish::Open(Box::new(Overlay::Differ(Box::new(differ)))));
        }
    }

    /// Goes on from the event as somebody else has left it, with the chosen texts in the fields.
    pub(crate) fn merge(&mut self, merged: Merged) {
        self.initial = merged.theirs.form;
        self.base = Some(merged.theirs.page);
        self.errors.clear();
        self.fill(&merged.form);
        self.turn_to(self.focus);
        self.message = Some("The fields are as you chose. Save again to keep them.".into());
    }
}

fn look(change: Change, cx: &mut Context) {
    let call = Call::Plan(PlanCall::Effects(Box::new(change)));
    cx.ask_and_wait(Want::Effects, Lane::Search, call);
}
