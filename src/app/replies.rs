//! Where answers go: each to the screen or overlay that asked for it.

use crate::domain::admission::WalkedIn;
use crate::domain::calendar::CalendarAnswer;
use crate::domain::check_in::CheckedIn;
use crate::domain::door_note::{NoteAnswer, NoteOutcome};
use crate::domain::game::GameAnswer;
use crate::domain::live::LiveAnswer;
use crate::domain::seats::SeatsAnswer;
use crate::domain::{Answer, Call, Fault, Nonce};

use super::context::Tone;
use super::effect::Lane;
use super::model::Model;
use super::overlay::Overlay;
use super::overlay::door_log::LogOverlay;
use super::overlay::form::FormOverlay;
use super::overlay::lock::{Lock, Reason};
use super::overlay::money;
use super::overlay::sessions;
use super::overlay::till::Till;
use super::requests::{Request, Want};
use super::screens::Tab;
use super::screens::calendar::Calendar;
use super::screens::people;
use super::screens::profile::ProfileWant;

/// The result with its answer unpacked. An answer of another kind is a fault of the data layer, and told as one.
macro_rules! unpack {
    ($result:expr, $pattern:pat => $value:expr) => {
        match $result {
            Ok($pattern) => Ok($value),
            Ok(_) => Err(Fault::Internal),
            Err(fault) => Err(fault),
        }
    };
}

/// Whether an overlay has something to do with the screen beneath; the lock has not.
fn is_screen(overlay: &Overlay) -> bool {
    !matches!(overlay, Overlay::Lock(_))
}

