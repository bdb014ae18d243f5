//! The locked screen, after idling, by key, or because the session has ended: everything beneath is kept and
//! hidden until the same member's password is typed.

use crate::app::action::OverlayAction;
use crate::app::context::{Context, Wish};
use crate::app::effect::Lane;
use crate::app::keymap::Key;
use crate::app::requests::Want;
use crate::app::screens::sign_in::{MAX_PASSWORD, NO_MATCH};
use crate::app::text_field::{Edit, TextField};
use crate::domain::member::Me;
use crate::domain::{Call, Fault, SafeText, Secret};

/// Why the screen is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Nobody touched a key.
    Idle,
    /// Somebody pressed the key for it.
    Asked,
    /// The session has ended.
    Ended,
}

/// The lock.
#[derive(Debug)]
pub(crate) struct Lock {
    pub(crate) reason: Reason,
    pub(crate) password: TextField,
    pub(crate) message: Option<SafeText>,
}

impl Lock {
    pub(crate) fn new(reason: Reason) -> Self {
        Self {
            reason,
            password: TextField::secret(MAX_PASSWORD),
            message: None,
        }
    }

    pub(crate) fn key(&mut self, key: Key) -> Edit {
        let edit = self.password.key(key);
        if edit == Edit::Changed {
            self.message = None;
        }
        edit
    }

    /// A pass was scanned: it is no password, and opens nothing.
    pub(crate) fn scanned(&mut self) {
        self.password.clear();
        self.message = Some("A pass was scanned. The door is locked: type your password first.".into());
    }

    pub(crate) fn paste(&mut self, raw: &str) -> Edit {
        self.password.paste(raw)
    }

    pub(crate) fn act(&mut self, action: OverlayAction, cx: &mut Context) {
        match action {
            OverlayAction::SomebodyElse => cx.wish(Wish::SignOut),
            _ if self.password.is_empty() => self.message = Some("Type your password.".into()),
            _ => {
                let Some(me) = &cx.me else { return };
                if cx.requests.awaits(&Want::Unlock) {
                    return;
                }
                self.message = None;
                let call = Call::SignIn {
                    name: me.username.to_string(),
                    password: Secret::new(self.password.text().to_owned()),
                };
                cx.ask_and_wait(Want::Unlock, Lane::Session, call);
            }
        }
    }

    pub(crate) fn answered(&mut self, result: Result<Option<Me>, Fault>, cx: &mut Context) {
        match result {
            Ok(Some(me)) => {
                self.password.clear();
                cx.wish(Wish::Unlocked(me));
            }
            Ok(None) => {
                self.password.clear();
                self.message = Some(NO_MATCH.into());
            }
            Err(fault) => self.message = Some(fault.to_string().into()),
        }
    }
}
