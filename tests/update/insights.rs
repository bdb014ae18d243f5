//! Insights: which weeks are asked for, the figures, the table of one, the rows behind a number, files, stale replies and
//! a lost link.

use chrono::NaiveDate;
use pine_time::app::effect::{Effect, Timer};
use pine_time::domain::insights::{Behind, InsightAnswer, InsightCall, Subject};
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, offline};
use crate::insight_fixtures::{any_answer, backup, nothing, numbers, real_staff, rows, streaks};
use crate::{calls, hides, shows};

fn is_numbers(call: &Call) -> bool {
    matches!(call, Call::Insight(InsightCall::Numbers { .. }))
}

fn is_streaks(call: &Call) -> bool {
    matches!(call, Call::Insight(InsightCall::Streaks { .. }))
}

fn is_rows(call: &Call) -> bool {
    matches!(call, Call::Insight(InsightCall::Rows { .. }))
}

fn is_backup(call: &Call) -> bool {
    matches!(call, Call::Insight(InsightCall::Backup))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Which weeks the newest call for numbers is about.
#[track_caller]
fn asked(desk: &Desk) -> (NaiveDate, i32) {
    match desk.newest(is_numbers) {
        Some((_, Call::Insight(InsightCall::Numbers { first, weeks }))) => (first, weeks),
        other => panic!("{other:?}"),
    }
}

/// Answers both calls for the weeks that are asked for.
#[track_caller]
fn deal(desk: &mut Desk) {
    let (first, weeks) = asked(desk);
    let answer = Answer::Insight(InsightAnswer::Numbers(numbers(first, weeks)));
    desk.reply(is_numbers, Ok(answer));
    let answer = Answer::Insight(InsightAnswer::Streaks(streaks(first, weeks)));
    desk.reply(is_streaks, Ok(answer));
}

/// Answers the call for rows as if there were so many.
#[track_caller]
fn deal_rows(desk: &mut Desk, total: i64) -> Vec<Effect> {
    let Some((request, Call::Insight(InsightCall::Rows { behind, after, most }))) = desk.newest(is_rows)
    else {
        panic!("no rows are asked for")
    };
    let page = rows(behind.subject, total, after.as_ref(), most);
    desk.reply_to(request, Ok(Answer::Insight(InsightAnswer::Rows(page))))
}

/// What the newest call for rows is about.
#[track_caller]
fn behind(desk: &Desk) -> Behind {
    match desk.newest(is_rows) {
        Some((_, Call::Insight(InsightCall::Rows { behind, .. }))) => behind,
        other => panic!("{other:?}"),
    }
}

fn insights() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("7");
    deal(&mut desk);
    desk
}

#[test]
fn staff_come_to_figures_of_twelve_weeks_and_members_do_not() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    let effects = desk.press("7");
    let (first, weeks) = (day("2026-09-07"), 12);
    assert_eq!(
        calls(&effects),
        [
            &Call::Insight(InsightCall::Numbers { first, weeks }),
            &Call::Insight(InsightCall::Streaks { first, weeks }),
            &Call::Insight(InsightCall::Backup),
        ]
    );
    deal(&mut desk);
    shows(
        &desk.screen(80, 24),
        &[
            "7 Sep – 29 Nov",
            "Attendance              438  most: trivia, 306",
            "₱250 given back",
            "4 kept, 5 still open",
            "of 8 weeks or more",
            "this week",
            "counted at",
        ],
    );
    let mut member = Desk::signed_in(UserType::Regular, 80, 24);
    assert_eq!(calls(&member.press("7")), Vec::<&Call>::new());
    hides(&member.screen(80, 24), &["Insights"]);
}

#[test]
fn ranges_and_the_weeks_before_and_after() {
    let mut desk = insights();
    for (key, first, weeks) in [
        ("v", "2025-12-01", 52),
        ("v", "2026-11-02", 4),
        ("[", "2026-10-05", 4),
        ("[", "2026-09-07", 4),
        ("]", "2026-10-05", 4),
        ("t", "2026-11-02", 4),
        ("[", "2026-10-05", 4),
        ("]", "2026-11-02", 4),
    ] {
        desk.press(key);
        assert_eq!(asked(&desk), (day(first), weeks), "{key}");
        deal(&mut desk);
    }
    for key in ["]", "t"] {
        assert!(calls(&desk.press(key)).is_empty());
        shows(&desk.screen(80, 24), &["These are the newest weeks."]);
    }
}

