//! A day's takings as cells: sums by channel, then by person and channel, and the day's sum below.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::money::takings::{TakingsLine, TakingsPage};
use crate::app::words;
use crate::domain::money::channel_name;
use crate::domain::payment::TakingsRow;
use crate::domain::when;
use crate::ui::pen::Pen;
use crate::ui::widgets::spinner;

/// Columns of a sum, from the right: what stays, what was given back, what was taken, how many.
const SUM: u16 = 13;
const COUNT: u16 = 7;

pub(super) fn draw(pen: &mut Pen, page: &TakingsPage, cx: &Context) {
    let (area, list) = geometry::takings(cx.setup.size);
    let inner = pen.boxed(area, "Takings");
    if inner.is_empty() {
        return;
    }
    let t = pen.theme;
    let day = format!("{} {}", when::weekday_name(page.day), long_day(page, cx));
    let age = spinner::age(&page.takings, cx).unwrap_or_default();
    let first = Rect { height: 1, ..inner };
    pen.pieces(
        first,
        &[
            ("‹ ", t.accent),
            (&day, t.bold),
            (" ›", t.accent),
            ("   ", t.dim),
            (&age, t.warn),
        ],
    );
    pen.put_right(
        inner.right(),
        inner.y,
        inner.width / 3,
        &cx.zone().label(cx.now()),
        t.dim,
    );
    if spinner::instead(pen, Rect { height: 1, ..list }, &page.takings, &page.want(), cx) {
        return keys(pen, area);
    }
    let lines = page.lines();
    if lines.is_empty() {
        let text = "No money came in or went out on this day.";
        pen.put(list.x, list.y, list.width, text, t.dim);
        return keys(pen, area);
    }
    figures(
        pen,
        geometry::rows(inner, 2, 1),
        ["payments", "taken", "given back", "stays"],
        t.dim,
    );
    let rows = lines.iter().enumerate().skip(page.cursor.top);
    for (y, (at, line)) in (list.top()..list.bottom()).zip(rows) {
        let row = Rect::new(list.x, y, list.width, 1);
        match line {
            TakingsLine::Heading(text) => {
                pen.put(row.x, y, row.width, text, t.dim);
            }
            TakingsLine::Channel(sums) => {
                let name = channel_name(sums.channel.as_str());
                one(pen, row, &name, sums, cx, t.text);
            }
            TakingsLine::Person(sums) => {
                let who = sums.operator.as_ref().map_or("not known", |who| who.as_str());
                let name = format!("{who}, {}", channel_name(sums.channel.as_str()));
                one(pen, row, &name, sums, cx, t.text);
            }
        }
        if at == page.cursor.at {
            pen.tint(row, t.selection);
        }
    }
    if let Some(takings) = page.takings.get() {
        let row = geometry::rows(inner, inner.height.saturating_sub(2), 1);
        one(pen, row, "All", &takings.total(), cx, t.bold);
    }
    keys(pen, area);
}

fn long_day(page: &TakingsPage, cx: &Context) -> String {
    let day = when::short_day(page.day, cx.today());
    // The weekday stands before it in full.
    day.split_once(' ')
        .map_or(day.clone(), |(_, rest)| rest.to_owned())
}

fn one(pen: &mut Pen, row: Rect, name: &str, sums: &TakingsRow, cx: &Context, style: Style) {
    let currency = cx.currency();
    let given = if sums.refunds == 0 {
        String::new()
    } else {
        currency.show_balance(sums.refunded)
    };
    let from = figures(
        pen,
        row,
        [
            &words::number(sums.payments),
            &currency.show_balance(sums.taken),
            &given,
            &currency.show_balance(sums.net()),
        ],
        style,
    );
    pen.put(row.x + 1, row.y, from.saturating_sub(row.x + 2), name, style);
}

/// Four figures at the right of a row; answers where they begin.
fn figures(pen: &mut Pen, row: Rect, texts: [&str; 4], style: Style) -> u16 {
    let mut right = row.right();
    for (text, wide) in texts.into_iter().rev().zip([SUM, SUM, SUM, COUNT + 2]) {
        pen.put_right(right, row.y, wide, text, style);
        right = right.saturating_sub(wide);
    }
    right
}

fn keys(pen: &mut Pen, area: Rect) {
    let text = " ←→ day  Enter payments  Ctrl+S as a file  w ways to pay  Esc closes ";
    let right = area.right().saturating_sub(2);
    pen.put_right(
        right,
        area.bottom().saturating_sub(1),
        area.width,
        text,
        pen.theme.dim,
    );
}
