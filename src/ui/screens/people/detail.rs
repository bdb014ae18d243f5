//! One of an event's people in full: everything that is known of them here, and what can be done, with its key.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::Model;
use crate::app::action::Action;
use crate::app::context::Context;
use crate::app::keymap::{self, PEOPLE, Scope, chains};
use crate::app::screens::people::People;
use crate::app::words;
use crate::domain::Timestamp;
use crate::domain::event_people::EventPerson;
use crate::domain::when;
use crate::ui::pen::Pen;

use super::table;

const LABELS: u16 = 11;

pub(super) fn draw(pen: &mut Pen, people: &People, model: &Model, area: Rect) {
    let (t, cx) = (pen.theme, &model.cx);
    let Some(person) = people.table.marked() else {
        return;
    };
    let mut page = Page { area, y: area.y };
    page.line(pen, person.member.full_name.as_str(), t.bold);
    let who = format!("{}   {}", person.member.username, person.email);
    page.line(pen, &who, t.dim);
    if !person.is_active {
        page.line(pen, "This member is switched off.", t.warn);
    }
    page.y += 1;
    facts(pen, &mut page, people, person, cx);
    page.y += 1;
    for (keys, binding) in keymap::merged(
        keymap::reachable(chains::PEOPLE, true)
            .filter(|binding| binding.scope == Scope::People && binding.group == PEOPLE),
    ) {
        let Action::People(_) = binding.action else {
            continue;
        };
        let idle = model.why_not(binding.action).is_some();
        let (key, text) = if idle { (t.dim, t.dim) } else { (t.accent, t.text) };
        let row = page.row();
        if row.height == 0 {
            break;
        }
        pen.put(row.x, row.y, 7, &keys, key);
        pen.put(row.x + 8, row.y, row.width.saturating_sub(8), binding.help, text);
    }
}

/// What is known, a line or more for each.
fn facts(pen: &mut Pen, page: &mut Page, people: &People, person: &EventPerson, cx: &Context) {
    let t = pen.theme;
    let at = |moment: Timestamp| when::day_and_time(moment, cx.zone(), cx.now());
    let (state, style) = table::state(t, person);
    page.fact(pen, "Status", &state, style);
    if let Some(why) = &person.status_reason {
        page.fact(pen, "Told", why.as_str(), t.text);
    }
    if let Some(moment) = person.registration_date {
        page.fact(pen, "Registered", &at(moment), t.text);
    }
    match (person.waitlisted_at, person.promoted_at) {
        (_, Some(moment)) => page.fact(pen, "Moved up", &at(moment), t.text),
        (Some(moment), None) => page.fact(pen, "Waits since", &at(moment), t.text),
        (None, None) => {}
    }
    let (money, style) = table::money(t, person, cx);
    let price = person.price_due.map(|price| cx.currency().show(price));
    match price {
        Some(price) if money != price => {
            page.fact(pen, "Price", &format!("{price}, {money}"), style);
        }
        Some(price) => page.fact(pen, "Price", &price, style),
        None => page.fact(pen, "Price", "free", t.dim),
    }
    let (came, style) = table::came(t, person, &people.line, cx);
    let came = match (person.attended, person.checked_in_at) {
        (true, Some(moment)) if came.starts_with("in ") => at(moment),
        (true, Some(moment)) => format!("{}, {came}", at(moment)),
        (false, _) if came.is_empty() => "not yet".to_owned(),
        _ => came,
    };
    page.fact(pen, "Came", &came, style);
    if let Some(place) = person.result {
        page.fact(pen, "Place", place.words(), t.good);
    }
    if let Some(note) = &person.note {
        page.fact(pen, "Note", note.as_str(), t.accent);
    }
}

/// Lines from the top down, as far as there is room.
struct Page {
    area: Rect,
    y: u16,
}

impl Page {
    /// The next row; without height when there is none left.
    fn row(&mut self) -> Rect {
        let height = u16::from(self.y < self.area.bottom());
        let row = Rect::new(self.area.x, self.y, self.area.width, height);
        self.y += 1;
        row
    }

    fn line(&mut self, pen: &mut Pen, text: &str, style: Style) {
        let row = self.row();
        if row.height > 0 {
            pen.put(row.x, row.y, row.width, text, style);
        }
    }

    /// A name, and what there is to say, on as many lines as it takes.
    fn fact(&mut self, pen: &mut Pen, name: &str, text: &str, style: Style) {
        let dim = pen.theme.dim;
        for (at, part) in words::wrap(text, usize::from(self.area.width.saturating_sub(LABELS)))
            .into_iter()
            .enumerate()
        {
            let row = self.row();
            if row.height == 0 {
                return;
            }
            if at == 0 {
                pen.put(row.x, row.y, LABELS - 1, name, dim);
            }
            pen.put(
                row.x + LABELS,
                row.y,
                row.width.saturating_sub(LABELS),
                part,
                style,
            );
        }
    }
}
