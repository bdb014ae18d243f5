//! A game as tests without a database show it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use chrono::{Days, NaiveDate, TimeDelta};
use pine_time::domain::badge::{
    BadgeLine, Earned, GameCard, LevelDate, NextLevel, Rule, Streak, StreakState, Week,
};
use pine_time::domain::board::{Ranked, TypeBoard};
use pine_time::domain::connection::{ConnectOutcome, Connected, Connection, ConnectionState};
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::game_desk::{
    Award, BadgeFamily, BadgeLevel, Bonus, Fact, Gain, GainPreview, GameRules, GrantOutcome, Granted,
    LevelTaken, MemberFacts, PointsChanged, PointsOutcome, RulesSaved, StreakRules,
};
use pine_time::domain::ledger::{Celebration, LedgerKind, News, PointsPage, PointsRow, WeekPoints};
use pine_time::domain::member::{MemberId, MemberName};

use crate::fixtures::{manila, now};

const LEVELS: [&str; 5] = ["Bronze", "Silver", "Gold", "Platinum", "Diamond"];
const PAYS: [i32; 5] = [10, 20, 30, 50, 100];
const FAMILIES: [(&str, Rule, [i64; 5], i64, i32); 5] = [
    ("Event Explorer", Rule::Types, [2, 3, 4, 5, 6], 4, 3),
    ("Social Butterfly", Rule::Connections, [3, 10, 25, 50, 100], 4, 1),
    ("Trivia Master", Rule::Wins, [1, 3, 5, 10, 20], 0, 0),
    ("Consistent Attendee", Rule::Weeks, [2, 4, 8, 16, 26], 9, 3),
    ("Community Builder", Rule::Referrals, [1, 3, 5, 10, 20], 1, 1),
];

/// The Monday of the running week.
pub fn monday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn at(level: i32) -> usize {
    usize::try_from(level).unwrap()
}

/// The five families of somebody who comes often.
pub fn badges() -> Vec<BadgeLine> {
    FAMILIES
        .iter()
        .zip(1..)
        .map(|((name, rule, thresholds, facts, level), id)| BadgeLine {
            id,
            name: (*name).into(),
            description: "What it is for".into(),
            rule: Some(*rule),
            facts: *facts,
            level: *level,
            level_name: (*level > 0).then(|| LEVELS[at(*level) - 1].into()),
            earned_date: (*level > 0).then(|| manila("2026-11-20 19:00")),
            next: (*level < 5).then(|| NextLevel {
                level: level + 1,
                name: LEVELS[at(*level)].into(),
                threshold: thresholds[at(*level)],
                points: PAYS[at(*level)],
            }),
            dates: (1..=*level)
                .map(|level| LevelDate {
                    level,
                    name: Some(LEVELS[at(level) - 1].into()),
                    earned_date: manila("2026-11-20 19:00"),
                    by_hand: level == 3,
                })
                .collect(),
        })
        .collect()
}

/// What a good check-in brings.
pub fn earned() -> Vec<Earned> {
    vec![
        Earned::Attendance { points: 15 },
        Earned::Streak { points: 25, weeks: 6 },
        Earned::Badge {
            points: 30,
            badge: "Event Explorer".into(),
            level: 3,
            level_name: Some("Gold".into()),
        },
    ]
}

fn weeks() -> impl Iterator<Item = (NaiveDate, i64)> {
    (0..53_u64).rev().map(|back| {
        let events = [1, 2, 0, 1, 3, 1, 0][usize::try_from(back).unwrap() % 7];
        (monday() - Days::new(7 * back), events)
    })
}

/// A row of a board of five hundred.
pub fn ranked(rank: i64) -> Ranked {
    Ranked {
        rank,
        tied: rank % 5 == 2,
        user_id: MemberId(i32::try_from(rank).unwrap() + 100),
        username: format!("member{rank}").as_str().into(),
        full_name: format!("Member Number {rank}").as_str().into(),
        points: 2_000 - 3 * rank,
        moved: [None, Some(2), Some(-1), Some(0)][usize::try_from(rank).unwrap() % 4],
    }
}

