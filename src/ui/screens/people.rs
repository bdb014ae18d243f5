//! An event's people as cells: which event and its figures on top, the kinds or the search, a row for each, and in a wide
//! window one of them in full beside them. Questions lie over the table, within the screen.

mod detail;
mod panels;
mod table;

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::screens::people::{Kind, Mode, People, results_line};
use crate::app::words;
use crate::domain::event_people::{PeopleSort, PeopleTotals};
use crate::domain::when;
use crate::ui::pen::{self, Pen};
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

pub(crate) fn draw(pen: &mut Pen, model: &Model) {
    let Some(people) = model.people_in_view() else {
        return;
    };
    let cx = &model.cx;
    let areas = geometry::people(cx.setup.size);
    title(pen, people, cx, areas.title);
    totals(pen, people, cx, areas.totals);
    kinds(pen, people, model, areas.kinds);
    rule(pen, people, areas.rule);
    if people.mode == Mode::Detail {
        detail::draw(pen, people, model, areas.detail);
    } else {
        table::draw(pen, people, cx, areas.list);
        if let Some(x) = areas.divider {
            pen.divider(x, areas.list);
            detail::draw(pen, people, model, areas.detail);
        }
    }
    panels::draw(pen, people, model);
}

/// Which event, when, and how far it is with it.
fn title(pen: &mut Pen, people: &People, cx: &Context, row: Rect) {
    let t = pen.theme;
    let line = &people.line;
    let (state, style) = if !line.is_active {
        ("cancelled", t.warn)
    } else if line.is_over(cx.now()) {
        ("over: to complete", t.accent)
    } else if line.is_running(cx.now()) {
        ("now", t.good)
    } else {
        ("", t.dim)
    };
    let state = if state == "over: to complete"
        && people.results.get().is_some_and(|results| !results.0.is_empty())
    {
        "over, results entered"
    } else {
        state
    };
    let mut right = row.right();
    if !state.is_empty() {
        right = pen
            .put_right(right, row.y, row.width, state, style)
            .saturating_sub(2);
    }
    let when = when::day_and_time(line.start_time, cx.zone(), cx.now());
    let wide = pen::width(&when);
    let room = right.saturating_sub(row.x);
    let used = pen.put(
        row.x,
        row.y,
        room.saturating_sub(wide + 2),
        line.title.as_str(),
        t.bold,
    );
    pen.put(
        row.x + used + 2,
        row.y,
        room.saturating_sub(used + 2),
        &when,
        t.dim,
    );
}

/// The figures: seats and states; then who came, money, and who won.
fn totals(pen: &mut Pen, people: &People, cx: &Context, area: Rect) {
    let first = geometry::rows(area, 0, 1);
    let second = geometry::rows(area, 1, 1);
    let Some(totals) = people.totals.get() else {
        return;
    };
    let t = pen.theme;
    let number = words::number;
    let mut figures = Figures::default();
    let seats = match totals.max_participants {
        Some(most) => format!("{}/{}", number(totals.registered), number(most.into())),
        None => number(totals.registered),
    };
    figures.add("registered", seats, false);
    figures.some("pending", totals.pending, true);
    figures.some("waitlisted", totals.waitlisted, false);
    figures.some("cancelled", totals.cancelled, false);
    figures.some("rejected", totals.rejected, false);
    let end = figures.draw(pen, first);
    if let Some(age) = spinner::age(&people.totals, cx).or_else(|| spinner::age(&people.table.pages, cx)) {
        let room = first.right().saturating_sub(end + 2);
        pen.put_right(first.right(), first.y, room, &age, t.warn);
    }
    let mut figures = Figures::default();
    figures.add("checked in", number(totals.checked_in), false);
    if let Some(absent) = totals.no_shows {
        figures.add("no-shows", number(absent), absent > 0);
    }
    money(&mut figures, totals, cx);
    let end = figures.draw(pen, second);
    if let Some(results) = people.results.get().filter(|results| !results.0.is_empty()) {
        // In a narrow window the message line tells them.
        let text = results_line(results);
        let room = second.right().saturating_sub(end + 3);
        if pen::width(&text) <= room || cx.is_wide() {
            pen.put(end + 3, second.y, room, &text, t.good);
        }
    }
}

