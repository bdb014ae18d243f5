//! The roof: the event loop, the terminal guard, input, signals, and the worker that runs effects. What the keys
//! mean is the business of [`crate::app`], how it looks that of [`crate::ui`]; here is what connects them to a
//! terminal, to time, and to whoever answers calls.

mod canvas;
mod event_loop;
mod export;
mod farewell;
mod guard;
mod input;
mod keys;
mod lanes;
mod outlet;
mod pace;
mod sequences;
mod signals;
mod timers;
mod worker;

use std::convert::Infallible;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use chrono::Utc;
use nix::libc;
use ratatui::Frame;
use ratatui::layout::Size;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use crate::app::effect::Effect;
use crate::app::msg::Msg;
use crate::app::{Model, Nonces, Setup};
use crate::domain::when::Zone;
use crate::domain::{SafeText, Timestamp};
use crate::ui::{self, Theme};

use event_loop::{EventLoop, Happening};
use guard::Guard;
use outlet::Outlet;
use worker::Worker;

pub use crate::door::Answering;
pub use canvas::Canvas;
pub use event_loop::Face;
pub use guard::Refused;
pub use keys::Decoder;

/// How long ending the session and closing the connections may take.
const CLOSING: Duration = Duration::from_millis(600);
/// What is drawn for when the terminal does not say how large it is.
const USUAL_SIZE: Size = Size {
    width: 80,
    height: 24,
};

/// What the screens need to know besides the database.
#[derive(Debug, Clone)]
pub struct Screens {
    /// Styles and glyphs.
    pub theme: Theme,
    /// The zone of who looks at the screen, if the machine knows it.
    pub zone: Option<Zone>,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// Whether a result at the door lights up for a moment.
    pub flash: bool,
    /// Whether a result at the door rings.
    pub bell: bool,
    /// Idle time after which the screen locks; none is never.
    pub lock_after: Option<Duration>,
    /// How this terminal is called in the logs.
    pub device: SafeText,
    /// Whether the door begins with a rehearsal.
    pub rehearse: bool,
    /// Whether anybody may touch this terminal: then nothing but its attendant, a hang-up or SIGTERM ends it.
    pub kiosk: bool,
    /// Idle time after which a kiosk forgets who was there.
    pub kiosk_idle: Duration,
}

/// How the terminal is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner {
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// Whether SIGINT, SIGQUIT and SIGTSTP mean nothing.
    pub kiosk: bool,
}

/// Why the screens were left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parting {
    /// Somebody quit; so many writes had not been answered by then, and are named in the log.
    Quit {
        /// How many.
        unconfirmed: usize,
    },
    /// Somebody wants the program started again.
    Restart,
    /// This signal asked for it. The process is to end at once: a last resort is running already.
    Signal(i32),
    /// The terminal is gone: its other end was closed.
    Gone,
}

impl Parting {
    /// The process's exit code: 0, 1 if changes were left unconfirmed, else 128 and the signal's number.
    pub fn exit_code(self) -> ExitCode {
        match self {
            Self::Quit { unconfirmed: 0 } | Self::Restart => ExitCode::SUCCESS,
            Self::Quit { .. } => ExitCode::FAILURE,
            Self::Signal(number) => ExitCode::from(u8::try_from(128 + number).unwrap_or(u8::MAX)),
            Self::Gone => ExitCode::from(129), // as after SIGHUP, which says the same
        }
    }
}

/// Opens the screens and stays in them until they are left.
///
/// The first frame is on the terminal before `open` is started; `stages` brings its progress, one line at a time, and
/// its error is a sentence for the person.
///
/// # Errors
/// There is no terminal to show the screens on.
pub fn run<D: Answering>(
    screens: Screens,
    open: impl AsyncFnOnce() -> Result<D, SafeText> + Send + 'static,
    stages: mpsc::UnboundedReceiver<SafeText>,
) -> Result<Parting, Refused> {
    let (mouse, kiosk) = (screens.mouse, screens.kiosk);
    let face = |size: Size| {
        let setup = Setup {
            now: Utc::now(),
            zone: screens.zone,
            size: (size.width, size.height),
            lock_after: screens.lock_after,
            mouse,
            flash: screens.flash,
            bell: screens.bell,
            device: screens.device,
            rehearse: screens.rehearse,
            kiosk,
            kiosk_idle: screens.kiosk_idle,
            nonces: Nonces::default(),
        };
        Painted {
            model: Model::new(setup),
            theme: screens.theme,
        }
    };
    run_face(face, Manner { mouse, kiosk }, open, stages)
}

