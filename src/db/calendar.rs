//! What the calendar asks besides the events.

use crate::domain::Timestamp;
use crate::domain::calendar::{CalendarAnswer, CalendarCall};
use crate::domain::event::EventId;

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// Answers a question of the calendar.
    pub(super) async fn calendar(
        &self,
        token: &Token,
        call: &CalendarCall,
    ) -> Result<CalendarAnswer, DbError> {
        match call {
            CalendarCall::About { from, to, words } => {
                let about = self.events_about(token, *from, *to, words).await?;
                Ok(CalendarAnswer::About(about))
            }
        }
    }

    /// Events of a span that have every word in title, type, place or description.
    pub async fn events_about(
        &self,
        token: &Token,
        from: Timestamp,
        to: Timestamp,
        words: &str,
    ) -> Result<Vec<EventId>, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.events_about($1, $2, $3, $4)")
                .bind(token.bytes())
                .bind(from)
                .bind(to)
                .bind(words.to_owned()),
        )
        .await
    }
}
