//! What is done about an event from the calendar or its page: why it cannot be, what is asked of the database, and
//! what is said of its answer.

use super::Calendar;
use crate::app::action::EventAction;
use crate::app::context::{Context, Tone, Wish};
use crate::app::effect::Lane;
use crate::app::overlay::form::Kind;
use crate::app::overlay::{Overlay, confirm::Confirm, money, stop::Stop};
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::event::{CancelOutcome, EventId, EventLine, RegisterOutcome};
use crate::domain::plan::FileOf;
use crate::domain::seats::SeatsCall;
use crate::domain::{Call, Fault};

impl Calendar {
    /// Why an event's action cannot be done now; `None` when it can.
    pub(crate) fn why_not(action: EventAction, line: Option<&EventLine>, cx: &Context) -> Option<String> {
        if action == EventAction::Close {
            return None;
        }
        let Some(line) = line else {
            return Some("There is no event under the cursor.".to_owned());
        };
        let busy =
            cx.requests.awaits(&Want::Register(line.id)) || cx.requests.awaits(&Want::CancelSeat(line.id));
        match action {
            EventAction::Register | EventAction::Cancel if busy => {
                Some("Your last change to this event is not answered yet.".to_owned())
            }
            EventAction::Register if line.offers_waitlist(cx.now()) => None,
            EventAction::Register => line.why_not_register(cx.now()).map(str::to_owned),
            EventAction::Cancel => line.why_not_cancel(cx.now()).map(str::to_owned),
            EventAction::Payments => cx.needs_link("Money"),
            EventAction::Stop
                if cx.requests.awaits(&Want::StopEvent(line.id))
                    || cx.requests.awaits(&Want::Reopen(line.id)) =>
            {
                Some("Your last change to this event is not answered yet.".to_owned())
            }
            EventAction::Edit
            | EventAction::Duplicate
            | EventAction::Repeat
            | EventAction::Stop
            | EventAction::People
            | EventAction::File
            | EventAction::Close => None,
        }
    }

    /// Does it about the event under the cursor of a screen, or on its page. Closing the page is the screen's.
    pub(crate) fn act_on_event(action: EventAction, line: &EventLine, cx: &mut Context) {
        let id = line.id;
        match action {
            EventAction::Register => {
                let question = Confirm::register(line, cx);
                cx.wish(Wish::Open(Box::new(Overlay::Confirm(question))));
            }
            // Somebody waiting at a full event takes the seat at once: that cannot be taken back.
            EventAction::Cancel if line.is_full() => {
                let question = Confirm::give_seat_up(line);
                cx.wish(Wish::Open(Box::new(Overlay::Confirm(question))));
            }
            EventAction::Cancel => Self::cancel_seat(id, cx),
            EventAction::Edit => Self::ask_form(id, Kind::Edit, cx),
            EventAction::Duplicate => Self::ask_form(id, Kind::Duplicate, cx),
            EventAction::Repeat => Self::ask_form(id, Kind::Series, cx),
            EventAction::Stop if line.is_active => {
                let stop = Stop::new(line, cx);
                cx.wish(Wish::Open(Box::new(Overlay::Stop(Box::new(stop)))));
            }
            EventAction::Stop => {
                let question = Confirm::reopen(line);
                cx.wish(Wish::Open(Box::new(Overlay::Confirm(question))));
            }
            EventAction::File => {
                let of = FileOf {
                    events: Some(vec![id]),
                    ..FileOf::default()
                };
                let title = line.title.to_string();
                Self::ask_file(&title, of, cx);
            }
            EventAction::People => cx.wish(Wish::People(Some(Box::new(line.clone())))),
            EventAction::Payments => money::payments_of(line, cx),
            EventAction::Close => {}
        }
    }

    /// Registers, or stands in line for a seat, as confirmed.
    pub(crate) fn register(event: EventId, wait: bool, cx: &mut Context) {
        let nonce = cx.nonce();
        let call = if wait {
            Call::Seats(SeatsCall::JoinWaitlist { nonce, event })
        } else {
            Call::Register { nonce, event }
        };
        let id = event;
        cx.ask_and_wait(Want::Register(id), Lane::Write, call);
    }

    pub(crate) fn cancel_seat(id: EventId, cx: &mut Context) {
        let call = Call::CancelRegistration {
            nonce: cx.nonce(),
            event: id,
        };
        cx.ask_and_wait(Want::CancelSeat(id), Lane::Write, call);
    }

    // ---- answers to writes ----

    pub(crate) fn registered(
        &mut self,
        result: Result<(RegisterOutcome, EventLine), Fault>,
        cx: &mut Context,
    ) {
        match result {
            Ok((outcome, line)) => {
                let (tone, text) = words::registered(outcome, &line, cx.zone(), cx.now());
                cx.say(tone, text);
                self.take_line(line, cx);
            }
            Err(fault) => cx.say(Tone::Bad, format!("Not registered. {fault}")),
        }
    }

    pub(crate) fn seat_cancelled(
        &mut self,
        result: Result<(CancelOutcome, EventLine), Fault>,
        cx: &mut Context,
    ) {
        match result {
            Ok((outcome, line)) => {
                let (tone, text) = words::seat_cancelled(outcome, &line, cx.zone(), cx.now());
                cx.say(tone, text);
                self.take_line(line, cx);
            }
            Err(fault) => cx.say(Tone::Bad, format!("Not cancelled. {fault}")),
        }
    }
}
