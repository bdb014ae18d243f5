//! The event form as it is typed, and its check: every field read where it stands, each wrong one with a
//! sentence. How the form looks and moves is the screens' business; what the database refuses besides comes
//! back as [`super::Fault::Invalid`] with the same column names.

use super::Timestamp;
use super::event::{EventDraft, EventId, EventPage};
use super::money::{Currency, Money};
use super::series::{self, MOST_EVENTS, MOST_WEEKS, Occurrence};
use super::when::{self, Zone};

/// Most characters in a title or a place: the columns' limit.
pub const MAX_LINE: usize = 255;
/// Most characters in a description; the column has no limit, a terminal's reader has.
pub const MAX_DESCRIPTION: usize = 10_000;

/// The fields, in the order in which they stand and are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// `title`
    Title,
    /// `event_type`
    EventType,
    /// `location`
    Location,
    /// `start_time`
    Start,
    /// `end_time`
    End,
    /// How many weeks apart; empty for once.
    Every,
    /// How many events.
    Times,
    /// `max_participants`
    Seats,
    /// `points_reward`
    Points,
    /// `price`
    Price,
    /// `requires_approval`
    Approval,
    /// `description`
    Description,
}

impl Field {
    /// Every field, in order.
    pub const ALL: [Self; 12] = [
        Self::Title,
        Self::EventType,
        Self::Location,
        Self::Start,
        Self::End,
        Self::Every,
        Self::Times,
        Self::Seats,
        Self::Points,
        Self::Price,
        Self::Approval,
        Self::Description,
    ];

    /// The database's column.
    pub fn column(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::EventType => "event_type",
            Self::Location => "location",
            Self::Start => "start_time",
            Self::End => "end_time",
            Self::Every => "every",
            Self::Times => "times",
            Self::Seats => "max_participants",
            Self::Points => "points_reward",
            Self::Price => "price",
            Self::Approval => "requires_approval",
            Self::Description => "description",
        }
    }

    /// How people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::EventType => "type",
            Self::Location => "place",
            Self::Start => "start",
            Self::End => "end",
            Self::Every => "every",
            Self::Times => "times",
            Self::Seats => "seats",
            Self::Points => "points",
            Self::Price => "price",
            Self::Approval => "approval",
            Self::Description => "about",
        }
    }

    /// The field of a database column.
    pub fn of_column(column: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.column() == column)
    }
}

/// What is in the fields, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventForm {
    /// Which event is edited; none makes new ones.
    pub id: Option<EventId>,
    /// The version of it that the form was filled from.
    pub version: i32,
    /// The event whose series these join.
    pub series_of: Option<EventId>,
    /// Title.
    pub title: String,
    /// Type, one of the community's.
    pub event_type: String,
    /// Place.
    pub location: String,
    /// Start, as a person types it.
    pub start: String,
    /// End, as a person types it; a bare time of day is on the start's day, or the next when it is earlier.
    pub end: String,
    /// Seats; empty is no limit.
    pub seats: String,
    /// Points; empty is 0.
    pub points: String,
    /// Price; empty is free.
    pub price: String,
    /// Whether staff decide who gets in.
    pub approval: bool,
    /// Weeks from one event to the next; empty for one event only, or for one week if there are several.
    pub every: String,
    /// How many events; empty is one.
    pub times: String,
    /// Description.
    pub description: String,
}

impl EventForm {
    /// The form of an event as it stands.
    pub fn of(page: &EventPage, zone: Zone, currency: Currency) -> Self {
        let line = &page.line;
        Self {
            id: Some(line.id),
            version: page.version,
            series_of: None,
            title: line.title.to_string(),
            event_type: line.event_type.to_string(),
            location: line.location.to_string(),
            start: when::form_text(line.start_time, zone),
            end: when::form_text(line.end_time, zone),
            seats: line
                .max_participants
                .map(|seats| seats.to_string())
                .unwrap_or_default(),
            points: line.points_reward.to_string(),
            price: line
                .price
                .map(|price| currency.form_text(price))
                .unwrap_or_default(),
            approval: line.requires_approval,
            every: String::new(),
            times: String::new(),
            description: page.description.to_string(),
        }
    }