fn money(figures: &mut Figures, totals: &PeopleTotals, cx: &Context) {
    let told = |amount, people: i64| format!("{} ({})", cx.currency().show(amount), words::number(people));
    if totals.payments > 0 {
        figures.add("paid", told(totals.paid, totals.payments), false);
    }
    if totals.owing > 0 {
        figures.add("due", told(totals.due, totals.owing), true);
    }
}

/// Names and values, side by side.
#[derive(Default)]
struct Figures(Vec<(&'static str, String, bool)>);

impl Figures {
    fn add(&mut self, name: &'static str, value: String, warns: bool) {
        self.0.push((name, value, warns));
    }

    /// Left out where there is none.
    fn some(&mut self, name: &'static str, value: i64, warns: bool) {
        if value > 0 {
            self.add(name, words::number(value), warns);
        }
    }

    /// Answers the column behind the last.
    fn draw(&self, pen: &mut Pen, row: Rect) -> u16 {
        let t = pen.theme;
        let mut x = row.x;
        for (at, (name, value, warns)) in self.0.iter().enumerate() {
            if at > 0 {
                x += 3;
            }
            let rest = Rect::new(x, row.y, row.right().saturating_sub(x), 1);
            let style = if *warns { t.warn } else { t.text };
            x = pen.pieces(rest, &[(name, t.dim), (" ", t.dim), (value, style)]);
        }
        x
    }
}

/// The kinds that Tab turns over, or the search; and the position.
fn kinds(pen: &mut Pen, people: &People, model: &Model, row: Rect) {
    let (t, cx) = (pen.theme, &model.cx);
    let place = position(people);
    let right = pen
        .put_right(row.right(), row.y, row.width, &place, t.dim)
        .saturating_sub(1);
    let row = Rect {
        width: right.saturating_sub(row.x),
        ..row
    };
    if people.mode == Mode::Search || !people.search.is_empty() {
        pen.put(row.x, row.y, 1, "/", t.accent);
        let line = Rect::new(row.x + 2, row.y, row.width.saturating_sub(2), 1);
        if people.mode == Mode::Search && people.search.is_empty() {
            pen.put(
                line.x + 1,
                line.y,
                line.width,
                "name, user name, address or pass",
                t.dim,
            );
        }
        let look = Look {
            focused: model.overlays.is_empty() && people.mode == Mode::Search,
            hidden: false,
            ground: false,
        };
        field(pen, line, &people.search, look);
        return;
    }
    let over = people.is_over(cx);
    let mut x = row.x + pen.put(row.x, row.y, row.width, "Tab ", t.accent);
    let Some(now) = people.listing.kind() else {
        let text = format!("filter: {}", people.listing.words());
        pen.put(x, row.y, row.right().saturating_sub(x), &text, t.bold);
        return;
    };
    for kind in Kind::ALL {
        let style = if kind == now {
            t.bold.patch(t.underline)
        } else {
            t.dim
        };
        x += pen.put(x, row.y, row.right().saturating_sub(x), kind.title(over), style) + 2;
    }
}

/// The rule above the table, and in it the order, where it is another than by name.
fn rule(pen: &mut Pen, people: &People, row: Rect) {
    pen.rule(row);
    if people.listing.sort != PeopleSort::Name || people.listing.descending {
        let text = format!(" {} ", people.listing.order());
        pen.put_right(
            row.right().saturating_sub(2),
            row.y,
            row.width,
            &text,
            pen.theme.dim,
        );
    }
}

fn position(people: &People) -> String {
    let of = |count: usize| words::number(i64::try_from(count).unwrap_or(i64::MAX));
    match (people.table.pages.get(), people.table.len()) {
        (None, _) => String::new(),
        (_, 0) => "0/0".to_owned(),
        (_, all) => format!("{}/{}", of((people.table.cursor.at + 1).min(all)), of(all)),
    }
}
