//! Coming in otherwise than by a registration that is in order: as a walk-in, by paying at the door, or because
//! staff set a rule aside. The rules stand in the database (`pine.walk_in`, `pine.check_in`).

use serde::{Deserialize, Serialize};

use super::check_in::CheckedIn;
use super::member::{MemberId, MemberName};
use super::money::Money;

/// Longest reason: what the log keeps.
pub const MAX_REASON: usize = 255;

/// Money taken at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taking {
    /// What was shown as due; the database takes no other amount.
    pub amount: Money,
    /// One of the community's channels.
    pub channel: String,
}

/// Who walks in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guest {
    /// Somebody who is a member already.
    Member(MemberId),
    /// Somebody new.
    New {
        /// Name as people say it.
        full_name: String,
        /// E-mail address.
        email: String,
        /// Sign-in name; none lets the database make one of the name.
        username: Option<String>,
    },
}

/// One walk-in, as the form sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkIn {
    /// Who.
    pub guest: Guest,
    /// What they pay now; none when nothing is due or it is put off.
    pub taking: Option<Taking>,
    /// Why they come in over a rule: beyond the last seat, unpaid, too early.
    pub reason: Option<String>,
}

/// What came of a walk-in.
#[allow(
    clippy::large_enum_variant,
    reason = "few at a time, and never kept in numbers"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum WalkedIn {
    /// It was tried; the outcome tells the rest.
    Attempted {
        /// As at any check-in.
        checked_in: CheckedIn,
    },
    /// Somebody has that e-mail address: nothing was done.
    EmailTaken {
        /// Who it is.
        member: MemberName,
    },
}

/// The user name that the database will make of a full name, if nobody has it: plain letters and digits with dots
/// between. Empty when nothing of the name can be written so.
pub fn username_of(full_name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut out = String::new();
    for c in full_name.nfkd().flat_map(char::to_lowercase) {
        let plain = match c {
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'ø' => "o",
            'ł' => "l",
            'đ' | 'ð' => "d",
            'þ' => "th",
            'ı' => "i",
            _ => "",
        };
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !plain.is_empty() {
            out.push_str(plain);
        } else if !unicode_normalization::char::is_combining_mark(c) && !out.is_empty() && !out.ends_with('.')
        {
            out.push('.');
        }
    }
    out.truncate(56);
    out.trim_end_matches('.').to_owned()
}
