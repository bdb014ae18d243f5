//! Money at the desk: payments, refunds, receipts, lists, takings, and the ways to pay.

use sqlx::query_scalar;

use crate::domain::payment::{MoneyAnswer, MoneyCall, MoneyLine, PaymentFilter, PaymentPage};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// Carries out what is asked about money.
    ///
    /// # Errors
    /// [`crate::domain::Fault::Invalid`] with the form's column, [`crate::domain::Fault::Conflict`] when somebody was
    /// faster or the rules refuse it.
    pub async fn money(&self, token: &Token, call: &MoneyCall) -> Result<MoneyAnswer, DbError> {
        match call {
            MoneyCall::List { filter, before, most } => self
                .payments(token, filter, *before, *most)
                .await
                .map(MoneyAnswer::Page),
            MoneyCall::Receipt(payment) => {
                let receipt = query_scalar("SELECT api.receipt($1, $2)")
                    .bind(token.bytes())
                    .bind(payment.0);
                self.call(receipt).await.map(MoneyAnswer::Receipt)
            }
            MoneyCall::Takings(day) => {
                let takings = query_scalar("SELECT api.takings($1, $2, NULL)")
                    .bind(token.bytes())
                    .bind(*day);
                self.call(takings).await.map(MoneyAnswer::Takings)
            }
            MoneyCall::SetChannels { nonce, was, channels } => {
                let set = query_scalar("SELECT api.set_payment_channels($1, $2, $3, $4)")
                    .bind(token.bytes())
                    .bind(*nonce)
                    .bind(was.clone())
                    .bind(channels.clone());
                self.call(set).await.map(MoneyAnswer::Channels)
            }
            call => self
                .money_line(token, call)
                .await
                .map(|line| MoneyAnswer::Line(Box::new(line))),
        }
    }

    /// What is answered with a registration as it then stands.
    async fn money_line(&self, token: &Token, call: &MoneyCall) -> Result<MoneyLine, DbError> {
        let query = match call {
            MoneyCall::Record {
                nonce,
                registration,
                amount,
                channel,
            } => query_scalar("SELECT api.record_payment($1, $2, $3, $4::text::numeric, $5)")
                .bind(token.bytes())
                .bind(*nonce)
                .bind(registration.0)
                .bind(amount.to_string())
                .bind(channel.clone()),
            MoneyCall::Refund {
                nonce,
                payment,
                amount,
                channel,
                reason,
            } => query_scalar("SELECT api.refund_payment($1, $2, $3, $4::text::numeric, $5, $6)")
                .bind(token.bytes())
                .bind(*nonce)
                .bind(payment.0)
                .bind(amount.to_string())
                .bind(channel.clone())
                .bind(reason.clone()),
            MoneyCall::Void {
                nonce,
                payment,
                reason,
            } => query_scalar("SELECT api.void_payment($1, $2, $3, $4)")
                .bind(token.bytes())
                .bind(*nonce)
                .bind(payment.0)
                .bind(reason.clone()),
            MoneyCall::Correct {
                nonce,
                payment,
                amount,
                channel,
                reason,
            } => query_scalar("SELECT api.correct_payment($1, $2, $3, $4::text::numeric, $5, $6)")
                .bind(token.bytes())
                .bind(*nonce)
                .bind(payment.0)
                .bind(amount.to_string())
                .bind(channel.clone())
                .bind(reason.clone()),
            MoneyCall::VoidRefund {
                nonce,
                refund,
                reason,
            } => query_scalar("SELECT api.void_refund($1, $2, $3, $4)")
                .bind(token.bytes())
                .bind(*nonce)
                .bind(refund.0)
                .bind(reason.clone()),
            MoneyCall::Registration(registration) => query_scalar("SELECT api.registration_money($1, $2)")
                .bind(token.bytes())
                .bind(registration.0),
            MoneyCall::Receipt(_)
            | MoneyCall::List { .. }
            | MoneyCall::Takings(_)
            | MoneyCall::SetChannels { .. } => {
                return Err(DbError::internal(&"no call that is answered with a line"));
            }
        };
        self.call(query).await
    }

    /// A page of payments, newest first, behind row `before`.
    async fn payments(
        &self,
        token: &Token,
        filter: &PaymentFilter,
        before: Option<i64>,
        most: i32,
    ) -> Result<PaymentPage, DbError> {
        self.call(
            query_scalar("SELECT api.payments($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
                .bind(token.bytes())
                .bind(filter.event.map(|event| event.0))
                .bind(filter.member.map(|member| member.0))
                .bind(filter.channel.clone())
                .bind(filter.operator.clone())
                .bind(filter.from)
                .bind(filter.to)
                .bind(filter.kind.word())
                .bind(filter.containing.clone())
                .bind(before)
                .bind(most),
        )
        .await
    }
}
