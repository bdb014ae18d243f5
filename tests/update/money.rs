//! Money at the desk: the table, its forms, receipts, takings and the ways to pay; what a key sends, what an answer
//! changes, and what stays when there is none.

use pine_time::app::effect::{Effect, Timer};
use pine_time::app::msg::Msg;
use pine_time::domain::event::EventId;
use pine_time::domain::member::UserType;
use pine_time::domain::payment::{
    MoneyAnswer, MoneyCall, PaymentId, PaymentKind, PaymentPage, RefundId, RegistrationId,
};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, events, offline};
use crate::money_fixtures::{given_back, money_line, payment, payments, receipt, takings, units};
use crate::{calls, hides, shows, writes};

fn is_list(call: &Call) -> bool {
    matches!(call, Call::Money(MoneyCall::List { .. }))
}

fn is_write(call: &Call) -> bool {
    matches!(call, Call::Money(call) if call.nonce().is_some())
}

/// Presses the key of a form that reads the registration anew, and lets that be answered.
fn open(desk: &mut Desk, key: &str, row: usize) {
    desk.press(key);
    desk.reply(
        |call| matches!(call, Call::Money(MoneyCall::Registration(_))),
        Ok(done(payments().rows[row].clone())),
    );
}

fn page(page: PaymentPage) -> Answer {
    Answer::Money(MoneyAnswer::Page(page))
}

fn done(line: pine_time::domain::payment::MoneyLine) -> Answer {
    Answer::Money(MoneyAnswer::Line(Box::new(line)))
}

/// Staff on the payments of the event at 20:00.
fn with_payments() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.press("Tab");
    desk.press("Down");
    let effects = desk.press("$");
    assert!(
        matches!(calls(&effects)[..], [Call::Money(MoneyCall::List { filter, before: None, .. })]
            if filter.event == Some(EventId(7)) && filter.kind == PaymentKind::All),
        "{effects:?}"
    );
    desk.reply(is_list, Ok(page(payments())));
    desk
}

fn down(desk: &mut Desk, times: usize) {
    for _ in 0..times {
        desk.press("Down");
    }
}

#[test]
fn members_have_no_way_to_it() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("Tab");
    assert!(desk.press("$").is_empty());
    assert!(desk.press("Ctrl+T").is_empty());
    desk.press("Ctrl+P");
    desk.write("payments");
    shows(&desk.screen(80, 24), &["No command is called that."]);
}

#[test]
fn payments_of_a_cancelled_event_begin_with_what_is_to_be_given_back() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    let mut lines = events();
    lines[6].is_active = false;
    desk.with_events(lines);
    desk.press("Tab");
    desk.press("Down");
    let effects = desk.press("$");
    assert!(
        matches!(calls(&effects)[..], [Call::Money(MoneyCall::List { filter, before: None, .. })]
            if filter.event == Some(EventId(7)) && filter.kind == PaymentKind::ToRefund),
        "{effects:?}"
    );
    desk.reply(is_list, Ok(page(payments())));
    shows(&desk.screen(80, 24), &["to refund", "1/7"]);
}

#[test]
fn the_table_tells_every_kind_and_what_it_comes_to() {
    let mut desk = with_payments();
    shows(
        &desk.screen(80, 24),
        &[
            "Payments · The Manor Murder",
            "1/7",
            "due",
            "paid",
            "part back",
            "refunded",
            "void",
            "to refund",
            "taken ₱1,000   given back ₱350   stays ₱650   due ₱600 from 3",
        ],
    );
    down(&mut desk, 3);
    shows(
        &desk.screen(80, 24),
        &["4/7", "−₱100 cash", "by staff: no vegetarian menu"],
    );
    down(&mut desk, 2);
    shows(&desk.screen(80, 24), &["void since", "was by phone"]);
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["Payments ·"]);
}

