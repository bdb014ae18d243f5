//! Payments in a table: of an event with who has not paid, or of a day, channel and person; searched, filtered, more of
//! it as the cursor goes down; from here money is taken, given back, corrected, and written into a file.

use crate::app::action::{MoneyAction, MoveAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::{Effect, Lane};
use crate::app::geometry;
use crate::app::keymap::{Chain, chains};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::text_field::{Edit, TextField};
use crate::domain::payment::{MoneyAnswer, MoneyCall, MoneyLine, PaymentFilter, PaymentKind, PaymentPage};
use crate::domain::{Call, Fault, SafeText};

use super::form::{Form, Task};
use super::receipt::ReceiptPage;
use super::{Money, MoneyWant, open, pay, refund};

/// Rows asked for at once.
const PAGE: i32 = 200;
/// Rows of a file.
const FILE: i32 = 1_000_000;
/// Longest search.
const MAX_SEARCH: usize = 80;

/// The overlay.
#[derive(Debug)]
pub(crate) struct Table {
    /// Whose payments they are.
    pub(crate) title: SafeText,
    pub(crate) filter: PaymentFilter,
    pub(crate) search: TextField,
    pub(crate) searching: bool,
    pub(crate) page: Remote<PaymentPage>,
    pub(crate) cursor: Cursor,
}

impl Table {
    pub(crate) fn new(title: SafeText, filter: PaymentFilter, cx: &mut Context) -> Self {
        let mut table = Self {
            title,
            filter,
            search: TextField::new(MAX_SEARCH),
            searching: false,
            page: Remote::Nothing,
            cursor: Cursor::default(),
        };
        table.ask(cx);
        table
    }

    pub(crate) fn chain(&self) -> Chain {
        if self.searching {
            chains::PAYMENTS_SEARCH
        } else {
            chains::PAYMENTS
        }
    }

    /// What is asked for now.
    pub(crate) fn want(&self) -> Want {
        Want::Money(MoneyWant::Page {
            filter: self.filter.clone(),
            before: None,
        })
    }

    fn call(&self, before: Option<i64>, most: i32) -> Call {
        Call::Money(MoneyCall::List {
            filter: self.filter.clone(),
            before,
            most,
        })
    }

    fn ask(&mut self, cx: &mut Context) {
        let (want, call) = (self.want(), self.call(None, PAGE));
        cx.fetch(&mut self.page, want, Lane::Search, call);
    }

    /// Asks again for as many rows as there are.
    pub(crate) fn refresh(&mut self, cx: &mut Context) {
        let known = self.page.get().map_or(0, |page| page.rows.len());
        let most = i32::try_from(known).unwrap_or(PAGE).max(PAGE);
        let (want, call) = (self.want(), self.call(None, most));
        cx.fetch(&mut self.page, want, Lane::Search, call);
    }

    /// Whether it is short enough to be asked for again and again.
    pub(crate) fn is_short(&self) -> bool {
        self.page.get().is_none_or(|page| page.rows.len() <= 200)
    }

    fn ask_more(&self, cx: &mut Context) {
        let Some(page) = self.page.get() else { return };
        let known = page.rows.len();
        let whole = i64::try_from(known).unwrap_or(i64::MAX) >= page.total;
        let last = page.rows.last().and_then(|row| row.key);
        let (Some(last), false) = (last, whole || self.cursor.at + 50 < known) else {
            return;
        };
        let want = Want::Money(MoneyWant::Page {
            filter: self.filter.clone(),
            before: Some(last),
        });
        if !cx.requests.awaits(&want) {
            cx.ask(want, Lane::Search, self.call(Some(last), PAGE));
        }
    }

    pub(crate) fn edited(&mut self, edit: Edit, cx: &mut Context) -> Edit {
        if matches!(edit, Edit::Changed | Edit::Cut) {
            self.search_for(self.search.text().trim().to_owned(), cx);
        }
        edit
    }

    fn search_for(&mut self, text: String, cx: &mut Context) {
        if self.filter.containing != text {
            self.filter.containing = text;
            self.cursor = Cursor::default();
            self.ask(cx);
        }
    }

    pub(crate) fn fit(&mut self, cx: &Context) {
        let len = self.page.get().map_or(0, |page| page.rows.len());
        let (_, list) = geometry::payments(cx.setup.size);
        self.cursor.fit(len, usize::from(list.height));
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &mut Context) {
        let len = self.page.get().map_or(0, |page| page.rows.len());
        let (_, list) = geometry::payments(cx.setup.size);
        self.cursor.step(to, len, usize::from(list.height));
        self.fit(cx);
        self.ask_more(cx);
    }

    pub(crate) fn marked(&self) -> Option<&MoneyLine> {
        self.page.get()?.rows.get(self.cursor.at)
    }

    /// The kinds that are offered: who has not paid is known of an event alone.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = PaymentKind> {
        let whole = self.filter.event.is_some();
        PaymentKind::ALL
            .into_iter()
            .filter(move |kind| whole || *kind != PaymentKind::Due)
    }

    fn turn(&mut self, by: usize, cx: &mut Context) {
        let kinds: Vec<PaymentKind> = self.kinds().collect();
        let at = kinds
            .iter()
            .position(|kind| *kind == self.filter.kind)
            .unwrap_or(0);
        let next = if by == 1 { at + 1 } else { at + kinds.len() - 1 } % kinds.len();
        self.filter.kind = kinds[next];
        self.cursor = Cursor::default();
        self.ask(cx);
    }

    pub(crate) fn why_not(&self, action: MoneyAction) -> Option<String> {
        let needs_row = matches!(
            action,
            MoneyAction::Pay
                | MoneyAction::Refund
                | MoneyAction::Correct
                | MoneyAction::Void
                | MoneyAction::Go
        );
        if !needs_row {
            return None;
        }
        let Some(line) = self.marked() else {
            return Some("There is no payment under the cursor.".to_owned());
        };
        let payment = line.payment.as_ref();
        let name = &line.member.full_name;
        let untouched = payment.is_some_and(|paid| paid.is_live() && paid.refunded.is_zero());
        match action {
            MoneyAction::Pay if !line.due.is_positive() => Some(format!("Nothing is due from {name}.")),
            MoneyAction::Refund if payment.is_none_or(|paid| !paid.left().is_positive()) => {
                Some(format!("Nothing of {name}'s is there to give back."))
            }
            MoneyAction::Correct if !untouched => {
                Some("Only a payment that stands whole can be corrected.".to_owned())
            }
            MoneyAction::Void if payment.is_none_or(|paid| !paid.is_live()) => {
                Some("Here is nothing to void.".to_owned())
            }
            _ => None,
        }
    }

    pub(crate) fn act(&mut self, action: MoneyAction, cx: &mut Context) {
        match action {
            MoneyAction::Search => self.searching = true,
            MoneyAction::SearchKeep => self.searching = false,
            MoneyAction::SearchDrop => {
                self.searching = false;
                self.search.clear();
                self.search_for(String::new(), cx);
            }
            MoneyAction::KindOn => self.turn(1, cx),
            MoneyAction::KindBack => self.turn(usize::MAX, cx),
            MoneyAction::File => {
                let name = self.file_name();
                let want = Want::Money(MoneyWant::File(name));
                if !cx.requests.awaits(&want) {
                    cx.ask_and_wait(want, Lane::Detail, self.call(None, FILE));
                }
            }
            MoneyAction::Close if !self.filter.containing.is_empty() => {
                self.act(MoneyAction::SearchDrop, cx);
            }
            MoneyAction::Close => cx.wish(Wish::Close),
            action => self.act_on_row(action, cx),
        }
    }

    fn act_on_row(&mut self, action: MoneyAction, cx: &mut Context) {
        let Some(line) = self.marked().cloned() else {
            return;
        };
        let registration = line.registration_id;
        let task = match (action, &line.payment) {
            // What is due or stands is read anew: the row may be some seconds old.
            (MoneyAction::Pay, _) | (MoneyAction::Go, None) => return pay(registration, cx),
            (MoneyAction::Refund, _) => return refund(registration, cx),
            (MoneyAction::Go, Some(payment)) => {
                let page = ReceiptPage::new(payment.id, cx);
                return open(Money::Receipt(page), cx);
            }
            (MoneyAction::Correct, _) => Task::Correct,
            (MoneyAction::Void, Some(payment)) if payment.refunded.is_positive() => Task::VoidRefund,
            (MoneyAction::Void, _) => Task::Void,
            _ => return,
        };
        let form = Form::of(task, line, cx);
        open(Money::Form(Box::new(form)), cx);
    }

    fn file_name(&self) -> String {
        match self.filter.event {
            Some(event) => format!("pine-time-payments-{}.csv", event.0),
            None => "pine-time-payments.csv".to_owned(),
        }
    }

    pub(crate) fn answered(
        &mut self,
        filter: &PaymentFilter,
        before: Option<i64>,
        result: &Result<MoneyAnswer, Fault>,
        cx: &Context,
    ) -> bool {
        if *filter != self.filter {
            return false;
        }
        match (before, result) {
            (None, result) => {
                let kept = self.marked().and_then(|row| row.key);
                self.page.answer(match result {
                    Ok(MoneyAnswer::Page(page)) => Ok(page.clone()),
                    Ok(_) => Err(Fault::Internal),
                    Err(fault) => Err(fault.clone()),
                });
                let found = |page: &PaymentPage| page.rows.iter().position(|row| row.key == kept);
                if let (true, Some(at)) = (kept.is_some(), self.page.get().and_then(found)) {
                    self.cursor.at = at;
                }
            }
            (Some(before), Ok(MoneyAnswer::Page(more))) => {
                if let Some(page) = self.page.get_mut()
                    && page.rows.last().is_some_and(|last| last.key == Some(before))
                {
                    let rows = std::mem::take(&mut page.rows);
                    *page = more.clone();
                    page.rows = rows.into_iter().chain(std::mem::take(&mut page.rows)).collect();
                }
            }
            // The next step down asks again.
            (Some(_), _) => {}
        }
        self.fit(cx);
        true
    }
}

/// The rows of a file have come.
pub(crate) fn file_answered(name: String, result: Result<MoneyAnswer, Fault>, cx: &mut Context) {
    match result {
        Ok(MoneyAnswer::Page(page)) => cx.effects.push(Effect::Export {
            name,
            text: page.csv(),
        }),
        Ok(_) => {}
        Err(fault) => cx.say(Tone::Bad, format!("Nothing is written. {fault}")),
    }
}
