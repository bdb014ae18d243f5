//! What is around every screen: tabs and who is signed in above; message line, link and keys below.

use crossterm::event::KeyCode;
use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::{Context, Link, Tone};
use crate::app::geometry::{self, Frame};
use crate::app::keymap::{self, Key};
use crate::app::screens::Tab;
use crate::app::words;
use crate::domain::when;

use super::pen::{self, Pen};
use super::widgets::spinner;

/// Stands on every screen while nothing is sent.
pub(crate) const REHEARSAL: &str = " REHEARSAL ";

/// Tabs, who I am, and the rule under them.
pub(crate) fn header(pen: &mut Pen, model: &Model, frame: &Frame) {
    let row = frame.header;
    let Some(me) = &model.cx.me else { return };
    let right = row.right().saturating_sub(1);
    let mut end = 0;
    for (tab, name, area) in geometry::tabs(row.width, model.cx.is_staff(), model.tab) {
        let here = tab == model.tab;
        let (number, title) = if here {
            (pen.theme.accent, pen.theme.bold)
        } else {
            (pen.theme.dim, pen.theme.dim)
        };
        let room = right.saturating_sub(area.x);
        let used = pen.put(area.x, row.y, room, &format!("{} ", tab.number()), number);
        pen.put(area.x + used, row.y, room.saturating_sub(used), name, title);
        if tab == Tab::Registrations && !model.cx.news.items().is_empty() {
            pen.put(
                area.right(),
                row.y,
                room.saturating_sub(area.width),
                "•",
                pen.theme.warn,
            );
        }
        if here && room >= area.width {
            let name = Rect::new(area.x + used, row.y, area.width - used, 1);
            pen.tint(name, pen.theme.underline);
        }
        end = area.right();
    }
    let tail = if me.user_type.is_staff() {
        format!(" · {}", me.device)
    } else {
        format!(" · {} points", words::number(me.points))
    };
    // A long name gives way before the tabs do.
    let room = right.saturating_sub(end + 2);
    let name_room = room.saturating_sub(pen::width(&tail));
    if name_room >= 2 {
        let name = me.username.as_str();
        let wide = pen::width(name).min(name_room);
        let x = pen.put_right(right, row.y, room, &tail, pen.theme.dim);
        pen.put(x - wide, row.y, wide, name, pen.theme.text);
    }
    pen.rule(frame.header_rule);
}

/// The message line, the rule, and the status line.
pub(crate) fn footer(pen: &mut Pen, model: &Model, frame: &Frame) {
    // What is told may be about what the lock hides.
    if !model.is_locked() {
        message(pen, model, frame.message);
    }
    pen.rule(frame.footer_rule);
    let mut left = link(pen, &model.cx, frame.status);
    if let (None, Some(community), None) = (&model.cx.me, &model.cx.community, &model.kiosk) {
        let version = format!("PostgreSQL {}", community.server_version);
        left += 2 + pen.put(left + 2, frame.status.y, 20, &version, pen.theme.dim);
    }
    if model.cx.is_staff() && model.check_in.careful {
        left += 2 + pen.put(left + 2, frame.status.y, 10, "careful", pen.theme.warn);
    }
    if let Some(notes) = model.check_in.unread_told().filter(|_| !model.is_door_in_view()) {
        left += 2 + pen.put(left + 2, frame.status.y, 20, &notes, pen.theme.warn);
    }
    let news = model.cx.news.items().len();
    if news > 0 && model.cx.me.is_some() && !model.is_locked() {
        let row = geometry::columns(frame.status, left + 2, 12);
        let end = pen.pieces(
            row,
            &[
                ("N", pen.theme.accent),
                (&format!(" {news} news"), pen.theme.warn),
            ],
        );
        left += 2 + end.saturating_sub(row.x);
    }
    keys(pen, model, frame.status, left + 2);
}

/// What is told while an overlay lies over the message line: a scan's result must be seen whatever is open.
pub(crate) fn message_above(pen: &mut Pen, model: &Model, frame: &Frame) {
    if model.overlays.is_empty() || model.is_locked() || model.cx.toast.is_none() {
        return;
    }
    let row = frame.message;
    // An overlay as wide as the window keeps its sides.
    let room = row.width.saturating_sub(2);
    pen.put(
        row.x + 1,
        row.y,
        room,
        &" ".repeat(usize::from(room)),
        pen.theme.text,
    );
    message(pen, model, row);
}

fn message(pen: &mut Pen, model: &Model, row: Rect) {
    let row = super::screens::calendar::prompt(pen, model, row);
    let room = row.width.saturating_sub(4);
    let Some(toast) = &model.cx.toast else {
        let mut x = row.x + 3;
        for (at, hint) in model.hints().iter().enumerate() {
            // The first may be cut; another is left out rather.
            if at == 0 || x + pen::width(hint) <= row.x + 3 + room {
                x += pen.put(
                    x,
                    row.y,
                    (row.x + 3 + room).saturating_sub(x),
                    hint,
                    pen.theme.dim,
                ) + 3;
            }
        }
        return;
    };
    let (glyph, style) = match toast.tone {
        Tone::Plain => ("·", pen.theme.text),
        Tone::Good => ("✓", pen.theme.good),
        Tone::Warn => ("!", pen.theme.warn),
        Tone::Bad => ("✕", pen.theme.bad),
    };
    pen.put(row.x + 1, row.y, 1, glyph, style);
    pen.put(row.x + 3, row.y, room, toast.text.as_str(), style);
}

