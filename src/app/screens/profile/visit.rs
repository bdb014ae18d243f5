//! Another member's profile, for staff: whose it is and where it was opened, what the levels stand on as lines, and what may be
//! done about what is marked. The forms are in [`crate::app::overlay::game_desk`].

use crate::app::action::{GameDeskAction, MoveAction};
use crate::app::context::{Context, Wish};
use crate::app::effect::Lane;
use crate::app::overlay::game_desk;
use crate::app::screens::Tab;
use crate::domain::Call;
use crate::domain::game::GameCall;
use crate::domain::game_desk::{Award, Bonus, Fact};
use crate::domain::ledger::{LedgerKind, PointsRow};
use crate::domain::member::MemberName;

use super::{Face, Profile, ProfileWant};

/// Whose profile is seen, over which tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Visit {
    pub(crate) who: MemberName,
    pub(crate) tab: Tab,
}

/// A line of what a member's levels stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FactLine<'a> {
    /// What follows, and how much of it counts.
    Heading(&'static str, i64),
    /// There is none of it.
    None,
    Award(&'a Award),
    /// A type of events, of which so many were attended.
    Type(&'a Fact),
    /// An event, or a member.
    Fact(&'a Fact),
    Bonus(&'a Bonus),
}

/// What can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marked<'a> {
    Row(&'a PointsRow),
    Level(&'a Award),
}

impl Profile {
    /// The profile of another member, over a tab.
    pub(crate) fn of(who: MemberName, tab: Tab, cx: &mut Context) -> Self {
        let mut profile = Self {
            of: Some(Visit { who, tab }),
            ..Self::default()
        };
        profile.enter(cx);
        profile
    }

    pub(super) fn ask_facts(&mut self, cx: &mut Context) {
        let Some(member) = self.member() else { return };
        let want = self.want(ProfileWant::Facts);
        cx.fetch(
            &mut self.facts,
            want,
            Lane::Search,
            Call::Game(GameCall::Facts(member)),
        );
    }

    /// What the levels stand on, line by line.
    pub(crate) fn fact_lines<'a>(&'a self) -> Vec<FactLine<'a>> {
        let Some(facts) = self.facts.get() else {
            return Vec::new();
        };
        let counted =
            |facts: &[Fact]| i64::try_from(facts.iter().filter(|fact| fact.counts).count()).unwrap_or(0);
        let standing = facts
            .awards
            .iter()
            .filter(|award| award.reversed_at.is_none())
            .count();
        let mut lines = Vec::new();
        let mut section = |title, count, part: Vec<FactLine<'a>>| {
            lines.push(FactLine::Heading(title, count));
            if part.is_empty() {
                lines.push(FactLine::None);
            }
            lines.extend(part);
        };
        let named = |facts: &'a [Fact]| facts.iter().map(FactLine::Fact).collect();
        section(
            "Levels",
            i64::try_from(standing).unwrap_or(0),
            facts.awards.iter().map(FactLine::Award).collect(),
        );
        section(
            "Types of events",
            counted(&facts.types),
            facts.types.iter().map(FactLine::Type).collect(),
        );
        section("Trivia nights won", counted(&facts.wins), named(&facts.wins));
        section(
            "Connections",
            counted(&facts.connections),
            named(&facts.connections),
        );
        section(
            "Members brought",
            counted(&facts.referrals),
            named(&facts.referrals),
        );
        section(
            "Bonuses of weeks",
            i64::try_from(
                facts
                    .bonuses
                    .iter()
                    .filter(|bonus| bonus.reversed_at.is_none())
                    .count(),
            )
            .unwrap_or(0),
            facts.bonuses.iter().map(FactLine::Bonus).collect(),
        );
        section("Events attended", facts.attended, named(&facts.attendances));
        lines
    }

    pub(super) fn step_facts(&mut self, to: MoveAction, cx: &Context) {
        let (len, height) = (self.fact_lines().len(), self.height(cx));
        self.facts_cursor.step(to, len, height);
        self.facts_cursor.fit(len, height);
    }

    /// What is under the cursor, if it can be taken back.
    ///
    /// # Errors
    /// Why it cannot.
    pub(crate) fn marked(&self) -> Result<Marked<'_>, &'static str> {
        match self.face {
            Face::Facts => match self.fact_lines().get(self.facts_cursor.at) {
                Some(FactLine::Award(award)) => match award {
                    Award {
                        reversed_at: Some(_), ..
                    } => Err("This level was taken back before."),
                    Award {
                        threshold: Some(_), ..
                    } => Err("This level came by what they did; it goes with it."),
                    award => Ok(Marked::Level(award)),
                },
                _ => Err("Only a level given by hand is taken back here."),
            },
            Face::Page | Face::Ledger => {
                let row = self
                    .ledger
                    .get()
                    .and_then(|ledger| ledger.rows.get(self.cursor.at));
                let row = row.ok_or("There is nothing under the cursor.")?;
                match row.transaction_type {
                    _ if row.reversed_by.is_some() => Err("This was taken back before."),
                    LedgerKind::SpecialActivity | LedgerKind::Redemption | LedgerKind::Adjustment => {
                        Ok(Marked::Row(row))
                    }
                    LedgerKind::BadgeAward => {
                        Err("A level given by hand is taken back where the levels stand: v goes there.")
                    }
                    LedgerKind::Reversal => Err("What was taken back stays so; award or adjust instead."),
                    LedgerKind::EventAttendance | LedgerKind::StreakBonus => {
                        Err("Points of an event go back with its check-in.")
                    }
                }
            }
            Face::Chart => Err("There is nothing under the cursor."),
        }
    }

    pub(crate) fn why_not_desk(&self, action: GameDeskAction, cx: &Context) -> Option<String> {
        use GameDeskAction as G;
        match action {
            G::Close | G::Face => None,
            G::KindOn | G::KindBack => matches!(self.face, Face::Chart | Face::Facts)
                .then(|| "The ledger is not on the screen.".to_owned()),
            G::Award | G::Redeem | G::Adjust | G::Grant if self.card.get().is_none() => {
                Some("The profile is not here yet.".to_owned())
            }
            G::Award | G::Redeem | G::Adjust | G::Grant => cx.needs_link("This"),
            G::TakeBack => match self.marked() {
                Err(why) => Some(why.to_owned()),
                Ok(_) => cx.needs_link("This"),
            },
        }
    }

    pub(crate) fn act_desk(&mut self, action: GameDeskAction, cx: &mut Context) {
        use GameDeskAction as G;
        match action {
            G::Close => return cx.wish(Wish::Profile(None)),
            G::Face => return self.turn(cx),
            G::KindOn => return self.only(1, cx),
            G::KindBack => return self.only(LedgerKind::ALL.len(), cx),
            G::Award | G::Redeem | G::Adjust | G::Grant | G::TakeBack => {}
        }
        let Some(card) = self.card.get() else { return };
        match action {
            G::Award => game_desk::award(card, cx),
            G::Redeem => game_desk::redeem(card, cx),
            G::Adjust => game_desk::adjust(card, cx),
            G::Grant => game_desk::grant(card, cx),
            _ => match self.marked() {
                Ok(Marked::Row(row)) => game_desk::take_back_points(card, row, cx),
                Ok(Marked::Level(award)) => game_desk::take_back_level(card, award, cx),
                Err(_) => {}
            },
        }
    }
}
