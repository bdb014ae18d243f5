//! `import` of what is no community: a sentence, an exit code, and nothing changed.

use std::fs;
use std::path::Path;

use crate::backup_story::{community, json_of};
use crate::imports::{added, import};
use crate::support::cluster::Role;
use crate::support::world::World;
use crate::{Program, finished};

pub(crate) const USERS: &str = "id,email,username,full_name,hashed_password\n\
                     1,a@x.org,a,Ana,!\n\
                     2,b@x.org,b,Ben,!\n";
const EVENTS: &str = "id,title,event_type,location,start_time,end_time,max_participants,price,is_active,created_by,series_id\n\
                      1,Hike,hike,Hill,2026-05-01 10:00:00+08,2026-05-01 12:00:00+08,10,12.50,true,1,\n";

/// Writes files into a folder that is made anew.
pub(crate) fn files(folder: &Path, files: &[(&str, &[u8])]) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir(folder).unwrap();
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
}

/// What must not change when something is refused.
pub(crate) async fn state(world: &World) -> String {
    world
        .value(
            "SELECT concat_ws('|', (SELECT count(*) FROM users), (SELECT count(*) FROM events),
                 (SELECT string_agg(t::text, '') FROM event_types AS t), (SELECT string_agg(s::text, '') FROM settings AS s),
                 (SELECT count(*) FROM badges), (SELECT count(*) FROM audit_log),
                 (SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'))",
        )
        .await
}

fn try_import(program: &Program, form: &str, path: &Path, more: &[&str], code: i32) -> String {
    let mut arguments = vec!["import", "--from", form, path.to_str().unwrap()];
    arguments.extend(more);
    let said = program.fails(&arguments, code);
    assert!(said.ends_with(".\n"), "no sentence: {said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_no_community_are_refused() {
    let world = World::new().await;
    let program = Program::of(&world, Role::Owner);
    let before = state(&world).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("import");
    let long = vec![b'a'; 5 << 20];
    let users = |text: &str| USERS.replace("2,b@x.org,b,Ben,!\n", text).into_bytes();
    let cases: [(&str, Vec<u8>, &str); 25] = [
        ("users.csv", b"".to_vec(), "users.csv is empty"),
        (
            "users.csv",
            USERS.replace(',', ";").into_bytes(),
            "separated by semicolons",
        ),
        (
            "users.csv",
            USERS.replace(',', "\t").into_bytes(),
            "separated by tabs",
        ),
        ("users.csv", b"\xFF\xFEi\0d\0".to_vec(), "UTF-16"),
        (
            "users.csv",
            [USERS.as_bytes(), b"3,c@x,c,Caf\xE9,!\n"].concat(),
            "users.csv, line 4, full_name: is not written in UTF-8",
        ),
        (
            "users.csv",
            [USERS.as_bytes(), b"3,\"c@x,c,C,!\n"].concat(),
            "users.csv, line 4: a quote begins here that is never closed",
        ),
        (
            "users.csv",
            [USERS.as_bytes(), b"3,c@x"].concat(),
            "users.csv, line 4: has 2 values, and the header names 5",
        ),
        (
            "users.csv",
            [USERS.as_bytes(), &long].concat(),
            "users.csv, line 4: the row is longer than 4 MiB",
        ),
        (
            "users.csv",
            long,
            "users.csv, line 1: the row is longer than 4 MiB",
        ),
        (
            "users.csv",
            USERS.replace("email", "mail").into_bytes(),
            "there is no column “mail” here; users has id, email",
        ),
        (
            "users.csv",
            USERS.replace("username", "email").into_bytes(),
            "names “email” twice",
        ),
        (
            "users.csv",
            b"id,email,username,full_name\n1,a,a,A\n".to_vec(),
            "no column “hashed_password”",
        ),
        (
            "users.csv",
            USERS.replace("id,", "is_active,").into_bytes(),
            "no column “id”",
        ),
        ("people.csv", USERS.into(), "people.csv is no table of Pine Time"),
        (
            "users.csv",
            users("1,b@x.org,b,Ben,!\n"),
            "users.csv, line 3, id: is the same as in line 2",
        ),
        (
            "users.csv",
            users("2,a@x.org,b,Ben,!\n"),
            "users.csv, line 3, email: is the same as in line 2",
        ),
        (
            "users.csv",
            users("two,b@x.org,b,Ben,!\n"),
            "users.csv, line 3, id: “two” is no whole number",
        ),
        (
            "users.csv",
            users("2,,b,Ben,!\n"),
            "users.csv, line 3, email: has no value",
        ),
        (
            "events.csv",
            EVENTS.replace("+08", "").into_bytes(),
            "events.csv, line 2, start_time: “2026-05-01 10:00:00” has no time zone; name it with --zone",
        ),
        (
            "events.csv",
            EVENTS.replace("12.50", "12.505").into_bytes(),
            "events.csv, line 2, price: “12.505” has more than 2 decimals",
        ),
        (
            "events.csv",
            EVENTS.replace("true", "yes").into_bytes(),
            "events.csv, line 2, is_active: “yes” is neither true nor false",
        ),
        (
            "events.csv",
            EVENTS.replace("12:00", "09:00").into_bytes(),
            "events.csv, line 2, end_time: does not keep to this: end_time > start_time",
        ),
        (
            "events.csv",
            EVENTS.replace(",1,\n", ",7,\n").into_bytes(),
            "events.csv, line 2, created_by: refers to a row of users that is nowhere",
        ),
        (
            "events.csv",
            EVENTS.replace(",10,", ",-1,").into_bytes(),
            "max_participants: does not keep to this: max_participants >= 0",
        ),
        (
            "events.csv",
            EVENTS.replace(",1,\n", ",1,9\n").into_bytes(),
            "series_id: refers to a row of events that is nowhere",
        ),
    ];
    for (name, text, wanted) in &cases {
        let users: &[(&str, &[u8])] = &[("users.csv", USERS.as_bytes()), (name, text)];
        files(&path, if *name == "events.csv" { users } else { &users[1..] });
        let said = try_import(&program, "csv", &path, &[], 1);
        assert!(said.contains(wanted), "wanted: {wanted}\nsaid: {said}");
        assert!(said.contains("nothing was written"), "{said}");
        assert_eq!(state(&world).await, before, "{wanted}");
    }
    // A mark of the byte order, other line ends, another case and no line end at the end are no faults.
    let good = format!(
        "\u{feff}{}",
        USERS.replace('\n', "\r\n").replace("email", "EMAIL")
    );
    files(&path, &[("users.csv", good.trim_end().as_bytes())]);
    assert_eq!(added(&import(&program, "csv", &path, &[])), 2);
    let name: String = world.value("SELECT full_name FROM users WHERE id = 2").await;
    assert_eq!(name, "Ben");
}

#[tokio::test(flavor = "multi_thread")]
async fn json_and_sqlite_are_as_strict() {
    let world = World::new().await;
    let program = Program::of(&world, Role::Owner);
    let before = state(&world).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("import");
    let ana = r#"{"id":1,"email":"a","username":"a","full_name":"A","hashed_password":"!","pass_code":"0000000000"}"#;
    for (text, wanted) in [
        (
            format!("{ana}\n{{\"id\":2"),
            "users.jsonl, line 2: is no JSON object",
        ),
        (format!("{ana}\n[1]"), "users.jsonl, line 2: is no JSON object"),
        ("[1]".to_owned(), "users.jsonl, line 1: is no JSON object"),
        (
            ana.replace("\"A\"", "7"),
            "users.jsonl, line 1, full_name: “7” is not in quotes",
        ),
        (
            ana.replace("\"id\":1", "\"id\":1.5"),
            "id: “1.5” is no whole number",
        ),
        (ana.replace("email", "mail"), "there is no column “mail” here"),
        (
            format!("{ana}\n{}", ana.replace('{', "{\"more\":1,")),
            "line 2: has a value that the first line has not: “more”",
        ),
        (
            "x".repeat(5 << 20),
            "users.jsonl, line 1: the row is longer than 4 MiB",
        ),
    ] {
        files(&path, &[("users.jsonl", text.as_bytes())]);
        let said = try_import(&program, "json", &path, &[], 1);
        assert!(said.contains(wanted), "wanted: {wanted}\nsaid: {said}");
    }
    let file = folder.path().join("file");
    for (text, wanted) in [
        (
            &b"no database of any kind, but long enough to be one"[..],
            "cannot be read as a SQLite file",
        ),
        (b"", "has no tables in it"),
    ] {
        fs::write(&file, text).unwrap();
        let said = try_import(&program, "sqlite", &file, &[], 1);
        assert!(said.contains(wanted), "{said}");
    }
    assert!(try_import(&program, "sqlite", &folder.path().join("nothing"), &[], 1).contains("no such file"),);
    assert!(try_import(&program, "csv", &folder.path().join("nothing"), &[], 1).contains("no such file"));
    fs::create_dir(folder.path().join("empty")).unwrap();
    assert!(
        try_import(&program, "csv", &folder.path().join("empty"), &[], 1)
            .contains("There is no file NAME.csv")
    );
    assert!(
        try_import(&program, "sqlite", folder.path(), &[], 1).contains("is a folder, and no SQLite file")
    );
    assert_eq!(state(&world).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn circles_are_refused_and_what_hangs_on_them() {
    let world = World::new().await;
    let program = Program::of(&world, Role::Owner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("import");
    let users = "id,email,username,full_name,hashed_password,pass_code,referred_by\n\
                 1,a,a,A,!,0000000001,3\n\
                 2,b,b,B,!,0000000002,1\n\
                 3,c,c,C,!,0000000003,2\n\
                 4,d,d,D,!,0000000004,1\n\
                 5,e,e,E,!,0000000005,\n\
                 6,f,f,F,!,0000000006,5\n";
    files(&path, &[("users.csv", users.as_bytes())]);
    let said = try_import(&program, "csv", &path, &[], 1);
    assert_eq!(
        said.matches("referred_by: refers to itself, over other rows")
            .count(),
        4,
        "{said}"
    );
    assert_eq!(world.count("users").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_can_be_written_and_the_refused_kept() {
    let world = World::new().await;
    let program = Program::of(&world, Role::Owner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("import");
    files(
        &path,
        &[
            (
                "users.csv",
                b"id,email,username,full_name,hashed_password,pass_code\n\
                  1,a@x,a,\"Ana, Reyes\",!,0000000001\n2,b@x,b,=Ben,!,\n3,a@x,c,Cy,!,0000000003\n",
            ),
            ("events.csv", EVENTS.as_bytes()),
            (
                "registrations.csv",
                b"id,user_id,event_id,status,price_due,payment_status\n\
                  1,1,1,registered,12.50,paid\n2,2,1,registered,12.50,pending\n3,9,1,registered,0,not_required\n",
            ),
            (
                "payment.csv",
                b"id,registration_id,user_id,event_id,amount_paid,payment_channel\n\
                  1,1,1,1,12.50,cash\n2,2,2,1,12.50,cash\n",
            ),
        ],
    );
    let dry = json_of(
        &program,
        &[
            "import",
            "--from",
            "csv",
            path.to_str().unwrap(),
            "--skip-bad",
            "--dry-run",
            "--json",
        ],
    );
    assert_eq!(
        (&dry["written"], &dry["refused_file"]),
        (&false.into(), &serde_json::Value::Null)
    );
    let told = import(&program, "csv", &path, &["--skip-bad"]);
    // The second has no code, the third the first's address; what belongs to the second goes with it, and the third
    // registration is of nobody.
    assert_eq!(told["refused"], 5, "{told}");
    assert_eq!(added(&told), 4);
    assert_eq!(world.count("users").await, 1);
    let paid: String = world
        .value("SELECT payment_status FROM registrations WHERE id = 1")
        .await;
    assert_eq!(paid, "paid");
    let refused = folder.path().join("import.refused.csv");
    assert_eq!(told["refused_file"], refused.to_str().unwrap());
    let text = fs::read_to_string(&refused).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 6, "{text}");
    assert_eq!(lines[0], "file,line,column,reason,row");
    assert!(
        lines[1].starts_with("users.csv,3,pass_code,has no value,"),
        "{text}"
    );
    assert!(lines[2].starts_with("users.csv,4,email,"), "{text}");
    assert!(
        lines[3].starts_with("registrations.csv,3,user_id,refers to a row of users that was refused,"),
        "{text}"
    );
    assert!(
        lines[4].starts_with("registrations.csv,4,user_id,refers to a row of users that is nowhere,"),
        "{text}"
    );
    assert!(lines[5].starts_with("payment.csv,3,"), "{text}");
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&refused).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    // The file of an earlier time is not overwritten.
    assert!(try_import(&program, "csv", &path, &["--skip-bad"], 1).contains("is there already"));
    let other = folder.path().join("other.csv");
    let again = import(
        &program,
        "csv",
        &path,
        &["--skip-bad", "--refused", other.to_str().unwrap()],
    );
    assert_eq!(added(&again), 0, "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_export_and_a_newer_one_are_refused() {
    let from = community().await;
    let exporter = Program::of(&from, Role::Owner);
    let folder = tempfile::tempdir().unwrap();
    let world = World::new().await;
    let program = Program::of(&world, Role::Owner);
    let before = state(&world).await;
    let export = |name: &str| {
        let path = folder.path().join(name);
        exporter.done(&["export", "csv", path.to_str().unwrap()]);
        path
    };
    let edit = |path: &Path, name: &str, change: &dyn Fn(String) -> String| {
        let path = path.join(name);
        fs::write(&path, change(fs::read_to_string(&path).unwrap())).unwrap();
    };
    let newer = export("newer");
    edit(&newer, "export.json", &|text| {
        text.replace("\"schema\": ", "\"schema\": 9")
    });
    assert!(try_import(&program, "csv", &newer, &[], 1).contains("made by a newer Pine Time"));
    let short = export("short");
    edit(&short, "audit_log.csv", &|text| {
        text.lines().next().unwrap().to_owned() + "\n"
    });
    edit(&short, "users.csv", &|text| {
        let keep = text.trim_end().rfind('\n').unwrap();
        text[..=keep].to_owned()
    });
    let said = try_import(&program, "csv", &short, &[], 1);
    assert!(said.contains("it was cut off or changed"), "{said}");
    let without = export("without");
    fs::remove_file(without.join("payment.csv")).unwrap();
    assert!(try_import(&program, "csv", &without, &[], 1).contains("payment is missing"));
    let changed = export("changed");
    edit(&changed, "users.csv", &|text| {
        text.replace("Ana Reyes", "Eve Reyes")
    });
    let said = try_import(&program, "csv", &changed, &[], 1);
    assert!(
        said.contains("came out otherwise than export.json says"),
        "{said}"
    );
    assert_eq!(state(&world).await, before);
    // Without what the export says of itself the change is the user's.
    fs::remove_file(changed.join("export.json")).unwrap();
    import(&program, "csv", &changed, &[]);
    assert_eq!(world.count("users WHERE full_name = 'Eve Reyes'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_imports_and_only_where_it_can_be_written() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("import");
    files(&path, &[("users.csv", USERS.as_bytes())]);
    for role in [Role::Staff, Role::Kiosk] {
        let said = try_import(&Program::of(&world, role), "csv", &path, &[], 3);
        assert!(said.contains("may not do that"), "{said}");
    }
    let mut stranger = Program::of(&world, Role::Owner);
    let nobody = world
        .database
        .url(Role::Owner)
        .replacen("pine_owner", "nobody_at_all", 1);
    stranger.url = Some(nobody);
    let said = try_import(&stranger, "csv", &path, &[], 3);
    assert!(said.contains("refuses this login"), "{said}");
    world
        .sql("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$")
        .await;
    let said = try_import(&Program::of(&world, Role::Owner), "csv", &path, &[], 1);
    assert!(said.contains("can only be read"), "{said}");
    let (out, _) = finished(
        &Program::of(&world, Role::Owner).run_with(&["import", "--from", "xml", "x"], b""),
        2,
    );
    assert_eq!(out, "");
    assert_eq!(world.count("users").await, 0);
}