    /// The form of another event like this one, so many weeks after it. As a series it joins that event's.
    pub fn again(page: &EventPage, weeks: u32, series: bool, zone: Zone, currency: Currency) -> Self {
        let (start, end) = (page.line.start_time, page.line.end_time);
        let then = series::occurrences(start, end, zone, weeks, 2).and_then(|both| both.get(1).copied());
        let (start, end) = then.map_or((start, end), |then| (then.start, then.end));
        Self {
            id: None,
            version: 0,
            series_of: series.then_some(page.line.id),
            start: when::form_text(start, zone),
            end: when::form_text(end, zone),
            every: if series { "1".to_owned() } else { String::new() },
            ..Self::of(page, zone, currency)
        }
    }

    /// What is in a field.
    pub fn text(&self, field: Field) -> &str {
        match field {
            Field::Title => &self.title,
            Field::EventType => &self.event_type,
            Field::Location => &self.location,
            Field::Start => &self.start,
            Field::End => &self.end,
            Field::Every => &self.every,
            Field::Times => &self.times,
            Field::Seats => &self.seats,
            Field::Points => &self.points,
            Field::Price => &self.price,
            Field::Approval if self.approval => "yes",
            Field::Approval => "no",
            Field::Description => &self.description,
        }
    }

    /// Puts another text into a field.
    pub fn set(&mut self, field: Field, text: &str) {
        let into = match field {
            Field::Title => &mut self.title,
            Field::EventType => &mut self.event_type,
            Field::Location => &mut self.location,
            Field::Start => &mut self.start,
            Field::End => &mut self.end,
            Field::Every => &mut self.every,
            Field::Times => &mut self.times,
            Field::Seats => &mut self.seats,
            Field::Points => &mut self.points,
            Field::Price => &mut self.price,
            Field::Approval => {
                self.approval = text == "yes";
                return;
            }
            Field::Description => &mut self.description,
        };
        text.clone_into(into);
    }

    /// The events that start, end and repetition come to; none as long as one of these cannot be read.
    pub fn occurrences(&self, zone: Zone, now: Timestamp) -> Option<Vec<Occurrence>> {
        let start = when::read_moment(&self.start, zone, now).ok()?;
        let end = self.read_end(Some(start), zone, now).ok()?;
        let (weeks, times) = (self.read_every().ok()?, self.read_times().ok()?);
        series::occurrences(start, end, zone, weeks, times)
    }

    fn read_every(&self) -> Result<u32, String> {
        match self.every.trim() {
            "" => Ok(1),
            typed => match typed.parse::<u32>() {
                Ok(weeks @ 1..=MOST_WEEKS) => Ok(weeks),
                _ => Err(format!("Type how many weeks apart: 1 to {MOST_WEEKS}.")),
            },
        }
    }

    fn read_times(&self) -> Result<u32, String> {
        match (self.times.trim(), self.every.trim()) {
            ("", "") => Ok(1),
            ("", _) => Err(format!("Type how many events: 1 to {MOST_EVENTS}.")),
            (typed, _) => match typed.parse::<u32>() {
                Ok(times @ 1..=MOST_EVENTS) => Ok(times),
                _ => Err(format!("Type how many events: 1 to {MOST_EVENTS}.")),
            },
        }
    }

