//! The attendant's menu of a kiosk: which event scans are for, how the kiosk is called, starting again, leaving. Behind
//! the attendant's code, which the database checks with everything that is done here. While it is out of reach the kiosk
//! itself knows a code that was right before, and lets its attendant start again or leave; nothing else.

use crate::app::action::{MoveAction, OverlayAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::{Effect, Lane};
use crate::app::geometry;
use crate::app::kiosk::KioskWant;
use crate::app::overlay::Overlay;
use crate::app::overlay::sheet::{Field, Fields, Purpose, Sheet, Wrong};
use crate::app::requests::Want;
use crate::domain::account::Proof;
use crate::domain::event::EventId;
use crate::domain::kiosk::{Attended, AttendedAlone, KioskAnswer, KioskCall, Notice};
use crate::domain::{Answer, Call, Fault, Nonce, SafeText, Secret};

/// Room for blanks and dashes in a code of six digits.
const MAX_PIN: usize = 16;
/// The column's limit.
const MAX_NAME: usize = 60;
const WRONG: &str = "That is not the attendant's code.";
const UNKNOWN: &str = "No code has been right here since the start; none is known without the link.";

/// One line of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    /// Scans are for the event that happens now.
    Now,
    /// Scans are for this one.
    Event(Notice),
    /// Name the kiosk.
    Name,
    /// Start the program again.
    Restart,
    /// Leave the kiosk.
    Leave,
}

/// The menu.
#[derive(Debug)]
pub(crate) struct Attendant {
    pub(crate) name: SafeText,
    /// The event that scans are for.
    pub(crate) event: Option<EventId>,
    pub(crate) items: Vec<Item>,
    pub(crate) cursor: Cursor,
    pin: Secret,
    /// The choice that is on its way.
    sent: Option<(Nonce, Option<EventId>)>,
}

fn wait(seconds: i32) -> String {
    match seconds {
        ..=1 => "Too many wrong tries. Try again in a second.".to_owned(),
        2..=90 => format!("Too many wrong tries. Try again in {seconds} seconds."),
        _ => format!(
            "Too many wrong tries. Try again in {} minutes.",
            (seconds + 59) / 60
        ),
    }
}

fn not_enrolled(fault: &Fault) -> String {
    match fault {
        Fault::NotSignedIn => "This kiosk is not enrolled.".to_owned(),
        fault => fault.to_string(),
    }
}

// ---- the code ----

#[derive(Debug)]
struct Code;

/// Asks for the attendant's code.
pub(crate) fn ask(cx: &mut Context) {
    let fields = vec![Field::secret("pin", "Code", MAX_PIN).hint("staff were given it with the kiosk")];
    Sheet::new(Code, fields).open(cx);
}

impl Purpose for Code {
    fn title(&self) -> String {
        "Attendant".to_owned()
    }

    fn call(&self, fields: &Fields, nonce: Nonce, cx: &Context) -> Result<Call, Vec<Wrong>> {
        let pin = Secret::new(fields.value("pin").to_owned());
        Ok(Call::Kiosk(if cx.link.is_down() {
            KioskCall::AttendAlone { pin }
        } else {
            KioskCall::Attend { nonce, pin }
        }))
    }

    fn works_alone(&self) -> bool {
        true
    }

    fn done(&mut self, answer: Answer, fields: &Fields, cx: &mut Context) -> Result<(), Wrong> {
        match answer {
            Answer::Kiosk(KioskAnswer::Attended(Attended::Ok {
                name,
                event_id,
                events,
                ..
            })) => {
                let mut items = vec![Item::Now];
                items.extend(events.into_iter().map(Item::Event));
                items.extend([Item::Name, Item::Restart, Item::Leave]);
                let menu = Attendant {
                    name,
                    event: event_id,
                    items,
                    cursor: Cursor::default(),
                    pin: Secret::new(fields.value("pin").to_owned()),
                    sent: None,
                };
                cx.wish(Wish::Open(Box::new(Overlay::Attendant(menu))));
                Ok(())
            }
            Answer::Kiosk(KioskAnswer::Alone(AttendedAlone::Ok)) => {
                let menu = Attendant {
                    name: "no link".into(),
                    event: None,
                    items: vec![Item::Restart, Item::Leave],
                    cursor: Cursor::default(),
                    pin: Secret::default(),
                    sent: None,
                };
                cx.wish(Wish::Open(Box::new(Overlay::Attendant(menu))));
                // The code is remembered by this process alone.
                cx.say(
                    Tone::Plain,
                    "Started again without the link, it knows no code until the link is back.",
                );
                Ok(())
            }
            Answer::Kiosk(KioskAnswer::Alone(AttendedAlone::Unknown)) => Err(("", UNKNOWN.into())),
            Answer::Kiosk(
                KioskAnswer::Alone(AttendedAlone::Refused) | KioskAnswer::Attended(Attended::Refused),
            ) => Err(("pin", WRONG.into())),
            Answer::Kiosk(
                KioskAnswer::Alone(AttendedAlone::Wait { seconds })
                | KioskAnswer::Attended(Attended::Wait { seconds }),
            ) => Err(("", wait(seconds).into())),
            _ => Err(("", Fault::Internal.to_string().into())),
        }
    }
}

