//! `backup create` beside servers of any version: where no `pg_dump` is new enough for the server it says which one it
//! needs before it starts, and leaves nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::backup_story::{community, json_of, program};
use crate::finished;
use crate::support::cluster::Role;

/// The first number of a version, as of `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0)`.
fn major(said: &str) -> u32 {
    let version = said.split("(PostgreSQL)").nth(1).unwrap().trim_start();
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

/// The newest `pg_dump` of the system: Debian's folders and the search path.
fn newest_pg_dump() -> Option<u32> {
    let packaged = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut places: Vec<PathBuf> = packaged.map(|entry| entry.unwrap().path().join("bin")).collect();
    places.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let asked = |place: &PathBuf| Command::new(place.join("pg_dump")).arg("--version").output().ok();
    let said = places
        .iter()
        .filter_map(asked)
        .filter(|said| said.status.success());
    said.map(|said| major(&String::from_utf8(said.stdout).unwrap()))
        .max()
}

fn left_in(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    names
        .map(|name| name.into_string().unwrap())
        .filter(|name| name != ".lock")
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pg_dump_that_is_too_old_for_the_server_is_said_before_anything_is_made() {
    let world = community().await;
    let (program, folder) = program(&world, Role::Owner);
    let number: i32 = world
        .value("SELECT current_setting('server_version_num')::integer")
        .await;
    let server = u32::try_from(number / 10_000).unwrap();
    match newest_pg_dump() {
        Some(newest) if newest >= server => {
            json_of(&program, &["backup", "create", "--json"]);
            assert_eq!(left_in(folder.path()).len(), 1);
        }
        newest => {
            let said = finished(&program.run_with(&["backup", "create"], b""), 1).1;
            let needs = format!("(pg_dump, pg_restore) of PostgreSQL {server} or newer");
            let has = newest.map_or("there is no pg_dump here".to_owned(), |newest| {
                format!("the newest pg_dump here is {newest}.")
            });
            assert!(said.contains(&needs) && said.contains(&has), "{said}");
            assert_eq!(left_in(folder.path()), Vec::<String>::new());
        }
    }
}
