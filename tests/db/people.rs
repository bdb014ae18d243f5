//! People of the tests around registrations: members and staff with terminals of their own.

use pine_time::db::{Db, DbError, Token};
use pine_time::domain::event::{CancelOutcome, EventId, RegisterOutcome, RegistrationStatus};
use pine_time::domain::event_people::{DeskAct, DeskOutcome, SeatChange};
use pine_time::domain::member::MemberId;
use pine_time::domain::seats::MyRegistration;

use crate::support::cluster::Role;
use crate::support::world::{World, nonce};

/// Lets the events begin; moving the clock instead would end the sessions.
pub(crate) const BEGUN: &str = "UPDATE events SET start_time = pine.clock()";
/// Lets the events be over.
pub(crate) const OVER: &str =
    "UPDATE events SET start_time = pine.clock() - interval '2 hours', end_time = pine.clock()";

/// A member at a kiosk.
pub(crate) struct Member {
    pub(crate) id: MemberId,
    pub(crate) db: Db,
    pub(crate) token: Token,
}

impl Member {
    pub(crate) async fn new(world: &World, name: &str) -> Self {
        let id = world.member(name).await;
        Self {
            id,
            db: world.db(Role::Kiosk),
            token: world.session(id).await,
        }
    }

    pub(crate) async fn register(&self, event: EventId) -> RegisterOutcome {
        self.db.register(&self.token, nonce(), event).await.unwrap().0
    }

    /// The outcome and the place that was told.
    pub(crate) async fn wait(&self, event: EventId) -> (RegisterOutcome, Option<i64>) {
        let (outcome, line) = self.db.join_waitlist(&self.token, nonce(), event).await.unwrap();
        (outcome, line.my_place)
    }

    pub(crate) async fn cancel(&self, event: EventId) -> CancelOutcome {
        self.db
            .cancel_registration(&self.token, nonce(), event)
            .await
            .unwrap()
            .0
    }

    pub(crate) async fn mine(&self, event: EventId) -> MyRegistration {
        self.db
            .event(&self.token, event)
            .await
            .unwrap()
            .mine
            .expect("a registration")
    }

    pub(crate) async fn status(&self, event: EventId) -> RegistrationStatus {
        self.mine(event).await.status
    }
}

/// Somebody of the staff at a desk.
pub(crate) struct Staff {
    pub(crate) db: Db,
    pub(crate) token: Token,
}

impl Staff {
    pub(crate) async fn new(world: &World) -> Self {
        Self {
            db: world.db(Role::Staff),
            token: world.staff().await,
        }
    }

    pub(crate) async fn try_to(
        &self,
        event: EventId,
        member: MemberId,
        act: DeskAct,
    ) -> Result<SeatChange, DbError> {
        self.db
            .change_registration(&self.token, nonce(), event, member, &act)
            .await
    }

    pub(crate) async fn does(&self, event: EventId, member: MemberId, act: DeskAct) -> SeatChange {
        let what = format!("{act:?}");
        self.try_to(event, member, act)
            .await
            .unwrap_or_else(|error| panic!("{what}: {}", error.fault))
    }

    pub(crate) async fn outcome(&self, event: EventId, member: MemberId, act: DeskAct) -> DeskOutcome {
        self.does(event, member, act).await.outcome
    }
}

/// Seats taken and people waiting, as they are counted.
pub(crate) async fn seats(world: &World, event: EventId) -> (i32, i32) {
    let text: String = world
        .value(&format!(
            "SELECT taken || ' ' || waiting FROM event_seats WHERE event_id = {}",
            event.0
        ))
        .await;
    let (taken, waiting) = text.split_once(' ').unwrap();
    (taken.parse().unwrap(), waiting.parse().unwrap())
}

pub(crate) fn reject(reason: &str) -> DeskAct {
    DeskAct::Reject {
        reason: reason.to_owned(),
    }
}

pub(crate) fn cancel(reason: &str) -> DeskAct {
    DeskAct::Cancel {
        reason: reason.to_owned(),
    }
}

pub(crate) fn note(text: &str) -> DeskAct {
    DeskAct::Note {
        text: text.to_owned(),
    }
}

pub(crate) fn register(wait: bool) -> DeskAct {
    DeskAct::Register { wait }
}

pub(crate) fn promote(reason: Option<&str>) -> DeskAct {
    DeskAct::Promote {
        reason: reason.map(str::to_owned),
    }
}

pub(crate) fn move_to(to: EventId, wait: bool) -> DeskAct {
    DeskAct::Move {
        to,
        wait,
        reason: None,
    }
}
