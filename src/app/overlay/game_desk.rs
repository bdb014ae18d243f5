//! What sheets on another member's profile are for: giving, spending and correcting points, giving a badge's level by hand, and
//! taking such things back. Each says what for, and the answer is told where the member's figures are.

use crate::app::context::{Context, Tone, Wish};
use crate::app::overlay::sheet::{Field, Fields, Purpose, Sheet, Wrong};
use crate::app::words;
use crate::domain::admission::MAX_REASON;
use crate::domain::badge::{BadgeLine, GameCard};
use crate::domain::game::{GameAnswer, GameCall};
use crate::domain::game_desk::{Award, GrantOutcome, LevelTaken, PointsChange, PointsChanged, PointsOutcome};
use crate::domain::ledger::{LEVELS, PointsRow};
use crate::domain::member::MemberId;
use crate::domain::{Answer, Call, Fault, Nonce, SafeText, when};

/// A sign, a million and blanks.
const MAX_POINTS: usize = 12;
/// The most that one change moves.
const MOST_POINTS: i32 = 1_000_000;

fn reason(hint: &'static str) -> Field {
    Field::line("reason", "What for", MAX_REASON).needed().hint(hint)
}

fn internal() -> Wrong {
    ("", Fault::Internal.to_string().into())
}

/// `+40 points, 380 to spend`.
fn stands(points: i32, spendable: i64) -> String {
    let unit = if points.abs() == 1 { "point" } else { "points" };
    format!(
        "{} {unit}, {} to spend",
        words::signed(i64::from(points)),
        words::number(spendable)
    )
}

fn too_little(spendable: i64) -> SafeText {
    match spendable {
        ..=0 => "There is nothing to spend.".into(),
        some => format!("Only {} are to spend.", words::number(some)).into(),
    }
}

// ---- points ----

/// Which way points go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Award,
    Redeem,
    Adjust,
}

/// Points are given, spent or corrected.
#[derive(Debug)]
struct Change {
    way: Way,
    member: MemberId,
    name: SafeText,
    spendable: i64,
}

fn change(way: Way, card: &GameCard, cx: &mut Context) {
    let (points, what_for) = match way {
        Way::Award => (
            "1 or more",
            "a special activity; it stands in the member's ledger",
        ),
        Way::Redeem => (
            "1 or more, and no more than there are",
            "what they get for them; it stands in the member's ledger",
        ),
        Way::Adjust => (
            "+15 gives, -15 takes",
            "what was wrong; it stands in the member's ledger",
        ),
    };
    let fields = vec![
        Field::line("points", "Points", MAX_POINTS).needed().hint(points),
        reason(what_for),
    ];
    let purpose = Change {
        way,
        member: card.user_id,
        name: card.full_name.clone(),
        spendable: card.spendable,
    };
    Sheet::new(purpose, fields).open(cx);
}

/// Opens the sheet that gives points for a special activity.
pub(crate) fn award(card: &GameCard, cx: &mut Context) {
    change(Way::Award, card, cx);
}

/// Opens the sheet that spends points.
pub(crate) fn redeem(card: &GameCard, cx: &mut Context) {
    change(Way::Redeem, card, cx);
}

/// Opens the sheet that corrects points.
pub(crate) fn adjust(card: &GameCard, cx: &mut Context) {
    change(Way::Adjust, card, cx);
}

impl Change {
    /// The points that are typed, with their sign.
    fn points(&self, typed: &str) -> Result<i32, SafeText> {
        let typed: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && *c != ',')
            .collect();
        let number = typed.replace('−', "-").parse::<i32>();
        let in_range = |points: &i32| points.unsigned_abs() <= MOST_POINTS.unsigned_abs();
        match (self.way, number.ok().filter(in_range)) {
            (Way::Adjust, Some(0) | None) => {
                Err("Points are a whole number, not 0 and at most a million.".into())
            }
            (Way::Adjust, Some(points)) => Ok(points),
            (_, Some(points)) if points > 0 => Ok(points),
            _ => Err("Points are a whole number, 1 or more and at most a million.".into()),
        }
    }

    /// What the balance would be.
    fn after(&self, points: i32) -> i64 {
        let points = i64::from(points);
        match self.way {
            Way::Redeem => self.spendable - points,
            Way::Award | Way::Adjust => self.spendable + points,
        }
    }
}

impl Purpose for Change {
    fn title(&self) -> String {
        let what = match self.way {
            Way::Award => "Award points",
            Way::Redeem => "Redeem points",
            Way::Adjust => "Adjust points",
        };
        format!("{what}: {}", self.name)
    }

