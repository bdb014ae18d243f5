//! Payments and refunds as the desk sees them: what a registration owes and has paid, lists of that, a day's takings,
//! and what may be asked about it. The rules stand in the database (`pine.record_payment`, `pine.refund`); receipts and
//! files are written in [`super::receipt`].

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::event::{EventId, RegistrationStatus};
use super::member::{MemberId, MemberName};
use super::money::{Balance, Money};
use super::receipt::Receipt;
use super::when::Zone;
use super::{Nonce, SafeText, Timestamp};

/// `payment.id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PaymentId(pub i32);

/// `refunds.id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RefundId(pub i32);

/// `registrations.id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RegistrationId(pub i32);

/// Money that was given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// Its number.
    pub id: RefundId,
    /// How much.
    pub amount: Balance,
    /// By which channel it went.
    pub refund_channel: SafeText,
    /// Why.
    pub reason: SafeText,
    /// When.
    pub refunded_at: Timestamp,
    /// Who gave it back; none in older books.
    pub operator: Option<SafeText>,
    /// At which terminal.
    pub device: Option<SafeText>,
    /// When it was voided as mistyped.
    pub voided_at: Option<Timestamp>,
    /// By whom.
    pub voided_by: Option<SafeText>,
    /// Why.
    pub void_reason: Option<SafeText>,
}

/// Money that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Its number, which is the receipt's.
    pub id: PaymentId,
    /// How much.
    pub amount_paid: Balance,
    /// How much of it was given back.
    pub refunded: Balance,
    /// By which channel it came.
    pub payment_channel: SafeText,
    /// When.
    pub payment_date: Option<Timestamp>,
    /// Who took it; none in older books.
    pub operator: Option<SafeText>,
    /// At which terminal.
    pub device: Option<SafeText>,
    /// When it was voided: as mistyped, or to make room for the next after it was given back whole.
    pub voided_at: Option<Timestamp>,
    /// By whom.
    pub voided_by: Option<SafeText>,
    /// Why.
    pub void_reason: Option<SafeText>,
    /// What was given back, in order.
    pub refunds: Vec<Refund>,
}

impl Payment {
    /// Whether it is the registration's payment now.
    pub fn is_live(&self) -> bool {
        self.voided_at.is_none()
    }

    /// Whether money came in by it: what was mistyped never happened.
    pub fn counts(&self) -> bool {
        self.is_live() || self.refunded.is_positive()
    }

    /// What can still be given back of it.
    pub fn left(&self) -> Balance {
        if self.is_live() {
            self.amount_paid.without(self.refunded)
        } else {
            Balance::ZERO
        }
    }

    /// The newest refund that was not voided.
    pub fn last_refund(&self) -> Option<&Refund> {
        self.refunds
            .iter()
            .rev()
            .find(|refund| refund.voided_at.is_none())
    }
}

/// A registration and what it has to do with money: one row of a list, and what forms begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneyLine {
    /// Which registration.
    pub registration_id: RegistrationId,
    /// How it stands.
    pub status: RegistrationStatus,
    /// `registrations.payment_status`.
    pub payment_status: SafeText,
    /// What it costs, frozen when it was made.
    pub price_due: Money,
    /// What is still to be paid.
    pub due: Balance,
    /// Whose.
    pub member: MemberName,
    /// For which event.
    pub event_id: EventId,
    /// The event's title.
    pub event_title: SafeText,
    /// When it begins.
    pub event_start: Timestamp,
    /// Whether it takes place.
    pub event_active: bool,
    /// The payment that the row is about; none for who has not paid.
    pub payment: Option<Payment>,
    /// Where it stands in a list, from high to low.
    #[serde(default, skip_serializing)]
    pub key: Option<i64>,
}

/// Which rows of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PaymentKind {
    /// Every payment; of one event also who has not paid.
    #[default]
    All,
    /// Who has not paid.
    Due,
    /// Payments of which something stands.
    Paid,
    /// Payments of which something was given back.
    Refunds,
    /// Payments of who will not come, or to what will not be.
    ToRefund,
    /// What was voided.
    Voided,
}

impl PaymentKind {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::All,
        Self::Due,
        Self::Paid,
        Self::Refunds,
        Self::ToRefund,
        Self::Voided,
    ];

    /// The word of the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Due => "due",
            Self::Paid => "paid",
            Self::Refunds => "refunds",
            Self::ToRefund => "to_refund",
            Self::Voided => "voided",
        }
    }

    /// How it is called on the screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::ToRefund => "to refund",
            other => other.word(),
        }
    }
}

/// What of the payments is asked for; what is none does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PaymentFilter {
    /// Of one event.
    pub event: Option<EventId>,
    /// Of one member.
    pub member: Option<MemberId>,
    /// Taken or given back by this channel.
    pub channel: Option<String>,
    /// Taken or given back by this person; empty is who is not known.
    pub operator: Option<String>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this one.
    pub to: Option<Timestamp>,
    /// Which rows.
    pub kind: PaymentKind,
    /// Words that are somewhere in the member's names, address or the payment's number.
    pub containing: String,
}

/// A page of payments, newest first; who has not paid stands before everybody else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct PaymentPage {
    /// Rows that match, on this page or not.
    pub total: i64,
    /// How many of them have something to pay.
    pub unpaid: i64,
    /// What came in by all that match.
    pub taken: Balance,
    /// What went out again.
    pub refunded: Balance,
    /// What is still to come.
    pub due: Balance,
    /// The page.
    pub rows: Vec<MoneyLine>,
}

/// What one person took and gave back by one channel on a day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct TakingsRow {
    /// Who; none is not known.
    pub operator: Option<SafeText>,
    /// By which channel.
    pub channel: SafeText,
    /// How many payments.
    pub payments: i64,
    /// What came in.
    pub taken: Balance,
    /// How many refunds.
    pub refunds: i64,
    /// What went out.
    pub refunded: Balance,
}

