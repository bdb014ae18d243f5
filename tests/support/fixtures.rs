//! A community made by hand, and a desk: a model with a clock, keys as people write them, and the calls that
//! wait for an answer. Answers are given by the test, one by one.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use pine_time::app::effect::{Effect, RequestId, Timer};
use pine_time::app::msg::Msg;
use pine_time::app::{Model, Nonces, Setup};
use pine_time::domain::account::{Account, ResetCode, SessionLine};
use pine_time::domain::board::{BoardPage, Place, Ranked};
use pine_time::domain::check_in::{Attempt, Candidate, CheckedIn, Door, FirstScan, Outcome, Standing};
use pine_time::domain::community::Community;
use pine_time::domain::door_note::DoorNote;
use pine_time::domain::event::{EventId, EventLine, EventPage, RegistrationStatus};
use pine_time::domain::kept::{Deed, Kept};
use pine_time::domain::ledger::{LedgerKind, PointsPage, PointsRow};
use pine_time::domain::live::{Arrivals, Present};
use pine_time::domain::member::{Me, MemberId, MemberName, UserType};
use pine_time::domain::money::Money;
use pine_time::domain::passage::{DoorLog, Evaluation, LogRow, Passage, Rule, UndoOutcome, Undone};
use pine_time::domain::points::Profile;
use pine_time::domain::roster::{self, Roster};
use pine_time::domain::seats::{Attendee, Attendees, SeatsAnswer, SeatsCall};
use pine_time::domain::{Answer, Call, Fault, SafeText, Timestamp};
use pine_time::ui::{self, Theme};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, CellWidth};

/// Friday 27 November 2026, 18:52:07 in Manila.
pub fn now() -> Timestamp {
    at("2026-11-27 10:52:07")
}

/// A moment in UTC.
pub fn at(text: &str) -> Timestamp {
    let text = if text.len() == 16 {
        format!("{text}:00")
    } else {
        text.to_owned()
    };
    DateTime::<Utc>::from_naive_utc_and_offset(
        chrono::NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").unwrap(),
        Utc,
    )
}

/// A moment in Manila, which is eight hours ahead and knows no summer time.
pub fn manila(text: &str) -> Timestamp {
    at(text) - TimeDelta::hours(8)
}

pub fn community() -> Community {
    Community {
        community_name: "Highland Games Community".into(),
        time_zone: "Asia/Manila".parse().unwrap(),
        currency: "PHP".into(),
        payment_channels: ["cash", "gcash", "bank_transfer"].map(SafeText::from).into(),
        is_demo: true,
        clock: now(),
        clock_offset_seconds: 0,
        check_in_opens_minutes: 120,
        password_least: 12,
        server_version: "17.4".into(),
    }
}

pub fn me(user_type: UserType) -> Me {
    let (id, username, full_name) = match user_type {
        UserType::Regular => (3, "ana", "Ana Reyes"),
        UserType::Staff => (2, "staff", "Mira Santos"),
        UserType::Admin => (1, "admin", "Ada Minister"),
    };
    Me {
        user_id: MemberId(id),
        username: username.into(),
        full_name: full_name.into(),
        user_type,
        points: 340,
        device: "door 2".into(),
    }
}

pub fn event(id: i32, title: &str, start: &str, hours: i64) -> EventLine {
    let start_time = manila(start);
    EventLine {
        id: EventId(id),
        title: title.into(),
        event_type: "trivia".into(),
        location: "Hill Station".into(),
        start_time,
        end_time: start_time + TimeDelta::hours(hours),
        max_participants: Some(20),
        points_reward: 15,
        price: None,
        is_active: true,
        requires_approval: false,
        registered: 12,
        waitlisted: 0,
        checked_in: 0,
        my_status: None,
        my_place: None,
        my_attendance: false,
    }
}

