//! The other end of the line: the one task that owns the journal and the queue, and decides what is sent when.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::domain::check_in::Outcome;
use crate::domain::kept::{Deed, Kept, QUEUE_AFTER, Unsettled};
use crate::domain::{Answer, Call, Fault, Nonce, SafeText};

use super::line::{Order, Shared, Told};
use super::{Answering, Journal};

/// How long one replay may take before its connection is given up.
const REPLAY_LIMIT: Duration = Duration::from_secs(4);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// So often an answer that makes no sense is asked for again before a person is to look at it.
const SENSELESS: u32 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// To be tried live until this moment.
    Fresh(Instant),
    /// Queued; the door has not said yet what it told the person.
    Undecided,
    /// To be replayed.
    Ready,
}

struct Item<R> {
    kept: Kept,
    request: Option<R>,
    phase: Phase,
    senseless: u32,
}

pub(super) struct Keeper<D, R, T> {
    runtime: Handle,
    tell: T,
    orders: mpsc::WeakUnboundedSender<Order<D, R>>,
    shared: Arc<Shared>,
    journal: Option<Journal>,
    desk: Option<D>,
    who: Option<(String, SafeText)>,
    queue: VecDeque<Item<R>>,
    unsettled: Vec<Unsettled>,
    sending: Option<Nonce>,
    /// Nothing can be brought until somebody signs in.
    signed_out: bool,
    pausing: bool,
    /// The last try of any did not get through.
    struggling: bool,
    pause: Duration,
}

impl<D: Answering, R: Copy + Send + 'static, T: Fn(Told<R>) + Clone + Send + 'static> Keeper<D, R, T> {
    pub(super) fn new(
        runtime: &Handle,
        journal: Option<Journal>,
        orders: mpsc::WeakUnboundedSender<Order<D, R>>,
        shared: Arc<Shared>,
        tell: T,
    ) -> Self {
        Self {
            runtime: runtime.clone(),
            tell,
            orders,
            shared,
            journal,
            desk: None,
            who: None,
            queue: VecDeque::new(),
            unsettled: Vec::new(),
            sending: None,
            signed_out: false,
            pausing: false,
            struggling: false,
            pause: FIRST_PAUSE,
        }
    }

    /// Takes in what processes that are gone have left.
    pub(super) fn adopt(&mut self) {
        let Some(journal) = &self.journal else { return };
        let state = journal.state();
        self.unsettled = state.unsettled;
        self.queue = state
            .open
            .into_iter()
            .map(|kept| Item {
                kept,
                request: None,
                phase: Phase::Ready,
                senseless: 0,
            })
            .collect();
        // Nobody has signed in yet.
        self.signed_out = true;
        if !self.queue.is_empty() || !self.unsettled.is_empty() {
            self.hold();
        }
    }

    pub(super) async fn run(mut self, mut taken: mpsc::UnboundedReceiver<Order<D, R>>) {
        while let Some(order) = taken.recv().await {
            match order {
                Order::Ask(request, deed) => self.ask(request, deed).await,
                Order::Decide(nonce, outcome) => self.decided(nonce, outcome).await,
                Order::Settle(nonce, by) => {
                    tracing::info!(%nonce, %by, "a kept check-in was settled");
                    self.unsettled.retain(|known| known.kept.nonce != nonce);
                    self.write(move |journal| journal.settled(nonce, by, Utc::now()))
                        .await;
                    self.hold();
                }
                Order::Open(desk) => self.desk = Some(desk),
                Order::SignedIn(operator, device) => {
                    self.who = Some((operator, device));
                    self.signed_out = false;
                }
                Order::Late(nonce) => self.late(nonce),
                Order::Wake => self.pausing = false,
                Order::Heard(nonce, heard) => self.heard(nonce, heard.map(|heard| *heard)).await,
            }
            self.send_next();
        }
    }

