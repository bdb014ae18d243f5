//! What is sent about an event's people, and what comes of it.

use crate::app::batch::{Batch, Line, Told, sentence};
use crate::app::context::{Context, Tone};
use crate::app::effect::Lane;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::check_in::Candidate;
use crate::domain::completion::{CompletionAnswer, CompletionCall, Place, ResultsOutcome};
use crate::domain::event::EventLine;
use crate::domain::event_people::{DeskAct, DeskOutcome, EventPerson};
use crate::domain::member::MemberName;
use crate::domain::seats::SeatsAnswer;
use crate::domain::{Answer, Call, Fault, Nonce};

use super::deeds::{Deed, results_line, told};
use super::{Ask, Find, Found, Mode, Offer, People, PeopleWant};
use crate::app::cursor::Cursor;

impl People {
    /// Does something about these people: a call for each, with its own nonce.
    pub(super) fn send(&mut self, deed: &Deed, who: &[MemberName], cx: &mut Context) {
        let lines = who
            .iter()
            .map(|who| {
                let nonce = cx.nonce();
                let want = PeopleWant::Write {
                    nonce,
                    deed: Box::new(deed.clone()),
                    who: who.clone(),
                    event: Box::new(self.line.clone()),
                };
                let call = deed.call(nonce, self.line.id, who.id);
                cx.ask_and_wait(Want::People(want), Lane::Write, call);
                Line {
                    nonce,
                    who: who.clone(),
                    told: None,
                }
            })
            .collect();
        self.batches.retain(Batch::waits);
        self.batches.push(Batch {
            title: deed.title(),
            lines,
        });
    }

    /// Does it, and shows a line for each of several.
    pub(super) fn send_at_once(&mut self, deed: &Deed, cx: &mut Context) {
        let who: Vec<MemberName> = self
            .table
            .targets()
            .iter()
            .map(|one| one.member.clone())
            .collect();
        self.send(deed, &who, cx);
        if who.len() > 1 {
            self.mode = Mode::Report(Cursor::default());
        }
    }

    pub(super) fn deed_answered(
        &mut self,
        nonce: Nonce,
        deed: &Deed,
        who: &MemberName,
        event: &EventLine,
        result: &Result<Answer, Fault>,
        cx: &mut Context,
    ) {
        let told = told(deed, result, event, cx);
        if let Ok(Answer::Seats(SeatsAnswer::Changed(change))) = result
            && let (Some(person), Some(pages)) = (&change.person, self.table.pages.get_mut())
        {
            let same = |row: &EventPerson| {
                row.registration_id == person.registration_id && row.event_id == person.event_id
            };
            pages.renew(person, same);
        }
        if told.tone == Tone::Good {
            self.table.marks.remove(&who.id);
        }
        let refused = match result {
            Err(Fault::Invalid { why, .. }) => Some(why.clone()),
            _ => None,
        };
        let Some(batch) = self
            .batches
            .iter_mut()
            .find(|batch| batch.lines.iter().any(|line| line.nonce == nonce))
        else {
            return cx.say(told.tone, sentence(who, &told));
        };
        for line in batch.lines.iter_mut().filter(|line| line.nonce == nonce) {
            line.told = Some(told.clone());
        }
        let (waits, several) = (batch.waits(), batch.lines.len() > 1);
        let summary = format!("{}: {} of {}.", batch.title, batch.done(), batch.lines.len());
        if self.find_answered(nonce, result, &told, who, cx) {
            return;
        }
        if waits {
            return;
        }
        self.ask_anew(cx);
        let is_asked =
            matches!(&self.mode, Mode::Ask(ask) if ask.sending && ask.who.iter().any(|one| one.id == who.id));
        if let Mode::Ask(ask) = &mut self.mode
            && is_asked
        {
            ask.sending = false;
            // A reason that is refused, or a broken link: what was typed stays.
            let stays = refused.or_else(|| match (result, several) {
                (Err(fault), false) => Some(format!("Nothing is done. {fault}").into()),
                _ => None,
            });
            if stays.is_some() {
                ask.error = stays;
                return;
            }
            self.mode = Mode::Table;
        }
        if several {
            if matches!(self.mode, Mode::Table) {
                self.mode = Mode::Report(Cursor::default());
            }
            let all = self
                .batches
                .last()
                .is_some_and(|batch| batch.done() == batch.lines.len());
            cx.say(if all { Tone::Good } else { Tone::Warn }, summary);
        } else {
            cx.say(told.tone, sentence(who, &told));
        }
    }

    // ---- registering, and moving ----

    /// Somebody is to be registered: the search for them has its answer.
    fn find_answered(
        &mut self,
        nonce: Nonce,
        result: &Result<Answer, Fault>,
        told: &Told,
        who: &MemberName,
        cx: &mut Context,
    ) -> bool {
        let Mode::Find(find) = &mut self.mode else {
            return false;
        };
        if find.sent != Some(nonce) {
            return false;
        }
        find.sent = None;
        let outcome = match result {
            Ok(Answer::Seats(SeatsAnswer::Changed(change))) => Some(change.outcome),
            _ => None,
        };
        let name = &who.full_name;
        if outcome == Some(DeskOutcome::Full) {
            find.offer = Some((who.clone(), Offer::Line));
            find.error = Some(format!("Every seat is taken. Enter puts {name} in line.").into());
        } else if outcome == Some(DeskOutcome::Over) {
            find.offer = Some((who.clone(), Offer::Late));
            find.error = Some(format!("The event is over. Enter enters that {name} was there.").into());
        } else if told.tone == Tone::Good {
            self.mode = Mode::Table;
            self.table.follow(Some(who.id));
            self.ask_anew(cx);
            cx.say(told.tone, sentence(who, told));
        } else {
            find.error = Some(sentence(who, told).into());
        }
        true
    }

