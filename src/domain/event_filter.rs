//! The calendar's filter: which events it lets through, in which order the agenda has them, how it is typed in its
//! panel, and how it is told in words. Text is looked for elsewhere: it needs the database, which has the
//! descriptions.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::event::{EventLine, RegistrationStatus};
use super::money::{Currency, Money};
use super::when;
use super::{SafeText, Timestamp};

/// The longest range of days that can be asked for, in months.
const MOST_MONTHS: u32 = 60;
/// How far a range with one end reaches, in months.
const OPEN_MONTHS: u32 = 12;

/// Which prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PriceFilter {
    /// Any.
    #[default]
    Any,
    /// None at all.
    Free,
    /// Any but none.
    Paid,
    /// At most so much; free ones too.
    UpTo(Money),
}

/// The agenda's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SortBy {
    /// As they happen.
    #[default]
    Start,
    /// By title.
    Title,
    /// The cheapest first.
    Price,
}

/// A filter that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventFilter {
    /// Of one type.
    pub event_type: Option<SafeText>,
    /// With a seat to be had.
    pub free_seats: bool,
    /// By what they cost.
    pub price: PriceFilter,
    /// Those the asker registered for, waits for, or was at.
    pub mine: bool,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Up to this day.
    pub to: Option<NaiveDate>,
    /// The agenda's order.
    pub sort: SortBy,
}

impl EventFilter {
    /// Whether anything is asked for that is not so by itself.
    pub fn is_set(&self) -> bool {
        *self != Self::default()
    }

    /// The first and the last day that are asked for; none when every day is. An open end is a year away.
    pub fn range(&self) -> Option<(NaiveDate, NaiveDate)> {
        let year = Months::new(OPEN_MONTHS);
        match (self.from, self.to) {
            (None, None) => None,
            (Some(from), Some(to)) => Some((from, to)),
            (Some(from), None) => Some((from, from.checked_add_months(year).unwrap_or(from))),
            (None, Some(to)) => Some((to.checked_sub_months(year).unwrap_or(to), to)),
        }
    }

    /// Whether an event that touches the days from `first` to `last` comes through.
    pub fn lets(&self, line: &EventLine, (first, last): (NaiveDate, NaiveDate), now: Timestamp) -> bool {
        let of_type = self
            .event_type
            .as_ref()
            .is_none_or(|name| *name == line.event_type);
        let seats = !self.free_seats || (line.is_active && !line.is_full() && !line.is_over(now));
        let price = match self.price {
            PriceFilter::Any => true,
            PriceFilter::Free => line.price.is_none(),
            PriceFilter::Paid => line.price.is_some(),
            PriceFilter::UpTo(most) => line.price.is_none_or(|price| price <= most),
        };
        let days = self.range().is_none_or(|(from, to)| first <= to && from <= last);
        of_type && seats && price && days && (!self.mine || is_mine(line))
    }

    /// What is asked for, a few words for each wish.
    pub fn words(&self, today: NaiveDate, currency: Currency) -> Vec<String> {
        let mut words = Vec::new();
        if let Some(name) = &self.event_type {
            words.push(name.to_string());
        }
        if self.free_seats {
            words.push("free seats".to_owned());
        }
        match self.price {
            PriceFilter::Any => {}
            PriceFilter::Free => words.push("free of charge".to_owned()),
            PriceFilter::Paid => words.push("paid".to_owned()),
            PriceFilter::UpTo(most) => words.push(format!("up to {}", currency.show(most))),
        }
        if self.mine {
            words.push("mine".to_owned());
        }
        let day = |day| when::plain_day(day, today);
        match (self.from, self.to) {
            (None, None) => {}
            (Some(from), Some(to)) if from == to => words.push(day(from)),
            // Where both are of another year, it is said once.
            (Some(from), Some(to)) if from.year() == to.year() => {
                words.push(format!("{} – {}", when::plain_day(from, from), day(to)));
            }
            (Some(from), Some(to)) => words.push(format!("{} – {}", day(from), day(to))),
            (Some(from), None) => words.push(format!("a year from {}", day(from))),
            (None, Some(to)) => words.push(format!("the year to {}", day(to))),
        }
        match self.sort {
            SortBy::Start => {}
            SortBy::Title => words.push("by title".to_owned()),
            SortBy::Price => words.push("by price".to_owned()),
        }
        words
    }
}

