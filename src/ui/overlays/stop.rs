//! Cancelling an event as cells: which one, whom it hurts, and the reason.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::stop::Stop;
use crate::app::requests::Want;
use crate::app::{plan_words, words};
use crate::ui::pen::Pen;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

const LABELS: u16 = 8;

pub(crate) fn draw(pen: &mut Pen, stop: &Stop, cx: &Context, top: bool) {
    let area = geometry::stop(cx.setup.size);
    let inner = pen.boxed(area, "Cancel the event");
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    let row = |y: u16| Rect::new(inner.x, inner.y + y, inner.width, u16::from(y < inner.height));
    let name = words::event_name(&stop.line, cx.zone(), cx.now());
    pen.put(inner.x, inner.y, inner.width, &name, t.bold);
    let effects = row(2);
    let want = Want::StopEffects(stop.line.id);
    if !spinner::instead(pen, effects, &stop.effects, &want, cx)
        && let Some(effects) = stop.effects.get()
    {
        let text = plan_words::stopping(effects, cx.currency());
        let lines = words::wrap(&text, usize::from(inner.width));
        for (at, line) in (2..7).zip(lines) {
            let row = row(at);
            pen.put(row.x, row.y, row.width, line, t.text);
        }
    }
    let reason = row(8);
    pen.put(reason.x, reason.y, LABELS - 1, "Why *", t.bold);
    let look = Look {
        focused: top && !stop.is_sending(),
        hidden: false,
        ground: true,
    };
    let line = geometry::columns(reason, LABELS, reason.width);
    field(pen, line, &stop.reason, look);
    let below = geometry::columns(row(9), LABELS, inner.width);
    if let Some(why) = &stop.error {
        for (at, part) in words::wrap(why.as_str(), usize::from(below.width))
            .into_iter()
            .take(2)
            .enumerate()
        {
            let y = below.y + u16::from(at > 0);
            pen.put(below.x, y, below.width, part, t.bad);
        }
    } else if cx.requests.is_slow(&Want::StopEvent(stop.line.id)) {
        let text = format!("{} cancelling", spinner::picture(cx));
        pen.put(below.x, below.y, below.width, &text, t.dim);
    } else {
        pen.put(
            below.x,
            below.y,
            below.width,
            "everybody registered reads it",
            t.dim,
        );
    }
    let keys = " Enter cancel the event  Esc leave it ";
    let right = area.right().saturating_sub(2);
    pen.put_right(right, area.bottom().saturating_sub(1), area.width, keys, t.dim);
}
