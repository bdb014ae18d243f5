//! The door on its roster: the search that needs no database, the decision while a check-in is queued, and the
//! rehearsal, in which nothing is sent at all.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{Aim, Attempt, Card, CheckIn};
use crate::app::context::{Context, Tone};
use crate::app::effect::{Effect, Keep, Lane};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::check_in::{CheckedIn, FirstScan, Outcome, Presented};
use crate::domain::door_note::DoorNote;
use crate::domain::event::EventId;
use crate::domain::kept::{Act, Kept};
use crate::domain::member::MemberId;
use crate::domain::passage::{Evaluation, UndoOutcome, Undone};
use crate::domain::roster::{Roster, Stood};
use crate::domain::{Call, Fault, SafeText, Timestamp};

/// A roster whose figures are no longer those of the door is asked for again after so long.
const REFRESH: TimeDelta = TimeDelta::seconds(30);

/// What the door knows without the database.
#[derive(Debug, Default)]
pub(crate) struct Offline {
    /// Shared with whoever writes it to the disk, until something on it changes: it may be of thousands.
    roster: Option<Arc<Roster>>,
    /// When it came, and how many were registered and in at the door then.
    taken: Option<Timestamp>,
    figures: Option<(i64, i64)>,
    /// How people stand whom this door let through, and when: what a roster of before does not know.
    since: Vec<(Timestamp, Stood)>,
    /// The rehearsal's own copy.
    rehearsal: Option<Arc<Roster>>,
    /// Whether the list on the screen is the roster's alone.
    pub(super) is_roster_list: bool,
    /// The database does not answer the search, and nobody knows yet why.
    pub(super) unanswered: bool,
}

impl Offline {
    /// The note on somebody is another now, or was read.
    pub(super) fn set_note(&mut self, member: MemberId, note: Option<&DoorNote>) {
        for roster in [&mut self.roster, &mut self.rehearsal].into_iter().flatten() {
            Arc::make_mut(roster).set_note(member, note.cloned());
        }
    }

    fn roster(&self, event: Option<EventId>) -> Option<&Roster> {
        let roster = self.rehearsal.as_deref().or(self.roster.as_deref());
        roster.filter(|roster| Some(roster.event_id()) == event)
    }
}

impl CheckIn {
    /// When the roster at hand was taken; none while there is none of this event.
    pub(crate) fn roster_taken(&self) -> Option<Timestamp> {
        self.offline.roster(self.event).and(self.offline.taken)
    }

    /// Asks for the roster when there is none of this event, or the door's figures have moved since.
    pub(super) fn ask_roster(&mut self, cx: &mut Context) {
        let (Some(event), Remote::Here(door)) = (self.event, &self.door) else {
            return;
        };
        let figures = Some((door.registered, door.checked_in));
        let fresh = self
            .offline
            .roster
            .as_ref()
            .is_some_and(|roster| roster.event_id() == event)
            && (self.offline.figures == figures
                || self.offline.taken.is_some_and(|taken| cx.now() - taken < REFRESH));
        if !fresh && !cx.rehearsing && cx.requests.on(Lane::Roster).is_none() {
            self.offline.figures = figures;
            cx.ask(Want::Roster(event), Lane::Roster, Call::Roster(event));
        }
    }

    pub(crate) fn roster_answered(
        &mut self,
        event: EventId,
        result: Result<Arc<Roster>, Fault>,
        cx: &mut Context,
    ) {
        if self.event != Some(event) {
            return;
        }
        let Ok(mut roster) = result else {
            // Asked again with the next poll.
            self.offline.figures = None;
            return;
        };
        cx.effects.push(Effect::Keep(Keep::Roster(Arc::clone(&roster))));
        self.offline.taken = Some(roster.page().clock);
        let clock = roster.page().clock;
        self.offline.since.retain(|(at, _)| cx.queued > 0 || *at > clock);
        for (_, stood) in &self.offline.since {
            Arc::make_mut(&mut roster).stand(stood);
        }
        self.offline.roster = Some(roster);
    }

    /// The door stands at another event: the roster of the last one goes.
    pub(super) fn close_roster(&mut self, cx: &mut Context) {
        if self.offline.roster.is_some() {
            cx.effects.push(Effect::Keep(Keep::NoRoster));
        }
        self.offline = Offline::default();
        if std::mem::take(&mut cx.rehearsing) {
            self.rehearse_notes(false);
        }
    }

    /// Finds on the roster what is typed, at once.
    pub(super) fn search_roster(&mut self, cx: &Context) {
        let typed = self.typed().to_owned();
        let Some(roster) = self.offline.roster(self.event) else {
            return;
        };
        let found = roster.search(&typed);
        if found.is_empty() && !self.is_on_its_own(cx) {
            // Whoever it is, the database knows more.
            return;
        }
        self.candidates = Remote::Here(found);
        self.cursor.at = 0;
        self.found_for = typed;
        self.offline.is_roster_list = true;
        self.settle(cx);
    }

