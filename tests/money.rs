//! Money: exact, read as people type it, refused in words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pine_time::domain::admission::username_of;
use pine_time::domain::money::{Currency, Money, channel_name};
use pine_time::domain::safe_text::is_safe;
use proptest::prelude::*;

fn money(hundredths: i64) -> Money {
    Money::from_hundredths(hundredths).unwrap()
}

#[test]
fn amounts_are_read_as_people_type_them() {
    let php = Currency::PHP;
    for (typed, hundredths) in [
        ("250", 25_000),
        (" 250 ", 25_000),
        ("250.5", 25_050),
        ("250.50", 25_050),
        ("0.05", 5),
        (".5", 50),
        ("7.", 700),
        ("₱250", 25_000),
        ("PHP 99.99", 9_999),
        ("0", 0),
        ("000012", 1_200),
        ("9999999999.99", 999_999_999_999),
    ] {
        assert_eq!(php.read(typed), Ok(money(hundredths)), "{typed}");
    }
    for (typed, why) in [
        ("1.234", "At most two decimals: 99.50."),
        ("1.230", "At most two decimals: 99.50."),
        ("1,50", "No commas; the decimals follow a point: 1250.50."),
        ("1,250", "No commas; the decimals follow a point: 1250.50."),
        ("-5", "An amount is 0 or more."),
        ("−5", "An amount is 0 or more."),
        ("₱-5", "An amount is 0 or more."),
        ("10000000000", "That is more than fits; at most 9999999999.99."),
        (
            "99999999999999999999999999",
            "That is more than fits; at most 9999999999.99.",
        ),
        ("", "Type an amount, like 250 or 99.50."),
        (".", "Type an amount, like 250 or 99.50."),
        ("free", "Type an amount, like 250 or 99.50."),
        ("1.5.0", "Type an amount, like 250 or 99.50."),
        ("1e3", "Type an amount, like 250 or 99.50."),
        ("NaN", "Type an amount, like 250 or 99.50."),
        ("٣", "Type an amount, like 250 or 99.50."),
        ("$5", "Type an amount, like 250 or 99.50."),
        ("+5", "Type an amount, like 250 or 99.50."),
    ] {
        assert_eq!(php.read(typed), Err(why.to_owned()), "{typed}");
    }
    let jpy = Currency::of_code("JPY").unwrap();
    assert_eq!(jpy.read("¥500"), Ok(money(50_000)));
    assert_eq!(jpy.read("500.00"), Ok(money(50_000)));
    assert_eq!(jpy.read("0.5"), Err("JPY has no decimals.".to_owned()));
}

#[test]
fn amounts_are_shown_in_the_communitys_currency() {
    assert_eq!(Currency::PHP.show(money(25_000)), "₱250");
    assert_eq!(Currency::PHP.show(money(123_456_705)), "₱1,234,567.05");
    assert_eq!(Currency::of_code("CHF").unwrap().show(money(2_050)), "CHF 20.50");
    assert_eq!(Currency::PHP.form_text(money(125_000)), "1250");
    assert_eq!(Currency::PHP.form_text(money(125_050)), "1250.50");
    for bad in ["", "php", "PHPP", "PH", "P₱"] {
        assert_eq!(Currency::of_code(bad), None, "{bad}");
    }
    assert_eq!(channel_name("bank_transfer"), "bank transfer");
    assert_eq!(channel_name("gcash"), "GCash");
}

#[test]
fn a_subtraction_never_goes_below_nothing() {
    assert_eq!(money(50_000).less(money(25_000)), Some(money(25_000)));
    assert_eq!(money(25_000).less(money(25_000)), Some(Money::ZERO));
    assert_eq!(money(24_999).less(money(25_000)), None);
    assert_eq!(Money::from_hundredths(-1), None);
    assert_eq!(Money::from_hundredths(Money::MAX.hundredths() + 1), None);
}

#[test]
fn user_names_are_made_of_names() {
    for (name, expected) in [
        ("Niño Bautista", "nino.bautista"),
        ("  José  María-Pascual ", "jose.maria.pascual"),
        ("O'Neil", "o.neil"),
        ("Karl Weiß", "karl.weiss"),
        ("山田太郎", ""),
    ] {
        assert_eq!(username_of(name), expected, "{name}");
    }
    assert_eq!(username_of(&"ab ".repeat(100)).len(), 56);
}

proptest! {
    #[test]
    fn what_is_shown_in_a_field_or_the_database_is_read_again(hundredths in 0_i64..=999_999_999_999) {
        let amount = money(hundredths);
        let php = Currency::PHP;
        prop_assert_eq!(php.read(&php.form_text(amount)), Ok(amount));
        prop_assert_eq!(php.read(&amount.to_string()), Ok(amount));
        prop_assert_eq!(php.read(&php.show(amount).replace(',', "")), Ok(amount));
        let json = serde_json::to_string(&amount).unwrap();
        prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), amount);
    }

    #[test]
    fn any_text_is_an_amount_or_refused_in_words(text in ".{0,30}") {
        match Currency::PHP.read(&text) {
            Ok(amount) => prop_assert!(amount <= Money::MAX),
            Err(why) => prop_assert!(why.ends_with('.') && why.chars().all(is_safe), "{}", why),
        }
    }

    #[test]
    fn digits_are_read_exactly(units in 0_i64..=9_999_999_999, cents in 0_i64..100) {
        prop_assert_eq!(
            Currency::PHP.read(&format!("{units}.{cents:02}")),
            Ok(money(units * 100 + cents))
        );
    }

    #[test]
    fn change_and_due_make_what_was_given(given in 0_i64..1_000_000, due in 0_i64..1_000_000) {
        match money(given).less(money(due)) {
            Some(change) => prop_assert_eq!(change.hundredths() + due, given),
            None => prop_assert!(given < due),
        }
    }

    #[test]
    fn every_user_name_is_one_or_nothing(name in "\\PC{0,80}") {
        let made = username_of(&name);
        prop_assert!(made.len() <= 56);
        prop_assert!(made.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.'));
        prop_assert!(!made.starts_with('.') && !made.ends_with('.') && !made.contains(".."));
    }
}
