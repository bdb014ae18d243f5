//! The event loop: everything that happens goes to the model as a message, what the model wants goes to the worker and
//! the timers, and when something has changed a frame is drawn, at most one every 16 ms for replies and one for keys.
//! The loop never waits for the database, and never for the terminal to take a frame.

mod wipe;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::{Duration, Instant};

use chrono::Utc;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use nix::sys::signal::{Signal, raise};
use ratatui::layout::Size;
use ratatui::{Frame, Terminal};
use tokio::sync::mpsc;

use crate::app::effect::{Effect, RequestId};
use crate::app::msg::Msg;
use crate::domain::{SafeText, Timestamp};
use crate::door::{Answering, Told};

use super::canvas::Canvas;
use super::farewell;
use super::guard::{self, Guard};
use super::input::Input;
use super::outlet::{Outlet, Written};
use super::pace::Pace;
use super::signals::Summons;
use super::timers::Timers;
use super::worker::{Report, Worker};
use super::{Parting, window_size};

/// How long work may keep the loop from drawing, and how many keys are taken before it looks at the clock.
const TURN: Duration = Duration::from_millis(8);
const KEYS: usize = 64;
/// How long unanswered writes are waited for when somebody quits.
const DRAIN: Duration = Duration::from_secs(5);

/// What the loop drives: state that takes messages, and its picture. In the program that is the model and its
/// drawing.
pub trait Face {
    /// What is to be done first.
    fn start(&mut self) -> Vec<Effect>;
    /// Tells the machine's clock.
    fn set_now(&mut self, now: Timestamp);
    /// Lets one event change the state.
    fn update(&mut self, msg: Msg) -> Vec<Effect>;
    /// Whether anything has changed since this was last asked.
    fn take_dirty(&mut self) -> bool;
    /// Draws the whole window.
    fn draw(&self, frame: &mut Frame);
}

/// What happens besides input.
pub(super) enum Happening<D> {
    /// The system has something to say.
    Summons(Summons),
    /// A frame has been taken by the terminal.
    Written(Written),
    /// The worker has something to tell.
    Report(Box<Report>),
    /// A step on the way to the database.
    Stage(SafeText),
    /// The way to the database is open, or will never be.
    Opened(Result<D, SafeText>),
}

/// The loop's state.
pub(super) struct EventLoop<'a, F, D, T> {
    face: F,
    guard: &'a Guard,
    terminal: Terminal<Canvas>,
    outlet: Outlet,
    worker: Worker<D, T>,
    timers: Timers,
    input: mpsc::Receiver<Vec<Input>>,
    happenings: mpsc::UnboundedReceiver<Happening<D>>,
    /// Input that has been read and not been looked at.
    waiting: VecDeque<Input>,
    dirty: bool,
    pace: Pace,
    /// Until when unanswered writes are waited for; none while nobody quits.
    draining: Option<Instant>,
    parting: Option<Parting>,
}

