//! Long work that a signal ends in the middle: a sentence, an exit code, nothing changed, nothing left, and nobody who has to
//! wait for what the server would go on with. (Backups: `backup_story`; adopting, ended by the server: `tests/adopt`.)

use std::fs;
use std::io::Write;
use std::process::Child;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sqlx::{Connection, PgConnection};

use crate::backup_story::community;
use crate::imports::{FORMS, added, import};
use crate::imports_refused::{USERS, state};
use crate::support::cluster::Role;
use crate::support::until;
use crate::support::world::World;
use crate::{Program, finished};

const SIGNALS: [Signal; 3] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP];

/// Whoever writes a payment waits while somebody holds the latch.
const LATCH: &str = "CREATE FUNCTION public.latch(n integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
                         $$ BEGIN PERFORM pg_advisory_xact_lock_shared(7); RETURN n; END $$;
                     CREATE INDEX latched ON payment (public.latch(id))";

/// Those who wait in this database for a lock that somebody has.
const WAITING: &str = "pg_locks AS l
                       WHERE NOT l.granted AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())";

/// Ends it with a signal; answers the steps that were told before, each a line where nobody watches, and what was said then.
fn ended(child: Child, signal: Signal) -> (Vec<String>, String) {
    kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
    let (out, said) = finished(&child.wait_with_output().unwrap(), 1);
    assert_eq!(out, "", "{signal}");
    let mut steps: Vec<String> = said.lines().map(str::to_owned).collect();
    let end = steps.pop().unwrap();
    assert!(steps.iter().all(|step| step.ends_with(" …")), "{signal}: {said}");
    (steps, end)
}

async fn one_waits(world: &World) {
    until("the work is in the middle", || async {
        world.count(WAITING).await == 1
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_interrupted_while_it_writes_was_none() {
    let from = community().await;
    let world = World::new().await;
    world.sql(LATCH).await;
    let before = state(&world).await;
    let program = Program::of(&world, Role::Owner);
    let folder = tempfile::tempdir().unwrap();
    for (form, signal) in FORMS.into_iter().zip(SIGNALS) {
        let path = folder.path().join(form);
        let path = path.to_str().unwrap();
        Program::of(&from, Role::Owner).done(&["export", form, path]);
        let mut holder = PgConnection::connect(&world.database.direct_url(Role::Owner))
            .await
            .unwrap();
        let hold = "SELECT pg_advisory_lock(7)";
        sqlx::query(hold).execute(&mut holder).await.unwrap();
        let child = program.start(&["import", "--from", form, path]);
        one_waits(&world).await;
        let (steps, said) = ended(child, signal);
        assert_eq!(said, "pine-time: Interrupted; nothing was written.");
        assert_eq!(steps.last().unwrap(), "payment …");
        // The latch is still held: the server has noticed by itself that nobody waits for its answer any more.
        until("its locks are gone", || async { world.count(WAITING).await == 0 }).await;
        until("what was read is gone", || async {
            world.count("pg_class WHERE relname LIKE 'new\\_%'").await == 0
        })
        .await;
        assert_eq!(state(&world).await, before, "{signal}");
        holder.close().await.unwrap();
    }
    let told = import(&program, "csv", &folder.path().join("csv"), &[]);
    assert!(added(&told) > 500, "{told}");
}

/// A source that gives nothing more and does not end, as a disk that has gone does: the program waits no longer than the two
/// seconds that it has to tidy up.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_interrupted_while_it_reads_was_none() {
    let world = World::new().await;
    let before = state(&world).await;
    let program = Program::of(&world, Role::Owner);
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("users.csv");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    // Open for both, so that it lives on when the program opens it once more: first for the names of the columns, then, when
    // there is a place for them, for the rows.
    let mut file = fs::OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
    let child = program.start(&["import", "--from", "csv", folder.path().to_str().unwrap()]);
    file.write_all(USERS.as_bytes()).unwrap();
    until("the names are read", || async {
        world.count("pg_class WHERE relname = 'new_users'").await == 1
    })
    .await;
    file.write_all(USERS.as_bytes()).unwrap();
    until("it reads the rows", || async {
        world
            .count("pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY %new_users%'")
            .await
            == 1
    })
    .await;
    assert_eq!(ended(child, Signal::SIGTERM).1, "pine-time: interrupted.");
    until("the server is rid of it", || async {
        world.count("pg_class WHERE relname LIKE 'new\\_%'").await == 0
    })
    .await;
    assert_eq!(state(&world).await, before);
    drop(file);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_is_interrupted_leaves_nothing() {
    let world = community().await;
    let program = Program::of(&world, Role::Owner);
    let folder = tempfile::tempdir().unwrap();
    let mut holder = world.owner.begin().await.unwrap();
    sqlx::query("LOCK TABLE payment IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *holder)
        .await
        .unwrap();
    for (form, signal) in FORMS.into_iter().zip(SIGNALS) {
        let path = folder.path().join(form);
        let child = program.start(&["export", form, path.to_str().unwrap()]);
        one_waits(&world).await;
        assert!(
            fs::read_dir(folder.path()).unwrap().next().is_some(),
            "{form}: it is being written"
        );
        let (steps, said) = ended(child, signal);
        assert_eq!(said, "pine-time: interrupted.");
        assert_eq!(steps.last().unwrap(), "payment …");
        assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "{form}");
        until("its wait is over", || async { world.count(WAITING).await == 0 }).await;
    }
    holder.rollback().await.unwrap();
}
