//! What the system has to say: leave, stop for a while, go on, the window has another size. And the last resort: a
//! thread that ends the process if the loop, for whatever reason, does not leave in time.

use std::io;
use std::process;
use std::thread;
use std::time::Duration;

use nix::libc;
use tokio::runtime::Handle;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::guard;

/// How long leaving may take once the process has to go. With what [`guard::restore`] may need after it, this
/// stays below the 500 ms that are promised.
const LAST_RESORT: Duration = Duration::from_millis(250);

/// A word from the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Summons {
    /// This signal asks the process to end.
    Leave(i32),
    /// Give the terminal back and stop.
    Stop,
    /// The process goes on after a stop; somebody else has used the terminal.
    Continue,
    /// The window has another size.
    Resize,
}

/// Listens from now on; `told` hears of every summons, on a thread of the runtime. At a kiosk the signals that a keyboard
/// can send are caught and mean nothing.
///
/// # Errors
/// The system refuses a handler.
pub(super) fn listen(
    runtime: &Handle,
    kiosk: bool,
    told: impl Fn(Summons) + Send + 'static,
) -> io::Result<()> {
    let _inside = runtime.enter();
    let mut hangup = signal(SignalKind::hangup())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut quit = signal(SignalKind::quit())?;
    let mut window = signal(SignalKind::window_change())?;
    let mut stop = signal(SignalKind::from_raw(libc::SIGTSTP))?;
    let mut resume = signal(SignalKind::from_raw(libc::SIGCONT))?;
    runtime.spawn(async move {
        loop {
            let summons = tokio::select! {
                () = heard(&mut hangup) => Summons::Leave(libc::SIGHUP),
                () = heard(&mut terminate) => Summons::Leave(libc::SIGTERM),
                () = heard(&mut interrupt) => Summons::Leave(libc::SIGINT),
                () = heard(&mut quit) => Summons::Leave(libc::SIGQUIT),
                () = heard(&mut stop) => Summons::Stop,
                () = heard(&mut resume) => Summons::Continue,
                () = heard(&mut window) => Summons::Resize,
            };
            let keyboards = [
                Summons::Leave(libc::SIGINT),
                Summons::Leave(libc::SIGQUIT),
                Summons::Stop,
            ];
            if kiosk && keyboards.contains(&summons) {
                continue;
            }
            if let Summons::Leave(number) = summons {
                last_resort(number);
            }
            told(summons);
        }
    });
    Ok(())
}

async fn heard(signal: &mut Signal) {
    if signal.recv().await.is_none() {
        // The runtime is going down: nothing more will be heard.
        std::future::pending::<()>().await;
    }
}

/// Ends the process soon, whatever the other threads are doing, with the terminal put back and the exit code
/// that shells give to this signal.
pub(super) fn last_resort(signal: i32) {
    let end = move || {
        thread::sleep(LAST_RESORT);
        guard::restore();
        process::exit(128 + signal);
    };
    if thread::Builder::new()
        .name("last resort".to_owned())
        .spawn(end)
        .is_err()
    {
        guard::restore();
        process::exit(128 + signal);
    }
}
