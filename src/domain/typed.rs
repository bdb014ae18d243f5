//! What a value in a file has to look like for a column of a certain type: strict, exact, and the reason in words when it is
//! not. What comes out is written as PostgreSQL reads it. Pure.

use std::borrow::Cow;
use std::fmt::Write;

use chrono::{LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number of so many bits.
    Integer(u32),
    /// Yes or no.
    Boolean,
    /// Text of at most so many characters.
    Text(Option<usize>),
    /// An exact decimal, of at most so many digits and so many of them behind the point.
    Decimal(Option<(usize, usize)>),
    /// A moment.
    Moment,
    /// A moment without a zone, which is UTC.
    Naive,
    /// A day.
    Date,
    /// A UUID.
    Uuid,
    /// JSON.
    Json,
    /// A list of texts.
    Texts,
}

/// A value that a column takes.
pub type Read<'a> = Result<Cow<'a, str>, String>;

impl Kind {
    /// What a column of this SQL type holds, as `format_type` names it. None for a type that no table has.
    pub fn of(sql: &str) -> Option<Self> {
        let (name, bounds) = match sql.split_once('(') {
            Some((name, rest)) => (name, rest.split(')').next().unwrap_or_default()),
            None => (sql, ""),
        };
        let mut bounds = bounds.split(',').filter_map(|number| number.trim().parse().ok());
        Some(match name {
            "smallint" => Self::Integer(16),
            "integer" => Self::Integer(32),
            "bigint" => Self::Integer(64),
            "boolean" => Self::Boolean,
            "text" => Self::Text(None),
            "character varying" => Self::Text(bounds.next()),
            "numeric" => Self::Decimal(bounds.next().map(|digits| (digits, bounds.next().unwrap_or(0)))),
            "timestamp with time zone" => Self::Moment,
            "timestamp without time zone" => Self::Naive,
            "date" => Self::Date,
            "uuid" => Self::Uuid,
            "json" | "jsonb" => Self::Json,
            "text[]" => Self::Texts,
            _ => return None,
        })
    }

    /// A value from plain text. `zone` is where clocks without a zone stand.
    ///
    /// # Errors
    /// Why it is none, as the end of a sentence that begins with the value's place.
    pub fn read<'a>(&self, text: &'a str, zone: Option<Tz>) -> Read<'a> {
        match self {
            Self::Integer(bits) => integer(text, *bits),
            Self::Boolean => boolean(text),
            Self::Text(most) => words(text, *most),
            Self::Decimal(bounds) => decimal(text, *bounds),
            Self::Moment => moment(text, zone),
            Self::Naive => naive(text, zone),
            Self::Date => date(text)
                .map(|_| Cow::Borrowed(text))
                .ok_or_else(|| format!("{} is no day; write it as 2026-11-23", quoted(text))),
            Self::Uuid => Uuid::parse_str(text)
                .map(|_| Cow::Borrowed(text))
                .map_err(|_| format!("{} is no UUID", quoted(text))),
            Self::Json => json(text),
            Self::Texts => texts(text),
        }
    }

    /// A value from JSON; `null` is none.
    ///
    /// # Errors
    /// As [`Kind::read`].
    pub fn read_json(&self, raw: &str, zone: Option<Tz>) -> Result<Option<String>, String> {
        if raw == "null" {
            return Ok(None);
        }
        if *self == Self::Json {
            return json(raw).map(|text| Some(text.into_owned()));
        }
        if *self == Self::Texts {
            let list: Vec<String> =
                serde_json::from_str(raw).map_err(|_| format!("{} is no list of texts", quoted(raw)))?;
            return array(&list).map(Some);
        }
        if raw.starts_with('"') {
            let text: String =
                serde_json::from_str(raw).map_err(|_| format!("{} is no text", quoted(raw)))?;
            return self.read(&text, zone).map(|text| Some(text.into_owned()));
        }
        match self {
            Self::Integer(_) | Self::Boolean | Self::Decimal(_) if !raw.starts_with(['[', '{']) => {
                self.read(raw, zone).map(|text| Some(text.into_owned()))
            }
            _ => Err(format!("{} is not in quotes", quoted(raw))),
        }
    }
}

/// A value in a sentence, not all of it.
fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("“{short}”")
}

fn integer(text: &str, bits: u32) -> Read<'_> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("{} is no whole number", quoted(text)));
    }
    let most = i128::from(i64::MAX >> (64 - bits));
    match text.parse::<i128>() {
        Ok(number) if (-most - 1..=most).contains(&number) => Ok(Cow::Borrowed(text)),
        _ => Err(format!("{} is too large", quoted(text))),
    }
}

fn boolean(text: &str) -> Read<'_> {
    match text {
        "1" | "t" | "true" | "True" | "TRUE" => Ok(Cow::Borrowed("t")),
        "0" | "f" | "false" | "False" | "FALSE" => Ok(Cow::Borrowed("f")),
        _ => Err(format!("{} is neither true nor false", quoted(text))),
    }
}

fn words(text: &str, most: Option<usize>) -> Read<'_> {
    if text.contains('\0') {
        return Err("has a character in it that no text has (NUL)".to_owned());
    }
    match most {
        // There are never more characters than bytes.
        Some(most) if text.len() > most && text.chars().count() > most => Err(format!(
            "has {} characters; at most {most} fit",
            text.chars().count()
        )),
        _ => Ok(Cow::Borrowed(text)),
    }
}

