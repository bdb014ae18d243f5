//! What is on the screens grows old when the link is lost: it is kept, and marked with the time from which it is.

use super::model::Model;
use super::overlay::Overlay;

impl Model {
    /// Marks everything that came from the database as old.
    pub(super) fn age(&mut self) {
        self.calendar.age();
        self.check_in.age();
        self.board.age();
        self.age_pages();
        self.profile.age();
        if let Some(people) = &mut self.people {
            people.age();
        }
        if let Some(profile) = &mut self.visit {
            profile.age();
        }
        self.registrations.age();
        if let Some(kiosk) = &mut self.kiosk {
            kiosk.page.age();
        }
        self.members.age();
        for overlay in &mut self.overlays {
            if let Overlay::Money(money) = overlay {
                money.age();
            }
        }
    }
}