impl Model {
    pub(super) fn form_overlay(overlays: &mut [Overlay]) -> Option<&mut FormOverlay> {
        overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Form(form) => Some(form.as_mut()),
            _ => None,
        })
    }

    fn log_overlay(overlays: &mut [Overlay]) -> Option<&mut LogOverlay> {
        overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Log(log) => Some(log.as_mut()),
            _ => None,
        })
    }

    fn lock_overlay(overlays: &mut [Overlay]) -> Option<&mut Lock> {
        overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Lock(lock) => Some(lock),
            _ => None,
        })
    }

    pub(super) fn reply(&mut self, request: Request, result: Result<Answer, Fault>) {
        let signing = matches!(
            request.want,
            Want::SignIn | Want::Abandoned | Want::Unlock | Want::SignOut | Want::Kiosk(_)
        );
        if let (Err(Fault::NotSignedIn), false) = (&result, signing) {
            return self.session_ended(request);
        }
        let cx = &mut self.cx;
        match request.want {
            Want::Community => {
                if let Ok(community) = unpack!(result, Answer::Community(c) => c) {
                    let moved = cx.learn(community);
                    if cx.me.is_none() {
                        self.calendar = Calendar::new(cx.today());
                    } else if moved {
                        self.calendar.move_zone(cx);
                    }
                }
            }
            Want::SignIn => self
                .sign_in
                .answered(unpack!(result, Answer::SignIn(me) => me), cx),
            // Whoever gave up waiting is not signed in, and leaves no session behind.
            Want::Abandoned => {
                if let Ok(Answer::SignIn(Some(_))) = result {
                    cx.ask(Want::SignOut, Lane::Session, Call::SignOut);
                }
            }
            Want::Unlock => {
                if let Some(lock) = Self::lock_overlay(&mut self.overlays) {
                    lock.answered(unpack!(result, Answer::SignIn(me) => me), cx);
                }
            }
            // The screen has gone on already.
            Want::SignOut => {}
            Want::Events(span) => {
                let looked = result.is_ok();
                self.calendar
                    .answered(span, unpack!(result, Answer::Events(lines) => lines), cx);
                if looked {
                    self.ask_news();
                }
            }
            Want::About(words) => {
                let result = unpack!(result, Answer::Calendar(CalendarAnswer::About(found)) => found);
                self.calendar.about_answered(words, result, cx);
            }
            Want::FilterTypes => self
                .calendar
                .types
                .answer(unpack!(result, Answer::EventTypes(types) => types)),
            Want::EventPage(id) => {
                let result = unpack!(result, Answer::Event(page) => page);
                let detail = if self.tab == Tab::Registrations {
                    &mut self.registrations.detail
                } else {
                    &mut self.calendar.detail
                };
                detail.answered(id, result, cx);
            }
            Want::Attendees(id) => {
                let result = unpack!(result, Answer::Seats(SeatsAnswer::Attendees(people)) => people);
                self.page_at_hand_mut().attendees_answered(id, result);
            }
            // Whoever has gone elsewhere meanwhile does not want the form any more.
            Want::OpenForm(..) if !self.tab.shows_events() || self.overlays.iter().any(is_screen) => {}
            Want::OpenForm(_, kind) => {
                Calendar::form_answered(kind, unpack!(result, Answer::Event(page) => page), cx);
            }
            Want::EventTypes => {
                if let Some(form) = Self::form_overlay(&mut self.overlays) {
                    form.types_answered(unpack!(result, Answer::EventTypes(types) => types));
                }
            }
            Want::Save
            | Want::Effects
            | Want::StopEffects(_)
            | Want::StopEvent(_)
            | Want::Reopen(_)
            | Want::TypesUsed
            | Want::TypeChange(_)
            | Want::CalendarFile(_) => {
                let result = unpack!(result, Answer::Plan(answer) => answer);
                self.plan_answered(request.want, result);
            }
            Want::Register(_) => {
                let result = match result {
                    Ok(Answer::Seats(SeatsAnswer::Joined(outcome, line))) => Ok((outcome, line)),
                    other => unpack!(other, Answer::Registered(outcome, line) => (outcome, line)),
                };
                let line = result.as_ref().ok().map(|(_, line)| line.clone());
                self.calendar.registered(result, cx);
                self.mine_touched(line.as_ref());
            }
            Want::CancelSeat(_) => {
                let result = unpack!(result, Answer::Cancelled(outcome, line) => (outcome, line));
                let line = result.as_ref().ok().map(|(_, line)| line.clone());
                self.calendar.seat_cancelled(result, cx);
                self.mine_touched(line.as_ref());
            }
            Want::DoorEvents => {
                self.check_in
                    .events_answered(unpack!(result, Answer::Events(lines) => lines), cx);
                for overlay in &mut self.overlays {
                    if let (Overlay::Picker(picker), Some(events)) = (overlay, self.check_in.events.get()) {
                        picker.fill(events, cx);
                    }
                }
            }
            Want::Door(event) => {
                let result = unpack!(result, Answer::Door(door) => door);
                self.check_in.door_answered(event, result, cx);
                self.stand();
            }
            Want::Stand => self
                .check_in
                .stood(&unpack!(result, Answer::Live(LiveAnswer::Stood) => ())),
            Want::Roster(event) => {
                let result = unpack!(result, Answer::Roster(roster) => roster);
                self.check_in.roster_answered(event, result, cx);
            }
            Want::Candidates { event, query } | Want::Similar { event, query } => {
                let result = unpack!(result, Answer::Candidates(found) => found);
                self.check_in.found(event, query, result, cx);
            }
            Want::CheckIn(nonce) => {
                self.check_in
                    .answered(nonce, unpack!(result, Answer::CheckedIn(checked) => checked), cx);
                self.tell_unseen();
            }
            Want::SetCheckOut => {
                let result = unpack!(result, Answer::CheckOutSet(on) => on);
                self.check_in.check_out_set(result, cx);
            }
            Want::Why(presented) => {
                let result = unpack!(result, Answer::Evaluated(evaluation) => evaluation);
                for overlay in &mut self.overlays {
                    if let Overlay::Why(why) = overlay
                        && why.presented == presented
                    {
                        why.evaluation.answer(result);
                        break;
                    }
                }
            }
            Want::PartyLook(member) => {
                let result = unpack!(result, Answer::Evaluated(evaluation) => evaluation);
                for overlay in &mut self.overlays {
                    if let Overlay::Party(party) = overlay {
                        party.looked(member, result, &self.check_in, cx);
                        break;
                    }
                }
            }
            Want::Evaluate(presented) => {
                let result = unpack!(result, Answer::Evaluated(evaluation) => evaluation);
                self.check_in.evaluated(&presented, result, cx);
            }
            Want::Log { query, before } => {
                let result = unpack!(result, Answer::DoorLog(log) => log);
                if let Some(log) = Self::log_overlay(&mut self.overlays) {
                    log.answered(&query, before, result, cx);
                }
            }
            Want::LogFile => {
                LogOverlay::file_answered(unpack!(result, Answer::DoorLog(log) => log), cx);
            }
            Want::Undo(nonce) => {
                self.check_in
                    .undone(nonce, unpack!(result, Answer::Undone(undone) => undone), cx);
                if let Some(log) = Self::log_overlay(&mut self.overlays) {
                    log.ask(cx);
                }
            }
            Want::Note(nonce) => {
                let result = unpack!(result, Answer::Note(answer) => answer);
                self.note_answered(nonce, result);
            }
            Want::Till(nonce) => {
                let result = match result {
                    Ok(Answer::CheckedIn(checked_in)) => Ok(WalkedIn::Attempted { checked_in }),
                    other => unpack!(other, Answer::WalkedIn(walked_in) => walked_in),
                };
                self.till_answered(nonce, request.write, result);
            }
            Want::Sheet(nonce) => self.sheet_answered(nonce, result),
            Want::Money(want) => {
                let result = unpack!(result, Answer::Money(answer) => answer);
                let wrote = matches!(want, money::MoneyWant::Write(_));
                money::answered(&mut self.overlays, want, result, cx);
                if let (true, Some(people)) = (wrote, &mut self.people) {
                    people.ask_anew(cx);
                }
            }
            Want::Kiosk(want) => {
                self.kiosk_answered(want, unpack!(result, Answer::Kiosk(answer) => answer));
            }
            Want::People(want) => match &mut self.people {
                Some(people) => people.answered(want, result, cx),
                None => people::unseen(want, &result, cx),
            },
            // Nobody looks at them: coming back asks anew.
            Want::Members(want) if self.tab != Tab::Members && !want.is_deed() => {}
            Want::Members(want) => {
                self.members.answered(want, result, cx);
                self.renew_members();
            }
            Want::Sessions(want) => sessions::answered(&mut self.overlays, want, result, cx),
            Want::Mine(want) => {
                self.mine_answered(want, unpack!(result, Answer::Seats(answer) => answer));
            }
            Want::Board(want) => {
                let looked = result.is_ok();
                let result = unpack!(result, Answer::Game(answer) => answer);
                self.board.answered(want, result, cx);
                if looked {
                    self.ask_earned();
                }
            }
            Want::Settings => self
                .settings
                .answered(unpack!(result, Answer::Settings(answer) => answer)),
            Want::Audit(want) => {
                let result = unpack!(result, Answer::Audit(page) => page);
                self.audit.answered(want, result, cx);
            }
            Want::Insight(want) => {
                let result = unpack!(result, Answer::Insight(answer) => answer);
                self.insights.answered(want, result, cx);
            }
            Want::Earned(want) => {
                self.earned_answered(want, unpack!(result, Answer::Game(answer) => answer));
            }
            Want::Profile | Want::Points => {
                let result = unpack!(result, Answer::Profile(profile) => profile);
                if let (Ok(profile), Some(me)) = (&result, cx.me.as_mut()) {
                    me.points = profile.spendable;
                }
                if request.want == Want::Profile {
                    self.profile.figures_answered(result);
                }
            }
            Want::BadgeRules(want) => {
                let result = unpack!(result, Answer::Game(answer) => answer);
                self.rules_answered(want, result);
            }
            Want::MemberGame(member, want) => {
                let result = unpack!(result, Answer::Game(answer) => answer);
                self.visit_answered(member, want, result);
            }
            Want::Game(want) => {
                let result = unpack!(result, Answer::Game(answer) => answer);
                self.game_answered(want, result);
            }
        }
    }

    /// A call was refused because there is no session: nothing of it was done. Writes wait for the same member.
    fn session_ended(&mut self, request: Request) {
        if self.cx.me.is_some() {
            if request.write.is_some() {
                self.cx.parked.push(request);
            }
            self.lock(Reason::Ended);
        }
    }

    /// A form is done: it goes, and what was asked on top of it; the lock stays.
    fn drop_overlay(&mut self, is: impl Fn(&Overlay) -> bool) {
        if let Some(at) = self.overlays.iter().position(is) {
            self.drop_from(at);
        }
    }

    fn drop_from(&mut self, at: usize) {
        let above = self.overlays.split_off(at);
        let locks = above.into_iter().filter(|o| matches!(o, Overlay::Lock(_)));
        self.overlays.extend(locks);
    }

    /// A note was read, or written in a form.
    fn note_answered(&mut self, nonce: Nonce, result: Result<NoteAnswer, Fault>) {
        if self.check_in.note_read(nonce, &result, &mut self.cx) {
            return;
        }
        let awaits = |overlay: &Overlay| matches!(overlay, Overlay::Note(form) if form.awaits(nonce));
        if let Ok(answer) = &result
            && answer.outcome == NoteOutcome::Done
        {
            self.drop_overlay(awaits);
            self.members.is_old = true;
            self.renew_members();
            return self.check_in.note_written(answer, &mut self.cx);
        }
        let form = self.overlays.iter_mut().find(|overlay| awaits(overlay));
        match (form, result) {
            (Some(Overlay::Note(form)), result) => form.answered(result),
            (_, Ok(answer)) => {
                let who = &answer.member.full_name;
                let text = format!("Not kept: the note on {who} was changed meanwhile.");
                self.cx.say(Tone::Warn, text);
            }
            (_, Err(fault)) => self.cx.say(Tone::Bad, format!("The note is not kept. {fault}")),
        }
    }

    /// Something was done about members: what is shown of them is asked for anew.
    fn renew_members(&mut self) {
        if self.tab == Tab::Members && self.members.is_old {
            self.members.enter(&mut self.cx);
        }
    }

    /// A small form has its answer: it goes, or tells the refusal. When it is gone already nothing is left to tell.
    fn sheet_answered(&mut self, nonce: Nonce, result: Result<Answer, Fault>) {
        let awaits = |overlay: &Overlay| matches!(overlay, Overlay::Sheet(sheet) if sheet.awaits(nonce));
        let Some(at) = self.overlays.iter().position(awaits) else {
            return;
        };
        let Some(Overlay::Sheet(sheet)) = self.overlays.get_mut(at) else {
            return;
        };
        if sheet.answered(result, &mut self.cx) {
            self.drop_from(at);
        }
    }

    fn game_answered(&mut self, want: ProfileWant, result: Result<GameAnswer, Fault>) {
        let cx = &mut self.cx;
        if !matches!(want, ProfileWant::Connections | ProfileWant::Confirm(_)) {
            self.profile.answered(want, result, cx);
            if want == ProfileWant::Card && self.profile.take_untold() {
                self.ask_earned();
            }
            return;
        }
        let list = self.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Connections(list) => Some(list),
            _ => None,
        });
        if let Some(list) = list {
            list.answered(want, result, cx);
        }
    }

    fn till(&mut self, nonce: Nonce) -> Option<&mut Till> {
        self.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Till(till) if till.awaits(nonce) => Some(till.as_mut()),
            _ => None,
        })
    }

    fn till_answered(&mut self, nonce: Nonce, call: Option<Call>, result: Result<WalkedIn, Fault>) {
        match result {
            Ok(WalkedIn::Attempted { checked_in }) => self.admitted(nonce, call, checked_in),
            Ok(WalkedIn::EmailTaken { member }) => {
                if let Some(till) = self.till(nonce) {
                    till.offer(member);
                } else {
                    let text = format!("Not checked in: the e-mail address is {}'s.", member.full_name);
                    self.cx.say(Tone::Warn, text);
                }
            }
            Err(fault) => match self.till(nonce) {
                Some(till) => till.failed(&fault),
                None => self.check_in.not_admitted(nonce, &fault, &mut self.cx),
            },
        }
    }

    /// A form of the door has its answer: it goes, and what was asked on top of it; the lock stays.
    fn admitted(&mut self, nonce: Nonce, call: Option<Call>, checked_in: CheckedIn) {
        self.drop_overlay(|overlay| matches!(overlay, Overlay::Till(till) if till.awaits(nonce)));
        self.check_in.admitted(checked_in, call, &mut self.cx);
    }
}
