//! The event types: a list with how many events are of each, and a field for a new name. Staff look, administrators
//! change; every change is one write, and the list is what the database answers.

use crate::app::action::{MoveAction, TypesAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::keymap::{Chain, Key, chains};
use crate::app::overlay::Overlay;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::text_field::{Edit, TextField};
use crate::domain::member::UserType;
use crate::domain::plan::{MAX_TYPE, PlanCall, TypeChange, TypeLine};
use crate::domain::{Call, Fault, Nonce, SafeText};

/// What the field is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Naming {
    /// A new type.
    New,
    /// Another name for this one.
    Rename(String),
}

/// The overlay.
#[derive(Debug)]
pub(crate) struct Types {
    pub(crate) list: Remote<Vec<TypeLine>>,
    pub(crate) cursor: Cursor,
    /// The name, while one is typed.
    pub(crate) name: Option<(Naming, TextField)>,
    pub(crate) error: Option<SafeText>,
    /// What is on its way.
    sent: Option<(Nonce, TypeChange)>,
    /// Sent and not answered over a broken link: sent again unchanged, it is the same change.
    broken: Option<(Nonce, TypeChange)>,
    /// The type that the cursor is to stand on when the answer is here.
    follow: Option<String>,
}

/// Opens the list.
pub(crate) fn open(cx: &mut Context) {
    let types = Types::new(cx);
    cx.wish(Wish::Open(Box::new(Overlay::Types(Box::new(types)))));
}

impl Types {
    pub(crate) fn new(cx: &mut Context) -> Self {
        let mut types = Self {
            list: Remote::Nothing,
            cursor: Cursor::default(),
            name: None,
            error: None,
            sent: None,
            broken: None,
            follow: None,
        };
        types.ask(cx);
        types
    }

    /// Asks for the types as they are now.
    pub(crate) fn ask(&mut self, cx: &mut Context) {
        cx.fetch(
            &mut self.list,
            Want::TypesUsed,
            Lane::Search,
            Call::Plan(PlanCall::Types),
        );
    }

    pub(crate) fn chain(&self) -> Chain {
        if self.name.is_some() {
            chains::TYPE_NAME
        } else {
            chains::TYPES
        }
    }

    pub(crate) fn is_sending(&self) -> bool {
        self.sent.is_some()
    }

    pub(crate) fn awaits(&self, nonce: Nonce) -> bool {
        self.sent.as_ref().is_some_and(|(sent, _)| *sent == nonce)
    }

    pub(crate) fn marked(&self) -> Option<&TypeLine> {
        self.list.get()?.get(self.cursor.at)
    }

    fn len(&self) -> usize {
        self.list.get().map_or(0, Vec::len)
    }

    pub(crate) fn key(&mut self, key: Key) -> Edit {
        let edit = match &mut self.name {
            Some((_, field)) if self.sent.is_none() => field.key(key),
            _ => Edit::Ignored,
        };
        self.edited(edit)
    }

    pub(crate) fn paste(&mut self, raw: &str) -> Edit {
        let edit = match &mut self.name {
            Some((_, field)) if self.sent.is_none() => field.paste(raw),
            _ => Edit::Ignored,
        };
        self.edited(edit)
    }

    fn edited(&mut self, edit: Edit) -> Edit {
        if matches!(edit, Edit::Changed | Edit::Cut) {
            self.error = None;
        }
        edit
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        let (_, list) = geometry::types(cx.setup.size, self.len());
        self.cursor.step(to, self.len(), usize::from(list.height));
        self.fit(cx);
        self.error = None;
    }

    fn fit(&mut self, cx: &Context) {
        let (_, list) = geometry::types(cx.setup.size, self.len());
        self.cursor.fit(self.len(), usize::from(list.height));
    }

