//! Where things stand in a window: rectangles from its size alone, so that a click finds what the drawing put
//! there and lists know how many rows are in view.

use ratatui::layout::Rect;

use super::screens::Tab;

mod audit;
mod calendar;
mod insights;
mod members;
mod people;
mod profile;
mod registrations;

pub(crate) use audit::{audit, settings};
pub(crate) use calendar::{CELL, Calendar, calendar};
pub(crate) use insights::{Insights, insights};
pub(crate) use members::{Members, code, members, role, sessions};
pub(crate) use people::{people, people_ask, people_find, people_panel, people_place, people_report};
pub(crate) use profile::{Profile, connections, profile};
pub(crate) use registrations::{Registrations, registrations};

/// Below this, screens other than check-in say that the window is too small.
pub(crate) const MIN: (u16, u16) = (60, 16);
/// Below this, check-in keeps only input, word and counts.
pub(crate) const COMPACT: (u16, u16) = (40, 12);
/// Below this, nothing fits.
pub(crate) const NOTHING: (u16, u16) = (20, 5);

/// How much of a screen the window can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    Full,
    Compact,
    TooSmall,
}

/// What fits of a screen; `door` is check-in, which still works where others do not.
pub(crate) fn fit(size: (u16, u16), door: bool) -> Fit {
    let below = |least: (u16, u16)| size.0 < least.0 || size.1 < least.1;
    if below(NOTHING) || (!door && below(MIN)) {
        Fit::TooSmall
    } else if below(COMPACT) {
        Fit::Compact
    } else {
        Fit::Full
    }
}

/// The frame around every screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) header: Rect,
    pub(crate) header_rule: Rect,
    pub(crate) body: Rect,
    pub(crate) message: Rect,
    pub(crate) footer_rule: Rect,
    pub(crate) status: Rect,
}

pub(crate) fn frame((width, height): (u16, u16)) -> Frame {
    let row = |y: u16| Rect::new(0, y.min(height), width, u16::from(y < height));
    Frame {
        header: row(0),
        header_rule: row(1),
        body: Rect::new(0, 2.min(height), width, height.saturating_sub(5)),
        message: row(height.saturating_sub(3)),
        footer_rule: row(height.saturating_sub(2)),
        status: row(height.saturating_sub(1)),
    }
}

/// Columns that the tabs leave for who is signed in.
const WHO: u16 = 18;

/// The tabs of the header with their titles, each with the columns it takes. Where long titles would leave no room for
/// who is signed in they are short, and shorter; and where these would, only the open tab has one.
pub(crate) fn tabs(width: u16, staff: bool, here: Tab) -> Vec<(Tab, &'static str, Rect)> {
    let laid = |title: &dyn Fn(Tab) -> &'static str| {
        let mut x = 1;
        let tabs = Tab::ALL.into_iter().filter(|tab| tab.is_for(staff));
        tabs.map(|tab| {
            let wide = match title(tab) {
                "" => 1,
                title => u16::try_from(title.len()).unwrap_or(0) + 2,
            };
            let at = Rect::new(x, 0, wide, 1);
            x += wide + 2;
            (tab, title(tab), at)
        })
        .collect::<Vec<_>>()
    };
    let only_here = |tab: Tab| if tab == here { tab.title() } else { "" };
    let fits = |tabs: &Vec<(Tab, &'static str, Rect)>| {
        tabs.last().is_none_or(|(_, _, last)| last.right() + WHO <= width)
    };
    Some(laid(&Tab::title))
        .filter(fits)
        .or_else(|| Some(laid(&Tab::short_title)).filter(fits))
        .or_else(|| Some(laid(&Tab::shortest_title)).filter(fits))
        .unwrap_or_else(|| laid(&only_here))
}

/// A part of `area`: rows from `top`, `height` of them or what is left.
pub(crate) fn rows(area: Rect, top: u16, height: u16) -> Rect {
    let top = top.min(area.height);
    Rect::new(area.x, area.y + top, area.width, height.min(area.height - top))
}

/// Columns from `left`, `width` of them or what is left.
pub(crate) fn columns(area: Rect, left: u16, width: u16) -> Rect {
    let left = left.min(area.width);
    Rect::new(area.x + left, area.y, width.min(area.width - left), area.height)
}

/// The door's parts, from top to bottom; what has no room is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Door {
    pub(crate) event: Rect,
    /// Arrivals, and who is at the door.
    pub(crate) live: Rect,
    pub(crate) event_rule: Rect,
    pub(crate) input: Rect,
    pub(crate) candidates: Rect,
    pub(crate) card_rule: Rect,
    pub(crate) word: Rect,
    pub(crate) detail: Rect,
    pub(crate) log_rule: Rect,
    pub(crate) log: Rect,
}

