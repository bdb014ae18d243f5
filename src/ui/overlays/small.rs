//! The overlays of a few lines: help, palette, question, event picker.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::confirm::Confirm;
use crate::app::overlay::help::{Help, HelpLine, INDENT};
use crate::app::overlay::palette::Palette;
use crate::app::overlay::picker::Picker;
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::when;
use crate::ui::pen::Pen;
use crate::ui::screens::event_page;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

/// Most lines of what a yes would lead to.
const MOST_LINES: usize = 9;

pub(crate) fn help(pen: &mut Pen, help: &Help, cx: &Context) {
    let area = geometry::help(cx.setup.size);
    let inner = pen.boxed(area, &format!("Keys · {}", help.title));
    let t = pen.theme;
    let lines = help.lines_within(inner.width);
    for (y, line) in (inner.top()..inner.bottom()).zip(lines.iter().skip(help.top)) {
        match line {
            HelpLine::Blank => {}
            HelpLine::Heading(heading) => {
                pen.put(inner.x, y, inner.width, heading, t.bold);
            }
            HelpLine::Keys { keys, help } => {
                pen.put(inner.x + 1, y, INDENT - 2, keys, t.accent);
                let room = inner.width.saturating_sub(INDENT);
                pen.put(inner.x + INDENT, y, room, help, t.text);
            }
        }
    }
    let more = lines.len() > help.top + usize::from(inner.height);
    let foot = if more {
        " ↓ more   Esc closes "
    } else {
        " Esc closes "
    };
    let right = area.right().saturating_sub(2);
    pen.put_right(right, area.bottom().saturating_sub(1), area.width, foot, t.dim);
}

pub(crate) fn palette(pen: &mut Pen, palette: &Palette, cx: &Context, top: bool) {
    let area = geometry::palette(cx.setup.size);
    let inner = pen.boxed(area, "Commands");
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    pen.put(inner.x, inner.y, 1, ">", t.accent);
    let look = Look {
        focused: top,
        hidden: false,
        ground: false,
    };
    let line = Rect::new(inner.x + 2, inner.y, inner.width.saturating_sub(2), 1);
    field(pen, line, &palette.field, look);
    let list = geometry::palette_list(cx.setup.size);
    if palette.shown.is_empty() {
        pen.put(list.x, list.y, list.width, "No command is called that.", t.dim);
    }
    let rows = palette.shown.iter().enumerate().skip(palette.cursor.top);
    for (y, (at, command)) in (list.top()..list.bottom()).zip(rows) {
        let Some(command) = palette.commands.get(*command) else {
            continue;
        };
        let row = Rect::new(list.x, y, list.width, 1);
        let (style, note) = match &command.why_not {
            Some(why) => (t.dim, why.as_str()),
            None => (t.text, command.keys.as_str()),
        };
        let from = pen.put_right(row.right(), y, row.width * 3 / 5, note, t.dim);
        pen.put(row.x, y, from.saturating_sub(row.x + 2), &command.name, style);
        if at == palette.cursor.at {
            pen.tint(row, t.selection);
        }
    }
}

pub(crate) fn confirm(pen: &mut Pen, confirm: &Confirm, cx: &Context) {
    let question = words::wrap(confirm.question.as_str(), 52);
    let consequence = words::wrap(confirm.consequence.as_str(), 52);
    let lines = question.len().min(3) + consequence.len().min(MOST_LINES);
    let high = u16::try_from(lines + 5).unwrap_or(9);
    let area = geometry::centred(cx.setup.size, (56, high));
    let inner = pen.boxed(area, "");
    let t = pen.theme;
    let mut y = inner.y;
    for (line, style) in question
        .iter()
        .take(3)
        .map(|line| (line, t.bold))
        .chain(consequence.iter().take(MOST_LINES).map(|line| (line, t.text)))
    {
        pen.put(inner.x, y, inner.width, line, style);
        y += 1;
        if y == inner.y + u16::try_from(question.len().min(3)).unwrap_or(1) {
            y += 1;
        }
    }
    let row = Rect::new(inner.x, inner.bottom().saturating_sub(1), inner.width, 1);
    pen.pieces(
        row,
        &[
            ("y", t.accent),
            (" yes   ", t.text),
            ("n", t.accent),
            (" no", t.text),
        ],
    );
}

pub(crate) fn picker(pen: &mut Pen, picker: &Picker, model: &Model) {
    let cx = &model.cx;
    let (area, list) = geometry::picker(cx.setup.size, picker.rows.len());
    pen.boxed(area, "The door's event");
    let t = pen.theme;
    if picker.rows.is_empty() {
        let remote = &model.check_in.events;
        if !spinner::instead(pen, list, remote, &Want::DoorEvents, cx) {
            pen.put(
                list.x,
                list.y,
                list.width,
                "No event from yesterday to tomorrow.",
                t.dim,
            );
        }
    }
    let rows = picker.rows.iter().enumerate().skip(picker.cursor.top);
    for (y, (at, line)) in (list.top()..list.bottom()).zip(rows) {
        let row = Rect::new(list.x, y, list.width, 1);
        let here = picker.current == Some(line.id);
        pen.put(row.x, y, 1, if here { "●" } else { " " }, t.accent);
        let time = when::day_and_time(line.start_time, cx.zone(), cx.now());
        pen.put(row.x + 2, y, 16, &time, t.dim);
        let state = if !line.is_active {
            "cancelled"
        } else if line.is_running(cx.now()) {
            "now"
        } else if line.is_over(cx.now()) {
            "over"
        } else {
            ""
        };
        let from = row.right().saturating_sub(18);
        pen.put_right(
            row.right().saturating_sub(10),
            y,
            8,
            &event_page::seats(line),
            t.dim,
        );
        pen.put(row.right().saturating_sub(9), y, 9, state, t.dim);
        let style = if line.is_active && !line.is_over(cx.now()) {
            t.text
        } else {
            t.dim
        };
        pen.put(
            row.x + 20,
            y,
            from.saturating_sub(row.x + 21),
            line.title.as_str(),
            style,
        );
        if at == picker.cursor.at {
            pen.tint(row, t.selection);
        }
    }
}
