//! The profile as cells: points and streak, a year of weeks, badges with the way to the next level, and below them the
//! ledger, or points over time. What the levels stand on is in [`facts`].

mod facts;

use chrono::Datelike;
use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::screens::profile::{Face, Profile, ProfileWant};
use crate::app::words;
use crate::domain::badge::{BadgeLine, GameCard, StreakState, Week};
use crate::domain::ledger::{PointsRow, WeekPoints};
use crate::domain::when;
use crate::ui::pen::Pen;
use crate::ui::widgets::bar::bar;
use crate::ui::widgets::sparkline::sparkline;
use crate::ui::widgets::spinner;

/// Columns of a badge's name.
const NAME: u16 = 20;
/// Before another member's name.
const PROFILE_OF: &str = "Profile of ";
/// Levels of a family.
const LEVELS: usize = 5;

pub(crate) fn draw(pen: &mut Pen, model: &Model, state: &Profile) {
    let cx = &model.cx;
    let t = pen.theme;
    let areas = geometry::profile(cx.setup.size, state.face);
    let want = state.want(ProfileWant::Card);
    if let (Some(visit), None) = (&state.of, state.card.get()) {
        let name = visit.who.full_name.as_str();
        let x = pen.pieces(
            areas.head,
            &[(PROFILE_OF, t.accent), (name, t.bold), ("  ", t.dim)],
        );
        let room = areas.head.right().saturating_sub(x);
        spinner::instead(
            pen,
            geometry::columns(areas.head, x - areas.head.x, room),
            &state.card,
            &want,
            cx,
        );
    } else if !spinner::instead(pen, areas.head, &state.card, &want, cx)
        && let Some(card) = state.card.get()
    {
        head(pen, areas.head, state, card, cx);
        figures(pen, areas.figures, card);
        weeks(pen, areas.weeks, card);
        badges(pen, areas.badges, &card.badges);
    }
    match state.face {
        Face::Page | Face::Ledger => ledger(pen, state, &areas, cx),
        Face::Facts => facts::draw(pen, state, &areas, cx),
        Face::Chart => chart(pen, state, &areas, cx),
    }
}

fn head(pen: &mut Pen, row: Rect, state: &Profile, card: &GameCard, cx: &Context) {
    let t = pen.theme;
    let rank = match &card.standing {
        Some(row) => format!(
            "rank {}{} of {}",
            if row.tied { "=" } else { "" },
            words::number(row.rank),
            words::number(card.members)
        ),
        None if !card.show_on_leaderboard && state.of.is_some() => {
            "not on the leaderboard, as they wish".to_owned()
        }
        None if !card.show_on_leaderboard => "not on the leaderboard, as you wish".to_owned(),
        None if state.of.is_some() => "not on the leaderboard".to_owned(),
        None if cx.is_staff() => String::new(),
        None => "not on the leaderboard yet".to_owned(),
    };
    let from = if let Some(age) = spinner::age(&state.card, cx) {
        pen.put_right(row.right(), row.y, 20, &age, t.warn)
    } else {
        pen.put_right(row.right(), row.y, 36, &rank, t.text)
    };
    let since = card.created_at.map_or_else(String::new, |at| {
        let day = cx.zone().day(at);
        format!("   member since {} {}", when::month_name(day), day.year())
    });
    let left = Rect::new(row.x, row.y, from.saturating_sub(row.x + 2), 1);
    pen.pieces(
        left,
        &[
            (if state.of.is_some() { PROFILE_OF } else { "" }, t.accent),
            (card.full_name.as_str(), t.bold),
            ("  ", t.dim),
            (card.username.as_str(), t.dim),
            (&since, t.dim),
        ],
    );
}

fn figures(pen: &mut Pen, row: Rect, card: &GameCard) {
    let t = pen.theme;
    let streak = &card.streak;
    let weeks = match streak.current {
        1 => "1 week".to_owned(),
        many => format!("{} weeks", words::number(many)),
    };
    let style = match streak.state {
        StreakState::Safe => t.good,
        StreakState::AtRisk => t.warn,
        StreakState::None => t.dim,
    };
    let words = streak.words();
    let from = pen.put_right(row.right(), row.y, 36, &words, style);
    let earned = words::number(card.earned);
    let spendable = format!(" points  {} to spend", words::number(card.spendable));
    let left = Rect::new(row.x, row.y, from.saturating_sub(row.x + 2), 1);
    pen.pieces(
        left,
        &[
            (&earned, t.bold.patch(t.accent)),
            (&spendable, t.text),
            ("     Streak  ", t.dim),
            (&weeks, t.bold),
        ],
    );
}

