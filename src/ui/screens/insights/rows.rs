//! The rows behind a number.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::requests::Want;
use crate::app::screens::insights::{InsightWant, Rows};
use crate::app::words;
use crate::domain::insights::{InsightRow, Subject};
use crate::domain::{SafeText, when};
use crate::ui::pen::Pen;
use crate::ui::widgets::spinner;

pub(super) fn draw(pen: &mut Pen, of: &Rows, cx: &Context, areas: &geometry::Insights) {
    let t = pen.theme;
    let (title, list) = (areas.rows_title, areas.rows);
    let mut right = title.right();
    if let Some(page) = of.page.get() {
        let place = if page.total == 0 { 0 } else { of.cursor.at + 1 };
        let total = words::number(page.total);
        right = pen.put_right(right, title.y, 20, &format!("{place}/{total}"), t.dim);
    }
    if let Some(age) = spinner::age(&of.page, cx) {
        right = pen.put_right(right.saturating_sub(2), title.y, 20, &age, t.warn);
    }
    pen.put(
        title.x,
        title.y,
        right.saturating_sub(title.x + 1),
        &of.title,
        t.bold,
    );
    let want = Want::Insight(InsightWant::Rows(of.behind.clone(), None));
    let first = Rect {
        height: 1.min(list.height),
        ..list
    };
    if spinner::instead(pen, first, &of.page, &want, cx) {
        return;
    }
    let Some(page) = of.page.get() else { return };
    if page.rows.is_empty() {
        let text = "Nothing is left of it; Esc goes back, F5 counts anew.";
        pen.put(list.x, list.y, list.width, text, t.dim);
    }
    let rows = page.rows.iter().enumerate().skip(of.cursor.top);
    for ((at, one), y) in rows.zip(list.top()..list.bottom()) {
        let area = Rect::new(list.x, y, list.width, 1);
        row(pen, area, of.behind.subject, one, cx);
        if at == of.cursor.at {
            pen.tint(area, t.selection);
        }
    }
}

fn row(pen: &mut Pen, row: Rect, subject: Subject, one: &InsightRow, cx: &Context) {
    let t = pen.theme;
    let at = one.at.map(|at| match subject {
        subject if subject.is_of_streaks() => when::short_day(cx.zone().day(at), cx.today()),
        _ => when::day_and_time(at, cx.zone(), cx.now()),
    });
    // With the year it is longer.
    let x = row.x + 1;
    pen.put(x, row.y, 21, at.as_deref().unwrap_or("–"), t.dim);
    let (tail, style) = tail(pen, subject, one, cx);
    let edge = row.right().saturating_sub(1);
    let from = pen.put_right(edge, row.y, 26, &tail, style);
    let room = from.saturating_sub(x + 24);
    let title = one.title.as_ref().map(SafeText::as_str);
    match (&one.member, title) {
        (Some(who), Some(title)) => {
            let half = room / 2;
            pen.put(
                x + 23,
                row.y,
                half.saturating_sub(1),
                who.full_name.as_str(),
                t.text,
            );
            pen.put(x + 23 + half, row.y, room - half, title, t.dim);
        }
        (Some(who), None) => {
            let used = pen.put(x + 23, row.y, room, who.full_name.as_str(), t.text) + 2;
            pen.put(
                x + 23 + used,
                row.y,
                room.saturating_sub(used),
                who.username.as_str(),
                t.dim,
            );
        }
        (None, Some(title)) => {
            pen.put(x + 23, row.y, room, title, t.text);
        }
        (None, None) => {}
    }
}

/// What stands at the end of a row: money, seats, weeks, or what became of it.
fn tail(pen: &Pen, subject: Subject, one: &InsightRow, cx: &Context) -> (String, ratatui::style::Style) {
    let t = pen.theme;
    if let Some(amount) = one.amount {
        let channel = one
            .what
            .as_ref()
            .map_or("", |what| what.as_str())
            .replace('_', " ");
        let style = if amount.is_positive() { t.good } else { t.warn };
        return (
            format!("{channel}  {}", cx.currency().show_balance(amount)),
            style,
        );
    }
    match (subject, one.count, one.of) {
        (Subject::Limited, Some(held), Some(seats)) => (
            format!("{} of {}", words::number(held), words::number(seats)),
            t.text,
        ),
        (_, Some(weeks), _) => (format!("{} weeks", words::number(weeks)), t.text),
        _ => match one.what.as_ref().map(SafeText::as_str) {
            Some("no_show") => ("no-show".to_owned(), t.warn),
            Some("came") => ("came".to_owned(), t.good),
            _ if subject == Subject::Joined => ("not yet".to_owned(), t.dim),
            _ => (
                one.event_type
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                t.dim,
            ),
        },
    }
}
