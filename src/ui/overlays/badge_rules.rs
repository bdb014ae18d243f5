//! The badges' levels as cells: a table of what each takes and pays, and the form of one badge with who would gain by it.

use ratatui::layout::Rect;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::overlay::badge_rules::form::Form;
use crate::app::overlay::badge_rules::{BadgeRules, RulesWant};
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::badge::Rule;
use crate::domain::game_desk::GainPreview;
use crate::ui::pen::Pen;
use crate::ui::widgets::field::{Look, field};
use crate::ui::widgets::spinner;

/// Columns of a badge's or a level's name.
const NAME: u16 = 20;
/// Columns of a figure in the form.
const FIGURE: u16 = 10;

pub(crate) fn draw(pen: &mut Pen, rules: &BadgeRules, cx: &Context, top: bool) {
    match &rules.form {
        Some(one) => form(pen, one, cx, top),
        None => list(pen, rules, cx),
    }
}

/// What a family counts, in few words.
fn counts(rule: Option<Rule>) -> &'static str {
    match rule {
        Some(Rule::Types) => "types of events",
        Some(Rule::Connections) => "connections",
        Some(Rule::Wins) => "trivia nights won",
        Some(Rule::Weeks) => "weeks in a row",
        Some(Rule::Referrals) => "members brought",
        None => "by hand only",
    }
}

fn list(pen: &mut Pen, rules: &BadgeRules, cx: &Context) {
    let t = pen.theme;
    let families = rules.families();
    let count = u16::try_from(families.len()).unwrap_or(5).max(5);
    let area = geometry::centred(cx.setup.size, (72, 2 * count + 4));
    let inner = pen.boxed(area, "Badges: what a level takes, and what it pays");
    if inner.is_empty() {
        return;
    }
    let wide = (inner.width.saturating_sub(NAME) / 5).min(10);
    let first = geometry::rows(inner, 1, 1);
    if !spinner::instead(pen, first, &rules.rules, &Want::BadgeRules(RulesWant::List), cx) {
        for (level, at) in families.first().into_iter().flat_map(|one| &one.levels).zip(1..) {
            let right = inner.x + NAME + at * wide;
            pen.put_right(right, inner.y, wide - 1, level.name.as_str(), t.dim);
        }
    }
    for (at, family) in families.iter().enumerate() {
        let y = inner.y + 1 + 2 * u16::try_from(at).unwrap_or(0);
        if y + 1 >= inner.bottom() {
            break;
        }
        pen.put(inner.x, y, NAME, family.name.as_str(), t.bold);
        pen.put(inner.x + 1, y + 1, NAME - 1, counts(family.rule), t.dim);
        for (level, column) in family.levels.iter().zip(1..) {
            let right = inner.x + NAME + column * wide;
            let takes = words::number(level.threshold);
            let pays = words::signed(level.points.into());
            pen.put_right(right, y, wide, &takes, t.text);
            pen.put_right(right, y + 1, wide, &pays, t.good);
        }
        if at == rules.cursor.at {
            pen.tint(Rect::new(inner.x, y, inner.width, 2), t.selection);
        }
    }
    let keys = if cx.is_admin() {
        " Enter change  Esc close "
    } else {
        " administrators change them  Esc close "
    };
    let right = area.right().saturating_sub(2);
    pen.put_right(right, area.bottom().saturating_sub(1), area.width, keys, t.dim);
}

