//! Door notes.

use crate::domain::door_note::{NoteAnswer, NoteCall};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// Writes a note, or notes that it was read; what stands there by now comes with the answer.
    ///
    /// # Errors
    /// `Invalid` for `door_note` when it is too long; `NotFound` when there is no such member or event.
    pub async fn door_note(&self, token: &Token, call: &NoteCall) -> Result<NoteAnswer, DbError> {
        match call {
            NoteCall::Set {
                nonce,
                member,
                note,
                number,
            } => {
                self.call(
                    sqlx::query_scalar("SELECT api.set_door_note($1, $2, $3, $4, $5)")
                        .bind(token.bytes())
                        .bind(*nonce)
                        .bind(member.0)
                        .bind(note.clone())
                        .bind(*number),
                )
                .await
            }
            NoteCall::Acknowledge {
                nonce,
                event,
                member,
                number,
            } => {
                self.call(
                    sqlx::query_scalar("SELECT api.acknowledge_door_note($1, $2, $3, $4, $5)")
                        .bind(token.bytes())
                        .bind(*nonce)
                        .bind(event.0)
                        .bind(member.0)
                        .bind(*number),
                )
                .await
            }
        }
    }
}