    /// Whether Enter may take from the list on the screen: one from the roster leaves others out, unless it names
    /// somebody exactly, was chosen from by hand, or is all there is.
    pub(super) fn may_take(&self, cx: &Context) -> bool {
        if !self.offline.is_roster_list || self.is_on_its_own(cx) || self.cursor.at > 0 {
            return true;
        }
        let exact = self.offline.roster(self.event).and_then(|roster| {
            let named = roster.find(&Presented::Text(self.typed().to_owned()))?;
            Some(named.id)
        });
        exact.is_some() && exact == self.marked().map(|candidate| candidate.id)
    }

    /// Whether the roster is all that there is to search.
    fn is_on_its_own(&self, cx: &Context) -> bool {
        cx.is_alone() || self.offline.unanswered
    }

    /// A key has waited for the search for as long as a check-in waits for its answer: the roster decides who is meant.
    pub(crate) fn overdue(&mut self, typing: u64, cx: &mut Context) {
        if typing != self.typing || self.armed.is_none() || self.offline.roster(self.event).is_none() {
            return;
        }
        self.offline.unanswered = true;
        if !self.offline.is_roster_list {
            // Nobody on it was found, and now that is the answer.
            self.search_roster(cx);
        }
        if let Some((text, aim)) = self.armed.take() {
            self.follow_roster(aim, text, cx);
        }
    }

    /// The database cannot add anybody: what the roster found is the list, and the key is followed where it leaves no
    /// doubt.
    pub(super) fn follow_roster(&mut self, aim: Aim, typed: String, cx: &mut Context) {
        let many = self.candidates.get().map_or(0, Vec::len);
        if many > 1 {
            let text = format!("{many} people match. Choose one, then Enter.");
            cx.say(Tone::Warn, text);
        } else {
            let (presented, label) = self.marked_or(typed);
            self.take_aim(aim, presented, label, cx);
        }
    }

    fn scan(cx: &Context, at: Timestamp) -> FirstScan {
        FirstScan {
            at: Some(at),
            device: cx.me.as_ref().map(|me| me.device.clone()),
            operator: cx.me.as_ref().map(|me| me.full_name.clone()),
        }
    }

    /// What the roster says before anything is done.
    pub(crate) fn weigh(&self, presented: &Presented, cx: &Context) -> Option<Box<Evaluation>> {
        let roster = self.offline.roster(self.event)?;
        Some(Box::new(roster.weigh(presented, cx.now())))
    }

    /// Does something on the roster of an event, whatever event the door stands at by now. Whoever is named as changed
    /// stays so, also on a roster that was taken before.
    pub(super) fn on_roster<T>(
        &mut self,
        event: EventId,
        at: Timestamp,
        decide: impl FnOnce(&mut Roster) -> (T, Option<MemberId>),
    ) -> Option<T> {
        let roster = self.offline.roster.as_mut();
        let roster = Arc::make_mut(roster.filter(|roster| roster.event_id() == event)?);
        let (decided, changed) = decide(roster);
        let stood = changed.and_then(|member| roster.stands(member));
        self.offline.since.extend(stood.map(|stood| (at, stood)));
        Some(decided)
    }

    /// The database has answered: from now on the roster knows it, too.
    pub(super) fn learn(&mut self, checked: &CheckedIn, cx: &Context) {
        let scan = Self::scan(cx, checked.at);
        self.on_roster(checked.event_id, checked.at, |roster| {
            ((), roster.learn(checked, scan))
        });
    }

    /// The database has taken somebody back. What they were before a form of the till only it knows.
    pub(super) fn unlearn(&mut self, undone: &Undone, by_till: bool) {
        if undone.outcome != UndoOutcome::Undone {
            return;
        }
        if by_till {
            self.offline.figures = None;
            self.offline.taken = None;
            return;
        }
        self.on_roster(undone.event_id, undone.at, |roster| {
            let member = undone.member.id;
            (
                (),
                roster
                    .take_back(member, undone.passage, undone.at)
                    .map(|_| member),
            )
        });
    }

    /// Something was not answered in time: the roster decides, and the person is told.
    pub(crate) fn queued(&mut self, kept: &Kept, cx: &mut Context) {
        if let Act::Undo { member, passage, .. } = kept.act {
            return self.undo_queued(kept, member, passage, cx);
        }
        let scan = Self::scan(cx, kept.occurred_at);
        let decided = self.on_roster(kept.event, kept.occurred_at, |roster| {
            let decided = match kept.act {
                Act::Out => roster.check_out(&kept.presented, kept.occurred_at),
                _ => roster.check_in(&kept.presented, kept.occurred_at, scan),
            };
            let through = decided.member.as_ref().filter(|_| decided.outcome == Outcome::Ok);
            let changed = through.map(|member| member.id);
            (decided, changed)
        });
        if let Some(decided) = &decided {
            self.hold_note(decided);
        }
        cx.effects.push(Effect::Keep(Keep::Decided {
            nonce: kept.nonce,
            outcome: decided.as_ref().map(|decided| decided.outcome),
        }));
        let Some(attempt) = self
            .under_way
            .iter_mut()
            .find(|attempt| attempt.nonce == kept.nonce)
        else {
            return;
        };
        attempt.queued = true;
        let (number, label) = (attempt.number, attempt.label.clone());
        let through = decided.as_ref().filter(|decided| decided.outcome == Outcome::Ok);
        if let Some(through) = through {
            // What the door has decided can be taken back, before the database has heard of it.
            attempt.noted = true;
            self.trail
                .note(through, attempt.redoes.is_some(), None, attempt.party);
        }
        let mine =
            self.input.is_replaced_next() && self.typed() == super::attempts::typed_of(&kept.presented);
        if mine
            && decided
                .as_ref()
                .is_none_or(|decided| decided.outcome != Outcome::UnknownCode)
        {
            self.input.clear();
            self.look_up(cx);
        }
        if self.party_queued(kept.nonce, decided.as_ref(), cx) {
            return;
        }
        if number >= self.carded && Some(kept.event) == self.event {
            if let Some(decided) = &decided {
                self.signal(decided.outcome, cx);
            }
            self.card = Card::Queued { label, decided };
        }
    }

