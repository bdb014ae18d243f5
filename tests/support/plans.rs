//! A plan made by hand: what the data layer answers to whoever makes, changes and cancels events.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

use pine_time::domain::event::EventPage;
use pine_time::domain::money::Money;
use pine_time::domain::plan::{
    CalendarFile, Clash, Effects, PlanAnswer, PlanCall, Saved, StopOutcome, Stopped, TypeLine,
};
use pine_time::domain::{Answer, Call, Timestamp};
use uuid::Uuid;

use crate::fixtures::{Desk, event, events, manila, page};

/// What a change of an event does to fifteen people.
pub fn effects() -> Effects {
    Effects {
        registered: 12,
        pending: 1,
        waitlisted: 2,
        over: 0,
        names: ["Ana", "Ben", "Chloé", "Dan", "Ella", "Fe"]
            .map(Into::into)
            .into(),
        clashing: 2,
        clashes: vec![
            Clash {
                name: "Ana".into(),
                title: "The Manor Murder".into(),
            },
            Clash {
                name: "Dan".into(),
                title: "Café Français".into(),
            },
        ],
        payments: 3,
        paid: Money::from_hundredths(75_000).unwrap(),
        moves: true,
        relocates: false,
        stops: false,
    }
}

/// What it does to nobody.
pub fn harmless() -> Effects {
    Effects {
        registered: 0,
        pending: 0,
        waitlisted: 0,
        names: Vec::new(),
        clashing: 0,
        clashes: Vec::new(),
        payments: 0,
        paid: Money::ZERO,
        ..effects()
    }
}

pub fn type_lines() -> Vec<TypeLine> {
    [
        ("board games", 3),
        ("hike", 1),
        ("mystery", 12),
        ("trivia", 1204),
        ("workshop", 0),
    ]
    .into_iter()
    .map(|(name, events)| TypeLine {
        name: name.into(),
        events,
        is_trivia: name == "trivia",
    })
    .collect()
}

/// The sixth event, cancelled.
pub fn cancelled() -> EventPage {
    let mut line = events()[5].clone();
    line.is_active = false;
    EventPage {
        version: 2,
        cancel_reason: Some("The hall is flooded".into()),
        changed_at: Some(manila("2026-11-27 18:40")),
        ..page(line)
    }
}

pub fn stopped(outcome: StopOutcome) -> Box<Stopped> {
    let event = match outcome {
        StopOutcome::Reopened => page(events()[5].clone()),
        _ => cancelled(),
    };
    Box::new(Stopped {
        outcome,
        event,
        effects: Effects {
            stops: true,
            moves: false,
            ..effects()
        },
    })
}

pub fn file(of: Vec<EventPage>) -> CalendarFile {
    CalendarFile {
        calendar_id: Uuid::from_u128(0x5eed),
        events: of,
    }
}

pub fn saved(event: EventPage) -> Answer {
    Answer::Plan(PlanAnswer::Saved(Box::new(Saved::Saved { event, events: 1 })))
}

pub fn changed(event: EventPage, by: &str) -> Answer {
    Answer::Plan(PlanAnswer::Saved(Box::new(Saved::Changed {
        event,
        by: Some(by.into()),
    })))
}

pub fn is_save(call: &Call) -> bool {
    matches!(call, Call::Plan(PlanCall::Save { .. }))
}

pub fn is_effects(call: &Call) -> bool {
    matches!(call, Call::Plan(PlanCall::Effects(_)))
}

pub fn is_cancel(call: &Call) -> bool {
    matches!(call, Call::Plan(PlanCall::Cancel { .. }))
}

pub fn is_types(call: &Call) -> bool {
    matches!(call, Call::Plan(PlanCall::Types))
}

pub fn is_type_change(call: &Call) -> bool {
    matches!(call, Call::Plan(PlanCall::ChangeTypes { .. }))
}

pub fn is_file(call: &Call) -> bool {
    matches!(call, Call::Plan(PlanCall::File(_)))
}

/// The answer that a call about the plan may have; another for another `how`.
pub fn planned(call: &PlanCall, how: u8, at: Timestamp) -> PlanAnswer {
    let one = |title: &str| page(event(77, title, "2026-12-03 18:30", 2));
    match call {
        PlanCall::Save { .. } if how.is_multiple_of(3) => PlanAnswer::Saved(Box::new(Saved::Changed {
            event: EventPage {
                version: 3,
                changed_at: Some(at),
                ..one("Changed by somebody else")
            },
            by: Some("mira".into()),
        })),
        PlanCall::Save { draft, .. } => PlanAnswer::Saved(Box::new(Saved::Saved {
            event: one("Saved"),
            events: 1 + i64::try_from(draft.further.len()).unwrap(),
        })),
        PlanCall::Effects(_) => PlanAnswer::Effects(if how.is_multiple_of(2) {
            effects()
        } else {
            harmless()
        }),
        PlanCall::Cancel { .. } => PlanAnswer::Cancelled(stopped(StopOutcome::Cancelled)),
        PlanCall::Reopen { .. } => PlanAnswer::Reopened(stopped(StopOutcome::Reopened)),
        PlanCall::Types | PlanCall::ChangeTypes { .. } => PlanAnswer::Types(type_lines()),
        PlanCall::File(_) => PlanAnswer::File(file(if how.is_multiple_of(2) {
            vec![one("In a file")]
        } else {
            Vec::new()
        })),
    }
}

/// Opens the form that begins from the sixth event, by its key.
pub fn form_from(desk: &mut Desk, key: &str) {
    desk.press(key);
    desk.reply(
        |call| matches!(call, Call::Event(_)),
        Ok(Answer::Event(page(events()[5].clone()))),
    );
    desk.reply(
        |call| matches!(call, Call::EventTypes),
        Ok(Answer::EventTypes(crate::fixtures::types())),
    );
}
