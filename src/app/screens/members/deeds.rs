//! What staff do about members: the questions, what is sent, and what came of it, in words.

use crate::app::batch::{Batch, Line, Told, sentence};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::overlay::Overlay;
use crate::app::overlay::code::CodeCard;
use crate::app::requests::Want;
use crate::app::text_field::{Edit, TextField};
use crate::domain::account::{AccountAnswer, AccountCall};
use crate::domain::member::{MemberId, MemberName, UserType};
use crate::domain::members_desk::{MembersAnswer, MembersCall};
use crate::domain::{Answer, Call, Fault, Nonce, SafeText};

use super::{Members, MembersWant, Mode};

/// Longest reason.
const MAX_REASON: usize = 500;

/// One thing done about one member.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Deed {
    /// Deactivate, or bring back, for a reason.
    Active(bool, String),
    /// End all their sessions.
    EndSessions,
    /// Give a role.
    Role(UserType),
}

impl Deed {
    fn call(&self, nonce: Nonce, who: &MemberName) -> Call {
        match self {
            Self::Active(active, reason) => Call::Account(AccountCall::SetActive {
                nonce,
                member: who.id,
                active: *active,
                reason: reason.clone(),
            }),
            Self::EndSessions => Call::Members(MembersCall::EndSessions {
                nonce,
                member: Some(who.id),
            }),
            Self::Role(role) => Call::Members(MembersCall::SetRole {
                nonce,
                username: who.username.to_string(),
                role: *role,
            }),
        }
    }

    /// What the list of results is called.
    fn title(&self) -> &'static str {
        match self {
            Self::Active(false, _) => "Deactivated",
            Self::Active(true, _) => "Reactivated",
            Self::EndSessions => "Sessions ended",
            Self::Role(_) => "Roles",
        }
    }
}

/// What a role is called.
pub(crate) fn role_words(role: UserType) -> &'static str {
    match role {
        UserType::Regular => "a member like others",
        UserType::Staff => "staff",
        UserType::Admin => "an administrator",
    }
}

fn told(deed: &Deed, answer: &Result<Answer, Fault>) -> Told {
    match (deed, answer) {
        (Deed::Active(..), Ok(Answer::Account(AccountAnswer::Activity(now)))) if now.is_active => {
            Told::good("is active again")
        }
        (Deed::Active(..), Ok(Answer::Account(AccountAnswer::Activity(_)))) => {
            Told::good("is deactivated and signed out everywhere")
        }
        (Deed::EndSessions, Ok(Answer::Members(MembersAnswer::Ended(ended)))) => Told::good(match ended {
            0 => "was signed in nowhere else".to_owned(),
            1 => "is signed out: one session ended".to_owned(),
            many => format!("is signed out: {many} sessions ended"),
        }),
        (Deed::Role(_), Ok(Answer::Members(MembersAnswer::Role(_, role)))) => {
            Told::good(format!("is {} now", role_words(*role)))
        }
        (_, Ok(_)) => Told {
            tone: Tone::Bad,
            text: Fault::Internal.to_string(),
        },
        (_, Err(fault)) => Told {
            tone: Tone::Bad,
            text: match fault {
                Fault::Invalid { why, .. } => why.to_string(),
                fault => fault.to_string(),
            },
        },
    }
}

/// The question why.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ask {
    /// Whether they are brought back.
    pub(crate) active: bool,
    pub(crate) who: Vec<MemberName>,
    pub(crate) text: TextField,
    pub(crate) error: Option<SafeText>,
    pub(crate) sending: bool,
}

impl Ask {
    pub(super) fn new(active: bool, who: Vec<MemberName>) -> Self {
        Self {
            active,
            who,
            text: TextField::new(MAX_REASON),
            error: None,
            sending: false,
        }
    }

    /// What the form is called.
    pub(crate) fn title(&self) -> String {
        let verb = if self.active { "Reactivate" } else { "Deactivate" };
        match self.who.as_slice() {
            [one] => format!("{verb} {}", one.full_name),
            several => format!("{verb} {} members", several.len()),
        }
    }

    /// What it means.
    pub(crate) fn hint(&self) -> &'static str {
        if self.active {
            "they sign in and register again; the audit log keeps why"
        } else {
            "they are signed out and sign in no more; registrations and points stay"
        }
    }

    /// Changes what is typed, unless it is on its way.
    pub(super) fn edit(&mut self, change: impl FnOnce(&mut TextField) -> Edit) -> Edit {
        if self.sending {
            return Edit::Ignored;
        }
        let edit = change(&mut self.text);
        if matches!(edit, Edit::Changed | Edit::Cut) {
            self.error = None;
        }
        edit
    }
}