fn decimal(text: &str, bounds: Option<(usize, usize)>) -> Read<'_> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(part) {
        return Err(format!(
            "{} is no decimal number; write it as 12.50",
            quoted(text)
        ));
    }
    let (digits, places) = bounds.unwrap_or((1000, 1000));
    if part.trim_end_matches('0').len() > places {
        return Err(format!("{} has more than {places} decimals", quoted(text)));
    }
    if whole.trim_start_matches('0').len() > digits.saturating_sub(bounds.map_or(0, |_| places)) {
        return Err(format!("{} is too large", quoted(text)));
    }
    Ok(Cow::Borrowed(text))
}

fn json(text: &str) -> Read<'_> {
    if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return Err(format!("{} is no JSON", quoted(text)));
    }
    if text.contains("\\u0000") {
        return Err("has a character in it that no text has (NUL)".to_owned());
    }
    Ok(Cow::Borrowed(text))
}

/// A list as PostgreSQL writes it, one level deep: `{cash,"bank transfer"}`.
fn texts(text: &str) -> Read<'_> {
    let refused = || format!("{} is no list as {{a,b}}", quoted(text));
    let inner = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'))
        .ok_or_else(refused)?;
    let (mut in_quotes, mut escaped) = (false, false);
    for letter in inner.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => in_quotes = !in_quotes,
            '{' | '}' if !in_quotes => return Err(refused()),
            '\0' => return Err(refused()),
            _ => {}
        }
    }
    if in_quotes || escaped {
        return Err(refused());
    }
    Ok(Cow::Borrowed(text))
}

/// A list as PostgreSQL reads it.
fn array(list: &[String]) -> Result<String, String> {
    let mut text = String::from("{");
    for (place, item) in list.iter().enumerate() {
        words(item, None)?;
        let comma = if place == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{comma}\"{}\"",
            item.replace('\\', "\\\\").replace('"', "\\\"")
        );
    }
    text.push('}');
    Ok(text)
}

fn moment(text: &str, zone: Option<Tz>) -> Read<'_> {
    match clock(text)? {
        (_, Some(_)) => Ok(Cow::Borrowed(text)),
        (naive, None) => {
            let zone =
                zone.ok_or_else(|| format!("{} has no time zone; name it with --zone", quoted(text)))?;
            Ok(Cow::Owned(format!("{}+00", there(naive, zone, text)?)))
        }
    }
}

fn naive(text: &str, zone: Option<Tz>) -> Read<'_> {
    match (clock(text)?, zone) {
        ((_, None), None) => Ok(Cow::Borrowed(text)),
        ((naive, None), Some(zone)) => Ok(Cow::Owned(there(naive, zone, text)?)),
        ((naive, Some(offset)), _) => Ok(Cow::Owned(plain(naive - offset))),
    }
}

/// What a clock in a zone shows, in UTC. Clocks are put forward and back: some of what they could show they never do, some
/// they do twice.
fn there(naive: NaiveDateTime, zone: Tz, text: &str) -> Result<String, String> {
    match zone.from_local_datetime(&naive) {
        LocalResult::Single(moment) => Ok(plain(moment.with_timezone(&Utc).naive_utc())),
        LocalResult::None => Err(format!("{} was skipped by the clocks in {zone}", quoted(text))),
        LocalResult::Ambiguous(..) => Err(format!(
            "{} was shown twice by the clocks in {zone}; write it with its offset",
            quoted(text)
        )),
    }
}

fn plain(moment: NaiveDateTime) -> String {
    moment.format("%Y-%m-%d %H:%M:%S%.6f").to_string()
}

/// `2026-11-23 18:30`, with seconds, up to six decimals of them and an offset, or not; `T` for the blank will do.
fn clock(text: &str) -> Result<(NaiveDateTime, Option<TimeDelta>), String> {
    parse_clock(text).ok_or_else(|| {
        format!(
            "{} is no date and time; write it as 2026-11-23 18:30:00+08",
            quoted(text)
        )
    })
}

fn parse_clock(text: &str) -> Option<(NaiveDateTime, Option<TimeDelta>)> {
    let (day, rest) = (text.get(..10)?, text.get(10..)?);
    let day = date(day)?;
    let rest = rest.strip_prefix([' ', 'T'])?;
    let end = rest.find(['+', '-', 'Z', 'z']).unwrap_or(rest.len());
    let (time, offset) = rest.split_at(end);
    let (time, fraction) = match time.split_once('.') {
        Some((time, fraction)) => (time, Some(fraction)),
        None => (time, None),
    };
    let mut parts = time.split(':');
    let (hour, minute) = (two(parts.next()?)?, two(parts.next()?)?);
    let second = parts.next().map_or(Some(0), two)?;
    if parts.next().is_some() || (fraction.is_some() && time.len() != 8) {
        return None;
    }
    let micros = match fraction {
        None => 0,
        Some(digits)
            if (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            format!("{digits:0<6}").parse().ok()?
        }
        Some(_) => return None,
    };
    let time = NaiveTime::from_hms_micro_opt(hour, minute, second, micros)?;
    let offset = match offset {
        "" => None,
        "Z" | "z" => Some(TimeDelta::zero()),
        signed => {
            let mut parts = signed[1..].split(':');
            let hours = i64::from(two(parts.next()?)?);
            let minutes = i64::from(parts.next().map_or(Some(0), two)?);
            if parts.next().is_some() || hours > 15 || minutes > 59 {
                return None;
            }
            let ahead = TimeDelta::minutes(hours * 60 + minutes);
            Some(if signed.starts_with('-') { -ahead } else { ahead })
        }
    };
    Some((day.and_time(time), offset))
}

fn two(text: &str) -> Option<u32> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = text
        .get(..4)
        .filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()))?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, two(text.get(5..7)?)?, two(text.get(8..)?)?)
        .filter(|_| year != "0000")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