/// November's events, and one in December; by start.
pub fn events() -> Vec<EventLine> {
    vec![
        EventLine {
            my_status: Some(RegistrationStatus::Registered),
            my_attendance: true,
            event_type: "board games".into(),
            ..event(1, "Board Game Evening", "2026-11-03 19:00", 3)
        },
        EventLine {
            event_type: "workshop".into(),
            ..event(2, "Sketching in the Park", "2026-11-06 16:00", 2)
        },
        event(3, "Trivia Night: History", "2026-11-06 18:30", 2),
        EventLine {
            event_type: "hike".into(),
            location: "Mount Ulap".into(),
            max_participants: None,
            ..event(4, "Ridge Walk", "2026-11-14 06:00", 8)
        },
        EventLine {
            is_active: false,
            ..event(5, "Night Market", "2026-11-20 20:00", 3)
        },
        EventLine {
            my_status: Some(RegistrationStatus::Registered),
            ..event(6, "Trivia Night: Science", "2026-11-27 18:30", 2)
        },
        EventLine {
            event_type: "mystery".into(),
            location: "Casa Verde".into(),
            max_participants: Some(10),
            registered: 10,
            points_reward: 30,
            price: Money::from_hundredths(25_000),
            ..event(7, "The Manor Murder", "2026-11-27 20:00", 3)
        },
        EventLine {
            points_reward: 0,
            ..event(8, "Café Français", "2026-11-28 10:00", 1)
        },
        event(9, "Board Game Evening", "2026-12-01 19:00", 3),
    ]
}

/// What of them lies between yesterday and tomorrow.
pub fn door_events() -> Vec<EventLine> {
    events()[5..8].to_vec()
}

pub fn page(line: EventLine) -> EventPage {
    EventPage {
        line,
        description: SafeText::paragraphs(
            "Teams of up to five. Six rounds of ten questions, from the atom to the Andromeda galaxy, and a \
             picture round for those who remember what a mitochondrion looks like.\n\nPhones stay in the bag. \
             Drinks at the bar; the kitchen closes at 20:00.",
        ),
        organiser: Some("Mira Santos".into()),
        created_by: Some(MemberId(2)),
        created_at: Some(manila("2026-10-01 12:00")),
        version: 1,
        changed_at: Some(manila("2026-10-01 12:00")),
        cancel_reason: None,
        series_id: None,
        series_place: 0,
        series_events: 0,
        mine: None,
    }
}

pub fn types() -> Vec<SafeText> {
    ["board games", "hike", "mystery", "trivia", "workshop"]
        .into_iter()
        .map(SafeText::from)
        .collect()
}

pub fn candidate(id: i32, full_name: &str, username: &str, standing: Standing) -> Candidate {
    Candidate {
        id: MemberId(id),
        username: username.into(),
        full_name: full_name.into(),
        pass_code: "R6K2F9TQ4M".into(),
        standing,
        due: (standing == Standing::Unpaid).then(|| Money::from_hundredths(25_000).unwrap()),
        first: (standing == Standing::In).then(|| FirstScan {
            at: Some(manila("2026-11-27 18:41")),
            device: Some("door 1".into()),
            operator: Some("Mira Santos".into()),
        }),
        door_note: None,
    }
}

/// A note that nobody has read yet.
pub fn door_note(text: &str, number: i32) -> DoorNote {
    DoorNote {
        text: text.into(),
        number,
        read: false,
    }
}

pub fn candidates() -> Vec<Candidate> {
    vec![
        candidate(10, "Niño Bautista", "nino_b", Standing::Registered),
        candidate(11, "Ninotchka Reyes", "ninar", Standing::In),
        candidate(12, "Niñalyn Cruz", "nina.c", Standing::Pending),
        candidate(13, "Antonino Flores", "tonyf", Standing::None),
        candidate(14, "Nino Manalo", "manalo", Standing::Cancelled),
    ]
}

pub fn attempt(id: i64, minute: u32, outcome: Outcome, name: Option<&str>, device: &str) -> Attempt {
    Attempt {
        id,
        at: manila(&format!("2026-11-27 18:{minute:02}")),
        outcome,
        input: "XK2QQ-77777".into(),
        full_name: name.map(SafeText::from),
        device: device.into(),
        operator: "Mira Santos".into(),
        first_at: (outcome == Outcome::Already).then(|| manila("2026-11-27 18:22")),
        reason: None,
        passage: Passage::In,
    }
}

