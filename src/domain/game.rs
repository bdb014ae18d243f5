//! What a screen may ask about the game and what it is answered: points, badges, streaks, leaderboards, connections, and
//! what staff do about them by hand. The shapes are in [`super::badge`], [`super::ledger`], [`super::board`],
//! [`super::connection`] and [`super::game_desk`]; how points come about is the database's rule
//! (`pine.reward_attendance`, `pine.settle_badges`).

use super::Nonce;
use super::badge::GameCard;
use super::board::{Board, BoardPage, Place, Ranked, TypeBoard};
use super::connection::{Connected, Connection};
use super::game_desk::{
    BadgeLevelDraft, GainPreview, GameRules, Granted, LevelTaken, MemberFacts, PointsChange, PointsChanged,
    RulesSaved, StreakRules,
};
use super::ledger::{Celebration, LedgerKind, PointsPage, WeekPoints};
use super::member::MemberId;

/// What is asked about the game. A member of `None` is the asker; another one is for staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GameCall {
    /// A member's page. → [`GameAnswer::Card`]
    Card(Option<MemberId>),
    /// A page of a ledger, newest first. → [`GameAnswer::Ledger`]
    Ledger {
        /// Whose.
        member: Option<MemberId>,
        /// Only rows of this kind.
        kind: Option<LedgerKind>,
        /// Only rows older than this one.
        before: Option<i32>,
        /// How many, at most 500.
        most: i32,
    },
    /// Points week by week for a year. → [`GameAnswer::Weeks`]
    Weeks(Option<MemberId>),
    /// A page of a leaderboard. → [`GameAnswer::Board`]
    Board {
        /// Which.
        board: Board,
        /// Where.
        place: Place,
        /// How many rows, at most 500.
        most: i32,
    },
    /// Members of a board by name, at most thirty. → [`GameAnswer::Found`]
    Find {
        /// Of which board.
        board: Board,
        /// Words of a name, or a user name.
        query: String,
    },
    /// The boards of event types. → [`GameAnswer::TypeBoards`]
    TypeBoards,
    /// What I earned and was not told yet. → [`GameAnswer::Celebration`]
    Celebrate,
    /// I was told. → [`GameAnswer::Done`]
    Celebrated {
        /// Of the key press.
        nonce: Nonce,
        /// [`Celebration::through`].
        through: i32,
    },
    /// Whether others see me on leaderboards. → [`GameAnswer::Privacy`]
    SetPrivacy {
        /// Of the key press.
        nonce: Nonce,
        /// Whether.
        show_me: bool,
    },
    /// My connections, and who asks for one. → [`GameAnswer::Connections`]
    Connections,
    /// Present somebody's pass. → [`GameAnswer::Connected`]
    Connect {
        /// Of the key press.
        nonce: Nonce,
        /// A pass code as it was typed or scanned.
        presented: String,
    },
    /// Say yes to somebody who asked. → [`GameAnswer::Connected`]
    Confirm {
        /// Of the key press.
        nonce: Nonce,
        /// Who asked.
        member: MemberId,
    },
    /// The rules as they stand. → [`GameAnswer::Rules`]
    Rules,
    /// What a member's levels stand on (staff). → [`GameAnswer::Facts`]
    Facts(MemberId),
    /// Award, redeem or adjust points (staff). → [`GameAnswer::Points`]
    ChangePoints {
        /// Of the key press.
        nonce: Nonce,
        /// Whose.
        member: MemberId,
        /// Which way, how many, and what for.
        change: PointsChange,
    },
    /// Take such a change back (staff). → [`GameAnswer::Points`]
    TakeBackPoints {
        /// Of the key press.
        nonce: Nonce,
        /// The ledger row.
        transaction: i32,
        /// Why.
        reason: String,
    },
    /// Give a level by hand (staff). → [`GameAnswer::Granted`]
    Grant {
        /// Of the key press.
        nonce: Nonce,
        /// To whom.
        member: MemberId,
        /// `badges.id`.
        badge: i32,
        /// From 1 to 5.
        level: i32,
        /// Why.
        reason: String,
    },
    /// Take back a level given by hand (staff). → [`GameAnswer::LevelTaken`]
    TakeBackLevel {
        /// Of the key press.
        nonce: Nonce,
        /// [`super::game_desk::Award::id`].
        award: i64,
        /// Why.
        reason: String,
    },
    /// Who would gain what under other thresholds (staff). → [`GameAnswer::Preview`]
    Preview {
        /// `badges.id`.
        badge: i32,
        /// From the first level up.
        levels: Vec<BadgeLevelDraft>,
    },
    /// Set a family's thresholds and points (staff). → [`GameAnswer::RulesSaved`]
    SetLevels {
        /// Of the key press.
        nonce: Nonce,
        /// `badges.id`.
        badge: i32,
        /// From the first level up.
        levels: Vec<BadgeLevelDraft>,
    },
    /// Set what a streak pays (staff). → [`GameAnswer::Rules`]
    SetStreak {
        /// Of the key press.
        nonce: Nonce,
        /// The new numbers.
        rules: StreakRules,
    },
}

