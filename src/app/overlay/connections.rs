//! Connections: presenting somebody's pass, and the list of those who ask, were asked, or are connected.

use crate::app::action::{MoveAction, OverlayAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::overlay::Overlay;
use crate::app::overlay::sheet::{Field, Fields, Purpose, Sheet, Wrong};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::screens::profile::ProfileWant;
use crate::domain::connection::{ConnectOutcome, Connected, Connection, ConnectionState};
use crate::domain::game::{GameAnswer, GameCall};
use crate::domain::{Answer, Call, Fault, Nonce};

/// A code with room for blanks and dashes.
const MAX_CODE: usize = 24;

/// What came of it, in a sentence; whether it is good news.
fn told(connected: &Connected) -> (bool, String) {
    let name = connected
        .member
        .as_ref()
        .map_or("They", |member| member.full_name.as_str());
    match connected.outcome {
        ConnectOutcome::Connected => (true, format!("You are connected: {name}.")),
        ConnectOutcome::Asked => (
            true,
            format!("Asked: {name} says yes on their profile, or with your pass."),
        ),
        ConnectOutcome::Already => (true, format!("You are connected already: {name}.")),
        ConnectOutcome::Yourself => (false, "That is your own pass.".to_owned()),
        ConnectOutcome::UnknownCode => (
            false,
            "Nobody has this pass. It has ten letters and digits.".to_owned(),
        ),
        ConnectOutcome::NotMet => (
            false,
            "Both of you attend the same event first; then there are 48 hours.".to_owned(),
        ),
    }
}

// ---- presenting a pass ----

/// Somebody's pass is presented.
#[derive(Debug)]
struct Present;

/// Opens the sheet for somebody's pass.
pub(crate) fn present(cx: &mut Context) {
    let fields = vec![
        Field::line("presented", "Their pass", MAX_CODE)
            .needed()
            .hint("typed or scanned: XXXXX-XXXXX"),
    ];
    Sheet::new(Present, fields).open(cx);
}

impl Purpose for Present {
    fn title(&self) -> String {
        "Connect".to_owned()
    }

    fn about(&self, _cx: &Context) -> Vec<String> {
        vec![
            "With somebody who attended the same event, within two days of it. Both of you say so."
                .to_owned(),
        ]
    }

    fn call(&self, fields: &Fields, nonce: Nonce, _cx: &Context) -> Result<Call, Vec<Wrong>> {
        Ok(Call::Game(GameCall::Connect {
            nonce,
            presented: fields.value("presented").to_owned(),
        }))
    }

    fn done(&mut self, answer: Answer, _fields: &Fields, cx: &mut Context) -> Result<(), Wrong> {
        let Answer::Game(GameAnswer::Connected(connected)) = answer else {
            return Err(("", Fault::Internal.to_string().into()));
        };
        let (good, text) = told(&connected);
        if !good {
            return Err(("presented", text.into()));
        }
        cx.say(Tone::Good, text);
        cx.wish(Wish::Refresh);
        Ok(())
    }
}

// ---- the list ----

/// The list.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    pub(crate) rows: Remote<Vec<Connection>>,
    pub(crate) cursor: Cursor,
    /// Whose yes is on its way.
    sent: Option<Nonce>,
}

impl Connections {
    /// Opens it.
    pub(crate) fn open(cx: &mut Context) {
        let mut list = Self::default();
        list.ask(cx);
        cx.wish(Wish::Open(Box::new(Overlay::Connections(list))));
    }

    pub(crate) fn ask(&mut self, cx: &mut Context) {
        let call = Call::Game(GameCall::Connections);
        cx.fetch(
            &mut self.rows,
            Want::Game(ProfileWant::Connections),
            Lane::Search,
            call,
        );
    }

    fn count(&self) -> usize {
        self.rows.get().map_or(0, Vec::len)
    }

    fn height(cx: &Context) -> usize {
        usize::from(geometry::connections(cx.setup.size).1.height)
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        self.cursor.step(to, self.count(), Self::height(cx));
    }

    pub(crate) fn fit(&mut self, cx: &Context) {
        self.cursor.fit(self.count(), Self::height(cx));
    }

    pub(crate) fn act(&mut self, action: OverlayAction, cx: &mut Context) {
        if action != OverlayAction::Take {
            return cx.wish(Wish::Close);
        }
        let Some(row) = self.rows.get().and_then(|rows| rows.get(self.cursor.at)) else {
            return;
        };
        match row.state {
            ConnectionState::Connected => {
                cx.say(Tone::Plain, format!("You are connected: {}.", row.full_name));
            }
            ConnectionState::Asked => {
                cx.say(Tone::Plain, format!("{} has to say yes.", row.full_name));
            }
            ConnectionState::Asks if self.sent.is_some() => cx.say(Tone::Plain, "It is being sent."),
            ConnectionState::Asks => {
                if let Some(why) = cx.needs_link("This") {
                    return cx.say(Tone::Warn, why);
                }
                let (nonce, member) = (cx.nonce(), row.user_id);
                self.sent = Some(nonce).filter(|_| !cx.rehearsing);
                let call = Call::Game(GameCall::Confirm { nonce, member });
                cx.ask_and_wait(Want::Game(ProfileWant::Confirm(nonce)), Lane::Write, call);
            }
        }
    }

    /// An answer to the list, or to a yes.
    pub(crate) fn answered(
        &mut self,
        want: ProfileWant,
        result: Result<GameAnswer, Fault>,
        cx: &mut Context,
    ) {
        if let ProfileWant::Confirm(nonce) = want {
            if self.sent == Some(nonce) {
                self.sent = None;
            }
            match result {
                Ok(GameAnswer::Connected(connected)) => {
                    let (good, text) = told(&connected);
                    cx.say(if good { Tone::Good } else { Tone::Warn }, text);
                    cx.wish(Wish::Refresh);
                }
                other => {
                    let fault = other.err().unwrap_or(Fault::Internal);
                    cx.say(Tone::Bad, format!("Nothing was done. {fault}"));
                }
            }
            return self.ask(cx);
        }
        self.rows.answer(match result {
            Ok(GameAnswer::Connections(rows)) => Ok(rows),
            other => Err(other.err().unwrap_or(Fault::Internal)),
        });
        self.fit(cx);
    }
}
