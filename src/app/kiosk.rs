//! The kiosk: the program at a terminal that anybody may touch. While nobody is signed in it shows what is on and takes
//! passes; signed in, it is the member's screens as they are. It cannot be left, and whoever goes is forgotten: how, is
//! told in [`idle`]; what its attendant may do, in [`super::overlay::attendant`].

mod idle;

use crate::domain::kiosk::{KioskAnswer, KioskCall, KioskPage, Scanned};
use crate::domain::{Call, Fault, Nonce, Timestamp, pass_code};

use super::action::{
    Action, AppAction, BoardAction, CalendarAction, EventAction, KioskAction, MineAction, OverlayAction,
};
use super::context::Opening;
use super::effect::{Effect, Lane, Timer};
use super::keymap::{Chain, Key, chains};
use super::model::Model;
use super::overlay::attendant;
use super::remote::Remote;
use super::requests::Want;
use super::screens::sign_in::SignIn;
use super::text_field::{Edit, TextField};

/// How long a result is seen.
const SEEN: std::time::Duration = std::time::Duration::from_secs(5);
/// How long a person waits for one before they are sent to the desk.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(6);
/// Between two looks at what is on.
const NOTICES_EVERY: std::time::Duration = std::time::Duration::from_secs(10);
/// Between two signs of life.
const TOUCH_EVERY: chrono::TimeDelta = chrono::TimeDelta::seconds(60);
/// A code with room for blanks and dashes.
const MAX_PASS: usize = 24;

/// What an answer to a kiosk is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum KioskWant {
    /// What is on.
    Page,
    /// That it is there.
    Touch,
    /// A presented pass.
    Scan(Nonce),
    /// The attendant's choice.
    Choose(Nonce),
}

/// Where a kiosk is while nobody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum At {
    /// What is on, and a place for passes.
    #[default]
    Start,
    /// The sign-in screen.
    SignIn,
}

/// What came of a presented pass, large.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Card {
    /// It is on its way.
    Sent(Nonce),
    /// The answer.
    Told(Scanned),
    /// What was presented is no pass.
    NotAPass,
    /// The database did not answer in time.
    Lost,
    /// It refused.
    Failed(Fault),
}

/// What a kiosk knows besides the model of every terminal.
#[derive(Debug)]
pub(crate) struct Kiosk {
    pub(crate) at: At,
    pub(crate) page: Remote<KioskPage>,
    /// A pass, typed by hand.
    pub(crate) pass: TextField,
    /// What is wrong with it.
    pub(crate) message: Option<&'static str>,
    pub(crate) card: Option<Card>,
    /// The number of the card, for its timer.
    cards: u64,
    touched: Option<Timestamp>,
    /// Seconds left, once they are shown.
    pub(crate) countdown: Option<u64>,
    idle: idle::Idle,
}

impl Default for Kiosk {
    fn default() -> Self {
        Self {
            at: At::Start,
            page: Remote::Nothing,
            pass: TextField::new(MAX_PASS),
            message: None,
            card: None,
            cards: 0,
            touched: None,
            countdown: None,
            idle: idle::Idle::default(),
        }
    }
}

