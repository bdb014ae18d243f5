//! Carries calls to the database and their answers back. It never waits: calls run as tasks of the runtime, and what
//! becomes of them comes back through the loop. Which call goes when is decided in [`super::lanes`].

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::app::effect::{Keep, Lane, RequestId};
use crate::domain::completion::CompletionCall;
use crate::domain::event::EventId;
use crate::domain::kept::Deed;
use crate::domain::seats::SeatsCall;
use crate::domain::{Answer, Call, Fault, Nonce, SafeText};
use crate::door::{Answering, Line, Memory, Told};

use super::lanes::{Job, Lanes};

/// What became of a call.
#[allow(
    clippy::large_enum_variant,
    reason = "few at a time, and never kept in numbers"
)]
#[derive(Debug)]
pub(super) enum Report {
    /// Something about a check-in.
    Door(Told<RequestId>),
    /// Something has happened at this event, elsewhere.
    Hint(EventId),
    /// It is tried again.
    Retrying {
        request: RequestId,
        tries: u32,
        fault: Fault,
    },
    /// It is over.
    Done {
        request: RequestId,
        lane: Lane,
        result: Result<Answer, Fault>,
        took: Duration,
    },
}

/// Runs calls on their lanes.
pub(super) struct Worker<D, T> {
    runtime: Handle,
    desk: Option<D>,
    lanes: Lanes,
    /// Brings reports back to the loop.
    tell: T,
    /// Why no call will ever be sent.
    refused: Option<SafeText>,
    /// Where check-ins go, once the desk is open.
    line: Option<Line<D, RequestId>>,
    /// Held as long as hints are listened for.
    ear: Option<oneshot::Sender<Infallible>>,
}

impl<D: Answering, T: Fn(Report) + Clone + Send + 'static> Worker<D, T> {
    /// A worker whose calls wait until [`Worker::open`].
    pub(super) fn new(runtime: Handle, tell: T) -> Self {
        Self {
            runtime,
            desk: None,
            lanes: Lanes::default(),
            tell,
            refused: None,
            line: None,
            ear: None,
        }
    }

    /// Takes a call in.
    pub(super) fn ask(&mut self, request: RequestId, lane: Lane, call: Call) {
        if let (Some(line), Some(deed)) = (&self.line, Deed::of(&call)) {
            return line.ask(request, deed);
        }
        let ready = self.lanes.push(Job { request, lane, call });
        if self.refused.is_some() {
            self.refuse_waiting();
        }
        self.send(ready);
    }

    /// Calls can be sent from now on.
    pub(super) fn open(&mut self, desk: D) {
        let tell = self.tell.clone();
        let journal = desk.memory().and_then(Memory::journal);
        let line = Line::start(&self.runtime, journal, move |told| tell(Report::Door(told)));
        line.open(desk.clone());
        self.line = Some(line);
        self.desk = Some(desk);
        for job in self.lanes.open() {
            self.send(Some(job));
        }
    }

    /// Calls can never be sent: those that wait, and all that come, are answered with this.
    pub(super) fn refuse(&mut self, why: SafeText) {
        self.refused = Some(why);
        self.refuse_waiting();
    }

    /// The call on this lane has been answered.
    pub(super) fn done(&mut self, lane: Lane) {
        let next = self.lanes.done(lane);
        self.send(next);
    }

    /// How many writes have not been answered.
    pub(super) fn unanswered(&self) -> usize {
        self.lanes.unanswered().count() + self.line.as_ref().map_or(0, Line::fresh)
    }

    /// Names every unanswered write in the log, so that it can be looked up in the database's own log of requests.
    pub(super) fn log_unanswered(&self) {
        for job in self.lanes.unanswered() {
            let nonce = job
                .call
                .nonce()
                .as_ref()
                .map(Nonce::to_string)
                .unwrap_or_default();
            tracing::warn!(call = name(&job.call), %nonce, "left before the database had answered this change");
        }
    }

    /// Keeps, or lets go of, what the door needs without the database.
    pub(super) fn keep(&self, keep: Keep) {
        match keep {
            Keep::Decided { nonce, outcome } => {
                if let Some(line) = &self.line {
                    line.decide(nonce, outcome);
                }
            }
            Keep::Settled { nonce, by } => {
                if let Some(line) = &self.line {
                    line.settle(nonce, by);
                }
            }
            Keep::Roster(roster) => self.beside(move |memory| memory.keep_roster(&roster)),
            Keep::NoRoster => self.beside(Memory::drop_rosters),
        }
    }

    /// Works on files beside the runtime's own threads.
    fn beside(&self, work: impl FnOnce(&Memory) + Send + 'static) {
        if let Some(memory) = self.desk.as_ref().and_then(|desk| desk.memory().cloned()) {
            self.runtime.spawn_blocking(move || work(&memory));
        }
    }

    /// Begins to listen for hints, or ends it.
    pub(super) fn listen(&mut self, on: bool) {
        match (&self.desk, on) {
            (Some(desk), true) if self.ear.is_none() => {
                let (ear, gone) = oneshot::channel();
                self.ear = Some(ear);
                let (desk, tell) = (desk.clone(), self.tell.clone());
                self.runtime.spawn(async move {
                    let told = move |event| tell(Report::Hint(event));
                    desk.listen(told, async move { drop(gone.await) }).await;
                });
            }
            (_, true) => {}
            (_, false) => self.ear = None,
        }
    }

    /// Writes that wait in line are not sent any more: whoever wished for them has gone.
    pub(super) fn forget(&mut self) {
        for job in self.lanes.forget() {
            tracing::warn!(
                call = name(&job.call),
                "dropped before it was sent: its member had gone"
            );
        }
    }

    /// Who answers, if it is known by now.
    pub(super) fn desk(&self) -> Option<&D> {
        self.desk.as_ref()
    }

    fn refuse_waiting(&mut self) {
        let Some(why) = self.refused.clone() else { return };
        // The fault's own sentence goes on after this.
        let why = SafeText::line(why.as_str().trim_end_matches('.'));
        for Job { request, lane, .. } in self.lanes.refuse() {
            let result = Err(Fault::Offline(why.clone()));
            (self.tell)(Report::Done {
                request,
                lane,
                result,
                took: Duration::ZERO,
            });
        }
    }

    fn send(&self, job: Option<Job>) {
        let (Some(Job { request, lane, call }), Some(desk)) = (job, self.desk.clone()) else {
            return;
        };
        let tell = self.tell.clone();
        let line = self.line.clone();
        self.runtime.spawn(async move {
            let started = Instant::now();
            let retried = tell.clone();
            let roster = match &call {
                Call::Roster(event) => desk.memory().cloned().map(|memory| (memory, *event)),
                _ => None,
            };
            let hears = line.clone();
            let answer = async {
                desk.answer(call, move |tries, fault| {
                    if let (Some(line), Fault::Offline(_)) = (&hears, fault) {
                        line.link(true);
                    }
                    retried(Report::Retrying {
                        request,
                        tries,
                        fault: fault.clone(),
                    });
                })
                .await
            };
            // The panic itself is in the log, by the hook; here it is one call that failed.
            let (result, took) = AssertUnwindSafe(answer)
                .catch_unwind()
                .await
                .unwrap_or_else(|_| (Err(Fault::Internal), started.elapsed()));
            if let Some(line) = &line {
                overhear(line, &result, took);
            }
            let result = match (result, roster) {
                // The one on the disk is old, and better than none.
                (Err(fault), Some((memory, event))) if fault.is_link() => {
                    let found = tokio::task::spawn_blocking(move || memory.find_roster(event)).await;
                    found
                        .ok()
                        .flatten()
                        .map_or(Err(fault), |roster| Ok(Answer::Roster(Arc::new(roster))))
                }
                (result, _) => result,
            };
            tell(Report::Done {
                request,
                lane,
                result,
                took,
            });
        });
    }
}

