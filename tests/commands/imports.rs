//! `import`: what an export of ours holds comes back as it was, in every form, once and no more; many rows take no more
//! memory than few.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::option;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::backup_story::{community, json_of};
use crate::support::cluster::Role;
use crate::support::world::World;
use crate::{Program, finished};

/// The forms, and where an export of each goes.
pub(crate) const FORMS: [&str; 3] = ["csv", "json", "sqlite"];

/// Exports in a form; answers where it is and what it says of every table.
fn export(program: &Program, folder: &Path, form: &str, name: &str) -> (PathBuf, Value) {
    let path = folder.join(format!("{name}.{form}"));
    let told = json_of(program, &["export", form, path.to_str().unwrap(), "--json"]);
    (path, told["tables"].clone())
}

/// Imports to a good end; answers the document.
pub(crate) fn import(program: &Program, form: &str, path: &Path, more: &[&str]) -> Value {
    let mut arguments = vec!["import", "--from", form, path.to_str().unwrap(), "--json"];
    arguments.extend(more);
    json_of(program, &arguments)
}

/// How many rows a document says were added.
pub(crate) fn added(told: &Value) -> u64 {
    let tables = told["tables"].as_object().unwrap();
    tables
        .values()
        .map(|table| table["added"].as_u64().unwrap())
        .sum()
}

/// Everything there is, by an export in a folder of its own.
fn contents(world: &World) -> Value {
    let folder = tempfile::tempdir().unwrap();
    export(&Program::of(world, Role::Owner), folder.path(), "csv", "contents").1
}