fn form(pen: &mut Pen, form: &Form, cx: &Context, top: bool) {
    let t = pen.theme;
    let levels = u16::try_from(form.levels.len()).unwrap_or(5);
    let area = geometry::centred(cx.setup.size, (66, (levels + 13).min(cx.setup.size.1)));
    let inner = pen.boxed(area, &format!("{}: {}", form.name, counts(form.rule)));
    if inner.is_empty() {
        return;
    }
    let column = |at: u16| inner.x + NAME - 8 + at * (FIGURE + 2);
    pen.put(column(0), inner.y, FIGURE, "takes", t.dim);
    pen.put(column(1), inner.y, FIGURE, "pays", t.dim);
    for (at, one) in form.fields.iter().enumerate() {
        let y = inner.y + 1 + u16::try_from(at / 2).unwrap_or(0);
        let x = column(u16::try_from(at % 2).unwrap_or(0));
        let focused = at == form.focus;
        if at % 2 == 0
            && let Some(name) = form.levels.get(at / 2)
        {
            let style = if form.focus / 2 == at / 2 { t.bold } else { t.dim };
            pen.put(inner.x, y, NAME - 9, name.as_str(), style);
        }
        let look = Look {
            focused: top && focused && !form.is_sending(),
            hidden: false,
            ground: true,
        };
        field(pen, Rect::new(x, y, FIGURE, 1), one, look);
        if let Some((wrong, why)) = &form.wrong
            && *wrong == at
        {
            let x = column(2);
            pen.put(x, y, inner.right().saturating_sub(x), why.as_str(), t.bad);
        }
    }
    let below = geometry::rows(inner, levels + 2, inner.height.saturating_sub(levels + 2));
    said(pen, form, cx, below);
    let keys = if form.preview.is_some() {
        " Ctrl+S save  Esc close "
    } else {
        " Ctrl+S look who would gain  Esc close "
    };
    let right = area.right().saturating_sub(2);
    pen.put_right(right, area.bottom().saturating_sub(1), area.width, keys, t.dim);
}

/// What is said of the whole: a message, a spinner, or who would gain.
fn said(pen: &mut Pen, form: &Form, cx: &Context, area: Rect) {
    let t = pen.theme;
    if let Some(message) = &form.message {
        let lines = words::wrap(message.as_str(), usize::from(area.width));
        for (y, line) in (area.top()..area.bottom()).zip(lines) {
            pen.put(area.x, y, area.width, line, t.warn);
        }
    } else if form.is_looking() || form.is_sending() {
        if cx.requests.any_slow() {
            pen.put(area.x, area.y, area.width, spinner::picture(cx), t.dim);
        }
    } else if let Some(preview) = &form.preview {
        gains(pen, form, preview, area);
    } else {
        let text = "What members have stays theirs, whatever is set here.";
        pen.put(area.x, area.y, area.width, text, t.dim);
    }
}

fn gains(pen: &mut Pen, form: &Form, preview: &GainPreview, area: Rect) {
    let t = pen.theme;
    let many = |count: i64, one: &str| {
        let ending = if count == 1 { "" } else { "s" };
        format!("{} {one}{ending}", words::number(count))
    };
    let text = if preview.members == 0 {
        "Nobody would gain anything, and nobody loses anything.".to_owned()
    } else {
        format!(
            "{} would gain {} and {}; nobody loses anything.",
            many(preview.members, "member"),
            many(preview.levels, "level"),
            many(preview.points, "point")
        )
    };
    let mut y = area.y;
    for line in words::wrap(&text, usize::from(area.width)) {
        pen.put(area.x, y, area.width, line, t.good);
        y += 1;
    }
    let room = usize::from(area.bottom().saturating_sub(y));
    let all = usize::try_from(preview.members).unwrap_or(usize::MAX);
    // The last line is for how many more there are.
    let shown = if all > room { room.saturating_sub(1) } else { room };
    for gain in preview.first.iter().take(shown) {
        let level = usize::try_from(gain.level)
            .ok()
            .and_then(|level| level.checked_sub(1));
        let level = level.and_then(|at| form.levels.get(at));
        let level = level.map_or_else(|| gain.level.to_string(), ToString::to_string);
        pen.put(area.x + 1, y, 28, gain.full_name.as_str(), t.text);
        pen.put(area.x + 31, y, 12, &level, t.bold);
        let points = words::signed(gain.points);
        pen.put_right((area.x + 54).min(area.right()), y, 10, &points, t.text);
        y += 1;
    }
    let left = all.saturating_sub(shown.min(preview.first.len()));
    if left > 0 && y < area.bottom() {
        let text = format!(
            "and {} more",
            words::number(i64::try_from(left).unwrap_or(i64::MAX))
        );
        pen.put(area.x + 1, y, area.width, &text, t.dim);
    }
}
