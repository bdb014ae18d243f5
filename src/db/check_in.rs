//! The door.

use crate::domain::Nonce;
use crate::domain::check_in::{Candidate, CheckedIn, Door, Presented};
use crate::domain::event::EventId;

use super::error::DbError;
use super::pool::Db;
use super::schema::CHECK_IN;
use super::sign_in::Token;

impl Db {
    /// Counts and the last ten attempts at an event.
    pub async fn door(&self, token: &Token, event: EventId) -> Result<Door, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.door($1, $2)")
                .bind(token.bytes())
                .bind(event.0),
        )
        .await
    }

    /// Members that match what is typed, at most forty, those who hold a seat first.
    pub async fn find_at_door(
        &self,
        token: &Token,
        event: EventId,
        query: &str,
    ) -> Result<Vec<Candidate>, DbError> {
        self.find(token, event, query, false).await
    }

    /// Members whose name resembles what is typed, most alike first: for names that were heard.
    pub async fn find_similar(
        &self,
        token: &Token,
        event: EventId,
        query: &str,
    ) -> Result<Vec<Candidate>, DbError> {
        self.find(token, event, query, true).await
    }

    async fn find(
        &self,
        token: &Token,
        event: EventId,
        query: &str,
        loosely: bool,
    ) -> Result<Vec<Candidate>, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.find_at_door($1, $2, $3, $4)")
                .bind(token.bytes())
                .bind(event.0)
                .bind(query.to_owned())
                .bind(loosely),
        )
        .await
    }

    /// One attempt. On a warm connection one flush and one answer.
    pub async fn check_in(
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
            sqlx::query_scalar(CHECK_IN)
                .bind(token.bytes())
                .bind(nonce)
                .bind(event.0)
                .bind(text.clone())
                .bind(member),
        )
        .await
    }
}
