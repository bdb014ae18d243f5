//! Every chain of scopes that can hold. Innermost first.

use super::Chain;
use super::Scope::{
    Agenda, Always, Attendant, Audit, AuditFilter, BadgeForm, BadgeRules, BoardFind, BoardTypes, Calendar,
    ChannelName, Channels, CheckIn, Choice, Code, Confirm, Connections, DayList, Desk, Differ, DoorList,
    DoorLog, Earned, Event, EventPage, Filter, FilterChoice, FilterPanel, Form, FormChoice, FormLine, Global,
    Help, InsightPages, Insights, Kiosk, KioskSignIn, Leaderboard, List, Lock, MemberProfile, Members,
    MembersAsk, MembersReport, MembersRole, MembersSearch, Month, News, Note, NoteReader, Palette, Party,
    Pass, Paying, PayingChoice, Payments, PaymentsSearch, People, PeopleAsk, PeopleAskChoice, PeopleAskLines,
    PeopleFind, PeoplePanel, PeoplePlace, PeopleReport, PeopleSearch, Picker, Profile, Receipt,
    Registrations, RegistrationsFind, Sessions, Settings, Settle, Sheet, SheetChoice, SignIn, SignInWait,
    StopEvent, Takings, Till, TillChoice, TypeName, Types, WalkIn, Week, Why,
};

