//! The profile's parts.

use ratatui::layout::Rect;

use crate::app::screens::profile::Face;

use super::{centred, columns, frame, inside, rows};

/// Badge families.
const FAMILIES: u16 = 5;
/// Widest line that is read with ease.
const WIDEST: u16 = 98;

/// What a face does not have, or has no room for, is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Profile {
    /// The name.
    pub(crate) head: Rect,
    /// Points and streak.
    pub(crate) figures: Rect,
    /// The year of weeks, and its months below.
    pub(crate) weeks: Rect,
    pub(crate) badges: Rect,
    /// Above the ledger or the chart.
    pub(crate) title: Rect,
    pub(crate) ledger: Rect,
    pub(crate) chart: Rect,
}

pub(crate) fn profile(size: (u16, u16), face: Face) -> Profile {
    let body = columns(frame(size).body, 1, size.0.saturating_sub(2).min(WIDEST));
    let none = Rect::new(body.x, body.y, 0, 0);
    let low = body.height < 17;
    let from = if low { 1 } else { 2 };
    let mut areas = Profile {
        head: rows(body, 0, 1),
        figures: rows(body, from, 1),
        weeks: none,
        badges: none,
        title: none,
        ledger: none,
        chart: none,
    };
    let mut y = from + if low { 1 } else { 2 };
    if face == Face::Page {
        if !low {
            areas.weeks = rows(body, y, 2);
            y += 3;
        }
        areas.badges = rows(body, y, FAMILIES);
        y += FAMILIES + u16::from(!low);
    }
    areas.title = rows(body, y, 1);
    let rest = rows(body, y + 1, body.height.saturating_sub(y + 1));
    if face == Face::Chart {
        areas.chart = rest;
    } else {
        areas.ledger = rest;
    }
    areas
}

/// The box of connections, and the list in it.
pub(crate) fn connections(size: (u16, u16)) -> (Rect, Rect) {
    let area = centred(size, (72, 16));
    let inner = inside(area);
    (area, rows(inner, 0, inner.height))
}
