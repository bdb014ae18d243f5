//! A sheet: the small form that most subjects use. It has fields of one line, secrets and choices among them, and a
//! [`Purpose`] that makes one call out of them and says what came of it. What was typed stays until the call is
//! answered; a call that got lost on a broken link is sent again with the same nonce while nothing was changed.
//!
//! What a sheet is for lives with its subject; nothing here knows one.

mod field;

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::app::action::SheetAction;
use crate::app::context::{Context, Tone, Wish};
use crate::app::effect::Lane;
use crate::app::keymap::{Chain, Key, chains};
use crate::app::overlay::Overlay;
use crate::app::overlay::confirm::Confirm;
use crate::app::requests::Want;
use crate::app::text_field::{Edit, TextField};
use crate::domain::{Answer, Call, Fault, Nonce, SafeText};

pub(crate) use field::{Field, Fields, Kind};

/// What is wrong, and with which field; an empty key concerns the whole.
pub(crate) type Wrong = (&'static str, SafeText);

/// What a sheet is for.
pub(crate) trait Purpose: fmt::Debug {
    /// The sheet's title.
    fn title(&self) -> String;

    /// What it is about, above the fields; may be empty.
    fn about(&self, _cx: &Context) -> Vec<String> {
        Vec::new()
    }

    /// What stands beside a field while it is filled, in place of its hint.
    fn note(&self, _key: &str, _fields: &Fields, _cx: &Context) -> Option<(Tone, String)> {
        None
    }

    /// What stands faintly in an empty field, and is taken if nothing is typed.
    fn proposal(&self, _key: &str, _fields: &Fields) -> Option<String> {
        None
    }

    /// Its call is answered on this terminal when the link is down.
    fn works_alone(&self) -> bool {
        false
    }

    /// A choice is another one: fields that hang on it may follow.
    fn turned(&self, _key: &str, _fields: &mut Fields) {}

    /// The one call that the fields ask for.
    ///
    /// # Errors
    /// What is wrong with which field. Empty required ones are told by the sheet itself.
    fn call(&self, fields: &Fields, nonce: Nonce, cx: &Context) -> Result<Call, Vec<Wrong>>;

    /// The call was answered. What it brought may be a refusal, and then the sheet stays open.
    ///
    /// # Errors
    /// The refusal.
    fn done(&mut self, answer: Answer, fields: &Fields, cx: &mut Context) -> Result<(), Wrong>;
}

/// The overlay.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) purpose: Box<dyn Purpose>,
    pub(crate) fields: Fields,
    pub(crate) focus: usize,
    /// What is typed in secret is shown.
    pub(crate) show: bool,
    /// What concerns the sheet as a whole.
    pub(crate) message: Option<SafeText>,
    sent: Option<Nonce>,
    /// Sent and not answered over a broken link, and what the fields hashed to then: secrets are not kept.
    broken: Option<(Nonce, u64)>,
}

impl Sheet {
    pub(crate) fn new(purpose: impl Purpose + 'static, fields: Vec<Field>) -> Self {
        Self {
            purpose: Box::new(purpose),
            fields: Fields(fields),
            focus: 0,
            show: false,
            message: None,
            sent: None,
            broken: None,
        }
    }

    /// Opens it.
    pub(crate) fn open(self, cx: &mut Context) {
        cx.wish(Wish::Open(Box::new(Overlay::Sheet(Box::new(self)))));
    }

    /// The scopes that hold.
    pub(crate) fn chain(&self) -> Chain {
        match self.all().get(self.focus).map(|field| &field.kind) {
            Some(Kind::Choice(_)) => chains::SHEET_CHOICE,
            _ => chains::SHEET,
        }
    }

    pub(crate) fn all(&self) -> &[Field] {
        &self.fields.0
    }

    pub(crate) fn is_sending(&self) -> bool {
        self.sent.is_some()
    }

    /// Whether a field of it is a secret.
    pub(crate) fn has_secrets(&self) -> bool {
        self.all().iter().any(|field| matches!(field.kind, Kind::Secret))
    }

    pub(crate) fn awaits(&self, nonce: Nonce) -> bool {
        self.sent == Some(nonce)
    }

    fn field(&mut self) -> Option<&mut Field> {
        self.fields.0.get_mut(self.focus)
    }

    /// Whether letters go into a field.
    pub(crate) fn is_typing(&self) -> bool {
        !self.is_sending()
    }

    /// The field that takes what a scanner reads by mistake.
    pub(crate) fn field_with_keys(&mut self) -> Option<&mut TextField> {
        // Passwords are not remembered.
        if !self.is_typing() {
            return None;
        }
        self.field()
            .filter(|field| matches!(field.kind, Kind::Line))
            .map(|field| &mut field.text)
    }

    fn edit(&mut self, edit: impl FnOnce(&mut Field) -> Edit) -> Edit {
        if !self.is_typing() {
            return Edit::Ignored;
        }
        let Some(field) = self.field() else {
            return Edit::Ignored;
        };
        let edit = edit(field);
        if matches!(edit, Edit::Changed | Edit::Cut) {
            field.error = None;
            let turned = matches!(field.kind, Kind::Choice(_)).then_some(field.key);
            self.message = None;
            if let Some(key) = turned {
                self.purpose.turned(key, &mut self.fields);
            }
        }
        edit
    }

