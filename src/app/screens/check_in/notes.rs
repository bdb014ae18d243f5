//! Door notes at this terminal: what came with somebody is held until a key says that it was read, however many people
//! come in meanwhile. That key press is one write; without the database it waits until there is one.

use super::{Card, CheckIn};
use crate::app::context::{Context, Tone, Wish};
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::overlay::Overlay;
use crate::app::overlay::note::{NoteForm, NoteReader};
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::check_in::CheckedIn;
use crate::domain::door_note::{DoorNote, NoteAnswer, NoteCall, NoteOutcome};
use crate::domain::event::EventId;
use crate::domain::member::{MemberId, MemberName};
use crate::domain::passage::Evaluation;
use crate::domain::{Call, Fault, Nonce};

/// A note that nobody here has read yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    event: EventId,
    pub(crate) member: MemberName,
    pub(crate) note: DoorNote,
}

impl Held {
    fn is(&self, event: EventId, member: MemberId) -> bool {
        self.event == event && self.member.id == member
    }
}

/// A note that was read here and is not known to be so yet.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Read {
    nonce: Nonce,
    held: Held,
    /// On its way.
    is_sent: bool,
}

/// The terminal's notes.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// The newest last.
    held: Vec<Held>,
    reading: Vec<Read>,
    /// What was read here, so that neither the roster nor a late answer brings it up again.
    read: Vec<(EventId, MemberId, i32)>,
    /// What was held before the rehearsal.
    before: Option<Box<Notes>>,
}

impl Notes {
    fn hold(&mut self, event: EventId, member: &MemberName, note: Option<&DoorNote>) {
        self.held.retain(|held| !held.is(event, member.id));
        let Some(note) = note.filter(|note| !note.read) else {
            return;
        };
        if !self.read.contains(&(event, member.id, note.number)) {
            self.held.push(Held {
                event,
                member: member.clone(),
                note: note.clone(),
            });
        }
    }
}

impl CheckIn {
    // ---- holding ----

    /// An answer names somebody: whatever note is on them is held, or let go if there is none any more.
    pub(super) fn hold_note(&mut self, checked: &CheckedIn) {
        if let Some(member) = &checked.member {
            if Some(checked.event_id) == self.event {
                self.offline.set_note(member.id, checked.door_note.as_ref());
            }
            self.notes
                .hold(checked.event_id, member, checked.door_note.as_ref());
        }
    }

    /// The same, before anything is done.
    pub(super) fn hold_weighed(&mut self, evaluation: &Evaluation) {
        if let Some(member) = &evaluation.member {
            self.notes
                .hold(evaluation.event_id, member, evaluation.door_note.as_ref());
        }
    }

    /// A rehearsal begins with no notes, and leaves those that were there as they were.
    pub(super) fn rehearse_notes(&mut self, begins: bool) {
        self.notes = if begins {
            Notes {
                before: Some(Box::new(std::mem::take(&mut self.notes))),
                ..Notes::default()
            }
        } else {
            self.notes
                .before
                .take()
                .map_or_else(Notes::default, |before| *before)
        };
    }

    /// How many are to be read.
    pub(crate) fn unread(&self) -> usize {
        self.notes.held.len()
    }

    /// `1 note to read`, while there is one.
    pub(crate) fn unread_told(&self) -> Option<String> {
        match self.unread() {
            0 => None,
            1 => Some("1 note to read".to_owned()),
            many => Some(format!("{many} notes to read")),
        }
    }

    /// The note that is shown: of whoever is on the card, else the newest.
    pub(crate) fn shown_note(&self) -> Option<&Held> {
        let here = self.on_this_card().map(|(member, _)| member.id);
        let held = &self.notes.held;
        held.iter()
            .rfind(|held| Some(held.member.id) == here)
            .or_else(|| held.last())
    }

    /// Whether it can be read whole where it stands.
    pub(crate) fn fits(held: &Held, size: (u16, u16)) -> bool {
        let area = geometry::note(size);
        let lines = words::wrap(held.note.text.as_str(), usize::from(area.width));
        lines.len() <= usize::from(area.height)
    }

    // ---- reading ----

    /// The key that says a note was read; one that is not to be seen whole is opened first.
    pub(super) fn read_note(&mut self, cx: &mut Context) {
        let Some(held) = self.shown_note() else { return };
        if Self::fits(held, cx.setup.size) {
            self.acknowledge(cx);
        } else {
            let reader = NoteReader::new(held.clone());
            cx.wish(Wish::Open(Box::new(Overlay::NoteReader(reader))));
        }
    }

    /// The shown note was read.
    fn acknowledge(&mut self, cx: &mut Context) {
        if let Some(held) = self.shown_note().cloned() {
            self.acknowledge_this(held, cx);
        }
    }

    /// This note was read.
    pub(crate) fn acknowledge_this(&mut self, held: Held, cx: &mut Context) {
        let Held {
            event,
            ref member,
            ref note,
        } = held;
        self.notes.held.retain(|other| *other != held);
        self.notes.read.push((event, member.id, note.number));
        self.learn_note(
            member.id,
            Some(&DoorNote {
                read: true,
                ..note.clone()
            }),
        );
        if cx.rehearsing {
            return;
        }
        if cx.is_alone() {
            let text = format!(
                "Read, in memory only until the database is back: the note on {}.",
                member.full_name
            );
            cx.say(Tone::Plain, text);
        }
        let nonce = cx.nonce();
        self.notes.reading.push(Read {
            nonce,
            held,
            is_sent: false,
        });
        self.send_notes(cx);
    }

