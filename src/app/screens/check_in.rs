//! The door: one event, one input, one big word. What is typed is looked up while it is typed; Enter sends one
//! attempt, under a nonce of its own, and the next person can be typed before the answer is here.

mod attempts;
pub(crate) mod careful;
mod doing;
mod live;
pub(crate) mod next;
pub(crate) mod notes;
pub(crate) mod offline;
pub(crate) mod party;
pub(crate) mod party_card;
mod signal;
mod till;
mod undo;

use std::time::Duration;

use crate::app::action::MoveAction;
use crate::app::context::{Context, Tone};
use crate::app::cursor::Cursor;
use crate::app::effect::{Lane, Timer};
use crate::app::geometry;
use crate::app::keymap::Key;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::text_field::{Edit, TextField};
use crate::domain::check_in::{Candidate, CheckedIn, Door, Outcome, Presented};
use crate::domain::event::{EventId, EventLine, door_choice};
use crate::domain::pass_code::{self, NotACode};
use crate::domain::passage::Undone;
use crate::domain::{Call, Fault, Nonce, SafeText};

/// Typing pauses for so long before it is searched for.
const DEBOUNCE: Duration = Duration::from_millis(80);
/// Longest input: what a column holds.
const MAX_INPUT: usize = 255;

/// What is to be done with whoever is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aim {
    /// Let them in.
    In,
    /// Let them out.
    Out,
    /// Tell every rule's answer.
    Why,
}

/// An attempt without an answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attempt {
    pub(crate) nonce: Nonce,
    event: EventId,
    aim: Aim,
    presented: Presented,
    /// Who or what it is about, for the eye.
    pub(crate) label: SafeText,
    /// Grows from attempt to attempt.
    number: u64,
    /// Kept, and answered when the link is back.
    pub(crate) queued: bool,
    /// Whether it can be taken back already.
    noted: bool,
    /// What it brings back, when it was taken back before.
    redoes: Option<undo::Step>,
    /// The number of the party that they came with.
    party: Option<u64>,
}

/// What the big card shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Card {
    /// Nobody yet.
    Empty,
    /// Sent, not answered.
    Sent { nonce: Nonce, label: SafeText },
    /// Not answered in time, and kept; what the roster says of it, if there is one.
    Queued {
        label: SafeText,
        decided: Option<CheckedIn>,
    },
    /// Answered.
    Answered(CheckedIn),
    /// Several who came in together, or were taken back together.
    Party(party_card::PartyCard),
    /// Taken back.
    Undone(Undone),
    /// Careful mode: what would come of it.
    Weighed(careful::Weighed),
    /// Never answered, or refused as a whole: what for, and why.
    Failed {
        label: SafeText,
        fault: Fault,
        /// Whether it was about going out.
        out: bool,
    },
}

/// The check-in screen.
#[derive(Debug)]
pub(crate) struct CheckIn {
    /// Yesterday's to tomorrow's events.
    pub(crate) events: Remote<Vec<EventLine>>,
    pub(crate) event: Option<EventId>,
    pub(crate) door: Remote<Door>,
    pub(crate) input: TextField,
    typing: u64,
    /// Whom the search found, and for which text.
    pub(crate) candidates: Remote<Vec<Candidate>>,
    pub(crate) found_for: String,
    /// Whether they are those with similar names.
    pub(crate) is_similar: bool,
    pub(crate) cursor: Cursor,
    /// Enter, or another such key, was pressed before the search for this text had answered.
    armed: Option<(String, Aim)>,
    pub(crate) under_way: Vec<Attempt>,
    /// The last attempt that was not answered over a broken link: pressed again, it is the same attempt.
    broken: Option<Attempt>,
    pub(crate) card: Card,
    /// The number of the attempt that the card is about; the next has one more.
    carded: u64,
    attempts: u64,
    trail: undo::Trail,
    /// What lights up.
    pub(crate) lit: Option<Outcome>,
    pub(crate) party: party::Party,
    notes: notes::Notes,
    /// Whether a first Enter only looks.
    pub(crate) careful: bool,
    offline: offline::Offline,
    live: live::Live,
    /// Whether the event was chosen by hand: then it stays.
    picked: bool,
    /// Whether the next list of events decides where the door stands.
    choosing: bool,
}