pub fn door() -> Door {
    Door {
        event_id: EventId(6),
        title: "Trivia Night: Science".into(),
        start_time: manila("2026-11-27 18:30"),
        end_time: manila("2026-11-27 20:30"),
        is_active: true,
        max_participants: Some(60),
        price: None,
        registered: 57,
        checked_in: 41,
        inside: 38,
        has_check_out: false,
        due: 16,
        attempts: vec![
            attempt(10, 51, Outcome::Ok, Some("Jo Mendoza"), "door 1"),
            attempt(9, 51, Outcome::Ok, Some("Katya Torres"), "door 2"),
            attempt(8, 50, Outcome::Already, Some("Rey Santos"), "door 2"),
            attempt(7, 50, Outcome::Ok, Some("Liam Aquino"), "door 2"),
            attempt(6, 49, Outcome::UnknownCode, None, "door 1"),
            attempt(5, 49, Outcome::NotRegistered, Some("Ines Ramos"), "door 1"),
            attempt(4, 48, Outcome::Ok, Some("Paolo Garcia"), "door 1"),
            attempt(3, 47, Outcome::Ok, Some("Bea Lim"), "door 1"),
            attempt(2, 46, Outcome::TooEarly, Some("Carlo Diaz"), "door 1"),
            attempt(1, 45, Outcome::Ok, Some("Dina Ocampo"), "door 1"),
        ],
        clock: now(),
        arrivals: Arrivals {
            last_minute: 7,
            minutes: vec![
                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 4, 3, 6, 8, 12, 9, 11, 7, 5, 4, 2, 3,
            ],
        },
        present: vec![
            present("door 1", "Jo Mendoza", false),
            present("door 2", "Mira Santos", true),
        ],
    }
}

/// Somebody at the door.
pub fn present(device: &str, operator: &str, is_you: bool) -> Present {
    Present {
        device: device.into(),
        operator: operator.into(),
        is_you,
    }
}

/// The roster of the door's event: the candidates with a registration.
pub fn roster() -> Roster {
    let people = candidates().into_iter().filter(|c| c.standing != Standing::None);
    Roster::new(roster::Page {
        event_id: EventId(6),
        title: "Trivia Night: Science".into(),
        start_time: manila("2026-11-27 18:30"),
        end_time: manila("2026-11-27 20:30"),
        is_active: true,
        has_check_out: false,
        points_reward: 15,
        opens_minutes: 120,
        clock: manila("2026-11-27 18:40"),
        people: people
            .map(|c| roster::Person {
                id: c.id,
                folded: roster::fold(&format!(
                    "{} {} {}@example.org",
                    c.full_name, c.username, c.username
                )),
                email: format!("{}@example.org", c.username).into(),
                username: c.username,
                full_name: c.full_name,
                pass_code: format!("R6K2F9TQ{:02}", c.id.0).into(),
                is_active: true,
                total: 325,
                due: None,
                standing: c.standing,
                first: c.first,
                outs: Vec::new(),
                door_note: c.door_note,
            })
            .collect(),
    })
}

pub fn checked_in(outcome: Outcome) -> CheckedIn {
    let known = outcome != Outcome::UnknownCode;
    CheckedIn {
        input: if known { "niño" } else { "xk2qq" }.into(),
        outcome,
        member: known.then(|| MemberName {
            id: MemberId(10),
            username: "nino_b".into(),
            full_name: "Niño Bautista".into(),
        }),
        event_id: EventId(6),
        event_title: "Trivia Night: Science".into(),
        points: if outcome == Outcome::Ok { 15 } else { 0 },
        total: if known { 410 } else { 0 },
        at: now(),
        first: matches!(outcome, Outcome::Already | Outcome::NotIn).then(|| FirstScan {
            at: Some(manila("2026-11-27 18:22")),
            device: Some("door 1".into()),
            operator: Some("Mira Santos".into()),
        }),
        opens_at: (outcome == Outcome::TooEarly).then(|| manila("2026-11-27 20:00")),
        ended_at: (outcome == Outcome::Over).then(|| manila("2026-11-27 17:00")),
        overrode: None,
        over_capacity: false,
        due: (outcome == Outcome::Unpaid).then(|| Money::from_hundredths(25_000).unwrap()),
        paid: None,
        passage: Passage::In,
        door_note: None,
        earned: Vec::new(),
    }
}