pub(crate) fn door(size: (u16, u16)) -> Door {
    let body = frame(size).body;
    let full = body.height;
    // What must be there: event, input, word, two lines of detail. The rest by how much it is missed.
    let mut left = full.saturating_sub(5);
    let mut take = |wanted: u16, least: u16| {
        let given = if left >= least { wanted.min(left) } else { 0 };
        left -= given;
        given
    };
    let mut candidates = take(2, 1);
    let rule = take(1, 1);
    let mut word = 1 + take(2, 2);
    let card_rule = take(1, 1);
    let live = take(1, 1);
    candidates += take(2, 1);
    let log = take(6, 3);
    let event_rule = rule;
    candidates += take(2, 1);
    word += take(4, 4);
    let more_log = take(5, 1);
    candidates += take(4, 1);
    let log_rule = u16::from(log > 0);
    let mut y = 0;
    let mut next = |height: u16| {
        let area = rows(body, y, height);
        y += height;
        area
    };
    Door {
        event: next(1),
        live: next(live),
        event_rule: next(event_rule),
        input: next(1),
        candidates: next(candidates),
        card_rule: next(card_rule),
        word: next(word),
        detail: next(2),
        log_rule: next(log_rule),
        log: next(log.saturating_sub(log_rule) + more_log),
    }
}

/// The leaderboard's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Board {
    /// Of which time, and how many members.
    pub(crate) title: Rect,
    /// The periods, or the name that is looked for.
    pub(crate) periods: Rect,
    pub(crate) rule: Rect,
    pub(crate) list: Rect,
    /// Where the own row stands while it is out of view, under a rule.
    pub(crate) own: Rect,
}

pub(crate) fn board(size: (u16, u16)) -> Board {
    let body = columns(frame(size).body, 1, size.0.saturating_sub(2).min(98));
    Board {
        title: rows(body, 0, 1),
        periods: rows(body, 1, 1),
        rule: rows(body, 2, 1),
        list: rows(body, 3, body.height.saturating_sub(5)),
        own: rows(body, body.height.saturating_sub(2), 2),
    }
}

/// A box in the middle of the window, as large as asked for and as there is room.
pub(crate) fn centred((width, height): (u16, u16), wanted: (u16, u16)) -> Rect {
    let (w, h) = (wanted.0.min(width), wanted.1.min(height));
    Rect::new((width - w) / 2, (height - h) / 2, w, h)
}

/// What is inside a box's border, with a column of air.
pub(crate) fn inside(area: Rect) -> Rect {
    Rect::new(
        area.x + 2.min(area.width),
        area.y + 1.min(area.height),
        area.width.saturating_sub(4),
        area.height.saturating_sub(2),
    )
}

/// The palette's box.
pub(crate) fn palette(size: (u16, u16)) -> Rect {
    let area = centred(size, (66, size.1.saturating_sub(6).min(18)));
    Rect {
        y: 2.min(size.1),
        ..area
    }
    .intersection(Rect::new(0, 0, size.0, size.1))
}

/// The rows of the palette's list.
pub(crate) fn palette_list(size: (u16, u16)) -> Rect {
    let inner = inside(palette(size));
    rows(inner, 2, inner.height)
}

/// The help page's box.
pub(crate) fn help(size: (u16, u16)) -> Rect {
    centred(
        size,
        (size.0.saturating_sub(4).min(84), size.1.saturating_sub(4).min(56)),
    )
}

/// The event picker's box, and its list.
pub(crate) fn picker(size: (u16, u16), events: usize) -> (Rect, Rect) {
    let wanted = u16::try_from(events.max(1))
        .unwrap_or(u16::MAX)
        .min(14)
        .saturating_add(2);
    let area = centred(size, (72, wanted.min(size.1)));
    (area, inside(area))
}

/// The door log's box, and its list: under the filter, above the line for the reason.
pub(crate) fn door_log(size: (u16, u16)) -> (Rect, Rect) {
    let area = centred(size, (size.0.min(110), size.1.saturating_sub(2)));
    let inner = inside(area);
    (area, rows(inner, 2, inner.height.saturating_sub(4)))
}

/// The box of what is to be settled, and its list: two lines for each.
pub(crate) fn settle(size: (u16, u16), rows: usize) -> (Rect, Rect) {
    let wanted = u16::try_from(rows.clamp(1, 8)).unwrap_or(8) * 2 + 2;
    let wide = if size.0 < 90 { size.0 } else { 84 };
    let area = centred(size, (wide, wanted.min(size.1)));
    (area, inside(area))
}

