//! What the database says before anybody has signed in.

use crate::domain::community::Community;

use super::error::DbError;
use super::pool::Db;

impl Db {
    /// Which community this is; also the cheapest call there is, and so the measure of the link.
    pub async fn community(&self) -> Result<Community, DbError> {
        self.call(sqlx::query_scalar("SELECT api.community()")).await
    }
}
