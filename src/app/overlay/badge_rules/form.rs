//! The form of one badge's levels: what each takes, and what it pays. The first time it is sent it only asks who would gain;
//! the second time, unchanged, it is saved.

use crate::app::context::Context;
use crate::app::effect::Lane;
use crate::app::requests::Want;
use crate::app::text_field::TextField;
use crate::app::words;
use crate::domain::badge::Rule;
use crate::domain::game::GameCall;
use crate::domain::game_desk::{BadgeFamily, BadgeLevelDraft, GainPreview};
use crate::domain::{Call, Fault, Nonce, SafeText};

use super::RulesWant;

/// Figures of at most six digits.
const DIGITS: usize = 6;

/// See the module.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) badge: i32,
    pub(crate) name: SafeText,
    /// What it counts.
    pub(crate) rule: Option<Rule>,
    /// `Bronze` … `Diamond`.
    pub(crate) levels: Vec<SafeText>,
    /// The levels as they were when the form opened, or as somebody else has set them since.
    pub(crate) seen: Vec<BadgeLevelDraft>,
    /// What each level takes and pays, one after the other.
    pub(crate) fields: Vec<TextField>,
    pub(crate) focus: usize,
    /// What is wrong with which field.
    pub(crate) wrong: Option<(usize, SafeText)>,
    /// What concerns the whole.
    pub(crate) message: Option<SafeText>,
    /// Who would gain by the levels as they are typed.
    pub(crate) preview: Option<GainPreview>,
    /// The levels of which it is asked who would gain.
    looking: Option<Vec<BadgeLevelDraft>>,
    sent: Option<(Nonce, Vec<BadgeLevelDraft>)>,
    /// Sent and not answered over a broken link: sent again unchanged, it is the same press.
    broken: Option<(Nonce, Vec<BadgeLevelDraft>)>,
    /// Left once although something was typed: the next time it goes.
    leaving: bool,
}

impl Form {
    pub(crate) fn new(family: &BadgeFamily) -> Self {
        let figures = family
            .levels
            .iter()
            .flat_map(|level| [level.threshold.to_string(), level.points.to_string()]);
        Self {
            badge: family.id,
            name: family.name.clone(),
            rule: family.rule,
            levels: family.levels.iter().map(|level| level.name.clone()).collect(),
            seen: drafts(family),
            fields: figures
                .map(|figure| {
                    let mut field = TextField::new(DIGITS).with(&figure);
                    field.replace_next(true);
                    field
                })
                .collect(),
            focus: 0,
            wrong: None,
            message: None,
            preview: None,
            looking: None,
            sent: None,
            broken: None,
            leaving: false,
        }
    }

    pub(crate) fn is_sending(&self) -> bool {
        self.sent.is_some()
    }

    pub(crate) fn is_looking(&self) -> bool {
        self.looking.is_some()
    }

    pub(crate) fn awaits(&self, nonce: Nonce) -> bool {
        self.sent.as_ref().is_some_and(|(sent, _)| *sent == nonce)
    }

    pub(crate) fn is_last(&self) -> bool {
        self.focus + 1 >= self.fields.len()
    }

    pub(crate) fn field(&mut self) -> Option<&mut TextField> {
        if self.is_sending() {
            return None;
        }
        self.fields.get_mut(self.focus)
    }

    /// Something was typed: what was said of it before is no longer so.
    pub(super) fn typed(&mut self) {
        self.wrong = None;
        self.message = None;
        self.preview = None;
        self.looking = None;
        self.leaving = false;
    }

