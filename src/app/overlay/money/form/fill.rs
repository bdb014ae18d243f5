//! Filling a form of money: its fields, what is typed into them, and how that is read.

use super::{Form, PayField, Task};
use crate::app::context::Context;
use crate::app::text_field::{Edit, TextField};
use crate::domain::money::{CASH, Money};
use crate::domain::payment::Payment;

impl Form {
    /// The fields that are there now, in order.
    pub(crate) fn fields(&self) -> Vec<PayField> {
        if self.line.get().is_none() {
            return Vec::new();
        }
        match self.task {
            Task::Record if self.channel == CASH => vec![PayField::Amount, PayField::Channel, PayField::Cash],
            Task::Record => vec![PayField::Amount, PayField::Channel],
            Task::Refund | Task::Correct => vec![PayField::Amount, PayField::Channel, PayField::Reason],
            Task::Void | Task::VoidRefund => vec![PayField::Reason],
        }
    }

    /// The ways that are offered: the community's, and the one it came by, whatever that is called by now.
    pub(crate) fn channels(&self, cx: &Context) -> Vec<String> {
        let own = self.line.get().and_then(|line| line.payment.as_ref());
        channels(own.filter(|_| self.task == Task::Refund), cx)
    }

    pub(crate) fn error(&self, field: PayField) -> Option<&str> {
        self.errors
            .iter()
            .find(|(wrong, _)| *wrong == field)
            .map(|(_, why)| why.as_str())
    }

    /// A field's text, if it is one that is typed.
    pub(crate) fn text(&self, field: PayField) -> Option<&TextField> {
        match field {
            PayField::Amount => Some(&self.amount),
            PayField::Cash => Some(&self.cash),
            PayField::Reason => Some(&self.reason),
            PayField::Channel => None,
        }
    }

    /// The field with the keys, if it is one that is typed.
    pub(crate) fn field_with_keys(&mut self) -> Option<&mut TextField> {
        match self.focus {
            PayField::Amount => Some(&mut self.amount),
            PayField::Cash => Some(&mut self.cash),
            PayField::Reason => Some(&mut self.reason),
            PayField::Channel => None,
        }
    }

    pub(crate) fn edit(&mut self, edit: impl FnOnce(&mut TextField) -> Edit) -> Edit {
        if self.is_sending() || self.line.get().is_none() {
            return Edit::Ignored;
        }
        let edit = self.field_with_keys().map_or(Edit::Ignored, edit);
        if matches!(edit, Edit::Changed | Edit::Cut) {
            self.touched();
        }
        edit
    }

    pub(super) fn touched(&mut self) {
        let focus = self.focus;
        self.errors.retain(|(field, _)| *field != focus);
        self.message = None;
    }

    /// What was typed as the amount, or a sentence.
    pub(super) fn read_amount(&self, cx: &Context) -> Result<Money, String> {
        let currency = cx.currency();
        let amount = currency.read(self.amount.text())?;
        let Some(line) = self.line.get() else {
            return Ok(amount);
        };
        if amount.is_zero() {
            return Err("An amount is more than 0.".to_owned());
        }
        let left = line.payment.as_ref().and_then(|payment| payment.left().amount());
        match (self.task, line.due.amount(), left) {
            (Task::Record, Some(due), _) if amount != due => {
                Err(format!("{} is due, and is paid as a whole.", currency.show(due)))
            }
            (Task::Correct, _, _) if amount != line.price_due => {
                Err(format!("It costs {}.", currency.show(line.price_due)))
            }
            (Task::Refund, _, Some(left)) if amount > left => {
                Err(format!("At most {} can be given back.", currency.show(left)))
            }
            _ => Ok(amount),
        }
    }

    /// What goes back over the counter: of the cash given, what is not due. `Err` is what is missing, or a sentence.
    pub(crate) fn change(&self, cx: &Context) -> Option<Result<Money, String>> {
        if self.cash.text().trim().is_empty() {
            return None;
        }
        let amount = self.read_amount(cx).ok()?;
        let currency = cx.currency();
        Some(currency.read(self.cash.text()).and_then(|given| {
            given.less(amount).ok_or_else(|| {
                let short = amount.less(given).unwrap_or_default();
                format!("{} short.", currency.show(short))
            })
        }))
    }

    pub(super) fn choose(&mut self, by: usize, cx: &Context) {
        let channels = self.channels(cx);
        if channels.is_empty() {
            return;
        }
        let at = channels.iter().position(|c| *c == self.channel);
        let next = match at {
            Some(at) if by == 1 => (at + 1) % channels.len(),
            Some(at) => (at + channels.len() - 1) % channels.len(),
            None => 0,
        };
        self.channel.clone_from(&channels[next]);
        self.touched();
    }

    pub(super) fn leave(&mut self, by: usize) {
        let fields = self.fields();
        if fields.is_empty() {
            return;
        }
        let at = fields.iter().position(|field| *field == self.focus).unwrap_or(0);
        let next = if by == 1 { at + 1 } else { at + fields.len() - 1 } % fields.len();
        self.focus = fields[next];
    }
}

pub(super) fn channels(own: Option<&Payment>, cx: &Context) -> Vec<String> {
    let mut list: Vec<String> = cx
        .community
        .iter()
        .flat_map(|community| &community.payment_channels)
        .map(ToString::to_string)
        .collect();
    if let Some(own) = own.map(|payment| payment.payment_channel.to_string())
        && !list.contains(&own)
    {
        list.insert(0, own);
    }
    list
}
