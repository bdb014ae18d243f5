//! What `backup schedule` tells systemd and cron.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::{Program, finished};

fn program() -> Program {
    Program {
        home: tempfile::tempdir().unwrap(),
        url: None,
        variables: Vec::new(),
    }
}

/// The settings of each section of a unit; every line has to be one, and no section or setting may come twice.
fn read(unit: &str) -> BTreeMap<&str, BTreeMap<&str, &str>> {
    let mut sections: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    let mut section = "";
    for line in unit.lines().filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix('[') {
            section = name.strip_suffix(']').unwrap();
            assert!(sections.insert(section, BTreeMap::new()).is_none(), "{unit}");
        } else {
            let (key, value) = line.split_once('=').unwrap();
            let before = sections.get_mut(section).unwrap().insert(key, value);
            assert!(before.is_none() && !value.is_empty(), "{line}");
        }
    }
    sections
}

/// A name that a shell, systemd and cron would each read otherwise if they could.
const ODD: &str = "100% of $HOME 'pine' \"time\".toml";

#[test]
fn systemd_understands_every_line_of_the_units() {
    let program = program();
    let config = program.home.path().join(ODD);
    fs::write(&config, "").unwrap();
    let mut command = program.command(&["--config", config.to_str().unwrap(), "backup", "schedule"]);
    command.env_remove("PINE_TIME_TERMINAL_NAME");
    let (printed, said) = finished(&command.output().unwrap(), 0);
    assert_eq!(said, "");
    let printed = printed.strip_prefix("# pine-time-backup.service\n").unwrap();
    let (service, timer) = printed.split_once("# pine-time-backup.timer\n").unwrap();

    let sections = read(service);
    assert_eq!(sections.keys().copied().collect::<Vec<_>>(), ["Service", "Unit"]);
    let run = &sections["Service"];
    let keys: Vec<&str> = run.keys().copied().collect();
    assert_eq!(keys, ["ExecStart", "IOSchedulingClass", "Nice", "Type"]);
    assert_eq!(run["Type"], "oneshot", "a timer waits for its end");
    let odd = r#"/100%% of $$HOME 'pine' \"time\".toml" backup create --verify --prune"#;
    assert!(
        run["ExecStart"].starts_with(&format!("{} --config \"/", env!("CARGO_BIN_EXE_pine-time")))
            && run["ExecStart"].ends_with(odd),
        "{service}"
    );
    let sections = read(timer);
    assert_eq!(
        sections.keys().copied().collect::<Vec<_>>(),
        ["Install", "Timer", "Unit"]
    );
    let keys: Vec<&str> = sections["Timer"].keys().copied().collect();
    assert_eq!(keys, ["OnCalendar", "Persistent", "RandomizedDelaySec"]);
    assert_eq!(sections["Timer"]["OnCalendar"], "hourly");
    assert_eq!(sections["Install"]["WantedBy"], "timers.target");

    // And in its own opinion, where it can be asked: it names a unit only to complain about it.
    let units = tempfile::tempdir().unwrap();
    let place = |name: &str| units.path().join(format!("pine-time-backup.{name}"));
    fs::write(place("service"), service).unwrap();
    fs::write(place("timer"), timer).unwrap();
    let mut verify = Command::new("systemd-analyze");
    verify.arg("verify").args([place("service"), place("timer")]);
    if let Ok(output) = verify.output() {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && !said.contains("pine-time-backup"),
            "{said}"
        );
    }
}

#[test]
fn a_crontab_line_is_put_in_once() {
    let tools = tempfile::tempdir().unwrap();
    let crontab = tools.path().join("crontab");
    // As the real one: -l prints, - replaces.
    fs::write(
        &crontab,
        "#!/bin/sh\nf=\"$HOME/tab\"\nif [ \"$1\" = -l ]; then [ -f \"$f\" ] && /bin/cat \"$f\" || exit 1; else /bin/cat > \"$f\"; fi\n",
    )
    .unwrap();
    fs::set_permissions(&crontab, fs::Permissions::from_mode(0o755)).unwrap();
    let program = program();
    let run = |arguments: &[&str], code| {
        let mut command = program.command(arguments);
        command
            .env("PATH", tools.path())
            .env_remove("PINE_TIME_TERMINAL_NAME");
        finished(&command.output().unwrap(), code)
    };
    let config = program.home.path().join("pine.toml");
    fs::write(&config, "").unwrap();
    let named = config.display().to_string();
    fs::write(program.home.path().join("tab"), "5 5 * * * mine\n").unwrap();
    for daily in [false, true] {
        let mut arguments = vec!["--config", &named, "backup", "schedule", "--cron", "--install"];
        if daily {
            arguments.push("--daily");
        }
        run(&arguments, 0);
    }
    let tab = fs::read_to_string(program.home.path().join("tab")).unwrap();
    let lines: Vec<&str> = tab.lines().collect();
    assert_eq!(lines.len(), 2, "{tab}");
    assert_eq!(lines[0], "5 5 * * * mine");
    assert!(
        lines[1].starts_with("17 4 * * * /") && lines[1].contains(&format!("--config {named} backup")),
        "{tab}"
    );
    // Without systemd nothing is written; with settings that a timer would not have neither.
    let said = run(&["backup", "schedule", "--install"], 1).1;
    assert!(
        said.contains("systemctl failed") && said.contains("--cron"),
        "{said}"
    );
    let said = run(
        &[
            "--database-url",
            "postgres://a@b/c",
            "backup",
            "schedule",
            "--cron",
            "--install",
        ],
        1,
    )
    .1;
    assert!(
        said.contains("--database-url") && said.contains("configuration file"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(program.home.path().join("tab")).unwrap(), tab);
}
