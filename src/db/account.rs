//! Accounts: signing up, one's own account, and passwords set anew. Keys are derived here, off the event loop, and
//! forgotten.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::domain::account::{Account, AccountAnswer, AccountCall, Activity, Proof, ResetCode, SignUp};
use crate::domain::member::MemberId;
use crate::domain::{Fault, Nonce, SafeText, Secret};

use super::error::DbError;
use super::gate;
use super::key;
use super::pool::Db;
use super::sign_in::Token;

/// The stored form of a password, made where it holds nobody up.
pub(super) async fn hashed(password: &Secret) -> Result<String, DbError> {
    let turn = gate::turn().await?;
    let password = password.clone();
    tokio::task::spawn_blocking(move || {
        let made = key::hash_password(&password);
        drop(turn);
        made
    })
    .await
    .ok()
    .and_then(Result::ok)
    .ok_or(DbError {
        fault: Fault::Internal,
        transient: false,
    })
}

/// The stored form of a password that nobody knows, for an account whose owner sets theirs with a code.
pub(super) async fn unknown_password() -> Result<String, DbError> {
    let mut bytes = zeroize::Zeroizing::new([0_u8; 32]);
    getrandom::fill(&mut *bytes).map_err(|_| DbError::internal(&"no randomness"))?;
    hashed(&Secret::new(STANDARD_NO_PAD.encode(*bytes))).await
}

#[derive(serde::Deserialize)]
struct Named {
    username: SafeText,
}

#[derive(serde::Deserialize)]
struct Saved {
    full_name: SafeText,
    email: SafeText,
}

#[derive(serde::Deserialize)]
struct Ended {
    ended: bool,
}

impl Db {
    /// Carries out a call about accounts; signing up and setting a password anew need no session.
    pub async fn account(&self, token: Option<&Token>, call: &AccountCall) -> Result<AccountAnswer, DbError> {
        let token = match (token, call) {
            (_, AccountCall::SignUp { nonce, who }) => {
                return self.sign_up(*nonce, who).await.map(AccountAnswer::SignedUp);
            }
            (
                _,
                AccountCall::Reset {
                    nonce,
                    name,
                    code,
                    password,
                },
            ) => {
                let proof = self.reset_password(*nonce, name, code, password).await;
                return proof.map(AccountAnswer::Proved);
            }
            (Some(token), _) => token,
            (None, _) => {
                return Err(DbError {
                    fault: Fault::NotSignedIn,
                    transient: false,
                });
            }
        };
        match call {
            AccountCall::Mine => self.my_account(token).await.map(AccountAnswer::Mine),
            AccountCall::Save {
                nonce,
                full_name,
                email,
            } => self.save_account(token, *nonce, full_name, email).await,
            AccountCall::SetPassword {
                nonce,
                username,
                old,
                new,
            } => self
                .set_my_password(token, *nonce, username, old, new)
                .await
                .map(AccountAnswer::Proved),
            AccountCall::EndSession { nonce, session } => self
                .end_session(token, *nonce, *session)
                .await
                .map(AccountAnswer::Ended),
            AccountCall::ResetCode { member } => {
                self.reset_code(token, *member).await.map(AccountAnswer::Code)
            }
            AccountCall::SetActive {
                nonce,
                member,
                active,
                reason,
            } => self
                .set_active(token, *nonce, *member, *active, reason)
                .await
                .map(AccountAnswer::Activity),
            // Answered above.
            AccountCall::SignUp { .. } | AccountCall::Reset { .. } => Err(DbError::internal(&"an open call")),
        }
    }

    /// Makes an account for whoever sits here. Answers the user name as they sign in.
    ///
    /// # Errors
    /// [`Fault::Invalid`] with `username`, `email`, `full_name` or `referred_by`; `Conflict` when too many came.
    pub async fn sign_up(&self, nonce: Nonce, who: &SignUp) -> Result<SafeText, DbError> {
        let hashed = hashed(&who.password).await?;
        let made: Named = self
            .call(
                sqlx::query_scalar("SELECT api.sign_up($1, $2, $3, $4, $5, $6, $7)")
                    .bind(nonce)
                    .bind(who.username.clone())
                    .bind(who.email.clone())
                    .bind(who.full_name.clone())
                    .bind(hashed)
                    .bind(who.referrer.clone())
                    .bind(self.device().to_owned()),
            )
            .await?;
        Ok(made.username)
    }

