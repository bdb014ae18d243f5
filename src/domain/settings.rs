//! The community's settings that administrators change one at a time: what each is for, what it may be, and what it is to
//! begin with. The database checks the same once more.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::when::{self, Zone};
use super::{Nonce, SafeText, Timestamp};

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Setting {
    /// `community_name`.
    CommunityName,
    /// `time_zone`.
    TimeZone,
    /// `currency`.
    Currency,
    /// `check_in_opens_minutes`.
    DoorOpens,
    /// `registration_closes_minutes`.
    RegistrationCloses,
    /// `streak_step`.
    StreakStep,
    /// `streak_most`.
    StreakMost,
    /// `skip_weeks_without_events`.
    SkipEmptyWeeks,
    /// `password_least`.
    PasswordLeast,
    /// `sign_ups_an_hour`.
    SignUps,
}

impl Setting {
    /// All of them, group by group.
    pub const ALL: [Self; 10] = [
        Self::CommunityName,
        Self::TimeZone,
        Self::Currency,
        Self::DoorOpens,
        Self::RegistrationCloses,
        Self::StreakStep,
        Self::StreakMost,
        Self::SkipEmptyWeeks,
        Self::PasswordLeast,
        Self::SignUps,
    ];

    /// The column's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::CommunityName => "community_name",
            Self::TimeZone => "time_zone",
            Self::Currency => "currency",
            Self::DoorOpens => "check_in_opens_minutes",
            Self::RegistrationCloses => "registration_closes_minutes",
            Self::StreakStep => "streak_step",
            Self::StreakMost => "streak_most",
            Self::SkipEmptyWeeks => "skip_weeks_without_events",
            Self::PasswordLeast => "password_least",
            Self::SignUps => "sign_ups_an_hour",
        }
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::CommunityName => "Community",
            Self::TimeZone => "Time zone",
            Self::Currency => "Currency",
            Self::DoorOpens => "Door opens",
            Self::RegistrationCloses => "Registration",
            Self::StreakStep => "Streak pays",
            Self::StreakMost => "At most",
            Self::SkipEmptyWeeks => "Empty weeks",
            Self::PasswordLeast => "Passwords",
            Self::SignUps => "Sign-ups",
        }
    }

    /// The heading it stands under.
    pub fn group(self) -> &'static str {
        match self {
            Self::CommunityName | Self::TimeZone | Self::Currency => "Community",
            Self::DoorOpens | Self::RegistrationCloses => "Events",
            Self::StreakStep | Self::StreakMost | Self::SkipEmptyWeeks => "Streaks",
            Self::PasswordLeast | Self::SignUps => "Accounts",
        }
    }

    /// What it does.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::CommunityName => "Stands on the sign-in screen and on receipts.",
            Self::TimeZone => "All times are read in it; days, weeks and months begin at its midnight.",
            Self::Currency => {
                "The money of prices and payments. Amounts that were entered are not converted."
            }
            Self::DoorOpens => "Minutes before an event begins at which people can be checked in.",
            Self::RegistrationCloses => {
                "Until when members register themselves. Staff register others until an event ends."
            }
            Self::StreakStep => "Points for the second week in a row, and as many more for each week after.",
            Self::StreakMost => "The most points that one week of a streak pays.",
            Self::SkipEmptyWeeks => "Whether a week without any event leaves streaks as they are.",
            Self::PasswordLeast => "Fewest characters of a new password. Passwords that there are stay.",
            Self::SignUps => "How many people may make an account in an hour; 0 lets only staff make them.",
        }
    }

    /// What it may be.
    pub fn range(self) -> &'static str {
        match self {
            Self::CommunityName => "1 to 255 characters",
            Self::TimeZone => "a name like Asia/Manila",
            Self::Currency => "three letters, ISO 4217",
            Self::DoorOpens => "0 to 10080 minutes, a week",
            Self::RegistrationCloses => "0 to 10080 minutes before, or the word end",
            Self::StreakStep | Self::StreakMost => "0 to 10000 points",
            Self::SkipEmptyWeeks => "yes or no",
            Self::PasswordLeast => "8 to 64 characters",
            Self::SignUps => "0 to 10000 an hour",
        }
    }

    /// What it is to begin with.
    pub fn default(self) -> &'static str {
        match self {
            Self::CommunityName => "Pine Time",
            Self::TimeZone => "UTC",
            Self::Currency => "PHP",
            Self::DoorOpens => "120",
            Self::RegistrationCloses => "end",
            Self::StreakStep => "5",
            Self::StreakMost => "50",
            Self::SkipEmptyWeeks => "false",
            Self::PasswordLeast => "12",
            Self::SignUps => "60",
        }
    }

    /// A value as people read it.
    pub fn told(self, value: &str) -> String {
        match (self, value) {
            (Self::SkipEmptyWeeks, "true") => "are passed over".to_owned(),
            (Self::SkipEmptyWeeks, _) => "end a streak".to_owned(),
            (Self::RegistrationCloses, "end") => "when the event ends".to_owned(),
            (Self::DoorOpens | Self::RegistrationCloses, "0") => "when the event begins".to_owned(),
            (Self::DoorOpens | Self::RegistrationCloses, value) => format!("{value} min before it begins"),
            (Self::StreakStep, value) => format!("{value} points a week"),
            (Self::StreakMost, value) => format!("{value} points"),
            (Self::PasswordLeast, value) => format!("{value} characters"),
            (Self::SignUps, value) => format!("{value} an hour"),
            (_, value) => value.to_owned(),
        }
    }

    /// What is typed, as it is to be sent.
    ///
    /// # Errors
    /// A sentence that says what it may be.
    pub fn read(self, typed: &str) -> Result<String, String> {
        let typed = typed.trim();
        let number = |least: u32, most: u32| {
            let number = typed.parse::<u32>().ok();
            number.filter(|number| (least..=most).contains(number))
        };
        let value = match self {
            Self::CommunityName => {
                let fits = (1..=255).contains(&typed.chars().count());
                fits.then(|| typed.to_owned())
            }
            Self::TimeZone => match Zone::meant(typed).as_slice() {
                [zone] => Some(zone.name().to_owned()),
                [] => None,
                several => return Err(format!("Which one: {}", names(several))),
            },
            Self::Currency => {
                let code = typed.to_ascii_uppercase();
                let is_code = code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase());
                is_code.then_some(code)
            }
            Self::DoorOpens => number(0, 10_080).map(|number| number.to_string()),
            Self::RegistrationCloses if typed.eq_ignore_ascii_case("end") => Some("end".to_owned()),
            Self::RegistrationCloses => number(0, 10_080).map(|number| number.to_string()),
            Self::StreakStep | Self::StreakMost | Self::SignUps => {
                number(0, 10_000).map(|number| number.to_string())
            }
            Self::PasswordLeast => number(8, 64).map(|number| number.to_string()),
            Self::SkipEmptyWeeks => match typed {
                "yes" | "true" => Some("true".to_owned()),
                "no" | "false" => Some("false".to_owned()),
                _ => None,
            },
        };
        value.ok_or_else(|| self.wrong().to_owned())
    }

    /// What is said of a value that it may not be; the database says the same.
    fn wrong(self) -> &'static str {
        match self {
            Self::CommunityName => "A name has 1 to 255 characters.",
            Self::TimeZone => "No such zone. Type its name, or its city: manila.",
            Self::Currency => "A currency is three letters (ISO 4217): PHP, EUR.",
            Self::DoorOpens => "Type whole minutes, 0 to 10080 (a week).",
            Self::RegistrationCloses => "Type whole minutes, 0 to 10080, or the word end.",
            Self::StreakStep | Self::StreakMost => "Type whole points, 0 to 10000.",
            Self::SkipEmptyWeeks => "Yes or no.",
            Self::PasswordLeast => "Type a whole number from 8 to 64.",
            Self::SignUps => "Type a whole number from 0 to 10000; 0 is none.",
        }
    }
}