/// What the rules say: everything passes up to the outcome's own rule.
pub fn evaluation(outcome: Outcome) -> Evaluation {
    let rules = [
        (Outcome::UnknownCode, None, Some("nino_b")),
        (Outcome::MemberInactive, None, None),
        (Outcome::EventInactive, None, None),
        (Outcome::Already, Some("2026-11-27 18:41"), Some("door 1")),
        (Outcome::NotRegistered, Some("2026-11-02 09:00"), None),
        (Outcome::Cancelled, None, Some("registered")),
        (Outcome::Pending, None, None),
        (Outcome::Waitlisted, None, None),
        (Outcome::TooEarly, Some("2026-11-27 16:30"), None),
        (Outcome::Over, Some("2026-11-27 20:30"), None),
    ];
    let checked = checked_in(outcome);
    Evaluation {
        input: checked.input,
        outcome,
        passage: Passage::In,
        member: checked.member,
        event_id: checked.event_id,
        event_title: checked.event_title,
        at: now(),
        rules: rules
            .into_iter()
            .map(|(rule, at, text)| Rule {
                rule,
                passed: Some(rule != outcome),
                at: at
                    .filter(|_| rule != Outcome::Already || outcome == rule)
                    .map(manila),
                text: text
                    .filter(|_| rule != Outcome::Already || outcome == rule)
                    .map(SafeText::from),
            })
            .collect(),
        door_note: None,
    }
}

pub fn door_log() -> DoorLog {
    let row = |id: i64, minute: u32, outcome, passage, device: &str, reason: Option<&str>| LogRow {
        id,
        at: manila(&format!("2026-11-27 18:{minute:02}")),
        outcome,
        passage,
        input: "niño".into(),
        member: (outcome != Outcome::UnknownCode).then(|| MemberName {
            id: MemberId(i32::try_from(id).unwrap()),
            username: format!("user{id}").into(),
            full_name: member_name(usize::try_from(id).unwrap()).into(),
        }),
        device: device.into(),
        operator: "Mira Santos".into(),
        first_at: None,
        reason: reason.map(SafeText::from),
    };
    DoorLog {
        event_id: EventId(6),
        title: "Trivia Night: Science".into(),
        total: 5,
        rows: vec![
            row(9, 51, Outcome::Ok, Passage::In, "door 1", None),
            row(
                8,
                50,
                Outcome::Ok,
                Passage::UndoIn,
                "door 2",
                Some("wrong person"),
            ),
            row(7, 49, Outcome::Already, Passage::In, "door 1", None),
            row(6, 48, Outcome::UnknownCode, Passage::In, "door 1", None),
            row(5, 47, Outcome::Ok, Passage::Out, "door 2", None),
        ],
    }
}

pub fn undone(outcome: UndoOutcome, passage: Passage) -> Undone {
    let whole = outcome == UndoOutcome::Undone && passage == Passage::In;
    Undone {
        outcome,
        passage,
        member: MemberName {
            id: MemberId(10),
            username: "nino_b".into(),
            full_name: "Niño Bautista".into(),
        },
        event_id: EventId(6),
        event_title: "Trivia Night: Science".into(),
        voided: None,
        points: if whole { -15 } else { 0 },
        total: if whole { 395 } else { 410 },
        at: now(),
        first: (outcome != UndoOutcome::Nothing).then(|| FirstScan {
            at: Some(manila("2026-11-27 18:22")),
            device: Some("door 1".into()),
            operator: Some("Mira Santos".into()),
        }),
        lost: Vec::new(),
    }
}

