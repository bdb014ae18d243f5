//! What this terminal can take back, and bring back again: a trail of its own passages, newest last. The database
//! decides whether a step still stands; here is only what `Ctrl+Z` and `Ctrl+Y` are about.

use super::party::{Coming, by_name};
use super::party_card::PartyCard;
use super::{Aim, Card, CheckIn};
use crate::app::context::{Context, Tone};
use crate::app::effect::{Effect, Keep, Lane};
use crate::app::geometry;
use crate::app::keymap::Key;
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::check_in::{CheckedIn, Outcome};
use crate::domain::event::EventId;
use crate::domain::kept::Kept;
use crate::domain::member::{MemberId, MemberName};
use crate::domain::passage::{LogRow, Passage, UndoOutcome, Undone};
use crate::domain::{Call, Fault, Nonce, SafeText};

/// Steps that are remembered; an evening at one door is shorter.
const MAX_STEPS: usize = 1000;

/// One passage of this terminal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    event: EventId,
    pub(super) member: MemberId,
    pub(super) name: SafeText,
    passage: Passage,
    /// The party that they came with; it goes back together.
    party: Option<u64>,
    /// The call of the till that let them in, if it was no plain check-in: made again, it brings them back.
    again: Option<Call>,
    /// Why; for what another terminal did.
    reason: Option<String>,
    /// Of the key press that takes it back; pressed again over a broken link, it is the same request.
    nonce: Option<Nonce>,
}

/// The terminal's trail.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// Being taken back, each with the number of the newest attempt when that was asked for.
    undoing: Vec<(Step, u64)>,
    /// Being brought back through the till, by the key press.
    redoing: Vec<(Nonce, Step)>,
}

impl Trail {
    /// Somebody was let through.
    pub(super) fn note(
        &mut self,
        checked: &CheckedIn,
        redone: bool,
        again: Option<Call>,
        party: Option<u64>,
    ) {
        let Some(member) = &checked.member else { return };
        if !redone {
            // Whatever was taken back before is another story now.
            self.undone.clear();
        }
        if self.done.len() == MAX_STEPS {
            self.done.remove(0);
        }
        self.done.push(Step {
            event: checked.event_id,
            member: member.id,
            name: member.full_name.clone(),
            passage: checked.passage,
            party,
            again,
            reason: None,
            nonce: None,
        });
    }

    /// The step that this key press brings back, if it is one.
    pub(super) fn redone(&mut self, nonce: Nonce) -> Option<Step> {
        let at = self.redoing.iter().position(|(asked, _)| *asked == nonce)?;
        Some(self.redoing.remove(at).1)
    }

    /// Somebody was taken back, and can be let through again.
    fn took_back(&mut self, step: Step) {
        self.undone.push(Step {
            nonce: None,
            reason: None,
            ..step
        });
    }

    fn last(steps: &[Step], event: Option<EventId>) -> Option<usize> {
        steps.iter().rposition(|step| Some(step.event) == event)
    }

    /// How many go with the step at this place, itself included.
    fn party_of(steps: &[Step], at: usize) -> usize {
        let party = steps[at].party;
        steps
            .iter()
            .filter(|step| party.is_some() && step.party == party)
            .count()
            .max(1)
    }

    /// Takes the newest step of an event out, with whoever came along.
    fn take(steps: &mut Vec<Step>, event: Option<EventId>) -> Vec<Step> {
        let Some(at) = Self::last(steps, event) else {
            return Vec::new();
        };
        match steps[at].party {
            Some(party) => steps.extract_if(.., |step| step.party == Some(party)).collect(),
            None => vec![steps.remove(at)],
        }
    }
}

impl CheckIn {
    /// Whom `Ctrl+Z` would take back, in words.
    pub(crate) fn undo_hint(&self) -> Option<String> {
        let at = Trail::last(&self.trail.done, self.event)?;
        let step = &self.trail.done[at];
        Some(match step.passage {
            _ if Trail::party_of(&self.trail.done, at) > 1 => {
                let many = Trail::party_of(&self.trail.done, at);
                format!("Ctrl+Z takes back the party of {many}")
            }
            Passage::Out => format!("Ctrl+Z takes back that {} went out", step.name),
            Passage::Back => format!("Ctrl+Z takes back that {} came back", step.name),
            _ => format!("Ctrl+Z takes back {}", step.name),
        })
    }

    /// Whether the next step back, or forth again, is one of the till, which only the database can do.
    pub(super) fn is_tills(&self, forth: bool) -> bool {
        let steps = if forth {
            &self.trail.undone
        } else {
            &self.trail.done
        };
        Trail::last(steps, self.event).is_some_and(|at| steps[at].again.is_some())
    }

