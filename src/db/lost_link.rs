//! The door without a link: the roster it takes along, and the passages that it brings back.

use crate::domain::Answer;
use crate::domain::check_in::{CheckedIn, Presented};
use crate::domain::event::EventId;
use crate::domain::kept::{Act, Kept};
use crate::domain::member::MemberId;
use crate::domain::roster::{Page, Roster};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

/// People on a page of the roster.
const PAGE: i32 = 2000;

impl Db {
    /// Everybody with a registration or an attendance at an event, page after page.
    pub async fn door_roster(&self, token: &Token, event: EventId) -> Result<Roster, DbError> {
        let mut roster = self.roster_page(token, event, MemberId(0)).await?;
        let mut full = roster.people.len();
        while i32::try_from(full).is_ok_and(|full| full >= PAGE) {
            let Some(last) = roster.people.last() else { break };
            let page = self.roster_page(token, event, last.id).await?;
            full = page.people.len();
            roster.people.extend(page.people);
        }
        Ok(Roster::new(roster))
    }

    async fn roster_page(&self, token: &Token, event: EventId, after: MemberId) -> Result<Page, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.door_roster($1, $2, $3, $4)")
                .bind(token.bytes())
                .bind(event.0)
                .bind(after.0)
                .bind(PAGE),
        )
        .await
    }

    /// What a door did while the database did not answer, as it was done then; any staff session may bring it. What
    /// was carried out before, live or replayed, is answered as it was then.
    ///
    /// # Errors
    /// `Invalid` when it is older than 72 hours, lies in the future, or was done by nobody of the staff.
    pub async fn replay(&self, token: &Token, kept: &Kept) -> Result<Answer, DbError> {
        match &kept.act {
            Act::In => self.replay_check_in(token, kept).await.map(Answer::CheckedIn),
            Act::Out => {
                let sql = "SELECT api.replay_check_out($1, $2, $3, $4, $5, $6, $7, $8, $9)";
                self.replay_passage(sql, token, kept).await.map(Answer::CheckedIn)
            }
            Act::Undo {
                member,
                passage,
                reason,
            } => self
                .call(
                    sqlx::query_scalar("SELECT api.replay_undo($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
                        .bind(token.bytes())
                        .bind(kept.operator.clone())
                        .bind(kept.device.as_str().to_owned())
                        .bind(kept.occurred_at)
                        .bind(kept.nonce)
                        .bind(kept.event.0)
                        .bind(member.0)
                        .bind(passage.word())
                        .bind(reason.clone())
                        .bind(decided(kept)),
                )
                .await
                .map(Answer::Undone),
        }
    }

    /// See [`Db::replay`]; for a check-in.
    pub async fn replay_check_in(&self, token: &Token, kept: &Kept) -> Result<CheckedIn, DbError> {
        let sql = "SELECT api.replay_check_in($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        self.replay_passage(sql, token, kept).await
    }

    async fn replay_passage(
        &self,
        sql: &'static str,
        token: &Token,
        kept: &Kept,
    ) -> Result<CheckedIn, DbError> {
        let (text, member) = match &kept.presented {
            Presented::Member { id, typed } => (typed, Some(id.0)),
            Presented::Text(text) => (text, None),
        };
        self.call(
            sqlx::query_scalar(sql)
                .bind(token.bytes())
                .bind(kept.operator.clone())
                .bind(kept.device.as_str().to_owned())
                .bind(kept.occurred_at)
                .bind(kept.nonce)
                .bind(kept.event.0)
                .bind(text.clone())
                .bind(member)
                .bind(decided(kept)),
        )
        .await
    }
}

/// What the person was told; the word of the database is the one that serde knows it by.
fn decided(kept: &Kept) -> Option<String> {
    let outcome = kept.decided?;
    serde_json::to_value(outcome).ok()?.as_str().map(str::to_owned)
}
