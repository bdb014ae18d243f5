//! The settings as cells: the list by groups, and what is marked explained below or beside it.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::requests::Want;
use crate::app::screens::insights::settings::{Item, SettingsPage};
use crate::app::words;
use crate::domain::settings::Settings;
use crate::ui::pen::Pen;
use crate::ui::widgets::spinner;

/// The columns at which titles and values begin.
const GROUPS: u16 = 13;
const VALUES: u16 = 26;
/// A value with more characters may not fit into the list.
const LONG: usize = 34;

pub(crate) fn draw(pen: &mut Pen, model: &Model) {
    let (cx, state) = (&model.cx, &model.settings);
    let t = pen.theme;
    let areas = geometry::settings(cx.setup.size);
    super::pages(pen, model, areas.title);
    if let Some(age) = spinner::age(&state.all, cx) {
        pen.put_right(areas.title.right(), areas.title.y, 20, &age, t.warn);
    }
    pen.rule(areas.rule);
    if let Some(x) = areas.divider {
        pen.divider(x, areas.list);
    }
    let first = Rect {
        height: 1.min(areas.list.height),
        ..areas.list
    };
    if spinner::instead(pen, first, &state.all, &Want::Settings, cx) {
        return;
    }
    let Some(all) = state.all.get() else { return };
    list(pen, state, all, cx, areas.list);
    pen.rule(areas.about_rule);
    about(pen, state, all, areas.about);
}

fn list(pen: &mut Pen, state: &SettingsPage, all: &Settings, cx: &Context, list: Rect) {
    let t = pen.theme;
    let mut group = "";
    let items = Item::all().into_iter().enumerate().skip(state.cursor.top);
    for ((at, item), y) in items.zip(list.top()..list.bottom()) {
        if item.group() != group {
            group = item.group();
            pen.put(list.x + 1, y, 12, group, t.dim);
        }
        pen.put(list.x + GROUPS, y, VALUES - GROUPS - 1, item.title(), t.text);
        let style = match item {
            Item::One(_) => t.bold,
            Item::Channels => t.text,
            Item::EventTypes | Item::Badges => t.dim,
        };
        let room = list.width.saturating_sub(VALUES + 1);
        pen.put(list.x + VALUES, y, room, &item.value(all, cx), style);
        if at == state.cursor.at {
            pen.tint(Rect::new(list.x, y, list.width, 1), t.selection);
        }
    }
}

/// What is said of the marked one. A value that the list has no room for stands here in full.
fn about(pen: &mut Pen, state: &SettingsPage, all: &Settings, area: Rect) {
    let t = pen.theme;
    let item = state.item();
    let room = usize::from(area.width.saturating_sub(2));
    let mut y = area.y;
    if let Item::One(setting) = item
        && all.value(setting).chars().count() > LONG
    {
        for line in words::wrap(all.value(setting), room) {
            if y < area.bottom() {
                pen.put(area.x + 1, y, area.width.saturating_sub(1), line, t.bold);
                y += 1;
            }
        }
    }
    let lines = item.about(all);
    let wrapped = lines.iter().flat_map(|line| words::wrap(line, room));
    for (line, y) in wrapped.zip(y..area.bottom()) {
        pen.put(area.x + 1, y, area.width.saturating_sub(1), line, t.text);
    }
}
