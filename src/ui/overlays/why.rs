//! The rules of the door as cells: each with its answer and the value it looked at.

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::why::Why;
use crate::app::requests::Want;
use crate::domain::check_in::Outcome;
use crate::domain::passage::{Evaluation, Passage, Rule};
use crate::domain::when;
use crate::ui::pen::Pen;
use crate::ui::widgets::spinner;

pub(crate) fn draw(pen: &mut Pen, why: &Why, cx: &Context) {
    let area = geometry::centred(cx.setup.size, (72, 16));
    let inner = pen.boxed(area, "Why?");
    let t = pen.theme;
    if inner.is_empty() {
        return;
    }
    let name = why
        .evaluation
        .get()
        .and_then(|evaluation| evaluation.member.as_ref())
        .map_or(&why.label, |member| &member.full_name);
    pen.put(inner.x, inner.y, inner.width, name.as_str(), t.bold);
    let want = Want::Why(why.presented.clone());
    if spinner::instead(pen, geometry::rows(inner, 1, 1), &why.evaluation, &want, cx) {
        return;
    }
    let Some(evaluation) = why.evaluation.get() else {
        return;
    };
    pen.put(inner.x, inner.y + 1, inner.width, &verdict(evaluation), t.text);
    // The first that fails decides; the others are shown as they stand.
    let decides = evaluation
        .rules
        .iter()
        .position(|rule| rule.passed == Some(false));
    for ((at, rule), y) in evaluation
        .rules
        .iter()
        .enumerate()
        .zip(inner.y + 3..inner.bottom())
    {
        let (glyph, style) = match rule.passed {
            Some(true) => ("✓", t.good),
            Some(false) if decides == Some(at) => ("✕", t.bad),
            Some(false) => ("✕", t.warn),
            None => ("·", t.dim),
        };
        pen.put(inner.x, y, 1, glyph, style);
        let text = if rule.passed.is_none() { t.dim } else { t.text };
        pen.put(inner.x + 2, y, 34, asked(rule.rule), text);
        let room = inner.width.saturating_sub(37);
        pen.put(inner.x + 37, y, room, &value(rule, cx), t.dim);
    }
    let right = area.right().saturating_sub(2);
    let foot = area.bottom().saturating_sub(1);
    pen.put_right(right, foot, area.width, " Esc closes ", t.dim);
}

/// What would come of it, in a sentence.
pub(crate) fn verdict(evaluation: &Evaluation) -> String {
    match (evaluation.outcome, evaluation.passage) {
        (Outcome::Ok, Passage::Back) => "Would be let back in.".to_owned(),
        (Outcome::Ok, _) => "Would be checked in.".to_owned(),
        (outcome, _) => format!("Would be refused: {}.", outcome.brief()),
    }
}

/// What a rule asks for, so that its pass reads as a yes.
fn asked(rule: Outcome) -> &'static str {
    match rule {
        Outcome::UnknownCode => "is a member",
        Outcome::MemberInactive => "has an active account",
        Outcome::EventInactive => "the event takes place",
        Outcome::Already => "is not in already",
        Outcome::NotRegistered => "is registered",
        Outcome::Cancelled => "has not cancelled, was not refused",
        Outcome::Pending => "is approved",
        Outcome::Waitlisted => "holds a seat",
        Outcome::TooEarly => "the door is open",
        Outcome::Over => "the event is not over",
        Outcome::NotIn => "is inside",
        Outcome::Ok => "may come in",
    }
}

fn value(rule: &Rule, cx: &Context) -> String {
    let (zone, now) = (cx.zone(), cx.now());
    let at = rule.at.map(|at| when::day_and_time(at, zone, now));
    let text = rule.text.as_ref().map(ToString::to_string);
    match (rule.rule, at, text) {
        (Outcome::Already, Some(at), Some(text)) if rule.passed == Some(true) => format!("{text} since {at}"),
        (Outcome::Already, Some(at), Some(text)) => format!("since {at}, {text}"),
        (Outcome::Already | Outcome::NotRegistered, Some(at), _) => format!("since {at}"),
        (Outcome::TooEarly, Some(at), _) => format!("opens {at}"),
        (Outcome::Over, Some(at), _) => format!("ends {at}"),
        (_, Some(at), _) => at,
        (_, None, text) => text.unwrap_or_default(),
    }
}
