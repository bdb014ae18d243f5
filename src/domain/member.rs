//! Members and who they are to the desk.

use serde::{Deserialize, Serialize};

use super::{SafeText, Timestamp};

/// `users.id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MemberId(pub i32);

/// `users.user_type`: what a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserType {
    /// Registers, attends, collects points.
    Regular,
    /// Also runs events and the door.
    Staff,
    /// Also gives roles.
    Admin,
}

impl UserType {
    /// Whether the staff screens are theirs.
    pub fn is_staff(self) -> bool {
        self >= Self::Staff
    }

    /// The word of the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Staff => "staff",
            Self::Admin => "admin",
        }
    }
}

/// The person signed in at this terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Whose session it is.
    pub user_id: MemberId,
    /// Sign-in name.
    pub username: SafeText,
    /// Name as people say it.
    pub full_name: SafeText,
    /// What they may do.
    pub user_type: UserType,
    /// Spendable points when they signed in.
    pub points: i64,
    /// How this terminal is called in the logs.
    pub device: SafeText,
}

/// A member in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberLine {
    /// `users.id`.
    pub id: MemberId,
    /// Sign-in name.
    pub username: SafeText,
    /// Name as people say it.
    pub full_name: SafeText,
    /// E-mail address.
    pub email: SafeText,
    /// What they may do.
    pub user_type: UserType,
    /// Whether they may sign in and register.
    pub is_active: bool,
    /// When they became a member.
    pub created_at: Option<Timestamp>,
    /// Last sign-in.
    pub last_login: Option<Timestamp>,
}

/// A member where only the name matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberName {
    /// `users.id`.
    pub id: MemberId,
    /// Sign-in name.
    pub username: SafeText,
    /// Name as people say it.
    pub full_name: SafeText,
}
