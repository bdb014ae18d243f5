//! Seats, the waitlist and an event's people, as the data layer would tell of them. Stands beside `fixtures`.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use pine_time::domain::check_in::CheckedIn;
use pine_time::domain::completion::{
    CompletionAnswer, CompletionCall, Place, ResultLine, Results, ResultsOutcome, ResultsSet,
};
use pine_time::domain::event::{EventId, RegisterOutcome, RegistrationStatus};
use pine_time::domain::event_people::{DeskOutcome, EventPerson, PeoplePage, PeopleTotals, SeatChange};
use pine_time::domain::member::{MemberId, MemberName};
use pine_time::domain::money::Money;
use pine_time::domain::seats::{
    Attendee, Attendees, MyLine, MyRegistration, MyRegistrations, News, PaymentStatus, SeatsAnswer, SeatsCall,
};

use crate::fixtures::{events, manila};

/// My registration in this state: free, without news; number 3 in line when waitlisted.
pub fn my_registration(status: RegistrationStatus) -> MyRegistration {
    let waits = status == RegistrationStatus::Waitlisted;
    MyRegistration {
        status,
        place: waits.then_some(3),
        status_reason: (status == RegistrationStatus::Rejected)
            .then(|| "For members of a year or more.".into()),
        registration_date: Some(manila("2026-11-20 09:30")),
        waitlisted_at: waits.then(|| manila("2026-11-20 09:30")),
        promoted_at: None,
        payment_status: PaymentStatus::NotRequired,
        price_due: None,
        paid: None,
        due: None,
        news: None,
        news_at: None,
    }
}

/// Registered, promoted (unseen) to an event that costs something, waitlisted, pending, refused.
pub fn my_registrations() -> MyRegistrations {
    let events = events();
    let line = |event: usize, registration| MyLine {
        cancel_reason: None,
        event: events[event].clone(),
        registration,
    };
    MyRegistrations {
        rows: vec![
            line(5, my_registration(RegistrationStatus::Registered)),
            line(
                6,
                MyRegistration {
                    promoted_at: Some(manila("2026-11-23 08:00")),
                    payment_status: PaymentStatus::Pending,
                    price_due: Money::from_hundredths(25_000),
                    due: Money::from_hundredths(25_000),
                    news: Some(News::Promoted),
                    news_at: Some(manila("2026-11-23 08:00")),
                    ..my_registration(RegistrationStatus::Registered)
                },
            ),
            line(7, my_registration(RegistrationStatus::Waitlisted)),
            line(8, my_registration(RegistrationStatus::Pending)),
            line(4, my_registration(RegistrationStatus::Rejected)),
        ],
        more: false,
        upcoming: 2,
        waitlisted: 1,
        pending: 1,
        past: 14,
    }
}

pub fn attendees() -> Attendees {
    let attendee = |name: &str, is_me| Attendee {
        name: name.into(),
        is_me,
    };
    Attendees {
        rows: vec![
            attendee("Ana Reyes", true),
            attendee("Niño B.", false),
            attendee("Katya Torres", false),
        ],
        next: None,
        total: 3,
    }
}

/// Somebody at event 6, registered for free.
pub fn person(id: i32, username: &str, full_name: &str, status: RegistrationStatus) -> EventPerson {
    EventPerson {
        registration_id: 100 + id,
        event_id: EventId(6),
        member: MemberName {
            id: MemberId(id),
            username: username.into(),
            full_name: full_name.into(),
        },
        email: format!("{username}@example.org").as_str().into(),
        is_active: true,
        status,
        place: (status == RegistrationStatus::Waitlisted).then_some(1),
        status_reason: None,
        note: None,
        registration_date: Some(manila("2026-11-20 09:30")),
        waitlisted_at: None,
        promoted_at: None,
        payment_status: PaymentStatus::NotRequired,
        price_due: None,
        paid: None,
        due: None,
        checked_in_at: None,
        attended: false,
        has_left: false,
        result: None,
    }
}

