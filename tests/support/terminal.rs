//! A terminal for programs under test: a pseudo-terminal, a thread that reads all that is written to it into an
//! emulator, and a person's hands. Nothing here sleeps and hopes: every wait is for something seen, with
//! a reason and a limit.
//!
//! ```ignore
//! let terminal = Terminal::start(&["demo"], &[("PINE_TIME_DATABASE_URL", &url)], (80, 24));
//! terminal.wait_until("the sign-in screen", |screen| screen.contains("Name"));
//! terminal.type_text("ana");
//! terminal.key(Key::Enter);
//! ```

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system};
use tempfile::TempDir;

use super::bytes;
pub use super::hands::{Key, Screen};

/// How long anything is waited for. Far beyond what it takes: only a hang reaches it.
pub const LIMIT: Duration = Duration::from_secs(30);

struct Seen {
    parser: vt100::Parser,
    raw: Vec<u8>,
    /// When the first whole frame had been read, and its length.
    first_frame: Option<(Instant, usize)>,
    exit: Option<(ExitStatus, Instant)>,
    /// Whether the reader has come to the end of everything.
    ended: bool,
    /// The reader is not to read for a while, as if the link had stalled.
    stalled: bool,
    /// The reader is to close its end of the terminal.
    closing: bool,
}

struct Shared {
    seen: Mutex<Seen>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }
}

/// The terminal, and the program in it. Dropping it kills the program.
pub struct Terminal {
    shared: Arc<Shared>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Mutex<Option<Box<dyn Write + Send>>>,
    /// Keeps the terminal's settings alive after the program has gone.
    slave: Option<Box<dyn SlavePty + Send>>,
    device: PathBuf,
    home: TempDir,
    pid: u32,
    started: Instant,
    settings_before: String,
}

const END_OF_FRAME: &[u8] = b"\x1b[?2026l";

impl Terminal {
    /// Starts the built `pine-time` with a home of its own and no environment but this, in a window of so many
    /// columns and rows.
    pub fn start(args: &[&str], env: &[(&str, &str)], size: (u16, u16)) -> Self {
        Self::start_program(env!("CARGO_BIN_EXE_pine-time"), args, env, size)
    }

    /// Starts any program.
    pub fn start_program(program: &str, args: &[&str], env: &[(&str, &str)], size: (u16, u16)) -> Self {
        let home = tempfile::tempdir().unwrap();
        let (columns, rows) = size;
        let pair = native_pty_system()
            .openpty(pty_size(size))
            .expect("the system has pseudo-terminals");
        let device = pair.master.tty_name().expect("a pseudo-terminal has a name");
        let settings_before = settings(&device);

        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        command.cwd(home.path());
        command.env("HOME", home.path());
        command.env("PATH", std::env::var_os("PATH").unwrap());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        for (name, value) in env {
            command.env(name, value);
        }
        let reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let shared = Arc::new(Shared {
            seen: Mutex::new(Seen {
                parser: vt100::Parser::new(rows, columns, 0),
                raw: Vec::new(),
                first_frame: None,
                exit: None,
                ended: false,
                stalled: false,
                closing: false,
            }),
            changed: Condvar::new(),
        });
        read_in_background(&shared, reader);
        let started = Instant::now();
        let mut child = pair.slave.spawn_command(command).expect("the program starts");
        let pid = child.process_id().unwrap();
        let waiting = Arc::clone(&shared);
        thread::spawn(move || {
            let status = child.wait().unwrap();
            waiting.lock().exit = Some((status, Instant::now()));
            waiting.changed.notify_all();
        });
        Self {
            shared,
            master: Some(pair.master),
            writer: Mutex::new(Some(writer)),
            slave: Some(pair.slave),
            device,
            home,
            pid,
            started,
            settings_before,
        }
    }

