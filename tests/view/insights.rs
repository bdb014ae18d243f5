//! The insights.

use std::time::Duration;

use insta::assert_snapshot;
use pine_time::domain::insights::{InsightAnswer, InsightCall};
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call, Fault};
use pine_time::ui::Theme;

use crate::fixtures::{Desk, offline, text_of};
use crate::insight_fixtures::{backup, nothing, numbers, real_staff, rows, streaks};
use crate::pictures::slow;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (60, 16)];

fn is_numbers(call: &Call) -> bool {
    matches!(call, Call::Insight(InsightCall::Numbers { .. }))
}

fn is_streaks(call: &Call) -> bool {
    matches!(call, Call::Insight(InsightCall::Streaks { .. }))
}

fn is_rows(call: &Call) -> bool {
    matches!(call, Call::Insight(InsightCall::Rows { .. }))
}

fn deal(desk: &mut Desk, empty: bool) {
    let Some((request, Call::Insight(InsightCall::Numbers { first, weeks }))) = desk.newest(is_numbers)
    else {
        panic!("no numbers are asked for")
    };
    let answer = if empty {
        nothing(first, weeks)
    } else {
        numbers(first, weeks)
    };
    desk.reply_to(request, Ok(Answer::Insight(InsightAnswer::Numbers(answer))));
    let answer = Answer::Insight(InsightAnswer::Streaks(streaks(first, weeks)));
    desk.reply(is_streaks, Ok(answer));
}

#[test]
fn insights_from_a_standby_say_how_old_they_are() {
    for (width, height) in SIZES {
        let mut desk = Desk::signed_in(UserType::Staff, width, height);
        desk.press("7");
        let Some((request, Call::Insight(InsightCall::Numbers { first, weeks }))) = desk.newest(is_numbers)
        else {
            panic!("no numbers are asked for")
        };
        let old = |answer| Answer::FromStandby {
            answer: Box::new(Answer::Insight(answer)),
            behind: Duration::from_secs(95),
        };
        desk.reply_to(request, Ok(old(InsightAnswer::Numbers(numbers(first, weeks)))));
        desk.reply(is_streaks, Ok(old(InsightAnswer::Streaks(streaks(first, weeks)))));
        assert_snapshot!(
            format!("insights_{width}_from_a_standby"),
            desk.screen(width, height)
        );
        assert!(desk.screen(width, height).contains("95 s old"));
    }
}

#[test]
fn figures_tables_and_rows() {
    for (width, height) in SIZES {
        let picture = |name: &str, desk: &Desk| {
            assert_snapshot!(format!("insights_{width}_{name}"), desk.screen(width, height));
        };
        let mut desk = Desk::signed_in(UserType::Staff, width, height);
        desk.press("7");
        slow(&mut desk);
        picture("loading", &desk);
        deal(&mut desk, false);
        picture("figures", &desk);
        desk.press("Enter");
        desk.press("Down");
        desk.press("Right");
        picture("attendance", &desk);
        desk.press("Enter");
        let Some((request, Call::Insight(InsightCall::Rows { behind, after, most }))) = desk.newest(is_rows)
        else {
            panic!("no rows are asked for")
        };
        let page = rows(behind.subject, 31, after.as_ref(), most);
        desk.reply_to(request, Ok(Answer::Insight(InsightAnswer::Rows(page))));
        picture("rows", &desk);
        desk.press("Esc");
        desk.press("Esc");
        for (at, name) in [
            "revenue",
            "fill_rate",
            "no_shows",
            "new_members",
            "streaks",
            "lengths",
        ]
        .into_iter()
        .enumerate()
        {
            desk.press("Down");
            desk.press("Enter");
            picture(name, &desk);
            if at == 0 {
                desk.press("Enter");
                let Some((request, Call::Insight(InsightCall::Rows { behind, .. }))) = desk.newest(is_rows)
                else {
                    panic!("no rows are asked for")
                };
                let page = rows(behind.subject, 7, None, 200);
                desk.reply_to(request, Ok(Answer::Insight(InsightAnswer::Rows(page))));
                picture("revenue_rows", &desk);
                desk.press("Esc");
            }
            desk.press("Esc");
        }
        desk.press("v");
        deal(&mut desk, false);
        picture("a_year", &desk);
        desk.press("v");
        deal(&mut desk, true);
        picture("empty", &desk);
        desk.press("F5");
        desk.reply(is_numbers, Err(offline()));
        desk.quiet();
        picture("offline", &desk);
        let mut desk = Desk::signed_in(UserType::Staff, width, height);
        desk.press("7");
        desk.reply(is_numbers, Err(Fault::Internal));
        desk.quiet();
        picture("failed", &desk);
    }
}

#[test]
fn backups_are_told_beside_the_numbers() {
    for (name, answer) in [
        ("fresh", Some(backup(3))),
        ("old", Some(backup(50))),
        ("none", None),
    ] {
        let mut desk = real_staff();
        desk.press("7");
        deal(&mut desk, false);
        desk.reply(
            |call| matches!(call, Call::Insight(InsightCall::Backup)),
            Ok(Answer::Insight(InsightAnswer::Backup(answer))),
        );
        assert_snapshot!(format!("insights_80_backup_{name}"), desk.screen(80, 24));
    }
}

#[test]
fn glyphs_have_twins() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("7");
    deal(&mut desk, false);
    let buffer = desk.buffer(80, 24, &Theme::plain().ascii(true));
    assert_snapshot!("insights_ascii", text_of(&buffer));
}