    async fn ask(&mut self, request: R, deed: Deed) {
        let nonce = deed.nonce;
        let skew = TimeDelta::milliseconds(self.shared.skew.load(Ordering::Relaxed));
        let (operator, device) = self.who.clone().unwrap_or_default();
        let kept = Kept {
            nonce,
            event: deed.event,
            presented: deed.presented,
            act: deed.act,
            operator,
            device,
            occurred_at: Utc::now() + skew,
            decided: None,
        };
        let copy = kept.clone();
        if !self.write(move |journal| journal.keep(copy)).await {
            tracing::error!(%nonce, "a check-in could not be kept on the disk; it is sent all the same");
        }
        let link_is_down = self.shared.down.load(Ordering::Relaxed);
        let until = Instant::now() + QUEUE_AFTER;
        self.queue.push_back(Item {
            kept,
            request: Some(request),
            phase: Phase::Fresh(until),
            senseless: 0,
        });
        // Behind others that are being brought it may still be answered in time; behind some that are not, it cannot.
        if link_is_down || self.struggling {
            self.late(nonce);
        } else {
            self.after(QUEUE_AFTER, Order::Late(nonce));
        }
    }

    /// Not answered in time.
    fn late(&mut self, nonce: Nonce) {
        // The one under way ends by its own limit.
        if self.sending == Some(nonce) {
            return;
        }
        self.queue_up(nonce, None);
    }

    fn queue_up(&mut self, nonce: Nonce, fault: Option<Fault>) {
        let Some(item) = self.queue.iter_mut().find(|item| item.kept.nonce == nonce) else {
            return;
        };
        if !matches!(item.phase, Phase::Fresh(_)) {
            return;
        }
        let kept = item.kept.clone();
        let request = item.request;
        item.phase = if request.is_some() {
            Phase::Undecided
        } else {
            Phase::Ready
        };
        self.shared.fresh.fetch_sub(1, Ordering::Relaxed);
        self.hold();
        if let Some(request) = request {
            (self.tell)(Told::Queued { request, kept, fault });
        }
    }

    async fn decided(&mut self, nonce: Nonce, outcome: Option<Outcome>) {
        let Some(item) = self.queue.iter_mut().find(|item| item.kept.nonce == nonce) else {
            return;
        };
        item.kept.decided = outcome;
        if item.phase == Phase::Undecided {
            item.phase = Phase::Ready;
        }
        if let Some(outcome) = outcome {
            self.write(move |journal| journal.decided(nonce, outcome)).await;
        }
    }

    fn send_next(&mut self) {
        if self.sending.is_some() || self.pausing {
            return;
        }
        let (Some(desk), Some(orders), Some(head)) = (&self.desk, self.orders.upgrade(), self.queue.front())
        else {
            return;
        };
        let kept = head.kept.clone();
        let nonce = kept.nonce;
        let desk = desk.clone();
        let (limit, call) = match head.phase {
            Phase::Fresh(until) => (until.saturating_duration_since(Instant::now()), kept.call()),
            Phase::Ready if !self.signed_out => (REPLAY_LIMIT, Call::Replay(Box::new(kept))),
            Phase::Ready | Phase::Undecided => return,
        };
        self.sending = Some(nonce);
        let (tell, request) = (self.tell.clone(), head.request);
        let live = matches!(head.phase, Phase::Fresh(_));
        self.runtime.spawn(async move {
            let told = move |tries, fault: &Fault| {
                if let (Some(request), true) = (request, live) {
                    tell(Told::Retrying {
                        request,
                        tries,
                        fault: fault.clone(),
                    });
                }
            };
            // A connection on which an answer is still owed is discarded with the call, and the nonce is the same
            // in all calls: whichever reaches the database first is carried out. A call of its own task, so that
            // one that panics is one without an answer.
            let call =
                tokio::spawn(async move { tokio::time::timeout(limit, desk.answer(call, told)).await.ok() });
            let heard = call.await.unwrap_or(None);
            let _ = orders.send(Order::Heard(nonce, heard.map(Box::new)));
        });
    }

