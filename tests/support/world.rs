//! A community of a test's own: a fresh database, its owner, and short ways to people, events and sessions.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use pine_time::db::{Db, Settings, Token};
use pine_time::domain::check_in::{CheckedIn, Presented};
use pine_time::domain::event::EventId;
use pine_time::domain::member::MemberId;
use pine_time::domain::{Fault, Nonce};
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use uuid::Uuid;

use super::cluster::{Role, TestDb, fresh_database};

/// A database and what a test does to it.
pub struct World {
    /// The database itself; dropped with the world.
    pub database: TestDb,
    /// Plain SQL as the owner: what a test looks with, and what it breaks things with.
    pub owner: PgPool,
    counter: AtomicU32,
}

impl World {
    /// An empty community in UTC, on the machine's time.
    pub async fn new() -> Self {
        Self::over(fresh_database().await).await
    }

    /// Whatever is in a database.
    pub async fn over(database: TestDb) -> Self {
        let options: PgConnectOptions = database.url(Role::Owner).parse().unwrap();
        let owner = PgPoolOptions::new()
            .max_connections(3)
            .connect_with(options)
            .await
            .unwrap();
        Self {
            database,
            owner,
            counter: AtomicU32::new(0),
        }
    }

    /// Runs statements as the owner.
    pub async fn sql(&self, sql: &str) {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
            .execute(&self.owner)
            .await
            .unwrap_or_else(|error| panic!("{error}\nin: {sql}"));
    }

    /// One value, as the owner sees it.
    pub async fn value<T>(&self, sql: &str) -> T
    where
        T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
    {
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned()))
            .fetch_one(&self.owner)
            .await
            .unwrap_or_else(|error| panic!("{error}\nin: {sql}"))
    }

    /// How many rows a query has.
    pub async fn count(&self, from: &str) -> i64 {
        self.value(&format!("SELECT count(*) FROM {from}")).await
    }

    /// The data layer, over one of the three logins.
    pub fn db(&self, role: Role) -> Db {
        Db::new(self.settings(role)).unwrap()
    }

    /// What [`World::db`] connects with.
    pub fn settings(&self, role: Role) -> Settings {
        Settings::new(self.database.url(role), "door 1")
    }

    /// A member without a usable password.
    pub async fn member(&self, name: &str) -> MemberId {
        self.person(name, "regular").await
    }

    /// Somebody of any type.
    pub async fn person(&self, name: &str, user_type: &str) -> MemberId {
        let id: i32 = sqlx::query_scalar(
            "INSERT INTO users (email, username, full_name, hashed_password, user_type, created_at)
             VALUES ($1 || '@example.org', $1, initcap($1), '!', $2, pine.clock()) RETURNING id",
        )
        .bind(name)
        .bind(user_type)
        .fetch_one(&self.owner)
        .await
        .unwrap();
        MemberId(id)
    }

    /// A session of somebody's, opened by the same rule that signing in uses.
    pub async fn session(&self, member: MemberId) -> Token {
        let token: String = sqlx::query_scalar(
            "SELECT encode(pine.open_session(u.id, NULL, pine.user_type(u) <> 'regular', 'door 1', $2), 'hex')
             FROM users AS u WHERE u.id = $1",
        )
        .bind(member.0)
        .bind(Uuid::new_v4())
        .fetch_one(&self.owner)
        .await
        .unwrap();
        Token::from_hex(&token).unwrap()
    }

    /// A new staff member's session.
    pub async fn staff(&self) -> Token {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let staff = self.person(&format!("staff{number}"), "staff").await;
        self.session(staff).await
    }

    /// An event that starts so many minutes from now and lasts two hours, for 15 points.
    pub async fn event(&self, starts_in: i64, seats: Option<i32>) -> EventId {
        let starts: DateTime<Utc> = Utc::now() + TimeDelta::minutes(starts_in);
        let id: i32 = sqlx::query_scalar(
            "INSERT INTO events (title, event_type, location, start_time, end_time, max_participants, points_reward)
             VALUES ('Trivia Night', 'trivia', 'Hill Station', $1, $1 + interval '2 hours', $2, 15) RETURNING id",
        )
        .bind(starts)
        .bind(seats)
        .fetch_one(&self.owner)
        .await
        .unwrap();
        EventId(id)
    }

    /// A registration as it might stand in the table.
    pub async fn registration(&self, member: MemberId, event: EventId, status: &str) {
        sqlx::query("INSERT INTO registrations (user_id, event_id, status) VALUES ($1, $2, $3)")
            .bind(member.0)
            .bind(event.0)
            .bind(status)
            .execute(&self.owner)
            .await
            .unwrap();
    }

    /// A member with a seat at an event.
    pub async fn guest(&self, name: &str, event: EventId) -> MemberId {
        let member = self.member(name).await;
        self.registration(member, event, "registered").await;
        member
    }

    /// Ten canonical characters.
    pub async fn pass_code(&self, member: MemberId) -> String {
        self.value(&format!("SELECT pass_code FROM users WHERE id = {}", member.0))
            .await
    }

    /// Ends every connection of the data layer, as a restart of the server would.
    pub async fn cut_connections(&self) {
        let mut admin = PgConnection::connect(&self.database.url(Role::Admin))
            .await
            .unwrap();
        sqlx::raw_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE application_name LIKE 'pine-time%' AND datname = current_database()",
        )
        .execute(&mut admin)
        .await
        .unwrap();
    }

    /// Lets nobody connect any more and throws everybody out, as a server does that goes down.
    pub async fn shut(&self) {
        self.as_admin("ALTER DATABASE %I ALLOW_CONNECTIONS false").await;
        self.as_admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %L")
            .await;
    }

    /// Lets everybody in again.
    pub async fn reopen(&self) {
        self.as_admin("ALTER DATABASE %I ALLOW_CONNECTIONS true").await;
    }

    async fn as_admin(&self, statement: &str) {
        let mut admin = PgConnection::connect(&super::cluster::cluster().await.url(Role::Admin, "postgres"))
            .await
            .unwrap();
        let sql: String = sqlx::query_scalar("SELECT format(replace($1, '%L', '%2$L'), $2, $2)")
            .bind(statement.replace("%I", "%1$I"))
            .bind(&self.database.name)
            .fetch_one(&mut admin)
            .await
            .unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(&mut admin)
            .await
            .unwrap();
    }

    /// Moves the rules' clock.
    pub async fn move_clock(&self, by: &str) {
        self.sql(&format!(
            "UPDATE pine.clock_offset SET moved_by = moved_by + interval '{by}'"
        ))
        .await;
    }
}

/// A key press's number.
pub fn nonce() -> Nonce {
    Nonce::new_v4()
}

/// What somebody types or scans.
pub fn typed(text: &str) -> Presented {
    Presented::Text(text.to_owned())
}

/// One attempt at a door, as if it could not fail.
pub async fn check_in(db: &Db, token: &Token, event: EventId, text: &str) -> CheckedIn {
    db.check_in(token, nonce(), event, &typed(text))
        .await
        .unwrap_or_else(|error| panic!("{}", error.fault))
}

/// The fault of a call that must fail.
pub fn fault<T: std::fmt::Debug>(result: Result<T, pine_time::db::DbError>) -> Fault {
    result.expect_err("the call was to be refused").fault
}

/// The refused column of a call that must fail so.
pub fn refused_field<T: std::fmt::Debug>(result: Result<T, pine_time::db::DbError>) -> String {
    match fault(result) {
        Fault::Invalid { field, .. } => field,
        other => panic!("refused otherwise: {other:?}"),
    }
}
