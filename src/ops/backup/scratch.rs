//! Databases beside the community's: made, restored into, and dropped again, whatever comes in between.

use std::path::Path;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use uuid::Uuid;

use super::address::{Address, with_database};
use super::create::{complaint, last_words, no_address, no_program};
use super::error::BackupError;
use super::programs::Programs;
use super::{Manifest, Target};

/// What databases are called that nobody needs after the command that made them.
const PREFIX: &str = "pine_scratch_";
/// One command at a time makes such databases; what another one finds is left over from one that was killed.
const LOCK: &str = "SELECT pg_advisory_lock(hashtextextended('pine-time scratch', 0))";

/// A login that may make databases, on a database that stays, and the right to make some.
pub(super) struct Workshop {
    conn: PgConnection,
    place: String,
    admin: String,
    is_superuser: bool,
}

impl Workshop {
    /// Waits until nobody else makes databases, and clears away what killed commands left.
    pub(super) async fn open(target: &Target) -> Result<Self, BackupError> {
        let failed = |error: sqlx::Error| BackupError::database(&target.place, &error);
        let options: PgConnectOptions = target.admin.parse().map_err(failed)?;
        let mut conn = options
            .application_name("pine-time backup")
            .disable_statement_logging()
            .connect()
            .await
            .map_err(failed)?;
        let (is_superuser, may_create, roles, login): (bool, bool, bool, String) =
            sqlx::query_as(include_str!("may_create.sql"))
                .fetch_one(&mut conn)
                .await
                .map_err(failed)?;
        if !may_create {
            return Err(BackupError::MayNotCreate { login });
        }
        if !roles {
            return Err(BackupError::NoRoles);
        }
        sqlx::query(LOCK).execute(&mut conn).await.map_err(failed)?;
        let mut workshop = Self {
            conn,
            place: target.place.clone(),
            admin: target.admin.clone(),
            is_superuser,
        };
        let left: Vec<String> =
            sqlx::query_scalar("SELECT datname::text FROM pg_database WHERE starts_with(datname, $1)")
                .bind(PREFIX)
                .fetch_all(&mut workshop.conn)
                .await
                .map_err(failed)?;
        for database in left {
            workshop.drop_database(&database).await?;
        }
        Ok(workshop)
    }

    /// Another statement of an administrator's; `{}` in it stands for these names, quoted.
    pub(super) async fn run(&mut self, statement: &str, names: &[&str]) -> Result<(), sqlx::Error> {
        let mut sql = statement.to_owned();
        for name in names {
            let quoted = format!("\"{}\"", name.replace('"', "\"\""));
            sql = sql.replacen("{}", &quoted, 1);
        }
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.conn).await?;
        Ok(())
    }

    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.conn
    }

    pub(super) fn failed(&self, error: &sqlx::Error) -> BackupError {
        BackupError::database(&self.place, error)
    }

    /// A URL of another database, with this login.
    pub(super) fn url(&self, database: &str) -> String {
        with_database(&self.admin, database).unwrap_or_default()
    }

    /// A new database with what the dump holds, under a name of its own.
    pub(super) async fn fill(
        &mut self,
        programs: &Programs,
        manifest: &Manifest,
        dump: &Path,
    ) -> Result<String, BackupError> {
        let id = Uuid::new_v4().simple().to_string();
        let database = format!("{PREFIX}{}", &id[..12]);
        let literal = |text: &str| text.replace('\'', "''");
        let create = format!(
            "CREATE DATABASE {{}} OWNER pine_owner TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE '{}' LC_CTYPE '{}'",
            literal(&manifest.collate),
            literal(&manifest.ctype)
        );
        let made = self.run(&create, &[&database]).await;
        made.map_err(|error| self.failed(&error))?;
        if let Err(error) = self.restore(programs, &database, dump).await {
            self.drop_database(&database).await?;
            return Err(error);
        }
        Ok(database)
    }

    async fn restore(&self, programs: &Programs, database: &str, dump: &Path) -> Result<(), BackupError> {
        let address = Address::of(&self.url(database)).ok_or_else(|| {
            no_address(&Target {
                url: String::new(),
                admin: String::new(),
                place: self.place.clone(),
                by: String::new(),
            })
        })?;
        let mut command = programs.command("pg_restore");
        address.tell(&mut command);
        command.arg("--exit-on-error");
        // A superuser gives everything to whom it belonged; another login can only make it the owner's.
        if !self.is_superuser {
            command.arg("--role=pine_owner");
        }
        command.arg(dump);
        let mut child = command
            .spawn()
            .map_err(|error| no_program("pg_restore", &error))?;
        let said = complaint(child.stderr.take()).await;
        let status = child
            .wait()
            .await
            .map_err(|error| no_program("pg_restore", &error))?;
        if status.success() {
            Ok(())
        } else {
            Err(BackupError::Program {
                program: "pg_restore",
                said: last_words(&said),
            })
        }
    }

    /// Drops a database of ours, whoever is connected to it.
    pub(super) async fn drop_database(&mut self, database: &str) -> Result<(), BackupError> {
        let mut dropped = self
            .run("DROP DATABASE IF EXISTS {} WITH (FORCE)", &[database])
            .await;
        // An autovacuum worker is a superuser's, whom a plain login may not send away; without FORCE the server itself does.
        if let Err(sqlx::Error::Database(refusal)) = &dropped
            && refusal.code().as_deref() == Some("42501")
        {
            dropped = self.run("DROP DATABASE IF EXISTS {}", &[database]).await;
        }
        dropped.map_err(|error| self.failed(&error))
    }

    pub(super) async fn close(self) {
        let _ = self.conn.close().await;
    }
}