const GIVEN: [&str; 12] = [
    "Ana", "Bea", "Carlo", "Dina", "Emil", "Fe", "Gio", "Hana", "Ines", "Jo", "Katya", "Liam",
];
const FAMILY: [&str; 11] = [
    "Aquino", "Bautista", "Cruz", "Diaz", "Flores", "Garcia", "Lim", "Mendoza", "Ocampo", "Ramos", "Torres",
];

pub fn member_name(at: usize) -> String {
    format!("{} {}", GIVEN[at % GIVEN.len()], FAMILY[at % FAMILY.len()])
}

/// A member of a board by their number from the top, 0 the first; Ana is the 14th, the second and third are tied.
pub fn ranked(members: i64, at: i64) -> Ranked {
    let index = usize::try_from(at).unwrap();
    Ranked {
        rank: if at == 2 { 2 } else { at + 1 },
        tied: at == 1 || at == 2,
        user_id: MemberId(if at == 13 {
            3
        } else {
            1000 + i32::try_from(at).unwrap()
        }),
        username: format!("user{at}").into(),
        full_name: if at == 13 {
            "Ana Reyes".into()
        } else {
            member_name(index).into()
        },
        points: 3 * members - 3 * if at == 2 { 1 } else { at },
        moved: [Some(2), Some(-1), Some(0), None][index % 4],
    }
}

/// A board of so many members, of whom `most` rows from `skip` on.
pub fn board(members: i64, skip: i64, most: i64) -> BoardPage {
    let end = (skip + most).min(members);
    BoardPage {
        members,
        skipped: Some(skip),
        above: skip > 0,
        below: end < members,
        rows: (skip..end).map(|at| ranked(members, at)).collect(),
        me: (members > 13).then(|| ranked(members, 13)),
    }
}

/// What a board of so many members answers.
pub fn board_at(members: i64, place: Place, most: i32) -> BoardPage {
    let most = i64::from(most);
    let number = |member: MemberId| {
        if member == MemberId(3) {
            13
        } else {
            i64::from(member.0) - 1000
        }
    };
    let (skip, end) = match place {
        Place::Skip(skip) => return board(members, skip, most),
        Place::Around(member) => {
            let top = number(member) - most / 2;
            (top, top + most)
        }
        Place::Behind(member) => (number(member) + 1, number(member) + 1 + most),
        Place::Before(member) => (number(member) - most, number(member)),
    };
    let page = board(members, skip.max(0), end - skip.max(0));
    BoardPage {
        skipped: None,
        ..page
    }
}

pub fn account() -> Account {
    Account {
        user_id: MemberId(3),
        username: "ana".into(),
        full_name: "Ana Reyes".into(),
        email: "ana@example.org".into(),
        sessions: vec![SessionLine {
            id: 7,
            device: "door 2".into(),
            created_at: manila("2026-11-27 18:02"),
            last_active: manila("2026-11-27 18:51"),
            is_here: true,
        }],
    }
}

pub fn reset_code() -> ResetCode {
    ResetCode {
        code: "7HQ2M9KXTC".into(),
        username: "ana".into(),
        expires_at: manila("2026-11-28 18:52"),
    }
}

pub fn profile() -> Profile {
    Profile {
        user_id: MemberId(3),
        username: "ana".into(),
        full_name: "Ana Reyes".into(),
        email: "ana@example.org".into(),
        created_at: Some(manila("2025-03-02 10:00")),
        pass_code: "R6K2F9TQ4M".into(),
        earned: 390,
        spendable: 340,
        attended: 23,
        rank: Some(14),
        members: 612,
    }
}

