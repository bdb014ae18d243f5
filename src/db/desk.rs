//! The desk: carries out a [`Call`], keeps the session's token, and sends again what may be sent again. It is
//! the one place where the screens' language meets the functions of the data layer.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::member::MemberId;
use crate::domain::passage::Passage;
use crate::domain::{Answer, Call, Fault};

use super::error::DbError;
use super::kiosk::Device;
use super::pool::Db;
use super::sign_in::Token;
use super::trace;

/// How long a read is tried before the screen is told; it asks again by itself.
const READ_PATIENCE: Duration = Duration::from_secs(2);
/// How long a write is tried before the person is told that it did not get through.
const WRITE_PATIENCE: Duration = Duration::from_secs(30);
const FIRST_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How often at most the database hears that somebody is still there.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// The data layer with a session. Cheap to clone; clones share connections and session.
#[derive(Clone)]
pub struct Desk {
    db: Db,
    session: Arc<Mutex<Option<Session>>>,
    /// Who a kiosk is; none at a desk that is none.
    device: Option<Device>,
}

struct Session {
    token: Token,
    /// Whose it is, where somebody signed in here.
    whose: Option<MemberId>,
    touched: Instant,
}

impl Desk {
    /// A desk at which nobody has signed in yet.
    pub fn new(db: Db) -> Self {
        Self {
            db,
            session: Arc::default(),
            device: None,
        }
    }

    /// The same desk as a kiosk's: `secret` looks up what proves it.
    #[must_use]
    pub fn at_kiosk(self, secret: impl Fn() -> Option<Token> + Send + Sync + 'static) -> Self {
        Self {
            device: Some(Device::new(secret)),
            ..self
        }
    }

    /// A desk with a session that was opened otherwise.
    pub fn with_token(db: Db, token: Token) -> Self {
        let desk = Self::new(db);
        desk.keep(token, None);
        desk
    }

