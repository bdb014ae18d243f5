//! Time as people read and type it: in the community's zone, never the machine's. Reading the clock is not done
//! here; every function is given the moments it needs.

use std::fmt;
use std::str::FromStr;

use chrono::{
    Datelike, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Timelike, Utc, Weekday,
};
use chrono_tz::{OffsetName, Tz};
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// An IANA time zone, such as `Asia/Manila`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(Tz);

/// The moments at which a wall clock shows a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WallTime {
    /// As almost always.
    Once(Timestamp),
    /// The hour that comes twice when the clock is set back.
    Twice {
        /// Before it is set back.
        first: Timestamp,
        /// After.
        second: Timestamp,
    },
    /// The hour that the clock skips; it would be this moment, had the clock not been set forward (RFC 5545, 3.3.5).
    Never(Timestamp),
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// The calendar day of a moment.
    pub fn day(self, at: Timestamp) -> NaiveDate {
        at.with_timezone(&self.0).date_naive()
    }

    /// The wall clock's reading at a moment.
    pub fn wall(self, at: Timestamp) -> NaiveDateTime {
        at.with_timezone(&self.0).naive_local()
    }

    /// The first moment of a day. Where the clock jumps over midnight, the first moment after the jump.
    pub fn midnight(self, day: NaiveDate) -> Timestamp {
        let mut wall = day.and_time(NaiveTime::MIN);
        loop {
            match self.0.from_local_datetime(&wall) {
                chrono::LocalResult::Single(at) | chrono::LocalResult::Ambiguous(at, _) => {
                    return at.with_timezone(&chrono::Utc);
                }
                chrono::LocalResult::None => wall += TimeDelta::minutes(15),
            }
        }
    }

    /// When the wall clock shows a time.
    pub fn at_wall(self, wall: NaiveDateTime) -> WallTime {
        match self.0.from_local_datetime(&wall) {
            chrono::LocalResult::Single(at) => WallTime::Once(at.with_timezone(&Utc)),
            chrono::LocalResult::Ambiguous(first, second) => WallTime::Twice {
                first: first.with_timezone(&Utc),
                second: second.with_timezone(&Utc),
            },
            chrono::LocalResult::None => {
                // A day and more before, whatever the zone, the clock has not been set forward yet.
                let before = (wall - TimeDelta::hours(26)).and_utc();
                WallTime::Never(wall.and_utc() - TimeDelta::seconds(self.offset(before)))
            }
        }
    }

    /// Seconds that the wall clock is ahead of UTC at a moment.
    pub fn offset(self, at: Timestamp) -> i64 {
        let local = at.with_timezone(&self.0);
        i64::from(local.offset().fix().local_minus_utc())
    }

    /// What the zone's time is called at a moment, as `PST`.
    pub fn abbreviation(self, at: Timestamp) -> String {
        let local = at.with_timezone(&self.0);
        local.offset().abbreviation().unwrap_or("UTC").to_owned()
    }

    /// The abbreviation, where the wall clock alone does not tell the moment.
    pub fn which(self, at: Timestamp) -> Option<String> {
        matches!(self.at_wall(self.wall(at)), WallTime::Twice { .. }).then(|| self.abbreviation(at))
    }

    /// `Manila (PST)`: the zone's city and what its time is called at a moment.
    pub fn label(self, at: Timestamp) -> String {
        let local = at.with_timezone(&self.0);
        let city = self.city();
        match local.offset().abbreviation() {
            Some(short) if short != city => format!("{city} ({short})"),
            _ => city,
        }
    }

    /// `Manila`: the zone's city.
    pub fn city(self) -> String {
        let name = self.0.name();
        name.rsplit('/').next().unwrap_or_default().replace('_', " ")
    }

    /// The zones that somebody may mean who types this: the one of that name, else those of that city, else those whose
    /// name has it in it. Case does not matter, nor whether words are parted by spaces.
    pub fn meant(typed: &str) -> Vec<Self> {
        let typed = typed.trim().to_lowercase().replace(' ', "_");
        if typed.is_empty() {
            return Vec::new();
        }
        let those = |fits: &dyn Fn(&str) -> bool| -> Vec<Self> {
            let all = chrono_tz::TZ_VARIANTS.iter();
            all.filter(|zone| fits(&zone.name().to_lowercase()))
                .map(|zone| Self(*zone))
                .collect()
        };
        let named = those(&|name| name == typed);
        if !named.is_empty() {
            return named;
        }
        let of_city = those(&|name| name.rsplit('/').next() == Some(&typed));
        if !of_city.is_empty() {
            return of_city;
        }
        those(&|name| name.contains(&typed))
    }

    /// The zone's IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

