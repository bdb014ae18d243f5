//! The line of a door without a screen: each input line is asked, answered or queued; what is queued is decided by the
//! event's roster and brought when the link is back, or by the next start.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::db::Desk;
use crate::domain::check_in::{CheckedIn, FirstScan, Outcome, Presented};
use crate::domain::event::EventId;
use crate::domain::kept::{Act, Deed, Kept, Unsettled};
use crate::domain::member::{MemberId, MemberName};
use crate::domain::passage::{Evaluation, Passage, UndoOutcome, Undone};
use crate::domain::roster::{Roster, Stood};
use crate::domain::{Answer, Call, Fault, Nonce, SafeText};
use crate::door::{Line, Memory, Told};

use super::CliError;
use super::connect::Visit;
use super::door_look::not_answered;

/// How old the roster may grow.
const REFRESH: Duration = Duration::from_secs(60);

/// What comes of one input line: `T` is what it was about.
#[derive(Debug)]
pub(super) enum Answered<T> {
    /// The database's answer.
    Live(T),
    /// Not answered in time; what the roster says, if there is one.
    Queued(Option<T>),
}

/// The line's news of one deed.
#[allow(clippy::large_enum_variant, reason = "one at a time")]
enum Heard {
    Live(Answer),
    Queued(Kept),
}

/// See the module.
pub(super) struct DoorLine {
    line: Line<Desk, u64>,
    news: mpsc::UnboundedReceiver<Told<u64>>,
    roster: watch::Receiver<Option<Arc<Roster>>>,
    refreshing: JoinHandle<()>,
    /// The newest roster, as this door has changed it since.
    here: Option<(Arc<Roster>, Roster)>,
    since: Vec<Stood>,
    asked: u64,
    unsettled: Vec<Unsettled>,
}

impl Drop for DoorLine {
    fn drop(&mut self) {
        self.refreshing.abort();
    }
}

impl DoorLine {
    /// A line for one event; it begins with what processes that are gone have left.
    pub(super) fn open(visit: &Visit, event: EventId) -> Self {
        let (tell, news) = mpsc::unbounded_channel();
        let journal = visit.memory.as_ref().and_then(Memory::journal);
        let line = Line::start(&Handle::current(), journal, move |told| drop(tell.send(told)));
        line.clock(Utc::now() + visit.clock_ahead, Duration::ZERO);
        let (fresh, roster) = watch::channel(None);
        let desk = visit.desk.clone();
        let refreshing = tokio::spawn(async move {
            loop {
                if let (Ok(Answer::Roster(roster)), _) = desk.answer(Call::Roster(event), |_, _| ()).await {
                    let people = roster.page().people.len();
                    if fresh.send(Some(roster)).is_err() {
                        return;
                    }
                    tracing::info!(people, "the roster is here");
                }
                tokio::time::sleep(REFRESH).await;
            }
        });
        let door = Self {
            line,
            news,
            roster,
            refreshing,
            here: None,
            since: Vec::new(),
            asked: 0,
            unsettled: Vec::new(),
        };
        door.signed_in(visit);
        door
    }

    /// Whose check-ins these are from now on, and over which session they go.
    fn signed_in(&self, visit: &Visit) {
        self.line.open(visit.desk.clone());
        self.line
            .signed_in(visit.operator.clone(), SafeText::line(visit.db.device()));
    }

    /// One input line: somebody comes in.
    pub(super) async fn check_in(
        &mut self,
        visit: &mut Visit,
        event: EventId,
        text: &str,
    ) -> Result<Answered<CheckedIn>, CliError> {
        let deed = Deed {
            nonce: Nonce::new_v4(),
            event,
            presented: Presented::Text(text.to_owned()),
            act: Act::In,
        };
        match self.tell(visit, deed, text).await? {
            Heard::Live(Answer::CheckedIn(checked)) => {
                let scan = FirstScan {
                    at: Some(checked.at),
                    device: Some(SafeText::line(visit.db.device())),
                    operator: None,
                };
                self.on_roster(|roster| ((), roster.learn(&checked, scan)));
                Ok(Answered::Live(checked))
            }
            Heard::Live(_) => Err(Fault::Internal.into()),
            Heard::Queued(kept) => {
                let scan = FirstScan {
                    at: Some(kept.occurred_at),
                    device: Some(kept.device.clone()),
                    operator: None,
                };
                let decided = self.on_roster(|roster| {
                    let decided = roster.check_in(&kept.presented, kept.occurred_at, scan);
                    let through = decided.member.as_ref().filter(|_| decided.outcome == Outcome::Ok);
                    let changed = through.map(|member| member.id);
                    (decided, changed)
                });
                let outcome = decided.as_ref().map(|checked| checked.outcome);
                self.line.decide(kept.nonce, outcome);
                Ok(Answered::Queued(decided))
            }
        }
    }

