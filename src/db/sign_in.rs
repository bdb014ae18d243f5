//! Sessions: signing in by server relief, signing out, staying awake.

use std::fmt;

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::domain::member::Me;
use crate::domain::{Fault, SafeText, Secret};

use super::error::DbError;
use super::gate;
use super::key::{self, Challenge};
use super::pool::Db;

/// A session's secret. Whoever has it is signed in, so it is wiped when dropped and never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Zeroizing<Vec<u8>>);

impl Token {
    /// Reads a token as the database writes it; `None` if it is none.
    pub fn from_hex(text: &str) -> Option<Self> {
        key::from_hex(text).map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// The bytes, for a query's argument.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.0.to_vec()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A sign-in that succeeded.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session's secret.
    pub token: Token,
    /// Whose it is.
    pub me: Me,
}

#[derive(Deserialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
enum LoginAnswer {
    Ok { token: String, me: Me },
    Refused,
    Wait { seconds: i32 },
}

/// What is said to somebody who has tried too often.
pub(super) fn wait_for(seconds: i32) -> String {
    match seconds {
        ..=1 => "Too many wrong tries. Try again in a second.".to_owned(),
        2..=90 => format!("Too many wrong tries. Try again in {seconds} seconds."),
        _ => format!(
            "Too many wrong tries. Try again in {} minutes.",
            (seconds + 59) / 60
        ),
    }
}

fn read_token(text: &str) -> Result<Token, DbError> {
    Token::from_hex(text).ok_or_else(|| DbError::internal(&"a session token that is none"))
}

/// The key of a password, made off the event loop, when this machine has a turn for it.
async fn derived(
    challenge: &Challenge,
    password: &Secret,
    letters: key::Letters,
) -> Result<Zeroizing<Vec<u8>>, DbError> {
    let turn = gate::turn().await?;
    let (challenge, password) = (challenge.clone(), password.clone());
    tokio::task::spawn_blocking(move || {
        let key = key::derive(&challenge, &password, letters);
        drop(turn);
        key
    })
    .await
    .unwrap_or(Err(Fault::Internal))
    .map_err(|fault| DbError {
        fault,
        transient: false,
    })
}

impl Db {
    /// Signs in. `None` when name and password do not match, whichever of the two it was: both ways ask the same
    /// questions and make the same key.
    pub async fn sign_in(&self, name: &str, password: &Secret) -> Result<Option<SignedIn>, DbError> {
        let challenge = self.challenge(name).await?;
        // Made before it is known whether the password is right, so that both ways take the same time.
        let upgrade = if challenge.is_outdated() {
            Some(super::account::hashed(password).await?)
        } else {
            None
        };
        let mut answer = LoginAnswer::Refused;
        for letters in key::ways(&challenge, password) {
            let key = derived(&challenge, password, *letters).await?;
            answer = self
                .call(
                    sqlx::query_scalar("SELECT api.login($1, $2, $3, $4, $5, $6)")
                        .bind(name.to_owned())
                        .bind(key.to_vec())
                        .bind(self.device().to_owned())
                        .bind(self.terminal())
                        .bind(upgrade.clone())
                        .bind(self.client_told()),
                )
                .await?;
            if !matches!(answer, LoginAnswer::Refused) {
                break;
            }
        }
        Ok(match answer {
            LoginAnswer::Ok { token, me } => Some(SignedIn {
                token: read_token(&token)?,
                me,
            }),
            LoginAnswer::Refused => None,
            LoginAnswer::Wait { seconds } => {
                return Err(DbError {
                    fault: Fault::Conflict(SafeText::line(&wait_for(seconds))),
                    transient: false,
                });
            }
        })
    }

    /// The key that proves a password of this name's: asked for what it takes, and made off the event loop.
    pub(super) async fn derive(&self, name: &str, password: &Secret) -> Result<Zeroizing<Vec<u8>>, DbError> {
        let challenge = self.challenge(name).await?;
        let letters = key::ways(&challenge, password).first().copied();
        derived(&challenge, password, letters.unwrap_or(key::Letters::Composed)).await
    }

    /// What it takes to make the key of a name's password.
    async fn challenge(&self, name: &str) -> Result<Challenge, DbError> {
        self.call(sqlx::query_scalar("SELECT api.login_challenge($1)").bind(name.to_owned()))
            .await
    }

    /// A session of the database's owner, recorded as `owner:<system user>`.
    pub async fn owner_session(&self, system_user: &str) -> Result<Token, DbError> {
        let token: String = self
            .call(
                sqlx::query_scalar("SELECT to_jsonb(api.owner_session($1, $2, $3, $4))")
                    .bind(system_user.to_owned())
                    .bind(self.device().to_owned())
                    .bind(self.terminal())
                    .bind(self.client_told()),
            )
            .await?;
        read_token(&token)
    }

    /// Ends a session; false when it had ended before.
    pub async fn sign_out(&self, token: &Token) -> Result<bool, DbError> {
        self.call(sqlx::query_scalar("SELECT to_jsonb(api.logout($1))").bind(token.bytes()))
            .await
    }

    /// Tells the database that somebody is still there.
    pub async fn touch(&self, token: &Token) -> Result<bool, DbError> {
        self.call(sqlx::query_scalar("SELECT to_jsonb(api.touch($1))").bind(token.bytes()))
            .await
    }
}
