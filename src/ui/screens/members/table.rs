//! A row for each: mark, name, user name, address, role or state, since when, last seen at an event, points.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::context::Context;
use crate::app::screens::members::Members;
use crate::app::words;
use crate::domain::Timestamp;
use crate::domain::member::UserType;
use crate::domain::members_desk::MemberRow;
use crate::ui::Theme;
use crate::ui::pen::Pen;
use crate::ui::widgets::spinner;

/// Where a row's columns begin, and how wide they are; none where there is no room for one.
struct Columns {
    name: (u16, u16),
    username: (u16, u16),
    email: Option<(u16, u16)>,
    role: (u16, u16),
    since: (u16, u16),
    last: (u16, u16),
    points: (u16, u16),
}

const MARK: u16 = 2;
const USERNAME: u16 = 12;
const ROLE: u16 = 8;
const SINCE: u16 = 7;
const LAST: u16 = 7;
const POINTS: u16 = 6;
/// Below this an address says nothing.
const EMAIL: u16 = 12;

fn columns(line: Rect) -> Columns {
    let fixed = MARK + USERNAME + ROLE + SINCE + LAST + POINTS + 6;
    let rest = line.width.saturating_sub(fixed);
    let email = rest * 2 / 5;
    let email = if email >= EMAIL { email } else { 0 };
    let name = rest - email;
    let mut x = line.x + MARK;
    let mut take = |width: u16| {
        let at = x;
        x += width + 1;
        (at, width)
    };
    Columns {
        name: take(name.saturating_sub(u16::from(email > 0))),
        username: take(USERNAME),
        email: (email > 0).then(|| take(email)),
        role: take(ROLE),
        since: take(SINCE),
        last: take(LAST),
        points: take(POINTS),
    }
}

/// The columns' names, in the rule above the list.
pub(super) fn headings(pen: &mut Pen, rule: Rect, list: Rect) {
    let at = columns(list);
    let dim = pen.theme.dim;
    let mut put = |(x, width): (u16, u16), text: &str| {
        pen.put(x - 1, rule.y, width + 1, &format!(" {text} "), dim);
    };
    put(at.name, "name");
    put(at.username, "user name");
    if let Some(email) = at.email {
        put(email, "e-mail");
    }
    put(at.role, "role");
    put(at.since, "since");
    put(at.last, "came");
    pen.put_right(at.points.0 + at.points.1, rule.y, POINTS + 1, " points", dim);
}

pub(super) fn draw(pen: &mut Pen, members: &Members, cx: &Context, list: Rect) {
    let first = Rect { height: 1, ..list };
    if spinner::instead(pen, first, &members.table.pages, &members.first_want(), cx) {
        return;
    }
    let len = members.table.len();
    if len == 0 {
        let text = match (members.filter.query.is_empty(), members.filter.active) {
            (true, _) => "Nobody here. Esc shows all active members; n makes a new one.",
            (false, Some(true)) => {
                "Nobody matches. f looks among deactivated ones too; n makes a new member."
            }
            (false, _) => "Nobody matches. Esc drops the search; n makes a new member.",
        };
        for (part, y) in words::wrap(text, usize::from(list.width))
            .into_iter()
            .zip(list.y..)
        {
            pen.put(list.x, y, list.width, part, pen.theme.dim);
        }
        return;
    }
    let Some(pages) = members.table.pages.get() else {
        return;
    };
    for (y, at) in (list.top()..list.bottom()).zip(members.table.cursor.top..len) {
        let line = Rect::new(list.x, y, list.width, 1);
        if let Some(member) = pages.get(at) {
            row(
                pen,
                line,
                member,
                members.table.marks.contains_key(&member.line.id),
                cx,
            );
        } else {
            let text = if cx.requests.any_slow() {
                spinner::picture(cx)
            } else {
                "·"
            };
            pen.put(line.x + MARK, y, line.width, text, pen.theme.dim);
        }
        if at == members.table.cursor.at {
            pen.tint(line, pen.theme.selection);
        }
    }
}

fn row(pen: &mut Pen, line: Rect, member: &MemberRow, marked: bool, cx: &Context) {
    let (t, at) = (pen.theme, columns(line));
    if marked {
        pen.put(line.x, line.y, 1, "●", t.accent);
    }
    let style = if member.line.is_active { t.text } else { t.dim };
    let mut put = |(x, width): (u16, u16), text: &str, style: Style| {
        pen.put(x, line.y, width, text, style);
    };
    put(at.name, member.line.full_name.as_str(), style);
    put(at.username, member.line.username.as_str(), t.dim);
    if let Some(email) = at.email {
        put(email, member.line.email.as_str(), t.dim);
    }
    let (role, style) = role(t, member);
    put(at.role, role, style);
    if let Some(since) = member.line.created_at {
        put(at.since, &month(since, cx), t.dim);
    }
    if let Some(last) = member.last_attended {
        put(at.last, &day(last, cx), t.text);
    }
    let points = words::number(member.points);
    pen.put_right(at.points.0 + at.points.1, line.y, POINTS, &points, t.text);
}

/// The role of who looks after others; that somebody is deactivated matters more.
pub(super) fn role(t: &Theme, member: &MemberRow) -> (&'static str, Style) {
    match (member.line.is_active, member.line.user_type) {
        (false, _) => ("inactive", t.warn),
        (true, UserType::Regular) => ("", t.dim),
        (true, UserType::Staff) => ("staff", t.accent),
        (true, UserType::Admin) => ("admin", t.accent),
    }
}

/// `Mar '25`.
fn month(at: Timestamp, cx: &Context) -> String {
    cx.zone().day(at).format("%b '%y").to_string()
}

/// `27 Nov` of this year, `Nov '24` of another.
fn day(at: Timestamp, cx: &Context) -> String {
    use chrono::Datelike as _;
    let day = cx.zone().day(at);
    if day.year() == cx.today().year() {
        day.format("%-d %b").to_string()
    } else {
        month(at, cx)
    }
}
