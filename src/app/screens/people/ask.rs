//! The questions among an event's people: why, which note, which event to move to, whom to register.

use crate::app::context::Context;
use crate::app::cursor::Cursor;
use crate::app::keymap::Key;
use crate::app::remote::Remote;
use crate::app::text_field::{Edit, TextField};
use crate::app::words;
use crate::domain::check_in::{Candidate, Standing};
use crate::domain::event::EventLine;
use crate::domain::event_people::{DeskAct, EventPerson, MAX_NOTE};
use crate::domain::member::MemberName;
use crate::domain::{Nonce, SafeText};

use super::deeds::Deed;

/// Longest reason: the column's limit.
const MAX_REASON: usize = 255;
/// Longest search.
const MAX_SEARCH: usize = 80;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Question {
    Reject,
    Cancel,
    Note,
    Promote,
    Late,
    TakeBack,
    /// To this event; `wait` puts them in line there when it is full.
    Move {
        to: Box<EventLine>,
        wait: bool,
    },
}

/// The form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ask {
    pub(crate) question: Question,
    pub(crate) who: Vec<MemberName>,
    pub(crate) text: TextField,
    /// Whether the choice below the text has the keys.
    pub(crate) choosing: bool,
    pub(crate) error: Option<SafeText>,
    /// Whether a reason is needed.
    pub(crate) required: bool,
    pub(crate) sending: bool,
}

impl Ask {
    pub(crate) fn new(question: Question, people: &[EventPerson]) -> Self {
        let text = match (&question, people) {
            (Question::Note, [one]) => {
                let note = one.note.as_ref().map(SafeText::as_str).unwrap_or_default();
                TextField::new(MAX_NOTE).with(note)
            }
            (Question::Note, _) => TextField::new(MAX_NOTE),
            _ => TextField::new(MAX_REASON),
        };
        let first_in_line = people.iter().all(|person| person.place == Some(1));
        Self {
            required: match question {
                Question::Note | Question::Move { .. } => false,
                Question::Promote => !first_in_line,
                _ => true,
            },
            question,
            who: people.iter().map(|person| person.member.clone()).collect(),
            text,
            choosing: false,
            error: None,
            sending: false,
        }
    }

    /// Somebody was there who is not among the people yet.
    pub(crate) fn was_there(who: MemberName) -> Self {
        Self {
            who: vec![who],
            ..Self::new(Question::Late, &[])
        }
    }

    /// What the form is called.
    pub(crate) fn title(&self) -> String {
        let verb = match &self.question {
            Question::Reject => "Reject",
            Question::Cancel => "Cancel the registration of",
            Question::Note => "A note on",
            Question::Promote => "Prefer",
            Question::Late => "Was there:",
            Question::TakeBack => "Was not there:",
            Question::Move { .. } => "Move",
        };
        match self.who.as_slice() {
            [one] => format!("{verb} {}", one.full_name),
            several => format!("{verb} {} people", several.len()),
        }
    }

