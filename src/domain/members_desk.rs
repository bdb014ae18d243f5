//! The members' desk: lists and pages of members, and what staff change about them. What they do for members who have lost
//! their way in is in [`super::account`].

use serde::{Deserialize, Serialize};

use super::account::SessionLine;
use super::door_note::DoorNote;
use super::event::{EventId, RegistrationStatus};
use super::event_people::Cursor;
use super::member::{MemberId, MemberLine, MemberName, UserType};
use super::{Nonce, SafeText, Timestamp};

/// Rows that a search answers at most; where there are as many, more letters tell them apart.
pub const MOST_FOUND: usize = 40;
/// Registrations that a page tells of, of those to come and of those that are over.
pub const MOST_TOLD: (usize, usize) = (50, 100);

/// Which members.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MembersFilter {
    /// What they are found by; empty is everybody.
    #[serde(default)]
    pub query: String,
    /// Only active ones, or only deactivated ones.
    #[serde(default)]
    pub active: Option<bool>,
    /// Only those with this role.
    #[serde(default)]
    pub user_type: Option<UserType>,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    /// Who.
    #[serde(flatten)]
    pub line: MemberLine,
    /// Start of the last event they were at.
    pub last_attended: Option<Timestamp>,
    /// Points to spend.
    pub points: i64,
}

impl MemberRow {
    /// The name alone.
    pub fn name(&self) -> MemberName {
        MemberName {
            id: self.line.id,
            username: self.line.username.clone(),
            full_name: self.line.full_name.clone(),
        }
    }
}

/// A page of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersPage {
    /// The page.
    pub rows: Vec<MemberRow>,
    /// Ask behind this for the next page; none when this is the last.
    pub next: Option<Cursor>,
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersCount {
    /// All of them.
    pub members: i64,
    /// Deactivated ones among them.
    pub inactive: i64,
    /// With the staff's role.
    pub staff: i64,
    /// Deactivated ones among these.
    pub inactive_staff: i64,
    /// Administrators.
    pub admins: i64,
    /// Deactivated ones among these.
    pub inactive_admins: i64,
}

impl MembersCount {
    /// How many of them a filter lists that asks for nothing by name.
    pub fn matching(&self, active: Option<bool>, user_type: Option<UserType>) -> i64 {
        let (all, inactive) = match user_type {
            None => (self.members, self.inactive),
            Some(UserType::Staff) => (self.staff, self.inactive_staff),
            Some(UserType::Admin) => (self.admins, self.inactive_admins),
            Some(UserType::Regular) => (
                self.members - self.staff - self.admins,
                self.inactive - self.inactive_staff - self.inactive_admins,
            ),
        };
        match active {
            None => all,
            Some(true) => all - inactive,
            Some(false) => inactive,
        }
    }
}

/// A registration, on its member's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberSeat {
    /// For which event.
    pub event_id: EventId,
    /// Its title.
    pub title: SafeText,
    /// Its start.
    pub start_time: Timestamp,
    /// Whether it takes place.
    pub is_active: bool,
    /// State.
    pub status: RegistrationStatus,
    /// Whether they were there.
    pub attended: bool,
}

/// What staff may change of a member.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MemberDraft {
    /// Name as people say it.
    pub full_name: String,
    /// Sign-in name.
    pub username: String,
    /// E-mail address.
    pub email: String,
    /// User name or pass code of who brought them; may be empty.
    pub referred_by: String,
}

/// Everything that staff see of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPage {
    /// Who.
    pub line: MemberRow,
    /// What may be changed, as it stands.
    pub draft: MemberDraft,
    /// Names how it stands.
    pub version: String,
    /// Their pass.
    pub pass_code: SafeText,
    /// Whether others see them on boards.
    pub show_on_leaderboard: bool,
    /// The note on them for the door.
    pub door_note: Option<DoorNote>,
    /// Who brought them.
    pub referred_by: Option<MemberName>,
    /// Points earned in all.
    pub earned: i64,
    /// Events they were at.
    pub attended: i64,
    /// Until when a one-time code lies ready for them.
    pub code_until: Option<Timestamp>,
    /// Where they are signed in, in numbers.
    pub sessions: i64,
    /// Registrations for events to come, the next first; at most as [`MOST_TOLD`] says.
    pub upcoming: Vec<MemberSeat>,
    /// For events that are over, the last first.
    pub past: Vec<MemberSeat>,
    /// How many registrations there are in all.
    pub registrations: i64,
}

