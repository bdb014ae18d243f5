//! `events create`, `edit`, `cancel`, `reopen`, `export`.

use serde_json::json;

use crate::support::cluster::Role;
use crate::support::world::World;
use crate::{PASSWORD, Program, open_sessions};

/// A community in New York with one staff member and one other.
async fn programs(world: &World) -> (Program, Program) {
    world
        .sql("UPDATE settings SET time_zone = 'America/New_York', currency = 'USD'")
        .await;
    let owner = Program::of(world, Role::Owner);
    owner.add("mira", "staff");
    owner.add("ana", "regular");
    let member = Program::of(world, Role::Staff).with("PINE_TIME_PASSWORD", PASSWORD);
    (owner, member)
}

const WALK: [&str; 18] = [
    "events",
    "create",
    "--title",
    "Ridge Walk",
    "--type",
    "hike",
    "--place",
    "Trailhead",
    "--start",
    "2031-02-23 02:30",
    "--end",
    "05:00",
    "--price",
    "99.50",
    "--seats",
    "12",
    "--about",
    "Bring water.",
];

fn walk<'a>(more: &[&'a str]) -> Vec<&'a str> {
    WALK.iter().copied().chain(more.iter().copied()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_is_created_and_keeps_its_hour() {
    let world = World::new().await;
    let (owner, member) = programs(&world).await;
    let made = member.json(&walk(&["--times", "4", "--json", "--as", "mira"]));
    assert_eq!(
        (
            &made["title"],
            &made["events"],
            &made["price"],
            &made["series_events"]
        ),
        (&json!("Ridge Walk"), &json!(4), &json!("99.50"), &json!(4))
    );
    assert_eq!(made["start_time"], "2031-02-23T07:30:00Z");
    let listed = owner.json(&[
        "events",
        "list",
        "--json",
        "--from",
        "2031-01-01",
        "--until",
        "2031-12-31",
    ]);
    let starts: Vec<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["start_time"].as_str().unwrap())
        .collect();
    // The clock goes forward on 9 March, and skips the hour.
    assert_eq!(
        starts,
        [
            "2031-02-23T07:30:00Z",
            "2031-03-02T07:30:00Z",
            "2031-03-09T07:30:00Z",
            "2031-03-16T06:30:00Z"
        ]
    );
    let organiser: String = world
        .value("SELECT DISTINCT u.username FROM events AS e JOIN users AS u ON u.id = e.created_by")
        .await;
    assert_eq!(organiser, "mira");
    let text = owner.done(&walk(&[]));
    assert!(
        text.starts_with("Saved: Ridge Walk, Sun 23 Feb 2031 02:30. Number "),
        "{text}"
    );
    assert_eq!(open_sessions(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_values_are_refused_like_in_the_form() {
    let world = World::new().await;
    let (owner, member) = programs(&world).await;
    let refused = owner.fails(&["events", "create", "--title", "Only a title"], 2);
    for line in [
        "type: Choose a type.",
        "place: Give it a place.",
        "start: Type a date and time",
    ] {
        assert!(refused.contains(line), "{refused}");
    }
    for (given, told) in [
        (
            ["--start", "2031-03-09 02:30"],
            "start: The clock skips 02:30 that day",
        ),
        (
            ["--start", "2031-11-02 01:30"],
            "start: 01:30 comes twice that day: add first (EDT) or second (EST).",
        ),
        (["--start", "2031-02-29 10:00"], "start: “2031-02-29” is no date."),
        (
            ["--end", "2031-02-23 01:00"],
            "end: The end must come after the start.",
        ),
        (["--price", "1.005"], "price: At most two decimals"),
        (["--price", "1,50"], "price: No commas"),
        (["--price", "-1"], "price: An amount is 0 or more."),
        (["--seats", "-3"], "seats: Type seats as a whole number"),
        (["--points", "1.5"], "points: Type points as a whole number"),
        (["--type", "seance"], "type: Choose one of: trivia"),
        (["--times", "105"], "times: Type how many events: 1 to 104."),
    ] {
        let [flag, value] = given;
        // What comes later replaces nothing: the flag is given once.
        let kept: Vec<&str> = WALK
            .chunks(2)
            .filter(|pair| pair[0] != flag)
            .flatten()
            .copied()
            .chain(
                if WALK.contains(&flag) || flag == "--points" || flag == "--times" {
                    vec![flag, value]
                } else {
                    Vec::new()
                },
            )
            .collect();
        let refused = owner.fails(&kept, 2);
        assert!(refused.contains(told), "{flag} {value}: {refused}");
    }
    owner.fails(&walk(&["--every", "2"]), 2);
    member.fails(&walk(&["--as", "ana"]), 3);
    assert_eq!(world.count("events").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_people_may_mind_needs_a_yes() {
    let world = World::new().await;
    let (owner, member) = programs(&world).await;
    let id = owner.json(&walk(&["--json"]))["id"].to_string();
    owner.done(&["events", "edit", &id, "--start", "2031-02-23 03:00"]);
    world
        .sql(&format!(
            "INSERT INTO registrations (user_id, event_id, status)
             SELECT id, {id}, 'registered' FROM users WHERE username = 'ana'"
        ))
        .await;
    let renamed = owner.json(&[
        "events",
        "edit",
        &id,
        "--title",
        "Long Walk",
        "--price",
        "",
        "--json",
    ]);
    assert_eq!(
        (&renamed["title"], &renamed["price"], &renamed["version"]),
        (&json!("Long Walk"), &json!(null), &json!(3))
    );
    assert_eq!(renamed["description"], "Bring water.", "what is not given stays");
    let change = ["events", "edit", &id, "--place", "Car park", "--as", "mira"];
    let asked = member.fails(&change, 1);
    assert!(
        asked.contains("1 registered: ana.") && asked.contains("Add --yes to do it."),
        "{asked}"
    );
    let text = member.done(&[&change[..], &["--yes"]].concat());
    assert!(text.starts_with("Saved: Long Walk"), "{text}");
    let place: String = world.value("SELECT location FROM events").await;
    assert_eq!(place, "Car park");
    member.fails(&["events", "edit", &id, "--title", "Mine", "--as", "ana"], 3);
    owner.fails(&["events", "edit", "4711", "--title", "x"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_with_a_reason_and_reopened() {
    let world = World::new().await;
    let (owner, member) = programs(&world).await;
    let event = world.event(600, Some(5)).await;
    world
        .sql("INSERT INTO registrations (user_id, event_id) SELECT id, 1 FROM users WHERE username = 'ana'")
        .await;
    let id = event.0.to_string();
    owner.fails(&["events", "cancel", &id], 2);
    let blank = owner.fails(&["events", "cancel", &id, "--reason", "  "], 1);
    assert_eq!(blank, "pine-time: Type why; everybody registered reads it.\n");
    member.fails(&["events", "cancel", &id, "--reason", "No", "--as", "ana"], 3);
    member.fails(&["events", "reopen", &id, "--as", "ana"], 3);
    let text = member.done(&["events", "cancel", &id, "--reason", "Typhoon", "--as", "mira"]);
    assert!(
        text.contains("Cancelled: Trivia Night") && text.contains("1 registered: ana."),
        "{text}"
    );
    let again = owner.json(&["events", "cancel", &id, "--reason", "Another", "--json"]);
    assert_eq!(
        (
            &again["outcome"],
            &again["event"]["cancel_reason"],
            &again["effects"]["registered"]
        ),
        (&json!("already"), &json!("Typhoon"), &json!(1))
    );
    let page = owner.done(&["events", "show", &id]);
    assert!(
        page.contains("cancelled") && page.contains("Cancelled: Typhoon"),
        "{page}"
    );
    let back = owner.json(&["events", "reopen", &id, "--json"]);
    assert_eq!(
        (
            &back["outcome"],
            &back["event"]["is_active"],
            &back["event"]["cancel_reason"]
        ),
        (&json!("reopened"), &json!(true), &json!(null))
    );
    assert!(
        owner
            .done(&["events", "reopen", &id])
            .contains("takes place already")
    );
    owner.fails(&["events", "reopen", "4711"], 1);
    assert_eq!(open_sessions(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_exported_as_a_calendar() {
    let world = World::new().await;
    let (owner, member) = programs(&world).await;
    owner.done(&walk(&["--times", "3"]));
    world
        .sql("INSERT INTO registrations (user_id, event_id) SELECT id, 2 FROM users WHERE username = 'ana'")
        .await;
    let summaries = |text: &str| text.matches("SUMMARY:Ridge Walk\r\n").count();
    let all = owner.done(&["events", "export", "--ics", "-"]);
    assert!(
        all.starts_with("BEGIN:VCALENDAR\r\n") && all.ends_with("END:VCALENDAR\r\n"),
        "{all}"
    );
    assert_eq!(summaries(&all), 3);
    assert!(
        all.contains("DTSTART;TZID=America/New_York:20310223T023000\r\n"),
        "{all}"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.ics");
    let file = path.to_str().unwrap();
    let said = member.done(&["events", "export", "--ics", file, "--mine", "--as", "ana"]);
    assert_eq!(said, format!("1 event in {file}.\n"));
    let mine = std::fs::read_to_string(&path).unwrap();
    assert!(
        mine.contains("DTSTART;TZID=America/New_York:20310302T023000\r\n"),
        "{mine}"
    );
    let uid = |text: &str| {
        text.lines()
            .find(|line| line.starts_with("UID:event-2@"))
            .map(str::to_owned)
    };
    assert_eq!(uid(&mine), uid(&all), "whoever writes it, it is the same event");
    let one = owner.done(&["events", "export", "3", "--ics", "-"]);
    assert_eq!(summaries(&one), 1);
    let days = [
        "events",
        "export",
        "--ics",
        "-",
        "--from",
        "2031-03-02",
        "--to",
        "2031-03-09",
    ];
    assert_eq!(summaries(&owner.done(&days)), 2);
    let gone = owner.fails(&["events", "export", "4711", "--ics", "-"], 1);
    assert_eq!(gone, "pine-time: There is no event 4711.\n");
    owner.fails(&["events", "export", "--ics", "-", "--mine"], 2);
    owner.fails(&["events", "export"], 2);
    owner.fails(
        &[
            "events",
            "export",
            "--ics",
            "-",
            "--from",
            "2031-03-02",
            "--to",
            "2031-03-01",
        ],
        2,
    );
    let nowhere = folder.path().join("no/such/folder.ics");
    let failed = owner.fails(&["events", "export", "--ics", nowhere.to_str().unwrap()], 1);
    assert!(failed.contains("cannot be written: no such file"), "{failed}");
}
