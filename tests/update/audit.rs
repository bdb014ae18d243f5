//! The audit log: its pages, one row in full, the filter, files, stale replies and a lost link.

use pine_time::app::effect::{Effect, Timer};
use pine_time::domain::audit::{AuditCall, AuditFilter};
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, manila, offline};
use crate::insight_fixtures::audit;
use crate::{calls, hides, shows};

fn is_audit(call: &Call) -> bool {
    matches!(call, Call::Audit(_))
}

#[track_caller]
fn asked(desk: &Desk) -> AuditCall {
    match desk.newest(is_audit) {
        Some((_, Call::Audit(call))) => call,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn deal(desk: &mut Desk, total: i64) -> Vec<Effect> {
    let call = asked(desk);
    let page = audit(total, call.behind, call.most);
    desk.reply(is_audit, Ok(Answer::Audit(page)))
}

fn log(total: i64) -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("7");
    desk.press("Tab");
    deal(&mut desk, total);
    desk
}

#[test]
fn the_second_page_is_the_log_and_tab_goes_round() {
    let mut desk = log(900);
    shows(
        &desk.screen(80, 24),
        &[
            "Audit log",
            "1/200+",
            "member set role",
            "Niño Bautista",
            "18:50:00",
            "owner:root",
        ],
    );
    desk.press("Tab");
    shows(&desk.screen(80, 24), &["12 weeks"]);
    desk.press("Shift+Tab");
    assert_eq!(asked(&desk).behind, None);
    shows(&desk.screen(80, 24), &["member set role"]);
}

#[test]
fn more_rows_come_as_they_are_read_and_new_ones_do_not_move_the_cursor() {
    let mut desk = log(450);
    desk.press("End");
    assert_eq!(asked(&desk).behind, Some(251));
    deal(&mut desk, 450);
    desk.press("End");
    deal(&mut desk, 450);
    desk.press("End");
    shows(&desk.screen(80, 24), &["450/450"]);
    desk.press("Home");
    desk.fire(Timer::Poll);
    deal(&mut desk, 452);
    shows(&desk.screen(80, 24), &["1/200+"]);
    desk.press("Down");
    assert!(
        calls(&desk.fire(Timer::Poll)).is_empty(),
        "whoever reads is left alone"
    );
    desk.press("F5");
    deal(&mut desk, 455);
    shows(&desk.screen(80, 24), &["5/200+"]);
}

#[test]
fn a_row_in_full_shows_before_and_after() {
    let mut desk = log(4);
    desk.press("Enter");
    shows(
        &desk.screen(80, 24),
        &[
            "member set role",
            "desk1:pts/3, from 203.0.113.7 by its own word",
            "before",
            "after",
            "user type",
            "regular",
            "staff",
        ],
    );
    desk.press("Esc");
    for _ in 0..2 {
        desk.press("Down");
    }
    desk.press("Enter");
    let screen = desk.screen(80, 24);
    shows(&screen, &["event change", "Trivia Night: Science", "250"]);
    let line = |word: &str| {
        screen
            .lines()
            .position(|line| line.trim_start().starts_with(word))
            .unwrap()
    };
    assert!(
        line("title ") < line("location "),
        "what was changed comes first:\n{screen}"
    );
    desk.press("Esc");
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["These are all rows."]);
}

#[test]
fn the_filter_is_typed_field_by_field() {
    let mut desk = log(9);
    desk.press("f");
    desk.write("mira");
    desk.press("Tab");
    desk.write("nino_b");
    desk.press("Tab");
    desk.write("set role");
    desk.press("Tab");
    desk.write("1 Nov");
    desk.press("Tab");
    desk.write("2026-11-20");
    desk.press("Enter");
    assert_eq!(
        asked(&desk).filter,
        AuditFilter {
            who: "mira".to_owned(),
            whom: "nino_b".to_owned(),
            action: "set role".to_owned(),
            since: Some(manila("2026-11-01 00:00")),
            until: Some(manila("2026-11-21 00:00")),
        }
    );
    deal(&mut desk, 0);
    shows(
        &desk.screen(80, 24),
        &["No row is like that.", "2026-11-01", "2026-11-20"],
    );
    // What is typed and left is as it was, and nothing is said of rows that nobody has looked for.
    desk.press("/");
    desk.write("x");
    hides(&desk.screen(80, 24), &["No row is like that."]);
    desk.press("Esc");
    assert!(desk.newest(is_audit).is_none());
    desk.press("Esc");
    assert!(asked(&desk).filter.is_empty());
    deal(&mut desk, 9);
    hides(&desk.screen(80, 24), &["mira  nino", "2026-11-01"]);
}

