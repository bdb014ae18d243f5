//! The functions of the `api` schema, read from the catalog, and calls of them as plain SQL.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::support::world::World;

/// A function of the `api` schema.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// Types of what it takes, in order.
    pub(crate) takes: Vec<String>,
    /// Their names.
    pub(crate) names: Vec<String>,
    /// Who may call it.
    pub(crate) kiosk: bool,
    pub(crate) staff: bool,
}

impl Function {
    /// Whether it wants to know who asks.
    pub(crate) fn has_token(&self) -> bool {
        self.names.first().is_some_and(|name| name == "token")
    }

    /// A call with these arguments, each as SQL writes it.
    pub(crate) fn call(&self, arguments: &[String]) -> String {
        let arguments: Vec<_> = arguments
            .iter()
            .zip(&self.takes)
            .map(|(argument, kind)| format!("{argument}::{kind}"))
            .collect();
        format!("SELECT api.{}({})", self.name, arguments.join(", "))
    }

    /// A call with a token and nothing else.
    pub(crate) fn bare_call(&self, token: Option<&str>) -> String {
        let mut arguments = vec!["NULL".to_owned(); self.takes.len()];
        if self.has_token() {
            arguments[0] = literal(token);
        }
        self.call(&arguments)
    }
}

/// A token, given in hexadecimal digits, as SQL writes it.
pub(crate) fn literal(token: Option<&str>) -> String {
    token.map_or_else(|| "NULL".to_owned(), |hex| format!("decode('{hex}', 'hex')"))
}

/// A session of somebody new, as signing in opens it.
pub(crate) async fn session(world: &World, name: &str, user_type: &str) -> String {
    let member = world.person(name, user_type).await;
    world
        .value(&format!(
            "SELECT encode(pine.open_session(u.id, NULL, pine.user_type(u) <> 'regular', 'desk', gen_random_uuid()), 'hex')
             FROM users AS u WHERE u.id = {}",
            member.0
        ))
        .await
}

/// All of them, by name.
pub(crate) async fn all(world: &World) -> Vec<Function> {
    let all: Vec<Function> = sqlx::query_as(
        "SELECT p.proname::text AS name,
                ARRAY(SELECT t.oid::regtype::text
                      FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS t (oid, place) ORDER BY t.place) AS takes,
                coalesce(p.proargnames[:p.pronargs]::text[], '{}') AS names,
                has_function_privilege('pine_kiosk', p.oid, 'EXECUTE') AS kiosk,
                has_function_privilege('pine_staff', p.oid, 'EXECUTE') AS staff
         FROM pg_proc AS p
         WHERE p.pronamespace = 'api'::regnamespace
         ORDER BY p.proname, p.oid",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    assert!(all.len() > 90, "the catalog must have been read: {}", all.len());
    all
}

/// What the database says to a statement, after which it is as it was: `ok`, or the error's code and message.
pub(crate) async fn answer(conn: &mut PgConnection, sql: &str) -> (String, String) {
    let mut tx = conn.begin().await.unwrap();
    let said = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut *tx)
        .await;
    let answer = match said {
        Ok(_) => ("ok".to_owned(), String::new()),
        Err(error) => {
            let error = error
                .as_database_error()
                .unwrap_or_else(|| panic!("{sql}\nended the connection: {error}"));
            (
                error.code().unwrap_or_default().into_owned(),
                error.message().to_owned(),
            )
        }
    };
    tx.rollback().await.unwrap();
    answer
}