    /// The database behind it.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Sends a call, again with the same nonce while the trouble is passing; `told` hears of every failed try.
    /// Answers what it brought and how long the last try took.
    pub async fn answer(
        &self,
        call: Call,
        mut told: impl FnMut(u32, &Fault) + Send,
    ) -> (Result<Answer, Fault>, Duration) {
        let patience = match &call {
            // Whoever brings these keeps them, and tries them again in their order.
            Call::Replay(_) => Duration::ZERO,
            call if call.nonce().is_some() => WRITE_PATIENCE,
            _ => READ_PATIENCE,
        };
        // What one member wished for is never carried out for the next who signs in here, however late it gets through.
        let whose = self.whose();
        let began = Instant::now();
        let mut pause = FIRST_PAUSE;
        let mut tries = 0;
        loop {
            let sent = Instant::now();
            let result = self.once(&call, whose).await;
            let took = sent.elapsed();
            tries += 1;
            match result {
                Err(error) if error.transient && began.elapsed() + pause < patience => {
                    told(tries, &error.fault);
                    tokio::time::sleep(jittered(pause)).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                result => {
                    let result = result.map_err(|error| error.fault);
                    trace::ended(&call, result.as_ref().err(), tries, began.elapsed());
                    return (result, took);
                }
            }
        }
    }

    /// Ends the session, if there is one, and closes the connections.
    pub async fn close(&self) {
        let token = self.session().take().map(|session| session.token);
        if let Some(token) = token {
            let _ = tokio::time::timeout(Duration::from_millis(500), self.db.sign_out(&token)).await;
        }
        self.db.close().await;
    }

    async fn once(&self, call: &Call, whose: Option<MemberId>) -> Result<Answer, DbError> {
        match call {
            Call::Community => self.db.community().await.map(Answer::Community),
            Call::SignIn { name, password } => {
                let signed_in = self.db.sign_in(name, password).await?;
                Ok(Answer::SignIn(signed_in.map(|signed_in| {
                    self.keep(signed_in.token, Some(signed_in.me.user_id));
                    signed_in.me
                })))
            }
            Call::SignOut => {
                let token = self.session().take().map(|session| session.token);
                let ended = match &token {
                    Some(token) => self.db.sign_out(token).await.map(drop),
                    None => Ok(()),
                };
                if self.device.is_some() {
                    // Their buffers hold what the database has told of whoever was there.
                    self.db.close().await;
                }
                ended.map(|()| Answer::SignedOut)
            }
            Call::Kiosk(call) => self.db.kiosk(self.device.as_ref(), call).await.map(Answer::Kiosk),
            Call::Account(call) if call.is_open() => self.db.account(None, call).await.map(Answer::Account),
            call => self.with_session(call, whose).await,
        }
    }

    async fn with_session(&self, call: &Call, whose: Option<MemberId>) -> Result<Answer, DbError> {
        let Some(token) = self.token_of(whose) else {
            return Err(not_signed_in());
        };
        match self.send(&token, call).await {
            // The terminal was unlocked meanwhile: the session this call was sent with has a successor.
            Err(error) if error.fault == Fault::NotSignedIn => match self.token_of(whose) {
                Some(newer) if newer != token => self.send(&newer, call).await,
                _ => Err(error),
            },
            result => {
                if result.is_ok() {
                    self.stay_awake(token);
                }
                result
            }
        }
    }

    async fn send(&self, token: &Token, call: &Call) -> Result<Answer, DbError> {
        let db = &self.db;
        match call {
            Call::Community | Call::SignIn { .. } | Call::SignOut | Call::Kiosk(_) => Err(not_signed_in()),
            Call::Events { from, to } => answer(db.events(token, *from, *to), Answer::Events).await,
            Call::Event(event) => answer(db.event(token, *event), Answer::Event).await,
            Call::Calendar(call) => answer(db.calendar(token, call), Answer::Calendar).await,
            Call::EventTypes => answer(db.event_types(token), Answer::EventTypes).await,
            Call::Plan(call) => answer(db.plan(token, call), Answer::Plan).await,
            Call::Register { nonce, event } => {
                answer(db.register(token, *nonce, *event), |(outcome, event)| {
                    Answer::Registered(outcome, event)
                })
                .await
            }
            Call::CancelRegistration { nonce, event } => {
                answer(
                    db.cancel_registration(token, *nonce, *event),
                    |(outcome, event)| Answer::Cancelled(outcome, event),
                )
                .await
            }
            Call::Door(event) => answer(db.door(token, *event), Answer::Door).await,
            Call::FindSimilar { event, query } => {
                answer(db.find_similar(token, *event, query), Answer::Candidates).await
            }
            Call::FindAtDoor { event, query } => {
                answer(db.find_at_door(token, *event, query), Answer::Candidates).await
            }
            Call::CheckIn {
                nonce,
                event,
                presented,
            } => answer(db.check_in(token, *nonce, *event, presented), Answer::CheckedIn).await,
            Call::DoorLog {
                event,
                containing,
                before,
                most,
            } => {
                let log = db.door_log(token, *event, containing, *before, *most);
                answer(log, Answer::DoorLog).await
            }
            Call::Evaluate { event, presented } => {
                let evaluation = db.evaluate_check_in(token, *event, presented);
                answer(evaluation, |evaluation| Answer::Evaluated(Box::new(evaluation))).await
            }
            Call::TakePayment {
                nonce,
                event,
                member,
                typed,
                taking,
            } => {
                answer(
                    db.take_payment(token, *nonce, *event, *member, typed, taking),
                    Answer::CheckedIn,
                )
                .await
            }
            Call::AdmitAnyway {
                nonce,
                event,
                member,
                typed,
                reason,
            } => {
                answer(
                    db.admit_anyway(token, *nonce, *event, *member, typed, reason),
                    Answer::CheckedIn,
                )
                .await
            }
            Call::WalkIn {
                nonce,
                event,
                walk_in,
            } => answer(db.walk_in(token, *nonce, *event, walk_in), Answer::WalkedIn).await,
            Call::CheckOut {
                nonce,
                event,
                presented,
            } => answer(db.check_out(token, *nonce, *event, presented), Answer::CheckedIn).await,
            Call::SetCheckOut { nonce, event, on } => {
                answer(db.set_check_out(token, *nonce, *event, *on), Answer::CheckOutSet).await
            }
            Call::Roster(event) => {
                answer(db.door_roster(token, *event), |roster| {
                    Answer::Roster(Arc::new(roster))
                })
                .await
            }
            Call::Replay(kept) => db.replay(token, kept).await,
            Call::Undo {
                nonce,
                event,
                member,
                passage: passage @ (Passage::Out | Passage::Back),
                reason,
            } => {
                let undo = db.undo_passage(token, *nonce, *event, *member, *passage, reason.as_deref());
                answer(undo, Answer::Undone).await
            }
            Call::Undo {
                nonce,
                event,
                member,
                reason,
                ..
            } => {
                let undo = db.undo_check_in(token, *nonce, *event, *member, reason.as_deref());
                answer(undo, Answer::Undone).await
            }
            Call::Money(call) => answer(db.money(token, call), Answer::Money).await,
            Call::Live(call) => answer(db.live(token, call), Answer::Live).await,
            Call::Seats(call) => answer(db.seats(token, call), Answer::Seats).await,
            Call::Account(call) => answer(db.account(Some(token), call), Answer::Account).await,
            Call::Members(call) => answer(db.members_desk(token, call), Answer::Members).await,
            Call::Completion(call) => answer(db.completion(token, call), Answer::Completion).await,
            Call::Note(call) => answer(db.door_note(token, call), Answer::Note).await,
            Call::Audit(call) => answer(db.audit_log(token, call), Answer::Audit).await,
            Call::Insight(call) => answer(db.insight(token, call), Answer::Insight).await,
            Call::Game(call) => answer(db.game(token, call), Answer::Game).await,
            Call::Profile => answer(db.profile(token), Answer::Profile).await,
        }
    }

    fn stay_awake(&self, token: Token) {
        {
            let mut session = self.session();
            match session.as_mut() {
                Some(session) if session.touched.elapsed() >= TOUCH_EVERY => session.touched = Instant::now(),
                _ => return,
            }
        }
        let db = self.db.clone();
        tokio::spawn(async move {
            if let Err(error) = db.touch(&token).await {
                tracing::warn!(fault = %error.fault, "the session's idle time was not advanced");
            }
        });
    }

    fn keep(&self, token: Token, whose: Option<MemberId>) {
        *self.session() = Some(Session {
            token,
            whose,
            touched: Instant::now(),
        });
    }

    /// Whose session it is now.
    fn whose(&self) -> Option<MemberId> {
        self.session().as_ref().and_then(|session| session.whose)
    }

    /// The session's token, if it is still this member's.
    fn token_of(&self, whose: Option<MemberId>) -> Option<Token> {
        self.session()
            .as_ref()
            .filter(|session| session.whose == whose)
            .map(|session| session.token.clone())
    }

    fn session(&self) -> MutexGuard<'_, Option<Session>> {
        // The token is replaced whole; a panic elsewhere cannot leave half of one.
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer<T>(
    call: impl Future<Output = Result<T, DbError>>,
    into: impl FnOnce(T) -> Answer,
) -> Result<Answer, DbError> {
    call.await.map(into)
}

pub(super) fn not_signed_in() -> DbError {
    DbError {
        fault: Fault::NotSignedIn,
        transient: false,
    }
}

/// Between half and all of a pause, so that a hundred terminals do not come back as one.
pub(super) fn jittered(pause: Duration) -> Duration {
    let mut dice = [0_u8; 1];
    let share = getrandom::fill(&mut dice).map_or(1.0, |()| f64::from(dice[0]) / 255.0);
    pause.mul_f64(0.5 + share / 2.0)
}