// ---- the name ----

#[derive(Debug)]
struct Name {
    pin: Secret,
}

impl Purpose for Name {
    fn title(&self) -> String {
        "This kiosk's name".to_owned()
    }

    fn call(&self, fields: &Fields, nonce: Nonce, _cx: &Context) -> Result<Call, Vec<Wrong>> {
        Ok(Call::Kiosk(KioskCall::Name {
            nonce,
            pin: self.pin.clone(),
            name: fields.value("name").to_owned(),
        }))
    }

    fn done(&mut self, answer: Answer, fields: &Fields, cx: &mut Context) -> Result<(), Wrong> {
        match answer {
            Answer::Kiosk(KioskAnswer::Proved(Proof::Ok)) => {
                cx.say(
                    Tone::Good,
                    format!("This kiosk is called {}.", fields.value("name")),
                );
                // Behind the sheet lies the menu, with the old name.
                cx.wish(Wish::Close);
                Ok(())
            }
            Answer::Kiosk(KioskAnswer::Proved(Proof::Refused)) => Err(("", WRONG.into())),
            Answer::Kiosk(KioskAnswer::Proved(Proof::Wait { seconds })) => Err(("", wait(seconds).into())),
            _ => Err(("", Fault::Internal.to_string().into())),
        }
    }
}

// ---- the menu ----

impl Attendant {
    fn fit(&mut self, cx: &Context) {
        let (_, list) = geometry::picker(cx.setup.size, self.items.len());
        self.cursor.fit(self.items.len(), usize::from(list.height));
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        let (_, list) = geometry::picker(cx.setup.size, self.items.len());
        self.cursor.step(to, self.items.len(), usize::from(list.height));
        self.fit(cx);
    }

    pub(crate) fn act(&mut self, action: OverlayAction, cx: &mut Context) {
        if action != OverlayAction::Take {
            return cx.wish(Wish::Close);
        }
        match self.items.get(self.cursor.at).cloned() {
            None => {}
            Some(Item::Now) => self.choose(None, cx),
            Some(Item::Event(event)) => self.choose(Some(event.id), cx),
            Some(Item::Name) => {
                let field = Field::line("name", "Name", MAX_NAME)
                    .needed()
                    .hint("as logs call it")
                    .with(self.name.as_str());
                let pin = self.pin.clone();
                Sheet::new(Name { pin }, vec![field]).open(cx);
            }
            Some(Item::Restart) => cx.effects.push(Effect::Restart),
            Some(Item::Leave) => cx.effects.push(Effect::Quit { drain: false }),
        }
    }

    fn choose(&mut self, event: Option<EventId>, cx: &mut Context) {
        if self.sent.is_some() {
            return cx.say(Tone::Plain, "It is being sent.");
        }
        if let Some(why) = cx.needs_link("This") {
            return cx.say(Tone::Warn, why);
        }
        let nonce = cx.nonce();
        self.sent = Some((nonce, event));
        let call = KioskCall::Choose {
            nonce,
            pin: self.pin.clone(),
            event,
        };
        cx.ask_and_wait(
            Want::Kiosk(KioskWant::Choose(nonce)),
            Lane::Write,
            Call::Kiosk(call),
        );
    }
}

/// The answer to a choice, if its menu is still open.
pub(crate) fn chosen(
    overlays: &mut [Overlay],
    nonce: Nonce,
    result: Result<KioskAnswer, Fault>,
    cx: &mut Context,
) {
    let menu = overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Attendant(menu) => Some(menu),
        _ => None,
    });
    let Some((menu, event)) = menu.and_then(|menu| match menu.sent {
        Some((sent, event)) if sent == nonce => Some((menu, event)),
        _ => None,
    }) else {
        return;
    };
    menu.sent = None;
    match result {
        Ok(KioskAnswer::Proved(Proof::Ok)) => {
            menu.event = event;
            let title = menu.items.iter().find_map(|item| match item {
                Item::Event(notice) if Some(notice.id) == event => Some(notice.title.to_string()),
                _ => None,
            });
            let title = title.unwrap_or_else(|| "the event that happens now".to_owned());
            cx.say(Tone::Good, format!("Scans check in to {title}."));
        }
        Ok(KioskAnswer::Proved(Proof::Refused)) => cx.say(Tone::Bad, WRONG),
        Ok(KioskAnswer::Proved(Proof::Wait { seconds })) => cx.say(Tone::Warn, wait(seconds)),
        Ok(_) => cx.say(Tone::Bad, Fault::Internal.to_string()),
        Err(fault) => cx.say(
            Tone::Bad,
            format!("Nothing was changed. {}", not_enrolled(&fault)),
        ),
    }
}
