//! A member's profile: points, streak and badges on one page, the ledger, which grows page by page as it is read, and points
//! over time. On my own pass, account and connections open from here; what staff see and do on another member's is in
//! [`visit`].

pub(crate) mod visit;

use crate::app::action::{MoveAction, ProfileAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::overlay::connections::{self, Connections};
use crate::app::overlay::pass::Pass;
use crate::app::overlay::sessions::Sessions;
use crate::app::overlay::{Overlay, accounts};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::badge::GameCard;
use crate::domain::game::{GameAnswer, GameCall};
use crate::domain::game_desk::MemberFacts;
use crate::domain::ledger::{LedgerKind, PointsPage, WeekPoints};
use crate::domain::member::MemberId;
use crate::domain::points::Profile as Figures;
use crate::domain::{Call, Fault, Nonce};

use visit::Visit;

/// Ledger rows asked for at once.
const PAGE: i32 = 100;
/// So many rows before the end of what is here, more is asked for.
const AHEAD: usize = 30;

/// What an answer about a member's game is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum ProfileWant {
    Card,
    Weeks,
    /// Rows of this kind, older than this one.
    Ledger(Option<LedgerKind>, Option<i32>),
    /// What their levels stand on.
    Facts,
    Privacy(Nonce),
    Connections,
    Confirm(Nonce),
}

/// What of the profile is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Face {
    #[default]
    Page,
    Ledger,
    /// What the levels of another member stand on.
    Facts,
    Chart,
}

/// The profile screen.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    /// Whose, if it is not mine.
    pub(crate) of: Option<Visit>,
    /// The pass code and the address.
    pub(crate) figures: Remote<Figures>,
    pub(crate) card: Remote<GameCard>,
    pub(crate) weeks: Remote<Vec<WeekPoints>>,
    pub(crate) ledger: Remote<PointsPage>,
    /// Only rows of this kind.
    pub(crate) kind: Option<LedgerKind>,
    pub(crate) face: Face,
    /// In the ledger.
    pub(crate) cursor: Cursor,
    pub(crate) facts: Remote<MemberFacts>,
    /// In what the levels stand on.
    pub(crate) facts_cursor: Cursor,
    /// Something may have been earned that I was not told yet: the tab was opened, or the points are others.
    untold: bool,
}

impl Profile {
    /// Whose, as the data layer is asked.
    fn member(&self) -> Option<MemberId> {
        self.of.as_ref().map(|visit| visit.who.id)
    }

    /// Where an answer about this profile goes.
    pub(crate) fn want(&self, want: ProfileWant) -> Want {
        match self.member() {
            Some(member) => Want::MemberGame(member, want),
            None => Want::Game(want),
        }
    }

    pub(crate) fn total(&self) -> usize {
        self.ledger
            .get()
            .and_then(|ledger| usize::try_from(ledger.total).ok())
            .unwrap_or(0)
    }

    /// The first row in view of whatever is in the list.
    pub(crate) fn top(&self) -> usize {
        if self.face == Face::Facts {
            self.facts_cursor.top
        } else {
            self.cursor.top
        }
    }

    fn height(&self, cx: &Context) -> usize {
        usize::from(geometry::profile(cx.setup.size, self.face).ledger.height)
    }

    pub(crate) fn enter(&mut self, cx: &mut Context) {
        if self.of.is_some() {
            self.ask_facts(cx);
        } else {
            cx.fetch(&mut self.figures, Want::Profile, Lane::Search, Call::Profile);
            self.untold = true;
        }
        self.ask_card(cx);
        self.ask_ledger(None, cx);
        if self.face == Face::Chart {
            self.ask_weeks(cx);
        }
    }

    fn ask_card(&mut self, cx: &mut Context) {
        let call = Call::Game(GameCall::Card(self.member()));
        let want = self.want(ProfileWant::Card);
        cx.fetch(&mut self.card, want, Lane::Page, call);
    }

    fn ask_weeks(&mut self, cx: &mut Context) {
        let call = Call::Game(GameCall::Weeks(self.member()));
        let want = self.want(ProfileWant::Weeks);
        cx.fetch(&mut self.weeks, want, Lane::Poll, call);
    }

    fn ask_ledger(&mut self, before: Option<i32>, cx: &mut Context) {
        let call = Call::Game(GameCall::Ledger {
            member: self.member(),
            kind: self.kind,
            before,
            most: PAGE,
        });
        let want = self.want(ProfileWant::Ledger(self.kind, before));
        cx.fetch(&mut self.ledger, want, Lane::Detail, call);
    }

