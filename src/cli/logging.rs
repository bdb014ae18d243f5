//! The log file: one a day in the state folder, or the one that was named. Nothing is logged to the terminal, which
//! belongs to the screens. A panic goes to the log too.

use std::backtrace::Backtrace;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogLevel, Places};

use super::error::{CliError, reason};

/// How many days of logs are kept.
const DAYS: usize = 14;

/// Where this process logs to: the file, or the folder of daily files.
static TARGET: OnceLock<PathBuf> = OnceLock::new();

/// Keeps the log open; when it is dropped, what has not been written yet is written (a second at most).
#[must_use]
pub struct LogGuard(#[expect(dead_code, reason = "held for its drop")] WorkerGuard);

/// Opens the log and makes panics go there.
///
/// A default log that cannot be written is done without, with a line on standard error.
///
/// # Errors
/// A log file that was named cannot be written.
pub fn start(log: &Log, places: &Places) -> Result<Option<LogGuard>, CliError> {
    std::panic::set_hook(Box::new(log_panic));
    if let Some(path) = &log.file {
        let file = open(path).map_err(|error| {
            CliError::failed(format!(
                "The log file {} cannot be written: {}.",
                path.display(),
                reason(&error)
            ))
        })?;
        return Ok(Some(subscribe(file, log.level, path)));
    }
    let Some(state) = &places.state_dir else {
        eprintln!(
            "pine-time: no log is kept, since this user has no home folder; name a file with --log-file."
        );
        return Ok(None);
    };
    let folder = state.join("log");
    match daily(&folder) {
        Ok(files) => Ok(Some(subscribe(files, log.level, &folder))),
        Err(error) => {
            super::output::say(&format!(
                "pine-time: no log is kept, since {} cannot be written ({}); name a file with --log-file.",
                folder.display(),
                reason(&error)
            ));
            Ok(None)
        }
    }
}

/// Words for a person who is told to look into the log.
pub fn where_to_look() -> String {
    TARGET.get().map_or_else(
        || "there is no log; name one with --log-file and try again".to_owned(),
        |target| format!("the details are in {}", target.display()),
    )
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
}

fn daily(folder: &Path) -> io::Result<RollingFileAppender> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("pine-time")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder)
        .map_err(io::Error::other)
}

fn subscribe(files: impl io::Write + Send + 'static, level: LogLevel, target: &Path) -> LogGuard {
    // A slow disk must not hold up the keyboard: lines wait in memory, and are dropped when too many do.
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .thread_name("log")
        .finish(files);
    let level = match level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
        LogLevel::Trace => "trace",
    };
    let subscriber = tracing_subscriber::fmt()
        .with_writer(writer)
        .with_ansi(false)
        .with_env_filter(EnvFilter::new(format!("warn,pine_time={level}")))
        .finish();
    // A second start in one process keeps the first log; only tests do that.
    if tracing::subscriber::set_global_default(subscriber).is_ok() {
        let _ = TARGET.set(target.to_owned());
    }
    LogGuard(guard)
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let payload = panic.payload();
    let what = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without words");
    let place = panic
        .location()
        .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let thread = std::thread::current().name().unwrap_or("unnamed").to_owned();
    tracing::error!(%place, %thread, "panic: {what}\n{}", Backtrace::force_capture());
}
