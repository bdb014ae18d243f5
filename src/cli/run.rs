//! Where async work of a command runs, and how a signal ends it.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::error::{CliError, Exit, reason};

/// How long a command may tidy up after the first signal; then, or with the second, the process ends as it is.
const TIDY: Duration = Duration::from_secs(2);

/// Runs a command's work to its end, or until SIGINT, SIGTERM or SIGHUP drops it.
///
/// # Errors
/// The work's own, [`CliError::Interrupted`], or a system that has no threads left.
pub fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
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
        let (asked, interrupted) = tokio::sync::oneshot::channel();
        tokio::spawn(async move {
            signals.next().await;
            let _ = asked.send(());
            // The work may sit in a call that does not give way.
            let _ = tokio::time::timeout(TIDY, signals.next()).await;
            std::process::exit(Exit::Failed as i32);
        });
        tokio::select! {
            result = work => result,
            _ = interrupted => Err(CliError::Interrupted),
        }
    });
    // A read of standard input cannot be aborted; do not wait for it.
    runtime.shutdown_background();
    result
}

struct Signals([Signal; 3]);

impl Signals {
    fn listen() -> io::Result<Self> {
        let listen = |kind| signal(kind);
        Ok(Self([
            listen(SignalKind::interrupt())?,
            listen(SignalKind::terminate())?,
            listen(SignalKind::hangup())?,
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
