//! The roles of a server: the group roles that every Pine Time database needs, and the logins of the private PostgreSQL.
//! Outside the migrations, because roles belong to a server, not to a database, and making them takes other rights.

use sqlx::Row;
use sqlx::postgres::PgConnection;

/// What makes the group roles, for a DBA to read and run.
pub const GROUP_ROLES_SQL: &str = include_str!("roles.sql");

/// What a login is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginRole {
    /// A staff terminal.
    Staff,
    /// One kiosk.
    Kiosk,
}

/// A login after [`create_login`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    /// It was made.
    Created,
    /// There is a role of this name.
    Taken,
    /// The group roles are not there yet.
    NoGroups,
    /// This login may not make roles: a DBA must run [`login_sql`].
    NeedsDba,
}

/// What makes a login for one terminal; none for a name that PostgreSQL would cut or keep for itself. It has no password:
/// who runs the server sets one, or lets another way of proof in.
///
/// A kiosk's login is for one device: it holds few connections, and no statement of its runs longer than a queue waits.
pub fn login_sql(name: &str, role: LoginRole) -> Option<String> {
    let fits =
        !name.trim().is_empty() && name.len() <= 63 && !name.contains('\0') && !name.starts_with("pg_");
    if !fits {
        return None;
    }
    let login = format!("\"{}\"", name.replace('"', "\"\""));
    Some(match role {
        LoginRole::Staff => format!("CREATE ROLE {login} LOGIN IN ROLE pine_staff;\n"),
        LoginRole::Kiosk => format!(
            "CREATE ROLE {login} LOGIN IN ROLE pine_kiosk CONNECTION LIMIT 10;\n\
             ALTER ROLE {login} SET statement_timeout = '10s';\n\
             ALTER ROLE {login} SET lock_timeout = '5s';\n\
             ALTER ROLE {login} SET idle_in_transaction_session_timeout = '10s';\n"
        ),
    })
}

/// Makes a login by the SQL of [`login_sql`], whole or not at all.
///
/// # Errors
/// Whatever the server says, but for what is an answer.
pub async fn create_login(connection: &mut PgConnection, sql: &str) -> Result<Login, sqlx::Error> {
    match sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
        .execute(&mut *connection)
        .await
    {
        Ok(_) => Ok(Login::Created),
        Err(sqlx::Error::Database(error)) => match error.code().as_deref() {
            Some("42710") => Ok(Login::Taken),
            Some("42704") => Ok(Login::NoGroups),
            Some("42501") => Ok(Login::NeedsDba),
            _ => Err(sqlx::Error::Database(error)),
        },
        Err(error) => Err(error),
    }
}

/// Two who make roles in two databases of one server do not see each other's lock; the later one tries again.
const TRIES: u32 = 5;

/// The group roles after [`create_group_roles`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupRoles {
    /// Nothing was missing.
    AlreadyThere,
    /// These were made, or only the owner's membership in `pine_staff` if the list is empty.
    Created(Vec<String>),
    /// This login may not make roles: a DBA must run [`GROUP_ROLES_SQL`].
    NeedsDba,
}

/// Makes the group roles `pine_owner`, `pine_staff` and `pine_kiosk` where they are missing. Safe to run again, and by
/// several at once.
///
/// # Errors
/// Whatever the server says, but for a missing right, which is an answer.
pub async fn create_group_roles(connection: &mut PgConnection) -> Result<GroupRoles, sqlx::Error> {
    let (before, granted) = present(connection).await?;
    if before.len() == 3 && granted {
        return Ok(GroupRoles::AlreadyThere);
    }
    match run(connection, GROUP_ROLES_SQL).await {
        Ok(()) => {}
        // insufficient_privilege
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42501") => {
            return Ok(GroupRoles::NeedsDba);
        }
        Err(error) => return Err(error),
    }
    let (after, _) = present(connection).await?;
    Ok(GroupRoles::Created(
        after.into_iter().filter(|role| !before.contains(role)).collect(),
    ))
}

/// Makes the group roles and the logins of the private PostgreSQL, as its superuser.
///
/// # Errors
/// Whatever the server says.
pub async fn create_private_roles(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    run(connection, GROUP_ROLES_SQL).await?;
    run(connection, include_str!("private_logins.sql")).await
}

/// The group roles that are there, and whether the owner is in `pine_staff`.
async fn present(connection: &mut PgConnection) -> Result<(Vec<String>, bool), sqlx::Error> {
    let row = sqlx::query(include_str!("roles_present.sql"))
        .fetch_one(connection)
        .await?;
    Ok((row.try_get("present")?, row.try_get("granted")?))
}

async fn run(connection: &mut PgConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    let mut tries = 1;
    loop {
        match sqlx::raw_sql(sql).execute(&mut *connection).await {
            // unique_violation, duplicate_object, "tuple concurrently updated": somebody made the same in this moment.
            Err(sqlx::Error::Database(error))
                if tries < TRIES && matches!(error.code().as_deref(), Some("23505" | "42710" | "XX000")) =>
            {
                tries += 1;
            }
            ran => return ran.map(drop),
        }
    }
}
