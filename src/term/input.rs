//! The reading end of the terminal: a thread that waits for bytes, has them decoded, and hands the events on. It
//! ends, and says so, when the terminal is gone. It also tells keys that came without a pause: only here is it known when
//! they came.

use std::io;
use std::os::fd::AsFd;
use std::thread;
use std::time::Instant;

use crossterm::event::Event;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use tokio::sync::mpsc;
use zeroize::Zeroize as _;

use crate::app::scanner::PAUSE;

use super::keys::Decoder;

/// How many reads may lie before the loop; then the terminal waits, and its owner with it.
const BATCHES: usize = 8;
/// What is read at once, in bytes; a Linux terminal gives no more than this.
const READ: usize = 4096;

/// What came, and how fast.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) event: Event,
    /// A key that came within [`PAUSE`] of the key before.
    pub(super) quick: bool,
}

/// Remembers when the last key came.
#[derive(Debug, Default)]
struct Pace(Option<Instant>);

impl Pace {
    fn is_quick(&mut self, event: &Event, now: Instant) -> bool {
        let key = matches!(event, Event::Key(_));
        let last = std::mem::replace(&mut self.0, key.then_some(now));
        key && last.is_some_and(|last| now.duration_since(last) <= PAUSE)
    }
}

/// Starts the thread. The channel closes when the terminal is gone; `closed` is told first, on that thread.
///
/// # Errors
/// The system has no thread to give.
pub(super) fn start(closed: impl FnOnce() + Send + 'static) -> io::Result<mpsc::Receiver<Vec<Input>>> {
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
fn read(tell: &mpsc::Sender<Vec<Input>>) {
    let stdin = io::stdin();
    let mut decoder = Decoder::default();
    let mut pace = Pace::default();
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
                    Ok(n) => {
                        decoder.feed(&buffer[..n], &mut events);
                        // It may have been a password.
                        buffer[..n].zeroize();
                    }
                    Err(Errno::EINTR | Errno::EAGAIN) => {}
                    Err(_) => return,
                }
            }
            Err(Errno::EINTR) => {}
            Err(_) => return,
        }
        let now = Instant::now();
        let events: Vec<Input> = events
            .into_iter()
            .map(|event| Input {
                quick: pace.is_quick(&event, now),
                event,
            })
            .collect();
        if !events.is_empty() && tell.blocking_send(events).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crossterm::event::KeyCode;

    use super::*;

    #[test]
    fn keys_without_a_pause_are_told_from_a_hands() {
        let mut pace = Pace::default();
        let begun = Instant::now();
        let mut at = |ms, event: Event| pace.is_quick(&event, begun + Duration::from_millis(ms));
        let key = || Event::Key(KeyCode::Char('a').into());
        assert!(!at(0, key()), "the first follows nothing");
        assert!(at(0, key()), "in one read");
        assert!(at(30, key()));
        assert!(!at(61, key()));
        assert!(!at(62, Event::Paste("a".to_owned())), "a paste is a paste");
        assert!(!at(63, key()), "and what follows it begins anew");
    }
}
