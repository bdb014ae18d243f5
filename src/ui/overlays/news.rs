//! The card with what others did to my registrations: what has happened, at which event, and what the staff say.

use ratatui::layout::Rect;

use crate::app::context::{Context, Tone};
use crate::app::geometry;
use crate::app::news::{self, NewsCard};
use crate::app::words;
use crate::domain::when;
use crate::ui::pen::Pen;

/// Columns of the card.
const WIDTH: u16 = 62;
/// Most lines of what the staff say.
const MOST_LINES: usize = 6;

pub(crate) fn draw(pen: &mut Pen, card: &NewsCard, cx: &Context) {
    let items = cx.news.items();
    let Some(line) = items.get(card.at) else { return };
    let t = pen.theme;
    let (tone, headline) = news::headline(line);
    let (glyph, style) = match tone {
        Tone::Plain => ("·", t.text),
        Tone::Good => ("✓", t.good),
        Tone::Warn => ("!", t.warn),
        Tone::Bad => ("✕", t.bad),
    };
    let event = &line.event;
    let span = when::span(event.start_time, event.end_time, cx.zone(), cx.now());
    let mut below = vec![
        (event.title.to_string(), t.bold),
        (span, t.text),
        (event.location.to_string(), t.dim),
    ];
    if let Some(due) = line.registration.due {
        below.push((format!("{} to pay", cx.currency().show(due)), t.warn));
    }
    if let Some(reason) = line.said() {
        below.push((String::new(), t.text));
        let said = format!("The staff say: {reason}");
        let room = usize::from(WIDTH.min(cx.setup.size.0)).saturating_sub(8);
        below.extend(
            words::wrap(&said, room)
                .into_iter()
                .take(MOST_LINES)
                .map(|line| (line.to_owned(), t.warn)),
        );
    }
    let high = u16::try_from(below.len()).unwrap_or(12) + 6;
    let area = geometry::centred(cx.setup.size, (WIDTH, high));
    let name = match items.len() {
        1 => "News".to_owned(),
        count => format!("News {} of {count}", card.at + 1),
    };
    let inner = pen.boxed(area, &name);
    if inner.is_empty() {
        return;
    }
    pen.put(inner.x, inner.y, 1, glyph, style);
    pen.put(
        inner.x + 2,
        inner.y,
        inner.width.saturating_sub(2),
        &headline,
        style.patch(t.bold),
    );
    if let Some(at) = line.registration.news_at {
        let ago = when::relative(at, cx.now());
        let ago = if ago == "now" { "just now".to_owned() } else { ago };
        let right = area.right().saturating_sub(2);
        pen.put_right(right, area.y, 16, &format!(" {ago} "), t.dim);
    }
    for (y, (text, style)) in (inner.y + 2..inner.bottom().saturating_sub(1)).zip(&below) {
        pen.put(inner.x + 2, y, inner.width.saturating_sub(2), text, *style);
    }
    let row = Rect::new(inner.x, inner.bottom().saturating_sub(1), inner.width, 1);
    let mut keys = vec![
        ("Enter", t.accent),
        (" seen   ", t.text),
        ("Esc", t.accent),
        (" later", t.text),
    ];
    if items.len() > 1 {
        keys.extend([("   ↑↓", t.accent), (" the others", t.text)]);
    }
    pen.pieces(row, &keys);
}
