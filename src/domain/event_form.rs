//! The event form as it is typed, and its check: every field read where it stands, each wrong one with a
//! sentence. How the form looks and moves is the screens' business; what the database refuses besides comes
//! back as [`super::Fault::Invalid`] with the same column names.

use super::Timestamp;
use super::event::{EventDraft, EventId, EventPage};
use super::money::{Currency, Money};
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
    /// `max_participants`
    Seats,
    /// `points_reward`
    Points,
    /// `price`
    Price,
    /// `description`
    Description,
}

impl Field {
    /// Every field, in order.
    pub const ALL: [Self; 9] = [
        Self::Title,
        Self::EventType,
        Self::Location,
        Self::Start,
        Self::End,
        Self::Seats,
        Self::Points,
        Self::Price,
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
            Self::Seats => "max_participants",
            Self::Points => "points_reward",
            Self::Price => "price",
            Self::Description => "description",
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
    /// Which event is edited; none makes a new one.
    pub id: Option<EventId>,
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
    /// Description.
    pub description: String,
}

impl EventForm {
    /// The form of an event as it stands.
    pub fn of(page: &EventPage, zone: Zone, currency: Currency) -> Self {
        let line = &page.line;
        Self {
            id: Some(line.id),
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
            description: page.description.to_string(),
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
                    title: self.title.trim().to_owned(),
                    event_type: self.event_type.trim().to_owned(),
                    location: self.location.trim().to_owned(),
                    start_time,
                    end_time,
                    max_participants,
                    points_reward: points.unwrap_or(0),
                    price,
                    description: self.description.trim_end().to_owned(),
                })
            }
            _ => Err(wrong),
        }
    }

    fn read_end(&self, start: Option<Timestamp>, zone: Zone, now: Timestamp) -> Result<Timestamp, String> {
        let typed = self.end.trim();
        let end = match (
            start,
            typed.contains(char::is_whitespace) || typed.contains('T') || typed.is_empty(),
        ) {
            (Some(start), false) => {
                let on = |days| {
                    let day = zone.day(start) + chrono::Days::new(days);
                    when::read_moment(&format!("{} {typed}", day.format("%Y-%m-%d")), zone, now)
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