    /// The program's process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The folder that the program takes for its user's home.
    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// Waits until the screen is as wished. Panics with the screen after [`LIMIT`], or when the program has ended.
    #[track_caller]
    pub fn wait_until(&self, reason: &str, wish: impl Fn(&Screen<'_>) -> bool) {
        self.wait_for(reason, |seen| wish(&Screen(seen.parser.screen())));
    }

    /// Waits until this text is on the screen.
    #[track_caller]
    pub fn wait_for_text(&self, text: &str) {
        self.wait_until(&format!("{text:?} on the screen"), |screen| screen.contains(text));
    }

    #[track_caller]
    fn wait_for(&self, reason: &str, wish: impl Fn(&Seen) -> bool) {
        let end = Instant::now() + LIMIT;
        let mut seen = self.shared.lock();
        while !wish(&seen) {
            let left = end.saturating_duration_since(Instant::now());
            let gone = seen.exit.is_some() && seen.ended;
            if left.is_zero() || gone {
                let how = if gone {
                    "the program has ended"
                } else {
                    "nothing of the kind came"
                };
                let (exit, screen) = (seen.exit.clone(), Screen(seen.parser.screen()).text());
                drop(seen);
                panic!("waited for {reason}: {how} ({exit:?}). The screen:\n{screen}\n");
            }
            // The end of a program is noticed by looking: the reader may still have something to read then.
            seen = self
                .shared
                .changed
                .wait_timeout(seen, left.min(Duration::from_millis(100)))
                .unwrap()
                .0;
        }
    }

    /// Looks at the screen as it is now.
    pub fn look<T>(&self, at: impl FnOnce(&Screen<'_>) -> T) -> T {
        at(&Screen(self.shared.lock().parser.screen()))
    }

    /// The screen's text as it is now.
    pub fn screen_text(&self) -> String {
        Screen(self.shared.lock().parser.screen()).text()
    }

    /// Whether a full-screen program has the terminal now.
    pub fn is_full_screen(&self) -> bool {
        self.shared.lock().parser.screen().alternate_screen()
    }

    /// All bytes the program has written so far.
    pub fn raw_bytes(&self) -> Vec<u8> {
        self.shared.lock().raw.clone()
    }

    /// How many bytes the program has written so far.
    pub fn written(&self) -> usize {
        self.shared.lock().raw.len()
    }

    /// Types text, letter by letter, as a fast hand does.
    pub fn type_text(&self, text: &str) {
        self.send(text.as_bytes());
    }

    /// Presses a key. Enter, Tab and those with Ctrl come after a person's pause, so that they are not taken for a part of
    /// what a scanner types; Esc is followed by one, so that it is not taken for Alt.
    pub fn key(&self, key: Key) {
        if matches!(key, Key::Enter | Key::Tab | Key::Ctrl(_)) {
            thread::sleep(Duration::from_millis(60));
        }
        self.send(key.bytes().as_bytes());
        if matches!(key, Key::Esc) {
            thread::sleep(Duration::from_millis(60));
        }
    }

    /// Pastes, in the way the program has asked for.
    pub fn paste(&self, text: &str) {
        if self.look(|screen| screen.inner().bracketed_paste()) {
            self.send(format!("\x1b[200~{text}\x1b[201~").as_bytes());
        } else {
            self.send(text.as_bytes());
        }
    }

    /// Sends bytes as they are.
    pub fn send(&self, bytes: &[u8]) {
        let mut writer = self.writer.lock().unwrap();
        let writer = writer.as_mut().expect("the terminal is open");
        writer.write_all(bytes).expect("the terminal takes input");
        writer.flush().unwrap();
    }

    /// Presses a key and waits until the program has answered with anything at all; returns how long that took.
    #[track_caller]
    pub fn time_to_answer(&self, bytes: &[u8]) -> Duration {
        let before = self.written();
        let pressed = Instant::now();
        self.send(bytes);
        self.wait_for("an answer to a key", |seen| seen.raw.len() > before);
        pressed.elapsed()
    }

    /// Gives the window another size.
    pub fn resize(&self, size: (u16, u16)) {
        let mut seen = self.shared.lock();
        seen.parser.screen_mut().set_size(size.1, size.0);
        self.master
            .as_ref()
            .expect("the terminal is open")
            .resize(pty_size(size))
            .unwrap();
    }

    /// Sends the program a signal.
    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(i32::try_from(self.pid).unwrap()), signal).expect("the program lives");
    }

    /// Stops reading what the program writes, as a link does that has stalled.
    pub fn stall(&self) {
        self.shared.lock().stalled = true;
    }

    /// Goes on reading.
    pub fn unstall(&self) {
        self.shared.lock().stalled = false;
        self.shared.changed.notify_all();
    }

    /// Hangs up: closes the terminal's other end, as a dead connection does.
    pub fn hang_up(&mut self) {
        self.shared.lock().closing = true;
        // The reader sits in a read: one byte from this side wakes it, and it closes its end.
        std::fs::OpenOptions::new()
            .write(true)
            .open(&self.device)
            .unwrap()
            .write_all(b"\0")
            .unwrap();
        let mut seen = self.shared.lock();
        while !seen.ended {
            seen = self.shared.changed.wait_timeout(seen, LIMIT).unwrap().0;
        }
        drop(seen);
        *self.writer.lock().unwrap() = None;
        self.master = None;
    }

