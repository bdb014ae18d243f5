//! A door note in full, and the form in which it is written, as cells.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::note::{NoteForm, NoteReader};
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::door_note::MAX_NOTE;
use crate::ui::pen::Pen;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

pub(crate) fn reader(pen: &mut Pen, reader: &NoteReader, cx: &Context) {
    let (area, text) = geometry::note_reader(cx.setup.size);
    let t = pen.theme;
    let inner = pen.boxed(area, "Door note");
    if inner.is_empty() {
        return;
    }
    let member = &reader.held.member;
    pen.pieces(
        geometry::rows(inner, 0, 1),
        &[
            (member.full_name.as_str(), t.bold),
            ("   ", t.dim),
            (member.username.as_str(), t.dim),
        ],
    );
    let lines = words::wrap(reader.held.note.text.as_str(), usize::from(text.width));
    for (line, y) in lines.iter().skip(reader.top).zip(text.top()..text.bottom()) {
        pen.put(text.x, y, text.width, line, t.text);
    }
    let more = lines.len() > reader.top + usize::from(text.height);
    let foot = if more {
        " ↓ more   Ctrl+N read   Esc not yet "
    } else {
        " Ctrl+N read   Esc not yet "
    };
    let right = area.right().saturating_sub(2);
    pen.put_right(right, area.bottom().saturating_sub(1), area.width, foot, t.dim);
}

pub(crate) fn form(pen: &mut Pen, form: &NoteForm, cx: &Context, top: bool) {
    let area = geometry::note_form(cx.setup.size);
    let t = pen.theme;
    let inner = pen.boxed(area, "Door note");
    if inner.is_empty() {
        return;
    }
    let row = |at: u16| geometry::rows(inner, at, 1);
    pen.pieces(
        row(0),
        &[
            (form.member.full_name.as_str(), t.bold),
            ("   ", t.dim),
            (form.member.username.as_str(), t.dim),
        ],
    );
    let look = Look {
        focused: top && !form.is_sending(),
        hidden: false,
        ground: true,
    };
    field(pen, row(1), &form.text, look);
    // What the door will read, whole; the field shows one line of it.
    let foot = inner.height.saturating_sub(1);
    let shown = geometry::rows(inner, 3, foot.saturating_sub(4));
    let lines = words::wrap(form.text.text(), usize::from(inner.width));
    if form.text.is_empty() {
        let hint = "Every door shows it until somebody there has read it. Empty: no note.";
        pen.put(shown.x, shown.y, shown.width, hint, t.dim);
    } else {
        for (line, y) in lines.iter().zip(shown.top()..shown.bottom()) {
            pen.put(shown.x, y, shown.width, line, t.dim);
        }
    }
    let foot = row(foot);
    let count = format!("{} of {MAX_NOTE}", form.text.text().chars().count());
    let from = pen.put_right(foot.right(), foot.y, foot.width, &count, t.dim);
    let left = Rect {
        width: from.saturating_sub(foot.x + 1),
        ..foot
    };
    let slow = cx
        .requests
        .writes()
        .any(|request| request.slow && matches!(request.want, Want::Note(_)));
    if slow && form.is_sending() {
        pen.put(
            left.x,
            left.y,
            left.width,
            &format!("{} one moment", spinner::picture(cx)),
            t.dim,
        );
    } else if let Some(message) = &form.message {
        pen.put(left.x, left.y, left.width, message.as_str(), t.warn);
    }
    let keys = " Enter keeps it   Esc closes ";
    let right = area.right().saturating_sub(2);
    pen.put_right(right, area.bottom().saturating_sub(1), area.width, keys, t.dim);
}
