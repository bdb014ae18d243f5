//! The result that is read from two metres: the big word, and two lines of what it means.

use std::fmt::Write as _;

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::party;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::requests::Want;
use crate::app::screens::check_in::next::Next;
use crate::app::screens::check_in::offline::name_of;
use crate::app::screens::check_in::{Card, CheckIn, is_misread_code};
use crate::app::words;
use crate::domain::Timestamp;
use crate::domain::badge::Earned;
use crate::domain::check_in::{CheckedIn, Outcome};
use crate::domain::passage::{Passage, Undone};
use crate::domain::when;
use crate::ui::Theme;
use crate::ui::overlays::why;
use crate::ui::pen::{self, Pen};
use crate::ui::widgets::big_word::big_word;
use crate::ui::widgets::spinner;

/// The word for somebody who would be let in.
const WEIGHED: &str = "READY";
/// The word for a passage that was taken back.
pub(super) const UNDONE: &str = "TAKEN BACK";
/// The word for an attempt that came to nothing.
pub(crate) const FAILED: &str = "NOT CHECKED IN";

/// Columns between what is said and a key, and between two keys.
const GAP: u16 = 3;

/// Glyph, list style and ground of an outcome.
pub(crate) fn look(theme: &Theme, outcome: Outcome) -> (&'static str, Style, Style) {
    let glyph = match outcome {
        Outcome::Ok => "✓",
        Outcome::Already => "!",
        Outcome::NotIn => "○",
        Outcome::TooEarly => "«",
        Outcome::Over => "»",
        Outcome::Pending => "…",
        Outcome::Waitlisted => "#",
        Outcome::Unpaid => "$",
        Outcome::UnknownCode => "?",
        Outcome::NotRegistered => "+",
        Outcome::Cancelled => "✕",
        Outcome::MemberInactive => "@",
        Outcome::EventInactive => "–",
    };
    let (style, ground) = if outcome == Outcome::Ok {
        (theme.good, theme.good_ground)
    } else if outcome.is_refusal() {
        (theme.bad, theme.bad_ground)
    } else {
        (theme.warn, theme.warn_ground)
    };
    (glyph, style, ground)
}

pub(super) fn word(pen: &mut Pen, state: &CheckIn, cx: &Context, area: Rect) {
    match &state.card {
        Card::Empty => {}
        Card::Sent { nonce, .. } => {
            if cx.requests.is_slow(&Want::CheckIn(*nonce)) {
                let row = Rect::new(area.x, area.y + area.height / 2, area.width, 1);
                pen.put_centred(row, &format!("{} checking…", spinner::picture(cx)), pen.theme.dim);
            }
        }
        Card::Queued { decided, .. } => {
            let (word, ground) = match decided {
                Some(decided) if decided.outcome == Outcome::Ok => {
                    let word = match decided.passage {
                        Passage::Out => "OUT QUEUED",
                        Passage::Back => "BACK QUEUED",
                        _ => "OK QUEUED",
                    };
                    (word, pen.theme.good_ground)
                }
                Some(decided) => (decided.outcome.word(), look(pen.theme, decided.outcome).2),
                None => ("QUEUED", pen.theme.warn_ground),
            };
            big_word(pen, area, word, ground);
        }
        Card::Answered(checked) => {
            let (_, _, ground) = look(pen.theme, checked.outcome);
            big_word(pen, area, checked.word(), ground);
        }
        Card::Weighed(weighed) => match &weighed.evaluation {
            Some(evaluation) => {
                let word = if evaluation.outcome == Outcome::Ok {
                    WEIGHED
                } else {
                    evaluation.outcome.word()
                };
                // Without ground: nothing has been done.
                big_word(pen, area, word, pen.theme.bold);
            }
            None if cx.requests.is_slow(&Want::Evaluate(weighed.presented.clone())) => {
                let row = Rect::new(area.x, area.y + area.height / 2, area.width, 1);
                pen.put_centred(row, &format!("{} looking…", spinner::picture(cx)), pen.theme.dim);
            }
            None => {}
        },
        Card::Party(card) => party::word(pen, card, cx, area),
        Card::Undone(_) => {
            big_word(pen, area, UNDONE, pen.theme.warn_ground);
        }
        Card::Failed { out, .. } => {
            let word = if *out { "NOT CHECKED OUT" } else { FAILED };
            big_word(pen, area, word, pen.theme.bad_ground);
        }
    }
}

