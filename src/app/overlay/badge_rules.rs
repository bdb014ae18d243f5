//! The badges: what each of their levels takes and pays. Staff look, administrators change a family in a form, and are shown who
//! would gain what before anything is saved. Nobody ever loses by it.

pub(crate) mod form;

use crate::app::action::{BadgeRulesAction, MoveAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::keymap::{Chain, Key, chains};
use crate::app::overlay::Overlay;
use crate::app::overlay::confirm::Confirm;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::text_field::{Edit, TextField};
use crate::app::words;
use crate::domain::game::{GameAnswer, GameCall};
use crate::domain::game_desk::{BadgeFamily, BadgeLevelDraft, GameRules, RulesOutcome, RulesSaved};
use crate::domain::{Call, Fault, Nonce};

use form::Form;

/// What an answer about the badges' levels is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RulesWant {
    List,
    /// Who would gain by these.
    Look(i32, Vec<BadgeLevelDraft>),
    Save(Nonce),
}

/// The overlay.
#[derive(Debug, Default)]
pub(crate) struct BadgeRules {
    pub(crate) rules: Remote<GameRules>,
    pub(crate) cursor: Cursor,
    /// The form of one family, while it is open.
    pub(crate) form: Option<Form>,
}

impl BadgeRules {
    /// Opens it.
    pub(crate) fn open(cx: &mut Context) {
        let mut list = Self::default();
        list.ask(cx);
        cx.wish(Wish::Open(Box::new(Overlay::BadgeRules(Box::new(list)))));
    }

    pub(crate) fn ask(&mut self, cx: &mut Context) {
        let want = Want::BadgeRules(RulesWant::List);
        cx.fetch(&mut self.rules, want, Lane::Search, Call::Game(GameCall::Rules));
    }

    pub(crate) fn chain(&self) -> Chain {
        if self.form.is_some() {
            chains::BADGE_FORM
        } else {
            chains::BADGE_RULES
        }
    }

    pub(crate) fn is_typing(&self) -> bool {
        self.form.is_some()
    }

    pub(crate) fn families(&self) -> &[BadgeFamily] {
        self.rules.get().map_or(&[], |rules| &rules.badges)
    }

    /// The field that takes what is typed.
    pub(crate) fn field_with_keys(&mut self) -> Option<&mut TextField> {
        self.form.as_mut()?.field()
    }

    pub(crate) fn key(&mut self, key: Key) -> Edit {
        self.edit(|field| field.key(key))
    }

    pub(crate) fn paste(&mut self, raw: &str) -> Edit {
        self.edit(|field| field.paste(raw))
    }

    fn edit(&mut self, edit: impl FnOnce(&mut TextField) -> Edit) -> Edit {
        let Some(form) = &mut self.form else {
            return Edit::Ignored;
        };
        let edit = form.field().map_or(Edit::Ignored, edit);
        if matches!(edit, Edit::Changed | Edit::Cut) {
            form.typed();
        }
        edit
    }

    pub(crate) fn step(&mut self, to: MoveAction) {
        let count = self.families().len();
        self.cursor.step(to, count, count);
    }

    pub(crate) fn act(&mut self, action: BadgeRulesAction, cx: &mut Context) {
        use BadgeRulesAction as A;
        let Some(form) = &mut self.form else {
            match action {
                A::Edit => self.begin(cx),
                A::Close => cx.wish(Wish::Close),
                _ => {}
            }
            return;
        };
        if form.is_sending() && action != A::Close {
            return cx.say(Tone::Plain, "It is being sent.");
        }
        match action {
            A::Go if !form.is_last() => form.go(1),
            A::Go | A::Save => form.save(cx),
            A::Next => form.go(1),
            A::Previous => form.go(-1),
            A::Up => form.go(-2),
            A::Down => form.go(2),
            A::Close if form.is_sending() => {
                cx.wish(Wish::Open(Box::new(Overlay::Confirm(Confirm::close_till()))));
            }
            A::Close if form.leave() => self.form = None,
            A::Edit | A::Close => {}
        }
    }

    fn begin(&mut self, cx: &mut Context) {
        if !cx.is_admin() {
            return cx.say(
                Tone::Plain,
                "Only administrators change what the levels take and pay.",
            );
        }
        if let Some(why) = cx.needs_link("This") {
            return cx.say(Tone::Plain, why);
        }
        self.form = self.families().get(self.cursor.at).map(Form::new);
    }

    pub(crate) fn answered(&mut self, want: RulesWant, result: Result<GameAnswer, Fault>, cx: &mut Context) {
        match (want, result) {
            (RulesWant::List, result) => {
                self.rules.answer(match result {
                    Ok(GameAnswer::Rules(rules)) => Ok(rules),
                    other => Err(other.err().unwrap_or(Fault::Internal)),
                });
                let count = self.families().len();
                self.cursor.fit(count, count);
            }
            (RulesWant::Look(badge, levels), result) => {
                if let Some(form) = self.form.as_mut().filter(|form| form.badge == badge) {
                    form.looked(
                        &levels,
                        match result {
                            Ok(GameAnswer::Preview(preview)) => Ok(preview),
                            other => Err(other.err().unwrap_or(Fault::Internal)),
                        },
                    );
                }
            }
            (RulesWant::Save(nonce), result) => {
                let saved = match result {
                    Ok(GameAnswer::RulesSaved(saved)) => Ok(saved),
                    other => Err(other.err().unwrap_or(Fault::Internal)),
                };
                self.saved(nonce, saved, cx);
            }
        }
    }

    fn saved(&mut self, nonce: Nonce, result: Result<RulesSaved, Fault>, cx: &mut Context) {
        let Some(form) = self.form.as_mut().filter(|form| form.awaits(nonce)) else {
            // The form was left while it was under way.
            if let Ok(saved) = result {
                tell(&saved, cx);
                self.rules = Remote::Here(saved.rules);
            }
            return;
        };
        match result {
            Err(fault) => form.failed(fault),
            Ok(saved) => {
                let now = saved.rules.badges.iter().find(|family| family.id == form.badge);
                match (saved.outcome, now) {
                    (RulesOutcome::Changed, Some(family)) => form.overtaken(family),
                    (RulesOutcome::Changed, None) => form.failed(Fault::Internal),
                    (RulesOutcome::Saved, _) => {
                        self.form = None;
                        tell(&saved, cx);
                    }
                }
                self.rules = Remote::Here(saved.rules);
            }
        }
    }
}

fn tell(saved: &RulesSaved, cx: &mut Context) {
    let text = match (saved.outcome, saved.gained) {
        (RulesOutcome::Changed, _) => {
            return cx.say(
                Tone::Warn,
                "Not saved: somebody else changed these levels meanwhile.",
            );
        }
        (RulesOutcome::Saved, 0) => "Saved. Nobody gained anything by it yet.".to_owned(),
        (RulesOutcome::Saved, 1) => "Saved. One member gained by it.".to_owned(),
        (RulesOutcome::Saved, many) => format!("Saved. {} members gained by it.", words::number(many)),
    };
    cx.say(Tone::Good, text);
}
