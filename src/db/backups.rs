//! How old the last verified backup is.

use crate::domain::backup::VerifiedBackup;

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// The newest state of the community that is proved to be recoverable (staff); none when there is none.
    pub async fn backup_age(&self, token: &Token) -> Result<Option<VerifiedBackup>, DbError> {
        self.call(sqlx::query_scalar("SELECT api.backup_age($1)").bind(token.bytes()))
            .await
    }
}