    pub(crate) fn poll(&mut self, cx: &mut Context) {
        if cx.requests.on(Lane::Page).is_none() {
            self.ask_card(cx);
        }
        if cx.requests.on(Lane::Search).is_none() {
            if self.of.is_some() && self.facts.get().is_none() {
                self.ask_facts(cx);
            } else if self.of.is_none() && self.figures.get().is_none() {
                cx.fetch(&mut self.figures, Want::Profile, Lane::Search, Call::Profile);
            }
        }
        if self.ledger.get().is_none() && cx.requests.on(Lane::Detail).is_none() {
            self.ask_ledger(None, cx);
        }
        if self.face == Face::Chart && cx.requests.on(Lane::Poll).is_none() {
            self.ask_weeks(cx);
        }
    }

    pub(crate) fn age(&mut self) {
        self.figures.age();
        self.card.age();
        self.weeks.age();
        self.ledger.age();
        self.facts.age();
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &mut Context) {
        if self.face == Face::Facts {
            return self.step_facts(to, cx);
        }
        let here = self.ledger.get().map_or(0, |ledger| ledger.rows.len());
        self.cursor.step(to, here, self.height(cx));
        self.settle(cx);
    }

    pub(crate) fn why_not(&self, action: ProfileAction, cx: &Context) -> Option<String> {
        match action {
            ProfileAction::Pass | ProfileAction::Details => self
                .figures
                .get()
                .is_none()
                .then(|| "Your profile is not here yet.".to_owned()),
            ProfileAction::Privacy if self.card.get().is_none() => {
                Some("Your profile is not here yet.".to_owned())
            }
            ProfileAction::Privacy | ProfileAction::Connect | ProfileAction::Sessions => {
                cx.needs_link("This")
            }
            ProfileAction::KindOn | ProfileAction::KindBack if self.face == Face::Chart => {
                Some("The ledger is not on the screen.".to_owned())
            }
            _ => None,
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
            ProfileAction::Face => self.turn(cx),
            ProfileAction::KindOn => self.only(1, cx),
            ProfileAction::KindBack => self.only(LedgerKind::ALL.len(), cx),
            ProfileAction::Connect => connections::present(cx),
            ProfileAction::Connections => Connections::open(cx),
            ProfileAction::Privacy => {
                let Some(card) = self.card.get() else { return };
                let (nonce, show_me) = (cx.nonce(), !card.show_on_leaderboard);
                let call = Call::Game(GameCall::SetPrivacy { nonce, show_me });
                cx.ask_and_wait(Want::Game(ProfileWant::Privacy(nonce)), Lane::Write, call);
            }
            ProfileAction::Details => {
                if let Some(figures) = self.figures.get() {
                    accounts::details(figures.full_name.as_str(), figures.email.as_str(), cx);
                }
            }
            ProfileAction::Password => accounts::my_password(cx),
            ProfileAction::Sessions => Sessions::open(None, cx),
        }
    }

    /// The next face.
    fn turn(&mut self, cx: &mut Context) {
        self.face = match self.face {
            Face::Page => Face::Ledger,
            Face::Ledger if self.of.is_some() => Face::Facts,
            Face::Ledger | Face::Facts => Face::Chart,
            Face::Chart => Face::Page,
        };
        if self.face == Face::Chart {
            self.ask_weeks(cx);
        }
        self.settle(cx);
    }

    /// Goes on by so many kinds; behind the last one all are shown again.
    fn only(&mut self, by: usize, cx: &mut Context) {
        let kinds = LedgerKind::ALL;
        let at = self
            .kind
            .and_then(|kind| kinds.iter().position(|known| *known == kind))
            .map_or(0, |at| at + 1);
        let next = (at + by) % (kinds.len() + 1);
        self.kind = next.checked_sub(1).and_then(|at| kinds.get(at).copied());
        self.ledger = Remote::Nothing;
        self.cursor = Cursor::default();
        self.ask_ledger(None, cx);
    }

    pub(crate) fn pick(&mut self, at: usize, cx: &mut Context) {
        if self.face == Face::Facts {
            self.facts_cursor.at = at;
        } else {
            self.cursor.at = at;
        }
        self.settle(cx);
    }

