//! A one-time code as cells: large enough to be read out, and how long it is good for.

use crate::app::context::Context;
use crate::app::geometry::{self, rows};
use crate::app::overlay::code::CodeCard;
use crate::domain::{pass_code, when};
use crate::ui::pen::Pen;
use crate::ui::widgets::big_word::big_word;

pub(crate) fn draw(pen: &mut Pen, card: &CodeCard, cx: &Context) {
    let t = pen.theme;
    let area = geometry::code(cx.setup.size);
    let inner = pen.boxed(area, "A one-time code");
    if inner.is_empty() {
        return;
    }
    let who = format!("{} · signs in as {}", card.name, card.code.username);
    pen.put_centred(rows(inner, 1, 1), &who, t.bold);
    let code = pass_code::show(card.code.code.as_str());
    let halves = code.split('-').collect::<Vec<_>>().join(" ");
    big_word(pen, rows(inner, 3, 3), &halves, t.bold.patch(t.accent));
    pen.put_centred(rows(inner, 6, 1), &code, t.bold.patch(t.accent));
    let until = when::day_and_time(card.code.expires_at, cx.zone(), cx.now());
    let left = when::relative(card.code.expires_at, cx.now());
    let good = format!("good once, until {until} ({left})");
    for (at, text) in [
        (8, good.as_str()),
        (10, "On the sign-in screen, Ctrl+O takes it and a new password."),
        (11, "Codes made for them before are worth nothing now."),
        (12, "It is shown only here and now: w makes another."),
    ] {
        let style = if at == 8 { t.text } else { t.dim };
        pen.put_centred(rows(inner, at, 1), text, style);
    }
    let (right, foot) = (area.right().saturating_sub(2), area.bottom().saturating_sub(1));
    pen.put_right(right, foot, area.width, " Esc closes ", t.dim);
}
