//! Check-ins that a door keeps until the database has answered: what was done, by whom, when, and what the door
//! told the person meanwhile. How they are kept on disk is the business of [`crate::door`].

use serde::{Deserialize, Serialize};

use super::check_in::{CheckedIn, FirstScan, Outcome, Presented};
use super::event::EventId;
use super::{Nonce, SafeText, Timestamp};

/// How long a check-in may go unanswered before the door decides by its roster.
pub const QUEUE_AFTER: std::time::Duration = std::time::Duration::from_millis(1500);

/// One check-in as it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Of the key press; the same for every try, live or replayed.
    pub nonce: Nonce,
    /// At which event.
    pub event: EventId,
    /// Who.
    pub presented: Presented,
    /// Who made it, as the database's request log calls them: `user:7`, `owner:root`.
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
    /// What the database's answer leaves for a person to settle: the door let somebody in and the database does
    /// not, or the other way round.
    pub fn compare(&self, checked: &CheckedIn) -> Option<Unsettled> {
        let admitted = checked.outcome == Outcome::Ok;
        let why = match self.decided {
            Some(Outcome::Ok) | None if admitted => return None,
            // Without a roster the door let in whom it knew; with one it said so.
            Some(Outcome::Ok) | None => {
                format!(
                    "Let in at the door; in the database: {}.",
                    checked.outcome.brief()
                )
            }
            Some(told) if admitted => {
                format!(
                    "Sent away at the door ({}); the database has let them in.",
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
