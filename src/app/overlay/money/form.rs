//! The forms of money: take a payment, give back, correct, void. Each is about one registration, which is here when the
//! form opens or is asked for; each is sent as one call, and what was typed stays until it is answered.

mod fill;

use crate::app::action::MoneyAction;
use crate::app::context::{Context, Tone, Wish};
use crate::app::effect::Lane;
use crate::app::keymap::{Chain, chains};
use crate::app::overlay::Overlay;
use crate::app::overlay::confirm::Confirm;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::text_field::TextField;
use crate::domain::admission::MAX_REASON;
use crate::domain::money::{Money, channel_name};
use crate::domain::payment::{MoneyAnswer, MoneyCall, MoneyLine, Payment, RegistrationId};
use crate::domain::{Call, Fault, Nonce, SafeText};

use super::MoneyWant;
use fill::channels;

/// Longest amount that is worth reading.
const MAX_AMOUNT: usize = 20;

/// What the form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    Record,
    Refund,
    Correct,
    Void,
    VoidRefund,
}

/// A field of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PayField {
    Amount,
    Channel,
    Cash,
    Reason,
}

impl PayField {
    fn of_column(column: &str) -> Option<Self> {
        Some(match column {
            "amount" | "amount_paid" => Self::Amount,
            "payment_channel" => Self::Channel,
            "reason" => Self::Reason,
            _ => return None,
        })
    }
}

/// The form.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) task: Task,
    registration: RegistrationId,
    pub(crate) line: Remote<MoneyLine>,
    pub(crate) focus: PayField,
    pub(crate) amount: TextField,
    pub(crate) cash: TextField,
    pub(crate) reason: TextField,
    pub(crate) channel: String,
    /// What the amount was when the form opened.
    proposed: String,
    pub(crate) errors: Vec<(PayField, String)>,
    /// What concerns the form as a whole.
    pub(crate) message: Option<SafeText>,
    /// What is on its way.
    sent: Option<MoneyCall>,
    /// What was sent and not answered over a broken link: sent again unchanged, it is the same call.
    broken: Option<MoneyCall>,
}

impl Form {
    fn empty(task: Task, registration: RegistrationId) -> Self {
        Self {
            task,
            registration,
            line: Remote::Nothing,
            focus: match task {
                Task::Record | Task::Correct => PayField::Channel,
                Task::Refund => PayField::Amount,
                Task::Void | Task::VoidRefund => PayField::Reason,
            },
            amount: TextField::new(MAX_AMOUNT),
            cash: TextField::new(MAX_AMOUNT),
            reason: TextField::new(MAX_REASON),
            channel: String::new(),
            proposed: String::new(),
            errors: Vec::new(),
            message: None,
            sent: None,
            broken: None,
        }
    }

    /// About a registration that is here.
    pub(crate) fn of(task: Task, line: MoneyLine, cx: &Context) -> Self {
        let mut form = Self::empty(task, line.registration_id);
        form.fill(line, cx);
        form
    }

    /// About a registration that has to be asked for.
    pub(crate) fn ask(task: Task, registration: RegistrationId, cx: &mut Context) -> Self {
        let mut form = Self::empty(task, registration);
        form.refresh(cx);
        form
    }

    pub(crate) fn want(&self) -> Want {
        Want::Money(MoneyWant::Line(self.registration))
    }

    /// Asks for the registration, if it is not here: what stands in the form is not changed under the hands.
    pub(crate) fn refresh(&mut self, cx: &mut Context) {
        let want = self.want();
        if self.line.get().is_none() && !cx.requests.awaits(&want) {
            let call = Call::Money(MoneyCall::Registration(self.registration));
            cx.fetch(&mut self.line, want, Lane::Detail, call);
        }
    }

