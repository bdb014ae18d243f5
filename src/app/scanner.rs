//! The scanner that types: a keyboard-wedge scanner sends what it has read as keys, too fast for a hand, and a
//! terminator. Here a burst of keys is told from typing, what it has already put into a field is taken back, and what it
//! says goes to the door. How fast keys came is told by the roof ([`super::msg::Msg::Quick`]).
//!
//! Letters that are typed into a field are shown at once and taken back if they turn out to be a scan's. Letters that are
//! commands cannot be taken back; staff's wait [`PAUSE`] for what follows them.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::domain::check_in::{Candidate, Outcome, Presented};
use crate::domain::{SafeText, Timestamp, pass_code};

use super::context::Tone;
use super::effect::Timer;
use super::keymap::Key;
use super::kiosk::At;
use super::model::Model;
use super::overlay::Overlay;
use super::overlay::filter::FilterPanel;
use super::overlay::form::typing::Typed;
use super::screens::Tab;
use super::screens::check_in::Card;
use super::screens::check_in::offline::name_of;
use super::text_field::TextField;

/// Keys further apart than this are a hand's. Scanners send one every 1 to 20 ms; a fast typist, 100 ms.
pub const PAUSE: std::time::Duration = std::time::Duration::from_millis(30);
/// So many keys make a scan.
const LEAST: usize = 6;
/// More than any code holds: a flood of keys is not a scan.
const MOST: usize = 200;
/// The same code again within this time is the same pass, held before the scanner for too long.
const AGAIN: chrono::TimeDelta = chrono::TimeDelta::seconds(3);

/// What stood in the field with the keys before the burst.
#[derive(Debug)]
enum Before {
    /// Nothing has been typed into a field.
    Nothing,
    Line(Box<TextField>),
    /// The door's, and who had been gathered.
    Door(Box<TextField>, Vec<Candidate>),
    Form(Typed),
    Filter(Box<FilterPanel>),
}

/// Keys that have come without a pause.
#[derive(Debug)]
pub(crate) struct Burst {
    keys: Vec<KeyEvent>,
    /// How many of them have been acted on.
    done: usize,
    before: Before,
    /// What follows without a pause is the rest of a scan, or of a flood.
    spent: bool,
    flood: bool,
    /// The last scan as it is compared, which is not kept itself: at a kiosk it is somebody's pass. And when.
    last: Option<(u64, Timestamp)>,
}

/// What tells a scan from another one.
fn sameness(text: &str) -> u64 {
    let read = pass_code::read(text).unwrap_or_else(|_| text.to_lowercase());
    let mut hash = DefaultHasher::new();
    read.hash(&mut hash);
    hash.finish()
}

impl Burst {
    pub(crate) fn new() -> Self {
        Self {
            keys: Vec::new(),
            done: 0,
            before: Before::Nothing,
            spent: false,
            flood: false,
            last: None,
        }
    }

    /// What the keys say, without control characters.
    fn text(&self) -> String {
        let printable = |event: &KeyEvent| Key::of(*event).printable();
        SafeText::line(&self.keys.iter().filter_map(printable).collect::<String>()).to_string()
    }

    /// A key that is held down repeats, and is no scan: only a scan has different letters.
    fn is_repeat(&self) -> bool {
        self.keys
            .split_first()
            .is_some_and(|(first, rest)| rest.iter().all(|key| key.code == first.code))
    }

    fn is_scan(&self) -> bool {
        let letters = self
            .keys
            .iter()
            .filter(|key| Key::of(**key).printable().is_some());
        letters.count() >= LEAST && !self.is_repeat()
    }

    fn is_code(&self) -> bool {
        self.keys.len() >= pass_code::LENGTH && pass_code::read(&self.text()).is_ok()
    }

    fn begin_anew(&mut self) {
        // They may have been a password's.
        self.keys.fill(KeyCode::Null.into());
        self.keys.clear();
        self.done = 0;
        self.before = Before::Nothing;
    }
}

fn is_terminator(key: Key) -> bool {
    // LF is Ctrl+J; some scanners send CR LF.
    matches!(key.code, KeyCode::Enter | KeyCode::Tab) && key.modifiers.is_empty() || key == Key::ctrl('j')
}

/// A control character as scanners put before, between and behind: STX, GS, ETX and their kin.
fn is_control(key: Key) -> bool {
    key.modifiers == KeyModifiers::CONTROL && matches!(key.code, KeyCode::Char(_))
}