    /// Waits for the program to end; returns how it ended, and how long after this call (nothing if before).
    #[track_caller]
    pub fn wait_exit(&self, limit: Duration) -> (ExitStatus, Duration) {
        let called = Instant::now();
        let mut seen = self.shared.lock();
        loop {
            if let Some((status, at)) = &seen.exit {
                return (status.clone(), at.saturating_duration_since(called));
            }
            let left = limit.saturating_sub(called.elapsed());
            if left.is_zero() {
                let screen = Screen(seen.parser.screen()).text();
                drop(seen);
                panic!("the program is still there after {limit:?}. The screen:\n{screen}\n");
            }
            seen = self.shared.changed.wait_timeout(seen, left).unwrap().0;
        }
    }

    /// After the program's end: reads what it has left behind, to the last byte. The screen can no longer change then.
    #[track_caller]
    pub fn read_to_end(&mut self) {
        // The settings go with the last one who has the terminal open.
        let settings = settings(&self.device);
        assert_eq!(
            settings, self.settings_before,
            "`stty -g` before and after the program"
        );
        self.slave = None;
        self.wait_for("the end of the output", |seen| seen.ended);
    }

    /// After the program's end: fails unless the terminal is as it was, in its settings (`stty -g`) and modes.
    #[track_caller]
    pub fn assert_as_it_was(&mut self) {
        self.read_to_end();
        let left_on = bytes::left_on(&self.raw_bytes());
        assert!(left_on.is_empty(), "left switched on: {left_on:?}");
        self.look(|screen| {
            assert!(
                !screen.is_full_screen()
                    && !screen.inner().hide_cursor()
                    && !screen.inner().bracketed_paste()
            );
        });
    }

    /// Fails if the program has written anything that has no business on a terminal.
    #[track_caller]
    pub fn assert_nothing_forbidden(&self) {
        let forbidden = bytes::forbidden(&self.raw_bytes());
        assert!(forbidden.is_empty(), "forbidden in the output: {forbidden:#?}");
    }

    /// From the start of the program to its first whole frame, as far as this side of the terminal can tell.
    #[track_caller]
    pub fn first_paint(&self) -> Duration {
        self.first_frame().0.duration_since(self.started)
    }

    /// How many bytes had come by the end of the first whole frame.
    #[track_caller]
    pub fn first_frame_bytes(&self) -> usize {
        self.first_frame().1
    }

    #[track_caller]
    fn first_frame(&self) -> (Instant, usize) {
        self.wait_for("the first frame", |seen| seen.first_frame.is_some());
        self.shared.lock().first_frame.unwrap()
    }

    /// The terminal's settings now, as `stty -g` prints them.
    pub fn settings(&self) -> String {
        settings(&self.device)
    }

    /// The terminal's settings before the program was started.
    pub fn settings_before(&self) -> &str {
        &self.settings_before
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let mut seen = self.shared.lock();
        seen.stalled = false;
        let gone = seen.exit.is_some();
        drop(seen);
        self.shared.changed.notify_all();
        if !gone {
            let _ = kill(Pid::from_raw(i32::try_from(self.pid).unwrap()), Signal::SIGKILL);
        }
    }
}

fn read_in_background(shared: &Arc<Shared>, mut reader: Box<dyn Read + Send>) {
    let shared = Arc::clone(shared);
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        loop {
            let mut seen = shared.lock();
            while seen.stalled && !seen.closing {
                seen = shared.changed.wait(seen).unwrap();
            }
            if seen.closing {
                break;
            }
            drop(seen);
            // An error is the end: nobody has the terminal open any more.
            let Ok(n @ 1..) = reader.read(&mut buffer) else {
                break;
            };
            let mut seen = shared.lock();
            if seen.closing {
                break;
            }
            let from = seen.raw.len().saturating_sub(END_OF_FRAME.len());
            seen.raw.extend_from_slice(&buffer[..n]);
            seen.parser.process(&buffer[..n]);
            if seen.first_frame.is_none()
                && let Some(at) = seen.raw[from..]
                    .windows(END_OF_FRAME.len())
                    .position(|b| b == END_OF_FRAME)
            {
                seen.first_frame = Some((Instant::now(), from + at + END_OF_FRAME.len()));
            }
            drop(seen);
            shared.changed.notify_all();
        }
        drop(reader);
        shared.lock().ended = true;
        shared.changed.notify_all();
    });
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn settings(device: &std::path::Path) -> String {
    let output = Command::new("stty")
        .arg("-F")
        .arg(device)
        .arg("-g")
        .output()
        .expect("stty runs");
    assert!(output.status.success(), "stty: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
