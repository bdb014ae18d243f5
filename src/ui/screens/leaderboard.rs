//! The leaderboard as cells; the own row stays in sight.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::points::BoardRow;
use crate::ui::pen::Pen;
use crate::ui::widgets::spinner;

pub(crate) fn draw(pen: &mut Pen, model: &Model) {
    let cx = &model.cx;
    let state = &model.board;
    let areas = geometry::board(cx.setup.size);
    let t = pen.theme;
    let row = areas.title;
    let used = pen.put(row.x, row.y, row.width, "All time", t.bold);
    if let Some(age) = spinner::age(&state.page, cx) {
        pen.put(row.x + used + 2, row.y, row.width, &age, t.warn);
    }
    let first = Rect {
        height: 1,
        ..areas.list
    };
    let asked = cx.requests.on(crate::app::effect::Lane::Page);
    let want = asked.map_or(Want::Board { skip: 0 }, |request| request.want.clone());
    if spinner::instead(pen, first, &state.page, &want, cx) {
        return;
    }
    let members = state.members();
    if members == 0 {
        let text = "Nobody has points yet. The first check-in opens the board.";
        pen.put(first.x, first.y, first.width, text, t.dim);
        return;
    }
    let position = format!(
        "{}/{}",
        words::number(i64::try_from(state.cursor.at + 1).unwrap_or(0)),
        words::number(i64::try_from(members).unwrap_or(0))
    );
    pen.put_right(row.right(), row.y, 20, &position, t.dim);
    let me = cx.me.as_ref().map(|me| me.user_id);
    let list = areas.list;
    for (y, at) in (list.top()..list.bottom()).zip(state.cursor.top..members) {
        let area = Rect::new(list.x, y, list.width, 1);
        match state.row(at) {
            Some(row) => board_row(pen, area, row, Some(row.user_id) == me),
            None => {
                pen.put_right(area.x + 6, y, 6, "·", t.dim);
            }
        }
        if at == state.cursor.at {
            pen.tint(area, t.selection);
        }
    }
    own(pen, model, areas.own, cx);
}

fn own(pen: &mut Pen, model: &Model, row: Rect, cx: &Context) {
    let height = usize::from(geometry::board(cx.setup.size).list.height);
    if let Some(me) = model.board.own_out_of_view(height) {
        board_row(pen, row, me, true);
    }
}

fn board_row(pen: &mut Pen, row: Rect, who: &BoardRow, mine: bool) {
    let t = pen.theme;
    let style = if mine { t.accent.patch(t.bold) } else { t.text };
    let rank = format!("{}{}", if who.tied { "=" } else { "" }, words::number(who.rank));
    pen.put_right(row.x + 8, row.y, 8, &rank, if mine { style } else { t.dim });
    let points = words::number(who.points);
    let from = pen.put_right(row.right().saturating_sub(1), row.y, 12, &points, style);
    let x = row.x + 11;
    let tag = if mine { 5 } else { 0 };
    let names = row.width >= 70;
    let room = from.saturating_sub(x + 2 + tag + if names { 18 } else { 0 });
    let wide = pen.put(x, row.y, room, who.full_name.as_str(), style);
    if mine {
        pen.put(x + wide + 2, row.y, 3, "you", t.accent);
    }
    if names {
        let at = from.saturating_sub(18).min(row.right().saturating_sub(30));
        pen.put(at, row.y, 16, who.username.as_str(), t.dim);
    }
}
