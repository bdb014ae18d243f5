//! The key table and its readers. One [`Binding`] record drives dispatch, the footer, the help page, the command
//! palette, `pine-time keys` and the README's table; the records themselves stand in `bindings.rs`.

use serde::Serialize;

use super::action::Action;
use super::bindings::BINDINGS;
pub(crate) use super::bindings::{PEOPLE, SCREENS};
pub use key::Key;
pub use table::{Listed, as_markdown, listed};

pub mod chains;
mod key;
mod table;

/// Where a key holds. Scopes are asked from the innermost out; the first that binds the key wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// From anywhere, whatever is open.
    Always,
    /// On any screen and in the form.
    Global,
    /// On any screen, once signed in.
    Desk,
    /// The sign-in screen.
    SignIn,
    /// Besides, where Esc leads nowhere else.
    SignInWait,
    /// A kiosk's start.
    Kiosk,
    /// Signing in at a kiosk.
    KioskSignIn,
    /// The attendant's menu of a kiosk.
    Attendant,
    /// Every view of the calendar.
    Calendar,
    /// The month grid.
    Month,
    /// The list of the chosen day.
    DayList,
    /// The week.
    Week,
    /// The agenda.
    Agenda,
    /// The calendar's text to look for, while it is typed.
    Filter,
    /// The panel of the calendar's filter.
    FilterPanel,
    /// A field with a choice in it.
    FilterChoice,
    /// An event, in a list or on its page.
    Event,
    /// The event page.
    EventPage,
    /// Check-in.
    CheckIn,
    /// The list of check-in, once the cursor has moved in it.
    DoorList,
    /// The profile.
    Profile,
    /// Another member's profile.
    MemberProfile,
    /// My registrations.
    Registrations,
    /// Their text to look for, while it is typed.
    RegistrationsFind,
    /// What others did to them.
    News,
    /// The leaderboard.
    Leaderboard,
    /// Its name to look for, while it is typed.
    BoardFind,
    /// Its event types.
    BoardTypes,
    /// Every page of the insights.
    InsightPages,
    /// The community in numbers.
    Insights,
    /// The settings.
    Settings,
    /// The audit log.
    Audit,
    /// Its filter while it is typed.
    AuditFilter,
    /// What I have earned.
    Earned,
    /// Anything that scrolls or has a cursor.
    List,
    /// A list under a text field: letters stay with the field.
    Choice,
    /// The event form.
    Form,
    /// A field of one line in it.
    FormLine,
    /// A field with a choice in it.
    FormChoice,
    /// What two people made of one event.
    Differ,
    /// Cancelling an event.
    StopEvent,
    /// The event types.
    Types,
    /// The name of one.
    TypeName,
    /// A form of the door.
    Till,
    /// The form of a walk-in.
    WalkIn,
    /// The way to pay, in a form of the door.
    TillChoice,
    /// A table of payments.
    Payments,
    /// Its search while it is typed.
    PaymentsSearch,
    /// A form that takes a payment, gives back, corrects or voids.
    Paying,
    /// The way to pay in it.
    PayingChoice,
    /// A receipt.
    Receipt,
    /// A day's takings.
    Takings,
    /// The ways to pay.
    Channels,
    /// The name of one while it is typed.
    ChannelName,
    /// An event's people.
    People,
    /// Their search while it is typed.
    PeopleSearch,
    /// The panel of their filter.
    PeoplePanel,
    /// A question about them.
    PeopleAsk,
    /// A question with more than one field.
    PeopleAskLines,
    /// The choice in it.
    PeopleAskChoice,
    /// A search for a member or an event.
    PeopleFind,
    /// The place somebody came in.
    PeoplePlace,
    /// What came of several.
    PeopleReport,
    /// Members.
    Members,
    /// Their search while it is typed.
    MembersSearch,
    /// A question about them.
    MembersAsk,
    /// The role of one.
    MembersRole,
    /// What came of several.
    MembersReport,
    /// Where somebody is signed in.
    Sessions,
    /// A one-time code.
    Code,
    /// A question.
    Confirm,
    /// The help page.
    Help,
    /// The command palette.
    Palette,
    /// The list of events to choose the door's from.
    Picker,
    /// The door's log.
    DoorLog,
    /// The form of a door note.
    Note,
    /// A door note in full.
    NoteReader,
    /// The question about a party.
    Party,
    /// Whom I am connected with.
    Connections,
    /// The badges and what their levels take and pay.
    BadgeRules,
    /// The form of one badge's levels.
    BadgeForm,
    /// A small form.
    Sheet,
    /// A field with a choice in it.
    SheetChoice,
    /// My pass.
    Pass,
    /// The rules' answers at the door.
    Why,
    /// The list of check-ins that the database saw otherwise than the door.
    Settle,
    /// The locked screen.
    Lock,
}