/// The newest rows of a ledger of `total` rows, from behind one on.
pub fn ledger(total: i32, before: Option<i32>, most: i32) -> PointsPage {
    let from = before.unwrap_or(total + 1).min(total + 1);
    let row = |id: i32| {
        let redeemed = id == total - 2;
        PointsRow {
            id,
            points: if redeemed { -50 } else { 15 },
            transaction_type: if redeemed {
                LedgerKind::Redemption
            } else {
                LedgerKind::EventAttendance
            },
            description: if redeemed {
                "redeemed: tote bag".into()
            } else {
                format!("attended Trivia Night {id}").into()
            },
            transaction_date: Some(manila("2026-11-21 20:00") - TimeDelta::days(7 * i64::from(total - id))),
            event_id: None,
            counts_at: None,
            balance: 15 * i64::from(id),
            awarded_by: None,
            reverses_id: None,
            reversed_by: None,
        }
    };
    PointsPage {
        rows: (1..from)
            .rev()
            .take(usize::try_from(most).unwrap())
            .map(row)
            .collect(),
        total: i64::from(total),
    }
}

/// A model, its clock, and what it waits for.
pub struct Desk {
    pub model: Model,
    pub clock: Timestamp,
    pub waiting: Vec<(RequestId, Call)>,
    pub timers: Vec<(Duration, Timer)>,
}

impl Desk {
    pub fn sized(width: u16, height: u16) -> Self {
        Self::with(|setup| setup.size = (width, height))
    }

    /// A desk whose data layer is ready, nothing answered yet.
    pub fn with(change: impl FnOnce(&mut Setup)) -> Self {
        let mut setup = Setup {
            now: now(),
            zone: None,
            size: (80, 24),
            lock_after: None,
            kiosk: false,
            kiosk_idle: Duration::from_secs(120),
            mouse: true,
            flash: true,
            bell: false,
            device: "door 2".into(),
            rehearse: false,
            nonces: Nonces::counted(),
        };
        change(&mut setup);
        let mut desk = Self {
            model: Model::new(setup),
            clock: now(),
            waiting: Vec::new(),
            timers: Vec::new(),
        };
        let effects = desk.model.start();
        desk.note(&effects);
        desk
    }

    /// Signed in, with the community known and the calendar's events still to come.
    pub fn signed_in(user_type: UserType, width: u16, height: u16) -> Self {
        let mut desk = Self::sized(width, height);
        desk.open();
        desk.sign_in(user_type);
        desk
    }

    pub fn open(&mut self) {
        self.send(Msg::Opened(Ok(())));
        self.reply(
            |call| matches!(call, Call::Community),
            Ok(Answer::Community(community())),
        );
    }

    pub fn sign_in(&mut self, user_type: UserType) {
        let person = me(user_type);
        self.write(person.username.as_str());
        self.press("Enter");
        self.write("pinetime");
        self.press("Enter");
        self.reply(
            |call| matches!(call, Call::SignIn { .. }),
            Ok(Answer::SignIn(Some(person))),
        );
    }

