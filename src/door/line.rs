//! The line in which check-ins are sent. Each is in the journal before it is sent; one that is not answered in time is
//! told to be queued, and brought again, in order and with its original time, until the database has answered.
//! What the database sees otherwise than the door is kept for a person to settle; nothing is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::domain::check_in::Outcome;
use crate::domain::kept::{Deed, Kept, Unsettled};
use crate::domain::{Answer, Fault, Nonce, SafeText, Timestamp};

use super::keeper::Keeper;
use super::{Answering, Journal};

/// What the line has to tell; `R` is how its user numbers requests.
#[allow(
    clippy::large_enum_variant,
    reason = "few at a time, and never kept in numbers"
)]
#[derive(Debug)]
pub enum Told<R> {
    /// A check-in did not get through and is tried again.
    Retrying {
        /// Which one.
        request: R,
        /// Tries so far.
        tries: u32,
        /// Why the last one failed.
        fault: Fault,
    },
    /// Not answered in time. The door is to decide, and to tell with [`Line::decide`] what it told the person.
    Queued {
        /// Which one.
        request: R,
        /// The check-in.
        kept: Kept,
        /// Why, if the database said so.
        fault: Option<Fault>,
    },
    /// The database has answered.
    Done {
        /// Which one; none if another process had asked.
        request: Option<R>,
        /// The check-in.
        kept: Kept,
        /// What it brought.
        result: Result<Answer, Fault>,
        /// From sending the last try to its answer.
        took: Duration,
    },
    /// So many wait for the database, and these for a person.
    Holding {
        /// Queued check-ins, those of processes that are gone included.
        queued: usize,
        /// What a person has to settle.
        unsettled: Vec<Unsettled>,
    },
}

pub(super) enum Order<D, R> {
    Ask(R, Deed),
    Decide(Nonce, Option<Outcome>),
    Settle(Nonce, SafeText),
    Open(D),
    SignedIn(String, SafeText),
    Late(Nonce),
    Wake,
    Heard(Nonce, Option<Box<(Result<Answer, Fault>, Duration)>>),
}

/// The user's end of the line. Cheap to clone; the line stops when the last is dropped, and what is kept
/// stays on the disk.
pub struct Line<D, R> {
    orders: mpsc::UnboundedSender<Order<D, R>>,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Asked and neither answered nor queued.
    pub(super) fresh: AtomicUsize,
    pub(super) queued: AtomicUsize,
    /// The link is known to be down: nothing is tried live.
    pub(super) down: AtomicBool,
    /// The community's clock before this machine's, in milliseconds.
    pub(super) skew: AtomicI64,
}

impl<D, R> Clone for Line<D, R> {
    fn clone(&self) -> Self {
        Self {
            orders: self.orders.clone(),
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<D: Answering, R: Copy + Send + 'static> Line<D, R> {
    /// Starts a line. Without a journal it works as long as the process lives.
    pub fn start(
        runtime: &Handle,
        journal: Option<Journal>,
        tell: impl Fn(Told<R>) + Clone + Send + 'static,
    ) -> Self {
        let (orders, taken) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared::default());
        let mut keeper = Keeper::new(runtime, journal, orders.downgrade(), Arc::clone(&shared), tell);
        keeper.adopt();
        runtime.spawn(keeper.run(taken));
        Self { orders, shared }
    }

    /// Something was done at the door.
    pub fn ask(&self, request: R, deed: Deed) {
        self.shared.fresh.fetch_add(1, Ordering::Relaxed);
        self.order(Order::Ask(request, deed));
    }

    /// What the door told a person whose check-in is queued; none if it could not tell.
    pub fn decide(&self, nonce: Nonce, outcome: Option<Outcome>) {
        self.order(Order::Decide(nonce, outcome));
    }

    /// Somebody has looked at what was unsettled.
    pub fn settle(&self, nonce: Nonce, by: SafeText) {
        self.order(Order::Settle(nonce, by));
    }

    /// From now on check-ins can be sent.
    pub fn open(&self, desk: D) {
        self.order(Order::Open(desk));
    }

    /// Somebody signed in: who makes check-ins from now on, as the request log calls them, and where.
    pub fn signed_in(&self, operator: String, device: SafeText) {
        self.order(Order::SignedIn(operator, device));
    }

    /// What other calls say of the link.
    pub fn link(&self, down: bool) {
        if self.shared.down.swap(down, Ordering::Relaxed) && !down {
            self.order(Order::Wake);
        }
    }

    /// The community's clock, as an answer brought it that took so long: it was read about half-way.
    pub fn clock(&self, clock: Timestamp, took: Duration) {
        let way = TimeDelta::from_std(took / 2).unwrap_or_default();
        let ahead = (clock + way - Utc::now()).num_milliseconds();
        self.shared.skew.store(ahead, Ordering::Relaxed);
    }

    /// The community's clock, as far as it is known.
    pub fn now(&self) -> Timestamp {
        Utc::now() + TimeDelta::milliseconds(self.shared.skew.load(Ordering::Relaxed))
    }

    /// Check-ins that are neither answered nor queued.
    pub fn fresh(&self) -> usize {
        self.shared.fresh.load(Ordering::Relaxed)
    }

    /// Check-ins that wait for the database.
    pub fn queued(&self) -> usize {
        self.shared.queued.load(Ordering::Relaxed)
    }

    fn order(&self, order: Order<D, R>) {
        // The line ends after its user only.
        let _ = self.orders.send(order);
    }
}