#[test]
fn kinds_and_search_ask_anew_and_older_answers_are_dropped() {
    let mut desk = with_payments();
    let effects = desk.press("Tab");
    assert!(
        matches!(calls(&effects)[..], [Call::Money(MoneyCall::List { filter, .. })] if filter.kind == PaymentKind::Due),
        "{effects:?}"
    );
    let (older, _) = desk.newest(is_list).unwrap();
    desk.press("Shift+Tab");
    desk.press("Shift+Tab");
    assert!(
        matches!(desk.newest(is_list), Some((_, Call::Money(MoneyCall::List { filter, .. })))
            if filter.kind == PaymentKind::Voided)
    );
    let mut one = payments();
    one.rows.truncate(1);
    one.total = 1;
    desk.reply_to(older, Ok(page(one.clone())));
    shows(&desk.screen(80, 24), &["/7"]);
    desk.reply(is_list, Ok(page(PaymentPage::default())));
    shows(&desk.screen(80, 24), &["Nothing was voided."]);

    desk.press("/");
    let effects = desk.write("niño");
    assert!(
        matches!(calls(&effects).last(), Some(Call::Money(MoneyCall::List { filter, .. }))
            if filter.containing == "niño"),
        "{effects:?}"
    );
    desk.reply(is_list, Ok(page(PaymentPage::default())));
    shows(
        &desk.screen(80, 24),
        &["/ niño", "Nobody matches. Esc drops the search."],
    );
    // While it is typed, the letters of the actions are letters.
    desk.write("pr");
    shows(&desk.screen(80, 24), &["/ niñopr"]);
    desk.press("Enter");
    let effects = desk.press("Esc");
    assert!(
        matches!(calls(&effects).last(), Some(Call::Money(MoneyCall::List { filter, .. }))
            if filter.containing.is_empty()),
        "the first Esc drops the search: {effects:?}"
    );
    shows(&desk.screen(80, 24), &["Payments ·"]);
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["Payments ·"]);
}

#[test]
fn more_is_asked_for_as_the_cursor_goes_down_and_the_cursor_stays_on_its_row() {
    let mut desk = with_payments();
    let mut first = payments();
    first.total = 8;
    desk.press("F5");
    desk.reply(is_list, Ok(page(first.clone())));
    let effects = desk.press("Down");
    assert!(matches!(
        calls(&effects)[..],
        [Call::Money(MoneyCall::List { before: Some(11), .. })]
    ));
    let mut more = payments();
    more.total = 8;
    more.rows = vec![money_line(9, "Rey Santos", Some(payment(3, "cash")))];
    desk.reply(is_list, Ok(page(more)));
    desk.press("End");
    shows(&desk.screen(80, 24), &["8/8", "Rey Santos"]);
    // Newer rows come in above: the cursor stays on Rey.
    desk.fire(Timer::Poll);
    let mut newer = payments();
    newer.total = 9;
    newer
        .rows
        .insert(2, money_line(10, "Mika Cruz", Some(payment(16, "cash"))));
    newer
        .rows
        .push(money_line(9, "Rey Santos", Some(payment(3, "cash"))));
    desk.reply(is_list, Ok(page(newer)));
    shows(
        &desk.screen(80, 24),
        &["9/9", "receipt 3, Fri 27 Nov 18:30, staff at door 2"],
    );
}

