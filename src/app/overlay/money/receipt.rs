//! A receipt as text, to be read and written into a file.

use crate::app::action::{MoneyAction, MoveAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor;
use crate::app::effect::{Effect, Lane};
use crate::app::geometry;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::payment::{MoneyAnswer, MoneyCall, PaymentId};
use crate::domain::receipt::Receipt;
use crate::domain::{Call, Fault};

use super::MoneyWant;

/// The overlay.
#[derive(Debug)]
pub(crate) struct ReceiptPage {
    pub(crate) payment: PaymentId,
    pub(crate) receipt: Remote<Receipt>,
    pub(crate) top: usize,
}

impl ReceiptPage {
    pub(crate) fn new(payment: PaymentId, cx: &mut Context) -> Self {
        let mut page = Self {
            payment,
            receipt: Remote::Nothing,
            top: 0,
        };
        page.refresh(cx);
        page
    }

    pub(crate) fn want(&self) -> Want {
        Want::Money(MoneyWant::Receipt(self.payment))
    }

    pub(crate) fn refresh(&mut self, cx: &mut Context) {
        let (want, call) = (self.want(), Call::Money(MoneyCall::Receipt(self.payment)));
        cx.fetch(&mut self.receipt, want, Lane::Detail, call);
    }

    /// The text, if it is here.
    pub(crate) fn text(&self, cx: &Context) -> Option<String> {
        self.receipt.get().map(|receipt| receipt.text(cx.zone()))
    }

    pub(crate) fn answered(&mut self, payment: PaymentId, result: &Result<MoneyAnswer, Fault>) -> bool {
        if payment != self.payment {
            return false;
        }
        self.receipt.answer(match result {
            Ok(MoneyAnswer::Receipt(receipt)) => Ok(receipt.as_ref().clone()),
            Ok(_) => Err(Fault::Internal),
            Err(fault) => Err(fault.clone()),
        });
        true
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        let lines = self.text(cx).map_or(0, |text| text.lines().count());
        let (_, list) = geometry::receipt(cx.setup.size);
        self.top = cursor::scroll(self.top, to, lines, usize::from(list.height));
    }

    pub(crate) fn act(&mut self, action: MoneyAction, cx: &mut Context) {
        match action {
            MoneyAction::Close => cx.wish(Wish::Close),
            MoneyAction::File => match (self.receipt.get(), self.text(cx)) {
                (Some(receipt), Some(text)) => {
                    let name = receipt.file_name();
                    cx.effects.push(Effect::Export { name, text });
                }
                _ => cx.say(Tone::Plain, "The receipt is not here yet."),
            },
            _ => {}
        }
    }
}
