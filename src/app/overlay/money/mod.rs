//! Money at the desk, in overlays: the payments of an event or of a day, the forms that take, give back and correct, a
//! receipt, a day's takings, and the ways to pay. Any screen opens them: [`pay`], [`refund`], [`payments_of`].

pub(crate) mod channels;
pub(crate) mod form;
pub(crate) mod receipt;
pub(crate) mod table;
pub(crate) mod takings;

use crate::app::action::{MoneyAction, MoveAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::keymap::{Chain, Key};
use crate::app::overlay::Overlay;
use crate::app::text_field::{Edit, TextField};
use crate::domain::event::EventLine;
use crate::domain::payment::{MoneyAnswer, PaymentFilter, PaymentId, PaymentKind, RegistrationId};
use crate::domain::{Fault, Nonce};

use channels::Channels;
use form::{Form, Task};
use receipt::ReceiptPage;
use table::Table;
use takings::TakingsPage;

/// What an answer about money is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum MoneyWant {
    /// A form's registration.
    Line(RegistrationId),
    /// A receipt.
    Receipt(PaymentId),
    /// Rows of a list.
    Page {
        filter: PaymentFilter,
        before: Option<i64>,
    },
    /// The same for a file of this name.
    File(String),
    /// A day.
    Takings(chrono::NaiveDate),
    /// Whatever a key press changed.
    Write(Nonce),
}

/// One of the overlays.
#[derive(Debug)]
pub(crate) enum Money {
    Table(Table),
    Form(Box<Form>),
    Receipt(ReceiptPage),
    Takings(TakingsPage),
    Channels(Channels),
}

/// Puts one on top.
fn open(overlay: Money, cx: &mut Context) {
    cx.wish(Wish::Open(Box::new(Overlay::Money(Box::new(overlay)))));
}

/// Opens the form that takes the payment of a registration.
pub(crate) fn pay(registration: RegistrationId, cx: &mut Context) {
    let form = Form::ask(Task::Record, registration, cx);
    open(Money::Form(Box::new(form)), cx);
}

/// Opens the form that gives back what stands of a registration's payment.
pub(crate) fn refund(registration: RegistrationId, cx: &mut Context) {
    let form = Form::ask(Task::Refund, registration, cx);
    open(Money::Form(Box::new(form)), cx);
}

/// Opens the payments of an event, and who has not paid; of a cancelled one what is to be given back.
pub(crate) fn payments_of(event: &EventLine, cx: &mut Context) {
    let filter = PaymentFilter {
        event: Some(event.id),
        kind: if event.is_active {
            PaymentKind::All
        } else {
            PaymentKind::ToRefund
        },
        ..PaymentFilter::default()
    };
    let table = Table::new(event.title.clone(), filter, cx);
    open(Money::Table(table), cx);
}

/// Opens the ways to pay.
pub(crate) fn open_channels(cx: &mut Context) {
    let channels = channels::Channels::new(cx);
    open(Money::Channels(channels), cx);
}

/// Opens today's takings.
pub(crate) fn takings(cx: &mut Context) {
    let page = TakingsPage::new(cx.today(), cx);
    open(Money::Takings(page), cx);
}

impl Money {
    /// The scopes that hold while it is on top.
    pub(crate) fn chain(&self) -> Chain {
        match self {
            Self::Table(table) => table.chain(),
            Self::Form(form) => form.chain(),
            Self::Receipt(_) => crate::app::keymap::chains::RECEIPT,
            Self::Takings(_) => crate::app::keymap::chains::TAKINGS,
            Self::Channels(channels) => channels.chain(),
        }
    }

    /// Whether printable keys go into a field.
    pub(crate) fn is_typing(&self) -> bool {
        match self {
            Self::Table(table) => table.searching,
            Self::Form(_) => true,
            Self::Receipt(_) | Self::Takings(_) => false,
            Self::Channels(channels) => channels.typing.is_some(),
        }
    }

    /// The field that takes what is typed.
    pub(crate) fn field_with_keys(&mut self) -> Option<&mut TextField> {
        match self {
            Self::Table(table) if table.searching => Some(&mut table.search),
            Self::Form(form) => form.field_with_keys(),
            Self::Channels(channels) => channels.typing.as_mut().map(|(_, field)| field),
            _ => None,
        }
    }

    /// That field was put back as it had been.
    pub(crate) fn field_put_back(&mut self, cx: &mut Context) {
        if let Self::Table(table) = self {
            table.edited(Edit::Changed, cx);
        }
    }

    pub(crate) fn key(&mut self, key: Key, cx: &mut Context) -> Edit {
        match self {
            Self::Table(table) => {
                let edit = table.search.key(key);
                table.edited(edit, cx)
            }
            Self::Form(form) => form.edit(|field| field.key(key)),
            Self::Channels(channels) => channels.edit(|field| field.key(key)),
            Self::Receipt(_) | Self::Takings(_) => Edit::Ignored,
        }
    }

    pub(crate) fn paste(&mut self, raw: &str, cx: &mut Context) -> Edit {
        match self {
            Self::Table(table) => {
                let edit = table.search.paste(raw);
                table.edited(edit, cx)
            }
            Self::Form(form) => form.edit(|field| field.paste(raw)),
            Self::Channels(channels) => channels.edit(|field| field.paste(raw)),
            Self::Receipt(_) | Self::Takings(_) => Edit::Ignored,
        }
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &mut Context) {
        match self {
            Self::Table(table) => table.step(to, cx),
            Self::Receipt(page) => page.step(to, cx),
            Self::Takings(page) => page.step(to, cx),
            Self::Channels(channels) => channels.step(to),
            Self::Form(_) => {}
        }
    }

