//! Passages at the door after the first: taken back, out, back in.

use crate::domain::Nonce;
use crate::domain::check_in::{CheckedIn, Presented};
use crate::domain::event::EventId;
use crate::domain::member::MemberId;
use crate::domain::passage::{DoorLog, Evaluation, Passage, Undone};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// Takes a check-in back whole: attendance, points and totals in one transaction. What another terminal did
    /// needs a reason; without one the outcome says so and nothing is changed.
    pub async fn undo_check_in(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
        member: MemberId,
        reason: Option<&str>,
    ) -> Result<Undone, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.undo_check_in($1, $2, $3, $4, $5)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(event.0)
                .bind(member.0)
                .bind(reason.map(str::to_owned)),
        )
        .await
    }

    /// Checks somebody out of an event that does so; a conflict at any other.
    pub async fn check_out(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
        presented: &Presented,
    ) -> Result<CheckedIn, DbError> {
        let (text, member) = match presented {
            Presented::Member { id, typed } => (typed, Some(id.0)),
            Presented::Text(text) => (text, None),
        };
        self.call(
            sqlx::query_scalar("SELECT api.check_out($1, $2, $3, $4, $5)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(event.0)
                .bind(text.clone())
                .bind(member),
        )
        .await
    }

    /// A page of an event's log, newest first: rows that contain every word of a text, older than row `before`.
    pub async fn door_log(
        &self,
        token: &Token,
        event: EventId,
        containing: &str,
        before: Option<i64>,
        most: i32,
    ) -> Result<DoorLog, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.door_log($1, $2, $3, $4, $5)")
                .bind(token.bytes())
                .bind(event.0)
                .bind(containing.to_owned())
                .bind(before)
                .bind(most),
        )
        .await
    }

    /// What a check-in would bring and why; changes nothing.
    pub async fn evaluate_check_in(
        &self,
        token: &Token,
        event: EventId,
        presented: &Presented,
    ) -> Result<Evaluation, DbError> {
        let (text, member) = match presented {
            Presented::Member { id, typed } => (typed, Some(id.0)),
            Presented::Text(text) => (text, None),
        };
        self.call(
            sqlx::query_scalar("SELECT api.evaluate_check_in($1, $2, $3, $4)")
                .bind(token.bytes())
                .bind(event.0)
                .bind(text.clone())
                .bind(member),
        )
        .await
    }

    /// Lets people who leave an event be checked out and come back, or no longer; answers how it stands.
    pub async fn set_check_out(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
        on: bool,
    ) -> Result<bool, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.set_check_out($1, $2, $3, $4)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(event.0)
                .bind(on),
        )
        .await
    }

    /// Takes a check-out or a coming back in back; the attendance and its points stay.
    pub async fn undo_passage(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
        member: MemberId,
        passage: Passage,
        reason: Option<&str>,
    ) -> Result<Undone, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.undo_passage($1, $2, $3, $4, $5, $6)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(event.0)
                .bind(member.0)
                .bind(passage.word())
                .bind(reason.map(str::to_owned)),
        )
        .await
    }
}