    async fn heard(&mut self, nonce: Nonce, heard: Option<(Result<Answer, Fault>, Duration)>) {
        self.sending = None;
        let Some(at) = self.queue.iter().position(|item| item.kept.nonce == nonce) else {
            return;
        };
        let live = matches!(self.queue[at].phase, Phase::Fresh(_));
        let (result, took) = heard.unwrap_or((Err(Fault::Slow), REPLAY_LIMIT));
        let result = match result {
            Ok(answer @ (Answer::CheckedIn(_) | Answer::Undone(_))) => Ok(answer),
            Ok(_) => Err(Fault::Internal),
            Err(fault) => Err(fault),
        };
        match result {
            Ok(answer) => {
                self.pause = FIRST_PAUSE;
                self.struggling = false;
                let unsettled = self.queue[at].kept.settle(&answer).filter(|_| !live);
                self.over(at, Ok(answer), took, unsettled).await;
            }
            Err(fault) if live => {
                if fault.is_link() || fault == Fault::NotSignedIn {
                    self.signed_out |= fault == Fault::NotSignedIn;
                    self.struggling = true;
                    self.queue_up(nonce, Some(fault));
                    // Whoever stands behind need not wait for the same.
                    let behind: Vec<Nonce> = self.queue.iter().map(|item| item.kept.nonce).collect();
                    for nonce in behind {
                        self.queue_up(nonce, None);
                    }
                } else {
                    // Refused as a whole, and told so: nobody was let in.
                    self.over(at, Err(fault), took, None).await;
                }
            }
            Err(Fault::NotSignedIn | Fault::NotAllowed(_)) => self.signed_out = true,
            Err(fault @ (Fault::Invalid { .. } | Fault::NotFound(_) | Fault::Conflict(_))) => {
                self.give_up(at, fault, took).await;
            }
            Err(Fault::Internal) => {
                self.queue[at].senseless += 1;
                if self.queue[at].senseless >= SENSELESS {
                    self.give_up(at, Fault::Internal, took).await;
                } else {
                    self.pause();
                }
            }
            Err(_) => self.pause(),
        }
    }

    async fn give_up(&mut self, at: usize, fault: Fault, took: Duration) {
        let unsettled = self.queue[at].kept.refused(&fault);
        self.over(at, Err(fault), took, Some(unsettled)).await;
    }

    /// The database has answered the one at this place.
    async fn over(
        &mut self,
        at: usize,
        result: Result<Answer, Fault>,
        took: Duration,
        unsettled: Option<Unsettled>,
    ) {
        let Some(item) = self.queue.remove(at) else { return };
        let nonce = item.kept.nonce;
        if matches!(item.phase, Phase::Fresh(_)) {
            self.shared.fresh.fetch_sub(1, Ordering::Relaxed);
        }
        if let Some(unsettled) = unsettled {
            tracing::warn!(%nonce, why = %unsettled.why, "a kept check-in waits for a person");
            self.unsettled.push(unsettled.clone());
            self.write(move |journal| journal.unsettled(unsettled)).await;
        } else {
            self.write(move |journal| journal.done(nonce)).await;
        }
        let was_held = !matches!(item.phase, Phase::Fresh(_));
        (self.tell)(Told::Done {
            request: item.request,
            kept: item.kept,
            result,
            took,
        });
        if was_held {
            self.hold();
        }
    }

    fn pause(&mut self) {
        self.pausing = true;
        self.struggling = true;
        self.after(self.pause, Order::Wake);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
    }

    fn after(&self, delay: Duration, order: Order<D, R>) {
        let orders = self.orders.clone();
        self.runtime.spawn(async move {
            tokio::time::sleep(delay).await;
            if let Some(orders) = orders.upgrade() {
                let _ = orders.send(order);
            }
        });
    }

    fn hold(&self) {
        let queued = self
            .queue
            .iter()
            .filter(|item| !matches!(item.phase, Phase::Fresh(_)))
            .count();
        self.shared.queued.store(queued, Ordering::Relaxed);
        (self.tell)(Told::Holding {
            queued,
            unsettled: self.unsettled.clone(),
        });
    }

    /// Writes to the journal beside the runtime's own threads; whether it is on the disk.
    async fn write(
        &mut self,
        what: impl FnOnce(&mut Journal) -> std::io::Result<()> + Send + 'static,
    ) -> bool {
        let Some(mut journal) = self.journal.take() else {
            return false;
        };
        let written = tokio::task::spawn_blocking(move || {
            let written = what(&mut journal);
            (journal, written)
        });
        match written.await {
            Ok((journal, written)) => {
                self.journal = Some(journal);
                if let Err(error) = &written {
                    tracing::error!(%error, "the journal of check-ins cannot be written");
                }
                written.is_ok()
            }
            Err(_) => false,
        }
    }
}