impl Model {
    /// A key, and whether it came without a pause after the one before.
    pub(super) fn pressed(&mut self, event: KeyEvent, quick: bool) {
        if !quick {
            self.dissolve();
            self.burst.spent = false;
            self.burst.flood = false;
        }
        if !self.reads_passes() || self.burst.flood {
            return self.key(event);
        }
        let key = Key::of(event);
        if is_terminator(key) && quick {
            if self.burst.spent {
                return;
            }
            if matches!(self.overlays.last(), Some(Overlay::Party(_))) && !self.is_burst_a_scan() {
                // A scanner's, or one key that bounced: nobody is let in by it.
                return self.dissolve();
            }
            if self.is_burst_a_scan() {
                return self.scanned();
            }
        }
        let held = self.burst.keys.len() > self.burst.done;
        if key.printable().is_some() {
            self.burst.spent = false;
            if self.burst.keys.is_empty() && self.is_typing() {
                self.burst.before = self.remember();
            }
            self.burst.keys.push(event);
            if self.is_typing() && !held {
                self.burst.done += 1;
                self.key(event);
                if self.burst.keys.len() >= pass_code::LENGTH {
                    self.cx.after(PAUSE, Timer::Burst);
                }
            } else {
                self.cx.after(PAUSE, Timer::Burst);
            }
            let repeats = self.burst.keys.len() >= LEAST && self.burst.is_repeat();
            if self.burst.keys.len() > MOST || repeats {
                self.burst.flood = true;
                self.dissolve();
            }
        } else if quick && !self.burst.keys.is_empty() && is_control(key) {
            self.burst.keys.push(event);
            self.cx.after(PAUSE, Timer::Burst);
        } else if quick && self.burst.spent && is_control(key) {
            // Behind its terminator: the rest of the scan.
        } else {
            self.dissolve();
            self.key(event);
        }
    }

    /// Whether a scanner is looked out for. At a kiosk a form takes what is scanned into it: passes of others, to connect.
    fn reads_passes(&self) -> bool {
        if self.kiosk.is_some() {
            !matches!(self.overlays.last(), Some(Overlay::Sheet(_)))
        } else {
            self.cx.is_staff()
        }
    }

    /// A password that is typed by a machine is a password; there, only a pass is known for what it is.
    fn is_burst_a_scan(&self) -> bool {
        let guarded = self.is_locked() || self.kiosk_at(At::SignIn).is_some();
        self.burst.is_scan() && (!guarded || self.burst.is_code())
    }

    /// Nothing has followed: what was held back was a hand's after all. A whole code without a terminator is a scan
    /// all the same.
    pub(super) fn burst_over(&mut self) {
        // At a kiosk's lists no letter of what was not typed by a hand is a command.
        let stray = self.kiosk.is_some() && !self.is_typing() && self.burst.is_scan();
        if stray || self.burst.is_code() && self.is_burst_a_scan() {
            self.scanned();
        } else {
            self.dissolve();
        }
    }

    /// The keys were a hand's: those that were held back are acted on now.
    pub(super) fn dissolve(&mut self) {
        let held = self.burst.keys.split_off(self.burst.done);
        self.burst.begin_anew();
        for event in held {
            self.key(event);
            // One letter may open what the next one is for.
            self.grant();
        }
    }

    /// The field with the keys, as it is before the burst.
    fn remember(&mut self) -> Before {
        match self.overlays.last() {
            Some(Overlay::Form(form)) => return Before::Form(form.remember()),
            Some(Overlay::Filter(panel)) => return Before::Filter(panel.clone()),
            _ => {}
        }
        if self.is_door_in_view() {
            let line = Box::new(self.check_in.input.clone());
            return Before::Door(line, self.check_in.party.people.clone());
        }
        self.line_with_keys()
            .map_or(Before::Nothing, |line| Before::Line(Box::new(line.clone())))
    }

    /// The field of one line that the keys go into.
    fn line_with_keys(&mut self) -> Option<&mut TextField> {
        let has_people = self.has_people();
        let has_visit = self.has_visit();
        match self.overlays.last_mut() {
            Some(Overlay::Palette(palette)) => Some(&mut palette.field),
            Some(Overlay::Till(till)) => till.field_with_keys(),
            Some(Overlay::Sheet(sheet)) => sheet.field_with_keys(),
            Some(Overlay::BadgeRules(rules)) => rules.field_with_keys(),
            Some(Overlay::Note(form)) => Some(&mut form.text),
            Some(Overlay::Log(log)) => Some(log.field()),
            Some(Overlay::Money(money)) => money.field_with_keys(),
            Some(Overlay::Stop(stop)) => Some(&mut stop.reason),
            Some(Overlay::Types(types)) => types.name.as_mut().map(|(_, field)| field),
            // Passwords are not remembered.
            Some(_) => None,
            None if self.cx.me.is_none() => {
                let kiosk = self.kiosk.as_mut()?;
                match kiosk.at {
                    At::Start => Some(&mut kiosk.pass),
                    // Passwords are not remembered.
                    At::SignIn => None,
                }
            }
            None if has_visit => None,
            None if has_people => self.people.as_mut()?.field_with_keys(),
            None => match self.tab {
                Tab::CheckIn => Some(&mut self.check_in.input),
                Tab::Calendar if self.calendar.filtering => Some(&mut self.calendar.filter),
                Tab::Members => self.members.field_with_keys(),
                Tab::Registrations if self.registrations.finding => Some(&mut self.registrations.find),
                _ => None,
            },
        }
    }