/// The box of a table of payments, and its list: under kinds and search, above totals and what is marked.
pub(crate) fn payments(size: (u16, u16)) -> (Rect, Rect) {
    let area = centred(size, (size.0.min(122), size.1.saturating_sub(2)));
    let inner = inside(area);
    (area, rows(inner, 2, inner.height.saturating_sub(5)))
}

/// The box of a receipt, and its text.
pub(crate) fn receipt(size: (u16, u16)) -> (Rect, Rect) {
    let wanted = u16::try_from(crate::domain::receipt::RECEIPT_WIDTH).unwrap_or(40) + 6;
    let area = centred(size, (wanted, size.1.saturating_sub(2).min(24)));
    let inner = inside(area);
    (area, rows(inner, 1, inner.height.saturating_sub(2)))
}

/// The box of a day's takings, and its list: under the day and the headings, above the sum.
pub(crate) fn takings(size: (u16, u16)) -> (Rect, Rect) {
    let area = centred(size, (size.0.min(84), size.1.saturating_sub(2).min(30)));
    let inner = inside(area);
    (area, rows(inner, 3, inner.height.saturating_sub(6)))
}

/// The box of the ways to pay, and its list.
pub(crate) fn channels(size: (u16, u16), ways: usize) -> (Rect, Rect) {
    let wanted = u16::try_from(ways.max(4)).unwrap_or(30).saturating_add(6);
    let area = centred(size, (60, wanted.min(size.1.saturating_sub(2))));
    let inner = inside(area);
    (area, rows(inner, 0, inner.height.saturating_sub(3)))
}

/// The box of the question about a party, and its list: above a line that sums it up.
pub(crate) fn party(size: (u16, u16), people: usize) -> (Rect, Rect) {
    let wanted = u16::try_from(people.clamp(1, 12)).unwrap_or(12) + 4;
    let area = centred(size, (76, wanted.min(size.1)));
    let inner = inside(area);
    (area, rows(inner, 0, inner.height.saturating_sub(2)))
}

/// Where a door note is read: in place of the last attempts.
pub(crate) fn note(size: (u16, u16)) -> Rect {
    if fit(size, true) == Fit::Compact {
        return Rect::default();
    }
    let log = door(size).log;
    columns(log, 1, log.width.saturating_sub(2))
}

/// The box of a door note in full, and its text: under the name.
pub(crate) fn note_reader(size: (u16, u16)) -> (Rect, Rect) {
    let area = centred(size, (76, 12));
    let inner = inside(area);
    (
        area,
        rows(inner, 2.min(inner.height.saturating_sub(1)), inner.height),
    )
}

/// The box of the form of a door note.
pub(crate) fn note_form(size: (u16, u16)) -> Rect {
    centred(size, (76, 15))
}

/// The box of a form of the door, with so many lines.
pub(crate) fn till(size: (u16, u16), lines: u16) -> Rect {
    let wide = if size.0 < 90 { size.0 } else { 84 };
    centred(size, (wide, lines))
}

/// The filter panel's box.
pub(crate) fn filter(size: (u16, u16)) -> Rect {
    centred((size.0, size.1.saturating_sub(1)), (66, 13))
}

/// The form's box.
pub(crate) fn form(size: (u16, u16)) -> Rect {
    // In a narrow window it takes the whole width; beside it there would only be scraps of what is beneath.
    let width = if size.0 < 90 { size.0 } else { 84 };
    let below = Rect::new(0, 0, size.0, size.1.saturating_sub(1));
    centred((size.0, below.height), (width, below.height.min(28)))
}

/// The box of two people's changes, its list of fields, and the texts of the marked one below.
pub(crate) fn differ(size: (u16, u16), fields: usize) -> (Rect, Rect, Rect) {
    let wide = if size.0 < 90 { size.0 } else { 96.min(size.0) };
    let fields = u16::try_from(fields).unwrap_or(12).clamp(1, 12);
    let area = centred(size, (wide, (fields + 16).min(size.1.saturating_sub(1))));
    let inner = inside(area);
    let list = fields.min(inner.height.saturating_sub(9)).max(1);
    (area, rows(inner, 3, list), rows(inner, 4 + list, inner.height))
}

/// The box in which an event is cancelled.
pub(crate) fn stop(size: (u16, u16)) -> Rect {
    centred(size, (66.min(size.0), 14.min(size.1)))
}

/// The box of the event types, and its list: above the line for a name and the one for what is wrong.
pub(crate) fn types(size: (u16, u16), types: usize) -> (Rect, Rect) {
    let wanted = u16::try_from(types.clamp(1, 20)).unwrap_or(20) + 6;
    let area = centred(size, (56.min(size.0), wanted.min(size.1.saturating_sub(2))));
    let inner = inside(area);
    (area, rows(inner, 0, inner.height.saturating_sub(4)))
}
