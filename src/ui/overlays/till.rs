//! The forms of the door as cells: who it is about, what is due, the fields with their notes, one line each.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::till::fill::name_of;
use crate::app::overlay::till::{Channel, Task, Till, TillField, is_full, till_channels};
use crate::app::requests::Want;
use crate::domain::check_in::Door;
use crate::ui::pen::{self, Pen};
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

const LABELS: u16 = 11;
const SHORT: u16 = 18;

fn label(of: TillField, required: bool) -> &'static str {
    match (of, required) {
        (TillField::Name, _) => "Name *",
        (TillField::Email, _) => "E-mail *",
        (TillField::Username, _) => "User name",
        (TillField::Channel, _) => "Pays",
        (TillField::Cash, _) => "Cash given",
        (TillField::Reason, true) => "Reason *",
        (TillField::Reason, false) => "Reason",
    }
}

pub(crate) fn draw(pen: &mut Pen, till: &Till, door: Option<&Door>, cx: &Context, top: bool) {
    let fields = till.fields(door);
    let lines = u16::try_from(fields.len()).unwrap_or(6) + 5;
    let area = geometry::till(cx.setup.size, lines + 2);
    let title = match till.task {
        Task::WalkIn { .. } => "Walk-in",
        Task::Pay { .. } => "Payment",
        Task::Admit { .. } => "Admit anyway",
    };
    let inner = pen.boxed(area, title);
    if inner.is_empty() {
        return;
    }
    let row = |at: u16| geometry::rows(inner, at, 1);
    head(pen, till, door, cx, (row(0), row(1)));
    for (field, at) in fields.iter().zip(3..) {
        let row = row(at);
        if !row.is_empty() {
            line(pen, row, till, *field, door, cx, top);
        }
    }
    foot(
        pen,
        Rect {
            y: inner.bottom().saturating_sub(1),
            height: 1,
            ..inner
        },
        till,
        cx,
    );
}

/// Who or what it is about, and what is due.
fn head(pen: &mut Pen, till: &Till, door: Option<&Door>, cx: &Context, (first, second): (Rect, Rect)) {
    let t = pen.theme;
    let currency = cx.currency();
    let due = till.due(door).map(|due| currency.show(due));
    match &till.task {
        Task::WalkIn { member } => {
            let who = member
                .as_ref()
                .map_or("Somebody new", |member| member.full_name.as_str());
            let user = member.as_ref().map_or("", |member| member.username.as_str());
            pen.pieces(first, &[(who, t.bold), ("   ", t.dim), (user, t.dim)]);
            let Some(door) = door else { return };
            let price = due.map_or_else(|| "free".to_owned(), |due| format!("{due} due"));
            let (seats, style) = match door.max_participants {
                Some(seats) if is_full(door) => (
                    format!(
                        "full: {} of {seats} seats taken, one more needs a reason",
                        door.registered
                    ),
                    t.warn,
                ),
                Some(seats) => (format!("{} of {seats} seats taken", door.registered), t.dim),
                None => (format!("{} registered, no limit", door.registered), t.dim),
            };
            pen.pieces(second, &[(&price, t.text), ("   ", t.dim), (&seats, style)]);
        }
        Task::Pay { member, .. } => {
            pen.pieces(
                first,
                &[
                    (member.full_name.as_str(), t.bold),
                    ("   ", t.dim),
                    (member.username.as_str(), t.dim),
                ],
            );
            pen.pieces(second, &[(&due.unwrap_or_default(), t.bold), (" due", t.text)]);
        }
        Task::Admit { member, refused } => {
            pen.pieces(
                first,
                &[
                    (member.full_name.as_str(), t.bold),
                    ("   ", t.dim),
                    (member.username.as_str(), t.dim),
                ],
            );
            pen.pieces(
                second,
                &[
                    ("! ", t.warn),
                    (refused, t.warn),
                    ("   the log keeps the reason", t.dim),
                ],
            );
        }
    }
}