#[test]
fn a_payment_is_taken_with_its_change_and_sent_once() {
    let mut desk = with_payments();
    open(&mut desk, "p", 0);
    shows(
        &desk.screen(80, 24),
        &[
            "Niño Bautista",
            "₱250 due",
            "Amount *",
            "250",
            "‹ cash ›",
            "Cash given",
        ],
    );
    desk.press("Enter");
    desk.write("500");
    shows(&desk.screen(80, 24), &["change ₱250"]);
    let effects = desk.press("Enter");
    let [
        Call::Money(MoneyCall::Record {
            registration: RegistrationId(1),
            amount,
            channel,
            ..
        }),
    ] = writes(&effects)[..]
    else {
        panic!("{effects:?}");
    };
    assert_eq!((amount.hundredths(), channel.as_str()), (25_000, "cash"));
    assert!(writes(&desk.press("Enter")).is_empty(), "one press, one payment");
    shows(&desk.screen(80, 24), &["It is being sent."]);
    let effects = desk.reply(
        is_write,
        Ok(done(money_line(1, "Niño Bautista", Some(payment(16, "cash"))))),
    );
    assert!(
        calls(&effects).iter().any(|call| is_list(call)),
        "the table asks again"
    );
    shows(
        &desk.screen(80, 24),
        &[
            "✓ Taken: ₱250 from Niño Bautista, cash. Receipt 16.",
            "Payments ·",
        ],
    );
    hides(&desk.screen(80, 24), &["Cash given"]);
}

#[test]
fn a_wrong_amount_is_said_at_its_field_and_stays() {
    let mut desk = with_payments();
    open(&mut desk, "p", 0);
    desk.press("Shift+Tab");
    for (typed, why) in [
        ("", "Type an amount, like 250 or 99.50."),
        ("abc", "Type an amount, like 250 or 99.50."),
        ("250.001", "At most two decimals: 99.50."),
        ("250,00", "No commas; the decimals follow a point: 1250.50."),
        ("-250", "An amount is 0 or more."),
        ("0", "An amount is more than 0."),
        ("100", "₱250 is due, and is paid as a whole."),
        ("99999999999", "That is more than fits; at most 9999999999.99."),
    ] {
        desk.press("Ctrl+U");
        desk.write(typed);
        assert!(writes(&desk.press("Ctrl+S")).is_empty(), "{typed}");
        let screen = desk.screen(80, 24);
        shows(&screen, &[&why[..why.len().min(34)], typed]);
    }
    // Too little cash.
    desk.press("Ctrl+U");
    desk.write("250");
    desk.press("Enter");
    desk.press("Enter");
    desk.write("200");
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(&desk.screen(80, 24), &["₱50 short."]);
    // Another way to pay has no change.
    desk.press("Up");
    desk.press("Right");
    shows(&desk.screen(80, 24), &["‹ GCash ›"]);
    hides(&desk.screen(80, 24), &["Cash given"]);
    assert_eq!(writes(&desk.press("Ctrl+S")).len(), 1);
}

#[test]
fn what_is_typed_outlives_a_lost_link_and_is_the_same_call_again() {
    let mut desk = with_payments();
    down(&mut desk, 2);
    open(&mut desk, "r", 2);
    shows(
        &desk.screen(80, 24),
        &["Refund", "₱250 paid, GCash, taken by staff", "Goes by"],
    );
    desk.press("Ctrl+U");
    desk.write("100");
    desk.press("Enter");
    desk.press("Enter");
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(&desk.screen(80, 24), &["Type why; it is kept."]);
    desk.write("no menu");
    let effects = desk.press("Enter");
    let [
        first @ Call::Money(MoneyCall::Refund {
            payment: PaymentId(15),
            ..
        }),
    ] = writes(&effects)[..]
    else {
        panic!("{effects:?}");
    };
    let first = first.clone();
    desk.reply(is_write, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["Nothing was done. The database does not answer", "100", "no menu"],
    );
    assert!(
        writes(&desk.press("Ctrl+S")).is_empty(),
        "not while nothing gets through"
    );
    shows(&desk.screen(80, 24), &["Money needs the database"]);
    desk.fire(Timer::Heartbeat);
    desk.reply(
        |call| matches!(call, Call::Community),
        Ok(Answer::Community(crate::fixtures::community())),
    );
    assert_eq!(
        writes(&desk.press("Ctrl+S")),
        [&first],
        "unchanged, it is the same key press"
    );
    // Changed, it is another.
    desk.reply(is_write, Err(Fault::Slow));
    desk.write("x");
    let effects = desk.press("Ctrl+S");
    let [Call::Money(again)] = writes(&effects)[..] else {
        panic!("{effects:?}")
    };
    let Call::Money(first) = first else { unreachable!() };
    assert_ne!(again.nonce(), first.nonce());
}

