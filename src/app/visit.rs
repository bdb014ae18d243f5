//! Another member's profile over a tab, or over an event's people: opened, closed, clicked, and answered.

use crate::domain::Fault;
use crate::domain::game::GameAnswer;
use crate::domain::member::{MemberId, MemberName};

use super::geometry;
use super::model::Model;
use super::mouse::row_at;
use super::screens::profile::{Profile, ProfileWant};

impl Model {
    /// The other member's profile, if it is what is seen of the tab.
    pub(crate) fn visit_in_view(&self) -> Option<&Profile> {
        let here = |profile: &&Profile| profile.of.as_ref().is_some_and(|visit| visit.tab == self.tab);
        self.visit.as_deref().filter(here)
    }

    pub(crate) fn has_visit(&self) -> bool {
        self.visit_in_view().is_some()
    }

    /// Shows another member's profile over the tab, or what is beneath it.
    pub(super) fn show_profile(&mut self, who: Option<MemberName>) {
        let closed = who.is_none();
        self.visit = who
            .filter(|_| self.cx.is_staff())
            .map(|who| Box::new(Profile::of(who, self.tab, &mut self.cx)));
        if closed {
            self.refresh();
        }
    }

    pub(super) fn click_visit(&mut self, x: u16, y: u16) {
        let size = self.cx.setup.size;
        let Some(profile) = self.visit.as_deref_mut() else {
            return;
        };
        let list = geometry::profile(size, profile.face).ledger;
        if let Some(at) = row_at(list, 1, profile.top(), x, y) {
            profile.pick(at, &mut self.cx);
        }
    }

    /// An answer about another member's game; of one who is not looked at any more, it is nobody's.
    pub(super) fn visit_answered(
        &mut self,
        member: MemberId,
        want: ProfileWant,
        result: Result<GameAnswer, Fault>,
    ) {
        let of = |profile: &Profile| profile.of.as_ref().is_some_and(|visit| visit.who.id == member);
        if let Some(profile) = self.visit.as_deref_mut().filter(|profile| of(profile)) {
            profile.answered(want, result, &mut self.cx);
        }
    }
}
