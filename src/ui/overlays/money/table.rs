//! A table of payments as cells: kinds and search on top, a row each, the sums and what there is to say of the marked
//! row below.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::money::table::Table;
use crate::app::words;
use crate::domain::event::RegistrationStatus;
use crate::domain::money::channel_name;
use crate::domain::payment::{MoneyLine, PaymentKind, PaymentPage};
use crate::domain::{Timestamp, when};
use crate::ui::Theme;
use crate::ui::pen::{self, Pen};
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

const STATE: u16 = 10;
const AMOUNT: u16 = 11;

pub(super) fn draw(pen: &mut Pen, table: &Table, cx: &Context, top: bool) {
    let (area, list) = geometry::payments(cx.setup.size);
    let inner = pen.boxed(area, &format!("Payments · {}", table.title));
    if inner.is_empty() {
        return;
    }
    head(pen, table, cx, inner, top);
    if !spinner::instead(pen, Rect { height: 1, ..list }, &table.page, &table.want(), cx)
        && let Some(page) = table.page.get()
    {
        if page.rows.is_empty() {
            pen.put(list.x, list.y, list.width, nothing(table), pen.theme.dim);
        }
        let rows = page.rows.iter().enumerate().skip(table.cursor.top);
        for (y, (at, line)) in (list.top()..list.bottom()).zip(rows) {
            let line_area = Rect::new(list.x, y, list.width, 1);
            row(pen, line_area, line, table.filter.event.is_none(), cx);
            if at == table.cursor.at {
                pen.tint(line_area, pen.theme.selection);
            }
        }
        if page.rows.is_empty() {
            return keys(pen, area);
        }
        let bottom = inner.bottom();
        sums(
            pen,
            Rect::new(inner.x, bottom.saturating_sub(2), inner.width, 1),
            page,
            cx,
        );
        if let Some(line) = table.marked() {
            let text = note(line, cx);
            pen.put(
                inner.x,
                bottom.saturating_sub(1),
                inner.width,
                &text,
                pen.theme.dim,
            );
        }
    }
    keys(pen, area);
}

/// What the line of keys below may have no room for.
fn keys(pen: &mut Pen, area: Rect) {
    let text = " / search  Tab kinds  Ctrl+S as a file  Esc closes ";
    let right = area.right().saturating_sub(2);
    pen.put_right(
        right,
        area.bottom().saturating_sub(1),
        area.width,
        text,
        pen.theme.dim,
    );
}

fn head(pen: &mut Pen, table: &Table, cx: &Context, inner: Rect, top: bool) {
    let t = pen.theme;
    if table.searching || !table.search.is_empty() {
        pen.put(inner.x, inner.y, 1, "/", t.accent);
        let line = Rect::new(inner.x + 2, inner.y, inner.width.saturating_sub(18), 1);
        if table.searching && table.search.is_empty() {
            pen.put(
                line.x + 1,
                line.y,
                line.width,
                "name, address, number of a receipt",
                t.dim,
            );
        }
        let look = Look {
            focused: top && table.searching,
            hidden: false,
            ground: false,
        };
        field(pen, line, &table.search, look);
    } else {
        let mut x = pen.put(inner.x, inner.y, 4, "Tab ", t.accent) + inner.x;
        for kind in table.kinds() {
            let style = if kind == table.filter.kind {
                t.bold.patch(t.underline)
            } else {
                t.dim
            };
            x += pen.put(x, inner.y, inner.right().saturating_sub(x), kind.title(), style) + 2;
        }
    }
    if let Some(page) = table.page.get() {
        let at = i64::try_from((table.cursor.at + 1).min(page.rows.len())).unwrap_or(i64::MAX);
        let place = format!("{}/{}", words::number(at), words::number(page.total));
        let place = match spinner::age(&table.page, cx) {
            Some(age) => format!("{age}  {place}"),
            None => place,
        };
        pen.put_right(inner.right(), inner.y, 36, &place, t.dim);
    }
}

fn nothing(table: &Table) -> &'static str {
    if !table.filter.containing.is_empty() {
        return "Nobody matches. Esc drops the search.";
    }
    match table.filter.kind {
        PaymentKind::All if table.filter.event.is_some() => "Nobody has paid, and nobody has to.",
        PaymentKind::All => "No payments here.",
        PaymentKind::Due => "Nobody has anything to pay.",
        PaymentKind::Paid => "Nobody has paid.",
        PaymentKind::Refunds => "Nothing was given back.",
        PaymentKind::ToRefund => "Nothing is to be given back.",
        PaymentKind::Voided => "Nothing was voided.",
    }
}

/// How a row stands, in a word.
fn state(t: &Theme, line: &MoneyLine) -> (&'static str, Style) {
    match &line.payment {
        None => ("due", t.warn),
        Some(payment) if !payment.counts() => ("void", t.dim),
        Some(payment) if payment.left().is_positive() => {
            let lost = !line.event_active
                || matches!(
                    line.status,
                    RegistrationStatus::Cancelled | RegistrationStatus::Rejected
                );
            match (lost, payment.refunded.is_positive()) {
                (true, _) => ("to refund", t.warn),
                (false, true) => ("part back", t.warn),
                (false, false) => ("paid", t.good),
            }
        }
        Some(_) => ("refunded", t.dim),
    }
}