pub(super) fn detail(pen: &mut Pen, state: &CheckIn, cx: &Context, area: Rect) {
    let t = pen.theme;
    let whole = area;
    let area = geometry::columns(area, 1, area.width.saturating_sub(2));
    let row = |at: u16| geometry::rows(area, at, 1);
    match &state.card {
        Card::Empty => {}
        Card::Party(card) => party::rows(pen, card, state, cx, whole),
        Card::Sent { label, .. } => {
            pen.put(
                area.x + 3,
                area.y,
                area.width.saturating_sub(3),
                label.as_str(),
                t.text,
            );
        }
        Card::Failed { label, fault, out } => {
            pen.put(area.x, area.y, 1, "✕", t.bad);
            pen.put(
                area.x + 3,
                area.y,
                area.width.saturating_sub(3),
                label.as_str(),
                t.bold,
            );
            let key = if *out { "F4" } else { "Enter" };
            let text = format!("{fault} {key} tries again.");
            pen.put(
                area.x + 3,
                area.y + 1,
                row(1).width.saturating_sub(3),
                &text,
                t.text,
            );
        }
        Card::Weighed(weighed) => {
            let evaluation = weighed.evaluation.as_ref();
            let member = evaluation.and_then(|evaluation| evaluation.member.as_ref());
            let name = member.map_or(&weighed.label, |member| &member.full_name);
            let room = area.width.saturating_sub(3);
            pen.put(area.x + 3, area.y, room, name.as_str(), t.bold);
            if let (Some(evaluation), false) = (evaluation, row(1).is_empty()) {
                let key = match evaluation.outcome {
                    Outcome::Ok => "Enter lets in.",
                    // The roster knows the outcome, and not every rule of it.
                    _ if evaluation.rules.is_empty() => "",
                    _ => "F8 says why.",
                };
                let text = format!("{} {key}", why::verdict(evaluation));
                pen.put(area.x + 3, area.y + 1, room, &text, t.text);
            }
        }
        Card::Undone(undone) => {
            let at = when::clock_seconds(undone.at, cx.zone());
            let from = pen.put_right(area.right(), area.y, 8, &at, t.dim);
            pen.put(area.x, area.y, 1, "!", t.warn);
            let room = from.saturating_sub(area.x + 4);
            pen.put(area.x + 3, area.y, room, undone.member.full_name.as_str(), t.bold);
            if !row(1).is_empty() {
                let room = area.width.saturating_sub(3);
                pen.put(area.x + 3, area.y + 1, room, &taken_back(undone), t.text);
            }
        }
        Card::Queued { label, decided } => {
            let name = name_of(label, decided.as_ref());
            let room = area.width.saturating_sub(3);
            pen.put(area.x, area.y, 1, "◌", t.warn);
            pen.put(area.x + 3, area.y, room, name.as_str(), t.bold);
            let text = queued(decided.as_ref(), state, cx);
            if !row(1).is_empty() {
                let outcome = decided.as_ref().map_or(Outcome::Ok, |decided| decided.outcome);
                let from = next_keys(pen, row(1), &state.next_keys(cx), pen::width(&text), outcome);
                let room = from.map_or(room, |from| from.saturating_sub(area.x + 3 + GAP));
                pen.put(area.x + 3, area.y + 1, room, &text, t.text);
            }
        }
        Card::Answered(checked) => {
            let (glyph, style, _) = look(t, checked.outcome);
            let name = checked.member.as_ref().map_or(&checked.input, |m| &m.full_name);
            let keys = state.next_keys(cx);
            let at = when::clock_seconds(checked.at, cx.zone());
            let from = match keys.first() {
                // One line is all there is: the key is of more use than the time.
                Some(first) if row(1).is_empty() => draw_keys(pen, area, &[*first]),
                _ => pen.put_right(area.right(), area.y, 8, &at, t.dim),
            };
            pen.put(area.x, area.y, 1, glyph, style);
            let room = from.saturating_sub(area.x + 4);
            pen.put(area.x + 3, area.y, room, name.as_str(), t.bold);
            if !row(1).is_empty() {
                let text = told(checked, cx);
                let room = area.width.saturating_sub(3);
                let from = next_keys(pen, row(1), &keys, pen::width(&text), checked.outcome);
                let room = from.map_or(room, |from| from.saturating_sub(area.x + 3 + GAP));
                pen.put(area.x + 3, area.y + 1, room, &text, t.text);
            }
        }
    }
}