pub fn people() -> PeoplePage {
    PeoplePage {
        rows: vec![
            EventPerson {
                note: Some("Brings the projector".into()),
                ..person(7, "ana", "Ana Reyes", RegistrationStatus::Registered)
            },
            EventPerson {
                payment_status: PaymentStatus::Pending,
                price_due: Money::from_hundredths(25_000),
                due: Money::from_hundredths(25_000),
                ..person(8, "katya", "Katya Torres", RegistrationStatus::Registered)
            },
            EventPerson {
                attended: true,
                checked_in_at: Some(manila("2026-11-23 18:31")),
                payment_status: PaymentStatus::Paid,
                price_due: Money::from_hundredths(25_000),
                paid: Money::from_hundredths(25_000),
                ..person(9, "liam", "Liam Aquino", RegistrationStatus::Registered)
            },
            person(10, "nino_b", "Niño Bautista", RegistrationStatus::Pending),
            person(11, "rey_s", "Rey Santos", RegistrationStatus::Waitlisted),
        ],
        next: None,
    }
}

pub fn people_totals() -> PeopleTotals {
    PeopleTotals {
        event_id: EventId(6),
        max_participants: Some(20),
        people: 5,
        matching: 5,
        registered: 3,
        pending: 1,
        waitlisted: 1,
        cancelled: 0,
        rejected: 0,
        checked_in: 1,
        no_shows: None,
        paid: Money::from_hundredths(25_000).unwrap(),
        payments: 1,
        due: Money::from_hundredths(25_000).unwrap(),
        owing: 1,
    }
}

/// An act at the desk that came out so.
pub fn seat_change(outcome: DeskOutcome, person: EventPerson) -> SeatChange {
    SeatChange {
        outcome,
        person: Some(person),
        max_participants: Some(20),
        registered: 3,
        waitlisted: 1,
        promoted: Vec::new(),
    }
}

/// Any answer to a call, as `how` decides.
pub fn any_answer(call: &SeatsCall, how: u8) -> SeatsAnswer {
    let lines = my_registrations().rows;
    let outcomes = [
        DeskOutcome::Registered,
        DeskOutcome::Waitlisted,
        DeskOutcome::Rejected,
        DeskOutcome::Cancelled,
        DeskOutcome::Next,
        DeskOutcome::Full,
        DeskOutcome::Paid,
    ];
    match call {
        SeatsCall::JoinWaitlist { .. } => SeatsAnswer::Joined(
            [RegisterOutcome::Waitlisted, RegisterOutcome::Registered][usize::from(how) % 2],
            events()[usize::from(how) % 9].clone(),
        ),
        SeatsCall::Mine { .. } => SeatsAnswer::Mine(my_registrations()),
        SeatsCall::News => SeatsAnswer::News(lines[usize::from(how) % lines.len()..].to_vec()),
        SeatsCall::NewsSeen { .. } => SeatsAnswer::NewsSeen(how.is_multiple_of(2)),
        SeatsCall::Attendees { .. } => SeatsAnswer::Attendees(attendees()),
        SeatsCall::People { .. } => SeatsAnswer::People(people()),
        SeatsCall::PeopleTotals { .. } => SeatsAnswer::PeopleTotals(people_totals()),
        SeatsCall::Change { .. } => SeatsAnswer::Changed(Box::new(seat_change(
            outcomes[usize::from(how) % outcomes.len()],
            people().rows[usize::from(how) % 5].clone(),
        ))),
    }
}

/// Ana and Katya won, Liam came second.
pub fn results() -> Results {
    let line = |id: i32, username: &str, full_name: &str, place| ResultLine {
        member: person(id, username, full_name, RegistrationStatus::Registered).member,
        place,
        recorded_at: manila("2026-11-23 22:40"),
    };
    Results(vec![
        line(7, "ana", "Ana Reyes", Place::First),
        line(8, "katya", "Katya Torres", Place::First),
        line(9, "liam", "Liam Aquino", Place::Second),
    ])
}

/// Any answer to a call about completing an event, as `how` decides.
pub fn any_completion(call: &CompletionCall, how: u8, checked_in: CheckedIn) -> CompletionAnswer {
    match call {
        CompletionCall::AttendLate { .. } => CompletionAnswer::Attended(Box::new(checked_in)),
        CompletionCall::Results(_) => CompletionAnswer::Results(results()),
        CompletionCall::SetResults { .. } => CompletionAnswer::Set(ResultsSet {
            outcome: [
                ResultsOutcome::Set,
                ResultsOutcome::Already,
                ResultsOutcome::Changed,
            ][usize::from(how) % 3],
            results: results(),
        }),
    }
}