/// The state of the link and whatever needs a look; answers the column behind it.
pub(crate) fn link(pen: &mut Pen, cx: &Context, row: Rect) -> u16 {
    let t = pen.theme;
    let (glyph, text, style) = match cx.link {
        Link::Unknown => ("◌", "connecting".to_owned(), t.dim),
        Link::Live { ms } => ("●", format!("live {ms:>2} ms"), t.good),
        Link::Retrying => ("◌", "retrying".to_owned(), t.warn),
        Link::Down { since } => (
            "○",
            format!("offline since {}", when::clock_time(since, cx.zone())),
            t.bad,
        ),
    };
    let waiting = cx.requests.writes().count() + cx.parked.len();
    let mut row = row;
    if cx.rehearsing {
        let used = pen.put(row.x, row.y, row.width, REHEARSAL, t.warn_ground);
        row = geometry::columns(row, used, row.width.saturating_sub(used));
    }
    let mut x = pen.pieces(
        Rect::new(row.x + 1, row.y, row.width.saturating_sub(1), 1),
        &[
            (glyph, style),
            (" ", t.dim),
            (&text, if glyph == "●" { t.dim } else { style }),
        ],
    );
    let mut add = |pen: &mut Pen, text: &str, style| {
        x += 2;
        x += pen.put(x, row.y, row.right().saturating_sub(x), text, style);
    };
    let slow = cx
        .requests
        .writes()
        .any(|request| request.slow || request.tries > 0);
    if slow || !cx.parked.is_empty() {
        add(
            pen,
            &format!("{} {waiting} not answered", spinner::picture(cx)),
            t.warn,
        );
    }
    if cx.queued > 0 {
        add(pen, &format!("queued {}", cx.queued), t.warn);
    }
    if !cx.unsettled.is_empty() {
        add(pen, &format!("! {} to settle", cx.unsettled.len()), t.bad);
    }
    if let Some(offset) = cx
        .community
        .as_ref()
        .map(|c| c.clock_offset_seconds)
        .filter(|s| *s != 0)
    {
        add(pen, &format!("! clock {}", shift(offset)), t.warn);
    }
    x
}

/// `+2 h`, `−3 d`: how far the rules' clock was moved.
fn shift(seconds: i64) -> String {
    let sign = if seconds < 0 { "−" } else { "+" };
    match seconds.abs() {
        s @ 0..120 => format!("{sign}{s} s"),
        s @ 120..7200 => format!("{sign}{} min", s / 60),
        s @ 7200..172_800 => format!("{sign}{} h", s / 3600),
        s => format!("{sign}{} d", s / 86400),
    }
}

/// The keys that do something here, as many as fit; help stands last and always.
fn keys(pen: &mut Pen, model: &Model, row: Rect, left: u16) {
    let typing = model.is_typing();
    let mut entries: Vec<(String, &'static str, bool)> = Vec::new();
    for binding in keymap::reachable(model.chain(), model.cx.audience()) {
        // A letter cannot be pressed while letters go into a field.
        let key = binding
            .keys
            .iter()
            .find(|key| !typing || key.printable().is_none() || model.is_command(**key));
        let (Some(key), false) = (key, binding.brief.is_empty()) else {
            continue;
        };
        let idle = model.why_not(binding.action).is_some();
        match entries.last_mut() {
            Some((keys, brief, _)) if *brief == binding.brief => {
                if !matches!(
                    key.code,
                    KeyCode::Left | KeyCode::Right | KeyCode::Up | KeyCode::Down
                ) {
                    keys.push(' ');
                }
                keys.push_str(&key.to_string());
            }
            _ => entries.push((key.to_string(), binding.brief, idle)),
        }
    }
    if typing && model.overlays.is_empty() && model.cx.me.is_some() {
        // Here the tabs' digits are letters like any other.
        let screens = keymap::reachable(model.chain(), model.cx.audience())
            .filter(|binding| binding.group == keymap::SCREENS)
            .filter_map(|binding| binding.keys.iter().find(|key| key.printable().is_none()));
        let keys: Vec<String> = screens.map(ToString::to_string).collect();
        if let [first, .., last] = keys.as_slice() {
            let last = last.rsplit('+').next().unwrap_or_default();
            entries.push((format!("{first}…{last}"), "screens", false));
        }
    }
    let wide = |(keys, brief, _): &(String, &str, bool)| pen::width(keys) + 1 + pen::width(brief) + 2;
    let right = row.right().saturating_sub(1);
    let help = entries
        .iter()
        .position(|(_, brief, _)| *brief == "help")
        .map(|at| entries.remove(at));
    // Whoever is signed in at a kiosk is to find the way out of their session, whatever else there is to do.
    let out = keymap::find(model.chain(), Key::ctrl('o'), model.cx.audience());
    let leave = (model.kiosk.is_some() && model.cx.me.is_some() && out.is_some())
        .then(|| ("Ctrl+O".to_owned(), "sign out", false));
    let kept: Vec<_> = leave.into_iter().chain(help).collect();
    let mut room = (right.saturating_sub(left) + 2).saturating_sub(kept.iter().map(wide).sum());
    let mut shown = Vec::new();
    for entry in entries {
        let needed = wide(&entry);
        if needed > room {
            continue;
        }
        room -= needed;
        shown.push(entry);
    }
    shown.extend(kept);
    let total: u16 = shown.iter().map(wide).sum::<u16>().saturating_sub(2);
    let mut x = right.saturating_sub(total);
    if x < left {
        return;
    }
    for (keys, brief, idle) in shown {
        let (key_style, word_style) = if idle {
            (pen.theme.dim, pen.theme.dim)
        } else {
            (pen.theme.accent, pen.theme.text)
        };
        x += pen.put(x, row.y, right.saturating_sub(x), &keys, key_style) + 1;
        x += pen.put(x, row.y, right.saturating_sub(x), brief, word_style) + 2;
    }
}
