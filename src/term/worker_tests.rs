#![allow(clippy::panic)]

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, mpsc};

use super::*;
use crate::domain::event::EventId;

/// Answers when it is let; a lane test needs to hold calls, which no database does on demand.
#[derive(Clone)]
struct Held {
    let_go: Arc<Semaphore>,
    seen: Arc<Mutex<Vec<Call>>>,
}

impl Held {
    fn new() -> Self {
        Self {
            let_go: Arc::new(Semaphore::new(0)),
            seen: Arc::default(),
        }
    }

    fn seen(&self) -> MutexGuard<'_, Vec<Call>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answering for Held {
    async fn answer(
        &self,
        call: Call,
        mut told: impl FnMut(u32, &Fault) + Send,
    ) -> (Result<Answer, Fault>, Duration) {
        self.seen().push(call.clone());
        if let Ok(permit) = self.let_go.acquire().await {
            permit.forget();
        }
        match call {
            Call::Profile => panic!("a call that panics"),
            Call::SignOut => {
                told(1, &Fault::Busy);
                (Ok(Answer::SignedOut), Duration::from_millis(7))
            }
            _ => (Err(Fault::Slow), Duration::from_millis(3)),
        }
    }

    async fn close(&self) {}
}

type Reports = mpsc::UnboundedReceiver<Report>;

fn worker() -> (Worker<Held, impl Fn(Report) + Clone + Send + 'static>, Reports) {
    let (tell, reports) = mpsc::unbounded_channel();
    (
        Worker::new(Handle::current(), move |report| drop(tell.send(report))),
        reports,
    )
}

fn write(n: u64) -> Call {
    Call::Register {
        nonce: Nonce::from_u128(u128::from(n)),
        event: EventId(1),
    }
}

#[tokio::test]
async fn answers_and_retries_come_back_with_their_number() {
    let (mut worker, mut reports) = worker();
    let desk = Held::new();
    worker.open(desk.clone());
    worker.ask(RequestId(1), Lane::Session, Call::SignOut);
    desk.let_go.add_permits(1);
    assert!(matches!(
        reports.recv().await,
        Some(Report::Retrying {
            request: RequestId(1),
            tries: 1,
            fault: Fault::Busy
        })
    ));
    let took = Duration::from_millis(7);
    assert!(matches!(
        reports.recv().await,
        Some(Report::Done { request: RequestId(1), lane: Lane::Session, result: Ok(Answer::SignedOut), took: t }) if t == took
    ));
}

#[tokio::test]
async fn a_call_that_panics_is_a_fault_and_its_lane_goes_on() {
    let (mut worker, mut reports) = worker();
    let desk = Held::new();
    worker.open(desk.clone());
    worker.ask(RequestId(1), Lane::Page, Call::Profile);
    worker.ask(RequestId(2), Lane::Page, Call::EventTypes);
    desk.let_go.add_permits(2);
    assert!(matches!(
        reports.recv().await,
        Some(Report::Done {
            request: RequestId(1),
            result: Err(Fault::Internal),
            ..
        })
    ));
    worker.done(Lane::Page);
    assert!(matches!(
        reports.recv().await,
        Some(Report::Done {
            request: RequestId(2),
            result: Err(Fault::Slow),
            ..
        })
    ));
}

#[tokio::test]
async fn calls_wait_for_the_desk_and_writes_keep_their_order() {
    let (mut worker, mut reports) = worker();
    worker.ask(RequestId(1), Lane::Write, write(1));
    worker.ask(RequestId(2), Lane::Write, write(2));
    worker.ask(RequestId(3), Lane::Link, Call::Community);
    worker.ask(RequestId(4), Lane::Link, Call::Community);
    assert_eq!(worker.unanswered(), 2);
    let desk = Held::new();
    desk.let_go.add_permits(9);
    worker.open(desk.clone());
    let mut over = Vec::new();
    while over.len() < 3 {
        let Some(Report::Done { request, lane, .. }) = reports.recv().await else {
            panic!("no other report")
        };
        worker.done(lane);
        over.push(request.0);
    }
    over.sort_unstable();
    assert_eq!(over, [1, 2, 4], "request 3 gave way to 4");
    assert_eq!(worker.unanswered(), 0);
    let writes: Vec<Call> = desk
        .seen()
        .iter()
        .filter(|c| c.nonce().is_some())
        .cloned()
        .collect();
    assert_eq!(writes, [write(1), write(2)]);
}

#[tokio::test]
async fn without_a_desk_every_call_is_answered_with_the_reason() {
    let (mut worker, mut reports) = worker();
    worker.ask(RequestId(1), Lane::Write, write(1));
    worker.refuse(SafeText::from("There is no PostgreSQL here."));
    worker.ask(RequestId(2), Lane::Link, Call::Community);
    for number in [1, 2] {
        let Some(Report::Done {
            request,
            result: Err(fault),
            ..
        }) = reports.recv().await
        else {
            panic!("refused")
        };
        assert_eq!(request, RequestId(number));
        assert_eq!(
            fault.to_string(),
            "The database does not answer: There is no PostgreSQL here."
        );
    }
    assert_eq!(worker.unanswered(), 0);
}