/// One square a week, a year back; the months below.
fn weeks(pen: &mut Pen, area: Rect, card: &GameCard) {
    if area.is_empty() {
        return;
    }
    let t = pen.theme;
    let weeks: &[Week] = &card.weeks;
    let shown = weeks.len().min(usize::from(area.width));
    for (week, x) in weeks[weeks.len() - shown..].iter().zip(area.x..) {
        let (glyph, style) = match week.events {
            ..=0 => ("·", t.dim),
            1 => ("▪", t.good),
            _ => ("■", t.good),
        };
        pen.put(x, area.y, 1, glyph, style);
        // A month is named below the week of its first Monday.
        if week.monday.day() <= 7 && area.height > 1 {
            let name = when::month_name(week.monday);
            pen.put(x, area.y + 1, 1, &name[..1.min(name.len())], t.dim);
        }
    }
    let x = area.x + u16::try_from(shown).unwrap_or(0) + 2;
    let room = area.right().saturating_sub(x);
    let longest = format!("longest {}", words::number(card.streak.longest));
    pen.put(x, area.y, room, &longest, t.dim);
    pen.put(x, area.y + 1, room, "a year of weeks", t.dim);
}

fn badges(pen: &mut Pen, area: Rect, badges: &[BadgeLine]) {
    for (badge, y) in badges.iter().zip(area.top()..area.bottom()) {
        badge_line(pen, Rect::new(area.x, y, area.width, 1), badge);
    }
}

fn badge_line(pen: &mut Pen, row: Rect, badge: &BadgeLine) {
    let t = pen.theme;
    pen.put(row.x, row.y, NAME, badge.name.as_str(), t.text);
    let level = usize::try_from(badge.level).unwrap_or(0).min(LEVELS);
    let x = row.x + NAME + 1;
    let won = "★".repeat(level);
    let used = pen.put(x, row.y, 5, &won, t.accent);
    pen.put(x + used, row.y, 5, &"☆".repeat(LEVELS - level), t.dim);
    let x = x + 6;
    let name = badge.level_name.as_ref().map_or("", |name| name.as_str());
    pen.put(x, row.y, 8, name, t.bold);
    let mut x = x + 9;
    if let Some(next) = &badge.next {
        let wide = if row.width >= 90 {
            16
        } else if row.width >= 76 {
            8
        } else {
            0
        };
        bar(pen, x, row.y, wide, badge.facts, next.threshold, t.accent);
        x += wide + u16::from(wide > 0);
        let so_far = format!(
            "{} of {}",
            words::number(badge.facts),
            words::number(next.threshold)
        );
        pen.put_right(x + 10, row.y, 10, &so_far, t.text);
        x += 12;
    }
    let room = row.right().saturating_sub(x);
    let left = match (badge.rule, &badge.next) {
        (Some(rule), Some(next)) if next.threshold > badge.facts => rule.more(next.threshold - badge.facts),
        (Some(_), Some(_)) => "with the next event".to_owned(),
        (Some(_), None) => "the top".to_owned(),
        (None, _) => badge.description.to_string(),
    };
    pen.put(x, row.y, room, &left, t.dim);
}

fn ledger(pen: &mut Pen, state: &Profile, areas: &geometry::Profile, cx: &Context) {
    let t = pen.theme;
    let title = areas.title;
    let used = pen.put(title.x, title.y, title.width, "Points", t.bold);
    if let Some(kind) = state.kind {
        let text = format!("▾ {}", kind.label());
        pen.put(title.x + used + 2, title.y, 20, &text, t.accent);
    }
    let first = Rect {
        height: 1.min(areas.ledger.height),
        ..areas.ledger
    };
    let asked = cx.requests.on(Lane::Detail);
    let want = asked.map_or(state.want(ProfileWant::Ledger(state.kind, None)), |request| {
        request.want.clone()
    });
    if spinner::instead(pen, first, &state.ledger, &want, cx) {
        return;
    }
    let Some(ledger) = state.ledger.get() else { return };
    if ledger.rows.is_empty() {
        let text = match state.kind {
            Some(_) => "No such rows. f shows others.",
            None if state.of.is_some() => "No points yet.",
            None => "No points yet. Register for an event and be checked in at the door.",
        };
        pen.put(first.x, first.y, first.width, text, t.dim);
        return;
    }
    let position = format!("{}/{}", state.cursor.at + 1, state.total());
    pen.put_right(title.right(), title.y, 20, &position, t.dim);
    let list = areas.ledger;
    let rows = ledger.rows.iter().enumerate().skip(state.cursor.top);
    for (y, (at, row)) in (list.top()..list.bottom()).zip(rows) {
        let area = Rect::new(list.x, y, list.width, 1);
        ledger_row(pen, area, row, state.of.is_some(), cx);
        if at == state.cursor.at {
            pen.tint(area, t.selection);
        }
    }
}