    /// Goes on by so many fields, around the ends.
    pub(super) fn go(&mut self, by: isize) {
        let count = self.fields.len().max(1);
        self.focus = (self.focus + count).saturating_add_signed(by) % count;
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.replace_next(true);
        }
    }

    /// Whether the form may go: at once when nothing was typed, else the second time.
    pub(super) fn leave(&mut self) -> bool {
        let untouched = self.read().is_ok_and(|levels| levels == self.seen);
        if untouched || self.leaving {
            return true;
        }
        self.leaving = true;
        self.message = Some("What was typed is not saved. Esc again leaves it.".into());
        false
    }

    /// The levels as they are typed; the rules for them are the database's (`pine.read_levels`).
    ///
    /// # Errors
    /// The first field that will not do, and why.
    fn read(&self) -> Result<Vec<BadgeLevelDraft>, (usize, SafeText)> {
        let mut levels: Vec<BadgeLevelDraft> = Vec::new();
        for (at, pair) in self.fields.chunks(2).enumerate() {
            let number = |field: Option<&TextField>| {
                let typed = field.map_or("", |field| field.text().trim());
                let digits = typed.bytes().all(|byte| byte.is_ascii_digit());
                typed.parse::<i32>().ok().filter(|_| digits)
            };
            let before = levels.last().map_or(0, |level| level.threshold);
            let threshold = number(pair.first()).map(i64::from);
            let Some(threshold) = threshold.filter(|threshold| *threshold > before) else {
                let why = if at == 0 {
                    "A whole number, 1 or more."
                } else {
                    "More than the one before."
                };
                return Err((2 * at, why.into()));
            };
            let Some(points) = number(pair.get(1)) else {
                return Err((2 * at + 1, "A whole number, 0 or more.".into()));
            };
            levels.push(BadgeLevelDraft { threshold, points });
        }
        Ok(levels)
    }

    fn mark(&mut self, at: usize, why: SafeText) {
        self.focus = at.min(self.fields.len().saturating_sub(1));
        self.wrong = Some((self.focus, why));
    }

    /// Asks who would gain; when that is on the screen already, saves.
    pub(super) fn save(&mut self, cx: &mut Context) {
        self.message = None;
        self.leaving = false;
        let levels = match self.read() {
            Ok(levels) => levels,
            Err((at, why)) => return self.mark(at, why),
        };
        if let Some(why) = cx.needs_link("This") {
            self.message = Some(why.into());
            return;
        }
        if levels == self.seen {
            self.message = Some("Nothing is changed.".into());
            return;
        }
        if self.preview.is_none() {
            self.looking = Some(levels.clone());
            let want = Want::BadgeRules(RulesWant::Look(self.badge, levels.clone()));
            let call = GameCall::Preview {
                badge: self.badge,
                levels,
            };
            cx.ask_and_wait(want, Lane::Search, Call::Game(call));
            return;
        }
        let nonce = match self.broken.take() {
            Some((nonce, same)) if same == levels => nonce,
            _ => cx.nonce(),
        };
        let call = GameCall::SetLevels {
            nonce,
            badge: self.badge,
            seen: self.seen.clone(),
            levels: levels.clone(),
        };
        cx.ask_and_wait(
            Want::BadgeRules(RulesWant::Save(nonce)),
            Lane::Write,
            Call::Game(call),
        );
        self.sent = Some((nonce, levels));
    }

    /// Who would gain by these levels; of others than are typed by now it is nobody's.
    pub(super) fn looked(&mut self, levels: &[BadgeLevelDraft], result: Result<GainPreview, Fault>) {
        if self.looking.as_deref() != Some(levels) {
            return;
        }
        self.looking = None;
        match result {
            Ok(preview) => self.preview = Some(preview),
            Err(fault) => self.refused(fault),
        }
    }

    /// It was not saved.
    pub(super) fn failed(&mut self, fault: Fault) {
        let sent = self.sent.take();
        if fault.is_link() {
            self.broken = sent;
        }
        self.refused(fault);
    }

    fn refused(&mut self, fault: Fault) {
        match fault {
            Fault::Invalid { field, why } => {
                let level = |name: &str| {
                    let number: usize = field.strip_prefix(name)?.parse().ok()?;
                    number.checked_sub(1)
                };
                match (level("threshold_"), level("points_")) {
                    (Some(level), _) => self.mark(2 * level, why),
                    (None, Some(level)) => self.mark(2 * level + 1, why),
                    (None, None) => self.message = Some(why),
                }
            }
            fault => self.message = Some(format!("Nothing was done. {fault}").into()),
        }
    }

    /// Somebody else has saved other levels meanwhile: they are told, and what was typed stays.
    pub(super) fn overtaken(&mut self, family: &BadgeFamily) {
        self.sent = None;
        self.preview = None;
        self.seen = drafts(family);
        let figures = |of: fn(&BadgeLevelDraft) -> i64| {
            let figures: Vec<String> = self.seen.iter().map(|level| words::number(of(level))).collect();
            figures.join(" ")
        };
        let text = format!(
            "Somebody else changed it: it takes {} and pays {} now. Ctrl+S looks again.",
            figures(|level| level.threshold),
            figures(|level| level.points.into())
        );
        self.message = Some(text.into());
    }
}

fn drafts(family: &BadgeFamily) -> Vec<BadgeLevelDraft> {
    family
        .levels
        .iter()
        .map(crate::domain::game_desk::BadgeLevel::draft)
        .collect()
}
