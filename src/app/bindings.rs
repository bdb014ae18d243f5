//! The records of the key table, and nothing else.

use crossterm::event::KeyCode;

use super::action::Action::{
    self, App, Board, Calendar, Differ, Door, Event, Filter, Form, Log, Mine, Money, Move, Note, Overlay,
    People, Profile, SignIn, Till, Types,
};
use super::action::{
    AppAction as A, BoardAction as B, CalendarAction as C, DifferAction as Df, DoorAction as D,
    EventAction as E, FilterAction as V, FormAction as F, LogAction as L, MineAction as R, MoneyAction as Y,
    MoveAction as M, NoteAction as N, OverlayAction as O, PeopleAction as P, ProfileAction as Pr,
    SignInAction as S, TillAction as T, TypesAction as Ty,
};
use super::keymap::{Binding, Key, Scope};

const fn bind(
    scope: Scope,
    keys: &'static [Key],
    action: Action,
    brief: &'static str,
    help: &'static str,
    group: &'static str,
) -> Binding {
    Binding {
        scope,
        keys,
        action,
        brief,
        help,
        group,
        staff: false,
    }
}

const fn staff(binding: Binding) -> Binding {
    Binding {
        staff: true,
        ..binding
    }
}

const ENTER: Key = Key::plain(KeyCode::Enter);
const ESC: Key = Key::plain(KeyCode::Esc);
const TAB: Key = Key::plain(KeyCode::Tab);
const BACK_TAB: Key = Key::plain(KeyCode::BackTab);
const UP: Key = Key::plain(KeyCode::Up);
const DOWN: Key = Key::plain(KeyCode::Down);
const LEFT: Key = Key::plain(KeyCode::Left);
const RIGHT: Key = Key::plain(KeyCode::Right);
const INSERT: Key = Key::plain(KeyCode::Insert);
const DELETE: Key = Key::plain(KeyCode::Delete);
const HOME: Key = Key::plain(KeyCode::Home);
const END: Key = Key::plain(KeyCode::End);
const PAGE_UP: Key = Key::plain(KeyCode::PageUp);
const PAGE_DOWN: Key = Key::plain(KeyCode::PageDown);

/// Heading of what moves the cursor; the palette leaves these out.
pub(super) const MOVING: &str = "Moving";
const EVENTS: &str = "Events";
const VIEW: &str = "View";
const DOOR: &str = "Door";
const MONEY: &str = "Money";
pub(crate) const PEOPLE: &str = "People";
const FORM: &str = "Form";
pub(crate) const SCREENS: &str = "Screens";
const PROGRAM: &str = "Program";
const ACCOUNT: &str = "Account";
const ANSWER: &str = "Answer";

