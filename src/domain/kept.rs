//! What a door does and keeps until the database has answered: check-ins, check-outs, and what is taken back; by
//! whom, when, and what the door told the person meanwhile. How it is kept on disk is the business of [`crate::door`].

use serde::{Deserialize, Serialize};

use super::check_in::{CheckedIn, FirstScan, Outcome, Presented};
use super::event::EventId;
use super::member::MemberId;
use super::passage::{Passage, UndoOutcome, Undone};
use super::{Answer, Call, Nonce, SafeText, Timestamp};

/// How long a check-in may go unanswered before the door decides by its roster.
pub const QUEUE_AFTER: std::time::Duration = std::time::Duration::from_millis(1500);

/// What is done with a person at the door, and goes on without the database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// They come in.
    #[default]
    In,
    /// They go out.
    Out,
    /// Their last passage of a kind is taken back.
    Undo {
        /// Whose.
        member: MemberId,
        /// In, out or back.
        passage: Passage,
        /// Why; for what another terminal did.
        reason: Option<String>,
    },
}

/// One act at the door, under the nonce of its key press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Of the key press; the same for every try, live or replayed.
    pub nonce: Nonce,
    /// At which event.
    pub event: EventId,
    /// Who.
    pub presented: Presented,
    /// What.
    pub act: Act,
}

impl Deed {
    /// The act that a call asks for; none for a call that cannot wait for the database.
    pub fn of(call: &Call) -> Option<Self> {
        let (nonce, event, presented, act) = match call.clone() {
            Call::CheckIn {
                nonce,
                event,
                presented,
            } => (nonce, event, presented, Act::In),
            Call::CheckOut {
                nonce,
                event,
                presented,
            } => (nonce, event, presented, Act::Out),
            Call::Undo {
                nonce,
                event,
                member,
                passage,
                reason,
            } => {
                let presented = Presented::Member {
                    id: member,
                    typed: String::new(),
                };
                let act = Act::Undo {
                    member,
                    passage,
                    reason,
                };
                (nonce, event, presented, act)
            }
            _ => return None,
        };
        Some(Self {
            nonce,
            event,
            presented,
            act,
        })
    }
}

/// One act as it was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Of the key press; the same for every try, live or replayed.
    pub nonce: Nonce,
    /// At which event.
    pub event: EventId,
    /// Who.
    pub presented: Presented,
    /// What; journals of before there was anything else hold check-ins.
    #[serde(default)]
    pub act: Act,
    /// Who did it, as the database's request log calls them: `user:7`, `owner:root`.
    pub operator: String,
    /// At which terminal.
    pub device: SafeText,
    /// When, by the community's clock.
    pub occurred_at: Timestamp,
    /// What the door told the person; none while the database may still answer in time, or without a roster.
    pub decided: Option<Outcome>,
}

/// A kept check-in that the database saw otherwise than the door: somebody has to look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsettled {
    /// What was done at the door.
    pub kept: Kept,
    /// Who it was about, for the eye.
    pub who: SafeText,
    /// The database's outcome; none when it refused the whole.
    pub outcome: Option<Outcome>,
    /// The check-in that stands, when that is the reason.
    pub first: Option<FirstScan>,
    /// A sentence.
    pub why: SafeText,
}

impl Kept {
    /// The call that carries it out while the database answers.
    pub fn call(&self) -> Call {
        let (nonce, event, presented) = (self.nonce, self.event, self.presented.clone());
        match self.act.clone() {
            Act::In => Call::CheckIn {
                nonce,
                event,
                presented,
            },
            Act::Out => Call::CheckOut {
                nonce,
                event,
                presented,
            },
            Act::Undo {
                member,
                passage,
                reason,
            } => Call::Undo {
                nonce,
                event,
                member,
                passage,
                reason,
            },
        }
    }

    /// What the database's answer leaves for a person to settle: what was told at the door is not what became of it.
    /// None also for an answer to something else.
    pub fn settle(&self, answer: &Answer) -> Option<Unsettled> {
        match answer {
            Answer::CheckedIn(checked) => self.compare(checked),
            Answer::Undone(undone) => self.compare_undone(undone),
            _ => None,
        }
    }

    /// The door took something back, and in the database it stands.
    fn compare_undone(&self, undone: &Undone) -> Option<Unsettled> {
        let why = match undone.outcome {
            UndoOutcome::Undone => return None,
            // Told so at the door, too.
            _ if self.decided.is_some_and(|told| told != Outcome::Ok) => return None,
            UndoOutcome::Nothing => "Taken back at the door; in the database there was nothing to take back.",
            UndoOutcome::ReasonNeeded => {
                "Taken back at the door; in the database another terminal let them through, which takes a reason."
            }
        };
        Some(Unsettled {
            kept: self.clone(),
            who: undone.member.full_name.clone(),
            outcome: None,
            first: undone.first.clone(),
            why: SafeText::line(why),
        })
    }

    /// What the database's answer leaves for a person to settle: the door let somebody through and the database does
    /// not, or the other way round.
    pub fn compare(&self, checked: &CheckedIn) -> Option<Unsettled> {
        let admitted = checked.outcome == Outcome::Ok;
        let way = if self.act == Act::Out { "out" } else { "in" };
        let why = match self.decided {
            Some(Outcome::Ok) | None if admitted => return None,
            // Without a roster the door let in whom it knew; with one it said so.
            Some(Outcome::Ok) | None => {
                format!(
                    "Let {way} at the door; in the database: {}.",
                    checked.outcome.brief()
                )
            }
            Some(told) if admitted => {
                format!(
                    "Sent away at the door ({}); the database has let them {way}.",
                    told.brief()
                )
            }
            Some(_) => return None,
        };
        Some(Unsettled {
            kept: self.clone(),
            who: checked
                .member
                .as_ref()
                .map_or_else(|| checked.input.clone(), |member| member.full_name.clone()),
            outcome: Some(checked.outcome),
            first: checked.first.clone(),
            why: SafeText::line(&why),
        })
    }

    /// For when the database refuses the whole, so that no later try can help.
    pub fn refused(&self, why: &super::Fault) -> Unsettled {
        let typed = match &self.presented {
            Presented::Member { typed, id } if typed.is_empty() => format!("member {}", id.0),
            Presented::Member { typed, .. } | Presented::Text(typed) => typed.clone(),
        };
        Unsettled {
            kept: self.clone(),
            who: SafeText::line(&typed),
            outcome: None,
            first: None,
            why: SafeText::line(&why.to_string()),
        }
    }
}
