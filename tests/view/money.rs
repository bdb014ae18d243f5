//! How money looks: tables, forms, receipts, takings, the ways to pay.

use insta::assert_snapshot;
use pine_time::app::effect::Timer;
use pine_time::domain::member::UserType;
use pine_time::domain::payment::{MoneyAnswer, MoneyCall, PaymentPage};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, events, offline};
use crate::money_fixtures::{payments, receipt, takings};

fn is_list(call: &Call) -> bool {
    matches!(call, Call::Money(MoneyCall::List { .. }))
}

fn is_takings(call: &Call) -> bool {
    matches!(call, Call::Money(MoneyCall::Takings(_)))
}

/// Presses the key of a form that reads the registration anew, and lets that be answered.
fn open(desk: &mut Desk, key: &str, row: usize) {
    desk.press(key);
    let line = Box::new(payments().rows[row].clone());
    desk.reply(
        |call| matches!(call, Call::Money(MoneyCall::Registration(_))),
        Ok(Answer::Money(MoneyAnswer::Line(line))),
    );
}

fn slow(desk: &mut Desk) {
    while let Some(timer) = desk.timer(|timer| matches!(timer, Timer::Spinner(_))) {
        desk.fire(timer);
    }
}

fn at_payments(size: (u16, u16)) -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, size.0, size.1);
    desk.with_events(events());
    desk.press("Tab");
    desk.press("Down");
    desk.press("$");
    desk
}

fn with_payments(size: (u16, u16)) -> Desk {
    let mut desk = at_payments(size);
    desk.reply(is_list, Ok(Answer::Money(MoneyAnswer::Page(payments()))));
    desk
}

#[test]
fn payments_of_an_event() {
    let mut desk = at_payments((80, 24));
    assert_snapshot!("payments_loading", desk.screen(80, 24));
    slow(&mut desk);
    assert_snapshot!("payments_slow", desk.screen(80, 24));
    desk.reply(is_list, Err(Fault::Busy));
    assert_snapshot!("payments_failed", desk.screen(80, 24));
    desk.press("F5");
    desk.reply(
        is_list,
        Ok(Answer::Money(MoneyAnswer::Page(PaymentPage::default()))),
    );
    assert_snapshot!("payments_empty", desk.screen(80, 24));
    let mut desk = with_payments((80, 24));
    desk.press("End");
    desk.press("Up");
    assert_snapshot!("payments_full", desk.screen(80, 24));
    desk.press("/");
    desk.write("reyes");
    assert_snapshot!("payments_search", desk.screen(80, 24));
    desk.reply(is_list, Err(offline()));
    assert_snapshot!("payments_offline", desk.screen(80, 24));
    let mut desk = with_payments((120, 40));
    for _ in 0..3 {
        desk.press("Down");
    }
    assert_snapshot!("payments_wide", desk.screen(120, 40));
}

#[test]
fn forms_of_money() {
    let mut desk = with_payments((80, 24));
    desk.press("p");
    slow(&mut desk);
    assert_snapshot!("pay_slow", desk.screen(80, 24));
    desk.press("Esc");
    open(&mut desk, "p", 0);
    desk.press("Enter");
    desk.write("500");
    assert_snapshot!("pay_change", desk.screen(80, 24));
    desk.press("Home");
    desk.press("Delete");
    desk.press("Ctrl+S");
    assert_snapshot!("pay_wrong", desk.screen(80, 24));
    let mut desk = with_payments((120, 40));
    for _ in 0..3 {
        desk.press("Down");
    }
    open(&mut desk, "r", 3);
    desk.press("Ctrl+S");
    assert_snapshot!("refund_wide", desk.screen(120, 40));
    desk.press("Esc");
    desk.press("v");
    assert_snapshot!("void_refund_wide", desk.screen(120, 40));
    let mut desk = with_payments((60, 16));
    desk.press("Down");
    desk.press("Down");
    desk.press("c");
    assert_snapshot!("correct_small", desk.screen(60, 16));
}

#[test]
fn receipts() {
    for (size, name) in [((80, 24), "receipt"), ((120, 40), "receipt_wide")] {
        let mut desk = with_payments(size);
        for _ in 0..3 {
            desk.press("Down");
        }
        desk.press("Enter");
        desk.reply(
            |call| matches!(call, Call::Money(MoneyCall::Receipt(_))),
            Ok(Answer::Money(MoneyAnswer::Receipt(Box::new(receipt())))),
        );
        assert_snapshot!(name, desk.screen(size.0, size.1));
    }
}

#[test]
fn a_days_takings() {
    let mut desk = Desk::signed_in(UserType::Admin, 80, 24);
    desk.with_events(events());
    desk.press("Ctrl+T");
    slow(&mut desk);
    assert_snapshot!("takings_slow", desk.screen(80, 24));
    desk.reply(is_takings, Ok(Answer::Money(MoneyAnswer::Takings(takings()))));
    assert_snapshot!("takings_full", desk.screen(80, 24));
    desk.press("w");
    desk.press("a");
    desk.write("voucher");
    assert_snapshot!("channels", desk.screen(80, 24));
    desk.press("Enter");
    desk.press("Esc");
    desk.press("y");
    desk.press("Left");
    let mut empty = takings();
    empty.rows.clear();
    desk.reply(is_takings, Ok(Answer::Money(MoneyAnswer::Takings(empty))));
    assert_snapshot!("takings_empty", desk.screen(80, 24));
    desk.press("Left");
    desk.reply(is_takings, Err(offline()));
    assert_snapshot!("takings_offline", desk.screen(80, 24));
    let mut desk = Desk::signed_in(UserType::Staff, 120, 40);
    desk.with_events(events());
    desk.press("Ctrl+T");
    desk.reply(is_takings, Ok(Answer::Money(MoneyAnswer::Takings(takings()))));
    assert_snapshot!("takings_wide", desk.screen(120, 40));
}