/// The table.
#[rustfmt::skip]
pub(super) static BINDINGS: &[Binding] = &[
    // Sign in
    bind(Scope::SignIn, &[ENTER], SignIn(S::Submit), "sign in", "sign in", ACCOUNT),
    bind(Scope::SignIn, &[TAB, DOWN], SignIn(S::Next), "", "next and previous field", MOVING),
    bind(Scope::SignIn, &[BACK_TAB, UP], SignIn(S::Previous), "", "next and previous field", MOVING),
    bind(Scope::SignIn, &[Key::ctrl('t')], SignIn(S::ShowPassword), "show password", "show or hide the password", ACCOUNT),
    // Calendar
    bind(Scope::Month, &[LEFT, Key::char('h')], Calendar(C::DayBack), "", "another day", MOVING),
    bind(Scope::Month, &[DOWN, Key::char('j')], Calendar(C::WeekOn), "", "another day", MOVING),
    bind(Scope::Month, &[UP, Key::char('k')], Calendar(C::WeekBack), "", "another day", MOVING),
    bind(Scope::Month, &[RIGHT, Key::char('l')], Calendar(C::DayOn), "", "another day", MOVING),
    bind(Scope::Month, &[ENTER], Calendar(C::Open), "open", "open the day, or its only event", EVENTS),
    bind(Scope::Month, &[TAB], Calendar(C::ToList), "", "to the day's list", MOVING),
    bind(Scope::Month, &[ESC], Calendar(C::FilterClear), "", "show every event again", VIEW),
    bind(Scope::Week, &[LEFT, Key::char('h')], Calendar(C::DayBack), "", "another day", MOVING),
    bind(Scope::Week, &[RIGHT, Key::char('l')], Calendar(C::DayOn), "", "another day", MOVING),
    bind(Scope::Week, &[ENTER], Calendar(C::Open), "open", "open the event", EVENTS),
    bind(Scope::Week, &[ESC], Calendar(C::FilterClear), "", "show every event again", VIEW),
    bind(Scope::DayList, &[ENTER, RIGHT, Key::char('l')], Calendar(C::Open), "open", "open the event", EVENTS),
    bind(Scope::DayList, &[ESC, TAB, BACK_TAB, LEFT, Key::char('h')], Calendar(C::ToGrid), "back", "back to the month", MOVING),
    bind(Scope::Agenda, &[ENTER, RIGHT, Key::char('l')], Calendar(C::Open), "open", "open the event", EVENTS),
    bind(Scope::Agenda, &[ESC], Calendar(C::FilterClear), "", "show every event again", VIEW),
    bind(Scope::EventPage, &[ESC, LEFT, Key::char('h')], Event(E::Close), "back", "back to the list", MOVING),
    bind(Scope::Filter, &[ENTER, DOWN, TAB], Calendar(C::FilterKeep), "keep", "keep the text", VIEW),
    bind(Scope::Filter, &[ESC], Calendar(C::FilterDrop), "drop", "drop the text", VIEW),
    bind(Scope::Event, &[Key::char('r')], Event(E::Register), "register", "register, or wait for a seat", EVENTS),
    bind(Scope::Event, &[Key::char('x')], Event(E::Cancel), "cancel", "cancel my registration", EVENTS),
    staff(bind(Scope::Event, &[Key::char('e')], Event(E::Edit), "edit", "edit the event", EVENTS)),
    staff(bind(Scope::Event, &[Key::char('p')], Event(E::People), "people", "the event's people: approvals, waitlist, late entries, results", EVENTS)),
    staff(bind(Scope::Event, &[Key::char('$')], Event(E::Payments), "payments", "the event's payments, and who has not paid", EVENTS)),
    staff(bind(Scope::Event, &[Key::char('D')], Event(E::Duplicate), "", "a new event like this one", EVENTS)),
    staff(bind(Scope::Event, &[Key::char('W')], Event(E::Repeat), "", "copy the event every week, or every few weeks", EVENTS)),
    staff(bind(Scope::Event, &[Key::char('X')], Event(E::Stop), "", "cancel the event with a reason, or reopen it", EVENTS)),
    bind(Scope::Event, &[Key::char('i')], Event(E::File), "", "the event as a calendar file (.ics)", EVENTS),
    bind(Scope::Calendar, &[Key::char('v')], Calendar(C::NextView), "view", "month, week or agenda", VIEW),
    bind(Scope::Calendar, &[Key::char('/')], Calendar(C::Filter), "find", "find by title, place, type or description", VIEW),
    bind(Scope::Calendar, &[Key::char('f')], Calendar(C::FilterPanel), "filter", "filter by type, seats, price, mine, days; sort", VIEW),
    staff(bind(Scope::Calendar, &[Key::char('n')], Calendar(C::New), "new", "new event", EVENTS)),
    staff(bind(Scope::Calendar, &[Key::char('T')], Calendar(C::Types), "", "the event types: add, rename, sort, remove", EVENTS)),
    bind(Scope::Calendar, &[Key::char('I')], Calendar(C::FileShown), "", "the events shown as a calendar file (.ics)", EVENTS),
    bind(Scope::Calendar, &[Key::char('M')], Calendar(C::FileMine), "", "my events as a calendar file (.ics)", EVENTS),
    bind(Scope::Calendar, &[Key::char('t')], Calendar(C::Today), "today", "today", VIEW),
    bind(Scope::Calendar, &[Key::char('[')], Calendar(C::MonthBack), "month", "another month; in the week, another week", VIEW),
    bind(Scope::Calendar, &[Key::char(']')], Calendar(C::MonthOn), "month", "another month; in the week, another week", VIEW),
    // Registrations
    bind(Scope::Registrations, &[ENTER, RIGHT, Key::char('l')], Mine(R::Open), "open", "open the event", EVENTS),
    bind(Scope::Registrations, &[Key::char('v'), TAB], Mine(R::Turn), "view", "what is to come, or what is over", VIEW),
    bind(Scope::Registrations, &[Key::char('/')], Mine(R::Find), "find", "find by title, place, type or status", VIEW),
    bind(Scope::Registrations, &[ESC], Mine(R::FindClear), "", "show every registration again", VIEW),
    bind(Scope::Registrations, &[Key::char('I')], Mine(R::File), "", "my events to come as a calendar file (.ics)", EVENTS),
    bind(Scope::RegistrationsFind, &[ENTER, DOWN, TAB], Mine(R::FindKeep), "keep", "keep the text", VIEW),
    bind(Scope::RegistrationsFind, &[ESC], Mine(R::FindDrop), "drop", "drop the text", VIEW),
    bind(Scope::News, &[ENTER], Mine(R::Seen), "seen", "seen: it does not come up again", ANSWER),
    bind(Scope::News, &[ESC], Mine(R::Later), "later", "later: it stays to be seen", ANSWER),
    // Check-in
    bind(Scope::CheckIn, &[ENTER], Door(D::CheckIn), "check in", "check in what is marked or typed", DOOR),
    bind(Scope::CheckIn, &[Key::f(2)], Door(D::WalkIn), "walk-in", "let somebody in who has not registered", DOOR),
    bind(Scope::CheckIn, &[Key::f(3)], Door(D::TakePayment), "", "take what is due and check in", DOOR),
    bind(Scope::CheckIn, &[Key::f(7)], Door(D::AdmitAnyway), "", "check in although refused, with a reason", DOOR),
    bind(Scope::CheckIn, &[Key::f(4)], Door(D::CheckOut), "", "check out what is marked or typed", DOOR),
    bind(Scope::CheckIn, &[Key::ctrl('x')], Door(D::ToggleCheckOut), "", "check people out of this event, or no longer", DOOR),
    bind(Scope::DoorList, &[Key::char(' ')], Door(D::Gather), "party", "put the person under the cursor into a party, or out of it", DOOR),
    bind(Scope::CheckIn, &[INSERT, Key::ctrl(' ')], Door(D::Gather), "", "the same, wherever the keys are; Enter then asks about all of them", DOOR),
    bind(Scope::CheckIn, &[Key::ctrl('n')], Door(D::ReadNote), "", "the note that is shown was read", DOOR),
    bind(Scope::CheckIn, &[Key::alt('n')], Door(D::WriteNote), "", "a note for the door: write, change or clear it", DOOR),
    bind(Scope::CheckIn, &[ESC], Door(D::Clear), "", "let the party go, clear the input, then the result", DOOR),
    bind(Scope::CheckIn, &[Key::ctrl('z')], Door(D::Undo), "", "take back the last check-in; in the field, undo", DOOR),
    bind(Scope::CheckIn, &[Key::ctrl('y')], Door(D::Redo), "", "check in again what was taken back", DOOR),
    bind(Scope::CheckIn, &[Key::f(12)], Door(D::Log), "", "the log of this door: filter, take back, keep as a file", DOOR),
    bind(Scope::CheckIn, &[Key::f(8)], Door(D::Why), "", "every rule's answer for what is marked or typed", DOOR),
    bind(Scope::CheckIn, &[Key::ctrl('r')], Door(D::Careful), "", "careful: look first, a second Enter lets in", DOOR),
    bind(Scope::CheckIn, &[Key::ctrl('f')], Door(D::Similar), "", "look for similar names: heard, misspelt, or half known", DOOR),
    bind(Scope::CheckIn, &[Key::f(6)], Door(D::ChooseEvent), "event", "choose another event", DOOR),
    bind(Scope::CheckIn, &[Key::f(9)], Door(D::Rehearse), "", "begin or end a rehearsal: nothing is sent", DOOR),
    bind(Scope::CheckIn, &[Key::f(10)], Door(D::Settle), "", "settle what the database saw otherwise", DOOR),
    // Profile
    bind(Scope::Profile, &[Key::char('p')], Profile(Pr::Pass), "pass", "my pass, large enough for a scanner", VIEW),
    // Leaderboard
    bind(Scope::Leaderboard, &[LEFT, Key::char('h')], Board(B::PeriodBack), "period", "all time, month or week", VIEW),
    bind(Scope::Leaderboard, &[RIGHT, Key::char('l')], Board(B::PeriodOn), "period", "all time, month or week", VIEW),
    bind(Scope::Leaderboard, &[Key::char('[')], Board(B::Previous), "last/this", "the month or week before, and the running one", VIEW),
    bind(Scope::Leaderboard, &[Key::char(']')], Board(B::Running), "last/this", "the month or week before, and the running one", VIEW),
    bind(Scope::Leaderboard, &[Key::char('m')], Board(B::Me), "me", "my own row", VIEW),
    bind(Scope::Leaderboard, &[Key::char('/')], Board(B::Find), "find", "find a member by name or user name", VIEW),
    bind(Scope::Leaderboard, &[Key::char('t')], Board(B::Types), "type", "the board of one type of events", VIEW),
    bind(Scope::Leaderboard, &[Key::ctrl('s')], Board(B::File), "", "write the whole board into a file (CSV)", VIEW),
    bind(Scope::BoardFind, &[ENTER], Board(B::FindTake), "go there", "go to the row of who is marked", VIEW),
    bind(Scope::BoardFind, &[ESC], Board(B::FindDrop), "back", "back to the board", VIEW),
    bind(Scope::BoardTypes, &[ENTER], Board(B::TypesTake), "choose", "choose what is marked", ANSWER),
    bind(Scope::BoardTypes, &[ESC, Key::char('q'), Key::char('t')], Board(B::TypesClose), "close", "close", ANSWER),
    bind(Scope::Earned, &[ENTER, ESC, Key::char(' ')], Overlay(O::Close), "close", "close: it does not come up again", ANSWER),
    // Form
    bind(Scope::FormChoice, &[LEFT], Form(F::ChoiceBack), "choice", "another type; approval or not", FORM),
    bind(Scope::FormChoice, &[RIGHT], Form(F::ChoiceOn), "choice", "another type; approval or not", FORM),
    bind(Scope::Form, &[Key::ctrl('s')], Form(F::Save), "save", "save", FORM),
    bind(Scope::Form, &[TAB], Form(F::Next), "field", "next and previous field", MOVING),
    bind(Scope::Form, &[BACK_TAB], Form(F::Previous), "field", "next and previous field", MOVING),
    bind(Scope::FormLine, &[ENTER, DOWN], Form(F::Next), "", "next and previous field, in one line", MOVING),
    bind(Scope::FormLine, &[UP], Form(F::Previous), "", "next and previous field, in one line", MOVING),
    bind(Scope::Form, &[ESC], Form(F::Close), "close", "close the form", FORM),
    // Filter
    bind(Scope::FilterChoice, &[LEFT], Filter(V::ChoiceBack), "choice", "another choice", FORM),
    bind(Scope::FilterChoice, &[RIGHT], Filter(V::ChoiceOn), "choice", "another choice", FORM),
    bind(Scope::FilterPanel, &[ENTER], Filter(V::Apply), "filter", "filter so", FORM),
    bind(Scope::FilterPanel, &[Key::ctrl('r')], Filter(V::Reset), "reset", "every field as it is without a filter", FORM),
    bind(Scope::FilterPanel, &[TAB, DOWN], Filter(V::Next), "field", "next and previous field", MOVING),
    bind(Scope::FilterPanel, &[BACK_TAB, UP], Filter(V::Previous), "field", "next and previous field", MOVING),
    bind(Scope::FilterPanel, &[ESC], Filter(V::Close), "close", "leave the filter as it was", FORM),
    bind(Scope::Differ, &[LEFT], Differ(Df::Theirs), "theirs", "take theirs of the marked field", FORM),
    bind(Scope::Differ, &[RIGHT], Differ(Df::Mine), "mine", "take mine of the marked field", FORM),
    bind(Scope::Differ, &[Key::char(' ')], Differ(Df::Other), "", "take the other of the two", FORM),
    bind(Scope::Differ, &[Key::char('t')], Differ(Df::AllTheirs), "all theirs", "take theirs of every field", FORM),
    bind(Scope::Differ, &[Key::char('m')], Differ(Df::AllMine), "all mine", "take mine of every field", FORM),
    bind(Scope::Differ, &[ENTER], Differ(Df::Take), "go on", "go on in the form with what is taken", FORM),
    bind(Scope::Differ, &[ESC], Differ(Df::Close), "back", "back to the form as it was", FORM),
    bind(Scope::StopEvent, &[ENTER, Key::ctrl('s')], Overlay(O::Take), "cancel the event", "cancel the event for the reason typed", ANSWER),
    bind(Scope::StopEvent, &[ESC], Overlay(O::Close), "leave it", "leave the event as it is", ANSWER),
    bind(Scope::Types, &[Key::char('n'), Key::char('a')], Types(Ty::Add), "new", "a new type", EVENTS),
    bind(Scope::Types, &[Key::char('e'), ENTER], Types(Ty::Rename), "rename", "rename the type, and with it its events'", EVENTS),
    bind(Scope::Types, &[Key::char('K'), Key::char('-')], Types(Ty::Up), "sort", "a place up and down", EVENTS),
    bind(Scope::Types, &[Key::char('J'), Key::char('+')], Types(Ty::Down), "sort", "a place up and down", EVENTS),
    bind(Scope::Types, &[Key::char('x'), Key::plain(KeyCode::Delete)], Types(Ty::Remove), "remove", "remove a type of which there are no events", EVENTS),
    bind(Scope::TypeName, &[ENTER, Key::ctrl('s')], Types(Ty::Keep), "keep", "keep the name", ANSWER),
    bind(Scope::Types, &[ESC, Key::char('q'), Key::char('T')], Types(Ty::Close), "close", "close", ANSWER),
    bind(Scope::TypeName, &[ESC], Types(Ty::Close), "leave it", "leave the name as it is", ANSWER),
    // Till
    bind(Scope::TillChoice, &[LEFT], Till(T::ChoiceBack), "way to pay", "another way to pay", FORM),
    bind(Scope::TillChoice, &[RIGHT], Till(T::ChoiceOn), "way to pay", "another way to pay", FORM),
    bind(Scope::Till, &[ENTER], Till(T::Go), "go on", "go on, and send when nothing is missing", FORM),
    bind(Scope::Till, &[Key::ctrl('s')], Till(T::Send), "check in", "check in now", FORM),
    bind(Scope::Till, &[ESC], Till(T::Close), "close", "close the form", FORM),
    bind(Scope::Till, &[TAB, DOWN], Till(T::Next), "field", "next and previous field", MOVING),
    bind(Scope::Till, &[BACK_TAB, UP], Till(T::Previous), "field", "next and previous field", MOVING),
    bind(Scope::WalkIn, &[Key::f(2)], Till(T::SomebodyNew), "somebody new", "somebody new instead of this member", FORM),
    // Money
    bind(Scope::Payments, &[ENTER], Money(Y::Go), "receipt", "the receipt, or take what is due", MONEY),
    bind(Scope::Payments, &[Key::char('p')], Money(Y::Pay), "pay", "take what is due", MONEY),
    bind(Scope::Payments, &[Key::char('r')], Money(Y::Refund), "refund", "give back all or a part", MONEY),
    bind(Scope::Payments, &[Key::char('c')], Money(Y::Correct), "correct", "correct a mistyped payment", MONEY),
    bind(Scope::Payments, &[Key::char('v')], Money(Y::Void), "void", "void a mistyped payment, or its last refund", MONEY),
    bind(Scope::Payments, &[Key::char('/')], Money(Y::Search), "search", "search by name, address or number", VIEW),
    bind(Scope::Payments, &[TAB, RIGHT], Money(Y::KindOn), "", "due, paid, refunded …: the next kind, and the one before", VIEW),
    bind(Scope::Payments, &[BACK_TAB, LEFT], Money(Y::KindBack), "", "due, paid, refunded …: the next kind, and the one before", VIEW),
    bind(Scope::Payments, &[Key::ctrl('s')], Money(Y::File), "as a file", "write what is listed into a file (CSV)", MONEY),
    bind(Scope::Payments, &[ESC], Money(Y::Close), "close", "drop the search, then close", ANSWER),
    bind(Scope::PaymentsSearch, &[ENTER, TAB], Money(Y::SearchKeep), "keep", "keep the search", VIEW),
    bind(Scope::PaymentsSearch, &[ESC], Money(Y::SearchDrop), "drop", "drop the search", VIEW),
    bind(Scope::PayingChoice, &[LEFT], Money(Y::ChoiceBack), "way to pay", "another way to pay", FORM),
    bind(Scope::PayingChoice, &[RIGHT], Money(Y::ChoiceOn), "way to pay", "another way to pay", FORM),
    bind(Scope::Paying, &[ENTER], Money(Y::Go), "go on", "the next field, and behind the last one send", FORM),
    bind(Scope::Paying, &[Key::ctrl('s')], Money(Y::Send), "send", "send now", FORM),
    bind(Scope::Paying, &[TAB, DOWN], Money(Y::Next), "field", "next and previous field", MOVING),
    bind(Scope::Paying, &[BACK_TAB, UP], Money(Y::Previous), "field", "next and previous field", MOVING),
    bind(Scope::Paying, &[ESC], Money(Y::Close), "close", "close the form", FORM),
    bind(Scope::Receipt, &[Key::ctrl('s')], Money(Y::File), "as a file", "write the receipt into a file", MONEY),
    bind(Scope::Receipt, &[ESC, ENTER, Key::char('q')], Money(Y::Close), "close", "close", ANSWER),
    bind(Scope::Takings, &[LEFT, Key::char('[')], Money(Y::DayBack), "day", "another day", VIEW),
    bind(Scope::Takings, &[RIGHT, Key::char(']')], Money(Y::DayOn), "day", "another day", VIEW),
    bind(Scope::Takings, &[Key::char('t')], Money(Y::Today), "today", "today", VIEW),
    bind(Scope::Takings, &[ENTER], Money(Y::Go), "payments", "the payments behind a row", MONEY),
    bind(Scope::Takings, &[Key::ctrl('s')], Money(Y::File), "as a file", "write the day into a file (CSV)", MONEY),
    bind(Scope::Takings, &[Key::char('w')], Money(Y::Channels), "ways to pay", "the ways to pay (administrators)", MONEY),
    bind(Scope::Takings, &[ESC], Money(Y::Close), "close", "close", ANSWER),
    bind(Scope::Channels, &[ENTER], Money(Y::Go), "rename", "another name from now on", MONEY),
    bind(Scope::Channels, &[Key::char('a')], Money(Y::Add), "add", "one more way to pay", MONEY),
    bind(Scope::Channels, &[Key::char('d')], Money(Y::Remove), "remove", "offer it no longer; what was paid by it stays", MONEY),
    bind(Scope::Channels, &[Key::char('[')], Money(Y::Earlier), "order", "up and down in the order", MONEY),
    bind(Scope::Channels, &[Key::char(']')], Money(Y::Later), "order", "up and down in the order", MONEY),
    bind(Scope::Channels, &[Key::ctrl('s')], Money(Y::Send), "save", "save", MONEY),
    bind(Scope::Channels, &[ESC], Money(Y::Close), "close", "close", ANSWER),
    bind(Scope::ChannelName, &[ENTER], Money(Y::SearchKeep), "take", "take the name", FORM),
    bind(Scope::ChannelName, &[ESC], Money(Y::SearchDrop), "drop", "leave the name as it was", FORM),
    // An event's people
    bind(Scope::People, &[Key::char('a')], People(P::Approve), "approve", "approve, also after a refusal", PEOPLE),
    bind(Scope::People, &[Key::char('r')], People(P::Reject), "reject", "refuse, with a reason", PEOPLE),
    bind(Scope::People, &[Key::char('x')], People(P::Cancel), "cancel", "cancel for them, with a reason", PEOPLE),
    bind(Scope::People, &[Key::char('l')], People(P::Late), "late", "enter that they were there", PEOPLE),
    bind(Scope::People, &[Key::ctrl('z')], People(P::TakeBack), "", "take an attendance back", PEOPLE),
    bind(Scope::People, &[Key::char('t')], People(P::Place), "place", "who came first, second, third", PEOPLE),
    bind(Scope::People, &[Key::char('p')], People(P::Pay), "pay", "take what is due", PEOPLE),
    bind(Scope::People, &[Key::char('P')], People(P::Refund), "", "give back all or a part", PEOPLE),
    bind(Scope::People, &[Key::char('m')], People(P::Move), "", "move to another event", PEOPLE),
    bind(Scope::People, &[Key::char('u')], People(P::Promote), "", "up in the waitlist", PEOPLE),
    bind(Scope::People, &[Key::char('n')], People(P::Note), "note", "a note for other staff", PEOPLE),
    bind(Scope::People, &[Key::char('A')], People(P::Add), "add", "register a member", EVENTS),
    bind(Scope::People, &[Key::char(' ')], People(P::Mark), "mark", "mark, or mark no longer; the next key is about all marked", VIEW),
    bind(Scope::People, &[Key::char('*')], People(P::MarkAll), "", "mark all that are listed, or none", VIEW),
    bind(Scope::People, &[Key::char('/')], People(P::Search), "search", "search by name, user name, address or pass", VIEW),
    bind(Scope::People, &[Key::char('f')], People(P::Panel), "filter", "filter by status, payment, attendance; order", VIEW),
    bind(Scope::People, &[TAB], People(P::KindOn), "", "registered, pending, waitlist …: the next kind, and the one before", VIEW),
    bind(Scope::People, &[BACK_TAB], People(P::KindBack), "", "registered, pending, waitlist …: the next kind, and the one before", VIEW),
    bind(Scope::People, &[Key::char('s')], People(P::Sort), "", "another order", VIEW),
    bind(Scope::People, &[Key::char('S')], People(P::Reverse), "", "the order backwards, or forwards", VIEW),
    bind(Scope::People, &[ENTER], People(P::Open), "", "one of them in full", VIEW),
    bind(Scope::People, &[Key::char('$')], People(P::Payments), "", "the event's payments, and who has not paid", EVENTS),
    bind(Scope::People, &[Key::ctrl('s')], People(P::File), "", "write all that are listed into a file (CSV)", EVENTS),
    bind(Scope::People, &[ESC], People(P::Close), "back", "let the marked go, drop the search, then back", MOVING),
    bind(Scope::PeopleSearch, &[ENTER, TAB], People(P::SearchKeep), "keep", "keep the search", VIEW),
    bind(Scope::PeopleSearch, &[ESC], People(P::SearchDrop), "drop", "drop the search", VIEW),
    bind(Scope::PeoplePanel, &[LEFT], People(P::ChoiceBack), "choice", "another choice", FORM),
    bind(Scope::PeoplePanel, &[RIGHT], People(P::ChoiceOn), "choice", "another choice", FORM),
    bind(Scope::PeoplePanel, &[ENTER], People(P::Take), "filter", "filter so", FORM),
    bind(Scope::PeoplePanel, &[Key::ctrl('r')], People(P::Reset), "reset", "every field as it is without a filter", FORM),
    bind(Scope::PeoplePanel, &[TAB, DOWN], People(P::Next), "field", "next and previous field", MOVING),
    bind(Scope::PeoplePanel, &[BACK_TAB, UP], People(P::Previous), "field", "next and previous field", MOVING),
    bind(Scope::PeoplePanel, &[ESC], People(P::Close), "close", "leave the filter as it was", FORM),
    bind(Scope::PeopleAskChoice, &[LEFT], People(P::ChoiceBack), "choice", "into the waitlist there, or not", FORM),
    bind(Scope::PeopleAskChoice, &[RIGHT], People(P::ChoiceOn), "choice", "into the waitlist there, or not", FORM),
    bind(Scope::PeopleAskLines, &[TAB, DOWN], People(P::Next), "field", "next and previous field", MOVING),
    bind(Scope::PeopleAskLines, &[BACK_TAB, UP], People(P::Previous), "field", "next and previous field", MOVING),
    bind(Scope::PeopleAsk, &[ENTER, Key::ctrl('s')], People(P::Take), "send", "send what is typed", FORM),
    bind(Scope::PeopleAsk, &[ESC], People(P::Close), "leave it", "leave everything as it is", FORM),
    bind(Scope::PeopleFind, &[ENTER], People(P::Take), "choose", "choose what is marked", ANSWER),
    bind(Scope::PeopleFind, &[ESC], People(P::Close), "close", "close", ANSWER),
    bind(Scope::PeoplePlace, &[Key::char('1')], People(P::First), "first", "they came first", ANSWER),
    bind(Scope::PeoplePlace, &[Key::char('2')], People(P::Second), "second", "they came second", ANSWER),
    bind(Scope::PeoplePlace, &[Key::char('3')], People(P::Third), "third", "they came third", ANSWER),
    bind(Scope::PeoplePlace, &[Key::char('0'), DELETE], People(P::NoPlace), "none", "they have no place", ANSWER),
    bind(Scope::PeoplePlace, &[ESC], People(P::Close), "leave it", "leave everything as it is", ANSWER),
    bind(Scope::PeopleReport, &[ESC, ENTER, Key::char('q')], People(P::Close), "close", "close", ANSWER),
    // Overlays
    bind(Scope::Confirm, &[Key::char('y')], Overlay(O::Yes), "yes", "yes, do it", ANSWER),
    bind(Scope::Confirm, &[ESC, Key::char('n')], Overlay(O::Close), "no", "no, leave it", ANSWER),
    bind(Scope::Help, &[ESC, Key::char('q'), Key::char('?'), Key::f(1)], Overlay(O::Close), "close", "close", ANSWER),
    bind(Scope::Palette, &[ENTER], Overlay(O::Take), "do", "do what is marked", ANSWER),
    bind(Scope::Palette, &[ESC, Key::ctrl('p')], Overlay(O::Close), "close", "close", ANSWER),
    bind(Scope::Picker, &[ENTER], Overlay(O::Take), "choose", "choose what is marked", ANSWER),
    bind(Scope::Picker, &[ESC, Key::f(6)], Overlay(O::Close), "close", "close", ANSWER),
    bind(Scope::DoorLog, &[Key::ctrl('z')], Log(L::TakeBack), "take back", "take back whom the marked row let through", DOOR),
    bind(Scope::DoorLog, &[ENTER], Log(L::Go), "", "take back for the reason typed", DOOR),
    bind(Scope::DoorLog, &[Key::ctrl('s')], Log(L::Save), "as a file", "write what is shown into a file (CSV)", DOOR),
    bind(Scope::DoorLog, &[ESC, Key::f(12)], Log(L::Close), "close", "leave the reason, or the log", ANSWER),
    bind(Scope::Pass, &[ESC, ENTER, Key::char('q'), Key::char('p')], Overlay(O::Close), "close", "close", ANSWER),
    bind(Scope::Why, &[ESC, ENTER, Key::char('q'), Key::f(8)], Overlay(O::Close), "close", "close", ANSWER),
    bind(Scope::Note, &[ENTER, Key::ctrl('s')], Note(N::Save), "keep", "keep the note", FORM),
    bind(Scope::Note, &[ESC], Note(N::Close), "close", "close the form", FORM),
    bind(Scope::NoteReader, &[Key::ctrl('n')], Overlay(O::Take), "read", "it was read", ANSWER),
    bind(Scope::NoteReader, &[ESC], Overlay(O::Close), "not yet", "not yet: it stays to be read", ANSWER),
    bind(Scope::Party, &[ENTER], Overlay(O::Take), "check in", "check everybody of the party in", ANSWER),
    bind(Scope::Party, &[DELETE, Key::char(' ')], Overlay(O::Drop), "leave out", "leave the marked one out", ANSWER),
    bind(Scope::Party, &[ESC], Overlay(O::Close), "back", "back to the list; the party stays", ANSWER),
    bind(Scope::Settle, &[Key::char('s')], Overlay(O::Take), "settled", "settled: take it off the list", ANSWER),
    bind(Scope::Settle, &[ESC, Key::f(10)], Overlay(O::Close), "close", "close", ANSWER),
    bind(Scope::Lock, &[ENTER], Overlay(O::Unlock), "go on", "go on where you were", ACCOUNT),
    bind(Scope::Lock, &[Key::ctrl('o')], Overlay(O::SomebodyElse), "somebody else", "sign in as somebody else", ACCOUNT),
    // Lists
    bind(Scope::List, &[UP, Key::char('k')], Move(M::Up), "", "up and down", MOVING),
    bind(Scope::List, &[DOWN, Key::char('j')], Move(M::Down), "", "up and down", MOVING),
    bind(Scope::List, &[PAGE_UP], Move(M::PageUp), "", "a page up and down", MOVING),
    bind(Scope::List, &[PAGE_DOWN], Move(M::PageDown), "", "a page up and down", MOVING),
    bind(Scope::List, &[HOME, Key::char('g')], Move(M::First), "", "first and last", MOVING),
    bind(Scope::List, &[END, Key::char('G')], Move(M::Last), "", "first and last", MOVING),
    bind(Scope::Choice, &[UP], Move(M::Up), "", "up and down", MOVING),
    bind(Scope::Choice, &[DOWN], Move(M::Down), "", "up and down", MOVING),
    bind(Scope::Choice, &[PAGE_UP], Move(M::PageUp), "", "a page up and down", MOVING),
    bind(Scope::Choice, &[PAGE_DOWN], Move(M::PageDown), "", "a page up and down", MOVING),
    // Any screen
    bind(Scope::Desk, &[Key::char('1'), Key::alt('1')], App(A::GoCalendar), "", "calendar", SCREENS),
    bind(Scope::Desk, &[Key::char('2'), Key::alt('2')], App(A::GoRegistrations), "", "my registrations", SCREENS),
    staff(bind(Scope::Desk, &[Key::char('3'), Key::alt('3')], App(A::GoCheckIn), "", "check-in", SCREENS)),
    bind(Scope::Desk, &[Key::char('4'), Key::alt('4')], App(A::GoProfile), "", "profile", SCREENS),
    bind(Scope::Desk, &[Key::char('5'), Key::alt('5')], App(A::GoLeaderboard), "", "leaderboard", SCREENS),
    bind(Scope::Desk, &[Key::char('N')], Mine(R::News), "", "what others did to my registrations", EVENTS),
    staff(bind(Scope::Desk, &[Key::ctrl('t')], App(A::Takings), "", "a day's takings", MONEY)),
    staff(bind(Scope::Desk, &[Key::ctrl('l')], App(A::Lock), "", "lock the screen", ACCOUNT)),
    bind(Scope::Desk, &[Key::ctrl('o')], App(A::SignOut), "", "sign out", ACCOUNT),
    bind(Scope::Global, &[Key::char('?'), Key::f(1)], App(A::Help), "help", "help for this screen", PROGRAM),
    bind(Scope::Global, &[Key::ctrl('p')], App(A::Palette), "", "find a command by name", PROGRAM),
    bind(Scope::Global, &[Key::f(5)], App(A::Refresh), "", "refresh", PROGRAM),
    bind(Scope::Desk, &[Key::char('q')], App(A::Quit), "quit", "quit", PROGRAM),
    bind(Scope::Always, &[Key::ctrl('c')], App(A::Quit), "", "quit from anywhere", PROGRAM),
];