#[test]
fn refusals_of_the_database_stand_at_the_field_or_below() {
    let mut desk = with_payments();
    open(&mut desk, "p", 0);
    desk.press("Ctrl+S");
    desk.reply(
        is_write,
        Err(Fault::Invalid {
            field: "payment_channel".to_owned(),
            why: "That is none of the community's ways to pay.".into(),
        }),
    );
    shows(&desk.screen(80, 24), &["That is none of the community's ways"]);
    desk.press("Ctrl+S");
    desk.reply(
        is_write,
        Err(Fault::Conflict(
            "PHP 250.00 were paid already, taken by mira.".into(),
        )),
    );
    shows(
        &desk.screen(80, 24),
        &[
            "Nothing was done. PHP 250.00 were paid already, taken by mira.",
            "Payment",
        ],
    );
    // Closed while it was on its way: the message line tells.
    desk.press("Ctrl+S");
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["It is on its way"]);
    desk.press("y");
    desk.reply(is_write, Err(Fault::Conflict("Too late.".into())));
    shows(&desk.screen(80, 24), &["✕ Nothing was done. Too late."]);
}

#[test]
fn what_was_mistyped_is_corrected_or_voided() {
    let mut desk = with_payments();
    down(&mut desk, 2);
    desk.press("c");
    shows(&desk.screen(80, 24), &["Correct a payment", "‹ GCash ›"]);
    desk.press("Left");
    desk.press("Enter");
    desk.write("it was cash");
    let effects = desk.press("Enter");
    assert!(
        matches!(writes(&effects)[..], [Call::Money(MoneyCall::Correct { payment: PaymentId(15), channel, reason, .. })]
            if channel == "cash" && reason == "it was cash"),
        "{effects:?}"
    );
    desk.reply(
        is_write,
        Ok(done(money_line(3, "Ana Reyes", Some(payment(16, "cash"))))),
    );
    shows(
        &desk.screen(80, 24),
        &["✓ Corrected: Ana Reyes paid ₱250, cash. Receipt 16."],
    );
    desk.reply(is_list, Ok(page(payments())));

    desk.press("v");
    shows(&desk.screen(80, 24), &["Void a payment", "Reason *"]);
    desk.write("never paid");
    let effects = desk.press("Enter");
    assert!(matches!(
        writes(&effects)[..],
        [Call::Money(MoneyCall::Void {
            payment: PaymentId(15),
            ..
        })]
    ));
    desk.reply(
        is_write,
        Ok(done(money_line(3, "Ana Reyes", Some(payment(15, "gcash"))))),
    );
    desk.reply(is_list, Ok(page(payments())));
    // Of a payment with a refund, the refund.
    down(&mut desk, 1);
    desk.press("v");
    shows(
        &desk.screen(80, 24),
        &["Void a refund", "₱100 given back, cash: no vegetarian menu"],
    );
    desk.write("wrong person");
    let effects = desk.press("Enter");
    assert!(matches!(
        writes(&effects)[..],
        [Call::Money(MoneyCall::VoidRefund {
            refund: RefundId(140),
            ..
        })]
    ));
    desk.reply(
        is_write,
        Ok(done(money_line(4, "Katya Torres", Some(payment(14, "cash"))))),
    );
    shows(&desk.screen(80, 24), &["✓ Voided: the refund to Katya Torres."]);
}

