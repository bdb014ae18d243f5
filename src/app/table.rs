//! A long table of people, by pages: the rows that are here, whom the cursor stays on, who is marked, and which page is
//! wanted next. How a page is asked for, and what keys do to it, belongs to the screen that shows it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::cursor::Cursor;
use super::pages::{At, Pages, Row};
use super::remote::Remote;
use crate::domain::Fault;
use crate::domain::event_people::Cursor as Behind;
use crate::domain::member::MemberId;

/// See the module. Rows are of type `R`, and listed as a `Q` says; heights are rows in view.
#[derive(Debug)]
pub(crate) struct Table<R, Q> {
    pub(crate) pages: Remote<Pages<R>>,
    /// What the rows here are, while something else may be asked for.
    shown: Q,
    pub(crate) cursor: Cursor,
    /// Who is under the cursor: it stays on them.
    anchor: Option<MemberId>,
    /// Pages in view that are still to be asked for anew.
    anew: Vec<At>,
    pub(crate) marks: BTreeMap<MemberId, R>,
}

impl<R: Row, Q: PartialEq> Table<R, Q> {
    pub(crate) fn new(shown: Q) -> Self {
        Self {
            pages: Remote::Nothing,
            shown,
            cursor: Cursor::default(),
            anchor: None,
            anew: Vec::new(),
            marks: BTreeMap::new(),
        }
    }

    // ---- what is here ----

    /// What the rows here are.
    pub(crate) fn shown(&self) -> &Q {
        &self.shown
    }

    /// Rows of the table.
    pub(crate) fn len(&self) -> usize {
        self.pages.get().map_or(0, Pages::total)
    }

    /// Whom the cursor is on.
    pub(crate) fn marked(&self) -> Option<&R> {
        self.pages.get()?.get(self.cursor.at)
    }

    /// Whom the next key is about: those marked, by name, else the one under the cursor.
    pub(crate) fn targets(&self) -> Vec<&R> {
        if self.marks.is_empty() {
            return self.marked().into_iter().collect();
        }
        let mut marked: Vec<&R> = self.marks.values().collect();
        marked.sort_by(|one, other| one.name().cmp(other.name()));
        marked
    }

    fn in_view(&self, height: usize) -> Range<usize> {
        self.cursor.top..self.cursor.top + height.max(1)
    }

    // ---- pages ----

    /// The pages in view are wanted anew; false when what is here is something else than what is listed now.
    pub(crate) fn renew(&mut self, listed: &Q, height: usize) -> bool {
        let view = self.in_view(height);
        match self.pages.get() {
            Some(pages) if self.shown == *listed => {
                self.anew = pages.pages_of(view);
                true
            }
            _ => false,
        }
    }

    /// Something else is listed: nothing here is wanted anew.
    pub(crate) fn relist(&mut self) {
        self.anew.clear();
    }

    /// The next page that is wanted: one that is missing in view or near it, else one in view that is to be renewed.
    pub(crate) fn next_page(&mut self, listed: &Q, height: usize) -> Option<(At, Option<Behind>)> {
        if self.shown != *listed {
            return None;
        }
        let pages = self.pages.get()?;
        let view = self.in_view(height);
        let near = view.start.saturating_sub(view.len())..view.end + view.len();
        let missing = pages.missing(view).or_else(|| pages.missing(near));
        missing
            .or_else(|| self.anew.pop())
            .and_then(|at| pages.behind(at))
    }

    /// Whether a page begins another table than the one here.
    pub(crate) fn begins(&self, at: At, listed: &Q) -> bool {
        at == At::Top(0) && (self.shown != *listed || self.pages.get().is_none())
    }

    /// Another table begins, with the cursor at its top.
    pub(crate) fn begin(&mut self, shown: Q) {
        self.shown = shown;
        self.cursor = Cursor::default();
        self.pages = Remote::Here(Pages::default());
        self.anchor = None;
        self.anew.clear();
    }

    /// A page has come.
    pub(crate) fn put(&mut self, at: At, after: Option<Behind>, rows: Vec<R>, next: Option<Behind>) {
        for row in &rows {
            if let Some(mark) = self.marks.get_mut(&row.member()) {
                mark.clone_from(row);
            }
        }
        let mut pages = match std::mem::take(&mut self.pages) {
            Remote::Here(pages) | Remote::Stale(pages) => pages,
            _ => Pages::default(),
        };
        pages.put(at, after, rows, next);
        pages.forget_far(self.cursor.at);
        self.pages = Remote::Here(pages);
    }

    /// A page was refused, which is none of the whole table but for the first one; a lost link makes all of it old.
    pub(crate) fn refused(&mut self, at: At, fault: Fault) {
        if at == At::Top(0) || fault.is_link() {
            self.pages.answer(Err(fault));
        }
    }

    /// The database has counted the rows.
    pub(crate) fn count(&mut self, rows: i64, height: usize) {
        if let Some(pages) = self.pages.get_mut() {
            pages.count(usize::try_from(rows).unwrap_or(0));
            self.hold(height);
        }
    }

    // ---- the cursor ----

    /// Keeps the cursor on its person, and them where they stand in the window.
    pub(crate) fn hold(&mut self, height: usize) {
        let Some(pages) = self.pages.get() else { return };
        if let Some(at) = self.anchor.and_then(|anchor| pages.position(anchor))
            && at != self.cursor.at
        {
            let above = self.cursor.at.saturating_sub(self.cursor.top);
            self.cursor.at = at;
            self.cursor.top = at.saturating_sub(above);
        }
        self.fit(height);
        if self.anchor.is_none() {
            self.anchor = self.marked().map(Row::member);
        }
    }

    /// The cursor was moved: from here on it stays on whom it is on now.
    pub(crate) fn moved(&mut self, height: usize) {
        self.fit(height);
        self.anchor = self.marked().map(Row::member);
    }

    /// The cursor goes to somebody as soon as they are here.
    pub(crate) fn follow(&mut self, member: Option<MemberId>) {
        self.anchor = member;
    }

    /// Whom the cursor stays on.
    pub(crate) fn anchor(&self) -> Option<MemberId> {
        self.anchor
    }

    pub(crate) fn fit(&mut self, height: usize) {
        let len = self.len();
        self.cursor.fit(len, height);
    }

    /// Marks who is under the cursor, or marks them no more; false when there is nobody.
    pub(crate) fn mark(&mut self) -> bool {
        let Some(row) = self.marked().cloned() else {
            return false;
        };
        if self.marks.remove(&row.member()).is_none() {
            self.marks.insert(row.member(), row);
        }
        true
    }
}
