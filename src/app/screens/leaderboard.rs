//! The leaderboard: a window of rows around the cursor, out of as many as there are members.

use crate::app::action::{BoardAction, MoveAction};
use crate::app::context::Context;
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::member::MemberId;
use crate::domain::points::{BoardRow, Leaderboard};
use crate::domain::{Call, Fault};

/// Rows asked for at once.
const WINDOW: i64 = 200;

/// The leaderboard screen. The cursor counts from the board's first row, not from the window's.
#[derive(Debug, Default)]
pub(crate) struct Board {
    pub(crate) page: Remote<Leaderboard>,
    pub(crate) cursor: Cursor,
    /// Whose row the cursor is on.
    on: Option<MemberId>,
    /// The cursor is to go to my row as soon as it is known where that is.
    seeking: bool,
}

impl Board {
    pub(crate) fn members(&self) -> usize {
        self.page
            .get()
            .and_then(|page| usize::try_from(page.members).ok())
            .unwrap_or(0)
    }

    /// A row by its place on the board, if it is in the window.
    pub(crate) fn row(&self, at: usize) -> Option<&BoardRow> {
        let page = self.page.get()?;
        let skipped = usize::try_from(page.skipped).ok()?;
        page.rows.get(at.checked_sub(skipped)?)
    }

    /// My own row, unless it is in view already.
    pub(crate) fn own_out_of_view(&self, height: usize) -> Option<&BoardRow> {
        let me = self.page.get()?.me.as_ref()?;
        let view = self.cursor.top..self.cursor.top + height;
        let seen = view
            .into_iter()
            .any(|at| self.row(at).is_some_and(|row| row.user_id == me.user_id));
        (!seen).then_some(me)
    }

    fn height(cx: &Context) -> usize {
        usize::from(geometry::board(cx.setup.size).list.height)
    }

    fn ask(&mut self, cx: &mut Context) {
        let at = i64::try_from(self.cursor.at).unwrap_or(0);
        let skip = (at - WINDOW / 2).max(0);
        let call = Call::Leaderboard { skip, limit: WINDOW };
        cx.fetch(&mut self.page, Want::Board { skip }, Lane::Page, call);
    }

    pub(crate) fn enter(&mut self, cx: &mut Context) {
        self.ask(cx);
    }

    pub(crate) fn poll(&mut self, cx: &mut Context) {
        if cx.requests.on(Lane::Page).is_none() {
            self.ask(cx);
        }
    }

    pub(crate) fn age(&mut self) {
        self.page.age();
    }

    pub(crate) fn why_not(&self, action: BoardAction) -> Option<String> {
        match action {
            BoardAction::Me => match self.page.get() {
                Some(page) if page.me.is_none() => {
                    Some("You have no row here; staff are not on the leaderboard.".to_owned())
                }
                Some(_) => None,
                None => Some("The leaderboard is not here yet.".to_owned()),
            },
        }
    }

    pub(crate) fn act(&mut self, action: BoardAction, cx: &mut Context) {
        match action {
            BoardAction::Me => {
                let Some(me) = self.page.get().and_then(|page| page.me.as_ref()) else {
                    return;
                };
                // The rank is where the ties begin; which of them it is, the rows say.
                self.cursor.at = usize::try_from(me.rank - 1).unwrap_or(0);
                self.seeking = true;
                self.seek();
                self.settle(cx);
            }
        }
    }

    fn seek(&mut self) {
        let Some(page) = self.page.get() else { return };
        let Some(me) = page.me.as_ref().map(|me| me.user_id) else {
            self.seeking = false;
            return;
        };
        if let Some(at) = page.rows.iter().position(|row| row.user_id == me) {
            self.cursor.at = at + usize::try_from(page.skipped).unwrap_or(0);
            self.on = Some(me);
            self.seeking = false;
        }
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &mut Context) {
        self.cursor.step(to, self.members(), Self::height(cx));
        self.on = None;
        self.seeking = false;
        self.settle(cx);
    }

    pub(crate) fn pick(&mut self, at: usize, cx: &mut Context) {
        if at < self.members() {
            self.cursor.at = at;
            self.on = None;
            self.settle(cx);
        }
    }

    /// Keeps cursor and window together, and asks for rows that come into view.
    pub(crate) fn settle(&mut self, cx: &mut Context) {
        let height = Self::height(cx);
        let members = self.members();
        self.cursor.fit(members, height);
        if let Some(row) = self.row(self.cursor.at) {
            self.on = Some(row.user_id);
        }
        let Some(page) = self.page.get() else { return };
        let have = usize::try_from(page.skipped).unwrap_or(0);
        let have = have..have + page.rows.len();
        let last = (self.cursor.top + height).min(members).saturating_sub(1);
        let missing = members > 0 && !(have.contains(&self.cursor.top) && have.contains(&last));
        let at = i64::try_from(self.cursor.at).unwrap_or(0);
        let skip = (at - WINDOW / 2).max(0);
        // The window around the cursor is all there is to ask for, even if it brought fewer rows than announced.
        if missing && page.skipped != skip && !cx.requests.awaits(&Want::Board { skip }) {
            self.ask(cx);
        }
    }

    pub(crate) fn answered(&mut self, result: Result<Leaderboard, Fault>, cx: &mut Context) {
        let failed = result.is_err();
        self.page.answer(result);
        if self.seeking {
            self.seek();
        } else if let (Some(on), Some(page)) = (self.on, self.page.get())
            && let Some(at) = page.rows.iter().position(|row| row.user_id == on)
        {
            // Ranks have moved: the cursor and what is around it stay on the same member.
            let at = at + usize::try_from(page.skipped).unwrap_or(0);
            let above = self.cursor.at.saturating_sub(self.cursor.top);
            self.cursor.at = at;
            self.cursor.top = at.saturating_sub(above);
        }
        if failed {
            return;
        }
        self.settle(cx);
    }
}