/// Whether a binding exists at a kiosk: nothing there leaves the program, hides the screen, writes a file, or is staff's.
pub(super) fn allows(action: Action) -> bool {
    match action {
        Action::App(
            AppAction::Quit
            | AppAction::Lock
            | AppAction::Takings
            | AppAction::GoCheckIn
            | AppAction::GoMembers
            | AppAction::GoInsights
            | AppAction::GoSettings
            | AppAction::Badges,
        )
        | Action::Calendar(
            CalendarAction::FileShown
            | CalendarAction::FileMine
            | CalendarAction::New
            | CalendarAction::Types,
        )
        | Action::Event(
            EventAction::File
            | EventAction::Edit
            | EventAction::People
            | EventAction::Payments
            | EventAction::Duplicate
            | EventAction::Repeat
            | EventAction::Stop,
        )
        | Action::Mine(MineAction::File)
        | Action::Board(BoardAction::File)
        | Action::Overlay(OverlayAction::Unlock | OverlayAction::SomebodyElse)
        | Action::Door(_)
        | Action::Log(_)
        | Action::Form(_)
        | Action::Differ(_)
        | Action::Types(_)
        | Action::Till(_)
        | Action::Note(_)
        | Action::Money(_)
        | Action::Insight(_)
        | Action::Audit(_)
        | Action::Settings(_)
        | Action::BadgeRules(_)
        | Action::Members(_)
        | Action::GameDesk(_)
        | Action::People(_) => false,
        Action::App(_)
        | Action::Move(_)
        | Action::SignIn(_)
        | Action::Kiosk(_)
        | Action::Calendar(_)
        | Action::Event(_)
        | Action::Mine(_)
        | Action::Board(_)
        | Action::Profile(_)
        | Action::Sessions(_)
        | Action::Filter(_)
        | Action::Sheet(_)
        | Action::Overlay(_) => true,
    }
}

impl Kiosk {
    /// The card that is seen: what is typed hides it, and what turns out to be the same scan again does not.
    pub(crate) fn seen(&self) -> Option<&Card> {
        self.card.as_ref().filter(|_| self.pass.is_empty())
    }

    /// The scopes that hold while nobody is signed in.
    pub(super) fn chain(&self) -> Chain {
        match self.at {
            At::Start => chains::KIOSK,
            At::SignIn => chains::KIOSK_SIGN_IN,
        }
    }

    fn edit(&mut self, edit: impl FnOnce(&mut TextField) -> Edit) -> Edit {
        self.message = None;
        edit(&mut self.pass)
    }

    pub(super) fn key(&mut self, key: Key) -> Edit {
        self.edit(|pass| pass.key(key))
    }

    pub(super) fn paste(&mut self, raw: &str) -> Edit {
        self.edit(|pass| pass.paste(raw))
    }
}

impl Model {
    /// The kiosk at its start or at signing in; none elsewhere.
    pub(crate) fn kiosk_at(&self, at: At) -> Option<&Kiosk> {
        self.kiosk
            .as_deref()
            .filter(|kiosk| kiosk.at == at && self.cx.me.is_none())
    }

    /// The way to the database is open.
    pub(super) fn kiosk_opened(&mut self) {
        if self.kiosk.is_some() {
            self.ask_notices();
            self.cx.after(NOTICES_EVERY, Timer::Notices);
        }
    }

    pub(super) fn ask_notices(&mut self) {
        if let (Some(kiosk), None) = (&mut self.kiosk, &self.cx.me) {
            let call = Call::Kiosk(KioskCall::Page);
            self.cx
                .fetch(&mut kiosk.page, Want::Kiosk(KioskWant::Page), Lane::Page, call);
        }
    }

    /// Time to look at what is on, and to say that this kiosk is there.
    pub(super) fn notices_due(&mut self) {
        let now = self.cx.setup.now;
        let Some(kiosk) = &mut self.kiosk else { return };
        if kiosk.touched.is_none_or(|at| now - at >= TOUCH_EVERY || now < at) {
            kiosk.touched = Some(now);
            let want = Want::Kiosk(KioskWant::Touch);
            self.cx.ask(want, Lane::Presence, Call::Kiosk(KioskCall::Touch));
        }
        self.ask_notices();
        self.cx.after(NOTICES_EVERY, Timer::Notices);
    }

