//! The writing end of the terminal: a thread of its own, because a terminal may stop reading at any moment (a
//! stalled link, a sleeping laptop) and a write then does not come back. The loop hands over one frame at a time and
//! goes on; while a frame is stuck, keys still count, and the next frame shows where they led.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, TryLockError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{FlushArg, tcflush};
use zeroize::Zeroize as _;

/// How often a stuck write looks whether it has been given up.
const LOOK: u8 = 20;

/// Held by whoever writes to the terminal.
static OUTPUT: Mutex<()> = Mutex::new(());

/// Set to make a stuck write come back.
static GIVEN_UP: AtomicBool = AtomicBool::new(false);

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
                let output = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
                let result = write_all(buffer.as_bytes(), || GIVEN_UP.load(Ordering::SeqCst));
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

    /// Takes note of a frame written, or given up while the terminal was somebody else's.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) fn written(&mut self, mut written: Written) -> Result<(), Errno> {
        self.busy = false;
        // The next frame may be shorter, and somebody else's.
        written.buffer.zeroize();
        self.spare = written.buffer;
        match written.result {
            Err(Errno::ECANCELED) => Ok(()),
            result => result,
        }
    }
}

/// Frames may be written (again).
pub(super) fn resume() {
    GIVEN_UP.store(false, Ordering::SeqCst);
}

/// Writes a last word past whatever is stuck, in `patience` or a little more. Returns whether it could be written.
/// What the terminal does not take in that time is given up, with all that it had not taken before; `cut` then
/// ends the sequence that may have been cut in two.
pub(super) fn last_word(word: &str, cut: &str, patience: Duration) -> bool {
    let say = |text: &str, until: Instant| write_all(text.as_bytes(), || Instant::now() >= until).is_ok();
    let until = Instant::now() + patience;
    if let Some(_output) = output_until(until)
        && say(word, until)
    {
        return true;
    }
    GIVEN_UP.store(true, Ordering::SeqCst);
    let until = Instant::now() + Duration::from_millis(u64::from(LOOK) * 2);
    let Some(_output) = output_until(until) else {
        return false;
    };
    let _ = tcflush(terminal(), FlushArg::TCOFLUSH);
    say(&format!("{cut}{word}"), until)
}

fn output_until(deadline: Instant) -> Option<MutexGuard<'static, ()>> {
    loop {
        match OUTPUT.try_lock() {
            Ok(output) => return Some(output),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => return None,
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
        }
    }
}

/// Standard output's terminal, opened once more for this program alone and without blocking: on standard output
/// itself that would be the shell's business too. Where it cannot be opened (after `su`, say, it belongs to
/// somebody else), standard output has to do, and a stalled terminal then keeps its last frame.
fn terminal() -> BorrowedFd<'static> {
    static TERMINAL: OnceLock<Option<File>> = OnceLock::new();
    static STDOUT: OnceLock<io::Stdout> = OnceLock::new();
    let own = TERMINAL.get_or_init(|| {
        let path = nix::unistd::ttyname(io::stdout()).ok()?;
        let flags = (OFlag::O_NONBLOCK | OFlag::O_NOCTTY).bits();
        OpenOptions::new().write(true).custom_flags(flags).open(path).ok()
    });
    match own {
        Some(file) => file.as_fd(),
        None => STDOUT.get_or_init(io::stdout).as_fd(),
    }
}

/// One `write` for a frame, as a rule; more only if the terminal takes it in pieces.
fn write_all(mut bytes: &[u8], given_up: impl Fn() -> bool) -> Result<(), Errno> {
    let terminal = terminal();
    while !bytes.is_empty() {
        match nix::unistd::write(terminal, bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::EINTR) => {}
            Err(Errno::EAGAIN) if given_up() => return Err(Errno::ECANCELED),
            Err(Errno::EAGAIN) => {
                let mut ready = [PollFd::new(terminal, PollFlags::POLLOUT)];
                let _ = poll(&mut ready, PollTimeout::from(LOOK));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
