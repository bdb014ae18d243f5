//! An event's people over a tab: opened, closed, and clicked.

use crate::domain::event::EventLine;

use super::geometry;
use super::model::Model;
use super::mouse::row_at;
use super::screens::people::People;

impl Model {
    /// The people of the event, if they are what is seen of the tab.
    pub(crate) fn people_in_view(&self) -> Option<&People> {
        self.people.as_deref().filter(|people| people.tab == self.tab)
    }

    pub(crate) fn has_people(&self) -> bool {
        self.people_in_view().is_some()
    }

    /// Shows an event's people over the tab, or what is beneath them.
    pub(super) fn show_people(&mut self, line: Option<EventLine>) {
        let closed = line.is_none();
        self.people = line.map(|line| Box::new(People::new(self.tab, line, &mut self.cx)));
        if closed {
            self.refresh();
        }
    }

    pub(super) fn click_people(&mut self, x: u16, y: u16) {
        let list = geometry::people(self.cx.setup.size).list;
        if let Some(people) = &mut self.people
            && let Some(at) = row_at(list, 1, people.table.cursor.top, x, y)
        {
            people.pick(at, &mut self.cx);
        }
    }
}