/// A member's page.
pub fn card() -> GameCard {
    GameCard {
        user_id: MemberId(3),
        username: "ana".into(),
        full_name: "Ana Reyes".into(),
        created_at: Some(manila("2025-03-11 12:00")),
        show_on_leaderboard: true,
        earned: 390,
        spendable: 340,
        attended: 22,
        standing: Some(ranked(14)),
        members: 612,
        streak: Streak {
            current: 6,
            longest: 9,
            state: StreakState::AtRisk,
            monday: monday(),
            sunday: monday() + Days::new(6),
        },
        weeks: weeks().map(|(monday, events)| Week { monday, events }).collect(),
        badges: badges(),
    }
}

/// Rows of a ledger, newest first, from behind one on.
pub fn points(kind: Option<LedgerKind>, before: Option<i32>, most: i32) -> PointsPage {
    let from = before.unwrap_or(89).min(89);
    PointsPage {
        total: 88,
        rows: (1..from)
            .rev()
            .take(usize::try_from(most.max(0)).unwrap())
            .map(|id| PointsRow {
                id,
                points: if id % 9 == 0 { -50 } else { 15 },
                transaction_type: kind.unwrap_or(LedgerKind::ALL[usize::try_from(id).unwrap() % 7]),
                description: "Attended Trivia Night: History".into(),
                transaction_date: Some(manila("2026-11-21 19:00")),
                event_id: Some(6),
                counts_at: Some(manila("2026-11-21 18:30")),
                balance: i64::from(id) * 7,
                awarded_by: None,
                reverses_id: None,
                reversed_by: None,
            })
            .collect(),
    }
}

fn rules() -> GameRules {
    GameRules {
        streak: StreakRules {
            streak_step: 5,
            streak_most: 50,
            skip_weeks_without_events: false,
        },
        badges: FAMILIES
            .iter()
            .zip(1..)
            .map(|((name, rule, thresholds, ..), id)| BadgeFamily {
                id,
                name: (*name).into(),
                description: "What it is for".into(),
                rule: Some(*rule),
                levels: (1..=5)
                    .map(|level| BadgeLevel {
                        level,
                        name: LEVELS[at(level) - 1].into(),
                        threshold: thresholds[at(level) - 1],
                        points: PAYS[at(level) - 1],
                    })
                    .collect(),
            })
            .collect(),
    }
}

fn fact(name: &str) -> Fact {
    Fact {
        name: name.into(),
        about: Some("Trivia Night: History".into()),
        count: Some(2),
        at: Some(now()),
        counts: true,
    }
}

/// What a member's levels stand on: one level was given by hand, one taken back.
pub fn facts() -> MemberFacts {
    let award = |id, level: i32, threshold| Award {
        id,
        badge: "Event Explorer".into(),
        level,
        level_name: Some(LEVELS[at(level) - 1].into()),
        threshold,
        earned_date: manila("2026-11-20 19:00"),
        awarded_by: None,
        reason: None,
        reversed_at: None,
    };
    MemberFacts {
        attended: 22,
        attendances: (0..22)
            .map(|back| Fact {
                count: None,
                about: Some("trivia".into()),
                at: Some(manila("2026-11-21 18:30") - TimeDelta::days(7 * back)),
                ..fact("Trivia Night: History")
            })
            .collect(),
        types: vec![fact("trivia"), fact("hike")],
        wins: vec![fact("Trivia Night: History")],
        connections: vec![
            fact("Rey Santos"),
            Fact {
                counts: false,
                ..fact("Katya Torres")
            },
        ],
        referrals: vec![Fact {
            about: None,
            count: Some(0),
            counts: false,
            ..fact("Jo Mendoza")
        }],
        bonuses: vec![Bonus {
            monday: monday(),
            weeks: 6,
            points: 25,
            reversed_at: None,
        }],
        awards: vec![
            Award {
                awarded_by: Some("Mira Santos".into()),
                reason: Some("guided five walks".into()),
                ..award(30, 3, None)
            },
            award(20, 2, Some(3)),
            Award {
                reversed_at: Some(now()),
                ..award(11, 1, None)
            },
            award(10, 1, Some(2)),
        ],
    }
}