    pub(crate) fn line_answered(
        &mut self,
        registration: RegistrationId,
        result: &Result<MoneyAnswer, Fault>,
        cx: &Context,
    ) -> bool {
        if registration != self.registration || self.line.get().is_some() {
            return false;
        }
        match result {
            Ok(MoneyAnswer::Line(line)) => self.fill(line.as_ref().clone(), cx),
            Ok(_) => self.line.answer(Err(Fault::Internal)),
            Err(fault) => self.line.answer(Err(fault.clone())),
        }
        true
    }

    fn fill(&mut self, line: MoneyLine, cx: &Context) {
        let currency = cx.currency();
        let payment = line.payment.as_ref();
        let usual = channels(None, cx).into_iter().next().unwrap_or_default();
        let amount = match self.task {
            Task::Record => line.due.amount(),
            Task::Refund => payment.and_then(|payment| payment.left().amount()),
            Task::Correct => Some(line.price_due),
            Task::Void | Task::VoidRefund => None,
        };
        self.channel = match (self.task, payment) {
            (Task::Record, _) | (_, None) => usual,
            (_, Some(payment)) => payment.payment_channel.to_string(),
        };
        self.proposed = amount
            .map(|amount| currency.form_text(amount))
            .unwrap_or_default();
        self.amount.set(&self.proposed);
        let partly = payment.map(Payment::left).filter(|left| left.is_positive());
        self.message = match (self.task, amount, partly) {
            (Task::Record, None, _) => Some("Nothing is due.".into()),
            (Task::Record, _, Some(left)) => {
                let left = currency.show_balance(left);
                Some(
                    format!("{left} stand from before. Give them back or correct that payment first.").into(),
                )
            }
            (Task::Refund, None, _) => Some("Nothing is there to give back.".into()),
            _ => None,
        };
        self.line = Remote::Here(line);
    }

    pub(crate) fn is_sending(&self) -> bool {
        self.sent.is_some()
    }

    pub(crate) fn chain(&self) -> Chain {
        match self.focus {
            PayField::Channel => chains::PAYING_CHOICE,
            _ => chains::PAYING,
        }
    }

    // ---- actions ----

    pub(crate) fn act(&mut self, action: MoneyAction, cx: &mut Context) {
        if self.is_sending() && action != MoneyAction::Close {
            return cx.say(Tone::Plain, "It is being sent.");
        }
        match action {
            MoneyAction::Go => self.go(cx),
            MoneyAction::Send => self.send(cx),
            MoneyAction::Next => self.leave(1),
            MoneyAction::Previous => self.leave(usize::MAX),
            MoneyAction::ChoiceOn => self.choose(1, cx),
            MoneyAction::ChoiceBack => self.choose(usize::MAX, cx),
            MoneyAction::Close => self.close(cx),
            _ => {}
        }
    }

    /// Enter: on to the next field, and behind the last one off it goes.
    fn go(&mut self, cx: &mut Context) {
        let fields = self.fields();
        let at = fields.iter().position(|field| *field == self.focus).unwrap_or(0);
        match fields.get(at + 1) {
            Some(next) => self.focus = *next,
            None => self.send(cx),
        }
    }

    fn close(&mut self, cx: &mut Context) {
        let typed = !self.cash.is_empty() || !self.reason.is_empty() || self.amount.text() != self.proposed;
        let question = if self.is_sending() {
            Confirm::close_till()
        } else if typed {
            Confirm::drop_form()
        } else {
            return cx.wish(Wish::Close);
        };
        cx.wish(Wish::Open(Box::new(Overlay::Confirm(question))));
    }

    // ---- sending ----

    fn check(&mut self, cx: &Context) -> Option<Money> {
        self.errors.clear();
        self.message = None;
        let amount = self.read_amount(cx);
        for field in self.fields() {
            let why = match field {
                PayField::Amount => amount.as_ref().err().cloned(),
                PayField::Cash => self.change(cx).and_then(Result::err),
                PayField::Reason if self.reason.text().trim().is_empty() => {
                    Some("Type why; it is kept.".to_owned())
                }
                PayField::Reason | PayField::Channel => None,
            };
            if let Some(why) = why {
                self.errors.push((field, why));
            }
        }
        if let Some((field, _)) = self.errors.first() {
            self.focus = *field;
            return None;
        }
        Some(amount.unwrap_or_default())
    }

