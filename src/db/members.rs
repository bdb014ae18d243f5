//! Members, for those who look after them.

use serde::{Deserialize, Serialize};

use crate::domain::member::{MemberId, MemberLine, UserType};
use crate::domain::{Nonce, SafeText};

use super::error::DbError;
use super::pool::Db;
use super::sign_in::Token;

/// A member to be made.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// Sign-in name.
    pub username: String,
    /// E-mail address.
    pub email: String,
    /// Name as people say it.
    pub full_name: String,
    /// What they may do.
    pub user_type: UserType,
    /// From [`super::hash_password`].
    pub hashed_password: String,
    /// User name or pass code of who brought them; may be empty.
    pub referrer: String,
}

/// Whom a change of password or role was made to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberChanged {
    /// `users.id`.
    pub id: MemberId,
    /// Sign-in name.
    pub username: SafeText,
}

impl Db {
    /// Members whose name, user name or e-mail address contains every word of a text, by user name.
    pub async fn members(
        &self,
        token: &Token,
        containing: &str,
        most: i32,
    ) -> Result<Vec<MemberLine>, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.members($1, $2, $3)")
                .bind(token.bytes())
                .bind(containing.to_owned())
                .bind(most),
        )
        .await
    }

    /// Makes a member (staff; staff and administrators are made by administrators).
    pub async fn add_member(
        &self,
        token: &Token,
        nonce: Nonce,
        new: &NewMember,
    ) -> Result<MemberLine, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.member_add($1, $2, $3, $4, $5, $6, $7, $8)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(new.username.clone())
                .bind(new.email.clone())
                .bind(new.full_name.clone())
                .bind(new.user_type.word())
                .bind(new.hashed_password.clone())
                .bind(new.referrer.clone()),
        )
        .await
    }

    /// Sets a password and ends the member's other sessions.
    pub async fn set_password(
        &self,
        token: &Token,
        nonce: Nonce,
        username: &str,
        hashed_password: &str,
    ) -> Result<MemberChanged, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.member_set_password($1, $2, $3, $4)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(username.to_owned())
                .bind(hashed_password.to_owned()),
        )
        .await
    }

    /// Gives a role (administrators).
    pub async fn set_role(
        &self,
        token: &Token,
        nonce: Nonce,
        username: &str,
        user_type: UserType,
    ) -> Result<MemberChanged, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.member_set_role($1, $2, $3, $4)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(username.to_owned())
                .bind(user_type.word()),
        )
        .await
    }
}
