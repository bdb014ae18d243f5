//! Imports and exports whose disk is full in the middle, ours or the server's: a sentence, an exit code, and nothing
//! changed and nothing left. (Backups: `backup_refusals`.)

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::backup_story::community;
use crate::imports::{FORMS, added, import};
use crate::imports_refused::{USERS, files, state};
use crate::support::cluster::Role;
use crate::support::world::World;
use crate::{Program, finished};

/// Members of whom so many are refused: the file of these is longer than a disk of half a kilobyte.
fn mostly_bad(folder: &Path) {
    let mut users = USERS.to_owned();
    for id in 3..60 {
        writeln!(users, "{id},,m{id},Member {id},!").unwrap();
    }
    files(folder, &[("users.csv", users.as_bytes())]);
}

fn left_in(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_the_refused_is_whole_or_nothing_is_imported() {
    let world = World::new().await;
    let program = Program::of(&world, Role::Owner);
    let before = state(&world).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("import");
    mostly_bad(&path);
    let arguments = ["import", "--from", "csv", path.to_str().unwrap(), "--skip-bad"];
    let (out, said) = finished(&program.on_little_disk(1, &arguments), 1);
    assert_eq!(out, "");
    assert!(
        said.ends_with("import.refused.csv cannot be written (file too large); nothing was imported.\n"),
        "{said}"
    );
    assert_eq!(left_in(folder.path()), ["import"]);
    assert_eq!(state(&world).await, before);
    // With room for it the same goes.
    let told = import(&program, "csv", &path, &["--skip-bad"]);
    assert_eq!((added(&told), &told["refused"]), (2, &57.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_has_no_room_leaves_nothing() {
    let world = community().await;
    let program = Program::of(&world, Role::Owner);
    let folder = tempfile::tempdir().unwrap();
    for form in FORMS {
        let path = folder.path().join(form);
        let arguments = ["export", form, path.to_str().unwrap()];
        let (out, said) = finished(&program.on_little_disk(1, &arguments), 1);
        assert_eq!(out, "", "{form}");
        assert!(
            said.contains(&format!("{} cannot be written (", path.display()))
                || form != "sqlite" && said.contains("cannot be written (file too large)"),
            "{form}: {said}"
        );
        assert!(said.ends_with("); nothing was kept.\n"), "{form}: {said}");
        assert!(left_in(folder.path()).is_empty(), "{form}");
    }
}

/// The server tells of its disk when a row finds no place on it. Here a function of an index says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_disk_is_full_has_nothing_of_an_import() {
    let world = World::new().await;
    let program = Program::of(&world, Role::Owner);
    world
        .sql(
            "CREATE FUNCTION public.no_room(n integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
                 $$ BEGIN RAISE disk_full USING MESSAGE = 'could not extend file \"base/16384/17000\": No space left on device'; END $$;
             CREATE INDEX full_disk ON events (public.no_room(id))",
        )
        .await;
    let before = state(&world).await;
    let from = community().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("import");
    Program::of(&from, Role::Owner).done(&["export", "csv", path.to_str().unwrap()]);
    // What an export says of itself would not fit what is added here.
    fs::remove_file(path.join("export.json")).unwrap();
    let users = fs::read_to_string(path.join("users.csv")).unwrap();
    let double = users.lines().nth(1).unwrap();
    fs::write(path.join("users.csv"), format!("{users}{double}\n")).unwrap();
    let arguments = ["import", "--from", "csv", path.to_str().unwrap(), "--skip-bad"];
    let said = program.fails(&arguments, 1);
    assert!(
        said.ends_with(
            "The community cannot be written to: the server's disk is full. Nothing was imported.\n"
        ),
        "{said}"
    );
    assert_eq!(
        left_in(folder.path()),
        ["import"],
        "the refused of an import that was none"
    );
    assert_eq!(state(&world).await, before);
    world.sql("DROP INDEX full_disk").await;
    assert!(added(&import(&program, "csv", &path, &["--skip-bad"])) > 500);
}