impl FromStr for Zone {
    type Err = chrono_tz::ParseError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        name.parse().map(Self)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse()
            .map_err(|_| serde::de::Error::custom(format!("unknown time zone `{name}`")))
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `November`.
pub fn month_name(day: NaiveDate) -> &'static str {
    MONTHS[day.month0() as usize]
}

/// `Friday`.
pub fn weekday_name(day: NaiveDate) -> &'static str {
    match day.weekday() {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

/// `Fri 27 Nov`, with the year when it is not this one.
pub fn short_day(day: NaiveDate, today: NaiveDate) -> String {
    format!("{} {}", &weekday_name(day)[..3], plain_day(day, today))
}

/// `27 Nov`, with the year when it is not this one.
pub fn plain_day(day: NaiveDate, today: NaiveDate) -> String {
    let base = format!("{} {}", day.day(), &month_name(day)[..3]);
    if day.year() == today.year() {
        base
    } else {
        format!("{base} {}", day.year())
    }
}

/// `18:30`.
pub fn clock_time(at: Timestamp, zone: Zone) -> String {
    let wall = zone.wall(at);
    format!("{:02}:{:02}", wall.hour(), wall.minute())
}

/// `18:30:07`.
pub fn clock_seconds(at: Timestamp, zone: Zone) -> String {
    zone.wall(at).format("%H:%M:%S").to_string()
}

/// `Fri 27 Nov 18:30`.
pub fn day_and_time(at: Timestamp, zone: Zone, now: Timestamp) -> String {
    format!(
        "{} {}",
        short_day(zone.day(at), zone.day(now)),
        clock_time(at, zone)
    )
}

/// `18:30–20:30`, or with both days when it ends on another one.
pub fn span(start: Timestamp, end: Timestamp, zone: Zone, now: Timestamp) -> String {
    if zone.day(start) == zone.day(end) {
        format!("{}–{}", day_and_time(start, zone, now), clock_time(end, zone))
    } else {
        format!(
            "{} – {}",
            day_and_time(start, zone, now),
            day_and_time(end, zone, now)
        )
    }
}

/// `in 40 min`, `3 weeks ago`, `now`.
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let away = at - now;
    let minutes = away.num_minutes().abs();
    let amount = match minutes {
        0 => return "now".to_owned(),
        1..60 => format!("{minutes} min"),
        60..1440 => format!("{} h", minutes / 60),
        1440..2880 => "1 day".to_owned(),
        2880..20160 => format!("{} days", minutes / 1440),
        20160..86400 => format!("{} weeks", minutes / 10080),
        86400..1_051_200 => format!("{} months", minutes / 43200),
        _ => format!("{} years", minutes / 525_600),
    };
    if away > TimeDelta::zero() {
        format!("in {amount}")
    } else {
        format!("{amount} ago")
    }
}

/// How the form shows a moment, and the first way in which it reads one: `2026-11-27 18:30`. In the hour that comes
/// twice it says which: `2026-10-25 02:30 second`.
pub fn form_text(at: Timestamp, zone: Zone) -> String {
    let wall = zone.wall(at);
    let text = wall.format("%Y-%m-%d %H:%M").to_string();
    match zone.at_wall(wall) {
        WallTime::Twice { first, .. } if first == at => format!("{text} first"),
        WallTime::Twice { .. } => format!("{text} second"),
        _ => text,
    }
}

/// Reads a date and time typed by a person in the community's zone: `2026-11-27 18:30`, `27 Nov 2026 18:30`, and
/// without a year, which is then the one that makes it the nearest day from `now` on. What the time is called may
/// stand behind it, and must where it comes twice that day: `first`, `second`, `EST`. The error is a sentence.
pub fn read_moment(typed: &str, zone: Zone, now: Timestamp) -> Result<Timestamp, String> {
    const HOW: &str = "Type a date and time, like 2026-11-27 18:30.";
    // ISO 8601 has a T between day and time; in `Thu` and `EST` it is a letter.
    let text = match typed.find('T') {
        Some(at) if typed[..at].ends_with(|c: char| c.is_ascii_digit()) => {
            format!("{} {}", &typed[..at], &typed[at + 1..])
        }
        _ => typed.to_owned(),
    };
    let mut words: Vec<&str> = text.split_whitespace().collect();
    if words.first().is_some_and(|word| is_weekday(word)) {
        words.remove(0);
    }
    let which = match words[..] {
        [.., time, last] if time.contains(':') && !last.contains(':') => words.pop(),
        _ => None,
    };
    let (Some(time), false) = (words.pop(), words.is_empty()) else {
        return Err(HOW.to_owned());
    };
    let time = read_time(time)?;
    let day = read_day(&words, zone.day(now), false)
        .ok_or_else(|| format!("“{}” is no date. {HOW}", super::SafeText::line(&words.join(" "))))?;
    on_day(day, time, which, zone)
}

