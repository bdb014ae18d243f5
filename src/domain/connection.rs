//! Connections: two members who attended the same event tell each other so, each with the other's pass.

use serde::{Deserialize, Serialize};

use super::member::{MemberId, MemberName};
use super::{SafeText, Timestamp};

/// What comes of presenting somebody's pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectOutcome {
    /// Both have said so: connected.
    Connected,
    /// The other one has to confirm it.
    Asked,
    /// They were connected before.
    Already,
    /// It was one's own pass.
    Yourself,
    /// Nobody has this pass.
    UnknownCode,
    /// There is no event that both attended and that ended less than 48 hours ago.
    NotMet,
}

/// The answer to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connected {
    /// What came of it.
    pub outcome: ConnectOutcome,
    /// Who it is; only those learn it who have met.
    pub member: Option<MemberName>,
}

/// How a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// They ask, and wait for a yes.
    Asks,
    /// They were asked.
    Asked,
    /// Connected.
    Connected,
}

/// One of the asker's connections, those that wait first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// With whom.
    pub user_id: MemberId,
    /// Name as people say it.
    pub full_name: SafeText,
    /// Where they met.
    pub event_id: i32,
    /// Its title.
    pub event_title: SafeText,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// How it stands.
    pub state: ConnectionState,
    /// Until when it can be confirmed.
    pub until: Timestamp,
}
