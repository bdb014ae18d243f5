//! What I have earned and was not told yet: shown on a card by itself, once, behind the news of my registrations; the
//! database is told when the card was closed, and nothing is asked until it has heard that.

use chrono::TimeDelta;

use crate::domain::game::{GameAnswer, GameCall};
use crate::domain::ledger::{Celebration, LedgerKind, News};
use crate::domain::{Call, Fault, Timestamp};

use super::context::{Context, Tone, Wish};
use super::effect::Lane;
use super::geometry::{self, Fit};
use super::model::Model;
use super::overlay::Overlay;
use super::requests::Want;
use super::screens::Tab;

/// A key within this time of the card's coming was meant for what was there before.
const UNREAD: TimeDelta = TimeDelta::milliseconds(700);

/// What an answer about what I have earned is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum EarnedWant {
    /// What there is, asked for when I had been told up to this row of the ledger.
    Look(i32),
    /// I was told up to this row.
    Told(i32),
}

/// How far I was told.
#[derive(Debug, Default)]
pub(crate) struct Earned {
    waiting: Option<Celebration>,
    told: i32,
    /// The database could not be told this.
    unsaid: Option<i32>,
}

/// The card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EarnedCard {
    pub(crate) celebration: Celebration,
    /// Since when it is seen.
    since: Timestamp,
}

impl EarnedCard {
    /// Its lines, what is rare before what is not.
    pub(crate) fn lines(&self) -> Vec<&News> {
        let mut lines: Vec<&News> = self.celebration.rows.iter().collect();
        lines.sort_by_key(|news| match news.transaction_type {
            LedgerKind::BadgeAward => 0,
            LedgerKind::StreakBonus => 1,
            LedgerKind::SpecialActivity => 2,
            _ => 3,
        });
        lines
    }

    pub(crate) fn close(&self, cx: &mut Context) {
        if cx.setup.now - self.since < UNREAD {
            return;
        }
        cx.earned.told = self.celebration.through;
        say_told(self.celebration.through, cx);
        cx.wish(Wish::Close);
    }
}

fn say_told(through: i32, cx: &mut Context) {
    let nonce = cx.nonce();
    let call = GameCall::Celebrated { nonce, through };
    let want = Want::Earned(EarnedWant::Told(through));
    cx.ask(want, Lane::Write, Call::Game(call));
}

impl Model {
    /// Looks for it behind what a screen looks for, on no connection besides; not while it is looked for or shown, nor
    /// before the database has heard that it was.
    pub(super) fn ask_earned(&mut self) {
        let cx = &mut self.cx;
        let shown = self.overlays.iter().any(|o| matches!(o, Overlay::Earned(_)));
        if cx.me.is_none() || cx.rehearsing || shown || cx.requests.on(Lane::News).is_some() {
            return;
        }
        let told = cx.earned.told;
        if cx.requests.awaits(&Want::Earned(EarnedWant::Told(told))) {
            return;
        }
        if let Some(through) = cx.earned.unsaid {
            return say_told(through, cx);
        }
        let want = Want::Earned(EarnedWant::Look(told));
        cx.ask(want, Lane::News, Call::Game(GameCall::Celebrate));
    }

    pub(super) fn earned_answered(&mut self, want: EarnedWant, result: Result<GameAnswer, Fault>) {
        let earned = &mut self.cx.earned;
        match (want, result) {
            (EarnedWant::Look(since), Ok(GameAnswer::Celebration(celebration))) => {
                // What was looked for before a card was closed may have come behind it.
                if since == earned.told {
                    earned.waiting = Some(celebration).filter(|it| !it.rows.is_empty());
                }
            }
            // The link is told of elsewhere; the next look asks again.
            (EarnedWant::Look(_), _) => {}
            (EarnedWant::Told(_), Ok(_)) => earned.unsaid = None,
            (EarnedWant::Told(through), Err(fault)) => {
                if earned.unsaid.replace(through).is_none() {
                    let text = format!("Not marked as seen. {fault}");
                    self.cx.say(Tone::Bad, text);
                }
            }
        }
    }

    /// The card comes by itself, unless something else has the keys or news of a registration come first.
    pub(super) fn offer_earned(&mut self) {
        let cx = &self.cx;
        let busy = !self.overlays.is_empty()
            || self.tab == Tab::CheckIn
            || self.has_people()
            || self.has_visit()
            || self.is_typing()
            || cx.me.is_none()
            || cx.rehearsing
            || cx.news.is_untold();
        if busy || geometry::fit(cx.setup.size, false) != Fit::Full {
            return;
        }
        if let Some(celebration) = self.cx.earned.waiting.take() {
            self.overlays.push(Overlay::Earned(EarnedCard {
                celebration,
                since: self.cx.setup.now,
            }));
            self.cx.dirty = true;
        }
    }
}