/// The first few of these zones.
fn names(zones: &[Zone]) -> String {
    let mut names: Vec<&str> = zones.iter().take(3).map(|zone| zone.name()).collect();
    if zones.len() > names.len() {
        names.push("…");
    }
    names.join(", ")
}

/// What is said of a zone while it is typed: which it is, and what the time is there.
pub fn zone_typed(typed: &str, now: Timestamp) -> Option<String> {
    match Zone::meant(typed).as_slice() {
        [] => None,
        [zone] => Some(format!(
            "{}: it is {} there.",
            zone.name(),
            when::day_and_time(now, *zone, now)
        )),
        several => Some(names(several)),
    }
}

/// What a streak pays, week by week: `Week 2 pays 5, week 3 10, … from week 11 on 50.`
pub fn streak_pays(step: u32, most: u32) -> String {
    if step == 0 || most == 0 {
        return "A streak pays nothing.".to_owned();
    }
    // The first week that pays all of it: step × (week − 1) ≥ most.
    let full = most.div_ceil(step) + 1;
    let twice = 2 * step;
    match full {
        2 => format!("Week 2 and every week after it pays {most}."),
        3 => format!("Week 2 pays {step}, from week 3 on {most}."),
        4 => format!("Week 2 pays {step}, week 3 {twice}, from week 4 on {most}."),
        _ => format!("Week 2 pays {step}, week 3 {twice}, … from week {full} on {most}."),
    }
}

/// Who changed one last.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LastChange {
    /// Who.
    pub actor: SafeText,
    /// When.
    pub at: Timestamp,
    /// What it was before.
    pub before: SafeText,
}

/// Somebody was first: nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Meanwhile {
    /// Who, where the log tells.
    pub actor: Option<SafeText>,
    /// What it is now.
    pub value: SafeText,
}

