//! Where keys go at one moment: the scopes that hold, innermost first, and whether letters are text. What the keys then do is
//! in [`super::input`].

use super::keymap::{self, Chain, Key, Scope, chains};
use super::model::Model;
use super::overlay::Overlay;
use super::screens::Tab;
use super::screens::calendar::{Pane, View};

impl Model {
    /// The scopes that hold now, without overlays.
    fn screen_chain(&self) -> Chain {
        if self.cx.me.is_none() {
            return self.kiosk.as_ref().map_or(chains::SIGN_IN, |kiosk| kiosk.chain());
        }
        if self.has_visit() {
            return chains::MEMBER_PROFILE;
        }
        if let Some(people) = self.people_in_view() {
            return people.chain();
        }
        match self.tab {
            Tab::Calendar if self.calendar.detail.open => chains::EVENT_PAGE,
            Tab::Calendar if self.calendar.filtering => chains::FILTER,
            Tab::Calendar => match (self.calendar.view, self.calendar.pane) {
                (View::Week, _) => chains::WEEK,
                (View::Agenda, _) => chains::AGENDA,
                (View::Month, Pane::Grid) => chains::MONTH,
                (View::Month, Pane::List) => chains::DAY_LIST,
            },
            Tab::Registrations if self.registrations.detail.open => chains::EVENT_PAGE,
            Tab::Registrations if self.registrations.finding => chains::REGISTRATIONS_FIND,
            Tab::Registrations => chains::REGISTRATIONS,
            Tab::CheckIn if self.check_in.is_in_list() => chains::DOOR_LIST,
            Tab::CheckIn => chains::CHECK_IN,
            Tab::Profile => chains::PROFILE,
            Tab::Leaderboard => self.board.chain(),
            Tab::Insights => self.page_chain(),
            Tab::Members => self.members.chain(),
        }
    }

    /// The scopes that hold now.
    pub(crate) fn chain(&self) -> Chain {
        self.overlays
            .last()
            .map_or_else(|| self.screen_chain(), Overlay::chain)
    }

    /// Whether printable keys go into a field.
    pub(crate) fn is_typing(&self) -> bool {
        match self.overlays.last() {
            Some(
                Overlay::Form(_)
                | Overlay::Filter(_)
                | Overlay::Palette(_)
                | Overlay::Log(_)
                | Overlay::Lock(_)
                | Overlay::Note(_)
                | Overlay::Stop(_)
                | Overlay::Till(_),
            ) => true,
            Some(Overlay::Money(money)) => money.is_typing(),
            Some(Overlay::Sheet(sheet)) => sheet.is_typing(),
            Some(Overlay::BadgeRules(rules)) => rules.is_typing(),
            Some(Overlay::Types(types)) => types.name.is_some(),
            Some(_) => false,
            None if self.cx.me.is_none() => true,
            None if self.has_visit() => false,
            None if self.has_people() => self.people.as_ref().is_some_and(|people| people.is_typing()),
            None => match self.tab {
                Tab::Calendar => self.calendar.filtering && !self.calendar.detail.open,
                Tab::Registrations => self.registrations.finding && !self.registrations.detail.open,
                Tab::CheckIn => true,
                Tab::Leaderboard => self.board.is_typing(),
                Tab::Members => self.members.is_typing(),
                Tab::Insights => self.page_is_typing(),
                Tab::Profile => false,
            },
        }
    }

    /// Whether a letter is a command although letters go into a field: Space, in the door's list.
    pub(crate) fn is_command(&self, key: Key) -> bool {
        let inner = self.chain().first();
        inner == Some(&Scope::DoorList) && keymap::find(&[Scope::DoorList], key, true).is_some()
    }
}