    fn send(&mut self, cx: &mut Context) {
        if let Some(why) = cx.needs_link("Money") {
            self.message = Some(why.into());
            return;
        }
        let (Some(amount), Some(line)) = (self.check(cx), self.line.get()) else {
            return;
        };
        let nonce = cx.nonce();
        let Some(mut call) = self.call(nonce, amount, line) else {
            return self.message = Some("There is nothing to do.".into());
        };
        if let Some(same) = self.broken.take()
            && let Some(first) = same.nonce()
            && same.with_nonce(nonce) == call
        {
            call = call.with_nonce(first);
        }
        let nonce = call.nonce().unwrap_or(nonce);
        let want = Want::Money(MoneyWant::Write(nonce));
        cx.ask_and_wait(want, Lane::Write, Call::Money(call.clone()));
        // A rehearsal sends nothing, and says so.
        self.sent = Some(call).filter(|_| !cx.rehearsing);
    }

    fn call(&self, nonce: Nonce, amount: Money, line: &MoneyLine) -> Option<MoneyCall> {
        let payment = line.payment.as_ref();
        let reason = self.reason.text().trim().to_owned();
        let channel = self.channel.clone();
        Some(match self.task {
            Task::Record => MoneyCall::Record {
                nonce,
                registration: line.registration_id,
                amount,
                channel,
            },
            Task::Refund => MoneyCall::Refund {
                nonce,
                payment: payment?.id,
                amount,
                channel: Some(channel),
                reason,
            },
            Task::Correct => MoneyCall::Correct {
                nonce,
                payment: payment?.id,
                amount,
                channel,
                reason,
            },
            Task::Void => MoneyCall::Void {
                nonce,
                payment: payment?.id,
                reason,
            },
            Task::VoidRefund => MoneyCall::VoidRefund {
                nonce,
                refund: payment?.last_refund()?.id,
                reason,
            },
        })
    }

    // ---- answers ----

    /// Whether this form waits for the answer to that press.
    pub(crate) fn awaits(&self, nonce: Nonce) -> bool {
        self.sent.as_ref().and_then(MoneyCall::nonce) == Some(nonce)
    }

    /// What came of it, in a sentence.
    pub(crate) fn told(&self, now: &MoneyLine, cx: &Context) -> String {
        let name = &now.member.full_name;
        let amount = cx.currency().read(self.amount.text()).unwrap_or_default();
        let amount = cx.currency().show(amount);
        let channel = channel_name(&self.channel);
        let number = now.payment.as_ref().map_or(0, |payment| payment.id.0);
        match self.task {
            Task::Record => format!("Taken: {amount} from {name}, {channel}. Receipt {number}."),
            Task::Refund => format!("Given back: {amount} to {name}, {channel}."),
            Task::Correct => format!("Corrected: {name} paid {amount}, {channel}. Receipt {number}."),
            Task::Void => format!("Voided: {name}'s payment {number}."),
            Task::VoidRefund => format!("Voided: the refund to {name}."),
        }
    }

    pub(crate) fn failed(&mut self, fault: &Fault) {
        let sent = self.sent.take();
        if fault.is_link() {
            self.broken = sent;
        }
        match fault {
            Fault::Invalid { field, why } if PayField::of_column(field).is_some() => {
                let field = PayField::of_column(field).unwrap_or(PayField::Reason);
                self.errors = vec![(field, why.to_string())];
                if self.fields().contains(&field) {
                    self.focus = field;
                }
            }
            fault => self.message = Some(format!("Nothing was done. {fault}").into()),
        }
    }
}