/// As [`run`], with any [`Face`]; the function makes it for a window of this size.
///
/// # Errors
/// There is no terminal to show it on.
///
/// # Panics
/// Only if the face does; the terminal has been put back by then.
pub fn run_face<F: Face, D: Answering>(
    face: impl FnOnce(Size) -> F,
    manner: Manner,
    open: impl AsyncFnOnce() -> Result<D, SafeText> + Send + 'static,
    mut stages: mpsc::UnboundedReceiver<SafeText>,
) -> Result<Parting, Refused> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let (told, happenings) = mpsc::unbounded_channel();
    // A signal from here on puts the terminal back; so it may be changed.
    let tell = told.clone();
    signals::listen(runtime.handle(), manner.kiosk, move |summons| {
        drop(tell.send(Happening::Summons(summons)));
    })?;
    let guard = Guard::raise(manner.mouse)?;
    // Dropped when the screens are left: whatever is still on its way to the database stops there.
    let (stay, left) = oneshot::channel();

    // Unwinding past the runtime would wait for its threads, and with them for the database.
    let shown = catch_unwind(AssertUnwindSafe(|| -> Result<_, Refused> {
        let tell = told.clone();
        let outlet = Outlet::open(move |written| drop(tell.send(Happening::Written(written))))?;
        let input = input::start(|| signals::last_resort(libc::SIGHUP))?;
        let tell = told.clone();
        let worker = Worker::new(runtime.handle().clone(), move |report| {
            drop(tell.send(Happening::Report(Box::new(report))));
        });
        let size = window_size();
        let mut event_loop = EventLoop::new(face(size), &guard, size, outlet, worker, input, happenings);
        event_loop.first_frame();

        let tell = told.clone();
        runtime.spawn(async move {
            while let Some(line) = stages.recv().await {
                let _ = tell.send(Happening::Stage(line));
            }
        });
        let tell = told.clone();
        opening(runtime.handle().clone(), open, left, move |opened| {
            drop(tell.send(Happening::Opened(opened)));
        })?;
        Ok(runtime.block_on(event_loop.run()))
    }));

    drop(guard);
    drop(stay);
    if let Ok(Ok((Parting::Quit { .. } | Parting::Restart, Some(desk)))) = &shown {
        // A person waits for the prompt: politeness towards the database has a limit.
        runtime.block_on(async {
            tokio::time::timeout(CLOSING, desk.close())
                .await
                .unwrap_or_default();
        });
    }
    runtime.shutdown_background();
    match shown {
        Ok(result) => result.map(|(parting, _)| parting),
        Err(panic) => resume_unwind(panic),
    }
}

/// Starts the way to the database, on a thread of its own: a server may have to be started on it, and nothing there needs
/// to be `Send`. Given up when `left` is.
fn opening<D: Send + 'static>(
    runtime: Handle,
    open: impl AsyncFnOnce() -> Result<D, SafeText> + Send + 'static,
    left: oneshot::Receiver<Infallible>,
    opened: impl FnOnce(Result<D, SafeText>) + Send + 'static,
) -> io::Result<()> {
    let way = move || {
        let result = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(async {
                tokio::select! {
                    result = open() => Some(result),
                    _ = left => None,
                }
            })
        }));
        let failed = "Something went wrong on the way to the database. The log file has the details.";
        match result {
            Ok(Some(result)) => opened(result),
            Ok(None) => {}
            Err(_) => opened(Err(SafeText::from(failed))),
        }
    };
    thread::Builder::new().name("opening".to_owned()).spawn(way)?;
    Ok(())
}

/// The model and its drawing.
struct Painted {
    model: Model,
    theme: Theme,
}

impl Face for Painted {
    fn start(&mut self) -> Vec<Effect> {
        self.model.start()
    }

    fn set_now(&mut self, now: Timestamp) {
        self.model.set_now(now);
    }

    fn update(&mut self, msg: Msg) -> Vec<Effect> {
        self.model.update(msg)
    }

    fn take_dirty(&mut self) -> bool {
        self.model.take_dirty()
    }

    fn draw(&self, frame: &mut Frame) {
        ui::draw(frame, &self.model, &self.theme);
    }
}

/// The window's size in cells. The kernel knows it; the terminal is not asked.
fn window_size() -> Size {
    match crossterm::terminal::window_size() {
        Ok(window) if window.columns > 0 && window.rows > 0 => Size::new(window.columns, window.rows),
        _ => USUAL_SIZE,
    }
}
