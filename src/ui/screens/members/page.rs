//! One member in full: what is known at once from the list, then everything else when it is here, and in a high window what
//! can be done, with its key.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::action::Action;
use crate::app::geometry::Members as Areas;
use crate::app::keymap::{self, PEOPLE, Scope, chains};
use crate::app::requests::Want;
use crate::app::screens::members::page::{self, LABELS, Manner};
use crate::app::screens::members::{MembersWant, Mode};
use crate::ui::pen::Pen;
use crate::ui::widgets::spinner;

pub(super) fn draw(pen: &mut Pen, model: &Model, areas: &Areas) {
    let (members, cx, t) = (&model.members, &model.cx, pen.theme);
    let Some(row) = members.table.marked() else { return };
    let title = areas.title;
    let has_keys = members.mode == Mode::Page && areas.divider.is_some();
    let name = if has_keys { t.bold.patch(t.accent) } else { t.bold };
    pen.put(title.x, title.y, title.width, row.line.full_name.as_str(), name);
    if title.height > 1 {
        let who = format!("{}   {}", row.line.username, row.line.email);
        pen.put(title.x, title.y + 1, title.width, &who, t.dim);
    }
    keys(pen, model, areas.keys);
    let area = areas.detail;
    let first = Rect {
        height: area.height.min(1),
        ..area
    };
    let want = Want::Members(MembersWant::Member(row.line.id));
    let Some(page) = members.page() else {
        spinner::instead(pen, first, members.page_remote(), &want, cx);
        return;
    };
    let lines = page::lines(page, cx, usize::from(area.width));
    let labels = u16::try_from(LABELS).unwrap_or(0);
    // Where there is more below, the last row says so.
    let room = usize::from(area.height);
    let is_cut = lines.len() > members.top + room;
    let shown = if is_cut { room.saturating_sub(1) } else { room };
    for (line, y) in lines.iter().skip(members.top).take(shown).zip(area.top()..) {
        if line.manner == Manner::Heading {
            pen.put(area.x, y, area.width, &line.label, t.bold);
            continue;
        }
        let style = match line.manner {
            Manner::Text | Manner::Heading => t.text,
            Manner::Dim => t.dim,
            Manner::Good => t.good,
            Manner::Warn => t.warn,
            Manner::Accent => t.accent,
        };
        let end = pen.put_right(area.right(), y, area.width, line.end, style);
        let title = if line.end.is_empty() { style } else { t.text };
        let from = area.x + labels;
        pen.put(area.x, y, labels - 1, &line.label, t.dim);
        let gap = u16::from(!line.end.is_empty());
        pen.put(from, y, end.saturating_sub(from + gap), &line.text, title);
    }
    if is_cut && area.height > 0 {
        let below = lines.len() - members.top - shown;
        let text = if has_keys || areas.divider.is_none() {
            format!("↓ {below} more")
        } else {
            format!("↓ {below} more: Enter, then ↓")
        };
        pen.put(area.x + labels, area.bottom() - 1, area.width, &text, t.dim);
    }
}

fn keys(pen: &mut Pen, model: &Model, area: Rect) {
    let t = pen.theme;
    let bound = keymap::reachable(chains::MEMBERS, true)
        .filter(|binding| binding.scope == Scope::Members && binding.group == PEOPLE);
    for ((keys, binding), y) in keymap::merged(bound).into_iter().zip(area.top()..area.bottom()) {
        let Action::Members(_) = binding.action else {
            continue;
        };
        let idle = model.why_not(binding.action).is_some();
        let (key, text) = if idle { (t.dim, t.dim) } else { (t.accent, t.text) };
        pen.put(area.x, y, 3, &keys, key);
        // The help page has the rest: whoever cannot do it sees it dim here.
        let brief = binding
            .help
            .split([';', '('])
            .next()
            .unwrap_or_default()
            .trim_end();
        pen.put(area.x + 4, y, area.width.saturating_sub(4), brief, text);
    }
}
