//! What lies over a screen: a stack whose top takes the keys. The form and the lock keep what is typed in them;
//! the screens below stay as they were.

pub(crate) mod accounts;
pub(crate) mod attendant;
pub(crate) mod badge_rules;
pub(crate) mod code;
pub(crate) mod confirm;
pub(crate) mod connections;
pub(crate) mod differ;
pub(crate) mod door_log;
pub(crate) mod filter;
pub(crate) mod form;
pub(crate) mod game_desk;
pub(crate) mod help;
pub(crate) mod lock;
pub(crate) mod member_sheets;
pub(crate) mod money;
pub(crate) mod note;
pub(crate) mod palette;
pub(crate) mod party;
pub(crate) mod pass;
pub(crate) mod picker;
pub(crate) mod sessions;
pub(crate) mod settle;
pub(crate) mod sheet;
pub(crate) mod stop;
pub(crate) mod till;
pub(crate) mod types;
pub(crate) mod why;

use attendant::Attendant;
use badge_rules::BadgeRules;
use code::CodeCard;
use confirm::Confirm;
use connections::Connections;
use differ::Differ;
use door_log::LogOverlay;
use filter::FilterPanel;
use form::FormOverlay;
use help::Help;
use lock::Lock;
use money::Money;
use note::{NoteForm, NoteReader};
use palette::Palette;
use party::PartyOverlay;
use pass::Pass;
use picker::Picker;
use sessions::Sessions;
use settle::Settle;
use sheet::Sheet;
use stop::Stop;
use till::Till;
use types::Types;
use why::Why;

use super::earned::EarnedCard;
use super::keymap::{Chain, chains};
use super::news::NewsCard;

/// One overlay.
#[derive(Debug)]
pub(crate) enum Overlay {
    Help(Help),
    Palette(Palette),
    /// The attendant's menu of a kiosk.
    Attendant(Attendant),
    Confirm(Confirm),
    /// Whom I am connected with.
    Connections(Connections),
    Form(Box<FormOverlay>),
    Filter(Box<FilterPanel>),
    /// What two people made of one event.
    Differ(Box<Differ>),
    /// Cancelling an event.
    Stop(Box<Stop>),
    /// The event types.
    Types(Box<Types>),
    Picker(Picker),
    Note(Box<NoteForm>),
    NoteReader(NoteReader),
    Party(PartyOverlay),
    /// My pass.
    Pass(Pass),
    /// A one-time code.
    Code(Box<CodeCard>),
    /// Where somebody is signed in.
    Sessions(Sessions),
    Why(Why),
    Till(Box<Till>),
    Log(Box<LogOverlay>),
    /// What is to be settled.
    Settle(Settle),
    /// The badges and what their levels take and pay.
    BadgeRules(Box<BadgeRules>),
    /// A small form.
    Sheet(Box<Sheet>),
    Money(Box<Money>),
    /// What others did to my registrations.
    News(NewsCard),
    /// What I have earned.
    Earned(EarnedCard),
    Lock(Lock),
}

impl Overlay {
    /// The scopes that hold while it is on top.
    pub(crate) fn chain(&self) -> Chain {
        match self {
            Self::Help(_) => chains::HELP,
            Self::Palette(_) => chains::PALETTE,
            Self::Attendant(_) => chains::ATTENDANT,
            Self::Confirm(_) => chains::CONFIRM,
            Self::Connections(_) => chains::CONNECTIONS,
            Self::Form(form) => form.chain(),
            Self::Filter(panel) => panel.chain(),
            Self::Differ(_) => chains::DIFFER,
            Self::Stop(_) => chains::STOP,
            Self::Types(types) => types.chain(),
            Self::Picker(_) => chains::PICKER,
            Self::Note(_) => chains::NOTE,
            Self::NoteReader(_) => chains::NOTE_READER,
            Self::Party(_) => chains::PARTY,
            Self::Pass(_) => chains::PASS,
            Self::Code(_) => chains::CODE,
            Self::Sessions(_) => chains::SESSIONS,
            Self::Why(_) => chains::WHY,
            Self::Till(till) => till.chain(),
            Self::Log(_) => chains::DOOR_LOG,
            Self::Settle(_) => chains::SETTLE,
            Self::BadgeRules(rules) => rules.chain(),
            Self::Sheet(sheet) => sheet.chain(),
            Self::Money(money) => money.chain(),
            Self::News(_) => chains::NEWS,
            Self::Earned(_) => chains::EARNED,
            Self::Lock(_) => chains::LOCK,
        }
    }
}
