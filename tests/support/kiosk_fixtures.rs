//! A kiosk: its page, its answers, a desk at its start. Stands beside `fixtures`.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use chrono::TimeDelta;
use pine_time::domain::account::Proof;
use pine_time::domain::badge::Earned;
use pine_time::domain::check_in::Outcome;
use pine_time::domain::event::EventId;
use pine_time::domain::kiosk::{
    Attended, AttendedAlone, KioskAnswer, KioskCall, KioskOutcome, KioskPage, Notice, ScanOutcome, Scanned,
};
use pine_time::domain::money::Money;
use pine_time::domain::passage::Passage;
use pine_time::domain::{Answer, Call, pass_code};

use crate::fixtures::{Desk, manila, now};

/// A pass of many letters that are commands somewhere.
pub fn pass() -> String {
    let body = "QRXYNE4VJ";
    format!("{body}{}", pass_code::check_character(body).unwrap())
}

fn notice(id: i32, title: &str, start: &str, seats: Option<i32>, registered: i32) -> Notice {
    let start_time = manila(start);
    Notice {
        id: EventId(id),
        title: title.into(),
        location: "Hill Station".into(),
        start_time,
        end_time: start_time + TimeDelta::hours(2),
        max_participants: seats,
        price: None,
        registered,
        waitlisted: 0,
    }
}

/// Tonight, tomorrow and the days after, as SCREENS.md has them and a few more.
pub fn notices() -> Vec<Notice> {
    vec![
        notice(6, "Trivia Night: Science", "2026-11-27 18:30", Some(20), 12),
        Notice {
            price: Money::from_hundredths(25_000),
            waitlisted: 3,
            ..notice(7, "The Manor Murder", "2026-11-27 20:00", Some(10), 10)
        },
        notice(8, "Café Français", "2026-11-28 10:00", Some(12), 11),
        Notice {
            location: "Mount Ulap".into(),
            ..notice(10, "Ridge Walk", "2026-11-28 13:00", None, 30)
        },
        notice(9, "Board Game Evening", "2026-12-01 19:00", Some(40), 3),
    ]
}

pub fn kiosk_page() -> KioskPage {
    KioskPage {
        name: "Lobby".into(),
        event_id: None,
        events: notices(),
        code_stamp: "2f7a".to_owned(),
    }
}

pub fn scanned(outcome: Outcome) -> Scanned {
    let ok = outcome == Outcome::Ok;
    Scanned {
        outcome: ScanOutcome::Door(outcome),
        passage: Passage::In,
        name: (!matches!(outcome, Outcome::UnknownCode | Outcome::MemberInactive)).then(|| "Bo K.".into()),
        event_title: (outcome != Outcome::UnknownCode).then(|| "Trivia Night: Science".into()),
        points: if ok { 15 } else { 0 },
        earned: if ok {
            vec![
                Earned::Attendance { points: 15 },
                Earned::Streak { points: 25, weeks: 6 },
            ]
        } else {
            Vec::new()
        },
        first_at: (outcome == Outcome::Already).then(|| manila("2026-11-27 18:41")),
        opens_at: (outcome == Outcome::TooEarly).then(|| manila("2026-11-27 18:55")),
        ended_at: (outcome == Outcome::Over).then(|| manila("2026-11-27 18:50")),
        seconds: 0,
        at: now(),
    }
}

pub fn said(outcome: KioskOutcome) -> Scanned {
    Scanned {
        outcome: ScanOutcome::Kiosk(outcome),
        name: None,
        event_title: None,
        seconds: 8,
        ..scanned(Outcome::UnknownCode)
    }
}

pub fn attended() -> Attended {
    Attended::Ok {
        name: "Lobby".into(),
        event_id: None,
        events: notices()[..2].to_vec(),
        code_stamp: "2f7a".to_owned(),
    }
}

/// Answers of every kind but the attendant's: their code is not guessed.
pub fn any_answer(call: &KioskCall, how: u8) -> KioskAnswer {
    match call {
        KioskCall::Page => KioskAnswer::Page(KioskPage {
            events: if how > 60 { notices() } else { Vec::new() },
            ..kiosk_page()
        }),
        KioskCall::Touch => KioskAnswer::Here,
        KioskCall::Scan { .. } => KioskAnswer::Scanned(Box::new(match how % 16 {
            14 => said(KioskOutcome::Closed),
            15 => said(KioskOutcome::Wait),
            which => scanned(Outcome::ALL[usize::from(which) % Outcome::ALL.len()]),
        })),
        KioskCall::Attend { .. } => KioskAnswer::Attended(match how % 2 {
            0 => Attended::Refused,
            _ => Attended::Wait { seconds: 90 },
        }),
        KioskCall::AttendAlone { .. } => KioskAnswer::Alone(match how % 3 {
            0 => AttendedAlone::Refused,
            1 => AttendedAlone::Unknown,
            _ => AttendedAlone::Wait { seconds: 90 },
        }),
        KioskCall::Choose { .. } | KioskCall::Name { .. } => KioskAnswer::Proved(Proof::Refused),
    }
}

pub fn is_page(call: &Call) -> bool {
    matches!(call, Call::Kiosk(KioskCall::Page))
}

pub fn is_scan(call: &Call) -> bool {
    matches!(call, Call::Kiosk(KioskCall::Scan { .. }))
}

/// A kiosk whose database has not said anything yet.
pub fn kiosk_unanswered(width: u16, height: u16) -> Desk {
    Desk::with(|setup| {
        setup.size = (width, height);
        setup.kiosk = true;
        setup.mouse = false;
    })
}

/// A kiosk at its start, with its page.
pub fn kiosk(width: u16, height: u16) -> Desk {
    let mut desk = kiosk_unanswered(width, height);
    desk.open();
    desk.reply(is_page, Ok(Answer::Kiosk(KioskAnswer::Page(kiosk_page()))));
    desk
}
