//! The pages of a long table that are here: from its top down, and from its end up, with a gap between as long as
//! nobody looks there. A page is asked for behind the one before it; what was looked at long ago is forgotten, and
//! asked for again when the eye comes back.

use std::ops::Range;

use crate::domain::event_people::{Cursor, EventPerson};
use crate::domain::member::MemberId;

/// Rows of a page.
pub(crate) const PAGE: usize = 100;
/// Pages whose rows are kept.
const MOST: usize = 12;

/// A page of the table: counted from the top, or from the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Top(usize),
    End(usize),
}

/// A row of somebody's.
pub(crate) trait Row: Clone {
    /// Whose.
    fn member(&self) -> MemberId;
    /// Their name, by which those who are marked are put in order.
    fn name(&self) -> &str;
}

impl Row for EventPerson {
    fn member(&self) -> MemberId {
        self.member.id
    }

    fn name(&self) -> &str {
        self.member.full_name.as_str()
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Slot<R> {
    after: Option<Cursor>,
    next: Option<Cursor>,
    len: usize,
    /// In the order in which they came: from the end, the last row is the first. None once forgotten.
    rows: Option<Vec<R>>,
}

/// See the module.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pages<R> {
    top: Vec<Slot<R>>,
    end: Vec<Slot<R>>,
    /// Rows of the whole table, as far as it is known.
    total: usize,
}

impl<R> Default for Pages<R> {
    fn default() -> Self {
        Self {
            top: Vec::new(),
            end: Vec::new(),
            total: 0,
        }
    }
}

impl<R: Row> Pages<R> {
    fn len(slots: &[Slot<R>]) -> usize {
        slots.iter().map(|slot| slot.len).sum()
    }

    /// Whether the pages from the top reach the end.
    fn is_whole(&self) -> bool {
        self.top.last().is_some_and(|slot| slot.next.is_none())
    }

    /// Rows of the whole table.
    pub(crate) fn total(&self) -> usize {
        let here = Self::len(&self.top);
        if self.is_whole() {
            here
        } else {
            // One more at least: there is a page behind the last one.
            self.total.max(here + 1).max(Self::len(&self.end))
        }
    }

    /// The database has counted.
    pub(crate) fn count(&mut self, total: usize) {
        self.total = total;
    }

    /// The page that a row is on, and where on it; none in the gap.
    fn place(&self, row: usize) -> Option<(At, usize)> {
        let find = |slots: &[Slot<R>], mut at: usize| {
            slots.iter().enumerate().find_map(|(number, slot)| {
                if at < slot.len {
                    return Some((number, at));
                }
                at -= slot.len;
                None
            })
        };
        if let Some((number, at)) = find(&self.top, row) {
            return Some((At::Top(number), at));
        }
        let from_end = self.total().checked_sub(row + 1)?;
        find(&self.end, from_end).map(|(number, at)| (At::End(number), at))
    }

    fn slot(&self, at: At) -> Option<&Slot<R>> {
        match at {
            At::Top(number) => self.top.get(number),
            At::End(number) => self.end.get(number),
        }
    }

    /// A row, if it is here.
    pub(crate) fn get(&self, row: usize) -> Option<&R> {
        let (at, number) = self.place(row)?;
        self.slot(at)?.rows.as_ref()?.get(number)
    }

    /// Where somebody is, among those who are here.
    pub(crate) fn position(&self, member: MemberId) -> Option<usize> {
        let find = |slots: &[Slot<R>]| {
            let mut before = 0;
            for slot in slots {
                let rows = slot.rows.iter().flatten();
                if let Some(at) = rows.into_iter().position(|row| row.member() == member) {
                    return Some(before + at);
                }
                before += slot.len;
            }
            None
        };
        find(&self.top).or_else(|| find(&self.end).and_then(|at| self.total().checked_sub(at + 1)))
    }

    /// Everybody who is here.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &R> {
        self.top.iter().filter_map(|slot| slot.rows.as_ref()).flatten()
    }

