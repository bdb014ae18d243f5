//! A connection for an administrator's work: as the owner of the data, whatever login it was made with.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Executor};

/// Connects to the database at `url` with the rights of `pine_owner`, values written as text in one fixed way.
///
/// # Errors
/// Whatever the server says, a login outside of `pine_owner` included.
pub async fn connect(url: &str) -> Result<PgConnection, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let mut conn = options
        .application_name("pine-time")
        .disable_statement_logging()
        .connect()
        .await?;
    end_with_us(&mut conn).await;
    conn.execute(include_str!("become_owner.sql")).await?;
    Ok(conn)
}

/// Has the server look every second whether this end is still there: a long statement of somebody who was interrupted, or
/// whose machine has gone, otherwise runs to its end and keeps everybody waiting with its locks. A server whose system
/// cannot tell refuses, and does without.
pub(super) async fn end_with_us(conn: &mut PgConnection) {
    let _ = conn.execute("SET client_connection_check_interval = '1s'").await;
}

/// Whether what was to be committed may be there although committing failed: the connection was lost, or the server stopped,
/// which it tells as an error, before it had answered.
pub(super) fn may_have_committed(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_none_or(|error| error.code().is_some_and(|code| code.starts_with("57P")))
}

/// What a server's refusal means, in words that go into a sentence; nothing in it that only a program can use.
pub fn words(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => match error.code().as_deref() {
            Some("28P01" | "28000") => "it refuses this login; check name and password".to_owned(),
            Some("3D000") => "there is no database of that name".to_owned(),
            Some("42P01" | "3F000" | "42883") => {
                "it was not set up by this version; run pine-time db migrate".to_owned()
            }
            Some("53100") => "the server's disk is full".to_owned(),
            Some("25006") => "it can only be read, as it follows another server or was set so".to_owned(),
            Some("42501") => format!("this login may not do that ({})", error.message()),
            _ => error.message().to_owned(),
        },
        sqlx::Error::Io(error) => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
        sqlx::Error::Tls(_) => {
            "no encrypted connection could be made; check sslmode and the certificate".to_owned()
        }
        sqlx::Error::Configuration(_) => "its address cannot be used".to_owned(),
        _ => "its answer was not understood".to_owned(),
    }
}

/// Whether it is the login that was refused, not the server that failed.
pub fn is_refusal(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| matches!(code.as_ref(), "28P01" | "28000" | "42501"))
}