/// Names the keys at the right end of a line; answers where they begin. What a check-in brought matters more than how to
/// take it back, which the message line says, too; what else there is to say gives way to the keys.
fn next_keys(pen: &mut Pen, row: Rect, keys: &[Next], text: u16, outcome: Outcome) -> Option<u16> {
    let fits = |many: &usize| keys_width(&keys[..*many]) + GAP + text + 3 <= row.width;
    let many = match (1..=keys.len()).rev().find(fits) {
        Some(many) => many,
        None if outcome == Outcome::Ok => return None,
        None => keys.len().min(1),
    };
    (many > 0).then(|| draw_keys(pen, row, &keys[..many]))
}

pub(super) fn keys_width(keys: &[Next]) -> u16 {
    let each = keys
        .iter()
        .map(|(key, brief)| pen::width(&key.to_string()) + 1 + pen::width(brief));
    each.sum::<u16>() + GAP * u16::try_from(keys.len().saturating_sub(1)).unwrap_or(0)
}

pub(super) fn draw_keys(pen: &mut Pen, row: Rect, keys: &[Next]) -> u16 {
    let from = row.right().saturating_sub(keys_width(keys)).max(row.x);
    let mut x = from;
    for (key, brief) in keys {
        x += pen.put(
            x,
            row.y,
            row.right().saturating_sub(x),
            &key.to_string(),
            pen.theme.accent,
        );
        x += 1;
        x += pen.put(x, row.y, row.right().saturating_sub(x), brief, pen.theme.text);
        x += GAP;
    }
    from
}

/// `18:22, 30 min ago`.
fn since(at: Timestamp, cx: &Context) -> String {
    let clock = when::clock_time(at, cx.zone());
    match when::relative(at, cx.now()) {
        // In the same minute the clock says it all.
        now if now == "now" => clock,
        ago => format!("{clock}, {ago}"),
    }
}

/// The time of the passage before this one.
fn at(checked: &CheckedIn) -> Option<Timestamp> {
    checked.first.as_ref().and_then(|first| first.at)
}

/// What taking somebody back has changed.
pub(super) fn taken_back(undone: &Undone) -> String {
    match undone.passage {
        Passage::Out => "Inside again.".to_owned(),
        Passage::Back => "Out again.".to_owned(),
        _ => {
            // The event's own points are what nothing else is said of.
            let besides: i32 = undone
                .lost
                .iter()
                .filter(|lost| lost.words().is_some())
                .map(Earned::points)
                .sum();
            let points = words::points(undone.points - besides, &undone.lost);
            format!("{points}   {} in all", words::number(undone.total))
        }
    }
}

