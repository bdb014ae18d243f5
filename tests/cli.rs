//! The command line's frame: what is accepted, what is refused with which exit code, and commands that need no
//! database, run as the built program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The program with an environment and a home of its own.
fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pine-time"));
    command
        .env_clear()
        .env("HOME", home)
        .env("PATH", std::env::var_os("PATH").unwrap())
        .stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().unwrap();
    program(home.path()).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn wrong_usage_exits_with_2_and_says_what_is_wrong() {
    for (arguments, says) in [
        (&["--nonsense"][..], "--nonsense"),
        (&["nonsense"], "nonsense"),
        (&["config"], "check"),
        (&["config", "chek"], "check"),
        (&["config", "path", "extra"], "extra"),
        (&["completions", "tcsh"], "zsh"),
        (&["completions"], "SHELL"),
        (&["config", "check", "--config"], "FILE"),
        (&["config", "check", "--config", ""], "FILE"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        assert!(
            stderr(&output).contains(says),
            "{arguments:?}: {}",
            stderr(&output)
        );
        assert_eq!(stdout(&output), "", "{arguments:?}");
    }
}

#[test]
fn help_and_version_exit_with_0() {
    for arguments in [
        &["--help"][..],
        &["help"],
        &["help", "config"],
        &["config", "--help"],
        &["--version"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        assert!(stdout(&output).contains("pine-time"), "{arguments:?}");
        let widest = stdout(&output).lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(100), "{arguments:?} is wider than 100 columns");
    }
}

#[test]
fn config_path_follows_the_home_and_the_flag() {
    let home = tempfile::tempdir().unwrap();
    let output = program(home.path()).args(["config", "path"]).output().unwrap();
    assert_eq!(
        stdout(&output),
        format!("{}/.config/pine-time/config.toml\n", home.path().display())
    );
    let output = program(home.path())
        .args(["config", "path", "--config", "/some/where.toml"])
        .output()
        .unwrap();
    assert_eq!(stdout(&output), "/some/where.toml\n");
}

#[test]
fn config_example_is_a_file_that_config_check_accepts() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("pine.toml");
    fs::write(&file, run(&["config", "example"]).stdout).unwrap();
    let output = program(home.path())
        .args(["config", "check", "--config"])
        .arg(&file)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(stdout(&output).contains("is right."));
}

#[test]
fn config_check_shows_values_with_their_source_and_no_password() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("pine.toml");
    fs::write(
        &file,
        "[database]\nurl = \"postgres://ana:s3cret@db/pine\"\npool_size = 7\n",
    )
    .unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let check = || {
        let output = program(home.path())
            .env("PINE_TIME_TERMINAL_NAME", "door 1")
            .args(["config", "check", "--log-file", "/tmp/x.log", "--config"])
            .arg(&file)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        stdout(&output)
    };
    let shown = check();
    let line = |key: &str| {
        let line = shown
            .lines()
            .find(|line| line.starts_with(key))
            .unwrap_or_else(|| panic!("{key} is missing"));
        line.split("  ")
            .filter(|part| !part.is_empty())
            .map(str::trim)
            .collect::<Vec<_>>()
            .join(" | ")
    };
    assert_eq!(
        line("database.url"),
        "database.url | \"postgres://ana:****@db/pine?sslmode=verify-full\" | file, line 2"
    );
    assert_eq!(
        line("database.pool_size"),
        "database.pool_size | 7 | file, line 3"
    );
    assert_eq!(
        line("terminal.name"),
        "terminal.name | \"door 1\" | PINE_TIME_TERMINAL_NAME"
    );
    assert_eq!(line("log.file"), "log.file | \"/tmp/x.log\" | --log-file");
    assert_eq!(
        line("database.max_overflow"),
        "database.max_overflow | 10 | default"
    );
    assert!(!shown.contains("s3cret"));
    assert!(
        shown.contains("chmod 600"),
        "others can read the password: {shown}"
    );

    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(!check().contains("chmod 600"));
}

#[test]
fn wrong_settings_exit_with_1_and_name_key_and_line() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("pine.toml");
    fs::write(&file, "[database]\npool_size = \"many\"\n").unwrap();
    let output = program(home.path())
        .args(["config", "check", "--config"])
        .arg(&file)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("line 2: database.pool_size is a text"),
        "{output:?}"
    );
    assert_eq!(stdout(&output), "");
}

#[test]
fn completions_are_scripts_that_the_shell_accepts() {
    let script = run(&["completions", "bash"]);
    assert_eq!(script.status.code(), Some(0));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pine-time.bash");
    fs::write(&file, &script.stdout).unwrap();
    let checked = Command::new("bash").arg("-n").arg(&file).output().unwrap();
    assert!(checked.status.success(), "{checked:?}");
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        assert!(
            stdout(&run(&["completions", shell])).contains("pine-time"),
            "{shell}"
        );
    }
}

/// `pine-time … | head -1` is no failure, and says nothing.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let home = tempfile::tempdir().unwrap();
    for arguments in [&["config", "example"][..], &["completions", "zsh"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = program(home.path())
            .args(arguments)
            .stdout(writer)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        assert_eq!(stderr(&output), "");
    }
}

#[test]
fn a_full_disk_is_a_failure() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let home = tempfile::tempdir().unwrap();
    let output = program(home.path())
        .args(["config", "example"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("cannot be written: no space left on device."),
        "{output:?}"
    );
}