impl Members {
    /// Does something about these members: a call for each, with its own nonce.
    pub(super) fn send(&mut self, deed: &Deed, who: &[MemberName], cx: &mut Context) {
        let lines = who
            .iter()
            .map(|who| {
                let nonce = cx.nonce();
                let want = MembersWant::Write {
                    nonce,
                    deed: deed.clone(),
                    who: who.clone(),
                };
                cx.ask_and_wait(Want::Members(want), Lane::Write, deed.call(nonce, who));
                Line {
                    nonce,
                    who: who.clone(),
                    told: None,
                }
            })
            .collect();
        self.batches.retain(Batch::waits);
        self.batches.push(Batch {
            title: deed.title(),
            lines,
        });
        if who.len() > 1 && !matches!(self.mode, Mode::Ask(_)) {
            self.mode = Mode::Report(Cursor::default());
        }
    }

    /// Sends what is asked, with the reason that was typed.
    pub(super) fn send_asked(&mut self, cx: &mut Context) {
        let Mode::Ask(ask) = &mut self.mode else { return };
        let reason = ask.text.text().trim().to_owned();
        if reason.is_empty() {
            ask.error = Some("Type why; the audit log keeps it.".into());
            return;
        }
        ask.sending = true;
        ask.error = None;
        let (deed, who) = (Deed::Active(ask.active, reason), ask.who.clone());
        self.send(&deed, &who, cx);
    }

    pub(super) fn deed_answered(
        &mut self,
        nonce: Nonce,
        deed: &Deed,
        who: &MemberName,
        result: &Result<Answer, Fault>,
        cx: &mut Context,
    ) {
        let told = told(deed, result);
        if told.tone == Tone::Good {
            self.table.marks.remove(&who.id);
        }
        let mine = |batch: &Batch| batch.lines.iter().any(|line| line.nonce == nonce);
        let Some(batch) = self.batches.iter_mut().find(|batch| mine(batch)) else {
            return cx.say(told.tone, sentence(who, &told));
        };
        for line in batch.lines.iter_mut().filter(|line| line.nonce == nonce) {
            line.told = Some(told.clone());
        }
        if batch.waits() {
            return;
        }
        let (several, good) = (batch.lines.len() > 1, batch.done());
        let summary = format!("{}: {good} of {}.", batch.title, batch.lines.len());
        let all = good == batch.lines.len();
        self.is_old = true;
        if let Mode::Ask(ask) = &mut self.mode
            && ask.sending
            && ask.who.iter().any(|one| one.id == who.id)
        {
            ask.sending = false;
            if let (Err(fault), false) = (result, several) {
                // What was typed stays.
                ask.error = Some(match fault {
                    Fault::Invalid { why, .. } => why.clone(),
                    fault => format!("Nothing is done. {fault}").into(),
                });
                return;
            }
            self.mode = if several {
                Mode::Report(Cursor::default())
            } else {
                Mode::Table
            };
        }
        if several {
            cx.say(if all { Tone::Good } else { Tone::Warn }, summary);
        } else {
            cx.say(told.tone, sentence(who, &told));
        }
    }

    /// Whether something about somebody is not answered yet.
    pub(super) fn awaits(&self, member: MemberId) -> bool {
        self.batches.iter().any(|batch| batch.awaits(member))
    }
}

/// Asks for a one-time code: asked again, it is another one.
pub(crate) fn ask_code(who: MemberName, cx: &mut Context) {
    let call = Call::Account(AccountCall::ResetCode { member: who.id });
    cx.ask_and_wait(Want::Members(MembersWant::Code(who)), Lane::Write, call);
}

/// The code is here, and shown until it is closed; or why there is none. Whether it is.
pub(super) fn code_answered(who: &MemberName, result: Result<Answer, Fault>, cx: &mut Context) -> bool {
    match result {
        Ok(Answer::Account(AccountAnswer::Code(code))) => {
            let card = CodeCard {
                name: who.full_name.clone(),
                code,
            };
            cx.wish(Wish::Open(Box::new(Overlay::Code(Box::new(card)))));
            true
        }
        other => {
            let fault = other.err().unwrap_or(Fault::Internal);
            let text = format!("There is no code for {}. {fault}", who.full_name);
            cx.say(Tone::Bad, text);
            false
        }
    }
}