impl GameCall {
    /// The nonce, if this is a write.
    pub fn nonce(&self) -> Option<Nonce> {
        match self {
            Self::Celebrated { nonce, .. }
            | Self::SetPrivacy { nonce, .. }
            | Self::Connect { nonce, .. }
            | Self::Confirm { nonce, .. }
            | Self::ChangePoints { nonce, .. }
            | Self::TakeBackPoints { nonce, .. }
            | Self::Grant { nonce, .. }
            | Self::TakeBackLevel { nonce, .. }
            | Self::SetLevels { nonce, .. }
            | Self::SetStreak { nonce, .. } => Some(*nonce),
            _ => None,
        }
    }

    /// What it does, for the log of a write that was not answered.
    pub fn brief(&self) -> &'static str {
        match self {
            Self::SetPrivacy { .. } => "change who sees me",
            Self::Connect { .. } | Self::Confirm { .. } => "connect",
            Self::ChangePoints { .. } => "change points",
            Self::TakeBackPoints { .. } => "take points back",
            Self::Grant { .. } => "grant a badge",
            Self::TakeBackLevel { .. } => "take a badge back",
            Self::SetLevels { .. } | Self::SetStreak { .. } => "change the game's rules",
            _ => "mark as seen",
        }
    }
}

/// What such a call brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GameAnswer {
    /// To [`GameCall::Card`].
    Card(Box<GameCard>),
    /// To [`GameCall::Ledger`].
    Ledger(PointsPage),
    /// To [`GameCall::Weeks`], 53 of them, the running one last.
    Weeks(Vec<WeekPoints>),
    /// To [`GameCall::Board`].
    Board(BoardPage),
    /// To [`GameCall::Find`], best first.
    Found(Vec<Ranked>),
    /// To [`GameCall::TypeBoards`].
    TypeBoards(Vec<TypeBoard>),
    /// To [`GameCall::Celebrate`].
    Celebration(Celebration),
    /// To [`GameCall::Celebrated`].
    Done,
    /// To [`GameCall::SetPrivacy`]: how it stands now.
    Privacy(bool),
    /// To [`GameCall::Connections`].
    Connections(Vec<Connection>),
    /// To [`GameCall::Connect`] and [`GameCall::Confirm`].
    Connected(Connected),
    /// To [`GameCall::Rules`] and [`GameCall::SetStreak`].
    Rules(GameRules),
    /// To [`GameCall::Facts`].
    Facts(Box<MemberFacts>),
    /// To [`GameCall::ChangePoints`] and [`GameCall::TakeBackPoints`].
    Points(PointsChanged),
    /// To [`GameCall::Grant`].
    Granted(Granted),
    /// To [`GameCall::TakeBackLevel`].
    LevelTaken(LevelTaken),
    /// To [`GameCall::Preview`].
    Preview(GainPreview),
    /// To [`GameCall::SetLevels`].
    RulesSaved(RulesSaved),
}