/// Whether points, streaks, badges and leaderboards add up.
pub(crate) fn adds_up(world: &World) {
    Program::of(world, Role::Owner).done(&["game", "verify"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_comes_back_as_it_was_and_only_once() {
    let from = community().await;
    from.sql(
        r#"UPDATE users SET full_name = E'O\\Brien, "Ñiño"\n猫\t=1+1', door_note = '' WHERE username = 'ana';
           UPDATE events SET description = '\N' WHERE id = 1;
           INSERT INTO audit_log (at, actor, action, subject, device, before, after)
           VALUES (now(), 'a', 'b', 'c', E'line\r\nline', '{"a": [1.10, "x\\n"]}', '[null]')"#,
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    let exporter = Program::of(&from, Role::Owner);
    for form in FORMS {
        let (path, told) = export(&exporter, folder.path(), form, "export");
        let to = World::new().await;
        let before = contents(&to);
        let importer = Program::of(&to, Role::Owner);
        let dry = import(&importer, form, &path, &["--dry-run"]);
        assert!(added(&dry) > 500 && dry["written"] == false, "{form}: {dry}");
        assert_eq!(contents(&to), before, "{form}: --dry-run wrote something");

        let first = import(&importer, form, &path, &[]);
        assert_eq!(first["written"], true);
        assert_eq!(added(&first), added(&dry));
        let after = contents(&to);
        for (table, facts) in told.as_object().unwrap() {
            assert_eq!(&after[table], facts, "{form}: {table}");
        }
        adds_up(&to);

        let again = import(&importer, form, &path, &[]);
        assert_eq!(added(&again), 0, "{form}: {again}");
        assert_eq!(contents(&to), after, "{form}: importing again changed something");
        // Numbers go on behind those that came.
        to.sql(
            "INSERT INTO users (email, username, full_name, hashed_password) VALUES ('n@x', 'n', 'N', '!')",
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_living_community_takes_what_it_has_not() {
    let from = community().await;
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = export(&Program::of(&from, Role::Owner), folder.path(), "csv", "export");
    let to = World::new().await;
    let importer = Program::of(&to, Role::Owner);
    import(&importer, "csv", &path, &[]);
    // Members sign in, a hash is renewed, a member and an event come.
    to.sql("UPDATE users SET last_login = now(), hashed_password = 'renewed' WHERE username = 'ana'")
        .await;
    to.event(600, Some(3)).await;
    to.member("newcomer").await;
    let again = import(&importer, "csv", &path, &[]);
    assert_eq!((added(&again), &again["refused"]), (0, &0.into()));
    let kept: String = to
        .value("SELECT hashed_password FROM users WHERE username = 'ana'")
        .await;
    assert_eq!(kept, "renewed", "what is here is not overwritten");

    // A community of other people under the same numbers is not mixed with it.
    let other = World::new().await;
    other.member("somebody").await;
    let refused = Program::of(&other, Role::Owner);
    let (out, err) = finished(
        &refused.run_with(&["import", "--from", "csv", path.to_str().unwrap()], b""),
        1,
    );
    assert_eq!(out, "");
    assert!(
        err.contains("users.csv, line 2, id: is in the database already and differs in email, username"),
        "{err}"
    );
    assert!(err.contains("nothing was written"), "{err}");
    assert_eq!(other.count("users").await, 1);
}

/// Texts that have gone wrong somewhere before: in CSV, JSON, COPY, SQL or a terminal.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("\\N".to_owned()),
        Just("\\.".to_owned()),
        Just("null".to_owned()),
        Just("a,b;c\t\"d\"'\\".to_owned()),
        Just("\r\n\n \u{feff}".to_owned()),
        Just("=1+1".to_owned()),
        "[ -~\n\r\tñ猫🐈\u{200b}\u{7f}]{0,40}",
    ]
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[derive(Debug)]
struct Member {
    name: String,
    note: Option<String>,
    active: Option<bool>,
    brought_by: Option<usize>,
}

#[derive(Debug)]
struct Event {
    title: String,
    description: Option<String>,
    cents: Option<i64>,
    seats: Option<i32>,
    minutes: i64,
}

fn member() -> impl Strategy<Value = Member> {
    (
        text(),
        option::of(text()),
        option::of(any::<bool>()),
        option::of(0..20_usize),
    )
        .prop_map(|(name, note, active, brought_by)| Member {
            name: format!("N{name}"),
            note,
            active,
            brought_by,
        })
}

fn event() -> impl Strategy<Value = Event> {
    (
        text(),
        option::of(text()),
        option::of(0..99_999_999_i64),
        option::of(0..5_i32),
        -100_000..100_000_i64,
    )
        .prop_map(|(title, description, cents, seats, minutes)| Event {
            title: format!("T{title}"),
            description,
            cents,
            seats,
            minutes,
        })
}

/// Everything that such a community is, as the owner would type it.
fn script(members: &[Member], events: &[Event], going: &[(usize, usize, usize, i64)]) -> String {
    let or_null = |value: Option<String>| value.unwrap_or_else(|| "NULL".to_owned());
    let mut sql = String::new();
    for (place, member) in members.iter().enumerate() {
        let brought_by = member.brought_by.filter(|by| *by < place).map(|by| by + 1);
        let _ = writeln!(
            sql,
            "INSERT INTO users (email, username, full_name, hashed_password, is_active, door_note, referred_by)
             VALUES ('m{place}@x', 'm{place}', {}, '!', {}, {}, {});",
            quoted(&member.name),
            or_null(member.active.map(|active| active.to_string())),
            or_null(member.note.as_ref().map(|note| quoted(note))),
            or_null(brought_by.map(|by| by.to_string())),
        );
    }
    for event in events {
        let _ = writeln!(
            sql,
            "INSERT INTO events (title, description, event_type, location, start_time, end_time, max_participants, price)
             VALUES ({}, {}, 'type {}', 'here', now() + interval '{} minutes', now() + interval '{} minutes', {}, {});",
            quoted(&event.title),
            or_null(event.description.as_ref().map(|text| quoted(text))),
            event.minutes.rem_euclid(3),
            event.minutes,
            event.minutes + 60,
            or_null(event.seats.map(|seats| seats.to_string())),
            or_null(event.cents.map(|cents| format!("{}.{:02}", cents / 100, cents % 100))),
        );
    }
    for (member, event, status, points) in going {
        let (member, event) = (member % members.len() + 1, event % events.len() + 1);
        let status = ["registered", "pending", "waitlisted", "cancelled", "rejected"][status % 5];
        let _ = writeln!(
            sql,
            "INSERT INTO registrations (user_id, event_id, status, price_due, payment_status)
             VALUES ({member}, {event}, '{status}', 10.50, 'pending') ON CONFLICT DO NOTHING;
             INSERT INTO points_transactions (user_id, points, transaction_type, event_id)
             VALUES ({member}, {points}, '{}', {event});",
            if *points < 0 {
                "redemption"
            } else {
                "special_activity"
            },
        );
        if points % 2 == 0 {
            let _ = writeln!(
                sql,
                "INSERT INTO payment (registration_id, user_id, event_id, amount_paid, payment_channel)
                 SELECT r.id, r.user_id, r.event_id, 10.50, 'cash' FROM registrations AS r
                 WHERE r.user_id = {member} AND r.event_id = {event}
                   AND NOT EXISTS (SELECT FROM payment AS p WHERE p.registration_id = r.id);
                 INSERT INTO event_attendees (user_id, event_id, check_in_time)
                 VALUES ({member}, {event}, now()) ON CONFLICT DO NOTHING;"
            );
        }
    }
    sql
}

#[tokio::test(flavor = "multi_thread")]
async fn communities_of_any_kind_come_back() {
    let mut runner = TestRunner::deterministic();
    let communities = (
        proptest::collection::vec(member(), 1..12),
        proptest::collection::vec(event(), 1..6),
        proptest::collection::vec(
            (any::<usize>(), any::<usize>(), any::<usize>(), -50..500_i64),
            0..30,
        ),
    );
    for _ in 0..4 {
        let (members, events, going) = communities.new_tree(&mut runner).unwrap().current();
        let from = World::new().await;
        from.sql(&script(&members, &events, &going)).await;
        let folder = tempfile::tempdir().unwrap();
        for form in FORMS {
            let (path, told) = export(&Program::of(&from, Role::Owner), folder.path(), form, "export");
            let to = World::new().await;
            let importer = Program::of(&to, Role::Owner);
            import(&importer, form, &path, &[]);
            let after = contents(&to);
            for (table, facts) in told.as_object().unwrap() {
                assert_eq!(
                    &after[table], facts,
                    "{form}: {table} of {members:?} {events:?} {going:?}"
                );
            }
            assert_eq!(added(&import(&importer, form, &path, &[])), 0);
        }
    }
}

/// Members and one event at which all of them are registered.
fn crowd(folder: &Path, people: usize) {
    let mut users = String::from("id,email,username,full_name,hashed_password\n");
    let mut registrations = String::from("id,user_id,event_id,registration_date,status\n");
    let mut attendees = String::from("id,user_id,event_id,status,check_in_time,generation\n");
    let mut ledger =
        String::from("id,user_id,points,transaction_type,event_id,transaction_date,source_key\n");
    for id in 1..=people {
        let _ = writeln!(users, "{id},m{id}@example.org,m{id},Member Number {id},!");
        let _ = writeln!(registrations, "{id},{id},1,2026-01-01 10:00:00+00,registered");
        let _ = writeln!(attendees, "{id},{id},1,attended,2026-01-02 10:05:00+00,1");
        let _ = writeln!(
            ledger,
            "{id},{id},{},event_attendance,1,2026-01-02 10:00:00+00,attendance:1:{id}:1",
            id % 40
        );
    }
    fs::create_dir(folder).unwrap();
    fs::write(folder.join("users.csv"), users).unwrap();
    fs::write(folder.join("registrations.csv"), registrations).unwrap();
    fs::write(folder.join("event_attendees.csv"), attendees).unwrap();
    fs::write(folder.join("points_transactions.csv"), ledger).unwrap();
    fs::write(
        folder.join("events.csv"),
        "id,title,event_type,location,start_time,end_time\n\
         1,Fair,fair,Park,2026-01-02 10:00:00+00,2026-01-02 12:00:00+00\n",
    )
    .unwrap();
}

/// The most memory that a run of the program took, in KiB, as the kernel keeps it; asked for until it has ended.
fn most_memory(program: &Program, arguments: &[&str]) -> u64 {
    let mut child = program.command(arguments).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let now = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = now.and_then(|line| line.trim().split(' ').next()?.parse().ok());
        most = most.max(now.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
    finished(&child.wait_with_output().unwrap(), 0);
    most
}

/// Also: thousands of registrations at one event, which one by one would make each count all before it.
#[tokio::test(flavor = "multi_thread")]
async fn many_rows_take_no_more_memory_than_few() {
    let folder = tempfile::tempdir().unwrap();
    let mut most = Vec::new();
    for people in [2_000, 20_000] {
        let path = folder.path().join(people.to_string());
        crowd(&path, people);
        let world = World::new().await;
        let importer = Program::of(&world, Role::Owner);
        most.push(most_memory(
            &importer,
            &["import", "--from", "csv", path.to_str().unwrap(), "--json"],
        ));
        let wanted = i64::try_from(people).unwrap();
        assert_eq!(world.count("users").await, wanted);
        assert_eq!(world.count("registrations WHERE search_text <> ''").await, wanted);
        let taken: i32 = world
            .value("SELECT taken FROM event_seats WHERE event_id = 1")
            .await;
        assert_eq!(i64::from(taken), wanted);
        assert_eq!(
            world
                .count("users WHERE celebrated_through < (SELECT max(id) FROM points_transactions)")
                .await,
            0,
            "nobody is congratulated on what was brought along"
        );
        adds_up(&world);
        assert_eq!(added(&import(&importer, "csv", &path, &[])), 0);
    }
    assert!(most[0] > 1000, "nothing was measured: {most:?}");
    assert!(
        most[1] * 10 <= most[0] * 13,
        "ten times the rows took {most:?} KiB"
    );
}
