//! Every command over a poisoned community. The list of commands is the program's own, so that a new one has to be put
//! here, or said to show no text of anybody's.

use std::collections::BTreeSet;
use std::process::{Command, Output, Stdio};

use crate::corpus::{self, MARK};
use crate::poison::poison;
use crate::support::cluster::Role;
use crate::support::story;
use crate::support::world::World;

/// What is called, with `@event` for an event's number and `@member` for a user name out of the corpus; those with `!` show
/// some of the corpus.
const CALLED: &[&str] = &[
    "events list !",
    "events list --json !",
    "events show @event !",
    "events show @event --json !",
    "events create --title @text --type @text --place @text --start @start --end @end",
    "events edit @event --title @text --place @text --about @text --yes",
    "events edit @event --title @text --yes --json",
    "events cancel @event --reason @text",
    "events reopen @event",
    "events export --ics - !",
    "events export --ics @out",
    "registrations list --event @event !",
    "registrations list --event @event --json !",
    "registrations list --event @event --csv !",
    "registrations add --event @event @member @text",
    "registrations add --event @event @member --json",
    "registrations cancel --event @event @member",
    "registrations approve --event @event @member",
    "registrations reject --event @event --reason @text @member",
    "registrations promote --event @event @member",
    "check-in --event @event",
    "payments list !",
    "payments list --json !",
    "payments list --event @event --search @text",
    "payments record 1 --amount 100 --channel @text",
    "payments refund @payment --amount 1 --channel @text --reason @text",
    "payments receipt @payment !",
    "payments takings",
    "payments export !",
    "leaderboard",
    "leaderboard --json",
    "leaderboard --around @member",
    "leaderboard --type @text",
    "points award @member 5 --reason @text",
    "points redeem @member 1 --reason @text",
    "points adjust @member 1 --reason @text --json",
    "points history @member",
    "points history @member --json",
    "badges list !",
    "badges show @member",
    "game verify",
    "user add @text --full-name @text --email @text",
    "user add hostile --full-name @text --email hostile@example.org",
    "user list !",
    "user list --json !",
    "user passwd @member",
    "user role @member staff",
    "user deactivate @member --reason @text",
    "user reactivate @member --reason @text",
    "user sessions @member",
    "user reset @member",
    "kiosk enrol @text",
    "kiosk join @text",
    "kiosk list",
    "kiosk rename @text @text",
    "kiosk code @text",
    "kiosk retire @text",
    "db migrate",
    "db reset-sequences --dry-run",
    "export csv @tables",
    "export json @documents",
    "export sqlite @database",
    "import --from csv @tables --dry-run",
    "import --from json @documents --json",
    "import --from sqlite @database --dry-run",
    "adopt --dry-run",
    "doctor",
];

/// Commands that show nothing that a person wrote; what files bring, others here try (`files`).
const PLAIN: &[&str] = &[
    "demo",
    "db start",
    "db stop",
    "db status",
    "db url",
    "db roles create",
    "db roles create-login",
    "backup create",
    "backup list",
    "backup verify",
    "backup prune",
    "backup restore",
    "backup schedule",
    "config path",
    "config check",
    "config example",
    "keys",
    "completions",
];

fn run(world: &World, home: &std::path::Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pine-time"))
        .args(words)
        .env_clear()
        .env("HOME", home)
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("PINE_TIME_DATABASE_URL", world.database.url(Role::Owner))
        .env("PINE_TIME_PASSWORD", "correct horse battery")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The commands below one, as `--help` lists them.
fn leaves(above: &[String]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_pine-time"))
        .args(above)
        .arg("--help")
        .env_clear()
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let mut found = BTreeSet::new();
    let below = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty());
    for line in below {
        // Deeper indented is a description's second line.
        let Some(name) = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')) else {
            continue;
        };
        let name = name.split_whitespace().next().unwrap();
        if name == "help" {
            continue;
        }
        let mut path = above.to_vec();
        path.push(name.to_owned());
        let deeper = leaves(&path);
        if deeper.is_empty() {
            found.insert(path.join(" "));
        }
        found.extend(deeper);
    }
    found
}

#[test]
fn no_command_is_left_out() {
    let all = leaves(&[]);
    assert!(all.len() > 40, "{all:?}");
    let named = |command: &String| {
        let is_it = |line: &&str| **line == **command || line.starts_with(&format!("{command} "));
        CALLED.iter().any(&is_it) || PLAIN.iter().any(is_it)
    };
    let forgotten: Vec<&String> = all.iter().filter(|command| !named(command)).collect();
    assert!(
        forgotten.is_empty(),
        "call them here, or say that they show nobody's text: {forgotten:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_lets_it_through() {
    let world = story::sample_world().await;
    poison(&world).await;
    let event: i32 = world
        .value("SELECT event_id FROM registrations GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")
        .await;
    let member: String = world
        .value("SELECT username FROM users WHERE username LIKE '% Qz%' AND username ~ '\\x1b\\[2J' ORDER BY id LIMIT 1")
        .await;
    let payment: i32 = world.value("SELECT min(id) FROM payment").await;
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let text = corpus::texts()[2].1.clone();
    let mut shown = Vec::new();
    for line in CALLED {
        let shows = line.ends_with(" !");
        let words: Vec<String> = line
            .trim_end_matches(" !")
            .split(' ')
            .map(|word| match word {
                "@event" => event.to_string(),
                "@member" => member.clone(),
                "@payment" => payment.to_string(),
                "@out" => out.display().to_string(),
                "@tables" => format!("{}-tables", out.display()),
                "@documents" => format!("{}-documents", out.display()),
                "@database" => format!("{}-community.db", out.display()),
                "@text" => text.clone(),
                "@start" => "2031-01-05 18:30".to_owned(),
                "@end" => "20:30".to_owned(),
                word => word.to_owned(),
            })
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = run(&world, home.path(), &words);
        for said in [&output.stdout, &output.stderr] {
            let found = corpus::let_through(said);
            assert!(found.is_empty(), "{line}: {found:#?}");
        }
        let usage = String::from_utf8_lossy(&output.stderr).contains("Usage:");
        assert!(!usage, "{line} is no command: {output:?}");
        let marked = String::from_utf8_lossy(&output.stdout).contains(MARK);
        if shows && !marked {
            shown.push(format!("{line}: {output:?}"));
        }
    }
    assert!(shown.is_empty(), "nothing of the corpus was seen: {shown:#?}");
}
