//! What came of a party: a row for each, those that need a look first, with the one that the door's keys are about.

use super::undo::Step;
use super::{Attempt, Card, CheckIn};
use crate::app::action::MoveAction;
use crate::app::context::{Context, Tone};
use crate::domain::check_in::{CheckedIn, Outcome};
use crate::domain::member::{MemberId, MemberName};
use crate::domain::passage::{UndoOutcome, Undone};
use crate::domain::{Fault, Nonce, SafeText};

/// How far it is with one of a party.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PartyState {
    /// Sent, not answered.
    Sent,
    /// Not answered in time, and kept; what the roster says of it, if there is one.
    Queued(Option<CheckedIn>),
    /// Answered.
    Answered(CheckedIn),
    /// Never answered, or refused as a whole.
    Failed(Fault),
    /// Being taken back.
    Going,
    /// What came of taking it back.
    Back(Undone),
    /// Taking it back was never answered, or refused as a whole.
    Stays(Fault),
}

impl PartyState {
    /// Whether it has come to something.
    fn is_settled(&self) -> bool {
        !matches!(self, Self::Sent | Self::Going)
    }

    /// Whether somebody has to look at it.
    pub(crate) fn needs_look(&self) -> bool {
        match self {
            Self::Sent | Self::Going | Self::Queued(None) => false,
            Self::Queued(Some(checked)) | Self::Answered(checked) => checked.outcome != Outcome::Ok,
            Self::Back(undone) => undone.outcome != UndoOutcome::Undone,
            Self::Failed(_) | Self::Stays(_) => true,
        }
    }

    /// Whether they are in by it.
    fn is_in(&self) -> bool {
        match self {
            Self::Queued(None) => true,
            Self::Queued(Some(checked)) | Self::Answered(checked) => checked.outcome == Outcome::Ok,
            _ => false,
        }
    }
}

/// One of a party.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PartyRow {
    pub(crate) member: MemberId,
    pub(crate) name: SafeText,
    /// Of the key press that let them in; sent again over a broken link, it is the same attempt.
    pub(super) nonce: Nonce,
    /// Whether Enter sends it again; what `Ctrl+Y` brought, `Ctrl+Y` brings again.
    pub(super) may_send_again: bool,
    pub(crate) state: PartyState,
}

/// The card of a party.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PartyCard {
    rows: Vec<PartyRow>,
    /// Whether they are taken back.
    going: bool,
    /// Whom the keys are about, once chosen.
    chosen: Option<MemberId>,
}

/// The numbers of a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) all: usize,
    /// Of whom it went as asked: in, or taken back.
    pub(crate) done: usize,
    pub(crate) waiting: usize,
}

impl PartyCard {
    pub(super) fn new(rows: Vec<PartyRow>) -> Self {
        Self {
            rows,
            going: false,
            chosen: None,
        }
    }

    /// Of people who are being taken back.
    pub(super) fn going(steps: &[Step]) -> Self {
        let rows = steps.iter().map(|step| PartyRow {
            member: step.member,
            name: step.name.clone(),
            nonce: Nonce::nil(),
            may_send_again: false,
            state: PartyState::Going,
        });
        Self {
            going: true,
            ..Self::new(rows.collect())
        }
    }

    /// The rows as they are shown: those that need a look first, of them who is in already last, then those that wait.
    pub(crate) fn shown(&self) -> Vec<&PartyRow> {
        let mut rows: Vec<&PartyRow> = self.rows.iter().collect();
        rows.sort_by_key(|row| match &row.state {
            PartyState::Answered(checked) if checked.outcome == Outcome::Already => 1,
            state if state.needs_look() => 0,
            state if !state.is_settled() => 2,
            _ => 3,
        });
        rows
    }

    /// The place of the cursor among the rows as they are shown.
    pub(crate) fn at(&self) -> usize {
        let chosen = |row: &&PartyRow| Some(row.member) == self.chosen;
        self.shown().iter().position(chosen).unwrap_or(0)
    }

    /// Whom the door's keys are about: the one under the cursor, if there is something left to do.
    pub(super) fn chosen(&self) -> Option<(&CheckedIn, &MemberName)> {
        let row = self.shown().into_iter().nth(self.at())?;
        match &row.state {
            PartyState::Answered(checked) if row.state.needs_look() => {
                Some((checked, checked.member.as_ref()?))
            }
            _ => None,
        }
    }

    /// Whether there is more than one row whom the keys could be about.
    pub(crate) fn has_choice(&self) -> bool {
        self.rows.iter().filter(|row| row.state.needs_look()).count() > 1
    }

    pub(super) fn step(&mut self, to: MoveAction) {
        let last = self.rows.len().saturating_sub(1);
        let at = self.at();
        let at = match to {
            MoveAction::Up => at.saturating_sub(1),
            MoveAction::Down => (at + 1).min(last),
            MoveAction::PageUp => at.saturating_sub(5),
            MoveAction::PageDown => (at + 5).min(last),
            MoveAction::First => 0,
            MoveAction::Last => last,
        };
        self.chosen = self.shown().get(at).map(|row| row.member);
    }

    pub(crate) fn tally(&self) -> Tally {
        let many = |what: fn(&PartyState) -> bool| self.rows.iter().filter(|row| what(&row.state)).count();
        Tally {
            all: self.rows.len(),
            done: if self.going {
                many(|state| matches!(state, PartyState::Back(_)) && !state.needs_look())
            } else {
                many(PartyState::is_in)
            },
            waiting: many(|state| !state.is_settled()),
        }
    }

    /// Whether they are, or were, taken back.
    pub(crate) fn is_going(&self) -> bool {
        self.going
    }