impl<'a, F, D, T> EventLoop<'a, F, D, T>
where
    F: Face,
    D: Answering,
    T: Fn(Report) + Clone + Send + 'static,
{
    pub(super) fn new(
        face: F,
        guard: &'a Guard,
        size: Size,
        outlet: Outlet,
        worker: Worker<D, T>,
        input: mpsc::Receiver<Vec<Input>>,
        happenings: mpsc::UnboundedReceiver<Happening<D>>,
    ) -> Self {
        let Ok(terminal) = Terminal::new(Canvas::new(size));
        Self {
            face,
            guard,
            terminal,
            outlet,
            worker,
            timers: Timers::default(),
            input,
            happenings,
            waiting: VecDeque::new(),
            dirty: true,
            pace: Pace::new(Instant::now()),
            draining: None,
            parting: None,
        }
    }

    /// Switches the terminal over and draws the first frame, in one write.
    pub(super) fn first_frame(&mut self) {
        self.paint_anew();
        self.draw();
    }

    /// Runs until there is a reason to leave. The terminal is still ours then.
    pub(super) async fn run(&mut self) -> (Parting, Option<D>) {
        let effects = self.face.start();
        self.carry_out(effects);
        loop {
            self.turn();
            if let Some(parting) = self.parting.take() {
                self.worker.log_unanswered();
                return (parting, self.worker.desk().cloned());
            }
            self.draw_if_due();
            self.wait().await;
        }
    }

    /// Sleeps until there is something to do, and takes in what woke it.
    async fn wait(&mut self) {
        if !self.waiting.is_empty() {
            // More keys than one turn takes: let other tasks of this thread have a look in, and go on.
            tokio::task::yield_now().await;
            return;
        }
        let frame = (self.dirty && !self.outlet.is_busy()).then(|| self.pace.due());
        let wake = [frame, self.timers.next(), self.draining]
            .into_iter()
            .flatten()
            .min();
        let alarm = async {
            match wake {
                Some(at) => tokio::time::sleep_until(at.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some(happening) = self.happenings.recv() => self.happens(happening),
            events = self.input.recv() => self.hear(events),
            () = alarm => {}
        }
    }

    /// Everything that waits, as far as it fits into one turn.
    fn turn(&mut self) {
        let end = Instant::now() + TURN;
        loop {
            let mut idle = true;
            while self.parting.is_none()
                && let Ok(happening) = self.happenings.try_recv()
            {
                self.happens(happening);
                idle = false;
            }
            for _ in 0..KEYS {
                if self.parting.is_some() {
                    return;
                }
                let Some(event) = self.next_event() else { break };
                self.input_event(event);
                idle = false;
            }
            let now = Instant::now();
            while let Some(timer) = self.timers.take_due(now) {
                self.tell(Msg::Timer(timer));
                idle = false;
            }
            if let Some(end) = self.draining
                && (self.worker.unanswered() == 0 || now >= end)
            {
                self.leave(Parting::Quit {
                    unconfirmed: self.worker.unanswered(),
                });
            }
            if idle || self.parting.is_some() || Instant::now() >= end {
                return;
            }
        }
    }

    fn next_event(&mut self) -> Option<Input> {
        if self.waiting.is_empty() {
            match self.input.try_recv() {
                Ok(events) => self.waiting.extend(events),
                Err(mpsc::error::TryRecvError::Empty) => {}
                Err(mpsc::error::TryRecvError::Disconnected) => self.hear(None),
            }
        }
        let next = self.waiting.pop_front();
        if self.waiting.is_empty() {
            // What was typed does not stay in the queue: its memory is given back, and blanked with that.
            self.waiting = VecDeque::new();
        }
        next
    }

    fn hear(&mut self, events: Option<Vec<Input>>) {
        match events {
            Some(events) => self.waiting.extend(events),
            None => self.leave(Parting::Gone),
        }
    }

    fn input_event(&mut self, Input { event, quick }: Input) {
        if self.draining.is_some() {
            // Only one thing can still be said: do not wait.
            if matches!(event, Event::Key(key) if is_ctrl_c(key)) {
                self.leave(Parting::Quit {
                    unconfirmed: self.worker.unanswered(),
                });
            }
            return;
        }
        self.pace.pressed();
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                self.tell(if quick { Msg::Quick(key) } else { Msg::Key(key) });
            }
            Event::Paste(text) => self.tell(Msg::Paste(text)),
            Event::Mouse(mouse) => self.tell(Msg::Mouse(mouse)),
            _ => {}
        }
    }

    fn happens(&mut self, happening: Happening<D>) {
        match happening {
            Happening::Summons(Summons::Leave(signal)) => self.leave(Parting::Signal(signal)),
            Happening::Summons(Summons::Stop) => self.stop(),
            Happening::Summons(Summons::Continue) => self.take_over(),
            Happening::Summons(Summons::Resize) => self.resize(),
            Happening::Written(written) => {
                if self.outlet.written(written).is_err() {
                    self.leave(Parting::Gone);
                }
            }
            Happening::Report(report) => self.report(*report),
            Happening::Stage(line) => self.tell(Msg::Opening(line)),
            Happening::Opened(Ok(desk)) => {
                self.tell(Msg::Opened(Ok(())));
                self.worker.open(desk);
            }
            Happening::Opened(Err(why)) => {
                self.tell(Msg::Opened(Err(why.clone())));
                self.worker.refuse(why);
            }
        }
    }

    fn report(&mut self, report: Report) {
        match report {
            Report::Retrying {
                request,
                tries,
                fault,
            } => self.tell(Msg::Retrying {
                request,
                tries,
                fault,
            }),
            Report::Door(told) => self.door_told(told),
            Report::Hint(event) => self.tell(Msg::Hint(event)),
            Report::Done {
                request,
                lane,
                result,
                took,
            } => {
                self.worker.done(lane);
                self.tell(Msg::Reply {
                    request,
                    result,
                    took,
                });
            }
        }
    }

    fn door_told(&mut self, told: Told<RequestId>) {
        match told {
            Told::Retrying {
                request,
                tries,
                fault,
            } => self.tell(Msg::Retrying {
                request,
                tries,
                fault,
            }),
            Told::Queued { request, kept, fault } => self.tell(Msg::Queued { request, kept, fault }),
            Told::Done {
                request: Some(request),
                result,
                took,
                ..
            } => self.tell(Msg::Reply {
                request,
                result,
                took,
            }),
            // Asked by a process that is gone: what there is to know of it is in the list of what is held.
            Told::Done { request: None, .. } => {}
            Told::Holding { queued, unsettled } => self.tell(Msg::Holding { queued, unsettled }),
        }
    }

    fn tell(&mut self, msg: Msg) {
        self.face.set_now(Utc::now());
        let effects = self.face.update(msg);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        self.dirty |= self.face.take_dirty();
        for effect in effects {
            match effect {
                // Whoever is leaving starts nothing new.
                Effect::Run { .. } if self.draining.is_some() => {}
                Effect::Run { request, lane, call } => self.worker.ask(request, lane, call),
                Effect::After { delay, timer } => self.timers.set(Instant::now() + delay, timer),
                Effect::Keep(keep) => self.worker.keep(keep),
                Effect::Listen(on) => self.worker.listen(on),
                Effect::StopWaiting => crate::db::stop_waiting(),
                Effect::Bell => {
                    self.terminal.backend_mut().ring();
                    self.dirty = true;
                }
                Effect::Repaint => self.paint_anew(),
                Effect::Export { name, text } => {
                    let result = super::export::write(&name, &text);
                    let result = result.map(|path| SafeText::line(&path.display().to_string()));
                    self.tell(Msg::Exported(result.map_err(|why| SafeText::line(&why))));
                }
                Effect::Wipe => self.wipe(),
                Effect::Restart => self.leave(Parting::Restart),
                Effect::Quit { drain } => self.quit(drain),
            }
        }
    }

    fn quit(&mut self, drain: bool) {
        let unconfirmed = self.worker.unanswered();
        if drain && unconfirmed > 0 {
            if self.draining.is_none() {
                self.draining = Some(Instant::now() + DRAIN);
                self.dirty = true;
            }
        } else {
            self.leave(Parting::Quit { unconfirmed });
        }
    }

    /// The first reason to leave is the one that counts.
    fn leave(&mut self, parting: Parting) {
        self.parting.get_or_insert(parting);
    }

    /// Gives the terminal back and stops the process; goes on here when it is continued.
    fn stop(&mut self) {
        guard::restore();
        // SIGTSTP itself is caught, so that the terminal could be given back first.
        if raise(Signal::SIGSTOP).is_ok() {
            self.take_over();
        }
    }

    fn take_over(&mut self) {
        if self.guard.take_over().is_err() {
            self.leave(Parting::Gone);
            return;
        }
        self.resize();
        self.paint_anew();
    }

    fn resize(&mut self) {
        let size = window_size();
        if self.terminal.backend().size_now() == size {
            return;
        }
        self.terminal.backend_mut().set_size(size);
        self.tell(Msg::Resize {
            width: size.width,
            height: size.height,
        });
        self.dirty = true;
    }

    /// Whatever the terminal shows or is set to, the next frame sets and shows all of it.
    fn paint_anew(&mut self) {
        let enter = self.guard.enter();
        self.terminal.backend_mut().begin_anew(enter);
        let Ok(()) = self.terminal.clear();
        self.dirty = true;
    }

    fn draw_if_due(&mut self) {
        if self.dirty && !self.outlet.is_busy() && Instant::now() >= self.pace.due() {
            self.draw();
        }
    }

    fn draw(&mut self) {
        self.dirty = false;
        self.pace.drawn(Instant::now());
        let (face, draining, unanswered) = (&self.face, self.draining.is_some(), self.worker.unanswered());
        let drawn: Result<_, Infallible> = self.terminal.draw(|frame| {
            face.draw(frame);
            if draining {
                farewell::draw(frame, unanswered);
            }
        });
        let Ok(_) = drawn;
        let spare = self.outlet.spare();
        if let Some(frame) = self.terminal.backend_mut().take_frame(spare) {
            self.outlet.send(frame);
        }
    }
}

fn is_ctrl_c(key: KeyEvent) -> bool {
    key.code == KeyCode::Char('c') && key.modifiers == KeyModifiers::CONTROL
}