/// What became of a check-in that the database has not answered, and what that stands on.
fn queued(decided: Option<&CheckedIn>, state: &CheckIn, cx: &Context) -> String {
    let taken = state.roster_taken().map(|at| when::clock_time(at, cx.zone()));
    match (decided, taken) {
        (Some(decided), Some(taken)) if decided.outcome == Outcome::Ok => {
            let way = match decided.passage {
                Passage::Out => "out",
                Passage::Back => "back in",
                _ => "in",
            };
            format!("Queued: let {way} by the roster of {taken}, sent later.")
        }
        (Some(decided), Some(taken)) => {
            format!("Queued: {}, says the roster of {taken}.", decided.outcome.brief())
        }
        _ => "Queued without a roster: you decide. It is sent later.".to_owned(),
    }
}

/// What an outcome means for the person in front of the door. Which keys are useful next stands beside it.
pub(super) fn told(checked: &CheckedIn, cx: &Context) -> String {
    let (zone, now) = (cx.zone(), cx.now());
    match checked.outcome {
        Outcome::Ok if checked.passage == Passage::Out => match at(checked) {
            Some(at) => format!("in since {}", since(at, cx)),
            None => "Out for now.".to_owned(),
        },
        Outcome::Ok if checked.passage == Passage::Back => match at(checked) {
            Some(at) => format!("out since {}", since(at, cx)),
            None => "In again.".to_owned(),
        },
        Outcome::NotIn => match at(checked) {
            Some(at) => format!("out already, since {}", since(at, cx)),
            None => "Was not checked in.".to_owned(),
        },
        Outcome::Ok => {
            let total = words::number(checked.total);
            let mut text = format!(
                "{}   {total} in all",
                words::points(checked.points, &checked.earned)
            );
            if let Some(paid) = checked.paid {
                let _ = write!(text, "   {} paid", cx.currency().show(paid));
            }
            if let Some(due) = checked.due {
                let _ = write!(text, "   {} still due", cx.currency().show(due));
            } else if let Some(overrode) = checked.overrode {
                let _ = write!(text, "   although: {}", overrode.brief());
            }
            if checked.over_capacity {
                text.push_str("   over capacity");
            }
            text
        }
        Outcome::Already => {
            let first = checked.first.as_ref();
            let at = first.and_then(|f| f.at);
            let mut text = match at {
                Some(at) if zone.day(at) == zone.day(now) => {
                    format!("since {}", since(at, cx))
                }
                Some(at) => format!("since {}", when::day_and_time(at, zone, now)),
                None => "checked in before".to_owned(),
            };
            if let Some(device) = first.and_then(|f| f.device.as_ref()) {
                let _ = write!(text, ", at {device}");
            }
            if let Some(operator) = first.and_then(|f| f.operator.as_ref()) {
                let _ = write!(text, ", by {operator}");
            }
            text
        }
        Outcome::TooEarly => match checked.opens_at {
            Some(at) => format!(
                "The door opens {}, {}.",
                when::day_and_time(at, zone, now),
                when::relative(at, now)
            ),
            None => "The door is not open yet.".to_owned(),
        },
        Outcome::Over => match checked.ended_at {
            Some(at) => format!("It ended {}.", when::day_and_time(at, zone, now)),
            None => "The event is over.".to_owned(),
        },
        Outcome::EventInactive => "The event has been cancelled.".to_owned(),
        Outcome::NotRegistered => "Not registered for this event.".to_owned(),
        Outcome::Cancelled => "The registration was cancelled or refused.".to_owned(),
        Outcome::Pending => "The registration waits for approval.".to_owned(),
        Outcome::Waitlisted => "No seat yet: on the waitlist.".to_owned(),
        Outcome::Unpaid => {
            let due = checked.due.unwrap_or_default();
            format!("{} due.", cx.currency().show(due))
        }
        Outcome::MemberInactive => "The account is switched off. An organiser can help.".to_owned(),
        Outcome::UnknownCode if is_misread_code(checked.input.as_str()) => {
            "Misread or mistyped: the last character does not fit.".to_owned()
        }
        Outcome::UnknownCode => "Nobody is known by this.".to_owned(),
    }
}