    /// The nonces of those who have no answer yet.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = Nonce> {
        let sent = self.rows.iter().filter(|row| row.state == PartyState::Sent);
        sent.map(|row| row.nonce)
    }

    /// The worst that came of it, for the eye and the ear; none while some are waited for.
    fn worst(&self) -> Option<Outcome> {
        if self.rows.iter().any(|row| !row.state.is_settled()) {
            return None;
        }
        let refused = self.rows.iter().filter_map(|row| match &row.state {
            PartyState::Queued(Some(checked)) | PartyState::Answered(checked) => Some(checked.outcome),
            _ => None,
        });
        refused.max_by_key(|outcome| (outcome.is_refusal(), *outcome != Outcome::Ok))
    }

    /// The answer of the row under the cursor.
    pub(super) fn answer_at(&self) -> Option<&CheckedIn> {
        match &self.shown().get(self.at())?.state {
            PartyState::Answered(checked) | PartyState::Queued(Some(checked)) => Some(checked),
            _ => None,
        }
    }

    /// Every answer there is.
    pub(super) fn answers(&mut self) -> impl Iterator<Item = &mut CheckedIn> {
        self.rows.iter_mut().filter_map(|row| match &mut row.state {
            PartyState::Answered(checked) | PartyState::Queued(Some(checked)) => Some(checked),
            _ => None,
        })
    }

    fn row(&mut self, is: impl Fn(&PartyRow) -> bool) -> Option<&mut PartyRow> {
        self.rows.iter_mut().find(|row| is(row))
    }

    /// Those who came to nothing wait for an answer again.
    pub(super) fn begin_again(&mut self) -> Vec<(Nonce, MemberId, SafeText)> {
        let failed = |row: &&mut PartyRow| row.may_send_again && matches!(row.state, PartyState::Failed(_));
        let again = self.rows.iter_mut().filter(failed).map(|row| {
            row.state = PartyState::Sent;
            (row.nonce, row.member, row.name.clone())
        });
        again.collect()
    }
}

impl CheckIn {
    fn party_row(&mut self, is: impl Fn(&PartyRow) -> bool) -> Option<&mut PartyRow> {
        match &mut self.card {
            Card::Party(card) => card.row(is),
            _ => None,
        }
    }

    /// Lights up and rings once everybody has an answer.
    pub(super) fn signal_party(&mut self, cx: &mut Context) {
        if let Card::Party(card) = &self.card
            && let Some(worst) = card.worst()
        {
            self.signal(worst, cx);
        }
    }

    /// One of the party on the card is answered. False when it is about somebody else.
    pub(super) fn party_answered(
        &mut self,
        attempt: &Attempt,
        result: &Result<CheckedIn, Fault>,
        cx: &mut Context,
    ) -> bool {
        let Some(row) = self.party_row(|row| row.nonce == attempt.nonce && attempt.party.is_some()) else {
            return false;
        };
        let told = match &row.state {
            PartyState::Queued(Some(decided)) => Some(decided.outcome),
            _ => None,
        };
        match result {
            Ok(checked) => {
                row.state = PartyState::Answered(checked.clone());
                Self::contradict(attempt, checked, told, cx);
                if checked.outcome == Outcome::Ok && !attempt.noted {
                    self.trail
                        .note(checked, attempt.redoes.is_some(), None, attempt.party);
                }
            }
            Err(fault) => {
                row.state = PartyState::Failed(fault.clone());
                if let (true, Some(step)) = (fault.is_link(), attempt.redoes.clone()) {
                    self.redo_failed(step);
                }
            }
        }
        if told.is_none() {
            self.signal_party(cx);
        }
        self.ask_door(cx);
        true
    }

    /// One of the party on the card is kept. False when it is about somebody else.
    pub(super) fn party_queued(
        &mut self,
        nonce: Nonce,
        decided: Option<&CheckedIn>,
        cx: &mut Context,
    ) -> bool {
        let Some(row) = self.party_row(|row| row.nonce == nonce) else {
            return false;
        };
        row.state = PartyState::Queued(decided.cloned());
        self.signal_party(cx);
        true
    }

    /// Somebody came in by a form of the till: if they are of the party on the card, they stand there. False when they
    /// are not.
    pub(super) fn party_admitted(&mut self, checked: &CheckedIn) -> bool {
        let member = checked.member.as_ref().map(|member| member.id);
        let Card::Party(card) = &mut self.card else {
            return false;
        };
        let Some(row) = card.row(|row| Some(row.member) == member) else {
            return false;
        };
        row.state = PartyState::Answered(checked.clone());
        // On to the next who needs a look.
        card.chosen = None;
        true
    }

    /// What came of taking one of the party on the card back. False when it is about somebody else.
    pub(super) fn party_back(
        &mut self,
        member: MemberId,
        result: &Result<Undone, Fault>,
        cx: &mut Context,
    ) -> bool {
        let going = |row: &PartyRow| row.member == member && row.state == PartyState::Going;
        let Some(row) = self.party_row(going) else {
            return false;
        };
        row.state = match result {
            Ok(undone) => PartyState::Back(undone.clone()),
            Err(fault) => PartyState::Stays(fault.clone()),
        };
        if let Some(text) = self.party_told() {
            cx.say(Tone::Plain, text);
        }
        true
    }

    /// What came of the party on the card, in a sentence; none while it is waited for.
    pub(crate) fn party_told(&self) -> Option<String> {
        let Card::Party(card) = &self.card else {
            return None;
        };
        let tally = card.tally();
        let what = if card.going { "taken back" } else { "in" };
        (tally.waiting == 0).then(|| format!("Party: {} of {} {what}.", tally.done, tally.all))
    }
}
