//! The game at the staff's desk: points and levels by hand, facts, rules.

use sqlx::query_scalar;
use sqlx::types::Json;

use crate::domain::game::{GameAnswer, GameCall};
use crate::domain::game_desk::{
    BadgeLevelDraft, GainPreview, GameRules, Granted, LevelTaken, MemberFacts, PointsChange, PointsChanged,
    RulesSaved, StreakRules,
};
use crate::domain::member::MemberId;
use crate::domain::{Fault, Nonce};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    pub(super) async fn game_desk(&self, token: &Token, call: &GameCall) -> Result<GameAnswer, DbError> {
        Ok(match call {
            GameCall::Facts(member) => GameAnswer::Facts(Box::new(self.member_facts(token, *member).await?)),
            GameCall::ChangePoints {
                nonce,
                member,
                change,
            } => GameAnswer::Points(self.change_points(token, *nonce, *member, change).await?),
            GameCall::TakeBackPoints {
                nonce,
                transaction,
                reason,
            } => GameAnswer::Points(self.take_back_points(token, *nonce, *transaction, reason).await?),
            GameCall::Grant {
                nonce,
                member,
                badge,
                level,
                reason,
            } => GameAnswer::Granted(
                self.grant_badge(token, *nonce, *member, *badge, *level, reason)
                    .await?,
            ),
            GameCall::TakeBackLevel { nonce, award, reason } => {
                GameAnswer::LevelTaken(self.take_back_badge(token, *nonce, *award, reason).await?)
            }
            GameCall::Preview { badge, levels } => {
                GameAnswer::Preview(self.preview_badge_levels(token, *badge, levels).await?)
            }
            GameCall::SetLevels { nonce, badge, levels } => {
                GameAnswer::RulesSaved(self.set_badge_levels(token, *nonce, *badge, levels).await?)
            }
            GameCall::SetStreak { nonce, rules } => {
                GameAnswer::Rules(self.set_streak_rules(token, *nonce, *rules).await?)
            }
            _ => {
                return Err(DbError {
                    fault: Fault::Internal,
                    transient: false,
                });
            }
        })
    }

    /// The rules as they stand.
    pub async fn game_rules(&self, token: &Token) -> Result<GameRules, DbError> {
        self.call(query_scalar("SELECT api.game_rules($1)").bind(token.bytes()))
            .await
    }

    /// What a member's levels stand on (staff).
    pub async fn member_facts(&self, token: &Token, member: MemberId) -> Result<MemberFacts, DbError> {
        let facts = query_scalar("SELECT api.member_facts($1, $2)")
            .bind(token.bytes())
            .bind(member.0);
        self.call(facts).await
    }

    /// Awards, redeems or adjusts points (staff).
    ///
    /// # Errors
    /// [`Fault::Invalid`] for `points` and `reason`.
    pub async fn change_points(
        &self,
        token: &Token,
        nonce: Nonce,
        member: MemberId,
        change: &PointsChange,
    ) -> Result<PointsChanged, DbError> {
        let changed = query_scalar("SELECT api.change_points($1, $2, $3, $4, $5, $6)")
            .bind(token.bytes())
            .bind(nonce)
            .bind(member.0)
            .bind(change.kind())
            .bind(change.points())
            .bind(change.reason().to_owned());
        self.call(changed).await
    }

    /// Takes such a change back (staff).
    ///
    /// # Errors
    /// [`Fault::Conflict`] for a row that is not one of the staff's.
    pub async fn take_back_points(
        &self,
        token: &Token,
        nonce: Nonce,
        transaction: i32,
        reason: &str,
    ) -> Result<PointsChanged, DbError> {
        let changed = query_scalar("SELECT api.take_back_points($1, $2, $3, $4)")
            .bind(token.bytes())
            .bind(nonce)
            .bind(transaction)
            .bind(reason.to_owned());
        self.call(changed).await
    }

    /// Gives a level by hand (staff).
    ///
    /// # Errors
    /// [`Fault::NotFound`] for a level that there is not.
    pub async fn grant_badge(
        &self,
        token: &Token,
        nonce: Nonce,
        member: MemberId,
        badge: i32,
        level: i32,
        reason: &str,
    ) -> Result<Granted, DbError> {
        let granted = query_scalar("SELECT api.grant_badge($1, $2, $3, $4, $5, $6)")
            .bind(token.bytes())
            .bind(nonce)
            .bind(member.0)
            .bind(badge)
            .bind(level)
            .bind(reason.to_owned());
        self.call(granted).await
    }

    /// Takes a level back that was given by hand (staff).
    ///
    /// # Errors
    /// [`Fault::Conflict`] for a level that the member's own facts brought.
    pub async fn take_back_badge(
        &self,
        token: &Token,
        nonce: Nonce,
        award: i64,
        reason: &str,
    ) -> Result<LevelTaken, DbError> {
        let taken = query_scalar("SELECT api.take_back_badge($1, $2, $3, $4)")
            .bind(token.bytes())
            .bind(nonce)
            .bind(award)
            .bind(reason.to_owned());
        self.call(taken).await
    }

    /// Who would gain what under other thresholds (staff).
    ///
    /// # Errors
    /// [`Fault::Invalid`] for `threshold_3`, `points_3` and their like.
    pub async fn preview_badge_levels(
        &self,
        token: &Token,
        badge: i32,
        levels: &[BadgeLevelDraft],
    ) -> Result<GainPreview, DbError> {
        let preview = query_scalar("SELECT api.preview_badge_levels($1, $2, $3)")
            .bind(token.bytes())
            .bind(badge)
            .bind(Json(levels.to_vec()));
        self.call(preview).await
    }

    /// Sets a family's thresholds and points (staff).
    ///
    /// # Errors
    /// As [`Db::preview_badge_levels`].
    pub async fn set_badge_levels(
        &self,
        token: &Token,
        nonce: Nonce,
        badge: i32,
        levels: &[BadgeLevelDraft],
    ) -> Result<RulesSaved, DbError> {
        let saved = query_scalar("SELECT api.set_badge_levels($1, $2, $3, $4)")
            .bind(token.bytes())
            .bind(nonce)
            .bind(badge)
            .bind(Json(levels.to_vec()));
        self.call(saved).await
    }

    /// Sets what a streak pays (staff).
    ///
    /// # Errors
    /// [`Fault::Invalid`] for `streak_step` and `streak_most`.
    pub async fn set_streak_rules(
        &self,
        token: &Token,
        nonce: Nonce,
        rules: StreakRules,
    ) -> Result<GameRules, DbError> {
        let saved = query_scalar("SELECT api.set_streak_rules($1, $2, $3, $4, $5)")
            .bind(token.bytes())
            .bind(nonce)
            .bind(rules.streak_step)
            .bind(rules.streak_most)
            .bind(rules.skip_weeks_without_events);
        self.call(saved).await
    }
}
