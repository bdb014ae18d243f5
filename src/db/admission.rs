//! The till of the door: payments, walk-ins, and admission of what a rule refused.

use crate::domain::Nonce;
use crate::domain::admission::{Guest, Taking, WalkIn, WalkedIn};
use crate::domain::check_in::CheckedIn;
use crate::domain::event::EventId;
use crate::domain::member::MemberId;

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// Takes the payment that keeps a member out, and checks them in: one call, one transaction.
    ///
    /// # Errors
    /// [`crate::domain::Fault::Conflict`] when another amount is due than `taking` says.
    pub async fn take_payment(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
        member: MemberId,
        typed: &str,
        taking: &Taking,
    ) -> Result<CheckedIn, DbError> {
        self.call(
            sqlx::query_scalar(
                "SELECT api.take_payment_and_admit($1, $2, $3, $4, $5, $6::text::numeric, $7)",
            )
            .bind(token.bytes())
            .bind(nonce)
            .bind(event.0)
            .bind(member.0)
            .bind(typed.to_owned())
            .bind(taking.amount.to_string())
            .bind(taking.channel.clone()),
        )
        .await
    }

    /// Checks a member in whom a rule refused; the log keeps the reason.
    pub async fn admit_anyway(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
        member: MemberId,
        typed: &str,
        reason: &str,
    ) -> Result<CheckedIn, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.admit_anyway($1, $2, $3, $4, $5, $6)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(event.0)
                .bind(member.0)
                .bind(typed.to_owned())
                .bind(reason.to_owned()),
        )
        .await
    }

    /// Finds or makes a member, registers them, takes what they pay, checks them in: one call, one transaction.
    ///
    /// # Errors
    /// [`crate::domain::Fault::Invalid`] with the form's column; `reason` when one more seat, or coming in unpaid,
    /// needs one.
    pub async fn walk_in(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
        walk_in: &WalkIn,
    ) -> Result<WalkedIn, DbError> {
        let (member, full_name, email, username) = match &walk_in.guest {
            Guest::Member(id) => (Some(id.0), None, None, None),
            Guest::New {
                full_name,
                email,
                username,
            } => (
                None,
                Some(full_name.clone()),
                Some(email.clone()),
                username.clone(),
            ),
        };
        let (amount, channel) = match &walk_in.taking {
            Some(taking) => (Some(taking.amount.to_string()), Some(taking.channel.clone())),
            None => (None, None),
        };
        self.call(
            sqlx::query_scalar("SELECT api.walk_in($1, $2, $3, $4, $5, $6, $7, $8::text::numeric, $9, $10)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(event.0)
                .bind(member)
                .bind(full_name)
                .bind(email)
                .bind(username)
                .bind(amount)
                .bind(channel)
                .bind(walk_in.reason.clone()),
        )
        .await
    }
}
