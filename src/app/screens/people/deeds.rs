//! What staff do about an event's people: who may be meant, what is sent, and what came of it, in words.

use crate::app::action::PeopleAction;
use crate::app::batch::Told;
use crate::app::context::{Context, Tone};
use crate::app::words;
use crate::domain::check_in::Outcome;
use crate::domain::completion::{CompletionAnswer, CompletionCall, Place, Results};
use crate::domain::event::{EventId, EventLine, RegistrationStatus as Status};
use crate::domain::event_people::{DeskAct, DeskOutcome, EventPerson, SeatChange};
use crate::domain::member::MemberId;
use crate::domain::passage::{Passage, UndoOutcome};
use crate::domain::seats::{SeatsAnswer, SeatsCall};
use crate::domain::{Answer, Call, Fault, Nonce, when};

/// One thing done about one person.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Deed {
    /// About their registration.
    Desk(DeskAct),
    /// They were there.
    Late(String),
    /// They were not.
    TakeBack(String),
}

impl Deed {
    pub(crate) fn call(&self, nonce: Nonce, event: EventId, member: MemberId) -> Call {
        match self {
            Self::Desk(act) => Call::Seats(SeatsCall::Change {
                nonce,
                event,
                member,
                act: act.clone(),
            }),
            Self::Late(reason) => Call::Completion(CompletionCall::AttendLate {
                nonce,
                event,
                member,
                reason: reason.clone(),
            }),
            Self::TakeBack(reason) => Call::Undo {
                nonce,
                event,
                member,
                passage: Passage::In,
                reason: Some(reason.clone()),
            },
        }
    }

    /// What the list of results is called.
    pub(crate) fn title(&self) -> &'static str {
        match self {
            Self::Desk(DeskAct::Approve) => "Approved",
            Self::Desk(DeskAct::Reject { .. }) => "Rejected",
            Self::Desk(DeskAct::Cancel { .. }) => "Cancelled",
            Self::Desk(DeskAct::Move { .. }) => "Moved",
            Self::Desk(DeskAct::Note { .. }) => "Noted",
            Self::Desk(DeskAct::Register { .. }) => "Registered",
            Self::Desk(DeskAct::Promote { .. }) => "Promoted",
            Self::Late(_) => "Late entries",
            Self::TakeBack(_) => "Taken back",
        }
    }
}

/// What came of a deed, for the line of its person.
pub(crate) fn told(deed: &Deed, answer: &Result<Answer, Fault>, event: &EventLine, cx: &Context) -> Told {
    match (deed, answer) {
        (Deed::Desk(act), Ok(Answer::Seats(SeatsAnswer::Changed(change)))) => changed(act, change),
        (Deed::Late(_), Ok(Answer::Completion(CompletionAnswer::Attended(checked)))) => match checked.outcome
        {
            Outcome::Ok => {
                let day = when::short_day(cx.zone().day(event.start_time), cx.today());
                let over = if checked.over_capacity {
                    ", one more than there are seats"
                } else {
                    ""
                };
                Told::good(match checked.points {
                    0 => format!("was there{over}"),
                    points => format!(
                        "was there: {} points of {day}{over}",
                        words::signed(points.into())
                    ),
                })
            }
            Outcome::TooEarly => Told::not("The event has not begun."),
            outcome => Told::not(format!("Not entered: {}.", outcome.brief())),
        },
        (Deed::TakeBack(_), Ok(Answer::Undone(undone))) => match undone.outcome {
            UndoOutcome::Undone => {
                let money = undone.voided.map_or_else(String::new, |voided| {
                    format!("; {} to give back", cx.currency().show(voided))
                });
                Told::good(match undone.points {
                    0 => format!("attendance taken back{money}"),
                    points => format!(
                        "attendance taken back: {} points{money}",
                        words::number(points.into())
                    ),
                })
            }
            UndoOutcome::Nothing => Told::not("There is nothing to take back."),
            UndoOutcome::ReasonNeeded => Told::not("It takes a reason."),
        },
        (_, Ok(_)) => Told {
            tone: Tone::Bad,
            text: Fault::Internal.to_string(),
        },
        (_, Err(fault)) => Told {
            tone: Tone::Bad,
            text: match fault {
                Fault::Invalid { why, .. } => why.to_string(),
                fault => fault.to_string(),
            },
        },
    }
}

