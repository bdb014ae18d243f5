//! A door note in full: to be read where the door has no room for it, and the small form in which it is written. What is
//! typed stays until it is kept or given up.

use crate::app::action::{MoveAction, NoteAction, OverlayAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::keymap::Key;
use crate::app::overlay::Overlay;
use crate::app::overlay::confirm::Confirm;
use crate::app::requests::Want;
use crate::app::screens::check_in::CheckIn;
use crate::app::screens::check_in::notes::Held;
use crate::app::text_field::{Edit, TextField};
use crate::app::words;
use crate::domain::door_note::{DoorNote, MAX_NOTE, NoteAnswer, NoteCall};
use crate::domain::member::MemberName;
use crate::domain::{Call, Fault, Nonce, SafeText};

/// A note that is longer than its place on the door.
#[derive(Debug)]
pub(crate) struct NoteReader {
    pub(crate) held: Held,
    /// The first line in view.
    pub(crate) top: usize,
}

impl NoteReader {
    pub(crate) fn new(held: Held) -> Self {
        Self { held, top: 0 }
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        let area = geometry::note_reader(cx.setup.size);
        let lines = words::wrap(self.held.note.text.as_str(), usize::from(area.1.width)).len();
        self.top = cursor::scroll(self.top, to, lines, usize::from(area.1.height));
    }

    pub(crate) fn act(&self, action: OverlayAction, door: &mut CheckIn, cx: &mut Context) {
        cx.wish(Wish::Close);
        if action == OverlayAction::Take {
            door.acknowledge_this(self.held.clone(), cx);
        }
    }
}

/// The form.
#[derive(Debug)]
pub(crate) struct NoteForm {
    pub(crate) member: MemberName,
    pub(crate) text: TextField,
    /// The note that is changed.
    before: Option<DoorNote>,
    /// What is wrong, or what came of it.
    pub(crate) message: Option<SafeText>,
    /// What is on its way.
    sent: Option<NoteCall>,
    /// What was sent and not answered over a broken link: sent again unchanged, it is the same write.
    broken: Option<NoteCall>,
}

impl NoteForm {
    pub(crate) fn new(member: MemberName, before: Option<DoorNote>) -> Self {
        let text = before.as_ref().map_or("", |note| note.text.as_str());
        Self {
            member,
            text: TextField::new(MAX_NOTE).with(text),
            before,
            message: None,
            sent: None,
            broken: None,
        }
    }

    pub(crate) fn is_sending(&self) -> bool {
        self.sent.is_some()
    }

    fn typed(&self) -> &str {
        self.text.text().trim()
    }

    fn is_changed(&self) -> bool {
        self.typed() != self.before.as_ref().map_or("", |note| note.text.as_str())
    }

    pub(crate) fn key(&mut self, key: Key) -> Edit {
        if self.is_sending() {
            return Edit::Ignored;
        }
        let edit = self.text.key(key);
        self.edited(edit)
    }

    pub(crate) fn paste(&mut self, raw: &str) -> Edit {
        if self.is_sending() {
            return Edit::Ignored;
        }
        let edit = self.text.paste(raw);
        self.edited(edit)
    }

    fn edited(&mut self, edit: Edit) -> Edit {
        if matches!(edit, Edit::Changed | Edit::Cut) {
            self.message = None;
        }
        edit
    }

    pub(crate) fn act(&mut self, action: NoteAction, cx: &mut Context) {
        match action {
            NoteAction::Save if self.is_sending() => cx.say(Tone::Plain, "It is being sent."),
            NoteAction::Save if !self.is_changed() => cx.wish(Wish::Close),
            NoteAction::Save => self.save(cx),
            NoteAction::Close if self.is_sending() => {
                cx.wish(Wish::Open(Box::new(Overlay::Confirm(Confirm::close_till()))));
            }
            NoteAction::Close if self.is_changed() => {
                cx.wish(Wish::Open(Box::new(Overlay::Confirm(Confirm::drop_form()))));
            }
            NoteAction::Close => cx.wish(Wish::Close),
        }
    }

    fn save(&mut self, cx: &mut Context) {
        let broken = self.broken.take();
        let call = |nonce: Nonce| NoteCall::Set {
            nonce,
            member: self.member.id,
            note: Some(self.typed().to_owned()).filter(|text| !text.is_empty()),
            number: self.before.as_ref().map(|note| note.number),
        };
        let call = match broken {
            Some(broken) if broken == call(broken.nonce()) => broken,
            _ => call(cx.nonce()),
        };
        self.message = None;
        cx.ask_and_wait(Want::Note(call.nonce()), Lane::Write, Call::Note(call.clone()));
        self.sent = Some(call);
    }

    // ---- answers ----

    /// Whether this form waits for the answer to that press.
    pub(crate) fn awaits(&self, nonce: Nonce) -> bool {
        self.sent.as_ref().is_some_and(|call| call.nonce() == nonce)
    }

    /// It came to nothing: the note is another by now, or the write failed. Success closes the form.
    pub(crate) fn answered(&mut self, result: Result<NoteAnswer, Fault>) {
        let sent = self.sent.take();
        self.message = Some(match result {
            Ok(NoteAnswer { note, .. }) => {
                self.before = note;
                match &self.before {
                    Some(note) => format!("Changed meanwhile; Enter replaces this: {}", note.text).into(),
                    None => "Cleared by somebody meanwhile; Enter writes it anew.".into(),
                }
            }
            Err(fault) => {
                if fault.is_link() {
                    self.broken = sent;
                }
                match fault {
                    Fault::Invalid { why, .. } => why,
                    fault => format!("Not kept. {fault}").into(),
                }
            }
        });
    }
}