/// Whether the asker has anything to do with an event.
fn is_mine(line: &EventLine) -> bool {
    line.my_attendance
        || matches!(
            line.my_status,
            Some(
                RegistrationStatus::Registered | RegistrationStatus::Pending | RegistrationStatus::Waitlisted
            )
        )
}

/// The fields of the panel, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FilterField {
    /// The event's type.
    Type,
    /// Free seats.
    Seats,
    /// What it costs.
    Price,
    /// Mine or everybody's.
    Whose,
    /// The first day.
    From,
    /// The last day.
    To,
    /// The agenda's order.
    Sort,
}

impl FilterField {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Type,
        Self::Seats,
        Self::Price,
        Self::Whose,
        Self::From,
        Self::To,
        Self::Sort,
    ];
}

/// The choices of the price, as the panel goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PriceChoice {
    /// Any.
    #[default]
    Any,
    /// Free of charge.
    Free,
    /// Not free.
    Paid,
    /// Up to what is typed.
    UpTo,
}

/// The filter as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilterForm {
    /// One type, or any.
    pub event_type: Option<SafeText>,
    /// Only with free seats.
    pub free_seats: bool,
    /// Which prices.
    pub price: PriceChoice,
    /// The amount of [`PriceChoice::UpTo`].
    pub amount: String,
    /// Only mine.
    pub mine: bool,
    /// The first day; empty is open.
    pub from: String,
    /// The last day; empty is open.
    pub to: String,
    /// The order.
    pub sort: SortBy,
}

impl FilterForm {
    /// The form of a filter as it stands.
    pub fn of(filter: &EventFilter, currency: Currency) -> Self {
        let (price, amount) = match filter.price {
            PriceFilter::Any => (PriceChoice::Any, String::new()),
            PriceFilter::Free => (PriceChoice::Free, String::new()),
            PriceFilter::Paid => (PriceChoice::Paid, String::new()),
            PriceFilter::UpTo(most) => (PriceChoice::UpTo, currency.form_text(most)),
        };
        let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
        Self {
            event_type: filter.event_type.clone(),
            free_seats: filter.free_seats,
            price,
            amount,
            mine: filter.mine,
            from: day(filter.from),
            to: day(filter.to),
            sort: filter.sort,
        }
    }

    /// Reads every field. The errors are in the order of the fields, at most one for each.
    pub fn check(
        &self,
        currency: Currency,
        today: NaiveDate,
    ) -> Result<EventFilter, Vec<(FilterField, String)>> {
        let mut wrong = Vec::new();
        let price = match self.price {
            PriceChoice::Any => PriceFilter::Any,
            PriceChoice::Free => PriceFilter::Free,
            PriceChoice::Paid => PriceFilter::Paid,
            PriceChoice::UpTo if self.amount.trim().is_empty() => {
                wrong.push((FilterField::Price, "Type an amount, like 250.".to_owned()));
                PriceFilter::Any
            }
            PriceChoice::UpTo => match currency.read(&self.amount) {
                Ok(most) => PriceFilter::UpTo(most),
                Err(why) => {
                    wrong.push((FilterField::Price, why));
                    PriceFilter::Any
                }
            },
        };
        let mut read = |field, typed: &str| match typed.trim() {
            "" => None,
            typed => when::read_date(typed, today)
                .map_err(|why| wrong.push((field, why)))
                .ok(),
        };
        let from = read(FilterField::From, &self.from);
        let to = read(FilterField::To, &self.to);
        if let (Some(from), Some(to)) = (from, to) {
            let last = from.checked_add_months(Months::new(MOST_MONTHS)).unwrap_or(to);
            if to < from {
                wrong.push((FilterField::To, "The last day comes before the first.".to_owned()));
            } else if to > last {
                wrong.push((
                    FilterField::To,
                    format!("At most {} years at a time.", MOST_MONTHS / 12),
                ));
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(EventFilter {
            event_type: self.event_type.clone(),
            free_seats: self.free_seats,
            price,
            mine: self.mine,
            from,
            to,
            sort: self.sort,
        })
    }
}

/// The day behind a range's last, as the data layer asks for spans.
pub fn behind(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}
