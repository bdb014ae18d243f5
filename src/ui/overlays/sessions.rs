//! Somebody's sessions as cells: the terminal, since when, and the last sign of life.

use ratatui::layout::Rect;

use crate::app::action::SessionsAction;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::sessions::Sessions;
use crate::domain::when;
use crate::ui::pen::Pen;
use crate::ui::widgets::spinner;

/// Columns of the two times.
const SINCE: u16 = 20;
const SEEN: u16 = 18;

pub(crate) fn draw(pen: &mut Pen, list: &Sessions, cx: &Context) {
    let t = pen.theme;
    let rows = list.rows.get().map_or(0, Vec::len);
    let (area, inner) = geometry::sessions(cx.setup.size, rows);
    let title = match &list.who {
        Some(who) => format!("Where {} is signed in", who.full_name),
        None => "Where you are signed in".to_owned(),
    };
    let whole = pen.boxed(area, &title);
    if inner.is_empty() {
        return;
    }
    let (right, foot) = (area.right().saturating_sub(2), area.bottom().saturating_sub(1));
    // Only what can be done is announced.
    let all = if list.who.is_some() {
        "X end all  "
    } else {
        "X end all others  "
    };
    let offered = [
        (SessionsAction::End, "Enter end  "),
        (SessionsAction::EndAll, all),
    ];
    let mut keys = " ".to_owned();
    for (action, told) in offered {
        if list.why_not(action, cx).is_none() {
            keys.push_str(told);
        }
    }
    keys.push_str("Esc closes ");
    pen.put_right(right, foot, area.width, &keys, t.dim);
    if spinner::instead(pen, geometry::rows(inner, 0, 1), &list.rows, &list.want(), cx) {
        return;
    }
    let Some(sessions) = list.rows.get() else { return };
    if sessions.is_empty() {
        pen.put(inner.x, inner.y, inner.width, "Nowhere at the moment.", t.dim);
        return;
    }
    let heads = [
        ("terminal", 0, inner.width),
        ("since", SINCE + SEEN, SINCE),
        ("last seen", SEEN, SEEN),
    ];
    for (text, back, room) in heads {
        let x = if back == 0 {
            inner.x
        } else {
            inner.right().saturating_sub(back)
        };
        pen.put(x, whole.y, room, text, t.dim);
    }
    let shown = sessions.iter().enumerate().skip(list.cursor.top);
    for ((at, session), y) in shown.zip(inner.top()..inner.bottom()) {
        let row = Rect::new(inner.x, y, inner.width, 1);
        let since_x = row.right().saturating_sub(SINCE + SEEN);
        let room = since_x.saturating_sub(row.x + 1);
        let used = pen.put(row.x, y, room, session.device.as_str(), t.text);
        if session.is_here {
            let left = room.saturating_sub(used + 1);
            pen.put(row.x + used + 1, y, left, "this one", t.good);
        }
        let since = when::day_and_time(session.created_at, cx.zone(), cx.now());
        pen.put(since_x, y, SINCE - 1, &since, t.text);
        let seen = when::relative(session.last_active, cx.now());
        pen.put(row.right().saturating_sub(SEEN), y, SEEN, &seen, t.dim);
        if at == list.cursor.at {
            pen.tint(row, t.selection);
        }
    }
}
