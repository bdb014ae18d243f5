//! The forms of money as cells: who and what it is about, the fields with their notes, one line each.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::money::MoneyWant;
use crate::app::overlay::money::form::{Form, PayField, Task};
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::money::channel_name;
use crate::domain::payment::MoneyLine;
use crate::domain::when;
use crate::ui::pen::Pen;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

const LABELS: u16 = 11;
const AMOUNT: u16 = 14;
const CHANNEL: u16 = 18;

fn title(task: Task) -> &'static str {
    match task {
        Task::Record => "Payment",
        Task::Refund => "Refund",
        Task::Correct => "Correct a payment",
        Task::Void => "Void a payment",
        Task::VoidRefund => "Void a refund",
    }
}

fn label(of: PayField, task: Task) -> &'static str {
    match (of, task) {
        (PayField::Amount, _) => "Amount *",
        (PayField::Channel, Task::Refund) => "Goes by",
        (PayField::Channel, _) => "Pays",
        (PayField::Cash, _) => "Cash given",
        (PayField::Reason, _) => "Reason *",
    }
}

pub(super) fn draw(pen: &mut Pen, form: &Form, cx: &Context, top: bool) {
    let lines = match form.task {
        Task::Record | Task::Refund | Task::Correct => 11,
        Task::Void | Task::VoidRefund => 9,
    };
    let area = geometry::till(cx.setup.size, lines);
    let inner = pen.boxed(area, title(form.task));
    if inner.is_empty() {
        return;
    }
    let row = |at: u16| geometry::rows(inner, at, 1);
    if spinner::instead(pen, row(0), &form.line, &form.want(), cx) {
        return;
    }
    let Some(line) = form.line.get() else { return };
    head(pen, form.task, line, cx, [row(0), row(1), row(2)]);
    for (at, y) in form.fields().into_iter().zip(4..) {
        let row = row(y);
        if !row.is_empty() {
            one(pen, row, form, at, cx, top);
        }
    }
    let foot = Rect {
        y: inner.bottom().saturating_sub(1),
        height: 1,
        ..inner
    };
    let t = pen.theme;
    let slow = |request: &crate::app::requests::Request| {
        request.slow && matches!(request.want, Want::Money(MoneyWant::Write(_)))
    };
    if cx.requests.writes().any(slow) {
        let text = format!("{} one moment", spinner::picture(cx));
        pen.put(foot.x, foot.y, foot.width, &text, t.dim);
    } else if let Some(message) = &form.message {
        // It may take two lines: the one above the last is always empty.
        let wrapped = words::wrap(message.as_str(), usize::from(foot.width));
        let from = foot.y + 1 - u16::try_from(wrapped.len().min(2)).unwrap_or(1);
        for (text, y) in wrapped.iter().take(2).zip(from..) {
            pen.put(foot.x, y, foot.width, text, t.bad);
        }
    } else {
        let keys = "Enter goes on   Ctrl+S sends   Esc closes";
        pen.put(foot.x, foot.y, foot.width, keys, t.dim);
    }
}

fn head(pen: &mut Pen, task: Task, line: &MoneyLine, cx: &Context, rows: [Rect; 3]) {
    let t = pen.theme;
    let currency = cx.currency();
    let (name, user) = (line.member.full_name.as_str(), line.member.username.as_str());
    pen.pieces(rows[0], &[(name, t.bold), ("   ", t.dim), (user, t.dim)]);
    let start = when::day_and_time(line.event_start, cx.zone(), cx.now());
    let state = if line.event_active { "" } else { "   cancelled" };
    pen.pieces(
        rows[1],
        &[
            (line.event_title.as_str(), t.text),
            ("   ", t.dim),
            (&start, t.dim),
            (state, t.warn),
        ],
    );
    let about = match (task, &line.payment) {
        (Task::Record, _) => format!("{} due", currency.show_balance(line.due)),
        (_, None) => String::new(),
        (Task::VoidRefund, Some(payment)) => payment.last_refund().map_or_else(String::new, |refund| {
            let back = currency.show_balance(refund.amount);
            format!(
                "{back} given back, {}: {}",
                channel_name(refund.refund_channel.as_str()),
                refund.reason
            )
        }),
        (_, Some(payment)) => {
            let paid = currency.show_balance(payment.amount_paid);
            let channel = channel_name(payment.payment_channel.as_str());
            let who = payment
                .operator
                .as_ref()
                .map(|who| format!(", taken by {who}"))
                .unwrap_or_default();
            let back = if payment.refunded.is_positive() {
                format!(", {} given back", currency.show_balance(payment.refunded))
            } else {
                String::new()
            };
            format!("{paid} paid, {channel}{who}{back}")
        }
    };
    pen.put(rows[2].x, rows[2].y, rows[2].width, &about, t.bold);
}

fn one(pen: &mut Pen, row: Rect, form: &Form, at: PayField, cx: &Context, top: bool) {
    let t = pen.theme;
    let here = form.focus == at;
    let style = if here { t.bold } else { t.dim };
    pen.put(row.x, row.y, LABELS - 1, label(at, form.task), style);
    let row = geometry::columns(row, LABELS, row.width.saturating_sub(LABELS));
    let wide = match at {
        PayField::Amount | PayField::Cash => AMOUNT,
        PayField::Channel => CHANNEL,
        PayField::Reason => row.width * 3 / 5,
    };
    let value = Rect {
        width: wide.min(row.width),
        ..row
    };
    if let Some(text) = form.text(at) {
        let look = Look {
            focused: top && here && !form.is_sending(),
            hidden: false,
            ground: true,
        };
        field(pen, value, text, look);
    } else {
        let arrow = if here { t.accent } else { t.dim };
        let name = channel_name(&form.channel);
        let middle = if here { t.bold } else { t.text };
        pen.pieces(value, &[("‹ ", arrow), (&name, middle), (" ›", arrow)]);
    }
    let note = geometry::columns(row, wide + 2, row.width.saturating_sub(wide + 2));
    let (text, style) = match form.error(at) {
        Some(why) => (why.to_owned(), t.bad),
        None => told(form, at, cx, here, t.dim, t.good, t.warn),
    };
    pen.put(note.x, note.y, note.width, &text, style);
}

/// What stands beside a field that is in order.
fn told(
    form: &Form,
    at: PayField,
    cx: &Context,
    here: bool,
    dim: Style,
    good: Style,
    warn: Style,
) -> (String, Style) {
    match at {
        PayField::Amount => {
            let read = cx.currency().read(form.amount.text());
            (
                read.map_or_else(|_| String::new(), |amount| cx.currency().show(amount)),
                dim,
            )
        }
        PayField::Cash => match form.change(cx) {
            Some(Ok(change)) => (format!("change {}", cx.currency().show(change)), good),
            Some(Err(short)) => (short, warn),
            None => ("empty: exactly the amount".to_owned(), dim),
        },
        PayField::Channel if here => {
            let channels = form.channels(cx);
            let at = channels
                .iter()
                .position(|channel| *channel == form.channel)
                .unwrap_or(0);
            (format!("{} of {}", at + 1, channels.len()), dim)
        }
        PayField::Reason if here => ("it is kept".to_owned(), dim),
        PayField::Channel | PayField::Reason => (String::new(), dim),
    }
}