impl TakingsRow {
    /// What is left of what came in.
    pub fn net(&self) -> Balance {
        self.taken.without(self.refunded)
    }

    fn add(&mut self, other: &Self) {
        self.payments += other.payments;
        self.taken = self.taken.and(other.taken);
        self.refunds += other.refunds;
        self.refunded = self.refunded.and(other.refunded);
    }
}

/// A day's takings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Takings {
    /// The day.
    pub day: NaiveDate,
    /// In whose zone it begins and ends.
    pub zone: Zone,
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub to: Timestamp,
    /// By person and channel.
    pub rows: Vec<TakingsRow>,
}

impl Takings {
    /// Summed up over people: one row a channel, by name.
    pub fn by_channel(&self) -> Vec<TakingsRow> {
        let mut sums: Vec<TakingsRow> = Vec::new();
        for row in &self.rows {
            match sums.iter_mut().find(|sum| sum.channel == row.channel) {
                Some(sum) => sum.add(row),
                None => sums.push(TakingsRow {
                    operator: None,
                    ..row.clone()
                }),
            }
        }
        sums.sort_by(|a, b| a.channel.as_str().cmp(b.channel.as_str()));
        sums
    }

    /// Everything.
    pub fn total(&self) -> TakingsRow {
        let mut sum = TakingsRow::default();
        for row in &self.rows {
            sum.add(row);
        }
        sum
    }
}

/// What may be asked about money; staff only. Every write carries the nonce of its key press.
#[derive(Debug, Clone, PartialEq)]
pub enum MoneyCall {
    /// Take a payment: the whole of what is due. → [`MoneyAnswer::Line`]
    Record {
        /// Of the key press.
        nonce: Nonce,
        /// For which registration.
        registration: RegistrationId,
        /// What was typed; the database takes no other than what is due.
        amount: Money,
        /// One of the community's channels.
        channel: String,
    },
    /// Give back what stands of a payment, or a part. → [`MoneyAnswer::Line`]
    Refund {
        /// Of the key press.
        nonce: Nonce,
        /// Of which payment.
        payment: PaymentId,
        /// How much.
        amount: Money,
        /// By which channel; none is the one it came by.
        channel: Option<String>,
        /// Why.
        reason: String,
    },
    /// Void a mistyped payment. → [`MoneyAnswer::Line`]
    Void {
        /// Of the key press.
        nonce: Nonce,
        /// Which.
        payment: PaymentId,
        /// What was wrong with it.
        reason: String,
    },
    /// Put the right payment in the place of a mistyped one. → [`MoneyAnswer::Line`]
    Correct {
        /// Of the key press.
        nonce: Nonce,
        /// Which.
        payment: PaymentId,
        /// The right amount: what the registration costs.
        amount: Money,
        /// The right channel.
        channel: String,
        /// What was wrong with it.
        reason: String,
    },
    /// Void a mistyped refund. → [`MoneyAnswer::Line`]
    VoidRefund {
        /// Of the key press.
        nonce: Nonce,
        /// Which.
        refund: RefundId,
        /// What was wrong with it.
        reason: String,
    },
    /// What a registration owes and has paid. → [`MoneyAnswer::Line`]
    Registration(RegistrationId),
    /// A payment with everything that a receipt says. → [`MoneyAnswer::Receipt`]
    Receipt(PaymentId),
    /// A page of payments. → [`MoneyAnswer::Page`]
    List {
        /// Which.
        filter: PaymentFilter,
        /// Rows behind this key.
        before: Option<i64>,
        /// How many.
        most: i32,
    },
    /// A day's takings in the community's zone. → [`MoneyAnswer::Takings`]
    Takings(NaiveDate),
    /// Set the ways to pay, in order (admins). → [`MoneyAnswer::Channels`]
    SetChannels {
        /// Of the key press.
        nonce: Nonce,
        /// The list that was changed.
        was: Vec<String>,
        /// What it is to be.
        channels: Vec<String>,
    },
}

impl MoneyCall {
    /// The nonce, if this is a write.
    pub fn nonce(&self) -> Option<Nonce> {
        match self {
            Self::Record { nonce, .. }
            | Self::Refund { nonce, .. }
            | Self::Void { nonce, .. }
            | Self::Correct { nonce, .. }
            | Self::VoidRefund { nonce, .. }
            | Self::SetChannels { nonce, .. } => Some(*nonce),
            Self::Registration(_) | Self::Receipt(_) | Self::List { .. } | Self::Takings(_) => None,
        }
    }

    /// The same with another key press's nonce: told apart from what was sent before by everything else.
    #[must_use]
    pub fn with_nonce(mut self, to: Nonce) -> Self {
        match &mut self {
            Self::Record { nonce, .. }
            | Self::Refund { nonce, .. }
            | Self::Void { nonce, .. }
            | Self::Correct { nonce, .. }
            | Self::VoidRefund { nonce, .. }
            | Self::SetChannels { nonce, .. } => *nonce = to,
            Self::Registration(_) | Self::Receipt(_) | Self::List { .. } | Self::Takings(_) => {}
        }
        self
    }
}

/// What a [`MoneyCall`] brought.
#[derive(Debug, Clone, PartialEq)]
pub enum MoneyAnswer {
    /// A registration as it now stands.
    Line(Box<MoneyLine>),
    /// A receipt.
    Receipt(Box<Receipt>),
    /// A page.
    Page(PaymentPage),
    /// A day.
    Takings(Takings),
    /// The ways to pay as they now stand.
    Channels(Vec<SafeText>),
}