/// What other calls say to the line: who signed in, what time it is, and whether the link is there.
fn overhear<D: Answering>(line: &Line<D, RequestId>, result: &Result<Answer, Fault>, took: Duration) {
    match result {
        Ok(Answer::SignIn(Some(me))) if me.user_type.is_staff() => {
            line.signed_in(format!("user:{}", me.user_id.0), me.device.clone());
        }
        Ok(Answer::Community(community)) => line.clock(community.clock, took),
        _ => {}
    }
    match result {
        Ok(_) => line.link(false),
        Err(Fault::Offline(_)) => line.link(true),
        Err(_) => {}
    }
}

/// What kind of write this is, without anything a person typed.
fn name(call: &Call) -> &'static str {
    match call {
        Call::Plan(call) => call.name(),
        Call::Register { .. } => "register",
        Call::CancelRegistration { .. } => "cancel registration",
        Call::CheckOut { .. } => "check out",
        Call::SetCheckOut { .. } => "turn check-out on or off",
        Call::CheckIn { .. } | Call::Replay(_) => "check in",
        Call::Undo { .. } => "undo",
        Call::Seats(SeatsCall::JoinWaitlist { .. }) => "join waitlist",
        Call::Seats(SeatsCall::Change { .. }) => "change a registration",
        Call::Seats(_) => "mark news as seen",
        Call::Completion(CompletionCall::AttendLate { .. }) => "enter late",
        Call::Completion(_) => "set results",
        Call::Note(_) => "door note",
        Call::Game(call) => call.brief(),
        Call::Kiosk(_) => "kiosk",
        Call::Members(call) => call.name(),
        _ => "other",
    }
}

#[cfg(test)]
#[path = "worker_tests.rs"]
mod tests;
