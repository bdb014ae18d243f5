//! Events that repeat every so many weeks at the same time of the wall clock, through the turns of daylight saving.
//! Which dates, and what becomes of an hour that a day skips or has twice; the database keeps the moments that come
//! out of it.

use chrono::{Days, NaiveDateTime};

use super::Timestamp;
use super::when::{self, WallTime, Zone};

/// Most events that are made at once: two years of weeks.
pub const MOST_EVENTS: u32 = 104;
/// Most weeks between two of them.
pub const MOST_WEEKS: u32 = 52;

/// What the clock did to an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Nothing.
    None,
    /// The day skips the hour: it starts as much later as the clock was set forward.
    Skipped,
    /// The day has the hour twice: it starts at the one that the first event stands at, else the first of them.
    Twice,
}

/// One event of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// Start.
    pub start: Timestamp,
    /// End, after the start.
    pub end: Timestamp,
    /// What the clock did to the start.
    pub turn: Turn,
}

/// `events` occurrences, `weeks` weeks apart, the first as given. Start and end keep their time of the wall clock; where
/// that would leave no time between them the event lasts as long as the first. `None` beyond the calendar's end.
pub fn occurrences(
    start: Timestamp,
    end: Timestamp,
    zone: Zone,
    weeks: u32,
    events: u32,
) -> Option<Vec<Occurrence>> {
    let second =
        |at: Timestamp| matches!(zone.at_wall(zone.wall(at)), WallTime::Twice { second, .. } if second == at);
    let (start_second, end_second) = (second(start), second(end));
    let mut all = Vec::with_capacity(events as usize);
    for number in 0..events {
        let days = Days::new(u64::from(number) * u64::from(weeks) * 7);
        let wall = |at: Timestamp| zone.wall(at).checked_add_days(days).filter(in_range);
        let (starts, turn) = resolve(zone.at_wall(wall(start)?), start_second);
        let (ends, _) = resolve(zone.at_wall(wall(end)?), end_second);
        all.push(Occurrence {
            start: starts,
            end: if ends > starts {
                ends
            } else {
                starts + (end - start)
            },
            turn: if number == 0 { Turn::None } else { turn },
        });
    }
    Some(all)
}

fn in_range(wall: &NaiveDateTime) -> bool {
    use chrono::Datelike;
    (1970..=9999).contains(&wall.year())
}

fn resolve(time: WallTime, second_of_two: bool) -> (Timestamp, Turn) {
    match time {
        WallTime::Once(at) => (at, Turn::None),
        WallTime::Twice { second, .. } if second_of_two => (second, Turn::Twice),
        WallTime::Twice { first, .. } => (first, Turn::Twice),
        WallTime::Never(at) => (at, Turn::Skipped),
    }
}

/// What a series comes to, in words: `6 events, the last on Fri 5 Feb 2027`.
pub fn told(all: &[Occurrence], zone: Zone, now: Timestamp) -> String {
    match all {
        [] => String::new(),
        [_] => "1 event, on that day only".to_owned(),
        [.., last] => format!("{} events, the last on {}", all.len(), day(last, zone, now)),
    }
}

/// What the clock does to some of them, if it does: which day, and what becomes of the hour.
pub fn turns(all: &[Occurrence], zone: Zone, now: Timestamp) -> Option<String> {
    let wanted = when::clock_time(all.first()?.start, zone);
    let mut told = Vec::new();
    if let Some(one) = all.iter().find(|one| one.turn == Turn::Skipped) {
        let starts = when::clock_time(one.start, zone);
        let day = day(one, zone, now);
        told.push(format!("{day} has no {wanted}: it starts at {starts}."));
    }
    if let Some(one) = all.iter().find(|one| one.turn == Turn::Twice) {
        let name = zone.abbreviation(one.start);
        let day = day(one, zone, now);
        told.push(format!(
            "{day} has {wanted} twice: it starts at the one in {name}."
        ));
    }
    (!told.is_empty()).then(|| told.join(" "))
}

fn day(one: &Occurrence, zone: Zone, now: Timestamp) -> String {
    when::short_day(zone.day(one.start), zone.day(now))
}
