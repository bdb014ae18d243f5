//! What is handed out about money: a receipt as text, and files of payments and takings.

use serde::Deserialize;

use super::money::{Currency, channel_name};
use super::payment::{MoneyLine, PaymentPage, Takings};
use super::when::{self, Zone};
use super::{SafeText, Timestamp, csv};

/// Columns of a receipt: what the narrowest printers take.
pub const RECEIPT_WIDTH: usize = 40;

/// A payment with everything that a receipt says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Receipt {
    /// Who took the money.
    pub community_name: SafeText,
    /// In which currency.
    pub currency: SafeText,
    /// When it was asked for.
    pub printed_at: Timestamp,
    /// The payment and its registration.
    pub line: MoneyLine,
}

impl Receipt {
    /// The receipt, line by line, no line longer than [`RECEIPT_WIDTH`] but for the names on it.
    pub fn text(&self, zone: Zone) -> String {
        let Some(payment) = &self.line.payment else {
            return String::new();
        };
        let currency = Currency::of_code(self.currency.as_str()).unwrap_or(Currency::PHP);
        let at = |moment: Timestamp| format!("{} {}", zone.day(moment), when::clock_time(moment, zone));
        let rule = "-".repeat(RECEIPT_WIDTH);
        let mut lines = vec![self.community_name.to_string(), String::new()];
        let title = format!("Receipt {}", payment.id.0);
        let date = payment.payment_date.map(at).unwrap_or_default();
        lines.push(aligned(&title, &date));
        lines.push(rule.clone());
        lines.push(format!(
            "{} ({})",
            self.line.member.full_name, self.line.member.username
        ));
        lines.push(self.line.event_title.to_string());
        lines.push(at(self.line.event_start));
        lines.push(rule.clone());
        let by = channel_name(payment.payment_channel.as_str());
        lines.push(aligned(
            &format!("Paid, {by}"),
            &currency.show_balance(payment.amount_paid),
        ));
        for refund in payment.refunds.iter().filter(|refund| refund.voided_at.is_none()) {
            let by = channel_name(refund.refund_channel.as_str());
            let amount = format!("−{}", currency.show_balance(refund.amount));
            lines.push(aligned(&format!("Refunded, {by}"), &amount));
            lines.push(format!("  {}: {}", at(refund.refunded_at), refund.reason));
        }
        if payment.refunded.is_positive() {
            let left = payment.amount_paid.without(payment.refunded);
            lines.push(aligned("Stands", &currency.show_balance(left)));
        }
        if let (Some(_), Some(why)) = (payment.voided_at, &payment.void_reason) {
            lines.push(format!("VOID: {why}"));
        } else if payment.voided_at.is_some() {
            lines.push("VOID".to_owned());
        }
        lines.push(rule);
        if let Some(operator) = &payment.operator {
            let device = payment.device.as_ref().map_or("", |device| device.as_str());
            lines.push(
                format!("Taken by {operator}, {device}")
                    .trim_end_matches(", ")
                    .to_owned(),
            );
        }
        lines.push(format!(
            "Printed {}, {}",
            at(self.printed_at),
            zone.label(self.printed_at)
        ));
        lines.push(String::new());
        lines.join("\n")
    }

    /// What its file is to be called.
    pub fn file_name(&self) -> String {
        let number = self.line.payment.as_ref().map_or(0, |payment| payment.id.0);
        format!("pine-time-receipt-{number}.txt")
    }
}

/// A word on the left and a figure on the right.
fn aligned(left: &str, right: &str) -> String {
    use unicode_width::UnicodeWidthStr;
    let gap = RECEIPT_WIDTH.saturating_sub(left.width() + right.width()).max(1);
    format!("{left}{}{right}", " ".repeat(gap))
}

fn utc(at: Timestamp) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

impl PaymentPage {
    /// The page as a file of comma-separated values: a line a payment, behind it a line for each of its refunds, and a
    /// line for who has not paid. Times in RFC 3339, UTC.
    pub fn csv(&self) -> String {
        let mut out = csv::line([
            "kind",
            "payment_id",
            "refund_id",
            "registration_id",
            "event_id",
            "event",
            "user_id",
            "username",
            "full_name",
            "status",
            "payment_status",
            "price_due",
            "amount",
            "channel",
            "at",
            "operator",
            "device",
            "reason",
            "voided_at",
            "void_reason",
        ]);
        for row in &self.rows {
            let Some(payment) = &row.payment else {
                out.push_str(&row.csv("due", ["", "", &row.due.to_string(), "", "", "", "", "", "", ""]));
                continue;
            };
            let text = |text: &Option<SafeText>| text.as_ref().map(ToString::to_string).unwrap_or_default();
            let id = payment.id.0.to_string();
            out.push_str(&row.csv(
                "payment",
                [
                    &id,
                    "",
                    &payment.amount_paid.to_string(),
                    payment.payment_channel.as_str(),
                    &payment.payment_date.map(utc).unwrap_or_default(),
                    &text(&payment.operator),
                    &text(&payment.device),
                    "",
                    &payment.voided_at.map(utc).unwrap_or_default(),
                    &text(&payment.void_reason),
                ],
            ));
            for refund in &payment.refunds {
                out.push_str(&row.csv(
                    "refund",
                    [
                        &id,
                        &refund.id.0.to_string(),
                        &refund.amount.to_string(),
                        refund.refund_channel.as_str(),
                        &utc(refund.refunded_at),
                        &text(&refund.operator),
                        &text(&refund.device),
                        refund.reason.as_str(),
                        &refund.voided_at.map(utc).unwrap_or_default(),
                        &text(&refund.void_reason),
                    ],
                ));
            }
        }
        out
    }
}

impl MoneyLine {
    /// One line of the file: what is the registration's stands in the middle, the rest is handed over.
    fn csv(&self, kind: &str, own: [&str; 10]) -> String {
        let [
            payment,
            refund,
            amount,
            channel,
            at,
            operator,
            device,
            reason,
            voided_at,
            void_reason,
        ] = own;
        csv::line([
            kind,
            payment,
            refund,
            &self.registration_id.0.to_string(),
            &self.event_id.0.to_string(),
            self.event_title.as_str(),
            &self.member.id.0.to_string(),
            self.member.username.as_str(),
            self.member.full_name.as_str(),
            &serde_json::to_value(self.status)
                .ok()
                .and_then(|word| word.as_str().map(str::to_owned))
                .unwrap_or_default(),
            self.payment_status.as_str(),
            &self.price_due.to_string(),
            amount,
            channel,
            at,
            operator,
            device,
            reason,
            voided_at,
            void_reason,
        ])
    }
}

impl Takings {
    /// The day as a file of comma-separated values.
    pub fn csv(&self) -> String {
        let mut out = csv::line([
            "day", "operator", "channel", "payments", "taken", "refunds", "refunded",
        ]);
        for row in &self.rows {
            out.push_str(&csv::line([
                self.day.to_string().as_str(),
                row.operator.as_ref().map_or("", |operator| operator.as_str()),
                row.channel.as_str(),
                &row.payments.to_string(),
                &row.taken.to_string(),
                &row.refunds.to_string(),
                &row.refunded.to_string(),
            ]));
        }
        out
    }
}
