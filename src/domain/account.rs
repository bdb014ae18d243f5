//! Accounts: signing up, one's own account and its sessions, and setting a password anew. What a password has to be is
//! in [`super::password`].

use serde::{Deserialize, Serialize};

use super::member::MemberId;
use super::{Nonce, SafeText, Secret, Timestamp};

/// Who wants to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUp {
    /// Sign-in name.
    pub username: String,
    /// E-mail address.
    pub email: String,
    /// Name as people say it.
    pub full_name: String,
    /// Never leaves the terminal: the worker derives a key from it.
    pub password: Secret,
    /// User name or pass code of the member who brought them; may be empty.
    pub referrer: String,
}

/// A session of mine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    /// `sessions.id`.
    pub id: i64,
    /// The terminal.
    pub device: SafeText,
    /// Since when.
    pub created_at: Timestamp,
    /// Last sign of life, to a minute.
    pub last_active: Timestamp,
    /// Whether it is the one that asks.
    pub is_here: bool,
}

/// My account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// `users.id`.
    pub user_id: MemberId,
    /// Sign-in name.
    pub username: SafeText,
    /// Name as people say it.
    pub full_name: SafeText,
    /// E-mail address.
    pub email: SafeText,
    /// Where it is open, the newest first.
    pub sessions: Vec<SessionLine>,
}

/// What came of proving who one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Proof {
    /// It is done.
    Ok,
    /// The old password, or the code, does not match.
    Refused,
    /// Too many tries: wait.
    Wait {
        /// So long.
        seconds: i32,
    },
}

/// A one-time code with which a member sets a password anew.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetCode {
    /// Ten canonical characters, read like a pass code.
    pub code: SafeText,
    /// Whose.
    pub username: SafeText,
    /// Until when it is worth anything.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for ResetCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResetCode")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// Whether a member may sign in and register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// `users.id`.
    pub id: MemberId,
    /// Sign-in name.
    pub username: SafeText,
    /// Whether they may.
    pub is_active: bool,
}

/// A question or command about accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountCall {
    /// Make an account for whoever sits here; needs no session. → [`AccountAnswer::SignedUp`]
    SignUp {
        /// Of the key press.
        nonce: Nonce,
        /// Who.
        who: SignUp,
    },
    /// Set a password anew with a code of staff's; needs no session. → [`AccountAnswer::Proved`]
    Reset {
        /// Of the key press.
        nonce: Nonce,
        /// User name or e-mail address.
        name: String,
        /// As it was written down.
        code: String,
        /// The new one.
        password: Secret,
    },
    /// My account. → [`AccountAnswer::Mine`]
    Mine,
    /// Change name and address. → [`AccountAnswer::Saved`]
    Save {
        /// Of the key press.
        nonce: Nonce,
        /// Name as people say it.
        full_name: String,
        /// E-mail address.
        email: String,
    },
    /// Change my password; every other session of mine ends. → [`AccountAnswer::Proved`]
    SetPassword {
        /// Of the key press.
        nonce: Nonce,
        /// My user name, to derive the old key for.
        username: String,
        /// The old one.
        old: Secret,
        /// The new one.
        new: Secret,
    },
    /// End a session: mine, or as an administrator anyone's. → [`AccountAnswer::Ended`]
    EndSession {
        /// Of the key press.
        nonce: Nonce,
        /// Which.
        session: i64,
    },
    /// A one-time code for a member who has lost the password (staff). → [`AccountAnswer::Code`]
    ResetCode {
        /// For whom.
        member: MemberId,
    },
    /// Deactivate a member or bring them back (staff). → [`AccountAnswer::Activity`]
    SetActive {
        /// Of the key press.
        nonce: Nonce,
        /// Whom.
        member: MemberId,
        /// Whether they may sign in and register from now on.
        active: bool,
        /// Why.
        reason: String,
    },
}

impl AccountCall {
    /// The key press of a write.
    pub fn nonce(&self) -> Option<Nonce> {
        match self {
            Self::SignUp { nonce, .. }
            | Self::Reset { nonce, .. }
            | Self::Save { nonce, .. }
            | Self::SetPassword { nonce, .. }
            | Self::EndSession { nonce, .. }
            | Self::SetActive { nonce, .. } => Some(*nonce),
            Self::Mine | Self::ResetCode { .. } => None,
        }
    }

    /// Whether whoever asks need not be signed in.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::SignUp { .. } | Self::Reset { .. })
    }
}

/// What a call brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountAnswer {
    /// Who joined, as they sign in.
    SignedUp(SafeText),
    /// What came of it.
    Proved(Proof),
    /// My account.
    Mine(Account),
    /// The name and address as they are kept.
    Saved {
        /// Name as people say it.
        full_name: SafeText,
        /// E-mail address.
        email: SafeText,
    },
    /// Whether it was open.
    Ended(bool),
    /// The code, to be told to the member.
    Code(ResetCode),
    /// How they stand now.
    Activity(Activity),
}