    fn note(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Run { request, call, .. } => self.waiting.push((*request, call.clone())),
                Effect::After { delay, timer } => {
                    self.timers.retain(|(_, set)| set != timer);
                    self.timers.push((*delay, *timer));
                }
                Effect::Export { .. }
                | Effect::Keep(_)
                | Effect::Listen(_)
                | Effect::StopWaiting
                | Effect::Bell
                | Effect::Repaint
                | Effect::Restart
                | Effect::Wipe
                | Effect::Quit { .. } => {}
            }
        }
    }

    pub fn send(&mut self, msg: Msg) -> Vec<Effect> {
        self.model.set_now(self.clock);
        let effects = self.model.update(msg);
        self.note(&effects);
        effects
    }

    /// Time passes, without anything happening.
    pub fn pass(&mut self, seconds: i64) {
        self.clock += TimeDelta::seconds(seconds);
    }

    pub fn fire(&mut self, timer: Timer) -> Vec<Effect> {
        self.timers.retain(|(_, set)| *set != timer);
        self.send(Msg::Timer(timer))
    }

    /// What was said on the message line has been seen long enough.
    pub fn quiet(&mut self) {
        while let Some(timer) = self.timer(|timer| matches!(timer, Timer::Toast(_))) {
            self.fire(timer);
        }
    }

    pub fn timer(&self, wanted: impl Fn(&Timer) -> bool) -> Option<Timer> {
        self.timers.iter().rev().map(|(_, timer)| *timer).find(wanted)
    }

    /// One key, as people write it: `q`, `Enter`, `Ctrl+S`, `Alt+3`, `F6`, `Shift+Tab`.
    pub fn press(&mut self, key: &str) -> Vec<Effect> {
        self.hand(key_event(key))
    }

    /// Letters, one after the other.
    pub fn write(&mut self, text: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for c in text.chars() {
            effects.extend(self.hand(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
        }
        effects
    }

    /// A key as a hand presses it: nothing follows it for a while.
    fn hand(&mut self, key: KeyEvent) -> Vec<Effect> {
        let mut effects = self.send(Msg::Key(key));
        if self.timer(|timer| *timer == Timer::Burst).is_some() {
            effects.extend(self.fire(Timer::Burst));
        }
        effects
    }

    /// Keys as a scanner types them: without a pause.
    pub fn burst(&mut self, keys: impl IntoIterator<Item = KeyEvent>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (at, key) in keys.into_iter().enumerate() {
            effects.extend(self.send(if at == 0 { Msg::Key(key) } else { Msg::Quick(key) }));
        }
        effects
    }

    /// A code as a scanner types it, with its terminator.
    pub fn scan(&mut self, code: &str) -> Vec<Effect> {
        let letters = code
            .chars()
            .map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
        self.burst(letters.chain([KeyCode::Enter.into()]))
    }

    pub fn click(&mut self, column: u16, row: u16) -> Vec<Effect> {
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, row)
    }

    pub fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) -> Vec<Effect> {
        let modifiers = KeyModifiers::NONE;
        self.send(Msg::Mouse(MouseEvent {
            kind,
            column,
            row,
            modifiers,
        }))
    }

    /// The newest call of a kind that waits for its answer.
    pub fn newest(&self, wanted: impl Fn(&Call) -> bool) -> Option<(RequestId, Call)> {
        self.waiting.iter().rev().find(|(_, call)| wanted(call)).cloned()
    }

    /// Answers the newest call of a kind.
    pub fn reply(&mut self, wanted: impl Fn(&Call) -> bool, result: Result<Answer, Fault>) -> Vec<Effect> {
        let (request, _) = self
            .newest(wanted)
            .unwrap_or_else(|| panic!("no such call is waiting, but {:?}", self.waiting));
        self.reply_to(request, result)
    }

    pub fn reply_to(&mut self, request: RequestId, result: Result<Answer, Fault>) -> Vec<Effect> {
        self.waiting.retain(|(id, _)| *id != request);
        self.send(Msg::Reply {
            request,
            result,
            took: Duration::from_millis(3),
        })
    }

    /// Gives the calendar its events.
    pub fn with_events(&mut self, lines: Vec<EventLine>) -> &mut Self {
        self.reply(
            |call| matches!(call, Call::Events { .. }),
            Ok(Answer::Events(lines)),
        );
        self
    }

    /// Gives the event page its event and who will be there.
    pub fn with_page(&mut self, page: EventPage) -> &mut Self {
        self.reply(|call| matches!(call, Call::Event(_)), Ok(Answer::Event(page)));
        let names = ["Bea Lim", "Jo M.", "Katya Torres", "Niño Bautista"];
        let others = names.map(|name| (name, false));
        let rows = [("Ana Reyes", true)].into_iter().chain(others);
        let attendees = Attendees {
            rows: rows
                .map(|(name, is_me)| Attendee {
                    name: name.into(),
                    is_me,
                })
                .collect(),
            next: Some(9),
            total: 12,
        };
        self.reply(
            |call| matches!(call, Call::Seats(SeatsCall::Attendees { .. })),
            Ok(Answer::Seats(SeatsAnswer::Attendees(attendees))),
        );
        self
    }

    /// Opens the door and gives it its events and its figures.
    pub fn at_the_door(&mut self) -> &mut Self {
        self.press("3");
        self.reply(
            |call| matches!(call, Call::Events { .. }),
            Ok(Answer::Events(door_events())),
        );
        self.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(door())));
        self
    }

    /// Gives the door its roster.
    pub fn with_roster(&mut self) -> &mut Self {
        self.fire(Timer::Poll);
        self.reply(
            |call| matches!(call, Call::Roster(_)),
            Ok(Answer::Roster(std::sync::Arc::new(roster()))),
        );
        self
    }

    /// Lets what was done last at the door go unanswered for too long.
    pub fn queue(&mut self, fault: Option<Fault>) -> Vec<Effect> {
        let (request, call) = self
            .newest(|call| Deed::of(call).is_some())
            .expect("something was done at the door");
        self.queue_call(request, &call, fault)
    }

    /// Lets this go unanswered for too long.
    pub fn queue_call(&mut self, request: RequestId, call: &Call, fault: Option<Fault>) -> Vec<Effect> {
        let deed = Deed::of(call).unwrap();
        let kept = Kept {
            nonce: deed.nonce,
            event: deed.event,
            presented: deed.presented,
            act: deed.act,
            operator: "user:1".to_owned(),
            device: "door 2".into(),
            occurred_at: self.clock,
            decided: None,
        };
        self.send(Msg::Holding {
            queued: 1,
            unsettled: Vec::new(),
        });
        self.send(Msg::Queued { request, kept, fault })
    }

    /// Types at the door and lets the search be answered.
    pub fn find(&mut self, text: &str, found: Vec<Candidate>) -> &mut Self {
        self.write(text);
        let timer = self
            .timer(|timer| matches!(timer, Timer::Debounce(_)))
            .expect("a search is due");
        self.fire(timer);
        self.reply(
            |call| matches!(call, Call::FindAtDoor { .. }),
            Ok(Answer::Candidates(found)),
        );
        self
    }

    pub fn buffer(&self, width: u16, height: u16, theme: &Theme) -> Buffer {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal
            .draw(|frame| ui::draw(frame, &self.model, theme))
            .unwrap();
        terminal.backend().buffer().clone()
    }

    /// The screen as text, without what trails on a line.
    pub fn screen(&self, width: u16, height: u16) -> String {
        text_of(&self.buffer(width, height, &Theme::terminal()))
    }
}

