//! Where async work of a command runs, and how a signal ends it: politely first, so that sessions are signed out and
//! the private PostgreSQL is left, then at once.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use super::error::{CliError, Exit, reason};

/// How long a command may tidy up after the first signal; then, or with the second, the process ends as it is.
const TIDY: Duration = Duration::from_secs(2);

/// Tells work that a signal asked it to end.
#[derive(Debug, Clone)]
pub(super) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Does the work, unless or until it is asked to stop: then it is dropped.
    pub(super) async fn or<T>(&self, work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
        let mut asked = self.0.clone();
        tokio::select! {
            result = work => result,
            // The sender lives as long as the work.
            _ = asked.wait_for(|stop| *stop) => Err(CliError::Interrupted),
        }
    }
}

/// Runs a command's work to its end, or until SIGINT, SIGTERM or SIGHUP drops it.
///
/// # Errors
/// The work's own, [`CliError::Interrupted`], or a system that has no threads left.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    block_on_until(async |stop| stop.or(work).await)
}

/// Runs work that sees to its own end when a signal asks for it. It has two seconds for that.
pub(super) fn block_on_until<T>(work: impl AsyncFnOnce(Stop) -> Result<T, CliError>) -> Result<T, CliError> {
    let failed = |error: io::Error| {
        CliError::failed(format!(
            "The system refuses to start threads: {}.",
            reason(&error)
        ))
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(failed)?;
    let result = runtime.block_on(async {
        let mut signals = Signals::listen().map_err(failed)?;
        let (ask, asked) = watch::channel(false);
        let watcher = tokio::spawn(async move {
            signals.next().await;
            let _ = ask.send(true);
            // The work may sit in a call that does not give way.
            let _ = tokio::time::timeout(TIDY, signals.next()).await;
            if let Some(sentence) = CliError::Interrupted.message() {
                super::output::clear_progress();
                super::output::say(&format!("pine-time: {sentence}"));
            }
            std::process::exit(Exit::Failed as i32);
        });
        let result = work(Stop(asked)).await;
        watcher.abort();
        result
    });
    // A read of standard input cannot be aborted; do not wait for it.
    runtime.shutdown_background();
    result
}

struct Signals([Signal; 3]);

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}
