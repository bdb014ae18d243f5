//! What one key press sets going for one person or several, and what came of it for each of them.

use crate::app::context::Tone;
use crate::domain::Nonce;
use crate::domain::member::{MemberId, MemberName};

/// What came of it: whether it is done, and a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) tone: Tone,
    pub(crate) text: String,
}

impl Told {
    /// It is done.
    pub(crate) fn good(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Good,
            text: text.into(),
        }
    }

    /// It is not.
    pub(crate) fn not(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Warn,
            text: text.into(),
        }
    }
}

/// `Ana Reyes has a seat.`
pub(crate) fn sentence(who: &MemberName, told: &Told) -> String {
    let (name, text) = (&who.full_name, &told.text);
    let is_sentence = text.ends_with('.');
    let colon = if text.starts_with(char::is_uppercase) || text.starts_with("attendance") {
        ":"
    } else {
        ""
    };
    format!("{name}{colon} {text}{}", if is_sentence { "" } else { "." })
}

/// One person of several, and how far it is with them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) nonce: Nonce,
    pub(crate) who: MemberName,
    /// None while it is under way.
    pub(crate) told: Option<Told>,
}

/// What one key press set going, for one or several.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Batch {
    pub(crate) title: &'static str,
    pub(crate) lines: Vec<Line>,
}

impl Batch {
    pub(crate) fn waits(&self) -> bool {
        self.lines.iter().any(|line| line.told.is_none())
    }

    pub(crate) fn awaits(&self, member: MemberId) -> bool {
        self.lines
            .iter()
            .any(|line| line.told.is_none() && line.who.id == member)
    }

    pub(crate) fn done(&self) -> usize {
        let good = |line: &&Line| line.told.as_ref().is_some_and(|told| told.tone == Tone::Good);
        self.lines.iter().filter(good).count()
    }
}