    /// The database has answered what was queued. True when the card need not change.
    pub(super) fn queue_answered(
        &mut self,
        attempt: &Attempt,
        result: &Result<CheckedIn, Fault>,
        cx: &mut Context,
    ) -> bool {
        let Card::Queued { decided, .. } = &self.card else {
            return true;
        };
        if attempt.number < self.carded {
            return true;
        }
        let told = decided.as_ref().map(|decided| decided.outcome);
        if let Ok(checked) = result {
            Self::contradict(attempt, checked, told, cx);
        }
        false
    }

    /// Says so when the database sees it otherwise than the door did.
    pub(super) fn contradict(
        attempt: &Attempt,
        checked: &CheckedIn,
        told: Option<Outcome>,
        cx: &mut Context,
    ) {
        if told.is_some_and(|told| (told == Outcome::Ok) != (checked.outcome == Outcome::Ok)) {
            let who = checked
                .member
                .as_ref()
                .map_or(&attempt.label, |member| &member.full_name);
            let text = format!(
                "{who}: the database says {}. F10 settles it.",
                checked.outcome.brief()
            );
            cx.say(Tone::Warn, text);
        }
    }

    // ---- rehearsal ----

    /// Begins or ends a rehearsal.
    pub(crate) fn rehearse(&mut self, cx: &mut Context) {
        cx.rehearsing = !cx.rehearsing;
        self.card = Card::Empty;
        self.offline.rehearsal = None;
        self.drop_party();
        self.rehearse_notes(cx.rehearsing);
        self.drop_list();
        self.input.clear();
        if cx.rehearsing {
            cx.say(
                Tone::Warn,
                "Rehearsal: the roster in memory decides, and nothing is sent. F9 ends it.",
            );
        } else {
            cx.say(Tone::Plain, "The rehearsal is over. Nobody was checked in by it.");
        }
    }

    /// One attempt of a rehearsal, put on the card.
    pub(super) fn rehearse_check_in(&mut self, presented: &Presented, cx: &mut Context) {
        let Some(checked) = self.rehearse_one(presented, cx) else {
            return;
        };
        if checked.outcome != Outcome::UnknownCode {
            self.input.clear();
            self.look_up(cx);
        }
        self.signal(checked.outcome, cx);
        self.card = Card::Answered(checked);
    }

    /// One attempt of a rehearsal; none, and it is said, while there is no roster to rehearse on.
    pub(super) fn rehearse_one(&mut self, presented: &Presented, cx: &mut Context) -> Option<CheckedIn> {
        let (now, scan) = (cx.now(), Self::scan(cx, cx.now()));
        let checked = self.rehearsal(cx)?.check_in(presented, now, scan);
        self.hold_note(&checked);
        Some(checked)
    }

    /// The roster to rehearse on; none, and it is said, while it is not here.
    pub(super) fn rehearsal(&mut self, cx: &mut Context) -> Option<&mut Roster> {
        if self.offline.rehearsal.is_none() {
            self.offline.rehearsal.clone_from(&self.offline.roster);
        }
        let event = self.event;
        let rehearsal = self.offline.rehearsal.as_mut();
        let roster = rehearsal.filter(|roster| Some(roster.event_id()) == event);
        if roster.is_none() {
            cx.say(
                Tone::Warn,
                "The rehearsal needs the event's roster, which is not here yet.",
            );
        }
        roster.map(Arc::make_mut)
    }

    /// What a rehearsal counts: people in, and people due.
    pub(crate) fn rehearsed(&self) -> Option<(i64, i64)> {
        let (_, inside, due) = self.offline.rehearsal.as_ref()?.counts();
        Some((inside, due))
    }
}

/// Who an attempt was about, for a card without an answer.
pub(crate) fn name_of(label: &SafeText, decided: Option<&CheckedIn>) -> SafeText {
    decided
        .and_then(|decided| decided.member.as_ref())
        .map_or_else(|| label.clone(), |member| member.full_name.clone())
}
