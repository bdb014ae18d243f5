//! The calendar.

use crate::domain::event::{EventId, EventLine, EventPage};
use crate::domain::{SafeText, Timestamp};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// Events that touch a span of time, by start.
    pub async fn events(
        &self,
        token: &Token,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<EventLine>, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.events($1, $2, $3)")
                .bind(token.bytes())
                .bind(from)
                .bind(to),
        )
        .await
    }

    /// One event's page.
    pub async fn event(&self, token: &Token, event: EventId) -> Result<EventPage, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.event($1, $2)")
                .bind(token.bytes())
                .bind(event.0),
        )
        .await
    }

    /// The community's event types, in its order.
    pub async fn event_types(&self, token: &Token) -> Result<Vec<SafeText>, DbError> {
        self.call(sqlx::query_scalar("SELECT api.event_types($1)").bind(token.bytes()))
            .await
    }
}