/// One row; staff see which of them wrote it.
fn ledger_row(pen: &mut Pen, row: Rect, entry: &PointsRow, staff: bool, cx: &Context) {
    let t = pen.theme;
    let day = entry
        .transaction_date
        .map_or_else(String::new, |at| when::short_day(cx.zone().day(at), cx.today()));
    pen.put(row.x + 1, row.y, 15, &day, t.dim);
    let points = words::signed(i64::from(entry.points));
    let style = if entry.points < 0 { t.warn } else { t.good };
    pen.put_right(row.x + 26, row.y, 9, &points, style);
    let balance = words::number(entry.balance);
    let from = pen.put_right(row.right().saturating_sub(1), row.y, 12, &balance, t.dim);
    let what = if entry.description.is_empty() {
        entry.transaction_type.label().to_owned()
    } else {
        entry.description.to_string()
    };
    // What was entered days after its event counts on the event's day.
    let what = match (entry.counts_at, entry.transaction_date) {
        (Some(counts), Some(entered)) if cx.zone().day(counts) < cx.zone().day(entered) => {
            format!("{what}, {}", when::short_day(cx.zone().day(counts), cx.today()))
        }
        _ => what,
    };
    let what = match &entry.awarded_by {
        Some(by) if staff => format!("{what} · {by}"),
        _ => what,
    };
    let x = row.x + 29;
    let room = from.saturating_sub(x + 2);
    let used = pen.put(
        x,
        row.y,
        room,
        &what,
        if entry.reversed_by.is_some() {
            t.dim
        } else {
            t.text
        },
    );
    if entry.reversed_by.is_some() {
        pen.put(
            x + used + 1,
            row.y,
            room.saturating_sub(used + 1),
            "taken back",
            t.dim,
        );
    }
}

/// Points over time: what each week brought, and what it made in all.
fn chart(pen: &mut Pen, state: &Profile, areas: &geometry::Profile, cx: &Context) {
    let t = pen.theme;
    let title = areas.title;
    pen.put(title.x, title.y, title.width, "Points over a year", t.bold);
    let first = Rect {
        height: 1.min(areas.chart.height),
        ..areas.chart
    };
    if spinner::instead(pen, first, &state.weeks, &state.want(ProfileWant::Weeks), cx) {
        return;
    }
    let Some(weeks) = state.weeks.get() else { return };
    let high = areas.chart.height.saturating_sub(4) / 2;
    let figures = |of: fn(&WeekPoints) -> i64| weeks.iter().map(of).collect::<Vec<_>>();
    let all = figures(|week| week.total);
    let each = figures(|week| week.earned);
    let best = each.iter().copied().max().unwrap_or(0);
    let now = all.last().copied().unwrap_or(0);
    let mut y = areas.chart.y;
    for (name, figures, style) in [
        (format!("{} in all", words::number(now)), all, t.accent),
        (format!("{} in the best week", words::number(best)), each, t.good),
    ] {
        let area = Rect::new(areas.chart.x, y, 53.min(areas.chart.width), high);
        sparkline(pen, area, &figures, 1, style);
        let x = area.right() + 2;
        pen.put(x, y, areas.chart.right().saturating_sub(x), &name, t.text);
        y += high + 1;
    }
    for (week, x) in weeks.iter().zip(areas.chart.x..areas.chart.right()) {
        if week.monday.day() <= 7 {
            let name = when::month_name(week.monday);
            pen.put(x, y.saturating_sub(1), 1, &name[..1.min(name.len())], t.dim);
        }
    }
}