impl CheckIn {
    pub(crate) fn new() -> Self {
        Self {
            events: Remote::Nothing,
            event: None,
            door: Remote::Nothing,
            input: TextField::new(MAX_INPUT),
            typing: 0,
            candidates: Remote::Nothing,
            found_for: String::new(),
            is_similar: false,
            cursor: Cursor::default(),
            armed: None,
            under_way: Vec::new(),
            broken: None,
            card: Card::Empty,
            carded: 0,
            attempts: 0,
            trail: undo::Trail::default(),
            lit: None,
            party: party::Party::default(),
            notes: notes::Notes::default(),
            careful: false,
            offline: offline::Offline::default(),
            live: live::Live::default(),
            picked: false,
            choosing: true,
        }
    }

    /// What is typed, as the search takes it.
    fn typed(&self) -> &str {
        self.input.text().trim()
    }

    /// Whether the list is about what is in the field now.
    pub(crate) fn is_list_current(&self) -> bool {
        self.found_for == self.typed()
    }

    /// The candidate that Enter would take.
    pub(crate) fn marked(&self) -> Option<&Candidate> {
        self.candidates.get()?.get(self.cursor.at)
    }

    // ---- asking ----

    pub(crate) fn enter(&mut self, cx: &mut Context) {
        // Coming back after a while, another event may be on; but not under a person who is being typed.
        self.choosing = !self.picked && self.input.is_empty();
        self.ask_events(cx);
        self.ask_door(cx);
    }

    pub(crate) fn ask_events(&mut self, cx: &mut Context) {
        let zone = cx.zone();
        let today = cx.today();
        let call = Call::Events {
            from: zone.midnight(today - chrono::Days::new(1)),
            to: zone.midnight(today + chrono::Days::new(2)),
        };
        cx.fetch(&mut self.events, Want::DoorEvents, Lane::Page, call);
    }

    fn ask_door(&mut self, cx: &mut Context) {
        if let Some(event) = self.event {
            self.live.again = false;
            cx.fetch(&mut self.door, Want::Door(event), Lane::Poll, Call::Door(event));
        }
    }

    pub(crate) fn poll(&mut self, cx: &mut Context) {
        if self.event.is_none() && !cx.requests.awaits(&Want::DoorEvents) {
            self.ask_events(cx);
        }
        if cx.requests.on(Lane::Poll).is_none() {
            self.ask_door(cx);
        }
        self.ask_roster(cx);
        self.send_notes(cx);
    }

    pub(crate) fn age(&mut self) {
        self.events.age();
        self.door.age();
        self.candidates.age();
    }

    /// The door was put at this event by hand.
    pub(crate) fn pick_event(&mut self, event: EventId, cx: &mut Context) {
        self.picked = true;
        self.open_door(event, cx);
    }

    /// The door stands at this event from now on.
    pub(crate) fn open_door(&mut self, event: EventId, cx: &mut Context) {
        if self.event == Some(event) {
            return;
        }
        self.close_roster(cx);
        self.leave_event(cx);
        self.event = Some(event);
        self.door = Remote::Nothing;
        self.card = Card::Empty;
        self.lit = None;
        self.drop_list();
        self.ask_door(cx);
        self.look_up(cx);
    }

    // ---- keys ----

    pub(crate) fn key(&mut self, key: Key, cx: &mut Context) -> Edit {
        let edit = self.input.key(key);
        self.edited(edit, cx);
        edit
    }

    pub(crate) fn paste(&mut self, raw: &str, cx: &mut Context) -> Edit {
        let edit = self.input.paste(raw);
        self.edited(edit, cx);
        edit
    }

    fn edited(&mut self, edit: Edit, cx: &mut Context) {
        if matches!(edit, Edit::Changed | Edit::Cut) {
            self.armed = None;
            self.party.in_list = false;
            self.look_up(cx);
        }
    }

    pub(crate) fn look_up(&mut self, cx: &mut Context) {
        self.typing += 1;
        self.is_similar = false;
        if self.typed().is_empty() {
            self.drop_list();
        } else {
            self.search_roster(cx);
            cx.after(DEBOUNCE, Timer::Debounce(self.typing));
        }
    }