/// Signing in.
pub const SIGN_IN: Chain = &[SignInWait, SignIn, Global, Always];
/// A kiosk's start.
pub const KIOSK: Chain = &[Kiosk, Always];
/// Signing in at a kiosk.
pub const KIOSK_SIGN_IN: Chain = &[KioskSignIn, SignIn, Global, Always];
/// The attendant's menu of a kiosk.
pub const ATTENDANT: Chain = &[Attendant, List, Always];
/// The month grid has the keys.
pub const MONTH: Chain = &[Month, Event, Calendar, Desk, Global, Always];
/// The day's list has the keys.
pub const DAY_LIST: Chain = &[DayList, Event, Calendar, List, Desk, Global, Always];
/// The week has the keys.
pub const WEEK: Chain = &[Week, Event, Calendar, List, Desk, Global, Always];
/// The agenda has the keys.
pub const AGENDA: Chain = &[Agenda, Event, Calendar, List, Desk, Global, Always];
/// The filter is typed.
pub const FILTER: Chain = &[Filter, Desk, Global, Always];
/// A field of the filter's panel.
pub const FILTER_PANEL: Chain = &[FilterPanel, Global, Always];
/// A choice of the filter's panel.
pub const FILTER_PANEL_CHOICE: Chain = &[FilterChoice, FilterPanel, Global, Always];
/// The event page has the keys.
pub const EVENT_PAGE: Chain = &[EventPage, Event, List, Desk, Global, Always];
/// The door.
pub const CHECK_IN: Chain = &[CheckIn, Choice, Desk, Global, Always];
/// The door's list, once the cursor has moved in it.
pub const DOOR_LIST: Chain = &[DoorList, CheckIn, Choice, Desk, Global, Always];
/// My registrations.
pub const REGISTRATIONS: Chain = &[Registrations, Event, List, Desk, Global, Always];
/// Their text to look for is typed.
pub const REGISTRATIONS_FIND: Chain = &[RegistrationsFind, Desk, Global, Always];
/// What others did to them.
pub const NEWS: Chain = &[News, List, Global, Always];
/// The leaderboard.
pub const LEADERBOARD: Chain = &[Leaderboard, List, Desk, Global, Always];
/// A name to look for on it is typed.
pub const BOARD_FIND: Chain = &[BoardFind, Choice, Desk, Global, Always];
/// Its event types.
pub const BOARD_TYPES: Chain = &[BoardTypes, List, Global, Always];
/// The insights.
pub const INSIGHTS: Chain = &[Insights, InsightPages, List, Desk, Global, Always];
/// The settings.
pub const SETTINGS: Chain = &[Settings, InsightPages, List, Desk, Global, Always];
/// The audit log.
pub const AUDIT: Chain = &[Audit, InsightPages, List, Desk, Global, Always];
/// Its filter is typed.
pub const AUDIT_FILTER: Chain = &[AuditFilter, Desk, Global, Always];
/// What I have earned.
pub const EARNED: Chain = &[Earned, Global, Always];
/// The profile.
pub const PROFILE: Chain = &[Profile, List, Desk, Global, Always];
/// Another member's profile.
pub const MEMBER_PROFILE: Chain = &[MemberProfile, List, Desk, Global, Always];
/// A line of the form.
pub const FORM_LINE: Chain = &[FormLine, Form, Global, Always];
/// The choice of the form.
pub const FORM_CHOICE: Chain = &[FormChoice, FormLine, Form, Global, Always];
/// The text area of the form.
pub const FORM_TEXT: Chain = &[Form, Global, Always];
/// What two people made of one event.
pub const DIFFER: Chain = &[Differ, List, Always];
/// Cancelling an event.
pub const STOP: Chain = &[StopEvent, Always];
/// The event types.
pub const TYPES: Chain = &[Types, List, Always];
/// The name of one.
pub const TYPE_NAME: Chain = &[TypeName, Always];
/// A field of a form of the door.
pub const TILL: Chain = &[Till, Global, Always];
/// The way to pay in one.
pub const TILL_CHOICE: Chain = &[TillChoice, Till, Global, Always];
/// A field of a walk-in.
pub const WALK_IN: Chain = &[Till, WalkIn, Global, Always];
/// The way to pay of a walk-in.
pub const WALK_IN_CHOICE: Chain = &[TillChoice, Till, WalkIn, Global, Always];
/// A question.
pub const CONFIRM: Chain = &[Confirm, Always];
/// The help page.
pub const HELP: Chain = &[Help, List, Always];
/// The palette.
pub const PALETTE: Chain = &[Palette, Choice, Always];
/// The event picker.
pub const PICKER: Chain = &[Picker, List, Always];
/// The door's log.
pub const DOOR_LOG: Chain = &[DoorLog, Choice, Always];
/// The form of a door note.
pub const NOTE: Chain = &[Note, Global, Always];
/// A door note in full.
pub const NOTE_READER: Chain = &[NoteReader, List, Always];
/// The question about a party.
pub const PARTY: Chain = &[Party, List, Always];
/// The rules' answers at the door.
pub const WHY: Chain = &[Why, Always];
/// Whom I am connected with.
pub const CONNECTIONS: Chain = &[Connections, List, Always];
/// The badges and their levels.
pub const BADGE_RULES: Chain = &[BadgeRules, List, Global, Always];
/// The form of one badge's levels.
pub const BADGE_FORM: Chain = &[BadgeForm, Global, Always];
/// A field of a small form.
pub const SHEET: Chain = &[Sheet, Global, Always];
/// A field with a choice in it.
pub const SHEET_CHOICE: Chain = &[SheetChoice, Sheet, Global, Always];
/// My pass.
pub const PASS: Chain = &[Pass, Always];
/// A table of payments.
pub const PAYMENTS: Chain = &[Payments, List, Global, Always];
/// The same while its search is typed.
pub const PAYMENTS_SEARCH: Chain = &[PaymentsSearch, Choice, Global, Always];
/// A field of a form of money.
pub const PAYING: Chain = &[Paying, Global, Always];
/// The way to pay in one.
pub const PAYING_CHOICE: Chain = &[PayingChoice, Paying, Global, Always];
/// A receipt.
pub const RECEIPT: Chain = &[Receipt, List, Global, Always];
/// A day's takings.
pub const TAKINGS: Chain = &[Takings, List, Global, Always];
/// The ways to pay.
pub const CHANNELS: Chain = &[Channels, List, Global, Always];
/// The name of one while it is typed.
pub const CHANNEL_NAME: Chain = &[ChannelName, Global, Always];
/// An event's people.
pub const PEOPLE: Chain = &[People, List, Desk, Global, Always];
/// Their search while it is typed.
pub const PEOPLE_SEARCH: Chain = &[PeopleSearch, Choice, Desk, Global, Always];
/// The panel of their filter.
pub const PEOPLE_PANEL: Chain = &[PeoplePanel, Global, Always];
/// A question about them.
pub const PEOPLE_ASK: Chain = &[PeopleAsk, Global, Always];
/// A question with more than one field.
pub const PEOPLE_ASK_LINES: Chain = &[PeopleAskLines, PeopleAsk, Global, Always];
/// The choice in it.
pub const PEOPLE_ASK_CHOICE: Chain = &[PeopleAskChoice, PeopleAskLines, PeopleAsk, Global, Always];
/// A search for a member or an event.
pub const PEOPLE_FIND: Chain = &[PeopleFind, Choice, Global, Always];
/// The place somebody came in.
pub const PEOPLE_PLACE: Chain = &[PeoplePlace, Always];
/// What came of several.
pub const PEOPLE_REPORT: Chain = &[PeopleReport, List, Always];
/// Members.
pub const MEMBERS: Chain = &[Members, List, Desk, Global, Always];
/// Their search while it is typed.
pub const MEMBERS_SEARCH: Chain = &[MembersSearch, Choice, Desk, Global, Always];
/// A question about them.
pub const MEMBERS_ASK: Chain = &[MembersAsk, Global, Always];
/// The role of one.
pub const MEMBERS_ROLE: Chain = &[MembersRole, Always];
/// What came of several.
pub const MEMBERS_REPORT: Chain = &[MembersReport, List, Always];
/// Where somebody is signed in.
pub const SESSIONS: Chain = &[Sessions, List, Always];
/// A one-time code.
pub const CODE: Chain = &[Code, Always];
/// What is to be settled.
pub const SETTLE: Chain = &[Settle, List, Always];
/// The locked screen.
pub const LOCK: Chain = &[Lock, Always];