    /// Whether `Ctrl+Z` would take back what this result let through.
    pub(super) fn would_undo(&self, checked: &CheckedIn) -> bool {
        let last = Trail::last(&self.trail.done, self.event).map(|at| &self.trail.done[at]);
        last.is_some_and(|step| {
            checked
                .member
                .as_ref()
                .is_some_and(|member| member.id == step.member)
                && checked.passage == step.passage
        })
    }

    /// Whom `Ctrl+Y` would let through again, in words.
    pub(crate) fn redo_hint(&self) -> Option<String> {
        let at = Trail::last(&self.trail.undone, self.event)?;
        let step = &self.trail.undone[at];
        Some(match step.passage {
            _ if Trail::party_of(&self.trail.undone, at) > 1 => {
                let many = Trail::party_of(&self.trail.undone, at);
                format!("Ctrl+Y checks the party of {many} in again")
            }
            Passage::Out => format!("Ctrl+Y checks {} out again", step.name),
            _ => format!("Ctrl+Y checks {} in again", step.name),
        })
    }

    /// What the message line says while nothing else is said, as far as there is room: what can be taken back, and
    /// brought back.
    pub(crate) fn hints(&self, cx: &Context) -> Vec<String> {
        if let Some(notes) = self.unread_told()
            && geometry::note(cx.setup.size).is_empty()
        {
            return vec![format!("{notes}: Ctrl+N")];
        }
        let party = self.party_hint();
        if !self.input.is_empty() || !self.party.people.is_empty() {
            return party.into_iter().collect();
        }
        let hints = [party, self.undo_hint(), self.redo_hint()];
        hints.into_iter().flatten().collect()
    }

    /// `Ctrl+Z`: the text's while there is text.
    pub(super) fn undo(&mut self, cx: &mut Context) {
        if !self.input.is_empty() {
            self.key(Key::ctrl('z'), cx);
            return;
        }
        let steps = Trail::take(&mut self.trail.done, self.event);
        if steps.len() > 1 {
            self.card = Card::Party(PartyCard::going(&steps));
        }
        // As they would go one after the other: the newest first.
        for step in steps.into_iter().rev() {
            self.take_back(step, cx);
        }
    }

    /// What a row of the log let through, here or at another terminal.
    pub(crate) fn undo_logged(
        &mut self,
        event: EventId,
        row: &LogRow,
        reason: Option<String>,
        cx: &mut Context,
    ) {
        let Some(member) = &row.member else { return };
        let step = Step {
            event,
            member: member.id,
            name: member.full_name.clone(),
            passage: row.passage,
            party: None,
            again: None,
            reason,
            nonce: None,
        };
        self.take_back(step, cx);
    }

    fn take_back(&mut self, mut step: Step, cx: &mut Context) {
        let nonce = *step.nonce.get_or_insert_with(|| cx.nonce());
        let call = Call::Undo {
            nonce,
            event: step.event,
            member: step.member,
            passage: step.passage,
            reason: step.reason.clone(),
        };
        cx.ask_and_wait(Want::Undo(nonce), Lane::Write, call);
        self.trail.undoing.push((step, self.attempts));
    }

    /// `Ctrl+Y`: the text's while there is text.
    pub(super) fn redo(&mut self, cx: &mut Context) {
        if !self.input.is_empty() {
            self.key(Key::ctrl('y'), cx);
            return;
        }
        let mut steps = Trail::take(&mut self.trail.undone, self.event);
        if steps.len() > 1 {
            let coming = steps.into_iter().rev().map(|step| Coming {
                presented: by_name(step.member, &step.name),
                label: step.name.clone(),
                redoes: Some(step),
            });
            return self.send_all(coming.collect(), cx);
        }
        if let Some(step) = steps.pop() {
            if let Some(mut call) = step.again.clone() {
                let nonce = cx.nonce();
                call.set_nonce(nonce);
                cx.ask_and_wait(Want::Till(nonce), Lane::Write, call);
                return self.trail.redoing.push((nonce, step));
            }
            let presented = by_name(step.member, &step.name);
            let aim = if step.passage == Passage::Out {
                Aim::Out
            } else {
                Aim::In
            };
            self.send(aim, presented, step.name.clone(), Some(step), cx);
        }
    }

    /// An attempt to bring somebody back did not get through: it can be asked for again.
    pub(super) fn redo_failed(&mut self, step: Step) {
        self.trail.undone.push(step);
    }