#[test]
fn keys_that_do_nothing_here_say_why() {
    let mut desk = with_payments();
    for (row, key, why) in [
        (0, "r", "Nothing of Niño Bautista's is there to give back."),
        (0, "v", "Here is nothing to void."),
        (2, "p", "Nothing is due from Ana Reyes."),
        (3, "c", "Only a payment that stands whole can be corrected."),
        (5, "v", "Here is nothing to void."),
    ] {
        desk.press("Home");
        down(&mut desk, row);
        assert!(calls(&desk.press(key)).is_empty(), "{key}");
        shows(&desk.screen(80, 24), &[why]);
    }
    desk.press("F5");
    desk.reply(is_list, Ok(page(PaymentPage::default())));
    desk.press("r");
    shows(&desk.screen(80, 24), &["There is no payment under the cursor."]);
    let mut desk = with_payments();
    desk.fire(Timer::Poll);
    desk.reply(is_list, Err(offline()));
    shows(&desk.screen(80, 24), &["as of 18:52"]);
    desk.press("p");
    shows(
        &desk.screen(80, 24),
        &["Money needs the database, which has not answered"],
    );
}

#[test]
fn a_form_asks_before_it_drops_what_was_typed() {
    let mut desk = with_payments();
    open(&mut desk, "p", 0);
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Payments ·"]);
    hides(&desk.screen(80, 24), &["Cash given"]);
    open(&mut desk, "p", 0);
    desk.press("Tab");
    desk.write("5");
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Close the form?"]);
    desk.press("n");
    shows(&desk.screen(80, 24), &["Cash given"]);
    desk.press("Esc");
    desk.press("y");
    hides(&desk.screen(80, 24), &["Cash given"]);
}

#[test]
fn a_receipt_is_shown_and_written() {
    let mut desk = with_payments();
    down(&mut desk, 3);
    let effects = desk.press("Enter");
    assert!(matches!(
        calls(&effects)[..],
        [Call::Money(MoneyCall::Receipt(PaymentId(14)))]
    ));
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["The receipt is not here yet."]);
    desk.reply(
        |call| matches!(call, Call::Money(MoneyCall::Receipt(_))),
        Ok(Answer::Money(MoneyAnswer::Receipt(Box::new(receipt())))),
    );
    shows(
        &desk.screen(80, 24),
        &["Receipt 14", "Katya Torres (katya.torres)", "−₱100", "Stands"],
    );
    let effects = desk.press("Ctrl+S");
    let [Effect::Export { name, text }] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(name, "pine-time-receipt-14.txt");
    assert!(text.starts_with("Highland Games Community\n"), "{text}");
    desk.send(Msg::Exported(Ok("/home/mira/pine-time-receipt-14.txt".into())));
    shows(
        &desk.screen(80, 24),
        &["Written: /home/mira/pine-time-receipt-14.txt"],
    );
}

#[test]
fn the_rows_go_into_a_file_without_formulas() {
    let mut desk = with_payments();
    let effects = desk.press("Ctrl+S");
    assert!(matches!(calls(&effects)[..], [Call::Money(MoneyCall::List { most, .. })] if *most > 100_000));
    let effects = desk.reply(is_list, Ok(page(payments())));
    let Some(Effect::Export { name, text }) = effects.first() else {
        panic!("{effects:?}")
    };
    assert_eq!(name, "pine-time-payments-7.csv");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1 + 7 + 2, "a line a row and one a refund:\n{text}");
    assert!(
        lines[1].starts_with("due,,,1,7,The Manor Murder,1,"),
        "{}",
        lines[1]
    );
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("refund,14,140,") && line.contains(",100.00,cash,")),
        "{text}"
    );
    assert!(text.contains("\"'=was by phone\""), "{text}");
    desk.press("Ctrl+S");
    desk.reply(is_list, Err(offline()));
    shows(&desk.screen(80, 24), &["✕ Nothing is written."]);
}

fn is_takings(call: &Call) -> bool {
    matches!(call, Call::Money(MoneyCall::Takings(_)))
}

