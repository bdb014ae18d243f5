//! The community that a database serves, as a terminal learns it when it connects.

use serde::{Deserialize, Serialize};

use super::money::Currency;
use super::when::Zone;
use super::{SafeText, Timestamp};

/// What holds for everybody before anybody has signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Community {
    /// The community's name.
    pub community_name: SafeText,
    /// The zone in which all its times are read.
    pub time_zone: Zone,
    /// ISO 4217 code of its money.
    pub currency: SafeText,
    /// Ways to pay, as the database writes them, the usual one first.
    pub payment_channels: Vec<SafeText>,
    /// Whether this is the sample community, whose sign-in names may be shown.
    pub is_demo: bool,
    /// The database's clock (`pine.clock()`) when it answered.
    pub clock: Timestamp,
    /// Seconds that the rules' clock was moved by; 0 but for tests and rehearsals.
    pub clock_offset_seconds: i64,
    /// Minutes before an event's start at which its door opens.
    pub check_in_opens_minutes: i32,
    /// Fewest characters of a new password.
    pub password_least: usize,
    /// The server's version, as `17.4`.
    pub server_version: SafeText,
}

impl Community {
    /// Its money.
    pub fn money(&self) -> Currency {
        // The column holds three capital letters; anything else could only come from another program.
        Currency::of_code(self.currency.as_str()).unwrap_or(Currency::PHP)
    }
}
