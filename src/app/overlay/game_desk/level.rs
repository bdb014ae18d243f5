//! A badge's level by hand: given, and taken back.

use crate::app::context::{Context, Tone, Wish};
use crate::app::overlay::sheet::{Field, Fields, Purpose, Sheet, Wrong};
use crate::app::words;
use crate::domain::badge::{BadgeLine, GameCard};
use crate::domain::game::{GameAnswer, GameCall};
use crate::domain::game_desk::{Award, GrantOutcome, LevelTaken};
use crate::domain::ledger::LEVELS;
use crate::domain::member::MemberId;
use crate::domain::{Answer, Call, Nonce, SafeText, when};

use super::{internal, reason, told};

/// A level is given by hand.
#[derive(Debug)]
struct Grant {
    member: MemberId,
    name: SafeText,
    badges: Vec<BadgeLine>,
}

/// Opens the sheet that gives a level.
pub(crate) fn grant(card: &GameCard, cx: &mut Context) {
    let names = card.badges.iter().map(|badge| badge.name.to_string()).collect();
    let first = card.badges.first().map_or(0, lowest);
    let fields = vec![
        Field::choice("badge", "Badge", names),
        Field::choice("level", "Level", LEVELS.map(str::to_owned).into())
            .with(LEVELS.get(first).copied().unwrap_or_default()),
        reason("what they did for it; it is kept with the level"),
    ];
    let purpose = Grant {
        member: card.user_id,
        name: card.full_name.clone(),
        badges: card.badges.clone(),
    };
    Sheet::new(purpose, fields).open(cx);
}

/// The lowest level that does not stand, counted from none; the top where all do.
fn lowest(badge: &BadgeLine) -> usize {
    let stands = |level: usize| {
        badge
            .dates
            .iter()
            .any(|date| usize::try_from(date.level) == Ok(level))
    };
    (1..LEVELS.len())
        .find(|level| !stands(*level))
        .unwrap_or(LEVELS.len())
        - 1
}

/// The number of a level, from the first on.
fn level(fields: &Fields) -> i32 {
    i32::try_from(fields.at("level") + 1).unwrap_or(1)
}

impl Purpose for Grant {
    fn title(&self) -> String {
        format!("Give a badge: {}", self.name)
    }

    fn about(&self, _cx: &Context) -> Vec<String> {
        vec!["It stays whatever the facts say, and pays its points.".to_owned()]
    }

    fn turned(&self, key: &str, fields: &mut Fields) {
        if key == "badge"
            && let Some(badge) = self.badges.get(fields.at(key))
        {
            fields.put("level", lowest(badge));
        }
    }

    fn note(&self, key: &str, fields: &Fields, cx: &Context) -> Option<(Tone, String)> {
        let badge = self.badges.get(fields.at("badge"))?;
        let level = level(fields);
        match key {
            "badge" => Some((
                Tone::Plain,
                match (&badge.level_name, badge.distance()) {
                    (Some(name), Some(left)) => format!("they have {name}; {left}"),
                    (Some(name), None) => format!("they have {name}"),
                    (None, Some(left)) => left,
                    (None, None) => badge.description.to_string(),
                },
            )),
            "level" => {
                let standing = badge.dates.iter().find(|date| date.level == level);
                if let Some(date) = standing {
                    let day = when::short_day(cx.zone().day(date.earned_date), cx.today());
                    return Some((Tone::Warn, format!("they have it since {day}")));
                }
                let next = badge.next.as_ref().filter(|next| next.level == level)?;
                Some((Tone::Plain, format!("pays {}", words::number(next.points.into()))))
            }
            _ => None,
        }
    }

    fn call(&self, fields: &Fields, nonce: Nonce, _cx: &Context) -> Result<Call, Vec<Wrong>> {
        let badge = self
            .badges
            .get(fields.at("badge"))
            .ok_or_else(|| vec![("badge", "There is no badge.".into())])?;
        let level = level(fields);
        if badge.dates.iter().any(|date| date.level == level) {
            return Err(vec![("level", "They have this level already.".into())]);
        }
        Ok(Call::Game(GameCall::Grant {
            nonce,
            member: self.member,
            badge: badge.id,
            level,
            reason: fields.value("reason").to_owned(),
        }))
    }

    fn done(&mut self, answer: Answer, fields: &Fields, cx: &mut Context) -> Result<(), Wrong> {
        let Answer::Game(GameAnswer::Granted(granted)) = answer else {
            return Err(internal());
        };
        if granted.outcome == GrantOutcome::Already {
            cx.wish(Wish::Refresh);
            return Err(("level", "They have this level already.".into()));
        }
        let points = granted.earned.map_or(0, |earned| earned.points());
        let text = format!(
            "{}: {} {}, {} points.",
            self.name,
            fields.value("badge"),
            fields.value("level"),
            words::signed(points.into())
        );
        cx.say(Tone::Good, text);
        cx.wish(Wish::Refresh);
        Ok(())
    }
}

/// A level that was given by hand is taken back.
#[derive(Debug)]
struct TakeBackLevel {
    name: SafeText,
    award: i64,
    level: String,
    about: Vec<String>,
}

/// Opens the sheet that takes a level back.
pub(crate) fn take_back_level(card: &GameCard, award: &Award, cx: &mut Context) {
    let level = match &award.level_name {
        Some(name) => format!("{} {name}", award.badge),
        None => format!("{}, level {}", award.badge, award.level),
    };
    let day = when::short_day(cx.zone().day(award.earned_date), cx.today());
    let by = award
        .awarded_by
        .as_ref()
        .map_or_else(|| day.clone(), |by| format!("by {by}, {day}"));
    let mut about = vec![level.clone(), by];
    if let Some(why) = &award.reason {
        about.push(format!("for: {why}"));
    }
    about.push("What it paid goes with it.".to_owned());
    let purpose = TakeBackLevel {
        name: card.full_name.clone(),
        award: award.id,
        level,
        about,
    };
    Sheet::new(
        purpose,
        vec![reason("why it is taken back; it is kept in the log")],
    )
    .open(cx);
}

impl Purpose for TakeBackLevel {
    fn title(&self) -> String {
        format!("Take a level back: {}", self.name)
    }

    fn about(&self, _cx: &Context) -> Vec<String> {
        self.about.clone()
    }

    fn call(&self, fields: &Fields, nonce: Nonce, _cx: &Context) -> Result<Call, Vec<Wrong>> {
        Ok(Call::Game(GameCall::TakeBackLevel {
            nonce,
            award: self.award,
            reason: fields.value("reason").to_owned(),
        }))
    }

    fn done(&mut self, answer: Answer, _fields: &Fields, cx: &mut Context) -> Result<(), Wrong> {
        let Answer::Game(GameAnswer::LevelTaken(LevelTaken { points, again })) = answer else {
            return Err(internal());
        };
        if again {
            let text = format!("{}: {} came again by what they did.", self.name, self.level);
            cx.say(Tone::Good, text);
            cx.wish(Wish::Refresh);
            return Ok(());
        }
        told(&self.name, &points, "", cx)
    }
}