    pub(crate) fn act(&mut self, action: TypesAction, cx: &mut Context) {
        if action == TypesAction::Close {
            self.error = None;
            // What is on its way is told on the message line, wherever the person is by then.
            if self.name.take().is_none() {
                cx.wish(Wish::Close);
            }
            return;
        }
        if self.is_sending() {
            return cx.say(Tone::Plain, "The last change is not answered yet.");
        }
        if cx.me.as_ref().is_none_or(|me| me.user_type != UserType::Admin) {
            return cx.say(Tone::Plain, "Only administrators change the event types.");
        }
        self.error = None;
        let marked = self.marked().map(|line| line.name.to_string());
        match (action, marked) {
            (TypesAction::Add, _) => self.name = Some((Naming::New, TextField::new(MAX_TYPE))),
            (TypesAction::Keep, _) => self.keep(cx),
            (TypesAction::Rename, Some(name)) => {
                let field = TextField::new(MAX_TYPE).with(&name);
                self.name = Some((Naming::Rename(name), field));
            }
            (TypesAction::Up, Some(name)) if self.cursor.at > 0 => self.send(TypeChange::Move(name, -1), cx),
            (TypesAction::Down, Some(name)) if self.cursor.at + 1 < self.len() => {
                self.send(TypeChange::Move(name, 1), cx);
            }
            (TypesAction::Trivia, Some(name)) => {
                let is_trivia = self.marked().is_some_and(|line| line.is_trivia);
                self.send(TypeChange::Trivia(name, !is_trivia), cx);
            }
            (TypesAction::Remove, Some(name)) => match self.marked().map_or(0, |line| line.events) {
                0 => self.send(TypeChange::Remove(name), cx),
                events => {
                    let text = format!(
                        "{} of that type; rename it instead.",
                        crate::app::plan_words::count(events, "event is", "events are")
                    );
                    self.error = Some(text.into());
                }
            },
            _ => {}
        }
    }

    fn keep(&mut self, cx: &mut Context) {
        let Some((naming, field)) = &self.name else { return };
        let name = field.text().trim().to_owned();
        if name.is_empty() {
            self.error = Some("Give it a name.".into());
            return;
        }
        let change = match naming {
            Naming::New => TypeChange::Add(name),
            Naming::Rename(old) if *old == name => {
                self.name = None;
                return;
            }
            Naming::Rename(old) => TypeChange::Rename(old.clone(), name),
        };
        self.send(change, cx);
    }

    fn send(&mut self, change: TypeChange, cx: &mut Context) {
        let nonce = match self.broken.take() {
            Some((nonce, same)) if same == change => nonce,
            _ => cx.nonce(),
        };
        self.follow = match &change {
            TypeChange::Add(name)
            | TypeChange::Rename(_, name)
            | TypeChange::Move(name, _)
            | TypeChange::Trivia(name, _) => Some(name.clone()),
            TypeChange::Remove(_) => None,
        };
        let call = Call::Plan(PlanCall::ChangeTypes {
            nonce,
            change: change.clone(),
        });
        cx.ask_and_wait(Want::TypeChange(nonce), Lane::Write, call);
        self.sent = Some((nonce, change));
    }

    /// The types, asked for.
    pub(crate) fn answered(&mut self, result: Result<Vec<TypeLine>, Fault>, cx: &Context) {
        let kept = self.marked().map(|line| line.name.clone());
        self.list.answer(result);
        let follow = self.follow.take().or(kept.map(|name| name.to_string()));
        if let (Some(name), Some(list)) = (follow, self.list.get()) {
            let at = list.iter().position(|line| line.name.as_str() == name);
            self.cursor.at = at.unwrap_or(self.cursor.at);
        }
        self.fit(cx);
    }

    /// What came of a change.
    pub(crate) fn changed(&mut self, result: Result<Vec<TypeLine>, Fault>, cx: &Context) {
        let sent = self.sent.take();
        match result {
            Ok(list) => {
                self.name = None;
                self.error = None;
                self.answered(Ok(list), cx);
            }
            Err(fault) => {
                self.follow = None;
                if fault.is_link() {
                    self.broken = sent;
                }
                self.error = Some(match fault {
                    Fault::Invalid { why, .. } => why,
                    fault => format!("Not changed. {fault}").into(),
                });
            }
        }
    }
}
