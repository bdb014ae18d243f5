//! What the model does about my registrations and the news of them: which event keys are about, where answers go, and
//! when a card with news comes by itself.

use crate::domain::Call;
use crate::domain::Fault;
use crate::domain::event::EventLine;
use crate::domain::seats::{SeatsAnswer, SeatsCall};

use super::action::MineAction;
use super::effect::Lane;
use super::geometry::{self, Fit};
use super::model::Model;
use super::news::{self, NewsCard};
use super::overlay::Overlay;
use super::requests::{MineWant, Want};
use super::screens::Tab;
use super::screens::event_page::Detail;

/// The result with its answer unpacked. An answer of another kind is a fault of the data layer, and told as one.
macro_rules! unpack {
    ($result:expr, $pattern:pat => $value:expr) => {
        match $result {
            Ok($pattern) => Ok($value),
            Ok(_) => Err(Fault::Internal),
            Err(fault) => Err(fault),
        }
    };
}

impl Model {
    /// The event that keys are about: under the cursor of the screen, or on its page.
    pub(super) fn event_at_hand(&self) -> Option<&EventLine> {
        if self.tab == Tab::Registrations {
            self.registrations.target()
        } else {
            self.calendar.target()
        }
    }

    /// The event page of the screen, and what its list knows of the event.
    pub(crate) fn page_at_hand(&self) -> (&Detail, Option<&EventLine>) {
        if self.tab == Tab::Registrations {
            let detail = &self.registrations.detail;
            return (detail, detail.id.and_then(|id| self.registrations.line(id)));
        }
        let detail = &self.calendar.detail;
        (detail, detail.id.and_then(|id| self.calendar.line(id)))
    }

    pub(super) fn page_at_hand_mut(&mut self) -> &mut Detail {
        if self.tab == Tab::Registrations {
            &mut self.registrations.detail
        } else {
            &mut self.calendar.detail
        }
    }

    /// An event has changed by something done here.
    pub(super) fn mine_touched(&mut self, line: Option<&EventLine>) {
        let on_screen = self.tab == Tab::Registrations;
        if let Some(line) = line {
            self.registrations.touch(line, on_screen, &mut self.cx);
        }
    }

    // ---- keys ----

    pub(super) fn why_not_mine(&self, action: MineAction) -> Option<String> {
        match action {
            MineAction::News if self.cx.news.items().is_empty() => {
                Some("There is no news about your registrations.".to_owned())
            }
            MineAction::Seen => self.cx.needs_link("Marking it as seen"),
            _ => None,
        }
    }

    pub(super) fn act_on_mine(&mut self, action: MineAction) {
        match action {
            MineAction::News => self.open_news(),
            MineAction::Seen | MineAction::Later => {
                if let Some(Overlay::News(card)) = self.overlays.last_mut()
                    && let Some((event, at)) = card.act(action, &mut self.cx)
                {
                    self.registrations.seen(event, at);
                }
            }
            _ => self.registrations.act(action, &mut self.cx),
        }
    }

    // ---- news ----

    /// Asks for news behind the list of a screen on which members plan: with every look, and on no connection besides.
    pub(super) fn ask_news(&mut self) {
        let wanted = self.cx.me.is_some() && self.tab.shows_events();
        let want = Want::Mine(MineWant::News);
        if wanted && !self.cx.requests.awaits(&want) {
            self.cx.ask(want, Lane::News, Call::Seats(SeatsCall::News));
        }
    }

    fn open_news(&mut self) {
        let card = NewsCard::new(&self.cx);
        self.overlays.push(Overlay::News(card));
    }

    /// A card with what has not been told comes by itself, unless something else has the keys.
    fn offer_news(&mut self) {
        let elsewhere = !self.tab.shows_events() || self.has_people() || self.has_visit();
        let busy = elsewhere || !self.overlays.is_empty() || self.is_typing();
        let fits = geometry::fit(self.cx.setup.size, false) == Fit::Full;
        if !busy && fits && !self.cx.rehearsing && self.cx.news.is_untold() {
            self.open_news();
        }
    }

    // ---- answers ----

    pub(super) fn mine_answered(&mut self, want: MineWant, result: Result<SeatsAnswer, Fault>) {
        match want {
            MineWant::Page { part, after } => {
                let result = unpack!(result, SeatsAnswer::Mine(page) => page);
                let looked = result.is_ok() && after.is_none();
                self.registrations.answered(part, after, result, &mut self.cx);
                if looked {
                    self.ask_news();
                }
            }
            MineWant::News => {
                // What is known stays when it cannot be asked; the link is told of elsewhere.
                if let Ok(SeatsAnswer::News(items)) = result {
                    self.cx.news.take(items);
                    let nothing = self.cx.news.items().is_empty();
                    self.overlays
                        .retain(|overlay| !(nothing && matches!(overlay, Overlay::News(_))));
                    for overlay in &mut self.overlays {
                        if let Overlay::News(card) = overlay {
                            card.fit(&self.cx);
                        }
                    }
                    self.offer_news();
                    self.ask_earned();
                }
            }
            MineWant::Seen { event, at } => {
                let result = unpack!(result, SeatsAnswer::NewsSeen(seen) => seen);
                let all = result.as_ref().is_ok_and(|seen| *seen);
                news::seen_answered((event, at), result, &mut self.cx);
                if !all {
                    self.ask_news();
                }
            }
        }
    }
}