/// A frame as text: every letter once, however many cells it takes.
pub fn text_of(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut covered = 0;
        for x in 0..buffer.area.width {
            if covered > 0 {
                covered -= 1;
                continue;
            }
            let symbol = buffer[(x, y)].symbol();
            covered = symbol.cell_width().saturating_sub(1);
            line.push_str(symbol);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Reads a key as people write it.
pub fn key_event(key: &str) -> KeyEvent {
    let (mut modifiers, mut name) = (KeyModifiers::NONE, key);
    if name == "Shift+Tab" {
        return KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT);
    }
    while let Some((held, rest)) = name.split_once('+').filter(|(_, rest)| !rest.is_empty()) {
        modifiers |= match held {
            "Ctrl" => KeyModifiers::CONTROL,
            "Alt" => KeyModifiers::ALT,
            "Shift" => KeyModifiers::SHIFT,
            other => panic!("what is {other}?"),
        };
        name = rest;
    }
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        "Backspace" => KeyCode::Backspace,
        "Delete" => KeyCode::Delete,
        "Insert" => KeyCode::Insert,
        "Space" => KeyCode::Char(' '),
        name if name.chars().count() == 1 => {
            let c = name.chars().next().unwrap();
            KeyCode::Char(if modifiers.is_empty() {
                c
            } else {
                c.to_ascii_lowercase()
            })
        }
        name => KeyCode::F(name.trim_start_matches('F').parse().unwrap()),
    };
    KeyEvent::new(code, modifiers)
}

pub fn offline() -> Fault {
    Fault::Offline("connection refused".into())
}
