//! What lies over the table: the filter, a question, a search, a place, what came of several.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::requests::Want;
use crate::app::screens::people::{
    Ask, Field, Find, Found, Mode, Panel, People, PeopleWant, Question, standing,
};
use crate::app::words;
use crate::domain::completion::Place;
use crate::domain::when;
use crate::ui::pen::Pen;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::report::report;
use crate::ui::widgets::spinner;

const LABELS: u16 = 10;

pub(super) fn draw(pen: &mut Pen, people: &People, model: &Model) {
    let (cx, top) = (&model.cx, model.overlays.is_empty());
    match &people.mode {
        Mode::Table | Mode::Detail | Mode::Search => {}
        Mode::Panel(filter) => panel(pen, filter, cx),
        Mode::Ask(question) => ask(pen, question, people, cx, top),
        Mode::Find(search) => find(pen, search, cx, top),
        Mode::Place => place(pen, people, cx),
        Mode::Report(cursor) => {
            if let Some(batch) = people.batch() {
                report(pen, batch, *cursor, cx);
            }
        }
    }
}

/// The keys, on the box's lower edge.
fn keys(pen: &mut Pen, area: Rect, text: &str) {
    let right = area.right().saturating_sub(2);
    pen.put_right(
        right,
        area.bottom().saturating_sub(1),
        area.width,
        text,
        pen.theme.dim,
    );
}

fn panel(pen: &mut Pen, panel: &Panel, cx: &Context) {
    let area = geometry::people_panel(cx.setup.size);
    let inner = pen.boxed(area, "Filter");
    let t = pen.theme;
    for (at, y) in Field::ALL.into_iter().zip(inner.top() + 1..inner.bottom()) {
        let focused = panel.focus == at;
        let (label, arrow) = if focused {
            (t.bold, t.accent)
        } else {
            (t.dim, t.dim)
        };
        pen.put(inner.x, y, LABELS, at.label(), label);
        let (text, set) = panel.choice(at);
        let value = match (set, focused) {
            (_, true) => t.bold,
            (true, false) => t.text,
            (false, false) => t.dim,
        };
        let row = Rect::new(inner.x + LABELS + 1, y, inner.width.saturating_sub(LABELS + 1), 1);
        pen.pieces(row, &[("‹ ", arrow), (&text, value), (" ›", arrow)]);
    }
    keys(pen, area, " ←→ choice  Enter filter  Ctrl+R reset  Esc close ");
}

fn ask(pen: &mut Pen, ask: &Ask, people: &People, cx: &Context, top: bool) {
    let names = if ask.who.len() > 1 { 2 } else { 0 };
    let choice = if ask.has_choice() { 3 } else { 0 };
    let area = geometry::people_ask(cx.setup.size, names + choice);
    let inner = pen.boxed(area, &ask.title());
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    let mut y = inner.y;
    if ask.who.len() > 1 {
        let names: Vec<&str> = ask.who.iter().map(|who| who.full_name.as_str()).collect();
        for line in words::wrap(&names.join(", "), usize::from(inner.width))
            .into_iter()
            .take(2)
        {
            pen.put(inner.x, y, inner.width, line, t.dim);
            y += 1;
        }
    }
    if let Question::Move { to, .. } = &ask.question {
        let text = format!("to {}", words::event_name(to, cx.zone(), cx.now()));
        pen.put(inner.x, y, inner.width, &text, t.text);
        y += 1;
    }
    y += 1;
    let label = match (&ask.question, ask.required) {
        (Question::Note, _) => "Note",
        (_, true) => "Why *",
        (_, false) => "Why",
    };
    let focused = !ask.choosing && !ask.sending;
    pen.put(inner.x, y, LABELS, label, if focused { t.bold } else { t.dim });
    let look = Look {
        focused: top && focused,
        hidden: false,
        ground: true,
    };
    let line = Rect::new(inner.x + LABELS, y, inner.width.saturating_sub(LABELS), 1);
    field(pen, line, &ask.text, look);
    y += 1;
    let below = Rect::new(line.x, y, line.width, 1);
    if let Some(why) = &ask.error {
        for (at, part) in words::wrap(why.as_str(), usize::from(below.width))
            .into_iter()
            .take(2)
            .enumerate()
        {
            pen.put(below.x, below.y + u16::from(at > 0), below.width, part, t.bad);
        }
    } else if ask.sending {
        let left = people.batches.last().map_or(0, |batch| {
            batch.lines.iter().filter(|line| line.told.is_none()).count()
        });
        let text = format!("{} {left} of {} on the way", spinner::picture(cx), ask.who.len());
        if people.batches.last().is_some_and(|batch| batch.lines.len() > 1) || cx.requests.any_slow() {
            pen.put(below.x, below.y, below.width, &text, t.dim);
        }
    } else {
        pen.put(below.x, below.y, below.width, ask.hint(), t.dim);
    }
    if let Question::Move { wait, .. } = &ask.question {
        let y = below.y + 2;
        let (label, arrow) = if ask.choosing {
            (t.bold, t.accent)
        } else {
            (t.dim, t.dim)
        };
        pen.put(inner.x, y, LABELS, "If full", label);
        let text = if *wait {
            "into the waitlist there"
        } else {
            "they stay here"
        };
        let row = Rect::new(line.x, y, line.width, 1);
        pen.pieces(row, &[("‹ ", arrow), (text, label), (" ›", arrow)]);
        keys(pen, area, " Tab field  ←→ choice  Enter move  Esc leave it ");
    } else {
        keys(pen, area, " Enter send  Esc leave it ");
    }
}

