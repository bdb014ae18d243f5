//! A party: several people who come in together. They are gathered from the list, over as many searches as it takes,
//! confirmed once, and checked in each on their own: with a nonce of their own, through the same line as anybody. What
//! came of it stands in [`super::party_card`].

use super::party_card::{PartyCard, PartyRow, PartyState};
use super::undo::Step;
use super::{Aim, Attempt, Card, CheckIn};
use crate::app::context::{Context, Tone, Wish};
use crate::app::effect::Lane;
use crate::app::overlay::Overlay;
use crate::app::overlay::party::PartyOverlay;
use crate::app::requests::Want;
use crate::domain::check_in::{Candidate, Presented, Standing};
use crate::domain::member::MemberId;
use crate::domain::{Call, Nonce, SafeText};

/// Who has been gathered.
#[derive(Debug, Default)]
pub(crate) struct Party {
    /// In the order in which they came, each as the list last knew them.
    pub(crate) people: Vec<Candidate>,
    /// Whether the keys are with the list: there Space gathers.
    pub(super) in_list: bool,
    /// Numbers the parties of this terminal.
    sent: u64,
}

impl Party {
    pub(crate) fn has(&self, member: MemberId) -> bool {
        self.people.iter().any(|one| one.id == member)
    }

    /// Takes over what a newer list says of them.
    pub(super) fn learn(&mut self, list: &[Candidate]) {
        for one in &mut self.people {
            if let Some(newer) = list.iter().find(|newer| newer.id == one.id) {
                one.clone_from(newer);
            }
        }
    }

    /// Somebody was let in here.
    pub(super) fn is_in(&mut self, member: MemberId) {
        if let Some(one) = self.people.iter_mut().find(|one| one.id == member) {
            one.standing = Standing::In;
            one.first = None;
        }
    }
}

/// One of those who are sent together.
pub(super) struct Coming {
    pub(super) presented: Presented,
    pub(super) label: SafeText,
    pub(super) redoes: Option<Step>,
}

/// Somebody chosen by hand, for whom the log keeps their name.
pub(crate) fn by_name(id: MemberId, name: &SafeText) -> Presented {
    Presented::Member {
        id,
        typed: name.to_string(),
    }
}

impl CheckIn {
    /// Whether the keys are with the list.
    pub(crate) fn is_in_list(&self) -> bool {
        self.party.in_list && self.under_cursor().is_some()
    }

    /// A row was clicked.
    pub(crate) fn pick(&mut self, at: usize) {
        self.cursor.at = at;
        self.party.in_list = true;
    }

    /// Who could be gathered now.
    pub(super) fn under_cursor(&self) -> Option<&Candidate> {
        self.marked().filter(|_| self.is_list_current())
    }

    /// Why nobody can be gathered now; `None` when somebody can.
    pub(super) fn why_not_gather(&self) -> Option<String> {
        self.under_cursor()
            .is_none()
            .then(|| "Type a name first: whoever is found can be put into a party.".to_owned())
    }

    /// Puts who is under the cursor into the party, or out of it, and goes on to the next row.
    pub(super) fn gather(&mut self, cx: &mut Context) {
        let Some(one) = self.under_cursor().cloned() else {
            return;
        };
        if self.party.has(one.id) {
            self.leave_party(one.id);
        } else {
            self.party.people.push(one);
        }
        self.step(crate::app::action::MoveAction::Down, cx);
        // The next letter begins the search for the next of them.
        self.input.replace_next(true);
    }

    /// Somebody is of the party no longer.
    pub(crate) fn leave_party(&mut self, member: MemberId) {
        self.party.people.retain(|one| one.id != member);
    }

    /// Lets the whole party go; answers whether there was one.
    pub(super) fn drop_party(&mut self) -> bool {
        !std::mem::take(&mut self.party.people).is_empty()
    }

    /// `party of 3`, while one is gathered.
    pub(crate) fn party_size(&self) -> Option<String> {
        let many = self.party.people.len();
        (many > 0).then(|| format!("party of {many}"))
    }