    pub(super) fn act_at_kiosk(&mut self, action: KioskAction) {
        let Some(kiosk) = &mut self.kiosk else { return };
        match action {
            KioskAction::Attend => {
                kiosk.card = None;
                attendant::ask(&mut self.cx);
            }
            KioskAction::Back => self.wipe(),
            KioskAction::Clear | KioskAction::Go if kiosk.seen().is_some() => kiosk.card = None,
            KioskAction::Clear => {
                kiosk.pass.clear();
                kiosk.message = None;
            }
            KioskAction::Go if kiosk.pass.is_empty() => {
                kiosk.at = At::SignIn;
                self.sign_in = SignIn::new();
            }
            KioskAction::Go => match pass_code::read(kiosk.pass.text()) {
                Ok(code) => {
                    kiosk.pass.clear();
                    self.present_pass(code);
                }
                Err(pass_code::NotACode::CheckCharacter) => {
                    kiosk.message = Some("That is no pass; one of its letters was misread. Look once more.");
                }
                Err(pass_code::NotACode::Shape) => {
                    kiosk.message = Some("A pass has ten letters and digits: XXXXX-XXXXX.");
                }
            },
        }
    }

    /// Something was scanned.
    pub(super) fn scanned_at_kiosk(&mut self, text: &str) {
        let Some(kiosk) = &mut self.kiosk else { return };
        if self.cx.me.is_some() || !self.overlays.is_empty() {
            let told = "A pass was scanned. Sign out first (Ctrl+O); then it checks in.";
            return self.cx.say(super::context::Tone::Warn, told);
        }
        kiosk.at = At::Start;
        kiosk.pass.clear();
        self.sign_in = SignIn::new();
        match pass_code::read(text) {
            Ok(code) => self.present_pass(code),
            Err(_) => self.show_card(Card::NotAPass),
        }
    }

    /// A pass is presented: the database decides.
    fn present_pass(&mut self, pass: String) {
        if self.cx.opening != Opening::Ready || self.cx.link.is_down() {
            return self.show_card(Card::Lost);
        }
        let nonce = self.cx.nonce();
        self.show_card(Card::Sent(nonce));
        let call = Call::Kiosk(KioskCall::Scan { nonce, pass });
        self.cx
            .ask_and_wait(Want::Kiosk(KioskWant::Scan(nonce)), Lane::Write, call);
    }

    fn show_card(&mut self, card: Card) {
        let Some(kiosk) = &mut self.kiosk else { return };
        kiosk.cards += 1;
        kiosk.message = None;
        let delay = if matches!(card, Card::Sent(_)) {
            PATIENCE
        } else {
            SEEN
        };
        kiosk.card = Some(card);
        self.cx.after(delay, Timer::Card(kiosk.cards));
        self.cx.dirty = true;
    }

    /// A card was seen long enough, or its answer did not come.
    pub(super) fn card_over(&mut self, number: u64) {
        let Some(kiosk) = &mut self.kiosk else { return };
        if kiosk.cards != number || kiosk.card.is_none() {
            return;
        }
        if matches!(kiosk.card, Some(Card::Sent(_))) {
            return self.show_card(Card::Lost);
        }
        kiosk.card = None;
        self.cx.dirty = true;
    }

    pub(super) fn kiosk_answered(&mut self, want: KioskWant, result: Result<KioskAnswer, Fault>) {
        let Some(kiosk) = &mut self.kiosk else { return };
        match want {
            KioskWant::Page => kiosk.page.answer(match result {
                Ok(KioskAnswer::Page(page)) => Ok(page),
                other => Err(other.err().unwrap_or(Fault::Internal)),
            }),
            KioskWant::Scan(nonce) if kiosk.card == Some(Card::Sent(nonce)) => {
                match result {
                    Ok(KioskAnswer::Scanned(scanned)) => self.show_card(Card::Told(*scanned)),
                    Err(fault) if fault.is_link() => self.show_card(Card::Lost),
                    other => self.show_card(Card::Failed(other.err().unwrap_or(Fault::Internal))),
                }
                if self.cx.setup.bell {
                    self.cx.effects.push(Effect::Bell);
                }
                self.ask_notices();
            }
            // Whoever it was has been sent to the desk. A kiosk that is not enrolled any more learns it from the page.
            KioskWant::Touch | KioskWant::Scan(_) => {}
            KioskWant::Choose(nonce) => attendant::chosen(&mut self.overlays, nonce, result, &mut self.cx),
        }
    }
}
