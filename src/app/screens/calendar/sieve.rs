//! The filter at work: the text that is typed, the wishes of the panel, and what the database found in descriptions.
//!
//! Title, place and type are looked through here, at the key. Descriptions are not carried along with every event: they
//! may have ten thousand letters each, and the events are asked for again every few seconds. The database looks
//! through them, and what it finds joins the list when it comes.

use std::collections::HashSet;

use super::events::Events;
use super::{Calendar, Pane, View};
use crate::app::context::{Context, Tone, Wish};
use crate::app::effect::Lane;
use crate::app::overlay::Overlay;
use crate::app::overlay::filter::FilterPanel;
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::calendar::CalendarCall;
use crate::domain::event::EventId;
use crate::domain::event_filter::{EventFilter, SortBy, behind};
use crate::domain::{Call, Fault};

/// What the database found, and for which words.
#[derive(Debug, Default)]
pub(crate) struct About {
    words: String,
    found: HashSet<EventId>,
    failed: bool,
}

impl Calendar {
    /// What is typed, without what is around it.
    pub(crate) fn text(&self) -> &str {
        self.filter.text().trim()
    }

    /// Whether anything is held back.
    pub(crate) fn is_filtered(&self) -> bool {
        !self.text().is_empty() || self.criteria.is_set()
    }

    /// Which events come through a filter, by start.
    pub(crate) fn sifted<'a>(
        &'a self,
        criteria: &'a EventFilter,
        events: &'a Events,
        cx: &Context,
    ) -> impl Iterator<Item = usize> + 'a {
        let needle = words::fold(&[self.text()]);
        let needles: Vec<String> = needle.split_whitespace().map(str::to_owned).collect();
        let found = (self.about.words == self.text()).then_some(&self.about.found);
        let now = cx.now();
        let lines = events.lines.iter().enumerate();
        lines
            .filter(move |(index, line)| {
                let folded = events.folded(*index);
                let text = needles.iter().all(|needle| folded.contains(needle.as_str()))
                    || found.is_some_and(|found| found.contains(&line.id));
                text && events
                    .days(*index)
                    .is_some_and(|days| criteria.lets(line, days, now))
            })
            .map(|(index, _)| index)
    }

    /// Puts the agenda's rows in the order that is wished for.
    pub(super) fn sort(&mut self) {
        let Some(events) = self.events.get() else { return };
        match self.criteria.sort {
            SortBy::Start => {}
            SortBy::Title => self
                .shown
                .sort_by(|a, b| events.folded(*a).cmp(events.folded(*b)).then(a.cmp(b))),
            SortBy::Price => self
                .shown
                .sort_by_key(|index| (events.lines[*index].price, *index)),
        }
    }

    // ---- text ----

    pub(super) fn text_edited(&mut self, cx: &mut Context) {
        self.about.failed = false;
        self.ask_about(cx);
        self.arrange(cx);
    }

    /// Asks the database which texts have the words.
    pub(super) fn ask_about(&mut self, cx: &mut Context) {
        let words = self.text().to_owned();
        if words.is_empty() {
            return;
        }
        let (from, last) = self.window();
        let zone = cx.zone();
        let call = Call::Calendar(CalendarCall::About {
            from: zone.midnight(from),
            to: zone.midnight(behind(last)),
            words: words.clone(),
        });
        cx.ask(Want::About(words), Lane::Search, call);
    }

    pub(crate) fn about_answered(
        &mut self,
        words: String,
        result: Result<Vec<EventId>, Fault>,
        cx: &mut Context,
    ) {
        match result {
            Ok(found) => {
                self.about = About {
                    words,
                    found: found.into_iter().collect(),
                    failed: false,
                };
                self.arrange(cx);
            }
            Err(_) => self.about.failed = true,
        }
    }

    // ---- panel ----

    /// Asks for the types that the panel offers, unless they are here.
    pub(crate) fn ask_types(&mut self, cx: &mut Context) {
        if self.types.get().is_none() {
            cx.fetch(&mut self.types, Want::FilterTypes, Lane::Poll, Call::EventTypes);
        }
    }

    pub(super) fn open_panel(&mut self, cx: &mut Context) {
        self.ask_types(cx);
        let panel = FilterPanel::new(&self.criteria, cx);
        cx.wish(Wish::Open(Box::new(Overlay::Filter(Box::new(panel)))));
    }

    /// Takes the panel's filter.
    pub(crate) fn set_criteria(&mut self, criteria: EventFilter, cx: &mut Context) {
        let before = self.window();
        if criteria.sort != SortBy::Start && criteria.sort != self.criteria.sort {
            // Only there an order can be seen.
            self.view = View::Agenda;
        }
        self.criteria = criteria;
        if let Some((first, last)) = self.criteria.range() {
            let day = self.day.clamp(first, last);
            if day != self.day {
                self.day = day;
                self.anchor = day;
                self.selected = None;
            }
        }
        self.arrange(cx);
        if self.window() != before {
            self.ask(cx);
        }
    }

    /// Lets everything through again.
    pub(super) fn clear_filter(&mut self, cx: &mut Context) {
        if !self.is_filtered() {
            return;
        }
        self.filter.clear();
        self.set_criteria(EventFilter::default(), cx);
        cx.say(Tone::Plain, "Every event is shown again.");
    }

    /// What the message line says while nothing else is said: the filter, and how to be rid of it.
    pub(crate) fn hint(&self, cx: &Context) -> Option<String> {
        if !self.is_filtered() || self.detail.open {
            return None;
        }
        if self.filtering {
            return Some(self.criteria.words(cx.today(), cx.currency()).join(" · "));
        }
        let keys = match self.pane {
            Pane::Grid => "Esc clears",
            Pane::List => "f changes it",
        };
        Some(format!("▾ {}   {keys}", self.filter_words(cx)))
    }

    /// What is asked for, in words; empty when everything is shown.
    pub(crate) fn filter_words(&self, cx: &Context) -> String {
        let mut words = Vec::new();
        if !self.text().is_empty() {
            let narrow = self.about.failed || cx.link.is_down();
            let where_to = if narrow {
                " in titles, places and types"
            } else {
                ""
            };
            words.push(format!("“{}”{where_to}", self.text()));
        }
        words.extend(self.criteria.words(cx.today(), cx.currency()));
        words.join(" · ")
    }
}
