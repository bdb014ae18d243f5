//! The screens' state and what keys, replies and timers do to it, one file each.

pub(crate) mod calendar;
pub(crate) mod check_in;
pub(crate) mod event_page;
pub(crate) mod insights;
pub(crate) mod leaderboard;
pub(crate) mod members;
pub(crate) mod people;
pub(crate) mod profile;
pub(crate) mod registrations;
pub(crate) mod sign_in;

/// The screens behind the tabs. The numbers are the screens' own and stay when others join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tab {
    #[default]
    Calendar,
    Registrations,
    CheckIn,
    Profile,
    Leaderboard,
    Members,
    Insights,
}

impl Tab {
    pub(crate) const ALL: [Self; 7] = [
        Self::Calendar,
        Self::Registrations,
        Self::CheckIn,
        Self::Profile,
        Self::Leaderboard,
        Self::Members,
        Self::Insights,
    ];

    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Calendar => 1,
            Self::Registrations => 2,
            Self::CheckIn => 3,
            Self::Profile => 4,
            Self::Leaderboard => 5,
            Self::Members => 6,
            Self::Insights => 7,
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Calendar => "Calendar",
            Self::Registrations => "Registrations",
            Self::CheckIn => "Check-in",
            Self::Profile => "Profile",
            Self::Leaderboard => "Leaderboard",
            Self::Members => "Members",
            Self::Insights => "Insights",
        }
    }

    /// The title where there is little room.
    pub(crate) fn short_title(self) -> &'static str {
        match self {
            Self::Leaderboard => "Board",
            other => other.title(),
        }
    }

    /// The title where there is hardly any.
    pub(crate) fn shortest_title(self) -> &'static str {
        match self {
            Self::Calendar => "Cal",
            Self::Registrations => "Mine",
            Self::CheckIn => "Door",
            Self::Profile => "Me",
            other => other.short_title(),
        }
    }

    /// Whether events and their pages are on it, and forms may begin from them.
    pub(crate) fn shows_events(self) -> bool {
        matches!(self, Self::Calendar | Self::Registrations)
    }

    pub(crate) fn is_for(self, staff: bool) -> bool {
        staff || !matches!(self, Self::CheckIn | Self::Members | Self::Insights)
    }
}