fn row(pen: &mut Pen, area: Rect, line: &MoneyLine, of_many_events: bool, cx: &Context) {
    let t = pen.theme;
    let currency = cx.currency();
    let name = (area.width / 3).min(30);
    let used = pen.put(area.x, area.y, name, line.member.full_name.as_str(), t.text);
    let user = line.member.username.as_str();
    // Whole or not at all: half a user name is nobody's.
    if used + 2 + pen::width(user) < name {
        pen.put(area.x + used + 2, area.y, name, user, t.dim);
    }
    let (word, style) = state(t, line);
    let mut x = area.x + name + 1;
    pen.put(x, area.y, STATE, word, style);
    x += STATE;
    let amount = match &line.payment {
        Some(payment) => payment.amount_paid,
        None => line.due,
    };
    let plain = if line.payment.as_ref().is_some_and(|payment| !payment.counts()) {
        t.dim
    } else {
        t.text
    };
    pen.put_right(x + AMOUNT, area.y, AMOUNT, &currency.show_balance(amount), plain);
    x += AMOUNT + 2;
    let room = area.right().saturating_sub(x);
    let Some(payment) = &line.payment else {
        let text = if line.status == RegistrationStatus::Pending {
            "waits for approval"
        } else {
            ""
        };
        pen.put(x, area.y, room, text, t.dim);
        return;
    };
    let channel = channel_name(payment.payment_channel.as_str());
    pen.put(x, area.y, room.min(13), &channel, plain);
    x += 14.min(room);
    let room = area.right().saturating_sub(x);
    let at = payment
        .payment_date
        .map_or_else(String::new, |at| moment(at, room, cx));
    let who = payment.operator.as_ref().map_or("", |who| who.as_str());
    let tail = if of_many_events {
        format!("{}  {at}  {who}", line.event_title)
    } else {
        format!("{at}  {who}")
    };
    pen.put(x, area.y, room, tail.trim_end(), t.dim);
}

fn sums(pen: &mut Pen, row: Rect, page: &PaymentPage, cx: &Context) {
    let t = pen.theme;
    let currency = cx.currency();
    let net = currency.show_balance(page.taken.without(page.refunded));
    let taken = currency.show_balance(page.taken);
    let mut pieces = vec![("taken ", t.dim), (taken.as_str(), t.text)];
    let back = currency.show_balance(page.refunded);
    if !page.refunded.is_zero() {
        pieces.extend([("   given back ", t.dim), (back.as_str(), t.text)]);
        pieces.extend([("   stays ", t.dim), (net.as_str(), t.bold)]);
    }
    let due = format!(
        "{} from {}",
        currency.show_balance(page.due),
        words::number(page.unpaid)
    );
    if page.unpaid > 0 {
        pieces.extend([("   due ", t.dim), (due.as_str(), t.warn)]);
    }
    pen.pieces(row, &pieces);
}

/// When it was, as far as there is room: today the time alone.
fn moment(at: Timestamp, room: u16, cx: &Context) -> String {
    let (day, today) = (cx.zone().day(at), cx.today());
    if room >= 24 {
        when::day_and_time(at, cx.zone(), cx.now())
    } else if day == today {
        when::clock_time(at, cx.zone())
    } else {
        when::short_day(day, today)
    }
}

/// What there is to say of a row besides: why it was given back or voided, where it was taken.
fn note(line: &MoneyLine, cx: &Context) -> String {
    let Some(payment) = &line.payment else {
        return format!("registration {}, nothing paid", line.registration_id.0);
    };
    let at = |moment| when::day_and_time(moment, cx.zone(), cx.now());
    if let (Some(voided), false) = (payment.voided_at, payment.counts()) {
        let by = payment
            .voided_by
            .as_ref()
            .map(|by| format!(" by {by}"))
            .unwrap_or_default();
        let why = payment
            .void_reason
            .as_ref()
            .map(|why| format!(": {why}"))
            .unwrap_or_default();
        return format!("void since {}{by}{why}", at(voided));
    }
    if let Some(refund) = payment.last_refund() {
        let back = cx.currency().show_balance(refund.amount);
        let channel = channel_name(refund.refund_channel.as_str());
        let by = refund
            .operator
            .as_ref()
            .map(|by| format!(" by {by}"))
            .unwrap_or_default();
        return format!(
            "−{back} {channel}, {}{by}: {}",
            at(refund.refunded_at),
            refund.reason
        );
    }
    let took = payment
        .payment_date
        .map(|moment| format!(", {}", at(moment)))
        .unwrap_or_default();
    let by = payment
        .operator
        .as_ref()
        .map(|by| format!(", {by}"))
        .unwrap_or_default();
    let device = payment
        .device
        .as_ref()
        .map(|device| format!(" at {device}"))
        .unwrap_or_default();
    format!("receipt {}{took}{by}{device}", payment.id.0)
}
