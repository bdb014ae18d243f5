//! The community in numbers, for staff.

use chrono::NaiveDate;
use sqlx::query_scalar;
use sqlx::types::Json;

use crate::domain::insights::{
    Behind, Cursor, InsightAnswer, InsightCall, InsightPage, Insights, StreakHealth,
};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// Carries out a call about the community in numbers.
    pub(super) async fn insight(&self, token: &Token, call: &InsightCall) -> Result<InsightAnswer, DbError> {
        Ok(match call {
            InsightCall::Numbers { first, weeks } => {
                InsightAnswer::Numbers(self.insights(token, *first, *weeks).await?)
            }
            InsightCall::Streaks { first, weeks } => {
                InsightAnswer::Streaks(self.streak_health(token, *first, *weeks).await?)
            }
            InsightCall::Rows { behind, after, most } => {
                InsightAnswer::Rows(self.insight_rows(token, behind, after.as_ref(), *most).await?)
            }
        })
    }

    /// Some weeks in numbers, from the one of a day on (staff).
    ///
    /// # Errors
    /// [`crate::domain::Fault::Invalid`] for `first` and `weeks`.
    pub async fn insights(&self, token: &Token, first: NaiveDate, weeks: i32) -> Result<Insights, DbError> {
        let numbers = query_scalar("SELECT api.insights($1, $2, $3)")
            .bind(token.bytes())
            .bind(first)
            .bind(weeks);
        self.call(numbers).await
    }

    /// The streaks of the same weeks (staff).
    ///
    /// # Errors
    /// As [`Db::insights`].
    pub async fn streak_health(
        &self,
        token: &Token,
        first: NaiveDate,
        weeks: i32,
    ) -> Result<StreakHealth, DbError> {
        let streaks = query_scalar("SELECT api.streak_health($1, $2, $3)")
            .bind(token.bytes())
            .bind(first)
            .bind(weeks);
        self.call(streaks).await
    }

    /// A page of the rows behind a number (staff).
    ///
    /// # Errors
    /// As [`Db::insights`].
    pub async fn insight_rows(
        &self,
        token: &Token,
        behind: &Behind,
        after: Option<&Cursor>,
        most: i32,
    ) -> Result<InsightPage, DbError> {
        let rows = query_scalar("SELECT api.insight_rows($1, $2, $3, $4, $5, $6, $7)")
            .bind(token.bytes())
            .bind(behind.first)
            .bind(behind.weeks)
            .bind(behind.subject.word())
            .bind(behind.part.clone())
            .bind(after.map(|after| Json(after.clone())))
            .bind(most);
        self.call(rows).await
    }
}