/// All of them.
pub const ALL: &[Chain] = &[
    SIGN_IN,
    KIOSK,
    KIOSK_SIGN_IN,
    ATTENDANT,
    MONTH,
    DAY_LIST,
    WEEK,
    AGENDA,
    FILTER,
    FILTER_PANEL,
    FILTER_PANEL_CHOICE,
    EVENT_PAGE,
    CHECK_IN,
    DOOR_LIST,
    REGISTRATIONS,
    REGISTRATIONS_FIND,
    NEWS,
    LEADERBOARD,
    BOARD_FIND,
    BOARD_TYPES,
    INSIGHTS,
    AUDIT,
    SETTINGS,
    AUDIT_FILTER,
    EARNED,
    PROFILE,
    MEMBER_PROFILE,
    FORM_LINE,
    FORM_CHOICE,
    FORM_TEXT,
    DIFFER,
    STOP,
    TYPES,
    TYPE_NAME,
    TILL,
    TILL_CHOICE,
    WALK_IN,
    WALK_IN_CHOICE,
    CONFIRM,
    HELP,
    PALETTE,
    PICKER,
    DOOR_LOG,
    NOTE,
    NOTE_READER,
    PARTY,
    WHY,
    CONNECTIONS,
    BADGE_RULES,
    BADGE_FORM,
    SHEET,
    SHEET_CHOICE,
    PASS,
    PAYMENTS,
    PAYMENTS_SEARCH,
    PAYING,
    PAYING_CHOICE,
    RECEIPT,
    TAKINGS,
    CHANNELS,
    CHANNEL_NAME,
    PEOPLE,
    PEOPLE_SEARCH,
    PEOPLE_PANEL,
    PEOPLE_ASK,
    PEOPLE_ASK_LINES,
    PEOPLE_ASK_CHOICE,
    PEOPLE_FIND,
    PEOPLE_PLACE,
    PEOPLE_REPORT,
    MEMBERS,
    MEMBERS_SEARCH,
    MEMBERS_ASK,
    MEMBERS_ROLE,
    MEMBERS_REPORT,
    SESSIONS,
    CODE,
    SETTLE,
    LOCK,
];
