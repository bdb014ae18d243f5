//! Members as the desk sees them.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

use pine_time::domain::account::SessionLine;
use pine_time::domain::event::{EventId, RegistrationStatus};
use pine_time::domain::member::{MemberId, MemberLine, MemberName, UserType};
use pine_time::domain::members_desk::{
    MemberDraft, MemberPage, MemberRow, MemberSeat, MembersAnswer, MembersCall, MembersCount, MembersPage,
};
use pine_time::domain::{Answer, Call};

use crate::fixtures::{Desk, door_note, manila, now};

pub fn row(id: i32, username: &str, full_name: &str, user_type: UserType) -> MemberRow {
    MemberRow {
        line: MemberLine {
            id: MemberId(id),
            username: username.into(),
            full_name: full_name.into(),
            email: format!("{username}@example.org").as_str().into(),
            user_type,
            is_active: true,
            created_at: Some(manila("2025-03-04 10:00")),
            last_login: Some(manila("2026-11-27 18:20")),
        },
        last_attended: Some(manila("2026-11-20 18:30")),
        points: 340,
    }
}

pub fn members() -> MembersPage {
    let mut away = row(15, "bea", "Bea Lim", UserType::Regular);
    away.line.is_active = false;
    let mut old = row(16, "carlo.diaz", "Carlo Diaz", UserType::Regular);
    old.last_attended = Some(manila("2024-05-03 18:30"));
    old.points = 12_345;
    let mut new = row(17, "dina", "Dina Ocampo", UserType::Regular);
    new.last_attended = None;
    new.line.last_login = None;
    new.points = 0;
    MembersPage {
        rows: vec![
            row(1, "admin", "Ada Minister", UserType::Admin),
            row(3, "ana", "Ana Reyes", UserType::Regular),
            away,
            old,
            new,
            row(2, "staff", "Mira Santos", UserType::Staff),
            row(
                18,
                "tonyf",
                "Antonino de los Reyes y Flores-Bautista",
                UserType::Regular,
            ),
        ],
        next: None,
    }
}

pub fn count() -> MembersCount {
    MembersCount {
        members: 7,
        inactive: 0,
        staff: 1,
        inactive_staff: 0,
        admins: 1,
        inactive_admins: 0,
    }
}

pub fn seat(id: i32, title: &str, start: &str, status: RegistrationStatus, attended: bool) -> MemberSeat {
    MemberSeat {
        event_id: EventId(id),
        title: title.into(),
        start_time: manila(start),
        is_active: true,
        status,
        attended,
    }
}

/// A page of whoever is meant.
pub fn page(row: MemberRow) -> MemberPage {
    MemberPage {
        draft: MemberDraft {
            full_name: row.line.full_name.to_string(),
            username: row.line.username.to_string(),
            email: row.line.email.to_string(),
            referred_by: "mira".to_owned(),
        },
        version: "v1".to_owned(),
        pass_code: "R6K2F9TQ4M".into(),
        show_on_leaderboard: false,
        door_note: Some(door_note(
            "Brings the quiz cards; ask her for the key of the store.",
            3,
        )),
        referred_by: Some(MemberName {
            id: MemberId(2),
            username: "mira".into(),
            full_name: "Mira Santos".into(),
        }),
        earned: row.points + 50,
        attended: 12,
        code_until: None,
        sessions: 2,
        upcoming: vec![
            seat(
                6,
                "Trivia Night: Science",
                "2026-11-27 18:30",
                RegistrationStatus::Registered,
                false,
            ),
            seat(
                7,
                "The Manor Murder",
                "2026-11-27 20:00",
                RegistrationStatus::Waitlisted,
                false,
            ),
        ],
        past: vec![
            seat(
                5,
                "Night Market",
                "2026-11-20 20:00",
                RegistrationStatus::Cancelled,
                false,
            ),
            seat(
                4,
                "Ridge Walk",
                "2026-11-14 06:00",
                RegistrationStatus::Registered,
                true,
            ),
            seat(
                3,
                "Trivia Night: History",
                "2026-11-06 18:30",
                RegistrationStatus::Registered,
                false,
            ),
        ],
        registrations: 5,
        line: row,
    }
}

pub fn sessions() -> Vec<SessionLine> {
    let line = |id, device: &str, since: &str, minutes: i64, is_here| SessionLine {
        id,
        device: device.into(),
        created_at: manila(since),
        last_active: now() - chrono::TimeDelta::minutes(minutes),
        is_here,
    };
    vec![
        line(21, "door 2", "2026-11-27 18:05", 0, true),
        line(20, "kiosk by the entrance", "2026-11-27 17:50", 12, false),
        line(19, "office", "2026-11-26 09:00", 200, false),
    ]
}

pub fn is_page(call: &Call) -> bool {
    matches!(call, Call::Members(MembersCall::Page { .. }))
}

pub fn is_count(call: &Call) -> bool {
    matches!(call, Call::Members(MembersCall::Count))
}

pub fn is_member(call: &Call) -> bool {
    matches!(call, Call::Members(MembersCall::Member(_)))
}

pub fn a_page(page: MembersPage) -> Answer {
    Answer::Members(MembersAnswer::Page(page))
}

/// Answers what waits for the list, the numbers, and the one in full.
pub fn answer(desk: &mut Desk, listed: &MembersPage) {
    if desk.newest(is_page).is_some() {
        desk.reply(is_page, Ok(a_page(listed.clone())));
    }
    if desk.newest(is_count).is_some() {
        desk.reply(is_count, Ok(Answer::Members(MembersAnswer::Count(count()))));
    }
    answer_member(desk, listed);
}

/// Answers what waits for one in full.
pub fn answer_member(desk: &mut Desk, listed: &MembersPage) {
    if let Some((request, Call::Members(MembersCall::Member(member)))) = desk.newest(is_member)
        && let Some(row) = listed.rows.iter().find(|row| row.line.id == member)
    {
        let full = MembersAnswer::Member(Box::new(page(row.clone())));
        desk.reply_to(request, Ok(Answer::Members(full)));
    }
}

/// Somebody of this type on the members' screen, everything answered.
pub fn at_members(user_type: UserType, width: u16, height: u16) -> Desk {
    let mut desk = Desk::signed_in(user_type, width, height);
    desk.press("6");
    answer(&mut desk, &members());
    desk
}

/// An answer as a database might give one, fitting or empty.
pub fn any_answer(call: &MembersCall, how: u8) -> MembersAnswer {
    let mut listed = members();
    listed.rows.truncate(usize::from(how) % 9);
    let some = row(3, "ana", "Ana Reyes", UserType::Regular);
    match call {
        MembersCall::Page { .. } => MembersAnswer::Page(listed),
        MembersCall::Count => MembersAnswer::Count(count()),
        MembersCall::Member(member) => {
            let known = members().rows.into_iter().find(|row| row.line.id == *member);
            MembersAnswer::Member(Box::new(page(known.unwrap_or(some))))
        }
        MembersCall::Add { .. } => MembersAnswer::Made(some.line),
        MembersCall::Save { .. } => MembersAnswer::Saved(some),
        MembersCall::SetRole { role, .. } => MembersAnswer::Role(some.name(), *role),
        MembersCall::Sessions(_) => MembersAnswer::Sessions(sessions()),
        MembersCall::EndSessions { .. } => MembersAnswer::Ended(i64::from(how) % 4),
    }
}