    fn about(&self, _cx: &Context) -> Vec<String> {
        vec![format!("{} to spend.", words::number(self.spendable))]
    }

    fn note(&self, key: &str, fields: &Fields, _cx: &Context) -> Option<(Tone, String)> {
        let points = self
            .points(fields.value("points"))
            .ok()
            .filter(|_| key == "points")?;
        let after = self.after(points);
        Some(if after < 0 && (self.way == Way::Redeem || points < 0) {
            (Tone::Warn, too_little(self.spendable).to_string())
        } else {
            (Tone::Plain, format!("then {} are to spend", words::number(after)))
        })
    }

    fn call(&self, fields: &Fields, nonce: Nonce, _cx: &Context) -> Result<Call, Vec<Wrong>> {
        let points = self
            .points(fields.value("points"))
            .map_err(|why| vec![("points", why)])?;
        let reason = fields.value("reason").to_owned();
        let change = match self.way {
            Way::Award => PointsChange::Award { points, reason },
            Way::Redeem => PointsChange::Redeem { points, reason },
            Way::Adjust => PointsChange::Adjust { points, reason },
        };
        Ok(Call::Game(GameCall::ChangePoints {
            nonce,
            member: self.member,
            change,
        }))
    }

    fn done(&mut self, answer: Answer, _fields: &Fields, cx: &mut Context) -> Result<(), Wrong> {
        let Answer::Game(GameAnswer::Points(changed)) = answer else {
            return Err(internal());
        };
        // Somebody else may have spent some since the sheet opened.
        self.spendable = changed.spendable;
        told(&self.name, &changed, "points", cx)
    }
}

/// Says what became of points; the figures are asked for again.
fn told(
    name: &SafeText,
    changed: &PointsChanged,
    field: &'static str,
    cx: &mut Context,
) -> Result<(), Wrong> {
    match changed.outcome {
        PointsOutcome::TooLittle => return Err((field, too_little(changed.spendable))),
        PointsOutcome::Already => cx.say(Tone::Plain, format!("{name}: that was taken back before.")),
        PointsOutcome::Done => {
            let text = format!("{name}: {}.", stands(changed.points, changed.spendable));
            cx.say(Tone::Good, text);
        }
    }
    cx.wish(Wish::Refresh);
    Ok(())
}

// ---- a row of the ledger ----

/// A row that staff wrote is taken back.
#[derive(Debug)]
struct TakeBackPoints {
    name: SafeText,
    transaction: i32,
    about: Vec<String>,
}

/// Opens the sheet that takes a row of the ledger back.
pub(crate) fn take_back_points(card: &GameCard, row: &PointsRow, cx: &mut Context) {
    let mut about = vec![format!(
        "{} points: {}",
        words::signed(i64::from(row.points)),
        row.description
    )];
    if let (Some(by), Some(at)) = (&row.awarded_by, row.transaction_date) {
        let day = when::short_day(cx.zone().day(at), cx.today());
        about.push(format!("by {by}, {day}"));
    }
    let purpose = TakeBackPoints {
        name: card.full_name.clone(),
        transaction: row.id,
        about,
    };
    Sheet::new(
        purpose,
        vec![reason("why it is taken back; it is kept in the log")],
    )
    .open(cx);
}

impl Purpose for TakeBackPoints {
    fn title(&self) -> String {
        format!("Take back: {}", self.name)
    }

    fn about(&self, _cx: &Context) -> Vec<String> {
        self.about.clone()
    }

    fn call(&self, fields: &Fields, nonce: Nonce, _cx: &Context) -> Result<Call, Vec<Wrong>> {
        Ok(Call::Game(GameCall::TakeBackPoints {
            nonce,
            transaction: self.transaction,
            reason: fields.value("reason").to_owned(),
        }))
    }

    fn done(&mut self, answer: Answer, _fields: &Fields, cx: &mut Context) -> Result<(), Wrong> {
        let Answer::Game(GameAnswer::Points(changed)) = answer else {
            return Err(internal());
        };
        told(&self.name, &changed, "", cx)
    }
}

// ---- a level ----

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
    let fields = vec![
        Field::choice("badge", "Badge", names),
        Field::choice("level", "Level", LEVELS.map(str::to_owned).into()),
        reason("what they did for it; it is kept with the level"),
    ];
    let purpose = Grant {
        member: card.user_id,
        name: card.full_name.clone(),
        badges: card.badges.clone(),
    };
    Sheet::new(purpose, fields).open(cx);
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