    /// Whether everybody is here.
    pub(crate) fn has_all(&self) -> bool {
        self.is_whole() && self.top.iter().all(|slot| slot.rows.is_some())
    }

    /// The page to ask for so that the first missing of these rows comes nearer.
    pub(crate) fn missing(&self, rows: Range<usize>) -> Option<At> {
        rows.take_while(|row| *row < self.total()).find_map(|row| {
            if let Some((at, _)) = self.place(row) {
                let forgotten = self.slot(at).is_some_and(|slot| slot.rows.is_none());
                return forgotten.then_some(at);
            }
            let from_top = row.saturating_sub(Self::len(&self.top));
            let from_end = self.total().saturating_sub(row + 1 + Self::len(&self.end));
            Some(if from_top <= from_end {
                At::Top(self.top.len())
            } else {
                At::End(self.end.len())
            })
        })
    }

    /// The pages that these rows are on, to ask for them anew.
    pub(crate) fn pages_of(&self, rows: Range<usize>) -> Vec<At> {
        let mut pages: Vec<At> = Vec::new();
        for (at, _) in rows.filter_map(|row| self.place(row)) {
            if !pages.contains(&at) {
                pages.push(at);
            }
        }
        pages
    }

    /// A page and behind what it is to be asked for, which is nothing for the first one. None when the page before it is
    /// not known, or was the last.
    pub(crate) fn behind(&self, at: At) -> Option<(At, Option<Cursor>)> {
        let (slots, number) = match at {
            At::Top(number) => (&self.top, number),
            At::End(number) => (&self.end, number),
        };
        match number.checked_sub(1) {
            None => Some((at, None)),
            Some(before) => slots.get(before)?.next.clone().map(|next| (at, Some(next))),
        }
    }

    /// A page has come. Where it now ends elsewhere, those behind it are no longer known.
    pub(crate) fn put(&mut self, at: At, after: Option<Cursor>, rows: Vec<R>, next: Option<Cursor>) {
        let (slots, number) = match at {
            At::Top(number) => (&mut self.top, number),
            At::End(number) => (&mut self.end, number),
        };
        let slot = Slot {
            after,
            next,
            len: rows.len(),
            rows: Some(rows),
        };
        let fits = match number.checked_sub(1).map(|before| slots.get(before)) {
            None => true,
            Some(before) => before.is_some_and(|before| before.next == slot.after),
        };
        if !fits || number > slots.len() {
            return;
        }
        let goes_on = slots.get(number).is_some_and(|old| old.next == slot.next);
        if !goes_on {
            slots.truncate(number);
        }
        match slots.get_mut(number) {
            Some(old) => *old = slot,
            None => slots.push(slot),
        }
        if self.is_whole() {
            self.end.clear();
        }
    }

    /// A row is another than it was, wherever it is the same one.
    pub(crate) fn renew(&mut self, new: &R, is_same: impl Fn(&R) -> bool) {
        let slots = self.top.iter_mut().chain(&mut self.end);
        for row in slots.filter_map(|slot| slot.rows.as_mut()).flatten() {
            if is_same(row) {
                *row = new.clone();
            }
        }
    }

    /// Forgets the rows of pages far from the eye, when there are many.
    pub(crate) fn forget_far(&mut self, eye: usize) {
        let mut here: Vec<(usize, At)> = Vec::new();
        let mut first = 0;
        for (number, slot) in self.top.iter().enumerate() {
            if slot.rows.is_some() {
                here.push((eye.abs_diff(first), At::Top(number)));
            }
            first += slot.len;
        }
        let mut last = self.total();
        for (number, slot) in self.end.iter().enumerate() {
            if slot.rows.is_some() {
                here.push((eye.abs_diff(last), At::End(number)));
            }
            last = last.saturating_sub(slot.len);
        }
        here.sort_unstable_by_key(|(far, _)| *far);
        for (_, at) in here.into_iter().skip(MOST) {
            let slot = match at {
                At::Top(number) => self.top.get_mut(number),
                At::End(number) => self.end.get_mut(number),
            };
            if let Some(slot) = slot {
                slot.rows = None;
            }
        }
    }
}
