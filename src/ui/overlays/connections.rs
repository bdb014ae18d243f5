//! Connections as cells: who, where they met, and how it stands.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::connections::Connections;
use crate::app::requests::Want;
use crate::app::screens::profile::ProfileWant;
use crate::domain::connection::ConnectionState;
use crate::domain::when;
use crate::ui::pen::Pen;
use crate::ui::widgets::spinner;

pub(crate) fn draw(pen: &mut Pen, list: &Connections, cx: &Context) {
    let (area, inner) = geometry::connections(cx.setup.size);
    pen.boxed(area, "Connections");
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    let (right, foot) = (area.right().saturating_sub(2), area.bottom().saturating_sub(1));
    pen.put_right(right, foot, area.width, " Enter say yes  Esc closes ", t.dim);
    let want = Want::Game(ProfileWant::Connections);
    if spinner::instead(pen, geometry::rows(inner, 0, 1), &list.rows, &want, cx) {
        return;
    }
    let Some(rows) = list.rows.get() else { return };
    if rows.is_empty() {
        for (text, y) in [
            "Nobody yet. After an event, c on your profile takes the pass of",
            "somebody who was there too.",
        ]
        .iter()
        .zip(0..)
        {
            let row = geometry::rows(inner, y, 1);
            pen.put(row.x, row.y, row.width, text, t.dim);
        }
        return;
    }
    let shown = rows.iter().enumerate().skip(list.cursor.top);
    for ((at, one), y) in shown.zip(inner.top()..inner.bottom()) {
        let row = Rect::new(inner.x, y, inner.width, 1);
        let (words, style) = match one.state {
            ConnectionState::Asks => {
                let until = when::day_and_time(one.until, cx.zone(), cx.now());
                (format!("asks, until {until}"), t.warn)
            }
            ConnectionState::Asked => ("you asked".to_owned(), t.dim),
            ConnectionState::Connected => ("✓ connected".to_owned(), t.good),
        };
        let from = pen.put_right(row.right(), y, 28, &words, style);
        let used = pen.put(row.x, y, 24, one.full_name.as_str(), t.text);
        let x = row.x + used.max(24) + 1;
        let room = from.saturating_sub(x + 1);
        pen.put(x, y, room, one.event_title.as_str(), t.dim);
        if at == list.cursor.at {
            pen.tint(row, t.selection);
        }
    }
}
