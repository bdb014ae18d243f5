//! What a member's levels stand on as cells, for staff: the levels with their days, and every fact by name.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::screens::profile::visit::FactLine;
use crate::app::screens::profile::{Profile, ProfileWant};
use crate::app::words;
use crate::domain::Timestamp;
use crate::domain::game_desk::{Award, Fact};
use crate::domain::when;
use crate::ui::pen::Pen;
use crate::ui::widgets::spinner;

/// Columns of a day.
const DAY: u16 = 17;
/// Columns of a level's, an event's or a member's name.
const NAME: u16 = 28;

pub(super) fn draw(pen: &mut Pen, state: &Profile, areas: &geometry::Profile, cx: &Context) {
    let t = pen.theme;
    let title = areas.title;
    pen.put(title.x, title.y, title.width, "What the levels stand on", t.bold);
    let list = areas.ledger;
    let first = Rect {
        height: 1.min(list.height),
        ..list
    };
    if spinner::instead(pen, first, &state.facts, &state.want(ProfileWant::Facts), cx) {
        return;
    }
    let lines = state.fact_lines();
    let position = format!("{}/{}", state.facts_cursor.at + 1, lines.len());
    pen.put_right(title.right(), title.y, 20, &position, t.dim);
    let rows = lines.iter().enumerate().skip(state.facts_cursor.top);
    for (y, (at, line)) in (list.top()..list.bottom()).zip(rows) {
        let row = Rect::new(list.x, y, list.width, 1);
        draw_line(pen, row, *line, cx);
        if at == state.facts_cursor.at {
            pen.tint(row, t.selection);
        }
    }
}

fn draw_line(pen: &mut Pen, row: Rect, line: FactLine<'_>, cx: &Context) {
    let t = pen.theme;
    match line {
        FactLine::Heading(title, count) => {
            let count = words::number(count);
            pen.pieces(
                row,
                &[(" ", t.dim), (title, t.bold), ("  ", t.dim), (&count, t.accent)],
            );
        }
        FactLine::None => {
            pen.put(row.x + 3, row.y, row.width.saturating_sub(3), "none", t.dim);
        }
        FactLine::Award(award) => level(pen, row, award, cx),
        FactLine::Type(fact) => {
            let events = fact.count.unwrap_or(0);
            let text = format!(
                "{} event{}",
                words::number(events),
                if events == 1 { "" } else { "s" }
            );
            let last = fact
                .at
                .map_or_else(String::new, |at| format!(", last {}", day(at, cx)));
            let x = row.x + 3;
            pen.put(x, row.y, DAY + NAME, fact.name.as_str(), t.text);
            let x = x + DAY + NAME + 2;
            pen.put(x, row.y, row.right().saturating_sub(x), &(text + &last), t.dim);
        }
        FactLine::Fact(fact) => named(pen, row, fact, cx),
        FactLine::Bonus(bonus) => {
            let when = when::short_day(bonus.monday, cx.today());
            pen.put(row.x + 3, row.y, DAY, &when, t.dim);
            let text = format!("week {}", bonus.weeks);
            let points = words::signed(i64::from(bonus.points));
            let x = row.x + 3 + DAY;
            let x = x + pen.put(x, row.y, 12, &text, t.text) + 2;
            let style = if bonus.reversed_at.is_some() {
                t.dim
            } else {
                t.good
            };
            let x = x + pen.put(x, row.y, 8, &points, style) + 2;
            if bonus.reversed_at.is_some() {
                pen.put(x, row.y, row.right().saturating_sub(x), "taken back", t.dim);
            }
        }
    }
}

fn day(at: Timestamp, cx: &Context) -> String {
    when::short_day(cx.zone().day(at), cx.today())
}

/// `Fri 20 Nov  Event Explorer Gold  for 4`, or by whose hand, and why.
fn level(pen: &mut Pen, row: Rect, award: &Award, cx: &Context) {
    let t = pen.theme;
    pen.put(row.x + 3, row.y, DAY, &day(award.earned_date, cx), t.dim);
    let name = match &award.level_name {
        Some(name) => format!("{} {name}", award.badge),
        None => format!("{}, level {}", award.badge, award.level),
    };
    let how = match (&award.threshold, &award.awarded_by, &award.reason) {
        (Some(threshold), ..) => format!("for {}", words::number(*threshold)),
        (None, Some(by), Some(why)) => format!("by hand: {by}, {why}"),
        (None, Some(by), None) => format!("by hand: {by}"),
        (None, None, Some(why)) => format!("by hand: {why}"),
        (None, None, None) => "by hand".to_owned(),
    };
    let how = match award.reversed_at {
        Some(at) => format!("taken back {}; was {how}", day(at, cx)),
        None => how,
    };
    let style = if award.reversed_at.is_some() {
        t.dim
    } else {
        t.text
    };
    let x = row.x + 3 + DAY;
    pen.put(x, row.y, NAME, &name, style);
    let x = x + NAME + 2;
    pen.put(x, row.y, row.right().saturating_sub(x), &how, t.dim);
}

/// An event, or a member; what does not count says so.
fn named(pen: &mut Pen, row: Rect, fact: &Fact, cx: &Context) {
    let t = pen.theme;
    if let Some(at) = fact.at {
        pen.put(row.x + 3, row.y, DAY, &day(at, cx), t.dim);
    }
    let style = if fact.counts { t.text } else { t.dim };
    let x = row.x + 3 + DAY;
    pen.put(x, row.y, NAME, fact.name.as_str(), style);
    let x = x + NAME + 2;
    let about = fact.about.as_ref().map_or("", |about| about.as_str());
    let about = match (fact.counts, about) {
        (true, about) => about.to_owned(),
        (false, "") => "does not count yet".to_owned(),
        (false, about) => format!("does not count: {about}"),
    };
    pen.put(x, row.y, row.right().saturating_sub(x), &about, t.dim);
}
