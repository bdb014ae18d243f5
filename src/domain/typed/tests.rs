//! What a column takes, by its type.

use super::*;

fn read(sql: &str, text: &str) -> Result<String, String> {
    Kind::of(sql).unwrap().read(text, None).map(Cow::into_owned)
}

#[test]
fn whole_numbers_fit() {
    for (sql, text, fits) in [
        ("integer", "2147483647", true),
        ("integer", "-2147483648", true),
        ("integer", "2147483648", false),
        ("smallint", "32768", false),
        ("bigint", "9223372036854775807", true),
        ("bigint", "9223372036854775808", false),
        ("integer", "", false),
        ("integer", "-", false),
        ("integer", "+1", false),
        ("integer", "1.0", false),
        ("integer", " 1", false),
        ("integer", "٣", false),
    ] {
        assert_eq!(read(sql, text).is_ok(), fits, "{sql} {text}");
    }
}

#[test]
fn yes_and_no_are_written_in_few_ways() {
    for text in ["1", "t", "true", "True", "TRUE"] {
        assert_eq!(read("boolean", text).unwrap(), "t");
    }
    for text in ["0", "f", "false", "False", "FALSE"] {
        assert_eq!(read("boolean", text).unwrap(), "f");
    }
    for text in ["", "yes", "2", "null", " true"] {
        assert!(read("boolean", text).is_err(), "{text}");
    }
}

#[test]
fn decimals_stay_exact() {
    for (sql, text, fits) in [
        ("numeric", "0.1000000000000000055511151231257827", true),
        ("numeric(12,2)", "9999999999.99", true),
        ("numeric(12,2)", "10000000000", false),
        ("numeric(12,2)", "1.50", true),
        ("numeric(12,2)", "1.500", true),
        ("numeric(12,2)", "1.505", false),
        ("numeric(12,2)", "-0.5", true),
        ("numeric", "1e3", false),
        ("numeric", "1,5", false),
        ("numeric", ".5", false),
        ("numeric", "5.", false),
        ("numeric", "NaN", false),
        ("numeric", "", false),
    ] {
        assert_eq!(read(sql, text).is_ok(), fits, "{sql} {text}");
    }
    let exact = "0.1000000000000000055511151231257827";
    assert_eq!(
        Kind::Decimal(None).read_json(exact, None).unwrap().unwrap(),
        exact
    );
}

#[test]
fn texts_are_counted_in_characters() {
    assert!(read("character varying(3)", "ñañ").is_ok());
    assert!(read("character varying(3)", "ñaña").is_err());
    assert!(read("text", "a\0b").is_err());
}

#[test]
fn moments_need_a_zone() {
    for text in [
        "2026-11-23 18:30:00+00",
        "2026-11-23T18:30:00.123456Z",
        "2026-11-23 18:30+08:00",
        "2026-11-23 18:30:00.5-03:30",
    ] {
        assert_eq!(read("timestamp with time zone", text).unwrap(), text);
    }
    for text in [
        "2026-11-23 18:30:00",
        "2026-11-23",
        "2026-02-30 18:30:00Z",
        "2026-11-23 24:00:00Z",
        "2026-11-23 18:30:00.1234567Z",
        "2026-11-23 18:30:00+16",
        "26-11-23 18:30:00Z",
        "infinity",
        "0000-11-23 18:30:00Z",
        "2026-11-23 18:30:00 +00",
        "2026-11-2ñ 18:30:00Z",
        "",
    ] {
        assert!(read("timestamp with time zone", text).is_err(), "{text}");
    }
    let berlin = Some(Tz::Europe__Berlin);
    let at = |text| Kind::Moment.read(text, berlin).map(Cow::into_owned);
    assert_eq!(
        at("2026-07-01 12:00:00").unwrap(),
        "2026-07-01 10:00:00.000000+00"
    );
    assert_eq!(
        at("2026-12-01T12:00:00.25").unwrap(),
        "2026-12-01 11:00:00.250000+00"
    );
    assert!(at("2026-03-29 02:30:00").unwrap_err().contains("skipped"));
    assert!(at("2026-10-25 02:30:00").unwrap_err().contains("twice"));
    // With an offset of its own it needs no zone.
    assert_eq!(at("2026-10-25 02:30:00+01").unwrap(), "2026-10-25 02:30:00+01");
}

#[test]
fn moments_without_a_zone_are_utc() {
    let at = |text, zone| Kind::Naive.read(text, zone).map(Cow::into_owned).unwrap();
    assert_eq!(at("2026-07-01 12:00:00", None), "2026-07-01 12:00:00");
    assert_eq!(
        at("2026-07-01 12:00:00", Some(Tz::Asia__Manila)),
        "2026-07-01 04:00:00.000000"
    );
    assert_eq!(at("2026-07-01 12:00:00+08", None), "2026-07-01 04:00:00.000000");
}

#[test]
fn lists_and_json_are_looked_at() {
    for (sql, text, fits) in [
        ("text[]", "{cash,\"bank, transfer\"}", true),
        ("text[]", "{}", true),
        ("text[]", "cash", false),
        ("text[]", "{\"cash}", false),
        ("text[]", "{{a}}", false),
        ("jsonb", "{\"a\": [1, 2]}", true),
        ("jsonb", "{a: 1}", false),
        ("jsonb", "\"\\u0000\"", false),
        ("uuid", "7f3d6c52-0d4c-4a53-9e6b-0f2f6d9a3f11", true),
        ("uuid", "7f3d6c52", false),
        ("date", "2026-02-28", true),
        ("date", "2026-02-29", false),
    ] {
        assert_eq!(read(sql, text).is_ok(), fits, "{sql} {text}");
    }
    let json = |kind: Kind, raw| kind.read_json(raw, None);
    assert_eq!(
        json(Kind::Texts, r#"["cash","a \"b\" \\"]"#).unwrap().unwrap(),
        r#"{"cash","a \"b\" \\"}"#
    );
    assert_eq!(json(Kind::Json, r#"{"a":1}"#).unwrap().unwrap(), r#"{"a":1}"#);
    assert_eq!(json(Kind::Integer(32), "12").unwrap().unwrap(), "12");
    assert_eq!(json(Kind::Boolean, "true").unwrap().unwrap(), "t");
    assert_eq!(json(Kind::Text(None), "null").unwrap(), None);
    assert_eq!(json(Kind::Text(None), r#""ñ\n""#).unwrap().unwrap(), "ñ\n");
    assert!(json(Kind::Text(None), "12").is_err());
    assert!(json(Kind::Integer(32), "[1]").is_err());
    assert!(json(Kind::Moment, "12").is_err());
}
