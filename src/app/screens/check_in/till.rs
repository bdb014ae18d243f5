//! Who the forms of the door are about: the person marked in the list, else the one on the card.

use super::{Card, CheckIn};
use crate::app::action::DoorAction;
use crate::app::context::{Context, Tone, Wish};
use crate::app::overlay::Overlay;
use crate::app::overlay::till::{Task, Till};
use crate::domain::admission::Guest;
use crate::domain::check_in::{CheckedIn, Outcome, Standing};
use crate::domain::member::MemberName;
use crate::domain::{Call, Fault, Nonce};

impl CheckIn {
    /// The refusal that the card shows, and whose it is; while somebody else is typed, none.
    fn refused(&self) -> Option<(&CheckedIn, &MemberName)> {
        match &self.card {
            Card::Answered(checked) if self.typed().is_empty() => Some((checked, checked.member.as_ref()?)),
            Card::Party(card) if self.typed().is_empty() => card.chosen(),
            _ => None,
        }
    }

    /// Whoever is marked, in a list that is about what is typed.
    fn marked_now(&self) -> Option<(Standing, MemberName)> {
        let candidate = self.marked().filter(|_| self.is_list_current())?;
        let name = MemberName {
            id: candidate.id,
            username: candidate.username.clone(),
            full_name: candidate.full_name.clone(),
        };
        Some((candidate.standing, name))
    }

    /// What a key for the till would be about now; `None` when there is nobody for it.
    fn task(&self, action: DoorAction) -> Option<Task> {
        let marked = self.marked_now();
        let refused = self.refused();
        match action {
            DoorAction::WalkIn => {
                let member = match (marked, refused) {
                    (Some((Standing::None, member)), _) => Some(member),
                    (None, Some((checked, member))) if checked.outcome == Outcome::NotRegistered => {
                        Some(member.clone())
                    }
                    _ => None,
                };
                Some(Task::WalkIn { member })
            }
            DoorAction::TakePayment => match (marked, refused) {
                (Some((Standing::Unpaid, member)), _) => {
                    let due = self.marked()?.due?;
                    Some(Task::Pay { member, due })
                }
                (None, Some((checked, member))) if checked.outcome == Outcome::Unpaid => Some(Task::Pay {
                    member: member.clone(),
                    due: checked.due?,
                }),
                _ => None,
            },
            DoorAction::AdmitAnyway => {
                let (member, outcome) = match (marked, refused) {
                    (Some((standing, member)), _) => (member, refusal(standing)?),
                    (None, Some((checked, member))) => (member.clone(), checked.outcome),
                    _ => return None,
                };
                outcome.may_be_overridden().then(|| Task::Admit {
                    member,
                    refused: outcome.brief(),
                })
            }
            _ => None,
        }
    }

    /// Why a key for the till does nothing now; `None` when it does.
    pub(super) fn why_not_till(&self, action: DoorAction, cx: &Context) -> Option<String> {
        if self.event.is_none() {
            return Some("Choose an event first (F6).".to_owned());
        }
        let what = match action {
            DoorAction::WalkIn => "A walk-in",
            DoorAction::TakePayment => "Payment",
            _ => "Admission",
        };
        if let Some(why) = cx.needs_link(what) {
            return Some(why);
        }
        if self.door.get().is_none() {
            return Some("The event is not here yet.".to_owned());
        }
        let nobody = match action {
            DoorAction::TakePayment => "Nobody is marked who has to pay.",
            _ => "Nobody is marked whom a rule refuses.",
        };
        self.task(action).is_none().then(|| nobody.to_owned())
    }

    pub(super) fn open_till(&mut self, action: DoorAction, cx: &mut Context) {
        let (Some(event), Some(task)) = (self.event, self.task(action)) else {
            return;
        };
        let till = Till::new(task, event, self.typed(), cx).settled(self.door.get());
        cx.wish(Wish::Open(Box::new(Overlay::Till(Box::new(till)))));
    }

    /// A form of the till has its answer, or the same call that was made again.
    pub(crate) fn admitted(&mut self, checked: CheckedIn, call: Option<Call>, cx: &mut Context) {
        self.learn(&checked, cx);
        let redone = call
            .as_ref()
            .and_then(Call::nonce)
            .is_some_and(|nonce| self.trail.redone(nonce).is_some());
        self.hold_note(&checked);
        if checked.outcome == Outcome::Ok {
            self.trail.note(
                &checked,
                redone,
                call.and_then(|call| again(call, &checked)),
                None,
            );
        }
        if Some(checked.event_id) == self.event {
            // The newest there is: no earlier attempt's answer may cover it.
            self.attempts += 1;
            self.carded = self.attempts;
            if !redone {
                self.input.clear();
                self.look_up(cx);
            }
            self.signal(checked.outcome, cx);
            if !self.party_admitted(&checked) {
                self.card = Card::Answered(checked);
            }
        } else {
            let who = checked.member.map_or(checked.input, |m| m.full_name);
            cx.say(Tone::Plain, format!("{who}: {}.", checked.outcome.brief()));
        }
        self.ask_door(cx);
    }

    /// A call of the till came to nothing, and no form is there to say so.
    pub(crate) fn not_admitted(&mut self, nonce: Nonce, fault: &Fault, cx: &mut Context) {
        if let Some(step) = self.trail.redone(nonce)
            && fault.is_link()
        {
            self.redo_failed(step);
        }
        cx.say(Tone::Bad, format!("Not checked in. {fault}"));
    }
}

/// What is sent to bring somebody back who was let in by this call: the same, but a newcomer is a member by now.
fn again(mut call: Call, checked: &CheckedIn) -> Option<Call> {
    if let Call::WalkIn { walk_in, .. } = &mut call {
        walk_in.guest = Guest::Member(checked.member.as_ref()?.id);
    }
    Some(call)
}

/// What the door would say of somebody who stands so, if it refuses them.
fn refusal(standing: Standing) -> Option<Outcome> {
    Some(match standing {
        Standing::Pending => Outcome::Pending,
        Standing::Waitlisted => Outcome::Waitlisted,
        Standing::Cancelled => Outcome::Cancelled,
        Standing::Unpaid => Outcome::Unpaid,
        Standing::Registered | Standing::In | Standing::Left | Standing::None => return None,
    })
}