    pub(crate) fn act(&mut self, action: MoneyAction, cx: &mut Context) {
        match self {
            Self::Table(table) => table.act(action, cx),
            Self::Form(form) => form.act(action, cx),
            Self::Receipt(page) => page.act(action, cx),
            Self::Takings(page) => page.act(action, cx),
            Self::Channels(channels) => channels.act(action, cx),
        }
    }

    /// Why an action cannot be done now; `None` when it can.
    pub(crate) fn why_not(&self, action: MoneyAction, cx: &Context) -> Option<String> {
        let writes = matches!(
            action,
            MoneyAction::Pay | MoneyAction::Refund | MoneyAction::Correct | MoneyAction::Void
        );
        if writes && let Some(why) = cx.needs_link("Money") {
            return Some(why);
        }
        match self {
            Self::Table(table) => table.why_not(action),
            Self::Takings(_) if action == MoneyAction::Channels && !cx.is_admin() => {
                Some("The ways to pay are the administrators' to change.".to_owned())
            }
            _ => None,
        }
    }

    /// Asks again for what it shows.
    pub(crate) fn refresh(&mut self, cx: &mut Context) {
        match self {
            Self::Table(table) => table.refresh(cx),
            Self::Takings(page) => page.ask(cx),
            Self::Form(form) => form.refresh(cx),
            Self::Receipt(page) => page.refresh(cx),
            Self::Channels(_) => {}
        }
    }

    /// Now and then, as long as nothing of it is on its way.
    pub(crate) fn poll(&mut self, cx: &mut Context) {
        if cx.requests.on(crate::app::effect::Lane::Search).is_some() {
            return;
        }
        match self {
            Self::Table(table) if table.is_short() => table.refresh(cx),
            Self::Takings(page) => page.ask(cx),
            _ => {}
        }
    }

    /// The link is down: what is here is old.
    pub(crate) fn age(&mut self) {
        match self {
            Self::Table(table) => table.page.age(),
            Self::Takings(page) => page.takings.age(),
            Self::Receipt(page) => page.receipt.age(),
            Self::Form(_) | Self::Channels(_) => {}
        }
    }

    /// The window has another size.
    pub(crate) fn settle(&mut self, cx: &Context) {
        match self {
            Self::Table(table) => table.fit(cx),
            Self::Takings(page) => page.fit(cx),
            _ => {}
        }
    }
}

/// Hands an answer to whom it concerns; a write's is told on the message line, takes its form away, and lets the lists
/// beneath ask again.
pub(crate) fn answered(
    overlays: &mut Vec<Overlay>,
    want: MoneyWant,
    result: Result<MoneyAnswer, Fault>,
    cx: &mut Context,
) {
    if let MoneyWant::Write(nonce) = want {
        return written(overlays, nonce, result, cx);
    }
    if let MoneyWant::File(name) = want {
        return table::file_answered(name, result, cx);
    }
    for overlay in overlays.iter_mut().rev() {
        let Overlay::Money(money) = overlay else { continue };
        let taken = match (money.as_mut(), &want) {
            (Money::Form(form), MoneyWant::Line(registration)) => {
                form.line_answered(*registration, &result, cx)
            }
            (Money::Receipt(page), MoneyWant::Receipt(payment)) => page.answered(*payment, &result),
            (Money::Table(table), MoneyWant::Page { filter, before }) => {
                table.answered(filter, *before, &result, cx)
            }
            (Money::Takings(page), MoneyWant::Takings(day)) => page.answered(*day, &result, cx),
            _ => false,
        };
        if taken {
            return;
        }
    }
}

fn written(overlays: &mut Vec<Overlay>, nonce: Nonce, result: Result<MoneyAnswer, Fault>, cx: &mut Context) {
    let waiting = |overlay: &Overlay| match overlay {
        Overlay::Money(money) => match money.as_ref() {
            Money::Form(form) => form.awaits(nonce),
            Money::Channels(channels) => channels.awaits(nonce),
            _ => false,
        },
        _ => false,
    };
    let at = overlays.iter().position(waiting);
    match result {
        Ok(answer) => {
            let told = match (&answer, at.and_then(|at| overlays.get(at))) {
                (MoneyAnswer::Line(line), Some(Overlay::Money(money))) => match money.as_ref() {
                    Money::Form(form) => form.told(line, cx),
                    _ => String::new(),
                },
                (MoneyAnswer::Line(line), _) => format!("Done, for {}.", line.member.full_name),
                (MoneyAnswer::Channels(list), _) => {
                    if let Some(community) = cx.community.as_mut() {
                        community.payment_channels.clone_from(list);
                    }
                    "The ways to pay are saved.".to_owned()
                }
                _ => String::new(),
            };
            cx.say(Tone::Good, told);
            if let Some(at) = at {
                // The form goes, and what was asked on top of it; the lock stays.
                let above = overlays.split_off(at);
                overlays.extend(above.into_iter().filter(|o| matches!(o, Overlay::Lock(_))));
            }
            for overlay in overlays.iter_mut() {
                if let Overlay::Money(money) = overlay {
                    money.refresh(cx);
                }
            }
        }
        Err(fault) => match at.and_then(|at| overlays.get_mut(at)) {
            Some(Overlay::Money(money)) => match money.as_mut() {
                Money::Form(form) => form.failed(&fault),
                Money::Channels(channels) => channels.failed(&fault),
                _ => {}
            },
            _ => cx.say(Tone::Bad, format!("Nothing was done. {fault}")),
        },
    }
}