impl Scope {
    /// How people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Always | Self::Global => "Everywhere",
            Self::Desk => "Any screen",
            Self::SignIn | Self::SignInWait => "Sign in",
            Self::Kiosk => "Kiosk",
            Self::KioskSignIn => "Kiosk, sign in",
            Self::Attendant => "Kiosk, attendant",
            Self::Calendar => "Calendar",
            Self::Month => "Calendar, month",
            Self::DayList => "Calendar, day",
            Self::Week => "Calendar, week",
            Self::Agenda => "Calendar, agenda",
            Self::Filter => "Calendar, find",
            Self::FilterPanel | Self::FilterChoice => "Calendar, filter",
            Self::Event => "An event",
            Self::EventPage => "Event page",
            Self::CheckIn => "Check-in",
            Self::DoorList => "Check-in, list",
            Self::Profile => "Profile",
            Self::MemberProfile => "A member's profile",
            Self::Registrations => "Registrations",
            Self::RegistrationsFind => "Registrations, find",
            Self::News => "News of a registration",
            Self::Leaderboard => "Leaderboard",
            Self::BoardFind => "Leaderboard, find",
            Self::BoardTypes => "Leaderboard, types",
            Self::InsightPages | Self::Insights => "Insights",
            Self::Settings => "Settings",
            Self::Audit => "Audit log",
            Self::AuditFilter => "Audit log, filter",
            Self::Earned => "What you have earned",
            Self::List => "Lists",
            Self::Choice => "Lists under a field",
            Self::Form | Self::FormLine | Self::FormChoice => "Event form",
            Self::Differ => "Two changes of one event",
            Self::StopEvent => "Cancelling an event",
            Self::Types | Self::TypeName => "Event types",
            Self::Till | Self::TillChoice => "Payment and admission",
            Self::WalkIn => "Walk-in",
            Self::Payments => "Payments",
            Self::PaymentsSearch => "Payments, search",
            Self::Paying | Self::PayingChoice => "Payment or refund",
            Self::Receipt => "Receipt",
            Self::Takings => "Takings",
            Self::Channels => "Ways to pay",
            Self::ChannelName => "Ways to pay, name",
            Self::People => "An event's people",
            Self::PeopleSearch => "An event's people, search",
            Self::PeoplePanel => "An event's people, filter",
            Self::PeopleAsk | Self::PeopleAskLines | Self::PeopleAskChoice => "A question about people",
            Self::PeopleFind => "Looking for a member or an event",
            Self::PeoplePlace => "The place somebody came in",
            Self::PeopleReport | Self::MembersReport => "What came of several",
            Self::Members => "Members",
            Self::MembersSearch => "Members, search",
            Self::MembersAsk => "A question about members",
            Self::MembersRole => "The role of a member",
            Self::Sessions => "Sessions",
            Self::Code => "A one-time code",
            Self::Confirm => "A question",
            Self::Help => "Help",
            Self::Palette => "Command palette",
            Self::Picker => "Choosing an event",
            Self::DoorLog => "Log of the door",
            Self::Note => "Writing a door note",
            Self::NoteReader => "A door note",
            Self::Party => "A party at the door",
            Self::Connections => "Connections",
            Self::BadgeRules => "Badges and levels",
            Self::BadgeForm => "A badge's levels",
            Self::Sheet | Self::SheetChoice => "Small forms",
            Self::Pass => "Pass",
            Self::Why => "The rules of the door",
            Self::Settle => "To be settled",
            Self::Lock => "Locked screen",
        }
    }
}

/// The scopes that hold at one moment, innermost first.
pub type Chain = &'static [Scope];

/// One record of the key table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// Where it holds.
    pub scope: Scope,
    /// The keys, the one to show first.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// One word for the footer; empty keeps it out of there. Neighbours with the same word share an entry.
    pub brief: &'static str,
    /// A few words for the help page and the palette. Neighbours with the same words share a line.
    pub help: &'static str,
    /// The heading under which help and palette show it.
    pub group: &'static str,
    /// Whether it exists for staff only.
    pub staff: bool,
}

/// The whole table, in the order in which footer and help show it.
pub fn bindings() -> &'static [Binding] {
    BINDINGS
}

/// Before whom the keys lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Audience {
    /// Whether they are staff.
    pub staff: bool,
    /// Whether they stand at a kiosk, where much does not exist.
    pub kiosk: bool,
}

impl From<bool> for Audience {
    fn from(staff: bool) -> Self {
        Self { staff, kiosk: false }
    }
}

impl Audience {
    fn has(self, binding: &Binding) -> bool {
        (self.staff || !binding.staff) && (!self.kiosk || super::kiosk::allows(binding.action))
    }
}

/// The record that a key means under a chain of scopes.
pub fn find(chain: Chain, key: Key, audience: impl Into<Audience>) -> Option<&'static Binding> {
    let audience = audience.into();
    chain.iter().find_map(|scope| {
        BINDINGS
            .iter()
            .find(|b| b.scope == *scope && audience.has(b) && b.keys.contains(&key))
    })
}

/// The records that hold under a chain, innermost scope first.
pub fn reachable(chain: Chain, audience: impl Into<Audience>) -> impl Iterator<Item = &'static Binding> {
    let audience = audience.into();
    chain.iter().flat_map(move |scope| {
        BINDINGS
            .iter()
            .filter(move |b| b.scope == *scope && audience.has(b))
    })
}

/// Neighbouring records of one scope that say the same, as one line: their keys and the first of them.
pub fn merged(records: impl Iterator<Item = &'static Binding>) -> Vec<(String, &'static Binding)> {
    let mut lines: Vec<(Vec<&'static Binding>, &'static Binding)> = Vec::new();
    for record in records {
        match lines.last_mut() {
            Some((same, first)) if first.help == record.help && first.scope == record.scope => {
                same.push(record);
            }
            _ => lines.push((vec![record], record)),
        }
    }
    lines
        .into_iter()
        .map(|(same, first)| {
            let most = same.iter().map(|b| b.keys.len()).max().unwrap_or(0);
            let ranks = (0..most).map(|rank| {
                let keys = same.iter().filter_map(|b| b.keys.get(rank));
                keys.map(ToString::to_string).collect::<Vec<_>>().join(" ")
            });
            (ranks.collect::<Vec<_>>().join(", "), first)
        })
        .collect()
}
