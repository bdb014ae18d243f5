//! What a key can mean. Every variant is bound by at least one record of the key table (a test holds that) and
//! handled by a `match` without a wildcard.

macro_rules! actions {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every variant, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }
    };
}

mod audit;
mod badge_rules;
mod board;
mod door;
mod game_desk;
mod insight;
mod kiosk;
mod members;
mod mine;
mod money;
mod people;
mod profile;
mod settings;
mod sheet;
mod sign_in;
mod types;

pub use audit::AuditAction;
pub use badge_rules::BadgeRulesAction;
pub use board::BoardAction;
pub use door::{DoorAction, LogAction};
pub use game_desk::GameDeskAction;
pub use insight::InsightAction;
pub use kiosk::KioskAction;
pub use members::{MembersAction, SessionsAction};
pub use mine::MineAction;
pub use money::MoneyAction;
pub use people::PeopleAction;
pub use profile::ProfileAction;
pub use settings::SettingsAction;
pub use sheet::SheetAction;
pub use sign_in::SignInAction;
pub use types::TypesAction;

actions! {
    /// On any screen.
    AppAction {
        /// Leave the program.
        Quit,
        /// The help page.
        Help,
        /// The command palette.
        Palette,
        /// Ask the database again and paint the window anew.
        Refresh,
        /// Go to the calendar.
        GoCalendar,
        /// Go to my registrations.
        GoRegistrations,
        /// Go to check-in.
        GoCheckIn,
        /// Go to the profile.
        GoProfile,
        /// Go to the leaderboard.
        GoLeaderboard,
        /// Go to the members.
        GoMembers,
        /// Go to the insights.
        GoInsights,
        /// Go to the settings.
        GoSettings,
        /// A day's takings.
        Takings,
        /// The badges and what their levels take and pay.
        Badges,
        /// Hide the screen until the password is typed.
        Lock,
        /// End the session.
        SignOut,
    }
}

actions! {
    /// Moving the cursor of whatever has the keys.
    MoveAction {
        /// One up.
        Up,
        /// One down.
        Down,
        /// A page up.
        PageUp,
        /// A page down.
        PageDown,
        /// To the first.
        First,
        /// To the last.
        Last,
    }
}

actions! {
    /// In the calendar.
    CalendarAction {
        /// The day before.
        DayBack,
        /// The day after.
        DayOn,
        /// The week before.
        WeekBack,
        /// The week after.
        WeekOn,
        /// Today.
        Today,
        /// The month before.
        MonthBack,
        /// The month after.
        MonthOn,
        /// Month, week, agenda, and round again.
        NextView,
        /// Type a filter.
        Filter,
        /// Keep the filter and go back to the list.
        FilterKeep,
        /// Drop the text.
        FilterDrop,
        /// The panel with everything that can be filtered by.
        FilterPanel,
        /// Show every event again.
        FilterClear,
        /// From the grid to the day's list.
        ToList,
        /// From the day's list to the grid.
        ToGrid,
        /// Open the marked event.
        Open,
        /// A form for a new event.
        New,
        /// The event types.
        Types,
        /// The events shown, as a calendar file.
        FileShown,
        /// My events, as a calendar file.
        FileMine,
    }
}

actions! {
    /// On an event, in a list or on its page.
    EventAction {
        /// Its people, for staff.
        People,
        /// Register me.
        Register,
        /// Cancel my registration.
        Cancel,
        /// A form with the event in it.
        Edit,
        /// Its payments, and who has not paid.
        Payments,
        /// A form for an event like this one.
        Duplicate,
        /// A form for copies of this one, every so many weeks.
        Repeat,
        /// Cancel the event, or reopen it.
        Stop,
        /// The event as a calendar file.
        File,
        /// Leave the event's page.
        Close,
    }
}

actions! {
    /// In the event form.
    FormAction {
        /// Save.
        Save,
        /// The next field.
        Next,
        /// The field before.
        Previous,
        /// The choice before.
        ChoiceBack,
        /// The next choice.
        ChoiceOn,
        /// Leave without saving.
        Close,
    }
}

actions! {
    /// In the filter's panel.
    FilterAction {
        /// Filter so.
        Apply,
        /// The next field.
        Next,
        /// The field before.
        Previous,
        /// The choice before.
        ChoiceBack,
        /// The next choice.
        ChoiceOn,
        /// Every field as it is without a filter.
        Reset,
        /// Leave the filter as it was.
        Close,
    }
}

actions! {
    /// Where two people's changes of one event are told apart.
    DifferAction {
        /// Take the other's text of the marked field.
        Theirs,
        /// Take mine.
        Mine,
        /// Take the one that is not taken.
        Other,
        /// Take theirs of every field.
        AllTheirs,
        /// Take mine of every field.
        AllMine,
        /// Go on with what is taken.
        Take,
        /// Back to the form as it was.
        Close,
    }
}

actions! {
    /// In the forms of the door: walk-in, payment, admission with a reason.
    TillAction {
        /// On to what is still to be filled, or send it.
        Go,
        /// Send it.
        Send,
        /// The next field.
        Next,
        /// The field before.
        Previous,
        /// The way to pay before.
        ChoiceBack,
        /// The next way to pay.
        ChoiceOn,
        /// Somebody new instead of the member.
        SomebodyNew,
        /// Leave without doing it.
        Close,
    }
}

