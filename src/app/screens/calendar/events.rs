//! The events as they came, with what searching, placing and finding need of them at hand, so that no key has to work
//! it out again for all of them.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};

use crate::app::words;
use crate::domain::event::{EventId, EventLine};
use crate::domain::when::Zone;

/// A first and a last day.
pub(crate) type Days = (NaiveDate, NaiveDate);

/// Events of a span of days, by start.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Events {
    pub(crate) lines: Vec<EventLine>,
    /// The days that were asked for.
    pub(crate) span: Days,
    folded: Vec<String>,
    days: Vec<Days>,
    by_id: HashMap<EventId, usize>,
}

impl Events {
    pub(crate) fn new(lines: Vec<EventLine>, span: Days, zone: Zone) -> Self {
        let mut events = Self {
            folded: lines.iter().map(fold).collect(),
            lines,
            span,
            days: Vec::new(),
            by_id: HashMap::new(),
        };
        events.place(zone);
        events
    }

    /// Puts every event on its days.
    pub(crate) fn place(&mut self, zone: Zone) {
        self.days = self.lines.iter().map(|line| days(line, zone)).collect();
        self.by_id = self.lines.iter().map(|line| line.id).zip(0..).collect();
    }

    pub(crate) fn at(&self, id: EventId) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    pub(crate) fn line(&self, id: EventId) -> Option<&EventLine> {
        self.lines.get(self.at(id)?)
    }

    /// The first and last day that an event touches.
    pub(crate) fn days(&self, index: usize) -> Option<Days> {
        self.days.get(index).copied()
    }

    /// Title, place and type, folded.
    pub(crate) fn folded(&self, index: usize) -> &str {
        self.folded.get(index).map_or("", String::as_str)
    }

    /// Takes an event as it now stands; one that is new only with `add`.
    pub(crate) fn take(&mut self, line: EventLine, add: bool, zone: Zone) {
        match self.at(line.id) {
            Some(at) if self.lines[at].start_time == line.start_time => {
                self.folded[at] = fold(&line);
                self.days[at] = days(&line, zone);
                self.lines[at] = line;
                return;
            }
            Some(at) => {
                self.lines.remove(at);
                self.folded.remove(at);
            }
            None if !add => return,
            None => {}
        }
        let key = (line.start_time, line.id);
        let at = self
            .lines
            .partition_point(|other| (other.start_time, other.id) < key);
        self.folded.insert(at, fold(&line));
        self.lines.insert(at, line);
        self.place(zone);
    }
}

fn fold(line: &EventLine) -> String {
    words::fold(&[&line.title, &line.location, &line.event_type])
}

/// An event that ends at midnight does not touch the next day.
fn days(line: &EventLine, zone: Zone) -> Days {
    let end = (line.end_time - TimeDelta::seconds(1)).max(line.start_time);
    (zone.day(line.start_time), zone.day(end))
}