fn changed(act: &DeskAct, change: &SeatChange) -> Told {
    if let Some(why) = change.outcome.why_not() {
        return Told::not(why);
    }
    let there = if matches!(act, DeskAct::Move { .. }) {
        " there"
    } else {
        ""
    };
    let place = change.person.as_ref().and_then(|person| person.place);
    let text = match change.outcome {
        DeskOutcome::Registered => format!("has a seat{there}"),
        DeskOutcome::Waitlisted => match place {
            Some(place) => format!("is number {place} in line{there}"),
            None => format!("is in line{there}"),
        },
        DeskOutcome::Pending => format!("waits for approval{there}"),
        DeskOutcome::Rejected => "is refused, and reads why".to_owned(),
        DeskOutcome::Cancelled => "is cancelled, and reads why".to_owned(),
        DeskOutcome::Next => "gets the next free seat".to_owned(),
        _ => "is noted".to_owned(),
    };
    let promoted = match change.promoted.as_slice() {
        [] => String::new(),
        [one] => format!("; {} moves up", one.full_name),
        several => format!("; {} move up", several.len()),
    };
    Told::good(text + &promoted)
}

/// What the results say, the winners first; as many names as there is room for is the drawing's business.
pub(crate) fn results_line(results: &Results) -> String {
    Place::ALL
        .into_iter()
        .filter_map(|place| {
            let names: Vec<&str> = results
                .0
                .iter()
                .filter(|line| line.place == place)
                .map(|line| line.member.full_name.as_str())
                .collect();
            (!names.is_empty()).then(|| format!("{} {}", place.words(), names.join(", ")))
        })
        .collect::<Vec<_>>()
        .join(" · ")
}

/// Why something cannot be done about somebody, as far as it can be known here; `None` when it can.
pub(crate) fn why_not(
    action: PeopleAction,
    person: &EventPerson,
    event: &EventLine,
    cx: &Context,
) -> Option<String> {
    let name = &person.member.full_name;
    let live = matches!(
        person.status,
        Status::Registered | Status::Pending | Status::Waitlisted
    );
    match action {
        PeopleAction::Approve if !matches!(person.status, Status::Pending | Status::Rejected) => {
            Some(format!("{name} does not wait for approval."))
        }
        PeopleAction::Reject | PeopleAction::Cancel | PeopleAction::Move if person.attended => {
            Some(format!("{name} was checked in; Ctrl+Z takes that back first."))
        }
        PeopleAction::Reject | PeopleAction::Cancel | PeopleAction::Move if !live => Some(format!(
            "{name}'s registration is {} already.",
            person.status.word()
        )),
        PeopleAction::Move if person.paid.is_some() => {
            Some(format!("{name} has paid; P gives that back first."))
        }
        PeopleAction::Promote if person.status != Status::Waitlisted => {
            Some(format!("{name} does not stand in line."))
        }
        PeopleAction::Pay if person.due.is_none() => Some(format!("Nothing is due from {name}.")),
        PeopleAction::Refund if person.paid.is_none() => {
            Some(format!("Nothing of {name}'s is there to give back."))
        }
        PeopleAction::Late if !event.is_active => Some("The event is cancelled.".to_owned()),
        PeopleAction::Late if cx.now() < event.start_time => Some(format!(
            "The event begins {}; until then the door does it.",
            when::relative(event.start_time, cx.now())
        )),
        PeopleAction::Late if person.attended => Some(format!("{name} was there already.")),
        PeopleAction::TakeBack if !person.attended => Some(format!("{name} was not checked in.")),
        PeopleAction::Place if cx.now() < event.start_time => Some("The event has not begun.".to_owned()),
        PeopleAction::Place if !person.attended => Some(format!(
            "{name} was not there; who has a place was. l enters it late."
        )),
        _ => None,
    }
}
