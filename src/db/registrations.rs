//! A member's own registrations.

use serde::Deserialize;

use crate::domain::Nonce;
use crate::domain::event::{CancelOutcome, EventId, EventLine, RegisterOutcome};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

#[derive(Deserialize)]
struct Answer<Outcome> {
    outcome: Outcome,
    event: EventLine,
}

impl Db {
    /// Registers the session's member; answers the event as it then stands.
    pub async fn register(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
    ) -> Result<(RegisterOutcome, EventLine), DbError> {
        let answer: Answer<RegisterOutcome> = self
            .call(
                sqlx::query_scalar("SELECT api.register($1, $2, $3)")
                    .bind(token.bytes())
                    .bind(nonce)
                    .bind(event.0),
            )
            .await?;
        Ok((answer.outcome, answer.event))
    }

    /// Registers the session's member, or puts them in line when every seat is taken.
    pub async fn join_waitlist(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
    ) -> Result<(RegisterOutcome, EventLine), DbError> {
        let answer: Answer<RegisterOutcome> = self
            .call(
                sqlx::query_scalar("SELECT api.register($1, $2, $3, true)")
                    .bind(token.bytes())
                    .bind(nonce)
                    .bind(event.0),
            )
            .await?;
        Ok((answer.outcome, answer.event))
    }

    /// Cancels the session's member's registration; answers the event as it then stands.
    pub async fn cancel_registration(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
    ) -> Result<(CancelOutcome, EventLine), DbError> {
        let answer: Answer<CancelOutcome> = self
            .call(
                sqlx::query_scalar("SELECT api.cancel_registration($1, $2, $3)")
                    .bind(token.bytes())
                    .bind(nonce)
                    .bind(event.0),
            )
            .await?;
        Ok((answer.outcome, answer.event))
    }
}
