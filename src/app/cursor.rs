//! The cursor of a list: which row it is on, and which row is the first in view.

use super::action::MoveAction;

/// A cursor and its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cursor {
    pub(crate) at: usize,
    pub(crate) top: usize,
}

impl Cursor {
    /// Moves over `len` rows, of which `page` are in view.
    pub(crate) fn step(&mut self, to: MoveAction, len: usize, page: usize) {
        let last = len.saturating_sub(1);
        let page = page.saturating_sub(1).max(1);
        self.at = match to {
            MoveAction::Up => self.at.saturating_sub(1),
            MoveAction::Down => (self.at + 1).min(last),
            MoveAction::PageUp => self.at.saturating_sub(page),
            MoveAction::PageDown => (self.at + page).min(last),
            MoveAction::First => 0,
            MoveAction::Last => last,
        };
    }

    /// Jumps to a row: what comes after it matters more than what was before, so it stands in the upper third.
    pub(crate) fn jump(&mut self, at: usize, page: usize) {
        self.at = at;
        self.top = at.saturating_sub(page / 3);
    }

    /// Keeps the cursor on a row and the row in view.
    pub(crate) fn fit(&mut self, len: usize, page: usize) {
        let page = page.max(1);
        self.at = self.at.min(len.saturating_sub(1));
        self.top = self.top.min(len.saturating_sub(page)).min(self.at);
        if self.at >= self.top + page {
            self.top = self.at + 1 - page;
        }
    }
}

/// Scrolls a text of `len` lines, of which `page` are in view; answers the new first line.
pub(crate) fn scroll(top: usize, to: MoveAction, len: usize, page: usize) -> usize {
    let most = len.saturating_sub(page);
    let step = page.saturating_sub(1).max(1);
    match to {
        MoveAction::Up => top.saturating_sub(1),
        MoveAction::Down => (top + 1).min(most),
        MoveAction::PageUp => top.saturating_sub(step),
        MoveAction::PageDown => (top + step).min(most),
        MoveAction::First => 0,
        MoveAction::Last => most,
    }
    .min(most)
}
