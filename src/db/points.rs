//! Points: the leaderboard and the profile's figures.

use crate::domain::points::{Leaderboard, Profile};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// A page of the all-time leaderboard, and the session's member's own row.
    pub async fn leaderboard(&self, token: &Token, skip: i64, limit: i64) -> Result<Leaderboard, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.leaderboard($1, $2, $3)")
                .bind(token.bytes())
                .bind(skip)
                .bind(limit),
        )
        .await
    }

    /// The session's member's own page.
    pub async fn profile(&self, token: &Token) -> Result<Profile, DbError> {
        self.call(sqlx::query_scalar("SELECT api.profile($1)").bind(token.bytes()))
            .await
    }
}
