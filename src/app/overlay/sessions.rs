//! Where somebody is signed in: my own sessions, or as an administrator anybody's, each of which can be ended.

use crate::app::action::{MoveAction, SessionsAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::overlay::Overlay;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::account::{AccountAnswer, AccountCall, SessionLine};
use crate::domain::member::{MemberId, MemberName};
use crate::domain::members_desk::{MembersAnswer, MembersCall};
use crate::domain::{Answer, Call, Fault, Nonce};

/// What an answer about sessions is for; the member is none for my own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum SessionsWant {
    List(Option<MemberId>),
    End(Nonce),
    EndAll(Nonce),
}

/// The list.
#[derive(Debug)]
pub(crate) struct Sessions {
    /// Whose; none is me.
    pub(crate) who: Option<MemberName>,
    pub(crate) rows: Remote<Vec<SessionLine>>,
    pub(crate) cursor: Cursor,
}

impl Sessions {
    /// Opens the list.
    pub(crate) fn open(who: Option<MemberName>, cx: &mut Context) {
        let mine = |one: &MemberName| cx.me.as_ref().is_some_and(|me| me.user_id == one.id);
        let mut list = Self {
            who: who.filter(|one| !mine(one)),
            rows: Remote::Nothing,
            cursor: Cursor::default(),
        };
        list.ask(cx);
        cx.wish(Wish::Open(Box::new(Overlay::Sessions(list))));
    }

    fn member(&self) -> Option<MemberId> {
        self.who.as_ref().map(|who| who.id)
    }

    /// What the list is waited for as.
    pub(crate) fn want(&self) -> Want {
        Want::Sessions(SessionsWant::List(self.member()))
    }

    pub(crate) fn ask(&mut self, cx: &mut Context) {
        let call = match self.member() {
            Some(member) => Call::Members(MembersCall::Sessions(member)),
            None => Call::Account(AccountCall::Mine),
        };
        let want = self.want();
        cx.fetch(&mut self.rows, want, Lane::Detail, call);
    }

    fn height(&self, cx: &Context) -> usize {
        let rows = self.rows.get().map_or(0, Vec::len);
        usize::from(geometry::sessions(cx.setup.size, rows).1.height)
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        let (len, room) = (self.rows.get().map_or(0, Vec::len), self.height(cx));
        self.cursor.step(to, len, room);
        self.cursor.fit(len, room);
    }

    fn marked(&self) -> Option<&SessionLine> {
        self.rows.get()?.get(self.cursor.at)
    }

    /// How many are not this one.
    fn others(&self) -> usize {
        let rows = self.rows.get().into_iter().flatten();
        rows.filter(|session| !session.is_here).count()
    }

    /// Why an action cannot be done now; `None` when it can.
    pub(crate) fn why_not(&self, action: SessionsAction, cx: &Context) -> Option<String> {
        match action {
            SessionsAction::Close => None,
            _ if self.rows.get().is_none() => Some("They are not here yet.".to_owned()),
            SessionsAction::End => match self.marked() {
                None => Some("There is no session under the cursor.".to_owned()),
                Some(session) if session.is_here => {
                    Some("This is where you sit; Ctrl+O signs you out.".to_owned())
                }
                Some(_) => cx.needs_link("This"),
            },
            SessionsAction::EndAll if self.others() == 0 => Some("There is nothing to end.".to_owned()),
            SessionsAction::EndAll => cx.needs_link("This"),
        }
    }

    pub(crate) fn act(&mut self, action: SessionsAction, cx: &mut Context) {
        let nonce = cx.nonce();
        let (want, call) = match action {
            SessionsAction::Close => return cx.wish(Wish::Close),
            SessionsAction::End => {
                let Some(session) = self.marked().map(|session| session.id) else {
                    return;
                };
                let call = Call::Account(AccountCall::EndSession { nonce, session });
                (SessionsWant::End(nonce), call)
            }
            SessionsAction::EndAll => {
                let member = self.member();
                let call = Call::Members(MembersCall::EndSessions { nonce, member });
                (SessionsWant::EndAll(nonce), call)
            }
        };
        cx.ask_and_wait(Want::Sessions(want), Lane::Write, call);
    }

    /// The list is here, or not.
    fn listed(&mut self, result: Result<Answer, Fault>, cx: &Context) {
        self.rows.answer(match result {
            Ok(Answer::Members(MembersAnswer::Sessions(rows))) => Ok(rows),
            Ok(Answer::Account(AccountAnswer::Mine(account))) => Ok(account.sessions),
            other => Err(other.err().unwrap_or(Fault::Internal)),
        });
        let (len, room) = (self.rows.get().map_or(0, Vec::len), self.height(cx));
        self.cursor.fit(len, room);
    }
}

/// An answer about sessions, for the list if it is still open; what was ended is told all the same.
pub(crate) fn answered(
    overlays: &mut [Overlay],
    want: SessionsWant,
    result: Result<Answer, Fault>,
    cx: &mut Context,
) {
    let list = overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Sessions(list) => Some(list),
        _ => None,
    });
    let said = match (want, &result) {
        (SessionsWant::List(member), _) => {
            if let Some(list) = list.filter(|list| list.member() == member) {
                list.listed(result, cx);
            }
            return;
        }
        (_, Ok(Answer::Account(AccountAnswer::Ended(true)))) => "The session is ended.".to_owned(),
        (_, Ok(Answer::Account(AccountAnswer::Ended(false)))) => "It had ended already.".to_owned(),
        (_, Ok(Answer::Members(MembersAnswer::Ended(1)))) => "One session is ended.".to_owned(),
        (_, Ok(Answer::Members(MembersAnswer::Ended(many)))) => format!("{many} sessions are ended."),
        (_, other) => {
            let fault = other.as_ref().err().cloned().unwrap_or(Fault::Internal);
            return cx.say(Tone::Bad, format!("Nothing is ended. {fault}"));
        }
    };
    cx.say(Tone::Good, said);
    if let Some(list) = list {
        list.ask(cx);
    }
}