    fn drop_list(&mut self) {
        self.candidates = Remote::Nothing;
        self.offline.is_roster_list = false;
        self.found_for.clear();
        self.cursor = Cursor::default();
        self.armed = None;
    }

    /// Typing has paused.
    pub(crate) fn search(&mut self, typing: u64, cx: &mut Context) {
        if typing == self.typing {
            self.search_now(cx);
        }
    }

    fn search_now(&mut self, cx: &mut Context) {
        let (Some(event), query) = (self.event, self.typed().to_owned()) else {
            return;
        };
        let want = Want::Candidates {
            event,
            query: query.clone(),
        };
        if !query.is_empty() && !cx.requests.awaits(&want) {
            let call = Call::FindAtDoor { event, query };
            cx.fetch(&mut self.candidates, want, Lane::Search, call);
        }
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        if let (Card::Party(card), true) = (&mut self.card, self.input.is_empty()) {
            return card.step(to);
        }
        self.party.in_list = true;
        let len = self.candidates.get().map_or(0, Vec::len);
        let page = usize::from(geometry::door(cx.setup.size).candidates.height);
        self.cursor.step(to, len, page);
        self.settle(cx);
    }

    pub(crate) fn settle(&mut self, cx: &Context) {
        let len = self.candidates.get().map_or(0, Vec::len);
        let page = usize::from(geometry::door(cx.setup.size).candidates.height);
        self.cursor.fit(len, page);
    }

    // ---- answers ----

    pub(crate) fn events_answered(&mut self, result: Result<Vec<EventLine>, Fault>, cx: &mut Context) {
        self.events.answer(result);
        let choosing = std::mem::take(&mut self.choosing) || self.event.is_none();
        if let (true, Some(events)) = (choosing, self.events.get())
            && let Some(event) = door_choice(events, cx.now(), cx.door_opens_minutes())
        {
            self.open_door(event, cx);
        }
    }

    pub(crate) fn door_answered(&mut self, event: EventId, result: Result<Door, Fault>, cx: &mut Context) {
        if self.event != Some(event) {
            return;
        }
        let answered = result.is_ok();
        self.door.answer(result);
        if std::mem::take(&mut self.live.again) && answered {
            self.ask_door(cx);
        }
    }

    pub(crate) fn found(
        &mut self,
        event: EventId,
        query: String,
        result: Result<Vec<Candidate>, Fault>,
        cx: &mut Context,
    ) {
        if self.event != Some(event) || query != self.typed() {
            return;
        }
        let armed = self.armed.take().filter(|(armed, _)| *armed == query);
        self.offline.unanswered &= result.is_err();
        if let (Some((_, aim)), true, Err(fault)) = (&armed, self.offline.is_roster_list, &result)
            && fault.is_link()
        {
            return self.follow_roster(*aim, query, cx);
        }
        if let (Err(fault), Some(_)) = (&result, &armed) {
            cx.say(Tone::Bad, format!("Not checked in. {fault}"));
        }
        // A cursor that nobody has moved stands on the first: the roster's first may be another than the database's, who
        // knows everybody and puts the one named exactly on top.
        let untouched = self.offline.is_roster_list && self.cursor.at == 0 && !self.party.in_list;
        let kept = self
            .marked()
            .map(|c| c.id)
            .filter(|_| self.found_for == query && !untouched);
        self.offline.is_roster_list &= result.is_err();
        self.candidates.answer(result);
        let Remote::Here(candidates) = &self.candidates else {
            return;
        };
        self.party.learn(candidates);
        self.cursor.at = kept
            .and_then(|id| candidates.iter().position(|c| c.id == id))
            .unwrap_or(0);
        let many = candidates.len();
        self.found_for = query;
        self.settle(cx);
        if let Some((_, aim)) = armed {
            // Enter came before the list: it is followed only where it leaves no doubt.
            if many > 1 {
                cx.say(
                    Tone::Warn,
                    format!("{many} people match. Choose one, then Enter."),
                );
            } else {
                self.aim(aim, cx);
            }
        }
    }
}

/// Whether a text is shaped like a pass code but was misread or mistyped.
pub(crate) fn is_misread_code(text: &str) -> bool {
    pass_code::read(text) == Err(NotACode::CheckCharacter)
}