actions! {
    /// In the form of a door note.
    NoteAction {
        /// Keep it.
        Save,
        /// Leave it.
        Close,
    }
}

actions! {
    /// In an overlay that asks or offers.
    OverlayAction {
        /// Yes, do it.
        Yes,
        /// No; or close the help page, the palette or the list.
        Close,
        /// Take what is marked.
        Take,
        /// Leave what is marked out.
        Drop,
        /// Unlock with the password typed.
        Unlock,
        /// Give the locked screen up and sign in as somebody else.
        SomebodyElse,
    }
}

/// Any action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// See [`AppAction`].
    App(AppAction),
    /// See [`MoveAction`].
    Move(MoveAction),
    /// See [`SignInAction`].
    SignIn(SignInAction),
    /// See [`KioskAction`].
    Kiosk(KioskAction),
    /// See [`CalendarAction`].
    Calendar(CalendarAction),
    /// See [`EventAction`].
    Event(EventAction),
    /// See [`DoorAction`].
    Door(DoorAction),
    /// See [`LogAction`].
    Log(LogAction),
    /// See [`ProfileAction`].
    Profile(ProfileAction),
    /// See [`BoardAction`].
    Board(BoardAction),
    /// See [`BadgeRulesAction`].
    BadgeRules(BadgeRulesAction),
    /// See [`InsightAction`].
    Insight(InsightAction),
    /// See [`AuditAction`].
    Audit(AuditAction),
    /// See [`SettingsAction`].
    Settings(SettingsAction),
    /// See [`GameDeskAction`].
    GameDesk(GameDeskAction),
    /// See [`FormAction`].
    Form(FormAction),
    /// See [`FilterAction`].
    Filter(FilterAction),
    /// See [`DifferAction`].
    Differ(DifferAction),
    /// See [`TypesAction`].
    Types(TypesAction),
    /// See [`TillAction`].
    Till(TillAction),
    /// See [`NoteAction`].
    Note(NoteAction),
    /// See [`MoneyAction`].
    Money(MoneyAction),
    /// See [`PeopleAction`].
    People(PeopleAction),
    /// See [`MineAction`].
    Mine(MineAction),
    /// See [`MembersAction`].
    Members(MembersAction),
    /// See [`SessionsAction`].
    Sessions(SessionsAction),
    /// See [`SheetAction`].
    Sheet(SheetAction),
    /// See [`OverlayAction`].
    Overlay(OverlayAction),
}

impl Action {
    /// Every action there is.
    pub fn all() -> impl Iterator<Item = Self> {
        let app = AppAction::ALL.iter().copied().map(Self::App);
        let moves = MoveAction::ALL.iter().copied().map(Self::Move);
        let sign_in = SignInAction::ALL.iter().copied().map(Self::SignIn);
        let kiosk = KioskAction::ALL.iter().copied().map(Self::Kiosk);
        let calendar = CalendarAction::ALL.iter().copied().map(Self::Calendar);
        let event = EventAction::ALL.iter().copied().map(Self::Event);
        let door = DoorAction::ALL.iter().copied().map(Self::Door);
        let log = LogAction::ALL.iter().copied().map(Self::Log);
        let profile = ProfileAction::ALL.iter().copied().map(Self::Profile);
        let board = BoardAction::ALL.iter().copied().map(Self::Board);
        let badge_rules = BadgeRulesAction::ALL.iter().copied().map(Self::BadgeRules);
        let insight = InsightAction::ALL.iter().copied().map(Self::Insight);
        let game_desk = GameDeskAction::ALL.iter().copied().map(Self::GameDesk);
        let audit = AuditAction::ALL.iter().copied().map(Self::Audit);
        let settings = SettingsAction::ALL.iter().copied().map(Self::Settings);
        let form = FormAction::ALL.iter().copied().map(Self::Form);
        let filter = FilterAction::ALL.iter().copied().map(Self::Filter);
        let differ = DifferAction::ALL.iter().copied().map(Self::Differ);
        let types = TypesAction::ALL.iter().copied().map(Self::Types);
        let till = TillAction::ALL.iter().copied().map(Self::Till);
        let note = NoteAction::ALL.iter().copied().map(Self::Note);
        let money = MoneyAction::ALL.iter().copied().map(Self::Money);
        let people = PeopleAction::ALL.iter().copied().map(Self::People);
        let mine = MineAction::ALL.iter().copied().map(Self::Mine);
        let members = MembersAction::ALL.iter().copied().map(Self::Members);
        let sessions = SessionsAction::ALL.iter().copied().map(Self::Sessions);
        let sheet = SheetAction::ALL.iter().copied().map(Self::Sheet);
        let overlay = OverlayAction::ALL.iter().copied().map(Self::Overlay);
        app.chain(moves)
            .chain(sign_in)
            .chain(kiosk)
            .chain(calendar)
            .chain(event)
            .chain(door)
            .chain(log)
            .chain(profile)
            .chain(board)
            .chain(badge_rules)
            .chain(insight)
            .chain(audit)
            .chain(settings)
            .chain(game_desk)
            .chain(form)
            .chain(filter)
            .chain(differ)
            .chain(types)
            .chain(till)
            .chain(note)
            .chain(money)
            .chain(people)
            .chain(mine)
            .chain(members)
            .chain(sessions)
            .chain(sheet)
            .chain(overlay)
    }
}
