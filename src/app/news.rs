//! What others did to my registrations and I have not seen: kept until I say that I have, told on a card by itself once.

use chrono::TimeDelta;

use crate::domain::Timestamp;
use crate::domain::event::{EventId, RegistrationStatus};
use crate::domain::seats::{MyLine, News as Kind, SeatsCall};
use crate::domain::{Call, Fault};

use super::action::{MineAction, MoveAction};
use super::context::{Context, Tone, Wish};
use super::effect::Lane;
use super::requests::{MineWant, Want};
use super::words;

/// A key within this time of a card's coming was meant for what was there before.
const UNREAD: TimeDelta = TimeDelta::milliseconds(700);

/// One piece of news: which event, and when.
pub(crate) type Key = (EventId, Timestamp);

fn key(line: &MyLine) -> Option<Key> {
    Some((line.event.id, line.registration.news_at?))
}

/// All of it, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct News {
    items: Vec<MyLine>,
    /// The card with these was put away: they do not bring it back by themselves.
    told: Vec<Key>,
    /// I said that I have seen these, whether or not the database has heard of it.
    seen: Vec<Key>,
}

impl News {
    pub(crate) fn items(&self) -> &[MyLine] {
        &self.items
    }

    pub(crate) fn take(&mut self, items: Vec<MyLine>) {
        self.items = items;
        let seen = &self.seen;
        self.items.retain(|line| {
            key(line).is_some_and(|key| line.registration.news.is_some() && !seen.contains(&key))
        });
    }

    /// Whether there is any that has not been on a card.
    pub(crate) fn is_untold(&self) -> bool {
        self.items
            .iter()
            .filter_map(key)
            .any(|key| !self.told.contains(&key))
    }

    fn tell_all(&mut self) {
        self.told = self.items.iter().filter_map(key).collect();
    }

    /// The database could not be told that this was seen: it stays.
    pub(crate) fn unsee(&mut self, key: Key) {
        self.seen.retain(|seen| *seen != key);
        self.told.push(key);
    }
}

/// The card that tells one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NewsCard {
    /// Which of them is on it.
    pub(crate) at: usize,
    /// Since when.
    since: Timestamp,
}

impl NewsCard {
    pub(crate) fn new(cx: &Context) -> Self {
        Self {
            at: 0,
            since: cx.setup.now,
        }
    }

    /// Some have gone, or come.
    pub(crate) fn fit(&mut self, cx: &Context) {
        self.at = self.at.min(cx.news.items.len().saturating_sub(1));
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        let last = cx.news.items.len().saturating_sub(1);
        let at = match to {
            MoveAction::Up | MoveAction::PageUp => self.at.saturating_sub(1),
            MoveAction::Down | MoveAction::PageDown => (self.at + 1).min(last),
            MoveAction::First => 0,
            MoveAction::Last => last,
        };
        if at != self.at {
            self.at = at;
            self.since = cx.setup.now;
        }
    }

    /// Answers what was marked as seen.
    pub(crate) fn act(&mut self, action: MineAction, cx: &mut Context) -> Option<Key> {
        if action == MineAction::Later {
            cx.news.tell_all();
            cx.wish(Wish::Close);
            return None;
        }
        let (event, at) = cx.news.items.get(self.at).and_then(key)?;
        if cx.setup.now - self.since < UNREAD {
            return None;
        }
        let nonce = cx.nonce();
        let call = Call::Seats(SeatsCall::NewsSeen { nonce, event, at });
        cx.ask_and_wait(Want::Mine(MineWant::Seen { event, at }), Lane::Write, call);
        cx.news.seen.push((event, at));
        cx.news.items.remove(self.at);
        self.since = cx.setup.now;
        self.fit(cx);
        if cx.news.items.is_empty() {
            cx.wish(Wish::Close);
        }
        Some((event, at))
    }
}

/// The database has heard that this was seen, or could not be told.
pub(crate) fn seen_answered(key: Key, result: Result<bool, Fault>, cx: &mut Context) {
    if let Err(fault) = result {
        cx.news.unsee(key);
        cx.say(Tone::Bad, format!("Not marked as seen. {fault}"));
    }
}

/// What has happened, in one line.
pub(crate) fn headline(line: &MyLine) -> (Tone, String) {
    let mine = &line.registration;
    let place = mine.place.map(words::ordinal);
    let waits = |what: &str| {
        let text = match &place {
            Some(place) => format!("{what}: you are {place} in line"),
            None => format!("{what}: you are in line"),
        };
        (Tone::Warn, text)
    };
    let stands = |what: &str| match mine.status {
        RegistrationStatus::Registered => (Tone::Good, format!("{what}: you have a seat")),
        RegistrationStatus::Waitlisted => waits(what),
        RegistrationStatus::Pending => (Tone::Warn, format!("{what}: it waits for approval")),
        RegistrationStatus::Cancelled | RegistrationStatus::Rejected => (Tone::Plain, what.to_owned()),
    };
    match mine.news {
        Some(Kind::Promoted) => (Tone::Good, "You have a seat now".to_owned()),
        Some(Kind::Approved) => stands("The staff said yes"),
        Some(Kind::Rejected) => (Tone::Bad, "Your registration was refused".to_owned()),
        Some(Kind::Cancelled) => (Tone::Bad, "The staff cancelled your registration".to_owned()),
        Some(Kind::Moved) => stands("The staff moved you to this event"),
        Some(Kind::Registered) => stands("The staff registered you"),
        None => (Tone::Plain, "Your registration has changed".to_owned()),
    }
}