    pub(crate) fn key(&mut self, key: Key) -> Edit {
        self.edit(|field| match (&field.kind, key.printable()) {
            // A letter goes to the next option that begins with it.
            (Kind::Choice(_), Some(letter)) => {
                let begins = |option: &str| {
                    option
                        .to_lowercase()
                        .starts_with(&*letter.to_lowercase().to_string())
                };
                field.turn(1, begins)
            }
            (Kind::Choice(_), None) => Edit::Ignored,
            _ => field.text.key(key),
        })
    }

    pub(crate) fn paste(&mut self, raw: &str) -> Edit {
        self.edit(|field| match &field.kind {
            Kind::Choice(_) => Edit::Ignored,
            _ => field.text.paste(raw),
        })
    }

    pub(crate) fn act(&mut self, action: SheetAction, cx: &mut Context) {
        if self.is_sending() && action != SheetAction::Close {
            return cx.say(Tone::Plain, "It is being sent.");
        }
        match action {
            SheetAction::Go if self.focus + 1 < self.all().len() => self.step(1),
            SheetAction::Go | SheetAction::Send => self.send(cx),
            SheetAction::Next => self.step(1),
            SheetAction::Previous => self.step(self.all().len().saturating_sub(1)),
            SheetAction::ChoiceBack | SheetAction::ChoiceOn => {
                self.edit(|field| {
                    let count = match &field.kind {
                        Kind::Choice(options) => options.len(),
                        _ => 0,
                    };
                    let by = if action == SheetAction::ChoiceOn {
                        1
                    } else {
                        count.saturating_sub(1)
                    };
                    field.turn(by, |_| true)
                });
            }
            SheetAction::Show => self.show = !self.show,
            SheetAction::Close => self.close(cx),
        }
    }

    fn step(&mut self, by: usize) {
        let count = self.all().len().max(1);
        self.focus = (self.focus + by) % count;
    }

    fn close(&mut self, cx: &mut Context) {
        if self.is_sending() {
            cx.wish(Wish::Open(Box::new(Overlay::Confirm(Confirm::close_till()))));
        } else if self.all().iter().any(Field::is_touched) {
            cx.wish(Wish::Open(Box::new(Overlay::Confirm(Confirm::drop_form()))));
        } else {
            cx.wish(Wish::Close);
        }
    }

    fn values(&self) -> u64 {
        let mut hash = DefaultHasher::new();
        for field in self.all() {
            field.value().hash(&mut hash);
        }
        hash.finish()
    }

    /// Marks what is wrong and goes to the first of it.
    fn mark(&mut self, wrong: Vec<Wrong>) {
        for (key, why) in wrong {
            match self.fields.0.iter_mut().find(|field| field.key == key) {
                Some(field) => field.error = Some(why),
                None => self.message = Some(why),
            }
        }
        if let Some(at) = self.all().iter().position(|field| field.error.is_some()) {
            self.focus = at;
        }
    }

    /// What is wrong with fields that are filled, while others are not: all is told at once.
    fn wrong_besides(&self, cx: &mut Context) -> Vec<Wrong> {
        let nonce = cx.nonce();
        let wrong = self
            .purpose
            .call(&self.fields, nonce, cx)
            .err()
            .unwrap_or_default();
        let is_filled = |key: &str| {
            self.all()
                .iter()
                .any(|field| field.key == key && !field.value().is_empty())
        };
        wrong.into_iter().filter(|(key, _)| is_filled(key)).collect()
    }

    fn send(&mut self, cx: &mut Context) {
        self.message = None;
        for at in 0..self.all().len() {
            let (key, empty) = {
                let field = &self.all()[at];
                (field.key, field.value().is_empty())
            };
            let proposed = empty.then(|| self.purpose.proposal(key, &self.fields)).flatten();
            let field = &mut self.fields.0[at];
            field.error = None;
            if let Some(proposed) = proposed {
                field.text.set(&proposed);
            } else if empty && field.required {
                field.error = Some("This has to be filled.".into());
            }
        }
        if self.all().iter().any(|field| field.error.is_some()) {
            return self.mark(self.wrong_besides(cx));
        }
        let alone = cx.link.is_down() && self.purpose.works_alone();
        if let (false, Some(why)) = (alone, cx.needs_link("This")) {
            self.message = Some(why.into());
            return;
        }
        let lane = if alone { Lane::Alone } else { Lane::Write };
        let values = self.values();
        let nonce = match self.broken.take() {
            Some((nonce, same)) if same == values => nonce,
            _ => cx.nonce(),
        };
        match self.purpose.call(&self.fields, nonce, cx) {
            Ok(call) => {
                self.sent = Some(nonce);
                cx.ask_and_wait(Want::Sheet(nonce), lane, call);
            }
            Err(wrong) => self.mark(wrong),
        }
    }

    /// The answer to what was sent. True when the sheet has served.
    pub(crate) fn answered(&mut self, result: Result<Answer, Fault>, cx: &mut Context) -> bool {
        let sent = self.sent.take();
        let fault = match result {
            Ok(answer) => match self.purpose.done(answer, &self.fields, cx) {
                Ok(()) => return true,
                Err(wrong) => {
                    self.mark(vec![wrong]);
                    return false;
                }
            },
            Err(fault) => fault,
        };
        if fault.is_link() {
            self.broken = sent.map(|nonce| (nonce, self.values()));
        }
        match fault {
            Fault::Invalid { field, why } => {
                match self.fields.0.iter_mut().find(|known| known.key == field) {
                    Some(known) => known.error = Some(why),
                    None => self.message = Some(why),
                }
                self.mark(Vec::new());
            }
            fault => self.message = Some(format!("Nothing was done. {fault}").into()),
        }
        false
    }
}
