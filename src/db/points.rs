//! The profile's figures.

use crate::domain::points::Profile;

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// The session's member's own page.
    pub async fn profile(&self, token: &Token) -> Result<Profile, DbError> {
        self.call(sqlx::query_scalar("SELECT api.profile($1)").bind(token.bytes()))
            .await
    }
}