fn with_takings(user_type: UserType) -> Desk {
    let mut desk = Desk::signed_in(user_type, 80, 24);
    desk.with_events(events());
    let effects = desk.press("Ctrl+T");
    assert!(
        matches!(calls(&effects)[..], [Call::Money(MoneyCall::Takings(day))] if day.to_string() == "2026-11-27"),
        "{effects:?}"
    );
    desk.reply(is_takings, Ok(Answer::Money(MoneyAnswer::Takings(takings()))));
    desk
}

#[test]
fn takings_are_told_by_channel_and_person_and_lead_to_their_payments() {
    let mut desk = with_takings(UserType::Staff);
    let screen = desk.screen(80, 24);
    shows(
        &screen,
        &[
            "Friday 27 Nov",
            "By channel",
            "By person",
            "mira, cash",
            "not known, bank transfer",
            "−₱250",
        ],
    );
    let line = |text: &str| {
        screen
            .lines()
            .find(|line| line.contains(text))
            .unwrap()
            .to_owned()
    };
    shows(&line("│  All"), &["19", "₱4,750", "₱600", "₱4,150"]);
    // The first row is cash by anybody; below the second heading it is somebody's.
    let effects = {
        desk.press("Down");
        desk.press("Enter")
    };
    assert!(
        matches!(calls(&effects)[..], [Call::Money(MoneyCall::List { filter, .. })]
            if filter.channel.as_deref() == Some("cash") && filter.operator.is_none()
                && filter.from == Some(takings().from) && filter.to == Some(takings().to)),
        "{effects:?}"
    );
    desk.reply(is_list, Ok(page(payments())));
    shows(&desk.screen(80, 24), &["Payments · Fri 27 Nov, cash"]);
    desk.press("Esc");
    desk.press("End");
    let effects = desk.press("Enter");
    assert!(
        matches!(calls(&effects)[..], [Call::Money(MoneyCall::List { filter, .. })]
            if filter.operator.as_deref() == Some("") && filter.channel.as_deref() == Some("bank_transfer")),
        "{effects:?}"
    );
    let effects = {
        desk.press("Esc");
        desk.press("Ctrl+S")
    };
    let [Effect::Export { name, text }] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(name, "pine-time-takings-2026-11-27.csv");
    assert!(text.contains("2026-11-27,staff,cash,1,250.00,1,500.00"), "{text}");
}

#[test]
fn days_go_by_and_answers_of_others_are_dropped() {
    let mut desk = with_takings(UserType::Staff);
    let effects = desk.press("Left");
    assert!(
        matches!(calls(&effects)[..], [Call::Money(MoneyCall::Takings(day))] if day.to_string() == "2026-11-26")
    );
    let (older, _) = desk.newest(is_takings).unwrap();
    desk.press("[");
    desk.reply_to(older, Ok(Answer::Money(MoneyAnswer::Takings(takings()))));
    hides(&desk.screen(80, 24), &["By channel"]);
    let mut empty = takings();
    empty.rows.clear();
    desk.reply(is_takings, Ok(Answer::Money(MoneyAnswer::Takings(empty))));
    shows(
        &desk.screen(80, 24),
        &["Wednesday 25 Nov", "No money came in or went out on this day."],
    );
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["No money came in"]);
    let effects = desk.press("t");
    assert!(
        matches!(calls(&effects)[..], [Call::Money(MoneyCall::Takings(day))] if day.to_string() == "2026-11-27")
    );
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["Takings"]);
}

