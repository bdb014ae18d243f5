//! Insights as tests without a database show them.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use chrono::{Days, NaiveDate, TimeDelta};
use pine_time::domain::event::EventId;
use pine_time::domain::insights::{
    ChannelSum, Cursor, InsightAnswer, InsightCall, InsightPage, InsightRow, Insights, StreakHealth,
    StreakLength, StreakWeek, Subject, Week,
};
use pine_time::domain::member::{MemberId, MemberName};
use pine_time::domain::money::Balance;

use crate::fixtures::{manila, member_name};

fn units(units: i64) -> Balance {
    Balance::of_decimal(&format!("{units}.00")).unwrap()
}

fn weeks(first: NaiveDate, weeks: i32) -> Vec<(i64, NaiveDate)> {
    (0..u64::try_from(weeks).unwrap())
        .map(|at| (i64::try_from(at).unwrap(), first + Days::new(7 * at)))
        .collect()
}

/// So many weeks of a community that grows.
pub fn numbers(first: NaiveDate, count: i32) -> Insights {
    let weeks = weeks(first, count).into_iter().map(|(at, monday)| Week {
        monday,
        attended: vec![20 + at, 10, at % 3],
        taken: units(1000 + 100 * at),
        refunded: units(if at == 2 { 250 } else { 0 }),
        limited: 3,
        seats: 60,
        seats_taken: 40 + at % 20,
        held: 50,
        missed: 4 + at % 5,
        joined: at % 4,
        came: at % 2,
    });
    Insights {
        first,
        types: ["trivia", "mystery", "board games"].map(Into::into).to_vec(),
        weeks: weeks.collect(),
        channels: vec![
            ChannelSum {
                channel: "cash".into(),
                payments: 30,
                taken: units(9000),
                refunds: 0,
                refunded: Balance::ZERO,
            },
            ChannelSum {
                channel: "bank_transfer".into(),
                payments: 0,
                taken: Balance::ZERO,
                refunds: 1,
                refunded: units(250),
            },
        ],
    }
}

/// Weeks in which nothing was.
pub fn nothing(first: NaiveDate, count: i32) -> Insights {
    let mut numbers = numbers(first, count);
    numbers.types.clear();
    numbers.channels.clear();
    for week in &mut numbers.weeks {
        *week = Week {
            monday: week.monday,
            attended: Vec::new(),
            taken: Balance::ZERO,
            refunded: Balance::ZERO,
            limited: 0,
            seats: 0,
            seats_taken: 0,
            held: 0,
            missed: 0,
            joined: 0,
            came: 0,
        };
    }
    numbers
}

/// Their streaks; the last week runs.
pub fn streaks(first: NaiveDate, count: i32) -> StreakHealth {
    let last = i64::from(count) - 1;
    let weeks = weeks(first, count).into_iter().map(|(at, monday)| StreakWeek {
        monday,
        held: 12 + at,
        kept: if at == last { 4 } else { 9 + at },
        begun: 3,
        lost: if at == last { 0 } else { 2 },
        open: if at == last { 5 } else { 0 },
    });
    StreakHealth {
        weeks: weeks.collect(),
        lengths: [(2, 9), (4, 7), (8, 5), (16, 2), (26, 0)]
            .map(|(least, members)| StreakLength { least, members })
            .to_vec(),
    }
}

/// A page of so many rows, behind those before.
pub fn rows(subject: Subject, total: i64, after: Option<&Cursor>, most: i32) -> InsightPage {
    let begin = after.map_or(0, |after| after.id);
    let end = total.min(begin + i64::from(most));
    let rows = (begin..end).map(|at| {
        let who = usize::try_from(at).unwrap();
        let streak = subject.is_of_streaks();
        let event = !streak && !matches!(subject, Subject::Joined | Subject::Came);
        InsightRow {
            id: at,
            at: Some(manila("2026-11-22 18:30") - TimeDelta::hours(at)),
            member: (subject != Subject::Limited).then(|| MemberName {
                id: MemberId(i32::try_from(at).unwrap()),
                username: format!("member{at}").into(),
                full_name: member_name(who).into(),
            }),
            event_id: event.then_some(EventId(3)),
            title: event.then(|| "Trivia Night: Science".into()),
            event_type: event.then(|| "trivia".into()),
            what: match subject {
                Subject::Money | Subject::Taken | Subject::Refunded => Some("cash".into()),
                Subject::NoShows => Some("no_show".into()),
                Subject::HeldSeats | Subject::Came => Some("came".into()),
                _ => None,
            },
            amount: match subject {
                Subject::Money | Subject::Taken => Some(units(250)),
                Subject::Refunded => Some(units(-250)),
                _ => None,
            },
            count: (streak || subject == Subject::Limited).then_some(12),
            of: (subject == Subject::Limited).then_some(20),
        }
    });
    InsightPage {
        total,
        rows: rows.collect(),
        next: (end < total).then(|| Cursor {
            key: end.to_string(),
            id: end,
        }),
    }
}

/// Some answer to any call, by the dice.
pub fn any_answer(call: &InsightCall, how: u8) -> InsightAnswer {
    match call {
        InsightCall::Numbers { first, weeks } if how.is_multiple_of(3) => {
            InsightAnswer::Numbers(nothing(*first, *weeks))
        }
        InsightCall::Numbers { first, weeks } => InsightAnswer::Numbers(numbers(*first, *weeks)),
        InsightCall::Streaks { first, weeks } => InsightAnswer::Streaks(streaks(*first, *weeks)),
        InsightCall::Rows { behind, after, most } => {
            let total = [0, 3, 900][usize::from(how) % 3];
            InsightAnswer::Rows(rows(behind.subject, total, after.as_ref(), *most))
        }
    }
}