#[test]
fn a_day_that_is_none_is_said_and_stays() {
    let mut desk = log(9);
    desk.press("f");
    desk.press("Shift+Tab");
    desk.press("Shift+Tab");
    desk.write("soon");
    assert!(calls(&desk.press("Enter")).is_empty());
    let screen = desk.screen(80, 24);
    shows(&screen, &["“soon” is no date", "from   soon"]);
    let line = |words: &str| screen.lines().position(|line| line.contains(words)).unwrap();
    assert_eq!(
        line("is no date"),
        line("from   soon") + 1,
        "told at its field:\n{screen}"
    );
    // What is typed next takes it back, and a last day before the first is told at the last.
    desk.press("Ctrl+U");
    desk.write("20 Nov");
    hides(&desk.screen(80, 24), &["is no date"]);
    desk.press("Tab");
    desk.write("19 Nov");
    assert!(calls(&desk.press("Enter")).is_empty());
    shows(
        &desk.screen(80, 24),
        &["The last day is before the first.", "20 Nov", "19 Nov"],
    );
    desk.press("Ctrl+R");
    hides(&desk.screen(80, 24), &["The last day"]);
    desk.press("Enter");
    assert!(asked(&desk).filter.is_empty());
    // Nobody of that name: told where the rows would be.
    let why = Fault::Invalid {
        field: "whom".into(),
        why: "There is no member called “x”.".into(),
    };
    desk.reply(is_audit, Err(why));
    shows(&desk.screen(80, 24), &["There is no member called “x”."]);
}

#[test]
fn days_of_the_filter_are_days_that_have_been() {
    let mut desk = log(9);
    desk.press("f");
    desk.press("Shift+Tab");
    desk.press("Shift+Tab");
    for (typed, since) in [
        ("28 Nov", "2025-11-28 00:00"),
        ("29 Feb", "2024-02-29 00:00"),
        ("today", "2026-11-27 00:00"),
    ] {
        desk.press("Ctrl+U");
        desk.write(typed);
        desk.press("Enter");
        assert_eq!(asked(&desk).filter.since, Some(manila(since)), "{typed}");
        deal(&mut desk, 9);
        desk.press("f");
        desk.press("Shift+Tab");
        desk.press("Shift+Tab");
    }
    for typed in ["tomorrow", "28 Nov 2026"] {
        desk.press("Ctrl+U");
        desk.write(typed);
        assert!(calls(&desk.press("Enter")).is_empty(), "{typed}");
        shows(
            &desk.screen(80, 24),
            &["That day is still to come.", &format!("from   {typed}")],
        );
    }
}

#[test]
fn answers_to_another_filter_are_dropped_and_a_lost_link_keeps_the_rows() {
    let mut desk = log(9);
    desk.press("F5");
    let (old, _) = desk.newest(is_audit).unwrap();
    desk.press("f");
    desk.write("mira");
    desk.press("Enter");
    desk.reply_to(old, Ok(Answer::Audit(audit(9, None, 200))));
    hides(&desk.screen(80, 24), &["member set role"]);
    deal(&mut desk, 3);
    desk.press("F5");
    desk.reply(is_audit, Err(offline()));
    shows(&desk.screen(80, 24), &["check in", "as of"]);
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["A file needs the database"]);
}

fn file(effects: &[Effect]) -> (String, String) {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::Export { name, text } => Some((name.clone(), text.clone())),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no file in {effects:?}"))
}

#[test]
fn the_log_becomes_a_file_of_either_kind() {
    let mut desk = log(700);
    desk.press("Ctrl+S");
    assert_eq!(asked(&desk).most, 500);
    assert_eq!(calls(&deal(&mut desk, 700)).len(), 1, "the second page");
    let (name, text) = file(&deal(&mut desk, 700));
    assert_eq!(name, "pine-time-audit-2026-11-27.csv");
    assert_eq!(text.lines().count(), 701);
    assert!(text.starts_with("id,at,actor,action,subject,"));
    desk.press("J");
    deal(&mut desk, 700);
    let (name, text) = file(&deal(&mut desk, 700));
    assert_eq!(name, "pine-time-audit-2026-11-27.json");
    let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(rows.len(), 700);
    assert_eq!(rows[0]["after"]["user_type"], "staff");
    // One that breaks off writes nothing.
    desk.press("J");
    let effects = desk.reply(is_audit, Err(offline()));
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Export { .. }))
    );
    shows(&desk.screen(80, 24), &["Nothing is written."]);
}
