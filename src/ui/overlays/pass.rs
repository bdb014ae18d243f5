//! A member's pass as cells: a picture for scanners, and the code for everybody else.

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::pass::Pass;
use crate::domain::pass_code;
use crate::ui::pen::Pen;
use crate::ui::widgets::picture_code;

/// Lines around the picture: the border, the name, the code, and air.
const AROUND: u16 = 6;

pub(crate) fn draw(pen: &mut Pen, pass: &Pass, cx: &Context) {
    let t = pen.theme;
    let modules = picture_code::modules(pass.code.as_str()).filter(|_| !t.ascii);
    let (wide, high) = modules.as_ref().map_or((0, 0), picture_code::size);
    // Half a picture is none.
    let fits = wide > 0 && wide + 4 <= cx.setup.size.0 && high + AROUND <= cx.setup.size.1;
    let high = if fits { high } else { 2 };
    let area = geometry::centred(cx.setup.size, (46, high + AROUND));
    let inner = pen.boxed(area, "Pass");
    if inner.is_empty() {
        return;
    }
    pen.put_centred(geometry::rows(inner, 0, 1), pass.name.as_str(), t.bold);
    match modules {
        Some(modules) if fits => {
            let x = inner.x + inner.width.saturating_sub(wide) / 2;
            picture_code::draw(pen, x, inner.y + 1, &modules);
        }
        _ => {
            let why = if t.ascii {
                "Its picture needs a terminal with UTF-8."
            } else {
                "Its picture needs a larger window."
            };
            pen.put_centred(geometry::rows(inner, 2, 1), why, t.dim);
        }
    }
    let code = pass_code::show(pass.code.as_str());
    pen.put_centred(geometry::rows(inner, high + 2, 1), &code, t.bold.patch(t.accent));
    pen.put_centred(
        geometry::rows(inner, high + 3, 1),
        "show it or say it at the door",
        t.dim,
    );
    let (right, foot) = (area.right().saturating_sub(2), area.bottom().saturating_sub(1));
    pen.put_right(right, foot, area.width, " Esc closes ", t.dim);
}