    /// Keeps the cursor in view, and asks for more before the end of what is here comes into view.
    pub(crate) fn settle(&mut self, cx: &mut Context) {
        let height = self.height(cx);
        if self.face == Face::Facts {
            return self.facts_cursor.fit(self.fact_lines().len(), height);
        }
        let Some(ledger) = self.ledger.get() else { return };
        let here = ledger.rows.len();
        let last = ledger.rows.last().map(|row| row.id);
        self.cursor.fit(here, height);
        if here < self.total() && self.cursor.at + AHEAD >= here && cx.requests.on(Lane::Detail).is_none() {
            self.ask_ledger(last, cx);
        }
    }

    /// Whether to look, now that the card is here, for what I earned and was not told: once each time.
    pub(crate) fn take_untold(&mut self) -> bool {
        matches!(self.card, Remote::Here(_)) && std::mem::take(&mut self.untold)
    }

    /// The pass code and the address.
    pub(crate) fn figures_answered(&mut self, result: Result<Figures, Fault>) {
        self.figures.answer(result);
    }

    /// An answer about the game.
    pub(crate) fn answered(
        &mut self,
        want: ProfileWant,
        result: Result<GameAnswer, Fault>,
        cx: &mut Context,
    ) {
        match want {
            ProfileWant::Card => self.card_answered(
                match result {
                    Ok(GameAnswer::Card(card)) => Ok(*card),
                    other => Err(other.err().unwrap_or(Fault::Internal)),
                },
                cx,
            ),
            ProfileWant::Weeks => self.weeks.answer(match result {
                Ok(GameAnswer::Weeks(weeks)) => Ok(weeks),
                other => Err(other.err().unwrap_or(Fault::Internal)),
            }),
            // Of another kind of rows than is wanted by now.
            ProfileWant::Ledger(kind, _) if kind != self.kind => {}
            ProfileWant::Ledger(_, before) => self.ledger_answered(
                before,
                match result {
                    Ok(GameAnswer::Ledger(page)) => Ok(page),
                    other => Err(other.err().unwrap_or(Fault::Internal)),
                },
                cx,
            ),
            ProfileWant::Privacy(_) => match result {
                Ok(GameAnswer::Privacy(show_me)) => {
                    if let Some(card) = self.card.get_mut() {
                        card.show_on_leaderboard = show_me;
                    }
                    let text = if show_me {
                        "Others see you on the leaderboard."
                    } else {
                        "Nobody else sees you on the leaderboard."
                    };
                    cx.say(Tone::Good, text);
                }
                other => {
                    let fault = other.err().unwrap_or(Fault::Internal);
                    cx.say(Tone::Bad, format!("Nothing was changed. {fault}"));
                }
            },
            ProfileWant::Facts => {
                self.facts.answer(match result {
                    Ok(GameAnswer::Facts(facts)) => Ok(*facts),
                    other => Err(other.err().unwrap_or(Fault::Internal)),
                });
                self.settle(cx);
            }
            // The list of connections has these.
            ProfileWant::Connections | ProfileWant::Confirm(_) => {}
        }
    }

    fn card_answered(&mut self, result: Result<GameCard, Fault>, cx: &mut Context) {
        let points = |card: &Remote<GameCard>| card.get().map(|card| (card.earned, card.spendable));
        let before = points(&self.card);
        self.card.answer(result);
        if let (Some(card), Some(me), None) = (self.card.get(), cx.me.as_mut(), &self.of) {
            me.points = card.spendable;
        }
        if before.is_some() && before != points(&self.card) {
            self.ask_ledger(None, cx);
            if self.of.is_some() {
                self.ask_facts(cx);
            } else {
                self.untold = true;
            }
        }
    }

    fn ledger_answered(&mut self, before: Option<i32>, result: Result<PointsPage, Fault>, cx: &mut Context) {
        let more = match result {
            Ok(more) => more,
            Err(fault) => return self.ledger.answer(Err(fault)),
        };
        match self.ledger.get_mut() {
            Some(ledger) if before.is_some() => {
                // Only what follows what is here: an answer may come twice.
                let last = ledger.rows.last().map_or(i32::MAX, |row| row.id);
                let here = ledger.rows.len();
                ledger
                    .rows
                    .extend(more.rows.into_iter().filter(|row| row.id < last));
                // A page that brings nothing is the end, whatever was announced.
                ledger.total = if ledger.rows.len() == here {
                    i64::try_from(here).unwrap_or(more.total)
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
