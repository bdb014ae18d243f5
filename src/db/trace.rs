//! What the log says of a call: its kind, its request's number, how it went. Never what is in it: what people type, their
//! names, addresses and codes, and secrets have no place in a log.

use std::fmt::{self, Write};
use std::time::Duration;

use crate::domain::{Call, Fault};

/// One line for a call that has come to its end. A write's nonce is its number in the database's log of requests.
pub(super) fn ended(call: &Call, fault: Option<&Fault>, tries: u32, took: Duration) {
    let (kind, took) = (Kind::of(call), took.as_millis());
    let outcome = fault.map_or("answered", outcome);
    match (call.nonce(), fault) {
        (Some(request), None) => tracing::info!(%request, %kind, tries, took, "{outcome}"),
        (Some(request), Some(_)) => tracing::warn!(%request, %kind, tries, took, "{outcome}"),
        (None, Some(fault)) if !fault.is_link() => tracing::warn!(%kind, tries, took, "{outcome}"),
        (None, _) => tracing::debug!(%kind, tries, took, "{outcome}"),
    }
}

/// A fault's kind; its words may name a person.
fn outcome(fault: &Fault) -> &'static str {
    match fault {
        Fault::NotSignedIn => "not signed in",
        Fault::NotAllowed(_) => "not allowed",
        Fault::NotFound(_) => "not found",
        Fault::Conflict(_) => "conflict",
        Fault::Invalid { .. } => "a value was refused",
        Fault::Offline(_) => "no link",
        Fault::Slow => "too slow",
        Fault::Busy => "no connection free",
        Fault::Version(_) => "other version",
        Fault::Login => "not for this login",
        Fault::Internal => "went wrong",
    }
}

/// The names of a call's variants, `Money Record`: the beginning of what `Debug` writes, and no more of it.
#[derive(Debug, Default)]
struct Kind {
    words: String,
    /// One before the first name, two after the second.
    names: u8,
}

impl Kind {
    fn of(call: &Call) -> Self {
        let mut kind = Self::default();
        // It stops the writing with an error when it has what it wants.
        let _ = write!(kind, "{call:?}");
        kind
    }
}

impl Write for Kind {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '(' if self.names == 0 => {
                    self.names = 1;
                    self.words.push(' ');
                }
                c if c.is_ascii_alphanumeric() => self.words.push(c),
                _ => return Err(fmt::Error),
            }
        }
        Ok(())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Nonce;
    use crate::domain::Secret;
    use crate::domain::account::AccountCall;
    use crate::domain::event::EventId;
    use crate::domain::member::MemberId;

    #[test]
    fn a_kind_is_names_of_ours_and_nothing_typed() {
        let secret = Secret::new("hunter2".to_owned());
        for (call, kind) in [
            (Call::Profile, "Profile"),
            (Call::Event(EventId(7)), "Event EventId"),
            (
                Call::SignIn {
                    name: "ana".to_owned(),
                    password: secret,
                },
                "SignIn",
            ),
            (
                Call::FindAtDoor {
                    event: EventId(1),
                    query: "Reyes".to_owned(),
                },
                "FindAtDoor",
            ),
            (
                Call::Account(AccountCall::SetActive {
                    nonce: Nonce::nil(),
                    member: MemberId(3),
                    active: false,
                    reason: "no".to_owned(),
                }),
                "Account SetActive",
            ),
        ] {
            assert_eq!(Kind::of(&call).to_string(), kind);
        }
    }
}