    /// Puts the field back as it was before the burst.
    fn take_back(&mut self, before: Before) {
        let line = match (before, self.overlays.last_mut()) {
            (Before::Form(typed), Some(Overlay::Form(form))) => return form.take_back(typed),
            (Before::Filter(was), Some(Overlay::Filter(panel))) => {
                *panel = was;
                return;
            }
            (Before::Line(line), _) => *line,
            (Before::Door(line, gathered), None) => {
                self.check_in.party.people = gathered;
                *line
            }
            _ => return,
        };
        let has_people = self.has_people();
        let Some(field) = self.line_with_keys() else {
            return;
        };
        *field = line;
        let cx = &mut self.cx;
        match self.overlays.last_mut() {
            Some(Overlay::Palette(palette)) => palette.search(),
            Some(Overlay::Log(log)) => log.ask(cx),
            Some(Overlay::Money(money)) => money.field_put_back(cx),
            Some(_) => {}
            None if has_people => {
                if let Some(people) = &mut self.people {
                    people.field_put_back(cx);
                }
            }
            None if cx.me.is_none() => {}
            None if self.tab == Tab::CheckIn => self.check_in.look_up(cx),
            None if self.tab == Tab::Registrations => self.registrations.looked_for(cx),
            None if self.tab == Tab::Members => self.members.field_put_back(cx),
            None => self.calendar.arrange(cx),
        }
    }

    /// The burst was a scan: nothing of it stays where it came in, and what it says goes to the door.
    fn scanned(&mut self) {
        let text = self.burst.text();
        let before = std::mem::replace(&mut self.burst.before, Before::Nothing);
        let typed = self.burst.done > 0;
        self.burst.begin_anew();
        self.burst.spent = true;
        self.last_key = self.cx.setup.now;
        self.cx.dirty = true;
        if self.is_locked() {
            if let Some(Overlay::Lock(lock)) = self.overlays.last_mut() {
                lock.scanned();
            }
            return;
        }
        if typed {
            self.take_back(before);
        }
        if self.kiosk.is_some() {
            return self.scanned_at_kiosk_once(&text);
        }
        let shown = shown(&text);
        let read = sameness(&text);
        let now = self.cx.setup.now;
        let presented = Presented::Text(text.clone());
        let again = self
            .burst
            .last
            .as_ref()
            .is_some_and(|(last, at)| *last == read && (now - *at) < AGAIN);
        self.burst.last = Some((read, now));
        if again && !self.check_in.is_broken(&presented) {
            return self.cx.say(
                Tone::Warn,
                format!("{shown} was just read. The same scan again; nothing was sent."),
            );
        }
        if self.check_in.event.is_none() {
            self.burst.last = None;
            return self.cx.say(
                Tone::Warn,
                format!("{shown} was scanned, and no event is open at the door. Alt+3 opens one."),
            );
        }
        if !self.is_door_in_view() {
            let text = if self.check_in.careful {
                format!("{shown} was scanned. Careful mode looks first: Alt+3 shows the door.")
            } else {
                format!("{shown} was scanned: checking in.")
            };
            self.cx.say(Tone::Plain, text);
        }
        self.check_in
            .present(presented, SafeText::line(&shown), &mut self.cx);
        if self.cx.rehearsing {
            self.tell_unseen();
        }
    }

    /// The same at a kiosk; a pass that is held before the scanner for too long is one scan.
    fn scanned_at_kiosk_once(&mut self, text: &str) {
        let read = sameness(text);
        let now = self.cx.setup.now;
        let last = self.burst.last.replace((read, now));
        if last.is_none_or(|(last, at)| last != read || now - at >= AGAIN || now < at) {
            self.scanned_at_kiosk(text);
        }
    }

    /// An attempt was answered: where the door is out of sight, the message line tells.
    pub(super) fn tell_unseen(&mut self) {
        if self.is_door_in_view() {
            return;
        }
        let (tone, text) = match &self.check_in.card {
            Card::Answered(checked) => {
                let who = checked
                    .member
                    .as_ref()
                    .map_or(&checked.input, |member| &member.full_name);
                let tone = if checked.outcome == Outcome::Ok {
                    Tone::Good
                } else {
                    Tone::Warn
                };
                (tone, format!("{who}: {}.", checked.brief()))
            }
            Card::Failed { label, fault, .. } => (Tone::Bad, format!("{label} is not checked in. {fault}")),
            Card::Queued { label, decided } => {
                let who = name_of(label, decided.as_ref());
                let told = decided.as_ref().map_or("you decide", |decided| decided.brief());
                (Tone::Warn, format!("{who}: queued, {told}."))
            }
            Card::Party(_) => match self.check_in.party_told() {
                Some(told) => (Tone::Plain, told),
                None => return,
            },
            Card::Empty | Card::Sent { .. } | Card::Undone(_) | Card::Weighed(_) => return,
        };
        let text = match self.check_in.unread_told() {
            Some(notes) => format!("{text} {notes}: Alt+3."),
            None => text,
        };
        self.cx.say(tone, text);
    }

    /// Whether the door's result can be seen.
    pub(crate) fn is_door_in_view(&self) -> bool {
        self.tab == Tab::CheckIn && self.overlays.is_empty()
    }
}

/// A code as people read it; anything else as it is.
fn shown(text: &str) -> String {
    pass_code::read(text).map_or_else(|_| text.to_owned(), |code| pass_code::show(&code))
}
