//! My profile: the figures, the pass code, and the ledger, which grows page by page as it is read.

use crate::app::action::{MoveAction, ProfileAction};
use crate::app::context::{Context, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::overlay::pass::Pass;
use crate::app::overlay::{Overlay, accounts};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::points::{Ledger, Profile as Figures};
use crate::domain::{Call, Fault};

/// Ledger rows asked for at once.
const PAGE: i64 = 100;
/// So many rows before the end of what is here, more is asked for.
const AHEAD: usize = 30;

/// The profile screen.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    pub(crate) figures: Remote<Figures>,
    pub(crate) ledger: Remote<Ledger>,
    pub(crate) cursor: Cursor,
}

impl Profile {
    pub(crate) fn total(&self) -> usize {
        self.ledger
            .get()
            .and_then(|ledger| usize::try_from(ledger.total).ok())
            .unwrap_or(0)
    }

    fn height(cx: &Context) -> usize {
        usize::from(geometry::profile(cx.setup.size).ledger.height)
    }

    pub(crate) fn enter(&mut self, cx: &mut Context) {
        cx.fetch(&mut self.figures, Want::Profile, Lane::Page, Call::Profile);
        self.ask_ledger(0, cx);
    }

    fn ask_ledger(&mut self, skip: i64, cx: &mut Context) {
        let call = Call::Ledger { skip, limit: PAGE };
        cx.fetch(&mut self.ledger, Want::Ledger { skip }, Lane::Detail, call);
    }

    pub(crate) fn poll(&mut self, cx: &mut Context) {
        if cx.requests.on(Lane::Page).is_none() {
            cx.fetch(&mut self.figures, Want::Profile, Lane::Page, Call::Profile);
        }
        if self.ledger.get().is_none() && cx.requests.on(Lane::Detail).is_none() {
            self.ask_ledger(0, cx);
        }
    }

    pub(crate) fn age(&mut self) {
        self.figures.age();
        self.ledger.age();
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &mut Context) {
        let here = self.ledger.get().map_or(0, |ledger| ledger.rows.len());
        self.cursor.step(to, here, Self::height(cx));
        self.settle(cx);
    }

    pub(crate) fn why_not(&self, action: ProfileAction) -> Option<String> {
        match action {
            ProfileAction::Pass => self
                .figures
                .get()
                .is_none()
                .then(|| "Your pass is not here yet.".to_owned()),
            ProfileAction::Details => self
                .figures
                .get()
                .is_none()
                .then(|| "Your profile is not here yet.".to_owned()),
            ProfileAction::Password => None,
        }
    }

    pub(crate) fn act(&mut self, action: ProfileAction, cx: &mut Context) {
        match action {
            ProfileAction::Pass => {
                let Some(figures) = self.figures.get() else { return };
                cx.wish(Wish::Open(Box::new(Overlay::Pass(Pass {
                    name: figures.full_name.clone(),
                    code: figures.pass_code.clone(),
                }))));
            }
            ProfileAction::Details => {
                if let Some(figures) = self.figures.get() {
                    accounts::details(figures.full_name.as_str(), figures.email.as_str(), cx);
                }
            }
            ProfileAction::Password => accounts::my_password(cx),
        }
    }

    pub(crate) fn pick(&mut self, at: usize, cx: &mut Context) {
        self.cursor.at = at;
        self.settle(cx);
    }

    /// Keeps the cursor in view, and asks for more before the end of what is here comes into view.
    pub(crate) fn settle(&mut self, cx: &mut Context) {
        let Some(ledger) = self.ledger.get() else { return };
        let here = ledger.rows.len();
        self.cursor.fit(here, Self::height(cx));
        if here < self.total() && self.cursor.at + AHEAD >= here && cx.requests.on(Lane::Detail).is_none() {
            self.ask_ledger(i64::try_from(here).unwrap_or(0), cx);
        }
    }

    pub(crate) fn answered(&mut self, result: Result<Figures, Fault>, cx: &mut Context) {
        let before = self
            .figures
            .get()
            .map(|figures| (figures.earned, figures.spendable));
        self.figures.answer(result);
        let after = self
            .figures
            .get()
            .map(|figures| (figures.earned, figures.spendable));
        if before.is_some() && before != after {
            self.ask_ledger(0, cx);
        }
    }

    pub(crate) fn ledger_answered(&mut self, skip: i64, result: Result<Ledger, Fault>, cx: &mut Context) {
        let Ok(more) = result else {
            self.ledger.answer(result);
            return;
        };
        match self.ledger.get_mut() {
            Some(ledger) if skip > 0 => {
                // Rows may have joined at the top since: what overlaps is known by its id, which only falls.
                let last = ledger.rows.last().map_or(i32::MAX, |row| row.id);
                let before = ledger.rows.len();
                ledger
                    .rows
                    .extend(more.rows.into_iter().filter(|row| row.id < last));
                // A page that brings nothing is the end, whatever was announced.
                let ended = ledger.rows.len() == before;
                ledger.total = if ended {
                    i64::try_from(before).unwrap_or(more.total)
                } else {
                    more.total
                };
            }
            known => {
                let on = known.and_then(|ledger| ledger.rows.get(self.cursor.at).map(|row| row.id));
                if self.cursor.at > 0
                    && let Some(at) = more.rows.iter().position(|row| Some(row.id) == on)
                {
                    let above = self.cursor.at.saturating_sub(self.cursor.top);
                    self.cursor.at = at;
                    self.cursor.top = at.saturating_sub(above);
                }
                self.ledger = Remote::Here(more);
            }
        }
        self.settle(cx);
    }
}