/// Some answer to any call, by the dice.
pub fn any_answer(call: &GameCall, how: u8) -> GameAnswer {
    let member = || MemberName {
        id: MemberId(10),
        username: "nino_b".into(),
        full_name: "Niño Bautista".into(),
    };
    match call {
        GameCall::Card(_) => GameAnswer::Card(Box::new(card())),
        GameCall::Ledger {
            kind, before, most, ..
        } => GameAnswer::Ledger(points(*kind, *before, *most)),
        GameCall::Weeks(_) => GameAnswer::Weeks(
            weeks()
                .scan(0, |total, (monday, events)| {
                    *total += 15 * events;
                    Some(WeekPoints {
                        monday,
                        earned: 15 * events,
                        total: *total,
                    })
                })
                .collect(),
        ),
        GameCall::Board { place, most, .. } => {
            let members = [612, 3, 0, 5000][usize::from(how) % 4];
            GameAnswer::Board(crate::fixtures::board_at(members, *place, *most))
        }
        GameCall::Find { .. } => GameAnswer::Found((3..9).map(ranked).collect()),
        GameCall::TypeBoards => GameAnswer::TypeBoards(vec![TypeBoard {
            id: 1,
            name: "trivia".into(),
        }]),
        GameCall::Celebrate => GameAnswer::Celebration(Celebration {
            through: 88,
            points: 15,
            rows: vec![News {
                points: 15,
                transaction_type: LedgerKind::EventAttendance,
                description: "Attended Trivia Night: History".into(),
                transaction_date: Some(now()),
            }],
        }),
        GameCall::Celebrated { .. } => GameAnswer::Done,
        GameCall::SetPrivacy { show_me, .. } => GameAnswer::Privacy(*show_me),
        GameCall::Connections => GameAnswer::Connections(vec![Connection {
            user_id: MemberId(10),
            full_name: "Niño Bautista".into(),
            event_id: 6,
            event_title: "Trivia Night: Science".into(),
            asked_at: now(),
            confirmed_at: None,
            state: [ConnectionState::Asks, ConnectionState::Asked][usize::from(how) % 2],
            until: now(),
        }]),
        GameCall::Connect { .. } | GameCall::Confirm { .. } => GameAnswer::Connected(Connected {
            outcome: [
                ConnectOutcome::Connected,
                ConnectOutcome::Asked,
                ConnectOutcome::Already,
            ][usize::from(how) % 3],
            member: Some(member()),
        }),
        GameCall::Rules | GameCall::SetStreak { .. } => GameAnswer::Rules(rules()),
        GameCall::Facts(_) => GameAnswer::Facts(Box::new(facts())),
        GameCall::ChangePoints { .. } | GameCall::TakeBackPoints { .. } => {
            GameAnswer::Points(PointsChanged {
                outcome: [
                    PointsOutcome::Done,
                    PointsOutcome::TooLittle,
                    PointsOutcome::Already,
                ][usize::from(how) % 3],
                transaction_id: Some(89),
                points: 15,
                earned: 405,
                spendable: 355,
            })
        }
        GameCall::Grant { .. } => GameAnswer::Granted(Granted {
            outcome: [GrantOutcome::Granted, GrantOutcome::Already][usize::from(how) % 2],
            earned: earned().pop(),
        }),
        GameCall::TakeBackLevel { .. } => GameAnswer::LevelTaken(LevelTaken {
            points: PointsChanged {
                outcome: PointsOutcome::Done,
                transaction_id: Some(90),
                points: -30,
                earned: 360,
                spendable: 310,
            },
            again: how % 2 == 1,
        }),
        GameCall::Preview { .. } => GameAnswer::Preview(GainPreview {
            members: 1,
            levels: 1,
            points: 30,
            first: vec![Gain {
                user_id: MemberId(10),
                full_name: "Niño Bautista".into(),
                level: 3,
                points: 30,
            }],
        }),
        GameCall::SetLevels { .. } => GameAnswer::RulesSaved(RulesSaved {
            gained: 1,
            rules: rules(),
        }),
    }
}
