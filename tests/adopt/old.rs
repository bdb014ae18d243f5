//! Old databases to adopt, and ways to see that nothing in one was changed.

use std::collections::BTreeMap;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use pine_time::ops::adopt::{self, Adoption, Step};
use sqlx::AssertSqlSafe;

use crate::support::cluster::{Role, empty_database};
use crate::support::world::World;

pub(crate) const ONE: &str = "the first old password";
pub(crate) const TWO: &str = "the second old password";
pub(crate) const THREE: &str = "the third old password";

/// A database with nothing in it but these tables. `{one}`, `{two}` and `{three}` stand for hashes of the passwords: the
/// first two as bcrypt, the third as argon2id, as their libraries write them.
pub(crate) async fn old(sql: &str) -> World {
    let world = World::over(empty_database("").await).await;
    let sql = sql
        .replace("{one}", &bcrypt(ONE, "$2b$"))
        .replace("{two}", &bcrypt(TWO, "$2b$"))
        .replace("{three}", &argon2id(THREE));
    world.sql(&sql).await;
    world
}

pub(crate) async fn as_written() -> World {
    let tables = include_str!("../db/seed.sql")
        .replace("CREATE SCHEMA seed;", "")
        .replace("SET LOCAL search_path = seed;", "");
    old(&format!("{tables}\n{}", include_str!("as_written.sql"))).await
}

pub(crate) async fn older() -> World {
    old(include_str!("older.sql")).await
}

pub(crate) fn bcrypt(password: &str, form: &str) -> String {
    let salt = *b"0123456789abcdef";
    let mut bytes = password.as_bytes().to_vec();
    bytes.push(0);
    let made = bcrypt::bcrypt(10, salt, &bytes);
    let engine = base64::engine::GeneralPurpose::new(
        &base64::alphabet::BCRYPT,
        base64::engine::general_purpose::NO_PAD,
    );
    format!("{form}10${}{}", engine.encode(salt), engine.encode(&made[..23]))
}

fn argon2id(password: &str) -> String {
    let salt = b"salt of an older";
    let mut key = [0; 32];
    Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        Params::new(19_456, 2, 1, Some(32)).unwrap(),
    )
    .hash_password_into(password.as_bytes(), salt, &mut key)
    .unwrap();
    format!(
        "$argon2id$v=19$m=19456,t=2,p=1${}${}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(key)
    )
}

/// Adopts it as the owner's login.
pub(crate) async fn adopt(world: &World) -> Adoption {
    adopt::adopt(&world.database.url(Role::Owner), "owner:test", |_| {})
        .await
        .unwrap_or_else(|error| panic!("{error}\n{error:?}"))
}

pub(crate) async fn refused(world: &World) -> String {
    refused_as(world, Role::Owner).await
}

/// What adopting says; it must say no, and so must looking at it, for the same reason.
pub(crate) async fn refused_as(world: &World, role: Role) -> String {
    let error = adopt::adopt(&world.database.url(role), "owner:test", |_| {})
        .await
        .unwrap_err();
    assert!(error.is_refusal(), "{error}");
    error.to_string()
}

/// Everything that the catalogs and the tables hold, but for what PostgreSQL keeps of its own: one line each, the numbers of
/// objects and files included, so that a thing that was made again in its place shows too.
pub(crate) async fn everything(world: &World) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let lines: Vec<(String, String)> = sqlx::query_as(include_str!("everything.sql"))
        .fetch_all(&world.owner)
        .await
        .unwrap();
    all.extend(lines);
    let tables: Vec<(String, bool)> = sqlx::query_as(
        "SELECT format('%I.%I', n.nspname, c.relname), c.relkind = 'S'
         FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'S') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    for (table, is_sequence) in tables {
        let sql = if is_sequence {
            format!("SELECT concat_ws(' ', t.last_value, t.is_called) FROM {table} AS t")
        } else {
            format!("SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM {table} AS t")
        };
        let rows: String = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&world.owner)
            .await
            .unwrap();
        all.insert(format!("rows of {table}"), rows);
    }
    all
}

/// The notes about one row, by kind.
pub(crate) fn notes<'a>(adoption: &'a Adoption, table: &str, id: i64) -> Vec<(&'a str, &'a str)> {
    adoption
        .notes
        .iter()
        .filter(|note| note.table == table && note.id == Some(id))
        .map(|note| (note.kind.as_str(), note.what.as_str()))
        .collect()
}

/// Adopts, and ends the server's process that does it when `at` begins.
pub(crate) async fn killed_at(world: &World, at: Step) -> String {
    let (url, admin, name) = (
        world.database.url(Role::Owner),
        world.database.url(Role::Admin),
        world.database.name.clone(),
    );
    // The callback is called in the middle: whatever it waits for has to go on elsewhere.
    let kill = move || {
        let (admin, name) = (admin.clone(), name.clone());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let mut conn = <sqlx::PgConnection as sqlx::Connection>::connect(&admin)
                    .await
                    .unwrap();
                let killed: i64 = sqlx::query_scalar(
                    "SELECT count(pg_terminate_backend(pid, 20000)) FROM pg_stat_activity
                     WHERE datname = $1 AND application_name = 'pine-time' AND pid <> pg_backend_pid()",
                )
                .bind(name)
                .fetch_one(&mut conn)
                .await
                .unwrap();
                assert_eq!(killed, 1);
            });
        })
        .join()
        .unwrap();
    };
    let error = adopt::adopt(&url, "owner:test", |step| {
        if step == at {
            kill();
        }
    })
    .await
    .unwrap_err();
    error.to_string()
}
