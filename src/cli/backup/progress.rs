//! Long work told on standard error: one line that grows on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

use super::super::output::clear_progress;
use crate::ops::backup::Progress;

const MIB: u64 = 1 << 20;

/// Tells progress; on a terminal it wipes its line when it is dropped.
#[derive(Debug, Default)]
pub(super) struct Teller {
    /// The running step, and its mebibytes as they were last told.
    state: Mutex<(String, u64)>,
}

impl Teller {
    pub(super) fn tell(&self, progress: Progress) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_terminal = std::io::stderr().is_terminal();
        match progress {
            Progress::Step(step) => {
                if is_terminal {
                    eprint!("\r\x1b[K{step} …");
                } else {
                    eprintln!("{step} …");
                }
                *state = (step, 0);
            }
            Progress::Bytes(bytes) if is_terminal && bytes / MIB > state.1 => {
                state.1 = bytes / MIB;
                eprint!("\r\x1b[K{} … {} MiB", state.0, state.1);
            }
            Progress::Bytes(_) => {}
        }
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if !state.0.is_empty() {
            clear_progress();
        }
    }
}