    /// Reads every field. The errors are in the order of the fields, at most one for each.
    pub fn check(
        &self,
        types: &[String],
        zone: Zone,
        currency: Currency,
        now: Timestamp,
    ) -> Result<EventDraft, Vec<(Field, String)>> {
        let mut wrong = Vec::new();
        let mut keep = |field, result: Result<(), String>| {
            if let Err(why) = result {
                wrong.push((field, why));
            }
        };
        keep(Field::Title, check_line(&self.title, "a title"));
        keep(Field::EventType, check_type(&self.event_type, types));
        keep(Field::Location, check_line(&self.location, "a place"));
        let start = when::read_moment(&self.start, zone, now);
        keep(Field::Start, start.as_ref().map(|_| ()).map_err(Clone::clone));
        let end = self.read_end(start.as_ref().ok().copied(), zone, now);
        keep(Field::End, end.as_ref().map(|_| ()).map_err(Clone::clone));
        let every = self.read_every();
        keep(Field::Every, every.as_ref().map(|_| ()).map_err(Clone::clone));
        let times = self.read_times();
        let mut all = Vec::new();
        let times = match (&start, &end, &every, times) {
            (Ok(start), Ok(end), Ok(weeks), Ok(times)) => {
                let found = series::occurrences(*start, *end, zone, *weeks, times);
                all = found.unwrap_or_default();
                if all.is_empty() {
                    Err("That goes beyond the year 9999.".to_owned())
                } else {
                    Ok(())
                }
            }
            (.., times) => times.map(|_| ()),
        };
        keep(Field::Times, times);
        let seats = check_whole(&self.seats, "seats");
        keep(Field::Seats, seats.as_ref().map(|_| ()).map_err(Clone::clone));
        let points = check_whole(&self.points, "points");
        keep(Field::Points, points.as_ref().map(|_| ()).map_err(Clone::clone));
        let price = check_price(&self.price, currency);
        keep(Field::Price, price.as_ref().map(|_| ()).map_err(Clone::clone));
        keep(Field::Description, check_description(&self.description));
        match (start, end, seats, points, price) {
            (Ok(start_time), Ok(end_time), Ok(max_participants), Ok(points), Ok(price))
                if wrong.is_empty() =>
            {
                Ok(EventDraft {
                    id: self.id,
                    version: self.version,
                    title: self.title.trim().to_owned(),
                    event_type: self.event_type.trim().to_owned(),
                    location: self.location.trim().to_owned(),
                    start_time,
                    end_time,
                    max_participants,
                    points_reward: points.unwrap_or(0),
                    price,
                    description: self.description.trim_end().to_owned(),
                    requires_approval: self.approval,
                    further: all.iter().skip(1).map(|one| (one.start, one.end)).collect(),
                    series_of: self.series_of,
                })
            }
            _ => Err(wrong),
        }
    }

    fn read_end(&self, start: Option<Timestamp>, zone: Zone, now: Timestamp) -> Result<Timestamp, String> {
        let typed = self.end.trim();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let bare = words.len() <= 2
            && words.first().is_some_and(|time| !time.contains(['-', 'T']))
            && words.get(1).is_none_or(|which| !which.contains(':'));
        let end = match (start, &words[..]) {
            (Some(start), [time, which @ ..]) if bare => {
                let time = when::read_time(time)?;
                let on = |days| {
                    let day = zone.day(start).checked_add_days(chrono::Days::new(days));
                    let day = day.ok_or("Type a date and time, like 2026-11-27 18:30.")?;
                    when::on_day(day, time, which.first().copied(), zone)
                };
                on(0).and_then(|end| if end <= start { on(1) } else { Ok(end) })?
            }
            _ => when::read_moment(typed, zone, now)?,
        };
        match start {
            Some(start) if end <= start => Err("The end must come after the start.".to_owned()),
            _ => Ok(end),
        }
    }
}

fn check_line(typed: &str, what: &str) -> Result<(), String> {
    let length = typed.trim().chars().count();
    if super::SafeText::line(typed.trim()).as_str().trim().is_empty() {
        Err(format!("Give it {what}."))
    } else if length > MAX_LINE {
        Err(format!(
            "Too long by {} of {MAX_LINE} characters.",
            length - MAX_LINE
        ))
    } else {
        Ok(())
    }
}

fn check_type(typed: &str, known: &[String]) -> Result<(), String> {
    let typed = typed.trim();
    if typed.is_empty() {
        Err("Choose a type.".to_owned())
    } else if known.iter().any(|name| name == typed) {
        Ok(())
    } else {
        Err(format!("Choose one of: {}.", known.join(", ")))
    }
}

fn check_whole(typed: &str, what: &str) -> Result<Option<i32>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    match typed.parse::<i64>() {
        Ok(number @ 0..=1_000_000) => Ok(i32::try_from(number).ok()),
        Ok(1_000_001..) => Err(format!("That is more {what} than fit; at most 1000000.")),
        _ => Err(format!("Type {what} as a whole number, 0 or more.")),
    }
}

fn check_price(typed: &str, currency: Currency) -> Result<Option<Money>, String> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    Ok(Some(currency.read(typed)?).filter(|price| !price.is_zero()))
}

fn check_description(typed: &str) -> Result<(), String> {
    let length = typed.chars().count();
    if length > MAX_DESCRIPTION {
        Err(format!(
            "Too long by {} of {MAX_DESCRIPTION} characters.",
            length - MAX_DESCRIPTION
        ))
    } else {
        Ok(())
    }
}
