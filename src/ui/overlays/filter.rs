//! The panel of the calendar's filter as cells: a line for each field, and how many events would come through.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::filter::FilterPanel;
use crate::app::words;
use crate::domain::event_filter::{FilterField, PriceChoice, SortBy};
use crate::ui::pen::Pen;
use crate::ui::widgets::field::{Look, field};

const LABELS: u16 = 8;
const SHORT: u16 = 22;

fn label(of: FilterField) -> &'static str {
    match of {
        FilterField::Type => "Type",
        FilterField::Seats => "Seats",
        FilterField::Price => "Price",
        FilterField::Whose => "Whose",
        FilterField::From => "From",
        FilterField::To => "To",
        FilterField::Sort => "Sort",
    }
}

fn hint(of: FilterField) -> &'static str {
    match of {
        FilterField::Type => "a letter finds one",
        FilterField::Seats | FilterField::Whose => "",
        FilterField::Price => "type an amount for at most",
        FilterField::From | FilterField::To => "like 27 Nov; empty is open",
        FilterField::Sort => "the agenda's order",
    }
}

/// The choice of a field, and whether it wishes for anything.
fn choice(panel: &FilterPanel, of: FilterField) -> (String, bool) {
    let (text, set) = match of {
        FilterField::Type => match &panel.event_type {
            Some(name) => (name.as_str(), true),
            None => ("any", false),
        },
        FilterField::Seats if panel.free_seats => ("free seats", true),
        FilterField::Whose if panel.mine => ("mine", true),
        FilterField::Whose => ("everybody's", false),
        FilterField::Price => match panel.price {
            PriceChoice::Any => ("any", false),
            PriceChoice::Free => ("free of charge", true),
            PriceChoice::Paid => ("paid", true),
            PriceChoice::UpTo => ("up to", true),
        },
        FilterField::Sort => match panel.sort {
            SortBy::Start => ("by start", false),
            SortBy::Title => ("by title", true),
            SortBy::Price => ("by price", true),
        },
        FilterField::Seats | FilterField::From | FilterField::To => ("any", false),
    };
    (text.to_owned(), set)
}

pub(crate) fn draw(pen: &mut Pen, panel: &FilterPanel, model: &Model, top: bool) {
    let cx = &model.cx;
    let inner = pen.boxed(geometry::filter(cx.setup.size), "Filter");
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    for (at, y) in FilterField::ALL.into_iter().zip(inner.top() + 1..inner.bottom()) {
        let focused = panel.focus == at;
        let style = if focused { t.bold } else { t.dim };
        pen.put(inner.x, y, LABELS - 1, label(at), style);
        let row = Rect::new(inner.x + LABELS, y, inner.width.saturating_sub(LABELS), 1);
        let short = geometry::columns(row, 0, SHORT);
        let look = Look {
            focused: top && focused,
            hidden: false,
            ground: true,
        };
        match at {
            FilterField::From => field(pen, short, &panel.from, look),
            FilterField::To => field(pen, short, &panel.to, look),
            _ => {
                let (text, set) = choice(panel, at);
                let arrow = if focused { t.accent } else { t.dim };
                let value = match (set, focused) {
                    (_, true) => t.bold,
                    (true, false) => t.text,
                    (false, false) => t.dim,
                };
                let x = pen.pieces(short, &[("‹ ", arrow), (&text, value), (" ›", arrow)]);
                if at == FilterField::Price && panel.price == PriceChoice::UpTo {
                    let area = Rect::new(x + 1, y, short.right().saturating_sub(x + 1), 1);
                    field(pen, area, &panel.amount, look);
                }
            }
        }
        note(pen, geometry::columns(row, SHORT + 2, row.width), panel, at, cx);
    }
    let last = Rect::new(inner.x, inner.bottom() - 1, inner.width, 1);
    foot(pen, last, panel, model);
}

/// What is wrong with a field; else how it is understood; else how to fill it.
fn note(pen: &mut Pen, row: Rect, panel: &FilterPanel, at: FilterField, cx: &Context) {
    let t = pen.theme;
    if let Some(why) = panel.error(at) {
        pen.put(row.x, row.y, row.width, why, t.bad);
    } else if let Some(echo) = panel.echo(at, cx) {
        pen.put(row.x, row.y, row.width, &echo, t.dim);
    } else if panel.focus == at {
        pen.put(row.x, row.y, row.width, hint(at), t.dim);
    }
}

/// How many events would come through of those that are here.
fn foot(pen: &mut Pen, row: Rect, panel: &FilterPanel, model: &Model) {
    let (cx, state) = (&model.cx, &model.calendar);
    let t = pen.theme;
    // What was cut beside the field has the whole line here.
    let room = row.width.saturating_sub(LABELS + SHORT + 2);
    let cut = panel
        .errors
        .iter()
        .find(|(_, why)| crate::ui::pen::width(why) > room);
    if let Some((_, why)) = cut {
        pen.put(row.x, row.y, row.width, why, t.bad);
        return;
    }
    let (Some(filter), Some(events)) = (panel.read(cx), state.events.get()) else {
        return;
    };
    let far = filter
        .range()
        .is_some_and(|(from, to)| from < events.span.0 || events.span.1 < to);
    let text = if far {
        "Further days are fetched once you filter.".to_owned()
    } else {
        let count = state.sifted(&filter, events, cx).count();
        let number = |count: usize| words::number(i64::try_from(count).unwrap_or(i64::MAX));
        format!(
            "{} of {} events around {} match.",
            number(count),
            number(events.lines.len()),
            crate::domain::when::month_name(state.day)
        )
    };
    pen.put(row.x, row.y, row.width, &text, t.dim);
}
