//! The sign-in screen: the tree, two fields, and how the database is.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Opening;
use crate::app::geometry;
use crate::app::requests::Want;
use crate::app::screens::sign_in::Focus;
use crate::app::words;
use crate::ui::pen::Pen;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

const TREE: [&str; 4] = ["▲", "▲▲▲", "▲▲▲▲▲", "┃"];
const LABELS: u16 = 10;
const FIELD: u16 = 28;

/// Name of the program and the community, above.
pub(crate) fn header(pen: &mut Pen, model: &Model, frame: &geometry::Frame) {
    let row = frame.header;
    pen.put(1, row.y, 9, "Pine Time", pen.theme.bold);
    if let Some(community) = &model.cx.community {
        let right = row.right().saturating_sub(1);
        let room = right.saturating_sub(12);
        pen.put_right(
            right,
            row.y,
            room,
            community.community_name.as_str(),
            pen.theme.dim,
        );
    }
    pen.rule(frame.header_rule);
}

pub(crate) fn draw(pen: &mut Pen, model: &Model, body: Rect) {
    let state = &model.sign_in;
    // The tree gives way in low windows; what is typed stands still whatever is said below it.
    let tree = body.height >= 15;
    let needed = if tree { 14 } else { 8 };
    let mut y = body.y + body.height.saturating_sub(needed) / 2;
    let row = |y: u16| Rect::new(body.x, y, body.width, u16::from(y < body.bottom()));
    if tree {
        for (line, style) in TREE
            .iter()
            .zip([pen.theme.good, pen.theme.good, pen.theme.good, pen.theme.dim])
        {
            pen.put_centred(row(y), line, style);
            y += 1;
        }
        pen.put_centred(row(y), "Pine Time", pen.theme.bold);
        y += 2;
    }
    let left = body.x + body.width.saturating_sub(LABELS + FIELD) / 2;
    let fields = [
        ("Name", &state.name, Focus::Name, false),
        ("Password", &state.password, Focus::Password, !state.show),
    ];
    for (label, text, focus, hidden) in fields {
        let focused = state.focus == focus && model.overlays.is_empty();
        let style = if state.focus == focus {
            pen.theme.text
        } else {
            pen.theme.dim
        };
        pen.put(left, y, LABELS, label, style);
        let area = Rect::new(left + LABELS, y, FIELD, 1);
        let look = Look {
            focused,
            hidden,
            ground: true,
        };
        field(pen, area, text, look);
        y += 1;
    }
    y += 1;
    said(
        pen,
        model,
        Rect::new(left, y, body.right().saturating_sub(left + 1), 3),
    );
    y += 3;
    let demo = model.cx.community.as_ref().is_some_and(|c| c.is_demo);
    if demo {
        pen.put(left, y, 60, "Sample community", pen.theme.dim);
        let names = Rect::new(left, y + 1, 60, 1);
        let t = pen.theme;
        pen.pieces(
            names,
            &[
                ("try  ", t.dim),
                (
                    if model.kiosk.is_some() {
                        "ana"
                    } else {
                        "admin  staff  ana"
                    },
                    t.text,
                ),
                ("   password  ", t.dim),
                ("pinetime", t.text),
            ],
        );
    }
}

/// What is going on, or what came of the last try.
fn said(pen: &mut Pen, model: &Model, area: Rect) {
    let cx = &model.cx;
    let (text, style) = if let Some(message) = &model.sign_in.message {
        (message.to_string(), pen.theme.warn)
    } else if cx.requests.is_slow(&Want::SignIn) {
        (format!("{} signing in", spinner::picture(cx)), pen.theme.dim)
    } else {
        match &cx.opening {
            Opening::Working(what) => (what.to_string(), pen.theme.dim),
            Opening::Failed(why) => (why.to_string(), pen.theme.bad),
            Opening::Ready => {
                let t = pen.theme;
                let keys = [
                    ("Ctrl+N", t.text),
                    (" new here   ", t.dim),
                    ("Ctrl+O", t.text),
                    (" lost password", t.dim),
                ];
                pen.pieces(Rect { height: 1, ..area }, &keys);
                return;
            }
        }
    };
    for (line, y) in words::wrap(&text, usize::from(area.width))
        .iter()
        .zip(area.top()..area.bottom())
    {
        pen.put(area.x, y, area.width, line, style);
    }
}
