//! What a kiosk's terminal forgets when somebody has gone.

use ratatui::Terminal;

use crate::door::Answering;
use crate::term::canvas::Canvas;
use crate::term::worker::Report;

use super::{EventLoop, Face};

/// Reads of waiting input that are thrown away at once.
const FLOOD: usize = 4096;

impl<F, D, T> EventLoop<'_, F, D, T>
where
    F: Face,
    D: Answering,
    T: Fn(Report) + Clone + Send + 'static,
{
    /// Whoever was here has gone: input of theirs that waits, writes that were not sent, and whatever the terminal keeps
    /// of what it has shown.
    pub(super) fn wipe(&mut self) {
        self.waiting.clear();
        // Bounded: whoever types on is somebody else.
        for _ in 0..FLOOD {
            if self.input.try_recv().is_err() {
                break;
            }
        }
        self.worker.forget();
        let Ok(terminal) = Terminal::new(Canvas::new(self.terminal.backend().size_now()));
        self.terminal = terminal;
        self.paint_anew();
        self.terminal.backend_mut().forget_scrolled();
    }
}