    /// Enter while a party is gathered: it is asked once, about all of them. Answers whether there is one.
    pub(super) fn confirm_party(&mut self, cx: &mut Context) -> bool {
        if self.party.people.is_empty() {
            return false;
        }
        let overlay = PartyOverlay::new(self, cx);
        cx.wish(Wish::Open(Box::new(Overlay::Party(overlay))));
        true
    }

    /// The party was confirmed: everybody of it is sent.
    pub(crate) fn send_party(&mut self, cx: &mut Context) {
        if cx.rehearsing && self.rehearsal(cx).is_none() {
            return;
        }
        let people = std::mem::take(&mut self.party.people);
        let coming = people.into_iter().map(|one| Coming {
            presented: by_name(one.id, &one.full_name),
            label: one.full_name,
            redoes: None,
        });
        self.send_all(coming.collect(), cx);
        self.input.clear();
        self.look_up(cx);
    }

    /// Sends several at once, each as an attempt of their own, and puts them on one card.
    pub(super) fn send_all(&mut self, coming: Vec<Coming>, cx: &mut Context) {
        self.armed = None;
        self.party.sent += 1;
        // None of them is older than the card.
        self.carded = self.attempts + 1;
        let mut rows = Vec::with_capacity(coming.len());
        for Coming {
            presented,
            label,
            redoes,
        } in coming
        {
            let Presented::Member { id, .. } = presented else {
                continue;
            };
            let mut row = PartyRow {
                member: id,
                name: label.clone(),
                nonce: Nonce::nil(),
                may_send_again: redoes.is_none(),
                state: PartyState::Sent,
            };
            if cx.rehearsing {
                let Some(checked) = self.rehearse_one(&presented, cx) else {
                    continue;
                };
                row.state = PartyState::Answered(checked);
            } else {
                row.nonce = cx.nonce();
                self.send_one(row.nonce, presented, label, redoes, cx);
            }
            rows.push(row);
        }
        self.card = Card::Party(PartyCard::new(rows));
        self.signal_party(cx);
    }

    /// One of a party, under this nonce.
    fn send_one(
        &mut self,
        nonce: Nonce,
        presented: Presented,
        label: SafeText,
        redoes: Option<Step>,
        cx: &mut Context,
    ) {
        let Some(event) = self.event else { return };
        let call = Call::CheckIn {
            nonce,
            event,
            presented: presented.clone(),
        };
        cx.ask_and_wait(Want::CheckIn(nonce), Lane::Write, call);
        self.attempts += 1;
        self.under_way.push(Attempt {
            nonce,
            event,
            aim: Aim::In,
            presented,
            label,
            number: self.attempts,
            queued: false,
            noted: false,
            redoes,
            party: Some(self.party.sent),
        });
    }

    /// Enter on the card of a party some of whom were not answered: they are sent again, as they were. Answers whether
    /// there are any.
    pub(super) fn send_party_again(&mut self, cx: &mut Context) -> bool {
        let Card::Party(card) = &mut self.card else {
            return false;
        };
        let failed = card.begin_again();
        for (nonce, member, name) in &failed {
            self.send_one(*nonce, by_name(*member, name), name.clone(), None, cx);
        }
        !failed.is_empty()
    }

    /// What is said of the party while nothing else is said.
    pub(super) fn party_hint(&self) -> Option<String> {
        if let Some(party) = self.party_size() {
            return Some(format!("Enter confirms the {party}   Esc lets it go"));
        }
        match &self.card {
            Card::Party(card) if self.input.is_empty() && card.has_choice() => {
                Some("↑ ↓ chooses whom the keys are about".to_owned())
            }
            _ => None,
        }
    }

    /// Where the door stands is another event: the party was gathered for the last one.
    pub(super) fn leave_event(&mut self, cx: &mut Context) {
        if let Some(party) = self.party_size() {
            self.drop_party();
            cx.say(
                Tone::Plain,
                format!("The {party} is let go: it was for another event."),
            );
        }
    }
}