    /// Who reads what is typed.
    pub(crate) fn hint(&self) -> &'static str {
        match &self.question {
            Question::Reject | Question::Cancel => "the member reads it",
            Question::Move { .. } => "the member reads it; may stay empty",
            Question::Note if self.who.len() > 1 => "for other staff; takes the place of their notes",
            Question::Note => "for other staff; empty takes it away",
            Question::Promote if self.required => "others wait longer; the audit log keeps why",
            Question::Promote => "first in line: may stay empty",
            Question::Late => "how you know; points count on the event's day",
            Question::TakeBack => "points, place and a walk-in's seat go back with it",
        }
    }

    /// Changes what is typed, unless it is on its way.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut TextField) -> Edit) -> Edit {
        if self.sending || self.choosing {
            return Edit::Ignored;
        }
        let edit = change(&mut self.text);
        if matches!(edit, Edit::Changed | Edit::Cut) {
            self.error = None;
        }
        edit
    }

    pub(crate) fn key(&mut self, key: Key) -> Edit {
        if self.choosing && key.printable() == Some(' ') {
            self.turn();
            return Edit::Changed;
        }
        self.edit(|field| field.key(key))
    }

    pub(crate) fn has_choice(&self) -> bool {
        matches!(self.question, Question::Move { .. })
    }

    /// The other choice.
    pub(crate) fn turn(&mut self) {
        if let Question::Move { wait, .. } = &mut self.question {
            *wait = !*wait;
        }
    }

    /// What is to be done, or why it cannot be sent so.
    pub(crate) fn deed(&self) -> Result<Deed, &'static str> {
        let text = self.text.text().trim().to_owned();
        if self.required && text.is_empty() {
            return Err(match self.question {
                Question::Late => "Type how you know that they were there.",
                Question::TakeBack => "Type why it is taken back.",
                Question::Promote => "Type why they do not wait like the others.",
                _ => "Type why; the member will read it.",
            });
        }
        let reason = Some(text.clone()).filter(|text| !text.is_empty());
        Ok(match &self.question {
            Question::Reject => Deed::Desk(DeskAct::Reject { reason: text }),
            Question::Cancel => Deed::Desk(DeskAct::Cancel { reason: text }),
            Question::Note => Deed::Desk(DeskAct::Note { text }),
            Question::Promote => Deed::Desk(DeskAct::Promote { reason }),
            Question::Late => Deed::Late(text),
            Question::TakeBack => Deed::TakeBack(text),
            Question::Move { to, wait } => Deed::Desk(DeskAct::Move {
                to: to.id,
                wait: *wait,
                reason,
            }),
        })
    }
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Found {
    /// Somebody to register.
    Members(Remote<Vec<Candidate>>),
    /// An event to move these people to.
    Events(Remote<Vec<EventLine>>, Vec<EventPerson>),
}

/// What there is for somebody who cannot simply be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offer {
    /// Every seat is taken: into the line.
    Line,
    /// The event is over: they were there.
    Late,
}

/// Looking for a member or an event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Find {
    pub(crate) field: TextField,
    pub(crate) found: Found,
    pub(crate) cursor: Cursor,
    pub(crate) error: Option<SafeText>,
    /// What the same key does next for somebody whom the first one did not register.
    pub(crate) offer: Option<(MemberName, Offer)>,
    pub(crate) sent: Option<Nonce>,
}

impl Find {
    pub(crate) fn new(found: Found) -> Self {
        Self {
            field: TextField::new(MAX_SEARCH),
            found,
            cursor: Cursor::default(),
            error: None,
            offer: None,
            sent: None,
        }
    }

    /// The words that are looked for.
    pub(crate) fn query(&self) -> String {
        self.field.text().trim().to_owned()
    }

    /// The events that match what is typed.
    pub(crate) fn events(&self) -> Vec<&EventLine> {
        let Found::Events(events, _) = &self.found else {
            return Vec::new();
        };
        let wanted = words::fold(&[self.query()]);
        let matches = |line: &&EventLine| {
            let text = words::fold(&[line.title.as_str(), line.location.as_str()]);
            wanted.split_whitespace().all(|word| text.contains(word))
        };
        events.get().into_iter().flatten().filter(matches).collect()
    }

    /// The members that were found.
    pub(crate) fn members(&self) -> &[Candidate] {
        match &self.found {
            Found::Members(members) => members.get().map_or(&[], Vec::as_slice),
            Found::Events(..) => &[],
        }
    }

    pub(crate) fn len(&self) -> usize {
        match &self.found {
            Found::Members(_) => self.members().len(),
            Found::Events(..) => self.events().len(),
        }
    }

    /// Something else is looked for.
    pub(crate) fn edited(&mut self, edit: Edit) -> bool {
        let changed = matches!(edit, Edit::Changed | Edit::Cut);
        if changed {
            self.error = None;
            self.offer = None;
            self.cursor = Cursor::default();
        }
        changed
    }
}

/// How somebody stands to the event, in the list of whom to register.
pub(crate) fn standing(candidate: &Candidate, cx: &Context) -> String {
    match candidate.standing {
        Standing::None => "not registered".to_owned(),
        Standing::Registered => "registered".to_owned(),
        Standing::Unpaid => match candidate.due {
            Some(due) => format!("registered, {} due", cx.currency().show(due)),
            None => "registered".to_owned(),
        },
        Standing::Pending => "waits for approval".to_owned(),
        Standing::Waitlisted => "on the waitlist".to_owned(),
        Standing::Cancelled => "cancelled or refused".to_owned(),
        Standing::In => "checked in".to_owned(),
        Standing::Left => "was there, has left".to_owned(),
    }
}
