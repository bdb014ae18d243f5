//! Seats, registrations and the waitlist, beyond a member's own registering and cancelling (`registrations.rs`).

use sqlx::types::Json;

use crate::domain::event::EventId;
use crate::domain::event_people::{
    Cursor, DeskAct, PeopleFilter, PeoplePage, PeopleSort, PeopleTotals, SeatChange,
};
use crate::domain::member::{MemberId, MemberName};
use crate::domain::seats::{Attendees, MyLine, MyRegistrations, Part, SeatsAnswer, SeatsCall};
use crate::domain::{Nonce, Timestamp};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

impl Db {
    /// Carries out a call about seats.
    pub async fn seats(&self, token: &Token, call: &SeatsCall) -> Result<SeatsAnswer, DbError> {
        match call {
            SeatsCall::JoinWaitlist { nonce, event } => self
                .join_waitlist(token, *nonce, *event)
                .await
                .map(|(outcome, line)| SeatsAnswer::Joined(outcome, line)),
            SeatsCall::Mine { part, after, most } => self
                .my_registrations(token, *part, *after, *most)
                .await
                .map(SeatsAnswer::Mine),
            SeatsCall::News => self.my_news(token).await.map(SeatsAnswer::News),
            SeatsCall::NewsSeen { nonce, event, at } => self
                .news_seen(token, *nonce, *event, *at)
                .await
                .map(SeatsAnswer::NewsSeen),
            SeatsCall::Attendees { event, after, most } => self
                .attendees(token, *event, *after, *most)
                .await
                .map(SeatsAnswer::Attendees),
            SeatsCall::People {
                event,
                filter,
                sort,
                descending,
                after,
                most,
            } => self
                .event_people(token, *event, filter, *sort, *descending, after.as_ref(), *most)
                .await
                .map(SeatsAnswer::People),
            SeatsCall::PeopleTotals { event, filter } => self
                .event_people_totals(token, *event, filter)
                .await
                .map(SeatsAnswer::PeopleTotals),
            SeatsCall::Change {
                nonce,
                event,
                member,
                act,
            } => self
                .change_registration(token, *nonce, *event, *member, act)
                .await
                .map(|change| SeatsAnswer::Changed(Box::new(change))),
        }
    }

    /// A page of the session's member's registrations, behind an event by its start.
    pub async fn my_registrations(
        &self,
        token: &Token,
        part: Part,
        after: Option<(Timestamp, EventId)>,
        most: i32,
    ) -> Result<MyRegistrations, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.my_registrations($1, $2, $3, $4, $5)")
                .bind(token.bytes())
                .bind(part.word())
                .bind(after.map(|(start, _)| start))
                .bind(after.map(|(_, event)| event.0))
                .bind(most),
        )
        .await
    }

    /// What others did to the member's registrations and they have not seen, the oldest first.
    pub async fn my_news(&self, token: &Token) -> Result<Vec<MyLine>, DbError> {
        self.call(sqlx::query_scalar("SELECT api.my_news($1)").bind(token.bytes()))
            .await
    }

    /// Marks the news of that moment as seen; false when there are newer ones.
    pub async fn news_seen(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
        at: Timestamp,
    ) -> Result<bool, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.news_seen($1, $2, $3, $4)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(event.0)
                .bind(at),
        )
        .await
    }

    /// A page of who will be there; names as each allows.
    pub async fn attendees(
        &self,
        token: &Token,
        event: EventId,
        after: Option<i32>,
        most: i32,
    ) -> Result<Attendees, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.attendees($1, $2, $3, $4)")
                .bind(token.bytes())
                .bind(event.0)
                .bind(after)
                .bind(most),
        )
        .await
    }

    /// A page of an event's people (staff).
    #[allow(clippy::too_many_arguments)]
    pub async fn event_people(
        &self,
        token: &Token,
        event: EventId,
        filter: &PeopleFilter,
        sort: PeopleSort,
        descending: bool,
        after: Option<&Cursor>,
        most: i32,
    ) -> Result<PeoplePage, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.event_people($1, $2, $3, $4, $5, $6, $7)")
                .bind(token.bytes())
                .bind(event.0)
                .bind(Json(filter.clone()))
                .bind(sort.word())
                .bind(descending)
                .bind(after.cloned().map(Json))
                .bind(most),
        )
        .await
    }

    /// An event's people in numbers, and how many of them a filter shows (staff).
    pub async fn event_people_totals(
        &self,
        token: &Token,
        event: EventId,
        filter: &PeopleFilter,
    ) -> Result<PeopleTotals, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.event_people_totals($1, $2, $3)")
                .bind(token.bytes())
                .bind(event.0)
                .bind(Json(filter.clone())),
        )
        .await
    }

    /// The member whom a user name, an e-mail address or a pass code names exactly (staff).
    ///
    /// # Errors
    /// [`crate::domain::Fault::NotFound`] when it names nobody, or more than one.
    pub async fn member_named(&self, token: &Token, name: &str) -> Result<MemberName, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.member_named($1, $2)")
                .bind(token.bytes())
                .bind(name.to_owned()),
        )
        .await
    }

    /// Does something about one member's registration (staff): one call, one transaction.
    ///
    /// # Errors
    /// [`crate::domain::Fault::Invalid`] with `reason`, `note` or `to_event_id`; [`crate::domain::Fault::NotFound`] when
    /// the member never registered for the event.
    pub async fn change_registration(
        &self,
        token: &Token,
        nonce: Nonce,
        event: EventId,
        member: MemberId,
        act: &DeskAct,
    ) -> Result<SeatChange, DbError> {
        let call = match act {
            DeskAct::Approve => "SELECT api.registration_approve($1, $2, $3, $4)",
            DeskAct::Reject { .. } => "SELECT api.registration_reject($1, $2, $3, $4, $5)",
            DeskAct::Cancel { .. } => "SELECT api.registration_cancel($1, $2, $3, $4, $5)",
            DeskAct::Move { .. } => "SELECT api.registration_move($1, $2, $3, $4, $5, $6, $7)",
            DeskAct::Note { .. } => "SELECT api.registration_note($1, $2, $3, $4, $5)",
            DeskAct::Register { .. } => "SELECT api.registration_add($1, $2, $3, $4, $5)",
            DeskAct::Promote { .. } => "SELECT api.registration_promote($1, $2, $3, $4, $5)",
        };
        let call = sqlx::query_scalar(call)
            .bind(token.bytes())
            .bind(nonce)
            .bind(event.0)
            .bind(member.0);
        self.call(match act {
            DeskAct::Approve => call,
            DeskAct::Reject { reason } | DeskAct::Cancel { reason } => call.bind(reason.clone()),
            DeskAct::Move { to, wait, reason } => call.bind(to.0).bind(*wait).bind(reason.clone()),
            DeskAct::Note { text } => call.bind(text.clone()),
            DeskAct::Register { wait } => call.bind(*wait),
            DeskAct::Promote { reason } => call.bind(reason.clone()),
        })
        .await
    }
}
