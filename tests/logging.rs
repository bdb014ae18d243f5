//! The log file, in a process of its own since a process has one log: levels, what panics leave, permissions, and
//! text that would drive a terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use pine_time::cli::CliError;
use pine_time::cli::logging::{self, LogGuard};
use pine_time::config::{Log, LogLevel, Places};

/// Starts the log, and gives panics back to the test's own output.
fn start(log: &Log, places: &Places) -> Result<Option<LogGuard>, CliError> {
    let guard = logging::start(log, places);
    let _ = std::panic::take_hook();
    guard
}

#[test]
fn one_file_a_day_holds_lines_and_panics_and_nothing_raw() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places {
        config_file: None,
        state_dir: Some(folder.path().join("state")),
    };
    let guard = logging::start(
        &Log {
            file: None,
            level: LogLevel::Info,
        },
        &places,
    )
    .unwrap();

    tracing::info!(target: "pine_time::tests", code = "XK2\u{1b}[2J\u{7}", "a line \u{1b}]52;c;eA==\u{7}");
    tracing::debug!(target: "pine_time::tests", "too fine");
    tracing::info!(target: "somebody_else", "not ours");
    tracing::warn!(target: "somebody_else", "but this");
    let panicked = std::thread::Builder::new()
        .name("worker 3".to_owned())
        .spawn(|| panic!("the pipe broke: {}", 42));
    assert!(panicked.unwrap().join().is_err());
    assert!(logging::where_to_look().contains("state/log"));
    drop(guard);
    // What this test has to say itself belongs on its output.
    let _ = std::panic::take_hook();

    let log = folder.path().join("state/log");
    assert_eq!(fs::metadata(&log).unwrap().permissions().mode() & 0o777, 0o700);
    let files: Vec<_> = fs::read_dir(&log)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let name = files[0].file_name().unwrap().to_string_lossy().into_owned();
    let day = name
        .strip_prefix("pine-time.")
        .and_then(|rest| rest.strip_suffix(".log"));
    assert!(
        day.is_some_and(|day| day.parse::<chrono::NaiveDate>().is_ok()),
        "{name}"
    );
    let text = fs::read_to_string(&files[0]).unwrap();
    for expected in [
        "a line",
        "XK2",
        "but this",
        "the pipe broke: 42",
        "worker 3",
        "tests/logging.rs:",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in {text}");
    }
    for unexpected in ["too fine", "not ours", "\u{1b}", "\u{7}"] {
        assert!(!text.contains(unexpected), "{unexpected:?} is in {text:?}");
    }

    // A file that was named has to be writable, is appended to, and is nobody else's to read.
    let named = folder.path().join("named.log");
    let refused = Log {
        file: Some(folder.path().join("no/such/folder.log")),
        level: LogLevel::Info,
    };
    let error = start(&refused, &places).err().expect("it cannot be written");
    assert!(
        error
            .message()
            .unwrap()
            .contains("no/such/folder.log cannot be written: no such file"),
        "{error:?}"
    );
    fs::write(&named, "before\n").unwrap();
    drop(
        start(
            &Log {
                file: Some(named.clone()),
                level: LogLevel::Info,
            },
            &places,
        )
        .unwrap(),
    );
    assert!(fs::read_to_string(&named).unwrap().starts_with("before\n"));
    fs::remove_file(&named).unwrap();
    drop(
        start(
            &Log {
                file: Some(named.clone()),
                level: LogLevel::Info,
            },
            &places,
        )
        .unwrap(),
    );
    assert_eq!(fs::metadata(&named).unwrap().permissions().mode() & 0o777, 0o600);

    // Where nothing can be written the default log is done without.
    let nowhere = Places {
        config_file: None,
        state_dir: Some("/dev/null/state".into()),
    };
    assert!(start(&Log::default(), &nowhere).unwrap().is_none());
}
