//! Insights as tests without a database show them.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use pine_time::app::msg::Msg;
use pine_time::domain::audit::{AuditCall, AuditPage, AuditRow};
use pine_time::domain::backup::VerifiedBackup;
use pine_time::domain::community::Community;
use pine_time::domain::event::EventId;
use pine_time::domain::insights::{
    ChannelSum, Cursor, InsightAnswer, InsightCall, InsightPage, InsightRow, Insights, StreakHealth,
    StreakLength, StreakWeek, Subject, Week,
};
use pine_time::domain::member::{MemberId, MemberName, UserType};
use pine_time::domain::money::Balance;
use pine_time::domain::settings::{LastChange, Setting, Settings, SettingsAnswer, SettingsCall, ZoneEffects};
use pine_time::domain::{Answer, Call, SafeText};

use crate::fixtures::{Desk, community, manila, member_name};

/// Staff of a real community, at 80×24.
pub fn real_staff() -> Desk {
    let mut desk = Desk::sized(80, 24);
    desk.send(Msg::Opened(Ok(())));
    let real = Community {
        is_demo: false,
        ..community()
    };
    desk.reply(
        |call| matches!(call, Call::Community),
        Ok(Answer::Community(real)),
    );
    desk.sign_in(UserType::Staff);
    desk
}

/// A verified backup of so many hours ago.
pub fn backup(hours: i64) -> VerifiedBackup {
    let made_at = DateTime::<Utc>::UNIX_EPOCH;
    VerifiedBackup {
        name: SafeText::from("pine_time-1970-01-01T000000Z"),
        made_at,
        verified_at: made_at,
        bytes: 1,
        age_seconds: hours * 3600 + 60,
    }
}

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
        InsightCall::Backup => {
            InsightAnswer::Backup((!how.is_multiple_of(3)).then(|| backup(i64::from(how) * 3)))
        }
    }
}

/// A page of a log with so many rows, the newest with the highest number.
pub fn audit(total: i64, behind: Option<i64>, most: i32) -> AuditPage {
    let top = behind.map_or(total, |behind| behind - 1);
    let bottom = (top - i64::from(most)).max(0);
    let rows = (bottom + 1..=top).rev().map(|id| {
        let kind = usize::try_from(id).unwrap() % 4;
        let who = MemberName {
            id: MemberId(10),
            username: "nino_b".into(),
            full_name: "Niño Bautista".into(),
        };
        let (action, subject, before, after) = match kind {
            0 => (
                "member_set_role",
                "member",
                Some(serde_json::json!({"user_type": "regular"})),
                serde_json::json!({"user_type": "staff"}),
            ),
            1 => ("check_in", "event", None, serde_json::json!({"user_id": 10, "outcome": "ok"})),
            2 => (
                "event_change",
                "event",
                Some(serde_json::json!({"title": "Trivia", "location": "Hill Station", "price": null})),
                serde_json::json!({"title": "Trivia Night: Science", "location": "Hill Station", "price": 250}),
            ),
            _ => ("payment_channels", "settings", Some(serde_json::json!(["cash"])), serde_json::json!(["cash", "card"])),
        };
        AuditRow {
            id,
            at: manila("2026-11-27 18:50") - TimeDelta::minutes(7 * (total - id)),
            actor: if kind == 3 { "owner:root" } else { "mira" }.into(),
            action: action.into(),
            subject: subject.into(),
            subject_id: (kind < 3).then_some(3),
            title: (subject == "event").then(|| "Trivia Night: Science".into()),
            member: (kind < 2).then_some(who),
            device: "desk1:pts/3".into(),
            client_told: (kind == 0).then(|| "203.0.113.7".into()),
            before,
            after: Some(after),
        }
    });
    AuditPage {
        rows: rows.collect(),
        next: (bottom > 0).then_some(bottom + 1),
    }
}

/// Some page, by the dice.
pub fn any_audit(call: &AuditCall, how: u8) -> AuditPage {
    audit([0, 3, 900][usize::from(how) % 3], call.behind, call.most)
}

/// Settings as they are to begin with, in Manila.
pub fn settings() -> Settings {
    let mut values: std::collections::BTreeMap<String, pine_time::domain::SafeText> = Setting::ALL
        .into_iter()
        .map(|setting| (setting.word().to_owned(), setting.default().into()))
        .collect();
    values.insert("time_zone".to_owned(), "Asia/Manila".into());
    Settings {
        values,
        changes: [(
            "time_zone".to_owned(),
            LastChange {
                actor: "mira".into(),
                at: manila("2026-11-27 17:00"),
                before: "UTC".into(),
            },
        )]
        .into(),
        meanwhile: None,
    }
}

/// What New York would do.
pub fn zone_effects() -> ZoneEffects {
    ZoneEffects {
        zone: "America/New_York".into(),
        events: 14,
        attendances: 212,
        streaks_here: 24,
        streaks_there: 19,
    }
}

/// An answer to any call.
pub fn any_settings(call: &SettingsCall) -> SettingsAnswer {
    match call {
        SettingsCall::Zone(_) => SettingsAnswer::Zone(zone_effects()),
        SettingsCall::All | SettingsCall::Set { .. } => SettingsAnswer::All(settings()),
    }
}