#[test]
fn administrators_change_the_ways_to_pay() {
    let mut desk = with_takings(UserType::Staff);
    desk.press("w");
    shows(
        &desk.screen(80, 24),
        &["The ways to pay are the administrators' to change."],
    );
    let mut desk = with_takings(UserType::Admin);
    desk.press("w");
    shows(
        &desk.screen(80, 24),
        &["Ways to pay", "1  cash", "2  GCash   gcash", "3  bank transfer"],
    );
    for key in ["Enter", "Ctrl+S"] {
        desk.press("a");
        desk.press(key);
        shows(&desk.screen(80, 24), &["Type a name."]);
        desk.press("Esc");
    }
    desk.press("a");
    desk.write("CASH");
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["There is one of that name already."]);
    desk.press("Ctrl+U");
    desk.write("voucher");
    desk.press("Enter");
    desk.press("[");
    desk.press("Home");
    desk.press("d");
    desk.press("Enter");
    desk.press("Ctrl+U");
    shows(&desk.screen(80, 24), &["2  voucher", "Not saved yet"]);
    // With the name that is still being typed.
    desk.write("GCash 2");
    let effects = desk.press("Ctrl+S");
    let [Call::Money(MoneyCall::SetChannels { was, channels, .. })] = writes(&effects)[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(was, &["cash", "gcash", "bank_transfer"]);
    assert_eq!(channels, &["GCash 2", "voucher", "bank_transfer"]);
    desk.reply(
        is_write,
        Err(Fault::Conflict(
            "Somebody has changed the ways to pay meanwhile.".into(),
        )),
    );
    shows(&desk.screen(80, 24), &["Not saved. Somebody has changed"]);
    desk.press("Ctrl+S");
    desk.reply(
        is_write,
        Ok(Answer::Money(MoneyAnswer::Channels(vec![
            "GCash 2".into(),
            "voucher".into(),
        ]))),
    );
    shows(&desk.screen(80, 24), &["✓ The ways to pay are saved.", "Takings"]);
    desk.press("w");
    shows(&desk.screen(80, 24), &["1  GCash 2", "2  voucher"]);
    desk.press("d");
    desk.press("d");
    shows(&desk.screen(80, 24), &["There must be one way to pay at least."]);
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Close the form?"]);
}

#[test]
fn a_form_reads_the_registration_anew_and_says_when_it_cannot() {
    let is_line = |call: &Call| matches!(call, Call::Money(MoneyCall::Registration(RegistrationId(1))));
    let mut desk = with_payments();
    desk.press("p");
    desk.write("5");
    assert!(writes(&desk.press("Ctrl+S")).is_empty(), "nothing is there yet");
    desk.reply(
        is_line,
        Err(Fault::NotFound("There is no registration 1.".into())),
    );
    shows(&desk.screen(80, 24), &["There is no registration 1."]);
    desk.press("Esc");
    desk.press("p");
    let mut paid = payments().rows[2].clone();
    paid.registration_id = RegistrationId(1);
    desk.reply(is_line, Ok(done(paid)));
    shows(&desk.screen(80, 24), &["Nothing is due."]);
    assert!(writes(&desk.press("Ctrl+S")).is_empty());
    desk.press("Esc");
    // An answer that comes when the form is gone is dropped.
    desk.press("p");
    let (older, _) = desk.newest(is_line).unwrap();
    desk.press("Esc");
    desk.reply_to(older, Ok(done(payments().rows[0].clone())));
    hides(&desk.screen(80, 24), &["Cash given"]);
}

#[test]
fn a_rehearsal_takes_no_money() {
    let mut desk = Desk::with(|setup| setup.rehearse = true);
    desk.open();
    desk.sign_in(UserType::Staff);
    desk.press("Ctrl+T");
    desk.reply(is_takings, Ok(Answer::Money(MoneyAnswer::Takings(takings()))));
    desk.press("Down");
    desk.press("Enter");
    desk.reply(is_list, Ok(page(payments())));
    assert!(calls(&desk.press("p")).is_empty());
    shows(&desk.screen(80, 24), &["nothing is sent"]);
}

#[test]
fn a_part_that_stands_is_said_before_anybody_types() {
    let mut desk = with_payments();
    down(&mut desk, 3);
    open(&mut desk, "p", 3);
    shows(&desk.screen(80, 24), &["₱150 stand from before.", "₱100 due"]);
    let line = money_line(4, "Katya Torres", Some(given_back(payment(14, "cash"), 100, "x")));
    assert_eq!(line.due, units(100));
}
