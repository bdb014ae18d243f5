//! The ways to pay, in order, as administrators change them. Payments keep the name they were taken under, so nothing
//! here touches what has been.

use crate::app::action::{MoneyAction, MoveAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::keymap::{Chain, chains};
use crate::app::overlay::Overlay;
use crate::app::overlay::confirm::Confirm;
use crate::app::requests::Want;
use crate::app::text_field::{Edit, TextField};
use crate::domain::payment::MoneyCall;
use crate::domain::{Call, Fault, Nonce, SafeText};

use super::MoneyWant;

/// Longest name: the column's limit.
const MAX_NAME: usize = 50;
/// Most ways to pay.
const MOST: usize = 30;

/// The overlay.
#[derive(Debug)]
pub(crate) struct Channels {
    was: Vec<String>,
    pub(crate) list: Vec<String>,
    pub(crate) cursor: Cursor,
    /// The name that is typed: of a new one, or of the marked one.
    pub(crate) typing: Option<(bool, TextField)>,
    pub(crate) message: Option<SafeText>,
    sent: Option<Nonce>,
    broken: Option<(Nonce, Vec<String>)>,
}

impl Channels {
    pub(crate) fn new(cx: &Context) -> Self {
        let list: Vec<String> = cx
            .community
            .iter()
            .flat_map(|community| &community.payment_channels)
            .map(ToString::to_string)
            .collect();
        Self {
            was: list.clone(),
            list,
            cursor: Cursor::default(),
            typing: None,
            message: None,
            sent: None,
            broken: None,
        }
    }

    pub(crate) fn chain(&self) -> Chain {
        if self.typing.is_some() {
            chains::CHANNEL_NAME
        } else {
            chains::CHANNELS
        }
    }

    pub(crate) fn is_changed(&self) -> bool {
        self.list != self.was
    }

    pub(crate) fn edit(&mut self, edit: impl FnOnce(&mut TextField) -> Edit) -> Edit {
        self.message = None;
        self.typing
            .as_mut()
            .map_or(Edit::Ignored, |(_, field)| edit(field))
    }

    pub(crate) fn step(&mut self, to: MoveAction) {
        self.cursor.step(to, self.list.len(), self.list.len());
    }

    pub(crate) fn act(&mut self, action: MoneyAction, cx: &mut Context) {
        if self.sent.is_some() && action != MoneyAction::Close {
            return cx.say(Tone::Plain, "It is being saved.");
        }
        match action {
            MoneyAction::Add if self.list.len() >= MOST => {
                cx.say(Tone::Plain, format!("There can be {MOST} ways to pay at most."));
            }
            MoneyAction::Add => self.typing = Some((true, TextField::new(MAX_NAME))),
            MoneyAction::Go => {
                if let Some(name) = self.list.get(self.cursor.at) {
                    self.typing = Some((false, TextField::new(MAX_NAME).with(name)));
                }
            }
            MoneyAction::SearchKeep => self.take_name(),
            MoneyAction::SearchDrop => self.typing = None,
            MoneyAction::Remove if self.list.len() == 1 => {
                cx.say(Tone::Plain, "There must be one way to pay at least.");
            }
            MoneyAction::Remove if self.cursor.at < self.list.len() => {
                self.list.remove(self.cursor.at);
                self.cursor.at = self.cursor.at.min(self.list.len().saturating_sub(1));
            }
            MoneyAction::Earlier if self.cursor.at > 0 => {
                self.list.swap(self.cursor.at, self.cursor.at - 1);
                self.cursor.at -= 1;
            }
            MoneyAction::Later if self.cursor.at + 1 < self.list.len() => {
                self.list.swap(self.cursor.at, self.cursor.at + 1);
                self.cursor.at += 1;
            }
            MoneyAction::Send => {
                // A name that is still being typed is meant as well.
                self.take_name();
                if self.typing.is_none() {
                    self.save(cx);
                }
            }
            MoneyAction::Close if self.is_changed() => {
                let question = if self.sent.is_some() {
                    Confirm::close_till()
                } else {
                    Confirm::drop_form()
                };
                cx.wish(Wish::Open(Box::new(Overlay::Confirm(question))));
            }
            MoneyAction::Close => cx.wish(Wish::Close),
            _ => {}
        }
    }

    fn take_name(&mut self) {
        let Some((new, field)) = self.typing.take() else {
            return;
        };
        let name = field.text().trim().to_owned();
        let at = if new { None } else { Some(self.cursor.at) };
        let folded = crate::app::words::fold(&[name.as_str()]);
        let same = |(other, known): (usize, &String)| {
            Some(other) != at && crate::app::words::fold(&[known.as_str()]) == folded
        };
        let wrong = if name.is_empty() {
            Some("Type a name.")
        } else if self.list.iter().enumerate().any(same) {
            Some("There is one of that name already.")
        } else {
            None
        };
        if let Some(why) = wrong {
            self.message = Some(why.into());
            self.typing = Some((new, field));
            return;
        }
        if let Some(known) = at.and_then(|at| self.list.get_mut(at)) {
            *known = name;
        } else {
            self.list.push(name);
            self.cursor.at = self.list.len() - 1;
        }
    }

    fn save(&mut self, cx: &mut Context) {
        if !self.is_changed() {
            return cx.wish(Wish::Close);
        }
        let nonce = match self.broken.take() {
            Some((nonce, same)) if same == self.list => nonce,
            _ => cx.nonce(),
        };
        let call = MoneyCall::SetChannels {
            nonce,
            was: self.was.clone(),
            channels: self.list.clone(),
        };
        cx.ask_and_wait(
            Want::Money(MoneyWant::Write(nonce)),
            Lane::Write,
            Call::Money(call),
        );
        self.sent = Some(nonce);
    }

    pub(crate) fn awaits(&self, nonce: Nonce) -> bool {
        self.sent == Some(nonce)
    }

    pub(crate) fn failed(&mut self, fault: &Fault) {
        let sent = self.sent.take();
        if fault.is_link() {
            self.broken = sent.map(|nonce| (nonce, self.list.clone()));
        }
        self.message = Some(format!("Not saved. {fault}").into());
    }
}