fn line(pen: &mut Pen, row: Rect, till: &Till, at: TillField, door: Option<&Door>, cx: &Context, top: bool) {
    let t = pen.theme;
    let here = till.focus == at && till.offered.is_none();
    let style = if here { t.bold } else { t.dim };
    pen.put(
        row.x,
        row.y,
        LABELS - 1,
        label(at, till.is_required(at, door)),
        style,
    );
    let row = geometry::columns(row, LABELS, row.width.saturating_sub(LABELS));
    let wide = match at {
        TillField::Channel | TillField::Cash => SHORT,
        TillField::Username => 26,
        TillField::Name | TillField::Email | TillField::Reason => row.width * 3 / 5,
    };
    let value = Rect {
        width: wide.min(row.width),
        ..row
    };
    if let Some(text) = till.line(at) {
        let look = Look {
            focused: top && here && !till.is_sending(),
            hidden: false,
            ground: true,
        };
        field(pen, value, text, look);
        if at == TillField::Username && text.is_empty() {
            // Behind the cursor, while that stands there.
            let from = value.x + u16::from(here);
            let room = value.right().saturating_sub(from);
            pen.put(from, value.y, room, &till.proposed_username(), t.dim);
        }
    } else {
        let arrow = if here { t.accent } else { t.dim };
        let name = name_of(&till.channel);
        pen.pieces(
            value,
            &[
                ("‹ ", arrow),
                (&name, if here { t.bold } else { t.text }),
                (" ›", arrow),
            ],
        );
    }
    let note = geometry::columns(row, wide + 2, row.width.saturating_sub(wide + 2));
    let (text, style) = match till.error(at) {
        Some(why) => (why.to_owned(), t.bad),
        None => told(till, at, door, cx, here, pen),
    };
    pen.put(note.x, note.y, note.width, &text, style);
}

/// What stands beside a field that is in order.
fn told(
    till: &Till,
    at: TillField,
    door: Option<&Door>,
    cx: &Context,
    here: bool,
    pen: &Pen,
) -> (String, ratatui::style::Style) {
    let t = pen.theme;
    match at {
        TillField::Cash => match till.change(door, cx) {
            Some(Ok(change)) => (format!("change {}", cx.currency().show(change)), t.good),
            Some(Err(short)) => (short, t.warn),
            None => ("empty: exactly what is due".to_owned(), t.dim),
        },
        TillField::Channel if here => {
            let channels = till_channels(cx);
            let at = channels.iter().position(|c| *c == till.channel).unwrap_or(0);
            (format!("{} of {}", at + 1, channels.len()), t.dim)
        }
        TillField::Channel if till.channel == Channel::Later => ("comes in unpaid".to_owned(), t.warn),
        TillField::Username if here || till.username.is_empty() => {
            ("this, or the next that is free".to_owned(), t.dim)
        }
        TillField::Reason if here => ("the log keeps it".to_owned(), t.dim),
        _ => (String::new(), t.dim),
    }
}

fn foot(pen: &mut Pen, row: Rect, till: &Till, cx: &Context) {
    let t = pen.theme;
    if let Some(member) = &till.offered {
        let text = format!("This is {}'s address ({}). ", member.full_name, member.username);
        // The keys stay in view, however long the name.
        let keys = "Enter takes them, Esc goes back.";
        let room = row.width.saturating_sub(pen::width(keys));
        let used = pen.put(row.x, row.y, room, &text, t.warn);
        pen.put(row.x + used, row.y, row.width.saturating_sub(used), keys, t.bold);
    } else if cx
        .requests
        .writes()
        .any(|r| r.slow && matches!(r.want, Want::Till(_)))
    {
        pen.put(
            row.x,
            row.y,
            row.width,
            &format!("{} one moment", spinner::picture(cx)),
            t.dim,
        );
    } else if let Some(message) = &till.message {
        pen.put(row.x, row.y, row.width, message.as_str(), t.bad);
    } else {
        pen.put_right(row.right(), row.y, row.width, "* must be filled", t.dim);
    }
}