#[test]
fn a_number_opens_its_rows_and_escape_goes_back() {
    let mut desk = insights();
    desk.press("Enter");
    desk.press("Down");
    desk.press("Right");
    desk.press("Enter");
    let this_week = |subject, part: Option<&str>| Behind {
        first: day("2026-11-23"),
        weeks: 1,
        subject,
        part: part.map(str::to_owned),
    };
    assert_eq!(behind(&desk), this_week(Subject::Attended, Some("trivia")));
    deal_rows(&mut desk, 31);
    shows(
        &desk.screen(80, 24),
        &["Attendance · trivia · this week", "1/31", "Trivia Night: Science"],
    );
    // The rows are all there is.
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["These are the rows."]);
    desk.press("Esc");
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["Attendance · trivia"]);
    for (figure, subject) in [
        (1, Subject::Money),
        (1, Subject::Limited),
        (1, Subject::NoShows),
        (1, Subject::Joined),
    ] {
        for _ in 0..figure {
            desk.press("Down");
        }
        desk.press("Enter");
        desk.press("Enter");
        let all = Behind {
            first: day("2026-09-07"),
            weeks: 12,
            subject,
            part: None,
        };
        assert_eq!(behind(&desk), all);
        deal_rows(&mut desk, 3);
        desk.press("Esc");
        desk.press("Esc");
    }
    desk.press("Down");
    desk.press("Enter");
    desk.press("Enter");
    assert_eq!(behind(&desk), this_week(Subject::StreaksHeld, None));
    deal_rows(&mut desk, 3);
    shows(&desk.screen(80, 24), &["12 weeks"]);
    desk.press("Esc");
    desk.press("Esc");
    desk.press("Down");
    desk.press("Enter");
    desk.press("Down");
    desk.press("Enter");
    assert_eq!(behind(&desk), this_week(Subject::StreaksHeld, Some("4")));
}

#[test]
fn behind_nothing_there_is_nothing_to_open() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("7");
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["The numbers are not here yet."]);
    let (first, weeks) = asked(&desk);
    let answer = Answer::Insight(InsightAnswer::Numbers(nothing(first, weeks)));
    desk.reply(is_numbers, Ok(answer));
    shows(&desk.screen(80, 24), &["nobody was checked in", "0 of 0 seats"]);
    desk.press("Enter");
    assert!(calls(&desk.press("Enter")).is_empty());
    shows(&desk.screen(80, 24), &["There is nothing behind it."]);
}

#[test]
fn more_rows_are_asked_for_as_the_cursor_comes_near_their_end() {
    let mut desk = insights();
    desk.press("Enter");
    desk.press("Enter");
    deal_rows(&mut desk, 450);
    shows(&desk.screen(80, 24), &["1/450"]);
    desk.press("End");
    shows(&desk.screen(80, 24), &["200/450"]);
    deal_rows(&mut desk, 450);
    desk.press("End");
    deal_rows(&mut desk, 450);
    desk.press("End");
    shows(&desk.screen(80, 24), &["450/450"]);
    assert!(desk.newest(is_rows).is_none());
}

#[test]
fn answers_about_other_weeks_and_other_rows_are_dropped() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("7");
    let (old, _) = desk.newest(is_numbers).unwrap();
    desk.press("v");
    let late = Answer::Insight(InsightAnswer::Numbers(numbers(day("2026-09-07"), 12)));
    desk.reply_to(old, Ok(late));
    hides(&desk.screen(80, 24), &["most: trivia"]);
    deal(&mut desk);
    desk.press("Enter");
    desk.press("Enter");
    let (old, call) = desk.newest(is_rows).unwrap();
    desk.press("Esc");
    let Call::Insight(call) = call else { panic!() };
    desk.reply_to(old, Ok(Answer::Insight(any_answer(&call, 1))));
    shows(&desk.screen(80, 24), &["all weeks"]);
}

#[test]
fn numbers_are_counted_anew_once_a_minute_and_not_more_often() {
    let mut desk = insights();
    desk.reply(is_backup, Ok(Answer::Insight(InsightAnswer::Backup(None))));
    desk.pass(10);
    assert!(calls(&desk.fire(Timer::Poll)).is_empty());
    desk.pass(60);
    assert_eq!(calls(&desk.fire(Timer::Poll)).len(), 3);
}

#[test]
fn a_lost_link_keeps_what_is_here_and_says_so() {
    let mut desk = insights();
    desk.press("F5");
    desk.reply(is_numbers, Err(offline()));
    shows(&desk.screen(80, 24), &["most: trivia, 306", "as of"]);
    desk.press("Enter");
    desk.press("Enter");
    desk.reply(is_rows, Err(offline()));
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["There are no rows to write down."]);
    // A refusal is told where the numbers would be.
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("7");
    desk.reply(is_numbers, Err(Fault::Internal));
    shows(&desk.screen(80, 24), &[&Fault::Internal.to_string()[..30]]);
}

