//! Money: exact amounts in hundredths, how people type them and how they are shown. Which currency a community has
//! is a setting; amounts of two currencies never meet. No amount is ever a float.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount in hundredths of the currency's unit, 0 or more, at most [`Money::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

impl Money {
    /// The most that a column of `numeric(12, 2)` keeps.
    pub const MAX: Self = Self(999_999_999_999);
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of this many hundredths; `None` when it is negative or more than [`Money::MAX`].
    pub fn from_hundredths(hundredths: i64) -> Option<Self> {
        (0..=Self::MAX.0)
            .contains(&hundredths)
            .then_some(Self(hundredths))
    }

    /// The amount in hundredths.
    pub fn hundredths(self) -> i64 {
        self.0
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// What is left of this after `other`; `None` when that is more.
    pub fn less(self, other: Self) -> Option<Self> {
        Self::from_hundredths(self.0 - other.0)
    }

    fn of_decimal(text: &str) -> Option<Self> {
        Self::from_hundredths(hundredths_of(text)?)
    }
}

/// Reads what the database writes: digits, and perhaps a point and at most two more.
fn hundredths_of(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    let number = |text: &str| match text {
        "" => Some(0),
        text => text.parse::<i64>().ok(),
    };
    let hundredths = number(part)? * if part.len() == 1 { 10 } else { 1 };
    number(whole)?.checked_mul(100)?.checked_add(hundredths)
}

/// As the database writes it: `1250.50`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// As text: JSON's numbers are not exact everywhere.
impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::of_decimal(&text).ok_or_else(|| serde::de::Error::custom("an amount of money that is none"))
    }
}

/// What comes of adding and taking away amounts, in hundredths of the currency's unit; may be below 0. Sums are told by
/// it, and payments of older books, which may hold anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Balance(i64);

impl Balance {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The balance in hundredths.
    pub fn hundredths(self) -> i64 {
        self.0
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left of this after `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Whether something is left.
    pub fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The balance as an amount to hand over; `None` when there is none, or more than an amount can be.
    pub fn amount(self) -> Option<Money> {
        Money::from_hundredths(self.0).filter(|amount| !amount.is_zero())
    }

    /// Reads a balance as the database writes it.
    pub fn of_decimal(text: &str) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        hundredths_of(digits).map(|hundredths| Self(sign * hundredths))
    }
}

impl From<Money> for Balance {
    fn from(amount: Money) -> Self {
        Self(amount.0)
    }
}

/// As the database writes it: `-99.50`.
impl fmt::Display for Balance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let hundredths = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

impl Serialize for Balance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Balance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::of_decimal(&text).ok_or_else(|| serde::de::Error::custom("a balance of money that is none"))
    }
}

/// A currency, by its ISO 4217 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

/// Signs that are one cell wide and mean one currency to those who use it.
const SIGNS: [(&[u8; 3], &str); 12] = [
    (b"PHP", "₱"),
    (b"USD", "$"),
    (b"EUR", "€"),
    (b"GBP", "£"),
    (b"JPY", "¥"),
    (b"KRW", "₩"),
    (b"INR", "₹"),
    (b"VND", "₫"),
    (b"NGN", "₦"),
    (b"ILS", "₪"),
    (b"UAH", "₴"),
    (b"TRY", "₺"),
];

/// Currencies without a smaller unit (ISO 4217, exponent 0).
const WHOLE: [&[u8; 3]; 16] = [
    b"BIF", b"CLP", b"DJF", b"GNF", b"ISK", b"JPY", b"KMF", b"KRW", b"PYG", b"RWF", b"UGX", b"VND", b"VUV",
    b"XAF", b"XOF", b"XPF",
];

impl Currency {
    /// The peso of the Philippines: what a new community counts in.
    pub const PHP: Self = Self(*b"PHP");

    /// The currency of a code; `None` unless it is three capital letters.
    pub fn of_code(code: &str) -> Option<Self> {
        let code: [u8; 3] = code.as_bytes().try_into().ok()?;
        code.iter().all(u8::is_ascii_uppercase).then_some(Self(code))
    }

    /// Its ISO 4217 code.
    pub fn code(&self) -> &str {
        // Three capital letters, by construction.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    fn sign(self) -> Option<&'static str> {
        SIGNS
            .iter()
            .find(|(code, _)| **code == self.0)
            .map(|(_, sign)| *sign)
    }

    fn is_whole(self) -> bool {
        WHOLE.contains(&&self.0)
    }

    /// How people read an amount: `₱1,250`, `₱99.50`, `CHF 20`.
    pub fn show(&self, amount: Money) -> String {
        self.told(amount.0.unsigned_abs())
    }

    /// How people read a balance: `₱1,250`, `−₱99.50`.
    pub fn show_balance(&self, balance: Balance) -> String {
        let sign = if balance.0 < 0 { "−" } else { "" };
        format!("{sign}{}", self.told(balance.0.unsigned_abs()))
    }

    fn told(self, hundredths: u64) -> String {
        let units = (hundredths / 100).to_string();
        let mut out = match self.sign() {
            Some(sign) => sign.to_owned(),
            None => format!("{} ", self.code()),
        };
        for (at, digit) in units.chars().enumerate() {
            if at > 0 && (units.len() - at).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        if !hundredths.is_multiple_of(100) {
            let _ = write!(out, ".{:02}", hundredths % 100);
        }
        out
    }

    /// How an amount stands in a field: `1250`, `99.50`.
    pub fn form_text(&self, amount: Money) -> String {
        if amount.0 % 100 == 0 {
            (amount.0 / 100).to_string()
        } else {
            amount.to_string()
        }
    }

    /// Reads an amount as a person types it; the sign or code of the currency may stand before it.
    ///
    /// # Errors
    /// A sentence that says what to type instead.
    pub fn read(&self, typed: &str) -> Result<Money, String> {
        let mut text = typed.trim();
        for prefix in [self.sign().unwrap_or_default(), self.code()] {
            text = text.strip_prefix(prefix).unwrap_or(text).trim_start();
        }
        if text.starts_with(['-', '−']) {
            return Err("An amount is 0 or more.".to_owned());
        }
        if text.contains(',') {
            return Err("No commas; the decimals follow a point: 1250.50.".to_owned());
        }
        let (units, decimals) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if (units.is_empty() && decimals.is_empty()) || !digits(units) || !digits(decimals) {
            return Err("Type an amount, like 250 or 99.50.".to_owned());
        }
        if self.is_whole() && decimals.bytes().any(|b| b != b'0') {
            return Err(format!("{} has no decimals.", self.code()));
        }
        if decimals.len() > 2 {
            return Err("At most two decimals: 99.50.".to_owned());
        }
        Money::of_decimal(text).ok_or_else(|| format!("That is more than fits; at most {}.", Money::MAX))
    }
}

/// How a payment channel is called on the screen; the database keeps `bank_transfer`.
pub fn channel_name(channel: &str) -> String {
    match channel {
        "gcash" => "GCash".to_owned(),
        "instapay" => "InstaPay".to_owned(),
        "maya" => "Maya".to_owned(),
        other => other.replace('_', " "),
    }
}

/// The channel whose change is counted.
pub const CASH: &str = "cash";
