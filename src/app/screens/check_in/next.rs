//! What is useful next after a result: the keys that the card names. Only keys that do something now are named, so
//! that nobody at the door presses one in vain.

use super::{Card, CheckIn, is_misread_code};
use crate::app::action::{Action, DoorAction};
use crate::app::context::Context;
use crate::app::keymap::{Key, Scope, bindings};
use crate::domain::SafeText;
use crate::domain::check_in::{CheckedIn, Outcome, Presented};

/// A key that the card names, and what it does in a word or two.
pub(crate) type Next = (Key, &'static str);

/// What may be useful after this result, the most useful first.
fn useful(checked: &CheckedIn) -> &'static [(DoorAction, &'static str)] {
    match checked.outcome {
        Outcome::Ok => &[(DoorAction::Undo, "takes back")],
        Outcome::Already => &[(DoorAction::CheckOut, "check out"), (DoorAction::Why, "why")],
        Outcome::NotIn => &[(DoorAction::CheckIn, "check in")],
        Outcome::NotRegistered => &[(DoorAction::WalkIn, "walk-in")],
        Outcome::Unpaid => &[
            (DoorAction::TakePayment, "take payment"),
            (DoorAction::AdmitAnyway, "admit unpaid"),
        ],
        Outcome::Cancelled | Outcome::Pending | Outcome::Waitlisted => &[
            (DoorAction::AdmitAnyway, "admit anyway"),
            (DoorAction::Why, "why"),
        ],
        Outcome::TooEarly | Outcome::Over => &[
            (DoorAction::ChooseEvent, "other event"),
            (DoorAction::AdmitAnyway, "admit"),
        ],
        Outcome::EventInactive => &[(DoorAction::ChooseEvent, "other event")],
        Outcome::MemberInactive => &[(DoorAction::Why, "why")],
        Outcome::UnknownCode if is_misread_code(checked.input.as_str()) => &[(DoorAction::Clear, "clear")],
        Outcome::UnknownCode => &[
            (DoorAction::Similar, "similar names"),
            (DoorAction::WalkIn, "walk-in"),
        ],
    }
}

/// The key of an action of the door, as the table has it.
fn key_of(action: DoorAction) -> Option<Key> {
    let binding = bindings()
        .iter()
        .find(|binding| binding.scope == Scope::CheckIn && binding.action == Action::Door(action))?;
    binding.keys.first().copied()
}

impl CheckIn {
    /// The keys that are useful after the result on the card. While somebody else is typed, keys are about them.
    pub(crate) fn next_keys(&self, cx: &Context) -> Vec<Next> {
        let checked = match &self.card {
            Card::Answered(checked)
            | Card::Queued {
                decided: Some(checked),
                ..
            } => checked,
            Card::Party(card) => match card.chosen() {
                Some((checked, _)) => checked,
                None => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        let about_text = checked.outcome == Outcome::UnknownCode;
        if !about_text && !self.typed().is_empty() {
            return Vec::new();
        }
        useful(checked)
            .iter()
            .filter(|(action, _)| self.why_not(*action, cx).is_none())
            .filter(|(action, _)| *action != DoorAction::Undo || self.would_undo(checked))
            .filter_map(|(action, brief)| Some((key_of(*action)?, *brief)))
            .collect()
    }

    /// Who the card is about, for a key that is pressed while nobody is typed.
    pub(super) fn on_card(&self) -> Option<(Presented, SafeText)> {
        let checked = match &self.card {
            Card::Answered(checked)
            | Card::Queued {
                decided: Some(checked),
                ..
            } => checked,
            Card::Party(card) => card.chosen()?.0,
            Card::Weighed(weighed) => return Some((weighed.presented.clone(), weighed.label.clone())),
            _ => return None,
        };
        let member = checked
            .member
            .as_ref()
            .filter(|_| Some(checked.event_id) == self.event)?;
        let presented = Presented::Member {
            id: member.id,
            typed: member.full_name.to_string(),
        };
        Some((presented, member.full_name.clone()))
    }

    /// Whether the card says that this person is not inside, so that Enter is about letting them in.
    pub(super) fn is_not_in(&self) -> bool {
        matches!(&self.card, Card::Answered(checked) if checked.outcome == Outcome::NotIn)
    }
}