/// All of them as they stand.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Settings {
    /// By name.
    pub values: BTreeMap<String, SafeText>,
    /// The last change of each that was ever changed.
    pub changes: BTreeMap<String, LastChange>,
    /// To a change that came too late.
    #[serde(default)]
    pub meanwhile: Option<Meanwhile>,
}

impl Settings {
    /// One of them.
    pub fn value(&self, setting: Setting) -> &str {
        self.values.get(setting.word()).map_or("", SafeText::as_str)
    }

    /// Who changed it last.
    pub fn last(&self, setting: Setting) -> Option<&LastChange> {
        self.changes.get(setting.word())
    }

    /// What a streak pays if one of its two numbers is this.
    pub fn streak_with(&self, setting: Setting, value: &str) -> Option<String> {
        let number = |of: Setting| if of == setting { value } else { self.value(of) }.parse().ok();
        match setting {
            Setting::StreakStep | Setting::StreakMost => Some(streak_pays(
                number(Setting::StreakStep)?,
                number(Setting::StreakMost)?,
            )),
            _ => None,
        }
    }
}

/// What another zone would do to weeks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ZoneEffects {
    /// The zone.
    pub zone: SafeText,
    /// Events that would fall into another week.
    pub events: i64,
    /// Attendances at them.
    pub attendances: i64,
    /// Streaks that are held now.
    pub streaks_here: i64,
    /// Streaks that would be.
    pub streaks_there: i64,
}

/// What may be asked about settings (administrators).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingsCall {
    /// All of them. → [`SettingsAnswer::All`]
    All,
    /// What another zone would do. → [`SettingsAnswer::Zone`]
    Zone(String),
    /// Change one. → [`SettingsAnswer::All`]
    Set {
        /// Of the key press.
        nonce: Nonce,
        /// Which.
        setting: Setting,
        /// What it was when the form opened; who changed it meanwhile is not overwritten.
        was: String,
        /// What it is to be.
        value: String,
    },
}

impl SettingsCall {
    /// The nonce, if this is a write.
    pub fn nonce(&self) -> Option<Nonce> {
        match self {
            Self::Set { nonce, .. } => Some(*nonce),
            _ => None,
        }
    }
}

/// What it brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingsAnswer {
    /// To [`SettingsCall::All`] and [`SettingsCall::Set`].
    All(Settings),
    /// To [`SettingsCall::Zone`].
    Zone(ZoneEffects),
}

#[cfg(test)]
mod tests {
    use super::{Setting, streak_pays};

    #[test]
    fn what_a_streak_pays_is_told_week_by_week() {
        for (step, most, told) in [
            (5, 50, "Week 2 pays 5, week 3 10, … from week 11 on 50."),
            (10, 30, "Week 2 pays 10, week 3 20, from week 4 on 30."),
            (10, 15, "Week 2 pays 10, from week 3 on 15."),
            (60, 50, "Week 2 and every week after it pays 50."),
            (0, 50, "A streak pays nothing."),
            (5, 0, "A streak pays nothing."),
        ] {
            assert_eq!(streak_pays(step, most), told);
        }
        // The sentence is the rule: min(step × (week − 1), most), from the week on that it names.
        for (step, most) in [(1, 10_000), (3, 50), (7, 49), (1000, 9_999)] {
            let told = streak_pays(step, most);
            let full: u32 = told
                .split_once("from week ")
                .and_then(|(_, after)| after.split(' ').next()?.parse().ok())
                .unwrap_or(0);
            assert!(full > 2, "{told}");
            assert!(step * (full - 1) >= most, "{told}");
            assert!(step * (full - 2) < most, "{told}");
        }
    }

    #[test]
    fn what_a_setting_begins_with_may_be_typed_and_nonsense_may_not() {
        for setting in Setting::ALL {
            let default = setting.default();
            assert_eq!(setting.read(default).as_deref(), Ok(default), "{setting:?}");
            assert!(setting.read("").is_err(), "{setting:?}");
            if setting != Setting::CommunityName {
                for nonsense in [
                    "-1",
                    "1e3",
                    "99999999999999999999",
                    "Mars/Olympus",
                    "yesterday",
                    "₱",
                ] {
                    assert!(setting.read(nonsense).is_err(), "{setting:?} {nonsense}");
                }
            }
        }
        assert_eq!(Setting::Currency.read(" eur ").as_deref(), Ok("EUR"));
        for typed in ["manila", " asia/MANILA ", "Asia/Manila"] {
            assert_eq!(Setting::TimeZone.read(typed).as_deref(), Ok("Asia/Manila"));
        }
        assert_eq!(
            Setting::TimeZone.read("new york").as_deref(),
            Ok("America/New_York")
        );
        // More than one has it in its name.
        assert!(Setting::TimeZone.read("america").is_err());
        assert_eq!(Setting::SkipEmptyWeeks.read("yes").as_deref(), Ok("true"));
        assert!(Setting::PasswordLeast.read("7").is_err() && Setting::PasswordLeast.read("65").is_err());
    }
}
