//! What the door's keys do, and why one of them cannot be used now.

use super::{Aim, Card, CheckIn};
use crate::app::action::DoorAction;
use crate::app::context::{Context, Tone, Wish};
use crate::app::effect::Lane;
use crate::app::overlay::door_log::LogOverlay;
use crate::app::overlay::{Overlay, picker::Picker, settle::Settle};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::{Call, Fault};

impl CheckIn {
    /// Why this cannot be done now; `None` when it can.
    pub(crate) fn why_not(&self, action: DoorAction, cx: &Context) -> Option<String> {
        match action {
            DoorAction::Settle if cx.unsettled.is_empty() => Some("There is nothing to settle.".to_owned()),
            DoorAction::Undo if self.input.is_empty() && cx.rehearsing => cx.needs_link("Taking back"),
            DoorAction::Redo if self.input.is_empty() && cx.rehearsing => cx.needs_link("Bringing back"),
            DoorAction::Undo if self.input.is_empty() && self.is_tills(false) && cx.is_alone() => {
                cx.needs_link("Taking a payment or an admission back")
            }
            DoorAction::Redo if self.input.is_empty() && self.is_tills(true) && cx.is_alone() => {
                cx.needs_link("Bringing a payment or an admission back")
            }
            DoorAction::CheckOut if cx.rehearsing => cx.needs_link("Checking out"),
            DoorAction::ToggleCheckOut if cx.is_alone() => cx.needs_link("That"),
            DoorAction::Why if cx.is_alone() => cx.needs_link("Asking why"),
            DoorAction::Log if cx.is_alone() => cx.needs_link("The log"),
            DoorAction::Similar if cx.is_alone() => cx.needs_link("Looking for similar names"),
            DoorAction::CheckIn
            | DoorAction::CheckOut
            | DoorAction::ToggleCheckOut
            | DoorAction::Why
            | DoorAction::Log
                if self.event.is_none() =>
            {
                Some("Choose an event first (F6).".to_owned())
            }
            DoorAction::Gather => self.why_not_gather(),
            DoorAction::ReadNote if self.unread() == 0 => Some("There is no note to read.".to_owned()),
            DoorAction::WriteNote => self.why_not_note(cx),
            DoorAction::ToggleCheckOut if self.door.get().is_none() => {
                Some("The event is not here yet.".to_owned())
            }
            DoorAction::CheckOut if self.door.get().is_some_and(|door| !door.has_check_out) => {
                Some("Nobody is checked out of this event. Ctrl+X turns that on.".to_owned())
            }
            DoorAction::Similar if self.event.is_none() => Some("Choose an event first (F6).".to_owned()),
            DoorAction::Similar if self.typed().is_empty() => {
                Some("Type a name first, as well as it is known.".to_owned())
            }
            DoorAction::Why if self.typed().is_empty() && self.on_card().is_none() => {
                Some("Nobody is meant: type part of a name, or scan a pass.".to_owned())
            }
            DoorAction::Undo if self.input.is_empty() && self.undo_hint().is_none() => {
                Some("Nobody was let through here whom it could take back.".to_owned())
            }
            DoorAction::Redo if self.input.is_empty() && self.redo_hint().is_none() => {
                Some("Nothing was taken back here.".to_owned())
            }
            DoorAction::WalkIn | DoorAction::TakePayment | DoorAction::AdmitAnyway => {
                self.why_not_till(action, cx)
            }
            _ => None,
        }
    }

    pub(crate) fn act(&mut self, action: DoorAction, cx: &mut Context) {
        match action {
            DoorAction::CheckIn => self.aim(Aim::In, cx),
            DoorAction::CheckOut => self.aim(Aim::Out, cx),
            DoorAction::Why => self.aim(Aim::Why, cx),
            DoorAction::Log => {
                if let Some(event) = self.event {
                    let log = LogOverlay::new(event, cx);
                    cx.wish(Wish::Open(Box::new(Overlay::Log(Box::new(log)))));
                }
            }
            DoorAction::Careful => self.toggle_careful(cx),
            DoorAction::ToggleCheckOut => self.toggle_check_out(cx),
            DoorAction::Gather => self.gather(cx),
            DoorAction::ReadNote => self.read_note(cx),
            DoorAction::WriteNote => self.open_note(cx),
            DoorAction::Clear => {
                if self.drop_party() {
                    self.party.in_list = false;
                } else if self.input.is_empty() {
                    self.card = Card::Empty;
                    self.lit = None;
                } else {
                    self.input.clear();
                    self.look_up(cx);
                }
            }
            DoorAction::Similar => self.find_similar(cx),
            DoorAction::WalkIn | DoorAction::TakePayment | DoorAction::AdmitAnyway => {
                self.open_till(action, cx);
            }
            DoorAction::Rehearse => self.rehearse(cx),
            DoorAction::Settle => cx.wish(Wish::Open(Box::new(Overlay::Settle(Settle::default())))),
            DoorAction::Undo => self.undo(cx),
            DoorAction::Redo => self.redo(cx),
            DoorAction::ChooseEvent => {
                self.ask_events(cx);
                let picker = Picker::new(self.events.get(), self.event, cx);
                cx.wish(Wish::Open(Box::new(Overlay::Picker(picker))));
            }
        }
    }

    /// Names that resemble what is typed. Enter never follows such a list unseen.
    fn find_similar(&mut self, cx: &mut Context) {
        let (Some(event), query) = (self.event, self.typed().to_owned()) else {
            return;
        };
        self.armed = None;
        // A search that waits for its pause would take the list's place.
        self.typing += 1;
        let want = Want::Similar {
            event,
            query: query.clone(),
        };
        // What is listed now is about something else: nobody may be taken from it meanwhile.
        self.candidates = Remote::Nothing;
        self.is_similar = true;
        let call = Call::FindSimilar { event, query };
        cx.fetch(&mut self.candidates, want, Lane::Search, call);
    }

    fn toggle_check_out(&mut self, cx: &mut Context) {
        if let (Some(door), false) = (self.door.get(), cx.requests.awaits(&Want::SetCheckOut)) {
            let call = Call::SetCheckOut {
                nonce: cx.nonce(),
                event: door.event_id,
                on: !door.has_check_out,
            };
            cx.ask_and_wait(Want::SetCheckOut, Lane::Write, call);
        }
    }

    pub(crate) fn check_out_set(&mut self, result: Result<bool, Fault>, cx: &mut Context) {
        match result {
            Ok(true) => cx.say(
                Tone::Good,
                "F4 checks people out now, and Enter lets them back in.",
            ),
            Ok(false) => cx.say(Tone::Good, "Nobody is checked out of this event any more."),
            Err(fault) => cx.say(Tone::Bad, format!("Nothing is changed. {fault}")),
        }
        self.ask_door(cx);
    }
}