/// Reads a time of day, like `18:30`.
pub fn read_time(typed: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(typed, "%H:%M").map_err(|_| {
        format!(
            "“{}” is no time of day; type it like 18:30.",
            super::SafeText::line(typed)
        )
    })
}

/// The moment of a time on a day. `which` says which of two, in the hour that comes twice.
pub fn on_day(day: NaiveDate, time: NaiveTime, which: Option<&str>, zone: Zone) -> Result<Timestamp, String> {
    let clock = time.format("%H:%M");
    let is_called =
        |at: Timestamp| which.is_some_and(|which| which.eq_ignore_ascii_case(&zone.abbreviation(at)));
    match (zone.at_wall(day.and_time(time)), which) {
        (WallTime::Once(at), None) => Ok(at),
        (WallTime::Once(at), Some(_)) if is_called(at) => Ok(at),
        (WallTime::Once(at), Some(which)) => Err(format!(
            "“{}” is not what {clock} is called that day; it is {}.",
            super::SafeText::line(which),
            zone.abbreviation(at)
        )),
        (WallTime::Twice { first, .. }, Some("first" | "1st")) => Ok(first),
        (WallTime::Twice { second, .. }, Some("second" | "2nd")) => Ok(second),
        (WallTime::Twice { first, .. }, _) if is_called(first) => Ok(first),
        (WallTime::Twice { second, .. }, _) if is_called(second) => Ok(second),
        (WallTime::Twice { first, second }, _) => Err(format!(
            "{clock} comes twice that day: add first ({}) or second ({}).",
            zone.abbreviation(first),
            zone.abbreviation(second)
        )),
        (WallTime::Never(_), _) => Err(format!(
            "The clock skips {clock} that day (daylight saving); choose another."
        )),
    }
}

fn is_weekday(word: &str) -> bool {
    Weekday::from_str(word.trim_end_matches([',', '.'])).is_ok()
}

/// Reads a day typed by a person: `27 Nov`, `2026-11-27`, `27 Nov 2026`, `today`, `tomorrow`, `yesterday`. Without a year
/// it is the next such day from today on. The error is a sentence.
pub fn read_date(typed: &str, today: NaiveDate) -> Result<NaiveDate, String> {
    read_date_by(typed, today, false)
}

/// The same of what has been: without a year it is the last such day up to today.
///
/// # Errors
/// A sentence.
pub fn read_past_date(typed: &str, today: NaiveDate) -> Result<NaiveDate, String> {
    read_date_by(typed, today, true)
}

fn read_date_by(typed: &str, today: NaiveDate, past: bool) -> Result<NaiveDate, String> {
    let mut words: Vec<&str> = typed.split_whitespace().collect();
    if words.len() > 1 && words.first().is_some_and(|word| is_weekday(word)) {
        words.remove(0);
    }
    let day = match words[..] {
        [word] if word.eq_ignore_ascii_case("today") => Some(today),
        [word] if word.eq_ignore_ascii_case("tomorrow") => today.succ_opt(),
        [word] if word.eq_ignore_ascii_case("yesterday") => today.pred_opt(),
        _ => read_day(&words, today, past),
    };
    day.ok_or_else(|| {
        format!(
            "“{}” is no date; type it like 27 Nov.",
            super::SafeText::line(typed.trim())
        )
    })
}

fn read_day(words: &[&str], today: NaiveDate, past: bool) -> Option<NaiveDate> {
    let year_ok = |day: &NaiveDate| (1970..=9999).contains(&day.year());
    if let [iso] = words {
        return NaiveDate::parse_from_str(iso, "%Y-%m-%d").ok().filter(year_ok);
    }
    let (day, month, year) = match words {
        [day, month] => (day, month, None),
        [day, month, year] => (day, month, Some(year.parse::<i32>().ok()?)),
        _ => return None,
    };
    let day: u32 = day.trim_end_matches('.').parse().ok()?;
    let month = chrono::Month::from_str(month.trim_end_matches(['.', ',']))
        .ok()?
        .number_from_month();
    match year {
        Some(year) => NaiveDate::from_ymd_opt(year, month, day).filter(year_ok),
        // Eight years find every 29 February.
        None => (0..=8)
            .map(|years| if past { -years } else { years })
            .filter_map(|years| NaiveDate::from_ymd_opt(today.year() + years, month, day))
            .find(|day| if past { *day <= today } else { *day >= today }),
    }
}
