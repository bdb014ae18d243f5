//! Where this terminal stands, told so that other doors see it.

use crate::domain::event::EventId;
use crate::domain::live::{LiveAnswer, LiveCall};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// Says that this session's check-in screen stands at an event, or at none any more. Good for two and a half
    /// minutes; said again, it is good for that long from then.
    pub async fn stand_at_door(&self, token: &Token, event: Option<EventId>) -> Result<(), DbError> {
        let _: bool = self
            .call(
                sqlx::query_scalar("SELECT to_jsonb(api.stand_at_door($1, $2))")
                    .bind(token.bytes())
                    .bind(event.map(|event| event.0)),
            )
            .await?;
        Ok(())
    }

    pub(super) async fn live(&self, token: &Token, call: &LiveCall) -> Result<LiveAnswer, DbError> {
        match call {
            LiveCall::Stand(event) => self
                .stand_at_door(token, *event)
                .await
                .map(|()| LiveAnswer::Stood),
        }
    }
}
