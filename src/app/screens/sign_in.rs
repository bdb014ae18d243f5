//! Signing in: a name, a password, and what came of it.

use crate::app::action::SignInAction;
use crate::app::context::{Context, Opening, Wish};
use crate::app::effect::{Effect, Lane};
use crate::app::keymap::Key;
use crate::app::overlay::accounts;
use crate::app::requests::Want;
use crate::app::text_field::{Edit, TextField};
use crate::domain::member::Me;
use crate::domain::{Call, Fault, SafeText, Secret};

/// The columns' limit for a name or an e-mail address.
const MAX_NAME: usize = 255;
/// Longer passwords help nobody.
pub(crate) const MAX_PASSWORD: usize = 256;
/// The same words for an unknown name and a wrong password.
pub(crate) const NO_MATCH: &str = "Name and password do not match.";

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Focus {
    Name,
    Password,
}

/// The sign-in screen.
#[derive(Debug)]
pub(crate) struct SignIn {
    pub(crate) name: TextField,
    pub(crate) password: TextField,
    pub(crate) focus: Focus,
    pub(crate) show: bool,
    /// What came of the last try, in place.
    pub(crate) message: Option<SafeText>,
}

impl SignIn {
    pub(crate) fn new() -> Self {
        Self {
            name: TextField::new(MAX_NAME),
            password: TextField::secret(MAX_PASSWORD),
            focus: Focus::Name,
            show: false,
            message: None,
        }
    }

    fn field(&mut self) -> &mut TextField {
        match self.focus {
            Focus::Name => &mut self.name,
            Focus::Password => &mut self.password,
        }
    }

    pub(crate) fn key(&mut self, key: Key) -> Edit {
        let edit = self.field().key(key);
        if matches!(edit, Edit::Changed | Edit::Cut) {
            self.message = None;
        }
        edit
    }

    pub(crate) fn paste(&mut self, raw: &str) -> Edit {
        self.field().paste(raw)
    }

    pub(crate) fn act(&mut self, action: SignInAction, cx: &mut Context) {
        match action {
            SignInAction::Next | SignInAction::Previous => {
                self.focus = match self.focus {
                    Focus::Name => Focus::Password,
                    Focus::Password => Focus::Name,
                };
            }
            SignInAction::Stop => {
                if cx.requests.abandon(&Want::SignIn, Want::Abandoned) {
                    cx.effects.push(Effect::StopWaiting);
                    self.message = Some("You are not signed in; nothing is waited for.".into());
                } else {
                    self.message = None;
                }
            }
            SignInAction::ShowPassword => self.show = !self.show,
            SignInAction::Submit => self.submit(cx),
            SignInAction::Join => accounts::join(cx),
            SignInAction::Anew => accounts::anew(self.name.text(), cx),
        }
    }

    /// Signs in with what somebody has just chosen.
    pub(crate) fn sign_in(&mut self, name: &SafeText, password: &Secret, cx: &mut Context) {
        self.name.set(name.as_str());
        self.password.set(password.reveal());
        self.focus = Focus::Password;
        self.submit(cx);
    }

    fn submit(&mut self, cx: &mut Context) {
        if self.name.text().trim().is_empty() {
            self.focus = Focus::Name;
            self.message = Some("Type your name.".into());
        } else if self.focus == Focus::Name && self.password.is_empty() {
            self.focus = Focus::Password;
            self.message = None;
        } else if self.password.is_empty() {
            self.focus = Focus::Password;
            self.message = Some("Type your password.".into());
        } else {
            match cx.opening {
                Opening::Working(_) => {
                    self.message = Some("The database is not open yet. Try again in a moment.".into());
                }
                Opening::Failed(_) => {}
                Opening::Ready => {
                    if cx.requests.awaits(&Want::SignIn) {
                        return;
                    }
                    self.message = None;
                    let call = Call::SignIn {
                        name: self.name.text().trim().to_owned(),
                        password: Secret::new(self.password.text().to_owned()),
                    };
                    cx.ask_and_wait(Want::SignIn, Lane::Session, call);
                }
            }
        }
    }

    pub(crate) fn answered(&mut self, result: Result<Option<Me>, Fault>, cx: &mut Context) {
        match result {
            Ok(Some(me)) => {
                self.password.clear();
                cx.wish(Wish::SignedIn(me));
            }
            Ok(None) => {
                self.password.clear();
                self.focus = Focus::Password;
                // Said whoever it was: a kiosk tells nobody which names are staff's.
                self.message = Some(if cx.setup.kiosk {
                    format!("{NO_MATCH} Staff sign in at a staff terminal.").into()
                } else {
                    NO_MATCH.into()
                });
            }
            // What was typed stays.
            Err(fault) => self.message = Some(fault.to_string().into()),
        }
    }
}
