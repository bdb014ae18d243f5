//! The profile as cells: the figures, the pass code, and the ledger.

use chrono::Datelike;
use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::points::{LedgerRow, Profile};
use crate::domain::{pass_code, when};
use crate::ui::pen::Pen;
use crate::ui::widgets::spinner;

pub(crate) fn draw(pen: &mut Pen, model: &Model) {
    let cx = &model.cx;
    let state = &model.profile;
    let areas = geometry::profile(cx.setup.size);
    let first = Rect {
        height: 1,
        ..areas.head
    };
    if !spinner::instead(pen, first, &state.figures, &Want::Profile, cx)
        && let Some(profile) = state.figures.get()
    {
        head(pen, areas.head, profile, cx);
        if let Some(age) = spinner::age(&state.figures, cx) {
            pen.put_right(areas.head.right(), areas.head.y + 1, 20, &age, pen.theme.warn);
        }
    }
    ledger(pen, model, &areas, cx);
}

fn head(pen: &mut Pen, area: Rect, profile: &Profile, cx: &Context) {
    let t = pen.theme;
    let since = profile.created_at.map_or_else(String::new, |at| {
        let day = cx.zone().day(at);
        format!("member since {} {}", when::month_name(day), day.year())
    });
    let row = geometry::rows(area, 0, 1);
    let from = pen.put_right(row.right(), row.y, 28, &since, t.dim);
    let left = Rect::new(row.x, row.y, from.saturating_sub(row.x + 2), 1);
    pen.pieces(
        left,
        &[
            (profile.full_name.as_str(), t.bold),
            ("  ", t.dim),
            (profile.username.as_str(), t.dim),
        ],
    );
    let row = geometry::rows(area, 2, 1);
    let earned = words::number(profile.earned);
    let spendable = format!(" points   {} to spend", words::number(profile.spendable));
    pen.pieces(row, &[(&earned, t.bold.patch(t.accent)), (&spendable, t.text)]);
    let rank = match profile.rank {
        Some(rank) => format!(
            "rank {} of {}",
            words::number(rank),
            words::number(profile.members)
        ),
        None => "not on the leaderboard yet".to_owned(),
    };
    pen.put_right(row.right(), row.y, 32, &rank, t.text);
    let row = geometry::rows(area, 3, 1);
    let attended = match profile.attended {
        1 => "1 event attended".to_owned(),
        many => format!("{} events attended", words::number(many)),
    };
    pen.put_right(row.right(), row.y, 32, &attended, t.dim);
    let row = geometry::rows(area, 5, 1);
    let code = pass_code::show(profile.pass_code.as_str());
    pen.pieces(
        row,
        &[
            ("Pass code  ", t.dim),
            (&code, t.bold),
            ("   say or show it at the door", t.dim),
        ],
    );
}

fn ledger(pen: &mut Pen, model: &Model, areas: &geometry::Profile, cx: &Context) {
    let t = pen.theme;
    let state = &model.profile;
    let title = areas.title;
    pen.put(title.x, title.y, title.width, "Points", t.bold);
    let first = Rect {
        height: 1,
        ..areas.ledger
    };
    let asked = cx.requests.on(crate::app::effect::Lane::Detail);
    let want = asked.map_or(Want::Ledger { skip: 0 }, |request| request.want.clone());
    if spinner::instead(pen, first, &state.ledger, &want, cx) {
        return;
    }
    let Some(ledger) = state.ledger.get() else { return };
    if ledger.rows.is_empty() {
        let text = "No points yet. Register for an event and be checked in at the door.";
        pen.put(first.x, first.y, first.width, text, t.dim);
        return;
    }
    let position = format!("{}/{}", state.cursor.at + 1, state.total());
    pen.put_right(title.right(), title.y, 20, &position, t.dim);
    let list = areas.ledger;
    let rows = ledger.rows.iter().enumerate().skip(state.cursor.top);
    for (y, (at, row)) in (list.top()..list.bottom()).zip(rows) {
        let area = Rect::new(list.x, y, list.width, 1);
        ledger_row(pen, area, row, cx);
        if at == state.cursor.at {
            pen.tint(area, t.selection);
        }
    }
}

fn ledger_row(pen: &mut Pen, row: Rect, entry: &LedgerRow, cx: &Context) {
    let t = pen.theme;
    let day = entry
        .transaction_date
        .map_or_else(String::new, |at| when::short_day(cx.zone().day(at), cx.today()));
    pen.put(row.x + 1, row.y, 15, &day, t.dim);
    let points = words::signed(i64::from(entry.points));
    let style = if entry.points < 0 { t.warn } else { t.good };
    pen.put_right(row.x + 26, row.y, 9, &points, style);
    let from = pen.put_right(
        row.right().saturating_sub(1),
        row.y,
        12,
        &words::number(entry.balance),
        t.dim,
    );
    let what = if entry.description.is_empty() {
        entry.transaction_type.as_str().replace('_', " ")
    } else {
        entry.description.to_string()
    };
    // What was entered days after its event counts on the event's day.
    let what = match (entry.counts_at, entry.transaction_date) {
        (Some(counts), Some(entered)) if cx.zone().day(counts) < cx.zone().day(entered) => {
            format!("{what}, {}", when::short_day(cx.zone().day(counts), cx.today()))
        }
        _ => what,
    };
    let x = row.x + 29;
    pen.put(x, row.y, from.saturating_sub(x + 2), &what, t.text);
}
