//! Passages at the door: in, out, back in, and what is taken back. The rules stand in the database
//! (`pine.undo_passage`, `pine.check_out`).

use serde::{Deserialize, Serialize};

use super::badge::Earned;
use super::check_in::{FirstScan, Outcome};
use super::door_note::DoorNote;
use super::event::EventId;
use super::member::MemberName;
use super::money::Money;
use super::{SafeText, Timestamp, csv};

/// Which way somebody went, as the door's log keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Passage {
    /// Checked in.
    #[default]
    In,
    /// Checked out.
    Out,
    /// In again after going out.
    Back,
    /// A check-in was taken back, whole.
    UndoIn,
    /// A check-out was taken back.
    UndoOut,
    /// A coming back was taken back.
    UndoBack,
}

impl Passage {
    /// How it is called in a list, when it went as asked.
    pub fn brief(self) -> &'static str {
        match self {
            Self::In => "checked in",
            Self::Out => "checked out",
            Self::Back => "back in",
            Self::UndoIn => "taken back",
            Self::UndoOut => "check-out undone",
            Self::UndoBack => "coming back undone",
        }
    }

    /// The word in which the database knows it.
    pub fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Back => "back",
            Self::UndoIn => "undo_in",
            Self::UndoOut => "undo_out",
            Self::UndoBack => "undo_back",
        }
    }

    /// Whether it takes another one back.
    pub fn is_undo(self) -> bool {
        matches!(self, Self::UndoIn | Self::UndoOut | Self::UndoBack)
    }
}

/// What comes of taking a passage back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UndoOutcome {
    /// Taken back now.
    Undone,
    /// There is nothing to take back (any more).
    Nothing,
    /// Another terminal let them through; it takes a reason.
    ReasonNeeded,
}

/// The answer to taking a passage back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// What came of it.
    pub outcome: UndoOutcome,
    /// Which passage it is about: in, out or back.
    pub passage: Passage,
    /// Whose.
    pub member: MemberName,
    /// At which event.
    pub event_id: EventId,
    /// The event's title.
    pub event_title: SafeText,
    /// Points that went back; negative or 0.
    pub points: i32,
    /// The member's points earned, after it.
    pub total: i64,
    /// When the database answered.
    pub at: Timestamp,
    /// The payment that went back with it: money to give back.
    #[serde(default)]
    pub voided: Option<Money>,
    /// The passage as it stood, unless there was none.
    pub first: Option<FirstScan>,
    /// What went back, the event's own points first; their points are negative.
    #[serde(default)]
    pub lost: Vec<Earned>,
}

/// What a check-in would bring, and why; nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// What was presented.
    pub input: SafeText,
    /// What would come of it.
    pub outcome: Outcome,
    /// In, or back.
    pub passage: Passage,
    /// Who it is, if anybody.
    pub member: Option<MemberName>,
    /// At which event.
    pub event_id: EventId,
    /// The event's title.
    pub event_title: SafeText,
    /// When the database looked.
    pub at: Timestamp,
    /// Every rule, in the order in which refusals are looked for.
    pub rules: Vec<Rule>,
    /// What the door should know of the member.
    #[serde(default)]
    pub door_note: Option<DoorNote>,
}

/// One rule's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The refusal it leads to.
    pub rule: Outcome,
    /// Whether it lets them in; none when it has nothing to look at.
    pub passed: Option<bool>,
    /// The moment it looked at: when the door opens, when they came in …
    pub at: Option<Timestamp>,
    /// The value it looked at: the user name, the status, the terminal.
    pub text: Option<SafeText>,
}

/// One row of the door's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRow {
    /// `check_in_log.id`, growing.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: Outcome,
    /// Which way.
    pub passage: Passage,
    /// What was presented.
    pub input: SafeText,
    /// Who it was, if anybody.
    pub member: Option<MemberName>,
    /// Which terminal.
    pub device: SafeText,
    /// Who stood there.
    pub operator: SafeText,
    /// The passage before it, where it matters.
    pub first_at: Option<Timestamp>,
    /// Why, where somebody said.
    pub reason: Option<SafeText>,
}

impl LogRow {
    /// What came of it, in a few words.
    pub fn brief(&self) -> &'static str {
        match self.outcome {
            Outcome::Ok => self.passage.brief(),
            outcome => outcome.brief(),
        }
    }
}

/// A page of the door's log, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorLog {
    /// Of which event.
    pub event_id: EventId,
    /// The event's title.
    pub title: SafeText,
    /// Rows that match, on this page or not.
    pub total: i64,
    /// The page.
    pub rows: Vec<LogRow>,
}

impl DoorLog {
    /// The page as a file of comma-separated values, with a heading; times in RFC 3339, UTC.
    pub fn csv(&self) -> String {
        let mut out = csv::line([
            "id",
            "at",
            "outcome",
            "passage",
            "user_id",
            "username",
            "full_name",
            "input",
            "device",
            "operator",
            "first_at",
            "reason",
        ]);
        let time = |at: Timestamp| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        for row in &self.rows {
            let member = row.member.as_ref();
            let outcome = serde_json::to_value(row.outcome).ok();
            out.push_str(&csv::line([
                row.id.to_string().as_str(),
                &time(row.at),
                outcome
                    .as_ref()
                    .and_then(|word| word.as_str())
                    .unwrap_or_default(),
                row.passage.word(),
                &member.map(|m| m.id.0.to_string()).unwrap_or_default(),
                member.map(|m| m.username.as_str()).unwrap_or_default(),
                member.map(|m| m.full_name.as_str()).unwrap_or_default(),
                row.input.as_str(),
                row.device.as_str(),
                row.operator.as_str(),
                &row.first_at.map(time).unwrap_or_default(),
                row.reason.as_ref().map(SafeText::as_str).unwrap_or_default(),
            ]));
        }
        out
    }
}