    /// Sets a password anew with a code of staff's.
    pub async fn reset_password(
        &self,
        nonce: Nonce,
        name: &str,
        code: &str,
        password: &Secret,
    ) -> Result<Proof, DbError> {
        let hashed = hashed(password).await?;
        self.call(
            sqlx::query_scalar("SELECT api.password_reset($1, $2, $3, $4, $5)")
                .bind(nonce)
                .bind(name.to_owned())
                .bind(code.to_owned())
                .bind(hashed)
                .bind(self.device().to_owned()),
        )
        .await
    }

    /// The asker's account and its open sessions.
    pub async fn my_account(&self, token: &Token) -> Result<Account, DbError> {
        self.call(sqlx::query_scalar("SELECT api.my_account($1)").bind(token.bytes()))
            .await
    }

    /// Changes the asker's name and address.
    ///
    /// # Errors
    /// [`Fault::Invalid`] with `full_name` or `email`.
    pub async fn save_account(
        &self,
        token: &Token,
        nonce: Nonce,
        full_name: &str,
        email: &str,
    ) -> Result<AccountAnswer, DbError> {
        let saved: Saved = self
            .call(
                sqlx::query_scalar("SELECT api.my_account_save($1, $2, $3, $4)")
                    .bind(token.bytes())
                    .bind(nonce)
                    .bind(full_name.to_owned())
                    .bind(email.to_owned()),
            )
            .await?;
        Ok(AccountAnswer::Saved {
            full_name: saved.full_name,
            email: saved.email,
        })
    }

    /// Changes the asker's password; the old one is proved as at sign-in.
    pub async fn set_my_password(
        &self,
        token: &Token,
        nonce: Nonce,
        username: &str,
        old: &Secret,
        new: &Secret,
    ) -> Result<Proof, DbError> {
        let key = self.derive(username, old).await?;
        let hashed = hashed(new).await?;
        self.call(
            sqlx::query_scalar("SELECT api.my_password_set($1, $2, $3, $4)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(key.to_vec())
                .bind(hashed),
        )
        .await
    }

    /// Ends a session. False when it was over already.
    ///
    /// # Errors
    /// [`Fault::NotFound`], also for a session of somebody else's, but for administrators.
    pub async fn end_session(&self, token: &Token, nonce: Nonce, session: i64) -> Result<bool, DbError> {
        let answer: Ended = self
            .call(
                sqlx::query_scalar("SELECT api.session_end($1, $2, $3)")
                    .bind(token.bytes())
                    .bind(nonce)
                    .bind(session),
            )
            .await?;
        Ok(answer.ended)
    }

    /// A one-time code for a member who has lost the password (staff; for staff, administrators). Asked again it is
    /// another, and the first is worth nothing.
    pub async fn reset_code(&self, token: &Token, member: MemberId) -> Result<ResetCode, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.member_reset_code($1, $2)")
                .bind(token.bytes())
                .bind(member.0),
        )
        .await
    }

    /// Deactivates a member, or brings them back (staff; for staff, administrators).
    ///
    /// # Errors
    /// [`Fault::Invalid`] with `reason`; `Conflict` for oneself and for the last administrator.
    pub async fn set_active(
        &self,
        token: &Token,
        nonce: Nonce,
        member: MemberId,
        active: bool,
        reason: &str,
    ) -> Result<Activity, DbError> {
        self.call(
            sqlx::query_scalar("SELECT api.member_set_active($1, $2, $3, $4, $5)")
                .bind(token.bytes())
                .bind(nonce)
                .bind(member.0)
                .bind(active)
                .bind(reason.to_owned()),
        )
        .await
    }
}