    /// Registers whom the cursor of the search is on; the second time as was offered.
    pub(super) fn register_found(&mut self, cx: &mut Context) {
        let Mode::Find(find) = &self.mode else { return };
        let Some(candidate) = find.members().get(find.cursor.at) else {
            return;
        };
        if find.sent.is_some() {
            return;
        }
        let who = name_of(candidate);
        let offer = find.offer.as_ref().filter(|(to, _)| to.id == who.id);
        let wait = match offer {
            Some((_, Offer::Late)) => {
                self.mode = Mode::Ask(Box::new(Ask::was_there(who)));
                return;
            }
            Some((_, Offer::Line)) => true,
            None => false,
        };
        self.send(
            &Deed::Desk(DeskAct::Register { wait }),
            std::slice::from_ref(&who),
            cx,
        );
        let sent = self
            .batches
            .last()
            .and_then(|batch| batch.lines.first())
            .map(|line| line.nonce);
        if let Mode::Find(find) = &mut self.mode {
            find.sent = sent;
            find.error = None;
        }
    }

    pub(super) fn look_for_members(&mut self, cx: &mut Context) {
        let Mode::Find(find) = &mut self.mode else { return };
        let query = find.query();
        let Found::Members(members) = &mut find.found else {
            return;
        };
        if query.is_empty() {
            *members = Remote::Nothing;
            return;
        }
        let want = Want::People(PeopleWant::Members(query.clone()));
        let call = Call::FindAtDoor {
            event: self.line.id,
            query,
        };
        cx.fetch(members, want, Lane::Search, call);
    }

    pub(super) fn members_answered(&mut self, query: &str, result: Result<Answer, Fault>) {
        let Mode::Find(find) = &mut self.mode else { return };
        if find.query() != query {
            return;
        }
        if let Found::Members(members) = &mut find.found {
            members.answer(match result {
                Ok(Answer::Candidates(found)) => Ok(found),
                Ok(_) => Err(Fault::Internal),
                Err(fault) => Err(fault),
            });
        }
    }

    /// A list of events to move these people to.
    pub(super) fn look_for_events(&mut self, people: Vec<EventPerson>, cx: &mut Context) {
        let mut events = Remote::Nothing;
        let call = Call::Events {
            from: cx.now(),
            to: cx.now() + chrono::TimeDelta::days(180),
        };
        cx.fetch(&mut events, Want::People(PeopleWant::Events), Lane::Search, call);
        self.mode = Mode::Find(Box::new(Find::new(Found::Events(events, people))));
    }

    pub(super) fn events_answered(&mut self, result: Result<Answer, Fault>) {
        let here = self.line.id;
        let Mode::Find(find) = &mut self.mode else { return };
        if let Found::Events(events, _) = &mut find.found {
            events.answer(match result {
                Ok(Answer::Events(mut lines)) => {
                    lines.retain(|line| line.is_active && line.id != here);
                    Ok(lines)
                }
                Ok(_) => Err(Fault::Internal),
                Err(fault) => Err(fault),
            });
        }
    }

    // ---- results ----

    /// Gives those meant a place, or none: the whole set is sent, as it is known here with this change.
    pub(super) fn set_place(&mut self, place: Option<Place>, cx: &mut Context) {
        let Some(seen) = self.results.get().map(crate::domain::completion::Results::places) else {
            return;
        };
        let mut places = seen.clone();
        for person in self.table.targets() {
            match place {
                Some(place) => places.insert(person.member.id, place),
                None => places.remove(&person.member.id),
            };
        }
        self.mode = Mode::Table;
        if places == seen {
            return cx.say(Tone::Plain, "It stands so already.");
        }
        let nonce = cx.nonce();
        let call = CompletionCall::SetResults {
            nonce,
            event: self.line.id,
            places,
            seen: Some(seen),
        };
        let want = Want::People(PeopleWant::Places(nonce));
        cx.ask_and_wait(want, Lane::Write, Call::Completion(call));
    }

    pub(super) fn places_answered(&mut self, _: Nonce, result: Result<Answer, Fault>, cx: &mut Context) {
        let result = match result {
            Ok(Answer::Completion(CompletionAnswer::Set(set))) => Ok(set),
            Ok(_) => Err(Fault::Internal),
            Err(fault) => Err(fault),
        };
        match result {
            Ok(set) => {
                let line = results_line(&set.results);
                let told = if line.is_empty() { "none".to_owned() } else { line };
                if set.outcome == ResultsOutcome::Changed {
                    let text = format!("Not set: somebody changed the results meanwhile. They are: {told}.");
                    cx.say(Tone::Warn, text);
                } else {
                    self.table.marks.clear();
                    cx.say(Tone::Good, format!("Results: {told}."));
                }
                self.results = Remote::Here(set.results);
                self.ask_anew(cx);
            }
            Err(fault) => cx.say(Tone::Bad, format!("The results are not set. {fault}")),
        }
    }
}

fn name_of(candidate: &Candidate) -> MemberName {
    MemberName {
        id: candidate.id,
        username: candidate.username.clone(),
        full_name: candidate.full_name.clone(),
    }
}

/// An answer for people that nobody looks at any more: what was done is told all the same.
pub(crate) fn unseen(want: PeopleWant, result: &Result<Answer, Fault>, cx: &mut Context) {
    match want {
        PeopleWant::Write { deed, who, event, .. } => {
            let told = super::deeds::told(&deed, result, &event, cx);
            cx.say(told.tone, sentence(&who, &told));
        }
        PeopleWant::Places(_) => {
            if let Err(fault) = result {
                cx.say(Tone::Bad, format!("The results are not set. {fault}"));
            }
        }
        _ => {}
    }
}