/// Whom to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Sign-in name.
    pub username: String,
    /// E-mail address.
    pub email: String,
    /// Name as people say it.
    pub full_name: String,
    /// User name or pass code of who brought them; may be empty.
    pub referrer: String,
}

/// A question or command about members (staff).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MembersCall {
    /// A page of the list. → [`MembersAnswer::Page`]
    Page {
        /// Which members.
        filter: MembersFilter,
        /// From the last name to the first.
        descending: bool,
        /// Behind this, [`MembersPage::next`] of the page before.
        after: Option<Cursor>,
        /// Rows, at most 500.
        most: i32,
    },
    /// How many there are. → [`MembersAnswer::Count`]
    Count,
    /// One in full. → [`MembersAnswer::Member`]
    Member(MemberId),
    /// Make a member who sets their password with a one-time code. → [`MembersAnswer::Made`]
    Add {
        /// Of the key press.
        nonce: Nonce,
        /// Whom.
        who: NewAccount,
    },
    /// Change what is written down of a member. → [`MembersAnswer::Saved`]
    Save {
        /// Of the key press.
        nonce: Nonce,
        /// Whom.
        member: MemberId,
        /// [`MemberPage::version`] before the writer's eyes.
        seen: String,
        /// How it is to be.
        draft: MemberDraft,
    },
    /// Give a role (administrators). → [`MembersAnswer::Role`]
    SetRole {
        /// Of the key press.
        nonce: Nonce,
        /// To whom: their user name.
        username: String,
        /// Which.
        role: UserType,
    },
    /// Where a member is signed in (administrators; for oneself [`super::account::AccountCall::Mine`]).
    /// → [`MembersAnswer::Sessions`]
    Sessions(MemberId),
    /// End all sessions of a member (administrators), or all of mine but this one. → [`MembersAnswer::Ended`]
    EndSessions {
        /// Of the key press.
        nonce: Nonce,
        /// Whose; none is me.
        member: Option<MemberId>,
    },
}

impl MembersCall {
    /// The key press of a write.
    pub fn nonce(&self) -> Option<Nonce> {
        match self {
            Self::Add { nonce, .. }
            | Self::Save { nonce, .. }
            | Self::SetRole { nonce, .. }
            | Self::EndSessions { nonce, .. } => Some(*nonce),
            Self::Page { .. } | Self::Count | Self::Member(_) | Self::Sessions(_) => None,
        }
    }

    /// What kind of call this is, without anything a person typed.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Page { .. } | Self::Count | Self::Member(_) | Self::Sessions(_) => "look at members",
            Self::Add { .. } => "make a member",
            Self::Save { .. } => "change a member",
            Self::SetRole { .. } => "give a role",
            Self::EndSessions { .. } => "end sessions",
        }
    }
}

/// What a call brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MembersAnswer {
    /// A page.
    Page(MembersPage),
    /// How many.
    Count(MembersCount),
    /// One in full.
    Member(Box<MemberPage>),
    /// Who was made.
    Made(MemberLine),
    /// How it stands now.
    Saved(MemberRow),
    /// Whose role was set, and to what.
    Role(MemberName, UserType),
    /// Where they are signed in, the last one active first.
    Sessions(Vec<SessionLine>),
    /// How many were ended.
    Ended(i64),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_every_list_follows_from_the_numbers() {
        let count = MembersCount {
            members: 100,
            inactive: 10,
            staff: 7,
            inactive_staff: 2,
            admins: 3,
            inactive_admins: 1,
        };
        for (active, role, expected) in [
            (None, None, 100),
            (Some(true), None, 90),
            (Some(false), None, 10),
            (None, Some(UserType::Regular), 90),
            (Some(true), Some(UserType::Regular), 83),
            (Some(false), Some(UserType::Regular), 7),
            (Some(true), Some(UserType::Staff), 5),
            (Some(false), Some(UserType::Admin), 1),
        ] {
            assert_eq!(count.matching(active, role), expected, "{active:?} {role:?}");
        }
    }
}
