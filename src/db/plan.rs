//! Planning: events made, changed, cancelled and reopened, their types, and what calendar files are written from.

use crate::domain::Nonce;
use crate::domain::event::{EventDraft, EventId};
use crate::domain::plan::{
    CalendarFile, Change, Effects, FileOf, PlanAnswer, PlanCall, Saved, Stopped, TypeChange, TypeLine,
};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// Carries out a call about the plan.
    pub(super) async fn plan(&self, token: &Token, call: &PlanCall) -> Result<PlanAnswer, DbError> {
        Ok(match call {
            PlanCall::Save { nonce, draft } => {
                PlanAnswer::Saved(Box::new(self.save_event(token, *nonce, draft).await?))
            }
            PlanCall::Effects(change) => PlanAnswer::Effects(self.change_effects(token, change).await?),
            PlanCall::Cancel { nonce, event, reason } => {
                PlanAnswer::Cancelled(Box::new(self.cancel_event(token, *nonce, *event, reason).await?))
            }
            PlanCall::Reopen { nonce, event } => {
                PlanAnswer::Reopened(Box::new(self.reopen_event(token, *nonce, *event).await?))
            }
            PlanCall::Types => PlanAnswer::Types(self.event_types_used(token).await?),
            PlanCall::ChangeTypes { nonce, change } => {
                PlanAnswer::Types(self.change_event_types(token, *nonce, change).await?)
            }
            PlanCall::File(of) => PlanAnswer::File(self.events_for_file(token, of).await?),
        })
    }

    /// Makes events, or changes one if nobody else has since (staff).
    pub async fn save_event(
        &self,
        token: &Token,
        nonce: Nonce,
        draft: &EventDraft,
    ) -> Result<Saved, DbError> {
        let (mut starts, mut ends) = (vec![draft.start_time], vec![draft.end_time]);
        starts.extend(draft.further.iter().map(|(start, _)| *start));
        ends.extend(draft.further.iter().map(|(_, end)| *end));
        self.call(
            sqlx::query_scalar(
                "SELECT api.event_save($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::text::numeric, $14, $15)",
            )
            .bind(token.bytes())
            .bind(nonce)
            .bind(draft.id.map(|id| id.0))
            .bind(draft.version)
            .bind(draft.title.clone())
            .bind(draft.event_type.clone())
            .bind(draft.location.clone())
            .bind(starts)
            .bind(ends)
            .bind(draft.max_participants)
            .bind(draft.points_reward)
            .bind(draft.description.clone())
            .bind(draft.price.map(|price| price.to_string()))
            .bind(draft.requires_approval)
            .bind(draft.series_of.map(|id| id.0)),
        )
        .await
    }

    /// Whom a change of an event would touch (staff).
    pub async fn change_effects(&self, token: &Token, change: &Change) -> Result<Effects, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.event_change_effects($1, $2, $3, $4, $5, $6, $7)")
                .bind(token.bytes())
                .bind(change.event.0)
                .bind(change.start_time)
                .bind(change.end_time)
                .bind(change.location.clone())
                .bind(change.max_participants)
                .bind(change.stops),
        )
        .await
    }

    /// Cancels an event for a reason (staff).
    pub async fn cancel_event(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
        reason: &str,
    ) -> Result<Stopped, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.event_cancel($1, $2, $3, $4)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(event.0)
                .bind(reason.to_owned()),
        )
        .await
    }

    /// Takes a cancellation back (staff).
    pub async fn reopen_event(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
    ) -> Result<Stopped, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.event_reopen($1, $2, $3)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(event.0),
        )
        .await
    }

    /// The event types, with how many events are of each (staff).
    pub async fn event_types_used(&self, token: &Token) -> Result<Vec<TypeLine>, DbError> {
        self.call(sqlx::query_scalar("SELECT api.event_types_used($1)").bind(token.bytes()))
            .await
    }

    /// Changes the event types; answers them as they stand then (administrators).
    pub async fn change_event_types(
        &self,
        token: &Token,
        nonce: Nonce,
        change: &TypeChange,
    ) -> Result<Vec<TypeLine>, DbError> {
        let (token, name) = (token.bytes(), |name: &String| name.clone());
        self.call(match change {
            TypeChange::Add(new) => sqlx::query_scalar("SELECT api.event_type_add($1, $2, $3)")
                .bind(token)
                .bind(nonce)
                .bind(name(new)),
            TypeChange::Rename(old, new) => {
                sqlx::query_scalar("SELECT api.event_type_rename($1, $2, $3, $4)")
                    .bind(token)
                    .bind(nonce)
                    .bind(name(old))
                    .bind(name(new))
            }
            TypeChange::Move(which, places) => {
                sqlx::query_scalar("SELECT api.event_type_move($1, $2, $3, $4)")
                    .bind(token)
                    .bind(nonce)
                    .bind(name(which))
                    .bind(*places)
            }
            TypeChange::Remove(old) => sqlx::query_scalar("SELECT api.event_type_remove($1, $2, $3)")
                .bind(token)
                .bind(nonce)
                .bind(name(old)),
            TypeChange::Trivia(which, is_trivia) => {
                sqlx::query_scalar("SELECT api.event_type_set_trivia($1, $2, $3, $4)")
                    .bind(token)
                    .bind(nonce)
                    .bind(name(which))
                    .bind(*is_trivia)
            }
        })
        .await
    }

    /// What a calendar file is written from.
    pub async fn events_for_file(&self, token: &Token, of: &FileOf) -> Result<CalendarFile, DbError> {
        let events: Option<Vec<i32>> = of
            .events
            .as_ref()
            .map(|events| events.iter().map(|event| event.0).collect());
        self.call(
            sqlx::query_scalar("SELECT api.events_for_file($1, $2, $3, $4, $5)")
                .bind(token.bytes())
                .bind(events)
                .bind(of.mine)
                .bind(of.from)
                .bind(of.to),
        )
        .await
    }
}
