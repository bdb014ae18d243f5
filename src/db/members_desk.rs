//! The members' desk: lists and pages of members, what is changed about them, and where they are signed in.

use serde::Deserialize;
use sqlx::types::Json;

use crate::domain::Nonce;
use crate::domain::account::SessionLine;
use crate::domain::event_people::Cursor;
use crate::domain::member::{MemberId, MemberLine, MemberName, UserType};
use crate::domain::members_desk::{
    MemberDraft, MemberPage, MemberRow, MembersAnswer, MembersCall, MembersCount, MembersFilter, MembersPage,
    NewAccount,
};

use super::account::unknown_password;
use super::error::DbError;
use super::members::NewMember;
use super::pool::Db;
use super::sign_in::Token;

#[derive(Deserialize)]
struct Ended {
    ended: i64,
}

impl Db {
    /// Carries out a call about members.
    pub async fn members_desk(&self, token: &Token, call: &MembersCall) -> Result<MembersAnswer, DbError> {
        Ok(match call {
            MembersCall::Page {
                filter,
                descending,
                after,
                most,
            } => MembersAnswer::Page(
                self.members_page(token, filter, *descending, after.as_ref(), *most)
                    .await?,
            ),
            MembersCall::Count => MembersAnswer::Count(self.members_in_numbers(token).await?),
            MembersCall::Member(member) => {
                MembersAnswer::Member(Box::new(self.member_page(token, *member).await?))
            }
            MembersCall::Add { nonce, who } => {
                MembersAnswer::Made(self.make_member(token, *nonce, who).await?)
            }
            MembersCall::Save {
                nonce,
                member,
                seen,
                draft,
            } => MembersAnswer::Saved(self.save_member(token, *nonce, *member, seen, draft).await?),
            MembersCall::SetRole {
                nonce,
                username,
                role,
            } => {
                let changed = self.set_role(token, *nonce, username, *role).await?;
                let name = MemberName {
                    id: changed.id,
                    full_name: changed.username.clone(),
                    username: changed.username,
                };
                MembersAnswer::Role(name, *role)
            }
            MembersCall::Sessions(member) => {
                MembersAnswer::Sessions(self.member_sessions(token, *member).await?)
            }
            MembersCall::EndSessions { nonce, member } => {
                MembersAnswer::Ended(self.end_sessions(token, *nonce, *member).await?)
            }
        })
    }

    /// A page of members by name; what a query finds is one page, the nearest first (staff).
    pub async fn members_page(
        &self,
        token: &Token,
        filter: &MembersFilter,
        descending: bool,
        after: Option<&Cursor>,
        most: i32,
    ) -> Result<MembersPage, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.members_page($1, $2, $3, $4, $5)")
                .bind(token.bytes())
                .bind(Json(filter.clone()))
                .bind(descending)
                .bind(after.cloned().map(Json))
                .bind(most),
        )
        .await
    }

    /// How many members there are (staff).
    pub async fn members_in_numbers(&self, token: &Token) -> Result<MembersCount, DbError> {
        self.call(sqlx::query_scalar("SELECT api.members_in_numbers($1)").bind(token.bytes()))
            .await
    }

    /// Everything that staff see of a member.
    ///
    /// # Errors
    /// [`crate::domain::Fault::NotFound`].
    pub async fn member_page(&self, token: &Token, member: MemberId) -> Result<MemberPage, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.member_page($1, $2)")
                .bind(token.bytes())
                .bind(member.0),
        )
        .await
    }

    /// Makes a member with a password that nobody knows: they set theirs with a one-time code (staff).
    ///
    /// # Errors
    /// [`crate::domain::Fault::Invalid`] with `username`, `email`, `full_name` or `referred_by`.
    pub async fn make_member(
        &self,
        token: &Token,
        nonce: Nonce,
        who: &NewAccount,
    ) -> Result<MemberLine, DbError> {
        let new = NewMember {
            username: who.username.clone(),
            email: who.email.clone(),
            full_name: who.full_name.clone(),
            user_type: UserType::Regular,
            hashed_password: unknown_password().await?,
            referrer: who.referrer.clone(),
        };
        self.add_member(token, nonce, &new).await
    }

    /// Changes what is written down of a member (staff; of staff, administrators).
    ///
    /// # Errors
    /// [`crate::domain::Fault::Invalid`] with `username`, `email`, `full_name` or `referred_by`; `Conflict` when somebody
    /// changed them meanwhile.
    pub async fn save_member(
        &self,
        token: &Token,
        nonce: Nonce,
        member: MemberId,
        seen: &str,
        draft: &MemberDraft,
    ) -> Result<MemberRow, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.member_save($1, $2, $3, $4, $5)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(member.0)
                .bind(seen.to_owned())
                .bind(Json(draft.clone())),
        )
        .await
    }

    /// Where a member is signed in (administrators, and staff for themselves).
    pub async fn member_sessions(
        &self,
        token: &Token,
        member: MemberId,
    ) -> Result<Vec<SessionLine>, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.member_sessions($1, $2)")
                .bind(token.bytes())
                .bind(member.0),
        )
        .await
    }

    /// Ends all sessions of a member (administrators), or with none all of the asker's but this one. Answers how many.
    pub async fn end_sessions(
        &self,
        token: &Token,
        nonce: Nonce,
        member: Option<MemberId>,
    ) -> Result<i64, DbError> {
        let answer: Ended = self
            .call(
                sqlx::query_scalar("SELECT api.sessions_end($1, $2, $3)")
                    .bind(token.bytes())
                    .bind(nonce)
                    .bind(member.map(|member| member.0)),
            )
            .await?;
        Ok(answer.ended)
    }
}
