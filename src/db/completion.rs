//! Completing an event: late entries and results.

use sqlx::types::Json;

use crate::domain::Nonce;
use crate::domain::check_in::CheckedIn;
use crate::domain::completion::{CompletionAnswer, CompletionCall, Places, Results, ResultsSet};
use crate::domain::event::EventId;
use crate::domain::member::MemberId;

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// Carries out a call about completing an event.
    pub async fn completion(
        &self,
        token: &Token,
        call: &CompletionCall,
    ) -> Result<CompletionAnswer, DbError> {
        match call {
            CompletionCall::AttendLate {
                nonce,
                event,
                member,
                reason,
            } => self
                .attend_late(token, *nonce, *event, *member, reason)
                .await
                .map(|answer| CompletionAnswer::Attended(Box::new(answer))),
            CompletionCall::Results(event) => {
                self.results(token, *event).await.map(CompletionAnswer::Results)
            }
            CompletionCall::SetResults {
                nonce,
                event,
                places,
                seen,
            } => self
                .set_results(token, *nonce, *event, places, seen.as_ref())
                .await
                .map(CompletionAnswer::Set),
        }
    }

    /// Enters that somebody was at an event although no door saw them (staff); points count at the event's start.
    ///
    /// # Errors
    /// [`crate::domain::Fault::Invalid`] with `reason`. What a rule refuses is an outcome.
    pub async fn attend_late(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
        member: MemberId,
        reason: &str,
    ) -> Result<CheckedIn, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.attend_late($1, $2, $3, $4, $5)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(event.0)
                .bind(member.0)
                .bind(reason.to_owned()),
        )
        .await
    }

    /// Who came first, second and third (staff).
    pub async fn results(&self, token: &Token, event: EventId) -> Result<Results, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.results($1, $2)")
                .bind(token.bytes())
                .bind(event.0),
        )
        .await
    }

    /// Makes these the event's results, whole (staff); with `seen` only if those still stand.
    ///
    /// # Errors
    /// [`crate::domain::Fault::Invalid`] with `results` when somebody did not attend,
    /// [`crate::domain::Fault::Conflict`] before the event has begun.
    pub async fn set_results(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
        places: &Places,
        seen: Option<&Places>,
    ) -> Result<ResultsSet, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.set_results($1, $2, $3, $4, $5)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(event.0)
                .bind(Json(places.clone()))
                .bind(seen.cloned().map(Json)),
        )
        .await
    }
}
