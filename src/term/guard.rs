//! The terminal's settings, changed and put back. Whatever ends the program, on whatever thread, [`restore`] undoes
//! all of it, once; it waits for nobody longer than a moment, since a hang-up leaves 500 ms in all.

use std::io;
use std::os::fd::AsFd;
use std::panic;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::termios::{self, SetArg, Termios};
use thiserror::Error;

use super::canvas::FRAME_ENDS;
use super::outlet;

/// How long a frame under way may keep the way out blocked.
const FRAME_PATIENCE: Duration = Duration::from_millis(120);

/// What there is to put back; none while the terminal is its owner's.
static CHANGED: Mutex<Option<Changed>> = Mutex::new(None);

#[derive(Debug)]
struct Changed {
    termios: Termios,
    leave: String,
}

/// Why the screens cannot be shown at all.
#[derive(Debug, Error)]
pub enum Refused {
    /// Input or output leads elsewhere.
    #[error(
        "The screens need a terminal, and {0} is not one. `pine-time --help` lists the commands that need none."
    )]
    NotATerminal(&'static str),
    /// `TERM` says that the cursor cannot be moved.
    #[error("This terminal (TERM={0}) cannot place the cursor, so it cannot show the screens.")]
    Dumb(String),
    /// The system would not change the terminal's settings, or start a thread.
    #[error("The terminal cannot be set up for the screens: {0}.")]
    System(#[from] io::Error),
}

/// Puts the terminal back when it goes out of scope.
#[derive(Debug)]
pub(super) struct Guard {
    mouse: bool,
}

impl Guard {
    /// Takes the terminal over: raw input, and a panic of this thread puts everything back before it is reported.
    /// The rest takes effect with [`Guard::enter`], written by the caller together with the first frame.
    ///
    /// # Errors
    /// Standard input or output is no terminal, or cannot be set up.
    pub(super) fn raise(mouse: bool) -> Result<Self, Refused> {
        if !nix::unistd::isatty(io::stdin()).unwrap_or(false) {
            return Err(Refused::NotATerminal("standard input"));
        }
        if !nix::unistd::isatty(io::stdout()).unwrap_or(false) {
            return Err(Refused::NotATerminal("standard output"));
        }
        if let Some(term) = std::env::var("TERM").ok().filter(|term| term == "dumb") {
            return Err(Refused::Dumb(term));
        }
        let guard = Self { mouse };
        guard.take_over()?;
        chain_panic_hook();
        Ok(guard)
    }

    /// The bytes that switch to the alternate screen, bracketed paste and, if wanted, the mouse.
    pub(super) fn enter(&self) -> &'static str {
        // 1000: buttons and wheel; 1006: in a form that knows columns beyond 223.
        if self.mouse {
            "\x1b[?1049h\x1b[?2004h\x1b[?1000h\x1b[?1006h"
        } else {
            "\x1b[?1049h\x1b[?2004h"
        }
    }

    /// Raw input again, after [`restore`] or after somebody else has changed the settings.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) fn take_over(&self) -> io::Result<()> {
        let stdin = io::stdin();
        let mut changed = lock(&CHANGED);
        let saved = match changed.take() {
            Some(changed) => changed.termios,
            None => termios::tcgetattr(&stdin)?,
        };
        let mut raw = saved.clone();
        termios::cfmakeraw(&mut raw);
        let mouse = if self.mouse { "\x1b[?1006l\x1b[?1000l" } else { "" };
        let leave = format!("{FRAME_ENDS}\x1b[m{mouse}\x1b[?2004l\x1b[?25h\x1b[?1049l");
        // Noted first: a panic or a signal in between puts back what may not even have changed yet.
        *changed = Some(Changed {
            termios: saved,
            leave,
        });
        drop(changed);
        outlet::resume();
        Ok(set(&stdin, &raw)?)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back as it was found. Idempotent; may be called on any thread and returns within a quarter
/// of a second even if the terminal takes no more bytes.
pub(super) fn restore() {
    let Some(changed) = lock(&CHANGED).take() else {
        return;
    };
    // The settings first: that cannot block.
    let _ = set(io::stdin(), &changed.termios);
    // CAN ends an escape sequence wherever it was cut.
    outlet::last_word(&changed.leave, "\x18", FRAME_PATIENCE);
}

/// Whether the terminal's settings are changed at this moment.
fn is_raised() -> bool {
    lock(&CHANGED).is_some()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn set(fd: impl AsFd, settings: &Termios) -> Result<(), Errno> {
    loop {
        match termios::tcsetattr(&fd, SetArg::TCSANOW, settings) {
            // Stopped and continued, as a background job is that reaches for the terminal.
            Err(Errno::EINTR) => {}
            result => return result,
        }
    }
}

/// A panic of the thread that holds the terminal ends the program, so the terminal is put back before the hook that
/// was there reports it. A panic elsewhere (a call to the database) ends only that call: its report goes
/// to the log, and the screen stays.
fn chain_panic_hook() {
    let holder = thread::current().id();
    let earlier = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == holder && is_raised() {
            restore();
        }
        earlier(info);
    }));
}
