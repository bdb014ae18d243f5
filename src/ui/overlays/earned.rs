//! The card with what I have earned: badges with their stars, streaks, events, and what it comes to.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::earned::EarnedCard;
use crate::app::geometry;
use crate::app::words;
use crate::domain::ledger::LedgerKind;
use crate::domain::when;
use crate::ui::pen::Pen;

/// Columns of the card.
const WIDTH: u16 = 62;
/// Columns that the stars of the highest level take, and the space behind them.
const STARS: u16 = 7;

pub(crate) fn draw(pen: &mut Pen, card: &EarnedCard, cx: &Context) {
    let t = pen.theme;
    let lines = card.lines();
    let room = cx.setup.size.1.saturating_sub(11).max(3);
    let wanted = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let rows = wanted.min(room);
    let area = geometry::centred(cx.setup.size, (WIDTH, rows.saturating_add(7)));
    let inner = pen.boxed(area, "Earned");
    if inner.is_empty() {
        return;
    }
    let inner = Rect::new(inner.x + 1, inner.y, inner.width.saturating_sub(2), inner.height);
    let points = card.celebration.points;
    let text = match points {
        0 => "Well done".to_owned(),
        1 => "+1 point".to_owned(),
        points => format!("{} points", words::signed(points)),
    };
    pen.put(inner.x, inner.y, inner.width, &text, t.bold.patch(t.good));
    // The last row is for what does not fit.
    let whole = if wanted > rows {
        rows.saturating_sub(1)
    } else {
        rows
    };
    let from = inner.y + 2;
    for (y, news) in (from..from + whole).zip(&lines) {
        let stars = "★".repeat(news.stars());
        pen.put(inner.x, y, STARS, &stars, t.warn);
        let mut right = inner.right();
        if news.points != 0 {
            let points = words::signed(i64::from(news.points));
            right = pen.put_right(right, y, 12, &points, t.good).saturating_sub(2);
        }
        if let Some(at) = news.transaction_date {
            let day = when::short_day(cx.zone().day(at), cx.today());
            right = pen
                .put_right(right.min(inner.right().saturating_sub(8)), y, 16, &day, t.dim)
                .saturating_sub(2);
        }
        let style = match news.transaction_type {
            LedgerKind::BadgeAward => t.bold,
            _ => t.text,
        };
        let x = inner.x + STARS;
        pen.put(x, y, right.saturating_sub(x), news.description.as_str(), style);
    }
    if wanted > rows {
        let more = i64::from(wanted) - i64::from(whole);
        let text = format!("and {} more, on your profile", words::number(more));
        pen.put(inner.x + STARS, from + whole, inner.width, &text, t.dim);
    }
    let row = Rect::new(inner.x, inner.bottom().saturating_sub(1), inner.width, 1);
    pen.pieces(row, &[("Enter", t.accent), (" close", t.text)]);
}
