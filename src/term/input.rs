//! The reading end of the terminal: a thread that waits for bytes, has them decoded, and hands the events on. It
//! ends, and says so, when the terminal is gone.

use std::io;
use std::os::fd::AsFd;
use std::thread;

use crossterm::event::Event;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use tokio::sync::mpsc;

use super::keys::Decoder;

/// How many reads may lie before the loop; then the terminal waits, and its owner with it.
const BATCHES: usize = 8;
/// What is read at once, in bytes; a Linux terminal gives no more than this.
const READ: usize = 4096;

/// Starts the thread. The channel closes when the terminal is gone; `closed` is told first, on that thread.
///
/// # Errors
/// The system has no thread to give.
pub(super) fn start(closed: impl FnOnce() + Send + 'static) -> io::Result<mpsc::Receiver<Vec<Event>>> {
    let (tell, events) = mpsc::channel(BATCHES);
    thread::Builder::new().name("input".to_owned()).spawn(move || {
        read(&tell);
        if !tell.is_closed() {
            closed();
        }
    })?;
    Ok(events)
}

/// Reads until the terminal is gone or nobody listens any more.
fn read(tell: &mpsc::Sender<Vec<Event>>) {
    let stdin = io::stdin();
    let mut decoder = Decoder::default();
    let mut buffer = [0; READ];
    loop {
        let mut events = Vec::new();
        let patience = decoder.patience().map_or(PollTimeout::NONE, |wait| {
            PollTimeout::try_from(wait).unwrap_or(PollTimeout::MAX)
        });
        let mut ready = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
        match poll(&mut ready, patience) {
            Ok(0) => decoder.flush(&mut events),
            Ok(_) => {
                let seen = ready[0].revents().unwrap_or(PollFlags::POLLIN);
                if !seen.contains(PollFlags::POLLIN) {
                    return;
                }
                match nix::unistd::read(&stdin, &mut buffer) {
                    Ok(0) => return,
                    Ok(n) => decoder.feed(&buffer[..n], &mut events),
                    Err(Errno::EINTR | Errno::EAGAIN) => {}
                    Err(_) => return,
                }
            }
            Err(Errno::EINTR) => {}
            Err(_) => return,
        }
        if !events.is_empty() && tell.blocking_send(events).is_err() {
            return;
        }
    }
}