    /// One input line: somebody's check-in is taken back.
    pub(super) async fn take_back(
        &mut self,
        visit: &mut Visit,
        event: EventId,
        member: &MemberName,
        reason: Option<&str>,
    ) -> Result<Answered<Undone>, CliError> {
        let deed = Deed {
            nonce: Nonce::new_v4(),
            event,
            presented: Presented::Member {
                id: member.id,
                typed: member.full_name.to_string(),
            },
            act: Act::Undo {
                member: member.id,
                passage: Passage::In,
                reason: reason.map(str::to_owned),
            },
        };
        match self.tell(visit, deed, member.full_name.as_str()).await? {
            Heard::Live(Answer::Undone(undone)) => {
                if undone.outcome == UndoOutcome::Undone {
                    self.on_roster(|roster| {
                        let known = roster.take_back(member.id, Passage::In, undone.at);
                        ((), known.map(|_| member.id))
                    });
                }
                Ok(Answered::Live(undone))
            }
            Heard::Live(_) => Err(Fault::Internal.into()),
            Heard::Queued(kept) => {
                let decided = self
                    .on_roster(|roster| {
                        let undone = roster.take_back(member.id, Passage::In, kept.occurred_at);
                        (undone, Some(member.id))
                    })
                    .flatten();
                let outcome = decided.as_ref().map(|undone| match undone.outcome {
                    UndoOutcome::Undone => Outcome::Ok,
                    _ => Outcome::NotIn,
                });
                self.line.decide(kept.nonce, outcome);
                Ok(Answered::Queued(decided))
            }
        }
    }

    /// Sends a deed and waits until it is answered, or queued.
    async fn tell(&mut self, visit: &mut Visit, deed: Deed, text: &str) -> Result<Heard, CliError> {
        self.asked += 1;
        self.line.ask(self.asked, deed);
        loop {
            match self.hear().await? {
                Told::Queued {
                    request,
                    kept,
                    fault: Some(Fault::NotSignedIn),
                } if request == self.asked => {
                    // Twelve hours have passed, or the machine slept: nothing was done in the old session's name.
                    visit.renew().await?;
                    self.signed_in(visit);
                    self.line.decide(kept.nonce, None);
                }
                Told::Queued { request, kept, .. } if request == self.asked => {
                    return Ok(Heard::Queued(kept));
                }
                Told::Done {
                    request: Some(request),
                    result,
                    ..
                } if request == self.asked => {
                    return result.map(Heard::Live).map_err(|fault| not_answered(text, fault));
                }
                _ => {}
            }
        }
    }

    /// What the roster says of a line, for a look while the database does not answer.
    pub(super) fn weigh(&mut self, text: &str) -> Option<Evaluation> {
        let now = self.line.now();
        self.on_roster(|roster| (roster.weigh(&Presented::Text(text.to_owned()), now), None))
    }

    /// The next news; those about what is held are told on the way.
    async fn hear(&mut self) -> Result<Told<u64>, CliError> {
        let told = self.news.recv().await.ok_or(Fault::Internal)?;
        match &told {
            Told::Retrying { tries: 1, fault, .. } => eprintln!("pine-time: {fault} Trying again."),
            Told::Holding { unsettled, .. } => {
                for new in unsettled {
                    if !self
                        .unsettled
                        .iter()
                        .any(|known| known.kept.nonce == new.kept.nonce)
                    {
                        eprintln!("pine-time: to be settled: {}. {}", new.who, new.why);
                    }
                }
                self.unsettled.clone_from(unsettled);
            }
            _ => {}
        }
        Ok(told)
    }

    /// Decides on the newest roster, as this door has changed it since; none while none has come. Who is named as
    /// changed is kept so until the database has heard of it.
    fn on_roster<T>(&mut self, decide: impl FnOnce(&mut Roster) -> (T, Option<MemberId>)) -> Option<T> {
        let newest = self.roster.borrow_and_update().clone()?;
        if self
            .here
            .as_ref()
            .is_none_or(|(taken, _)| !Arc::ptr_eq(taken, &newest))
        {
            let mut roster = Roster::clone(&newest);
            if self.line.queued() <= 1 {
                self.since.clear();
            }
            for stood in &self.since {
                roster.stand(stood);
            }
            self.here = Some((newest, roster));
        }
        let (_, roster) = self.here.as_mut()?;
        let (decided, changed) = decide(roster);
        self.since
            .extend(changed.and_then(|member| roster.stands(member)));
        Some(decided)
    }

    /// Waits for what is queued, at most so long; an error says what is left.
    pub(super) async fn finish(mut self, patience: Duration) -> Result<(), CliError> {
        let end = tokio::time::Instant::now() + patience;
        let waiting = self.line.queued();
        if waiting > 0 {
            eprintln!("pine-time: queued {waiting}; waiting for the database.");
        }
        while self.line.queued() > 0 {
            match tokio::time::timeout_at(end, self.hear()).await {
                Ok(told) => drop(told?),
                Err(_) => break,
            }
        }
        // What was told last is heard, too.
        while let Ok(Ok(told)) = tokio::time::timeout(Duration::ZERO, self.hear()).await {
            drop(told);
        }
        let (queued, unsettled) = (self.line.queued(), self.unsettled.len());
        if queued > 0 {
            return Err(CliError::failed(format!(
                "The database does not answer. Check-ins kept on this machine, to be sent by the next start: {queued}."
            )));
        }
        if unsettled > 0 {
            return Err(CliError::Refused(format!(
                "Check-ins that wait for a person: {unsettled}. Settle them at the door of the screens (F10)."
            )));
        }
        Ok(())
    }
}