    /// It was not answered in time: the roster decides, and the database is told later.
    pub(super) fn undo_queued(&mut self, kept: &Kept, member: MemberId, passage: Passage, cx: &mut Context) {
        let decided = self
            .on_roster(kept.event, kept.occurred_at, |roster| {
                let undone = roster.take_back(member, passage, kept.occurred_at);
                let taken = undone
                    .as_ref()
                    .is_some_and(|undone| undone.outcome == UndoOutcome::Undone);
                (undone, taken.then_some(member))
            })
            .flatten();
        let told = |undone: &Undone| match undone.outcome {
            UndoOutcome::Undone => Outcome::Ok,
            _ => Outcome::NotIn,
        };
        cx.effects.push(Effect::Keep(Keep::Decided {
            nonce: kept.nonce,
            outcome: decided.as_ref().map(told),
        }));
        let asked = |(step, _): &(Step, u64)| step.nonce == Some(kept.nonce);
        let Some(at) = self.trail.undoing.iter().position(asked) else {
            return;
        };
        let Some(undone) = decided else {
            // Nobody here knows: the database's answer is waited for.
            let name = &self.trail.undoing[at].0.name;
            let text = format!("Queued: {name} is taken back if the database agrees.");
            return cx.say(Tone::Warn, text);
        };
        let (step, number) = self.trail.undoing.remove(at);
        let of_party = self.party_back(step.member, &Ok(undone.clone()), cx);
        if undone.outcome != UndoOutcome::Undone {
            if !of_party {
                say_undone(&undone, cx);
            }
            return;
        }
        if !of_party {
            let text = format!("Queued: {} is taken back when the database is back.", step.name);
            cx.say(Tone::Warn, text);
        }
        self.trail.took_back(step);
        if Some(undone.event_id) == self.event && number == self.attempts && !of_party {
            self.card = Card::Undone(undone);
        }
    }

    pub(crate) fn undone(&mut self, nonce: Nonce, result: Result<Undone, Fault>, cx: &mut Context) {
        let asked = |(step, _): &(Step, u64)| step.nonce == Some(nonce);
        let Some(at) = self.trail.undoing.iter().position(asked) else {
            return;
        };
        let (step, number) = self.trail.undoing.remove(at);
        if let Ok(undone) = &result {
            self.unlearn(undone, step.again.is_some());
        }
        let of_party = self.party_back(step.member, &result, cx);
        match result {
            Ok(undone) => {
                if !of_party {
                    say_undone(&undone, cx);
                }
                match undone.outcome {
                    UndoOutcome::Undone => {
                        self.trail.took_back(step);
                        if Some(undone.event_id) == self.event && number == self.attempts && !of_party {
                            self.card = Card::Undone(undone);
                        }
                    }
                    UndoOutcome::Nothing | UndoOutcome::ReasonNeeded => {}
                }
                self.ask_door(cx);
            }
            Err(fault) => {
                if !of_party {
                    cx.say(Tone::Bad, format!("{} is not taken back. {fault}", step.name));
                }
                if fault.is_link() {
                    self.trail.done.push(step);
                }
            }
        }
    }
}

/// What came of taking somebody back, on the message line.
pub(crate) fn say_undone(undone: &Undone, cx: &mut Context) {
    let MemberName { full_name: name, .. } = &undone.member;
    let money = undone.voided.map_or_else(String::new, |amount| {
        format!(" Give {} back.", cx.currency().show(amount))
    });
    match (undone.outcome, undone.passage) {
        (UndoOutcome::Undone, Passage::Out) => {
            cx.say(Tone::Good, format!("Taken back: {name} is inside again."));
        }
        (UndoOutcome::Undone, Passage::Back) => {
            cx.say(Tone::Good, format!("Taken back: {name} is out again."));
        }
        (UndoOutcome::Undone, _) if undone.points == 0 => {
            cx.say(Tone::Good, format!("Taken back: {name}.{money}"));
        }
        (UndoOutcome::Undone, _) => {
            let points = words::signed(i64::from(undone.points));
            cx.say(Tone::Good, format!("Taken back: {name}, {points} points.{money}"));
        }
        (UndoOutcome::Nothing, _) => {
            cx.say(Tone::Warn, format!("{name}: nothing to take back any more."));
        }
        (UndoOutcome::ReasonNeeded, _) => {
            let first = undone.first.as_ref();
            let at = first.and_then(|first| first.device.as_ref());
            let door = at.map_or("another terminal", |device| device.as_str());
            let text = format!("{name} was let through at {door}; the log (F12) takes that back.");
            cx.say(Tone::Warn, text);
        }
    }
}