fn find(pen: &mut Pen, find: &Find, cx: &Context, top: bool) {
    let (area, list) = geometry::people_find(cx.setup.size);
    let title = match &find.found {
        Found::Members(_) => "Register a member".to_owned(),
        Found::Events(_, people) => match people.as_slice() {
            [one] => format!("Move {} to", one.member.full_name),
            several => format!("Move {} people to", several.len()),
        },
    };
    let inner = pen.boxed(area, &title);
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    pen.put(inner.x, inner.y, 1, ">", t.accent);
    let line = Rect::new(inner.x + 2, inner.y, inner.width.saturating_sub(2), 1);
    if find.field.is_empty() {
        let hint = match find.found {
            Found::Members(_) => "name, user name, address or pass",
            Found::Events(..) => "title or place",
        };
        pen.put(line.x + 1, line.y, line.width, hint, t.dim);
    }
    let look = Look {
        focused: top && find.sent.is_none(),
        hidden: false,
        ground: false,
    };
    field(pen, line, &find.field, look);
    let first = Rect { height: 1, ..list };
    let rows = match &find.found {
        Found::Members(members) => {
            if find.field.is_empty() {
                Some(Vec::new())
            } else {
                let want = Want::People(PeopleWant::Members(find.query()));
                (!spinner::instead(pen, first, members, &want, cx)).then(|| {
                    find.members()
                        .iter()
                        .map(|one| {
                            (
                                one.full_name.to_string(),
                                one.username.to_string(),
                                standing(one, cx),
                            )
                        })
                        .collect::<Vec<_>>()
                })
            }
        }
        Found::Events(events, _) => {
            let want = Want::People(PeopleWant::Events);
            (!spinner::instead(pen, first, events, &want, cx)).then(|| {
                find.events()
                    .into_iter()
                    .map(|line| {
                        let when = when::day_and_time(line.start_time, cx.zone(), cx.now());
                        let seats = match line.free() {
                            None => "no limit".to_owned(),
                            Some(0) => "full".to_owned(),
                            Some(free) => format!("{} free", words::number(free)),
                        };
                        (line.title.to_string(), when, seats)
                    })
                    .collect()
            })
        }
    };
    if let Some(rows) = rows {
        if rows.is_empty() {
            let text = match &find.found {
                Found::Members(_) if find.field.is_empty() => "Type who is to be registered.",
                Found::Members(_) => "Nobody is called that. The door makes new members (F2 there).",
                Found::Events(..) => "No other event in the next six months is called that.",
            };
            pen.put(list.x, list.y, list.width, text, t.dim);
        }
        let shown = rows.iter().enumerate().skip(find.cursor.top);
        for (y, (at, (name, beside, state))) in (list.top()..list.bottom()).zip(shown) {
            let row = Rect::new(list.x, y, list.width, 1);
            let right = pen.put_right(row.right(), y, 24, state, t.dim).saturating_sub(2);
            let half = row.width / 2;
            pen.put(row.x, y, half.saturating_sub(1), name, t.text);
            pen.put(row.x + half, y, right.saturating_sub(row.x + half), beside, t.dim);
            if at == find.cursor.at {
                pen.tint(row, t.selection);
            }
        }
    }
    let last = Rect::new(inner.x, inner.bottom().saturating_sub(1), inner.width, 1);
    if let Some(error) = &find.error {
        pen.put(last.x, last.y, last.width, error.as_str(), t.warn);
    }
    keys(pen, area, " ↑↓ choose  Enter take  Esc close ");
}

fn place(pen: &mut Pen, people: &People, cx: &Context) {
    let area = geometry::people_place(cx.setup.size);
    let targets = people.table.targets();
    let title = match targets.as_slice() {
        [one] => format!("Place of {}", one.member.full_name),
        several => format!("Place of {} people", several.len()),
    };
    let inner = pen.boxed(area, &title);
    let t = pen.theme;
    let now = match targets.as_slice() {
        [one] => one.result,
        _ => None,
    };
    let choices = [
        ("1", "first", Some(Place::First)),
        ("2", "second", Some(Place::Second)),
        ("3", "third", Some(Place::Third)),
        ("0", "no place", None),
    ];
    for ((key, text, place), y) in choices.into_iter().zip(inner.top() + 1..inner.bottom()) {
        let row = Rect::new(inner.x, y, inner.width, 1);
        let style = if place == now && targets.len() == 1 {
            t.bold
        } else {
            t.text
        };
        pen.pieces(row, &[(key, t.accent), ("  ", t.dim), (text, style)]);
    }
    keys(pen, area, " a team shares its place  Esc leave it ");
}
