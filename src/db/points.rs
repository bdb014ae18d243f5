//! Points: the profile and the ledger.

use crate::domain::points::{Ledger, Profile};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// The session's member's own page.
    pub async fn profile(&self, token: &Token) -> Result<Profile, DbError> {
        self.call(sqlx::query_scalar("SELECT api.profile($1)").bind(token.bytes()))
            .await
    }

    /// A page of the session's member's ledger, newest first.
    pub async fn ledger(&self, token: &Token, skip: i64, limit: i64) -> Result<Ledger, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.ledger($1, $2, $3)")
                .bind(token.bytes())
                .bind(skip)
                .bind(limit),
        )
        .await
    }
}
