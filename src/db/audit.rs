//! The audit log, for staff.

use sqlx::query_scalar;
use sqlx::types::Json;

use crate::domain::audit::{AuditCall, AuditPage};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// A page of the log, newest first (staff).
    ///
    /// # Errors
    /// [`crate::domain::Fault::Invalid`] for `whom` when there is no such member.
    pub async fn audit_log(&self, token: &Token, call: &AuditCall) -> Result<AuditPage, DbError> {
        let page = query_scalar("SELECT api.audit_log($1, $2, $3, $4)")
            .bind(token.bytes())
            .bind(Json(call.filter.clone()))
            .bind(call.behind)
            .bind(call.most);
        self.call(page).await
    }
}