    /// Sends what was read and is not on its way; without the database it waits.
    pub(crate) fn send_notes(&mut self, cx: &mut Context) {
        if cx.is_alone() {
            return;
        }
        for read in self.notes.reading.iter_mut().filter(|read| !read.is_sent) {
            read.is_sent = true;
            let call = NoteCall::Acknowledge {
                nonce: read.nonce,
                event: read.held.event,
                member: read.held.member.id,
                number: read.held.note.number,
            };
            cx.ask_and_wait(Want::Note(read.nonce), Lane::Write, Call::Note(call));
        }
    }

    /// What came of saying that a note was read. False when it was about something else.
    pub(crate) fn note_read(
        &mut self,
        nonce: Nonce,
        result: &Result<NoteAnswer, Fault>,
        cx: &mut Context,
    ) -> bool {
        let Some(at) = self.notes.reading.iter().position(|read| read.nonce == nonce) else {
            return false;
        };
        match result {
            Err(fault) if fault.is_link() => self.notes.reading[at].is_sent = false,
            Err(fault) => {
                let Read { held, .. } = self.notes.reading.remove(at);
                cx.say(
                    Tone::Bad,
                    format!(
                        "The note on {} is not noted as read. {fault}",
                        held.member.full_name
                    ),
                );
                self.notes
                    .read
                    .retain(|(event, member, _)| !held.is(*event, *member));
                self.notes.held.push(held);
            }
            Ok(answer) => {
                let Read { held, .. } = self.notes.reading.remove(at);
                self.learn_note(held.member.id, answer.note.as_ref());
                if answer.outcome == NoteOutcome::Changed {
                    self.notes.hold(held.event, &held.member, answer.note.as_ref());
                    let text = format!(
                        "The note on {} was changed meanwhile: read it anew.",
                        held.member.full_name
                    );
                    cx.say(Tone::Warn, text);
                }
            }
        }
        true
    }

    // ---- writing ----

    /// Who is on the card, and the note on them as the card has it.
    fn on_this_card(&self) -> Option<(&MemberName, Option<&DoorNote>)> {
        let checked = match &self.card {
            Card::Answered(checked)
            | Card::Queued {
                decided: Some(checked),
                ..
            } => checked,
            Card::Weighed(weighed) => {
                let evaluation = weighed.evaluation.as_ref()?;
                return Some((evaluation.member.as_ref()?, evaluation.door_note.as_ref()));
            }
            Card::Party(card) => card.answer_at()?,
            _ => return None,
        };
        Some((checked.member.as_ref()?, checked.door_note.as_ref()))
    }

    /// On whom a note would be written: who is under the cursor; while nobody is typed, who is on the card.
    fn note_on(&self) -> Option<(MemberName, Option<DoorNote>)> {
        if self.typed().is_empty() {
            let (member, note) = self.on_this_card()?;
            return Some((member.clone(), note.cloned()));
        }
        let one = self.under_cursor()?;
        let member = MemberName {
            id: one.id,
            username: one.username.clone(),
            full_name: one.full_name.clone(),
        };
        Some((member, one.door_note.clone()))
    }

    /// Why no note can be written now; `None` when one can.
    pub(super) fn why_not_note(&self, cx: &Context) -> Option<String> {
        if let Some(why) = cx.needs_link("Writing a note") {
            return Some(why);
        }
        self.note_on()
            .is_none()
            .then(|| "Nobody is meant: type part of a name, or scan a pass.".to_owned())
    }

    /// Opens the form for a note.
    pub(super) fn open_note(&self, cx: &mut Context) {
        if let Some((member, note)) = self.note_on() {
            let form = NoteForm::new(member, note);
            cx.wish(Wish::Open(Box::new(Overlay::Note(Box::new(form)))));
        }
    }

    /// A note was written or cleared.
    pub(crate) fn note_written(&mut self, answer: &NoteAnswer, cx: &mut Context) {
        let (member, note) = (&answer.member, answer.note.as_ref());
        self.learn_note(member.id, note);
        // Whoever has not read the old one has the new one to read.
        self.notes
            .held
            .retain(|held| held.member.id != member.id || note.is_some());
        for held in &mut self.notes.held {
            if let (true, Some(note)) = (held.member.id == member.id, note) {
                held.note = note.clone();
            }
        }
        let what = if note.is_some() { "is kept" } else { "is gone" };
        cx.say(Tone::Good, format!("The note on {} {what}.", member.full_name));
    }

    /// The note on somebody is this by now, wherever this terminal has it.
    fn learn_note(&mut self, member: MemberId, note: Option<&DoorNote>) {
        let listed = self.candidates.get_mut().into_iter().flatten();
        for one in listed.chain(&mut self.party.people) {
            if one.id == member {
                one.door_note = note.cloned();
            }
        }
        self.offline.set_note(member, note);
        let is = |checked: &&mut CheckedIn| checked.member.as_ref().is_some_and(|one| one.id == member);
        match &mut self.card {
            Card::Answered(checked)
            | Card::Queued {
                decided: Some(checked),
                ..
            } => {
                if let Some(checked) = Some(checked).filter(is) {
                    checked.door_note = note.cloned();
                }
            }
            Card::Party(card) => {
                for checked in card.answers().filter(is) {
                    checked.door_note = note.cloned();
                }
            }
            Card::Weighed(weighed) => {
                if let Some(evaluation) = weighed.evaluation.as_mut()
                    && evaluation.member.as_ref().is_some_and(|one| one.id == member)
                {
                    evaluation.door_note = note.cloned();
                }
            }
            _ => {}
        }
    }
}
