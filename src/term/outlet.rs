//! The writing end of the terminal: a thread of its own, because a terminal may stop reading at any moment (a
//! stalled link, a sleeping laptop) and a write then does not come back. The loop hands over one frame at a time and
//! goes on; while a frame is stuck, keys still count, and the next frame shows where they led.

use std::io;
use std::os::fd::AsFd;
use std::sync::mpsc;
use std::thread;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::guard;

/// Takes frames, one at a time.
#[derive(Debug)]
pub(super) struct Outlet {
    frames: mpsc::Sender<String>,
    spare: String,
    busy: bool,
}

/// A frame has been taken by the terminal, or the terminal is gone; with the buffer, to be used again.
#[derive(Debug)]
pub(super) struct Written {
    buffer: String,
    result: Result<(), Errno>,
}

impl Outlet {
    /// Starts the thread; `told` hears of every frame written.
    ///
    /// # Errors
    /// The system has no thread to give.
    pub(super) fn open(told: impl Fn(Written) + Send + 'static) -> io::Result<Self> {
        let (frames, waiting) = mpsc::channel::<String>();
        thread::Builder::new().name("output".to_owned()).spawn(move || {
            while let Ok(buffer) = waiting.recv() {
                let output = guard::output();
                let result = write_all(buffer.as_bytes());
                drop(output);
                told(Written { buffer, result });
            }
        })?;
        Ok(Self {
            frames,
            spare: String::new(),
            busy: false,
        })
    }

    /// Whether a frame is still being written.
    pub(super) fn is_busy(&self) -> bool {
        self.busy
    }

    /// A buffer to draw the next frame into.
    pub(super) fn spare(&mut self) -> String {
        std::mem::take(&mut self.spare)
    }

    /// Hands a frame over. Only when not busy.
    pub(super) fn send(&mut self, frame: String) {
        debug_assert!(!self.busy);
        self.busy = self.frames.send(frame).is_ok();
    }

    /// Takes note of a frame written.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) fn written(&mut self, written: Written) -> Result<(), Errno> {
        self.busy = false;
        self.spare = written.buffer;
        written.result
    }
}

/// One `write` for a frame, as a rule; more only if the terminal takes it in pieces.
fn write_all(mut bytes: &[u8]) -> Result<(), Errno> {
    let stdout = io::stdout();
    while !bytes.is_empty() {
        match nix::unistd::write(&stdout, bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::EINTR) => {}
            // Somebody who shares this terminal has made it non-blocking.
            Err(Errno::EAGAIN) => {
                let mut ready = [PollFd::new(stdout.as_fd(), PollFlags::POLLOUT)];
                let _ = poll(&mut ready, PollTimeout::NONE);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