#[test]
fn numbers_are_of_when_they_came_however_often_they_are_asked_for() {
    let mut desk = insights();
    let counted = |desk: &Desk| {
        let screen = desk.screen(80, 24);
        let line = screen.lines().find(|line| line.contains("counted at"));
        line.unwrap_or_else(|| panic!("{screen}")).to_owned()
    };
    let before = counted(&desk);
    desk.pass(600);
    desk.press("F5");
    desk.reply(is_numbers, Err(offline()));
    assert_eq!(counted(&desk), before);
    desk.press("F5");
    deal(&mut desk);
    assert_ne!(counted(&desk), before);
}

#[test]
fn the_age_of_the_last_verified_backup_is_told() {
    let told = |backup| Ok(Answer::Insight(InsightAnswer::Backup(backup)));
    for (answer, says) in [
        (Some(backup(0)), "last verified backup less than an hour old"),
        (Some(backup(47)), "last verified backup 47 hours old"),
        (Some(backup(49)), "! the last verified backup is 49 hours old"),
        (Some(backup(24 * 30)), "! the last verified backup is 30 days old"),
        (None, "! no backup was ever verified"),
    ] {
        let mut desk = real_staff();
        desk.press("7");
        deal(&mut desk);
        hides(&desk.screen(80, 24), &["backup"]);
        desk.reply(is_backup, told(answer));
        shows(&desk.screen(80, 24), &["counted at", says]);
        // Without a link what was told stays.
        desk.press("F5");
        desk.reply(is_backup, Err(offline()));
        shows(&desk.screen(80, 24), &[says]);
    }
    // The sample community needs none.
    let mut desk = insights();
    desk.reply(is_backup, told(None));
    hides(&desk.screen(80, 24), &["backup"]);
    // Nothing else waits for it, and a refusal of it is no refusal of the numbers.
    let mut desk = insights();
    desk.reply(is_backup, Err(Fault::Internal));
    shows(&desk.screen(80, 24), &["most: trivia, 306"]);
    hides(&desk.screen(80, 24), &["backup"]);
}

/// The file among effects.
#[track_caller]
fn file(effects: &[Effect]) -> (String, String) {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::Export { name, text } => Some((name.clone(), text.clone())),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no file in {effects:?}"))
}

#[test]
fn tables_and_rows_become_files() {
    let mut desk = insights();
    desk.press("v");
    deal(&mut desk);
    desk.press("v");
    deal(&mut desk);
    let (name, text) = file(&desk.press("Ctrl+S"));
    assert_eq!(name, "pine-time-attendance-2026-11-02-4-weeks.csv");
    assert_eq!(
        text,
        "week,all,trivia,mystery,board games\r\n\
         all weeks,129,86,40,3\r\n\
         2026-11-23,33,23,10,0\r\n\
         2026-11-16,34,22,10,2\r\n\
         2026-11-09,32,21,10,1\r\n\
         2026-11-02,30,20,10,0\r\n"
    );
    desk.press("Down");
    let (_, text) = file(&desk.press("Ctrl+S"));
    assert!(
        text.contains("all weeks,4350.00,4600.00,250.00\r\ncash,9000.00,9000.00,0.00\r\n"),
        "{text}"
    );
    desk.press("Down");
    let (_, text) = file(&desk.press("Ctrl+S"));
    assert!(
        text.starts_with("week,filled,held,seats,events\r\nall weeks,0.692,166,240,12\r\n"),
        "{text}"
    );
    desk.press("Enter");
    desk.press("Enter");
    deal_rows(&mut desk, 6000);
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["Writing 6,000 rows into a file."]);
    let effects = deal_rows(&mut desk, 6000);
    assert_eq!(calls(&effects).len(), 1, "the second page");
    let (name, text) = file(&deal_rows(&mut desk, 6000));
    assert_eq!(name, "pine-time-limited-2026-11-02-4-weeks.csv");
    assert_eq!(text.lines().count(), 6001);
}

#[test]
fn a_file_that_breaks_off_says_so_and_writes_nothing() {
    let mut desk = insights();
    desk.press("Enter");
    desk.press("Enter");
    deal_rows(&mut desk, 6000);
    desk.press("Ctrl+S");
    deal_rows(&mut desk, 6000);
    let effects = desk.reply(is_rows, Err(offline()));
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Export { .. }))
    );
    shows(&desk.screen(80, 24), &["Nothing is written."]);
}

#[test]
fn clicks_mark_figures_numbers_and_rows() {
    let mut desk = Desk::with(|setup| {
        setup.mouse = true;
        setup.size = (80, 24);
    });
    desk.open();
    desk.sign_in(UserType::Staff);
    desk.press("7");
    deal(&mut desk);
    desk.click(5, 6);
    shows(&desk.screen(80, 24), &["Seats held of those there were"]);
    desk.click(5, 16);
    desk.press("Enter");
    assert_eq!(behind(&desk).first, day("2026-11-16"));
    deal_rows(&mut desk, 30);
    desk.click(5, 10);
    shows(&desk.screen(80, 24), &["6/30"]);
}
